//! The tables of items: made from the readings that count, and made again from them.

use crate::bulk::{Bulks, put_each};
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

/// Fills the tables with what the records of some reports hold, one table after the other: what is
/// written then lies close together.
pub(crate) fn items(
    tx: &Transaction<'_>,
    sql: &mut Kept<'_>,
    bulks: &mut Bulks,
    known: &mut Known,
    all: &[(i64, Rows)],
) -> rusqlite::Result<()> {
    put_events(tx, sql, bulks, all, known)?;
    put_statements(tx, bulks, all, known)?;
    put_figures(tx, all)?;
    put_ties(tx, all, known)
}

/// Each with the number of its report and its own.
fn each<'r, T: 'r>(
    all: &'r [(i64, Rows)],
    of: impl Fn(&'r Rows) -> &'r Vec<T>,
) -> impl Iterator<Item = (i64, i64, &'r T)> {
    all.iter().flat_map(move |(seq, rows)| (0..).zip(of(rows)).map(|(i, row)| (*seq, i, row)))
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

fn put_events(
    tx: &Transaction<'_>,
    sql: &mut Kept<'_>,
    bulks: &mut Bulks,
    all: &[(i64, Rows)],
    known: &mut Known,
) -> rusqlite::Result<()> {
    let events = || each(all, |rows| &rows.events);
    put_each(tx, ("event", 23, 1), events(), |to, (seq, ordinal, row)| {
        let EventRow { event, act, days, .. } = row;
        let time = event.time.as_ref();
        to.put(seq)?;
        to.put(ordinal)?;
        to.put(&event.id)?;
        to.put(event.kind.as_str())?;
        to.put(&event.mode)?;
        to.put(event.contexts.join(" "))?;
        to.put(&event.cameo)?;
        to.put(f64::from(event.goldstein))?;
        to.put(event.quad.as_str())?;
        to.put(event.status.as_str())?;
        to.put(event.mutual)?;
        to.put(time.and_then(|t| t.from.as_ref()))?;
        to.put(time.and_then(|t| t.to.as_ref()))?;
        to.put(time.map(|t| t.basis.as_str()))?;
        to.put(&days.from)?;
        to.put(&days.to)?;
        to.put(row.place.as_ref().map(|(name, _)| name))?;
        to.put(row.place.as_ref().and_then(|(_, country)| country.as_ref()))?;
        to.put(f64::from(event.confidence))?;
        to.put(event.damaged)?;
        to.put(act)?;
        to.put(days.long)?;
        to.put(&row.text)
    })?;
    let mut parties = Vec::new();
    for (seq, ordinal, row) in events() {
        if let Some((name, country)) = &row.place {
            let place = (country.clone().unwrap_or_default(), name.clone());
            if !known.places.contains(&place) {
                sql.run("INSERT OR IGNORE INTO place VALUES (?, ?)", [&place.0, &place.1])?;
                known.places.insert(place);
            }
        }
        for (side, of) in [("actor", &row.actors), ("recipient", &row.recipients)] {
            for (of, i) in of.iter().zip(0i64..) {
                parties.push((party(tx, &mut known.parties, of)?, seq, ordinal, side, i, of));
            }
        }
        let (act, first, last) = (row.act, row.days.first, row.days.last);
        for (side, bears) in &row.keys.sides {
            let (side, bears) = (known.key(tx, side)?, i64::from(*bears));
            bulks.event_side.push([side, first, seq, ordinal, bears, last, act]);
        }
        for (who, whom) in &row.keys.pairs {
            let (who, whom) = (known.key(tx, who)?, known.key(tx, whom)?);
            bulks.event_pair.push([who, whom, first, seq, ordinal, last, act]);
        }
    }
    // In the order of the index by party, which is the longer way.
    parties.sort_unstable_by_key(|(party, seq, ordinal, side, i, _)| {
        (*party, *seq, *ordinal, *side, *i)
    });
    let parties = parties.into_iter();
    put_each(tx, ("event_party", 8, 16), parties, |to, (party, seq, ordinal, side, i, of)| {
        to.put(seq)?;
        to.put(ordinal)?;
        to.put(side)?;
        to.put(i)?;
        to.put(party)?;
        to.put(&of.name)?;
        to.put(&of.country)?;
        to.put(&of.code)
    })
}

fn put_statements(
    tx: &Transaction<'_>,
    bulks: &mut Bulks,
    all: &[(i64, Rows)],
    known: &mut Known,
) -> rusqlite::Result<()> {
    let statements = || each(all, |rows| &rows.statements);
    for (seq, ordinal, row) in statements() {
        for of in row.speaker.iter().chain(&row.addressee) {
            party(tx, &mut known.parties, of)?;
        }
        let who = row.who.as_ref().map_or(Ok(NOBODY), |who| known.key(tx, who))?;
        for whom in &row.whom {
            let whom = known.key(tx, whom)?;
            bulks.statement_pair.push([who, whom, row.days.first, seq, ordinal, row.days.last]);
        }
    }
    put_each(tx, ("statement", 20, 1), statements(), |to, (seq, ordinal, row)| {
        let StatementRow { statement, days, .. } = row;
        let time = statement.time.as_ref();
        let whom: Vec<&str> = row.whom.iter().map(String::as_str).collect();
        to.put(seq)?;
        to.put(ordinal)?;
        to.put(&statement.id)?;
        for of in [&row.speaker, &row.addressee] {
            to.put(of.as_ref().map(|p| &p.name))?;
            to.put(of.as_ref().and_then(|p| p.country.as_ref()))?;
            to.put(of.as_ref().map(|p| &p.code))?;
        }
        to.put(statement.stance.map(|s| s.as_str()))?;
        to.put(statement.form.as_str())?;
        to.put(time.and_then(|t| t.from.as_ref()))?;
        to.put(time.and_then(|t| t.to.as_ref()))?;
        to.put(&days.from)?;
        to.put(&days.to)?;
        to.put(statement.damaged)?;
        to.put(days.long)?;
        to.put(&row.who)?;
        to.put(whom.join(" "))?;
        to.put(&row.text)
    })
}

fn put_figures(tx: &Transaction<'_>, all: &[(i64, Rows)]) -> rusqlite::Result<()> {
    let figures = all.iter().flat_map(|(seq, rows)| {
        let figures = (0i64..).zip(&rows.figures);
        figures.map(|(ordinal, row)| (*seq, ordinal, row, &rows.published))
    });
    put_each(tx, ("figure", 20, 1), figures, |to, (seq, ordinal, row, published)| {
        let f = &row.figure;
        to.put(seq)?;
        to.put(ordinal)?;
        to.put(&f.id)?;
        to.put(f.value)?;
        to.put(f.low)?;
        to.put(f.high)?;
        to.put(f.of)?;
        to.put(&f.unit)?;
        to.put(&f.counted)?;
        to.put(f.casualty.map(|c| c.as_str()))?;
        to.put(&f.about)?;
        to.put(&row.speaker)?;
        to.put(f.approximate)?;
        to.put(f.change.map(|c| c.as_str()))?;
        to.put(f.damaged)?;
        to.put(published)?;
        to.put(row.about.map(|(ordinal, _)| ordinal))?;
        to.put(row.about.map(|(_, act)| act))?;
        to.put(&f.text)?;
        to.put(&row.sentence)
    })
}

fn put_ties(tx: &Transaction<'_>, all: &[(i64, Rows)], known: &mut Known) -> rusqlite::Result<()> {
    let ties = || {
        all.iter().flat_map(|(seq, rows)| {
            let ties = (0i64..).zip(&rows.ties);
            ties.map(|(ordinal, row)| (*seq, ordinal, row, &rows.published))
        })
    };
    for (_, _, row, _) in ties() {
        for of in row.from.iter().chain(&row.to) {
            party(tx, &mut known.parties, of)?;
        }
    }
    put_each(tx, ("tie", 17, 1), ties(), |to, (seq, ordinal, row, day)| {
        let TieRow { tie, leans, text, .. } = row;
        to.put(seq)?;
        to.put(ordinal)?;
        to.put(&tie.id)?;
        to.put(tie.kind.as_str())?;
        for of in [&row.from, &row.to] {
            to.put(of.as_ref().map_or("", |p| &p.name))?;
            to.put(of.as_ref().and_then(|p| p.country.as_ref()))?;
            to.put(of.as_ref().map_or("", |p| &p.code))?;
        }
        to.put(leans)?;
        to.put(tie.trend.map(|t| t.as_str()))?;
        to.put(&tie.commodity)?;
        to.put(f64::from(tie.confidence))?;
        to.put(tie.damaged)?;
        to.put(day)?;
        to.put(text)
    })
}
