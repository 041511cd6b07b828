//! How far two codings agree, by dyad and month.

use dyad_archive::{Archive, ArchiveError, DyadMonth};
use dyad_record::Quad;
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

/// How many acts one coding has in each cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(BTreeMap<Cell, u64>);

impl Counts {
    /// Our deeds, of all states or of two alone: an episode once for each two that face each other.
    pub fn ours(archive: &Archive, between: Option<[&str; 2]>) -> Result<Counts, ArchiveError> {
        let cells = archive.dyad_months(between)?.into_iter().map(|d| {
            let DyadMonth { from, to, month, quad, deeds } = d;
            (Cell { from, to, month, quad }, deeds)
        });
        Ok(Counts(cells.collect()))
    }

    /// Counts an act of another coder.
    pub fn add(&mut self, act: &Foreign) {
        let states = |codes: &[String]| codes.iter().cloned().collect::<BTreeSet<_>>();
        let month = act.date.get(..7).unwrap_or_default();
        for (from, to) in dyads(&states(&act.actors), &states(&act.recipients)) {
            let cell = Cell { from, to, month: month.to_owned(), quad: act.quad };
            *self.0.entry(cell).or_default() += 1;
        }
    }

    /// Every cell that holds something.
    pub fn cells(&self) -> impl Iterator<Item = (&Cell, u64)> {
        self.0.iter().map(|(cell, n)| (cell, *n))
    }

    fn span(&self) -> Option<(&str, &str)> {
        let months = || self.0.keys().map(|c| c.month.as_str());
        Some((months().min()?, months().max()?))
    }

    fn within(&self, period: &Period) -> BTreeMap<&Cell, u64> {
        let months = &period.from..=&period.to;
        self.cells().filter(|(cell, _)| months.contains(&&cell.month)).collect()
    }
}

impl<'a> Extend<&'a Foreign> for Counts {
    fn extend<T: IntoIterator<Item = &'a Foreign>>(&mut self, acts: T) {
        acts.into_iter().for_each(|act| self.add(act));
    }
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
pub fn compare(ours: &Counts, theirs: &Counts) -> Option<Agreement> {
    let (a, b) = (ours.span()?, theirs.span()?);
    let period = Period { from: a.0.max(b.0).to_owned(), to: a.1.min(b.1).to_owned() };
    let months = months(&period)?;
    let (ours, theirs) = (ours.within(&period), theirs.within(&period));
    let filled: BTreeSet<&Cell> = ours.keys().chain(theirs.keys()).copied().collect();
    let dyads: BTreeSet<(&str, &str)> =
        filled.iter().map(|c| (c.from.as_str(), c.to.as_str())).collect();
    // Every dyad in every month and class: who is silent there agrees that nothing was told.
    let cells = dyads.len() * months * Quad::ALL.len();
    let count = |counts: &BTreeMap<&Cell, u64>, cell| counts.get(cell).copied().unwrap_or(0);
    let pairs: Vec<(f64, f64)> =
        filled.iter().map(|c| (count(&ours, c) as f64, count(&theirs, c) as f64)).collect();
    let both =
        filled.iter().copied().filter(|c| ours.contains_key(c) && theirs.contains_key(c)).count();
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

    fn counted(acts: &[Foreign]) -> Counts {
        let mut counts = Counts::default();
        counts.extend(acts);
        counts
    }

    #[test]
    fn the_same_coding_agrees_with_itself() {
        let acts = [
            act("NOR", "ISL", "2022-01-05", Quad::VerbalConflict),
            act("NOR", "ISL", "2022-02-05", Quad::MaterialConflict),
            act("NOR", "NOR", "2022-02-05", Quad::MaterialConflict),
        ];
        let found = compare(&counted(&acts), &counted(&acts)).unwrap();
        assert_eq!((found.dyads, found.months, found.ours, found.theirs), (1, 2, 2, 2));
        assert_eq!((found.kappa, found.jaccard), (Some(1.0), Some(1.0)));
        assert!((found.correlation.unwrap() - 1.0).abs() < 1e-9);
        assert!(found.differences.is_empty());
    }

    #[test]
    fn agreement_follows_its_formulas_within_the_months_of_both() {
        let conflict = Quad::MaterialConflict;
        let ours = counted(&[
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
        let found = compare(&ours, &counted(&acts)).unwrap();
        assert_eq!(found.period, Period { from: "2022-02".into(), to: "2022-03".into() });
        // Two dyads, two months, four classes: 16 cells, of which ours fills 2, theirs 2, both 1.
        assert_eq!(found.jaccard, Some(1.0 / 3.0));
        let expected = (2.0 * 2.0 + 14.0 * 14.0) / 256.0;
        let kappa = (14.0 / 16.0 - expected) / (1.0 - expected);
        assert!((found.kappa.unwrap() - kappa).abs() < 1e-9);
        let told: Vec<(&str, u64, u64)> =
            found.differences.iter().map(|(c, a, b)| (c.from.as_str(), *a, *b)).collect();
        assert_eq!(told, [("ISL", 0, 1), ("NOR", 1, 2), ("NOR", 1, 0)]);
        assert!(compare(&ours, &counted(&acts[3..])).is_none());
    }
}
