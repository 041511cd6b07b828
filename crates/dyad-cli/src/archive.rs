//! `dyad add`, `serve`, `summary` and `demo`: reading into an archive and showing it.

use crate::args::{AddArgs, DemoArgs, GivenArgs, ServeArgs, SummaryArgs};
use crate::batch::{self, Tally};
use crate::failure::Failure;
use dyad_archive::{Archive, Outcome};
use dyad_reader::Reader;
use dyad_record::archive::Summary;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

pub fn add(args: &AddArgs) -> Result<ExitCode, Failure> {
    let reader = Reader::builtin()?;
    let tally = store(&reader, &args.archive, &args.input.paths, &args.input.given)?;
    Ok(tally.exit_code())
}

pub fn serve(args: &ServeArgs) -> Result<ExitCode, Failure> {
    show(&args.archive, Reader::builtin()?, args.listen)
}

pub fn summary(args: &SummaryArgs) -> Result<ExitCode, Failure> {
    tell(&Archive::open_existing(&args.archive)?)
}

pub fn demo(args: &DemoArgs) -> Result<ExitCode, Failure> {
    let archive =
        args.archive.clone().unwrap_or_else(|| std::env::temp_dir().join("dyad-demo.sqlite"));
    let reader = Reader::builtin()?;
    let paths = [args.samples.clone()];
    let tally = store(&reader, &archive, &paths, &GivenArgs::default())?;
    if tally.read == 0 {
        return Ok(tally.exit_code());
    }
    tell(&Archive::open_existing(&archive)?)?;
    if args.no_serve {
        return Ok(tally.exit_code());
    }
    show(&archive, reader, args.listen)
}

fn store(
    reader: &Reader,
    path: &Path,
    paths: &[PathBuf],
    given: &GivenArgs,
) -> Result<Tally, Failure> {
    let mut archive = Archive::open(path)?;
    let (mut added, mut unchanged, mut reread) = (0, 0, 0);
    let tally = batch::read(
        reader,
        paths,
        given,
        |record| record,
        |record| {
            match archive.add(&record)? {
                Outcome::Added => added += 1,
                Outcome::Unchanged => unchanged += 1,
                Outcome::Reread => reread += 1,
            }
            Ok(())
        },
    )?;
    let place = path.display();
    anstream::eprintln!(
        "{place}: {added} added, {reread} read anew, {unchanged} held already, {} could not be read",
        tally.failed
    );
    Ok(tally)
}

fn tell(archive: &Archive) -> Result<ExitCode, Failure> {
    crate::print(&told(&archive.summary()?))
}

/// A summary in words. Counts are counts of episodes, with counts of reports beside them.
fn told(summary: &Summary) -> String {
    let mut out = String::new();
    let mut line = |text: String| {
        out.push_str(&text);
        out.push('\n');
    };
    let days = match (&summary.published_from, &summary.published_to) {
        (Some(from), Some(to)) => format!(", published {from} to {to}"),
        _ => String::new(),
    };
    line(format!(
        "{} reports from {} outlets ({} independent texts){days}",
        summary.reports, summary.outlets, summary.voices
    ));
    line(format!(
        "{} episodes, {} of them deeds; {} told by several, {} disagreements between tellings",
        summary.episodes, summary.deeds, summary.told_by_several, summary.disagreements
    ));
    line(format!(
        "{} events, {} statements, {} figures, {} ties",
        summary.events, summary.statements, summary.figures, summary.ties
    ));
    for (name, counts) in [("type", &summary.by_type), ("status", &summary.by_status)] {
        if counts.is_empty() {
            continue;
        }
        line(format!("\n{name:<14} episodes  deeds  events"));
        for count in counts {
            line(format!(
                "{:<14} {:>8}  {:>5}  {:>6}",
                count.name, count.episodes, count.deeds, count.events
            ));
        }
    }
    if !summary.dyads.is_empty() {
        line(format!("\n{:<14} episodes  deeds  events  Goldstein of the deeds", "dyad"));
    }
    for dyad in summary.dyads.iter().take(12) {
        let sides = format!("{} → {}", dyad.from, dyad.to);
        line(format!(
            "{sides:<14} {:>8}  {:>5}  {:>6}  {:+.1}",
            dyad.episodes, dyad.deeds, dyad.events, dyad.goldstein
        ));
    }
    out
}

fn show(path: &Path, reader: Reader, listen: Option<SocketAddr>) -> Result<ExitCode, Failure> {
    dyad_server::serve(path, Arc::new(reader), listen)?;
    Ok(ExitCode::SUCCESS)
}
