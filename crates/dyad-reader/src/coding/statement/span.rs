//! Sets of words to spans of text.

use super::quote::is_mark;
use crate::doc::{Doc, Upos, WordId};
use crate::span::Span;
use std::ops::Range;

/// The spans of sorted words: runs of neighbours, joined over punctuation, with the punctuation
/// at their edges left out (quotation marks and brackets stay).
pub(super) fn runs(doc: &Doc<'_>, words: &[WordId]) -> Vec<Span> {
    let mut found: Vec<Range<WordId>> = Vec::new();
    for &word in words {
        match found.last_mut() {
            Some(run) if (run.end..word).all(|w| doc.word(w).upos == Upos::Punct) => {
                run.end = word + 1;
            }
            _ => found.push(word..word + 1),
        }
    }
    found.into_iter().filter_map(|run| trimmed(doc, run)).collect()
}

/// The span of a run of words without the punctuation at its edges.
pub(super) fn trimmed(doc: &Doc<'_>, mut run: Range<WordId>) -> Option<Span> {
    let opens = |w| {
        let surface = doc.surface(w);
        doc.word(w).upos != Upos::Punct || is_mark(surface) || surface == "("
    };
    let closes = |w| {
        let surface = doc.surface(w);
        doc.word(w).upos != Upos::Punct
            || is_mark(surface)
            || matches!(surface, ")" | "?" | "!" | "’")
    };
    while !run.is_empty() && !opens(run.start) {
        run.start += 1;
    }
    while !run.is_empty() && !closes(run.end - 1) {
        run.end -= 1;
    }
    // A run of marks alone says nothing.
    let says = run.clone().any(|w| doc.word(w).upos != Upos::Punct);
    says.then(|| doc.words_span(run))
}

/// Sorted spans, those that touch or overlap made one.
pub(super) fn merged(mut spans: Vec<Span>, text: &str) -> Vec<Span> {
    spans.sort_unstable();
    let mut found: Vec<Span> = Vec::new();
    for span in spans {
        match found.last_mut() {
            Some(last) if span.start <= last.end => *last = last.cover(span),
            Some(last)
                if text[last.end as usize..span.start as usize]
                    .chars()
                    .all(|c| c.is_whitespace() || matches!(c, '.' | ',' | ';')) =>
            {
                *last = last.cover(span);
            }
            _ => found.push(span),
        }
    }
    found
}
