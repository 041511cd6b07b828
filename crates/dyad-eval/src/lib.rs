//! What the reader scores: on the field's own sets, and on the golden cases.
//!
//! The rule by which each set is scored stands in `docs/evaluation.md`.
#![forbid(unsafe_code)]

pub mod cases;
mod data;
mod measure;
mod sets;

pub use data::text;
pub use sets::{acts, pages};

use cases::{CaseError, Outcome};
use dyad_reader::Reader;
use std::path::{Path, PathBuf};
use thiserror::Error;

#[derive(Debug, Error)]
pub enum EvalError {
    #[error("{}: {error}; check the path", path.display())]
    File { path: PathBuf, error: std::io::Error },
    #[error("{}, line {line}: not a row of `{set}`: {what}; docs/evaluation.md gives its fields", path.display())]
    Row { set: Set, path: PathBuf, line: usize, what: String },
    #[error("{}: no rows of `{set}` in it; name the set's own file", path.display())]
    NoRows { set: Set, path: PathBuf },
    #[error("no code serves `{set}` yet: {why}")]
    NotServed { set: Set, why: &'static str },
    #[error(transparent)]
    Case(#[from] CaseError),
}

macro_rules! sets {
    ($($set:ident = $name:literal: $about:literal),+ $(,)?) => {
        /// A set that the reader is scored on.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Set { $($set),+ }

        impl Set {
            pub const ALL: &'static [Set] = &[$(Set::$set),+];

            pub const fn name(self) -> &'static str {
                match self { $(Set::$set => $name),+ }
            }

            /// What it measures, in a few words.
            pub const fn about(self) -> &'static str {
                match self { $(Set::$set => $about),+ }
            }
        }
    };
}
sets! {
    Ud = "ud": "tags, lemmas and trees (CoNLL-U)",
    Plv = "plv": "PLOVER types, sides given and end to end",
    CameoClass = "cameo-class": "the class of the act in a sentence",
    CameoSpans = "cameo-spans": "who acts on whom, as words",
    Muc4 = "muc4": "roles in attacks, over whole reports",
    Petrarch = "petrarch": "CAMEO records of PETRARCH's own tests",
    Re3d = "re3d": "entities and relations in conflict reports",
    Polnear = "polnear": "who said what in political news",
    Timeml = "timeml": "time expressions (also WikiWars)",
    Places = "places": "places in local news, on the map",
    EventLocation = "event-location": "where an act took place",
    Ner = "ner": "names (Wikigold)",
    Ecbplus = "ecbplus": "one happening in many reports",
    Acts = "acts": "every act of whole reports, end to end (our own)",
    Episodes = "episodes": "one happening told by several outlets (our own)",
    Pages = "pages": "article and date of whole web pages (our own)",
    Damage = "damage": "sentences that tools have mangled",
    Cases = "cases": "the golden cases",
}

impl std::fmt::Display for Set {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

/// What came out of scoring one file.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    pub set: Set,
    pub file: String,
    pub rows: usize,
    /// The scores of the set, by their names, from 0 to 1.
    pub scores: Vec<(&'static str, f64)>,
    /// Finer numbers, for the table alone.
    pub details: Vec<(String, f64)>,
}

impl Score {
    /// `{"set", "file", "rows", "scores": {name: number}}`.
    pub fn to_json(&self) -> serde_json::Value {
        let scores: serde_json::Map<String, serde_json::Value> =
            self.scores.iter().map(|(name, score)| ((*name).to_owned(), (*score).into())).collect();
        serde_json::json!({
            "set": self.set.name(),
            "file": self.file,
            "rows": self.rows,
            "scores": scores,
        })
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{} on {}, {} rows", self.set, self.file, self.rows)?;
        for (name, score) in &self.scores {
            writeln!(f, "  {name:<28} {score:.4}")?;
        }
        for (name, score) in &self.details {
            writeln!(f, "    {name:<26} {score:.4}")?;
        }
        Ok(())
    }
}

/// Scores the reader on a file of a set.
pub fn score(set: Set, file: &Path, reader: &Reader) -> Result<Score, EvalError> {
    let tally = match set {
        Set::Ud => sets::ud::score(file, reader),
        Set::Plv => sets::plv::score(file, reader),
        Set::CameoClass => sets::cameo_class::score(file, reader),
        Set::CameoSpans => sets::cameo_spans::score(file, reader),
        Set::Muc4 => sets::muc4::score(file, reader),
        Set::Petrarch => sets::petrarch::score(file, reader),
        Set::Re3d => sets::re3d::score(file, reader),
        Set::Polnear => sets::polnear::score(file, reader),
        Set::Timeml => sets::timeml::score(file, reader),
        Set::Places => sets::places::score(file, reader),
        Set::EventLocation => sets::event_location::score(file, reader),
        Set::Ner => sets::ner::score(file, reader),
        Set::Ecbplus => sets::ecbplus::score(file, reader),
        Set::Acts => sets::acts::score(file, reader),
        Set::Episodes => sets::episodes::score(file, reader),
        Set::Pages => sets::pages::score(file),
        Set::Damage => sets::damage::score(file, reader),
        Set::Cases => return Ok(score_of_cases(file, &cases::run_all(file, reader)?)),
    }?;
    if tally.rows == 0 {
        return Err(EvalError::NoRows { set, path: file.to_owned() });
    }
    let measure::Tally { rows, scores, details } = tally;
    Ok(Score { set, file: file.display().to_string(), rows, scores, details })
}

/// The share of golden cases of which everything was read.
pub fn score_of_cases(file: &Path, outcomes: &[Outcome]) -> Score {
    let count = |which: &dyn Fn(&&Outcome) -> bool| outcomes.iter().filter(which).count() as f64;
    let passed = count(&|o| o.passed());
    Score {
        set: Set::Cases,
        file: file.display().to_string(),
        rows: outcomes.len(),
        scores: vec![("passed", measure::ratio(passed, outcomes.len() as f64))],
        details: vec![
            ("cases passed".to_owned(), passed),
            ("cases with a todo".to_owned(), count(&|o| o.todo > 0)),
            ("cases failed".to_owned(), count(&|o| !o.failures.is_empty())),
        ],
    }
}
