//! Actors: who is named, described or meant by a pronoun, and which state and office is theirs.

use super::{Actor, ActorMention, Place, PlaceMention};
use crate::doc::Doc;
use dyad_lexicon::Lexicons;

pub fn find(
    _doc: &Doc<'_>,
    _lexicons: &Lexicons,
    _places: &[Place],
    _place_mentions: &[PlaceMention],
) -> (Vec<Actor>, Vec<ActorMention>) {
    (Vec::new(), Vec::new())
}
