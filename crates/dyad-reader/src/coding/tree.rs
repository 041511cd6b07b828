//! Hand-written trees for the tests of this room.

use crate::doc::{Deprel, Doc, Sentence, Upos, Word, Xpos};
use crate::mention::Mentions;
use crate::report::Report;
use crate::span::Span;
use dyad_lexicon::Lexicons;

/// Reads `form lemma UPOS XPOS head deprel` lines; a blank line ends a sentence, a line of `--` a
/// paragraph. Words are joined by blanks, save before the marks that lean on the word before.
pub(crate) fn with<T>(tree: &str, look: impl FnOnce(&Doc<'_>, &Mentions) -> T) -> T {
    let mut text = String::new();
    let mut words = Vec::new();
    let mut sentences: Vec<Sentence> = Vec::new();
    let mut paragraph = 0;
    for block in tree.split("\n\n") {
        let first = words.len() as u32;
        for line in block.lines().map(str::trim).filter(|l| !l.is_empty()) {
            if line == "--" {
                paragraph += 1;
                text.push_str("\n\n");
                continue;
            }
            let cells: Vec<&str> = line.split_whitespace().collect();
            let [form, lemma, upos, xpos, head, deprel] = cells[..] else {
                panic!("six cells wanted: {line}")
            };
            let leans = matches!(form, "," | "." | "”" | "'s" | "’s" | ":" | ")");
            if !text.is_empty() && !leans && !text.ends_with(['“', '\n', '(']) {
                text.push(' ');
            }
            let start = text.len();
            text.push_str(form);
            let head: u32 = head.parse().unwrap();
            words.push(Word {
                span: Span::new(start, text.len()),
                lemma: lemma.into(),
                upos: Upos::from_tag(upos),
                xpos: Xpos::from_tag(xpos),
                head: (head > 0).then(|| first + head - 1),
                deprel: Deprel::from_tag(deprel),
                sentence: sentences.len() as u32,
            });
        }
        let last = words.len() as u32;
        if last > first {
            let span = words[first as usize].span.cover(words[last as usize - 1].span);
            sentences.push(Sentence { span, words: first..last, paragraph, damaged: false });
        }
    }
    let report = Report { text, ..Report::default() };
    let doc = Doc::new(&report, sentences, words, Vec::new());
    let mentions = crate::mention::find(&doc, &Lexicons::builtin().unwrap());
    look(&doc, &mentions)
}
