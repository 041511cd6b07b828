//! What the network sees of a word form. `training/features.py` computes the same numbers; change
//! both or neither.

use rustc_hash::FxHashMap;

pub(crate) const NORM_ROWS: usize = 16384;
pub(crate) const SUFFIX_ROWS: usize = 8192;
pub(crate) const PREFIX_ROWS: usize = 4096;
const MAX_CHARS: usize = 40;
const MAX_PIECES: usize = 6;

/// The rows of a form in the four tables.
#[derive(Debug, Default)]
pub(crate) struct Features {
    pub pieces: Vec<u32>,
    pub norms: [u32; 2],
    pub suffixes: [u32; 4],
    pub prefixes: [u32; 5],
}

/// The word pieces and the plain letters of accented ones.
#[derive(Debug)]
pub(crate) struct Pieces {
    ids: FxHashMap<Box<str>, u32>,
    folds: FxHashMap<char, char>,
    unknown: u32,
}

/// Typographic marks as a typewriter has them.
fn plain_char(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' | '`' | '\u{b4}' | '\u{2032}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2026}' => '.',
        '\u{a0}' => ' ',
        _ => c,
    }
}

fn plain(form: &str) -> Vec<char> {
    if form == "``" || form == "''" {
        return vec!['"'];
    }
    form.chars().take(MAX_CHARS).map(plain_char).collect()
}

fn lower(c: char) -> char {
    let mut all = c.to_lowercase();
    match (all.next(), all.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

/// FNV-1a over the UTF-8 bytes, begun from the seed, with a final mix.
fn hash(seed: u32, chars: &[char]) -> usize {
    let mut value = 2_166_136_261 ^ seed.wrapping_mul(0x9e37_79b1);
    let mut buffer = [0; 4];
    for c in chars {
        for byte in c.encode_utf8(&mut buffer).bytes() {
            value = (value ^ u32::from(byte)).wrapping_mul(16_777_619);
        }
    }
    value ^= value >> 15;
    value = value.wrapping_mul(0x85eb_ca6b);
    (value ^ (value >> 13)) as usize
}

fn shape(text: &[char]) -> Vec<char> {
    let mut out: Vec<char> = Vec::new();
    for c in text {
        let s = match c {
            c if c.is_uppercase() => 'X',
            c if c.is_lowercase() => 'x',
            '0'..='9' => 'd',
            c => *c,
        };
        if out.len() < 3 || out[out.len() - 3..].iter().any(|o| *o != s) {
            out.push(s);
        }
    }
    out.truncate(12);
    out
}

fn casing(text: &[char]) -> char {
    let upper = text.iter().filter(|c| c.is_uppercase()).count();
    let low = text.iter().filter(|c| c.is_lowercase()).count();
    match (upper, low) {
        (0, 0) => 'n',
        (0, _) => 'l',
        (1, 0) => 'I',
        (_, 0) => 'U',
        (1, _) if text[0].is_uppercase() => 'T',
        _ => 'M',
    }
}

fn is_punctuation(c: char) -> bool {
    match c {
        '\0'..='\x7f' => !c.is_ascii_alphanumeric(),
        '\u{a1}'..='\u{bf}' | '\u{2010}'..='\u{206f}' | '\u{3000}'..='\u{303f}' => true,
        _ => false,
    }
}

impl Pieces {
    /// `folds` are pairs: the accented letter, then the plain one.
    pub fn new(vocabulary: &[String], folds: &[String]) -> Self {
        let ids: FxHashMap<Box<str>, u32> =
            vocabulary.iter().zip(0..).map(|(word, id)| (word.as_str().into(), id)).collect();
        let folds = folds
            .iter()
            .filter_map(|pair| {
                let mut chars = pair.chars();
                Some((chars.next()?, chars.next()?))
            })
            .collect();
        let unknown = ids.get("[UNK]").copied().unwrap_or(0);
        Pieces { ids, folds, unknown }
    }

    pub fn id(&self, piece: &str) -> Option<u32> {
        self.ids.get(piece).copied()
    }

    pub fn features(&self, form: &str) -> Features {
        let text = plain(form);
        let low: Vec<char> = text.iter().map(|c| lower(*c)).collect();
        let norm: Vec<char> =
            low.iter().map(|c| if c.is_ascii_digit() { '0' } else { *c }).collect();
        let row = |seed, chars: &[char], rows| (hash(seed, chars) % rows) as u32;
        let suffix =
            |k: usize| row(10 + k as u32, &norm[norm.len().saturating_sub(k)..], SUFFIX_ROWS);
        let prefix = |k: usize| row(20 + k as u32, &norm[..k.min(norm.len())], PREFIX_ROWS);
        Features {
            pieces: self.pieces(&low),
            norms: [row(1, &norm, NORM_ROWS), row(2, &norm, NORM_ROWS)],
            suffixes: [suffix(1), suffix(2), suffix(3), suffix(4)],
            prefixes: [
                prefix(1),
                prefix(2),
                prefix(3),
                row(24, &shape(&text), PREFIX_ROWS),
                row(25, &[casing(&text)], PREFIX_ROWS),
            ],
        }
    }

    fn pieces(&self, low: &[char]) -> Vec<u32> {
        let text: Vec<char> = low.iter().map(|c| *self.folds.get(c).unwrap_or(c)).collect();
        let mut out = Vec::new();
        for run in text.chunk_by(|a, b| !is_punctuation(*a) && !is_punctuation(*b)) {
            if is_punctuation(run[0]) {
                if run[0] != ' ' && run[0] != '\0' {
                    let mut buffer = [0; 4];
                    let id = self.ids.get(&*run[0].encode_utf8(&mut buffer));
                    out.push(*id.unwrap_or(&self.unknown));
                }
            } else {
                self.cut(run, &mut out);
            }
        }
        out.truncate(MAX_PIECES);
        if out.is_empty() {
            out.push(self.unknown);
        }
        out
    }

    /// The longest known piece, again and again; unknown if that leads nowhere.
    fn cut(&self, run: &[char], out: &mut Vec<u32>) {
        let first = out.len();
        let mut start = 0;
        let mut piece = String::new();
        while start < run.len() {
            piece.clear();
            if start > 0 {
                piece.push_str("##");
            }
            piece.extend(&run[start..]);
            let mut end = run.len();
            let found = loop {
                if end == start {
                    break None;
                }
                if let Some(id) = self.ids.get(piece.as_str()) {
                    break Some(*id);
                }
                piece.pop();
                end -= 1;
            };
            let Some(id) = found else {
                out.truncate(first);
                out.push(self.unknown);
                return;
            };
            out.push(id);
            start = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn shapes_and_casings() {
        for (text, wanted, case) in [
            ("Ottawa", "Xxxx", 'T'),
            ("NATO", "XXX", 'U'),
            ("a", "x", 'l'),
            ("I", "X", 'I'),
            ("12,500", "dd,ddd", 'n'),
            ("McCoy", "XxXxx", 'M'),
            ("", "", 'n'),
        ] {
            assert_eq!(shape(&chars(text)).iter().collect::<String>(), wanted, "{text}");
            assert_eq!(casing(&chars(text)), case, "{text}");
        }
    }

    #[test]
    fn pieces_are_cut_greedily() {
        let words = ["[UNK]", "sub", "##marine", "##s", "-", "cafe", "##m"].map(str::to_owned);
        let pieces = Pieces::new(&words, &["\u{e9}e".to_owned()]);
        assert_eq!(pieces.features("Submarines").pieces, [1, 2, 3]);
        assert_eq!(pieces.features("sub\u{2013}caf\u{e9}").pieces, [1, 4, 5]);
        assert_eq!(pieces.features("subway").pieces, [0]);
        assert_eq!(pieces.features("").pieces, [0]);
        assert_eq!(pieces.features(" ").pieces, [0]);
    }
}
