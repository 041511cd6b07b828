//! The sets' files: JSON rows or CoNLL-U, plain or gzipped.

use crate::{EvalError, Set};
use flate2::read::MultiGzDecoder;
use serde::de::DeserializeOwned;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

fn open(path: &Path) -> std::io::Result<Box<dyn BufRead>> {
    let mut file = BufReader::new(File::open(path)?);
    let gzipped = file.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    Ok(if gzipped { Box::new(BufReader::new(MultiGzDecoder::new(file))) } else { Box::new(file) })
}

/// The whole file as text.
pub fn text(path: &Path) -> Result<String, EvalError> {
    let failed = |error| EvalError::File { path: path.to_owned(), error };
    let mut bytes = Vec::new();
    open(path).and_then(|mut f| f.read_to_end(&mut bytes)).map_err(failed)?;
    Ok(String::from_utf8(bytes)
        .unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned()))
}

/// Every line as one row.
pub fn rows<T: DeserializeOwned>(set: Set, path: &Path) -> Result<Vec<T>, EvalError> {
    let failed = |error| EvalError::File { path: path.to_owned(), error };
    let mut rows = Vec::new();
    for (i, line) in open(path).map_err(failed)?.lines().enumerate() {
        let line = line.map_err(failed)?;
        if line.trim().is_empty() {
            continue;
        }
        let row = serde_json::from_str(&line).map_err(|e| EvalError::Row {
            set,
            path: path.to_owned(),
            line: i + 1,
            what: e.to_string(),
        })?;
        rows.push(row);
    }
    Ok(rows)
}

/// Positions in code points to bytes: the sets count code points, the reader bytes.
pub struct Bytes(Vec<u32>);

impl Bytes {
    pub fn of(text: &str) -> Self {
        let starts = text.char_indices().map(|(i, _)| i as u32);
        Bytes(starts.chain([text.len() as u32]).collect())
    }

    pub fn span(&self, start: usize, end: usize) -> dyad_reader::span::Span {
        let at = |i: usize| self.0[i.min(self.0.len() - 1)];
        dyad_reader::span::Span { start: at(start), end: at(end).max(at(start)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_points_become_bytes() {
        let bytes = Bytes::of("é–a");
        assert_eq!(bytes.span(1, 2).of("é–a"), "–");
        assert_eq!(bytes.span(2, 9).of("é–a"), "a");
    }
}
