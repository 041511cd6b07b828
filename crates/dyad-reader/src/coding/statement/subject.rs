//! Who speaks, and with which words the cue is told, off the tree.

use super::attribution::{Finder, Source, has};
use super::span::trimmed;
use crate::doc::{Deprel, Upos, WordId, Xpos};
use dyad_lexicon::cues::CuePos;
use std::ops::Range;

/// How far up a shared subject is looked for; deeper trees are the parser's mistakes.
const DEPTH: usize = 6;

impl Finder<'_> {
    /// The word that heads the subject: its own, or one shared with the verb it hangs on.
    pub(super) fn subject(&self, verb: WordId, depth: usize) -> Option<WordId> {
        let doc = self.doc;
        let own = [Deprel::Nsubj, Deprel::NsubjPass, Deprel::NsubjOuter, Deprel::Csubj];
        if let Some(subject) = doc.dependents_by(verb, &own).min_by_key(|s| s.abs_diff(verb)) {
            return Some(subject);
        }
        if let Some(subject) = self.lost_subject(verb) {
            return Some(subject);
        }
        if depth >= DEPTH {
            return None;
        }
        let head = doc.word(verb).head?;
        if let Some((quoted, clause)) = self.quotes(head)
            && clause == verb
        {
            return Some(quoted);
        }
        if let Some(outer) = self.regrouped(verb) {
            return self.subject(outer, depth + 1);
        }
        let finite = self.finite(verb);
        match doc.word(verb).deprel {
            Deprel::Advcl if finite => None,
            Deprel::Conj | Deprel::Advcl => self.subject(head, depth + 1),
            Deprel::Xcomp | Deprel::Ccomp => {
                let object = doc.dependents_by(head, &[Deprel::Obj, Deprel::Iobj]).next();
                object
                    .filter(|_| doc.word(head).lemma != "promise")
                    .or_else(|| self.subject(head, depth + 1))
            }
            Deprel::Acl | Deprel::AclRelcl => {
                let bearer = matches!(doc.word(head).upos, Upos::Noun | Upos::Propn | Upos::Pron);
                (bearer && doc.word(verb).xpos != Xpos::Vbn).then(|| {
                    // "issued a statement saying": whoever issued it speaks.
                    let issuer = doc.word(head).head.filter(|g| {
                        doc.word(head).deprel == Deprel::Obj && doc.word(*g).upos == Upos::Verb
                    });
                    issuer
                        .filter(|_| self.listed(CuePos::Noun, head).is_some())
                        .and_then(|g| self.subject(g, depth + 1))
                        .unwrap_or(head)
                })
            }
            _ => None,
        }
    }

    /// "We have waited, the mayor said": a second subject, between the words and the verb that tells
    /// them, is the teller's.
    fn lost_subject(&self, verb: WordId) -> Option<WordId> {
        let doc = self.doc;
        let told = doc.dependents_by(verb, &[Deprel::Ccomp]).find(|c| *c < verb)?;
        let mut subjects = doc.dependents_by(told, &[Deprel::Nsubj]);
        let first = subjects.next().filter(|s| *s < told)?;
        subjects.find(|s| *s > told && *s > first && *s < verb)
    }

    /// The words that name the source: the noun phrase around `head`, without what the cue
    /// governs.
    pub(super) fn source(&self, head: WordId, cue: WordId) -> Source {
        let doc = self.doc;
        let mut words = doc.subtree(head);
        if words.binary_search(&cue).is_ok() {
            let mut below = cue;
            for up in doc.ancestors(cue) {
                if up == head {
                    break;
                }
                below = up;
            }
            let inner = doc.subtree(below);
            words.retain(|w| inner.binary_search(w).is_err());
        }
        let case: Vec<WordId> = doc.dependents_by(head, &[Deprel::Case]).collect();
        words.retain(|w| {
            let word = doc.word(*w);
            let marks_case = case.contains(w) && word.upos != Upos::Part && word.xpos != Xpos::Pos
                || word.head.is_some_and(|h| case.contains(&h)) && word.deprel == Deprel::Fixed;
            !marks_case
        });
        let position = words.iter().position(|w| *w == head).unwrap_or(0);
        let mut start = position;
        let mut end = position + 1;
        while start > 0 && words[start - 1] + 1 == words[start] {
            start -= 1;
        }
        while end < words.len() && words[end - 1] + 1 == words[end] {
            end += 1;
        }
        let run = words.get(start).copied().unwrap_or(head)
            ..words.get(end - 1).map_or(head + 1, |w| w + 1);
        let span = trimmed(doc, run).unwrap_or(doc.word(head).span);
        Source { head, span }
    }

    /// The actor named right before a finite verb that the tree gives no subject.
    pub(super) fn named_before(&self, verb: WordId) -> Option<Source> {
        let doc = self.doc;
        if !self.finite(verb) {
            return None;
        }
        let mentions = &self.mentions.actor_mentions;
        let after = mentions.partition_point(|m| m.words.start < verb);
        let near = mentions[after.saturating_sub(6)..after]
            .iter()
            .filter(|m| m.words.end <= verb && verb - m.words.end <= 1)
            .filter(|m| doc.word(m.head).sentence == doc.word(verb).sentence)
            .max_by_key(|m| m.span.len())?;
        Some(Source { head: near.head, span: near.span })
    }

    /// A finite verb has a subject of its own, whether the tree shows it or not. Taggers take
    /// many a past tense for a participle.
    pub(super) fn finite(&self, verb: WordId) -> bool {
        match self.doc.word(verb).xpos {
            Xpos::Vbd | Xpos::Vbz | Xpos::Vbp => true,
            Xpos::Vbn => !has(self.doc, verb, &[Deprel::Aux, Deprel::AuxPass]),
            _ => false,
        }
    }

    /// The cue with the auxiliaries, negations and adverbs that stand right before it, and its
    /// particle.
    pub(super) fn cue_words(&self, head: WordId) -> Range<WordId> {
        let doc = self.doc;
        let first = doc.sentences[doc.word(head).sentence as usize].words.start;
        let mut start = head;
        while start > first {
            let before = doc.word(start - 1);
            let own = before.head == Some(head)
                && matches!(
                    before.deprel,
                    Deprel::Aux | Deprel::AuxPass | Deprel::Cop | Deprel::Advmod | Deprel::Mark
                )
                && matches!(before.upos, Upos::Aux | Upos::Part | Upos::Adv)
                && !matches!(before.xpos, Xpos::Wrb);
            if !own {
                break;
            }
            start -= 1;
        }
        let mut end = head + 1;
        while (end as usize) < doc.words.len()
            && doc.word(end).head == Some(head)
            && doc.word(end).deprel == Deprel::CompoundPrt
        {
            end += 1;
        }
        start..end
    }
}
