//! One happening in many reports: B³ over the gold event mentions of a topic.

use super::given;
use crate::measure::{Tally, ratio};
use crate::{EvalError, Set, data};
use dyad_archive::episodes;
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
    let mut sums = B3::default();
    let mut coded = 0;
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
        let (gold, predicted, found) = clusters(&read);
        coded += found;
        sums.add(&gold, &predicted);
    }
    Ok(Tally {
        rows: rows.len(),
        scores: vec![("b3_f1", sums.f1())],
        details: vec![
            ("b3 precision".to_owned(), ratio(sums.precision, sums.count)),
            ("b3 recall".to_owned(), ratio(sums.recall, sums.count)),
            ("mentions coded as events".to_owned(), ratio(f64::from(coded), sums.count)),
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

/// Gold and predicted clusters of the mentions of a topic, and how many were coded as events.
/// Mentions of coded events are joined as the archive joins episodes; the others, of which dyad
/// codes nothing, by the lemma of their head.
fn clusters(read: &[Read]) -> (Vec<String>, Vec<String>, u32) {
    let records: Vec<Record> = read.iter().map(|r| r.record.clone()).collect();
    let episodes = episodes(&records);
    let of_event: HashMap<(&str, &str), &str> = episodes
        .iter()
        .flat_map(|e| e.tellings.iter().map(move |t| ((t.report.as_str(), t.event.as_str()), e)))
        .map(|(key, e)| (key, e.id.as_str()))
        .collect();
    let (mut gold, mut predicted, mut coded) = (Vec::new(), Vec::new(), 0);
    for document in read {
        for mention in &document.mentions {
            let mut events = document.record.events.iter();
            let event = events
                .find(|e| e.trigger.start < mention.end && mention.start < e.trigger.end)
                .and_then(|e| of_event.get(&(document.record.report.id.as_str(), e.id.as_str())));
            coded += u32::from(event.is_some());
            gold.push(mention.cluster.clone());
            predicted.push(match event {
                Some(episode) => format!("episode {episode}"),
                None => format!("lemma {}", mention.lemma),
            });
        }
    }
    (gold, predicted, coded)
}

/// Sums of precision and recall over mentions.
#[derive(Debug, Default)]
struct B3 {
    precision: f64,
    recall: f64,
    count: f64,
}

impl B3 {
    /// Adds the mentions of one topic; clusters of different topics never meet.
    fn add(&mut self, gold: &[String], predicted: &[String]) {
        let mut both: HashMap<(&str, &str), f64> = HashMap::new();
        let (mut of_gold, mut of_predicted) = (HashMap::new(), HashMap::new());
        for (g, p) in gold.iter().zip(predicted) {
            *both.entry((g, p)).or_default() += 1.0;
            *of_gold.entry(g.as_str()).or_insert(0.0) += 1.0;
            *of_predicted.entry(p.as_str()).or_insert(0.0) += 1.0;
        }
        for (g, p) in gold.iter().zip(predicted) {
            let shared = both[&(g.as_str(), p.as_str())];
            self.precision += shared / of_predicted[p.as_str()];
            self.recall += shared / of_gold[g.as_str()];
        }
        self.count += gold.len() as f64;
    }

    fn f1(&self) -> f64 {
        let (p, r) = (ratio(self.precision, self.count), ratio(self.recall, self.count));
        ratio(2.0 * p * r, p + r)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b3_is_the_mean_over_mentions() {
        let strings = |s: &str| s.chars().map(String::from).collect::<Vec<_>>();
        let mut sums = B3::default();
        // Gold {1 2 3} {4}, predicted {1 2} {3 4}.
        sums.add(&strings("aaab"), &strings("xxyy"));
        assert!((sums.precision - (1.0 + 1.0 + 0.5 + 0.5)).abs() < 1e-12);
        assert!((sums.recall - (2.0 / 3.0 + 2.0 / 3.0 + 1.0 / 3.0 + 1.0)).abs() < 1e-12);
        assert!((sums.f1() - 2.0 * 0.75 * (8.0 / 12.0) / (0.75 + 8.0 / 12.0)).abs() < 1e-12);
    }
}
