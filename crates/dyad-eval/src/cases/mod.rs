//! Golden cases: a report and what must be read from it, in a notation that needs no code.
//! `cases/README.md` teaches it.

mod check;
mod parse;

pub use parse::{Case, CaseError, parse};

use crate::{EvalError, Set};
use dyad_reader::{Given, Reader, Worker};
use dyad_record::Record;
use std::path::Path;

/// How one case came out.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub name: String,
    /// Where it stands, as `cases/protest.txt:12`.
    pub place: String,
    /// Lines that are expected and hold, those marked `todo` left out.
    pub met: usize,
    /// What is expected and does not hold, or is `todo` and holds.
    pub failures: Vec<Failure>,
    /// Lines marked `todo` that indeed do not hold yet.
    pub todo: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Line of the file.
    pub line: usize,
    pub expected: String,
    /// What was read instead.
    pub got: String,
    /// The lines under it that the nearest finding does not meet.
    pub missed: Vec<usize>,
}

impl Outcome {
    /// Everything that a good coder would read was read.
    pub fn passed(&self) -> bool {
        self.failures.is_empty() && self.todo == 0
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{} ({})", self.name, self.place)?;
        for failure in &self.failures {
            writeln!(f, "  line {}, expected:", failure.line)?;
            for line in failure.expected.lines() {
                writeln!(f, "      {line}")?;
            }
            writeln!(f, "    got:")?;
            for line in failure.got.lines() {
                writeln!(f, "      {line}")?;
            }
        }
        Ok(())
    }
}

/// Reads the report of a case and holds the record against what is expected.
pub fn run(case: &Case, worker: &mut Worker<'_>) -> Outcome {
    let given = Given {
        published: case.published,
        title: case.title.clone(),
        url: case.url.clone(),
        ..Given::default()
    };
    match worker.read(case.report.as_bytes(), &given) {
        Ok(record) => check(case, &record),
        Err(error) => Outcome {
            name: case.name.clone(),
            place: case.place(),
            met: 0,
            failures: vec![Failure {
                line: case.line,
                expected: "a record of the report".to_owned(),
                got: error.to_string(),
                missed: Vec::new(),
            }],
            todo: 0,
        },
    }
}

/// Holds a record against what a case expects.
pub fn check(case: &Case, record: &Record) -> Outcome {
    check::outcome(case, record)
}

/// Runs the cases of a file, or of every `.txt` file of a folder in order of name.
pub fn run_all(path: &Path, reader: &Reader) -> Result<Vec<Outcome>, EvalError> {
    let mut worker = reader.worker();
    let cases = load(path)?;
    Ok(cases.iter().map(|case| run(case, &mut worker)).collect())
}

/// The cases of a file, or of every `.txt` file of a folder in order of name.
pub fn load(path: &Path) -> Result<Vec<Case>, EvalError> {
    let failed = |path: &Path, error| EvalError::File { path: path.to_owned(), error };
    let mut files = vec![path.to_owned()];
    if path.is_dir() {
        let entries = std::fs::read_dir(path).map_err(|e| failed(path, e))?;
        files = entries.filter_map(|e| Some(e.ok()?.path())).collect();
        files.retain(|f| f.extension().is_some_and(|e| e == "txt"));
        files.sort();
    }
    let mut cases: Vec<Case> = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).map_err(|e| failed(&file, e))?;
        for case in parse(&file.display().to_string(), &text)? {
            if let Some(twin) = cases.iter().find(|c| c.name == case.name) {
                let what = format!("`{}` stands already in {}", case.name, twin.place());
                return Err(CaseError { file: case.file, line: case.line, what }.into());
            }
            cases.push(case);
        }
    }
    if cases.is_empty() {
        return Err(EvalError::NoRows { set: Set::Cases, path: path.to_owned() });
    }
    Ok(cases)
}
