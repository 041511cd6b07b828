//! Time expressions: any overlap counts for the extent, the value must be the same string.

use super::given;
use crate::data::Bytes;
use crate::measure::{Counts, Tally, matching};
use crate::{EvalError, Set, data};
use dyad_reader::Reader;
use dyad_reader::span::Span;
use serde::Deserialize;
use std::path::Path;

#[derive(Deserialize)]
struct Row {
    text: String,
    published: Option<String>,
    timex: Vec<Timex>,
}

#[derive(Deserialize)]
struct Timex {
    start: usize,
    end: usize,
    value: Option<String>,
}

type Found = (Span, Option<String>);

pub fn score(file: &Path, reader: &Reader) -> Result<Tally, EvalError> {
    let rows: Vec<Row> = data::rows(Set::Timeml, file)?;
    let mut worker = reader.worker();
    let (mut extents, mut values, mut strict) =
        (Counts::default(), Counts::default(), Counts::default());
    for row in &rows {
        let bytes = Bytes::of(&row.text);
        let gold: Vec<Found> =
            row.timex.iter().map(|t| (bytes.span(t.start, t.end), t.value.clone())).collect();
        let predicted: Vec<Found> =
            worker.analyse_text(&row.text, &given(row.published.as_deref()), |a| {
                a.mentions.times.iter().map(|t| (t.span, t.value.clone())).collect()
            });
        let (overlapping, valued) = pairs(&gold, &predicted);
        extents.add(overlapping, predicted.len(), gold.len());
        values.add(valued, predicted.len(), gold.len());
        let exact = gold.iter().filter(|g| predicted.iter().any(|p| p.0 == g.0)).count();
        strict.add(exact, predicted.len(), gold.len());
    }
    let details = extents.details("extent").into_iter();
    Ok(Tally {
        rows: rows.len(),
        scores: vec![("extent_relaxed_f1", extents.f1()), ("value_f1", values.f1())],
        details: details.chain([("extent strict f1".to_owned(), strict.f1())]).collect(),
    })
}

/// Pairs that overlap, and pairs that overlap with the same value; each item stands in one pair.
fn pairs(gold: &[Found], predicted: &[Found]) -> (usize, usize) {
    let count = |may: &dyn Fn(&Found, &Found) -> bool| {
        let pairs = matching(gold.len(), predicted.len(), |g, p| may(&gold[g], &predicted[p]));
        pairs.into_iter().flatten().count()
    };
    (
        count(&|g, p| g.0.touches(p.0)),
        count(&|g, p| g.0.touches(p.0) && g.1.is_some() && g.1 == p.1),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(start: usize, end: usize, value: &str) -> Found {
        (Span::new(start, end), Some(value.to_owned()))
    }

    #[test]
    fn extents_overlap_and_values_are_equal() {
        let gold = [found(0, 10, "2023-03-01"), found(20, 30, "P1W"), found(40, 44, "2023")];
        let predicted = [found(3, 10, "2023-03-01"), found(20, 30, "P7D"), found(60, 64, "2023")];
        assert_eq!(pairs(&gold, &predicted), (2, 1));
        // One long expression does not answer for two.
        assert_eq!(pairs(&gold, &[found(0, 30, "P1W")]), (1, 1));
    }
}
