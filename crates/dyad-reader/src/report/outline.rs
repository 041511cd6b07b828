//! The lines of a page as a person sees them, in order, each with what the markup around it says
//! of it: how much of it is links, whether it is a heading, whether it stands in a box of links.

use super::tags::{breaks, hint, hints, is, optional, stamp, unescape, void};
use rustc_hash::FxHashMap;
use std::hash::{Hash, Hasher};
use std::ops::Range;

/// One line: what stands between two breaks of the page.
#[derive(Debug, Default)]
pub struct Line {
    pub text: Range<usize>,
    pub hints: u16,
    /// How many of its bytes are links.
    pub linked: usize,
    /// The value of a date attribute around it.
    pub stamp: Option<String>,
    /// The innermost block that it stands in.
    pub inside: u32,
    /// An element of a field began or ended since its last word.
    fields: bool,
}

/// An element that breaks lines. The first of an outline is the page.
#[derive(Debug)]
pub struct Block {
    pub parent: u32,
    /// It makes a box of what it holds, as `div` does and `p` does not.
    pub boxes: bool,
    pub lines: Range<usize>,
}

#[derive(Debug, Default)]
pub struct Outline {
    text: String,
    pub lines: Vec<Line>,
    pub blocks: Vec<Block>,
    keys: FxHashMap<u64, u32>,
}

struct Open<'h> {
    name: &'h str,
    hints: u16,
    link: bool,
    block: u32,
}

impl Outline {
    pub fn of(html: &str) -> Self {
        let mut outline =
            Outline { text: String::with_capacity(html.len() / 3), ..Self::default() };
        outline.blocks.push(Block { parent: 0, boxes: true, lines: 0..usize::MAX });
        let mut open: Vec<Open> = Vec::new();
        let mut line = Line::default();
        let mut at = 0;
        while at < html.len() {
            let next = memchr::memchr(b'<', &html.as_bytes()[at..]).map_or(html.len(), |i| at + i);
            let words = &html[at..next];
            if !words.trim().is_empty() {
                outline.words(words, &mut line, &open);
            } else if !words.is_empty() && !line.text.is_empty() {
                outline.space(&mut line);
            }
            let Some(close) = memchr::memchr(b'>', &html.as_bytes()[next..]) else { break };
            let tag = &html[next..=next + close];
            at = next + close + 1;
            let name_start = if tag.starts_with("</") { 2 } else { 1 };
            let name = tag[name_start..].split(|c: char| !c.is_ascii_alphanumeric()).next();
            let name = name.unwrap_or_default();
            if matches!(name, "script" | "SCRIPT" | "style" | "STYLE" | "title" | "TITLE")
                && name_start == 1
            {
                // Words that nobody sees; `title` is asked for by itself.
                let end = memchr::memmem::find(&html.as_bytes()[at..], b"</");
                at = end.map_or(html.len(), |i| at + i);
                continue;
            }
            if name.is_empty() {
                continue;
            }
            if breaks(name) {
                outline.end(&mut line);
            } else if is(name, &["span", "time", "a", "label"]) {
                line.fields = !line.text.is_empty();
            }
            if name_start == 2 {
                if let Some(depth) = open.iter().rposition(|o| o.name.eq_ignore_ascii_case(name)) {
                    outline.close(&open[depth..]);
                    open.truncate(depth);
                }
            } else if !void(name) && !tag.ends_with("/>") {
                let last = open.last();
                if last.is_some_and(|o| o.name.eq_ignore_ascii_case(name) && optional(name)) {
                    outline.close(&open[open.len() - 1..]);
                    open.pop();
                }
                let around = open.last().map_or((0, false, 0), |o| (o.hints, o.link, o.block));
                let stamp = stamp(tag);
                let mut hints = around.0 | hints(name, tag);
                if stamp.is_some() {
                    hints |= hint::STAMPED;
                    line.stamp = stamp;
                    line.hints |= hints;
                }
                let link = around.1 || name.eq_ignore_ascii_case("a");
                let block = if breaks(name) { outline.block(around.2, name) } else { around.2 };
                open.push(Open { name, hints, link, block });
            }
        }
        outline.end(&mut line);
        outline.close(&open);
        outline.blocks[0].lines.end = outline.lines.len();
        for (i, line) in outline.lines.iter().enumerate() {
            // The same words may stand in a menu above the heading that they are.
            let at = outline.keys.entry(key(&outline.text[line.text.clone()])).or_insert(i as u32);
            let first = outline.lines[*at as usize].hints;
            if line.hints & hint::HEADING != 0 && first & (hint::HEADING | hint::NAV) == hint::NAV
                || line.hints & hint::NAV == 0 && first & hint::NAV != 0
            {
                *at = i as u32;
            }
        }
        outline
    }

    pub fn text(&self, line: &Line) -> &str {
        &self.text[line.text.clone()]
    }

    /// The first line of these words, whatever the signs between them.
    pub fn find(&self, words: &str) -> Option<usize> {
        self.keys.get(&key(words)).map(|i| *i as usize)
    }

    /// What is the same for the same words.
    pub fn key_of(&self, words: &str) -> u64 {
        key(words)
    }

    fn words(&mut self, words: &str, line: &mut Line, open: &[Open]) {
        if words.starts_with(char::is_whitespace) {
            self.space(line);
        }
        if line.text.is_empty() {
            line.text = self.text.len()..self.text.len();
        }
        // Spans side by side are fields, though nothing stands between them in the bytes.
        let first = words.starts_with(char::is_alphanumeric);
        if line.fields && first && self.text.ends_with(char::is_alphanumeric) {
            self.text.push(' ');
        }
        line.fields = false;
        let start = self.text.len();
        for (i, word) in words.split_whitespace().enumerate() {
            if i > 0 {
                self.text.push(' ');
            }
            unescape(word, &mut self.text);
        }
        line.text.end = self.text.len();
        if words.ends_with(char::is_whitespace) {
            self.space(line);
        }
        if let Some(inner) = open.last() {
            line.hints |= inner.hints;
            line.inside = inner.block;
            line.linked += if inner.link { self.text.len() - start } else { 0 };
        }
    }

    fn block(&mut self, parent: u32, name: &str) -> u32 {
        const BOXES: [&str; 11] = [
            "div", "section", "aside", "article", "table", "figure", "form", "details", "header",
            "footer", "nav",
        ];
        let first = self.lines.len();
        self.blocks.push(Block { parent, boxes: is(name, &BOXES), lines: first..usize::MAX });
        self.blocks.len() as u32 - 1
    }

    /// Ends the blocks of the elements; the line before is ended.
    fn close(&mut self, elements: &[Open]) {
        for open in elements.iter().filter(|o| breaks(o.name)) {
            let block = &mut self.blocks[open.block as usize];
            block.lines.end = block.lines.end.min(self.lines.len());
        }
    }

    fn space(&mut self, line: &mut Line) {
        if !line.text.is_empty() && !self.text.ends_with(' ') {
            self.text.push(' ');
            line.text.end = self.text.len();
        }
    }

    fn end(&mut self, line: &mut Line) {
        let done = std::mem::take(line);
        let words = &self.text[done.text.clone()];
        if words.trim().is_empty() {
            return;
        }
        let end = done.text.start + words.trim_end().len();
        self.lines.push(Line { text: done.text.start..end, ..done });
    }
}

/// What a line says, whatever its signs and capitals.
fn key(words: &str) -> u64 {
    let mut hasher = rustc_hash::FxHasher::default();
    for c in words.chars().filter(|c| c.is_alphanumeric()) {
        c.to_ascii_lowercase().hash(&mut hasher);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_know_what_they_stand_in() {
        let outline = Outline::of(
            "<nav><a>World</a></nav><h1>Pact&nbsp;signed</h1><div class='article-date'><time \
             datetime='2023-05-03'>3 May</time><span>Oslo</span></div><p>Norway <b>signed</b>.<br>\
             Iceland <a href=x>did</a> too.</p><aside>Pact signed</aside>",
        );
        let texts: Vec<&str> = outline.lines.iter().map(|l| outline.text(l)).collect();
        let expected = [
            "World",
            "Pact signed",
            "3 May Oslo",
            "Norway signed.",
            "Iceland did too.",
            "Pact signed",
        ];
        assert_eq!(texts, expected);
        let lines = &outline.lines;
        assert_eq!(lines[0].hints, hint::NAV);
        assert_eq!((lines[0].linked, lines[4].linked), (5, 3));
        assert_eq!(lines[2].stamp.as_deref(), Some("2023-05-03"));
        assert_eq!(lines[2].hints & (hint::DATE | hint::STAMPED), hint::DATE | hint::STAMPED);
        assert_eq!(outline.find("pact signed"), Some(1));
        assert_eq!(lines[3].inside, lines[4].inside);
        assert!(!outline.blocks[lines[3].inside as usize].boxes);
    }

    #[test]
    fn any_bytes_have_an_outline() {
        for html in ["", "<", "<p", "</p></p>", "<a><a", "<p>a<p>b<", "&&#x;&#99999999;<td>é</tr>"]
        {
            let outline = Outline::of(html);
            assert!(outline.lines.len() <= 2, "{html}");
        }
    }
}
