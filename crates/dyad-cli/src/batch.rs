//! Many reports, read by several threads and handed on in the order in which they came.

use crate::args::GivenArgs;
use crate::failure::{Failure, NOTHING, PARTLY};
use crate::source::{self, Piece, What};
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
/// the order of the reports; what can't be read is told on stderr in its turn, beside the bar.
pub fn read<T: Send>(
    reader: &Reader,
    paths: &[PathBuf],
    args: &GivenArgs,
    bar: &ProgressBar,
    make: impl Fn(Record) -> T + Sync,
    mut each: impl FnMut(T) -> Result<(), Failure>,
) -> Result<Tally, Failure> {
    let files = source::files(paths);
    let jobs = jobs(args.jobs);
    // A report's own date comes before this one.
    let given = Given { published: args.published, url: args.url.clone(), ..Given::default() };
    known(bar, files.len());
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
                        let (mut go_on, mut held) = (true, 0);
                        source::pieces(&path, given, &args.private_hosts, &mut |piece| {
                            held += 1;
                            if held == 2 {
                                unknown(bar);
                            }
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
    match piece.what {
        What::Record(record) => Ok(*record),
        What::Bytes(bytes, given) => {
            let read = worker.read(&bytes, &given);
            read.map_err(|error| Failure::Read { place: piece.place, error })
        }
    }
}

/// What tells on a terminal how far a command is that prints nothing else.
pub fn progress() -> ProgressBar {
    let bar = match std::io::stderr().is_terminal() {
        true => ProgressBar::no_length(),
        false => ProgressBar::hidden(),
    };
    unknown(&bar);
    bar
}

/// The same for a command that prints records: hidden where they would stand on the same terminal.
pub fn beside_records() -> ProgressBar {
    match std::io::stdout().is_terminal() {
        true => ProgressBar::hidden(),
        false => progress(),
    }
}

/// Nobody knows how many reports there are.
fn unknown(bar: &ProgressBar) {
    bar.unset_length();
    style(bar, "{spinner} {human_pos} reports, {per_sec}");
}

/// There are so many, if each file holds one.
pub fn known(bar: &ProgressBar, number: usize) {
    bar.set_length(number as u64);
    style(bar, "{wide_bar} {human_pos} of {human_len} reports, {per_sec}, {eta} left");
}

fn style(bar: &ProgressBar, template: &str) {
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
}
