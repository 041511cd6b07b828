//! Words of time: `lexicons/times.tsv`, and numbers in words: `lexicons/numbers.tsv`.

use crate::{Table, TableError};
use std::collections::BTreeMap;

/// What a word of time says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// 1 January … 12 December.
    Month,
    /// 1 Monday … 7 Sunday.
    Weekday,
    /// SP, SU, FA, WI.
    Season,
    /// A length of the calendar or the clock.
    Unit,
    /// The same in the plural.
    Units,
    /// MO, MI, AF, EV, NI, DT: a part of the day.
    Part,
    /// A time of the clock that has a name.
    Clock,
    /// am, pm.
    Meridiem,
    /// Days from the report's own: today 0.
    Day,
    /// The same with a part of that day: `0 NI` for tonight.
    DayParts,
    /// PRESENT_REF, PAST_REF, FUTURE_REF, standing alone.
    Ref,
    /// The same as an adjective: recent, current.
    RefAdj,
    /// Which one of several: last -1, this 0, next 1; `told`: counted from the date told last.
    Side,
    /// The one told before: that, the same.
    That,
    /// START, MID or END of a stretch.
    Edge,
    /// First or second half of a stretch.
    Half,
    /// Back from now.
    Ago,
    /// Back (-1) or on (1) from what was told last.
    Shift,
    /// Opens a set: every, each.
    Every,
    /// A set by itself: daily.
    Set,
    /// A number of units: several X, couple 2.
    Quantity,
    /// What makes a number about, over or under.
    Approx,
    /// What may stand between a number and its unit.
    Filler,
    Fiscal,
    /// A stretch named only by its kind: period.
    Period,
    Zone,
    Holiday,
    /// The nineties: 90.
    Decade,
}

impl Class {
    fn from_name(name: &str) -> Option<Class> {
        Some(match name {
            "month" => Class::Month,
            "weekday" => Class::Weekday,
            "season" => Class::Season,
            "unit" => Class::Unit,
            "units" => Class::Units,
            "part" => Class::Part,
            "clock" => Class::Clock,
            "meridiem" => Class::Meridiem,
            "day" => Class::Day,
            "dayparts" => Class::DayParts,
            "ref" => Class::Ref,
            "refadj" => Class::RefAdj,
            "side" => Class::Side,
            "that" => Class::That,
            "edge" => Class::Edge,
            "half" => Class::Half,
            "ago" => Class::Ago,
            "shift" => Class::Shift,
            "every" => Class::Every,
            "set" => Class::Set,
            "quantity" => Class::Quantity,
            "approx" => Class::Approx,
            "filler" => Class::Filler,
            "fiscal" => Class::Fiscal,
            "period" => Class::Period,
            "zone" => Class::Zone,
            "holiday" => Class::Holiday,
            "decade" => Class::Decade,
            _ => return None,
        })
    }
}

/// One reading of one or more words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sense {
    /// The words after the first one.
    pub rest: Vec<String>,
    pub class: Class,
    pub value: String,
}

/// The words of time, by the first of them.
#[derive(Clone, Debug, Default)]
pub struct Times {
    senses: BTreeMap<String, Vec<Sense>>,
}

impl Times {
    pub fn parse(text: &str) -> Result<Self, TableError> {
        let table = Table::parse("times.tsv", text, &["words", "class", "value"])?;
        let mut senses: BTreeMap<String, Vec<Sense>> = BTreeMap::new();
        for row in table.rows() {
            let name = row.get("class");
            let class = Class::from_name(name).ok_or_else(|| {
                row.error(format!("no class `{name}`; see dyad-lexicon/times.rs"))
            })?;
            for phrase in row.list("words") {
                let mut words = split(phrase);
                if words.is_empty() {
                    return Err(row.error("an empty word; take it out"));
                }
                let first = words.remove(0);
                let sense = Sense { rest: words, class, value: row.get("value").to_owned() };
                senses.entry(first).or_default().push(sense);
            }
        }
        Ok(Times { senses })
    }

    /// Every reading that begins with this word (lower case).
    pub fn of(&self, word: &str) -> &[Sense] {
        self.senses.get(word).map_or(&[], Vec::as_slice)
    }
}

/// A phrase as the reader's pieces have it: words, and each mark by itself.
pub(crate) fn split(phrase: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for part in phrase.split_whitespace() {
        if part.len() >= 4 && part.ends_with('.') && part.as_bytes()[1] == b'.' {
            pieces.push(part.to_owned());
            continue;
        }
        let mut word = String::new();
        for c in part.chars() {
            if c.is_alphanumeric() {
                word.push(c);
            } else {
                if !word.is_empty() {
                    pieces.push(std::mem::take(&mut word));
                }
                pieces.push(c.to_string());
            }
        }
        if !word.is_empty() {
            pieces.push(word);
        }
    }
    pieces
}

/// How a word takes part in a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NumberWord {
    /// Zero to nineteen.
    Unit(f64),
    /// Twenty to ninety.
    Ten(f64),
    /// Hundred and up.
    Scale(f64),
    Ordinal(f64),
}

/// Numbers in words.
#[derive(Clone, Debug, Default)]
pub struct Numbers {
    words: BTreeMap<String, NumberWord>,
}

impl Numbers {
    pub fn parse(text: &str) -> Result<Self, TableError> {
        let table = Table::parse("numbers.tsv", text, &["word", "class", "value"])?;
        let mut words = BTreeMap::new();
        for row in table.rows() {
            let value: f64 =
                row.get("value").parse().map_err(|_| row.error("the value is no number"))?;
            let word = match row.get("class") {
                "unit" => NumberWord::Unit(value),
                "ten" => NumberWord::Ten(value),
                "scale" => NumberWord::Scale(value),
                "ordinal" => NumberWord::Ordinal(value),
                other => {
                    return Err(
                        row.error(format!("no class `{other}`; use unit, ten, scale or ordinal"))
                    );
                }
            };
            words.insert(row.get("word").to_owned(), word);
        }
        Ok(Numbers { words })
    }

    pub fn get(&self, word: &str) -> Option<NumberWord> {
        self.words.get(word).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_by_their_first_word() {
        let text = "words\tclass\tvalue\nnew year's day|noon\tholiday\t01-01\n";
        let times = Times::parse(text).unwrap();
        assert_eq!(times.of("new")[0].rest, ["year", "'", "s", "day"]);
        assert_eq!(times.of("noon")[0].class, Class::Holiday);
        assert!(times.of("day").is_empty());
        let error = Times::parse("words\tclass\tvalue\nx\tnone\t1\n").unwrap_err();
        assert_eq!(error.line, 2);
    }

    #[test]
    fn numbers_have_their_class() {
        let numbers = Numbers::parse("word\tclass\tvalue\nsix\tunit\t6\n").unwrap();
        assert_eq!(numbers.get("six"), Some(NumberWord::Unit(6.0)));
        assert!(Numbers::parse("word\tclass\tvalue\nsix\tunit\tvi\n").is_err());
    }
}
