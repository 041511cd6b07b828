//! Descriptions that point at others named before: counterparts, two of a kind, "the country".

use super::super::read::{Side, What};
use super::code::blank;
use super::known::Known;
use super::{Past, REACH_MENTIONS, Resolver};
use crate::doc::{Deprel, Upos};
use crate::mention::{Actor, ActorId};
use dyad_lexicon::actors::Class;
use dyad_record::{ActorKind, How, Sector};
use smol_str::format_smolstr;

impl Resolver<'_, '_, '_> {
    /// "his Turkish counterpart" holds the office of the one whose counterpart it is; where no state
    /// is named, it is the other one of that office.
    pub(super) fn counterpart(&mut self, i: usize) -> Option<ActorId> {
        let candidate = &self.candidates[i];
        let owner = self.owner(i)?;
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
        let many = doc.dependents(candidate.head).iter().find_map(|d| {
            let word = doc.surface(*d).to_lowercase();
            let number =
                ["both", "two", "three", "four", "five", "six"].iter().position(|n| *n == word);
            (*d < candidate.head).then_some(number?.max(1) + 1)
        });
        let states = agent.class == Class::State
            || matches!(agent.noun.as_str(), "side" | "government" | "army" | "force");
        let sides = agent.noun == "side";
        let people =
            many.is_some() && matches!(agent.noun.as_str(), "man" | "woman" | "politician");
        let persons = matches!(agent.class, Class::Office) || people;
        let bare = candidate.side == Side { sector: candidate.side.sector, ..Side::default() };
        let counted = many.is_some() || candidate.definite;
        if !candidate.plural || !bare || !(states || persons) || !counted || self.owner(i).is_some()
        {
            return false;
        }
        let fits = |actor: &Actor, known: &Known| {
            if states {
                let who = match agent.noun.as_str() {
                    "side" => !matches!(
                        actor.sector,
                        Sector::Igo | Sector::Ngo | Sector::Med | Sector::Cvl
                    ),
                    "army" | "force" => matches!(actor.sector, Sector::Mil | Sector::Reb),
                    _ => true,
                };
                who && matches!(
                    actor.kind,
                    ActorKind::State | ActorKind::Group | ActorKind::Organisation
                ) && (agent.class != Class::State || actor.kind == ActorKind::State)
            } else {
                actor.kind == ActorKind::Person
                    && (people && actor.country.is_some()
                        || known.is_called(&agent.noun, agent.office.as_deref()))
            }
        };
        // "X told both sides": X tells others.
        let subject = matches!(doc.word(candidate.head).deprel, Deprel::Nsubj | Deprel::NsubjPass);
        let above = |past: &Past| {
            let verb = doc.word(past.head).head.filter(|_| past.subject);
            verb.is_some_and(|verb| doc.ancestors(candidate.head).take(8).any(|w| w == verb))
        };
        let two = self.last_of(
            candidate.head,
            many.unwrap_or(2),
            if sides { 4 } else { 2 },
            |past, found| {
                let actor = &self.actors[past.actor.0 as usize];
                let known = &self.known[past.actor.0 as usize];
                // "Sudan's army and the rebels": the side is the army, not whose it is.
                let whose = past.nested || doc.word(past.head).deprel == Deprel::NmodPoss;
                // Its own commanders are no other side.
                let ours = |id: &ActorId| {
                    let other = &self.actors[id.0 as usize];
                    other.country == actor.country
                        && other.organisation == actor.organisation
                        && other.sector == actor.sector
                };
                (subject || !above(past))
                    && !(sides && found.iter().any(ours))
                    && fits(actor, known)
                    && (if sides { !whose } else { !known.plural })
            },
        );
        let Some(two) = two else { return false };
        for id in two {
            self.mention(i, id, How::Description);
        }
        true
    }

    /// Which state "the country" is: one that acts before one that is spoken of, a state named as
    /// such before one that only an adjective or somebody's office speaks of.
    pub(super) fn state_in_focus(&mut self, i: usize) -> Option<ActorId> {
        let doc = self.reading.doc;
        let head = self.candidates[i].head;
        let tables = &self.reading.lexicons.actors;
        let lemma = doc.word(head).lemma.as_str();
        // An emirate has emirs.
        let ruled = |country: &str| match lemma {
            "emirate" => tables.has_had(country, "emir"),
            "sultanate" => tables.has_had(country, "sultan"),
            "kingdom" => tables.has_had(country, "king") || tables.has_had(country, "queen"),
            _ => true,
        };
        let id = self.best_before(head, |past| {
            let actor = &self.actors[past.actor.0 as usize];
            if actor.country.as_deref().is_some_and(|c| !ruled(c)) {
                return None;
            }
            let state = actor.kind == ActorKind::State && doc.word(past.head).upos != Upos::Adj;
            let person = past.subject && actor.kind == ActorKind::Person;
            actor.country.is_some().then_some(2 * i32::from(state) - 2 * i32::from(person))
        })?;
        let country = self.actors[id.0 as usize].country.clone()?;
        Some(self.state(&country).unwrap_or(id))
    }
}
