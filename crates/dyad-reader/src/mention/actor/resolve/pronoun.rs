//! Pronouns to actors.

use super::super::read::What;
use super::known::{Gender, Known};
use super::speech::first_person;
use super::{Past, REACH_MENTIONS, Resolver};
use crate::doc::{Deprel, Upos, WordId, Xpos};
use crate::mention::{Actor, ActorId};
use dyad_record::{ActorKind, How, Sector};

impl Resolver<'_, '_, '_> {
    pub(super) fn pronoun(&mut self, i: usize) {
        let candidate = &self.candidates[i];
        let doc = self.reading.doc;
        let word = doc.word(candidate.head);
        let lower = doc.surface(candidate.head).to_lowercase();
        if matches!(lower.as_str(), "they" | "them" | "their" | "theirs" | "themselves") {
            let mut many =
                if lower == "themselves" { self.reflexive(candidate.head) } else { vec![] };
            if many.is_empty() {
                many = self.several(i);
            }
            if let [id] = many[..] {
                self.found[i] = Some(id);
            }
            for id in many {
                self.mention(i, id, How::Pronoun);
            }
            return;
        }
        if candidate.stands_for {
            self.of_the_last(i, &lower);
            return;
        }
        let bound = matches!(lower.as_str(), "himself" | "herself" | "itself")
            .then(|| self.reflexive(candidate.head).first().copied())
            .flatten();
        let id = match lower.as_str() {
            _ if bound.is_some() => bound,
            "who" | "whom" | "which" | "that" | "whose" => self.antecedent(candidate.head),
            "he" | "him" | "his" | "himself" => self.salient(i, |a, k| {
                a.kind == ActorKind::Person && !k.plural && k.gender != Gender::Female
            }),
            "she" | "her" | "hers" | "herself" => self.salient(i, |a, k| {
                a.kind == ActorKind::Person && !k.plural && k.gender != Gender::Male
            }),
            "it" | "its" | "itself" if word.deprel != Deprel::Expl => self.salient(i, |a, k| {
                // An armed group or a party is an it; a people is not.
                let one = match a.kind {
                    ActorKind::Person => false,
                    ActorKind::Group => matches!(a.sector, Sector::Reb | Sector::Sep | Sector::Opp),
                    _ => true,
                };
                !k.plural && one
            }),
            other => first_person(other).and_then(|many| self.speaker(i, many)),
        };
        if let Some(id) = id {
            self.found[i] = Some(id);
            // Who blows himself up is nobody's target.
            if bound.is_none() || word.deprel != Deprel::Obj {
                self.mention(i, id, How::Pronoun);
            }
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
            if past.nested || !(past.subject || back == 0) || !self.may_own(head, past.actor) {
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
            if past.plural || self.known[past.actor.0 as usize].plural {
                // "the two countries" are more than one.
                let same = self.past.iter().filter(|other| other.head == past.head);
                let mut all: Vec<ActorId> = same.map(|other| other.actor).collect();
                all.dedup();
                return all;
            }
        }
        let told = doc.word(head).deprel == Deprel::Nsubj;
        if told { self.met(head) } else { Vec::new() }
    }

    /// Whether what the pronoun owns may be theirs: no government's forces have rebels.
    fn may_own(&self, pronoun: WordId, owner: ActorId) -> bool {
        let owned = self.reading.doc.word(pronoun).head.and_then(|noun| self.by_head.get(&noun));
        let Some(What::Agent(agent)) = owned.map(|i| &self.candidates[*i].what) else {
            return true;
        };
        let rebels = matches!(self.reading.agent(*agent).sector, Sector::Reb | Sector::Sep);
        let state = matches!(
            self.actors[owner.0 as usize].sector,
            Sector::Gov | Sector::Mil | Sector::Cop | Sector::Leg | Sector::Jud
        );
        !(rebels && state)
    }

    /// "X met Y. They talked": the two of one kind whom a verb of the sentence before joins.
    fn met(&self, head: WordId) -> Vec<ActorId> {
        let doc = self.reading.doc;
        let sentence = doc.word(head).sentence;
        let kind = |past: &Past| self.actors[past.actor.0 as usize].kind;
        let near = || {
            let near = self.past.iter().rev().take(REACH_MENTIONS);
            near.filter(|past| past.sentence + 1 == sentence && !past.nested && !past.plural)
                .filter(|past| matches!(kind(past), ActorKind::Person | ActorKind::State))
        };
        let two = near().filter(|past| past.subject).find_map(|first| {
            let verb = doc.word(first.head).head;
            let second = near().find(|past| {
                let word = doc.word(past.head);
                past.actor != first.actor
                    && kind(past) == kind(first)
                    && word.head == verb
                    && matches!(word.deprel, Deprel::Obj | Deprel::Obl)
            })?;
            Some(vec![first.actor, second.actor])
        });
        two.unwrap_or_default()
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
        let head = self.candidates[i].head;
        let speech = self.speech_of(head);
        let told = self.controller(head);
        self.best_before(head, |past| {
            let id = past.actor.0 as usize;
            // "X is a partner, he said": whom the words speak of is seldom who says them.
            if past.plural
                || !fits(&self.actors[id], &self.known[id])
                || speech.is_some_and(|verb| self.is_spoken(past.head, verb))
            {
                return None;
            }
            // "He said": who spoke goes on speaking.
            let goes_on = speech.is_some() && self.speaks(past.head);
            Some(4 * i32::from(goes_on) + 4 * i32::from(told == Some(past.head)))
        })
    }

    /// Who does what the verb above the word says where another verb tells it: "asked X to open its port".
    fn controller(&self, head: WordId) -> Option<WordId> {
        let doc = self.reading.doc;
        let verb =
            doc.ancestors(head).skip(1).take(4).find(|w| doc.word(*w).deprel == Deprel::Xcomp)?;
        let above = doc.word(verb).head?;
        doc.dependents_by(above, &[Deprel::Iobj, Deprel::Obj]).find(|d| *d < verb)
    }

    /// "himself": the subject of the verb it stands under.
    fn reflexive(&self, head: WordId) -> Vec<ActorId> {
        let doc = self.reading.doc;
        let verb = doc.word(head).head;
        let near = self.past.iter().rev().take(REACH_MENTIONS);
        near.filter(|past| past.subject && past.head < head && doc.word(past.head).head == verb)
            .map(|past| past.actor)
            .collect()
    }

    /// "the latter", "the pair": the last two of one kind, persons or sides.
    fn of_the_last(&mut self, i: usize, word: &str) {
        let many = if matches!(word, "trio" | "three") { 3 } else { 2 };
        let head = self.candidates[i].head;
        let doc = self.reading.doc;
        let sentence = doc.word(head).sentence;
        // Of "the former accuses the latter" both look back behind their sentence.
        let ordered = matches!(word, "former" | "latter");
        let last = |person: bool, reach: u32| {
            self.last_of(head, many, reach, |past, _| {
                let kind = self.actors[past.actor.0 as usize].kind;
                let early = !ordered || past.sentence < sentence || reach == 0;
                !past.nested && early && (kind == ActorKind::Person) == person
            })
        };
        let reaches = if ordered { [1, 2, 0] } else { [1, 2, 3] };
        let two =
            reaches.into_iter().find_map(|reach| last(true, reach).or_else(|| last(false, reach)));
        let Some(mut ids) = two else { return };
        match word {
            "former" => ids.truncate(1),
            "latter" => ids = ids.split_off(1),
            _ => {}
        }
        if let [id] = ids[..] {
            self.found[i] = Some(id);
        }
        for id in ids {
            self.mention(i, id, How::Pronoun);
        }
    }
}
