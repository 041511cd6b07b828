//! The reports that the bytes of one file hold: JSON, JSONL, or one report.

use super::{Piece, dates};
use crate::given::{Given, ReadError};
use serde_json::{Map, Value};
use std::borrow::Cow;

type Object = Map<String, Value>;
type Split<'b> = Vec<Result<Piece<'b>, (usize, ReadError)>>;

/// The names under which collections of news keep a field, the commonest first.
const TEXT: &[&str] = &[
    "text",
    "body",
    "content",
    "maintext",
    "full_text",
    "fulltext",
    "article_text",
    "articlebody",
    "article",
    "story",
    "html",
    "raw_html",
    "page",
];
const TITLE: &[&str] = &["title", "headline", "head"];
const PUBLISHED: &[&str] = &[
    "published",
    "published_at",
    "date_publish",
    "publish_date",
    "pub_date",
    "pubdate",
    "datepublished",
    "publication_date",
    "published_date",
    "date",
    "timestamp",
];
const URL: &[&str] = &["url", "link", "canonical_url", "source_url", "href"];
const OUTLET: &[&str] = &[
    "outlet",
    "source",
    "source_name",
    "publisher",
    "publication",
    "sitename",
    "site",
    "source_domain",
    "domain",
];
const BYLINE: &[&str] = &["byline", "author", "authors", "creator"];
const FETCHED: &[&str] = &["fetched", "fetched_at", "date_download", "crawled_at", "retrieved"];
/// The names under which one object keeps a list of reports.
const LISTS: &[&str] = &["reports", "articles", "documents", "items", "results", "data"];

pub fn split<'b>(bytes: &'b [u8], given: &Given) -> Split<'b> {
    let whole = || vec![Ok(Piece { bytes: Cow::Borrowed(bytes), given: given.clone(), line: 1 })];
    let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let lead = body.iter().take_while(|b| b.is_ascii_whitespace()).count();
    let json = &body[lead..];
    if !looks_like_json(json) {
        return whole();
    }
    match serde_json::from_slice::<Value>(json) {
        Ok(Value::Object(object)) => objects(object, given),
        Ok(Value::Array(items)) => items.into_iter().map(|v| piece(v, 1, given)).collect(),
        Ok(_) => whole(),
        Err(error) => {
            let lines = json_lines(body, given);
            let any = lines.iter().any(Result::is_ok);
            match (any, lines.len()) {
                (true, _) => lines,
                _ => vec![Err((error.line(), json_error(&error, 0)))],
            }
        }
    }
}

/// `{"` or `[{` at the head, whatever the space between: no prose begins so.
fn looks_like_json(bytes: &[u8]) -> bool {
    let mut signs = bytes.iter().filter(|b| !b.is_ascii_whitespace());
    match (signs.next(), signs.next()) {
        (Some(b'{'), Some(b'"')) => true,
        (Some(b'['), Some(b'{')) => signs.next() == Some(&b'"'),
        _ => false,
    }
}

/// One object: a report, or a list of reports under a name of its own.
fn objects<'b>(mut object: Object, given: &Given) -> Split<'b> {
    if string(&object, TEXT).is_none() {
        for name in LISTS {
            if let Some(Value::Array(_)) = object.get(*name)
                && let Some(Value::Array(items)) = object.remove(*name)
            {
                return items.into_iter().map(|v| piece(v, 1, given)).collect();
            }
        }
    }
    vec![piece(Value::Object(object), 1, given)]
}

fn json_lines<'b>(bytes: &[u8], given: &Given) -> Split<'b> {
    let lines = bytes.split(|b| *b == b'\n').enumerate();
    lines
        .filter(|(_, line)| !line.trim_ascii().is_empty())
        .map(|(i, line)| match serde_json::from_slice::<Value>(line.trim_ascii()) {
            Ok(value) => piece(value, i + 1, given),
            Err(error) => Err((i + 1, json_error(&error, i))),
        })
        .collect()
}

fn json_error(error: &serde_json::Error, line: usize) -> ReadError {
    let what = error.to_string();
    let what = what.split(" at line").next().unwrap_or(&what).to_owned();
    ReadError::Json { line: line + error.line(), column: error.column(), what }
}

/// The report that one JSON value holds.
fn piece<'b>(value: Value, line: usize, given: &Given) -> Result<Piece<'b>, (usize, ReadError)> {
    let none = |what: &str| (line, ReadError::NoArticle { what: what.to_owned() });
    let object = match value {
        Value::Object(object) => lower(object),
        Value::String(text) => {
            return Ok(Piece { bytes: Cow::Owned(text.into_bytes()), given: given.clone(), line });
        }
        _ => return Err(none("not a JSON object; give one with a field `text`")),
    };
    let text = string(&object, TEXT).ok_or_else(|| none("no field `text`"))?;
    let mut own = given.clone();
    let set = |slot: &mut Option<String>, names: &[&str]| {
        if let Some(value) = string(&object, names) {
            *slot = Some(value);
        }
    };
    set(&mut own.title, TITLE);
    set(&mut own.url, URL);
    set(&mut own.outlet, OUTLET);
    set(&mut own.byline, BYLINE);
    set(&mut own.fetched, FETCHED);
    if let Some(stated) = string(&object, PUBLISHED).and_then(|value| dates::field(&value)) {
        match stated {
            Ok(date) => own.published = Some(date),
            Err(text) => own.notes.push(impossible(&text)),
        }
    }
    Ok(Piece { bytes: Cow::Owned(text.into_bytes()), given: own, line })
}

pub fn impossible(text: &str) -> String {
    format!("impossible date `{text}` left out; write it as YYYY-MM-DD")
}

fn lower(object: Object) -> Object {
    object.into_iter().map(|(key, value)| (key.to_ascii_lowercase(), value)).collect()
}

/// The first of the fields that holds words: a string, a number, a list of names, or an object
/// with a `name`.
fn string(object: &Object, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| words(object.get(*name)?, 0))
}

pub fn words(value: &Value, depth: usize) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(items) if depth < 3 => {
            let names: Vec<String> = items.iter().filter_map(|v| words(v, depth + 1)).collect();
            names.join(", ")
        }
        Value::Object(object) if depth < 3 => words(object.get("name")?, depth + 1)?,
        _ => return None,
    };
    (!text.trim().is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn split_all(text: &str) -> Split<'_> {
        split(text.as_bytes(), &Given::default())
    }

    #[test]
    fn prose_is_one_report() {
        for text in ["Norway signed.", "[Updated] Norway signed.", "{sic} Norway signed.", ""] {
            let pieces = split_all(text);
            assert_eq!(pieces.len(), 1);
            assert_eq!(pieces[0].as_ref().unwrap().bytes.as_ref(), text.as_bytes());
        }
    }

    #[test]
    fn json_lines_bring_their_fields_and_a_bad_line_stops_no_other() {
        let text = "{\"text\": \"Norway signed.\", \"Date\": \"2023-05-03\", \"source\": {\"name\": \"Fjord Press\"}}\n\
                    {\"text\": oops}\n\n\
                    {\"body\": \"Iceland left.\", \"authors\": [\"A. Berg\", \"T. Lund\"], \"date\": \"2023-02-30\"}\n\
                    {\"title\": \"nothing else\"}\n";
        let pieces = split_all(text);
        assert_eq!(pieces.len(), 4);
        let first = pieces[0].as_ref().unwrap();
        assert_eq!(first.given.published, Some(date(2023, 5, 3)));
        assert_eq!(first.given.outlet.as_deref(), Some("Fjord Press"));
        let Err((2, ReadError::Json { line: 2, .. })) = &pieces[1] else {
            panic!("{:?}", pieces[1]);
        };
        let third = pieces[2].as_ref().unwrap();
        assert_eq!((third.line, third.given.byline.as_deref()), (4, Some("A. Berg, T. Lund")));
        assert!(third.given.published.is_none() && third.given.notes[0].contains("2023-02-30"));
        assert!(matches!(pieces[3], Err((5, ReadError::NoArticle { .. }))));
    }

    #[test]
    fn arrays_and_lists_in_objects_are_many_reports() {
        assert_eq!(split_all(" [ {\"text\": \"a\"}, {\"text\": \"b\"} ]").len(), 2);
        assert_eq!(
            split_all("{\"articles\": [{\"content\": \"a\"}, {\"content\": \"b\"}]}").len(),
            2
        );
        assert_eq!(split_all("{\n \"text\": \"a\"\n}").len(), 1);
    }

    #[test]
    fn broken_json_says_where() {
        let pieces = split_all("{\"text\": \"a\",\n \"title\" \"b\"}");
        assert!(matches!(&pieces[..], [Err((2, ReadError::Json { line: 2, .. }))]), "{pieces:?}");
    }
}
