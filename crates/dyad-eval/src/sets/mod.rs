//! One module for each set: its rows, what of a reading is its answer, and how that is scored.

pub mod acts;
pub mod cameo_class;
pub mod cameo_spans;
pub mod damage;
pub mod ecbplus;
pub mod episodes;
pub mod event_location;
pub mod muc4;
pub mod ner;
pub mod pages;
pub mod petrarch;
pub mod places;
pub mod plv;
pub mod polnear;
pub mod re3d;
pub mod timeml;
pub mod ud;

use dyad_reader::Given;
use dyad_reader::coding::Event;
use std::ops::Range;

/// What is known of a row: its day (`YYYY-MM-DD` or `YYYYMMDD`), where it has one.
fn given(published: Option<&str>) -> Given {
    Given { published: published.and_then(|d| d.parse().ok()), ..Given::default() }
}

/// The most confident event, the first of several.
fn surest<'e>(events: impl IntoIterator<Item = &'e Event>) -> Option<&'e Event> {
    let mut best: Option<&Event> = None;
    for event in events {
        if best.is_none_or(|b| event.confidence > b.confidence) {
            best = Some(event);
        }
    }
    best
}

/// Runs of tokens, as ranges, with the label that they carry; a tag is `O`, `B-X` or `I-X`. A run
/// begins at `B-`, at a new label, and at `I-` after `O`.
fn runs(tags: &[String]) -> Vec<(Range<u32>, String)> {
    let mut runs: Vec<(Range<u32>, String)> = Vec::new();
    for (i, tag) in tags.iter().enumerate() {
        let i = i as u32;
        let Some((begin, label)) = tag.split_once('-') else { continue };
        match runs.last_mut() {
            Some((run, last)) if begin != "B" && run.end == i && last == label => run.end = i + 1,
            _ => runs.push((i..i + 1, label.to_owned())),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_tags() {
        let tags = ["B-S", "I-S", "B-S", "O", "I-T", "I-S"].map(str::to_owned);
        let found: Vec<_> = runs(&tags).into_iter().map(|(r, l)| (r.start, r.end, l)).collect();
        let expected: [(u32, u32, String); 4] =
            [(0, 2, "S"), (2, 3, "S"), (4, 5, "T"), (5, 6, "S")].map(|(a, b, l)| (a, b, l.into()));
        assert_eq!(found, expected);
    }

    #[test]
    fn days_are_read_in_both_ways() {
        assert_eq!(given(Some("19950103")).published, given(Some("1995-01-03")).published);
        assert!(given(Some("19950103")).published.is_some());
        assert_eq!(given(Some("undated")).published, None);
    }
}
