//! Reads the files of cases that stand beside the lexicons, for the tests of this module.

use crate::doc::{Deprel, Doc, Sentence, Upos, Word, Xpos};
use crate::report::Report;
use crate::span::Span;
use jiff::civil::Date;

/// A sentence, what is marked in it, and what the lines below it want.
#[derive(Debug)]
pub struct Case {
    pub line: usize,
    pub text: String,
    pub marked: Vec<String>,
    pub lines: Vec<String>,
    pub published: Option<Date>,
}

impl Case {
    pub fn report(&self) -> Report {
        Report { text: self.text.clone(), published: self.published, ..Report::default() }
    }
}

/// `[…]` marks what must be found; an indented line says how the next one is read; `@published`
/// dates all that follow.
pub fn parse(file: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut published = None;
    for (i, line) in file.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(date) = line.strip_prefix("@published ") {
            published = Some(date.trim().parse().expect("a date after @published"));
        } else if let Some(wanted) = line.strip_prefix('\t') {
            cases.last_mut().expect("a sentence first").lines.push(wanted.trim().to_owned());
        } else {
            let text = line.replace(['[', ']'], "");
            let marked = line
                .split('[')
                .skip(1)
                .map(|part| part.split(']').next().unwrap_or_default().to_owned())
                .collect();
            cases.push(Case { line: i + 1, text, marked, lines: Vec::new(), published });
        }
    }
    cases
}

/// The report as the reader's own model reads it.
pub fn tagged<'r>(model: &crate::syntax::Model, report: &'r Report) -> Doc<'r> {
    let text = crate::text::split_str(&report.text);
    crate::syntax::parse(model, &mut crate::syntax::Scratch::default(), report, text)
}

/// One sentence of words that no one has tagged.
pub fn untagged(report: &Report) -> Doc<'_> {
    let mut words = Vec::new();
    let mut at = 0;
    for part in report.text.split_inclusive(' ') {
        let end = at + part.trim_end().len();
        if end > at {
            words.push(Word {
                span: Span::new(at, end),
                lemma: "".into(),
                upos: Upos::X,
                xpos: Xpos::Xx,
                head: None,
                deprel: Deprel::Dep,
                sentence: 0,
            });
        }
        at += part.len();
    }
    let sentence = Sentence {
        span: Span::new(0, report.text.len()),
        words: 0..words.len() as u32,
        paragraph: 0,
        damaged: false,
    };
    Doc::new(report, vec![sentence], words, Vec::new())
}
