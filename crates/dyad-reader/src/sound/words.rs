//! A sentence as the model sees it: its tokens, what each counts as, how common that is.

use super::model::{Key, Model};
use dyad_lexicon::Mangled;

#[derive(Debug)]
pub struct Words<'s> {
    tokens: Vec<(usize, &'s str)>,
    words: Vec<String>,
    common: Vec<i32>,
}

impl<'s> Words<'s> {
    pub fn of(sentence: &'s str, model: &Model) -> Self {
        let tokens = tokens(sentence);
        let words: Vec<String> = tokens.iter().map(|(_, token)| word(token)).collect();
        let common = words.iter().map(|w| model.get(Key::new(b'1').text(w))).collect();
        Words { tokens, words, common }
    }

    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    pub fn token(&self, i: usize) -> &'s str {
        self.tokens[i].1
    }

    pub fn word(&self, i: usize) -> &str {
        &self.words[i]
    }

    /// How common the word is; beyond the ends of the sentence nothing is.
    pub fn common(&self, i: usize) -> i32 {
        self.common[i]
    }

    /// Where the token stands in the sentence.
    pub fn range(&self, i: usize) -> (usize, usize) {
        let (start, token) = self.tokens[i];
        (start, start + token.len())
    }
}

/// Words with the apostrophes inside them, and each other sign by itself.
fn tokens(sentence: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut chars = sentence.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if c.is_whitespace() {
            continue;
        }
        let mut end = start + c.len_utf8();
        if c.is_alphanumeric() {
            loop {
                let rest = &sentence[end..];
                let mut next = rest.chars();
                match next.next() {
                    Some(c) if c.is_alphanumeric() => end += c.len_utf8(),
                    Some(mark @ ('\'' | '’')) if next.next().is_some_and(char::is_alphanumeric) =>
                    {
                        end += mark.len_utf8();
                    }
                    _ => break,
                }
            }
            while chars.next_if(|(at, _)| *at < end).is_some() {}
        }
        found.push((start, &sentence[start..end]));
    }
    found
}

/// What a token counts as: its small letters, any number as one.
fn word(token: &str) -> String {
    let number = token.starts_with(char::is_numeric) && !token.chars().any(char::is_alphabetic);
    if number { "0".to_owned() } else { token.to_lowercase().replace('’', "'") }
}

/// Small words, which stand for themselves where others stand for their class.
pub fn is_small(word: &str) -> bool {
    Mangled::builtin().small.contains(word)
}
