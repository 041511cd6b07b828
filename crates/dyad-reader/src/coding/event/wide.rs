//! What the deep tier sees over several sentences: acts that words tell, with sides that may be named before or
//! after them ("It also expelled two envoys"), and the sides of acts that rules and models of pairs have found.

use super::deep::{Deep, Shares, View};
use super::head::{code, kind};
use super::pair::Root;
use super::sides::{Found, Side, Sides};
use super::trigger::Beliefs;
use super::{Act, drop_shared, heard, tree};
use crate::coding::Event;
use crate::doc::{Deprel, Doc, Upos, WordId};
use crate::mention::{ActorId, Mentions};
use crate::span::Span;
use dyad_lexicon::Acts;
use dyad_lexicon::acts::ActRule;
use dyad_record::Status;

/// What gives an act that only this view tells its origin.
pub const FOUND_BY: &str = "head:wide";

/// How likely a word must tell an act that nothing else tells.
const TOLD: f32 = 0.25;
/// How likely it must tell an act that was found, so that its sides are weighed.
const WEIGHED: f32 = 0.2;
/// How likely it must tell another type, and how unlikely the act's own, so that the other is taken.
const OTHER: f32 = 0.6;
const HARDLY: f32 = 0.05;
/// How large a share makes somebody a side, how small a one takes it from whom a rule names, and how large a
/// part of the first's another side on the same hand must have.
const SURE: f32 = 0.4;
const DOUBTED: f32 = 0.08;
const SECOND: f32 = 0.5;
/// The share of nobody that leaves a side open.
const NOBODY: f32 = 0.7;

/// A report with what the deep tier sees in it.
pub struct Wide<'a> {
    doc: &'a Doc<'a>,
    mentions: &'a Mentions,
    sides: &'a Sides<'a>,
    acts: &'a Acts,
    view: View<'a>,
    /// The innermost mention around each word.
    mention: Vec<Option<u32>>,
}

/// Who may have a role, likeliest first.
struct Answer {
    sides: Vec<(Side, f32)>,
    /// A word that names no known actor.
    word: Option<(WordId, f32)>,
    nobody: f32,
    each_other: f32,
}

impl<'a> Wide<'a> {
    pub fn new(
        deep: &'a Deep,
        doc: &'a Doc<'a>,
        mentions: &'a Mentions,
        sides: &'a Sides<'a>,
        acts: &'a Acts,
    ) -> Self {
        let mut mention: Vec<Option<u32>> = vec![None; doc.words.len()];
        for (i, m) in mentions.actor_mentions.iter().enumerate() {
            for word in m.words.clone() {
                let known = mention[word as usize].map(|k| &mentions.actor_mentions[k as usize]);
                if known.is_none_or(|k| m.words.len() < k.words.len()) {
                    mention[word as usize] = Some(i as u32);
                }
            }
        }
        Wide { doc, mentions, sides, acts, view: deep.view(doc), mention }
    }

    /// Sets the type and the sides of an act right where the words around tell them otherwise or at all.
    pub fn weigh(&self, act: &mut Act<'_>) {
        self.retype(act);
        let Some((word, root, sure)) = self.told_by(act) else { return };
        if sure < WEIGHED {
            return;
        }
        let Some([does, gets]) = self.answers(word, root) else { return };
        let joint = act.rule.mutual || act.reciprocal;
        if joint && (act.recipients.sides.len() + act.agents.sides.len() > 1) {
            return;
        }
        self.set(&mut act.agents, &does);
        self.set(&mut act.recipients, &gets);
        drop_shared(&mut act.agents, &mut act.recipients);
    }

    /// Another type, of which the view is sure where it hardly sees the act's.
    fn retype(&self, act: &mut Act<'_>) {
        let beliefs = self.view.beliefs(act.trigger);
        let Some((best, sure)) = beliefs.map(Beliefs::best) else { return };
        let own = self.told_by(act).map_or(0.0, |(_, _, own)| own);
        if act.settled || sure < OTHER || own >= HARDLY {
            return;
        }
        act.kind = kind(best);
        act.mode = None;
        act.cameo = code(act.kind, None);
        act.found_by = FOUND_BY.to_owned();
        act.belief = None;
    }

    /// The word of an act and its root in which it is likeliest told.
    fn told_by(&self, act: &Act<'_>) -> Option<(WordId, Root, f32)> {
        let words = [act.trigger].into_iter().chain(act.frame.light).chain(act.named.clone());
        self.likeliest(
            words,
            [act.standing.status, Status::Happened].map(|s| Root::of(act.kind, s)),
        )
    }

    fn likeliest(
        &self,
        words: impl Iterator<Item = WordId>,
        roots: [Option<Root>; 2],
    ) -> Option<(WordId, Root, f32)> {
        let each = words.filter_map(|w| Some((w, self.view.beliefs(w)?)));
        let all = each.flat_map(|(word, beliefs)| {
            roots.into_iter().flatten().map(move |root| (word, root, beliefs.of(root)))
        });
        all.fold(None, |best, one| match best {
            Some((_, _, sure)) if sure >= one.2 => best,
            _ => Some(one),
        })
    }

    fn set(&self, found: &mut Found, answer: &Answer) {
        let share =
            |actor| answer.sides.iter().find(|(s, _)| s.actor == actor).map_or(0.0, |s| s.1);
        let held = found.sides.iter().any(|s| share(s.actor) > DOUBTED);
        let Some((best, sure)) = answer.sides.first() else { return };
        if held || *sure < SURE {
            if !held && answer.nobody >= NOBODY && !found.sides.is_empty() {
                *found = Found::default();
            }
            return;
        }
        let joint = found.joint || found.sides.is_empty();
        let sides = self.several(answer, *best, *sure);
        *found = Found { sides, joint, ..Found::default() };
    }

    /// The likeliest side with those on its hand that are not of the same state.
    fn several(&self, answer: &Answer, best: Side, sure: f32) -> Vec<Side> {
        let mut sides = vec![best];
        for (side, share) in &answer.sides[1..] {
            let known = |s: &Side| self.is_kin(s.actor, side.actor);
            if *share >= SECOND * sure && !sides.iter().any(known) {
                sides.push(*side);
            }
        }
        sides
    }

    fn is_kin(&self, a: ActorId, b: ActorId) -> bool {
        let [a, b] = [a, b].map(|id| self.mentions.actor(id));
        a.country.is_some() && a.country == b.country
            || a.organisation.is_some() && a.organisation == b.organisation
    }

    fn answers(&self, word: WordId, root: Root) -> Option<[Answer; 2]> {
        Some(self.view.sides(word, root)?.map(|shares| self.answer(&shares, word)))
    }

    fn answer(&self, shares: &Shares, trigger: WordId) -> Answer {
        let sentence = self.doc.word(trigger).sentence;
        let mut of_mention: Vec<(u32, f32)> = Vec::new();
        let mut best: Option<(WordId, f32)> = None;
        for (word, share) in shares.words.clone().zip(&shares.each) {
            match self.mention[word as usize] {
                Some(m) => match of_mention.iter_mut().find(|(known, _)| *known == m) {
                    Some((_, sum)) => *sum += share,
                    None => of_mention.push((m, *share)),
                },
                None if best.is_none_or(|(_, most)| *share > most) => best = Some((word, *share)),
                None => {}
            }
        }
        // Of an actor's mentions the one in the sentence of the act, then the likeliest, names it.
        let here = |m: u32| {
            self.doc.word(self.mentions.actor_mentions[m as usize].head).sentence == sentence
        };
        of_mention.sort_by(|a, b| here(b.0).cmp(&here(a.0)).then(b.1.total_cmp(&a.1)));
        let mut sides: Vec<(Side, f32)> = Vec::new();
        for (m, share) in of_mention {
            let m = &self.mentions.actor_mentions[m as usize];
            let side = self.sides.direct(m.head).filter(|s| s.actor == m.actor);
            let side = side.unwrap_or(Side { actor: m.actor, span: m.span });
            match sides.iter_mut().find(|(s, _)| s.actor == side.actor) {
                Some((_, sum)) => *sum += share,
                None => sides.push((side, share)),
            }
        }
        sides.sort_by(|a, b| b.1.total_cmp(&a.1));
        Answer { sides, word: best, nobody: shares.nobody, each_other: shares.each_other }
    }

    /// The acts of a sentence that neither a rule nor a model of pairs tells.
    pub fn hear(
        &self,
        sentence: u32,
        rows: &'a [ActRule],
        known: &[Act<'_>],
        told: &[super::user::PlainAct],
    ) -> Vec<Act<'a>> {
        let words = self.doc.sentences[sentence as usize].words.clone();
        let here: Vec<&Act<'_>> = known.iter().filter(|a| words.contains(&a.trigger)).collect();
        let mut likely: Vec<(WordId, Root, f32)> = Vec::new();
        for word in words.clone() {
            let Some(beliefs) = self.view.beliefs(word) else { continue };
            let sure = Root::ALL.iter().map(|root| (word, *root, beliefs.of(*root)));
            likely.extend(sure.filter(|(_, _, sure)| *sure >= TOLD));
        }
        likely.sort_by(|a, b| b.2.total_cmp(&a.2));
        let mut found: Vec<Act<'a>> = Vec::new();
        for (word, root, _) in likely {
            let Some(act) = self.act(word, root, rows) else { continue };
            let own = |a: &Act<'_>| {
                a.trigger == word || a.named.contains(&word) || a.frame.light == Some(word)
            };
            let all: Vec<ActorId> = sides_of(&act).map(|s| s.actor).collect();
            let meets = |sides: &mut dyn Iterator<Item = ActorId>| {
                let theirs: Vec<ActorId> = sides.collect();
                theirs.iter().all(|a| all.contains(a)) || all.iter().all(|a| theirs.contains(a))
            };
            let echo = |a: &Act<'_>| {
                roots(a.kind, a.standing.status).contains(&Some(root))
                    && (own(a) || meets(&mut sides_of(a).map(|s| s.actor)))
            };
            let paired = |t: &super::user::PlainAct| {
                words.contains(&t.trigger)
                    && roots(t.kind, t.status).contains(&Some(root))
                    && (t.trigger == word
                        || meets(&mut [t.source.actor, t.target.actor].into_iter()))
            };
            let known = here.iter().any(|a| echo(a)) || found.iter().any(echo);
            if !known && !told.iter().any(paired) {
                found.push(act);
            }
        }
        found
    }

    /// The act that a word tells, where somebody known has a part in it.
    fn act(&self, word: WordId, root: Root, rows: &'a [ActRule]) -> Option<Act<'a>> {
        let [does, gets] = self.answers(word, root)?;
        let doc = self.doc;
        let noun = doc.word(word).upos == Upos::Noun;
        let frame = match noun {
            true => tree::noun_frame(doc, word, self.acts),
            false => tree::verb_frame(doc, word),
        };
        let reciprocal = gets.each_other >= gets.sides.first().map_or(0.0, |s| s.1)
            && gets.each_other > gets.nobody;
        let agents = self.role(&does);
        let recipients = if reciprocal { Found::default() } else { self.role(&gets) };
        let (of, found) = ((word, root, frame), (agents, recipients));
        let mut act = heard::by_model(doc, self.acts, of, found, rows, FOUND_BY);
        act.reciprocal = reciprocal;
        let known = sides_of(&act).any(|s| {
            let actor = self.mentions.actor(s.actor);
            actor.country.is_some() || super::is_political(self.mentions, s.actor)
        });
        known.then_some(act)
    }

    fn role(&self, answer: &Answer) -> Found {
        let best = answer.sides.first().copied();
        let word = answer.word.filter(|(_, share)| {
            *share > answer.nobody && best.is_none_or(|(_, sure)| *share > sure)
        });
        if let Some((word, _)) = word {
            return Found { heads: vec![self.head(word)], ..Found::default() };
        }
        match best.filter(|(_, sure)| *sure > answer.nobody) {
            Some((side, sure)) => {
                Found { sides: self.several(answer, side, sure), joint: true, ..Found::default() }
            }
            None => Found::default(),
        }
    }

    /// The noun of the phrase in which a word stands.
    fn head(&self, word: WordId) -> WordId {
        let within = |w: &WordId| {
            use Deprel::{Amod, Compound, Det, Flat, Nummod};
            matches!(self.doc.word(*w).deprel, Amod | Compound | Det | Flat | Nummod)
        };
        let mut at = word;
        while let Some(head) = self.doc.word(at).head.filter(|_| within(&at)) {
            at = head;
        }
        at
    }

    /// How likely an event's words tell it, and its sides are those of it.
    pub fn signs(&self, event: &Event) -> Option<[f32; 3]> {
        let sides: Vec<Span> = [&event.actor_spans[..], &event.recipient_spans[..]].concat();
        let telling = event.provenance.evidence.iter().filter(|span| !sides.contains(span));
        let words = telling.flat_map(|span| self.doc.words_in(*span).take(1));
        let words = [event.trigger_word].into_iter().chain(words);
        let near =
            |w: &WordId| self.doc.word(*w).sentence == self.doc.word(event.trigger_word).sentence;
        let (word, root, sure) =
            self.likeliest(words.filter(near), roots(event.kind, event.status))?;
        let [does, gets] = self.answers(word, root)?;
        let share = |answer: &Answer, ids: &[ActorId], phrases: &[Span]| -> f32 {
            let known = answer.sides.iter().filter(|(s, _)| ids.contains(&s.actor));
            let known: f32 = known.map(|(_, share)| share).sum();
            let word = answer
                .word
                .filter(|(w, _)| phrases.iter().any(|p| p.contains(self.doc.word(*w).span)));
            match ids.is_empty() && phrases.is_empty() {
                true => answer.nobody,
                false => known + word.map_or(0.0, |(_, share)| share),
            }
        };
        let actor = share(&does, &event.actors, &event.actor_phrases);
        let recipient = match event.mutual {
            true => gets.each_other + share(&gets, &event.actors, &event.actor_phrases),
            false => share(&gets, &event.recipients, &event.recipient_phrases),
        };
        Some([sure, actor, recipient])
    }
}

fn sides_of<'b>(act: &'b Act<'_>) -> impl Iterator<Item = &'b Side> {
    act.agents.sides.iter().chain(&act.recipients.sides)
}

/// What an act may be called: with its status folded in, and without.
fn roots(kind: dyad_record::EventType, status: Status) -> [Option<Root>; 2] {
    [status, Status::Happened].map(|status| Root::of(kind, status))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Given, Reader};
    use dyad_lexicon::Lexicons;

    #[test]
    fn a_side_is_set_only_where_the_shares_say_so() {
        let (reader, deep) = (Reader::builtin().unwrap(), Deep::builtin());
        let acts = Lexicons::builtin().unwrap().acts;
        let text = "Norway and Iceland talked while Sweden and Chad waited.";
        reader.worker().analyse_text(text, &Given::default(), |a| {
            let sides = Sides::new(a.doc, a.mentions, &acts);
            let wide = Wide::new(&deep, a.doc, a.mentions, &sides, &acts);
            let named = |name: &str| {
                let of = a.mentions.actor_mentions.iter();
                let m = of.clone().find(|m| m.span.of(text) == name).expect(name);
                Side { actor: m.actor, span: m.span }
            };
            let [norway, iceland, chad] = ["Norway", "Iceland", "Chad"].map(named);
            let answer = |shares: &[(Side, f32)], nobody| Answer {
                sides: shares.to_vec(),
                word: None,
                nobody,
                each_other: 0.0,
            };
            let set = |before: &[Side], answer: &Answer| {
                let mut found = Found { sides: before.to_vec(), ..Found::default() };
                wide.set(&mut found, answer);
                found.sides
            };
            let sure = answer(&[(norway, 0.5), (chad, 0.3), (iceland, 0.01)], 0.1);
            assert_eq!(
                set(&[], &sure),
                [norway, chad],
                "an open role is filled, by all who have it"
            );
            assert_eq!(
                set(&[chad], &sure),
                [chad],
                "whom a rule names stays where the view sees him"
            );
            assert_eq!(set(&[iceland], &sure), [norway, chad], "and goes where it does not");
            let unsure = answer(&[(norway, 0.3)], 0.2);
            assert_eq!(set(&[], &unsure), []);
            assert_eq!(set(&[iceland], &unsure), [iceland]);
            let nobody = answer(&[(norway, 0.1)], 0.9);
            assert_eq!(set(&[iceland], &nobody), [], "nobody does it");
        });
    }

    #[test]
    fn a_word_that_no_row_knows_tells_an_act_of_both_who_have_a_part_in_it() {
        let reader = Reader::builtin().unwrap().deep();
        let text = "Norwegian troops attacked the Swedish town of Kiruna on Monday, killing twelve. \
                    Sweden recalled its ambassador from Oslo and lambasted Norway over the raid.";
        let told = reader.worker().analyse_text(text, &Given::default(), |a| {
            let events = a.coding.events.iter().filter(|e| e.trigger.of(text) == "lambasted");
            let code = |id: &ActorId| a.mentions.actor(*id).country.clone().unwrap_or_default();
            let sides = events.map(|e| (code(&e.actors[0]), code(&e.recipients[0])));
            sides.map(|(a, b)| (a.to_string(), b.to_string())).collect::<Vec<_>>()
        });
        assert_eq!(told, [("SWE".to_owned(), "NOR".to_owned())]);
    }
}
