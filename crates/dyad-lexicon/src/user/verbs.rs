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

/// A row of words that a pattern asks for, in the order of the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    pub words: Vec<String>,
    /// A regular plural of the last will do.
    pub plural: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Slot {
    /// Any of these rows.
    Words(Vec<Wanted>),
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
    sets: Sets,
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
        let lines: Vec<(usize, String)> = lines(text).collect();
        self.read_sets(&lines);
        let mut reading = Reading {
            verbs: self,
            file,
            findings,
            named: FxHashMap::default(),
            block: None,
            default: Codes::default(),
            fresh: FxHashMap::default(),
        };
        let mut in_set = false;
        let mut bent = None;
        for (number, line) in &lines {
            let line = line.trim();
            if line.starts_with('&') || in_set && line.starts_with('+') {
                in_set = true;
                continue;
            }
            in_set = false;
            if line.starts_with('~') {
                bent.get_or_insert(*number);
            } else if let Some(header) = line.strip_prefix("---") {
                reading.open(header);
            } else if let Some(pattern) = line.strip_prefix('-') {
                reading.pattern(*number, pattern);
            } else {
                reading.verb(*number, line);
            }
        }
        if let Some(line) = bent {
            reading.say(
                line,
                Kind::Note,
                "lines with `~`, which turn one act into another, are not read",
            );
        }
        let Reading { fresh, named, .. } = reading;
        for block in named.into_values() {
            self.blocks[block].sort_by_key(|p| std::cmp::Reverse(p.weight));
        }
        for (form, mut verbs) in fresh {
            verbs.sort_by_key(|v| std::cmp::Reverse(v.before.len() + v.after.len()));
            self.verbs.insert(form, verbs);
        }
    }

    /// The sets of words, wherever they stand in the file: patterns above a set may use it.
    fn read_sets(&mut self, lines: &[(usize, String)]) {
        let mut set: Option<String> = None;
        for (_, line) in lines {
            let line = line.trim();
            if let Some(name) = line.strip_prefix('&') {
                let open = name.trim().ends_with('_');
                let name = set_name(name);
                self.sets.insert(name.clone(), (Vec::new(), !open));
                set = Some(name);
            } else if let Some(member) = line.strip_prefix('+') {
                let of = set.as_ref().and_then(|name| self.sets.get_mut(name));
                if let Some((members, _)) = of {
                    members.push(member.trim().to_owned());
                }
            } else {
                set = None;
            }
        }
    }
}

/// A dictionary that is being read.
struct Reading<'v, 'f> {
    verbs: &'v mut Verbs,
    file: &'f str,
    findings: &'f mut Vec<Finding>,
    /// Blocks by their names: two of one name are one.
    named: FxHashMap<String, usize>,
    block: Option<usize>,
    /// The code of the block's verbs that have none of their own.
    default: Codes,
    fresh: FxHashMap<String, Vec<Verb>>,
}

impl Reading<'_, '_> {
    fn say(&mut self, line: usize, kind: Kind, what: impl Into<String>) {
        self.findings.push(Finding::new(self.file, line, kind, what));
    }

    /// `--- LEND [070] ---`
    fn open(&mut self, header: &str) {
        let (name, code) = header.split_once('[').unwrap_or((header, "]"));
        self.default = code.split_once(']').map(|(code, _)| Codes::parse(code)).unwrap_or_default();
        let blocks = &mut self.verbs.blocks;
        let block = *self.named.entry(name.trim().to_uppercase()).or_insert_with(|| {
            blocks.push(Vec::new());
            blocks.len() - 1
        });
        self.block = Some(block);
    }

    fn pattern(&mut self, line: usize, pattern: &str) {
        let Some(block) = self.block else {
            let what = "a pattern without a verb above it; begin with `--- VERB [CODE] ---`";
            return self.say(line, Kind::Fault, what);
        };
        self.verbs.lemmas |= pattern.contains(['{', '(']);
        match parse_pattern(pattern, line, &self.verbs.sets) {
            Ok(pattern) => self.verbs.blocks[block].push(pattern),
            Err(what) => self.say(line, Kind::Fault, what),
        }
    }

    fn verb(&mut self, number: usize, line: &str) {
        let Some(block) = self.block else {
            let what = format!("`{line}` stands in no block; begin one with `--- VERB [CODE] ---`");
            return self.say(number, Kind::Fault, what);
        };
        let codes = bracketed(line).map_or_else(|| self.default.clone(), Codes::parse);
        let head = line.split('[').next().unwrap_or(line);
        let (verb, forms) = match head.split_once('{') {
            Some((verb, forms)) => (verb, forms.split('}').next().unwrap_or(forms)),
            None => (head, ""),
        };
        let all = std::iter::once(verb.trim()).chain(forms.split_whitespace());
        for (form, verb) in all.filter_map(|form| self::verb(form, number, &codes, block)) {
            let of_form = self.fresh.entry(form).or_default();
            let same = |v: &&mut Verb| {
                v.block == block && v.before == verb.before && v.after == verb.after
            };
            match of_form.iter_mut().find(same) {
                // The block was opened again, with a code.
                Some(known) if known.codes == Codes::default() => *known = verb,
                Some(_) => {}
                None => of_form.push(verb),
            }
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

/// The members of each set, and whether they may stand in the plural.
type Sets = FxHashMap<String, (Vec<String>, bool)>;

fn set_name(text: &str) -> String {
    text.trim().trim_end_matches('_').to_uppercase()
}

fn parse_pattern(text: &str, line: usize, sets: &Sets) -> Result<Pattern, String> {
    let codes = bracketed(text).ok_or("the pattern has no code; add one as [CODE]")?;
    let body = text.rsplit_once('[').map_or(text, |(body, _)| body);
    // Brackets tell phrases apart for PETRARCH 2; the words within are asked for all the same.
    let body = body.replace(['{', '}', '(', ')'], " ");
    // Tokens with whether a `_` joins them to the one before.
    let mut tokens: Vec<(&str, bool)> = Vec::new();
    for chunk in body.split_whitespace() {
        let mut joined = false;
        for part in chunk.split('_') {
            // "*WARY" is "* WARY".
            for part in part.split_inclusive('*').flat_map(|p| match p.strip_suffix('*') {
                Some(before) => [before, "*"],
                None => [p, ""],
            }) {
                if !part.is_empty() {
                    tokens.push((part, joined));
                    joined = false;
                }
            }
            joined = true;
        }
    }
    let star = tokens.iter().position(|(t, _)| *t == "*");
    let star = star.ok_or("the pattern has no `*` for its verb; add one")?;
    let mut after = Vec::new();
    for (token, joined) in tokens[star + 1..].iter().filter(|(t, _)| *t != "*") {
        after.push(item(token, *joined, sets)?);
    }
    let mut before = Vec::new();
    for i in (0..star).rev() {
        before.push(item(tokens[i].0, tokens[i + 1].1, sets)?);
    }
    let weight = before.len() + after.len();
    Ok(Pattern { line: line as u32, before, after, codes: Codes::parse(codes), weight })
}

fn item(token: &str, beside: bool, sets: &Sets) -> Result<Item, String> {
    let slot = match token {
        "$" => Slot::Source,
        "+" => Slot::Target,
        "%" => Slot::Both,
        "^" => Slot::Skip,
        _ => {
            let mut rows = Vec::new();
            // "ASIDE/AWAY": either.
            for one in token.split('/').filter(|one| !one.is_empty()) {
                match one.strip_prefix('&') {
                    Some(name) if !sets.contains_key(&set_name(name)) => {
                        return Err(format!(
                            "no set `&{}` stands in the file, so that the pattern never fits; \
                             define the set, or mend its name",
                            set_name(name)
                        ));
                    }
                    Some(name) => expand(&set_name(name), sets, 0, &mut rows),
                    None => rows.push(Wanted { words: vec![one.to_lowercase()], plural: false }),
                }
            }
            Slot::Words(rows)
        }
    };
    Ok(Item { slot, beside })
}

/// The rows of words of a set, with those of the sets in it.
fn expand(name: &str, sets: &Sets, depth: usize, rows: &mut Vec<Wanted>) {
    let Some((members, plural)) = sets.get(name).filter(|_| depth < 4) else { return };
    for member in members {
        match member.strip_prefix('&') {
            Some(inner) => expand(&set_name(inner), sets, depth + 1, rows),
            None => {
                // `CASH_` has no plural.
                let plural = *plural && !member.ends_with('_');
                let words = member.split(['_', ' ', '\t', '{', '}', '(', ')']);
                let words = words.filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
                rows.push(Wanted { words, plural });
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
- *WARILY [:072]
- * ON/IN &LATE [073]
--- ALLY [050:050] ---
+JOIN_UP
--- SEND [---] ---
SEND {SENT}
--- LEND [075] ---
- * BOOKS [074]
&LATE
+CREDIT_
+GOLD
--- SEND [076] ---
SENT
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
        let lines = patterns.iter().map(|p| p.line).collect::<Vec<_>>();
        assert_eq!(lines, [10, 9, 14, 7, 8, 13, 20]);
        assert_eq!(patterns[0].codes, Codes::default());
        assert!(patterns[0].after[1].beside && patterns[4].before[0].beside);
        let words = |i: usize, item: usize| match &patterns[i].after[item].slot {
            Slot::Words(rows) => rows.iter().map(|r| (r.words.join(" "), r.plural)).collect(),
            _ => Vec::new(),
        };
        let rows = |rows: &[(&str, bool)]| {
            rows.iter().map(|(w, p)| ((*w).to_owned(), *p)).collect::<Vec<_>>()
        };
        assert_eq!(words(3, 0), rows(&[("ducats", true), ("golden crown", true)]));
        assert_eq!(words(2, 0), rows(&[("on", false), ("in", false)]));
        assert_eq!(words(2, 1), rows(&[("credit", false), ("gold", true)]));
        assert!(!patterns[5].after[0].beside);
        let back = Codes { forward: None, back: Some("072".into()) };
        assert_eq!(patterns[5].codes, back);
        // A block that is opened twice is one; the code that comes late holds.
        assert_eq!(verbs.of("sent")[0].codes.forward.as_deref(), Some("076"));
        assert_eq!(verbs.of("sent").len(), 1);
        assert_eq!(verbs.of("join")[0].codes.back.as_deref(), Some("050"));
        assert!(!verbs.by_lemma());
    }
}
