//! Rules that look out for something, and the notices they give.
//!
//! A rule is a line: a name, a colon, and what must be met.
//!
//! ```text
//! border:  who RUS whom UKR type ASSAULT,COERCE at least 3 in 7 days
//! quarrel: between ARM AZE quad material_conflict jump 2 in 14 days
//! relief:  either "red cross" place Odesa status planned,happened
//! ```

use crate::brief::told;
use crate::filter::{Filter, Side};
use dyad_record::UnknownWord;
use dyad_record::archive::{Episode, Sentence};
use jiff::ToSpan;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use std::str::FromStr;

/// One line of a file of rules.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    pub name: String,
    filter: Filter,
    /// So many happenings …
    least: usize,
    /// … within so many days …
    days: i32,
    /// … and more than so many times what is usual for as many days.
    jump: Option<f64>,
}

/// A rule was met.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Notice {
    pub rule: String,
    /// First and last day of those it counts.
    pub from: String,
    pub to: String,
    pub episodes: usize,
    /// How many are usual in as many days, by the year before; only where the rule asks for a jump.
    pub usual: Option<f64>,
    /// The episode that made it so.
    pub crossed_by: String,
    /// The happenings, each with its sources.
    pub evidence: Vec<Sentence>,
}

/// A line that is no rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}; a rule is `name: between RUS UKR type ASSAULT at least 3 in 7 days`")]
pub struct RuleError {
    pub line: usize,
    pub what: String,
}

/// What is usual is told from so many days before.
const YEAR: i32 = 365;
/// A jump needs so many stretches of the rule's days before it.
const PAST: i32 = 2;

/// Reads a file of rules; `#` begins a comment.
pub fn rules(text: &str) -> Result<Vec<Rule>, RuleError> {
    let lines = text.lines().enumerate().map(|(i, line)| (i + 1, line.trim()));
    let lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    lines.map(|(i, line)| rule(line).map_err(|what| RuleError { line: i, what })).collect()
}

fn rule(line: &str) -> Result<Rule, String> {
    let (name, rest) = line.split_once(':').ok_or("no colon after the rule's name")?;
    let mut words = tokens(rest)?.into_iter();
    let mut rule = Rule {
        name: name.trim().to_owned(),
        filter: Filter::default(),
        least: 1,
        days: 7,
        jump: None,
    };
    let filter = &mut rule.filter;
    while let Some(word) = words.next() {
        let mut next = || words.next().ok_or_else(|| format!("nothing after `{word}`"));
        match word.as_str() {
            "who" => filter.who = Some(side(&next()?)),
            "whom" => filter.whom = Some(side(&next()?)),
            "either" => filter.either = Some(side(&next()?)),
            "between" => filter.between = Some((side(&next()?), side(&next()?))),
            "type" => filter.types = list(&next()?.to_uppercase())?,
            "quad" => filter.quads = list(&next()?.to_lowercase())?,
            "status" => filter.statuses = list(&next()?.to_lowercase())?,
            "place" => filter.place = Some(next()?),
            "outlet" => filter.outlet = Some(next()?),
            "at" if next()? == "least" => rule.least = number(&next()?)?,
            "in" => {
                rule.days = number(&next()?)?;
                if !matches!(next()?.as_str(), "day" | "days") {
                    return Err(format!("`in {}` what? write `days`", rule.days));
                }
            }
            "jump" => rule.jump = Some(number(&next()?)?),
            other => return Err(format!("`{other}` means nothing in a rule")),
        }
    }
    if rule.least == 0 || rule.days < 1 || rule.jump.is_some_and(|j| j.is_nan() || j <= 0.0) {
        return Err("a number must be 1 or more".to_owned());
    }
    // Without a word of status a rule looks out for deeds.
    filter.deeds = filter.statuses.is_empty();
    Ok(rule)
}

/// Words, and words in double quotes together.
fn tokens(text: &str) -> Result<Vec<String>, String> {
    let parts: Vec<&str> = text.split('"').collect();
    if parts.len().is_multiple_of(2) {
        return Err("a quotation mark is missing".to_owned());
    }
    let mut found = Vec::new();
    for (i, part) in parts.into_iter().enumerate() {
        match i % 2 {
            1 => found.push(part.to_owned()),
            _ => found.extend(part.split_whitespace().map(str::to_owned)),
        }
    }
    Ok(found)
}

fn side(text: &str) -> Side {
    let Ok(side) = text.parse();
    side
}

fn list<T: FromStr<Err = UnknownWord>>(words: &str) -> Result<Vec<T>, String> {
    words.split(',').map(|w| w.parse().map_err(|e: UnknownWord| e.to_string())).collect()
}

fn number<T: FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("`{text}` is no number"))
}

impl Rule {
    /// Which happenings it counts.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// Its notices over the happenings that its filter finds, in the order of their days.
    pub fn notices(&self, episodes: &[Episode]) -> Vec<Notice> {
        let day = |e: &Episode| e.from.as_ref().and_then(|d| d.parse::<Date>().ok());
        let mut dated: Vec<(Date, &Episode)> =
            episodes.iter().filter_map(|e| Some((day(e)?, e))).collect();
        dated.sort_by(|a, b| (a.0, &a.1.id).cmp(&(b.0, &b.1.id)));
        let back = |date: Date, days: i32| date.saturating_sub(days.days());
        let mut found = Vec::new();
        for (i, (today, episode)) in dated.iter().enumerate() {
            let since = |first: Date| dated[..=i].iter().filter(move |(day, _)| *day >= first);
            let first = back(*today, self.days - 1);
            let count = since(first).count();
            let past = dated[0].0.max(back(first, YEAR));
            let days = past.until(first).map_or(0, |span| span.get_days());
            let before = since(past).count().saturating_sub(count) as f64;
            let usual = before * f64::from(self.days) / f64::from(days.max(1));
            let met = |count: usize| {
                let jumped = |jump| days >= PAST * self.days && count as f64 > jump * usual;
                count >= self.least && self.jump.is_none_or(jumped)
            };
            if !met(count) || met(count - 1) {
                continue;
            }
            let counted: Vec<&Episode> = since(first).map(|(_, e)| *e).collect();
            found.push(Notice {
                rule: self.name.clone(),
                from: since(first).next().map_or(*today, |(day, _)| *day).to_string(),
                to: today.to_string(),
                episodes: count,
                usual: self.jump.map(|_| usual),
                crossed_by: episode.id.clone(),
                evidence: counted.into_iter().map(told).collect(),
            });
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dyad_record::{EventType, Quad, Status};

    fn strike(id: usize, day: &str) -> Episode {
        Episode {
            id: format!("ep-{id}"),
            kind: EventType::Assault,
            quad: Quad::MaterialConflict,
            status: Status::Happened,
            deed: true,
            actors: vec![],
            recipients: vec![],
            mutual: false,
            from: Some(day.to_owned()),
            to: Some(day.to_owned()),
            place: None,
            place_country: None,
            lat: None,
            lon: None,
            goldstein: -10.0,
            tellings: vec![],
            outlets: vec![],
            reports: 1,
            voices: 1,
            disagreements: vec![],
        }
    }

    fn strikes(days: &[&str]) -> Vec<Episode> {
        days.iter().enumerate().map(|(i, day)| strike(i, day)).collect()
    }

    fn one(rule: &str) -> Rule {
        rules(&format!("# mine\n\nr: {rule}\n")).unwrap().remove(0)
    }

    #[test]
    fn a_threshold_is_crossed_once_until_it_is_quiet_again() {
        let rule = one("type assault at least 2 in 3 days");
        let days = ["2023-01-01", "2023-01-02", "2023-01-03", "2023-02-01", "2023-02-03"];
        let found = rule.notices(&strikes(&days));
        let crossed: Vec<&str> = found.iter().map(|n| n.to.as_str()).collect();
        assert_eq!(crossed, ["2023-01-02", "2023-02-03"]);
        assert_eq!((found[1].episodes, found[1].from.as_str()), (2, "2023-02-01"));
        assert_eq!(found[1].evidence.len(), 2);
    }

    #[test]
    fn a_jump_is_held_against_the_pairs_own_past() {
        let rule = one("between ARM AZE jump 3 at least 2 in 30 days");
        // One every 30 days is usual; four in a month are a jump, two are none.
        let mut days: Vec<String> = (1..=12).map(|m| format!("2022-{m:02}-10")).collect();
        days.extend(["2022-12-20".to_owned()]);
        let held: Vec<&str> = days.iter().map(String::as_str).collect();
        assert_eq!(rule.notices(&strikes(&held)), rule.notices(&strikes(&held[..2])));
        days.extend(["2022-12-24".to_owned(), "2022-12-28".to_owned(), "2022-12-29".to_owned()]);
        let held: Vec<&str> = days.iter().map(String::as_str).collect();
        let found = rule.notices(&strikes(&held));
        assert_eq!(found.len(), 1, "{found:#?}");
        assert!(found[0].usual.is_some_and(|u| (0.9..1.1).contains(&u)));
    }

    #[test]
    fn a_line_that_is_no_rule_says_why() {
        let error = |line: &str| rules(&format!("a: who RUS\n{line}")).unwrap_err();
        for (line, why) in [
            ("who RUS", "colon"),
            ("b: who", "nothing after `who`"),
            ("b: type WAR!", "`WAR!`"),
            ("b: at least many", "`many`"),
            ("b: in 7", "nothing after"),
            ("b: either \"red cross", "quotation"),
            ("b: towards RUS", "`towards`"),
            ("b: in 0 days", "1 or more"),
        ] {
            let error = error(line);
            assert!(error.line == 2 && error.what.contains(why), "{line}: {error}");
        }
        let named = one("either \"red cross\" status planned");
        assert_eq!(named.filter.either, Some(Side::Name("red cross".to_owned())));
        assert!(!named.filter.deeds && one("who RUS").filter.deeds);
    }
}
