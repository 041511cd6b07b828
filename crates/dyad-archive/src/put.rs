//! Records put into the tables, with all that is made from them.

use crate::correct;
use crate::desk::Desk;
use crate::held::{Filed, Held};
use crate::kept::Kept;
use crate::rows::Rows;
use crate::store::{NEWEST, Outcome, Stored, newest, unread_record};
use crate::told::told;
use crate::voice::Sketch;
use dyad_record::{Record, Report};
use rusqlite::{Transaction, params};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A record with all that storing it needs and that can be made without the archive, by whichever
/// thread read the report.
#[derive(Debug)]
pub struct Prepared {
    report: Report,
    program: String,
    model: String,
    json: String,
    hash: String,
    text_hash: String,
    sketch: Arc<Sketch>,
    sketch_bytes: Vec<u8>,
    made: Made,
}

impl Prepared {
    pub fn new(mut record: Record) -> Prepared {
        let (sketch, made) = (Arc::new(Sketch::of(&record)), Made::of(&record));
        // The text stands in `report`, once for all its readings.
        let text = std::mem::take(&mut record.report.text);
        let json = serde_json::to_string(&record).expect("a record is plain JSON");
        let Record { report, reader, .. } = record;
        Prepared {
            text_hash: hash(&text),
            report: Report { text, ..report },
            program: reader.program,
            model: reader.model,
            hash: hash(&json),
            sketch_bytes: sketch.to_bytes(),
            sketch,
            made,
            json,
        }
    }

    /// The record as it was, for the few that somebody has corrected.
    fn record(&self) -> serde_json::Result<Record> {
        let mut record: Record = serde_json::from_str(&self.json)?;
        record.report.text.clone_from(&self.report.text);
        Ok(record)
    }
}

/// What the tables hold of a record.
#[derive(Debug)]
struct Made {
    rows: Rows,
    told: Vec<Filed>,
}

impl Made {
    fn of(record: &Record) -> Made {
        let told = told(record).into_iter().map(Filed::new).collect();
        Made { rows: Rows::of(record), told }
    }
}

/// What became of each, and the id of one that stands for another text: nothing is stored over it.
pub(crate) fn put_all(
    tx: &Transaction<'_>,
    held: &mut Held,
    records: Vec<Prepared>,
) -> rusqlite::Result<(Vec<Outcome>, Option<String>)> {
    let mut desk = Desk::new(tx, held);
    let (mut outcomes, mut clash) = (Vec::with_capacity(records.len()), None);
    let (mut new, mut sketches) = (BTreeMap::new(), BTreeMap::new());
    let mut unread = Vec::new();
    for prepared in records {
        let report = &prepared.report;
        let known = match desk.sql.get("SELECT 1 FROM report WHERE id = ?")?.exists([&report.id])? {
            false => None,
            true => Some(
                tx.prepare_cached(&format!("{NEWEST} WHERE report.id = ?1"))?
                    .query_row([&report.id], Stored::from_row)?,
            ),
        };
        let outcome = match &known {
            Some(known) if known.text != report.text => {
                clash = Some(report.id.clone());
                break;
            }
            Some(known) if known.record == prepared.json => Outcome::Unchanged,
            Some(_) => Outcome::Reread,
            None => Outcome::Added,
        };
        outcomes.push(outcome);
        if outcome == Outcome::Unchanged {
            continue;
        }
        if let Some(known) = &known {
            index_text(tx, &mut unread)?;
            desk.take_out(known.seq)?;
            desk.unvoice(known.seq)?;
            desk.clear_items(known.seq)?;
        }
        let seq = put_report(tx, &mut desk.sql, &prepared, known.as_ref().map(|k| k.seq))?;
        if outcome == Outcome::Added {
            unread.push(seq);
        }
        desk.sql.run(
            "INSERT INTO reading (report, program, model, record, hash) VALUES (?, ?, ?, ?, ?)",
            params![seq, prepared.program, prepared.model, prepared.json, prepared.hash],
        )?;
        let made = match known.is_some() && correct::any(tx, seq)? {
            true => {
                let record = prepared.record().map_err(unread_record)?;
                Made::of(&correct::corrected(tx, seq, &record)?.unwrap_or(record))
            }
            false => prepared.made,
        };
        desk.put_items(seq, made.rows);
        sketches.insert(seq, prepared.sketch);
        new.insert(seq, made.told);
    }
    index_text(tx, &mut unread)?;
    desk.voices(&sketches)?;
    desk.put_in(new)?;
    desk.finish()?;
    Ok((outcomes, clash))
}

/// Puts the words of new reports into the full-text index, all at once: it writes a piece of its own
/// for every statement.
fn index_text(tx: &Transaction<'_>, new: &mut Vec<i64>) -> rusqlite::Result<()> {
    if let (Some(first), Some(last)) = (new.first(), new.last()) {
        tx.prepare_cached(
            "INSERT INTO report_text (rowid, title, text) \
             SELECT seq, title, text FROM report WHERE seq BETWEEN ? AND ?",
        )?
        .execute([first, last])?;
    }
    new.clear();
    Ok(())
}

/// Fills the hashes and all that is made from the readings that count.
pub(crate) fn refill(tx: &Transaction<'_>, held: &mut Held) -> rusqlite::Result<()> {
    const AT_ONCE: usize = 500;
    let ids: Vec<String> = tx
        .prepare("SELECT id FROM report ORDER BY seq")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for ids in ids.chunks(AT_ONCE) {
        let mut desk = Desk::new(tx, held);
        let (mut new, mut sketches) = (BTreeMap::new(), BTreeMap::new());
        for id in ids {
            let (seq, machine) = newest(tx, id)?;
            let sketch = Arc::new(Sketch::of(&machine));
            tx.prepare_cached("UPDATE report SET hash = ?, sketch = ? WHERE seq = ?")?
                .execute(params![hash(&machine.report.text), sketch.to_bytes(), seq])?;
            let mut query =
                tx.prepare_cached("SELECT seq, record FROM reading WHERE report = ?")?;
            let readings = query.query_map([seq], |row| Ok((row.get(0)?, row.get(1)?)))?;
            for (reading, json) in readings.collect::<rusqlite::Result<Vec<(i64, String)>>>()? {
                tx.prepare_cached("UPDATE reading SET hash = ? WHERE seq = ?")?
                    .execute(params![hash(&json), reading])?;
            }
            let record = correct::corrected(tx, seq, &machine)?.unwrap_or(machine);
            let made = Made::of(&record);
            desk.put_items(seq, made.rows);
            sketches.insert(seq, sketch);
            new.insert(seq, made.told);
        }
        desk.voices(&sketches)?;
        desk.put_in(new)?;
        desk.finish()?;
    }
    Ok(())
}

/// Makes all that is made from a report's reading anew, since people say something else of it now.
pub(crate) fn redo(tx: &Transaction<'_>, held: &mut Held, id: &str) -> rusqlite::Result<()> {
    let (seq, record) = newest(tx, id)?;
    let record = correct::corrected(tx, seq, &record)?.unwrap_or(record);
    let mut desk = Desk::new(tx, held);
    desk.take_out(seq)?;
    desk.clear_items(seq)?;
    let made = Made::of(&record);
    desk.put_items(seq, made.rows);
    desk.put_in(BTreeMap::from([(seq, made.told)]))?;
    desk.finish()
}

/// The hash by which `verify` knows a text again.
pub(crate) fn hash(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex()[..32].to_owned()
}

/// The number of a report, a new one unless it is known.
fn put_report(
    tx: &Transaction<'_>,
    sql: &mut Kept<'_>,
    prepared: &Prepared,
    known: Option<i64>,
) -> rusqlite::Result<i64> {
    let report = &prepared.report;
    let put = match known {
        None => {
            "INSERT INTO report (id, title, outlet, byline, url, published, fetched, language, \
                 text, sketch, hash, seq) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
        }
        Some(_) => {
            "UPDATE report SET title = ?2, outlet = ?3, byline = ?4, url = ?5, published = ?6, \
                 fetched = ?7, language = ?8, text = ?9, sketch = ?10, hash = ?11 \
             WHERE seq = ?12 AND id = ?1"
        }
    };
    sql.run(
        put,
        params![
            report.id,
            report.title,
            report.outlet,
            report.byline,
            report.url,
            report.published,
            report.fetched,
            report.language,
            report.text,
            prepared.sketch_bytes,
            prepared.text_hash,
            known,
        ],
    )?;
    Ok(known.unwrap_or_else(|| tx.last_insert_rowid()))
}
