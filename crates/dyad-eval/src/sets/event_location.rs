//! Where an act took place: exact spans of its places, for the given verb.

use super::given;
use crate::data::Bytes;
use crate::measure::{Counts, Tally};
use crate::{EvalError, Set, data};
use dyad_reader::mention::place;
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

/// The words that name the places of these verbs, whether or not they tell an event to us.
fn located(a: &Analysis<'_, '_>, verbs: &[Span]) -> BTreeSet<Span> {
    let mentions = &a.mentions.place_mentions;
    let triggers = verbs.iter().filter_map(|v| a.doc.words_in(*v).next());
    let places = triggers.filter_map(|t| place::of_act(a.doc, mentions, t));
    places.map(|i| mentions[i].span).collect()
}
