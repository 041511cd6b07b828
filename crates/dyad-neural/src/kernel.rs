//! Arithmetic over slices. Each output is summed over `k` upwards, one product added at a time and
//! never fused, so that wide and narrow machines agree to the bit; width only changes how many
//! outputs are made at once.

/// Columns of a panel: the outputs that one pass over `k` makes.
const PANEL: usize = 32;
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
            if std::arch::is_x86_feature_detected!("avx512f") {
                found.push(Level::Avx512);
            }
        }
        found
    }

    /// The best level that this machine has.
    pub fn best() -> Level {
        Level::available().pop().unwrap_or(Level::Portable)
    }
}

/// A matrix as panels of columns: `panels[p][k][column]`, the last panel filled up with zeros.
#[derive(Debug, Default, Clone)]
pub(crate) struct Matrix {
    pub input: usize,
    pub output: usize,
    panels: Vec<f32>,
    bias: Vec<f32>,
}

impl Matrix {
    /// From rows of `output` columns, one row an input.
    pub fn pack(&mut self, input: usize, output: usize, at: impl Fn(usize, usize) -> f32) {
        self.input = input;
        self.output = output;
        let panels = output.div_ceil(PANEL);
        self.panels.clear();
        self.panels.resize(panels * input * PANEL, 0.0);
        self.bias.clear();
        self.bias.resize(panels * PANEL, 0.0);
        for p in 0..panels {
            for k in 0..input {
                let row = (p * input + k) * PANEL;
                for c in 0..PANEL.min(output - p * PANEL) {
                    self.panels[row + c] = at(k, p * PANEL + c);
                }
            }
        }
    }

    /// From weights as PyTorch keeps them: a row an output.
    pub fn linear(weight: &[f32], bias: &[f32], input: usize) -> Self {
        let mut matrix = Matrix::default();
        matrix.pack(input, bias.len(), |k, o| weight[o * input + k]);
        matrix.bias[..bias.len()].copy_from_slice(bias);
        matrix
    }

    /// `out = x · self + bias` for every row of `x`.
    pub fn apply(&self, level: Level, x: &[f32], out: &mut Vec<f32>) {
        let rows = x.len() / self.input;
        out.clear();
        out.resize(rows * self.output, 0.0);
        for (p, panel) in self.panels.chunks_exact(self.input * PANEL).enumerate() {
            let columns = PANEL.min(self.output - p * PANEL);
            let bias = &self.bias[p * PANEL..(p + 1) * PANEL];
            let mut row = 0;
            while row < rows {
                let step = if rows - row >= 8 { 8 } else { 1 };
                let mut sums = [[0.0; PANEL]; 8];
                let x = &x[row * self.input..(row + step) * self.input];
                multiply(level, x, self.input, step, panel, &mut sums);
                for (r, sums) in sums.iter().enumerate().take(step) {
                    let start = (row + r) * self.output + p * PANEL;
                    for ((o, s), b) in out[start..start + columns].iter_mut().zip(sums).zip(bias) {
                        *o = s + b;
                    }
                }
                row += step;
            }
        }
    }
}

type Sums = [[f32; PANEL]; 8];

fn multiply(level: Level, x: &[f32], input: usize, rows: usize, panel: &[f32], sums: &mut Sums) {
    assert!(rows * input <= x.len() && input * PANEL <= panel.len() && (rows == 8 || rows == 1));
    match level {
        Level::Portable => multiply_portable(x, input, rows, panel, sums),
        // SAFETY: a level is only made where the machine has it (`Level::available`), and the
        // assertion above holds the bounds of every read.
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => unsafe {
            if rows == 8 {
                for half in 0..4 {
                    let x = &x[half * 2 * input..];
                    wide::avx2::<2>(x, input, panel, &mut sums[half * 2..half * 2 + 2]);
                }
            } else {
                wide::avx2::<1>(x, input, panel, &mut sums[..1]);
            }
        },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => unsafe {
            if rows == 8 {
                wide::avx512::<8>(x, input, panel, &mut sums[..8]);
            } else {
                wide::avx512::<1>(x, input, panel, &mut sums[..1]);
            }
        },
    }
}

fn multiply_portable(x: &[f32], input: usize, rows: usize, panel: &[f32], sums: &mut Sums) {
    for (r, sums) in sums.iter_mut().enumerate().take(rows) {
        for (value, weights) in x[r * input..(r + 1) * input].iter().zip(panel.chunks_exact(PANEL))
        {
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += value * weight;
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod wide {
    use super::PANEL;
    use std::arch::x86_64::*;

    /// # Safety
    /// The machine has AVX2; `x` holds `ROWS * input` numbers, `panel` `input * PANEL`, `sums` `ROWS` rows.
    #[target_feature(enable = "avx2")]
    pub unsafe fn avx2<const ROWS: usize>(
        x: &[f32],
        input: usize,
        panel: &[f32],
        sums: &mut [[f32; PANEL]],
    ) {
        let mut all = [[_mm256_setzero_ps(); 4]; ROWS];
        for k in 0..input {
            // SAFETY: k < input, so that the 32 floats of row k lie inside the panel.
            let w: [__m256; 4] = std::array::from_fn(|c| unsafe {
                _mm256_loadu_ps(panel.as_ptr().add(k * PANEL + c * 8))
            });
            for (r, row) in all.iter_mut().enumerate() {
                // SAFETY: r < ROWS and k < input.
                let value = _mm256_set1_ps(unsafe { *x.get_unchecked(r * input + k) });
                for c in 0..4 {
                    row[c] = _mm256_add_ps(row[c], _mm256_mul_ps(value, w[c]));
                }
            }
        }
        for (row, sums) in all.iter().zip(sums) {
            for (c, lane) in row.iter().enumerate() {
                // SAFETY: c < 4, and a row of sums has 32 floats.
                unsafe { _mm256_storeu_ps(sums.as_mut_ptr().add(c * 8), *lane) };
            }
        }
    }

    /// # Safety
    /// The machine has AVX-512F; `x` holds `ROWS * input` numbers, `panel` `input * PANEL`, `sums` `ROWS` rows.
    #[target_feature(enable = "avx512f")]
    pub unsafe fn avx512<const ROWS: usize>(
        x: &[f32],
        input: usize,
        panel: &[f32],
        sums: &mut [[f32; PANEL]],
    ) {
        let mut all = [[_mm512_setzero_ps(); 2]; ROWS];
        for k in 0..input {
            // SAFETY: k < input, so that the 32 floats of row k lie inside the panel.
            let w: [__m512; 2] = std::array::from_fn(|c| unsafe {
                _mm512_loadu_ps(panel.as_ptr().add(k * PANEL + c * 16))
            });
            for (r, row) in all.iter_mut().enumerate() {
                // SAFETY: r < ROWS and k < input.
                let value = _mm512_set1_ps(unsafe { *x.get_unchecked(r * input + k) });
                for c in 0..2 {
                    row[c] = _mm512_add_ps(row[c], _mm512_mul_ps(value, w[c]));
                }
            }
        }
        for (row, sums) in all.iter().zip(sums) {
            for (c, lane) in row.iter().enumerate() {
                // SAFETY: c < 2, and a row of sums has 32 floats.
                unsafe { _mm512_storeu_ps(sums.as_mut_ptr().add(c * 16), *lane) };
            }
        }
    }
}

/// Makes one function for each level from one body: the compiler widens it, the arithmetic stays.
macro_rules! levelled {
    ($(#[$doc:meta])* fn $name:ident($($arg:ident: $type:ty),*) $body:block) => {
        $(#[$doc])*
        pub(crate) fn $name(level: Level, $($arg: $type),*) {
            #[inline(always)]
            fn body($($arg: $type),*) $body
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2")]
            fn avx2($($arg: $type),*) { body($($arg),*) }
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f")]
            fn avx512($($arg: $type),*) { body($($arg),*) }
            match level {
                Level::Portable => body($($arg),*),
                // SAFETY: a level is only made where the machine has it (`Level::available`).
                #[cfg(target_arch = "x86_64")]
                Level::Avx2 => unsafe { avx2($($arg),*) },
                // SAFETY: as above.
                #[cfg(target_arch = "x86_64")]
                Level::Avx512 => unsafe { avx512($($arg),*) },
            }
        }
    };
}

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
            let mut half = LANES / 2;
            while half > 0 {
                for i in 0..half {
                    lanes[i] += lanes[i + half];
                }
                half /= 2;
            }
            let scale = 1.0 / (lanes[0] / width as f32 + 1e-6).sqrt();
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
mod tests {
    use super::*;

    /// Numbers that look random and are the same each time.
    fn noise(seed: u32, count: usize) -> Vec<f32> {
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

    fn bits(x: &[f32]) -> Vec<u32> {
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
    fn products_are_right() {
        let mut out = Vec::new();
        let matrix = Matrix::linear(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[0.5, -0.5, 0.0], 2);
        matrix.apply(Level::Portable, &[1.0, 10.0, -1.0, 0.0], &mut out);
        assert_eq!(out, [21.5, 42.5, 65.0, -0.5, -3.5, -5.0]);
    }

    #[test]
    fn levels_agree_to_the_bit() {
        for (rows, input, output) in [(1, 7, 5), (8, 64, 32), (21, 352, 100), (9, 256, 51)] {
            let x = noise(1, rows * input);
            let matrix = Matrix::linear(&noise(2, input * output), &noise(3, output), input);
            let mut wanted = Vec::new();
            matrix.apply(Level::Portable, &x, &mut wanted);
            for level in Level::available() {
                let mut out = Vec::new();
                matrix.apply(level, &x, &mut out);
                assert_eq!(bits(&out), bits(&wanted), "{level:?} {rows} {input} {output}");
            }
        }
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
            all
        };
        for level in Level::available() {
            assert_eq!(run(level), run(Level::Portable), "{level:?}");
        }
    }
}
