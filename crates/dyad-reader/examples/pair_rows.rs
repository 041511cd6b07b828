//! Prints what the heads of pairs look at, for those who train them (`training/whole.py`).
//!
//! `pair_rows ROWS.bin` reads one JSON object a line, `{"text", "sides": [[start, end]]}`, and writes one
//! a line: `row`, the number of the first word's row in ROWS.bin (256 little-endian floats each);
//! `words` as bytes; `sentences` as words and as bytes; `sides`, those asked for and then the reader's own, as `[start, end, first
//! word, last + 1, actor or -1]`; `pairs` of sides in one sentence with the places of their features.
//! Positions are bytes.

use dyad_reader::coding::event::pair;
use dyad_reader::doc::Sentence;
use dyad_reader::span::Span;
use dyad_reader::{Given, Reader};
use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufRead, BufWriter, Write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1).ok_or("name the file that is to hold the rows")?;
    let mut rows = BufWriter::new(File::create(file)?);
    let reader = Reader::builtin()?;
    let acts = &reader.lexicons().acts;
    let mut worker = reader.worker();
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut row = 0;
    for line in std::io::stdin().lock().lines() {
        let asked: Value = serde_json::from_str(&line?)?;
        let text = asked["text"].as_str().ok_or("a row without text")?;
        let given: Vec<[usize; 2]> = serde_json::from_value(asked["sides"].clone())?;
        let (told, numbers) = worker.analyse_text(text, &Given::default(), |a| {
            let mut sides: Vec<(Span, i64)> =
                given.iter().map(|[s, e]| (Span::new(*s, *e), -1)).collect();
            let known = |sides: &[(Span, i64)], span: Span| sides.iter().any(|s| s.0 == span);
            for m in &a.mentions.actor_mentions {
                let id = i64::from(m.actor.0);
                match sides.iter_mut().find(|side| side.0 == m.span) {
                    Some(side) => side.1 = id,
                    None => sides.push((m.span, id)),
                }
            }
            for event in &a.coding.events {
                for phrase in event.actor_phrases.iter().chain(&event.recipient_phrases) {
                    if !known(&sides, *phrase) {
                        sides.push((*phrase, -1));
                    }
                }
            }
            sides.retain(|(span, _)| !a.doc.words_in(*span).is_empty());
            let sentence = |span: Span| a.doc.word(a.doc.words_in(span).start).sentence;
            let mut pairs: Vec<Value> = Vec::new();
            for n in 0..a.doc.sentences.len() as u32 {
                // As the reader asks: of the sentence by itself.
                let alone = a.doc.sentence_alone(n);
                let here = || sides.iter().enumerate().filter(|(_, (s, _))| sentence(*s) == n);
                for (i, (s, _)) in here() {
                    for (j, (t, _)) in here().filter(|(_, (t, _))| !s.touches(*t)) {
                        pairs.push(json!([i, j, pair::features(&alone, acts, *s, *t)]));
                    }
                }
            }
            let sides: Vec<Value> = sides
                .iter()
                .map(|(span, actor)| {
                    let words = a.doc.words_in(*span);
                    json!([span.start, span.end, words.start, words.end, actor])
                })
                .collect();
            let of = |s: &Sentence| [s.words.start, s.words.end, s.span.start, s.span.end];
            let sentences: Vec<[u32; 4]> = a.doc.sentences.iter().map(of).collect();
            let numbers = a.doc.rows(0..a.doc.words.len() as u32).unwrap_or_default().to_vec();
            let words: Vec<[u32; 2]> =
                a.doc.words.iter().map(|w| [w.span.start, w.span.end]).collect();
            let told = json!({"row": row, "words": words, "sentences": sentences, "sides": sides, "pairs": pairs});
            row += a.doc.words.len();
            (told, numbers)
        });
        let bytes: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
        rows.write_all(&bytes)?;
        writeln!(out, "{told}")?;
    }
    Ok(rows.flush()?)
}
