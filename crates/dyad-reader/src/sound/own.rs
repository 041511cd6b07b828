//! The words of the report itself: what comes again elsewhere in it is its author's, and a word that differs from
//! one of them by a letter or lacks a part of it may be that word, mangled.

use super::words::Words;
use dyad_lexicon::Mangled;
use rustc_hash::FxHashMap;

/// Beyond so many words of a report none is held against the others.
const MOST: usize = 6_000;
/// Counts are held at this.
const TOP: i32 = 4;
/// A word of fewer letters differs from too many by one.
const LONG: usize = 5;

/// How often each word and each pair of words stands in a report.
#[derive(Debug, Default)]
pub struct Own<'w> {
    words: FxHashMap<&'w str, i32>,
    pairs: FxHashMap<(&'w str, &'w str), i32>,
    /// The words of some length, by their first letter.
    first: FxHashMap<char, Vec<&'w str>>,
}

/// How often words of the report stand beside one that may be one of them, mangled.
#[derive(Clone, Copy, Debug, Default)]
pub struct Likeness {
    /// They differ from it by a letter or two, and not in its ending.
    pub letters: i32,
    /// They begin or end with it.
    pub part: i32,
}

impl<'w> Own<'w> {
    pub fn of(sentences: impl Iterator<Item = &'w Words<'w>>) -> Self {
        let mut own = Own::default();
        for words in sentences {
            for i in 0..words.len() {
                *own.words.entry(words.word(i)).or_default() += 1;
                if i > 0 {
                    *own.pairs.entry((words.word(i - 1), words.word(i))).or_default() += 1;
                }
            }
        }
        if own.words.len() <= MOST {
            for word in
                own.words.keys().filter(|w| w.len() >= LONG && w.chars().all(char::is_alphabetic))
            {
                own.first.entry(word.chars().next().unwrap_or_default()).or_default().push(word);
            }
        }
        own
    }

    /// How often the word stands elsewhere in the report.
    pub fn again(&self, word: &str) -> i32 {
        self.words.get(word).map_or(0, |n| (n - 1).min(TOP))
    }

    pub fn pair_again(&self, before: &str, word: &str) -> i32 {
        self.pairs.get(&(before, word)).map_or(0, |n| (n - 1).min(TOP))
    }

    /// Whether the word stands by itself anywhere in the report.
    pub fn has(&self, word: &str) -> bool {
        self.words.contains_key(word)
    }

    pub fn likeness(&self, word: &str) -> Likeness {
        let mut likeness = Likeness::default();
        let Some(first) = word.chars().next() else { return likeness };
        if word.len() >= LONG - 1 {
            for other in self.first.get(&first).into_iter().flatten() {
                if *other != word && misread(word, other) {
                    likeness.letters = likeness.letters.max(self.count(other));
                }
            }
        }
        // A head begins like its word, a tail may begin like any.
        for other in self.first.values().flatten() {
            let torn = other.len() >= word.len() + 3 - usize::from(word.len() > 4)
                && (other.starts_with(word) || other.ends_with(word));
            if torn && !inflects(other, word) {
                likeness.part = likeness.part.max(self.count(other));
            }
        }
        likeness
    }

    fn count(&self, word: &str) -> i32 {
        self.words.get(word).map_or(0, |n| (*n).min(TOP))
    }
}

/// Whether one may be read for the other: all but two letters in a row are the same, and so is the end.
fn misread(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let longest = a.len().max(b.len());
    if a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let begun = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let ended = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    ended > 0 && begun + ended + 2 >= longest && begun + ended >= 3
}

/// Whether the longer is a form of the shorter or made from it as words are.
fn inflects(longer: &str, shorter: &str) -> bool {
    longer.strip_prefix(shorter).is_some_and(|rest| Mangled::builtin().inflection.contains(rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::model::Model;

    #[test]
    fn a_mangled_word_is_known_by_its_report() {
        let model = Model::builtin().unwrap();
        let text = [
            "Kerimbayev met the ministers.",
            "The parliament heard Kerimbayev.",
            "Kerimbayov left.",
        ];
        let words: Vec<Words<'_>> = text.iter().map(|t| Words::of(t, model)).collect();
        let own = Own::of(words.iter());
        assert_eq!(
            (own.again("kerimbayev"), own.again("kerimbayov"), own.again("absent")),
            (1, 0, 0)
        );
        assert_eq!(own.likeness("kerimbayov").letters, 2);
        assert_eq!(own.likeness("parliaments").letters, 0);
        assert_eq!((own.likeness("parliam").part, own.likeness("iament").part), (1, 1));
        assert_eq!(own.likeness("heard").part, 0);
        assert_eq!((own.pair_again("the", "ministers"), own.has("ministers")), (0, true));
    }
}
