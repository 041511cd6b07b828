//! Where an act took place: a linear model over how each name of its sentence stands to it, trained
//! by `training/act_place.py` (card: `models/act_place.md`).

mod scene;

use crate::doc::{Doc, WordId};
use crate::mention::{Mentions, PlaceMention};
use scene::Scene;

/// Buckets into which features are hashed.
const BUCKETS: usize = 1 << 16;
const MAGIC: &[u8; 8] = b"dyadact1";
/// Magic; what an act without a place scores; how far a coordinated place may fall behind the best,
/// and below what a single one needs; then one signed byte a bucket.
const HEADER: usize = 20;
static WEIGHTS: &[u8] = include_bytes!("../../../../../../models/act_place.bin");

const _: () = {
    assert!(
        WEIGHTS.len() == HEADER + BUCKETS,
        "models/act_place.bin has another size: train it again"
    );
    let mut i = 0;
    while i < MAGIC.len() {
        assert!(WEIGHTS[i] == MAGIC[i], "models/act_place.bin is no such model: train it again");
        i += 1;
    }
};

fn number(at: usize) -> i32 {
    let at = MAGIC.len() + 4 * at;
    i32::from_le_bytes([WEIGHTS[at], WEIGHTS[at + 1], WEIGHTS[at + 2], WEIGHTS[at + 3]])
}

/// How well a name with these features fits. Whole numbers: the same everywhere.
fn score(features: &[u32]) -> i32 {
    features.iter().map(|f| i32::from(WEIGHTS[HEADER + *f as usize].cast_signed())).sum()
}

/// A name that may be the place of an act, with what is seen of it, as buckets.
#[derive(Clone, Debug)]
pub struct Candidate<'a> {
    pub mention: &'a PlaceMention,
    pub features: Vec<u32>,
    /// The first of the names that it is coordinated with.
    pub row: WordId,
}

/// Finds the places of the acts of one report.
#[derive(Debug)]
pub struct ActPlaces<'a> {
    doc: &'a Doc<'a>,
    mentions: &'a Mentions,
    entity_of: Vec<Option<u32>>,
}

impl<'a> ActPlaces<'a> {
    pub fn new(doc: &'a Doc<'a>, mentions: &'a Mentions) -> Self {
        let mut entity_of = vec![None; doc.words.len()];
        for (i, entity) in doc.entities.iter().enumerate() {
            entity_of[entity.words.start as usize..entity.words.end as usize].fill(Some(i as u32));
        }
        ActPlaces { doc, mentions, entity_of }
    }

    /// The places of the act that this word tells, as its own sentence names them: the best first,
    /// then those coordinated with it.
    pub fn of(&self, trigger: WordId) -> Vec<&'a PlaceMention> {
        let (none, behind, below) = (number(0), number(1), number(2));
        let mut scored: Vec<(i32, Candidate<'a>)> =
            self.candidates(trigger).into_iter().map(|c| (score(&c.features), c)).collect();
        scored.sort_by_key(|(score, c)| (std::cmp::Reverse(*score), c.mention.words.start));
        let Some((best, first)) = scored.first().filter(|(score, _)| *score > none) else {
            return Vec::new();
        };
        let mut found = vec![first.mention];
        for (score, c) in &scored[1..] {
            let close = *score > best - behind && *score > none - below;
            let beside = c.row == first.row && c.mention.head != first.mention.head;
            if close && beside && found.iter().all(|m| !m.span.touches(c.mention.span)) {
                found.push(c.mention);
            }
        }
        found
    }

    /// Every name of the sentence that may be the place of the act.
    pub fn candidates(&self, trigger: WordId) -> Vec<Candidate<'a>> {
        let words = &self.doc.sentences[self.doc.word(trigger).sentence as usize].words;
        let within = |all: &'a [PlaceMention]| {
            let from = all.partition_point(|m| m.words.start < words.start);
            let until = all.partition_point(|m| m.words.start < words.end);
            &all[from..until]
        };
        let sure = within(&self.mentions.place_mentions);
        let possible = within(&self.mentions.possible_places);
        let scene = Scene { of: self, trigger, above: self.above(trigger), sure, possible };
        let all = sure.iter().map(|m| (m, true)).chain(possible.iter().map(|m| (m, false)));
        all.filter(|(mention, is_sure)| *is_sure || !self.names_a_body(mention))
            .map(|(mention, is_sure)| scene.seen(mention, is_sure))
            .collect()
    }

    /// Whether a name that the gazetteer lacks is an organisation's ("at NATO").
    fn names_a_body(&self, mention: &PlaceMention) -> bool {
        let actor = self.mentions.headed_by(mention.head).map(|m| self.mentions.actor(m.actor));
        actor.is_some_and(|a| a.organisation.is_some())
    }

    fn above(&self, word: WordId) -> Vec<WordId> {
        self.doc.ancestors(word).take(40).collect()
    }
}
