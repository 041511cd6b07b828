//! The file of the model: how common words and pairs are in news, weights of places, trees.

use std::sync::LazyLock;

static FILE: &[u8] = include_bytes!("../../../../models/damage.bin");
const MAGIC: &[u8] = b"DYADDMG2";
/// Buckets of places.
pub const BUCKETS: usize = 1 << 17;
/// A node's feature where it is a leaf.
const LEAF: u8 = 255;
/// Slots that are looked at for a key.
const PROBES: usize = 64;

#[derive(Debug)]
pub struct Model {
    bias: i32,
    bits: u32,
    roots: Vec<u32>,
    nodes: Vec<Node>,
    weights: &'static [u8],
    /// Of each slot a byte of the key's hash and how common the key is.
    slots: &'static [[u8; 2]],
}

#[derive(Debug)]
struct Node {
    feature: u8,
    bound: i16,
    left: i32,
    right: i32,
}

impl Model {
    /// The model that ships with the reader; none where its file is no such model.
    pub fn builtin() -> Option<&'static Model> {
        static BUILTIN: LazyLock<Option<Model>> = LazyLock::new(|| Model::read(FILE));
        BUILTIN.as_ref()
    }

    fn read(file: &'static [u8]) -> Option<Model> {
        let mut rest = file.strip_prefix(MAGIC)?;
        let bias = number(&mut rest)?;
        let bits = number(&mut rest)?.cast_unsigned();
        let trees = number(&mut rest)?.cast_unsigned() as usize;
        let count = number(&mut rest)?.cast_unsigned() as usize;
        let mut roots = Vec::with_capacity(trees);
        for _ in 0..trees {
            roots.push(number(&mut rest)?.cast_unsigned());
        }
        let mut nodes = Vec::with_capacity(count);
        for _ in 0..count {
            let (row, after) = rest.split_at_checked(12)?;
            let mut children = &row[4..];
            nodes.push(Node {
                feature: row[0],
                bound: i16::from_le_bytes([row[2], row[3]]),
                left: number(&mut children)?,
                right: number(&mut children)?,
            });
            rest = after;
        }
        let (weights, rest) = rest.split_at_checked(BUCKETS)?;
        let (slots, beyond) = rest.as_chunks();
        let whole = beyond.is_empty() && slots.len() == 1usize.checked_shl(bits)?;
        whole.then_some(Model { bias, bits, roots, nodes, weights, slots })
    }

    /// How common the key is: eighths of a power of two, nought where it was never seen.
    pub fn get(&self, key: Key) -> i32 {
        let value = key.0;
        let last = (1usize << self.bits) - 1;
        let mut at = (value >> (64 - self.bits)) as usize;
        let mark = ((value & 0xff) as u8).max(1);
        for _ in 0..PROBES {
            let [of, count] = self.slots[at];
            if count == 0 || of == mark {
                return i32::from(count);
            }
            at = (at + 1) & last;
        }
        0
    }

    /// The weight of what the key tells of a place.
    pub fn weight(&self, key: Key) -> i32 {
        i32::from(self.weights[(key.0 >> 47) as usize].cast_signed())
    }

    pub fn is_damaged(&self, signs: &[i32]) -> bool {
        let leaf = |root: &u32| {
            let mut at = *root as usize;
            // A tree has fewer levels than nodes, so that this ends whatever the file says.
            for _ in 0..self.nodes.len() {
                let Some(node) = self.nodes.get(at) else { break };
                if node.feature == LEAF {
                    return node.left;
                }
                let sign = signs.get(usize::from(node.feature)).copied().unwrap_or_default();
                at = if sign <= i32::from(node.bound) { node.left } else { node.right } as usize;
            }
            0
        };
        self.bias + self.roots.iter().map(leaf).sum::<i32>() > 0
    }
}

fn number(rest: &mut &'static [u8]) -> Option<i32> {
    let (bytes, after) = rest.split_first_chunk::<4>()?;
    *rest = after;
    Some(i32::from_le_bytes(*bytes))
}

/// A text that grows, by its hash (FNV-1a).
#[derive(Clone, Copy)]
pub struct Key(u64);

impl Key {
    pub const fn new(kind: u8) -> Self {
        Key(0xcbf2_9ce4_8422_2325).byte(kind)
    }

    pub const fn byte(self, byte: u8) -> Self {
        Key((self.0 ^ byte as u64).wrapping_mul(0x0100_0000_01b3))
    }

    pub fn text(self, text: &str) -> Self {
        text.bytes().fold(self, Key::byte)
    }

    /// A blank between two parts.
    pub fn and(self, text: &str) -> Self {
        self.byte(b' ').text(text)
    }

    pub fn number(self, number: i32) -> Self {
        let (tens, ones) = (number / 10, number % 10);
        let key = if tens > 0 { self.number(tens) } else { self };
        key.byte(b'0' + ones as u8)
    }

    pub fn and_number(self, number: i32) -> Self {
        self.byte(b' ').number(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_a_model() {
        let model = Model::builtin().unwrap();
        let word = |w: &str| model.get(Key::new(b'1').text(w));
        assert!(word("the") > word("government") && word("government") > word("harbour"));
        assert_eq!(word("govermnent"), 0);
        assert!(model.get(Key::new(b'2').text("of").and("the")) > 100);
    }

    #[test]
    fn numbers_are_written_as_decimals() {
        for n in [0, 7, 10, 31, 255] {
            assert_eq!(Key::new(b'm').number(n).0, Key::new(b'm').text(&n.to_string()).0);
        }
    }
}
