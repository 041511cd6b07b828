//! Prints what the head over the ear's rows says of pairs of sides, for `training/ear_pair.py --held`.
//!
//! Reads one JSON object a line, `{"text", "pairs": [[source start, source end, target start, target
//! end]]}`, positions in bytes; writes one a line, `{"scores": [[sixteen numbers]]}`.

use dyad_reader::coding::event::judge::EarPairs;
use dyad_reader::span::Span;
use dyad_reader::{Given, Reader};
use serde_json::{Value, json};
use std::cell::OnceCell;
use std::io::{BufRead, Write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (reader, pairs) = (Reader::builtin()?, EarPairs::builtin());
    let mut worker = reader.worker();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let row: Value = serde_json::from_str(&line?)?;
        let text = row["text"].as_str().ok_or("a row without text")?;
        let asked: Vec<[u32; 4]> = serde_json::from_value(row["pairs"].clone())?;
        let scores = worker.analyse_text(text, &Given::default(), |a| {
            let whole = OnceCell::new();
            let span = |start: u32, end: u32| Span::new(start as usize, end as usize);
            let of =
                |&[s, e, t, f]: &[u32; 4]| pairs.scores(a.doc, &whole, [span(s, e), span(t, f)]);
            asked.iter().map(of).collect::<Option<Vec<_>>>()
        });
        writeln!(out, "{}", json!({ "scores": scores.ok_or("a side without words")? }))?;
    }
    Ok(())
}
