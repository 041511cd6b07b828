//! Where an act took place: exact spans of its places, for the given verb.

use super::given;
use crate::data::Bytes;
use crate::measure::{Counts, Tally};
use crate::{EvalError, Set, data};
use dyad_reader::span::Span;
use dyad_reader::{Analysis, Reader};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::Path;

#[derive(Deserialize)]
struct Row {
    text: String,
    gold: Gold,
}

#[derive(Deserialize)]
struct Gold {
    verb: Vec<(usize, usize, String)>,
    locations: Vec<(usize, usize, String)>,
}

pub fn score(file: &Path, reader: &Reader) -> Result<Tally, EvalError> {
    let rows: Vec<Row> = data::rows(Set::EventLocation, file)?;
    let mut worker = reader.worker();
    let mut counts = Counts::default();
    for row in &rows {
        let bytes = Bytes::of(&row.text);
        let spans = |items: &[(usize, usize, String)]| -> Vec<Span> {
            items.iter().map(|(s, e, _)| bytes.span(*s, *e)).collect()
        };
        let verbs = spans(&row.gold.verb);
        let predicted = worker.analyse_text(&row.text, &given(None), |a| located(a, &verbs));
        let gold: BTreeSet<Span> = spans(&row.gold.locations).into_iter().collect();
        counts.add(gold.intersection(&predicted).count(), predicted.len(), gold.len());
    }
    Ok(Tally {
        rows: rows.len(),
        scores: vec![("f1", counts.f1())],
        details: counts.details("location").into(),
    })
}

/// The words that name the places of the acts told by these verbs.
fn located(a: &Analysis<'_, '_>, verbs: &[Span]) -> BTreeSet<Span> {
    let told = |trigger: Span| verbs.iter().any(|v| v.touches(trigger));
    let mut found = BTreeSet::new();
    for event in a.coding.events.iter().filter(|e| told(e.trigger)) {
        let Some(place) = event.place else { continue };
        let sentence = a.doc.word(event.trigger_word).sentence;
        let mentions = a.mentions.place_mentions.iter().filter(|m| m.place == place);
        let near = mentions.filter(|m| a.doc.word(m.head).sentence == sentence);
        found.extend(near.min_by_key(|m| m.head.abs_diff(event.trigger_word)).map(|m| m.span));
    }
    found
}
