//! Expressions of time, as TIMEX3 types and values, reckoned from the report's date.

use super::Time;
use crate::doc::Doc;
use dyad_lexicon::Lexicons;

pub fn find(_doc: &Doc<'_>, _lexicons: &Lexicons) -> Vec<Time> {
    Vec::new()
}
