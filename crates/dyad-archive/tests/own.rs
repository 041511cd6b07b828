//! Event types of a user's own are stored, joined, counted and asked for by name.

use dyad_archive::{Archive, ArchiveError, Filter};
use dyad_record::{EventType, Quad, Record};
use std::path::Path;

/// Two reports of one strike, whose acts of violence are of an own type here, and a third report.
fn records() -> Vec<Record> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/records");
    let read = |name: &str| -> Record {
        let text = std::fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
        serde_json::from_str(&text).unwrap()
    };
    let mut records = ["odesa-wire", "odesa-other", "fishing-pact"].map(read);
    for record in &mut records[..2] {
        for event in record.events.iter_mut().filter(|e| e.kind == EventType::Assault) {
            event.kind = own();
            event.cameo = String::new();
        }
    }
    records.to_vec()
}

fn own() -> EventType {
    "AIR_RAID".parse().unwrap()
}

fn of(kind: EventType) -> Filter {
    Filter { types: vec![kind], ..Filter::default() }
}

#[test]
fn an_own_type_is_asked_for_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = Archive::open(folder.path().join("a.sqlite")).unwrap();
    let records = records();
    for record in &records {
        archive.add(record).unwrap();
    }
    let told: usize =
        records.iter().map(|r| r.events.iter().filter(|e| e.kind == own()).count()).sum();
    assert!(told > 1);
    let found = archive.events(&of(own())).unwrap();
    assert_eq!(found.len(), told);
    assert!(found.iter().all(|e| e.kind == own() && e.cameo.is_empty()));
    assert!(archive.events(&of(EventType::Assault)).unwrap().is_empty());
    // A class is asked of own events too.
    let class = Filter { quads: vec![Quad::MaterialConflict], ..Filter::default() };
    assert!(archive.events(&class).unwrap().iter().any(|e| e.kind == own()));

    let episodes = archive.episodes_of(&of(own())).unwrap();
    assert!(!episodes.is_empty());
    assert!(episodes.iter().any(|e| e.tellings.len() > 1), "tellings of one own type are joined");
    let brief = archive.timeline(&of(own())).unwrap();
    assert!(brief.sections[0].sentences[0].text.contains("AIR RAID"));

    let summary = archive.summary().unwrap();
    let count = summary.by_type.iter().find(|c| c.name == "AIR_RAID").unwrap();
    assert_eq!((count.events, count.episodes), (told as u32, episodes.len() as u32));
    assert!(archive.verify().unwrap().is_empty());
    let kept = archive.report(&records[0].report.id).unwrap().unwrap();
    assert_eq!(kept, records[0]);
}

#[test]
fn a_type_that_nobody_has_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = Archive::open(folder.path().join("a.sqlite")).unwrap();
    for record in &records() {
        archive.add(record).unwrap();
    }
    let error = archive.events(&of("ASSULT".parse().unwrap())).unwrap_err();
    assert!(matches!(error, ArchiveError::UnknownType { .. }), "{error}");
    let said = error.to_string();
    assert!(said.contains("`ASSULT`") && said.contains("own types in it are AIR_RAID"), "{said}");
}
