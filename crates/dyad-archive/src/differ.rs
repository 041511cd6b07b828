//! What two readings of one report tell differently.

use crate::quote::Quotes;
use crate::told::actor;
use dyad_record::{CharSpan, Record};
use serde::Serialize;
use std::collections::BTreeMap;

/// One item that one of two readings has otherwise or not at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub report: String,
    pub item: &'static str,
    /// The words that it stands on.
    pub words: String,
    /// As the older reading has it.
    pub before: Option<String>,
    /// As the newer one has it.
    pub after: Option<String>,
}

/// An item is the same where it stands on the same words.
pub fn differences(old: &Record, new: &Record) -> Vec<Difference> {
    let quotes = Quotes::new(&old.report.text);
    let (mut before, after) = (items(old), items(new));
    let mut found = Vec::new();
    let mut push = |(item, at): (&'static str, Vec<CharSpan>), before, after| {
        let (report, words) = (old.report.id.clone(), quotes.join(&at));
        found.push(Difference { report, item, words, before, after });
    };
    for (key, now) in after {
        match before.remove(&key) {
            Some(was) if was == now => {}
            was => push(key, was, Some(now)),
        }
    }
    before.into_iter().for_each(|(key, was)| push(key, Some(was), None));
    found.sort_by(|a, b| (a.item, &a.words).cmp(&(b.item, &b.words)));
    found
}

/// What is said of the words at some spans, in short.
fn items(record: &Record) -> BTreeMap<(&'static str, Vec<CharSpan>), String> {
    let name = |id: &String| actor(record, id).map_or("?", |a| &a.code).to_owned();
    let names = |ids: &[String]| ids.iter().map(name).collect::<Vec<_>>().join(", ");
    let mut items = BTreeMap::new();
    for e in &record.events {
        let (who, whom) = (names(&e.actors), names(&e.recipients));
        let time = e.time.as_ref().and_then(|t| t.from.clone()).unwrap_or_default();
        let told = format!("{} {}: {who} → {whom} {time}", e.kind, e.status);
        items.insert(("event", vec![e.trigger]), told.trim_end().to_owned());
    }
    for s in &record.statements {
        let speaker = s.speaker.as_ref().map_or("nobody named".to_owned(), name);
        items.insert(("statement", s.content.clone()), format!("{speaker} ({})", s.form));
    }
    for f in &record.figures {
        let value = f.value.or(f.low).or(f.high).map(|v| v.to_string()).unwrap_or_default();
        let of = f.counted.as_ref().or(f.unit.as_ref()).cloned().unwrap_or_default();
        let at = vec![CharSpan { start: f.start, end: f.end }];
        items.insert(("figure", at), format!("{value} {of}"));
    }
    for t in &record.ties {
        let told = format!("{}: {} and {}", t.kind, name(&t.from), name(&t.to));
        items.insert(("tie", t.evidence.clone()), told);
    }
    items
}
