//! The page of two states: what passed between them month by month, what they said of each other,
//! how they stand.

use crate::error::ArchiveError;
use crate::filter::{Filter, Side, country_named};
use crate::store::Archive;
use dyad_record::Quad;
use dyad_record::archive::{
    Balance, Direction, Episode, Month, PairPage, Standing, StatementRow, TieRow, Told, Way,
    WayMonth,
};
use std::collections::BTreeMap;

impl Archive {
    /// The page of two sides over the days, reports and acts that a filter asks for. Counts are counts
    /// of episodes; Goldstein values are summed over deeds. The filter's limit bounds the lists and
    /// not what is counted.
    pub fn pair(&self, a: &Side, b: &Side, filter: &Filter) -> Result<PairPage, ArchiveError> {
        let limit = filter.limit.map_or(usize::MAX, |n| n as usize);
        let filter = &Filter { limit: None, offset: 0, newest: false, ..filter.clone() };
        let between = Filter { between: Some((a.clone(), b.clone())), ..filter.clone() };
        let mut episodes = self.episodes_of(&between)?;
        let mut ties = self.ties(&between)?;
        let mut statements = self.spoken(a, b, filter)?;
        statements.extend(self.spoken(b, a, filter)?);
        statements.sort_by(|x, y| {
            let key = |s: &StatementRow| (s.from.clone().or(s.published.clone()), s.report.clone());
            key(x).cmp(&key(y))
        });
        let standing = standing(a, b, &ties);
        let sum = |leans: fn(&Standing) -> u32| standing.iter().map(leans).sum::<u32>();
        let balance = Balance {
            a_leans: sum(|s| s.a_leans),
            b_leans: sum(|s| s.b_leans),
            neither: sum(|s| s.told - s.a_leans - s.b_leans),
        };
        let told = Told {
            episodes: episodes.len() as u32,
            statements: statements.len() as u32,
            ties: ties.len() as u32,
        };
        let directions = vec![direction(a, b, &episodes), direction(b, a, &episodes)];
        let ways = ways(a, b, &episodes);
        let months = months(a, b, &episodes);
        keep_last(&mut episodes, limit);
        keep_last(&mut statements, limit);
        keep_last(&mut ties, limit);
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

    /// What one side said to the other, or with the other's name in it.
    fn spoken(
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

fn keep_last<T>(rows: &mut Vec<T>, limit: usize) {
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

/// A joint act goes both ways.
fn goes(a: &Side, b: &Side, episode: &Episode) -> bool {
    let acts = |side: &Side| episode.actors.iter().any(|p| side.is(p));
    acts(a) && (episode.recipients.iter().any(|p| b.is(p)) || (episode.mutual && acts(b)))
}

fn direction(a: &Side, b: &Side, episodes: &[Episode]) -> Direction {
    let mut found = Direction { from: name(a), to: name(b), ..Direction::default() };
    for episode in episodes.iter().filter(|e| goes(a, b, e)) {
        found.episodes += 1;
        found.events += episode.tellings.len() as u32;
        if episode.deed {
            found.deeds += 1;
            found.goldstein += episode.goldstein;
        }
    }
    found
}

/// The episodes one way, the other way, and those that the two do together.
fn ways(a: &Side, b: &Side, episodes: &[Episode]) -> Vec<Way> {
    let alone = |a: &Side, b: &Side, e: &Episode| !e.mutual && goes(a, b, e);
    let there = |e: &Episode| alone(a, b, e);
    let back = |e: &Episode| alone(b, a, e) && !there(e);
    vec![
        way(name(a), name(b), false, episodes.iter().filter(|e| there(e))),
        way(name(b), name(a), false, episodes.iter().filter(|e| back(e))),
        way(name(a), name(b), true, episodes.iter().filter(|e| !there(e) && !back(e))),
    ]
}

fn way<'e>(
    from: String,
    to: String,
    together: bool,
    episodes: impl Iterator<Item = &'e Episode>,
) -> Way {
    let mut way = Way { from, to, together, ..Way::default() };
    let mut months: BTreeMap<&str, WayMonth> = BTreeMap::new();
    for episode in episodes {
        way.all.add(episode.quad);
        if episode.deed {
            way.deeds += 1;
            way.goldstein += episode.goldstein;
        }
        let Some(month) = episode.from.as_ref().and_then(|day| day.get(..7)) else { continue };
        let count = months
            .entry(month)
            .or_insert_with(|| WayMonth { month: month.to_owned(), ..WayMonth::default() });
        count.all.add(episode.quad);
    }
    way.months = months.into_values().collect();
    way
}

/// By the month of their first day; episodes without a day stand in no month.
fn months(a: &Side, b: &Side, episodes: &[Episode]) -> Vec<Month> {
    let mut found: BTreeMap<String, Month> = BTreeMap::new();
    for episode in episodes {
        let Some(month) = episode.from.as_ref().and_then(|day| day.get(..7)) else { continue };
        let count = found
            .entry(month.to_owned())
            .or_insert_with(|| Month { month: month.to_owned(), ..Month::default() });
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
        if goes(a, b, episode) {
            count.goldstein_ab += episode.goldstein;
        }
        if goes(b, a, episode) {
            count.goldstein_ba += episode.goldstein;
        }
    }
    found.into_values().collect()
}
