//! PETRARCH's own tests: the set of (CAMEO root, source, target) of a row must be right as a whole.

use super::given;
use crate::measure::{Tally, ratio};
use crate::{EvalError, Set, data};
use dyad_reader::{Analysis, Reader};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::Path;

#[derive(Deserialize)]
struct Row {
    date: String,
    text: String,
    events: Vec<Gold>,
}

#[derive(Deserialize)]
struct Gold {
    code: Option<String>,
    source: Option<String>,
    target: Option<String>,
    /// The test says that nothing must be coded, as does an event without a code (a discard).
    #[serde(default)]
    none: bool,
}

type Triple = (String, String, String);

pub fn score(file: &Path, reader: &Reader) -> Result<Tally, EvalError> {
    let rows: Vec<Row> = data::rows(Set::Petrarch, file)?;
    let mut worker = reader.worker();
    let mut right = 0;
    for row in &rows {
        let gold: BTreeSet<Triple> = row
            .events
            .iter()
            .filter(|e| !e.none && e.code.is_some())
            .map(|e| {
                let text = |t: &Option<String>| t.clone().unwrap_or_default();
                (root(&text(&e.code)), text(&e.source), text(&e.target))
            })
            .collect();
        right +=
            usize::from(worker.analyse_text(&row.text, &given(Some(&row.date)), coded) == gold);
    }
    let share = ratio(right as f64, rows.len() as f64);
    Ok(Tally { rows: rows.len(), scores: vec![("right", share)], details: Vec::new() })
}

fn root(code: &str) -> String {
    code.chars().take(2).collect()
}

fn coded(a: &Analysis<'_, '_>) -> BTreeSet<Triple> {
    let code = |id: dyad_reader::mention::ActorId| a.mentions.actor(id).code.replace(' ', "");
    let mut found = BTreeSet::new();
    for event in &a.coding.events {
        let root = root(&event.cameo);
        let mut add = |source: &str, target: &str| {
            found.insert((root.clone(), source.to_owned(), target.to_owned()));
        };
        for (i, actor) in event.actors.iter().enumerate() {
            // A joint act is told once from each side.
            let others = if event.mutual { &event.actors } else { &event.recipients };
            let mut alone = true;
            for (j, other) in others.iter().enumerate() {
                if !event.mutual || i != j {
                    add(&code(*actor), &code(*other));
                    alone = false;
                }
            }
            if alone {
                add(&code(*actor), "");
            }
        }
    }
    found
}
