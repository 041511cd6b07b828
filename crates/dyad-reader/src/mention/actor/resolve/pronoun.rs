//! Pronouns to actors.

use super::known::{Gender, Known};
use super::speech::first_person;
use super::{REACH_MENTIONS, REACH_SENTENCES, Resolver};
use crate::doc::{Deprel, Upos, WordId, Xpos};
use crate::mention::{Actor, ActorId};
use dyad_record::{ActorKind, How};

impl Resolver<'_, '_, '_> {
    pub(super) fn pronoun(&mut self, i: usize) {
        let candidate = &self.candidates[i];
        let doc = self.reading.doc;
        let word = doc.word(candidate.head);
        let lower = doc.surface(candidate.head).to_lowercase();
        if matches!(lower.as_str(), "they" | "them" | "their" | "theirs" | "themselves") {
            for id in self.several(i) {
                self.mention(i, id, How::Pronoun);
            }
            return;
        }
        let id = match lower.as_str() {
            "who" | "whom" | "which" | "that" | "whose" => self.antecedent(candidate.head),
            "he" | "him" | "his" | "himself" => self.salient(i, |a, k| {
                a.kind == ActorKind::Person && !k.plural && k.gender != Gender::Female
            }),
            "she" | "her" | "hers" | "herself" => self.salient(i, |a, k| {
                a.kind == ActorKind::Person && !k.plural && k.gender != Gender::Male
            }),
            "it" | "its" | "itself" if word.deprel != Deprel::Expl => self.salient(i, |a, k| {
                !k.plural && !matches!(a.kind, ActorKind::Person | ActorKind::Group)
            }),
            other => first_person(other).and_then(|many| self.speaker(i, many)),
        };
        if let Some(id) = id {
            self.found[i] = Some(id);
            self.mention(i, id, How::Pronoun);
        }
    }

    /// Whom "they" means: the sides of the last joined subject, or the last that are many.
    fn several(&self, i: usize) -> Vec<ActorId> {
        let doc = self.reading.doc;
        let head = self.candidates[i].head;
        let sentence = doc.word(head).sentence;
        for past in self.past.iter().rev().take(REACH_MENTIONS) {
            let back = sentence.saturating_sub(past.sentence);
            if back > 1 {
                break;
            }
            if past.nested || !(past.subject || back == 0) {
                continue;
            }
            let joined: Vec<ActorId> = doc
                .dependents_by(past.head, &[Deprel::Conj])
                .filter_map(|d| self.found[*self.by_head.get(&d)?])
                .collect();
            if past.subject && !joined.is_empty() {
                let mut sides = vec![past.actor];
                sides.extend(joined.into_iter().filter(|id| *id != past.actor));
                return sides;
            }
            if self.known[past.actor.0 as usize].plural {
                return vec![past.actor];
            }
        }
        Vec::new()
    }

    /// The noun whose relative clause the pronoun stands in.
    fn antecedent(&self, word: WordId) -> Option<ActorId> {
        let doc = self.reading.doc;
        if doc.word(word).upos != Upos::Pron && doc.word(word).xpos != Xpos::WpS {
            return None;
        }
        let clause = doc
            .ancestors(word)
            .skip(1)
            .take(6)
            .find(|w| doc.word(*w).deprel == Deprel::AclRelcl)?;
        let noun = doc.word(clause).head.filter(|n| *n < word)?;
        self.found[*self.by_head.get(&noun)?]
    }

    fn salient(&self, i: usize, fits: impl Fn(&Actor, &Known) -> bool) -> Option<ActorId> {
        let doc = self.reading.doc;
        let head = self.candidates[i].head;
        let word = doc.word(head);
        let paragraph = |s: u32| doc.sentences.get(s as usize).map(|s| s.paragraph);
        let speech = self.speech_of(head);
        let mut best: Option<(i32, ActorId)> = None;
        for past in self.past.iter().rev().take(REACH_MENTIONS) {
            let back = word.sentence.saturating_sub(past.sentence);
            if back > REACH_SENTENCES {
                break;
            }
            let id = past.actor.0 as usize;
            // A speaker may have been looked up before his turn.
            if past.head > head || !fits(&self.actors[id], &self.known[id]) {
                continue;
            }
            let other = doc.word(past.head);
            // "X met him": both are dependents of one verb, so they are two.
            let clash = word.deprel != Deprel::NmodPoss
                && other.head == word.head
                && back == 0
                && other.deprel != Deprel::NmodPoss;
            // "X is a partner, he said": whom the words speak of is seldom who says them.
            let spoken = speech.is_some_and(|verb| self.is_spoken(past.head, verb));
            if clash || spoken {
                continue;
            }
            let mut score = -3 * back as i32;
            score += 3 * i32::from(past.subject);
            // "He said": who spoke goes on speaking.
            score += 4 * i32::from(speech.is_some() && self.speaks(past.head));
            score -= 3 * i32::from(past.nested);
            score -= i32::from(paragraph(word.sentence) != paragraph(past.sentence));
            if best.is_none_or(|(s, _)| score > s) {
                best = Some((score, past.actor));
            }
        }
        best.map(|(_, id)| id)
    }
}
