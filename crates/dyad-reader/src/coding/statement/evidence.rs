//! What the network's scores say for and against a proposal, as marks that the gate weighs beside
//! its hashed features: each number of a proposal sets every mark up to its level, so that their
//! weights add up to a curve. `training/gate.py` makes the same marks of the same numbers.

use super::attribution::Attribution;
use super::heard::{self, mean};
use crate::doc::{Doc, WordId};
use dyad_lexicon::cues::Frame;

/// How many numbers there are of a proposal.
pub(super) const NUMBERS: usize = 8;
/// Shares from which on a mark is set.
const LEVELS: [f32; 17] =
    [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99];
/// Each number has its levels and a mark for not being there.
const EACH: usize = LEVELS.len() + 1;
/// Marks that all proposals share, then those of each group.
const GROUPS: usize = 5;
/// The last mark says that the network tells nothing.
pub(super) const MARKS: usize = GROUPS * NUMBERS * EACH + 1;
/// Words around a cue among which a rival is looked for, and another source.
const BESIDE: u32 = 4;
const AROUND: u32 = 12;

/// How proposals of a kind are told apart from others, beside the marks that all share.
pub(super) fn group(a: &Attribution) -> usize {
    match (a.rule, a.line, a.frame) {
        ("heard", ..) => 4,
        (_, 0, _) => 3,
        (_, _, Frame::Speech) => 1,
        _ => 2,
    }
}

/// The numbers of a proposal; none where the network was not trained for them.
pub(super) fn numbers(doc: &Doc<'_>, a: &Attribution) -> Option<[Option<f32>; NUMBERS]> {
    let sentence = doc.sentences[a.sentence as usize].words.clone();
    let most = |words: &mut dyn Iterator<Item = WordId>, of: heard::Share| {
        words.filter_map(|w| of(doc, w)).reduce(f32::max)
    };
    let near = |far: u32| {
        a.cue.start.saturating_sub(far).max(sentence.start)..(a.cue.end + far).min(sentence.end)
    };
    let named = a.source.as_ref().map(|s| doc.words_in(s.span));
    let told = |w: &WordId| a.content.iter().any(|c| c.contains(doc.word(*w).span));
    let mut likely = sentence
        .clone()
        .filter(|w| heard::content(doc, *w).is_some_and(|s| s >= 0.5))
        .filter(|w| !a.cue.contains(w) && !named.as_ref().is_some_and(|n| n.contains(w)))
        .peekable();
    let covered = likely.peek().is_some().then(|| {
        let (mut inside, mut all) = (0u16, 0u16);
        for w in likely {
            all = all.saturating_add(1);
            inside = inside.saturating_add(u16::from(told(&w)));
        }
        f32::from(inside) / f32::from(all)
    });
    Some([
        Some(heard::cue(doc, a.head)?),
        most(&mut a.cue.clone(), heard::cue),
        named.clone().and_then(|words| mean(doc, words, heard::source)),
        most(
            &mut near(AROUND).filter(|w| !named.as_ref().is_some_and(|n| n.contains(w))),
            heard::source,
        ),
        mean(doc, a.content.iter().flat_map(|c| doc.words_in(*c)), heard::content),
        heard::content(doc, a.head),
        most(&mut near(BESIDE).filter(|w| !a.cue.contains(w)), heard::cue),
        covered,
    ])
}

/// The marks that the numbers set.
pub(super) fn marks(numbers: Option<&[Option<f32>; NUMBERS]>, group: usize) -> Vec<usize> {
    let Some(numbers) = numbers else { return vec![MARKS - 1] };
    let mut found = Vec::with_capacity(2 * NUMBERS * EACH);
    for group in [0, group] {
        for (i, number) in numbers.iter().enumerate() {
            let first = (group * NUMBERS + i) * EACH;
            match number {
                Some(n) => found.extend(
                    (first..).zip(LEVELS).take_while(|(_, l)| n >= l).map(|(mark, _)| mark),
                ),
                None => found.push(first + LEVELS.len()),
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_sets_the_marks_up_to_its_level() {
        let mut numbers = [None; NUMBERS];
        numbers[1] = Some(0.006);
        let set = marks(Some(&numbers), 2);
        assert_eq!(set.len(), 2 * (NUMBERS - 1 + 2));
        assert!(set.contains(&EACH) && set.contains(&(EACH + 1)) && !set.contains(&(EACH + 2)));
        assert!(set.contains(&((2 * NUMBERS + 1) * EACH)));
        assert!(set.iter().all(|m| *m < MARKS - 1));
        assert_eq!(marks(None, 2), [MARKS - 1]);
    }
}
