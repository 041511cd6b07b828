//! What a single word tells, by the ear's row of it: how likely an act of each root (`models/trigger.bin`).
//! It needs no second side, so that acts of which one is known, or none, can be weighed too.

use super::pair::Root;
use crate::doc::{Doc, WordId};
use dyad_neural::{Level, Weights, WeightsError, WordHead};

/// Numbers in a row of the ear.
const EAR: usize = 256;

/// The head with the version of the ear on whose rows it was trained.
#[derive(Debug)]
pub struct Model {
    head: WordHead,
    level: Level,
    version: String,
    ear: String,
}

impl Model {
    /// The head that ships with this crate.
    pub fn builtin() -> Self {
        Self::from_bytes(include_bytes!("../../../../../models/trigger.bin"))
            .expect("models/trigger.bin was checked by this crate's tests")
    }

    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WeightsError> {
        let mut weights = Weights::read(bytes)?;
        let head = WordHead::new(&mut weights, "word", EAR)?;
        if head.classes() != Root::ALL.len() {
            let (name, wanted) = ("word.out.bias".to_owned(), "fifteen numbers".to_owned());
            return Err(WeightsError::Shape { name, wanted });
        }
        let version = format!("trigger-{:016x}", weights.digest());
        let ear = weights.names("ear")?.concat();
        Ok(Model { head, level: Level::best(), version, ear })
    }

    /// What names these weights.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The version of the ear on whose rows it was trained. Those of another mean nothing to it.
    pub fn ear(&self) -> &str {
        &self.ear
    }

    /// How likely the word tells an act of each root; none where it has no row.
    pub fn beliefs(&self, doc: &Doc<'_>, word: WordId) -> Option<Beliefs> {
        Some(Beliefs::of_scores(&self.head.run(self.level, doc.rows(word..word + 1)?)))
    }
}

/// How likely one word tells an act of each root.
#[derive(Clone, Debug, PartialEq)]
pub struct Beliefs(Vec<f32>);

impl Beliefs {
    /// From a score for each root, in their order.
    pub fn of_scores(scores: &[f32]) -> Self {
        Beliefs(scores.iter().map(|s| 1.0 / (1.0 + (-s).exp())).collect())
    }

    pub fn of(&self, root: Root) -> f32 {
        Root::ALL.iter().position(|r| *r == root).map_or(0.0, |at| self.0[at])
    }

    /// The likeliest root.
    pub fn best(&self) -> (Root, f32) {
        let at = (0..self.0.len()).fold(0, |b, i| if self.0[i] > self.0[b] { i } else { b });
        (Root::ALL[at], self.0[at])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Given, Reader};

    #[test]
    fn a_word_tells_by_itself_and_its_sentence() {
        let (reader, model) = (Reader::builtin().unwrap(), Model::builtin());
        assert_eq!(model.ear(), reader.model().version());
        reader.worker().analyse_text("Rebels shelled a village.", &Given::default(), |a| {
            let shelled = model.beliefs(a.doc, 1).unwrap();
            assert_eq!(shelled.best().0, Root::Assault);
            let village = model.beliefs(a.doc, 3).unwrap();
            assert!(shelled.of(Root::Assault) > village.of(Root::Assault));
        });
    }

    #[test]
    fn a_file_without_its_parts_is_refused() {
        let ear = include_bytes!("../../../../../models/ear.bin");
        let said = Model::from_bytes(ear).unwrap_err().to_string();
        assert!(said.contains("word.hidden"), "{said}");
    }
}
