//! What is promised of any text whatever: every position is exact from the report to the record,
//! and no room fails.

use dyad_reader::doc::Doc;
use dyad_reader::{Given, Reader};
use proptest::prelude::*;
use serde_json::Value;
use std::sync::LazyLock;

static READER: LazyLock<Reader> = LazyLock::new(|| Reader::builtin().expect("the reader"));

/// Words and signs of news, among them what breaks positions: letters of two to four bytes, marks
/// that join, blanks of every kind, signs that write from right to left, zeros.
fn news() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[A-Za-z]{1,9}",
        2 => prop::sample::select(vec![
            "OSLO, May 3 (Fjord Press) -", "Norway", "Iceland's", "said", "will not", "sign", "the pact",
            "U.S.", "Mr.", "on Friday", "3.5%", "$5 bn", "54 of 69", "killed", "“We agree,”", "NATO",
            "http://a.no/x?y=1", "cannot", "it's", "e-mail", "1990s", "—", "...", "?!", "• ", "Share this",
        ]).prop_map(str::to_owned),
        2 => prop::sample::select(vec![
            "é", "ß", "İ", "ﬁ", "e\u{301}", "Ωμέγα", "Київ", "京都", "\u{1F1F3}\u{1F1F4}",
            "👩\u{200d}👩\u{200d}👧", "\u{202e}abc\u{202c}", "\u{ad}", "\u{200b}", "\u{feff}", "\u{fffd}",
            "\u{a0}", "\u{2028}", "\u{3000}", "\u{85}", "\u{0}", "\u{7f}", "\u{10ffff}",
        ]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    let gap = prop::sample::select(vec![" ", " ", " ", "", ". ", "\n", "\n\n", "\t", "\r\n", ", "]);
    prop::collection::vec((piece, gap), 0..60)
        .prop_map(|parts| parts.iter().flat_map(|(piece, gap)| [piece.as_str(), gap]).collect())
}

/// Tokens in order and apart, each inside its sentence; trees inside sentences; names of whole
/// words.
fn check_doc(doc: &Doc<'_>) -> Result<(), TestCaseError> {
    let text = &doc.report.text;
    let mut end = 0;
    for word in &doc.words {
        let (from, to) = (word.span.start as usize, word.span.end as usize);
        prop_assert!(end <= from && from < to && to <= text.len());
        prop_assert!(text.is_char_boundary(from) && text.is_char_boundary(to));
        prop_assert!(!word.span.of(text).trim().is_empty());
        end = to;
    }
    let mut next = 0;
    for (s, sentence) in doc.sentences.iter().enumerate() {
        let words = sentence.words.start as usize..sentence.words.end as usize;
        prop_assert!(words.start == next && !words.is_empty());
        next = words.end;
        let own = &doc.words[words.clone()];
        prop_assert_eq!(sentence.span, own[0].span.cover(own[own.len() - 1].span));
        prop_assert_eq!(own.iter().filter(|w| w.head.is_none()).count(), 1);
        for word in own {
            prop_assert_eq!(word.sentence as usize, s);
            prop_assert!(word.head.is_none_or(|h| words.contains(&(h as usize))));
        }
    }
    prop_assert_eq!(next, doc.words.len());
    for entity in &doc.entities {
        prop_assert!(entity.words.start < entity.words.end);
        prop_assert_eq!(entity.span, doc.words_span(entity.words.clone()));
    }
    let mut end = 0;
    for passage in &doc.report.passages {
        prop_assert!(end <= passage.span.start && passage.span.end as usize <= text.len());
        end = passage.span.end;
    }
    Ok(())
}

/// Every `start` and `end` of the record is a range of code points of its text, and where words
/// stand beside them they are those of the text.
fn check_positions(value: &Value, text: &[char]) -> Result<(), TestCaseError> {
    match value {
        Value::Object(fields) => {
            if let (Some(start), Some(end)) = (fields.get("start"), fields.get("end")) {
                let at = |v: &Value| v.as_u64().map_or(usize::MAX, |n| n as usize);
                let (start, end) = (at(start), at(end));
                prop_assert!(start < end && end <= text.len(), "{}", value);
                if let Some(Value::String(words)) = fields.get("text") {
                    prop_assert_eq!(words, &text[start..end].iter().collect::<String>());
                }
            }
            fields.values().try_for_each(|value| check_positions(value, text))
        }
        Value::Array(all) => all.iter().try_for_each(|value| check_positions(value, text)),
        _ => Ok(()),
    }
}

fn check_bytes(bytes: &[u8]) -> Result<(), TestCaseError> {
    let mut worker = READER.worker();
    let given = Given::default();
    match worker.analyse(bytes, &given, |a| check_doc(a.doc)) {
        Ok(checked) => checked?,
        Err(_) => return Ok(()),
    }
    let Ok(record) = worker.read(bytes, &given) else {
        return Err(TestCaseError::fail("read once and then not again"));
    };
    let record = serde_json::to_value(&record).map_err(|e| TestCaseError::fail(e.to_string()))?;
    let text: Vec<char> = record["report"]["text"].as_str().unwrap_or("").chars().collect();
    check_positions(&record, &text)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn words_of_a_given_text_hold_all_of_it(text in news()) {
        let held = READER.worker().analyse_text(&text, &Given::default(), |a| {
            check_doc(a.doc)?;
            // nothing is mended: the words hold every character that is no blank, once and in order
            prop_assert_eq!(&a.doc.report.text, &text);
            let words: String = a.doc.words.iter().map(|w| w.span.of(&text)).collect();
            let solid = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(solid(&words), solid(&text));
            Ok(())
        });
        held?;
    }

    #[test]
    fn positions_of_any_news_are_exact(text in news()) {
        check_bytes(text.as_bytes())?;
    }

    #[test]
    fn positions_of_any_characters_are_exact(text in any::<String>()) {
        check_bytes(text.as_bytes())?;
    }

    #[test]
    fn positions_of_any_page_are_exact(paragraphs in prop::collection::vec(news(), 1..4)) {
        let page: String = paragraphs.iter().map(|p| format!("<p>{p}</p>\n")).collect();
        check_bytes(format!("<html><body><article>{page}</article></body></html>").as_bytes())?;
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        check_bytes(&bytes)?;
    }
}

#[test]
fn the_same_bytes_give_the_same_record() {
    let text = "OSLO, May 3 (Fjord Press) — Norway’s “minister” 👩\u{200d}🚀 met 54 of 69 envoys on Friday.";
    let read = || READER.worker().read(text.as_bytes(), &Given::default()).expect("a report");
    assert_eq!(
        serde_json::to_string(&read()).expect("JSON"),
        serde_json::to_string(&read()).expect("JSON")
    );
}
