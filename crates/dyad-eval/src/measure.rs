//! Counts to scores.

use std::collections::{BTreeMap, HashMap};

/// The scores of a set, before the file is named.
#[derive(Debug, Default)]
pub struct Tally {
    pub rows: usize,
    pub scores: Vec<(&'static str, f64)>,
    pub details: Vec<(String, f64)>,
}

/// `part / whole`, and 0 of nothing.
pub fn ratio(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}

/// Right, predicted and gold items.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub right: usize,
    pub predicted: usize,
    pub gold: usize,
}

impl Counts {
    pub fn add(&mut self, right: usize, predicted: usize, gold: usize) {
        self.right += right;
        self.predicted += predicted;
        self.gold += gold;
    }

    pub fn precision(self) -> f64 {
        ratio(self.right as f64, self.predicted as f64)
    }

    pub fn recall(self) -> f64 {
        ratio(self.right as f64, self.gold as f64)
    }

    pub fn f1(self) -> f64 {
        ratio(2.0 * self.right as f64, (self.predicted + self.gold) as f64)
    }

    /// Precision and recall beside an F1, for the table.
    pub fn details(self, name: &str) -> [(String, f64); 2] {
        [(format!("{name} precision"), self.precision()), (format!("{name} recall"), self.recall())]
    }
}

/// One class for each item; its counts by class.
#[derive(Debug, Default)]
pub struct Classes<C> {
    counts: BTreeMap<C, Counts>,
}

impl<C: Ord + Copy> Classes<C> {
    pub fn new() -> Self {
        Classes { counts: BTreeMap::new() }
    }

    pub fn add(&mut self, predicted: Option<C>, gold: C) {
        if let Some(predicted) = predicted {
            let counts = self.counts.entry(predicted).or_default();
            counts.predicted += 1;
            counts.right += usize::from(predicted == gold);
        }
        self.counts.entry(gold).or_default().gold += 1;
    }

    /// The mean F1 over the given classes; one that neither side has is left out.
    pub fn macro_f1(&self, classes: impl IntoIterator<Item = C>) -> f64 {
        let f1s: Vec<f64> =
            classes.into_iter().filter_map(|c| Some(self.counts.get(&c)?.f1())).collect();
        ratio(f1s.iter().sum(), f1s.len() as f64)
    }

    pub fn of(&self, class: C) -> Counts {
        self.counts.get(&class).copied().unwrap_or_default()
    }
}

/// The largest number of pairs in which each left and each right item stands once, where
/// `may(left, right)`; returns for each left item its partner.
pub fn matching(
    left: usize,
    right: usize,
    may: impl Fn(usize, usize) -> bool,
) -> Vec<Option<usize>> {
    fn find(
        l: usize,
        edges: &[Vec<usize>],
        seen: &mut [bool],
        partner: &mut [Option<usize>],
    ) -> bool {
        for &r in &edges[l] {
            if std::mem::replace(&mut seen[r], true) {
                continue;
            }
            if partner[r].is_none_or(|other| find(other, edges, seen, partner)) {
                partner[r] = Some(l);
                return true;
            }
        }
        false
    }
    let edges: Vec<Vec<usize>> =
        (0..left).map(|l| (0..right).filter(|&r| may(l, r)).collect()).collect();
    let mut partner = vec![None; right];
    for l in 0..left {
        find(l, &edges, &mut vec![false; right], &mut partner);
    }
    let mut of_left = vec![None; left];
    for (r, l) in partner.into_iter().enumerate() {
        if let Some(l) = l {
            of_left[l] = Some(r);
        }
    }
    of_left
}

/// Pairs of equal items, each used once.
pub fn common<T: Ord + Clone>(a: &[T], b: &[T]) -> usize {
    let (mut a, mut b) = (a.to_vec(), b.to_vec());
    a.sort();
    b.sort();
    let (mut i, mut j, mut found) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                found += 1;
                i += 1;
                j += 1;
            }
        }
    }
    found
}

/// Sums of precision and recall over mentions (Bagga and Baldwin 1998).
#[derive(Debug, Default)]
pub struct B3 {
    precision: f64,
    recall: f64,
    pub count: f64,
}

impl B3 {
    /// Adds the gold and the predicted clusters of one topic's mentions; clusters of different
    /// topics never meet.
    pub fn add<'a>(&mut self, mentions: impl Iterator<Item = (&'a str, &'a str)>) {
        let mut both: HashMap<(&str, &str), f64> = HashMap::new();
        for pair in mentions {
            *both.entry(pair).or_default() += 1.0;
        }
        let (mut of_gold, mut of_predicted) = (HashMap::new(), HashMap::new());
        for ((gold, predicted), n) in &both {
            *of_gold.entry(*gold).or_insert(0.0) += n;
            *of_predicted.entry(*predicted).or_insert(0.0) += n;
        }
        // In a fixed order, so that the sums are the same to the bit.
        let mut both: Vec<_> = both.into_iter().collect();
        both.sort_by(|a, b| a.0.cmp(&b.0));
        for ((gold, predicted), shared) in both {
            self.precision += shared * shared / of_predicted[predicted];
            self.recall += shared * shared / of_gold[gold];
            self.count += shared;
        }
    }

    pub fn precision(&self) -> f64 {
        ratio(self.precision, self.count)
    }

    pub fn recall(&self) -> f64 {
        ratio(self.recall, self.count)
    }

    pub fn f1(&self) -> f64 {
        let (p, r) = (self.precision(), self.recall());
        ratio(2.0 * p * r, p + r)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f1_is_the_harmonic_mean() {
        let counts = Counts { right: 2, predicted: 3, gold: 5 };
        let (p, r) = (2.0 / 3.0, 2.0 / 5.0);
        assert!((counts.f1() - 2.0 * p * r / (p + r)).abs() < 1e-12);
        assert_eq!(Counts::default().f1(), 0.0);
    }

    #[test]
    fn macro_f1_is_the_mean_over_classes() {
        let mut classes = Classes::new();
        for (predicted, gold) in [(Some('a'), 'a'), (Some('a'), 'b'), (None, 'b'), (Some('b'), 'b')]
        {
            classes.add(predicted, gold);
        }
        // a: right 1, predicted 2, gold 1: 2/3. b: right 1, predicted 1, gold 3: 1/2.
        assert!((classes.macro_f1(['a', 'b', 'c']) - (2.0 / 3.0 + 0.5) / 2.0).abs() < 1e-12);
    }

    #[test]
    fn matching_finds_the_most_pairs() {
        // 0 may take 0 or 1, 1 only 0: a greedy choice would leave 1 alone.
        let pairs = matching(2, 2, |l, r| matches!((l, r), (0, 0) | (0, 1) | (1, 0)));
        assert_eq!(pairs, [Some(1), Some(0)]);
        assert_eq!(matching(1, 0, |_, _| true), [None]);
    }

    #[test]
    fn common_items_pair_once() {
        assert_eq!(common(&[1, 1, 2, 3], &[1, 2, 2]), 2);
    }

    #[test]
    fn b3_is_the_mean_over_mentions() {
        let mut sums = B3::default();
        // Gold {1 2 3} {4}, predicted {1 2} {3 4}.
        sums.add([("a", "x"), ("a", "x"), ("a", "y"), ("b", "y")].into_iter());
        assert!((sums.precision - (1.0 + 1.0 + 0.5 + 0.5)).abs() < 1e-12);
        assert!((sums.recall - (2.0 / 3.0 + 2.0 / 3.0 + 1.0 / 3.0 + 1.0)).abs() < 1e-12);
        assert!((sums.f1() - 2.0 * 0.75 * (8.0 / 12.0) / (0.75 + 8.0 / 12.0)).abs() < 1e-12);
    }
}
