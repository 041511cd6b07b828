//! The page of two states: what passed between them month by month, what they said of each other,
//! how they stand.

use crate::error::ArchiveError;
use crate::filter::{Filter, Side, country_named};
use crate::store::Archive;
use dyad_record::Quad;
use dyad_record::archive::{Balance, Direction, Episode, Month, PairPage, StatementRow};
use std::collections::BTreeMap;

impl Archive {
    /// The page of two sides over the days, reports and acts that a filter asks for. Counts are counts
    /// of episodes; Goldstein values are summed over deeds.
    pub fn pair(&self, a: &Side, b: &Side, filter: &Filter) -> Result<PairPage, ArchiveError> {
        let between = Filter { between: Some((a.clone(), b.clone())), ..filter.clone() };
        let episodes = self.episodes_of(&between)?;
        let ties = self.ties(&between)?;
        let mut statements = self.spoken(a, b, filter)?;
        statements.extend(self.spoken(b, a, filter)?);
        statements.sort_by(|x, y| {
            let key = |s: &StatementRow| (s.from.clone().or(s.published.clone()), s.report.clone());
            key(x).cmp(&key(y))
        });
        let mut balance = Balance::default();
        for tie in &ties {
            let party =
                [&tie.from, &tie.to].into_iter().find(|p| Some(&p.name) == tie.leans.as_ref());
            match party {
                Some(party) if a.is(party) => balance.a_leans += 1,
                Some(party) if b.is(party) => balance.b_leans += 1,
                _ => balance.neither += 1,
            }
        }
        Ok(PairPage {
            a: name(a),
            b: name(b),
            directions: vec![direction(a, b, &episodes), direction(b, a, &episodes)],
            months: months(a, b, &episodes),
            balance,
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
