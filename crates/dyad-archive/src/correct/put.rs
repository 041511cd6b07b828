//! Codings put into a record. Pure.

use super::coding::{Live, items, spot};
use super::find::{COMMON, common};
use crate::filter::ACTORS;
use crate::quote::Quotes;
use dyad_record::archive::Party;
use dyad_record::correction::{Action, Coding, ItemKind, Nullable, Pointer, Spot, Where, Who};
use dyad_record::{
    Actor, ActorKind, CharSpan, Event, EventTime, Figure, Form, Place, PlaceBasis, Quad, Record,
    Sector, Statement, Status, Tie, TimeBasis,
};

/// Puts into a record what people say, in the order in which they said it. What they say wins.
pub fn put(record: &mut Record, corrections: &[Live]) {
    // The last word on an item tells whether there is one.
    let mut rejected: Vec<(ItemKind, &str)> = Vec::new();
    for c in corrections {
        let Some(id) = c.item.as_deref() else { continue };
        rejected.retain(|r| *r != (c.kind, id));
        match (&c.change, c.action) {
            (_, Action::Reject) => rejected.push((c.kind, id)),
            (Some(change), action) => {
                if action == Action::Add && items(record, c.kind).iter().all(|i| i.id != id) {
                    blank(record, id, &c.spans, change);
                }
                amend(record, id, c.seq, change);
            }
            (None, _) => {}
        }
    }
    for (kind, id) in rejected {
        reject(record, kind, id);
    }
}

/// Puts an item into a record of which only its words are known, and what it can't be without.
fn blank(record: &mut Record, id: &str, spans: &[CharSpan], change: &Coding) {
    let (id, spans) = (id.to_owned(), spans.to_vec());
    let first = spans.first().copied().unwrap_or_default();
    match change {
        Coding::Event(c) => {
            let Some(kind) = c.kind else { return };
            record.events.push(Event {
                id,
                kind,
                mode: None,
                contexts: Vec::new(),
                cameo: kind.cameo().unwrap_or_default().to_owned(),
                goldstein: 0.0,
                quad: kind.quad().unwrap_or(Quad::VerbalCooperation),
                actors: Vec::new(),
                recipients: Vec::new(),
                mutual: false,
                time: None,
                place: None,
                place_basis: None,
                status: Status::Happened,
                statement: None,
                evidence: spans,
                trigger: first,
                confidence: 1.0,
                damaged: false,
                against: Vec::new(),
                found_by: String::new(),
                from: Vec::new(),
            });
        }
        Coding::Statement(_) => record.statements.push(Statement {
            id,
            speaker: None,
            source: None,
            stance: None,
            through: Vec::new(),
            addressee: None,
            cue: None,
            content: spans,
            form: Form::Reported,
            time: None,
            damaged: false,
            found_by: String::new(),
            from: Vec::new(),
        }),
        Coding::Figure(_) => record.figures.push(Figure {
            id,
            value: None,
            low: None,
            high: None,
            of: None,
            unit: None,
            counted: None,
            casualty: None,
            about: None,
            approximate: false,
            change: None,
            start: first.start,
            end: first.end,
            text: Quotes::new(&record.report.text).of(first.start, first.end).to_owned(),
            statement: None,
            damaged: false,
            against: Vec::new(),
            found_by: String::new(),
            from: Vec::new(),
        }),
        Coding::Tie(c) => {
            let Some(kind) = c.kind else { return };
            record.ties.push(Tie {
                id,
                kind,
                from: String::new(),
                to: String::new(),
                trend: None,
                asymmetry: None,
                commodity: None,
                statement: None,
                evidence: spans,
                confidence: 1.0,
                damaged: false,
                found_by: String::new(),
                stands_on: Vec::new(),
            });
        }
    }
}

fn set<T: Clone>(field: &mut T, new: &Option<T>) {
    if let Some(new) = new {
        field.clone_from(new);
    }
}

fn amend(record: &mut Record, id: &str, seq: i64, change: &Coding) {
    let mut cast = Cast { record, seq };
    let found_by = format!("correction:c{seq}");
    match change {
        Coding::Event(c) => {
            let actors = c.actors.as_ref().map(|all| cast.all(all));
            let recipients = c.recipients.as_ref().map(|all| cast.all(all));
            let place = c.place.as_ref().map(|p| p.as_ref().map(|p| cast.place(p)));
            let statement = cast.other(&c.statement);
            let Some(e) = cast.record.events.iter_mut().find(|e| e.id == id) else { return };
            set(&mut e.kind, &c.kind);
            e.quad = e.kind.quad().unwrap_or(e.quad);
            set(&mut e.mode, &c.mode);
            set(&mut e.cameo, &c.cameo);
            set(&mut e.goldstein, &c.goldstein);
            set(&mut e.status, &c.status);
            set(&mut e.actors, &actors);
            set(&mut e.recipients, &recipients);
            set(&mut e.mutual, &c.mutual);
            retime(&mut e.time, &c.from, &c.to);
            if let Some(place) = place {
                e.place_basis = place.is_some().then_some(PlaceBasis::Stated);
                e.place = place;
            }
            set(&mut e.statement, &statement);
            e.confidence = 1.0;
            e.found_by = found_by;
        }
        Coding::Statement(c) => {
            let speaker = c.speaker.as_ref().map(|s| s.as_ref().map(|s| cast.one(s)));
            let addressee = c.addressee.as_ref().map(|s| s.as_ref().map(|s| cast.one(s)));
            let Some(s) = cast.record.statements.iter_mut().find(|s| s.id == id) else { return };
            if let Some(speaker) = speaker {
                // The words that the machine took for the speaker's name are another's.
                s.source = None;
                s.speaker = speaker;
            }
            set(&mut s.addressee, &addressee);
            set(&mut s.stance, &c.stance);
            set(&mut s.form, &c.form);
            retime(&mut s.time, &c.from, &c.to);
            s.found_by = found_by;
        }
        Coding::Figure(c) => {
            let (about, statement) = (cast.other(&c.about), cast.other(&c.statement));
            let Some(f) = cast.record.figures.iter_mut().find(|f| f.id == id) else { return };
            set(&mut f.value, &c.value);
            set(&mut f.low, &c.low);
            set(&mut f.high, &c.high);
            set(&mut f.of, &c.of);
            set(&mut f.unit, &c.unit);
            set(&mut f.counted, &c.counted);
            set(&mut f.casualty, &c.casualty);
            set(&mut f.change, &c.change);
            set(&mut f.approximate, &c.approximate);
            set(&mut f.about, &about);
            set(&mut f.statement, &statement);
            f.found_by = found_by;
        }
        Coding::Tie(c) => {
            let from = c.from.as_ref().map(|s| cast.one(s));
            let to = c.to.as_ref().map(|s| cast.one(s));
            let leans = c.leans.as_ref().map(|s| s.as_ref().map(|s| cast.one(s)));
            let statement = cast.other(&c.statement);
            let Some(t) = cast.record.ties.iter_mut().find(|t| t.id == id) else { return };
            set(&mut t.kind, &c.kind);
            set(&mut t.from, &from);
            set(&mut t.to, &to);
            set(&mut t.asymmetry, &leans);
            set(&mut t.trend, &c.trend);
            set(&mut t.commodity, &c.commodity);
            set(&mut t.statement, &statement);
            t.confidence = 1.0;
            t.found_by = found_by;
        }
    }
}

fn retime(time: &mut Option<EventTime>, from: &Nullable<String>, to: &Nullable<String>) {
    if from.is_none() && to.is_none() {
        return;
    }
    let mut new = time.take().unwrap_or(EventTime {
        from: None,
        to: None,
        text: None,
        basis: TimeBasis::Stated,
    });
    set(&mut new.from, from);
    set(&mut new.to, to);
    new.basis = TimeBasis::Stated;
    *time = (new.from.is_some() || new.to.is_some()).then_some(new);
}

/// Who and what stands in a record, so that codings can point at it.
struct Cast<'r> {
    record: &'r mut Record,
    seq: i64,
}

impl Cast<'_> {
    fn all(&mut self, sides: &[Who]) -> Vec<String> {
        sides.iter().map(|side| self.one(side)).collect()
    }

    /// The actor's id; who is not in the record is put there, without a mention.
    fn one(&mut self, side: &Who) -> String {
        let party = match side {
            Who::Known(party) => party.clone(),
            Who::Named(name) => Party { name: name.clone(), country: None, code: UNKNOWN.into() },
        };
        let same =
            |a: &&Actor| a.name == party.name && a.code == party.code && a.country == party.country;
        if let Some(actor) = self.record.actors.iter().find(same) {
            return actor.id.clone();
        }
        let id = format!("c{}a{}", self.seq, self.record.actors.len() + 1);
        self.record.actors.push(actor_of(id.clone(), party));
        id
    }

    /// The item that somebody points at: by its id, if that still stands at these words, else by them.
    fn other(&self, at: &Nullable<Pointer>) -> Nullable<String> {
        let at = at.as_ref()?;
        Some(at.as_ref().and_then(|at| {
            let Pointer::Known(at) = at else { return None };
            let all = items(self.record, at.kind).into_iter();
            let near = all.map(|item| (common(&item.spans, &at.spans), item));
            let near = near.filter(|(common, _)| *common >= COMMON);
            let best = near.max_by(|(a, x), (b, y)| {
                let held = |id: &str| id == at.item;
                held(x.id).cmp(&held(y.id)).then(a.total_cmp(b)).then(y.id.cmp(x.id))
            });
            best.map(|(_, item)| item.id.to_owned())
        }))
    }

    fn place(&mut self, place: &Where) -> String {
        let new = match place {
            Where::Known(spot) => spot.clone(),
            Where::Named(name) => Spot {
                name: name.clone(),
                country: None,
                admin1: None,
                lat: None,
                lon: None,
                gazetteer_id: None,
            },
        };
        if let Some(place) = self.record.places.iter().find(|p| spot(p) == new) {
            return place.id.clone();
        }
        let id = format!("c{}p{}", self.seq, self.record.places.len() + 1);
        let Spot { name, country, admin1, lat, lon, gazetteer_id } = new;
        self.record.places.push(Place {
            id: id.clone(),
            name,
            country,
            admin1,
            lat,
            lon,
            gazetteer_id,
            mentions: Vec::new(),
        });
        id
    }
}

pub const UNKNOWN: &str = "UNK";

fn actor_of(id: String, party: Party) -> Actor {
    let first = party.code.split(' ').next().unwrap_or_default();
    let of_state = |country: &str| ACTORS.country(country).is_some_and(|c| c.name == party.name);
    let body = ACTORS.organisation(first);
    let kind = match (&party.country, body) {
        (Some(country), _) if of_state(country) => ActorKind::State,
        (_, Some(body)) => body.kind,
        _ => ActorKind::Group,
    };
    let sector = party.code.split(' ').filter_map(|w| w.parse().ok()).next_back();
    Actor {
        id,
        kind,
        organisation: body.map(|o| o.code.to_string()),
        sector: sector.unwrap_or(if kind == ActorKind::State { Sector::Gov } else { Sector::Unk }),
        role: None,
        mentions: Vec::new(),
        name: party.name,
        country: party.country,
        code: party.code,
    }
}

/// Takes an item out, and every pointer to it.
fn reject(record: &mut Record, kind: ItemKind, id: &str) {
    match kind {
        ItemKind::Event => record.events.retain(|e| e.id != id),
        ItemKind::Statement => record.statements.retain(|s| s.id != id),
        ItemKind::Figure => record.figures.retain(|f| f.id != id),
        ItemKind::Tie => record.ties.retain(|t| t.id != id),
    }
    let clear = |field: &mut Option<String>| {
        field.take_if(|held| held == id);
    };
    for e in &mut record.events {
        clear(&mut e.statement);
        e.from.retain(|f| f != id);
    }
    record.statements.iter_mut().for_each(|s| s.from.retain(|f| f != id));
    for f in &mut record.figures {
        clear(&mut f.about);
        clear(&mut f.statement);
        f.from.retain(|from| from != id);
    }
    for t in &mut record.ties {
        clear(&mut t.statement);
        t.stands_on.retain(|f| f != id);
    }
}
