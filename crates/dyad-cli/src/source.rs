//! Paths to the bytes of single reports.

use crate::failure::Failure;
use crate::web;
use dyad_reader::LIMIT;
use dyad_reader::{Given, ReadError};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// The bytes of one report.
pub struct Piece {
    /// For messages: the file, and the line where a file holds many reports.
    pub place: String,
    pub bytes: Vec<u8>,
    pub given: Given,
}

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
    let mut bytes = Vec::new();
    input.by_ref().take(LIMIT as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() <= LIMIT {
        split(&name, 0, &bytes, given, take);
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
        if !line.trim_ascii().is_empty() && !split(&name, number, &line, given, take) {
            return Ok(());
        }
        number += 1;
    }
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
                bytes: piece.bytes.into_owned(),
                given: piece.given,
            }),
            Err((line, error)) => Err(Failure::Read { place: place(line), error }),
        })
    })
}
