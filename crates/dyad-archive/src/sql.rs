//! Questions in SQL, which can change nothing.

use crate::error::ArchiveError;
use crate::store::Archive;
use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::types::ValueRef;
use rusqlite::{Batch, Connection, OpenFlags, Statement};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// What a question in SQL brought.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Value>>,
}

/// An archive opened to be read in SQL: its tables and the views of docs/archive.md.
#[derive(Debug)]
pub struct Reading {
    db: Connection,
    path: PathBuf,
}

impl Reading {
    pub fn open(path: impl AsRef<Path>) -> Result<Reading, ArchiveError> {
        let path = path.as_ref().to_owned();
        // Brings an older file up to date first, and refuses what is no archive.
        drop(Archive::open_existing(&path)?);
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(&path, flags)
            .map_err(|source| ArchiveError::store(&path, "open the archive", source))?;
        Ok(Reading { db, path })
    }

    /// Answers each of the statements.
    pub fn ask(&mut self, sql: &str) -> Result<Vec<Answer>, ArchiveError> {
        self.db
            .pragma_update(None, "query_only", true)
            .and_then(|()| Batch::new(&self.db, sql).map(answer).collect())
            .map_err(|source| ArchiveError::Sql { path: self.path.clone(), source })
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
