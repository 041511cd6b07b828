//! `dyad eval`.

use crate::args::EvalArgs;
use crate::failure::Failure;
use dyad_eval::{Set, cases};
use std::path::Path;
use std::process::ExitCode;

pub fn run(args: &EvalArgs) -> Result<ExitCode, Failure> {
    let set = args.set.0;
    let file = match &args.file {
        Some(file) => file.as_path(),
        None if set == Set::Cases => Path::new("cases"),
        None => return Err(Failure::NoFile { set }),
    };
    let reader = crate::lexicon::reader(&args.reader)?;
    if set != Set::Cases {
        let score = dyad_eval::score(set, file, &reader)?;
        let shown = if args.json { format!("{}\n", score.to_json()) } else { score.to_string() };
        return crate::print(&shown);
    }
    let outcomes = cases::run_all(file, &reader)?;
    let failed = outcomes.iter().filter(|o| !o.failures.is_empty()).count();
    for outcome in outcomes.iter().filter(|o| !o.failures.is_empty()) {
        anstream::eprintln!("{outcome}");
    }
    let score = dyad_eval::score_of_cases(file, &outcomes);
    let shown = if args.json { format!("{}\n", score.to_json()) } else { score.to_string() };
    crate::print(&shown)?;
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
