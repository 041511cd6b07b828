//! Every golden case of `cases/`.

use dyad_eval::cases;
use std::path::Path;

#[test]
fn every_case_is_written_rightly() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases");
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "txt") {
            let text = std::fs::read_to_string(&path).unwrap();
            let name = path.file_name().unwrap().to_string_lossy();
            count += cases::parse(&format!("cases/{name}"), &text).unwrap().len();
        }
    }
    assert!(count > 0);
}
