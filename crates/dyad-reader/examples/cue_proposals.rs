//! Prints what might be attributions, for those who train the gate (`training/gate.py`).
//!
//! Reads one JSON object a line, `{"id", "text"}`; writes one a proposal, `{"id", "cue", "source",
//! "content", "rule", "features", "numbers", "group", "marks"}`, positions in code points. Another
//! network than the built-in one may be named, as a file.

use dyad_lexicon::Lexicons;
use dyad_reader::coding::statement::proposals;
use dyad_reader::span::Span;
use dyad_reader::syntax::Model;
use dyad_reader::{Given, Reader};
use serde_json::{Value, json};
use std::io::{BufRead, Write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let reader = match std::env::args().nth(1) {
        Some(file) => Reader::new(Lexicons::builtin()?, Model::from_bytes(&std::fs::read(file)?)?),
        None => Reader::builtin()?,
    };
    let mut worker = reader.worker();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let row: Value = serde_json::from_str(&line?)?;
        let text = row["text"].as_str().ok_or("a row without text")?;
        let found = worker.analyse_text(text, &Given::default(), |a| {
            proposals(a.doc, a.mentions, reader.lexicons())
        });
        let mut at = Vec::with_capacity(text.len() + 1);
        for (i, c) in text.chars().enumerate() {
            at.resize(at.len() + c.len_utf8(), i);
        }
        at.push(text.chars().count());
        let span = |s: Span| [at[s.start as usize], at[s.end as usize]];
        for p in found {
            let row = json!({
                "id": row["id"],
                "cue": span(p.cue),
                "source": p.source.map(span),
                "content": p.content.into_iter().map(span).collect::<Vec<_>>(),
                "rule": p.rule,
                "features": p.features,
                "numbers": p.numbers,
                "group": p.group,
                "marks": p.marks,
            });
            writeln!(out, "{row}")?;
        }
    }
    Ok(())
}
