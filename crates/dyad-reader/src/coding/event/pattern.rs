//! Which rule of the act lexicon a word's clause meets.

use super::sides::Sides;
use super::tree::{self, Frame, lemma};
use crate::doc::{Deprel, Doc, Upos, WordId, Xpos};
use crate::mention::Mentions;
use dyad_lexicon::Acts;
use dyad_lexicon::acts::{ActPos, ActRule, Need, Slot, Words};
use dyad_record::ActorKind;

/// What a rule found: the row, and the words that it named on its way.
#[derive(Clone, Debug)]
pub struct Match<'a> {
    pub rule: &'a ActRule,
    /// Words that the row asked for by lemma or class: they belong to the trigger.
    pub named: Vec<WordId>,
}

/// What every rule looks at.
pub struct Look<'a> {
    pub doc: &'a Doc<'a>,
    pub mentions: &'a Mentions,
    pub sides: &'a Sides<'a>,
    pub acts: &'a Acts,
}

/// The part of speech under which a word can be a trigger.
pub fn act_pos(doc: &Doc<'_>, word: WordId) -> Option<ActPos> {
    let w = doc.word(word);
    match w.upos {
        Upos::Verb if w.deprel != Deprel::Amod => Some(ActPos::Verb),
        Upos::Noun if w.deprel != Deprel::Compound => Some(ActPos::Noun),
        Upos::Adj if w.deprel != Deprel::Amod => Some(ActPos::Adj),
        _ => None,
    }
}

impl<'a> Look<'a> {
    /// The most demanding row that holds; a row that clears the word wins like any other.
    pub fn best(&self, pos: ActPos, word: WordId, frame: &Frame) -> Option<Match<'a>> {
        self.best_of(self.acts.rules(pos, lemma(self.doc, word)), word, frame)
    }

    /// The same of rules that are given.
    pub fn best_of<'r>(
        &self,
        rules: impl Iterator<Item = &'r ActRule>,
        word: WordId,
        frame: &Frame,
    ) -> Option<Match<'r>> {
        let mut best: Option<Match<'r>> = None;
        for rule in rules {
            if best.as_ref().is_some_and(|b| b.rule.weight >= rule.weight) {
                continue;
            }
            let mut named = Vec::new();
            if rule.needs.iter().all(|need| self.meets(need, word, frame, &mut named)) {
                best = Some(Match { rule, named });
            }
        }
        best
    }

    /// Every row that holds, the most demanding first.
    pub fn all(&self, pos: ActPos, word: WordId, frame: &Frame) -> Vec<&'a ActRule> {
        let rules = self.acts.rules(pos, lemma(self.doc, word));
        let holds = |rule: &&ActRule| {
            rule.needs.iter().all(|need| self.meets(need, word, frame, &mut Vec::new()))
        };
        let mut found: Vec<&'a ActRule> = rules.filter(holds).collect();
        found.sort_by_key(|rule| std::cmp::Reverse(rule.weight));
        found
    }

    fn meets(&self, need: &Need, word: WordId, frame: &Frame, named: &mut Vec<WordId>) -> bool {
        let doc = self.doc;
        let mut among = |mut candidates: Box<dyn Iterator<Item = WordId> + '_>| {
            let found = candidates.find(|w| self.holds(&need.words, *w));
            if let Some(found) = found
                && !need.words.any
                && !need.words.actor
            {
                named.push(found);
            }
            found.is_some()
        };
        let relation = |relations: &'static [Deprel]| doc.dependents_by(word, relations);
        match &need.slot {
            Slot::Object => among(Box::new(self.with_counted(&frame.objects))),
            Slot::Subject => among(Box::new(self.with_counted(&frame.subjects))),
            Slot::Modifier => among(Box::new(frame.modifiers.iter().copied())),
            Slot::Particle => {
                let mut particles = relation(&[Deprel::CompoundPrt, Deprel::Advmod]);
                particles.any(|p| self.acts.holds(&need.words, lemma(doc, p)))
            }
            Slot::Infinitive => self.infinitive(word).is_some_and(|i| self.holds(&need.words, i)),
            Slot::Clause => relation(&[Deprel::Ccomp]).any(|clause| {
                // `that:must`: the modal of the clause.
                let modal = |m| self.acts.holds(&need.words, lemma(doc, m));
                need.words.any || doc.dependents_by(clause, &[Deprel::Aux]).any(modal)
            }),
            Slot::Predicate => {
                let mut predicates =
                    relation(&[Deprel::Xcomp]).filter(|x| self.infinitive(word) != Some(*x));
                predicates.any(|p| self.holds(&need.words, p))
            }
            Slot::Adverb => {
                relation(&[Deprel::Advmod]).any(|a| self.acts.holds(&need.words, lemma(doc, a)))
            }
            Slot::Possessor => !frame.possessors.is_empty(),
            Slot::Passive => frame.passive,
            Slot::NoObject => frame.objects.is_empty(),
            Slot::NoInfinitive => self.infinitive(word).is_none(),
            Slot::Dependent => {
                doc.dependents(word).iter().any(|d| self.acts.holds(&need.words, lemma(doc, *d)))
            }
            Slot::Below => {
                let tops = frame.objects.iter().copied().chain(self.infinitive(word));
                let mut below = tops.flat_map(|o| doc.subtree(o));
                below.any(|w| self.acts.holds(&need.words, lemma(doc, w)))
            }
            Slot::Preposition(p) => {
                among(Box::new(frame.under(p).flat_map(|o| tree::coordinated(doc, o))))
            }
        }
    }

    /// The infinitive or open clause that the word takes.
    pub fn infinitive(&self, word: WordId) -> Option<WordId> {
        let doc = self.doc;
        let open = [Deprel::Xcomp, Deprel::Ccomp, Deprel::Advcl, Deprel::Acl];
        doc.dependents_by(word, &open).find(|x| {
            let w = doc.word(*x);
            let marked = doc.dependents_by(*x, &[Deprel::Mark]).any(|m| lemma(doc, m) == "to");
            let open = marked || (w.deprel == Deprel::Xcomp && w.xpos == Xpos::Vbg);
            open && *x > word
        })
    }

    /// The words, what is coordinated with them and what they count.
    fn with_counted(&self, words: &[WordId]) -> impl Iterator<Item = WordId> {
        let all = words.iter().flat_map(|w| tree::coordinated(self.doc, *w));
        all.flat_map(|w| [Some(w), tree::counted(self.doc, self.acts, w)]).flatten()
    }

    fn holds(&self, words: &Words, word: WordId) -> bool {
        let lemma = lemma(self.doc, word);
        if self.acts.holds(words, lemma)
            || lemma.starts_with(char::is_uppercase)
                && self.acts.holds(words, &lemma.to_lowercase())
        {
            return true;
        }
        (words.actor && self.is_actor(word))
            || (words.person && self.is_person(word))
            || (words.place && self.sides.place(word).is_some())
            || (words.act && self.acts.rules(ActPos::Noun, lemma).next().is_some())
    }

    pub fn is_actor(&self, word: WordId) -> bool {
        self.sides.direct(word).is_some()
    }

    fn is_person(&self, word: WordId) -> bool {
        let pronoun = self.doc.surface(word).to_lowercase();
        matches!(pronoun.as_str(), "he" | "him" | "she" | "her" | "them" | "they" | "me" | "us")
            || self
                .sides
                .direct(word)
                .is_some_and(|side| self.mentions.actor(side.actor).kind == ActorKind::Person)
    }
}
