//! Counts. A happening counts once, however many tell it; a plan or a refusal is counted beside
//! the deeds, never among them. They are kept as reports come and go ([`crate::outline`]).

use crate::error::ArchiveError;
use crate::store::Archive;
use dyad_record::archive::{Count, DyadCount, Summary};
use dyad_record::{EventType, Quad, Status};
use rusqlite::{OptionalExtension, params_from_iter};

/// Deeds of one state towards another that began in a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DyadMonth {
    pub from: String,
    pub to: String,
    /// `2022-12`.
    pub month: String,
    pub quad: Quad,
    pub deeds: u64,
}

impl Archive {
    /// Deeds by who acts, whom it is done to, month and quad class: of all states, or of two towards each
    /// other. A joint act counts for both; what has no day counts for none.
    pub fn dyad_months(&self, between: Option<[&str; 2]>) -> Result<Vec<DyadMonth>, ArchiveError> {
        let within = match between {
            Some(_) => "AND a.country IN (?1, ?2) AND b.country IN (?1, ?2)",
            None => "",
        };
        let sql = format!(
            "SELECT who, whom, month, quad, count(*) FROM (\
             SELECT DISTINCT e.seq, a.country AS who, b.country AS whom, \
                 substr(e.date_from, 1, 7) AS month, e.quad AS quad \
             FROM episode e \
             JOIN episode_party s ON s.episode = e.seq AND s.side = 'actor' \
             JOIN party a ON a.seq = s.party \
             JOIN episode_party t ON t.episode = e.seq \
             JOIN party b ON b.seq = t.party \
             WHERE e.deed AND e.date_from IS NOT NULL AND a.country <> b.country {within} \
                 AND t.side = iif(e.mutual AND NOT EXISTS (SELECT 1 FROM episode_party r \
                     JOIN party p ON p.seq = r.party WHERE r.episode = e.seq \
                     AND r.side = 'recipient' AND p.country IS NOT NULL), 'actor', 'recipient')) \
             GROUP BY who, whom, month, quad ORDER BY who, whom, month, quad"
        );
        let found = self.db.prepare_cached(&sql).and_then(|mut query| {
            let rows = query.query_map(params_from_iter(between.into_iter().flatten()), |row| {
                Ok(DyadMonth {
                    from: row.get(0)?,
                    to: row.get(1)?,
                    month: row.get(2)?,
                    quad: crate::outline::word(row, 3)?,
                    deeds: row.get(4)?,
                })
            })?;
            rows.collect()
        });
        found.map_err(|e| self.fail("count dyads by month", e))
    }

    pub fn summary(&self) -> Result<Summary, ArchiveError> {
        self.counted().map_err(|e| self.fail("count", e))
    }

    fn counted(&self) -> rusqlite::Result<Summary> {
        let one = |sql: &str| self.db.prepare_cached(sql)?.query_row([], |row| row.get(0));
        let day = |sql: &str| self.db.prepare_cached(sql)?.query_row([], |row| row.get(0));
        let items = |name: &str| -> rusqlite::Result<u32> {
            let sql = "SELECT episodes FROM tally WHERE of = 'items' AND name = ?";
            let found = self.db.prepare_cached(sql)?.query_row([name], |row| row.get(0));
            Ok(found.optional()?.unwrap_or_default())
        };
        let all: Option<[u32; 4]> = self
            .db
            .prepare_cached(
                "SELECT episodes, deeds, several, disagreements FROM tally WHERE of = 'all'",
            )?
            .query_row([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]))
            .optional()?;
        let [episodes, deeds, told_by_several, disagreements] = all.unwrap_or_default();
        Ok(Summary {
            reports: items("report")?,
            // Who stands alone has no row.
            voices: items("report")? - one("SELECT count(*) - count(DISTINCT voice) FROM voice")?,
            outlets: one("SELECT count(DISTINCT outlet) FROM report")?,
            published_from: day("SELECT min(published) FROM report")?,
            published_to: day("SELECT max(published) FROM report")?,
            events: items("event")?,
            statements: items("statement")?,
            figures: items("figure")?,
            ties: items("tie")?,
            episodes,
            deeds,
            told_by_several,
            disagreements,
            by_type: self.types()?,
            by_quad: self.counts("quad", Quad::ALL, Quad::as_str)?,
            by_status: self.counts("status", Status::ALL, Status::as_str)?,
            dyads: self.dyads()?,
        })
    }

    /// PLOVER's in their order, then own ones by name.
    fn types(&self) -> rusqlite::Result<Vec<Count>> {
        let plover = |kind: EventType| kind.of_plover().unwrap_or_default();
        let mut counts = self.counts("type", EventType::ALL, plover)?;
        let mut query = self.db.prepare_cached(
            "SELECT name, episodes, deeds, events FROM tally WHERE of = 'type' AND episodes > 0 \
             ORDER BY name",
        )?;
        let all = query.query_map([], |row| {
            Ok(Count {
                name: row.get(0)?,
                episodes: row.get(1)?,
                deeds: row.get(2)?,
                events: row.get(3)?,
            })
        })?;
        for count in all {
            let count = count?;
            if EventType::plover(&count.name).is_none() {
                counts.push(count);
            }
        }
        Ok(counts)
    }

    /// In the order of the closed list; what never occurs is left out.
    fn counts<T: Copy>(
        &self,
        of: &str,
        all: &[T],
        name: fn(T) -> &'static str,
    ) -> rusqlite::Result<Vec<Count>> {
        let mut query = self.db.prepare_cached(
            "SELECT episodes, deeds, events FROM tally WHERE of = ? AND name = ? AND episodes > 0",
        )?;
        let mut counts = Vec::new();
        for name in all.iter().map(|value| name(*value)) {
            let count = query.query_row([of, name], |row| {
                Ok(Count {
                    name: name.to_owned(),
                    episodes: row.get(0)?,
                    deeds: row.get(1)?,
                    events: row.get(2)?,
                })
            });
            counts.extend(count.optional()?);
        }
        Ok(counts)
    }

    fn dyads(&self) -> rusqlite::Result<Vec<DyadCount>> {
        let mut query = self.db.prepare_cached(
            "SELECT name, episodes, deeds, events, goldstein FROM tally \
             WHERE of = 'dyad' AND episodes > 0 ORDER BY deeds DESC, episodes DESC, name",
        )?;
        let dyads = query.query_map([], |row| {
            let name: String = row.get(0)?;
            let (from, to) = name.split_once(' ').unwrap_or((&name, ""));
            Ok(DyadCount {
                from: from.to_owned(),
                to: to.to_owned(),
                episodes: row.get(1)?,
                deeds: row.get(2)?,
                events: row.get(3)?,
                goldstein: (row.get::<_, i64>(4)? as f64 / 1000.0) as f32,
            })
        })?;
        dyads.collect()
    }
}
