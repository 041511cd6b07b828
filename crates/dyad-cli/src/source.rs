//! Paths to the bytes of single reports.

use crate::failure::Failure;
use crate::web;
use dyad_archive::Archive;
use dyad_reader::LIMIT;
use dyad_reader::{Given, ReadError};
use dyad_record::Record;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// One report, still to be read or read already.
pub struct Piece {
    /// For messages: the file, and the line where a file holds many reports.
    pub place: String,
    pub what: What,
}

pub enum What {
    Bytes(Vec<u8>, Given),
    /// What `dyad read` printed, or what another archive holds.
    Record(Box<Record>),
}

/// A line that `dyad read` printed begins so.
const RECORD: &[u8] = b"{\"schema\":\"dyad/1\"";
/// So begins an archive, as every SQLite file.
const SQLITE: &[u8] = b"SQLite format 3\0";

/// The files that paths name: those in a folder, and in the folders under it, in order of name.
/// Hidden ones are left out.
pub fn files(paths: &[PathBuf]) -> Vec<Result<PathBuf, Failure>> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            let before = found.len();
            walk(path, &mut found);
            if found.len() == before {
                found.push(Err(Failure::EmptyFolder { path: path.clone() }));
            }
        } else {
            found.push(Ok(path.clone()));
        }
    }
    found
}

fn walk(folder: &Path, found: &mut Vec<Result<PathBuf, Failure>>) {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return found.push(Err(Failure::file(folder, &error))),
    };
    let mut paths: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        let hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
        // A link to a folder may lead back to it.
        if hidden || (path.is_symlink() && path.is_dir()) {
            continue;
        }
        if path.is_dir() {
            walk(&path, found);
        } else {
            found.push(Ok(path));
        }
    }
}

/// Hands on the reports that a file holds or that are at an address, until `take` asks for no more.
/// `private` names hosts that may be at private addresses.
pub fn pieces(
    path: &Path,
    given: &Given,
    private: &[String],
    take: &mut dyn FnMut(Result<Piece, Failure>) -> bool,
) {
    if let Some(url) = web::address(path) {
        return web::pieces(url, given, private, take);
    }
    if let Err(failure) = try_pieces(path, given, take) {
        take(Err(failure));
    }
}

fn try_pieces(
    path: &Path,
    given: &Given,
    take: &mut dyn FnMut(Result<Piece, Failure>) -> bool,
) -> Result<(), Failure> {
    let name = if path.as_os_str() == "-" {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    };
    let failed = |error: std::io::Error| Failure::file(path, &error);
    let (input, size): (Box<dyn Read>, usize) = if path.as_os_str() == "-" {
        (Box::new(std::io::stdin()), 0)
    } else {
        let file = File::open(path).map_err(failed)?;
        let size = file.metadata().map_err(failed)?.len();
        (Box::new(file), usize::try_from(size).unwrap_or(usize::MAX))
    };
    let mut input = BufReader::new(input);
    if input.fill_buf().map_err(failed)?.starts_with(SQLITE) {
        return archive(path, take);
    }
    let mut bytes = Vec::new();
    input.by_ref().take(LIMIT as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() <= LIMIT {
        local(&name, 0, &bytes, given, take);
        return Ok(());
    }
    let many = bytes.trim_ascii_start().starts_with(b"{") && bytes.contains(&b'\n');
    if !many {
        let error = ReadError::TooLarge { size: size.max(bytes.len()), limit: LIMIT };
        return Err(Failure::Read { place: name, error });
    }
    // Many reports, one a line: each may be as large as the limit.
    let mut lines = bytes.as_slice().chain(input);
    let mut number = 0;
    loop {
        let mut line = Vec::new();
        if lines.read_until(b'\n', &mut line).map_err(failed)? == 0 {
            return Ok(());
        }
        if !line.trim_ascii().is_empty() && !local(&name, number, &line, given, take) {
            return Ok(());
        }
        number += 1;
    }
}

/// Hands on the records of another archive.
fn archive(
    path: &Path,
    take: &mut dyn FnMut(Result<Piece, Failure>) -> bool,
) -> Result<(), Failure> {
    let archive = Archive::open_to_read(path)?;
    for id in archive.report_ids()? {
        let Some(record) = archive.reading(&id)? else { continue };
        let place = format!("{}, report {id}", path.display());
        if !take(Ok(Piece { place, what: What::Record(Box::new(record)) })) {
            return Ok(());
        }
    }
    let corrected = archive.corrections(None)?.iter().filter(|c| c.withdrawn.is_none()).count();
    if corrected > 0 {
        let place = path.display();
        anstream::eprintln!(
            "{place}: its {corrected} corrections stay there; its readings are taken"
        );
    }
    Ok(())
}

/// Hands on the reports among some bytes of a file, which begin after `before` lines of it.
pub fn split(
    name: &str,
    before: usize,
    bytes: &[u8],
    given: &Given,
    take: &mut dyn FnMut(Result<Piece, Failure>) -> bool,
) -> bool {
    let pieces = dyad_reader::split(bytes, given);
    let many = pieces.len() > 1 || before > 0;
    let place = |line: usize| {
        if many { format!("{name}, line {}", line + before) } else { name.to_owned() }
    };
    pieces.into_iter().all(|piece| {
        take(match piece {
            Ok(piece) => Ok(Piece {
                place: place(piece.line),
                what: What::Bytes(piece.bytes.into_owned(), piece.given),
            }),
            Err((line, error)) => Err(Failure::Read { place: place(line), error }),
        })
    })
}

/// The same of a file of one's own, which may hold records too. A page from the web may not say what was
/// read from it.
fn local(
    name: &str,
    before: usize,
    bytes: &[u8],
    given: &Given,
    take: &mut dyn FnMut(Result<Piece, Failure>) -> bool,
) -> bool {
    match bytes.starts_with(RECORD) {
        true => records(name, before, bytes, take),
        false => split(name, before, bytes, given, take),
    }
}

/// Hands on records, one a line.
fn records(
    name: &str,
    before: usize,
    bytes: &[u8],
    take: &mut dyn FnMut(Result<Piece, Failure>) -> bool,
) -> bool {
    let lines = bytes.split(|b| *b == b'\n').zip(before + 1..);
    lines.filter(|(line, _)| !line.trim_ascii().is_empty()).all(|(line, number)| {
        let place = format!("{name}, line {number}");
        take(match serde_json::from_slice(line) {
            Ok(record) => Ok(Piece { place, what: What::Record(Box::new(record)) }),
            Err(error) => Err(Failure::Record { place, error }),
        })
    })
}
