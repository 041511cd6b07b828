//! What a page's tags say: which elements break lines, and what names and classes hint at.

use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// What the elements around a line say, by their names and classes.
pub mod hint {
    /// Menus, forms, footers.
    pub const NAV: u16 = 1;
    /// Boxes beside the article: other reports, offers, what readers say.
    pub const BOX: u16 = 2;
    pub const CAPTION: u16 = 4;
    pub const DATE: u16 = 8;
    /// When it was changed.
    pub const CHANGED: u16 = 16;
    pub const AUTHOR: u16 = 32;
    /// A date in an attribute for machines.
    pub const STAMPED: u16 = 64;
    pub const HEADING: u16 = 128;
    pub const COMMENT: u16 = 256;
    /// Words that are read aloud or shown only on demand.
    pub const HIDDEN: u16 = 512;
}

/// Words in classes and ids, and what they hint at.
const CLASSES: [(&str, u16); 59] = [
    ("related", hint::BOX),
    ("recommend", hint::BOX),
    ("promo", hint::BOX),
    ("newsletter", hint::BOX),
    ("subscri", hint::BOX),
    ("signup", hint::BOX),
    ("sidebar", hint::BOX),
    ("widget", hint::BOX),
    ("trending", hint::BOX),
    ("popular", hint::BOX),
    ("most-", hint::BOX),
    ("mostread", hint::BOX),
    ("latest", hint::BOX),
    ("teaser", hint::BOX),
    ("readmore", hint::BOX),
    ("read-more", hint::BOX),
    ("readnext", hint::BOX),
    ("read-next", hint::BOX),
    ("alsoread", hint::BOX),
    ("also-read", hint::BOX),
    ("interstitial", hint::BOX),
    ("outbrain", hint::BOX),
    ("taboola", hint::BOX),
    ("sponsor", hint::BOX),
    ("advert", hint::BOX),
    ("paywall", hint::BOX),
    ("donat", hint::BOX),
    ("social", hint::BOX),
    ("share", hint::BOX),
    ("sharing", hint::BOX),
    ("author-bio", hint::BOX),
    ("author-box", hint::BOX),
    ("about-author", hint::BOX),
    ("links-block", hint::BOX),
    ("tags", hint::BOX),
    ("contacts", hint::BOX),
    ("cookie", hint::NAV),
    ("consent", hint::NAV),
    ("onetrust", hint::NAV),
    ("gdpr", hint::NAV),
    ("navbar", hint::NAV),
    ("nav-", hint::NAV),
    ("menu", hint::NAV),
    ("breadcrumb", hint::NAV),
    ("crumb", hint::NAV),
    ("footer", hint::NAV),
    ("caption", hint::CAPTION),
    ("credit", hint::CAPTION),
    ("comments", hint::COMMENT),
    ("disqus", hint::COMMENT),
    ("date", hint::DATE),
    ("time", hint::DATE),
    ("publi", hint::DATE),
    ("modif", hint::CHANGED),
    ("auth", hint::AUTHOR),
    ("byline", hint::AUTHOR),
    ("signature", hint::AUTHOR),
    ("firma", hint::AUTHOR),
    ("visually-hidden", hint::HIDDEN),
];

/// Whether the name is one of these, in capitals or not.
pub fn is(name: &str, names: &[&str]) -> bool {
    names.iter().any(|n| n.eq_ignore_ascii_case(name))
}

/// Elements that begin and end lines.
pub fn breaks(name: &str) -> bool {
    const BREAKS: [&str; 40] = [
        "p",
        "div",
        "br",
        "li",
        "ul",
        "ol",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "td",
        "th",
        "tr",
        "table",
        "section",
        "article",
        "header",
        "footer",
        "nav",
        "aside",
        "main",
        "figure",
        "figcaption",
        "blockquote",
        "pre",
        "dl",
        "dt",
        "dd",
        "form",
        "hr",
        "center",
        "body",
        "address",
        "fieldset",
        "button",
        "option",
        "details",
        "summary",
    ];
    is(name, &BREAKS)
}

/// Elements that hold nothing.
pub fn void(name: &str) -> bool {
    const VOID: [&str; 14] = [
        "br", "img", "hr", "meta", "link", "input", "area", "base", "col", "embed", "param",
        "source", "track", "wbr",
    ];
    is(name, &VOID)
}

/// Elements that the next of their kind closes.
pub fn optional(name: &str) -> bool {
    is(name, &["p", "li", "td", "th", "tr", "dt", "dd", "option"])
}

/// What an element says of the lines in it.
pub fn hints(name: &str, tag: &str) -> u16 {
    static WORDS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
        AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(CLASSES.map(|(word, _)| word))
            .ok()
    });
    let mut hints = 0;
    if is(name, &["nav", "footer", "form", "button", "select", "dialog"]) {
        hints |= hint::NAV;
    } else if is(name, &["aside"]) {
        hints |= hint::BOX;
    } else if is(name, &["figcaption", "figure"]) {
        hints |= hint::CAPTION;
    } else if name.len() == 2 && is(&name[..1], &["h"]) && !name.eq_ignore_ascii_case("hr") {
        hints |= hint::HEADING;
    } else if is(name, &["time"]) {
        hints |= hint::DATE;
    }
    // Their classes tell of the whole page, boxes and all.
    if is(name, &["html", "body", "main", "article"]) {
        return hints;
    }
    let Some(words) = WORDS.as_ref() else { return hints };
    for attribute in ["class", "id", "itemprop", "rel", "data-component", "data-qa"] {
        if let Some(value) = attribute_of(tag, attribute) {
            for found in words.find_overlapping_iter(value) {
                hints |= CLASSES[found.pattern().as_usize()].1;
            }
        }
    }
    hints
}

/// The value of the attribute in the tag.
fn attribute_of<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let mut rest = tag;
    loop {
        let at = memchr::memmem::find(rest.as_bytes(), name.as_bytes())?;
        let (before, after) = (&rest[..at], &rest[at + name.len()..]);
        rest = after;
        let apart = before.ends_with(|c: char| c.is_ascii_whitespace() || c == '"' || c == '\'');
        let Some(value) = after.trim_start().strip_prefix('=').filter(|_| apart) else { continue };
        let value = value.trim_start();
        let quote = value.chars().next()?;
        return match quote {
            '"' | '\'' => value[1..].split(quote).next(),
            _ => value.split([' ', '>', '\t', '\n']).next(),
        };
    }
}

/// A date for machines beside the words.
pub fn stamp(tag: &str) -> Option<String> {
    if let Some(value) = attribute_of(tag, "datetime") {
        return Some(value.to_owned());
    }
    let published = tag.contains("datePublished") || tag.contains("class='published'");
    let value = if published {
        attribute_of(tag, "content").or_else(|| attribute_of(tag, "title"))
    } else {
        None
    };
    value.map(str::to_owned)
}

/// The word with the commonest character references read.
pub fn unescape(word: &str, out: &mut String) {
    let mut rest = word;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let end = after.bytes().take(10).position(|b| b == b';');
        let read = end.and_then(|end| {
            let name = &after[..end];
            let code = name.strip_prefix('#');
            let number = code.and_then(|c| match c.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => c.parse().ok(),
            });
            number.and_then(char::from_u32).or(match name {
                "amp" => Some('&'),
                "lt" => Some('<'),
                "gt" => Some('>'),
                "quot" => Some('"'),
                "apos" => Some('\''),
                "nbsp" => Some(' '),
                "ndash" => Some('–'),
                "mdash" => Some('—'),
                "lsquo" => Some('‘'),
                "rsquo" => Some('’'),
                "ldquo" => Some('“'),
                "rdquo" => Some('”'),
                "hellip" => Some('…'),
                "copy" => Some('©'),
                "middot" => Some('·'),
                "bull" => Some('•'),
                "raquo" => Some('»'),
                "laquo" => Some('«'),
                _ => None,
            })
        });
        match (read, end) {
            (Some(c), Some(end)) => {
                out.push(c);
                rest = &after[end + 1..];
            }
            _ => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
}
