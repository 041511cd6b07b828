//! `lexicons/furniture.tsv` and `lexicons/damage.tsv`: what on a page is not the article, and what
//! looks damaged and is not.

use crate::{Table, TableError};
use aho_corasick::AhoCorasick;
use needs::Need;
use regex::{Match, Regex, RegexBuilder};
use rustc_hash::FxHashSet;
use std::sync::{LazyLock, OnceLock};

/// The text of the table of furniture that ships with the reader.
pub const TEXT: &str = include_str!("../../../lexicons/furniture.tsv");
/// The text of the table of words that only look damaged.
pub const DAMAGE_TEXT: &str = include_str!("../../../lexicons/damage.tsv");

/// The patterns of page furniture.
#[derive(Debug)]
pub struct Furniture {
    block: Patterns,
    head: Patterns,
    tail: Patterns,
    press: Patterns,
}

static BUILTIN: LazyLock<Furniture> = LazyLock::new(|| {
    Furniture::parse("lexicons/furniture.tsv", TEXT).unwrap_or_else(|_| Furniture::empty())
});

impl Furniture {
    fn empty() -> Self {
        Furniture {
            block: Patterns::default(),
            head: Patterns::default(),
            tail: Patterns::default(),
            press: Patterns::default(),
        }
    }

    pub fn parse(name: &str, text: &str) -> Result<Self, TableError> {
        let table = Table::parse(name, text, &["where", "pattern", "why", "example"])?;
        let [mut block, mut head, mut tail, mut press] = [const { Vec::new() }; 4];
        for row in table.rows() {
            let pattern = row.get("pattern");
            let hir = regex_syntax::parse(pattern)
                .map_err(|e| row.error(format!("the pattern can't be read: {e}")))?;
            let (list, opens, whole) = match row.get("where") {
                "block" => (&mut block, true, format!("^(?:{pattern})$")),
                "head" => (&mut head, true, format!(r"^(?:{pattern})(?:\s+|$)")),
                "tail" => (&mut tail, false, format!(r"(?:^|\s)(?:{pattern})\s*$")),
                "press" => (&mut press, false, format!(r"\b(?:{pattern})\b")),
                other => {
                    return Err(row.error(format!("`{other}` is none of block, head, tail, press")));
                }
            };
            list.push((whole, row.get("why").to_owned(), needs::of(&hir, opens)));
        }
        let make = |rows| {
            Patterns::new(rows).map_err(|e| TableError {
                table: name.to_owned(),
                line: 1,
                what: format!("the words of the patterns can't be searched: {e}"),
            })
        };
        Ok(Furniture {
            block: make(block)?,
            head: make(head)?,
            tail: make(tail)?,
            press: make(press)?,
        })
    }

    /// The table that ships with the reader, read once.
    pub fn builtin() -> &'static Furniture {
        &BUILTIN
    }

    /// Why the whole paragraph is furniture, if it is.
    pub fn block(&self, paragraph: &str) -> Option<&str> {
        self.block.find(paragraph).map(|(_, why)| why)
    }

    /// Whether the name is that of an outlet rather than of a place or a person.
    pub fn is_outlet(&self, name: &str) -> bool {
        self.press.find(name).is_some()
    }

    /// How many bytes at the front of the paragraph are furniture, and why.
    pub fn head(&self, paragraph: &str) -> Option<(usize, &str)> {
        let (found, why) = self.head.find(paragraph)?;
        Some((found.as_str().trim_end().len(), why))
    }

    /// Where the furniture at the paragraph's end begins, and why.
    pub fn tail(&self, paragraph: &str) -> Option<(usize, &str)> {
        let (found, why) = self.tail.find(paragraph)?;
        let lead = found.as_str().len() - found.as_str().trim_start().len();
        Some((found.start() + lead, why))
    }
}

/// Patterns in their order. Compiling them all would take longer than reading a report, so each is
/// compiled when a text first holds the words without which it can't match.
#[derive(Debug, Default)]
struct Patterns {
    rows: Vec<Pattern>,
    /// Every needed word; none where no row needs any.
    words: Option<AhoCorasick>,
    /// For each word of `words` the row and the place among the row's needs.
    owners: Vec<(usize, usize)>,
}

#[derive(Debug)]
struct Pattern {
    source: String,
    why: String,
    needs: Vec<Need>,
    regex: OnceLock<Option<Regex>>,
}

/// The row's pattern as compiled, its reason, its needs.
type Source = (String, String, Vec<Need>);

impl Patterns {
    fn new(sources: Vec<Source>) -> Result<Self, aho_corasick::BuildError> {
        let (mut rows, mut words, mut owners) = (Vec::new(), Vec::new(), Vec::new());
        for (source, why, needs) in sources {
            for (place, need) in needs.iter().enumerate() {
                words.extend(need.any.iter().cloned());
                owners.resize(words.len(), (rows.len(), place));
            }
            rows.push(Pattern { source, why, needs, regex: OnceLock::new() });
        }
        let words = (!words.is_empty())
            .then(|| AhoCorasick::builder().ascii_case_insensitive(true).build(&words))
            .transpose()?;
        Ok(Patterns { rows, words, owners })
    }

    /// What the first pattern that matches finds, and its reason.
    fn find<'s, 't>(&'s self, text: &'t str) -> Option<(Match<'t>, &'s str)> {
        let met = self.met(text);
        self.rows.iter().zip(met).find_map(|(row, met)| {
            let all = met == (1 << row.needs.len()) - 1;
            let found = all.then(|| row.regex())??.find(text)?;
            Some((found, row.why.as_str()))
        })
    }

    /// For each row the needs that the text meets, one bit each.
    fn met(&self, text: &str) -> Vec<u64> {
        // Outside ASCII these two alone are a k and an s to a pattern that ignores capitals.
        if text.contains(['\u{212a}', 'ſ']) {
            return self.rows.iter().map(|row| (1 << row.needs.len()) - 1).collect();
        }
        let mut met = vec![0; self.rows.len()];
        for found in self.words.iter().flat_map(|words| words.find_overlapping_iter(text)) {
            let (row, place) = self.owners[found.pattern().as_usize()];
            if found.start() == 0 || !self.rows[row].needs[place].opens {
                met[row] |= 1 << place;
            }
        }
        met
    }
}

impl Pattern {
    fn regex(&self) -> Option<&Regex> {
        let compile = || RegexBuilder::new(&self.source).case_insensitive(true).build().ok();
        self.regex.get_or_init(compile).as_ref()
    }
}

/// What a text must hold for a pattern to match in it.
mod needs {
    use regex_syntax::hir::literal::Extractor;
    use regex_syntax::hir::{Hir, HirKind};

    /// More needs than this would not make a pattern rarer.
    const MOST: usize = 8;

    /// One of the words must be there; where it `opens`, at the front.
    #[derive(Debug)]
    pub struct Need {
        pub any: Vec<Vec<u8>>,
        pub opens: bool,
    }

    /// The needs of a pattern, which may have to match at the text's front.
    pub fn of(hir: &Hir, at_front: bool) -> Vec<Need> {
        let mut needs: Vec<_> =
            inside(hir).into_iter().map(|any| Need { any, opens: false }).collect();
        if at_front && let Some(front) = Extractor::new().extract(hir).literals() {
            let any: Vec<_> = front.iter().map(|l| l.as_bytes().to_vec()).collect();
            if any.iter().all(|word| usable(word)) {
                needs.insert(0, Need { any, opens: true });
            }
        }
        needs.truncate(MOST);
        needs
    }

    /// Sets of words; of each set one must be there.
    fn inside(hir: &Hir) -> Vec<Vec<Vec<u8>>> {
        match hir.kind() {
            HirKind::Literal(literal) if usable(&literal.0) => vec![vec![literal.0.to_vec()]],
            HirKind::Capture(group) => inside(&group.sub),
            HirKind::Repetition(repeated) if repeated.min > 0 => inside(&repeated.sub),
            HirKind::Concat(parts) => parts.iter().flat_map(inside).collect(),
            HirKind::Alternation(branches) => {
                let longest = |branch| inside(branch).into_iter().max_by_key(|set| shortest(set));
                let sets: Option<Vec<_>> = branches.iter().map(longest).collect();
                sets.map(|sets| sets.concat()).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    fn shortest(set: &[Vec<u8>]) -> usize {
        set.iter().map(Vec::len).min().unwrap_or(0)
    }

    /// Letters outside ASCII have capitals that the search does not know.
    fn usable(word: &[u8]) -> bool {
        let plain = |text: &str| !text.chars().any(|c| c.is_alphabetic() && !c.is_ascii());
        !word.is_empty() && std::str::from_utf8(word).is_ok_and(plain)
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
    fn every_pattern_compiles() {
        let table = Furniture::builtin();
        for patterns in [&table.block, &table.head, &table.tail, &table.press] {
            assert!(!patterns.rows.is_empty());
            for row in &patterns.rows {
                assert!(row.regex().is_some(), "too large: {}", row.source);
            }
        }
    }

    #[test]
    fn a_missing_word_never_hides_a_match() {
        let table = Table::parse("furniture.tsv", TEXT, &[]).unwrap();
        let furniture = Furniture::builtin();
        for row in table.rows() {
            let example = row.get("example");
            for text in [
                example.to_owned(),
                example.to_uppercase(),
                example.replace('k', "\u{212a}").replace('s', "ſ"),
                format!("» {example} «"),
                format!("Norway signed. {example}"),
                format!("{example} Norway signed."),
            ] {
                for patterns in [&furniture.block, &furniture.head, &furniture.tail] {
                    let slow =
                        patterns.rows.iter().find(|row| row.regex().unwrap().is_match(&text));
                    let found = patterns.find(&text).map(|(_, why)| why);
                    assert_eq!(found, slow.map(|row| row.why.as_str()), "{text}");
                }
            }
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
