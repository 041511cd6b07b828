//! `dyad read`.

use crate::args::ReadArgs;
use crate::failure::Failure;
use crate::{batch, pretty};
use dyad_record::Record;
use std::io::{BufWriter, Write};
use std::process::ExitCode;

pub fn run(args: &ReadArgs) -> Result<ExitCode, Failure> {
    let reader = crate::lexicon::reader(&args.input.given.reader)?;
    let sure = |record| confident(record, args.min_confidence.unwrap_or(0.0));
    let (input, bar) = (&args.input, batch::beside_records());
    if args.pretty {
        let page = pretty::Page::of_terminal();
        let mut out = anstream::stdout().lock();
        let make = |record| page.render(&sure(record));
        let tally = batch::read(&reader, &input.paths, &input.given, &bar, make, |page| {
            out.write_all(page.as_bytes()).map_err(Failure::output)
        })?;
        out.flush().map_err(Failure::output)?;
        return Ok(tally.exit_code());
    }
    let mut out = BufWriter::new(std::io::stdout().lock());
    let make = |record| serde_json::to_string(&sure(record)).expect("a record is plain JSON");
    let tally = batch::read(&reader, &input.paths, &input.given, &bar, make, |line| {
        writeln!(out, "{line}").map_err(Failure::output)
    })?;
    out.flush().map_err(Failure::output)?;
    Ok(tally.exit_code())
}

/// The record without the events and ties that are less sure, and without what pointed at them.
fn confident(mut record: Record, least: f32) -> Record {
    let mut gone = Vec::new();
    record.events.retain(|event| {
        let keep = event.confidence >= least;
        if !keep {
            gone.push(event.id.clone());
        }
        keep
    });
    record.ties.retain(|tie| {
        let keep = tie.confidence >= least;
        if !keep {
            gone.push(tie.id.clone());
        }
        keep
    });
    if gone.is_empty() {
        return record;
    }
    for figure in &mut record.figures {
        if figure.about.as_ref().is_some_and(|about| gone.contains(about)) {
            figure.about = None;
        }
        figure.from.retain(|id| !gone.contains(id));
    }
    let derivations = (record.events.iter_mut().map(|e| &mut e.from))
        .chain(record.statements.iter_mut().map(|s| &mut s.from))
        .chain(record.ties.iter_mut().map(|t| &mut t.stands_on));
    for derivation in derivations {
        derivation.retain(|id| !gone.contains(id));
    }
    record
}
