use dyad_archive::{Archive, ArchiveError, Filter, Outcome, Reading, differences, episodes};
use dyad_record::archive::{Episode, Matter, StatementRow, Way};
use dyad_record::{EventType, Record, Status};
use serde_json::Value;
use std::path::Path;

const STORIES: [&str; 4] = ["odesa-wire", "odesa-reprint", "odesa-other", "fishing-pact"];

fn record(name: &str) -> Record {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/records/{name}.json"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn records() -> Vec<Record> {
    STORIES.map(record).to_vec()
}

fn filled(path: &Path) -> Archive {
    let mut archive = Archive::open(path).unwrap();
    for record in records() {
        archive.add(&record).unwrap();
    }
    archive
}

fn side(text: &str) -> Option<dyad_archive::Side> {
    text.parse().ok()
}

fn strike(episodes: &[Episode]) -> &Episode {
    let strike = |e: &&Episode| e.kind == EventType::Assault && e.tellings.len() > 1;
    episodes.iter().find(strike).expect("the strike on Odesa is one episode")
}

#[test]
fn a_report_added_twice_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.sqlite");
    let mut archive = Archive::open(&path).unwrap();
    assert_eq!(archive.add(&record("odesa-wire")).unwrap(), Outcome::Added);
    let before = archive.summary().unwrap();
    assert_eq!(archive.add(&record("odesa-wire")).unwrap(), Outcome::Unchanged);
    assert_eq!(archive.summary().unwrap(), before);

    let mut reread = record("odesa-wire");
    reread.reader.program = "0.0.1".into();
    reread.events.truncate(2);
    assert_eq!(archive.add(&reread).unwrap(), Outcome::Reread);
    assert_eq!(archive.summary().unwrap().reports, 1);
    assert_eq!(archive.events(&Filter::default()).unwrap().len(), 2);
    assert_eq!(archive.report(&reread.report.id).unwrap().unwrap(), reread);
}

#[test]
fn nothing_is_stored_over_another_text() {
    let dir = tempfile::tempdir().unwrap();
    let mut archive = filled(&dir.path().join("a.sqlite"));
    let mut other = record("odesa-wire");
    other.report.text.push_str(" And more.");
    assert!(matches!(archive.add(&other), Err(ArchiveError::Clash { .. })));
    assert_eq!(archive.report(&other.report.id).unwrap().unwrap(), record("odesa-wire"));
}

#[test]
fn what_was_stored_comes_back_after_reopening() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.sqlite");
    let episodes = filled(&path).episodes().unwrap();
    let archive = Archive::open_existing(&path).unwrap();
    for record in records() {
        assert_eq!(archive.report(&record.report.id).unwrap().unwrap(), record);
    }
    assert_eq!(archive.episodes().unwrap(), episodes);
    assert_eq!(archive.report("no such id").unwrap(), None);
}

#[test]
fn a_file_that_is_no_archive_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let text = dir.path().join("notes.txt");
    std::fs::write(
        &text,
        "Notes, and long enough to be looked at as a database header.".repeat(40),
    )
    .unwrap();
    let before = std::fs::read(&text).unwrap();
    let error = Archive::open(&text).unwrap_err();
    assert!(matches!(error, ArchiveError::NotAnArchive { .. }), "{error}");
    assert!(error.to_string().contains("notes.txt"));
    assert_eq!(std::fs::read(&text).unwrap(), before);

    let other = dir.path().join("other.sqlite");
    let db = rusqlite::Connection::open(&other).unwrap();
    db.execute_batch("CREATE TABLE mine (x)").unwrap();
    assert!(matches!(Archive::open(&other), Err(ArchiveError::NotAnArchive { .. })));

    let newer = dir.path().join("newer.sqlite");
    drop(Archive::open(&newer).unwrap());
    let db = rusqlite::Connection::open(&newer).unwrap();
    db.pragma_update(None, "user_version", 9999).unwrap();
    let error = Archive::open(&newer).unwrap_err();
    assert!(matches!(error, ArchiveError::TooNew { found: 9999, .. }), "{error}");

    let missing = dir.path().join("none.sqlite");
    assert!(matches!(Archive::open_existing(&missing), Err(ArchiveError::Missing { .. })));
    assert!(!missing.exists());
    let nowhere = Archive::open(dir.path().join("no/folder/a.sqlite")).unwrap_err();
    assert!(nowhere.to_string().contains("folder"), "{nowhere}");
}

#[test]
fn words_find_reports() {
    let dir = tempfile::tempdir().unwrap();
    let archive = filled(&dir.path().join("a.sqlite"));
    let titles = |words: &str| -> Vec<String> {
        let found = archive.search(words).unwrap();
        found.into_iter().map(|r| r.title.unwrap()).collect()
    };
    assert_eq!(titles("fishing"), ["Fishing pact signed"]);
    assert_eq!(titles("\"fishing pact\" whaler"), ["Fishing pact signed"]);
    assert_eq!(titles("\"pact fishing\""), [""; 0]);
    assert_eq!(titles("missiles Odesa").len(), 3);
    assert_eq!(titles("OR NEAR( \"").len(), 0);
    let snippet = archive.search("whalers").unwrap().remove(0).snippet.unwrap();
    assert!(snippet.contains("\u{2}whalers\u{3}"), "{snippet}");
    assert_eq!(archive.reports().unwrap()[0].title.as_deref(), Some("Fishing pact signed"));
}

#[test]
fn events_are_found_by_side_kind_status_and_day() {
    let dir = tempfile::tempdir().unwrap();
    let archive = filled(&dir.path().join("a.sqlite"));
    let count = |filter: Filter| archive.events(&filter).unwrap().len();
    let any = Filter::default;
    assert_eq!(count(any()), 8);
    assert_eq!(count(Filter { who: side("rus"), ..any() }), 4);
    assert_eq!(count(Filter { whom: side("ISL"), ..any() }), 2);
    assert_eq!(count(Filter { types: vec![EventType::Aid], ..any() }), 1);
    assert_eq!(count(Filter { types: vec![EventType::Aid], deeds: true, ..any() }), 0);
    assert_eq!(count(Filter { statuses: vec![Status::Denied], ..any() }), 1);
    assert_eq!(count(Filter { from: Some("2023-04-15".into()), ..any() }), 1);
    assert_eq!(count(Filter { text: Some("whalers".into()), ..any() }), 2);
    assert_eq!(count(Filter { limit: Some(3), offset: 6, ..any() }), 2);
    let events = archive.events(&Filter { who: side("POL"), ..any() }).unwrap();
    assert_eq!(events[0].recipients[0].country.as_deref(), Some("UKR"));
    assert_eq!(events[0].text, "Poland plans to send two transformers next month");
    assert!(events[0].episode.is_some());
}

#[test]
fn two_tellings_of_one_happening_are_one_episode_with_one_disagreement_a_matter() {
    let records = records();
    let episodes = episodes(&records);
    let strike = strike(&episodes);
    assert_eq!((strike.reports, strike.voices), (3, 2), "a reprint is no second voice");
    assert_eq!(strike.outlets, ["Baltic Wire", "Harbour Post", "The Southern Ledger"]);
    let figure = |subject: &str| {
        let mut found = strike
            .disagreements
            .iter()
            .filter(|d| d.matter == Matter::Figure && d.subject == subject);
        let only = found.next().unwrap();
        assert!(found.next().is_none());
        let mut claims: Vec<_> = only.claims.iter().map(|c| (c.value.as_str(), c.voice)).collect();
        claims.sort_unstable();
        claims
    };
    let voice = |outlet: &str| {
        let told = |t: &&dyad_record::archive::Telling| t.outlet.as_deref() == Some(outlet);
        strike.tellings.iter().find(told).unwrap().voice
    };
    let (wire, ledger) = (voice("Baltic Wire"), voice("The Southern Ledger"));
    assert_eq!(voice("Harbour Post"), wire);
    assert_eq!(figure("people"), [("12", wire), ("15", ledger)]);
    assert_eq!(figure("missiles"), [("28 of 41", ledger), ("30 of 41", wire)]);
    assert!(strike.disagreements.iter().any(|d| d.matter == Matter::Date));
    assert!(strike.deed);
}

#[test]
fn mangled_words_name_no_other_side() {
    let differ = |damaged: bool| {
        let mut other = record("odesa-other");
        for actor in other.actors.iter_mut().filter(|a| a.country.as_deref() == Some("UKR")) {
            (actor.name, actor.country) = ("Poland".to_owned(), Some("POL".to_owned()));
        }
        let strike = other.events.iter_mut().find(|e| e.id == "e1").unwrap();
        strike.damaged = damaged;
        let time = strike.time.as_mut().unwrap();
        (time.from, time.to) = (Some("2023-03-08".to_owned()), Some("2023-03-08".to_owned()));
        let episodes = episodes(&[record("odesa-wire"), other]);
        self::strike(&episodes).disagreements.iter().any(|d| d.matter == Matter::Side)
    };
    assert!(differ(false));
    assert!(!differ(true));
}

/// The strike again, as an outlet tells it on a day: another text, with so many people.
fn told_again(name: &str, outlet: &str, day: &str, people: f64) -> Record {
    let mut record = record(name);
    record.report.id = format!("{outlet} {day}");
    record.report.outlet = Some(outlet.to_owned());
    record.report.published = Some(day.to_owned());
    for figure in &mut record.figures {
        if figure.counted.as_deref() == Some("people") {
            figure.value = Some(people);
            figure.statement = None;
        }
    }
    record
}

#[test]
fn who_corrects_himself_contradicts_nobody() {
    let people = |records: &[Record]| -> Vec<dyad_record::archive::Disagreement> {
        let episodes = episodes(records);
        let of_people = |d: &&dyad_record::archive::Disagreement| {
            d.matter == Matter::Figure && d.subject == "people"
        };
        strike(&episodes).disagreements.iter().filter(of_people).cloned().collect()
    };
    let ledger = "The Southern Ledger";
    let first = told_again("odesa-wire", ledger, "2023-03-09", 12.0);
    let corrected = people(&[first.clone(), told_again("odesa-other", ledger, "2023-03-10", 15.0)]);
    assert_eq!(corrected.len(), 1);
    assert!(corrected[0].corrected);
    let by: Vec<Option<&str>> =
        corrected[0].claims.iter().map(|c| c.corrected_by.as_deref()).collect();
    assert_eq!(by, [Some("The Southern Ledger 2023-03-10"), None]);
    // Another outlet that tells otherwise contradicts, on whatever day.
    let other = told_again("odesa-other", "Harbour Post", "2023-03-10", 15.0);
    let contradicted = people(&[first, other]);
    assert_eq!(contradicted.len(), 1);
    assert!(!contradicted[0].corrected);
    assert!(contradicted[0].claims.iter().all(|c| c.corrected_by.is_none()));
}

#[test]
fn one_text_never_disagrees_with_itself() {
    let episodes = episodes(&[record("odesa-wire"), record("odesa-reprint")]);
    assert!(episodes.iter().all(|e| e.disagreements.is_empty()), "{episodes:#?}");
}

#[test]
fn the_order_of_reports_does_not_matter() {
    let shape = |records: &[Record]| {
        let mut shape: Vec<Vec<(String, String)>> = episodes(records)
            .iter()
            .map(|e| {
                let mut events: Vec<_> =
                    e.tellings.iter().map(|t| (t.report.clone(), t.event.clone())).collect();
                events.sort();
                events
            })
            .collect();
        shape.sort();
        shape
    };
    let mut records = records();
    let forward = shape(&records);
    records.reverse();
    assert_eq!(shape(&records), forward);
}

#[test]
fn plans_and_refusals_are_no_deeds() {
    let dir = tempfile::tempdir().unwrap();
    let summary = filled(&dir.path().join("a.sqlite")).summary().unwrap();
    let count = |name: &str| summary.by_type.iter().find(|c| c.name == name).unwrap();
    assert_eq!((count("AID").episodes, count("AID").deeds), (1, 0));
    assert_eq!((count("ACCUSE").episodes, count("ACCUSE").deeds), (1, 0));
    assert_eq!((count("AGREE").episodes, count("AGREE").deeds), (1, 1));
    assert_eq!((summary.reports, summary.voices, summary.outlets), (4, 3, 4));
    let dyad = |from: &str, to: &str| {
        summary.dyads.iter().find(|d| d.from == from && d.to == to).unwrap().deeds
    };
    assert_eq!((dyad("ISL", "NOR"), dyad("POL", "UKR"), dyad("NOR", "ISL")), (1, 0, 0));
    assert_eq!(summary.published_from.as_deref(), Some("2023-03-09"));
}

#[test]
fn the_document_lists_the_columns_of_every_view() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.sqlite");
    drop(Archive::open(&path).unwrap());
    let document = include_str!("../../../docs/archive.md");
    let sql = "SELECT v.name, group_concat('`' || c.name || '`', ', ') FROM sqlite_schema v, \
               pragma_table_info(v.name) c WHERE v.type = 'view' GROUP BY v.name";
    let found = dyad_archive::Reading::open(&path).unwrap().ask(sql).unwrap();
    assert_eq!(found[0].rows.len(), 8);
    for row in &found[0].rows {
        let (view, columns) = (row[0].as_str().unwrap(), row[1].as_str().unwrap());
        let line = document.lines().find(|l| {
            l.starts_with(&format!("| `{view}` | ")) && l.ends_with(&format!("| {columns} |"))
        });
        assert!(line.is_some(), "docs/archive.md: {view}: {columns}");
    }
}

#[test]
fn an_unknown_code_is_refused_and_one_of_the_archive_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let mut archive = filled(&dir.path().join("a.sqlite"));
    let ask = |archive: &Archive, code: &str| {
        archive.events(&Filter { who: side(code), ..Filter::default() })
    };
    let error = ask(&archive, "RSU").unwrap_err();
    assert!(matches!(&error, ArchiveError::UnknownCode { .. }), "{error}");
    assert!(error.to_string().contains("did you mean RUS"), "{error}");
    assert!(ask(&archive, "CHN").unwrap().is_empty(), "a known code that nobody bears is no error");

    let mut own = record("fishing-pact");
    own.report.id.push_str("-own");
    own.actors[0].code = "HARBOURLEAGUE".to_owned();
    own.actors[0].country = None;
    archive.add(&own).unwrap();
    assert!(!ask(&archive, "HARBOURLEAGUE").unwrap().is_empty());
}

#[test]
fn statements_figures_and_actors_answer_the_same_filter() {
    let dir = tempfile::tempdir().unwrap();
    let archive = filled(&dir.path().join("a.sqlite"));
    let any = Filter::default;
    let pact = Filter { text: Some("whalers".into()), ..any() };
    let statements = archive.statements(&pact).unwrap();
    let all = archive.statements(&any()).unwrap();
    assert!(!statements.is_empty() && statements.len() < all.len());
    assert!(statements.iter().all(|s| s.title.as_deref() == Some("Fishing pact signed")));
    let spoken = Filter { who: side("UKR"), ..any() };
    let spoken = archive.statements(&spoken).unwrap();
    let ours =
        |s: &&StatementRow| s.speaker.as_ref().is_some_and(|p| p.country.as_deref() == Some("UKR"));
    assert_eq!(spoken.len(), all.iter().filter(ours).count());

    let figures = archive.figures(&any()).unwrap();
    let about = |kind| archive.figures(&Filter { types: vec![kind], ..any() }).unwrap().len();
    assert_eq!((figures.len(), about(EventType::Assault), about(EventType::Aid)), (5, 5, 0));
    assert!(figures.iter().all(|f| f.sentence.contains(&f.text)));

    let russia = archive.actors(&Filter { either: side("RUS"), ..any() }).unwrap();
    assert!(!russia.is_empty() && russia.iter().all(|a| a.country.as_deref() == Some("RUS")));
}

#[test]
fn a_pair_is_found_whoever_acts_and_pages_follow_each_other() {
    let dir = tempfile::tempdir().unwrap();
    let archive = filled(&dir.path().join("a.sqlite"));
    let between = |a: &str, b: &str| Filter {
        between: Some((side(a).unwrap(), side(b).unwrap())),
        ..Filter::default()
    };
    let found = archive.events(&between("NOR", "ISL")).unwrap();
    assert!(!found.is_empty());
    assert_eq!(found, archive.events(&between("ISL", "NOR")).unwrap());
    assert!(archive.events(&between("NOR", "RUS")).unwrap().is_empty());

    let all = archive.events(&Filter::default()).unwrap();
    let mut paged = Vec::new();
    for offset in (0..all.len() as u32).step_by(3) {
        let page = Filter { limit: Some(3), offset, ..Filter::default() };
        paged.extend(archive.events(&page).unwrap());
    }
    assert_eq!(paged, all);
    let mut newest = archive.events(&Filter { newest: true, ..Filter::default() }).unwrap();
    newest.reverse();
    assert_eq!(newest, all);
}

#[test]
fn an_episode_is_found_by_any_of_its_tellings() {
    let dir = tempfile::tempdir().unwrap();
    let archive = filled(&dir.path().join("a.sqlite"));
    for outlet in ["Baltic Wire", "harbour post", "The Southern Ledger"] {
        let filter = Filter {
            outlet: Some(outlet.into()),
            types: vec![EventType::Assault],
            ..Filter::default()
        };
        let found = archive.episodes_of(&filter).unwrap();
        assert_eq!(strike(&found).voices, 2, "{outlet}");
    }
    let sure = Filter { confidence: Some(1.0), ..Filter::default() };
    assert!(archive.episodes_of(&sure).unwrap().len() < archive.episodes().unwrap().len());
}

#[test]
fn a_pair_has_its_months_and_both_ways() {
    let dir = tempfile::tempdir().unwrap();
    let archive = filled(&dir.path().join("a.sqlite"));
    let page =
        archive.pair(&side("RUS").unwrap(), &side("UKR").unwrap(), &Filter::default()).unwrap();
    assert_eq!((page.a.as_str(), page.b.as_str()), ("Russia", "Ukraine"));
    let [there, back] = &page.directions[..] else { panic!("two ways") };
    assert!(there.deeds > 0 && there.goldstein < 0.0 && there.events > there.episodes);
    assert_eq!(back.episodes, 0);
    assert_eq!(page.months.len(), 1);
    assert_eq!((page.months[0].month.as_str(), page.months[0].material_conflict), ("2023-03", 1));
    assert_eq!(page.months[0].goldstein_ab, there.goldstein);
    let quads = |w: &Way| {
        let all = &w.all;
        all.verbal_cooperation
            + all.material_cooperation
            + all.verbal_conflict
            + all.material_conflict
    };
    assert_eq!(page.ways.iter().map(quads).sum::<u32>(), page.told.episodes);
    assert_eq!((page.ways[0].deeds, quads(&page.ways[1])), (there.deeds, 0));
    let cut = Filter { limit: Some(1), ..Filter::default() };
    let cut = archive.pair(&side("RUS").unwrap(), &side("UKR").unwrap(), &cut).unwrap();
    assert_eq!((&cut.ways, &cut.told), (&page.ways, &page.told));
    assert_eq!(cut.episodes.as_slice(), page.episodes.last_chunk::<1>().unwrap());
}

#[test]
fn every_sentence_of_a_brief_carries_words_of_its_reports() {
    let dir = tempfile::tempdir().unwrap();
    let archive = filled(&dir.path().join("a.sqlite"));
    let month = Filter {
        from: Some("2023-03-01".into()),
        to: Some("2023-03-31".into()),
        ..Filter::default()
    };
    let brief = archive.brief(&side("RUS").unwrap(), &side("UKR").unwrap(), &month).unwrap();
    let headings: Vec<&str> = brief.sections.iter().map(|s| s.heading.as_str()).collect();
    assert!(headings.contains(&"What was done") && headings.contains(&"Where the tellings differ"));
    for sentence in brief.sections.iter().flat_map(|s| &s.sentences) {
        assert!(!sentence.sources.is_empty(), "{}", sentence.text);
        for source in &sentence.sources {
            let report = archive.report(&source.report).unwrap().unwrap().report;
            let quoted = source.words.split_once(": ").map_or(source.words.as_str(), |(_, w)| w);
            let text = report.text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(quoted.split(" … ").all(|part| text.contains(part)), "{quoted}");
        }
    }
    let page = dyad_archive::markdown(&brief);
    assert!(page.contains("The Southern Ledger") && page.contains("2023-03-08"), "{page}");
    let nothing = archive.brief(&side("NOR").unwrap(), &side("UKR").unwrap(), &month).unwrap();
    assert!(nothing.sections.is_empty());
}

#[test]
fn sql_reads_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.sqlite");
    let archive = filled(&path);
    let mut reading = Reading::open(&path).unwrap();
    let mut one = |sql: &str| {
        let answers = reading.ask(sql)?;
        Ok(answers[0].rows.first().map(|row| row[0].clone()).unwrap_or_default())
    };
    assert_eq!(one("SELECT count(*) FROM events; SELECT 1").unwrap(), 8);
    assert_eq!(
        one("SELECT count(*) FROM statements").unwrap(),
        archive.statements(&Filter::default()).unwrap().len()
    );
    assert_eq!(one("SELECT whom FROM dyads WHERE who = 'POL'").unwrap(), "UKR");
    assert_eq!(one("SELECT max(voices) FROM episodes").unwrap(), 2);
    assert_eq!(one("SELECT count(*) FROM tellings").unwrap(), 8);
    for change in [
        "DELETE FROM report",
        "DROP TABLE event",
        "UPDATE reading SET record = ''",
        "PRAGMA user_version = 9",
    ] {
        let error: Result<Value, ArchiveError> = one(change);
        assert!(matches!(error, Err(ArchiveError::Sql { .. })), "{change}: {error:?}");
    }
    assert_eq!(archive.summary().unwrap().reports, 4);
    assert_eq!(
        archive.report(&record("odesa-wire").report.id).unwrap().unwrap(),
        record("odesa-wire")
    );
}

#[test]
fn a_dropped_report_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    let mut archive = filled(&dir.path().join("a.sqlite"));
    let id = record("fishing-pact").report.id;
    assert_eq!(archive.find_report(&id[..8]).unwrap(), id);
    assert!(matches!(archive.find_report("no such"), Err(ArchiveError::NoReport { .. })));
    assert!(matches!(archive.find_report(""), Err(ArchiveError::NoReport { .. })));
    assert!(archive.drop_report(&id).unwrap() && !archive.drop_report(&id).unwrap());
    assert_eq!(archive.report(&id).unwrap(), None);
    assert!(archive.search("whalers").unwrap().is_empty());
    assert!(archive.events(&Filter { report: Some(id), ..Filter::default() }).unwrap().is_empty());
    assert_eq!(archive.summary().unwrap().reports, 3);
    assert_eq!(archive.verify().unwrap(), []);
}

#[test]
fn what_was_changed_behind_our_back_is_seen() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.sqlite");
    let archive = filled(&path);
    assert_eq!(archive.verify().unwrap(), []);
    let db = rusqlite::Connection::open(&path).unwrap();
    let id = record("odesa-wire").report.id;
    let seen = |change: &str, back: &str, words: &str| {
        assert_eq!(db.execute(change, [&id]).unwrap(), 1, "{change}");
        let faults = archive.verify().unwrap();
        let ours = faults.iter().any(|f| f.report == id && f.what.contains(words));
        assert!(ours, "{change}: {faults:?}");
        db.execute(back, [&id]).unwrap();
        assert_eq!(archive.verify().unwrap(), [], "{back}");
    };
    seen(
        "UPDATE report SET text = '>' || text WHERE id = ?",
        "UPDATE report SET text = substr(text, 2) WHERE id = ?",
        "not the one that was stored",
    );
    let of = "report = (SELECT seq FROM report WHERE id = ?)";
    seen(
        &format!("UPDATE reading SET record = record || ' ' WHERE {of}"),
        &format!("UPDATE reading SET record = trim(record) WHERE {of}"),
        "not the one that was stored",
    );
    seen(
        &format!("UPDATE event SET text = '>' || text WHERE id = 'e1' AND {of}"),
        &format!("UPDATE event SET text = substr(text, 2) WHERE id = 'e1' AND {of}"),
        "table event",
    );
}

#[test]
fn two_readings_of_one_report_are_told_apart() {
    let old = record("odesa-wire");
    assert_eq!(differences(&old, &old), []);
    let mut new = old.clone();
    new.events[0].status = Status::Supposed;
    let gone = new.events.remove(3);
    new.figures[0].value = Some(13.0);
    let found = differences(&old, &new);
    assert_eq!(found.len(), 3, "{found:#?}");
    assert!(
        found
            .iter()
            .any(|d| d.after.is_none() && d.before.as_ref().unwrap().contains(gone.kind.as_str()))
    );
    assert!(
        found
            .iter()
            .any(|d| d.item == "event" && d.after.as_ref().is_some_and(|a| a.contains("supposed")))
    );
    assert!(found.iter().any(|d| d.item == "figure" && d.before != d.after));
}
