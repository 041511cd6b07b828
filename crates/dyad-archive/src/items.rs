//! Which statements, figures and ties a filter finds, by their numbers.

use crate::ask::{Check, Taken, acting, event_lead, events, in_reports, lead, numbered, way};
use crate::conditions::Where;
use crate::filter::{Filter, Side};
use crate::find::{FEW, FEW_REPORTS, Hit, List, numbers, parties, reports, split};
use crate::keys;
use crate::lead::{Lead, Way};
use rusqlite::Connection;
use rustc_hash::FxHashSet;

const EVENT: [&str; 3] = ["day", "report", "ordinal"];

pub(crate) fn statements(db: &Connection, filter: &Filter) -> rusqlite::Result<Vec<Hit>> {
    let among = reports(db, filter)?;
    let day = ["day_from", "report", "ordinal"];
    let dated = |list: List| crate::find::days(list, filter, "day_from", "day_to");
    let (mut ordered, mut loose) = (Vec::new(), Vec::new());
    let facing = |a: &str, b: &str| {
        let list = List::of_sides("statement_pair", EVENT).by_key("who", a).by_key("whom", b);
        crate::find::days(list, filter, "day", "day_to")
    };
    let key = |side: &Option<Side>| side.as_ref().and_then(Side::key).map(str::to_owned);
    let of_country = |country: &str| {
        let list = List::new("statement INDEXED BY statement_country", day);
        dated(list.and("country = ?", [country.to_owned().into()]))
    };
    let said_by = |who: &Side| -> rusqlite::Result<List> {
        let list = List::new("statement INDEXED BY statement_speaker", day);
        let names = numbers(parties(db, who)?);
        let names = format!("speaker IN (SELECT name FROM party WHERE seq IN ({names}))");
        Ok(dated(list.and(&names, [])))
    };
    let country = |side: &Side| side.key().filter(|key| keys::is_country(key)).map(str::to_owned);
    match (key(&filter.who), key(&filter.whom)) {
        // What is said among those of one key has no pair.
        (Some(who), Some(whom)) if who != whom => ordered.push(vec![facing(&who, &whom)]),
        _ => {}
    }
    if let Some(who) = &filter.who {
        match country(who) {
            Some(country) => ordered.push(vec![of_country(&country)]),
            None => loose.push(vec![said_by(who)?]),
        }
        if !who.is_key() && country(who).is_some() {
            loose.push(vec![said_by(who)?]);
        }
    }
    let bears = filter.whom.as_ref().filter(|_| filter.who.is_none());
    let sides = filter.either.iter().chain(bears);
    for (either, key) in sides.filter_map(|side| Some((side, side.key()?))) {
        let said = match country(either).filter(|_| either.is_key()) {
            Some(country) => of_country(&country),
            None => said_by(either)?,
        };
        loose.push(vec![said, said_to(key, filter)]);
    }
    if let Some((a, b)) = &filter.between
        && let (Some(a), Some(b)) = (a.key(), b.key())
    {
        ordered.push(vec![facing(a, b), facing(b, a)]);
    }
    if let Some(cond) = among.as_ref().and_then(|among| in_reports(among, FEW, "report")) {
        loose.push(vec![dated(List::new("statement", day).and(&cond, []))]);
    }
    let base = split(List::new("statement", day), filter, "day_from", "day_to");
    let (lead, ..) = lead(db, among.as_ref(), ordered, loose, base)?;
    let rest =
        Where::statements(&Filter { report: None, outlet: None, text: None, ..filter.clone() });
    let select = "SELECT 1 FROM statement s JOIN report r ON r.seq = s.report \
                  WHERE s.report = {a} AND s.ordinal = {b}";
    walk(db, filter, &way(db, filter, "statement", "day_from")?, lead, among, select, rest)
}

fn walk(
    db: &Connection,
    filter: &Filter,
    way: &Way,
    lead: Lead,
    among: Option<FxHashSet<i64>>,
    select: &str,
    rest: Where,
) -> rusqlite::Result<Vec<Hit>> {
    let asked = !rest.sql.is_empty();
    let select = numbered(select, &rest);
    let mut check = asked.then(|| Check::new(db, &select, rest)).transpose()?;
    let mut taken = Taken::of(filter);
    lead.walk(db, way, |hit| {
        let meant = among.as_ref().is_none_or(|among| among.contains(&hit.a))
            && check.as_mut().map_or(Ok(true), |check| check.holds(&hit))?;
        Ok(!meant || taken.put(hit))
    })?;
    Ok(taken.hits)
}

/// What is said to a side or names it, whoever says it: each speaker's key is met in turn.
fn said_to(whom: &str, filter: &Filter) -> List {
    let speakers = "who IN (WITH RECURSIVE each (who) AS (\
        SELECT min(who) FROM statement_pair UNION ALL \
        SELECT (SELECT min(s.who) FROM statement_pair s WHERE s.who > each.who) FROM each \
        WHERE each.who IS NOT NULL) SELECT who FROM each WHERE who IS NOT NULL)";
    let list = List::of_sides("statement_pair", EVENT).and(speakers, []).by_key("whom", whom);
    crate::find::days(list, filter, "day", "day_to")
}

/// What one side said to the other or of it, in the order of the days.
pub(crate) fn spoken(
    db: &Connection,
    who: &str,
    whom: &str,
    filter: &Filter,
) -> rusqlite::Result<Vec<Hit>> {
    let list = List::of_sides("statement_pair", EVENT).by_key("who", who).by_key("whom", whom);
    let list = crate::find::days(list, filter, "day", "day_to");
    let among = reports(db, filter)?;
    let way = way(db, filter, "statement", "day_from")?;
    walk(db, filter, &way, Lead::Lists(vec![list]), among, "", Where::default())
}

pub(crate) fn figures(db: &Connection, filter: &Filter) -> rusqlite::Result<Vec<Hit>> {
    let among = reports(db, filter)?;
    let day = ["day", "report", "ordinal"];
    let published = |list: List| crate::find::days(list, filter, "day", "day");
    let mut loose = Vec::new();
    if let Some(cond) = among.as_ref().and_then(|among| in_reports(among, FEW, "report")) {
        loose.push(vec![acting(published(List::new("figure", day).and(&cond, [])), filter)]);
    }
    let of_acts = crate::conditions::asks_of_acts(filter);
    let mut few = None;
    if of_acts && among.as_ref().is_none_or(|among| among.len() > FEW_REPORTS) {
        let acts = Filter {
            from: None,
            to: None,
            newest: false,
            limit: None,
            offset: 0,
            after: None,
            ..filter.clone()
        };
        let (.., led) = event_lead(db, &acts, among.as_ref())?;
        // The more is asked beside the list, the further one reads for enough of the others.
        let rare = among.is_some() || filter.confidence.is_some() || filter.place.is_some();
        if led <= if rare { 4 * FEW } else { FEW } {
            few = Some(about(db, &events(db, &acts)?, filter)?);
        }
    }
    let (lead, rest) = match few {
        Some(hits) => (Lead::Whole(hits), Where::default()),
        None => {
            let base = acting(List::new("figure INDEXED BY figure_day", day), filter);
            let (lead, ..) = lead(db, among.as_ref(), Vec::new(), loose, vec![published(base)])?;
            // What lists by act and day have told already is not asked again.
            let left = Filter {
                types: Vec::new(),
                quads: Vec::new(),
                statuses: Vec::new(),
                deeds: false,
                from: None,
                to: None,
                report: None,
                outlet: None,
                text: None,
                ..filter.clone()
            };
            (lead, Where::figures(&left))
        }
    };
    let select = "SELECT 1 FROM figure f WHERE f.report = {a} AND f.ordinal = {b}";
    walk(db, filter, &way(db, filter, "figure", "day")?, lead, among, select, rest)
}

/// The figures about some events.
fn about(db: &Connection, events: &[Hit], filter: &Filter) -> rusqlite::Result<Vec<Hit>> {
    let mut query = db.prepare_cached(
        "SELECT coalesce(day, ''), ordinal FROM figure WHERE report = ? AND event = ?",
    )?;
    let within = |day: &str| {
        filter.from.as_deref().is_none_or(|from| day >= from)
            && filter.to.as_deref().is_none_or(|to| day <= to)
    };
    let mut found = Vec::new();
    for event in events {
        let rows = query.query_map([event.a, event.b], |row| {
            Ok(Hit { day: row.get(0)?, a: event.a, b: row.get(1)? })
        })?;
        for hit in rows {
            let hit = hit?;
            if within(&hit.day) {
                found.push(hit);
            }
        }
    }
    Ok(found)
}

pub(crate) fn ties(db: &Connection, filter: &Filter) -> rusqlite::Result<Vec<Hit>> {
    let among = reports(db, filter)?;
    let day = ["day", "report", "ordinal"];
    let dated = |list: List| crate::find::days(list, filter, "day", "day");
    let country = |side: &Side| side.key().filter(|k| keys::is_country(k)).map(str::to_owned);
    let from_to = |a: &str, b: &str| {
        let list = List::new("tie INDEXED BY tie_from", day);
        let keys = [a.to_owned().into(), b.to_owned().into()];
        dated(list.and("from_country = ? AND to_country = ?", keys))
    };
    let (mut ordered, mut loose) = (Vec::new(), Vec::new());
    let who = filter.who.as_ref().map(country);
    match (&who, filter.whom.as_ref().map(country)) {
        (Some(Some(a)), Some(Some(b))) => ordered.push(vec![from_to(a, &b)]),
        (_, Some(Some(b))) => {
            let list = List::new("tie INDEXED BY tie_to", day);
            ordered.push(vec![dated(list.and("to_country = ?", [b.into()]))]);
        }
        (Some(Some(a)), _) => {
            let list = List::new("tie INDEXED BY tie_from", day);
            loose.push(vec![dated(list.and("from_country = ?", [a.clone().into()]))]);
        }
        _ => {}
    }
    if let Some(side) = filter.who.as_ref().filter(|side| side.key().is_none()) {
        // Words of a name: the countries of those who bear it.
        let sql =
            format!("(SELECT country FROM party WHERE seq IN ({}))", numbers(parties(db, side)?));
        let list = List::new("tie", day);
        loose.push(vec![dated(list.and(
            &format!(
                "(from_country IN {sql} OR from_country IS NULL AND EXISTS \
                 (SELECT 1 FROM {sql} WHERE country IS NULL))"
            ),
            [],
        ))]);
    }
    if let Some((a, b)) = &filter.between
        && let (Some(a), Some(b)) = (country(a), country(b))
    {
        ordered.push(vec![from_to(&a, &b), from_to(&b, &a)]);
    }
    if let Some(cond) = among.as_ref().and_then(|among| in_reports(among, FEW, "report")) {
        loose.push(vec![dated(List::new("tie", day).and(&cond, []))]);
    }
    let base = vec![dated(List::new("tie", day))];
    let (lead, ..) = lead(db, among.as_ref(), ordered, loose, base)?;
    let rest = Where::ties(&Filter { report: None, outlet: None, text: None, ..filter.clone() });
    let select = "SELECT 1 FROM tie t JOIN report r ON r.seq = t.report \
                  WHERE t.report = {a} AND t.ordinal = {b}";
    walk(db, filter, &way(db, filter, "tie", "day")?, lead, among, select, rest)
}
