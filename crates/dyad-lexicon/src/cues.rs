//! `lexicons/cues.tsv`: the words that tell of speech, belief or attitude.

use crate::{Table, TableError};
use dyad_record::Stance;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

/// The part of speech under which a word is a cue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CuePos {
    Verb,
    Noun,
    Adj,
    Adv,
}

/// What must stand beside the word to make it a cue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// A clause, a quotation, or words before it ("…, said X").
    Speech,
    /// A clause or a quotation.
    Clause,
    /// A mere object will do.
    Any,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cue {
    pub stance: Stance,
    pub frame: Frame,
    pub line: u32,
}

/// Every cue, by part of speech and lemma.
#[derive(Clone, Debug, Default)]
pub struct Cues {
    cues: FxHashMap<SmolStr, [Option<Cue>; 4]>,
}

impl Cues {
    pub fn parse(name: &str, text: &str) -> Result<Self, TableError> {
        let table = Table::parse(name, text, &["word", "pos", "stance", "frame"])?;
        let mut cues: FxHashMap<SmolStr, [Option<Cue>; 4]> = FxHashMap::default();
        for row in table.rows() {
            let pos = match row.get("pos") {
                "verb" => CuePos::Verb,
                "noun" => CuePos::Noun,
                "adj" => CuePos::Adj,
                "adv" => CuePos::Adv,
                other => {
                    return Err(
                        row.error(format!("`{other}` is not one of verb, noun, adj, adv; use one"))
                    );
                }
            };
            let stance = row.get("stance").parse().map_err(|e: dyad_record::UnknownWord| {
                row.error(format!("{e}; the head of the file lists the stances"))
            })?;
            let frame = match row.get("frame") {
                "speech" => Frame::Speech,
                "clause" => Frame::Clause,
                "any" => Frame::Any,
                other => {
                    return Err(
                        row.error(format!("`{other}` is not one of speech, clause, any; use one"))
                    );
                }
            };
            let slot = &mut cues.entry(row.get("word").into()).or_default()[pos as usize];
            if slot.is_some() {
                return Err(row.error(format!(
                    "`{}` stands twice as {}; keep one row",
                    row.get("word"),
                    row.get("pos")
                )));
            }
            *slot = Some(Cue { stance, frame, line: row.line as u32 });
        }
        Ok(Cues { cues })
    }

    pub fn get(&self, pos: CuePos, lemma: &str) -> Option<Cue> {
        self.cues.get(lemma)?[pos as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_a_cue_by_its_part_of_speech() {
        let text =
            "word\tpos\tstance\tframe\nclaim\tverb\tclaims\tspeech\nclaim\tnoun\tclaims\tclause\n";
        let cues = Cues::parse("cues", text).unwrap();
        assert_eq!(cues.get(CuePos::Verb, "claim").unwrap().frame, Frame::Speech);
        assert_eq!(cues.get(CuePos::Noun, "claim").unwrap().frame, Frame::Clause);
        assert_eq!(cues.get(CuePos::Adj, "claim"), None);
    }

    #[test]
    fn a_wrong_row_is_named() {
        let head = "word\tpos\tstance\tframe\n";
        let twice = format!("{head}say\tverb\tsays\tspeech\nsay\tverb\tsays\tspeech\n");
        assert!(Cues::parse("cues", &twice).unwrap_err().what.contains("twice"));
        let stance = format!("{head}say\tverb\tmutters\tspeech\n");
        assert_eq!(Cues::parse("cues", &stance).unwrap_err().line, 2);
    }

    #[test]
    fn the_shipped_table_is_sound() {
        let cues = Cues::parse("cues", include_str!("../../../lexicons/cues.tsv")).unwrap();
        assert_eq!(cues.get(CuePos::Verb, "deny").unwrap().stance, Stance::Denies);
    }
}
