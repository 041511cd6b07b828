//! Paragraphs: where a line break is a boundary, and where it only wraps a line.

use crate::span::Span;

/// A paragraph whose widest line is no wider than this may have been wrapped by hand.
const WRAP_MAX: usize = 120;
/// Lines narrower than this are lists and addresses, not wrapped text.
const WRAP_MIN: usize = 50;

/// The blocks of a text: its paragraphs, the items of its lists, the lines that stand alone.
/// A blank line always divides; a line break does unless its line was wrapped.
pub fn blocks(text: &str) -> Vec<Span> {
    let mut blocks = Vec::new();
    let mut paragraph: Vec<Span> = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let body = trimmed(text, start, start + line.len());
        if body.is_empty() {
            divide(text, &mut paragraph, &mut blocks);
        } else {
            paragraph.push(body);
        }
        start += line.len();
    }
    divide(text, &mut paragraph, &mut blocks);
    blocks
}

fn trimmed(text: &str, start: usize, end: usize) -> Span {
    let line = &text[start..end];
    let lead = line.len() - line.trim_start().len();
    let body = line.trim();
    Span::new(start + lead, start + lead + body.len())
}

/// Divides the lines of one paragraph into blocks and clears them.
fn divide(text: &str, lines: &mut Vec<Span>, blocks: &mut Vec<Span>) {
    let width = lines.iter().map(|l| l.len()).max().unwrap_or(0);
    let mut current: Option<Span> = None;
    for line in lines.drain(..) {
        current = Some(match current {
            Some(block) if wraps(text, block, line, width) => block.cover(line),
            Some(block) => {
                blocks.push(block);
                line
            }
            None => line,
        });
    }
    blocks.extend(current);
}

/// Whether the line break between `block` and `line` only wraps a line: the next line's first
/// word would not have fitted, or the sentence plainly goes on.
fn wraps(text: &str, block: Span, line: Span, width: usize) -> bool {
    let before = block.of(text);
    let last = before.rsplit('\n').next().unwrap_or(before).trim();
    let next = line.of(text);
    if is_list_item(next) {
        return false;
    }
    let goes_on = next.starts_with(|c: char| c.is_lowercase())
        && !last.ends_with(['.', '!', '?', ':'])
        && last.len() >= WRAP_MIN / 2;
    if goes_on {
        return true;
    }
    let word = next.split_whitespace().next().map_or(0, str::len);
    (WRAP_MIN..=WRAP_MAX).contains(&width) && last.len() + 1 + word + width / 8 >= width
}

/// Whether the line opens with a bullet or a number of a list.
fn is_list_item(line: &str) -> bool {
    let mut chars = line.chars();
    match chars.next() {
        Some('•' | '·' | '▪' | '◦' | '‣' | '●' | '■' | '►') => true,
        Some('-' | '*' | '–' | '—') => chars.next().is_some_and(char::is_whitespace),
        Some(c) if c.is_ascii_digit() => {
            let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
            line.len() - rest.len() <= 2
                && rest.starts_with(['.', ')'])
                && rest[1..].starts_with(' ')
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        blocks(text).into_iter().map(|b| b.of(text)).collect()
    }

    #[test]
    fn blank_lines_divide_and_wrapped_lines_do_not() {
        let text = "THE MINISTER OF DEFENSE TOLD REPORTERS IN OSLO ON FRIDAY\n\
                    THAT THE FLEET WILL NOT LEAVE ITS PORTS BEFORE THE SPRING\n\
                    AND THANKED THEM.\n\nA SECOND PARAGRAPH.";
        assert_eq!(texts(text).len(), 2);
    }

    #[test]
    fn short_lines_and_list_items_stand_alone() {
        assert_eq!(texts("Talks in Oslo\nBy Anna Berg\n\n- one\n- two").len(), 4);
        let long = "word ".repeat(40);
        assert_eq!(texts(&format!("{long}.\nNext {long}")).len(), 2);
    }

    #[test]
    fn nothing_but_space_has_no_block() {
        assert!(blocks("").is_empty());
        assert!(blocks(" \n\t\r\n").is_empty());
    }
}
