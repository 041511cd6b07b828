//! Who speaks, and whom "I" and "we" mean.

use super::super::read::What;
use super::Resolver;
use super::known::{is_last_word, leads};
use crate::doc::{Deprel, Upos, WordId};
use crate::mention::ActorId;
use dyad_lexicon::cues::{CuePos, Frame};
use dyad_record::{ActorKind, How, Sector};
use smol_str::SmolStr;

/// Whether the word is a first person, and of many.
pub(super) fn first_person(word: &str) -> Option<bool> {
    match word.to_lowercase().as_str() {
        "i" | "me" | "my" | "mine" | "myself" => Some(false),
        "we" | "us" | "our" | "ours" | "ourselves" => Some(true),
        _ => None,
    }
}

impl Resolver<'_, '_, '_> {
    /// Whether the word is the subject of a verb of speech that no other one tells.
    pub(super) fn speaks(&self, word: WordId) -> bool {
        self.speech_of(word).is_some_and(|verb| {
            !self.reading.doc.ancestors(verb).skip(1).take(8).any(|w| self.is_speech(w))
        })
    }

    /// The verb of speech whose subject the word is.
    pub(super) fn speech_of(&self, word: WordId) -> Option<WordId> {
        let doc = self.reading.doc;
        let verb = doc.word(word).head.filter(|_| doc.word(word).deprel == Deprel::Nsubj)?;
        self.is_speech(verb).then_some(verb)
    }

    /// Whether a word stands in what the verb of speech tells: below it, or beside it where the
    /// words told govern it ("..., he said").
    pub(super) fn is_spoken(&self, word: WordId, verb: WordId) -> bool {
        let doc = self.reading.doc;
        if doc.word(word).sentence != doc.word(verb).sentence {
            return false;
        }
        let told = match doc.word(verb).head {
            Some(head) if doc.word(verb).deprel == Deprel::Parataxis => head,
            _ => verb,
        };
        doc.ancestors(word).take(64).any(|w| w == told)
    }

    fn is_speech(&self, verb: WordId) -> bool {
        let word = self.reading.doc.word(verb);
        word.upos == Upos::Verb
            && self
                .reading
                .lexicons
                .cues
                .get(CuePos::Verb, &word.lemma)
                .is_some_and(|cue| cue.frame == Frame::Speech)
    }

    pub(super) fn list_speakers(&mut self) {
        for (i, candidate) in self.candidates.iter().enumerate() {
            if !candidate.nested
                && first_person(self.reading.doc.surface(candidate.head)).is_none()
                && self.speech_of(candidate.head).is_some()
                && let Some(paragraph) = self.paragraph(candidate.head)
            {
                self.speakers.entry(paragraph).or_default().push(i);
            }
        }
    }

    fn paragraph(&self, word: WordId) -> Option<u32> {
        let doc = self.reading.doc;
        doc.sentences.get(doc.word(word).sentence as usize).map(|s| s.paragraph)
    }

    /// "I" and "we" are those who speak in the paragraph: the subject of the nearest verb of
    /// speech; "we" of somebody in office is the state.
    pub(super) fn speaker(&mut self, i: usize, many: bool) -> Option<ActorId> {
        let doc = self.reading.doc;
        let head = self.candidates[i].head;
        let near = self.speakers.get(&self.paragraph(head)?)?;
        // Who is told something is not who tells it.
        let others =
            near.iter().filter(|j| doc.word(self.candidates[**j].head).head != doc.word(head).head);
        let j = *others.min_by_key(|j| {
            let word = self.candidates[**j].head;
            (word.abs_diff(head), word)
        })?;
        // The speaker may stand behind the words: "We will pay," he said.
        self.visit(j);
        let speaker = self.found[j]?;
        Some(if many { self.side_actor(speaker) } else { speaker })
    }

    /// The first persons whose speaker was not known in their turn.
    pub(super) fn first_persons(&mut self) {
        for i in 0..self.candidates.len() {
            let many = first_person(self.reading.doc.surface(self.candidates[i].head));
            if self.candidates[i].what == What::Pronoun
                && self.found[i].is_none()
                && let Some(id) = many.and_then(|many| self.speaker(i, many))
            {
                self.found[i] = Some(id);
                self.mention(i, id, How::Pronoun);
            }
        }
    }

    /// The state for which somebody in office speaks; else the speaker.
    fn side_actor(&mut self, speaker: ActorId) -> ActorId {
        let actor = &self.actors[speaker.0 as usize];
        let official = matches!(actor.sector, Sector::Gov | Sector::Mil);
        // An adviser speaks for the state only where words make him one of it.
        let known = &self.known[speaker.0 as usize];
        let high = |noun: &SmolStr| leads(noun) || is_last_word(noun, "minister");
        let person =
            actor.kind == ActorKind::Person && (!known.inferred || known.nouns.iter().any(high));
        match actor.country.clone() {
            Some(country) if official && person => self.state(&country).unwrap_or(speaker),
            _ => speaker,
        }
    }
}
