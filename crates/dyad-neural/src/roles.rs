//! Which rows of a text are the answer to what one row asks, where two answers stand for no row at all.

use crate::kernel::{self, Level};
use crate::product::{Matrix, Whole};
use crate::weights::{Weights, WeightsError};

/// Answers beside the rows.
pub const OTHERS: usize = 2;

/// The trained asker.
#[derive(Debug)]
pub struct RoleHead {
    width: usize,
    ask: Matrix,
    /// What each class adds to the query.
    classes: Vec<f32>,
    /// A key for each row, and at last what it has for whoever asks.
    key: Matrix,
    /// The same of the answers beside the rows.
    others: Vec<Vec<f32>>,
}

/// The rows of a text, ready to be asked about.
#[derive(Debug, Clone)]
pub struct Keys {
    /// One channel after the other, each of all rows and the answers beside them.
    channels: Vec<f32>,
    answers: usize,
}

impl RoleHead {
    /// The head of that name in a weights file, over rows of `width` numbers, for so many classes.
    pub fn new(
        weights: &mut Weights,
        name: &str,
        width: usize,
        classes: usize,
    ) -> Result<Self, WeightsError> {
        let wrong = |part: &str, wanted: String| WeightsError::Shape {
            name: format!("{name}.{part}"),
            wanted,
        };
        let (ask, ask_bias) = weights.layer(&format!("{name}.ask"), width)?;
        let (key, key_bias) = weights.layer(&format!("{name}.key"), width)?;
        let (none, none_bias) = weights.layer(&format!("{name}.none"), width)?;
        let types = weights.rows(&format!("{name}.types"), classes)?;
        if ask_bias.len() != width || types.width != width {
            return Err(wrong("ask.bias", format!("{width}")));
        }
        if key_bias.len() != width + 1 {
            return Err(wrong("key.bias", format!("{}", width + 1)));
        }
        if none_bias.len() != OTHERS {
            return Err(wrong("none.bias", format!("{OTHERS}")));
        }
        let mut sums = vec![0.0; classes * width];
        for (class, out) in sums.chunks_exact_mut(width).enumerate() {
            types.add(class, out);
        }
        // Shares divide by the root of a query's length, which the rows' products want and the rest does not.
        let root = ((width + 1) as f32).sqrt();
        let other = |(weight, bias): (&[f32], &f32)| -> Vec<f32> {
            weight.iter().chain([bias]).map(|v| v * root).collect()
        };
        let level = Level::best();
        Ok(RoleHead {
            width,
            ask: Matrix::linear(level, &ask, &ask_bias, width),
            classes: sums,
            key: Matrix::linear(level, &key, &key_bias, width),
            others: none.chunks_exact(width).zip(&none_bias).map(other).collect(),
        })
    }

    /// Takes rows in, of which will be asked.
    pub fn keys(&self, level: Level, rows: &[f32]) -> Keys {
        let (mut whole, mut keys) = (Whole::default(), Vec::new());
        whole.set(level, rows, self.width);
        self.key.apply(level, &whole, &mut keys);
        let (count, depth) = (rows.len() / self.width, self.width + 1);
        let root = (depth as f32).sqrt();
        let share = root / (self.width as f32).sqrt();
        let answers = count + OTHERS;
        let mut channels = Vec::with_capacity(depth * answers);
        for channel in 0..depth {
            let unit = if channel < self.width { share } else { root };
            channels.extend(keys.iter().skip(channel).step_by(depth).map(|key| key * unit));
            channels.extend(self.others.iter().map(|other| other[channel]));
        }
        Keys { channels, answers }
    }

    /// The share of each row, and of each answer beside them, in what a row asks for a class.
    pub fn shares(&self, level: Level, row: &[f32], class: usize, keys: &Keys) -> Vec<f32> {
        let (mut whole, mut query) = (Whole::default(), Vec::new());
        whole.set(level, row, self.width);
        self.ask.apply(level, &whole, &mut query);
        kernel::add(level, &mut query, &self.classes[class * self.width..][..self.width]);
        kernel::gelu(level, &mut query);
        query.push(1.0);
        let mut shares = vec![0.0; keys.answers];
        kernel::weigh(level, &query, &keys.channels, &mut shares);
        shares
    }
}
