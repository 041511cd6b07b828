//! Writes what the detector of mangled sentences looks at, for `training/sound.py`.
//!
//! Reads one JSON object a line, `{"text"}`; writes for each text the sentences that it judges, each
//! as `[[[start, end] of each word, in bytes], signs]`. With a file's name as its argument it
//! writes there what the head looks at of each word, as halves of floats, and no signs.

use dyad_reader::doc::{Doc, Sentence};
use dyad_reader::{Given, Reader, report, sound, syntax, text};
use serde_json::{Value, json};
use std::io::{BufRead, BufWriter, Write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let reader = Reader::builtin()?;
    let file = std::env::args().nth(1).map(std::fs::File::create).transpose()?;
    let mut file = file.map(BufWriter::new);
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut scratch = syntax::Scratch::default();
    for line in std::io::stdin().lock().lines() {
        let row: Value = serde_json::from_str(&line?)?;
        let words = row["text"].as_str().ok_or("a row without text")?;
        let mut found: Vec<Value> = Vec::new();
        if let Ok(report) = report::open(words.as_bytes(), &Given::default())
            && report.text == words
        {
            let doc = syntax::parse(reader.model(), &mut scratch, &report, text::split(&report));
            if let Some(file) = &mut file {
                let mut numbers = Vec::new();
                sound::numbers(&doc, |sentence, own| {
                    found.push(json!([spans(&doc, sentence), []]));
                    numbers.extend(own.into_iter().flat_map(|number| half(number).to_le_bytes()));
                });
                file.write_all(&numbers)?;
            } else {
                found = sound::look(&doc, |seen| json!([spans(&doc, seen.of), seen.signs()]));
            }
        }
        writeln!(out, "{}", json!(found))?;
    }
    Ok(())
}

fn spans(doc: &Doc<'_>, sentence: &Sentence) -> Vec<[u32; 2]> {
    sentence.words.clone().map(|w| [doc.word(w).span.start, doc.word(w).span.end]).collect()
}

/// The nearest half of a float; what is too small becomes nought.
fn half(number: f32) -> u16 {
    let bits = number.to_bits();
    let sign = (bits >> 16 & 0x8000) as u16;
    let rounded = (bits & 0x7fff_ffff) + 0x1000;
    match rounded {
        ..0x3880_0000 => sign,
        0x477f_f000.. => sign | 0x7bff,
        _ => sign | ((rounded - 0x3800_0000) >> 13) as u16,
    }
}
