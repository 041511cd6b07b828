//! Attributions by nouns and adjectives: "X's claim that …", "X is critical of Y".

use super::attribution::{Attribution, Finder};
use super::span::runs;
use crate::doc::{Deprel, Upos, WordId, Xpos};
use dyad_lexicon::cues::Cue;
use dyad_record::Stance;
use std::ops::Range;

impl Finder<'_> {
    /// "X's claim that …", "criticism of Y by X", "a promise to …".
    pub(super) fn noun(&self, noun: WordId, cue: Cue) -> Option<Attribution> {
        let doc = self.doc;
        let mut cue_words = noun..noun + 1;
        let mut words = Vec::new();
        for d in doc.dependents_by(noun, &[Deprel::Acl, Deprel::Ccomp]) {
            let said = doc
                .dependents_by(d, &[Deprel::Mark])
                .any(|m| matches!(doc.word(m).lemma.as_str(), "that" | "to" | "whether"));
            if d > noun && said && doc.word(d).xpos != Xpos::Vbg {
                words.extend(doc.subtree(d));
            }
        }
        let owner = doc.dependents_by(noun, &[Deprel::NmodPoss]).next();
        let author = doc
            .dependents_by(noun, &[Deprel::Nmod])
            .find(|d| self.case(*d).is_some_and(|c| c == "by" || c == "from"));
        let light = doc
            .word(noun)
            .head
            .filter(|g| doc.word(noun).deprel == Deprel::Obj && doc.word(*g).upos == Upos::Verb);
        if words.is_empty() && (owner.is_some() || author.is_some()) {
            let object = doc.dependents_by(noun, &[Deprel::Nmod]).find(|d| {
                self.case(*d).is_some_and(|c| {
                    matches!(c, "of" | "for" | "to" | "against" | "about" | "on" | "over")
                })
            })?;
            words = self.complement(object, &mut cue_words);
        }
        if words.is_empty() {
            return None;
        }
        let source = match (owner, author, light) {
            (Some(owner), ..) => Some(self.source(owner, noun)),
            (None, Some(author), _) => Some(self.source(author, noun)),
            (None, None, Some(verb)) => {
                if verb < noun && noun - verb <= 4 {
                    cue_words.start = self.cue_words(verb).start;
                }
                self.subject(verb, 0).map(|s| self.source(s, verb))
            }
            _ => None,
        };
        let content = runs(doc, &words);
        (!content.is_empty())
            .then(|| self.make(noun, cue_words, source, content, Some(cue), "noun"))
    }

    /// "X is confident that …", "X is critical of Y".
    pub(super) fn adjective(&self, adjective: WordId, cue: Cue) -> Option<Attribution> {
        let doc = self.doc;
        doc.dependents_by(adjective, &[Deprel::Cop]).next()?;
        let subject = self.subject(adjective, 0)?;
        let mut cue_words = self.cue_words(adjective);
        let mut words = Vec::new();
        for d in doc.dependents(adjective) {
            let clause =
                matches!(doc.word(*d).deprel, Deprel::Ccomp | Deprel::Xcomp | Deprel::Csubj);
            if *d > adjective && clause {
                words.extend(doc.subtree(*d));
            }
        }
        if cue.stance == Stance::Seems {
            if words.is_empty() {
                return None;
            }
            words.splice(0..0, doc.subtree(subject));
            let content = runs(doc, &words);
            return Some(self.make(adjective, cue_words, None, content, Some(cue), "adjective"));
        }
        if words.is_empty() {
            let object = doc
                .dependents_by(adjective, &[Deprel::Obl])
                .find(|d| *d > adjective && !self.sets_scene(*d))?;
            words = self.complement(object, &mut cue_words);
        }
        let content = runs(doc, &words);
        let source = Some(self.source(subject, adjective));
        (!content.is_empty())
            .then(|| self.make(adjective, cue_words, source, content, Some(cue), "adjective"))
    }

    /// The words of what a cue is about; a preposition right behind the cue is part of the cue
    /// ("critical of", "talk about").
    fn complement(&self, object: WordId, cue: &mut Range<u32>) -> Vec<WordId> {
        let mut words = self.doc.subtree(object);
        while let Some(first) = words.first()
            && self.doc.word(*first).deprel == Deprel::Case
            && *first == cue.end
        {
            cue.end += 1;
            words.remove(0);
        }
        words
    }

    fn case(&self, word: WordId) -> Option<&str> {
        let case = self.doc.dependents_by(word, &[Deprel::Case]).next()?;
        Some(self.doc.word(case).lemma.as_str())
    }
}
