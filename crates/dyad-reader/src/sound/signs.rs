//! What is seen of a whole sentence, as whole numbers.

use super::Seen;
use super::odd::{COMMONER, Odd};
use super::speech;
use super::words::Words;
use dyad_lexicon::tokens::Abbreviation;
use dyad_lexicon::{Mangled, Tokens};
use regex::Regex;
use std::sync::LazyLock;

/// Below this a place is as good as any other.
const NO_WORSE: i32 = -400;
/// Below this a word's score is as good as any other.
const LOWEST: i32 = -500;

struct Patterns {
    stuck: Regex,
    pasted: Regex,
    apart: Regex,
    stray: Regex,
    small: Regex,
}

static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| {
    Some(Patterns {
        stuck: Regex::new(r"[a-z]{2}[,;!?][A-Za-z]{2}|[a-z]{2}\.[A-Z][a-z]").ok()?,
        pasted: Regex::new(
            r#"[a-z]{2}["“”][A-Za-z]{2}|[a-z]{2}[,;!?][AI]$|[a-z]{2}[$€£(][\w]|\d[.,][A-Za-z]{3}|\d[a-z]{5}|[A-Za-z]{2}['’](?:s|re|ve|ll|d|t)[a-z]{3}"#,
        )
        .ok()?,
        apart: Regex::new(r"[A-Za-z] [.,;](?: |$)").ok()?,
        stray: Regex::new(r"[.!?] [-‘’'.]").ok()?,
        small: Regex::new(r"[a-z]{2}\. [a-z]").ok()?,
    })
});

/// The signs of a sentence: of its words, of the places and of what the network's rows say.
pub fn of(seen: &Seen<'_>) -> Vec<i32> {
    let Seen { sentence, words, odd, sums, .. } = seen;
    let n = words.len() as i32;
    let share = |count: i32| (1000 * count / n).min(1000);
    let pairs = Pairs::of(odd);
    let count = |of: fn(&Odd) -> bool| odd.iter().filter(|o| of(o)).count() as i32;
    let most = |of: fn(&Odd) -> i32| odd.iter().map(of).max().unwrap_or_default();
    let rare = count(|o| o.rare);
    let marks = Marks::of(sentence, words);
    let mut order = sums.to_vec();
    order.sort_unstable_by_key(|sum| std::cmp::Reverse(*sum));
    let top = |i: usize| order.get(i).map_or(-30_000, |sum| (*sum).clamp(-30_000, 30_000));
    let above = |bound: i32| sums.iter().filter(|sum| **sum > bound).count() as i32;
    let [u0, u1, u2, u3] = pairs.unseen;
    let low = |i: usize| pairs.lows.get(i).copied().unwrap_or(COMMONER);
    let mean = pairs.lows.iter().sum::<i32>().div_euclid((pairs.lows.len() as i32).max(1));
    let mut scores = seen.scores.clone();
    scores.sort_unstable_by_key(|score| std::cmp::Reverse(*score));
    let score = |i: usize| scores.get(i).copied().unwrap_or(LOWEST);
    let over = |bound: i32| scores.iter().filter(|s| **s > bound).count() as i32;
    let held = scores.iter().map(|s| (*s).max(LOWEST)).sum::<i32>();
    let span = seen.of.span;
    let mut signs = vec![
        n.min(60),
        share(u0),
        share(u1),
        share(u2),
        share(u3),
        u1,
        u2,
        u3,
        low(0),
        low(1),
        low(2),
        low(3),
        mean,
        pairs.small_unseen,
        share(pairs.small_unseen),
        pairs.skips,
        share(pairs.skips),
        count(|o| o.unknown),
        most(|o| o.undone),
        most(|o| o.split),
        most(|o| o.rejoined),
        odd.iter().map(|o| o.runs).min().unwrap_or_default(),
        count(|o| o.inner),
        count(|o| o.digits),
        rare,
        share(rare),
        marks.bad,
        marks.stuck,
        marks.apart,
        marks.quotes,
        marks.first,
        marks.doubled,
        marks.ends,
        marks.lone,
        count(|o| o.cut > 0),
        top(0),
        top(1),
        top(2),
        top(3),
        above(0),
        above(-200),
        sums.iter().map(|sum| (*sum).max(NO_WORSE)).sum::<i32>().div_euclid(n),
    ];
    signs.extend([
        score(0),
        score(1),
        score(2),
        score(3),
        over(0),
        over(-128),
        over(-256),
        held.div_euclid(n),
        seen.quotes.lone(span) as i32,
        seen.quotes.signs().min(40) as i32,
        super::first(seen.of, words, seen.quotes),
        i32::from(seen.quotes.holds(span.start)),
    ]);
    let (debt, beside) = (seen.quotes.debt(span), seen.quotes.beside(span));
    let new = |o: &&Odd| o.again == 0;
    let most_new = |of: fn(&Odd) -> i32| odd.iter().filter(new).map(of).max().unwrap_or_default();
    signs.extend([
        seen.sentences.min(100) as i32,
        seen.usual.max(LOWEST),
        seen.top() - seen.usual.max(LOWEST),
        odd.iter()
            .filter(|o| o.common == 0 && o.again == 0 && !o.name && !o.listed && !o.made)
            .count() as i32,
        count(|o| o.joined),
        most_new(|o| if o.common == 0 { o.parts } else { 0 }),
        most(|o| o.close),
        most(|o| o.like),
        most(|o| if o.common == 0 { o.torn } else { 0 }),
        most_new(|o| if o.upper { 0 } else { o.tail }),
        (1..n as usize).filter(|i| odd[*i].after == 0 && odd[*i].pair_again == 0).count() as i32,
        seen.quotes.count(span).min(20) as i32,
        speech::unmarked(seen.doc, seen.of, seen.quotes),
        debt.kind,
        debt.away.min(9),
        debt.among.min(9),
        seen.quotes.resumed(span) as i32,
        i32::from(beside.0) + 2 * i32::from(beside.1),
        seen.first.min(20),
        i32::from(speech::inside(seen.doc, seen.of, seen.quotes)),
        marks.pasted,
    ]);
    signs
}

/// "Mr.Lund": a title and a name without the blank between.
fn is_title_and_name(piece: &str) -> bool {
    piece.split_once('.').is_some_and(|(title, name)| {
        let title = Tokens::builtin().abbreviation(&title.to_lowercase());
        let mut name = name.chars();
        title == Some(Abbreviation::Title)
            && name.next().is_some_and(char::is_uppercase)
            && name.next().is_some_and(char::is_lowercase)
    })
}

/// How words stand side by side.
struct Pairs {
    /// Pairs never seen whose words are both at least so common.
    unseen: [i32; 4],
    /// How much commoner each pair is than its words make likely, the rarest first.
    lows: Vec<i32>,
    small_unseen: i32,
    /// Common words never seen with one word between.
    skips: i32,
}

impl Pairs {
    fn of(odd: &[Odd]) -> Self {
        let mut pairs = Pairs { unseen: [0; 4], lows: Vec::new(), small_unseen: 0, skips: 0 };
        for i in 1..odd.len() {
            let (a, b) = (&odd[i - 1], &odd[i]);
            if b.after == 0 {
                let level = a.common.min(b.common);
                for (count, least) in pairs.unseen.iter_mut().zip([40, 64, 88, 104]) {
                    *count += i32::from(level >= least);
                }
            }
            pairs.lows.push(b.low);
            pairs.small_unseen += i32::from(a.small && b.small && b.after < 30);
            if i > 1 {
                let known = odd[i - 2].common.min(b.common) >= 88;
                pairs.skips += i32::from(known && b.skip == 0);
            }
        }
        pairs.lows.sort_unstable();
        pairs
    }
}

/// What is odd about signs.
struct Marks {
    bad: i32,
    stuck: i32,
    pasted: i32,
    apart: i32,
    quotes: i32,
    first: i32,
    doubled: i32,
    ends: i32,
    lone: i32,
}

impl Marks {
    fn of(sentence: &str, words: &Words<'_>) -> Self {
        let all = || 0..words.len();
        let mut marks = Marks {
            bad: ["Ã", "â€", "Â", "\u{fffd}", "Ð"]
                .iter()
                .map(|sign| sentence.matches(sign).count() as i32)
                .sum(),
            stuck: 0,
            pasted: 0,
            apart: 0,
            quotes: sentence.matches(['"', '“', '”']).count() as i32 % 2,
            first: 0,
            doubled: 0,
            ends: 0,
            lone: 0,
        };
        if let Some(patterns) = PATTERNS.as_ref() {
            let sign = |c: char| !c.is_alphanumeric();
            let address =
                |piece: &str| piece.contains(['/', '@', '#', '<']) || piece.contains("www.");
            for written in sentence.split_whitespace() {
                let piece = written.trim_matches(sign);
                // Whole words are most of them.
                if piece.chars().all(char::is_alphabetic) || address(written) {
                    continue;
                }
                marks.stuck += patterns.stuck.find_iter(piece).count() as i32;
                marks.pasted += patterns.pasted.find_iter(piece).count() as i32;
                marks.pasted += i32::from(is_title_and_name(piece));
            }
            for pattern in [&patterns.apart, &patterns.stray, &patterns.small] {
                marks.apart += pattern.find_iter(sentence).count() as i32;
            }
        }
        let lexicon = Mangled::builtin();
        let quoted = sentence.contains(['"', '“', '”', '‘', '«', '»']);
        if !quoted && all().any(|i| lexicon.first.contains(words.word(i))) {
            marks.first = 1 + i32::from(all().any(|i| lexicon.said.contains(words.word(i))));
        }
        let twice = |i: &usize| {
            words.word(*i) == words.word(i - 1) && words.word(*i).starts_with(char::is_alphabetic)
        };
        marks.doubled = (1..words.len()).filter(twice).count() as i32;
        let begins = words.token(0).starts_with(char::is_lowercase);
        let ended = ['.', '!', '?', '"', '”', '’', ')', '\'', '…', ':'];
        marks.ends = i32::from(begins) + 2 * i32::from(!sentence.ends_with(ended));
        let lone = |i: &usize| {
            let token = words.token(*i);
            let mut chars = token.chars();
            chars.next().is_some_and(char::is_alphabetic)
                && chars.next().is_none()
                && !matches!(token, "a" | "A" | "I")
        };
        marks.lone = all().filter(lone).count() as i32;
        marks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::model::Model;

    #[test]
    fn what_lost_the_blank_between_is_counted() {
        let model = Model::builtin().unwrap();
        for (sentence, expected) in [
            ("The envoy told them to\"leave the harbour\" at once.", 1),
            ("Luckily,I saw Mr.Lund among 75,000volunteers.", 3),
            ("It would help with the$85,000 that the envoy'splan costs.", 2),
            ("Mr. Lund said: \"They won't pay $85,000, in the 1990s or now.\"", 0),
            ("Gen. Lund's men saw 20mm guns (and no more), at www.example.org,I think.", 0),
        ] {
            let marks = Marks::of(sentence, &Words::of(sentence, model));
            assert_eq!(marks.pasted, expected, "{sentence}");
        }
    }
}
