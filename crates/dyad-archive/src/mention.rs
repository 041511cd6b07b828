//! What joining looks at in one telling, and the blocks by which tellings find each other.

use crate::names::Key;
use dyad_record::{EventType, Quad, Status};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One event of one report as joining sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mention {
    /// Id of the report, and the number of the event in it.
    pub report: ReportId,
    pub ordinal: u32,
    /// Its [`number`].
    pub published: Option<i32>,
    pub kind: EventType,
    pub mode: Option<String>,
    pub status: Status,
    /// Keys of the sides, sorted: a country's code where there is one, else a name.
    pub actors: Vec<Key>,
    pub recipients: Vec<Key>,
    /// Those that its sentence names, its sides among them, and the town where it was.
    pub scene: Vec<Key>,
    /// The weightiest words of its report ([`crate::story::marks`]).
    pub marks: Vec<(u32, u16)>,
    /// The countries that its report is about.
    pub countries: Vec<Key>,
    /// It befell people of whom nothing more is told: "two people", "civilians".
    pub faceless: bool,
    pub mutual: bool,
    pub days: Option<Days>,
    pub place: Option<Spot>,
    /// Words of its evidence ([`crate::quote::word`]), sorted, each once.
    pub words: Vec<u32>,
    /// Words of its sentence.
    pub context: Vec<u32>,
}

/// The id of a report, whose beginning tells most of them apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReportId {
    beginning: u64,
    pub id: Box<str>,
}

impl From<&str> for ReportId {
    fn from(id: &str) -> ReportId {
        let mut beginning = [0; 8];
        beginning.iter_mut().zip(id.bytes()).for_each(|(to, byte)| *to = byte);
        ReportId { beginning: u64::from_be_bytes(beginning), id: id.into() }
    }
}

impl Serialize for ReportId {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.id.serialize(to)
    }
}

impl<'de> Deserialize<'de> for ReportId {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<ReportId, D::Error> {
        Ok(<&str>::deserialize(from)?.into())
    }
}

/// First and last day on which it may have been, by their [`number`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Days {
    pub from: i32,
    pub to: i32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spot {
    /// Of the gazetteer's id where there is one, else of the name in lower case.
    pub key: Key,
    pub country: Option<String>,
    /// The whole country, which every place in it agrees with.
    pub whole_country: bool,
    pub at: Option<(f64, f64)>,
}

/// The order in which tellings are joined: it hangs on what they tell alone, never on the order in
/// which reports were added. Sharp dates first: they make the episodes that vaguer tellings then
/// find.
pub type Order<'m> = (bool, i32, Option<i32>, bool, Option<i32>, &'m ReportId, u32);

/// Days by which outlets in several time zones may date one act apart.
pub const SLACK: i32 = 1;
/// Acts of a stated day, and those told when they were new, have no wider span.
const SHARP: i32 = 2;
/// A span of days wider than this says little.
pub const WIDE: i32 = 10;
/// A span wider than this says nothing of when it was.
const VAGUE: i32 = 92;
/// Reports without a day of publication find each other by so many of their weightiest words.
const FINDERS: usize = 4;

impl Days {
    /// Days from first to last: 0 for a single day.
    pub fn width(self) -> i32 {
        self.to - self.from
    }

    /// Days between the two: 0 where they overlap.
    pub fn gap(self, other: Days) -> i32 {
        (other.from - self.to).max(self.from - other.to).max(0)
    }
}

const EPOCH: Date = Date::constant(1970, 1, 1);

/// Days since the first of January 1970.
pub fn number(date: Date) -> i32 {
    (date.duration_since(EPOCH).as_hours() / 24) as i32
}

/// The day of that number.
pub fn date(number: i32) -> Date {
    EPOCH.saturating_add(number.days())
}

impl Mention {
    pub fn order(&self) -> Order<'_> {
        let days = self.days;
        (
            days.is_none(),
            days.map_or(0, Days::width),
            days.map(|d| d.from),
            self.published.is_none(),
            self.published,
            &self.report,
            self.ordinal,
        )
    }

    /// The order in which an episode lists it.
    pub fn printed(&self) -> (bool, Option<i32>, &ReportId, u32) {
        (self.published.is_none(), self.published, &self.report, self.ordinal)
    }

    /// What a telling of the same happening shares with it; the countries only where neither the
    /// sides nor the sentence tell anything.
    fn keys(&self) -> BTreeSet<Key> {
        let near = self.actors.iter().chain(&self.recipients).chain(&self.scene);
        let mut keys: BTreeSet<Key> = near.copied().collect();
        if keys.is_empty() || self.faceless {
            keys.extend(&self.countries);
        }
        keys
    }

    /// Who takes part, on whichever side, sorted.
    pub(crate) fn both_sides(&self) -> Vec<Key> {
        let mut all: Vec<Key> = self.actors.iter().chain(&self.recipients).copied().collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Where it is filed, and where those that it may be joined to are. Two tellings that share a
    /// key, are both of cooperation or of conflict and lie near in time meet; it is the same from either
    /// side.
    pub fn blocks(&self) -> Blocks {
        let (mut filed, mut looked) = (Vec::new(), Vec::new());
        for key in self.keys() {
            let block = |span: Span, number: i64| {
                let class = u64::from(friendly(self.kind));
                let hash = key.mixed(class, span as u64);
                // Neighbours in time lie side by side in the file.
                (number << 32) | i64::from(hash)
            };
            let mut file = |span, numbers: std::ops::RangeInclusive<i64>| {
                filed.extend(numbers.map(|n| block(span, n)));
            };
            let mut look = |span, numbers: std::ops::RangeInclusive<i64>| {
                looked.extend(numbers.map(|n| block(span, n)));
            };
            match (self.days, self.published) {
                (Some(days), _) if days.width() <= VAGUE => {
                    let (from, to) = (days.from, days.to);
                    // Each once, by its first day; who looks for it looks so much earlier.
                    if days.width() <= SHARP {
                        file(Span::Sharp, sharp(from)..=sharp(from));
                    } else if days.width() <= WIDE {
                        file(Span::Week, weeks(from)..=weeks(from));
                    } else {
                        file(Span::Month, months(from)..=months(from));
                    }
                    look(Span::Sharp, sharp(from - SLACK - SHARP)..=sharp(to + SLACK));
                    look(Span::Week, weeks(from - SLACK - WIDE)..=weeks(to + SLACK));
                    look(Span::Month, months(from - SLACK - VAGUE)..=months(to + SLACK));
                }
                // Vague ones are told of one thing where they are told at one time.
                (_, Some(published)) => {
                    let week = weeks(published);
                    file(Span::Published, week..=week);
                    look(Span::Published, week - 1..=week + 1);
                }
                (_, None) => {
                    let mut marks = self.marks.clone();
                    marks.sort_by_key(|&(word, weight)| (std::cmp::Reverse(weight), word));
                    for (word, _) in marks.into_iter().take(FINDERS) {
                        let number = i64::from(word >> 1);
                        file(Span::Undated, number..=number);
                        look(Span::Undated, number..=number);
                    }
                }
            }
        }
        let only = |mut blocks: Vec<i64>| {
            blocks.sort_unstable();
            blocks.dedup();
            blocks
        };
        Blocks { filed: only(filed), looked: only(looked) }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blocks {
    pub filed: Vec<i64>,
    pub looked: Vec<i64>,
}

/// Type, status and quad class in one number, by which indexes are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Act(pub i64);

impl Act {
    /// Numbers of one type. The types of PLOVER come first, in their order; an own one stands beyond
    /// them, at a place by the hash of its name.
    pub const WAYS: i64 = 32;

    pub fn of(kind: EventType, status: Status, quad: Quad) -> Act {
        fn at<T: PartialEq>(all: &[T], one: T) -> i64 {
            all.iter().position(|x| *x == one).map_or(0, |at| at as i64)
        }
        let kind = match kind {
            EventType::Own(own) => EventType::ALL.len() as i64 + of_name(own.as_str()),
            plover => at(EventType::ALL, plover),
        };
        Act(kind * Act::WAYS + at(Status::ALL, status) * 4 + at(Quad::ALL, quad))
    }

    /// None for the type of an own one.
    pub fn parts(self) -> (Option<EventType>, Status, Quad) {
        let nth = |n: i64, of: usize| (n as usize).min(of - 1);
        (
            EventType::ALL.get((self.0 / Act::WAYS) as usize).copied(),
            Status::ALL[nth(self.0 / 4 % 8, Status::ALL.len())],
            Quad::ALL[nth(self.0 % 4, Quad::ALL.len())],
        )
    }
}

/// 40 bits: two names of one archive don't meet there.
fn of_name(name: &str) -> i64 {
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| {
        (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    (hash >> 24) as i64
}

/// What a block's number counts.
#[derive(Clone, Copy)]
enum Span {
    Sharp,
    Week,
    Month,
    Published,
    Undated,
}

/// Counted from a day long before any report, so that numbers are never below 0.
fn sharp(day: i32) -> i64 {
    (i64::from(day) + 1_000_000).max(0) / 3
}

fn weeks(day: i32) -> i64 {
    (i64::from(day) + 1_000_000).max(0) / 7
}

fn months(day: i32) -> i64 {
    (i64::from(day) + 1_000_000).max(0) / 30
}

pub(crate) fn friendly(kind: EventType) -> bool {
    matches!(kind.quad(), Some(Quad::VerbalCooperation | Quad::MaterialCooperation))
}

/// Kinds between which coders of one act waver: a pact signed is an agreement, a declaration of
/// support or the outcome of talks; a ban is a sanction or coercion.
pub(crate) fn kin(a: EventType, b: EventType) -> bool {
    use EventType::*;
    let pact = |k| matches!(k, Agree | Support | Consult | Cooperate);
    let yielding = |k| matches!(k, Agree | Concede | Retreat);
    let help = |k| matches!(k, Support | Cooperate | Aid);
    let ban = |k| matches!(k, Sanction | Coerce);
    let rebuff = |k| matches!(k, Accuse | Reject);
    a == b
        || (pact(a) && pact(b))
        || (yielding(a) && yielding(b))
        || (help(a) && help(b))
        || (ban(a) && ban(b))
        || (rebuff(a) && rebuff(b))
}

/// Whether two states of an act can be told of one happening: a denial disputes the deed itself,
/// while a plan or a call is another thing than the deed.
pub(crate) fn may_meet(a: Status, b: Status) -> bool {
    let claims =
        |s| matches!(s, Status::Happened | Status::Ongoing | Status::Denied | Status::Supposed);
    a == b || (claims(a) && claims(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_between_days() {
        let day = |day: &str| number(day.parse().unwrap());
        let days = |a: &str, b: &str| Days { from: day(a), to: day(b) };
        assert_eq!(days("2023-01-01", "2023-01-03").gap(days("2023-01-03", "2023-01-09")), 0);
        assert_eq!(days("2023-02-27", "2023-02-28").gap(days("2023-03-02", "2023-03-02")), 2);
        assert_eq!(days("2023-01-01", "2023-01-31").width(), 30);
        assert_eq!(number("1969-12-31".parse().unwrap()), -1);
        for day in ["1969-12-31", "1970-01-01", "2024-02-29"] {
            assert_eq!(date(number(day.parse().unwrap())).to_string(), day);
        }
    }
}
