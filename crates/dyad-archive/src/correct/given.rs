//! What a person wrote, made whole: sides and places by name become those of the record or of the
//! lexicons, and what cannot be is refused.

use super::coding::{changed, pointed, spot};
use super::put::UNKNOWN;
use crate::filter::{ACTORS, Side, country, like};
use dyad_lexicon::gazetteer::Gazetteer;
use dyad_lexicon::{Lexicons, user};
use dyad_record::archive::Party;
use dyad_record::correction::{Coding, EventCoding, ItemKind, Nullable, Pointer, Spot, Where, Who};
use dyad_record::{Actor, ActorKind, EventType, ONTOLOGY, Record, Status};
use jiff::civil::Date;
use std::sync::LazyLock;

/// What a figure may tell of.
const TOLD_OF: &[ItemKind] = &[ItemKind::Event, ItemKind::Statement, ItemKind::Tie];

static LEXICONS: LazyLock<Lexicons> =
    LazyLock::new(|| Lexicons::builtin().expect("the tests check the tables"));

/// The change with every side and place known, held against the item as it is.
pub fn whole(
    record: &Record,
    kind: ItemKind,
    now: Option<&Coding>,
    change: Coding,
) -> Result<Coding, String> {
    let desk = Desk { record };
    let change = match change {
        Coding::Event(c) => Coding::Event(desk.event(c, now)?),
        Coding::Statement(mut c) => {
            if now.is_none() && c.speaker.is_none() {
                return Err("a statement has a speaker; give `speaker`, or null for nobody".into());
            }
            c.speaker = desk.maybe(c.speaker)?;
            c.addressee = desk.maybe(c.addressee)?;
            Coding::Statement(c)
        }
        Coding::Figure(mut c) => {
            let number = |field: Nullable<f64>| field.flatten().is_some();
            if now.is_none() && ![c.value, c.low, c.high].into_iter().any(number) {
                return Err("a figure has a value; give `value`, or `low` and `high`".into());
            }
            c.about = desk.other(c.about, TOLD_OF)?;
            c.statement = desk.other(c.statement, &[ItemKind::Statement])?;
            Coding::Figure(c)
        }
        Coding::Tie(mut c) => {
            if now.is_none() && (c.kind.is_none() || c.from.is_none() || c.to.is_none()) {
                return Err("a tie has a kind and two sides; give `kind`, `from` and `to`".into());
            }
            c.statement = desk.other(c.statement, &[ItemKind::Statement])?;
            c.from = c.from.map(|side| desk.side(side)).transpose()?;
            c.to = c.to.map(|side| desk.side(side)).transpose()?;
            c.leans = desk.maybe(c.leans)?;
            Coding::Tie(c)
        }
    };
    let after = match now {
        Some(now) => changed(kind, now, &change),
        None => change.clone(),
    };
    sound(&after)?;
    Ok(change)
}

/// What no item may be, whoever says so.
fn sound(coding: &Coding) -> Result<(), String> {
    let days = |from: &Nullable<String>, to: &Nullable<String>| -> Result<(), String> {
        let day = |text: &Nullable<String>| -> Result<Option<Date>, String> {
            let Some(text) = text.as_ref().and_then(Option::as_ref) else { return Ok(None) };
            let wrong = |_| format!("`{text}` is no day; write it as 2022-01-31");
            text.parse().map(Some).map_err(wrong)
        };
        match (day(from)?, day(to)?) {
            (Some(from), Some(to)) if to < from => {
                Err(format!("it would end on {to} before it begins on {from}; give both days"))
            }
            _ => Ok(()),
        }
    };
    match coding {
        Coding::Event(e) => {
            days(&e.from, &e.to)?;
            let root = |c: &str| c.get(..2).and_then(|r| r.parse::<u8>().ok());
            let cameo = |c: &str| {
                (2..=4).contains(&c.len())
                    && c.bytes().all(|b| b.is_ascii_digit())
                    && root(c).is_some_and(|r| (1..=20).contains(&r))
            };
            match &e.cameo {
                // An own type may have no code.
                Some(code) if !(cameo(code) || code.is_empty() && is_own(e.kind)) => {
                    Err(format!("`{code}` is no CAMEO code; write one like 190 or 0872"))
                }
                _ if e.goldstein.is_some_and(|g| !(-10.0..=10.0).contains(&g)) => {
                    Err("a Goldstein value lies between -10 and 10".to_owned())
                }
                _ => Ok(()),
            }
        }
        Coding::Statement(s) => days(&s.from, &s.to),
        Coding::Figure(f) => match (f.low.flatten(), f.high.flatten()) {
            (Some(low), Some(high)) if high < low => {
                Err(format!("its low end {low} would lie above its high end {high}"))
            }
            _ => Ok(()),
        },
        Coding::Tie(t) => {
            let leans = t.leans.as_ref().and_then(Option::as_ref);
            match leans
                .is_none_or(|side| Some(side) == t.from.as_ref() || Some(side) == t.to.as_ref())
            {
                true if t.from != t.to => Ok(()),
                true => Err("both sides of the tie would be the same".to_owned()),
                false => Err("the side that leans must be one of the two sides".to_owned()),
            }
        }
    }
}

fn is_own(kind: Option<EventType>) -> bool {
    kind.is_some_and(|kind| kind.of_plover().is_none())
}

struct Desk<'r> {
    record: &'r Record,
}

impl Desk<'_> {
    /// A type that no ontology of the record tells of is a slip of the keyboard.
    fn is_had(&self, kind: EventType) -> Result<(), String> {
        let read_with = self.record.reader.lexicons.keys();
        let mut own = read_with.filter_map(|name| name.strip_prefix(ONTOLOGY));
        if kind.of_plover().is_some() || own.any(|name| name == kind.as_str()) {
            return Ok(());
        }
        Err(format!(
            "`{kind}` is no type of PLOVER, and the report was not read with an ontology of it; \
             `dyad recode --ontology` reads it again with one"
        ))
    }

    fn event(&self, mut c: EventCoding, now: Option<&Coding>) -> Result<EventCoding, String> {
        let now = match now {
            Some(Coding::Event(now)) => Some(now),
            _ => None,
        };
        if now.is_none() {
            c.kind.ok_or("an event has a type; give `type`, like ASSAULT or CONSULT")?;
            c.status.get_or_insert(Status::Happened);
            c.actors.get_or_insert_default();
            c.recipients.get_or_insert_default();
        }
        if let Some(kind) = c.kind.filter(|kind| now.is_none_or(|n| n.kind != Some(*kind))) {
            self.is_had(kind)?;
            let cameo = kind.cameo().map(str::to_owned);
            c.cameo = c.cameo.or(cameo).or(now.is_none().then(String::new));
            c.mode.get_or_insert(None);
        }
        if let Some(cameo) = &c.cameo {
            c.goldstein.get_or_insert_with(|| LEXICONS.acts.goldstein(cameo));
        }
        let day = |field: &Nullable<String>| field.clone().flatten();
        // A day that is moved takes the end of the act along.
        if let (Some(Some(from)), None) = (&c.from, &c.to) {
            let (first, last) = now.map_or((None, None), |n| (day(&n.from), day(&n.to)));
            if first == last || last.is_none_or(|last| last < *from) {
                c.to = Some(Some(from.clone()));
            }
        }
        c.actors = self.sides(c.actors)?;
        c.recipients = self.sides(c.recipients)?;
        if let Some(Some(Where::Named(name))) = &c.place {
            c.place = Some(Some(Where::Known(self.place(name)?)));
        }
        c.statement = self.other(c.statement, &[ItemKind::Statement])?;
        Ok(c)
    }

    /// The item of the record that is pointed at.
    fn other(
        &self,
        at: Nullable<Pointer>,
        kinds: &[ItemKind],
    ) -> Result<Nullable<Pointer>, String> {
        let Some(Some(at)) = at else { return Ok(at) };
        let id = match &at {
            Pointer::Known(at) => at.item.trim(),
            Pointer::Named(id) => id.trim(),
        };
        match pointed(self.record, kinds, id) {
            Some(at) => Ok(Some(Some(Pointer::Known(at)))),
            None => {
                let kinds: Vec<&str> = kinds.iter().map(|k| k.as_str()).collect();
                Err(format!("`{id}` is no {} of this report", kinds.join(" or ")))
            }
        }
    }

    fn sides(&self, sides: Option<Vec<Who>>) -> Result<Option<Vec<Who>>, String> {
        sides.map(|all| all.into_iter().map(|side| self.side(side)).collect()).transpose()
    }

    fn maybe(&self, side: Nullable<Who>) -> Result<Nullable<Who>, String> {
        side.map(|side| side.map(|side| self.side(side)).transpose()).transpose()
    }

    fn side(&self, side: Who) -> Result<Who, String> {
        match side {
            Who::Named(text) => self.party(text.trim()).map(Who::Known),
            Who::Known(party) if party.name.trim().is_empty() => Err(NO_NAME.to_owned()),
            // Codes of a user's own dictionary stand in the record alone.
            Who::Known(party) if self.record.actors.iter().any(|a| party_of(a) == party) => {
                Ok(Who::Known(party))
            }
            Who::Known(Party { name, code, .. }) => {
                let country = coded(&code)?;
                Ok(Who::Known(Party { name, country, code }))
            }
        }
    }

    fn party(&self, text: &str) -> Result<Party, String> {
        if let Some((name, code)) = text.split_once('=') {
            let (name, code) = (name.trim(), code.trim().to_uppercase());
            if name.is_empty() {
                return Err(NO_NAME.to_owned());
            }
            return Ok(Party { name: name.to_owned(), country: coded(&code)?, code });
        }
        if text.is_empty() {
            return Err(NO_NAME.to_owned());
        }
        let actors = &self.record.actors;
        let held = |test: &dyn Fn(&Actor) -> bool| actors.iter().find(|a| test(a)).map(party_of);
        if let Some(party) = held(&|a| a.id == text) {
            return Ok(party);
        }
        let lower = text.to_lowercase();
        if let Some(party) = held(&|a| a.name.to_lowercase() == lower) {
            return Ok(party);
        }
        let Ok(side) = text.parse::<Side>();
        match side {
            Side::Code(code) => {
                let first = code.split(' ').next().unwrap_or_default();
                let alone = first == code;
                let state =
                    |a: &Actor| a.kind == ActorKind::State && a.country.as_deref() == Some(first);
                let body = |a: &Actor| a.organisation.as_deref() == Some(first);
                let same = held(&|a| a.code == code);
                let known = same.or_else(|| held(&|a| alone && (state(a) || body(a))));
                match known {
                    Some(party) => Ok(party),
                    None => by_code(&code),
                }
            }
            Side::Name(name) => {
                let known = held(&|a| a.name.to_lowercase().contains(&lower));
                Ok(known.unwrap_or_else(|| self.by_name(&name)))
            }
        }
    }

    /// Whom the lexicons know by that name on the day of the report.
    fn by_name(&self, name: &str) -> Party {
        let day = self.record.report.published.as_deref().and_then(|d| d.parse().ok());
        let nobody = Party { name: name.to_owned(), country: None, code: UNKNOWN.to_owned() };
        let Some(bearer) = user::who(&ACTORS, name, day).into_iter().next() else { return nobody };
        match coded(&bearer.code) {
            Ok(country) => Party { name: name.to_owned(), country, code: bearer.code },
            Err(_) => nobody,
        }
    }

    fn place(&self, text: &str) -> Result<Spot, String> {
        let (name, of) = match text.rsplit_once(',') {
            Some((name, land)) => {
                let known = country(land.trim());
                let unknown =
                    || format!("`{}` is no country; write a place as `Odesa, UKR`", land.trim());
                (name.trim(), Some(known.ok_or_else(unknown)?))
            }
            None => (text.trim(), None),
        };
        if name.is_empty() {
            return Err("a place has a name; null takes it away".to_owned());
        }
        let fits = |country: Option<&str>| of.is_none() || country == of.as_deref();
        let places = &self.record.places;
        let same = |p: &&dyad_record::Place| {
            p.name.eq_ignore_ascii_case(name) && fits(p.country.as_deref())
        };
        if let Some(place) = places.iter().find(same) {
            return Ok(spot(place));
        }
        let gazetteer = Gazetteer::default();
        let entries = gazetteer.named(name).filter(|e| fits(Some(e.country)));
        let text = |s: &str| (!s.is_empty()).then(|| s.to_owned());
        Ok(match entries.max_by_key(|e| e.people) {
            Some(e) => Spot {
                name: name.to_owned(),
                country: text(e.country),
                admin1: gazetteer.admin1(e.country, e.admin1).map(str::to_owned),
                lat: Some(e.lat),
                lon: Some(e.lon),
                gazetteer_id: text(e.id),
            },
            None => Spot {
                name: name.to_owned(),
                country: of,
                admin1: None,
                lat: None,
                lon: None,
                gazetteer_id: None,
            },
        })
    }
}

const NO_NAME: &str = "a side has a name; write a code (RUS), a name, or `NAME=CODE`";

fn party_of(actor: &Actor) -> Party {
    Party { name: actor.name.clone(), country: actor.country.clone(), code: actor.code.clone() }
}

fn by_code(code: &str) -> Result<Party, String> {
    let first = code.split(' ').next().unwrap_or_default();
    let alone = first == code;
    if let Some(state) = ACTORS.country(first) {
        coded(code)?;
        let (name, country) = (state.name.to_string(), Some(first.to_owned()));
        return Ok(Party { name, country, code: code.to_owned() });
    }
    coded(code)?;
    Ok(match ACTORS.organisation(first) {
        Some(body) => Party {
            name: body.name.to_string(),
            country: body.country.as_ref().map(|c| c.to_string()),
            code: if alone { format!("{code} {}", body.sector) } else { code.to_owned() },
        },
        None => Party { name: code.to_owned(), country: None, code: code.to_owned() },
    })
}

/// The country of a code, where all of it is known.
fn coded(code: &str) -> Result<Option<String>, String> {
    let Ok(side) = code.parse::<Side>();
    if side == Side::Code(code.to_owned()) && side.is_known() {
        let first = code.split(' ').next().unwrap_or_default();
        return Ok(ACTORS.country(first).map(|c| c.code.to_string()));
    }
    let near = like(code.split(' ').next().unwrap_or_default());
    let hint = match near.is_empty() {
        true => String::new(),
        false => format!(" (did you mean {}?)", near.join(", ")),
    };
    Err(format!("nobody goes by the code `{code}`{hint}; write one like RUS, `RUS MIL` or NATO"))
}
