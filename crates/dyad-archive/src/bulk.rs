//! Rows of numbers for the tables that list items: collected while a transaction runs, then put in in
//! the order of the table, many with one statement.

use rusqlite::Connection;

/// Rows that one statement puts in.
const AT_ONCE: usize = 32;

#[derive(Debug)]
pub(crate) struct Bulk<const N: usize> {
    table: &'static str,
    rows: Vec<[i64; N]>,
}

impl<const N: usize> Bulk<N> {
    fn new(table: &'static str) -> Bulk<N> {
        Bulk { table, rows: Vec::new() }
    }

    pub fn push(&mut self, row: [i64; N]) {
        self.rows.push(row);
    }

    fn write(&mut self, db: &Connection) -> rusqlite::Result<()> {
        self.rows.sort_unstable();
        let (many, rest) = self.rows.as_chunks::<AT_ONCE>();
        put(db, self.table, many)?;
        put(db, self.table, rest.as_chunks::<1>().0)?;
        self.rows.clear();
        Ok(())
    }
}

fn put<const N: usize, const ROWS: usize>(
    db: &Connection,
    table: &str,
    all: &[[[i64; N]; ROWS]],
) -> rusqlite::Result<()> {
    if all.is_empty() {
        return Ok(());
    }
    let row = format!("({})", ["?"; N].join(", "));
    let rows = [row.as_str(); ROWS].join(", ");
    let mut insert = db.prepare_cached(&format!("INSERT OR IGNORE INTO {table} VALUES {rows}"))?;
    for rows in all {
        for (value, i) in rows.iter().flatten().zip(1..) {
            insert.raw_bind_parameter(i, value)?;
        }
        insert.raw_execute()?;
    }
    Ok(())
}

/// What one transaction puts in.
#[derive(Debug)]
pub(crate) struct Bulks {
    pub event_side: Bulk<7>,
    pub event_pair: Bulk<7>,
    pub statement_pair: Bulk<6>,
    pub episode_side: Bulk<6>,
    pub episode_pair: Bulk<6>,
    pub block: Bulk<7>,
    pub print: Bulk<3>,
}

impl Bulks {
    pub fn new() -> Bulks {
        Bulks {
            event_side: Bulk::new("event_side"),
            event_pair: Bulk::new("event_pair"),
            statement_pair: Bulk::new("statement_pair"),
            episode_side: Bulk::new("episode_side"),
            episode_pair: Bulk::new("episode_pair"),
            block: Bulk::new("block"),
            print: Bulk::new("print"),
        }
    }

    pub fn write(&mut self, db: &Connection) -> rusqlite::Result<()> {
        self.event_side.write(db)?;
        self.event_pair.write(db)?;
        self.statement_pair.write(db)?;
        self.episode_side.write(db)?;
        self.episode_pair.write(db)?;
        self.block.write(db)?;
        self.print.write(db)
    }
}
