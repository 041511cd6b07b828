//! Words around numbers, currencies and units: `lexicons/amounts.tsv`, `currencies.tsv`,
//! `units.tsv`.

use crate::times::split;
use crate::{Table, TableError};
use dyad_record::Casualty;
use std::collections::BTreeMap;

/// What a word beside a number does to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Around {
    /// Before it: it is not exact.
    Approx,
    /// After it, the same.
    After,
    /// Before it: the least.
    Low,
    /// Before it: the most.
    High,
    AfterLow,
    AfterHigh,
    /// A number left open: its value is the least that it says.
    Vague,
    /// A part of a whole.
    Share,
    /// Multiplies it.
    Times,
    Percent,
    /// Percentage points.
    Points,
    /// The number after it is a name, not a count.
    Label,
    Up,
    Down,
    /// Past forms of what rises and falls.
    Rose,
    Fell,
    /// Whom it befell what: the value is the participle.
    Casualty,
    /// Counts the dead.
    Toll,
    /// A plural with a singular of its own.
    Singular,
}

impl Around {
    fn from_name(name: &str) -> Option<Around> {
        Some(match name {
            "approx" => Around::Approx,
            "after" => Around::After,
            "low" => Around::Low,
            "high" => Around::High,
            "after_low" => Around::AfterLow,
            "after_high" => Around::AfterHigh,
            "vague" => Around::Vague,
            "share" => Around::Share,
            "times" => Around::Times,
            "percent" => Around::Percent,
            "points" => Around::Points,
            "label" => Around::Label,
            "up" => Around::Up,
            "down" => Around::Down,
            "casualty" => Around::Casualty,
            "rose" => Around::Rose,
            "fell" => Around::Fell,
            "toll" => Around::Toll,
            "singular" => Around::Singular,
            _ => return None,
        })
    }
}

/// Phrases with what they say, by their first word.
#[derive(Clone, Debug)]
struct Phrases<T>(BTreeMap<String, Vec<(Vec<String>, T)>>);

impl<T> Default for Phrases<T> {
    fn default() -> Self {
        Phrases(BTreeMap::new())
    }
}

impl<T> Phrases<T> {
    fn add(&mut self, phrase: &str, says: T) {
        let words = split(phrase);
        if let Some(first) = words.first() {
            self.0.entry(first.clone()).or_default().push((words, says));
        }
    }

    /// The longest phrase that `words` begin with, and how many of them it takes.
    fn longest<'w>(
        &self,
        words: impl Iterator<Item = &'w str> + Clone,
        fits: impl Fn(&T) -> bool,
    ) -> Option<(usize, &T)> {
        let first = words.clone().next()?;
        let phrases = self.0.get(first)?.iter();
        phrases
            .filter(|(phrase, says)| {
                fits(says) && phrase.iter().map(String::as_str).eq(words.clone().take(phrase.len()))
            })
            .max_by_key(|(phrase, _)| phrase.len())
            .map(|(phrase, says)| (phrase.len(), says))
    }
}

/// All that is said around numbers.
#[derive(Clone, Debug, Default)]
pub struct Amounts {
    around: Phrases<(Around, String)>,
    currencies: Phrases<String>,
    units: Phrases<(String, f64)>,
}

impl Amounts {
    pub fn parse(amounts: &str, currencies: &str, units: &str) -> Result<Self, TableError> {
        let mut all = Amounts::default();
        let table = Table::parse("amounts.tsv", amounts, &["words", "class", "value"])?;
        for row in table.rows() {
            let name = row.get("class");
            let around = Around::from_name(name).ok_or_else(|| {
                row.error(format!("no class `{name}`; see dyad-lexicon/amounts.rs"))
            })?;
            let value = row.get("value");
            if matches!(around, Around::Vague | Around::Share | Around::Times)
                && value.parse::<f64>().is_err()
            {
                return Err(row.error("the value is no number"));
            }
            if around == Around::Casualty && value.parse::<Casualty>().is_err() {
                return Err(row.error(format!("`{value}` is nothing that befalls people")));
            }
            for phrase in row.list("words") {
                all.around.add(phrase, (around, value.to_owned()));
            }
        }
        let table = Table::parse("currencies.tsv", currencies, &["words", "code"])?;
        for row in table.rows() {
            for phrase in row.list("words") {
                all.currencies.add(phrase, row.get("code").to_owned());
            }
        }
        let table = Table::parse("units.tsv", units, &["words", "unit", "factor"])?;
        for row in table.rows() {
            let factor =
                row.get("factor").parse().map_err(|_| row.error("the factor is no number"))?;
            for phrase in row.list("words") {
                all.units.add(phrase, (row.get("unit").to_owned(), factor));
            }
        }
        Ok(all)
    }

    /// The longest phrase of that class at the head of `words`: how many words, and its value.
    pub fn around<'w>(
        &self,
        class: Around,
        words: impl Iterator<Item = &'w str> + Clone,
    ) -> Option<(usize, &str)> {
        let (len, (_, value)) = self.around.longest(words, |(c, _)| *c == class)?;
        Some((len, value))
    }

    /// The ISO 4217 code of the currency at the head of `words`.
    pub fn currency<'w>(
        &self,
        words: impl Iterator<Item = &'w str> + Clone,
    ) -> Option<(usize, &str)> {
        let (len, code) = self.currencies.longest(words, |_| true)?;
        Some((len, code))
    }

    /// The unit at the head of `words`, and how many of it one is.
    pub fn unit<'w>(
        &self,
        words: impl Iterator<Item = &'w str> + Clone,
    ) -> Option<(usize, &str, f64)> {
        let (len, (unit, factor)) = self.units.longest(words, |_| true)?;
        Some((len, unit, *factor))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_wins() {
        let amounts = Amounts::parse(
            "words\tclass\tvalue\nmore than\tlow\t\nmore\tapprox\t\nhalf\tshare\t0.5\n",
            "words\tcode\n$|us $\tUSD\n",
            "words\tunit\tfactor\nbcm\tcubic metre\t1000000000\n",
        )
        .unwrap();
        let words = ["more", "than", "half"];
        assert_eq!(amounts.around(Around::Low, words.into_iter()), Some((2, "")));
        assert_eq!(amounts.around(Around::Share, words.into_iter()), None);
        assert_eq!(amounts.currency(["us", "$", "5"].into_iter()), Some((2, "USD")));
        assert_eq!(amounts.unit(["bcm"].into_iter()), Some((1, "cubic metre", 1e9)));
        let bad = Amounts::parse(
            "words\tclass\tvalue\nx\tshare\ty\n",
            "words\tcode\n",
            "words\tunit\tfactor\n",
        );
        assert_eq!(bad.unwrap_err().line, 2);
    }
}
