//! PLOVER root types, once with the sides given and once from the sentence alone.

use super::{given, surest};
use crate::measure::{Classes, Tally, ratio};
use crate::{EvalError, Set, data};
use dyad_reader::coding::event::pair::Root;
use dyad_reader::span::Span;
use dyad_reader::{Analysis, Reader};
use serde::Deserialize;
use std::path::Path;

#[derive(Deserialize)]
struct Row {
    marked: String,
    #[serde(rename = "type")]
    kind: String,
    penta: u8,
}

/// 1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict. The set's
/// own classes: its gold rows put YIELD into material cooperation.
pub fn penta(root: Root) -> u8 {
    match root {
        Root::Agree | Root::Consult | Root::Support => 1,
        Root::Cooperate | Root::Aid | Root::Yield => 2,
        Root::Request | Root::Accuse | Root::Reject | Root::Threaten => 3,
        Root::Protest | Root::Sanction | Root::Mobilize | Root::Coerce | Root::Assault => 4,
    }
}

pub fn score(file: &Path, reader: &Reader) -> Result<Tally, EvalError> {
    let rows: Vec<Row> = data::rows(Set::Plv, file)?;
    let mut worker = reader.worker();
    let (mut roots, mut pentas) = (Classes::new(), Classes::new());
    let (mut end_to_end, mut coded) = (0, 0);
    for row in &rows {
        let marked = Marked::of(&row.marked);
        // A row without a target has nothing marked there.
        let sides = [marked.source, marked.target].map(Option::unwrap_or_default);
        let pair = worker.type_of_pair(&marked.text, sides[0], sides[1]).root;
        let found = worker.analyse_text(&marked.text, &given(None), |a| of_sentence(a, &marked));
        roots.add(Some(pair.as_str()), row.kind.as_str());
        pentas.add(Some(penta(pair)), row.penta);
        coded += usize::from(found.is_some());
        end_to_end += usize::from(found.is_some_and(|root| root.as_str() == row.kind));
    }
    let share = |n: usize| ratio(n as f64, rows.len() as f64);
    let names = Root::ALL.map(Root::as_str);
    let mut details = vec![("end to end: pairs coded".to_owned(), share(coded))];
    details.extend(names.map(|r| (format!("{r} f1"), roots.of(r).f1())));
    Ok(Tally {
        rows: rows.len(),
        scores: vec![
            ("given_pair_macro_f1", roots.macro_f1(names)),
            ("given_pair_penta_macro_f1", pentas.macro_f1(1..5)),
            ("end_to_end_accuracy", share(end_to_end)),
        ],
        details,
    })
}

/// The most confident event between the marked sides, its status folded into the root as the set
/// has it: a refused act is REJECT, a threatened one THREATEN.
fn of_sentence(a: &Analysis<'_, '_>, marked: &Marked) -> Option<Root> {
    let meets = |role: &[&[Span]], side: Option<Span>| {
        side.is_none_or(|side| role.iter().copied().flatten().any(|s| s.touches(side)))
    };
    let between = a.coding.events.iter().filter(|e| {
        let actors = [&*e.actor_spans, &*e.actor_phrases];
        let recipients = [&*e.recipient_spans, &*e.recipient_phrases];
        // Either side of a joint act is its actor and its recipient.
        let both = [actors, recipients].concat();
        let (actors, recipients) =
            if e.mutual { (&*both, &*both) } else { (&actors[..], &recipients[..]) };
        meets(actors, marked.source) && meets(recipients, marked.target)
    });
    surest(between).and_then(|e| Root::of(e.kind, e.status))
}

/// A sentence with its sides taken out of their marks.
struct Marked {
    text: String,
    source: Option<Span>,
    target: Option<Span>,
}

impl Marked {
    fn of(marked: &str) -> Self {
        let mut text = String::with_capacity(marked.len());
        let (mut source, mut target) = (None, None);
        let mut open: Option<usize> = None;
        let mut rest = marked;
        while let Some(at) = rest.find('<') {
            text.push_str(&rest[..at]);
            rest = &rest[at..];
            let tag = ["<s>", "<t>", "</s>", "</t>"].into_iter().find(|t| rest.starts_with(t));
            let Some(tag) = tag else {
                text.push('<');
                rest = &rest[1..];
                continue;
            };
            rest = &rest[tag.len()..];
            match (tag, open) {
                ("</s>", Some(start)) => source = Some(Span::new(start, text.len())),
                ("</t>", Some(start)) => target = Some(Span::new(start, text.len())),
                _ => open = Some(text.len()),
            }
        }
        text.push_str(rest);
        Marked { text, source, target }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_spans() {
        let marked = Marked::of("<s>Peru</s> met <t>Chile's envoy</t> at <5 pm.");
        assert_eq!(marked.text, "Peru met Chile's envoy at <5 pm.");
        assert_eq!(marked.source.unwrap().of(&marked.text), "Peru");
        assert_eq!(marked.target.unwrap().of(&marked.text), "Chile's envoy");
        assert!(Marked::of("<s>Peru</s> voted.").target.is_none());
    }
}
