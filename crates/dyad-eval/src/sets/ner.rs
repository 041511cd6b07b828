//! Names: exact spans with their type, PER, ORG, LOC, MISC.

use super::{given, runs};
use crate::measure::{Counts, Tally, common};
use crate::{EvalError, Set, data};
use dyad_reader::Reader;
use dyad_reader::doc::EntityKind;
use serde::Deserialize;
use std::path::Path;

#[derive(Deserialize)]
struct Row {
    tokens: Vec<String>,
    gold: Vec<String>,
}

fn label(kind: EntityKind) -> Option<&'static str> {
    match kind {
        EntityKind::Person => Some("PER"),
        EntityKind::Organisation => Some("ORG"),
        EntityKind::Place => Some("LOC"),
        EntityKind::Norp | EntityKind::Other => Some("MISC"),
        EntityKind::Date | EntityKind::Quantity | EntityKind::Money | EntityKind::Weapon => None,
    }
}

pub fn score(file: &Path, reader: &Reader) -> Result<Tally, EvalError> {
    let rows: Vec<Row> = data::rows(Set::Ner, file)?;
    let mut worker = reader.worker();
    let mut all = Counts::default();
    let mut by_label = ["PER", "ORG", "LOC", "MISC"].map(|l| (l, Counts::default()));
    for row in &rows {
        let gold: Vec<(u32, u32, String)> =
            runs(&row.gold).into_iter().map(|(r, l)| (r.start, r.end, l)).collect();
        let sentence = std::slice::from_ref(&row.tokens);
        let predicted: Vec<(u32, u32, String)> =
            worker.analyse_tokens(sentence, &given(None), |a| {
                let entities = a.doc.entities.iter();
                let named = entities
                    .filter_map(|e| Some((e.words.start, e.words.end, label(e.kind)?.to_owned())));
                named.collect()
            });
        all.add(common(&gold, &predicted), predicted.len(), gold.len());
        for (label, counts) in &mut by_label {
            let of = |items: &[(u32, u32, String)]| -> Vec<_> {
                items.iter().filter(|(_, _, l)| l == label).cloned().collect()
            };
            let (gold, predicted) = (of(&gold), of(&predicted));
            counts.add(common(&gold, &predicted), predicted.len(), gold.len());
        }
    }
    let details = all.details("all").into_iter();
    let details = details.chain(by_label.iter().map(|(l, c)| (format!("{l} f1"), c.f1())));
    Ok(Tally { rows: rows.len(), scores: vec![("f1", all.f1())], details: details.collect() })
}
