//! Mangled stretches: what translation, scraping and scanning leave behind. Each detector looks
//! for a kind of break, not for words; what it marks is the broken phrase and what it breaks.

use crate::span::Span;
use dyad_lexicon::Tokens;
use dyad_lexicon::furniture::Sound;
use regex::Regex;
use rustc_hash::FxHashSet;
use std::sync::LazyLock;

/// A damaged stretch and what is wrong with it.
pub type Found = (Span, &'static str);

/// What is true of the whole text: its habits, which are no damage.
#[derive(Clone, Debug, Default)]
pub struct Habits<'t> {
    /// Punctuation stands apart, as in tokenised corpora.
    tokenised: bool,
    /// Sentences open with small letters.
    lower: bool,
    /// Words with a capital inside that come again: names.
    names: FxHashSet<&'t str>,
}

impl<'t> Habits<'t> {
    pub fn of(text: &'t str) -> Self {
        let apart = text.matches(" . ").count() + text.matches(" , ").count();
        let joined = text.matches(". ").count() + text.matches(", ").count() - apart;
        let (mut lower, mut upper) = (0usize, 0usize);
        for (at, _) in text.match_indices(". ") {
            match text[at + 2..].chars().next() {
                Some(c) if c.is_lowercase() => lower += 1,
                Some(c) if c.is_uppercase() => upper += 1,
                _ => {}
            }
        }
        let (mut seen, mut names) = (FxHashSet::default(), FxHashSet::default());
        for word in text.split(|c: char| !c.is_alphanumeric()) {
            if joint(word).is_some() && !seen.insert(word) {
                names.insert(word);
            }
        }
        Habits {
            tokenised: apart > 2 && apart > joined,
            lower: lower > 4 && lower * 6 > upper,
            names,
        }
    }
}

impl Habits<'_> {
    /// Its sentences are not written as news is printed.
    pub fn unlike_news(&self) -> bool {
        self.tokenised || self.lower
    }
}

/// A stretch between white space: its letters, and the signs before and after them.
#[derive(Clone, Copy)]
struct Chunk<'t> {
    span: Span,
    lead: &'t str,
    core: &'t str,
    trail: &'t str,
}

impl<'t> Chunk<'t> {
    fn new(text: &'t str, start: usize, word: &'t str) -> Self {
        let word_sign =
            |c: char| c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36f}' | '\u{fffd}');
        let from = word.find(word_sign).unwrap_or(word.len());
        let to = word
            .rfind(word_sign)
            .map_or(from, |i| i + word[i..].chars().next().map_or(0, char::len_utf8));
        debug_assert!(text[start..].starts_with(word));
        Chunk {
            span: Span::new(start, start + word.len()),
            lead: &word[..from],
            core: &word[from..to],
            trail: &word[to..],
        }
    }

    fn has_word(&self) -> bool {
        !self.core.is_empty()
    }

    fn lower(&self) -> bool {
        self.core.starts_with(char::is_lowercase)
    }

    fn plain(&self) -> bool {
        self.core.chars().all(char::is_alphabetic)
    }

    /// Whether a sentence plainly ends with it.
    fn ends_sentence(&self) -> bool {
        let stop = self.trail.starts_with('.') && !self.trail.starts_with("..")
            || self.trail.starts_with(['!', '?']);
        stop && self.core.chars().nth(1).is_some()
            && !self.core.contains('.')
            && Tokens::builtin().abbreviation(&self.core.to_lowercase()).is_none()
    }

    fn is(&self, words: &[&str]) -> bool {
        words.iter().any(|w| self.core.eq_ignore_ascii_case(w))
    }

    /// It runs on into the next word without a sign between.
    fn open(&self) -> bool {
        self.trail.is_empty()
    }
}

const DETERMINERS: [&str; 9] = ["the", "a", "an", "its", "their", "our", "his", "her", "my"];
const ARTICLES: [&str; 3] = ["the", "a", "an"];
const PREPOSITIONS: [&str; 14] = [
    "of", "in", "on", "to", "from", "with", "for", "by", "at", "against", "into", "over",
    "between", "under",
];
/// What never follows "the": "sixteen the were shot down".
const NOT_AFTER_THE: [&str; 12] =
    ["is", "was", "are", "were", "has", "have", "of", "and", "been", "be", "its", "their"];
/// Small words at the head of a name, after which a sentence's end is no break.
const NAME_PARTICLES: [&str; 14] =
    ["al", "el", "bin", "ibn", "de", "di", "du", "da", "von", "van", "der", "la", "le", "abu"];

/// The damaged stretches of one block, in order, none touching another.
pub fn find(text: &str, block: Span, habits: &Habits) -> Vec<Found> {
    let base = text.as_ptr() as usize;
    let chunks: Vec<Chunk> = block
        .of(text)
        .split_whitespace()
        .map(|word| Chunk::new(text, word.as_ptr() as usize - base, word))
        .collect();
    let mut found = Vec::new();
    let last_closer = chunks.iter().rposition(closes_quote);
    for i in 0..chunks.len() {
        bad_characters(&chunks[i], &mut found);
        glued(&chunks[i], habits, &mut found);
        scanned(&chunks, i, &mut found);
        doubled(&chunks, i, &mut found);
        broken_determiner(&chunks, i, &mut found);
        fragment(&chunks, i, habits, last_closer, &mut found);
    }
    found.sort_by_key(|(span, _)| (span.start, span.end));
    let mut merged: Vec<Found> = Vec::with_capacity(found.len());
    for (span, why) in found {
        match merged.last_mut() {
            Some((last, _)) if span.start <= last.end => *last = last.cover(span),
            _ => merged.push((span, why)),
        }
    }
    merged
}

/// A closing quotation mark, as against an apostrophe inside a word.
fn closes_quote(chunk: &Chunk) -> bool {
    chunk.trail.contains(['’', '”', '"', '\'', '»'])
}

/// Replacement characters, and text decoded twice.
fn bad_characters(chunk: &Chunk, found: &mut Vec<Found>) {
    static MOJIBAKE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new("Ã[\u{80}-\u{bf}©¢¼]|â€|Â[\u{a0}-\u{bf}]|ï»¿|[ÐÑ][\u{80}-\u{bf}‚ƒ„…†‡ˆ‰Š‹Œ]|ï¿½")
            .ok()
    });
    if chunk.core.contains('\u{fffd}')
        || chunk.lead.contains('\u{fffd}')
        || chunk.trail.contains('\u{fffd}')
    {
        found.push((chunk.span, "characters lost in decoding"));
    }
    let word = [chunk.lead, chunk.core, chunk.trail];
    let suspicious = word.iter().any(|w| w.contains(['Ã', 'â', 'Â', 'ï', 'Ð', 'Ñ']));
    // The signs of a garbled letter may be letters or not, so the parts are looked at as one.
    if suspicious && MOJIBAKE.as_ref().is_some_and(|m| m.is_match(&word.concat())) {
        found.push((chunk.span, "characters decoded wrongly"));
    }
}

/// Where a capital follows a small letter inside a word, once and with four letters on each side.
fn joint(word: &str) -> Option<usize> {
    let bytes = word.as_bytes();
    if word.len() < 8 || word.len() > 80 || !bytes[1..].iter().any(u8::is_ascii_uppercase) {
        return None;
    }
    let mut joints = word
        .char_indices()
        .zip(word.chars().skip(1))
        .filter(|((_, a), b)| a.is_lowercase() && b.is_uppercase());
    let ((at, a), _) = joints.next()?;
    let at = at + a.len_utf8();
    let long = |part: &str| part.chars().count() >= 4;
    let alone = joints.next().is_none() && word.chars().all(char::is_alphabetic);
    (alone && long(&word[..at]) && long(&word[at..])).then_some(at)
}

/// "HeraldBergen": two words that lost what stood between them.
fn glued(chunk: &Chunk, habits: &Habits, found: &mut Vec<Found>) {
    let core = chunk.core.split(['\'', '’', '-']).next().unwrap_or(chunk.core);
    let Some(at) = joint(core) else { return };
    let sound = Sound::builtin();
    let name = name_prefix(&core[..at])
        || sound.is_camel(core)
        || sound.ends_names(&core[at..])
        || habits.names.contains(core)
        || chunk.lead.ends_with(['@', '#']);
    if !name {
        found.push((chunk.span, "two words run together"));
    }
}

fn name_prefix(left: &str) -> bool {
    ["Mac", "Fitz", "Della", "Vander", "Ober", "Saint"].contains(&left)
}

/// Digits inside words, and words fallen apart into letters.
fn scanned(chunks: &[Chunk], i: usize, found: &mut Vec<Found>) {
    let chunk = &chunks[i];
    let bytes = chunk.core.as_bytes();
    let plain = bytes.iter().all(|b| b.is_ascii_alphanumeric());
    let letters = bytes.iter().filter(|b| b.is_ascii_lowercase()).count();
    let inside = bytes.windows(3).any(|w| {
        w[0].is_ascii_lowercase()
            && matches!(w[1], b'0' | b'1' | b'5' | b'8')
            && w[2].is_ascii_lowercase()
    });
    if plain && inside && letters >= 3 && bytes.iter().filter(|b| b.is_ascii_digit()).count() <= 2 {
        found.push((chunk.span, "a digit inside a word"));
    }
    let single = |c: &Chunk| c.core.chars().count() == 1 && c.plain() && c.trail.is_empty();
    if single(chunk) && (i == 0 || !single(&chunks[i - 1])) {
        let run = chunks[i..].iter().take_while(|c| single(c)).count();
        if run >= 5 {
            found.push((chunk.span.cover(chunks[i + run - 1].span), "a word fallen apart"));
        }
    }
}

/// The same word twice.
fn doubled(chunks: &[Chunk], i: usize, found: &mut Vec<Found>) {
    let Some(next) = chunks.get(i + 1) else { return };
    let chunk = &chunks[i];
    if chunk.core != next.core || !chunk.open() || !next.lead.is_empty() || !chunk.lower() {
        return;
    }
    let word = chunk.plain() && (chunk.core.len() > 1 || chunk.core == "a");
    if word && !Sound::builtin().is_double(chunk.core) {
        found.push((chunk.span.cover(next.span), "a word twice"));
    }
}

/// Two determiners with no noun between, or one before what no determiner stands before.
fn broken_determiner(chunks: &[Chunk], i: usize, found: &mut Vec<Found>) {
    let chunk = &chunks[i];
    // "Give her a break": only "her" is also a pronoun.
    if !chunk.is(&DETERMINERS) || !chunk.open() || chunk.is(&["her"]) {
        return;
    }
    let Some(next) = chunks.get(i + 1) else { return };
    if chunk.core == "the" && next.lead.is_empty() && next.lower() && next.is(&NOT_AFTER_THE) {
        let first = if i > 0 && chunks[i - 1].open() { i - 1 } else { i };
        found.push((chunks[first].span.cover(next.span), "an article without its noun"));
        return;
    }
    // Numbers and participles written with a hyphen may stand between, at least one of the latter.
    let mut j = i + 1;
    let mut participle = false;
    while let Some(between) = chunks.get(j) {
        let hyphened = between.core.contains('-')
            && (between.core.ends_with("ing") || between.core.ends_with("ed"));
        let number = between.core.bytes().all(|b| b.is_ascii_digit()) && between.has_word();
        if j > i + 3 || !between.open() || !between.lead.is_empty() || !(hyphened || number) {
            break;
        }
        participle |= hyphened;
        j += 1;
    }
    let Some(second) = chunks.get(j) else { return };
    let article = second.is(&ARTICLES) && second.lower() && second.lead.is_empty() && second.open();
    if article && (participle || (j == i + 1 && chunk.core != second.core)) {
        let end = chunks.get(j + 1).filter(|c| c.has_word()).map_or(second.span, |c| c.span);
        found.push((chunk.span.cover(end), "two articles and no noun between them"));
    }
}

/// What stands between sentences and is none: a stray sign, a word or two in small letters or
/// after a lone hyphen or quotation mark.
fn fragment(
    chunks: &[Chunk],
    i: usize,
    habits: &Habits,
    last_closer: Option<usize>,
    found: &mut Vec<Found>,
) {
    let chunk = &chunks[i];
    // "kidnap.-ping"
    if let Some((left, right)) = chunk.core.split_once(".-")
        && [left, right].iter().all(|p| p.len() > 2 && p.chars().all(char::is_lowercase))
    {
        found.push((chunk.span, "a word broken in two"));
    }
    if i == 0 {
        return;
    }
    let before = &chunks[i - 1];
    if !chunk.has_word() {
        let stray = matches!(chunk.lead, "." | "," | ";" | "‘" | "’");
        let ellipsis =
            chunk.lead == "." && chunks.get(i + 1).is_some_and(|c| c.lead == "." && !c.has_word());
        let ends = before.ends_sentence() || before.trail.ends_with([',', ';']);
        let in_ellipsis = !before.has_word() && before.lead.ends_with('.');
        if stray && ends && !habits.tokenised && !ellipsis && !in_ellipsis {
            found.push((before.span.cover(chunk.span), "a stray sign after the sentence"));
        }
        return;
    }
    if !before.ends_sentence() {
        return;
    }
    let quoted_before = before.trail.chars().count() > 1;
    let end = (i..chunks.len().min(i + 2))
        .find(|j| chunks[*j].trail.starts_with('.') || *j + 1 == chunks.len());
    let stray_hyphen = matches!(chunk.lead, "-" | "–" | "‘-" | "’-" | "'-" | "“-")
        && chunk.core.starts_with(char::is_alphabetic);
    let opens = chunk.lead.ends_with(['‘', '“', '’'])
        && !chunk.core.starts_with(|c: char| c.is_ascii_digit());
    let small = chunk.lower()
        && !chunk.trail.starts_with(')')
        && chunk.core.chars().all(|c| c.is_lowercase() || matches!(c, '\'' | '’'))
        && !chunk.is(&NAME_PARTICLES)
        && !habits.lower
        && !before.core.contains(char::is_numeric)
        && before.trail.starts_with('.')
        && !quoted_before;
    let why = if stray_hyphen {
        "the tail of a word after the sentence's end"
    } else if opens && end.is_some() && last_closer.is_none_or(|c| c < i) {
        "a fragment after a lone quotation mark"
    } else if small && chunk.lead.is_empty() {
        "a sentence broken in the middle"
    } else if small && opens && end.is_some() {
        "a fragment between sentences"
    } else {
        return;
    };
    let last = end.unwrap_or(i);
    found.push((broken_end(chunks, i - 1).cover(chunks[last].span), why));
}

/// The phrase at a sentence's end that a fragment breaks: "its occupation of Norway."
fn broken_end(chunks: &[Chunk], last: usize) -> Span {
    let mut first = last;
    let mut take = |words: Option<&[&str]>| {
        let before = first.checked_sub(1).filter(|i| chunks[*i].open() && chunks[*i].has_word());
        let taken = before.filter(|i| words.is_none_or(|words| chunks[*i].is(words)));
        first = taken.unwrap_or(first);
        taken.is_some()
    };
    take(Some(&DETERMINERS));
    if take(Some(&PREPOSITIONS)) && take(None) {
        take(Some(&DETERMINERS));
    }
    chunks[first].span.cover(chunks[last].span)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn damage(text: &str) -> Vec<&str> {
        let found = find(text, Span::new(0, text.len()), &Habits::of(text));
        found.into_iter().map(|(span, _)| span.of(text)).collect()
    }

    #[test]
    fn broken_stretches_are_found_and_kept_tight() {
        let cases = [
            (
                "They fear its occupation of Norway. ‘Iceland. The talks failed.",
                vec!["its occupation of Norway. ‘Iceland."],
            ),
            ("It needs less oil from Oslo. -grab Bergen.", vec!["oil from Oslo. -grab Bergen."]),
            ("The grid held in the north. ‘was. Crews left.", vec!["held in the north. ‘was."]),
            ("The two grew closer. .", vec!["closer. ."]),
            ("wrote the daily HeraldBergen and others", vec!["HeraldBergen"]),
            ("the 12 self-steering the boats sank", vec!["the 12 self-steering the boats"]),
            ("a truce of the the army", vec!["the the"]),
            ("some twenty the were sent north", vec!["twenty the were"]),
            ("The m1nister said so.", vec!["m1nister"]),
            ("the t r e a t y was signed", vec!["t r e a t y"]),
            ("The cafÃ© closed, she said.", vec!["cafÃ©"]),
            (
                "He spoke of peace in the region. interest of all in it.",
                vec!["peace in the region. interest"],
            ),
            ("an end to the hostage.-taking in town", vec!["hostage.-taking"]),
        ];
        for (text, expected) in cases {
            assert_eq!(damage(text), expected, "{text}");
        }
    }

    #[test]
    fn sound_text_is_left_alone() {
        for text in [
            "“We will not sign.” He left. ‘Never,’ she said. ‘Never again.’",
            "The U.S. envoy met Gen. Lund at 5 p.m. on Friday. No. 10 was silent.",
            "It is very very late, he had had enough, and that that failed is known.",
            "MacArthur and McDonald met at BlackRock and YouTube. al-Amin agreed.",
            "In the 1990s the army left. A two-day-old truce the sides signed broke.",
            "Is it over? asked the envoy. Yes! they cried.",
            "yes . The pact , he said , is dead . The two , he added , left .",
            "He waited . . . and left. F-16s, B2B and Covid-19 came up.",
            "the meeting the president held, all the while the crowd sang",
            "He said: 'Go. We stay.' They went.",
            "Sign here. iPhone sales rose. eBay fell. de Gaulle came.",
        ] {
            assert_eq!(damage(text), Vec::<&str>::new(), "{text}");
        }
    }
}
