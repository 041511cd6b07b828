//! Prints what the ear makes of each word, for those who train on it (`training/ear_pair.py`).
//!
//! `ear_rows [EAR.bin]` reads one JSON object a line, `{"text"}`; writes for each, as little-endian numbers of 32 bits, how many
//! words it has, the start and end of each word in bytes and the place of its sentence, and the row of each
//! word, 256 floats.

use dyad_reader::report::{Passage, Report};
use dyad_reader::span::Span;
use dyad_reader::syntax::{Model, Scratch, parse};
use dyad_reader::text::split;
use dyad_record::PassageKind;
use serde_json::Value;
use std::io::{BufRead, Write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let model = match std::env::args().nth(1) {
        Some(path) => Model::from_bytes(&std::fs::read(path)?)?,
        None => Model::builtin(),
    };
    let mut scratch = Scratch::default();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let row: Value = serde_json::from_str(&line?)?;
        let text = row["text"].as_str().ok_or("a row without text")?.to_owned();
        let span = Span::new(0, text.len());
        let passages = vec![Passage { span, kind: PassageKind::Body, why: String::new() }];
        let report = Report { text, passages, language: "en".to_owned(), ..Report::default() };
        let doc = parse(&model, &mut scratch, &report, split(&report));
        let count = doc.words.len() as u32;
        out.write_all(&count.to_le_bytes())?;
        for word in &doc.words {
            for number in [word.span.start, word.span.end, word.sentence] {
                out.write_all(&number.to_le_bytes())?;
            }
        }
        for number in doc.rows(0..count).unwrap_or_default() {
            out.write_all(&number.to_le_bytes())?;
        }
    }
    Ok(())
}
