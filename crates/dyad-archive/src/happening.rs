//! When and where each episode was, and nothing else of it: what a timeline and a map count.

use crate::ask;
use crate::error::ArchiveError;
use crate::filter::Filter;
use crate::mention::Act;
use crate::outline::Outline;
use crate::store::Archive;
use dyad_record::Quad;
use jiff::civil::Date;
use rusqlite::{Connection, Row};
use rustc_hash::{FxHashMap, FxHashSet};

/// Below so many it is quicker to look each episode up than to read the table through.
const MANY: usize = 2000;

/// Many episodes; their places are numbers of `spots`.
#[derive(Debug, Default, PartialEq)]
pub struct Happenings {
    pub spots: Vec<Spot>,
    pub all: Vec<Happening>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Happening {
    /// By which [`Archive::outlines_of`] knows it.
    pub episode: i64,
    pub quad: Quad,
    pub deed: bool,
    pub goldstein: f32,
    /// The first and the last day on which it may have been.
    pub days: Option<(Date, Date)>,
    pub spot: Option<u32>,
}

/// A place whose position is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    pub place: String,
    pub country: Option<String>,
    pub lat: f64,
    pub lon: f64,
}

impl Archive {
    /// The episodes that meet the filter, in no order.
    pub fn happenings(&self, filter: &Filter) -> Result<Happenings, ArchiveError> {
        self.check(filter)?;
        let found = match *filter == Filter::default() {
            true => through(&self.db, None),
            false => ask::episodes(&self.db, filter).and_then(|seqs| match seqs.len() {
                0..MANY => alone(&self.db, &seqs),
                _ => through(&self.db, Some(seqs.into_iter().collect())),
            }),
        };
        found.map_err(|e| self.fail("ask for episodes", e))
    }

    /// The outlines of a few of them.
    pub fn outlines_of(&self, episodes: &[i64]) -> Result<Vec<Outline>, ArchiveError> {
        let found: rusqlite::Result<_> =
            episodes.iter().map(|seq| ask::outline(&self.db, *seq)).collect();
        found.map_err(|e| self.fail("ask for episodes", e))
    }
}

const SELECT: &str = "SELECT seq, act, deed, goldstein, date_from, date_to, lat, lon, place, \
    country FROM episode";

fn alone(db: &Connection, seqs: &[i64]) -> rusqlite::Result<Happenings> {
    let mut found = Finder::default();
    let mut query = db.prepare_cached(&format!("{SELECT} WHERE seq = ?"))?;
    for seq in seqs {
        query.query_row([seq], |row| found.put(row))?;
    }
    Ok(found.told)
}

fn through(db: &Connection, some: Option<FxHashSet<i64>>) -> rusqlite::Result<Happenings> {
    let mut found = Finder::default();
    let mut query = db.prepare_cached(SELECT)?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        if some.as_ref().is_none_or(|some| row.get(0).is_ok_and(|seq: i64| some.contains(&seq))) {
            found.put(row)?;
        }
    }
    Ok(found.told)
}

#[derive(Default)]
struct Finder {
    told: Happenings,
    /// Spots by their position.
    known: FxHashMap<[u64; 2], Vec<u32>>,
}

impl Finder {
    fn put(&mut self, row: &Row<'_>) -> rusqlite::Result<()> {
        let (_, _, quad) = Act(row.get(1)?).parts();
        let day = |column| -> rusqlite::Result<Option<Date>> {
            Ok(row.get_ref(column)?.as_str_or_null()?.and_then(|day| day.parse().ok()))
        };
        let happening = Happening {
            episode: row.get(0)?,
            quad,
            deed: row.get(2)?,
            goldstein: row.get::<_, f64>(3)? as f32,
            days: day(4)?.zip(day(5)?),
            spot: self.spot(row)?,
        };
        self.told.all.push(happening);
        Ok(())
    }

    fn spot(&mut self, row: &Row<'_>) -> rusqlite::Result<Option<u32>> {
        let (Some(lat), Some(lon)) = (row.get::<_, Option<f64>>(6)?, row.get::<_, Option<f64>>(7)?)
        else {
            return Ok(None);
        };
        let Some(place) = row.get_ref(8)?.as_str_or_null()? else { return Ok(None) };
        let spots = &mut self.told.spots;
        let here = self.known.entry([lat.to_bits(), lon.to_bits()]).or_default();
        if let Some(spot) = here.iter().find(|spot| spots[**spot as usize].place == place) {
            return Ok(Some(*spot));
        }
        let spot = spots.len() as u32;
        spots.push(Spot { place: place.to_owned(), country: row.get(9)?, lat, lon });
        here.push(spot);
        Ok(Some(spot))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_read_through_tells_what_each_episode_tells() {
        let (_dir, archive) = crate::odesa::archive();
        let told = |found: &Happenings| {
            let each = found.all.iter().map(|h| {
                let days = h.days.map(|(from, to)| (from.to_string(), to.to_string()));
                let spot = h.spot.map(|spot| found.spots[spot as usize].clone());
                let spot = spot.map(|s| (s.place, s.country, s.lat, s.lon));
                (h.episode, format!("{:?}", (h.quad, h.deed, h.goldstein, days, spot)))
            });
            let mut each: Vec<(i64, String)> = each.collect();
            each.sort();
            each
        };
        let all = archive.happenings(&Filter::default()).unwrap();
        let seqs: Vec<i64> = told(&all).iter().map(|(seq, _)| *seq).collect();
        let outlines = archive.outlines_of(&seqs).unwrap();
        let whole = outlines.iter().zip(&seqs).map(|(e, seq)| {
            let days = e.from.clone().zip(e.to.clone());
            let at = e.lat.zip(e.lon);
            let spot = e.place.clone().zip(at);
            let spot = spot.map(|(place, (lat, lon))| (place, e.place_country.clone(), lat, lon));
            (*seq, format!("{:?}", (e.quad, e.deed, e.goldstein, days, spot)))
        });
        assert_eq!(told(&all), whole.collect::<Vec<_>>());
        assert!(seqs.len() > 1 && !all.spots.is_empty());
        assert_eq!(told(&alone(&archive.db, &seqs).unwrap()), told(&all));
        let some = through(&archive.db, Some(seqs[1..].iter().copied().collect())).unwrap();
        assert_eq!(told(&some), told(&all)[1..]);
    }
}
