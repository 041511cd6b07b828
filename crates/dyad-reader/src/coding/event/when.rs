//! When an act took place, as its own clause says.

use super::tree;
use crate::coding::EventTime;
use crate::doc::{Deprel, Doc, Upos, WordId};
use crate::mention::{Mentions, TimeId, TimeKind};
use dyad_record::{Status, TimeBasis};
use jiff::civil::Date;
use rustc_hash::FxHashSet;

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
            if let Some(top) = top.filter(|_| dates) {
                dated.push((doc.word(top).sentence, top, TimeId(i as u32)));
            }
        }
        dated.sort_unstable();
        Times { doc, mentions, dated, triggers }
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
            if let (Deprel::Nsubj | Deprel::NsubjPass, Some(verb)) =
                (doc.word(clause).deprel, doc.word(clause).head)
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
        if !matches!(status, Status::Happened | Status::Ongoing) {
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
        for (steps, word) in self.doc.ancestors(top).skip(1).take(4).enumerate() {
            if word == trigger {
                return Some(steps);
            }
            if word == clause {
                return Some(steps + 1);
            }
            if self.doc.word(word).upos == Upos::Verb || self.triggers.contains(&word) {
                return None;
            }
        }
        None
    }
}
