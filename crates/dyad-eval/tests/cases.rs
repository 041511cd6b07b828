//! Every golden case of `cases/` is read as it should be, but for what is marked `todo`.

use dyad_eval::cases;
use dyad_reader::Reader;
use std::path::Path;

#[test]
fn every_case_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases");
    let reader = Reader::builtin().unwrap();
    let outcomes = cases::run_all(&folder, &reader).unwrap();
    assert!(outcomes.len() >= 60);
    let failed: Vec<String> =
        outcomes.iter().filter(|o| !o.failures.is_empty()).map(ToString::to_string).collect();
    assert!(failed.is_empty(), "{} of {}:\n{}", failed.len(), outcomes.len(), failed.join("\n"));
}
