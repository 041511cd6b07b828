//! What the rest of the report tells of an act whose own words leave a side out.

use super::Act;
use super::sides::{Side, Sides};
use crate::coding::{Coding, Event, Finding, Statement};
use crate::doc::{Deprel, Doc, Upos, WordId};
use crate::mention::{ActorId, Mentions};
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

    /// "the Norwegian attack on Tuesday" names nobody whom it struck: the only country that the
    /// report tells the same actor to have attacked, or the country of whoever felt it.
    pub fn inherit_recipients(&self, events: &mut [Event]) {
        for i in 0..events.len() {
            let event = &events[i];
            let bare = event.kind == EventType::Assault
                && event.recipients.is_empty()
                && event.recipient_phrases.is_empty()
                && self.doc.word(event.trigger_word).upos == Upos::Noun;
            let Some(attacker) = self.attacker(event).filter(|_| bare) else { continue };
            let told: Vec<usize> = (0..events.len())
                .filter(|j| {
                    let other = &events[*j];
                    other.kind == EventType::Assault
                        && matches!(other.status, Status::Happened | Status::Ongoing)
                        && self.attacker(other).as_ref() == Some(&attacker)
                        && self.struck(other).is_some_and(|c| c != attacker)
                })
                .collect();
            let mut countries: Vec<SmolStr> =
                told.iter().filter_map(|j| self.struck(&events[*j])).collect();
            countries.sort();
            countries.dedup();
            let (recipient, from) = match (countries.as_slice(), told.first()) {
                ([_], Some(j)) => {
                    let other = &events[*j];
                    let side = Side { actor: other.recipients[0], span: other.recipient_spans[0] };
                    (side, Finding::Event(*j as u32))
                }
                ([], _) => {
                    let felt = self.clause_subject(event.trigger_word);
                    let other = |s: &Side| self.country(s.actor).is_some_and(|c| c != attacker);
                    let Some(side) = felt.filter(other) else { continue };
                    let country = self.country(side.actor);
                    let state = country.and_then(|c| self.sides.state(&c));
                    let Some(actor) = state else { continue };
                    (Side { actor, ..side }, Finding::Actor(actor.0))
                }
                _ => continue,
            };
            let event = &mut events[i];
            event.recipients.push(recipient.actor);
            event.recipient_spans.push(recipient.span);
            event.provenance.evidence.push(recipient.span);
            event.provenance.from.push(from);
            event.confidence = event.confidence.min(0.5) * 0.9;
        }
    }

    fn country(&self, actor: ActorId) -> Option<SmolStr> {
        self.mentions.actor(actor).country.clone()
    }

    /// The country of the first actor.
    fn attacker(&self, event: &Event) -> Option<SmolStr> {
        if event.mutual { None } else { self.country(*event.actors.first()?) }
    }

    fn struck(&self, event: &Event) -> Option<SmolStr> {
        if event.mutual { None } else { self.country(*event.recipients.first()?) }
    }

    /// Whoever the clause around a noun is about.
    fn clause_subject(&self, noun: WordId) -> Option<Side> {
        let verb = self
            .doc
            .ancestors(noun)
            .skip(1)
            .take(4)
            .find(|w| self.doc.word(*w).upos == Upos::Verb)?;
        let subjects = [Deprel::Nsubj, Deprel::NsubjPass];
        let subject = self.doc.dependents_by(verb, &subjects).next()?;
        self.sides.direct(subject)
    }
}
