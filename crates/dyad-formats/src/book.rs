//! What is to be written, with the records behind it.

use crate::codes::Codes;
use crate::{ExportError, Exported};
use dyad_archive::{Archive, Filter};
use dyad_record::archive::{Episode, EventRow, Party, Telling};
use dyad_record::{Actor, Event, Place, Record};
use jiff::civil::Date;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

pub(crate) struct Book<'a> {
    archive: &'a Archive,
    pub codes: Codes,
    pub events: Vec<EventRow>,
    /// Those that hold one of the events.
    pub episodes: Vec<Episode>,
    /// The reports read last.
    held: HashMap<String, Rc<Record>>,
    pub done: Exported,
}

/// How many reports are held at once.
const HELD: usize = 256;

impl<'a> Book<'a> {
    /// All that the filter asks for, or of it what happened or is going on.
    pub fn open(archive: &'a Archive, filter: &Filter, all: bool) -> Result<Book<'a>, ExportError> {
        let mut events = archive.events(filter)?;
        let wanted: HashSet<(&str, &str)> =
            events.iter().map(|e| (e.report.as_str(), e.event.as_str())).collect();
        let mut episodes = archive.episodes()?;
        episodes.retain(|e| e.tellings.iter().any(|t| wanted.contains(&key(t))));
        let mut done = Exported::default();
        if !all {
            let asked = events.len();
            events.retain(|e| e.status.is_deed());
            episodes.retain(|e| e.deed);
            done.no_deeds = (asked - events.len()) as u64;
        }
        let codes = Codes::builtin()?;
        Ok(Book { archive, codes, events, episodes, held: HashMap::new(), done })
    }

    /// The event of a telling with its report.
    pub fn told(&mut self, report: &str, event: &str) -> Result<Option<Told>, ExportError> {
        let record = match self.held.get(report) {
            Some(record) => record.clone(),
            None => {
                let Some(record) = self.archive.report(report)?.map(Rc::new) else {
                    return Ok(None);
                };
                if self.held.len() >= HELD {
                    self.held.clear();
                }
                self.held.insert(report.to_owned(), record.clone());
                record
            }
        };
        let event = record.events.iter().position(|e| e.id == event);
        Ok(event.map(|event| Told { record, event }))
    }

    /// Leaves out, and counts, what goes by no CAMEO code: types of a user's own may have none.
    pub fn coded_only(&mut self) -> Result<(), ExportError> {
        for event in std::mem::take(&mut self.events) {
            match event.kind.of_plover().is_some() || !event.cameo.is_empty() {
                true => self.events.push(event),
                false => self.done.other_kinds += 1,
            }
        }
        for episode in std::mem::take(&mut self.episodes) {
            let first = episode.tellings.first().filter(|_| episode.kind.of_plover().is_none());
            let told = first.map(|t| self.told(&t.report, &t.event)).transpose()?.flatten();
            if told.is_none_or(|told| !told.event().cameo.is_empty()) {
                self.episodes.push(episode);
            }
        }
        Ok(())
    }

    /// The same with its day; an event without one is counted and left out.
    pub fn dated(&mut self, event: &EventRow) -> Result<Option<(Told, Date)>, ExportError> {
        let Some(told) = self.told(&event.report, &event.event)? else { return Ok(None) };
        let day = told.day();
        self.done.no_day += u64::from(day.is_none());
        Ok(day.map(|day| (told, day)))
    }
}

fn key(telling: &Telling) -> (&str, &str) {
    (&telling.report, &telling.event)
}

/// One event in its report.
pub(crate) struct Told {
    pub record: Rc<Record>,
    event: usize,
}

/// How much of the earth a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    Country,
    Province,
    City,
}

impl Told {
    pub fn event(&self) -> &Event {
        &self.record.events[self.event]
    }

    pub fn place(&self) -> Option<&Place> {
        let id = self.event().place.as_ref()?;
        self.record.places.iter().find(|p| p.id == *id)
    }

    pub fn actors<'t>(&'t self, ids: &'t [String]) -> impl Iterator<Item = &'t Actor> {
        ids.iter().filter_map(|id| self.record.actors.iter().find(|a| a.id == *id))
    }

    /// The words that name an actor, nearest before the act, and where they begin.
    pub fn mention(&self, actor: &Actor) -> Option<(u32, String)> {
        let trigger = self.event().trigger.start;
        let nearest = actor.mentions.iter().min_by_key(|m| m.start.abs_diff(trigger))?;
        let words = self.record.report.text.chars().skip(nearest.start as usize);
        Some((nearest.start, words.take((nearest.end - nearest.start) as usize).collect()))
    }

    /// Its day, else that of publication.
    pub fn day(&self) -> Option<Date> {
        let own = self.event().time.as_ref().and_then(|t| t.from.as_deref());
        own.or(self.record.report.published.as_deref())?.parse().ok()
    }

    /// Number of the sentence that holds a position, from 1: stops and line breaks end one.
    pub fn sentence(&self, position: u32) -> u32 {
        let mut number = 1;
        let (mut ended, mut spaced) = (false, false);
        for c in self.record.report.text.chars().take(position as usize + 1) {
            match c {
                '.' | '!' | '?' | '\n' => ended = true,
                // "3.5", "U.S": what follows at once goes on.
                c if c.is_alphanumeric() && ended && spaced => number += 1,
                _ => {}
            }
            spaced = c.is_whitespace();
            ended &= !c.is_alphanumeric();
        }
        number
    }

    pub fn source(&self) -> &str {
        let report = &self.record.report;
        report.url.as_deref().unwrap_or(&report.id)
    }
}

pub(crate) fn extent(place: &Place, codes: &Codes) -> Extent {
    let country = place.country.as_deref().and_then(|c| codes.country(c));
    match place.gazetteer_id.as_deref() {
        _ if country.is_some_and(|c| c.name == place.name) => Extent::Country,
        Some(id) if id.contains('.') => Extent::Province,
        _ => Extent::City,
    }
}

pub(crate) fn party(actor: &Actor) -> Party {
    Party { name: actor.name.clone(), country: actor.country.clone(), code: actor.code.clone() }
}

/// Who stands against whom: tables with two sides have a row for each. Of a joint act each stands
/// once on either side of each other, as CAMEO has it.
pub(crate) fn pairs<'p>(
    actors: &'p [Party],
    recipients: &'p [Party],
    mutual: bool,
) -> Vec<(Option<&'p Party>, Option<&'p Party>)> {
    if mutual && recipients.is_empty() && actors.len() > 1 {
        let all = 0..actors.len();
        let both = all.clone().flat_map(|i| all.clone().map(move |j| (i, j)));
        let two = both.filter(|(i, j)| i != j);
        return two.map(|(i, j)| (Some(&actors[i]), Some(&actors[j]))).collect();
    }
    let or_none = |side: &'p [Party]| -> Vec<Option<&'p Party>> {
        if side.is_empty() { vec![None] } else { side.iter().map(Some).collect() }
    };
    let recipients = or_none(recipients);
    let rows = or_none(actors).into_iter();
    rows.flat_map(|a| recipients.iter().map(move |b| (a, *b))).collect()
}

/// The parties of one telling.
pub(crate) fn sides(told: &Told) -> (Vec<Party>, Vec<Party>) {
    let event = told.event();
    let of = |ids| told.actors(ids).map(party).collect();
    (of(&event.actors), of(&event.recipients))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_takes_part_stands_once_against_each() {
        let party =
            |name: &str| Party { name: name.to_owned(), country: None, code: String::new() };
        let all = ["A", "B", "C"].map(party);
        let told = |pairs: Vec<(Option<&Party>, Option<&Party>)>| -> Vec<String> {
            let name = |p: Option<&Party>| p.map_or("-", |p| &p.name).to_owned();
            pairs.into_iter().map(|(a, b)| name(a) + &name(b)).collect()
        };
        assert_eq!(told(pairs(&all, &[], true)), ["AB", "AC", "BA", "BC", "CA", "CB"]);
        assert_eq!(told(pairs(&all[..2], &all[2..], false)), ["AC", "BC"]);
        assert_eq!(told(pairs(&all[..1], &[], false)), ["A-"]);
        assert_eq!(told(pairs(&[], &all[..1], false)), ["-A"]);
        assert_eq!(told(pairs(&all[..1], &[], true)), ["A-"]);
    }
}
