//! Actors: who is named, described or meant by a pronoun, and which state and office is theirs.
//!
//! [`phrase`] finds the noun phrases and the names of the tables, [`read`] says what each phrase
//! names and to which side it belongs, [`resolve`] joins those that mean the same actor.

mod glued;
mod phrase;
mod read;
mod resolve;
#[cfg(test)]
mod tests;

use super::{Actor, ActorMention, Place, PlaceMention};
use crate::doc::Doc;
use dyad_lexicon::Lexicons;

pub use read::is_agentive;

/// Every actor, in the order of its first mention, and every mention in text order.
pub fn find(
    doc: &Doc<'_>,
    lexicons: &Lexicons,
    places: &[Place],
    place_mentions: &[PlaceMention],
) -> (Vec<Actor>, Vec<ActorMention>) {
    let (reading, candidates) = read::candidates(doc, lexicons, places, place_mentions);
    resolve::resolve(&reading, &candidates)
}
