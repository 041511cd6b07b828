//! Descriptions to actors: offices, bodies, short forms.

use super::super::read::{Candidate, Side, Tenure};
use super::code::blank;
use super::known::{is_last_word, is_of, leads};
use super::side::{is_armed, is_official};
use super::{Past, REACH_MENTIONS, REACH_SENTENCES, Resolver};
use crate::doc::{Deprel, Upos, WordId};
use crate::mention::{Actor, ActorId};
use dyad_lexicon::actors::{Class, Referent, Term};
use dyad_lexicon::names::pieces;
use dyad_record::{ActorKind, Sector};
use smol_str::format_smolstr;

/// Words for a state as its people have it: "our country" is that state.
const LANDS: &[&str] = &["country", "nation", "homeland", "fatherland", "motherland"];

impl Resolver<'_, '_, '_> {
    pub(super) fn described(&mut self, i: usize, agent: u16) -> ActorId {
        let candidate = &self.candidates[i];
        let mut side = self.side_of(i);
        let agent = self.reading.agent(agent);
        let noun = agent.noun.clone();
        if noun == "counterpart"
            && !candidate.plural
            && let Some(id) = self.counterpart(i)
        {
            return id;
        }
        if LANDS.contains(&noun.as_str())
            && !candidate.plural
            && let Some(country) = &side.country
            && let Some(id) = self.state(country)
        {
            return id;
        }
        let follows = matches!(noun.as_str(), "predecessor" | "successor");
        let lone = !candidate.plural
            && !follows
            && matches!(agent.class, Class::Office | Class::Person)
            && (candidate.definite || agent.class == Class::Office && side.country.is_some());
        if lone
            && candidate.tenure.is_none()
            && let Some(id) = self.office_holder(&side, &noun, agent.office.as_deref())
        {
            return id;
        }
        if candidate.definite
            && !candidate.plural
            && let Some(id) = self.other_than_owner(i, &noun)
        {
            return id;
        }
        let sided = side.country.is_some() || side.organisation.is_some();
        let former = candidate.tenure == Some(Tenure::Former);
        if former
            && !candidate.plural
            && candidate.definite
            && let Some(id) = self.former_holder(i, &side, &noun, agent.office.as_deref())
        {
            return id;
        }
        if agent.class == Class::State
            && candidate.definite
            && !candidate.plural
            && !sided
            && let Some(id) = self.state_in_focus(i)
        {
            return id;
        }
        let individual = matches!(agent.class, Class::Office | Class::Person) && !candidate.plural;
        // "the troops", "the lawmakers": who they are, what they do tells.
        let many = candidate.plural
            && match agent.class {
                Class::Person => is_official(agent.sector) || is_armed(agent.sector),
                Class::Body => is_armed(agent.sector),
                _ => false,
            };
        let official = (matches!(agent.class, Class::Body | Class::Office) || many)
            && agent.sector != Sector::Opp
            && is_official(agent.sector);
        let named = self.proper_name(i);
        let bare = !sided && candidate.definite && !former && named.is_empty();
        if bare && let Some(id) = self.by_noun.get(&noun) {
            return *id;
        }
        if bare
            && many
            && let Some(id) = self.same_sort(i, &noun, agent.sector)
        {
            return id;
        }
        if bare
            && !candidate.plural
            && let Some(id) = self.body_called(i, &noun).or_else(|| self.person_called(i, &noun))
        {
            return id;
        }
        if bare
            && !candidate.plural
            && agent.class == Class::Body
            && let Some(id) = self.short_form(candidate.head, &noun)
        {
            return id;
        }
        let counted = self.counts(candidate.head);
        let one = candidate.definite && !candidate.plural;
        if !sided
            && official
            && (one || noun == "police" || many && candidate.definite)
            && let Some(country) = match many && noun != "police" {
                true => self.reading.focus_before(candidate.head),
                false => self.reading.focus(candidate.head),
            }
        {
            side.country = Some(country);
            if individual
                && candidate.tenure.is_none()
                && let Some(id) = self.office_holder(&side, &noun, agent.office.as_deref())
            {
                return id;
            }
        }
        let fresh = !candidate.definite && named.is_empty() && (individual || counted || !sided);
        let of = format_smolstr!(
            "{} {}",
            side.country.as_deref().unwrap_or_default(),
            side.organisation.as_deref().or(side.service.as_deref()).unwrap_or_default()
        );
        let plural = if candidate.plural { "s" } else { "" };
        let key = match fresh {
            true => format_smolstr!("agent {of} {noun} {}", candidate.span.start),
            false if former => format_smolstr!("agent {of} former {noun}{plural}"),
            false => format_smolstr!("agent {of} {named}{noun}{plural}"),
        };
        let kind = match agent.class {
            Class::State => ActorKind::State,
            Class::Body => ActorKind::Organisation,
            _ if candidate.plural => ActorKind::Group,
            _ => ActorKind::Person,
        };
        let name = self.description(candidate);
        // Who leads a state is of its government, whichever of its leaders is meant.
        let leads = noun == "leader" && side.country.is_some() && side.organisation.is_none();
        let sector = match individual && (former || noun == "predecessor") {
            // Who is out of office acts for no part of the state.
            true if is_official(agent.sector) || noun == "predecessor" => Sector::Unk,
            _ => side.sector.unwrap_or(if leads { Sector::Gov } else { agent.sector }),
        };
        let id = self.intern(key, || Actor {
            country: side.country,
            organisation: side.organisation,
            sector,
            ..blank(name, kind)
        });
        let known = &mut self.known[id.0 as usize];
        known.plural = candidate.plural || matches!(noun.as_str(), "police" | "people" | "troops");
        let nouns = if former { &mut known.former } else { &mut known.nouns };
        if nouns.is_empty() {
            nouns.push(noun.clone());
        }
        if let Some(part) = &agent.adds
            && !known.adds.contains(part)
        {
            known.adds.push(part.clone());
        }
        if !former {
            self.by_noun.insert(noun, id);
        }
        id
    }

    /// "republican national " of the Republican National Committee: what the name of a body has
    /// beside its noun and the words that give its side; nothing of a mere description.
    fn proper_name(&self, i: usize) -> String {
        let candidate = &self.candidates[i];
        let doc = self.reading.doc;
        let large = |w: WordId| doc.surface(w).starts_with(char::is_uppercase);
        if candidate.plural || !large(candidate.head) || candidate.words.start == candidate.head {
            return String::new();
        }
        let before = candidate.words.start..candidate.head;
        let side = |w: &WordId| {
            let mut spots = self.reading.spots_in(*w..*w + 1);
            spots.any(|spot| !matches!(spot.referent, Referent::Agent(_)))
        };
        let name = before.filter(|w| doc.word(*w).upos != Upos::Det && large(*w) && !side(w));
        name.map(|w| doc.surface(w).to_lowercase() + " ").collect()
    }

    /// "the union" for the African Union, "the ministry" for Japan's foreign ministry, "the group"
    /// for one that is armed: the last that the noun is a part of the name of.
    fn short_form(&self, head: WordId, noun: &str) -> Option<ActorId> {
        let sentence = self.reading.doc.word(head).sentence;
        let near = self.past.iter().rev().take(REACH_MENTIONS);
        near.take_while(|p| sentence.saturating_sub(p.sentence) <= REACH_SENTENCES)
            .map(|p| p.actor)
            .find(|id| {
                let actor = &self.actors[id.0 as usize];
                let known = &self.known[id.0 as usize];
                let name = pieces(&actor.name);
                let named = [name.first(), name.last()]
                    .into_iter()
                    .flatten()
                    .any(|piece| name.len() > 1 && piece.text == noun);
                match actor.kind {
                    ActorKind::Organisation => {
                        named || known.nouns.iter().any(|n| is_last_word(n, noun))
                    }
                    ActorKind::Group => {
                        named
                            || known.nouns.is_empty()
                                && actor.organisation.is_some()
                                && matches!(
                                    noun,
                                    "group" | "movement" | "organisation" | "organization"
                                )
                    }
                    _ => false,
                }
            })
    }

    /// The words of a description without its article.
    pub(super) fn description(&self, candidate: &Candidate) -> String {
        let doc = self.reading.doc;
        let mut words = candidate.words.clone();
        while words.start < candidate.head
            && matches!(doc.word(words.start).upos, Upos::Det | Upos::Num | Upos::Pron)
            // "all-party" and "B-2" are words of the name.
            && !doc.surface(words.start + 1).starts_with("-")
        {
            words.start += 1;
        }
        let text = doc.words_span(words).of(&doc.report.text);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn counts(&self, head: WordId) -> bool {
        self.reading.doc.dependents_by(head, &[Deprel::Nummod]).next().is_some()
    }

    /// Who holds the office that a description names.
    pub(super) fn office_holder(
        &mut self,
        side: &Side,
        noun: &str,
        office: Option<&str>,
    ) -> Option<ActorId> {
        let start = self.past.len().saturating_sub(REACH_MENTIONS * 4);
        let mut told: Option<(Past, ActorId)> = None;
        for past in self.past[start..].iter().rev() {
            let id = past.actor;
            let actor = &self.actors[id.0 as usize];
            let known = &self.known[id.0 as usize];
            let same_side = side.country.as_ref().is_none_or(|c| actor.country.as_ref() == Some(c))
                && side
                    .organisation
                    .as_ref()
                    .is_none_or(|o| actor.organisation.as_ref() == Some(o));
            if told.is_some_and(|(last, _)| last.sentence != past.sentence) {
                break;
            }
            let called = match &side.service {
                Some(service) => known.serves(service, noun),
                None => known.is_called(noun, office),
            };
            let fits = actor.kind == ActorKind::Person && same_side && called;
            // Of two in one sentence it is the one who acts.
            if fits && told.is_none_or(|(last, _)| past.subject && !last.subject) {
                told = Some((*past, id));
            }
        }
        let told = told.map(|(_, id)| id);
        if told.is_some() {
            return told;
        }
        let of = side.organisation.as_ref().or(side.country.as_ref())?;
        let office = office?;
        let date = self.reading.doc.report.published?;
        let tables = &self.reading.lexicons.actors;
        let only = |fits: &dyn Fn(&Term) -> bool| {
            let mut holders: Vec<u16> =
                tables.holders(of, date, fits).map(|(person, _)| person).collect();
            holders.dedup();
            match holders[..] {
                [holder] => Some(holder),
                _ => None,
            }
        };
        if let Some(service) = &side.service {
            let holder = only(&|term| is_of(&term.role.to_lowercase(), service, noun));
            return holder.map(|holder| self.known_person(holder));
        }
        let holder = match office {
            "leader" => only(&|term| leads(&term.office)),
            // Many hold such offices at a time: only the very words tell who.
            "head of state" | "head of government" | "minister" | "deputy" | "spokesperson" => {
                only(&|term| term.role.eq_ignore_ascii_case(noun))
            }
            _ => only(&|term| term.role.eq_ignore_ascii_case(noun))
                .or_else(|| only(&|term| term.office == office)),
        };
        holder.map(|holder| self.known_person(holder))
    }
}
