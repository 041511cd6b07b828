//! `dyad train-type`, and the user's event types for the commands that read.

use crate::args::TrainTypeArgs;
use crate::failure::{self, Failure, NOTHING};
use dyad_lexicon::TableError;
use dyad_reader::Reader;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

/// How many faults of a file are shown.
const SHOWN: usize = 20;

/// The reader with the event types of these heads.
pub fn with_heads(reader: Reader, paths: &[PathBuf]) -> Result<Reader, Failure> {
    if paths.is_empty() {
        return Ok(reader);
    }
    let texts: Result<Vec<(String, String)>, Failure> =
        paths.iter().map(|path| Ok((path.display().to_string(), text(path)?))).collect();
    let texts = texts?;
    let heads = texts.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    reader.with_heads(heads).map_err(Failure::Ontology)
}

pub fn train(args: &TrainTypeArgs) -> Result<ExitCode, Failure> {
    let started = Instant::now();
    let reader = crate::lexicon::with_dictionaries(&args.dictionaries)?;
    let (name, written) = (file_name(&args.file), text(&args.file)?);
    let trained = match dyad_ontology::train(&name, &written, &reader) {
        Ok(trained) => trained,
        Err(faults) => return Ok(tell(&args.file, faults)),
    };
    crate::print(&trained.report.to_string())?;
    let seconds = started.elapsed().as_secs_f32();
    let head = trained.head.to_text();
    if let Some(kept) = &args.hold_out {
        let kind = trained.head.spec.kind();
        let reader =
            reader.with_heads([(name.as_str(), head.as_str())]).map_err(Failure::Ontology)?;
        match dyad_ontology::judge(&file_name(kept), &text(kept)?, &reader, kind) {
            Ok(judged) => crate::print(&judged.to_string())?,
            Err(faults) => return Ok(tell(kept, faults)),
        };
    }
    if args.dry_run {
        return Ok(ExitCode::SUCCESS);
    }
    let output = args.output.clone().unwrap_or_else(|| args.file.with_extension("head"));
    std::fs::write(&output, &head).map_err(|error| Failure::write(&output, &error))?;
    anstream::eprintln!(
        "trained in {seconds:.1} s; wrote {}, {} bytes",
        output.display(),
        head.len()
    );
    Ok(ExitCode::SUCCESS)
}

fn text(path: &Path) -> Result<String, Failure> {
    let bytes = std::fs::read(path).map_err(|error| Failure::file(path, &error))?;
    String::from_utf8(bytes).map_err(|_| Failure::File {
        path: path.to_owned(),
        error: "no text in UTF-8".to_owned(),
        mend: "save it as UTF-8",
    })
}

/// A head is the same wherever its file lay.
fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn tell(path: &Path, faults: Vec<TableError>) -> ExitCode {
    let more = faults.len().saturating_sub(SHOWN);
    for fault in faults.into_iter().take(SHOWN) {
        let fault = TableError { table: path.display().to_string(), ..fault };
        anstream::eprintln!("{}", failure::line(&Failure::Ontology(fault)));
    }
    if more > 0 {
        anstream::eprintln!("{more} more faults");
    }
    ExitCode::from(NOTHING)
}
