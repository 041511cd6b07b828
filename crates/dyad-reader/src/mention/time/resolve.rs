//! Reckons what is said into dates. News reckons from the day of publishing; a narrative from the
//! date that it told last.

use super::rules::iso_length;
use super::{Edge, Field, Length, Period, Said, Unit, Val, What, When, Year};
use crate::doc::{Deprel, Doc, Upos, WordId, Xpos};
use crate::mention::{Time, TimeKind};
use crate::span::Span;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// Reckons every expression, in order.
pub fn all(doc: &Doc<'_>, said: &[Said]) -> Vec<Time> {
    let mut teller = Teller {
        report: doc.report.published,
        told: None,
        fine: None,
        year: None,
        quarter: None,
        narrative: is_narrative(doc.report.published, said),
        tense: Tense::Past,
        modifies: false,
    };
    let mut times = Vec::with_capacity(said.len());
    for (i, one) in said.iter().enumerate() {
        let mut val = one.val.clone();
        lend_year(doc, &mut val, one, said.get(i + 1));
        teller.tense = tense(doc, one.span);
        teller.modifies = modifies(doc, one.span);
        let reckoned = teller.reckon(&val);
        teller.note(&val, reckoned.told);
        times.push(Time {
            span: one.span,
            words: doc.words_in(one.span),
            kind: reckoned.kind,
            from: reckoned.from,
            to: reckoned.to,
            value: reckoned.value,
            granularity: reckoned.granularity,
            found_by: one.rule,
        });
    }
    times
}

/// "from May to June 1991": the first takes the year of the second.
fn lend_year(doc: &Doc<'_>, val: &mut Val, one: &Said, next: Option<&Said>) {
    let Val::When(When { what: What::Date { year: year @ Year::Open, field }, .. }) = val else {
        return;
    };
    let Some(next) = next.filter(|n| n.sentence == one.sentence) else { return };
    let Val::When(When { what: What::Date { year: Year::Known(y), field: other }, .. }) = next.val
    else {
        return;
    };
    let between = Span { start: one.span.end, end: next.span.start };
    let gap = between.of(&doc.report.text).trim();
    if !matches!(gap, "to" | "and" | "-" | "–" | "through" | "until" | "till" | "or") {
        return;
    }
    let later = month_of(*field).zip(month_of(other)).is_some_and(|(a, b)| a > b);
    *year = Year::Known(y - i16::from(later));
}

fn month_of(field: Field) -> Option<i8> {
    match field {
        Field::Month(m) | Field::Day(m, _) => Some(m),
        _ => None,
    }
}

/// A report is a narrative of other times where it names such years oftener than it points at its
/// own day.
fn is_narrative(published: Option<Date>, said: &[Said]) -> bool {
    let mut distant = 0;
    let mut near = 0;
    for one in said {
        let Val::When(when) = &one.val else { continue };
        match when.what {
            What::Date { year: Year::Known(y), .. } => {
                let far = published.is_none_or(|p| (p.year() - y).abs() > 1);
                distant += usize::from(far);
                near += usize::from(!far);
            }
            What::Day(_) => near += 2,
            What::Weekday { .. } | What::Unit { told: false, .. } => near += 1,
            _ => {}
        }
    }
    distant >= 3 && distant > 2 * near
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tense {
    Past,
    Present,
    Future,
    /// No verb tells.
    Unclear,
}

/// Whether the expression stands before a noun ("a June accord"): the tense of the clause is not
/// that of what the noun tells.
fn modifies(doc: &Doc<'_>, span: Span) -> bool {
    doc.word_at(span.start).is_some_and(|w| {
        let word = doc.word(w);
        matches!(word.deprel, Deprel::Compound | Deprel::Amod | Deprel::Nummod)
            && word.head.is_some_and(|h| doc.word(h).span.start >= span.end)
    })
}

/// The tense of the clause that holds the expression.
fn tense(doc: &Doc<'_>, span: Span) -> Tense {
    let Some(start) = doc.word_at(span.start) else { return Tense::Unclear };
    for word in doc.ancestors(start).take(20) {
        if matches!(doc.word(word).upos, Upos::Verb | Upos::Aux) {
            if let Some(tense) = tense_of_verb(doc, word) {
                return tense;
            }
        } else if let Some(cop) = doc.dependents_by(word, &[Deprel::Cop]).next() {
            return tense_of_verb(doc, cop).unwrap_or(Tense::Unclear);
        }
    }
    Tense::Unclear
}

fn tense_of_verb(doc: &Doc<'_>, verb: WordId) -> Option<Tense> {
    let helpers = doc.dependents_by(verb, &[Deprel::Aux, Deprel::AuxPass, Deprel::Cop]);
    let mut present = false;
    for helper in helpers {
        match doc.word(helper).lemma.as_str() {
            "will" | "shall" | "'ll" => return Some(Tense::Future),
            "would" | "may" | "might" | "could" | "should" | "must" | "can" => {
                return Some(Tense::Future);
            }
            _ => {}
        }
        match doc.word(helper).xpos {
            Xpos::Vbd => return Some(Tense::Past),
            Xpos::Vbz | Xpos::Vbp => present = true,
            _ => {}
        }
    }
    let marked_to = doc.dependents_by(verb, &[Deprel::Mark]).any(|m| doc.word(m).xpos == Xpos::To);
    match doc.word(verb).xpos {
        Xpos::Vbd => Some(Tense::Past),
        Xpos::Vbn if present => Some(Tense::Past),
        Xpos::Vbn => None,
        Xpos::Vb if marked_to => Some(Tense::Future),
        Xpos::Vbg if present => Some(Tense::Future),
        Xpos::Vbg => None,
        Xpos::Vbz | Xpos::Vbp => Some(Tense::Present),
        _ if present => Some(Tense::Present),
        _ => None,
    }
}

/// What is told last: its first day, and how finely it was told.
#[derive(Clone, Copy, Debug)]
struct Told {
    from: Date,
    unit: Unit,
}

struct Teller {
    report: Option<Date>,
    told: Option<Told>,
    /// The date told last that has a month.
    fine: Option<Date>,
    /// The year told last, where it went on from the dates before it and none has come since.
    year: Option<i16>,
    /// The quarter told last: the one that a report of business is about.
    quarter: Option<Date>,
    narrative: bool,
    tense: Tense,
    modifies: bool,
}

#[derive(Debug)]
struct Reckoned {
    kind: TimeKind,
    value: Option<String>,
    from: Option<Date>,
    to: Option<Date>,
    granularity: &'static str,
    told: Option<Told>,
}

impl Reckoned {
    fn unknown(kind: TimeKind, value: String, granularity: &'static str) -> Self {
        Reckoned { kind, value: Some(value), from: None, to: None, granularity, told: None }
    }

    fn stretch(value: String, from: Date, to: Date, unit: Unit) -> Self {
        Reckoned {
            kind: TimeKind::Date,
            value: Some(value),
            from: Some(from),
            to: Some(to),
            granularity: unit_name(unit),
            told: Some(Told { from, unit }),
        }
    }
}

impl Teller {
    /// What is told last is what the next relative expression hangs on; a glance back ("a year
    /// earlier") is not.
    fn note(&mut self, val: &Val, told: Option<Told>) {
        let Some(told) = told else { return };
        let back = match val {
            Val::When(when) => matches!(
                when.what,
                What::Shift { sign: -1, .. } | What::Date { year: Year::Side(-1), .. }
            ),
            _ => false,
        };
        if back && !self.narrative {
            return;
        }
        self.told = Some(told);
        if matches!(told.unit, Unit::Day | Unit::Week | Unit::Month | Unit::Quarter) {
            self.fine = Some(told.from);
            self.year = None;
        }
        if told.unit == Unit::Year && matches!(val, Val::When(When { what: What::Date { .. }, .. }))
        {
            let onward = self.fine.is_none_or(|f| (0..=3).contains(&(told.from.year() - f.year())));
            self.year = onward.then(|| told.from.year());
        }
        if told.unit == Unit::Quarter {
            self.quarter = Some(told.from);
        }
    }

    fn reckon(&self, val: &Val) -> Reckoned {
        match val {
            Val::When(when) => self.when(when),
            Val::Period(period) => self.period(period),
            Val::Set(value) => Reckoned::unknown(TimeKind::Set, value.to_string(), "set"),
            _ => Reckoned::unknown(TimeKind::Date, String::new(), "day"),
        }
    }

    fn period(&self, period: &Period) -> Reckoned {
        let unit = unit_name(period.length.unit);
        let mut reckoned = Reckoned::unknown(TimeKind::Duration, iso_length(period.length), unit);
        if period.length.count.is_some()
            && let (Some(side), Some(report)) = (period.side, self.report)
            && let Some(other) = shifted(report, period.length, side)
        {
            reckoned.from = Some(report.min(other));
            reckoned.to = Some(report.max(other));
        }
        reckoned
    }

    /// The day from which what is said now is reckoned.
    fn anchor(&self) -> Option<Date> {
        if self.narrative {
            self.fine.or(self.told.map(|t| t.from)).or(self.report)
        } else {
            self.report.or(self.told.map(|t| t.from))
        }
    }

    fn when(&self, when: &When) -> Reckoned {
        let mut reckoned = self.what(when);
        if let Some(edge) = when.edge {
            narrow(&mut reckoned, edge);
        }
        if when.part.is_some() || when.clock.is_some() {
            clock(&mut reckoned, when);
        }
        reckoned
    }

    fn what(&self, when: &When) -> Reckoned {
        match when.what {
            What::Date { year, field } => self.date(year, field, when.side),
            What::Weekday { day, side } => self.weekday(day, side),
            What::Unit { unit, side, told } => self.unit(unit, side, told),
            What::Decade { first } => decade(first),
            What::Century { number } => century(number),
            What::Day(days) => match self.report.and_then(|r| r.checked_add(days.days()).ok()) {
                Some(day) => Reckoned::stretch(day.to_string(), day, day, Unit::Day),
                None => Reckoned::unknown(TimeKind::Date, "XXXX-XX-XX".to_owned(), "day"),
            },
            What::Shift { length, sign, told } => self.shift(length, sign, told),
            What::Ref(name) => self.reference(name),
            What::Nothing => {
                let day = self.told.filter(|t| t.unit == Unit::Day).map(|t| t.from);
                match day.or(self.report) {
                    Some(day) => Reckoned::stretch(day.to_string(), day, day, Unit::Day),
                    None => Reckoned::unknown(TimeKind::Date, "XXXX-XX-XX".to_owned(), "day"),
                }
            }
        }
    }

    fn reference(&self, name: &'static str) -> Reckoned {
        let mut reckoned = Reckoned::unknown(TimeKind::Date, name.to_owned(), "reference");
        match name {
            "PRESENT_REF" => (reckoned.from, reckoned.to) = (self.report, self.report),
            "PAST_REF" => reckoned.to = self.report,
            _ => reckoned.from = self.report,
        }
        reckoned
    }

    fn date(&self, year: Year, field: Field, side: Option<i8>) -> Reckoned {
        let field = match (field, self.quarter) {
            (Field::Period, Some(q)) => Field::Quarter(((q.month() - 1) / 3 + 1) as u8),
            _ => field,
        };
        let year = match year {
            Year::Known(y) => Some(y),
            Year::Side(n) => self.report.map(|r| r.year() + n),
            Year::Told(n) => self.told.map(|t| t.from).or(self.report).map(|d| d.year() + n),
            Year::Open => self.open_year(field, side),
        };
        match year {
            Some(y) => in_year(y, field),
            None => Reckoned::unknown(TimeKind::Date, open_value(field), granularity(field)),
        }
    }

    /// The year of a date that names none.
    fn open_year(&self, field: Field, side: Option<i8>) -> Option<i16> {
        let anchor = self.anchor()?;
        let candidate = |year: i16| in_year(year, field).from.map(|from| (year, from));
        let (_, same) = candidate(anchor.year())?;
        let month = anchor.first_of_month();
        let begun = same <= anchor || same.first_of_month() <= month;
        let year = anchor.year();
        if let Some(side) = side {
            let current = in_year(year, field);
            let over = current.to.is_some_and(|to| to < month);
            return Some(match side {
                -1 if over => year,
                -1 => year - 1,
                1 if same > anchor => year,
                1 => year + 1,
                _ => year,
            });
        }
        if let Some(told) = self.year.filter(|_| self.narrative) {
            return Some(told);
        }
        if self.narrative {
            let nearest = [year - 1, year, year + 1].into_iter().filter_map(candidate).min_by_key(
                |(y, from)| {
                    let days = (*from - anchor).get_days();
                    let back = if days < 0 { -days + 60 } else { days };
                    (back, *y)
                },
            );
            return nearest.map(|(y, _)| y);
        }
        // Of a day that lies close ahead one says the year where last year's is meant.
        let day = !matches!(field, Field::Month(_) | Field::Season(_) | Field::Quarter(_));
        let close = day && (same - anchor).get_days() < 60;
        let over =
            in_year(year, field).to.filter(|to| *to < anchor).map(|to| (anchor - to).get_days());
        // What the quarter brought is told in the next; what is dated half a year back and told as
        // present lies ahead.
        let just = matches!(field, Field::Quarter(_)) && over.is_some_and(|days| days < 92);
        Some(match self.tense {
            Tense::Future if over.is_some() && !just && !self.modifies => year + 1,
            Tense::Future => year,
            Tense::Present if day && over.is_some_and(|days| days > 183) => year + 1,
            _ if begun => year,
            Tense::Present => year,
            Tense::Past if !close => year - 1,
            Tense::Past => year,
            Tense::Unclear if (same - anchor).get_days() < 100 => year,
            Tense::Unclear => year - 1,
        })
    }

    fn weekday(&self, day: i8, side: Option<i8>) -> Reckoned {
        let unknown = || Reckoned::unknown(TimeKind::Date, format!("XXXX-WXX-{day}"), "day");
        let (Some(anchor), Ok(weekday)) = (self.anchor(), Weekday::from_monday_one_offset(day))
        else {
            return unknown();
        };
        let back = i64::from(anchor.weekday().since(weekday));
        let days = match side {
            Some(-1) if back == 0 => -7,
            Some(-1) => -back,
            Some(1) => 7 - back,
            Some(_) => i64::from(day) - i64::from(anchor.weekday().to_monday_one_offset()),
            None if self.tense == Tense::Future && back != 0 => 7 - back,
            None => -back,
        };
        match anchor.checked_add(days.days()) {
            Ok(day) => Reckoned::stretch(day.to_string(), day, day, Unit::Day),
            Err(_) => unknown(),
        }
    }

    fn unit(&self, unit: Unit, side: i8, told: bool) -> Reckoned {
        let told_day = self.told.map(|t| t.from);
        let anchor = if told || self.narrative { told_day.or(self.report) } else { self.report };
        let unknown = || {
            let value = match unit {
                Unit::Day => "XXXX-XX-XX",
                Unit::Week => "XXXX-WXX",
                Unit::Weekend => "XXXX-WXX-WE",
                Unit::Month => "XXXX-XX",
                Unit::Quarter => "XXXX-QX",
                _ => "XXXX",
            };
            Reckoned::unknown(TimeKind::Date, value.to_owned(), unit_name(unit))
        };
        let length = Length {
            count: Some(1.0),
            unit: if unit == Unit::Weekend { Unit::Week } else { unit },
        };
        // Told on a weekday, what happened over the weekend did so on the last.
        let early = anchor.is_some_and(|a| a.weekday().to_monday_one_offset() < 5);
        let last = unit == Unit::Weekend && side == 0 && early && self.tense == Tense::Past;
        let side = if last { -1 } else { side };
        let Some(day) = anchor.and_then(|a| shifted(a, length, side)) else { return unknown() };
        stretch_of(day, unit).unwrap_or_else(unknown)
    }

    fn shift(&self, length: Length, sign: i8, told: bool) -> Reckoned {
        let reference = if sign < 0 { "PAST_REF" } else { "FUTURE_REF" };
        let told_day = self.told.map(|t| t.from);
        let anchor = if told { told_day.or(self.report) } else { self.report };
        if length.count.is_none() {
            return self.reference(reference);
        }
        if length.unit == Unit::Year
            && length.count == Some(1.0)
            && sign < 0
            && let Some(day) = self.quarter.and_then(|q| shifted(q, length, sign))
        {
            return stretch_of(day, Unit::Quarter).unwrap_or_else(|| self.reference(reference));
        }
        let day = anchor.and_then(|a| shifted(a, length, sign));
        let unit = match length.unit {
            Unit::Week | Unit::Weekend if length.count != Some(1.0) || told => Unit::Day,
            Unit::Week | Unit::Weekend => Unit::Week,
            other => other,
        };
        match day {
            Some(day) => stretch_of(day, unit).unwrap_or_else(|| self.reference(reference)),
            None => self.reference(reference),
        }
    }
}

/// The calendar's stretch of this unit that holds the day.
fn stretch_of(day: Date, unit: Unit) -> Option<Reckoned> {
    let year = day.year();
    Some(match unit {
        Unit::Second | Unit::Minute | Unit::Hour | Unit::Day => {
            Reckoned::stretch(day.to_string(), day, day, Unit::Day)
        }
        Unit::Week | Unit::Weekend => {
            let iso = day.iso_week_date();
            let monday =
                day.checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days()).ok()?;
            let from =
                if unit == Unit::Weekend { monday.checked_add(5.days()).ok()? } else { monday };
            let to = monday.checked_add(6.days()).ok()?;
            let end = if unit == Unit::Weekend { "-WE" } else { "" };
            let value = format!("{}-W{:02}{end}", iso.year(), iso.week());
            Reckoned::stretch(value, from, to, unit)
        }
        Unit::Month => in_year(year, Field::Month(day.month())),
        Unit::Quarter => in_year(year, Field::Quarter(((day.month() - 1) / 3 + 1) as u8)),
        Unit::Year => in_year(year, Field::Whole),
        Unit::Decade => decade(year - year.rem_euclid(10)),
        Unit::Century => century(year.div_euclid(100) + 1),
    })
}

fn shifted(from: Date, length: Length, sign: i8) -> Option<Date> {
    let count = length.count.unwrap_or(1.0) * f64::from(sign);
    let whole = count.trunc() as i64;
    let span = match length.unit {
        Unit::Second | Unit::Minute | Unit::Hour => return Some(from),
        Unit::Day => whole.days(),
        Unit::Week | Unit::Weekend => ((count * 7.0).trunc() as i64).days(),
        Unit::Month => whole.months(),
        Unit::Quarter => (whole.checked_mul(3)?).months(),
        Unit::Year => ((count * 12.0).trunc() as i64).months(),
        Unit::Decade => (whole.checked_mul(10)?).years(),
        Unit::Century => (whole.checked_mul(100)?).years(),
    };
    from.checked_add(span).ok()
}

fn decade(first: i16) -> Reckoned {
    let value = format!("{:03}", first / 10);
    match (Date::new(first, 1, 1), Date::new(first + 9, 12, 31)) {
        (Ok(from), Ok(to)) => Reckoned::stretch(value, from, to, Unit::Decade),
        _ => Reckoned::unknown(TimeKind::Date, value, "decade"),
    }
}

fn century(number: i16) -> Reckoned {
    let first = (number - 1) * 100;
    let value = format!("{:02}", number - 1);
    match (Date::new(first + 1, 1, 1), Date::new(first + 100, 12, 31)) {
        (Ok(from), Ok(to)) => Reckoned::stretch(value, from, to, Unit::Century),
        _ => Reckoned::unknown(TimeKind::Date, value, "century"),
    }
}

const SEASONS: [&str; 4] = ["SP", "SU", "FA", "WI"];

fn granularity(field: Field) -> &'static str {
    match field {
        Field::Whole | Field::Period => "year",
        Field::Month(_) => "month",
        Field::Season(_) => "season",
        Field::Quarter(_) => "quarter",
        Field::Half(_) => "half",
        _ => "day",
    }
}

fn open_value(field: Field) -> String {
    match field {
        Field::Whole => "XXXX".to_owned(),
        Field::Month(m) => format!("XXXX-{m:02}"),
        Field::Day(m, d) => format!("XXXX-{m:02}-{d:02}"),
        Field::Season(s) => format!("XXXX-{}", SEASONS[s as usize % 4]),
        Field::Quarter(q) => format!("XXXX-Q{q}"),
        Field::Half(h) => format!("XXXX-H{h}"),
        Field::Easter(_) | Field::Nth(..) => "XXXX-XX-XX".to_owned(),
        Field::Period => "XXXX".to_owned(),
    }
}

/// That part of that year. A day that the calendar lacks has a value but no dates.
fn in_year(year: i16, field: Field) -> Reckoned {
    if year < 0 {
        let value = open_value(field).replacen("XXXX", &format!("BC{:04}", -year), 1);
        return Reckoned::unknown(TimeKind::Date, value, granularity(field));
    }
    let value = open_value(field).replacen("XXXX", &format!("{year:04}"), 1);
    let stretch = |from: Option<Date>, to: Option<Date>, unit| match (from, to) {
        (Some(from), Some(to)) => Reckoned::stretch(value.clone(), from, to, unit),
        _ => Reckoned::unknown(TimeKind::Date, value.clone(), granularity(field)),
    };
    let first = |y: i16, m: i8| Date::new(y, m, 1).ok();
    let last = |y: i16, m: i8| Date::new(y, m, 1).ok().map(Date::last_of_month);
    let named = |mut reckoned: Reckoned| {
        reckoned.granularity = granularity(field);
        reckoned
    };
    match field {
        Field::Whole | Field::Period => stretch(first(year, 1), last(year, 12), Unit::Year),
        Field::Month(m) => stretch(first(year, m), last(year, m), Unit::Month),
        Field::Day(m, d) => {
            let day = Date::new(year, m, d).ok();
            stretch(day, day, Unit::Day)
        }
        Field::Season(3) => named(stretch(first(year, 12), last(year + 1, 2), Unit::Month)),
        Field::Season(s) => {
            let month = 3 + 3 * s as i8;
            named(stretch(first(year, month), last(year, month + 2), Unit::Month))
        }
        Field::Quarter(q) => {
            let month = 3 * q as i8 - 2;
            stretch(first(year, month), last(year, month + 2), Unit::Quarter)
        }
        Field::Half(h) => {
            let month = 6 * h as i8 - 5;
            named(stretch(first(year, month), last(year, month + 5), Unit::Year))
        }
        Field::Easter(days) => feast(easter(year), i64::from(days)),
        Field::Nth(month, weekday, nth, after) => {
            feast(nth_weekday(year, month, weekday, nth), i64::from(after))
        }
    }
}

fn feast(day: Option<Date>, after: i64) -> Reckoned {
    match day.and_then(|d| d.checked_add(after.days()).ok()) {
        Some(day) => Reckoned::stretch(day.to_string(), day, day, Unit::Day),
        None => Reckoned::unknown(TimeKind::Date, "XXXX-XX-XX".to_owned(), "day"),
    }
}

fn nth_weekday(year: i16, month: i8, weekday: i8, nth: i8) -> Option<Date> {
    let weekday = Weekday::from_monday_one_offset(weekday).ok()?;
    let nth = if nth == 9 { -1 } else { nth };
    Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok()
}

/// Easter Sunday of the Gregorian calendar (the anonymous computus).
fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let a = y % 19;
    let (b, c) = (y / 100, y % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    Date::new(year, month as i8, day as i8).ok()
}

/// The first, middle or last third of a stretch; a single day stays whole.
fn narrow(reckoned: &mut Reckoned, edge: Edge) {
    let (Some(from), Some(to)) = (reckoned.from, reckoned.to) else { return };
    let days = i64::from((to - from).get_days()) + 1;
    if days < 3 {
        return;
    }
    let third = days / 3;
    let at = |n: i64| from.checked_add(n.days()).unwrap_or(from);
    let (first, last) = match edge {
        Edge::Start => (from, at(third - 1)),
        Edge::Mid => (at(third), at(days - third - 1)),
        Edge::End => (at(days - third), to),
    };
    (reckoned.from, reckoned.to) = (Some(first), Some(last));
}

fn clock(reckoned: &mut Reckoned, when: &When) {
    reckoned.kind = TimeKind::Time;
    let Some(value) = &mut reckoned.value else { return };
    match (when.clock, when.part) {
        (Some((hour, Some(minute))), _) => {
            value.push_str(&format!("T{hour:02}:{minute:02}"));
            reckoned.granularity = "minute";
        }
        (Some((hour, None)), _) => {
            value.push_str(&format!("T{hour:02}:00"));
            reckoned.granularity = "hour";
        }
        (None, Some(part)) => {
            value.push('T');
            value.push_str(part);
            reckoned.granularity = "part of day";
        }
        (None, None) => {}
    }
}

fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Second => "second",
        Unit::Minute => "minute",
        Unit::Hour => "hour",
        Unit::Day => "day",
        Unit::Weekend => "weekend",
        Unit::Week => "week",
        Unit::Month => "month",
        Unit::Quarter => "quarter",
        Unit::Year => "year",
        Unit::Decade => "decade",
        Unit::Century => "century",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn easter_and_weekdays_of_a_month() {
        assert_eq!(easter(2023), Some(date(2023, 4, 9)));
        assert_eq!(easter(1991), Some(date(1991, 3, 31)));
        assert_eq!(nth_weekday(2022, 11, 4, 4), Some(date(2022, 11, 24)));
        assert_eq!(nth_weekday(2022, 5, 1, 9), Some(date(2022, 5, 30)));
    }
}
