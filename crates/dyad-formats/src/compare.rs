//! How far two codings agree, by dyad and month.

use dyad_record::Quad;
use dyad_record::archive::{Episode, Party};
use dyad_record::foreign::Foreign;
use std::collections::{BTreeMap, BTreeSet};

/// What one coding counts in one cell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// ISO codes of who acts and whom it is done to.
    pub from: String,
    pub to: String,
    /// `2022-12`.
    pub month: String,
    pub quad: Quad,
}

/// First and last month, inclusive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    pub from: String,
    pub to: String,
}

/// The agreement of two codings over all dyads that either names in the months of both.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement {
    pub period: Period,
    pub dyads: usize,
    pub months: usize,
    /// Acts of each within the period.
    pub ours: u64,
    pub theirs: u64,
    /// Of the counts by dyad, month and quad class.
    pub correlation: Option<f64>,
    /// Cohen's kappa of whether a cell holds any act.
    pub kappa: Option<f64>,
    /// Of the cells that either fills, the part that both fill.
    pub jaccard: Option<f64>,
    /// Cells where the two differ, those that differ most first.
    pub differences: Vec<(Cell, u64, u64)>,
}

type Counts = BTreeMap<Cell, u64>;

/// Our deeds as counts: an episode once for each two states that face each other in it.
pub fn ours(episodes: &[Episode]) -> Vec<Cell> {
    let mut cells = Vec::new();
    for episode in episodes.iter().filter(|e| e.deed) {
        let Some(month) = episode.from.as_deref().and_then(|d| d.get(..7)) else { continue };
        let states = |parties: &[Party]| -> BTreeSet<String> {
            parties.iter().filter_map(|p| p.country.clone()).collect()
        };
        let (from, to) = (states(&episode.actors), states(&episode.recipients));
        let to = if episode.mutual && to.is_empty() { from.clone() } else { to };
        cells.extend(dyads(&from, &to).map(|(from, to)| Cell {
            from,
            to,
            month: month.to_owned(),
            quad: episode.quad,
        }));
    }
    cells
}

fn theirs(acts: &[Foreign]) -> Vec<Cell> {
    let mut cells = Vec::new();
    for act in acts {
        let states = |codes: &[String]| codes.iter().cloned().collect::<BTreeSet<_>>();
        let pairs = dyads(&states(&act.actors), &states(&act.recipients)).collect::<Vec<_>>();
        cells.extend(pairs.into_iter().map(|(from, to)| Cell {
            from,
            to,
            month: act.date.get(..7).unwrap_or_default().to_owned(),
            quad: act.quad,
        }));
    }
    cells
}

/// What a state does within itself is no dyad.
fn dyads(from: &BTreeSet<String>, to: &BTreeSet<String>) -> impl Iterator<Item = (String, String)> {
    let pairs: Vec<_> = from
        .iter()
        .flat_map(|a| to.iter().filter(move |b| *b != a).map(move |b| (a.clone(), b.clone())))
        .collect();
    pairs.into_iter()
}

/// `None` where the two have no month in common.
pub fn compare(ours: &[Cell], acts: &[Foreign]) -> Option<Agreement> {
    let theirs = theirs(acts);
    let span = |cells: &[Cell]| -> Option<(String, String)> {
        let months = || cells.iter().map(|c| c.month.clone());
        Some((months().min()?, months().max()?))
    };
    let (a, b) = (span(ours)?, span(&theirs)?);
    let period = Period { from: a.0.max(b.0), to: a.1.min(b.1) };
    let months = months(&period)?;
    let within = |cells: &[Cell]| -> Counts {
        let mut counts = Counts::new();
        for cell in cells {
            if (&period.from..=&period.to).contains(&&cell.month) {
                *counts.entry(cell.clone()).or_default() += 1;
            }
        }
        counts
    };
    let (ours, theirs) = (within(ours), within(&theirs));
    let filled: BTreeSet<&Cell> = ours.keys().chain(theirs.keys()).collect();
    let dyads: BTreeSet<(&str, &str)> =
        filled.iter().map(|c| (c.from.as_str(), c.to.as_str())).collect();
    // Every dyad in every month and class: who is silent there agrees that nothing was told.
    let cells = dyads.len() * months * Quad::ALL.len();
    let count = |counts: &Counts, cell: &Cell| counts.get(cell).copied().unwrap_or(0);
    let pairs: Vec<(f64, f64)> =
        filled.iter().map(|c| (count(&ours, c) as f64, count(&theirs, c) as f64)).collect();
    let both = filled.iter().filter(|c| ours.contains_key(c) && theirs.contains_key(c)).count();
    let mut differences: Vec<(Cell, u64, u64)> = filled
        .iter()
        .map(|c| ((*c).clone(), count(&ours, c), count(&theirs, c)))
        .filter(|(_, a, b)| a != b)
        .collect();
    differences.sort_by(|a, b| b.1.abs_diff(b.2).cmp(&a.1.abs_diff(a.2)).then(a.0.cmp(&b.0)));
    Some(Agreement {
        dyads: dyads.len(),
        months,
        ours: ours.values().sum(),
        theirs: theirs.values().sum(),
        correlation: pearson(&pairs, cells),
        kappa: kappa(both, ours.len(), theirs.len(), cells),
        jaccard: (!filled.is_empty()).then(|| both as f64 / filled.len() as f64),
        differences,
        period,
    })
}

/// How many months a period has; none where it ends before it begins.
fn months(period: &Period) -> Option<usize> {
    let number = |month: &str| -> Option<i32> {
        let (year, month) = month.split_once('-')?;
        Some(year.parse::<i32>().ok()? * 12 + month.parse::<i32>().ok()?)
    };
    let months = number(&period.to)? - number(&period.from)? + 1;
    usize::try_from(months).ok().filter(|m| *m > 0)
}

/// Pearson's correlation; the cells that neither fills are pairs of noughts.
fn pearson(filled: &[(f64, f64)], cells: usize) -> Option<f64> {
    let n = cells as f64;
    let (mean_a, mean_b) =
        (filled.iter().map(|p| p.0).sum::<f64>() / n, filled.iter().map(|p| p.1).sum::<f64>() / n);
    let sum = |of: &dyn Fn(f64, f64) -> f64| filled.iter().map(|p| of(p.0, p.1)).sum::<f64>();
    let covariance = sum(&|a, b| a * b) / n - mean_a * mean_b;
    let variance = |of: &dyn Fn(f64, f64) -> f64, mean: f64| sum(of) / n - mean * mean;
    let spread = variance(&|a, _| a * a, mean_a) * variance(&|_, b| b * b, mean_b);
    (spread > 1e-12).then(|| covariance / spread.sqrt())
}

fn kappa(both: usize, ours: usize, theirs: usize, cells: usize) -> Option<f64> {
    let [both, ours, theirs, n] = [both, ours, theirs, cells].map(|c| c as f64);
    let observed = (n - ours - theirs + 2.0 * both) / n;
    let expected = (ours * theirs + (n - ours) * (n - theirs)) / (n * n);
    (n > 0.0 && expected < 1.0).then(|| (observed - expected) / (1.0 - expected))
}

#[cfg(test)]
mod tests {
    use super::*;
    use dyad_record::foreign::Coder;

    fn act(from: &str, to: &str, date: &str, quad: Quad) -> Foreign {
        Foreign {
            coder: Coder::Icews,
            id: "1".to_owned(),
            date: date.to_owned(),
            actors: vec![from.to_owned()],
            recipients: vec![to.to_owned()],
            quad,
            code: String::new(),
            goldstein: None,
            country: None,
            place: String::new(),
            url: String::new(),
        }
    }

    #[test]
    fn the_same_coding_agrees_with_itself() {
        let acts = [
            act("NOR", "ISL", "2022-01-05", Quad::VerbalConflict),
            act("NOR", "ISL", "2022-02-05", Quad::MaterialConflict),
            act("NOR", "NOR", "2022-02-05", Quad::MaterialConflict),
        ];
        let found = compare(&theirs(&acts), &acts).unwrap();
        assert_eq!((found.dyads, found.months, found.ours, found.theirs), (1, 2, 2, 2));
        assert_eq!((found.kappa, found.jaccard), (Some(1.0), Some(1.0)));
        assert!((found.correlation.unwrap() - 1.0).abs() < 1e-9);
        assert!(found.differences.is_empty());
    }

    #[test]
    fn agreement_follows_its_formulas_within_the_months_of_both() {
        let conflict = Quad::MaterialConflict;
        let ours = theirs(&[
            act("NOR", "ISL", "2022-01-05", conflict),
            act("NOR", "ISL", "2022-02-05", conflict),
            act("NOR", "ISL", "2022-03-05", conflict),
        ]);
        let acts = [
            act("NOR", "ISL", "2022-02-01", conflict),
            act("NOR", "ISL", "2022-02-02", conflict),
            act("ISL", "NOR", "2022-03-02", conflict),
            act("ISL", "NOR", "2022-04-02", conflict),
        ];
        let found = compare(&ours, &acts).unwrap();
        assert_eq!(found.period, Period { from: "2022-02".into(), to: "2022-03".into() });
        // Two dyads, two months, four classes: 16 cells, of which ours fills 2, theirs 2, both 1.
        assert_eq!(found.jaccard, Some(1.0 / 3.0));
        let expected = (2.0 * 2.0 + 14.0 * 14.0) / 256.0;
        let kappa = (14.0 / 16.0 - expected) / (1.0 - expected);
        assert!((found.kappa.unwrap() - kappa).abs() < 1e-9);
        let told: Vec<(&str, u64, u64)> =
            found.differences.iter().map(|(c, a, b)| (c.from.as_str(), *a, *b)).collect();
        assert_eq!(told, [("ISL", 0, 1), ("NOR", 1, 2), ("NOR", 1, 0)]);
        assert!(compare(&ours, &acts[3..]).is_none());
    }
}
