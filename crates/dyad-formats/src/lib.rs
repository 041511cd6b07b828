//! The field's formats: an archive goes out as GDELT, ICEWS, POLECAT and ACLED tables and as W3C
//! Web Annotations, and codings of others come in to be compared.
//!
//! ```
//! # let dir = tempfile::tempdir().unwrap();
//! # let path = dir.path().join("mine.sqlite");
//! use dyad_archive::{Archive, Filter};
//! use dyad_formats::{Format, export};
//!
//! let archive = Archive::open(&path)?;
//! let mut table = Vec::new();
//! let done = export(&archive, &Filter::default(), Format::Icews, &mut table)?;
//! assert_eq!(done.rows, 0);
//! assert!(table.starts_with(b"Event ID\tEvent Date"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! docs/formats.md says column by column what is filled and what stays an honest blank.
#![forbid(unsafe_code)]

mod acled;
mod annotations;
mod book;
mod codes;
mod compare;
mod foreign;
mod gdelt;
mod icews;
mod lessons;
mod polecat;

pub use compare::{Agreement, Cell, Counts, Period, compare};
pub use foreign::{Fault, ForeignError, ForeignFile, each, read};

use book::Book;
use dyad_archive::{Archive, ArchiveError, Filter};
use dyad_columns::{ColumnsError, Form};
use std::io::{self, Write};
use thiserror::Error;

/// What an archive can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    GdeltEvents,
    GdeltMentions,
    Icews,
    Polecat,
    Acled,
    Annotations,
    Corrections,
    Parquet,
}

impl Format {
    pub const ALL: &'static [Format] = &[
        Format::GdeltEvents,
        Format::GdeltMentions,
        Format::Icews,
        Format::Polecat,
        Format::Acled,
        Format::Annotations,
        Format::Corrections,
        Format::Parquet,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Format::GdeltEvents => "gdelt-events",
            Format::GdeltMentions => "gdelt-mentions",
            Format::Icews => "icews",
            Format::Polecat => "polecat",
            Format::Acled => "acled",
            Format::Annotations => "annotations",
            Format::Corrections => "corrections",
            Format::Parquet => "parquet",
        }
    }

    /// Whether it has a place for how far an act has come.
    pub fn tells_status(self) -> bool {
        matches!(self, Format::Annotations | Format::Corrections | Format::Parquet)
    }

    pub fn about(self) -> &'static str {
        match self {
            Format::GdeltEvents => {
                "GDELT 2.0 events, 61 columns: a row for each episode and pair of sides"
            }
            Format::GdeltMentions => {
                "GDELT 2.0 mentions, 16 columns: a row for each telling of those"
            }
            Format::Icews => "ICEWS, 20 columns: a row for each telling and pair of sides",
            Format::Polecat => "POLECAT, 40 columns: a row for each telling",
            Format::Acled => {
                "as ACLED has them, 31 columns: a row for each episode of violence or protest"
            }
            Format::Annotations => "W3C Web Annotations: each telling at its words, as JSON-LD",
            Format::Parquet => "Parquet: each telling with the columns of `dyad events`",
            Format::Corrections => {
                "what people corrected, as training data: JSONL of text, spans and both codings"
            }
        }
    }
}

#[derive(Debug, Error)]
pub enum ExportError {
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error(transparent)]
    Tables(#[from] dyad_lexicon::TableError),
    #[error(transparent)]
    Columns(#[from] ColumnsError),
    #[error(transparent)]
    Write(#[from] io::Error),
}

impl From<csv::Error> for ExportError {
    fn from(error: csv::Error) -> Self {
        ExportError::Write(error.into())
    }
}

/// What was written, and what the format has no place for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    pub rows: u64,
    /// Planned, threatened, called for, refused, denied or supposed: the format has no status, and
    /// such a row would pass for a deed. Name the statuses in the filter to get them.
    pub no_deeds: u64,
    /// The format needs a day, and neither the act nor its report has one.
    pub no_day: u64,
    /// Of a kind that the format does not hold.
    pub other_kinds: u64,
}

/// Writes what the filter asks for.
pub fn export(
    archive: &Archive,
    filter: &Filter,
    format: Format,
    out: &mut dyn Write,
) -> Result<Exported, ExportError> {
    let all = format.tells_status() || !filter.statuses.is_empty();
    let mut book = Book::open(archive, filter, all)?;
    if matches!(format, Format::GdeltEvents | Format::GdeltMentions | Format::Icews) {
        book.coded_only()?;
    }
    match format {
        Format::GdeltEvents => gdelt::events(&mut book, out),
        Format::GdeltMentions => gdelt::mentions(&mut book, out),
        Format::Icews => icews::write(&mut book, out),
        Format::Polecat => polecat::write(&mut book, out),
        Format::Acled => acled::write(&mut book, out),
        Format::Annotations => annotations::write(&mut book, out),
        Format::Corrections => lessons::write(archive, filter, out),
        Format::Parquet => parquet(archive, filter, out),
    }
}

fn parquet(
    archive: &Archive,
    filter: &Filter,
    out: &mut dyn Write,
) -> Result<Exported, ExportError> {
    let events = archive.events(filter)?;
    let mut file = Vec::new();
    dyad_columns::rows(&events, Form::Parquet, &mut file)?;
    out.write_all(&file)?;
    Ok(Exported { rows: events.len() as u64, ..Exported::default() })
}

/// Tab-separated as the field has it: no quotation marks, so a cell holds neither tab nor break.
fn tabs(out: &mut dyn Write) -> csv::Writer<&mut dyn Write> {
    csv::WriterBuilder::new().delimiter(b'\t').quote_style(csv::QuoteStyle::Never).from_writer(out)
}

fn row<S: AsRef<str>>(
    table: &mut csv::Writer<&mut dyn Write>,
    cells: &[S],
) -> Result<(), ExportError> {
    let flat = cells.iter().map(|c| c.as_ref().replace(['\t', '\n', '\r'], " "));
    table.write_record(flat)?;
    Ok(())
}
