//! The codings of others: their files, read as acts without text.

use crate::codes::Codes;
use crate::{gdelt, icews, polecat};
use dyad_lexicon::TableError;
use dyad_record::Quad;
use flate2::read::MultiGzDecoder;
use jiff::civil::Date;
use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Seek};
use thiserror::Error;
use zip::ZipArchive;

/// Whose coding it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    Gdelt,
    Icews,
    Polecat,
}

impl Source {
    pub fn as_str(self) -> &'static str {
        match self {
            Source::Gdelt => "GDELT",
            Source::Icews => "ICEWS",
            Source::Polecat => "POLECAT",
        }
    }
}

/// One act as another coded it.
#[derive(Clone, Debug, PartialEq)]
pub struct Foreign {
    pub source: Source,
    /// Unique with the date: ICEWS used its ids again.
    pub id: String,
    /// ISO date.
    pub date: String,
    /// ISO 3166-1 alpha-3.
    pub actors: Vec<String>,
    pub recipients: Vec<String>,
    pub quad: Quad,
    /// CAMEO code, or POLECAT's event type.
    pub code: String,
    pub goldstein: Option<f64>,
    pub country: Option<String>,
    pub place: String,
    pub url: String,
}

impl Foreign {
    pub(crate) fn checked(self) -> Result<Foreign, String> {
        if self.id.is_empty() {
            return Err("no id in column 1".to_owned());
        }
        match self.date.parse::<Date>() {
            Ok(_) => Ok(self),
            Err(_) => Err(format!("`{}` is no day; write it as 2022-01-31", self.date)),
        }
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
    pub source: Source,
    pub acts: Vec<Foreign>,
    pub faults: Vec<Fault>,
}

/// Reads the codings of a file, plain, gzipped or zipped; whose they are its first line tells.
pub fn read(name: &str, mut file: impl Read + Seek) -> Result<ForeignFile, ForeignError> {
    let broken = |source| ForeignError::Broken { file: name.to_owned(), source };
    let mut magic = [0; 2];
    let got = file.read(&mut magic).map_err(broken)?;
    file.rewind().map_err(broken)?;
    match &magic[..got] {
        b"PK" => {
            let mut zip = ZipArchive::new(BufReader::new(file)).map_err(|e| broken(e.into()))?;
            // GDELT and Dataverse put one file in each.
            let entry = zip.by_index(0).map_err(|e| broken(e.into()))?;
            read_table(name, entry)
        }
        b"\x1f\x8b" => read_table(name, MultiGzDecoder::new(BufReader::new(file))),
        _ => read_table(name, file),
    }
}

fn read_table(name: &str, file: impl Read) -> Result<ForeignFile, ForeignError> {
    let codes = Codes::builtin()?;
    let mut lines = BufReader::new(file);
    let broken = |source| ForeignError::Broken { file: name.to_owned(), source };
    let mut bytes = Vec::new();
    lines.read_until(b'\n', &mut bytes).map_err(broken)?;
    let first = decoded(&bytes);
    let heads: Vec<&str> =
        first.trim_start_matches('\u{feff}').split('\t').map(str::trim).collect();
    let (source, width, headed) = match heads.as_slice() {
        ["Event ID", "Event Date", "Source Name", ..] => (Source::Icews, heads.len(), true),
        ["Event ID", "Event Date", "Event Type", ..] => (Source::Polecat, heads.len(), true),
        other if other.len() == gdelt::EVENT_COLUMNS => (Source::Gdelt, other.len(), false),
        other if other.len() == gdelt::MENTION_COLUMNS => {
            return Err(ForeignError::Mentions { file: name.to_owned() });
        }
        other => {
            let columns = other.len();
            return Err(ForeignError::Unknown { file: name.to_owned(), columns });
        }
    };
    let (mut acts, mut faults) = (Vec::new(), Vec::new());
    let mut line = 1;
    if headed {
        bytes.clear();
        lines.read_until(b'\n', &mut bytes).map_err(broken)?;
        line += 1;
    }
    while !bytes.is_empty() {
        let text = decoded(&bytes);
        let cells: Vec<&str> = text.trim_end_matches(['\n', '\r']).split('\t').collect();
        let act = match source {
            _ if cells.len() != width => Err(format!(
                "{} columns where {width} are expected; a cell holds a tab or a break",
                cells.len()
            )),
            Source::Gdelt => gdelt::foreign(&cells, &codes),
            Source::Icews => icews::foreign(&cells, &codes),
            Source::Polecat => polecat::foreign(&cells, &codes),
        };
        match act {
            Ok(act) => acts.push(act),
            Err(_) if text.trim().is_empty() => {}
            Err(what) => faults.push(Fault { file: name.to_owned(), line, what }),
        }
        bytes.clear();
        lines.read_until(b'\n', &mut bytes).map_err(broken)?;
        line += 1;
    }
    Ok(ForeignFile { source, acts, faults })
}

/// UTF-8, else ISO 8859-1, in which POLECAT's files are.
fn decoded(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|b| char::from(*b)).collect(),
    }
}
