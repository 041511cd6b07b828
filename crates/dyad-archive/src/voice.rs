//! Which reports are near-copies of one text: an agency's dispatch printed by ten papers is one
//! voice. MinHash over shingles of words of the body, furniture left out.

use crate::quote::Quotes;
use dyad_record::{PassageKind, Record};
use std::collections::BTreeMap;

const SHINGLE: usize = 4;
const SLOTS: usize = 128;
/// Slots that must agree for two texts to be met at all; 32 bands of 4 find pairs of Jaccard 0.4
/// with probability 0.57, of 0.5 with 0.87, of 0.6 with 0.99.
const BAND: usize = 4;
/// Two independent accounts of one happening stay well below this; a dispatch cut or retouched by
/// an editor lies above.
const NEAR_COPY: f64 = 0.5;

/// The MinHash of one text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sketch(Vec<u32>);

impl Sketch {
    pub fn of(record: &Record) -> Sketch {
        let quotes = Quotes::new(&record.report.text);
        let mut words = Vec::new();
        let mut at = 0;
        let furniture = record.passages.iter().filter(|p| p.kind == PassageKind::Furniture);
        for passage in furniture {
            if passage.start > at {
                hash_words(quotes.of(at, passage.start), &mut words);
            }
            at = at.max(passage.end);
        }
        hash_words(quotes.of(at, quotes.len()), &mut words);
        let mut slots = vec![u32::MAX; SLOTS];
        for shingle in words.windows(SHINGLE.min(words.len().max(1))) {
            let hash = shingle.iter().fold(0u64, |h, w| mix(h.rotate_left(5) ^ w));
            for (i, slot) in slots.iter_mut().enumerate() {
                let draw = mix(hash ^ (i as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
                *slot = (*slot).min((draw >> 32) as u32);
            }
        }
        Sketch(slots)
    }

    /// Estimated Jaccard similarity of the two texts' shingles.
    pub fn similarity(&self, other: &Sketch) -> f64 {
        let same = self.0.iter().zip(&other.0).filter(|(a, b)| a == b).count();
        same as f64 / SLOTS as f64
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|slot| slot.to_le_bytes()).collect()
    }

    /// `None` where the bytes are not a sketch of this version.
    pub fn from_bytes(bytes: &[u8]) -> Option<Sketch> {
        let (slots, []) = bytes.as_chunks::<4>() else { return None };
        (slots.len() == SLOTS)
            .then(|| Sketch(slots.iter().map(|s| u32::from_le_bytes(*s)).collect()))
    }

    fn is_empty(&self) -> bool {
        self.0.iter().all(|slot| *slot == u32::MAX)
    }
}

/// The number of each text's voice: near-copies share one. Voices are numbered from 0 in the
/// order in which their first text comes.
pub fn voices(sketches: &[Sketch]) -> Vec<u32> {
    let mut first: Vec<usize> = (0..sketches.len()).collect();
    let mut bands: BTreeMap<(usize, &[u32]), Vec<usize>> = BTreeMap::new();
    for (i, sketch) in sketches.iter().enumerate().filter(|(_, s)| !s.is_empty()) {
        for (b, band) in sketch.0.chunks(BAND).enumerate() {
            let met = bands.entry((b, band)).or_default();
            for &j in met.iter() {
                if root(&first, i) != root(&first, j)
                    && sketch.similarity(&sketches[j]) >= NEAR_COPY
                {
                    let (a, b) = (root(&first, i), root(&first, j));
                    first[a.max(b)] = a.min(b);
                }
            }
            // Copies of one text fill a band together: its first stands for them.
            if !met.iter().any(|&j| root(&first, i) == root(&first, j)) {
                met.push(i);
            }
        }
    }
    let mut numbers = BTreeMap::new();
    (0..sketches.len())
        .map(|i| {
            let next = numbers.len() as u32;
            *numbers.entry(root(&first, i)).or_insert(next)
        })
        .collect()
}

fn root(first: &[usize], mut i: usize) -> usize {
    while first[i] != i {
        i = first[i];
    }
    i
}

/// The words of a text, lower case, without punctuation, hashed.
fn hash_words(text: &str, words: &mut Vec<u64>) {
    let parts = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    words.extend(parts.map(|word| {
        word.chars().flat_map(char::to_lowercase).fold(0xCBF2_9CE4_8422_2325, |h: u64, c| {
            (h ^ u64::from(u32::from(c))).wrapping_mul(0x0100_0000_01B3)
        })
    }));
}

fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}
