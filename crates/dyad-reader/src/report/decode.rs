//! Bytes to characters.

use crate::given::ReadError;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// What bytes of another kind begin with, and their name for a person.
const MAGIC: [(&[u8], &str); 22] = [
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF8", "GIF image"),
    (b"PK\x03\x04", "ZIP archive or Office document"),
    (b"\x1f\x8b", "gzip archive"),
    (b"BZh", "bzip2 archive"),
    (b"\xfd7zXZ", "xz archive"),
    (b"7z\xbc\xaf", "7z archive"),
    (b"Rar!", "RAR archive"),
    (b"\x28\xb5\x2f\xfd", "zstd archive"),
    (b"\x7fELF", "program"),
    (b"MZ\x90", "Windows program"),
    (b"\xd0\xcf\x11\xe0", "old Office document"),
    (b"{\\rtf", "RTF document"),
    (b"RIFF", "sound, video or WebP image"),
    (b"ID3", "MP3 sound"),
    (b"OggS", "Ogg sound"),
    (b"fLaC", "FLAC sound"),
    (b"SQLite format 3", "SQLite database"),
    (b"\0asm", "WebAssembly program"),
    (b"II*\0", "TIFF image"),
];

/// The characters of the bytes, and what was doubtful about them.
pub fn decode(bytes: &[u8], media_type: Option<&str>) -> Result<(String, Vec<String>), ReadError> {
    if let Some(what) = binary(bytes) {
        return Err(ReadError::Binary { what: what.to_owned() });
    }
    let mut notes = Vec::new();
    let encoding = match Encoding::for_bom(bytes).map(|(encoding, _)| encoding) {
        Some(encoding) => encoding,
        None => match wide(bytes) {
            Some(encoding) => encoding,
            None => narrow(bytes, media_type, &mut notes),
        },
    };
    let (text, _, damaged) = encoding.decode(bytes);
    if encoding != UTF_8 {
        notes.push(format!("decoded from {}", encoding.name()));
    }
    if damaged {
        let count = text.matches('\u{fffd}').count();
        notes.push(format!(
            "{count} damaged character(s) in the bytes, shown as U+FFFD; {} was assumed",
            encoding.name()
        ));
    }
    let controls = text.chars().take(4096).filter(|c| is_control(*c)).count();
    if controls * 20 > text.chars().take(4096).count() {
        return Err(ReadError::Binary { what: "unknown format".to_owned() });
    }
    Ok((text.into_owned(), notes))
}

fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{85}')
}

fn binary(bytes: &[u8]) -> Option<&'static str> {
    if bytes.get(4..8) == Some(b"ftyp") {
        return Some("video or image");
    }
    MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, what)| *what)
}

/// UTF-16 without its mark: every other byte of a text in Latin letters is nought.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(512) & !1];
    if head.len() < 8 {
        return None;
    }
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), head.len() / 2);
    if odd * 4 > half * 3 && even * 8 < half {
        return Some(UTF_16LE);
    }
    (even * 4 > half * 3 && odd * 8 < half).then_some(UTF_16BE)
}

/// An encoding of single bytes or UTF-8. What the bytes themselves show comes before what the page
/// or the server says of them, since valid UTF-8 is hardly ever anything else.
fn narrow(bytes: &[u8], media_type: Option<&str>, notes: &mut Vec<String>) -> &'static Encoding {
    let declared = charset(media_type).or_else(|| declared(bytes));
    let error = match std::str::from_utf8(bytes) {
        Ok(_) => {
            if let Some(other) = declared
                && other != UTF_8
                && !bytes.is_ascii()
            {
                notes.push(format!("says it is {}, but is UTF-8", other.name()));
            }
            return UTF_8;
        }
        Err(error) => error,
    };
    if let Some(declared) = declared.filter(|d| *d != UTF_8) {
        return declared;
    }
    // A sequence cut off at the end, or a few bad bytes in much good UTF-8.
    let cut = error.error_len().is_none();
    let good =
        error.valid_up_to() >= 8 && bytes[..error.valid_up_to()].iter().any(|b| !b.is_ascii());
    if cut || good || few_bad(bytes) {
        return UTF_8;
    }
    let mut detector = chardetng::EncodingDetector::new();
    detector.feed(bytes, true);
    let guess = detector.guess(None, true);
    if guess == UTF_8 { WINDOWS_1252 } else { guess }
}

/// Whether most of what is not ASCII is sound UTF-8.
fn few_bad(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad * 4
}

fn charset(media_type: Option<&str>) -> Option<&'static Encoding> {
    let lower = media_type?.to_ascii_lowercase();
    let label = lower.split("charset=").nth(1)?.split(';').next()?;
    Encoding::for_label(label.trim().trim_matches(['"', '\'']).as_bytes())
}

/// The encoding that a page's head or an XML declaration names.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    if !head.contains('<') {
        return None;
    }
    let at = head.find("charset=").map(|i| i + 8).or_else(|| {
        let xml = head.find("<?xml")?;
        head[xml..].find("encoding=").map(|i| xml + i + 9)
    })?;
    let label = head[at..].trim_start_matches(['"', '\'', ' ']);
    let end = label.find(|c: char| !c.is_ascii_alphanumeric() && !"-_.:".contains(c))?;
    Encoding::for_label(&label.as_bytes()[..end])
}

/// The nearest character boundary at or before `at`.
pub fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> String {
        decode(bytes, None).unwrap().0
    }

    #[test]
    fn encodings_are_told_by_mark_declaration_and_looks() {
        let wide: Vec<u8> = "The fleet sailed.".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(text(&wide), "The fleet sailed.");
        assert_eq!(text(b"\xef\xbb\xbfOslo"), "Oslo");
        let cyrillic = encoding_rs::WINDOWS_1251.encode("Город Киев принял гостей.").0;
        assert_eq!(text(&cyrillic), "Город Киев принял гостей.");
        assert_eq!(
            text(b"<meta charset=\"windows-1251\">\xcc\xee\xf1\xea\xe2\xe0"),
            "<meta charset=\"windows-1251\">Москва"
        );
        assert_eq!(text(b"The caf\xe9 in \x93Oslo\x94 closed."), "The café in “Oslo” closed.");
        let server = decode(b"\xcc\xee", Some("text/plain; charset=windows-1251")).unwrap().0;
        assert_eq!(server, "Мо");
    }

    #[test]
    fn a_cut_sequence_is_shown_and_noted() {
        let (text, notes) = decode("Malmö".as_bytes()[..5].into(), None).unwrap();
        assert_eq!(text, "Malm\u{fffd}");
        assert!(notes[0].contains("1 damaged character"), "{notes:?}");
    }

    #[test]
    fn other_kinds_of_bytes_are_named() {
        let error = decode(b"%PDF-1.7 \0\0", None).unwrap_err();
        assert_eq!(error, ReadError::Binary { what: "PDF".to_owned() });
        let noise: Vec<u8> = (0..400u32).map(|i| (i * 7 % 31) as u8).collect();
        assert!(matches!(decode(&noise, None), Err(ReadError::Binary { .. })));
    }
}
