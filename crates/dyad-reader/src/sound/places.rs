//! How odd each place of a sentence is, by its words and those around it.

use super::model::{Key, Model};
use super::words::{Words, is_small};
use dyad_lexicon::Mangled;

/// What is asked of a neighbour beyond the sentence's ends.
const BEYOND: i32 = 31;

/// For each token the sum of the weights of what stands at it and around it.
pub fn sums(words: &Words<'_>, model: &Model) -> Vec<i32> {
    let n = words.len();
    let mut shapes: Vec<Shape<'_>> = vec![Shape::Itself("<"); 2];
    shapes.extend((0..n).map(|i| shape(words.token(i), words.word(i))));
    shapes.extend([Shape::Itself(">"); 2]);
    (0..n).map(|i| sum(words, &shapes[i..i + 5], i, model)).collect()
}

fn sum(words: &Words<'_>, shapes: &[Shape<'_>], i: usize, model: &Model) -> i32 {
    let n = words.len();
    let &[a, b, c, d, e] = shapes else { return 0 };
    let own = words.word(i);
    let before = if i > 0 { words.word(i - 1) } else { "<" };
    let after = if i + 1 < n { words.word(i + 1) } else { ">" };
    let pair = |x: &str, y: &str| model.get(Key::new(b'2').text(x).and(y)) / 16;
    let left = if i > 0 { pair(before, own) } else { BEYOND };
    let right = if i + 1 < n { pair(own, after) } else { BEYOND };
    let mine = words.common(i) / 12;
    let first = if i > 0 { words.common(i - 1) / 24 } else { BEYOND };
    let last = if i + 1 < n { words.common(i + 1) / 24 } else { BEYOND };
    let skip = match i > 0 && i + 1 < n {
        true => model.get(Key::new(b'3').text(before).and(after)).min(1),
        false => 2,
    };
    let chars = own.char_indices();
    let tail = chars.clone().rev().nth(2).map_or(own, |(at, _)| &own[at..]);
    let head = own.char_indices().nth(4).map_or(own, |(at, _)| &own[..at]);
    let key = Key::new;
    let row = |kind: u8, all: &[Shape<'_>]| {
        let start = all[0].add(key(kind));
        all[1..].iter().fold(start, |key, shape| shape.add(key.and("")))
    };
    let keys = [
        key(b'a').text(own),
        key(b'b').text(before).and(own),
        key(b'c').text(own).and(after),
        row(b'd', &[b, c, d]),
        row(b'e', &[a, b, c]),
        row(b'f', &[c, d, e]),
        row(b'g', &[a, b, c, d]),
        row(b'h', &[b, c, d, e]),
        row(b'i', &[a, b, c, d, e]),
        c.add(key(b'j').text(before).and("")),
        c.add(key(b'k')).and(after),
        d.add(b.add(key(b'l').text(own).and("")).and("")),
        c.add(key(b'm').number(mine).and("")),
        key(b'n').number(left).and_number(mine).and_number(first),
        key(b'o').number(right).and_number(mine).and_number(last),
        key(b'p').number(left).and_number(right).and_number(mine),
        key(b'q').number(skip).and_number(left).and_number(right),
        row(b'r', &[b, c]).and_number(left),
        row(b's', &[c, d]).and_number(right),
        key(b't').text(before).and(after),
        d.add(b.add(key(b'u').text(tail).and("")).and("")),
        key(b'v').text(head).and_number(mine),
    ];
    keys.into_iter().map(|key| model.weight(key)).sum()
}

/// The class of a word.
#[derive(Clone, Copy)]
enum Shape<'w> {
    Itself(&'w str),
    Ending(&'static str),
}

impl Shape<'_> {
    fn add(self, key: Key) -> Key {
        match self {
            Shape::Itself(word) => key.text(word),
            Shape::Ending(ending) => key.text("-").text(ending),
        }
    }
}

fn shape<'w>(token: &'w str, word: &'w str) -> Shape<'w> {
    if is_small(word) {
        return Shape::Itself(word);
    }
    let starts = |what: fn(char) -> bool| token.starts_with(what);
    if !starts(char::is_alphanumeric) {
        return Shape::Itself(token);
    }
    if word == "0" || starts(char::is_numeric) {
        return Shape::Itself("0");
    }
    if starts(char::is_uppercase) {
        let all = token.chars().nth(1).is_some() && !token.chars().any(char::is_lowercase);
        return Shape::Itself(if all { "A" } else { "X" });
    }
    let letters = word.chars().count();
    let ending =
        Mangled::builtin().ending.iter().find(|e| letters > e.len() + 2 && word.ends_with(**e));
    ending.map_or(Shape::Itself("x"), |ending| Shape::Ending(ending))
}
