//! How well a head tells what it was not trained on, for people.

use crate::file::Ontology;
use crate::learn;
use crate::rows::{From, Row, Rows, short, shortened};
use dyad_lexicon::acts::Role;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// How many wrong or doubtful sentences are told.
const SHOWN: usize = 12;

#[derive(Clone, Debug, Default)]
pub struct Report {
    pub kind: String,
    pub found: usize,
    pub examples: usize,
    pub fired: usize,
    pub counterexamples: usize,
    /// Candidates of the background, and how many of them were taken for one.
    pub background: usize,
    pub background_fired: usize,
    pub background_reports: usize,
    pub calibration_error: f64,
    pub actors: (usize, usize),
    pub recipients: (usize, usize),
    pub to: Option<String>,
    pub from: String,
    pub wrong: Vec<Wrong>,
    /// What the background holds that may be of the type.
    pub doubted: Vec<String>,
    pub notes: Vec<String>,
}

/// A sentence that is told wrongly.
#[derive(Clone, Debug)]
pub struct Wrong {
    pub line: usize,
    /// Whether it is an example and was missed.
    pub example: bool,
    pub p: f64,
    pub words: String,
    /// The line of the other side that is most like it.
    pub like: Option<usize>,
}

impl Report {
    /// `told` is the probability of every row by heads that were trained without it.
    pub fn new(
        ontology: &Ontology,
        rows: &Rows,
        told: &[f64],
        doubted: &BTreeSet<usize>,
        threshold: f64,
    ) -> Report {
        let mut report = Report {
            kind: rows.spec.about.kind.as_str().to_owned(),
            counterexamples: ontology.counterexamples.len(),
            background_reports: rows.background_reports,
            actors: rows.actors,
            recipients: rows.recipients,
            to: rows.spec.about.to.as_deref().map(roles),
            from: roles(&rows.spec.about.from),
            notes: rows.notes.clone(),
            ..Report::default()
        };
        // Of one sentence the surest word counts, as when it is read.
        let mut surest: BTreeMap<(bool, usize), (f64, &Row)> = BTreeMap::new();
        let mut calibration = Vec::new();
        for (row, p) in rows.all.iter().zip(told) {
            match row.from {
                From::Background(_) => {
                    report.background += 1;
                    report.background_fired += usize::from(*p >= threshold);
                }
                From::Example(_) | From::Counter(_) => {
                    let (yes, number) = row.from.sentence();
                    let known = surest.entry((!yes, number)).or_insert((*p, row));
                    if *p > known.0 {
                        *known = (*p, row);
                    }
                    if *p > 0.0 {
                        calibration.push((*p, yes));
                    }
                }
            }
        }
        for ((counter, number), (p, row)) in surest {
            let sentence = match counter {
                false => &ontology.examples[number],
                true => &ontology.counterexamples[number],
            };
            let told = p >= threshold;
            report.examples += usize::from(!counter);
            report.found += usize::from(!counter && told);
            report.fired += usize::from(counter && told);
            if told == counter {
                report.wrong.push(Wrong {
                    line: sentence.line,
                    example: !counter,
                    p,
                    words: shortened(sentence),
                    like: most_like(ontology, rows, row),
                });
            }
        }
        report.calibration_error = learn::calibration_error(&calibration);
        let doubted = doubted.iter().map(|i| &rows.background[*i]);
        report.doubted = doubted.map(|p| format!("{}: {}", p.place, short(&p.words))).collect();
        report.doubted.dedup();
        report
    }

    pub fn precision(&self) -> f64 {
        self.found as f64 / (self.found + self.fired).max(1) as f64
    }

    pub fn recall(&self) -> f64 {
        self.found as f64 / self.examples.max(1) as f64
    }
}

fn roles(roles: &[Role]) -> String {
    roles.iter().map(Role::to_string).collect::<Vec<_>>().join("|")
}

/// The line of the other side whose features are most like the row's.
fn most_like(ontology: &Ontology, rows: &Rows, row: &Row) -> Option<usize> {
    let own: BTreeSet<&u32> = row.instance.features.iter().collect();
    let others = rows.all.iter().filter(|other| other.instance.yes != row.instance.yes);
    let line = |from: From| match from {
        From::Example(i) => Some(ontology.examples[i].line),
        From::Counter(i) => Some(ontology.counterexamples[i].line),
        From::Background(_) => None,
    };
    let likeness = |other: &Row| {
        let shared = other.instance.features.iter().filter(|f| own.contains(f)).count();
        shared as f64 / (own.len() + other.instance.features.len() - shared).max(1) as f64
    };
    let found = others.filter_map(|other| Some((likeness(other), line(other.from)?)));
    found.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1))).map(|(_, line)| line)
}

/// `0.93`, or a dash of nothing.
pub fn share(part: usize, whole: usize) -> String {
    match whole {
        0 => "–".to_owned(),
        _ => format!("{:.3}", part as f64 / whole as f64),
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.example { "missed" } else { "taken for one" };
        write!(f, "line {}, {what} ({:.2}): {}", self.line, self.p, self.words)?;
        match self.like {
            Some(line) => write!(f, " [most like line {line}]"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { found, examples, fired, counterexamples, .. } = self;
        writeln!(f, "{}, each told by a head trained on nine tenths of the others:", self.kind)?;
        writeln!(
            f,
            "  precision {}, recall {}",
            share(*found, found + fired),
            share(*found, *examples)
        )?;
        writeln!(
            f,
            "  {found} of {examples} examples found, {fired} of {counterexamples} counterexamples taken for one"
        )?;
        writeln!(
            f,
            "  background: {} of {} candidates in {} reports taken for one",
            self.background_fired, self.background, self.background_reports
        )?;
        writeln!(f, "  expected calibration error {:.3}", self.calibration_error)?;
        for (side, (marked, read)) in [("actors", self.actors), ("recipients", self.recipients)] {
            if marked > 0 {
                writeln!(f, "  {side}: {read} of {marked} marked ones are found")?;
            }
        }
        let from = if self.from.is_empty() { "" } else { ", or " };
        writeln!(f, "  the actor is looked for as the subject or the like{from}{}", self.from)?;
        match &self.to {
            None => writeln!(f, "  no recipient is looked for")?,
            Some(to) if to.is_empty() => {
                writeln!(f, "  the recipient is looked for where it usually stands")?
            }
            Some(to) => writeln!(f, "  the recipient is looked for as {to}")?,
        }
        let lists: [(&str, Vec<String>); 3] = [
            ("told wrongly", self.wrong.iter().map(Wrong::to_string).collect()),
            (
                "left out of the background, since they look like the type; add them on one side or the other",
                self.doubted.clone(),
            ),
            ("notes", self.notes.clone()),
        ];
        for (heading, lines) in lists.iter().filter(|(_, lines)| !lines.is_empty()) {
            writeln!(f, "{heading}:")?;
            for line in lines.iter().take(SHOWN) {
                writeln!(f, "  {line}")?;
            }
            if lines.len() > SHOWN {
                writeln!(f, "  and {} more", lines.len() - SHOWN)?;
            }
        }
        Ok(())
    }
}
