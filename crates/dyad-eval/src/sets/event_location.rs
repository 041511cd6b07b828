//! Where an act took place: exact spans of its places, for the given verb.

use super::given;
use crate::data::Bytes;
use crate::measure::{Counts, Tally};
use crate::{EvalError, Set, data};
use dyad_reader::coding::event::place::ActPlaces;
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
    let (mut counts, mut mended) = (Counts::default(), Counts::default());
    for row in &rows {
        let bytes = Bytes::of(&row.text);
        let spans = |items: &[(usize, usize, String)]| -> Vec<Span> {
            items.iter().map(|(s, e, _)| bytes.span(*s, *e)).collect()
        };
        let verbs = spans(&row.gold.verb);
        let (predicted, by_token) = worker.analyse_text(&row.text, &given(None), |a| {
            let by_token: BTreeSet<Span> = row
                .gold
                .locations
                .iter()
                .filter_map(|l| by_token(a, l).unwrap_or(Some(bytes.span(l.0, l.1))))
                .collect();
            (located(a, &verbs), by_token)
        });
        let gold: BTreeSet<Span> = spans(&row.gold.locations).into_iter().collect();
        counts.add(gold.intersection(&predicted).count(), predicted.len(), gold.len());
        mended.add(by_token.intersection(&predicted).count(), predicted.len(), by_token.len());
    }
    Ok(Tally {
        rows: rows.len(),
        scores: vec![("f1", counts.f1()), ("f1_mended", mended.f1())],
        details: counts.details("location").into(),
    })
}

/// The words of a gold place whose positions are numbers of tokens, as those of hundreds of rows
/// are: none where they are characters, nothing where there is no such token.
fn by_token(
    a: &Analysis<'_, '_>,
    (start, end, words): &(usize, usize, String),
) -> Option<Option<Span>> {
    let name = words.starts_with(char::is_uppercase) && words.chars().count() > 1;
    if end - start >= 3 || name {
        return None;
    }
    let all = with_blanks(&a.doc.report.text, a.doc.words.iter().map(|w| w.span));
    Some(all.get(*start).zip(all.get(*end)).map(|(first, last)| first.cover(*last)))
}

/// The tokens as spaCy counts them: what blanks there are beyond one between two are one more.
fn with_blanks(text: &str, tokens: impl Iterator<Item = Span>) -> Vec<Span> {
    let mut all: Vec<Span> = Vec::new();
    let mut at = 0;
    for token in tokens {
        let between = Span { start: at, end: token.start.max(at) };
        let blanks = between.of(text);
        let more = match blanks.strip_prefix(' ') {
            Some(rest) if at > 0 => rest,
            _ => blanks,
        };
        if !more.is_empty() && more.chars().all(char::is_whitespace) {
            all.push(between);
        }
        all.push(token);
        at = token.end;
    }
    all
}

/// The words that name the places of these verbs, whether or not they tell an event to us.
fn located(a: &Analysis<'_, '_>, verbs: &[Span]) -> BTreeSet<Span> {
    let places = ActPlaces::new(a.doc, a.mentions);
    let triggers = verbs.iter().filter_map(|v| a.doc.words_in(*v).next());
    triggers.flat_map(|t| places.of(t)).map(|m| m.span).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_beyond_one_are_tokens() {
        let words = |text: &str| {
            let starts = text.match_indices(char::is_alphabetic);
            let tokens = starts.map(|(i, _)| Span { start: i as u32, end: i as u32 + 1 });
            with_blanks(text, tokens).iter().map(|s| s.of(text).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(words("a b\nc"), ["a", "b", "\n", "c"]);
        assert_eq!(words(" a  b c"), [" ", "a", "  ", "b", "c"]);
        assert_eq!(words("ab"), ["a", "b"]);
    }
}
