//! The small network that tags and parses: word forms in, label indices out.
//!
//! Matrices are multiplied in whole numbers; every other sum is taken in one fixed order and no
//! multiplication is fused with an addition. So the outputs are the same bits on every machine and
//! whatever sentences are read together.
#![warn(missing_docs)]

mod form;
mod kernel;
mod network;
mod pairs;
mod product;
mod roles;
mod taps;
mod transformer;
mod tree;
mod weights;
mod words;

pub use kernel::{Level, shares};
pub use network::{Network, Reading, Scratch, Tags};
pub use pairs::{PairHead, Rowed, Stretch};
pub use roles::{Keys, OTHERS, RoleHead};
pub use taps::TapHead;
pub use transformer::{Rooms, Transformer};
pub use weights::{Weights, WeightsError};
pub use words::WordHead;

/// Sentences longer than this must be cut by the caller: arcs cost the square of the length.
pub const LONGEST_SENTENCE: usize = 160;
