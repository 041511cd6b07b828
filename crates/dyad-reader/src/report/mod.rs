//! Bytes to report: what kind of bytes they are, their characters, the article in them, what the
//! page says of itself, and which passages are body, furniture or damage.

mod article;
mod body;
mod damage;
mod dates;
mod decode;
mod files;
mod html;
pub mod lines;
mod meta;
mod outline;
mod passages;
mod plain;
mod tags;
mod visible;

pub use damage::Habits;

use crate::given::{Given, LIMIT, ReadError};
use crate::span::Span;
use dyad_record::{PassageKind, Record};
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
    /// The article text: of a plain text exactly as read, damage and all; of a web page or a
    /// Markdown file its words, a blank line between paragraphs.
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

/// The article's text and what its page says of itself.
#[derive(Debug, Default)]
struct Page {
    text: String,
    meta: Meta,
    notes: Vec<String>,
}

#[derive(Debug, Default)]
struct Meta {
    title: Option<String>,
    outlet: Option<String>,
    byline: Option<String>,
    url: Option<String>,
    /// A date in a form made for machines.
    published: Option<Date>,
    /// A date that a line for the eye shows, or a dateline.
    inferred: Option<Date>,
}

/// The reports that the bytes hold: one, or as many as a JSON array or JSONL file has. A line that
/// can't be read is an error of its own and stops no other.
pub fn split<'b>(bytes: &'b [u8], given: &Given) -> Vec<Result<Piece<'b>, (usize, ReadError)>> {
    files::split(bytes, given)
}

/// Reads the bytes of one report.
pub fn open(bytes: &[u8], given: &Given) -> Result<Report, ReadError> {
    if bytes.len() > LIMIT {
        return Err(ReadError::TooLarge { size: bytes.len(), limit: LIMIT });
    }
    let media_type = given.media_type.as_deref();
    let (text, mut notes) = decode::decode(bytes, media_type)?;
    if text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').is_empty() {
        return Err(ReadError::Empty);
    }
    let is_page = html::is_page(&text, media_type);
    let mut page = if is_page { html::read(&text)? } else { plain::read(text, media_type) };
    let known = plain::head(&mut page);
    let passages = passages::mark(&page.text, &known);
    has_article(&page.text, &passages, is_page)?;
    in_english(&page.text, &passages)?;
    notes.append(&mut page.notes);
    notes.extend(given.notes.iter().cloned());

    let Meta { title, outlet, byline, url, published, inferred } = page.meta;
    let url = url.or_else(|| given.url.clone());
    let published = published
        .or(given.published)
        .or_else(|| url.as_deref().filter(|_| is_page).and_then(dates::in_url))
        .or(inferred)
        .or_else(|| url.as_deref().and_then(dates::in_url));
    if published.is_none() {
        notes.push("no date of publication found; give one with --published".to_owned());
    }
    let outlet = outlet.or_else(|| given.outlet.clone()).or_else(|| host(url.as_deref()?));
    let mut report = Report {
        id: String::new(),
        title: title.or_else(|| given.title.clone()),
        outlet,
        byline: byline.or_else(|| given.byline.clone()),
        url,
        published,
        fetched: given.fetched.clone(),
        language: "en".to_owned(),
        text: page.text,
        passages,
        notes,
    };
    report.id = identity(&report);
    Ok(report)
}

/// A report that was read before, as it was kept: its text and what is known of it stay, what is
/// furniture or damaged is told anew.
pub fn again(record: &Record) -> Report {
    let kept = record.report.clone();
    let mut page = Page { text: kept.text, ..Page::default() };
    let known = plain::head(&mut page);
    Report {
        id: kept.id,
        title: kept.title,
        outlet: kept.outlet,
        byline: kept.byline,
        url: kept.url,
        published: kept.published.and_then(|day| day.parse().ok()),
        fetched: kept.fetched,
        language: kept.language,
        passages: passages::mark(&page.text, &known),
        text: page.text,
        notes: record.notes.clone(),
    }
}

/// The same words under the same title, date and address are the same report.
fn identity(report: &Report) -> String {
    let mut hasher = blake3::Hasher::new();
    let date = report.published.map(|d| d.to_string());
    let parts = [Some(&report.text), report.title.as_ref(), date.as_ref(), report.url.as_ref()];
    for part in parts {
        hasher.update(part.map_or(b"", |p| p.as_bytes()));
        hasher.update(&[0]);
    }
    hasher.finalize().to_hex()[..32].to_owned()
}

fn host(url: &str) -> Option<String> {
    let rest = url.split_once("://")?.1;
    let host = rest.split(['/', '?', '#', ':']).next()?;
    (!host.is_empty()).then(|| host.trim_start_matches("www.").to_owned())
}

/// The words of the article, without furniture.
fn body<'t>(text: &'t str, passages: &'t [Passage]) -> impl Iterator<Item = &'t str> {
    passages.iter().filter(|p| p.kind != PassageKind::Furniture).map(|p| p.span.of(text))
}

fn has_article(text: &str, passages: &[Passage], is_page: bool) -> Result<(), ReadError> {
    let words: usize = body(text, passages)
        .flat_map(str::split_whitespace)
        .filter(|w| w.chars().filter(|c| c.is_alphabetic()).count() > 1)
        .count();
    let (least, what) = match is_page {
        true => (8, "the page holds menus, links and prompts only"),
        false => (1, "there are no words of a report in it"),
    };
    if words < least {
        return Err(ReadError::NoArticle { what: what.to_owned() });
    }
    Ok(())
}

/// Refuses what is plainly another language: in another script, or long enough to be sure of.
fn in_english(text: &str, passages: &[Passage]) -> Result<(), ReadError> {
    const SAMPLE: usize = 6000;
    const ENOUGH: usize = 120;
    let mut sample = String::new();
    for part in body(text, passages) {
        sample.push_str(&part[..decode::floor(part, SAMPLE - sample.len())]);
        sample.push(' ');
        if sample.len() >= SAMPLE {
            break;
        }
    }
    let letters = sample.chars().filter(|c| c.is_alphabetic()).count();
    let latin = sample.chars().filter(|c| c.is_alphabetic() && *c < '\u{250}').count();
    let words = sample.split_whitespace().count().max(1);
    let english = ["the", "of", "and", "to", "in", "a", "said", "on"];
    let common = sample.split_whitespace().filter(|w| english.contains(&w.to_lowercase().as_str()));
    let share = common.count() as f32 / words as f32;
    let foreign_script = letters >= 12 && latin * 2 < letters;
    if !foreign_script && (letters < ENOUGH || share > 0.12) {
        return Ok(());
    }
    match whatlang::detect(&sample) {
        Some(found) if found.lang() != whatlang::Lang::Eng => {
            if foreign_script || (found.is_reliable() && share < 0.08) {
                return Err(ReadError::Language { language: found.lang().eng_name().to_owned() });
            }
            Ok(())
        }
        None if foreign_script => {
            Err(ReadError::Language { language: "another language".to_owned() })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn read(text: &str) -> Report {
        open(text.as_bytes(), &Given::default()).unwrap()
    }

    fn of_kind(report: &Report, kind: PassageKind) -> Vec<&str> {
        report.passages.iter().filter(|p| p.kind == kind).map(|p| p.span.of(&report.text)).collect()
    }

    const BODY: &str = "Norway and Iceland signed a fishing pact on Wednesday, ending a quarrel of \
        three years over cod quotas in the northern sea.";
    const MORE: &str = "The two foreign ministers met in Bergen and promised to send their fleets \
        home by the end of the month.";

    #[test]
    fn a_scraped_text_is_told_apart_from_its_page() {
        let report = read(&format!(
            " date 2023-05-03 Comment this story Comment\n\n{BODY} It leans on its partner of old. \
             ‘Denmark. {MORE}\n\nA winter at sea with the last of the whalers\n\n{MORE} (Video: Fjord \
             Press)\n\nSign up for our morning newsletter\n"
        ));
        assert_eq!(report.published, Some(date(2023, 5, 3)));
        assert_eq!(
            of_kind(&report, PassageKind::Furniture),
            [
                "date 2023-05-03",
                "Comment this story Comment",
                "A winter at sea with the last of the whalers",
                "(Video: Fjord Press)",
                "Sign up for our morning newsletter",
            ]
        );
        assert_eq!(of_kind(&report, PassageKind::Damaged), ["its partner of old. ‘Denmark."]);
    }

    #[test]
    fn a_page_gives_its_article_and_says_what_it_is() {
        let report = read(&format!(
            "<!doctype html><html><head><title>Pact signed in Bergen | Fjord Press</title>\
             <link rel='canonical' href='https://fjordpress.example/pact'>\
             <script>var x = '<p>not this</p>';</script>\
             <script type='application/ld+json'>{{\"@graph\": [{{\"@type\": [\"NewsArticle\"], \
             \"headline\": \"Pact signed in Bergen\", \"datePublished\": \"2023-05-03T09:00Z\", \
             \"author\": [{{\"name\": \"Anna Berg\"}}], \"publisher\": {{\"name\": \"Fjord Press\"}}}}]}}\
             </script></head><body><nav><a href='/'>Home</a></nav><article><h1>Pact signed in \
             Bergen</h1><p>{BODY}</p><p>{MORE} &amp; more.</p><p>{BODY}</p></article>\
             <footer>All rights reserved</footer></body></html>"
        ));
        assert_eq!(report.title.as_deref(), Some("Pact signed in Bergen"));
        assert_eq!(report.byline.as_deref(), Some("Anna Berg"));
        assert_eq!(report.outlet.as_deref(), Some("Fjord Press"));
        assert_eq!(report.url.as_deref(), Some("https://fjordpress.example/pact"));
        assert_eq!(report.published, Some(date(2023, 5, 3)));
        assert!(report.text.starts_with(BODY), "{}", report.text);
        assert!(report.text.contains("month. & more.\n\n"));
        assert!(!report.text.contains("Home") && !report.text.contains("not this"));
    }

    #[test]
    fn dates_come_from_the_page_then_from_the_caller_then_from_inference() {
        let given = Given { published: Some(date(2020, 1, 1)), ..Given::default() };
        let published = |text: &str| open(text.as_bytes(), &given).unwrap().published.unwrap();
        assert_eq!(published(&format!("date: 2023-05-03\n\n{BODY}")), date(2023, 5, 3));
        assert_eq!(published(&format!("BERGEN, May 3, 2023 - {BODY}")), date(2020, 1, 1));
        assert_eq!(
            read(&format!("BERGEN, May 3, 2023 - {BODY}")).published,
            Some(date(2023, 5, 3))
        );
        let impossible = read(&format!("date: 2023-02-30\n\n{BODY}"));
        assert_eq!(impossible.published, None);
        assert!(impossible.notes.iter().any(|n| n.contains("impossible date `2023-02-30`")));
    }

    #[test]
    fn markdown_is_read_as_its_reader_sees_it() {
        let report = read(&format!(
            "---\ntitle: Pact signed\npublished: 2023-05-03\noutlet: Fjord Press\n---\n\n# Pact \
             signed\n\n{BODY} *So* they [say](https://fjordpress.example).\n\n- {MORE}\n"
        ));
        assert_eq!(report.title.as_deref(), Some("Pact signed"));
        assert_eq!(report.text, format!("{BODY} So they say.\n\n{MORE}"));
    }

    #[test]
    fn what_can_not_be_read_says_why() {
        let error = |bytes: &[u8]| open(bytes, &Given::default()).unwrap_err();
        assert_eq!(error(b""), ReadError::Empty);
        assert_eq!(error(b" \n\xef\xbb\xbf"), ReadError::Empty);
        assert!(matches!(error(b"\x89PNG\r\n\x1a\n"), ReadError::Binary { .. }));
        assert!(matches!(error(&vec![b'a'; LIMIT + 1]), ReadError::TooLarge { .. }));
        assert!(matches!(error(b"Advertisement\n\nRead more"), ReadError::NoArticle { .. }));
        let menu = b"<html><body><nav><a>Home</a></nav><p>Sign in</p></body></html>";
        assert!(matches!(error(menu), ReadError::NoArticle { .. }));
        let german = "Die Regierung in Oslo hat am Mittwoch ein Abkommen mit Island unterzeichnet, \
            das den Streit um die Fangquoten beendet. Die Minister trafen sich in Bergen und \
            versprachen, ihre Schiffe bis Ende des Monats zurückzuholen.";
        let language = ReadError::Language { language: "German".to_owned() };
        assert_eq!(error(german.as_bytes()), language);
        let russian = "Норвегия и Исландия подписали соглашение о рыболовстве.";
        assert!(matches!(error(russian.as_bytes()), ReadError::Language { .. }));
    }

    #[test]
    fn hostile_pages_are_survived() {
        let deep = "<div>".repeat(30_000);
        let article = format!("<p>{BODY}</p><p>{MORE}</p>");
        for page in [
            format!("<html><body>{deep}{article}"),
            format!("<html><body>{}{article}", "<b><i><a href=x>".repeat(8_000)),
            format!("<html><body>{}{article}", "<table><tr><td>".repeat(3_000)),
            format!("<html><body>{article}<script>{}", "<".repeat(100_000)),
            format!(
                "<html><head><script type='application/ld+json'>{}</script></head>{article}",
                "[".repeat(50_000)
            ),
            format!("<html {}>{article}", "a='b' ".repeat(8_000)),
        ] {
            let text = open(page.as_bytes(), &Given::default()).map(|r| r.text);
            let found = text.as_ref().is_ok_and(|t| t.contains("fishing pact"));
            assert!(found, "{}: {text:?}", &page[..60]);
        }
    }

    proptest! {
        #[test]
        fn passages_hold_every_word_once(
            text in "(Comment this story |Read more|the the |\\. \\.|‘is\\.|[A-Za-z ,.‘’]{0,12}|\n\n|\n|date 2023-02-30 |é|<p>|# ){1,40}"
        ) {
            if let Ok(report) = open(text.as_bytes(), &Given::default()) {
                let mut end = 0;
                for passage in &report.passages {
                    let span = passage.span;
                    prop_assert!(span.start as usize >= end && !span.is_empty());
                    prop_assert!(report.text[end..span.start as usize].trim().is_empty());
                    end = span.end as usize;
                }
                prop_assert!(report.text[end..].trim().is_empty());
                let split = crate::text::split(&report);
                prop_assert!(split.tokens.len() <= report.text.len());
            }
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            for piece in split(&bytes, &Given::default()).into_iter().flatten() {
                let _ = open(&piece.bytes, &piece.given);
            }
        }
    }
}
