//! A sentence cut finer than its words: runs of letters, numbers, single marks. Times and figures
//! read these, so that they do not depend on how the tokeniser treats "mid-May" or "1939-45".

use crate::span::Span;
use dyad_lexicon::times::{NumberWord, Numbers};
use smol_str::SmolStr;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Word,
    /// Digits, with thousands and decimals.
    Number(f64),
    Mark,
}

#[derive(Clone, Debug)]
pub struct Piece {
    pub span: Span,
    /// Lower case, with straight apostrophes and hyphens.
    pub lower: SmolStr,
    pub kind: Kind,
    /// White space stands before it.
    pub spaced: bool,
    /// Its first letter is a capital.
    pub capital: bool,
}

impl Piece {
    pub fn is(&self, text: &str) -> bool {
        self.lower == text
    }

    /// A whole number written in digits alone ("1991", not "1,991" or "19.91").
    pub fn plain(&self) -> Option<u32> {
        if self.lower.len() > 6 || !self.lower.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        self.lower.parse().ok()
    }
}

/// The pieces of `text[span]`.
pub fn cut(text: &str, span: Span) -> Vec<Piece> {
    let part = span.of(text);
    let base = span.start as usize;
    let mut pieces: Vec<Piece> = Vec::with_capacity(part.len() / 5 + 1);
    let mut at = 0;
    let mut spaced = true;
    while let Some(c) = part[at..].chars().next() {
        if c.is_whitespace() {
            spaced = true;
            at += c.len_utf8();
            continue;
        }
        let (len, kind) = if c.is_ascii_digit() {
            let len = number_len(&part[at..]);
            let digits: String = part[at..at + len].chars().filter(|c| *c != ',').collect();
            (len, Kind::Number(digits.parse().unwrap_or(0.0)))
        } else if c.is_alphabetic() {
            (word_len(&part[at..]), Kind::Word)
        } else {
            (c.len_utf8(), Kind::Mark)
        };
        let surface = &part[at..at + len];
        pieces.push(Piece {
            span: Span::new(base + at, base + at + len),
            lower: lower(surface),
            kind,
            spaced,
            capital: c.is_uppercase(),
        });
        spaced = false;
        at += len;
    }
    pieces
}

fn lower(surface: &str) -> SmolStr {
    match surface {
        "’" | "‘" | "ʼ" | "`" => SmolStr::new_static("'"),
        "–" | "‐" | "‑" | "−" => SmolStr::new_static("-"),
        _ if surface.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase()) => {
            SmolStr::new(surface)
        }
        _ => surface.to_lowercase().into(),
    }
}

/// Digits, with commas before groups of three and one decimal point.
fn number_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut len = digits(0);
    if len <= 3 {
        while bytes.get(len) == Some(&b',') && digits(len + 1) == 3 {
            len += 4;
        }
    }
    if bytes.get(len) == Some(&b'.') && digits(len + 1) > 0 {
        len += 1 + digits(len + 1);
    }
    len
}

/// Letters; or an abbreviation of single letters with their points ("p.m.", "U.S.").
fn word_len(text: &str) -> usize {
    let mut dotted = 0;
    let mut rest = text.chars();
    loop {
        match (rest.next(), rest.next()) {
            (Some(c), Some('.')) if c.is_alphabetic() => dotted += c.len_utf8() + 1,
            _ => break,
        }
    }
    let letters = text.chars().take_while(|c| c.is_alphabetic()).map(char::len_utf8).sum();
    if dotted > 2 { dotted } else { letters }
}

/// The number in words that begins at `at`: its value, where it ends, and whether it is ordinal.
/// "a hundred" counts; a bare "a" doesn't.
pub fn number_in_words(
    pieces: &[Piece],
    at: usize,
    numbers: &Numbers,
) -> Option<(f64, usize, bool)> {
    let word = |i: usize| numbers.get(&pieces.get(i)?.lower);
    let mut end = at;
    let mut total = 0.0;
    let mut group = 0.0;
    let mut last = f64::INFINITY;
    let mut ordinal = false;
    if pieces.get(at)?.is("a") && matches!(word(at + 1), Some(NumberWord::Scale(_))) {
        group = 1.0;
        last = 1.0;
        end += 1;
    }
    loop {
        let joined = end > at && pieces.get(end).is_some_and(|p| p.is("-") && !p.spaced);
        let and = end > at
            && last >= 100.0
            && pieces.get(end).is_some_and(|p| p.is("and"))
            && matches!(
                word(end + 1),
                Some(NumberWord::Unit(_) | NumberWord::Ten(_) | NumberWord::Ordinal(_))
            );
        let next = end + usize::from(joined || and);
        match word(next) {
            Some(NumberWord::Unit(v)) if (last == 10.0 && v < 10.0 && v > 0.0) || last >= 100.0 => {
                group += v;
                last = 1.0;
            }
            Some(NumberWord::Ten(v)) if last >= 100.0 => {
                group += v;
                last = 10.0;
            }
            Some(NumberWord::Scale(v)) if end > at && v == 100.0 && group > 0.0 && last <= 10.0 => {
                group *= v;
                last = 100.0;
            }
            Some(NumberWord::Scale(v)) if end > at && v >= 1000.0 && group > 0.0 => {
                total += group * v;
                group = 0.0;
                last = v;
            }
            Some(NumberWord::Ordinal(v))
                if end == at || (last == 10.0 && v < 10.0) || last.is_finite() && last >= 100.0 =>
            {
                group += v;
                ordinal = true;
                end = next + 1;
                break;
            }
            _ => break,
        }
        end = next + 1;
    }
    (end > at).then_some((total + group, end, ordinal))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<Piece> {
        cut(text, Span::new(0, text.len()))
    }

    #[test]
    fn cuts_numbers_marks_and_abbreviations() {
        let found: Vec<_> =
            pieces("At 5 p.m. on mid-May 1,250.5").iter().map(|p| p.lower.to_string()).collect();
        assert_eq!(found, ["at", "5", "p.m.", "on", "mid", "-", "may", "1,250.5"]);
    }

    #[test]
    fn reads_numbers_in_words() {
        let lexicons = dyad_lexicon::Lexicons::builtin().unwrap();
        for (text, value, used) in [
            ("twenty-four", 24.0, 3),
            ("one hundred and five ships", 105.0, 4),
            ("a hundred", 100.0, 2),
            ("two thousand three hundred", 2300.0, 4),
            ("twenty first", 21.0, 2),
            ("nineteen ninety", 19.0, 1),
            ("three million", 3_000_000.0, 2),
        ] {
            let pieces = pieces(text);
            let (v, end, _) = number_in_words(&pieces, 0, &lexicons.numbers).unwrap();
            assert_eq!((v, end), (value, used), "{text}");
        }
        assert!(number_in_words(&pieces("a ship"), 0, &lexicons.numbers).is_none());
    }
}
