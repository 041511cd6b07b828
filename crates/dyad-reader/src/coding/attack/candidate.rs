//! What a report names, and what is seen of each: all of its mentions together.

use super::{SIZE, is_attack};
use crate::coding::Event;
use crate::doc::{Deprel, Doc, Entity, EntityKind, Upos, WordId};
use crate::mention::linear::Seen;
use crate::mention::{ActorId, ActorMention, Mentions};
use dyad_lexicon::Acts;
use dyad_lexicon::acts::ActPos;
use dyad_record::{EventType, How, Status};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::{SmolStr, StrExt, format_smolstr};
use std::ops::Range;

/// Something that a report names, once or often.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The words that name it: the fullest name of a person, what is said most often of others.
    pub name: String,
    /// The words of each mention.
    pub words: Vec<Range<WordId>>,
    pub actor: Option<ActorId>,
    pub features: Vec<u32>,
}

/// What mentions of one thing share.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Person(SmolStr),
    Actor(ActorId),
    Head(SmolStr),
}

struct Draft {
    names: Vec<(SmolStr, u32)>,
    person: bool,
    words: Vec<Range<WordId>>,
    actor: Option<ActorId>,
    kind: SmolStr,
    seen: Seen,
}

/// Everything that is named in a report of an attack; nothing where it tells of none.
pub fn candidates(
    doc: &Doc<'_>,
    mentions: &Mentions,
    events: &[Event],
    acts: &Acts,
) -> Vec<Candidate> {
    if !events.iter().any(is_attack) {
        return Vec::new();
    }
    let look = Look::new(doc, mentions, events, acts);
    let mut at: FxHashMap<Key, usize> = FxHashMap::default();
    let mut drafts: Vec<Draft> = Vec::new();
    for head in (0..doc.words.len() as WordId).filter(|w| look.names(*w)) {
        let words = look.phrase(head);
        let name = plain(doc, words.clone());
        if name.is_empty() {
            continue;
        }
        let key = look.key(head, &words, &mut at, drafts.len());
        let kind = look.kind(head);
        let i = *at.entry(key).or_insert(drafts.len());
        if i == drafts.len() {
            drafts.push(Draft {
                names: Vec::new(),
                person: look.is_person(head),
                words: Vec::new(),
                actor: None,
                kind: kind.clone(),
                seen: Seen::new(SIZE as usize),
            });
        }
        let draft = &mut drafts[i];
        match draft.names.iter_mut().find(|(n, _)| *n == name) {
            Some((_, count)) => *count += 1,
            None => draft.names.push((name, 1)),
        }
        draft.words.push(words);
        draft.actor = draft.actor.or(look.mention(head).map(|m| m.actor));
        look.mark(head, &kind, &mut draft.seen);
    }
    let of_report = look.of_report(events);
    drafts.into_iter().map(|draft| draft.done(&of_report)).collect()
}

impl Draft {
    fn done(mut self, of_report: &[SmolStr]) -> Candidate {
        let count = format_smolstr!("{}", self.words.len().min(5));
        self.seen.add(&["count", &count]);
        for fact in of_report {
            self.seen.add(&["report", fact]);
            self.seen.add(&["report", fact, &self.kind]);
        }
        let person = self.person;
        let best = self.names.iter().max_by_key(|(name, count)| {
            let words = name.split(' ').count() as u32;
            if person { (words, *count, 0) } else { (*count, 0, u32::MAX - name.len() as u32) }
        });
        Candidate {
            name: best.map(|(name, _)| name.to_string()).unwrap_or_default(),
            words: self.words,
            actor: self.actor,
            features: self.seen.done(),
        }
    }
}

/// The words in lower case, without marks.
fn plain(doc: &Doc<'_>, words: Range<WordId>) -> SmolStr {
    let mut name = String::new();
    for word in words.filter(|w| doc.word(*w).upos != Upos::Punct) {
        if !name.is_empty() {
            name.push(' ');
        }
        name.push_str(&doc.surface(word).to_lowercase());
    }
    name.into()
}

struct Look<'a> {
    doc: &'a Doc<'a>,
    mentions: &'a Mentions,
    acts: &'a Acts,
    /// For each word the entity that holds it.
    entity: Vec<Option<u32>>,
    places: FxHashSet<WordId>,
    /// The roles in events that a word has a part in.
    roles: FxHashMap<WordId, Vec<SmolStr>>,
    /// For each sentence the words of force in it.
    force: Vec<Vec<SmolStr>>,
}

impl<'a> Look<'a> {
    fn new(doc: &'a Doc<'a>, mentions: &'a Mentions, events: &[Event], acts: &'a Acts) -> Self {
        let mut entity = vec![None; doc.words.len()];
        for (i, e) in doc.entities.iter().enumerate() {
            entity[e.words.start as usize..e.words.end as usize].fill(Some(i as u32));
        }
        let mut roles: FxHashMap<WordId, Vec<SmolStr>> = FxHashMap::default();
        for event in events {
            let done = matches!(event.status, Status::Happened | Status::Ongoing);
            let of = |role: &str| format_smolstr!("{role} {} {done}", event.kind);
            let actors = event.actor_phrases.iter().chain(&event.actor_spans).map(|s| (s, "a"));
            let struck = event.recipient_phrases.iter().chain(&event.recipient_spans);
            let arms = event.instruments.iter().map(|s| (s, "i"));
            for (span, role) in actors.chain(struck.map(|s| (s, "r"))).chain(arms) {
                for word in doc.words_in(*span) {
                    roles.entry(word).or_default().push(of(role));
                }
            }
        }
        let tells_force = |lemma: &str| {
            [ActPos::Verb, ActPos::Noun]
                .iter()
                .any(|pos| acts.rules(*pos, lemma).any(|r| r.kind == Some(EventType::Assault)))
        };
        let force = doc.sentences.iter().map(|s| {
            let lemmas = s.words.clone().map(|w| doc.word(w).lemma.to_lowercase_smolstr());
            let mut words: Vec<SmolStr> = lemmas.filter(|l| tells_force(l)).collect();
            words.sort_unstable();
            words.dedup();
            words
        });
        Look {
            doc,
            mentions,
            acts,
            entity,
            places: mentions.place_mentions.iter().map(|m| m.head).collect(),
            roles,
            force: force.collect(),
        }
    }

    fn entity(&self, word: WordId) -> Option<&Entity> {
        self.entity[word as usize].map(|i| &self.doc.entities[i as usize])
    }

    fn mention(&self, word: WordId) -> Option<&ActorMention> {
        self.mentions.headed_by(word)
    }

    fn is_person(&self, word: WordId) -> bool {
        self.entity(word).is_some_and(|e| e.kind == EntityKind::Person)
    }

    /// Whether the word is the head of a phrase that names something.
    fn names(&self, word: WordId) -> bool {
        use Deprel::{Compound, Conj, Fixed, Flat, Goeswith, Nsubj, NsubjPass, Obj, Obl};
        let w = self.doc.word(word);
        let role = matches!(w.deprel, Nsubj | NsubjPass | Obj | Obl | Conj);
        let nominal = match w.upos {
            Upos::Noun | Upos::Propn => true,
            Upos::Adj | Upos::Num => role,
            _ => false,
        };
        let entity = self.entity(word);
        let inner = matches!(w.deprel, Compound | Flat | Goeswith | Fixed);
        let closes = entity.is_some_and(|e| {
            use EntityKind::{Norp, Organisation, Person, Weapon};
            e.words.end == word + 1 && matches!(e.kind, Organisation | Person | Norp | Weapon)
        });
        nominal && (!inner || closes) && entity.is_none_or(|e| e.kind != EntityKind::Date)
    }

    /// A person's name, or the noun with what stands before it but its article.
    fn phrase(&self, head: WordId) -> Range<WordId> {
        let doc = self.doc;
        if let Some(person) = self.entity(head).filter(|e| e.kind == EntityKind::Person) {
            return person.words.clone();
        }
        let first = |word: WordId| doc.subtree(word).first().copied().unwrap_or(word);
        let mut start = head;
        for before in doc.dependents(head).iter().rev().filter(|d| **d < head) {
            use Deprel::*;
            match doc.word(*before).deprel {
                Amod | Compound | Nummod | NmodPoss | Flat | Det | DetPredet | NmodDesc
                | Advmod | NmodUnmarked | Appos | Nmod => start = start.min(first(*before)),
                Punct => {}
                _ => break,
            }
        }
        let idle = |w: &WordId| {
            matches!(doc.word(*w).deprel, Deprel::Det | Deprel::DetPredet | Deprel::Punct)
        };
        while start < head && idle(&start) {
            start += 1;
        }
        let mut end = head + 1;
        let tail = [Deprel::Flat, Deprel::Compound, Deprel::Nummod];
        while doc.dependents_by(head, &tail).any(|d| d == end) {
            end += 1;
        }
        start..end
    }

    /// A person is known by any of the names that an earlier one had.
    fn key(
        &self,
        head: WordId,
        words: &Range<WordId>,
        at: &mut FxHashMap<Key, usize>,
        next: usize,
    ) -> Key {
        let lower = |w: WordId| self.doc.surface(w).to_lowercase_smolstr();
        if self.is_person(head) {
            let last = Key::Person(lower(words.end - 1));
            let i = at.get(&last).copied().unwrap_or(next);
            for word in words.clone() {
                at.entry(Key::Person(lower(word))).or_insert(i);
            }
            return last;
        }
        match self.mention(head) {
            Some(m) if m.how == How::Name => Key::Actor(m.actor),
            _ => Key::Head(self.doc.word(head).lemma.to_lowercase_smolstr()),
        }
    }

    fn kind(&self, head: WordId) -> SmolStr {
        let entity = self.entity(head).map_or("-", |e| e.kind.as_str());
        let actor = self.mention(head).map(|m| self.mentions.actor(m.actor));
        let actor = actor.map_or("-", |a| a.kind.as_str());
        let place = if self.places.contains(&head) { "place" } else { "" };
        format_smolstr!("{entity} {actor} {place}")
    }

    /// The word above the phrase, above all that it is coordinated with, and how it hangs there.
    fn governor(&self, head: WordId) -> (WordId, Option<WordId>, SmolStr) {
        let doc = self.doc;
        let mut top = head;
        while doc.word(top).deprel == Deprel::Conj
            && let Some(above) = doc.word(top).head
        {
            top = above;
        }
        let case = doc.dependents_by(top, &[Deprel::Case]).next();
        let case = case.map(|c| doc.word(c).lemma.to_lowercase_smolstr()).unwrap_or_default();
        let how = format_smolstr!("{} {case}", doc.word(top).deprel.as_str());
        (top, doc.word(top).head, how)
    }

    fn mark(&self, head: WordId, kind: &str, seen: &mut Seen) {
        let (doc, w) = (self.doc, self.doc.word(head));
        let lemma = w.lemma.to_lowercase_smolstr();
        let l = lemma.as_str();
        seen.add(&["lemma", l]);
        let ending = l.char_indices().rev().nth(3).map_or(0, |(i, _)| i);
        seen.add(&["ending", &l[ending..]]);
        seen.add(&["kind", kind]);
        for class in self.acts.classes_of(l) {
            seen.add(&["class", class]);
        }
        if let Some(mention) = self.mention(head) {
            let actor = self.mentions.actor(mention.actor);
            let how = mention.how.as_str();
            seen.add(&["actor", how, actor.kind.as_str(), actor.sector.as_str()]);
            seen.add(&["who", &actor.name]);
        }
        self.mark_place(head, kind, seen);
        for part in doc.dependents(head) {
            use Deprel::{Acl, AclRelcl, Amod, Appos, Compound, Nmod, NmodPoss, Nummod};
            let part = doc.word(*part);
            let lemma = part.lemma.to_lowercase_smolstr();
            if matches!(part.deprel, Amod | Compound | Nummod | Nmod | NmodPoss | Appos) {
                seen.add(&["part", &lemma]);
            }
            if matches!(part.deprel, Acl | AclRelcl) {
                seen.add(&["clause", part.deprel.as_str(), &lemma]);
            }
        }
        for role in self.roles.get(&head).into_iter().flatten() {
            seen.add(&["role", role]);
            seen.add(&["role", role, kind]);
        }
        let force = &self.force[w.sentence as usize];
        for word in force {
            seen.add(&["force", word]);
            seen.add(&["force", word, kind]);
        }
        if !force.is_empty() {
            seen.add(&["force"]);
            seen.add(&["beside force", kind]);
        }
        let sixth = w.sentence as usize * 6 / doc.sentences.len().max(1);
        seen.add(&["where", &format_smolstr!("{sixth}")]);
        if w.sentence < 3 {
            seen.add(&["early", &format_smolstr!("{}", w.sentence == 0)]);
        }
    }

    /// How it hangs in its clause, and on what.
    fn mark_place(&self, head: WordId, kind: &str, seen: &mut Seen) {
        use Deprel::{AuxPass, CompoundPrt, Nsubj, NsubjPass, Obj, Obl, OblAgent};
        let doc = self.doc;
        let (top, governor, how) = self.governor(head);
        let Some(governor) = governor else { return };
        let g = doc.word(governor);
        let lemma = g.lemma.to_lowercase_smolstr();
        seen.add(&["how", &how]);
        seen.add(&["how", &how, kind]);
        seen.add(&["on", &lemma]);
        seen.add(&["on", &lemma, &how]);
        seen.add(&["on", &lemma, &how, kind]);
        for class in self.acts.classes_of(&lemma) {
            seen.add(&["on class", class, &how]);
            seen.add(&["on class", class, &how, kind]);
        }
        if let Some(above) = g.head {
            let above = doc.word(above).lemma.to_lowercase_smolstr();
            seen.add(&["above", &above]);
            seen.add(&["above", &above, &how, g.deprel.as_str()]);
        }
        for beside in doc.dependents(governor).iter().filter(|d| **d != top) {
            let b = doc.word(*beside);
            if matches!(b.deprel, Obj | Nsubj | NsubjPass | Obl | AuxPass | OblAgent | CompoundPrt)
            {
                let lemma = b.lemma.to_lowercase_smolstr();
                seen.add(&["beside", &how, b.deprel.as_str(), &lemma]);
            }
        }
    }

    /// What is seen of the report as a whole.
    fn of_report(&self, events: &[Event]) -> [SmolStr; 2] {
        let told = self.force.iter().filter(|words| !words.is_empty()).count();
        let share = (told * 10 / self.force.len().max(1)).min(6);
        let attacks = events.iter().filter(|e| is_attack(e)).count().min(4);
        [format_smolstr!("force {share}"), format_smolstr!("attacks {attacks}")]
    }
}
