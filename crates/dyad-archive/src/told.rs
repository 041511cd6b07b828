//! One event of one report with all that joining it, comparing it with others and telling it needs,
//! so that the record need not be read again for it.

use crate::mention::{Days, Mention, Spot, number};
use crate::names::{Key, NAME};
use crate::quote::{Quotes, beginnings, word};
use crate::story::marks_of;
use dyad_lexicon::names::pieces;
use dyad_record::archive::{Party, Telling};
use dyad_record::{
    Actor, ActorKind, Change, Event, Figure, How, PlaceBasis, Quad, Record, Sector, TimeBasis,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A telling: [`Mention`] is what joining looks at, [`Rest`] what an episode is made from.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub mention: Arc<Mention>,
    pub rest: Arc<Rest>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Rest {
    /// Its voice is filled in when an episode is made.
    pub telling: Telling,
    pub quad: Quad,
    pub goldstein: f32,
    pub confidence: f32,
    pub damaged: bool,
    /// The text says when.
    pub stated: bool,
    pub actors: Vec<Party>,
    pub recipients: Vec<Party>,
    /// Who vouches for it, where not the report itself.
    pub speaker: Option<String>,
    pub figures: Vec<Said>,
}

/// A figure with what tells whether another counts the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Said {
    pub id: String,
    pub value: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub of: Option<f64>,
    pub approximate: bool,
    pub percent: bool,
    pub change: Option<Change>,
    /// What is counted, in the words of the text.
    pub counted: String,
    /// Its head.
    pub noun: String,
    /// Words that stand near it.
    pub words: BTreeSet<u32>,
    pub sentence: String,
    pub speaker: Option<String>,
}

/// A telling is stored as the bytes of its mention and those of the rest after them.
impl Mention {
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        postcard::to_stdvec(self).expect("plain values in memory")
    }

    /// The mention, and the bytes after it.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<(Mention, &[u8]), postcard::Error> {
        postcard::take_from_bytes(bytes)
    }
}

impl Rest {
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_stdvec(self).expect("plain values in memory")
    }

    pub fn from_bytes(bytes: &[u8]) -> Result<Rest, postcard::Error> {
        postcard::from_bytes(bytes)
    }
}

/// The tellings of a report, one for each of its events.
pub(crate) fn told(record: &Record) -> Vec<Told> {
    let quotes = Quotes::new(&record.report.text);
    let about = About {
        published: record.report.published.as_deref().and_then(|d| d.parse().ok()).map(number),
        marks: if record.events.is_empty() { vec![] } else { marks_of(&record.report.text) },
        countries: countries(record),
    };
    let events = record.events.iter().zip(0..);
    events.map(|(event, ordinal)| tell(record, &about, &quotes, event, ordinal)).collect()
}

/// What holds for every act of a report.
struct About {
    published: Option<i32>,
    marks: Vec<(u32, u16)>,
    countries: Vec<Key>,
}

fn tell(record: &Record, about: &About, quotes: &Quotes<'_>, event: &Event, ordinal: u32) -> Told {
    let keys = |ids: &[String]| {
        let actors = ids.iter().filter_map(|id| actor(record, id));
        sorted_keys(actors.flat_map(party_keys))
    };
    let text = quotes.join(&event.evidence);
    let words: BTreeSet<u32> = numbers(&text).collect();
    let (before, after) = quotes.sentence(event.trigger.start, event.trigger.end);
    let mut context = words.clone();
    context.extend(numbers(before).chain(numbers(after)));
    let length = |s: &str| s.chars().count() as u32;
    let from = event.trigger.start.saturating_sub(length(before));
    let to = event.trigger.end.saturating_add(length(after));
    let here = |a: &&Actor| a.mentions.iter().any(|m| from <= m.start && m.end <= to);
    let place = spot(record, event);
    let mut scene = sorted_keys(record.actors.iter().filter(here).flat_map(party_keys));
    scene.extend(place.iter().filter(|place| !place.whole_country).map(|place| place.key));
    scene.sort_unstable();
    let mut people = event.recipients.iter().filter_map(|id| actor(record, id));
    Told {
        mention: Arc::new(Mention {
            report: record.report.id.as_str().into(),
            ordinal,
            published: about.published,
            kind: event.kind,
            mode: event.mode.clone(),
            status: event.status,
            actors: keys(&event.actors),
            recipients: keys(&event.recipients),
            scene,
            marks: about.marks.clone(),
            countries: about.countries.clone(),
            faceless: people.any(faceless),
            mutual: event.mutual,
            days: days(event, about.published),
            place,
            words: words.into_iter().collect(),
            context: context.into_iter().collect(),
        }),
        rest: Arc::new(Rest {
            quad: event.quad,
            goldstein: event.goldstein,
            confidence: event.confidence,
            damaged: event.damaged,
            stated: event
                .time
                .as_ref()
                .is_some_and(|t| t.basis == TimeBasis::Stated && t.from.is_some()),
            actors: parties(record, &event.actors),
            recipients: parties(record, &event.recipients),
            speaker: speaker(record, event.statement.as_ref()),
            figures: figures(record, event).filter_map(|f| said(record, quotes, f)).collect(),
            telling: telling(record, event, text),
        }),
    }
}

fn numbers(text: &str) -> impl Iterator<Item = u32> {
    beginnings(text).map(|w| word(&w))
}

fn telling(record: &Record, event: &Event, text: String) -> Telling {
    let report = &record.report;
    let mut evidence = event.evidence.clone();
    evidence.sort_unstable();
    Telling {
        report: report.id.clone(),
        event: event.id.clone(),
        title: report.title.clone(),
        outlet: report.outlet.clone(),
        published: report.published.clone(),
        voice: 0,
        status: event.status,
        from: event.time.as_ref().and_then(|t| t.from.clone()),
        to: event.time.as_ref().and_then(|t| t.to.clone()),
        place: place_name(record, event),
        evidence,
        text,
    }
}

/// A place taken from the words before contradicts nobody.
fn place_name(record: &Record, event: &Event) -> Option<String> {
    let stated = event.place_basis != Some(PlaceBasis::Inherited);
    let id = event.place.as_ref().filter(|_| stated)?;
    record.places.iter().find(|p| p.id == *id).map(|p| p.name.clone())
}

pub(crate) fn speaker(record: &Record, statement: Option<&String>) -> Option<String> {
    let statement = record.statements.iter().find(|s| Some(&s.id) == statement)?;
    Some(actor(record, statement.speaker.as_ref()?)?.name.clone())
}

fn said(record: &Record, quotes: &Quotes<'_>, figure: &Figure) -> Option<Said> {
    if figure.value.is_none() && figure.low.is_none() && figure.high.is_none() {
        return None;
    }
    let counted = figure.counted.as_ref().or(figure.unit.as_ref())?;
    let noun = noun(counted)?;
    Some(Said {
        id: figure.id.clone(),
        value: figure.value,
        low: figure.low,
        high: figure.high,
        of: figure.of,
        approximate: figure.approximate,
        percent: figure.unit.as_deref() == Some("percent"),
        change: figure.change,
        counted: counted.clone(),
        words: around(quotes.sentence(figure.start, figure.end), &noun),
        noun,
        sentence: quotes.whole_sentence(figure.start, figure.end),
        speaker: speaker(record, figure.statement.as_ref()),
    })
}

/// The head of what is counted, roughly singular, in lower case.
fn noun(counted: &str) -> Option<String> {
    let counted = counted.to_lowercase();
    let head = counted.split_whitespace().next_back()?;
    let singular = match head.strip_suffix('s') {
        Some(stem) if stem.len() > 2 && !stem.ends_with(['s', 'u', 'i']) => stem,
        _ => head,
    };
    Some(singular.to_owned())
}

const WINDOW: usize = 6;

/// The beginnings of the words that stand near a figure in its sentence, without what it counts.
fn around((before, after): (&str, &str), noun: &str) -> BTreeSet<u32> {
    let before: Vec<String> = beginnings(before).collect();
    let near = before.into_iter().rev().take(WINDOW).chain(beginnings(after).take(WINDOW));
    near.filter(|word| !noun.starts_with(word.as_str())).map(|w| word(&w)).collect()
}

/// The days on which it may have been. An act without a stated time was told on the day of
/// publication, of something up to two days old.
fn days(event: &Event, published: Option<i32>) -> Option<Days> {
    let stated = event.time.as_ref().filter(|t| t.basis != TimeBasis::Published).and_then(|t| {
        let from: Option<Date> = t.from.as_deref().and_then(|d| d.parse().ok());
        let to: Option<Date> = t.to.as_deref().and_then(|d| d.parse().ok());
        let (from, to) = (from.or(to)?, to.or(from)?);
        (from <= to).then_some(Days { from: number(from), to: number(to) })
    });
    stated.or_else(|| published.map(|to| Days { from: to - 2, to }))
}

fn spot(record: &Record, event: &Event) -> Option<Spot> {
    let id = event.place.as_ref()?;
    let place = record.places.iter().find(|p| p.id == *id)?;
    // A country's own entry has no first-order division and its name is no town's.
    let whole_country = place.admin1.is_none()
        && record.actors.iter().any(|a| {
            a.kind == ActorKind::State && a.country == place.country && a.name == place.name
        });
    Some(Spot {
        key: match &place.gazetteer_id {
            Some(id) => id.as_str().into(),
            None => place.name.to_lowercase().as_str().into(),
        },
        country: place.country.clone(),
        whole_country,
        at: place.lat.zip(place.lon),
    })
}

/// The figures said of an event: linked to it, or standing in its evidence and linked to nothing.
fn figures<'r>(record: &'r Record, event: &'r Event) -> impl Iterator<Item = &'r Figure> {
    let inside = |f: &Figure| event.evidence.iter().any(|s| s.start <= f.start && f.end <= s.end);
    record.figures.iter().filter(move |f| match &f.about {
        Some(about) => *about == event.id,
        None => inside(f),
    })
}

fn sorted_keys(keys: impl Iterator<Item = String>) -> Vec<Key> {
    let keys: BTreeSet<Key> = keys.map(|key| key.as_str().into()).collect();
    keys.into_iter().collect()
}

/// The countries that a report is about: those that it names most.
fn countries(record: &Record) -> Vec<Key> {
    const MOST: usize = 4;
    let mut named: BTreeMap<&str, usize> = BTreeMap::new();
    for actor in &record.actors {
        if let Some(country) = &actor.country {
            *named.entry(country).or_default() += actor.mentions.len();
        }
    }
    let mut countries: Vec<(&str, usize)> = named.into_iter().collect();
    countries.sort_by_key(|&(country, times)| (std::cmp::Reverse(times), country));
    sorted_keys(countries.into_iter().take(MOST).map(|(country, _)| country.to_owned()))
}

/// What one side goes by across reports. A state is its country, and so are its government, its
/// army and those who speak for it; rebels, parties and companies are not the state they live in. A
/// person goes by name too, and only by name where no office tells for whom he acts. Who has no
/// country goes by code and by name, since not every report tells the code.
fn party_keys(actor: &Actor) -> Vec<String> {
    use Sector::{Cop, Gov, Jud, Leg, Mil, Spy, Unk};
    let named_person = actor.kind == ActorKind::Person && named(actor);
    let name = named_person.then(|| by_name(actor));
    let Some(country) = &actor.country else {
        if faceless(actor) {
            return Vec::new();
        }
        return actor.organisation.iter().cloned().chain([by_name(actor)]).collect();
    };
    let state = match actor.sector {
        Gov | Mil | Cop | Spy | Jud | Leg | Unk => Some(country.clone()),
        _ if named_person => None,
        sector => Some(format!("{country} {sector}")),
    };
    state.into_iter().chain(name).collect()
}

/// A person by the last name, the only one that all reports tell.
fn by_name(actor: &Actor) -> String {
    let words: Vec<String> = pieces(&actor.name).into_iter().map(|piece| piece.text).collect();
    let words = match words.as_slice() {
        [.., last] if actor.kind == ActorKind::Person && last.len() > 2 => {
            std::slice::from_ref(last)
        }
        [the, rest @ ..] if the == "the" && !rest.is_empty() => rest,
        all => all,
    };
    format!("{NAME}{}", words.join(" "))
}

/// "Two people", "Soldiers of the guard", "member states": nobody whom another report could name
/// alike.
fn faceless(actor: &Actor) -> bool {
    actor.country.is_none()
        && actor.organisation.is_none()
        && actor.kind != ActorKind::Person
        && !named(actor)
}

fn named(actor: &Actor) -> bool {
    actor.mentions.iter().any(|m| m.how == How::Name)
        || actor.mentions.is_empty() && actor.name.chars().any(char::is_uppercase)
}

pub(crate) fn actor<'r>(record: &'r Record, id: &str) -> Option<&'r Actor> {
    record.actors.iter().find(|a| a.id == id)
}

pub(crate) fn parties(record: &Record, ids: &[String]) -> Vec<Party> {
    ids.iter().filter_map(|id| actor(record, id)).map(as_party).collect()
}

pub(crate) fn as_party(a: &Actor) -> Party {
    Party { name: a.name.clone(), country: a.country.clone(), code: a.code.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str, kind: ActorKind, country: Option<&str>, sector: Sector) -> Actor {
        Actor {
            id: "a1".to_owned(),
            name: name.to_owned(),
            kind,
            country: country.map(str::to_owned),
            organisation: None,
            sector,
            code: String::new(),
            role: None,
            mentions: vec![],
        }
    }

    #[test]
    fn a_state_goes_by_its_country_whoever_acts_for_it() {
        let state = named("Norway", ActorKind::State, Some("NOR"), Sector::Gov);
        let ministry =
            named("the defence ministry", ActorKind::Organisation, Some("NOR"), Sector::Mil);
        let minister = named("Kari Lund", ActorKind::Person, Some("NOR"), Sector::Gov);
        let rebels = named("Fjord Front", ActorKind::Group, Some("NOR"), Sector::Reb);
        assert_eq!(party_keys(&state), ["NOR"]);
        assert_eq!(party_keys(&ministry), party_keys(&state));
        assert_eq!(party_keys(&minister), ["NOR", "~lund"]);
        let unknown = named("Lünd", ActorKind::Person, None, Sector::Unk);
        assert_eq!(party_keys(&unknown), ["~lund"]);
        assert_eq!(party_keys(&rebels), ["NOR REB"]);
    }

    #[test]
    fn an_organisation_goes_by_code_and_name_and_nameless_people_by_nothing() {
        let body = |name: &str, code: Option<&str>| Actor {
            organisation: code.map(str::to_owned),
            ..named(name, ActorKind::Organisation, None, Sector::Igo)
        };
        assert_eq!(party_keys(&body("The Polar Council", None)), ["~polar council"]);
        assert_eq!(party_keys(&body("Polar Council", Some("POC"))), ["POC", "~polar council"]);
        let people = named("two fishermen", ActorKind::Group, None, Sector::Cvl);
        assert!(party_keys(&people).is_empty());
    }
}
