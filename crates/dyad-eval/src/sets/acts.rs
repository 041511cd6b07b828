//! Every act of short reports of our own, end to end: type and both sides. `cases/acts/README.md`
//! teaches the notation.

use super::given;
use crate::measure::{Counts, Tally, ratio};
use crate::{EvalError, Set, data};
use dyad_reader::coding::Event;
use dyad_reader::coding::event::confidence::Sign;
use dyad_reader::coding::event::pair::Root;
use dyad_reader::mention::{ActorId, ActorMention};
use dyad_reader::span::Span;
use dyad_reader::{Analysis, Reader};
use std::collections::BTreeMap;
use std::path::Path;

/// An event of the reader's, held against the acts that are listed under its report.
#[derive(Clone, Debug)]
pub struct Judged {
    pub report: String,
    pub confidence: f32,
    pub signs: Vec<Sign>,
    /// Type and sides are those of a listed act.
    pub right: bool,
    /// A listed act, and only listed sides, but one that is listed is missing.
    pub short_of_a_side: bool,
    /// The lines of the listed acts that it tells.
    pub tells: Vec<usize>,
}

/// What the reader made of the reports of a file.
#[derive(Debug, Default)]
pub struct Judgement {
    pub reports: usize,
    pub events: Vec<Judged>,
    /// The lines of the acts that a coder must record, with their types.
    pub wanted: BTreeMap<usize, Root>,
}

#[derive(Debug, Default, PartialEq)]
struct Told {
    name: String,
    published: String,
    text: String,
    acts: Vec<Act>,
}

#[derive(Debug, PartialEq)]
struct Act {
    line: usize,
    /// A coder must record it.
    wanted: bool,
    kind: Root,
    joint: bool,
    actors: Vec<Side>,
    recipients: Vec<Side>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Side {
    /// Where it is named, as bytes.
    at: Vec<Span>,
    /// It need not be told (`-` among its names).
    spare: bool,
}

pub fn score(file: &Path, reader: &Reader) -> Result<Tally, EvalError> {
    let judgement = judge(file, reader)?;
    let all = judgement.counts(0.0);
    let mut details = vec![("calibration error".to_owned(), judgement.calibration_error())];
    details.extend([0.0, 0.2, 0.4, 0.6, 0.8].into_iter().flat_map(|least| {
        let counts = judgement.counts(least);
        let of = |what: &str| format!("{what}, confidence from {least}");
        [(of("precision"), counts.precision()), (of("recall"), counts.recall())]
    }));
    let short = judgement.events.iter().filter(|e| e.short_of_a_side && !e.right).count();
    let short = ratio(short as f64, judgement.events.len() as f64);
    details.push(("right but for a missing side".to_owned(), short));
    for kind in Root::ALL {
        let lines = judgement.wanted.iter().filter(|(_, k)| **k == kind).map(|(line, _)| *line);
        let lines: Vec<usize> = lines.collect();
        let found = lines.iter().filter(|line| judgement.found(**line, 0.0)).count();
        let share = ratio(found as f64, lines.len() as f64);
        details.push((format!("{} recall", kind.as_str()), share));
    }
    Ok(Tally {
        rows: judgement.reports,
        scores: vec![
            ("precision", all.precision()),
            ("recall", all.recall()),
            ("best_f1", judgement.best_f1()),
        ],
        details,
    })
}

impl Judgement {
    fn found(&self, line: usize, least: f32) -> bool {
        self.events.iter().any(|e| e.right && e.confidence >= least && e.tells.contains(&line))
    }

    /// Events for precision, wanted acts for recall: one act may be told by several events.
    fn counts(&self, least: f32) -> Both {
        let told = self.events.iter().filter(|e| e.confidence >= least);
        let predicted = told.clone().count();
        let right = told.filter(|e| e.right).count();
        let events = Counts { right, predicted, gold: self.wanted.len() };
        let found = self.wanted.keys().filter(|line| self.found(**line, least)).count();
        Both { events, found }
    }

    fn best_f1(&self) -> f64 {
        let least = (0..20).map(|i| i as f32 / 20.0);
        least.map(|least| self.counts(least).f1()).fold(0.0, f64::max)
    }

    /// The mean distance of confidence from the share that is right, over ten bins.
    fn calibration_error(&self) -> f64 {
        let mut bins = [(0.0, 0.0); 10];
        for event in &self.events {
            let bin = &mut bins[((event.confidence * 10.0) as usize).min(9)];
            bin.0 += f64::from(event.confidence);
            bin.1 += f64::from(u8::from(event.right));
        }
        let apart: f64 = bins.iter().map(|(sure, right)| (sure - right).abs()).sum();
        ratio(apart, self.events.len() as f64)
    }
}

struct Both {
    events: Counts,
    found: usize,
}

impl Both {
    fn precision(&self) -> f64 {
        self.events.precision()
    }

    fn recall(&self) -> f64 {
        ratio(self.found as f64, self.events.gold as f64)
    }

    fn f1(&self) -> f64 {
        let (p, r) = (self.precision(), self.recall());
        ratio(2.0 * p * r, p + r)
    }
}

/// Reads the reports of a file and holds every event against the acts listed under its report.
pub fn judge(file: &Path, reader: &Reader) -> Result<Judgement, EvalError> {
    let told = parse(&data::text(file)?).map_err(|(line, what)| EvalError::Row {
        set: Set::Acts,
        path: file.to_owned(),
        line,
        what,
    })?;
    let mut judgement = Judgement { reports: told.len(), ..Judgement::default() };
    let mut worker = reader.worker();
    for report in &told {
        let wanted = report.acts.iter().filter(|a| a.wanted).map(|a| (a.line, a.kind));
        judgement.wanted.extend(wanted);
        let given = given(Some(&report.published));
        let events = worker.analyse_text(&report.text, &given, |a| {
            let coded = a.coding.events.iter().filter(|e| Root::of(e.kind, e.status).is_some());
            coded.map(|e| judged(a, e, report)).collect::<Vec<_>>()
        });
        judgement.events.extend(events);
    }
    Ok(judgement)
}

fn judged(a: &Analysis<'_, '_>, event: &Event, report: &Told) -> Judged {
    let folded = Root::of(event.kind, event.status);
    let plain = Root::of(event.kind, dyad_record::Status::Happened);
    let named = |spans: &[Span], phrases: &[Span], ids: &[ActorId]| {
        let mut sides: Vec<Named> = Vec::new();
        for (i, span) in spans.iter().enumerate() {
            let id = ids.get(i).copied();
            let elsewhere = a.mentions.actor_mentions.iter().filter(|m| Some(m.actor) == id);
            sides.push(Named { here: vec![*span], elsewhere: elsewhere.cloned().collect() });
        }
        for phrase in phrases {
            match sides.iter_mut().find(|side| side.here[0].touches(*phrase)) {
                Some(side) => side.here.push(*phrase),
                None => sides.push(Named { here: vec![*phrase], elsewhere: Vec::new() }),
            }
        }
        sides
    };
    let does = named(&event.actor_spans, &event.actor_phrases, &event.actors);
    let gets = named(&event.recipient_spans, &event.recipient_phrases, &event.recipients);
    let (mut right, mut short, mut tells) = (false, false, Vec::new());
    for act in report.acts.iter().filter(|a| folded == Some(a.kind) || plain == Some(a.kind)) {
        let (whole, part) = if act.joint || event.mutual {
            let ours = [&does[..], &gets[..]].concat();
            let theirs = [&act.actors[..], &act.recipients[..]].concat();
            let met = meet(&ours, &theirs);
            let wanted = theirs.iter().filter(|side| !side.spare).count();
            (met >= Some(wanted.min(2)), met.is_some())
        } else {
            let (actors, recipients) = (meet(&does, &act.actors), meet(&gets, &act.recipients));
            let whole = |met: Option<usize>, wanted: &[Side]| {
                met.is_some_and(|met| met > 0 || wanted.iter().all(|side| side.spare))
            };
            let both = [actors, recipients].into_iter().flatten().sum::<usize>() > 0;
            (
                whole(actors, &act.actors) && whole(recipients, &act.recipients),
                actors.is_some() && recipients.is_some() && both,
            )
        };
        right |= whole;
        short |= part;
        if whole {
            tells.push(act.line);
        }
    }
    Judged {
        report: report.name.clone(),
        confidence: event.confidence,
        signs: event.signs.clone(),
        right,
        short_of_a_side: short,
        tells,
    }
}

/// A side of an event: the words where the act is told, and all that mean the same actor.
#[derive(Clone)]
struct Named {
    here: Vec<Span>,
    elsewhere: Vec<ActorMention>,
}

impl Named {
    fn is(&self, side: &Side) -> bool {
        let there = |span: &Span| {
            self.here.iter().any(|s| s.touches(*span))
                || self.elsewhere.iter().any(|m| m.span.touches(*span) && m.span.end >= span.end)
        };
        side.at.iter().any(there)
    }
}

/// How many of the listed sides are among the event's; none where the event has one that is not listed.
fn meet(ours: &[Named], theirs: &[Side]) -> Option<usize> {
    if !ours.iter().all(|named| theirs.iter().any(|side| named.is(side))) {
        return None;
    }
    Some(theirs.iter().filter(|side| ours.iter().any(|named| named.is(side))).count())
}

fn parse(file: &str) -> Result<Vec<Told>, (usize, String)> {
    let mut told: Vec<Told> = Vec::new();
    for (number, line) in file.lines().enumerate().map(|(i, line)| (i + 1, line.trim())) {
        if let Some(head) = line.strip_prefix("## ") {
            let (name, published) = head
                .split_once(' ')
                .ok_or((number, "write `## name day` over a report".to_owned()))?;
            let (name, published) = (name.to_owned(), published.to_owned());
            told.push(Told { name, published, ..Told::default() });
            continue;
        }
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let report = told.last_mut().ok_or((number, "no report before it".to_owned()))?;
        match line.split_once(' ').filter(|(mark, _)| matches!(*mark, "=" | "~")) {
            Some((mark, fields)) => {
                let act = act(number, mark == "=", fields, &report.text);
                report.acts.push(act.map_err(|what| (number, what))?);
            }
            None => {
                if !report.text.is_empty() {
                    report.text.push_str("\n\n");
                }
                report.text.push_str(line);
            }
        }
    }
    Ok(told)
}

fn act(line: usize, wanted: bool, fields: &str, text: &str) -> Result<Act, String> {
    let fields: Vec<&str> = fields.split('|').map(str::trim).collect();
    let ([kind, _, actors, recipients] | [kind, _, actors, recipients, _]) = fields[..] else {
        return Err("write `= type | status | actors | recipients`".to_owned());
    };
    let kind = match kind {
        "CONCEDE" | "RETREAT" => Root::Yield,
        _ => *Root::ALL
            .iter()
            .find(|root| root.as_str() == kind)
            .ok_or(format!("`{kind}` is no PLOVER type"))?,
    };
    let joint = recipients == "<>";
    let recipients = if joint { "-" } else { recipients };
    let (actors, recipients) = (sides(actors, text)?, sides(recipients, text)?);
    Ok(Act { line, wanted, kind, joint, actors, recipients })
}

fn sides(field: &str, text: &str) -> Result<Vec<Side>, String> {
    if field == "-" {
        return Ok(Vec::new());
    }
    let side = |names: &str| {
        let mut side = Side::default();
        for name in names.split(" / ").map(str::trim) {
            if name == "-" {
                side.spare = true;
                continue;
            }
            let found = text.match_indices(name).map(|(i, _)| Span::new(i, i + name.len()));
            let before = side.at.len();
            side.at.extend(found);
            if side.at.len() == before {
                return Err(format!("`{name}` does not stand in the report"));
            }
        }
        Ok(side)
    };
    field.split(" + ").map(side).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_and_its_acts() {
        let told = parse(
            "# A set.\n## a-1 2023-05-12\nLIMA - Peru met Chile.\n\nIts envoy smiled.\n\n= CONSULT | happened | Peru / Its envoy + Chile | <>\n~ RETREAT | planned | Chile | -\n",
        )
        .unwrap();
        let [report] = &told[..] else { panic!("one report") };
        assert_eq!(report.text, "LIMA - Peru met Chile.\n\nIts envoy smiled.");
        let [talks, leave] = &report.acts[..] else { panic!("two acts") };
        assert!(talks.wanted && talks.joint && !leave.wanted && !leave.joint);
        assert_eq!((talks.kind, leave.kind), (Root::Consult, Root::Yield));
        let words: Vec<Vec<&str>> = talks
            .actors
            .iter()
            .map(|side| side.at.iter().map(|s| s.of(&report.text)).collect())
            .collect();
        assert_eq!(words, [vec!["Peru", "Its envoy"], vec!["Chile"]]);
        assert!(leave.recipients.is_empty());
    }

    #[test]
    fn a_fault_is_named_with_its_line() {
        assert_eq!(parse("words").unwrap_err().0, 1);
        assert_eq!(
            parse("## a 2023-01-01\nIt fell.\n= FALL | happened | It | -").unwrap_err().0,
            3
        );
        assert_eq!(parse("## a 2023-01-01\nIt fell.\n= AID | happened | He | -").unwrap_err().0, 3);
    }

    #[test]
    fn events_are_held_against_the_acts() {
        let reader = Reader::builtin().unwrap();
        let file = std::env::temp_dir().join(format!("dyad-acts-{}", std::process::id()));
        let told = "## a 2023-05-12\nRussian troops shelled Kharkiv on Friday.\n\n\
                    = ASSAULT | happened | Russian troops | Kharkiv | shelled\n\
                    = PROTEST | happened | Kharkiv | -\n";
        std::fs::write(&file, told).unwrap();
        let judgement = judge(&file, &reader).unwrap();
        std::fs::remove_file(&file).unwrap();
        assert_eq!(judgement.wanted.len(), 2);
        let right: Vec<_> = judgement.events.iter().filter(|e| e.right).collect();
        assert_eq!(right.len(), 1, "{:?}", judgement.events);
        assert_eq!(right[0].tells, [4]);
        assert!(judgement.found(4, 0.0) && !judgement.found(5, 0.0));
    }
}
