//! What is seen of a whole sentence, as whole numbers; `features` of `training/damage.py` makes the same.

use super::model::{Key, Model};
use super::words::{Words, is_small};
use regex::Regex;
use std::sync::LazyLock;

const FIRST: [&str; 10] = ["i", "we", "my", "our", "me", "us", "i'm", "we're", "i've", "we've"];
const SAID: [&str; 10] = [
    "said",
    "says",
    "added",
    "told",
    "wrote",
    "asked",
    "explained",
    "noted",
    "stated",
    "announced",
];
/// What scanners read, and what stood there.
const CONFUSED: [(&str, &str); 30] = [
    ("m", "rn"),
    ("rn", "m"),
    ("b", "h"),
    ("c", "e"),
    ("1", "l"),
    ("0", "o"),
    ("l", "i"),
    ("d", "cl"),
    ("cl", "d"),
    ("h", "li"),
    ("n", "ri"),
    ("ii", "u"),
    ("w", "vv"),
    ("vv", "w"),
    ("f", "t"),
    ("5", "s"),
    ("q", "g"),
    ("ri", "n"),
    ("lt", "tt"),
    ("h", "fi"),
    ("o", "a"),
    ("e", "c"),
    ("h", "b"),
    ("i", "l"),
    ("t", "f"),
    ("l", "t"),
    ("u", "n"),
    ("n", "u"),
    ("tb", "th"),
    ("a", "o"),
];
/// A pair of words is held against what its words make likely up to these bounds.
const RARER: i32 = 200;
const COMMONER: i32 = 120;
/// Below this a place is as good as any other.
const NO_WORSE: i32 = -400;

struct Patterns {
    stuck: Regex,
    apart: Regex,
    stray: Regex,
    small: Regex,
}

static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| {
    Some(Patterns {
        stuck: Regex::new(r"[a-z]{2}[,;!?][A-Za-z]{2}|[a-z]{2}\.[A-Z][a-z]").ok()?,
        apart: Regex::new(r"[A-Za-z] [.,;](?: |$)").ok()?,
        stray: Regex::new(r"[.!?] [-‘’'.]").ok()?,
        small: Regex::new(r"[a-z]{2}\. [a-z]").ok()?,
    })
});

fn common(model: &Model, word: &str) -> i32 {
    model.get(Key::new(b'1').text(word))
}

fn pair(model: &Model, a: &str, b: &str) -> i32 {
    model.get(Key::new(b'2').text(a).and(b))
}

pub fn of(sentence: &str, words: &Words<'_>, sums: &[i32], model: &Model) -> Vec<i32> {
    let n = words.len() as i32;
    let share = |count: i32| (1000 * count / n).min(1000);
    let pairs = Pairs::of(words, model);
    let odd = Odd::of(words, model);
    let marks = Marks::of(sentence, words);
    let mut order = sums.to_vec();
    order.sort_unstable_by_key(|sum| std::cmp::Reverse(*sum));
    let top = |i: usize| order.get(i).map_or(-30_000, |sum| (*sum).clamp(-30_000, 30_000));
    let above = |bound: i32| sums.iter().filter(|sum| **sum > bound).count() as i32;
    let [u0, u1, u2, u3] = pairs.unseen;
    let low = |i: usize| pairs.lows.get(i).copied().unwrap_or(COMMONER);
    let mean = pairs.lows.iter().sum::<i32>().div_euclid((pairs.lows.len() as i32).max(1));
    vec![
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
        odd.unknown,
        odd.undone,
        odd.splits,
        odd.rejoined,
        odd.worst,
        odd.inner,
        odd.digits,
        odd.rare,
        share(odd.rare),
        marks.bad,
        marks.stuck,
        marks.apart,
        marks.quotes,
        marks.first,
        marks.doubled,
        marks.ends,
        marks.lone,
        odd.cut,
        top(0),
        top(1),
        top(2),
        top(3),
        above(0),
        above(-200),
        sums.iter().map(|sum| (*sum).max(NO_WORSE)).sum::<i32>().div_euclid(n),
    ]
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
    fn of(words: &Words<'_>, model: &Model) -> Self {
        let mut pairs = Pairs { unseen: [0; 4], lows: Vec::new(), small_unseen: 0, skips: 0 };
        for i in 1..words.len() {
            let (a, b) = (words.word(i - 1), words.word(i));
            let (common_a, common_b) = (words.common(i - 1), words.common(i));
            let seen = pair(model, a, b);
            let expected = common_a + common_b - 160;
            if seen == 0 {
                let level = common_a.min(common_b);
                for (count, least) in pairs.unseen.iter_mut().zip([40, 64, 88, 104]) {
                    *count += i32::from(level >= least);
                }
                pairs.lows.push(-expected.clamp(0, RARER));
            } else {
                pairs.lows.push((seen - expected).clamp(-RARER, COMMONER));
            }
            pairs.small_unseen += i32::from(is_small(a) && is_small(b) && seen < 30);
            if i > 1 {
                let skipped = || model.get(Key::new(b'3').text(words.word(i - 2)).and(b));
                pairs.skips += i32::from(words.common(i - 2).min(common_b) >= 88 && skipped() == 0);
            }
        }
        pairs.lows.sort_unstable();
        pairs
    }
}

/// What is odd about single words.
struct Odd {
    unknown: i32,
    rare: i32,
    undone: i32,
    splits: i32,
    rejoined: i32,
    worst: i32,
    inner: i32,
    digits: i32,
    cut: i32,
}

impl Odd {
    fn of(words: &Words<'_>, model: &Model) -> Self {
        let mut odd = Odd {
            unknown: 0,
            rare: 0,
            undone: 0,
            splits: 0,
            rejoined: 0,
            worst: 255,
            inner: 0,
            digits: 0,
            cut: 0,
        };
        for i in 0..words.len() {
            let (token, word) = (words.token(i), words.word(i));
            if !token.starts_with(char::is_alphabetic) || word.chars().count() > 40 {
                continue;
            }
            let low = token.starts_with(char::is_lowercase);
            let mut next = token.chars().zip(token.chars().skip(1));
            odd.inner += i32::from(next.any(|(a, b)| a.is_lowercase() && b.is_uppercase()));
            odd.digits += i32::from(token.chars().any(char::is_numeric));
            if word.contains('\'') {
                continue;
            }
            let own = words.common(i);
            if own < 56 && word.chars().count() >= 4 {
                odd.splits = odd.splits.max(split(word, own, low, model));
            }
            if i + 1 < words.len() && words.token(i + 1).starts_with(char::is_lowercase) {
                let after = words.word(i + 1);
                let long = |w: &str| w.chars().nth(1).is_some();
                if own.min(words.common(i + 1)) < 72
                    && !after.contains('\'')
                    && long(word)
                    && long(after)
                    && pair(model, word, after) == 0
                {
                    odd.rejoined =
                        odd.rejoined.max(model.get(Key::new(b'1').text(word).text(after)));
                }
            }
            if low && own < 16 {
                odd.unknown += i32::from(own == 0);
                odd.rare += 1;
                odd.undone = odd.undone.max(undo(word, model));
                if own == 0 {
                    odd.worst = odd.worst.min(runs(word, model));
                }
                odd.cut += i32::from(model.get(Key::new(b'5').text(word)) > 0);
            }
        }
        odd
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

/// How common the word is that a scanner would have made this of.
fn undo(word: &str, model: &Model) -> i32 {
    if word.chars().count() <= 3 {
        return 0;
    }
    let mut best = 0;
    for (read, stood) in CONFUSED {
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
    if counts.is_empty() { 255 } else { counts.iter().sum::<i32>() / counts.len() as i32 }
}

/// What is odd about signs.
struct Marks {
    bad: i32,
    stuck: i32,
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
            apart: 0,
            quotes: sentence.matches(['"', '“', '”']).count() as i32 % 2,
            first: 0,
            doubled: 0,
            ends: 0,
            lone: 0,
        };
        if let Some(patterns) = PATTERNS.as_ref() {
            let address =
                |piece: &str| piece.contains(['/', '@', '#', '<']) || piece.contains("www.");
            for piece in sentence.split_whitespace().filter(|piece| !address(piece)) {
                marks.stuck += patterns.stuck.find_iter(piece).count() as i32;
            }
            for pattern in [&patterns.apart, &patterns.stray, &patterns.small] {
                marks.apart += pattern.find_iter(sentence).count() as i32;
            }
        }
        let quoted = sentence.contains(['"', '“', '”', '‘', '«', '»']);
        if !quoted && all().any(|i| FIRST.contains(&words.word(i))) {
            marks.first = 1 + i32::from(all().any(|i| SAID.contains(&words.word(i))));
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
