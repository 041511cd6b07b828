//! What is odd about each word of a sentence, by itself and beside its neighbours.

use super::made;
use super::model::{Key, Model};
use super::own::Own;
use super::words::{Words, is_small};
use dyad_lexicon::Mangled;

/// A pair of words is held against what its words make likely up to these bounds.
const RARER: i32 = 200;
pub const COMMONER: i32 = 120;
/// How common the runs of letters of a word are of which nothing need be asked.
const USUAL: i32 = 255;
/// A word at least so common is no part of another that was torn.
const WELL_KNOWN: i32 = 56;
/// A word below this is hardly one.
const RARE: i32 = 16;
/// How common a word of the report counts as beside those of the table.
const HERE: i32 = 64;

/// One word.
#[derive(Clone, Copy, Debug, Default)]
pub struct Odd {
    pub common: i32,
    /// How common it is after the word before, and how much commoner than the two make likely.
    pub after: i32,
    pub low: i32,
    /// How common it is after the word before that one.
    pub skip: i32,
    /// How much likelier it is that it is two words.
    pub split: i32,
    /// How common the word is that it makes with the next one.
    pub rejoined: i32,
    /// How common the word is that a scanner would have made it of.
    pub undone: i32,
    /// How common its letters are side by side, where the word is unknown.
    pub runs: i32,
    /// How many words begin with it, and how many end with it, where it is rare.
    pub cut: i32,
    pub tail: i32,
    /// How common the less common of two words is that it is made of.
    pub parts: i32,
    /// How common the word is from which it differs by any one letter.
    pub close: i32,
    /// How often the word, and it after the one before, stand elsewhere in the report.
    pub again: i32,
    pub pair_again: i32,
    /// How common the words of the report are that it may be, mangled.
    pub like: i32,
    pub torn: i32,
    /// It begins with a capital; it is a part of a name that we know.
    pub upper: bool,
    pub name: bool,
    /// A rare word that stands in a dictionary.
    pub listed: bool,
    /// A rare word that no dictionary has, but made of one that it has.
    pub made: bool,
    /// A number or a whole word with an apostrophe, and letters stuck to it.
    pub joined: bool,
    /// It is in small letters and rare, or unknown.
    pub rare: bool,
    pub unknown: bool,
    /// A capital after a small letter, a digit among letters.
    pub inner: bool,
    pub digits: bool,
    pub small: bool,
}

pub fn common(model: &Model, word: &str) -> i32 {
    model.get(Key::new(b'1').text(word))
}

fn is_known(model: &Model, word: &str) -> bool {
    common(model, word) >= RARE || model.get(Key::new(b'8').text(word)) > 0
}

fn pair(model: &Model, a: &str, b: &str) -> i32 {
    model.get(Key::new(b'2').text(a).and(b))
}

/// Each word of the sentence.
pub fn of(words: &Words<'_>, model: &Model, own: &Own<'_>) -> Vec<Odd> {
    (0..words.len()).map(|i| Odd::of(words, i, model, own)).collect()
}

impl Odd {
    fn of(words: &Words<'_>, i: usize, model: &Model, own: &Own<'_>) -> Self {
        let (token, word, common) = (words.token(i), words.word(i), words.common(i));
        let mut odd = Odd { common, runs: USUAL, small: is_small(word), ..Odd::default() };
        odd.beside(words, i, model, own);
        odd.again = own.again(word);
        odd.joined = joined(token);
        if !token.starts_with(char::is_alphabetic) || word.chars().count() > 40 {
            return odd;
        }
        let low = token.starts_with(char::is_lowercase);
        odd.upper = !low;
        let mut next = token.chars().zip(token.chars().skip(1));
        odd.inner = next.any(|(a, b)| a.is_lowercase() && b.is_uppercase());
        odd.digits = token.chars().any(char::is_numeric);
        let rare = common < RARE;
        odd.listed = rare && model.get(Key::new(b'8').text(word)) > 0;
        odd.made = rare && !odd.listed && made::of_known(word, |stem| is_known(model, stem));
        odd.rare = low && rare;
        odd.unknown = low && common == 0;
        odd.name = rare && !low && model.get(Key::new(b'6').text(word)) > 0;
        if word.contains('\'') {
            return odd;
        }
        let long = word.chars().nth(3).is_some();
        if common < WELL_KNOWN {
            if long {
                odd.split = split(word, common, low, model);
            }
            odd.cut = model.get(Key::new(b'5').text(word));
            odd.tail = model.get(Key::new(b'7').text(word));
            if odd.again == 0 {
                let likeness = own.likeness(word);
                (odd.like, odd.torn) = (likeness.letters, likeness.part);
            }
        }
        if i + 1 < words.len() && words.token(i + 1).starts_with(char::is_lowercase) {
            let after = words.word(i + 1);
            let long = |w: &str| w.chars().nth(1).is_some();
            if common.min(words.common(i + 1)) < 72
                && !after.contains('\'')
                && long(word)
                && long(after)
                && pair(model, word, after) == 0
            {
                odd.rejoined = self::common(model, &[word, after].concat());
            }
        }
        if rare {
            odd.undone = undo(word, model);
            if common == 0 {
                odd.runs = runs(word, model);
            }
            if long && odd.again == 0 && !odd.listed {
                odd.parts = parts(word, model, own);
                if common == 0 && !odd.name {
                    odd.close = close(word, model);
                }
            }
        }
        odd
    }

    fn beside(&mut self, words: &Words<'_>, i: usize, model: &Model, own: &Own<'_>) {
        let Some(before) = i.checked_sub(1) else {
            (self.after, self.low, self.skip) = (USUAL, COMMONER, USUAL);
            return;
        };
        let b = words.word(i);
        self.after = pair(model, words.word(before), b);
        self.pair_again = own.pair_again(words.word(before), b);
        let expected = words.common(before) + words.common(i) - 160;
        self.low = match self.after {
            0 => -expected.clamp(0, RARER),
            seen => (seen - expected).clamp(-RARER, COMMONER),
        };
        self.skip = match i.checked_sub(2) {
            Some(first) => model.get(Key::new(b'3').text(words.word(first)).and(b)),
            None => USUAL,
        };
    }
}

/// How much likelier it is that the word is two.
fn split(word: &str, whole: i32, low: bool, model: &Model) -> i32 {
    let starts: Vec<usize> = word.char_indices().map(|(at, _)| at).collect();
    let n = starts.len();
    let first = if word.starts_with(['a', 'i']) { 1 } else { 2 };
    let mut best = 0;
    for (k, at) in starts.iter().enumerate().take(n - 1).skip(first) {
        let (head, tail) = word.split_at(*at);
        let (a, b) = (common(model, head), common(model, tail));
        let together = pair(model, head, tail);
        best = best.max(if together > 0 && a.min(b) >= 64 {
            together + 100 - whole
        } else if !low && whole == 0 && is_small(tail) && n - k > 1 && k > 3 && a >= 40 {
            60
        } else if whole == 0 && a.min(b) >= 88 && k.min(n - k) > 2 {
            a.min(b) - 40
        } else {
            0
        });
    }
    best
}

/// Whether letters are stuck to a number, or to the ending of a word that has an apostrophe.
fn joined(token: &str) -> bool {
    let letters = token.trim_start_matches(|c: char| c.is_numeric());
    let many = letters.chars().nth(2).is_some() && letters.chars().all(char::is_alphabetic);
    if letters.len() < token.len() {
        return many && !Mangled::builtin().unit.contains(letters.to_lowercase().as_str());
    }
    token
        .split_once(['\'', '’'])
        .is_some_and(|(head, tail)| head.chars().nth(2).is_some() && tail.chars().nth(2).is_some())
}

/// How common the less common of two words is that this one is made of.
fn parts(word: &str, model: &Model, own: &Own<'_>) -> i32 {
    let known = |part: &str| common(model, part).max(if own.has(part) { HERE } else { 0 });
    let joints = word.char_indices().map(|(at, _)| at).skip(1);
    let whole = |part: &str| part.chars().nth(1).is_some() || matches!(part, "a" | "i");
    joints
        .map(|at| word.split_at(at))
        .filter(|(head, tail)| whole(head) && whole(tail))
        .map(|(head, tail)| known(head).min(known(tail)))
        .max()
        .unwrap_or_default()
}

/// How common the word is that one other letter, one less or one more would make of this.
fn close(word: &str, model: &Model) -> i32 {
    let mut best = 0;
    for (at, c) in word.char_indices().skip(1) {
        let (head, tail) = (Key::new(b'1').text(&word[..at]), &word[at + c.len_utf8()..]);
        best = best.max(model.get(head.text(tail)));
        for letter in b'a'..=b'z' {
            let with = head.byte(letter);
            best = best.max(model.get(with.text(tail))).max(model.get(with.text(&word[at..])));
        }
    }
    best
}

/// How common the word is that a scanner would have made this of.
fn undo(word: &str, model: &Model) -> i32 {
    if word.chars().count() <= 3 {
        return 0;
    }
    let mut best = 0;
    for (read, stood) in &Mangled::builtin().scanned {
        let mut from = 0;
        while let Some(at) = word[from..].find(read).map(|at| from + at) {
            let key = Key::new(b'1').text(&word[..at]).text(stood).text(&word[at + read.len()..]);
            best = best.max(model.get(key));
            from = at + 1;
        }
    }
    best
}

/// How common the runs of four letters of the word are, in the mean.
fn runs(word: &str, model: &Model) -> i32 {
    let letters: Vec<char> = std::iter::once('^').chain(word.chars()).chain(['$']).collect();
    let mut buffer = [0; 4];
    let counts: Vec<i32> = letters
        .windows(4)
        .map(|run| {
            let key =
                run.iter().fold(Key::new(b'4'), |key, c| key.text(c.encode_utf8(&mut buffer)));
            model.get(key)
        })
        .collect();
    if counts.is_empty() { USUAL } else { counts.iter().sum::<i32>() / counts.len() as i32 }
}
