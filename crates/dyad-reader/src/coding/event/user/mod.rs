//! Acts by a user's verb dictionary: who wins over what the shipped rules tell of the sentence.

mod clause;
mod people;

use super::confidence::Basis;
use super::head::Belief;
use super::sides::Side;
use super::when::Times;
use super::{Maker, status};
use crate::coding::{Coding, Event, Finding, Provenance};
use crate::doc::{Upos, WordId};
use crate::mention::ActorId;
use crate::span::Span;
pub use clause::find;
use dyad_record::{EventType, PlaceBasis, Quad, Status};
use rustc_hash::FxHashSet;

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
        if is_statement(&act.code) {
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
            against: Vec::new(),
            basis,
            provenance: Provenance { evidence, found_by: act.found_by, from },
        }
    }
}

/// A code of CAMEO's root 01.
fn is_statement(code: &str) -> bool {
    code.starts_with("01") && code.len() <= 4
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
