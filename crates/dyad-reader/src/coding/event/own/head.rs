//! What a head file holds: the definition of an own event type, the words that may tell of it, and
//! what each of their features weighs.

use dyad_lexicon::acts::{ActPos, ActRule, Role};
use dyad_lexicon::{Acts, Table, TableError};
use dyad_record::{EventType, OwnType, Quad};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The first line of a head file.
pub const MARK: &str = "dyad-head 1";
/// The columns of the patterns.
pub const COLUMNS: [&str; 7] = ["words", "pos", "needs", "mode", "to", "mutual", "is"];
const POS: [(ActPos, &str); 3] =
    [(ActPos::Verb, "verb"), (ActPos::Noun, "noun"), (ActPos::Adj, "adj")];

pub fn pos_name(pos: ActPos) -> &'static str {
    POS.iter().find(|(p, _)| *p == pos).map_or("", |(_, name)| name)
}

/// What is said of a type by whoever defines it.
#[derive(Clone, Debug, PartialEq)]
pub struct About {
    pub kind: OwnType,
    pub quad: Quad,
    pub goldstein: f32,
    /// Empty for none.
    pub cameo: String,
    pub needs_actor: bool,
    pub needs_recipient: bool,
    /// Reports about sport, art and the like are read for it too.
    pub any_topic: bool,
    /// Types of which an event on the same trigger gives way.
    pub replaces: Vec<EventType>,
    /// Where the recipient stands, best first; none where it has no recipient.
    pub to: Option<Vec<Role>>,
    /// Where the actor stands, best first, where it is not the subject or the like.
    pub from: Vec<Role>,
    /// Below that, nothing is told.
    pub threshold: f32,
}

/// A row of the patterns as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    pub line: u32,
    pub cells: [String; COLUMNS.len()],
    pub rule: ActRule,
    /// These words tell of nothing of the kind.
    pub clears: bool,
    words: Vec<SmolStr>,
    pos: ActPos,
}

/// The type with the words that may tell of it.
#[derive(Clone, Debug)]
pub struct Spec {
    pub about: About,
    pub patterns: Vec<Pattern>,
    /// Lemma and part of speech of the triggers in the examples, with the mode that most have.
    pub triggers: BTreeMap<(SmolStr, &'static str), Option<SmolStr>>,
    pub(super) bare: ActRule,
    by_word: FxHashMap<(SmolStr, ActPos), Vec<u32>>,
}

impl Spec {
    /// `table` has the columns of [`COLUMNS`], of which only `words` and `pos` must be there.
    pub fn new(about: About, acts: &Acts, table: Option<&Table<'_>>) -> Result<Self, TableError> {
        let kind = EventType::Own(about.kind);
        let bare = ActRule {
            line: 0,
            needs: Vec::new(),
            kind: Some(kind),
            mode: None,
            cameo: about.cameo.as_str().into(),
            to: about.to.clone().unwrap_or_default(),
            mutual: false,
            weight: 0,
        };
        let mut spec = Spec {
            about,
            patterns: Vec::new(),
            triggers: BTreeMap::new(),
            bare,
            by_word: FxHashMap::default(),
        };
        for row in table.into_iter().flat_map(Table::rows) {
            let clears = match row.get("is") {
                "" | "yes" => false,
                "no" => true,
                other => {
                    return Err(row.error(format!(
                        "`{other}` under `is`; write no for words that are none, else nothing"
                    )));
                }
            };
            let (pos, mut rule) = acts.rule(&row, Some(kind), &spec.about.cameo)?;
            if rule.to.is_empty() {
                rule.to.clone_from(&spec.bare.to);
            }
            let words: Vec<SmolStr> = row.list("words").map(SmolStr::from).collect();
            if words.is_empty() {
                return Err(row.error("no word under `words`; write lemmas with `|` between them"));
            }
            let number = spec.patterns.len() as u32;
            for word in &words {
                spec.by_word.entry((word.clone(), pos)).or_default().push(number);
            }
            // A head carries the lines of the file it was made of.
            let line = row.get("line").parse().unwrap_or(row.line as u32);
            rule.line = line;
            let cells = COLUMNS.map(|column| row.get(column).to_owned());
            spec.patterns.push(Pattern { line, cells, rule, clears, words, pos });
        }
        Ok(spec)
    }

    pub fn kind(&self) -> EventType {
        EventType::Own(self.about.kind)
    }

    /// The patterns that begin at a word, or at any.
    pub(super) fn patterns_of(&self, lemma: &SmolStr, pos: ActPos) -> Vec<&Pattern> {
        let of = |word: SmolStr| self.by_word.get(&(word, pos)).into_iter().flatten();
        of(lemma.clone()).chain(of("*".into())).map(|i| &self.patterns[*i as usize]).collect()
    }

    /// Other places of the sides than were written down.
    pub fn with_roles(mut self, to: Option<Vec<Role>>, from: Vec<Role>) -> Spec {
        let usual = self.bare.to.clone();
        self.about.to = to;
        self.about.from = from;
        self.bare.to = self.about.to.clone().unwrap_or_default();
        for pattern in self.patterns.iter_mut().filter(|p| p.rule.to == usual) {
            pattern.rule.to.clone_from(&self.bare.to);
        }
        self
    }

    /// The words that every pattern begins with.
    pub fn pattern_words(&self) -> impl Iterator<Item = (&SmolStr, &'static str)> {
        self.patterns.iter().flat_map(|p| p.words.iter().map(|w| (w, pos_name(p.pos))))
    }
}

/// A trained type.
#[derive(Clone, Debug)]
pub struct Head {
    pub spec: Spec,
    /// Name and hash of the file that it was trained on.
    pub source: (String, String),
    pub weights: FxHashMap<SmolStr, f32>,
    pub bias: f32,
}

impl Head {
    /// How likely a word with these features tells of such an event.
    pub fn probability(&self, features: &[SmolStr]) -> f32 {
        let sum: f32 = features.iter().map(|f| self.weight(f)).sum();
        let odds = self.bias + sum / (features.len().max(1) as f32).sqrt();
        1.0 / (1.0 + (-odds).exp())
    }

    pub fn weight(&self, feature: &str) -> f32 {
        self.weights.get(feature).copied().unwrap_or(0.0)
    }

    /// The file, the same for the same head.
    pub fn to_text(&self) -> String {
        let About { kind, quad, goldstein, cameo, needs_actor, needs_recipient, any_topic, .. } =
            &self.spec.about;
        let about = &self.spec.about;
        let or_none = |words: Vec<String>| match words.is_empty() {
            true => "-".to_owned(),
            false => words.join("|"),
        };
        let needs = [(*needs_actor, "actor"), (*needs_recipient, "recipient")];
        let needs = needs.iter().filter(|(needed, _)| *needed).map(|(_, word)| word.to_string());
        let to = match &about.to {
            None => "none".to_owned(),
            Some(roles) => or_none(roles.iter().map(Role::to_string).collect()),
        };
        let mut out = format!("{MARK}\n");
        for (key, value) in [
            ("type", kind.as_str().to_owned()),
            ("quad", quad.to_string()),
            ("goldstein", goldstein.to_string()),
            ("cameo", or_none(vec![cameo.clone()].into_iter().filter(|c| !c.is_empty()).collect())),
            ("needs", or_none(needs.collect())),
            ("about", if *any_topic { "anything" } else { "politics" }.to_owned()),
            ("replaces", or_none(about.replaces.iter().map(EventType::to_string).collect())),
            ("to", to),
            ("from", or_none(about.from.iter().map(Role::to_string).collect())),
            ("threshold", about.threshold.to_string()),
            ("source", format!("{}\t{}", self.source.0, self.source.1)),
            ("bias", format!("{:.4}", self.bias)),
        ] {
            let _ = writeln!(out, "{key}\t{value}");
        }
        let _ = writeln!(out, "[patterns]\nline\t{}", COLUMNS.join("\t"));
        for pattern in &self.spec.patterns {
            let _ = writeln!(out, "{}\t{}", pattern.line, pattern.cells.join("\t"));
        }
        out.push_str("[triggers]\n");
        for ((lemma, pos), mode) in &self.spec.triggers {
            let _ = writeln!(out, "{lemma}\t{pos}\t{}", mode.as_deref().unwrap_or(""));
        }
        out.push_str("[weights]\n");
        let weights: BTreeMap<&SmolStr, &f32> = self.weights.iter().collect();
        for (feature, weight) in weights {
            let _ = writeln!(out, "{feature}\t{weight:.4}");
        }
        out
    }

    /// Reads what [`Head::to_text`] writes. `name` is the file's, for complaints.
    pub fn from_text(name: &str, text: &str, acts: &Acts) -> Result<Self, TableError> {
        let fail = |line: usize, what: &str| TableError {
            table: name.to_owned(),
            line,
            what: format!("{what}; make it again with `dyad train-type`"),
        };
        let mut lines = text.lines().enumerate().map(|(i, line)| (i + 1, line));
        if lines.next().map(|(_, line)| line) != Some(MARK) {
            let what = match text.lines().any(|l| l.trim() == "[examples]") {
                true => {
                    "an ontology that is not trained yet; run `dyad train-type` on it and name the head that it writes"
                }
                false => "no trained event type; `dyad train-type` writes one",
            };
            return Err(TableError { table: name.to_owned(), line: 1, what: what.to_owned() });
        }
        let mut keys: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
        let mut section = "";
        let (mut patterns, mut triggers) = (String::new(), BTreeMap::new());
        let mut weights = FxHashMap::default();
        for (number, line) in lines {
            if ["[patterns]", "[triggers]", "[weights]"].contains(&line) {
                section = line;
                if section == "[patterns]" {
                    patterns = "\n".repeat(number);
                }
                continue;
            }
            let (key, value) = line.split_once('\t').ok_or(fail(number, "a tab is wanted"))?;
            match section {
                "" => _ = keys.insert(key, (number, value)),
                "[patterns]" => patterns.extend([line, "\n"]),
                "[triggers]" => {
                    let (pos, mode) = value.split_once('\t').unwrap_or((value, ""));
                    let known = POS.iter().find(|(_, name)| *name == pos);
                    let (_, pos) = known.ok_or(fail(number, "no part of speech of ours"))?;
                    let mode = (!mode.is_empty()).then(|| mode.into());
                    triggers.insert((key.into(), *pos), mode);
                }
                _ => {
                    let weight = value.parse().ok().filter(|w: &f32| w.is_finite());
                    let weight = weight.ok_or(fail(number, "a number is wanted"))?;
                    weights.insert(key.into(), weight);
                }
            }
        }
        let get = |key: &str| {
            let missing = format!("no `{key}`");
            keys.get(key).copied().ok_or_else(|| fail(1, &missing))
        };
        fn number(found: (usize, &str)) -> Result<f32, usize> {
            found.1.parse().ok().filter(|n: &f32| n.is_finite()).ok_or(found.0)
        }
        let number = |key: &str| {
            number(get(key)?).map_err(|line| fail(line, &format!("`{key}` is a number")))
        };
        let list = |key: &str| -> Result<Vec<&str>, TableError> {
            Ok(get(key)?.1.split('|').filter(|w| !w.is_empty() && *w != "-").collect())
        };
        let (at, kind) = get("type")?;
        let kind = kind.parse().map_err(|_| fail(at, "`type` is a name in capitals"))?;
        let (at, quad) = get("quad")?;
        let quad = quad.parse().map_err(|_| fail(at, "`quad` is a quad class"))?;
        let replaces = list("replaces")?.into_iter().filter_map(EventType::plover).collect();
        let roles = |key: &str| Ok(list(key)?.into_iter().map(Role::from).collect::<Vec<_>>());
        let (_, source) = get("source")?;
        let (file, hash) = source.split_once('\t').unwrap_or((source, ""));
        let needs = list("needs")?;
        let about = About {
            kind,
            quad,
            goldstein: number("goldstein")?,
            cameo: list("cameo")?.concat(),
            needs_actor: needs.contains(&"actor"),
            needs_recipient: needs.contains(&"recipient"),
            any_topic: get("about")?.1 == "anything",
            replaces,
            to: if get("to")?.1 == "none" { None } else { Some(roles("to")?) },
            from: roles("from")?,
            threshold: number("threshold")?,
        };
        let table = Table::parse(name, &patterns, &["words", "pos"])?;
        let mut spec = Spec::new(about, acts, Some(&table))?;
        spec.triggers = triggers;
        let source = (file.to_owned(), hash.to_owned());
        Ok(Head { spec, source, weights, bias: number("bias")? })
    }
}

/// The heads of a reader.
pub type Heads = Vec<Head>;
