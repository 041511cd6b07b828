//! What went wrong, with the file, the place and what mends it.

use dyad_archive::ArchiveError;
use dyad_eval::EvalError;
use dyad_reader::ReadError;
use dyad_server::ServeError;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Nothing could be read.
pub const NOTHING: u8 = 2;
/// A part of a batch could not be read; the rest was.
pub const PARTLY: u8 = 3;

#[derive(Debug, Error)]
pub enum Failure {
    #[error("{place}: {error}")]
    Read { place: String, error: ReadError },
    #[error("{place}: no record that this dyad knows: {error}; read the report again")]
    Record { place: String, error: serde_json::Error },
    #[error("{}: {error}; {mend}", path.display())]
    File { path: PathBuf, error: String, mend: &'static str },
    #[error("{}: no reports in this folder; name the files", path.display())]
    EmptyFolder { path: PathBuf },
    #[error("{url}: this feed lists nothing; give the address of a page")]
    EmptyFeed { url: String },
    #[error(transparent)]
    Fetch(#[from] dyad_fetch::FetchError),
    #[error("which file of the set `{set}`? name it after the set")]
    NoFile { set: dyad_eval::Set },
    #[error("no state is called `{name}`; give its ISO code (RUS) or its English name")]
    NoState { name: String },
    #[error("`{state}` twice: name two states")]
    OneState { state: String },
    #[error("`{code}` is no code of a product; write it like 27 or 2709")]
    NoGoods { code: String },
    #[error("{what}")]
    NoTrade { what: String },
    #[error("{}: {error}", path.display())]
    Rules { path: PathBuf, error: dyad_archive::RuleError },
    #[error("no item `{item}` was read; `dyad explain FILE` shows them all")]
    NoItem { item: String },
    #[error("Parquet is no text: send it into a file, as in `> rows.parquet`")]
    Terminal,
    #[error(transparent)]
    Columns(#[from] dyad_columns::ColumnsError),
    #[error("cannot write: {error}")]
    Output { error: io::Error },
    /// Whoever read our output has closed it: nothing to complain of.
    #[error("the output was closed")]
    Pipe,
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error(transparent)]
    Export(dyad_formats::ExportError),
    #[error(transparent)]
    Foreign(#[from] dyad_formats::ForeignError),
    #[error("{}: holds nothing that others coded; `dyad import` stores it, or name the files", path.display())]
    NothingToCompare { path: PathBuf },
    #[error("{what}")]
    NothingCommon { what: String },
    #[error(transparent)]
    Trade(#[from] dyad_trade::TradeError),
    #[error(transparent)]
    Plot(#[from] dyad_trade::PlotError),
    #[error(transparent)]
    Serve(#[from] ServeError),
    #[error(transparent)]
    TradeTables(#[from] dyad_server::TradeTableError),
    #[error(transparent)]
    Token(#[from] dyad_server::TokenError),
    #[error(transparent)]
    Eval(#[from] EvalError),
    #[error("{0}")]
    Ontology(dyad_lexicon::TableError),
    #[error("the reader's own tables are broken: {0}")]
    Tables(#[from] dyad_lexicon::TableError),
}

impl Failure {
    pub fn output(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::Pipe,
            _ => Failure::Output { error },
        }
    }

    pub fn file(path: &Path, error: &io::Error) -> Self {
        let (error, mend) = match error.kind() {
            io::ErrorKind::NotFound => ("no such file".to_owned(), "check the path"),
            io::ErrorKind::PermissionDenied => {
                ("it may not be read".to_owned(), "ask for the right to read it")
            }
            _ => (error.to_string(), "check the file and the disk"),
        };
        Failure::File { path: path.to_owned(), error, mend }
    }

    pub fn write(path: &Path, error: &io::Error) -> Self {
        let mend = "name a folder that may be written to";
        Failure::File { path: path.to_owned(), error: error.to_string(), mend }
    }

    pub fn exit_code(&self) -> u8 {
        match self {
            Failure::Eval(EvalError::NotServed { .. }) => 1,
            _ => NOTHING,
        }
    }
}

/// A failure as one line of stderr.
pub fn line(failure: &Failure) -> String {
    let red = anstyle::AnsiColor::Red.on_default().bold();
    format!("{red}error:{red:#} {failure}")
}
