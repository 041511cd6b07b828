//! The tables of items: made from the readings that count, and made again from them.

use crate::bulk::Bulks;
use crate::find::day_number;
use crate::kept::Kept;
use crate::keys::Keys;
use crate::outline::party;
use crate::rows::{EventRow, Rows, StatementRow, TieRow};
use crate::schema;
use dyad_record::archive::Party;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

/// Whom and what the tables hold that are asked of every item.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub parties: FxHashMap<Party, i64>,
    keys: FxHashMap<SmolStr, i64>,
    /// Country and name of places.
    places: FxHashSet<(String, String)>,
}

impl Known {
    /// The number of a side's key, and of one that nobody has met a new one.
    pub fn key(&mut self, db: &Connection, key: &str) -> rusqlite::Result<i64> {
        if let Some(seq) = self.keys.get(key) {
            return Ok(*seq);
        }
        let mut query = db.prepare_cached("SELECT seq FROM side_key WHERE key = ?")?;
        let seq = match query.query_row([key], |row| row.get(0)).optional()? {
            Some(seq) => seq,
            None => {
                db.prepare_cached("INSERT INTO side_key (key) VALUES (?)")?.execute([key])?;
                db.last_insert_rowid()
            }
        };
        self.keys.insert(key.into(), seq);
        Ok(seq)
    }
}

/// Stands for nobody among the numbers of keys.
const NOBODY: i64 = 0;

/// Fills the tables with what a report's record holds.
pub(crate) fn items(
    tx: &Transaction<'_>,
    sql: &mut Kept<'_>,
    bulks: &mut Bulks,
    known: &mut Known,
    seq: i64,
    rows: &Rows,
) -> rusqlite::Result<()> {
    for (event, ordinal) in rows.events.iter().zip(0..) {
        put_event(tx, sql, bulks, seq, ordinal, event, known)?;
    }
    for (statement, ordinal) in rows.statements.iter().zip(0..) {
        put_statement(tx, sql, bulks, seq, ordinal, statement, known)?;
    }
    put_figures(sql, seq, rows)?;
    for (tie, ordinal) in rows.ties.iter().zip(0..) {
        put_tie(tx, sql, seq, ordinal, tie, rows.published.as_ref(), known)?;
    }
    Ok(())
}

/// Takes out what they hold of a report.
pub(crate) fn clear(tx: &Transaction<'_>, known: &mut Known, seq: i64) -> rusqlite::Result<()> {
    let mut query =
        tx.prepare_cached("SELECT ordinal, mutual, day_from FROM event WHERE report = ?")?;
    let mut rows = query.query([seq])?;
    while let Some(row) = rows.next()? {
        let (ordinal, mutual, day): (i64, bool, Option<String>) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        let (actors, recipients) = event_sides(tx, seq, ordinal)?;
        let keys = Keys::of(&actors, &recipients, mutual);
        let day = day_number(day.as_deref());
        for (side, bears) in &keys.sides {
            tx.prepare_cached(
                "DELETE FROM event_side WHERE side = ? AND day = ? AND report = ? \
                 AND ordinal = ? AND bears = ?",
            )?
            .execute(params![known.key(tx, side)?, day, seq, ordinal, bears])?;
        }
        for (who, whom) in &keys.pairs {
            tx.prepare_cached(
                "DELETE FROM event_pair WHERE who = ? AND whom = ? AND day = ? AND report = ? \
                 AND ordinal = ?",
            )?
            .execute(params![
                known.key(tx, who)?,
                known.key(tx, whom)?,
                day,
                seq,
                ordinal
            ])?;
        }
    }
    let mut query =
        tx.prepare_cached("SELECT ordinal, day_from, who, whom FROM statement WHERE report = ?")?;
    let mut rows = query.query([seq])?;
    while let Some(row) = rows.next()? {
        let (ordinal, day): (i64, Option<String>) = (row.get(0)?, row.get(1)?);
        let (who, all): (Option<String>, String) = (row.get(2)?, row.get(3)?);
        let who = who.map_or(Ok(NOBODY), |who| known.key(tx, &who))?;
        let day = day_number(day.as_deref());
        for whom in all.split(' ').filter(|whom| !whom.is_empty()) {
            tx.prepare_cached(
                "DELETE FROM statement_pair WHERE who = ? AND whom = ? AND day = ? \
                 AND report = ? AND ordinal = ?",
            )?
            .execute(params![who, known.key(tx, whom)?, day, seq, ordinal])?;
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

fn put_event(
    tx: &Transaction<'_>,
    sql: &mut Kept<'_>,
    bulks: &mut Bulks,
    seq: i64,
    ordinal: i64,
    row: &EventRow,
    known: &mut Known,
) -> rusqlite::Result<()> {
    let EventRow { event, act, days, .. } = row;
    let time = event.time.as_ref();
    sql.run(
        "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        params![
            seq,
            ordinal,
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
            days.from,
            days.to,
            row.place.as_ref().map(|(name, _)| name),
            row.place.as_ref().and_then(|(_, country)| country.as_ref()),
            f64::from(event.confidence),
            event.damaged,
            act,
            days.long,
            row.text,
        ],
    )?;
    if let Some((name, country)) = &row.place {
        let place = (country.clone().unwrap_or_default(), name.clone());
        if !known.places.contains(&place) {
            sql.run("INSERT OR IGNORE INTO place VALUES (?, ?)", [&place.0, &place.1])?;
            known.places.insert(place);
        }
    }
    for (side, parties) in [("actor", &row.actors), ("recipient", &row.recipients)] {
        for (of, i) in parties.iter().zip(0i64..) {
            let number = party(tx, &mut known.parties, of)?;
            sql.run(
                "INSERT INTO event_party VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                params![seq, ordinal, side, i, number, of.name, of.country, of.code],
            )?;
        }
    }
    let (first, last) = (days.first, days.last);
    for (side, bears) in &row.keys.sides {
        let (side, bears) = (known.key(tx, side)?, i64::from(*bears));
        bulks.event_side.push([side, first, seq, ordinal, bears, last, *act]);
    }
    for (who, whom) in &row.keys.pairs {
        let (who, whom) = (known.key(tx, who)?, known.key(tx, whom)?);
        bulks.event_pair.push([who, whom, first, seq, ordinal, last, *act]);
    }
    Ok(())
}

fn put_statement(
    tx: &Transaction<'_>,
    sql: &mut Kept<'_>,
    bulks: &mut Bulks,
    seq: i64,
    ordinal: i64,
    row: &StatementRow,
    known: &mut Known,
) -> rusqlite::Result<()> {
    let StatementRow { statement, speaker, addressee, days, who, whom, .. } = row;
    for of in speaker.iter().chain(addressee) {
        party(tx, &mut known.parties, of)?;
    }
    let time = statement.time.as_ref();
    let all: Vec<&str> = whom.iter().map(String::as_str).collect();
    sql.run(
        "INSERT INTO statement VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        params![
            seq,
            ordinal,
            statement.id,
            speaker.as_ref().map(|p| &p.name),
            speaker.as_ref().and_then(|p| p.country.as_ref()),
            speaker.as_ref().map(|p| &p.code),
            addressee.as_ref().map(|p| &p.name),
            addressee.as_ref().and_then(|p| p.country.as_ref()),
            addressee.as_ref().map(|p| &p.code),
            statement.stance.map(|s| s.as_str()),
            statement.form.as_str(),
            time.and_then(|t| t.from.as_ref()),
            time.and_then(|t| t.to.as_ref()),
            days.from,
            days.to,
            statement.damaged,
            days.long,
            who,
            all.join(" "),
            row.text,
        ],
    )?;
    let who = who.as_ref().map_or(Ok(NOBODY), |who| known.key(tx, who))?;
    for whom in whom {
        let whom = known.key(tx, whom)?;
        bulks.statement_pair.push([who, whom, days.first, seq, ordinal, days.last]);
    }
    Ok(())
}

fn put_figures(sql: &mut Kept<'_>, seq: i64, rows: &Rows) -> rusqlite::Result<()> {
    for (row, ordinal) in rows.figures.iter().zip(0i64..) {
        let f = &row.figure;
        sql.run(
            "INSERT INTO figure VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                seq,
                ordinal,
                f.id,
                f.value,
                f.low,
                f.high,
                f.of,
                f.unit,
                f.counted,
                f.casualty.map(|c| c.as_str()),
                f.about,
                row.speaker,
                f.approximate,
                f.change.map(|c| c.as_str()),
                f.damaged,
                rows.published,
                row.about.map(|(ordinal, _)| ordinal),
                row.about.map(|(_, act)| act),
                f.text,
                row.sentence,
            ],
        )?;
    }
    Ok(())
}

fn put_tie(
    tx: &Transaction<'_>,
    sql: &mut Kept<'_>,
    seq: i64,
    ordinal: i64,
    row: &TieRow,
    day: Option<&String>,
    known: &mut Known,
) -> rusqlite::Result<()> {
    let TieRow { tie, from, to, leans, text } = row;
    for of in from.iter().chain(to) {
        party(tx, &mut known.parties, of)?;
    }
    sql.run(
        "INSERT INTO tie VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        params![
            seq,
            ordinal,
            tie.id,
            tie.kind.as_str(),
            from.as_ref().map_or("", |p| &p.name),
            from.as_ref().and_then(|p| p.country.as_ref()),
            from.as_ref().map_or("", |p| &p.code),
            to.as_ref().map_or("", |p| &p.name),
            to.as_ref().and_then(|p| p.country.as_ref()),
            to.as_ref().map_or("", |p| &p.code),
            leans,
            tie.trend.map(|t| t.as_str()),
            tie.commodity,
            f64::from(tie.confidence),
            tie.damaged,
            day,
            text,
        ],
    )?;
    Ok(())
}
