//! Event types of a researcher's own: a plain text file of examples and patterns in, a small head for
//! the reader out. Texts in and out; files are the command's.
#![forbid(unsafe_code)]

mod background;
mod file;
mod judge;
mod learn;
mod report;
mod rows;
mod sentence;

pub use file::{COUNTEREXAMPLES, EXAMPLES, Ontology};
pub use judge::{Judged, judge};
pub use report::{Report, Wrong};
pub use sentence::Sentence;

use dyad_lexicon::TableError;
use dyad_reader::Reader;
use dyad_reader::own::Head;
use learn::{Instance, Weights};
use rows::{From, Row, Rows};
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// Examples are parted into so many, of which each is told by a head trained on the others.
const FOLDS: usize = 10;
/// The penalties that are tried; the one under which what was held back is told best is taken.
const PENALTIES: [f64; 4] = [3e-4, 1e-3, 3e-3, 1e-2];
/// How much a background sentence counts while it is asked which of them may be of the type.
const DOUBTED: f64 = 0.3;

/// A head, and how well it tells examples that it was not trained on.
#[derive(Clone, Debug)]
pub struct Trained {
    pub head: Head,
    pub report: Report,
}

/// Checks an ontology file and trains its head.
pub fn train(name: &str, text: &str, reader: &Reader) -> Result<Trained, Vec<TableError>> {
    let ontology = Ontology::parse(name, text, &reader.lexicons().acts)?;
    let mut rows = Rows::of(&ontology, reader)?;
    let size = rows.names.len();

    // What looks like the type in the background to a head that has not seen it is left out: it may
    // well be of the type, and that is for a person to say.
    let odds = held_back(&rows.all, size, PENALTIES[1], DOUBTED);
    let doubted: BTreeSet<usize> = (rows.all.iter().zip(&odds))
        .filter(|(_, odds)| learn::probability(**odds) >= 0.5)
        .filter_map(|(row, _)| match row.from {
            From::Background(at) => Some(at),
            _ => None,
        })
        .collect();
    rows.all.retain(|row| !matches!(row.from, From::Background(at) if doubted.contains(&at)));

    let (penalty, odds) = PENALTIES
        .iter()
        .map(|penalty| (*penalty, held_back(&rows.all, size, *penalty, 1.0)))
        .min_by(|(_, a), (_, b)| loss(&rows.all, a).total_cmp(&loss(&rows.all, b)))
        .expect("there are penalties");
    let told = calibrated(&rows.all, &odds);
    let threshold = f64::from(ontology.spec.about.threshold);
    let report = Report::new(&ontology, &rows, &told, &doubted, threshold);

    let all: Vec<(&Instance, f64)> = rows.all.iter().map(|r| (&r.instance, r.weight)).collect();
    let Weights { of, bias } = learn::train(&all, size, penalty);
    let (slope, shift) = learn::calibrate(&known(&rows.all, &odds, None));
    let weights =
        rows.names.iter().map(|(name, at)| (name.clone(), (slope * of[at as usize]) as f32));
    let weights = weights.map(|(name, w)| (name, (w * 1e4).round() / 1e4));
    let hash = blake3::hash(text.as_bytes()).to_hex();
    let head = Head {
        spec: rows.spec,
        source: (name.to_owned(), hash[..16].to_owned()),
        weights: weights.filter(|(_, w): &(SmolStr, f32)| *w != 0.0).collect(),
        bias: ((slope * bias + shift) as f32 * 1e4).round() / 1e4,
    };
    Ok(Trained { head, report })
}

/// The odds of every row by a head that was trained without its fold; minus infinity where that head
/// does not know the word and never looks.
fn held_back(rows: &[Row], size: usize, penalty: f64, background: f64) -> Vec<f64> {
    let mut odds = vec![f64::NEG_INFINITY; rows.len()];
    for fold in 0..FOLDS {
        let rest: Vec<&Row> = rows.iter().filter(|r| r.fold != fold).collect();
        let examples = rest.iter().filter(|r| matches!(r.from, From::Example(_)));
        let known: BTreeSet<&(SmolStr, &str)> = examples.map(|r| &r.word).collect();
        let weigh = |row: &Row| match row.from {
            From::Background(_) => background,
            _ => row.weight,
        };
        let weighed: Vec<(&Instance, f64)> = rest.iter().map(|r| (&r.instance, weigh(r))).collect();
        let weights = learn::train(&weighed, size, penalty);
        for (odds, row) in odds.iter_mut().zip(rows).filter(|(_, r)| r.fold == fold) {
            if row.pattern || known.contains(&row.word) {
                *odds = weights.odds(&row.instance.features);
            }
        }
    }
    odds
}

fn loss(rows: &[Row], odds: &[f64]) -> f64 {
    let one = |(row, odds): (&Row, &f64)| {
        let p = learn::probability(odds.max(-12.0)).clamp(1e-4, 1.0 - 1e-4);
        -(if row.instance.yes { p } else { 1.0 - p }).ln()
    };
    rows.iter().zip(odds).map(one).sum()
}

/// The odds that say something, but for those of a fold.
fn known(rows: &[Row], odds: &[f64], but: Option<usize>) -> Vec<(f64, bool)> {
    let found =
        rows.iter().zip(odds).filter(|(row, odds)| Some(row.fold) != but && odds.is_finite());
    found.map(|(row, odds)| (*odds, row.instance.yes)).collect()
}

/// The probability of every row, by a scale that was found without its fold.
fn calibrated(rows: &[Row], odds: &[f64]) -> Vec<f64> {
    let scales: Vec<(f64, f64)> =
        (0..FOLDS).map(|fold| learn::calibrate(&known(rows, odds, Some(fold)))).collect();
    let one = |(row, odds): (&Row, &f64)| match odds.is_finite() {
        true => learn::probability(scales[row.fold].0 * odds + scales[row.fold].1),
        false => 0.0,
    };
    rows.iter().zip(odds).map(one).collect()
}
