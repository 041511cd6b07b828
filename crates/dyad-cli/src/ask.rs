//! `dyad events`, `episodes`, `statements`, `figures`, `ties` and `actors`.

use crate::archive::names;
use crate::args::{
    ArchiveArgs, CodedArgs, EventsArgs, PageArgs, RowFormat, StatementsArgs, TiesArgs,
};
use crate::failure::Failure;
use crate::table::{self, Row};
use dyad_archive::{Archive, ArchiveError, Filter};
use dyad_record::archive::{ActorRow, Episode, EventRow, FigureRow, Party, StatementRow, TieRow};
use dyad_record::foreign::Foreign;
use std::process::ExitCode;

/// So many rows of a table are shown to who does not say how many.
const SHOWN: u32 = 100;

pub fn events(args: &CodedArgs) -> Result<ExitCode, Failure> {
    let EventsArgs { archive, page, .. } = &args.events;
    let filter = args.events.filter();
    match &args.coder[..] {
        [] => list(archive, page, filter, Archive::events),
        coders => list(archive, page, filter, |archive, filter| archive.foreign(coders, filter)),
    }
}

pub fn episodes(args: &EventsArgs) -> Result<ExitCode, Failure> {
    list(&args.archive, &args.page, args.filter(), Archive::episodes_of)
}

pub fn statements(args: &StatementsArgs) -> Result<ExitCode, Failure> {
    list(&args.archive, &args.page, args.filter(), Archive::statements)
}

pub fn figures(args: &EventsArgs) -> Result<ExitCode, Failure> {
    list(&args.archive, &args.page, args.filter(), Archive::figures)
}

pub fn ties(args: &TiesArgs) -> Result<ExitCode, Failure> {
    list(&args.archive, &args.page, args.filter(), Archive::ties)
}

pub fn actors(args: &EventsArgs) -> Result<ExitCode, Failure> {
    list(&args.archive, &args.page, args.filter(), Archive::actors)
}

fn list<R: Row>(
    archive: &ArchiveArgs,
    page: &PageArgs,
    mut filter: Filter,
    ask: impl Fn(&Archive, &Filter) -> Result<Vec<R>, ArchiveError>,
) -> Result<ExitCode, Failure> {
    let archive = Archive::open_existing(&archive.archive)?;
    let format = page.format.unwrap_or_else(table::usual_rows);
    let cut = format == RowFormat::Table && page.limit.is_none();
    if cut {
        filter.limit = Some(SHOWN + 1);
    }
    let mut rows = ask(&archive, &filter)?;
    let more = cut && rows.len() > SHOWN as usize;
    if more {
        rows.truncate(SHOWN as usize);
    }
    table::print(&rows, format)?;
    if more {
        anstream::eprintln!("and more; --limit, --offset or --format jsonl show them");
    }
    Ok(ExitCode::SUCCESS)
}

fn days(from: Option<&String>, to: Option<&String>) -> String {
    match (from, to) {
        (Some(from), Some(to)) if from != to => format!("{from}…{to}"),
        (from, to) => from.or(to).cloned().unwrap_or_default(),
    }
}

fn sides(actors: &[Party], recipients: &[Party]) -> String {
    match (actors, recipients) {
        (_, []) => names(actors),
        _ => format!("{} → {}", names(actors), names(recipients)),
    }
}

fn each(parties: &[Party], of: fn(&Party) -> &String) -> String {
    parties.iter().map(|p| of(p).as_str()).collect::<Vec<_>>().join("; ")
}

fn text(value: Option<&impl ToString>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

fn teller(outlet: Option<&String>, report: &str) -> String {
    outlet.cloned().unwrap_or_else(|| report.chars().take(8).collect())
}

impl Row for EventRow {
    const SHORT: &'static [&'static str] = &["day", "type", "status", "sides", "outlet", "words"];
    const ALL: &'static [&'static str] = &[
        "report",
        "event",
        "title",
        "outlet",
        "published",
        "type",
        "mode",
        "cameo",
        "goldstein",
        "quad",
        "status",
        "actors",
        "actor_codes",
        "recipients",
        "recipient_codes",
        "mutual",
        "from",
        "to",
        "basis",
        "place",
        "confidence",
        "damaged",
        "episode",
        "text",
    ];

    fn short(&self) -> Vec<String> {
        vec![
            days(self.from.as_ref().or(self.published.as_ref()), self.to.as_ref()),
            self.kind.to_string(),
            self.status.to_string(),
            sides(&self.actors, &self.recipients),
            teller(self.outlet.as_ref(), &self.report),
            self.text.clone(),
        ]
    }

    fn all(&self) -> Vec<String> {
        vec![
            self.report.clone(),
            self.event.clone(),
            text(self.title.as_ref()),
            text(self.outlet.as_ref()),
            text(self.published.as_ref()),
            self.kind.to_string(),
            text(self.mode.as_ref()),
            self.cameo.clone(),
            self.goldstein.to_string(),
            self.quad.to_string(),
            self.status.to_string(),
            each(&self.actors, |p| &p.name),
            each(&self.actors, |p| &p.code),
            each(&self.recipients, |p| &p.name),
            each(&self.recipients, |p| &p.code),
            self.mutual.to_string(),
            text(self.from.as_ref()),
            text(self.to.as_ref()),
            text(self.basis.as_ref()),
            text(self.place.as_ref()),
            self.confidence.to_string(),
            self.damaged.to_string(),
            text(self.episode.as_ref()),
            self.text.clone(),
        ]
    }
}

impl Row for Episode {
    const SHORT: &'static [&'static str] =
        &["days", "type", "status", "sides", "place", "voices", "reports", "differ", "first told"];
    const ALL: &'static [&'static str] = &[
        "episode",
        "type",
        "quad",
        "status",
        "deed",
        "actors",
        "actor_codes",
        "recipients",
        "recipient_codes",
        "mutual",
        "from",
        "to",
        "place",
        "goldstein",
        "voices",
        "reports",
        "outlets",
        "disagreements",
        "text",
    ];

    fn short(&self) -> Vec<String> {
        vec![
            days(self.from.as_ref(), self.to.as_ref()),
            self.kind.to_string(),
            self.status.to_string(),
            sides(&self.actors, &self.recipients),
            text(self.place.as_ref()),
            self.voices.to_string(),
            self.reports.to_string(),
            self.disagreements.len().to_string(),
            text(self.tellings.first().map(|t| &t.text)),
        ]
    }

    fn all(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            self.kind.to_string(),
            self.quad.to_string(),
            self.status.to_string(),
            self.deed.to_string(),
            each(&self.actors, |p| &p.name),
            each(&self.actors, |p| &p.code),
            each(&self.recipients, |p| &p.name),
            each(&self.recipients, |p| &p.code),
            self.mutual.to_string(),
            text(self.from.as_ref()),
            text(self.to.as_ref()),
            text(self.place.as_ref()),
            self.goldstein.to_string(),
            self.voices.to_string(),
            self.reports.to_string(),
            self.outlets.join("; "),
            self.disagreements.len().to_string(),
            text(self.tellings.first().map(|t| &t.text)),
        ]
    }
}

impl Row for StatementRow {
    const SHORT: &'static [&'static str] = &["day", "speaker", "to", "stance", "outlet", "words"];
    const ALL: &'static [&'static str] = &[
        "report",
        "statement",
        "title",
        "outlet",
        "published",
        "speaker",
        "speaker_code",
        "addressee",
        "addressee_code",
        "stance",
        "form",
        "from",
        "to",
        "damaged",
        "text",
    ];

    fn short(&self) -> Vec<String> {
        vec![
            days(self.from.as_ref().or(self.published.as_ref()), self.to.as_ref()),
            text(self.speaker.as_ref().map(|p| &p.name)),
            text(self.addressee.as_ref().map(|p| &p.name)),
            text(self.stance.as_ref()),
            teller(self.outlet.as_ref(), &self.report),
            self.text.clone(),
        ]
    }

    fn all(&self) -> Vec<String> {
        vec![
            self.report.clone(),
            self.statement.clone(),
            text(self.title.as_ref()),
            text(self.outlet.as_ref()),
            text(self.published.as_ref()),
            text(self.speaker.as_ref().map(|p| &p.name)),
            text(self.speaker.as_ref().map(|p| &p.code)),
            text(self.addressee.as_ref().map(|p| &p.name)),
            text(self.addressee.as_ref().map(|p| &p.code)),
            text(self.stance.as_ref()),
            self.form.to_string(),
            text(self.from.as_ref()),
            text(self.to.as_ref()),
            self.damaged.to_string(),
            self.text.clone(),
        ]
    }
}

impl Row for FigureRow {
    const SHORT: &'static [&'static str] =
        &["published", "figure", "counted", "given by", "outlet", "sentence"];
    const ALL: &'static [&'static str] = &[
        "report",
        "figure",
        "title",
        "outlet",
        "published",
        "value",
        "low",
        "high",
        "of",
        "unit",
        "counted",
        "casualty",
        "about",
        "speaker",
        "approximate",
        "change",
        "damaged",
        "text",
        "sentence",
    ];

    fn short(&self) -> Vec<String> {
        vec![
            text(self.published.as_ref()),
            self.text.clone(),
            text(self.counted.as_ref().or(self.unit.as_ref())),
            text(self.speaker.as_ref()),
            teller(self.outlet.as_ref(), &self.report),
            self.sentence.clone(),
        ]
    }

    fn all(&self) -> Vec<String> {
        vec![
            self.report.clone(),
            self.figure.clone(),
            text(self.title.as_ref()),
            text(self.outlet.as_ref()),
            text(self.published.as_ref()),
            text(self.value.as_ref()),
            text(self.low.as_ref()),
            text(self.high.as_ref()),
            text(self.of.as_ref()),
            text(self.unit.as_ref()),
            text(self.counted.as_ref()),
            text(self.casualty.as_ref()),
            text(self.about.as_ref()),
            text(self.speaker.as_ref()),
            self.approximate.to_string(),
            text(self.change.as_ref()),
            self.damaged.to_string(),
            self.text.clone(),
            self.sentence.clone(),
        ]
    }
}

impl Row for TieRow {
    const SHORT: &'static [&'static str] =
        &["published", "kind", "from", "to", "trend", "leans", "outlet", "words"];
    const ALL: &'static [&'static str] = &[
        "report",
        "tie",
        "title",
        "outlet",
        "published",
        "kind",
        "from",
        "from_code",
        "to",
        "to_code",
        "leans",
        "trend",
        "commodity",
        "confidence",
        "damaged",
        "text",
    ];

    fn short(&self) -> Vec<String> {
        vec![
            text(self.published.as_ref()),
            self.kind.to_string(),
            self.from.name.clone(),
            self.to.name.clone(),
            text(self.trend.as_ref()),
            text(self.leans.as_ref()),
            teller(self.outlet.as_ref(), &self.report),
            self.text.clone(),
        ]
    }

    fn all(&self) -> Vec<String> {
        vec![
            self.report.clone(),
            self.tie.clone(),
            text(self.title.as_ref()),
            text(self.outlet.as_ref()),
            text(self.published.as_ref()),
            self.kind.to_string(),
            self.from.name.clone(),
            self.from.code.clone(),
            self.to.name.clone(),
            self.to.code.clone(),
            text(self.leans.as_ref()),
            text(self.trend.as_ref()),
            text(self.commodity.as_ref()),
            self.confidence.to_string(),
            self.damaged.to_string(),
            self.text.clone(),
        ]
    }
}

impl Row for ActorRow {
    const SHORT: &'static [&'static str] =
        &["name", "code", "episodes", "deeds", "acting", "receiving", "days"];
    const ALL: &'static [&'static str] = &[
        "name",
        "country",
        "code",
        "episodes",
        "deeds",
        "acting",
        "receiving",
        "events",
        "from",
        "to",
    ];

    fn short(&self) -> Vec<String> {
        vec![
            self.name.clone(),
            self.code.clone(),
            self.episodes.to_string(),
            self.deeds.to_string(),
            self.acting.to_string(),
            self.receiving.to_string(),
            days(self.from.as_ref(), self.to.as_ref()),
        ]
    }

    fn all(&self) -> Vec<String> {
        vec![
            self.name.clone(),
            text(self.country.as_ref()),
            self.code.clone(),
            self.episodes.to_string(),
            self.deeds.to_string(),
            self.acting.to_string(),
            self.receiving.to_string(),
            self.events.to_string(),
            text(self.from.as_ref()),
            text(self.to.as_ref()),
        ]
    }
}

impl Row for Foreign {
    const SHORT: &'static [&'static str] =
        &["day", "coder", "quad", "code", "who", "whom", "place"];
    const ALL: &'static [&'static str] = &[
        "coder",
        "id",
        "date",
        "actors",
        "recipients",
        "quad",
        "code",
        "goldstein",
        "country",
        "place",
        "url",
    ];

    fn short(&self) -> Vec<String> {
        vec![
            self.date.clone(),
            self.coder.to_string(),
            self.quad.to_string(),
            self.code.clone(),
            self.actors.join(" "),
            self.recipients.join(" "),
            self.place.clone(),
        ]
    }

    fn all(&self) -> Vec<String> {
        vec![
            self.coder.to_string(),
            self.id.clone(),
            self.date.clone(),
            self.actors.join("; "),
            self.recipients.join("; "),
            self.quad.to_string(),
            self.code.clone(),
            text(self.goldstein.as_ref()),
            text(self.country.as_ref()),
            self.place.clone(),
            self.url.clone(),
        ]
    }
}
