//! The tables, and the way from each version of them to the next. docs/archive.md tells what
//! each column holds; a change here is a new step below and a line there.

use rusqlite::{Connection, Transaction};

/// Marks an SQLite file as ours (`dyad` in ASCII).
pub const APPLICATION_ID: i64 = 0x6479_6164;

/// Step `n` brings `user_version` from `n` to `n + 1`.
const STEPS: &[&str] = &[
    include_str!("schema/1.sql"),
    include_str!("schema/2.sql"),
    include_str!("schema/3.sql"),
    include_str!("schema/4.sql"),
    include_str!("schema/5.sql"),
    include_str!("schema/6.sql"),
    include_str!("schema/7.sql"),
    include_str!("schema/8.sql"),
    include_str!("schema/9.sql"),
    include_str!("schema/10.sql"),
];

pub const VERSION: i64 = STEPS.len() as i64;

/// The newest step after which all that is made from the records is filled in again for an older
/// file.
const REMADE: i64 = 10;

/// All tables whose rows are made from the records; they are emptied before they are filled in again.
const MADE: [&str; 20] = [
    "event",
    "event_party",
    "event_side",
    "event_pair",
    "statement",
    "statement_pair",
    "figure",
    "tie",
    "party",
    "place",
    "side_key",
    "voice",
    "print",
    "block",
    "telling",
    "episode",
    "episode_party",
    "episode_side",
    "episode_pair",
    "tally",
];

/// The tables of items among them.
pub const ITEMS: [&str; 5] = ["event", "event_party", "statement", "figure", "tie"];

pub fn version(db: &Connection) -> rusqlite::Result<i64> {
    db.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Runs the steps that the file has not seen, and says whether what is made from the records must be
/// filled in again. The caller commits.
pub fn migrate(tx: &Transaction<'_>) -> rusqlite::Result<bool> {
    let from = version(tx)?;
    for step in STEPS.iter().skip(from as usize) {
        tx.execute_batch(step)?;
    }
    if from < VERSION {
        tx.pragma_update(None, "application_id", APPLICATION_ID)?;
        tx.pragma_update(None, "user_version", VERSION)?;
    }
    let remade = (1..REMADE).contains(&from);
    if remade {
        for table in MADE {
            tx.execute(&format!("DELETE FROM {table}"), [])?;
        }
    }
    Ok(remade)
}
