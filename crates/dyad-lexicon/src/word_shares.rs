//! `lexicons/word-shares.tsv`: how common words are in news.

use crate::{Table, TableError};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

const TEXT: &str = include_str!("../../../lexicons/word-shares.tsv");
/// Letters of a beginning.
const LENGTH: usize = 6;
/// Shorter words are not looked at.
const SHORT: usize = 3;
const REPORTS: f64 = 10_000.0;

/// In how many of 10,000 reports a word stands that begins so.
#[derive(Clone, Debug)]
pub struct WordShares {
    shares: FxHashMap<SmolStr, u32>,
}

impl WordShares {
    pub fn builtin() -> Result<Self, TableError> {
        WordShares::parse("lexicons/word-shares.tsv", TEXT)
    }

    pub fn parse(name: &str, text: &str) -> Result<Self, TableError> {
        let table = Table::parse(name, text, &["beginning", "reports"])?;
        let mut shares = FxHashMap::default();
        for row in table.rows() {
            let share = row.get("reports").parse().ok().filter(|n| (1..=10_000).contains(n));
            let share = share.ok_or_else(|| {
                let what = format!("`{}` is no number from 1 to 10000", row.get("reports"));
                row.error(format!("{what}; write how many of 10,000 reports have it"))
            })?;
            shares.insert(row.get("beginning").into(), share);
        }
        Ok(WordShares { shares })
    }

    /// Beginnings of the words of a text, lower case, in order, repeated as often as they stand there.
    pub fn beginnings(text: &str) -> impl Iterator<Item = SmolStr> {
        let words = text.split(|c: char| !c.is_alphanumeric());
        let long = words.filter(|w| w.chars().count() >= SHORT);
        long.map(|w| w.chars().flat_map(char::to_lowercase).take(LENGTH).collect())
    }

    /// What a beginning says of the report it stands in: the logarithm of how seldom it is met.
    /// One that the table lacks is as rare as can be told.
    pub fn weight(&self, beginning: &str) -> f64 {
        let share = self.shares.get(beginning).copied().unwrap_or(0);
        ((REPORTS + 1.0) / f64::from(share + 1)).ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_weigh_little_and_unknown_ones_most() {
        let shares = WordShares::builtin().unwrap();
        let [the, minister, unknown] = ["the", "minist", "qwzzx"].map(|w| shares.weight(w));
        assert!(the < 0.1 && the < minister && minister < unknown, "{the} {minister} {unknown}");
    }

    #[test]
    fn forms_of_a_word_begin_alike() {
        let found: Vec<_> =
            WordShares::beginnings("It negotiates; they NEGOTIATED on 12").collect();
        assert_eq!(found, ["negoti", "they", "negoti"]);
    }

    #[test]
    fn a_wrong_row_is_named() {
        let error =
            WordShares::parse("mine.tsv", "beginning\treports\nharbou\tmany\n").unwrap_err();
        assert_eq!((error.table.as_str(), error.line), ("mine.tsv", 2));
    }
}
