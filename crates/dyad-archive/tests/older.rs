//! Files of every version that there was are brought up to date when they are opened.

use dyad_archive::{Archive, Filter};
use dyad_record::Record;
use dyad_record::correction::{Action, Proposal};
use std::path::Path;

const STEPS: [&str; 9] = [
    include_str!("../src/schema/1.sql"),
    include_str!("../src/schema/2.sql"),
    include_str!("../src/schema/3.sql"),
    include_str!("../src/schema/4.sql"),
    include_str!("../src/schema/5.sql"),
    include_str!("../src/schema/6.sql"),
    include_str!("../src/schema/7.sql"),
    include_str!("../src/schema/8.sql"),
    include_str!("../src/schema/9.sql"),
];

/// What a version may have made of the records, which nobody must meet any more.
const STALE: &str = "
    INSERT INTO party (name, code) VALUES ('nobody', 'NOBODY');
    INSERT INTO voice VALUES (1, 1);
    INSERT INTO telling VALUES (1, 0, 7, 0.0, x'00');
    INSERT INTO tally VALUES ('all', '', 9, 9, 9, 9, 9, 9);
    INSERT INTO place VALUES ('UKR', 'Nowhere');
    INSERT INTO tie (report, ordinal, id, kind, from_name, from_code, to_name, to_code, confidence,
        damaged, text) VALUES (1, 9, 't9', 'trade', '', '', '', '', 1.0, 0, '');";

/// The same of the tables that went by words until version 8, and by numbers from then on.
const STALE_WORDS: &str = "
    INSERT INTO event_side VALUES ('RUS', '2023-03-09', 1, 0, 0, '2023-03-09', 0);
    INSERT INTO event_pair VALUES ('RUS', 'UKR', '2023-03-09', 1, 0, '2023-03-09', 0);
    INSERT INTO statement_pair VALUES ('RUS', 'UKR', '2023-03-09', 1, 0, '2023-03-09');
    INSERT INTO block VALUES (7, 1, 0, 0, NULL, NULL);
    INSERT INTO print VALUES (7, 1);";
const STALE_NUMBERS: &str = "
    INSERT INTO side_key VALUES (1, 'RUS'), (2, 'UKR');
    INSERT INTO event_side VALUES (1, 19425, 1, 0, 0, 19425, 0);
    INSERT INTO event_pair VALUES (1, 2, 19425, 1, 0, 19425, 0);
    INSERT INTO statement_pair VALUES (1, 2, 19425, 1, 0, 19425);
    INSERT INTO episode_side VALUES (1, 19425, 7, 0, 19425, 0);
    INSERT INTO episode_pair VALUES (1, 2, 19425, 7, 19425, 0);
    INSERT INTO block VALUES (7, 1, 0, 0, 0, 0, 0);
    INSERT INTO print VALUES (1, 7, 1);";

fn record(name: &str) -> Record {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/records/{name}.json"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// A file as that version kept these records.
fn older(path: &Path, version: usize, records: &[Record]) {
    let db = rusqlite::Connection::open(path).unwrap();
    STEPS[..version].iter().for_each(|step| db.execute_batch(step).unwrap());
    db.pragma_update(None, "application_id", 0x6479_6164).unwrap();
    db.pragma_update(None, "user_version", version as i64).unwrap();
    for (record, seq) in records.iter().zip(1i64..) {
        let mut bare = record.clone();
        bare.report.text.clear();
        db.execute(
            "INSERT INTO report (id, title, outlet, published, language, text, sketch) \
             VALUES (?, ?, ?, ?, 'en', ?, x'00')",
            (
                &record.report.id,
                &record.report.title,
                &record.report.outlet,
                &record.report.published,
                &record.report.text,
            ),
        )
        .unwrap();
        db.execute(
            "INSERT INTO reading (report, program, model, record) VALUES (?, '', '', ?)",
            (seq, serde_json::to_string(&bare).unwrap()),
        )
        .unwrap();
    }
    if version >= 6 {
        db.execute_batch(
            "INSERT INTO report_text (rowid, title, text) SELECT seq, title, text FROM report",
        )
        .unwrap();
        db.execute_batch(STALE).unwrap();
        let more = if version < 8 { STALE_WORDS } else { STALE_NUMBERS };
        db.execute_batch(more).unwrap();
    }
}

#[test]
fn what_an_older_dyad_stored_is_asked_like_the_rest() {
    let dir = tempfile::tempdir().unwrap();
    let names = ["odesa-wire", "odesa-reprint", "odesa-other", "fishing-pact"];
    let records = names.map(record);
    for version in 1..=STEPS.len() {
        let path = dir.path().join(format!("{version}.sqlite"));
        older(&path, version, &records);
        let mut old = Archive::open_existing(&path).unwrap();
        let mut new = Archive::open(dir.path().join(format!("new-{version}.sqlite"))).unwrap();
        for record in &records {
            new.add(record).unwrap();
        }
        let any = Filter::default();
        let deeds = Filter { deeds: true, from: Some("2023-03-09".to_owned()), ..any.clone() };
        let same = |old: &Archive, new: &Archive| {
            for filter in [&any, &deeds] {
                assert_eq!(old.events(filter).unwrap(), new.events(filter).unwrap());
                assert_eq!(old.statements(filter).unwrap(), new.statements(filter).unwrap());
                assert_eq!(old.figures(filter).unwrap(), new.figures(filter).unwrap());
                assert_eq!(old.ties(filter).unwrap(), new.ties(filter).unwrap());
                assert_eq!(old.actors(filter).unwrap(), new.actors(filter).unwrap());
            }
            assert_eq!(old.episodes().unwrap(), new.episodes().unwrap());
            assert_eq!(old.summary().unwrap(), new.summary().unwrap());
            assert_eq!(old.search("missiles").unwrap(), new.search("missiles").unwrap());
            assert_eq!(old.verify().unwrap(), []);
        };
        assert!(!new.figures(&deeds).unwrap().is_empty());
        same(&old, &new);
        assert_eq!(old.report(&records[0].report.id).unwrap().unwrap(), records[0]);

        let proposal = Proposal {
            report: records[0].report.id.clone(),
            action: Action::Reject,
            item: Some("e3".to_owned()),
            change: None,
            kind: None,
            words: None,
            spans: Vec::new(),
            who: "ana".to_owned(),
            why: "a plan of another".to_owned(),
        };
        old.correct(&proposal).unwrap();
        new.correct(&proposal).unwrap();
        same(&old, &new);
    }
}
