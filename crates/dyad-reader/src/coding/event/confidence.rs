//! How likely an event is right: a logistic unit over what speaks for it and against it. Its weights
//! are `models/confidence.tsv`, made by `training/confidence.py`; `docs/confidence.md` shows how
//! often events of each confidence were right.

use super::head::{Belief, FOUND_BY};
use super::heard::FOUND_BY as HEARD_BY;
use super::pair::Root;
use super::wide::{FOUND_BY as SEEN_BY, Wide};
use crate::coding::{Event, Models};
use crate::doc::Doc;
use crate::mention::Mentions;
use crate::span::Span;
use dyad_record::How;
use rustc_hash::FxHashMap;

/// What an act stood on before its sides were weighed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Basis {
    /// How much its row asks for; none where no row gave it its type.
    pub asks: Option<u32>,
    pub belief: Option<Belief>,
    pub noun: bool,
    /// Another act carries it ("agreed to lift").
    pub carried: bool,
    /// A side was found in another sentence.
    pub lent: bool,
    /// A side in damaged words gave way to one from elsewhere.
    pub mended: bool,
}

/// Something that speaks for an event or against it, and how strongly it is there.
pub type Sign = (&'static str, f32);

/// What no row of the lexicon tells, but only what was trained, must be this likely; in the deep tier, which
/// has seen every act with the sentences around it, all must be.
const LEAST: f32 = 0.35;
const LEAST_DEEP: f32 = 0.3;

/// The weights by name, and how likely an act must be that only the models tell, and any.
#[derive(Debug)]
pub struct Model {
    weights: FxHashMap<String, f32>,
    least: f32,
    least_of_all: f32,
}

impl Model {
    /// The weights that ship with this crate.
    pub fn builtin() -> Self {
        Self::from_text(include_str!("../../../../../models/confidence.tsv"))
            .expect("models/confidence.tsv was checked by this crate's tests")
    }

    /// Those for what the deep tier believes.
    pub fn deep() -> Self {
        let model = Self::from_text(include_str!("../../../../../models/confidence_deep.tsv"))
            .expect("models/confidence_deep.tsv was checked by this crate's tests");
        Model { least: LEAST_DEEP, least_of_all: LEAST_DEEP, ..model }
    }

    /// Reads `sign`, tab, `weight` lines under a header; `#` begins a comment.
    pub fn from_text(text: &str) -> Result<Self, String> {
        let mut weights = FxHashMap::default();
        for (i, line) in text.lines().enumerate().filter(|(_, l)| !l.starts_with('#')).skip(1) {
            let cells = line.split_once('\t');
            let weight = cells.and_then(|(sign, w)| Some((sign, w.parse().ok()?)));
            let (sign, weight) = weight.ok_or(format!(
                "models/confidence.tsv: line {}: a sign, a tab and a number are wanted",
                i + 1
            ))?;
            weights.insert(sign.to_owned(), weight);
        }
        Ok(Model { weights, least: LEAST, least_of_all: 0.0 })
    }

    /// How much a sign counts, for or against.
    pub fn weight(&self, (name, strength): Sign) -> f32 {
        self.weights.get(name).map_or(0.0, |weight| weight * strength)
    }

    /// The same for those who fit the weights: every act is told, however unlikely.
    pub fn telling_all(mut self) -> Self {
        (self.least, self.least_of_all) = (0.0, 0.0);
        self
    }

    /// Whether an event that was weighed is to be told.
    pub(super) fn tells(&self, event: &Event) -> bool {
        let by_model = event.provenance.found_by.starts_with("head:");
        let least = if by_model { self.least } else { self.least_of_all };
        event.basis.is_none() || event.confidence >= least
    }

    pub fn probability(&self, signs: &[Sign]) -> f32 {
        let odds: f32 = signs.iter().map(|sign| self.weight(*sign)).sum();
        1.0 / (1.0 + (-odds).exp())
    }
}

/// Gives every event of the report's own rules and models its confidence.
pub(super) fn settle(
    doc: &Doc<'_>,
    mentions: &Mentions,
    events: &mut [Event],
    models: &Models,
    wide: Option<&Wide<'_>>,
) {
    for event in events {
        let Some(basis) = event.basis else { continue };
        let root = Root::of(event.kind, event.status);
        let beliefs = models.trigger.as_ref().and_then(|t| t.beliefs(doc, event.trigger_word));
        let word = root.zip(beliefs).map(|(root, beliefs)| beliefs.of(root));
        event.signs = signs(doc, mentions, event, basis, word);
        if let Some([word, does, gets]) = wide.and_then(|wide| wide.signs(event)) {
            event.signs.push(("the wider view was asked", 1.0));
            event.signs.push(("its belief in the words", odds(word)));
            event.signs.push(("its belief in who did it", odds(does)));
            event.signs.push(("its belief in whom it befell", odds(gets)));
            event.signs.push(("its belief in all of it", odds(word * does * gets)));
        }
        event.confidence = models.confidence.probability(&event.signs);
    }
}

fn odds(p: f32) -> f32 {
    (p / (1.0 - p).max(1e-3)).max(0.02).ln()
}

/// How much else the sentence tells is none of them: the marks of a training sentence name one pair
/// of sides, so that every further act would seem to speak against an act.
fn signs(
    doc: &Doc<'_>,
    mentions: &Mentions,
    event: &Event,
    basis: Basis,
    word: Option<f32>,
) -> Vec<Sign> {
    let mut found: Vec<Sign> = vec![("always", 1.0)];
    found.extend(event.kind.of_plover().map(|kind| (kind, 1.0)));
    let mut when = |holds: bool, name: &'static str| {
        if holds {
            found.push((name, 1.0));
        }
    };
    let (does, gets) = (!event.actors.is_empty(), !event.recipients.is_empty());
    when(does && gets || event.mutual, "both sides known");
    when(does && !gets && !event.mutual, "no recipient known");
    when(!does && gets, "no actor known");
    when(event.mutual, "joint act");
    when(event.provenance.found_by == FOUND_BY, "told by the pair model");
    when(event.provenance.found_by == HEARD_BY, "told by its word alone");
    when(event.provenance.found_by == SEEN_BY, "told by the wider view");
    when(basis.asks == Some(0), "a bare word");
    when(basis.noun, "told by a noun");
    when(basis.carried, "carried by another act");
    when(basis.mended, "a side in damaged words");
    when(super::touches_damage(doc, &event.provenance.evidence), "damaged words");
    when(event.statement.is_some(), "stands in a statement");
    let spans: Vec<Span> = [&event.actor_spans[..], &event.recipient_spans[..]].concat();
    let sentence = &doc.sentences[doc.word(event.trigger_word).sentence as usize];
    let lent = basis.lent || spans.iter().any(|s| !sentence.span.contains(*s));
    when(lent, "a side from another sentence");
    let mut named = mentions.actor_mentions.iter().filter(|m| spans.contains(&m.span));
    when(named.clone().any(|m| m.how == How::Pronoun), "a side by a pronoun");
    when(named.any(|m| m.how == How::Description), "a side by a description");
    found.push((event.status.as_str(), 1.0));
    if let Some(asks) = basis.asks {
        found.push(("what the row asks for", asks.min(6) as f32 / 6.0));
    }
    if let Some(belief) = basis.belief {
        found.push(("the pair model was asked", 1.0));
        found.push(("belief in the type", odds(belief.kind)));
        found.push(("belief that they are joined", odds(belief.joined)));
    }
    if let Some(word) = word {
        found.push(("its word was heard", 1.0));
        found.push(("belief in its word", odds(word)));
    }
    let far = spans.iter().filter(|s| sentence.span.contains(**s)).map(|s| {
        let words = doc.words_in(*s);
        words.start.abs_diff(event.trigger_word).min(words.end.abs_diff(event.trigger_word))
    });
    found.push(("distance to a side", (1.0 + far.max().unwrap_or(0) as f32).ln()));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_weights_are_sound() {
        let model = Model::builtin();
        let all = ["always", "both sides known", "belief in the type"];
        assert!(all.iter().all(|name| model.weights.contains_key(*name)));
        let told = model.probability(&[("always", 1.0), ("both sides known", 1.0)]);
        assert!(told > model.probability(&[("always", 1.0), ("no actor known", 1.0)]));
        assert_eq!(
            Model::from_text("sign\tweight\nx").unwrap_err(),
            "models/confidence.tsv: line 2: a sign, a tab and a number are wanted"
        );
    }
}
