//! Candidates to actors: which mentions mean the same one.
//!
//! [`name`] joins names, [`describe`] and [`relative`] join descriptions, [`pronoun`] says whom a
//! pronoun means: all three ask [`antecedent`], which ranks the mentions before a word. [`speech`]
//! says who speaks, [`side`] whose somebody is, [`enrich`] what each mention adds to its actor,
//! [`code`] how it is written.

mod antecedent;
mod code;
mod describe;
mod enrich;
mod known;
mod name;
mod pronoun;
mod relative;
mod side;
mod speech;

use super::read::{Candidate, Reading, What};
use crate::doc::{Deprel, Upos, WordId};
use crate::mention::{Actor, ActorId, ActorMention};
use code::blank;
use dyad_lexicon::actors::Class;
use dyad_record::{ActorKind, How, Sector};
use known::Known;
use rustc_hash::FxHashMap;
use smol_str::{SmolStr, format_smolstr};

/// How far back a pronoun or a bare description looks.
const REACH_SENTENCES: u32 = 4;

const REACH_MENTIONS: usize = 48;

/// Nouns that only count what stands behind them.
const AMOUNTS: &[&str] = &[
    "hundred", "thousand", "million", "dozen", "score", "number", "handful", "majority", "most",
    "some", "many", "several", "few", "all", "half", "percent", "group", "couple",
];

/// A mention already resolved, as pronouns look back on it.
#[derive(Clone, Copy, Debug)]
struct Past {
    actor: ActorId,
    head: WordId,
    sentence: u32,
    subject: bool,
    nested: bool,
    plural: bool,
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
        // "the speaker of the parliament" is of its state.
        for whole in doc.dependents_by(candidate.head, &[Deprel::Nmod]) {
            if let Some(&j) = self.by_head.get(&whole)
                && self.is_of(whole)
                && matches!(self.candidates[j].what, What::Agent(_))
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
        self.as_counterpart(id, i);
        self.place_among(id, i);
        self.mention(i, id, candidate.how);
        self.mention_others(i, id);
    }

    /// Words may name several at once.
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
            let key = match candidate.what {
                What::Agent(agent) => {
                    format_smolstr!("agent {country}  {}s", self.reading.agent(agent).noun)
                }
                _ => format_smolstr!("agent {country} of {}", candidate.span.start),
            };
            let other = self.intern(key, || Actor { country: Some(country.clone()), ..first });
            self.known[other.0 as usize] = known;
            self.mention(i, other, candidate.how);
        }
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
        // "the governor of the bank, X": the tree may hang the name on the bank.
        let person = matches!(class, Class::Person | Class::Office) && !candidate.plural;
        let below = doc
            .dependents_by(candidate.head, &[Deprel::Nmod])
            .filter(|d| person && self.is_of(*d) && !self.describes_person(*d))
            .flat_map(|d| doc.dependents_by(d, &[Deprel::Appos]));
        up.into_iter().chain(down).chain(below).find_map(|head| {
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

    fn describes_person(&self, head: WordId) -> bool {
        let what = self.by_head.get(&head).map(|i| &self.candidates[*i].what);
        matches!(what, Some(What::Agent(a)) if matches!(self.reading.agent(*a).class, Class::Person | Class::Office))
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
            subject: matches!(self.role(candidate.head), Deprel::Nsubj | Deprel::NsubjPass)
                && !candidate.nested,
            nested: candidate.nested,
            // "the United States" is one.
            plural: candidate.plural
                && match candidate.what {
                    What::Agent(_) => true,
                    What::State(_) => false,
                    What::Pronoun => doc.surface(candidate.head).to_lowercase().starts_with("the"),
                    _ => candidate.name.len() == 1,
                },
        });
    }

    /// The relation of a word; that of the amount where it is what is counted: "hundreds of X".
    fn role(&self, word: WordId) -> Deprel {
        let doc = self.reading.doc;
        let amount = doc.word(word).head.filter(|head| {
            let noun = doc.word(*head);
            doc.word(word).deprel == Deprel::Nmod
                && (noun.upos == Upos::Num || AMOUNTS.contains(&noun.lemma.as_str()))
        });
        doc.word(amount.unwrap_or(word)).deprel
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
