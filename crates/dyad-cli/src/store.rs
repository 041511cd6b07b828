//! `dyad drop`, `verify` and `recode`.

use crate::args::{DropArgs, RecodeArgs, VerifyArgs};
use crate::batch;
use crate::correct;
use crate::failure::Failure;
use dyad_archive::{Archive, ArchiveError, Outcome, differences};
use dyad_record::Record;
use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::mpsc::sync_channel;

pub fn drop(args: &DropArgs) -> Result<ExitCode, Failure> {
    let mut archive = Archive::open_existing(&args.archive.archive)?;
    // All are found before the first is gone.
    let ids: Result<Vec<String>, ArchiveError> =
        args.reports.iter().map(|id| archive.find_report(id)).collect();
    for id in ids? {
        archive.drop_report(&id)?;
        anstream::eprintln!("dropped {id}");
    }
    Ok(ExitCode::SUCCESS)
}

pub fn verify(args: &VerifyArgs) -> Result<ExitCode, Failure> {
    let archive = Archive::open_existing(&args.archive.archive)?;
    let faults = archive.verify()?;
    for fault in &faults {
        let of = if fault.report.is_empty() { "the file" } else { &fault.report };
        anstream::println!("{of}: {}", fault.what);
    }
    let reports = archive.report_ids()?.len();
    let place = archive.path().display();
    if faults.is_empty() {
        anstream::eprintln!("{place}: {reports} reports, every hash and every position holds");
        return Ok(ExitCode::SUCCESS);
    }
    anstream::eprintln!(
        "{place}: {} faults in {reports} reports; drop those reports and add them again, or put back a copy",
        faults.len()
    );
    Ok(ExitCode::FAILURE)
}

/// Several threads read, this one writes, in the order in which the reports were first added.
pub fn recode(args: &RecodeArgs) -> Result<ExitCode, Failure> {
    let path = &args.archive.archive;
    let reader = crate::lexicon::reader(&args.reader)?;
    let mut archive = Archive::open_existing(path)?;
    let ids = archive.report_ids()?;
    let bar = batch::progress();
    batch::known(&bar, ids.len());
    let ids = Mutex::new(ids.into_iter().enumerate());
    let mut out = BufWriter::new(std::io::stdout().lock());
    let (mut same, mut otherwise) = (0, 0);
    std::thread::scope(|scope| {
        let jobs = batch::jobs(args.jobs);
        let (done, results) = sync_channel(2 * jobs);
        for _ in 0..jobs {
            let (done, reader, ids) = (done.clone(), &reader, &ids);
            scope.spawn(move || {
                let mut worker = reader.worker();
                let archive = Archive::open_existing(path);
                loop {
                    let Ok(Some((number, id))) = ids.lock().map(|mut ids| ids.next()) else {
                        return;
                    };
                    let read = match &archive {
                        Ok(archive) => archive.reading(&id).map(|old| {
                            old.map(|old| {
                                let new = worker.read_again(&old);
                                (old, new)
                            })
                        }),
                        // The thread that writes says why it cannot be opened.
                        Err(_) => return,
                    };
                    if done.send((number, read)).is_err() {
                        return;
                    }
                }
            });
        }
        std::mem::drop(done);
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        for (number, read) in results {
            waiting.insert(number, read);
            while let Some(read) = waiting.remove(&next) {
                next += 1;
                bar.inc(1);
                // What was dropped meanwhile is not read again.
                let Some((old, new)) = read? else { continue };
                let changed = match args.dry_run {
                    true => old != new,
                    false => archive.add(&new)? == Outcome::Reread,
                };
                if changed {
                    otherwise += 1
                } else {
                    same += 1
                }
                bar.suspend(|| list(&old, &new, &mut out)).map_err(Failure::output)?;
                if changed && !args.dry_run {
                    bar.suspend(|| correct::tell_lost(&archive, &new.report.id))?;
                }
            }
        }
        Ok::<(), Failure>(())
    })?;
    bar.finish_and_clear();
    out.flush().map_err(Failure::output)?;
    anstream::eprintln!(
        "{}: {otherwise} read otherwise{}, {same} as before",
        path.display(),
        if args.dry_run { " and not stored" } else { "" }
    );
    Ok(ExitCode::SUCCESS)
}

fn list(old: &Record, new: &Record, out: &mut impl Write) -> std::io::Result<()> {
    for difference in differences(old, new) {
        serde_json::to_writer(&mut *out, &difference)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
