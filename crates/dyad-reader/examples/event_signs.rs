//! Prints the events of sentences with the signs by which their confidence is told, for those who
//! train it (`training/confidence.py`).
//!
//! `event_signs PAIR.bin JOINED.bin EAR_PAIR.bin [DEEP.bin]` reads one JSON object a line, `{"text"}`; writes one a line,
//! `{"events": [{"root", "mutual", "actors", "recipients", "confidence", "signs"}]}`, sides as ranges of
//! bytes.

use dyad_reader::coding::event::deep::Deep;
use dyad_reader::coding::event::judge::EarPairs;
use dyad_reader::coding::event::pair;
use dyad_reader::span::Span;
use dyad_reader::{Given, Reader};
use serde_json::{Value, json};
use std::io::{BufRead, Write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let [roots, joined, ear, deep @ ..] = &files[..] else {
        return Err("name three models or four: PAIR.bin JOINED.bin EAR_PAIR.bin [DEEP.bin]".into());
    };
    let mut model = pair::Model::from_bytes(&std::fs::read(roots)?, &std::fs::read(joined)?)?
        .with_ear(EarPairs::from_bytes(&std::fs::read(ear)?)?);
    if let [deep] = deep {
        model = model.with_deep(Deep::from_bytes(&std::fs::read(deep)?)?);
    }
    let reader = Reader::builtin()?.with_pair_model(model);
    let mut worker = reader.worker();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let row: Value = serde_json::from_str(&line?)?;
        let text = row["text"].as_str().ok_or("a row without text")?;
        let events = worker.analyse_text(text, &Given::default(), |a| {
            let ranges = |spans: &[Span], phrases: &[Span]| {
                let all = spans.iter().chain(phrases);
                all.map(|s| [s.start, s.end]).collect::<Vec<_>>()
            };
            let events = a.coding.events.iter().filter(|e| e.basis.is_some()).map(|e| {
                let signs: serde_json::Map<String, Value> = e
                    .signs
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), json!(value)))
                    .collect();
                json!({
                    "root": pair::Root::of(e.kind, e.status).map(pair::Root::as_str),
                    "mutual": e.mutual,
                    "actors": ranges(&e.actor_spans, &e.actor_phrases),
                    "recipients": ranges(&e.recipient_spans, &e.recipient_phrases),
                    "confidence": e.confidence,
                    "signs": signs,
                })
            });
            events.collect::<Vec<_>>()
        });
        writeln!(out, "{}", json!({ "events": events }))?;
    }
    Ok(())
}
