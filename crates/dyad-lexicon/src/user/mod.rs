//! A user's own dictionaries: tables in the layout of `lexicons/`, and PETRARCH's formats. They are
//! merged into the shipped lexicons, and where both speak of a name, the user's wins.
//!
//! Of several files a later one wins over an earlier; within one file the first row of a name does.

mod agents;
mod issues;
mod merge;
pub mod petrarch;
mod verbs;
mod who;

pub use issues::Issues;
pub use verbs::{Codes, Item, Pattern, Slot, Verb, Verbs, Wanted};
pub use who::{Bearer, who};

use crate::Lexicons;
use std::fmt;

/// A file of a user, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserText {
    /// For messages: the path.
    pub name: String,
    pub text: String,
}

/// What a file of a user holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    Countries,
    Organisations,
    Groups,
    Officeholders,
    Agents,
    PetrarchActors,
    PetrarchAgents,
    PetrarchDiscards,
    PetrarchVerbs,
    PetrarchIssues,
    /// A table of acts, which takes the place of ours of that name.
    Acts,
}

impl Format {
    /// Told by the header where there is one, else by the file's name and its brackets.
    pub fn of(file: &UserText) -> Option<Format> {
        let first = file.text.lines().find(|l| !l.trim().is_empty() && !l.starts_with('#'))?;
        let base = file.name.rsplit(['/', '\\']).next().unwrap_or("").to_lowercase();
        if act_table(&base).is_some() {
            return Some(Format::Acts);
        }
        if first.contains('\t') && !first.contains('[') {
            let has = |column: &str| first.split('\t').any(|c| c.trim() == column);
            return match () {
                () if has("adjectives") && has("code") => Some(Format::Countries),
                () if has("person") && has("office") => Some(Format::Officeholders),
                () if has("noun") && has("class") => Some(Format::Agents),
                () if has("code") && has("sector") && base.contains("group") => {
                    Some(Format::Groups)
                }
                () if has("code") && has("sector") => Some(Format::Organisations),
                () => None,
            };
        }
        let lines: Vec<String> = petrarch::lines(&file.text).take(1000).map(|(_, l)| l).collect();
        let most = |test: &dyn Fn(&String) -> bool| lines.iter().filter(|l| test(l)).count() * 2;
        let n = lines.len();
        if base.contains("discard") {
            Some(Format::PetrarchDiscards)
        } else if lines.iter().any(|l| l.starts_with("<ISSUE")) {
            Some(Format::PetrarchIssues)
        } else if lines.iter().any(|l| l.starts_with("--- ") || l.starts_with("- *")) {
            Some(Format::PetrarchVerbs)
        } else if most(&|l| l.contains("[~") || l.contains("~]") || l.contains("[ ~")) > n {
            Some(Format::PetrarchAgents)
        } else if most(&|l| {
            let l = l.trim_start();
            l.contains('[') || l.starts_with('+')
        }) > n
        {
            Some(Format::PetrarchActors)
        } else {
            None
        }
    }
}

/// The table of acts that a file of this name holds.
fn act_table(path: &str) -> Option<&'static str> {
    let base = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let stem = base.trim_end_matches(".gz").strip_suffix(".tsv")?;
    crate::ACT_TABLES.iter().map(|(name, _)| *name).find(|name| *name == stem)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A row that cannot be used as it stands.
    Fault,
    /// Two rows of the user's that contradict each other.
    Conflict,
    /// A row that wins over a shipped one, or that is used only in part.
    Note,
}

/// What `dyad lexicon check` tells of a row, with what mends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub file: String,
    pub line: usize,
    pub kind: Kind,
    pub what: String,
}

impl Finding {
    fn new(file: &str, line: usize, kind: Kind, what: impl Into<String>) -> Self {
        Finding { file: file.to_owned(), line, kind, what: what.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Fault => "fault",
            Kind::Conflict => "conflict",
            Kind::Note => "note",
        };
        write!(f, "{}, line {}: {kind}: {}", self.file, self.line, self.what)
    }
}

/// Words that keep a sentence or a report from being coded, folded as names are.
#[derive(Debug, Default)]
pub struct Discards {
    names: crate::names::Names<bool>,
    any: bool,
}

impl Discards {
    fn add(&mut self, words: &str, whole_report: bool) {
        self.names.add(words, whole_report);
        self.any = true;
    }

    /// Whether the words hold such a phrase; `Some(true)` where it speaks of the whole report.
    pub fn within(&self, text: &str) -> Option<bool> {
        if !self.any {
            return None;
        }
        let pieces: Vec<u32> =
            crate::names::pieces(text).iter().map(|p| self.names.piece(&p.text)).collect();
        let mut found = None;
        for start in 0..pieces.len() {
            let mut node = 0;
            for piece in &pieces[start..] {
                let Some(next) = self.names.step(node, *piece) else { break };
                node = next;
                for whole in self.names.ends(node) {
                    found = Some(found == Some(true) || *whole);
                }
            }
        }
        found
    }
}

impl Lexicons {
    /// The shipped lexicons with a user's files merged in, and what is to be said of the rows.
    /// Rows with a fault are left out.
    pub fn with_user(files: &[UserText]) -> Result<(Self, Vec<Finding>), crate::TableError> {
        let mut lexicons = Lexicons::builtin()?;
        let mut findings = Vec::new();
        let mut claims = merge::Claims::new();
        for (order, file) in files.iter().enumerate() {
            let Some(format) = Format::of(file) else {
                let what = "not a table of ours and not a dictionary of PETRARCH's; \
                            see docs/lexicons.md for the layouts";
                findings.push(Finding::new(&file.name, 1, Kind::Fault, what));
                continue;
            };
            let source = lexicons.actors.add_source(&file.name);
            lexicons.note(&format!("user:{order}"), &file.text);
            merge::file(&mut lexicons, &mut claims, &mut findings, (order, file), format, source);
        }
        merge::actors(&mut lexicons.actors, claims, files, &mut findings);
        agents::lend_roles(&mut lexicons.actors);
        let own = |name: &str| {
            let of_name = |f: &&UserText| act_table(&f.name) == Some(name);
            files.iter().rev().find(of_name).map(|f| f.text.clone())
        };
        if let Err(error) = lexicons.code_acts(own) {
            let base = |name: &str| name.rsplit(['/', '\\']).next().unwrap_or("").to_owned();
            let named = files.iter().find(|f| base(&f.name) == base(&error.table));
            let file = named.map_or(error.table.as_str(), |f| f.name.as_str());
            findings.push(Finding::new(file, error.line, Kind::Fault, error.what));
        }
        findings.sort_by(|a, b| (&a.file, a.line, a.kind).cmp(&(&b.file, b.line, b.kind)));
        findings.dedup();
        Ok((lexicons, findings))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::Date;

    fn text(name: &str, text: &str) -> UserText {
        UserText { name: name.to_owned(), text: text.to_owned() }
    }

    fn first(lexicons: &Lexicons, name: &str, on: Option<Date>) -> String {
        who(&lexicons.actors, name, on).first().map(|b| b.code.clone()).unwrap_or_default()
    }

    #[test]
    fn the_users_rows_win() {
        let groups = "code\tnames\tsector\tcountry\nHL\tHarbour League|Hamas\tOPP\tNOR\n";
        let agents = "noun\tsector\tclass\trole\nsoldier\tREB\tperson\t\n";
        let files = [text("my-groups.tsv", groups), text("agents.tsv", agents)];
        let (lexicons, findings) = Lexicons::with_user(&files).unwrap();
        assert!(findings.is_empty(), "{findings:?}");
        assert_eq!(first(&lexicons, "Hamas", None), "NOR OPP");
        assert_eq!(first(&lexicons, "soldier", None), "REB");
        let hamas = who(&lexicons.actors, "Hamas", None);
        assert_eq!((hamas[0].file.as_str(), hamas[0].line), ("my-groups.tsv", 2));
        assert!(hamas[0].of_user && !hamas[1].of_user);
        let versions = lexicons.versions();
        assert!(versions.contains_key("user:0") && versions.contains_key("user:1"));
    }

    #[test]
    fn petrarch_codes_are_states_sectors_and_days() {
        let actors = "\
ALDERMARK [ALD]\nJON_VESK [ALDELI]\n\t[ALDGOV 19950601-19990815]\nJAPAN [JAP]\nNORWAY [NOR]\n\
ALDER_FRONT [ALDREB]\nICELAND [---]\n";
        let (lexicons, findings) = Lexicons::with_user(&[text("a.txt", actors)]).unwrap();
        // Of a name that we know too, the winner is told.
        let told: Vec<_> = findings.iter().map(|f| (f.kind, f.line)).collect();
        assert_eq!(told, [(Kind::Note, 4), (Kind::Note, 7)], "{findings:?}");
        assert!(findings[0].what.contains("JPN") && findings[0].what.contains("yours wins"));
        let on = |y| Some(Date::constant(y, 7, 1));
        assert_eq!(first(&lexicons, "Aldermark", None), "ALD");
        assert_eq!(first(&lexicons, "Jon Vesk", on(1996)), "ALDGOV");
        assert_eq!(first(&lexicons, "Jon Vesk", on(2001)), "ALDELI");
        assert_eq!(first(&lexicons, "Japan", None), "JAP");
        assert_eq!(first(&lexicons, "Norway", None), "NOR");
        assert_eq!(first(&lexicons, "Iceland", None), "");
        let front = &who(&lexicons.actors, "Alder Front", None)[0];
        assert_eq!((front.name.as_str(), front.as_what), ("Alder Front", "group"));
        assert!(lexicons.actors.is_verbatim("ALDREB") && !lexicons.actors.is_verbatim("ALD"));
    }

    #[test]
    fn of_two_files_the_later_wins_and_the_conflict_is_told() {
        let files = [text("a.txt", "VESK [NORGOV]\n"), text("b.txt", "# b\nVESK [NORREB]\n")];
        let (lexicons, findings) = Lexicons::with_user(&files).unwrap();
        assert_eq!(first(&lexicons, "Vesk", None), "NORREB");
        let [conflict] = &findings[..] else { panic!("{findings:?}") };
        assert_eq!(
            (conflict.kind, conflict.file.as_str(), conflict.line),
            (Kind::Conflict, "a.txt", 1)
        );
        assert!(conflict.to_string().contains("NORREB"), "{conflict}");
    }

    #[test]
    fn what_no_format_fits_is_a_fault() {
        let bad = "code\tnames\tsector\tcountry\nX\tXs\tREB\tQQQ\nY\tYs\tREB\tNOR\n";
        let files = [text("groups.tsv", bad), text("letter.txt", "Dear all,\nhello\n")];
        let (lexicons, findings) = Lexicons::with_user(&files).unwrap();
        let told: Vec<_> = findings.iter().map(|f| (f.file.as_str(), f.line)).collect();
        assert_eq!(told, [("groups.tsv", 2), ("letter.txt", 1)]);
        assert_eq!(first(&lexicons, "Ys", None), "NOR REB");
    }

    #[test]
    fn discards_are_found_as_words() {
        let file = text("my.discards", "FIRST SEED\n+WORLD CUP\n");
        let (lexicons, _) = Lexicons::with_user(&[file]).unwrap();
        let within = |words| lexicons.discards.within(words);
        assert_eq!(within("The first seed lost."), Some(false));
        assert_eq!(within("At the World Cup, the first seed lost."), Some(true));
        assert_eq!(within("First, seeds were sown."), None);
    }
}
