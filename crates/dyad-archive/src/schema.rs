//! The tables, and the way from each version of them to the next. docs/archive.md tells what
//! each column holds; a change here is a new step below and a line there.

use rusqlite::{Connection, Transaction};

/// Marks an SQLite file as ours (`dyad` in ASCII).
pub const APPLICATION_ID: i64 = 0x6479_6164;

/// Step `n` brings `user_version` from `n` to `n + 1`.
const STEPS: &[&str] = &[include_str!("schema/1.sql")];

pub const VERSION: i64 = STEPS.len() as i64;

pub fn version(db: &Connection) -> rusqlite::Result<i64> {
    db.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Runs the steps that the file has not seen. The caller commits.
pub fn migrate(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    let from = version(tx)?;
    for step in STEPS.iter().skip(from as usize) {
        tx.execute_batch(step)?;
    }
    if from < VERSION {
        tx.pragma_update(None, "application_id", APPLICATION_ID)?;
        tx.pragma_update(None, "user_version", VERSION)?;
    }
    Ok(())
}
