use dyad_archive::{Archive, ArchiveError, Filter, Reading, Side};
use dyad_record::correction::{Action, Correction, ItemKind, Proposal};
use dyad_record::{EventType, Record, Status};
use serde_json::{Value, json};
use std::path::Path;

fn record(name: &str) -> Record {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/records/{name}.json"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn filled(path: &Path) -> Archive {
    let mut archive = Archive::open(path).unwrap();
    for name in ["odesa-wire", "odesa-reprint", "odesa-other", "fishing-pact"] {
        archive.add(&record(name)).unwrap();
    }
    archive
}

fn wire() -> String {
    record("odesa-wire").report.id
}

fn side(text: &str) -> Option<Side> {
    text.parse().ok()
}

fn proposal(action: Action, item: &str, change: Value) -> Proposal {
    Proposal {
        report: wire(),
        action,
        item: (!item.is_empty()).then(|| item.to_owned()),
        change: (!change.is_null()).then_some(change),
        kind: None,
        words: None,
        spans: Vec::new(),
        who: "ana".to_owned(),
        why: "read it again".to_owned(),
    }
}

fn amend(archive: &mut Archive, item: &str, change: Value) -> Correction {
    archive.correct(&proposal(Action::Amend, item, change)).unwrap()
}

fn reject(archive: &mut Archive, item: &str) -> Correction {
    archive.correct(&proposal(Action::Reject, item, Value::Null)).unwrap()
}

fn add(words: &str, change: Value) -> Proposal {
    Proposal { words: Some(words.to_owned()), ..proposal(Action::Add, "", change) }
}

/// What every question answers, to be held against what it answered before.
fn answers(archive: &Archive, path: &Path) -> Vec<String> {
    let any = Filter::default();
    let (a, b) = (side("UKR").unwrap(), side("POL").unwrap());
    let mut sql = Reading::open(path).unwrap();
    let views = "SELECT * FROM events; SELECT * FROM statements; SELECT * FROM figures; \
        SELECT * FROM ties; SELECT * FROM dyads; SELECT * FROM episodes; SELECT * FROM tellings";
    vec![
        format!("{:?}", archive.report(&wire()).unwrap()),
        format!("{:?}", archive.records().unwrap()),
        format!("{:?}", archive.events(&any).unwrap()),
        format!("{:?}", archive.statements(&any).unwrap()),
        format!("{:?}", archive.figures(&any).unwrap()),
        format!("{:?}", archive.ties(&any).unwrap()),
        format!("{:?}", archive.actors(&any).unwrap()),
        format!("{:?}", archive.episodes_of(&any).unwrap()),
        format!("{:?}", archive.timeline(&any).unwrap()),
        format!("{:?}", archive.pair(&a, &b, &any).unwrap()),
        format!("{:?}", archive.brief(&a, &b, &any).unwrap()),
        format!("{:?}", archive.summary().unwrap()),
        format!("{:?}", sql.ask(views).unwrap()),
    ]
}

#[test]
fn a_correction_wins_in_every_question_until_it_is_withdrawn() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.sqlite");
    let mut archive = filled(&path);
    let before = answers(&archive, &path);

    // "Poland plans to send two transformers": let a person say that Germany sent them to Kyiv.
    let aid = json!({ "status": "happened", "actors": ["DEU"], "place": "Kyiv",
        "from": "2023-03-20", "to": "2023-03-20", "type": "AID" });
    let aid = amend(&mut archive, "e3", aid);
    assert_eq!((aid.id.as_str(), aid.item.as_deref()), ("c1", Some("e3")));
    assert_eq!((aid.who.as_str(), aid.why.as_str()), ("ana", "read it again"));
    assert!(aid.when.parse::<jiff::Timestamp>().is_ok(), "{}", aid.when);
    assert_eq!(aid.words, "send");
    let change = serde_json::to_value(&aid.change).unwrap();
    assert!(change.get("type").is_none(), "only what differs is kept: {change}");
    assert_eq!(serde_json::to_value(&aid.machine).unwrap()["status"], "planned");
    amend(&mut archive, "s1", json!({ "speaker": "POL", "stance": "claims" }));
    amend(&mut archive, "f1", json!({ "value": 13, "approximate": true }));
    let tie = amend(&mut archive, "t1", json!({ "to": "ROU", "leans": null, "trend": "falling" }));

    let any = Filter::default;
    let by = |who: &str| Filter { who: side(who), ..any() };
    let (germany, ukraine) = (side("DEU").unwrap(), side("UKR").unwrap());
    let events = archive.events(&by("DEU")).unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!((events[0].event.as_str(), events[0].status), ("e3", Status::Happened));
    assert_eq!(events[0].place.as_deref(), Some("Kyiv"));
    assert_eq!(
        (events[0].from.as_deref(), events[0].to.as_deref()),
        (Some("2023-03-20"), Some("2023-03-20"))
    );
    assert_eq!(events[0].confidence, 1.0);
    let polish = archive.events(&Filter { report: Some(wire()), ..by("POL") }).unwrap();
    assert_eq!(polish, []);
    let said = archive.statements(&by("POL")).unwrap();
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].stance.map(|s| s.as_str()), Some("claims"));
    let dead = archive.figures(&any()).unwrap();
    let dead = dead.iter().find(|f| f.report == wire() && f.figure == "f1").unwrap();
    assert_eq!((dead.value, dead.approximate), (Some(13.0), true));
    let ties = archive.ties(&Filter { whom: side("ROU"), ..any() }).unwrap();
    assert_eq!((ties.len(), ties[0].leans.as_deref()), (1, None));
    let aid_episodes = archive.episodes_of(&Filter { deeds: true, ..by("DEU") }).unwrap();
    assert_eq!((aid_episodes.len(), aid_episodes[0].kind), (1, EventType::Aid));
    assert_eq!(aid_episodes[0].lat.map(f64::round), Some(50.0), "the gazetteer knows Kyiv");
    assert_eq!(archive.actors(&by("DEU")).unwrap()[0].deeds, 1);
    let page = archive.pair(&germany, &ukraine, &any()).unwrap();
    assert_eq!((page.episodes.len(), page.directions[0].deeds), (1, 1));
    let romania = archive.pair(&ukraine, &side("ROU").unwrap(), &any()).unwrap();
    assert_eq!((romania.ties.len(), romania.balance.neither), (1, 1));
    let brief = archive.brief(&germany, &ukraine, &any()).unwrap();
    let told = "On 2023-03-20 in Kyiv, Germany gave aid to Ukraine.";
    assert!(
        brief.sections.iter().any(|s| s.sentences.iter().any(|s| s.text == told)),
        "{brief:#?}"
    );
    let timeline = archive.timeline(&any()).unwrap();
    assert!(timeline.sections.iter().any(|s| s.sentences.iter().any(|s| s.text == told)));
    let dyads = archive.summary().unwrap().dyads;
    assert!(dyads.iter().any(|d| d.from == "DEU" && d.to == "UKR" && d.deeds == 1));
    let mut sql = Reading::open(&path).unwrap();
    for (question, answer) in [
        ("SELECT who FROM events WHERE event = 'e3' AND who = 'DEU'", json!("DEU")),
        ("SELECT status FROM dyads WHERE who = 'DEU'", json!("happened")),
        ("SELECT value FROM figures WHERE value = 13", json!(13.0)),
        ("SELECT to_country FROM ties", json!("ROU")),
        ("SELECT stance FROM statements WHERE country = 'POL'", json!("claims")),
        ("SELECT date_from FROM episodes WHERE who = 'DEU'", json!("2023-03-20")),
        ("SELECT item FROM corrections WHERE correction = 'c1'", json!("e3")),
    ] {
        assert_eq!(sql.ask(question).unwrap()[0].rows, [[answer]], "{question}");
    }
    let held = archive.report(&wire()).unwrap().unwrap();
    assert_eq!(held.events[2].found_by, "correction:c1");
    assert_eq!(archive.reading(&wire()).unwrap().unwrap(), record("odesa-wire"));
    assert_eq!(archive.verify().unwrap(), []);

    let gone = reject(&mut archive, "t1");
    assert_eq!(archive.ties(&any()).unwrap(), []);
    assert_eq!(archive.pair(&ukraine, &side("ROU").unwrap(), &any()).unwrap().ties, []);
    assert_eq!(archive.corrections(None).unwrap().len(), 5);
    for id in [&gone.id, &tie.id, "c1", "c2", "c3"] {
        let back = archive.withdraw(id, "ben").unwrap();
        assert_eq!(back.withdrawn.unwrap().who, "ben");
    }
    assert_eq!(archive.corrections(None).unwrap().len(), 5, "they are kept");
    assert_eq!(answers(&archive, &path), before);
    assert!(matches!(archive.withdraw("c1", "ben"), Err(ArchiveError::Correction { .. })));
    assert_eq!(archive.verify().unwrap(), []);
}

#[test]
fn what_is_rejected_is_pointed_at_by_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut archive = filled(&dir.path().join("a.sqlite"));
    reject(&mut archive, "e1");
    reject(&mut archive, "s3");
    let held = archive.report(&wire()).unwrap().unwrap();
    assert!(held.events.iter().all(|e| e.id != "e1"));
    let denied = held.events.iter().find(|e| e.id == "e2").unwrap();
    assert_eq!(denied.statement, None, "it was said by s3");
    assert!(held.figures.iter().all(|f| f.about.as_deref() != Some("e1")));
    let any = Filter::default();
    assert!(archive.events(&any).unwrap().iter().all(|e| e.report != wire() || e.event != "e1"));
    let tellings: Vec<_> =
        archive.episodes_of(&any).unwrap().into_iter().flat_map(|e| e.tellings).collect();
    assert!(tellings.iter().all(|t| t.report != wire() || t.event != "e1"));

    // The last word counts.
    amend(&mut archive, "e1", json!({ "status": "supposed" }));
    let held = archive.report(&wire()).unwrap().unwrap();
    assert_eq!(held.events[0].status, Status::Supposed);
}

/// The same report as a newer dyad might read it: other ids, a word more in a span.
fn read_anew(version: &str) -> Record {
    let mut new = record("odesa-wire");
    new.reader.program = version.to_owned();
    let mut first = new.events[3].clone();
    first.id = "e1".to_owned();
    for (i, event) in new.events.iter_mut().enumerate() {
        event.id = format!("e{}", i + 2);
        event.trigger.end += 1;
    }
    new.events.insert(0, first);
    new.figures.iter_mut().for_each(|f| f.id = format!("x{}", f.id));
    new.ties[0].commodity = Some("power".to_owned());
    new
}

#[test]
fn corrections_survive_a_newer_reading() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.sqlite");
    let mut archive = filled(&path);
    amend(&mut archive, "e3", json!({ "actors": ["DEU"] }));
    amend(&mut archive, "f1", json!({ "value": 13 }));
    reject(&mut archive, "t1");
    reject(&mut archive, "e2");

    archive.add(&read_anew("1")).unwrap();
    let items: Vec<Option<String>> =
        archive.corrections(None).unwrap().into_iter().map(|c| c.item).collect();
    let at = |id: &str| Some(id.to_owned());
    assert_eq!(items, [at("e4"), at("xf1"), at("t1"), at("e3")]);
    let any = Filter::default;
    let german = archive.events(&Filter { who: side("DEU"), ..any() }).unwrap();
    assert_eq!((german.len(), german[0].event.as_str()), (1, "e4"));
    assert!(archive.figures(&any()).unwrap().iter().any(|f| f.value == Some(13.0)));
    assert_eq!(archive.ties(&any()).unwrap(), []);
    assert!(archive.report(&wire()).unwrap().unwrap().events.iter().all(|e| e.id != "e3"));
    assert_eq!(archive.reading(&wire()).unwrap().unwrap(), read_anew("1"));

    // A reading without the act, and with another one where a person said there was none.
    let mut without = read_anew("2");
    without.events.remove(3);
    without.events[2].kind = EventType::Accuse;
    archive.add(&without).unwrap();
    let all = archive.corrections(None).unwrap();
    assert_eq!((all[0].item.clone(), all[3].item.clone()), (None, None));
    assert_eq!(archive.events(&Filter { who: side("DEU"), ..any() }).unwrap(), []);
    assert!(archive.report(&wire()).unwrap().unwrap().events.iter().any(|e| e.id == "e3"));
    assert_eq!(archive.verify().unwrap(), []);

    archive.add(&read_anew("3")).unwrap();
    assert_eq!(archive.events(&Filter { who: side("DEU"), ..any() }).unwrap().len(), 1);
    let reopened = Archive::open_existing(&path).unwrap();
    assert_eq!(reopened.report(&wire()).unwrap(), archive.report(&wire()).unwrap());
}

#[test]
fn a_missing_event_is_added_until_the_machine_reads_it_too() {
    let dir = tempfile::tempdir().unwrap();
    let mut archive = filled(&dir.path().join("a.sqlite"));
    let words = "its crews had downed 30 of 41 missiles";
    let change = json!({ "type": "ASSAULT", "actors": ["UKR"], "recipients": ["the raiders=RUS MIL"],
        "place": "Odesa, UKR", "from": "2023-03-08", "mode": "aerial" });
    let added = archive.correct(&add(words, change)).unwrap();
    assert_eq!(
        (added.id.as_str(), added.item.as_deref(), added.words.as_str()),
        ("c1", Some("c1"), words)
    );
    let asked = Filter { who: side("UKR"), types: vec![EventType::Assault], ..Filter::default() };
    let found = archive.events(&asked).unwrap();
    assert_eq!((found.len(), found[0].text.as_str()), (1, words));
    assert_eq!((found[0].cameo.as_str(), found[0].goldstein), ("190", -10.0));
    assert_eq!(found[0].recipients[0].name, "the raiders");
    assert!(archive.episodes_of(&asked).unwrap().iter().any(|e| e.tellings[0].event == "c1"));
    assert_eq!(archive.verify().unwrap(), []);

    let mut learnt = record("odesa-wire");
    learnt.reader.program = "1".to_owned();
    let mut event = learnt.events[0].clone();
    event.id = "e5".to_owned();
    event.trigger = added.spans[0];
    event.trigger.start += 14;
    event.actors = vec!["a4".to_owned()];
    learnt.events.push(event);
    archive.add(&learnt).unwrap();
    let found = archive.events(&asked).unwrap();
    assert_eq!(
        (found.len(), found[0].event.as_str()),
        (1, "e5"),
        "one event, as the person has it"
    );

    archive.withdraw("c1", "ana").unwrap();
    assert_eq!(archive.events(&asked).unwrap(), []);
}

fn added(archive: &mut Archive, kind: ItemKind, words: &str, change: Value) -> String {
    let proposal = Proposal { kind: Some(kind), ..add(words, change) };
    archive.correct(&proposal).unwrap().item.unwrap()
}

#[test]
fn whatever_was_missed_is_added_and_amended_as_the_machine_s_own() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.sqlite");
    let mut archive = filled(&path);
    let before = answers(&archive, &path);
    let words = "its crews had downed 30 of 41 missiles";
    let event = json!({ "type": "ASSAULT", "actors": ["UKR"], "statement": "s1" });
    let event = added(&mut archive, ItemKind::Event, words, event);
    let said = json!({ "speaker": "UKR", "stance": "claims", "addressee": "POL" });
    let plans = "Poland plans to send two transformers";
    let said = added(&mut archive, ItemKind::Statement, plans, said);
    let figure =
        json!({ "value": 2, "of": 4, "counted": "things", "about": event, "statement": said });
    let figure = added(&mut archive, ItemKind::Figure, "two transformers", figure);
    let tie = json!({ "kind": "rivalry", "from": "UKR", "to": "RUS", "statement": said });
    let tie = added(&mut archive, ItemKind::Tie, words, tie);
    assert_eq!([&event, &said, &figure, &tie], ["c1", "c2", "c3", "c4"]);

    let of = |who: &str| Filter { who: side(who), report: Some(wire()), ..Filter::default() };
    let asked = Filter { types: vec![EventType::Assault], ..of("UKR") };
    let found = archive.figures(&asked).unwrap();
    assert_eq!((found.len(), found[0].value, found[0].of), (1, Some(2.0), Some(4.0)));
    assert_eq!(
        (found[0].text.as_str(), found[0].about.as_deref()),
        ("two transformers", Some("c1"))
    );
    assert!(found[0].speaker.is_some());
    let claims = archive.statements(&of("UKR")).unwrap();
    assert!(claims.iter().any(|s| s.statement == "c2" && s.text == plans));
    assert!(archive.ties(&of("UKR")).unwrap().iter().any(|t| t.tie == "c4" && t.text == words));
    let held = archive.report(&wire()).unwrap().unwrap();
    let own = held.events.iter().find(|e| e.id == "c1").unwrap();
    assert_eq!((own.statement.as_deref(), own.found_by.as_str()), (Some("s1"), "correction:c1"));

    // Amended, also in what they point at; the machine's own as well.
    amend(&mut archive, &event, json!({ "recipients": ["RUS"], "statement": said }));
    amend(&mut archive, &figure, json!({ "value": 3, "about": "e1" }));
    amend(&mut archive, &said, json!({ "addressee": null }));
    amend(&mut archive, &tie, json!({ "trend": "rising", "statement": null }));
    amend(&mut archive, "f1", json!({ "about": event, "statement": said }));
    let counts = |archive: &Archive, event: &str| {
        let held = archive.report(&wire()).unwrap().unwrap();
        let own = held.events.iter().find(|e| e.id == event).unwrap();
        assert_eq!(own.statement.as_deref(), Some("c2"));
        assert!(held.statements.iter().any(|s| s.id == "c2" && s.addressee.is_none()));
        let figure = |id: &str| held.figures.iter().find(|f| f.id.ends_with(id)).unwrap().clone();
        assert_eq!(figure("f1").about.as_deref(), Some(event));
        assert_eq!(figure("f1").statement.as_deref(), Some("c2"));
        let tie = held.ties.iter().find(|t| t.id == "c4").unwrap();
        assert_eq!((tie.trend.is_some(), tie.statement.as_deref()), (true, None));
        assert_eq!(figure("c3").value, Some(3.0));
        figure("c3").about
    };
    assert_eq!(counts(&archive, "c1").as_deref(), Some("e1"));
    assert_eq!(archive.events(&Filter { whom: side("RUS"), ..asked.clone() }).unwrap().len(), 1);
    assert_eq!(archive.verify().unwrap(), []);

    // A newer reading has other ids: what is pointed at is found again by its words.
    let mut new = read_anew("1");
    archive.add(&new).unwrap();
    assert_eq!(counts(&archive, "c1").as_deref(), Some("e2"));
    // It learns the event: what was said of the added one is said of its own.
    let mut learnt = new.events[1].clone();
    learnt.id = "e9".to_owned();
    learnt.trigger = archive.correction("c1").unwrap().spans[0];
    learnt.trigger.start += 14;
    new.reader.program = "2".to_owned();
    new.events.push(learnt);
    archive.add(&new).unwrap();
    assert_eq!(counts(&archive, "e9").as_deref(), Some("e2"));
    assert_eq!(archive.correction("c5").unwrap().item.as_deref(), Some("e9"));
    assert_eq!(archive.verify().unwrap(), []);

    let lessons = archive.lessons().unwrap();
    let lesson = |id: &str| {
        let found = lessons.iter().find(|l| l.correction == id).unwrap();
        serde_json::to_value(found).unwrap()
    };
    assert_eq!(lessons.len(), 5, "one for each item");
    let taught = lesson("c6");
    assert_eq!((&taught["machine"], &taught["person"]["value"]), (&Value::Null, &json!(3.0)));
    assert_eq!(taught["person"]["about"]["kind"], "event");
    assert_eq!(lesson("c5")["person"]["recipients"][0]["country"], "RUS");

    let gone = reject(&mut archive, &tie);
    assert_eq!(archive.ties(&of("UKR")).unwrap().iter().filter(|t| t.tie == tie).count(), 0);
    assert_eq!(archive.lessons().unwrap().len(), 4, "a tie that is none teaches nothing");
    archive.withdraw(&gone.id, "ben").unwrap();
    // What is taken back takes along what was said of it.
    archive.withdraw("c4", "ben").unwrap();
    assert_eq!(archive.correction("c8").unwrap().item, None);
    for id in ["c1", "c2", "c3", "c5", "c6", "c7", "c8", "c9"] {
        archive.withdraw(id, "ben").unwrap();
    }
    archive.add(&Record { reader: Default::default(), ..record("odesa-wire") }).unwrap();
    archive.add(&record("odesa-wire")).unwrap();
    assert_eq!(answers(&archive, &path)[2..12], before[2..12]);
    assert_eq!(archive.verify().unwrap(), []);
}

#[test]
fn what_cannot_be_is_refused_and_says_why() {
    let dir = tempfile::tempdir().unwrap();
    let mut archive = filled(&dir.path().join("a.sqlite"));
    let before = archive.report(&wire()).unwrap();
    let event = |change: Value| proposal(Action::Amend, "e1", change);
    let missed =
        |kind: ItemKind, change: Value| Proposal { kind: Some(kind), ..add("downed", change) };
    for (proposal, why) in [
        (event(json!({ "status": "done" })), "done"),
        (event(json!({ "stance": "says" })), "stance"),
        (event(json!({ "status": "happened" })), "nothing is otherwise"),
        (event(json!({ "actors": ["RSU"] })), "RUS"),
        (event(json!({ "actors": [""] })), "a name"),
        (event(json!({ "actors": [{ "name": "x", "country": null, "code": "QQQ" }] })), "QQQ"),
        (event(json!({ "from": "2023-02-30" })), "2023-02-30"),
        (event(json!({ "from": "2023-03-09", "to": "2023-03-01" })), "before it begins"),
        (event(json!({ "cameo": "99" })), "99"),
        (event(json!({ "place": "Odesa, Atlantis" })), "Atlantis"),
        (event(Value::Null), "what is otherwise"),
        (proposal(Action::Amend, "e99", json!({})), "e99"),
        (proposal(Action::Amend, "", json!({})), "name the item"),
        (proposal(Action::Reject, "e1", json!({ "status": "planned" })), "no change"),
        (proposal(Action::Amend, "f1", json!({ "low": 9, "high": 3 })), "low end"),
        (proposal(Action::Amend, "t1", json!({ "to": "a2" })), "the same"),
        (proposal(Action::Amend, "t1", json!({ "leans": "RUS" })), "one of the two"),
        (add("missiles", json!({ "type": "ASSAULT" })), "2 times"),
        (add("not there", json!({ "type": "ASSAULT" })), "does not stand"),
        (add("downed", json!({ "status": "happened" })), "type"),
        (missed(ItemKind::Statement, json!({ "stance": "says" })), "speaker"),
        (missed(ItemKind::Figure, json!({ "counted": "missiles" })), "value"),
        (
            missed(ItemKind::Figure, json!({ "value": 3, "about": "f1" })),
            "event or statement or tie",
        ),
        (missed(ItemKind::Figure, json!({ "value": 3, "statement": "e1" })), "no statement"),
        (missed(ItemKind::Tie, json!({ "kind": "trade", "from": "RUS" })), "two sides"),
        (
            Proposal { kind: Some(ItemKind::Event), ..event(json!({ "mutual": true })) },
            "only `add`",
        ),
        (Proposal { who: " ".into(), ..event(json!({ "status": "planned" })) }, "say who"),
        (Proposal { why: String::new(), ..event(json!({ "status": "planned" })) }, "say why"),
        (Proposal { report: "no such".into(), ..event(json!({ "status": "planned" })) }, "no such"),
    ] {
        let error = archive.correct(&proposal).unwrap_err().to_string();
        assert!(error.contains(why), "{proposal:?}: {error}");
    }
    reject(&mut archive, "e1");
    let again = archive.correct(&proposal(Action::Reject, "e1", Value::Null)).unwrap_err();
    assert!(again.to_string().contains("already"), "{again}");
    archive.withdraw("c1", "ana").unwrap();
    assert_eq!(archive.report(&wire()).unwrap(), before);
    assert!(matches!(archive.withdraw("c7", "ana"), Err(ArchiveError::NoCorrection { .. })));
}

#[test]
fn corrections_are_lessons() {
    let dir = tempfile::tempdir().unwrap();
    let mut archive = filled(&dir.path().join("a.sqlite"));
    amend(&mut archive, "e3", json!({ "type": "COOPERATE", "status": "happened" }));
    reject(&mut archive, "f1");
    reject(&mut archive, "f2");
    archive.correct(&add("downed 30 of 41 missiles", json!({ "type": "ASSAULT" }))).unwrap();
    archive.withdraw("c3", "ana").unwrap();
    let lessons = archive.lessons().unwrap();
    assert_eq!(lessons.len(), 3);
    let told: Vec<Value> = lessons.iter().map(|l| serde_json::to_value(l).unwrap()).collect();
    let first = &told[0];
    assert_eq!(
        (&first["machine"]["type"], &first["person"]["type"]),
        (&json!("AID"), &json!("COOPERATE"))
    );
    assert_eq!(
        (&first["person"]["cameo"], &first["machine"]["cameo"]),
        (&json!("060"), &json!("071"))
    );
    assert_eq!(first["machine"]["actors"], first["person"]["actors"]);
    assert_eq!(first["found_by"], "hand");
    assert_eq!((&told[1]["person"], &told[1]["machine"]["value"]), (&Value::Null, &json!(12.0)));
    assert_eq!(
        (&told[2]["machine"], &told[2]["person"]["type"]),
        (&Value::Null, &json!("ASSAULT"))
    );
    amend(&mut archive, "e3", json!({ "place": "Kyiv" }));
    let again = archive.lessons().unwrap();
    let last = serde_json::to_value(&again[0]).unwrap();
    assert_eq!((again.len(), &last["correction"]), (3, &json!("c5")), "one for each item");
    assert_eq!(
        (&last["person"]["type"], &last["person"]["place"]["name"]),
        (&json!("COOPERATE"), &json!("Kyiv"))
    );
    for lesson in &lessons {
        let span = lesson.spans[0];
        let words = lesson.text.chars().skip(span.start as usize);
        let words: String = words.take((span.end - span.start) as usize).collect();
        assert_eq!(words, lesson.words);
    }
}

#[test]
fn words_of_a_correction_lie_in_its_report() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.sqlite");
    let mut archive = filled(&path);
    reject(&mut archive, "f1");
    assert_eq!(archive.verify().unwrap(), []);
    let db = rusqlite::Connection::open(&path).unwrap();
    db.execute("UPDATE correction SET spans = '[{\"start\":3,\"end\":9999}]'", []).unwrap();
    let faults = archive.verify().unwrap();
    assert!(
        faults.iter().any(|f| f.report == wire() && f.what.contains("c1: 3..9999")),
        "{faults:?}"
    );
}

#[test]
fn a_dropped_report_takes_its_corrections_along() {
    let dir = tempfile::tempdir().unwrap();
    let mut archive = filled(&dir.path().join("a.sqlite"));
    reject(&mut archive, "e3");
    assert!(archive.drop_report(&wire()).unwrap());
    assert_eq!(archive.corrections(None).unwrap(), []);
    archive.add(&record("odesa-wire")).unwrap();
    assert_eq!(archive.report(&wire()).unwrap().unwrap(), record("odesa-wire"));
}

#[test]
fn what_is_rejected_leaves_its_episode() {
    let dir = tempfile::tempdir().unwrap();
    let mut archive = filled(&dir.path().join("a.sqlite"));
    let strike = |archive: &Archive| {
        let episodes = archive.episodes().unwrap();
        episodes.into_iter().find(|e| e.kind == EventType::Assault && e.reports > 1).unwrap()
    };
    let before = strike(&archive);
    for own in before.tellings.iter().filter(|t| t.report == wire()) {
        reject(&mut archive, &own.event);
    }
    let after = strike(&archive);
    assert_eq!((before.reports, after.reports), (3, 2));
    assert!(after.tellings.iter().all(|t| t.report != wire()));
    let anew = dyad_archive::episodes(&archive.records().unwrap());
    let ids = |all: &[dyad_record::archive::Episode]| -> Vec<String> {
        all.iter().map(|e| e.id.clone()).collect()
    };
    assert_eq!(ids(&archive.episodes().unwrap()), ids(&anew));
    assert_eq!(archive.verify().unwrap(), []);
}
