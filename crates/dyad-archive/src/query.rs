//! Questions to the tables.

use crate::ask;
use crate::conditions::Args;
use crate::desk::{broken, made};
use crate::episode::{Voiced, number};
use crate::error::ArchiveError;
use crate::fill::event_sides;
use crate::filter::{Filter, Side, like, match_query};
use crate::find::{self, Hit};
use crate::items;
use crate::mention::Mention;
use crate::outline::Outline;
use crate::row::{STATEMENT, event, figure, head, statement, tie};
use crate::store::Archive;
use crate::told::{Rest, Told};
use dyad_record::EventType;
use dyad_record::archive::{
    ActorRow, Episode, EventRow, FigureRow, Party, ReportHead, StatementRow, TieRow,
};
use rusqlite::types::ToSql;
use rusqlite::{Connection, Row, params, params_from_iter};
use rustc_hash::FxHashMap;
use std::sync::Arc;

const HEADS: &str = "\
    SELECT r.id, r.title, r.outlet, r.url, r.published, r.text, \
        (SELECT count(*) FROM event WHERE report = r.seq), \
        (SELECT count(*) FROM statement WHERE report = r.seq), \
        (SELECT count(*) FROM figure WHERE report = r.seq), \
        (SELECT count(*) FROM tie WHERE report = r.seq), \
        (SELECT count(*) FROM event WHERE report = r.seq AND damaged) \
        + (SELECT count(*) FROM statement WHERE report = r.seq AND damaged) \
        + (SELECT count(*) FROM figure WHERE report = r.seq AND damaged) \
        + (SELECT count(*) FROM tie WHERE report = r.seq AND damaged)";

/// From so many on it is quicker to read the tables through than to look each episode up.
const MANY: usize = 2000;

impl Archive {
    /// Every report, newest first.
    pub fn reports(&self) -> Result<Vec<ReportHead>, ArchiveError> {
        self.reports_page(None, 0)
    }

    /// So many of them, from an offset on.
    pub fn reports_page(
        &self,
        limit: Option<u32>,
        offset: u32,
    ) -> Result<Vec<ReportHead>, ArchiveError> {
        // Undated reports come last: the index has them first, read backwards.
        let sql = format!(
            "{HEADS}, NULL FROM report r WHERE r.seq IN (\
             SELECT seq FROM report ORDER BY published DESC, seq DESC LIMIT ?1 OFFSET ?2) \
             ORDER BY r.published DESC, r.seq DESC"
        );
        self.heads(&sql, &[&limit.map_or(-1, i64::from), &offset])
    }

    /// The reports that hold all these words, best first. `"words in quotes"` must stand
    /// together; a word's endings do not matter.
    pub fn search(&self, words: &str) -> Result<Vec<ReportHead>, ArchiveError> {
        self.search_page(words, None, 0)
    }

    /// So many of them, from an offset on. Of words that very many reports hold, the latest are
    /// weighed, a thousand at the least.
    pub fn search_page(
        &self,
        words: &str,
        limit: Option<u32>,
        offset: u32,
    ) -> Result<Vec<ReportHead>, ArchiveError> {
        let Some(query) = match_query(words) else { return Ok(Vec::new()) };
        let found = self.weighed(&query, limit, offset).map_err(|e| self.fail("look for words", e));
        let sql = format!(
            "{HEADS}, snippet(report_text, -1, char(2), char(3), '…', 24) \
             FROM report_text JOIN report r ON r.seq = report_text.rowid \
             WHERE report_text MATCH ?1 AND report_text.rowid = ?2"
        );
        let heads = found?.into_iter().map(|seq| self.heads(&sql, &[&query, &seq]));
        Ok(heads.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    /// The numbers of the reports that meet the words, best first.
    fn weighed(&self, query: &str, limit: Option<u32>, offset: u32) -> rusqlite::Result<Vec<i64>> {
        const LATEST: i64 = 4_000;
        const ENOUGH: i64 = 1_000;
        let last: i64 =
            self.db.query_row("SELECT coalesce(max(seq), 0) FROM report", [], |row| row.get(0))?;
        let mut count = self.db.prepare_cached(
            "SELECT count(*) FROM (SELECT 1 FROM report_text \
             WHERE report_text MATCH ? AND rowid >= ? LIMIT ?)",
        )?;
        let mut window = LATEST;
        let enough = ENOUGH.max(i64::from(offset) + limit.map_or(i64::from(u32::MAX), i64::from));
        while window < last {
            let held: i64 =
                count.query_row(params![query, last - window, enough], |row| row.get(0))?;
            if held == enough {
                break;
            }
            window = window.saturating_mul(8);
        }
        let mut query_of = self.db.prepare_cached(
            "SELECT rowid FROM report_text WHERE report_text MATCH ? AND rowid >= ? \
             ORDER BY bm25(report_text, 4.0, 1.0), rowid LIMIT ? OFFSET ?",
        )?;
        let limit = limit.map_or(-1, i64::from);
        let rows =
            query_of.query_map(params![query, last - window, limit, offset], |row| row.get(0))?;
        rows.collect()
    }

    fn heads(&self, sql: &str, args: &[&dyn ToSql]) -> Result<Vec<ReportHead>, ArchiveError> {
        let rows = self.db.prepare_cached(sql).and_then(|mut query| {
            query.query_map(args, head)?.collect::<rusqlite::Result<Vec<_>>>()
        });
        rows.map_err(|e| self.fail("list the reports", e))
    }

    /// Events in the order of their days, days unknown last.
    pub fn events(&self, filter: &Filter) -> Result<Vec<EventRow>, ArchiveError> {
        let sql = "SELECT r.id, e.id, r.title, r.outlet, r.published, e.type, e.mode, e.cameo, \
             e.goldstein, e.quad, e.status, e.mutual, e.date_from, e.date_to, e.basis, e.place, \
             e.confidence, e.damaged, e.text, \
             (SELECT o.id FROM telling t JOIN episode o ON o.seq = t.episode \
              WHERE t.report = e.report AND t.event = e.ordinal) \
             FROM event e JOIN report r ON r.seq = e.report WHERE e.report = ? AND e.ordinal = ?";
        self.rows(filter, ask::events, sql, |row, hit| {
            let mut event = event(row)?;
            (event.actors, event.recipients) = event_sides(&self.db, hit.a, hit.b)?;
            Ok(event)
        })
    }

    /// Statements in the order of their days, days unknown last.
    pub fn statements(&self, filter: &Filter) -> Result<Vec<StatementRow>, ArchiveError> {
        self.rows(filter, items::statements, STATEMENT, |row, _| statement(row))
    }

    /// How much two sides said to each other or of each other, and the last of it, in the order of the
    /// days; both go by their keys.
    pub(crate) fn spoken(
        &self,
        a: &str,
        b: &str,
        filter: &Filter,
        limit: Option<u32>,
    ) -> Result<(u32, Vec<StatementRow>), ArchiveError> {
        let all = |db: &Connection, filter: &Filter| {
            let mut hits = items::spoken(db, a, b, filter)?;
            hits.extend(items::spoken(db, b, a, filter)?);
            hits.sort();
            Ok(hits)
        };
        let hits = all(&self.db, filter)
            .map_err(|e: rusqlite::Error| self.fail("ask for statements", e))?;
        let said = hits.len() as u32;
        let shown = limit.map_or(usize::MAX, |n| n as usize);
        let hits = hits[hits.len().saturating_sub(shown)..].to_vec();
        let find = |_: &Connection, _: &Filter| Ok(hits.clone());
        Ok((said, self.rows(filter, find, STATEMENT, |row, _| statement(row))?))
    }

    /// Figures in the order of publication.
    pub fn figures(&self, filter: &Filter) -> Result<Vec<FigureRow>, ArchiveError> {
        let sql = "SELECT r.id, f.id, r.title, r.outlet, r.published, f.value, f.low, f.high, f.whole, \
             f.unit, f.counted, f.casualty, f.about, f.speaker, f.approximate, f.change, \
             f.damaged, f.text, f.sentence \
             FROM figure f JOIN report r ON r.seq = f.report WHERE f.report = ? AND f.ordinal = ?";
        self.rows(filter, items::figures, sql, |row, _| figure(row))
    }

    /// Ties in the order of publication.
    pub fn ties(&self, filter: &Filter) -> Result<Vec<TieRow>, ArchiveError> {
        let sql = "SELECT r.id, t.id, r.title, r.outlet, r.published, t.kind, t.from_name, \
             t.from_country, t.from_code, t.to_name, t.to_country, t.to_code, t.leans, t.trend, \
             t.commodity, t.confidence, t.damaged, t.text \
             FROM tie t JOIN report r ON r.seq = t.report WHERE t.report = ? AND t.ordinal = ?";
        self.rows(filter, items::ties, sql, |row, _| tie(row))
    }

    /// The episodes that meet the filter, earliest first, days unknown last. What it says of reports,
    /// places, confidence and words, one telling must meet; the rest is asked of the episode as a whole.
    pub fn episodes_of(&self, filter: &Filter) -> Result<Vec<Episode>, ArchiveError> {
        self.each_episode(filter, |seq| self.whole(seq))
    }

    /// The same without tellings and disagreements, which are only counted: quick where many are found.
    pub fn outlines(&self, filter: &Filter) -> Result<Vec<Outline>, ArchiveError> {
        self.check(filter)?;
        let found = ask::episodes(&self.db, filter).and_then(|found| match found.len() {
            0..MANY => found.into_iter().map(|seq| ask::outline(&self.db, seq)).collect(),
            _ => ask::outlines(&self.db, &found),
        });
        found.map_err(|e| self.unanswered(filter, e))
    }

    fn each_episode<T>(
        &self,
        filter: &Filter,
        make: impl Fn(i64) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, ArchiveError> {
        self.check(filter)?;
        let found = ask::episodes(&self.db, filter)
            .and_then(|found| found.into_iter().map(make).collect::<rusqlite::Result<_>>());
        found.map_err(|e| self.unanswered(filter, e))
    }

    pub fn episodes(&self) -> Result<Vec<Episode>, ArchiveError> {
        self.episodes_of(&Filter::default())
    }

    /// The happenings that several voices tell, those with most voices first.
    pub fn told_by_several(&self, limit: u32) -> Result<Vec<Episode>, ArchiveError> {
        let found = self
            .db
            .prepare_cached(
                "SELECT seq FROM episode WHERE voices > 1 \
                 ORDER BY voices DESC, disagreements DESC, reports DESC, date_from LIMIT ?",
            )
            .and_then(|mut query| {
                let seqs = query.query_map([limit], |row| row.get(0))?;
                seqs.map(|seq| self.whole(seq?)).collect::<rusqlite::Result<Vec<_>>>()
            });
        found.map_err(|e| self.fail("ask for episodes", e))
    }

    /// The episode of that id.
    pub fn episode(&self, id: &str) -> Result<Option<Episode>, ArchiveError> {
        let Some(seq) = number(id) else { return Ok(None) };
        let there = self.db.prepare_cached("SELECT 1 FROM episode WHERE seq = ?");
        let whole = there.and_then(|mut query| match query.exists([seq])? {
            true => self.whole(seq).map(Some),
            false => Ok(None),
        });
        whole.map_err(|e| self.fail("read an episode", e))
    }

    /// An episode with all its tellings.
    pub(crate) fn whole(&self, seq: i64) -> rusqlite::Result<Episode> {
        let mut query = self.db.prepare_cached(
            "SELECT t.told, coalesce(v.voice, t.report) \
             FROM telling t LEFT JOIN voice v ON v.report = t.report \
             WHERE t.episode = ?",
        )?;
        let voiced = query.query_map([seq], |row| {
            let (mention, rest) =
                Mention::from_bytes(row.get_ref(0)?.as_blob()?).map_err(|e| broken(0, e))?;
            let rest = Rest::from_bytes(rest).map_err(|e| broken(0, e))?;
            let told = Told { mention: Arc::new(mention), rest: Arc::new(rest) };
            Ok(Voiced { told, voice: row.get(1)? })
        })?;
        Ok(made(voiced.collect::<rusqlite::Result<_>>()?))
    }

    /// Who stands on a side of the episodes that meet the filter, most episodes first; where the
    /// filter names sides, only those whom it names.
    pub fn actors(&self, filter: &Filter) -> Result<Vec<ActorRow>, ArchiveError> {
        let page = (filter.limit, filter.offset);
        let all = Filter { limit: None, offset: 0, newest: false, after: None, ..filter.clone() };
        if all == Filter::default() {
            let found = self.all_actors(page);
            return found.map_err(|e| self.fail("ask for actors", e));
        }
        self.check(filter)?;
        let found = ask::episodes(&self.db, &all).and_then(|found| self.actors_of(&found, filter));
        let mut rows = found.map_err(|e| self.fail("ask for actors", e))?;
        rows.sort_by(|a, b| {
            let most = (b.episodes, b.events).cmp(&(a.episodes, a.events));
            most.then_with(|| (&a.name, &a.code).cmp(&(&b.name, &b.code)))
        });
        let limit = filter.limit.map_or(usize::MAX, |n| n as usize);
        Ok(rows.into_iter().skip(filter.offset as usize).take(limit).collect())
    }

    /// Everybody, as counted while reports came and went. The last day is that of the episodes that
    /// began last.
    fn all_actors(&self, (limit, offset): (Option<u32>, u32)) -> rusqlite::Result<Vec<ActorRow>> {
        let mut query = self.db.prepare_cached(
            "SELECT p.name, p.country, p.code, p.episodes, p.deeds, p.acting, p.receiving, p.events, \
             (SELECT min(s.day) FROM episode_party s WHERE s.party = p.seq AND s.day > ''), \
             (SELECT max(date_to) FROM (SELECT e.date_to FROM episode_party s \
              JOIN episode e ON e.seq = s.episode WHERE s.party = p.seq \
              ORDER BY s.day DESC LIMIT 50)) \
             FROM party p WHERE p.episodes > 0 \
             ORDER BY p.episodes DESC, p.events DESC, p.name, p.code LIMIT ? OFFSET ?",
        )?;
        let rows = query.query_map(params![limit.map_or(-1, i64::from), offset], |row| {
            Ok(ActorRow {
                name: row.get(0)?,
                country: row.get(1)?,
                code: row.get(2)?,
                episodes: row.get(3)?,
                deeds: row.get(4)?,
                acting: row.get(5)?,
                receiving: row.get(6)?,
                events: row.get(7)?,
                from: row.get(8)?,
                to: row.get(9)?,
            })
        })?;
        rows.collect()
    }

    fn actors_of(&self, episodes: &[i64], filter: &Filter) -> rusqlite::Result<Vec<ActorRow>> {
        // Party to its row, and the last episode that was counted for it.
        let mut found: FxHashMap<i64, (ActorRow, i64, bool, bool)> = FxHashMap::default();
        for some in episodes.chunks(1000) {
            let sql = format!(
                "SELECT e.seq, e.deed, e.events, e.date_from, e.date_to, s.side, s.party \
                 FROM episode e CROSS JOIN episode_party s ON s.episode = e.seq \
                 WHERE e.seq IN ({}) ORDER BY e.seq",
                find::numbers(some.iter().copied())
            );
            let mut query = self.db.prepare(&sql)?;
            let mut rows = query.query([])?;
            while let Some(row) = rows.next()? {
                let (seq, party): (i64, i64) = (row.get(0)?, row.get(6)?);
                let (row_of, last, acted, bore) = found.entry(party).or_default();
                if *last != seq {
                    (*last, *acted, *bore) = (seq, false, false);
                    row_of.episodes += 1;
                    row_of.deeds += u32::from(row.get::<_, bool>(1)?);
                    row_of.events += row.get::<_, u32>(2)?;
                    let (from, to) = (row.get_ref(3)?, row.get_ref(4)?);
                    let (from, to) = (from.as_str_or_null()?, to.as_str_or_null()?);
                    if from.is_some_and(|day| row_of.from.as_deref().is_none_or(|d| day < d)) {
                        row_of.from = from.map(str::to_owned);
                    }
                    if to > row_of.to.as_deref() {
                        row_of.to = to.map(str::to_owned);
                    }
                }
                let (count, counted) = match row.get_ref(5)?.as_str()? {
                    "actor" => (&mut row_of.acting, acted),
                    _ => (&mut row_of.receiving, bore),
                };
                *count += u32::from(!std::mem::replace(counted, true));
            }
        }
        let mut query =
            self.db.prepare_cached("SELECT name, country, code FROM party WHERE seq = ?")?;
        let mut actors = Vec::new();
        for (seq, (row, ..)) in found {
            let party = query.query_row([seq], |row| {
                Ok(Party { name: row.get(0)?, country: row.get(1)?, code: row.get(2)? })
            })?;
            let mut sides = filter.sides().peekable();
            if sides.peek().is_none() || sides.any(|side| side.is(&party)) {
                let Party { name, country, code } = party;
                actors.push(ActorRow { name, country, code, ..row });
            }
        }
        Ok(actors)
    }

    fn rows<T>(
        &self,
        filter: &Filter,
        find: impl Fn(&Connection, &Filter) -> rusqlite::Result<Vec<Hit>>,
        sql: &str,
        make: impl Fn(&Row<'_>, &Hit) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, ArchiveError> {
        self.check(filter)?;
        let rows: rusqlite::Result<Vec<T>> = (|| {
            let mut query = self.db.prepare_cached(sql)?;
            let hits = find(&self.db, filter)?;
            hits.iter().map(|hit| query.query_row([hit.a, hit.b], |row| make(row, hit))).collect()
        })();
        rows.map_err(|e| self.unanswered(filter, e))
    }

    /// The item that an answer should go on from may be gone.
    fn unanswered(&self, filter: &Filter, error: rusqlite::Error) -> ArchiveError {
        match (&filter.after, &error) {
            (Some(item), rusqlite::Error::QueryReturnedNoRows) => {
                ArchiveError::Passed { path: self.path().to_owned(), item: item.clone() }
            }
            _ => self.fail("answer the question", error),
        }
    }

    /// Refuses a code that neither the lexicons nor the archive know, and a type that neither PLOVER
    /// nor the archive has: an empty answer would look like an answer.
    pub(crate) fn check(&self, filter: &Filter) -> Result<(), ArchiveError> {
        for kind in filter.types.iter().filter(|kind| kind.of_plover().is_none()) {
            let own = self.own_types().map_err(|e| self.fail("look for a type", e))?;
            if !own.iter().any(|name| name == kind.as_str()) {
                let (path, kind) = (self.path().to_owned(), kind.to_string());
                return Err(ArchiveError::UnknownType { path, kind, own });
            }
        }
        for side in filter.sides().filter(|side| !side.is_known()) {
            let Side::Code(code) = side else { continue };
            if !self.bears(side).map_err(|e| self.fail("look for a code", e))? {
                let like = like(code.split(' ').next().unwrap_or_default());
                let (path, code) = (self.path().to_owned(), code.clone());
                return Err(ArchiveError::UnknownCode { path, code, like });
            }
        }
        Ok(())
    }

    /// The types of events beside PLOVER's.
    pub fn own_types(&self) -> rusqlite::Result<Vec<String>> {
        let mut query = self.db.prepare_cached(
            "SELECT name FROM tally WHERE of = 'type' AND episodes > 0 ORDER BY name",
        )?;
        let names = query.query_map([], |row| row.get::<_, String>(0))?;
        let names = names.collect::<rusqlite::Result<Vec<_>>>()?;
        Ok(names.into_iter().filter(|name| EventType::plover(name).is_none()).collect())
    }

    fn bears(&self, side: &Side) -> rusqlite::Result<bool> {
        let mut args = Args::default();
        let is = side.sql("name", "country", "code", &mut args);
        let sql = format!("SELECT EXISTS (SELECT 1 FROM party WHERE {is})");
        self.db.query_row(&sql, params_from_iter(args.0), |row| row.get(0))
    }
}
