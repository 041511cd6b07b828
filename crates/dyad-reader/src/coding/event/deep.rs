//! The deep tier: a larger encoder reads the words of a sentence, and a head of it tells of two sides
//! what the linear models tell, so that the two can be weighed together. It also reads several
//! sentences at once, and other heads tell of a word which acts it tells, and of an act which words
//! name its sides.

use super::judge::{self, Blend, Judge, SCORES};
use super::pair::Root;
use super::trigger::Beliefs;
use crate::doc::{Doc, WordId};
use crate::span::Span;
use dyad_neural::{Keys, OTHERS, RoleHead, Rooms, Transformer, Weights, WeightsError, WordHead};
use std::ops::Range;

/// How many pieces of what was read before are read again, so that a sentence is seen with others.
const AGAIN: usize = 48;

/// The encoder and its heads, from `models/deep.bin`.
#[derive(Debug)]
pub struct Deep {
    encoder: Transformer,
    judge: Judge,
    words: WordHead,
    roles: [RoleHead; 2],
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

/// A report as the encoder has read it, several sentences at once.
#[derive(Debug)]
pub struct View<'a> {
    deep: &'a Deep,
    parts: Vec<Part>,
    /// What each word tells, and the part in which it was read with most before it.
    words: Vec<Option<(usize, Beliefs)>>,
}

/// Sentences that were read at once.
#[derive(Debug)]
struct Part {
    words: Range<WordId>,
    /// The row of each word's first piece.
    rows: Vec<f32>,
    keys: [Keys; 2],
}

/// Who has one role in an act: how likely it is each of some words, nobody, or either side the other's.
#[derive(Debug)]
pub struct Shares {
    pub words: Range<WordId>,
    pub each: Vec<f32>,
    pub nobody: f32,
    pub each_other: f32,
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
        let width = encoder.width();
        let judge = Judge::new(&mut weights, width)?;
        let words = WordHead::new(&mut weights, "wide", width)?;
        let classes = Root::ALL.len();
        if words.classes() != classes {
            return Err(wanted("wide.out.bias", "fifteen numbers"));
        }
        let mut role = |name| RoleHead::new(&mut weights, name, width, classes);
        let roles = [role("wide.does")?, role("wide.gets")?];
        let end = |name| encoder.piece(name).ok_or_else(|| wanted("pieces", name));
        let ends = [end("[CLS]")?, end("[SEP]")?];
        let version = format!("deep-{:016x}", weights.digest());
        Ok(Deep { encoder, judge, words, roles, ends, version })
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

    /// Reads a report, as many sentences at once as there is room for.
    pub fn view(&self, doc: &Doc<'_>) -> View<'_> {
        let room = self.encoder.longest() - 2;
        let pieces: Vec<Vec<u32>> = doc
            .words
            .iter()
            .map(|word| self.encoder.pieces(word.span.of(&doc.report.text)))
            .collect();
        let mut before = vec![0];
        before.extend(pieces.iter().scan(0, |sum, of| {
            *sum += of.len();
            Some(*sum)
        }));
        let size = |words: Range<WordId>| before[words.end as usize] - before[words.start as usize];
        let mut view = View { deep: self, parts: Vec::new(), words: vec![None; doc.words.len()] };
        let (mut rooms, mut start, mut new) = (Rooms::default(), 0, 0);
        let count = doc.words.len() as WordId;
        let ends: Vec<WordId> = doc.sentences.iter().map(|s| s.words.end).collect();
        while new < count {
            // As many whole sentences as there is room for, or what there is room for of one.
            let fits = |end: &WordId| size(start..*end) <= room;
            let whole =
                ends.iter().copied().filter(|end| *end > new).take_while(|e| fits(e)).last();
            let end = whole
                .unwrap_or_else(|| (new + 1..=count).take_while(|e| fits(e)).last().unwrap_or(new));
            if end == new {
                // Nothing new has room behind what is read again, or a word is longer than all.
                (start, new) = if start < new { (new, new) } else { (new + 1, new + 1) };
                continue;
            }
            view.read(&mut rooms, &pieces, start..end, new);
            new = end;
            let starts = doc.sentences.iter().map(|s| s.words.start);
            start = starts.filter(|s| *s <= new && size(*s..new) <= AGAIN).min().unwrap_or(new);
        }
        view
    }
}

impl View<'_> {
    /// Reads some words; those from `new` on are heard here.
    fn read(&mut self, rooms: &mut Rooms, pieces: &[Vec<u32>], words: Range<WordId>, new: WordId) {
        let deep = self.deep;
        let (width, level) = (deep.encoder.width(), deep.encoder.level());
        let mut all = vec![deep.ends[0]];
        let mut first = Vec::new();
        for word in &pieces[words.start as usize..words.end as usize] {
            first.push(all.len());
            all.extend(word);
        }
        all.push(deep.ends[1]);
        let made = deep.encoder.run(rooms, &all);
        let rows: Vec<f32> =
            first.iter().flat_map(|at| &made[at * width..(at + 1) * width]).copied().collect();
        for word in new.max(words.start)..words.end {
            let row = &rows[(word - words.start) as usize * width..][..width];
            let beliefs = Beliefs::of_scores(&deep.words.run(level, row));
            self.words[word as usize] = Some((self.parts.len(), beliefs));
        }
        let keys = [0, 1].map(|role: usize| deep.roles[role].keys(level, &rows));
        self.parts.push(Part { words, rows, keys });
    }

    /// How likely a word tells an act of each root; none of a word that had no room.
    pub fn beliefs(&self, word: WordId) -> Option<&Beliefs> {
        self.words[word as usize].as_ref().map(|(_, beliefs)| beliefs)
    }

    /// Who does the act of this root that a word tells, and to whom.
    pub fn sides(&self, word: WordId, root: Root) -> Option<[Shares; 2]> {
        let (part, _) = self.words[word as usize].as_ref()?;
        let part = &self.parts[*part];
        let (width, level) = (self.deep.encoder.width(), self.deep.encoder.level());
        let row = &part.rows[(word - part.words.start) as usize * width..][..width];
        let class = Root::ALL.iter().position(|r| *r == root)?;
        Some([0, 1].map(|role: usize| {
            let mut each = self.deep.roles[role].shares(level, row, class, &part.keys[role]);
            let others = each.split_off(each.len() - OTHERS);
            Shares { words: part.words.clone(), each, nobody: others[0], each_other: others[1] }
        }))
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
    fn every_word_of_a_long_report_is_heard_and_asked() {
        let (reader, deep) = (Reader::builtin().unwrap(), Deep::builtin());
        let long = format!("Chad {}bombed Mali.", "again and again ".repeat(120));
        let text = format!("{}{long}", "Rebels shelled a village in Togo. ".repeat(80));
        reader.worker().analyse_text(&text, &Given::default(), |a| {
            let view = deep.view(a.doc);
            assert!(view.parts.len() > 2);
            for word in 0..a.doc.words.len() as WordId {
                assert!(view.beliefs(word).is_some(), "word {word}");
                for role in view.sides(word, Root::Assault).unwrap() {
                    assert_eq!(role.each.len(), role.words.len());
                    let sum: f32 = role.each.iter().sum::<f32>() + role.nobody + role.each_other;
                    assert!((sum - 1.0).abs() < 1e-3, "{sum}");
                }
            }
            assert_eq!(view.beliefs(1).unwrap().best().0, Root::Assault);
        });
    }

    #[test]
    fn a_file_without_its_parts_is_refused() {
        let ear = include_bytes!("../../../../../models/ear.bin");
        let said = Deep::from_bytes(ear).unwrap_err().to_string();
        assert!(said.contains("words"), "{said}");
    }
}
