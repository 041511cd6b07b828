//! `dyad export` and `compare`: the field's formats.

use crate::args::{CompareArgs, ExportArgs, Format, ImportArgs};
use crate::failure::{Failure, PARTLY};
use crate::{source, table};
use dyad_archive::Imported;
use dyad_archive::{Archive, Filter, Side};
use dyad_formats::{Agreement, Cell, Counts, ExportError, Fault};
use dyad_record::foreign::{Coder, Foreign};
use serde_json::json;
use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::process::ExitCode;

pub fn export(args: &ExportArgs) -> Result<ExitCode, Failure> {
    let archive = Archive::open_existing(&args.archive.archive)?;
    if args.format.0 == dyad_formats::Format::Parquet {
        table::no_terminal()?;
    }
    let mut out = BufWriter::new(std::io::stdout().lock());
    let done = dyad_formats::export(&archive, &args.filter(), args.format.0, &mut out);
    let done = done.map_err(failure)?;
    out.flush().map_err(Failure::output)?;
    let mut told = format!("{} rows", done.rows);
    for (number, why) in [
        (done.no_deeds, "not done (planned, denied, …; --status names them)"),
        (done.no_day, "without a day"),
        (done.other_kinds, "of a kind that this format does not hold"),
    ] {
        if number > 0 {
            told.push_str(&format!("; left out {number} {why}"));
        }
    }
    anstream::eprintln!("{told}");
    Ok(ExitCode::SUCCESS)
}

fn failure(error: ExportError) -> Failure {
    match error {
        ExportError::Write(error) => Failure::output(error),
        ExportError::Archive(error) => Failure::Archive(error),
        error => Failure::Export(error),
    }
}

/// How many faulty rows of a file are shown.
const SHOWN: usize = 5;

/// So many acts are stored at a time: a killed import has stored whole batches and goes on by being
/// run again.
const BATCH: usize = 10_000;

pub fn import(args: &ImportArgs) -> Result<ExitCode, Failure> {
    let mut archive = Archive::open(&args.archive.archive)?;
    let mut failures = Vec::new();
    let mut failed = false;
    for path in source::files(&args.files) {
        let done = path.and_then(|path| {
            let file = File::open(&path).map_err(|error| Failure::file(&path, &error))?;
            let name = path.display().to_string();
            let (coder, done, faults) = store(&mut archive, &name, file)?;
            let Imported { added, changed, held } = done;
            anstream::eprintln!(
                "{name}: {}: {added} stored, {changed} changed, {held} held already",
                coder.as_str()
            );
            Ok(tell(&faults))
        });
        match done {
            Ok(faulty) => failed |= faulty,
            Err(Failure::Archive(error)) => return Err(error.into()),
            Err(failure) => failures.push(failure),
        }
    }
    let held: u64 = archive.foreign_counts()?.iter().map(|c| c.acts).sum();
    if held == 0 && !failures.is_empty() {
        return Err(failures.remove(0));
    }
    for failure in &failures {
        anstream::eprintln!("{}", crate::failure::line(failure));
    }
    Ok(if failed || !failures.is_empty() { ExitCode::from(PARTLY) } else { ExitCode::SUCCESS })
}

fn store(
    archive: &mut Archive,
    name: &str,
    file: File,
) -> Result<(Coder, Imported, Vec<Fault>), Failure> {
    let mut done = Imported::default();
    let mut batch = Vec::with_capacity(BATCH);
    let (coder, faults) = dyad_formats::each(name, file, |act| -> Result<(), Failure> {
        batch.push(act);
        if batch.len() == BATCH {
            done += archive.import(&batch)?;
            batch.clear();
        }
        Ok(())
    })?;
    done += archive.import(&batch)?;
    Ok((coder, done, faults))
}

/// Says which rows of a file could not be used; true where there is one.
fn tell(faults: &[Fault]) -> bool {
    for fault in faults.iter().take(SHOWN) {
        anstream::eprintln!("{fault}");
    }
    if faults.len() > SHOWN {
        anstream::eprintln!("and {} more rows like these", faults.len() - SHOWN);
    }
    !faults.is_empty()
}

pub fn compare(args: &CompareArgs) -> Result<ExitCode, Failure> {
    let archive = Archive::open_existing(&args.archive.archive)?;
    let pair = args.between.iter().map(|name| state(name)).collect::<Result<Vec<_>, _>>()?;
    let between = match &pair[..] {
        [a, b] => Some([a.as_str(), b.as_str()]),
        _ => None,
    };
    let (theirs, failed) = match args.files.is_empty() {
        true => (stored(&archive, &args.coder, between)?, false),
        false => read(args, between)?,
    };
    let ours = Counts::ours(&archive, between)?;
    let mut printed = String::new();
    let format = args.format.unwrap_or_else(table::usual);
    for (coder, theirs) in theirs {
        let found = dyad_formats::compare(&ours, &theirs).ok_or_else(|| {
            let what = format!(
                "the archive and {} have no month in common in which two states act; read more \
                 reports, or give files of those months",
                coder.as_str()
            );
            Failure::NothingCommon { what }
        })?;
        match format {
            Format::Table => printed.push_str(&for_people(coder, &found, args.limit)),
            Format::Jsonl => printed.push_str(&jsonl(coder, &found)),
            Format::Csv => {
                if printed.is_empty() {
                    printed.push_str("source,month,from,to,quad,ours,theirs\n");
                }
                for (cell, ours, theirs) in &found.differences {
                    let Cell { from, to, month, quad } = cell;
                    let source = coder.as_str();
                    printed.push_str(&format!(
                        "{source},{month},{from},{to},{quad},{ours},{theirs}\n"
                    ));
                }
            }
        }
    }
    crate::print(&printed)?;
    Ok(if failed { ExitCode::from(PARTLY) } else { ExitCode::SUCCESS })
}

/// The code of a state that a person names.
fn state(name: &str) -> Result<String, Failure> {
    match name.parse() {
        Ok(Side::Code(code)) if code.len() == 3 => Ok(code),
        _ => Err(Failure::NoState { name: name.to_owned() }),
    }
}

/// Whether nobody but two states has a part in an act, if only they are asked for.
fn among(act: &Foreign, between: Option<[&str; 2]>) -> bool {
    let within = |pair: [&str; 2]| {
        act.actors.iter().chain(&act.recipients).all(|s| pair.contains(&s.as_str()))
    };
    between.is_none_or(within)
}

/// The acts that the archive holds, counted by whose they are.
fn stored(
    archive: &Archive,
    coders: &[Coder],
    between: Option<[&str; 2]>,
) -> Result<BTreeMap<Coder, Counts>, Failure> {
    let side = |code: &str| Side::Code(code.to_owned());
    let filter = Filter { between: between.map(|[a, b]| (side(a), side(b))), ..Filter::default() };
    let mut theirs: BTreeMap<Coder, Counts> = BTreeMap::new();
    archive.each_foreign(coders, &filter, |act| {
        let counts = theirs.entry(act.coder).or_default();
        if among(&act, between) {
            counts.add(&act);
        }
    })?;
    if theirs.is_empty() {
        let path = archive.path().to_owned();
        return Err(Failure::NothingToCompare { path });
    }
    Ok(theirs)
}

/// The acts of every file, counted by whose they are; true where a row or file could not be read.
fn read(
    args: &CompareArgs,
    between: Option<[&str; 2]>,
) -> Result<(BTreeMap<Coder, Counts>, bool), Failure> {
    let mut theirs: BTreeMap<Coder, Counts> = BTreeMap::new();
    // A day's file lies in the month's too.
    let mut known: HashSet<(Coder, String, String)> = HashSet::new();
    let mut failures = Vec::new();
    let mut failed = false;
    for path in source::files(&args.files) {
        let read = path.and_then(|path| {
            let file = File::open(&path).map_err(|error| Failure::file(&path, &error))?;
            let name = path.display().to_string();
            let (coder, faults) = dyad_formats::each(&name, file, |act| -> Result<(), Failure> {
                let counts = theirs.entry(act.coder).or_default();
                if among(&act, between)
                    && known.insert((act.coder, act.date.clone(), act.id.clone()))
                {
                    counts.add(&act);
                }
                Ok(())
            })?;
            theirs.entry(coder).or_default();
            Ok(tell(&faults))
        });
        match read {
            Ok(faulty) => failed |= faulty,
            Err(failure) => failures.push(failure),
        }
    }
    if theirs.is_empty() && !failures.is_empty() {
        return Err(failures.remove(0));
    }
    for failure in &failures {
        anstream::eprintln!("{}", crate::failure::line(failure));
    }
    Ok((theirs, failed || !failures.is_empty()))
}

fn jsonl(coder: Coder, found: &Agreement) -> String {
    let head = json!({ "agreement": {
        "source": coder.as_str(),
        "from": found.period.from,
        "to": found.period.to,
        "months": found.months,
        "dyads": found.dyads,
        "ours": found.ours,
        "theirs": found.theirs,
        "correlation": found.correlation,
        "kappa": found.kappa,
        "jaccard": found.jaccard,
    }});
    let differences = found.differences.iter().map(|(cell, ours, theirs)| {
        json!({ "difference": {
            "source": coder.as_str(),
            "month": cell.month,
            "from": cell.from,
            "to": cell.to,
            "quad": cell.quad,
            "ours": ours,
            "theirs": theirs,
        }})
    });
    std::iter::once(head).chain(differences).map(|line| format!("{line}\n")).collect()
}

fn for_people(coder: Coder, found: &Agreement, limit: usize) -> String {
    let name = coder.as_str();
    let figure = |v: Option<f64>| v.map_or_else(|| "–".to_owned(), |v| format!("{v:.2}"));
    let mut out = format!(
        "The archive beside {name}, {} to {}: {} dyads in {} months\n",
        found.period.from, found.period.to, found.dyads, found.months
    );
    let acts = format!("{} ours, {} theirs", found.ours, found.theirs);
    for (label, value, of) in [
        ("acts", acts, ""),
        ("correlation", figure(found.correlation), "of the counts by dyad, month and quad class"),
        ("Cohen's kappa", figure(found.kappa), "of whether there is any act"),
        ("Jaccard", figure(found.jaccard), "of the cells that either fills"),
    ] {
        out.push_str(format!("{label:<15}{value}  {of}").trim_end());
        out.push('\n');
    }
    if found.differences.is_empty() {
        return out;
    }
    out.push_str("\nWhere they differ most\n");
    out.push_str(&format!(
        "{:<9}{:<12}{:<22}{:>5}{:>8}\n",
        "month", "dyad", "quad", "ours", "theirs"
    ));
    for (cell, ours, theirs) in found.differences.iter().take(limit) {
        let dyad = format!("{} → {}", cell.from, cell.to);
        out.push_str(&format!(
            "{:<9}{dyad:<12}{:<22}{ours:>5}{theirs:>8}\n",
            cell.month, cell.quad
        ));
    }
    if found.differences.len() > limit {
        let more = found.differences.len() - limit;
        out.push_str(&format!("and {more} more; --limit or --format csv shows them\n"));
    }
    out
}
