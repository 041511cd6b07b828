//! Which instructions the machine has, and arithmetic over slices of floats. Sums are taken in one
//! fixed order and nothing is fused, so that wide and narrow machines agree to the bit.

/// Lanes of a sum over a row; a part of the format, not of the machine.
const LANES: usize = 16;

/// Which instructions to use. All give the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Whatever the compiler makes for the oldest machine of the target.
    Portable,
    /// 256-bit vectors.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// 512-bit vectors.
    #[cfg(target_arch = "x86_64")]
    Avx512,
    /// 512-bit vectors that multiply and add pairs of 16 bits in one step.
    #[cfg(target_arch = "x86_64")]
    Vnni,
    /// 128-bit vectors that multiply 16 bits into 32.
    #[cfg(target_arch = "aarch64")]
    Neon,
}

impl Level {
    /// Every level that this machine has, the best last.
    pub fn available() -> Vec<Level> {
        let mut found = vec![Level::Portable];
        #[cfg(target_arch = "x86_64")]
        {
            if std::arch::is_x86_feature_detected!("avx2") {
                found.push(Level::Avx2);
            }
            if std::arch::is_x86_feature_detected!("avx512f")
                && std::arch::is_x86_feature_detected!("avx512bw")
            {
                found.push(Level::Avx512);
                if std::arch::is_x86_feature_detected!("avx512vnni") {
                    found.push(Level::Vnni);
                }
            }
        }
        #[cfg(target_arch = "aarch64")]
        if std::arch::is_aarch64_feature_detected!("neon") {
            found.push(Level::Neon);
        }
        found
    }

    /// The best level that this machine has.
    pub fn best() -> Level {
        Level::available().pop().unwrap_or(Level::Portable)
    }
}

/// Makes one function for each level from one body: the compiler widens it, the arithmetic stays.
macro_rules! levelled {
    ($(#[$doc:meta])* fn $name:ident($($arg:ident: $type:ty),*) $body:block) => {
        $(#[$doc])*
        pub(crate) fn $name(level: $crate::kernel::Level, $($arg: $type),*) {
            use $crate::kernel::Level;
            #[inline(always)]
            fn body($($arg: $type),*) $body
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2")]
            fn avx2($($arg: $type),*) { body($($arg),*) }
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512bw")]
            fn avx512($($arg: $type),*) { body($($arg),*) }
            match level {
                Level::Portable => body($($arg),*),
                // SAFETY: a level is only made where the machine has it (`Level::available`).
                #[cfg(target_arch = "x86_64")]
                Level::Avx2 => unsafe { avx2($($arg),*) },
                // SAFETY: as above.
                #[cfg(target_arch = "x86_64")]
                Level::Avx512 | Level::Vnni => unsafe { avx512($($arg),*) },
                // every machine of this kind has NEON, and the compiler uses it
                #[cfg(target_arch = "aarch64")]
                Level::Neon => body($($arg),*),
            }
        }
    };
}
pub(crate) use levelled;

/// `1 / (1 + e^-x)` by our own polynomial: the C library's differs from machine to machine.
#[inline(always)]
fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// e to the x, to some 2 units in the last place; the ends are held at ±87.
#[inline(always)]
fn exp(x: f32) -> f32 {
    // adding this pushes the fraction out of a float, leaving the nearest whole number in its bits
    const ROUND: f32 = 12_582_912.0;
    let x = if x > 87.0 { 87.0 } else { x };
    let x = if x < -87.0 { -87.0 } else { x };
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let whole = shifted - ROUND;
    let r = x - whole * 0.693_359_4;
    let r = r - whole * -2.121_944_4e-4;
    let mut sum = 1.987_569_1e-4;
    sum = sum * r + 1.398_199_9e-3;
    sum = sum * r + 8.333_452e-3;
    sum = sum * r + 4.166_579_6e-2;
    sum = sum * r + 1.666_666_5e-1;
    sum = sum * r + 0.5;
    let value = sum * (r * r) + r + 1.0;
    let power = (shifted.to_bits() as i32).wrapping_sub(ROUND.to_bits() as i32).wrapping_add(127);
    value * f32::from_bits((power as u32) << 23)
}

/// Scores become shares of one.
pub fn shares(scores: &mut [f32]) {
    let top = scores.iter().copied().fold(f32::MIN, f32::max);
    scores.iter_mut().for_each(|score| *score = exp(*score - top));
    let total: f32 = scores.iter().sum();
    scores.iter_mut().for_each(|score| *score /= total);
}

levelled! {
    /// Each row over the root of its mean square, times the gain.
    fn normalise(x: &[f32], gain: &[f32], out: &mut [f32]) {
        let width = gain.len();
        for (row, out) in x.chunks_exact(width).zip(out.chunks_exact_mut(width)) {
            let mut lanes = [0.0f32; LANES];
            for part in row.chunks_exact(LANES) {
                for (lane, v) in lanes.iter_mut().zip(part) {
                    *lane += v * v;
                }
            }
            let scale = 1.0 / (fold(lanes) / width as f32 + 1e-6).sqrt();
            for ((o, v), g) in out.iter_mut().zip(row).zip(gain) {
                *o = v * scale * g;
            }
        }
    }
}

levelled! {
    /// Three taps a channel over the rows of one sentence.
    fn taps(x: &[f32], taps: &[f32], out: &mut [f32]) {
        let width = taps.len() / 3;
        let (left, rest) = taps.split_at(width);
        let (mid, right) = rest.split_at(width);
        for ((o, v), t) in out.chunks_exact_mut(width).zip(x.chunks_exact(width)).zip(std::iter::repeat(mid)) {
            for c in 0..width {
                o[c] = v[c] * t[c];
            }
        }
        for (o, v) in out.chunks_exact_mut(width).skip(1).zip(x.chunks_exact(width)) {
            for c in 0..width {
                o[c] += v[c] * left[c];
            }
        }
        for (o, v) in out.chunks_exact_mut(width).zip(x.chunks_exact(width).skip(1)) {
            for c in 0..width {
                o[c] += v[c] * right[c];
            }
        }
    }
}

levelled! {
    /// The recurrence over one sentence. A row of `gates` is forget, candidate and output gate; the
    /// first half of the channels goes forwards, the second backwards.
    fn scan(gates: &[f32], held: &mut [f32], out: &mut [f32]) {
        let width = held.len();
        let half = width / 2;
        let length = out.len() / width;
        held.fill(0.0);
        let (ahead, back) = held.split_at_mut(half);
        for step in 0..length {
            for (at, from, state) in [(step, 0, &mut *ahead), (length - 1 - step, half, &mut *back)] {
                let row = &gates[at * 3 * width..(at + 1) * 3 * width];
                let forget = &row[from..from + half];
                let fresh = &row[width + from..width + from + half];
                let gate = &row[2 * width + from..2 * width + from + half];
                let out = &mut out[at * width + from..at * width + from + half];
                for c in 0..half {
                    let f = sigmoid(forget[c]);
                    let h = fresh[c] * (1.0 - f) + f * state[c];
                    state[c] = h;
                    out[c] = h * (gate[c] * sigmoid(gate[c]));
                }
            }
        }
    }
}

/// The sum of the lanes, always in the same order.
#[inline(always)]
fn fold(mut lanes: [f32; LANES]) -> f32 {
    let mut half = LANES / 2;
    while half > 0 {
        for i in 0..half {
            lanes[i] += lanes[i + half];
        }
        half /= 2;
    }
    lanes[0]
}

levelled! {
    /// Each row less its mean, over its deviation, times the gain, plus the bias.
    fn layer_norm(x: &[f32], gain: &[f32], bias: &[f32], out: &mut [f32]) {
        let width = gain.len();
        for (row, out) in x.chunks_exact(width).zip(out.chunks_exact_mut(width)) {
            let (mut sums, mut squares) = ([0.0f32; LANES], [0.0f32; LANES]);
            for part in row.chunks_exact(LANES) {
                for (lane, v) in sums.iter_mut().zip(part) {
                    *lane += v;
                }
            }
            let mean = fold(sums) / width as f32;
            for part in row.chunks_exact(LANES) {
                for (lane, v) in squares.iter_mut().zip(part) {
                    *lane += (v - mean) * (v - mean);
                }
            }
            let scale = 1.0 / (fold(squares) / width as f32 + 1e-12).sqrt();
            for (((o, v), g), b) in out.iter_mut().zip(row).zip(gain).zip(bias) {
                *o = (v - mean) * scale * g + b;
            }
        }
    }
}

levelled! {
    /// The Gaussian error unit, by its usual approximation.
    fn gelu(x: &mut [f32]) {
        for v in x {
            let inner = 1.595_769 * (*v + 0.044_715 * (*v * *v * *v));
            *v *= sigmoid(inner);
        }
    }
}

levelled! {
    /// How much of each row a query takes: its products with the keys, a row of `keys` being one
    /// channel of all of them, as shares of one.
    fn weigh(query: &[f32], keys: &[f32], shares: &mut [f32]) {
        let length = shares.len();
        let scale = 1.0 / (query.len() as f32).sqrt();
        shares.fill(0.0);
        for (q, keys) in query.iter().zip(keys.chunks_exact(length)) {
            for (share, key) in shares.iter_mut().zip(keys) {
                *share += q * key;
            }
        }
        let top = shares.iter().fold(f32::NEG_INFINITY, |top, v| if *v > top { *v } else { top });
        let mut lanes = [0.0f32; LANES];
        for part in shares.chunks_mut(LANES) {
            for (lane, v) in lanes.iter_mut().zip(part) {
                *v = exp((*v - top) * scale);
                *lane += *v;
            }
        }
        let total = fold(lanes);
        for v in shares {
            *v /= total;
        }
    }
}

levelled! {
    /// The sum of the first numbers of rows `width` apart, each times its share.
    fn gather(shares: &[f32], rows: &[f32], width: usize, out: &mut [f32]) {
        for (share, row) in shares.iter().zip(rows.chunks(width)) {
            for (o, v) in out.iter_mut().zip(row) {
                *o += share * v;
            }
        }
    }
}

levelled! {
    /// Negative numbers become zero.
    fn relu(x: &mut [f32]) {
        for v in x {
            *v = if *v > 0.0 { *v } else { 0.0 };
        }
    }
}

levelled! {
    /// `x += y`.
    fn add(x: &mut [f32], y: &[f32]) {
        for (x, y) in x.iter_mut().zip(y) {
            *x += y;
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Numbers that look random and are the same each time.
    pub fn noise(seed: u32, count: usize) -> Vec<f32> {
        let mut state = seed.wrapping_mul(2_654_435_761) | 1;
        (0..count)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 17;
                state ^= state << 5;
                (state as f32 / u32::MAX as f32 - 0.5) * 6.0
            })
            .collect()
    }

    pub fn bits(x: &[f32]) -> Vec<u32> {
        x.iter().map(|v| v.to_bits()).collect()
    }

    #[test]
    fn exp_is_close() {
        for i in -8600..8600 {
            let x = i as f32 / 100.0;
            let wanted = f64::from(x).exp();
            assert!((f64::from(exp(x)) / wanted - 1.0).abs() < 4e-7, "{x}");
        }
        assert!(exp(f32::NAN).is_nan());
        assert!(exp(1e9).is_finite() && exp(-1e9) >= 0.0);
    }

    #[test]
    fn levels_agree_to_the_bit() {
        let (width, length) = (64, 13);
        let x = noise(4, width * length);
        let gates = noise(5, 3 * width * length);
        let gain = noise(6, 3 * width);
        let run = |level| {
            let mut all = Vec::new();
            let mut out = vec![0.0; width * length];
            normalise(level, &x, &gain[..width], &mut out);
            all.extend(bits(&out));
            taps(level, &x, &gain, &mut out);
            all.extend(bits(&out));
            scan(level, &gates, &mut vec![0.0; width], &mut out);
            all.extend(bits(&out));
            relu(level, &mut out);
            add(level, &mut out, &x);
            all.extend(bits(&out));
            layer_norm(level, &x, &gain[..width], &gain[width..2 * width], &mut out);
            gelu(level, &mut out);
            all.extend(bits(&out));
            let (keys, mut shares) = (&gates[..width * length], vec![0.0; length]);
            weigh(level, &x[..width], keys, &mut shares);
            all.extend(bits(&shares));
            gather(level, &shares, &gates, 2 * width, &mut out[..width]);
            all.extend(bits(&out));
            all
        };
        for level in Level::available() {
            assert_eq!(run(level), run(Level::Portable), "{level:?}");
        }
    }
}
