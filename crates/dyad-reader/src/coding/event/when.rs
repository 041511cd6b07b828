//! When an act took place, as its own clause says.

use super::tree;
use crate::coding::EventTime;
use crate::doc::{Deprel, Doc, Upos, WordId};
use crate::mention::{Mentions, TimeId, TimeKind};
use dyad_record::{Status, TimeBasis};
use jiff::civil::Date;
use rustc_hash::FxHashSet;

/// Prepositions under which a date bounds a stretch of time.
const BOUNDS: &[&str] =
    &["since", "until", "till", "before", "after", "than", "following", "pending"];

/// The dated expressions of a report, by sentence.
pub struct Times<'a> {
    doc: &'a Doc<'a>,
    mentions: &'a Mentions,
    /// Sentence, topmost word and id of every dated expression, in text order.
    dated: Vec<(u32, WordId, TimeId)>,
    /// The words that tell acts: each keeps the times below it for itself.
    triggers: FxHashSet<WordId>,
}

impl<'a> Times<'a> {
    pub fn new(doc: &'a Doc<'a>, mentions: &'a Mentions, triggers: FxHashSet<WordId>) -> Self {
        let mut dated = Vec::new();
        for (i, time) in mentions.times.iter().enumerate() {
            // A decade or a century dates no act.
            let year = |from: Date, to: Date| (to - from).get_days() < 400;
            let dates = matches!(time.kind, TimeKind::Date | TimeKind::Time)
                && time.from.zip(time.to).is_some_and(|(from, to)| year(from, to));
            let top = time
                .words
                .clone()
                .find(|w| doc.word(*w).head.is_none_or(|h| !time.words.contains(&h)));
            // "since 1945", "before Friday": a bound of something is no date of it.
            let bounds = |top: &WordId| tree::is_under(doc, *top, BOUNDS);
            if let Some(top) = top.filter(|top| dates && !bounds(top)) {
                dated.push((doc.word(top).sentence, top, TimeId(i as u32)));
            }
        }
        dated.sort_unstable();
        Times { doc, mentions, dated, triggers }
    }

    /// The same with more words that tell acts.
    pub fn with(mut self, triggers: impl Iterator<Item = WordId>) -> Self {
        self.triggers.extend(triggers);
        self
    }

    /// The time of an act: what its clause states, what it shares with the clause that it is
    /// coordinated with, or the report's date for what a finite clause tells as done.
    pub fn of(&self, trigger: WordId, light: Option<WordId>, status: Status) -> Option<EventTime> {
        let doc = self.doc;
        let clause = light.unwrap_or(trigger);
        if let Some(id) = self.stated(trigger, clause) {
            return Some(self.make(id, TimeBasis::Stated));
        }
        if doc.word(clause).upos == Upos::Noun {
            // "raised it in a meeting in May": what is done at an act is done when it is.
            let verb = match doc.word(clause).deprel {
                Deprel::Nsubj | Deprel::NsubjPass => doc.word(clause).head,
                _ if tree::is_under(doc, clause, &["in", "at", "during"]) => {
                    tree::setting_of(doc, clause)
                }
                _ => None,
            };
            if let Some(verb) = verb
                && let Some(id) = self.stated(verb, verb)
            {
                return Some(self.make(id, TimeBasis::Stated));
            }
            return None;
        }
        let first = tree::first_conjunct(doc, clause);
        let shares =
            doc.dependents_by(clause, &[Deprel::Nsubj, Deprel::NsubjPass]).next().is_none();
        if first != clause
            && shares
            && let Some(id) = self.stated(first, first)
        {
            return Some(self.make(id, TimeBasis::Inherited));
        }
        if !matches!(status, Status::Happened | Status::Ongoing) || self.is_background(clause) {
            return None;
        }
        // "In 2019 X did this, and Y did that": no day of its own, and not today.
        if first != clause && self.stated(first, first).is_some() {
            return None;
        }
        let published = doc.report.published?;
        Some(EventTime {
            time: None,
            from: Some(published),
            to: Some(published),
            basis: TimeBasis::Published,
        })
    }

    /// "as X has imposed sanctions", "the land that X has annexed": a perfect below another verb
    /// looks back, nobody says how far.
    fn is_background(&self, verb: WordId) -> bool {
        let doc = self.doc;
        let mut perfect = false;
        for word in doc.ancestors(verb).take(5) {
            perfect |=
                doc.dependents_by(word, &[Deprel::Aux]).any(|a| tree::lemma(doc, a) == "have");
            match doc.word(word).deprel {
                Deprel::Xcomp | Deprel::Ccomp | Deprel::Conj => {}
                Deprel::Advcl | Deprel::AclRelcl | Deprel::Acl => return perfect,
                _ => return false,
            }
        }
        false
    }

    /// Whether a word hangs on another act on its way up to the trigger or past it.
    pub fn is_of_another(&self, word: WordId, trigger: WordId) -> bool {
        let own: Vec<WordId> = self.doc.ancestors(trigger).collect();
        let between = self.doc.ancestors(word).skip(1).take_while(|w| !own.contains(w));
        between.into_iter().any(|w| self.triggers.contains(&w))
    }

    fn make(&self, id: TimeId, basis: TimeBasis) -> EventTime {
        let time = &self.mentions.times[id.0 as usize];
        EventTime { time: Some(id), from: time.from, to: time.to, basis }
    }

    /// The expression that hangs nearest below the trigger or its clause, crossing no other verb.
    fn stated(&self, trigger: WordId, clause: WordId) -> Option<TimeId> {
        let sentence = self.doc.word(trigger).sentence;
        let start = self.dated.partition_point(|(s, _, _)| *s < sentence);
        let here = self.dated[start..].iter().take_while(|(s, _, _)| *s == sentence);
        here.filter_map(|(_, top, id)| {
            let steps = self.steps(*top, trigger, clause)?;
            Some((steps, *id))
        })
        .min()
        .map(|(_, id)| id)
    }

    fn steps(&self, top: WordId, trigger: WordId, clause: WordId) -> Option<usize> {
        // "ahead of Friday's vote", "over the 2014 war" date the vote and the war.
        let of_noun = matches!(
            self.doc.word(top).deprel,
            Deprel::NmodPoss | Deprel::Compound | Deprel::Nummod | Deprel::Amod
        );
        for (steps, word) in self.doc.ancestors(top).skip(1).take(4).enumerate() {
            if word == trigger {
                return Some(steps);
            }
            if word == clause {
                return Some(steps + 1);
            }
            let clausal = matches!(
                self.doc.word(word).deprel,
                Deprel::Acl | Deprel::AclRelcl | Deprel::Advcl | Deprel::Ccomp | Deprel::Csubj
            );
            let verb = self.doc.word(word).upos == Upos::Verb;
            if of_noun || verb || clausal || self.triggers.contains(&word) {
                return None;
            }
        }
        None
    }
}
