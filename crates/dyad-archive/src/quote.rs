//! Words of a text by code points.

use dyad_record::CharSpan;

/// A text and where each of its code points begins.
pub(crate) struct Quotes<'t> {
    text: &'t str,
    /// Byte offset of every 64th code point.
    marks: Vec<usize>,
    len: u32,
}

const STEP: usize = 64;
/// A sentence is looked for no further than this.
const REACH: u32 = 160;
/// Shorter words say little of what a sentence is about.
const SHORT: usize = 3;
const BEGINNING: usize = 4;

/// The beginnings of the longer words of a text, in lower case: `killed` and `killing` are alike.
pub(crate) fn beginnings(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let long = words.filter(|w| w.chars().count() > SHORT);
    long.map(|w| w.chars().flat_map(char::to_lowercase).take(BEGINNING).collect())
}

/// A word as a number, so that many are held and compared in little room.
pub(crate) fn word(text: &str) -> u32 {
    hash32(&[text])
}

/// Of some texts one after the other (FNV-1a); it is stored, so it stays.
pub(crate) fn hash32(parts: &[&str]) -> u32 {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0xFF]));
    bytes.fold(0x811C_9DC5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

impl<'t> Quotes<'t> {
    pub fn new(text: &'t str) -> Self {
        let mut len = 0;
        let mut marks = Vec::with_capacity(text.len() / STEP + 1);
        for (i, (byte, _)) in text.char_indices().enumerate() {
            if i % STEP == 0 {
                marks.push(byte);
            }
            len = i + 1;
        }
        Quotes { text, marks, len: len as u32 }
    }

    pub fn len(&self) -> u32 {
        self.len
    }

    /// Positions beyond the end are taken as the end: a record from elsewhere may be wrong.
    fn byte(&self, at: u32) -> usize {
        if at >= self.len {
            return self.text.len();
        }
        let mark = self.marks[at as usize / STEP];
        let rest = self.text[mark..].char_indices().nth(at as usize % STEP);
        rest.map_or(self.text.len(), |(i, _)| mark + i)
    }

    pub fn of(&self, start: u32, end: u32) -> &'t str {
        let (start, end) = (self.byte(start), self.byte(end));
        if start < end { &self.text[start..end] } else { "" }
    }

    /// What stands before and after a stretch within its sentence, as far as that lies near.
    pub fn sentence(&self, start: u32, end: u32) -> (&'t str, &'t str) {
        let before = self.of(start.saturating_sub(REACH), start);
        let after = self.of(end, end.saturating_add(REACH));
        let ends = |s: &str, at: usize, c: char| match c {
            '\n' => true,
            '.' | '!' | '?' => s[at + 1..].chars().next().is_none_or(|c| !c.is_alphanumeric()),
            _ => false,
        };
        let from = before.char_indices().rfind(|(at, c)| ends(before, *at, *c));
        let to = after.char_indices().find(|(at, c)| ends(after, *at, *c));
        (
            from.map_or(before, |(at, c)| &before[at + c.len_utf8()..]),
            to.map_or(after, |(at, _)| &after[..at]),
        )
    }

    /// The sentence around a stretch, white space folded.
    pub fn whole_sentence(&self, start: u32, end: u32) -> String {
        let (before, after) = self.sentence(start, end);
        let sentence = [before, self.of(start, end), after].concat();
        sentence.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The words of several spans, gaps marked, white space folded.
    pub fn join(&self, spans: &[CharSpan]) -> String {
        let parts: Vec<String> = spans
            .iter()
            .map(|s| self.of(s.start, s.end).split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|part| !part.is_empty())
            .collect();
        parts.join(" … ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_code_points() {
        let text = format!("{}🙂é end", "x".repeat(63));
        let quotes = Quotes::new(&text);
        assert_eq!(quotes.of(63, 64), "🙂");
        assert_eq!(quotes.of(64, 65), "é");
        assert_eq!(quotes.of(66, 999), "end");
        assert_eq!(quotes.of(9, 3), "");
        assert_eq!(Quotes::new("").of(0, 5), "");
    }

    #[test]
    fn a_sentence_ends_at_its_stop() {
        let text = "It rained. The U.N. sent 3.5 tons of rice! Then it left.";
        let at = text.find("tons").unwrap() as u32;
        let quotes = Quotes::new(text);
        assert_eq!(quotes.sentence(at, at + 4), (" sent 3.5 ", " of rice"));
        assert_eq!(quotes.sentence(0, 2), ("", " rained"));
    }

    #[test]
    fn words_begin_alike() {
        let words: Vec<String> = beginnings("Missiles, missile 2023 at Élysée").collect();
        assert_eq!(words, ["miss", "miss", "2023", "élys"]);
    }
}
