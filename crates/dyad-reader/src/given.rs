//! What the bytes do not say, and what can go wrong with them.

use jiff::civil::Date;
use thiserror::Error;

/// The most bytes that one report may have.
pub const LIMIT: usize = 20_000_000;

/// What the caller knows of a report beside its bytes. What the report states of itself in a form
/// made for machines (a page's metadata, front matter, a header line) comes first; then this; then
/// what can only be inferred (a dateline, the date in an address).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Given {
    pub published: Option<Date>,
    pub fetched: Option<String>,
    pub url: Option<String>,
    pub title: Option<String>,
    pub outlet: Option<String>,
    pub byline: Option<String>,
    /// Media type, where a server gave one (`text/html; charset=windows-1251`).
    pub media_type: Option<String>,
    /// What was doubtful in the place that this was read from.
    pub notes: Vec<String>,
}

/// Why there is nothing to read. Everything after this is total.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ReadError {
    #[error("empty: there is no text in it; give a report")]
    Empty,
    #[error("binary ({what}): not a text; convert it to plain text, HTML or JSON first")]
    Binary { what: String },
    #[error("no article text found ({what}); give the article's own page or its plain text")]
    NoArticle { what: String },
    #[error("written in {language}, and dyad reads English; give an English text or translation")]
    Language { language: String },
    #[error("{size} bytes, over the limit of {limit} for one report; split it into reports")]
    TooLarge { size: usize, limit: usize },
    #[error("not valid JSON at line {line}, column {column}: {what}")]
    Json { line: usize, column: usize, what: String },
    #[error("impossible date `{text}`; write it as YYYY-MM-DD")]
    Date { text: String },
}
