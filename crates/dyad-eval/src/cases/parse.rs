//! The notation of golden cases.

use dyad_record::{Casualty, EventType, Form, PassageKind, Stance, Status, TieKind, Trend};
use jiff::civil::Date;
use std::str::FromStr;
use thiserror::Error;

/// One golden case.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    pub name: String,
    /// The file it stands in.
    pub file: String,
    pub line: usize,
    pub published: Option<Date>,
    pub title: Option<String>,
    pub url: Option<String>,
    pub report: String,
    pub expectations: Vec<Expectation>,
}

impl Case {
    pub fn place(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }
}

/// A line that begins at the margin, with the indented lines below it.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    pub line: usize,
    /// The lines as written, for messages.
    pub source: String,
    pub todo: bool,
    pub never: bool,
    pub what: What,
    pub fields: Vec<Field>,
}

/// What a line at the margin asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// Without a type any event will do, without a status any status.
    Event {
        kind: Option<EventType>,
        status: Option<Status>,
    },
    Statement,
    /// The words hold the figure or lie in it; without a value any will do.
    Figure {
        words: Option<Quote>,
        value: Option<f64>,
    },
    Tie(Option<TieKind>),
    Passage {
        kind: PassageKind,
        words: Quote,
    },
    Actor {
        words: Quote,
        code: Vec<String>,
    },
    Place {
        words: Quote,
        names: Vec<String>,
    },
    Time {
        words: Quote,
        days: Option<Days>,
    },
    /// No findings of this kind but those listed.
    Only(Kind),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Events,
    Statements,
    Figures,
    Ties,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub line: usize,
    pub source: String,
    pub todo: bool,
    pub what: FieldWhat,
}

#[derive(Clone, Debug, PartialEq)]
pub enum FieldWhat {
    /// A side of the finding: its role there, the words that name it, and its code.
    Side {
        role: Role,
        words: Option<Quote>,
        code: Vec<String>,
    },
    When {
        words: Option<Quote>,
        days: Option<Days>,
    },
    Where {
        words: Option<Quote>,
        names: Vec<String>,
    },
    Words {
        role: WordRole,
        words: Quote,
    },
    Mode(String),
    Cameo(String),
    Context(String),
    Mutual,
    Damaged,
    Against,
    Form(Form),
    Stance(Stance),
    Number {
        role: NumberRole,
        value: f64,
    },
    Unit(String),
    Counted(String),
    About(String),
    Change(String),
    Casualty(Casualty),
    Approximate,
    Trend(Trend),
    Commodity(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Who,
    Whom,
    Speaker,
    Through,
    Addressee,
    SaidBy,
    From,
    To,
    Leans,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordRole {
    Trigger,
    Cue,
    Content,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberRole {
    Of,
    Low,
    High,
}

/// Words of the report: which of their occurrences, as a range of code points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    pub words: String,
    pub start: u32,
    pub end: u32,
}

/// First and last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    pub from: Date,
    pub to: Date,
}

/// A case that is written wrongly.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{file}:{line}: {what}")]
pub struct CaseError {
    pub file: String,
    pub line: usize,
    pub what: String,
}

const MARGIN: &[&str] = &[
    "event",
    "statement",
    "figure",
    "tie",
    "passage",
    "actor",
    "place",
    "time",
    "never",
    "only",
    "todo",
];

/// The cases of one file, each under its `--- name`.
pub fn parse(file: &str, text: &str) -> Result<Vec<Case>, CaseError> {
    let mut cases: Vec<Case> = Vec::new();
    let mut block: Vec<(usize, &str)> = Vec::new();
    let mut head: Option<(usize, &str)> = None;
    let error =
        |line: usize, what: &str| CaseError { file: file.to_owned(), line, what: what.to_owned() };
    let mut close = |head: Option<(usize, &str)>, block: &[(usize, &str)]| {
        let Some((line, name)) = head else {
            return match block.iter().find(|(_, l)| !l.trim().is_empty() && !l.starts_with('#')) {
                Some((line, _)) => Err(error(*line, "a case begins with `--- its-name`")),
                None => Ok(()),
            };
        };
        if name.is_empty() {
            return Err(error(line, "give the case a name: `--- its-name`"));
        }
        if let Some(twin) = cases.iter().find(|c| c.name == name) {
            return Err(error(line, &format!("`{name}` stands already in line {}", twin.line)));
        }
        cases.push(Parser { file, name, line }.case(block)?);
        Ok(())
    };
    for (i, line) in text.lines().enumerate() {
        match line.strip_prefix("---") {
            Some(name) if !name.starts_with('-') => {
                close(head, &block)?;
                head = Some((i + 1, name.trim()));
                block.clear();
            }
            _ => block.push((i + 1, line)),
        }
    }
    close(head, &block)?;
    Ok(cases)
}

struct Parser<'t> {
    file: &'t str,
    name: &'t str,
    line: usize,
}

impl<'t> Parser<'t> {
    fn error(&self, line: usize, what: impl Into<String>) -> CaseError {
        CaseError { file: self.file.to_owned(), line, what: what.into() }
    }

    fn case(&self, block: &[(usize, &'t str)]) -> Result<Case, CaseError> {
        let mut case = Case {
            name: self.name.to_owned(),
            file: self.file.to_owned(),
            line: self.line,
            published: None,
            title: None,
            url: None,
            report: String::new(),
            expectations: Vec::new(),
        };
        let mut rest = block;
        while let Some(((line, text), after)) = rest.split_first() {
            let comment = text.starts_with('#');
            if text.trim().is_empty() || !(comment || self.header(&mut case, *line, text)?) {
                break;
            }
            rest = after;
        }
        let below = expectations_begin(rest);
        case.report = report(&rest[..below]);
        if case.report.is_empty() {
            return Err(self.error(self.line, "the report is missing, or no blank line before it"));
        }
        self.expectations(&mut case, &rest[below..])?;
        if case.expectations.is_empty() {
            return Err(self.error(self.line, "nothing is expected below the report"));
        }
        Ok(case)
    }

    /// Reads a line above the report; false where it is none of the known ones.
    fn header(&self, case: &mut Case, line: usize, text: &str) -> Result<bool, CaseError> {
        let Some((key, value)) = text.split_once(':') else { return Ok(false) };
        let value = value.trim();
        match key {
            "published" => {
                let date = Date::from_str(value)
                    .map_err(|_| self.error(line, format!("`{value}` is no date YYYY-MM-DD")))?;
                case.published = Some(date);
            }
            "title" => case.title = Some(value.to_owned()),
            "url" => case.url = Some(value.to_owned()),
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn expectations(&self, case: &mut Case, block: &[(usize, &str)]) -> Result<(), CaseError> {
        let report = Report::new(&case.report);
        for (line, text) in block {
            if text.trim().is_empty() || text.trim_start().starts_with('#') {
                continue;
            }
            let indented = text.starts_with([' ', '\t']);
            let mut words = Words { parser: self, line: *line, rest: text.trim(), report: &report };
            let todo = words.keyword("todo");
            if indented {
                let Some(expectation) = case.expectations.last_mut() else {
                    return Err(self.error(*line, "an indented line needs a line above it"));
                };
                let what = words.field(&expectation.what)?;
                words.done()?;
                expectation.source.push('\n');
                expectation.source.push_str(text.trim_end());
                let source = text.trim().to_owned();
                expectation.fields.push(Field { line: *line, source, todo, what });
            } else {
                let never = words.keyword("never");
                let what = words.what(never)?;
                words.done()?;
                let source = text.trim_end().to_owned();
                let fields = Vec::new();
                case.expectations.push(Expectation {
                    line: *line,
                    source,
                    todo,
                    never,
                    what,
                    fields,
                });
            }
        }
        Ok(())
    }
}

/// Where the report ends: at a blank line below which stand only lines that begin with a known
/// word, indented lines, comments and blank ones.
fn expectations_begin(block: &[(usize, &str)]) -> usize {
    let mut begin = block.len();
    for (i, (_, line)) in block.iter().enumerate().rev() {
        if line.trim().is_empty() {
            begin = i;
            continue;
        }
        let word = line.split_whitespace().next().unwrap_or("");
        if !line.starts_with([' ', '\t', '#']) && !MARGIN.contains(&word) {
            break;
        }
    }
    begin
}

fn report(lines: &[(usize, &str)]) -> String {
    let lines: Vec<&str> = lines.iter().map(|(_, line)| *line).collect();
    lines.join("\n").trim_matches('\n').trim_end().to_owned()
}

/// The report's characters, to find words in whatever way its lines are broken.
struct Report {
    chars: Vec<char>,
}

impl Report {
    fn new(text: &str) -> Self {
        Report { chars: text.chars().collect() }
    }

    /// Every occurrence of the words, blanks of any kind and number being equal.
    fn find(&self, words: &str) -> Vec<(u32, u32)> {
        let wanted: Vec<char> =
            words.split_whitespace().collect::<Vec<_>>().join(" ").chars().collect();
        let starts = 0..self.chars.len();
        starts.filter_map(|s| Some((s as u32, self.end_of(s, &wanted)?))).collect()
    }

    fn end_of(&self, start: usize, wanted: &[char]) -> Option<u32> {
        let mut at = start;
        for c in wanted {
            if *c == ' ' {
                let blanks = self.chars[at..].iter().take_while(|c| c.is_whitespace()).count();
                if blanks == 0 {
                    return None;
                }
                at += blanks;
            } else {
                if self.chars.get(at) != Some(c) {
                    return None;
                }
                at += 1;
            }
        }
        (at > start).then_some(at as u32)
    }
}

/// What is left of a line.
struct Words<'p, 't> {
    parser: &'p Parser<'p>,
    line: usize,
    rest: &'t str,
    report: &'p Report,
}

impl<'t> Words<'_, 't> {
    fn error(&self, what: impl Into<String>) -> CaseError {
        self.parser.error(self.line, what)
    }

    fn keyword(&mut self, word: &str) -> bool {
        match self.rest.strip_prefix(word) {
            Some(rest) if rest.is_empty() || rest.starts_with([' ', '\t', ':']) => {
                self.rest = rest.trim_start_matches(':').trim_start();
                true
            }
            _ => false,
        }
    }

    fn word(&mut self) -> &'t str {
        let end = self.rest.find(char::is_whitespace).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest.trim_start();
        word
    }

    fn done(&self) -> Result<(), CaseError> {
        match self.rest {
            "" => Ok(()),
            rest => Err(self.error(format!("`{rest}` is too much here"))),
        }
    }

    fn one_of<T: FromStr>(&mut self, what: &str, all: &[&str]) -> Result<T, CaseError> {
        let word = self.word();
        let known = T::from_str(word).ok().filter(|_| all.contains(&word));
        known.ok_or_else(|| self.error(format!("`{word}` is no {what}; one of {}", all.join(", "))))
    }

    fn number(&mut self) -> Result<f64, CaseError> {
        let word = self.word();
        let plain = word.replace(',', "");
        plain.parse().map_err(|_| self.error(format!("`{word}` is no number")))
    }

    /// `"words"`, or `"words" (2)` for their second occurrence.
    fn quote(&mut self) -> Result<Option<Quote>, CaseError> {
        let Some(rest) = self.rest.strip_prefix('"') else { return Ok(None) };
        // The report may hold quotation marks of its own: the closing one ends a word.
        let end = rest
            .match_indices('"')
            .map(|(i, _)| i)
            .find(|i| {
                let after = &rest[i + 1..];
                after.trim_start().is_empty() || after.starts_with([' ', '\t'])
            })
            .ok_or_else(|| self.error("the closing \" is missing"))?;
        let words = &rest[..end];
        self.rest = rest[end + 1..].trim_start();
        let mut nth = None;
        if let Some((inside, after)) = self.rest.strip_prefix('(').and_then(|r| r.split_once(')')) {
            nth = Some(inside.parse::<usize>().map_err(|_| self.error("write (2), (3), …"))?);
            self.rest = after.trim_start();
        }
        let found = self.report.find(words);
        let (start, end) = match (found.len(), nth) {
            (0, _) => return Err(self.error(format!("\"{words}\" does not stand in the report"))),
            (1, None) => found[0],
            (many, None) => {
                return Err(self.error(format!(
                    "\"{words}\" stands {many} times in the report; add (1), (2), …"
                )));
            }
            (many, Some(n)) => match n.checked_sub(1).and_then(|i| found.get(i)) {
                Some(span) => *span,
                None => {
                    return Err(self.error(format!("\"{words}\" stands only {many} times")));
                }
            },
        };
        Ok(Some(Quote { words: words.to_owned(), start, end }))
    }

    fn quoted(&mut self) -> Result<Quote, CaseError> {
        self.quote()?.ok_or_else(|| self.error("quote the words of the report: \"…\""))
    }

    /// The words after `=`.
    fn equals(&mut self) -> Vec<String> {
        match self.rest.strip_prefix('=') {
            Some(rest) => {
                self.rest = "";
                rest.split_whitespace().map(str::to_owned).collect()
            }
            None => Vec::new(),
        }
    }

    fn rest(&mut self) -> String {
        std::mem::take(&mut self.rest).trim_matches('"').to_owned()
    }

    fn days(&mut self) -> Result<Option<Days>, CaseError> {
        let words = self.equals();
        let Some(first) = words.first() else { return Ok(None) };
        if words.len() > 1 {
            return Err(self.error("write one date, or two as 2023-03-01..2023-03-05"));
        }
        let (from, to) = first.split_once("..").unwrap_or((first, first));
        match (period(from), period(to)) {
            (Some(a), Some(b)) => Ok(Some(Days { from: a.from, to: b.to })),
            _ => Err(self.error(format!("`{first}` is no date: YYYY-MM-DD, YYYY-MM or YYYY"))),
        }
    }

    fn what(&mut self, never: bool) -> Result<What, CaseError> {
        // `never ACCUSE happened` is short for `never event ACCUSE happened`.
        if never && self.rest.starts_with(|c: char| c.is_ascii_uppercase()) {
            return self.event();
        }
        match self.word() {
            "event" => self.event(),
            "statement" => Ok(What::Statement),
            "figure" => {
                let words = self.quote()?;
                let value = match self.rest.strip_prefix('=') {
                    Some(rest) => {
                        self.rest = rest.trim_start();
                        Some(self.number()?)
                    }
                    None => None,
                };
                Ok(What::Figure { words, value })
            }
            "tie" if self.rest.is_empty() => Ok(What::Tie(None)),
            "tie" => {
                let all: Vec<_> = TieKind::ALL.iter().map(|k| k.as_str()).collect();
                Ok(What::Tie(Some(self.one_of("tie", &all)?)))
            }
            "passage" => {
                let all: Vec<_> = PassageKind::ALL.iter().map(|k| k.as_str()).collect();
                let kind = self.one_of("kind of passage", &all)?;
                Ok(What::Passage { kind, words: self.quoted()? })
            }
            "actor" => Ok(What::Actor { words: self.quoted()?, code: self.equals() }),
            "place" => Ok(What::Place { words: self.quoted()?, names: self.equals() }),
            "time" => Ok(What::Time { words: self.quoted()?, days: self.days()? }),
            "only" => match self.word() {
                "" | "events" => Ok(What::Only(Kind::Events)),
                "statements" => Ok(What::Only(Kind::Statements)),
                "figures" => Ok(What::Only(Kind::Figures)),
                "ties" => Ok(What::Only(Kind::Ties)),
                word => Err(self.error(format!(
                    "`{word}`: write only, or only events, statements, figures, ties"
                ))),
            },
            word => Err(self.error(format!("`{word}` is not one of {}", MARGIN.join(", ")))),
        }
    }

    fn event(&mut self) -> Result<What, CaseError> {
        let types: Vec<_> = EventType::ALL.iter().map(|k| k.as_str()).collect();
        let statuses: Vec<_> = Status::ALL.iter().map(|s| s.as_str()).collect();
        let any = self.rest.is_empty() || self.keyword("any");
        let kind = if any { None } else { Some(self.one_of("event type", &types)?) };
        let status = match self.rest {
            "" => None,
            _ => Some(self.one_of("status", &statuses)?),
        };
        Ok(What::Event { kind, status })
    }

    fn field(&mut self, of: &What) -> Result<FieldWhat, CaseError> {
        let side = |words: &mut Self, role| -> Result<FieldWhat, CaseError> {
            let quote = words.quote()?;
            let code = words.equals();
            if quote.is_none() && code.is_empty() {
                return Err(words.error("quote the words that name the side, or give = CODE"));
            }
            Ok(FieldWhat::Side { role, words: quote, code })
        };
        let key = self.word();
        match (of, key) {
            (What::Only(_), _) => Err(self.error("`only` has no lines of its own")),
            (_, "said") if self.keyword("by") => side(self, Role::SaidBy),
            (_, "damaged") => Ok(FieldWhat::Damaged),
            (What::Event { .. } | What::Figure { .. }, "against") => Ok(FieldWhat::Against),
            (_, "when") => Ok(FieldWhat::When { words: self.quote()?, days: self.days()? }),
            (What::Event { .. }, "who") => side(self, Role::Who),
            (What::Event { .. }, "whom") => side(self, Role::Whom),
            (What::Event { .. }, "where") => {
                Ok(FieldWhat::Where { words: self.quote()?, names: self.equals() })
            }
            (What::Event { .. }, "trigger") => {
                Ok(FieldWhat::Words { role: WordRole::Trigger, words: self.quoted()? })
            }
            (What::Event { .. }, "mode") => Ok(FieldWhat::Mode(self.rest())),
            (What::Event { .. }, "cameo") => Ok(FieldWhat::Cameo(self.rest())),
            (What::Event { .. }, "context") => Ok(FieldWhat::Context(self.rest())),
            (What::Event { .. }, "mutual") => Ok(FieldWhat::Mutual),
            (What::Statement, "speaker") => side(self, Role::Speaker),
            (What::Statement, "through") => side(self, Role::Through),
            (What::Statement, "to") => side(self, Role::Addressee),
            (What::Statement, "cue") => {
                Ok(FieldWhat::Words { role: WordRole::Cue, words: self.quoted()? })
            }
            (What::Statement, "content") => {
                Ok(FieldWhat::Words { role: WordRole::Content, words: self.quoted()? })
            }
            (What::Statement, "form") => {
                let all: Vec<_> = Form::ALL.iter().map(|f| f.as_str()).collect();
                Ok(FieldWhat::Form(self.one_of("form", &all)?))
            }
            (What::Statement, "stance") => {
                let all: Vec<_> = Stance::ALL.iter().map(|s| s.as_str()).collect();
                Ok(FieldWhat::Stance(self.one_of("stance", &all)?))
            }
            (What::Figure { .. }, "of") => {
                Ok(FieldWhat::Number { role: NumberRole::Of, value: self.number()? })
            }
            (What::Figure { .. }, "low") => {
                Ok(FieldWhat::Number { role: NumberRole::Low, value: self.number()? })
            }
            (What::Figure { .. }, "high") => {
                Ok(FieldWhat::Number { role: NumberRole::High, value: self.number()? })
            }
            (What::Figure { .. }, "unit") => Ok(FieldWhat::Unit(self.rest())),
            (What::Figure { .. }, "counted") => Ok(FieldWhat::Counted(self.rest())),
            (What::Figure { .. }, "about") => Ok(FieldWhat::About(self.rest())),
            (What::Figure { .. }, "change") => Ok(FieldWhat::Change(self.rest())),
            (What::Figure { .. }, "casualty") => {
                let all: Vec<_> = Casualty::ALL.iter().map(|c| c.as_str()).collect();
                Ok(FieldWhat::Casualty(self.one_of("casualty", &all)?))
            }
            (What::Figure { .. }, "approximate") => Ok(FieldWhat::Approximate),
            (What::Tie(_), "from") => side(self, Role::From),
            (What::Tie(_), "to") => side(self, Role::To),
            (What::Tie(_), "leans") => side(self, Role::Leans),
            (What::Tie(_), "commodity") => Ok(FieldWhat::Commodity(self.rest())),
            (What::Tie(_), "trend") => {
                let all: Vec<_> = Trend::ALL.iter().map(|t| t.as_str()).collect();
                Ok(FieldWhat::Trend(self.one_of("trend", &all)?))
            }
            _ => Err(self.error(format!("`{key}` says nothing here; see cases/README.md"))),
        }
    }
}

/// A day, month or year as its first and last day.
fn period(text: &str) -> Option<Days> {
    if let Ok(day) = Date::from_str(text) {
        return Some(Days { from: day, to: day });
    }
    if let Some((year, month)) = text.split_once('-') {
        let from = Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()?;
        return Some(Days { from, to: from.last_of_month() });
    }
    let year: i16 = text.parse().ok()?;
    Some(Days { from: Date::new(year, 1, 1).ok()?, to: Date::new(year, 12, 31).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CASE: &str = "\
# a comment

--- refusal
published: 2023-03-10

The envoy of Malta refused on
Thursday to blame Tunisia. Tunisia
event planners were pleased.

event ACCUSE refused
  who  \"The envoy of Malta\" = MLT GOV
  whom \"Tunisia\" (1) = TUN
  todo when \"on Thursday\" = 2023-03-09
never ACCUSE happened
todo only events
";

    #[test]
    fn a_case_is_read() {
        let cases = parse("cases/x.txt", CASE).unwrap();
        let case = &cases[0];
        assert_eq!((case.name.as_str(), case.line), ("refusal", 3));
        assert!(case.report.ends_with("event planners were pleased."));
        assert_eq!(case.expectations.len(), 3);
        let event = &case.expectations[0];
        assert_eq!(
            event.what,
            What::Event { kind: Some(EventType::Accuse), status: Some(Status::Refused) }
        );
        assert!(event.fields[2].todo && !event.fields[1].todo);
        let FieldWhat::When { words: Some(words), days: Some(days) } = &event.fields[2].what else {
            panic!("{:?}", event.fields[2]);
        };
        assert_eq!((words.start, words.end), (27, 38));
        assert_eq!(days.from, days.to);
        assert!(case.expectations[1].never);
        assert!(case.expectations[2].todo);
        assert_eq!(case.expectations[2].what, What::Only(Kind::Events));
    }

    #[test]
    fn mistakes_are_named() {
        let wrong = |from: &str, to: &str| parse("x", &CASE.replace(from, to)).unwrap_err().what;
        assert!(wrong("\"Tunisia\" (1)", "\"Tunisia\"").contains("stands 2 times"));
        assert!(wrong("\"Tunisia\" (1)", "\"Tunis City\"").contains("does not stand"));
        assert!(wrong("\"Tunisia\" (1)", "\"Tunisia\" (3)").contains("only 2 times"));
        assert!(wrong("2023-03-10", "2023-13-10").contains("no date"));
        assert!(wrong("event ACCUSE refused", "event ACUSE refused").contains("PROTEST"));
        assert!(wrong("  whom", "  towhom").contains("`towhom` says nothing"));
        assert!(wrong("--- refusal", "refusal").contains("begins with"));
        assert!(wrong("only events", "only evnts").contains("only events"));
    }

    #[test]
    fn periods_have_first_and_last_days() {
        let days = |text| period(text).map(|d| (d.from.to_string(), d.to.to_string()));
        assert_eq!(days("2024-02"), Some(("2024-02-01".into(), "2024-02-29".into())));
        assert_eq!(days("2023"), Some(("2023-01-01".into(), "2023-12-31".into())));
        assert_eq!(days("spring"), None);
    }
}
