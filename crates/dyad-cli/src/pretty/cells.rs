//! Styled characters, wrapped to columns.

use anstyle::Style;
use std::fmt::Write;
use unicode_width::UnicodeWidthChar;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cells(Vec<(char, Style)>);

impl Cells {
    pub fn rule(width: usize) -> Self {
        Cells(vec![('━', Style::new().dimmed()); width])
    }

    pub fn push(&mut self, text: &str, style: Style) {
        self.0.extend(text.chars().map(|c| (c, style)));
    }

    pub fn push_char(&mut self, c: char, style: Style) {
        self.0.push((c, style));
    }

    pub fn is_blank(&self) -> bool {
        self.0.iter().all(|(c, _)| c.is_whitespace())
    }

    pub fn indent(mut self, by: usize) -> Self {
        self.0.splice(0..0, std::iter::repeat_n((' ', Style::new()), by));
        self
    }

    /// Lines of at most `width` columns, broken at blanks; those after the first stand `hang`
    /// columns in. A word that is wider than a line is cut.
    pub fn wrap(&self, width: usize, hang: usize) -> Vec<Cells> {
        let mut lines = Vec::new();
        let mut line = Cells::default();
        let mut columns = 0;
        let leading = self.0.iter().take_while(|(c, _)| *c == ' ').count();
        line.0.extend_from_slice(&self.0[..leading]);
        columns += leading;
        let mut blank: Option<(char, Style)> = None;
        for word in self.0[leading..].split_inclusive(|(c, _)| c.is_whitespace()) {
            let (word, gap) = match word.split_last() {
                Some(((c, style), rest)) if c.is_whitespace() => (rest, Some((' ', *style))),
                _ => (word, None),
            };
            if !word.is_empty() {
                let wide: usize = word.iter().map(|(c, _)| c.width().unwrap_or(0)).sum();
                let before = usize::from(blank.is_some());
                if columns + before + wide > width && line.0.iter().any(|(c, _)| *c != ' ') {
                    lines.push(std::mem::take(&mut line));
                    line = line.indent(hang);
                    columns = hang;
                } else if let Some(blank) = blank {
                    line.0.push(blank);
                    columns += 1;
                }
                for (c, style) in word {
                    let wide = c.width().unwrap_or(0);
                    if columns + wide > width {
                        lines.push(std::mem::take(&mut line));
                        line = line.indent(hang);
                        columns = hang;
                    }
                    line.0.push((*c, *style));
                    columns += wide;
                }
                blank = None;
            }
            blank = if line.is_blank() { None } else { gap.or(blank) };
        }
        lines.push(line);
        lines
    }

    /// Writes the characters with their styles, filled up to `width` columns.
    pub fn render(&self, out: &mut String, width: usize) {
        let mut columns = 0;
        for run in self.0.chunk_by(|a, b| a.1 == b.1) {
            let style = run[0].1;
            let _ = write!(out, "{style}");
            for (c, _) in run {
                // Control characters of a page must not reach a terminal.
                out.push(if c.is_control() { ' ' } else { *c });
                columns += c.width().unwrap_or(0);
            }
            let _ = write!(out, "{style:#}");
        }
        out.extend(std::iter::repeat_n(' ', width.saturating_sub(columns)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, width: usize, hang: usize) -> Vec<String> {
        let mut cells = Cells::default();
        cells.push(text, Style::new());
        let wrapped = cells.wrap(width, hang);
        let plain = wrapped.iter().map(|l| l.0.iter().map(|(c, _)| c).collect());
        plain.collect()
    }

    #[test]
    fn lines_break_at_blanks() {
        assert_eq!(lines("one two  three", 7, 0), ["one two", "three"]);
        assert_eq!(lines("  one two three", 9, 2), ["  one two", "  three"]);
        assert_eq!(lines("", 7, 0), [""]);
    }

    #[test]
    fn long_words_are_cut_and_wide_ones_counted() {
        assert_eq!(lines("abcdefgh", 3, 0), ["abc", "def", "gh"]);
        assert_eq!(lines("日本 日本", 5, 0), ["日本", "日本"]);
    }

    #[test]
    fn control_characters_stay_away() {
        let mut cells = Cells::default();
        cells.push("a\u{1b}[2Jb", Style::new());
        let mut out = String::new();
        cells.render(&mut out, 0);
        assert!(!out.contains('\u{1b}'));
    }
}
