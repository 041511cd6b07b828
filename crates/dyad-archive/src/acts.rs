//! Who acts on whom in each episode, and nothing else of it: what is counted over all of them needs
//! no more.

use crate::ask;
use crate::error::ArchiveError;
use crate::filter::Filter;
use crate::mention::Act;
use crate::store::Archive;
use dyad_record::Quad;
use dyad_record::archive::Party;
use rusqlite::{Connection, Row};
use rustc_hash::{FxHashMap, FxHashSet};
use std::iter::Peekable;

/// Below so many it is quicker to look each episode up than to read the tables through.
const MANY: usize = 2000;

/// The acts of many episodes; their sides are numbers of `parties`.
#[derive(Debug, Default, PartialEq)]
pub struct Acts {
    pub parties: Vec<Party>,
    pub all: Vec<Acted>,
    sides: Vec<u32>,
}

/// One episode's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Acted {
    pub quad: Quad,
    pub deed: bool,
    pub mutual: bool,
    pub goldstein: f32,
    /// Where in `sides` the actors begin, the recipients begin, and both end.
    at: [usize; 3],
}

impl Acts {
    pub fn actors(&self, act: &Acted) -> &[u32] {
        &self.sides[act.at[0]..act.at[1]]
    }

    pub fn recipients(&self, act: &Acted) -> &[u32] {
        &self.sides[act.at[1]..act.at[2]]
    }
}

impl Archive {
    /// The acts of the episodes that meet the filter, in no order.
    pub fn acts(&self, filter: &Filter) -> Result<Acts, ArchiveError> {
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
}

/// Each looked up.
fn alone(db: &Connection, seqs: &[i64]) -> rusqlite::Result<Acts> {
    let mut acts = Acts::default();
    let mut known: FxHashMap<Party, u32> = FxHashMap::default();
    for seq in seqs {
        let found = ask::outline(db, *seq)?;
        let mut number = |party: Party| {
            let next = acts.parties.len() as u32;
            *known.entry(party).or_insert_with_key(|party| {
                acts.parties.push(party.clone());
                next
            })
        };
        let start = acts.sides.len();
        acts.sides.extend(found.actors.into_iter().map(&mut number));
        let middle = acts.sides.len();
        acts.sides.extend(found.recipients.into_iter().map(&mut number));
        acts.all.push(Acted {
            quad: found.quad,
            deed: found.deed,
            mutual: found.mutual,
            goldstein: found.goldstein,
            at: [start, middle, acts.sides.len()],
        });
    }
    Ok(acts)
}

/// Both tables read through once, in the order of the episodes; of all, or of some.
fn through(db: &Connection, some: Option<FxHashSet<i64>>) -> rusqlite::Result<Acts> {
    let mut acts = Acts::default();
    let mut query = db.prepare_cached("SELECT seq, name, country, code FROM party")?;
    let mut numbers: FxHashMap<i64, u32> = FxHashMap::default();
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        numbers.insert(row.get(0)?, acts.parties.len() as u32);
        acts.parties.push(Party { name: row.get(1)?, country: row.get(2)?, code: row.get(3)? });
    }
    let mut query = db.prepare_cached(
        "SELECT episode, party, side = 'actor' FROM episode_party ORDER BY episode, side, ordinal",
    )?;
    let side = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let mut sides = query.query_map([], side)?.peekable();
    let mut query =
        db.prepare_cached("SELECT seq, act, deed, mutual, goldstein FROM episode ORDER BY seq")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let seq = row.get(0)?;
        let start = acts.sides.len();
        let mut middle = start;
        while let Some((party, acting)) = next_of(&mut sides, seq)? {
            let Some(number) = numbers.get(&party) else { continue };
            acts.sides.push(*number);
            middle += usize::from(acting);
        }
        if some.as_ref().is_some_and(|some| !some.contains(&seq)) {
            acts.sides.truncate(start);
            continue;
        }
        let (_, _, quad) = Act(row.get(1)?).parts();
        acts.all.push(Acted {
            quad,
            deed: row.get(2)?,
            mutual: row.get(3)?,
            goldstein: row.get::<_, f64>(4)? as f32,
            at: [start, middle, acts.sides.len()],
        });
    }
    Ok(acts)
}

type Side = (i64, i64, bool);

/// The next side of that episode; those of episodes before it are passed over.
fn next_of(
    sides: &mut Peekable<impl Iterator<Item = rusqlite::Result<Side>>>,
    episode: i64,
) -> rusqlite::Result<Option<(i64, bool)>> {
    while let Some((of, party, acting)) =
        sides.next_if(|side| side.as_ref().map_or(true, |side| side.0 <= episode)).transpose()?
    {
        if of == episode {
            return Ok(Some((party, acting)));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_read_through_tell_what_each_episode_tells() {
        let (_dir, archive) = crate::odesa::archive();
        let told = |acts: &Acts| {
            let name = |n: &u32| acts.parties[*n as usize].clone();
            let names = |sides: &[u32]| sides.iter().map(name).collect::<Vec<_>>();
            let each = acts.all.iter().map(|act| {
                let sides = (names(acts.actors(act)), names(acts.recipients(act)));
                format!("{:?}", (act.quad, act.deed, act.mutual, act.goldstein, sides))
            });
            let mut each: Vec<String> = each.collect();
            each.sort();
            each
        };
        let outlines = archive.outlines(&Filter::default()).unwrap();
        let mut whole: Vec<String> = outlines
            .iter()
            .map(|e| {
                let sides = (&e.actors, &e.recipients);
                format!("{:?}", (e.quad, e.deed, e.mutual, e.goldstein, sides))
            })
            .collect();
        whole.sort();
        assert!(whole.len() > 1 && whole.iter().any(|e| e.contains("RUS")), "{whole:?}");
        let all = archive.acts(&Filter::default()).unwrap();
        assert_eq!(told(&all), whole);
        let seqs = ask::episodes(&archive.db, &Filter::default()).unwrap();
        assert_eq!(told(&alone(&archive.db, &seqs).unwrap()), whole);
        let some: FxHashSet<i64> = seqs[1..].iter().copied().collect();
        let rest = through(&archive.db, Some(some)).unwrap();
        assert_eq!(told(&rest), told(&alone(&archive.db, &seqs[1..]).unwrap()));
        let deeds = archive.acts(&Filter { deeds: true, ..Filter::default() }).unwrap();
        assert!(deeds.all.iter().all(|act| act.deed) && deeds.all.len() < whole.len());
    }
}
