//! Where sentences end.

use super::tokens::Mark;
use crate::span::Span;
use dyad_lexicon::Tokens;

/// A sentence longer than this is cut: no reader's sentence is, and the parser's cost grows with
/// it.
const MAX_WORDS: usize = 240;

/// The ends of the sentences in one stretch of text, as counts of tokens; the last is all of them.
pub fn ends(text: &str, tokens: &[Span], marks: &[Mark]) -> Vec<usize> {
    let finder = Finder { text, tokens, marks, lexicon: Tokens::builtin() };
    let mut ends: Vec<usize> = Vec::new();
    let opening = finder.dateline();
    if opening > 0 {
        ends.push(opening);
    }
    let (mut start, mut i) = (opening, opening);
    let mut quotes = Quotes::default();
    while i < tokens.len() {
        quotes.see(finder.surface(i));
        let mut end = None;
        if finder.may_end(i, start) {
            let close = finder.closers(i + 1, &mut quotes);
            if finder.opens(i, close) {
                end = Some(close);
            }
        }
        if end.is_none()
            && let Some(close) = finder.stamp(i)
        {
            if i > start && finder.names_before(i) {
                ends.push(i);
                start = i;
            }
            end = finder.capital(close).then_some(close);
        }
        let divided = finder.divides(i) && i > start && finder.capital(i + 1)
            || finder.address(i) && (finder.capital(i + 1) || finder.address(i + 1));
        if end.is_none() && divided {
            end = Some(i + 1);
        }
        if end.is_none() && i + 1 - start >= MAX_WORDS {
            end = Some(i + 1);
        }
        match end {
            Some(close) => {
                ends.push(close);
                start = close;
                i = close.max(i + 1);
            }
            None => i += 1,
        }
    }
    if ends.last() != Some(&tokens.len()) && !tokens.is_empty() {
        ends.push(tokens.len());
    }
    join_wordless(&finder, ends)
}

/// A stretch without a letter or digit is no sentence: it goes with the one before it.
fn join_wordless(finder: &Finder, ends: Vec<usize>) -> Vec<usize> {
    let mut joined: Vec<usize> = Vec::with_capacity(ends.len());
    let mut start = 0;
    for end in ends {
        let wordless = (start..end).all(|i| !finder.surface(i).chars().any(char::is_alphanumeric));
        if wordless && let Some(last) = joined.last_mut() {
            *last = end;
        } else {
            joined.push(end);
        }
        start = end;
    }
    joined
}

/// A dateline is over before this many words.
const DATELINE_WORDS: usize = 18;

struct Finder<'t> {
    text: &'t str,
    tokens: &'t [Span],
    marks: &'t [Mark],
    lexicon: &'static Tokens,
}

/// Whether a straight quotation mark set apart by spaces opens or closes.
#[derive(Default)]
struct Quotes {
    open: bool,
}

impl Quotes {
    fn see(&mut self, token: &str) {
        match token {
            "\"" | "''" | "``" => self.open = !self.open,
            "“" => self.open = true,
            "”" => self.open = false,
            _ => {}
        }
    }
}

impl<'t> Finder<'t> {
    /// How many tokens the dateline takes that opens a report ("OSLO, May 3 (Fjord Press) -"): it
    /// stands beside the sentence, and no part of it acts in it.
    fn dateline(&self) -> usize {
        if let Some(end) = self.agency() {
            return end;
        }
        let dash = |i: usize| matches!(self.surface(i), "-" | "--" | "—" | "–");
        let limit = DATELINE_WORDS.min(self.tokens.len().saturating_sub(1));
        let Some(end) = (1..limit).find(|i| dash(*i)) else { return 0 };
        let apart = self.tokens[end - 1].end < self.tokens[end].start
            && self.tokens[end].end < self.tokens[end + 1].start;
        let small = |word: &str| {
            word.starts_with(char::is_lowercase)
                && !matches!(word, "of" | "the" | "de" | "la" | "and")
        };
        if !apart || (0..end).any(|i| small(self.surface(i))) {
            return 0;
        }
        let place = self.surface(0);
        let dated = (1..end).any(|i| self.surface(i).starts_with(|c: char| c.is_ascii_digit()));
        let signed = self.surface(end - 1) == ")";
        let lower = |i: usize| self.surface(i).contains(char::is_lowercase);
        let capitals = place.chars().count() >= 4
            && place.chars().all(char::is_uppercase)
            && (end + 1..self.tokens.len().min(end + 9)).any(lower);
        let named = place.starts_with(char::is_uppercase);
        if named && (capitals || signed || dated && self.surface(1) == ",") { end + 1 } else { 0 }
    }

    /// How many tokens the agency takes that stands in brackets before the report: "(Fjord Press)
    /// Norway signed".
    fn agency(&self) -> Option<usize> {
        let limit = self.tokens.len().min(6);
        let close = (0..limit).find(|i| self.surface(*i) == ")")?;
        let named = |i: usize| self.surface(i).starts_with(char::is_uppercase);
        let alone = close > 1 && close + 1 < self.tokens.len() && self.spaced(close + 1);
        (self.surface(0) == "(" && alone && (1..close).all(named) && named(close + 1))
            .then_some(close + 1)
    }

    fn surface(&self, i: usize) -> &'t str {
        self.tokens[i].of(self.text)
    }

    /// Whether white space stands before the token.
    fn spaced(&self, i: usize) -> bool {
        i == 0 || self.tokens[i - 1].end < self.tokens[i].start
    }

    /// Whether a sentence can end with the token.
    fn may_end(&self, i: usize, start: usize) -> bool {
        if self.marks[i] != Mark::Plain {
            return self.marks[i] == Mark::MayEnd;
        }
        let token = self.surface(i);
        let terminal =
            token.chars().all(|c| matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？'));
        // "1." and "a." at the head of a line number it.
        terminal && !(i == start + 1 && i > 0 && token == "." && self.numbers(i - 1))
    }

    fn numbers(&self, i: usize) -> bool {
        let token = self.surface(i);
        token.len() <= 3 && token.bytes().all(|b| b.is_ascii_digit())
    }

    /// The first token from `i` on that doesn't close a quotation or bracket of this sentence.
    fn closers(&self, mut i: usize, quotes: &mut Quotes) -> usize {
        while i < self.tokens.len() {
            let token = self.surface(i);
            let spaced = self.spaced(i);
            let last = i + 1 == self.tokens.len();
            let closes = match token {
                "”" | "»" => true,
                ")" | "]" | "}" => true,
                "’" | "’’" | "''" => !spaced || last || self.spaced(i + 1),
                "\"" | "'" if !spaced => last || self.spaced(i + 1) || !self.wordlike(i + 1),
                "\"" | "'" => last || (self.spaced(i + 1) && (quotes.open || token == "'")),
                _ => false,
            };
            // A note belongs to the sentence before it: "signed.[12] The", "signed. [12] The".
            let note = token == "["
                && i + 2 < self.tokens.len()
                && self.surface(i + 2) == "]"
                && (!spaced || self.numbers(i + 1));
            if !closes && !note {
                break;
            }
            quotes.see(token);
            i += if note { 3 } else { 1 };
        }
        i
    }

    /// Where the stamp of a message ends that begins with the token: its day and its hour
    /// ("08/17/2000 11:21 AM"). It stands alone between the sender and the message.
    fn stamp(&self, i: usize) -> Option<usize> {
        let digits = |s: &str, sign: char| {
            let parts = s.split(sign).count();
            s.starts_with(|c: char| c.is_ascii_digit())
                .then_some(parts)
                .filter(|_| s.chars().all(|c| c.is_ascii_digit() || c == sign))
        };
        let at = |i: usize| self.tokens.get(i).map_or("", |t| t.of(self.text));
        let hour = digits(at(i + 1), ':').is_some_and(|parts| parts > 1);
        if digits(at(i), '/') != Some(3) || !hour {
            return None;
        }
        Some(i + 2 + usize::from(matches!(at(i + 2), "AM" | "PM" | "am" | "pm")))
    }

    /// Whether a name or an address ends right before the token.
    fn names_before(&self, i: usize) -> bool {
        let before = self.surface(i - 1);
        before.starts_with(char::is_uppercase) || before.contains('@') || before == ">"
    }

    /// Whether the token is a drawn line or a smiley, after which a sentence may begin.
    fn divides(&self, i: usize) -> bool {
        let token = self.surface(i);
        let line = token.len() >= 3
            && token.bytes().all(|b| b"*_=~#-".contains(&b))
            && (token.len() >= 5 || token.starts_with('*'));
        line || matches!(token, ":)" | ":-)" | ";)" | ";-)" | ":D" | ":(" | ":-(")
    }

    /// Whether the token is an address of the web or of a person; "Acme.com" may be a firm's name.
    fn address(&self, i: usize) -> bool {
        let token = self.tokens.get(i).map_or("", |t| t.of(self.text));
        token.contains("://") || token.trim_start_matches('@').contains('@')
    }

    /// Whether a word with a capital or nothing stands at `i`.
    fn capital(&self, i: usize) -> bool {
        i >= self.tokens.len() || self.surface(i).starts_with(char::is_uppercase)
    }

    fn wordlike(&self, i: usize) -> bool {
        self.surface(i).starts_with(char::is_alphanumeric)
    }

    /// Whether a sentence opens at `next`, after the terminal token `at` and what closes it.
    fn opens(&self, at: usize, next: usize) -> bool {
        if next >= self.tokens.len() {
            return true;
        }
        let Some(word) = (next..self.tokens.len().min(next + 4)).find(|i| self.wordlike(*i)) else {
            return true;
        };
        let first = self.surface(word);
        let upper = first.starts_with(|c: char| c.is_uppercase() || c.is_numeric());
        let mark = self.surface(at);
        let closed = next > at + 1;
        let quoted = word > next;
        let opening = matches!(self.surface(next), "“" | "\"" | "‘" | "``" | "«" | "'");
        if self.marks[at] == Mark::MayEnd {
            // "Acme Inc., Oslo", "et al. (2011)", but "the U.S. “We agree,” he said".
            let quoted = quoted && opening;
            let closed = closed && !quoted && !self.surface(at + 1).starts_with(')');
            let opener = word == next && self.lexicon.is_opener(&first.to_lowercase());
            return upper && (quoted || opener || closed && word == next);
        }
        if quoted && matches!(self.surface(next), "," | ";" | ":" | "%") {
            return false;
        }
        if !self.spaced(next) && !closed {
            // "over.The next" lost its space; "3.The" and "a.b" did not.
            return first.starts_with(char::is_uppercase) && at > 0 && self.wordlike(at - 1)
                || mark.len() > 1 && upper;
        }
        match mark {
            "." if closed => upper,
            "." => upper || at > 0 && self.surface(at - 1).len() > 2 || !self.wordlike(next),
            "..." | "…" | ".." | "...." => upper,
            _ if closed => upper,
            _ => true,
        }
    }
}
