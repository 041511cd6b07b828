//! Acts that the ear hears in a word by itself: those of rules that nothing else would tell, and those of words that no
//! row knows ("the border was shut").

use super::head::{code, kind};
use super::pair::Root;
use super::sides::{Found, Side, Sides};
use super::tree::Frame;
use super::trigger::Model;
use super::user::PlainAct;
use super::{Act, status, tree};
use crate::doc::{Doc, Upos, WordId};
use crate::mention::Mentions;
use dyad_lexicon::Acts;
use dyad_lexicon::acts::ActRule;
use dyad_lexicon::cues::{CuePos, Cues};
use dyad_record::Stance;

/// What gives an act of a single word its origin.
pub const FOUND_BY: &str = "head:word";

/// How likely a word with a row of its own must tell the act, and one without.
const ROW: f32 = 0.3;
const ALONE: f32 = 0.5;

/// A row that asks for nothing, for each root.
pub fn rows() -> Vec<ActRule> {
    let row = |root: &Root| ActRule {
        line: 0,
        needs: Vec::new(),
        kind: Some(kind(*root)),
        mode: None,
        cameo: code(kind(*root), None).into(),
        to: Vec::new(),
        mutual: false,
        weight: 0,
    };
    Root::ALL.iter().map(row).collect()
}

/// Whether the ear is sure enough that the word tells an act of which one side is known.
pub fn is_told(doc: &Doc<'_>, model: &Model, act: &Act<'_>) -> bool {
    if act.agents.sides.is_empty() && act.recipients.sides.is_empty() {
        return false;
    }
    let root = Root::of(act.kind, act.standing.status);
    let beliefs = model.beliefs(doc, act.trigger);
    root.zip(beliefs).is_some_and(|(root, beliefs)| beliefs.of(root) >= ROW)
}

/// Who hears acts in the words of a report.
pub struct Ear<'a> {
    pub doc: &'a Doc<'a>,
    pub mentions: &'a Mentions,
    pub sides: &'a Sides<'a>,
    pub acts: &'a Acts,
    pub cues: &'a Cues,
    pub model: &'a Model,
}

impl<'a> Ear<'a> {
    /// The acts of words that neither a rule nor the model of pairs takes for one.
    pub fn hear(
        &self,
        sentence: u32,
        rows: &'a [ActRule],
        known: &[Act<'_>],
        told: &[PlainAct],
    ) -> Vec<Act<'a>> {
        let doc = self.doc;
        let words = doc.sentences[sentence as usize].words.clone();
        let here: Vec<&Act<'_>> = known.iter().filter(|a| words.contains(&a.trigger)).collect();
        let taken = |word: WordId| {
            let of = |a: &&Act<'_>| {
                a.trigger == word || a.named.contains(&word) || a.frame.light == Some(word)
            };
            here.iter().any(of) || told.iter().any(|t| t.trigger == word)
        };
        let mut found: Vec<Act<'a>> = Vec::new();
        // Who merely says something, or cites who said it, does nothing by that.
        let says = |word: WordId| {
            let cue = self.cues.get(CuePos::Verb, tree::lemma(doc, word));
            cue.is_some_and(|cue| cue.stance == Stance::Says)
        };
        for word in words.clone().filter(|w| !taken(*w) && !says(*w)) {
            let noun = match doc.word(word).upos {
                Upos::Verb => false,
                Upos::Noun => true,
                _ => continue,
            };
            let Some((root, sure)) = self.model.beliefs(doc, word).map(|b| b.best()) else {
                continue;
            };
            if sure < ALONE {
                continue;
            }
            let act = self.act(word, noun, root, rows);
            let all = || act.agents.sides.iter().chain(&act.recipients.sides);
            let known = |s: &Side| {
                let actor = self.mentions.actor(s.actor);
                actor.country.is_some() || super::is_political(self.mentions, s.actor)
            };
            let echo = |a: &Act<'_>| {
                let theirs = a.agents.sides.iter().chain(&a.recipients.sides);
                Root::of(a.kind, a.standing.status) == Some(root)
                    && theirs.into_iter().any(|s| all().any(|own| own.actor == s.actor))
            };
            let paired = |t: &PlainAct| {
                words.contains(&t.trigger)
                    && Root::of(t.kind, t.status) == Some(root)
                    && all().any(|s| [t.source.actor, t.target.actor].contains(&s.actor))
            };
            let told_already =
                here.iter().any(|a| echo(a)) || found.iter().any(echo) || told.iter().any(paired);
            if all().any(known) && !told_already {
                found.push(act);
            }
        }
        found
    }

    fn act(&self, word: WordId, noun: bool, root: Root, rows: &'a [ActRule]) -> Act<'a> {
        let doc = self.doc;
        let frame = match noun {
            true => tree::noun_frame(doc, word, self.acts),
            false => tree::verb_frame(doc, word),
        };
        let sides = self.sides.of_act(&frame, noun, &[]);
        by_model(self.doc, self.acts, (word, root, frame), sides, rows, FOUND_BY)
    }
}

/// The act that a model tells by a word alone, with the sides that were found for it.
pub fn by_model<'a>(
    doc: &Doc<'_>,
    acts: &Acts,
    (word, root, frame): (WordId, Root, Frame),
    (mut agents, mut recipients): (Found, Found),
    rows: &'a [ActRule],
    found_by: &str,
) -> Act<'a> {
    super::drop_shared(&mut agents, &mut recipients);
    let at = Root::ALL.iter().position(|r| *r == root).unwrap_or(0);
    Act {
        trigger: word,
        rule: &rows[at],
        kind: kind(root),
        mode: None,
        cameo: rows[at].cameo.to_string(),
        named: Vec::new(),
        standing: status::standing(doc, acts, word, frame.light),
        frame,
        agents,
        recipients,
        has_infinitive: false,
        reciprocal: false,
        settled: false,
        found_by: found_by.to_owned(),
        belief: None,
    }
}
