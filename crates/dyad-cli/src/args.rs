//! What may stand on the command line. Help, man page and completions all come from here.

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Parser, Subcommand, ValueHint};
use dyad_eval::Set;
use jiff::civil::Date;
use std::net::SocketAddr;
use std::path::PathBuf;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Reads news reports into a sourced, dated, checkable record: who did what to whom, who said so,
/// with which figures, and how the sides stand to each other. Everything points at its words.
#[derive(Debug, Parser)]
#[command(name = "dyad", version, styles = STYLES, after_help = EXAMPLES, max_term_width = 100)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Examples:
  dyad read report.html --pretty           one report, for a person
  dyad read news/ > records.jsonl          every report of a folder, one record a line
  curl -s URL | dyad read - --url URL      a page from the web
  dyad add news.dyad news/                 read into an archive
  dyad serve news.dyad                     look at it in the browser
  dyad demo                                all of this on the sample reports

Exit codes: 0 all read, 2 nothing could be read, 3 a part could not be read.";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Print the record of each report, one JSON object a line
    Read(ReadArgs),
    /// Read reports into an archive
    Add(AddArgs),
    /// Show an archive in the browser
    Serve(ServeArgs),
    /// Print what an archive holds
    Summary(SummaryArgs),
    /// Read the sample reports into an archive and show them in the browser
    Demo(DemoArgs),
    /// Score the reader on a set of the field, or run the golden cases
    Eval(EvalArgs),
    /// Check dictionaries of your own, and ask who bears a name
    Lexicon(LexiconArgs),
    /// Print the JSON Schema of a record
    Schema,
    /// Print a completion script for a shell
    #[command(
        after_help = "Example:\n  dyad completions bash > ~/.local/share/bash-completion/completions/dyad"
    )]
    Completions { shell: clap_complete::Shell },
    /// Print the man page
    #[command(after_help = "Example:\n  dyad man | man -l -")]
    Man {
        /// Write the pages of every subcommand into this folder instead
        #[arg(value_hint = ValueHint::DirPath)]
        folder: Option<PathBuf>,
    },
}

const READ_EXAMPLES: &str = "\
Plain text, Markdown, HTML, JSON and JSONL are told apart by their content, whatever the files
are called. JSON objects hold `text` and, where known, `title`, `published`, `url`, `outlet`.

Examples:
  dyad read report.txt --published 2022-12-30
  dyad read a.html b.md c.jsonl --jobs 2 | jq '.events[] | select(.status == \"happened\")'
  dyad read news/ --min-confidence 0.8 > sure.jsonl
  dyad read - < page.html";

#[derive(Debug, clap::Args)]
#[command(after_help = READ_EXAMPLES)]
pub struct ReadArgs {
    #[command(flatten)]
    pub input: InputArgs,
    /// Show the text beside what was read from it, for a person
    #[arg(long)]
    pub pretty: bool,
    /// Leave out events and ties below this confidence (0 to 1)
    #[arg(long, value_name = "P", value_parser = confidence)]
    pub min_confidence: Option<f32>,
}

/// Which reports, and what is known of them beside their bytes.
#[derive(Debug, clap::Args)]
pub struct InputArgs {
    /// Files and folders to read; `-` is standard input
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub given: GivenArgs,
}

#[derive(Debug, Default, clap::Args)]
pub struct GivenArgs {
    /// Day of publication, for reports that do not tell it themselves
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub published: Option<Date>,
    /// Address of the report
    #[arg(long, value_hint = ValueHint::Url)]
    pub url: Option<String>,
    #[command(flatten)]
    pub dictionaries: DictionaryArgs,
    /// Threads that read; the output is the same for any number [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  dyad add news.dyad today/ yesterday.jsonl")]
pub struct AddArgs {
    /// The archive, one file; it is made where there is none
    #[arg(value_hint = ValueHint::FilePath)]
    pub archive: PathBuf,
    #[command(flatten)]
    pub input: InputArgs,
}

#[derive(Debug, clap::Args)]
pub struct ServeArgs {
    /// The archive to show
    #[arg(default_value = "dyad.sqlite", value_hint = ValueHint::FilePath)]
    pub archive: PathBuf,
    /// Address and port to listen on [default: 127.0.0.1:7878]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    #[command(flatten)]
    pub dictionaries: DictionaryArgs,
}

#[derive(Debug, clap::Args)]
pub struct SummaryArgs {
    /// The archive to tell about
    #[arg(value_hint = ValueHint::FilePath)]
    pub archive: PathBuf,
}

#[derive(Debug, clap::Args)]
pub struct DemoArgs {
    /// Folder with the sample reports
    #[arg(default_value = "samples", value_hint = ValueHint::DirPath)]
    pub samples: PathBuf,
    /// Where to store them [default: a file in the folder for temporary files]
    #[arg(long, value_hint = ValueHint::FilePath)]
    pub archive: Option<PathBuf>,
    /// Address and port to listen on [default: 127.0.0.1:7878]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// Print the summary and end
    #[arg(long)]
    pub no_serve: bool,
}

const EVAL_EXAMPLES: &str = "\
docs/evaluation.md gives the rule by which each set is scored, and cases/README.md the notation of
the golden cases.

Examples:
  dyad eval ud en_ewt-dev.conllu.gz
  dyad eval plv dev.jsonl --json
  dyad eval cases                          the cases of the folder cases/
  dyad eval cases my-cases/";

#[derive(Debug, clap::Args)]
#[command(after_help = EVAL_EXAMPLES)]
pub struct EvalArgs {
    /// The set
    #[arg(value_enum, value_name = "SET")]
    pub set: SetName,
    /// Its file, plain or gzipped; for `cases` a folder or a file [default: cases]
    #[arg(value_hint = ValueHint::AnyPath)]
    pub file: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub dictionaries: DictionaryArgs,
}

/// Dictionaries of the user's own.
#[derive(Debug, Default, clap::Args)]
pub struct DictionaryArgs {
    /// Your own dictionaries, files or folders: tables in the layout of `lexicons/`, or PETRARCH's
    /// actors, agents, verbs, issues and discards, plain or gzipped. They win over the shipped ones
    #[arg(long, value_name = "PATH", num_args = 1.., value_hint = ValueHint::AnyPath)]
    pub lexicon: Vec<PathBuf>,
}

const LEXICON_EXAMPLES: &str = "\
docs/lexicons.md gives the layouts. `check` exits with 1 where it finds a fault or a conflict.

Examples:
  dyad lexicon check my-actors.txt my-agents.txt
  dyad lexicon who \"Foreign Minister\"
  dyad lexicon who Bush --on 1990-06-01
  dyad lexicon who Bush --lexicon my-dictionaries/";

#[derive(Debug, clap::Args)]
#[command(after_help = LEXICON_EXAMPLES)]
pub struct LexiconArgs {
    #[command(subcommand)]
    pub command: LexiconCommand,
}

#[derive(Debug, Subcommand)]
pub enum LexiconCommand {
    /// Find faults and conflicts in dictionaries, with file, line and what mends them
    Check {
        /// Files and folders
        #[arg(required = true, value_name = "PATH", value_hint = ValueHint::AnyPath)]
        paths: Vec<PathBuf>,
        /// Tell also which rows win over ours or are used only in part
        #[arg(long)]
        notes: bool,
    },
    /// Say whom a name stands for, which row says so, and which of several wins
    Who {
        name: String,
        /// The day on which it is said
        #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
        on: Option<Date>,
        #[command(flatten)]
        dictionaries: DictionaryArgs,
    },
}

fn date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| format!("impossible date `{text}`; write it as YYYY-MM-DD"))
}

fn confidence(text: &str) -> Result<f32, String> {
    match text.parse() {
        Ok(p) if (0.0..=1.0).contains(&p) => Ok(p),
        _ => Err("write a number from 0 to 1".to_owned()),
    }
}

/// A set by its name.
#[derive(Clone, Copy, Debug)]
pub struct SetName(pub Set);

impl clap::ValueEnum for SetName {
    fn value_variants<'a>() -> &'a [Self] {
        const ALL: [SetName; Set::ALL.len()] = {
            let mut all = [SetName(Set::ALL[0]); Set::ALL.len()];
            let mut i = 0;
            while i < all.len() {
                all[i] = SetName(Set::ALL[i]);
                i += 1;
            }
            all
        };
        &ALL
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(self.0.name()).help(self.0.about()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn impossible_dates_are_refused() {
        assert!(date("2023-02-30").unwrap_err().contains("2023-02-30"));
        assert!(date("2024-02-29").is_ok());
        assert!(confidence("1.2").is_err() && confidence("0.5").is_ok());
    }
}
