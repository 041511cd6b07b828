//! Which place of its name is meant: what the words beside it say, what else the report names, and
//! how many people live there.

use super::spot::Spot;
use crate::doc::Doc;
use dyad_lexicon::gazetteer::{Entry, PlaceKind};
use rustc_hash::FxHashMap;

/// More names than this add nothing to what the report as a whole is about.
const MOST_CONTEXT: usize = 40;
/// Rounds in which the choices of one name bear on those of the others.
const ROUNDS: usize = 3;

/// All spots of one name: in one report it means one place.
struct Name<'t> {
    spots: Vec<usize>,
    candidates: Vec<Entry<'t>>,
    /// A word beside it said in what it lies.
    anchored: bool,
    chosen: Option<usize>,
}

/// The choice for each spot.
pub fn all<'t>(doc: &Doc<'_>, spots: &[Spot<'t>]) -> Vec<Option<Entry<'t>>> {
    let mut names = by_name(spots);
    for i in 0..spots.len() {
        anchor(doc, spots, i, &mut names);
    }
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_key(|i| (std::cmp::Reverse(names[*i].spots.len()), names[*i].spots[0]));
    order.truncate(MOST_CONTEXT);
    for name in &mut names {
        name.chosen = best(&name.candidates, |e| prior(e));
    }
    for _ in 0..ROUNDS {
        let context: Vec<(usize, Entry<'t>, f64)> = order
            .iter()
            .filter_map(|i| {
                let name = &names[*i];
                let weight = if name.anchored || name.candidates.len() == 1 { 2.0 } else { 1.0 };
                Some((*i, name.candidates[name.chosen?], weight))
            })
            .collect();
        for (i, name) in names.iter_mut().enumerate() {
            let scored = |e: &Entry<'t>| prior(e) + support(i, e, &context);
            name.chosen = best(&name.candidates, scored);
        }
    }
    let mut chosen = vec![None; spots.len()];
    for name in &names {
        for spot in &name.spots {
            chosen[*spot] = name.chosen.map(|c| name.candidates[c]);
        }
    }
    chosen
}

fn by_name<'t>(spots: &[Spot<'t>]) -> Vec<Name<'t>> {
    let mut index: FxHashMap<String, usize> = FxHashMap::default();
    let mut names: Vec<Name<'t>> = Vec::new();
    for (i, spot) in spots.iter().enumerate() {
        let at = *index.entry(spot.name.to_lowercase()).or_insert_with(|| {
            let candidates = spot.entries.clone();
            names.push(Name { spots: Vec::new(), candidates, anchored: false, chosen: None });
            names.len() - 1
        });
        names[at].spots.push(i);
    }
    names
}

/// "Paris, Texas": the first lies in the second, and the second is one that holds such a first.
fn anchor(doc: &Doc<'_>, spots: &[Spot<'_>], i: usize, names: &mut [Name<'_>]) {
    let Some(next) = spots.get(i + 1) else { return };
    let here = &spots[i];
    let comma = here.words.end + 1 == next.words.start && doc.surface(here.words.end) == ",";
    if !comma || doc.word(here.head).sentence != doc.word(next.head).sentence {
        return;
    }
    let holders: Vec<_> = next
        .entries
        .iter()
        .filter(|e| !matches!(e.kind, PlaceKind::Town | PlaceKind::Capital))
        .collect();
    let held = |e: &Entry<'_>| holders.iter().any(|h| lies_in(e, h));
    let Some(name) = names.iter_mut().find(|n| n.spots.binary_search(&i).is_ok()) else { return };
    if name.candidates.iter().any(held) {
        name.candidates.retain(held);
        name.anchored = true;
    }
}

fn lies_in(inner: &Entry<'_>, outer: &Entry<'_>) -> bool {
    if inner.id == outer.id || inner.country != outer.country {
        return false;
    }
    match outer.kind {
        PlaceKind::Country => true,
        PlaceKind::Admin1 | PlaceKind::Postal => inner.admin1 == outer.admin1,
        PlaceKind::Admin2 => inner.admin1 == outer.admin1 && kilometres(inner, outer) < 80.0,
        _ => false,
    }
}

/// How likely the place is where nothing is known of the report.
fn prior(entry: &Entry<'_>) -> f64 {
    let people = (entry.people as f64 + 10.0).log10();
    people
        + match entry.kind {
            PlaceKind::Country => 2.0,
            PlaceKind::Capital => 1.5,
            PlaceKind::Admin1 | PlaceKind::Postal => 0.3,
            PlaceKind::Region | PlaceKind::Water => 1.0,
            PlaceKind::Admin2 | PlaceKind::Town => 0.0,
        }
}

/// How well the place lies among the others that the report names.
fn support(own: usize, entry: &Entry<'_>, context: &[(usize, Entry<'_>, f64)]) -> f64 {
    let mut near: f64 = 0.0;
    let mut same_first: f64 = 0.0;
    let mut same_country: f64 = 0.0;
    for (name, other, weight) in context {
        if *name == own {
            continue;
        }
        if entry.country == other.country && !entry.country.is_empty() {
            same_country += weight;
            if entry.admin1 == other.admin1 && !entry.admin1.is_empty() {
                let named = matches!(other.kind, PlaceKind::Admin1 | PlaceKind::Postal);
                same_first += if named { 2.0 * weight } else { *weight };
            }
        }
        let local = matches!(other.kind, PlaceKind::Town | PlaceKind::Admin2 | PlaceKind::Capital);
        if local && other.id != entry.id {
            near += weight * (-kilometres(entry, other) / 120.0).exp();
        }
    }
    near.min(2.5) + same_first.min(3.5) + 0.5 * same_country.min(3.0)
}

fn best<'t>(candidates: &[Entry<'t>], score: impl Fn(&Entry<'t>) -> f64) -> Option<usize> {
    let mut best: Option<(f64, usize)> = None;
    for (i, entry) in candidates.iter().enumerate() {
        let score = score(entry);
        if best.is_none_or(|(s, _)| score > s) {
            best = Some((score, i));
        }
    }
    best.map(|(_, i)| i)
}

/// Distance over the ground, near enough to compare.
fn kilometres(a: &Entry<'_>, b: &Entry<'_>) -> f64 {
    let mut east = (a.lon - b.lon).abs();
    if east > 180.0 {
        east = 360.0 - east;
    }
    let east = east * ((a.lat + b.lat) / 2.0).to_radians().cos();
    111.2 * (east * east + (a.lat - b.lat).powi(2)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &'static str, kind: PlaceKind, lat: f64, lon: f64) -> Entry<'static> {
        Entry { name, id: name, kind, country: "XXX", admin1: "1", lat, lon, people: 1000 }
    }

    #[test]
    fn distance_crosses_the_date_line() {
        let a = entry("a", PlaceKind::Town, 0.0, 179.5);
        let b = entry("b", PlaceKind::Town, 0.0, -179.5);
        assert!((kilometres(&a, &b) - 111.2).abs() < 1.0);
    }

    #[test]
    fn a_town_lies_in_its_division_and_state() {
        let town = entry("town", PlaceKind::Town, 1.0, 1.0);
        let division = entry("division", PlaceKind::Admin1, 2.0, 2.0);
        let state = Entry { admin1: "", ..entry("state", PlaceKind::Country, 5.0, 5.0) };
        assert!(lies_in(&town, &division) && lies_in(&town, &state));
        assert!(!lies_in(&town, &Entry { admin1: "2", ..division }));
        assert!(!lies_in(&state, &state));
    }
}
