//! Whether every position and hash still holds: the words at each span are those recorded.

use crate::correct;
use crate::error::ArchiveError;
use crate::put::hash;
use crate::quote::Quotes;
use crate::store::Archive;
use dyad_record::{CharSpan, Record};
use rusqlite::Connection;

/// Something in the file that is not as it was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Id of the report; empty where it is the file's.
    pub report: String,
    pub what: String,
}

impl Archive {
    /// Looks at every page of the file, every hash, and every position of every reading.
    pub fn verify(&self) -> Result<Vec<Fault>, ArchiveError> {
        let mut faults = Vec::new();
        let mut fault = |report: &str, what: String| {
            faults.push(Fault { report: report.to_owned(), what });
        };
        let of_file = file(&self.db).map_err(|e| self.fail("look through the file", e))?;
        of_file.into_iter().for_each(|what| fault("", what));
        for id in self.report_ids()? {
            let found = self.verify_report(&id).map_err(|e| self.fail("look at a report", e))?;
            found.into_iter().for_each(|what| fault(&id, what));
        }
        Ok(faults)
    }

    fn verify_report(&self, id: &str) -> rusqlite::Result<Vec<String>> {
        let mut faults = Vec::new();
        let (seq, text, kept): (i64, String, String) = self
            .db
            .prepare_cached("SELECT seq, text, hash FROM report WHERE id = ?")?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        if hash(&text) != kept {
            faults.push("its text is not the one that was stored".to_owned());
        }
        let quotes = Quotes::new(&text);
        let mut query = self.db.prepare_cached(
            "SELECT seq, record, hash FROM reading WHERE report = ? ORDER BY seq",
        )?;
        let mut rows = query.query([seq])?;
        let mut newest = None;
        while let Some(row) = rows.next()? {
            let (reading, json, kept): (i64, String, String) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            if hash(&json) != kept {
                faults.push(format!("reading {reading} is not the one that was stored"));
            }
            match serde_json::from_str::<Record>(&json) {
                Ok(record) => {
                    if record.report.id != id {
                        faults.push(format!("reading {reading} is of report {}", record.report.id));
                    }
                    let bad = positions(&record, &quotes);
                    faults.extend(bad.into_iter().map(|b| format!("reading {reading}: {b}")));
                    newest = Some(record);
                }
                Err(error) => faults.push(format!("reading {reading} cannot be read: {error}")),
            }
        }
        faults.extend(correct::misplaced(&self.db, seq, quotes.len())?);
        match newest {
            Some(mut record) => {
                record.report.text.clone_from(&text);
                correct::put_all(&self.db, seq, &mut record)?;
                faults.extend(tables(&self.db, seq, &record, &quotes)?);
            }
            None => faults.push("it has no reading".to_owned()),
        }
        Ok(faults)
    }
}

/// What SQLite itself finds: broken pages, rows without their report, words missing in the index.
fn file(db: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut faults = Vec::new();
    let mut check = db.prepare("PRAGMA integrity_check")?;
    let found = check.query_map([], |row| row.get::<_, String>(0))?;
    for line in found {
        let line = line?;
        if line != "ok" {
            faults.push(line);
        }
    }
    let mut check = db.prepare("PRAGMA foreign_key_check")?;
    let mut rows = check.query([])?;
    while let Some(row) = rows.next()? {
        let table: String = row.get(0)?;
        faults.push(format!("table {table} has a row without its report"));
    }
    let index = "INSERT INTO report_text (report_text, rank) VALUES ('integrity-check', 1)";
    if let Err(error) = db.execute(index, []) {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DatabaseCorrupt) => {
                faults.push("the full-text index does not fit the reports".to_owned());
            }
            _ => return Err(error),
        }
    }
    Ok(faults)
}

/// The positions of a record that do not lie in its text, and the words that do not stand there.
fn positions(record: &Record, quotes: &Quotes<'_>) -> Vec<String> {
    let mut faults = Vec::new();
    let mut within = |what: &str, id: &str, spans: &mut dyn Iterator<Item = CharSpan>| {
        for span in spans.filter(|s| s.start > s.end || s.end > quotes.len()) {
            let end = quotes.len();
            faults.push(format!("{what} {id}: {}..{} is not in 0..{end}", span.start, span.end));
        }
    };
    let span = |start: u32, end: u32| std::iter::once(CharSpan { start, end });
    for p in &record.passages {
        within("passage", p.kind.as_str(), &mut span(p.start, p.end));
    }
    for e in &record.events {
        within("event", &e.id, &mut e.evidence.iter().copied().chain([e.trigger]));
    }
    for s in &record.statements {
        within("statement", &s.id, &mut s.content.iter().copied().chain(s.cue).chain(s.source));
    }
    for f in &record.figures {
        within("figure", &f.id, &mut span(f.start, f.end));
    }
    for t in &record.ties {
        within("tie", &t.id, &mut t.evidence.iter().copied());
    }
    for a in &record.actors {
        let mut mentions = a.mentions.iter().map(|m| CharSpan { start: m.start, end: m.end });
        within("actor", &a.id, &mut mentions);
    }
    for p in &record.places {
        within("place", &p.id, &mut p.mentions.iter().copied());
    }
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let quoted = (record.figures.iter().map(|f| ("figure", f.start, f.end, &f.text)))
        .chain(record.times.iter().map(|t| ("time", t.start, t.end, &t.text)));
    for (what, start, end, text) in quoted {
        let found = words(quotes.of(start, end));
        if found != words(text) {
            faults.push(format!("{what} at {start}..{end}: recorded `{text}`, found `{found}`"));
        }
    }
    faults
}

/// The tables of items against the record that they are made from.
fn tables(
    db: &Connection,
    seq: i64,
    record: &Record,
    quotes: &Quotes<'_>,
) -> rusqlite::Result<Vec<String>> {
    let events = record.events.iter().map(|e| (e.id.clone(), quotes.join(&e.evidence)));
    let statements = record.statements.iter().map(|s| (s.id.clone(), quotes.join(&s.content)));
    let figures = record.figures.iter().map(|f| (f.id.clone(), f.text.clone()));
    let ties = record.ties.iter().map(|t| (t.id.clone(), quotes.join(&t.evidence)));
    let expected: [(&str, Vec<(String, String)>); 4] = [
        ("event", events.collect()),
        ("statement", statements.collect()),
        ("figure", figures.collect()),
        ("tie", ties.collect()),
    ];
    let mut faults = Vec::new();
    for (table, expected) in expected {
        let sql = format!("SELECT id, text FROM {table} WHERE report = ? ORDER BY ordinal");
        let mut query = db.prepare_cached(&sql)?;
        let found = query.query_map([seq], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if found.collect::<rusqlite::Result<Vec<(String, String)>>>()? != expected {
            faults.push(format!("table {table} does not hold what its record does"));
        }
    }
    Ok(faults)
}
