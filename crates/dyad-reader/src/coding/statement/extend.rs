//! Speech that runs on over the edge of its sentence: quotations over sentences and paragraphs,
//! and speech whose quotation marks the page has lost.

use super::attribution::Attribution;
use super::quote::{self, Quotation};
use super::span::{merged, trimmed};
use crate::doc::{Deprel, Doc, Upos, WordId, Xpos};
use crate::span::Span;
use dyad_lexicon::cues::Frame;

/// Gives each attribution the rest of the quotations that it begins, and the quotations that
/// follow it without an attribution of their own.
pub(super) fn over_quotations(
    doc: &Doc<'_>,
    quotations: &[Quotation],
    attributions: &mut [Attribution],
) {
    let mut owner: Vec<Option<usize>> = vec![None; quotations.len()];
    for (i, attribution) in attributions.iter().enumerate() {
        for content in &attribution.content {
            let first = quotations.partition_point(|q| q.span.end <= content.start);
            for (j, quotation) in quotations.iter().enumerate().skip(first) {
                if quotation.span.start >= content.end {
                    break;
                }
                let said_here = !quotation.span.contains(cue_span(doc, attribution));
                // The innermost attribution owns the quotation.
                let narrower = owner[j].is_none_or(|other| {
                    content_len(&attributions[other]) > content_len(attribution)
                });
                if said_here && narrower {
                    owner[j] = Some(i);
                }
            }
        }
    }
    // A colon or a verb of speech at the end of a paragraph opens the quotation that follows.
    for (i, attribution) in attributions.iter().enumerate() {
        if !attribution.content.is_empty() {
            continue;
        }
        let end = doc.sentences[attribution.sentence as usize].span.end;
        let next = quotations.partition_point(|q| q.span.start < end);
        if let Some(quotation) = quotations.get(next)
            && doc.report.text[end as usize..quotation.span.start as usize].trim().is_empty()
            && owner[next].is_none()
        {
            owner[next] = Some(i);
        }
    }
    for j in 1..quotations.len() {
        if owner[j].is_some() || !stands_alone(doc, quotations[j]) {
            continue;
        }
        let before = quotations[j - 1];
        let Some(i) = owner[j - 1] else { continue };
        let same = before.paragraph == quotations[j].paragraph;
        let goes_on = before.paragraph + 1 == quotations[j].paragraph
            && (before.open || ends_paragraph(doc, before));
        if same || goes_on {
            owner[j] = Some(i);
        }
    }
    for (quotation, owner) in quotations.iter().zip(&owner) {
        if let Some(i) = owner {
            let attribution = &mut attributions[*i];
            let cut = cue_span(doc, attribution);
            if !quotation.span.touches(cut) {
                attribution.content.push(quotation.span);
            }
        }
    }
    for attribution in attributions {
        let content = std::mem::take(&mut attribution.content);
        attribution.content = merged(content, &doc.report.text);
    }
}

fn content_len(attribution: &Attribution) -> usize {
    attribution.content.iter().map(|c| c.len()).sum()
}

pub(super) fn cue_span(doc: &Doc<'_>, attribution: &Attribution) -> Span {
    doc.words_span(attribution.cue.clone())
}

/// Whether the quotation begins and ends with whole sentences.
fn stands_alone(doc: &Doc<'_>, quotation: Quotation) -> bool {
    let i = doc.sentences.partition_point(|s| s.span.end <= quotation.span.start);
    let Some(sentence) = doc.sentences.get(i) else { return false };
    let lead =
        sentence.span.start.min(quotation.span.start) as usize..quotation.span.start as usize;
    let words = doc.words_in(quotation.span).len();
    words >= 4 && doc.report.text[lead].trim().is_empty()
}

fn ends_paragraph(doc: &Doc<'_>, quotation: Quotation) -> bool {
    let i = doc.sentences.partition_point(|s| s.span.end < quotation.span.end);
    let Some(sentence) = doc.sentences.get(i) else { return true };
    let rest = &doc.report.text[quotation.span.end as usize..sentence.span.end as usize];
    rest.trim().is_empty()
        && doc.sentences.get(i + 1).is_none_or(|next| next.paragraph != sentence.paragraph)
}

/// What a sentence without quotation marks shows of its speaker.
struct Bare {
    /// "I", "we", "our": somebody speaks of himself.
    first_person: bool,
    /// Its finite verbs tell the present.
    present: bool,
    /// Begins like the rest of a broken sentence.
    fragment: bool,
}

/// Gives to their speakers the sentences that the page prints without marks: those in the first
/// person beside an attribution, and, in a page that has lost its marks, what goes on in the same
/// paragraph. Returns for each attribution whether it has gained such words.
pub(super) fn over_free_speech(
    doc: &Doc<'_>,
    quotations: &[Quotation],
    attributions: &mut [Attribution],
) -> Vec<bool> {
    let mut free = vec![false; attributions.len()];
    let marked = quotations.iter().any(|q| doc.words_in(q.span).len() > 3);
    let lost = !marked && (0..doc.sentences.len() as u32).any(|s| bare(doc, s).first_person);
    let mut by_sentence: Vec<Vec<usize>> = vec![Vec::new(); doc.sentences.len()];
    for (i, attribution) in attributions.iter().enumerate() {
        by_sentence[attribution.sentence as usize].push(i);
    }
    let mut first = 0;
    while first < doc.sentences.len() {
        let paragraph = doc.sentences[first].paragraph;
        let mut end = first + 1;
        while doc.sentences.get(end).is_some_and(|s| s.paragraph == paragraph) {
            end += 1;
        }
        let quoted = quotations.iter().any(|q| q.paragraph == paragraph && !q.open) && !lost;
        if !quoted {
            in_paragraph(doc, first..end, lost, &by_sentence, attributions, &mut free);
        }
        first = end;
    }
    free
}

fn in_paragraph(
    doc: &Doc<'_>,
    sentences: std::ops::Range<usize>,
    lost: bool,
    by_sentence: &[Vec<usize>],
    attributions: &mut [Attribution],
    free: &mut [bool],
) {
    // The attribution of speech that each sentence carries, if any.
    let speech: Vec<Option<usize>> = sentences
        .clone()
        .map(|s| {
            by_sentence[s]
                .iter()
                .copied()
                .filter(|i| {
                    let a = &attributions[*i];
                    a.frame == Frame::Speech
                        && a.rule != "according"
                        && a.source.as_ref().is_some_and(|s| !is_self(doc, s.head))
                })
                .min_by_key(|i| !attributions[*i].behind)
        })
        .collect();
    let spoken = |i: usize, attributions: &[Attribution]| {
        let a = &attributions[i];
        let past = matches!(doc.word(a.head).xpos, Xpos::Vbd | Xpos::Vbn);
        a.behind && past && a.source.as_ref().is_some_and(|s| one_person(doc, s.head))
    };
    let mut owner: Vec<Option<usize>> = vec![None; sentences.len()];
    // Forward: from an attribution to the sentences after it.
    let mut running: Option<usize> = None;
    for (k, s) in sentences.clone().enumerate() {
        if speech[k].is_some() {
            running = speech[k];
            continue;
        }
        let Some(i) = running else { continue };
        let now = bare(doc, s as u32);
        if now.first_person || lost && spoken(i, attributions) && (now.present || now.fragment) {
            owner[k] = Some(i);
        } else {
            running = None;
        }
    }
    // Backward: from words behind which "X said" stands to the sentences before them.
    let mut running: Option<usize> = None;
    for (k, s) in sentences.clone().enumerate().rev() {
        if let Some(i) = speech[k] {
            running = Some(i).filter(|i| spoken(*i, attributions));
            continue;
        }
        let Some(i) = running else { continue };
        let now = bare(doc, s as u32);
        // A sentence between two speakers belongs to the one before it.
        if now.first_person && owner[k].is_none() {
            owner[k] = Some(i);
        } else {
            running = None;
        }
    }
    for (k, s) in sentences.enumerate() {
        let Some(i) = owner[k] else { continue };
        let words = doc.sentences[s].words.clone();
        if let Some(span) = trimmed(doc, words) {
            attributions[i].content.push(span);
            free[i] = true;
        }
    }
    for i in speech.into_iter().flatten() {
        let content = std::mem::take(&mut attributions[i].content);
        // Words before "he said" that speak of "us" are his own, marks or none.
        let main = matches!(
            doc.word(attributions[i].head).deprel,
            Deprel::Root | Deprel::Parataxis | Deprel::Conj
        );
        let own = main
            && attributions[i].behind
            && spoken(i, attributions)
            && (lost || content.iter().any(|c| speaks_of_self(doc, doc.words_in(*c))));
        free[i] |= own && lost;
        attributions[i].content = merged(content, &doc.report.text);
    }
}

/// Whether the source is one speaker and not a crowd ("analysts say").
fn one_person(doc: &Doc<'_>, head: WordId) -> bool {
    let word = doc.word(head);
    match word.upos {
        Upos::Propn => true,
        Upos::Pron => !matches!(word.lemma.as_str(), "they" | "it" | "some" | "many"),
        Upos::Noun => word.xpos == Xpos::Nn,
        _ => false,
    }
}

/// "I", "we": a speaker inside speech, who does not end it.
pub(super) fn is_self(doc: &Doc<'_>, word: WordId) -> bool {
    doc.word(word).upos == Upos::Pron
        && matches!(doc.surface(word), "I" | "We" | "we" | "me" | "us")
}

fn speaks_of_self(doc: &Doc<'_>, words: std::ops::Range<WordId>) -> bool {
    words.into_iter().any(|w| {
        doc.word(w).upos == Upos::Pron
            && matches!(
                doc.surface(w),
                "I" | "me"
                    | "my"
                    | "My"
                    | "we"
                    | "We"
                    | "us"
                    | "our"
                    | "Our"
                    | "myself"
                    | "ourselves"
            )
    })
}

fn bare(doc: &Doc<'_>, sentence: u32) -> Bare {
    let sentence = &doc.sentences[sentence as usize];
    let words = sentence.words.clone();
    let quoted = words.clone().any(|w| quote::is_mark(doc.surface(w)));
    let mut past = 0;
    let mut present = 0;
    for w in words.clone() {
        match doc.word(w).xpos {
            Xpos::Vbd => past += 1,
            Xpos::Vbz | Xpos::Vbp | Xpos::Md => present += 1,
            _ => {}
        }
    }
    let start = words.clone().find(|w| doc.word(*w).upos != Upos::Punct);
    Bare {
        first_person: !quoted && speaks_of_self(doc, words),
        present: present > 0 && past == 0,
        fragment: start.is_some_and(|w| doc.surface(w).starts_with(char::is_lowercase)),
    }
}
