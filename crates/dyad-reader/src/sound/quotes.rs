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
    pub signs: usize,
}

impl Quotes {
    pub fn of(doc: &Doc<'_>) -> Self {
        let text = &doc.report.text;
        let mut quotes = Quotes::default();
        let mut unclosed = None;
        for sentences in doc.sentences.chunk_by(|a, b| a.paragraph == b.paragraph) {
            let (Some(first), Some(last)) = (sentences.first(), sentences.last()) else { continue };
            let paragraph = first.span.cover(last.span);
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
            self.signs += 1;
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

    /// How many lone signs the span has.
    pub fn lone(&self, span: Span) -> usize {
        let from = self.lone.partition_point(|at| *at < span.start);
        self.lone[from..].iter().take_while(|at| **at < span.end).count()
    }
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
