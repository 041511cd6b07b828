//! The page of two states: what passed between them month by month, what they said of each other,
//! how they stand.

use crate::error::ArchiveError;
use crate::filter::{Filter, Side, country_named};
use crate::find::{List, narrow};
use crate::outline::{Outline, word};
use crate::store::Archive;
use dyad_record::Quad;
use dyad_record::archive::{
    Balance, Direction, Month, PairPage, Standing, StatementRow, TieRow, Told, Way, WayMonth,
};
use rusqlite::params_from_iter;
use std::collections::BTreeMap;

impl Archive {
    /// The page of two sides over the days, reports and acts that a filter asks for. Counts are counts
    /// of episodes; Goldstein values are summed over deeds. The filter's limit bounds the lists and
    /// not what is counted.
    pub fn pair(&self, a: &Side, b: &Side, filter: &Filter) -> Result<PairPage, ArchiveError> {
        let limit_of = filter.limit;
        let filter =
            &Filter { limit: None, offset: 0, newest: false, after: None, ..filter.clone() };
        let between = Filter { between: Some((a.clone(), b.clone())), ..filter.clone() };
        let passed = self.passed(a, b, &between)?;
        let last = Filter { newest: true, limit: limit_of, ..between.clone() };
        let mut episodes = self.episodes_of(&last)?;
        episodes.reverse();
        let mut ties = self.ties(&between)?;
        let (said, statements) = self.said(a, b, filter, limit_of)?;
        let standing = standing(a, b, &ties);
        let sum = |leans: fn(&Standing) -> u32| standing.iter().map(leans).sum::<u32>();
        let balance = Balance {
            a_leans: sum(|s| s.a_leans),
            b_leans: sum(|s| s.b_leans),
            neither: sum(|s| s.told - s.a_leans - s.b_leans),
        };
        let told =
            Told { episodes: passed.len() as u32, statements: said, ties: ties.len() as u32 };
        let directions = vec![
            direction(a, b, passed.iter().filter(|e| e.there)),
            direction(b, a, passed.iter().filter(|e| e.back)),
        ];
        let ways = ways(a, b, &passed);
        let months = months(&passed);
        keep_last(&mut ties, limit_of);
        Ok(PairPage {
            a: name(a),
            b: name(b),
            directions,
            ways,
            months,
            balance,
            standing,
            told,
            episodes,
            statements,
            ties,
        })
    }

    /// What passed between the two, without its tellings.
    fn passed(&self, a: &Side, b: &Side, between: &Filter) -> Result<Vec<Passed>, ArchiveError> {
        let keys = a.key().zip(b.key()).filter(|_| a.is_key() && b.is_key());
        let Some((a_key, b_key)) = keys.filter(|_| between.of_tellings().is_none()) else {
            let outlines = self.outlines(between)?;
            return Ok(outlines.iter().map(|e| Passed::of(a, b, e)).collect());
        };
        self.check(between)?;
        let mut found: BTreeMap<i64, Passed> = BTreeMap::new();
        let mut collect = |who: &str, whom: &str, there: bool| -> rusqlite::Result<()> {
            let list = List::of_sides("episode_pair", ["day", "episode", "episode"])
                .by_key("who", who)
                .by_key("whom", whom);
            let list = narrow(list, between, "day", "day_to");
            // Only the columns of the pair are named alike in the other table.
            let sql = format!(
                "SELECT e.seq, e.date_from, e.quad, e.deed, e.goldstein, e.mutual, e.events, \
                 e.reports FROM (SELECT episode FROM episode_pair WHERE {}) p \
                 CROSS JOIN episode e ON e.seq = p.episode",
                list.cond
            );
            let mut query = self.db.prepare_cached(&sql)?;
            let rows = query.query_map(params_from_iter(&list.args), |row| {
                let month: Option<String> = row.get(1)?;
                Ok((
                    row.get(0)?,
                    Passed {
                        month: month.and_then(|day| Some(day.get(..7)?.to_owned())),
                        quad: word(row, 2)?,
                        deed: row.get(3)?,
                        goldstein: row.get::<_, f64>(4)? as f32,
                        mutual: row.get(5)?,
                        events: row.get(6)?,
                        reports: row.get(7)?,
                        there: false,
                        back: false,
                    },
                ))
            })?;
            for row in rows {
                let (seq, passed) = row?;
                let passed = found.entry(seq).or_insert(passed);
                passed.there |= there;
                passed.back |= !there;
            }
            Ok(())
        };
        let done = collect(a_key, b_key, true).and_then(|()| collect(b_key, a_key, false));
        done.map_err(|e| self.fail("ask for two sides", e))?;
        Ok(found.into_values().collect())
    }

    /// How much the two said to each other or of each other, and the last of it.
    fn said(
        &self,
        a: &Side,
        b: &Side,
        filter: &Filter,
        limit: Option<u32>,
    ) -> Result<(u32, Vec<StatementRow>), ArchiveError> {
        let keys = a.key().zip(b.key()).filter(|_| a.is_key() && b.is_key());
        let mut statements = match keys {
            Some((a, b)) => return self.spoken(a, b, filter, limit),
            None => self.named(a, b, filter)?,
        };
        statements.extend(self.named(b, a, filter)?);
        statements.sort_by(|x, y| {
            let key = |s: &StatementRow| (s.from.clone().or(s.published.clone()), s.report.clone());
            key(x).cmp(&key(y))
        });
        let said = statements.len() as u32;
        keep_last(&mut statements, limit);
        Ok((said, statements))
    }

    /// What one side said to the other, or with the other's name in it.
    fn named(
        &self,
        who: &Side,
        of: &Side,
        filter: &Filter,
    ) -> Result<Vec<StatementRow>, ArchiveError> {
        let names = match of {
            Side::Code(code) => country_named(code).unwrap_or_else(|| vec![code.clone()]),
            Side::Name(name) => vec![name.clone()],
        };
        let said =
            self.statements(&Filter { who: Some(who.clone()), limit: None, ..filter.clone() })?;
        let about = |s: &StatementRow| {
            s.addressee.as_ref().is_some_and(|p| of.is(p))
                || names.iter().any(|name| has_word(&s.text, name))
        };
        Ok(said.into_iter().filter(about).collect())
    }
}

/// An episode between two sides, as far as it is counted.
struct Passed {
    month: Option<String>,
    quad: Quad,
    deed: bool,
    goldstein: f32,
    mutual: bool,
    events: u32,
    reports: u32,
    /// From the first to the second, and back: a joint act goes both ways.
    there: bool,
    back: bool,
}

impl Passed {
    fn of(a: &Side, b: &Side, e: &Outline) -> Passed {
        let acts = |side: &Side| e.actors.iter().any(|p| side.is(p));
        let bears = |side: &Side| e.recipients.iter().any(|p| side.is(p));
        let goes = |a: &Side, b: &Side| acts(a) && (bears(b) || (e.mutual && acts(b)));
        Passed {
            month: e.from.as_ref().and_then(|day| Some(day.get(..7)?.to_owned())),
            quad: e.quad,
            deed: e.deed,
            goldstein: e.goldstein,
            mutual: e.mutual,
            events: e.events,
            reports: e.reports,
            there: goes(a, b),
            back: goes(b, a),
        }
    }
}

fn keep_last<T>(rows: &mut Vec<T>, limit: Option<u32>) {
    let limit = limit.map_or(usize::MAX, |n| n as usize);
    rows.drain(..rows.len().saturating_sub(limit));
}

/// For each kind of tie how often either side is told to lean on the other, most told first.
fn standing(a: &Side, b: &Side, ties: &[TieRow]) -> Vec<Standing> {
    let mut found: Vec<Standing> = Vec::new();
    for tie in ties {
        let kind = tie.kind;
        let at = found.iter().position(|s| s.kind == kind).unwrap_or_else(|| {
            found.push(Standing { kind, told: 0, a_leans: 0, b_leans: 0 });
            found.len() - 1
        });
        found[at].told += 1;
        let leaner = [&tie.from, &tie.to].into_iter().find(|p| Some(&p.name) == tie.leans.as_ref());
        match leaner {
            Some(party) if a.is(party) => found[at].a_leans += 1,
            Some(party) if b.is(party) => found[at].b_leans += 1,
            _ => {}
        }
    }
    found.sort_by_key(|s| std::cmp::Reverse(s.told));
    found
}

/// Whether a name stands in a text as a word of its own.
fn has_word(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + name.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

/// The name to put over a page.
pub(crate) fn name(side: &Side) -> String {
    match side {
        Side::Code(code) => match country_named(code) {
            Some(names) => names[0].clone(),
            None => code.clone(),
        },
        Side::Name(name) => name.clone(),
    }
}

fn direction<'e>(a: &Side, b: &Side, passed: impl Iterator<Item = &'e Passed>) -> Direction {
    let mut found = Direction { from: name(a), to: name(b), ..Direction::default() };
    for episode in passed {
        found.episodes += 1;
        found.events += episode.events;
        if episode.deed {
            found.deeds += 1;
            found.goldstein += episode.goldstein;
        }
    }
    found
}

/// The episodes one way, the other way, and those that the two do together.
fn ways(a: &Side, b: &Side, passed: &[Passed]) -> Vec<Way> {
    let there = |e: &Passed| !e.mutual && e.there;
    let back = |e: &Passed| !e.mutual && e.back && !e.there;
    vec![
        way(name(a), name(b), false, passed.iter().filter(|e| there(e))),
        way(name(b), name(a), false, passed.iter().filter(|e| back(e))),
        way(name(a), name(b), true, passed.iter().filter(|e| !there(e) && !back(e))),
    ]
}

fn way<'e>(
    from: String,
    to: String,
    together: bool,
    passed: impl Iterator<Item = &'e Passed>,
) -> Way {
    let mut way = Way { from, to, together, ..Way::default() };
    let mut months: BTreeMap<&str, WayMonth> = BTreeMap::new();
    for episode in passed {
        way.all.add(episode.quad);
        if episode.deed {
            way.deeds += 1;
            way.goldstein += episode.goldstein;
        }
        let Some(month) = &episode.month else { continue };
        let count = months
            .entry(month)
            .or_insert_with(|| WayMonth { month: month.clone(), ..WayMonth::default() });
        count.all.add(episode.quad);
    }
    way.months = months.into_values().collect();
    way
}

/// By the month of their first day; episodes without a day stand in no month.
fn months(passed: &[Passed]) -> Vec<Month> {
    let mut found: BTreeMap<&str, Month> = BTreeMap::new();
    for episode in passed {
        let Some(month) = &episode.month else { continue };
        let count = found
            .entry(month)
            .or_insert_with(|| Month { month: month.clone(), ..Month::default() });
        count.episodes += 1;
        count.reports += episode.reports;
        if !episode.deed {
            continue;
        }
        *match episode.quad {
            Quad::VerbalCooperation => &mut count.verbal_cooperation,
            Quad::MaterialCooperation => &mut count.material_cooperation,
            Quad::VerbalConflict => &mut count.verbal_conflict,
            Quad::MaterialConflict => &mut count.material_conflict,
        } += 1;
        if episode.there {
            count.goldstein_ab += episode.goldstein;
        }
        if episode.back {
            count.goldstein_ba += episode.goldstein;
        }
    }
    found.into_values().collect()
}
