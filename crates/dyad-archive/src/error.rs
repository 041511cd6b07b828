use dyad_record::EventType;
use rusqlite::ErrorCode;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// What went wrong in the archive: which file, doing what, and what mends it.
#[derive(Debug, Error)]
pub enum ArchiveError {
    #[error("{}: no such archive; make one with `dyad add`", .path.display())]
    Missing { path: PathBuf },
    #[error("{}: not a dyad archive ({why}); name another file, or a new one to begin an archive", .path.display())]
    NotAnArchive { path: PathBuf, why: String },
    #[error("{}: archive version {found}, this program knows up to {known}; use the newer dyad that wrote it", .path.display())]
    TooNew { path: PathBuf, found: i64, known: i64 },
    #[error("{}: already holds another text as report `{report}`; an id must be a hash of the content", .path.display())]
    Clash { path: PathBuf, report: String },
    #[error("{}: nobody in it goes by the code `{code}`{}; write a country's ISO 3166-1 code (RUS), an organisation's (NATO), either with a sector (`RUS MIL`), or words of a name", .path.display(), did_you_mean(.like))]
    UnknownCode { path: PathBuf, code: String, like: Vec<String> },
    #[error("{}: no event in it is of the type `{kind}`; PLOVER has {}{}", .path.display(), plover(), own_types(.own))]
    UnknownType { path: PathBuf, kind: String, own: Vec<String> },
    #[error("{}: {} whose id begins with `{id}`; `dyad events --format jsonl` shows ids", .path.display(), if *.several { "several reports" } else { "no report" })]
    NoReport { path: PathBuf, id: String, several: bool },
    #[error("{}: report {report} has no item `{item}`; `dyad events --report {report} --format jsonl` shows ids", .path.display())]
    NoItem { path: PathBuf, report: String, item: String },
    #[error("{}: there is no `{item}` any more to go on from; begin with the first page again", .path.display())]
    Passed { path: PathBuf, item: String },
    #[error("{}: no correction `{id}`; `dyad corrections --withdrawn` shows them", .path.display())]
    NoCorrection { path: PathBuf, id: String },
    #[error("{}: not corrected: {what}", .path.display())]
    Correction { path: PathBuf, what: String },
    #[error("{}: what others coded tells of states only, and `{side}` is none; write a country's code or name", .path.display())]
    NoState { path: PathBuf, side: String },
    #[error("{}: {source}; docs/archive.md lists the tables and views", .path.display())]
    Sql { path: PathBuf, source: rusqlite::Error },
    #[error("{}: cannot {doing}: {source}; {mend}", .path.display())]
    Store { path: PathBuf, doing: &'static str, mend: &'static str, source: rusqlite::Error },
    #[error("{}: the record of report {report} cannot be read back: {source}; add that report again", .path.display())]
    Record { path: PathBuf, report: String, source: serde_json::Error },
}

fn plover() -> String {
    let names: Vec<&str> = EventType::ALL.iter().filter_map(|k| k.of_plover()).collect();
    names.join(", ")
}

fn own_types(own: &[String]) -> String {
    match own.is_empty() {
        true => "; types of an own ontology are found once reports were read with it".to_owned(),
        false => format!("; own types in it are {}", own.join(", ")),
    }
}

fn did_you_mean(like: &[String]) -> String {
    if like.is_empty() { String::new() } else { format!(" (did you mean {}?)", like.join(", ")) }
}

impl ArchiveError {
    pub(crate) fn store(path: &Path, doing: &'static str, source: rusqlite::Error) -> Self {
        let path = path.to_owned();
        let mend = match source.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => {
                return ArchiveError::NotAnArchive { path, why: "not an SQLite file".to_owned() };
            }
            Some(ErrorCode::CannotOpen) => "check that its folder exists and may be written to",
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
                "make the file and its folder writable"
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                "another program is writing to it: try again when that has ended"
            }
            Some(ErrorCode::DiskFull) => "make room on the disk and try again",
            Some(ErrorCode::DatabaseCorrupt) => {
                "the file is damaged: put back a copy, or add its reports to a new archive"
            }
            _ => "check the file and try again",
        };
        ArchiveError::Store { path, doing, mend, source }
    }
}
