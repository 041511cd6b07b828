//! A larger encoder: the layers of BERT over word pieces.

use crate::form::Pieces;
use crate::kernel::{self, Level};
use crate::product::{Matrix, Whole};
use crate::weights::{Rows, Weights, WeightsError};

#[derive(Debug)]
struct Norm {
    gain: Vec<f32>,
    bias: Vec<f32>,
}

#[derive(Debug)]
struct Layer {
    qkv: Matrix,
    merge: Matrix,
    norm1: Norm,
    grow: Matrix,
    shrink: Matrix,
    norm2: Norm,
}

/// The trained encoder: immutable, shared by threads.
#[derive(Debug)]
pub struct Transformer {
    level: Level,
    width: usize,
    heads: usize,
    pieces: Pieces,
    words: Rows,
    /// What each place in the row adds.
    places: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
}

/// Buffers that a thread uses again.
#[derive(Debug, Default)]
pub struct Rooms {
    whole: Whole,
    x: Vec<f32>,
    a: Vec<f32>,
    b: Vec<f32>,
    keys: Vec<f32>,
    scores: Vec<f32>,
}

fn matrix(weights: &mut Weights, name: &str, input: usize) -> Result<Matrix, WeightsError> {
    let (floats, bias) = weights.layer(name, input)?;
    Ok(Matrix::linear(Level::best(), &floats, &bias, input))
}

fn norm(weights: &Weights, name: &str, width: usize) -> Result<Norm, WeightsError> {
    let floats =
        |part| Ok::<_, WeightsError>(weights.floats(&format!("{name}.{part}"), &[width])?.to_vec());
    Ok(Norm { gain: floats("weight")?, bias: floats("bias")? })
}

impl Transformer {
    /// Takes the arrays out of a weights file.
    pub fn new(weights: &mut Weights) -> Result<Self, WeightsError> {
        let pieces = Pieces::new(weights.names("pieces")?, weights.names("folds")?);
        let words = weights.rows("words", weights.names("pieces")?.len())?;
        let width = words.width;
        let heads = weights.shape("heads")?.first().copied().unwrap_or(0);
        if heads == 0 || width == 0 || !width.is_multiple_of(heads) || !width.is_multiple_of(16) {
            let wanted = format!("a divisor of {width}");
            return Err(WeightsError::Shape { name: "heads".into(), wanted });
        }
        let longest = weights.shape("places")?.first().copied().unwrap_or(0);
        let mut layers = Vec::new();
        while weights.shape(&format!("layers.{}.qkv.bias", layers.len())).is_ok() {
            let at = format!("layers.{}", layers.len());
            layers.push(Layer {
                qkv: matrix(weights, &format!("{at}.qkv"), width)?,
                merge: matrix(weights, &format!("{at}.merge"), width)?,
                norm1: norm(weights, &format!("{at}.norm1"), width)?,
                grow: matrix(weights, &format!("{at}.grow"), width)?,
                shrink: matrix(weights, &format!("{at}.shrink"), 4 * width)?,
                norm2: norm(weights, &format!("{at}.norm2"), width)?,
            });
        }
        Ok(Transformer {
            level: Level::best(),
            width,
            heads,
            pieces,
            places: weights.floats("places", &[longest, width])?.to_vec(),
            norm: norm(weights, "norm", width)?,
            words,
            layers,
        })
    }

    /// The same encoder with other instructions; the outputs stay the same to the bit.
    pub fn with_level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// The instructions that it uses.
    pub fn level(&self) -> Level {
        self.level
    }

    /// Numbers in a row of the output.
    pub fn width(&self) -> usize {
        self.width
    }

    /// How many pieces one run may take.
    pub fn longest(&self) -> usize {
        self.places.len() / self.width
    }

    /// The pieces of a word form.
    pub fn pieces(&self, form: &str) -> Vec<u32> {
        self.pieces.features(form).pieces
    }

    /// A piece by its name, such as `[CLS]`.
    pub fn piece(&self, name: &str) -> Option<u32> {
        self.pieces.id(name)
    }

    /// A row for each piece. There may be no more than [`Transformer::longest`].
    pub fn run<'r>(&self, rooms: &'r mut Rooms, pieces: &[u32]) -> &'r [f32] {
        assert!(pieces.len() <= self.longest(), "{} pieces", pieces.len());
        let (r, level) = (rooms, self.level);
        r.a.clear();
        r.a.extend_from_slice(&self.places[..pieces.len() * self.width]);
        for (piece, row) in pieces.iter().zip(r.a.chunks_exact_mut(self.width)) {
            self.words.add(*piece as usize, row);
        }
        self.settle(&self.norm, r);
        for layer in &self.layers {
            r.whole.set(level, &r.x, self.width);
            layer.qkv.apply(level, &r.whole, &mut r.b);
            self.attend(r, pieces.len());
            r.whole.set(level, &r.a, self.width);
            layer.merge.apply(level, &r.whole, &mut r.a);
            kernel::add(level, &mut r.a, &r.x);
            self.settle(&layer.norm1, r);
            r.whole.set(level, &r.x, self.width);
            layer.grow.apply(level, &r.whole, &mut r.b);
            kernel::gelu(level, &mut r.b);
            r.whole.set(level, &r.b, 4 * self.width);
            layer.shrink.apply(level, &r.whole, &mut r.a);
            kernel::add(level, &mut r.a, &r.x);
            self.settle(&layer.norm2, r);
        }
        &r.x
    }

    /// `x` becomes `a` made even.
    fn settle(&self, norm: &Norm, r: &mut Rooms) {
        r.x.resize(r.a.len(), 0.0);
        kernel::layer_norm(self.level, &r.a, &norm.gain, &norm.bias, &mut r.x);
    }

    /// Queries, keys and values in `b`; what each row gathers goes into `a`.
    fn attend(&self, r: &mut Rooms, length: usize) {
        let (width, depth) = (self.width, self.width / self.heads);
        r.a.clear();
        r.a.resize(length * width, 0.0);
        r.keys.resize(depth * length, 0.0);
        r.scores.resize(length, 0.0);
        for head in 0..self.heads {
            for (at, row) in r.b.chunks_exact(3 * width).enumerate() {
                let keys = &row[width + head * depth..][..depth];
                for (d, key) in keys.iter().enumerate() {
                    r.keys[d * length + at] = *key;
                }
            }
            for at in 0..length {
                let query = &r.b[at * 3 * width + head * depth..][..depth];
                kernel::weigh(self.level, query, &r.keys, &mut r.scores);
                let out = &mut r.a[at * width + head * depth..][..depth];
                let values = &r.b[2 * width + head * depth..];
                kernel::gather(self.level, &r.scores, values, 3 * width, out);
            }
        }
    }
}
