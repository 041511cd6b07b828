//! The archive: reports and what was read from them in one SQLite file, and what is said across
//! reports: episodes and disagreements.
//!
//! ```
//! # let dir = tempfile::tempdir().unwrap();
//! # let path = dir.path().join("mine.sqlite");
//! let mut archive = dyad_archive::Archive::open(&path)?; // made where there is none
//! # let records: Vec<dyad_record::Record> = Vec::new();
//! for record in &records {
//!     archive.add(record)?; // the same report twice changes nothing
//! }
//! assert_eq!(archive.summary()?.reports, 0);
//! # Ok::<(), dyad_archive::ArchiveError>(())
//! ```
//!
//! Takes records and knows nothing of how they are read. The answers' types are in
//! [`dyad_record::archive`]. [`episodes`] and [`join`] are pure and need no file.
#![forbid(unsafe_code)]

mod acts;
mod ask;
mod brief;
mod bulk;
mod conditions;
mod correct;
mod desk;
mod differ;
mod dispute;
mod episode;
mod error;
mod fill;
mod filter;
mod find;
mod foreign;
mod happening;
mod held;
mod items;
mod join;
mod kept;
mod keys;
mod lead;
mod memory;
mod mention;
mod names;
#[cfg(test)]
mod odesa;
mod outline;
mod pair;
mod put;
mod query;
mod quote;
mod row;
mod rows;
mod schema;
mod score;
mod sieve;
mod sql;
mod store;
mod story;
mod summary;
mod sweep;
mod told;
mod verify;
mod voice;
mod voices;
mod watch;

pub use acts::{Acted, Acts};
pub use brief::{html, markdown};
pub use differ::{Difference, differences};
pub use episode::episodes;
pub use error::ArchiveError;
pub use filter::{Filter, Side};
pub use foreign::Imported;
pub use happening::{Happening, Happenings, Spot};
pub use outline::Outline;
pub use put::Prepared;
pub use sql::{Answer, Reading};
pub use store::{Archive, Outcome};
pub use story::stories;
pub use summary::DyadMonth;
pub use verify::Fault;
pub use voice::{Sketch, voices};
pub use watch::{Notice, Rule, RuleError, rules};
