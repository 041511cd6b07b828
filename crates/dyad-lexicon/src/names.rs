//! One matcher for many names: a trie over the pieces of words, so that a name is found whatever
//! the tokenizer made of its hyphens, full stops and apostrophes.

use rustc_hash::FxHashMap;

/// A piece of a text or a name: letters and digits between anything else, folded to lower-case
/// unaccented letters. A full stop inside letters is dropped: "U.S." is the piece `us`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Bytes of the text it was cut from.
    pub start: usize,
    pub end: usize,
    pub text: String,
}

/// Cuts a text into its pieces.
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    let mut open: Option<Piece> = None;
    for (at, c) in text.char_indices() {
        if c.is_alphanumeric() {
            let piece =
                open.get_or_insert_with(|| Piece { start: at, end: at, text: String::new() });
            fold_into(c, &mut piece.text);
            piece.end = at + c.len_utf8();
        } else if c == '.' && open.is_some() {
            // "U.S." goes on; a sentence's own full stop is followed by nothing that joins it.
            if let Some(piece) = &mut open {
                piece.end = at + 1;
            }
        } else {
            found.extend(open.take());
        }
    }
    found.extend(open);
    found
}

fn fold_into(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    for c in c.to_lowercase() {
        let plain = match c {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => "a",
            'ç' | 'ć' | 'č' | 'ĉ' => "c",
            'ď' | 'đ' | 'ð' => "d",
            'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' | 'ə' => "e",
            'ğ' | 'ģ' => "g",
            'ì' | 'í' | 'î' | 'ï' | 'ī' | 'į' | 'ı' => "i",
            'ķ' => "k",
            'ł' | 'ļ' | 'ľ' => "l",
            'ñ' | 'ń' | 'ņ' | 'ň' => "n",
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => "o",
            'ř' => "r",
            'ś' | 'š' | 'ş' | 'ș' => "s",
            'ť' | 'ţ' | 'ț' => "t",
            'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' | 'ų' => "u",
            'ý' | 'ÿ' => "y",
            'ź' | 'ż' | 'ž' => "z",
            'æ' => "ae",
            'œ' => "oe",
            'ß' => "ss",
            'þ' => "th",
            // The dot that lower-casing leaves of "İ".
            '\u{307}' => "",
            other => {
                out.push(other);
                continue;
            }
        };
        out.push_str(plain);
    }
}

/// What no name holds.
pub const UNKNOWN: u32 = 0;

/// The trie. Node 0 is its root.
#[derive(Debug)]
pub struct Names<T> {
    vocabulary: FxHashMap<String, u32>,
    edges: FxHashMap<(u32, u32), u32>,
    ends: Vec<Vec<T>>,
}

impl<T> Default for Names<T> {
    fn default() -> Self {
        let edges = FxHashMap::default();
        Names { vocabulary: FxHashMap::default(), edges, ends: vec![Vec::new()] }
    }
}

impl<T> Names<T> {
    /// Adds a name; one without a single letter or digit is passed over.
    pub fn add(&mut self, name: &str, value: T) {
        let mut node = 0;
        for piece in pieces(name) {
            let next_word = self.vocabulary.len() as u32 + 1;
            let word = *self.vocabulary.entry(piece.text).or_insert(next_word);
            let next_node = self.ends.len() as u32;
            node = *self.edges.entry((node, word)).or_insert(next_node);
            if node == next_node {
                self.ends.push(Vec::new());
            }
        }
        if node != 0 {
            self.ends[node as usize].push(value);
        }
    }

    /// The number of a folded piece, [`UNKNOWN`] where no name has it.
    pub fn piece(&self, text: &str) -> u32 {
        self.vocabulary.get(text).copied().unwrap_or(UNKNOWN)
    }

    pub fn step(&self, node: u32, piece: u32) -> Option<u32> {
        if piece == UNKNOWN {
            return None;
        }
        self.edges.get(&(node, piece)).copied()
    }

    /// What the names that end at this node stand for.
    pub fn ends(&self, node: u32) -> &[T] {
        &self.ends[node as usize]
    }

    /// What a whole name stands for.
    pub fn get(&self, name: &str) -> &[T] {
        let mut node = 0;
        for piece in pieces(name) {
            match self.step(node, self.piece(&piece.text)) {
                Some(next) => node = next,
                None => return &[],
            }
        }
        self.ends(node)
    }

    /// Every name with what it stands for, in the order in which the nodes were made.
    pub fn values(&self) -> impl Iterator<Item = &[T]> {
        self.ends.iter().map(Vec::as_slice).filter(|ends| !ends.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<String> {
        pieces(text).into_iter().map(|p| p.text).collect()
    }

    #[test]
    fn pieces_fold_case_accents_and_stops() {
        assert_eq!(cut("U.S.-led"), ["us", "led"]);
        assert_eq!(cut("Côte d’Ivoire"), ["cote", "d", "ivoire"]);
        assert_eq!(cut("Erdoğan İstanbul"), ["erdogan", "istanbul"]);
        assert!(cut("... -- '").is_empty());
    }

    #[test]
    fn pieces_know_their_bytes() {
        let text = "É.U. x";
        let found = pieces(text);
        assert_eq!(&text[found[0].start..found[0].end], "É.U.");
        assert_eq!(&text[found[1].start..found[1].end], "x");
    }

    #[test]
    fn finds_whole_names() {
        let mut names = Names::default();
        names.add("al-Shabaab", 1);
        names.add("Al Shabaab", 2);
        names.add("—", 3);
        assert_eq!(names.get("AL SHABAAB"), [1, 2]);
        assert!(names.get("Shabaab").is_empty());
        assert!(names.get("al").is_empty());
        assert_eq!(names.values().count(), 1);
    }
}
