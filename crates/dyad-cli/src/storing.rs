//! What several threads read goes into the archive, which one thread writes.

use crate::args::GivenArgs;
use crate::batch::{self, Tally};
use crate::failure::Failure;
use dyad_archive::{Archive, Outcome, Prepared};
use dyad_reader::Reader;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, TrySendError, sync_channel};
use std::time::{Duration, Instant};

/// So many reports are stored in one transaction, or those that came in so long, or, where that took
/// longer, while the ones before were stored.
const AT_ONCE: usize = 8192;
const WAIT: Duration = Duration::from_millis(200);

/// Reads every report of the files into an archive, and tells on stderr what became of them.
pub fn store(
    reader: &Reader,
    path: &Path,
    paths: &[PathBuf],
    given: &GivenArgs,
) -> Result<Tally, Failure> {
    let archive = Archive::open(path)?;
    let bar = batch::progress();
    let (tally, stored) = std::thread::scope(|scope| {
        // No batch waits beside the one that is stored: what comes meanwhile makes the next one larger.
        let (send, batches) = sync_channel(0);
        let writer = scope.spawn(move || write(archive, batches));
        let mut waiting = Vec::new();
        let mut since = Instant::now();
        let tally = batch::read(reader, paths, given, &bar, Prepared::new, |prepared| {
            if waiting.is_empty() {
                since = Instant::now();
            }
            waiting.push(prepared);
            let batch = match waiting.len() {
                AT_ONCE.. => send.send(std::mem::take(&mut waiting)).map_err(|e| e.into()),
                _ if since.elapsed() < WAIT => return Ok(()),
                _ => send.try_send(std::mem::take(&mut waiting)),
            };
            match batch {
                Ok(()) => Ok(()),
                Err(TrySendError::Full(batch)) => {
                    waiting = batch;
                    Ok(())
                }
                // The writer says why it stopped.
                Err(TrySendError::Disconnected(_)) => Err(Failure::Pipe),
            }
        });
        // What was read before something went wrong is kept.
        if !waiting.is_empty() {
            let _ = send.send(waiting);
        }
        drop(send);
        (tally, writer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    let stored = stored?;
    let tally = tally?;
    anstream::eprintln!(
        "{}: {} added, {} read anew, {} held already, {} could not be read",
        path.display(),
        stored.added,
        stored.reread,
        stored.unchanged,
        tally.failed
    );
    Ok(tally)
}

#[derive(Default)]
struct Stored {
    added: usize,
    unchanged: usize,
    reread: usize,
}

fn write(mut archive: Archive, batches: Receiver<Vec<Prepared>>) -> Result<Stored, Failure> {
    let mut stored = Stored::default();
    for batch in batches {
        for outcome in archive.add_all(batch)? {
            match outcome {
                Outcome::Added => stored.added += 1,
                Outcome::Unchanged => stored.unchanged += 1,
                Outcome::Reread => stored.reread += 1,
            }
        }
    }
    Ok(stored)
}
