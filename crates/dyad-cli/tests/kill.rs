//! Whoever kills `dyad add` at any moment loses nothing that was stored and finds nothing half there.

use dyad_archive::{Archive, Filter};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Enough for many transactions, since `dyad add` stores together what comes within an instant.
const REPORTS: usize = 600;

fn reports() -> String {
    let report = |i: usize| {
        let text = format!(
            "Norway and Iceland signed fishing pact number {i} in Bergen on Monday. The foreign \
             minister of Norway said that {i} boats would stay in port."
        );
        let row = serde_json::json!({ "text": text, "published": "2023-05-17", "title": format!("Pact {i}") });
        format!("{row}\n")
    };
    (0..REPORTS).map(report).collect()
}

fn add(archive: &Path, reports: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dyad"));
    command.arg("add").arg(archive).arg(reports).args(["--jobs", "2"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Kills the command so many times at moments drawn anew each time, and begins a new archive when
/// one is full.
fn survive(kills: u32) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("reports.jsonl");
    std::fs::write(&file, reports()).unwrap();
    let whole = dir.path().join("whole.sqlite");
    let begun = Instant::now();
    assert!(add(&whole, &file).status().unwrap().success());
    let needed = begun.elapsed();
    let whole = Archive::open_existing(&whole).unwrap();
    assert_eq!(whole.report_ids().unwrap().len(), REPORTS);

    let mut draw = 0x9E37_79B9_7F4A_7C15_u64 ^ u64::from(std::process::id());
    let (mut path, mut held, mut midway) = (dir.path().join("0.sqlite"), 0, 0);
    for kill in 0..kills {
        let mut child = add(&path, &file).spawn().unwrap();
        draw ^= draw << 13;
        draw ^= draw >> 7;
        draw ^= draw << 17;
        std::thread::sleep(Duration::from_micros(draw % needed.as_micros().max(1) as u64));
        child.kill().unwrap();
        child.wait().unwrap();
        if !path.exists() {
            continue;
        }
        let archive = Archive::open(&path).unwrap();
        assert_eq!(archive.verify().unwrap(), [], "after kill {kill}");
        let now = archive.report_ids().unwrap().len();
        assert!(now >= held, "after kill {kill}: {held} reports were stored, {now} are left");
        midway += u32::from(now > held && now < REPORTS);
        held = now;
        if now == REPORTS {
            assert_eq!(everything(&archive), everything(&whole));
            (path, held) = (dir.path().join(format!("{kill}.sqlite")), 0);
        }
    }
    assert!(midway > 0, "no kill came while reports were being stored");
    assert!(add(&path, &file).status().unwrap().success());
    assert_eq!(everything(&Archive::open_existing(&path).unwrap()), everything(&whole));
}

fn everything(archive: &Archive) -> (Vec<dyad_record::Record>, usize) {
    let events = archive.events(&Filter::default()).unwrap();
    (archive.records().unwrap(), events.len())
}

#[test]
fn killed_at_random_nothing_is_lost_or_half_there() {
    survive(12);
}

#[test]
#[ignore = "some minutes: cargo test --release -p dyad-cli --test kill -- --ignored"]
fn killed_two_hundred_times_nothing_is_lost_or_half_there() {
    survive(200);
}
