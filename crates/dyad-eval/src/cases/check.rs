//! Holds a record against what a case expects.

use super::parse::*;
use super::{Case, Failure, Outcome};
use dyad_record::{CharSpan, Event, EventTime, Figure, Record, Statement, Tie, TieKind};
use std::fmt::Write;

const READ_NOW: &str = "it is read now: take the `todo` away";

/// A finding that an expectation may be about.
#[derive(Clone, Copy)]
enum Finding<'r> {
    Event(&'r Event),
    Statement(&'r Statement),
    Figure(&'r Figure),
    Tie(&'r Tie),
    /// What an expectation without lines of its own asks for.
    Plain,
}

pub fn outcome(case: &Case, record: &Record) -> Outcome {
    let view = View { record };
    let mut outcome = Outcome {
        name: case.name.clone(),
        place: case.place(),
        met: 0,
        failures: Vec::new(),
        todo: 0,
    };
    for expectation in &case.expectations {
        view.judge(case, expectation, &mut outcome);
    }
    outcome
}

struct View<'r> {
    record: &'r Record,
}

impl<'r> View<'r> {
    fn judge(&self, case: &Case, expectation: &Expectation, outcome: &mut Outcome) {
        if let What::Only(kind) = expectation.what {
            let extra = self.unlisted(case, kind);
            let holds = extra.is_empty();
            self.book(expectation, expectation.todo, holds, extra.join("\n"), outcome);
            return;
        }
        let matching = self.matching(expectation);
        let holds = matching.is_empty() == expectation.never;
        let got = if expectation.never {
            let found = matching.iter().map(|f| self.show(*f));
            found.collect::<Vec<_>>().join("\n")
        } else {
            self.nearest(expectation)
        };
        self.book(expectation, expectation.todo, holds, got, outcome);
        for field in expectation.fields.iter().filter(|f| f.todo) {
            let held = matching.iter().any(|m| self.field_holds(*m, &field.what));
            if held && !expectation.never {
                outcome.failures.push(Failure {
                    line: field.line,
                    expected: field.source.clone(),
                    got: READ_NOW.to_owned(),
                    missed: Vec::new(),
                });
            } else {
                outcome.todo += 1;
            }
        }
    }

    fn book(&self, e: &Expectation, todo: bool, holds: bool, got: String, outcome: &mut Outcome) {
        let expected = e.source.clone();
        match (holds, todo) {
            (true, false) => outcome.met += 1,
            (false, true) => outcome.todo += 1,
            (true, true) => outcome.failures.push(Failure {
                line: e.line,
                expected,
                got: READ_NOW.to_owned(),
                missed: Vec::new(),
            }),
            (false, false) => {
                let missed = self.missed(e);
                let expected = marked(e, &missed);
                outcome.failures.push(Failure { line: e.line, expected, got, missed });
            }
        }
    }

    /// The lines under an expectation that the finding nearest to it does not meet.
    fn missed(&self, expectation: &Expectation) -> Vec<usize> {
        let failing = |finding| -> Vec<usize> {
            let fields = expectation.fields.iter().filter(|f| !f.todo);
            fields.filter(|f| !self.field_holds(finding, &f.what)).map(|f| f.line).collect()
        };
        let candidates = self.candidates(&expectation.what).into_iter();
        candidates.map(failing).min_by_key(Vec::len).unwrap_or_default()
    }

    /// The findings that meet an expectation, its `todo` lines left out.
    fn matching(&self, expectation: &Expectation) -> Vec<Finding<'r>> {
        let fields = || expectation.fields.iter().filter(|f| !f.todo);
        let all = self.candidates(&expectation.what).into_iter();
        all.filter(|c| fields().all(|f| self.field_holds(*c, &f.what))).collect()
    }

    /// The findings that a line at the margin alone allows.
    fn candidates(&self, what: &What) -> Vec<Finding<'r>> {
        let record = self.record;
        let plain = |holds: bool| if holds { vec![Finding::Plain] } else { Vec::new() };
        match what {
            What::Event { kind, status } => {
                let events = record.events.iter();
                let events = events.filter(|e| kind.is_none_or(|k| k == e.kind));
                let events = events.filter(|e| status.is_none_or(|s| s == e.status));
                events.map(Finding::Event).collect()
            }
            What::Statement => record.statements.iter().map(Finding::Statement).collect(),
            What::Figure { words, value } => {
                let figures = record.figures.iter();
                let figures = figures
                    .filter(|f| words.as_ref().is_none_or(|w| nested(w, span(f.start, f.end))));
                let figures = figures.filter(|f| value.is_none_or(|v| same(f.value, v)));
                figures.map(Finding::Figure).collect()
            }
            What::Tie(kind) => {
                let ties = record.ties.iter().filter(|t| kind.is_none_or(|k| k == t.kind));
                ties.map(Finding::Tie).collect()
            }
            What::Passage { kind, words } => {
                let passages = record.passages.iter().filter(|p| p.kind == *kind);
                plain(covers(words, passages.map(|p| span(p.start, p.end))))
            }
            What::Actor { words, code } => plain(record.actors.iter().any(|actor| {
                let mut mentions = actor.mentions.iter();
                mentions.any(|m| nested(words, span(m.start, m.end))) && coded(actor, code)
            })),
            What::Place { words, names } => plain(record.places.iter().any(|place| {
                place.mentions.iter().any(|m| nested(words, *m)) && named(place, names)
            })),
            What::Time { words, days } => plain(record.times.iter().any(|time| {
                nested(words, span(time.start, time.end))
                    && days.is_none_or(|d| within(&time.from, &time.to, d))
            })),
            What::Only(_) => Vec::new(),
        }
    }

    /// Findings of a kind that no expectation lists.
    fn unlisted(&self, case: &Case, kind: Kind) -> Vec<String> {
        let record = self.record;
        let all: Vec<Finding<'r>> = match kind {
            Kind::Events => record.events.iter().map(Finding::Event).collect(),
            Kind::Statements => record.statements.iter().map(Finding::Statement).collect(),
            Kind::Figures => record.figures.iter().map(Finding::Figure).collect(),
            Kind::Ties => record.ties.iter().map(Finding::Tie).collect(),
        };
        let listed: Vec<&str> = case
            .expectations
            .iter()
            .filter(|e| !e.never)
            .flat_map(|e| self.matching(e))
            .filter_map(id)
            .collect();
        let extra = all.into_iter().filter(|f| id(*f).is_some_and(|id| !listed.contains(&id)));
        extra.map(|f| self.show(f)).collect()
    }

    fn field_holds(&self, finding: Finding<'r>, field: &FieldWhat) -> bool {
        match field {
            FieldWhat::Side { role, words, code } => {
                let sides = self.sides(finding, *role);
                sides.iter().any(|(id, source)| self.is_side(id, *source, words.as_ref(), code))
            }
            FieldWhat::When { words, days } => self.when_holds(finding, words.as_ref(), *days),
            FieldWhat::Where { words, names } => self.where_holds(finding, words.as_ref(), names),
            FieldWhat::Words { role, words } => match (role, finding) {
                (WordRole::Trigger, Finding::Event(e)) => nested(words, e.trigger),
                (WordRole::Cue, Finding::Statement(s)) => s.cue.is_some_and(|c| nested(words, c)),
                (WordRole::Content, Finding::Statement(s)) => {
                    covers(words, s.content.iter().copied())
                }
                _ => false,
            },
            FieldWhat::Damaged => match finding {
                Finding::Event(e) => e.damaged,
                Finding::Statement(s) => s.damaged,
                Finding::Figure(f) => f.damaged,
                Finding::Tie(t) => t.damaged,
                Finding::Plain => false,
            },
            FieldWhat::Against => match finding {
                Finding::Event(e) => !e.against.is_empty(),
                Finding::Figure(f) => !f.against.is_empty(),
                _ => false,
            },
            _ => match finding {
                Finding::Event(event) => event_holds(event, field),
                Finding::Statement(statement) => match field {
                    FieldWhat::Form(form) => statement.form == *form,
                    FieldWhat::Stance(stance) => statement.stance == Some(*stance),
                    _ => false,
                },
                Finding::Figure(figure) => self.figure_holds(figure, field),
                Finding::Tie(tie) => match field {
                    FieldWhat::Trend(trend) => tie.trend == Some(*trend),
                    FieldWhat::Commodity(words) => is_text(&tie.commodity, words),
                    _ => false,
                },
                Finding::Plain => false,
            },
        }
    }

    /// The actors in a role, with the words that name them there where the record tells.
    fn sides(&self, finding: Finding<'r>, role: Role) -> Vec<(&'r str, Option<CharSpan>)> {
        let many = |ids: &'r [String]| ids.iter().map(|id| (id.as_str(), None)).collect();
        let one = |id: &'r Option<String>| id.iter().map(|id| (id.as_str(), None)).collect();
        match (finding, role) {
            (Finding::Event(e), Role::Who) => many(&e.actors),
            // Both sides of a joint act stand among its actors.
            (Finding::Event(e), Role::Whom) if e.mutual => many(&e.actors),
            (Finding::Event(e), Role::Whom) => many(&e.recipients),
            (Finding::Statement(s), Role::Speaker) => {
                s.speaker.iter().map(|id| (id.as_str(), s.source)).collect()
            }
            (Finding::Statement(s), Role::Through) => many(&s.through),
            (Finding::Statement(s), Role::Addressee) => one(&s.addressee),
            (Finding::Tie(t), Role::From) if two_way(t.kind) => {
                vec![(t.from.as_str(), None), (t.to.as_str(), None)]
            }
            (Finding::Tie(t), Role::To) if two_way(t.kind) => {
                vec![(t.from.as_str(), None), (t.to.as_str(), None)]
            }
            (Finding::Tie(t), Role::From) => vec![(t.from.as_str(), None)],
            (Finding::Tie(t), Role::To) => vec![(t.to.as_str(), None)],
            (Finding::Tie(t), Role::Leans) => one(&t.asymmetry),
            (finding, Role::SaidBy) => {
                let said = match finding {
                    Finding::Event(e) => &e.statement,
                    Finding::Figure(f) => &f.statement,
                    Finding::Tie(t) => &t.statement,
                    Finding::Statement(_) | Finding::Plain => &None,
                };
                let statement =
                    self.record.statements.iter().find(|s| Some(&s.id) == said.as_ref());
                let speaker = statement.and_then(|s| Some((s.speaker.as_deref()?, s.source)));
                speaker.into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    /// The actor is named by these words somewhere in the report and carries that code. Where the
    /// words of this very finding are known, they must be these, or name the same actor.
    fn is_side(
        &self,
        id: &str,
        source: Option<CharSpan>,
        words: Option<&Quote>,
        code: &[String],
    ) -> bool {
        let Some(actor) = self.record.actors.iter().find(|a| a.id == id) else { return false };
        let named = words.is_none_or(|words| {
            source.is_some_and(|s| nested(words, s))
                || actor.mentions.iter().any(|m| nested(words, span(m.start, m.end)))
        });
        named && coded(actor, code)
    }

    fn when_holds(&self, finding: Finding<'r>, words: Option<&Quote>, days: Option<Days>) -> bool {
        let time: Option<&EventTime> = match finding {
            Finding::Event(e) => e.time.as_ref(),
            Finding::Statement(s) => s.time.as_ref(),
            _ => None,
        };
        let Some(time) = time else { return false };
        let told = words.is_none_or(|words| {
            let (said, quoted) = (plain(time.text.as_deref().unwrap_or("")), plain(&words.words));
            !said.is_empty() && (quoted.contains(&said) || said.contains(&quoted))
        });
        told && days.is_none_or(|d| within(&time.from, &time.to, d))
    }

    fn where_holds(&self, finding: Finding<'r>, words: Option<&Quote>, names: &[String]) -> bool {
        let Finding::Event(event) = finding else { return false };
        let place = self.record.places.iter().find(|p| Some(&p.id) == event.place.as_ref());
        let Some(place) = place else { return false };
        words.is_none_or(|w| place.mentions.iter().any(|m| nested(w, *m)))
            && self::named(place, names)
    }

    fn figure_holds(&self, figure: &Figure, field: &FieldWhat) -> bool {
        match field {
            FieldWhat::Number { role: NumberRole::Of, value } => same(figure.of, *value),
            FieldWhat::Number { role: NumberRole::Low, value } => same(figure.low, *value),
            FieldWhat::Number { role: NumberRole::High, value } => same(figure.high, *value),
            FieldWhat::Unit(words) => is_text(&figure.unit, words),
            FieldWhat::Counted(words) => is_text(&figure.counted, words),
            FieldWhat::Approximate => figure.approximate,
            FieldWhat::Casualty(befell) => figure.casualty == Some(*befell),
            FieldWhat::Change(words) => figure.change.is_some_and(|c| c.as_str() == words),
            FieldWhat::About(words) => {
                let Some(about) = figure.about.as_deref() else { return false };
                let event = self.record.events.iter().find(|e| e.id == about);
                let tie = self.record.ties.iter().find(|t| t.id == about);
                event.is_some_and(|e| e.kind.as_str() == words)
                    || tie.is_some_and(|t| t.kind.as_str() == words)
            }
            _ => false,
        }
    }

    /// What was read of the kind that an expectation asks for, in the notation of the cases.
    fn nearest(&self, expectation: &Expectation) -> String {
        let record = self.record;
        let wider = match &expectation.what {
            What::Event { .. } => record.events.iter().map(Finding::Event).collect(),
            What::Statement => record.statements.iter().map(Finding::Statement).collect(),
            What::Figure { .. } => record.figures.iter().map(Finding::Figure).collect(),
            What::Tie(_) => record.ties.iter().map(Finding::Tie).collect(),
            _ => Vec::new(),
        };
        let close = self.candidates(&expectation.what);
        let close = if close.is_empty() { wider } else { close };
        let shown: Vec<String> = match &expectation.what {
            What::Passage { words, .. } => {
                let touching =
                    record.passages.iter().filter(|p| touches(words, span(p.start, p.end)));
                let show = |p: &dyad_record::Passage| {
                    format!("passage {} \"{}\"", p.kind, self.text(span(p.start, p.end)))
                };
                touching.map(show).collect()
            }
            What::Actor { .. } => record
                .actors
                .iter()
                .flat_map(|a| a.mentions.iter().map(move |m| (a, span(m.start, m.end))))
                .map(|(a, s)| format!("actor \"{}\" = {}", self.text(s), a.code))
                .collect(),
            What::Place { .. } => record
                .places
                .iter()
                .flat_map(|p| p.mentions.iter().map(move |m| (p, *m)))
                .map(|(p, s)| {
                    let country = p.country.as_deref().unwrap_or("?");
                    format!("place \"{}\" = {} {country}", self.text(s), p.name)
                })
                .collect(),
            What::Time { .. } => record
                .times
                .iter()
                .map(|t| format!("time \"{}\" = {}", t.text, days_shown(&t.from, &t.to)))
                .collect(),
            _ => close.into_iter().map(|f| self.show(f)).collect(),
        };
        if shown.is_empty() { "nothing of the kind".to_owned() } else { shown.join("\n") }
    }

    /// A finding in the notation of the cases.
    fn show(&self, finding: Finding<'r>) -> String {
        let mut out = String::new();
        let side = |out: &mut String, key: &str, id: &str| {
            if let Some(actor) = self.record.actors.iter().find(|a| a.id == id) {
                let _ = write!(out, "\n  {key} \"{}\" = {}", actor.name, actor.code);
            }
        };
        match finding {
            Finding::Event(e) => {
                let _ = write!(out, "event {} {}", e.kind, e.status);
                e.actors.iter().for_each(|id| side(&mut out, "who", id));
                e.recipients.iter().for_each(|id| side(&mut out, "whom", id));
                if let Some(t) = &e.time {
                    let text = t.text.as_deref().map(|t| format!("\"{t}\" ")).unwrap_or_default();
                    let days = days_shown(&t.from, &t.to);
                    let _ = write!(out, "\n  when {text}= {days} ({})", t.basis);
                }
                let places = &self.record.places;
                if let Some(place) = places.iter().find(|p| Some(&p.id) == e.place.as_ref()) {
                    let _ = write!(out, "\n  where \"{}\"", place.name);
                }
                let _ = write!(out, "\n  trigger \"{}\"", self.text(e.trigger));
                let _ = write!(out, "\n  cameo {}", e.cameo);
                if let Some(mode) = &e.mode {
                    let _ = write!(out, "\n  mode {mode}");
                }
                if e.mutual {
                    out.push_str("\n  mutual");
                }
                for (id, _) in self.sides(finding, Role::SaidBy) {
                    side(&mut out, "said by", id);
                }
            }
            Finding::Statement(s) => {
                out.push_str("statement");
                s.speaker.iter().for_each(|id| side(&mut out, "speaker", id));
                s.through.iter().for_each(|id| side(&mut out, "through", id));
                if let Some(cue) = s.cue {
                    let _ = write!(out, "\n  cue \"{}\"", self.text(cue));
                }
                for content in &s.content {
                    let _ = write!(out, "\n  content \"{}\"", self.text(*content));
                }
                let _ = write!(out, "\n  form {}", s.form);
                if let Some(stance) = s.stance {
                    let _ = write!(out, "\n  stance {stance}");
                }
            }
            Finding::Figure(f) => {
                let _ = write!(out, "figure \"{}\"", f.text);
                if let Some(value) = f.value {
                    let _ = write!(out, " = {value}");
                }
                for (key, value) in [("of", f.of), ("low", f.low), ("high", f.high)] {
                    if let Some(value) = value {
                        let _ = write!(out, "\n  {key} {value}");
                    }
                }
                for (key, value) in [("unit", &f.unit), ("counted", &f.counted)] {
                    if let Some(value) = value {
                        let _ = write!(out, "\n  {key} {value}");
                    }
                }
                if let Some(befell) = f.casualty {
                    let _ = write!(out, "\n  casualty {befell}");
                }
                if let Some(change) = f.change {
                    let _ = write!(out, "\n  change {change}");
                }
            }
            Finding::Tie(t) => {
                let _ = write!(out, "tie {}", t.kind);
                side(&mut out, "from", &t.from);
                side(&mut out, "to", &t.to);
                if let Some(trend) = t.trend {
                    let _ = write!(out, "\n  trend {trend}");
                }
                t.asymmetry.iter().for_each(|id| side(&mut out, "leans", id));
                if let Some(commodity) = &t.commodity {
                    let _ = write!(out, "\n  commodity {commodity}");
                }
            }
            Finding::Plain => out.push_str("it was read"),
        }
        out
    }

    fn text(&self, s: CharSpan) -> String {
        let words = self.record.report.text.chars().skip(s.start as usize);
        plain(&words.take((s.end - s.start) as usize).collect::<String>())
    }
}

/// An expectation as written, with a cross at the lines that are missed.
fn marked(expectation: &Expectation, missed: &[usize]) -> String {
    let mut lines = expectation.source.lines();
    let mut out = lines.next().unwrap_or("").to_owned();
    for (line, field) in lines.zip(&expectation.fields) {
        out.push('\n');
        out.push_str(line);
        if missed.contains(&field.line) {
            out.push_str("   ✗");
        }
    }
    out
}

fn id(finding: Finding<'_>) -> Option<&str> {
    match finding {
        Finding::Event(e) => Some(&e.id),
        Finding::Statement(s) => Some(&s.id),
        Finding::Figure(f) => Some(&f.id),
        Finding::Tie(t) => Some(&t.id),
        Finding::Plain => None,
    }
}

fn event_holds(event: &Event, field: &FieldWhat) -> bool {
    match field {
        FieldWhat::Mode(mode) => event.mode.as_deref() == Some(mode),
        FieldWhat::Cameo(code) => event.cameo == *code,
        FieldWhat::Context(context) => event.contexts.contains(context),
        FieldWhat::Mutual => event.mutual,
        _ => false,
    }
}

/// Ties that stand the same way from either side.
fn two_way(kind: TieKind) -> bool {
    use TieKind::*;
    matches!(kind, Trade | MilitaryCooperation | Alliance | Rivalry)
}

/// Every word of the code is the actor's country, organisation, sector or part of its code.
fn coded(actor: &dyad_record::Actor, code: &[String]) -> bool {
    code.iter().all(|word| {
        actor.code.split_whitespace().any(|w| w == word)
            || actor.country.as_deref() == Some(word)
            || actor.organisation.as_deref() == Some(word)
            || actor.sector.as_str() == word
    })
}

/// The place's country is among the words, or they are its name.
fn named(place: &dyad_record::Place, names: &[String]) -> bool {
    let whole = names.join(" ");
    let country = place.country.as_deref().unwrap_or("");
    names.is_empty()
        || whole == country
        || whole == place.name
        || whole == format!("{} {country}", place.name)
}

fn span(start: u32, end: u32) -> CharSpan {
    CharSpan { start, end }
}

/// One holds the other.
fn nested(words: &Quote, other: CharSpan) -> bool {
    (words.start <= other.start && other.end <= words.end)
        || (other.start <= words.start && words.end <= other.end)
}

fn touches(words: &Quote, other: CharSpan) -> bool {
    words.start < other.end && other.start < words.end
}

/// The spans together hold all of the words, but for three characters (blanks, quotation marks).
fn covers(words: &Quote, spans: impl Iterator<Item = CharSpan>) -> bool {
    let covered: u32 = spans
        .filter(|s| touches(words, *s))
        .map(|s| s.end.min(words.end) - s.start.max(words.start))
        .sum();
    covered + 3 >= words.end - words.start && covered > 0
}

fn same(read: Option<f64>, expected: f64) -> bool {
    read.is_some_and(|v| (v - expected).abs() <= 1e-9 * expected.abs().max(1.0))
}

fn is_text(read: &Option<String>, expected: &str) -> bool {
    read.as_deref().is_some_and(|t| plain(t).eq_ignore_ascii_case(&plain(expected)))
}

fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn within(from: &Option<String>, to: &Option<String>, days: Days) -> bool {
    let (first, last) = (days.from.to_string(), days.to.to_string());
    from.as_deref() == Some(&first) && to.as_deref() == Some(&last)
}

fn days_shown(from: &Option<String>, to: &Option<String>) -> String {
    let (from, to) = (from.as_deref().unwrap_or("?"), to.as_deref().unwrap_or("?"));
    if from == to { from.to_owned() } else { format!("{from}..{to}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::parse;
    use dyad_record::*;

    const CASE: &str = "\
--- raid
published: 2023-05-02

Chad's army bombed Ruritania on Monday.

";

    fn record() -> Record {
        let actor = |id: &str, name: &str, code: &str, start, end| Actor {
            id: id.into(),
            name: name.into(),
            kind: ActorKind::State,
            country: Some(code[..3].into()),
            organisation: None,
            sector: if code.len() > 3 { Sector::Mil } else { Sector::Gov },
            code: code.into(),
            role: None,
            mentions: vec![ActorMention { start, end, how: How::Name }],
        };
        let event = Event {
            id: "e1".into(),
            kind: EventType::Assault,
            mode: Some("aerial".into()),
            contexts: vec!["military".into()],
            cameo: "195".into(),
            goldstein: -10.0,
            quad: Quad::MaterialConflict,
            actors: vec!["a1".into()],
            recipients: vec!["a2".into()],
            mutual: false,
            time: Some(EventTime {
                from: Some("2023-05-01".into()),
                to: Some("2023-05-01".into()),
                text: Some("Monday".into()),
                basis: TimeBasis::Stated,
            }),
            place: None,
            place_basis: None,
            status: Status::Happened,
            statement: None,
            evidence: vec![],
            trigger: CharSpan { start: 12, end: 18 },
            confidence: 0.9,
            damaged: false,
            against: vec![],
            found_by: "acts:1".into(),
            from: vec![],
        };
        Record {
            schema: SCHEMA.into(),
            report: Report {
                text: "Chad's army bombed Ruritania on Monday.".into(),
                ..Report::default()
            },
            reader: Reader::default(),
            passages: vec![],
            events: vec![event],
            statements: vec![],
            figures: vec![],
            ties: vec![],
            participants: vec![],
            actors: vec![
                actor("a1", "army of Chad", "TCD MIL", 0, 11),
                actor("a2", "Ruritania", "RUR", 19, 28),
            ],
            places: vec![],
            times: vec![],
            notes: vec![],
        }
    }

    fn judged(expectations: &str) -> Outcome {
        let cases = parse("x", &format!("{CASE}{expectations}\n")).unwrap();
        outcome(&cases[0], &record())
    }

    #[test]
    fn what_was_read_is_met() {
        let outcome = judged(
            "event ASSAULT happened\n  who \"Chad's army\" = TCD MIL\n  whom \"Ruritania\" = RUR\n  \
             when \"on Monday\" = 2023-05-01\n  trigger \"bombed\"\n  mode aerial\n\
             never ASSAULT planned\nonly",
        );
        assert_eq!((outcome.met, outcome.failures.len()), (3, 0), "{outcome}");
        assert!(outcome.passed());
    }

    #[test]
    fn what_was_not_read_fails_and_says_what_was() {
        let outcome = judged("event ASSAULT happened\n  who \"Ruritania\" = RUR");
        assert_eq!(outcome.failures.len(), 1);
        assert!(outcome.failures[0].got.contains("who \"army of Chad\" = TCD MIL"));
        assert!(outcome.failures[0].expected.ends_with("  who \"Ruritania\" = RUR   ✗"));
        assert!(!judged("event ASSAULT happened\n  when = 2023-05-02").failures.is_empty());
        assert!(!judged("never ASSAULT happened").failures.is_empty());
        assert_eq!(judged("statement\n  speaker \"Ruritania\"\nonly").failures.len(), 2);
    }

    #[test]
    fn todo_holds_only_until_it_passes() {
        let waiting = judged("event ASSAULT happened\n  todo mode drone\ntodo statement");
        assert_eq!((waiting.met, waiting.todo, waiting.failures.len()), (1, 2, 0));
        assert!(!waiting.passed());
        assert_eq!(judged("todo event ASSAULT happened").failures.len(), 1);
        assert_eq!(judged("event ASSAULT happened\n  todo mode aerial").failures.len(), 1);
    }
}
