//! Episodes are stored and joined as reports come and go. However they do, what is stored is what
//! joining all anew would give.

mod made;

use dyad_archive::{Archive, Filter, Prepared, episodes};
use dyad_record::archive::Episode;
use dyad_record::{EventTime, Record, TimeBasis};
use made::{Draw, Press};
use std::collections::BTreeMap;
use std::path::Path;

/// Voices are told apart by numbers that mean nothing: each by the first report that has it.
fn plain(mut episodes: Vec<Episode>) -> Vec<Episode> {
    let mut first: BTreeMap<u32, String> = BTreeMap::new();
    for t in episodes.iter().flat_map(|e| &e.tellings) {
        let first = first.entry(t.voice).or_insert_with(|| t.report.clone());
        *first = first.clone().min(t.report.clone());
    }
    let order: BTreeMap<&String, u32> = {
        let mut names: Vec<&String> = first.values().collect();
        names.sort();
        names.into_iter().zip(0..).collect()
    };
    for e in &mut episodes {
        e.tellings.iter_mut().for_each(|t| t.voice = order[&first[&t.voice]]);
        let claims = e.disagreements.iter_mut().flat_map(|d| &mut d.claims);
        claims.for_each(|c| c.voice = order[&first[&c.voice]]);
    }
    episodes
}

fn holds(archive: &Archive, records: &BTreeMap<String, Record>, when: &str) {
    let records: Vec<Record> = records.values().cloned().collect();
    let (stored, anew) = (plain(archive.episodes().unwrap()), plain(episodes(&records)));
    assert_eq!(stored.len(), anew.len(), "{when}");
    for (stored, anew) in stored.iter().zip(&anew) {
        assert_eq!(stored, anew, "{when}");
    }
    assert_eq!(archive.verify().unwrap(), [], "{when}");
}

fn open(dir: &Path, name: &str) -> Archive {
    Archive::open(dir.join(name)).unwrap()
}

/// Few states and few days, so that much meets.
fn press(seed: u64, reports: usize) -> Vec<Record> {
    let mut press = Press::new(seed, 30);
    (0..reports).map(|_| press.next_report()).collect()
}

#[test]
fn in_whatever_order_reports_come_the_episodes_are_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let records = press(1, 150);
    let all: BTreeMap<String, Record> =
        records.iter().map(|r| (r.report.id.clone(), r.clone())).collect();
    let told = episodes(&records);
    assert!(told.iter().any(|e| e.voices > 3) && told.iter().any(|e| !e.disagreements.is_empty()));
    for seed in 0..4u64 {
        let mut order: Vec<&Record> = records.iter().collect();
        let mut draw = Draw::new(seed + 7);
        for i in (1..order.len()).rev() {
            order.swap(i, draw.below(i + 1));
        }
        let mut archive = open(dir.path(), &format!("{seed}.sqlite"));
        // One by one, or many in a transaction.
        let at_once = [1, 7, 40, 150][seed as usize];
        for chunk in order.chunks(at_once) {
            let chunk: Vec<Prepared> = chunk.iter().map(|r| Prepared::new((*r).clone())).collect();
            archive.add_all(chunk).unwrap();
        }
        holds(&archive, &all, &format!("order {seed}"));
    }
}

/// The same report, read otherwise: an event gone, a day or a kind told otherwise.
fn reread(record: &Record, draw: &mut Draw) -> Record {
    let mut record = record.clone();
    record.reader.program = format!("made {}", draw.below(1_000_000));
    if record.events.len() > 1 {
        record.events.remove(draw.below(record.events.len()));
    }
    let at = draw.below(record.events.len());
    let day = record.report.published.clone();
    record.events[at].time =
        Some(EventTime { from: day.clone(), to: day, text: None, basis: TimeBasis::Stated });
    record
}

#[test]
fn what_is_dropped_or_read_anew_leaves_no_trace() {
    let dir = tempfile::tempdir().unwrap();
    let records = press(2, 160);
    let (mut archive, mut held) = (open(dir.path(), "a.sqlite"), BTreeMap::new());
    let mut draw = Draw::new(3);
    for (step, record) in records.iter().enumerate() {
        archive.add(record).unwrap();
        held.insert(record.report.id.clone(), record.clone());
        if step % 3 == 2 {
            let id = held.keys().nth(draw.below(held.len())).unwrap().clone();
            if draw.below(2) == 0 {
                assert!(archive.drop_report(&id).unwrap());
                held.remove(&id);
            } else {
                let new = reread(&held[&id], &mut draw);
                archive.add(&new).unwrap();
                held.insert(id, new);
            }
        }
        if step % 40 == 39 {
            holds(&archive, &held, &format!("step {step}"));
        }
    }
    let summary = archive.summary().unwrap();
    let mut fresh = open(dir.path(), "b.sqlite");
    for record in held.values() {
        fresh.add(record).unwrap();
    }
    assert_eq!(summary, fresh.summary().unwrap());
    for id in held.keys() {
        archive.drop_report(id).unwrap();
    }
    assert_eq!(archive.summary().unwrap(), open(dir.path(), "c.sqlite").summary().unwrap());
    let none = archive.actors(&Filter::default()).unwrap();
    assert!(none.is_empty(), "{none:?}");
}

#[test]
fn two_writers_of_one_file_join_as_one() {
    let dir = tempfile::tempdir().unwrap();
    let records = press(4, 80);
    let mut writers = [open(dir.path(), "a.sqlite"), open(dir.path(), "a.sqlite")];
    let mut held = BTreeMap::new();
    for (i, record) in records.iter().enumerate() {
        writers[i / 5 % 2].add(record).unwrap();
        held.insert(record.report.id.clone(), record.clone());
    }
    holds(&writers[0], &held, "in turns");
}
