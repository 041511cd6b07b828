//! What the pair model looks at, for its training: reads rows of `text`, `source`, `target` (byte
//! ranges) and `type`, one JSON object a line, and prints the type, what the rules alone say and
//! the places of the features, with tabs between.

use dyad_reader::Reader;
use dyad_reader::span::Span;
use std::error::Error;
use std::io::{BufWriter, Write};

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).ok_or("name a file of rows: pair_features ROWS.jsonl")?;
    let reader = Reader::builtin()?;
    let mut worker = reader.worker();
    let mut out = BufWriter::new(std::io::stdout().lock());
    for line in std::fs::read_to_string(file)?.lines() {
        let row: serde_json::Value = serde_json::from_str(line)?;
        let text = row["text"].as_str().ok_or("a row has no `text`")?;
        let side = |name: &str| {
            let at = |i: usize| row[name][i].as_u64().map(|n| n as usize);
            Some(Span::new(at(0)?, at(1)?))
        };
        let sides = side("source").zip(side("target"));
        let (source, target) = sides.ok_or("a row has no `source` or no `target`")?;
        let rules = worker.pair_by_rules(text, source, target).map_or("-", |root| root.as_str());
        let places = worker.pair_features(text, source, target);
        let places: Vec<String> = places.iter().map(u32::to_string).collect();
        writeln!(out, "{}\t{rules}\t{}", row["type"].as_str().unwrap_or("-"), places.join(" "))?;
    }
    Ok(())
}
