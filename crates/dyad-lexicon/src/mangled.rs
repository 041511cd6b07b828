//! `lexicons/mangled.tsv`: words by which sentences that a machine mangled are told from sound ones.

use crate::{Table, TableError};
use rustc_hash::FxHashSet;
use std::sync::LazyLock;

/// The text of the table that ships with the reader.
pub const TEXT: &str = include_str!("../../../lexicons/mangled.tsv");

pub type Words = FxHashSet<&'static str>;

/// The words of each kind, as the head of the table tells them.
#[derive(Debug, Default)]
pub struct Mangled {
    pub say: Words,
    pub said: Words,
    pub person: Words,
    pub first: Words,
    pub either: Words,
    pub one: Words,
    pub many: Words,
    pub verb_one: Words,
    pub verb_many: Words,
    pub article: Vec<&'static str>,
    pub small: Words,
    pub ending: Vec<&'static str>,
    pub before: Vec<&'static str>,
    pub behind: Vec<&'static str>,
    pub inflection: Words,
    pub unit: Words,
    /// What scanners read, and what stood there.
    pub scanned: Vec<(&'static str, &'static str)>,
}

static BUILTIN: LazyLock<Mangled> =
    LazyLock::new(|| Mangled::parse("lexicons/mangled.tsv", TEXT).unwrap_or_default());

impl Mangled {
    pub fn parse(name: &str, text: &'static str) -> Result<Self, TableError> {
        let table = Table::parse(name, text, &["form", "kind", "stood"])?;
        let mut mangled = Mangled::default();
        for row in table.rows() {
            let (form, stood) = (row.get("form"), row.get("stood"));
            let kind = row.get("kind");
            if form.is_empty() || stood.is_empty() == (kind == "scanned") {
                return Err(row.error("write the word in `form`, and in `stood` what scanners misread, of that kind alone"));
            }
            match kind {
                "say" => drop(mangled.say.insert(form)),
                "said" => drop(mangled.said.insert(form)),
                "person" => drop(mangled.person.insert(form)),
                "first" => drop(mangled.first.insert(form)),
                "either" => drop(mangled.either.insert(form)),
                "one" => drop(mangled.one.insert(form)),
                "many" => drop(mangled.many.insert(form)),
                "verb_one" => drop(mangled.verb_one.insert(form)),
                "verb_many" => drop(mangled.verb_many.insert(form)),
                "article" => mangled.article.push(form),
                "small" => drop(mangled.small.insert(form)),
                "ending" => mangled.ending.push(form),
                "before" => mangled.before.push(form),
                "behind" => mangled.behind.push(form),
                "inflection" => drop(mangled.inflection.insert(form)),
                "unit" => drop(mangled.unit.insert(form)),
                "scanned" => mangled.scanned.push((form, stood)),
                other => {
                    return Err(row.error(format!(
                        "unknown kind `{other}`; the head of the file lists the kinds"
                    )));
                }
            }
        }
        Ok(mangled)
    }

    /// The table that ships with the reader, parsed once.
    pub fn builtin() -> &'static Mangled {
        &BUILTIN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_table_has_words_of_each_kind() {
        let mangled = Mangled::parse("lexicons/mangled.tsv", TEXT).unwrap();
        assert!(mangled.say.contains("say") && mangled.said.contains("said"));
        assert!(mangled.scanned.contains(&("rn", "m")));
        // "s" fits what "ers" fits too, so that the longer stands first.
        let place = |ending| mangled.ending.iter().position(|e| *e == ending);
        assert!(place("ers") < place("s") && place("s").is_some());
    }

    #[test]
    fn a_wrong_row_is_named() {
        for row in ["x\tfoo", "rn\tscanned", "a\tsay\tb", "\tsay"] {
            let text: &'static str = format!("form\tkind\tstood\n{row}\n").leak();
            let error = Mangled::parse("t.tsv", text).unwrap_err();
            assert_eq!(error.line, 2, "{row}");
        }
    }
}
