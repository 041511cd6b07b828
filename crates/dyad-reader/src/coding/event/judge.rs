//! What a head over rows of numbers tells of two sides: of the ear's own rows (`models/ear_pair.bin`),
//! and of a larger encoder's in the deep tier. Its scores are weighed with those of the linear models.

use crate::doc::Doc;
use crate::span::Span;
use dyad_neural::{Level, PairHead, Rowed, Stretch, Weights, WeightsError};
use std::cell::{OnceCell, RefCell};
use std::ops::Range;
use std::rc::Rc;

/// Scores of the roots, and of the pair's being joined.
pub const SCORES: usize = 16;

/// Numbers in a row of the ear.
const EAR: usize = 256;

/// How much what was said before and this head count for the roots, then the same for what is joined
/// with what is added to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Blend {
    pub roots: [f32; 2],
    pub joined: [f32; 3],
}

impl Blend {
    /// The logits of the roots, weighed with these scores.
    pub fn weigh(&self, logits: &mut [f32; SCORES - 1], scores: &[f32; SCORES]) {
        for (before, score) in logits.iter_mut().zip(scores) {
            *before = *before * self.roots[0] + score * self.roots[1];
        }
    }

    /// The logit of being joined, weighed with these scores.
    pub fn weigh_joined(&self, logit: f32, scores: &[f32; SCORES]) -> f32 {
        let [before, own, more] = self.joined;
        logit * before + scores[SCORES - 1] * own + more
    }
}

/// A head with how much it counts.
#[derive(Debug)]
pub struct Judge {
    pairs: PairHead,
    pub blend: Blend,
}

impl Judge {
    /// The head `pair` of a weights file, over rows of `width` numbers.
    pub fn new(weights: &mut Weights, width: usize) -> Result<Self, WeightsError> {
        let wanted = |name: &str, wanted: &str| WeightsError::Shape {
            name: name.to_owned(),
            wanted: wanted.to_owned(),
        };
        let [a, b, c, d, e] = *weights.floats("blend", &[5])? else {
            return Err(wanted("blend", "five numbers"));
        };
        let pairs = PairHead::new(weights, "pair", width)?;
        if pairs.classes() != SCORES {
            return Err(wanted("pair.out.bias", "sixteen numbers"));
        }
        Ok(Judge { pairs, blend: Blend { roots: [a, b], joined: [c, d, e] } })
    }

    /// Takes in rows of which pairs will be asked.
    pub fn hear(&self, rows: &[f32]) -> Heard {
        Heard { rowed: self.pairs.rowed(rows), sides: RefCell::default() }
    }

    /// The scores of two stretches of rows, neither of them empty.
    pub fn scores(
        &self,
        level: Level,
        heard: &Heard,
        sides: [Range<usize>; 2],
    ) -> Option<[f32; SCORES]> {
        let [a, b] = sides.map(|words| heard.side(&self.pairs, level, words));
        self.pairs.run(level, &heard.rowed, [&a, &b]).try_into().ok()
    }
}

/// Rows of which pairs are asked, and the sides met so far.
#[derive(Debug)]
pub struct Heard {
    rowed: Rowed,
    sides: RefCell<Vec<(Range<usize>, Rc<Stretch>)>>,
}

impl Heard {
    fn side(&self, head: &PairHead, level: Level, words: Range<usize>) -> Rc<Stretch> {
        let mut sides = self.sides.borrow_mut();
        if let Some((_, known)) = sides.iter().find(|(of, _)| *of == words) {
            return Rc::clone(known);
        }
        let made = Rc::new(head.stretch(level, &self.rowed, words.clone()));
        sides.push((words, Rc::clone(&made)));
        made
    }
}

/// The head over the ear's rows.
#[derive(Debug)]
pub struct EarPairs {
    judge: Judge,
    level: Level,
    version: String,
    ear: String,
}

impl EarPairs {
    /// The head that ships with this crate.
    pub fn builtin() -> Self {
        Self::from_bytes(include_bytes!("../../../../../models/ear_pair.bin"))
            .expect("models/ear_pair.bin was checked by this crate's tests")
    }

    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WeightsError> {
        let mut weights = Weights::read(bytes)?;
        let judge = Judge::new(&mut weights, EAR)?;
        let version = format!("pair-{:016x}", weights.digest());
        let ear = weights.names("ear")?.concat();
        Ok(EarPairs { judge, level: Level::best(), version, ear })
    }

    /// What names these weights.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The version of the ear on whose rows it was trained. Those of another mean nothing to it.
    pub fn ear(&self) -> &str {
        &self.ear
    }

    pub fn blend(&self) -> Blend {
        self.judge.blend
    }

    /// The scores of two sides in their sentences; nothing where a side has no words or the words
    /// have no rows. `whole` keeps what was heard of the whole doc.
    pub fn scores(
        &self,
        doc: &Doc<'_>,
        whole: &OnceCell<Heard>,
        sides: [Span; 2],
    ) -> Option<[f32; SCORES]> {
        let [a, b] = sides.map(|side| doc.words_in(side));
        if a.is_empty() || b.is_empty() {
            return None;
        }
        let of = |word: u32| &doc.sentences[doc.word(word).sentence as usize].words;
        let start = of(a.start.min(b.start)).start;
        let end = of(a.end.max(b.end) - 1).end;
        let rows = doc.rows(start..end)?;
        let near = |words: Range<u32>| (words.start - start) as usize..(words.end - start) as usize;
        let sides = [near(a), near(b)];
        if (end - start) as usize == doc.words.len() {
            let heard = whole.get_or_init(|| self.judge.hear(rows));
            return self.judge.scores(self.level, heard, sides);
        }
        self.judge.scores(self.level, &self.judge.hear(rows), sides)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Given, Reader};

    #[test]
    fn only_the_sentences_of_the_sides_are_looked_at() {
        let (reader, pairs) = (Reader::builtin().unwrap(), EarPairs::builtin());
        let scores = |text: &str| {
            reader.worker().analyse_text(text, &Given::default(), |a| {
                let at = |name: &str| {
                    let start = text.find(name).unwrap();
                    Span::new(start, start + name.len())
                };
                pairs.scores(a.doc, &OnceCell::new(), [at("Chad"), at("Mali")])
            })
        };
        let alone = scores("Chad asked Mali for help.").expect("both sides have words");
        assert!(alone.iter().all(|score| score.is_finite()));
        let among = scores("Rain fell in Togo. Chad asked Mali for help. Nobody came.");
        assert_eq!(among, Some(alone));
        assert_ne!(scores("Mali asked Chad for help."), Some(alone));
        let apart = scores("Chad spoke. Nobody came. Mali listened.");
        assert!(apart.is_some_and(|scores| scores != alone));
    }

    #[test]
    fn without_rows_or_words_there_are_no_scores() {
        let (reader, pairs) = (Reader::builtin().unwrap(), EarPairs::builtin());
        reader.worker().analyse_text("Chad asked Mali.", &Given::default(), |a| {
            let [chad, mali, blank] = [(0, 4), (11, 15), (4, 4)].map(|(s, e)| Span::new(s, e));
            assert_eq!(pairs.scores(a.doc, &OnceCell::new(), [chad, blank]), None);
            let (sentences, words) = (a.doc.sentences.clone(), a.doc.words.clone());
            let bare = Doc::new(a.doc.report, sentences, words, Vec::new());
            assert_eq!(pairs.scores(&bare, &OnceCell::new(), [chad, mali]), None);
        });
    }

    #[test]
    fn a_file_without_its_parts_is_refused() {
        let ear = include_bytes!("../../../../../models/ear.bin");
        let said = EarPairs::from_bytes(ear).unwrap_err().to_string();
        assert!(said.contains("blend"), "{said}");
        let deep = include_bytes!("../../../../../models/deep.bin");
        let said = EarPairs::from_bytes(deep).unwrap_err().to_string();
        assert!(said.contains("pair.ask"), "{said}");
    }
}
