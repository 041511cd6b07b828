//! Tokens for shared use: a text file beside the archive, one token a line, of which only the hash
//! is kept.

use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;
use thiserror::Error;

/// What a token's holder may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Look, and have a text read.
    Reader,
    /// Also store and change.
    Editor,
}

impl Role {
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Reader => "reader",
            Role::Editor => "editor",
        }
    }
}

impl FromStr for Role {
    type Err = String;
    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "reader" => Ok(Role::Reader),
            "editor" => Ok(Role::Editor),
            _ => Err(format!("`{word}` is no role; give reader or editor")),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub name: String,
    pub role: Role,
    hash: String,
}

#[derive(Debug, Error)]
pub enum TokenError {
    #[error("{path}: {source}")]
    File { path: PathBuf, source: io::Error },
    #[error("{path}, line {line}: {why}; make tokens with `dyad token new`")]
    Line { path: PathBuf, line: usize, why: String },
    #[error("{path} already has a token `{name}`; revoke it first or take another name")]
    Taken { path: PathBuf, name: String },
    #[error("{path} has no token `{name}`; `dyad token list` shows those there are")]
    Unknown { path: PathBuf, name: String },
    #[error("`{name}` is no name for a token; take letters, digits, `-`, `_` and `.`")]
    Name { name: String },
    #[error("the system gives no random bytes: {0}")]
    Random(getrandom::Error),
}

/// The tokens of a file, read again when it changes: a revoked token is refused at once.
#[derive(Debug)]
pub struct Tokens {
    path: PathBuf,
    seen: Mutex<(Option<SystemTime>, Vec<Token>)>,
}

impl Tokens {
    /// The file that belongs to an archive: its name with `.tokens` behind it.
    pub fn beside(archive: &Path) -> PathBuf {
        let mut name = archive.as_os_str().to_owned();
        name.push(".tokens");
        name.into()
    }

    /// Opens a file of tokens; none need be there.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, TokenError> {
        let path = path.into();
        let seen = Mutex::new((changed(&path), load(&path)?));
        Ok(Tokens { path, seen })
    }

    /// Makes a token and gives its text, which is kept nowhere.
    pub fn make(&self, name: &str, role: Role) -> Result<String, TokenError> {
        let fine = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if name.is_empty() || !name.chars().all(fine) {
            return Err(TokenError::Name { name: name.to_owned() });
        }
        let mut tokens = load(&self.path)?;
        if tokens.iter().any(|t| t.name == name) {
            return Err(TokenError::Taken { path: self.path.clone(), name: name.to_owned() });
        }
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(TokenError::Random)?;
        let text = format!("dyad_{}", hex(&bytes));
        tokens.push(Token { name: name.to_owned(), role, hash: hash(&text) });
        self.save(&tokens)?;
        Ok(text)
    }

    pub fn revoke(&self, name: &str) -> Result<(), TokenError> {
        let mut tokens = load(&self.path)?;
        let before = tokens.len();
        tokens.retain(|t| t.name != name);
        if tokens.len() == before {
            return Err(TokenError::Unknown { path: self.path.clone(), name: name.to_owned() });
        }
        self.save(&tokens)
    }

    pub fn list(&self) -> Vec<Token> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let now = changed(&self.path);
        if now != seen.0 {
            // A file that cannot be read lets nobody in.
            *seen = (now, load(&self.path).unwrap_or_default());
        }
        seen.1.clone()
    }

    /// Whose token this is. Guessing is hopeless (256 random bits), so that a plain hash is enough.
    pub fn find(&self, text: &str) -> Option<Token> {
        let hash = hash(text);
        self.list().into_iter().find(|t| t.hash == hash)
    }

    fn save(&self, tokens: &[Token]) -> Result<(), TokenError> {
        let fail = |source| TokenError::File { path: self.path.clone(), source };
        let mut text = String::from("# name\trole\tsha256 of the token\n");
        for t in tokens {
            let _ = writeln!(text, "{}\t{}\t{}", t.name, t.role.as_str(), t.hash);
        }
        let mut open = std::fs::OpenOptions::new();
        open.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
        let mut file = open.open(&self.path).map_err(fail)?;
        file.write_all(text.as_bytes()).map_err(fail)?;
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) =
            (changed(&self.path), tokens.to_vec());
        Ok(())
    }
}

fn changed(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|m| m.modified()).ok()
}

fn load(path: &Path) -> Result<Vec<Token>, TokenError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(TokenError::File { path: path.to_owned(), source }),
    };
    let mut tokens = Vec::new();
    for (i, line) in text.lines().enumerate().filter(|(_, l)| !l.is_empty() && !l.starts_with('#'))
    {
        let wrong = |why: String| TokenError::Line { path: path.to_owned(), line: i + 1, why };
        let columns: Vec<&str> = line.split('\t').collect();
        let [name, role, hash] = columns[..] else {
            return Err(wrong(format!("{} columns instead of 3", columns.len())));
        };
        let role = role.parse().map_err(wrong)?;
        tokens.push(Token { name: name.to_owned(), role, hash: hash.to_owned() });
    }
    Ok(tokens)
}

fn hash(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_known_until_it_is_revoked_and_never_kept() {
        let dir = tempfile::tempdir().unwrap();
        let path = Tokens::beside(&dir.path().join("a.sqlite"));
        let tokens = Tokens::open(&path).unwrap();
        let text = tokens.make("ana", Role::Editor).unwrap();
        assert!(!std::fs::read_to_string(&path).unwrap().contains(&text));
        let other = Tokens::open(&path).unwrap();
        assert_eq!(other.find(&text).unwrap().role, Role::Editor);
        assert_eq!(other.find("dyad_0"), None);
        assert!(matches!(tokens.make("ana", Role::Reader), Err(TokenError::Taken { .. })));
        assert!(matches!(tokens.make("a b", Role::Reader), Err(TokenError::Name { .. })));
        tokens.revoke("ana").unwrap();
        assert!(matches!(tokens.revoke("ana"), Err(TokenError::Unknown { .. })));
        assert_eq!(tokens.find(&text), None);
    }

    #[test]
    fn a_broken_file_names_its_line() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t");
        std::fs::write(&path, "# head\nana\tboss\t00\n").unwrap();
        let error = Tokens::open(&path).unwrap_err().to_string();
        assert!(error.contains("line 2") && error.contains("boss"), "{error}");
    }
}
