//! Connections to one archive: one that writes, and as many that read as questions run at once.

use crate::answer::Failure;
use dyad_archive::Archive;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Readers see the file as of their question's beginning and wait for no writer (SQLite's WAL).
pub struct Pool {
    path: PathBuf,
    writer: Mutex<Archive>,
    idle: Mutex<Vec<Archive>>,
}

impl Pool {
    pub fn new(archive: Archive) -> Pool {
        let path = archive.path().to_owned();
        Pool { path, writer: Mutex::new(archive), idle: Mutex::default() }
    }

    pub fn writer(&self) -> MutexGuard<'_, Archive> {
        // A question that panicked has changed nothing: the archive is as good as before.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks a connection that is idle, the one last used first since it has most at hand, or a
    /// new one.
    pub fn read<T>(
        &self,
        question: impl FnOnce(&Archive) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let idle = self.idle().pop();
        let archive = match idle {
            Some(archive) => archive,
            None => Archive::open_to_read(&self.path)?,
        };
        let told = question(&archive);
        self.idle().push(archive);
        told
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Archive>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
