//! How a tie is told: denied or only wished for, and which way it moves.

use super::{DEPTH, Finder, has};
use crate::coding::base::bases;
use crate::doc::{Deprel, Upos, WordId, Xpos};
use crate::span::Span;
use dyad_lexicon::cues::CuePos;
use dyad_lexicon::ties::TiePos;
use dyad_record::{Stance, Trend};

impl Finder<'_> {
    /// The verb or predicate in which the word stands.
    pub(super) fn predicate(&self, word: WordId) -> WordId {
        let doc = self.doc;
        let mut at = word;
        for _ in 0..DEPTH {
            if doc.word(at).upos == Upos::Verb || has(doc, at, Deprel::Cop) {
                return at;
            }
            match doc.word(at).head {
                Some(head) => at = head,
                None => return at,
            }
        }
        at
    }

    /// Denied, refused, rejected or lifted: no tie.
    pub(super) fn undone(&self, word: WordId, predicate: WordId) -> bool {
        let doc = self.doc;
        let negated = |w: WordId| {
            doc.dependents_by(w, &[Deprel::Advmod, Deprel::Det]).any(|d| {
                matches!(doc.word(d).lemma.as_str(), "not" | "n't" | "never" | "no" | "nor")
                    // "no longer"
                    || doc.surface(d) == "longer" && d > 0 && doc.surface(d - 1) == "no"
            })
        };
        // "does not fully control" still controls in part.
        let partly = doc
            .dependents_by(predicate, &[Deprel::Advmod])
            .any(|d| matches!(doc.word(d).lemma.as_str(), "fully" | "entirely" | "completely"));
        if !partly && (negated(word) || negated(predicate)) {
            return true;
        }
        doc.ancestors(word).take(DEPTH).any(|w| {
            let lemma = doc.word(w).lemma.to_lowercase();
            let pos = match doc.word(w).upos {
                Upos::Verb => CuePos::Verb,
                Upos::Noun => CuePos::Noun,
                _ => return false,
            };
            w != word
                && (self.lexicons.cues.get(pos, &lemma).is_some_and(|c| {
                    matches!(c.stance, Stance::Refuses | Stance::Opposes | Stance::Denies)
                }) || matches!(lemma.as_str(), "lift" | "scrap" | "remove"))
        })
    }

    /// Told as possible, wished for or planned.
    pub(super) fn unsure(&self, predicate: WordId) -> bool {
        let doc = self.doc;
        doc.ancestors(predicate).take(3).any(|w| {
            let lemma = doc.word(w).lemma.to_lowercase();
            doc.dependents_by(w, &[Deprel::Aux]).any(|a| doc.word(a).xpos == Xpos::Md)
                || doc.word(w).upos == Upos::Verb
                    && self
                        .lexicons
                        .cues
                        .get(CuePos::Verb, &lemma)
                        .is_some_and(|c| c.stance == Stance::Wants)
        })
    }

    /// Which way the tie moves: by the verb that the word is subject or object of, by an
    /// adjective, by a noun of change above it.
    pub(super) fn trend(&self, word: WordId, predicate: WordId) -> Option<Trend> {
        let doc = self.doc;
        let ties = &self.lexicons.ties;
        let lemma = |w: WordId| doc.word(w).lemma.to_lowercase();
        let told = |w: WordId| match doc.word(w).upos {
            Upos::Verb => ties
                .trend(TiePos::Verb, &lemma(w))
                .or_else(|| bases(doc.surface(w)).iter().find_map(|b| ties.trend(TiePos::Verb, b)))
                // "growing", "strained" as adjectives
                .or_else(|| ties.trend(TiePos::Adj, &doc.surface(w).to_lowercase())),
            Upos::Noun => ties.trend(TiePos::Noun, &lemma(w)),
            Upos::Adj => ties.trend(TiePos::Adj, &doc.surface(w).to_lowercase()),
            _ => None,
        };
        // "wean itself off": the word itself moves.
        if doc.word(word).lemma == "wean" {
            return told(word);
        }
        let described = doc.dependents_by(word, &[Deprel::Amod, Deprel::Compound]).find_map(told);
        if described.is_some() {
            return described;
        }
        let object = doc.dependents_by(word, &[Deprel::Obj]).next();
        for w in [Some(word), object].into_iter().flatten() {
            let compared = doc.dependents_by(w, &[Deprel::Amod, Deprel::Advmod]).find_map(|d| {
                match lemma(d).as_str() {
                    "more" | "much" if doc.word(d).xpos != Xpos::Rb => match doc.surface(d) {
                        "more" => Some(Trend::Rising),
                        _ => None,
                    },
                    "less" | "few" if matches!(doc.word(d).xpos, Xpos::Jjr | Xpos::Rbr) => {
                        Some(Trend::Falling)
                    }
                    _ => None,
                }
            });
            if compared.is_some() {
                return compared;
            }
        }
        // Up from the word: "growth in trade", "boost cooperation", "ties have grown".
        let mut at = word;
        for _ in 0..3 {
            let Some(head) = doc.word(at).head else { break };
            let linked = matches!(
                doc.word(at).deprel,
                Deprel::Nsubj
                    | Deprel::NsubjPass
                    | Deprel::Obj
                    | Deprel::Nmod
                    | Deprel::Compound
                    | Deprel::Conj
                    | Deprel::Xcomp
            );
            if !linked {
                break;
            }
            if let Some(trend) = told(head) {
                return Some(trend);
            }
            at = head;
        }
        // "relations between A and B deteriorate", where the tree has lost the subject.
        let words = doc.subtree(word).into_iter();
        let behind = words.filter(|w| doc.word(*w).upos != Upos::Punct).max().unwrap_or(word) + 1;
        if (behind as usize) < doc.words.len()
            && doc.word(behind).upos == Upos::Verb
            && doc.word(behind).sentence == doc.word(word).sentence
            && doc.word(behind).xpos != Xpos::Vbn
            && let Some(trend) = told(behind)
        {
            return Some(trend);
        }
        // "is expected to increase", "are growing"
        (predicate != word)
            .then(|| doc.dependents_by(predicate, &[Deprel::Xcomp, Deprel::Conj]).find_map(told))
            .flatten()
    }

    /// "close ties", "a partnership without limits".
    pub(super) fn close(&self, word: WordId) -> bool {
        let doc = self.doc;
        // "ties are strong"
        let predicate = doc
            .word(word)
            .head
            .filter(|h| doc.word(word).deprel == Deprel::Nsubj && doc.word(*h).upos == Upos::Adj);
        doc.dependents_by(word, &[Deprel::Amod, Deprel::Compound]).chain(predicate).any(|d| {
            matches!(
                doc.word(d).lemma.to_lowercase().as_str(),
                "close"
                    | "strong"
                    | "strategic"
                    | "friendly"
                    | "warm"
                    | "special"
                    | "traditional"
                    | "fraternal"
                    | "cordial"
                    | "solid"
                    | "firm"
                    | "excellent"
            )
        })
    }

    /// The words that tell of the tie: its own, and those of the predicate.
    pub(super) fn evidence(&self, word: WordId, predicate: WordId) -> Vec<Span> {
        let mut spans = vec![self.doc.word(word).span];
        if predicate != word {
            spans.push(self.doc.word(predicate).span);
        }
        spans
    }
}
