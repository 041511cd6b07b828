//! One file that holds reports, their readings, and tables of what was read.

use crate::correct::{self, Corrections};
use crate::dispute::speaker;
use crate::episode::{EpisodeIndex, actor, episodes, index};
use crate::error::ArchiveError;
use crate::quote::Quotes;
use crate::schema;
use crate::summary;
use crate::voice::Sketch;
use dyad_record::archive::{Episode, Summary};
use dyad_record::{Event, EventTime, Record};
use rusqlite::types::Type;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, params};
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// What `add` did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A report that the archive did not hold.
    Added,
    /// The archive holds this very record.
    Unchanged,
    /// The archive holds the report and now this reading of it too; the newest counts.
    Reread,
}

/// An archive. Send it to one thread at a time; several processes may hold one file.
#[derive(Debug)]
pub struct Archive {
    pub(crate) db: Connection,
    path: PathBuf,
    joined: RefCell<Option<Joined>>,
}

/// What is said across reports, as of one state of the file.
#[derive(Clone, Debug)]
struct Joined {
    state: (i64, u64),
    episodes: Arc<Vec<Episode>>,
    index: Arc<EpisodeIndex>,
    summary: Arc<Summary>,
}

impl Archive {
    /// Opens an archive, and makes it where there is no file.
    pub fn open(path: impl AsRef<Path>) -> Result<Archive, ArchiveError> {
        Self::with_flags(path.as_ref(), OpenFlags::default())
    }

    /// Opens an archive that must be there.
    pub fn open_existing(path: impl AsRef<Path>) -> Result<Archive, ArchiveError> {
        let path = path.as_ref();
        if !path.exists() {
            return Err(ArchiveError::Missing { path: path.to_owned() });
        }
        Self::with_flags(path, OpenFlags::default() - OpenFlags::SQLITE_OPEN_CREATE)
    }

    fn with_flags(path: &Path, flags: OpenFlags) -> Result<Archive, ArchiveError> {
        let db = Connection::open_with_flags(path, flags)
            .map_err(|source| ArchiveError::store(path, "open the archive", source))?;
        let mut archive = Archive { db, path: path.to_owned(), joined: RefCell::new(None) };
        archive.prepare()?;
        Ok(archive)
    }

    fn prepare(&mut self) -> Result<(), ArchiveError> {
        self.db.busy_timeout(Duration::from_secs(10)).map_err(|e| self.fail("set it up", e))?;
        let owner: i64 = self
            .db
            .pragma_query_value(None, "application_id", |row| row.get(0))
            .map_err(|e| self.fail("read its head", e))?;
        let tables: i64 = self
            .db
            .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
            .map_err(|e| self.fail("read its head", e))?;
        if owner != schema::APPLICATION_ID && tables > 0 {
            let why = "an SQLite database of another program".to_owned();
            return Err(ArchiveError::NotAnArchive { path: self.path.clone(), why });
        }
        let found = schema::version(&self.db).map_err(|e| self.fail("read its head", e))?;
        if found > schema::VERSION {
            let (path, known) = (self.path.clone(), schema::VERSION);
            return Err(ArchiveError::TooNew { path, found, known });
        }
        let setup = |db: &mut Connection| {
            db.pragma_update(None, "journal_mode", "wal")?;
            db.pragma_update(None, "synchronous", "normal")?;
            db.pragma_update(None, "foreign_keys", true)?;
            if found < schema::VERSION {
                // Another process may have migrated it meanwhile: the steps look again inside.
                let tx = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
                if schema::migrate(&tx)? {
                    refill(&tx)?;
                }
                tx.commit()?;
            }
            Ok(())
        };
        setup(&mut self.db).map_err(|e| self.fail("set it up", e))
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn fail(&self, doing: &'static str, source: rusqlite::Error) -> ArchiveError {
        ArchiveError::store(&self.path, doing, source)
    }

    /// Stores one record, whole or not at all.
    pub fn add(&mut self, record: &Record) -> Result<Outcome, ArchiveError> {
        let outcome = (|| {
            let tx = self.db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            let outcome = put(&tx, record)?;
            tx.commit()?;
            Ok(outcome)
        })();
        let outcome = outcome.map_err(|e| self.fail("store a report", e))?;
        outcome.ok_or_else(|| {
            let (path, report) = (self.path.clone(), record.report.id.clone());
            ArchiveError::Clash { path, report }
        })
    }

    /// The ids of all reports, in the order in which they were first added.
    pub fn report_ids(&self) -> Result<Vec<String>, ArchiveError> {
        let ids = self.db.prepare_cached("SELECT id FROM report ORDER BY seq").and_then(|mut q| {
            q.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<_>>>()
        });
        ids.map_err(|e| self.fail("list the reports", e))
    }

    /// The report whose id begins so.
    pub fn find_report(&self, id: &str) -> Result<String, ArchiveError> {
        let found = self
            .db
            .prepare_cached("SELECT id FROM report WHERE substr(id, 1, length(?1)) = ?1 LIMIT 2")
            .and_then(|mut q| {
                q.query_map([id], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()
            });
        let mut found = found.map_err(|e| self.fail("look for a report", e))?;
        match (id.is_empty(), found.len()) {
            (false, 1) => Ok(found.remove(0)),
            (_, n) => {
                let (path, id) = (self.path.clone(), id.to_owned());
                Err(ArchiveError::NoReport { path, id, several: n > 1 })
            }
        }
    }

    /// Takes out a report with all its readings; says whether it was there.
    pub fn drop_report(&mut self, id: &str) -> Result<bool, ArchiveError> {
        let gone = self.db.execute("DELETE FROM report WHERE id = ?", [id]);
        gone.map(|n| n > 0).map_err(|e| self.fail("drop a report", e))
    }

    /// The newest reading of a report, with what people corrected.
    pub fn report(&self, id: &str) -> Result<Option<Record>, ArchiveError> {
        let Some(stored) = self.stored(id)? else { return Ok(None) };
        let seq = stored.seq;
        let mut record = self.restore(stored)?;
        correct::put_all(&self.db, seq, &mut record)
            .map_err(|e| self.fail("read the corrections", e))?;
        Ok(Some(record))
    }

    /// The newest reading of a report as the machine read it.
    pub fn reading(&self, id: &str) -> Result<Option<Record>, ArchiveError> {
        self.stored(id)?.map(|s| self.restore(s)).transpose()
    }

    fn stored(&self, id: &str) -> Result<Option<Stored>, ArchiveError> {
        let sql = format!("{NEWEST} WHERE report.id = ?1");
        let row = self
            .db
            .prepare_cached(&sql)
            .and_then(|mut query| query.query_row([id], Stored::from_row).optional());
        row.map_err(|e| self.fail("read a report", e))
    }

    /// The newest reading of every report, with what people corrected, in the order of publication.
    pub fn records(&self) -> Result<Vec<Record>, ArchiveError> {
        let sql =
            format!("{NEWEST} ORDER BY report.published IS NULL, report.published, report.id");
        let stored = self.db.prepare_cached(&sql).and_then(|mut query| {
            query.query_map([], Stored::from_row)?.collect::<rusqlite::Result<Vec<_>>>()
        });
        let stored = stored.map_err(|e| self.fail("read the reports", e))?;
        let corrections =
            Corrections::of_all(&self.db).map_err(|e| self.fail("read the corrections", e))?;
        let records = stored.into_iter().map(|stored| {
            let seq = stored.seq;
            let mut record = self.restore(stored)?;
            corrections.put(seq, &mut record);
            Ok(record)
        });
        records.collect()
    }

    fn restore(&self, stored: Stored) -> Result<Record, ArchiveError> {
        let report = stored.id.clone();
        stored.record().map_err(|source| ArchiveError::Record {
            path: self.path.clone(),
            report,
            source,
        })
    }

    /// Every happening that the archive's reports tell, earliest first.
    pub fn episodes(&self) -> Result<Arc<Vec<Episode>>, ArchiveError> {
        Ok(self.joined()?.episodes)
    }

    /// The episode of each event, by report and event id.
    pub(crate) fn episode_index(&self) -> Result<Arc<EpisodeIndex>, ArchiveError> {
        Ok(self.joined()?.index)
    }

    /// Joined anew only when the file has changed since.
    fn joined(&self) -> Result<Joined, ArchiveError> {
        let state = (self.changes()?, self.db.total_changes());
        if let Some(joined) = self.joined.borrow().as_ref().filter(|j| j.state == state) {
            return Ok(joined.clone());
        }
        let records = self.records()?;
        let episodes = episodes(&records);
        let index = Arc::new(index(&episodes));
        let summary = Arc::new(summary::of(&records, &episodes));
        let joined = Joined { state, episodes: Arc::new(episodes), index, summary };
        self.joined.replace(Some(joined.clone()));
        Ok(joined)
    }

    /// A number that is another one after every change by another connection.
    pub fn changes(&self) -> Result<i64, ArchiveError> {
        let version = self.db.pragma_query_value(None, "data_version", |row| row.get(0));
        version.map_err(|e| self.fail("read its state", e))
    }

    pub fn summary(&self) -> Result<Summary, ArchiveError> {
        Ok(self.joined()?.summary.as_ref().clone())
    }
}

/// The newest reading of each report.
const NEWEST: &str = "\
    SELECT report.id, report.text, reading.record, report.seq FROM report JOIN reading \
    ON reading.seq = (SELECT max(seq) FROM reading WHERE report = report.seq)";

struct Stored {
    id: String,
    text: String,
    record: String,
    seq: i64,
}

impl Stored {
    fn from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Stored> {
        Ok(Stored { id: row.get(0)?, text: row.get(1)?, record: row.get(2)?, seq: row.get(3)? })
    }

    fn record(self) -> serde_json::Result<Record> {
        let mut record: Record = serde_json::from_str(&self.record)?;
        record.report.text = self.text;
        Ok(record)
    }
}

/// The number and the newest reading of a report that is there.
pub(crate) fn newest(db: &Connection, id: &str) -> rusqlite::Result<(i64, Record)> {
    let sql = format!("{NEWEST} WHERE report.id = ?1");
    let stored = db.prepare_cached(&sql)?.query_row([id], Stored::from_row)?;
    let seq = stored.seq;
    let broken = |e| rusqlite::Error::FromSqlConversionFailure(2, Type::Text, Box::new(e));
    Ok((seq, stored.record().map_err(broken)?))
}

/// `None` where another text goes by the record's id: nothing is stored over it.
fn put(tx: &Transaction<'_>, record: &Record) -> rusqlite::Result<Option<Outcome>> {
    // The text stands in `report`, once for all its readings.
    let mut bare = record.clone();
    bare.report.text.clear();
    let json = serde_json::to_string(&bare)
        .map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))?;
    let known = tx
        .prepare_cached(&format!("{NEWEST} WHERE report.id = ?1"))?
        .query_row([&record.report.id], Stored::from_row)
        .optional()?;
    let outcome = match &known {
        Some(known) if known.text != record.report.text => return Ok(None),
        Some(known) if known.record == json => return Ok(Some(Outcome::Unchanged)),
        Some(_) => Outcome::Reread,
        None => Outcome::Added,
    };
    let seq = put_report(tx, record)?;
    tx.prepare_cached(
        "INSERT INTO reading (report, program, model, record, hash) VALUES (?, ?, ?, ?, ?)",
    )?
    .execute(params![seq, record.reader.program, record.reader.model, json, hash(&json)])?;
    correct::settle(tx, seq, record)?;
    Ok(Some(outcome))
}

/// The hash by which `verify` knows a text again.
pub(crate) fn hash(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex()[..32].to_owned()
}

/// Fills the hashes, and the tables of items from the readings that count.
fn refill(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    let ids: Vec<String> = tx
        .prepare("SELECT id FROM report")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for id in ids {
        let (seq, record) = newest(tx, &id)?;
        correct::settle(tx, seq, &record)?;
        tx.prepare_cached("UPDATE report SET hash = ? WHERE seq = ?")?
            .execute(params![hash(&record.report.text), seq])?;
        let mut query = tx.prepare_cached("SELECT seq, record FROM reading WHERE report = ?")?;
        let readings = query.query_map([seq], |row| Ok((row.get(0)?, row.get(1)?)))?;
        for (reading, json) in readings.collect::<rusqlite::Result<Vec<(i64, String)>>>()? {
            tx.prepare_cached("UPDATE reading SET hash = ? WHERE seq = ?")?
                .execute(params![hash(&json), reading])?;
        }
    }
    Ok(())
}

pub(crate) fn put_items(tx: &Transaction<'_>, seq: i64, record: &Record) -> rusqlite::Result<()> {
    for table in schema::ITEMS {
        tx.prepare_cached(&format!("DELETE FROM {table} WHERE report = ?"))?.execute([seq])?;
    }
    let quotes = Quotes::new(&record.report.text);
    for (i, event) in record.events.iter().enumerate() {
        put_event(tx, seq, i, record, event, &quotes)?;
    }
    put_statements(tx, seq, record, &quotes)?;
    put_figures(tx, seq, record, &quotes)?;
    put_ties(tx, seq, record, &quotes)
}

fn put_report(tx: &Transaction<'_>, record: &Record) -> rusqlite::Result<i64> {
    let report = &record.report;
    tx.prepare_cached(
        "INSERT INTO report (id, title, outlet, byline, url, published, fetched, language, text, \
             sketch, hash) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) \
         ON CONFLICT (id) DO UPDATE SET title = ?2, outlet = ?3, byline = ?4, url = ?5, \
             published = ?6, fetched = ?7, language = ?8, text = ?9, sketch = ?10, \
             hash = ?11 \
         RETURNING seq",
    )?
    .query_row(
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
            Sketch::of(record).to_bytes(),
            hash(&report.text),
        ],
        |row| row.get(0),
    )
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
) -> rusqlite::Result<()> {
    let place = record.places.iter().find(|p| Some(&p.id) == event.place.as_ref());
    let time = event.time.as_ref();
    let (day_from, day_to) = days(time, record);
    tx.prepare_cached(
        "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
        quotes.join(&event.evidence),
    ])?;
    for (side, ids) in [("actor", &event.actors), ("recipient", &event.recipients)] {
        for (i, party) in ids.iter().filter_map(|id| actor(record, id)).enumerate() {
            tx.prepare_cached("INSERT INTO event_party VALUES (?, ?, ?, ?, ?, ?, ?)")?.execute(
                params![seq, ordinal as i64, side, i as i64, party.name, party.country, party.code],
            )?;
        }
    }
    Ok(())
}

fn put_statements(
    tx: &Transaction<'_>,
    seq: i64,
    record: &Record,
    quotes: &Quotes<'_>,
) -> rusqlite::Result<()> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO statement VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?;
    for (i, s) in record.statements.iter().enumerate() {
        let speaker = s.speaker.as_ref().and_then(|id| actor(record, id));
        let addressee = s.addressee.as_ref().and_then(|id| actor(record, id));
        let (day_from, day_to) = days(s.time.as_ref(), record);
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
            quotes.join(&s.content),
        ])?;
    }
    Ok(())
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
) -> rusqlite::Result<()> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO tie VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?;
    for (i, t) in record.ties.iter().enumerate() {
        let (from, to) = (actor(record, &t.from), actor(record, &t.to));
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
            quotes.join(&t.evidence),
        ])?;
    }
    Ok(())
}
