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
}
