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

const ACTORS: &str = "\
ALDERMARK_ [ALD]
+ALDERMARKER
BEECHLAND_ [BEE]
+RUNE_HOLM
CEDAR_ISLES [CED]
THE_TWO_VALES [NVA/SVA]
";
const AGENTS: &str = "\
MINISTER [~GOV]
ENVOY [~GOV]
POLICE {} [~COP]
FLYING_DOCTORS {} [NGO~]
";
const ACTS: &str = "\
--- GREET [040] ---
GREET
--- SAY [010] ---
SAY {SAID}
--- CLAIM [023] ---
CLAIM
--- MEET [040:040] ---
MEET {MET}
- * WITH % [041]
--- HEAR [---] ---
APPEAR
- * (BEFORE COURT) [:173]
--- SHOOT [---] ---
SHOT
- * AND_WOUND [191]
--- SHOOT [190] ---
SHOT
- + * DEAD IN $ [193]
--- TAP [171] ---
WIRE_+TAP {WIRE_+TAPPED}
- *EAGERLY [172]
";

fn told(text: &str) -> Vec<String> {
    let files = [("my.actors.txt", ACTORS), ("my.agents.txt", AGENTS), ("my.verbs.txt", ACTS)];
    let mut told = events(&read(&files, text));
    told.iter_mut().for_each(|t| *t = t.split(" verbs:").next().unwrap_or("").to_owned());
    told.sort();
    told
}

#[test]
fn a_users_name_may_stand_for_several() {
    let text = "Aldermark greeted the Two Vales on Monday.";
    assert_eq!(told(text), ["ALD 040 NVA", "ALD 040 SVA"]);
}

#[test]
fn a_users_plural_is_some_of_each_side_behind_it() {
    let text = "The envoys of Aldermark, Beechland and the Cedar Isles greeted Norway.";
    assert_eq!(told(text), ["ALD GOV 040 NOR", "BEE GOV 040 NOR", "CED GOV 040 NOR"]);
}

#[test]
fn roles_of_a_users_actors_are_the_users() {
    // Mayors are no agents of this user's; his ministers are also those whom we know by a longer name.
    assert_eq!(told("Aldermark's new mayor greeted Norway."), ["ALD 040 NOR"]);
    let text = "Aldermark's deputy prime minister greeted Beechland's police.";
    assert_eq!(told(text), ["ALD GOV 040 BEE COP"]);
    // A noun with `{}` has no plural.
    assert_eq!(told("Aldermark greeted Beechland's polices."), ["ALD 040 BEE"]);
    assert_eq!(told("Flying Doctors Aldermark greeted Norway."), ["NGO ALD 040 NOR"]);
    // Actors that the user doesn't name keep what we know of them.
    assert_eq!(told("Iceland's mayor greeted Beechland."), ["ISL GOV 040 BEE"]);
}

#[test]
fn a_minister_is_of_the_state_before_the_title() {
    let text = "Aldermark's minister Rune Holm greeted Norway.";
    assert_eq!(told(text), ["ALD GOV 040 NOR"]);
}

#[test]
fn a_verb_that_tells_an_act_takes_its_clause() {
    let text = "Aldermark claimed that Norway greeted Beechland.";
    assert_eq!(told(text), ["ALD 023 NOR"]);
    // A statement leaves what is stated; a joined verb tells its own.
    assert_eq!(told("Aldermark said that Norway greeted Beechland."), ["NOR 040 BEE"]);
    let text = "Aldermark greeted Norway and met Beechland.";
    assert_eq!(told(text), ["ALD 040 BEE", "ALD 040 NOR", "BEE 040 ALD"]);
}

#[test]
fn several_behind_the_verb_are_whom_the_subject_meets() {
    let text = "Aldermark met with Beechland and Norway.";
    assert_eq!(told(text), ["ALD 041 BEE", "ALD 041 NOR"]);
}

#[test]
fn a_code_for_the_way_back_is_suffered() {
    let text = "Aldermark appeared before court in Norway.";
    assert_eq!(told(text), ["NOR 173 ALD"]);
}

#[test]
fn a_block_that_is_opened_twice_is_one() {
    assert_eq!(told("An Aldermarker was shot dead in Beechland."), ["BEE 193 ALD"]);
    assert_eq!(told("Norway shot at Beechland."), ["NOR 190 BEE"]);
    assert_eq!(told("Norway wire tapped eagerly in Beechland."), ["NOR 172 BEE"]);
}

#[test]
fn a_subject_without_a_code_is_nobody_named_before() {
    let text = "In a letter to Aldermark, the farmers greeted Beechland.";
    assert!(told(text).iter().all(|t| !t.starts_with("ALD")), "{:?}", told(text));
}
