//! Items of a record as codings, and codings put into a record. Pure.

use crate::filter::ACTORS;
use crate::told::parties;
use dyad_record::archive::Party;
use dyad_record::correction::{
    Action, Coding, EventCoding, FigureCoding, ItemKind, Nullable, Spot, StatementCoding,
    TieCoding, Where, Who,
};
use dyad_record::{
    Actor, ActorKind, CharSpan, Event, EventTime, EventType, Place, PlaceBasis, Record, Sector,
    Status, TimeBasis,
};
use serde_json::Value;

/// A correction that counts.
pub struct Live {
    pub seq: i64,
    pub kind: ItemKind,
    pub action: Action,
    pub item: Option<String>,
    pub spans: Vec<CharSpan>,
    pub machine: Option<Coding>,
    pub change: Option<Coding>,
}

/// One item of a record.
pub struct Item<'r> {
    pub id: &'r str,
    pub found_by: &'r str,
    /// The words by which it is found again.
    pub spans: Vec<CharSpan>,
}

pub fn items(record: &Record, kind: ItemKind) -> Vec<Item<'_>> {
    match kind {
        ItemKind::Event => record
            .events
            .iter()
            .map(|e| Item { id: &e.id, found_by: &e.found_by, spans: vec![e.trigger] })
            .collect(),
        ItemKind::Statement => record
            .statements
            .iter()
            .map(|s| Item { id: &s.id, found_by: &s.found_by, spans: s.content.clone() })
            .collect(),
        ItemKind::Figure => record
            .figures
            .iter()
            .map(|f| Item {
                id: &f.id,
                found_by: &f.found_by,
                spans: vec![CharSpan { start: f.start, end: f.end }],
            })
            .collect(),
        ItemKind::Tie => record
            .ties
            .iter()
            .map(|t| Item { id: &t.id, found_by: &t.found_by, spans: t.evidence.clone() })
            .collect(),
    }
}

fn known(record: &Record, id: &str) -> Who {
    let party = parties(record, &[id.to_owned()]).pop();
    let nobody = || Party { name: String::new(), country: None, code: String::new() };
    Who::Known(party.unwrap_or_else(nobody))
}

/// An item with every field of its coding.
pub fn coded(record: &Record, kind: ItemKind, id: &str) -> Option<Coding> {
    let side = |id: &String| known(record, id);
    let sides = |ids: &[String]| ids.iter().map(side).collect();
    let day = |time: &Option<EventTime>,
               of: fn(&EventTime) -> &Option<String>|
     -> Nullable<String> { Some(time.as_ref().and_then(|t| of(t).clone())) };
    Some(match kind {
        ItemKind::Event => {
            let e = record.events.iter().find(|e| e.id == id)?;
            let place = record.places.iter().find(|p| Some(&p.id) == e.place.as_ref());
            Coding::Event(EventCoding {
                kind: Some(e.kind),
                cameo: Some(e.cameo.clone()),
                goldstein: Some(e.goldstein),
                status: Some(e.status),
                actors: Some(sides(&e.actors)),
                recipients: Some(sides(&e.recipients)),
                mutual: Some(e.mutual),
                mode: Some(e.mode.clone()),
                from: day(&e.time, |t| &t.from),
                to: day(&e.time, |t| &t.to),
                place: Some(place.map(|p| Where::Known(spot(p)))),
            })
        }
        ItemKind::Statement => {
            let s = record.statements.iter().find(|s| s.id == id)?;
            Coding::Statement(StatementCoding {
                form: Some(s.form),
                speaker: Some(s.speaker.as_ref().map(side)),
                addressee: Some(s.addressee.as_ref().map(side)),
                stance: Some(s.stance),
                from: day(&s.time, |t| &t.from),
                to: day(&s.time, |t| &t.to),
            })
        }
        ItemKind::Figure => {
            let f = record.figures.iter().find(|f| f.id == id)?;
            Coding::Figure(FigureCoding {
                approximate: Some(f.approximate),
                value: Some(f.value),
                low: Some(f.low),
                high: Some(f.high),
                of: Some(f.of),
                unit: Some(f.unit.clone()),
                counted: Some(f.counted.clone()),
                casualty: Some(f.casualty),
                change: Some(f.change),
            })
        }
        ItemKind::Tie => {
            let t = record.ties.iter().find(|t| t.id == id)?;
            Coding::Tie(TieCoding {
                kind: Some(t.kind),
                from: Some(side(&t.from)),
                to: Some(side(&t.to)),
                leans: Some(t.asymmetry.as_ref().map(side)),
                trend: Some(t.trend),
                commodity: Some(t.commodity.clone()),
            })
        }
    })
}

pub fn spot(place: &Place) -> Spot {
    Spot {
        name: place.name.clone(),
        country: place.country.clone(),
        admin1: place.admin1.clone(),
        lat: place.lat,
        lon: place.lon,
        gazetteer_id: place.gazetteer_id.clone(),
    }
}

fn fields(coding: &Coding) -> serde_json::Map<String, Value> {
    match serde_json::to_value(coding) {
        Ok(Value::Object(fields)) => fields,
        _ => unreachable!("a coding is an object"),
    }
}

fn from_fields(kind: ItemKind, fields: serde_json::Map<String, Value>) -> Coding {
    Coding::parse(kind, fields.into()).expect("fields of a coding make one")
}

/// A coding with what a change says instead.
pub fn changed(kind: ItemKind, coding: &Coding, change: &Coding) -> Coding {
    let mut all = fields(coding);
    all.extend(fields(change));
    from_fields(kind, all)
}

/// What of a change is otherwise than the coding.
pub fn difference(kind: ItemKind, coding: &Coding, change: &Coding) -> Option<Coding> {
    let all = fields(coding);
    let mut change = fields(change);
    change.retain(|name, value| all.get(name) != Some(value));
    (!change.is_empty()).then(|| from_fields(kind, change))
}

/// In how many fields two codings are alike.
pub fn alike(a: &Coding, b: &Coding) -> usize {
    let b = fields(b);
    fields(a).iter().filter(|(name, value)| b.get(*name) == Some(value)).count()
}

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
                if let (Action::Add, Coding::Event(event)) = (action, change)
                    && let Some(kind) = event.kind
                    && !record.events.iter().any(|e| e.id == id)
                {
                    record.events.push(blank(id, kind, &c.spans));
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

/// An event of which only its type and words are known.
fn blank(id: &str, kind: EventType, spans: &[CharSpan]) -> Event {
    Event {
        id: id.to_owned(),
        kind,
        mode: None,
        contexts: Vec::new(),
        cameo: kind.cameo().to_owned(),
        goldstein: 0.0,
        quad: kind.quad(),
        actors: Vec::new(),
        recipients: Vec::new(),
        mutual: false,
        time: None,
        place: None,
        place_basis: None,
        status: Status::Happened,
        statement: None,
        evidence: spans.to_vec(),
        trigger: spans.first().copied().unwrap_or_default(),
        confidence: 1.0,
        damaged: false,
        found_by: String::new(),
        from: Vec::new(),
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
            let Some(e) = cast.record.events.iter_mut().find(|e| e.id == id) else { return };
            set(&mut e.kind, &c.kind);
            e.quad = e.kind.quad();
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
            f.found_by = found_by;
        }
        Coding::Tie(c) => {
            let from = c.from.as_ref().map(|s| cast.one(s));
            let to = c.to.as_ref().map(|s| cast.one(s));
            let leans = c.leans.as_ref().map(|s| s.as_ref().map(|s| cast.one(s)));
            let Some(t) = cast.record.ties.iter_mut().find(|t| t.id == id) else { return };
            set(&mut t.kind, &c.kind);
            set(&mut t.from, &from);
            set(&mut t.to, &to);
            set(&mut t.asymmetry, &leans);
            set(&mut t.trend, &c.trend);
            set(&mut t.commodity, &c.commodity);
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
