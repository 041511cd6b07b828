//! The file that a researcher writes: what the type is, patterns, examples and counterexamples.

use crate::sentence::Sentence;
use dyad_lexicon::acts::Role;
use dyad_lexicon::{Acts, Table, TableError};
use dyad_reader::own::{About, Spec};
use dyad_record::{EventType, Quad};
use std::collections::BTreeMap;

/// How many sentences of each kind a head needs at the least.
pub const EXAMPLES: usize = 20;
pub const COUNTEREXAMPLES: usize = 10;

const KEYS: [&str; 11] = [
    "type",
    "quad",
    "goldstein",
    "cameo",
    "modes",
    "needs",
    "to",
    "from",
    "about",
    "replaces",
    "threshold",
];
const SECTIONS: [&str; 3] = ["[patterns]", "[examples]", "[counterexamples]"];

/// A file that is sound by itself.
#[derive(Clone, Debug)]
pub struct Ontology {
    pub name: String,
    pub spec: Spec,
    /// Whether the file itself says where the recipient stands.
    pub says_to: bool,
    pub examples: Vec<Sentence>,
    pub counterexamples: Vec<Sentence>,
}

/// The sentences of a file that has nothing else: those of the type, and those that are not.
pub fn sentences(name: &str, text: &str) -> Result<[Vec<Sentence>; 2], Vec<TableError>> {
    let mut found: [Vec<Sentence>; 2] = Default::default();
    let mut faults = Vec::new();
    let mut fault = |line: usize, what: String| {
        faults.push(TableError { table: name.to_owned(), line, what });
    };
    let mut side = None;
    for (i, line) in text.lines().enumerate() {
        match line.trim() {
            "" => {}
            comment if comment.starts_with('#') => {}
            "[examples]" => side = Some(0),
            "[counterexamples]" => side = Some(1),
            words => match (side, Sentence::parse(i + 1, words)) {
                (Some(side), Ok(sentence)) => found[side].push(sentence),
                (_, Err(what)) => fault(i + 1, what),
                (None, _) => fault(
                    i + 1,
                    "neither under [examples] nor under [counterexamples]; put it under one"
                        .to_owned(),
                ),
            },
        }
    }
    if faults.is_empty() { Ok(found) } else { Err(faults) }
}

struct File<'t> {
    name: &'t str,
    keys: BTreeMap<&'t str, (usize, &'t str)>,
    classes: Vec<(String, &'t str)>,
    faults: Vec<TableError>,
}

impl Ontology {
    /// All that is wrong with it, each with its line and what mends it.
    pub fn parse(name: &str, text: &str, acts: &Acts) -> Result<Ontology, Vec<TableError>> {
        let mut file =
            File { name, keys: BTreeMap::new(), classes: Vec::new(), faults: Vec::new() };
        let mut section = "";
        let mut patterns: Option<String> = None;
        let mut sentences: [Vec<Sentence>; 2] = Default::default();
        for (i, line) in text.lines().enumerate() {
            let (number, line) = (i + 1, line.trim_end());
            if line.trim().is_empty() || line.starts_with('#') {
                if let Some(patterns) = &mut patterns {
                    patterns.push('\n');
                }
                continue;
            }
            if let Some(found) = SECTIONS.iter().find(|s| **s == line.trim()) {
                section = found;
                if section == "[patterns]" {
                    patterns = Some("\n".repeat(number));
                }
                continue;
            }
            match section {
                "" => file.header(number, line),
                "[patterns]" => {
                    if let Some(patterns) = &mut patterns {
                        patterns.push_str(&file.with_classes(line));
                        patterns.push('\n');
                    }
                }
                _ => match Sentence::parse(number, line) {
                    Ok(sentence) => {
                        sentences[usize::from(section != "[examples]")].push(sentence);
                    }
                    Err(what) => file.fault(number, what),
                },
            }
        }
        let about = file.about(acts);
        let modes = file.words("modes");
        let says_to = file.keys.contains_key("to");
        let [examples, counterexamples] = sentences;
        for sentence in &examples {
            if let Some(mode) = sentence.mode.as_ref().filter(|m| !modes.contains(&m.as_str())) {
                file.fault(
                    sentence.line,
                    format!("`{mode}` is no mode of it; add it to `modes:` at the top"),
                );
            }
        }
        if let Some(sentence) = counterexamples.iter().find(|s| s.mode.is_some()) {
            file.fault(sentence.line, "a counterexample has no mode; take it out".to_owned());
        }
        file.repeated(&examples, &counterexamples);
        let last = text.lines().count();
        for (what, least, found) in [
            ("[examples]", EXAMPLES, examples.len()),
            ("[counterexamples]", COUNTEREXAMPLES, counterexamples.len()),
        ] {
            if found < least && file.faults.is_empty() {
                let add = least - found;
                file.fault(
                    last,
                    format!("{found} sentences under {what}, {least} are needed; add {add} more"),
                );
            }
        }
        let table = patterns.as_ref().map(|p| Table::parse(name, p, &["words", "pos"])).transpose();
        let spec = match (about, table) {
            (Some(about), Ok(table)) => {
                Spec::new(about, acts, table.as_ref()).map_err(|e| file.faults.push(e)).ok()
            }
            (_, Err(error)) => {
                file.faults.push(error);
                None
            }
            (None, _) => None,
        };
        if let Some(spec) = &spec {
            let unknown = |mode: &&str| !mode.is_empty() && !modes.contains(mode);
            for pattern in &spec.patterns {
                if let Some(mode) = Some(pattern.cells[3].as_str()).filter(unknown) {
                    file.fault(
                        pattern.line as usize,
                        format!("`{mode}` is no mode of it; add it to `modes:` at the top"),
                    );
                }
            }
        }
        match spec {
            Some(spec) if file.faults.is_empty() => {
                Ok(Ontology { name: name.to_owned(), spec, says_to, examples, counterexamples })
            }
            _ => {
                file.faults.sort_by_key(|f| f.line);
                Err(file.faults)
            }
        }
    }
}

impl<'t> File<'t> {
    fn fault(&mut self, line: usize, what: String) {
        self.faults.push(TableError { table: self.name.to_owned(), line, what });
    }

    /// `key: value`, or `class NAME: words`.
    fn header(&mut self, number: usize, line: &'t str) {
        let Some((key, value)) = line.split_once(':') else {
            let sections = SECTIONS.join(", ");
            let what = format!("neither `key: value` nor one of {sections}; write one of them");
            return self.fault(number, what);
        };
        let (key, value) = (key.trim(), value.trim());
        if let Some(class) = key.strip_prefix("class ") {
            return self.classes.push((format!("@{}", class.trim()), value));
        }
        if !KEYS.contains(&key) {
            let what = format!("no such key `{key}`; there are {}", KEYS.join(", "));
            return self.fault(number, what);
        }
        if self.keys.insert(key, (number, value)).is_some() {
            self.fault(number, format!("`{key}` stands twice; take one out"));
        }
    }

    /// A line of the patterns with the words of the file's own classes.
    fn with_classes(&self, line: &str) -> String {
        let mut line = line.to_owned();
        for (class, words) in &self.classes {
            let mut out = String::new();
            let mut rest = line.as_str();
            while let Some(at) = rest.find(class.as_str()) {
                let (before, after) = (&rest[..at], &rest[at + class.len()..]);
                let whole =
                    !after.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-'));
                out.push_str(before);
                out.push_str(if whole { words } else { class });
                rest = after;
            }
            out.push_str(rest);
            line = out;
        }
        line
    }

    fn words(&self, key: &str) -> Vec<&'t str> {
        let value = self.keys.get(key).map_or("", |(_, value)| *value);
        let words = value.split([',', '|']).map(str::trim);
        words.filter(|w| !w.is_empty() && *w != "none").collect()
    }

    /// The value of a key as something, or a fault that says what it should be.
    fn value<T>(&mut self, key: &str, wanted: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let (line, value) = *self.keys.get(key)?;
        let found = read(value);
        if found.is_none() {
            self.fault(line, format!("`{value}` as `{key}`: write {wanted}"));
        }
        found
    }

    fn about(&mut self, acts: &Acts) -> Option<About> {
        for key in ["type", "quad"] {
            if !self.keys.contains_key(key) {
                self.fault(1, format!("no `{key}:` at the top; add it"));
            }
        }
        let name = "a name of 2 to 24 of A-Z, 0-9 and `_` that is none of PLOVER's";
        let kind = self.value("type", name, |v| v.parse().ok());
        let quads: Vec<&str> = Quad::ALL.iter().map(|q| q.as_str()).collect();
        let quad = self.value("quad", &quads.join(", "), |v| v.parse().ok());
        let goldstein = self.value("goldstein", "a number from -10 to 10", |v| {
            v.parse().ok().filter(|g| (-10.0..=10.0).contains(g))
        });
        let cameo = self.value("cameo", "a CAMEO code of 2 to 4 digits (as 042), or none", |v| {
            let digits = (2..=4).contains(&v.len()) && v.bytes().all(|b| b.is_ascii_digit());
            let root = v.get(..2).and_then(|r| r.parse().ok()).unwrap_or(0);
            match v {
                "none" => Some(String::new()),
                code => (digits && (1..=20).contains(&root)).then(|| code.to_owned()),
            }
        });
        let cameo = cameo.unwrap_or_default();
        let needs = self.value("needs", "actor, recipient, both or none", |v| match v {
            "actor" => Some((true, false)),
            "recipient" => Some((false, true)),
            "both" => Some((true, true)),
            "none" => Some((false, false)),
            _ => None,
        });
        let (needs_actor, needs_recipient) = needs.unwrap_or_default();
        let any_topic = self.value("about", "politics or anything", |v| match v {
            "politics" => Some(false),
            "anything" => Some(true),
            _ => None,
        });
        let plover = "types of PLOVER with commas between them, all or none";
        let replaces = self.value("replaces", plover, |v| match v {
            "all" => Some(EventType::ALL.to_vec()),
            "none" => Some(Vec::new()),
            _ => v.split([',', '|']).map(|w| EventType::plover(w.trim())).collect(),
        });
        let threshold = self.value("threshold", "a number from 0.1 to 0.99", |v| {
            v.parse().ok().filter(|t| (0.1..=0.99).contains(t))
        });
        let roles = |file: &Self, key| file.words(key).into_iter().map(Role::from).collect();
        let to = match self.keys.get("to") {
            Some((_, "none")) => None,
            _ => Some(roles(self, "to")),
        };
        Some(About {
            kind: kind?,
            quad: quad?,
            goldstein: goldstein.unwrap_or_else(|| acts.goldstein(&cameo)),
            cameo,
            needs_actor,
            needs_recipient,
            any_topic: any_topic.unwrap_or(false),
            replaces: replaces.unwrap_or_default(),
            to,
            from: roles(self, "from"),
            threshold: threshold.unwrap_or(0.5),
        })
    }

    /// One sentence on both sides is a contradiction, twice on one side a slip.
    fn repeated(&mut self, examples: &[Sentence], counterexamples: &[Sentence]) {
        let mut seen: BTreeMap<String, (bool, &Sentence)> = BTreeMap::new();
        let all =
            examples.iter().map(|s| (true, s)).chain(counterexamples.iter().map(|s| (false, s)));
        for (yes, sentence) in all {
            let Some((before, first)) = seen.insert(sentence.key(), (yes, sentence)) else {
                continue;
            };
            // One sentence may tell twice, and a part of it be none.
            if first.trigger.is_some()
                && sentence.trigger.is_some()
                && first.trigger != sentence.trigger
            {
                continue;
            }
            let what = match before == yes {
                true => format!("the same as line {}; take one out", first.line),
                false => format!(
                    "contradicts line {}, which has the same sentence as an example; take one out",
                    first.line
                ),
            };
            self.fault(sentence.line, what);
        }
    }
}
