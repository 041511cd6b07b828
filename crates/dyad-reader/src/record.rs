//! Codes to record: ids, order, and bytes to code points.

use crate::coding::{Coding, EventTime, Finding, Provenance, StatementId, attack};
use crate::doc::Doc;
use crate::mention::{ActorId, Mentions, TimeKind};
use crate::report::{Passage, Report};
use crate::span::Span;
use dyad_record as out;
use dyad_record::{CharSpan, PassageKind, Record};

/// Byte offsets to code points, in one pass over the text.
struct Positions {
    /// Code points before each block of 64 bytes.
    blocks: Vec<u32>,
}

impl Positions {
    fn new(text: &str) -> Self {
        let mut blocks = Vec::with_capacity(text.len() / 64 + 1);
        let mut seen = 0;
        for (i, byte) in text.bytes().enumerate() {
            if i % 64 == 0 {
                blocks.push(seen);
            }
            seen += u32::from(byte & 0xC0 != 0x80);
        }
        if text.len().is_multiple_of(64) {
            blocks.push(seen);
        }
        Positions { blocks }
    }

    fn at(&self, text: &str, byte: u32) -> u32 {
        let block = byte as usize / 64;
        let rest = &text.as_bytes()[block * 64..byte as usize];
        self.blocks[block] + rest.iter().filter(|b| **b & 0xC0 != 0x80).count() as u32
    }
}

struct Maker<'a> {
    report: &'a Report,
    passages: &'a [Passage],
    mentions: &'a Mentions,
    positions: Positions,
}

impl Maker<'_> {
    fn chars(&self, span: Span) -> CharSpan {
        let at = |byte| self.positions.at(&self.report.text, byte);
        CharSpan { start: at(span.start), end: at(span.end) }
    }

    fn spans(&self, spans: &[Span]) -> Vec<CharSpan> {
        let mut spans: Vec<_> = spans.iter().map(|s| self.chars(*s)).collect();
        spans.sort_unstable();
        spans.dedup();
        spans
    }

    fn damaged(&self, spans: &[Span]) -> bool {
        let damage = self.passages.iter().filter(|p| p.kind == PassageKind::Damaged);
        damage.into_iter().any(|p| spans.iter().any(|s| s.touches(p.span)))
    }

    fn time(&self, time: &EventTime) -> out::EventTime {
        let text = time.time.map(|t| self.mentions.times[t.0 as usize].span);
        out::EventTime {
            from: time.from.map(|d| d.to_string()),
            to: time.to.map(|d| d.to_string()),
            text: text.map(|s| s.of(&self.report.text).to_owned()),
            basis: time.basis,
        }
    }

    fn derivation(provenance: &Provenance) -> Vec<String> {
        let mut from: Vec<_> = provenance.from.to_vec();
        from.sort_unstable();
        from.dedup();
        from.into_iter().map(finding).collect()
    }
}

fn finding(finding: Finding) -> String {
    let (letter, i) = match finding {
        Finding::Event(i) => ('e', i),
        Finding::Statement(i) => ('s', i),
        Finding::Figure(i) => ('f', i),
        Finding::Tie(i) => ('t', i),
        Finding::Actor(i) => ('a', i),
        Finding::Place(i) => ('p', i),
        Finding::Time(i) => ('w', i),
    };
    format!("{letter}{}", i + 1)
}

fn actor(id: ActorId) -> String {
    finding(Finding::Actor(id.0))
}

fn statement(id: StatementId) -> String {
    finding(Finding::Statement(id.0))
}

fn distinct(ids: &[ActorId]) -> Vec<String> {
    let mut seen = Vec::new();
    for id in ids {
        let id = actor(*id);
        if !seen.contains(&id) {
            seen.push(id);
        }
    }
    seen
}

/// Assembles the record. Findings keep the order in which their rooms give them: text order.
pub fn make(doc: &Doc<'_>, mentions: &Mentions, coding: &Coding, reader: &out::Reader) -> Record {
    let report = doc.report;
    let maker = Maker {
        report,
        passages: doc.passages(),
        mentions,
        positions: Positions::new(&report.text),
    };
    Record {
        schema: out::SCHEMA.to_owned(),
        report: head(report),
        reader: reader.clone(),
        passages: passages(&maker),
        events: events(&maker, coding),
        statements: statements(&maker, coding),
        figures: figures(&maker, coding),
        ties: ties(&maker, coding),
        participants: participants(&maker, coding),
        actors: actors(&maker),
        places: places(&maker, coding),
        times: times(&maker),
        notes: report.notes.clone(),
    }
}

fn head(report: &Report) -> out::Report {
    out::Report {
        id: report.id.clone(),
        title: report.title.clone(),
        outlet: report.outlet.clone(),
        byline: report.byline.clone(),
        url: report.url.clone(),
        published: report.published.map(|d| d.to_string()),
        fetched: report.fetched.clone(),
        language: report.language.clone(),
        text: report.text.clone(),
    }
}

fn passages(maker: &Maker<'_>) -> Vec<out::Passage> {
    let passages = maker.passages.iter();
    passages
        .map(|p| {
            let CharSpan { start, end } = maker.chars(p.span);
            out::Passage { start, end, kind: p.kind, why: p.why.clone() }
        })
        .collect()
}

fn events(maker: &Maker<'_>, coding: &Coding) -> Vec<out::Event> {
    let events = coding.events.iter().enumerate();
    events
        .map(|(i, e)| out::Event {
            id: finding(Finding::Event(i as u32)),
            kind: e.kind,
            mode: e.mode.clone(),
            contexts: e.contexts.clone(),
            cameo: e.cameo.clone(),
            goldstein: e.goldstein,
            quad: e.quad,
            actors: distinct(&e.actors),
            recipients: distinct(&e.recipients),
            mutual: e.mutual,
            time: e.time.as_ref().map(|t| maker.time(t)),
            place: e.place.map(|p| finding(Finding::Place(p.0))),
            place_basis: e.place_basis,
            status: e.status,
            statement: e.statement.map(statement),
            evidence: maker.spans(&e.provenance.evidence),
            trigger: maker.chars(e.trigger),
            confidence: e.confidence,
            damaged: maker.damaged(&e.provenance.evidence),
            against: e.against.clone(),
            found_by: e.provenance.found_by.clone(),
            from: Maker::derivation(&e.provenance),
        })
        .collect()
}

fn statements(maker: &Maker<'_>, coding: &Coding) -> Vec<out::Statement> {
    let statements = coding.statements.iter().enumerate();
    statements
        .map(|(i, s)| out::Statement {
            id: statement(StatementId(i as u32)),
            speaker: s.speaker.map(actor),
            source: s.source.map(|span| maker.chars(span)),
            stance: s.stance,
            through: distinct(&s.through),
            addressee: s.addressee.map(actor),
            cue: s.cue.map(|span| maker.chars(span)),
            content: maker.spans(&s.content),
            form: s.form,
            time: s.time.as_ref().map(|t| maker.time(t)),
            damaged: maker.damaged(&s.content),
            found_by: s.provenance.found_by.clone(),
            from: Maker::derivation(&s.provenance),
        })
        .collect()
}

fn figures(maker: &Maker<'_>, coding: &Coding) -> Vec<out::Figure> {
    let figures = maker.mentions.figures.iter().enumerate();
    figures
        .map(|(i, f)| {
            let about = coding.figure_about.iter().find(|(id, _)| id.0 as usize == i);
            let said = coding.figure_statement.iter().find(|(id, _)| id.0 as usize == i);
            let against = coding.figure_against.iter().filter(|(id, _)| id.0 as usize == i);
            let CharSpan { start, end } = maker.chars(f.span);
            out::Figure {
                id: finding(Finding::Figure(i as u32)),
                value: f.value,
                low: f.low,
                high: f.high,
                of: f.of,
                unit: f.unit.clone(),
                counted: f.counted.clone(),
                casualty: f.casualty,
                about: about.map(|(_, what)| finding(*what)),
                approximate: f.approximate,
                change: f.change,
                start,
                end,
                text: f.span.of(&maker.report.text).to_owned(),
                statement: said.map(|(_, id)| statement(*id)),
                damaged: maker.damaged(&[f.span]),
                against: against.map(|(_, why)| why.clone()).collect(),
                found_by: f.found_by.to_owned(),
                from: Vec::new(),
            }
        })
        .collect()
}

fn ties(maker: &Maker<'_>, coding: &Coding) -> Vec<out::Tie> {
    let ties = coding.ties.iter().enumerate();
    ties.map(|(i, t)| out::Tie {
        id: finding(Finding::Tie(i as u32)),
        kind: t.kind,
        from: actor(t.from),
        to: actor(t.to),
        trend: t.trend,
        asymmetry: t.asymmetry.map(actor),
        commodity: t.commodity.clone(),
        statement: t.statement.map(statement),
        evidence: maker.spans(&t.provenance.evidence),
        confidence: t.confidence,
        damaged: maker.damaged(&t.provenance.evidence),
        found_by: t.provenance.found_by.clone(),
        stands_on: Maker::derivation(&t.provenance),
    })
    .collect()
}

fn participants(maker: &Maker<'_>, coding: &Coding) -> Vec<out::Participant> {
    let participants = coding.participants.iter().enumerate();
    participants
        .map(|(i, p)| out::Participant {
            id: format!("x{}", i + 1),
            part: p.part,
            name: p.name.clone(),
            mentions: maker.spans(&p.mentions),
            actor: p.actor.map(actor),
            event: finding(Finding::Event(p.event.0)),
            confidence: p.confidence,
            damaged: maker.damaged(&p.mentions),
            found_by: attack::FOUND_BY.to_owned(),
        })
        .collect()
}

fn actors(maker: &Maker<'_>) -> Vec<out::Actor> {
    let mut actors: Vec<out::Actor> = maker
        .mentions
        .actors
        .iter()
        .enumerate()
        .map(|(i, a)| out::Actor {
            id: actor(ActorId(i as u32)),
            name: a.name.clone(),
            kind: a.kind,
            country: a.country.as_ref().map(|c| c.to_string()),
            organisation: a.organisation.as_ref().map(|o| o.to_string()),
            sector: a.sector,
            code: a.code.clone(),
            role: a.role.clone(),
            mentions: Vec::new(),
        })
        .collect();
    for mention in &maker.mentions.actor_mentions {
        let CharSpan { start, end } = maker.chars(mention.span);
        let mention_out = out::ActorMention { start, end, how: mention.how };
        actors[mention.actor.0 as usize].mentions.push(mention_out);
    }
    actors
}

fn places(maker: &Maker<'_>, coding: &Coding) -> Vec<out::Place> {
    let mut places: Vec<out::Place> = maker
        .mentions
        .places
        .iter()
        .enumerate()
        .map(|(i, p)| out::Place {
            id: finding(Finding::Place(i as u32)),
            name: p.name.clone(),
            country: p.country.as_ref().map(|c| c.to_string()),
            admin1: p.admin1.clone(),
            lat: p.lat,
            lon: p.lon,
            gazetteer_id: p.gazetteer_id.clone(),
            mentions: Vec::new(),
        })
        .collect();
    for mention in &maker.mentions.place_mentions {
        places[mention.place.0 as usize].mentions.push(maker.chars(mention.span));
    }
    // What only an act makes a place is one where the act was read.
    for mention in &maker.mentions.possible_places {
        let place = &mut places[mention.place.0 as usize];
        let told = coding.events.iter().any(|e| e.place == Some(mention.place));
        if told && place.mentions.is_empty() {
            place.mentions.push(maker.chars(mention.span));
        }
    }
    places.retain(|p| !p.mentions.is_empty());
    places
}

fn times(maker: &Maker<'_>) -> Vec<out::Time> {
    let kind = |kind| match kind {
        TimeKind::Date => "DATE",
        TimeKind::Time => "TIME",
        TimeKind::Duration => "DURATION",
        TimeKind::Set => "SET",
    };
    let times = maker.mentions.times.iter();
    times
        .map(|t| {
            let CharSpan { start, end } = maker.chars(t.span);
            out::Time {
                start,
                end,
                text: t.span.of(&maker.report.text).to_owned(),
                kind: kind(t.kind).to_owned(),
                from: t.from.map(|d| d.to_string()),
                to: t.to.map(|d| d.to_string()),
                value: t.value.clone(),
                granularity: t.granularity.to_owned(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_code_points() {
        let text = "Zürich–Küsnacht 日本 ".repeat(20);
        let positions = Positions::new(&text);
        let boundaries = text.char_indices().map(|(i, _)| i).chain([text.len()]);
        for (chars, byte) in boundaries.enumerate() {
            assert_eq!(positions.at(&text, byte as u32), chars as u32);
        }
        assert_eq!(Positions::new("").at("", 0), 0);
    }
}
