//! What the reader scores: on the field's own sets, and on the golden cases.
//!
//! The rule by which each set is scored stands in `docs/evaluation.md`.
#![forbid(unsafe_code)]

pub mod cases;
