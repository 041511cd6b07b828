//! Parses, checks and compiles the tables of `lexicons/`. Knows nothing of sentences.
#![forbid(unsafe_code)]

pub mod table;

pub use table::{Row, Table, TableError};
