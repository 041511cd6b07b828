//! Prints what may have had a part in an attack, for those who train that choice
//! (`training/attack.py`).
//!
//! Reads one JSON object a line, `{"text"}`; writes one a line, `{"candidates": [{"name", "names",
//! "features"}]}`.

use dyad_reader::coding::attack::candidates;
use dyad_reader::{Given, Reader};
use serde_json::{Value, json};
use std::io::{BufRead, Write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let reader = Reader::builtin()?;
    let acts = &reader.lexicons().acts;
    let mut worker = reader.worker();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let row: Value = serde_json::from_str(&line?)?;
        let text = row["text"].as_str().ok_or("a row without text")?;
        let found = worker.analyse_text(text, &Given::default(), |a| {
            let all = candidates(a.doc, a.mentions, &a.coding.events, acts);
            let all = all.into_iter().map(|c| {
                let names: Vec<&str> =
                    c.words.iter().map(|w| a.doc.words_span(w.clone()).of(text)).collect();
                json!({ "name": c.name, "names": names, "features": c.features })
            });
            all.collect::<Vec<_>>()
        });
        writeln!(out, "{}", json!({ "candidates": found }))?;
    }
    Ok(())
}
