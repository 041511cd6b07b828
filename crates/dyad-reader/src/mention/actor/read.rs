//! Phrase to candidate: what kind of actor the words name, and what they say of its side.

use super::phrase::{Phrase, Spot, entity_of_words, phrases, spots};
use crate::doc::{Deprel, Doc, EntityKind, Sentence, Upos, WordId, Xpos};
use crate::mention::{Place, PlaceMention};
use crate::span::Span;
use dyad_lexicon::Lexicons;
use dyad_lexicon::actors::{Agent, Class, Referent};
use dyad_record::{How, Sector};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::ops::Range;

/// What the words name.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    State(u16),
    /// A part of a state under a name of its own: the sector, and the name in the text.
    Part(u16, Sector),
    Organisation(u16),
    /// The people of a state.
    People(u16),
    /// Somebody of the table.
    Known(u16),
    /// The surname of somebody of the table, which somebody else in the report may bear.
    Surname(u16),
    /// A person by a name that no table has.
    Person,
    /// A common noun.
    Agent(u16),
    /// An organisation by a name that no table has.
    Named,
    /// A people or creed by a name that no table has.
    Community,
    Place,
    Pronoun,
}

/// The sides that the words beside a noun or name give it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Side {
    pub country: Option<SmolStr>,
    pub organisation: Option<SmolStr>,
    pub sector: Option<Sector>,
    /// The service of the state that the words name, in lower case: "fbi". Who leads it leads no state.
    pub service: Option<SmolStr>,
    /// A user's dictionary names the side.
    pub of_user: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    pub words: Range<u32>,
    pub span: Span,
    pub head: WordId,
    pub how: How,
    pub what: What,
    pub side: Side,
    /// The states of the others whom a plural speaks of: "envoys of X, Y and Z".
    pub more: Vec<SmolStr>,
    /// The words of the bare name, without title and side.
    pub name: Range<u32>,
    /// Common nouns that the phrase gives as title or office, as indices into the agents.
    pub titles: Vec<u16>,
    /// "former", "acting", …
    pub tenure: Option<Tenure>,
    pub plural: bool,
    pub definite: bool,
    /// It stands as adjective or title inside a wider phrase.
    pub nested: bool,
    /// A word that stands for others named before: "the latter", "the pair".
    pub stands_for: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tenure {
    Former,
    Acting,
    Elect,
}

/// What all readings of one report share.
pub struct Reading<'d, 'r> {
    pub doc: &'d Doc<'r>,
    pub lexicons: &'d Lexicons,
    pub spots: Vec<Spot>,
    spot_of: Vec<Option<u32>>,
    entity_of: Vec<Option<u32>>,
    place_of: Vec<Option<SmolStr>>,
    /// Every word that speaks of a state, in text order.
    of_states: Vec<(WordId, SmolStr)>,
}

/// Every candidate in text order, a wider one before those that it holds.
pub fn candidates<'d, 'r>(
    doc: &'d Doc<'r>,
    lexicons: &'d Lexicons,
    places: &[Place],
    place_mentions: &[PlaceMention],
) -> (Reading<'d, 'r>, Vec<Candidate>) {
    let spots = spots(doc, lexicons);
    let mut spot_of = vec![None; doc.words.len()];
    for (i, spot) in spots.iter().enumerate() {
        for word in spot.words.clone() {
            spot_of[word as usize] = Some(i as u32);
        }
    }
    let mut place_of = vec![None; doc.words.len()];
    for mention in place_mentions {
        let country = places[mention.place.0 as usize].country.clone().unwrap_or_default();
        for word in mention.words.clone() {
            if let Some(slot) = place_of.get_mut(word as usize) {
                *slot = Some(country.clone());
            }
        }
    }
    let entity_of = entity_of_words(doc);
    let of_states = of_states(lexicons, &spots, places, place_mentions);
    let reading = Reading { doc, lexicons, spots, spot_of, entity_of, place_of, of_states };
    let mut found = Vec::new();
    let mut covered = vec![false; doc.words.len()];
    for phrase in phrases(doc) {
        reading.read(&phrase, &mut found, &mut covered);
    }
    reading.read_rest(&mut found, &covered);
    for (i, word) in doc.words.iter().enumerate() {
        if word.upos == Upos::Pron || word.xpos == Xpos::PrpS {
            found.push(reading.pronoun(i as WordId));
        } else if reading.stands_for(i as WordId) {
            let mut candidate = reading.pronoun(i as WordId);
            candidate.stands_for = true;
            found.push(candidate);
        }
    }
    found.sort_by_key(|c: &Candidate| (c.span.start, std::cmp::Reverse(c.span.end)));
    found.dedup_by(|b, a| a.span == b.span);
    let found = reading.join(found);
    (reading, found)
}

fn of_states(
    lexicons: &Lexicons,
    spots: &[Spot],
    places: &[Place],
    place_mentions: &[PlaceMention],
) -> Vec<(WordId, SmolStr)> {
    let named = spots.iter().filter_map(|spot| match spot.referent {
        Referent::Country(i)
        | Referent::Adjective(i)
        | Referent::People(i)
        | Referent::Capital(i)
        | Referent::Metonym(i, _) => {
            Some((spot.words.start, lexicons.actors.countries[i as usize].code.clone()))
        }
        _ => None,
    });
    let placed = place_mentions.iter().filter_map(|mention| {
        Some((mention.words.start, places[mention.place.0 as usize].country.clone()?))
    });
    let mut all: Vec<_> = named.chain(placed).collect();
    all.sort();
    all.dedup();
    all
}

impl<'d> Reading<'d, '_> {
    /// The state that the paragraph up to this word's sentence is mostly about, else the report
    /// so far: twice as often named as any other.
    pub fn focus(&self, word: WordId) -> Option<SmolStr> {
        let sentence = self.doc.sentences.get(self.doc.word(word).sentence as usize)?;
        self.focus_until(sentence, sentence.words.end)
    }

    /// The same by what stands before the word's sentence: where many do something is not whose they are.
    pub fn focus_before(&self, word: WordId) -> Option<SmolStr> {
        let sentence = self.doc.sentences.get(self.doc.word(word).sentence as usize)?;
        self.focus_until(sentence, sentence.words.start)
    }

    fn focus_until(&self, sentence: &Sentence, end: WordId) -> Option<SmolStr> {
        let doc = self.doc;
        let end = self.of_states.partition_point(|(w, _)| *w < end);
        let before = &self.of_states[end.saturating_sub(FOCUS_REACH)..end];
        let here = before.partition_point(|(w, _)| {
            let of = doc.sentences.get(doc.word(*w).sentence as usize);
            of.is_some_and(|s| s.paragraph < sentence.paragraph)
        });
        let paragraph = &before[here..];
        match paragraph {
            [] => dominant(before),
            _ => dominant(paragraph).or_else(|| self.opening(paragraph)),
        }
    }

    /// The only state of the sentence that opens the paragraph, where no other is named more often.
    fn opening(&self, paragraph: &[(WordId, SmolStr)]) -> Option<SmolStr> {
        let sentence = self.doc.word(paragraph.first()?.0).sentence;
        let first = |(w, _): &&(WordId, SmolStr)| self.doc.word(*w).sentence == sentence;
        let mut opening = paragraph.iter().take_while(first).map(|(_, state)| state);
        let state = opening.next()?;
        let times = |of: &SmolStr| paragraph.iter().filter(|(_, s)| s == of).count();
        let most = paragraph.iter().all(|(_, other)| times(other) <= times(state));
        (most && opening.all(|other| other == state)).then(|| state.clone())
    }

    /// Whether the report so far is mostly about this state.
    pub fn is_about(&self, word: WordId, country: &SmolStr) -> bool {
        let doc = self.doc;
        let sentence = doc.sentences.get(doc.word(word).sentence as usize);
        let end = sentence.map_or(word, |s| s.words.end);
        let end = self.of_states.partition_point(|(w, _)| *w < end);
        dominant(&self.of_states[..end]).as_ref() == Some(country)
    }

    fn spot(&self, word: WordId) -> Option<&Spot> {
        self.spot_of[word as usize].map(|i| &self.spots[i as usize])
    }

    fn entity(&self, word: WordId) -> Option<(Range<u32>, EntityKind)> {
        self.entity_of[word as usize].map(|i| {
            let entity = &self.doc.entities[i as usize];
            (entity.words.clone(), entity.kind)
        })
    }

    pub fn agent(&self, i: u16) -> &'d Agent {
        &self.lexicons.actors.agents[i as usize]
    }

    fn agent_spot(&self, word: WordId) -> Option<(u16, &Spot)> {
        self.spot(word).and_then(|spot| match spot.referent {
            Referent::Agent(i) => Some((i, spot)),
            _ => None,
        })
    }

    /// The spot that begins with this word.
    fn spot_from(&self, word: WordId) -> Option<&Spot> {
        let spot = self.spot_of.get(word as usize).copied().flatten();
        spot.map(|i| &self.spots[i as usize]).filter(|spot| spot.words.start == word)
    }

    /// The spots among these words, in order.
    pub fn spots_in(&self, words: Range<u32>) -> impl Iterator<Item = &Spot> {
        let first = self.spots.partition_point(|s| s.words.end <= words.start);
        self.spots[first..].iter().take_while(move |s| s.words.start < words.end)
    }

    fn read(&self, phrase: &Phrase, found: &mut Vec<Candidate>, covered: &mut [bool]) {
        // A name of several words may hold phrases: only its own head reads it.
        if let Some(spot) = self.spot(phrase.head)
            && spot.words.len() > 1
            && governor(self.doc, spot.words.clone()) != phrase.head
            && !phrase.words.contains(&governor(self.doc, spot.words.clone()))
        {
            return;
        }
        let what = self.person(phrase).or_else(|| self.head_names(phrase));
        let what = what.map(|(what, named)| match what {
            // "the daily Avvenire": what stands before the name says that it is no person.
            What::Person if self.is_body_before(phrase, &named) => (What::Named, named),
            _ => (what, named),
        });
        let mut name = phrase.words.clone();
        if let Some((what, named)) = what {
            name = named.clone();
            let first = match what {
                What::Person | What::Known(_) | What::Surname(_) => {
                    self.titles_start(phrase.words.start, named.start)
                }
                _ => phrase.words.start.min(named.start),
            };
            // Whatever the tree says, a mention holds its head.
            let words = first.min(phrase.head)..phrase.words.end.max(named.end);
            let mut candidate = self.candidate(words, phrase.head, what, named);
            self.describe(&mut candidate);
            for word in name.clone() {
                covered[word as usize] = true;
            }
            if !self.is_predicate(&candidate) && !self.is_vague(&candidate) {
                found.push(candidate);
            }
        }
        // Names and national adjectives inside the phrase are mentions of their own.
        for spot in self.spots_in(phrase.words.clone()) {
            let inside = spot.words.start >= phrase.words.start
                && spot.words.end <= phrase.words.end
                && (spot.words.end <= name.start
                    || spot.words.start >= name.end
                    || name.is_empty());
            if inside && let Some(candidate) = self.nested(spot) {
                covered[spot.words.start as usize] = true;
                found.push(candidate);
            }
        }
    }

    fn is_body_before(&self, phrase: &Phrase, name: &Range<u32>) -> bool {
        name.start > phrase.words.start
            && self.agent_spot(name.start - 1).is_some_and(|(i, spot)| {
                spot.words.start >= phrase.words.start && self.agent(i).class == Class::Body
            })
    }

    /// Where the titles before a person's name begin: a common noun that is no title ends them.
    fn titles_start(&self, start: WordId, name: WordId) -> WordId {
        let mut first = name;
        let mut titled = false;
        while first > start {
            let before = first - 1;
            if let Some(spot) = self.spot(before) {
                titled |= matches!(spot.referent, Referent::Agent(_));
                first = spot.words.start.max(start);
                continue;
            }
            if self.doc.word(before).upos == Upos::Noun && !titled {
                break;
            }
            first = before;
        }
        first.min(name)
    }

    /// "X is a partner", "as a mediator": a noun that only says what another is.
    fn is_predicate(&self, candidate: &Candidate) -> bool {
        let doc = self.doc;
        let head = candidate.head;
        let equated =
            !candidate.definite && doc.dependents_by(head, &[Deprel::Cop]).next().is_some();
        // "is one of the main exporters"
        let among = doc.word(head).head.filter(|_| doc.word(head).deprel == Deprel::Nmod);
        let counted_in = among.is_some_and(|one| {
            doc.surface(one).eq_ignore_ascii_case("one") && self.is_equated(one)
        });
        matches!(candidate.what, What::Agent(_))
            && (equated || counted_in || preposition(doc, head).as_deref() == Some("as"))
    }

    /// The word says what the subject is or becomes.
    fn is_equated(&self, id: WordId) -> bool {
        let doc = self.doc;
        let word = doc.word(id);
        let becomes = word.head.is_some_and(|verb| {
            matches!(doc.word(verb).lemma.as_str(), "become" | "remain" | "be")
        });
        doc.dependents_by(id, &[Deprel::Cop]).next().is_some()
            || becomes && matches!(word.deprel, Deprel::Xcomp | Deprel::Obj | Deprel::Obl)
    }

    /// "The front", "the network": a body of no sector and no side acts only as a subject.
    fn is_vague(&self, candidate: &Candidate) -> bool {
        let What::Agent(i) = candidate.what else { return false };
        let agent = self.agent(i);
        let lone = candidate.side.country.is_none() && candidate.side.organisation.is_none();
        // "the peoples of our lands" says all and names none.
        if lone && self.doc.surface(candidate.head).eq_ignore_ascii_case("peoples") {
            return true;
        }
        let owned = self.doc.dependents_by(candidate.head, &[Deprel::NmodPoss]).next().is_some();
        let paired = agent.noun == "side";
        agent.class == Class::Body
            && candidate.side.sector.is_none()
            && agent.sector == Sector::Unk
            && lone
            && !owned
            && !paired
            && !is_subject(self.doc, candidate.head)
    }

    /// Names that stand in no phrase: the tree may be wrong about them, the table seldom is.
    fn read_rest(&self, found: &mut Vec<Candidate>, covered: &[bool]) {
        for spot in &self.spots {
            if !covered[spot.words.start as usize]
                && let Some(candidate) = self.nested(spot)
            {
                found.push(candidate);
            }
        }
    }

    /// "Hungarian leader Viktor Orban" where the tree makes two phrases of it: a description right
    /// before the name that it fits is part of the name's mention.
    fn join(&self, mut found: Vec<Candidate>) -> Vec<Candidate> {
        let mut at = FxHashMap::default();
        for (i, candidate) in found.iter().enumerate().filter(|(_, c)| !c.nested) {
            at.entry(candidate.words.start).or_insert(i);
        }
        let mut joined = vec![false; found.len()];
        for i in 0..found.len() {
            let Some(&j) = at.get(&found[i].words.end) else { continue };
            if i == j || found[i].nested || joined[i] || !self.introduces(&found[i], &found[j]) {
                continue;
            }
            let words = found[i].words.start..found[j].words.end;
            let name = found[j].clone();
            let title = std::mem::replace(&mut found[i], name);
            let name = &mut found[i];
            if name.what == What::Person && self.is_body(&title) {
                name.what = What::Named;
            }
            name.head = self.head_of_both(title.head, name.head);
            name.span = self.doc.words_span(words.clone());
            name.words = words;
            name.titles.splice(0..0, title.titles);
            name.tenure = name.tenure.or(title.tenure);
            name.side.country = title.side.country.or(name.side.country.take());
            name.side.organisation = title.side.organisation.or(name.side.organisation.take());
            name.side.sector = title.side.sector.or(name.side.sector);
            joined[j] = true;
        }
        let mut joined = joined.iter();
        found.retain(|_| !joined.next().copied().unwrap_or(false));
        found
    }

    fn is_body(&self, candidate: &Candidate) -> bool {
        matches!(candidate.what, What::Agent(i) if self.agent(i).class == Class::Body)
    }

    /// Whether a description says what the name right behind it is: without an article it must,
    /// with one ("the party Smith left") only where the tree joins them.
    fn introduces(&self, title: &Candidate, name: &Candidate) -> bool {
        let What::Agent(agent) = title.what else { return false };
        let doc = self.doc;
        if title.plural || title.name.end != title.words.end {
            return false;
        }
        let linked = doc.word(name.head).head == Some(title.head) && !is_subject(doc, name.head)
            || doc.word(title.head).head == Some(name.head);
        let beside = doc.word(title.head).head == doc.word(name.head).head;
        let bare =
            !title.definite && doc.dependents_by(title.head, &[Deprel::Det]).next().is_none();
        match self.agent(agent).class {
            Class::Person | Class::Office => {
                matches!(name.what, What::Person | What::Known(_) | What::Surname(_))
                    && (linked || bare)
            }
            Class::Body => {
                let lone = name.what == What::Person && name.name.len() == 1;
                (linked || beside)
                    && (lone
                        || matches!(
                            name.what,
                            What::Named | What::Organisation(_) | What::Part(..)
                        ))
            }
            _ => false,
        }
    }

    /// The head by which the sentence knows the two: the one that the other hangs on, else the
    /// one that is an argument.
    fn head_of_both(&self, title: WordId, name: WordId) -> WordId {
        let doc = self.doc;
        if doc.ancestors(name).take(8).any(|w| w == title) {
            return title;
        }
        if doc.ancestors(title).take(8).any(|w| w == name) || is_subject(doc, name) {
            return name;
        }
        title
    }

    fn nested(&self, spot: &Spot) -> Option<Candidate> {
        let what = self.named(spot)?;
        let head = governor(self.doc, spot.words.clone());
        let mut candidate = self.candidate(spot.words.clone(), head, what, spot.words.clone());
        candidate.span = spot.span;
        candidate.nested = true;
        if matches!(spot.referent, Referent::Capital(_)) {
            // "Moscow officials", "the Kyiv metro": only beside an actor does a capital act.
            let beside = self.doc.word(head).head.is_some_and(|h| self.agent_spot(h).is_some());
            if !(beside || is_agentive(self.doc, head)) {
                return None;
            }
        }
        Some(candidate)
    }

    fn candidate(
        &self,
        words: Range<u32>,
        head: WordId,
        what: What,
        name: Range<u32>,
    ) -> Candidate {
        let how = match what {
            What::Agent(_) => How::Description,
            What::State(_) | What::Part(..) if self.is_metonym(&name) => How::Metonym,
            _ => How::Name,
        };
        let word = self.doc.word(head);
        let det = self.doc.dependents_by(head, &[Deprel::Det]).next();
        let possessed = self.doc.dependents_by(head, &[Deprel::NmodPoss]).next().is_some();
        let article = det.map(|d| self.doc.surface(d).to_lowercase());
        let definite = possessed
            || article.is_some_and(|a| matches!(a.as_str(), "the" | "this" | "that" | "both"));
        Candidate {
            span: self.doc.words_span(words.clone()),
            words,
            head,
            how,
            what,
            side: Side::default(),
            more: Vec::new(),
            name,
            titles: Vec::new(),
            tenure: None,
            plural: matches!(word.xpos, Xpos::Nns | Xpos::Nnps),
            definite,
            nested: false,
            stands_for: false,
        }
    }

    fn is_metonym(&self, name: &Range<u32>) -> bool {
        self.spots_in(name.clone())
            .any(|s| matches!(s.referent, Referent::Capital(_) | Referent::Metonym(..)))
    }

    /// What a name of the tables says of itself; none for common nouns.
    fn named(&self, spot: &Spot) -> Option<What> {
        Some(match spot.referent {
            Referent::Country(i) | Referent::Adjective(i) | Referent::Capital(i) => What::State(i),
            Referent::Metonym(i, Sector::Gov) => What::State(i),
            Referent::Metonym(i, sector) => What::Part(i, sector),
            Referent::Organisation(i) => What::Organisation(i),
            Referent::People(i) => What::People(i),
            Referent::Person(i) => What::Known(i),
            Referent::Surname(i) => What::Surname(i),
            Referent::Agent(_) | Referent::Nobody => return None,
        })
    }

    /// A person's name in the phrase, with the words of the bare name.
    fn person(&self, phrase: &Phrase) -> Option<(What, Range<u32>)> {
        for spot in self.spots_in(phrase.words.clone()) {
            let person = matches!(spot.referent, Referent::Person(_));
            if person && spot.words.end > phrase.head {
                return Some((self.named(spot)?, spot.words.clone()));
            }
        }
        let listed = |words: &Range<u32>| {
            self.spot(phrase.head).is_some_and(|spot| {
                !matches!(
                    spot.referent,
                    Referent::Agent(_) | Referent::Person(_) | Referent::Surname(_)
                ) && spot.words.start <= words.start
                    && words.end <= spot.words.end
            })
        };
        if let Some((words, EntityKind::Person)) = self.entity(phrase.head)
            && !listed(&words)
        {
            let words = self.strip_titles(words.start.max(phrase.words.start)..words.end);
            if !words.is_empty() && words.end > phrase.head && !self.is_no_person(&words) {
                if words.len() == 1
                    && let Some(spot) = self.spot(words.start)
                    && let Referent::Surname(i) = spot.referent
                {
                    return Some((What::Surname(i), words));
                }
                return Some((What::Person, words));
            }
        }
        if let Some(spot) = self.spot(phrase.head)
            && let Referent::Surname(i) = spot.referent
        {
            let longer = self.run_before(spot.words.start, phrase.words.start);
            if longer < spot.words.start {
                return Some((What::Person, longer..spot.words.end));
            }
            return Some((What::Surname(i), spot.words.clone()));
        }
        self.titled(phrase)
    }

    /// A place of the report, or two words that damage has run together ("DailyKharkiv").
    fn is_no_person(&self, words: &Range<u32>) -> bool {
        words.clone().all(|w| self.place_of[w as usize].is_some())
            || (words.len() == 1 && is_glued(self.doc.surface(words.start)))
    }

    /// The first of the untitled proper nouns right before a word: a given name.
    fn run_before(&self, word: WordId, start: WordId) -> WordId {
        let mut first = word;
        while first > start
            && self.doc.word(first - 1).upos == Upos::Propn
            && self.spot(first - 1).is_none()
        {
            first -= 1;
        }
        first
    }

    fn strip_titles(&self, words: Range<u32>) -> Range<u32> {
        let mut start = words.start;
        while start < words.end {
            match self.spot(start) {
                Some(spot)
                    if spot.words.end < words.end
                        && matches!(
                            spot.referent,
                            Referent::Agent(_) | Referent::Adjective(_) | Referent::Country(_)
                        ) =>
                {
                    start = spot.words.end;
                }
                _ => break,
            }
        }
        start..words.end
    }

    /// "President Alhadi Umar": a title and then names that nothing else explains.
    fn titled(&self, phrase: &Phrase) -> Option<(What, Range<u32>)> {
        if !matches!(self.entity(phrase.head), None | Some((_, EntityKind::Other))) {
            return None;
        }
        let title = self
            .spots_in(phrase.words.clone())
            .filter(|spot| spot.words.end < phrase.words.end)
            .filter(|spot| match spot.referent {
                Referent::Agent(i) => {
                    let large = spot.span.of(&self.doc.report.text).starts_with(char::is_uppercase);
                    let class = self.agent(i).class;
                    class == Class::Title
                        || (large && matches!(class, Class::Office | Class::Person))
                }
                _ => false,
            })
            .last()?;
        let mut name = title.words.end..phrase.words.end;
        if self.doc.surface(name.start) == "." {
            name.start += 1;
        }
        let bare = !name.is_empty() && name.clone().all(|w| {
            self.doc.word(w).upos == Upos::Propn
                && !matches!(self.spot(w), Some(s) if !matches!(s.referent, Referent::Surname(_)))
        });
        (bare && name.contains(&phrase.head)).then_some((What::Person, name))
    }

    /// What the head of the phrase names, where it is no person.
    fn head_names(&self, phrase: &Phrase) -> Option<(What, Range<u32>)> {
        let head = phrase.head;
        let entity = self.entity(head);
        if let Some(spot) = self.spot(head) {
            let wider = entity.as_ref().filter(|(words, kind)| {
                !spot.of_user
                    && words.len() > spot.words.len()
                    && matches!(kind, EntityKind::Organisation)
                    && spot.words.end == words.end
                    && !matches!(spot.referent, Referent::Agent(_))
            });
            match spot.referent {
                _ if wider.is_some() => {}
                Referent::Capital(_) if !is_agentive(self.doc, head) => {
                    return is_target(self.doc, head).then(|| (What::Place, spot.words.clone()));
                }
                Referent::Adjective(i) => return Some((What::People(i), spot.words.clone())),
                Referent::Agent(i) => {
                    return match self.agent(i).class {
                        Class::Title => None,
                        _ => Some((What::Agent(i), spot.words.clone())),
                    };
                }
                _ => return Some((self.named(spot)?, spot.words.clone())),
            }
        }
        let acts = || is_agentive(self.doc, head) || is_target(self.doc, head);
        // A name that neither table nor entity head knows still acts where it is the subject.
        if entity.is_none() && self.doc.word(head).upos == Upos::Propn && is_subject(self.doc, head)
        {
            let kind =
                if self.place_of[head as usize].is_some() { What::Place } else { What::Named };
            return Some((kind, phrase.words.clone()));
        }
        match entity? {
            (words, _) if self.place_of[head as usize].is_some() => {
                acts().then_some((What::Place, words))
            }
            (words, EntityKind::Organisation) => Some((What::Named, words)),
            (words, EntityKind::Norp) => Some((What::Community, words)),
            (words, EntityKind::Place) if acts() => Some((What::Place, words)),
            _ => None,
        }
    }

    /// Reads title, side and tenure off the words around the name.
    fn describe(&self, candidate: &mut Candidate) {
        let before = candidate.words.start..candidate.name.start;
        let mut titled_side = Side::default();
        for spot in self.spots_in(before.clone()) {
            match spot.referent {
                Referent::Agent(i) => {
                    candidate.titles.push(i);
                    let agent = self.agent(i);
                    if agent.sector != Sector::Unk {
                        titled_side.sector = Some(agent.sector);
                    }
                }
                _ => {
                    let mut other = Side::default();
                    self.take_side(&mut other, spot);
                    self.take_side(&mut candidate.side, spot);
                    self.add_more(candidate, other.country, spot.words.start);
                }
            }
        }
        if let What::Agent(i) = candidate.what {
            candidate.titles.push(i);
            self.complement(candidate);
            let side = &candidate.side;
            if side.country.is_none() && side.organisation.is_none() {
                self.adjacent_complement(candidate);
            }
            let agent = self.agent(i);
            // "Herring Aid Norway": a role that stands before its side in the code does in the text.
            if agent.adds.as_ref().is_some_and(|adds| adds.ends_with('~'))
                && let Some(spot) = self.spot_from(candidate.name.end)
                && candidate.side.country.is_none()
                && self.doc.word(spot.words.start).sentence
                    == self.doc.word(candidate.head).sentence
            {
                self.take_side(&mut candidate.side, spot);
                candidate.words.end = candidate.words.end.max(spot.words.end);
                candidate.span = self.doc.words_span(candidate.words.clone());
            }
            if agent.sector != Sector::Unk {
                titled_side.sector = Some(agent.sector);
            }
        }
        if matches!(candidate.what, What::Person) {
            self.led(candidate);
        }
        let side = &mut candidate.side;
        let own = titled_side.sector;
        let weak = |sector| matches!(sector, None | Some(Sector::Gov | Sector::Unk | Sector::Cvl));
        // "Pentagon spokesman" is of the military: the office says less than the house.
        if own.is_some() && (weak(side.sector) || !weak(own)) {
            let rebels = matches!(side.sector, Some(Sector::Reb | Sector::Sep));
            let soldiers = rebels && own == Some(Sector::Mil);
            let keep =
                side.sector.is_some() && weak(own) && side.organisation.is_some() || soldiers;
            if !keep {
                side.sector = own;
            }
        }
        candidate.tenure =
            before.chain(candidate.name.clone()).find_map(|w| tenure(self.doc.surface(w)));
        if matches!(candidate.what, What::Place) && candidate.side.country.is_none() {
            candidate.side.country =
                self.place_of[candidate.head as usize].clone().filter(|c| !c.is_empty());
            if let Some(Referent::Capital(i)) = self.spot(candidate.head).map(|s| s.referent) {
                candidate.side.country =
                    Some(self.lexicons.actors.countries[i as usize].code.clone());
            }
        }
    }

    /// "X, who leads Norway's navy": what somebody leads says whose he is.
    fn led(&self, candidate: &mut Candidate) {
        const LEAD: &[&str] =
            &["lead", "head", "command", "chair", "run", "govern", "rule", "represent", "direct"];
        let doc = self.doc;
        for clause in doc.dependents_by(candidate.head, &[Deprel::AclRelcl]) {
            let verb = doc.word(clause);
            let who = doc.dependents_by(clause, &[Deprel::Nsubj]).next();
            if !LEAD.contains(&verb.lemma.as_str())
                || verb.upos != Upos::Verb
                || !who.is_some_and(|w| doc.surface(w).eq_ignore_ascii_case("who"))
            {
                continue;
            }
            for led in doc.dependents_by(clause, &[Deprel::Obj]) {
                if candidate.side.country.is_none()
                    && candidate.side.organisation.is_none()
                    && let Some(spot) = self.side_spot(led)
                {
                    self.take_side(&mut candidate.side, spot);
                }
                if let Some((house, _)) = self.agent_spot(led)
                    && matches!(self.agent(house).class, Class::Body | Class::Person)
                {
                    candidate.side.sector = Some(self.agent(house).sector);
                }
            }
        }
    }

    fn take_side(&self, side: &mut Side, spot: &Spot) {
        let tables = &self.lexicons.actors;
        if side.country.is_none() && side.organisation.is_none() {
            side.of_user = spot.of_user;
        }
        match spot.referent {
            Referent::Country(i)
            | Referent::Adjective(i)
            | Referent::People(i)
            | Referent::Capital(i) => {
                side.country.get_or_insert_with(|| tables.countries[i as usize].code.clone());
            }
            Referent::Metonym(i, sector) => {
                if side.country.is_none() && side.organisation.is_none() && sector != Sector::Gov {
                    let name = spot.span.of(&self.doc.report.text);
                    side.service = Some(name.to_lowercase().into());
                }
                side.country.get_or_insert_with(|| tables.countries[i as usize].code.clone());
                side.sector.get_or_insert(sector);
            }
            Referent::Organisation(i) => {
                let organisation = &tables.organisations[i as usize];
                side.organisation.get_or_insert_with(|| organisation.code.clone());
                side.sector.get_or_insert(organisation.sector);
                if let Some(country) = &organisation.country {
                    side.country.get_or_insert_with(|| country.clone());
                }
            }
            Referent::Person(_) | Referent::Surname(_) | Referent::Agent(_) | Referent::Nobody => {}
        }
    }

    /// "the head of the DPR", "police in Kenya": the side that stands behind the noun.
    fn complement(&self, candidate: &mut Candidate) {
        let doc = self.doc;
        for d in doc.dependents_by(candidate.head, &[Deprel::Nmod]) {
            if d < candidate.words.end {
                continue;
            }
            let Some(case) = doc.dependents_by(d, &[Deprel::Case]).next() else { continue };
            let preposition = doc.surface(case).to_lowercase();
            self.take_house(candidate, d, &preposition);
            let Some(spot) = self.side_spot(d) else { continue };
            let of = preposition == "of";
            let fits = match preposition.as_str() {
                "of" | "for" | "from" | "with" => true,
                "in" => !matches!(candidate.side.sector, Some(Sector::Mil)),
                _ => false,
            };
            if !fits {
                continue;
            }
            self.take_side(&mut candidate.side, spot);
            if of || preposition == "from" {
                self.take_more(candidate, d);
            }
            let joined = case == candidate.words.end
                && (case + 1..spot.words.start).all(|w| doc.word(w).upos != Upos::Punct);
            if of && joined && spot.words.end > candidate.words.end {
                candidate.words.end = spot.words.end.max(d + 1);
                candidate.span = doc.words_span(candidate.words.clone());
            }
        }
    }

    /// "a leader of the opposition", "a spokesman for the rebels": who belongs to them is of them.
    fn take_house(&self, candidate: &mut Candidate, house: WordId, preposition: &str) {
        const OF_A_HOUSE: &[&str] = &[
            "leader",
            "head",
            "chief",
            "chairman",
            "chairwoman",
            "director",
            "member",
            "spokesman",
            "spokeswoman",
            "spokesperson",
            "representative",
            "official",
            "commander",
            "boss",
            "founder",
            "president",
            "general",
            "governor",
            "secretary",
            "adviser",
        ];
        let What::Agent(i) = candidate.what else { return };
        if matches!(preposition, "of" | "for" | "in" | "from")
            && OF_A_HOUSE.contains(&self.agent(i).noun.as_str())
            && let Some((house, _)) = self.agent_spot(house)
            && matches!(self.agent(house).class, Class::Body | Class::Person)
            && !matches!(self.agent(house).sector, Sector::Unk | Sector::Cvl)
        {
            candidate.side.sector = Some(self.agent(house).sector);
        }
    }

    /// "the envoys of X, Y and Z": a plural is some of each.
    fn take_more(&self, candidate: &mut Candidate, first: WordId) {
        for other in self.doc.dependents_by(first, &[Deprel::Conj]) {
            let mut side = Side::default();
            if let Some(spot) = self.side_spot(other) {
                self.take_side(&mut side, spot);
            }
            self.add_more(candidate, side.country, other);
        }
    }

    /// One more state of whose people a plural speaks: "Indian and Chinese soldiers".
    fn add_more(&self, candidate: &mut Candidate, country: Option<SmolStr>, word: WordId) {
        let joined = self.doc.word(word).deprel == Deprel::Conj;
        let many = candidate.plural && matches!(candidate.what, What::Agent(_));
        let new =
            |c: &SmolStr| Some(c) != candidate.side.country.as_ref() && !candidate.more.contains(c);
        let more = country.filter(|c| many && joined && new(c));
        candidate.more.extend(more);
    }

    /// The side right behind an "of" that the tree hangs elsewhere.
    fn adjacent_complement(&self, candidate: &mut Candidate) {
        let doc = self.doc;
        let case = candidate.words.end;
        let is_of = |w: WordId| {
            doc.words.get(w as usize).is_some_and(|word| {
                doc.surface(w).eq_ignore_ascii_case("of")
                    && word.sentence == doc.word(candidate.head).sentence
            })
        };
        if !is_of(case) {
            return;
        }
        let spots = (case + 1..case + 3).take_while(|w| (*w as usize) < doc.words.len());
        let spot = spots.filter_map(|w| self.spot(w)).find(|spot| {
            !matches!(
                spot.referent,
                Referent::Agent(_) | Referent::Person(_) | Referent::Surname(_)
            )
        });
        if let Some(spot) = spot
            && doc.word(spot.words.start).sentence == doc.word(candidate.head).sentence
        {
            self.take_side(&mut candidate.side, spot);
            candidate.words.end = spot.words.end;
            candidate.span = doc.words_span(candidate.words.clone());
        }
    }

    /// The name of a side that the word or what stands before it gives.
    fn side_spot(&self, word: WordId) -> Option<&Spot> {
        let names_side = |spot: &&Spot| {
            !matches!(
                spot.referent,
                Referent::Agent(_) | Referent::Person(_) | Referent::Surname(_)
            )
        };
        if let Some(spot) = self.spot(word).filter(names_side) {
            return Some(spot);
        }
        self.doc.dependents(word).iter().find_map(|d| {
            let near = *d < word && self.doc.word(*d).deprel != Deprel::Case;
            near.then(|| self.spot(*d)).flatten().filter(names_side)
        })
    }

    /// "the latter", "the pair", "the two": an argument that says no more of whom it means.
    fn stands_for(&self, id: WordId) -> bool {
        let doc = self.doc;
        let word = doc.surface(id).to_lowercase();
        let says = matches!(
            word.as_str(),
            "former" | "latter" | "pair" | "duo" | "trio" | "two" | "three"
        );
        let ordered = matches!(word.as_str(), "former" | "latter");
        let the = |d: &WordId| doc.surface(*d).eq_ignore_ascii_case("the");
        let more = |d: &WordId| {
            use Deprel::{Acl, AclRelcl, Amod, Compound, Nmod, NmodPoss};
            *d < id && !the(d) && doc.word(*d).deprel != Deprel::Case
                || !ordered
                    && matches!(
                        doc.word(*d).deprel,
                        Acl | AclRelcl | Amod | Compound | Nmod | NmodPoss
                    )
        };
        use Deprel::{Iobj, Nmod, NmodPoss, Nsubj, NsubjPass, Obj, Obl, OblAgent};
        says && matches!(
            relation(doc, id).1,
            Nsubj | NsubjPass | Obj | Iobj | Obl | OblAgent | Nmod | NmodPoss
        ) && doc.dependents(id).iter().any(the)
            && !doc.dependents(id).iter().any(more)
    }

    fn pronoun(&self, id: WordId) -> Candidate {
        let mut candidate = self.candidate(id..id + 1, id, What::Pronoun, id..id + 1);
        candidate.how = How::Pronoun;
        candidate
    }
}

/// How many names of states back the focus of a report is looked for.
const FOCUS_REACH: usize = 32;

fn dominant(states: &[(WordId, SmolStr)]) -> Option<SmolStr> {
    let mut counts: BTreeMap<&SmolStr, usize> = BTreeMap::new();
    for (_, state) in states {
        *counts.entry(state).or_default() += 1;
    }
    let (first, most) = counts.iter().max_by_key(|(_, n)| **n)?;
    let second = counts.iter().filter(|(state, _)| *state != first).map(|(_, n)| *n).max();
    (*most >= 2 * second.unwrap_or(0)).then(|| (*first).clone())
}

/// A capital inside the word after so many small letters that no "Mac" or "Van" explains it.
fn is_glued(word: &str) -> bool {
    let mut small = 0;
    for c in word.chars() {
        if c.is_uppercase() && small > 3 {
            return true;
        }
        small = if c.is_lowercase() { small + 1 } else { 0 };
    }
    false
}

fn tenure(word: &str) -> Option<Tenure> {
    let word = word.to_lowercase();
    match word.as_str() {
        "former" | "ex" | "late" | "ousted" | "deposed" | "then" | "onetime" | "outgoing-elect" => {
            Some(Tenure::Former)
        }
        "acting" | "interim" | "caretaker" => Some(Tenure::Acting),
        "elect" | "incoming" => Some(Tenure::Elect),
        _ if word.starts_with("ex-") || word.starts_with("then-") => Some(Tenure::Former),
        _ if word.ends_with("-elect") => Some(Tenure::Elect),
        _ => None,
    }
}

/// The word of the range whose governor stands outside it.
fn governor(doc: &Doc<'_>, words: Range<u32>) -> WordId {
    words
        .clone()
        .find(|w| doc.word(*w).head.is_none_or(|h| !words.contains(&h)))
        .unwrap_or(words.end - 1)
}

fn is_subject(doc: &Doc<'_>, id: WordId) -> bool {
    use Deprel::{Nsubj, NsubjPass, OblAgent};
    matches!(relation(doc, id).1, Nsubj | NsubjPass | OblAgent)
}

/// The relation that a word stands in, read through coordination.
fn relation(doc: &Doc<'_>, mut id: WordId) -> (WordId, Deprel) {
    for _ in 0..8 {
        let word = doc.word(id);
        match word.head {
            Some(head) if word.deprel == Deprel::Conj && head < id => id = head,
            _ => break,
        }
    }
    (id, doc.word(id).deprel)
}

fn preposition(doc: &Doc<'_>, id: WordId) -> Option<String> {
    doc.dependents_by(id, &[Deprel::Case]).next().map(|c| doc.surface(c).to_lowercase())
}

/// Verbs of motion, with which "to" and "from" mean a place.
const MOTION: &[&str] = &[
    "go", "travel", "fly", "come", "arrive", "return", "leave", "move", "visit", "head", "drive",
    "walk", "flee", "deploy", "withdraw", "march", "sail", "bring", "take", "send", "rush",
    "depart",
];

/// Verbs whose object is a place, not a government.
const ON_PLACES: &[&str] = &[
    "reach",
    "enter",
    "hit",
    "strike",
    "bomb",
    "shell",
    "attack",
    "capture",
    "seize",
    "storm",
    "pound",
    "rock",
    "target",
    "bombard",
    "raid",
    "besiege",
    "surround",
    "approach",
    "occupy",
    "liberate",
    "recapture",
    "retake",
    "tour",
    "damage",
    "destroy",
    "cross",
    "control",
    "hold",
    "evacuate",
    "ravage",
    "devastate",
    "fortify",
    "encircle",
    "defend",
    "connect",
    "link",
    "cover",
];

/// Subject, agent, possessor, or one of two sides: where a capital stands for its state.
pub fn is_agentive(doc: &Doc<'_>, id: WordId) -> bool {
    let (id, relation) = relation(doc, id);
    match relation {
        Deprel::Nsubj | Deprel::NsubjPass | Deprel::OblAgent | Deprel::Iobj => true,
        Deprel::Obj => doc.word(id).head.is_some_and(|h| {
            let verb = doc.word(h).lemma.as_str();
            !MOTION.contains(&verb) && !ON_PLACES.contains(&verb)
        }),
        Deprel::NmodPoss => preposition(doc, id).is_some_and(|p| p.ends_with('s') || p == "'"),
        Deprel::Obl | Deprel::Nmod => {
            let moves = doc.word(id).head.is_some_and(|h| {
                let head = doc.word(h);
                head.upos == Upos::Verb && MOTION.contains(&head.lemma.as_str())
            });
            match preposition(doc, id).as_deref() {
                Some("with" | "between" | "against" | "by" | "toward" | "towards") => true,
                Some("to" | "from") => !moves,
                _ => false,
            }
        }
        _ => false,
    }
}

/// What an act may be done to: the object, or what an attack is on.
fn is_target(doc: &Doc<'_>, id: WordId) -> bool {
    let (id, relation) = relation(doc, id);
    match relation {
        Deprel::Obj => true,
        Deprel::Obl | Deprel::Nmod => {
            matches!(preposition(doc, id).as_deref(), Some("on" | "upon" | "against" | "over"))
        }
        _ => false,
    }
}
