//! Whose an actor is where the words themselves do not say.

use super::super::read::{Side, Tenure, What};
use super::known::Gender;
use super::known::gender_of;
use super::{Past, REACH_MENTIONS, Resolver};
use crate::doc::{Deprel, Upos, WordId};
use crate::mention::ActorId;
use dyad_lexicon::actors::Class;
use dyad_record::{ActorKind, Sector};
use smol_str::SmolStr;

/// Nouns for somebody of another side than the one whose he is: "his counterpart", "its ally".
const OTHERS: &[&str] = &[
    "counterpart",
    "neighbour",
    "neighbor",
    "ally",
    "rival",
    "enemy",
    "foe",
    "opponent",
    "adversary",
    "guest",
    "interlocutor",
    "critic",
];

/// Who serves one state is most often met in another.
const ABROAD: &[&str] = &["ambassador", "envoy", "diplomat", "consul", "attache", "special envoy"];

/// Sectors of those who act for a state, or who would: a report need not say for which.
pub(super) fn is_official(sector: Sector) -> bool {
    use Sector::*;
    matches!(sector, Gov | Mil | Cop | Leg | Jud | Spy | Opp)
}

pub(super) fn is_armed(sector: Sector) -> bool {
    matches!(sector, Sector::Mil | Sector::Cop | Sector::Reb | Sector::Sep)
}

impl Resolver<'_, '_, '_> {
    /// The side in the words themselves, else that of the possessor, else that of the body behind
    /// an "of".
    pub(super) fn side_of(&self, i: usize) -> Side {
        let candidate = &self.candidates[i];
        let mut side = candidate.side.clone();
        let other = |agent: u16| OTHERS.contains(&self.reading.agent(agent).noun.as_str());
        let apart = matches!(candidate.what, What::Agent(agent) if other(agent))
            || candidate.titles.iter().any(|title| other(*title));
        if side.country.is_some() || side.organisation.is_some() || apart {
            return side;
        }
        let doc = self.reading.doc;
        let bodies = doc.dependents_by(candidate.head, &[Deprel::Nmod]).filter(|d| {
            self.is_of(*d)
                && self.by_head.get(d).is_some_and(|j| match self.candidates[*j].what {
                    What::Agent(a) => self.reading.agent(a).class == Class::Body,
                    _ => false,
                })
        });
        let owner = self
            .owner(i)
            .or_else(|| bodies.into_iter().find_map(|d| self.found[*self.by_head.get(&d)?]));
        if let Some(owner) = owner {
            let of_user = self.known[owner.0 as usize].of_user;
            let owner = &self.actors[owner.0 as usize];
            side.country = owner.country.clone();
            side.organisation = owner.organisation.clone();
            side.of_user = of_user;
        }
        side
    }

    /// Whose the described one is: "his counterpart".
    pub(super) fn owner(&self, i: usize) -> Option<ActorId> {
        let candidate = &self.candidates[i];
        let doc = self.reading.doc;
        candidate.words.clone().find_map(|word| {
            let owners = doc.dependents_by(word, &[Deprel::NmodPoss]);
            owners.into_iter().find_map(|d| self.found[*self.by_head.get(&d)?])
        })
    }

    pub(super) fn is_of(&self, word: WordId) -> bool {
        let doc = self.reading.doc;
        let case = doc.dependents_by(word, &[Deprel::Case]).next();
        case.is_some_and(|c| matches!(doc.surface(c), "of" | "for"))
    }

    /// Somebody in an office of no side is of the state that the paragraph is about; who speaks for
    /// no one named, of the last that acted.
    pub(super) fn place_among(&mut self, id: ActorId, i: usize) {
        let candidate = &self.candidates[i];
        let actor = &self.actors[id.0 as usize];
        let named = matches!(candidate.what, What::Person) || self.partner(i).is_some();
        if !named
            || actor.kind != ActorKind::Person
            || actor.country.is_some()
            || actor.organisation.is_some()
        {
            return;
        }
        let titles = || candidate.titles.iter().map(|t| self.reading.agent(*t));
        if titles().any(|t| t.office.as_deref() == Some("spokesperson")) {
            let of = self.best_before(candidate.head, |past| {
                let actor = &self.actors[past.actor.0 as usize];
                let sided = actor.country.is_some() || actor.organisation.is_some();
                let speaks = actor.kind != ActorKind::Person && actor.sector != Sector::Med;
                (sided && speaks).then_some(0)
            });
            if let Some(of) = of {
                let of = self.actors[of.0 as usize].clone();
                let actor = &mut self.actors[id.0 as usize];
                actor.country = of.country;
                actor.organisation = of.organisation;
                actor.sector = of.sector;
            }
            return;
        }
        let official = titles().any(|t| {
            matches!(t.class, Class::Office | Class::Person)
                && is_official(t.sector)
                && !ABROAD.contains(&t.noun.as_str())
        });
        if official
            && let Some(country) = self.reading.focus(candidate.head)
            && self.reading.is_about(candidate.head, &country)
        {
            self.actors[id.0 as usize].country = Some(country);
            self.known[id.0 as usize].inferred = true;
        }
    }

    /// "the former minister": who once was that, by the table or the report.
    pub(super) fn former_holder(
        &self,
        i: usize,
        side: &Side,
        noun: &str,
        office: Option<&str>,
    ) -> Option<ActorId> {
        let head = self.candidates[i].head;
        self.best_before(head, |past| {
            let actor = &self.actors[past.actor.0 as usize];
            let known = &self.known[past.actor.0 as usize];
            let same = side.country.as_ref().is_none_or(|c| actor.country.as_ref() == Some(c));
            (same && actor.kind == ActorKind::Person && known.was_called(noun, office)).then_some(0)
        })
    }

    /// "the militants" are the last armed ones, "the lawmakers" of the last parliament: the last of
    /// many or of a body that do the same.
    pub(super) fn same_sort(&self, i: usize, noun: &str, sector: Sector) -> Option<ActorId> {
        self.best_before(self.candidates[i].head, |past| {
            let actor = &self.actors[past.actor.0 as usize];
            let sided = actor.country.is_some() || actor.organisation.is_some();
            let many = actor.kind == ActorKind::Group
                || actor.kind == ActorKind::Organisation && actor.sector != Sector::Opp;
            let same = match noun {
                "officer" | "guard" => matches!(actor.sector, Sector::Mil | Sector::Cop),
                "paramilitary" | "commander" => {
                    actor.sector == Sector::Reb || noun == "commander" && actor.sector == sector
                }
                _ => actor.sector == sector,
            };
            (sided && many && same && !past.nested).then_some(0)
        })
    }

    /// "the bloc", "the company", "the group": the last named body that may be called so.
    pub(super) fn body_called(&self, i: usize, noun: &str) -> Option<ActorId> {
        let fits = |sector: Sector| {
            use Sector::*;
            match noun {
                "body" | "organisation" | "organization" | "institution" => {
                    matches!(sector, Igo | Ngo | Leg | Jud | Opp | Cvl)
                }
                "bloc" | "alliance" | "union" => matches!(sector, Igo | Opp),
                "group" | "movement" => matches!(sector, Reb | Sep | Ngo | Opp | Igo),
                "company" | "firm" => matches!(sector, Bus | Unk),
                "watchdog" | "agency" => matches!(sector, Igo | Ngo),
                _ => false,
            }
        };
        self.best_before(self.candidates[i].head, |past| {
            let actor = &self.actors[past.actor.0 as usize];
            let named = self.known[past.actor.0 as usize].nouns.is_empty();
            let body = matches!(actor.kind, ActorKind::Organisation | ActorKind::Group);
            (body && named && fits(actor.sector)).then_some(0)
        })
    }

    /// "the man", "the politician": the last person of that gender.
    pub(super) fn person_called(&self, i: usize, noun: &str) -> Option<ActorId> {
        let head = self.candidates[i].head;
        let doc = self.reading.doc;
        // "the man who", "the woman in red" are told by what follows.
        let told = doc.dependents_by(head, &[Deprel::AclRelcl, Deprel::Acl, Deprel::Nmod]).next();
        if told.is_some() || !matches!(noun, "man" | "woman" | "politician" | "statesman") {
            return None;
        }
        let gender = gender_of(noun);
        self.best_before(head, |past| {
            let actor = &self.actors[past.actor.0 as usize];
            let known = &self.known[past.actor.0 as usize];
            let other = match gender {
                Gender::Female => Gender::Male,
                Gender::Male => Gender::Female,
                Gender::Unknown => {
                    return (actor.kind == ActorKind::Person && !known.plural).then_some(0);
                }
            };
            (actor.kind == ActorKind::Person && !known.plural && known.gender != other).then_some(0)
        })
    }

    /// "his guest": the other person of another side; "its neighbour": the other state.
    pub(super) fn other_than_owner(&mut self, i: usize, noun: &str) -> Option<ActorId> {
        let kind = match noun {
            "guest" | "interlocutor" => ActorKind::Person,
            "neighbour" | "neighbor" => ActorKind::State,
            _ => return None,
        };
        let owner = self.owner(i)?;
        let country = self.actors[owner.0 as usize].country.clone();
        self.best_before(self.candidates[i].head, |past| {
            let actor = &self.actors[past.actor.0 as usize];
            let many = self.known[past.actor.0 as usize].plural;
            let other = actor.country.is_some() && actor.country != country;
            (actor.kind == kind && other && !many && past.actor != owner).then_some(0)
        })
    }

    /// A named counterpart: "his counterpart X" holds the office of the one whose he is, for the side
    /// that the words name or else the other state that the sentences speak of.
    pub(super) fn as_counterpart(&mut self, id: ActorId, i: usize) {
        let candidate = &self.candidates[i];
        let is = candidate.titles.iter().any(|t| self.reading.agent(*t).noun == "counterpart");
        let Some(owner) = self.owner(i).filter(|owner| is && *owner != id) else { return };
        let nouns: Vec<SmolStr> = self.known[owner.0 as usize].nouns.clone();
        let (sector, country) = {
            let owner = &self.actors[owner.0 as usize];
            (owner.sector, owner.country.clone())
        };
        if self.actors[id.0 as usize].country.is_none() {
            let other = self.other_state(candidate.head, country);
            self.actors[id.0 as usize].country = other;
        }
        let (actor, known) = (&mut self.actors[id.0 as usize], &mut self.known[id.0 as usize]);
        if actor.sector == Sector::Unk && candidate.tenure != Some(Tenure::Former) {
            actor.sector = sector;
        }
        known.nouns.extend(nouns);
    }

    /// The only other state of which the last sentences speak.
    fn other_state(&self, head: WordId, than: Option<SmolStr>) -> Option<SmolStr> {
        let doc = self.reading.doc;
        let sentence = doc.word(head).sentence;
        let near = self.past.iter().rev().take(REACH_MENTIONS);
        let close = |past: &&Past| sentence.saturating_sub(past.sentence) <= 1;
        let mut others = near.filter(close).filter_map(|past| {
            let actor = &self.actors[past.actor.0 as usize];
            let state = actor.kind == ActorKind::State || actor.kind == ActorKind::PlaceAsActor;
            let noun = doc.word(past.head).upos != Upos::Adj;
            actor.country.clone().filter(|c| state && noun && Some(c) != than.as_ref())
        });
        let first = others.next()?;
        others.all(|c| c == first).then_some(first)
    }
}
