//! The words of speech that a verb governs as a clause or leaves beside it.

use super::attribution::{Finder, has};
use super::span::{runs, trimmed};
use crate::doc::{Deprel, Upos, WordId, Xpos};
use crate::span::Span;
use dyad_lexicon::cues::{Cue, CuePos, Frame};

impl Finder<'_> {
    /// What the verb governs beside its content: adjuncts of time and manner, the addressee.
    pub(super) fn asides(&self, verb: WordId) -> Vec<WordId> {
        let doc = self.doc;
        let mut words = vec![verb];
        for d in doc.dependents(verb) {
            let aside = match doc.word(*d).deprel {
                Deprel::Obl
                | Deprel::OblUnmarked
                | Deprel::OblAgent
                | Deprel::Advmod
                | Deprel::Iobj
                | Deprel::Aux
                | Deprel::AuxPass
                | Deprel::Mark
                | Deprel::CompoundPrt => true,
                Deprel::Obj => doc.word(verb).lemma == "tell",
                _ => false,
            };
            if aside {
                words.extend(doc.subtree(*d));
            }
        }
        words
    }

    pub(super) fn clause_content(&self, verb: WordId, cue: Cue, holes: &[WordId]) -> Vec<Span> {
        let doc = self.doc;
        let mut words = Vec::new();
        let object = doc.dependents_by(verb, &[Deprel::Obj]).next();
        for &d in doc.dependents(verb) {
            match doc.word(d).deprel {
                Deprel::Ccomp | Deprel::Csubj => {
                    words.extend(doc.subtree(d));
                    for beside in doc.dependents_by(d, &[Deprel::Conj]) {
                        if self.regrouped(beside) == Some(verb) {
                            let other = doc.subtree(beside);
                            words.retain(|w| other.binary_search(w).is_err());
                        }
                    }
                }
                // "said that … and that …"
                Deprel::Conj if d > verb && !words.is_empty() && self.reports(d) => {
                    words.extend(doc.subtree(d));
                }
                Deprel::Xcomp => {
                    words.extend(doc.subtree(d));
                    // "urged the sides to talk": the object is the subject of what is asked.
                    if let Some(object) = object
                        && doc.word(verb).lemma != "tell"
                    {
                        words.extend(doc.subtree(object));
                    }
                }
                Deprel::Parataxis
                    if cue.frame == Frame::Speech && !self.attributes(d) && !self.only_aside(d) =>
                {
                    words.extend(doc.subtree(d));
                }
                _ => {}
            }
        }
        let behind = match doc.word(verb).deprel {
            Deprel::Parataxis => cue.frame == Frame::Speech,
            // "as X put it"
            Deprel::Advcl => doc
                .dependents_by(verb, &[Deprel::Mark, Deprel::Advmod])
                .any(|m| doc.word(m).lemma == "as"),
            _ => false,
        };
        if words.is_empty()
            && behind
            && let Some(head) = doc.word(verb).head
        {
            let inner = doc.subtree(verb);
            words = doc.subtree(head);
            words.retain(|w| inner.binary_search(w).is_err());
        }
        words.sort_unstable();
        words.dedup();
        words.retain(|w| !holes.contains(w));
        runs(doc, &words)
    }

    /// Whether a clause opens with "that" or "whether".
    fn reports(&self, clause: WordId) -> bool {
        self.doc
            .dependents_by(clause, &[Deprel::Mark])
            .any(|m| matches!(self.doc.word(m).lemma.as_str(), "that" | "whether"))
    }

    /// A parataxis that only comments ("you know", a bracketed remark) and holds no clause.
    fn only_aside(&self, word: WordId) -> bool {
        self.doc.subtree(word).len() < 2
    }

    /// Whether the word is itself a cue of speech with a subject ("…, he said").
    fn attributes(&self, word: WordId) -> bool {
        let doc = self.doc;
        doc.word(word).upos == Upos::Verb
            && self.cue(CuePos::Verb, word).frame == Frame::Speech
            && has(doc, word, &[Deprel::Nsubj])
            && !has(doc, word, &[Deprel::Ccomp, Deprel::Xcomp])
    }

    /// The quotation of the sentence that stands nearest to the cue.
    pub(super) fn quoted_beside(&self, verb: WordId, cue: Cue) -> Option<Span> {
        let doc = self.doc;
        let sentence = doc.sentences[doc.word(verb).sentence as usize].span;
        let at = doc.word(verb).span;
        let first = self.quotations.partition_point(|q| q.span.end <= sentence.start);
        self.quotations[first..]
            .iter()
            .take_while(|q| q.span.start < sentence.end)
            .filter(|q| !q.span.contains(at))
            .filter_map(|q| {
                let here = Span {
                    start: q.span.start.max(sentence.start),
                    end: q.span.end.min(sentence.end),
                };
                let between = if here.end <= at.start {
                    Span { start: here.end, end: at.start }
                } else {
                    Span { start: at.end, end: here.start }
                };
                let apart = doc.words_in(between).len();
                let reach = if cue.frame == Frame::Speech { 12 } else { 4 };
                (apart <= reach).then_some((apart, here))
            })
            .min()
            .map(|(_, here)| here)
    }

    /// "…, X said on Friday.": all that stands before the last comma ahead of subject and verb.
    pub(super) fn words_before(&self, verb: WordId, subject: Option<WordId>) -> Option<Span> {
        let doc = self.doc;
        let sentence = doc.sentences[doc.word(verb).sentence as usize].words.clone();
        let subject = subject.filter(|s| doc.word(*s).head == Some(verb))?;
        let tail: Vec<WordId> = doc.subtree(subject);
        let start = tail.first().copied().unwrap_or(subject).min(verb);
        let comma = (sentence.start..start).next_back()?;
        if doc.surface(comma) != "," || comma - sentence.start < 3 {
            return None;
        }
        let rest = (verb + 1..sentence.end)
            .filter(|w| !tail.contains(w) && doc.word(*w).upos == Upos::Verb)
            .count();
        if rest > 0 {
            return None;
        }
        trimmed(doc, sentence.start..comma)
    }

    /// "…, saying X": what follows a verb of speech whose clause the tree has lost.
    pub(super) fn words_after(&self, verb: WordId) -> Option<Span> {
        let doc = self.doc;
        let end = doc.sentences[doc.word(verb).sentence as usize].words.end;
        let governed = [Deprel::Obj, Deprel::Obl, Deprel::Iobj, Deprel::Xcomp, Deprel::Advmod];
        if has(doc, verb, &governed) {
            return None;
        }
        let next = verb + 1;
        let runs_on = next < end && doc.word(next).upos != Upos::Punct;
        let clause = (next..end)
            .any(|w| matches!(doc.word(w).xpos, Xpos::Vbd | Xpos::Vbz | Xpos::Vbp | Xpos::Md));
        (runs_on && clause).then(|| trimmed(doc, next..end)).flatten()
    }

    pub(super) fn ends_in_colon(&self, verb: WordId) -> bool {
        let doc = self.doc;
        let words = doc.sentences[doc.word(verb).sentence as usize].words.clone();
        words.clone().next_back().is_some_and(|w| w > verb && doc.surface(w) == ":")
    }
}
