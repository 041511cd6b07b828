//! What the words of one more mention add to an actor.

use super::super::read::{Tenure, What};
use super::Resolver;
use super::known::{Gender, gender_of};
use crate::mention::ActorId;
use dyad_lexicon::actors::{Class, Referent};
use dyad_record::{ActorKind, Sector};

/// A report that still calls somebody by an office is believed this long after the table's end.
const GRACE_DAYS: i32 = 90;

fn title_case(noun: &str) -> String {
    let large = |word: &str| {
        let mut chars = word.chars();
        match chars.next() {
            Some(first) if !matches!(word, "of" | "the" | "for" | "and") => {
                first.to_uppercase().chain(chars).collect::<String>()
            }
            _ => word.to_owned(),
        }
    };
    noun.split(' ').map(large).collect::<Vec<_>>().join(" ")
}

impl Resolver<'_, '_, '_> {
    /// Adds what the words of one more mention say.
    pub(super) fn enrich(&mut self, id: ActorId, i: usize) {
        let candidate = &self.candidates[i];
        let side = self.side_of(i);
        let reading = self.reading;
        let (actor, known) = (&mut self.actors[id.0 as usize], &mut self.known[id.0 as usize]);
        let named = reading
            .spots_in(candidate.name.clone())
            .any(|spot| spot.of_user && !matches!(spot.referent, Referent::Agent(_)));
        known.of_user |= named || side.of_user;
        let titled = actor.kind == ActorKind::Person;
        if matches!(candidate.what, What::State(_) | What::Part(..) | What::People(_)) && !titled {
            return;
        }
        if actor.country.is_none() {
            actor.country = side.country;
        }
        if actor.organisation.is_none() {
            actor.organisation = side.organisation;
        }
        let former = candidate.tenure == Some(Tenure::Former);
        if actor.sector == Sector::Unk
            && !former
            && let Some(sector) = side.sector
        {
            actor.sector = sector;
        }
        if actor.kind != ActorKind::Person {
            return;
        }
        if known.service.is_none() && !former {
            known.service = side.service;
        }
        for title in &candidate.titles {
            let agent = reading.agent(*title);
            if !former
                && let Some(part) = &agent.adds
                && !known.adds.contains(part)
            {
                known.adds.push(part.clone());
            }
            if !former
                && let Some(person) = known.person
                && let Some(date) = reading.doc.report.published
            {
                let terms = &reading.lexicons.actors.people[person as usize].terms;
                let still = terms.iter().find(|t| {
                    t.period.distance(date) <= GRACE_DAYS
                        && agent.office.as_ref() == Some(&t.office)
                });
                let out = actor.role.as_ref().is_none_or(|r| r.starts_with("former "));
                if let Some(term) = still.filter(|_| out) {
                    actor.role = Some(term.role.to_string());
                    actor.sector = term.sector;
                }
            }
            if agent.class == Class::Title {
                known.gender = match agent.office.as_deref() {
                    Some("female") => Gender::Female,
                    Some("male") => Gender::Male,
                    _ => known.gender,
                };
                continue;
            }
            if known.gender == Gender::Unknown {
                known.gender = gender_of(&agent.noun);
            }
            let nouns = if former { &mut known.former } else { &mut known.nouns };
            if !nouns.contains(&agent.noun) {
                nouns.push(agent.noun.clone());
            }
            let office = matches!(agent.class, Class::Office) || agent.sector == Sector::Mil;
            let named = candidate.what == What::Person || known.person.is_some();
            if actor.role.is_none() && office && (named || candidate.what != What::Person) {
                let role = title_case(&agent.noun);
                actor.role = Some(match candidate.tenure {
                    Some(Tenure::Former) => format!("former {role}"),
                    Some(Tenure::Acting) => format!("acting {role}"),
                    Some(Tenure::Elect) => format!("{role}-elect"),
                    None => role,
                });
            }
        }
    }
}
