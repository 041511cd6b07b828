//! Many reports, read by several threads and handed on in the order in which they came.

use crate::args::GivenArgs;
use crate::failure::{Failure, NOTHING, PARTLY};
use crate::source::{self, Piece};
use dyad_reader::{Given, Reader, Worker};
use dyad_record::Record;
use indicatif::{ProgressBar, ProgressStyle};
use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::num::NonZero;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::mpsc::sync_channel;

/// How many reports were read and how many could not be.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    pub read: usize,
    pub failed: usize,
}

impl Tally {
    pub fn exit_code(self) -> ExitCode {
        match self {
            Tally { failed: 0, .. } => ExitCode::SUCCESS,
            Tally { read: 0, .. } => ExitCode::from(NOTHING),
            _ => ExitCode::from(PARTLY),
        }
    }
}

/// Reads every report of the files. `make` runs in the threads that read, `each` in this one, in
/// the order of the reports; what can't be read is told on stderr in its turn.
pub fn read<T: Send>(
    reader: &Reader,
    paths: &[PathBuf],
    args: &GivenArgs,
    make: impl Fn(Record) -> T + Sync,
    mut each: impl FnMut(T) -> Result<(), Failure>,
) -> Result<Tally, Failure> {
    let files = source::files(paths);
    let jobs = jobs(args.jobs);
    // A report's own date comes before this one.
    let given = Given { published: args.published, url: args.url.clone(), ..Given::default() };
    let bar = progress();
    std::thread::scope(|scope| {
        let (to_read, pieces) = sync_channel::<(usize, Result<Piece, Failure>)>(2 * jobs);
        let (done, results) = sync_channel(2 * jobs);
        let pieces = std::sync::Arc::new(Mutex::new(pieces));
        let given = &given;
        scope.spawn(move || {
            let mut number = 0;
            for file in files {
                let mut take = |piece| {
                    number += 1;
                    to_read.send((number - 1, piece)).is_ok()
                };
                let go_on = match file {
                    Err(failure) => take(Err(failure)),
                    Ok(path) => {
                        let mut go_on = true;
                        source::pieces(&path, given, &args.private_hosts, &mut |piece| {
                            go_on = take(piece);
                            go_on
                        });
                        go_on
                    }
                };
                if !go_on {
                    return;
                }
            }
        });
        for _ in 0..jobs {
            let (done, make, pieces) = (done.clone(), &make, pieces.clone());
            scope.spawn(move || {
                let mut worker = reader.worker();
                loop {
                    let Ok(next) = pieces.lock().map(|pieces| pieces.recv()) else { return };
                    let Ok((number, piece)) = next else { return };
                    let read = piece.and_then(|p| one(&mut worker, p)).map(make);
                    if done.send((number, read)).is_err() {
                        return;
                    }
                }
            });
        }
        // The threads hold what they need: what is left here would keep the channels open.
        drop((done, pieces));
        let mut tally = Tally::default();
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        for (number, read) in results {
            waiting.insert(number, read);
            while let Some(read) = waiting.remove(&next) {
                next += 1;
                bar.inc(1);
                match read {
                    Ok(made) => {
                        tally.read += 1;
                        bar.suspend(|| each(made))?;
                    }
                    Err(failure) => {
                        tally.failed += 1;
                        let line = crate::failure::line(&failure);
                        bar.suspend(|| anstream::eprintln!("{line}"));
                    }
                }
            }
        }
        bar.finish_and_clear();
        Ok(tally)
    })
}

/// How many threads read: as many as asked for, else one a core.
pub fn jobs(asked: Option<u16>) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, NonZero::get);
    asked.map_or_else(cores, usize::from)
}

fn one(worker: &mut Worker<'_>, piece: Piece) -> Result<Record, Failure> {
    let read = worker.read(&piece.bytes, &piece.given);
    read.map_err(|error| Failure::Read { place: piece.place, error })
}

pub fn progress() -> ProgressBar {
    if !std::io::stderr().is_terminal() || std::io::stdout().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} reports, {per_sec}") {
        bar.set_style(style);
    }
    bar
}
