//! The `dyad` command: arguments, progress, colours, exit codes. It has no rules of its own.
#![forbid(unsafe_code)]

mod archive;
mod args;
mod ask;
mod batch;
mod correct;
mod dependence;
mod eval;
mod exchange;
mod explain;
mod failure;
mod lexicon;
mod ontology;
mod page;
mod post;
mod pretty;
mod read;
mod source;
mod store;
mod storing;
mod table;
mod watch;
mod web;

use args::{Args, Command};
use clap::{CommandFactory, Parser};
use failure::Failure;
use std::io::{self, Write};
use std::process::ExitCode;

/// What one thread reads another one stores and lets go of, which the system's own makes slow.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match run(Args::parse().command) {
        Ok(code) => code,
        Err(Failure::Pipe) => ExitCode::SUCCESS,
        Err(failure) => {
            anstream::eprintln!("{}", failure::line(&failure));
            ExitCode::from(failure.exit_code())
        }
    }
}

fn run(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Read(args) => read::run(&args),
        Command::Add(args) => archive::add(&args),
        Command::Serve(args) => archive::serve(&args),
        Command::Token(args) => archive::token(&args),
        Command::Summary(args) => archive::summary(&args),
        Command::Events(args) => ask::events(&args),
        Command::Episodes(args) => ask::episodes(&args),
        Command::Statements(args) => ask::statements(&args),
        Command::Figures(args) => ask::figures(&args),
        Command::Ties(args) => ask::ties(&args),
        Command::Actors(args) => ask::actors(&args),
        Command::Pair(args) => page::pair(&args),
        Command::Timeline(args) => page::timeline(&args),
        Command::Brief(args) => page::brief(&args),
        Command::Sql(args) => page::sql(&args),
        Command::Watch(args) => watch::run(&args),
        Command::Drop(args) => store::drop(&args),
        Command::Verify(args) => store::verify(&args),
        Command::Recode(args) => store::recode(&args),
        Command::Correct(args) => correct::run(&args),
        Command::Corrections(args) => correct::list(&args),
        Command::Demo(args) => archive::demo(&args),
        Command::Export(args) => exchange::export(&args),
        Command::Import(args) => exchange::import(&args),
        Command::Compare(args) => exchange::compare(&args),
        Command::Dependence(args) => dependence::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Eval(args) => eval::run(&args),
        Command::TrainType(args) => ontology::train(&args),
        Command::Lexicon(args) => lexicon::run(&args.command),
        Command::Schema => print(&format!("{:#}\n", dyad_record::json_schema())),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Args::command(), "dyad", &mut script);
            print(&String::from_utf8_lossy(&script))
        }
        Command::Man { folder: Some(folder) } => {
            let made = std::fs::create_dir_all(&folder)
                .and_then(|()| clap_mangen::generate_to(Args::command(), &folder));
            made.map_err(|error| Failure::write(&folder, &error))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Man { folder: None } => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Args::command()).render(&mut page).map_err(Failure::output)?;
            print(&String::from_utf8_lossy(&page))
        }
    }
}

fn print(text: &str) -> Result<ExitCode, Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Failure::output)?;
    Ok(ExitCode::SUCCESS)
}
