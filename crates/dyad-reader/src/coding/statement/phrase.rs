//! Attributions without a word of speech in the clause: "according to X", "X: …", "“…” — X".

use super::attribution::{Attribution, Finder, Source};
use super::quote::is_mark;
use super::span::{runs, trimmed};
use crate::doc::{Deprel, Upos, WordId};
use std::ops::Range;

/// Words of a label or signature, at the most.
const LABEL: u32 = 7;

impl Finder<'_> {
    /// "according to X": all of the clause that the phrase qualifies; the whole sentence where a
    /// comma or the edge of the sentence sets it off.
    pub(super) fn according(&self, word: WordId) -> Option<Attribution> {
        let doc = self.doc;
        let sentence = doc.sentences[doc.word(word).sentence as usize].words.clone();
        let next = word + 1;
        if next >= sentence.end || doc.word(next).lemma != "to" {
            return None;
        }
        let nominal = |w: &WordId| {
            matches!(doc.word(*w).upos, Upos::Noun | Upos::Propn | Upos::Pron | Upos::Num)
        };
        let head =
            match doc.word(word).deprel {
                Deprel::Case | Deprel::Fixed | Deprel::Mark => doc.word(word).head,
                _ => doc.dependents(word).iter().copied().find(|d| {
                    *d > next && matches!(doc.word(*d).deprel, Deprel::Obl | Deprel::Nmod)
                }),
            };
        let head = head
            .filter(|h| *h > next && nominal(h))
            .or_else(|| (next + 1..sentence.end.min(next + 8)).find(nominal))?;
        let source = self.source(head, word);
        let named = doc.words_in(source.span);
        let phrase = word..named.end.max(next + 1);
        let set_off = word == sentence.start
            || matches!(doc.surface(word - 1), "," | "“" | "\"" | "”")
            || sentence.end - phrase.end <= 2;
        let mut words: Vec<WordId> = if set_off {
            sentence.collect()
        } else {
            let clause = doc.ancestors(head).skip(1).find(|w| {
                matches!(
                    doc.word(*w).deprel,
                    Deprel::Root
                        | Deprel::Ccomp
                        | Deprel::Advcl
                        | Deprel::AclRelcl
                        | Deprel::Parataxis
                        | Deprel::Conj
                ) && doc.word(*w).head.is_none_or(|h| h != *w)
            })?;
            doc.subtree(clause)
        };
        let below = doc.subtree(head);
        words.retain(|w| !phrase.contains(w) && below.binary_search(w).is_err());
        let content = runs(doc, &words);
        (!content.is_empty())
            .then(|| self.make(word, word..next + 1, Some(source), content, None, "according"))
    }

    /// "Name: what they say", as headlines and transcripts have it: the words run on to the end of
    /// the paragraph that the name opens.
    pub(super) fn headed(&self, sentence: u32) -> Option<Attribution> {
        let doc = self.doc;
        let words = doc.sentences[sentence as usize].words.clone();
        let mut first = words.start;
        while first < words.end && doc.word(first).upos == Upos::Punct {
            first += 1;
        }
        let colon = (first..words.end.min(first + LABEL)).find(|w| doc.surface(*w) == ":")?;
        let named = first..colon;
        let names = named.clone().all(|w| {
            let capital = doc.surface(w).starts_with(char::is_uppercase);
            doc.word(w).upos == Upos::Propn || capital && doc.word(w).upos == Upos::Noun
        });
        let paragraph = self.paragraph(sentence);
        let end = if paragraph.start == words.start { paragraph.end } else { words.end };
        if named.is_empty() || !names || words.end - colon < 4 {
            return None;
        }
        let content = trimmed(doc, colon + 1..end)?;
        let source = Source { head: named.end - 1, span: doc.words_span(named) };
        Some(self.make(colon, colon..colon + 1, Some(source), vec![content], None, "headed"))
    }

    /// "“What they say” — Name", as letters and vox pops have it.
    pub(super) fn signed(&self, sentence: u32) -> Option<Attribution> {
        let doc = self.doc;
        let words = doc.sentences[sentence as usize].words.clone();
        let paragraph = self.paragraph(sentence);
        let dash = words.clone().find(|w| {
            let after = |v: WordId| is_mark(doc.surface(v)) || doc.surface(v).ends_with('.');
            matches!(doc.surface(*w), "―" | "—" | "–" | "--")
                && *w > paragraph.start
                && after(*w - 1)
        })?;
        let rest = dash + 1..words.end;
        let named = rest.clone().take_while(|w| doc.word(*w).upos == Upos::Propn).count() as u32;
        let short = (1..=2 * LABEL).contains(&(rest.end - rest.start));
        let finite = rest.clone().any(|w| matches!(doc.word(w).upos, Upos::Verb | Upos::Aux));
        if named == 0 || named > LABEL || !short || finite {
            return None;
        }
        let before = self.quotations.partition_point(|q| q.span.end <= doc.word(dash).span.start);
        let said = before.checked_sub(1).map(|i| self.quotations[i].span).filter(|q| {
            let between = q.end as usize..doc.word(dash).span.start as usize;
            !doc.report.text[between].contains(char::is_alphanumeric)
        });
        let opens = is_mark(doc.surface(paragraph.start));
        let whole = opens.then(|| trimmed(doc, paragraph.start..dash)).flatten();
        let content = said.or(whole)?;
        let name = rest.start..rest.start + named;
        let source = Source { head: name.end - 1, span: doc.words_span(name) };
        Some(self.make(dash, dash..dash + 1, Some(source), vec![content], None, "signed"))
    }

    /// The words of the paragraph in which a sentence stands.
    fn paragraph(&self, sentence: u32) -> Range<WordId> {
        let sentences = &self.doc.sentences;
        let paragraph = sentences[sentence as usize].paragraph;
        let first = sentences.partition_point(|s| s.paragraph < paragraph);
        let last = sentences.partition_point(|s| s.paragraph <= paragraph);
        sentences[first].words.start..sentences[last - 1].words.end
    }
}
