//! The command as its users meet it: exit codes, messages, and the same bytes every time.

use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const PACT: &str = "Norway and Iceland signed a fishing pact in Bergen on Monday. \
    The foreign minister of Norway said that the pact would protect the cod of the northern seas.";

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples")
}

fn dyad(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dyad")).args(args).stdin(Stdio::null()).output().unwrap()
}

fn dyad_on(stdin: &[u8], args: &[&str]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dyad"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that refuses its arguments ends before it has read anything.
    if let Err(error) = child.stdin.take().unwrap().write_all(stdin) {
        assert_eq!(error.kind(), std::io::ErrorKind::BrokenPipe);
    }
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Files with these contents in a folder of their own.
fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

/// Runs `dyad read` on one bad file and returns what it says.
fn refused(name: &str, bytes: &[u8]) -> String {
    let folder = folder(&[(name, bytes)]);
    let path = folder.path().join(name);
    let output = dyad(&["read", path.to_str().unwrap()]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(output.stdout.is_empty());
    assert!(said.contains(path.to_str().unwrap()), "{said}");
    said
}

#[test]
fn a_report_becomes_a_record() {
    let output = dyad_on(PACT.as_bytes(), &["read", "-", "--published", "2023-05-17"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let lines = text(&output.stdout);
    assert_eq!(lines.lines().count(), 1);
    let record: dyad_record::Record = serde_json::from_str(&lines).unwrap();
    assert_eq!(record.schema, dyad_record::SCHEMA);
    assert_eq!(record.report.published.as_deref(), Some("2023-05-17"));
    assert_eq!(record.report.text, PACT);
}

#[test]
fn the_reports_own_date_comes_before_the_given_one() {
    let row = serde_json::json!({"text": PACT, "published": "2022-02-03"}).to_string();
    let output = dyad_on(row.as_bytes(), &["read", "-", "--published", "2023-05-17"]);
    let record: dyad_record::Record = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(record.report.published.as_deref(), Some("2022-02-03"));
}

#[test]
fn an_empty_file_is_refused() {
    assert!(refused("empty.txt", b"").contains("empty"));
    assert!(refused("blank.txt", b" \n\n ").contains("empty"));
}

#[test]
fn a_binary_file_is_refused() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";
    assert!(refused("picture.txt", png).contains("binary"));
}

#[test]
fn a_page_without_an_article_is_refused() {
    let page = b"<!doctype html><html><head><title>Home</title></head><body><nav><a href='/'>Home\
        </a> <a href='/news'>News</a></nav></body></html>";
    assert!(refused("home.html", page).contains("no article"));
}

#[test]
fn another_language_is_refused() {
    let german = "Die Regierung in Wien hat am Dienstag beschlossen, den Botschafter \
        zurückzurufen. Der Minister sagte, man werde über weitere Schritte bald entscheiden.";
    assert!(refused("wien.txt", german.as_bytes()).contains("English"));
}

#[test]
fn a_text_over_the_limit_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.txt");
    let file = std::fs::File::create(&path).unwrap();
    file.set_len(200_000_000).unwrap();
    let output = dyad(&["read", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(said.contains("large.txt") && said.contains("200000000"), "{said}");
}

#[test]
fn a_truncated_sequence_is_read_with_a_note() {
    let mut bytes = format!("{PACT} The lord mayor praised Reykjav").into_bytes();
    bytes.push(0xC3);
    let output = dyad_on(&bytes, &["read", "-"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let record: dyad_record::Record = serde_json::from_slice(&output.stdout).unwrap();
    let told = record.notes.iter().any(|n| n.contains("damaged") || n.contains("decoded"));
    assert!(told, "{:?}", record.notes);
}

#[test]
fn an_impossible_date_is_refused() {
    let output = dyad_on(PACT.as_bytes(), &["read", "-", "--published", "2023-02-30"]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(said.contains("2023-02-30") && said.contains("YYYY-MM-DD"), "{said}");
}

#[test]
fn a_missing_file_is_refused() {
    let output = dyad(&["read", "no/such/report.txt"]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(said.contains("no/such/report.txt") && said.contains("check the path"), "{said}");
}

#[test]
fn the_rest_of_a_batch_is_read() {
    let folder = folder(&[
        ("a.txt", PACT.as_bytes()),
        ("b.txt", b""),
        ("c.jsonl", format!("{{\"text\": \"{PACT}\"}}\n{{\"text\": 7\n").as_bytes()),
    ]);
    let output = dyad(&["read", folder.path().to_str().unwrap(), "no-such-file"]);
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(text(&output.stdout).lines().count(), 2);
    let said = text(&output.stderr);
    assert_eq!(said.lines().count(), 3, "{said}");
    assert!(said.contains("b.txt") && said.contains("no-such-file"));
    assert!(said.contains("c.jsonl, line 2"), "{said}");
}

#[test]
fn threads_change_nothing() {
    let samples = samples();
    let read = |jobs: &str| {
        let output = dyad(&["read", samples.to_str().unwrap(), "--jobs", jobs]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        output.stdout
    };
    let one = read("1");
    assert!(text(&one).lines().count() >= 24);
    assert!(one == read("4"));
}

#[test]
fn every_output_fits_the_schema() {
    let schema = dyad(&["schema"]);
    let schema: Value = serde_json::from_slice(&schema.stdout).unwrap();
    let output = dyad(&["read", samples().to_str().unwrap()]);
    for line in text(&output.stdout).lines() {
        let value: Value = serde_json::from_str(line).unwrap();
        assert_eq!(fits(&schema, &schema, &value, "record"), Ok(()));
        // Nothing is printed that the types do not know.
        let record: dyad_record::Record = serde_json::from_str(line).unwrap();
        assert_eq!(serde_json::to_string(&record).unwrap(), line);
        positions_hold(&record);
    }
}

/// Holds a value against a schema: as much of JSON Schema as ours is made of.
fn fits(root: &Value, schema: &Value, value: &Value, path: &str) -> Result<(), String> {
    if let Some(reference) = schema["$ref"].as_str() {
        let pointer = reference.trim_start_matches('#');
        return fits(root, root.pointer(pointer).ok_or(reference)?, value, path);
    }
    let wrong = |what: &str| Err(format!("{path}: {value} {what}"));
    for choices in ["anyOf", "oneOf"].iter().filter_map(|key| schema[key].as_array()) {
        if !choices.iter().any(|choice| fits(root, choice, value, path).is_ok()) {
            return wrong("fits no choice");
        }
    }
    if schema["enum"].as_array().is_some_and(|words| !words.contains(value)) {
        return wrong("is none of the words");
    }
    if schema.get("const").is_some_and(|constant| constant != value) {
        return wrong("is not the word");
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(n) if n.is_u64() || n.is_i64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let is = |asked: &Value| *asked == kind || (kind == "integer" && *asked == "number");
    let typed = match &schema["type"] {
        Value::Null => true,
        Value::Array(kinds) => kinds.iter().any(is),
        asked => is(asked),
    };
    if !typed {
        return wrong("is of the wrong type");
    }
    if schema["minimum"].as_f64().is_some_and(|least| value.as_f64().is_some_and(|v| v < least)) {
        return wrong("is too small");
    }
    for (i, item) in value.as_array().into_iter().flatten().enumerate() {
        fits(root, &schema["items"], item, &format!("{path}[{i}]"))?;
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        if name.as_str().is_none_or(|name| value.get(name).is_none()) {
            return wrong(&format!("lacks {name}"));
        }
    }
    let (properties, others) = (schema.get("properties"), schema.get("additionalProperties"));
    if properties.or(others).is_none() {
        return Ok(());
    }
    for (name, inner) in value.as_object().into_iter().flatten() {
        match properties.and_then(|p| p.get(name)).or(others) {
            Some(known) => fits(root, known, inner, &format!("{path}.{name}"))?,
            None => return wrong(&format!("has {name}, which the schema does not know")),
        }
    }
    Ok(())
}

#[test]
fn a_record_that_does_not_fit_is_seen() {
    let schema = dyad_record::json_schema();
    let record = |passage: Value| {
        let mut record: Value =
            serde_json::from_slice(&dyad_on(PACT.as_bytes(), &["read", "-"]).stdout).unwrap();
        record["passages"] = passage;
        fits(&schema, &schema, &record, "record")
    };
    let passage = serde_json::json!([{"start": 0, "end": 4, "kind": "body", "why": ""}]);
    assert_eq!(record(passage.clone()), Ok(()));
    for (name, value) in [("start", (-1).into()), ("kind", "advert".into()), ("new", 1.into())] {
        let mut wrong = passage.clone();
        wrong[0][name] = value;
        assert!(record(wrong).is_err(), "{name}");
    }
}

/// Every position lies in the text, and texts that are repeated are those at their positions.
fn positions_hold(record: &dyad_record::Record) {
    let chars: Vec<char> = record.report.text.chars().collect();
    let at = |start: u32, end: u32| chars[start as usize..end as usize].iter().collect::<String>();
    for time in &record.times {
        assert_eq!(at(time.start, time.end), time.text);
    }
    for figure in &record.figures {
        assert_eq!(at(figure.start, figure.end), figure.text);
    }
    for event in &record.events {
        assert!(!event.evidence.is_empty(), "{} points at no words", event.id);
        assert!(!at(event.trigger.start, event.trigger.end).is_empty());
    }
}

#[test]
fn pretty_is_plain_without_a_terminal() {
    let samples = samples().join("2022-11-02-pretoria.txt");
    let output = dyad(&["read", samples.to_str().unwrap(), "--pretty"]);
    let page = text(&output.stdout);
    assert!(!page.contains('\u{1b}'));
    assert!(page.contains("Ethiopia") && page.contains("Actors"), "{page}");
    let widest = page.lines().map(|l| l.chars().count()).max().unwrap();
    assert!(widest <= 120, "{widest}");
}

#[test]
fn a_closed_pipe_is_no_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dyad"))
        .args(["read", samples().to_str().unwrap()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
}

#[test]
fn reports_go_into_an_archive_and_are_summed_up() {
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("news.dyad");
    let (archive, samples) = (archive.to_str().unwrap(), samples());
    let output = dyad(&["demo", samples.to_str().unwrap(), "--archive", archive, "--no-serve"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("episodes"));
    let again = dyad(&["add", archive, samples.to_str().unwrap()]);
    assert!(text(&again.stderr).contains(": 0 added"), "{}", text(&again.stderr));
    assert_eq!(dyad(&["summary", archive]).stdout, output.stdout);
    assert_eq!(dyad(&["summary", "no-such.dyad"]).status.code(), Some(2));
}

#[test]
fn what_was_read_is_added_without_reading_it_again() {
    let folder = folder(&[("other.txt", PACT.as_bytes())]);
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let samples = samples();
    let samples = samples.to_str().unwrap();
    let read = dyad(&["read", samples]);
    assert_eq!(read.status.code(), Some(0));
    std::fs::write(at("records.jsonl"), &read.stdout).unwrap();
    assert_eq!(dyad(&["read", &at("records.jsonl")]).stdout, read.stdout);
    let whole = dyad(&["add", &at("whole.sqlite"), samples]);
    assert!(whole.status.success());
    for (from, to) in [("records.jsonl", "a.sqlite"), ("a.sqlite", "b.sqlite")] {
        let added = dyad(&["add", &at(to), &at(from)]);
        assert!(added.status.success(), "{}", text(&added.stderr));
        let events = |archive: &str| dyad(&["events", "--archive", &at(archive)]).stdout;
        assert_eq!(events(to), events("whole.sqlite"));
        let again = dyad(&["add", &at(to), &at(from)]);
        assert!(text(&again.stderr).contains(": 0 added"), "{}", text(&again.stderr));
    }
    // Beside reports that are still to be read; a broken line stops no other.
    let records = text(&read.stdout);
    let broken = [records.lines().next().unwrap(), "{\"schema\":\"dyad/1\",", ""];
    std::fs::write(at("broken.jsonl"), broken.join("\n")).unwrap();
    let added = dyad(&["add", &at("c.sqlite"), &at("broken.jsonl"), &at("other.txt")]);
    let said = text(&added.stderr);
    assert_eq!(added.status.code(), Some(3), "{said}");
    assert!(said.contains("line 2: no record") && said.contains("2 added"), "{said}");
}

#[test]
fn an_archive_answers_as_table_jsonl_and_csv() {
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("a.sqlite");
    let archive = archive.to_str().unwrap();
    let added = dyad_on(PACT.as_bytes(), &["add", archive, "-", "--published", "2023-05-17"]);
    assert_eq!(added.status.code(), Some(0), "{}", text(&added.stderr));
    let ask = |command: &str, more: &[&str]| {
        let output = dyad(&[&[command, "--archive", archive], more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    for command in ["events", "episodes", "statements", "figures", "ties", "actors"] {
        let rows = ask(command, &[]);
        let read = rows.lines().map(serde_json::from_str::<Value>).collect::<Result<Vec<_>, _>>();
        let read = read.unwrap();
        let csv = ask(command, &["--format", "csv"]);
        assert_eq!(csv.lines().count(), read.len() + 1, "{command}: {csv}");
        assert!(!ask(command, &["--format", "table"]).is_empty());
    }
    let agreed = ask(
        "events",
        &["--between", "NOR", "iceland", "--quad", "VERBAL_cooperation", "--format", "csv"],
    );
    assert!(agreed.lines().nth(1).unwrap().contains("Norway; Iceland"), "{agreed}");
    let wrong = dyad(&["events", "--archive", archive, "--who", "NRO"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("NOR"), "{}", text(&wrong.stderr));
}

#[test]
fn an_archive_is_watched_recoded_verified_and_emptied() {
    let rules = b"pact: between NOR ISL quad verbal_cooperation\nmany: between NOR ISL at least 9 in 7 days\n";
    let folder = folder(&[("rules.txt", rules), ("wrong.txt", b"pact: between NOR\n")]);
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (archive, rules) = (path("a.sqlite"), path("rules.txt"));
    let add = ["add", &archive, "-", "--published", "2023-05-17", "--watch", &rules];
    let told = dyad_on(PACT.as_bytes(), &add);
    assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
    let notice: Value = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!((&notice["rule"], &notice["to"]), (&"pact".into(), &"2023-05-15".into()));
    assert!(notice["evidence"][0]["sources"][0]["words"].as_str().unwrap().contains("pact"));
    assert!(dyad_on(PACT.as_bytes(), &add).stdout.is_empty(), "the same report is no news");
    let watched = dyad(&["watch", &rules, "--archive", &archive]);
    assert_eq!(text(&watched.stdout).lines().count(), 1);
    let wrong = dyad(&["watch", &path("wrong.txt"), "--archive", &archive]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("line 1"), "{}", text(&wrong.stderr));

    let again = dyad(&["recode", "--archive", &archive]);
    assert_eq!((again.status.code(), again.stdout.len()), (Some(0), 0));
    assert!(text(&again.stderr).contains("1 as before"), "{}", text(&again.stderr));
    let sound = dyad(&["verify", "--archive", &archive]);
    assert_eq!(sound.status.code(), Some(0), "{}", text(&sound.stdout));
    let id = notice["evidence"][0]["sources"][0]["report"].as_str().unwrap();
    assert_eq!(dyad(&["drop", &id[..8], "--archive", &archive]).status.code(), Some(0));
    assert!(dyad(&["events", "--archive", &archive]).stdout.is_empty());
    assert_eq!(dyad(&["drop", &id[..8], "--archive", &archive]).status.code(), Some(2));
}

#[test]
fn a_person_corrects_an_archive() {
    let folder = folder(&[("pact.txt", PACT.as_bytes())]);
    let archive = folder.path().join("a.sqlite");
    let archive = archive.to_str().unwrap();
    let pact = folder.path().join("pact.txt");
    let done = dyad(&["add", archive, pact.to_str().unwrap(), "--published", "2023-05-02"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let ask = |args: &[&str]| -> Output { dyad(&[args, &["--archive", archive]].concat()) };
    let rows = |args: &[&str]| -> Vec<Value> {
        let output = ask(args);
        assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
        text(&output.stdout).lines().map(|l| serde_json::from_str(l).unwrap()).collect()
    };
    let events = rows(&["events"]);
    let (report, event) =
        (events[0]["report"].as_str().unwrap(), events[0]["event"].as_str().unwrap());
    let made = rows(&[
        "correct",
        "amend",
        &report[..8],
        event,
        "type=CONSULT",
        "actors=FIN; the guild=NOR BUS",
        "place=",
        "goldstein=2.5",
        "--why",
        "only talks",
        "--by",
        "ana",
    ]);
    assert_eq!((&made[0]["id"], &made[0]["who"]), (&"c1".into(), &"ana".into()));
    let found = rows(&["events", "--who", "FIN"]);
    assert_eq!((&found[0]["type"], &found[0]["goldstein"]), (&"CONSULT".into(), &2.5.into()));
    assert_eq!(found[0]["actors"][1]["name"], "the guild");
    let added = rows(&[
        "correct",
        "add",
        report,
        "protect the cod",
        "type=AID",
        "actors=NOR",
        "--why",
        "missed",
        "--by",
        "ana",
    ]);
    assert_eq!(rows(&["events", "--type", "AID"])[0]["event"], added[0]["item"]);
    let added = added[0]["item"].as_str().unwrap();
    let why = ["--why", "so it stands", "--by", "ana"];
    rows(&[&["correct", "amend", report, added, "recipients=ISL"], &why[..]].concat());
    assert_eq!(rows(&["events", "--type", "AID"])[0]["recipients"][0]["country"], "ISL");
    let about = format!("about={added}");
    let figure =
        ["correct", "add", report, "a fishing pact", "--kind", "figure", "value=1", &about];
    rows(&[&figure[..], &why].concat());
    assert_eq!(rows(&["figures", "--type", "AID"])[0]["about"], *added);
    rows(&["correct", "withdraw", "c3", "--by", "ana"]);
    rows(&["correct", "withdraw", "c4", "--by", "ana"]);
    let out = ask(&["export", "--format", "icews"]);
    assert!(text(&out.stdout).contains("the guild"), "{}", text(&out.stdout));

    let recoded = ask(&["recode"]);
    assert!(text(&recoded.stderr).contains("1 as before"), "{}", text(&recoded.stderr));
    let lessons = rows(&["export", "--format", "corrections"]);
    assert_eq!((lessons.len(), &lessons[0]["person"]["type"]), (2, &"CONSULT".into()));
    assert!(lessons[0]["text"].as_str().unwrap().contains("fishing pact"));
    let table = ask(&["corrections", "--format", "table"]);
    assert!(text(&table.stdout).contains("c1"));
    let csv = ask(&["corrections", "--format", "csv"]);
    assert!(text(&csv.stdout).starts_with("correction,report,kind,"));

    let wrong =
        ask(&["correct", "amend", report, event, "status=done", "--why", "x", "--by", "ana"]);
    let said = text(&wrong.stderr);
    assert!(
        wrong.status.code() == Some(2) && said.contains("done") && said.contains(archive),
        "{said}"
    );
    let nobody = ask(&["correct", "reject", report, "e99", "--why", "x", "--by", "ana"]);
    assert!(text(&nobody.stderr).contains("e99"));
    rows(&["correct", "withdraw", "c1", "--by", "ben"]);
    assert_eq!(rows(&["corrections"]).len(), 1);
    assert_eq!(rows(&["corrections", "--withdrawn"])[0]["withdrawn"]["who"], "ben");
    assert!(rows(&["events", "--who", "FIN"]).is_empty());
    assert_eq!(ask(&["verify"]).status.code(), Some(0));
}

#[test]
fn what_others_coded_is_stored_and_stands_apart() {
    let folder = folder(&[("pact.txt", PACT.as_bytes())]);
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let archive = path("a.sqlite");
    let added = dyad(&["add", &archive, &path("pact.txt"), "--published", "2023-05-02"]);
    assert!(added.status.success());
    let ask = |args: &[&str]| -> Output { dyad(&[args, &["--archive", &archive]].concat()) };
    let nothing = ask(&["compare"]);
    assert!(text(&nothing.stderr).contains("dyad import"), "{}", text(&nothing.stderr));

    let gdelt = ask(&["export", "--format", "gdelt-events"]).stdout;
    let faulty = [&gdelt[..], b"a row of one cell\n"].concat();
    std::fs::write(path("theirs.txt"), &faulty).unwrap();
    let events = text(&ask(&["events"]).stdout);
    for told in [" 0 held already", " 0 stored, 0 changed"] {
        let output = ask(&["import", &path("theirs.txt")]);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{said}");
        assert!(said.contains(told) && said.contains("theirs.txt, line"), "{said}");
    }
    assert_eq!(text(&ask(&["events"]).stdout), events, "they are no events of ours");
    let theirs = text(&ask(&["events", "--coder", "gdelt", "--who", "NOR"]).stdout);
    let first: Value = serde_json::from_str(theirs.lines().next().unwrap()).unwrap();
    assert_eq!((&first["coder"], &first["actors"][0]), (&"GDELT".into(), &"NOR".into()));
    assert!(ask(&["events", "--coder", "icews,polecat"]).stdout.is_empty());
    let agreed = text(&ask(&["compare"]).stdout);
    let agreed: Value = serde_json::from_str(agreed.lines().next().unwrap()).unwrap();
    assert_eq!(agreed["agreement"]["source"], "GDELT");
    assert_eq!(agreed["agreement"]["jaccard"], 1.0);
    let summary = text(&dyad(&["summary", &archive]).stdout);
    assert!(summary.contains("acts of GDELT"), "{summary}");
    let broken = ask(&["import", &path("pact.txt")]);
    assert!(text(&broken.stderr).contains("no coding that we know"));
}

#[test]
fn an_archive_answers_in_columns() {
    let folder = folder(&[("pact.txt", PACT.as_bytes())]);
    let archive = folder.path().join("a.sqlite");
    let archive = archive.to_str().unwrap();
    let pact = folder.path().join("pact.txt");
    assert!(dyad(&["add", archive, pact.to_str().unwrap()]).status.success());
    for asked in [
        &["events"][..],
        &["episodes"],
        &["statements"],
        &["figures"],
        &["ties"],
        &["actors"],
        &["corrections"],
        &["events", "--coder", "gdelt"],
        &["sql", "SELECT type, count(*) AS n FROM events GROUP BY 1"],
        &["export"],
    ] {
        let output = dyad(&[asked, &["--archive", archive, "--format", "parquet"]].concat());
        assert!(output.status.success(), "{asked:?}: {}", text(&output.stderr));
        let file = output.stdout;
        assert!(file.starts_with(b"PAR1") && file.ends_with(b"PAR1"), "{asked:?}");
    }
}

#[test]
fn an_evaluation_names_what_is_wrong() {
    let folder = folder(&[("rows.jsonl", b"{\"nothing\": 1}\n")]);
    let rows = folder.path().join("rows.jsonl");
    let rows = rows.to_str().unwrap();
    let output = dyad(&["eval", "plv", rows]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("rows.jsonl, line 1"), "{}", text(&output.stderr));
    assert_eq!(dyad(&["eval", "no-such-set", rows]).status.code(), Some(2));
    assert_eq!(dyad(&["eval", "ud"]).status.code(), Some(2));
}

#[test]
fn an_evaluation_prints_one_object() {
    let row = r#"{"tokens": ["Norway", "slept", "."], "gold": ["I-LOC", "O", "O"]}"#;
    let folder = folder(&[("rows.jsonl", row.as_bytes())]);
    let rows = folder.path().join("rows.jsonl");
    let output = dyad(&["eval", "ner", rows.to_str().unwrap(), "--json"]);
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(value["set"], "ner");
    assert_eq!(value["rows"], 1);
    assert!(value["scores"]["f1"].is_number());
}

#[test]
fn help_completions_and_man_page_come_from_one_source() {
    for args in [&["--help"][..], &["completions", "bash"], &["man"]] {
        let output = dyad(args);
        assert_eq!(output.status.code(), Some(0));
        assert!(text(&output.stdout).contains("summary"), "{args:?}");
    }
}

const OWN_ACTORS: &str =
    "ALDERMARK_ [ALD]\n+ALDERMARKER\nJON_VESK [ALDELI]\n\t[ALDGOV 19950601-19990815]\n";
const OWN_AGENTS: &str = "HARBOUR_MASTER [~GOVHRB]\n";

#[test]
fn dictionaries_of_ones_own_give_their_codes() {
    let report =
        b"Aldermark condemned Norway on Monday. Jon Vesk met the Norwegian harbour master.";
    let folder = folder(&[
        ("actors.txt", OWN_ACTORS.as_bytes()),
        ("agents.txt", OWN_AGENTS.as_bytes()),
        ("report.md", report),
    ]);
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let read = |published: &str| {
        let output = dyad(&[
            "read",
            &at("report.md"),
            "--published",
            published,
            "--lexicon",
            &at("actors.txt"),
            &at("agents.txt"),
        ]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let record: Value = serde_json::from_slice(&output.stdout).unwrap();
        let actors = record["actors"].as_array().unwrap().iter();
        actors.map(|a| a["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for (published, vesk) in [("1996-05-06", "ALDGOV"), ("2003-05-05", "ALDELI")] {
        let codes = read(published);
        for code in ["ALD", vesk, "NOR", "NOR GOVHRB"] {
            assert!(codes.iter().any(|c| c == code), "{code} not in {codes:?}");
        }
    }
}

#[test]
fn lexicon_check_tells_faults_and_who_tells_the_winner() {
    let folder = folder(&[
        ("good.txt", OWN_ACTORS.as_bytes()),
        ("bad.txt", b"ALDERMARK [ALX]\nNEMO\nVESK [ALDGOV 1995-]\n"),
    ]);
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    assert_eq!(dyad(&["lexicon", "check", &at("good.txt")]).status.code(), Some(0));
    let bad = dyad(&["lexicon", "check", &at("bad.txt"), &at("good.txt")]);
    assert_eq!(bad.status.code(), Some(1));
    let said = text(&bad.stdout);
    for told in ["bad.txt, line 2: fault", "bad.txt, line 3: fault", "bad.txt, line 1: conflict"] {
        assert!(said.contains(told), "{told}: {said}");
    }
    let who =
        dyad(&["lexicon", "who", "Jon Vesk", "--on", "1996-01-01", "--lexicon", &at("good.txt")]);
    let said = text(&who.stdout);
    let first = said.lines().next().unwrap();
    assert!(first.starts_with("wins") && first.contains("ALDGOV"), "{said}");
    assert!(first.contains("good.txt line 3"), "{said}");
    assert_eq!(dyad(&["lexicon", "who", "Nobody At All"]).status.code(), Some(1));
}

#[test]
fn explain_shows_words_parse_row_and_other_codes() {
    let folder = folder(&[("a.txt", b"Norway accused Iceland on Monday of hiding the catch.")]);
    let file = folder.path().join("a.txt");
    let file = file.to_str().unwrap();
    let shown = dyad(&["explain", file, "--item", "e1"]);
    assert_eq!(shown.status.code(), Some(0));
    let said = text(&shown.stdout);
    assert!(said.starts_with("e1  ACCUSE") && said.contains("Norway → Iceland"), "{said}");
    let found_by = said.lines().find(|l| l.contains("found by")).unwrap();
    assert!(found_by.contains("acts:") && found_by.contains("accuse"), "{said}");
    let verb = said.lines().find(|l| l.contains("  accused  ")).unwrap();
    assert!(verb.contains("VBD") && verb.ends_with("trigger"), "{said}");
    let json = dyad(&["explain", file, "--item", "e1", "--json"]);
    let item: serde_json::Value = serde_json::from_str(text(&json.stdout).trim()).unwrap();
    assert_eq!(item["item"], "e1");
    assert_eq!(item["words"].as_array().unwrap().len(), 10);
    let others = item["runners_up"].as_array().unwrap();
    assert!(!others.is_empty() && others.iter().all(|o| o["code"] != "ACCUSE"), "{item}");
    let none = dyad(&["explain", file, "--item", "e9"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(text(&none.stderr).contains("e9"), "{}", text(&none.stderr));
}

#[test]
fn an_address_that_others_reach_takes_a_token() {
    let dir = tempfile::tempdir().unwrap();
    let archive = dir.path().join("a.sqlite");
    let archive = archive.to_str().unwrap();
    let report = dir.path().join("a.txt");
    std::fs::write(&report, "Norway and Iceland signed a fishing pact in Bergen on Tuesday.")
        .unwrap();
    assert!(dyad(&["add", archive, report.to_str().unwrap()]).status.success());
    let shut = dyad(&["serve", archive, "--listen", "0.0.0.0:0"]);
    assert_eq!(shut.status.code(), Some(2));
    assert!(text(&shut.stderr).contains("dyad token new"), "{}", text(&shut.stderr));
    let made = dyad(&["token", "new", "ana", "--role", "editor", "--archive", archive]);
    assert!(text(&made.stdout).starts_with("dyad_"), "{}", text(&made.stderr));
    let list = || text(&dyad(&["token", "list", "--archive", archive]).stdout);
    assert_eq!(list(), "ana\teditor\n");
    assert!(dyad(&["token", "revoke", "ana", "--archive", archive]).status.success());
    assert_eq!(list(), "");
    assert_eq!(dyad(&["token", "new", "ana", "--archive", "none.sqlite"]).status.code(), Some(2));
}

#[test]
fn trade_tables_stand_beside_what_reports_said() {
    let table = "t,i,j,k,v,q\n2021,579,352,030214,20,1\n2021,579,208,030214,80,1\n\
                 2021,352,579,760110,30,1\n2021,352,208,760110,10,1\n\
                 2021,752,579,848210,70,1\n2021,208,352,848210,80,1\n";
    let report = "Norway depends on Iceland. Trade between Norway and Iceland rose by 9 percent in \
                  2021, the ministry said in Oslo on Monday, and fishing boats stayed in port.";
    let bad = format!("{table}2021,579,352,030214,many,1\n");
    let files = [
        ("t.csv", table.as_bytes()),
        ("bad.csv", bad.as_bytes()),
        ("r.txt", report.as_bytes()),
        ("no.csv", b"a,b\n1,2\n"),
    ];
    let folder = folder(&files);
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let added = dyad(&["add", &at("a.sqlite"), &at("r.txt"), "--published", "2021-12-31"]);
    assert!(added.status.success(), "{}", text(&added.stderr));

    let (svg, archive) = (at("p.svg"), at("a.sqlite"));
    let mut asked = vec!["dependence", "Norway", "ISL"];
    let table = at("t.csv");
    asked.extend([&table, "--archive", &archive, "--svg", &svg, "--format", "table"]);
    let output = dyad(&asked);
    let printed = text(&output.stdout);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(printed.contains("Norway on Iceland") && printed.contains("20.0 %"), "{printed}");
    assert!(printed.contains("Trade between Norway and Iceland rose by 9 percent"), "{printed}");
    assert!(std::fs::read_to_string(&svg).unwrap().contains("NOR exports to ISL"));

    let output = dyad(&["dependence", "NOR", "ISL", &table]);
    let year: Value = serde_json::from_str(&text(&output.stdout)).unwrap();
    assert_eq!(year["year"]["leans"], "ISL");

    let output = dyad(&["dependence", "NOR", "ISL", &at("bad.csv"), "--format", "csv"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(text(&output.stderr).contains("bad.csv, line 8: `many` is no number"));
    assert_eq!(text(&output.stdout).lines().count(), 3);

    let output = dyad(&["dependence", "NOR", "ISL", &at("no.csv")]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("no trade table that we know"));
}

#[test]
fn an_archive_goes_out_in_the_fields_formats_and_is_compared_with_them() {
    let folder = folder(&[("r.txt", PACT.as_bytes()), ("x.txt", b"no coding")]);
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let archive = at("a.sqlite");
    assert!(dyad(&["add", &archive, &at("r.txt"), "--published", "2022-03-09"]).status.success());
    for format in ["gdelt-events", "icews", "polecat"] {
        let output = dyad(&["export", "--archive", &archive, "--format", format]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert!(text(&output.stderr).contains(" rows"), "{}", text(&output.stderr));
        std::fs::write(at(format), &output.stdout).unwrap();
        let output = dyad(&["compare", &at(format), "--archive", &archive]);
        let line: Value =
            serde_json::from_str(text(&output.stdout).lines().next().unwrap()).unwrap();
        assert_eq!(line["agreement"]["from"], "2022-03", "{format}");
        if format != "polecat" {
            assert_eq!(line["agreement"]["kappa"], 1.0, "{format}");
        }
    }
    let asked = ["compare", &at("icews"), "--archive", &archive, "--between", "NOR", "DNK"];
    let output = dyad(&asked);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("no month in common"));
    let output = dyad(&["compare", &at("x.txt"), "--archive", &archive]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("no coding that we know"));
}

#[test]
fn an_event_type_of_ones_own_is_trained_read_with_and_asked_for() {
    let told = "Kenya held a presidential election on Sunday. Norway and Iceland signed a pact.";
    let folder = folder(&[("r.txt", told.as_bytes()), ("x.ontology", b"type: VOTE\nhello\n")]);
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (archive, head) = (at("a.sqlite"), at("election.head"));
    let ontology = samples().join("../ontologies/election.ontology");
    let output = dyad(&["train-type", ontology.to_str().unwrap(), "-o", &head]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("expected calibration error"));
    assert!(text(&output.stderr).contains("trained in"));

    let published = ["--published", "2022-08-10", "--ontology", &head];
    let output = dyad(&[&["add", &archive, &at("r.txt")][..], &published].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let ask =
        |kind: &str| dyad(&["events", "--archive", &archive, "--type", kind, "--format", "jsonl"]);
    let event: Value = serde_json::from_slice(&ask("election").stdout).unwrap();
    assert_eq!((&event["type"], &event["status"]), (&"ELECTION".into(), &"happened".into()));
    let output = ask("ELECTOIN");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("own types in it are ELECTION"), "{:?}", output);

    let output = dyad(&[&["explain", &at("r.txt")][..], &published].concat());
    let said = text(&output.stdout);
    assert!(said.contains("ELECTION") && said.contains("trained from election.ontology"), "{said}");

    let output = dyad(&["train-type", &at("x.ontology"), "-o", &at("x.head")]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(said.contains("x.ontology, line 2: neither `key: value`"), "{said}");
    assert!(!Path::new(&at("x.head")).exists());
    let output = dyad(&["read", &at("r.txt"), "--ontology", ontology.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("run `dyad train-type`"), "{}", text(&output.stderr));
}

#[test]
fn the_deep_tier_is_asked_for_and_named_in_the_record() {
    let told = "Norway attacked Iceland on Sunday. Sweden promised Finland two icebreakers.";
    let folder = folder(&[("r.txt", told.as_bytes())]);
    let path = folder.path().join("r.txt");
    let read = |more: &[&str]| {
        let output =
            dyad(&[&["read", path.to_str().unwrap(), "--published", "2022-08-10"], more].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    let (plain, deep, again) = (read(&[]), read(&["--deep"]), read(&["--deep"]));
    assert_eq!(deep, again);
    let named = |record: &Value| record["reader"]["model"].as_str().unwrap().contains("deep-");
    assert!(named(&deep) && !named(&plain));
    let kinds = |record: &Value| {
        let events = record["events"].as_array().unwrap();
        events.iter().map(|e| e["type"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&deep), ["ASSAULT", "AGREE"]);
}
