//! What linear models over hashed features share: gathering features by name.

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
