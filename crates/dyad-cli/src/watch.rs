//! `dyad watch`, and `dyad add --watch`.

use crate::args::WatchArgs;
use crate::failure::{Failure, PARTLY};
use crate::post::Post;
use dyad_archive::{Archive, Notice, Rule, rules};
use std::collections::BTreeSet;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

/// How often a followed archive is looked at.
const PAUSE: Duration = Duration::from_secs(5);

/// Rules, and which of their notices were given.
pub struct Watch {
    rules: Vec<Rule>,
    given: BTreeSet<(String, String)>,
}

impl Watch {
    pub fn open(path: &Path) -> Result<Watch, Failure> {
        let text = std::fs::read_to_string(path).map_err(|error| Failure::file(path, &error))?;
        let rules =
            rules(&text).map_err(|error| Failure::Rules { path: path.to_owned(), error })?;
        Ok(Watch { rules, given: BTreeSet::new() })
    }

    /// The notices that were not given yet.
    pub fn look(&mut self, archive: &Archive) -> Result<Vec<Notice>, Failure> {
        let mut new = Vec::new();
        for rule in &self.rules {
            let notices = rule.notices(&archive.episodes_of(rule.filter())?);
            new.extend(notices.into_iter().filter(|notice| {
                self.given.insert((notice.rule.clone(), notice.crossed_by.clone()))
            }));
        }
        Ok(new)
    }
}

pub fn run(args: &WatchArgs) -> Result<ExitCode, Failure> {
    let mut watch = Watch::open(&args.rules)?;
    let mut post = args.post.as_deref().map(Post::to).transpose()?;
    let archive = Archive::open_existing(&args.archive.archive)?;
    let since = args.since.map(|day| day.to_string()).unwrap_or_default();
    let mut held = None;
    loop {
        let now = archive.changes()?;
        let mut new = Vec::new();
        if held != Some(now) {
            held = Some(now);
            new = watch.look(&archive)?;
            new.retain(|notice| notice.to >= since);
            print(&new)?;
        }
        let sent = send(post.as_mut(), &new);
        if !args.follow {
            return Ok(if sent { ExitCode::SUCCESS } else { ExitCode::from(PARTLY) });
        }
        std::thread::sleep(PAUSE);
    }
}

/// Sends notices to where they should go, if anywhere; false, and why, where some could not go.
pub fn send(post: Option<&mut Post>, new: &[Notice]) -> bool {
    let Some(post) = post else { return true };
    let Err(failure) = post.send(new) else { return true };
    anstream::eprintln!("{}", crate::failure::line(&failure));
    anstream::eprintln!("{} notices are not sent", post.waiting());
    false
}

/// In words on a terminal, one JSON object a line in a pipe.
pub fn print(notices: &[Notice]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    for notice in notices {
        let line = match io::stdout().is_terminal() {
            true => told(notice),
            false => serde_json::to_string(notice).expect("a notice is plain JSON"),
        };
        writeln!(out, "{line}").map_err(Failure::output)?;
    }
    out.flush().map_err(Failure::output)
}

fn told(notice: &Notice) -> String {
    let usual = notice.usual.map(|u| format!(", {u:.1} are usual")).unwrap_or_default();
    let mut text = format!(
        "{}: {} happenings from {} to {}{usual}",
        notice.rule, notice.episodes, notice.from, notice.to
    );
    for sentence in &notice.evidence {
        text.push_str(&format!("\n  {}", sentence.text));
        for source in &sentence.sources {
            let outlet = source.outlet.as_deref().unwrap_or("outlet unknown");
            let day = source.published.as_deref().unwrap_or("day unknown");
            text.push_str(&format!("\n    {outlet}, {day}: “{}”", source.words));
        }
    }
    text.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect()
}
