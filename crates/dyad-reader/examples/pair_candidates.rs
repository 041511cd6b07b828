//! Prints the pairs of sides that one act may join, for those who train that choice
//! (`training/joined.py`).
//!
//! Reads one JSON object a line, `{"text"}`; writes one a line, `{"pairs": [[source start, source end,
//! target start, target end, places of the features]]}`, positions in bytes.

use dyad_reader::coding::event::pair;
use dyad_reader::span::Span;
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
        let pairs = worker.analyse_text(text, &Given::default(), |a| {
            let sentence = |span: Span| {
                let word = a.doc.words_in(span).start;
                a.doc.words.get(word as usize).map(|w| w.sentence)
            };
            // Known actors, and whatever stands in the roles of an act.
            let mut sides: Vec<Span> = a.mentions.actor_mentions.iter().map(|m| m.span).collect();
            for event in &a.coding.events {
                sides.extend(&event.actor_phrases);
                sides.extend(&event.recipient_phrases);
            }
            sides.sort_unstable();
            sides.dedup();
            let mut pairs: Vec<Value> = Vec::new();
            for s in &sides {
                for t in sides.iter().filter(|t| !s.touches(**t)) {
                    if sentence(*s).is_some() && sentence(*s) == sentence(*t) {
                        let features = pair::features(a.doc, acts, *s, *t);
                        pairs.push(json!([s.start, s.end, t.start, t.end, features]));
                    }
                }
            }
            pairs
        });
        writeln!(out, "{}", json!({ "pairs": pairs }))?;
    }
    Ok(())
}
