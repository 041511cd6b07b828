//! An episode without its tellings, as it is stored, found and counted.

use crate::bulk::Bulks;
use crate::fill::Known;
use crate::find::{day_number, is_long};
use crate::kept::Kept;
use crate::keys::{self, Keys};
use crate::mention::Act;
use dyad_record::archive::{Episode, Party};
use dyad_record::{EventType, Quad, Status, UnknownWord};
use rusqlite::types::FromSqlError;
use rusqlite::{Connection, OptionalExtension, Row, params};
use rustc_hash::FxHashMap;
use serde::Serialize;
use smol_str::{SmolStr, format_smolstr};
use std::collections::BTreeMap;
use std::str::FromStr;

/// What of an episode can be counted and found without reading its tellings.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outline {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: EventType,
    pub quad: Quad,
    pub status: Status,
    pub deed: bool,
    pub actors: Vec<Party>,
    pub recipients: Vec<Party>,
    pub mutual: bool,
    pub from: Option<String>,
    pub to: Option<String>,
    pub place: Option<String>,
    pub place_country: Option<String>,
    pub lat: Option<f64>,
    pub lon: Option<f64>,
    pub goldstein: f32,
    pub reports: u32,
    pub voices: u32,
    /// Number of its tellings.
    pub events: u32,
    /// Number of its disagreements, without what was corrected since.
    pub disagreements: u32,
}

pub(crate) const COLUMNS: &str = "e.id, e.type, e.quad, e.status, e.deed, e.mutual, e.date_from, \
    e.date_to, e.place, e.country, e.lat, e.lon, e.goldstein, e.reports, e.voices, e.events, \
    e.disagreements";

impl Outline {
    pub(crate) fn of(e: &Episode) -> Outline {
        Outline {
            id: e.id.clone(),
            kind: e.kind,
            quad: e.quad,
            status: e.status,
            deed: e.deed,
            actors: e.actors.clone(),
            recipients: e.recipients.clone(),
            mutual: e.mutual,
            from: e.from.clone(),
            to: e.to.clone(),
            place: e.place.clone(),
            place_country: e.place_country.clone(),
            lat: e.lat,
            lon: e.lon,
            goldstein: e.goldstein,
            reports: e.reports,
            voices: e.voices,
            events: e.tellings.len() as u32,
            disagreements: e.disagreements.iter().filter(|d| !d.corrected).count() as u32,
        }
    }

    /// From a row of [`COLUMNS`]; its sides are filled in by [`sides`].
    pub(crate) fn from_row(row: &Row<'_>) -> rusqlite::Result<Outline> {
        Ok(Outline {
            id: row.get(0)?,
            kind: word(row, 1)?,
            quad: word(row, 2)?,
            status: word(row, 3)?,
            deed: row.get(4)?,
            actors: Vec::new(),
            recipients: Vec::new(),
            mutual: row.get(5)?,
            from: row.get(6)?,
            to: row.get(7)?,
            place: row.get(8)?,
            place_country: row.get(9)?,
            lat: row.get(10)?,
            lon: row.get(11)?,
            goldstein: row.get::<_, f64>(12)? as f32,
            reports: row.get(13)?,
            voices: row.get(14)?,
            events: row.get(15)?,
            disagreements: row.get(16)?,
        })
    }

    fn keys(&self) -> Keys {
        Keys::of(&self.actors, &self.recipients, self.mutual)
    }

    fn act(&self) -> i64 {
        Act::of(self.kind, self.status, self.quad).0
    }

    /// In what it is counted, by `tally`.
    fn counts(&self) -> Vec<(&'static str, SmolStr)> {
        let mut counts = vec![
            ("all", SmolStr::default()),
            ("type", self.kind.as_str().into()),
            ("quad", self.quad.as_str().into()),
            ("status", self.status.as_str().into()),
        ];
        let dyads = keys::dyads(&self.actors, &self.recipients, self.mutual);
        counts.extend(dyads.into_iter().map(|(a, b)| ("dyad", format_smolstr!("{a} {b}"))));
        counts
    }
}

pub(crate) fn word<T: FromStr<Err = UnknownWord>>(row: &Row<'_>, at: usize) -> rusqlite::Result<T> {
    let word = row.get_ref(at)?.as_str()?;
    word.parse().map_err(|e: UnknownWord| FromSqlError::Other(Box::new(e)).into())
}

/// The sides of a stored episode.
pub(crate) fn sides(db: &Connection, seq: i64) -> rusqlite::Result<(Vec<Party>, Vec<Party>)> {
    let mut query = db.prepare_cached(
        "SELECT s.side, p.name, p.country, p.code FROM episode_party s \
         JOIN party p ON p.seq = s.party WHERE s.episode = ? ORDER BY s.ordinal",
    )?;
    let mut rows = query.query([seq])?;
    let (mut actors, mut recipients) = (Vec::new(), Vec::new());
    while let Some(row) = rows.next()? {
        let party = Party { name: row.get(1)?, country: row.get(2)?, code: row.get(3)? };
        match row.get_ref(0)?.as_str()? {
            "actor" => actors.push(party),
            _ => recipients.push(party),
        }
    }
    Ok((actors, recipients))
}

/// The number of a party, and of one that nobody has met a new one.
pub(crate) fn party(
    db: &Connection,
    known: &mut FxHashMap<Party, i64>,
    party: &Party,
) -> rusqlite::Result<i64> {
    if let Some(seq) = known.get(party) {
        return Ok(*seq);
    }
    let found = db
        .prepare_cached(
            "SELECT seq FROM party WHERE name = ?1 AND code = ?2 \
             AND coalesce(country, '') = coalesce(?3, '')",
        )?
        .query_row(params![party.name, party.code, party.country], |row| row.get(0))
        .optional()?;
    let seq = match found {
        Some(seq) => seq,
        None => {
            db.prepare_cached("INSERT INTO party (name, country, code) VALUES (?, ?, ?)")?
                .execute(params![party.name, party.country, party.code])?;
            db.last_insert_rowid()
        }
    };
    known.insert(party.clone(), seq);
    Ok(seq)
}

/// Writes the rows of episodes, and keeps what is counted of them.
pub(crate) struct Keeper<'k, 't> {
    db: &'t Connection,
    sql: &'k mut Kept<'t>,
    bulks: &'k mut Bulks,
    known: &'k mut Known,
    tally: BTreeMap<(&'static str, SmolStr), [i64; 6]>,
    counts: BTreeMap<i64, [i64; 5]>,
}

impl<'k, 't> Keeper<'k, 't> {
    pub fn new(
        db: &'t Connection,
        sql: &'k mut Kept<'t>,
        bulks: &'k mut Bulks,
        known: &'k mut Known,
    ) -> Keeper<'k, 't> {
        Keeper { db, sql, bulks, known, tally: BTreeMap::new(), counts: BTreeMap::new() }
    }

    pub fn load(&mut self, seq: i64) -> rusqlite::Result<Option<Outline>> {
        let there = self.sql.get("SELECT 1 FROM episode WHERE seq = ?")?;
        if !there.exists([seq])? {
            return Ok(None);
        }
        let sql = format!("SELECT {COLUMNS} FROM episode e WHERE e.seq = ?");
        let mut query = self.db.prepare_cached(&sql)?;
        let Some(mut outline) = query.query_row([seq], Outline::from_row).optional()? else {
            return Ok(None);
        };
        (outline.actors, outline.recipients) = sides(self.db, seq)?;
        Ok(Some(outline))
    }

    /// Makes what is stored of an episode what it now is.
    pub fn change(
        &mut self,
        seq: i64,
        old: Option<&Outline>,
        new: Option<&Outline>,
    ) -> rusqlite::Result<()> {
        if old == new {
            return Ok(());
        }
        for (outline, sign) in [(old, -1), (new, 1)] {
            if let Some(outline) = outline {
                self.count(outline, sign)?;
            }
        }
        let place = |o: &Outline| (o.keys(), o.from.clone(), o.to.clone(), o.act());
        let moved = old.is_none() || old.map(place) != new.map(place);
        let sides = |o: &Outline| (o.actors.clone(), o.recipients.clone(), o.from.clone());
        let other_sides = old.is_none() || old.map(sides) != new.map(sides);
        if let Some(old) = old.filter(|_| moved) {
            self.index(seq, old, false)?;
        }
        if old.is_some() && other_sides {
            self.sql.run("DELETE FROM episode_party WHERE episode = ?", [seq])?;
        }
        let Some(new) = new else {
            self.sql.run("DELETE FROM episode WHERE seq = ?", [seq])?;
            return Ok(());
        };
        self.write(seq, new)?;
        if moved {
            self.index(seq, new, true)?;
        }
        if other_sides {
            let day = new.from.as_deref().unwrap_or("");
            for (side, parties) in [("actor", &new.actors), ("recipient", &new.recipients)] {
                for (ordinal, party) in (0i64..).zip(parties) {
                    let party = self.party(party)?;
                    self.sql.run(
                        "INSERT INTO episode_party VALUES (?, ?, ?, ?, ?)",
                        params![seq, side, ordinal, party, day],
                    )?;
                }
            }
        }
        Ok(())
    }

    fn write(&mut self, seq: i64, e: &Outline) -> rusqlite::Result<()> {
        self.sql.run(
                "INSERT INTO episode VALUES \
                 (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20) \
                 ON CONFLICT (seq) DO UPDATE SET type = ?3, quad = ?4, status = ?5, deed = ?6, \
                 mutual = ?7, date_from = ?8, date_to = ?9, place = ?10, country = ?11, \
                 lat = ?12, lon = ?13, goldstein = ?14, reports = ?15, voices = ?16, \
                 events = ?17, disagreements = ?18, act = ?19, long = ?20",
            params![
                seq,
                e.id,
                e.kind.as_str(),
                e.quad.as_str(),
                e.status.as_str(),
                e.deed,
                e.mutual,
                e.from,
                e.to,
                e.place,
                e.place_country,
                e.lat,
                e.lon,
                f64::from(e.goldstein),
                e.reports,
                e.voices,
                e.events,
                e.disagreements,
                e.act(),
                is_long(day_number(e.from.as_deref()), day_number(e.to.as_deref())),
            ])?;
        Ok(())
    }

    fn index(&mut self, seq: i64, e: &Outline, add: bool) -> rusqlite::Result<()> {
        let keys = e.keys();
        let (day, day_to) = (day_number(e.from.as_deref()), day_number(e.to.as_deref()));
        for (side, bears) in &keys.sides {
            let (side, bears) = (self.known.key(self.db, side)?, i64::from(*bears));
            match add {
                true => self.bulks.episode_side.push([side, day, seq, bears, day_to, e.act()]),
                false => {
                    self.sql.run(
                        "DELETE FROM episode_side WHERE side = ? AND day = ? AND episode = ? \
                         AND bears = ?",
                        [side, day, seq, bears],
                    )?;
                }
            }
        }
        for (who, whom) in &keys.pairs {
            let (who, whom) = (self.known.key(self.db, who)?, self.known.key(self.db, whom)?);
            match add {
                true => self.bulks.episode_pair.push([who, whom, day, seq, day_to, e.act()]),
                false => {
                    self.sql.run(
                        "DELETE FROM episode_pair WHERE who = ? AND whom = ? AND day = ? \
                         AND episode = ?",
                        [who, whom, day, seq],
                    )?;
                }
            }
        }
        Ok(())
    }

    fn party(&mut self, of: &Party) -> rusqlite::Result<i64> {
        party(self.db, &mut self.known.parties, of)
    }

    fn count(&mut self, e: &Outline, sign: i64) -> rusqlite::Result<()> {
        let (deed, events) = (i64::from(e.deed), i64::from(e.events));
        let goldstein = if e.deed { (e.goldstein * 1000.0).round() as i64 } else { 0 };
        let several = i64::from(e.voices > 1);
        let add = [1, deed, events, goldstein, several, i64::from(e.disagreements)];
        for key in e.counts() {
            let counts = self.tally.entry(key).or_default();
            counts.iter_mut().zip(add).for_each(|(count, n)| *count += sign * n);
        }
        let mut parties: BTreeMap<&Party, (bool, bool)> = BTreeMap::new();
        e.actors.iter().for_each(|p| parties.entry(p).or_default().0 = true);
        e.recipients.iter().for_each(|p| parties.entry(p).or_default().1 = true);
        for (of, (acts, bears)) in parties {
            let add = [1, deed, i64::from(acts), i64::from(bears), events];
            let counts =
                self.counts.entry(party(self.db, &mut self.known.parties, of)?).or_default();
            counts.iter_mut().zip(add).for_each(|(count, n)| *count += sign * n);
        }
        Ok(())
    }

    /// So many more (or fewer) rows are in a table.
    pub fn add_items(&mut self, table: &'static str, n: i64) {
        self.tally.entry(("items", table.into())).or_default()[0] += n;
    }

    pub fn finish(self) -> rusqlite::Result<()> {
        for ((of, name), n) in self.tally.iter().filter(|(_, n)| **n != [0; 6]) {
            self.db
                .prepare_cached(
                    "INSERT INTO tally VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) \
                     ON CONFLICT (of, name) DO UPDATE SET episodes = episodes + ?3, \
                     deeds = deeds + ?4, events = events + ?5, goldstein = goldstein + ?6, \
                     several = several + ?7, disagreements = disagreements + ?8",
                )?
                .execute(params![of, name.as_str(), n[0], n[1], n[2], n[3], n[4], n[5]])?;
        }
        for (seq, n) in self.counts.iter().filter(|(_, n)| **n != [0; 5]) {
            self.db
                .prepare_cached(
                    "UPDATE party SET episodes = episodes + ?2, deeds = deeds + ?3, \
                     acting = acting + ?4, receiving = receiving + ?5, events = events + ?6 \
                     WHERE seq = ?1",
                )?
                .execute(params![seq, n[0], n[1], n[2], n[3], n[4]])?;
        }
        Ok(())
    }
}
