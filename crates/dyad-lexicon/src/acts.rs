//! The tables that code acts: which words tell of which act (`acts.tsv`, `act-classes.tsv`), how far
//! it has come (`status.tsv`), what a verbal act over another is (`chains.tsv`), its score
//! (`goldstein.tsv`) and its contexts (`contexts.tsv`).

use crate::{Row, Table, TableError};
use dyad_record::{EventType, Status};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::fmt;

/// The part of speech under which a word is an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActPos {
    Verb,
    Noun,
    Adj,
}

/// Where in the clause a rule looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    Object,
    Subject,
    Modifier,
    Particle,
    Infinitive,
    Clause,
    Predicate,
    Adverb,
    Possessor,
    Passive,
    NoObject,
    NoInfinitive,
    /// A dependent in whatever relation.
    Dependent,
    /// Anything in the phrase of the object.
    Below,
    Preposition(SmolStr),
}

/// A set of lemmas: listed, by class, or told by what the word heads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    pub any: bool,
    pub actor: bool,
    pub person: bool,
    pub place: bool,
    pub act: bool,
    classes: u128,
    listed: Vec<SmolStr>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    pub slot: Slot,
    pub words: Words,
}

/// Where the recipient of an act stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    Object,
    Indirect,
    Subject,
    Possessor,
    /// The subject of the clause that the verb takes.
    Clause,
    Preposition(SmolStr),
}

/// One row of `acts.tsv`.
#[derive(Clone, Debug, PartialEq)]
pub struct ActRule {
    pub line: u32,
    pub needs: Vec<Need>,
    /// None: these words are no political act.
    pub kind: Option<EventType>,
    pub mode: Option<SmolStr>,
    pub cameo: SmolStr,
    pub to: Vec<Role>,
    pub mutual: bool,
    /// How much the row asks for: the most demanding row that holds wins.
    pub weight: u32,
}

/// The part of speech under which a word says how far an act has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatusPos {
    Aux,
    Verb,
    Noun,
    Adj,
    Adv,
    Mark,
}

/// How the act hangs on such a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes<'a> {
    Itself,
    Infinitive,
    Clause,
    Object,
    Preposition(&'a str),
}

#[derive(Clone, Debug, PartialEq)]
pub struct StatusRule {
    pub line: u32,
    pub pos: StatusPos,
    itself: bool,
    infinitive: bool,
    clause: bool,
    object: bool,
    prepositions: Vec<SmolStr>,
    /// None: the act below happened after all ("began to").
    pub status: Option<Status>,
    /// The carrier word is no act of its own where one stands below it.
    pub silent: bool,
}

impl StatusRule {
    pub fn takes(&self, how: Takes<'_>) -> bool {
        match how {
            Takes::Itself => self.itself,
            Takes::Infinitive => self.infinitive,
            Takes::Clause => self.clause,
            Takes::Object => self.object,
            Takes::Preposition(p) => self.prepositions.iter().any(|q| q == p),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Chain {
    carrier: EventType,
    below: EventType,
    below_mode: Option<SmolStr>,
    mode: Option<SmolStr>,
    cameo: SmolStr,
}

/// The texts of the six tables.
#[derive(Clone, Copy, Debug)]
pub struct ActTexts<'t> {
    pub acts: &'t str,
    pub classes: &'t str,
    pub status: &'t str,
    pub chains: &'t str,
    pub goldstein: &'t str,
    pub contexts: &'t str,
}

/// Everything that codes acts.
#[derive(Clone, Debug, Default)]
pub struct Acts {
    rules: Vec<ActRule>,
    by_word: FxHashMap<SmolStr, [Vec<u32>; 3]>,
    class_names: Vec<SmolStr>,
    classes: FxHashMap<SmolStr, u128>,
    status: FxHashMap<SmolStr, Vec<StatusRule>>,
    chains: Vec<Chain>,
    goldstein: FxHashMap<SmolStr, f32>,
    context_names: Vec<SmolStr>,
    contexts: FxHashMap<SmolStr, Vec<u8>>,
    /// First words of the two-word entries of `contexts`.
    context_pairs: FxHashMap<SmolStr, Vec<(SmolStr, u8)>>,
}

impl Acts {
    pub fn parse(texts: &ActTexts<'_>) -> Result<Self, TableError> {
        let mut acts = Acts::default();
        acts.parse_classes(texts.classes)?;
        acts.parse_acts(texts.acts)?;
        acts.parse_status(texts.status)?;
        acts.parse_chains(texts.chains)?;
        acts.parse_goldstein(texts.goldstein)?;
        acts.parse_contexts(texts.contexts)?;
        Ok(acts)
    }

    fn parse_classes(&mut self, text: &str) -> Result<(), TableError> {
        let table = Table::parse("lexicons/act-classes.tsv", text, &["class", "words"])?;
        for row in table.rows() {
            let name: SmolStr = row.get("class").into();
            if self.class_names.contains(&name) {
                return Err(row.error(format!("class `{name}` stands twice; join the rows")));
            }
            if self.class_names.len() == 128 {
                return Err(row.error("more than 128 classes; join some"));
            }
            let bit = 1u128 << self.class_names.len();
            self.class_names.push(name);
            for word in row.list("words") {
                *self.classes.entry(word.into()).or_default() |= bit;
            }
        }
        Ok(())
    }

    fn parse_acts(&mut self, text: &str) -> Result<(), TableError> {
        let columns = ["words", "pos", "needs", "type", "mode", "cameo", "to", "mutual"];
        let table = Table::parse("lexicons/acts.tsv", text, &columns)?;
        for row in table.rows() {
            let kind = match row.get("type") {
                "-" => None,
                name => Some(event_type(&row, name)?),
            };
            let (pos, rule) = self.rule(&row, kind, row.get("cameo"))?;
            let id = self.rules.len() as u32;
            self.rules.push(rule);
            for word in row.list("words") {
                self.by_word.entry(word.into()).or_default()[pos as usize].push(id);
            }
        }
        Ok(())
    }

    /// The rule of a row, whose type and code may stand elsewhere.
    pub fn rule(
        &self,
        row: &Row<'_, '_>,
        kind: Option<EventType>,
        cameo: &str,
    ) -> Result<(ActPos, ActRule), TableError> {
        let pos = match row.get("pos") {
            "verb" => ActPos::Verb,
            "noun" => ActPos::Noun,
            "adj" => ActPos::Adj,
            other => {
                return Err(row.error(format!("`{other}` is not verb, noun or adj; use one")));
            }
        };
        let mut needs = Vec::new();
        for token in row.get("needs").split(' ').filter(|t| !t.is_empty()) {
            needs.push(self.need(row, token)?);
        }
        let weight = needs.iter().map(Need::weight).sum();
        let rule = ActRule {
            line: row.line as u32,
            needs,
            kind,
            mode: optional(row.get("mode")),
            cameo: cameo.into(),
            to: row.list("to").map(Role::from).collect(),
            mutual: row.get("mutual") == "yes",
            weight,
        };
        Ok((pos, rule))
    }

    fn need(&self, row: &Row<'_, '_>, token: &str) -> Result<Need, TableError> {
        let (key, list) = token.split_once(':').unwrap_or((token, ""));
        let listed = token.contains(':');
        let slot = match (key, listed) {
            ("obj", _) => Slot::Object,
            ("subj", _) => Slot::Subject,
            ("mod", _) => Slot::Modifier,
            ("prt", _) => Slot::Particle,
            ("inf", _) => Slot::Infinitive,
            ("that", _) => Slot::Clause,
            ("xcomp", _) => Slot::Predicate,
            ("adv", _) => Slot::Adverb,
            ("poss", _) => Slot::Possessor,
            ("below", true) => Slot::Below,
            ("pass", false) => Slot::Passive,
            ("noobj", false) => Slot::NoObject,
            ("noinf", false) => Slot::NoInfinitive,
            (_, false) => Slot::Dependent,
            (preposition, true) => Slot::Preposition(preposition.into()),
        };
        let mut words = Words::default();
        if slot == Slot::Dependent {
            words.listed.push(key.into());
        } else if list.is_empty() {
            words.any = true;
        }
        for part in list.split('|').filter(|p| !p.is_empty()) {
            match part {
                "*" => words.any = true,
                "@actor" => words.actor = true,
                "@person" => words.person = true,
                "@place" => words.place = true,
                "@act" => words.act = true,
                _ => match part.strip_prefix('@') {
                    None => words.listed.push(part.into()),
                    Some(class) => match self.class_bit(class) {
                        Some(bit) => words.classes |= bit,
                        None => {
                            return Err(row.error(format!(
                                "no class `{class}` in act-classes.tsv; add it or name another"
                            )));
                        }
                    },
                },
            }
        }
        Ok(Need { slot, words })
    }

    fn class_bit(&self, class: &str) -> Option<u128> {
        self.class_names.iter().position(|n| n == class).map(|i| 1 << i)
    }

    fn parse_status(&mut self, text: &str) -> Result<(), TableError> {
        let columns = ["words", "pos", "takes", "status", "silent"];
        let table = Table::parse("lexicons/status.tsv", text, &columns)?;
        for row in table.rows() {
            let pos = match row.get("pos") {
                "aux" => StatusPos::Aux,
                "verb" => StatusPos::Verb,
                "noun" => StatusPos::Noun,
                "adj" => StatusPos::Adj,
                "adv" => StatusPos::Adv,
                "mark" => StatusPos::Mark,
                other => {
                    return Err(row.error(format!(
                        "`{other}` is not aux, verb, noun, adj, adv or mark; use one"
                    )));
                }
            };
            let status = match row.get("status") {
                "-" => None,
                word => Some(
                    word.parse::<Status>()
                        .map_err(|e| row.error(format!("{e}; the contract lists them")))?,
                ),
            };
            let mut rule = StatusRule {
                line: row.line as u32,
                pos,
                itself: false,
                infinitive: false,
                clause: false,
                object: false,
                prepositions: Vec::new(),
                status,
                silent: row.get("silent") == "yes",
            };
            for how in row.list("takes") {
                match how {
                    "self" => rule.itself = true,
                    "inf" => rule.infinitive = true,
                    "that" => rule.clause = true,
                    "obj" => rule.object = true,
                    preposition => rule.prepositions.push(preposition.into()),
                }
            }
            for word in row.list("words") {
                self.status.entry(word.into()).or_default().push(rule.clone());
            }
        }
        Ok(())
    }

    fn parse_chains(&mut self, text: &str) -> Result<(), TableError> {
        let columns = ["carrier", "below", "below_mode", "mode", "cameo"];
        let table = Table::parse("lexicons/chains.tsv", text, &columns)?;
        for row in table.rows() {
            self.chains.push(Chain {
                carrier: event_type(&row, row.get("carrier"))?,
                below: event_type(&row, row.get("below"))?,
                below_mode: optional(row.get("below_mode")),
                mode: optional(row.get("mode")),
                cameo: row.get("cameo").into(),
            });
        }
        Ok(())
    }

    fn parse_goldstein(&mut self, text: &str) -> Result<(), TableError> {
        let table = Table::parse("lexicons/goldstein.tsv", text, &["cameo", "score"])?;
        for row in table.rows() {
            let score = row.get("score").parse().map_err(|_| {
                row.error(format!("`{}` is not a number; write it as -7.2", row.get("score")))
            })?;
            self.goldstein.insert(row.get("cameo").into(), score);
        }
        Ok(())
    }

    fn parse_contexts(&mut self, text: &str) -> Result<(), TableError> {
        let table = Table::parse("lexicons/contexts.tsv", text, &["context", "words"])?;
        for row in table.rows() {
            let id = self.context_names.len() as u8;
            self.context_names.push(row.get("context").into());
            for word in row.list("words") {
                match word.split_once('_') {
                    None => self.contexts.entry(word.into()).or_default().push(id),
                    Some((first, second)) => self
                        .context_pairs
                        .entry(first.into())
                        .or_default()
                        .push((second.into(), id)),
                }
            }
        }
        Ok(())
    }

    /// The rows under which this word may be an act, in the order of the file.
    pub fn rules(&self, pos: ActPos, lemma: &str) -> impl Iterator<Item = &ActRule> {
        let ids = self.by_word.get(lemma).map_or(&[][..], |by_pos| &by_pos[pos as usize]);
        ids.iter().map(|id| &self.rules[*id as usize])
    }

    /// Whether the lemma stands in the class; an unknown class holds nothing.
    pub fn in_class(&self, lemma: &str, class: &str) -> bool {
        self.class_bit(class).is_some_and(|bit| self.class_mask(lemma) & bit != 0)
    }

    /// Whether any of the tables knows the lemma.
    pub fn knows(&self, lemma: &str) -> bool {
        self.by_word.contains_key(lemma)
            || self.classes.contains_key(lemma)
            || self.status.contains_key(lemma)
    }

    /// The known word of which this is a regular form, where there is one.
    pub fn known_stem(&self, form: &str) -> Option<SmolStr> {
        const ENDINGS: [(&str, &str); 10] = [
            ("ies", "y"),
            ("es", ""),
            ("s", ""),
            ("ied", "y"),
            ("ed", ""),
            ("ed", "e"),
            ("ing", ""),
            ("ing", "e"),
            ("men", "man"),
            ("ves", "fe"),
        ];
        let form = form.to_lowercase();
        let stems = ENDINGS.iter().filter_map(|(cut, add)| {
            let stem = form.strip_suffix(cut).filter(|s| s.len() > 1)?;
            Some((stem, format!("{stem}{add}")))
        });
        for (stem, word) in stems {
            if self.knows(&word) {
                return Some(word.into());
            }
            // "expelled", "stopping"
            let single = &stem[..stem.len() - stem.chars().next_back().map_or(0, char::len_utf8)];
            let doubled = stem.chars().rev().take(2).collect::<Vec<_>>();
            if doubled.len() == 2 && doubled[0] == doubled[1] && self.knows(single) {
                return Some(single.into());
            }
        }
        None
    }

    /// The classes that hold the lemma, in the order of the file.
    pub fn classes_of(&self, lemma: &str) -> impl Iterator<Item = &str> {
        let mask = self.class_mask(lemma);
        let names = self.class_names.iter().enumerate();
        names.filter(move |(i, _)| mask & (1 << i) != 0).map(|(_, n)| n.as_str())
    }

    fn class_mask(&self, lemma: &str) -> u128 {
        self.classes.get(lemma).copied().unwrap_or(0)
    }

    /// Whether the lemma is listed in the set or in one of its classes.
    pub fn holds(&self, words: &Words, lemma: &str) -> bool {
        words.any
            || words.classes & self.class_mask(lemma) != 0
            || words.listed.iter().any(|w| w == lemma)
    }

    /// What the word says of the act that hangs on it so.
    pub fn status(&self, pos: StatusPos, lemma: &str, how: Takes<'_>) -> Option<&StatusRule> {
        self.status.get(lemma)?.iter().find(|rule| rule.pos == pos && rule.takes(how))
    }

    /// Mode and CAMEO code of a verbal act over another.
    pub fn chain(
        &self,
        carrier: EventType,
        below: EventType,
        below_mode: Option<&str>,
    ) -> Option<(Option<&str>, &str)> {
        let chain = self.chains.iter().find(|c| {
            c.carrier == carrier
                && c.below == below
                && (c.below_mode.is_none() || c.below_mode.as_deref() == below_mode)
        })?;
        Some((chain.mode.as_deref(), &chain.cameo))
    }

    /// The score of a CAMEO code, or of the longest listed beginning of it.
    pub fn goldstein(&self, cameo: &str) -> f32 {
        (2..=cameo.len())
            .rev()
            .filter_map(|n| self.goldstein.get(cameo.get(..n)?))
            .next()
            .copied()
            .unwrap_or(0.0)
    }

    /// The contexts that the lemmas of a sentence speak of, in the order of the table.
    pub fn contexts<'l>(&self, lemmas: impl Iterator<Item = &'l str>) -> Vec<&str> {
        let mut found = 0u64;
        let mut before: Option<&str> = None;
        for lemma in lemmas {
            for id in self.contexts.get(lemma).into_iter().flatten() {
                found |= 1 << id;
            }
            let pairs = before.and_then(|b| self.context_pairs.get(b));
            for (second, id) in pairs.into_iter().flatten() {
                if second == lemma {
                    found |= 1 << id;
                }
            }
            before = Some(lemma);
        }
        let names = self.context_names.iter().enumerate();
        names.filter(|(i, _)| found & (1 << i) != 0).map(|(_, n)| n.as_str()).collect()
    }
}

impl Need {
    fn weight(&self) -> u32 {
        match &self.slot {
            Slot::NoObject | Slot::NoInfinitive => 1,
            Slot::Passive => 1,
            _ if self.words.any => 1,
            _ if self.words.classes == 0 && self.words.listed.is_empty() => 2,
            _ => 3,
        }
    }
}

fn optional(cell: &str) -> Option<SmolStr> {
    (!cell.is_empty()).then(|| cell.into())
}

impl From<&str> for Role {
    fn from(word: &str) -> Role {
        match word {
            "obj" => Role::Object,
            "iobj" => Role::Indirect,
            "subj" => Role::Subject,
            "poss" => Role::Possessor,
            "that" => Role::Clause,
            preposition => Role::Preposition(preposition.into()),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Role::Object => "obj",
            Role::Indirect => "iobj",
            Role::Subject => "subj",
            Role::Possessor => "poss",
            Role::Clause => "that",
            Role::Preposition(preposition) => preposition,
        })
    }
}

fn event_type(row: &Row<'_, '_>, name: &str) -> Result<EventType, TableError> {
    EventType::plover(name).ok_or_else(|| {
        row.error(format!("`{name}` is not an event type; PLOVER has sixteen, in capitals"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped() -> Acts {
        crate::Lexicons::builtin().unwrap().acts
    }

    #[test]
    fn the_shipped_tables_are_sound() {
        let acts = shipped();
        assert!(acts.by_word.len() > 900, "{} words", acts.by_word.len());
        for rule in &acts.rules {
            let Some(kind) = rule.kind else { continue };
            let root = rule.cameo.get(..2).unwrap_or("");
            assert!(acts.goldstein.contains_key(root), "line {}: no root {root}", rule.line);
            assert!(rule.to.len() < 12, "line {}", rule.line);
            assert!(kind.of_plover().is_some(), "line {}", rule.line);
        }
        for kind in EventType::ALL {
            let rows = acts.rules.iter().filter(|r| r.kind == Some(*kind)).count();
            assert!(rows >= 8, "{kind}: {rows} rows");
        }
        assert_eq!(acts.context_names.len(), 37);
    }

    #[test]
    fn scores_fall_back_to_the_shorter_code() {
        let acts = shipped();
        assert_eq!(acts.goldstein("1384"), -7.0);
        assert_eq!(acts.goldstein("0811"), 5.0);
        assert_eq!(acts.goldstein("999"), 0.0);
    }

    #[test]
    fn chains_look_at_the_mode_below() {
        let acts = shipped();
        let (mode, cameo) =
            acts.chain(EventType::Request, EventType::Retreat, Some("release")).unwrap();
        assert_eq!((mode, cameo), (Some("yield"), "1053"));
        assert!(acts.chain(EventType::Agree, EventType::Assault, None).is_none());
    }

    #[test]
    fn an_unknown_class_is_named() {
        let acts = "words\tpos\tneeds\ttype\tmode\tcameo\tto\tmutual\nhit\tverb\tobj:@zebra\tASSAULT\t\t190\n";
        let own = |name: &str| (name == "acts").then(|| acts.to_owned());
        let error = crate::Lexicons::default().code_acts(own).unwrap_err();
        assert_eq!(error.line, 2);
        assert!(error.what.contains("zebra"));
    }

    #[test]
    fn a_regular_form_leads_to_the_known_word() {
        let acts = shipped();
        for (form, lemma) in
            [("Expelled", "expel"), ("denied", "deny"), ("accusing", "accuse"), ("troops", "troop")]
        {
            assert_eq!(acts.known_stem(form).as_deref(), Some(lemma));
        }
        assert_eq!(acts.known_stem("zzzing"), None);
        assert_eq!(acts.known_stem("é"), None);
    }

    #[test]
    fn contexts_know_pairs() {
        let acts = shipped();
        let lemmas = ["the", "armed", "force", "vote"];
        assert_eq!(acts.contexts(lemmas.into_iter()), ["military", "election"]);
    }
}
