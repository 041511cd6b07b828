//! Tokens as the English treebanks of Universal Dependencies cut them, in their releases since
//! 2.10: hyphens are split except after a prefix, "cannot" is two, "$5" and "25%" are two.

use crate::span::Span;
use dyad_lexicon::Tokens;
use dyad_lexicon::tokens::Abbreviation;

/// What sentence splitting needs to know of a token beside its characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Plain,
    /// It ends in a full stop of its own, after which no sentence ends.
    Inside,
    /// It ends in a full stop of its own, after which a sentence may end.
    MayEnd,
}

/// Appends the tokens of `run` to `out`; gives back one mark for each.
pub fn tokenise(text: &str, run: Span, out: &mut Vec<Span>) -> Vec<Mark> {
    let mut cutter = Cutter { text, lexicon: Tokens::builtin(), out, marks: Vec::new() };
    let mut chunks = chunks(text, run).peekable();
    while let Some(chunk) = chunks.next() {
        let next = chunks.peek().map_or("", |c| c.of(text));
        cutter.chunk(chunk, next);
    }
    cutter.marks
}

/// The stretches between white space.
fn chunks(text: &str, run: Span) -> impl Iterator<Item = Span> {
    let base = run.start as usize;
    run.of(text).split_whitespace().map(move |c| {
        let start = c.as_ptr() as usize - text.as_ptr() as usize;
        debug_assert!(start >= base);
        Span::new(start, start + c.len())
    })
}

struct Cutter<'t, 'o> {
    text: &'t str,
    lexicon: &'static Tokens,
    out: &'o mut Vec<Span>,
    marks: Vec<Mark>,
}

/// Longest word that any rule looks into; what is longer is noise, and one token.
const LONG: usize = 200;
/// Longest stretch that may be an address or a smiley.
const LONG_ADDRESS: usize = 2000;

const CLITICS: [&str; 6] = ["s", "m", "d", "re", "ve", "ll"];
/// Words whose first letters an apostrophe stands for.
const CUT_SHORT: [&str; 5] = ["em", "til", "cause", "cuz", "tis"];
const SMILEYS: [&str; 10] = [":)", ":(", ";)", ":-)", ":-(", ";-)", ":D", "=)", "(:", ":P"];

impl<'t> Cutter<'t, '_> {
    fn push(&mut self, start: usize, end: usize, mark: Mark) {
        if start < end {
            self.out.push(Span::new(start, end));
            self.marks.push(mark);
        }
    }

    /// Cuts one stretch without white space; `next` is the one after it.
    fn chunk(&mut self, chunk: Span, next: &str) {
        let (start, end) = (chunk.start as usize, chunk.end as usize);
        let all = chunk.of(self.text);
        if all.bytes().all(|b| b.is_ascii_alphabetic()) {
            return self.word(start, end);
        }
        if self.is_ornament(all) {
            return self.push(start, end, Mark::Plain);
        }
        let mut at = start;
        if all.len() <= LONG_ADDRESS
            && let Some(address) = self.address(all)
        {
            let from = start + address.start;
            at = self.cut(start, from, from, "");
            self.push(at, start + address.end, Mark::Plain);
            at = start + address.end;
        }
        self.cut(at, end, end, next);
    }

    /// Cuts `at..end`; words may look on as far as `limit`. Gives back `end`.
    fn cut(&mut self, mut at: usize, end: usize, limit: usize, next: &str) -> usize {
        let first = at;
        while at < end {
            let c = self.char_at(at);
            at = if is_word(c) {
                self.word_run(at, limit, next)
            } else {
                self.sign(c, at, end, at == first)
            };
        }
        end
    }

    fn char_at(&self, at: usize) -> char {
        self.text[at..].chars().next().unwrap_or(' ')
    }

    /// Takes the sign at `at` (not a word character) with what belongs to it.
    fn sign(&mut self, c: char, at: usize, end: usize, first: bool) -> usize {
        let rest = &self.text[at..end];
        let after = &rest[c.len_utf8()..];
        let next = after.chars().next().unwrap_or(' ');
        let len = match c {
            '.' if first && next.is_ascii_digit() => 1 + digits(after),
            '+' if first && next.is_ascii_digit() => 1 + digits(after),
            '.' | '!' | '?' | '…' => run(rest, |c| matches!(c, '.' | '!' | '?' | '…')),
            '#' | '@' if next.is_alphabetic() => 1 + run(after, is_word),
            _ if is_apostrophe(c) && first && self.cut_short(after) > 0 => {
                c.len_utf8() + self.cut_short(after)
            }
            _ => SMILEYS
                .iter()
                .find(|s| rest.starts_with(**s) && !rest[s.len()..].starts_with(is_word))
                .map_or_else(|| same(rest, c), |s| s.len()),
        };
        self.push(at, at + len, Mark::Plain);
        at + len
    }

    /// How much of what follows an apostrophe goes with it: "'s" set apart from its word, "'90s",
    /// "'em".
    fn cut_short(&self, after: &str) -> usize {
        let len = run(after, is_word);
        let word = &after[..len];
        let alone = len == after.len();
        let is = |list: &[&str]| list.iter().any(|w| w.eq_ignore_ascii_case(word));
        let digits = digits(word);
        let year = digits == 2 && (len == 2 || (len == 3 && word.ends_with('s')));
        if (alone && is(&CLITICS)) || is(&CUT_SHORT) || year { len } else { 0 }
    }

    /// A stretch of three signs and more that only draws a line or an arrow.
    fn is_ornament(&self, chunk: &str) -> bool {
        chunk.len() > 2 && chunk.bytes().all(|b| b"-=*+|<>~_#^\\/".contains(&b))
    }

    /// Where in the chunk an address of the internet stands, or the name of a file.
    fn address(&self, chunk: &str) -> Option<std::ops::Range<usize>> {
        if !chunk.contains(['@', '.', ':']) {
            return None;
        }
        let open = |c: char| matches!(c, '(' | '[' | '<' | '"' | '\'' | '“' | '‘' | '«' | '{');
        let close = |c: char| {
            open(c)
                || matches!(c, ')' | ']' | '>' | '”' | '’' | '»' | '}' | '.' | ',' | ';')
                || matches!(c, ':' | '!' | '?')
        };
        let tail = chunk.trim_start_matches(open);
        let start = chunk.len() - tail.len();
        let mut core = tail.trim_end_matches(close);
        // Whatever follows a closing quote or bracket is no longer the address.
        if let Some(stop) = core.find(['"', '<', '>', '”', '»']) {
            core = core[..stop].trim_end_matches(close);
        }
        self.is_address(core).then(|| start..start + core.len())
    }

    fn is_address(&self, core: &str) -> bool {
        let lower = core.get(..8).unwrap_or(core).to_ascii_lowercase();
        let schemes = ["http://", "https://", "ftp://", "www.", "mailto:", "doi:10"];
        if schemes.iter().any(|s| lower.starts_with(s) && core.len() > s.len()) {
            return true;
        }
        if let Some((user, host)) = core.split_once('@') {
            return !user.is_empty()
                && host.starts_with(|c: char| c.is_ascii_alphanumeric())
                && user.bytes().all(|b| b.is_ascii_alphanumeric() || b"._%+-'".contains(&b));
        }
        let host = core.split('/').next().unwrap_or(core);
        let Some((labels, last)) = host.rsplit_once('.') else { return false };
        let group = core.matches('.').count() > 1
            && core.split('.').all(|l| l.len() > 1 && l.bytes().all(|b| b.is_ascii_lowercase()));
        if group {
            return true;
        }
        self.lexicon.is_domain(&last.to_ascii_lowercase())
            // "end.In" is two words without their space, "kyiv.in" an address.
            && (last.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
                || host.bytes().all(|b| !b.is_ascii_lowercase()))
            && labels.split('.').all(|l| {
                l.len() > 1 && l.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_~#".contains(&b))
            })
    }

    /// Cuts one word with what is joined to it, and its full stop where that is its own. Gives
    /// back where it ends.
    fn word_run(&mut self, start: usize, end: usize, next: &str) -> usize {
        let stop = self.joined(start, end);
        let core = &self.text[start..stop];
        if core.len() <= LONG && self.text[stop..end].starts_with('.') {
            let after = &self.text[stop + 1..end];
            if (!after.starts_with('.') || after == ".")
                && let Some(mark) = self.abbreviation(core, after, next)
            {
                self.push(start, stop + 1, mark);
                return stop + 1;
            }
        }
        self.word(start, stop);
        stop
    }

    /// Where the word that begins at `start` ends, with what is joined to it.
    fn joined(&self, start: usize, end: usize) -> usize {
        if let Some(len) = self.dotted(head(&self.text[start..end])) {
            return start + len;
        }
        let number = numbered(head(&self.text[start..end]));
        if number > 0 {
            return start + number;
        }
        let mut at = start;
        loop {
            at += run(&self.text[at..end], is_word);
            let rest = &self.text[at..end];
            let Some(joint) = rest.chars().next() else { break };
            let after = &rest[joint.len_utf8()..];
            if at - start > LONG || !self.joins(&self.text[start..at], joint, after) {
                break;
            }
            at += joint.len_utf8();
            if matches!(joint, '$' | '€' | '£') {
                break;
            }
        }
        at
    }

    /// "U.S", "e.g", "Ph.D": letters with full stops between them. The last full stop is left.
    fn dotted(&self, rest: &str) -> Option<usize> {
        let len = run(rest, |c| c.is_alphabetic() || c == '.');
        let piece = rest[..len].trim_end_matches('.');
        if piece.len() > 16 || !piece.contains('.') || rest[len..].starts_with(is_word) {
            return None;
        }
        let letters = piece.split('.').all(|p| p.chars().count() == 1);
        let known = || self.lexicon.abbreviation(&piece.to_lowercase()).is_some();
        (letters || known()).then_some(piece.len())
    }

    /// Whether a sign between two words joins them into one token.
    fn joins(&self, before: &str, joint: char, after: &str) -> bool {
        let left = before.chars().next_back().unwrap_or(' ');
        let right = after.chars().next().unwrap_or(' ');
        let numbers = left.is_ascii_digit() && right.is_ascii_digit();
        match joint {
            '.' | ':' => numbers,
            ',' => numbers && digits(after) == 3,
            '/' => numbers || (single(before) && single(&after[..run(after, is_word)])),
            '&' => left.is_uppercase() && right.is_uppercase() && before.len() < 4,
            '$' | '€' | '£' => self.lexicon.is_dollar(&before.to_lowercase()),
            '-' | '‑' | '\u{ad}' => {
                joint == '\u{ad}'
                    || (right.is_alphanumeric() && self.lexicon.is_prefix(&before.to_lowercase()))
                    // A word broken off: "th- the".
                    || (after.is_empty() && before.chars().count() <= 3
                        && before.chars().all(char::is_alphabetic))
            }
            _ if is_apostrophe(joint) => left.is_alphanumeric() && right.is_alphanumeric(),
            _ => false,
        }
    }

    /// Whether the full stop after `core` is the word's own, and what that means.
    fn abbreviation(&self, core: &str, after: &str, next: &str) -> Option<Mark> {
        if after.starts_with(|c: char| c.is_lowercase()) {
            return None;
        }
        let follows = if after.is_empty() { next } else { after };
        let follows = follows.trim_start_matches(['(', '"', '“', '‘', '\'']);
        let before_number = follows.starts_with(|c: char| c.is_ascii_digit());
        let word = &follows[..run(follows, is_word)];
        let opener = || self.lexicon.is_opener(&word.to_lowercase());
        let lower = core.to_lowercase();
        if let Some(kind) = self.lexicon.abbreviation(&lower) {
            return match kind {
                Abbreviation::Title if !follows.is_empty() => Some(Mark::Inside),
                Abbreviation::Number if before_number => Some(Mark::Inside),
                Abbreviation::Date if before_number => Some(Mark::Inside),
                Abbreviation::Date | Abbreviation::End => {
                    // "mass." in lower case is a word; "etc." is what it looks like.
                    let written = core.starts_with(char::is_uppercase) || core.len() < 4;
                    written.then_some(Mark::MayEnd)
                }
                Abbreviation::DateWord if before_number => Some(Mark::Inside),
                _ => None,
            };
        }
        if core.contains('.') {
            return Some(Mark::MayEnd);
        }
        let initial = single(core) && core.chars().all(char::is_uppercase) && core != "I";
        (initial && word.starts_with(char::is_uppercase) && !opener()).then_some(Mark::Inside)
    }

    /// Pushes the tokens of one written word: "don't" is "do" and "n't".
    fn word(&mut self, start: usize, end: usize) {
        let core = &self.text[start..end];
        if core.len() > LONG {
            return self.push(start, end, Mark::Plain);
        }
        // "im" is two words, "Im" may be a name.
        let name = core.len() <= 3 && core.starts_with(char::is_uppercase);
        if core.len() <= 8
            && !name
            && let Some(parts) = self.lexicon.parts(&core.to_lowercase())
        {
            let mut at = start;
            for len in parts {
                self.push(at, at + len, Mark::Plain);
                at += len;
            }
            return;
        }
        let number = run(core, |c| c.is_ascii_digit() || matches!(c, '.' | ',' | ':'));
        if number > 0 && self.lexicon.is_unit(&core[number..].to_lowercase()) {
            self.push(start, start + number, Mark::Plain);
            return self.push(start + number, end, Mark::Plain);
        }
        let mut cuts = Vec::new();
        let mut rest = core;
        while let Some(stem) = self.without_clitic(rest) {
            cuts.push(stem);
            rest = &rest[..stem];
        }
        let mut at = start;
        for cut in cuts.into_iter().rev() {
            self.push(at, start + cut, Mark::Plain);
            at = start + cut;
        }
        self.push(at, end, Mark::Plain);
    }

    /// The length of the word without its last clitic: "Oslo" of "Oslo's".
    fn without_clitic(&self, word: &str) -> Option<usize> {
        let (at, mark) = word.char_indices().rev().find(|(_, c)| is_apostrophe(*c))?;
        let tail = &word[at + mark.len_utf8()..];
        if tail.eq_ignore_ascii_case("t") && word[..at].ends_with(['n', 'N']) && at > 1 {
            return Some(at - 1);
        }
        // "the 1930's" is a decade; "2019's" belongs to the year.
        let decade = tail == "s"
            && word[..at].ends_with('0')
            && word[..at].bytes().all(|b| b.is_ascii_digit());
        let clitic = CLITICS.iter().any(|c| c.eq_ignore_ascii_case(tail));
        (clitic && at > 0 && !decade).then_some(at)
    }
}

/// The head of `s`, no longer than any rule looks: so that a word of a megabyte costs no more than
/// its length.
fn head(s: &str) -> &str {
    s.char_indices().nth(40).map_or(s, |(at, _)| &s[..at])
}

/// How many bytes at the head of `s` satisfy `is`.
fn run(s: &str, is: impl Fn(char) -> bool) -> usize {
    s.find(|c| !is(c)).unwrap_or(s.len())
}

fn digits(s: &str) -> usize {
    run(s, |c| c.is_ascii_digit())
}

fn single(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
}

/// Dates and telephone numbers keep their hyphens, ranges and scores do not. The length of such a
/// number at the head of `s`, or none.
fn numbered(s: &str) -> usize {
    let len = run(s, |c| c.is_ascii_digit() || c == '-');
    let number = s[..len].trim_end_matches('-');
    if number.len() > 20 || s[len..].starts_with(is_word) {
        return 0;
    }
    let mut groups = number.split('-').map(str::len);
    match (groups.next(), groups.next(), groups.next()) {
        (Some(a), Some(b), Some(c)) if a > 0 && b > 0 && c > 0 => number.len(),
        // "3-5213" on a switchboard, "555-0100", "16802-6601" of the post
        (Some(1 | 3 | 5), Some(4), None) => number.len(),
        _ => 0,
    }
}

/// The length of the run of one sign, where the treebanks keep such runs together. Marks that
/// belong to the character before them (accents, joined emoji) come along.
fn same(s: &str, c: char) -> usize {
    let len = if "-=*_<>~+#'`’‘,$/\\|–—^&%".contains(c) {
        run(s, |d| d == c)
    } else {
        c.len_utf8()
    };
    len + run(&s[len..], is_attached)
}

fn is_attached(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{20e3}'
        | '\u{1f3fb}'..='\u{1f3ff}')
}

pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`' | '´' | 'ʼ' | '＇')
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || is_attached(c) || c == '\u{ad}'
}
