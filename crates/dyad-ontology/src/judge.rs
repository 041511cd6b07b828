//! A trained head against sentences that were kept from it, read from end to end.

use crate::file::sentences;
use crate::report::{Wrong, share};
use crate::rows::shortened;
use dyad_lexicon::TableError;
use dyad_reader::{Given, Reader};
use dyad_record::EventType;
use std::fmt;

/// What was told of sentences that are of the type and of those that are not.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    pub found: usize,
    pub examples: usize,
    pub fired: usize,
    pub counterexamples: usize,
    pub wrong: Vec<Wrong>,
}

/// `text` has the sections `[examples]` and `[counterexamples]` alone; `reader` has the head.
pub fn judge(
    name: &str,
    text: &str,
    reader: &Reader,
    kind: EventType,
) -> Result<Judged, Vec<TableError>> {
    let [examples, counterexamples] = sentences(name, text)?;
    let mut judged = Judged {
        examples: examples.len(),
        counterexamples: counterexamples.len(),
        ..Judged::default()
    };
    let mut worker = reader.worker();
    let all = examples.iter().map(|s| (true, s)).chain(counterexamples.iter().map(|s| (false, s)));
    for (yes, sentence) in all {
        let sure = worker.analyse_text(&sentence.text, &Given::default(), |a| {
            let events = a.coding.events.iter().filter(|e| e.kind == kind);
            events.map(|e| e.confidence).reduce(f32::max)
        });
        match (yes, sure) {
            (true, Some(_)) => judged.found += 1,
            (false, Some(_)) => judged.fired += 1,
            _ => {}
        }
        if yes != sure.is_some() {
            judged.wrong.push(Wrong {
                line: sentence.line,
                example: yes,
                p: f64::from(sure.unwrap_or(0.0)),
                words: shortened(sentence),
                like: None,
            });
        }
    }
    Ok(judged)
}

impl fmt::Display for Judged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Judged { found, examples, fired, counterexamples, .. } = self;
        writeln!(
            f,
            "kept from training: precision {}, recall {} ({found} of {examples} examples found; {fired} of {counterexamples} counterexamples taken for one)",
            share(*found, found + fired),
            share(*found, *examples),
        )?;
        self.wrong.iter().try_for_each(|wrong| writeln!(f, "  {wrong}"))
    }
}
