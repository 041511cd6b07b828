//! Report to sentences and tokens, at exact positions.
//!
//! Tokens are those of the English treebanks of Universal Dependencies; sentences end where the
//! page shows it. Nothing is mended: the tokens of a passage hold each of its characters that is
//! not white space, once.

mod sentences;
mod tokens;

use crate::doc::{Sentence, Text};
use crate::report::lines::blocks;
use crate::report::{Passage, Report};
use crate::span::Span;
use dyad_record::PassageKind;

/// Splits the body and the damaged passages into sentences and tokens; furniture yields none.
pub fn split(report: &Report) -> Text {
    split_passages(&report.text, &report.passages)
}

/// Splits plain text, all of it body.
pub fn split_str(text: &str) -> Text {
    let body =
        Passage { span: Span::new(0, text.len()), kind: PassageKind::Body, why: String::new() };
    split_passages(text, &[body])
}

/// The sentences and tokens of `text` outside its furniture.
pub fn split_passages(text: &str, passages: &[Passage]) -> Text {
    let mut out = Text::default();
    let mut next_passage = 0;
    for (paragraph, block) in blocks(text).into_iter().enumerate() {
        while passages.get(next_passage).is_some_and(|p| p.span.end <= block.start) {
            next_passage += 1;
        }
        // Body and damage run on into each other; furniture cuts the block in two.
        let mut run: Option<Span> = None;
        for passage in passages[next_passage..].iter().take_while(|p| p.span.start < block.end) {
            let part = Span {
                start: passage.span.start.max(block.start),
                end: passage.span.end.min(block.end),
            };
            if passage.kind == PassageKind::Furniture {
                if let Some(run) = run.take() {
                    split_run(text, run, paragraph, &mut out);
                }
            } else {
                run = Some(run.map_or(part, |r| r.cover(part)));
            }
        }
        if let Some(run) = run {
            split_run(text, run, paragraph, &mut out);
        }
    }
    mark_damage(&mut out.sentences, passages);
    out
}

/// Splits one stretch of one paragraph.
fn split_run(text: &str, run: Span, paragraph: usize, out: &mut Text) {
    let first = out.tokens.len();
    let marks = tokens::tokenise(text, run, &mut out.tokens);
    let tokens = &out.tokens[first..];
    let mut start = 0;
    for end in sentences::ends(text, tokens, &marks) {
        out.sentences.push(Sentence {
            span: tokens[start].cover(tokens[end - 1]),
            words: (first + start) as u32..(first + end) as u32,
            paragraph: paragraph as u32,
            damaged: false,
        });
        start = end;
    }
}

fn mark_damage(sentences: &mut [Sentence], passages: &[Passage]) {
    let mut damage = passages.iter().filter(|p| p.kind == PassageKind::Damaged).peekable();
    for sentence in sentences {
        while damage.next_if(|p| p.span.end <= sentence.span.start).is_some() {}
        sentence.damaged = damage.peek().is_some_and(|p| p.span.touches(sentence.span));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sentences(text: &str) -> Vec<&str> {
        split_str(text).sentences.iter().map(|s| s.span.of(text)).collect()
    }

    fn tokens(text: &str) -> String {
        let split = split_str(text);
        split.tokens.iter().map(|t| t.of(text)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn tokens_are_those_of_the_treebanks() {
        let cases = [
            ("They don't; we cannot.", "They do n't ; we can not ."),
            ("Norway’s fleet, the sailors’ pay", "Norway ’s fleet , the sailors ’ pay"),
            ("a US$5bn deal, up 25%", "a US$ 5 bn deal , up 25 %"),
            (
                "the pro-Oslo, anti-war, oil-rich north",
                "the pro-Oslo , anti-war , oil - rich north",
            ),
            ("U.S. envoy J. Berg met Gen. Lund.", "U.S. envoy J. Berg met Gen. Lund ."),
            ("on Dec. 30 at 7:30 p.m. in No. 10", "on Dec. 30 at 7:30 p.m. in No. 10"),
            ("2022-12-30, 1990-95, 1,200.5 and 3/4", "2022-12-30 , 1990 - 95 , 1,200.5 and 3/4"),
            ("(see www.example.org/a?b=c).", "( see www.example.org/a?b=c ) ."),
            ("write to anna.berg@example.org!", "write to anna.berg@example.org !"),
            ("Wait... what?! “No,” he said", "Wait ... what ?! “ No , ” he said"),
            ("and/or AT&T -- O'Brien", "and / or AT&T -- O'Brien"),
            ("the F-16s of the 1990s", "the F - 16s of the 1990s"),
            ("Norway 's 'em", "Norway 's 'em"),
        ];
        for (text, expected) in cases {
            assert_eq!(tokens(text), expected, "{text}");
        }
    }

    #[test]
    fn sentences_end_where_the_page_shows_it() {
        let cases: [(&str, usize); 23] = [
            ("Mr. Berg met Sen. Lund in the U.S. on Friday. They talked.", 2),
            ("The talks were held in the U.S. The minister left early.", 2),
            ("“We will not sign,” she said. “Never.” He agreed.", 3),
            ("\"We are ready.\" The envoy left.", 2),
            ("OSLO, Dec 30 (Wire) — Norway signed the pact.", 2),
            ("“Why now?” asked the envoy.", 1),
            ("Talks fail in Oslo\n\nThe two sides parted.", 2),
            ("They grew closer. .", 1),
            ("It leans on oil. -grab Oslo.", 2),
            ("He said yes . The pact , he added , is dead .", 2),
            ("Shares rose 3.5 percent. No. 2 was Acme Inc. of Oslo.", 2),
            ("1. Sign the pact.\n2. Withdraw.", 2),
            ("He left.The rest stayed.", 2),
            ("They signed. [4] The pact holds.", 2),
            ("They signed. [Applause] The pact holds.", 2),
            ("Per Lund 03/11/2004 09:40 AM We met the envoy.", 3),
            ("They met on 03/11/2004 09:40 AM in Oslo.", 1),
            ("The talks went well ***** Norway left", 2),
            ("It was fun :-) See you", 2),
            ("Write to per@lund.no The office is shut", 2),
            ("(Fjord Press) Norway signed.", 2),
            ("(He signed) Norway left.", 1),
            ("Lund et al. said the effect, i.e. the loss, was small.", 1),
        ];
        for (text, expected) in cases {
            let found = sentences(text);
            assert_eq!(found.len(), expected, "{found:#?}");
        }
    }

    #[test]
    fn a_dateline_stands_beside_its_sentence() {
        for dateline in ["OSLO, May 3, 2023 (Fjord Press) -", "BERGEN —", "Oslo, 3 May 2023 -"] {
            let report = format!("{dateline} Norway sued Iceland on Monday.");
            assert_eq!(sentences(&report)[0], dateline);
        }
        for none in ["Norway - not Iceland - sued.", "EU - China talks resume.", "May 3 - the day."]
        {
            assert_eq!(sentences(none)[0], none);
        }
    }

    #[test]
    fn furniture_yields_nothing_and_damage_is_marked() {
        let text = "Share this Norway signed. It leans on . .";
        let passage =
            |start, end, kind| Passage { span: Span::new(start, end), kind, why: String::new() };
        let passages = [
            passage(0, 10, PassageKind::Furniture),
            passage(10, 26, PassageKind::Body),
            passage(26, text.len(), PassageKind::Damaged),
        ];
        let split = split_passages(text, &passages);
        let found: Vec<_> = split.sentences.iter().map(|s| (s.span.of(text), s.damaged)).collect();
        assert_eq!(found, [("Norway signed.", false), ("It leans on . .", true)]);
    }

    #[test]
    fn long_words_and_long_runs_of_signs_take_linear_time() {
        let unit = ["a", "a.", "-", "'s", "a@", "1,", "“", "a-", "\n", ". ", "x'"];
        for unit in unit {
            let text = unit.repeat(400_000 / unit.len());
            check(&text);
        }
    }

    /// The promises of the module, for any text.
    fn check(text: &str) {
        let split = split_str(text);
        let mut end = 0;
        for token in &split.tokens {
            assert!(token.start as usize >= end && !token.is_empty());
            assert!(text[end..token.start as usize].trim().is_empty());
            assert!(!token.of(text).trim().is_empty());
            end = token.end as usize;
        }
        assert!(text[end..].trim().is_empty());
        let mut word = 0;
        for sentence in &split.sentences {
            assert!(sentence.words.start == word && sentence.words.end > word);
            let first = split.tokens[word as usize];
            word = sentence.words.end;
            assert_eq!(sentence.span, first.cover(split.tokens[word as usize - 1]));
        }
        assert_eq!(word as usize, split.tokens.len());
    }

    proptest! {
        #[test]
        fn any_text_is_held_by_its_tokens(text in "\\PC{0,80}") {
            check(&text);
        }

        #[test]
        fn any_mixture_of_news_signs_is_held_by_its_tokens(
            text in "([A-Za-z0-9 .,'’‘“”\"()\\-–$%@:/&!?\n#…é]|U\\.S\\.|n't|\\. |http://){0,60}"
        ) {
            check(&text);
        }
    }
}
