//! Products of matrices in whole numbers of 16 bits, summed in 32.
//!
//! Each row of activations and each column of weights has its own unit. The sums of a column are
//! held below 2^31 (see [`COLUMN`]), so that nothing overflows or saturates and the order of adding
//! does not matter: every machine gets the same bits, however wide its instructions.

use crate::kernel::{Level, levelled};

/// Columns that one pass over the input makes.
const PANEL: usize = 32;
/// Rows that one pass takes.
const ROWS: usize = 8;
/// The greatest activation, in units of its row.
const TOP: f32 = 8191.0;
/// What the weights of a column may add up to, each taken as positive: `TOP` times this is below
/// 2^31 by enough for what rounding adds (half a unit a weight is taken off where it is used).
const COLUMN: f32 = 262_144.0;
/// Longest row: the bound above was reckoned for it.
const LONGEST_ROW: usize = 1536;

/// Two neighbours of a row or column: what the machines multiply and add in one step.
type Pair = [i16; 2];
type Panel = [Pair; PANEL];
type Sums = [[i32; PANEL]; ROWS];

/// Rows of activations as whole numbers.
#[derive(Debug, Default)]
pub(crate) struct Whole {
    /// Pairs a row; an odd row is filled up with a zero.
    depth: usize,
    pairs: Vec<Pair>,
    /// How much one is, for each row.
    units: Vec<f32>,
}

impl Whole {
    /// Rounds rows of `input` numbers.
    pub fn set(&mut self, level: Level, x: &[f32], input: usize) {
        let rows = x.len() / input;
        self.depth = input.div_ceil(2);
        self.pairs.resize(rows * self.depth, [0; 2]);
        self.units.resize(rows, 0.0);
        round_rows(level, x, input, self.pairs.as_flattened_mut(), &mut self.units);
    }
}

/// A matrix as panels of columns, the last panel filled up with zeros.
#[derive(Debug, Default, Clone)]
pub(crate) struct Matrix {
    pub input: usize,
    pub output: usize,
    panels: Vec<Panel>,
    /// How much one is, for each column.
    units: Vec<f32>,
    bias: Vec<f32>,
}

impl Matrix {
    /// From weights as PyTorch keeps them: a row an output.
    pub fn linear(level: Level, weight: &[f32], bias: &[f32], input: usize) -> Self {
        let mut matrix = Matrix::default();
        matrix.pack(level, input, bias.len(), |o| &weight[o * input..(o + 1) * input]);
        matrix.bias[..bias.len()].copy_from_slice(bias);
        matrix
    }

    /// From one column an output, without a bias.
    pub fn pack<'c>(
        &mut self,
        level: Level,
        input: usize,
        output: usize,
        column: impl Fn(usize) -> &'c [f32],
    ) {
        assert!(input > 0 && input <= LONGEST_ROW, "rows of {input} numbers");
        let (depth, panels) = (input.div_ceil(2), output.div_ceil(PANEL));
        (self.input, self.output) = (input, output);
        self.panels.clear();
        self.panels.resize(panels * depth, [[0; 2]; PANEL]);
        for numbers in [&mut self.bias, &mut self.units] {
            numbers.clear();
            numbers.resize(panels * PANEL, 0.0);
        }
        let mut rounded = [[0; 2]; LONGEST_ROW / 2];
        for o in 0..output {
            let whole = rounded[..depth].as_flattened_mut();
            round_column(level, column(o), whole, &mut self.units[o]);
            let panel = &mut self.panels[o / PANEL * depth..][..depth];
            for (row, pair) in panel.iter_mut().zip(&rounded) {
                row[o % PANEL] = *pair;
            }
        }
    }

    /// `out = x · self + bias` for every row of `x`.
    pub fn apply(&self, level: Level, x: &Whole, out: &mut Vec<f32>) {
        let rows = x.units.len();
        let depth = self.input.div_ceil(2);
        assert!(rows == 0 || x.depth == depth, "rows of {} for {depth} pairs", x.depth);
        out.resize(rows * self.output, 0.0);
        let mut sums = [[0; PANEL]; ROWS];
        let columns = self.units.chunks_exact(PANEL).zip(self.bias.chunks_exact(PANEL));
        for ((p, panel), (units, bias)) in self.panels.chunks_exact(depth).enumerate().zip(columns)
        {
            let mut row = 0;
            while row < rows {
                let step = if rows - row >= ROWS { ROWS } else { 1 };
                multiply(level, &x.pairs[row * depth..(row + step) * depth], panel, &mut sums);
                let out = &mut out[row * self.output..(row + step) * self.output];
                let out = (p * PANEL, self.output, out);
                finish(level, &sums, &x.units[row..row + step], units, bias, out);
                row += step;
            }
        }
    }
}

/// The nearest whole number to `value`, which is held at ±8191; what is no number is -8191.
#[inline(always)]
fn whole(value: f32, top: f32) -> i16 {
    // adding this pushes the fraction out of a float, leaving the nearest whole number in its bits
    const ROUND: f32 = 12_582_912.0;
    let value = if value >= -top { value } else { -top };
    let value = if value <= top { value } else { top };
    ((value + ROUND).to_bits() as i32).wrapping_sub(ROUND.to_bits() as i32) as i16
}

/// The greatest without its sign. Floats without a sign are in the order of their bits.
#[inline(always)]
fn greatest(row: &[f32]) -> f32 {
    f32::from_bits(row.iter().fold(0, |top, v| top.max(v.to_bits() & 0x7fff_ffff)))
}

levelled! {
    fn round_rows(x: &[f32], input: usize, out: &mut [i16], units: &mut [f32]) {
        let width = input.next_multiple_of(2);
        let rows = x.chunks_exact(input).zip(out.chunks_exact_mut(width));
        for ((row, out), unit) in rows.zip(units) {
            out[width - 1] = 0;
            let top = greatest(row);
            let scale = if top > 0.0 { TOP / top } else { 0.0 };
            *unit = top / TOP;
            for (o, v) in out.iter_mut().zip(row) {
                *o = whole(v * scale, TOP);
            }
        }
    }
}

levelled! {
    fn round_column(column: &[f32], out: &mut [i16], unit: &mut f32) {
        const WIDEST: f32 = 32_767.0;
        let top = greatest(column);
        let mut lanes = [0.0f32; 16];
        for part in column.chunks(lanes.len()) {
            for (lane, v) in lanes.iter_mut().zip(part) {
                *lane += v.abs();
            }
        }
        let total: f32 = lanes.iter().sum();
        let room = COLUMN - column.len() as f32 * 0.5;
        let scale = if total > 0.0 { (room / total).min(WIDEST / top) } else { 0.0 };
        *unit = if scale > 0.0 { 1.0 / scale } else { 0.0 };
        out.fill(0);
        for (o, v) in out.iter_mut().zip(column) {
            *o = whole(v * scale, WIDEST);
        }
    }
}

levelled! {
    /// Sums into outputs: a sum times the units of its column and its row, plus the bias.
    fn finish(sums: &Sums, rows: &[f32], columns: &[f32], bias: &[f32], out: (usize, usize, &mut [f32])) {
        let (first, width, out) = out;
        let count = PANEL.min(width - first);
        let column = |c: usize, sum: i32, row: f32| sum as f32 * columns[c] * row + bias[c];
        assert!(columns.len() == PANEL && bias.len() == PANEL);
        for ((sums, row), out) in sums.iter().zip(rows).zip(out.chunks_exact_mut(width)) {
            let out = &mut out[first..first + count];
            if let Ok(out) = <&mut [f32; PANEL]>::try_from(&mut *out) {
                for c in 0..PANEL {
                    out[c] = column(c, sums[c], *row);
                }
            } else {
                for (c, o) in out.iter_mut().enumerate() {
                    *o = column(c, sums[c], *row);
                }
            }
        }
    }
}

/// The sums of one row or of eight, `panel.len()` pairs each.
fn multiply(level: Level, x: &[Pair], panel: &[Panel], sums: &mut Sums) {
    let eight = x.len() == ROWS * panel.len();
    assert!(eight || x.len() == panel.len());
    match level {
        Level::Portable if eight => portable::<ROWS>(x, panel, sums),
        Level::Portable => portable::<1>(x, panel, sums),
        // SAFETY: a level is only made where the machine has it (`Level::available`), and the
        // assertion above holds the bounds of every read.
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => unsafe {
            if eight {
                for (x, sums) in x.chunks_exact(2 * panel.len()).zip(sums.chunks_exact_mut(2)) {
                    x86::avx2::<2>(x, panel, sums);
                }
            } else {
                x86::avx2::<1>(x, panel, sums);
            }
        },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => unsafe {
            if eight {
                x86::avx512::<ROWS>(x, panel, sums);
            } else {
                x86::avx512::<1>(x, panel, sums);
            }
        },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Level::Vnni => unsafe {
            if eight {
                x86::vnni::<ROWS>(x, panel, sums);
            } else {
                x86::vnni::<1>(x, panel, sums);
            }
        },
        // SAFETY: as above.
        #[cfg(target_arch = "aarch64")]
        Level::Neon => unsafe {
            if eight {
                for (x, sums) in x.chunks_exact(2 * panel.len()).zip(sums.chunks_exact_mut(2)) {
                    arm::neon::<2>(x, panel, sums);
                }
            } else {
                arm::neon::<1>(x, panel, sums);
            }
        },
    }
}

fn portable<const N: usize>(x: &[Pair], panel: &[Panel], sums: &mut Sums) {
    for (x, sums) in x.chunks_exact(panel.len()).zip(&mut sums[..N]) {
        sums.fill(0);
        for ([a, b], weights) in x.iter().zip(panel) {
            for (sum, [v, w]) in sums.iter_mut().zip(weights) {
                *sum += i32::from(*a) * i32::from(*v) + i32::from(*b) * i32::from(*w);
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{PANEL, Pair, Panel};
    use std::arch::x86_64::*;

    /// Both numbers of a pair in one lane.
    #[inline(always)]
    fn lane([a, b]: Pair) -> i32 {
        i32::from(a) & 0xffff | i32::from(b) << 16
    }

    /// # Safety
    /// The machine has AVX2; `x` holds `N` rows of `panel.len()` pairs, `sums` `N` rows.
    #[target_feature(enable = "avx2")]
    pub unsafe fn avx2<const N: usize>(x: &[Pair], panel: &[Panel], sums: &mut [[i32; PANEL]]) {
        let mut all = [[_mm256_setzero_si256(); 4]; N];
        for (k, weights) in panel.iter().enumerate() {
            // SAFETY: 32 pairs are four vectors of 32 bytes.
            let w: [__m256i; 4] = std::array::from_fn(|c| unsafe {
                _mm256_loadu_si256(weights.as_ptr().cast::<__m256i>().add(c))
            });
            for (r, row) in all.iter_mut().enumerate() {
                // SAFETY: r < N and k < panel.len().
                let pair = unsafe { *x.get_unchecked(r * panel.len() + k) };
                let pair = _mm256_set1_epi32(lane(pair));
                for (sum, w) in row.iter_mut().zip(w) {
                    *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(pair, w));
                }
            }
        }
        for (row, sums) in all.iter().zip(sums) {
            for (c, part) in row.iter().enumerate() {
                // SAFETY: a row of sums is four vectors of 32 bytes.
                unsafe { _mm256_storeu_si256(sums.as_mut_ptr().cast::<__m256i>().add(c), *part) };
            }
        }
    }

    /// The same loop for both kinds of 512-bit machines, which differ in how they multiply and add.
    macro_rules! wide {
        ($(#[$doc:meta])* $name:ident, $features:literal, $step:expr) => {
            $(#[$doc])*
            /// `x` holds `N` rows of `panel.len()` pairs, `sums` `N` rows.
            #[target_feature(enable = $features)]
            pub unsafe fn $name<const N: usize>(
                x: &[Pair],
                panel: &[Panel],
                sums: &mut [[i32; PANEL]],
            ) {
                let mut all = [[_mm512_setzero_si512(); 2]; N];
                for (k, weights) in panel.iter().enumerate() {
                    // SAFETY: 32 pairs are two vectors of 64 bytes.
                    let w: [__m512i; 2] = std::array::from_fn(|c| unsafe {
                        _mm512_loadu_si512(weights.as_ptr().cast::<__m512i>().add(c))
                    });
                    for (r, row) in all.iter_mut().enumerate() {
                        // SAFETY: r < N and k < panel.len().
                        let pair = unsafe { *x.get_unchecked(r * panel.len() + k) };
                        let pair = _mm512_set1_epi32(lane(pair));
                        for (sum, w) in row.iter_mut().zip(w) {
                            *sum = $step(*sum, pair, w);
                        }
                    }
                }
                for (row, sums) in all.iter().zip(sums) {
                    for (c, part) in row.iter().enumerate() {
                        // SAFETY: a row of sums is two vectors of 64 bytes.
                        unsafe {
                            _mm512_storeu_si512(sums.as_mut_ptr().cast::<__m512i>().add(c), *part)
                        };
                    }
                }
            }
        };
    }

    /// `sum + x · w` of each pair. Written as the instruction itself: the compiler takes its
    /// intrinsic apart into the two that [`avx512`] has.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
    fn dot_step(mut sum: __m512i, x: __m512i, w: __m512i) -> __m512i {
        // SAFETY: it touches nothing but its registers, and the machine has the instruction.
        unsafe {
            std::arch::asm!(
                "vpdpwssd {sum}, {x}, {w}",
                sum = inout(zmm_reg) sum,
                x = in(zmm_reg) x,
                w = in(zmm_reg) w,
                options(pure, nomem, nostack, preserves_flags),
            );
        }
        sum
    }

    wide!(
        /// # Safety
        /// The machine has AVX-512 F and BW.
        avx512,
        "avx512f,avx512bw",
        |sum, x, w| _mm512_add_epi32(sum, _mm512_madd_epi16(x, w))
    );
    wide!(
        /// # Safety
        /// The machine has AVX-512 F, BW and VNNI.
        vnni,
        "avx512f,avx512bw,avx512vnni",
        dot_step
    );
}

#[cfg(target_arch = "aarch64")]
mod arm {
    use super::{PANEL, Pair, Panel};
    use std::arch::aarch64::*;

    /// # Safety
    /// The machine has NEON; `x` holds `N` rows of `panel.len()` pairs, `sums` `N` rows.
    #[target_feature(enable = "neon")]
    pub unsafe fn neon<const N: usize>(x: &[Pair], panel: &[Panel], sums: &mut [[i32; PANEL]]) {
        let mut all = [[vdupq_n_s32(0); 8]; N];
        for (k, weights) in panel.iter().enumerate() {
            for c in 0..4 {
                // SAFETY: 32 pairs are four times two vectors of 8 numbers; this takes the firsts of
                // eight pairs and their seconds apart.
                let w = unsafe { vld2q_s16(weights.as_ptr().cast::<i16>().add(c * 16)) };
                for (r, row) in all.iter_mut().enumerate() {
                    // SAFETY: r < N and k < panel.len().
                    let [a, b] = unsafe { *x.get_unchecked(r * panel.len() + k) };
                    let low = vmlal_n_s16(row[2 * c], vget_low_s16(w.0), a);
                    row[2 * c] = vmlal_n_s16(low, vget_low_s16(w.1), b);
                    let high = vmlal_high_n_s16(row[2 * c + 1], w.0, a);
                    row[2 * c + 1] = vmlal_high_n_s16(high, w.1, b);
                }
            }
        }
        for (row, sums) in all.iter().zip(sums) {
            for (c, part) in row.iter().enumerate() {
                // SAFETY: a row of sums is eight vectors of 4 numbers.
                unsafe { vst1q_s32(sums.as_mut_ptr().add(c * 4), *part) };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::tests::{bits, noise};

    fn product(level: Level, matrix: &Matrix, x: &[f32]) -> Vec<f32> {
        let (mut whole, mut out) = (Whole::default(), Vec::new());
        whole.set(level, x, matrix.input);
        matrix.apply(level, &whole, &mut out);
        out
    }

    #[test]
    fn products_are_right() {
        let weights = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let matrix = Matrix::linear(Level::Portable, &weights, &[0.5, -0.5, 0.0], 2);
        let found = product(Level::Portable, &matrix, &[1.0, 10.0, -1.0, 0.0]);
        for (found, wanted) in found.iter().zip([21.5, 42.5, 65.0, -0.5, -3.5, -5.0]) {
            assert!((found - wanted).abs() < 0.01, "{found} {wanted}");
        }
    }

    #[test]
    fn levels_agree_to_the_bit_and_are_close_to_floats() {
        for (rows, input, output) in
            [(1, 7, 5), (8, 64, 32), (21, 352, 100), (9, 256, 51), (3, 1, 1), (0, 4, 4)]
        {
            let (x, weights) = (noise(1, rows * input), noise(2, input * output));
            let bias = noise(3, output);
            let matrix = Matrix::linear(Level::Portable, &weights, &bias, input);
            let wanted = product(Level::Portable, &matrix, &x);
            for level in Level::available() {
                let matrix = Matrix::linear(level, &weights, &bias, input);
                let found = product(level, &matrix, &x);
                assert_eq!(bits(&found), bits(&wanted), "{level:?} {rows} {input} {output}");
            }
            for (i, found) in wanted.iter().enumerate() {
                let (row, o) = (i / output, i % output);
                let column = &weights[o * input..(o + 1) * input];
                let exact: f64 = x[row * input..(row + 1) * input]
                    .iter()
                    .zip(column)
                    .map(|(a, b)| f64::from(*a) * f64::from(*b))
                    .sum::<f64>()
                    + f64::from(bias[o]);
                assert!((f64::from(*found) - exact).abs() < 0.2, "{found} {exact}");
            }
        }
    }

    #[test]
    fn the_worst_rows_stay_in_32_bits() {
        let levels = Level::available();
        for input in [1, 2, 255, LONGEST_ROW] {
            for weight in [1e-30, 0.3, 7.0, 1e30] {
                let matrix = Matrix::linear(Level::Portable, &vec![weight; input], &[0.0], input);
                let total: i64 = matrix.panels.iter().flat_map(|p| p[0]).map(i64::from).sum();
                assert!(total > 32_000 && total * 8191 < 1 << 31, "{total} {input} {weight}");
                let x = vec![1.0; input];
                for level in &levels {
                    let found = product(*level, &matrix, &x)[0] / (weight * input as f32);
                    assert!((found - 1.0).abs() < 0.01, "{found} {level:?} {input} {weight}");
                }
            }
        }
    }

    #[test]
    fn what_is_no_number_gives_the_same_everywhere() {
        let odd = [f32::NAN, -f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e-42, 0.0, -0.0, 1.0];
        let whole = |level, x: &[f32]| {
            let mut whole = Whole::default();
            whole.set(level, x, 4);
            whole.pairs
        };
        for level in Level::available() {
            assert_eq!(whole(level, &odd), whole(Level::Portable, &odd), "{level:?}");
        }
    }
}
