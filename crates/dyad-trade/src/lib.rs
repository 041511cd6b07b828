//! Trade tables beside words: how two states depend on each other by the tables that people have,
//! and what reports said of it.
//!
//! ```
//! use dyad_trade::{Areas, Ledger};
//! use std::io::Cursor;
//!
//! // BACI: year, exporter, importer, product, thousands of dollars.
//! let table = "t,i,j,k,v,q\n\
//!     2022,643,156,270900,60,1\n2022,643,356,270900,40,1\n\
//!     2022,156,643,851713,70,1\n2022,156,842,851713,630,1\n";
//! let areas = Areas::builtin()?;
//! let mut ledger = Ledger::new(areas.state("Russia").unwrap(), areas.state("CHN").unwrap());
//! ledger.read("made-up.csv", Cursor::new(table), &areas)?;
//! let years = ledger.years(&areas, 3);
//! let [russia, china] = &years[0].sides;
//! assert_eq!(russia.exports.as_ref().unwrap().share, Some(0.6));
//! assert_eq!(china.exports.as_ref().unwrap().share, Some(0.1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Tables in, numbers out. Records come in as they are in an archive; nothing here reads reports.
#![forbid(unsafe_code)]

mod areas;
mod claims;
mod layout;
mod ledger;
mod measure;
mod plot;
mod read;

pub use areas::{Area, Areas, Scheme};
pub use claims::{Beside, Claim, Measure, claims};
pub use layout::Layout;
pub use ledger::{Flow, Ledger, Product};
pub use measure::{Alternative, Basis, Dependence, Side, Year};
pub use plot::{PlotError, plot};
pub use read::{Fault, Reading, TradeError, layout};
