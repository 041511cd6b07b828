//! Questions in SQL, which can change nothing.

use crate::error::ArchiveError;
use crate::store::Archive;
use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::types::ValueRef;
use rusqlite::{Batch, Connection, OpenFlags, Statement, params};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// What a question in SQL brought.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Value>>,
}

/// An archive opened to be read in SQL: its tables, the views of docs/archive.md, and `episodes` and
/// `tellings`.
#[derive(Debug)]
pub struct Reading {
    db: Connection,
    path: PathBuf,
    joined: bool,
}

const EPISODES: &str = "\
    CREATE TEMP TABLE episodes (id TEXT PRIMARY KEY, type TEXT, quad TEXT, status TEXT, deed INTEGER, \
        who TEXT, whom TEXT, mutual INTEGER, date_from TEXT, date_to TEXT, place TEXT, \
        goldstein REAL, reports INTEGER, voices INTEGER, disagreements INTEGER); \
    CREATE TEMP TABLE tellings (episode TEXT, report TEXT, event TEXT, voice INTEGER, \
        outlet TEXT, published TEXT, text TEXT);";

impl Reading {
    pub fn open(path: impl AsRef<Path>) -> Result<Reading, ArchiveError> {
        let path = path.as_ref().to_owned();
        // Brings an older file up to date first, and refuses what is no archive.
        drop(Archive::open_existing(&path)?);
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(&path, flags)
            .map_err(|source| ArchiveError::store(&path, "open the archive", source))?;
        Ok(Reading { db, path, joined: false })
    }

    /// Answers each of the statements.
    pub fn ask(&mut self, sql: &str) -> Result<Vec<Answer>, ArchiveError> {
        let lower = sql.to_lowercase();
        if !self.joined && (lower.contains("episodes") || lower.contains("tellings")) {
            self.join()?;
        }
        self.db
            .pragma_update(None, "query_only", true)
            .and_then(|()| Batch::new(&self.db, sql).map(answer).collect())
            .map_err(|source| ArchiveError::Sql { path: self.path.clone(), source })
    }

    /// Episodes are not stored: they are put beside the tables when first asked for.
    fn join(&mut self) -> Result<(), ArchiveError> {
        let episodes = Archive::open_existing(&self.path)?.episodes()?;
        let put = || {
            self.db.pragma_update(None, "query_only", false)?;
            self.db.execute_batch(EPISODES)?;
            self.db.execute_batch("BEGIN")?;
            let codes = |parties: &[dyad_record::archive::Party]| {
                let mut codes: Vec<&str> =
                    parties.iter().map(|p| p.country.as_deref().unwrap_or(&p.code)).collect();
                codes.sort_unstable();
                codes.dedup();
                codes.join(" ")
            };
            for e in episodes.iter() {
                self.db
                    .prepare_cached(
                        "INSERT INTO episodes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    )?
                    .execute(params![
                        e.id,
                        e.kind.as_str(),
                        e.quad.as_str(),
                        e.status.as_str(),
                        e.deed,
                        codes(&e.actors),
                        codes(&e.recipients),
                        e.mutual,
                        e.from,
                        e.to,
                        e.place,
                        f64::from(e.goldstein),
                        e.reports,
                        e.voices,
                        e.disagreements.len() as i64,
                    ])?;
                for t in &e.tellings {
                    self.db
                        .prepare_cached("INSERT INTO tellings VALUES (?, ?, ?, ?, ?, ?, ?)")?
                        .execute(params![
                            e.id,
                            t.report,
                            t.event,
                            t.voice,
                            t.outlet,
                            t.published,
                            t.text
                        ])?;
                }
            }
            self.db.execute_batch("COMMIT")
        };
        put().map_err(|source| ArchiveError::store(&self.path, "join the reports", source))?;
        self.joined = true;
        Ok(())
    }
}

fn answer(mut query: Statement<'_>) -> rusqlite::Result<Answer> {
    let columns: Vec<String> = query.column_names().into_iter().map(str::to_owned).collect();
    let rows = query.query_map([], |row| {
        (0..columns.len())
            .map(|i| {
                Ok(match row.get_ref(i)? {
                    ValueRef::Null => Value::Null,
                    ValueRef::Integer(n) => Value::from(n),
                    ValueRef::Real(x) => Value::from(x),
                    ValueRef::Text(text) => Value::from(String::from_utf8_lossy(text)),
                    ValueRef::Blob(bytes) => Value::from(format!("{} bytes", bytes.len())),
                })
            })
            .collect()
    })?;
    let rows = rows.collect::<rusqlite::Result<Vec<Vec<Value>>>>()?;
    Ok(Answer { columns, rows })
}
