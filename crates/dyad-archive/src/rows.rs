//! What the tables of items hold of a record: made without the archive, by whichever thread read the
//! report.

use crate::find::{day_number, is_long};
use crate::keys::{Keys, key};
use crate::mention::Act;
use crate::quote::Quotes;
use crate::told::{actor, as_party, parties, speaker};
use dyad_record::archive::Party;
use dyad_record::{ActorMention, Event, EventTime, Figure, Record, Statement, Tie};
use std::collections::BTreeSet;

#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub events: Vec<EventRow>,
    pub statements: Vec<StatementRow>,
    pub figures: Vec<FigureRow>,
    pub ties: Vec<TieRow>,
    /// Day of publication.
    pub published: Option<String>,
}

#[derive(Debug)]
pub(crate) struct EventRow {
    pub event: Event,
    pub act: i64,
    pub days: Days,
    pub place: Option<(String, Option<String>)>,
    pub actors: Vec<Party>,
    pub recipients: Vec<Party>,
    pub keys: Keys,
    pub text: String,
}

#[derive(Debug)]
pub(crate) struct StatementRow {
    pub statement: Statement,
    pub speaker: Option<Party>,
    pub addressee: Option<Party>,
    pub days: Days,
    /// The speaker's key, and those of the others whom it is said to or names.
    pub who: Option<String>,
    pub whom: BTreeSet<String>,
    pub text: String,
}

#[derive(Debug)]
pub(crate) struct FigureRow {
    pub figure: Figure,
    pub speaker: Option<String>,
    /// Number and act of the event that it is about.
    pub about: Option<(i64, i64)>,
    pub sentence: String,
}

#[derive(Debug)]
pub(crate) struct TieRow {
    pub tie: Tie,
    pub from: Option<Party>,
    pub to: Option<Party>,
    pub leans: Option<String>,
    pub text: String,
}

/// The days to ask by: an item's own, else that of publication.
#[derive(Debug)]
pub(crate) struct Days {
    pub from: Option<String>,
    pub to: Option<String>,
    /// The same as numbers.
    pub first: i64,
    pub last: i64,
    pub long: bool,
}

impl Days {
    fn of(time: Option<&EventTime>, published: Option<&String>) -> Days {
        let (from, to) = (time.and_then(|t| t.from.as_ref()), time.and_then(|t| t.to.as_ref()));
        let (from, to) = match (from.or(to), to.or(from)) {
            (None, None) => (published, published),
            days => days,
        };
        let number = |day: Option<&String>| day_number(day.map(String::as_str));
        let (first, last) = (number(from), number(to));
        let long = is_long(first, last);
        Days { from: from.cloned(), to: to.cloned(), first, last, long }
    }
}

impl Rows {
    pub fn of(record: &Record) -> Rows {
        let quotes = Quotes::new(&record.report.text);
        let published = record.report.published.clone();
        let day = published.as_ref();
        Rows {
            events: record.events.iter().map(|e| event(record, e, &quotes, day)).collect(),
            statements: record
                .statements
                .iter()
                .map(|s| statement(record, s, &quotes, day))
                .collect(),
            figures: record.figures.iter().map(|f| figure(record, f, &quotes)).collect(),
            ties: record.ties.iter().map(|t| tie(record, t, &quotes)).collect(),
            published,
        }
    }
}

fn event(record: &Record, e: &Event, quotes: &Quotes<'_>, published: Option<&String>) -> EventRow {
    let place = record.places.iter().find(|p| Some(&p.id) == e.place.as_ref());
    let (actors, recipients) = (parties(record, &e.actors), parties(record, &e.recipients));
    EventRow {
        act: Act::of(e.kind, e.status, e.quad).0,
        days: Days::of(e.time.as_ref(), published),
        place: place.map(|p| (p.name.clone(), p.country.clone())),
        keys: Keys::of(&actors, &recipients, e.mutual),
        text: quotes.join(&e.evidence),
        event: e.clone(),
        actors,
        recipients,
    }
}

fn statement(
    record: &Record,
    s: &Statement,
    quotes: &Quotes<'_>,
    published: Option<&String>,
) -> StatementRow {
    let party = |id: &Option<String>| id.as_ref().and_then(|id| actor(record, id)).map(as_party);
    let (speaker, addressee) = (party(&s.speaker), party(&s.addressee));
    let who = speaker.as_ref().and_then(key).map(str::to_owned);
    let inside = |m: &ActorMention| s.content.iter().any(|c| c.start <= m.start && m.end <= c.end);
    let named = record.actors.iter().filter(|a| a.mentions.iter().any(inside)).map(as_party);
    let whom = named.chain(addressee.clone()).filter_map(|p| key(&p).map(str::to_owned));
    StatementRow {
        days: Days::of(s.time.as_ref(), published),
        whom: whom.filter(|whom| Some(whom) != who.as_ref()).collect(),
        text: quotes.join(&s.content),
        statement: s.clone(),
        speaker,
        addressee,
        who,
    }
}

fn figure(record: &Record, f: &Figure, quotes: &Quotes<'_>) -> FigureRow {
    let mut events = record.events.iter().zip(0i64..);
    let about = events.find(|(e, _)| Some(&e.id) == f.about.as_ref());
    FigureRow {
        speaker: speaker(record, f.statement.as_ref()),
        about: about.map(|(e, ordinal)| (ordinal, Act::of(e.kind, e.status, e.quad).0)),
        sentence: quotes.whole_sentence(f.start, f.end),
        figure: f.clone(),
    }
}

fn tie(record: &Record, t: &Tie, quotes: &Quotes<'_>) -> TieRow {
    let party = |id: &String| actor(record, id).map(as_party);
    let leans = t.asymmetry.as_ref().and_then(|id| actor(record, id));
    TieRow {
        from: party(&t.from),
        to: party(&t.to),
        leans: leans.map(|a| a.name.clone()),
        text: quotes.join(&t.evidence),
        tie: t.clone(),
    }
}
