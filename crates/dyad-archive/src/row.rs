//! Rows of answers, as they stand in the tables.

use crate::outline::word;
use dyad_record::UnknownWord;
use dyad_record::archive::{EventRow, FigureRow, Party, ReportHead, StatementRow, TieRow};
use rusqlite::Row;
use rusqlite::types::FromSqlError;
use std::str::FromStr;

pub(crate) fn head(row: &Row<'_>) -> rusqlite::Result<ReportHead> {
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

pub(crate) const STATEMENT: &str = "\
    SELECT r.id, s.id, r.title, r.outlet, r.published, s.speaker, s.country, s.code, \
        s.addressee, s.addressee_country, s.addressee_code, s.stance, s.form, s.date_from, \
        s.date_to, s.damaged, s.text \
    FROM statement s JOIN report r ON r.seq = s.report WHERE s.report = ? AND s.ordinal = ?";

pub(crate) fn event(row: &Row<'_>) -> rusqlite::Result<EventRow> {
    Ok(EventRow {
        report: row.get(0)?,
        event: row.get(1)?,
        title: row.get(2)?,
        outlet: row.get(3)?,
        published: row.get(4)?,
        kind: word(row, 5)?,
        mode: row.get(6)?,
        cameo: row.get(7)?,
        goldstein: row.get::<_, f64>(8)? as f32,
        quad: word(row, 9)?,
        status: word(row, 10)?,
        actors: Vec::new(),
        recipients: Vec::new(),
        mutual: row.get(11)?,
        from: row.get(12)?,
        to: row.get(13)?,
        basis: maybe(row, 14)?,
        place: row.get(15)?,
        confidence: row.get::<_, f64>(16)? as f32,
        damaged: row.get(17)?,
        text: row.get(18)?,
        episode: row.get(19)?,
    })
}

pub(crate) fn statement(row: &Row<'_>) -> rusqlite::Result<StatementRow> {
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
}

pub(crate) fn figure(row: &Row<'_>) -> rusqlite::Result<FigureRow> {
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
}

pub(crate) fn tie(row: &Row<'_>) -> rusqlite::Result<TieRow> {
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
