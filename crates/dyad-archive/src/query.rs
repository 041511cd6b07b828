//! Questions to the tables.

use crate::error::ArchiveError;
use crate::filter::{Args, Filter, Side, Where, like, match_query};
use crate::store::Archive;
use dyad_record::UnknownWord;
use dyad_record::archive::{
    ActorRow, Episode, EventRow, FigureRow, Party, ReportHead, StatementRow, Telling, TieRow,
};
use rusqlite::types::{FromSqlError, ToSql};
use rusqlite::{Row, params_from_iter};
use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

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

impl Archive {
    /// Every report, newest first.
    pub fn reports(&self) -> Result<Vec<ReportHead>, ArchiveError> {
        let sql = format!(
            "{HEADS}, NULL FROM report r \
             ORDER BY r.published IS NULL, r.published DESC, r.id"
        );
        self.heads(&sql, &[])
    }

    /// The reports that hold all these words, best first. `"words in quotes"` must stand
    /// together; a word's endings do not matter.
    pub fn search(&self, words: &str) -> Result<Vec<ReportHead>, ArchiveError> {
        let Some(query) = match_query(words) else { return Ok(Vec::new()) };
        let sql = format!(
            "{HEADS}, snippet(report_text, -1, char(2), char(3), '…', 24) \
             FROM report_text JOIN report r ON r.seq = report_text.rowid \
             WHERE report_text MATCH ?1 ORDER BY bm25(report_text, 4.0, 1.0), r.id"
        );
        self.heads(&sql, &[&query])
    }

    fn heads(&self, sql: &str, args: &[&dyn ToSql]) -> Result<Vec<ReportHead>, ArchiveError> {
        let rows = self.db.prepare_cached(sql).and_then(|mut query| {
            query.query_map(args, head)?.collect::<rusqlite::Result<Vec<_>>>()
        });
        rows.map_err(|e| self.fail("list the reports", e))
    }

    /// Events in the order of their days, days unknown last.
    pub fn events(&self, filter: &Filter) -> Result<Vec<EventRow>, ArchiveError> {
        let sql = "SELECT e.report, e.ordinal, r.id, e.id, r.title, r.outlet, r.published, e.type, \
             e.mode, e.cameo, e.goldstein, e.quad, e.status, e.mutual, e.date_from, \
             e.date_to, e.basis, e.place, e.confidence, e.damaged, e.text \
             FROM event e JOIN report r ON r.seq = e.report";
        let order = ["e.day_from", "e.report", "e.ordinal"];
        let rows = self.ask(filter, sql, Where::events(filter), order, event)?;
        let episodes = self.episode_index()?;
        let mut events = Vec::with_capacity(rows.len());
        for (seq, ordinal, mut row) in rows {
            let parties = self.parties(seq, ordinal).map_err(|e| self.fail("ask for events", e))?;
            (row.actors, row.recipients) = parties;
            row.episode = episodes.get(&(row.report.clone(), row.event.clone())).cloned();
            events.push(row);
        }
        Ok(events)
    }

    /// Statements in the order of their days, days unknown last.
    pub fn statements(&self, filter: &Filter) -> Result<Vec<StatementRow>, ArchiveError> {
        let sql = "SELECT r.id, s.id, r.title, r.outlet, r.published, s.speaker, s.country, s.code, \
             s.addressee, s.addressee_country, s.addressee_code, s.stance, s.form, s.date_from, \
             s.date_to, s.damaged, s.text \
             FROM statement s JOIN report r ON r.seq = s.report";
        let order = ["s.day_from", "s.report", "s.ordinal"];
        self.ask(filter, sql, Where::statements(filter), order, |row| {
            Ok(StatementRow {
                report: row.get(0)?,
                statement: row.get(1)?,
                title: row.get(2)?,
                outlet: row.get(3)?,
                published: row.get(4)?,
                speaker: party(row, 5)?,
                addressee: party(row, 8)?,
                stance: maybe(row, 11)?,
                form: word(row, 12)?,
                from: row.get(13)?,
                to: row.get(14)?,
                damaged: row.get(15)?,
                text: row.get(16)?,
            })
        })
    }

    /// Figures in the order of publication.
    pub fn figures(&self, filter: &Filter) -> Result<Vec<FigureRow>, ArchiveError> {
        let sql = "SELECT r.id, f.id, r.title, r.outlet, r.published, f.value, f.low, f.high, f.whole, \
             f.unit, f.counted, f.casualty, f.about, f.speaker, f.approximate, f.change, \
             f.damaged, f.text, f.sentence \
             FROM figure f JOIN report r ON r.seq = f.report";
        let order = ["r.published", "f.report", "f.ordinal"];
        self.ask(filter, sql, Where::figures(filter), order, |row| {
            Ok(FigureRow {
                report: row.get(0)?,
                figure: row.get(1)?,
                title: row.get(2)?,
                outlet: row.get(3)?,
                published: row.get(4)?,
                value: row.get(5)?,
                low: row.get(6)?,
                high: row.get(7)?,
                of: row.get(8)?,
                unit: row.get(9)?,
                counted: row.get(10)?,
                casualty: maybe(row, 11)?,
                about: row.get(12)?,
                speaker: row.get(13)?,
                approximate: row.get(14)?,
                change: maybe(row, 15)?,
                damaged: row.get(16)?,
                text: row.get(17)?,
                sentence: row.get(18)?,
            })
        })
    }

    /// Ties in the order of publication.
    pub fn ties(&self, filter: &Filter) -> Result<Vec<TieRow>, ArchiveError> {
        let sql = "SELECT r.id, t.id, r.title, r.outlet, r.published, t.kind, t.from_name, \
             t.from_country, t.from_code, t.to_name, t.to_country, t.to_code, t.leans, t.trend, \
             t.commodity, t.confidence, t.damaged, t.text \
             FROM tie t JOIN report r ON r.seq = t.report";
        let order = ["r.published", "t.report", "t.ordinal"];
        self.ask(filter, sql, Where::ties(filter), order, |row| {
            Ok(TieRow {
                report: row.get(0)?,
                tie: row.get(1)?,
                title: row.get(2)?,
                outlet: row.get(3)?,
                published: row.get(4)?,
                kind: word(row, 5)?,
                from: Party { name: row.get(6)?, country: row.get(7)?, code: row.get(8)? },
                to: Party { name: row.get(9)?, country: row.get(10)?, code: row.get(11)? },
                leans: row.get(12)?,
                trend: maybe(row, 13)?,
                commodity: row.get(14)?,
                confidence: row.get::<_, f64>(15)? as f32,
                damaged: row.get(16)?,
                text: row.get(17)?,
            })
        })
    }

    /// The episodes that meet the filter. What it says of reports, places, confidence and words, one
    /// telling must meet; the rest is asked of the episode as a whole.
    pub fn episodes_of(&self, filter: &Filter) -> Result<Vec<Episode>, ArchiveError> {
        self.check(filter)?;
        let told = match filter.of_tellings() {
            Some(of) => {
                let all = Where::events(&of);
                let sql = format!(
                    "SELECT r.id, e.id FROM event e JOIN report r ON r.seq = e.report WHERE 1{}",
                    all.sql
                );
                let args = params_from_iter(all.args.0);
                let pairs = self.db.prepare_cached(&sql).and_then(|mut query| {
                    let pair = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
                    query.query_map(args, pair)?.collect::<rusqlite::Result<BTreeSet<_>>>()
                });
                Some(pairs.map_err(|e| self.fail("ask for episodes", e))?)
            }
            None => None,
        };
        let all = self.episodes()?;
        let meets = |e: &&Episode| {
            let telling = |t: &Telling| (t.report.clone(), t.event.clone());
            filter.is_met_by(e)
                && told.as_ref().is_none_or(|x| e.tellings.iter().any(|t| x.contains(&telling(t))))
        };
        let found: Box<dyn Iterator<Item = &Episode>> = match filter.newest {
            true => Box::new(all.iter().rev().filter(meets)),
            false => Box::new(all.iter().filter(meets)),
        };
        let limit = filter.limit.map_or(usize::MAX, |n| n as usize);
        Ok(found.skip(filter.offset as usize).take(limit).cloned().collect())
    }

    /// Who stands on a side of the episodes that meet the filter, most episodes first; where the
    /// filter names sides, only those whom it names.
    pub fn actors(&self, filter: &Filter) -> Result<Vec<ActorRow>, ArchiveError> {
        let all = Filter { limit: None, offset: 0, ..filter.clone() };
        let mut found: BTreeMap<Party, ActorRow> = BTreeMap::new();
        for episode in self.episodes_of(&all)? {
            let named = |party: &&Party| {
                let mut sides = filter.sides().peekable();
                sides.peek().is_none() || sides.any(|side| side.is(party))
            };
            let acting: BTreeSet<&Party> = episode.actors.iter().filter(named).collect();
            let bearing: BTreeSet<&Party> = episode.recipients.iter().filter(named).collect();
            for party in acting.union(&bearing) {
                let row = found.entry((*party).clone()).or_insert_with(|| ActorRow {
                    name: party.name.clone(),
                    country: party.country.clone(),
                    code: party.code.clone(),
                    ..ActorRow::default()
                });
                row.episodes += 1;
                row.acting += u32::from(acting.contains(party));
                row.receiving += u32::from(bearing.contains(party));
                row.deeds += u32::from(episode.deed);
                row.events += episode.tellings.len() as u32;
                row.from = row.from.take().into_iter().chain(episode.from.clone()).min();
                row.to = row.to.take().max(episode.to.clone());
            }
        }
        let mut rows: Vec<ActorRow> = found.into_values().collect();
        rows.sort_by(|a, b| {
            (b.episodes, b.events).cmp(&(a.episodes, a.events)).then_with(|| a.name.cmp(&b.name))
        });
        let limit = filter.limit.map_or(usize::MAX, |n| n as usize);
        Ok(rows.into_iter().skip(filter.offset as usize).take(limit).collect())
    }

    fn ask<T>(
        &self,
        filter: &Filter,
        select: &str,
        all: Where,
        [day, report, ordinal]: [&str; 3],
        make: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, ArchiveError> {
        self.check(filter)?;
        let limit = filter.limit.map_or(-1, i64::from);
        let way = if filter.newest { "DESC" } else { "ASC" };
        let sql = format!(
            "{select} WHERE 1{} ORDER BY {day} {way} NULLS LAST, {report} {way}, {ordinal} {way} \
             LIMIT {limit} OFFSET {}",
            all.sql, filter.offset
        );
        let rows = self
            .db
            .prepare_cached(&sql)
            .and_then(|mut query| query.query_map(params_from_iter(all.args.0), make)?.collect());
        rows.map_err(|e| self.fail("answer the question", e))
    }

    /// Refuses a code that neither the lexicons nor the archive know: an empty answer would look
    /// like an answer.
    fn check(&self, filter: &Filter) -> Result<(), ArchiveError> {
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

    fn bears(&self, side: &Side) -> rusqlite::Result<bool> {
        let mut args = Args::default();
        let mut is = |columns: [&str; 3]| side.sql(columns[0], columns[1], columns[2], &mut args);
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM event_party WHERE {}) \
             OR EXISTS (SELECT 1 FROM statement WHERE {}) \
             OR EXISTS (SELECT 1 FROM tie WHERE {} OR {})",
            is(["name", "country", "code"]),
            is(["speaker", "country", "code"]),
            is(["from_name", "from_country", "from_code"]),
            is(["to_name", "to_country", "to_code"]),
        );
        self.db.query_row(&sql, params_from_iter(args.0), |row| row.get(0))
    }

    fn parties(&self, seq: i64, ordinal: i64) -> rusqlite::Result<(Vec<Party>, Vec<Party>)> {
        let mut query = self.db.prepare_cached(
            "SELECT side, name, country, code FROM event_party \
             WHERE report = ? AND event = ? ORDER BY ordinal",
        )?;
        let mut rows = query.query([seq, ordinal])?;
        let (mut actors, mut recipients) = (Vec::new(), Vec::new());
        while let Some(row) = rows.next()? {
            let party = Party { name: row.get(1)?, country: row.get(2)?, code: row.get(3)? };
            match row.get_ref(0)?.as_str()? {
                "actor" => actors.push(party),
                _ => recipients.push(party),
            }
        }
        Ok((actors, recipients))
    }
}

fn head(row: &Row<'_>) -> rusqlite::Result<ReportHead> {
    let text: String = row.get(5)?;
    Ok(ReportHead {
        id: row.get(0)?,
        title: row.get(1)?,
        outlet: row.get(2)?,
        url: row.get(3)?,
        published: row.get(4)?,
        opening: opening(&text),
        events: row.get(6)?,
        statements: row.get(7)?,
        figures: row.get(8)?,
        ties: row.get(9)?,
        damaged: row.get(10)?,
        snippet: row.get(11)?,
    })
}

const OPENING: usize = 200;

fn opening(text: &str) -> String {
    let mut opening = String::new();
    for word in text.split_whitespace() {
        if opening.len() + word.len() > OPENING {
            opening.push('…');
            break;
        }
        if !opening.is_empty() {
            opening.push(' ');
        }
        opening.push_str(word);
    }
    opening
}

fn event(row: &Row<'_>) -> rusqlite::Result<(i64, i64, EventRow)> {
    let event = EventRow {
        report: row.get(2)?,
        event: row.get(3)?,
        title: row.get(4)?,
        outlet: row.get(5)?,
        published: row.get(6)?,
        kind: word(row, 7)?,
        mode: row.get(8)?,
        cameo: row.get(9)?,
        goldstein: row.get::<_, f64>(10)? as f32,
        quad: word(row, 11)?,
        status: word(row, 12)?,
        actors: Vec::new(),
        recipients: Vec::new(),
        mutual: row.get(13)?,
        from: row.get(14)?,
        to: row.get(15)?,
        basis: maybe(row, 16)?,
        place: row.get(17)?,
        confidence: row.get::<_, f64>(18)? as f32,
        damaged: row.get(19)?,
        text: row.get(20)?,
        episode: None,
    };
    Ok((row.get(0)?, row.get(1)?, event))
}

pub(crate) fn word<T: FromStr<Err = UnknownWord>>(
    row: &Row<'_>,
    column: usize,
) -> rusqlite::Result<T> {
    row.get_ref(column)?.as_str()?.parse().map_err(unknown)
}

/// A side whose name, country and code begin at a column.
fn party(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Party>> {
    let Some(name) = row.get(column)? else { return Ok(None) };
    Ok(Some(Party { name, country: row.get(column + 1)?, code: row.get(column + 2)? }))
}

fn maybe<T: FromStr<Err = UnknownWord>>(
    row: &Row<'_>,
    column: usize,
) -> rusqlite::Result<Option<T>> {
    let word: Option<String> = row.get(column)?;
    word.map(|w| w.parse()).transpose().map_err(unknown)
}

fn unknown(error: UnknownWord) -> rusqlite::Error {
    FromSqlError::Other(Box::new(error)).into()
}
