//! Which stretches of the text are the article, which are the page's furniture, which are damaged.

use super::damage::{self, Habits};
use super::lines::blocks;
use super::{Passage, plain};
use crate::span::Span;
use dyad_lexicon::furniture::Furniture;
use dyad_record::PassageKind;

/// A heading has no more words than this.
const HEADING_WORDS: usize = 14;
/// Furniture at an end of a paragraph is looked for no further in than this.
const EDGE: usize = 320;

/// What one block of text is.
struct Block {
    span: Span,
    /// What is left of it between the furniture at its ends; none where it is all furniture.
    body: Option<Span>,
    /// It reads like a sentence or several, not like a heading.
    sentence: bool,
}

/// Divides the text. `known` are stretches that the head of the page has shown to be none of the
/// article.
pub fn mark(text: &str, known: &[(Span, String)]) -> Vec<Passage> {
    let mut furniture: Vec<(Span, String)> = known.to_vec();
    let mut found: Vec<Block> =
        blocks(text).into_iter().map(|span| edges(text, span, known, &mut furniture)).collect();
    lone_headings(text, &mut found, &mut furniture);
    furniture.sort_by_key(|(span, _)| span.start);

    let habits = Habits::of(text);
    let mut passages: Vec<Passage> = Vec::new();
    let mut next = furniture.into_iter().peekable();
    for block in &found {
        let Some(body) = block.body else {
            while let Some((span, why)) = next.next_if(|(s, _)| s.start < block.span.end) {
                push(&mut passages, text, span, PassageKind::Furniture, &why);
            }
            continue;
        };
        while let Some((span, why)) = next.next_if(|(s, _)| s.start < body.start) {
            push(&mut passages, text, span, PassageKind::Furniture, &why);
        }
        let mut at = body.start;
        for (span, why) in damage::find(text, body, &habits) {
            push(&mut passages, text, Span { start: at, end: span.start }, PassageKind::Body, "");
            push(&mut passages, text, span, PassageKind::Damaged, why);
            at = span.end;
        }
        push(&mut passages, text, Span { start: at, end: body.end }, PassageKind::Body, "");
        while let Some((span, why)) = next.next_if(|(s, _)| s.start < block.span.end) {
            push(&mut passages, text, span, PassageKind::Furniture, &why);
        }
    }
    passages
}

/// Appends a passage without the white space at its ends; the article runs on across paragraphs.
fn push(passages: &mut Vec<Passage>, text: &str, span: Span, kind: PassageKind, why: &str) {
    let words = span.of(text);
    let lead = words.len() - words.trim_start().len();
    let words = words.trim();
    if words.is_empty() {
        return;
    }
    let start = span.start as usize + lead;
    let span = Span::new(start, start + words.len());
    if let Some(last) = passages.last_mut()
        && last.kind == PassageKind::Body
        && kind == PassageKind::Body
    {
        last.span = last.span.cover(span);
        return;
    }
    let why = if kind == PassageKind::Body { "the article's text" } else { why };
    passages.push(Passage { span, kind, why: why.to_owned() });
}

/// Takes the furniture off both ends of a block.
fn edges(
    text: &str,
    span: Span,
    known: &[(Span, String)],
    furniture: &mut Vec<(Span, String)>,
) -> Block {
    let table = Furniture::builtin();
    let mut body = span;
    for (known, _) in known.iter().filter(|(k, _)| k.touches(span)) {
        body.start = body.start.max(known.end);
    }
    body = trimmed(text, body);
    let mut take = |span: Span, why: &str| furniture.push((span, why.to_owned()));
    while !body.is_empty() {
        let words = body.of(text);
        if words.len() <= EDGE
            && let Some(why) = table.block(words)
        {
            take(body, why);
            body.start = body.end;
            break;
        }
        let head = &words[..super::decode::floor(words, EDGE)];
        if let Some((len, why)) = table.head(head).filter(|(len, _)| *len > 0) {
            let cut = Span::new(body.start as usize, body.start as usize + len);
            take(cut, why);
            body = trimmed(text, Span { start: cut.end, end: body.end });
            continue;
        }
        let from = super::decode::floor(words, words.len().saturating_sub(EDGE));
        if let Some((at, why)) =
            table.tail(&words[from..]).filter(|(at, _)| from + at < words.len())
        {
            let cut = Span::new(body.start as usize + from + at, body.end as usize);
            take(cut, why);
            body = trimmed(text, Span { start: body.start, end: cut.start });
            continue;
        }
        break;
    }
    let sentence = !body.is_empty() && plain::is_sentence(body.of(text));
    Block { span, body: (!body.is_empty()).then_some(body), sentence }
}

fn trimmed(text: &str, span: Span) -> Span {
    let words = span.of(text);
    let lead = words.len() - words.trim_start().len();
    Span::new(span.start as usize + lead, span.start as usize + lead + words.trim().len())
}

/// A heading alone between paragraphs: another report's headline, or a subheading. Where many
/// blocks stop without a full stop, that is the text's habit and shows nothing.
fn lone_headings(text: &str, blocks: &mut [Block], furniture: &mut Vec<(Span, String)>) {
    let bodies: Vec<usize> = (0..blocks.len()).filter(|i| blocks[*i].body.is_some()).collect();
    let unstopped = bodies.iter().filter(|i| !blocks[**i].sentence).count();
    if unstopped * 3 > bodies.len() {
        return;
    }
    for at in 1..bodies.len() {
        let i = bodies[at];
        let (before, after) = (&blocks[bodies[at - 1]], bodies.get(at + 1).map(|n| &blocks[*n]));
        let between = at > 1 || before.sentence;
        let alone = before.sentence && after.is_none_or(|b| b.sentence);
        if let Some(body) = blocks[i].body
            && between
            && alone
            && !blocks[i].sentence
            && is_heading(body.of(text))
        {
            furniture.push((body, "a headline or subheading standing alone".to_owned()));
            blocks[i].body = None;
        }
    }
}

fn is_heading(line: &str) -> bool {
    let words = line.split_whitespace().count();
    let starts = line.trim_start_matches(['‘', '\'']).chars().next();
    let item = line.starts_with(['-', '*', '•', '–', '—']);
    words <= HEADING_WORDS && starts.is_some_and(|c| c.is_uppercase() || c.is_numeric()) && !item
}
