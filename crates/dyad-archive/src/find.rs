//! Which items a filter finds, in the order of their days, without looking at all of them. A question
//! is led by the narrowest list that it names: two sides, one side, a place, reports; what the list
//! leaves open is asked of each item on it, until there are enough.

use crate::conditions::{Args, Where};
use crate::filter::{Filter, Side, country, match_query};
use crate::mention::Act;
use dyad_record::{EventType, Quad, Status};
use jiff::ToSpan;
use jiff::civil::Date;
use rusqlite::types::{ToSql, Value};
use rusqlite::{Connection, params_from_iter};
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
        List { from: from.to_owned(), cond: "1".to_owned(), args: Vec::new(), columns }
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
                args.extend([hit.day.clone().into(), hit.a.into(), hit.b.into()]);
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
                args.push(hit.day.clone().into());
                format!("{keyset} AND {day} {beyond}= ?")
            }
            None => keyset,
        };
        let known = if dated { format!("{day} > ''") } else { format!("coalesce({day}, '') = ''") };
        let sql = format!(
            "SELECT coalesce({day}, ''), {a}, {b} FROM {} WHERE {} AND {known}{keyset} \
             ORDER BY {day} {way}, {a} {way}, {b} {way} LIMIT {limit}",
            self.from, self.cond
        );
        let mut query = db.prepare_cached(&sql)?;
        let rows = query.query_map(params_from_iter(args), |row| {
            Ok(Hit { day: row.get(0)?, a: row.get(1)?, b: row.get(2)? })
        })?;
        rows.collect()
    }

    /// All that stands on it, if that is no more than so much.
    pub fn few(&self, db: &Connection, most: usize) -> rusqlite::Result<Option<Vec<Hit>>> {
        let [day, a, b] = self.columns;
        let sql = format!(
            "SELECT coalesce({day}, ''), {a}, {b} FROM {} WHERE {} LIMIT {}",
            self.from,
            self.cond,
            most + 1
        );
        let mut query = db.prepare_cached(&sql)?;
        let rows = query.query_map(params_from_iter(&self.args), |row| {
            Ok(Hit { day: row.get(0)?, a: row.get(1)?, b: row.get(2)? })
        })?;
        let all: Vec<Hit> = rows.collect::<rusqlite::Result<_>>()?;
        Ok((all.len() <= most).then_some(all))
    }
}

/// Conditions on days whose columns are these, empty or null where unknown.
pub(crate) fn days(list: List, filter: &Filter, from: &str, to: &str) -> List {
    let mut list = list;
    if let Some(day) = &filter.from {
        list = list.and(&format!("{to} >= ?"), [day.clone().into()]);
    }
    if let Some(day) = &filter.to {
        list = list.and(&format!("{from} <= ?"), [day.clone().into()]);
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

/// Whether a span is looked for apart.
pub(crate) fn is_long(from: Option<&str>, to: Option<&str>) -> bool {
    let day = |day: Option<&str>| day.and_then(|d| d.parse::<Date>().ok());
    let days = day(from).zip(day(to)).map(|(from, to)| (to - from).get_days());
    days.is_some_and(|days| days > LONG)
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
        let list = List::new(side, columns).and("side = ?", [key.to_owned().into()]);
        let list = match bears {
            Some(bears) => list.and("bears = ?", [i64::from(bears).into()]),
            None => list,
        };
        narrow(list)
    };
    let two = |who: &str, whom: &str| {
        let keys = [who.to_owned().into(), whom.to_owned().into()];
        narrow(List::new(pair, columns).and("who = ? AND whom = ?", keys))
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
