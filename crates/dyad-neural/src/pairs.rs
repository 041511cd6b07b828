//! A classifier of two stretches of rows: each meaned, and what the two together gather from all rows.

use crate::kernel::{self, Level};
use crate::product::{Matrix, Whole};
use crate::weights::{Weights, WeightsError};
use std::ops::Range;

/// The trained classifier. What it makes of a stretch alone is made once for all pairs in which the
/// stretch stands.
#[derive(Debug)]
pub struct PairHead {
    width: usize,
    /// What either end of a pair adds to the query, then to the hidden layer: first, second, first, second.
    ends: Matrix,
    /// What is gathered adds to the hidden layer.
    gathered: Matrix,
    out: Matrix,
}

/// Rows of which pairs are asked.
#[derive(Debug, Clone)]
pub struct Rowed {
    rows: Vec<f32>,
    /// The same, a row a channel.
    keys: Vec<f32>,
    width: usize,
}

/// What a stretch of rows brings into its pairs.
#[derive(Debug, Clone)]
pub struct Stretch(Vec<f32>);

impl PairHead {
    /// The head of that name in a weights file, over rows of `width` numbers.
    pub fn new(weights: &mut Weights, name: &str, width: usize) -> Result<Self, WeightsError> {
        let (ask, ask_bias) = weights.layer(&format!("{name}.ask"), 2 * width)?;
        if ask_bias.len() != width {
            let wanted = format!("{width}");
            return Err(WeightsError::Shape { name: format!("{name}.ask.bias"), wanted });
        }
        let (hidden, bias) = weights.layer(&format!("{name}.hidden"), 3 * width)?;
        let (out, out_bias) = weights.layer(&format!("{name}.out"), bias.len())?;
        let part = |layer: &[f32], parts: usize, part: usize| -> Vec<f32> {
            let rows = layer.chunks_exact(parts * width);
            rows.flat_map(|row| row[part * width..(part + 1) * width].to_vec()).collect()
        };
        let ends = [part(&ask, 2, 0), part(&ask, 2, 1), part(&hidden, 3, 0), part(&hidden, 3, 1)];
        let none = vec![0.0; width + 2 * bias.len()];
        let level = Level::best();
        Ok(PairHead {
            width,
            ends: Matrix::linear(level, &ends.concat(), &[ask_bias, none].concat(), width),
            gathered: Matrix::linear(level, &part(&hidden, 3, 2), &bias, width),
            out: Matrix::linear(level, &out, &out_bias, bias.len()),
        })
    }

    /// How many classes it tells apart.
    pub fn classes(&self) -> usize {
        self.out.output
    }

    /// Takes rows in, of which pairs will be asked.
    pub fn rowed(&self, rows: &[f32]) -> Rowed {
        let width = self.width;
        let channel = |d| rows.iter().skip(d).step_by(width).copied();
        Rowed { rows: rows.to_vec(), keys: (0..width).flat_map(channel).collect(), width }
    }

    /// What a stretch of the rows brings into its pairs. It may not be empty.
    pub fn stretch(&self, level: Level, rowed: &Rowed, words: Range<usize>) -> Stretch {
        let (width, mut mean) = (self.width, vec![0.0; self.width]);
        let share = vec![1.0 / words.len() as f32; words.len()];
        let rows = &rowed.rows[words.start * width..words.end * width];
        kernel::gather(level, &share, rows, width, &mut mean);
        let (mut whole, mut ends) = (Whole::default(), Vec::new());
        whole.set(level, &mean, width);
        self.ends.apply(level, &whole, &mut ends);
        Stretch(ends)
    }

    /// The score of each class for a pair of stretches of these rows.
    pub fn run(&self, level: Level, rowed: &Rowed, [first, second]: [&Stretch; 2]) -> Vec<f32> {
        let (width, depth) = (self.width, self.gathered.output);
        let mut query = first.0[..width].to_vec();
        kernel::add(level, &mut query, &second.0[width..2 * width]);
        let mut shares = vec![0.0; rowed.rows.len() / rowed.width];
        kernel::weigh(level, &query, &rowed.keys, &mut shares);
        query.fill(0.0);
        kernel::gather(level, &shares, &rowed.rows, width, &mut query);
        let (mut whole, mut hidden, mut out) = (Whole::default(), Vec::new(), Vec::new());
        whole.set(level, &query, width);
        self.gathered.apply(level, &whole, &mut hidden);
        kernel::add(level, &mut hidden, &first.0[2 * width..2 * width + depth]);
        kernel::add(level, &mut hidden, &second.0[2 * width + depth..]);
        kernel::gelu(level, &mut hidden);
        whole.set(level, &hidden, depth);
        self.out.apply(level, &whole, &mut out);
        out
    }
}
