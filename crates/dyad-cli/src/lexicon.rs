//! `dyad lexicon`, and the user's dictionaries for the commands that read.

use crate::args::{DictionaryArgs, LexiconCommand, ReaderArgs};
use crate::failure::Failure;
use crate::source;
use dyad_lexicon::user::{self, Bearer, Finding, Kind, UserText};
use dyad_lexicon::{Lexicons, actors::Period};
use dyad_reader::Reader;
use jiff::civil::Date;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The reader with the user's dictionaries and event types.
pub fn reader(args: &ReaderArgs) -> Result<Reader, Failure> {
    let reader =
        crate::ontology::with_heads(with_dictionaries(&args.dictionaries)?, &args.ontology)?;
    Ok(if args.deep { reader.deep() } else { reader })
}

/// The reader with the user's dictionaries, if there are any; their faults go to stderr.
pub fn with_dictionaries(args: &DictionaryArgs) -> Result<Reader, Failure> {
    if args.lexicon.is_empty() {
        return Ok(Reader::builtin()?);
    }
    let (reader, findings) = Reader::with_dictionaries(&texts(&args.lexicon)?)?;
    let faults = findings.iter().filter(|f| f.kind == Kind::Fault).count();
    for fault in findings.iter().filter(|f| f.kind == Kind::Fault).take(SHOWN) {
        anstream::eprintln!("{fault}");
    }
    if faults > SHOWN {
        anstream::eprintln!("{} more faults: `dyad lexicon check` tells them all", faults - SHOWN);
    }
    Ok(reader)
}

/// How many faults a command that reads shows.
const SHOWN: usize = 5;

pub fn run(command: &LexiconCommand) -> Result<ExitCode, Failure> {
    match command {
        LexiconCommand::Check { paths, notes } => check(paths, *notes),
        LexiconCommand::Who { name, on, dictionaries } => who(name, *on, &dictionaries.lexicon),
    }
}

fn check(paths: &[PathBuf], notes: bool) -> Result<ExitCode, Failure> {
    let texts = texts(paths)?;
    let (_, findings) = Lexicons::with_user(&texts)?;
    let mut shown = String::new();
    for finding in findings.iter().filter(|f| notes || f.kind != Kind::Note) {
        shown.push_str(&format!("{finding}\n"));
    }
    let count = |kind| findings.iter().filter(|f: &&Finding| f.kind == kind).count();
    let (faults, conflicts) = (count(Kind::Fault), count(Kind::Conflict));
    shown.push_str(&format!(
        "{} files: {faults} faults, {conflicts} conflicts, {} notes\n",
        texts.len(),
        count(Kind::Note)
    ));
    crate::print(&shown)?;
    Ok(if faults + conflicts == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn who(name: &str, on: Option<Date>, paths: &[PathBuf]) -> Result<ExitCode, Failure> {
    let lexicons = Lexicons::with_user(&texts(paths)?)?.0;
    let found = user::who(&lexicons.actors, name, on);
    if found.is_empty() {
        crate::print(&format!("nobody is called `{name}` in any dictionary\n"))?;
        return Ok(ExitCode::FAILURE);
    }
    let outside = |bearer: &Bearer| on.is_some_and(|date| !bearer.period.holds(date));
    let mut shown = String::new();
    for (i, bearer) in found.iter().enumerate() {
        let mark = match outside(bearer) {
            true => "not then",
            false if i == 0 => "wins",
            false => "",
        };
        let owner = if bearer.of_user { "yours" } else { "ours" };
        shown.push_str(&format!(
            "{mark:<9}{:<14}{}, {}{}  ({owner}: {} line {})\n",
            bearer.code,
            bearer.name,
            bearer.as_what,
            days(&bearer.period),
            bearer.file,
            bearer.line
        ));
    }
    crate::print(&shown)
}

fn days(period: &Period) -> String {
    let day = |date: Option<Date>| date.map(|d| d.to_string()).unwrap_or_default();
    match (period.from, period.to) {
        (None, None) => String::new(),
        (from, to) => format!(", {}..{}", day(from), day(to)),
    }
}

/// The dictionaries that the paths name; of a folder, its tables and texts.
fn texts(paths: &[PathBuf]) -> Result<Vec<UserText>, Failure> {
    let mut texts = Vec::new();
    for path in paths {
        let in_folder = path.is_dir();
        for file in source::files(std::slice::from_ref(path)) {
            let file = file?;
            if in_folder && !is_dictionary(&file) {
                continue;
            }
            let text = dyad_eval::text(&file)?;
            texts.push(UserText { name: file.display().to_string(), text });
        }
    }
    Ok(texts)
}

fn is_dictionary(path: &Path) -> bool {
    let name = path.file_name().map(|n| n.to_string_lossy().to_lowercase()).unwrap_or_default();
    let name = name.trim_end_matches(".gz");
    [".tsv", ".txt", ".actors", ".agents", ".verbs", ".discards"]
        .iter()
        .any(|end| name.ends_with(end))
}
