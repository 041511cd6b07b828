//! What the rest of the report tells of an act whose own words leave a side out.

use super::Act;
use super::sides::{Side, Sides};
use super::tree;
use crate::coding::{Coding, Event, Finding, Statement};
use crate::doc::{Deprel, Doc, Upos, WordId};
use crate::mention::{ActorId, Mentions};
use crate::span::Span;
use dyad_record::{EventType, Sector, Status};
use smol_str::SmolStr;

/// The report around its acts.
pub struct Teller<'a> {
    pub doc: &'a Doc<'a>,
    pub mentions: &'a Mentions,
    pub statements: &'a [Statement],
    pub sides: &'a Sides<'a>,
}

impl Teller<'_> {
    /// "the air force said that the drones had been shot down": where nobody else is named, those
    /// who tell of weapons that fell have brought them down.
    pub fn lend_actor(&self, act: &mut Act<'_>) {
        let unnamed = act.agents.sides.iter().all(|s| self.country(s.actor).is_none());
        let open = if act.frame.passive { act.agents.heads.is_empty() } else { unnamed };
        if act.kind != EventType::Assault || !open || !act.fells(self.sides) {
            return;
        }
        let trigger = self.doc.word(act.trigger).span;
        let statement = Coding::statement_of(self.statements, trigger)
            .map(|id| &self.statements[id.0 as usize]);
        let Some((speaker, source)) = statement.and_then(|s| Some((s.speaker?, s.source?))) else {
            return;
        };
        let armed = matches!(self.mentions.actor(speaker).sector, Sector::Mil | Sector::Gov);
        let own = |s: &Side| self.country(s.actor) == self.country(speaker);
        if armed && self.country(speaker).is_some() && !act.recipients.sides.iter().any(own) {
            act.agents.sides = vec![Side { actor: speaker, span: source }];
        }
    }

    /// Completes acts of war and sanctions whose words leave a side out by what the report tells
    /// elsewhere: "the Norwegian attack on Tuesday" struck the only country that Norway is told to
    /// have attacked, "the war in Sweden" is waged by the only one told to attack Sweden, and
    /// "an overnight raid" over a Swedish town is both. Two candidates are none.
    pub fn inherit_sides(&self, events: &mut [Event]) {
        for i in 0..events.len() {
            if matches!(events[i].kind, EventType::Assault | EventType::Sanction)
                && !events[i].mutual
            {
                self.inherit_recipient(events, i);
                self.inherit_actor(events, i);
            }
        }
    }

    fn inherit_recipient(&self, events: &mut [Event], i: usize) {
        let event = &events[i];
        if !event.recipients.is_empty() {
            return;
        }
        let noun = self.doc.word(event.trigger_word).upos == Upos::Noun;
        let felled = event.kind == EventType::Assault
            && !noun
            && event.recipient_phrases.iter().any(|p| self.is_weapon(*p));
        let bare = noun && event.recipient_phrases.is_empty();
        let actor = event.actors.first().and_then(|a| self.power(*a));
        let found = match actor {
            // What an air defence shoots down was sent by whoever attacks the country.
            Some(actor) if felled => self
                .told(events, event.kind)
                .other(|actors, recipients| (recipients == actor).then_some(actors)),
            Some(actor) if bare => self
                .told(events, event.kind)
                .other(|actors, recipients| (actors == actor).then_some(recipients))
                .or_else(|| self.felt_by(event, Some(&actor))),
            None if bare && event.kind == EventType::Assault && event.actors.is_empty() => {
                self.felt_by(event, None)
            }
            _ => None,
        };
        if let Some((side, from)) = found {
            let event = &mut events[i];
            event.recipients.push(side.actor);
            event.recipient_spans.push(side.span);
            stands_on(event, side, from);
        }
    }

    fn inherit_actor(&self, events: &mut [Event], i: usize) {
        let event = &events[i];
        let passive = event.actors.is_empty() && event.kind == EventType::Assault;
        let unnamed = event.actor_phrases.is_empty()
            || event.actor_phrases.iter().all(|p| self.is_weapon(*p));
        let Some(struck) = event.recipients.first().and_then(|r| self.power(*r)) else { return };
        if !passive || !unnamed {
            return;
        }
        let found = self
            .told(events, event.kind)
            .other(|actors, recipients| (recipients == struck).then_some(actors));
        if let Some((side, from)) = found {
            let event = &mut events[i];
            event.actors.push(side.actor);
            event.actor_spans.push(side.span);
            stands_on(event, side, from);
        }
    }

    /// The acts of one type that the report tells with both sides as done.
    fn told(&self, events: &[Event], kind: EventType) -> Told {
        let done = |e: &&Event| {
            e.kind == kind && !e.mutual && matches!(e.status, Status::Happened | Status::Ongoing)
        };
        let mut told = Told(Vec::new());
        for (j, event) in events.iter().enumerate().filter(|(_, e)| done(e)) {
            let (Some(actor), Some(recipient)) = (event.actors.first(), event.recipients.first())
            else {
                continue;
            };
            let (Some(does), Some(gets)) = (self.power(*actor), self.power(*recipient)) else {
                continue;
            };
            if does != gets {
                let sides = [
                    (does, Side { actor: *actor, span: event.actor_spans[0] }),
                    (gets, Side { actor: *recipient, span: event.recipient_spans[0] }),
                ];
                told.0.push((sides, Finding::Event(j as u32)));
            }
        }
        told
    }

    /// The state of whoever the clause is about, or in which it places the act.
    fn felt_by(&self, event: &Event, attacker: Option<&SmolStr>) -> Option<(Side, Finding)> {
        let other = |c: &SmolStr| Some(c) != attacker;
        let subject = self.clause_subject(event.trigger_word);
        let felt = subject.and_then(|s| Some((self.country(s.actor).filter(other)?, s.span)));
        let placed = || {
            let place = &self.mentions.places[event.place?.0 as usize];
            Some((place.country.clone().filter(other)?, event.trigger))
        };
        // "sirens were heard in the Swedish capital after the raid"
        let around = || {
            let verb = self.clause(event.trigger_word)?;
            let near = |w: &WordId| tree::is_under(self.doc, *w, &["in", "at", "over", "across"]);
            let mut settings = self.doc.dependents_by(verb, &[Deprel::Obl]).filter(near);
            let side = settings.find_map(|w| self.sides.owner(w))?;
            Some((self.country(side.actor).filter(other)?, side.span))
        };
        let (country, span) = felt.or_else(placed).or_else(around)?;
        let actor = self.sides.state(&country)?;
        Some((Side { actor, span }, Finding::Actor(actor.0)))
    }

    fn is_weapon(&self, phrase: Span) -> bool {
        self.doc.words_in(phrase).any(|w| self.sides.is_weapon(w))
    }

    /// The country or organisation for which an actor acts.
    fn power(&self, actor: ActorId) -> Option<SmolStr> {
        let actor = self.mentions.actor(actor);
        actor.country.clone().or_else(|| actor.organisation.clone())
    }

    fn country(&self, actor: ActorId) -> Option<SmolStr> {
        self.mentions.actor(actor).country.clone()
    }

    /// The verb of the clause in which a noun stands.
    fn clause(&self, noun: WordId) -> Option<WordId> {
        let mut above = self.doc.ancestors(noun).skip(1).take(4);
        above.find(|w| self.doc.word(*w).upos == Upos::Verb)
    }

    /// Whoever the clause around a noun is about.
    fn clause_subject(&self, noun: WordId) -> Option<Side> {
        let verb = self.clause(noun)?;
        let subjects = [Deprel::Nsubj, Deprel::NsubjPass];
        let subject = self.doc.dependents_by(verb, &subjects).next()?;
        self.sides.direct(subject)
    }
}

/// Who is told to have done something to whom, each with the power behind it.
struct Told(Vec<([(SmolStr, Side); 2], Finding)>);

impl Told {
    /// The side that `choose` picks of what the acts tell, where all of them agree on its power.
    fn other(
        &self,
        choose: impl Fn(SmolStr, SmolStr) -> Option<SmolStr>,
    ) -> Option<(Side, Finding)> {
        let mut found: Option<(SmolStr, Side, Finding)> = None;
        for ([does, gets], from) in &self.0 {
            let Some(power) = choose(does.0.clone(), gets.0.clone()) else { continue };
            let side = if power == does.0 { does.1 } else { gets.1 };
            match &found {
                Some((known, ..)) if *known != power => return None,
                Some(_) => {}
                None => found = Some((power, side, *from)),
            }
        }
        found.map(|(_, side, from)| (side, from))
    }
}

/// What was found elsewhere makes the act less sure.
fn stands_on(event: &mut Event, side: Side, from: Finding) {
    event.provenance.evidence.push(side.span);
    event.provenance.from.push(from);
    if let Some(basis) = &mut event.basis {
        basis.lent = true;
    }
}
