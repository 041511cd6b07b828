//! How fast the ear is, for `benches/ear.py`: loads the model, takes one JSON string a line, reads
//! each from text to trees and entities, and prints one JSON object of what that took.

use dyad_reader::report::{Passage, Report};
use dyad_reader::span::Span;
use dyad_reader::syntax::{Model, Scratch, parse};
use dyad_reader::text::split;
use dyad_record::PassageKind;
use std::error::Error;
use std::sync::LazyLock;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let before = resident();
    let began = clock();
    let model = Model::builtin();
    let load = clock() - began;
    let memory = resident().zip(before).map(|(after, before)| (after - before) / 1024.0);
    let texts = std::io::stdin().lines().map(|line| Ok(serde_json::from_str(&line?)?));
    let reports: Vec<Report> =
        texts.map(|text| text.map(body)).collect::<Result<_, Box<dyn Error>>>()?;
    let mut scratch = Scratch::default();
    let (mut words, mut sentences, mut entities) = (0, 0, 0);
    let began = clock();
    for report in &reports {
        let doc = parse(&model, &mut scratch, report, split(report));
        words += doc.words.len();
        sentences += doc.sentences.len();
        entities += doc.entities.len();
    }
    let seconds = clock() - began;
    let found = serde_json::json!({
        "load_ms": load * 1000.0, "model_mb": memory, "seconds": seconds,
        "tokens": words, "sentences": sentences, "entities": entities,
    });
    println!("{found}");
    Ok(())
}

fn body(text: String) -> Report {
    let span = Span::new(0, text.len());
    let passages = vec![Passage { span, kind: PassageKind::Body, why: String::new() }];
    Report { text, passages, ..Report::default() }
}

/// The memory of this process in KB, where the system tells it.
fn resident() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Seconds that the core spent on this process, so that a busy machine measures the same; seconds
/// of the wall where the system does not tell.
fn clock() -> f64 {
    static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);
    let spent = || -> Option<f64> {
        let times = std::fs::read_to_string("/proc/self/schedstat").ok()?;
        times.split(' ').next()?.parse().ok()
    };
    spent().map_or_else(|| BEGAN.elapsed().as_secs_f64(), |nanos| nanos / 1e9)
}
