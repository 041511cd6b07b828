//! One happening in many reports: B³ over the gold event mentions of a topic.

use super::given;
use crate::measure::{B3, Tally, ratio};
use crate::{EvalError, Set, data};
use dyad_archive::{episodes, stories};
use dyad_reader::{Reader, record};
use dyad_record::Record;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

#[derive(Deserialize)]
struct Row {
    id: String,
    gold: Gold,
    meta: Meta,
}

#[derive(Deserialize)]
struct Gold {
    mentions: Vec<Mention>,
}

#[derive(Deserialize)]
struct Mention {
    kind: String,
    sentence: usize,
    tokens: Vec<usize>,
    cluster: String,
}

#[derive(Deserialize)]
struct Meta {
    topic: u32,
    sentences: Vec<Vec<String>>,
    validated_sentences: Option<Vec<usize>>,
}

/// Letters that the words of a family share: "acquire" and "acquisition".
const FAMILY: usize = 4;

/// A document as it was read: its record, and for each gold mention where it stands.
struct Read {
    record: Record,
    mentions: Vec<Place>,
}

struct Place {
    cluster: String,
    start: u32,
    end: u32,
    lemma: String,
}

pub fn score(file: &Path, reader: &Reader) -> Result<Tally, EvalError> {
    let rows: Vec<Row> = data::rows(Set::Ecbplus, file)?;
    let mut topics: BTreeMap<u32, Vec<&Row>> = BTreeMap::new();
    for row in &rows {
        topics.entry(row.meta.topic).or_default().push(row);
    }
    let mut worker = reader.worker();
    let (mut all, mut coded) = (B3::default(), B3::default());
    for rows in topics.values() {
        let read: Vec<Read> = rows
            .iter()
            .map(|row| {
                worker.analyse_tokens(&row.meta.sentences, &given(None), |a| {
                    let mut record = record::make(a.doc, a.mentions, a.coding, reader.versions());
                    record.report.id.clone_from(&row.id);
                    Read { record, mentions: places(row, a.doc) }
                })
            })
            .collect();
        let joined = joined(&read);
        all.add(joined.iter().map(|m| (m.gold.as_str(), m.family.as_str())));
        coded.add(joined.iter().filter_map(|m| Some((m.gold.as_str(), m.episode.as_deref()?))));
    }
    Ok(Tally {
        rows: rows.len(),
        scores: vec![("b3_f1", all.f1())],
        details: vec![
            ("b3 precision".to_owned(), all.precision()),
            ("b3 recall".to_owned(), all.recall()),
            ("mentions coded as events".to_owned(), ratio(coded.count, all.count)),
            ("b3 of those, by episode".to_owned(), coded.f1()),
        ],
    })
}

/// The event mentions of a document's validated sentences.
fn places(row: &Row, doc: &dyad_reader::doc::Doc<'_>) -> Vec<Place> {
    let text = &doc.report.text;
    let validated = |sentence: &usize| {
        row.meta.validated_sentences.as_ref().is_none_or(|v| v.contains(sentence))
    };
    let is_event = |m: &&Mention| m.kind.trim_start_matches("NEG_").starts_with("ACTION_");
    let mentions = row.gold.mentions.iter().filter(is_event);
    let mentions = mentions.filter(|m| validated(&m.sentence));
    // Tokens of the sentences before, empty ones left out as the reader leaves them out.
    let before: Vec<usize> = (0..=row.meta.sentences.len())
        .map(|i| row.meta.sentences[..i].iter().map(Vec::len).sum())
        .collect();
    let place = |m: &Mention| {
        let words = m.tokens.iter().map(|t| (before[m.sentence] + t) as u32);
        let (first, last) = (words.clone().min()?, words.max()?);
        // A lone head stands for "carried out an attack" as for "attack".
        let head = (first..=last).find(|w| {
            let head = doc.words.get(*w as usize).and_then(|w| w.head);
            head.is_none_or(|h| h < first || h > last)
        })?;
        let (start, end) =
            (doc.words.get(first as usize)?.span, doc.words.get(last as usize)?.span);
        let chars = |byte: u32| text[..byte as usize].chars().count() as u32;
        Some(Place {
            cluster: m.cluster.clone(),
            start: chars(start.start),
            end: chars(end.end),
            lemma: doc.words.get(head as usize)?.lemma.to_lowercase(),
        })
    };
    mentions.filter_map(place).collect()
}

/// A gold mention and where it is put: what dyad codes is a small part of what happens, so all are
/// joined by the word family of their head within a story; what it codes also by the episode.
struct Joined {
    gold: String,
    family: String,
    episode: Option<String>,
}

fn joined(read: &[Read]) -> Vec<Joined> {
    let records: Vec<Record> = read.iter().map(|r| r.record.clone()).collect();
    let stories = stories(&records.iter().map(|r| &r.report).collect::<Vec<_>>());
    let episodes = episodes(&records);
    let of_event: HashMap<(&str, &str), &str> = episodes
        .iter()
        .flat_map(|e| e.tellings.iter().map(move |t| ((t.report.as_str(), t.event.as_str()), e)))
        .map(|(key, e)| (key, e.id.as_str()))
        .collect();
    let join = |document: &Read, story: u32, mention: &Place| {
        let mut events = document.record.events.iter();
        let event = events.find(|e| e.trigger.start < mention.end && mention.start < e.trigger.end);
        let report = document.record.report.id.as_str();
        let family: String = mention.lemma.chars().take(FAMILY).collect();
        Joined {
            gold: mention.cluster.clone(),
            family: format!("{story} {family}"),
            episode: event
                .and_then(|e| of_event.get(&(report, e.id.as_str())))
                .map(|id| (*id).to_owned()),
        }
    };
    let documents = read.iter().zip(stories);
    documents.flat_map(|(d, story)| d.mentions.iter().map(move |m| join(d, story, m))).collect()
}
