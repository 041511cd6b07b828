//! The stored tellings while reports come and go: joins what a transaction brings and takes out
//! what it drops, and writes the episodes that this changes. What is held from one transaction to
//! the next spares reading it again; the file is never ahead of it or behind it.

use crate::bulk::{Bulks, put_each};
use crate::episode::{Voiced, make, number};
use crate::fill;
use crate::find::NO_DAY;
use crate::held::{Filed, Held, Telling};
use crate::join::{Name, Placed, Shelf, settle};
use crate::kept::Kept;
use crate::mention::Mention;
use crate::outline::{Keeper, Outline};
use crate::rows::Rows;
use crate::sieve::Sieve;
use crate::told::{Rest, Told};
use dyad_record::archive::Episode;
use rusqlite::types::Type;
use rusqlite::{Transaction, params};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, btree_map};
use std::sync::Arc;

/// One transaction's work.
pub(crate) struct Desk<'t> {
    pub(crate) tx: &'t Transaction<'t>,
    pub(crate) held: &'t mut Held,
    /// Episodes to be made anew.
    touched: BTreeSet<i64>,
    /// Tellings whose place is to be written.
    moved: BTreeSet<Name>,
    /// New tellings as they will be stored.
    fresh: BTreeMap<Name, Vec<u8>>,
    /// New episodes are numbered down from here until they are made.
    next: i64,
    pub(crate) sql: Kept<'t>,
    pub(crate) bulks: Bulks,
    /// Items of reports that are still to be written.
    rows: Vec<(i64, Rows)>,
    /// How many more there are of what is counted.
    items: [i64; COUNTED.len()],
}

/// Tables whose rows are counted in `tally`.
pub(crate) const COUNTED: [&str; 5] = ["report", "event", "statement", "figure", "tie"];

impl<'t> Desk<'t> {
    pub fn new(tx: &'t Transaction<'t>, held: &'t mut Held) -> Desk<'t> {
        held.forget();
        Desk {
            tx,
            held,
            touched: BTreeSet::new(),
            moved: BTreeSet::new(),
            fresh: BTreeMap::new(),
            next: -1,
            sql: Kept::new(tx),
            bulks: Bulks::new(),
            rows: Vec::new(),
            items: [0; 5],
        }
    }

    /// Takes a report's tellings out of their episodes.
    pub fn take_out(&mut self, report: i64) -> rusqlite::Result<()> {
        let names: Vec<Name> = self
            .tx
            .prepare_cached("SELECT event FROM telling WHERE report = ?")?
            .query_map([report], |row| Ok((report, row.get(0)?)))?
            .collect::<Result<_, _>>()?;
        settle(self, &names, true)?;
        for name in &names {
            for block in self.mention(*name)?.blocks().filed {
                self.tx
                    .prepare_cached(
                        "DELETE FROM block WHERE block = ? AND report = ? AND event = ?",
                    )?
                    .execute(params![block, name.0, name.1])?;
                if let Some(filed) = self.held.blocks.get_mut(&block) {
                    filed.retain(|(other, _)| other != name);
                }
            }
            self.held.tellings.remove(name);
            self.moved.remove(name);
        }
        self.tx.prepare_cached("DELETE FROM telling WHERE report = ?")?.execute([report])?;
        Ok(())
    }

    /// Finds the episodes of new tellings, by the number of their report.
    pub fn put_in(&mut self, new: BTreeMap<i64, Vec<Filed>>) -> rusqlite::Result<()> {
        let mut names = Vec::new();
        for (report, filed) in new {
            for filed in filed {
                let name = (report, i64::from(filed.mention.ordinal));
                self.file(name, filed);
                names.push(name);
            }
        }
        self.write_rows()?;
        settle(self, &names, false)
    }

    /// Puts what a report's record holds into the tables of items, with all others that wait there.
    pub fn put_items(&mut self, report: i64, rows: Rows) {
        let (events, statements) = (rows.events.len(), rows.statements.len());
        let counts = [1, events, statements, rows.figures.len(), rows.ties.len()];
        self.items.iter_mut().zip(counts).for_each(|(count, n)| *count += n as i64);
        self.rows.push((report, rows));
    }

    /// Writes what waits.
    fn write_rows(&mut self) -> rusqlite::Result<()> {
        let (sql, bulks) = (&mut self.sql, &mut self.bulks);
        let rows = std::mem::take(&mut self.rows);
        fill::items(self.tx, sql, bulks, &mut self.held.known, &rows)?;
        self.bulks.write(self.tx)
    }

    pub fn clear_items(&mut self, report: i64) -> rusqlite::Result<()> {
        self.write_rows()?;
        for (count, table) in self.items.iter_mut().zip(COUNTED) {
            let column = if table == "report" { "seq" } else { "report" };
            let sql = format!("SELECT count(*) FROM {table} WHERE {column} = ?");
            let n: i64 = self.tx.prepare_cached(&sql)?.query_row([report], |row| row.get(0))?;
            *count -= n;
        }
        fill::clear(self.tx, &mut self.held.known, report)
    }

    fn file(&mut self, name: Name, filed: Filed) {
        let sieve = filed.mention.sieve();
        let (first, last) = sieve.days.map_or((NO_DAY, NO_DAY), |(a, b)| (a.into(), b.into()));
        for block in filed.blocks.filed {
            let row = [block, name.0, name.1, sieve.act, first, last, sieve.sides.0];
            self.bulks.block.push(row);
            if let Some(held) = self.held.blocks.get_mut(&block) {
                held.push((name, sieve));
            }
        }
        self.fresh.insert(name, filed.bytes);
        let telling = Telling {
            rest: filed.rest,
            told: Some(filed.told),
            mention: filed.mention,
            looked: filed.blocks.looked.into(),
            sieve,
            place: None,
        };
        self.held.tellings.insert(name, telling);
    }

    fn telling(&mut self, name: Name) -> rusqlite::Result<&mut Telling> {
        match self.held.tellings.entry(name) {
            Entry::Occupied(held) => Ok(held.into_mut()),
            Entry::Vacant(place) => {
                let query = self
                    .sql
                    .get("SELECT episode, fit, told FROM telling WHERE report = ? AND event = ?")?;
                let telling = query.query_row([name.0, name.1], |row| {
                    let (mention, rest) = Mention::from_bytes(row.get_ref(2)?.as_blob()?)
                        .map_err(|e| broken(2, e))?;
                    Ok(Telling {
                        looked: mention.blocks().looked.into(),
                        sieve: mention.sieve(),
                        mention: Arc::new(mention),
                        rest: rest.into(),
                        told: None,
                        place: Some((row.get(0)?, row.get(1)?)),
                    })
                })?;
                Ok(place.insert(telling))
            }
        }
    }

    /// The episodes of a report are to be made anew.
    pub fn touch(&mut self, report: i64) -> rusqlite::Result<()> {
        let mut query = self.tx.prepare_cached("SELECT episode FROM telling WHERE report = ?")?;
        let mut rows = query.query([report])?;
        while let Some(row) = rows.next()? {
            self.touched.insert(row.get(0)?);
        }
        Ok(())
    }

    /// Writes what has changed.
    pub fn finish(mut self) -> rusqlite::Result<()> {
        let mut made = Vec::new();
        for episode in std::mem::take(&mut self.touched) {
            let members = self.members(episode)?;
            self.held.members.remove(&episode);
            let whole = match members.is_empty() {
                true => None,
                false => Some(self.make(&members)?),
            };
            made.push((episode, members, whole));
        }
        let mut old: BTreeMap<i64, Option<Outline>> = BTreeMap::new();
        let mut new: BTreeMap<i64, Outline> = BTreeMap::new();
        for (episode, members, whole) in made {
            let mut keeper =
                Keeper::new(self.tx, &mut self.sql, &mut self.bulks, &mut self.held.known);
            old.insert(episode, keeper.load(episode)?);
            let Some(whole) = whole else { continue };
            let seq = number(&whole.id).expect("ids are made so");
            // Another episode may have gone by that name, which that one leaves now.
            if let btree_map::Entry::Vacant(place) = old.entry(seq) {
                place.insert(keeper.load(seq)?);
            }
            if seq != episode {
                for name in &members {
                    let (_, fit) = self.telling(*name)?.place.expect("members are placed");
                    self.telling(*name)?.place = Some((seq, fit));
                    self.moved.insert(*name);
                }
            }
            self.held.members.insert(seq, members);
            new.insert(seq, Outline::of(&whole));
        }
        let mut keeper = Keeper::new(self.tx, &mut self.sql, &mut self.bulks, &mut self.held.known);
        for (seq, old) in old {
            keeper.change(seq, old.as_ref(), new.remove(&seq).as_ref())?;
        }
        for (table, n) in COUNTED.into_iter().zip(self.items) {
            keeper.add_items(table, n);
        }
        keeper.finish()?;
        self.bulks.write(self.tx)?;
        let mut new = Vec::with_capacity(self.fresh.len());
        for name in std::mem::take(&mut self.moved) {
            let telling = self.telling(name)?;
            telling.told = None;
            let (episode, fit) = telling.place.expect("what left was taken out");
            if let Some(told) = self.fresh.remove(&name) {
                new.push((name, episode, fit, told));
                continue;
            }
            self.sql.run(
                "UPDATE telling SET episode = ?, fit = ? WHERE report = ? AND event = ?",
                params![episode, fit, name.0, name.1],
            )?;
        }
        put_each(self.tx, ("telling", 5, 16), new.iter(), |to, (name, episode, fit, told)| {
            to.put(name.0)?;
            to.put(name.1)?;
            to.put(episode)?;
            to.put(fit)?;
            to.put(told)
        })
    }

    fn make(&mut self, members: &[Name]) -> rusqlite::Result<Episode> {
        let mut all = Vec::with_capacity(members.len());
        for &name in members {
            let Telling { mention, rest, told, .. } = self.telling(name)?;
            let rest = match told {
                Some(told) => told.clone(),
                None => Arc::new(Rest::from_bytes(rest).map_err(|e| broken(2, e))?),
            };
            let mention = mention.clone();
            let voice = self.voice_of(name.0)? as u32;
            all.push(Voiced { told: Told { mention, rest }, voice });
        }
        Ok(made(all))
    }
}

/// An episode of tellings in whatever order.
pub(crate) fn made(mut all: Vec<Voiced>) -> Episode {
    all.sort_by(|a, b| a.told.mention.printed().cmp(&b.told.mention.printed()));
    make(&all.iter().collect::<Vec<_>>())
}

pub(crate) fn broken(column: usize, error: postcard::Error) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Blob, Box::new(error))
}

impl Shelf for Desk<'_> {
    type Error = rusqlite::Error;

    fn mention(&mut self, name: Name) -> rusqlite::Result<Arc<Mention>> {
        Ok(self.telling(name)?.mention.clone())
    }

    fn placed(&mut self, name: Name) -> rusqlite::Result<Option<Placed>> {
        let telling = self.telling(name)?;
        Ok(telling.place.map(|(episode, fit)| (telling.mention.clone(), episode, fit)))
    }

    fn near(&mut self, name: Name) -> rusqlite::Result<Vec<Name>> {
        let telling = self.telling(name)?;
        let (looked, sieve) = (telling.looked.clone(), telling.sieve);
        let mut near = Vec::new();
        for &block in looked.iter() {
            if !self.held.blocks.contains_key(&block) {
                let query = self.sql.get(
                    "SELECT report, event, act, first, last, sides FROM block WHERE block = ?",
                )?;
                let filed = query.query_map([block], |row| {
                    let (first, last): (i32, i32) = (row.get(3)?, row.get(4)?);
                    let days = (i64::from(first) != NO_DAY).then_some((first, last));
                    let sieve = Sieve::new(row.get(2)?, days, row.get(5)?);
                    Ok(((row.get(0)?, row.get(1)?), sieve))
                })?;
                let filed = filed.collect::<rusqlite::Result<_>>()?;
                self.held.blocks.insert(block, filed);
            }
            let filed = self.held.blocks[&block].iter();
            near.extend(filed.filter(|(_, other)| sieve.lets(*other)).map(|(name, _)| *name));
        }
        near.sort_unstable();
        near.dedup();
        Ok(near)
    }

    fn put(&mut self, name: Name, place: Option<(i64, f64)>) -> rusqlite::Result<()> {
        let old = self.telling(name)?.place;
        if old == place {
            return Ok(());
        }
        self.moved.insert(name);
        let (from, to) = (old.map(|(e, _)| e), place.map(|(e, _)| e));
        if from != to {
            // Held before the telling moves, since the file knows of it only in the end.
            for episode in [from, to].into_iter().flatten() {
                self.members(episode)?;
                self.touched.insert(episode);
            }
            if let Some(members) = from.and_then(|e| self.held.members.get_mut(&e)) {
                members.retain(|other| *other != name);
            }
            if let Some(members) = to.and_then(|e| self.held.members.get_mut(&e)) {
                members.push(name);
            }
        }
        self.telling(name)?.place = place;
        Ok(())
    }

    fn members(&mut self, episode: i64) -> rusqlite::Result<Vec<Name>> {
        if let Some(members) = self.held.members.get(&episode) {
            return Ok(members.clone());
        }
        let query = self.sql.get("SELECT report, event FROM telling WHERE episode = ?")?;
        let members = query.query_map([episode], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let members: Vec<Name> = members.collect::<rusqlite::Result<_>>()?;
        self.held.members.insert(episode, members.clone());
        Ok(members)
    }

    fn new_episode(&mut self) -> rusqlite::Result<i64> {
        self.next -= 1;
        self.held.members.insert(self.next, Vec::new());
        Ok(self.next)
    }
}
