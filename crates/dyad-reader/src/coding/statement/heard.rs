//! What the network hears of a statement: stretches of words that it takes for cues, sources and
//! content. They propose what the tree misses, and stand in where the tree gives a poor part.

use super::attribution::{Attribution, Finder, Source};
use super::span::runs;
use crate::doc::{ATTR, Doc, Upos, WordId};
use crate::span::Span;
use dyad_lexicon::cues::CuePos;
use std::ops::Range;

/// From this share on a word may be one of a cue's that the tree has not found.
const PROPOSED: f32 = 0.15;
/// Down to this share its neighbours belong to the cue.
const GROWN: f32 = 0.08;
/// More likely than not.
const LIKELY: f32 = 0.5;
/// Below this share of its words a part that the tree gives is a poor one.
const POOR: f32 = 0.25;
/// No cue has more words.
const LONGEST_CUE: u32 = 8;
/// Words between a cue and its source, at the most.
const REACH: u32 = 25;

fn shares<'d>(doc: &'d Doc<'_>, word: WordId) -> Option<&'d [f32; ATTR]> {
    doc.attr(word)
}

/// How likely the word is one of a cue; of a source; of content.
pub(super) fn cue(doc: &Doc<'_>, word: WordId) -> Option<f32> {
    shares(doc, word).map(|s| s[1] + s[2])
}

pub(super) fn source(doc: &Doc<'_>, word: WordId) -> Option<f32> {
    shares(doc, word).map(|s| s[4] + s[5])
}

pub(super) fn content(doc: &Doc<'_>, word: WordId) -> Option<f32> {
    shares(doc, word).map(|s| s[7])
}

pub(super) type Share = fn(&Doc<'_>, WordId) -> Option<f32>;

/// The mean over words that are no punctuation; none where there are none, or no scores.
pub(super) fn mean(doc: &Doc<'_>, words: impl Iterator<Item = WordId>, of: Share) -> Option<f32> {
    let (mut sum, mut count) = (0.0, 0u16);
    for word in words.filter(|w| doc.word(*w).upos != Upos::Punct) {
        sum += of(doc, word)?;
        count = count.saturating_add(1);
    }
    (count > 0).then(|| sum / f32::from(count))
}

/// Runs of words that are more likely than not.
fn stretches(doc: &Doc<'_>, words: Range<WordId>, of: Share) -> Vec<Range<WordId>> {
    let mut found: Vec<Range<WordId>> = Vec::new();
    for word in words.filter(|w| of(doc, *w).is_some_and(|share| share >= LIKELY)) {
        match found.last_mut() {
            Some(run) if run.end == word => run.end = word + 1,
            _ => found.push(word..word + 1),
        }
    }
    found.retain(|run| run.clone().any(|w| doc.word(w).upos != Upos::Punct));
    found
}

fn apart(a: &Range<WordId>, b: &Range<WordId>) -> u32 {
    if a.end <= b.start { b.start - a.end } else { a.start.saturating_sub(b.end) }
}

impl Finder<'_> {
    /// Adds the cues that only the network hears, and mends poor sources and contents of those that
    /// the tree has found.
    pub(super) fn heard(&self, sentence: u32, found: &mut Vec<Attribution>) {
        let doc = self.doc;
        let words = doc.sentences[sentence as usize].words.clone();
        if words.is_empty() || doc.attr(words.start).is_none() {
            return;
        }
        let sources = stretches(doc, words.clone(), source);
        let contents = stretches(doc, words.clone(), content);
        let own = |a: &Attribution| !matches!(a.rule, "headed" | "signed" | "according");
        for a in found.iter_mut().filter(|a| own(a)) {
            self.mend(a, &sources, &contents);
        }
        for cue in self.cues_heard(words) {
            if found.iter().any(|a| a.cue.start < cue.end && cue.start < a.cue.end) {
                continue;
            }
            let head = self.heads(&cue);
            let pos = match doc.word(head).upos {
                Upos::Noun => CuePos::Noun,
                Upos::Adj => CuePos::Adj,
                _ => CuePos::Verb,
            };
            let source = self.source_heard(&cue, &sources, &contents);
            let taken = source.as_ref().map(|s| doc.words_in(s.span));
            let content = self.content_heard(head, &cue, taken.as_ref(), &contents, found);
            if !content.is_empty() {
                let listed = Some(self.cue(pos, head));
                found.push(self.make(head, cue, source, content, listed, "heard"));
            }
        }
    }

    /// Stretches that may be cues, each grown to what likely belongs to it.
    fn cues_heard(&self, words: Range<WordId>) -> Vec<Range<WordId>> {
        let doc = self.doc;
        let share = |w: WordId| cue(doc, w).unwrap_or(0.0);
        // A word that rather begins a cue than goes on with one parts it from the one before.
        let begins = |w: WordId| shares(doc, w).is_some_and(|s| s[1] > s[2] && s[1] >= LIKELY);
        let mut found = Vec::new();
        let mut at = words.start;
        while at < words.end {
            if share(at) < PROPOSED {
                at += 1;
                continue;
            }
            let mut run = at..at + 1;
            let floor = found.last().map_or(words.start, |last: &Range<WordId>| last.end);
            if !begins(at) {
                while run.start > floor && share(run.start - 1) >= GROWN {
                    run.start -= 1;
                }
            }
            while run.end < words.end && share(run.end) >= GROWN && !begins(run.end) {
                run.end += 1;
            }
            at = run.end;
            run.end = run.end.min(run.start + LONGEST_CUE);
            found.push(run);
        }
        found
    }

    /// The word of a stretch that governs the others: one that hangs outside, verbs first.
    fn heads(&self, cue: &Range<WordId>) -> WordId {
        let doc = self.doc;
        let rank = |w: &WordId| {
            let word = doc.word(*w);
            let outside = word.head.is_none_or(|h| !cue.contains(&h));
            let kind = match word.upos {
                Upos::Verb => 3,
                Upos::Noun | Upos::Adj => 2,
                Upos::Punct => 0,
                _ => 1,
            };
            (kind.min(2) > 1, outside, kind, std::cmp::Reverse(*w))
        };
        cue.clone().max_by_key(rank).unwrap_or(cue.start)
    }

    /// The nearest stretch that names a source, where the cue's own words are not inside it.
    fn source_heard(
        &self,
        cue: &Range<WordId>,
        sources: &[Range<WordId>],
        contents: &[Range<WordId>],
    ) -> Option<Source> {
        let doc = self.doc;
        let told = |run: &Range<WordId>| contents.iter().any(|c| c.contains(&run.start));
        let nested = contents.iter().any(|c| c.contains(&cue.start));
        let near = sources
            .iter()
            .filter_map(|s| beside(s, cue))
            .filter(|s| nested || !told(s))
            .filter(|s| apart(s, cue) <= REACH)
            .min_by_key(|s| (apart(s, cue), s.start))?;
        let span = super::span::trimmed(doc, near.clone())?;
        let outside = |w: &WordId| doc.word(*w).head.is_none_or(|h| !near.contains(&h));
        let head = near
            .clone()
            .filter(|w| doc.word(*w).upos != Upos::Punct)
            .find(outside)
            .unwrap_or(near.start);
        Some(Source { head, span })
    }

    /// The words that the cue tells: what is heard as content in its sentence and no other cue of
    /// the tree's tells; of a cue inside content, what hangs on it or follows it there.
    fn content_heard(
        &self,
        head: WordId,
        cue: &Range<WordId>,
        source: Option<&Range<WordId>>,
        contents: &[Range<WordId>],
        found: &[Attribution],
    ) -> Vec<Span> {
        let doc = self.doc;
        let taken = |w: &WordId| cue.contains(w) || source.is_some_and(|s| s.contains(w));
        let around = contents.iter().find(|c| c.contains(&head) || c.contains(&cue.start));
        if let Some(around) = around {
            let below = doc.subtree(head);
            let after = (cue.end..around.end).filter(|w| !taken(w));
            let mut words: Vec<WordId> =
                after.clone().filter(|w| below.binary_search(w).is_ok()).collect();
            if words.is_empty() {
                words = after.collect();
            }
            return runs(doc, &words);
        }
        let told_else = |w: WordId| {
            let at = doc.word(w).span;
            let likely = |a: &&Attribution| {
                self::cue(doc, a.head).is_some_and(|s| s >= LIKELY)
                    && a.content.iter().any(|c| c.contains(at))
                    && !a.content.iter().any(|c| c.contains(doc.word(head).span))
            };
            found.iter().find(likely).is_some()
        };
        let all: Vec<WordId> =
            contents.iter().flat_map(Range::clone).filter(|w| !taken(w)).collect();
        let free: Vec<WordId> = all.iter().copied().filter(|w| !told_else(*w)).collect();
        runs(doc, if free.is_empty() { &all } else { &free })
    }

    fn mend(&self, a: &mut Attribution, sources: &[Range<WordId>], contents: &[Range<WordId>]) {
        let doc = self.doc;
        if cue(doc, a.head).is_none_or(|share| share < LIKELY) {
            return;
        }
        let poor = |words: Range<WordId>, of: Share| mean(doc, words, of).is_some_and(|m| m < POOR);
        if a.source.as_ref().is_none_or(|s| poor(doc.words_in(s.span), source))
            && let Some(heard) = self.source_heard(&a.cue, sources, contents)
            && !a.content.iter().any(|c| c.contains(heard.span))
        {
            a.source = Some(heard);
        }
        let words = a.content.iter().flat_map(|c| doc.words_in(*c));
        if !a.content.is_empty() && mean(doc, words, content).is_some_and(|m| m < POOR) {
            let taken = a.source.as_ref().map(|s| doc.words_in(s.span));
            let heard = self.content_heard(a.head, &a.cue, taken.as_ref(), contents, &[]);
            if !heard.is_empty() {
                a.behind = heard[0].start < doc.word(a.head).span.start;
                a.content = heard;
            }
        }
    }

    /// "said that he would go, although the road was closed": what a mark sets off at either end of
    /// the content, outside quotation marks, and nobody hears told, is the reporter's own.
    pub(super) fn trim(&self, a: &mut Attribution) {
        let doc = self.doc;
        if a.rule != "clause" {
            return;
        }
        let own = |words: &Range<WordId>| {
            let span = doc.words_span(words.clone());
            let first = self.quotations.partition_point(|q| q.span.end <= span.start);
            let quoted = self.quotations.get(first).is_some_and(|q| q.span.start < span.end);
            !quoted && mean(doc, words.clone(), content).is_some_and(|share| share < LIKELY)
        };
        let parts = |w: &WordId| matches!(doc.surface(*w), "," | ";" | "-" | "--" | "–" | "—");
        for told in &mut a.content {
            let mut words = doc.words_in(*told);
            while let Some(mark) = words.clone().rev().find(parts)
                && mark > words.start
                && own(&(mark + 1..words.end))
            {
                words.end = mark;
            }
            while let Some(mark) = words.clone().find(parts)
                && mark + 1 < words.end
                && own(&(words.start..mark))
            {
                words.start = mark + 1;
            }
            if let Some(span) = super::span::trimmed(doc, words) {
                *told = span;
            }
        }
    }
}

/// The stretch without the cue's words, on the side where more of it stands.
fn beside(run: &Range<WordId>, cue: &Range<WordId>) -> Option<Range<WordId>> {
    let before = run.start..run.end.min(cue.start).max(run.start);
    let after = run.start.max(cue.end).min(run.end)..run.end;
    let longer = if before.len() >= after.len() { before } else { after };
    (!longer.is_empty()).then_some(longer)
}
