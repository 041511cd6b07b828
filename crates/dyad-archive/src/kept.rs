//! Statements that a transaction runs again and again, prepared once and looked up by where their text
//! lies.

use rusqlite::{CachedStatement, Connection, Params};
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry;

pub(crate) struct Kept<'t> {
    db: &'t Connection,
    statements: FxHashMap<(usize, usize), CachedStatement<'t>>,
}

impl<'t> Kept<'t> {
    pub fn new(db: &'t Connection) -> Kept<'t> {
        Kept { db, statements: FxHashMap::default() }
    }

    pub fn get(&mut self, sql: &'static str) -> rusqlite::Result<&mut CachedStatement<'t>> {
        Ok(match self.statements.entry((sql.as_ptr() as usize, sql.len())) {
            Entry::Occupied(held) => held.into_mut(),
            Entry::Vacant(place) => place.insert(self.db.prepare_cached(sql)?),
        })
    }

    pub fn run(&mut self, sql: &'static str, args: impl Params) -> rusqlite::Result<usize> {
        self.get(sql)?.execute(args)
    }
}
