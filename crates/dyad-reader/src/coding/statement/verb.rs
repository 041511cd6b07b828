//! Attributions by verbs: "X said that …", "… was accused of Y".

use super::attribution::{Attribution, Finder, has};
use super::span::runs;
use crate::doc::{Deprel, Upos, WordId, Xpos};
use dyad_lexicon::cues::{Cue, CuePos, Frame};
use dyad_record::Stance;
use std::ops::Range;

impl Finder<'_> {
    pub(super) fn verb(&self, verb: WordId, cue: Cue) -> Option<Attribution> {
        let doc = self.doc;
        let passive = has(doc, verb, &[Deprel::NsubjPass, Deprel::AuxPass, Deprel::CsubjPass]);
        let subject = self.subject(verb, 0);
        let mut cue_words = self.cue_words(verb);
        if passive || cue.stance == Stance::Seems {
            return self.passive(verb, cue, cue_words, passive);
        }
        // "refused to condemn" is a refusal, and no condemnation.
        let refused = doc.word(verb).deprel == Deprel::Xcomp
            && doc.word(verb).head.is_some_and(|h| {
                let pos = if doc.word(h).upos == Upos::Adj { CuePos::Adj } else { CuePos::Verb };
                self.listed(pos, h).is_some_and(|c| c.stance == Stance::Refuses)
            });
        if refused {
            return None;
        }
        let mut holes = self.asides(verb);
        let mut source = subject.map(|s| self.source(s, verb)).or_else(|| self.named_before(verb));
        if let Some(subject) = subject
            && subject != verb
            && !doc.ancestors(verb).any(|w| w == subject)
        {
            holes.extend(doc.subtree(subject));
        }
        let mut rule = "clause";
        let mut content = self.clause_content(verb, cue, &holes);
        if let Some((quoted, clause)) = self.quotes(verb) {
            rule = "quotes";
            let mut words = doc.subtree(quoted);
            words.extend(doc.subtree(clause));
            words.sort_unstable();
            words.dedup();
            words.retain(|w| *w > verb);
            content = runs(doc, &words);
        }
        if doc.word(verb).head.and_then(|h| self.quotes(h)).is_some_and(|(_, c)| c == verb) {
            rule = "as-saying";
        }
        if content.is_empty()
            && let Some(span) = self.quoted_beside(verb, cue)
        {
            rule = "quotation";
            content = vec![span];
        }
        if content.is_empty() && cue.frame == Frame::Speech {
            rule = "words-before";
            content = self.words_before(verb, subject).into_iter().collect();
        }
        if content.is_empty() && cue.frame == Frame::Speech {
            rule = "words-after";
            content = self.words_after(verb).into_iter().collect();
        }
        if content.is_empty() {
            rule = "object";
            if self.strikes(verb) || cue.stance == Stance::Says && self.is_to_come(verb) {
                return None;
            }
            content = self.object_content(verb, &mut cue_words);
        }
        if content.is_empty() && !(cue.frame == Frame::Speech && self.ends_in_colon(verb)) {
            return None;
        }
        if let Some(made) = &source
            && content.iter().any(|c| c.contains(made.span))
        {
            source = None;
        }
        let mut made = self.make(verb, cue_words, source, content, Some(cue), rule);
        let negated = doc
            .dependents_by(verb, &[Deprel::Advmod])
            .any(|d| matches!(doc.surface(d), "not" | "n't" | "n’t" | "never"));
        use Stance::*;
        let withheld = matches!(
            cue.stance,
            Says | Claims | Promises | Threatens | Praises | Condemns | Asks | Supports
        );
        if negated && withheld && made.stance.is_some() {
            made.stance = Some(Refuses);
        }
        Some(made)
    }

    /// "X is expected to leave", "X seems to agree", "X was quoted as saying": the subject stands
    /// in the content, or speaks.
    fn passive(
        &self,
        verb: WordId,
        cue: Cue,
        cue_words: Range<WordId>,
        passive: bool,
    ) -> Option<Attribution> {
        let doc = self.doc;
        let agent = doc.dependents_by(verb, &[Deprel::OblAgent]).next();
        let subject = self.subject(verb, 0)?;
        let told = ["tell", "inform", "remind", "assure", "ask", "advise", "convince"];
        let clauses: Vec<WordId> =
            doc.dependents_by(verb, &[Deprel::Ccomp, Deprel::Xcomp]).collect();
        let mut words = Vec::new();
        for clause in &clauses {
            words.extend(doc.subtree(*clause));
        }
        if let Some(saying) = clauses
            .iter()
            .copied()
            .chain(doc.dependents_by(verb, &[Deprel::Advcl, Deprel::Obl]))
            .find(|c| doc.word(*c).lemma == "say" && doc.word(*c).xpos == Xpos::Vbg)
        {
            // "was quoted as saying X": the subject of the passive is the speaker.
            let content = self.clause_content(saying, cue, &[]);
            let cue_words = cue_words.start..(saying + 1).max(cue_words.end);
            let source = Some(self.source(subject, verb));
            return (!content.is_empty())
                .then(|| self.make(verb, cue_words, source, content, Some(cue), "quoted-as"));
        }
        if words.is_empty()
            && cue.frame != Frame::Any
            && let Some(quoted) = self.quoted_beside(verb, cue)
        {
            let source = agent.map(|a| self.source(a, verb));
            return Some(self.make(verb, cue_words, source, vec![quoted], Some(cue), "quotation"));
        }
        if words.is_empty() && !passive {
            return None;
        }
        if !told.contains(&doc.word(verb).lemma.as_str()) {
            let relative = matches!(doc.word(subject).xpos, Xpos::Wdt | Xpos::Wp);
            if !relative && doc.word(subject).lemma != "it" {
                words.extend(doc.subtree(subject));
            }
        }
        if passive && words.len() <= doc.subtree(subject).len() {
            for d in doc.dependents_by(verb, &[Deprel::Obl, Deprel::Obj]) {
                if !self.sets_scene(d) {
                    words.extend(doc.subtree(d));
                }
            }
        }
        words.sort_unstable();
        words.dedup();
        words.retain(|w| !cue_words.contains(w));
        let content = runs(doc, &words);
        let source = agent.map(|a| self.source(a, verb));
        (!content.is_empty())
            .then(|| self.make(verb, cue_words, source, content, Some(cue), "passive"))
    }

    /// "Tass quoted the envoy as saying …": the one quoted, and the clause of the words.
    pub(super) fn quotes(&self, verb: WordId) -> Option<(WordId, WordId)> {
        let doc = self.doc;
        if !matches!(doc.word(verb).lemma.as_str(), "quote" | "cite") {
            return None;
        }
        let object = doc.dependents_by(verb, &[Deprel::Obj]).next()?;
        let clause = doc
            .dependents(verb)
            .iter()
            .chain(doc.dependents(object))
            .copied()
            .filter(|d| *d > object && doc.word(*d).upos == Upos::Verb)
            .find(|d| self.listed(CuePos::Verb, *d).is_some())?;
        Some((object, clause))
    }

    /// "X said that A had done it, but noted that …": a second verb of speech that the tree hangs
    /// on the first one's clause, though it stands beside the first.
    pub(super) fn regrouped(&self, verb: WordId) -> Option<WordId> {
        let doc = self.doc;
        if doc.word(verb).deprel != Deprel::Conj || has(doc, verb, &[Deprel::Nsubj]) {
            return None;
        }
        let clause = doc.word(verb).head?;
        let outer = doc.word(clause).head.filter(|_| doc.word(clause).deprel == Deprel::Ccomp)?;
        let speech = |w| self.listed(CuePos::Verb, w).is_some_and(|c| c.frame == Frame::Speech);
        let told = doc
            .dependents_by(clause, &[Deprel::Aux, Deprel::Cop])
            .chain([clause])
            .any(|w| matches!(doc.word(w).xpos, Xpos::Vbd));
        // Many a past tense looks like a participle.
        let tense = |w| match doc.word(w).xpos {
            Xpos::Vbn if self.finite(w) => Xpos::Vbd,
            tag => tag,
        };
        let same = tense(verb) == tense(outer);
        let clausal = has(doc, verb, &[Deprel::Ccomp]);
        let perfect = doc.word(clause).xpos == Xpos::Vbn;
        (same && clausal && speech(verb) && speech(outer) && (!told || perfect)).then_some(outer)
    }
}
