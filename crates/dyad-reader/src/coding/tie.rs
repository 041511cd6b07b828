//! How two sides stand to each other as a lasting state.

use super::{Event, Statement, Tie};
use crate::doc::Doc;
use crate::mention::Mentions;
use dyad_lexicon::Lexicons;

pub fn find(
    _doc: &Doc<'_>,
    _mentions: &Mentions,
    _statements: &[Statement],
    _events: &[Event],
    _lexicons: &Lexicons,
) -> Vec<Tie> {
    Vec::new()
}
