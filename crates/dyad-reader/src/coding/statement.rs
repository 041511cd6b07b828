//! Who said what, and through whom.

use super::Statement;
use crate::doc::Doc;
use crate::mention::Mentions;
use dyad_lexicon::Lexicons;

pub fn find(_doc: &Doc<'_>, _mentions: &Mentions, _lexicons: &Lexicons) -> Vec<Statement> {
    Vec::new()
}
