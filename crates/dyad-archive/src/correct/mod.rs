//! What people say against the machine's reading: kept beside it, and put into every record before
//! anything is asked of it, so that it wins in every answer.

mod coding;
mod find;
mod given;
mod put;

use crate::error::ArchiveError;
use crate::put::redo;
use crate::quote::Quotes;
use crate::store::Archive;
use coding::{Live, changed, coded, difference, items};
use dyad_record::correction::{Action, Coding, Correction, ItemKind, Lesson, Proposal, Withdrawal};
use dyad_record::{CharSpan, Record};
use jiff::{Timestamp, Unit};
use put::put;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use std::collections::HashMap;

/// What stands before a correction's name where that found an item.
const FOUND_BY: &str = "correction:";

/// What a correction goes by.
fn name(seq: i64) -> String {
    format!("c{seq}")
}

fn number(id: &str) -> Option<i64> {
    id.strip_prefix('c')?.parse().ok()
}

impl Archive {
    /// Stores what a person says of an item, if it can be so. It counts from then on.
    pub fn correct(&mut self, proposal: &Proposal) -> Result<Correction, ArchiveError> {
        let report = self.find_report(&proposal.report)?;
        let missing = || ArchiveError::NoReport {
            path: self.path().to_owned(),
            id: report.clone(),
            several: false,
        };
        let machine = self.reading(&report)?.ok_or_else(missing)?;
        let record = self.report(&report)?.ok_or_else(missing)?;
        let wrong = |what: String| ArchiveError::Correction { path: self.path().to_owned(), what };
        let draft = draft(&machine, &record, proposal).map_err(|refusal| match refusal {
            Refusal::NoItem(item) => {
                ArchiveError::NoItem { path: self.path().to_owned(), report: report.clone(), item }
            }
            Refusal::Wrong(what) => wrong(what),
        })?;
        let now = now();
        let seq = self.write("store a correction", |tx, held| {
            tx.execute(
                "INSERT INTO correction (report, kind, action, item, spans, machine, found_by, \
                     change, who, made, why) \
                 VALUES ((SELECT seq FROM report WHERE id = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                params![
                    report,
                    draft.kind.as_str(),
                    proposal.action.as_str(),
                    proposal.item,
                    json(&draft.spans)?,
                    draft.machine.as_ref().map(json).transpose()?,
                    draft.found_by,
                    draft.change.as_ref().map(json).transpose()?,
                    proposal.who.trim(),
                    now,
                    proposal.why.trim(),
                ],
            )?;
            let seq = tx.last_insert_rowid();
            redo(tx, held, &report)?;
            Ok(seq)
        })?;
        self.correction(&name(seq))
    }

    /// Takes a correction back: it is kept, and counts no more.
    pub fn withdraw(&mut self, id: &str, who: &str) -> Result<Correction, ArchiveError> {
        let before = self.correction(id)?;
        let wrong = |what: String| ArchiveError::Correction { path: self.path().to_owned(), what };
        if let Some(done) = before.withdrawn {
            return Err(wrong(format!("{id} was withdrawn by {} on {}", done.who, done.when)));
        }
        if who.trim().is_empty() {
            return Err(wrong(NOBODY.to_owned()));
        }
        self.write("withdraw a correction", |tx, held| {
            tx.execute(
                "UPDATE correction SET withdrawn_by = ?, withdrawn = ? WHERE seq = ?",
                params![who.trim(), now(), number(id)],
            )?;
            redo(tx, held, &before.report)
        })?;
        self.correction(id)
    }

    /// Every correction of one report or of all, in the order in which they were made, those that
    /// were withdrawn too.
    pub fn corrections(&self, report: Option<&str>) -> Result<Vec<Correction>, ArchiveError> {
        let sql = format!("{ALL} WHERE r.id = coalesce(?1, r.id) ORDER BY c.seq");
        let rows = self.db.prepare_cached(&sql).and_then(|mut query| {
            query.query_map([report], correction)?.collect::<rusqlite::Result<Vec<_>>>()
        });
        rows.map_err(|e| self.fail("list the corrections", e))
    }

    pub fn correction(&self, id: &str) -> Result<Correction, ArchiveError> {
        let sql = format!("{ALL} WHERE c.seq = ?1");
        let found = self
            .db
            .prepare_cached(&sql)
            .and_then(|mut query| query.query_row([number(id)], correction).optional());
        let found = found.map_err(|e| self.fail("look for a correction", e))?;
        found.ok_or_else(|| ArchiveError::NoCorrection {
            path: self.path().to_owned(),
            id: id.to_owned(),
        })
    }

    /// What counts of the corrections, as training data: one lesson for each item, by whom had the
    /// last word on it.
    pub fn lessons(&self) -> Result<Vec<Lesson>, ArchiveError> {
        let mut lessons: Vec<Lesson> = Vec::new();
        let mut of_item: HashMap<(String, ItemKind, String), usize> = HashMap::new();
        for c in self.corrections(None)?.into_iter().filter(|c| c.withdrawn.is_none()) {
            let key = c.item.clone().map(|item| (c.report.clone(), c.kind, item));
            let held = key.as_ref().and_then(|key| of_item.get(key)).copied();
            let before = held.and_then(|i| lessons[i].person.clone()).or_else(|| c.machine.clone());
            let person = match (before, c.change) {
                (Some(before), Some(change)) => Some(changed(c.kind, &before, &change)),
                (None, change) => change,
                (_, None) => None,
            };
            if let Some(i) = held {
                let Lesson { correction, action, person: last, who, when, why, .. } =
                    &mut lessons[i];
                (*correction, *action, *last) = (c.id, c.action, person);
                (*who, *when, *why) = (c.who, c.when, c.why);
                continue;
            }
            let Some(record) = self.reading(&c.report)? else { continue };
            if let Some(key) = key {
                of_item.insert(key, lessons.len());
            }
            lessons.push(Lesson {
                correction: c.id,
                report: c.report,
                published: record.report.published,
                text: record.report.text,
                kind: c.kind,
                action: c.action,
                spans: c.spans,
                words: c.words,
                machine: c.machine,
                found_by: c.found_by,
                person,
                who: c.who,
                when: c.when,
                why: c.why,
            });
        }
        // What a person added and took away again teaches nothing.
        lessons.retain(|l| l.machine.is_some() || l.person.is_some());
        Ok(lessons)
    }
}

enum Refusal {
    NoItem(String),
    Wrong(String),
}

impl From<String> for Refusal {
    fn from(what: String) -> Self {
        Refusal::Wrong(what)
    }
}

impl From<&str> for Refusal {
    fn from(what: &str) -> Self {
        Refusal::Wrong(what.to_owned())
    }
}

const NOBODY: &str = "say who corrects it (`--by NAME`, `who` over HTTP)";

/// What will be stored of a proposal.
struct Draft {
    kind: ItemKind,
    spans: Vec<CharSpan>,
    machine: Option<Coding>,
    found_by: Option<String>,
    change: Option<Coding>,
}

/// `machine` is the record as read, `record` the same with all that was corrected before.
fn draft(machine: &Record, record: &Record, proposal: &Proposal) -> Result<Draft, Refusal> {
    if proposal.who.trim().is_empty() {
        return Err(NOBODY.into());
    }
    if proposal.why.trim().is_empty() {
        return Err("say why: the reason is kept with the correction".into());
    }
    let add = proposal.action == Action::Add;
    if !add && (proposal.words.is_some() || !proposal.spans.is_empty()) {
        return Err("the words of an item are where they are; only `add` names words".into());
    }
    let parse = |kind| {
        let value = proposal.change.clone().ok_or("say what is otherwise, in `change`")?;
        Coding::parse(kind, value).map_err(|e| format!("the change of {kind} does not do: {e}"))
    };
    if add {
        if proposal.item.is_some() {
            return Err("what is added has no item yet; name its words".into());
        }
        let spans = places(record, proposal)?;
        let kind = proposal.kind.unwrap_or(ItemKind::Event);
        let change = given::whole(record, kind, None, parse(kind)?)?;
        if kind == ItemKind::Figure && spans.len() != 1 {
            return Err("a figure stands in one place; give one span".into());
        }
        return Ok(Draft { kind, spans, machine: None, found_by: None, change: Some(change) });
    }
    if proposal.kind.is_some() {
        return Err("an item is of the kind that it is; only `add` has a `kind`".into());
    }
    let id = proposal.item.as_deref().ok_or("name the item, as e3")?;
    // What a person added stands in the record alone.
    let own = if number(id).is_some() { record } else { machine };
    let all = || ItemKind::ALL.iter().flat_map(|k| items(own, *k).into_iter().map(|i| (*k, i)));
    let Some((kind, item)) = all().find(|(_, i)| i.id == id) else {
        return Err(Refusal::NoItem(id.to_owned()));
    };
    let found_by = Some(match number(id) {
        Some(_) => format!("{FOUND_BY}{id}"),
        None => item.found_by.to_owned(),
    });
    let read = coded(machine, kind, id);
    let draft = |change| Draft { kind, spans: item.spans.clone(), machine: read, found_by, change };
    if proposal.action == Action::Reject {
        if proposal.change.is_some() {
            return Err("what is rejected has no change; amend it, or leave `change` out".into());
        }
        if coded(record, kind, id).is_none() {
            return Err("it is rejected already".into());
        }
        return Ok(draft(None));
    }
    // Where it was rejected before, the machine's reading is what is amended.
    let now = coded(record, kind, id).or_else(|| coded(machine, kind, id));
    let change = given::whole(record, kind, now.as_ref(), parse(kind)?)?;
    let change = now.as_ref().and_then(|now| difference(kind, now, &change));
    let change = change.ok_or("nothing is otherwise: the item stands so already")?;
    Ok(draft(Some(change)))
}

/// Where the words of what is added stand.
fn places(record: &Record, proposal: &Proposal) -> Result<Vec<CharSpan>, String> {
    let text = &record.report.text;
    let Some(words) = proposal.words.as_deref().filter(|w| !w.trim().is_empty()) else {
        let end = Quotes::new(text).len();
        let fits = |s: &CharSpan| s.start < s.end && s.end <= end;
        return match &proposal.spans[..] {
            [] => Err("name the words that tell it, or where they stand".to_owned()),
            spans if spans.iter().all(fits) => Ok(spans.to_vec()),
            _ => Err(format!("its words do not lie in 0..{end} of the text")),
        };
    };
    let words = words.trim();
    let found: Vec<usize> = text.match_indices(words).map(|(at, _)| at).collect();
    match found[..] {
        [at] => {
            let start = text[..at].chars().count() as u32;
            Ok(vec![CharSpan { start, end: start + words.chars().count() as u32 }])
        }
        [] => Err(format!("`{words}` does not stand in the report")),
        _ => Err(format!(
            "`{words}` stands there {} times; take more words with it, or give `spans`",
            found.len()
        )),
    }
}

fn now() -> String {
    let now = Timestamp::now();
    now.round(Unit::Second).unwrap_or(now).to_string()
}

fn json(value: &impl serde::Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))
}

/// Whether anybody says anything of a report.
pub(crate) fn any(db: &Connection, seq: i64) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM correction WHERE report = ? AND withdrawn IS NULL";
    db.prepare_cached(sql)?.exists([seq])
}

/// What people say of a report's newest reading put into it; `None` where nobody says anything.
pub(crate) fn corrected(
    tx: &Transaction<'_>,
    seq: i64,
    record: &Record,
) -> rusqlite::Result<Option<Record>> {
    let mut live = of_report(tx, seq)?;
    if live.is_empty() {
        return Ok(None);
    }
    let found = find::find(record, &live);
    for (c, item) in live.iter_mut().zip(found) {
        if c.item != item {
            tx.prepare_cached("UPDATE correction SET item = ? WHERE seq = ?")?
                .execute(params![item, c.seq])?;
            c.item = item;
        }
    }
    let mut record = record.clone();
    put(&mut record, &live);
    Ok(Some(record))
}

/// Puts what people say into the newest reading of a report, whose items they were matched with when
/// it was stored.
pub(crate) fn put_all(db: &Connection, seq: i64, record: &mut Record) -> rusqlite::Result<()> {
    put(record, &of_report(db, seq)?);
    Ok(())
}

/// The same for every report that has corrections.
pub(crate) struct Corrections(HashMap<i64, Vec<Live>>);

impl Corrections {
    pub fn of_all(db: &Connection) -> rusqlite::Result<Corrections> {
        let mut all: HashMap<i64, Vec<Live>> = HashMap::new();
        let mut query = db.prepare_cached(&format!("{LIVE} ORDER BY seq"))?;
        for row in query.query_map([], live)? {
            let (report, live) = row?;
            all.entry(report).or_default().push(live);
        }
        Ok(Corrections(all))
    }

    pub fn put(&self, seq: i64, record: &mut Record) {
        if let Some(live) = self.0.get(&seq) {
            put(record, live);
        }
    }
}

/// The corrections whose words do not lie in their report.
pub(crate) fn misplaced(db: &Connection, seq: i64, end: u32) -> rusqlite::Result<Vec<String>> {
    let mut faults = Vec::new();
    for c in of_report(db, seq)? {
        for span in c.spans.iter().filter(|s| s.start > s.end || s.end > end) {
            let (id, CharSpan { start, end: to }) = (name(c.seq), span);
            faults.push(format!("correction {id}: {start}..{to} is not in 0..{end}"));
        }
    }
    Ok(faults)
}

const LIVE: &str = "\
    SELECT report, seq, kind, action, item, spans, machine, change, found_by FROM correction \
    WHERE withdrawn IS NULL";

fn of_report(db: &Connection, seq: i64) -> rusqlite::Result<Vec<Live>> {
    let mut query = db.prepare_cached(&format!("{LIVE} AND report = ? ORDER BY seq"))?;
    query.query_map([seq], live)?.map(|row| Ok(row?.1)).collect()
}

fn live(row: &Row<'_>) -> rusqlite::Result<(i64, Live)> {
    let kind = crate::outline::word(row, 2)?;
    let live = Live {
        seq: row.get(1)?,
        kind,
        action: crate::outline::word(row, 3)?,
        item: row.get(4)?,
        spans: spans(row, 5)?,
        machine: coding(row, 6, kind)?,
        change: coding(row, 7, kind)?,
        found_by: row.get(8)?,
    };
    Ok((row.get(0)?, live))
}

fn broken(column: usize) -> impl Fn(serde_json::Error) -> rusqlite::Error {
    move |e| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(e))
}

fn spans(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<CharSpan>> {
    serde_json::from_str(row.get_ref(column)?.as_str()?).map_err(broken(column))
}

fn coding(row: &Row<'_>, column: usize, kind: ItemKind) -> rusqlite::Result<Option<Coding>> {
    let text: Option<String> = row.get(column)?;
    let parse = |text: String| Coding::parse(kind, serde_json::from_str(&text)?);
    text.map(parse).transpose().map_err(broken(column))
}

const ALL: &str = "\
    SELECT c.seq, r.id, c.kind, c.action, c.item, c.spans, c.machine, c.found_by, c.change, c.who, \
        c.made, c.why, c.withdrawn_by, c.withdrawn, r.text \
    FROM correction c JOIN report r ON r.seq = c.report";

fn correction(row: &Row<'_>) -> rusqlite::Result<Correction> {
    let kind = crate::outline::word(row, 2)?;
    let spans = spans(row, 5)?;
    let by: Option<String> = row.get(12)?;
    let on: Option<String> = row.get(13)?;
    Ok(Correction {
        id: name(row.get(0)?),
        report: row.get(1)?,
        kind,
        action: crate::outline::word(row, 3)?,
        item: row.get(4)?,
        words: Quotes::new(row.get_ref(14)?.as_str()?).join(&spans),
        spans,
        machine: coding(row, 6, kind)?,
        found_by: row.get(7)?,
        change: coding(row, 8, kind)?,
        who: row.get(9)?,
        when: row.get(10)?,
        why: row.get(11)?,
        withdrawn: by.zip(on).map(|(who, when)| Withdrawal { who, when }),
    })
}
