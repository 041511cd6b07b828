//! What a writer has at hand of the stored tellings, so that not all is read again for every report.

use crate::fill::Known;
use crate::join::Name;
use crate::mention::{Blocks, Mention};
use crate::sieve::Sieve;
use crate::told::{Rest, Told};
use crate::voice::Sketch;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// What a writer has at hand.
#[derive(Debug, Default)]
pub(crate) struct Held {
    pub tellings: FxHashMap<Name, Telling>,
    pub blocks: FxHashMap<i64, Vec<(Name, Sieve)>>,
    pub members: FxHashMap<i64, Vec<Name>>,
    pub voices: FxHashMap<i64, i64>,
    pub sketches: FxHashMap<i64, Arc<Sketch>>,
    /// Every print of the archive and some that it had, once many were asked for, with the first and the
    /// last era of reports that have it.
    pub prints: Option<FxHashMap<i64, [i32; 2]>>,
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
const MOST: usize = 60_000;
/// So many of them are kept where there are more.
const KEPT: usize = 30_000;

impl Held {
    pub fn clear(&mut self) {
        *self = Held::default();
    }

    /// Lets go of what later reports hardly ask for: that of reports that came long before the last.
    pub fn forget(&mut self) {
        let mut reports: Vec<i64> = self.tellings.keys().map(|name| name.0).collect();
        if reports.len() <= MOST {
            return;
        }
        let at = reports.len() - KEPT;
        let (_, &mut first, _) = reports.select_nth_unstable(at);
        let late = |name: &Name| name.0 >= first;
        self.tellings.retain(|name, _| late(name));
        // What is left is whole: each block, each episode with all that it had.
        self.blocks.retain(|_, filed| filed.last().is_some_and(|(name, _)| late(name)));
        self.members.retain(|_, members| members.last().is_some_and(late));
        self.voices.retain(|report, _| *report >= first);
        self.sketches.retain(|report, _| *report >= first);
        if self.known.parties.len() >= MOST {
            self.known = Known::default();
        }
    }
}
