//! Which place of its name is meant: what the words beside it say, what else the report names, and
//! how many people live there.

use super::is_local;
use super::spot::Spot;
use crate::doc::{Doc, EntityKind, WordId};
use dyad_lexicon::Lexicons;
use dyad_lexicon::gazetteer::{Entry, PlaceKind};
use rustc_hash::FxHashMap;

/// More names than this add nothing to what the report as a whole is about.
const MOST_CONTEXT: usize = 40;
/// Of one name no more than this many places bear on the others.
const MOST_MEANT: usize = 12;
/// Rounds in which the choices of one name bear on those of the others.
const ROUNDS: usize = 6;
/// How much better a place must be for its name to mean it e times as likely.
const DOUBT: f64 = 0.6;
/// A division or state with fewer people tells nothing where it is part of another name.
const LEAST_PEOPLE: u64 = 300_000;

/// All spots of one name: in one report it means one place.
struct Name<'t> {
    spots: Vec<usize>,
    candidates: Vec<Entry<'t>>,
    /// A word beside it said in what it lies.
    anchored: bool,
    scores: Vec<f64>,
    /// The likeliest candidates, each with its share.
    meant: Vec<(usize, f64)>,
}

impl<'t> Name<'t> {
    fn new(candidates: Vec<Entry<'t>>) -> Self {
        let scores = candidates.iter().map(prior).collect();
        Name { spots: Vec::new(), candidates, anchored: false, scores, meant: Vec::new() }
    }

    /// Shares the name among its candidates by their scores.
    fn share(&mut self) {
        let mut order: Vec<usize> = (0..self.candidates.len()).collect();
        let better = |a: &usize, b: &usize| self.scores[*b].total_cmp(&self.scores[*a]);
        order.sort_by(|a, b| better(a, b).then(a.cmp(b)));
        order.truncate(MOST_MEANT);
        let Some(best) = order.first().map(|i| self.scores[*i]) else { return };
        let weight = |i: &usize| ((self.scores[*i] - best) / DOUBT).exp();
        let total: f64 = order.iter().map(weight).sum();
        self.meant = order.iter().map(|i| (*i, weight(i) / total)).collect();
    }

    /// What the name tells the others: places, each with its weight.
    fn told(&self) -> impl Iterator<Item = (Entry<'t>, f64)> + '_ {
        let sure = self.anchored || self.candidates.len() == 1;
        let weight = if sure { 1.5 } else { 1.0 };
        let meant = self.meant.iter().filter(|(_, share)| *share > 0.01);
        meant.map(move |(i, share)| (self.candidates[*i], weight * share))
    }

    fn best(&self) -> Option<Entry<'t>> {
        self.meant.first().map(|(i, _)| self.candidates[*i])
    }
}

/// The choice for each spot.
pub fn all<'t>(doc: &Doc<'_>, spots: &[Spot<'t>], lexicons: &Lexicons) -> Vec<Option<Entry<'t>>>
where
    'static: 't,
{
    let mut names = by_name(spots);
    for i in 0..spots.len() {
        anchor(doc, spots, i, &mut names);
    }
    names.extend(inside_names(doc, spots, lexicons));
    names.iter_mut().for_each(Name::share);
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_key(|i| {
        let name = &names[*i];
        (std::cmp::Reverse(name.spots.len()), name.spots.first().copied())
    });
    order.truncate(MOST_CONTEXT);
    // Every candidate is weighed against what the other names may mean, all at once: towns of one
    // county lift each other though each has a greater namesake far away.
    for _ in 0..ROUNDS {
        let context: Vec<(usize, Entry<'t>, f64)> = order
            .iter()
            .flat_map(|i| names[*i].told().map(move |(entry, weight)| (*i, entry, weight)))
            .collect();
        for (i, name) in names.iter_mut().enumerate() {
            let scored = |e: &Entry<'t>| prior(e) + support(i, e, &context);
            name.scores = name.candidates.iter().map(scored).collect();
            name.share();
        }
    }
    let mut chosen = vec![None; spots.len()];
    for name in &names {
        for spot in &name.spots {
            chosen[*spot] = name.best();
        }
    }
    chosen
}

/// The nearest local place of the same sentence, or else of the report: where a name lies that no
/// gazetteer has.
pub fn beside<'t>(
    doc: &Doc<'_>,
    spots: &[Spot<'t>],
    chosen: &[Option<Entry<'t>>],
    word: WordId,
) -> Option<Entry<'t>> {
    let sentence = doc.word(word).sentence;
    let local = spots.iter().zip(chosen).filter_map(|(spot, entry)| {
        let entry = entry.filter(is_local)?;
        let elsewhere = doc.word(spot.head).sentence != sentence;
        Some((elsewhere, spot.words.start.abs_diff(word), entry))
    });
    local.min_by_key(|(elsewhere, steps, _)| (*elsewhere, *steps)).map(|(_, _, entry)| entry)
}

/// The place of that name, where the gazetteer has one within reach of the places chosen.
pub fn nearest<'t>(
    lexicons: &'t Lexicons,
    name: &str,
    spots: &[Spot<'t>],
    chosen: &[Option<Entry<'t>>],
) -> Option<Entry<'t>> {
    const REACH: f64 = 300.0;
    let others: Vec<Entry<'t>> =
        spots.iter().zip(chosen).filter(|(s, _)| s.name != name).filter_map(|(_, e)| *e).collect();
    let away = |e: &Entry<'t>| {
        let local = others.iter().filter(|o| is_local(o));
        local.map(|o| kilometres(e, o)).min_by(f64::total_cmp).unwrap_or(f64::INFINITY)
    };
    let all = lexicons.gazetteer.named(name).filter(is_local).map(|e| (away(&e), e));
    let nearest = all.min_by(|(a, _), (b, _)| a.total_cmp(b));
    nearest.filter(|(away, _)| *away < REACH).map(|(_, e)| e)
}

fn by_name<'t>(spots: &[Spot<'t>]) -> Vec<Name<'t>> {
    let mut index: FxHashMap<String, usize> = FxHashMap::default();
    let mut names: Vec<Name<'t>> = Vec::new();
    for (i, spot) in spots.iter().enumerate() {
        let at = *index.entry(spot.name.to_lowercase()).or_insert_with(|| {
            names.push(Name::new(spot.entries.clone()));
            names.len() - 1
        });
        names[at].spots.push(i);
    }
    names
}

/// States and first divisions inside other names ("Texas Rangers"): no places here, but they tell
/// what the report is about.
fn inside_names(doc: &Doc<'_>, spots: &[Spot<'_>], lexicons: &Lexicons) -> Vec<Name<'static>> {
    let mut taken = vec![false; doc.words.len()];
    for spot in spots {
        taken[spot.words.start as usize..spot.words.end as usize].fill(true);
    }
    let borne = |k| matches!(k, EntityKind::Person | EntityKind::Norp);
    for entity in doc.entities.iter().filter(|e| borne(e.kind)) {
        taken[entity.words.start as usize..entity.words.end as usize].fill(true);
    }
    let mut known: Vec<String> = spots.iter().map(|s| s.name.to_lowercase()).collect();
    let mut found = Vec::new();
    for sentence in &doc.sentences {
        let mut at = sentence.words.start;
        while at < sentence.words.end {
            let until = sentence.words.end.min(at + 3);
            let free = |end: u32| (at..end).all(|w| !taken[w as usize]);
            let named = (at + 1..=until).rev().filter(|end| free(*end)).find_map(|end| {
                let name = doc.words_span(at..end).of(&doc.report.text);
                if !name.starts_with(char::is_uppercase) || name.len() < 4 {
                    return None;
                }
                let all = lexicons.gazetteer.named(name);
                let wide: Vec<_> = all
                    .filter(|e| matches!(e.kind, PlaceKind::Admin1 | PlaceKind::Country))
                    .collect();
                wide.iter().any(|e| e.people > LEAST_PEOPLE).then_some((end, name, wide))
            });
            at = named.as_ref().map_or(at + 1, |(end, _, _)| *end);
            if let Some((_, name, wide)) = named
                && !known.contains(&name.to_lowercase())
            {
                known.push(name.to_lowercase());
                found.push(Name::new(wide));
            }
        }
    }
    found
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
        name.scores = name.candidates.iter().map(prior).collect();
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
    0.7 * people
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
        if is_local(other) && other.id != entry.id {
            near += weight * (-kilometres(entry, other) / 120.0).exp();
        }
    }
    near.min(2.5) + 1.3 * same_first.min(2.5) + 0.8 * same_country.min(3.0)
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
