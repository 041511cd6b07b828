//! Stretches between quotation marks.

use crate::doc::Doc;
use crate::span::Span;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quotation {
    /// The marks included.
    pub span: Span,
    pub paragraph: u32,
    /// Its paragraph ends before a closing mark.
    pub open: bool,
}

pub(super) fn is_mark(surface: &str) -> bool {
    matches!(surface, "\"" | "“" | "”" | "„" | "«" | "»" | "‘" | "''" | "``")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Open,
    Close,
    /// A straight mark: which of the two it is, only its neighbours tell.
    Either,
}

/// The quotations of the report, in order. A mark that is never closed holds to the end of its
/// paragraph.
pub(super) fn find(doc: &Doc<'_>) -> Vec<Quotation> {
    let text = &doc.report.text;
    let single = !text.contains(['"', '“', '”', '«', '„']) && !text.contains("''");
    let mut found = Vec::new();
    let mut first = 0;
    while first < doc.sentences.len() {
        let paragraph = doc.sentences[first].paragraph;
        let mut last = first;
        while doc.sentences.get(last + 1).is_some_and(|s| s.paragraph == paragraph) {
            last += 1;
        }
        let span = doc.sentences[first].span.cover(doc.sentences[last].span);
        in_paragraph(text, span, paragraph, single, &mut found);
        first = last + 1;
    }
    found
}

fn in_paragraph(text: &str, span: Span, paragraph: u32, single: bool, found: &mut Vec<Quotation>) {
    let mut open: Option<usize> = None;
    let body = span.of(text);
    let mut before = ' ';
    let mut chars = body.char_indices().peekable();
    while let Some((i, c)) = chars.next() {
        let at = span.start as usize + i;
        let mut end = at + c.len_utf8();
        let mark = match c {
            '“' | '„' | '«' => Some(Mark::Open),
            '”' | '»' => Some(Mark::Close),
            '"' => Some(Mark::Either),
            '\'' | '`' if chars.peek().is_some_and(|(_, next)| *next == c) => {
                chars.next();
                end += 1;
                Some(Mark::Either)
            }
            '‘' if single && !before.is_alphanumeric() => Some(Mark::Open),
            '’' if single && open.is_some() && ends_single(text, end, before) => {
                Some(Mark::Close)
            }
            _ => None,
        };
        let after = text[end..].chars().next().unwrap_or(' ');
        if let Some(mark) = mark {
            let opens = match mark {
                Mark::Open => true,
                Mark::Close => false,
                Mark::Either if open.is_some() => {
                    (before.is_whitespace() || before == '(') && after.is_alphanumeric()
                }
                Mark::Either => !after.is_whitespace(),
            };
            if opens {
                // A second opening mark inside a quotation is a nested one, save at a straight
                // mark, where it shows that the first was never closed.
                if open.is_none() || mark == Mark::Either {
                    open = Some(at);
                }
            } else if let Some(start) = open.take() {
                found.push(Quotation { span: Span::new(start, end), paragraph, open: false });
            }
        }
        before = c;
    }
    // A single mark that is never closed is an apostrophe or damage.
    if let Some(start) = open.filter(|_| !single) {
        let span = Span::new(start, span.end as usize);
        found.push(Quotation { span, paragraph, open: true });
    }
}

/// Whether a single closing mark ends a quotation and is not an apostrophe.
fn ends_single(text: &str, end: usize, before: char) -> bool {
    let after = text[end..].chars().next().unwrap_or(' ');
    !after.is_alphanumeric() && (before.is_ascii_punctuation() || before.is_alphanumeric())
}
