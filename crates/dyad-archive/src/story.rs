//! Which reports tell one story: an earthquake and its aftermath, a summit and what came of it.
//! Their acts are then likelier to be the same acts, even where their words differ.

use dyad_lexicon::WordShares;
use dyad_record::Report;
use jiff::civil::Date;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

static SHARES: LazyLock<WordShares> =
    LazyLock::new(|| WordShares::builtin().expect("the tests check the table"));

/// From this cosine on a report belongs to a story; both parts of ECB+ score alike from 0.2 to 0.3.
const ALIKE: f64 = 0.3;
/// A report this many days after a story's last one begins another.
const PAUSE: i32 = 21;
/// By so many of its weightiest words a report is found; reports of one story share some of them.
const MARKS: usize = 24;

const UNIT: f64 = 10_000.0;

type Weights = BTreeMap<SmolStr, f64>;

struct Story {
    sum: Weights,
    norm: f64,
    days: Option<(Date, Date)>,
}

/// The number of each report's story. Reports are taken in the order of their days, so that the
/// same reports give the same stories however they come.
pub fn stories(reports: &[&Report]) -> Vec<u32> {
    let day = |r: &Report| r.published.as_deref().and_then(|d| d.parse::<Date>().ok());
    let mut order: Vec<usize> = (0..reports.len()).collect();
    order.sort_by_key(|&i| (day(reports[i]), &reports[i].id));
    let mut stories: Vec<Story> = Vec::new();
    let mut marked: BTreeMap<SmolStr, BTreeSet<usize>> = BTreeMap::new();
    let mut number = vec![0; reports.len()];
    for i in order {
        let weights = weights(&reports[i].text);
        let marks = marks(&weights);
        let near: BTreeSet<usize> =
            marks.iter().filter_map(|m| marked.get(m)).flatten().copied().collect();
        let today = day(reports[i]);
        let best = near
            .into_iter()
            .filter(|&s| stories[s].goes_on(today))
            .map(|s| (stories[s].cosine(&weights), s))
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))
            .filter(|(cosine, _)| *cosine >= ALIKE);
        let story = best.map_or(stories.len(), |(_, s)| s);
        if story == stories.len() {
            stories.push(Story { sum: Weights::new(), norm: 0.0, days: None });
        }
        stories[story].add(&weights, today);
        for mark in marks {
            marked.entry(mark).or_default().insert(story);
        }
        number[i] = story as u32;
    }
    number
}

impl Story {
    fn goes_on(&self, day: Option<Date>) -> bool {
        let (Some((from, to)), Some(day)) = (self.days, day) else { return true };
        let days = |a: Date, b: Date| a.until(b).map_or(i32::MAX, |span| span.get_days());
        days(to, day) <= PAUSE && days(day, from) <= PAUSE
    }

    fn cosine(&self, weights: &Weights) -> f64 {
        let dot: f64 = weights.iter().filter_map(|(w, x)| Some(x * self.sum.get(w)?)).sum();
        if self.norm > 0.0 { dot / self.norm } else { 0.0 }
    }

    fn add(&mut self, weights: &Weights, day: Option<Date>) {
        for (word, weight) in weights {
            *self.sum.entry(word.clone()).or_default() += weight;
        }
        self.norm = self.sum.values().map(|x| x * x).sum::<f64>().sqrt();
        if let Some(day) = day {
            let (from, to) = self.days.unwrap_or((day, day));
            self.days = Some((from.min(day), to.max(day)));
        }
    }
}

/// The report as a vector of length 1: beginnings of its words, by how often they stand in it and
/// how seldom they are met elsewhere.
fn weights(text: &str) -> Weights {
    let mut weights = Weights::new();
    for word in WordShares::beginnings(text) {
        *weights.entry(word).or_default() += 1.0;
    }
    for (word, weight) in &mut weights {
        *weight = (1.0 + f64::ln(*weight)) * SHARES.weight(word);
    }
    let norm = weights.values().map(|x| x * x).sum::<f64>().sqrt();
    weights.values_mut().for_each(|x| *x /= norm);
    weights
}

fn marks(weights: &Weights) -> Vec<SmolStr> {
    let mut words: Vec<(&SmolStr, f64)> = weights.iter().map(|(w, x)| (w, *x)).collect();
    words.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    words.into_iter().take(MARKS).map(|(w, _)| w.clone()).collect()
}

/// A report's weightiest words and how much of its vector they are, in 10,000ths, sorted by word.
pub(crate) fn marks_of(text: &str) -> Vec<(u32, u16)> {
    let weights = weights(text);
    let mut marks: Vec<(u32, u16)> = marks(&weights)
        .into_iter()
        .map(|m| (crate::quote::word(&m), (weights[&m] * UNIT) as u16))
        .collect();
    marks.sort_unstable();
    marks.dedup_by_key(|(word, _)| *word);
    marks
}

/// How much two reports tell one story: the cosine of their marks, 0 where a pause lies between.
pub(crate) fn likeness(a: (&[(u32, u16)], Option<i32>), b: (&[(u32, u16)], Option<i32>)) -> f64 {
    if a.1.zip(b.1).is_some_and(|(x, y)| x.abs_diff(y) > PAUSE as u32) {
        return 0.0;
    }
    let (mut i, mut j, mut dot) = (0, 0, 0.0);
    while let (Some(x), Some(y)) = (a.0.get(i), b.0.get(j)) {
        if x.0 == y.0 {
            dot += f64::from(x.1) * f64::from(y.1);
        }
        i += usize::from(x.0 <= y.0);
        j += usize::from(y.0 <= x.0);
    }
    dot / (UNIT * UNIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(texts: &[(&str, &str)]) -> Vec<u32> {
        let report = |(i, (published, text)): (usize, &(&str, &str))| Report {
            id: format!("r{i}"),
            text: (*text).to_owned(),
            published: Some((*published).to_owned()).filter(|p| !p.is_empty()),
            ..Report::default()
        };
        let reports: Vec<Report> = texts.iter().enumerate().map(report).collect();
        stories(&reports.iter().collect::<Vec<_>>())
    }

    const STRIKE: &str = "Dockers at the port of Gdansk walked out on Monday over wages, their union said; cranes and container terminals stood idle.";
    const STRIKE_TOO: &str = "Gdansk's container terminals were idle as the dockers' union called its members out over wages at the Polish port.";
    const TALKS: &str = "Envoys from Chile and Bolivia met in Lima to talk about water rights in the Silala basin and a railway to the Pacific.";

    #[test]
    fn reports_of_one_story_have_one_number() {
        let found =
            told(&[("2023-04-03", STRIKE), ("2023-04-04", TALKS), ("2023-04-04", STRIKE_TOO)]);
        assert_eq!(found[0], found[2]);
        assert_ne!(found[0], found[1]);
    }

    #[test]
    fn a_long_pause_ends_a_story() {
        let found = told(&[("2023-04-03", STRIKE), ("2023-09-12", STRIKE_TOO)]);
        assert_ne!(found[0], found[1]);
        let undated = told(&[("", STRIKE), ("", STRIKE_TOO)]);
        assert_eq!(undated[0], undated[1]);
    }

    #[test]
    fn an_empty_report_is_a_story_of_its_own() {
        let found = told(&[("", ""), ("", TALKS), ("", "")]);
        assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), 3);
    }
}
