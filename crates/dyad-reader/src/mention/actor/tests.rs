use super::find;
use crate::doc::{Deprel, Doc, Entity, EntityKind, Sentence, Upos, Word, Xpos};
use crate::mention::cases;
use crate::report::Report;
use crate::span::Span;
use crate::syntax::Model;
use dyad_lexicon::Lexicons;
use proptest::prelude::*;
use std::sync::LazyLock;

static LEXICONS: LazyLock<Lexicons> = LazyLock::new(|| Lexicons::builtin().unwrap());

/// `words code how` of every mention.
fn read(doc: &Doc<'_>) -> Vec<(String, String, &'static str)> {
    let (actors, mentions) = find(doc, &LEXICONS, &[], &[]);
    let text = &doc.report.text;
    mentions
        .iter()
        .map(|m| {
            let code = actors[m.actor.0 as usize].code.clone();
            (m.span.of(text).to_owned(), code, m.how.as_str())
        })
        .collect()
}

#[test]
fn cases_beside_the_lexicons_hold() {
    let file = include_str!("../../../../../lexicons/actor-mentions.cases.txt");
    let model = Model::builtin();
    let mut wrong = Vec::new();
    for case in cases::parse(file) {
        let report = case.report();
        let found = read(&cases::tagged(&model, &report));
        for line in &case.lines {
            let right = match line.strip_prefix("never ") {
                Some(words) => found.iter().all(|(w, ..)| w != words),
                None => {
                    let cells: Vec<_> = line.split(" = ").collect();
                    let how = cells.get(2).copied();
                    found.iter().any(|(w, code, h)| {
                        w == cells[0] && code == cells[1] && how.is_none_or(|how| how == *h)
                    })
                }
            };
            if !right {
                wrong.push(format!("line {}: {line}\n  found {found:?}", case.line));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_same_report_gives_the_same_actors() {
    let model = Model::builtin();
    let text = "Iran and Iraq met. Both countries praised their leaders. They left.".to_owned();
    let report = Report { text, ..Report::default() };
    assert_eq!(read(&cases::tagged(&model, &report)), read(&cases::tagged(&model, &report)));
}

const WORDS: &[&str] = &[
    "Russian",
    "President",
    "Vladimir",
    "Putin",
    "of",
    "the",
    "DPR",
    "US",
    "'s",
    "who",
    "he",
    "they",
    "two",
    "countries",
    "Moscow",
    "it",
    "we",
    "said",
    "army",
    ".",
    "\u{1F600}",
    "İ",
    "-",
    "Gen.",
    "former",
    "their",
    "Tass",
];

fn doc_of<'r>(report: &'r Report, picks: &[(usize, usize, usize, usize)]) -> Doc<'r> {
    let mut words: Vec<Word> = Vec::new();
    let mut at = 0;
    for (i, (word, upos, deprel, head)) in picks.iter().enumerate() {
        let form = WORDS[word % WORDS.len()];
        words.push(Word {
            span: Span::new(at, at + form.len()),
            lemma: form.to_lowercase().into(),
            upos: Upos::ALL[upos % Upos::ALL.len()],
            xpos: Xpos::ALL[(upos + head) % Xpos::ALL.len()],
            // Governors stand on either side, and never in a circle.
            head: (i > 0).then(|| if i % 2 == 0 { (head % i) as u32 } else { (i - 1) as u32 }),
            deprel: Deprel::ALL[deprel % Deprel::ALL.len()],
            sentence: 0,
        });
        at += form.len() + 1;
    }
    let last = words.len() as u32;
    let sentence = Sentence {
        span: Span::new(0, report.text.len()),
        words: 0..last,
        paragraph: 0,
        damaged: false,
    };
    let entities = (last > 2)
        .then(|| Entity {
            words: 0..2,
            span: words[0].span.cover(words[1].span),
            kind: EntityKind::Person,
        })
        .into_iter()
        .collect();
    Doc::new(report, vec![sentence], words, entities)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_tree_is_read(picks in prop::collection::vec((0usize..99, 0usize..99, 0usize..99, 0usize..99), 1..40)) {
        let text: Vec<_> = picks.iter().map(|p| WORDS[p.0 % WORDS.len()]).collect();
        let report = Report { text: text.join(" "), ..Report::default() };
        let doc = doc_of(&report, &picks);
        let (actors, mentions) = find(&doc, &LEXICONS, &[], &[]);
        for mention in &mentions {
            prop_assert!((mention.actor.0 as usize) < actors.len());
            prop_assert!(mention.words.start < mention.words.end);
            prop_assert!(mention.words.end as usize <= doc.words.len());
            prop_assert!(mention.words.contains(&mention.head));
        }
        prop_assert!(actors.iter().all(|a| !a.code.is_empty()));
    }
}
