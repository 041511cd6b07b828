//! Parses, checks and compiles the tables of `lexicons/`. Knows nothing of sentences.
#![forbid(unsafe_code)]

pub mod actors;
pub mod acts;
pub mod amounts;
pub mod cues;
pub mod furniture;
pub mod gazetteer;
pub mod mangled;
pub mod names;
pub mod table;
pub mod ties;
pub mod times;
pub mod tokens;
pub mod user;
pub mod word_shares;

pub use actors::Actors;
pub use acts::Acts;
pub use cues::Cues;
pub use mangled::Mangled;
pub use table::{Row, Table, TableError};
pub use ties::Ties;
pub use tokens::Tokens;
pub use word_shares::WordShares;

use std::borrow::Cow;
use std::collections::BTreeMap;

const TIMES: &str = include_str!("../../../lexicons/times.tsv");
const NUMBERS: &str = include_str!("../../../lexicons/numbers.tsv");
/// The tables of acts, in the order that `code_acts` takes them.
const ACT_TABLES: [(&str, &str); 6] = [
    ("acts", include_str!("../../../lexicons/acts.tsv")),
    ("act-classes", include_str!("../../../lexicons/act-classes.tsv")),
    ("status", include_str!("../../../lexicons/status.tsv")),
    ("chains", include_str!("../../../lexicons/chains.tsv")),
    ("goldstein", include_str!("../../../lexicons/goldstein.tsv")),
    ("contexts", include_str!("../../../lexicons/contexts.tsv")),
];

/// Every compiled lexicon, one field for each room of tables.
#[derive(Debug, Default)]
pub struct Lexicons {
    pub actors: Actors,
    pub acts: Acts,
    pub cues: Cues,
    pub ties: Ties,
    pub amounts: amounts::Amounts,
    pub gazetteer: gazetteer::Gazetteer<'static>,
    pub place_words: gazetteer::PlaceWords,
    pub times: times::Times,
    pub numbers: times::Numbers,
    /// A user's words that keep what holds them from being coded.
    pub discards: user::Discards,
    /// A user's verbs: what they say of a sentence wins over `acts`.
    pub verbs: user::Verbs,
    /// A user's words for what a sentence is about, beside the contexts of `acts`.
    pub issues: user::Issues,
    versions: BTreeMap<String, String>,
}

impl Lexicons {
    /// The line of a shipped table that a finding names as its origin (`acts:112`).
    pub fn shipped_line(&self, found_by: &str) -> Option<&'static str> {
        let (table, line) = found_by.split_once(':')?;
        let others = [
            ("cues", include_str!("../../../lexicons/cues.tsv")),
            ("ties", include_str!("../../../lexicons/ties.tsv")),
        ];
        let (_, text) = ACT_TABLES.iter().chain(&others).find(|(name, _)| *name == table)?;
        text.lines().nth(line.parse::<usize>().ok()?.checked_sub(1)?)
    }

    /// The lexicons that ship with the reader.
    pub fn builtin() -> Result<Self, TableError> {
        let actors = Actors::parse(&actors::BUILTIN)?;
        let mut lexicons = Lexicons { actors, ..Lexicons::default() };
        for (name, text) in actors::BUILTIN.named() {
            lexicons.note(name, text);
        }
        let cues = include_str!("../../../lexicons/cues.tsv");
        lexicons.note("cues", cues);
        lexicons.cues = Cues::parse("lexicons/cues.tsv", cues)?;
        Tokens::parse("lexicons/tokens.tsv", tokens::TEXT)?;
        lexicons.note("tokens", tokens::TEXT);
        let ties = include_str!("../../../lexicons/ties.tsv");
        let trends = include_str!("../../../lexicons/trends.tsv");
        let commodities = include_str!("../../../lexicons/commodities.tsv");
        for (name, text) in [("ties", ties), ("trends", trends), ("commodities", commodities)] {
            lexicons.note(name, text);
        }
        lexicons.ties = Ties::parse(ties, trends, commodities)?;
        let amounts = include_str!("../../../lexicons/amounts.tsv");
        let currencies = include_str!("../../../lexicons/currencies.tsv");
        let units = include_str!("../../../lexicons/units.tsv");
        for (name, text) in [("amounts", amounts), ("currencies", currencies), ("units", units)] {
            lexicons.note(name, text);
        }
        lexicons.amounts = amounts::Amounts::parse(amounts, currencies, units)?;
        let fingerprint = lexicons.gazetteer.fingerprint();
        lexicons.note("gazetteer", &fingerprint);
        let place_words = include_str!("../../../lexicons/place_words.tsv");
        lexicons.note("place_words", place_words);
        lexicons.place_words = gazetteer::PlaceWords::parse(place_words)?;
        lexicons.note("times", TIMES);
        lexicons.times = times::Times::parse(TIMES)?;
        lexicons.note("numbers", NUMBERS);
        lexicons.numbers = times::Numbers::parse(NUMBERS)?;
        lexicons.code_acts(|_| None)?;
        furniture::Sound::parse("lexicons/damage.tsv", furniture::DAMAGE_TEXT)?;
        lexicons.note("furniture", furniture::TEXT);
        lexicons.note("damage", furniture::DAMAGE_TEXT);
        Mangled::parse("lexicons/mangled.tsv", mangled::TEXT)?;
        lexicons.note("mangled", mangled::TEXT);
        Ok(lexicons)
    }

    /// Codes acts by these tables instead of the built-in ones, where `own` has one of that name.
    pub(crate) fn code_acts(
        &mut self,
        own: impl Fn(&str) -> Option<String>,
    ) -> Result<(), TableError> {
        let texts = ACT_TABLES.map(|(name, text)| {
            let text = own(name).map_or(Cow::Borrowed(text), Cow::Owned);
            self.note(name, &text);
            text
        });
        let [acts, classes, status, chains, goldstein, contexts] = texts.each_ref().map(|t| &**t);
        self.acts =
            Acts::parse(&acts::ActTexts { acts, classes, status, chains, goldstein, contexts })?;
        Ok(())
    }

    /// The name of each lexicon with the hash of its text.
    pub fn versions(&self) -> BTreeMap<String, String> {
        self.versions.clone()
    }

    /// Notes the text of a lexicon, so that its version stands in every record.
    pub fn note(&mut self, name: &str, text: &str) {
        let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| {
            (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        self.versions.insert(name.to_owned(), format!("{hash:016x}"));
    }
}
