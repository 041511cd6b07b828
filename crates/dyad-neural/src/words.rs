//! A classifier of single rows, with one hidden layer.

use crate::kernel::{self, Level};
use crate::product::{Matrix, Whole};
use crate::weights::{Weights, WeightsError};

/// The trained classifier.
#[derive(Debug)]
pub struct WordHead {
    width: usize,
    hidden: Matrix,
    out: Matrix,
}

impl WordHead {
    /// The head of that name in a weights file, over rows of `width` numbers.
    pub fn new(weights: &mut Weights, name: &str, width: usize) -> Result<Self, WeightsError> {
        let (hidden, bias) = weights.layer(&format!("{name}.hidden"), width)?;
        let (out, out_bias) = weights.layer(&format!("{name}.out"), bias.len())?;
        let level = Level::best();
        Ok(WordHead {
            width,
            hidden: Matrix::linear(level, &hidden, &bias, width),
            out: Matrix::linear(level, &out, &out_bias, bias.len()),
        })
    }

    /// How many classes it tells apart.
    pub fn classes(&self) -> usize {
        self.out.output
    }

    /// The score of each class for a row.
    pub fn run(&self, level: Level, row: &[f32]) -> Vec<f32> {
        let (mut whole, mut hidden, mut out) = (Whole::default(), Vec::new(), Vec::new());
        whole.set(level, row, self.width);
        self.hidden.apply(level, &whole, &mut hidden);
        kernel::gelu(level, &mut hidden);
        whole.set(level, &hidden, hidden.len());
        self.out.apply(level, &whole, &mut out);
        out
    }
}
