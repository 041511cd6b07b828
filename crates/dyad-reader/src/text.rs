//! Report to sentences and tokens, at exact positions.

use crate::doc::Text;
use crate::report::Report;

/// Splits the body and the damaged passages into sentences and tokens; furniture yields none.
pub fn split(_report: &Report) -> Text {
    Text::default()
}
