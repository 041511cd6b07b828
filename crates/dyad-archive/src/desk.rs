//! The stored tellings while reports come and go: joins what a transaction brings and takes out
//! what it drops, and writes the episodes that this changes. What is held from one transaction to
//! the next spares reading it again; the file is never ahead of it or behind it.

use crate::episode::{Voiced, make, number};
use crate::fill;
use crate::join::{Name, Placed, Shelf, settle};
use crate::kept::Kept;
use crate::mention::{Blocks, Mention, Sieve};
use crate::outline::{Keeper, Outline};
use crate::rows::Rows;
use crate::told::{Rest, Told};
use crate::voice::{FIRST, Sketch};
use dyad_record::archive::{Episode, Party};
use rusqlite::types::Type;
use rusqlite::{OptionalExtension, Transaction, params};
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, btree_map};
use std::sync::Arc;

/// What a writer has at hand.
#[derive(Debug, Default)]
pub(crate) struct Held {
    tellings: FxHashMap<Name, Telling>,
    blocks: FxHashMap<i64, Vec<(Name, Sieve)>>,
    members: FxHashMap<i64, Vec<Name>>,
    voices: FxHashMap<i64, i64>,
    sketches: FxHashMap<i64, Arc<Sketch>>,
    pub(crate) parties: FxHashMap<Party, i64>,
}

#[derive(Clone, Debug)]
struct Telling {
    mention: Arc<Mention>,
    rest: Arc<[u8]>,
    looked: Arc<[i64]>,
    sieve: Sieve,
    place: Option<(i64, f64)>,
}

/// A telling as it is filed: all that can be made without the archive.
#[derive(Debug)]
pub(crate) struct Filed {
    mention: Arc<Mention>,
    blocks: Blocks,
    rest: Arc<[u8]>,
    /// Mention and rest as they are stored.
    bytes: Vec<u8>,
}

impl Filed {
    pub fn new(told: Told) -> Filed {
        let mut bytes = told.mention.to_bytes();
        let rest = told.rest.to_bytes();
        bytes.extend_from_slice(&rest);
        Filed { blocks: told.mention.blocks(), mention: told.mention, rest: rest.into(), bytes }
    }
}

/// So many tellings are held at the most when a transaction begins.
const MOST: usize = 60_000;

impl Held {
    pub fn clear(&mut self) {
        *self = Held::default();
    }
}

/// One transaction's work.
pub(crate) struct Desk<'t> {
    tx: &'t Transaction<'t>,
    held: &'t mut Held,
    /// Episodes to be made anew.
    touched: BTreeSet<i64>,
    /// Tellings whose place is to be written.
    moved: BTreeSet<Name>,
    /// New tellings as they will be stored.
    fresh: BTreeMap<Name, Vec<u8>>,
    /// New episodes are numbered down from here until they are made.
    next: i64,
    sql: Kept<'t>,
    /// How many more there are of what is counted.
    items: [i64; COUNTED.len()],
}

/// Tables whose rows are counted in `tally`.
pub(crate) const COUNTED: [&str; 5] = ["report", "event", "statement", "figure", "tie"];

impl<'t> Desk<'t> {
    pub fn new(tx: &'t Transaction<'t>, held: &'t mut Held) -> Desk<'t> {
        if held.tellings.len() > MOST {
            held.clear();
        }
        Desk {
            tx,
            held,
            touched: BTreeSet::new(),
            moved: BTreeSet::new(),
            fresh: BTreeMap::new(),
            next: -1,
            sql: Kept::new(tx),
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
                self.file(name, filed)?;
                names.push(name);
            }
        }
        settle(self, &names, false)
    }

    /// Fills the tables of items.
    pub fn put_items(&mut self, report: i64, rows: &Rows) -> rusqlite::Result<()> {
        fill::items(self.tx, &mut self.sql, &mut self.held.parties, report, rows)?;
        let (events, statements) = (rows.events.len(), rows.statements.len());
        let counts = [1, events, statements, rows.figures.len(), rows.ties.len()];
        self.items.iter_mut().zip(counts).for_each(|(count, n)| *count += n as i64);
        Ok(())
    }

    pub fn clear_items(&mut self, report: i64) -> rusqlite::Result<()> {
        for (count, table) in self.items.iter_mut().zip(COUNTED) {
            let column = if table == "report" { "seq" } else { "report" };
            let sql = format!("SELECT count(*) FROM {table} WHERE {column} = ?");
            let n: i64 = self.tx.prepare_cached(&sql)?.query_row([report], |row| row.get(0))?;
            *count -= n;
        }
        fill::clear(self.tx, report)
    }

    fn file(&mut self, name: Name, filed: Filed) -> rusqlite::Result<()> {
        let sieve = filed.mention.sieve();
        let (first, last) = sieve.days.unzip();
        for block in filed.blocks.filed {
            self.sql.run(
                "INSERT INTO block VALUES (?, ?, ?, ?, ?, ?)",
                params![block, name.0, name.1, sieve.act(), first, last],
            )?;
            if let Some(held) = self.held.blocks.get_mut(&block) {
                held.push((name, sieve));
            }
        }
        self.fresh.insert(name, filed.bytes);
        let telling = Telling {
            rest: filed.rest,
            mention: filed.mention,
            looked: filed.blocks.looked.into(),
            sieve,
            place: None,
        };
        self.held.tellings.insert(name, telling);
        Ok(())
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
                        place: Some((row.get(0)?, row.get(1)?)),
                    })
                })?;
                Ok(place.insert(telling))
            }
        }
    }

    /// Joins reports to the voices of their near-copies.
    pub fn voices(&mut self, new: &BTreeMap<i64, Arc<Sketch>>) -> rusqlite::Result<()> {
        let mut prints: Vec<(i64, i64)> = Vec::new();
        for (report, sketch) in new {
            self.held.voices.insert(*report, *report);
            self.held.sketches.insert(*report, sketch.clone());
            prints.extend(sketch.prints().map(|print| (print, *report)));
        }
        // In the order of the file: each page is met once.
        prints.sort_unstable();
        let mut met: BTreeSet<(i64, i64)> = BTreeSet::new();
        for bearers in prints.chunk_by(|a, b| a.0 == b.0) {
            let print = bearers[0].0;
            let query =
                self.sql.get("SELECT report FROM print WHERE print = ? ORDER BY report LIMIT ?")?;
            let mut first: Vec<i64> = query
                .query_map(params![print, FIRST], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            for (_, report) in bearers {
                met.extend(first.iter().filter(|o| *o != report).map(|other| (*report, *other)));
                if first.len() < FIRST {
                    first.push(*report);
                }
                self.sql.run("INSERT OR IGNORE INTO print VALUES (?, ?)", [print, *report])?;
            }
        }
        for (report, other) in met {
            let (own, theirs) = (self.voice_of(report)?, self.voice_of(other)?);
            let sketch = &new[&report];
            if theirs != own && self.sketch(other)?.is_some_and(|s| s.is_near(sketch)) {
                self.rename(own.max(theirs), own.min(theirs))?;
            }
        }
        Ok(())
    }

    /// Takes a report out of its voice; what it alone held together falls apart.
    pub fn unvoice(&mut self, report: i64) -> rusqlite::Result<()> {
        let voice = self.voice_of(report)?;
        let others: Vec<i64> = self.of_voice(voice)?.into_iter().filter(|r| *r != report).collect();
        if let Some(sketch) = self.sketch(report)? {
            for print in sketch.prints() {
                self.tx
                    .prepare_cached("DELETE FROM print WHERE print = ? AND report = ?")?
                    .execute([print, report])?;
            }
        }
        self.tx.prepare_cached("DELETE FROM voice WHERE voice = ?")?.execute([voice])?;
        self.held.voices.remove(&report);
        self.held.sketches.remove(&report);
        for other in &others {
            self.touch(*other)?;
            self.held.voices.insert(*other, *other);
        }
        let mut left = BTreeMap::new();
        for other in others {
            left.extend(self.sketch(other)?.map(|sketch| (other, sketch)));
        }
        self.voices(&left)
    }

    fn rename(&mut self, gone: i64, keep: i64) -> rusqlite::Result<()> {
        for report in self.of_voice(gone)?.into_iter().chain([keep]) {
            self.held.voices.insert(report, keep);
            self.touch(report)?;
            self.tx
                .prepare_cached("INSERT OR REPLACE INTO voice VALUES (?, ?)")?
                .execute([report, keep])?;
        }
        Ok(())
    }

    /// The reports of a voice; one that stands alone has no row.
    fn of_voice(&self, voice: i64) -> rusqlite::Result<Vec<i64>> {
        let mut query = self.tx.prepare_cached("SELECT report FROM voice WHERE voice = ?")?;
        let mut all: Vec<i64> =
            query.query_map([voice], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        if !all.contains(&voice) {
            all.push(voice);
        }
        Ok(all)
    }

    fn voice_of(&mut self, report: i64) -> rusqlite::Result<i64> {
        if let Some(voice) = self.held.voices.get(&report) {
            return Ok(*voice);
        }
        let query = self.sql.get("SELECT voice FROM voice WHERE report = ?")?;
        let voice = query.query_row([report], |row| row.get(0)).optional()?.unwrap_or(report);
        self.held.voices.insert(report, voice);
        Ok(voice)
    }

    fn sketch(&mut self, report: i64) -> rusqlite::Result<Option<Arc<Sketch>>> {
        if let Some(sketch) = self.held.sketches.get(&report) {
            return Ok(Some(sketch.clone()));
        }
        let mut query = self.tx.prepare_cached("SELECT sketch FROM report WHERE seq = ?")?;
        let bytes: Option<Vec<u8>> = query.query_row([report], |row| row.get(0)).optional()?;
        let sketch = bytes.and_then(|bytes| Sketch::from_bytes(&bytes)).map(Arc::new);
        if let Some(sketch) = &sketch {
            self.held.sketches.insert(report, sketch.clone());
        }
        Ok(sketch)
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
            let mut keeper = Keeper::new(self.tx, &mut self.sql, &mut self.held.parties);
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
        let mut keeper = Keeper::new(self.tx, &mut self.sql, &mut self.held.parties);
        for (seq, old) in old {
            keeper.change(seq, old.as_ref(), new.remove(&seq).as_ref())?;
        }
        for (table, n) in COUNTED.into_iter().zip(self.items) {
            keeper.add_items(table, n);
        }
        keeper.finish()?;
        for name in std::mem::take(&mut self.moved) {
            let (episode, fit) = self.telling(name)?.place.expect("what left was taken out");
            match self.fresh.remove(&name) {
                Some(told) => self.sql.run(
                    "INSERT INTO telling VALUES (?, ?, ?, ?, ?)",
                    params![name.0, name.1, episode, fit, told],
                )?,
                None => self.sql.run(
                    "UPDATE telling SET episode = ?, fit = ? WHERE report = ? AND event = ?",
                    params![episode, fit, name.0, name.1],
                )?,
            };
        }
        Ok(())
    }

    fn make(&mut self, members: &[Name]) -> rusqlite::Result<Episode> {
        let mut all = Vec::with_capacity(members.len());
        for &name in members {
            let Telling { mention, rest, .. } = self.telling(name)?.clone();
            let rest = Rest::from_bytes(&rest).map_err(|e| broken(2, e))?;
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
                let query = self
                    .sql
                    .get("SELECT report, event, act, first, last FROM block WHERE block = ?")?;
                let filed = query.query_map([block], |row| {
                    let days: (Option<i32>, Option<i32>) = (row.get(3)?, row.get(4)?);
                    let sieve = Sieve::new(row.get(2)?, days.0.zip(days.1));
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
