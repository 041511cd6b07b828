//! Where a text's double quotation marks open and close, and which of them find no partner.

use crate::doc::Doc;
use crate::span::Span;

/// The quotations of a report.
#[derive(Debug, Default)]
pub struct Quotes {
    /// What stands inside quotation marks, in order; what is never closed ends with its paragraph.
    inside: Vec<Span>,
    /// Signs that close what was not opened, or open what is not closed.
    lone: Vec<Lone>,
    /// Signs that open a quotation which the next one opens again, as a new paragraph of it does.
    resumed: Vec<u32>,
    /// All of them.
    all: Vec<u32>,
    paragraphs: Vec<Span>,
    /// Where sentences start.
    sentences: Vec<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Lone {
    at: u32,
    opens: bool,
}

/// What a sentence has to do with a sign that lost its partner.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Debt {
    /// One where the lone sign opens, two where it closes; nought where there is none.
    pub kind: i32,
    /// How many sentences lie between the sign and this one; the sign stands in it for nought.
    pub away: i32,
    /// How many sentences may have lost the partner, this one among them.
    pub among: i32,
}

/// How a sign stands among its neighbours.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Opens,
    Closes,
    Either,
}

/// The marks, as they are written, decoded wrongly or typed as two: the longest first.
const MARKS: [(&str, Way); 12] = [
    ("â€\u{9d}", Way::Closes),
    ("â€™â€™", Way::Either),
    ("â€œ", Way::Either),
    ("\"", Way::Either),
    ("“", Way::Opens),
    ("„", Way::Opens),
    ("”", Way::Closes),
    ("''", Way::Either),
    ("’’", Way::Closes),
    ("``", Way::Opens),
    ("‘‘", Way::Opens),
    ("â€ ", Way::Closes),
];

impl Quotes {
    pub fn of(doc: &Doc<'_>) -> Self {
        let text = &doc.report.text;
        let mut quotes = Quotes {
            sentences: doc.sentences.iter().map(|s| s.span.start).collect(),
            ..Quotes::default()
        };
        let mut unclosed = None;
        for sentences in doc.sentences.chunk_by(|a, b| a.paragraph == b.paragraph) {
            let (Some(first), Some(last)) = (sentences.first(), sentences.last()) else { continue };
            let paragraph = first.span.cover(last.span);
            quotes.paragraphs.push(paragraph);
            unclosed = quotes.read(text, paragraph, unclosed);
        }
        quotes.lone.extend(unclosed.map(|at| Lone { at, opens: true }));
        quotes.lone.sort_unstable_by_key(|lone| lone.at);
        quotes
    }

    /// Takes a paragraph in; where its last quotation opens, if it is not closed. `before` is that of the paragraph
    /// before.
    fn read(&mut self, text: &str, paragraph: Span, mut before: Option<u32>) -> Option<u32> {
        let words = paragraph.of(text);
        let mut open: Option<u32> = None;
        // One that stands in another.
        let mut inner: Option<u32> = None;
        let mut rest = 0;
        while let Some(next) = words[rest..].find(['"', '“', '„', '”', '\'', '’', '`', '‘', 'â'])
        {
            let i = rest + next;
            let Some((mark, way)) = MARKS.iter().find(|(mark, _)| words[i..].starts_with(mark))
            else {
                rest = i + words[i..].chars().next().map_or(1, char::len_utf8);
                continue;
            };
            rest = i + mark.trim_end().len();
            let at = paragraph.start + i as u32;
            let left = words[..i].chars().next_back();
            if left.is_some_and(char::is_numeric) && inches(&words[..i]) {
                continue;
            }
            self.all.push(at);
            let blank = |c: char, also: &str| c.is_whitespace() || also.contains(c);
            let right = words[rest..].chars().next();
            let left = left.is_none_or(|c| blank(c, "([—-'‘"));
            let right = right.is_none_or(|c| blank(c, ".,;:!?)]—-'’"));
            // Which way a curled one is turned counts where its neighbours don't say that it was mistaken.
            let opens = match (left, right, way) {
                (true, false, _) => true,
                (false, true, _) => false,
                (_, _, Way::Either) => open.is_none(),
                (_, _, way) => *way == Way::Opens,
            };
            // A quotation that goes on in the next paragraph is opened again there, or closed.
            if let Some(earlier) = before.take() {
                match opens {
                    true if i == 0 => self.resumed.push(earlier),
                    true => self.lone.push(Lone { at: earlier, opens }),
                    false => {
                        self.inside.push(Span { start: paragraph.start, end: at });
                        continue;
                    }
                }
            }
            match (opens, open) {
                (true, None) => open = Some(at),
                (true, Some(earlier)) if self.sentences.binary_search(&at).is_ok() => {
                    self.inside.push(Span { start: earlier, end: at });
                    self.resumed.push(earlier);
                    self.lone.extend(inner.take().map(|at| Lone { at, opens }));
                    open = Some(at);
                }
                (true, Some(_)) => {
                    self.lone.extend(inner.replace(at).map(|at| Lone { at, opens }));
                }
                (false, Some(start)) => {
                    if inner.take().is_none() {
                        self.inside.push(Span { start, end: paragraph.start + rest as u32 });
                        open = None;
                    }
                }
                (false, None) => self.lone.push(Lone { at, opens }),
            }
        }
        self.lone.extend(inner.map(|at| Lone { at, opens: true }));
        self.lone.extend(before.map(|at| Lone { at, opens: true }));
        if let Some(start) = open {
            self.inside.push(Span { start, end: paragraph.end });
        }
        open
    }

    /// Whether the byte stands inside a quotation.
    pub fn holds(&self, byte: u32) -> bool {
        let next = self.inside.partition_point(|s| s.end <= byte);
        self.inside.get(next).is_some_and(|s| s.start <= byte)
    }

    /// How many there are.
    pub fn signs(&self) -> usize {
        self.all.len()
    }

    /// How many lone signs the span has.
    pub fn lone(&self, span: Span) -> usize {
        self.lone.iter().filter(|lone| span.start <= lone.at && lone.at < span.end).count()
    }

    /// How many signs of the span open what is opened again later.
    pub fn resumed(&self, span: Span) -> usize {
        within(&self.resumed, span).len()
    }

    /// How many signs the span has.
    pub fn count(&self, span: Span) -> usize {
        within(&self.all, span).len()
    }

    /// Whether signs stand in the sentence before and in the one behind.
    pub fn beside(&self, sentence: Span) -> (bool, bool) {
        let own = self.sentences.partition_point(|start| *start <= sentence.start);
        let at = |i: usize| self.sentences.get(i).copied();
        let before = own.checked_sub(2).and_then(at);
        let end = at(own + 1).unwrap_or(u32::MAX);
        let any = |start, end| !within(&self.all, Span { start, end }).is_empty();
        let behind = at(own).is_some_and(|start| any(start, end));
        (before.is_some_and(|start| any(start, sentence.start)), behind)
    }

    /// The lone sign whose partner the sentence may have lost.
    pub fn debt(&self, sentence: Span) -> Debt {
        let paragraph = self.paragraphs.partition_point(|p| p.end < sentence.end);
        let Some(paragraph) = self.paragraphs.get(paragraph) else { return Debt::default() };
        let mut least = Debt::default();
        for lone in self.lone.iter().filter(|l| paragraph.start <= l.at && l.at < paragraph.end) {
            // The partner stood between the sign and the next on the side where it is lacking.
            let next = self.all.partition_point(|at| at < &lone.at);
            let bound = if lone.opens {
                let end = self.all.get(next + 1).copied().unwrap_or(u32::MAX);
                Span { start: lone.at, end: end.min(paragraph.end) }
            } else {
                let before = next.checked_sub(1).and_then(|i| self.all.get(i)).copied();
                Span { start: before.unwrap_or(0).max(paragraph.start), end: lone.at + 1 }
            };
            let number = |at: u32| self.sentences.partition_point(|start| *start <= at) as i32;
            // What begins right where the stretch ends has no room for it.
            let (first, last) = (number(bound.start), number(bound.end.saturating_sub(1)));
            let own = number(sentence.start);
            if (first..=last).contains(&own) {
                let away = (own - number(lone.at)).abs();
                let debt = Debt { kind: 2 - i32::from(lone.opens), away, among: last - first + 1 };
                if least.kind == 0 || (debt.away, debt.among) < (least.away, least.among) {
                    least = debt;
                }
            }
        }
        least
    }
}

/// Whether what ends in a number is a height in feet and inches: 6'2".
fn inches(words: &str) -> bool {
    let feet = words.trim_end_matches(char::is_numeric).strip_suffix(['\'', '’']);
    feet.is_some_and(|feet| feet.ends_with(char::is_numeric))
}

fn within(places: &[u32], span: Span) -> &[u32] {
    let from = places.partition_point(|at| *at < span.start);
    let to = places.partition_point(|at| *at < span.end);
    places.get(from..to).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Report;
    use crate::text;

    fn quotes<T>(words: &str, tell: impl FnOnce(&Quotes, &Doc<'_>) -> T) -> T {
        let report = Report { text: words.to_owned(), ..Report::default() };
        let split = text::split_str(words);
        let doc = Doc::new(&report, split.sentences, Vec::new(), Vec::new());
        tell(&Quotes::of(&doc), &doc)
    }

    #[test]
    fn signs_without_a_partner_are_found() {
        for (words, expected) in [
            ("\"We left,\" he said. \"We came back.\"", vec![]),
            ("“We left,” he said. “We came\n\n“back.” They did.", vec![]),
            ("“We left,” he said. “We came\n\nback.” They did.", vec![]),
            ("“We left. “We came back.”", vec![]),
            ("We left,\" he said. They came.", vec![8]),
            ("\"We left, he said. They came.\n\nNobody spoke.", vec![0]),
            ("“We “left,” he said.", vec![0]),
            ("“We left the “old” guard,” he said. He is 6’2” tall.", vec![]),
            ("The \"old\" guard, the \"new\" one.", vec![]),
            ("\"We left,'' he said. ``We came back.''", vec![]),
            ("''We left,'' he said of the ''old“ guard.", vec![]),
            ("It's the ministers' harbour, and they 'left' it.", vec![]),
            ("It was said (\"so\") twice.", vec![]),
            ("â€œWe left,â€\u{9d} he said.", vec![]),
        ] {
            let lone: Vec<u32> = quotes(words, |q, _| q.lone.iter().map(|l| l.at).collect());
            assert_eq!(lone, expected, "{words}");
        }
    }

    #[test]
    fn a_partner_is_lost_where_it_may_have_stood() {
        let debt = |kind, away, among| Debt { kind, away, among };
        let none = Debt::default();
        for (words, expected) in [
            ("We left,\" he said. They came.", vec![debt(2, 0, 1), none]),
            ("They came. We left early,\" he said.", vec![debt(2, 1, 2), debt(2, 0, 2)]),
            ("\"We left, he said. They came.", vec![debt(1, 0, 2), debt(1, 1, 2)]),
            ("He \"left\" us. We came\" back.", vec![debt(2, 1, 2), debt(2, 0, 2)]),
            ("\"We left,\" he said. They came.", vec![none, none]),
        ] {
            let found: Vec<Debt> =
                quotes(words, |q, doc| doc.sentences.iter().map(|s| q.debt(s.span)).collect());
            assert_eq!(found, expected, "{words}");
        }
    }
}
