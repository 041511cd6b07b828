//! Which reports are near-copies of one text: an agency's dispatch printed by ten papers is one
//! voice. MinHash over shingles of words of the body, furniture left out.

use crate::quote::Quotes;
use dyad_record::{PassageKind, Record};
use std::collections::BTreeMap;

const SHINGLE: usize = 4;
const SLOTS: usize = 128;
/// Two texts are met where one of so many slots agrees: pairs of Jaccard 0.3 with probability 0.94,
/// of 0.4 with 0.98.
const MET: usize = 8;
/// So much of the shorter text must stand in the longer one. Two independent accounts of one
/// happening stay well below; a dispatch cut or retouched by an editor lies above.
const NEAR_COPY: f64 = 0.6;

/// Of the reports that share a slot so many are compared, the first ones: some runs of words stand
/// everywhere, and a copy of a text much copied is a copy of its first prints.
pub(crate) const FIRST: usize = 24;

/// The MinHash of one text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sketch {
    slots: Vec<u32>,
    /// Number of different shingles.
    size: u32,
}

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
        let mut shingles: Vec<u64> = words
            .windows(SHINGLE.min(words.len().max(1)))
            .map(|shingle| shingle.iter().fold(0u64, |h, w| mix(h.rotate_left(5) ^ w)))
            .collect();
        shingles.sort_unstable();
        shingles.dedup();
        let mut slots = vec![u32::MAX; SLOTS];
        for hash in &shingles {
            for (i, slot) in slots.iter_mut().enumerate() {
                let draw = mix(hash ^ (i as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
                *slot = (*slot).min((draw >> 32) as u32);
            }
        }
        Sketch { slots, size: shingles.len() as u32 }
    }

    /// How much of the shorter text stands in the longer one, by estimate.
    pub fn overlap(&self, other: &Sketch) -> f64 {
        let shorter = self.size.min(other.size);
        if shorter == 0 {
            return 0.0;
        }
        let same = self.slots.iter().zip(&other.slots).filter(|(a, b)| a == b).count();
        let jaccard = same as f64 / SLOTS as f64;
        let both = jaccard / (1.0 + jaccard) * f64::from(self.size + other.size);
        (both / f64::from(shorter)).min(1.0)
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        let words = std::iter::once(&self.size).chain(&self.slots);
        words.flat_map(|word| word.to_le_bytes()).collect()
    }

    /// `None` where the bytes are not a sketch.
    pub fn from_bytes(bytes: &[u8]) -> Option<Sketch> {
        let (words, []) = bytes.as_chunks::<4>() else { return None };
        let (size, slots) = words.split_first()?;
        (slots.len() == SLOTS).then(|| Sketch {
            slots: slots.iter().map(|s| u32::from_le_bytes(*s)).collect(),
            size: u32::from_le_bytes(*size),
        })
    }

    /// Numbers of which near-copies share one.
    pub(crate) fn prints(&self) -> impl Iterator<Item = i64> {
        let met = if self.size == 0 { 0 } else { MET };
        (0..).zip(&self.slots[..met]).map(|(i, slot)| (i << 32) | i64::from(*slot))
    }

    pub(crate) fn is_near(&self, other: &Sketch) -> bool {
        self.overlap(other) >= NEAR_COPY
    }
}

/// The number of each text's voice: near-copies share one. Voices are numbered from 0 in the
/// order in which their first text comes.
pub fn voices(sketches: &[Sketch]) -> Vec<u32> {
    let mut first: Vec<usize> = (0..sketches.len()).collect();
    let mut prints: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (i, sketch) in sketches.iter().enumerate() {
        for print in sketch.prints() {
            let met = prints.entry(print).or_default();
            for &j in met.iter().take(FIRST) {
                if root(&first, i) != root(&first, j) && sketch.is_near(&sketches[j]) {
                    let (a, b) = (root(&first, i), root(&first, j));
                    first[a.max(b)] = a.min(b);
                }
            }
            met.push(i);
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

/// Spreads what differs in a few bits over all of them.
pub(crate) fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(text: &str) -> Record {
        let empty = serde_json::json!({
            "schema": "dyad/1", "passages": [], "events": [], "statements": [], "figures": [],
            "ties": [], "actors": [], "places": [], "times": [], "notes": [],
            "reader": {"program": "", "model": "", "lexicons": {}},
            "report": {"id": "x", "language": "en", "text": text}
        });
        serde_json::from_value(empty).unwrap()
    }

    /// A text of some numbered words, from one to another.
    fn text(from: u32, to: u32) -> String {
        (from..to).map(|i| format!("w{i} ")).collect()
    }

    #[test]
    fn a_cut_or_retouched_print_is_the_same_voice() {
        let whole = text(0, 400);
        let retouched = whole.replace("w200 ", "another word ").replace("w40 ", "");
        let texts = [whole, text(0, 150), retouched, text(1000, 1400), text(300, 900)];
        let sketches: Vec<_> = texts.iter().map(|t| Sketch::of(&record(t))).collect();
        assert_eq!(voices(&sketches), [0, 0, 0, 1, 2]);
    }

    #[test]
    fn texts_without_words_are_no_copies_of_each_other() {
        let sketches: Vec<_> = ["", "—", ""].iter().map(|t| Sketch::of(&record(t))).collect();
        assert_eq!(voices(&sketches), [0, 1, 2]);
    }

    #[test]
    fn a_sketch_comes_back_from_its_bytes() {
        let sketch = Sketch::of(&record("Some words of a report, and some more."));
        assert_eq!(Sketch::from_bytes(&sketch.to_bytes()), Some(sketch));
        assert_eq!(Sketch::from_bytes(b"abc"), None);
    }
}
