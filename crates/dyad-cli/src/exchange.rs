//! `dyad export` and `compare`: the field's formats.

use crate::args::{CompareArgs, ExportArgs, Format};
use crate::failure::{Failure, PARTLY};
use crate::{source, table};
use dyad_archive::{Archive, Filter, Side};
use dyad_formats::{Agreement, Cell, ExportError, Foreign, Source};
use serde_json::json;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::process::ExitCode;

pub fn export(args: &ExportArgs) -> Result<ExitCode, Failure> {
    let archive = Archive::open_existing(&args.archive.archive)?;
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

pub fn compare(args: &CompareArgs) -> Result<ExitCode, Failure> {
    let archive = Archive::open_existing(&args.archive.archive)?;
    let pair = args.between.iter().map(|name| state(name)).collect::<Result<Vec<_>, _>>()?;
    let (theirs, failed) = read(args)?;
    let filter = match &pair[..] {
        [a, b] => Filter {
            between: Some((Side::Code(a.clone()), Side::Code(b.clone()))),
            ..Filter::default()
        },
        _ => Filter::default(),
    };
    let mut ours = dyad_formats::ours(&archive.episodes_of(&filter)?);
    if !pair.is_empty() {
        ours.retain(|c| pair.contains(&c.from) && pair.contains(&c.to));
    }
    let mut printed = String::new();
    let format = args.format.unwrap_or_else(table::usual);
    for (source, mut acts) in theirs {
        if !pair.is_empty() {
            let within = |states: &[String]| states.iter().all(|s| pair.contains(s));
            acts.retain(|a| within(&a.actors) && within(&a.recipients));
        }
        let found = dyad_formats::compare(&ours, &acts).ok_or_else(|| {
            let what = format!(
                "the archive and {} have no month in common in which two states act; read more \
                 reports, or give files of those months",
                source.as_str()
            );
            Failure::NothingCommon { what }
        })?;
        match format {
            Format::Table => printed.push_str(&for_people(source, &found, args.limit)),
            Format::Jsonl => printed.push_str(&jsonl(source, &found)),
            Format::Csv => {
                if printed.is_empty() {
                    printed.push_str("source,month,from,to,quad,ours,theirs\n");
                }
                for (cell, ours, theirs) in &found.differences {
                    let Cell { from, to, month, quad } = cell;
                    let source = source.as_str();
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

/// The acts of every file by whose they are; true where a row or file could not be read.
fn read(args: &CompareArgs) -> Result<(BTreeMap<Source, Vec<Foreign>>, bool), Failure> {
    let mut theirs: BTreeMap<Source, Vec<Foreign>> = BTreeMap::new();
    let mut failures = Vec::new();
    let mut failed = false;
    for path in source::files(&args.files) {
        let read = path.and_then(|path| {
            let file = File::open(&path).map_err(|error| Failure::file(&path, &error))?;
            Ok(dyad_formats::read(&path.display().to_string(), file)?)
        });
        match read {
            Ok(file) => {
                for fault in file.faults.iter().take(SHOWN) {
                    anstream::eprintln!("{fault}");
                }
                if file.faults.len() > SHOWN {
                    anstream::eprintln!("and {} more rows like these", file.faults.len() - SHOWN);
                }
                failed |= !file.faults.is_empty();
                theirs.entry(file.source).or_default().extend(file.acts);
            }
            Err(failure) => failures.push(failure),
        }
    }
    if theirs.is_empty() && !failures.is_empty() {
        return Err(failures.remove(0));
    }
    for failure in &failures {
        anstream::eprintln!("{}", crate::failure::line(failure));
    }
    // A day's file lies in the month's too.
    for acts in theirs.values_mut() {
        acts.sort_by(|a, b| (&a.date, &a.id).cmp(&(&b.date, &b.id)));
        acts.dedup_by(|a, b| (&a.date, &a.id) == (&b.date, &b.id));
    }
    Ok((theirs, failed || !failures.is_empty()))
}

fn jsonl(source: Source, found: &Agreement) -> String {
    let head = json!({ "agreement": {
        "source": source.as_str(),
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
            "source": source.as_str(),
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

fn for_people(source: Source, found: &Agreement, limit: usize) -> String {
    let name = source.as_str();
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
