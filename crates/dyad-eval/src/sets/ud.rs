//! Tags, lemmas and trees: on gold tokens, and from raw text as in the CoNLL 2018 shared task.

use super::given;
use crate::measure::{Counts, Tally, ratio};
use crate::{EvalError, Set, data};
use dyad_reader::Reader;
use dyad_reader::doc::Doc;
use std::ops::Range;
use std::path::Path;

#[derive(Clone, Debug, Default, PartialEq)]
struct Word {
    form: String,
    lemma: String,
    upos: String,
    /// Index within the document; none for a root.
    head: Option<usize>,
    deprel: String,
}

/// What stands between blanks: one word, or several ("don't").
#[derive(Clone, Debug, PartialEq)]
struct Token {
    form: String,
    words: Range<usize>,
    space_after: bool,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Document {
    words: Vec<Word>,
    tokens: Vec<Token>,
    /// Ranges of tokens and words, and whether a paragraph begins.
    sentences: Vec<(Range<usize>, Range<usize>, bool)>,
}

pub fn score(file: &Path, reader: &Reader) -> Result<Tally, EvalError> {
    let text = data::text(file)?;
    let documents = parse(&text).map_err(|(line, what)| EvalError::Row {
        set: Set::Ud,
        path: file.to_owned(),
        line,
        what,
    })?;
    let mut worker = reader.worker();
    let mut gold = Gold::default();
    let (mut las, mut sentences, mut tokens) =
        (Counts::default(), Counts::default(), Counts::default());
    let mut rows = 0;
    for document in &documents {
        rows += document.sentences.len();
        let given = given(None);
        worker.analyse_tokens(&document.forms(), &given, |a| gold.add(document, a.doc));
        let raw = document.raw();
        worker.analyse_text(&raw, &given, |a| {
            let read = Raw::of_doc(a.doc, &raw);
            let told = Raw::of_document(document);
            compare(&told, &read, &mut las, &mut sentences, &mut tokens);
        });
    }
    let share = |n: usize| ratio(n as f64, gold.words as f64);
    Ok(Tally {
        rows,
        scores: vec![
            ("upos", share(gold.upos)),
            ("uas", share(gold.uas)),
            ("las", share(gold.las)),
            ("lemma", share(gold.lemma)),
            ("raw_las", las.f1()),
            ("sentence_f1", sentences.f1()),
        ],
        details: vec![
            ("las with subtypes".to_owned(), share(gold.full)),
            ("raw words aligned f1".to_owned(), tokens.f1()),
        ],
    })
}

/// Reads CoNLL-U; says the line and what is wrong with it.
fn parse(text: &str) -> Result<Vec<Document>, (usize, String)> {
    let mut documents: Vec<Document> = Vec::new();
    let mut sentence: Vec<(usize, Vec<&str>)> = Vec::new();
    let (mut new_document, mut new_paragraph) = (true, false);
    for (i, line) in text.lines().chain([""]).enumerate() {
        if let Some(comment) = line.strip_prefix('#') {
            new_document |= comment.trim_start().starts_with("newdoc");
            new_paragraph |= comment.trim_start().starts_with("newpar");
        } else if !line.trim().is_empty() {
            let fields: Vec<&str> = line.split('\t').collect();
            if fields.len() != 10 {
                return Err((i + 1, format!("{} fields where CoNLL-U has 10", fields.len())));
            }
            sentence.push((i + 1, fields));
        } else if !sentence.is_empty() {
            if new_document || documents.is_empty() {
                documents.push(Document::default());
            }
            if let Some(document) = documents.last_mut() {
                document.push(&sentence, new_paragraph)?;
            }
            sentence.clear();
            (new_document, new_paragraph) = (false, false);
        }
    }
    Ok(documents)
}

impl Document {
    fn push(
        &mut self,
        lines: &[(usize, Vec<&str>)],
        new_paragraph: bool,
    ) -> Result<(), (usize, String)> {
        let (first_token, first_word) = (self.tokens.len(), self.words.len());
        let mut inside = first_word;
        for (line, fields) in lines {
            let number = |text: &str| {
                text.parse::<usize>().map_err(|_| (*line, format!("`{text}` is no number")))
            };
            let [id, form, lemma, upos, _, _, head, deprel, _, misc] = fields[..] else { continue };
            let space_after = !misc.split('|').any(|m| m == "SpaceAfter=No");
            if id.contains('.') {
                continue;
            }
            if let Some((from, to)) = id.split_once('-') {
                let words = first_word + number(from)? - 1..first_word + number(to)?;
                inside = words.end;
                self.tokens.push(Token { form: form.to_owned(), words, space_after });
                continue;
            }
            let at = self.words.len();
            if at >= inside {
                let words = at..at + 1;
                self.tokens.push(Token { form: form.to_owned(), words, space_after });
            }
            let head = number(head)?;
            if head > lines.len() {
                return Err((*line, format!("head {head} is outside the sentence")));
            }
            self.words.push(Word {
                form: form.to_owned(),
                lemma: lemma.to_owned(),
                upos: upos.to_owned(),
                head: head.checked_sub(1).map(|h| first_word + h),
                deprel: deprel.to_owned(),
            });
        }
        let (tokens, words) = (first_token..self.tokens.len(), first_word..self.words.len());
        self.sentences.push((tokens, words, new_paragraph));
        Ok(())
    }

    /// Every sentence as its words.
    fn forms(&self) -> Vec<Vec<String>> {
        let words = self.sentences.iter().map(|(_, words, _)| &self.words[words.clone()]);
        words.map(|words| words.iter().map(|w| w.form.clone()).collect()).collect()
    }

    /// The text as it was before anybody split it.
    fn raw(&self) -> String {
        let mut raw = String::new();
        for (tokens, _, new_paragraph) in &self.sentences {
            if *new_paragraph && !raw.is_empty() {
                raw.truncate(raw.trim_end().len());
                raw.push_str("\n\n");
            }
            for token in &self.tokens[tokens.clone()] {
                raw.push_str(&token.form);
                if token.space_after {
                    raw.push(' ');
                }
            }
        }
        raw.truncate(raw.trim_end().len());
        raw
    }
}

/// What is right of the words as given.
#[derive(Debug, Default, PartialEq)]
struct Gold {
    words: usize,
    upos: usize,
    uas: usize,
    las: usize,
    full: usize,
    lemma: usize,
}

impl Gold {
    fn add(&mut self, document: &Document, doc: &Doc<'_>) {
        self.words += document.words.len();
        if doc.words.len() != document.words.len() {
            return;
        }
        for (gold, read) in document.words.iter().zip(&doc.words) {
            self.upos += usize::from(gold.upos == read.upos.as_str());
            self.lemma += usize::from(gold.lemma == "_" || gold.lemma == read.lemma.as_str());
            if gold.head == read.head.map(|h| h as usize) {
                self.uas += 1;
                self.las += usize::from(universal(&gold.deprel) == universal(read.deprel.as_str()));
                self.full += usize::from(gold.deprel == read.deprel.as_str());
            }
        }
    }
}

/// The relation without its subtype.
fn universal(deprel: &str) -> &str {
    deprel.split(':').next().unwrap_or(deprel)
}

/// Words and sentences by the characters that they hold, blanks not counted.
#[derive(Debug, Default)]
struct Raw {
    words: Vec<RawWord>,
    sentences: Vec<Range<usize>>,
}

#[derive(Debug)]
struct RawWord {
    form: String,
    /// That of its token where the token holds several words.
    span: Range<usize>,
    of_several: bool,
    head: Option<usize>,
    deprel: String,
}

impl Raw {
    fn of_document(document: &Document) -> Self {
        let mut raw = Raw::default();
        let mut at = 0;
        for (tokens, ..) in &document.sentences {
            let start = at;
            for token in &document.tokens[tokens.clone()] {
                let span = at..at + solid(&token.form);
                at = span.end;
                for word in &document.words[token.words.clone()] {
                    raw.words.push(RawWord {
                        form: word.form.to_lowercase(),
                        span: span.clone(),
                        of_several: token.words.len() > 1,
                        head: word.head,
                        deprel: word.deprel.clone(),
                    });
                }
            }
            raw.sentences.push(start..at);
        }
        raw
    }

    fn of_doc(doc: &Doc<'_>, text: &str) -> Self {
        let mut before = Vec::with_capacity(text.len() + 1);
        let mut seen = 0;
        for (i, c) in text.char_indices() {
            before.resize(i + 1, seen);
            seen += usize::from(!c.is_whitespace());
        }
        before.resize(text.len() + 1, seen);
        let span = |start: u32, end: u32| before[start as usize]..before[end as usize];
        let words = doc.words.iter().map(|w| RawWord {
            form: w.span.of(text).to_lowercase(),
            span: span(w.span.start, w.span.end),
            of_several: false,
            head: w.head.map(|h| h as usize),
            deprel: w.deprel.as_str().to_owned(),
        });
        let sentences = doc.sentences.iter().filter(|s| !s.words.is_empty());
        let sentences = sentences.map(|s| {
            let (first, last) = (doc.word(s.words.start), doc.word(s.words.end - 1));
            span(first.span.start, last.span.end)
        });
        Raw { words: words.collect(), sentences: sentences.collect() }
    }
}

fn solid(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

/// For each gold word the word that was read for it: the same characters, or within a token of
/// several words the same form, in order.
fn align(gold: &[RawWord], read: &[RawWord]) -> Vec<Option<usize>> {
    let mut aligned = vec![None; gold.len()];
    let (mut g, mut r) = (0, 0);
    while g < gold.len() && r < read.len() {
        if gold[g].of_several {
            let (first_g, start) = (g, gold[g].span.start);
            while r < read.len() && read[r].span.start < start {
                r += 1;
            }
            let first_r = r;
            let mut end = gold[g].span.end;
            let beyond = |words: &[RawWord], i: usize, end: usize| {
                words.get(i).is_none_or(|w| {
                    if w.of_several { w.span.start >= end } else { w.span.end > end }
                })
            };
            while !beyond(gold, g, end) || !beyond(read, r, end) {
                let gold_next =
                    g < gold.len() && (r >= read.len() || gold[g].span.start <= read[r].span.start);
                if gold_next {
                    if gold[g].of_several {
                        end = end.max(gold[g].span.end);
                    }
                    g += 1;
                } else {
                    r += 1;
                }
            }
            for (i, j) in longest_common(&gold[first_g..g], &read[first_r..r]) {
                aligned[first_g + i] = Some(first_r + j);
            }
        } else if gold[g].span == read[r].span {
            aligned[g] = Some(r);
            g += 1;
            r += 1;
        } else if gold[g].span.start <= read[r].span.start {
            g += 1;
        } else {
            r += 1;
        }
    }
    aligned
}

/// Pairs of equal forms in the same order, as many as can be.
fn longest_common(gold: &[RawWord], read: &[RawWord]) -> Vec<(usize, usize)> {
    let columns = read.len() + 1;
    let mut length = vec![0usize; (gold.len() + 1) * columns];
    for i in (0..gold.len()).rev() {
        for j in (0..read.len()).rev() {
            length[i * columns + j] = if gold[i].form == read[j].form {
                1 + length[(i + 1) * columns + j + 1]
            } else {
                length[(i + 1) * columns + j].max(length[i * columns + j + 1])
            };
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < gold.len() && j < read.len() {
        if gold[i].form == read[j].form {
            pairs.push((i, j));
            i += 1;
            j += 1;
        } else if length[(i + 1) * columns + j] >= length[i * columns + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

fn compare(gold: &Raw, read: &Raw, las: &mut Counts, sentences: &mut Counts, words: &mut Counts) {
    let aligned = align(&gold.words, &read.words);
    let right = aligned.iter().enumerate().filter(|(g, r)| {
        let Some(r) = **r else { return false };
        let (gold_word, read_word) = (&gold.words[*g], &read.words[r]);
        // A head is right where it is the word that was read for the gold one's head.
        let same_head = match (gold_word.head, read_word.head) {
            (None, None) => true,
            (Some(head), Some(read_head)) => aligned[head] == Some(read_head),
            _ => false,
        };
        same_head && universal(&gold_word.deprel) == universal(&read_word.deprel)
    });
    las.add(right.count(), read.words.len(), gold.words.len());
    words.add(aligned.iter().flatten().count(), read.words.len(), gold.words.len());
    let same = crate::measure::common(
        &gold.sentences.iter().map(|s| (s.start, s.end)).collect::<Vec<_>>(),
        &read.sentences.iter().map(|s| (s.start, s.end)).collect::<Vec<_>>(),
    );
    sentences.add(same, read.sentences.len(), gold.sentences.len());
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\
# newdoc id = a
# newpar
1-2\tDon't\t_\t_\t_\t_\t_\t_\t_\t_
1\tDo\tdo\tAUX\tVB\t_\t3\taux\t_\t_
2\tn't\tnot\tPART\tRB\t_\t3\tadvmod\t_\t_
3\tgo\tgo\tVERB\tVB\t_\t0\troot\t_\tSpaceAfter=No
4\t.\t.\tPUNCT\t.\t_\t3\tpunct\t_\t_

# newpar
1\tStay\tstay\tVERB\tVB\t_\t0\troot\t_\tSpaceAfter=No
1.1\tyou\tyou\tPRON\tPRP\t_\t_\t_\t_\t_
2\t!\t!\tPUNCT\t.\t_\t1\tpunct\t_\t_

";

    fn raw(words: &[(&str, Option<usize>, &str)], breaks: &[usize]) -> Raw {
        let mut raw = Raw::default();
        let mut at = 0;
        let mut start = 0;
        for (i, (form, head, deprel)) in words.iter().enumerate() {
            let span = at..at + form.len();
            at = span.end;
            raw.words.push(RawWord {
                form: form.to_lowercase(),
                span,
                of_several: false,
                head: *head,
                deprel: (*deprel).to_owned(),
            });
            if breaks.contains(&(i + 1)) {
                raw.sentences.push(start..at);
                start = at;
            }
        }
        raw
    }

    #[test]
    fn a_file_becomes_text_again() {
        let documents = parse(FILE).unwrap();
        assert_eq!(documents.len(), 1);
        assert_eq!(documents[0].raw(), "Don't go.\n\nStay!");
        assert_eq!(documents[0].forms()[0], ["Do", "n't", "go", "."]);
        assert_eq!(documents[0].words[5].head, Some(4));
        assert_eq!(parse("1\ta\n").unwrap_err().0, 1);
    }

    #[test]
    fn raw_text_is_aligned_by_characters() {
        let gold = Raw::of_document(&parse(FILE).unwrap()[0]);
        // One relation is wrong, "Stay!" was not split, and neither were the sentences.
        let read = raw(
            &[
                ("Do", Some(2), "aux"),
                ("n't", Some(2), "obl"),
                ("go", None, "root"),
                (".", Some(2), "punct"),
                ("Stay!", Some(2), "parataxis"),
            ],
            &[5],
        );
        let (mut las, mut sentences, mut words) =
            (Counts::default(), Counts::default(), Counts::default());
        compare(&gold, &read, &mut las, &mut sentences, &mut words);
        assert_eq!(las, Counts { right: 3, predicted: 5, gold: 6 });
        assert_eq!(sentences, Counts { right: 0, predicted: 1, gold: 2 });
        assert_eq!(words, Counts { right: 4, predicted: 5, gold: 6 });
    }

    #[test]
    fn words_of_one_token_are_aligned_by_form() {
        let gold = Raw::of_document(&parse(FILE).unwrap()[0]);
        let read = raw(&[("Don't", Some(1), "dep"), ("go.", None, "root")], &[2]);
        assert_eq!(align(&gold.words, &read.words), vec![None; 6]);
    }
}
