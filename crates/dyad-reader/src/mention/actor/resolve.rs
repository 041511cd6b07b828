//! Candidates to actors: which mentions mean the same one.

use super::read::{Candidate, Reading, Side, Tenure, What};
use crate::doc::{Deprel, Upos, WordId, Xpos};
use crate::mention::{Actor, ActorId, ActorMention};
use dyad_lexicon::actors::{Class, Referent, Term};
use dyad_lexicon::cues::{CuePos, Frame};
use dyad_lexicon::gazetteer::PlaceKind;
use dyad_lexicon::names::pieces;
use dyad_record::{ActorKind, How, Sector};
use rustc_hash::FxHashMap;
use smol_str::{SmolStr, format_smolstr};

/// Words for a state as its people have it: "our country" is that state.
const LANDS: &[&str] = &["country", "nation", "homeland", "fatherland", "motherland"];

/// How far back a pronoun or a bare description looks.
const REACH_SENTENCES: u32 = 4;
const REACH_MENTIONS: usize = 48;
/// A report that still calls somebody by an office is believed this long after the table's end.
const GRACE_DAYS: i32 = 90;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gender {
    Female,
    Male,
    Unknown,
}

/// What resolution knows of an actor beside what the record says.
#[derive(Clone, Debug)]
struct Known {
    gender: Gender,
    plural: bool,
    /// Nouns and offices by which the report or the table calls the actor.
    nouns: Vec<SmolStr>,
    person: Option<u16>,
    /// What a user's dictionary adds to the code for the nouns, as `~GOV`.
    adds: Vec<SmolStr>,
    /// A user's dictionary names it or its side.
    of_user: bool,
}

impl Known {
    fn new() -> Self {
        Known {
            gender: Gender::Unknown,
            plural: false,
            nouns: Vec::new(),
            person: None,
            adds: Vec::new(),
            of_user: false,
        }
    }

    fn is_called_anything(&self) -> bool {
        !self.nouns.is_empty()
    }

    /// Whether the report or the table calls the actor by this noun; leaders go by many.
    fn is_called(&self, noun: &str, office: Option<&str>) -> bool {
        let leader = office == Some("leader");
        self.nouns.iter().any(|n| {
            // "the minister" may be the foreign minister.
            n == noun || is_last_word(n, noun) || leader && (leads(n) || n.ends_with("leader"))
        })
    }
}

fn is_last_word(phrase: &str, word: &str) -> bool {
    phrase.strip_suffix(word).is_some_and(|before| before.ends_with(' '))
}

fn leads(office: &str) -> bool {
    matches!(
        office,
        "head of state"
            | "head of government"
            | "organisation head"
            | "president"
            | "prime minister"
            | "chancellor"
            | "premier"
            | "king"
    )
}

/// A mention already resolved, as pronouns look back on it.
#[derive(Clone, Copy, Debug)]
struct Past {
    actor: ActorId,
    head: WordId,
    sentence: u32,
    subject: bool,
    nested: bool,
}

struct Resolver<'a, 'd, 'r> {
    reading: &'a Reading<'d, 'r>,
    candidates: &'a [Candidate],
    actors: Vec<Actor>,
    known: Vec<Known>,
    by_key: FxHashMap<SmolStr, ActorId>,
    /// Candidates by the word that heads them, the widest first.
    by_head: FxHashMap<WordId, usize>,
    /// Persons by each piece of their full names, in text order of the naming.
    by_piece: FxHashMap<SmolStr, Vec<(u32, ActorId)>>,
    /// The subjects of verbs of speech in each paragraph.
    speakers: FxHashMap<u32, Vec<usize>>,
    /// The last actor that each common noun named.
    by_noun: FxHashMap<SmolStr, ActorId>,
    found: Vec<Option<ActorId>>,
    /// Pronouns resolved before their turn, for what they own.
    visited: Vec<bool>,
    past: Vec<Past>,
    mentions: Vec<ActorMention>,
}

pub fn resolve(
    reading: &Reading<'_, '_>,
    candidates: &[Candidate],
) -> (Vec<Actor>, Vec<ActorMention>) {
    let mut by_head = FxHashMap::default();
    for (i, candidate) in candidates.iter().enumerate() {
        if !candidate.nested {
            by_head.entry(candidate.head).or_insert(i);
        }
    }
    let mut resolver = Resolver {
        reading,
        candidates,
        actors: Vec::new(),
        known: Vec::new(),
        by_key: FxHashMap::default(),
        by_head,
        by_piece: FxHashMap::default(),
        speakers: FxHashMap::default(),
        by_noun: FxHashMap::default(),
        found: vec![None; candidates.len()],
        visited: vec![false; candidates.len()],
        past: Vec::new(),
        mentions: Vec::new(),
    };
    resolver.name_persons();
    resolver.list_speakers();
    for i in 0..candidates.len() {
        resolver.visit(i);
    }
    resolver.first_persons();
    resolver.finish()
}

impl Resolver<'_, '_, '_> {
    /// Persons under their full names come first, wherever they stand: a surname may precede.
    fn name_persons(&mut self) {
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
    fn text(&self, candidate: &Candidate) -> String {
        let span = self.reading.doc.words_span(candidate.name.clone());
        let text = span.of(&self.reading.doc.report.text);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn visit(&mut self, i: usize) {
        if std::mem::replace(&mut self.visited[i], true) {
            return;
        }
        let candidate = &self.candidates[i];
        // "its army", "the country's army" stand before their owners here, and need to know whose.
        let doc = self.reading.doc;
        for owner in doc.dependents_by(candidate.head, &[Deprel::NmodPoss]) {
            if let Some(&j) = self.by_head.get(&owner)
                && matches!(self.candidates[j].what, What::Pronoun | What::Agent(_))
            {
                self.visit(j);
            }
        }
        if candidate.what == What::Pronoun {
            self.pronoun(i);
            return;
        }
        if self.pair(i) {
            return;
        }
        let id = match self.partner(i) {
            Some(partner) => {
                let id = match self.found[partner] {
                    Some(id) => id,
                    None => self.actor_of(partner),
                };
                self.found[partner] = Some(id);
                id
            }
            None => match self.found[i] {
                Some(id) => id,
                None => self.actor_of(i),
            },
        };
        self.found[i] = Some(id);
        self.enrich(id, i);
        self.mention(i, id, candidate.how);
        self.mention_others(i, id);
    }

    /// A user's words may name several at once.
    fn mention_others(&mut self, i: usize, id: ActorId) {
        let candidate = &self.candidates[i];
        if let What::Organisation(o) = candidate.what {
            for other in &self.reading.lexicons.actors.organisations[o as usize].with {
                let other = self.organisation(*other);
                self.mention(i, other, candidate.how);
            }
        }
        for country in &candidate.more {
            let first = self.actors[id.0 as usize].clone();
            let known = self.known[id.0 as usize].clone();
            let key = format_smolstr!("agent {country} of {}", candidate.span.start);
            let other = self.intern(key, || Actor { country: Some(country.clone()), ..first });
            self.known[other.0 as usize] = known;
            self.mention(i, other, candidate.how);
        }
    }

    fn organisation(&mut self, o: u16) -> ActorId {
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

    /// The named one that this description stands in apposition with.
    fn partner(&self, i: usize) -> Option<usize> {
        let candidate = &self.candidates[i];
        let What::Agent(agent) = candidate.what else { return None };
        let doc = self.reading.doc;
        let word = doc.word(candidate.head);
        let up = word.head.filter(|_| word.deprel == Deprel::Appos);
        let down = doc.dependents_by(candidate.head, &[Deprel::Appos, Deprel::NmodDesc]).next();
        let class = self.reading.agent(agent).class;
        up.into_iter().chain(down).find_map(|head| {
            let other = *self.by_head.get(&head)?;
            let fits = match self.candidates[other].what {
                What::Known(_) | What::Surname(_) | What::Person => {
                    matches!(class, Class::Person | Class::Office) && !candidate.plural
                }
                What::Organisation(_) | What::Part(..) | What::Named => {
                    matches!(class, Class::Body) && !candidate.plural
                }
                What::State(_) => class == Class::State && !candidate.plural,
                _ => false,
            };
            fits.then_some(other)
        })
    }

    fn actor_of(&mut self, i: usize) -> ActorId {
        let candidate = &self.candidates[i];
        let tables = &self.reading.lexicons.actors;
        match candidate.what {
            // A user's dictionary gives persons the bare code of their state; whose minister somebody
            // is, the state before the title says.
            What::State(c) if self.is_titled_by_user(candidate) => {
                let before = candidate.side.country.clone();
                let country = before.unwrap_or_else(|| tables.countries[c as usize].code.clone());
                let name = self.text(candidate);
                let key = format_smolstr!("titled {country} {}", name.to_lowercase());
                self.intern(key, || Actor {
                    country: Some(country),
                    ..blank(name, ActorKind::Person)
                })
            }
            What::State(c) => {
                let country = &tables.countries[c as usize];
                self.intern(format_smolstr!("state {}", country.code), || Actor {
                    country: Some(country.code.clone()),
                    sector: Sector::Gov,
                    ..blank(country.name.to_string(), ActorKind::State)
                })
            }
            What::Part(c, sector) => {
                let country = &tables.countries[c as usize];
                let name = self.text(candidate);
                let key = format_smolstr!("part {} {}", country.code, name.to_lowercase());
                self.intern(key, || Actor {
                    country: Some(country.code.clone()),
                    sector,
                    ..blank(name, ActorKind::Organisation)
                })
            }
            What::Organisation(o) => self.organisation(o),
            What::People(c) => {
                let country = &tables.countries[c as usize];
                let name = self.text(candidate);
                let id = self.intern(format_smolstr!("people {}", country.code), || Actor {
                    country: Some(country.code.clone()),
                    sector: Sector::Cvl,
                    ..blank(name, ActorKind::Group)
                });
                self.known[id.0 as usize].plural = true;
                id
            }
            What::Known(p) => self.known_person(p),
            What::Surname(p) => match self.bearer(i) {
                Some(id) => id,
                None if self.is_meant(p, candidate) => self.known_person(p),
                None => self.unknown_person(candidate),
            },
            What::Person => self.bearer(i).unwrap_or_else(|| self.unknown_person(candidate)),
            What::Named | What::Community | What::Place | What::Pronoun => self.named_else(i),
            What::Agent(agent) => self.described(i, agent),
        }
    }

    fn unknown_person(&mut self, candidate: &Candidate) -> ActorId {
        let name = self.text(candidate);
        let key = format_smolstr!("person {}", self.folded(candidate).join(" "));
        self.intern(key, || blank(name, ActorKind::Person))
    }

    /// Whether a lone surname is somebody of the table: the words give an office, the report speaks of
    /// the side, or he leads a state that the whole world reads about.
    fn is_meant(&self, person: u16, candidate: &Candidate) -> bool {
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
        let terms = &tables.people[person as usize].terms;
        titled || terms.iter().any(|term| term.of_user || speaks_of(term) || renowned(term))
    }

    fn named_else(&mut self, i: usize) -> ActorId {
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

    fn is_titled_by_user(&self, candidate: &Candidate) -> bool {
        let user = self.reading.spots_in(candidate.name.clone()).any(|spot| spot.of_user);
        user && candidate
            .titles
            .iter()
            .any(|title| matches!(self.reading.agent(*title).class, Class::Person | Class::Office))
    }

    fn known_person(&mut self, p: u16) -> ActorId {
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
        let nouns = now
            .into_iter()
            .flat_map(|t| [t.role.to_lowercase().into(), t.office.clone()])
            .collect();
        let gender = if person.female { Gender::Female } else { Gender::Male };
        let id = self.intern(key, || actor);
        self.known[id.0 as usize] = Known { gender, nouns, person: Some(p), ..Known::new() };
        id
    }

    /// The person of the report who bears this lone name: the last before it, else the first after.
    fn bearer(&self, i: usize) -> Option<ActorId> {
        let candidate = &self.candidates[i];
        let folded = self.folded(candidate);
        let of = self.by_piece.get(folded.last()?.as_str())?;
        let before = of.partition_point(|(start, _)| *start <= candidate.span.start);
        let (_, id) = before.checked_sub(1).map_or_else(|| of.first(), |b| of.get(b))?;
        Some(*id)
    }

    fn described(&mut self, i: usize, agent: u16) -> ActorId {
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
        let lone = !candidate.plural
            && matches!(agent.class, Class::Office | Class::Person)
            && (candidate.definite || agent.class == Class::Office && side.country.is_some());
        if lone
            && candidate.tenure.is_none()
            && let Some(id) = self.office_holder(&side, &noun, agent.office.as_deref())
        {
            return id;
        }
        let sided = side.country.is_some() || side.organisation.is_some();
        if agent.class == Class::State
            && candidate.definite
            && !candidate.plural
            && !sided
            && let Some(id) = self.state_in_focus(i)
        {
            return id;
        }
        let individual = matches!(agent.class, Class::Office | Class::Person) && !candidate.plural;
        let official = matches!(agent.class, Class::Body | Class::Office)
            && matches!(
                agent.sector,
                Sector::Gov | Sector::Mil | Sector::Cop | Sector::Leg | Sector::Jud
            );
        if !sided
            && candidate.definite
            && let Some(id) = self.by_noun.get(&noun)
        {
            return *id;
        }
        if !sided
            && candidate.definite
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
            && (one || noun == "police")
            && let Some(country) = self.reading.focus(candidate.head)
        {
            side.country = Some(country);
            if individual
                && candidate.tenure.is_none()
                && let Some(id) = self.office_holder(&side, &noun, agent.office.as_deref())
            {
                return id;
            }
        }
        let fresh = !candidate.definite && (individual || counted || !sided);
        let of = format_smolstr!(
            "{} {}",
            side.country.as_deref().unwrap_or_default(),
            side.organisation.as_deref().unwrap_or_default()
        );
        let plural = if candidate.plural { "s" } else { "" };
        let key = match fresh {
            true => format_smolstr!("agent {of} {noun} {}", candidate.span.start),
            false => format_smolstr!("agent {of} {noun}{plural}"),
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
        let sector = side.sector.unwrap_or(if leads { Sector::Gov } else { agent.sector });
        let id = self.intern(key, || Actor {
            country: side.country,
            organisation: side.organisation,
            sector,
            ..blank(name, kind)
        });
        let known = &mut self.known[id.0 as usize];
        known.plural = candidate.plural || matches!(noun.as_str(), "police" | "people" | "troops");
        if known.nouns.is_empty() {
            known.nouns.push(noun.clone());
        }
        if let Some(part) = &agent.adds
            && !known.adds.contains(part)
        {
            known.adds.push(part.clone());
        }
        self.by_noun.insert(noun, id);
        id
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

    /// "his Turkish counterpart" holds the office of the one whose counterpart it is; where no state
    /// is named, it is the other one of that office.
    fn counterpart(&mut self, i: usize) -> Option<ActorId> {
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

    /// The words of a description without its article.
    fn description(&self, candidate: &Candidate) -> String {
        let doc = self.reading.doc;
        let mut words = candidate.words.clone();
        while words.start < candidate.head
            && matches!(doc.word(words.start).upos, Upos::Det | Upos::Num | Upos::Pron)
        {
            words.start += 1;
        }
        let text = doc.words_span(words).of(&doc.report.text);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn counts(&self, head: WordId) -> bool {
        self.reading.doc.dependents_by(head, &[Deprel::Nummod]).next().is_some()
    }

    /// The side in the words themselves, else that of the possessor.
    fn side_of(&self, i: usize) -> Side {
        let candidate = &self.candidates[i];
        let mut side = candidate.side.clone();
        // A counterpart is of another side.
        let apart =
            matches!(candidate.what, What::Agent(a) if self.reading.agent(a).noun == "counterpart");
        if side.country.is_none() && side.organisation.is_none() && !apart {
            let doc = self.reading.doc;
            let owner = doc
                .dependents_by(candidate.head, &[Deprel::NmodPoss])
                .find_map(|d| self.found[*self.by_head.get(&d)?]);
            if let Some(owner) = owner {
                let of_user = self.known[owner.0 as usize].of_user;
                let owner = &self.actors[owner.0 as usize];
                side.country = owner.country.clone();
                side.organisation = owner.organisation.clone();
                side.of_user = of_user;
            }
        }
        side
    }

    /// Who holds the office that a description names.
    fn office_holder(&mut self, side: &Side, noun: &str, office: Option<&str>) -> Option<ActorId> {
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
            let fits =
                actor.kind == ActorKind::Person && same_side && known.is_called(noun, office);
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

    /// "the two countries", "both leaders": the last two of their kind.
    fn pair(&mut self, i: usize) -> bool {
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
    fn state_in_focus(&mut self, i: usize) -> Option<ActorId> {
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

    fn state(&mut self, code: &str) -> Option<ActorId> {
        let country = self.reading.lexicons.actors.country(code)?;
        let key = format_smolstr!("state {}", country.code);
        Some(self.intern(key, || Actor {
            country: Some(country.code.clone()),
            sector: Sector::Gov,
            ..blank(country.name.to_string(), ActorKind::State)
        }))
    }

    fn pronoun(&mut self, i: usize) {
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

    /// Whether the word is the subject of a verb of speech that no other one tells.
    fn speaks(&self, word: WordId) -> bool {
        self.speech_of(word).is_some_and(|verb| {
            !self.reading.doc.ancestors(verb).skip(1).take(8).any(|w| self.is_speech(w))
        })
    }

    /// The verb of speech whose subject the word is.
    fn speech_of(&self, word: WordId) -> Option<WordId> {
        let doc = self.reading.doc;
        let verb = doc.word(word).head.filter(|_| doc.word(word).deprel == Deprel::Nsubj)?;
        self.is_speech(verb).then_some(verb)
    }

    /// Whether a word stands in what the verb of speech tells: below it, or beside it where the
    /// words told govern it ("..., he said").
    fn is_spoken(&self, word: WordId, verb: WordId) -> bool {
        let doc = self.reading.doc;
        if doc.word(word).sentence != doc.word(verb).sentence {
            return false;
        }
        let told = match doc.word(verb).head {
            Some(head) if doc.word(verb).deprel == Deprel::Parataxis => head,
            _ => verb,
        };
        doc.ancestors(word).take(64).any(|w| w == told)
    }

    fn is_speech(&self, verb: WordId) -> bool {
        let word = self.reading.doc.word(verb);
        word.upos == Upos::Verb
            && self
                .reading
                .lexicons
                .cues
                .get(CuePos::Verb, &word.lemma)
                .is_some_and(|cue| cue.frame == Frame::Speech)
    }

    fn list_speakers(&mut self) {
        for (i, candidate) in self.candidates.iter().enumerate() {
            if !candidate.nested
                && first_person(self.reading.doc.surface(candidate.head)).is_none()
                && self.speech_of(candidate.head).is_some()
                && let Some(paragraph) = self.paragraph(candidate.head)
            {
                self.speakers.entry(paragraph).or_default().push(i);
            }
        }
    }

    fn paragraph(&self, word: WordId) -> Option<u32> {
        let doc = self.reading.doc;
        doc.sentences.get(doc.word(word).sentence as usize).map(|s| s.paragraph)
    }

    /// "I" and "we" are those who speak in the paragraph: the subject of the nearest verb of
    /// speech; "we" of somebody in office is the state.
    fn speaker(&mut self, i: usize, many: bool) -> Option<ActorId> {
        let doc = self.reading.doc;
        let head = self.candidates[i].head;
        let near = self.speakers.get(&self.paragraph(head)?)?;
        // Who is told something is not who tells it.
        let others =
            near.iter().filter(|j| doc.word(self.candidates[**j].head).head != doc.word(head).head);
        let j = *others.min_by_key(|j| {
            let word = self.candidates[**j].head;
            (word.abs_diff(head), word)
        })?;
        // The speaker may stand behind the words: "We will pay," he said.
        self.visit(j);
        let speaker = self.found[j]?;
        Some(if many { self.side_actor(speaker) } else { speaker })
    }

    /// The first persons whose speaker was not known in their turn.
    fn first_persons(&mut self) {
        for i in 0..self.candidates.len() {
            let many = first_person(self.reading.doc.surface(self.candidates[i].head));
            if self.candidates[i].what == What::Pronoun
                && self.found[i].is_none()
                && let Some(id) = many.and_then(|many| self.speaker(i, many))
            {
                self.found[i] = Some(id);
                self.mention(i, id, How::Pronoun);
            }
        }
    }

    /// The state for which somebody in office speaks; else the speaker.
    fn side_actor(&mut self, speaker: ActorId) -> ActorId {
        let actor = &self.actors[speaker.0 as usize];
        let official = matches!(actor.sector, Sector::Gov | Sector::Mil);
        let person = actor.kind == ActorKind::Person;
        match actor.country.clone() {
            Some(country) if official && person => self.state(&country).unwrap_or(speaker),
            _ => speaker,
        }
    }

    /// Adds what the words of one more mention say.
    fn enrich(&mut self, id: ActorId, i: usize) {
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
            if !former && !known.nouns.contains(&agent.noun) {
                known.nouns.push(agent.noun.clone());
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

    fn mention(&mut self, i: usize, id: ActorId, how: How) {
        let candidate = &self.candidates[i];
        let doc = self.reading.doc;
        self.mentions.push(ActorMention {
            actor: id,
            span: candidate.span,
            words: candidate.words.clone(),
            head: candidate.head,
            how,
        });
        let word = doc.word(candidate.head);
        self.past.push(Past {
            actor: id,
            head: candidate.head,
            sentence: word.sentence,
            subject: matches!(word.deprel, Deprel::Nsubj | Deprel::NsubjPass) && !candidate.nested,
            nested: candidate.nested,
        });
    }

    fn intern(&mut self, key: SmolStr, make: impl FnOnce() -> Actor) -> ActorId {
        if let Some(id) = self.by_key.get(&key) {
            return *id;
        }
        let id = ActorId(self.actors.len() as u32);
        self.actors.push(make());
        self.known.push(Known::new());
        self.by_key.insert(key, id);
        id
    }

    fn code(&self, actor: &Actor, known: &Known) -> String {
        let tables = &self.reading.lexicons.actors;
        let verbatim = actor.organisation.as_deref().filter(|code| tables.is_verbatim(code));
        // A user's agents alone tell the roles of a user's actors.
        let bare = tables.roles_of_user && known.of_user;
        match (verbatim, &known.adds[..]) {
            (None, []) if bare && actor.country.is_some() => {
                code(&Actor { sector: Sector::Unk, ..actor.clone() })
            }
            (None, []) => code(actor),
            (Some(base), []) if bare => base.to_owned(),
            (Some(base), []) if actor.kind != ActorKind::Organisation => {
                let sector = Some(actor.sector).filter(|_| known.is_called_anything());
                let adds: Vec<SmolStr> =
                    sector.map(|s| format_smolstr!("~{s}")).into_iter().collect();
                joined(base, &adds)
            }
            (base, adds) => {
                let base = base.or(actor.country.as_deref()).or(actor.organisation.as_deref());
                joined(base.unwrap_or_default(), adds)
            }
        }
    }

    /// Orders actors by their first mention and gives each its code.
    fn finish(mut self) -> (Vec<Actor>, Vec<ActorMention>) {
        self.mentions.sort_by_key(|m| (m.span.start, std::cmp::Reverse(m.span.end), m.actor));
        let mut new_id: Vec<Option<ActorId>> = vec![None; self.actors.len()];
        let mut actors = Vec::with_capacity(self.actors.len());
        let mut mentions = std::mem::take(&mut self.mentions);
        for mention in &mut mentions {
            let slot = &mut new_id[mention.actor.0 as usize];
            let id = *slot.get_or_insert_with(|| {
                let mut actor = self.actors[mention.actor.0 as usize].clone();
                let known = &self.known[mention.actor.0 as usize];
                actor.code = self.code(&actor, known);
                actors.push(actor);
                ActorId(actors.len() as u32 - 1)
            });
            mention.actor = id;
        }
        (actors, mentions)
    }
}

/// A code in a user's terms: each part that the words add stands in it once.
fn joined(base: &str, adds: &[SmolStr]) -> String {
    let (mut before, mut after) = (String::new(), String::new());
    for part in adds {
        let (front, back) = part.split_once('~').unwrap_or(("", part));
        for (triples, end) in [(front, &mut before), (back, &mut after)] {
            for at in (0..triples.len()).step_by(3) {
                let triple = triples.get(at..at + 3).unwrap_or(&triples[at..]);
                let known = [base, end.as_str()]
                    .iter()
                    .any(|s| (0..s.len()).step_by(3).any(|i| s.get(i..i + 3) == Some(triple)));
                if !known {
                    end.push_str(triple);
                }
            }
        }
    }
    [before.as_str(), base, after.as_str()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn blank(name: String, kind: ActorKind) -> Actor {
    Actor {
        name,
        kind,
        country: None,
        organisation: None,
        sector: Sector::Unk,
        code: String::new(),
        role: None,
    }
}

/// `RUS GOV`; a state alone is `RUS`; without a state the organisation stands first.
fn code(actor: &Actor) -> String {
    let of = actor.country.as_deref().or(actor.organisation.as_deref());
    let sector = match (actor.kind, actor.sector) {
        (ActorKind::State | ActorKind::PlaceAsActor, Sector::Gov | Sector::Unk) => None,
        (_, Sector::Unk) => None,
        (_, sector) => Some(sector.as_str()),
    };
    match (of, sector) {
        (Some(of), Some(sector)) => format!("{of} {sector}"),
        (Some(of), None) => of.to_owned(),
        (None, Some(sector)) => sector.to_owned(),
        (None, None) => Sector::Unk.as_str().to_owned(),
    }
}

/// Whether the word is a first person, and of many.
fn first_person(word: &str) -> Option<bool> {
    match word.to_lowercase().as_str() {
        "i" | "me" | "my" | "mine" | "myself" => Some(false),
        "we" | "us" | "our" | "ours" | "ourselves" => Some(true),
        _ => None,
    }
}

fn gender_of(noun: &str) -> Gender {
    const FEMALE: &[&str] = &[
        "queen",
        "mother",
        "daughter",
        "sister",
        "wife",
        "widow",
        "girl",
        "nun",
        "princess",
        "actress",
        "first lady",
    ];
    const MALE: &[&str] =
        &["king", "father", "son", "brother", "husband", "boy", "monk", "prince", "pope"];
    if noun.ends_with("woman") || FEMALE.contains(&noun) {
        Gender::Female
    } else if (noun.ends_with("man") && !noun.ends_with("woman")) || MALE.contains(&noun) {
        Gender::Male
    } else {
        Gender::Unknown
    }
}

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
