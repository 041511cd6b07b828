//! Which events and episodes a filter finds, by their numbers.

use crate::conditions::Where;
use crate::filter::{Filter, Side};
use crate::find::{
    FEW, FEW_REPORTS, Hit, List, exact, narrow, numbers, parties, place_lists, places,
};
use crate::find::{reports, shortest, sides, split};
use crate::lead::{Lead, Way};
use crate::outline::{self, COLUMNS, Outline};
use dyad_record::archive::Party;
use rusqlite::Error::QueryReturnedNoRows;
use rusqlite::types::ToSql;
use rusqlite::{Connection, OptionalExtension, Row, Statement};
use rustc_hash::{FxHashMap, FxHashSet};

const EVENT: [&str; 3] = ["day", "report", "ordinal"];
const EPISODE: [&str; 3] = ["day", "episode", "episode"];

/// Takes from a lead what is meant, from an offset on and to a limit.
pub(crate) struct Taken {
    skip: usize,
    limit: usize,
    pub hits: Vec<Hit>,
}

impl Taken {
    pub fn of(filter: &Filter) -> Taken {
        let limit = filter.limit.map_or(usize::MAX, |n| n as usize);
        Taken { skip: filter.offset as usize, limit, hits: Vec::new() }
    }

    /// Whether more are wanted.
    pub fn put(&mut self, hit: Hit) -> bool {
        match self.skip {
            0 if self.limit > 0 => self.hits.push(hit),
            0 => {}
            _ => self.skip -= 1,
        }
        self.hits.len() < self.limit
    }
}

/// The order in which a filter wants what stands in a table, whose column holds its day.
pub(crate) fn way(
    db: &Connection,
    filter: &Filter,
    table: &str,
    day: &str,
) -> rusqlite::Result<Way> {
    let after = match &filter.after {
        Some(after) => Some(place(db, after, table, day)?.ok_or(QueryReturnedNoRows)?),
        None => None,
    };
    // What has no day is not found by days.
    let undated = filter.from.is_none() && filter.to.is_none();
    Ok(Way { newest: filter.newest, undated, after })
}

/// Where an item stands in the order of the days.
pub(crate) fn place(
    db: &Connection,
    item: &str,
    table: &str,
    day: &str,
) -> rusqlite::Result<Option<Hit>> {
    let hit = |row: &Row<'_>| Ok(Hit { day: row.get(0)?, a: row.get(1)?, b: row.get(2)? });
    if table == "episode" {
        let sql = "SELECT coalesce(date_from, ''), seq, seq FROM episode WHERE seq = ?";
        let Some(seq) = crate::episode::number(item) else { return Ok(None) };
        return db.prepare_cached(sql)?.query_row([seq], hit).optional();
    }
    let Some((report, id)) = item.split_once('/') else { return Ok(None) };
    let sql = format!(
        "SELECT coalesce(i.{day}, ''), i.report, i.ordinal FROM {table} i \
         JOIN report r ON r.seq = i.report WHERE r.id = ? AND i.id = ?"
    );
    db.prepare_cached(&sql)?.query_row([report, id], hit).optional()
}

/// The lead of the lists that may be read in order, and of those that only a few stand on, each in
/// several parts.
/// With it whether it is a list of sides, and how many stand on it, as far as that is known.
pub(crate) fn lead(
    db: &Connection,
    among: Option<&FxHashSet<i64>>,
    ordered: Vec<Vec<List>>,
    loose: Vec<Vec<List>>,
    base: Vec<List>,
) -> rusqlite::Result<(Lead, bool, usize)> {
    let best = shortest(db, ordered)?;
    let mut least = best.as_ref().map_or(usize::MAX, |(count, _)| *count);
    let mut few = None;
    for lists in loose {
        // What is not among the reports asked for costs little.
        let most = if among.is_some() { 4 * FEW } else { FEW };
        let most = most.min(least.saturating_sub(1));
        let mut all = Some(Vec::new());
        for list in lists {
            let Some(hits) = &mut all else { break };
            match list.few(db, most - hits.len())? {
                Some(more) => hits.extend(more),
                None => all = None,
            }
        }
        if let Some(hits) = all {
            (least, few) = (hits.len(), Some(hits));
        }
    }
    Ok(match (few, best) {
        (Some(hits), _) => (Lead::Whole(hits), false, least),
        (None, Some((_, lists))) => (Lead::Lists(lists), true, least),
        (None, None) => (Lead::Lists(base), false, least),
    })
}

pub(crate) fn in_reports(among: &FxHashSet<i64>, most: usize, column: &str) -> Option<String> {
    let few = among.len() <= most;
    few.then(|| format!("{column} IN ({})", numbers(among.iter().copied())))
}

/// Sides that no key stands for, or not exactly.
fn inexact(filter: &Filter) -> impl Iterator<Item = &Side> {
    filter.sides().filter(|side| !side.is_key())
}

/// Whether one list of sides and pairs tells all that a filter asks of them.
fn one_list(filter: &Filter) -> bool {
    let asked = usize::from(filter.who.is_some() || filter.whom.is_some())
        + usize::from(filter.either.is_some())
        + usize::from(filter.between.is_some());
    asked <= 1 && inexact(filter).next().is_none()
}

/// A condition that is asked of items one by one.
pub(crate) struct Check<'c> {
    query: Statement<'c>,
    args: Vec<Box<dyn ToSql>>,
}

impl<'c> Check<'c> {
    pub fn new(db: &'c Connection, select: &str, rest: Where) -> rusqlite::Result<Check<'c>> {
        Ok(Check { query: db.prepare(&format!("{select}{}", rest.sql))?, args: rest.args.0 })
    }

    pub fn holds(&mut self, hit: &Hit) -> rusqlite::Result<bool> {
        let numbers: [&dyn ToSql; 2] = [&hit.a, &hit.b];
        let mut args: Vec<&dyn ToSql> = self.args.iter().map(|a| &**a).collect();
        args.extend(numbers);
        self.query.exists(&args[..])
    }
}

/// `{n}` and `{n + 1}` stand for the two numbers of an item.
pub(crate) fn numbered(select: &str, rest: &Where) -> String {
    let n = rest.args.0.len() + 1;
    select.replace("{a}", &format!("?{n}")).replace("{b}", &format!("?{}", n + 1))
}

pub(crate) fn event_lead(
    db: &Connection,
    filter: &Filter,
    among: Option<&FxHashSet<i64>>,
) -> rusqlite::Result<(Lead, bool, usize)> {
    let mut loose = Vec::new();
    let from = "event_party p JOIN event e ON e.report = p.report AND e.ordinal = p.event";
    for side in inexact(filter) {
        let list = List::new(from, ["e.day_from", "p.report", "p.event"]);
        let list = list.and(&format!("p.party IN ({})", numbers(parties(db, side)?)), []);
        loose.push(vec![narrow(list, filter, "e.day_from", "e.day_to")]);
    }
    if let Some(place) = &filter.place {
        loose.push(vec![place_lists(db, place, filter)?]);
    }
    if let Some(cond) = among.and_then(|among| in_reports(among, FEW_REPORTS, "report")) {
        let list = List::new("event", ["day_from", "report", "ordinal"]).and(&cond, []);
        loose.push(vec![narrow(list, filter, "day_from", "day_to")]);
    }
    let base = List::new("event", ["day_from", "report", "ordinal"]);
    let base = split(acting(base, filter), filter, "day_from", "day_to");
    let ordered = sides(filter, "event_side", "event_pair", EVENT);
    lead(db, among, ordered, loose, base)
}

pub(crate) fn events(db: &Connection, filter: &Filter) -> rusqlite::Result<Vec<Hit>> {
    let among = reports(db, filter)?;
    let (lead, by_side, _) = event_lead(db, filter, among.as_ref())?;
    let told = (by_side || filter.sides().next().is_none()) && one_list(filter);
    let rest = exact(filter);
    let select = "SELECT 1 FROM event e JOIN report r ON r.seq = e.report \
                  WHERE e.report = {a} AND e.ordinal = {b}";
    let asked = !told || filter.place.is_some() || filter.confidence.is_some();
    let select = numbered(select, &rest);
    let mut check = asked.then(|| Check::new(db, &select, rest)).transpose()?;
    let mut taken = Taken::of(filter);
    lead.walk(db, &way(db, filter, "event", "day_from")?, |hit| {
        let meant = among.as_ref().is_none_or(|among| among.contains(&hit.a))
            && check.as_mut().map_or(Ok(true), |check| check.holds(&hit))?;
        Ok(!meant || taken.put(hit))
    })?;
    Ok(taken.hits)
}

/// What a filter says of the act, as a condition.
pub(crate) fn acting(list: List, filter: &Filter) -> List {
    match crate::find::acts(filter, "act") {
        Some(cond) => list.and(&cond, []),
        None => list,
    }
}

/// Episodes: reports, places, confidence and words are asked of their tellings, of which one must
/// meet them all, the rest of the episode, which may know sides that no single telling has.
pub(crate) fn episodes(db: &Connection, filter: &Filter) -> rusqlite::Result<Vec<i64>> {
    let among = reports(db, filter)?;
    let day = ["e.date_from", "e.seq", "e.seq"];
    let mut loose = Vec::new();
    for side in inexact(filter) {
        let list = List::new("episode_party p JOIN episode e ON e.seq = p.episode", day);
        let list = list.and(&format!("p.party IN ({})", numbers(parties(db, side)?)), []);
        loose.push(vec![narrow(list, filter, "e.date_from", "e.date_to")]);
    }
    if let Some(cond) = among.as_ref().and_then(|among| in_reports(among, FEW_REPORTS, "t.report"))
    {
        let list = List::new("telling t JOIN episode e ON e.seq = t.episode", day).and(&cond, []);
        loose.push(vec![narrow(list, filter, "e.date_from", "e.date_to")]);
    }
    if let Some(place) = &filter.place {
        loose.push(vec![at_place(db, place, filter, day)?]);
    }
    let base = List::new("episode", ["date_from", "seq", "seq"]);
    let base = split(acting(base, filter), filter, "date_from", "date_to");
    let ordered = sides(filter, "episode_side", "episode_pair", EPISODE);
    let (lead, by_side, _) = lead(db, among.as_ref(), ordered, loose, base)?;
    let told = (by_side || filter.sides().next().is_none()) && one_list(filter);
    let mut tellings = filter.of_tellings().map(|of| Tellings::new(db, &of)).transpose()?;
    let mut taken = Taken::of(filter);
    lead.walk(db, &way(db, filter, "episode", "date_from")?, |hit| {
        let meant = (told || filter.is_met_by(&outline(db, hit.a)?))
            && tellings.as_mut().map_or(Ok(true), |t| t.meet(hit.a, among.as_ref()))?;
        Ok(!meant || taken.put(hit))
    })?;
    Ok(taken.hits.into_iter().map(|hit| hit.a).collect())
}

fn at_place(
    db: &Connection,
    place: &str,
    filter: &Filter,
    day: [&'static str; 3],
) -> rusqlite::Result<List> {
    let from = "event v INDEXED BY event_place \
                JOIN telling t ON t.report = v.report AND t.event = v.ordinal \
                JOIN episode e ON e.seq = t.episode";
    let list = List::new(from, day);
    let list = match crate::filter::country(place) {
        Some(code) => list.and("v.country = ? AND v.place IS NOT NULL", [code.into()]),
        None => {
            let places = places(db, place)?;
            let any = vec!["v.country = ? AND v.place = ?"; places.len()].join(" OR ");
            let args = places.into_iter().flat_map(|(country, name)| [country.into(), name.into()]);
            match any.is_empty() {
                true => list.and("0", []),
                false => list.and(&format!("v.place IS NOT NULL AND ({any})"), args),
            }
        }
    };
    // Days are those of the episode; `act` stands in both tables.
    let list = crate::find::days(list, filter, "e.date_from", "e.date_to");
    Ok(match crate::find::acts(filter, "e.act") {
        Some(cond) => list.and(&cond, []),
        None => list,
    })
}

/// What must hold for one telling.
struct Tellings<'c> {
    query: Statement<'c>,
    args: Vec<Box<dyn ToSql>>,
}

impl<'c> Tellings<'c> {
    fn new(db: &'c Connection, of: &Filter) -> rusqlite::Result<Tellings<'c>> {
        let rest = exact(of);
        // Where only reports are asked for, an index tells them.
        let select = match rest.sql.is_empty() {
            true => "SELECT t.report FROM telling t WHERE t.episode = {a}",
            false => {
                "SELECT t.report FROM telling t \
                 JOIN event e ON e.report = t.report AND e.ordinal = t.event \
                 JOIN report r ON r.seq = e.report WHERE t.episode = {a}"
            }
        };
        let sql = format!("{}{}", numbered(select, &rest), rest.sql);
        Ok(Tellings { query: db.prepare(&sql)?, args: rest.args.0 })
    }

    fn meet(&mut self, episode: i64, among: Option<&FxHashSet<i64>>) -> rusqlite::Result<bool> {
        let mut args: Vec<&dyn ToSql> = self.args.iter().map(|a| &**a).collect();
        args.push(&episode);
        let mut rows = self.query.query(&args[..])?;
        while let Some(row) = rows.next()? {
            let report: i64 = row.get(0)?;
            if among.is_none_or(|among| among.contains(&report)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// A stored episode without its tellings.
pub(crate) fn outline(db: &Connection, seq: i64) -> rusqlite::Result<Outline> {
    let sql = format!("SELECT {COLUMNS} FROM episode e WHERE e.seq = ?");
    let mut outline = db.prepare_cached(&sql)?.query_row([seq], Outline::from_row)?;
    (outline.actors, outline.recipients) = outline::sides(db, seq)?;
    Ok(outline)
}

/// Many of them, in the order in which they are named.
pub(crate) fn outlines(db: &Connection, seqs: &[i64]) -> rusqlite::Result<Vec<Outline>> {
    let (first, last) = (seqs.iter().min(), seqs.iter().max());
    let place: FxHashMap<i64, usize> = seqs.iter().enumerate().map(|(i, seq)| (*seq, i)).collect();
    let mut found: Vec<Option<Outline>> = vec![None; seqs.len()];
    let sql = format!("SELECT {COLUMNS}, e.seq FROM episode e WHERE e.seq BETWEEN ? AND ?");
    let mut query = db.prepare_cached(&sql)?;
    let mut rows = query.query([first, last])?;
    while let Some(row) = rows.next()? {
        if let Some(i) = place.get(&row.get("seq")?) {
            found[*i] = Some(Outline::from_row(row)?);
        }
    }
    let mut query = db.prepare_cached("SELECT seq, name, country, code FROM party")?;
    let parties = query.query_map([], |row| {
        Ok((row.get(0)?, Party { name: row.get(1)?, country: row.get(2)?, code: row.get(3)? }))
    })?;
    let parties: FxHashMap<i64, Party> = parties.collect::<rusqlite::Result<_>>()?;
    // In the order of the key, which is that of the sides.
    let mut query = db.prepare_cached(
        "SELECT episode, side, party FROM episode_party WHERE episode BETWEEN ? AND ? \
         ORDER BY episode, side, ordinal",
    )?;
    let mut rows = query.query([first, last])?;
    while let Some(row) = rows.next()? {
        let Some(outline) = place.get(&row.get(0)?).and_then(|i| found[*i].as_mut()) else {
            continue;
        };
        let Some(party) = parties.get(&row.get(2)?) else { continue };
        match row.get_ref(1)?.as_str()? {
            "actor" => outline.actors.push(party.clone()),
            _ => outline.recipients.push(party.clone()),
        }
    }
    Ok(found.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_episodes_are_outlined_as_each_alone() {
        let (_dir, archive) = crate::odesa::archive();
        let mut seqs = episodes(&archive.db, &Filter::default()).unwrap();
        seqs.reverse();
        assert!(seqs.len() > 1);
        let alone: Vec<Outline> =
            seqs.iter().map(|seq| outline(&archive.db, *seq).unwrap()).collect();
        assert_eq!(outlines(&archive.db, &seqs).unwrap(), alone);
        assert!(alone.iter().any(|e| !e.actors.is_empty() && !e.recipients.is_empty()));
        assert_eq!(outlines(&archive.db, &[]).unwrap(), []);
    }
}
