//! Which of the mentions before a word it means: a small score over distance, role and paragraph.

use super::{Past, REACH_MENTIONS, REACH_SENTENCES, Resolver};
use crate::doc::{Deprel, Upos, WordId};
use crate::mention::ActorId;

impl Resolver<'_, '_, '_> {
    /// The actor before the word that is nearest and most prominent; `weigh` says who may be meant,
    /// and what else speaks for a mention.
    pub(super) fn best_before(
        &self,
        head: WordId,
        weigh: impl Fn(&Past) -> Option<i32>,
    ) -> Option<ActorId> {
        let doc = self.reading.doc;
        let word = doc.word(head);
        let paragraph = |s: u32| doc.sentences.get(s as usize).map(|s| s.paragraph);
        let apart = self.beside(head);
        let mut best: Option<(i32, ActorId)> = None;
        for past in self.past.iter().rev().take(REACH_MENTIONS) {
            let back = word.sentence.saturating_sub(past.sentence);
            if back > REACH_SENTENCES {
                break;
            }
            // A speaker may have been looked up before his turn.
            if past.head >= head || apart.contains(&past.actor) {
                continue;
            }
            let Some(more) = weigh(past) else { continue };
            let mut score = more - 3 * back as i32;
            score += 3 * i32::from(past.subject);
            score -= 3 * i32::from(past.nested);
            score -= i32::from(paragraph(word.sentence) != paragraph(past.sentence));
            if best.is_none_or(|(s, _)| score > s) {
                best = Some((score, past.actor));
            }
        }
        best.map(|(_, id)| id)
    }

    /// Those who stand beside the word under one verb: in "X met him" the two are two.
    fn beside(&self, head: WordId) -> Vec<ActorId> {
        let doc = self.reading.doc;
        let word = doc.word(head);
        // "tweeted her thanks" is hers, though the tree may give it to her.
        let owns = doc.surface(head).eq_ignore_ascii_case("her")
            && doc.words.get(head as usize + 1).is_some_and(|next| {
                next.sentence == word.sentence
                    && matches!(next.upos, Upos::Noun | Upos::Adj | Upos::Propn)
            });
        if word.deprel == Deprel::NmodPoss || owns {
            return Vec::new();
        }
        let near = self.past.iter().rev().take(REACH_MENTIONS);
        near.filter(|past| {
            let other = doc.word(past.head);
            past.sentence == word.sentence
                && other.head == word.head
                && other.head.is_some()
                && other.deprel != Deprel::NmodPoss
        })
        .map(|past| past.actor)
        .collect()
    }

    /// The last `many` different actors before the word that `fits`, in text order; fewer are none.
    pub(super) fn last_of(
        &self,
        head: WordId,
        many: usize,
        reach: u32,
        fits: impl Fn(&Past, &[ActorId]) -> bool,
    ) -> Option<Vec<ActorId>> {
        let sentence = self.reading.doc.word(head).sentence;
        let mut found: Vec<ActorId> = Vec::new();
        for past in self.past.iter().rev().take(REACH_MENTIONS) {
            if found.len() == many || sentence.saturating_sub(past.sentence) > reach {
                break;
            }
            if past.head < head && fits(past, &found) && !found.contains(&past.actor) {
                found.push(past.actor);
            }
        }
        found.reverse();
        (found.len() == many).then_some(found)
    }
}
