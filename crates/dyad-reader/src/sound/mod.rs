//! Sentences that no writer left so: what scanners, translation engines and word-spinners make of
//! words. A head over the ear's rows and over statistics of words, pairs and runs of letters scores
//! each word (`training/sound.py`); small trees over the scores and over what is seen of the whole
//! sentence decide (card `models/damage.md`). The same bits everywhere.

mod bonds;
mod head;
mod made;
mod model;
mod odd;
mod own;
mod places;
mod quotes;
mod signs;
mod speech;
mod words;

use crate::doc::{Doc, Sentence};
use crate::report::{Habits, Passage};
use crate::span::Span;
use dyad_lexicon::Mangled;
use dyad_record::PassageKind;
use head::Head;
pub use head::NUMBERS;
use model::Model;
use odd::Odd;
use own::Own;
use quotes::Quotes;
use words::Words;

/// A sentence of fewer tokens tells too little.
const LEAST: usize = 6;
/// A longer one is a list or a table.
const MOST: usize = 120;

const WHY: &str = "words that do not stand together as in news: mangled by a machine";

/// What is seen of one sentence.
#[derive(Debug)]
pub struct Seen<'d> {
    pub of: &'d Sentence,
    doc: &'d Doc<'d>,
    sentence: &'d str,
    words: Words<'d>,
    odd: Vec<Odd>,
    sums: Vec<i32>,
    quotes: &'d Quotes,
    /// The head's score of each of the doc's words.
    pub scores: Vec<i32>,
    /// How many sentences of the report are looked at.
    sentences: usize,
    /// How many other sentences tell in the first person what stands in no quotation.
    first: i32,
    /// How odd the oddest word is of a sentence that is as sound as any of the report.
    usual: i32,
}

/// Of so many sentences of a report the soundest tells how odd its sound ones are.
const SOUND: usize = 4;

/// What names the head's weights; nothing for another ear than the one on whose rows it was trained.
pub fn version(ear: &str) -> Option<&'static str> {
    Head::builtin().filter(|head| head.ear() == ear).map(Head::version)
}

/// Marks the sentences that are damaged, in the passages and in the sentences. `ear` is the version
/// of the network that read the doc.
pub fn mark(doc: &mut Doc<'_>, ear: &str) {
    let Some(model) = Model::builtin() else { return };
    // The rows of another ear mean nothing to the head.
    if Head::builtin().is_none_or(|head| head.ear() != ear) {
        return;
    }
    let found: Vec<Span> = look(doc, |seen| {
        let damaged = model.is_damaged(&signs::of(seen));
        damaged.then(|| seen.worst())
    })
    .into_iter()
    .flatten()
    .collect();
    if found.is_empty() {
        return;
    }
    for sentence in &mut doc.sentences {
        sentence.damaged |= found.iter().any(|span| span.touches(sentence.span));
    }
    doc.marked(cut(doc.passages(), &doc.report.text, &found));
}

/// The body passages with the damaged spans cut out of them.
fn cut(passages: &[Passage], text: &str, found: &[Span]) -> Vec<Passage> {
    let mut out = Vec::with_capacity(passages.len() + 2 * found.len());
    let mut push = |span: Span, kind: PassageKind, why: &str| {
        let words = span.of(text);
        let start = span.start as usize + words.len() - words.trim_start().len();
        let span = Span::new(start, start + words.trim().len());
        if !span.is_empty() {
            out.push(Passage { span, kind, why: why.to_owned() });
        }
    };
    for passage in passages {
        let mut from = passage.span.start;
        if passage.kind == PassageKind::Body {
            for span in found.iter().filter(|s| s.touches(passage.span)) {
                let start = span.start.max(passage.span.start);
                let end = span.end.min(passage.span.end);
                push(Span { start: from, end: start }, passage.kind, &passage.why);
                push(Span { start, end }, PassageKind::Damaged, WHY);
                from = end;
            }
        }
        push(Span { start: from, end: passage.span.end }, passage.kind, &passage.why);
    }
    out
}

/// Looks at every sentence that can be judged and that is not known to be damaged.
pub fn look<T>(doc: &Doc<'_>, mut each: impl FnMut(&Seen<'_>) -> T) -> Vec<T> {
    let (Some(model), Some(head)) = (Model::builtin(), Head::builtin()) else { return Vec::new() };
    let quotes = Quotes::of(doc);
    let mut seen = every(doc, model, &quotes);
    let lengths: Vec<usize> = seen.iter().map(|s| s.of.words.len()).collect();
    let mut numbers = Vec::with_capacity(NUMBERS * lengths.iter().sum::<usize>());
    seen.iter().for_each(|s| s.numbers(model, &mut numbers));
    let scores = head.scores(&numbers, &lengths);
    let mut rest = &scores[..];
    for (seen, length) in seen.iter_mut().zip(lengths) {
        let (own, after) = rest.split_at(length);
        seen.scores = own.to_vec();
        rest = after;
    }
    let mut tops: Vec<i32> = seen.iter().map(Seen::top).collect();
    tops.sort_unstable();
    let usual = tops.get(tops.len() / SOUND).copied().unwrap_or_default();
    seen.iter_mut().for_each(|s| s.usual = usual);
    seen.iter().map(&mut each).collect()
}

/// What the head looks at, for its training: the numbers of each word of the sentences.
pub fn numbers(doc: &Doc<'_>, mut each: impl FnMut(&Sentence, Vec<f32>)) {
    let Some(model) = Model::builtin() else { return };
    for seen in every(doc, model, &Quotes::of(doc)) {
        let mut numbers = Vec::new();
        seen.numbers(model, &mut numbers);
        each(seen.of, numbers);
    }
}

fn every<'d>(doc: &'d Doc<'_>, model: &Model, quotes: &'d Quotes) -> Vec<Seen<'d>> {
    if Habits::of(&doc.report.text).unlike_news() {
        return Vec::new();
    }
    let text = &doc.report.text;
    let words: Vec<Words<'_>> =
        doc.sentences.iter().map(|s| Words::of(s.span.of(text), model)).collect();
    let own = Own::of(words.iter());
    let each = doc.sentences.iter().zip(&words);
    let first: Vec<bool> = each.map(|(of, words)| first(of, words, quotes) > 0).collect();
    let spoken = first.iter().filter(|first| **first).count() as i32;
    let judged = |(of, words): &(&Sentence, &Words<'_>)| {
        !of.damaged
            && doc.rows(of.words.clone()).is_some()
            && (LEAST..=MOST).contains(&words.len())
            && mixed(of.span.of(text))
    };
    let odd: Vec<Option<Vec<Odd>>> = doc
        .sentences
        .iter()
        .zip(&words)
        .map(|pair| judged(&pair).then(|| odd::of(pair.1, model, &own)))
        .collect();
    let sentences = odd.iter().flatten().count();
    let each = doc.sentences.iter().zip(words).zip(odd).zip(first);
    let seen = each.filter_map(|(((of, words), odd), first)| {
        let sums = places::sums(&words, model);
        let sentence = of.span.of(text);
        let (odd, scores, first) = (odd?, Vec::new(), spoken - i32::from(first));
        Some(Seen {
            of,
            doc,
            sentence,
            words,
            odd,
            sums,
            quotes,
            scores,
            sentences,
            first,
            usual: 0,
        })
    });
    seen.collect()
}

/// How many words of the sentence tell of the speaker outside quotations.
fn first(of: &Sentence, words: &Words<'_>, quotes: &Quotes) -> i32 {
    let lexicon = Mangled::builtin();
    let told = |i: &usize| {
        lexicon.first.contains(words.word(*i))
            && !quotes.holds(of.span.start + words.range(*i).0 as u32)
    };
    (0..words.len()).filter(told).count() as i32
}

impl Seen<'_> {
    /// The score of its oddest word.
    fn top(&self) -> i32 {
        self.scores.iter().copied().max().unwrap_or_default()
    }

    /// The signs that the trees look at.
    pub fn signs(&self) -> Vec<i32> {
        signs::of(self)
    }

    /// Appends what the head looks at: a word's row, then what is odd about it.
    fn numbers(&self, model: &Model, out: &mut Vec<f32>) {
        let doc = self.doc;
        let Some(rows) = doc.rows(self.of.words.clone()) else { return };
        let width = rows.len() / self.of.words.len();
        let mut at = 0;
        for (word, row) in self.of.words.clone().zip(rows.chunks_exact(width)) {
            let span = doc.word(word).span;
            let start = (span.start - self.of.span.start) as usize;
            while at + 1 < self.words.len() && self.words.range(at).1 <= start {
                at += 1;
            }
            out.extend_from_slice(row);
            let next = self.odd.get(at + 1);
            let (odd, quotes) = (&self.odd[at], self.quotes);
            out.extend_from_slice(&head::numbers(odd, next, quotes, span.start, self.sentences));
            out.extend_from_slice(&bonds::of(doc, word, model));
        }
    }

    /// From the first to the last word that stands out, with a neighbour on each side.
    fn worst(&self) -> Span {
        let top = self.top().min(0);
        let first = self.scores.iter().position(|s| *s >= top).unwrap_or_default();
        let last = self.scores.iter().rposition(|s| *s >= top).unwrap_or_default();
        let words = &self.of.words;
        let start = words.start + first.saturating_sub(1) as u32;
        let end = (words.start + last as u32 + 2).min(words.end);
        self.doc.words_span(start..end)
    }
}

/// Capitals and small letters, as in print: text all in one case is written so and not damaged.
fn mixed(sentence: &str) -> bool {
    let small = sentence.chars().filter(|c| c.is_lowercase()).count();
    let large = sentence.chars().filter(|c| c.is_uppercase()).count();
    large > 0 && small > large
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Given, Reader};
    use std::sync::LazyLock;

    static READER: LazyLock<Reader> = LazyLock::new(|| Reader::builtin().unwrap());

    /// What is told of a text once it is parsed.
    pub fn parsed<T>(text: &str, tell: impl FnOnce(&Doc<'_>) -> T) -> T {
        let report = crate::report::open(text.as_bytes(), &Given::default()).unwrap();
        let mut scratch = crate::syntax::Scratch::default();
        let split = crate::text::split(&report);
        tell(&crate::syntax::parse(READER.model(), &mut scratch, &report, split))
    }

    fn found(text: &str) -> Vec<String> {
        let record = READER.worker().read(text.as_bytes(), &Given::default()).unwrap();
        let chars: Vec<char> = text.chars().collect();
        let damaged = record.passages.iter().filter(|p| p.kind == PassageKind::Damaged);
        damaged.map(|p| chars[p.start as usize..p.end as usize].iter().collect()).collect()
    }

    #[test]
    fn mangled_sentences_are_found() {
        for text in [
            "The govermnent said on Tucsday tbat its soldiers would leavc the nortbern region.",
            "The ministerof defence told reporters thatthe army would leave the region inthe spring.",
            "The head honcho of the nation state land educated individuals folk that the warfare \
             fight was in excess of.",
        ] {
            assert!(!found(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn sound_sentences_are_not() {
        for text in [
            "The government said on Tuesday that its soldiers would leave the northern region.",
            "Norway and Iceland signed a fishing pact on Wednesday, ending a quarrel of three years.",
            "Skippers in both countries said that they would wait for the quotas before they cheered.",
            "THE GOVERNMENT SAID ON TUESDAY THAT ITS SOLDIERS WOULD LEAVE THE NORTHERN REGION.",
            "The two foreign ministers met in Bergen and promised to send their fleets home.",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn passages_are_cut_where_they_are_damaged() {
        let text = "One two. Three four. Five.";
        let passage = |start, end, kind, why: &str| Passage {
            span: Span::new(start, end),
            kind,
            why: why.to_owned(),
        };
        let body = passage(0, 26, PassageKind::Body, "text");
        let cut = cut(&[body], text, &[Span::new(9, 14), Span::new(21, 26)]);
        let expected = [
            passage(0, 8, PassageKind::Body, "text"),
            passage(9, 14, PassageKind::Damaged, WHY),
            passage(15, 20, PassageKind::Body, "text"),
            passage(21, 26, PassageKind::Damaged, WHY),
        ];
        assert_eq!(cut, expected);
    }
}
