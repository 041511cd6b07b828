//! Two tellings of one strike, for the tests of what is read from many episodes at once.

use crate::Archive;
use tempfile::TempDir;

/// The archive, and the folder that it lies in for as long as it is held.
pub fn archive() -> (TempDir, Archive) {
    let dir = tempfile::tempdir().unwrap();
    let mut archive = Archive::open(dir.path().join("a.sqlite")).unwrap();
    for record in [
        include_str!("../tests/records/odesa-wire.json"),
        include_str!("../tests/records/odesa-other.json"),
    ] {
        archive.add(&serde_json::from_str(record).unwrap()).unwrap();
    }
    (dir, archive)
}
