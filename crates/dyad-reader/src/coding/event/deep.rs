//! The deep tier: a larger encoder reads the words of a sentence, and a head of it tells of two sides
//! what the linear models tell, so that the two can be weighed together.

use super::judge::{self, Blend, Judge, SCORES};
use crate::doc::Doc;
use crate::span::Span;
use dyad_neural::{Rooms, Transformer, Weights, WeightsError};
use std::ops::Range;

/// The encoder and its head, from `models/deep.bin`.
#[derive(Debug)]
pub struct Deep {
    encoder: Transformer,
    judge: Judge,
    ends: [u32; 2],
    version: String,
}

/// A text as the encoder has read it.
#[derive(Debug)]
pub struct Heard {
    heard: judge::Heard,
    /// The rows of each word, of those that it had room for.
    words: Vec<Range<usize>>,
}

impl Deep {
    /// The model that ships with this crate.
    pub fn builtin() -> Self {
        Self::from_bytes(include_bytes!("../../../../../models/deep.bin"))
            .expect("models/deep.bin was checked by this crate's tests")
    }

    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WeightsError> {
        let mut weights = Weights::read(bytes)?;
        let wanted = |name: &str, wanted: &str| WeightsError::Shape {
            name: name.to_owned(),
            wanted: wanted.to_owned(),
        };
        let encoder = Transformer::new(&mut weights)?;
        let judge = Judge::new(&mut weights, encoder.width())?;
        let end = |name| encoder.piece(name).ok_or_else(|| wanted("pieces", name));
        let ends = [end("[CLS]")?, end("[SEP]")?];
        let version = format!("deep-{:016x}", weights.digest());
        Ok(Deep { encoder, judge, ends, version })
    }

    /// What names these weights.
    pub fn version(&self) -> &str {
        &self.version
    }

    pub fn blend(&self) -> Blend {
        self.judge.blend
    }

    /// Reads all words of a text, as far as there is room.
    pub fn hear(&self, doc: &Doc<'_>) -> Heard {
        let mut pieces = vec![self.ends[0]];
        let mut words = Vec::with_capacity(doc.words.len());
        for word in &doc.words {
            let of = self.encoder.pieces(word.span.of(&doc.report.text));
            if pieces.len() + of.len() >= self.encoder.longest() {
                break;
            }
            words.push(pieces.len()..pieces.len() + of.len());
            pieces.extend(of);
        }
        pieces.push(self.ends[1]);
        let mut rooms = Rooms::default();
        Heard { heard: self.judge.hear(self.encoder.run(&mut rooms, &pieces)), words }
    }

    /// The scores of two sides; nothing where one stands beyond what was read.
    pub fn scores(&self, doc: &Doc<'_>, heard: &Heard, sides: [Span; 2]) -> Option<[f32; SCORES]> {
        let rows = |side: Span| {
            let words = doc.words_in(side);
            let first = heard.words.get(words.start as usize)?;
            let last = heard.words.get(words.end.checked_sub(1)? as usize)?;
            (first.start < last.end).then_some(first.start..last.end)
        };
        let sides = [rows(sides[0])?, rows(sides[1])?];
        self.judge.scores(self.encoder.level(), &heard.heard, sides)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Given, Reader};

    #[test]
    fn a_side_beyond_what_there_was_room_for_has_no_scores() {
        let reader = Reader::builtin().unwrap();
        let deep = Deep::builtin();
        let text = format!("Chad asked Mali for help {}and Togo.", "again and again ".repeat(120));
        reader.worker().analyse_text(&text, &Given::default(), |a| {
            let heard = deep.hear(a.doc);
            let at = |name: &str| {
                let start = text.find(name).unwrap();
                Span::new(start, start + name.len())
            };
            let scores = |a_side, b| deep.scores(a.doc, &heard, [at(a_side), at(b)]);
            assert!(scores("Chad", "Mali").is_some_and(|s| s.iter().all(|v| v.is_finite())));
            assert_eq!(scores("Chad", "Togo"), None);
            assert_ne!(scores("Chad", "Mali"), scores("Mali", "Chad"));
        });
    }

    #[test]
    fn a_file_without_its_parts_is_refused() {
        let ear = include_bytes!("../../../../../models/ear.bin");
        let said = Deep::from_bytes(ear).unwrap_err().to_string();
        assert!(said.contains("words"), "{said}");
    }
}
