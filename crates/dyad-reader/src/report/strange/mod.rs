//! Sentences whose words don't stand together as in news: what scanners, translation engines and
//! word-spinners leave. Statistics of words, pairs of words and runs of letters, weighed by a small
//! model (`training/damage.py`, card `models/damage.md`); whole numbers, the same everywhere.

mod model;
mod places;
mod signs;
mod words;

use super::damage::Found;
use crate::span::Span;
use model::Model;
use words::Words;

/// A sentence of fewer tokens tells too little.
const LEAST: usize = 6;
/// A longer one is a list or a table.
const MOST: usize = 120;
/// A place that stands out has at least this sum.
const STANDS_OUT: i32 = -60;

const WHY: &str = "words that do not stand together as in news: mangled by a machine";

/// The damaged stretches of one block.
pub fn find(text: &str, block: Span) -> Vec<Found> {
    let Some(model) = Model::builtin() else { return Vec::new() };
    let mut found = Vec::new();
    for span in sentences(text, block) {
        let sentence = span.of(text);
        let words = Words::of(sentence, model);
        if !(LEAST..=MOST).contains(&words.len()) || !mixed(sentence) {
            continue;
        }
        let sums = places::sums(&words, model);
        if model.is_damaged(&signs::of(sentence, &words, &sums, model)) {
            let at = worst(&words, &sums, sentence.len());
            let start = span.start as usize;
            found.push((Span::new(start + at.0, start + at.1), WHY));
        }
    }
    found
}

/// Capitals and small letters, as in print: text all in one case is written so and not damaged.
fn mixed(sentence: &str) -> bool {
    let small = sentence.chars().filter(|c| c.is_lowercase()).count();
    let large = sentence.chars().filter(|c| c.is_uppercase()).count();
    large > 0 && small > large
}

/// From the first to the last place that stands out; the whole sentence where none does.
fn worst(words: &Words<'_>, sums: &[i32], len: usize) -> (usize, usize) {
    let out = |i: &usize| sums[*i] > STANDS_OUT;
    let first = (0..sums.len()).find(out);
    let last = (0..sums.len()).rev().find(out);
    match (first, last) {
        (Some(first), Some(last)) => {
            (words.range(first.saturating_sub(1)).0, words.range((last + 1).min(sums.len() - 1)).1)
        }
        _ => (0, len),
    }
}

/// The stretches of a block that end like sentences.
fn sentences(text: &str, block: Span) -> Vec<Span> {
    const SHORT: [&str; 57] = [
        "mr", "mrs", "ms", "dr", "prof", "gen", "lt", "col", "sgt", "capt", "sen", "rep", "gov",
        "st", "jr", "sr", "inc", "co", "corp", "ltd", "no", "vs", "jan", "feb", "mar", "apr",
        "aug", "sept", "oct", "nov", "dec", "us", "u.s", "u.n", "u.k", "d.c", "a.m", "p.m", "i.e",
        "e.g", "etc", "mt", "ft", "adm", "maj", "cmdr", "pres", "hon", "rev", "", "a", "b", "c",
        "d", "e", "j", "m",
    ];
    let words = block.of(text);
    let mut found = Vec::new();
    let mut start = 0;
    let mut add = |from: usize, to: usize| {
        let stretch = &words[from..to];
        let lead = stretch.len() - stretch.trim_start().len();
        let end = from + stretch.trim_end().len();
        if from + lead < end {
            let base = block.start as usize;
            found.push(Span::new(base + from + lead, base + end));
        }
    };
    for (at, _) in words.match_indices(['.', '!', '?']) {
        let rest = words[at + 1..].trim_start_matches(['\'', '"', '”', '’', ')']);
        let after = rest.trim_start();
        let opens = after.trim_start_matches(['\'', '"', '“', '‘', '(']);
        let begins = opens.starts_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit());
        if at < start || after.len() == rest.len() || !begins {
            continue;
        }
        let last = words[start..at].split_whitespace().next_back().unwrap_or_default();
        let last = last.trim_start_matches(['\'', '"', '“', '‘', '(']).to_lowercase();
        if SHORT.contains(&last.as_str()) || last.chars().count() == 1 {
            continue;
        }
        add(start, words.len() - rest.len());
        start = words.len() - after.len();
    }
    add(start, words.len());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        find(text, Span::new(0, text.len())).into_iter().map(|(span, _)| span.of(text)).collect()
    }

    #[test]
    fn sentences_end_before_capitals() {
        let text = "Gen. Lund left at 5 p.m. on Friday. “It is over,” he said. 12 ships stayed.";
        let all: Vec<&str> =
            sentences(text, Span::new(0, text.len())).iter().map(|s| s.of(text)).collect();
        let expected =
            ["Gen. Lund left at 5 p.m. on Friday.", "“It is over,” he said.", "12 ships stayed."];
        assert_eq!(all, expected);
    }

    #[test]
    fn mangled_sentences_are_found() {
        for text in [
            "The govermnent said on Tucsday tbat its soldiers would leavc the nortbern region.",
            "The ministerof defence told reporters thatthe army would leave the region inthe spring.",
            "The head honcho of the nation state land educated individuals folk that the warfare \
             fight was in excess of.",
        ] {
            assert!(!found(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn sound_sentences_are_not() {
        for text in [
            "The government said on Tuesday that its soldiers would leave the northern region.",
            "Norway and Iceland signed a fishing pact on Wednesday, ending a quarrel of three years.",
            "Skippers in both countries said that they would wait for the quotas before they cheered.",
            "THE GOVERNMENT SAID ON TUESDAY THAT ITS SOLDIERS WOULD LEAVE THE NORTHERN REGION.",
            "The two foreign ministers met in Bergen and promised to send their fleets home.",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }
}
