//! The article in a web page.
//!
//! The main text is found by the `trafilatura` crate: of the libraries tried it keeps most of the
//! article and least of the page on its field's own test set (F1 .91 against .88), bounds its
//! depth, and lets us read the metadata from the tree it has parsed. It costs some 80 s of CPU to
//! build and most of the reading time of a page; `slim` halves the latter. Its date finding asks
//! the clock, so dates are found here.

use super::outline::Outline;
use super::{Meta, Page, article, meta};
use crate::given::ReadError;
use ego_tree::iter::Edge;
use scraper::{Html, Node};
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
        let outline = Outline::of(&slim);
        let found = meta::read(&document, &outline, &mut page);
        page.text = article::of(&main_text(document, &slim), &outline, &found);
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
