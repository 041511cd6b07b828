//! Acts by a user's verb dictionary: who wins over what the shipped rules tell of the sentence.

use super::confidence::Basis;
use super::head::Belief;
use super::sides::{Side, Sides};
use super::when::Times;
use super::{Maker, status, tree};
use crate::coding::{Coding, Event, Finding, Provenance};
use crate::doc::{Doc, Upos, WordId};
use crate::mention::{ActorId, Mentions};
use crate::span::Span;
use dyad_lexicon::user::{Item, Slot, Verb, Verbs};
use dyad_record::{EventType, PlaceBasis, Quad, Status};
use rustc_hash::FxHashSet;
use std::ops::Range;

/// The confidence of what a user's dictionary tells: nothing is known of how often it is right.
const USERS_WORD: f32 = 0.6;

/// One act: who does what to whom by which line of the dictionary.
pub struct UserAct {
    pub trigger: WordId,
    pub line: u32,
    pub code: String,
    pub source: ActorId,
    pub target: ActorId,
    pub spans: (Span, Span),
}

/// An act of which no more is known than its trigger and its two sides.
pub struct PlainAct {
    pub trigger: WordId,
    pub kind: EventType,
    pub mode: Option<String>,
    pub cameo: String,
    pub status: Status,
    pub source: Side,
    pub target: Side,
    pub found_by: String,
    pub told: Told,
}

/// Who tells a plain act.
pub enum Told {
    ByUser,
    ByModel(Belief),
}

/// What the dictionary says of the report: its acts, and the words that it says are none.
#[derive(Default)]
pub struct Found {
    pub acts: Vec<UserAct>,
    pub cleared: Vec<WordId>,
}

/// Somebody with a code, where the words of the sentence name him.
#[derive(Clone, Copy)]
struct Somebody {
    start: WordId,
    end: WordId,
    actor: ActorId,
    span: Span,
}

/// What a pattern binds.
#[derive(Clone, Default)]
struct Bound {
    sources: Vec<Somebody>,
    targets: Vec<Somebody>,
}

pub fn find(doc: &Doc<'_>, mentions: &Mentions, sides: &Sides<'_>, verbs: &Verbs) -> Found {
    let mut found = Found::default();
    if verbs.is_empty() {
        return found;
    }
    for sentence in &doc.sentences {
        let people = somebodies(mentions, sentence.words.clone());
        let clause = Clause { doc, mentions, sides, verbs, words: sentence.words.clone(), people };
        for word in sentence.words.clone() {
            clause.read(word, &mut found);
        }
    }
    found
}

/// The outermost mentions of coded actors among the words.
fn somebodies(mentions: &Mentions, words: Range<WordId>) -> Vec<Somebody> {
    let mut found: Vec<Somebody> = Vec::new();
    let within = mentions.actor_mentions.iter().filter(|m| words.contains(&m.words.start));
    for mention in within {
        let actor = mentions.actor(mention.actor);
        let coded = actor.country.is_some() || actor.organisation.is_some();
        let inside = found.iter().any(|s| {
            s.start <= mention.words.start && mention.words.end <= s.end && s.span != mention.span
        });
        if coded && !inside {
            let Range { start, end } = mention.words.clone();
            found.push(Somebody { start, end, actor: mention.actor, span: mention.span });
        }
    }
    found
}

struct Clause<'a> {
    doc: &'a Doc<'a>,
    mentions: &'a Mentions,
    sides: &'a Sides<'a>,
    verbs: &'a Verbs,
    words: Range<WordId>,
    people: Vec<Somebody>,
}

impl Clause<'_> {
    fn read(&self, word: WordId, found: &mut Found) {
        let doc = self.doc;
        if !matches!(doc.word(word).upos, Upos::Verb | Upos::Aux) {
            return;
        }
        let surface = doc.surface(word).to_lowercase();
        let lemma = doc.word(word).lemma.to_lowercase();
        let verb = [surface.as_str(), lemma.as_str()]
            .iter()
            .find_map(|form| self.verbs.of(form).iter().find(|verb| self.stands(verb, word)));
        let Some(verb) = verb else { return };
        let matched = self.verbs.patterns(verb).iter().find_map(|pattern| {
            let mut bound = Bound::default();
            let fits = self.walk(&pattern.before, word, true, &mut bound)
                && self.walk(&pattern.after, word, false, &mut bound);
            fits.then_some((pattern, bound))
        });
        let (codes, line, bound) = match matched {
            Some((pattern, bound)) => (&pattern.codes, pattern.line, bound),
            None => (&verb.codes, verb.line, Bound::default()),
        };
        let Some(forward) = &codes.forward else {
            found.cleared.push(word);
            return;
        };
        let (sources, targets) = self.sides_of(word, bound, codes.back.is_some());
        for source in &sources {
            for target in targets.iter().filter(|t| t.actor != source.actor) {
                let mut act = |code: &str, a: &Somebody, b: &Somebody| {
                    let known = found
                        .acts
                        .iter()
                        .any(|x| x.trigger == word && x.source == a.actor && x.target == b.actor);
                    if !known {
                        found.acts.push(UserAct {
                            trigger: word,
                            line,
                            code: code.to_owned(),
                            source: a.actor,
                            target: b.actor,
                            spans: (a.span, b.span),
                        });
                    }
                };
                act(forward, source, target);
                if let Some(back) = &codes.back {
                    act(back, target, source);
                }
            }
        }
    }

    /// Whether the other words of a verb stand beside the conjugated one.
    fn stands(&self, verb: &Verb, word: WordId) -> bool {
        let before = verb.before.iter().rev().enumerate().all(|(i, part)| {
            word.checked_sub(i as u32 + 1).is_some_and(|w| self.is(w, part, false))
        });
        let mut at = word + 1;
        before
            && verb.after.iter().all(|part| {
                let here = self.is(at, part, false);
                at += 1;
                here
            })
    }

    fn is(&self, word: WordId, wanted: &str, plural: bool) -> bool {
        if !self.words.contains(&word) {
            return false;
        }
        let surface = self.doc.surface(word);
        if surface.eq_ignore_ascii_case(wanted) {
            return true;
        }
        let small = surface.to_lowercase();
        self.verbs.by_lemma() && self.doc.word(word).lemma.eq_ignore_ascii_case(wanted)
            || plural
                && [("s", ""), ("es", ""), ("ies", "y")].iter().any(|(end, stem)| {
                    small.strip_suffix(end).is_some_and(|s| format!("{s}{stem}") == wanted)
                })
    }

    /// Follows the items away from the verb; gaps are allowed where the pattern has a blank.
    fn walk(&self, items: &[Item], verb: WordId, left: bool, bound: &mut Bound) -> bool {
        // The next word that has not been used, going away from the verb.
        let mut at = i64::from(verb) + if left { -1 } else { 1 };
        let step = if left { -1 } else { 1 };
        for item in items {
            let mut matched = None;
            let mut here = at;
            while self.words.contains(&(here.max(0) as u32)) && here >= 0 {
                if let Some(next) = self.meet(item, here as WordId, left, bound) {
                    matched = Some(next);
                    break;
                }
                if item.beside {
                    break;
                }
                here += step;
            }
            match matched {
                Some(next) => at = next,
                None => return false,
            }
        }
        true
    }

    /// Whether the item stands at the word; if so, the next word beyond it.
    fn meet(&self, item: &Item, word: WordId, left: bool, bound: &mut Bound) -> Option<i64> {
        let beyond = |s: &Somebody| if left { i64::from(s.start) - 1 } else { i64::from(s.end) };
        let somebody = || self.people.iter().find(|s| (s.start..s.end).contains(&word)).copied();
        match &item.slot {
            Slot::Words(rows) => rows.iter().find_map(|row| {
                let n = row.len() as u32;
                let start = if left { (word + 1).checked_sub(n)? } else { word };
                let fits = row.iter().enumerate().all(|(i, part)| {
                    let last = i + 1 == row.len();
                    self.is(start + i as u32, part, item.plural && last)
                });
                fits.then(|| if left { i64::from(start) - 1 } else { i64::from(start + n) })
            }),
            Slot::Source => {
                let somebody = somebody()?;
                bound.sources = self.joined(somebody);
                Some(beyond(&somebody))
            }
            Slot::Target => {
                let somebody = somebody()?;
                bound.targets = self.joined(somebody);
                Some(beyond(&somebody))
            }
            Slot::Both => {
                let somebody = somebody()?;
                let all = self.joined(somebody);
                (all.len() > 1).then(|| {
                    bound.sources.clone_from(&all);
                    bound.targets = all;
                    beyond(&somebody)
                })
            }
            Slot::Skip => match somebody() {
                Some(somebody) => Some(beyond(&somebody)),
                None => matches!(self.doc.word(word).upos, Upos::Noun | Upos::Propn)
                    .then(|| i64::from(word) + if left { -1 } else { 1 }),
            },
        }
    }

    /// Somebody and all that are joined with him.
    fn joined(&self, somebody: Somebody) -> Vec<Somebody> {
        let doc = self.doc;
        let head = (somebody.start..somebody.end).find(|w| {
            doc.word(*w).head.is_none_or(|h| !(somebody.start..somebody.end).contains(&h))
        });
        let Some(head) = head else { return vec![somebody] };
        let first = tree::first_conjunct(doc, head);
        let heads = tree::coordinated(doc, first);
        let mut all: Vec<Somebody> = self
            .people
            .iter()
            .filter(|s| heads.iter().any(|h| (s.start..s.end).contains(h)))
            .copied()
            .collect();
        if !all.iter().any(|s| s.span == somebody.span) {
            all.push(somebody);
        }
        all
    }

    /// Source and target: those that the pattern binds, else those of the verb's clause, else the
    /// nearest coded ones before and behind it.
    fn sides_of(&self, word: WordId, bound: Bound, mutual: bool) -> (Vec<Somebody>, Vec<Somebody>) {
        let frame = tree::verb_frame(self.doc, word);
        let coded = |side: &super::Side| {
            let here =
                self.people.iter().find(|s| s.span == side.span || s.span.touches(side.span));
            here.copied()
        };
        let mut sources = bound.sources;
        if sources.is_empty() {
            sources =
                self.sides.agents(&frame, false, true).sides.iter().filter_map(coded).collect();
        }
        if sources.is_empty() {
            let before = self.people.iter().rev().find(|s| s.end <= word);
            sources = before.map(|s| self.joined(*s)).unwrap_or_default();
        }
        let mut targets = bound.targets;
        let code = |s: &Somebody| &self.mentions.actor(s.actor).code;
        let other = |s: &Somebody, sources: &[Somebody]| sources.iter().all(|x| code(x) != code(s));
        if targets.is_empty() && !(mutual && sources.len() > 1) {
            targets = self
                .sides
                .recipients(&frame, &[], &[])
                .sides
                .iter()
                .filter_map(coded)
                .filter(|s| other(s, &sources))
                .collect();
        }
        if targets.is_empty() {
            let after = self.people.iter().find(|s| s.start > word && other(s, &sources));
            targets = after.map(|s| self.joined(*s)).unwrap_or_default();
        }
        if targets.is_empty() && mutual && sources.len() > 1 {
            targets.clone_from(&sources);
        }
        (sources, targets)
    }
}

impl Maker<'_> {
    /// Where a user's verbs tell of an act, they tell all of that sentence; a verb that they clear
    /// is no act.
    pub(super) fn let_user_win(&self, events: &mut Vec<Event>, own: &Found, times: &Times<'_>) {
        let sentence = |word: WordId| self.doc.word(word).sentence;
        let told: FxHashSet<u32> = own.acts.iter().map(|act| sentence(act.trigger)).collect();
        let made: Vec<Event> = own
            .acts
            .iter()
            .filter_map(|act| {
                let shipped = events.iter().find(|e| e.trigger_word == act.trigger);
                self.user_event(act, shipped.map(|e| e.kind), times)
            })
            .collect();
        events.retain(|e| {
            !told.contains(&sentence(e.trigger_word)) && !own.cleared.contains(&e.trigger_word)
        });
        events.extend(made);
    }

    /// None for a statement, which PLOVER holds for no act. A code of nobody's roots has the type
    /// that we give the verb.
    fn user_event(
        &self,
        act: &UserAct,
        shipped: Option<EventType>,
        times: &Times<'_>,
    ) -> Option<Event> {
        if act.code.starts_with("01") && act.code.len() <= 4 {
            return None;
        }
        let standing = status::standing(self.doc, &self.lexicons.acts, act.trigger, None);
        let plain = PlainAct {
            trigger: act.trigger,
            kind: kind(&act.code).or(shipped).unwrap_or(EventType::Consult),
            mode: None,
            cameo: act.code.clone(),
            status: standing.status,
            source: Side { actor: act.source, span: act.spans.0 },
            target: Side { actor: act.target, span: act.spans.1 },
            found_by: format!("verbs:{}", act.line),
            told: Told::ByUser,
        };
        Some(self.plain_event(plain, times))
    }

    pub(super) fn plain_event(&self, act: PlainAct, times: &Times<'_>) -> Event {
        let PlainAct { source, target, .. } = act;
        let trigger = self.doc.word(act.trigger).span;
        let time = times.of(act.trigger, None, act.status);
        let place = self
            .places
            .of(act.trigger)
            .into_iter()
            .find(|m| !source.span.touches(m.span) && !target.span.touches(m.span))
            .map(|m| m.place);
        let statement = Coding::statement_of(self.statements, trigger);
        let mut evidence = vec![trigger, source.span, target.span];
        evidence.sort_unstable();
        evidence.dedup();
        let mut from = vec![Finding::Actor(source.actor.0), Finding::Actor(target.actor.0)];
        from.extend(time.as_ref().and_then(|t| t.time).map(|t| Finding::Time(t.0)));
        from.extend(place.map(|p| Finding::Place(p.0)));
        from.extend(statement.map(|s| Finding::Statement(s.0)));
        let basis = match act.told {
            Told::ByUser => None,
            Told::ByModel(belief) => Some(Basis {
                belief: Some(belief),
                noun: self.doc.word(act.trigger).upos == Upos::Noun,
                ..Basis::default()
            }),
        };
        Event {
            kind: act.kind,
            quad: act.kind.quad().unwrap_or(Quad::VerbalCooperation),
            mode: act.mode,
            contexts: self.contexts(act.trigger),
            goldstein: self.lexicons.acts.goldstein(&act.cameo),
            cameo: act.cameo,
            actors: vec![source.actor],
            recipients: vec![target.actor],
            actor_spans: vec![source.span],
            recipient_spans: vec![target.span],
            actor_phrases: vec![source.span],
            recipient_phrases: vec![target.span],
            instruments: Vec::new(),
            mutual: false,
            time,
            place,
            place_basis: place.map(|_| PlaceBasis::Stated),
            status: act.status,
            statement,
            trigger,
            trigger_word: act.trigger,
            confidence: USERS_WORD,
            signs: Vec::new(),
            basis,
            provenance: Provenance { evidence, found_by: act.found_by, from },
        }
    }
}

/// The type of a CAMEO root; none for statements, which are no acts, and for codes of others.
fn kind(code: &str) -> Option<EventType> {
    use EventType::*;
    Some(match code.get(..2)? {
        "02" | "10" => Request,
        "03" => Agree,
        "04" => Consult,
        "05" => Support,
        "06" => Cooperate,
        "07" => Aid,
        "08" => Concede,
        "09" | "11" => Accuse,
        "12" => Reject,
        "13" => Threaten,
        "14" => Protest,
        "15" => Mobilize,
        "16" => Sanction,
        "17" => Coerce,
        "18" | "19" | "20" => Assault,
        _ => return None,
    })
}
