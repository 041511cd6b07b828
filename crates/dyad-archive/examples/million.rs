//! An archive of a million events, made up, and how long it takes to store and to ask.
//!
//! `cargo run --release -p dyad-archive --example million -- ARCHIVE [--events N]` makes the
//! archive where there is none, and measures. benches/README.md tells what came out.

#[path = "../tests/made/mod.rs"]
mod made;

use dyad_archive::{Archive, ArchiveError, Prepared};
use made::Press;
use std::path::Path;
use std::sync::LazyLock;
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

/// Records in a transaction, as `dyad add` puts them.
const AT_ONCE: usize = 1024;
/// Reports that come on a day.
const DAILY: usize = 140;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let path = args.next().ok_or("name a file for the archive")?;
    let events = match (args.next().as_deref(), args.next()) {
        (Some("--events"), Some(n)) => n.parse()?,
        (None, None) => 1_000_000,
        _ => return Err("usage: million ARCHIVE [--events N]".into()),
    };
    let path = Path::new(&path);
    if !path.exists() {
        fill(path, events / 4)?;
    }
    let held = Archive::open_existing(path)?.summary()?;
    println!(
        "{} reports, {} events, {} episodes, {} MB",
        held.reports,
        held.events,
        held.episodes,
        path.metadata()?.len() >> 20
    );
    join_more(path)?;
    Ok(())
}

/// Stores so many reports, made and prepared by a second thread as `dyad add` does.
fn fill(path: &Path, reports: usize) -> Result<(), ArchiveError> {
    let mut archive = Archive::open(path)?;
    let begun = Instant::now();
    let busy_before = busy();
    std::thread::scope(|scope| {
        let (send, batches) = sync_channel::<Vec<Prepared>>(4);
        scope.spawn(move || {
            let mut press = Press::new(1, DAILY);
            let mut left = reports;
            while left > 0 {
                let n = left.min(AT_ONCE);
                let batch = (0..n).map(|_| Prepared::new(press.next_report())).collect();
                if send.send(batch).is_err() {
                    return;
                }
                left -= n;
            }
        });
        let (mut stored, mut told) = (0, 0);
        loop {
            let Ok(batch) = batches.recv() else { break };
            stored += archive.add_all(batch)?.len();
            if stored >= told + reports / 10 {
                told = stored;
                let busy = (busy() - busy_before).as_secs_f64();
                eprintln!("{stored} stored, {:.0} a second of the core", stored as f64 / busy);
            }
        }
        Ok::<(), ArchiveError>(())
    })?;
    let (all, busy) = (begun.elapsed(), busy() - busy_before);
    println!(
        "{reports} records stored in {:.0} s: {:.0} a second; {:.0} a second of the writer's core",
        all.as_secs_f64(),
        reports as f64 / all.as_secs_f64(),
        reports as f64 / busy.as_secs_f64()
    );
    Ok(())
}

/// One more report at a time, each by a writer that holds nothing yet, as `dyad add` of one report is.
fn join_more(path: &Path) -> Result<(), ArchiveError> {
    const TURNS: usize = 200;
    let mut press = Press::new(2, DAILY);
    // Among the days that the archive holds.
    let skipped = DAILY * 300;
    (0..skipped).for_each(|_| drop(press.next_report()));
    let mut times = Vec::new();
    for _ in 0..TURNS {
        (0..37).for_each(|_| drop(press.next_report()));
        let record = press.next_report();
        let mut archive = Archive::open_existing(path)?;
        let begun = Instant::now();
        archive.add(&record)?;
        times.push(begun.elapsed());
        archive.drop_report(&record.report.id)?;
    }
    report("joining one more report", &mut times);
    Ok(())
}

/// What the core has spent on this thread, so that whoever else uses the machine is not measured.
/// Where the system does not tell, the clock.
fn busy() -> Duration {
    static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
    let clock = || BEGUN.elapsed();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.and_then(|told| told.split(' ').next()?.parse().ok());
    nanos.map_or_else(clock, Duration::from_nanos)
}

fn report(what: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
    println!("{what:<44} median {:>7.1} ms  p95 {:>7.1} ms", at(0.5), at(0.95));
}
