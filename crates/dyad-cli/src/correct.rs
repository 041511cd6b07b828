//! `dyad correct` and `corrections`.

use crate::args::{CorrectArgs, CorrectCommand, CorrectionsArgs, WhyArgs};
use crate::failure::Failure;
use crate::table::{self, Row};
use dyad_archive::Archive;
use dyad_record::correction::{Action, Coding, Correction, Proposal};
use serde_json::{Map, Value};
use std::process::ExitCode;

pub fn run(args: &CorrectArgs) -> Result<ExitCode, Failure> {
    let mut archive = Archive::open_existing(&args.archive)?;
    let made = match &args.command {
        CorrectCommand::Amend { report, item, changes, why } => {
            let change = Some(change(changes));
            archive.correct(&proposal(Action::Amend, report, Some(item), change, why))?
        }
        CorrectCommand::Reject { report, item, why } => {
            archive.correct(&proposal(Action::Reject, report, Some(item), None, why))?
        }
        CorrectCommand::Add { report, words, changes, kind, why } => {
            let change = Some(change(changes));
            let add = proposal(Action::Add, report, None, change, why);
            let (kind, words) = (Some(*kind), Some(words.clone()));
            archive.correct(&Proposal { kind, words, ..add })?
        }
        CorrectCommand::Withdraw { correction, by } => {
            archive.withdraw(correction, &name(by.as_ref()))?
        }
    };
    crate::print(&format!("{}\n", serde_json::to_string(&made).expect("it is plain JSON")))
}

fn proposal(
    action: Action,
    report: &str,
    item: Option<&String>,
    change: Option<Value>,
    why: &WhyArgs,
) -> Proposal {
    Proposal {
        report: report.to_owned(),
        action,
        item: item.cloned(),
        change,
        kind: None,
        words: None,
        spans: Vec::new(),
        who: name(why.by.as_ref()),
        why: why.why.clone(),
    }
}

/// Who is given, else who is logged in.
fn name(by: Option<&String>) -> String {
    let user = || std::env::var("USER").or_else(|_| std::env::var("USERNAME")).unwrap_or_default();
    by.cloned().unwrap_or_else(user)
}

/// `field=value` as a person writes it; nothing after the sign empties the field.
fn change(changes: &[(String, String)]) -> Value {
    let fields = changes.iter().map(|(field, value)| {
        let value = match field.as_str() {
            "actors" | "recipients" => {
                let sides = value.split(';').map(str::trim).filter(|s| !s.is_empty());
                sides.map(Value::from).collect()
            }
            _ if value.is_empty() => Value::Null,
            "goldstein" | "value" | "low" | "high" | "of" | "mutual" | "approximate" => {
                // What is no number stays as it is written, and is refused with the field's name.
                serde_json::from_str(value).unwrap_or_else(|_| value.as_str().into())
            }
            _ => value.as_str().into(),
        };
        (field.clone(), value)
    });
    Value::Object(fields.collect::<Map<_, _>>())
}

pub fn list(args: &CorrectionsArgs) -> Result<ExitCode, Failure> {
    let archive = Archive::open_existing(&args.archive.archive)?;
    let report = args.report.as_deref().map(|id| archive.find_report(id)).transpose()?;
    let mut all = archive.corrections(report.as_deref())?;
    all.retain(|c| (args.withdrawn || c.withdrawn.is_none()) && (!args.lost || is_lost(c)));
    table::print(&all, args.format.unwrap_or_else(table::usual_rows))?;
    Ok(ExitCode::SUCCESS)
}

/// The newest reading has no item at its words.
fn is_lost(correction: &Correction) -> bool {
    correction.item.is_none() && correction.withdrawn.is_none()
}

/// Says which corrections of a report its newest reading has no item for.
pub fn tell_lost(archive: &Archive, report: &str) -> Result<(), Failure> {
    for c in archive.corrections(Some(report))?.iter().filter(|c| is_lost(c)) {
        anstream::eprintln!(
            "report {report}: no {} at “{}” any more; correction {} is kept and changes nothing",
            c.kind,
            c.words,
            c.id
        );
    }
    Ok(())
}

fn json(coding: Option<&Coding>) -> String {
    let json = |c| serde_json::to_string(c).expect("it is plain JSON");
    coding.map(json).unwrap_or_default()
}

impl Row for Correction {
    const SHORT: &'static [&'static str] =
        &["id", "report", "item", "what", "who", "when", "instead", "words"];
    const ALL: &'static [&'static str] = &[
        "correction",
        "report",
        "kind",
        "action",
        "item",
        "words",
        "machine",
        "found_by",
        "change",
        "who",
        "when",
        "why",
        "withdrawn_by",
        "withdrawn",
    ];

    fn short(&self) -> Vec<String> {
        let lost = || format!("no {} now", self.kind);
        let what = match &self.withdrawn {
            Some(_) => format!("{}, withdrawn", self.action),
            None => self.action.to_string(),
        };
        vec![
            self.id.clone(),
            self.report.chars().take(8).collect(),
            self.item.clone().unwrap_or_else(lost),
            what,
            self.who.clone(),
            self.when.chars().take(10).collect(),
            json(self.change.as_ref()),
            self.words.clone(),
        ]
    }

    fn all(&self) -> Vec<String> {
        let withdrawn = self.withdrawn.as_ref();
        vec![
            self.id.clone(),
            self.report.clone(),
            self.kind.to_string(),
            self.action.to_string(),
            self.item.clone().unwrap_or_default(),
            self.words.clone(),
            json(self.machine.as_ref()),
            self.found_by.clone().unwrap_or_default(),
            json(self.change.as_ref()),
            self.who.clone(),
            self.when.clone(),
            self.why.clone(),
            withdrawn.map(|w| w.who.clone()).unwrap_or_default(),
            withdrawn.map(|w| w.when.clone()).unwrap_or_default(),
        ]
    }
}
