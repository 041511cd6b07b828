//! From a text file to events: the shipped ontologies, trained and read with.

use dyad_lexicon::TableError;
use dyad_ontology::{Trained, judge, train};
use dyad_reader::own::Head;
use dyad_reader::{Given, Reader};
use dyad_record::{EventType, Quad, Record, Status};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

static READER: LazyLock<Reader> = LazyLock::new(|| Reader::builtin().unwrap());
static ELECTION: LazyLock<Trained> = LazyLock::new(|| trained("election"));
static CYBER: LazyLock<Trained> = LazyLock::new(|| trained("cyber-incident"));
/// The reader with both.
static WITH: LazyLock<Reader> = LazyLock::new(|| {
    let texts = [ELECTION.head.to_text(), CYBER.head.to_text()];
    let heads = [("election.head", texts[0].as_str()), ("cyber.head", texts[1].as_str())];
    Reader::builtin().unwrap().with_heads(heads).unwrap()
});

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn shipped(name: &str) -> String {
    std::fs::read_to_string(root().join("ontologies").join(name)).unwrap()
}

fn trained(name: &str) -> Trained {
    let name = format!("{name}.ontology");
    train(&name, &shipped(&name), &READER).unwrap()
}

fn kind(name: &str) -> EventType {
    name.parse().unwrap()
}

fn read(reader: &Reader, text: &str) -> Record {
    let given = Given { published: Some("2023-05-09".parse().unwrap()), ..Given::default() };
    reader.worker().read(text.as_bytes(), &given).unwrap()
}

fn faults(text: &str) -> Vec<TableError> {
    train("x.ontology", text, &READER).unwrap_err()
}

/// A small ontology with as many sentences as are asked for.
fn small(head: &str, examples: &[&str], counterexamples: &[&str]) -> String {
    let mut text = format!("{head}\n[examples]\n");
    examples.iter().for_each(|line| text.push_str(&format!("{line}\n")));
    for i in examples.len()..dyad_ontology::EXAMPLES {
        text.push_str(&format!("Town number {i} {{held}} an election on Sunday.\n"));
    }
    text.push_str("[counterexamples]\n");
    counterexamples.iter().for_each(|line| text.push_str(&format!("{line}\n")));
    for i in counterexamples.len()..dyad_ontology::COUNTEREXAMPLES {
        text.push_str(&format!("Team number {i} {{held}} talks about the match.\n"));
    }
    text
}

#[test]
fn training_is_the_same_to_the_byte_and_a_head_reads_back() {
    let again = trained("cyber-incident").head.to_text();
    assert_eq!(CYBER.head.to_text(), again);
    let back = Head::from_text("cyber.head", &again, &READER.lexicons().acts).unwrap();
    assert_eq!(back.to_text(), again);
    assert!(again.len() < 200_000, "{} bytes", again.len());
}

#[test]
fn heads_tell_what_they_were_not_trained_on() {
    for (trained, name) in [(&*ELECTION, "election"), (&*CYBER, "cyber-incident")] {
        let report = &trained.report;
        assert!(report.precision() >= 0.85 && report.recall() >= 0.7, "{name}\n{report}");
        assert!(report.background_fired <= 2, "{name}\n{report}");
        let kept = format!("held-back/{name}.txt");
        let kind = trained.head.spec.kind();
        let judged = judge(&kept, &shipped(&kept), &WITH, kind).unwrap();
        assert!(judged.fired <= 2, "{name}: {judged}");
        assert!(judged.found * 10 >= judged.examples * 6, "{name}: {judged}");
    }
}

#[test]
fn the_samples_hold_no_election() {
    for file in std::fs::read_dir(root().join("samples")).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        for piece in dyad_reader::split(&bytes, &Given::default()) {
            let piece = piece.unwrap();
            let record = WITH.worker().read(&piece.bytes, &piece.given).unwrap();
            let elections = record.events.iter().filter(|e| e.kind == kind("ELECTION"));
            assert_eq!(elections.count(), 0, "{}", path.display());
        }
    }
}

#[test]
fn an_own_event_has_status_sides_time_and_place_like_any_other() {
    let record = read(
        &WITH,
        "Kenya held a presidential election on Sunday. Uganda did not hold the elections that it \
         had promised. Ghana will hold parliamentary elections in December.",
    );
    let own: Vec<_> = record.events.iter().filter(|e| e.kind == kind("ELECTION")).collect();
    let statuses: Vec<Status> = own.iter().map(|e| e.status).collect();
    assert_eq!(statuses, [Status::Happened, Status::Denied, Status::Planned], "{own:#?}");
    let first = own[0];
    assert_eq!(
        (first.quad, first.goldstein, first.cameo.as_str()),
        (Quad::VerbalCooperation, 0.0, "")
    );
    assert_eq!(first.mode.as_deref(), Some("hold"));
    assert_eq!(first.time.as_ref().and_then(|t| t.from.as_deref()), Some("2023-05-07"));
    let actor = record.actors.iter().find(|a| first.actors.contains(&a.id)).unwrap();
    assert_eq!(actor.country.as_deref(), Some("KEN"));
    assert!(first.found_by.starts_with("ontology/ELECTION"), "{}", first.found_by);
    assert!(first.confidence >= 0.5);
}

#[test]
fn who_vouches_and_who_denies_is_told() {
    let record = read(
        &WITH,
        "Iran denied that it had hacked the servers of Bahrain. The minister said that hackers \
         had broken into the network of the Bahraini interior ministry.",
    );
    let own: Vec<_> = record.events.iter().filter(|e| e.kind == kind("CYBER_INCIDENT")).collect();
    assert!(!own.is_empty(), "{:#?}", record.events);
    assert!(own.iter().any(|e| e.status == Status::Denied), "{own:#?}");
    assert!(own.iter().any(|e| e.statement.is_some()), "{own:#?}");
}

#[test]
fn the_events_of_plover_stay_as_they_are() {
    let text = shipped("../samples/2022-08-03-pelosi-taiwan.txt")
        + "\n\nKenya held an election on Sunday, and Norway condemned the attack on Iceland.";
    let (without, with) = (read(&READER, &text), read(&WITH, &text));
    let bare = |record: &Record| -> Vec<_> {
        let plover = record.events.iter().filter(|e| e.kind.of_plover().is_some());
        plover
            .map(|e| (e.kind, e.trigger, e.status, e.time.clone(), e.confidence.to_bits()))
            .collect()
    };
    assert_eq!(bare(&without), bare(&with));
    assert!(with.events.len() > without.events.len());
}

#[test]
fn a_type_that_replaces_another_takes_its_place() {
    let text = "Russia attacked Estonia with ransomware. Hackers from Russia hacked the servers of \
                the Estonian parliament on Monday.";
    let record = read(&WITH, text);
    let hacked = text.find("hacked").unwrap() as u32;
    let there: Vec<EventType> =
        record.events.iter().filter(|e| e.trigger.start == hacked).map(|e| e.kind).collect();
    assert_eq!(there, [kind("CYBER_INCIDENT")], "{:#?}", record.events);
}

#[test]
fn the_record_says_what_it_was_read_with() {
    let record = read(&WITH, "Kenya held an election on Sunday.");
    let version = &record.reader.lexicons["ontology/ELECTION"];
    assert!(version.starts_with("election.ontology "), "{version}");
    assert!(
        !read(&READER, "Kenya held an election.").reader.lexicons.contains_key("ontology/ELECTION")
    );
    let back: Record = serde_json::from_str(&serde_json::to_string(&record).unwrap()).unwrap();
    assert_eq!(back, record);
}

#[test]
fn a_sentence_on_both_sides_is_a_contradiction() {
    let head = "type: VOTE\nquad: verbal_cooperation";
    let text = small(head, &["Kenya {held} a vote."], &["Kenya {held} a vote."]);
    let found = faults(&text);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].line, 25);
    assert!(found[0].what.contains("contradicts line 4"), "{}", found[0]);
    // Two that the reader cannot tell apart, though their names differ.
    let text = small(head, &["Kenya {held} a vote."], &["Ghana {held} a vote."]);
    assert!(faults(&text)[0].what.contains("contradicts line 4"), "{:?}", faults(&text));
    let patterns = "type: VOTE\nquad: verbal_cooperation\n[patterns]\nwords\tpos\tneeds\tis\nhold\tverb\tobj:vote\tno";
    let text = small(patterns, &["Kenya {held} a vote."], &[]);
    assert!(faults(&text)[0].what.contains("contradicts line 5"), "{:?}", faults(&text));
}

#[test]
fn what_is_wrong_is_told_with_its_line_and_its_mend() {
    let few = "type: VOTE\nquad: verbal_cooperation\n[examples]\nKenya {held} a vote.\n";
    let said: Vec<String> = faults(few).iter().map(TableError::to_string).collect();
    assert!(
        said[0].contains("x.ontology, line 4: 1 sentences under [examples], 20 are needed; add 19"),
        "{said:?}"
    );
    let wrong = [
        ("type: Vote\nquad: verbal_cooperation", 1, "a name of 2 to 24"),
        ("type: AID\nquad: verbal_cooperation", 1, "none of PLOVER's"),
        ("type: VOTE\nquad: verbal", 2, "verbal_cooperation, material_cooperation"),
        ("quad: verbal_cooperation", 1, "no `type:`"),
        ("type: VOTE\nquad: verbal_cooperation\nkind: x", 3, "no such key `kind`"),
        ("type: VOTE\nquad: verbal_cooperation\ngoldstein: 11", 3, "from -10 to 10"),
        ("type: VOTE\nquad: verbal_cooperation\ncameo: 21", 3, "or none"),
        ("type: VOTE\nquad: verbal_cooperation\nreplaces: WAR", 3, "types of PLOVER"),
        ("type: VOTE\nquad: verbal_cooperation\nhello", 3, "neither `key: value` nor"),
        (
            "type: VOTE\nquad: verbal_cooperation\n[patterns]\nwords\tpos\tneeds\nvote\tverb\tobj:@zebra",
            5,
            "no class `zebra`",
        ),
        (
            "type: VOTE\nquad: verbal_cooperation\n[patterns]\nwords\tpos\tmode\nvote\tverb\twin",
            5,
            "add it to `modes:`",
        ),
    ];
    for (head, line, what) in wrong {
        let found = faults(&small(head, &[], &[]));
        let told = found.iter().any(|f| f.line == line && f.what.contains(what));
        assert!(told, "{head}: {found:?}");
    }
    let text = small("type: VOTE\nquad: verbal_cooperation", &["Kenya held a vote."], &[]);
    assert!(faults(&text)[0].what.contains("put it in braces"), "{:?}", faults(&text));
}

#[test]
fn an_untrained_file_is_no_head() {
    let acts = &READER.lexicons().acts;
    let text = shipped("election.ontology");
    let error = Head::from_text("election.ontology", &text, acts).unwrap_err();
    assert!(error.what.contains("run `dyad train-type`"), "{error}");
    assert!(
        Head::from_text("x", "hello", acts).unwrap_err().what.contains("no trained event type")
    );
    let text = ELECTION.head.to_text();
    let twice = Reader::builtin().unwrap().with_heads([("a", text.as_str()), ("b", text.as_str())]);
    assert!(twice.unwrap_err().what.contains("already defined"));
}
