//! What the trained models say of pairs of sides: the type of an act whose sides are known, whom a
//! one-sided act strikes, and acts between sides that no rule joins.

use super::pair::{self, Root, Sight};
use super::sides::Side;
use super::user::{PlainAct, Told};
use super::{Act, is_anchored, is_political, status, tree, trigger};
use crate::doc::{Deprel, Doc, Upos, WordId, Xpos};
use crate::mention::{Actor, ActorId, ActorMention, Mentions};
use dyad_lexicon::Acts;
use dyad_lexicon::acts::{ActPos, ActRule};
use dyad_lexicon::cues::{CuePos, Cues, Frame};
use dyad_record::{EventType, How, Sector, Stance, Status};

/// How much more the model must believe in another type than in the rule's, where the ear does not hear
/// that type in the word.
const MARGIN: f32 = 0.3;
/// What a row asks for where it names the words of an act, so that its type stands.
const TOLD: u32 = 3;
/// How sure the models must be of an act that no rule found, of its type and its sides together, and how
/// much surer for each thing that speaks against it.
const LIKELY: f32 = 0.12;
const DOUBT: f32 = 0.05;
/// The first in a report in which no rule finds an act.
const QUIET: f32 = 0.5;
/// And of its type alone.
const TYPED: f32 = 0.3;

/// What gives an act of a model's making its origin.
pub const FOUND_BY: &str = "head:pair";

/// What the models believe of an act between its two sides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Belief {
    /// That it has the type that is coded, its status folded in.
    pub kind: f32,
    /// That the first side acts on the second at all.
    pub joined: f32,
}

/// One sentence, and what is asked of it.
pub struct Heads<'a> {
    pub doc: &'a Doc<'a>,
    pub mentions: &'a Mentions,
    pub acts: &'a Acts,
    pub cues: &'a Cues,
    pub model: &'a pair::Model,
    pub words: Option<&'a trigger::Model>,
}

/// A pair of mentions with what the models say of it.
struct Pair<'a> {
    sides: [&'a ActorMention; 2],
    joined: f32,
    kind: usize,
    belief: f32,
    /// The word that tells the act between them.
    trigger: WordId,
}

impl Heads<'_> {
    /// Corrects and completes the acts of a sentence, and tells those that the rules lack.
    /// `parsed` is the report with the lemmas of the network, as the models learned from them.
    pub fn hear(&self, parsed: &Doc<'_>, sentence: u32, found: &mut [Act<'_>]) -> Vec<PlainAct> {
        let words = self.doc.sentences[sentence as usize].words.clone();
        let mentions: Vec<&ActorMention> = self.somebodies(sentence);
        let own = |act: &Act<'_>| words.contains(&act.trigger);
        if mentions.len() < 2 && !found.iter().any(|a| own(a) && sides_of(a).is_some()) {
            return Vec::new();
        }
        let alone = parsed.sentence_alone(sentence);
        let view = self.model.view(&alone, self.acts);
        for i in 0..found.len() {
            if own(&found[i])
                && let Some([a, b]) = sides_of(&found[i])
            {
                let others = self.told_beside(found, i);
                self.choose(&mut found[i], &view.pair(a.span, b.span), &others);
            }
        }
        let mut pairs = Vec::new();
        for a in &mentions {
            for b in mentions.iter().filter(|b| b.actor != a.actor && !b.span.touches(a.span)) {
                let joined = found.iter().any(|act| own(act) && joins(act, a, b));
                let Some(trigger) = self.between(a, b).filter(|_| !joined) else { continue };
                let sight = view.pair(a.span, b.span);
                let sure = sight.joined();
                let told = sight.told();
                if sure * told.belief >= LIKELY && told.belief >= TYPED {
                    let kind = Root::ALL.iter().position(|r| *r == told.root).unwrap_or(0);
                    pairs.push(Pair {
                        sides: [a, b],
                        joined: sure,
                        kind,
                        belief: told.belief,
                        trigger,
                    });
                }
            }
        }
        pairs.sort_by(|a, b| (b.joined * b.belief).total_cmp(&(a.joined * a.belief)));
        let mut told: Vec<PlainAct> = Vec::new();
        for pair in pairs {
            let root = Root::ALL[pair.kind];
            if found.iter().any(|act| own(act) && self.tells_of(act, root, &pair)) {
                continue;
            }
            if self.complete(found, &words, root, &pair) || is_taken(found, pair.trigger) {
                continue;
            }
            let [a, b] = pair.sides;
            let known = told.iter().any(|t| {
                let sides = [t.source.actor, t.target.actor];
                sides.contains(&a.actor) && sides.contains(&b.actor)
                    || t.trigger == pair.trigger
                        && sides.iter().any(|s| [a.actor, b.actor].contains(s))
            });
            if !known && let Some(act) = self.propose(root, &pair, found) {
                told.push(act);
            }
        }
        told
    }

    /// The outermost mentions of actors that a model may join; "not Iceland" is none.
    fn somebodies(&self, sentence: u32) -> Vec<&ActorMention> {
        let span = self.doc.sentences[sentence as usize].span;
        let all = &self.mentions.actor_mentions;
        let start = all.partition_point(|m| m.span.start < span.start);
        let here = all[start..].iter().take_while(|m| m.span.start < span.end);
        let not = |w: &WordId| matches!(tree::lemma(self.doc, *w), "not" | "nor" | "without");
        let mut found: Vec<&ActorMention> =
            here.filter(|m| !self.doc.dependents(m.head).iter().any(not)).collect();
        let all = found.clone();
        found.retain(|m| !all.iter().any(|o| o.span != m.span && o.span.contains(m.span)));
        found
    }

    /// The types of the other acts of the sentence by the same side.
    fn told_beside(&self, found: &[Act<'_>], i: usize) -> Vec<Root> {
        let sentence = self.doc.word(found[i].trigger).sentence;
        let mut others: Vec<&Act<'_>> = found.iter().collect();
        others.remove(i);
        others.retain(|o| {
            let by = |s: &Side| o.agents.sides.iter().any(|a| a.actor == s.actor);
            self.doc.word(o.trigger).sentence == sentence && found[i].agents.sides.iter().any(by)
        });
        others.into_iter().filter_map(|o| Root::of(o.kind, o.standing.status)).collect()
    }

    /// Another type than the rule's, where the model is surer of it and the row asks for little; but not
    /// one that another word of the sentence tells of the same side ("after shelling the town, the
    /// rebels agreed to talk").
    /// What the words say of how far an act has come is the rules' alone.
    fn choose(&self, act: &mut Act<'_>, sight: &Sight<'_>, beside: &[Root]) {
        let beliefs = sight.beliefs();
        let at = |root: Root| Root::ALL.iter().position(|r| *r == root).unwrap_or(0);
        let Some(own) = Root::of(act.kind, act.standing.status).map(at) else { return };
        let best = (0..beliefs.len()).fold(own, |b, i| if beliefs[i] > beliefs[b] { i } else { b });
        let real =
            matches!(act.standing.status, Status::Happened | Status::Ongoing | Status::Supposed)
                && !beside.contains(&Root::ALL[best])
                && !is_aside(self.doc, act.trigger);
        let joined = sight.joined();
        let told = act.settled || act.rule.weight >= TOLD;
        let heard = self.words.and_then(|m| m.beliefs(self.doc, act.trigger));
        let agreed = heard.is_some_and(|h| h.best().0 == Root::ALL[best]);
        let margin = if agreed { 0.0 } else { MARGIN };
        if !real || told || beliefs[best] - beliefs[own] <= margin {
            act.belief = Some(Belief { kind: beliefs[own], joined });
            return;
        }
        act.belief = Some(Belief { kind: beliefs[best], joined });
        let (kind, rule) = self.kind_of(Root::ALL[best], act.trigger);
        act.kind = kind;
        act.mode = rule.and_then(|r| r.mode.as_ref()).map(|m| m.to_string());
        act.cameo = code(kind, rule);
        act.found_by = FOUND_BY.to_owned();
    }

    /// The type for a root, and the row for the trigger word that gives it, if one does.
    fn kind_of(&self, root: Root, trigger: WordId) -> (EventType, Option<&ActRule>) {
        let pos = match self.doc.word(trigger).upos {
            Upos::Noun => ActPos::Noun,
            Upos::Adj => ActPos::Adj,
            _ => ActPos::Verb,
        };
        let mut rules = self.acts.rules(pos, tree::lemma(self.doc, trigger));
        let rule = rules.find(|r| r.kind.and_then(|k| Root::of(k, Status::Happened)) == Some(root));
        (rule.and_then(|r| r.kind).unwrap_or(kind(root)), rule)
    }

    /// A rule's act of this type by this side that names no other side strikes the pair's second.
    /// Whether there is such an act.
    fn complete(
        &self,
        found: &mut [Act<'_>],
        words: &std::ops::Range<WordId>,
        root: Root,
        pair: &Pair<'_>,
    ) -> bool {
        let [a, b] = pair.sides;
        let open = found.iter_mut().find(|act| {
            words.contains(&act.trigger)
                && !self.is_teller(b, act.trigger)
                && act.recipients.sides.is_empty()
                && act.agents.sides.iter().any(|s| s.actor == a.actor)
                && Root::of(act.kind, act.standing.status) == Some(root)
        });
        let Some(act) = open else { return false };
        // Who meets somebody's plan meets nobody.
        if act.rule.mutual && self.doc.word(b.head).deprel == Deprel::NmodPoss {
            return true;
        }
        act.recipients.sides.push(Side { actor: b.actor, span: b.span });
        act.recipients.joint = true;
        act.belief = Some(Belief { kind: pair.belief, joined: pair.joined });
        true
    }

    /// Whether the act is the pair's with somebody else of the same state for one of the two: who
    /// speaks for a state and the state are one side.
    fn tells_of(&self, act: &Act<'_>, root: Root, pair: &Pair<'_>) -> bool {
        let state = |id: ActorId| self.mentions.actor(id).country.as_ref();
        let is = |sides: &[Side], m: &ActorMention| {
            let same = |s: &Side| {
                s.actor == m.actor || state(s.actor).is_some() && state(s.actor) == state(m.actor)
            };
            sides.iter().any(same)
        };
        let [a, b] = pair.sides;
        Root::of(act.kind, act.standing.status) == Some(root)
            && is(&act.agents.sides, a)
            && is(&act.recipients.sides, b)
    }

    /// Whether one side is the state, and the other one that acts for it; or both are its army.
    fn is_of_itself(&self, a: &ActorMention, b: &ActorMention) -> bool {
        let [a, b] = [a, b].map(|m| self.mentions.actor(m.actor));
        let whole = |actor: &Actor| actor.country.as_deref() == Some(actor.code.as_str());
        let acts_for = |actor: &Actor| matches!(actor.sector, Sector::Gov | Sector::Mil);
        a.country.is_some()
            && a.country == b.country
            && (whole(a) && (whole(b) || acts_for(b))
                || whole(b) && acts_for(a)
                || [a, b].iter().all(|actor| actor.sector == Sector::Mil))
    }

    /// Whether somebody says what the word is a part of: "the two met, said the envoy".
    fn is_teller(&self, side: &ActorMention, word: WordId) -> bool {
        let doc = self.doc;
        let subject = doc.word(side.head).deprel == Deprel::Nsubj;
        let Some(verb) = doc.word(side.head).head.filter(|_| subject) else { return false };
        let cue = self.cues.get(CuePos::Verb, tree::lemma(doc, verb));
        let content = |w: WordId| {
            doc.word(w).head == Some(verb)
                && matches!(doc.word(w).deprel, Deprel::Ccomp | Deprel::Parataxis)
        };
        cue.is_some_and(|cue| cue.frame == Frame::Speech) && doc.ancestors(word).any(content)
    }

    /// Whether the tree of the verb says that the first did not act on the second: "the envoy was held
    /// with a guard", "were delivered to Norway".
    fn is_turned(&self, a: &ActorMention, verb: WordId) -> bool {
        let doc = self.doc;
        if doc.word(verb).upos != Upos::Verb || doc.word(a.head).head != Some(verb) {
            return false;
        }
        let passive =
            doc.dependents_by(verb, &[Deprel::NsubjPass, Deprel::AuxPass]).next().is_some();
        passive
            && doc.word(a.head).deprel == Deprel::Obl
            && tree::is_under(doc, a.head, &["with", "alongside", "to"])
    }

    /// Whether somebody is more than "people".
    fn is_known(&self, m: &ActorMention) -> bool {
        let actor = self.mentions.actor(m.actor);
        m.how == How::Name
            || actor.country.is_some()
            || actor.organisation.is_some()
            || is_political(self.mentions, m.actor)
    }

    fn propose(&self, root: Root, pair: &Pair<'_>, found: &[Act<'_>]) -> Option<PlainAct> {
        let [a, b] = pair.sides;
        let up = |side: &ActorMention| self.doc.ancestors(side.head).skip(1);
        let way = [a, b].into_iter().flat_map(|s| up(s).take_while(|w| *w != pair.trigger));
        let way: Vec<WordId> = way.chain([pair.trigger]).collect();
        // Who says what somebody does has seldom a part in it.
        let told = way.iter().any(|w| {
            *w != pair.trigger
                && matches!(self.doc.word(*w).deprel, Deprel::Ccomp | Deprel::Parataxis)
        });
        // The root of a verbal act holds its status; of any other, a word on the way may say that it
        // was not done ("denied that it had attacked").
        let verbal = matches!(root, Root::Agree | Root::Request | Root::Reject | Root::Threaten);
        let verbs = way.iter().filter(|w| {
            self.doc.word(**w).upos == Upos::Verb
                && (!verbal || root == Root::Agree && **w == pair.trigger)
        });
        let standings = verbs.map(|w| status::standing(self.doc, self.acts, *w, None).status);
        let status = standings
            .into_iter()
            .find(|s| !matches!(s, Status::Happened | Status::Ongoing))
            .unwrap_or(Status::Happened);
        let anchored = [a, b].iter().any(|m| is_anchored(self.mentions, m.actor));
        let known = [a, b].map(|m| self.is_known(m));
        if known == [false; 2] {
            return None;
        }
        if self.is_teller(b, a.head) || self.is_of_itself(a, b) || self.is_turned(a, pair.trigger) {
            return None;
        }
        let cue = self.cues.get(CuePos::Verb, tree::lemma(self.doc, pair.trigger));
        let speech = cue.is_some_and(|cue| cue.frame == Frame::Speech);
        // Who tells reporters something, or is cited by them, does nothing to them.
        let press = [a, b].iter().any(|m| self.mentions.actor(m.actor).sector == Sector::Med);
        if press && cue.is_some_and(|cue| cue.stance == Stance::Says) {
            return None;
        }
        // Who has a part in another act on the way ("recovered after the Norwegian attack").
        let busy = found.iter().any(|act| {
            let mut sides = act.agents.sides.iter().chain(&act.recipients.sides);
            act.trigger != pair.trigger
                && way.contains(&act.trigger)
                && sides.any(|s| s.actor == a.actor || s.actor == b.actor)
        });
        let undone = status != Status::Happened;
        let doubts = [told, undone, !anchored, known.contains(&false), speech, busy];
        let doubt = doubts.into_iter().filter(|d| *d).count() as f32 * DOUBT;
        // A report of some length in which no rule finds an act tells seldom one.
        let quiet = found.is_empty() && self.doc.sentences.len() > 2;
        let least = if quiet { QUIET } else { LIKELY };
        if pair.joined * pair.belief < least + doubt {
            return None;
        }
        let (kind, rule) = self.kind_of(root, pair.trigger);
        Some(PlainAct {
            trigger: pair.trigger,
            kind,
            mode: rule.and_then(|r| r.mode.as_ref()).map(|m| m.to_string()),
            cameo: code(kind, rule),
            status,
            source: Side { actor: a.actor, span: a.span },
            target: Side { actor: b.actor, span: b.span },
            found_by: FOUND_BY.to_owned(),
            told: Told::ByModel(Belief { kind: pair.belief, joined: pair.joined }),
        })
    }

    /// The word under which both sides stand and that is part of neither: what tells the act.
    fn between(&self, a: &ActorMention, b: &ActorMention) -> Option<WordId> {
        let doc = self.doc;
        let up: Vec<WordId> = doc.ancestors(a.head).take(16).collect();
        let mut meeting = doc.ancestors(b.head).take(16).find(|w| up.contains(w))?;
        // "the Chinese envoy, summoned by Delhi": what tells the act stands below the one side.
        let tells = |w: &WordId| {
            matches!(doc.word(*w).upos, Upos::Verb | Upos::Noun)
                && !a.words.contains(w)
                && !b.words.contains(w)
        };
        let below = |side: &ActorMention| {
            doc.ancestors(side.head).skip(1).take_while(|w| *w != meeting).filter(tells).last()
        };
        if a.words.contains(&meeting) {
            meeting = below(b)?;
        } else if b.words.contains(&meeting) {
            meeting = below(a)?;
        }
        let apart = !a.words.contains(&meeting) && !b.words.contains(&meeting);
        let tells = matches!(doc.word(meeting).upos, Upos::Verb | Upos::Noun);
        let mut below = doc.ancestors(b.head).take_while(|w| *w != meeting);
        let summary = |w| doc.word(w).head.is_some_and(|verb| tree::is_afterthought(doc, verb, w));
        (apart && tells && !below.any(summary)).then_some(meeting)
    }
}

/// "after shelling the town": what the sentence is about is told by another verb.
fn is_aside(doc: &Doc<'_>, verb: WordId) -> bool {
    let word = doc.word(verb);
    word.deprel == Deprel::Advcl && word.xpos == Xpos::Vbg
}

/// The first side on either hand, as the models were shown them.
fn sides_of(act: &Act<'_>) -> Option<[Side; 2]> {
    let [first, rest @ ..] = act.agents.sides.as_slice() else { return None };
    let joint = rest.first().filter(|_| act.rule.mutual);
    Some([*first, *act.recipients.sides.first().or(joint)?])
}

/// Whether the act already joins the two, either way round.
fn joins(act: &Act<'_>, a: &ActorMention, b: &ActorMention) -> bool {
    let all = || act.agents.sides.iter().chain(&act.recipients.sides);
    let names = |m: &ActorMention| all().any(|s| s.actor == m.actor || s.span.touches(m.span));
    names(a) && names(b)
}

/// Whether a rule's act has the word for its own and names who did it.
fn is_taken(found: &[Act<'_>], trigger: WordId) -> bool {
    found.iter().any(|act| act.trigger == trigger && !act.agents.sides.is_empty())
}

pub(super) fn code(kind: EventType, rule: Option<&ActRule>) -> String {
    rule.map_or(kind.cameo().unwrap_or_default(), |r| &r.cameo).to_owned()
}

/// The type that stands for a root where no word of the act says more.
pub(super) fn kind(root: Root) -> EventType {
    match root {
        Root::Agree => EventType::Agree,
        Root::Consult => EventType::Consult,
        Root::Support => EventType::Support,
        Root::Cooperate => EventType::Cooperate,
        Root::Aid => EventType::Aid,
        Root::Yield => EventType::Concede,
        Root::Request => EventType::Request,
        Root::Accuse => EventType::Accuse,
        Root::Reject => EventType::Reject,
        Root::Threaten => EventType::Threaten,
        Root::Protest => EventType::Protest,
        Root::Sanction => EventType::Sanction,
        Root::Mobilize => EventType::Mobilize,
        Root::Coerce => EventType::Coerce,
        Root::Assault => EventType::Assault,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coding::tree;
    use dyad_lexicon::Lexicons;

    /// The acts that the shipped models propose for a sentence whose acts no rule may tell.
    fn proposed(words: &str) -> Vec<(EventType, Status, String)> {
        let lexicons = Lexicons::builtin().unwrap();
        let model = pair::Model::builtin();
        tree::with(words, |doc, mentions| {
            let heads = Heads {
                doc,
                mentions,
                acts: &lexicons.acts,
                cues: &lexicons.cues,
                model: &model,
                words: None,
            };
            let told = heads.hear(doc, 0, &mut []);
            let word = |act: &PlainAct| doc.surface(act.trigger).to_owned();
            told.iter().map(|act| (act.kind, act.status, word(act))).collect()
        })
    }

    #[test]
    fn an_act_between_two_states_is_proposed_once() {
        let told = proposed(
            "Norway Norway PROPN NNP 2 nsubj
             attacked attack VERB VBD 0 root
             Iceland Iceland PROPN NNP 2 obj
             . . PUNCT . 2 punct",
        );
        assert_eq!(told, [(EventType::Assault, Status::Happened, "attacked".to_owned())]);
    }

    #[test]
    fn who_says_what_another_does_has_no_part_in_it() {
        let told = proposed(
            "Norway Norway PROPN NNP 2 nsubj
             said say VERB VBD 0 root
             it it PRON PRP 4 nsubj
             attacked attack VERB VBD 2 ccomp
             Iceland Iceland PROPN NNP 4 obj
             . . PUNCT . 2 punct",
        );
        assert!(told.iter().all(|(_, _, trigger)| trigger != "said"), "{told:?}");
    }

    #[test]
    fn a_denied_act_is_proposed_as_denied_if_at_all() {
        let told = proposed(
            "Norway Norway PROPN NNP 3 nsubj
             never never ADV RB 3 advmod
             attacked attack VERB VBD 0 root
             Iceland Iceland PROPN NNP 3 obj
             . . PUNCT . 3 punct",
        );
        assert!(told.iter().all(|(_, status, _)| *status == Status::Denied), "{told:?}");
    }
}
