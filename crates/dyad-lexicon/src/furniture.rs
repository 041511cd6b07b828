//! `lexicons/furniture.tsv` and `lexicons/damage.tsv`: what on a page is not the article, and what
//! looks damaged and is not.

use crate::{Table, TableError};
use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use rustc_hash::FxHashSet;
use std::sync::LazyLock;

/// The text of the table of furniture that ships with the reader.
pub const TEXT: &str = include_str!("../../../lexicons/furniture.tsv");
/// The text of the table of words that only look damaged.
pub const DAMAGE_TEXT: &str = include_str!("../../../lexicons/damage.tsv");

/// The patterns of page furniture.
#[derive(Debug)]
pub struct Furniture {
    block: RegexSet,
    block_whys: Vec<String>,
    head: Vec<(Regex, String)>,
    tail: Vec<(Regex, String)>,
    press: Vec<Regex>,
}

static BUILTIN: LazyLock<Furniture> = LazyLock::new(|| {
    Furniture::parse("lexicons/furniture.tsv", TEXT).unwrap_or_else(|_| Furniture::empty())
});

/// Bounds the memory of the patterns, above what the table needs today.
const SIZE_LIMIT: usize = 64 << 20;

impl Furniture {
    fn empty() -> Self {
        Furniture {
            block: RegexSet::empty(),
            block_whys: Vec::new(),
            head: Vec::new(),
            tail: Vec::new(),
            press: Vec::new(),
        }
    }

    pub fn parse(name: &str, text: &str) -> Result<Self, TableError> {
        let table = Table::parse(name, text, &["where", "pattern", "why", "example"])?;
        let mut furniture = Furniture::empty();
        let mut blocks = Vec::new();
        for row in table.rows() {
            let (pattern, why) = (row.get("pattern"), row.get("why").to_owned());
            let compile = |pattern: &str| {
                RegexBuilder::new(pattern)
                    .case_insensitive(true)
                    .size_limit(SIZE_LIMIT)
                    .build()
                    .map_err(|e| row.error(format!("the pattern can't be read: {e}")))
            };
            match row.get("where") {
                "block" => {
                    blocks.push(format!("^(?:{pattern})$"));
                    furniture.block_whys.push(why);
                }
                "head" => {
                    furniture.head.push((compile(&format!(r"^(?:{pattern})(?:\s+|$)"))?, why));
                }
                "tail" => {
                    let pattern = format!(r"(?:^|\s)(?:{pattern})\s*$");
                    furniture.tail.push((compile(&pattern)?, why));
                }
                "press" => furniture.press.push(compile(&format!(r"\b(?:{pattern})\b"))?),
                other => {
                    return Err(row.error(format!("`{other}` is none of block, head, tail, press")));
                }
            }
        }
        furniture.block = RegexSetBuilder::new(&blocks)
            .case_insensitive(true)
            .size_limit(SIZE_LIMIT)
            .build()
            .map_err(|e| TableError {
                table: name.to_owned(),
                line: 1,
                what: format!("a pattern can't be read: {e}"),
            })?;
        Ok(furniture)
    }

    /// The table that ships with the reader, compiled once.
    pub fn builtin() -> &'static Furniture {
        &BUILTIN
    }

    /// Why the whole paragraph is furniture, if it is.
    pub fn block(&self, paragraph: &str) -> Option<&str> {
        let first = self.block.matches(paragraph).into_iter().next()?;
        Some(&self.block_whys[first])
    }

    /// Whether the name is that of an outlet rather than of a place or a person.
    pub fn is_outlet(&self, name: &str) -> bool {
        self.press.iter().any(|p| p.is_match(name))
    }

    /// How many bytes at the front of the paragraph are furniture, and why.
    pub fn head(&self, paragraph: &str) -> Option<(usize, &str)> {
        self.head.iter().find_map(|(pattern, why)| {
            pattern.find(paragraph).map(|m| (m.as_str().trim_end().len(), why.as_str()))
        })
    }

    /// Where the furniture at the paragraph's end begins, and why.
    pub fn tail(&self, paragraph: &str) -> Option<(usize, &str)> {
        self.tail.iter().find_map(|(pattern, why)| {
            let found = pattern.find(paragraph)?;
            let lead = found.as_str().len() - found.as_str().trim_start().len();
            Some((found.start() + lead, why.as_str()))
        })
    }
}

/// Words that look damaged and are not.
#[derive(Debug, Default)]
pub struct Sound {
    camel: FxHashSet<String>,
    camel_end: FxHashSet<String>,
    double: FxHashSet<String>,
}

static SOUND: LazyLock<Sound> =
    LazyLock::new(|| Sound::parse("lexicons/damage.tsv", DAMAGE_TEXT).unwrap_or_default());

impl Sound {
    pub fn parse(name: &str, text: &str) -> Result<Self, TableError> {
        let table = Table::parse(name, text, &["form", "kind"])?;
        let mut sound = Sound::default();
        for row in table.rows() {
            let form = row.get("form").to_owned();
            match row.get("kind") {
                "camel" => drop(sound.camel.insert(form)),
                "camel_end" => drop(sound.camel_end.insert(form)),
                "double" => drop(sound.double.insert(form)),
                other => {
                    return Err(row.error(format!("`{other}` is none of camel, camel_end, double")));
                }
            }
        }
        Ok(sound)
    }

    /// The table that ships with the reader, parsed once.
    pub fn builtin() -> &'static Sound {
        &SOUND
    }

    /// Whether the word is a name that has a capital inside.
    pub fn is_camel(&self, word: &str) -> bool {
        self.camel.contains(word)
    }

    /// Whether the word stands, with its capital, at the end of names written as one word.
    pub fn ends_names(&self, word: &str) -> bool {
        self.camel_end.contains(word)
    }

    /// Whether people write the word twice in a row.
    pub fn is_double(&self, word: &str) -> bool {
        self.double.contains(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_finds_its_own_example() {
        let table = Table::parse("furniture.tsv", TEXT, &[]).unwrap();
        for row in table.rows() {
            let header = "where\tpattern\twhy\texample\n";
            let own = format!("{header}{}\t{}\twhy\t\n", row.get("where"), row.get("pattern"));
            let own = Furniture::parse("row", &own).unwrap();
            let example = row.get("example");
            let found = match row.get("where") {
                "block" => own.block(example).is_some(),
                "head" => own.head(&format!("{example} Norway signed.")).is_some(),
                "press" => own.is_outlet(example),
                _ => own.tail(&format!("Norway signed. {example}")).is_some(),
            };
            assert!(found, "line {}: the pattern does not find `{example}`", row.line);
        }
    }

    #[test]
    fn sentences_of_a_report_are_not_furniture() {
        let furniture = Furniture::builtin();
        for sentence in [
            "Share prices fell in Oslo on Monday.",
            "By Friday the two armies had withdrawn to the river.",
            "The minister called for comments from both sides.",
            "Read the treaty, the envoy told reporters, before you sign it.",
            "Home Minister Anna Berg resigned.",
            "Follow-up talks will be held in Geneva.",
            "Support for the bill came from members of the opposition.",
            "Get out of our harbours, the minister told the fleet, before the month ends.",
            "Listen, he said, there is no deal.",
            "More troops were sent to the north.",
            "Live ammunition was used against the crowd, witnesses said.",
        ] {
            assert_eq!(furniture.block(sentence), None, "{sentence}");
            assert_eq!(furniture.head(sentence), None, "{sentence}");
            assert_eq!(furniture.tail(sentence), None, "{sentence}");
        }
    }

    #[test]
    fn a_bad_pattern_is_named() {
        let error =
            Furniture::parse("f.tsv", "where\tpattern\twhy\texample\nhead\t(\tx\ty\n").unwrap_err();
        assert!(error.to_string().contains("line 2"), "{error}");
    }
}
