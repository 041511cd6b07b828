//! Mangled sentences: news in which some sentences were damaged as tools do it
//! (`training/damaged_news.py ../shared/data OUT` makes the file).

use crate::data;
use crate::measure::{Tally, ratio};
use crate::{EvalError, Set};
use dyad_reader::{Given, Reader};
use dyad_record::PassageKind;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

#[derive(Deserialize)]
struct Row {
    text: String,
    sentences: Vec<Sentence>,
}

#[derive(Deserialize)]
struct Sentence {
    start: u32,
    end: u32,
    kind: String,
}

/// Shorter sentences tell too little.
const LEAST: usize = 6;

pub fn score(path: &Path, reader: &Reader) -> Result<Tally, EvalError> {
    let rows: Vec<Row> = data::rows(Set::Damage, path)?;
    // Found and all, by kind.
    let mut kinds: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    let mut rows_read = 0;
    let mut worker = reader.worker();
    for row in &rows {
        let Ok(found) = worker.read(row.text.as_bytes(), &Given::default()) else { continue };
        rows_read += 1;
        let chars: Vec<char> = found.report.text.chars().collect();
        for sentence in &row.sentences {
            let (start, end) = (sentence.start, sentence.end);
            let words = chars.get(start as usize..end as usize).unwrap_or_default();
            let words = words.split(|c| c.is_whitespace()).filter(|w| !w.is_empty()).count();
            let mut met = found.passages.iter().filter(|p| p.start < end && start < p.end);
            // What the reader takes for furniture is not read at all.
            if words < LEAST || met.clone().any(|p| p.kind == PassageKind::Furniture) {
                continue;
            }
            let (right, all) = kinds.entry(sentence.kind.clone()).or_default();
            *right += f64::from(u8::from(met.any(|p| p.kind == PassageKind::Damaged)));
            *all += 1.0;
        }
    }
    let clean = kinds.remove("clean").unwrap_or_default();
    let found = kinds.values().fold((0.0, 0.0), |sum, kind| (sum.0 + kind.0, sum.1 + kind.1));
    let mut details = vec![
        ("false alarms among clean ones".to_owned(), ratio(clean.0, clean.1)),
        ("clean sentences".to_owned(), clean.1),
        ("damaged sentences".to_owned(), found.1),
    ];
    details.extend(
        kinds.iter().map(|(kind, (right, all))| (format!("  {kind}"), ratio(*right, *all))),
    );
    Ok(Tally {
        rows: rows_read,
        scores: vec![
            ("found", ratio(found.0, found.1)),
            ("clean_left_alone", 1.0 - ratio(clean.0, clean.1)),
        ],
        details,
    })
}
