//! The codings of others: their files, read as acts without text.

use crate::codes::Codes;
use crate::{gdelt, icews, polecat};
use dyad_lexicon::TableError;
use dyad_record::foreign::{Coder, Foreign};
use flate2::read::MultiGzDecoder;
use jiff::civil::Date;
use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Seek};
use thiserror::Error;
use zip::ZipArchive;

/// An act that has an id and a day.
pub(crate) fn checked(act: Foreign) -> Result<Foreign, String> {
    if act.id.is_empty() {
        return Err("no id in column 1".to_owned());
    }
    match act.date.parse::<Date>() {
        Ok(_) => Ok(act),
        Err(_) => Err(format!("`{}` is no day; write it as 2022-01-31", act.date)),
    }
}

#[derive(Debug, Error)]
pub enum ForeignError {
    #[error(
        "{file}: no coding that we know; its first line has {columns} columns: GDELT events have 61 and no header, ICEWS and POLECAT files the header that they were published with"
    )]
    Unknown { file: String, columns: usize },
    #[error("{file}: GDELT mentions tell of no act by themselves; give the events")]
    Mentions { file: String },
    #[error("{file}: cannot be read: {source}; download it again")]
    Broken { file: String, source: io::Error },
    #[error(transparent)]
    Tables(#[from] TableError),
}

/// A row that could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub file: String,
    pub line: u64,
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}: {}", self.file, self.line, self.what)
    }
}

/// What a file held.
#[derive(Clone, Debug, PartialEq)]
pub struct ForeignFile {
    pub coder: Coder,
    pub acts: Vec<Foreign>,
    pub faults: Vec<Fault>,
}

/// Reads the codings of a file, plain, gzipped or zipped; whose they are its first line tells.
pub fn read(name: &str, file: impl Read + Seek) -> Result<ForeignFile, ForeignError> {
    let mut acts = Vec::new();
    let (coder, faults) = each(name, file, |act| -> Result<(), ForeignError> {
        acts.push(act);
        Ok(())
    })?;
    Ok(ForeignFile { coder, acts, faults })
}

/// The same, one act after another; ends where one is not taken.
pub fn each<E: From<ForeignError>>(
    name: &str,
    mut file: impl Read + Seek,
    take: impl FnMut(Foreign) -> Result<(), E>,
) -> Result<(Coder, Vec<Fault>), E> {
    let broken = |source| ForeignError::Broken { file: name.to_owned(), source };
    let mut magic = [0; 2];
    let got = file.read(&mut magic).map_err(broken)?;
    file.rewind().map_err(broken)?;
    match &magic[..got] {
        b"PK" => {
            let mut zip = ZipArchive::new(BufReader::new(file)).map_err(|e| broken(e.into()))?;
            // GDELT and Dataverse put one file in each.
            let entry = zip.by_index(0).map_err(|e| broken(e.into()))?;
            each_row(name, entry, take)
        }
        b"\x1f\x8b" => each_row(name, MultiGzDecoder::new(BufReader::new(file)), take),
        _ => each_row(name, file, take),
    }
}

fn each_row<E: From<ForeignError>>(
    name: &str,
    file: impl Read,
    mut take: impl FnMut(Foreign) -> Result<(), E>,
) -> Result<(Coder, Vec<Fault>), E> {
    let codes = Codes::builtin().map_err(ForeignError::from)?;
    let mut lines = BufReader::new(file);
    let broken = |source| ForeignError::Broken { file: name.to_owned(), source };
    let mut bytes = Vec::new();
    lines.read_until(b'\n', &mut bytes).map_err(broken)?;
    let (coder, width, headed) = whose(name, &decoded(&bytes))?;
    let mut faults = Vec::new();
    let mut line = 1;
    if headed {
        bytes.clear();
        lines.read_until(b'\n', &mut bytes).map_err(broken)?;
        line += 1;
    }
    while !bytes.is_empty() {
        let text = decoded(&bytes);
        let cells: Vec<&str> = text.trim_end_matches(['\n', '\r']).split('\t').collect();
        let act = match coder {
            _ if cells.len() != width => Err(format!(
                "{} columns where {width} are expected; a cell holds a tab or a break",
                cells.len()
            )),
            Coder::Gdelt => gdelt::foreign(&cells, &codes),
            Coder::Icews => icews::foreign(&cells, &codes),
            Coder::Polecat => polecat::foreign(&cells, &codes),
        };
        match act {
            Ok(act) => take(act)?,
            Err(_) if text.trim().is_empty() => {}
            Err(what) => faults.push(Fault { file: name.to_owned(), line, what }),
        }
        bytes.clear();
        lines.read_until(b'\n', &mut bytes).map_err(broken)?;
        line += 1;
    }
    Ok((coder, faults))
}

/// Whose coding a first line begins, how many columns a row has, and whether the line is a header.
fn whose(name: &str, first: &str) -> Result<(Coder, usize, bool), ForeignError> {
    let heads: Vec<&str> =
        first.trim_start_matches('\u{feff}').split('\t').map(str::trim).collect();
    let (file, columns) = (name.to_owned(), heads.len());
    match heads.as_slice() {
        ["Event ID", "Event Date", "Source Name", ..] => Ok((Coder::Icews, columns, true)),
        ["Event ID", "Event Date", "Event Type", ..] => Ok((Coder::Polecat, columns, true)),
        _ if columns == gdelt::EVENT_COLUMNS => Ok((Coder::Gdelt, columns, false)),
        _ if columns == gdelt::MENTION_COLUMNS => Err(ForeignError::Mentions { file }),
        _ => Err(ForeignError::Unknown { file, columns }),
    }
}

/// UTF-8, else ISO 8859-1, in which POLECAT's files are.
fn decoded(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|b| char::from(*b)).collect(),
    }
}
