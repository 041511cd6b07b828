//! `dyad add`, `serve`, `summary` and `demo`: reading into an archive and showing it.

use crate::args::{AddArgs, DemoArgs, GivenArgs, LogForm, ServeArgs, SummaryArgs};
use crate::args::{TokenArgs, TokenCommand};
use crate::failure::{Failure, PARTLY};
use crate::post::Post;
use crate::source;
use crate::storing::store;
use crate::watch::{self, Watch};
use dyad_archive::Archive;
use dyad_reader::Reader;
use dyad_record::archive::{Claim, Disagreement, Episode, Matter, Party, Summary};
use dyad_record::foreign::ForeignCount;
use dyad_server::{Limits, Log, Tokens, Trade};
use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::Arc;

pub fn add(args: &AddArgs) -> Result<ExitCode, Failure> {
    let reader = crate::lexicon::reader(&args.input.given.reader)?;
    let mut watch = args.watch.as_deref().map(Watch::open).transpose()?;
    let mut post = args.post.as_deref().map(Post::to).transpose()?;
    if let Some(watch) = &mut watch {
        // What the archive met before is no news.
        watch.look(&Archive::open(&args.archive)?)?;
    }
    let tally = store(&reader, &args.archive, &args.input.paths, &args.input.given)?;
    if let Some(watch) = &mut watch {
        let new = watch.look(&Archive::open_existing(&args.archive)?)?;
        watch::print(&new)?;
        if !watch::send(post.as_mut(), &new) && tally.failed == 0 {
            return Ok(ExitCode::from(PARTLY));
        }
    }
    Ok(tally.exit_code())
}

pub fn serve(args: &ServeArgs) -> Result<ExitCode, Failure> {
    let log = match args.log {
        Some(LogForm::Json) => Log::Json,
        Some(LogForm::Text) => Log::Text,
        Some(LogForm::Quiet) => Log::Quiet,
        None if std::io::stderr().is_terminal() => Log::Quiet,
        None => Log::Json,
    };
    let tables = source::files(&args.trade).into_iter().collect::<Result<Vec<_>, _>>()?;
    let trade = match tables.is_empty() {
        true => None,
        false => Some(Trade::open(tables)?),
    };
    let limits = Limits { private_hosts: args.private_hosts.clone(), ..Limits::default() };
    let reader = crate::lexicon::reader(&args.reader)?;
    let path = &args.archive;
    dyad_server::serve(path, Arc::new(reader), trade, limits, args.listen, log)?;
    Ok(ExitCode::SUCCESS)
}

pub fn token(args: &TokenArgs) -> Result<ExitCode, Failure> {
    let tokens = Tokens::open(Tokens::beside(&args.archive))?;
    match &args.command {
        TokenCommand::New { name, role } => {
            // A slip in the name would make tokens for an archive that is not there.
            Archive::open_existing(&args.archive)?;
            crate::print(&format!("{}\n", tokens.make(name, *role)?))
        }
        TokenCommand::List => {
            let lines = tokens.list().into_iter();
            let lines = lines.map(|t| format!("{}\t{}\n", t.name, t.role.as_str()));
            crate::print(&lines.collect::<String>())
        }
        TokenCommand::Revoke { name } => {
            tokens.revoke(name)?;
            Ok(ExitCode::SUCCESS)
        }
    }
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
    let limits = Limits::default();
    dyad_server::serve(&archive, Arc::new(reader), None, limits, args.listen, Log::Quiet)?;
    Ok(ExitCode::SUCCESS)
}

fn tell(archive: &Archive) -> Result<ExitCode, Failure> {
    let summary = archive.summary()?;
    let mut out = told(&summary);
    for ForeignCount { coder, acts, from, to } in archive.foreign_counts()? {
        out.push_str(&format!(
            "\nBeside it, not counted above: {acts} acts of {coder}, {from} to {to}\n"
        ));
    }
    let several = archive.told_by_several(SHOWN)?;
    out.push_str(&shared(&several, summary.told_by_several));
    crate::print(&out)
}

/// So many happenings are shown in a summary.
const SHOWN: u32 = 12;

/// The happenings that several voices tell, of so many in all.
fn shared(several: &[Episode], all: u32) -> String {
    if several.is_empty() {
        return "\nNo happening is told by more than one voice.\n".to_owned();
    }
    let mut out = "\nTold by several\n".to_owned();
    for episode in several {
        out.push_str(&happening(episode));
    }
    if all > SHOWN {
        out.push_str(&format!("and {} more; `dyad serve` shows all\n", all - SHOWN));
    }
    out
}

fn happening(episode: &Episode) -> String {
    let days = match (&episode.from, &episode.to) {
        (Some(from), Some(to)) if from != to => format!("{from} to {to}"),
        (Some(day), _) | (None, Some(day)) => day.clone(),
        (None, None) => "day unknown".to_owned(),
    };
    let mut sides = names(&episode.actors);
    if !episode.mutual && !episode.recipients.is_empty() {
        sides = format!("{sides} → {}", names(&episode.recipients));
    }
    let place = episode.place.as_ref().map(|p| format!(" in {p}")).unwrap_or_default();
    let status = match episode.deed {
        true => String::new(),
        false => format!(" ({})", episode.status.as_str().replace('_', " ")),
    };
    let mut out = format!("{days}  {}{status}  {sides}{place}\n", episode.kind);
    let tellers: BTreeSet<String> = episode
        .tellings
        .iter()
        .map(|t| teller(t.outlet.as_deref().or(t.title.as_deref()), &t.report))
        .collect();
    let tellers: Vec<String> = tellers.into_iter().collect();
    let voices = match episode.voices < episode.reports {
        true => format!(" ({} independent texts)", episode.voices),
        false => String::new(),
    };
    out.push_str(&format!("    told by {}{voices}\n", tellers.join(", ")));
    for disagreement in &episode.disagreements {
        let how = if disagreement.corrected { "corrected since is" } else { "they differ on" };
        out.push_str(&format!("    {how} {}\n", differ(disagreement)));
    }
    out
}

pub(crate) fn names(parties: &[Party]) -> String {
    const SHOWN: usize = 4;
    if parties.is_empty() {
        return "someone".to_owned();
    }
    let mut names: Vec<&str> = parties.iter().map(|p| p.name.as_str()).collect();
    names.dedup();
    let more = names.len().saturating_sub(SHOWN);
    names.truncate(SHOWN);
    match (more, names.as_slice()) {
        (0, [rest @ .., last]) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        (0, _) => names.join(", "),
        _ => format!("{} and {more} more", names.join(", ")),
    }
}

/// The outlet or title of a report, else the beginning of its id.
pub fn teller(name: Option<&str>, report: &str) -> String {
    let short = || format!("report {}", report.chars().take(8).collect::<String>());
    name.map_or_else(short, str::to_owned)
}

/// Who says which: each value once, with all who give it.
fn differ(disagreement: &Disagreement) -> String {
    let mut values: Vec<(&str, Vec<String>)> = Vec::new();
    for claim in &disagreement.claims {
        let who = claimant(claim);
        match values.iter_mut().find(|(value, _)| *value == claim.value) {
            Some((_, all)) if all.contains(&who) => {}
            Some((_, all)) => all.push(who),
            None => values.push((&claim.value, vec![who])),
        }
    }
    let values: Vec<String> =
        values.iter().map(|(value, who)| format!("{value} ({})", who.join("; "))).collect();
    let subject = match disagreement.matter {
        Matter::Figure => format!("the number of {}", disagreement.subject),
        Matter::Date | Matter::Place | Matter::Side => format!("the {}", disagreement.subject),
        Matter::Status => disagreement.subject.clone(),
    };
    format!("{subject}: {}", values.join(", "))
}

fn claimant(claim: &Claim) -> String {
    let outlet = teller(claim.outlet.as_deref(), &claim.report);
    match &claim.speaker {
        Some(speaker) => format!("{speaker} in {outlet}"),
        None => outlet,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disagreement_names_each_amount_once_with_all_who_give_it() {
        let claim = |value: &str, outlet: Option<&str>, speaker: Option<&str>| Claim {
            value: value.to_owned(),
            report: "0123456789abcdef".to_owned(),
            outlet: outlet.map(str::to_owned),
            published: None,
            voice: 0,
            speaker: speaker.map(str::to_owned),
            item: "f1".to_owned(),
            corrected_by: None,
            text: String::new(),
        };
        let disagreement = Disagreement {
            matter: Matter::Figure,
            subject: "boats".to_owned(),
            corrected: false,
            claims: vec![
                claim("12", Some("Coast Post"), Some("The harbour master")),
                claim("15", None, None),
                claim("12", Some("Bay Herald"), None),
            ],
        };
        assert_eq!(
            differ(&disagreement),
            "the number of boats: 12 (The harbour master in Coast Post; Bay Herald), \
             15 (report 01234567)"
        );
    }

    #[test]
    fn sides_are_listed_in_words() {
        let party =
            |name: &str| Party { name: name.to_owned(), country: None, code: String::new() };
        let all: Vec<Party> = ["A", "B", "C", "D", "E", "F"].map(party).to_vec();
        assert_eq!(names(&[]), "someone");
        assert_eq!(names(&all[..1]), "A");
        assert_eq!(names(&all[..3]), "A, B and C");
        assert_eq!(names(&all), "A, B, C, D and 2 more");
    }
}
