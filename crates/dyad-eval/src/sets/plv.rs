//! PLOVER root types, once with the sides given and once from the sentence alone.

use super::{given, penta, surest};
use crate::measure::{Classes, Tally, ratio};
use crate::{EvalError, Set, data};
use dyad_reader::span::Span;
use dyad_reader::{Analysis, Reader};
use dyad_record::EventType;
use serde::Deserialize;
use std::path::Path;

#[derive(Deserialize)]
struct Row {
    marked: String,
    #[serde(rename = "type")]
    kind: String,
    penta: u8,
}

/// The 15 roots of the set: CONCEDE and RETREAT are one.
const ROOTS: [&str; 15] = [
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "COOPERATE",
    "AID",
    "YIELD",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "PROTEST",
    "SANCTION",
    "MOBILIZE",
    "COERCE",
    "ASSAULT",
];

fn root(kind: EventType) -> &'static str {
    match kind {
        EventType::Concede | EventType::Retreat => "YIELD",
        kind => kind.as_str(),
    }
}

/// The class of a root in this set: the gold rows put YIELD into material cooperation.
fn root_penta(kind: EventType) -> u8 {
    if root(kind) == "YIELD" { 2 } else { penta(kind) }
}

pub fn score(file: &Path, reader: &Reader) -> Result<Tally, EvalError> {
    let rows: Vec<Row> = data::rows(Set::Plv, file)?;
    let mut worker = reader.worker();
    let mut roots = Classes::new();
    let mut pentas = Classes::new();
    let (mut end_to_end, mut coded) = (0, 0);
    for row in &rows {
        let marked = Marked::of(&row.marked);
        let (pair, found) = worker.analyse_text(&marked.text, &given(None), |a| {
            (of_pair(a, &marked), of_sentence(a, &marked))
        });
        let gold = ROOTS.into_iter().find(|r| *r == row.kind);
        roots.add(pair.map(root), gold.unwrap_or("(unknown)"));
        pentas.add(Some(pair.map_or(0, root_penta)), row.penta);
        coded += usize::from(found.is_some());
        end_to_end += usize::from(found.map(root).is_some_and(|r| Some(r) == gold));
    }
    let share = |n: usize| ratio(n as f64, rows.len() as f64);
    let mut details = vec![("end to end: pairs coded".to_owned(), share(coded))];
    details.extend(ROOTS.map(|r| (format!("{r} f1"), roots.of(r).f1())));
    Ok(Tally {
        rows: rows.len(),
        scores: vec![
            ("given_pair_macro_f1", roots.macro_f1(ROOTS)),
            ("given_pair_penta_macro_f1", pentas.macro_f1(1..5)),
            ("end_to_end_accuracy", share(end_to_end)),
        ],
        details,
    })
}

/// What the reader codes when it is told who the two sides are.
fn of_pair(a: &Analysis<'_, '_>, marked: &Marked) -> Option<EventType> {
    of_sentence(a, marked)
}

/// The most confident event between the marked sides.
fn of_sentence(a: &Analysis<'_, '_>, marked: &Marked) -> Option<EventType> {
    let meets = |spans: &[Span], side: Option<Span>| {
        side.is_none_or(|side| spans.iter().any(|s| s.touches(side)))
    };
    let between = a.coding.events.iter().filter(|e| {
        // Both sides of a joint act stand among its actors.
        let recipients = if e.mutual { &e.actor_spans } else { &e.recipient_spans };
        meets(&e.actor_spans, marked.source) && meets(recipients, marked.target)
    });
    surest(between).map(|e| e.kind)
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

    #[test]
    fn every_type_has_a_root() {
        for kind in EventType::ALL {
            assert!(ROOTS.contains(&root(*kind)));
        }
    }
}
