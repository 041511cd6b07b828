//! `lexicons/tokens.tsv`: how English text is cut into tokens and sentences.

use crate::{Table, TableError};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::LazyLock;

/// The text of the table that ships with the reader.
pub const TEXT: &str = include_str!("../../../lexicons/tokens.tsv");

/// What kind of abbreviation a form is, and so whether a sentence can end after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Abbreviation {
    /// Before a name: no sentence ends here.
    Title,
    /// Only where a digit follows.
    Number,
    /// Month or weekday.
    Date,
    /// Month or weekday that is also a word.
    DateWord,
    /// May also end a sentence.
    End,
}

#[derive(Debug, Default)]
pub struct Tokens {
    abbreviations: FxHashMap<String, Abbreviation>,
    splits: FxHashMap<String, Vec<usize>>,
    prefixes: FxHashSet<String>,
    units: FxHashSet<String>,
    dollars: FxHashSet<String>,
    domains: FxHashSet<String>,
    openers: FxHashSet<String>,
}

static BUILTIN: LazyLock<Tokens> =
    LazyLock::new(|| Tokens::parse("lexicons/tokens.tsv", TEXT).unwrap_or_default());

impl Tokens {
    pub fn parse(name: &str, text: &str) -> Result<Self, TableError> {
        let table = Table::parse(name, text, &["form", "kind", "parts"])?;
        let mut tokens = Tokens::default();
        for row in table.rows() {
            let form = row.get("form").to_lowercase();
            if form.is_empty() {
                return Err(row.error("no form; write the word in the first column"));
            }
            let mut abbreviation = |kind| {
                // The first row of a form wins: "col." is a colonel before it is a column.
                tokens.abbreviations.entry(form.clone()).or_insert(kind);
            };
            match row.get("kind") {
                "title" => abbreviation(Abbreviation::Title),
                "number" => abbreviation(Abbreviation::Number),
                "date" => abbreviation(Abbreviation::Date),
                "date_word" => abbreviation(Abbreviation::DateWord),
                "end" => abbreviation(Abbreviation::End),
                "split" => {
                    let parts: Vec<&str> = row.list("parts").collect();
                    if parts.concat() != form {
                        return Err(row.error(format!(
                            "the parts `{}` don't make up `{form}`; mend the column `parts`",
                            parts.join("|")
                        )));
                    }
                    tokens.splits.insert(form, parts.iter().map(|p| p.len()).collect());
                }
                "prefix" => drop(tokens.prefixes.insert(form)),
                "unit" => drop(tokens.units.insert(form)),
                "dollar" => drop(tokens.dollars.insert(form)),
                "domain" => drop(tokens.domains.insert(form)),
                "opener" => drop(tokens.openers.insert(form)),
                other => {
                    return Err(row.error(format!(
                        "unknown kind `{other}`; the head of the file lists the kinds"
                    )));
                }
            }
        }
        Ok(tokens)
    }

    /// The table that ships with the reader, parsed once.
    pub fn builtin() -> &'static Tokens {
        &BUILTIN
    }

    /// `form` in lower case and without its last full stop.
    pub fn abbreviation(&self, form: &str) -> Option<Abbreviation> {
        self.abbreviations.get(form).copied()
    }

    /// The lengths of the tokens that one written word holds.
    pub fn parts(&self, form: &str) -> Option<&[usize]> {
        self.splits.get(form).map(Vec::as_slice)
    }

    pub fn is_prefix(&self, form: &str) -> bool {
        self.prefixes.contains(form)
    }

    pub fn is_unit(&self, form: &str) -> bool {
        self.units.contains(form)
    }

    pub fn is_dollar(&self, form: &str) -> bool {
        self.dollars.contains(form)
    }

    pub fn is_domain(&self, form: &str) -> bool {
        self.domains.contains(form)
    }

    /// Whether the word opens sentences more often than it stands inside a name.
    pub fn is_opener(&self, form: &str) -> bool {
        self.openers.contains(form)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_table_is_sound() {
        let tokens = Tokens::parse("lexicons/tokens.tsv", TEXT).unwrap();
        assert_eq!(tokens.abbreviation("gen"), Some(Abbreviation::Title));
        assert_eq!(tokens.parts("cannot"), Some(&[3, 3][..]));
        assert!(tokens.is_opener("the") && !tokens.is_opener("president"));
    }

    #[test]
    fn a_split_must_make_up_its_word() {
        let error = Tokens::parse("t.tsv", "form\tkind\tparts\ngonna\tsplit\tgo|na\n").unwrap_err();
        assert!(error.to_string().contains("line 2"), "{error}");
        assert!(Tokens::parse("t.tsv", "form\tkind\tparts\nx\tfoo\n").is_err());
    }
}
