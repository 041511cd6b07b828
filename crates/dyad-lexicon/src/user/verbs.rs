//! PETRARCH's verb dictionary: verbs with codes, the words around them that give another code, and
//! sets of words that patterns share.

use super::petrarch::lines;
use super::{Finding, Kind};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

/// What an act is coded as: the source on the target, and perhaps the target on the source.
/// None: the words are no act.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Codes {
    pub forward: Option<SmolStr>,
    pub back: Option<SmolStr>,
}

impl Codes {
    fn parse(text: &str) -> Codes {
        let code = |part: &str| {
            let part = part.trim().trim_end_matches('?');
            part.chars().any(|c| c.is_ascii_alphanumeric()).then(|| SmolStr::new(part))
        };
        match text.split_once(':') {
            Some((forward, back)) => Codes { forward: code(forward), back: code(back) },
            None => Codes { forward: code(text), back: None },
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Slot {
    /// Any of these rows of words, in the order of the text.
    Words(Vec<Vec<String>>),
    /// `$`
    Source,
    /// `+`
    Target,
    /// `%`: several actors joined, who are both.
    Both,
    /// `^`
    Skip,
}

/// A part of a pattern, told away from the verb.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub slot: Slot,
    /// It stands right beside the item before it.
    pub beside: bool,
    /// A regular plural of the words will do.
    pub plural: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    pub line: u32,
    /// From the verb leftwards, and rightwards.
    pub before: Vec<Item>,
    pub after: Vec<Item>,
    pub codes: Codes,
    /// How many items it asks for: the most demanding pattern wins.
    pub weight: usize,
}

/// A verb of one or more words.
#[derive(Clone, Debug, PartialEq)]
pub struct Verb {
    pub line: u32,
    /// The words before and behind the one that is conjugated.
    pub before: Vec<String>,
    pub after: Vec<String>,
    pub codes: Codes,
    block: usize,
}

#[derive(Debug, Default)]
pub struct Verbs {
    /// Verbs by the word that is conjugated, in small letters.
    verbs: FxHashMap<String, Vec<Verb>>,
    blocks: Vec<Vec<Pattern>>,
    sets: FxHashMap<String, (Vec<String>, bool)>,
    /// Patterns of PETRARCH 2, with brackets, give nouns by their lemmas.
    lemmas: bool,
}

impl Verbs {
    pub fn is_empty(&self) -> bool {
        self.verbs.is_empty()
    }

    /// Patterns give nouns by their lemmas.
    pub fn by_lemma(&self) -> bool {
        self.lemmas
    }

    /// The verbs of this form, those of more words first.
    pub fn of(&self, form: &str) -> &[Verb] {
        self.verbs.get(form).map_or(&[], Vec::as_slice)
    }

    /// The patterns of a verb, the most demanding first.
    pub fn patterns(&self, verb: &Verb) -> &[Pattern] {
        &self.blocks[verb.block]
    }

    /// Adds a dictionary; a later one's verbs take the place of an earlier one's.
    pub(super) fn read(&mut self, file: &str, text: &str, findings: &mut Vec<Finding>) {
        let mut fault =
            |line, what: String| findings.push(Finding::new(file, line, Kind::Fault, what));
        let first_block = self.blocks.len();
        let mut default = Codes::default();
        let mut set: Option<String> = None;
        let mut fresh: FxHashMap<String, Vec<Verb>> = FxHashMap::default();
        for (number, line) in lines(text) {
            let line = line.trim();
            if line.starts_with('~') {
                continue;
            }
            if let Some(header) = line.strip_prefix("---") {
                default = bracketed(header).map(Codes::parse).unwrap_or_default();
                self.blocks.push(Vec::new());
                set = None;
            } else if let Some(name) = line.strip_prefix('&') {
                let open = name.trim().ends_with('_');
                let name = name.trim().trim_end_matches('_').to_uppercase();
                self.sets.insert(name.clone(), (Vec::new(), !open));
                set = Some(name);
            } else if let Some(member) = line.strip_prefix('+').filter(|_| set.is_some()) {
                let name = set.as_deref().unwrap_or_default();
                if let Some((members, _)) = self.sets.get_mut(name) {
                    members.push(member.trim().to_owned());
                }
            } else if let Some(pattern) = line.strip_prefix("- ") {
                let Some(patterns) = self.blocks[first_block..].last_mut() else {
                    fault(
                        number,
                        "a pattern without a verb above it; begin with `--- VERB [CODE] ---`"
                            .into(),
                    );
                    continue;
                };
                self.lemmas |= pattern.contains(['{', '(']);
                match parse_pattern(pattern, number, &self.sets) {
                    Ok(pattern) => patterns.push(pattern),
                    Err(what) => fault(number, what),
                }
            } else {
                set = None;
                if self.blocks.len() == first_block {
                    fault(
                        number,
                        format!(
                            "`{line}` stands in no block; begin one with `--- VERB [CODE] ---`"
                        ),
                    );
                    continue;
                }
                let codes = bracketed(line).map_or_else(|| default.clone(), Codes::parse);
                let head = line.split('[').next().unwrap_or(line);
                let (verb, forms) = match head.split_once('{') {
                    Some((verb, forms)) => (verb, forms.split('}').next().unwrap_or(forms)),
                    None => (head, ""),
                };
                let block = self.blocks.len() - 1;
                let all = std::iter::once(verb.trim()).chain(forms.split_whitespace());
                for (form, verb) in all.filter_map(|form| self::verb(form, number, &codes, block)) {
                    fresh.entry(form).or_default().push(verb);
                }
            }
        }
        for patterns in &mut self.blocks[first_block..] {
            patterns.sort_by_key(|p| std::cmp::Reverse(p.weight));
        }
        for (form, mut verbs) in fresh {
            verbs.sort_by_key(|v| std::cmp::Reverse(v.before.len() + v.after.len()));
            self.verbs.insert(form, verbs);
        }
    }
}

fn bracketed(text: &str) -> Option<&str> {
    text.rsplit_once('[')?.1.split_once(']').map(|(code, _)| code)
}

/// `WIRE_+TAP`: the word behind `+`, else the first, is conjugated.
fn verb(text: &str, line: usize, codes: &Codes, block: usize) -> Option<(String, Verb)> {
    let words: Vec<&str> =
        text.split(['_', ' ', '\t']).filter(|w| !w.is_empty() && *w != "+").collect();
    let at = words.iter().position(|w| w.starts_with('+')).unwrap_or(0);
    let small = |w: &&str| w.trim_start_matches('+').to_lowercase();
    let form = small(words.get(at)?);
    let before = words[..at].iter().map(small).collect();
    let after = words[at + 1..].iter().map(small).collect();
    Some((form, Verb { line: line as u32, before, after, codes: codes.clone(), block }))
}

type Sets = FxHashMap<String, (Vec<String>, bool)>;

fn parse_pattern(text: &str, line: usize, sets: &Sets) -> Result<Pattern, String> {
    let codes = bracketed(text).ok_or("the pattern has no code; add one as [CODE]")?;
    let body = text.rsplit_once('[').map_or(text, |(body, _)| body);
    let body = body.replace(['{', '}', '(', ')'], " ");
    // Tokens with whether a `_` joins them to the one before.
    let mut tokens: Vec<(String, bool)> = Vec::new();
    for chunk in body.split_whitespace() {
        let mut joined = false;
        for part in chunk.split('_') {
            if !part.is_empty() {
                tokens.push((part.to_owned(), joined));
                joined = true;
            }
        }
    }
    let star = tokens.iter().position(|(t, _)| t.trim_matches('*').is_empty());
    let star = star.ok_or("the pattern has no `*` for its verb; add one")?;
    let mut after = Vec::new();
    for (token, joined) in &tokens[star + 1..] {
        after.push(item(token, *joined, sets)?);
    }
    let mut before = Vec::new();
    for i in (0..star).rev() {
        before.push(item(&tokens[i].0, tokens[i + 1].1, sets)?);
    }
    let weight = before.len() + after.len();
    Ok(Pattern { line: line as u32, before, after, codes: Codes::parse(codes), weight })
}

fn item(token: &str, beside: bool, sets: &Sets) -> Result<Item, String> {
    let mut plural = false;
    let slot = match token {
        "$" => Slot::Source,
        "+" => Slot::Target,
        "%" => Slot::Both,
        "^" => Slot::Skip,
        _ => match token.strip_prefix('&') {
            Some(name) => {
                let name = name.trim_end_matches('_').to_uppercase();
                let (_, takes_plural) = sets.get(&name).ok_or_else(|| {
                    format!("no set `&{name}` stands above; define it, or mend its name")
                })?;
                plural = *takes_plural;
                let mut rows = Vec::new();
                expand(&name, sets, 0, &mut rows);
                Slot::Words(rows)
            }
            None => Slot::Words(vec![vec![token.to_lowercase()]]),
        },
    };
    Ok(Item { slot, beside, plural })
}

/// The rows of words of a set, with those of the sets in it.
fn expand(name: &str, sets: &Sets, depth: usize, rows: &mut Vec<Vec<String>>) {
    let Some((members, _)) = sets.get(name).filter(|_| depth < 4) else { return };
    for member in members {
        match member.strip_prefix('&') {
            Some(inner) => expand(inner.trim().trim_end_matches('_'), sets, depth + 1, rows),
            None => {
                let words = member.split(['_', ' ']).filter(|w| !w.is_empty());
                rows.push(words.map(str::to_lowercase).collect());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
&COIN
+DUCATS
+GOLDEN CROWN
--- LEND [070] ---
LEND {LENT}  # a verb
HAND_+OVER [071]
- * &COIN [0711]
- NOT_* [111]
- % * WITH [030:030]
- $ * FROM_+ [---]
- * &NONE [1]
- WITHOUT A STAR [1]
--- ALLY [050:050] ---
+JOIN_UP
";

    #[test]
    fn blocks_give_codes_patterns_and_forms() {
        let (mut verbs, mut findings) = (Verbs::default(), Vec::new());
        verbs.read("v.txt", TEXT, &mut findings);
        assert_eq!(findings.iter().map(|f| f.line).collect::<Vec<_>>(), [11, 12], "{findings:?}");
        let lent = &verbs.of("lent")[0];
        assert_eq!(lent.codes.forward.as_deref(), Some("070"));
        let over = &verbs.of("over")[0];
        assert_eq!(
            (over.before.as_slice(), over.codes.forward.as_deref()),
            (&["hand".to_owned()][..], Some("071"))
        );
        let patterns = verbs.patterns(lent);
        assert_eq!(patterns.iter().map(|p| p.line).collect::<Vec<_>>(), [10, 9, 7, 8]);
        assert_eq!(patterns[0].codes, Codes::default());
        assert!(patterns[0].after[1].beside && patterns[3].before[0].beside);
        let Slot::Words(rows) = &patterns[2].after[0].slot else { panic!("{patterns:?}") };
        assert_eq!(rows[1], ["golden", "crown"]);
        assert_eq!(verbs.of("join")[0].codes.back.as_deref(), Some("050"));
        assert!(!verbs.by_lemma());
    }
}
