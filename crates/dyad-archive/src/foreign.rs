//! What others coded, stored beside our own reading and never counted with it.

use crate::conditions::Args;
use crate::error::ArchiveError;
use crate::filter::{Filter, Side, country};
use crate::outline::word;
use crate::store::Archive;
use dyad_record::foreign::{Coder, Foreign, ForeignCount};
use rusqlite::{Row, TransactionBehavior, params, params_from_iter};

/// What became of acts that were given to an archive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    pub added: u64,
    /// Held before, and otherwise in the newer file, which counts.
    pub changed: u64,
    pub held: u64,
}

impl std::ops::AddAssign for Imported {
    fn add_assign(&mut self, more: Self) {
        self.added += more.added;
        self.changed += more.changed;
        self.held += more.held;
    }
}

impl Archive {
    /// Stores acts of others, all of them or none. Coder, date and id tell which is which.
    pub fn import(&mut self, acts: &[Foreign]) -> Result<Imported, ArchiveError> {
        let done = (|| {
            let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let mut done = Imported::default();
            for a in acts {
                let cells = params![
                    a.coder.as_str(),
                    a.date,
                    a.id,
                    a.actors.join(" "),
                    a.recipients.join(" "),
                    a.quad.as_str(),
                    a.code,
                    a.goldstein,
                    a.country,
                    a.place,
                    a.url,
                ];
                if tx.prepare_cached(ADD)?.execute(cells)? > 0 {
                    done.added += 1;
                } else if tx.prepare_cached(CHANGE)?.execute(cells)? > 0 {
                    done.changed += 1;
                } else {
                    done.held += 1;
                }
            }
            tx.commit()?;
            Ok(done)
        })();
        self.committed();
        done.map_err(|e| self.fail("store what others coded", e))
    }

    /// The acts of others that meet a filter, in the order of their days; of the filter count the
    /// sides (states only), quad classes, days and the place. No coders are all.
    pub fn foreign(&self, coders: &[Coder], filter: &Filter) -> Result<Vec<Foreign>, ArchiveError> {
        let mut all = Vec::new();
        self.each_foreign(coders, filter, |act| all.push(act))?;
        Ok(all)
    }

    /// The same one after another.
    pub fn each_foreign(
        &self,
        coders: &[Coder],
        filter: &Filter,
        mut each: impl FnMut(Foreign),
    ) -> Result<(), ArchiveError> {
        let (conditions, args) = self.asked(coders, filter)?;
        let limit = filter.limit.map_or(-1, i64::from);
        let way = if filter.newest { "DESC" } else { "ASC" };
        let sql = format!(
            "SELECT coder, date, id, actors, recipients, quad, code, goldstein, country, place, url \
             FROM foreign_act WHERE 1{conditions} ORDER BY date {way}, coder {way}, id {way} \
             LIMIT {limit} OFFSET {}",
            filter.offset
        );
        let done = self.db.prepare_cached(&sql).and_then(|mut query| {
            let mut rows = query.query(params_from_iter(args.0))?;
            while let Some(row) = rows.next()? {
                each(act(row)?);
            }
            Ok(())
        });
        done.map_err(|e| self.fail("ask for what others coded", e))
    }

    /// How much of each coder the archive holds.
    pub fn foreign_counts(&self) -> Result<Vec<ForeignCount>, ArchiveError> {
        let sql = "SELECT coder, count(*), min(date), max(date) FROM foreign_act GROUP BY coder";
        let rows = self.db.prepare_cached(sql).and_then(|mut query| {
            let count = |row: &Row<'_>| {
                Ok(ForeignCount {
                    coder: word(row, 0)?,
                    acts: row.get(1)?,
                    from: row.get(2)?,
                    to: row.get(3)?,
                })
            };
            query.query_map([], count)?.collect()
        });
        rows.map_err(|e| self.fail("count what others coded", e))
    }

    fn asked(&self, coders: &[Coder], filter: &Filter) -> Result<(String, Args), ArchiveError> {
        let mut args = Args::default();
        let mut all = Vec::new();
        let known: Vec<Coder> = match coders {
            [] => Coder::ALL.to_vec(),
            some => some.to_vec(),
        };
        let mut list = |words: Vec<&'static str>| -> String {
            words.into_iter().map(|w| args.put(w)).collect::<Vec<_>>().join(", ")
        };
        // Naming every coder lets the key find the days.
        all.push(format!("coder IN ({})", list(known.iter().map(|c| c.as_str()).collect())));
        if !filter.quads.is_empty() {
            all.push(format!(
                "quad IN ({})",
                list(filter.quads.iter().map(|q| q.as_str()).collect())
            ));
        }
        for (day, sign) in [(&filter.from, ">="), (&filter.to, "<=")] {
            if let Some(day) = day {
                all.push(format!("date {sign} {}", args.put(day.clone())));
            }
        }
        let mut on = |side: &Side, column: &str| -> Result<String, ArchiveError> {
            let (Side::Code(named) | Side::Name(named)) = side;
            let state = country(named).ok_or_else(|| ArchiveError::NoState {
                path: self.path().to_owned(),
                side: named.clone(),
            })?;
            Ok(format!("instr(' ' || {column} || ' ', ' ' || {} || ' ') > 0", args.put(state)))
        };
        if let Some(who) = &filter.who {
            all.push(on(who, "actors")?);
        }
        if let Some(whom) = &filter.whom {
            all.push(on(whom, "recipients")?);
        }
        if let Some(side) = &filter.either {
            all.push(format!("({} OR {})", on(side, "actors")?, on(side, "recipients")?));
        }
        if let Some((a, b)) = &filter.between {
            let (a1, b2) = (on(a, "actors")?, on(b, "recipients")?);
            let (b1, a2) = (on(b, "actors")?, on(a, "recipients")?);
            all.push(format!("({a1} AND {b2} OR {b1} AND {a2})"));
        }
        if let Some(place) = &filter.place {
            all.push(match country(place) {
                Some(code) => format!("country = {}", args.put(code)),
                None => format!("instr(lower(place), lower({})) > 0", args.put(place.clone())),
            });
        }
        Ok((all.iter().map(|c| format!(" AND {c}")).collect(), args))
    }
}

const ADD: &str = "\
    INSERT INTO foreign_act (coder, date, id, actors, recipients, quad, code, goldstein, country, \
        place, url) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT DO NOTHING";

const CHANGE: &str = "\
    UPDATE foreign_act SET (actors, recipients, quad, code, goldstein, country, place, url) = \
        (?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) \
    WHERE (coder, date, id) = (?1, ?2, ?3) \
        AND (actors, recipients, quad, code, goldstein, country, place, url) IS NOT \
        (?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";

fn act(row: &Row<'_>) -> rusqlite::Result<Foreign> {
    let states = |column: usize| -> rusqlite::Result<Vec<String>> {
        Ok(row.get_ref(column)?.as_str()?.split_whitespace().map(str::to_owned).collect())
    };
    Ok(Foreign {
        coder: word(row, 0)?,
        date: row.get(1)?,
        id: row.get(2)?,
        actors: states(3)?,
        recipients: states(4)?,
        quad: word(row, 5)?,
        code: row.get(6)?,
        goldstein: row.get(7)?,
        country: row.get(8)?,
        place: row.get(9)?,
        url: row.get(10)?,
    })
}
