//! Who has a code in a sentence, and who of them the words of a role mean.

use super::super::tree;
use crate::doc::{Deprel, Doc, WordId};
use crate::mention::{ActorId, Mentions};
use crate::span::Span;
use dyad_record::How;
use std::ops::Range;

/// Somebody with a code, where the words of the sentence name him.
#[derive(Clone, Copy, Debug)]
pub struct Somebody {
    pub start: WordId,
    pub end: WordId,
    pub actor: ActorId,
    pub span: Span,
    head: WordId,
    how: How,
}

impl Somebody {
    pub fn holds(&self, word: WordId) -> bool {
        (self.start..self.end).contains(&word)
    }
}

/// All of them in a sentence, in the order of the text. A name may stand for several.
pub struct People<'a> {
    doc: &'a Doc<'a>,
    pub all: Vec<Somebody>,
}

impl<'a> People<'a> {
    /// The outermost mentions of coded actors among the words.
    pub fn of(doc: &'a Doc<'a>, mentions: &Mentions, words: Range<WordId>) -> Self {
        let mut all: Vec<Somebody> = Vec::new();
        let within = mentions.actor_mentions.iter().filter(|m| words.contains(&m.words.start));
        for mention in within {
            let actor = mentions.actor(mention.actor);
            let coded = actor.country.is_some() || actor.organisation.is_some();
            let inside = all.iter().any(|s| {
                s.start <= mention.words.start
                    && mention.words.end <= s.end
                    && s.span != mention.span
            });
            if coded && !inside {
                let Range { start, end } = mention.words.clone();
                let (actor, span) = (mention.actor, mention.span);
                all.push(Somebody {
                    start,
                    end,
                    actor,
                    span,
                    head: mention.head,
                    how: mention.how,
                });
            }
        }
        People { doc, all }
    }

    pub fn at(&self, word: WordId) -> Option<Somebody> {
        self.all.iter().find(|s| s.holds(word)).copied()
    }

    /// Somebody and all that are joined with him.
    pub fn joined(&self, somebody: Somebody) -> Vec<Somebody> {
        let doc = self.doc;
        let head = self.top(&somebody);
        let first = tree::first_conjunct(doc, head);
        let heads = tree::coordinated(doc, first);
        let one = |s: &&Somebody| s.span == somebody.span || heads.iter().any(|h| s.holds(*h));
        self.all.iter().filter(one).copied().collect()
    }

    /// The word by which the sentence holds the mention.
    fn top(&self, of: &Somebody) -> WordId {
        let up = |w: WordId| self.doc.word(w).head;
        (of.start..of.end).find(|w| up(*w).is_none_or(|h| !of.holds(h))).unwrap_or(of.head)
    }

    /// Whom a phrase means: for each of its conjuncts whoever it names, else the first who is named
    /// in it, as the owner in "X's troubles".
    pub fn meant(&self, head: WordId) -> Vec<Somebody> {
        let mut found: Vec<Somebody> = Vec::new();
        for head in self.listed(head) {
            let one = self.all.iter().find(|s| s.head == head || self.top(s) == head);
            let named = match one {
                Some(one) => self.all.iter().filter(|s| s.span == one.span).copied().collect(),
                None => self.within(head),
            };
            for one in named {
                if !found.iter().any(|s| s.actor == one.actor) {
                    found.push(one);
                }
            }
        }
        found
    }

    /// The conjuncts of a phrase. A name in apposition to a name is one more of a list.
    fn listed(&self, head: WordId) -> Vec<WordId> {
        let name = |w: WordId| self.all.iter().any(|s| s.head == w && s.how == How::Name);
        let mut heads = tree::coordinated(self.doc, head);
        if name(head) {
            let beside = self.doc.dependents_by(head, &[Deprel::Appos]).filter(|w| name(*w));
            heads.extend(beside.flat_map(|w| tree::coordinated(self.doc, w)));
        }
        heads
    }

    /// The first who is named below the word and not in a conjunct or clause of its own, with all
    /// who are joined to him.
    fn within(&self, head: WordId) -> Vec<Somebody> {
        let doc = self.doc;
        let below = |w: WordId| {
            let mut at = w;
            for _ in 0..12 {
                if at == head {
                    return true;
                }
                let apart = matches!(
                    doc.word(at).deprel,
                    Deprel::Conj | Deprel::AclRelcl | Deprel::Appos | Deprel::Parataxis
                );
                match doc.word(at).head {
                    Some(up) if !(apart && up == head) => at = up,
                    _ => return false,
                }
            }
            false
        };
        let first = self.all.iter().find(|s| (s.start..s.end).any(below));
        first.map(|s| self.joined(*s)).unwrap_or_default()
    }
}
