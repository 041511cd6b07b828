//! Numbers, what they count, and how sure and how they moved.

use super::{Figure, Time};
use crate::doc::Doc;
use dyad_lexicon::Lexicons;

pub fn find(_doc: &Doc<'_>, _lexicons: &Lexicons, _times: &[Time]) -> Vec<Figure> {
    Vec::new()
}
