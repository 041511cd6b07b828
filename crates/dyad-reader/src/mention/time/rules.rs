//! The rules: each a name, a pattern and a production. Earlier rules win over later ones where
//! both read the same words.

use super::chart::{Node, when, whole};
use super::{Edge, Field, Length, Period, Unit, Val, What, When, Year};
use crate::doc::{Doc, Upos, Xpos};
use crate::mention::pieces::{Kind, Piece};
use dyad_lexicon::times::Class;

/// What one part of a pattern takes.
pub enum Slot {
    /// One of these words or marks.
    Lit(&'static [&'static str]),
    Class(Class),
    /// A whole number in digits or words, from … to.
    Whole(u32, u32),
    /// The same in words only.
    Spoken(u32, u32),
    Amount,
    Ordinal(u32, u32),
    Year,
    Period,
    When(fn(&When) -> bool),
    /// Without white space before it.
    Glued(&'static Slot),
    /// May be absent.
    Maybe(&'static Slot),
}

impl Slot {
    pub fn takes(&self, node: &Node, pieces: &[Piece]) -> bool {
        let first = &pieces[node.start];
        match (self, &node.val) {
            (Slot::Lit(words), Val::Piece) => words.iter().any(|w| first.is(w)),
            (Slot::Class(class), Val::Sense(c, _)) => class == c,
            (Slot::Whole(low, high), Val::Number(_)) => {
                whole(node).is_some_and(|n| (*low..=*high).contains(&n))
            }
            (Slot::Spoken(low, high), Val::Number(_)) => {
                first.kind == Kind::Word && whole(node).is_some_and(|n| (*low..=*high).contains(&n))
            }
            (Slot::Amount, Val::Number(_)) | (Slot::Year, Val::Year(_)) => true,
            (Slot::Ordinal(low, high), Val::Ordinal(n)) => (*low..=*high).contains(n),
            (Slot::Period, Val::Period(_)) => true,
            (Slot::When(test), Val::When(when)) => test(when),
            (Slot::Glued(inner), _) => !first.spaced && inner.takes(node, pieces),
            (Slot::Maybe(inner), _) => inner.takes(node, pieces),
            _ => false,
        }
    }
}

/// One way to say a time.
pub struct Rule {
    pub name: &'static str,
    pub slots: &'static [Slot],
    pub make: fn(&[&Node]) -> Option<Val>,
}

const THE: Slot = Slot::Maybe(&Slot::Lit(&["the"]));
const HYPHEN: Slot = Slot::Maybe(&Slot::Lit(&["-"]));
const COMMA: Slot = Slot::Maybe(&Slot::Lit(&[","]));
const FILLER: Slot = Slot::Maybe(&Slot::Class(Class::Filler));

use Class as C;
use Slot::{Amount, Class as Of, Glued, Lit, Maybe, Ordinal, Spoken, Whole};

/// Every rule of time.
pub const RULES: &[Rule] = &[
    // What is only past, present or to come.
    Rule {
        name: "now, once, some day",
        slots: &[Of(C::Ref)],
        make: |p| made(What::Ref(reference(value(p, C::Ref)?)?)),
    },
    Rule {
        name: "recent, current",
        slots: &[Of(C::RefAdj)],
        make: |p| made(What::Ref(reference(value(p, C::RefAdj)?)?)),
    },
    // Years and longer.
    Rule { name: "year", slots: &[Slot::Year], make: |p| latent(date(year(p)?, Field::Whole)) },
    Rule {
        name: "the year so-and-so",
        slots: &[THE, Lit(&["year"]), Slot::Year],
        make: |p| made(date(year(p)?, Field::Whole)),
    },
    Rule {
        name: "year before Christ",
        slots: &[Whole(1, 4000), Lit(&["bc", "b.c.", "bce"])],
        make: |p| made(date(Year::Known(-(whole(p[0])? as i16)), Field::Whole)),
    },
    Rule {
        name: "fiscal year",
        slots: &[THE, Of(C::Fiscal), Maybe(&Lit(&["year"])), Slot::Year],
        make: |p| made(date(year(p)?, Field::Whole)),
    },
    Rule {
        name: "year in words",
        slots: &[Spoken(13, 20), Maybe(&Lit(&["hundred"])), Spoken(1, 99)],
        make: |p| {
            let (century, rest) = (whole(p[0])?, whole(p[p.len() - 1])?);
            if rest < 10 && p.len() == 2 {
                return None;
            }
            latent(date(Year::Known((century * 100 + rest) as i16), Field::Whole))
        },
    },
    Rule {
        name: "the year in words",
        slots: &[THE, Lit(&["year"]), Spoken(1000, 2200)],
        make: |p| made(date(Year::Known(whole(p[p.len() - 1])? as i16), Field::Whole)),
    },
    Rule {
        name: "short year",
        slots: &[Lit(&["'"]), Glued(&Whole(0, 99))],
        make: |p| latent(date(Year::Known(full_year(whole(p[1])?)), Field::Whole)),
    },
    Rule {
        name: "decade",
        slots: &[THE, Slot::Year, Maybe(&Lit(&["'"])), Glued(&Lit(&["s"]))],
        make: |p| {
            let Year::Known(first) = year(p)? else { return None };
            (first % 10 == 0).then(|| Val::When(What::Decade { first }.into()))
        },
    },
    Rule {
        name: "short decade",
        slots: &[THE, Maybe(&Lit(&["'"])), Whole(20, 90), Maybe(&Lit(&["'"])), Glued(&Lit(&["s"]))],
        make: |p| {
            let n = p.iter().find_map(|n| whole(n))?;
            (n % 10 == 0).then(|| Val::When(What::Decade { first: 1900 + n as i16 }.into()))
        },
    },
    Rule {
        name: "decade in words",
        slots: &[Lit(&["the"]), Of(C::Decade)],
        make: |p| {
            let first = 1900 + value(p, C::Decade)?.parse::<i16>().ok()?;
            made(What::Decade { first })
        },
    },
    Rule {
        name: "century",
        slots: &[THE, Ordinal(1, 30), HYPHEN, Of(C::Unit)],
        make: |p| {
            let number = ordinal(p)? as i16;
            (unit(p)? == Unit::Century).then(|| Val::When(What::Century { number }.into()))
        },
    },
    // Months and days.
    Rule {
        name: "month",
        slots: &[Of(C::Month)],
        make: |p| made(date(Year::Open, Field::Month(number(p, C::Month)?))),
    },
    Rule {
        name: "month and day",
        slots: &[Of(C::Month), Whole(1, 31)],
        make: |p| made(date(Year::Open, Field::Day(number(p, C::Month)?, whole(p[1])? as i8))),
    },
    Rule {
        name: "month and day, ordinal",
        slots: &[Of(C::Month), THE, Ordinal(1, 31)],
        make: |p| made(date(Year::Open, Field::Day(number(p, C::Month)?, ordinal(p)? as i8))),
    },
    Rule {
        name: "day and month",
        slots: &[THE, Whole(1, 31), Maybe(&Lit(&["of", "-"])), Of(C::Month)],
        make: |p| {
            let day = p.iter().find_map(|n| whole(n))? as i8;
            made(date(Year::Open, Field::Day(number(p, C::Month)?, day)))
        },
    },
    Rule {
        name: "ordinal day and month",
        slots: &[THE, Ordinal(1, 31), Maybe(&Lit(&["of"])), Of(C::Month)],
        make: |p| made(date(Year::Open, Field::Day(number(p, C::Month)?, ordinal(p)? as i8))),
    },
    Rule {
        name: "ISO date",
        slots: &[
            Slot::Year,
            Glued(&Lit(&["-", "/"])),
            Glued(&Whole(1, 12)),
            Glued(&Lit(&["-", "/"])),
            Glued(&Whole(1, 31)),
        ],
        make: |p| made(date(year(p)?, Field::Day(whole(p[2])? as i8, whole(p[4])? as i8))),
    },
    Rule {
        name: "date in numbers",
        slots: &[
            Whole(1, 31),
            Glued(&Lit(&["/"])),
            Glued(&Whole(1, 31)),
            Glued(&Lit(&["/"])),
            Glued(&Whole(0, 2200)),
        ],
        make: |p| {
            let (a, b, y) = (whole(p[0])?, whole(p[2])?, whole(p[4])?);
            let (month, day) = if a > 12 { (b, a) } else { (a, b) };
            let y = if y < 100 { full_year(y) } else { y as i16 };
            (month <= 12)
                .then(|| Val::When(date(Year::Known(y), Field::Day(month as i8, day as i8)).into()))
        },
    },
    Rule {
        name: "with its year",
        slots: &[Slot::When(open), Maybe(&Lit(&["of", "in", ",", "-"])), Slot::Year],
        make: |p| with_year(when(p[0])?, year(p)?),
    },
    Rule {
        name: "with its year, said otherwise",
        slots: &[Slot::When(open), Maybe(&Lit(&["of", "in", ","])), Slot::When(is_year)],
        make: |p| with_year(when(p[0])?, year_of(when(p[p.len() - 1])?)?),
    },
    Rule {
        name: "year first",
        slots: &[THE, Slot::Year, HYPHEN, Slot::When(quarterly)],
        make: |p| with_year(when(p[p.len() - 1])?, year(p)?),
    },
    Rule {
        name: "a year's",
        slots: &[Slot::When(is_year), Maybe(&Lit(&["'"])), Maybe(&Lit(&["s"])), Slot::When(open)],
        make: |p| with_year(when(p[p.len() - 1])?, year_of(when(p[0])?)?),
    },
    // Weekdays.
    Rule {
        name: "weekday",
        slots: &[Of(C::Weekday)],
        make: |p| made(What::Weekday { day: number(p, C::Weekday)?, side: None }),
    },
    Rule {
        name: "weekday and date",
        slots: &[Slot::When(is_weekday), COMMA, Maybe(&Lit(&["the"])), Slot::When(is_full_day)],
        make: |p| Some(Val::When(when(p[p.len() - 1])?.clone())),
    },
    Rule {
        name: "this, last, next weekday",
        slots: &[THE, Of(C::Side), Slot::When(is_weekday)],
        make: |p| {
            let mut w = when(p[p.len() - 1])?.clone();
            let What::Weekday { side, .. } = &mut w.what else { return None };
            *side = Some(sided(p)?.0);
            Some(Val::When(w))
        },
    },
    Rule {
        name: "this, last, next month or season",
        slots: &[THE, Of(C::Side), Slot::When(open)],
        make: |p| {
            let w = when(p[p.len() - 1])?;
            let (side, told) = sided(p)?;
            if told && side == 0 {
                return None;
            }
            Some(Val::When(When { side: Some(side), latent: false, ..w.clone() }))
        },
    },
    // Seasons, quarters, halves.
    Rule {
        name: "season",
        slots: &[THE, Of(C::Season)],
        make: |p| {
            let field = Field::Season(season(value(p, C::Season)?)?);
            latent(date(Year::Open, field))
        },
    },
    Rule {
        name: "quarter",
        slots: &[THE, Maybe(&Of(C::Fiscal)), HYPHEN, Ordinal(1, 4), HYPHEN, Of(C::Unit)],
        make: |p| {
            (unit(p)? == Unit::Quarter).then(|| {
                Val::When(date(Year::Open, Field::Quarter(ordinal(p).unwrap_or(1) as u8)).into())
            })
        },
    },
    Rule {
        name: "half year",
        slots: &[THE, Of(C::Half), Maybe(&Lit(&["of", "in"])), Slot::When(is_year)],
        make: |p| {
            let half = number(p, C::Half)? as u8;
            made(date(year_of(when(p[p.len() - 1])?)?, Field::Half(half)))
        },
    },
    Rule {
        name: "year-ago quarter",
        slots: &[THE, Lit(&["year"]), HYPHEN, Lit(&["ago", "earlier"]), Slot::When(quarterly)],
        make: |p| with_year(when(p[p.len() - 1])?, Year::Side(-1)),
    },
    Rule {
        name: "year-ago period",
        slots: &[THE, Lit(&["year"]), HYPHEN, Lit(&["ago", "earlier"]), Maybe(&Of(C::Period))],
        make: |_| {
            let length = Length { count: Some(1.0), unit: Unit::Year };
            made(What::Shift { length, sign: -1, told: false })
        },
    },
    Rule {
        name: "period of a year",
        slots: &[THE, Slot::Year, Of(C::Period)],
        make: |p| made(date(year(p)?, Field::Period)),
    },
    Rule {
        name: "a year's period",
        slots: &[Slot::When(is_year), Lit(&["'"]), Lit(&["s"]), Of(C::Period)],
        make: |p| made(date(year_of(when(p[0])?)?, Field::Period)),
    },
    Rule {
        name: "the same period of a year",
        slots: &[
            THE,
            Maybe(&Lit(&["same", "corresponding", "comparable"])),
            Of(C::Period),
            Maybe(&Lit(&["of", "in"])),
            Slot::When(is_year),
        ],
        make: |p| made(date(year_of(when(p[p.len() - 1])?)?, Field::Period)),
    },
    Rule {
        name: "the latest period",
        slots: &[THE, Lit(&["latest", "same", "current", "most", "recent"]), Of(C::Period)],
        make: |_| made(date(Year::Open, Field::Period)),
    },
    Rule {
        name: "the quarter",
        slots: &[Lit(&["the"]), Lit(&["quarter"])],
        make: |_| made(date(Year::Open, Field::Period)),
    },
    Rule {
        name: "the weekend",
        slots: &[Lit(&["the"]), Lit(&["weekend"])],
        make: |_| made(What::Unit { unit: Unit::Weekend, side: 0, told: false }),
    },
    Rule {
        name: "holiday",
        slots: &[THE, Of(C::Holiday)],
        make: |p| made(date(Year::Open, holiday(value(p, C::Holiday)?)?)),
    },
    // Units reckoned from the report or from what was told last.
    Rule {
        name: "this, last, next unit",
        slots: &[THE, Of(C::Side), Maybe(&Of(C::Fiscal)), Of(C::Unit)],
        make: |p| {
            let (side, mut told) = sided(p)?;
            let unit = unit(p)?;
            let definite = p.len() > 2 && p[0].val == Val::Piece;
            told |= definite && side == 1 && matches!(unit, Unit::Day | Unit::Month);
            made(What::Unit { unit, side, told })
        },
    },
    Rule {
        name: "that unit",
        slots: &[Of(C::That), Of(C::Unit)],
        make: |p| made(What::Unit { unit: unit(p)?, side: 0, told: true }),
    },
    Rule {
        name: "the unit",
        slots: &[Lit(&["the"]), Of(C::Unit)],
        make: |p| latent(What::Unit { unit: unit(p)?, side: 0, told: true }),
    },
    Rule {
        name: "the following unit",
        slots: &[Lit(&["the"]), Of(C::Unit), Of(C::Shift)],
        make: |p| {
            let length = Length { count: Some(1.0), unit: unit(p)? };
            made(What::Shift { length, sign: number(p, C::Shift)?, told: true })
        },
    },
    Rule {
        name: "edge",
        slots: &[THE, Of(C::Edge), HYPHEN, Maybe(&Lit(&["of", "in", "on"])), Slot::When(edgeless)],
        make: |p| edged(edge(value(p, C::Edge)?)?, when(p[p.len() - 1])?),
    },
    Rule {
        name: "year's end",
        slots: &[THE, Lit(&["year"]), Maybe(&Lit(&["'"])), Maybe(&Lit(&["s", "-"])), Lit(&["end"])],
        make: |_| edged(Edge::End, &What::Unit { unit: Unit::Year, side: 0, told: false }.into()),
    },
    // Days and their parts.
    Rule {
        name: "day word",
        slots: &[Of(C::Day)],
        make: |p| made(What::Day(i64::from(number(p, C::Day)?))),
    },
    Rule {
        name: "day before yesterday",
        slots: &[THE, Lit(&["day"]), Of(C::Shift), Slot::When(is_day_word)],
        make: |p| {
            let What::Day(day) = when(p[p.len() - 1])?.what else { return None };
            made(What::Day(day + i64::from(number(p, C::Shift)?)))
        },
    },
    Rule {
        name: "part of a day of the report",
        slots: &[Of(C::DayParts)],
        make: |p| {
            let (day, part) = value(p, C::DayParts)?.split_once(' ')?;
            parted(&What::Day(day.parse().ok()?).into(), part)
        },
    },
    Rule {
        name: "this morning, last night",
        slots: &[THE, Of(C::Side), Of(C::Part)],
        make: |p| {
            let (side, told) = sided(p)?;
            let what = if told || side == 1 {
                What::Unit { unit: Unit::Day, side, told: true }
            } else {
                What::Day(i64::from(side))
            };
            parted(&what.into(), value(p, C::Part)?)
        },
    },
    Rule {
        name: "that night",
        slots: &[Of(C::That), Of(C::Part)],
        make: |p| {
            let what = What::Unit { unit: Unit::Day, side: 0, told: true };
            parted(&what.into(), value(p, C::Part)?)
        },
    },
    Rule {
        name: "the morning",
        slots: &[THE, Of(C::Part)],
        make: |p| {
            let what = What::Unit { unit: Unit::Day, side: 0, told: true };
            let Val::When(w) = parted(&what.into(), value(p, C::Part)?)? else { return None };
            Some(Val::When(When { latent: true, ..w }))
        },
    },
    Rule {
        name: "day and part",
        slots: &[Slot::When(dayish), HYPHEN, Of(C::Part)],
        make: |p| parted(when(p[0])?, value(p, C::Part)?),
    },
    Rule {
        name: "edge of part, day",
        slots: &[
            THE,
            Maybe(&Of(C::Edge)),
            HYPHEN,
            Of(C::Part),
            Maybe(&Lit(&["of", "on"])),
            Slot::When(dayish),
        ],
        make: |p| parted(when(p[p.len() - 1])?, value(p, C::Part)?),
    },
    Rule {
        name: "day and edge of part",
        slots: &[Slot::When(dayish), Of(C::Edge), HYPHEN, Of(C::Part)],
        make: |p| parted(when(p[0])?, value(p, C::Part)?),
    },
    // The clock.
    Rule {
        name: "hours and minutes",
        slots: &[Whole(0, 24), Glued(&Lit(&[":"])), Glued(&Whole(0, 59))],
        make: |p| clocked(&What::Nothing.into(), whole(p[0])? as u8, Some(whole(p[2])? as u8)),
    },
    Rule {
        name: "hour am or pm",
        slots: &[Whole(1, 12), Of(C::Meridiem)],
        make: |p| clocked(&What::Nothing.into(), meridiem(p, whole(p[0])? as u8)?, None),
    },
    Rule {
        name: "hours and minutes am or pm",
        slots: &[Slot::When(is_clock), Of(C::Meridiem)],
        make: |p| {
            let (hour, minute) = when(p[0])?.clock?;
            clocked(&What::Nothing.into(), meridiem(p, hour)?, minute)
        },
    },
    Rule {
        name: "o'clock",
        slots: &[Whole(1, 12), Lit(&["o"]), Lit(&["'"]), Lit(&["clock"])],
        make: |p| clocked(&What::Nothing.into(), whole(p[0])? as u8, None),
    },
    Rule {
        name: "named clock",
        slots: &[Of(C::Clock)],
        make: |p| {
            let hour = value(p, C::Clock)?.split(':').next()?.parse().ok()?;
            clocked(&What::Nothing.into(), hour, None)
        },
    },
    Rule {
        name: "hour with its zone",
        slots: &[Whole(0, 2400), Of(C::Zone)],
        make: |p| {
            let n = whole(p[0])?;
            let minute = (n >= 100).then_some((n % 100) as u8);
            let hour = if n >= 100 { n / 100 } else { n };
            clocked(&What::Nothing.into(), hour as u8, minute)
        },
    },
    Rule {
        name: "clock with its zone",
        slots: &[Slot::When(is_clock), COMMA, Of(C::Zone)],
        make: |p| Some(Val::When(when(p[0])?.clone())),
    },
    Rule {
        name: "clock and day",
        slots: &[Slot::When(is_clock), Maybe(&Lit(&[",", "on", "of"])), Slot::When(dayish)],
        make: |p| {
            let (hour, minute) = when(p[0])?.clock?;
            clocked(when(p[p.len() - 1])?, hour, minute)
        },
    },
    Rule {
        name: "day and clock",
        slots: &[Slot::When(dayish), Maybe(&Lit(&[",", "at", "around"])), Slot::When(is_clock)],
        make: |p| {
            let (hour, minute) = when(p[p.len() - 1])?.clock?;
            clocked(when(p[0])?, hour, minute)
        },
    },
    // Lengths.
    Rule {
        name: "number of units",
        slots: &[Amount, HYPHEN, FILLER, FILLER, Of(C::Units)],
        make: |p| period(amount(p)?, units(p)?),
    },
    Rule {
        name: "number of units, singular",
        slots: &[Amount, HYPHEN, FILLER, Of(C::Unit)],
        make: |p| period(amount(p)?, unit(p)?),
    },
    Rule {
        name: "from one number to another",
        slots: &[Amount, Lit(&["to", "or", "-", "and"]), Amount, HYPHEN, FILLER, Of(C::Units)],
        make: |p| period(amount(p)?, units(p)?),
    },
    Rule {
        name: "several units",
        slots: &[THE, Of(C::Quantity), FILLER, FILLER, Of(C::Units)],
        make: |p| match value(p, C::Quantity)? {
            "X" => vague(units(p)?, None),
            n => period(n.parse().ok()?, units(p)?),
        },
    },
    Rule {
        name: "half a unit",
        slots: &[Of(C::Quantity), HYPHEN, FILLER, Of(C::Unit)],
        make: |p| match value(p, C::Quantity)? {
            "X" => vague(unit(p)?, None),
            n => period(n.parse().ok()?, unit(p)?),
        },
    },
    Rule {
        name: "a unit",
        slots: &[Lit(&["a", "an"]), FILLER, FILLER, Of(C::Unit)],
        make: |p| period(1.0, unit(p)?),
    },
    Rule {
        name: "a unit or two",
        slots: &[Lit(&["a", "an"]), Of(C::Unit), Lit(&["or"]), Maybe(&Lit(&["two", "so"]))],
        make: |p| vague(unit(p)?, None),
    },
    Rule { name: "units", slots: &[Of(C::Units)], make: |p| vague(units(p)?, None) },
    Rule {
        name: "the full year",
        slots: &[Lit(&["the"]), Lit(&["full", "current"]), Maybe(&Of(C::Fiscal)), Lit(&["year"])],
        make: |_| made(What::Unit { unit: Unit::Year, side: 0, told: false }),
    },
    Rule {
        name: "whole unit",
        slots: &[Lit(&["the"]), Of(C::Filler), Of(C::Unit)],
        make: |p| period(1.0, unit(p)?),
    },
    Rule {
        name: "about so long",
        slots: &[Maybe(&Of(C::Approx)), Of(C::Approx), Slot::Period],
        make: |p| {
            let last = &p[p.len() - 1].val;
            matches!(last, Val::Period(Period { side: None, .. })).then(|| last.clone())
        },
    },
    Rule {
        name: "and a half",
        slots: &[Slot::Period, Lit(&["and"]), Lit(&["a"]), Lit(&["half"])],
        make: |p| {
            let length = length(p)?;
            period(length.count? + 0.5, length.unit)
        },
    },
    Rule {
        name: "so long",
        slots: &[Slot::Period, HYPHEN, Lit(&["long", "old"])],
        make: |p| Some(p[0].val.clone()),
    },
    Rule {
        name: "unit-long",
        slots: &[Of(C::Unit), HYPHEN, Lit(&["long", "old"])],
        make: |p| period(1.0, unit(p)?),
    },
    Rule {
        name: "or so",
        slots: &[Slot::Period, Lit(&["or"]), Lit(&["so", "more", "less"])],
        make: |p| Some(p[0].val.clone()),
    },
    Rule {
        name: "the past so long",
        slots: &[THE, Of(C::Side), Slot::Period],
        make: |p| {
            let length = length(p)?;
            if length.count == Some(1.0) && p[p.len() - 1].end - p[p.len() - 1].start == 1 {
                return None;
            }
            Some(Val::Period(Period { length, side: Some(sided(p)?.0) }))
        },
    },
    Rule {
        name: "recent units",
        slots: &[THE, Of(C::RefAdj), Of(C::Units)],
        make: |p| {
            let side = if value(p, C::RefAdj)? == "FUTURE_REF" { 1 } else { -1 };
            vague(units(p)?, Some(side))
        },
    },
    Rule {
        name: "the so long",
        slots: &[
            Lit(&["the", "these", "those", "its", "their", "his", "her"]),
            Maybe(&Ordinal(1, 12)),
            Slot::Period,
        ],
        make: |p| Some(p[p.len() - 1].val.clone()),
    },
    Rule {
        name: "first so long",
        slots: &[
            THE,
            Maybe(&Lit(&["first", "latest", "final", "opening", "closing"])),
            Slot::Period,
        ],
        make: |p| Some(p[p.len() - 1].val.clone()),
    },
    // Lengths that lead to a date.
    Rule {
        name: "so long ago",
        slots: &[Slot::Period, HYPHEN, Of(C::Ago)],
        make: |p| made(What::Shift { length: length(p)?, sign: -1, told: false }),
    },
    Rule {
        name: "so long from now",
        slots: &[Slot::Period, Lit(&["from"]), Lit(&["now", "today"])],
        make: |p| made(What::Shift { length: length(p)?, sign: 1, told: false }),
    },
    Rule {
        name: "so long earlier or later",
        slots: &[Slot::Period, HYPHEN, Of(C::Shift)],
        make: |p| made(What::Shift { length: length(p)?, sign: number(p, C::Shift)?, told: true }),
    },
    // Sets.
    Rule {
        name: "set word",
        slots: &[Of(C::Set)],
        make: |p| Some(Val::Set(value(p, C::Set)?.into())),
    },
    Rule {
        name: "every unit",
        slots: &[Of(C::Every), Of(C::Unit)],
        make: |p| Some(Val::Set(iso_length(Length { count: Some(1.0), unit: unit(p)? }).into())),
    },
    Rule {
        name: "every so long",
        slots: &[Of(C::Every), Slot::Period],
        make: |p| Some(Val::Set(iso_length(length(p)?).into())),
    },
    Rule {
        name: "every weekday, month, season",
        slots: &[Of(C::Every), Slot::When(|w| is_weekday(w) || open(w))],
        make: |p| Some(Val::Set(recurring(when(p[1])?)?.into())),
    },
    Rule {
        name: "every part of a day",
        slots: &[Of(C::Every), Of(C::Part)],
        make: |p| Some(Val::Set(format!("XXXX-XX-XXT{}", value(p, C::Part)?).into())),
    },
    Rule {
        name: "times a unit",
        slots: &[Lit(&["times", "once", "twice"]), Lit(&["a", "an", "each", "per"]), Of(C::Unit)],
        make: |p| Some(Val::Set(iso_length(Length { count: Some(1.0), unit: unit(p)? }).into())),
    },
];

// What productions take from their parts.

fn value<'n>(parts: &[&'n Node], class: Class) -> Option<&'n str> {
    parts.iter().find_map(|n| match &n.val {
        Val::Sense(c, value) if *c == class => Some(value.as_str()),
        _ => None,
    })
}

fn number(parts: &[&Node], class: Class) -> Option<i8> {
    value(parts, class)?.parse().ok()
}

fn year(parts: &[&Node]) -> Option<Year> {
    parts.iter().find_map(|n| match n.val {
        Val::Year(y) => Some(Year::Known(y)),
        _ => None,
    })
}

fn ordinal(parts: &[&Node]) -> Option<u32> {
    parts.iter().find_map(|n| match n.val {
        Val::Ordinal(n) => Some(n),
        _ => None,
    })
}

fn amount(parts: &[&Node]) -> Option<f64> {
    parts.iter().find_map(|n| match n.val {
        Val::Number(n) => Some(n),
        _ => None,
    })
}

fn length(parts: &[&Node]) -> Option<Length> {
    parts.iter().find_map(|n| match &n.val {
        Val::Period(period) => Some(period.length),
        _ => None,
    })
}

fn unit(parts: &[&Node]) -> Option<Unit> {
    unit_named(value(parts, Class::Unit)?)
}

fn units(parts: &[&Node]) -> Option<Unit> {
    unit_named(value(parts, Class::Units)?)
}

fn unit_named(name: &str) -> Option<Unit> {
    Some(match name {
        "second" => Unit::Second,
        "minute" => Unit::Minute,
        "hour" => Unit::Hour,
        "day" => Unit::Day,
        "weekend" => Unit::Weekend,
        "week" | "fortnight" => Unit::Week,
        "month" => Unit::Month,
        "quarter" => Unit::Quarter,
        "year" => Unit::Year,
        "decade" => Unit::Decade,
        "century" => Unit::Century,
        _ => return None,
    })
}

/// Which way, and whether it counts from the date told last.
fn sided(parts: &[&Node]) -> Option<(i8, bool)> {
    let value = value(parts, Class::Side)?;
    let told = value.ends_with(" told");
    Some((value.trim_end_matches(" told").parse().ok()?, told))
}

fn season(code: &str) -> Option<u8> {
    ["SP", "SU", "FA", "WI"].iter().position(|s| *s == code).map(|i| i as u8)
}

fn edge(name: &str) -> Option<Edge> {
    Some(match name {
        "START" => Edge::Start,
        "MID" => Edge::Mid,
        "END" => Edge::End,
        _ => return None,
    })
}

fn reference(name: &str) -> Option<&'static str> {
    ["PAST_REF", "PRESENT_REF", "FUTURE_REF"].into_iter().find(|r| *r == name)
}

fn part_named(name: &str) -> Option<&'static str> {
    ["MO", "MI", "AF", "EV", "NI", "DT"].into_iter().find(|p| *p == name)
}

fn holiday(value: &str) -> Option<Field> {
    if let Some(days) = value.strip_prefix("easter") {
        return Some(Field::Easter(days.parse().ok()?));
    }
    let (value, after) = value.split_once('+').unwrap_or((value, "0"));
    let mut numbers = value.split('-').map(str::parse::<i8>);
    let month = numbers.next()?.ok()?;
    let second = numbers.next()?.ok()?;
    match numbers.next() {
        None => Some(Field::Day(month, second)),
        Some(nth) => Some(Field::Nth(month, second, nth.ok()?, after.parse().ok()?)),
    }
}

fn full_year(short: u32) -> i16 {
    short as i16 + if short < 40 { 2000 } else { 1900 }
}

fn meridiem(parts: &[&Node], hour: u8) -> Option<u8> {
    let afternoon = value(parts, Class::Meridiem)? == "pm";
    (hour <= 12).then_some(hour % 12 + if afternoon { 12 } else { 0 })
}

// What productions make.

fn date(year: Year, field: Field) -> What {
    What::Date { year, field }
}

fn made(what: What) -> Option<Val> {
    Some(Val::When(what.into()))
}

fn latent(what: What) -> Option<Val> {
    Some(Val::When(When { latent: true, ..what.into() }))
}

fn period(count: f64, unit: Unit) -> Option<Val> {
    Some(Val::Period(Period { length: Length { count: Some(count), unit }, side: None }))
}

fn vague(unit: Unit, side: Option<i8>) -> Option<Val> {
    Some(Val::Period(Period { length: Length { count: None, unit }, side }))
}

fn with_year(when: &When, year: Year) -> Option<Val> {
    let What::Date { field, .. } = when.what else { return None };
    let what = What::Date { year, field };
    Some(Val::When(When { what, latent: false, ..when.clone() }))
}

fn edged(edge: Edge, when: &When) -> Option<Val> {
    Some(Val::When(When { edge: Some(edge), latent: false, ..when.clone() }))
}

fn parted(when: &When, part: &str) -> Option<Val> {
    Some(Val::When(When { part: Some(part_named(part)?), latent: false, ..when.clone() }))
}

fn clocked(when: &When, hour: u8, minute: Option<u8>) -> Option<Val> {
    let clock = (hour <= 24 && minute.is_none_or(|m| m < 60)).then_some((hour, minute))?;
    Some(Val::When(When { clock: Some(clock), latent: false, ..when.clone() }))
}

/// A length as TIMEX3 writes it.
pub fn iso_length(length: Length) -> String {
    let count = length.count.map_or("X".to_owned(), |n| n.to_string());
    match length.unit {
        Unit::Second => format!("PT{count}S"),
        Unit::Minute => format!("PT{count}M"),
        Unit::Hour => format!("PT{count}H"),
        Unit::Day => format!("P{count}D"),
        Unit::Weekend => format!("P{count}WE"),
        Unit::Week => format!("P{count}W"),
        Unit::Month => format!("P{count}M"),
        Unit::Quarter => format!("P{count}Q"),
        Unit::Year => format!("P{count}Y"),
        Unit::Decade => format!("P{count}DE"),
        Unit::Century => format!("P{count}CE"),
    }
}

fn recurring(when: &When) -> Option<String> {
    Some(match when.what {
        What::Weekday { day, .. } => format!("XXXX-WXX-{day}"),
        What::Date { field: Field::Month(m), .. } => format!("XXXX-{m:02}"),
        What::Date { field: Field::Day(m, d), .. } => format!("XXXX-{m:02}-{d:02}"),
        What::Date { field: Field::Season(s), .. } => {
            format!("XXXX-{}", ["SP", "SU", "FA", "WI"][s as usize])
        }
        What::Date { field: Field::Quarter(q), .. } => format!("XXXX-Q{q}"),
        _ => return None,
    })
}

// What slots ask of a time.

fn open(when: &When) -> bool {
    matches!(when.what, What::Date { year: Year::Open, .. })
        && when.clock.is_none()
        && when.part.is_none()
        && when.side.is_none()
}

fn quarterly(when: &When) -> bool {
    open(when)
        && matches!(
            when.what,
            What::Date { field: Field::Quarter(_) | Field::Season(_) | Field::Half(_), .. }
        )
}

fn is_year(when: &When) -> bool {
    year_of(when).is_some() && when.edge.is_none()
}

fn year_of(when: &When) -> Option<Year> {
    match when.what {
        What::Date { year, field: Field::Whole } => Some(year),
        What::Unit { unit: Unit::Year, side, told: true } => Some(Year::Told(i16::from(side))),
        What::Unit { unit: Unit::Year, side, told: false } => Some(Year::Side(i16::from(side))),
        _ => None,
    }
}

fn is_weekday(when: &When) -> bool {
    matches!(when.what, What::Weekday { side: None, .. }) && plain(when)
}

fn is_full_day(when: &When) -> bool {
    matches!(when.what, What::Date { field: Field::Day(..), .. }) && plain(when)
}

fn is_day_word(when: &When) -> bool {
    matches!(when.what, What::Day(-1 | 1)) && plain(when)
}

/// A day without a part or clock of its own.
fn dayish(when: &When) -> bool {
    let day = match when.what {
        What::Weekday { .. } | What::Day(_) => true,
        What::Date { field, .. } => {
            matches!(field, Field::Day(..) | Field::Easter(_) | Field::Nth(..))
        }
        What::Unit { unit: Unit::Day, .. } => true,
        What::Shift { length: Length { unit: Unit::Day, .. }, .. } => true,
        _ => false,
    };
    day && when.clock.is_none() && when.part.is_none()
}

fn is_clock(when: &When) -> bool {
    when.clock.is_some() && when.what == What::Nothing
}

fn plain(when: &When) -> bool {
    when.clock.is_none() && when.part.is_none() && when.edge.is_none()
}

fn edgeless(when: &When) -> bool {
    when.edge.is_none() && !matches!(when.what, What::Ref(_) | What::Nothing)
}

/// Whether a time that may be something else is one here.
pub fn stands(doc: &Doc<'_>, pieces: &[Piece], node: &Node) -> bool {
    let before = node.start.checked_sub(1).map(|i| &pieces[i]);
    let after = pieces.get(node.end);
    let tag = |p: &Piece| doc.word_at(p.span.start).map(|w| doc.word(w).upos);
    let first = &pieces[node.start];
    match &node.val {
        Val::When(When {
            latent: true, what: What::Date { year, field: Field::Whole }, ..
        }) => bare_year(doc, *year, before, after),
        Val::When(When {
            latent: true, what: What::Date { field: Field::Season(_), .. }, ..
        }) => {
            !first.is("fall")
                && !after.is_some_and(|p| p.is("of"))
                && tag(&pieces[node.end - 1]) != Some(Upos::Verb)
        }
        // "late in the year", "most of the day"; but "the day the war ended" tells another.
        Val::When(When { latent: true, what: What::Unit { unit, .. }, .. }) => {
            let led = before.is_some_and(|p| {
                matches!(&*p.lower, "of" | "in" | "during" | "for" | "over" | "through" | "within")
            });
            let bare = after.is_none_or(|p| {
                p.kind == Kind::Mark
                    || matches!(&*p.lower, "and" | "but" | "as" | "with" | "to" | "from" | "after")
            });
            matches!(unit, Unit::Year | Unit::Day | Unit::Week | Unit::Month) && led && bare
        }
        Val::When(When { latent: true, .. }) => false,
        // "three-quarters of the vote", "in some quarters".
        Val::Period(Period { length: Length { unit: Unit::Quarter, .. }, side: None }) => {
            let hyphen = pieces[node.start..node.end].iter().any(|p| p.is("-"));
            let alone = node.end - node.start == 1 || first.is("some");
            !hyphen && !alone && !after.is_some_and(|p| p.is("of"))
        }
        // "soon after the vote" tells an order, not a time to come.
        Val::When(When { what: What::Ref("FUTURE_REF"), .. }) => {
            // Where it ends what is told: "may end soon", but not "soon became".
            let ends = node.start > 0 && after.is_none_or(|p| p.kind == Kind::Mark);
            (ends || !first.is("soon"))
                && !after.is_some_and(|p| matches!(&*p.lower, "after" | "before" | "thereafter"))
        }
        // "a second attack".
        Val::Period(Period { length: Length { unit: Unit::Second, count: Some(1.0) }, .. }) => {
            after.is_none_or(|p| p.kind == Kind::Mark)
        }
        // "the Long March".
        Val::When(When {
            what: What::Date { field: Field::Month(3), year: Year::Open }, ..
        }) if node.end - node.start == 1
            && before.is_some_and(|p| p.is("the") || p.is("a") || p.capital && node.start > 1) =>
        {
            false
        }
        Val::When(When {
            what: What::Date { field: Field::Month(_), year: Year::Open }, ..
        }) => {
            let verb = matches!(tag(first), Some(Upos::Aux | Upos::Verb));
            let name = after.is_some_and(|p| p.capital && !p.is("."));
            !verb && !(name && (first.is("may") || first.is("march") || first.is("april")))
        }
        Val::When(When { what: What::Shift { told: true, .. }, .. }) => {
            let joins = matches!(&*pieces[node.end - 1].lower, "after" | "before");
            !joins
                || after.is_none_or(|p| p.kind == Kind::Mark || matches!(&*p.lower, "and" | "but"))
        }
        _ => true,
    }
}

/// A number of four digits is a year where nothing makes it an amount.
fn bare_year(doc: &Doc<'_>, year: Year, before: Option<&Piece>, after: Option<&Piece>) -> bool {
    let Year::Known(year) = year else { return true };
    let led = before.is_some_and(|p| {
        matches!(
            &*p.lower,
            "in" | "since"
                | "by"
                | "from"
                | "until"
                | "till"
                | "of"
                | "during"
                | "for"
                | "through"
                | "throughout"
                | "and"
                | "to"
                | "between"
                | "before"
                | "after"
                | "around"
                | "about"
                | "circa"
                | "("
                | "early"
                | "late"
                | "mid"
                | "-"
                | "the"
                | ","
                | "than"
                | "or"
                | "into"
                | "'"
                | "s"
                | "with"
        )
    });
    let amount =
        before.is_some_and(|p| matches!(&*p.lower, "$" | "£" | "€" | "." | ":" | "#" | "no"));
    let counted = after.is_some_and(|p| {
        matches!(&*p.lower, "%" | "percent" | "per" | "million" | "billion" | "km" | "points")
            || doc.word_at(p.span.start).is_some_and(|w| {
                let word = doc.word(w);
                word.xpos == Xpos::Nns
            })
    });
    !amount
        && !counted
        && (led || (1700..2100).contains(&year))
        && (led || before.is_none_or(|p| p.kind == Kind::Word && !p.capital))
}
