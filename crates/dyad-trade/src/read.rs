//! Files of trade tables, plain, gzipped or zipped, read row by row.

use crate::areas::Areas;
use crate::layout::{Columns, Layout, Row};
use crate::ledger::Ledger;
use csv::{ByteRecord, ReaderBuilder, StringRecord};
use flate2::read::MultiGzDecoder;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Seek};
use thiserror::Error;
use zip::ZipArchive;

#[derive(Debug, Error)]
pub enum TradeError {
    #[error(
        "{file}: no trade table that we know; its first line is `{header}`: give the columns of BACI (t,i,j,k,v), UN Comtrade or the IMF's Direction of Trade as they were downloaded"
    )]
    Unknown { file: String, header: String },
    #[error(
        "{file}: a table of {found} beside one of {held}; ask for each alone, they count the same trade"
    )]
    Mixed { file: String, found: &'static str, held: &'static str },
    #[error("{file}: cannot be read: {error}; download it again or unpack it by hand")]
    Broken { file: String, error: String },
}

/// What was read of one file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    pub rows: u64,
    /// Rows on the trade of the two states.
    pub used: u64,
    /// Rows that a table gives beside what they are part of (re-exports, modes of transport).
    pub left_out: u64,
    /// Rows that could not be used, the first ones in full.
    pub faults: Vec<Fault>,
    pub faulty: u64,
    /// Codes that stand for no state that we know, with the line where each comes first.
    pub unknown: BTreeMap<String, (String, u64)>,
}

/// One row that could not be used.
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

/// How many faults are kept in full.
const KEPT: usize = 20;

impl Ledger {
    /// Reads one file into the ledger. `name` is for complaints.
    pub fn read(
        &mut self,
        name: &str,
        mut file: impl Read + Seek,
        areas: &Areas,
    ) -> Result<Reading, TradeError> {
        let broken = |error: io::Error| TradeError::Broken {
            file: name.to_owned(),
            error: error.to_string(),
        };
        let mut magic = [0; 2];
        let got = file.read(&mut magic).map_err(broken)?;
        file.rewind().map_err(broken)?;
        let mut reading = Reading::default();
        match &magic[..got] {
            b"PK" => self.read_zip(name, file, areas, &mut reading)?,
            b"\x1f\x8b" => {
                let table = MultiGzDecoder::new(BufReader::new(file));
                self.read_table(name, table, areas, &mut reading)?;
            }
            _ => self.read_table(name, file, areas, &mut reading)?,
        }
        Ok(reading)
    }

    /// The tables among the files of a zip; lists of codes and readmes lie beside them.
    fn read_zip(
        &mut self,
        name: &str,
        file: impl Read + Seek,
        areas: &Areas,
        reading: &mut Reading,
    ) -> Result<(), TradeError> {
        let broken = |error: String| TradeError::Broken { file: name.to_owned(), error };
        let mut zip = ZipArchive::new(BufReader::new(file)).map_err(|e| broken(e.to_string()))?;
        let (mut tables, mut unknown) = (0, None);
        for i in 0..zip.len() {
            let entry = zip.by_index(i).map_err(|e| broken(e.to_string()))?;
            if !entry.is_file() {
                continue;
            }
            let inner = format!("{name}, in it {}", entry.name());
            match self.read_table(&inner, entry, areas, reading) {
                Ok(()) => tables += 1,
                Err(error @ TradeError::Unknown { .. }) => unknown = Some(error),
                Err(error) => return Err(error),
            }
        }
        match (tables, unknown) {
            (0, Some(error)) => Err(error),
            (0, None) => Err(broken("it holds no file".to_owned())),
            _ => Ok(()),
        }
    }

    fn read_table(
        &mut self,
        name: &str,
        table: impl Read,
        areas: &Areas,
        reading: &mut Reading,
    ) -> Result<(), TradeError> {
        let broken = |error: String| TradeError::Broken { file: name.to_owned(), error };
        let (mut csv, columns) = opened(name, table)?;
        let mut bytes = ByteRecord::new();
        self.settle(name, columns.layout())?;
        while csv.read_byte_record(&mut bytes).map_err(|e| broken(e.to_string()))? {
            reading.rows += 1;
            let line = bytes.position().map_or(0, csv::Position::line);
            match columns.read(&text(&bytes), areas, self) {
                Row::Read => reading.used += 1,
                Row::Elsewhere => {}
                Row::LeftOut => reading.left_out += 1,
                Row::UnknownArea(code) => {
                    reading.unknown.entry(code).or_insert_with(|| (name.to_owned(), line));
                }
                Row::Bad(what) => {
                    reading.faulty += 1;
                    if reading.faults.len() < KEPT {
                        reading.faults.push(Fault { file: name.to_owned(), line, what });
                    }
                }
            }
        }
        Ok(())
    }

    fn settle(&mut self, file: &str, found: Layout) -> Result<(), TradeError> {
        match self.layout {
            Some(held) if held != found => Err(TradeError::Mixed {
                file: file.to_owned(),
                found: found.as_str(),
                held: held.as_str(),
            }),
            _ => {
                self.layout = Some(found);
                Ok(())
            }
        }
    }
}

/// What the table of a file is, by its header alone.
pub fn layout(name: &str, mut file: impl Read + Seek) -> Result<Layout, TradeError> {
    let broken = |error: String| TradeError::Broken { file: name.to_owned(), error };
    let mut magic = [0; 2];
    let got = file.read(&mut magic).map_err(|e| broken(e.to_string()))?;
    file.rewind().map_err(|e| broken(e.to_string()))?;
    let packed = match &magic[..got] {
        b"PK" => true,
        b"\x1f\x8b" => {
            return Ok(opened(name, MultiGzDecoder::new(BufReader::new(file)))?.1.layout());
        }
        _ => false,
    };
    if !packed {
        return Ok(opened(name, file)?.1.layout());
    }
    let mut zip = ZipArchive::new(BufReader::new(file)).map_err(|e| broken(e.to_string()))?;
    let mut unknown = broken("it holds no file".to_owned());
    for i in 0..zip.len() {
        let entry = zip.by_index(i).map_err(|e| broken(e.to_string()))?;
        if !entry.is_file() {
            continue;
        }
        match opened(name, entry) {
            Ok((_, columns)) => return Ok(columns.layout()),
            Err(error) => unknown = error,
        }
    }
    Err(unknown)
}

/// A table at the row after its header, and what its columns are.
fn opened<R: Read>(name: &str, table: R) -> Result<(Table<R>, Columns), TradeError> {
    let broken = |error: String| TradeError::Broken { file: name.to_owned(), error };
    let mut table = BufReader::with_capacity(1 << 18, table);
    let opening = table.fill_buf().map_err(|e| broken(e.to_string()))?;
    let delimiter = delimiter(opening);
    // Comtrade ends rows with one comma more than its header.
    let mut csv = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(table);
    let mut bytes = ByteRecord::new();
    csv.read_byte_record(&mut bytes).map_err(|e| broken(e.to_string()))?;
    let header = text(&bytes);
    let columns = Columns::of(&header)
        .ok_or_else(|| TradeError::Unknown { file: name.to_owned(), header: shortened(&header) })?;
    Ok((csv, columns))
}

type Table<R> = csv::Reader<BufReader<R>>;

/// The sign that stands most often in the first line.
fn delimiter(opening: &[u8]) -> u8 {
    let line = opening.split(|b| *b == b'\n').next().unwrap_or_default();
    let count = |sign: u8| line.iter().filter(|b| **b == sign).count();
    b",;\t".iter().copied().max_by_key(|sign| (count(*sign), *sign == b',')).unwrap_or(b',')
}

/// Names of states outside ASCII come in several encodings; nothing that is read from them
/// depends on it.
fn text(bytes: &ByteRecord) -> StringRecord {
    StringRecord::from_byte_record_lossy(bytes.clone())
}

fn shortened(header: &StringRecord) -> String {
    const SHOWN: usize = 80;
    let line = header.iter().collect::<Vec<_>>().join(",");
    match line.char_indices().nth(SHOWN) {
        Some((cut, _)) => format!("{}…", &line[..cut]),
        None => line,
    }
}
