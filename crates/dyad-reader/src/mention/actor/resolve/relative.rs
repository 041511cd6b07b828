//! Descriptions that point at others named before: counterparts, two of a kind, "the country".

use super::super::read::{Side, What};
use super::code::blank;
use super::known::Known;
use super::{REACH_MENTIONS, REACH_SENTENCES, Resolver};
use crate::doc::{Deprel, Upos};
use crate::mention::{Actor, ActorId};
use dyad_lexicon::actors::Class;
use dyad_record::{ActorKind, How};
use smol_str::format_smolstr;

impl Resolver<'_, '_, '_> {
    /// "his Turkish counterpart" holds the office of the one whose counterpart it is; where no state
    /// is named, it is the other one of that office.
    pub(super) fn counterpart(&mut self, i: usize) -> Option<ActorId> {
        let candidate = &self.candidates[i];
        let doc = self.reading.doc;
        let owner = doc
            .dependents_by(candidate.head, &[Deprel::NmodPoss])
            .find_map(|d| self.found[*self.by_head.get(&d)?])?;
        let nouns = self.known[owner.0 as usize].nouns.clone();
        let (sector, country) = {
            let owner = &self.actors[owner.0 as usize];
            (owner.sector, owner.country.clone())
        };
        let mut side = Side { sector: Some(sector), ..candidate.side.clone() };
        if side.country.is_none() || side.country == country {
            let other = self.past.iter().rev().take(REACH_MENTIONS).map(|p| p.actor).find(|id| {
                let known = &self.known[id.0 as usize];
                *id != owner
                    && self.actors[id.0 as usize].country != country
                    && nouns.iter().any(|n| known.nouns.contains(n))
            });
            if other.is_some() {
                return other;
            }
            side.country = None;
        }
        for noun in &nouns {
            let office = self.reading.lexicons.actors.agent(noun).and_then(|a| a.office.clone());
            if side.country.is_some()
                && let Some(id) = self.office_holder(&side, noun, office.as_deref())
            {
                return Some(id);
            }
        }
        let of = side.country.clone().unwrap_or_default();
        let name = self.description(candidate);
        let key = match of.is_empty() {
            true => format_smolstr!("counterpart {}", candidate.span.start),
            false => format_smolstr!("counterpart {of} {}", nouns.join(" ")),
        };
        let id = self.intern(key, || Actor {
            country: side.country.clone(),
            sector,
            ..blank(name, ActorKind::Person)
        });
        if self.known[id.0 as usize].nouns.is_empty() {
            self.known[id.0 as usize].nouns = nouns;
        }
        Some(id)
    }

    /// "the two countries", "both leaders": the last two of their kind.
    pub(super) fn pair(&mut self, i: usize) -> bool {
        let candidate = &self.candidates[i];
        let What::Agent(agent) = candidate.what else { return false };
        let agent = self.reading.agent(agent);
        let doc = self.reading.doc;
        let of_two = doc.dependents(candidate.head).iter().any(|d| {
            *d < candidate.head
                && matches!(doc.surface(*d).to_lowercase().as_str(), "two" | "both" | "2")
        });
        let states =
            agent.class == Class::State || matches!(agent.noun.as_str(), "side" | "government");
        let people = of_two && matches!(agent.noun.as_str(), "man" | "woman" | "politician");
        let persons = matches!(agent.class, Class::Office) || people;
        let bare = candidate.side == Side { sector: candidate.side.sector, ..Side::default() };
        if !candidate.plural || !bare || !(states || persons) || !(of_two || candidate.definite) {
            return false;
        }
        let fits = |actor: &Actor, known: &Known| {
            if states {
                matches!(actor.kind, ActorKind::State | ActorKind::Group | ActorKind::Organisation)
                    && (agent.class != Class::State || actor.kind == ActorKind::State)
            } else {
                actor.kind == ActorKind::Person
                    && (people && actor.country.is_some()
                        || known.is_called(&agent.noun, agent.office.as_deref()))
            }
        };
        let sentence = doc.word(candidate.head).sentence;
        let mut two: Vec<ActorId> = Vec::new();
        for past in self.past.iter().rev().take(REACH_MENTIONS) {
            if sentence.saturating_sub(past.sentence) > 2 || two.len() == 2 {
                break;
            }
            let actor = &self.actors[past.actor.0 as usize];
            let known = &self.known[past.actor.0 as usize];
            if fits(actor, known) && !known.plural && !two.contains(&past.actor) {
                two.push(past.actor);
            }
        }
        if two.len() < 2 {
            return false;
        }
        two.reverse();
        for id in two {
            self.mention(i, id, How::Description);
        }
        true
    }

    /// Which state "the country" is: the nearest before it in its sentence or an earlier one, a
    /// state named as such before one that only an adjective or somebody's office speaks of.
    pub(super) fn state_in_focus(&mut self, i: usize) -> Option<ActorId> {
        let doc = self.reading.doc;
        let head = self.candidates[i].head;
        let sentence = doc.word(head).sentence;
        let near = self.past.iter().rev().take(REACH_MENTIONS).filter(|p| p.head != head);
        let mut best: Option<(u32, bool, ActorId)> = None;
        for past in near {
            let back = sentence.saturating_sub(past.sentence);
            if back > REACH_SENTENCES {
                break;
            }
            let actor = &self.actors[past.actor.0 as usize];
            let state = actor.kind == ActorKind::State && doc.word(past.head).upos != Upos::Adj;
            let better = best.is_none_or(|(b, s, _)| back == b && state && !s);
            if actor.country.is_some() && better {
                best = Some((back, state, past.actor));
            }
        }
        let (_, _, id) = best?;
        let country = self.actors[id.0 as usize].country.clone()?;
        Some(self.state(&country).unwrap_or(id))
    }
}
