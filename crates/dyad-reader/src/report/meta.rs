//! What a web page says of itself: JSON-LD first, then its meta elements, then what is marked up for
//! the eye near its heading.

use super::dates::{self, Stated};
use super::outline::Outline;
use super::tags::hint;
use super::{Page, files, visible};
use dyad_lexicon::furniture::Furniture;
use serde_json::Value;
use trafilatura::dom::Document;

/// Names of meta elements that give the day of publication, the surest first.
const DATES: [&str; 27] = [
    "article:published_time",
    "og:published_time",
    "og:article:published_time",
    "article:published",
    "datepublished",
    "publisheddate",
    "date",
    "pubdate",
    "pdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "published_time",
    "publication_date",
    "publication-date",
    "cxenseparse:publishtime",
    "cxenseparse:recs:publishtime",
    "dc.date.issued",
    "dc.date",
    "dcterms.created",
    "dcterms.date",
    "dcterms.issued",
    "sailthru.date",
    "parsely-pub-date",
    "article.published",
    "citation_publication_date",
    "originalpublicationdate",
];
/// What divides a headline from the name of its outlet.
const MARKS: [&str; 10] = [" | ", " – ", " — ", " - ", " :: ", " » ", " • ", " · ", " : ", ": "];

/// Where in the outline the heading and the lines of date and byline stand.
#[derive(Debug, Default)]
pub struct Found {
    pub title: Option<usize>,
    pub lines: Vec<usize>,
}

pub fn read(document: &Document, outline: &Outline, page: &mut Page) -> Found {
    let root = document.root();
    for script in document.scripts_with_type(&["application/ld+json"]) {
        if let Ok(value) = serde_json::from_str::<Value>(document.iter_text(script, "").trim()) {
            linked_data(&value, &value, page, 0);
        }
    }
    let metas: Vec<(String, String)> = document
        .query_selector_all(root, "meta[content]")
        .into_iter()
        .filter_map(|id| {
            let name = ["property", "name", "itemprop"]
                .iter()
                .find_map(|a| document.get_attribute(id, a))?;
            Some((name.to_ascii_lowercase(), document.get_attribute(id, "content")?))
        })
        .collect();
    let value = |names: &[&str]| {
        let named =
            |n: &&str| metas.iter().find(|(name, value)| name == *n && !value.trim().is_empty());
        names.iter().find_map(named).map(|(_, value)| value.trim().to_owned())
    };
    let text = |selector: &str| {
        document
            .query_selector(root, selector)
            .map(|id| document.iter_text(id, " "))
            .map(|t| t.split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|t| !t.is_empty())
    };
    let own = &mut page.meta;
    own.outlet = own
        .outlet
        .take()
        .or_else(|| value(&["og:site_name", "application-name"]))
        .or_else(|| value(&["publisher", "dc.publisher"]).filter(|v| !v.contains("://")));
    let titles: Vec<String> = [
        own.title.take(),
        value(&["og:title"]),
        value(&["dc.title", "twitter:title", "headline"]),
        text("title"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let (title, heading) = headline(&titles, outline, own.outlet.as_deref());
    let mut found = Found { title: heading, lines: Vec::new() };
    if own.outlet.is_none()
        && let (Some(title), Some(whole)) = (&title, text("title"))
    {
        own.outlet = outlet_beside(&whole, title);
    }
    own.title = title.or_else(|| text("h1"));
    own.byline = own
        .byline
        .take()
        .or_else(|| value(&["author", "article:author", "dc.creator", "parsely-author", "byl"]))
        .filter(|b| !b.contains("://") && Some(b) != own.outlet.as_ref())
        .map(|b| without_by(&b).to_owned());
    own.url = own
        .url
        .take()
        .or_else(|| {
            let link = document.query_selector(root, "link[rel=canonical][href]")?;
            document.get_attribute(link, "href")
        })
        .or_else(|| value(&["og:url"]))
        .filter(|u| u.starts_with("http"));
    for name in DATES {
        if let Some((_, value)) = metas.iter().find(|(n, v)| n == name && !v.trim().is_empty()) {
            state(page, dates::field(value));
        }
    }
    let language = document
        .query_selector(root, "html")
        .and_then(|id| document.get_attribute(id, "lang"))
        .unwrap_or_default();
    visible::read(outline, &language, page, &mut found);
    if page.meta.outlet.is_none() {
        page.meta.outlet = outline.lines.iter().rev().find_map(|l| copyright(outline.text(l)));
    }
    found
}

/// Takes a stated date where none is held yet; notes an impossible one.
pub fn state(page: &mut Page, stated: Option<Stated>) {
    match stated {
        Some(Ok(date)) => _ = page.meta.published.get_or_insert(date),
        Some(Err(text)) if page.meta.published.is_none() => {
            let note = files::impossible(&text);
            if !page.notes.contains(&note) {
                page.notes.push(note);
            }
        }
        _ => {}
    }
}

/// Looks through JSON-LD for the article that the page holds. `whole` is where its references lead.
fn linked_data(value: &Value, whole: &Value, page: &mut Page, depth: usize) {
    if depth > 8 {
        return;
    }
    match value {
        Value::Array(items) => items.iter().for_each(|v| linked_data(v, whole, page, depth + 1)),
        Value::Object(object) => {
            let kind = object.get("@type").and_then(|t| files::words(t, 0)).unwrap_or_default();
            let article = ["Article", "Report", "Posting"].iter().any(|k| kind.contains(k));
            if article && page.meta.title.is_none() {
                let words = |name: &str| object.get(name).and_then(|v| files::words(v, 0));
                let named = |name: &str| words(name).or_else(|| referred(object.get(name)?, whole));
                page.meta.title = words("headline").or_else(|| words("name"));
                page.meta.outlet = named("publisher");
                let person = |v: &&Value| {
                    let kind = v.get("@type").and_then(|t| files::words(t, 0));
                    kind.is_none_or(|kind| !kind.contains("Organi"))
                };
                page.meta.byline =
                    object.get("author").filter(person).and_then(|_| named("author"));
                page.meta.url = words("url").or_else(|| words("mainEntityOfPage"));
                let date = words("datePublished").or_else(|| words("dateCreated"));
                state(page, date.and_then(|d| dates::field(&d)));
            }
            for name in ["@graph", "mainEntity", "itemListElement"] {
                if let Some(inner) = object.get(name) {
                    linked_data(inner, whole, page, depth + 1);
                }
            }
        }
        _ => {}
    }
}

/// The name of what `{"@id": …}` points to.
fn referred(reference: &Value, whole: &Value) -> Option<String> {
    let id = reference.get("@id")?.as_str()?;
    let nodes = whole.get("@graph").unwrap_or(whole).as_array()?;
    let named = |node: &&Value| node.get("@id").and_then(Value::as_str) == Some(id);
    nodes.iter().find(named).and_then(|node| files::words(node.get("name")?, 0))
}

/// The headline, and its line: the words that the page's titles and a line of the page share.
fn headline(
    titles: &[String],
    outline: &Outline,
    outlet: Option<&str>,
) -> (Option<String>, Option<usize>) {
    let words = |text: &str| text.split_whitespace().count();
    for title in titles {
        for part in parts(title) {
            let named = outlet.is_some_and(|o| o.eq_ignore_ascii_case(part));
            let Some(at) = outline.find(part).filter(|_| !named) else { continue };
            let line = &outline.lines[at];
            if words(part) >= 3 || line.hints & hint::HEADING != 0 {
                return (Some(outline.text(line).trim().to_owned()), Some(at));
            }
        }
    }
    let title = titles.first().map(|title| without_outlet(title, outlet));
    (title, None)
}

/// The title, and what is left of it without one or two names at its ends, the longest first.
fn parts(title: &str) -> Vec<&str> {
    let mut parts = vec![title];
    let mut i = 0;
    while i < parts.len() && parts.len() < 40 {
        let part = parts[i];
        for mark in MARKS {
            let cuts = [part.split_once(mark), part.rsplit_once(mark)];
            for half in cuts.into_iter().flatten().flat_map(|(a, b)| [a, b]) {
                if !parts.contains(&half) && !half.trim().is_empty() {
                    parts.push(half);
                }
            }
        }
        i += 1;
    }
    parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
    parts
}

/// The outlet that the title element names beside the headline.
fn outlet_beside(whole: &str, title: &str) -> Option<String> {
    let mut all = parts(whole);
    all.retain(|part| {
        let part = part.trim();
        !title.contains(part)
            && !part.contains(title)
            && !MARKS.iter().any(|mark| part.contains(mark))
            && part.split_whitespace().count() <= 5
            && part.starts_with(|c: char| c.is_uppercase() || c.is_numeric())
            && Furniture::builtin().block(part).is_none()
    });
    let press = all.iter().find(|part| Furniture::builtin().is_outlet(part));
    let last = all.iter().max_by_key(|part| part.as_ptr() as usize);
    press.or(last).map(|part| part.trim().to_owned())
}

/// "© 2023 The Oslo Courier. All rights reserved."
fn copyright(line: &str) -> Option<String> {
    let at = ["©", "(c)", "Copyright"].iter().find_map(|m| line.find(m).map(|i| i + m.len()))?;
    let rest = line[at..].trim_start_matches(|c: char| !c.is_alphabetic() || c == '©');
    let rest = rest.strip_prefix("Copyright").unwrap_or(rest).trim_start();
    let rest = rest.trim_start_matches(|c: char| !c.is_alphabetic());
    let end = rest.find(['.', ',', '|', '·', '-', '–', '©']).unwrap_or(rest.len());
    let name = rest[..end].split(" All ").next().unwrap_or_default().trim();
    let words = name.split_whitespace().count();
    ((1..=5).contains(&words) && name.starts_with(char::is_uppercase)).then(|| name.to_owned())
}

/// "Pact signed" of "Pact signed | Fjord Press".
fn without_outlet(title: &str, outlet: Option<&str>) -> String {
    for mark in MARKS {
        if let Some((head, tail)) = title.rsplit_once(mark)
            && (outlet == Some(tail.trim())
                || (mark != ": " && tail.split_whitespace().count() <= 4 && head.len() > 20))
        {
            return head.trim().to_owned();
        }
    }
    title.trim().to_owned()
}

/// A byline without the word before the name and what follows the name.
pub fn without_by(byline: &str) -> &str {
    const BEFORE: [&str; 10] = [
        "by ",
        "by: ",
        "written by ",
        "posted by ",
        "von ",
        "par ",
        "por ",
        "text: ",
        "author: ",
        "story by ",
    ];
    let mut byline = byline.trim();
    for before in BEFORE {
        if let Some(head) = byline.get(..before.len())
            && head.eq_ignore_ascii_case(before)
        {
            byline = byline[before.len()..].trim();
        }
    }
    byline
}
