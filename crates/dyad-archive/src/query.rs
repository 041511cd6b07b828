//! Questions to the tables.

use crate::error::ArchiveError;
use crate::store::Archive;
use dyad_record::archive::{EventRow, Party, ReportHead};
use dyad_record::{EventType, Quad, Status, TimeBasis};
use rusqlite::types::{FromSqlError, ToSql};
use rusqlite::{Row, params_from_iter};
use std::str::FromStr;

/// Which events. What is `None` or empty asks for nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EventFilter {
    /// Country code, or words of a name, of a side that acts.
    pub who: Option<String>,
    /// The same of a side that it is done to, or of the other side of a joint act.
    pub whom: Option<String>,
    pub kind: Option<EventType>,
    pub quad: Option<Quad>,
    pub status: Option<Status>,
    /// Happened or going on.
    pub deeds: bool,
    /// ISO dates, inclusive: the event may have been on a day between them.
    pub from: Option<String>,
    pub to: Option<String>,
    pub report: Option<String>,
    pub outlet: Option<String>,
    pub confidence: Option<f32>,
    /// Words that its report holds.
    pub text: Option<String>,
    pub limit: Option<u32>,
    pub offset: u32,
}

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
    pub fn events(&self, filter: &EventFilter) -> Result<Vec<EventRow>, ArchiveError> {
        let (sql, args) = filter.sql();
        let rows = self.db.prepare_cached(&sql).and_then(|mut query| {
            query.query_map(params_from_iter(args), event)?.collect::<rusqlite::Result<Vec<_>>>()
        });
        let rows = rows.map_err(|e| self.fail("ask for events", e))?;
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

impl EventFilter {
    fn sql(&self) -> (String, Vec<Box<dyn ToSql>>) {
        let mut sql = String::from(
            "SELECT e.report, e.ordinal, r.id, e.id, r.title, r.outlet, r.published, e.type, \
                 e.mode, e.cameo, e.goldstein, e.quad, e.status, e.mutual, e.date_from, \
                 e.date_to, e.basis, e.place, e.confidence, e.damaged, e.text \
             FROM event e JOIN report r ON r.seq = e.report WHERE 1",
        );
        let mut args: Vec<Box<dyn ToSql>> = Vec::new();
        let mut and = |condition: &str, arg: Box<dyn ToSql>| {
            args.push(arg);
            let n = args.len();
            sql.push_str(" AND ");
            sql.push_str(&condition.replace('?', &format!("?{n}")));
        };
        let party = "FROM event_party p WHERE p.report = e.report AND p.event = e.ordinal";
        let named = "(p.country = upper(?) OR p.code = upper(?) \
                      OR p.name LIKE '%' || ? || '%')";
        if let Some(who) = &self.who {
            let who = Box::new(who.clone());
            and(&format!("EXISTS (SELECT 1 {party} AND p.side = 'actor' AND {named})"), who);
        }
        if let Some(whom) = &self.whom {
            let side = "(e.mutual OR p.side = 'recipient')";
            let whom = Box::new(whom.clone());
            and(&format!("EXISTS (SELECT 1 {party} AND {side} AND {named})"), whom);
        }
        if let Some(kind) = self.kind {
            and("e.type = ?", Box::new(kind.as_str()));
        }
        if let Some(quad) = self.quad {
            and("e.quad = ?", Box::new(quad.as_str()));
        }
        if let Some(status) = self.status {
            and("e.status = ?", Box::new(status.as_str()));
        }
        if let Some(from) = &self.from {
            and("coalesce(e.date_to, r.published) >= ?", Box::new(from.clone()));
        }
        if let Some(to) = &self.to {
            and("coalesce(e.date_from, r.published) <= ?", Box::new(to.clone()));
        }
        if let Some(report) = &self.report {
            and("r.id = ?", Box::new(report.clone()));
        }
        if let Some(outlet) = &self.outlet {
            and("r.outlet = ?", Box::new(outlet.clone()));
        }
        if let Some(confidence) = self.confidence {
            and("e.confidence >= ?", Box::new(f64::from(confidence)));
        }
        if let Some(query) = self.text.as_deref().and_then(match_query) {
            let found = "SELECT rowid FROM report_text WHERE report_text MATCH ?";
            and(&format!("r.seq IN ({found})"), Box::new(query));
        }
        if self.deeds {
            sql.push_str(" AND e.status IN ('happened', 'ongoing')");
        }
        sql.push_str(
            " ORDER BY coalesce(e.date_from, r.published) IS NULL, \
              coalesce(e.date_from, r.published), r.id, e.ordinal",
        );
        let limit = self.limit.map_or(-1, i64::from);
        sql.push_str(&format!(" LIMIT {limit} OFFSET {}", self.offset));
        (sql, args)
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
    let basis: Option<String> = row.get(16)?;
    let basis = basis.map(|b| TimeBasis::from_str(&b)).transpose().map_err(unknown)?;
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
        basis,
        place: row.get(17)?,
        confidence: row.get::<_, f64>(18)? as f32,
        damaged: row.get(19)?,
        text: row.get(20)?,
        episode: None,
    };
    Ok((row.get(0)?, row.get(1)?, event))
}

fn word<T: FromStr<Err = dyad_record::UnknownWord>>(
    row: &Row<'_>,
    column: usize,
) -> rusqlite::Result<T> {
    row.get_ref(column)?.as_str()?.parse().map_err(unknown)
}

fn unknown(error: dyad_record::UnknownWord) -> rusqlite::Error {
    FromSqlError::Other(Box::new(error)).into()
}

/// A person's words as an FTS5 query: every word or quoted phrase must be there. `None` where
/// there is no word in them.
fn match_query(words: &str) -> Option<String> {
    let mut terms = Vec::new();
    for (i, part) in words.split('"').enumerate() {
        let quoted = i % 2 == 1;
        let pieces: Vec<&str> = if quoted { vec![part] } else { part.split_whitespace().collect() };
        let pieces = pieces.into_iter().filter(|p| p.chars().any(char::is_alphanumeric));
        terms.extend(pieces.map(|p| format!("\"{p}\"")));
    }
    (!terms.is_empty()).then(|| terms.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_need_not_know_the_query_language() {
        assert_eq!(match_query("grain deal").unwrap(), "\"grain\" \"deal\"");
        assert_eq!(match_query("\"grain deal\" OR").unwrap(), "\"grain deal\" \"OR\"");
        assert_eq!(match_query("NEAR(a* -b"), Some("\"NEAR(a*\" \"-b\"".to_owned()));
        assert_eq!(match_query(" \" - \" * "), None);
    }
}
