//! Which reports are near-copies of one text, while reports come and go.

use crate::desk::Desk;
use crate::voice::{FIRST, Sketch};
use rusqlite::OptionalExtension;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// From so many prints on it is quicker to know which the archive has.
const MANY: usize = 1_000;
/// Reports of an era.
const ERA: i64 = 32_768;

fn era(report: i64) -> i32 {
    (report / ERA) as i32
}

/// Notes that a print stands in an era.
fn spread(eras: &mut FxHashMap<i64, [i32; 2]>, print: i64, era: i32) {
    let [from, to] = eras.entry(print).or_insert([era, era]);
    (*from, *to) = (era.min(*from), era.max(*to));
}

impl Desk<'_> {
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
        if prints.len() > MANY && self.held.prints.is_none() {
            let mut all = FxHashMap::default();
            let mut query = self.tx.prepare("SELECT era, print FROM print")?;
            let mut rows = query.query([])?;
            while let Some(row) = rows.next()? {
                spread(&mut all, row.get(1)?, row.get(0)?);
            }
            self.held.prints = Some(all);
        }
        let last: i32 = self
            .sql
            .get("SELECT coalesce(max(era), 0) FROM print")?
            .query_row([], |row| row.get(0))?;
        let mut met: BTreeSet<(i64, i64)> = BTreeSet::new();
        for bearers in prints.chunk_by(|a, b| a.0 == b.0) {
            let print = bearers[0].0;
            let eras = match &self.held.prints {
                Some(held) => held.get(&print).copied(),
                None => Some([0, last]),
            };
            let mut first = eras.map_or(Ok(Vec::new()), |eras| self.bearers(print, eras))?;
            for (_, report) in bearers {
                met.extend(first.iter().filter(|o| *o != report).map(|other| (*report, *other)));
                if first.len() < FIRST {
                    first.push(*report);
                }
                self.bulks.print.push([era(*report).into(), print, *report]);
                if let Some(held) = &mut self.held.prints {
                    spread(held, print, era(*report));
                }
            }
        }
        self.bulks.write(self.tx)?;
        for (report, other) in met {
            let (own, theirs) = (self.voice_of(report)?, self.voice_of(other)?);
            let sketch = &new[&report];
            if theirs != own && self.sketch(other)?.is_some_and(|s| s.is_near(sketch)) {
                self.rename(own.max(theirs), own.min(theirs))?;
            }
        }
        Ok(())
    }

    /// The first reports that have a print, of some eras.
    fn bearers(&mut self, print: i64, [from, to]: [i32; 2]) -> rusqlite::Result<Vec<i64>> {
        let mut first = Vec::new();
        for era in from..=to {
            let query = self
                .sql
                .get("SELECT report FROM print WHERE era = ? AND print = ? ORDER BY report")?;
            let reports = query.query_map([era.into(), print], |row| row.get(0))?;
            for report in reports.take(FIRST - first.len()) {
                first.push(report?);
            }
            if first.len() >= FIRST {
                break;
            }
        }
        Ok(first)
    }

    /// Takes a report out of its voice; what it alone held together falls apart.
    pub fn unvoice(&mut self, report: i64) -> rusqlite::Result<()> {
        let voice = self.voice_of(report)?;
        let others: Vec<i64> = self.of_voice(voice)?.into_iter().filter(|r| *r != report).collect();
        if let Some(sketch) = self.sketch(report)? {
            for print in sketch.prints() {
                self.tx
                    .prepare_cached("DELETE FROM print WHERE era = ? AND print = ? AND report = ?")?
                    .execute([era(report).into(), print, report])?;
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

    pub(crate) fn voice_of(&mut self, report: i64) -> rusqlite::Result<i64> {
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
}
