//! Who acts on whom: exact phrases of the source and the target of the most confident event.

use super::{given, runs, surest};
use crate::measure::{Counts, Tally, common};
use crate::{EvalError, Set, data};
use dyad_reader::doc::Upos;
use dyad_reader::span::Span;
use dyad_reader::{Analysis, Reader};
use serde::Deserialize;
use std::ops::Range;
use std::path::Path;

#[derive(Deserialize)]
struct Row {
    tokens: Vec<String>,
    tags: Vec<String>,
}

/// Phrases that only "and", "or" and commas part are one.
fn joined(a: &Analysis<'_, '_>, spans: &[Span]) -> Vec<Range<u32>> {
    let doc = a.doc;
    let mut ranges: Vec<Range<u32>> = spans.iter().map(|s| doc.words_in(*s)).collect();
    ranges.sort_by_key(|r| (r.start, r.end));
    let mut found: Vec<Range<u32>> = Vec::new();
    for range in ranges {
        let parted = |last: &Range<u32>| {
            (last.end..range.start).any(|w| !matches!(doc.word(w).upos, Upos::Cconj | Upos::Punct))
        };
        match found.last_mut() {
            Some(last) if !parted(last) => last.end = last.end.max(range.end),
            _ => found.push(range),
        }
    }
    found
}

pub fn score(file: &Path, reader: &Reader) -> Result<Tally, EvalError> {
    let rows: Vec<Row> = data::rows(Set::CameoSpans, file)?;
    let mut worker = reader.worker();
    let mut sides = [("S", Counts::default()), ("T", Counts::default())];
    for row in &rows {
        let gold = runs(&row.tags);
        let sentence = std::slice::from_ref(&row.tokens);
        let predicted: Vec<(u32, u32, &str)> = worker.analyse_tokens(sentence, &given(None), |a| {
            let Some(event) = surest(&a.coding.events) else { return Vec::new() };
            let spans = |spans: &[_], side| {
                let ranges = joined(a, spans).into_iter();
                ranges.map(|r| (r.start, r.end, side)).collect::<Vec<_>>()
            };
            [spans(&event.actor_phrases, "S"), spans(&event.recipient_phrases, "T")].concat()
        });
        for (side, counts) in &mut sides {
            let gold = gold.iter().filter(|(_, l)| l == side);
            let gold: Vec<_> = gold.map(|(r, _)| (r.start, r.end)).collect();
            let predicted = predicted.iter().filter(|(_, _, l)| l == side);
            let predicted: Vec<_> = predicted.map(|(s, e, _)| (*s, *e)).collect();
            counts.add(common(&gold, &predicted), predicted.len(), gold.len());
        }
    }
    let mut all = Counts::default();
    for (_, c) in &sides {
        all.add(c.right, c.predicted, c.gold);
    }
    let details = all.details("all").into_iter();
    let details = details.chain(sides.iter().map(|(s, c)| (format!("{s} f1"), c.f1())));
    Ok(Tally { rows: rows.len(), scores: vec![("f1", all.f1())], details: details.collect() })
}
