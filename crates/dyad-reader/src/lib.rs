//! Bytes to record: the reader.
//!
//! ```no_run
//! let reader = dyad_reader::Reader::builtin().unwrap(); // immutable, shared by all threads
//! let mut worker = reader.worker(); // scratch, one a thread, used again
//! let record = worker.read(b"Norway and Iceland signed a pact.", &Default::default()).unwrap();
//! # let _ = record;
//! ```
//!
//! Knows no files, no network, no clock and no threads.
#![forbid(unsafe_code)]

pub mod coding;
pub mod doc;
pub mod given;
pub mod mention;
pub mod record;
pub mod report;
pub mod span;
pub mod syntax;
pub mod text;

pub use given::{Given, ReadError};
pub use report::{Piece, split};

use dyad_lexicon::{Lexicons, TableError};
use dyad_record::Record;

/// Everything that reading needs, loaded once and shared.
#[derive(Debug)]
pub struct Reader {
    lexicons: Lexicons,
    model: syntax::Model,
    versions: dyad_record::Reader,
}

impl Reader {
    pub fn new(lexicons: Lexicons, model: syntax::Model) -> Self {
        let versions = dyad_record::Reader {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            model: model.version(),
            lexicons: lexicons.versions(),
        };
        Reader { lexicons, model, versions }
    }

    /// The reader with the model and the lexicons that ship with it.
    pub fn builtin() -> Result<Self, TableError> {
        Ok(Reader::new(Lexicons::builtin()?, syntax::Model::builtin()))
    }

    pub fn worker(&self) -> Worker<'_> {
        Worker { reader: self, scratch: syntax::Scratch::default() }
    }

    pub fn lexicons(&self) -> &Lexicons {
        &self.lexicons
    }

    pub fn model(&self) -> &syntax::Model {
        &self.model
    }

    pub fn versions(&self) -> &dyad_record::Reader {
        &self.versions
    }
}

/// One thread's reader: what it allocates it uses again.
#[derive(Debug)]
pub struct Worker<'r> {
    reader: &'r Reader,
    scratch: syntax::Scratch,
}

impl Worker<'_> {
    /// Reads one report. Fails only where there is no article to read.
    pub fn read(&mut self, bytes: &[u8], given: &Given) -> Result<Record, ReadError> {
        let report = report::open(bytes, given)?;
        let text = text::split(&report);
        let doc = syntax::parse(&self.reader.model, &mut self.scratch, &report, text);
        let mentions = mention::find(&doc, &self.reader.lexicons);
        let coding = coding::code(&doc, &mentions, &self.reader.lexicons);
        Ok(record::make(&doc, &mentions, &coding, &self.reader.versions))
    }
}
