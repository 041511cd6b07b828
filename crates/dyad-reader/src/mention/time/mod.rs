//! Expressions of time, as TIMEX3 types and values, reckoned from the report's date.
//!
//! Words of `lexicons/times.tsv` and numbers are the leaves; [`rules`] combines them into what is
//! said ([`Val`]), [`chart`] finds every derivation, and [`resolve`] reckons the dates.

mod chart;
mod resolve;
mod rules;

use super::Time;
use super::pieces::{Piece, cut};
use crate::doc::Doc;
use crate::span::Span;
use chart::Node;
use dyad_lexicon::Lexicons;
use dyad_lexicon::times::Class;
use smol_str::SmolStr;

/// A length of the calendar or the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Weekend,
    Week,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
}

/// How many units: a number, or several.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Length {
    pub count: Option<f64>,
    pub unit: Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    Start,
    Mid,
    End,
}

/// Which year a date falls in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Year {
    Known(i16),
    /// So many years from the report's.
    Side(i16),
    /// That of the date told last, and so many years on.
    Told(i16),
    /// Not said.
    Open,
}

/// What of the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Whole,
    Month(i8),
    Day(i8, i8),
    /// 0 spring … 3 winter.
    Season(u8),
    Quarter(u8),
    Half(u8),
    /// Easter Sunday and so many days on.
    Easter(i16),
    /// Month, weekday, which one (9: the last), days on.
    Nth(i8, i8, i8, i8),
    /// The quarter that the report is about, or else the whole year.
    Period,
}

#[derive(Clone, Debug, PartialEq)]
pub enum What {
    Date {
        year: Year,
        field: Field,
    },
    /// Monday is 1; -1 the last, 0 this, 1 the next.
    Weekday {
        day: i8,
        side: Option<i8>,
    },
    /// This, last, next unit; or that one.
    Unit {
        unit: Unit,
        side: i8,
        told: bool,
    },
    Decade {
        first: i16,
    },
    Century {
        number: i16,
    },
    /// Days from the report's own.
    Day(i64),
    Shift {
        length: Length,
        sign: i8,
        told: bool,
    },
    Ref(&'static str),
    /// The clock or a part of the day alone.
    Nothing,
}

/// A point or stretch of time as it is said, before it is reckoned.
#[derive(Clone, Debug, PartialEq)]
pub struct When {
    pub what: What,
    pub edge: Option<Edge>,
    pub part: Option<&'static str>,
    /// Hours and minutes.
    pub clock: Option<(u8, Option<u8>)>,
    /// Last, this, next, before a month or a season.
    pub side: Option<i8>,
    /// Counts only where the words around it support it: a bare year.
    pub latent: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Period {
    pub length: Length,
    /// The past three years -1, the next 1.
    pub side: Option<i8>,
}

/// What a stretch of pieces means.
#[derive(Clone, Debug, PartialEq)]
pub enum Val {
    /// The piece itself.
    Piece,
    Sense(Class, SmolStr),
    Number(f64),
    Ordinal(u32),
    Year(i16),
    /// A number of units between two ("two to three weeks").
    Period(Period),
    When(When),
    Set(SmolStr),
}

impl From<What> for When {
    fn from(what: What) -> Self {
        When { what, edge: None, part: None, clock: None, side: None, latent: false }
    }
}

/// Every time told in the report, in text order.
pub fn find(doc: &Doc<'_>, lexicons: &Lexicons) -> Vec<Time> {
    let text = &doc.report.text;
    let mut said = Vec::new();
    for (i, sentence) in doc.sentences.iter().enumerate() {
        let pieces = cut(text, sentence.span);
        let chart = chart::parse(&pieces, lexicons);
        for node in choose(doc, &pieces, chart) {
            let span = pieces[node.start].span.cover(pieces[node.end - 1].span);
            let rule = node.rule.map_or("", |r| rules::RULES[r].name);
            said.push(Said { span, sentence: i, rule, val: node.val });
        }
    }
    resolve::all(doc, &said)
}

/// A chosen expression.
#[derive(Clone, Debug)]
struct Said {
    span: Span,
    sentence: usize,
    rule: &'static str,
    val: Val,
}

/// The nodes that stand: the longest first, none over another; of two that span the same, the one
/// whose rule stands first.
fn choose(doc: &Doc<'_>, pieces: &[Piece], chart: Vec<Vec<Node>>) -> Vec<Node> {
    let mut times: Vec<Node> = chart
        .into_iter()
        .flatten()
        .filter(|n| matches!(n.val, Val::When(_) | Val::Period(_) | Val::Set(_)))
        .collect();
    times.sort_by_key(|n| (std::cmp::Reverse(n.end - n.start), n.start, n.rule));
    let mut taken = vec![false; pieces.len()];
    let mut chosen: Vec<Node> = Vec::new();
    for node in times {
        if taken[node.start..node.end].iter().any(|t| *t) {
            continue;
        }
        if !rules::stands(doc, pieces, &node) {
            continue;
        }
        taken[node.start..node.end].fill(true);
        chosen.push(node);
    }
    chosen.sort_by_key(|n| n.start);
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mention::cases;

    fn shown(time: &Time, published: bool) -> String {
        let kind = format!("{:?}", time.kind).to_uppercase();
        let mut shown = format!("{kind} {}", time.value.as_deref().unwrap_or("none"));
        if published && let (Some(from), Some(to)) = (time.from, time.to) {
            shown.push_str(&format!(" {from}..{to}"));
        }
        shown
    }

    #[test]
    fn cases_are_read_as_written() {
        let lexicons = Lexicons::builtin().unwrap();
        let cases = cases::parse(include_str!("../../../../../lexicons/times.cases.txt"));
        assert!(cases.len() > 30);
        let mut wrong = Vec::new();
        for case in &cases {
            let report = case.report();
            let doc = cases::untagged(&report);
            let times = find(&doc, &lexicons);
            let words: Vec<_> = times.iter().map(|t| t.span.of(&report.text)).collect();
            let dated: Vec<bool> = case.lines.iter().map(|l| l.contains("..")).collect();
            let read: Vec<_> = times
                .iter()
                .enumerate()
                .map(|(i, t)| shown(t, dated.get(i).copied().unwrap_or(false)))
                .collect();
            if words != case.marked || read != case.lines {
                wrong.push(format!(
                    "line {}: {}\n  wanted {:?} {:?}\n  read   {words:?} {read:?}",
                    case.line, report.text, case.marked, case.lines
                ));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn without_a_date_of_its_own_a_report_has_unknown_years() {
        let lexicons = Lexicons::builtin().unwrap();
        let report = crate::report::Report {
            text: "It began in May and ended yesterday.".to_owned(),
            ..Default::default()
        };
        let times = find(&cases::untagged(&report), &lexicons);
        assert_eq!(times[0].value.as_deref(), Some("XXXX-05"));
        assert_eq!((times[0].from, times[1].from), (None, None));
    }
}
