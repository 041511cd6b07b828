//! What linear models over hashed features share: gathering features by name, and weighing them.

/// Gathers features by name and hashes them into so many buckets.
pub(crate) struct Seen {
    buckets: usize,
    pub found: Vec<u32>,
}

impl Seen {
    pub fn new(buckets: usize) -> Self {
        Seen { buckets, found: Vec::with_capacity(64) }
    }

    pub fn add(&mut self, parts: &[&str]) {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for part in parts {
            for byte in part.bytes().chain([b'\t']) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
        self.found.push(((hash ^ (hash >> 32)) as usize % self.buckets) as u32);
    }

    /// Each once, in order.
    pub fn done(mut self) -> Vec<u32> {
        self.found.sort_unstable();
        self.found.dedup();
        self.found
    }
}

/// Why a weights file can't be used.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("{file}: {what}; make it again as its card beside it says")]
pub struct LinearError {
    file: &'static str,
    what: &'static str,
}

/// A linear model of `N` classes over hashed features: one byte a weight, summed as whole numbers.
/// Files are written by `training/pair.py`.
#[derive(Debug)]
pub(crate) struct Linear<const N: usize> {
    weights: Vec<i8>,
    scale: Vec<f32>,
    bias: Vec<f32>,
}

impl<const N: usize> Linear<N> {
    pub fn from_bytes(file: &'static str, bytes: &[u8], size: u32) -> Result<Self, LinearError> {
        let fail = |what| LinearError { file, what };
        let rest = bytes.strip_prefix(b"dyadpair").ok_or(fail("no linear model"))?;
        let (numbers, rest) = rest.split_at_checked(4 * (3 + 2 * N)).ok_or(fail("cut short"))?;
        let numbers = numbers.as_chunks::<4>().0;
        if numbers[..3] != [1, size, N as u32].map(u32::to_le_bytes) {
            return Err(fail("made for another version of the features"));
        }
        if rest.len() != size as usize * N {
            return Err(fail("cut short"));
        }
        let mut floats = numbers[3..].iter().map(|n| f32::from_le_bytes(*n));
        let scale = floats.by_ref().take(N).collect();
        let weights = rest.iter().map(|b| i8::from_le_bytes([*b])).collect();
        Ok(Linear { weights, scale, bias: floats.collect() })
    }

    pub fn logits(&self, features: &[u32]) -> [f32; N] {
        let mut sums = [0i32; N];
        for place in features {
            let at = *place as usize * N;
            for (sum, weight) in sums.iter_mut().zip(&self.weights[at..]) {
                *sum += i32::from(*weight);
            }
        }
        let norm = 1.0 / (features.len().max(1) as f32).sqrt();
        std::array::from_fn(|i| sums[i] as f32 * self.scale[i] * norm + self.bias[i])
    }

    /// The share of belief in each class.
    pub fn shares(&self, features: &[u32]) -> [f32; N] {
        shares(self.logits(features))
    }
}

/// Logits as shares of belief.
pub(crate) fn shares<const N: usize>(logits: [f32; N]) -> [f32; N] {
    let most = logits.iter().copied().fold(f32::MIN, f32::max);
    let shares = logits.map(|l| (l - most).exp());
    let total: f32 = shares.iter().sum();
    shares.map(|s| s / total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_none_is_refused() {
        let read =
            |bytes: &[u8]| Linear::<15>::from_bytes("models/x.bin", bytes, 8).unwrap_err().what;
        assert_eq!(read(b"dyadpair"), "cut short");
        assert_eq!(read(b"other"), "no linear model");
        let other = [&b"dyadpair"[..], &[0; 4 * 33]].concat();
        assert_eq!(read(&other), "made for another version of the features");
    }
}
