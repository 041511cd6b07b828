//! The article in a web page, and what the page says of itself.
//!
//! The main text is found by the `trafilatura` crate: of the libraries tried it keeps most of the
//! article and least of the page on its field's own test set (F1 .91 against .88), bounds its
//! depth, and lets us read the metadata from the tree it has parsed. It costs some 80 s of CPU to
//! build and most of the reading time of a page; `slim` halves the latter. Its date finding asks
//! the clock, so dates are found here.

use super::dates::{self, Stated};
use super::{Meta, Page, files};
use crate::given::ReadError;
use ego_tree::iter::Edge;
use scraper::{Html, Node};
use serde_json::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};
use trafilatura::dom::Document;
use trafilatura::{HtmlDateMode, Options};

/// Largest page after scripts, styles and drawings are taken out.
const SLIM_LIMIT: usize = 4 << 20;
/// Deepest nesting of elements that is handed on; deeper tags are dropped, their text stays.
const MAX_DEPTH: usize = 100;
/// An extraction shorter than this is tried again the slow and thorough way.
const SHORT: usize = 400;

/// Whether the text is a web page rather than prose that mentions a tag.
pub fn is_page(text: &str, media_type: Option<&str>) -> bool {
    let head = text.trim_start();
    let head = &head[..super::decode::floor(head, 4096)];
    if media_type.is_some_and(|m| m.contains("html")) {
        return head.contains('<');
    }
    let lower = head.to_ascii_lowercase();
    let opens = [
        "<!doctype",
        "<html",
        "<head",
        "<body",
        "<?xml",
        "<!--",
        "<article",
        "<main",
        "<div",
        "<p>",
        "<p ",
        "<section",
        "<meta",
        "<h1",
        "<table",
        "<title",
    ];
    let tags = ["</p>", "</div>", "<br", "</a>", "</h1>", "</li>", "</title>", "<body", "</span>"];
    opens.iter().any(|t| lower.starts_with(t))
        || lower.contains("<html")
        || tags.iter().map(|t| lower.matches(t).count()).sum::<usize>() >= 4
}

pub fn read(html: &str) -> Result<Page, ReadError> {
    let slim = slim(html);
    if slim.len() > SLIM_LIMIT {
        return Err(ReadError::TooLarge { size: slim.len(), limit: SLIM_LIMIT });
    }
    // The library's own code is not ours to vouch for: a panic in it must not end the reading.
    let found = catch_unwind(AssertUnwindSafe(|| {
        let document = Document::parse(&slim);
        let mut page = Page { meta: Meta::default(), ..Page::default() };
        metadata(&document, &mut page);
        page.text = main_text(document, &slim);
        page
    }));
    let mut page = found.unwrap_or_else(|_| Page {
        text: bare(&slim),
        notes: vec!["the page's main text could not be told from the rest".to_owned()],
        ..Page::default()
    });
    drop_title(&mut page);
    Ok(page)
}

fn main_text(document: Document, slim: &str) -> String {
    let mut options = Options::default();
    options.exclude_comments = true;
    options.html_date_mode = HtmlDateMode::Disabled;
    let text = |result: Result<trafilatura::ExtractResult, _>| {
        result.map(|found| render(&found.content_html)).unwrap_or_default()
    };
    let fast = text(trafilatura::extract_document(document, &options));
    if fast.len() >= SHORT {
        return fast;
    }
    options.enable_fallback = true;
    let thorough = text(trafilatura::extract(slim, &options));
    if thorough.len() > fast.len() { thorough } else { fast }
}

/// The first paragraph is left out where it only repeats the title.
fn drop_title(page: &mut Page) {
    let Some(title) = &page.meta.title else { return };
    let (first, rest) = page.text.split_once("\n\n").unwrap_or((&page.text, ""));
    if first.trim() == title.trim() && !rest.is_empty() {
        page.text = rest.to_owned();
    }
}

const BLOCKS: [&str; 33] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tr",
    "ul",
];
const UNSEEN: [&str; 11] = [
    "script", "style", "noscript", "template", "svg", "head", "nav", "footer", "button", "select",
    "iframe",
];

/// The words of a page, a blank line between its blocks.
fn render(html: &str) -> String {
    let tree = Html::parse_fragment(html);
    let mut out = Rendered::default();
    let mut unseen = 0;
    for edge in tree.tree.root().traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Text(text) if unseen == 0 => out.words(text),
                Node::Element(element) => match element.name() {
                    name if UNSEEN.contains(&name) => unseen += 1,
                    "br" => out.line(),
                    "td" | "th" => out.space(),
                    name if BLOCKS.contains(&name) => out.block(),
                    _ => {}
                },
                _ => {}
            },
            Edge::Close(node) => {
                if let Node::Element(element) = node.value() {
                    match element.name() {
                        name if UNSEEN.contains(&name) => unseen -= 1,
                        name if BLOCKS.contains(&name) => out.block(),
                        _ => {}
                    }
                }
            }
        }
    }
    out.text
}

/// All the words of the page, where its main text can't be found.
fn bare(html: &str) -> String {
    render(html)
}

/// Text as it grows: white space is one blank, blocks are a blank line apart.
#[derive(Default)]
struct Rendered {
    text: String,
    /// What stands between the last word and the next: nothing, a blank, or line breaks.
    gap: usize,
}

impl Rendered {
    fn words(&mut self, text: &str) {
        if text.starts_with(char::is_whitespace) {
            self.space();
        }
        for (i, word) in text.split_whitespace().enumerate() {
            if i > 0 {
                self.space();
            }
            if !self.text.is_empty() {
                self.text.push_str(["", " ", "\n", "\n\n"][self.gap]);
            }
            self.text.push_str(word);
            self.gap = 0;
        }
        if text.ends_with(char::is_whitespace) {
            self.space();
        }
    }

    fn space(&mut self) {
        self.gap = self.gap.max(1);
    }

    fn line(&mut self) {
        self.gap = if self.gap >= 2 { 3 } else { 2 };
    }

    fn block(&mut self) {
        self.gap = 3;
    }
}

/// The page without what is never read: scripts (but for JSON-LD), styles, comments, drawings,
/// images within the page, and tags nested beyond all sense.
fn slim(html: &str) -> String {
    const OPTIONAL: [&str; 13] = [
        "p", "li", "td", "tr", "th", "dt", "dd", "option", "thead", "tbody", "tfoot", "colgroup",
        "html",
    ];
    const VOID: [&str; 14] = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
        "source", "track", "wbr",
    ];
    let mut out = String::with_capacity(html.len() / 2);
    let (mut at, mut depth, mut dropped) = (0, 0usize, 0usize);
    while let Some(open) = memchr::memchr(b'<', &html.as_bytes()[at..]) {
        out.push_str(&html[at..at + open]);
        at += open;
        let rest = &html[at..];
        if rest.starts_with("<!--") {
            at += memchr::memmem::find(rest.as_bytes(), b"-->").map_or(rest.len(), |i| i + 3);
            continue;
        }
        let Some(close) = memchr::memchr(b'>', rest.as_bytes()) else { break };
        let tag = &rest[..=close];
        let name: String = tag
            .trim_start_matches(['<', '/'])
            .chars()
            .take(12)
            .take_while(|c| c.is_ascii_alphanumeric())
            .map(|c| c.to_ascii_lowercase())
            .collect();
        let closing = tag.starts_with("</");
        at += tag.len();
        let hidden = matches!(name.as_str(), "script" | "style" | "svg" | "template" | "iframe");
        if hidden && !closing {
            let keep = name == "script" && tag.contains("ld+json");
            let end = end_of(&html[at..], &name);
            if keep {
                out.push_str(tag);
                out.push_str(&html[at..at + end]);
            }
            at += end;
            continue;
        }
        let counted = !name.is_empty()
            && !tag.ends_with("/>")
            && !VOID.contains(&name.as_str())
            && !OPTIONAL.contains(&name.as_str());
        if counted && closing {
            if dropped > 0 {
                dropped -= 1;
                continue;
            }
            depth = depth.saturating_sub(1);
        } else if counted {
            if depth >= MAX_DEPTH {
                dropped += 1;
                continue;
            }
            depth += 1;
        }
        match tag.find("data:image").or_else(|| tag.find("srcset")) {
            // Only pictures carry these, and no picture is read.
            Some(_) if name == "img" || name == "source" => {}
            _ => out.push_str(tag),
        }
    }
    out.push_str(&html[at.min(html.len())..]);
    out
}

/// How far the element's end tag reaches, from the end of its start tag.
fn end_of(rest: &str, name: &str) -> usize {
    let mut at = 0;
    while let Some(found) = memchr::memmem::find(&rest.as_bytes()[at..], b"</") {
        let tag = at + found;
        let is = rest.as_bytes()[tag + 2..]
            .get(..name.len())
            .is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes()));
        at = tag + 2;
        if is {
            return memchr::memchr(b'>', &rest.as_bytes()[tag..])
                .map_or(rest.len(), |i| tag + i + 1);
        }
    }
    rest.len()
}

/// Reads title, byline, outlet, address and date from the page's head: JSON-LD first, then its
/// meta elements, then what is marked up for the eye.
fn metadata(document: &Document, page: &mut Page) {
    let root = document.root();
    for script in document.scripts_with_type(&["application/ld+json"]) {
        if let Ok(value) = serde_json::from_str::<Value>(document.iter_text(script, "").trim()) {
            linked_data(&value, page, 0);
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
    let meta = |names: &[&str]| {
        names
            .iter()
            .find_map(|n| metas.iter().find(|(name, value)| name == n && !value.trim().is_empty()))
    };
    let value = |names: &[&str]| meta(names).map(|(_, value)| value.trim().to_owned());
    let text = |selector: &str| {
        document
            .query_selector(root, selector)
            .map(|id| document.iter_text(id, " "))
            .map(|t| t.split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|t| !t.is_empty())
    };
    let heading = || {
        let all = document.query_selector_all(root, "h1");
        if all.len() == 1 { text("h1") } else { None }
    };
    let own = &mut page.meta;
    own.outlet = own.outlet.take().or_else(|| value(&["og:site_name", "application-name"]));
    own.title = own
        .title
        .take()
        .or_else(|| value(&["og:title", "dc.title", "twitter:title", "headline"]))
        .or_else(heading)
        .or_else(|| text("title").map(|t| without_outlet(&t, own.outlet.as_deref())));
    own.byline = own
        .byline
        .take()
        .or_else(|| value(&["author", "article:author", "dc.creator", "parsely-author", "byl"]))
        .filter(|b| !b.contains("://"))
        .or_else(|| {
            text("[rel=author], [itemprop=author], .byline, .author").filter(|b| b.len() < 100)
        })
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
    let dates = [
        "article:published_time",
        "og:published_time",
        "og:article:published_time",
        "datepublished",
        "date",
        "pubdate",
        "publishdate",
        "publish-date",
        "publish_date",
        "published_time",
        "publication_date",
        "dc.date.issued",
        "dc.date",
        "dcterms.created",
        "dcterms.date",
        "dcterms.issued",
        "sailthru.date",
        "parsely-pub-date",
        "article.published",
        "citation_publication_date",
        "displaydate",
        "originalpublicationdate",
    ];
    for name in dates {
        if let Some((_, value)) = meta(&[name]) {
            state(page, dates::field(value));
        }
    }
    for selector in [
        "time[itemprop=datePublished]",
        "time[pubdate]",
        "article time[datetime]",
        "time[datetime]",
    ] {
        if page.meta.published.is_none()
            && let Some(id) = document.query_selector(root, selector)
        {
            let value = document.get_attribute(id, "datetime");
            state(page, value.and_then(|v| dates::field(&v)));
        }
    }
}

/// Takes a stated date where none is held yet; notes an impossible one.
fn state(page: &mut Page, stated: Option<Stated>) {
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

/// Looks through JSON-LD for the article that the page holds.
fn linked_data(value: &Value, page: &mut Page, depth: usize) {
    if depth > 8 {
        return;
    }
    match value {
        Value::Array(items) => items.iter().for_each(|v| linked_data(v, page, depth + 1)),
        Value::Object(object) => {
            let kind = object.get("@type").and_then(|t| files::words(t, 0)).unwrap_or_default();
            let article = ["Article", "Report", "Posting"].iter().any(|k| kind.contains(k));
            if article && page.meta.title.is_none() {
                let words = |name: &str| object.get(name).and_then(|v| files::words(v, 0));
                page.meta.title = words("headline").or_else(|| words("name"));
                page.meta.byline = words("author");
                page.meta.outlet = words("publisher");
                page.meta.url = words("url").or_else(|| words("mainEntityOfPage"));
                let date = words("datePublished").or_else(|| words("dateCreated"));
                state(page, date.and_then(|d| dates::field(&d)));
            }
            for name in ["@graph", "mainEntity", "itemListElement"] {
                if let Some(inner) = object.get(name) {
                    linked_data(inner, page, depth + 1);
                }
            }
        }
        _ => {}
    }
}

/// "Pact signed" of "Pact signed | Fjord Press".
fn without_outlet(title: &str, outlet: Option<&str>) -> String {
    for mark in [" | ", " – ", " — ", " - ", " :: ", " » "] {
        if let Some((head, tail)) = title.rsplit_once(mark)
            && (outlet == Some(tail.trim())
                || (tail.split_whitespace().count() <= 4 && head.len() > 20))
        {
            return head.trim().to_owned();
        }
    }
    title.trim().to_owned()
}

pub fn without_by(byline: &str) -> &str {
    let byline = byline.trim();
    match byline.get(..3) {
        Some(by) if by.eq_ignore_ascii_case("by ") => byline[3..].trim(),
        _ => byline,
    }
}
