//! Episodes along the days: bars of counts, and each happening where there are few.

use crate::answer::Failure;
use dyad_archive::{Happening, Outline};
use dyad_record::archive::Party;
use dyad_record::{EventType, Quad, Status};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// An episode stands at the middle of the days on which it may have been.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Timeline {
    /// First and last day of the window: those asked for, else where nearly all episodes are, so
    /// that one act of 1945 does not press all others to the edge.
    pub from: String,
    pub to: String,
    /// In the window.
    pub episodes: u32,
    pub earlier: u32,
    pub later: u32,
    pub undated: u32,
    /// Days that a bar counts.
    pub step: u32,
    /// In the order of their days; days without an episode have none.
    pub bars: Vec<Bar>,
    /// Each episode of the window, where they are not more than 1,200.
    pub dots: Vec<Dot>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Bar {
    /// Its first day.
    pub from: String,
    pub quad: Quad,
    pub episodes: u32,
    /// Of them, those that happened or are going on.
    pub deeds: u32,
}

/// An episode without its tellings.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Dot {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: EventType,
    pub quad: Quad,
    pub status: Status,
    pub deed: bool,
    pub actors: Vec<Party>,
    pub recipients: Vec<Party>,
    pub mutual: bool,
    pub from: String,
    pub to: String,
    pub voices: u32,
    pub disagreements: u32,
}

/// More than this are a blot.
const DOTS: usize = 1200;
/// Days left free at the edges of a window that nobody asked for.
const SPARE: i64 = 7;

/// The timeline of episodes, with as many bars at the most; `outlines` gives those of a few.
pub fn timeline(
    episodes: &[Happening],
    from: Option<Date>,
    to: Option<Date>,
    bars: u32,
    outlines: impl FnOnce(&[i64]) -> Result<Vec<Outline>, Failure>,
) -> Result<Timeline, Failure> {
    let mut dated: Vec<(f64, &Happening)> =
        episodes.iter().filter_map(|e| Some((middle(e)?, e))).collect();
    dated.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.episode.cmp(&b.1.episode)));
    let pick = |share: f64| {
        let last = dated.len().saturating_sub(1) as f64;
        dated.get((share * last).round() as usize).map_or(0.0, |(at, _)| *at)
    };
    let low = from.map_or_else(|| pick(0.04).floor() as i64 - SPARE, number);
    let high = to.map_or_else(|| pick(0.98).ceil() as i64 + SPARE, number);
    let (low, high) = (low.min(high), high.max(low));
    let first = dated.partition_point(|(at, _)| *at < low as f64);
    let end = dated.partition_point(|(at, _)| *at < (high + 1) as f64);
    let shown = &dated[first..end];
    let step = ((high - low + 1) as u64).div_ceil(u64::from(bars.max(1))).max(1);
    let mut counted: BTreeMap<(u64, Quad), (u32, u32)> = BTreeMap::new();
    for (at, episode) in shown {
        let bar = (at - low as f64) as u64 / step;
        let (all, deeds) = counted.entry((bar, episode.quad)).or_default();
        *all += 1;
        *deeds += u32::from(episode.deed);
    }
    let bars = counted.into_iter().map(|((bar, quad), (episodes, deeds))| Bar {
        from: day(low + (bar * step) as i64),
        quad,
        episodes,
        deeds,
    });
    let few = if shown.len() <= DOTS { shown } else { &[] };
    let few: Vec<i64> = few.iter().map(|(_, happening)| happening.episode).collect();
    let dots = outlines(&few)?.into_iter().filter_map(dot).collect();
    Ok(Timeline {
        from: day(low),
        to: day(high),
        episodes: shown.len() as u32,
        earlier: first as u32,
        later: (dated.len() - end) as u32,
        undated: (episodes.len() - dated.len()) as u32,
        step: step as u32,
        bars: bars.collect(),
        dots,
    })
}

fn dot(e: Outline) -> Option<Dot> {
    Some(Dot {
        id: e.id,
        kind: e.kind,
        quad: e.quad,
        status: e.status,
        deed: e.deed,
        actors: e.actors,
        recipients: e.recipients,
        mutual: e.mutual,
        from: e.from?,
        to: e.to?,
        voices: e.voices,
        disagreements: e.disagreements,
    })
}

fn middle(episode: &Happening) -> Option<f64> {
    episode.days.map(|(from, to)| (number(from) + number(to)) as f64 / 2.0)
}

const EPOCH: Date = Date::constant(1970, 1, 1);

/// Days since 1970.
fn number(day: Date) -> i64 {
    day.duration_since(EPOCH).as_hours() / 24
}

fn day(number: i64) -> String {
    let span = jiff::SignedDuration::from_hours(24 * number);
    EPOCH.saturating_add(span).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn happening(episode: i64, from: &str, to: &str) -> Happening {
        let day = |text: &str| text.parse().ok();
        Happening {
            episode,
            quad: Quad::MaterialConflict,
            deed: true,
            goldstein: -9.0,
            days: day(from).zip(day(to)),
            spot: None,
        }
    }

    fn outlines(episodes: &[i64]) -> Result<Vec<Outline>, Failure> {
        let outline = |episode: &i64| Outline {
            id: format!("ep-{episode}"),
            kind: EventType::Assault,
            quad: Quad::MaterialConflict,
            status: Status::Happened,
            deed: true,
            actors: Vec::new(),
            recipients: Vec::new(),
            mutual: false,
            from: Some("2023-01-01".to_owned()),
            to: Some("2023-01-01".to_owned()),
            place: None,
            place_country: None,
            lat: None,
            lon: None,
            goldstein: -9.0,
            reports: 1,
            voices: 1,
            events: 1,
            disagreements: 0,
        };
        Ok(episodes.iter().map(outline).collect())
    }

    #[test]
    fn each_episode_stands_in_one_bar_or_beside_the_window() {
        let days = [
            ("2023-01-01", "2023-01-01"),
            ("2023-01-10", "2023-01-10"),
            ("2023-01-10", "2023-01-11"),
            ("2023-01-31", "2023-01-31"),
            ("2022-12-31", "2022-12-31"),
            ("2023-02-01", "2023-02-01"),
            ("", ""),
        ];
        let days = days.iter().enumerate();
        let all: Vec<Happening> = days.map(|(i, (a, b))| happening(i as i64, a, b)).collect();
        let (first, last) = (Some(date(2023, 1, 1)), Some(date(2023, 1, 31)));
        let found = timeline(&all, first, last, 10, outlines).unwrap();
        assert_eq!((found.episodes, found.earlier, found.later, found.undated), (4, 1, 1, 1));
        assert_eq!((found.step, found.bars.len()), (4, 3));
        let bars: Vec<(&str, u32)> =
            found.bars.iter().map(|b| (b.from.as_str(), b.episodes)).collect();
        assert_eq!(bars, [("2023-01-01", 1), ("2023-01-09", 2), ("2023-01-29", 1)]);
        let dots: Vec<&str> = found.dots.iter().map(|d| d.id.as_str()).collect();
        assert_eq!(dots, ["ep-0", "ep-1", "ep-2", "ep-3"]);
    }

    #[test]
    fn many_are_bars_alone_and_none_are_nothing() {
        let one = happening(1, "2023-01-01", "2023-01-01");
        let found = timeline(&vec![one; DOTS + 1], None, None, 100, outlines).unwrap();
        assert_eq!((found.bars[0].episodes as usize, found.dots.len()), (DOTS + 1, 0));
        assert_eq!((found.from.as_str(), found.to.as_str()), ("2022-12-25", "2023-01-08"));
        let none = timeline(&[], None, None, 100, outlines).unwrap();
        assert!(none.bars.is_empty() && none.dots.is_empty());
    }

    #[test]
    fn days_count_before_and_after_1970() {
        for text in ["1945-05-08", "1970-01-01", "2024-02-29"] {
            assert_eq!(day(number(text.parse().unwrap())), text);
        }
    }
}
