//! Counts. A happening counts once, however many tell it; a plan or a refusal is counted beside
//! the deeds, never among them.

use crate::voice::{Sketch, voices};
use dyad_record::archive::{Count, DyadCount, Episode, Party, Summary};
use dyad_record::{EventType, Quad, Record, Status};
use std::collections::{BTreeMap, BTreeSet};

pub fn of(records: &[Record], episodes: &[Episode]) -> Summary {
    let sketches: Vec<Sketch> = records.iter().map(Sketch::of).collect();
    let voices: BTreeSet<u32> = voices(&sketches).into_iter().collect();
    let outlets: BTreeSet<&String> =
        records.iter().filter_map(|r| r.report.outlet.as_ref()).collect();
    let published = || records.iter().filter_map(|r| r.report.published.clone());
    let sum = |count: fn(&Record) -> usize| records.iter().map(count).sum::<usize>() as u32;
    let number = |test: fn(&Episode) -> bool| episodes.iter().filter(|e| test(e)).count() as u32;
    Summary {
        reports: records.len() as u32,
        voices: voices.len() as u32,
        outlets: outlets.len() as u32,
        published_from: published().min(),
        published_to: published().max(),
        events: sum(|r| r.events.len()),
        statements: sum(|r| r.statements.len()),
        figures: sum(|r| r.figures.len()),
        ties: sum(|r| r.ties.len()),
        episodes: episodes.len() as u32,
        deeds: number(|e| e.deed),
        told_by_several: number(|e| e.voices > 1),
        disagreements: episodes.iter().map(|e| e.disagreements.len() as u32).sum(),
        by_type: counts(EventType::ALL, episodes, |e| e.kind, EventType::as_str),
        by_quad: counts(Quad::ALL, episodes, |e| e.quad, Quad::as_str),
        by_status: counts(Status::ALL, episodes, |e| e.status, Status::as_str),
        dyads: dyads(episodes),
    }
}

/// In the order of the closed list; what never occurs is left out.
fn counts<T: Copy + PartialEq>(
    all: &[T],
    episodes: &[Episode],
    of: impl Fn(&Episode) -> T,
    name: impl Fn(T) -> &'static str,
) -> Vec<Count> {
    let counts = all.iter().map(|&value| {
        let mut count = Count { name: name(value).to_owned(), ..Count::default() };
        for episode in episodes.iter().filter(|e| of(e) == value) {
            count.episodes += 1;
            count.deeds += u32::from(episode.deed);
            count.events += episode.tellings.len() as u32;
        }
        count
    });
    counts.filter(|c| c.episodes > 0).collect()
}

/// Pairs of countries; a joint act counts for each of the two directions once, in the order of
/// their codes. What a country does within itself is no dyad.
fn dyads(episodes: &[Episode]) -> Vec<DyadCount> {
    let countries = |parties: &[Party]| -> BTreeSet<String> {
        parties.iter().filter_map(|p| p.country.clone()).collect()
    };
    let mut found: BTreeMap<(String, String), DyadCount> = BTreeMap::new();
    for episode in episodes {
        let (from, to) = (countries(&episode.actors), countries(&episode.recipients));
        let mut pairs: BTreeSet<(&String, &String)> = BTreeSet::new();
        for a in &from {
            pairs.extend(to.iter().filter(|b| *b != a).map(|b| (a, b)));
            if episode.mutual {
                pairs.extend(from.iter().filter(|b| *b > a).map(|b| (a, b)));
            }
        }
        for (a, b) in pairs {
            let count = found.entry((a.clone(), b.clone())).or_insert_with(|| DyadCount {
                from: a.clone(),
                to: b.clone(),
                ..DyadCount::default()
            });
            count.episodes += 1;
            count.events += episode.tellings.len() as u32;
            if episode.deed {
                count.deeds += 1;
                count.goldstein += episode.goldstein;
            }
        }
    }
    let mut dyads: Vec<DyadCount> = found.into_values().collect();
    dyads.sort_by(|a, b| {
        let key = |d: &DyadCount| std::cmp::Reverse((d.deeds, d.episodes));
        key(a).cmp(&key(b)).then_with(|| (&a.from, &a.to).cmp(&(&b.from, &b.to)))
    });
    dyads
}
