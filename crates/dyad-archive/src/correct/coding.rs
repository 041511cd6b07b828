//! Items of a record as codings. Pure.

use crate::told::parties;
use dyad_record::archive::Party;
use dyad_record::correction::{
    Action, Coding, EventCoding, FigureCoding, ItemKind, Nullable, Pointed, Pointer, Spot,
    StatementCoding, TieCoding, Where, Who,
};
use dyad_record::{CharSpan, EventTime, Place, Record};
use serde_json::Value;

/// A correction that counts.
pub struct Live {
    pub seq: i64,
    pub kind: ItemKind,
    pub action: Action,
    pub item: Option<String>,
    pub spans: Vec<CharSpan>,
    pub machine: Option<Coding>,
    pub found_by: Option<String>,
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

/// An item of one of these kinds, with its words.
pub fn pointed(record: &Record, kinds: &[ItemKind], id: &str) -> Option<Pointed> {
    kinds.iter().find_map(|kind| {
        let item = items(record, *kind).into_iter().find(|item| item.id == id)?;
        Some(Pointed { kind: *kind, item: item.id.to_owned(), spans: item.spans })
    })
}

/// An item with every field of its coding.
pub fn coded(record: &Record, kind: ItemKind, id: &str) -> Option<Coding> {
    let side = |id: &String| known(record, id);
    let sides = |ids: &[String]| ids.iter().map(side).collect();
    let other = |id: &Option<String>| -> Nullable<Pointer> {
        let id = id.as_ref();
        Some(id.and_then(|id| pointed(record, ItemKind::ALL, id)).map(Pointer::Known))
    };
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
                statement: other(&e.statement),
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
                about: other(&f.about),
                statement: other(&f.statement),
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
                statement: other(&t.statement),
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
