//! One file that holds reports, their readings, and tables of what was read.

use crate::correct::{self, Corrections};
use crate::desk::Desk;
use crate::error::ArchiveError;
use crate::put::{Prepared, put_all, refill};
use crate::schema;
use crate::sweep::Sweep;
use dyad_record::Record;
use rusqlite::types::Type;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction};
use std::path::{Path, PathBuf};
use std::time::Duration;

pub(crate) use crate::held::Held;

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
    // Stands before the connection: whoever closes that last puts what is left where it belongs.
    sweep: Sweep,
    pub(crate) db: Connection,
    path: PathBuf,
    held: Held,
    /// The state of the file as of which that is held.
    held_at: i64,
}

/// Bytes of a page of a new file: most of what is stored is long and lies in the order in which it came,
/// and what a page costs to keep hardly hangs on its size.
const PAGE: i64 = 16_384;
/// So many bytes of the file are read where the system keeps them, without a copy; SQLite maps no more.
const MAPPED: i64 = 0x7fff_0000;
/// Pages of the file that are kept in memory, in KiB.
const PAGES: i64 = 160 * 1024;
/// The same for who writes: a transaction of thousands of reports changes so many pages, and the next one
/// changes most of them again.
const WRITTEN: i64 = 512 * 1024;

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

    /// Opens an archive that must be there for questions alone: one of many that may ask at once
    /// while another connection writes. The file must be up to date.
    pub fn open_to_read(path: impl AsRef<Path>) -> Result<Archive, ArchiveError> {
        drop(Self::open_existing(&path)?);
        let path = path.as_ref();
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(path, flags)
            .map_err(|source| ArchiveError::store(path, "open the archive", source))?;
        let archive = Archive::with(db, path);
        archive.tune().map_err(|e| archive.fail("set it up", e))?;
        Ok(archive)
    }

    fn with(db: Connection, path: &Path) -> Archive {
        let (sweep, held) = (Sweep::default(), Held::default());
        Archive { sweep, db, path: path.to_owned(), held, held_at: 0 }
    }

    fn tune(&self) -> rusqlite::Result<()> {
        self.db.busy_timeout(Duration::from_secs(10))?;
        self.db.set_prepared_statement_cache_capacity(128);
        self.db.pragma_update(None, "cache_size", -PAGES)?;
        self.db.pragma_update(None, "mmap_size", MAPPED)
    }

    fn with_flags(path: &Path, flags: OpenFlags) -> Result<Archive, ArchiveError> {
        let db = Connection::open_with_flags(path, flags)
            .map_err(|source| ArchiveError::store(path, "open the archive", source))?;
        let mut archive = Archive::with(db, path);
        archive.prepare()?;
        Ok(archive)
    }

    fn prepare(&mut self) -> Result<(), ArchiveError> {
        self.tune().map_err(|e| self.fail("set it up", e))?;
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
        let mut held = Held::default();
        let mut setup = |db: &mut Connection| {
            if tables == 0 {
                db.pragma_update(None, "page_size", PAGE)?;
            }
            db.pragma_update(None, "journal_mode", "wal")?;
            db.pragma_update(None, "cache_size", -WRITTEN)?;
            db.pragma_update(None, "synchronous", "normal")?;
            db.pragma_update(None, "foreign_keys", true)?;
            if found < schema::VERSION {
                // Another process may have migrated it meanwhile: the steps look again inside.
                let tx = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
                if schema::migrate(&tx)? {
                    refill(&tx, &mut held)?;
                }
                tx.commit()?;
            }
            self.sweep = Sweep::of(db)?;
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
        let outcomes = self.add_all(vec![Prepared::new(record.clone())])?;
        Ok(outcomes[0])
    }

    /// Stores some records in one transaction and joins what they tell: all of them, or none, or,
    /// where the id of one stands for another text, those before it.
    pub fn add_all(&mut self, records: Vec<Prepared>) -> Result<Vec<Outcome>, ArchiveError> {
        let (outcomes, clash) =
            self.write("store a report", |tx, held| put_all(tx, held, records))?;
        match clash {
            None => Ok(outcomes),
            Some(report) => Err(ArchiveError::Clash { path: self.path.clone(), report }),
        }
    }

    /// Does something in one transaction; what is held for writing never outlives a failed one.
    pub(crate) fn write<T>(
        &mut self,
        doing: &'static str,
        work: impl FnOnce(&Transaction<'_>, &mut Held) -> rusqlite::Result<T>,
    ) -> Result<T, ArchiveError> {
        let (held, held_at) = (&mut self.held, &mut self.held_at);
        let done = (|| {
            let tx = self.db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            let state = tx.pragma_query_value(None, "data_version", |row| row.get(0))?;
            if std::mem::replace(held_at, state) != state {
                held.clear();
            }
            let done = work(&tx, held)?;
            tx.commit()?;
            Ok(done)
        })();
        match done {
            Ok(_) => self.committed(),
            Err(_) => self.held.clear(),
        }
        done.map_err(|e| self.fail(doing, e))
    }

    /// To be called after a commit.
    pub(crate) fn committed(&mut self) {
        self.sweep.committed(&self.db, &self.path);
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
        self.write("drop a report", |tx, held| {
            let mut query = tx.prepare_cached("SELECT seq FROM report WHERE id = ?")?;
            let Some(seq) = query.query_row([id], |row| row.get::<_, i64>(0)).optional()? else {
                return Ok(false);
            };
            let mut desk = Desk::new(tx, held);
            desk.take_out(seq)?;
            desk.unvoice(seq)?;
            desk.clear_items(seq)?;
            desk.finish()?;
            tx.execute("DELETE FROM report WHERE seq = ?", [seq])?;
            Ok(true)
        })
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

    /// As [`Archive::records`], of the reports alone that may name both countries, by ISO code: those
    /// in whose reading both codes stand, and those that somebody corrected.
    pub fn records_naming(&self, countries: [&str; 2]) -> Result<Vec<Record>, ArchiveError> {
        let [a, b] = countries.map(|code| format!("\"country\":\"{code}\""));
        let sql = format!(
            "{NEWEST} WHERE instr(reading.record, ?1) AND instr(reading.record, ?2) \
             OR report.seq IN (SELECT report FROM correction) \
             ORDER BY report.published IS NULL, report.published, report.id"
        );
        let ids = self.db.prepare_cached(&sql).and_then(|mut query| {
            query.query_map([a, b], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()
        });
        let ids = ids.map_err(|e| self.fail("read the reports", e))?;
        let records = ids.iter().filter_map(|id| self.report(id).transpose());
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

    /// A number that is another one after every change by another connection.
    pub fn changes(&self) -> Result<i64, ArchiveError> {
        let version = self.db.pragma_query_value(None, "data_version", |row| row.get(0));
        version.map_err(|e| self.fail("read its state", e))
    }
}

/// The newest reading of each report.
pub(crate) const NEWEST: &str = "\
    SELECT report.id, report.text, reading.record, report.seq FROM report JOIN reading \
    ON reading.seq = (SELECT max(seq) FROM reading WHERE report = report.seq)";

pub(crate) struct Stored {
    id: String,
    pub text: String,
    pub record: String,
    pub seq: i64,
}

impl Stored {
    pub fn from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Stored> {
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
    Ok((seq, stored.record().map_err(unread_record)?))
}

pub(crate) fn unread_record(error: serde_json::Error) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(2, Type::Text, Box::new(error))
}
