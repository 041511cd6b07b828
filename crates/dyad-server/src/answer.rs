//! How a question is taken from an address, and how an answer is written.

use axum::body::Body;
use axum::extract::RawPathParams;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use dyad_archive::ArchiveError;
use dyad_columns::Form;
use dyad_reader::ReadError;
use dyad_record::UnknownWord;
use schemars::generate::SchemaGenerator;
use schemars::{JsonSchema, Schema, json_schema};
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use std::borrow::Cow;
use std::fmt::Write;
use std::str::FromStr;

/// Rows that a page holds where nobody asks for a number, and at the most.
pub const USUAL: u32 = 1000;
pub const MOST: u32 = 100_000;

/// An answer that says what went wrong.
#[derive(Debug)]
pub struct Failure {
    pub status: StatusCode,
    pub why: String,
    pub header: Option<(HeaderName, HeaderValue)>,
}

impl Failure {
    pub fn new(status: StatusCode, why: impl Into<String>) -> Self {
        Failure { status, why: why.into(), header: None }
    }

    pub fn with(mut self, name: HeaderName, value: impl Into<HeaderValue>) -> Self {
        self.header = Some((name, value.into()));
        self
    }

    pub fn none(what: &str, id: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("no {what} `{id}` in this archive"))
    }

    pub fn busy() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "busy with other requests; ask again in a moment",
        )
        .with(header::RETRY_AFTER, 2)
    }
}

impl From<ArchiveError> for Failure {
    fn from(error: ArchiveError) -> Self {
        let status = match error {
            ArchiveError::UnknownCode { .. }
            | ArchiveError::UnknownType { .. }
            | ArchiveError::NoState { .. } => StatusCode::BAD_REQUEST,
            ArchiveError::NoReport { .. }
            | ArchiveError::NoItem { .. }
            | ArchiveError::NoCorrection { .. } => StatusCode::NOT_FOUND,
            ArchiveError::Passed { .. } => StatusCode::GONE,
            ArchiveError::Correction { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Failure::new(status, error.to_string())
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        Failure::new(StatusCode::UNPROCESSABLE_ENTITY, error.to_string())
    }
}

/// A question without words.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// An ISO date.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(extend("format" = "date"))]
pub struct Day(pub String);

impl TryFrom<String> for Day {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let date: Result<jiff::civil::Date, _> = text.parse();
        let why = || format!("`{text}` is no date; write it as YYYY-MM-DD");
        date.map(|d| Day(d.to_string())).map_err(|_| why())
    }
}

/// Words of a closed list with commas between them.
#[derive(Clone, Debug)]
pub struct Words<T>(pub Vec<T>);

impl<'de, T: FromStr<Err = UnknownWord>> Deserialize<'de> for Words<T> {
    fn deserialize<D: Deserializer<'de>>(words: D) -> Result<Self, D::Error> {
        let words = String::deserialize(words)?;
        let words = words.split(',').map(|word| word.trim().parse().map_err(D::Error::custom));
        words.collect::<Result<_, _>>().map(Words)
    }
}

impl<T: JsonSchema> JsonSchema for Words<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("WordsOf{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        // Which words there are is told; how they are joined, the description of the field says.
        let words = T::json_schema(generator);
        let known = words.get("enum").or(words.get("examples")).cloned().unwrap_or_default();
        json_schema!({ "type": "string", "examples": known })
    }
}

/// Which rows, and written how.
#[derive(Clone, Debug, Default)]
pub struct Page {
    pub offset: u32,
    /// The last row of the page before, where rows have names.
    pub after: Option<String>,
    limit: Option<u32>,
    format: Option<Kind>,
}

/// The words for `format`, and the media types that are none of everybody's.
pub const FORMATS: [&str; 5] = ["json", "jsonl", "csv", "parquet", "arrow"];
pub const PARQUET: &str = "application/vnd.apache.parquet";
pub const ARROW: &str = "application/vnd.apache.arrow.stream";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Json,
    Lines,
    Csv,
    Parquet,
    Arrow,
}

impl Page {
    pub fn limit(&self) -> u32 {
        self.limit.unwrap_or(USUAL)
    }

    /// The rows to ask for: one more than the page holds says that there is a next one.
    pub fn with_next(&self) -> u32 {
        self.limit() + 1
    }

    /// The rows of the page, and one more, of all there are.
    pub fn of<T>(&self, rows: impl IntoIterator<Item = T>) -> Vec<T> {
        rows.into_iter().skip(self.offset as usize).take(self.with_next() as usize).collect()
    }

    fn set(&mut self, name: &str, value: &str) -> Result<bool, Failure> {
        let wrong = |why: String| Failure::new(StatusCode::BAD_REQUEST, why);
        match name {
            "limit" => match value.parse() {
                Ok(n) if (1..=MOST).contains(&n) => self.limit = Some(n),
                _ => return Err(wrong(format!("limit `{value}` is no number from 1 to {MOST}"))),
            },
            "cursor" => {
                let number = |n: &str| u32::from_str_radix(n, 36).ok();
                match (value.strip_prefix('p').and_then(number), value.strip_prefix('k')) {
                    (Some(offset), _) => self.offset = offset,
                    (_, Some(item)) if !item.is_empty() => self.after = Some(item.to_owned()),
                    _ => return Err(wrong(format!("cursor `{value}` is none that a page gave"))),
                }
            }
            "format" => {
                self.format = Some(match value {
                    "json" => Kind::Json,
                    "jsonl" => Kind::Lines,
                    "csv" => Kind::Csv,
                    "parquet" => Kind::Parquet,
                    "arrow" => Kind::Arrow,
                    _ => {
                        let why = format!("format `{value}` is none of {}", FORMATS.join(", "));
                        return Err(wrong(why));
                    }
                });
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    pub fn kind(&self, head: &HeaderMap) -> Result<Kind, Failure> {
        let accepted = head.get(header::ACCEPT).map(|v| v.to_str().unwrap_or(""));
        let wanted = self.format.or_else(|| accepted.map_or(Some(Kind::Json), negotiate));
        wanted.ok_or_else(|| {
            let known = format!(
                "give application/json, application/x-ndjson, text/csv, {PARQUET} or {ARROW}"
            );
            let why = format!("cannot answer as `{}`; {known}", accepted.unwrap_or(""));
            Failure::new(StatusCode::NOT_ACCEPTABLE, why)
        })
    }
}

/// The first kind of those preferred most.
fn negotiate(accept: &str) -> Option<Kind> {
    let mut best: Option<(f32, Kind)> = None;
    for part in accept.split(',') {
        let mut words = part.split(';').map(str::trim);
        let kind = match words.next()?.to_ascii_lowercase().as_str() {
            "application/json" | "application/*" | "*/*" => Kind::Json,
            "application/x-ndjson" | "application/jsonl" | "application/ndjson" => Kind::Lines,
            "text/csv" | "text/*" => Kind::Csv,
            PARQUET => Kind::Parquet,
            ARROW => Kind::Arrow,
            _ => continue,
        };
        let weight =
            words.find_map(|w| w.strip_prefix("q=")).map_or(1.0, |q| q.parse().unwrap_or(0.0));
        if weight > 0.0 && best.is_none_or(|(most, _)| weight > most) {
            best = Some((weight, kind));
        }
    }
    best.map(|(_, kind)| kind)
}

/// What the address asks for: the names in its path and the words of its query as one question,
/// and which page of the answer.
pub fn asked<Q: DeserializeOwned>(
    place: &RawPathParams,
    query: Option<&str>,
) -> Result<(Q, Page), Failure> {
    let wrong = |why: String| Failure::new(StatusCode::BAD_REQUEST, why);
    let uri = Uri::builder().path_and_query(format!("/?{}", query.unwrap_or(""))).build();
    let uri = uri.map_err(|e| wrong(e.to_string()))?;
    let pairs = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&uri);
    let mut page = Page::default();
    let mut words = Vec::new();
    for (name, value) in pairs.map_err(|e| wrong(e.body_text()))?.0 {
        if !page.set(&name, &value)? && !value.is_empty() {
            words.push((name, value));
        }
    }
    words.extend(place.iter().map(|(name, value)| (name.to_owned(), value.to_owned())));
    let mut joined = String::from("/?");
    for (name, value) in &words {
        let _ = write!(joined, "{}={}&", escaped(name), escaped(value));
    }
    let uri: Uri = joined.parse().map_err(|_| wrong("the question is too long".to_owned()))?;
    let asked = axum::extract::Query::<Q>::try_from_uri(&uri);
    asked.map(|asked| (asked.0, page)).map_err(|e| wrong(e.body_text()))
}

/// Percent-encoded, all but letters and digits.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// Rows on their way out.
pub struct Rows<'a, T> {
    pub rows: Vec<T>,
    pub page: Page,
    pub kind: Kind,
    pub columns: &'a [String],
    pub uri: &'a Uri,
    /// What a row goes by in the cursor of the page after it; without it rows are counted.
    pub name: Option<fn(&T) -> String>,
}

impl<T: Serialize + JsonSchema> Rows<'_, T> {
    pub fn respond(mut self) -> Result<Response, Failure> {
        let limit = self.page.limit();
        let more = self.rows.len() > limit as usize;
        self.rows.truncate(limit as usize);
        let (kind, body) = match self.kind {
            Kind::Json => ("application/json", serde_json::to_vec(&self.rows).map_err(unwritten)?),
            Kind::Lines => ("application/x-ndjson", self.lines().map_err(unwritten)?),
            Kind::Csv => ("text/csv; charset=utf-8", self.csv()?),
            Kind::Parquet => (PARQUET, self.columns(Form::Parquet)?),
            Kind::Arrow => (ARROW, self.columns(Form::Arrow)?),
        };
        let mut response = Response::new(Body::from(body));
        let head = response.headers_mut();
        head.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        head.insert(header::VARY, HeaderValue::from_static("accept"));
        if more && let Ok(link) = HeaderValue::from_str(&self.next()) {
            head.insert(header::LINK, link);
        }
        Ok(response.into_response())
    }

    fn lines(&self) -> serde_json::Result<Vec<u8>> {
        let mut out = Vec::new();
        for row in &self.rows {
            serde_json::to_writer(&mut out, row)?;
            out.push(b'\n');
        }
        Ok(out)
    }

    fn csv(&self) -> Result<Vec<u8>, Failure> {
        let mut out = csv::Writer::from_writer(Vec::new());
        out.write_record(self.columns).map_err(unwritten)?;
        for row in &self.rows {
            let row = serde_json::to_value(row).map_err(unwritten)?;
            out.write_record(self.columns.iter().map(|c| cell(&row[c]))).map_err(unwritten)?;
        }
        out.into_inner().map_err(unwritten)
    }

    fn columns(&self, form: Form) -> Result<Vec<u8>, Failure> {
        let mut out = Vec::new();
        dyad_columns::rows(&self.rows, form, &mut out).map_err(unwritten)?;
        Ok(out)
    }

    fn next(&self) -> String {
        let query = self.uri.query().unwrap_or("");
        let kept = query.split('&').filter(|w| !w.is_empty() && !w.starts_with("cursor="));
        let cursor = match self.name.zip(self.rows.last()) {
            Some((name, last)) => format!("cursor=k{}", escaped(&name(last))),
            None => {
                let offset = self.page.offset.saturating_add(self.page.limit());
                format!("cursor=p{}", base36(offset))
            }
        };
        let words: Vec<&str> = kept.chain([cursor.as_str()]).collect();
        format!("<{}?{}>; rel=\"next\"", self.uri.path(), words.join("&"))
    }
}

fn base36(mut n: u32) -> String {
    let mut digits = Vec::new();
    loop {
        digits.push(char::from_digit(n % 36, 36).unwrap_or('0'));
        n /= 36;
        if n == 0 {
            return digits.iter().rev().collect();
        }
    }
}

/// A value in one cell: sides as `name [code]`, other lists and objects as JSON.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("; ")
        }
        Value::Array(items) => {
            let side =
                |v: &Value| Some(format!("{} [{}]", v["name"].as_str()?, v["code"].as_str()?));
            let sides: Option<Vec<String>> = items.iter().map(side).collect();
            sides.map_or_else(|| value.to_string(), |sides| sides.join("; "))
        }
        other => other.to_string(),
    }
}

fn unwritten(error: impl std::fmt::Display) -> Failure {
    Failure::new(StatusCode::INTERNAL_SERVER_ERROR, format!("cannot write the answer: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_preferred_most_is_given() {
        assert_eq!(negotiate("text/html, */*;q=0.8"), Some(Kind::Json));
        assert_eq!(negotiate("application/json;q=0.1, text/csv"), Some(Kind::Csv));
        assert_eq!(negotiate("application/x-ndjson"), Some(Kind::Lines));
        assert_eq!(negotiate(PARQUET), Some(Kind::Parquet));
        assert_eq!(negotiate(ARROW), Some(Kind::Arrow));
        assert_eq!(negotiate("image/png, text/csv;q=0"), None);
    }

    #[test]
    fn a_cell_holds_sides_readably_and_loses_nothing_else() {
        let sides = serde_json::json!([{ "name": "Russia", "country": "RUS", "code": "RUS GOV" }]);
        assert_eq!(cell(&sides), "Russia [RUS GOV]");
        assert_eq!(cell(&serde_json::json!([])), "");
        assert_eq!(cell(&serde_json::json!([{ "start": 1 }])), "[{\"start\":1}]");
        assert_eq!(cell(&Value::Null), "");
    }

    #[test]
    fn cursors_count_on() {
        for n in [0, 35, 36, 1000, u32::MAX] {
            let mut page = Page::default();
            assert!(page.set("cursor", &format!("p{}", base36(n))).unwrap());
            assert_eq!(page.offset, n);
        }
        let mut page = Page::default();
        assert!(page.set("cursor", "k5e37/e3").unwrap());
        assert_eq!((page.after.as_deref(), page.offset), (Some("5e37/e3"), 0));
        for lost in ["12", "k", "p"] {
            assert!(Page::default().set("cursor", lost).is_err(), "{lost}");
        }
    }
}
