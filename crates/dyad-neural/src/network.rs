//! The forward pass.

use crate::form::{self, Pieces};
use crate::kernel::{self, Level};
use crate::product::{Matrix, Whole};
use crate::tree;
use crate::weights::{Rows, Weights, WeightsError};
use rustc_hash::FxHashMap;

/// Distances beyond this share one bias.
const REACH: i64 = 32;
/// Forms whose vectors are kept from one run to the next (16 MB).
const FORMS_KEPT: usize = 16_384;

/// What the network says of one word, as indices into the label lists of the weights file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tags {
    /// Into `labels.upos`.
    pub upos: u16,
    /// Into `labels.xpos`.
    pub xpos: u16,
    /// Into `labels.scripts`: how the lemma is made of the form.
    pub script: u16,
    /// Into `labels.rels`.
    pub rel: u16,
    /// Into `labels.ents`.
    pub ent: u16,
    /// The governor's place in its sentence from 1 on; 0 for the root.
    pub head: u32,
}

/// What a run gives, in the order of the forms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading<'s> {
    /// The choices of each word.
    pub tags: &'s [Tags],
    /// What the heads read of each word: [`Network::width`] numbers, with its sentence in view.
    pub rows: &'s [f32],
    /// The raw scores of `labels.attr`, [`Network::attr`] of them a word.
    pub attr: &'s [f32],
}

#[derive(Debug)]
struct Block {
    gain: Vec<f32>,
    taps: Vec<f32>,
    into: Matrix,
    out: Matrix,
}

/// The trained network: immutable, shared by threads.
#[derive(Debug)]
pub struct Network {
    level: Level,
    width: usize,
    arc: usize,
    rel: usize,
    pieces: Pieces,
    piece_rows: Rows,
    norm_rows: Rows,
    suffix_rows: Rows,
    prefix_rows: Rows,
    form_hidden: Matrix,
    form_out: Matrix,
    blocks: Vec<Block>,
    gain: Vec<f32>,
    ends: Matrix,
    tags: Matrix,
    bilinear: Matrix,
    /// What an arc gains by its reach: for a head `k` words behind its dependent the number at
    /// `LONGEST_SENTENCE + k`.
    near: Vec<f32>,
    root_arc: Vec<f32>,
    root_rel: Vec<f32>,
    rels: Matrix,
    /// Sizes of the tag heads in their order: upos, xpos, scripts, ents, and attr, which some files lack.
    sizes: [usize; 5],
    /// For each entity tag the tag that begins the same kind and the one that goes on with it.
    may_follow: Vec<[Option<usize>; 2]>,
}

/// Buffers that a thread uses again; also the vectors of the forms met so far.
#[derive(Debug, Default)]
pub struct Scratch {
    known: FxHashMap<Box<str>, u32>,
    vectors: Vec<f32>,
    fresh: Vec<f32>,
    whole: Whole,
    x: Vec<f32>,
    /// At the end of a run the rows that the heads read.
    a: Vec<f32>,
    b: Vec<f32>,
    c: Vec<f32>,
    attr: Vec<f32>,
    held: Vec<f32>,
    ends: Vec<f32>,
    left: Vec<f32>,
    scores: Vec<f32>,
    packed: Matrix,
    heads: Vec<u32>,
    out: Vec<Tags>,
}

fn matrix(weights: &Weights, name: &str, input: usize) -> Result<Matrix, WeightsError> {
    let level = Level::best();
    let output = weights.shape(&format!("{name}.bias"))?.first().copied().unwrap_or(0);
    let bias = weights.floats(&format!("{name}.bias"), &[output])?;
    let weight = weights.floats(&format!("{name}.weight"), &[output, input])?;
    Ok(Matrix::linear(level, weight, bias, input))
}

impl Network {
    /// Takes the arrays out of a weights file. The label lists stay in it.
    pub fn new(weights: &mut Weights) -> Result<Self, WeightsError> {
        let pieces = Pieces::new(weights.names("pieces")?, weights.names("folds")?);
        let piece_rows = weights.rows("form.pieces", weights.names("pieces")?.len())?;
        let norm_rows = weights.rows("form.norms", form::NORM_ROWS)?;
        let suffix_rows = weights.rows("form.suffixes", form::SUFFIX_ROWS)?;
        let prefix_rows = weights.rows("form.prefixes", form::PREFIX_ROWS)?;
        let input = piece_rows.width + norm_rows.width + suffix_rows.width + prefix_rows.width;
        let form_hidden = matrix(weights, "form.hidden", input)?;
        let width = form_hidden.output;
        let form_out = matrix(weights, "form.out", width)?;
        let mut blocks = Vec::new();
        while weights.shape(&format!("blocks.{}.taps", blocks.len())).is_ok() {
            let at = format!("blocks.{}", blocks.len());
            blocks.push(Block {
                gain: weights.floats(&format!("{at}.norm.gain"), &[width])?.to_vec(),
                taps: weights.floats(&format!("{at}.taps"), &[3, width])?.to_vec(),
                into: matrix(weights, &format!("{at}.into"), width)?,
                out: matrix(weights, &format!("{at}.out"), width)?,
            });
        }
        let arc = weights.shape("heads.lean")?.first().copied().unwrap_or(0);
        let rel = weights.shape("heads.root_rel")?.first().copied().unwrap_or(0);
        let bilinear = weights.floats("heads.bilinear", &[arc, arc])?;
        let turned: Vec<f32> = (0..arc * arc).map(|i| bilinear[i % arc * arc + i / arc]).collect();
        // what leans on the head alone is a bias here: (d·B + lean)·h = d·B·h + lean·h
        let lean = weights.floats("heads.lean", &[arc])?;
        let bilinear = Matrix::linear(Level::best(), &turned, lean, arc);
        let distance = weights.floats("heads.distance", &[2 * REACH as usize + 1])?;
        let longest = crate::LONGEST_SENTENCE as i64;
        let near = (-longest..=longest)
            .map(|far| distance[(far.clamp(-REACH, REACH) + REACH) as usize])
            .collect();
        let size = |name: &str| Ok::<_, WeightsError>(weights.names(name)?.len());
        let sizes = [
            size("labels.upos")?,
            size("labels.xpos")?,
            size("labels.scripts")?,
            size("labels.ents")?,
            size("labels.attr").unwrap_or(0),
        ];
        let wrong = |name: &str, wanted: String| WeightsError::Shape { name: name.into(), wanted };
        let tags = matrix(weights, "heads.tags", width)?;
        let ends = matrix(weights, "heads.ends", width)?;
        let rels = matrix(weights, "heads.rels", rel)?;
        if tags.output != sizes.iter().sum::<usize>() || sizes[..4].contains(&0) {
            return Err(wrong("heads.tags.bias", "one for each label".into()));
        }
        if ends.output != 2 * (arc + rel) {
            return Err(wrong("heads.ends.bias", format!("{}", 2 * (arc + rel))));
        }
        if rels.output != size("labels.rels")? || rels.output == 0 {
            return Err(wrong("heads.rels.bias", "one for each relation".into()));
        }
        if width == 0 || width % 32 != 0 || form_out.output != width {
            return Err(wrong("form.hidden.bias", "a multiple of 32".into()));
        }
        Ok(Network {
            level: Level::best(),
            width,
            arc,
            rel,
            piece_rows,
            norm_rows,
            suffix_rows,
            prefix_rows,
            form_hidden,
            form_out,
            blocks,
            gain: weights.floats("heads.norm.gain", &[width])?.to_vec(),
            ends,
            tags,
            bilinear,
            near,
            root_arc: weights.floats("heads.root_arc", &[arc])?.to_vec(),
            root_rel: weights.floats("heads.root_rel", &[rel])?.to_vec(),
            rels,
            sizes,
            may_follow: followers(weights.names("labels.ents")?),
            pieces,
        })
    }

    /// The same network with other instructions; the outputs stay the same to the bit.
    pub fn with_level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// Numbers in a row of a [`Reading`].
    pub fn width(&self) -> usize {
        self.width
    }

    /// How many labels `labels.attr` has; none where the file lacks it.
    pub fn attr(&self) -> usize {
        self.sizes[4]
    }

    /// Reads sentences, given as all their forms in a row and the number of forms of each. None may
    /// be longer than [`crate::LONGEST_SENTENCE`].
    pub fn run<'s>(
        &self,
        scratch: &'s mut Scratch,
        forms: &[&str],
        lengths: &[usize],
    ) -> Reading<'s> {
        assert_eq!(forms.len(), lengths.iter().sum::<usize>(), "lengths must cover the forms");
        assert!(lengths.iter().all(|n| *n <= crate::LONGEST_SENTENCE), "a sentence is too long");
        self.embed(scratch, forms);
        for block in &self.blocks {
            self.block(block, scratch, lengths);
        }
        scratch.a.resize(scratch.x.len(), 0.0);
        kernel::normalise(self.level, &scratch.x, &self.gain, &mut scratch.a);
        scratch.whole.set(self.level, &scratch.a, self.width);
        scratch.out.clear();
        scratch.out.resize(forms.len(), Tags::default());
        self.tag(scratch, lengths);
        self.attach(scratch, lengths);
        Reading { tags: &scratch.out, rows: &scratch.a, attr: &scratch.attr }
    }

    /// One vector for each form, from the store or made now.
    fn embed(&self, scratch: &mut Scratch, forms: &[&str]) {
        let s = scratch;
        if s.known.len() > FORMS_KEPT {
            s.known.clear();
            s.vectors.clear();
        }
        s.fresh.clear();
        for form in forms {
            if !s.known.contains_key(*form) {
                s.known.insert((*form).into(), s.known.len() as u32);
                self.add_features(form, &mut s.fresh);
            }
        }
        if !s.fresh.is_empty() {
            s.whole.set(self.level, &s.fresh, self.form_hidden.input);
            self.form_hidden.apply(self.level, &s.whole, &mut s.a);
            kernel::relu(self.level, &mut s.a);
            s.whole.set(self.level, &s.a, self.width);
            self.form_out.apply(self.level, &s.whole, &mut s.b);
            s.vectors.extend_from_slice(&s.b);
        }
        s.x.clear();
        for form in forms {
            let at = s.known[*form] as usize * self.width;
            s.x.extend_from_slice(&s.vectors[at..at + self.width]);
        }
    }

    fn add_features(&self, form: &str, into: &mut Vec<f32>) {
        let features = self.pieces.features(form);
        let mut start = into.len();
        into.resize(start + self.form_hidden.input, 0.0);
        let count = features.pieces.len() as f32;
        for (table, rows) in [
            (&self.piece_rows, &features.pieces[..]),
            (&self.norm_rows, &features.norms),
            (&self.suffix_rows, &features.suffixes),
            (&self.prefix_rows, &features.prefixes),
        ] {
            let slots = &mut into[start..start + table.width];
            for row in rows {
                table.add(*row as usize, slots);
            }
            start += table.width;
        }
        let first = into.len() - self.form_hidden.input;
        for slot in &mut into[first..first + self.piece_rows.width] {
            *slot /= count;
        }
    }

    fn block(&self, block: &Block, s: &mut Scratch, lengths: &[usize]) {
        let (level, width) = (self.level, self.width);
        s.a.resize(s.x.len(), 0.0);
        kernel::normalise(level, &s.x, &block.gain, &mut s.a);
        s.b.resize(s.x.len(), 0.0);
        for range in ranges(lengths, width) {
            kernel::taps(level, &s.a[range.clone()], &block.taps, &mut s.b[range]);
        }
        s.whole.set(level, &s.b, width);
        block.into.apply(level, &s.whole, &mut s.c);
        s.held.resize(width, 0.0);
        for range in ranges(lengths, width) {
            let gates = &s.c[3 * range.start..3 * range.end];
            kernel::scan(level, gates, &mut s.held, &mut s.a[range]);
        }
        s.whole.set(level, &s.a, width);
        block.out.apply(level, &s.whole, &mut s.b);
        kernel::add(level, &mut s.x, &s.b);
    }

    /// Parts of speech, scripts, entities and what `attr` holds; reads the normalised rows in `whole`.
    fn tag(&self, s: &mut Scratch, lengths: &[usize]) {
        self.tags.apply(self.level, &s.whole, &mut s.b);
        let [upos, xpos, scripts, _, attr] = self.sizes;
        let width = self.tags.output;
        s.attr.clear();
        for (row, tags) in s.b.chunks_exact(width).zip(&mut s.out) {
            tags.upos = tree::best(&row[..upos]) as u16;
            tags.xpos = tree::best(&row[upos..upos + xpos]) as u16;
            tags.script = tree::best(&row[upos + xpos..upos + xpos + scripts]) as u16;
            s.attr.extend_from_slice(&row[width - attr..]);
        }
        let first = upos + xpos + scripts;
        for range in ranges(lengths, 1) {
            let rows = &s.b[range.start * width..range.end * width];
            let scores = rows.chunks_exact(width).map(|row| &row[first..]);
            self.mark(scores, &mut s.out[range]);
        }
    }

    /// The best row of entity tags in which no kind goes on that was not begun.
    fn mark<'r>(&self, rows: impl Iterator<Item = &'r [f32]>, out: &mut [Tags]) {
        let count = self.sizes[3];
        let mut before: Vec<f32> = vec![f32::NEG_INFINITY; count];
        let mut back: Vec<u16> = Vec::with_capacity(count * out.len());
        let mut now = Vec::with_capacity(count);
        for (i, row) in rows.enumerate() {
            let top = tree::best(&before);
            now.clear();
            for (tag, follows) in self.may_follow.iter().enumerate() {
                let (from, score) = match follows {
                    [None, None] if i == 0 => (0, 0.0),
                    [None, None] => (top, before[top]),
                    [a, b] => [a, b]
                        .into_iter()
                        .flatten()
                        .map(|t| (*t, before[*t]))
                        .fold((0, f32::NEG_INFINITY), |x, y| if y.1 > x.1 { y } else { x }),
                };
                back.push(from as u16);
                now.push(score + row[tag]);
            }
            std::mem::swap(&mut before, &mut now);
        }
        let mut tag = tree::best(&before);
        for (i, slot) in out.iter_mut().enumerate().rev() {
            slot.ent = tag as u16;
            tag = usize::from(back[i * count + tag]);
        }
    }

    /// Trees and relations; reads the normalised rows in `whole`.
    fn attach(&self, s: &mut Scratch, lengths: &[usize]) {
        let (level, arc, rel) = (self.level, self.arc, self.rel);
        self.ends.apply(level, &s.whole, &mut s.ends);
        let width = self.ends.output;
        // b: the dependents' side of every arc
        s.b.clear();
        for row in s.ends.chunks_exact_mut(width) {
            kernel::relu(level, &mut row[..2 * arc]);
            s.b.extend_from_slice(&row[..arc]);
        }
        s.whole.set(level, &s.b, arc);
        self.bilinear.apply(level, &s.whole, &mut s.left);
        s.c.clear();
        for range in ranges(lengths, 1) {
            let length = range.len();
            if length == 0 {
                continue;
            }
            let rows = &s.ends[range.start * width..range.end * width];
            let head = |h: usize| match h {
                0 => &self.root_arc[..],
                h => &rows[(h - 1) * width + arc..(h - 1) * width + 2 * arc],
            };
            s.packed.pack(level, arc, length + 1, head);
            s.whole.set(level, &s.left[range.start * arc..range.end * arc], arc);
            s.packed.apply(level, &s.whole, &mut s.scores);
            self.add_reach(length, &mut s.scores);
            tree::decode(&s.scores, length, &mut s.heads);
            for (i, head) in s.heads.iter().enumerate() {
                s.out[range.start + i].head = *head;
                let own = &rows[i * width + 2 * arc..i * width + 2 * arc + rel];
                let its = match *head as usize {
                    0 => &self.root_rel[..],
                    h => &rows[h * width - rel..h * width],
                };
                s.c.extend(own.iter().zip(its).map(|(a, b)| a + b));
            }
        }
        kernel::relu(level, &mut s.c);
        s.whole.set(level, &s.c, rel);
        self.rels.apply(level, &s.whole, &mut s.b);
        for (row, tags) in s.b.chunks_exact(self.rels.output).zip(&mut s.out) {
            tags.rel = tree::best(row) as u16;
        }
    }

    /// Adds what depends on the distance; a word never governs itself.
    fn add_reach(&self, length: usize, scores: &mut [f32]) {
        for (d, row) in scores.chunks_exact_mut(length + 1).enumerate() {
            let near = &self.near[crate::LONGEST_SENTENCE - d..];
            for (score, near) in row[1..].iter_mut().zip(near) {
                *score += near;
            }
            row[d + 1] = f32::NEG_INFINITY;
        }
    }
}

/// The ranges that sentences of these lengths take up, each word being `width` wide.
fn ranges(lengths: &[usize], width: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
    lengths.iter().scan(0, move |start, length| {
        let range = *start..*start + length * width;
        *start = range.end;
        Some(range)
    })
}

/// For `I-X` the places of `B-X` and `I-X`; nothing for the others, which may follow anything.
fn followers(tags: &[String]) -> Vec<[Option<usize>; 2]> {
    let find = |wanted: String| tags.iter().position(|t| *t == wanted);
    tags.iter()
        .map(|tag| match tag.strip_prefix("I-") {
            Some(kind) => [find(format!("B-{kind}")), find(format!("I-{kind}"))],
            None => [None, None],
        })
        .collect()
}

#[cfg(test)]
mod tests;
