//! What may stand on the command line. Help, man page and completions all come from here.

use clap::builder::styling::{AnsiColor, Styles};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand, ValueHint};
use dyad_archive::{Filter, Side};
use dyad_eval::Set;
use dyad_record::correction::ItemKind;
use dyad_record::foreign::Coder;
use dyad_record::{EventType, Quad, Status, TieKind};
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
  dyad read https://host/page.html         a page from the web
  dyad add news.dyad news/                 read into an archive
  dyad serve news.dyad                     look at it in the browser
  dyad events --archive news.dyad --who RUS --whom UKR --deeds
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
    /// Make, list and revoke the tokens by which others use a served archive
    Token(TokenArgs),
    /// Print what an archive holds
    Summary(SummaryArgs),
    /// List events as told: who did what to whom, when and where
    Events(CodedArgs),
    /// List happenings: events of one act joined across reports, with where their tellings differ
    Episodes(EventsArgs),
    /// List statements: who said what
    Statements(StatementsArgs),
    /// List figures, and who gives them
    Figures(EventsArgs),
    /// List ties: how two sides stand to each other
    Ties(TiesArgs),
    /// List who acts and who is acted on, and how often
    Actors(EventsArgs),
    /// Show what passed between two sides: months, statements, ties, who leans on whom
    Pair(PairArgs),
    /// List happenings in the order of their days, each with its sources
    Timeline(TimelineArgs),
    /// Write a page about two sides in which every sentence carries its sources
    Brief(BriefArgs),
    /// Ask in SQL, reading only
    Sql(SqlArgs),
    /// Tell where rules are met: a dyad, types, a threshold or a jump against its own past
    Watch(WatchArgs),
    /// Take reports out of an archive
    Drop(DropArgs),
    /// Hold an archive against itself: every hash, and the words at every position
    Verify(VerifyArgs),
    /// Read an archive's reports again with this version; older readings are kept
    Recode(RecodeArgs),
    /// Amend or reject what was read, or add an event that was missed; the reading itself is kept
    Correct(CorrectArgs),
    /// List what people corrected
    Corrections(CorrectionsArgs),
    /// Read the sample reports into an archive and show them in the browser
    Demo(DemoArgs),
    /// Write an archive in the formats of the field
    Export(ExportArgs),
    /// Store GDELT, ICEWS or POLECAT files in an archive, beside its own reading
    Import(ImportArgs),
    /// Set an archive beside what GDELT, ICEWS or POLECAT coded: agreement by dyad and month
    Compare(CompareArgs),
    /// How two states depend on each other by trade tables, and what reports said of it
    Dependence(DependenceArgs),
    /// Show why each item was read: words, parse, rule or model, and what else it might have been
    Explain(ExplainArgs),
    /// Score the reader on a set of the field, or run the golden cases
    Eval(EvalArgs),
    /// Train an event type of your own from a file of examples and patterns
    TrainType(TrainTypeArgs),
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

const EXPLAIN_EXAMPLES: &str = "\
Below each item: its sentence as CoNLL-U has it (number, form, lemma, tags, head, relation, and what
the item takes the word for), the line of the lexicon or the model that found it, what it stands on,
and the other codes with the model's share of belief in them.

Examples:
  dyad explain report.html
  dyad explain report.txt --item e3
  dyad explain news/ --json | jq 'select(.confidence < 0.5)'";

#[derive(Debug, clap::Args)]
#[command(after_help = EXPLAIN_EXAMPLES)]
pub struct ExplainArgs {
    #[command(flatten)]
    pub input: InputArgs,
    /// Only this item, by its id in the record
    #[arg(long, value_name = "ID")]
    pub item: Option<String>,
    /// Print one JSON object a line for each item
    #[arg(long)]
    pub json: bool,
}

/// Which reports, and what is known of them beside their bytes.
#[derive(Debug, clap::Args)]
pub struct InputArgs {
    /// Files and folders to read, addresses of pages and feeds; `-` is standard input
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
    /// A host that may be at a private address, once for each; others must be public
    #[arg(long = "private-host", value_name = "HOST", value_hint = ValueHint::Hostname)]
    pub private_hosts: Vec<String>,
    #[command(flatten)]
    pub reader: ReaderArgs,
    /// Threads that read; the output is the same for any number [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "A feed (RSS or Atom) is read page by page. Hosts at private addresses are refused, also as\nthe end of a redirect, unless --private-host names them. What was read already is stored as it is:\nlines that `dyad read` printed, and the readings of another archive.\n\nExamples:\n  dyad add news.dyad today/ yesterday.jsonl\n  dyad add news.dyad https://host/world/rss.xml\n  dyad add news.dyad records.jsonl older.dyad"
)]
pub struct AddArgs {
    /// The archive, one file; it is made where there is none
    #[arg(value_hint = ValueHint::FilePath)]
    pub archive: PathBuf,
    #[command(flatten)]
    pub input: InputArgs,
    /// A file of rules (see `dyad watch --help`): print a notice where these reports meet one
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub watch: Option<PathBuf>,
    /// Send these notices to this address, too, as `dyad watch` does
    #[arg(long, value_name = "URL", requires = "watch", value_hint = ValueHint::Url)]
    pub post: Option<String>,
}

const SERVE_EXAMPLES: &str = "\
/api/v1/openapi.json describes the HTTP API and docs/service.md tells it in short. An address that
others reach takes a token: make one with `dyad token new` first.

Examples:
  dyad serve news.dyad
  dyad token new ana --archive news.dyad
  dyad serve news.dyad --listen 0.0.0.0:7878 --log json
  dyad serve news.dyad --trade BACI.zip";

#[derive(Debug, clap::Args)]
#[command(after_help = SERVE_EXAMPLES)]
pub struct ServeArgs {
    /// The archive to show
    #[arg(default_value = "dyad.sqlite", value_hint = ValueHint::FilePath)]
    pub archive: PathBuf,
    /// Address and port to listen on [default: 127.0.0.1:7878]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// Trade tables to set beside the reports of two states (see `dyad dependence --help`)
    #[arg(long, num_args = 1.., value_name = "TABLE", value_hint = ValueHint::FilePath)]
    pub trade: Vec<PathBuf>,
    /// A host at a private address that reports may be fetched from, once for each
    #[arg(long = "private-host", value_name = "HOST", value_hint = ValueHint::Hostname)]
    pub private_hosts: Vec<String>,
    /// What to log on stderr [default: quiet on a terminal, else json]
    #[arg(long, value_name = "FORM")]
    pub log: Option<LogForm>,
    #[command(flatten)]
    pub reader: ReaderArgs,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum LogForm {
    /// One JSON object a request
    Json,
    /// One line a request
    Text,
    /// Only what goes wrong
    Quiet,
}

#[derive(Debug, clap::Args)]
pub struct TokenArgs {
    #[command(subcommand)]
    pub command: TokenCommand,
    /// The archive whose tokens they are
    #[arg(long, global = true, default_value = "dyad.sqlite", value_hint = ValueHint::FilePath)]
    pub archive: PathBuf,
}

#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token and print it; only its hash is kept
    New {
        /// Whose it is
        name: String,
        /// `reader` looks, `editor` also stores and changes
        #[arg(long, default_value = "reader", value_parser = str::parse::<dyad_server::Role>)]
        role: dyad_server::Role,
    },
    /// Print whose tokens there are, and their roles
    List,
    /// Make a token worthless, at once
    Revoke { name: String },
}

#[derive(Debug, clap::Args)]
pub struct SummaryArgs {
    /// The archive to tell about
    #[arg(value_hint = ValueHint::FilePath)]
    pub archive: PathBuf,
}

const ASK_EXAMPLES: &str = "\
A side is a country's code or name (RUS, Russia), an organisation's code (NATO), either with a
sector (`RUS MIL`), or words of a name (`red cross`).

Examples:
  dyad events --who RUS --whom UKR --type ASSAULT,COERCE --deeds --month 2022-12
  dyad episodes --between RUS CHN --newest --limit 20
  dyad statements --who \"Joe Biden\" --text '\"grain deal\" Odesa'
  dyad events --quad material_conflict --place Odesa --format csv > odesa.csv
  dyad episodes --deeds --format parquet > deeds.parquet
  dyad figures --whom ISR --outlet 'Coast Post' | jq .value";

/// The archive that is asked.
#[derive(Debug, clap::Args)]
pub struct ArchiveArgs {
    /// The archive
    #[arg(long, value_name = "FILE", default_value = "dyad.sqlite", value_hint = ValueHint::FilePath)]
    pub archive: PathBuf,
}

#[derive(Debug, clap::Args)]
#[command(after_help = ASK_EXAMPLES)]
pub struct EventsArgs {
    #[command(flatten)]
    pub archive: ArchiveArgs,
    #[command(flatten)]
    sides: SideArgs,
    #[command(flatten)]
    act: ActArgs,
    #[command(flatten)]
    sure: SureArgs,
    #[command(flatten)]
    told: ToldArgs,
    #[command(flatten)]
    pub page: PageArgs,
}

/// Events, also those that others coded.
#[derive(Debug, clap::Args)]
pub struct CodedArgs {
    /// Instead of our own reading what these others coded, with commas between them; of the filter
    /// count sides (states), classes, days and the place
    #[arg(long, value_name = "CODER", value_delimiter = ',', ignore_case = true, value_parser = closed(Coder::ALL, Coder::as_str))]
    pub coder: Vec<Coder>,
    #[command(flatten)]
    pub events: EventsArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = ASK_EXAMPLES)]
pub struct StatementsArgs {
    #[command(flatten)]
    pub archive: ArchiveArgs,
    #[command(flatten)]
    sides: SideArgs,
    #[command(flatten)]
    told: ToldArgs,
    #[command(flatten)]
    pub page: PageArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = ASK_EXAMPLES)]
pub struct TiesArgs {
    #[command(flatten)]
    pub archive: ArchiveArgs,
    #[command(flatten)]
    sides: SideArgs,
    /// Only these kinds, with commas between them
    #[arg(long = "type", value_name = "KIND", value_delimiter = ',', ignore_case = true, value_parser = closed(TieKind::ALL, TieKind::as_str))]
    kinds: Vec<TieKind>,
    #[command(flatten)]
    sure: SureArgs,
    #[command(flatten)]
    told: ToldArgs,
    #[command(flatten)]
    pub page: PageArgs,
}

const WATCH_EXAMPLES: &str = "\
A file of rules holds one a line, `#` begins a comment:
  border:  who RUS whom UKR type ASSAULT,COERCE at least 3 in 7 days
  quarrel: between ARM AZE quad material_conflict jump 2 in 14 days
  relief:  either \"red cross\" place Odesa status planned,happened

Examples:
  dyad watch rules.txt --archive news.sqlite --since 2023-01-01
  dyad watch rules.txt --archive news.sqlite --follow | jq .rule
  dyad watch rules.txt --archive news.sqlite --follow --post https://desk.example/notices
  dyad add news.sqlite today/ --watch rules.txt";

#[derive(Debug, clap::Args)]
#[command(after_help = WATCH_EXAMPLES)]
pub struct WatchArgs {
    /// The file of rules
    #[arg(value_hint = ValueHint::FilePath)]
    pub rules: PathBuf,
    #[command(flatten)]
    pub archive: ArchiveArgs,
    /// Only where they were met on this day or later
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub since: Option<Date>,
    /// Go on and tell what new reports bring, until stopped
    #[arg(long)]
    pub follow: bool,
    /// Send each notice to this address, too, as one JSON object in a POST
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub post: Option<String>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  dyad drop 5e37ea3b 8828ad6b --archive news.sqlite")]
pub struct DropArgs {
    /// Ids of reports, or what they begin with
    #[arg(required = true, value_name = "REPORT")]
    pub reports: Vec<String>,
    #[command(flatten)]
    pub archive: ArchiveArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Exits with 1 where something is not as it was stored.")]
pub struct VerifyArgs {
    #[command(flatten)]
    pub archive: ArchiveArgs,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  dyad recode --archive news.sqlite | jq 'select(.item == \"event\")'"
)]
pub struct RecodeArgs {
    #[command(flatten)]
    pub archive: ArchiveArgs,
    /// List the differences and store nothing
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub reader: ReaderArgs,
    /// Threads that read; the output is the same for any number [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
}

const CORRECT_EXAMPLES: &str = "\
The fields are those of the answers' rows; docs/archive.md lists them. Nothing after `=` empties one,
several sides stand with `;` between them, and a side is a code (RUS, `RUS MIL`), an actor's id in the
record (a3), a name, or `NAME=CODE`.

Examples:
  dyad correct amend 5e37ea3b e3 status=planned actors=RUS place=Odesa --why 'it says \"will\"'
  dyad correct reject 5e37ea3b t1 --why 'a menu, not the article' --by ana
  dyad correct add 5e37ea3b 'shelled the port' type=ASSAULT actors=RUS recipients=UKR --why missed
  dyad correct add 5e37ea3b 'some 40 boats' --kind figure value=40 counted=boats about=e3 --why missed
  dyad correct amend 5e37ea3b c12 recipients=POL --why 'the port is Polish'
  dyad correct withdraw c12";

#[derive(Debug, clap::Args)]
#[command(after_help = CORRECT_EXAMPLES)]
pub struct CorrectArgs {
    #[command(subcommand)]
    pub command: CorrectCommand,
    /// The archive
    #[arg(long, global = true, value_name = "FILE", default_value = "dyad.sqlite", value_hint = ValueHint::FilePath)]
    pub archive: PathBuf,
}

#[derive(Debug, Subcommand)]
pub enum CorrectCommand {
    /// Say what is otherwise of an event, statement, figure or tie
    Amend {
        /// Id of the report, or what it begins with
        report: String,
        /// Id of the item in its record
        item: String,
        /// What is otherwise
        #[arg(required = true, value_name = "FIELD=VALUE", value_parser = field)]
        changes: Vec<(String, String)>,
        #[command(flatten)]
        why: WhyArgs,
    },
    /// Say that there is no such event, statement, figure or tie
    Reject {
        /// Id of the report, or what it begins with
        report: String,
        /// Id of the item in its record
        item: String,
        #[command(flatten)]
        why: WhyArgs,
    },
    /// Add an event, statement, figure or tie that was missed
    Add {
        /// Id of the report, or what it begins with
        report: String,
        /// The words of the report that tell it
        words: String,
        /// What it is: of an event `type`, of a statement `speaker`, of a figure `value`, of a tie
        /// `kind`, `from` and `to` at least
        #[arg(required = true, value_name = "FIELD=VALUE", value_parser = field)]
        changes: Vec<(String, String)>,
        /// What is added
        #[arg(long, value_name = "KIND", default_value = "event", ignore_case = true, value_parser = closed(ItemKind::ALL, ItemKind::as_str))]
        kind: ItemKind,
        #[command(flatten)]
        why: WhyArgs,
    },
    /// Take a correction back; it is kept and counts no more
    Withdraw {
        /// Id of the correction
        correction: String,
        /// Who takes it back [default: who is logged in]
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
}

#[derive(Debug, clap::Args)]
pub struct WhyArgs {
    /// Why; it is kept with the correction
    #[arg(long, value_name = "WORDS")]
    pub why: String,
    /// Who says so [default: who is logged in]
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  dyad corrections --archive news.sqlite\n  dyad export --format corrections --archive news.sqlite > lessons.jsonl"
)]
pub struct CorrectionsArgs {
    #[command(flatten)]
    pub archive: ArchiveArgs,
    /// Of this report only (its id, or what it begins with)
    #[arg(long, value_name = "ID")]
    pub report: Option<String>,
    /// Those that were withdrawn, too
    #[arg(long)]
    pub withdrawn: bool,
    /// Only those for which the newest reading has no item any more
    #[arg(long)]
    pub lost: bool,
    /// How to print it [default: table on a terminal, jsonl in a pipe]
    #[arg(long, value_enum)]
    pub format: Option<RowFormat>,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  dyad pair RUS CHN --from 2022-01-01\n  dyad pair RUS CHN | jq .months"
)]
pub struct PairArgs {
    /// A country's code or name, or another side as for `dyad events`
    #[arg(value_name = "SIDE", value_parser = side)]
    pub a: Side,
    #[arg(value_name = "OTHER", value_parser = side)]
    pub b: Side,
    #[command(flatten)]
    pub archive: ArchiveArgs,
    #[command(flatten)]
    told: ToldArgs,
    /// Print one JSON object; in a pipe that is the usual
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  dyad timeline --between RUS UKR --month 2022-12 --deeds")]
pub struct TimelineArgs {
    #[command(flatten)]
    pub archive: ArchiveArgs,
    #[command(flatten)]
    sides: SideArgs,
    #[command(flatten)]
    act: ActArgs,
    #[command(flatten)]
    sure: SureArgs,
    #[command(flatten)]
    told: ToldArgs,
    /// At most so many
    #[arg(long, value_name = "N")]
    limit: Option<u32>,
    /// The latest first
    #[arg(long)]
    newest: bool,
    /// How to write it
    #[arg(long, value_enum, default_value = "markdown")]
    pub format: PageFormat,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  dyad brief RUS CHN --month 2022-12 --format html > brief.html")]
pub struct BriefArgs {
    /// A country's code or name, or another side as for `dyad events`
    #[arg(value_name = "SIDE", value_parser = side)]
    pub a: Side,
    #[arg(value_name = "OTHER", value_parser = side)]
    pub b: Side,
    #[command(flatten)]
    pub archive: ArchiveArgs,
    #[command(flatten)]
    told: ToldArgs,
    /// How to write it
    #[arg(long, value_enum, default_value = "markdown")]
    pub format: PageFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum PageFormat {
    Markdown,
    Html,
    Json,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  dyad sql \"SELECT who, whom, count(*) FROM dyads GROUP BY 1, 2\"\n  dyad sql \"SELECT type, count(*) FROM episodes WHERE deed GROUP BY 1\" --format csv\n\nViews: events, statements, figures, ties, episodes, tellings, dyads, corrections.\ndocs/archive.md lists their columns, and the tables."
)]
pub struct SqlArgs {
    /// The question; without it, statements that end with `;` are read from standard input
    pub query: Option<String>,
    #[command(flatten)]
    pub archive: ArchiveArgs,
    /// How to print it [default: table on a terminal, jsonl in a pipe]
    #[arg(long, value_enum)]
    pub format: Option<RowFormat>,
}

#[derive(Debug, clap::Args)]
struct SideArgs {
    /// Who acts, speaks, or is the first side of a tie
    #[arg(long, value_name = "SIDE", value_parser = side)]
    who: Option<Side>,
    /// Who it is done or said to, or the other side of a joint act or a tie
    #[arg(long, value_name = "SIDE", value_parser = side)]
    whom: Option<Side>,
    /// Who takes part on whichever side
    #[arg(long, value_name = "SIDE", value_parser = side)]
    either: Option<Side>,
    /// Two that face each other, whoever acts
    #[arg(long, value_names = ["SIDE", "SIDE"], num_args = 2, value_parser = side)]
    between: Vec<Side>,
}

#[derive(Debug, clap::Args)]
struct ActArgs {
    /// Only these types, of PLOVER or your own, with commas between them
    #[arg(long = "type", value_name = "TYPE", value_delimiter = ',', value_parser = event_type)]
    types: Vec<EventType>,
    /// Only these classes
    #[arg(long = "quad", value_name = "QUAD", value_delimiter = ',', ignore_case = true, value_parser = closed(Quad::ALL, Quad::as_str))]
    quads: Vec<Quad>,
    /// Only what has come so far
    #[arg(long = "status", value_name = "STATUS", value_delimiter = ',', ignore_case = true, value_parser = closed(Status::ALL, Status::as_str))]
    statuses: Vec<Status>,
    /// Only what happened or is going on
    #[arg(long)]
    deeds: bool,
    /// Where: a country's code or name, or words of a place's name
    #[arg(long, value_name = "PLACE")]
    place: Option<String>,
}

#[derive(Debug, clap::Args)]
struct SureArgs {
    /// At least so sure (0 to 1)
    #[arg(long, value_name = "P", value_parser = confidence)]
    min_confidence: Option<f32>,
}

/// When, and by whom it is told.
#[derive(Debug, clap::Args)]
struct ToldArgs {
    /// On this day or later; what has no day of its own counts on the day of publication
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    from: Option<Date>,
    /// On this day or before
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    to: Option<Date>,
    /// In this month
    #[arg(long, value_name = "YYYY-MM", value_parser = month, conflicts_with_all = ["from", "to"])]
    month: Option<Date>,
    /// Told by this outlet
    #[arg(long, value_name = "NAME")]
    outlet: Option<String>,
    /// Told in this report (its id)
    #[arg(long, value_name = "ID")]
    report: Option<String>,
    /// Told in a report that holds these words; words in double quotes must stand together
    #[arg(long, value_name = "WORDS")]
    text: Option<String>,
}

/// How much of the answer, and how it is printed.
#[derive(Debug, clap::Args)]
pub struct PageArgs {
    /// At most so many [default: all, 100 in a table]
    #[arg(long, value_name = "N")]
    pub limit: Option<u32>,
    /// Leave out the first so many
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub offset: u32,
    /// The latest first
    #[arg(long)]
    pub newest: bool,
    /// How to print it [default: table on a terminal, jsonl in a pipe]
    #[arg(long, value_enum)]
    pub format: Option<RowFormat>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Columns for a person
    Table,
    /// One JSON object a line
    Jsonl,
    /// Comma-separated values with a header
    Csv,
}

/// How rows are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum RowFormat {
    /// Columns for a person
    Table,
    /// One JSON object a line
    Jsonl,
    /// Comma-separated values with a header
    Csv,
    /// A Parquet file, lists and objects nested; not for a terminal
    Parquet,
}

impl EventsArgs {
    pub fn filter(&self) -> Filter {
        self.page.on(self.sure.on(self.act.on(self.sides.on(self.told.filter()))))
    }
}

impl StatementsArgs {
    pub fn filter(&self) -> Filter {
        self.page.on(self.sides.on(self.told.filter()))
    }
}

impl PairArgs {
    pub fn filter(&self) -> Filter {
        self.told.filter()
    }
}

impl BriefArgs {
    pub fn filter(&self) -> Filter {
        self.told.filter()
    }
}

impl TimelineArgs {
    pub fn filter(&self) -> Filter {
        let (limit, newest) = (self.limit, self.newest);
        let filter = self.sure.on(self.act.on(self.sides.on(self.told.filter())));
        Filter { limit, newest, ..filter }
    }
}

impl TiesArgs {
    pub fn filter(&self) -> Filter {
        let filter = self.page.on(self.sure.on(self.sides.on(self.told.filter())));
        Filter { ties: self.kinds.clone(), ..filter }
    }
}

impl ToldArgs {
    fn filter(&self) -> Filter {
        let from = self.from.or(self.month);
        let to = self.to.or(self.month.map(|m| m.last_of_month()));
        Filter {
            from: from.map(|d| d.to_string()),
            to: to.map(|d| d.to_string()),
            outlet: self.outlet.clone(),
            report: self.report.clone(),
            text: self.text.clone(),
            ..Filter::default()
        }
    }
}

impl SideArgs {
    fn on(&self, filter: Filter) -> Filter {
        let between = match &self.between[..] {
            [a, b] => Some((a.clone(), b.clone())),
            _ => None,
        };
        let (who, whom, either) = (self.who.clone(), self.whom.clone(), self.either.clone());
        Filter { who, whom, either, between, ..filter }
    }
}

impl ActArgs {
    fn on(&self, filter: Filter) -> Filter {
        Filter {
            types: self.types.clone(),
            quads: self.quads.clone(),
            statuses: self.statuses.clone(),
            deeds: self.deeds,
            place: self.place.clone(),
            ..filter
        }
    }
}

impl SureArgs {
    fn on(&self, filter: Filter) -> Filter {
        Filter { confidence: self.min_confidence, ..filter }
    }
}

impl PageArgs {
    fn on(&self, filter: Filter) -> Filter {
        let (limit, offset, newest) = (self.limit, self.offset, self.newest);
        Filter { limit, offset, newest, ..filter }
    }
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

const EXPORT_EXAMPLES: &str = "\
GDELT, ICEWS, POLECAT and ACLED have no column for how far an act has come, so only what happened or
is going on is written, unless --status names others. docs/formats.md tells each column.

Examples:
  dyad export --format icews > events.tab
  dyad export --format gdelt-events --between RUS UKR --from 2022-02-24 > 2022.export.CSV
  dyad export --format annotations --type SANCTION > sanctions.jsonld";

#[derive(Debug, clap::Args)]
#[command(after_help = EXPORT_EXAMPLES)]
pub struct ExportArgs {
    #[command(flatten)]
    pub archive: ArchiveArgs,
    /// Which format
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: FormatName,
    #[command(flatten)]
    sides: SideArgs,
    #[command(flatten)]
    act: ActArgs,
    #[command(flatten)]
    sure: SureArgs,
    #[command(flatten)]
    told: ToldArgs,
}

impl ExportArgs {
    pub fn filter(&self) -> Filter {
        self.sure.on(self.act.on(self.sides.on(self.told.filter())))
    }
}

/// A format by its name.
#[derive(Clone, Copy, Debug)]
pub struct FormatName(pub dyad_formats::Format);

impl clap::ValueEnum for FormatName {
    fn value_variants<'a>() -> &'a [Self] {
        use dyad_formats::Format::*;
        const {
            &[
                FormatName(GdeltEvents),
                FormatName(GdeltMentions),
                FormatName(Icews),
                FormatName(Polecat),
                FormatName(Acled),
                FormatName(Annotations),
                FormatName(Corrections),
                FormatName(Parquet),
            ]
        }
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(self.0.as_str()).help(self.0.about()))
    }
}

const IMPORT_EXAMPLES: &str = "\
The files are those of GDELT 2.0 events, ICEWS and POLECAT, plain, gzipped or zipped, told by their
first line. Their acts are kept apart and counted nowhere among our own. Exit codes: 0 all rows
stored, 2 nothing could be read, 3 a part could not be read.

Examples:
  dyad import gdelt/ --archive news.sqlite
  dyad events --coder gdelt --who RUS --whom UKR --archive news.sqlite
  dyad compare --archive news.sqlite";

#[derive(Debug, clap::Args)]
#[command(after_help = IMPORT_EXAMPLES)]
pub struct ImportArgs {
    /// Files with another's codings, and folders of them
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::AnyPath)]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub archive: ArchiveArgs,
}

const COMPARE_EXAMPLES: &str = "\
The files are those of GDELT 2.0 events, ICEWS and POLECAT, plain, gzipped or zipped, told by their
first line; without files what `dyad import` stored is compared. docs/formats.md says what is counted
and how agreement is measured.

Examples:
  dyad compare 20221229.export.CSV.zip
  dyad compare --coder icews --archive news.sqlite
  dyad compare --between RUS UKR Events.2022.tab --format csv > differences.csv";

#[derive(Debug, clap::Args)]
#[command(after_help = COMPARE_EXAMPLES)]
pub struct CompareArgs {
    /// Files with another's codings [default: those that the archive holds]
    #[arg(value_name = "FILE", value_hint = ValueHint::AnyPath)]
    pub files: Vec<PathBuf>,
    /// Only these of what the archive holds, with commas between them
    #[arg(long, value_name = "CODER", value_delimiter = ',', ignore_case = true, conflicts_with = "files", value_parser = closed(Coder::ALL, Coder::as_str))]
    pub coder: Vec<Coder>,
    #[command(flatten)]
    pub archive: ArchiveArgs,
    /// Only what two states do to each other
    #[arg(long, value_names = ["STATE", "STATE"], num_args = 2)]
    pub between: Vec<String>,
    /// How many differences a table shows
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub limit: usize,
    /// How to print it [default: table on a terminal, jsonl in a pipe]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
}

const DEPENDENCE_EXAMPLES: &str = "\
Tables in the layouts of BACI, UN Comtrade and the IMF's Direction of Trade are told apart by their
header; plain, gzipped or zipped. docs/dependence.md gives every formula with its source. Exit
codes: 0 all rows read, 2 nothing could be read, 3 a part could not be read.

Examples:
  dyad dependence RUS CHN BACI_HS17_V202401b.zip
  dyad dependence Germany Russia comtrade/*.csv --goods 27 --from 2015
  dyad dependence RUS CHN trade.csv --archive news.sqlite --svg rus-chn.svg
  dyad dependence RUS CHN trade.csv --format csv > rus-chn.csv";

#[derive(Debug, clap::Args)]
#[command(after_help = DEPENDENCE_EXAMPLES)]
pub struct DependenceArgs {
    /// The two states, by ISO code or name
    #[arg(value_name = "STATE")]
    pub state: String,
    #[arg(value_name = "OTHER")]
    pub other: String,
    /// Trade tables, files and folders
    #[arg(required = true, value_name = "TABLE", value_hint = ValueHint::AnyPath)]
    pub tables: Vec<PathBuf>,
    /// Set beside them what the reports of this archive said of the two states' trade
    #[arg(long, value_hint = ValueHint::FilePath)]
    pub archive: Option<PathBuf>,
    /// Only goods under these product codes ("27" is fuels in the Harmonized System)
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub goods: Vec<String>,
    /// First year
    #[arg(long, value_name = "YEAR")]
    pub from: Option<i16>,
    /// Last year
    #[arg(long, value_name = "YEAR")]
    pub to: Option<i16>,
    /// How many other partners to list for each direction
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub alternatives: usize,
    /// How to print it [default: table on a terminal, jsonl in a pipe]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Draw the years into this file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub svg: Option<PathBuf>,
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
    pub reader: ReaderArgs,
}

/// Dictionaries of the user's own.
#[derive(Debug, Default, clap::Args)]
pub struct DictionaryArgs {
    /// Your own dictionaries, files or folders: tables in the layout of `lexicons/`, or PETRARCH's
    /// actors, agents, verbs, issues and discards, plain or gzipped. They win over the shipped ones
    #[arg(long, value_name = "PATH", num_args = 1.., value_hint = ValueHint::AnyPath)]
    pub lexicon: Vec<PathBuf>,
}

/// What the reader has beside what it ships with.
#[derive(Debug, Default, clap::Args)]
pub struct ReaderArgs {
    #[command(flatten)]
    pub dictionaries: DictionaryArgs,
    /// Event types of your own: heads that `dyad train-type` wrote
    #[arg(long, value_name = "HEAD", num_args = 1.., value_hint = ValueHint::FilePath)]
    pub ontology: Vec<PathBuf>,
    /// Ask a larger encoder too who acts on whom, and how: better, and several times slower
    #[arg(long)]
    pub deep: bool,
}

const TRAIN_EXAMPLES: &str = "\
docs/ontology.md gives the layout of the file. What is wrong with it is told with its line and what
mends it, and no head is written.

Examples:
  dyad train-type ontologies/election.ontology
  dyad train-type coup.ontology -o coup.head --hold-out coup-kept-back.txt
  dyad read news/ --ontology election.head coup.head";

#[derive(Debug, clap::Args)]
#[command(after_help = TRAIN_EXAMPLES)]
pub struct TrainTypeArgs {
    /// What the type is, with examples, counterexamples and patterns
    #[arg(value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
    /// Where to write the head [default: the file's name with `.head`]
    #[arg(short, long, value_name = "HEAD", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// A file of further [examples] and [counterexamples] that are read with the head and not trained on
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub hold_out: Option<PathBuf>,
    /// Only check and measure; write nothing
    #[arg(long, conflicts_with = "output")]
    pub dry_run: bool,
    #[command(flatten)]
    pub dictionaries: DictionaryArgs,
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

/// The first day of a month.
fn month(text: &str) -> Result<Date, String> {
    let day = (text.len() == 7).then(|| format!("{text}-01").parse().ok()).flatten();
    day.ok_or_else(|| format!("impossible month `{text}`; write it as YYYY-MM"))
}

/// A field and what it becomes.
fn field(text: &str) -> Result<(String, String), String> {
    let parts = text.split_once('=').filter(|(field, _)| !field.is_empty());
    let (field, value) = parts.ok_or("write FIELD=VALUE, like status=planned")?;
    Ok((field.to_owned(), value.to_owned()))
}

fn side(text: &str) -> Result<Side, String> {
    if text.trim().is_empty() {
        return Err("write a code or a name".to_owned());
    }
    let Ok(side) = text.parse();
    Ok(side)
}

/// One word of a closed list, whatever its case.
fn closed<T: Copy + Send + Sync + 'static>(
    all: &'static [T],
    name: fn(T) -> &'static str,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(all.iter().map(|t| name(*t))).try_map(move |word| {
        let found = all.iter().find(|t| name(**t).eq_ignore_ascii_case(&word));
        found.copied().ok_or_else(|| format!("no such word: {word}"))
    })
}

/// One of PLOVER's or of a user's ontology; the archive says whether it has any.
fn event_type(text: &str) -> Result<EventType, String> {
    text.to_uppercase().parse().map_err(|_| {
        let plover: Vec<&str> = EventType::ALL.iter().filter_map(|k| k.of_plover()).collect();
        format!("write one of {}, or a type of your own ontology", plover.join(", "))
    })
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
    fn every_format_has_its_name() {
        let named = <FormatName as clap::ValueEnum>::value_variants().iter().map(|n| n.0);
        assert!(named.eq(dyad_formats::Format::ALL.iter().copied()));
    }

    #[test]
    fn impossible_dates_are_refused() {
        assert!(date("2023-02-30").unwrap_err().contains("2023-02-30"));
        assert!(date("2024-02-29").is_ok());
        assert!(month("2023-13").unwrap_err().contains("2023-13"));
        assert_eq!(month("2024-02").unwrap().last_of_month().day(), 29);
        assert!(confidence("1.2").is_err() && confidence("0.5").is_ok());
    }
}
