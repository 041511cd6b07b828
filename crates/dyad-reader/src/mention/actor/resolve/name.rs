//! Names to actors: persons in full and by surname, organisations, states.

use super::super::read::{Candidate, What};
use super::Resolver;
use super::code::blank;
use super::known::{Gender, Known, leads};
use crate::mention::{Actor, ActorId};
use dyad_lexicon::actors::{Class, Referent, Term};
use dyad_lexicon::gazetteer::PlaceKind;
use dyad_lexicon::names::pieces;
use dyad_record::{ActorKind, Sector};
use smol_str::{SmolStr, format_smolstr};

/// Who is to hold an office is in the news before.
const SOON_DAYS: i32 = 365;

impl Resolver<'_, '_, '_> {
    /// Persons under their full names come first, wherever they stand: a surname may precede.
    pub(super) fn name_persons(&mut self) {
        for (i, candidate) in self.candidates.iter().enumerate() {
            match candidate.what {
                What::Known(person) => {
                    let id = self.known_person(person);
                    self.index_name(i, id);
                    self.found[i] = Some(id);
                }
                What::Person => {
                    let folded = self.folded(candidate);
                    if let [first, .., last] = &folded[..] {
                        let key = format_smolstr!("person {first} {last}");
                        let name = self.text(candidate);
                        let id = self.intern(key, || blank(name, ActorKind::Person));
                        self.known[id.0 as usize].gender =
                            match self.reading.lexicons.actors.is_of_women(first) {
                                Some(true) => Gender::Female,
                                Some(false) => Gender::Male,
                                None => Gender::Unknown,
                            };
                        self.index_name(i, id);
                        self.found[i] = Some(id);
                    }
                }
                _ => {}
            }
        }
    }

    fn index_name(&mut self, i: usize, id: ActorId) {
        let start = self.candidates[i].span.start;
        for piece in self.folded(&self.candidates[i]) {
            let of = self.by_piece.entry(piece.into()).or_default();
            if of.last().is_none_or(|(_, last)| *last != id) {
                of.push((start, id));
            }
        }
    }

    fn folded(&self, candidate: &Candidate) -> Vec<String> {
        pieces(&self.text(candidate)).into_iter().map(|p| p.text).collect()
    }

    /// The bare name, its line breaks mended.
    pub(super) fn text(&self, candidate: &Candidate) -> String {
        let span = self.reading.doc.words_span(candidate.name.clone());
        let text = span.of(&self.reading.doc.report.text);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub(super) fn organisation(&mut self, o: u16) -> ActorId {
        let organisation = &self.reading.lexicons.actors.organisations[o as usize];
        // Several actors of a user's may share a code.
        let key = match organisation.verbatim {
            true => format_smolstr!("user {o}"),
            false => format_smolstr!("organisation {}", organisation.code),
        };
        self.intern(key, || Actor {
            country: organisation.country.clone(),
            organisation: Some(organisation.code.clone()),
            sector: organisation.sector,
            ..blank(organisation.name.to_string(), organisation.kind)
        })
    }

    pub(super) fn unknown_person(&mut self, candidate: &Candidate) -> ActorId {
        let name = self.text(candidate);
        let key = format_smolstr!("person {}", self.folded(candidate).join(" "));
        self.intern(key, || blank(name, ActorKind::Person))
    }

    /// Whether a lone surname is somebody of the table: the words give an office, the report speaks of
    /// the side, or he leads a state that the whole world reads about.
    pub(super) fn is_meant(&self, person: u16, candidate: &Candidate) -> bool {
        let reading = self.reading;
        let lexicons = reading.lexicons;
        let tables = &lexicons.actors;
        let titled = candidate.titles.iter().any(|t| reading.agent(*t).class == Class::Office);
        let speaks_of = |term: &Term| {
            let country =
                |c: u16| Some(&tables.countries[c as usize].code) == term.country.as_ref();
            reading.spots.iter().any(|spot| match spot.referent {
                Referent::Country(c)
                | Referent::Adjective(c)
                | Referent::People(c)
                | Referent::Capital(c)
                | Referent::Metonym(c, _) => country(c),
                Referent::Organisation(o) => {
                    Some(&tables.organisations[o as usize].code) == term.organisation.as_ref()
                }
                _ => false,
            })
        };
        let renowned = |term: &Term| {
            let country = tables.countries.iter().find(|c| Some(&c.code) == term.country.as_ref());
            leads(&term.office)
                && country.is_some_and(|country| {
                    let rows = lexicons.gazetteer.named(&country.name);
                    rows.filter(|row| row.kind == PlaceKind::Country)
                        .any(|row| row.people > 40_000_000)
                })
        };
        // Whoever holds an office years after the report was nobody then.
        let date = reading.doc.report.published;
        let begun = |term: &&Term| match (date, term.period.from) {
            (Some(date), Some(from)) => from <= date || term.period.distance(date) <= SOON_DAYS,
            _ => true,
        };
        let mut terms = tables.people[person as usize].terms.iter().filter(begun);
        titled || terms.any(|term| term.of_user || speaks_of(term) || renowned(term))
    }

    pub(super) fn named_else(&mut self, i: usize) -> ActorId {
        let candidate = &self.candidates[i];
        let folded = self.folded(candidate);
        if folded.len() == 1
            && let Some(id) = self.bearer(i)
        {
            return id;
        }
        if candidate.what == What::Named
            && let Some(id) = self.by_initials(&self.text(candidate))
        {
            return id;
        }
        let folded = folded.strip_prefix(&["the".to_owned()]).unwrap_or(&folded).join(" ");
        let kind = match candidate.what {
            What::Named => ActorKind::Organisation,
            What::Place => ActorKind::PlaceAsActor,
            _ => ActorKind::Group,
        };
        let name = self.text(candidate);
        let name = name.strip_prefix("the ").map(str::to_owned).unwrap_or(name);
        let id = self.intern(format_smolstr!("{kind} {folded}"), || blank(name, kind));
        self.known[id.0 as usize].plural |= kind == ActorKind::Group;
        id
    }

    /// "the NHB" after the Northern Herring Board: the organisation with these initials.
    fn by_initials(&self, name: &str) -> Option<ActorId> {
        let short = name.strip_prefix("the ").unwrap_or(name);
        let all_large = short.chars().all(char::is_uppercase);
        if !all_large || !(2..=6).contains(&short.chars().count()) {
            return None;
        }
        let found = self.actors.iter().position(|actor| {
            let initials = actor.name.split([' ', '-']).filter_map(|w| w.chars().next());
            matches!(actor.kind, ActorKind::Organisation | ActorKind::Group)
                && initials.filter(|c| c.is_uppercase()).eq(short.chars())
        });
        found.map(|i| ActorId(i as u32))
    }

    pub(super) fn is_titled_by_user(&self, candidate: &Candidate) -> bool {
        let user = self.reading.spots_in(candidate.name.clone()).any(|spot| spot.of_user);
        user && candidate
            .titles
            .iter()
            .any(|title| matches!(self.reading.agent(*title).class, Class::Person | Class::Office))
    }

    pub(super) fn known_person(&mut self, p: u16) -> ActorId {
        let reading = self.reading;
        let person = &reading.lexicons.actors.people[p as usize];
        let key = format_smolstr!("known {p}");
        if let Some(id) = self.by_key.get(&key) {
            return *id;
        }
        let mut actor = blank(person.name.to_string(), ActorKind::Person);
        let date = reading.doc.report.published;
        let now: Option<&Term> = date.and_then(|d| person.on(d).next());
        let past =
            date.and_then(|d| person.terms.iter().rfind(|t| t.period.to.is_some_and(|to| to < d)));
        let term = now.or(past).or(person.terms.first());
        if let Some(term) = term {
            actor.country = term.country.clone();
            actor.organisation = term.organisation.clone();
        }
        if let Some(term) = now {
            actor.sector = term.sector;
            actor.role = Some(term.role.to_string());
        } else if let Some(term) = past {
            actor.role = Some(format!("former {}", term.role));
        }
        let called = |term: Option<&Term>| {
            let nouns = term.map(|t| [t.role.to_lowercase().into(), t.office.clone()]);
            nouns.into_iter().flatten().collect::<Vec<SmolStr>>()
        };
        let nouns = called(now);
        let former = called(past.filter(|_| now.is_none()));
        let gender = if person.female { Gender::Female } else { Gender::Male };
        let id = self.intern(key, || actor);
        self.known[id.0 as usize] =
            Known { gender, nouns, former, person: Some(p), ..Known::new() };
        id
    }

    /// The person of the report who bears this lone name: the last named in full before it, else the
    /// first after. Of two who share it, one named in this sentence or the one before; else the one
    /// spoken of most: "Cruz" is the senator and not the wife met once.
    pub(super) fn bearer(&self, i: usize) -> Option<ActorId> {
        let candidate = &self.candidates[i];
        let folded = self.folded(candidate);
        let of = self.by_piece.get(folded.last()?.as_str())?;
        let before = of.partition_point(|(start, _)| *start <= candidate.span.start);
        let Some((last_start, last)) = before.checked_sub(1).and_then(|b| of.get(b)) else {
            return of.first().map(|(_, id)| *id);
        };
        let doc = self.reading.doc;
        let sentence = doc.word(candidate.head).sentence;
        let reach = doc.sentences.get(sentence.saturating_sub(1) as usize);
        if reach.is_none_or(|s| s.span.start <= *last_start) {
            return Some(*last);
        }
        let times = |id: ActorId| self.past.iter().filter(|p| p.actor == id).count();
        let named = of[..before].iter().map(|(_, id)| *id);
        named.rev().max_by_key(|id| (times(*id), *id == *last))
    }

    pub(super) fn state(&mut self, code: &str) -> Option<ActorId> {
        let country = self.reading.lexicons.actors.country(code)?;
        let key = format_smolstr!("state {}", country.code);
        Some(self.intern(key, || Actor {
            country: Some(country.code.clone()),
            sector: Sector::Gov,
            ..blank(country.name.to_string(), ActorKind::State)
        }))
    }
}
