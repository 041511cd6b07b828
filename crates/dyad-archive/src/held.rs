//! What a writer has at hand of the stored tellings, so that not all is read again for every report.

use crate::fill::Known;
use crate::join::Name;
use crate::mention::{Blocks, Mention};
use crate::sieve::Sieve;
use crate::told::{Rest, Told};
use crate::voice::Sketch;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// What a writer has at hand.
#[derive(Debug, Default)]
pub(crate) struct Held {
    pub tellings: FxHashMap<Name, Telling>,
    pub blocks: FxHashMap<i64, Vec<(Name, Sieve)>>,
    pub members: FxHashMap<i64, Vec<Name>>,
    pub voices: FxHashMap<i64, i64>,
    pub sketches: FxHashMap<i64, Arc<Sketch>>,
    /// Every print of the archive and some that it had, once many were asked for.
    pub prints: Option<FxHashSet<i64>>,
    pub known: Known,
}

#[derive(Clone, Debug)]
pub(crate) struct Telling {
    pub mention: Arc<Mention>,
    pub rest: Arc<[u8]>,
    /// The same before it was stored.
    pub told: Option<Arc<Rest>>,
    pub looked: Arc<[i64]>,
    pub sieve: Sieve,
    pub place: Option<(i64, f64)>,
}

/// A telling as it is filed: all that can be made without the archive.
#[derive(Debug)]
pub(crate) struct Filed {
    pub mention: Arc<Mention>,
    pub blocks: Blocks,
    pub rest: Arc<[u8]>,
    pub told: Arc<Rest>,
    /// Mention and rest as they are stored.
    pub bytes: Vec<u8>,
}

impl Filed {
    pub fn new(told: Told) -> Filed {
        let mut bytes = told.mention.to_bytes();
        let rest = told.rest.to_bytes();
        bytes.extend_from_slice(&rest);
        Filed {
            blocks: told.mention.blocks(),
            mention: told.mention,
            rest: rest.into(),
            told: told.rest,
            bytes,
        }
    }
}

/// So many tellings are held at the most when a transaction begins.
pub(crate) const MOST: usize = 60_000;

impl Held {
    pub fn clear(&mut self) {
        *self = Held::default();
    }

    /// Lets go of what later reports hardly ask for.
    pub fn forget(&mut self) {
        let Held { prints, known, .. } = std::mem::take(self);
        self.prints = prints;
        if known.parties.len() < MOST {
            self.known = known;
        }
    }
}
