//! The weights file: named arrays and lists of names. `training/export.py` writes it.

use std::collections::BTreeMap;

/// Why bytes are not a usable weights file.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum WeightsError {
    /// It does not begin as a weights file does.
    #[error(
        "not a dyad weights file: it must begin with `DYADEAR1`; write one with training/export.py"
    )]
    Magic,
    /// It is cut short or altered.
    #[error("the weights file is damaged ({0}); fetch the model again")]
    Damaged(&'static str),
    /// It lacks an array of the wanted shape.
    #[error(
        "the weights file has no `{name}` of the shape that this program wants ({wanted}); train again with this version's training/"
    )]
    Shape {
        /// Name of the array.
        name: String,
        /// What was looked for.
        wanted: String,
    },
}

const MAGIC: &[u8; 8] = b"DYADEAR1";

#[derive(Debug)]
enum Data {
    Floats(Vec<f32>),
    Rows { bytes: Vec<i8>, scales: Vec<f32> },
    Names(Vec<String>),
}

/// The arrays of a weights file by name.
#[derive(Debug)]
pub struct Weights {
    sections: BTreeMap<String, (Vec<usize>, Data)>,
    digest: u64,
}

/// A table of 8-bit rows, each with its own scale.
#[derive(Debug)]
pub(crate) struct Rows {
    pub width: usize,
    pub bytes: Vec<i8>,
    pub scales: Vec<f32>,
}

impl Rows {
    /// Adds the row to `into`.
    pub fn add(&self, row: usize, into: &mut [f32]) {
        let scale = self.scales[row];
        let bytes = &self.bytes[row * self.width..(row + 1) * self.width];
        for (slot, byte) in into.iter_mut().zip(bytes) {
            *slot += f32::from(*byte) * scale;
        }
    }
}

struct Cursor<'b> {
    bytes: &'b [u8],
}

impl<'b> Cursor<'b> {
    fn take(&mut self, count: usize) -> Result<&'b [u8], WeightsError> {
        let (head, rest) =
            self.bytes.split_at_checked(count).ok_or(WeightsError::Damaged("it ends too early"))?;
        self.bytes = rest;
        Ok(head)
    }

    fn u32(&mut self) -> Result<usize, WeightsError> {
        let bytes = self.take(4)?;
        Ok(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize)
    }

    fn text(&mut self) -> Result<&'b str, WeightsError> {
        let length = self.u32()?;
        std::str::from_utf8(self.take(length)?)
            .map_err(|_| WeightsError::Damaged("a name is not UTF-8"))
    }
}

/// FNV-1a over 8-byte words: guards against damage, not against malice.
fn digest(bytes: &[u8]) -> u64 {
    let mut value = 0xcbf2_9ce4_8422_2325u64;
    let mut add = |word| {
        value = (value ^ u64::from_le_bytes(word)).wrapping_mul(0x0000_0100_0000_01b3);
        value ^= value >> 29;
    };
    let (words, rest) = bytes.as_chunks();
    words.iter().for_each(|word| add(*word));
    if !rest.is_empty() {
        let mut word = [0; 8];
        word[..rest.len()].copy_from_slice(rest);
        add(word);
    }
    value
}

fn from_half(bits: u16) -> f32 {
    let sign = u32::from(bits >> 15) << 31;
    let exponent = u32::from(bits >> 10) & 31;
    let fraction = u32::from(bits) & 1023;
    match exponent {
        // 2^-24 is the step of the subnormal halves
        0 => f32::from_bits(sign | (fraction as f32 * f32::from_bits(103 << 23)).to_bits()),
        31 => f32::from_bits(sign | 255 << 23 | fraction << 13),
        _ => f32::from_bits(sign | (exponent + 112) << 23 | fraction << 13),
    }
}

impl Weights {
    /// Reads and checks a whole file.
    pub fn read(bytes: &[u8]) -> Result<Self, WeightsError> {
        let mut cursor = Cursor { bytes };
        if cursor.take(8).map_err(|_| WeightsError::Magic)? != MAGIC {
            return Err(WeightsError::Magic);
        }
        let wanted = cursor.take(8)?;
        let found = digest(cursor.bytes);
        if wanted != found.to_le_bytes() {
            return Err(WeightsError::Damaged("its check sum is wrong"));
        }
        let mut sections = BTreeMap::new();
        while !cursor.bytes.is_empty() {
            let name = cursor.text()?.to_owned();
            let kind = cursor.u32()?;
            let axes = cursor.u32()?;
            let shape = (0..axes).map(|_| cursor.u32()).collect::<Result<Vec<_>, _>>()?;
            let count = shape
                .iter()
                .try_fold(1usize, |n, axis| n.checked_mul(*axis))
                .filter(|n| *n <= 1 << 28)
                .ok_or(WeightsError::Damaged("an array is too large"))?;
            let data = match kind {
                0 => Data::Floats(read_floats(cursor.take(count * 4)?)),
                1 => Data::Floats(
                    cursor
                        .take(count * 2)?
                        .chunks_exact(2)
                        .map(|b| from_half(u16::from_le_bytes([b[0], b[1]])))
                        .collect(),
                ),
                2 => {
                    let rows = shape.first().copied().unwrap_or(0);
                    let scales = read_floats(cursor.take(rows * 4)?);
                    let bytes = cursor.take(count)?.iter().map(|b| *b as i8).collect();
                    Data::Rows { bytes, scales }
                }
                3 => Data::Names(
                    (0..count)
                        .map(|_| cursor.text().map(str::to_owned))
                        .collect::<Result<_, _>>()?,
                ),
                _ => return Err(WeightsError::Damaged("an array is of an unknown kind")),
            };
            sections.insert(name, (shape, data));
        }
        Ok(Weights { sections, digest: found })
    }

    /// The file's own check sum, which names this version of the weights.
    pub fn digest(&self) -> u64 {
        self.digest
    }

    /// A list of names, e.g. the labels of a head.
    pub fn names(&self, name: &str) -> Result<&[String], WeightsError> {
        match self.sections.get(name) {
            Some((_, Data::Names(names))) => Ok(names),
            _ => Err(missing(name, "a list of names")),
        }
    }

    /// Numbers of that shape.
    pub fn floats(&self, name: &str, shape: &[usize]) -> Result<&[f32], WeightsError> {
        match self.sections.get(name) {
            Some((found, Data::Floats(floats))) if found == shape => Ok(floats),
            _ => Err(missing(name, &format!("{shape:?}"))),
        }
    }

    #[cfg(test)]
    pub(crate) fn put(&mut self, name: &str, shape: Vec<usize>, floats: Vec<f32>) {
        self.sections.insert(name.to_owned(), (shape, Data::Floats(floats)));
    }

    #[cfg(test)]
    pub(crate) fn put_names(&mut self, name: &str, names: Vec<String>) {
        self.sections.insert(name.to_owned(), (vec![names.len()], Data::Names(names)));
    }

    pub(crate) fn rows(&mut self, name: &str, height: usize) -> Result<Rows, WeightsError> {
        match self.sections.remove(name) {
            Some((shape, Data::Rows { bytes, scales }))
                if shape.len() == 2 && shape[0] == height =>
            {
                Ok(Rows { width: shape[1], bytes, scales })
            }
            _ => Err(missing(name, &format!("{height} rows of bytes"))),
        }
    }

    /// The weights and biases of a layer kept as 8-bit rows, one an output.
    pub(crate) fn layer(
        &mut self,
        name: &str,
        input: usize,
    ) -> Result<(Vec<f32>, Vec<f32>), WeightsError> {
        let output = self.shape(&format!("{name}.bias"))?.first().copied().unwrap_or(0);
        let bias = self.floats(&format!("{name}.bias"), &[output])?.to_vec();
        let rows = self.rows(&format!("{name}.weight"), output)?;
        if rows.width != input {
            return Err(missing(
                &format!("{name}.weight"),
                &format!("{output} rows of {input} bytes"),
            ));
        }
        let mut floats = vec![0.0; output * input];
        for (row, out) in floats.chunks_exact_mut(input).enumerate() {
            rows.add(row, out);
        }
        Ok((floats, bias))
    }

    pub(crate) fn shape(&self, name: &str) -> Result<&[usize], WeightsError> {
        self.sections.get(name).map(|(shape, _)| &**shape).ok_or_else(|| missing(name, "any"))
    }
}

fn read_floats(bytes: &[u8]) -> Vec<f32> {
    bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
}

fn missing(name: &str, wanted: &str) -> WeightsError {
    WeightsError::Shape { name: name.to_owned(), wanted: wanted.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_become_floats() {
        for (bits, value) in [
            (0x0000, 0.0),
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x0001, 2f32.powi(-24)),
            (0x83ff, -1023.0 * 2f32.powi(-24)),
            (0x7bff, 65504.0),
        ] {
            assert_eq!(from_half(bits), value, "{bits:#x}");
        }
    }

    #[test]
    fn damage_is_noticed() {
        assert_eq!(Weights::read(b"").unwrap_err(), WeightsError::Magic);
        assert_eq!(Weights::read(b"DYADEAR2aaaaaaaa").unwrap_err(), WeightsError::Magic);
        let mut file = MAGIC.to_vec();
        file.extend(digest(b"x").to_le_bytes());
        file.push(b'y');
        assert!(matches!(Weights::read(&file), Err(WeightsError::Damaged(_))));
    }
}
