//! Words that no dictionary lists, made from known ones as English makes them.

use dyad_lexicon::Mangled;

/// Of a stem of fewer letters too much may be made.
const LEAST: usize = 4;

/// Whether the word is a known one with something before or behind it.
pub fn of_known(word: &str, known: impl Fn(&str) -> bool) -> bool {
    let lexicon = Mangled::builtin();
    let stem = |stem: &str| stem.chars().count() >= LEAST && known(stem);
    lexicon.before.iter().filter_map(|part| word.strip_prefix(part)).any(stem)
        || lexicon.behind.iter().filter_map(|part| word.strip_suffix(part)).any(|rest| {
            let doubled = || {
                let mut last = rest.chars().rev();
                let letter = last.next();
                letter.is_some() && letter == last.next() && stem(&rest[..rest.len() - 1])
            };
            stem(rest) || stem(&format!("{rest}e")) || (rest.is_ascii() && doubled())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_made_of_known_ones_are_told_from_others() {
        let known = |w: &str| ["party", "radio", "rate", "plan", "town", "industry"].contains(&w);
        for (word, expected) in [
            ("partygoers", true),
            ("radioing", true),
            ("ecotown", true),
            ("industrywide", true),
            ("rerated", false),
            ("planned", true),
            ("rating", true),
            ("partyof", false),
            ("paity", false),
            ("ity", false),
        ] {
            assert_eq!(of_known(word, known), expected, "{word}");
        }
    }
}
