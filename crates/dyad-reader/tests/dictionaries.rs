//! A user's verbs, issues and tables of acts, as the reader codes with them.

use dyad_lexicon::user::UserText;
use dyad_reader::{Given, Reader};
use dyad_record::Record;

const VERBS: &str = "\
&COIN
+DUCATS
--- LEND [070] ---
LEND {LENT}
HAND_+OVER {+HANDED} [071]
- * &COIN [0711]
- NOT * [120]
--- GREET [---] ---
PRAISE {PRAISED}
--- FERRY [032:033] ---
FERRY {FERRIED}
";

fn read(files: &[(&str, &str)], text: &str) -> Record {
    let files: Vec<UserText> = files
        .iter()
        .map(|(name, text)| UserText { name: (*name).to_owned(), text: (*text).to_owned() })
        .collect();
    let (reader, findings) = Reader::with_dictionaries(&files).expect("tables that can be read");
    assert!(findings.is_empty(), "{findings:?}");
    reader.worker().read(text.as_bytes(), &Given::default()).expect("an article")
}

/// `who CODE whom` of every event, by which line.
fn events(record: &Record) -> Vec<String> {
    let code = |id: &String| {
        let actor = record.actors.iter().find(|a| a.id == *id).expect("an actor of the record");
        actor.code.clone()
    };
    let codes = |ids: &[String]| ids.iter().map(code).collect::<Vec<_>>().join("+");
    let line = |e: &dyad_record::Event| {
        let (actor, cameo, recipient) = (codes(&e.actors), &e.cameo, codes(&e.recipients));
        format!("{actor} {cameo} {recipient} {}", e.found_by)
    };
    record.events.iter().map(line).collect()
}

#[test]
fn verbs_code_what_they_tell_and_clear_what_is_no_act() {
    let read = |text| events(&read(&[("my.verbs.txt", VERBS)], text));
    assert_eq!(
        read("Norway lent Iceland a thousand ducats for the harbour."),
        ["NOR 0711 ISL verbs:6"]
    );
    assert_eq!(read("Norway did not lend Iceland a single boat."), ["NOR 120 ISL verbs:7"]);
    assert!(read("Norway praised Iceland for its new harbour.").is_empty());
    assert_eq!(
        read("Norway ferried Iceland home."),
        ["NOR 032 ISL verbs:11", "ISL 033 NOR verbs:11"]
    );
    // What the dictionary is silent on is coded as ever.
    assert!(!read("Norway imposed sanctions on Iceland.").is_empty());
}

#[test]
fn issues_join_the_contexts_of_a_sentence() {
    let issues = "<ISSUE CATEGORY=\"X\" TYPE=\"ALL\">\nn:harbour [PORTS]\n</ISSUE>\n";
    let record = read(
        &[("my.issues.txt", issues)],
        "Norway imposed sanctions on Iceland over two harbours.",
    );
    assert!(record.events[0].contexts.iter().any(|c| c == "PORTS"), "{:?}", record.events[0]);
}

#[test]
fn a_table_of_acts_takes_the_place_of_ours() {
    let goldstein = "cameo\tscore\n163\t-1.5\n";
    let text = "Norway imposed sanctions on Iceland.";
    let shipped = read(&[], text);
    assert_eq!(shipped.events[0].cameo, "163");
    assert_ne!(shipped.events[0].goldstein, -1.5);
    let own = read(&[("goldstein.tsv", goldstein)], text);
    assert_eq!(own.events[0].goldstein, -1.5);
}
