//! Names that may be places though nothing says so by itself: villages, camps and airports that no
//! gazetteer has. Only an act that took place there makes them places.

use crate::doc::{Doc, EntityKind, Upos, WordId};
use rustc_hash::FxHashSet;
use std::ops::Range;

/// Every such name, in text order: what the entity head marked, and runs of words that make a name.
pub fn find(doc: &Doc<'_>, sure: &[Range<u32>]) -> Vec<Range<u32>> {
    let sure: FxHashSet<(u32, u32)> = sure.iter().map(|w| (w.start, w.end)).collect();
    let marked = doc.entities.iter().filter(|e| names(e.kind)).map(|e| e.words.clone());
    let mut found: Vec<Range<u32>> =
        marked.chain(runs(doc)).filter(|w| !sure.contains(&(w.start, w.end))).collect();
    found.sort_unstable_by_key(|w| (w.start, w.end));
    found.dedup();
    found
}

/// Whether what is marked so may be a place.
fn names(kind: EntityKind) -> bool {
    !matches!(
        kind,
        EntityKind::Date | EntityKind::Quantity | EntityKind::Money | EntityKind::Weapon
    )
}

/// Runs of names and capitalised words, across glued hyphens.
fn runs(doc: &Doc<'_>) -> Vec<Range<u32>> {
    let mut found = Vec::new();
    for sentence in &doc.sentences {
        let mut at = sentence.words.start;
        while at < sentence.words.end {
            let end = run_end(doc, at, sentence.words.end);
            if end > at {
                found.push(at..end);
            }
            at = end.max(at + 1);
        }
    }
    found
}

fn run_end(doc: &Doc<'_>, at: WordId, end: WordId) -> WordId {
    let glued = |w: WordId| w > 0 && doc.word(w).span.start == doc.word(w - 1).span.end;
    let hyphen = |w: WordId| doc.surface(w) == "-" && glued(w) && w + 1 < end && glued(w + 1);
    let mut next = at;
    while next < end && (is_name(doc, next, next > at) || next > at && hyphen(next)) {
        next += 1;
    }
    while next > at && doc.word(next - 1).upos == Upos::Punct {
        next -= 1;
    }
    next
}

fn is_name(doc: &Doc<'_>, word: WordId, inside: bool) -> bool {
    let capital =
        || doc.surface(word).trim_start_matches(['‘', '’', '\'']).starts_with(char::is_uppercase);
    match doc.word(word).upos {
        Upos::Propn => true,
        Upos::Noun | Upos::Adj | Upos::X => capital(),
        Upos::Num => inside && capital(),
        _ => false,
    }
}
