//! What parties and places go by across reports, in one number each, so that comparing them is quick.

use crate::voice::mix;
use serde::{Deserialize, Serialize};

/// Marks a key that is a name in lower case, where codes are the other keys.
pub(crate) const NAME: char = '~';

/// A key of up to seven bytes is these, a longer one a hash of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Key(u64);

const HASHED: u64 = 1 << 63;
const NAMED: u64 = 1 << 62;

impl Key {
    /// The key is an organisation's name, beside which its code may stand.
    pub fn is_name(self) -> bool {
        self.0 & NAMED != 0
    }

    /// The country in it, where it is one with or without a sector behind.
    pub fn country(self) -> Option<u64> {
        let bytes = self.0.to_le_bytes();
        let letters = bytes[..3].iter().all(u8::is_ascii_uppercase);
        let whole = self.0 & (HASHED | NAMED) == 0 && letters && matches!(bytes[3], 0 | b' ');
        whole.then_some(self.0 & 0xFF_FFFF)
    }

    /// One of so many bits, by which most keys are told apart.
    pub fn bit(self, bits: u32) -> u64 {
        1 << (mix(self.0) % u64::from(bits))
    }

    /// A hash of it for one of some purposes.
    pub fn mixed(self, class: u64, span: u64) -> u32 {
        (mix(self.0 ^ mix(class << 8 | span)) >> 32) as u32
    }
}

impl From<&str> for Key {
    fn from(text: &str) -> Key {
        let named = if text.starts_with(NAME) { NAMED } else { 0 };
        let bytes = text.as_bytes();
        // The two marks stand in the eighth byte.
        if bytes.len() < 8 {
            return Key(bytes.iter().rev().fold(0, |n, b| n << 8 | u64::from(*b)) | named);
        }
        let hash = bytes.iter().fold(0xCBF2_9CE4_8422_2325, |h: u64, b| {
            (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01B3)
        });
        Key(mix(hash) & !(HASHED | NAMED) | HASHED | named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_key_has_a_number_of_its_own() {
        let keys = ["", "RUS", "RUS REB", "RUS OPP", "RU", "~rus", "~polar council", "~polar club"];
        let numbers: BTreeSet<Key> = keys.iter().map(|k| Key::from(*k)).collect();
        assert_eq!(numbers.len(), keys.len());
        assert!(keys.iter().all(|k| Key::from(*k).is_name() == k.starts_with(NAME)));
        let country = |k: &str| Key::from(k).country();
        assert_eq!(country("RUS REB"), country("RUS"));
        assert!(country("RUS").is_some_and(|c| country("UKR") != Some(c)));
        assert_eq!(["", "RU", "~rus", "NATO", "~polar club"].map(country), [None; 5]);
    }
}
