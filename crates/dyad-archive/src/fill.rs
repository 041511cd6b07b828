//! The tables of items: made from the readings that count, and made again from them.

use crate::find::is_long;
use crate::keys::{Keys, key};
use crate::mention::Act;
use crate::outline::party;
use crate::quote::Quotes;
use crate::schema;
use crate::told::{actor, as_party, parties, speaker};
use dyad_record::archive::Party;
use dyad_record::{ActorMention, Event, EventTime, Record, Statement};
use rusqlite::{Connection, Transaction, params};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

type Parties = FxHashMap<Party, i64>;

/// Fills the tables with what a report's record holds.
pub(crate) fn items(
    tx: &Transaction<'_>,
    known: &mut Parties,
    seq: i64,
    record: &Record,
) -> rusqlite::Result<()> {
    let quotes = Quotes::new(&record.report.text);
    for (i, event) in record.events.iter().enumerate() {
        put_event(tx, seq, i, record, event, &quotes, known)?;
    }
    put_statements(tx, seq, record, &quotes, known)?;
    put_figures(tx, seq, record, &quotes)?;
    put_ties(tx, seq, record, &quotes, known)
}

/// Takes out what they hold of a report.
pub(crate) fn clear(tx: &Transaction<'_>, seq: i64) -> rusqlite::Result<()> {
    let mut query =
        tx.prepare_cached("SELECT ordinal, mutual, day_from FROM event WHERE report = ?")?;
    let mut rows = query.query([seq])?;
    while let Some(row) = rows.next()? {
        let (ordinal, mutual, day): (i64, bool, Option<String>) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        let (actors, recipients) = event_sides(tx, seq, ordinal)?;
        let keys = Keys::of(&actors, &recipients, mutual);
        let day = day.as_deref().unwrap_or("");
        for (side, bears) in &keys.sides {
            tx.prepare_cached(
                "DELETE FROM event_side WHERE side = ? AND day = ? AND report = ? \
                 AND ordinal = ? AND bears = ?",
            )?
            .execute(params![side, day, seq, ordinal, bears])?;
        }
        for (who, whom) in &keys.pairs {
            tx.prepare_cached(
                "DELETE FROM event_pair WHERE who = ? AND whom = ? AND day = ? AND report = ? \
                 AND ordinal = ?",
            )?
            .execute(params![who, whom, day, seq, ordinal])?;
        }
    }
    let mut query = tx.prepare_cached(
        "SELECT ordinal, day_from, who, whom FROM statement \
         WHERE report = ? AND who IS NOT NULL",
    )?;
    let mut rows = query.query([seq])?;
    while let Some(row) = rows.next()? {
        let (ordinal, day): (i64, Option<String>) = (row.get(0)?, row.get(1)?);
        let (who, all): (String, String) = (row.get(2)?, row.get(3)?);
        for whom in all.split(' ').filter(|whom| !whom.is_empty()) {
            tx.prepare_cached(
                "DELETE FROM statement_pair WHERE who = ? AND whom = ? AND day = ? \
                 AND report = ? AND ordinal = ?",
            )?
            .execute(params![
                who,
                whom,
                day.as_deref().unwrap_or(""),
                seq,
                ordinal
            ])?;
        }
    }
    for table in schema::ITEMS {
        tx.prepare_cached(&format!("DELETE FROM {table} WHERE report = ?"))?.execute([seq])?;
    }
    Ok(())
}

/// The sides of a stored event.
pub(crate) fn event_sides(
    db: &Connection,
    seq: i64,
    ordinal: i64,
) -> rusqlite::Result<(Vec<Party>, Vec<Party>)> {
    let mut query = db.prepare_cached(
        "SELECT side, name, country, code FROM event_party \
         WHERE report = ? AND event = ? ORDER BY ordinal",
    )?;
    let mut rows = query.query([seq, ordinal])?;
    let (mut actors, mut recipients) = (Vec::new(), Vec::new());
    while let Some(row) = rows.next()? {
        let party = Party { name: row.get(1)?, country: row.get(2)?, code: row.get(3)? };
        match row.get_ref(0)?.as_str()? {
            "actor" => actors.push(party),
            _ => recipients.push(party),
        }
    }
    Ok((actors, recipients))
}

/// The days to ask by: an item's own, else that of publication.
fn days<'r>(
    time: Option<&'r EventTime>,
    record: &'r Record,
) -> (Option<&'r String>, Option<&'r String>) {
    let (from, to) = (time.and_then(|t| t.from.as_ref()), time.and_then(|t| t.to.as_ref()));
    let published = record.report.published.as_ref();
    match (from.or(to), to.or(from)) {
        (None, None) => (published, published),
        days => days,
    }
}

fn put_event(
    tx: &Transaction<'_>,
    seq: i64,
    ordinal: usize,
    record: &Record,
    event: &Event,
    quotes: &Quotes<'_>,
    known: &mut Parties,
) -> rusqlite::Result<()> {
    let place = record.places.iter().find(|p| Some(&p.id) == event.place.as_ref());
    let time = event.time.as_ref();
    let (day_from, day_to) = days(time, record);
    tx.prepare_cached(
        "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        seq,
        ordinal as i64,
        event.id,
        event.kind.as_str(),
        event.mode,
        event.contexts.join(" "),
        event.cameo,
        f64::from(event.goldstein),
        event.quad.as_str(),
        event.status.as_str(),
        event.mutual,
        time.and_then(|t| t.from.as_ref()),
        time.and_then(|t| t.to.as_ref()),
        time.map(|t| t.basis.as_str()),
        day_from,
        day_to,
        place.map(|p| &p.name),
        place.and_then(|p| p.country.as_ref()),
        f64::from(event.confidence),
        event.damaged,
        Act::of(event.kind, event.status, event.quad).0,
        is_long(day_from.map(String::as_str), day_to.map(String::as_str)),
        quotes.join(&event.evidence),
    ])?;
    if let Some(place) = place {
        let country = place.country.as_deref().unwrap_or("");
        tx.prepare_cached("INSERT OR IGNORE INTO place VALUES (?, ?)")?
            .execute([country, &place.name])?;
    }
    let (actors, recipients) = (parties(record, &event.actors), parties(record, &event.recipients));
    for (side, parties) in [("actor", &actors), ("recipient", &recipients)] {
        for (i, of) in parties.iter().enumerate() {
            let number = party(tx, known, of)?;
            tx.prepare_cached("INSERT INTO event_party VALUES (?, ?, ?, ?, ?, ?, ?, ?)")?.execute(
                params![seq, ordinal as i64, side, i as i64, number, of.name, of.country, of.code],
            )?;
        }
    }
    let keys = Keys::of(&actors, &recipients, event.mutual);
    let act = Act::of(event.kind, event.status, event.quad).0;
    let (day, day_to) = (day_from.map_or("", |d| d), day_to.map_or("", |d| d));
    for (side, bears) in &keys.sides {
        tx.prepare_cached("INSERT INTO event_side VALUES (?, ?, ?, ?, ?, ?, ?)")?
            .execute(params![side, day, seq, ordinal as i64, bears, day_to, act])?;
    }
    for (who, whom) in &keys.pairs {
        tx.prepare_cached("INSERT INTO event_pair VALUES (?, ?, ?, ?, ?, ?, ?)")?
            .execute(params![who, whom, day, seq, ordinal as i64, day_to, act])?;
    }
    Ok(())
}

fn put_statements(
    tx: &Transaction<'_>,
    seq: i64,
    record: &Record,
    quotes: &Quotes<'_>,
    known: &mut Parties,
) -> rusqlite::Result<()> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO statement VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?;
    for (i, s) in record.statements.iter().enumerate() {
        let speaker = s.speaker.as_ref().and_then(|id| actor(record, id));
        let addressee = s.addressee.as_ref().and_then(|id| actor(record, id));
        let (day_from, day_to) = days(s.time.as_ref(), record);
        for of in speaker.iter().chain(&addressee) {
            party(tx, known, &as_party(of))?;
        }
        let who = speaker.map(as_party).and_then(|p| key(&p).map(str::to_owned));
        let named = named(record, s, who.as_deref());
        insert.execute(params![
            seq,
            i as i64,
            s.id,
            speaker.map(|a| &a.name),
            speaker.and_then(|a| a.country.as_ref()),
            speaker.map(|a| &a.code),
            addressee.map(|a| &a.name),
            addressee.and_then(|a| a.country.as_ref()),
            addressee.map(|a| &a.code),
            s.stance.map(|s| s.as_str()),
            s.form.as_str(),
            s.time.as_ref().and_then(|t| t.from.as_ref()),
            s.time.as_ref().and_then(|t| t.to.as_ref()),
            day_from,
            day_to,
            s.damaged,
            is_long(day_from.map(String::as_str), day_to.map(String::as_str)),
            who,
            named.iter().map(String::as_str).collect::<Vec<_>>().join(" "),
            quotes.join(&s.content),
        ])?;
        let (day, day_to) = (day_from.map_or("", |d| d), day_to.map_or("", |d| d));
        for whom in named.iter().filter(|_| who.is_some()) {
            tx.prepare_cached("INSERT INTO statement_pair VALUES (?, ?, ?, ?, ?, ?)")?
                .execute(params![who, whom, day, seq, i as i64, day_to])?;
        }
    }
    Ok(())
}

/// The keys of those whom a statement is said to or whom its words name, but for the speaker's.
fn named(record: &Record, s: &Statement, who: Option<&str>) -> BTreeSet<String> {
    let inside = |m: &ActorMention| s.content.iter().any(|c| c.start <= m.start && m.end <= c.end);
    let named = record.actors.iter().filter(|a| a.mentions.iter().any(inside));
    let addressee = s.addressee.as_ref().and_then(|id| actor(record, id));
    let whom = named.chain(addressee).filter_map(|a| key(&as_party(a)).map(str::to_owned));
    whom.filter(|whom| Some(whom.as_str()) != who).collect()
}

fn put_figures(
    tx: &Transaction<'_>,
    seq: i64,
    record: &Record,
    quotes: &Quotes<'_>,
) -> rusqlite::Result<()> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO figure VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?;
    for (i, f) in record.figures.iter().enumerate() {
        insert.execute(params![
            seq,
            i as i64,
            f.id,
            f.value,
            f.low,
            f.high,
            f.of,
            f.unit,
            f.counted,
            f.casualty.map(|c| c.as_str()),
            f.about,
            speaker(record, f.statement.as_ref()),
            f.approximate,
            f.change.map(|c| c.as_str()),
            f.damaged,
            f.text,
            quotes.whole_sentence(f.start, f.end),
        ])?;
    }
    Ok(())
}

fn put_ties(
    tx: &Transaction<'_>,
    seq: i64,
    record: &Record,
    quotes: &Quotes<'_>,
    known: &mut Parties,
) -> rusqlite::Result<()> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO tie VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?;
    for (i, t) in record.ties.iter().enumerate() {
        let (from, to) = (actor(record, &t.from), actor(record, &t.to));
        for of in from.iter().chain(&to) {
            party(tx, known, &as_party(of))?;
        }
        let leans = t.asymmetry.as_ref().and_then(|id| actor(record, id));
        insert.execute(params![
            seq,
            i as i64,
            t.id,
            t.kind.as_str(),
            from.map_or("", |a| &a.name),
            from.and_then(|a| a.country.as_ref()),
            from.map_or("", |a| &a.code),
            to.map_or("", |a| &a.name),
            to.and_then(|a| a.country.as_ref()),
            to.map_or("", |a| &a.code),
            leans.map(|a| &a.name),
            t.trend.map(|t| t.as_str()),
            t.commodity,
            f64::from(t.confidence),
            t.damaged,
            record.report.published,
            quotes.join(&t.evidence),
        ])?;
    }
    Ok(())
}
