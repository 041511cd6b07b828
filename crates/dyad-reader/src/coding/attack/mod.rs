//! Who had which part in the attacks of a report, also where nobody knows the name: those behind
//! them, whom and what they struck, and with what. PLOVER codes sides that are actors; the gunmen,
//! the bus and the bomb are told here.
//!
//! A linear model (`models/attack.bin`, card: `models/attack.md`) weighs everything that a report
//! names ([`candidate`]), all mentions of it together.

mod candidate;

use super::{Event, EventId, Participant};
use crate::doc::{Doc, WordId};
use crate::mention::Mentions;
use crate::mention::linear::{Linear, LinearError};
pub use candidate::{Candidate, candidates};
use dyad_lexicon::Acts;
use dyad_record::{EventType, Part, Status};

/// How many buckets the features are hashed into.
pub const SIZE: u32 = 1 << 17;
/// How sure the model must be of a part.
const LEAST: f32 = 0.15;

/// What gives a part its origin.
pub const FOUND_BY: &str = "head:attack";

/// How much each feature speaks for no part and for each of [`Part::ALL`].
#[derive(Debug)]
pub struct Model(Linear<6>);

impl Model {
    /// The model that ships with this crate.
    pub fn builtin() -> Self {
        Self::from_bytes(include_bytes!("../../../../../models/attack.bin"))
            .expect("models/attack.bin was checked by this crate's tests")
    }

    pub fn from_bytes(bytes: &[u8]) -> Result<Self, LinearError> {
        Linear::from_bytes("models/attack.bin", bytes, SIZE).map(Model)
    }

    /// The likeliest part of what shows these features, where one is likely enough.
    fn part(&self, features: &[u32]) -> Option<(Part, f32)> {
        let shares = self.0.shares(features);
        let parts = Part::ALL.iter().copied().zip(shares[1..].iter().copied());
        parts.max_by(|a, b| a.1.total_cmp(&b.1)).filter(|(_, share)| *share >= LEAST)
    }
}

/// The parts in attacks that are told as done.
pub fn find(
    doc: &Doc<'_>,
    mentions: &Mentions,
    events: &[Event],
    acts: &Acts,
    model: &Model,
) -> Vec<Participant> {
    let mut found = Vec::new();
    for candidate in candidates(doc, mentions, events, acts) {
        let Some((part, belief)) = model.part(&candidate.features) else { continue };
        let Some(event) = attack_of(doc, events, &candidate) else { continue };
        found.push(Participant {
            part,
            name: candidate.name,
            mentions: candidate.words.iter().map(|w| doc.words_span(w.clone())).collect(),
            actor: candidate.actor,
            event,
            confidence: belief,
        });
    }
    found
}

fn is_attack(event: &Event) -> bool {
    event.kind == EventType::Assault && matches!(event.status, Status::Happened | Status::Ongoing)
}

/// The attack of its own sentence, or else the closest one, that before it rather.
fn attack_of(doc: &Doc<'_>, events: &[Event], candidate: &Candidate) -> Option<EventId> {
    let sentence = |word: WordId| doc.word(word).sentence;
    let distance = |event: &Event| {
        let far = candidate.words.iter().map(|words| {
            let (own, other) = (sentence(words.start), sentence(event.trigger_word));
            (own.abs_diff(other), other > own, words.start.abs_diff(event.trigger_word))
        });
        far.min()
    };
    let attacks = events.iter().enumerate().filter(|(_, e)| is_attack(e));
    attacks.min_by_key(|(_, e)| distance(e)).map(|(i, _)| EventId(i as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_in_attacks_are_told_also_of_the_nameless() {
        let text = "Four masked gunmen opened fire with machine guns on the mayor's house in \
                    Tumaco on Friday and killed the mayor, Alvaro Quintero. A bomb destroyed the \
                    police station. The rebel National Front claimed the attack.";
        let reader = crate::Reader::builtin().unwrap();
        let told = reader.worker().analyse_text(text, &Default::default(), |a| {
            let all = a.coding.participants.iter();
            all.map(|p| (p.part, p.name.clone())).collect::<Vec<_>>()
        });
        for (part, name) in [
            (Part::Perpetrator, "four masked gunmen"),
            (Part::Victim, "alvaro quintero"),
            (Part::Weapon, "bomb"),
        ] {
            assert!(told.contains(&(part, name.to_owned())), "{part} {name}: {told:?}");
        }
        let calm = "The ministers of Norway and Iceland met in Oslo on Friday.";
        let calm = reader
            .worker()
            .analyse_text(calm, &Default::default(), |a| a.coding.participants.len());
        assert_eq!(calm, 0);
    }
}
