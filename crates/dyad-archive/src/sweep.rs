//! What is committed lies in the log at first. While a writer goes on, another thread puts it where it
//! belongs, so that the writer hardly ever waits for the disk.

use rusqlite::{Connection, OpenFlags};
use std::cell::Cell;
use std::path::Path;
use std::thread::JoinHandle;

/// From so many bytes of the log on they are put where they belong.
const SOME: i64 = 384 << 20;
/// From so many on the writer waits for it, so that the log begins anew.
const MOST: i64 = 1 << 30;

thread_local! {
    /// Pages in the log after the last commit of this thread.
    static LOGGED: Cell<i64> = const { Cell::new(0) };
}

/// What keeps the log of one connection short.
#[derive(Debug, Default)]
pub(crate) struct Sweep {
    /// Bytes of a page.
    page: i64,
    some: i64,
    most: i64,
    /// Of the bytes in the log so many were there when the last sweep of it began.
    swept: i64,
    running: Option<JoinHandle<()>>,
}

impl Sweep {
    /// Takes the place of SQLite's own way, where each writer sweeps and waits.
    pub fn of(db: &Connection) -> rusqlite::Result<Sweep> {
        db.wal_hook(Some(|_, pages| {
            LOGGED.set(pages.into());
            Ok(())
        }));
        let page = db.pragma_query_value(None, "page_size", |row| row.get(0))?;
        Ok(Sweep { page, some: SOME, most: MOST, swept: 0, running: None })
    }

    /// To be called after a commit by the thread that committed. What goes wrong is tried again after the
    /// next one: until then the log has it.
    pub fn committed(&mut self, db: &Connection, path: &Path) {
        let logged = LOGGED.take() * self.page;
        if logged == 0 {
            return;
        }
        // It has begun anew.
        if logged < self.swept {
            self.swept = 0;
        }
        if logged >= self.most {
            self.wait();
            let _ = sweep(db);
            self.swept = logged;
        } else if logged - self.swept >= self.some
            && self.running.as_ref().is_none_or(JoinHandle::is_finished)
        {
            self.wait();
            let path = path.to_owned();
            self.running = std::thread::Builder::new()
                .spawn(move || {
                    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                    let _ = Connection::open_with_flags(path, flags).and_then(|db| sweep(&db));
                })
                .ok();
            self.swept = logged;
        }
    }

    fn wait(&mut self) {
        if let Some(running) = self.running.take() {
            let _ = running.join();
        }
    }
}

impl Drop for Sweep {
    fn drop(&mut self) {
        self.wait();
    }
}

/// As far as no reader needs what the file holds now.
fn sweep(db: &Connection) -> rusqlite::Result<()> {
    db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_stays_short_and_all_of_it_comes_into_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let (path, log) = (dir.path().join("a.sqlite"), dir.path().join("a.sqlite-wal"));
        let db = Connection::open(&path).unwrap();
        db.pragma_update(None, "journal_mode", "wal").unwrap();
        db.execute_batch("CREATE TABLE t (x BLOB NOT NULL)").unwrap();
        let mut sweep = Sweep::of(&db).unwrap();
        (sweep.some, sweep.most) = (1 << 18, 1 << 20);
        for _ in 0..400 {
            db.execute("INSERT INTO t VALUES (randomblob(20000))", []).unwrap();
            sweep.committed(&db, &path);
        }
        assert!(log.metadata().unwrap().len() < (1 << 20) + (1 << 18));
        drop(sweep);
        // Nearly all of it, before anybody closes the file.
        assert!(path.metadata().unwrap().len() > 400 * 20_000 - (1 << 20) - (1 << 18));
        let other = Connection::open(&path).unwrap();
        let rows: i64 = other.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 400);
        let sound: String =
            other.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(sound, "ok");
    }
}
