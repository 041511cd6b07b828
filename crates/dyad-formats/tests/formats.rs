//! Every table that goes out has the columns of the field, and comes back in as it went.

use dyad_archive::{Archive, Filter, Imported};
use dyad_formats::{Agreement, Cell, Counts, Exported, Format, compare, export, read};
use dyad_record::archive::Party;
use dyad_record::correction::{Action, Proposal};
use dyad_record::foreign::{Coder, Foreign};
use dyad_record::{Quad, Record, Status};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Write};
use std::path::Path;

fn archive(folder: &Path) -> Archive {
    let records = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dyad-archive/tests/records");
    let mut archive = Archive::open(folder.join("a.sqlite")).unwrap();
    for name in ["odesa-wire", "odesa-reprint", "odesa-other", "fishing-pact"] {
        let text = std::fs::read_to_string(records.join(format!("{name}.json"))).unwrap();
        archive.add(&serde_json::from_str::<Record>(&text).unwrap()).unwrap();
    }
    archive
}

fn written(format: Format, filter: &Filter) -> (String, Exported) {
    let folder = tempfile::tempdir().unwrap();
    let archive = archive(folder.path());
    let mut out = Vec::new();
    let done = export(&archive, filter, format, &mut out).unwrap();
    (String::from_utf8(out).unwrap(), done)
}

fn rows(table: &str) -> Vec<Vec<&str>> {
    table.lines().map(|line| line.split('\t').collect()).collect()
}

#[test]
fn gdelt_events_have_their_61_columns_and_a_row_for_an_episode() {
    let (table, done) = written(Format::GdeltEvents, &Filter::default());
    let rows = rows(&table);
    assert_eq!((rows.len() as u64, rows.is_empty()), (done.rows, false));
    assert!(rows.iter().all(|r| r.len() == 61), "{table}");
    let ids: BTreeSet<&str> = rows.iter().map(|r| r[0]).collect();
    assert_eq!(ids.len(), rows.len());
    // The strike that three reports tell is one row with three mentions.
    let strike = rows.iter().find(|r| r[28] >= "18" && r[31] >= "3").expect("the strike");
    assert_eq!((strike[5], strike[7], strike[29]), ("RUSMIL", "RUS", "4"), "{strike:?}");
    assert_eq!(strike[1].len(), 8);
    assert_eq!(strike[53], "UP");
}

#[test]
fn gdelt_mentions_name_the_events() {
    let events = written(Format::GdeltEvents, &Filter::default()).0;
    let ids: BTreeSet<String> = rows(&events).iter().map(|r| r[0].to_owned()).collect();
    let (table, done) = written(Format::GdeltMentions, &Filter::default());
    let rows = rows(&table);
    assert!(rows.iter().all(|r| r.len() == 16 && ids.contains(r[0])), "{table}");
    assert!(done.rows as usize > ids.len());
}

#[test]
fn icews_and_polecat_have_their_columns() {
    let (icews, _) = written(Format::Icews, &Filter::default());
    let table = rows(&icews);
    assert!(table.iter().all(|r| r.len() == 20), "{icews}");
    assert_eq!((table[0][6], table[0][19]), ("CAMEO Code", "Longitude"));
    assert!(table[1..].iter().any(|r| r[4] == "Russia" && r[5] == "Fight"), "{icews}");
    let (polecat, _) = written(Format::Polecat, &Filter::default());
    let table = rows(&polecat);
    assert!(table.iter().all(|r| r.len() == 40 && !r.contains(&"")), "{polecat}");
    assert!(table[1..].iter().any(|r| r[2] == "ASSAULT" && r[5] == "MATERIAL CONFLICT"));
}

#[test]
fn acled_takes_violence_and_leaves_talk_out() {
    let (table, done) = written(Format::Acled, &Filter::default());
    let mut csv = csv::Reader::from_reader(table.as_bytes());
    assert_eq!(csv.headers().unwrap().len(), 31);
    let rows: Vec<csv::StringRecord> = csv.records().map(Result::unwrap).collect();
    assert_eq!(rows.len() as u64, done.rows);
    assert!(rows.iter().any(|r| &r[4] == "Political violence" && &r[17] == "Ukraine"), "{table}");
}

#[test]
fn annotations_quote_the_words_they_stand_on() {
    let (page, done) = written(Format::Annotations, &Filter::default());
    let page: Value = serde_json::from_str(&page).unwrap();
    assert_eq!(page["@context"], "http://www.w3.org/ns/anno.jsonld");
    let items = page["items"].as_array().unwrap();
    assert_eq!(items.len() as u64, done.rows);
    // It tells the status, so plans and denials stand in it too.
    assert!(items.iter().any(|item| item["body"][1]["value"]["status"] == "denied"));
    for item in items {
        let target = &item["target"][0];
        let [position, quote] = &target["selector"].as_array().unwrap()[..] else { panic!() };
        let length = position["end"].as_u64().unwrap() - position["start"].as_u64().unwrap();
        assert_eq!(quote["exact"].as_str().unwrap().chars().count() as u64, length);
    }
}

#[test]
fn what_was_not_done_goes_out_only_when_it_is_named() {
    let (_, deeds) = written(Format::Icews, &Filter::default());
    let all = Filter { statuses: Status::ALL.to_vec(), ..Filter::default() };
    let (_, every) = written(Format::Icews, &all);
    assert!(every.rows > deeds.rows && deeds.no_deeds > 0 && every.no_deeds == 0);
}

#[test]
fn what_a_person_corrected_goes_out_and_is_compared() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = archive(folder.path());
    let all = |archive: &Archive| -> Vec<String> {
        let table = |format: &Format| {
            let mut out = Vec::new();
            export(archive, &Filter::default(), *format, &mut out).unwrap();
            String::from_utf8_lossy(&out).into_owned()
        };
        Format::ALL.iter().map(table).collect()
    };
    let (before, cells) = (all(&archive), Counts::ours(&archive, None).unwrap());
    let wire = archive.find_report("225510e4").unwrap();
    let aid = Proposal {
        report: wire,
        action: Action::Amend,
        item: Some("e3".to_owned()),
        change: Some(json!({ "status": "happened", "actors": ["DEU"], "type": "ASSAULT" })),
        kind: None,
        words: None,
        spans: Vec::new(),
        who: "ana".to_owned(),
        why: "to see it go out".to_owned(),
    };
    archive.correct(&aid).unwrap();
    for ((before, after), format) in before.iter().zip(all(&archive)).zip(Format::ALL) {
        // GDELT mentions name nobody: there it is one row more, of which a person is sure.
        let sure = |text: &str| text.contains("\t100\t");
        let named = |text: &str| text.contains("Germany") || text.contains("DEU");
        let told = |text: &str| match format {
            Format::GdeltMentions => sure(text),
            _ => named(text),
        };
        assert!(!told(before) && told(&after), "{format:?}: {after}");
    }
    let now = Counts::ours(&archive, None).unwrap();
    let german = |counts: &Counts| counts.cells().any(|(cell, _)| cell.from == "DEU");
    assert!(german(&now) && !german(&cells));
}

fn agreement(ours: &Counts, acts: &[Foreign]) -> Agreement {
    let mut theirs = Counts::default();
    theirs.extend(acts);
    compare(ours, &theirs).unwrap()
}

#[test]
fn our_counts_are_those_of_the_episodes() {
    let folder = tempfile::tempdir().unwrap();
    let archive = archive(folder.path());
    let states = |parties: &[Party]| -> BTreeSet<String> {
        parties.iter().filter_map(|p| p.country.clone()).collect()
    };
    let mut told: BTreeMap<(String, String, String, Quad), u64> = BTreeMap::new();
    for e in archive.episodes().unwrap().into_iter().filter(|e| e.deed) {
        let (from, to) = (states(&e.actors), states(&e.recipients));
        let to = if e.mutual && to.is_empty() { from.clone() } else { to };
        let Some(day) = e.from else { continue };
        for (a, b) in from.iter().flat_map(|a| to.iter().map(move |b| (a, b))) {
            if a != b {
                let cell = (a.clone(), b.clone(), day[..7].to_owned(), e.quad);
                *told.entry(cell).or_default() += 1;
            }
        }
    }
    let counted = |between| -> BTreeMap<(String, String, String, Quad), u64> {
        let counts = Counts::ours(&archive, between).unwrap();
        let cell =
            |(c, n): (&Cell, u64)| ((c.from.clone(), c.to.clone(), c.month.clone(), c.quad), n);
        counts.cells().map(cell).collect()
    };
    assert!(told.len() > 2);
    assert_eq!(counted(None), told);
    told.retain(|(a, b, ..), _| ["NOR", "ISL"].contains(&&**a) && ["NOR", "ISL"].contains(&&**b));
    assert!(!told.is_empty());
    assert_eq!(counted(Some(["ISL", "NOR"])), told);
}

#[test]
fn what_goes_out_comes_back_and_agrees_with_the_archive() {
    let folder = tempfile::tempdir().unwrap();
    let archive = archive(folder.path());
    let ours = Counts::ours(&archive, None).unwrap();
    assert!(ours.cells().next().is_some());
    let back = |format, source| {
        let mut out = Vec::new();
        export(&archive, &Filter::default(), format, &mut out).unwrap();
        let file = read("back", Cursor::new(out)).unwrap();
        assert_eq!((file.coder, &file.faults[..]), (source, &[][..]));
        agreement(&ours, &file.acts)
    };
    // A row for each episode, as we count.
    let gdelt = back(Format::GdeltEvents, Coder::Gdelt);
    assert_eq!((gdelt.kappa, gdelt.jaccard), (Some(1.0), Some(1.0)), "{gdelt:?}");
    assert_eq!(gdelt.ours, gdelt.theirs);
    // A row for each telling: the same cells, higher counts.
    let icews = back(Format::Icews, Coder::Icews);
    assert_eq!(icews.jaccard, Some(1.0), "{icews:?}");
    assert!(icews.theirs > icews.ours);
}

#[test]
fn what_others_coded_is_stored_once_and_beside_our_own() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = archive(folder.path());
    let before = (archive.summary().unwrap(), archive.events(&Filter::default()).unwrap());
    let mut all = Vec::new();
    for format in [Format::GdeltEvents, Format::Icews, Format::Polecat] {
        let mut out = Vec::new();
        export(&archive, &Filter::default(), format, &mut out).unwrap();
        all.extend(read("back", Cursor::new(out)).unwrap().acts);
    }
    let number = all.len() as u64;
    let done = archive.import(&all).unwrap();
    assert_eq!(done, Imported { added: number, ..Imported::default() });
    let again = archive.import(&all).unwrap();
    assert_eq!(again, Imported { held: number, ..Imported::default() });
    let mut newer = all.clone();
    newer[0].place = "elsewhere".to_owned();
    let done = archive.import(&newer).unwrap();
    assert_eq!((done.added, done.changed, done.held), (0, 1, number - 1));

    let any = Filter::default;
    let mut held = archive.foreign(&[], &any()).unwrap();
    let key = |f: &Foreign| (f.coder, f.date.clone(), f.id.clone());
    held.sort_by_key(key);
    newer.sort_by_key(key);
    assert_eq!(held, newer);
    let counts = archive.foreign_counts().unwrap();
    assert_eq!(counts.iter().map(|c| c.coder).collect::<Vec<_>>(), Coder::ALL);
    assert_eq!(counts.iter().map(|c| c.acts).sum::<u64>(), number);
    assert_eq!((archive.summary().unwrap(), archive.events(&any()).unwrap()), before);

    let side = |text: &str| text.parse().ok();
    let asked = |filter: Filter| archive.foreign(&[Coder::Icews], &filter).unwrap();
    let struck = asked(Filter { who: side("RUS"), whom: side("Ukraine"), ..any() });
    assert!(!struck.is_empty());
    assert!(struck.iter().all(|f| f.coder == Coder::Icews && f.recipients == ["UKR"]));
    let both = side("NOR").zip(side("ISL"));
    let pact = asked(Filter { between: both, from: Some("2023-03-14".into()), ..any() });
    assert!(pact.iter().any(|f| f.actors == ["ISL"]) && pact.iter().any(|f| f.actors == ["NOR"]));
    assert_eq!(asked(Filter { to: Some("2001-01-01".into()), ..any() }), []);
    assert_eq!(asked(Filter { limit: Some(1), newest: true, ..any() }).len(), 1);
    let error = archive.foreign(&[], &Filter { who: side("NATO"), ..any() }).unwrap_err();
    assert!(error.to_string().contains("NATO"), "{error}");

    let ours = Counts::ours(&archive, None).unwrap();
    let gdelt = agreement(&ours, &archive.foreign(&[Coder::Gdelt], &any()).unwrap());
    assert_eq!((gdelt.kappa, gdelt.jaccard), (Some(1.0), Some(1.0)));
    assert_eq!(archive.verify().unwrap(), []);
}

#[test]
fn packed_and_faulty_files_are_told() {
    let polecat = written(Format::Polecat, &Filter::default()).0;
    let plain = read("p.txt", Cursor::new(&polecat)).unwrap();
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(polecat.as_bytes()).unwrap();
    assert_eq!(read("p.txt", Cursor::new(gz.finish().unwrap())).unwrap(), plain);

    let latin = polecat.replace("Odesa", "Od\u{e9}sa");
    let bytes: Vec<u8> = latin.chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect();
    let latin = read("p.txt", Cursor::new(bytes)).unwrap();
    assert!(latin.acts.iter().any(|a| a.place == "Od\u{e9}sa"));

    let broken = format!("{polecat}one\ttwo\n");
    let fault = read("p.txt", Cursor::new(broken)).unwrap().faults.remove(0).to_string();
    let line = polecat.lines().count() + 1;
    assert!(fault.starts_with(&format!("p.txt, line {line}: 2 columns where 40")), "{fault}");
    assert!(read("x.txt", Cursor::new("a\tb\n")).unwrap_err().to_string().contains("2 columns"));
}

#[test]
fn an_own_type_without_a_code_has_no_place_where_codes_are_all() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = Archive::open(folder.path().join("a.sqlite")).unwrap();
    let records = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dyad-archive/tests/records");
    let text = std::fs::read_to_string(records.join("odesa-wire.json")).unwrap();
    let mut record: Record = serde_json::from_str(&text).unwrap();
    for event in &mut record.events {
        event.kind = "AIR_RAID".parse().unwrap();
        event.cameo = String::new();
    }
    archive.add(&record).unwrap();
    let written = |format| {
        let mut out = Vec::new();
        let done = export(&archive, &Filter::default(), format, &mut out).unwrap();
        (String::from_utf8(out).unwrap(), done)
    };
    for format in [Format::GdeltEvents, Format::GdeltMentions, Format::Icews] {
        let (_, done) = written(format);
        assert!(done.rows == 0 && done.other_kinds > 0, "{}: {done:?}", format.as_str());
    }
    let (polecat, done) = written(Format::Polecat);
    assert!(done.rows > 0 && rows(&polecat)[1][2] == "AIR_RAID", "{polecat}");
}
