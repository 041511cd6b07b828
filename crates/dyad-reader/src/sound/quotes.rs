//! Where a text's double quotation marks open and close, and which of them find no partner.

use crate::doc::Doc;
use crate::span::Span;

/// The quotations of a report.
#[derive(Debug, Default)]
pub struct Quotes {
    /// What stands inside quotation marks, in order; what is never closed ends with its paragraph.
    inside: Vec<Span>,
    /// Signs that close what was not opened, or open what is not closed.
    lone: Vec<u32>,
    /// All of them.
    all: Vec<u32>,
    paragraphs: Vec<Span>,
}

impl Quotes {
    pub fn of(doc: &Doc<'_>) -> Self {
        let text = &doc.report.text;
        let mut quotes = Quotes::default();
        let mut unclosed = None;
        for sentences in doc.sentences.chunk_by(|a, b| a.paragraph == b.paragraph) {
            let (Some(first), Some(last)) = (sentences.first(), sentences.last()) else { continue };
            let paragraph = first.span.cover(last.span);
            quotes.paragraphs.push(paragraph);
            // A quotation that goes on in the next paragraph is opened again there.
            if let Some(lone) = unclosed.take()
                && !paragraph.of(text).starts_with(['"', '“'])
            {
                quotes.lone.push(lone);
            }
            unclosed = quotes.read(text, paragraph);
        }
        quotes.lone.extend(unclosed);
        quotes.lone.sort_unstable();
        quotes
    }

    /// Takes a paragraph in; where its last quotation opens, if it is not closed.
    fn read(&mut self, text: &str, paragraph: Span) -> Option<u32> {
        let words = paragraph.of(text);
        let mut open: Option<u32> = None;
        for (i, sign) in words.char_indices() {
            if !matches!(sign, '"' | '“' | '”') {
                continue;
            }
            let at = paragraph.start + i as u32;
            self.all.push(at);
            let before = words[..i].chars().next_back();
            let after = words[i + sign.len_utf8()..].chars().next();
            let opens = match sign {
                '“' => true,
                '”' => false,
                _ => {
                    let blank_before =
                        before.is_none_or(|c| c.is_whitespace() || "([—-'‘".contains(c));
                    let blank_after =
                        after.is_none_or(|c| c.is_whitespace() || ".,;:!?)]—-'’".contains(c));
                    if blank_before == blank_after { open.is_none() } else { blank_before }
                }
            };
            match (opens, open) {
                (true, None) => open = Some(at),
                (true, Some(lone)) => {
                    self.lone.push(lone);
                    open = Some(at);
                }
                (false, Some(start)) => {
                    self.inside.push(Span { start, end: at + sign.len_utf8() as u32 });
                    open = None;
                }
                (false, None) => self.lone.push(at),
            }
        }
        if let Some(start) = open {
            self.inside.push(Span { start, end: paragraph.end });
        }
        open
    }

    /// Whether the byte stands inside a quotation.
    pub fn holds(&self, byte: u32) -> bool {
        let next = self.inside.partition_point(|s| s.end <= byte);
        self.inside.get(next).is_some_and(|s| s.start <= byte)
    }

    /// How many there are.
    pub fn signs(&self) -> usize {
        self.all.len()
    }

    /// How many lone signs the span has.
    pub fn lone(&self, span: Span) -> usize {
        within(&self.lone, span).len()
    }

    /// How many signs the span has.
    pub fn count(&self, span: Span) -> usize {
        within(&self.all, span).len()
    }

    /// Whether a lone sign of the paragraph stands after the span, or before it, with no other between: its
    /// partner may have been lost here.
    pub fn owes(&self, span: Span) -> (bool, bool) {
        let paragraph = self.paragraphs.partition_point(|p| p.end < span.end);
        let Some(paragraph) = self.paragraphs.get(paragraph) else { return (false, false) };
        let lone = |at: &u32| self.lone.binary_search(at).is_ok();
        let after = within(&self.all, Span { start: span.end, end: paragraph.end });
        let before = within(&self.all, Span { start: paragraph.start, end: span.start });
        (after.first().is_some_and(lone), before.last().is_some_and(lone))
    }
}

fn within(places: &[u32], span: Span) -> &[u32] {
    let from = places.partition_point(|at| *at < span.start);
    let to = places.partition_point(|at| *at < span.end);
    places.get(from..to).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Report;
    use crate::text;

    fn lone(words: &str) -> Vec<u32> {
        let report = Report { text: words.to_owned(), ..Report::default() };
        let split = text::split_str(words);
        Quotes::of(&Doc::new(&report, split.sentences, Vec::new(), Vec::new())).lone
    }

    #[test]
    fn signs_without_a_partner_are_found() {
        for (words, expected) in [
            ("\"We left,\" he said. \"We came back.\"", vec![]),
            ("“We left,” he said. “We came\n\n“back.” They did.", vec![]),
            ("We left,\" he said. They came.", vec![8]),
            ("\"We left, he said. They came.\n\nNobody spoke.", vec![0]),
            ("“We “left,” he said.", vec![0]),
            ("The \"old\" guard, the \"new\" one.", vec![]),
            ("It was said (\"so\") twice.", vec![]),
        ] {
            assert_eq!(lone(words), expected, "{words}");
        }
    }
}
