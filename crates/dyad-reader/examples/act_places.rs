//! Prints the names that may be the place of an act, for those who train that choice
//! (`training/act_place.py`).
//!
//! Reads one JSON object a line, `{"id", "text", "verb": [start, end]}`; writes one a line, `{"id",
//! "tokens", "candidates": [{"span", "head", "row", "features"}]}`, positions in code points.

use dyad_reader::coding::event::place::ActPlaces;
use dyad_reader::span::Span;
use dyad_reader::{Given, Reader};
use serde_json::{Value, json};
use std::io::{BufRead, Write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let reader = Reader::builtin()?;
    let mut worker = reader.worker();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let row: Value = serde_json::from_str(&line?)?;
        let text = row["text"].as_str().ok_or("a row without text")?;
        let verb = row["verb"][0].as_u64().ok_or("a row without verb")? as usize;
        let mut at = Vec::with_capacity(text.len() + 1);
        for (i, c) in text.chars().enumerate() {
            at.resize(at.len() + c.len_utf8(), i);
        }
        at.push(text.chars().count());
        let span = |s: Span| [at[s.start as usize], at[s.end as usize]];
        let byte = at.iter().position(|c| *c == verb).unwrap_or(0) as u32;
        let (tokens, candidates) = worker.analyse_text(text, &Given::default(), |a| {
            let places = ActPlaces::new(a.doc, a.mentions);
            let trigger = a.doc.words_in(Span { start: byte, end: byte + 1 }).next();
            let candidates: Vec<Value> = trigger
                .into_iter()
                .flat_map(|t| places.candidates(t))
                .map(|c| {
                    json!({
                        "span": span(c.mention.span),
                        "head": c.mention.head,
                        "row": c.row,
                        "features": c.features,
                    })
                })
                .collect();
            let tokens: Vec<[usize; 2]> = a.doc.words.iter().map(|w| span(w.span)).collect();
            (tokens, candidates)
        });
        writeln!(out, "{}", json!({"id": row["id"], "tokens": tokens, "candidates": candidates}))?;
    }
    Ok(())
}
