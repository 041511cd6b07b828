//! The head that scores each word (`models/damage_head.bin`).

use super::bonds::BONDS;
use super::odd::Odd;
use super::quotes::Quotes;
use dyad_neural::{Level, TapHead, Weights, WeightsError};
use std::sync::LazyLock;

static FILE: &[u8] = include_bytes!("../../../../models/damage_head.bin");

/// Numbers in a row of the ear.
const EAR: usize = 256;
/// Numbers of what is odd about a word.
const ODD: usize = 38;
/// What the head looks at of each word.
pub const NUMBERS: usize = EAR + ODD + BONDS;
/// A score of one, in whole numbers.
const ONE: f32 = 64.0;
/// Scores are held at this.
const TOP: f32 = 2_000.0;

#[derive(Debug)]
pub struct Head {
    taps: TapHead,
    level: Level,
    version: String,
    ear: String,
}

impl Head {
    /// The head that ships with the reader; none where its file is no such head.
    pub fn builtin() -> Option<&'static Head> {
        static BUILTIN: LazyLock<Option<Head>> = LazyLock::new(|| Head::from_bytes(FILE).ok());
        BUILTIN.as_ref()
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, WeightsError> {
        let mut weights = Weights::read(bytes)?;
        let taps = TapHead::new(&mut weights, "damage", NUMBERS)?;
        let version = format!("damage-{:016x}", weights.digest());
        let ear = weights.names("ear")?.concat();
        Ok(Head { taps, level: Level::best(), version, ear })
    }

    /// What names these weights.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The version of the ear on whose rows it was trained.
    pub fn ear(&self) -> &str {
        &self.ear
    }

    /// A score for each word; above nought it is rather damaged than not.
    pub fn scores(&self, numbers: &[f32], lengths: &[usize]) -> Vec<i32> {
        let scores = self.taps.run(self.level, numbers, lengths);
        scores.into_iter().map(|s| (s * ONE).clamp(-TOP, TOP).round() as i32).collect()
    }
}

/// What is odd about a word, in numbers of about the size of the ear's. `sentences` is how many the report has.
pub fn numbers(
    odd: &Odd,
    next: Option<&Odd>,
    quotes: &Quotes,
    at: u32,
    sentences: usize,
) -> [f32; ODD] {
    let of = |number: i32| number as f32 / 64.0;
    let is = |sign: bool| f32::from(u8::from(sign));
    let behind = |of: fn(&Odd) -> i32, else_: i32| next.map_or(else_, of);
    [
        of(odd.common),
        of(odd.after),
        of(odd.low),
        of(odd.skip),
        of(behind(|o| o.after, 255)),
        of(behind(|o| o.low, 120)),
        of(behind(|o| o.skip, 255)),
        of(odd.split),
        of(odd.rejoined),
        of(odd.undone),
        of(odd.runs),
        of(odd.cut),
        of(odd.tail),
        of(odd.parts),
        of(odd.close),
        is(odd.rare),
        is(odd.unknown),
        is(odd.inner),
        is(odd.digits),
        is(odd.joined),
        is(odd.small),
        is(odd.upper),
        is(odd.name),
        is(odd.common == 0),
        is(odd.listed),
        is(odd.made),
        is(odd.common == 0 && !odd.listed && !odd.made && !odd.upper),
        is(odd.upper && odd.common == 0 && !odd.name),
        odd.again as f32,
        is(odd.again > 0),
        odd.pair_again as f32,
        is(odd.pair_again > 0),
        behind(|o| o.pair_again, 0) as f32,
        odd.like as f32,
        odd.torn as f32,
        is(quotes.holds(at)),
        of((quotes.signs() as i32 * 8).min(128)),
        of((sentences as i32 * 4).min(128)),
    ]
}
