//! Names inside words that damage has run together: "HeraldBergen" names the Herald, even where
//! the same damage has misspelt it.

use super::phrase::Spot;
use crate::doc::{Doc, WordId};
use crate::span::Span;
use dyad_lexicon::Lexicons;
use dyad_lexicon::actors::Referent;

/// Shorter names have too many neighbours by a letter.
const NEAR: usize = 7;

/// Adds what the halves of glued words name; such words have no spot of their own.
pub fn add(doc: &Doc<'_>, lexicons: &Lexicons, spots: &mut Vec<Spot>) {
    let before = spots.len();
    for sentence in doc.sentences.iter().filter(|s| s.damaged) {
        for word in sentence.words.clone() {
            spots.extend(within(doc, lexicons, word));
        }
    }
    if spots.len() > before {
        spots.sort_by_key(|s| s.words.start);
    }
}

fn within(doc: &Doc<'_>, lexicons: &Lexicons, word: WordId) -> Option<Spot> {
    let surface = doc.surface(word);
    let at = joint(surface)?;
    let start = doc.word(word).span.start as usize;
    [(0, at), (at, surface.len())].into_iter().find_map(|(from, to)| {
        let referent = organisation(lexicons, &surface[from..to])?;
        let span = Span::new(start + from, start + to);
        Some(Spot { words: word..word + 1, span, referent, of_user: false })
    })
}

/// Where a capital follows at least four small letters, with as many behind it.
fn joint(word: &str) -> Option<usize> {
    let mut small = 0;
    for (i, c) in word.char_indices() {
        if c.is_uppercase() && small > 3 {
            return word[i..].chars().nth(3).map(|_| i);
        }
        small = if c.is_lowercase() { small + 1 } else { 0 };
    }
    None
}

/// The organisation of that name, or of the only name that is one letter off.
fn organisation(lexicons: &Lexicons, name: &str) -> Option<Referent> {
    let actors = &lexicons.actors;
    let exact = actors.names.get(name).iter().map(|n| n.referent);
    if let Some(found) = exact.into_iter().find(|r| matches!(r, Referent::Organisation(_))) {
        return Some(found);
    }
    if name.chars().count() < NEAR {
        return None;
    }
    let mut near = actors
        .organisations
        .iter()
        .enumerate()
        .filter(|(_, o)| one_letter_off(&o.name, name))
        .map(|(i, _)| Referent::Organisation(i as u16));
    let found = near.next()?;
    near.next().is_none().then_some(found)
}

/// One letter changed, lost or added.
fn one_letter_off(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let rest = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let longer = a.len().max(b.len());
    longer > 0 && same + rest + 1 >= longer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_names_or_one_letter_off() {
        let lexicons = Lexicons::builtin().unwrap();
        let named = |word: &str| {
            let at = joint(word)?;
            [&word[..at], &word[at..]].into_iter().find_map(|half| {
                match organisation(&lexicons, half)? {
                    Referent::Organisation(i) => {
                        Some(lexicons.actors.organisations[i as usize].name.to_string())
                    }
                    _ => None,
                }
            })
        };
        assert_eq!(named("KommersantMoscow").as_deref(), Some("Kommersant"));
        assert_eq!(named("MoscowKomersant").as_deref(), Some("Kommersant"));
        assert_eq!(named("KomersandMoscow"), None);
        assert_eq!(named("TallinnBergen"), None);
        assert_eq!(named("Kommersant"), None);
    }

    #[test]
    fn one_letter_is_changed_lost_or_added() {
        for (a, b, near) in [
            ("tribune", "tribume", true),
            ("tribune", "tribne", true),
            ("tribune", "tribunes", true),
            ("tribune", "tirbume", false),
            ("tribune", "trib", false),
            ("", "", false),
        ] {
            assert_eq!(one_letter_off(a, b), near, "{a} {b}");
        }
    }
}
