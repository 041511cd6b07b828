//! Where a place is named: by the entity head, or by a name of the gazetteer where the words
//! around it don't make it part of another name.

use crate::doc::{Deprel, Doc, EntityKind, Upos, WordId, Xpos};
use dyad_lexicon::Lexicons;
use dyad_lexicon::cues::{CuePos, Frame};
use dyad_lexicon::gazetteer::{Entry, PlaceKind, PlaceWord};
use rustc_hash::FxHashSet;
use std::ops::Range;

/// Words that name a place, with all that they may mean.
#[derive(Clone, Debug)]
pub struct Spot<'t> {
    pub words: Range<u32>,
    pub head: WordId,
    pub name: String,
    pub entries: Vec<Entry<'t>>,
}

/// A name of more words than this is none of the gazetteer's.
const LONGEST: u32 = 5;
/// A town with fewer people must be marked by the entity head or by the region named after it.
const LEAST_PEOPLE: u64 = 15_000;

/// Every spot, in text order. A name that is a place once is one wherever nothing speaks against it.
pub fn find(doc: &Doc<'_>, lexicons: &Lexicons) -> Vec<Spot<'static>> {
    let mut entity_of: Vec<Option<u32>> = vec![None; doc.words.len()];
    for (i, entity) in doc.entities.iter().enumerate() {
        for word in entity.words.clone() {
            entity_of[word as usize] = Some(i as u32);
        }
    }
    let persons = doc.entities.iter().filter(|e| e.kind == EntityKind::Person);
    let full = persons.filter(|e| e.words.len() > 1).flat_map(|e| e.words.clone());
    let bearers = full.map(|w| doc.surface(w)).collect();
    let mut finder = Finder { doc, lexicons, entity_of, known: FxHashSet::default(), bearers };
    let spots = finder.all();
    finder.known = spots.into_iter().filter(|s| !s.entries.is_empty()).map(|s| s.name).collect();
    finder.all()
}

struct Finder<'a> {
    doc: &'a Doc<'a>,
    lexicons: &'a Lexicons,
    entity_of: Vec<Option<u32>>,
    /// Names found to be places elsewhere in the report.
    known: FxHashSet<String>,
    /// The words of the persons' names that have more than one.
    bearers: FxHashSet<&'a str>,
}

impl Finder<'_> {
    fn all(&self) -> Vec<Spot<'static>> {
        let mut spots: Vec<Spot<'static>> = Vec::new();
        for sentence in &self.doc.sentences {
            let mut at = sentence.words.start;
            while at < sentence.words.end {
                let found = self.at(at, sentence.words.end, spots.last());
                at = found.as_ref().map_or(at + 1, |s| s.words.end);
                spots.extend(found);
            }
        }
        spots
    }

    fn is(&self, word: WordId, class: PlaceWord) -> bool {
        (word as usize) < self.doc.words.len()
            && self.lexicons.place_words.is(&self.doc.surface(word).to_lowercase(), class)
    }

    fn kind(&self, word: WordId) -> Option<EntityKind> {
        self.entity_of[word as usize].map(|i| self.doc.entities[i as usize].kind)
    }

    /// The spot that begins at this word.
    fn at(&self, at: WordId, end: WordId, last: Option<&Spot<'static>>) -> Option<Spot<'static>> {
        let first = self.doc.surface(at);
        if !first.starts_with(char::is_uppercase) {
            return None;
        }
        let kind = self.kind(at);
        let person = kind == Some(EntityKind::Person);
        if matches!(kind, Some(EntityKind::Norp | EntityKind::Weapon))
            || person && !self.is_somewhere(at)
        {
            return None;
        }
        let marked = kind == Some(EntityKind::Place);
        let after_comma =
            last.is_some_and(|l| l.words.end + 1 == at && self.doc.surface(l.words.end) == ",");
        if let Some(until) = self.way(at, end) {
            return Some(self.spot(at..until, Vec::new()));
        }
        let longest = end.min(at + LONGEST);
        for until in (at + 1..=longest).rev() {
            if !self.ends_well(at, until) {
                continue;
            }
            let entries = self.named(at..until, after_comma);
            if entries.is_empty() {
                continue;
            }
            // A longer name that the gazetteer knows is never cut to a shorter one.
            return self
                .stands(at..until, &entries, marked, after_comma)
                .then(|| self.spot(at..until, entries));
        }
        let unlisted = marked || person && self.led(at, PlaceWord::Near);
        unlisted.then(|| self.unknown(at)).flatten()
    }

    /// A name right after a preposition of place, or that of a region that nobody in the report
    /// bears: who is taken for a person may be a place. A name of several words must be the
    /// gazetteer's, or stand where nobody does.
    fn is_somewhere(&self, at: WordId) -> bool {
        let Some(i) = self.entity_of[at as usize] else { return false };
        let words = &self.doc.entities[i as usize].words;
        if words.len() == 1 {
            return self.led(at, PlaceWord::Lead) || self.is_region(at);
        }
        let known = || self.lexicons.gazetteer.knows(&self.text(words.clone()));
        let owner = || self.doc.words.get(words.end as usize).is_some_and(|w| w.xpos == Xpos::Pos);
        words.start == at
            && (self.led(at, PlaceWord::Near) && !owner()
                || self.led(at, PlaceWord::Lead) && known())
    }

    /// Whether a preposition of the class stands before the word.
    fn led(&self, at: WordId, class: PlaceWord) -> bool {
        at.checked_sub(1).is_some_and(|w| self.is(w, class))
    }

    /// A lone name of a first-order region: no title before it, no word of speech above it, and no
    /// person of the report who bears it.
    fn is_region(&self, at: WordId) -> bool {
        let doc = self.doc;
        let name = doc.surface(at);
        let region = |e: Entry<'_>| e.kind == PlaceKind::Admin1;
        let word = doc.word(at);
        let titled = at.checked_sub(1).is_some_and(|w| {
            let before = doc.word(w);
            before.sentence == word.sentence && matches!(before.upos, Upos::Noun | Upos::Propn)
        });
        let speaks = word.head.is_some_and(|verb| {
            let cue = self.lexicons.cues.get(CuePos::Verb, &doc.word(verb).lemma);
            cue.is_some_and(|cue| cue.frame == Frame::Speech)
        });
        !titled
            && !speaks
            && !self.bearers.contains(name)
            && self.lexicons.gazetteer.named(name).any(region)
    }

    /// The end of the name of a street or a site that the gazetteer lacks: capitalised words and
    /// what it is.
    fn way(&self, at: WordId, end: WordId) -> Option<WordId> {
        let capital = |w: &WordId| self.doc.surface(*w).starts_with(char::is_uppercase);
        let kind = |w: &WordId| self.is(*w, PlaceWord::Way) || self.is(*w, PlaceWord::Site);
        let last = (at + 1..end.min(at + 4)).take_while(capital).find(kind)?;
        let named = !kind(&at)
            && self.doc.word(at).upos == Upos::Propn
            && (at..last).all(|w| self.kind(w) != Some(EntityKind::Person) || w + 1 == last);
        let known = self.lexicons.gazetteer.knows(&self.text(at..last + 1));
        (named && !known).then_some(last + 1)
    }

    fn spot(&self, words: Range<u32>, entries: Vec<Entry<'static>>) -> Spot<'static> {
        let head = super::head(self.doc, &words);
        Spot { name: self.text(words.clone()), words, head, entries }
    }

    fn text(&self, words: Range<u32>) -> String {
        text(self.doc, words)
    }

    /// The last word of a name is no mark, and a name stops where an entity of another kind begins.
    fn ends_well(&self, at: WordId, until: WordId) -> bool {
        let last = self.doc.surface(until - 1);
        let name = last.starts_with(char::is_uppercase);
        name && (at + 1..until).all(|w| {
            !matches!(self.kind(w), Some(EntityKind::Person | EntityKind::Norp))
                || self.entity_of[w as usize] == self.entity_of[at as usize]
        })
    }

    /// What the gazetteer has under the name, or under the name as it is otherwise written.
    fn named(&self, words: Range<u32>, after_comma: bool) -> Vec<Entry<'static>> {
        let name = self.text(words.clone()).replace('’', "'");
        let pointed = self.pointed(words.clone());
        let mut forms = vec![name.clone()];
        forms.extend(pointed);
        for (short, long) in
            [("St. ", "Saint "), ("Mt. ", "Mount "), ("Ft. ", "Fort "), ("St ", "Saint ")]
        {
            if let Some(rest) = name.strip_prefix(short) {
                forms.push(format!("{long}{rest}"));
            }
        }
        if let Some(rest) = name.strip_prefix("Saint ") {
            forms.push(format!("St. {rest}"));
        }
        let letters = name.chars().filter(|c| c.is_alphabetic()).count();
        if letters >= 4 && !name.chars().any(char::is_lowercase) {
            forms.push(title_case(&name));
        }
        let found = forms.iter().flat_map(|form| self.lexicons.gazetteer.named(form));
        found.filter(|e| after_comma || e.kind != PlaceKind::Postal).collect()
    }

    /// The name with the point that the tokeniser may have cut off ("La" before ".").
    fn pointed(&self, words: Range<u32>) -> Option<String> {
        let end = self.doc.words_span(words.clone()).end as usize;
        let point = self.doc.report.text[end..].starts_with('.');
        point.then(|| format!("{}.", self.text(words)))
    }

    /// Whether a name that the gazetteer knows names a place here.
    fn stands(
        &self,
        words: Range<u32>,
        entries: &[Entry<'static>],
        marked: bool,
        after_comma: bool,
    ) -> bool {
        let doc = self.doc;
        let town = |e: &Entry<'_>| matches!(e.kind, PlaceKind::Town | PlaceKind::Admin2);
        if after_comma && !entries.iter().all(town) {
            return true;
        }
        let single = words.end - words.start == 1;
        if single && self.is(words.start, PlaceWord::Never) {
            return false;
        }
        let whole =
            self.entity_of[words.start as usize].map(|i| doc.entities[i as usize].words.clone());
        let followed = self.is_name_word(words.end);
        if marked {
            // Part of a longer name of a place ("Paris Bridge") is not that place.
            let ends = whole.is_some_and(|e| e.end <= words.end || !self.is_name_word(words.end));
            return ends || !single || self.is(words.end, PlaceWord::Seat);
        }
        if single && doc.word(words.start).upos != Upos::Propn {
            return false;
        }
        let people = entries.iter().map(|e| e.people).max().unwrap_or(0);
        let big = people >= LEAST_PEOPLE
            || !entries.iter().all(town)
            || !single && entries.iter().any(|e| e.kind == PlaceKind::Admin2)
            || self.known.contains(&self.text(words.clone()));
        let before = words
            .start
            .checked_sub(1)
            .filter(|w| doc.word(*w).sentence == doc.word(words.start).sentence);
        let preceded = before.is_some_and(|w| self.is_name_word(w));
        let seat = self.is(words.end, PlaceWord::Seat);
        if self.kind(words.start) == Some(EntityKind::Organisation) {
            // "Springfield Police" lies in Springfield; a place deeper in a name may be anything.
            let begins = whole.as_ref().is_some_and(|e| {
                e.start == words.start
                    || e.start + 1 == words.start
                        && doc.surface(e.start).eq_ignore_ascii_case("the")
            });
            let goes_on = whole.is_some_and(|e| e.end > words.end);
            return big && begins && (seat || !goes_on);
        }
        big && !preceded && (!followed || seat) && self.locative(words)
    }

    /// Said of somewhere: after a preposition, before another noun, or a subject or object by
    /// itself.
    fn locative(&self, words: Range<u32>) -> bool {
        words.clone().any(|w| {
            let word = self.doc.word(w);
            let out = word.head.is_none_or(|h| !words.contains(&h));
            out && !matches!(word.deprel, Deprel::Flat | Deprel::Vocative | Deprel::Discourse)
        })
    }

    fn is_name_word(&self, word: WordId) -> bool {
        let Some(w) = self.doc.words.get(word as usize) else { return false };
        w.upos == Upos::Propn && self.doc.surface(word).starts_with(char::is_uppercase)
    }

    /// A place of the entity head that the gazetteer doesn't know, if its name is more than a word
    /// or stands where a place is told.
    fn unknown(&self, at: WordId) -> Option<Spot<'static>> {
        let entity = &self.doc.entities[self.entity_of[at as usize]? as usize];
        if entity.words.start != at {
            return None;
        }
        let end =
            entity.words.clone().find(|w| self.doc.surface(*w) == ",").unwrap_or(entity.words.end);
        let told = self.is_somewhere(at) && !self.is(at, PlaceWord::Never);
        (end > at + 1 || told).then(|| self.spot(at..end, Vec::new()))
    }
}

/// The words with single spaces between.
pub fn text(doc: &Doc<'_>, words: Range<u32>) -> String {
    let text = doc.words_span(words).of(&doc.report.text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn title_case(name: &str) -> String {
    let mut start = true;
    name.chars()
        .map(|c| {
            let shown = if start { c } else { c.to_lowercase().next().unwrap_or(c) };
            start = !c.is_alphabetic();
            shown
        })
        .collect()
}
