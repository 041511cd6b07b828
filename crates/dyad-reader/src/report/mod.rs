//! Bytes to report: what kind of bytes they are, their characters, the article in them, what the
//! page says of itself, and which passages are body, furniture or damage.

use crate::given::{Given, ReadError};
use crate::span::Span;
use dyad_record::PassageKind;
use jiff::civil::Date;
use std::borrow::Cow;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    pub id: String,
    pub title: Option<String>,
    pub outlet: Option<String>,
    pub byline: Option<String>,
    pub url: Option<String>,
    pub published: Option<Date>,
    pub fetched: Option<String>,
    pub language: String,
    /// The decoded article text exactly as read, damage and all.
    pub text: String,
    /// In order, without gaps between blocks of text; they never overlap.
    pub passages: Vec<Passage>,
    /// What was doubtful, in words.
    pub notes: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Passage {
    pub span: Span,
    pub kind: PassageKind,
    pub why: String,
}

/// One report among the bytes of a file: JSON and JSONL hold many.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece<'b> {
    pub bytes: Cow<'b, [u8]>,
    pub given: Given,
    /// Where in the file it begins, for messages: a line, counted from 1.
    pub line: usize,
}

/// The reports that the bytes hold: one, or as many as a JSON array or JSONL file has. A line that
/// can't be read is an error of its own and stops no other.
pub fn split<'b>(bytes: &'b [u8], given: &Given) -> Vec<Result<Piece<'b>, (usize, ReadError)>> {
    vec![Ok(Piece { bytes: Cow::Borrowed(bytes), given: given.clone(), line: 1 })]
}

/// Reads the bytes of one report.
pub fn open(bytes: &[u8], given: &Given) -> Result<Report, ReadError> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    if text.trim().is_empty() {
        return Err(ReadError::Empty);
    }
    Ok(Report {
        id: String::new(),
        published: given.published,
        passages: vec![Passage {
            span: Span::new(0, text.len()),
            kind: PassageKind::Body,
            why: String::new(),
        }],
        text,
        ..Report::default()
    })
}
