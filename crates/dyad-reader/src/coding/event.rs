//! Who did what to whom: PLOVER and CAMEO codes with the status of each act.

use super::{Event, Statement};
use crate::doc::Doc;
use crate::mention::Mentions;
use dyad_lexicon::Lexicons;

pub fn find(
    _doc: &Doc<'_>,
    _mentions: &Mentions,
    _statements: &[Statement],
    _lexicons: &Lexicons,
) -> Vec<Event> {
    Vec::new()
}
