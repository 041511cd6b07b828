//! A scorer of words: two small layers, each with a word's neighbours of the same sentence in view.

use crate::kernel::{self, Level};
use crate::product::{Matrix, Whole};
use crate::weights::{Weights, WeightsError};

/// The trained scorer.
#[derive(Debug)]
pub struct TapHead {
    width: usize,
    layers: [Layer; 2],
    out: Matrix,
}

/// What a word gives to the one after it, to itself and to the one before it, side by side.
#[derive(Debug)]
struct Layer {
    three: Matrix,
    width: usize,
}

impl Layer {
    /// The layer of that name: its weights for the neighbour before, the word and the neighbour
    /// behind, one after the other; its bias belongs to the word.
    fn new(weights: &mut Weights, name: &str, input: usize) -> Result<Self, WeightsError> {
        let (weight, bias) = weights.layer(name, input)?;
        if bias.is_empty() || !bias.len().is_multiple_of(3) {
            let wanted = "three equal parts".to_owned();
            return Err(WeightsError::Shape { name: format!("{name}.bias"), wanted });
        }
        let three = Matrix::linear(Level::best(), &weight, &bias, input);
        Ok(Layer { three, width: bias.len() / 3 })
    }

    fn run(&self, level: Level, rows: &[f32], lengths: &[usize]) -> Vec<f32> {
        let (mut whole, mut parts) = (Whole::default(), Vec::new());
        whole.set(level, rows, self.three.input);
        self.three.apply(level, &whole, &mut parts);
        let width = self.width;
        let part = |row: usize, which: usize| &parts[(row * 3 + which) * width..][..width];
        let mut out = Vec::with_capacity(parts.len() / 3);
        let mut first = 0;
        for length in lengths {
            for row in first..first + length {
                let start = out.len();
                out.extend_from_slice(part(row, 1));
                if row > first {
                    kernel::add(level, &mut out[start..], part(row - 1, 0));
                }
                if row + 1 < first + length {
                    kernel::add(level, &mut out[start..], part(row + 1, 2));
                }
            }
            first += length;
        }
        kernel::gelu(level, &mut out);
        out
    }
}

impl TapHead {
    /// The scorer of that name in a weights file, over rows of `width` numbers.
    pub fn new(weights: &mut Weights, name: &str, width: usize) -> Result<Self, WeightsError> {
        let near = Layer::new(weights, &format!("{name}.near"), width)?;
        let far = Layer::new(weights, &format!("{name}.far"), near.width)?;
        let (out, bias) = weights.layer(&format!("{name}.out"), far.width)?;
        if bias.len() != 1 {
            let wanted = "one number".to_owned();
            return Err(WeightsError::Shape { name: format!("{name}.out.bias"), wanted });
        }
        let out = Matrix::linear(Level::best(), &out, &bias, far.width);
        Ok(TapHead { width, layers: [near, far], out })
    }

    /// A score for each row; `lengths` says how many rows each sentence has.
    pub fn run(&self, level: Level, rows: &[f32], lengths: &[usize]) -> Vec<f32> {
        assert_eq!(rows.len(), self.width * lengths.iter().sum::<usize>(), "rows of the sentences");
        if rows.is_empty() {
            return Vec::new();
        }
        let [near, far] = &self.layers;
        let hidden = far.run(level, &near.run(level, rows, lengths), lengths);
        let (mut whole, mut out) = (Whole::default(), Vec::new());
        whole.set(level, &hidden, far.width);
        self.out.apply(level, &whole, &mut out);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::tests::{bits, noise};

    fn head() -> TapHead {
        let layer = |seed, input: usize, output: usize| {
            let weight = noise(seed, input * output);
            let bias = noise(seed + 1, output);
            Layer { three: Matrix::linear(Level::best(), &weight, &bias, input), width: output / 3 }
        };
        let out = Matrix::linear(Level::best(), &noise(9, 6), &[0.5], 6);
        TapHead { width: 10, layers: [layer(1, 10, 24), layer(5, 8, 18)], out }
    }

    #[test]
    fn every_machine_gives_the_same_bits_whatever_is_read_together() {
        let (head, rows) = (head(), noise(3, 90));
        let together = head.run(Level::Portable, &rows, &[4, 0, 5]);
        assert_eq!(together.len(), 9);
        for level in Level::available() {
            assert_eq!(bits(&head.run(level, &rows, &[4, 0, 5])), bits(&together), "{level:?}");
        }
        let alone = head.run(Level::best(), &rows[40..], &[5]);
        assert_eq!(bits(&alone), bits(&together[4..]));
        assert_ne!(head.run(Level::best(), &rows, &[9])[4], together[4]);
        assert!(head.run(Level::best(), &[], &[0]).is_empty());
    }
}
