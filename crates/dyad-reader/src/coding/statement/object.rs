//! Things for content: "condemned the raid on X", "accused them of hiding it".

use super::attribution::{Finder, has};
use super::span::runs;
use crate::doc::{Deprel, WordId, Xpos};
use crate::span::Span;
use dyad_lexicon::acts::ActPos;
use dyad_record::EventType;
use std::ops::Range;

impl Finder<'_> {
    /// The objects of a verb that takes things for its content ("condemned the raid on X").
    pub(super) fn object_content(&self, verb: WordId, cue: &mut Range<WordId>) -> Vec<Span> {
        let doc = self.doc;
        let mut words = Vec::new();
        for &d in doc.dependents(verb) {
            if d < verb {
                continue;
            }
            match doc.word(d).deprel {
                Deprel::Obj | Deprel::Xcomp | Deprel::Ccomp | Deprel::Iobj => {
                    words.extend(doc.subtree(d));
                }
                // "accused them of hiding it"
                Deprel::Advcl
                    if doc
                        .dependents_by(d, &[Deprel::Mark, Deprel::Case])
                        .any(|m| matches!(doc.surface(m), "of" | "for" | "from" | "against")) =>
                {
                    words.extend(self.gerund_clause(d));
                }
                Deprel::Obl if !self.sets_scene(d) => {
                    let mut phrase = doc.subtree(d);
                    if words.is_empty() && phrase.first() == Some(&cue.end) {
                        // "called for talks": the preposition belongs to the cue.
                        while let Some(first) = phrase.first()
                            && doc.word(*first).deprel == Deprel::Case
                        {
                            cue.end = first + 1;
                            phrase.remove(0);
                        }
                    }
                    words.extend(phrase);
                }
                _ => {}
            }
        }
        words.sort_unstable();
        words.dedup();
        runs(doc, &words)
    }

    /// The words of a gerund's clause. "accused them of hiding it and left", "accused them of hiding
    /// it, with the mayor nodding": a finite verb beside it and an aside with a subject of its own
    /// go on with the sentence, whatever the tree says.
    fn gerund_clause(&self, gerund: WordId) -> Vec<WordId> {
        let doc = self.doc;
        let mut words = doc.subtree(gerund);
        if doc.word(gerund).xpos != Xpos::Vbg || has(doc, gerund, &[Deprel::Aux]) {
            return words;
        }
        for &d in doc.dependents(gerund) {
            let word = doc.word(d);
            let goes_on = match word.deprel {
                Deprel::Conj => matches!(word.xpos, Xpos::Vbd | Xpos::Vbz | Xpos::Vbp),
                Deprel::Advcl => {
                    has(doc, d, &[Deprel::Nsubj])
                        && doc
                            .dependents_by(d, &[Deprel::Mark])
                            .any(|m| doc.word(m).lemma == "with" && doc.surface(m - 1) == ",")
                }
                _ => false,
            };
            if goes_on {
                let other = doc.subtree(d);
                words.retain(|w| other.binary_search(w).is_err());
            }
        }
        words
    }

    /// "attacked positions near the river" strikes what has a place, and condemns nothing.
    pub(super) fn strikes(&self, verb: WordId) -> bool {
        let (doc, acts) = (self.doc, &self.lexicons.acts);
        let lemma = |w| doc.word(w).lemma.as_str();
        let violent = acts
            .rules(ActPos::Verb, lemma(verb))
            .any(|r| r.needs.is_empty() && r.kind == Some(EventType::Assault));
        let struck = |o: WordId| {
            ["occupiable", "territory", "buildings", "troops", "ships"]
                .iter()
                .any(|class| acts.in_class(lemma(o), class))
        };
        violent && doc.dependents_by(verb, &[Deprel::Obj]).any(struck)
    }

    /// "the leaders will discuss trade": what is still to be said is no statement yet.
    pub(super) fn is_to_come(&self, verb: WordId) -> bool {
        let doc = self.doc;
        let modal =
            |w: WordId| matches!(doc.word(w).lemma.as_str(), "will" | "would" | "shall" | "'ll");
        let purpose = doc.word(verb).deprel == Deprel::Advcl
            && doc.dependents_by(verb, &[Deprel::Mark]).any(|m| doc.word(m).lemma == "to");
        let above = doc.word(verb).head.filter(|_| purpose);
        [Some(verb), above]
            .into_iter()
            .flatten()
            .any(|v| doc.dependents_by(v, &[Deprel::Aux]).any(modal))
    }

    /// An adjunct of time, place or manner, and no part of what is said.
    pub(super) fn sets_scene(&self, word: WordId) -> bool {
        let doc = self.doc;
        let case = doc.dependents_by(word, &[Deprel::Case]).next();
        let Some(case) = case else { return true };
        !matches!(
            doc.word(case).lemma.as_str(),
            "of" | "for" | "as" | "to" | "against" | "about" | "with" | "over" | "from" | "into"
        )
    }
}
