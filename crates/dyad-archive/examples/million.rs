//! An archive of a million events, made up, and how long it takes to store and to ask.
//!
//! `cargo run --release -p dyad-archive --example million -- ARCHIVE [--events N]` makes the
//! archive where there is none, and measures. benches/README.md tells what came out.

#[path = "../tests/made/mod.rs"]
mod made;

use dyad_archive::{Archive, ArchiveError, Filter, Prepared, Side};
use dyad_record::{EventType, Quad, Status};
use made::Press;
use std::path::Path;
use std::sync::LazyLock;
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

/// As in `dyad`.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Records in a transaction, as `dyad add` puts them.
const AT_ONCE: usize = 8192;
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
    fill(path, events / 4)?;
    let held = Archive::open_existing(path)?.summary()?;
    println!(
        "{} reports, {} events, {} episodes, {} MB",
        held.reports,
        held.events,
        held.episodes,
        path.metadata()?.len() >> 20
    );
    questions(&Archive::open_to_read(path)?)?;
    join_more(path)?;
    Ok(())
}

/// Every question of the command, each with filters as a person would set them: of several states,
/// hot and quiet ones, months and years.
fn questions(archive: &Archive) -> Result<(), ArchiveError> {
    let side = |text: &str| -> Side {
        let Ok(side) = text.parse();
        side
    };
    let any = || Filter { limit: Some(100), ..Filter::default() };
    let states = ["USA", "RUS", "CHN", "UKR", "ISR", "TUR", "PAK", "KOR", "COL", "NOR", "ESP"];
    let mut filters = Vec::new();
    for (i, a) in states.iter().enumerate() {
        let b = states[(i + 1) % states.len()];
        let (year, month) = (2019 + i % 4, 1 + i);
        let from = Some(format!("{year}-{month:02}-01"));
        let to = Some(format!("{year}-{month:02}-28"));
        let (kind, quad) = (EventType::ALL[i % EventType::ALL.len()], Quad::ALL[i % 4]);
        filters.extend([
            Filter { who: Some(side(a)), ..any() },
            Filter { who: Some(side(a)), whom: Some(side(b)), newest: true, ..any() },
            Filter { whom: Some(side(a)), from: from.clone(), to: to.clone(), ..any() },
            Filter { between: Some((side(a), side(b))), deeds: true, ..any() },
            Filter { either: Some(side(a)), types: vec![kind], newest: true, ..any() },
            Filter { quads: vec![quad], from: from.clone(), to: to.clone(), ..any() },
            Filter { types: vec![kind], statuses: vec![Status::Refused], ..any() },
            Filter { place: Some((*a).to_owned()), from: from.clone(), ..any() },
            Filter { who: Some(side(a)), confidence: Some(0.9), newest: true, ..any() },
            Filter { outlet: Some(format!("Paper {}", i * 9)), quads: vec![quad], ..any() },
            Filter { outlet: Some(format!("Paper {i}")), either: Some(side(a)), ..any() },
            Filter { who: Some(side(&format!("{a} MIL"))), from, to, ..any() },
            Filter { text: Some(format!("{} {}", made::word(i * 40), made::word(i))), ..any() },
            Filter { who: Some(side("minister batelimo")), ..any() },
        ]);
    }
    let all = |ask: &dyn Fn(&Filter) -> Result<usize, ArchiveError>, name: &str| {
        measure(name, &filters, ask)
    };
    all(&|f| Ok(archive.events(f)?.len()), "events")?;
    all(&|f| Ok(archive.episodes_of(f)?.len()), "episodes")?;
    all(&|f| Ok(archive.statements(f)?.len()), "statements")?;
    all(&|f| Ok(archive.figures(f)?.len()), "figures")?;
    all(&|f| Ok(archive.ties(f)?.len()), "ties")?;
    let month = |i: usize| Filter {
        from: Some(format!("{}-{:02}-01", 2019 + i % 4, 1 + i)),
        to: Some(format!("{}-{:02}-28", 2019 + i % 4, 1 + i)),
        ..Filter::default()
    };
    let pairs: Vec<(Side, Side, Filter)> = (0..states.len())
        .map(|i| (side(states[i]), side(states[(i + 1) % states.len()]), month(i)))
        .collect();
    let mut who = vec![any()];
    for (a, b, month) in &pairs {
        who.push(Filter { limit: Some(100), ..month.clone() });
        who.push(Filter { between: Some((a.clone(), b.clone())), ..any() });
        who.push(Filter { who: Some(a.clone()), ..who[who.len() - 2].clone() });
    }
    measure("actors", &who, &|f| Ok(archive.actors(f)?.len()))?;
    measure("pair", &pairs, &|(a, b, _)| Ok(archive.pair(a, b, &any())?.episodes.len()))?;
    measure("brief of a month", &pairs, &|(a, b, m)| Ok(archive.brief(a, b, m)?.sections.len()))?;
    measure("timeline of a month", &pairs, &|(a, b, month)| {
        let between = Some((a.clone(), b.clone()));
        Ok(archive.timeline(&Filter { between, ..month.clone() })?.sections.len())
    })?;
    let words: Vec<String> = (0..40)
        .map(|i| format!("{} {}", made::word(i * i), if i % 2 == 0 { "minister" } else { "" }))
        .collect();
    measure("text search", &words, &|w| Ok(archive.search_page(w, Some(50), 0)?.len()))?;
    measure("reports", &[0, 100, 5000], &|n| Ok(archive.reports_page(Some(100), *n)?.len()))?;
    measure("summary", &[(); 5], &|()| Ok(archive.summary()?.events as usize))?;
    Ok(())
}

/// Asks each of some questions three times.
fn measure<Q>(
    what: &str,
    all: &[Q],
    ask: &dyn Fn(&Q) -> Result<usize, ArchiveError>,
) -> Result<(), ArchiveError> {
    let (mut times, mut found) = (Vec::new(), 0);
    for (i, question) in all.iter().enumerate() {
        for turn in 0..3 {
            let (begun, spent) = (Instant::now(), busy());
            found += ask(question)?;
            let (clock, spent) = (begun.elapsed(), busy().saturating_sub(spent));
            if std::env::var_os("SLOW").is_some() && turn == 2 && spent.as_millis() > 60 {
                eprintln!("{what} {i}: {spent:?} ({clock:?})");
            }
            times.push((clock, spent));
        }
    }
    report(&format!("{what} ({} questions, {} rows)", all.len(), found / 3), &mut times);
    Ok(())
}

/// Stores what is missing of so many reports, made and prepared by a second thread as `dyad add` does.
fn fill(path: &Path, reports: usize) -> Result<(), ArchiveError> {
    let mut archive = Archive::open(path)?;
    let held = archive.summary()?.reports as usize;
    let Some(reports) = reports.checked_sub(held).filter(|missing| *missing > 0) else {
        return Ok(());
    };
    let begun = Instant::now();
    let busy_before = busy();
    std::thread::scope(|scope| {
        let (send, batches) = sync_channel::<Vec<Prepared>>(4);
        scope.spawn(move || {
            let mut press = Press::new(1, DAILY);
            (0..held).for_each(|_| drop(press.next_report()));
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
        for batch in batches {
            stored += archive.add_all(batch)?.len();
            if stored >= told + reports / 10 {
                told = stored;
                let busy = (busy() - busy_before).as_secs_f64();
                eprintln!("{stored} stored, {:.0} a second of the core", stored as f64 / busy);
            }
        }
        Ok::<(), ArchiveError>(())
    })?;
    // What the log still holds is put where it belongs.
    drop(archive);
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
        let (begun, spent) = (Instant::now(), busy());
        archive.add(&record)?;
        times.push((begun.elapsed(), busy() - spent));
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

fn report(what: &str, times: &mut [(Duration, Duration)]) {
    let mut line = format!("{what:<44}");
    for (name, of) in [("clock", 0), ("core", 1)] {
        let mut all: Vec<f64> =
            times.iter().map(|t| [t.0, t.1][of].as_secs_f64() * 1000.0).collect();
        all.sort_unstable_by(f64::total_cmp);
        let at = |share: f64| all[((all.len() - 1) as f64 * share) as usize];
        line += &format!("  {name}: median {:>6.1} ms, p95 {:>6.1} ms", at(0.5), at(0.95));
    }
    println!("{line}");
}
