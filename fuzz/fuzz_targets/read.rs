//! Any bytes are read or refused: nothing panics, and every position lies in the text.
#![no_main]

use dyad_reader::{Given, Reader};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static READER: LazyLock<Reader> = LazyLock::new(|| Reader::builtin().expect("the reader"));

fuzz_target!(|bytes: &[u8]| {
    let mut worker = READER.worker();
    let words = worker.analyse(bytes, &Given::default(), |a| {
        let text = &a.doc.report.text;
        let mut end = 0;
        for word in &a.doc.words {
            assert!(end <= word.span.start, "words overlap");
            assert!(!word.span.of(text).trim().is_empty(), "a word of blanks");
            end = word.span.end;
        }
        a.doc.words.len()
    });
    let record = worker.read(bytes, &Given::default());
    assert_eq!(words.is_ok(), record.is_ok());
    let Ok(record) = record else { return };
    let length = record.report.text.chars().count() as u32;
    for time in &record.times {
        assert!(time.start < time.end && time.end <= length, "a time outside the text");
    }
    for passage in &record.passages {
        assert!(passage.start < passage.end && passage.end <= length, "a passage outside the text");
    }
});
