//! Which items a filter finds, in the order of their days, without looking at all of them. A question
//! is led by the narrowest list that it names: two sides, one side, a place, reports; what the list
//! leaves open is asked of each item on it, until there are enough.

use crate::conditions::{Args, Where};
use crate::filter::{Filter, Side, country, match_query};
use crate::mention::{Act, date, number};
use dyad_record::{EventType, Quad, Status};
use jiff::ToSpan;
use jiff::civil::Date;
use rusqlite::types::{ToSql, Value};
use rusqlite::{Connection, Row, params_from_iter};
use rustc_hash::FxHashSet;

/// An item: its day, empty where that is unknown, and the numbers by which it is stored.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    pub day: String,
    pub a: i64,
    pub b: i64,
}

/// A list of items in the order of their days.
#[derive(Clone, Debug)]
pub(crate) struct List {
    /// What is selected from, and under which conditions.
    pub from: String,
    pub cond: String,
    pub args: Vec<Value>,
    /// Names of the columns: the day and the two numbers.
    pub columns: [&'static str; 3],
    /// Its days are numbers, as in the tables of sides and pairs.
    pub numbered: bool,
}

/// A list of no more items than this is read whole and sorted.
pub(crate) const FEW: usize = 8_000;
/// The events of no more reports than this are looked up one by one: sides have lists of their own.
pub(crate) const FEW_REPORTS: usize = 2_000;
/// Longer lists are all long.
const COUNTED: usize = 40_000;
/// Spans of days wider than this are looked for apart.
pub(crate) const LONG: i32 = 92;

impl List {
    pub fn new(from: &str, columns: [&'static str; 3]) -> List {
        let numbered = false;
        List { from: from.to_owned(), cond: "1".to_owned(), args: Vec::new(), columns, numbered }
    }

    /// Of a table of sides or pairs.
    pub fn of_sides(table: &str, columns: [&'static str; 3]) -> List {
        List { numbered: true, ..List::new(table, columns) }
    }

    /// Those on which a side stands in a column.
    pub fn by_key(self, column: &str, key: &str) -> List {
        let number = "(SELECT seq FROM side_key WHERE key = ?)";
        self.and(&format!("{column} = {number}"), [key.to_owned().into()])
    }

    /// A day as it is held against a column of this list.
    fn day(&self, day: &str) -> Value {
        match self.numbered {
            true => day_number(Some(day)).into(),
            false => day.to_owned().into(),
        }
    }

    fn hit(&self, row: &Row<'_>) -> rusqlite::Result<Hit> {
        let day = match self.numbered {
            true => day_text(row.get(0)?),
            false => row.get(0)?,
        };
        Ok(Hit { day, a: row.get(1)?, b: row.get(2)? })
    }

    /// What is selected, and where a day is known or not.
    fn reading(&self) -> (String, String, String) {
        let [day, a, b] = self.columns;
        match self.numbered {
            true => (
                format!("{day}, {a}, {b}"),
                format!("{day} > {NO_DAY}"),
                format!("{day} = {NO_DAY}"),
            ),
            false => (
                format!("coalesce({day}, ''), {a}, {b}"),
                format!("{day} > ''"),
                format!("coalesce({day}, '') = ''"),
            ),
        }
    }

    pub fn and(mut self, cond: &str, args: impl IntoIterator<Item = Value>) -> List {
        self.cond.push_str(" AND ");
        self.cond.push_str(cond);
        self.args.extend(args);
        self
    }

    /// How many items are on it, as far as that matters.
    pub fn count(&self, db: &Connection) -> rusqlite::Result<usize> {
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 FROM {} WHERE {} LIMIT {COUNTED})",
            self.from, self.cond
        );
        db.prepare_cached(&sql)?.query_row(params_from_iter(&self.args), |row| row.get(0))
    }

    pub fn some(
        &self,
        db: &Connection,
        newest: bool,
        dated: bool,
        after: Option<&Hit>,
        limit: usize,
    ) -> rusqlite::Result<Vec<Hit>> {
        let [day, a, b] = self.columns;
        let (way, beyond) = if newest { ("DESC", "<") } else { ("ASC", ">") };
        let mut args = self.args.clone();
        let keyset = match (after, dated) {
            (None, _) => String::new(),
            (Some(hit), true) => {
                args.extend([self.day(&hit.day), hit.a.into(), hit.b.into()]);
                format!(" AND ({day}, {a}, {b}) {beyond} (?, ?, ?)")
            }
            (Some(hit), false) => {
                args.extend([hit.a.into(), hit.b.into()]);
                format!(" AND ({a}, {b}) {beyond} (?, ?)")
            }
        };
        // The first column alone, too: the others may stand in another table.
        let keyset = match after.filter(|_| dated) {
            Some(hit) => {
                args.push(self.day(&hit.day));
                format!("{keyset} AND {day} {beyond}= ?")
            }
            None => keyset,
        };
        let (read, known, unknown) = self.reading();
        let known = if dated { known } else { unknown };
        let sql = format!(
            "SELECT {read} FROM {} WHERE {} AND {known}{keyset} \
             ORDER BY {day} {way}, {a} {way}, {b} {way} LIMIT {limit}",
            self.from, self.cond
        );
        let mut query = db.prepare_cached(&sql)?;
        let rows = query.query_map(params_from_iter(args), |row| self.hit(row))?;
        rows.collect()
    }

    /// All that stands on it, if that is no more than so much.
    pub fn few(&self, db: &Connection, most: usize) -> rusqlite::Result<Option<Vec<Hit>>> {
        let sql = format!(
            "SELECT {} FROM {} WHERE {} LIMIT {}",
            self.reading().0,
            self.from,
            self.cond,
            most + 1
        );
        let mut query = db.prepare_cached(&sql)?;
        let rows = query.query_map(params_from_iter(&self.args), |row| self.hit(row))?;
        let all: Vec<Hit> = rows.collect::<rusqlite::Result<_>>()?;
        Ok((all.len() <= most).then_some(all))
    }
}

/// Conditions on days whose columns are these, empty or null where unknown.
pub(crate) fn days(list: List, filter: &Filter, from: &str, to: &str) -> List {
    let mut list = list;
    if let Some(day) = &filter.from {
        let day = list.day(day);
        list = list.and(&format!("{to} >= ?"), [day]);
    }
    if let Some(day) = &filter.to {
        let day = list.day(day);
        list = list.and(&format!("{from} <= ?"), [day]);
    }
    list
}

/// The same for lists that are ordered by their first day alone: the few long spans apart, so that
/// the rest need not be read from the beginning.
pub(crate) fn split(list: List, filter: &Filter, from: &str, to: &str) -> Vec<List> {
    let before = filter.from.as_ref().and_then(|day| {
        let day: Date = day.parse().ok()?;
        Some(day.saturating_sub(LONG.days()).to_string())
    });
    let list = days(list, filter, from, to);
    match before {
        None => vec![list],
        Some(before) => vec![
            list.clone().and(&format!("{from} >= ?"), [before.clone().into()]),
            list.and(&format!("long AND {from} < ?"), [before.into()]),
        ],
    }
}

/// Whether a span, by the numbers of its days, is looked for apart.
pub(crate) fn is_long(from: i64, to: i64) -> bool {
    from != NO_DAY && to - from > i64::from(LONG)
}

/// Stands for a day that is unknown.
pub(crate) const NO_DAY: i64 = -1_000_000;

/// A day as the tables of sides and pairs have it.
pub(crate) fn day_number(day: Option<&str>) -> i64 {
    let day = day.and_then(|day| day.parse::<Date>().ok());
    day.map_or(NO_DAY, |day| i64::from(number(day)))
}

fn day_text(day: i64) -> String {
    match i32::try_from(day) {
        Ok(day) if i64::from(day) != NO_DAY => date(day).to_string(),
        _ => String::new(),
    }
}

/// A condition on `act` for what a filter says of type, quad and status.
pub(crate) fn acts(filter: &Filter, column: &str) -> Option<String> {
    let all = filter.types.is_empty()
        && filter.quads.is_empty()
        && filter.statuses.is_empty()
        && !filter.deeds;
    if all {
        return None;
    }
    let statuses = Status::ALL.iter().filter(|s| {
        (filter.statuses.is_empty() || filter.statuses.contains(s))
            && (s.is_deed() || !filter.deeds)
    });
    let quads = Quad::ALL.iter().filter(|q| filter.quads.is_empty() || filter.quads.contains(q));
    let ways: Vec<(Status, Quad)> =
        statuses.flat_map(|s| quads.clone().map(|q| (*s, *q))).collect();
    let numbers = |types: &[EventType]| {
        let acts = types.iter().flat_map(|t| ways.iter().map(|(s, q)| Act::of(*t, *s, *q).0));
        acts.map(|n| n.to_string()).collect::<Vec<_>>().join(", ")
    };
    // Own types are as many as there are names, so that where no type is asked none are listed.
    Some(match filter.types.is_empty() {
        true => format!("{column} % {} IN ({})", Act::WAYS, numbers(&EventType::ALL[..1])),
        false => format!("{column} IN ({})", numbers(&filter.types)),
    })
}

/// The reports that a filter names by id, outlet and words; `None` where it names none.
pub(crate) fn reports(
    db: &Connection,
    filter: &Filter,
) -> rusqlite::Result<Option<FxHashSet<i64>>> {
    let mut found: Option<FxHashSet<i64>> = None;
    let mut meet = |sql: &str, arg: &dyn ToSql| -> rusqlite::Result<()> {
        let mut query = db.prepare_cached(sql)?;
        let rows = query.query_map([arg], |row| row.get(0))?;
        let rows: FxHashSet<i64> = rows.collect::<rusqlite::Result<_>>()?;
        found = Some(match found.take() {
            Some(before) => before.intersection(&rows).copied().collect(),
            None => rows,
        });
        Ok(())
    };
    if let Some(report) = &filter.report {
        meet("SELECT seq FROM report WHERE id = ?", report)?;
    }
    if let Some(words) = filter.text.as_deref().and_then(match_query) {
        meet("SELECT rowid FROM report_text WHERE report_text MATCH ?", &words)?;
    }
    if let Some(outlet) = &filter.outlet {
        meet("SELECT seq FROM report WHERE outlet = ? COLLATE NOCASE", outlet)?;
    }
    Ok(found)
}

/// The parties that a side means.
pub(crate) fn parties(db: &Connection, side: &Side) -> rusqlite::Result<Vec<i64>> {
    let mut args = Args::default();
    let cond = side.sql("name", "country", "code", &mut args);
    let sql = format!("SELECT seq FROM party WHERE {cond}");
    let mut query = db.prepare_cached(&sql)?;
    let found = query.query_map(params_from_iter(args.0), |row| row.get(0))?;
    found.collect()
}

/// The places that a filter means, by country and name.
pub(crate) fn places(db: &Connection, words: &str) -> rusqlite::Result<Vec<(String, String)>> {
    let mut query = db
        .prepare_cached("SELECT country, name FROM place WHERE instr(lower(name), lower(?)) > 0")?;
    let found = query.query_map([words], |row| Ok((row.get(0)?, row.get(1)?)))?;
    found.collect()
}

/// Numbers as a list in SQL.
pub(crate) fn numbers(all: impl IntoIterator<Item = i64>) -> String {
    all.into_iter().map(|n| n.to_string()).collect::<Vec<_>>().join(", ")
}

/// Where the events of a place stand.
pub(crate) fn place_lists(db: &Connection, place: &str, filter: &Filter) -> rusqlite::Result<List> {
    let list = events_from("event INDEXED BY event_place");
    let list = match country(place) {
        Some(code) => list.and("country = ? AND place IS NOT NULL", [code.into()]),
        None => {
            let places = places(db, place)?;
            let values = vec!["(?, ?)"; places.len()].join(", ");
            let args = places.into_iter().flat_map(|(country, name)| [country.into(), name.into()]);
            let cond = format!("place IS NOT NULL AND (country, place) IN (VALUES {values})");
            match values.is_empty() {
                true => list.and("0", []),
                false => list.and(&cond, args),
            }
        }
    };
    Ok(narrow(list, filter, "day_from", "day_to"))
}

pub(crate) fn events_from(from: &str) -> List {
    List::new(from, ["day_from", "report", "ordinal"])
}

/// What a filter says of act and days, as conditions on a list.
pub(crate) fn narrow(list: List, filter: &Filter, from: &str, to: &str) -> List {
    let list = days(list, filter, from, to);
    match acts(filter, "act") {
        Some(cond) => list.and(&cond, []),
        None => list,
    }
}

/// The lists of one side, or of two that face each other, in tables of sides and pairs.
pub(crate) fn sides(
    filter: &Filter,
    side: &str,
    pair: &str,
    columns: [&'static str; 3],
) -> Vec<Vec<List>> {
    let narrow = |list: List| narrow(list, filter, "day", "day_to");
    let one = |key: &str, bears: Option<bool>| {
        let list = List::of_sides(side, columns).by_key("side", key);
        let list = match bears {
            Some(bears) => list.and("bears = ?", [i64::from(bears).into()]),
            None => list,
        };
        narrow(list)
    };
    let two = |who: &str, whom: &str| {
        narrow(List::of_sides(pair, columns).by_key("who", who).by_key("whom", whom))
    };
    let key = |side: &Option<Side>| side.as_ref().and_then(Side::key).map(str::to_owned);
    let (who, whom, either) = (key(&filter.who), key(&filter.whom), key(&filter.either));
    let mut found = Vec::new();
    match (&who, &whom) {
        (Some(who), Some(whom)) => found.push(vec![two(who, whom)]),
        (Some(who), None) => found.push(vec![one(who, Some(false))]),
        (None, Some(whom)) => found.push(vec![one(whom, Some(true))]),
        (None, None) => {}
    }
    if let Some(either) = either {
        found.push(vec![one(&either, None)]);
    }
    if let Some((a, b)) = &filter.between {
        match (a.key(), b.key()) {
            (Some(a), Some(b)) => found.push(vec![two(a, b), two(b, a)]),
            (Some(one_key), None) | (None, Some(one_key)) => found.push(vec![one(one_key, None)]),
            (None, None) => {}
        }
    }
    found
}

/// The shortest of some leads.
pub(crate) fn shortest(
    db: &Connection,
    leads: Vec<Vec<List>>,
) -> rusqlite::Result<Option<(usize, Vec<List>)>> {
    let mut best: Option<(usize, Vec<List>)> = None;
    for lists in leads {
        let mut count = 0;
        for list in &lists {
            count += list.count(db)?;
        }
        if best.as_ref().is_none_or(|(least, _)| count < *least) {
            best = Some((count, lists));
        }
    }
    Ok(best)
}

/// What is left to ask of an event once its report is known to be among those meant.
pub(crate) fn exact(filter: &Filter) -> Where {
    let named = Filter { report: None, outlet: None, text: None, ..filter.clone() };
    Where::events(&named)
}
