//! One sentence's attributions, read off its tree: cue, source and content.

use super::quote::Quotation;
use crate::coding::base::bases;
use crate::doc::{Deprel, Doc, Upos, WordId};
use crate::mention::Mentions;
use crate::span::Span;
use dyad_lexicon::Lexicons;
use dyad_lexicon::cues::{Cue, CuePos, Frame};
use dyad_record::Stance;
use std::ops::Range;

/// Who is said to have said what, before anyone is resolved.
#[derive(Clone, Debug)]
pub(super) struct Attribution {
    pub sentence: u32,
    /// The word that makes it an attribution.
    pub head: WordId,
    pub cue: Range<WordId>,
    pub source: Option<Source>,
    pub content: Vec<Span>,
    /// None for a word that the lexicon lacks.
    pub stance: Option<Stance>,
    pub frame: Frame,
    /// The content stands before the cue ("…, X said").
    pub behind: bool,
    /// The rule that made it.
    pub rule: &'static str,
    /// Row of the cue in its lexicon, 0 where it has none.
    pub line: u32,
}

#[derive(Clone, Debug)]
pub(super) struct Source {
    pub head: WordId,
    pub span: Span,
}

pub(super) struct Finder<'a> {
    pub doc: &'a Doc<'a>,
    pub mentions: &'a Mentions,
    pub lexicons: &'a Lexicons,
    pub quotations: &'a [Quotation],
}

impl Finder<'_> {
    /// Every attribution of a sentence, in the order of their cues. One whose content is still
    /// missing ends in a colon: what it introduces stands in the next sentence.
    pub fn in_sentence(&self, sentence: u32) -> Vec<Attribution> {
        let doc = self.doc;
        let words = doc.sentences[sentence as usize].words.clone();
        let mut found: Vec<Attribution> = words
            .clone()
            .filter_map(|word| match doc.word(word).upos {
                _ if doc.surface(word).eq_ignore_ascii_case("according") => self.according(word),
                Upos::Verb => self.verb(word, self.cue(CuePos::Verb, word)),
                Upos::Noun => self.noun(word, self.cue(CuePos::Noun, word)),
                Upos::Adj => self.adjective(word, self.cue(CuePos::Adj, word)),
                _ => None,
            })
            .collect();
        found.extend(self.headed(sentence));
        found.extend(self.signed(sentence));
        self.heard(sentence, &mut found);
        found.sort_by_key(|a| (a.cue.start, a.head));
        found
    }

    /// What the lexicon says of a word; of a word that it lacks, that anything may be content.
    pub(super) fn cue(&self, pos: CuePos, word: WordId) -> Cue {
        let unlisted = Cue { stance: Stance::Says, frame: Frame::Any, line: 0 };
        self.listed(pos, word).unwrap_or(unlisted)
    }

    pub(super) fn listed(&self, pos: CuePos, word: WordId) -> Option<Cue> {
        let cues = &self.lexicons.cues;
        let lemma = self.doc.word(word).lemma.to_lowercase();
        cues.get(pos, &lemma)
            .or_else(|| bases(self.doc.surface(word)).iter().find_map(|b| cues.get(pos, b)))
    }

    pub(super) fn make(
        &self,
        head: WordId,
        cue: Range<WordId>,
        source: Option<Source>,
        content: Vec<Span>,
        lexical: Option<Cue>,
        rule: &'static str,
    ) -> Attribution {
        let at = self.doc.word(head).span;
        Attribution {
            sentence: self.doc.word(head).sentence,
            head,
            behind: content.first().is_some_and(|c| c.start < at.start),
            cue,
            source,
            content,
            stance: match lexical {
                Some(cue) => (cue.line > 0).then_some(cue.stance),
                None => Some(Stance::Says),
            },
            frame: lexical.map_or(Frame::Speech, |c| c.frame),
            rule,
            line: lexical.map_or(0, |c| c.line),
        }
    }
}

pub(super) fn has(doc: &Doc<'_>, word: WordId, relations: &[Deprel]) -> bool {
    doc.dependents(word).iter().any(|d| relations.contains(&doc.word(*d).deprel))
}
