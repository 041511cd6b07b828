//! Rows of numbers for the tables that list items: collected while a transaction runs, then put in in
//! the order of the table, many with one statement.

use rusqlite::{CachedStatement, Connection, ToSql};

/// Rows that one statement puts in.
const AT_ONCE: usize = 32;

/// A row as it is bound, value by value.
pub(crate) struct Binder<'s, 'c> {
    statement: &'s mut CachedStatement<'c>,
    bound: usize,
}

impl Binder<'_, '_> {
    pub fn put(&mut self, value: impl ToSql) -> rusqlite::Result<()> {
        self.bound += 1;
        self.statement.raw_bind_parameter(self.bound, value)
    }
}

/// Puts rows into a table, in their order, so many with one statement: only one where the table refers to
/// another, since SQLite then keeps what a statement of several changes, to take it back. What fails here
/// ends the transaction.
pub(crate) fn put_each<T>(
    db: &Connection,
    (table, columns, at_once): (&str, usize, usize),
    rows: impl Iterator<Item = T>,
    mut bind: impl FnMut(&mut Binder<'_, '_>, T) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let row = format!("({})", vec!["?"; columns].join(", "));
    let insert = |rows: usize| {
        let rows = vec![row.as_str(); rows].join(", ");
        db.prepare_cached(&format!("INSERT OR FAIL INTO {table} VALUES {rows}"))
    };
    let mut put = |statement: &mut CachedStatement<'_>, rows: Vec<T>| {
        let mut binder = Binder { statement, bound: 0 };
        rows.into_iter().try_for_each(|row| bind(&mut binder, row))?;
        binder.statement.raw_execute().map(|_| ())
    };
    let mut rows = rows.peekable();
    let mut several = insert(at_once)?;
    while rows.peek().is_some() {
        let some: Vec<T> = rows.by_ref().take(at_once).collect();
        if some.len() == at_once {
            put(&mut several, some)?;
            continue;
        }
        let mut one = insert(1)?;
        some.into_iter().try_for_each(|row| put(&mut one, vec![row]))?;
    }
    Ok(())
}

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
