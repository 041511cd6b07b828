//! Which items a question is about: one filter for events, statements, figures, ties, episodes
//! and actors.

use crate::conditions::Args;
use crate::outline::Outline;
use dyad_lexicon::{Actors, actors};
use dyad_record::archive::Party;
use dyad_record::{EventType, Quad, Sector, Status, TieKind};
use std::convert::Infallible;
use std::str::FromStr;
use std::sync::LazyLock;

pub(crate) static ACTORS: LazyLock<Actors> =
    LazyLock::new(|| Actors::parse(&actors::BUILTIN).expect("the tests check the tables"));

/// What is `None`, empty or false asks for nothing, and so does what a kind of item does not have: a
/// statement has no type.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Who acts, speaks, or is the first side of a tie.
    pub who: Option<Side>,
    /// Who it is done to or said to, or the other side of a joint act or a tie.
    pub whom: Option<Side>,
    /// Who takes part on whichever side.
    pub either: Option<Side>,
    /// Two that face each other, whoever acts.
    pub between: Option<(Side, Side)>,
    /// Any of these; empty asks for nothing. A figure answers with the event that it is about.
    pub types: Vec<EventType>,
    pub quads: Vec<Quad>,
    pub statuses: Vec<Status>,
    /// Happened or going on.
    pub deeds: bool,
    /// Kinds of ties.
    pub ties: Vec<TieKind>,
    /// ISO dates, inclusive: it may have been on a day between them. What has no day of its own
    /// counts on the day of publication.
    pub from: Option<String>,
    pub to: Option<String>,
    /// A country's code or name, or words of a place's name.
    pub place: Option<String>,
    pub report: Option<String>,
    pub outlet: Option<String>,
    /// At least so sure.
    pub confidence: Option<f32>,
    /// Words that its report holds; `"words in quotes"` must stand together.
    pub text: Option<String>,
    /// The latest first.
    pub newest: bool,
    /// Only what comes after this item in the order of the answer: an episode's id, else those of report
    /// and item, as `5e37ea3b/e3`. A page that begins so is found as quickly as the first one.
    pub after: Option<String>,
    pub limit: Option<u32>,
    pub offset: u32,
}

/// One side, as a person asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Side {
    /// `RUS`, `NATO`, `RUS MIL`, `REB`: all its words stand in the code of the side, or the first is
    /// its country.
    Code(String),
    /// Words that stand in its name.
    Name(String),
}

impl FromStr for Side {
    type Err = Infallible;

    /// Codes are written in capitals, a country's also in small letters. A country's name is as
    /// good as its code.
    fn from_str(text: &str) -> Result<Side, Infallible> {
        let text = text.trim();
        let upper = text.to_uppercase();
        let code = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == ' ' || c == '_';
        if ACTORS.country(&upper).is_some() || (text.len() > 1 && text.chars().all(code)) {
            return Ok(Side::Code(upper));
        }
        Ok(match ACTORS.country_by_name(text) {
            Some(country) => Side::Code(country.code.to_string()),
            None => Side::Name(text.to_owned()),
        })
    }
}

impl Side {
    /// Whether the lexicons know the code: what they lack may still stand in an archive, from a
    /// user's own dictionary.
    pub(crate) fn is_known(&self) -> bool {
        let Side::Code(code) = self else { return true };
        code.split(' ').enumerate().all(|(i, word)| {
            word.parse::<Sector>().is_ok()
                || (i == 0 && (is_country(word) || ACTORS.organisation(word).is_some()))
        })
    }

    /// The word by which sides are looked up ([`crate::keys`]), where all whom it means have it.
    pub(crate) fn key(&self) -> Option<&str> {
        let Side::Code(code) = self else { return None };
        let first = code.split(' ').next()?;
        (is_country(first) || first.parse::<Sector>().is_err()).then_some(first)
    }

    /// Whether nobody else is looked up by that word.
    pub(crate) fn is_key(&self) -> bool {
        matches!(self, Side::Code(code) if self.key() == Some(code))
    }

    pub fn is(&self, party: &Party) -> bool {
        match self {
            Side::Name(words) => party.name.to_lowercase().contains(&words.to_lowercase()),
            Side::Code(code) => {
                let mut held: Vec<&str> = party.code.split(' ').collect();
                held.extend(party.country.as_deref());
                code.split(' ').all(|word| held.contains(&word))
            }
        }
    }

    /// A condition on the columns that hold a side's name, country and code.
    pub(crate) fn sql(&self, name: &str, country: &str, code: &str, and: &mut Args) -> String {
        match self {
            Side::Name(words) => {
                format!("instr(lower({name}), lower({})) > 0", and.put(words.clone()))
            }
            Side::Code(all) => {
                let mut words = all.split(' ');
                let first = words.next().unwrap_or_default();
                // `!` follows the blank: a code and whatever begins with it and a blank.
                let base = match (is_country(first), first.parse::<Sector>()) {
                    (true, _) => format!("{country} = {}", and.put(first.to_owned())),
                    (false, Ok(_)) => within(code, first, and),
                    (false, Err(_)) => {
                        let n = and.put(first.to_owned());
                        format!("{code} >= {n} AND {code} < {n} || '!'")
                    }
                };
                let rest = words.map(|word| format!(" AND {}", within(code, word, and)));
                let rest: String = rest.collect();
                format!("({base}{rest})")
            }
        }
    }
}

fn within(code: &str, word: &str, and: &mut Args) -> String {
    format!("instr(' ' || {code} || ' ', ' ' || {} || ' ') > 0", and.put(word.to_owned()))
}

pub(crate) fn is_country(code: &str) -> bool {
    ACTORS.country(code).is_some()
}

/// The name of a country, and what its people and things are called.
pub(crate) fn country_named(code: &str) -> Option<Vec<String>> {
    let country = ACTORS.country(code)?;
    let names = [&country.name, &country.adjective].into_iter().filter(|n| !n.is_empty());
    Some(names.map(ToString::to_string).collect())
}

/// The country that a person means by a code or a name.
pub(crate) fn country(text: &str) -> Option<String> {
    match text.parse() {
        Ok(Side::Code(code)) if is_country(&code) => Some(code),
        _ => None,
    }
}

/// Known codes that one slip of the keyboard turns into this one.
pub(crate) fn like(code: &str) -> Vec<String> {
    let known = ACTORS.countries.iter().map(|c| c.code.as_str());
    let known = known.chain(ACTORS.organisations.iter().map(|o| o.code.as_str()));
    let mut found: Vec<String> = known.filter(|k| slip(k, code)).map(str::to_owned).collect();
    let letters = |k: &str| k.bytes().map(u32::from).sum::<u32>();
    let swapped = |k: &str| letters(k) == letters(code);
    found.sort_by_key(|k| (!swapped(k), k.clone()));
    found.dedup();
    found.truncate(4);
    found
}

/// Two neighbouring letters that changed places, or one letter that is another, missing or too many.
fn slip(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (x, y) = (&a[same..], &b[same..]);
    match (x, y) {
        ([p, q, x @ ..], [r, s, y @ ..]) if p == s && q == r && x == y => true,
        ([_, x @ ..], [_, y @ ..]) if x == y => true,
        ([_, x @ ..], y) if x == y => true,
        (x, [_, y @ ..]) if x == y => true,
        _ => false,
    }
}

impl Filter {
    pub(crate) fn sides(&self) -> impl Iterator<Item = &Side> {
        let between = self.between.iter().flat_map(|(a, b)| [a, b]);
        self.who.iter().chain(&self.whom).chain(&self.either).chain(between)
    }

    /// What the tellings of an episode are asked, of which one must meet it. The rest is asked of
    /// the episode, which may know sides that no single telling has.
    pub(crate) fn of_tellings(&self) -> Option<Filter> {
        let filter = Filter {
            place: self.place.clone(),
            report: self.report.clone(),
            outlet: self.outlet.clone(),
            confidence: self.confidence,
            text: self.text.clone(),
            ..Filter::default()
        };
        (filter != Filter::default()).then_some(filter)
    }

    pub(crate) fn is_met_by(&self, episode: &Outline) -> bool {
        let on = |side: &Side, parties: &[Party]| parties.iter().any(|p| side.is(p));
        let acts = |side: &Side| on(side, &episode.actors);
        let bears = |side: &Side| on(side, &episode.recipients) || (episode.mutual && acts(side));
        let among =
            |days: &Option<String>, test: &dyn Fn(&String) -> bool| days.as_ref().is_some_and(test);
        self.who.as_ref().is_none_or(acts)
            && self.whom.as_ref().is_none_or(bears)
            && self.either.as_ref().is_none_or(|s| acts(s) || bears(s))
            && self
                .between
                .as_ref()
                .is_none_or(|(a, b)| (acts(a) && bears(b)) || (acts(b) && bears(a)))
            && (self.types.is_empty() || self.types.contains(&episode.kind))
            && (self.quads.is_empty() || self.quads.contains(&episode.quad))
            && (self.statuses.is_empty() || self.statuses.contains(&episode.status))
            && (episode.deed || !self.deeds)
            && self.from.as_ref().is_none_or(|day| among(&episode.to, &|to| to >= day))
            && self.to.as_ref().is_none_or(|day| among(&episode.from, &|from| from <= day))
    }
}

/// A person's words as an FTS5 query: every word or quoted phrase must be there. `None` where
/// there is no word in them.
pub(crate) fn match_query(words: &str) -> Option<String> {
    let mut terms = Vec::new();
    for (i, part) in words.split('"').enumerate() {
        let quoted = i % 2 == 1;
        let pieces: Vec<&str> = if quoted { vec![part] } else { part.split_whitespace().collect() };
        let pieces = pieces.into_iter().filter(|p| p.chars().any(char::is_alphanumeric));
        terms.extend(pieces.map(|p| format!("\"{p}\"")));
    }
    (!terms.is_empty()).then(|| terms.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(text: &str) -> Side {
        let Ok(side) = text.parse();
        side
    }

    #[test]
    fn a_person_need_not_know_the_query_language() {
        assert_eq!(match_query("grain deal").unwrap(), "\"grain\" \"deal\"");
        assert_eq!(match_query("\"grain deal\" OR").unwrap(), "\"grain deal\" \"OR\"");
        assert_eq!(match_query("NEAR(a* -b"), Some("\"NEAR(a*\" \"-b\"".to_owned()));
        assert_eq!(match_query(" \" - \" * "), None);
    }

    #[test]
    fn a_state_goes_by_code_or_name_whatever_the_case() {
        for text in ["RUS", "rus", "Russia", "russia"] {
            assert_eq!(side(text), Side::Code("RUS".to_owned()));
        }
        assert_eq!(side("Red Cross"), Side::Name("Red Cross".to_owned()));
        assert_eq!(country("Poland").as_deref(), Some("POL"));
        assert_eq!(country("Odesa"), None);
    }

    #[test]
    fn a_code_may_say_more_than_the_state() {
        let party = |name: &str, country: Option<&str>, code: &str| Party {
            name: name.to_owned(),
            country: country.map(str::to_owned),
            code: code.to_owned(),
        };
        let army = party("the army", Some("RUS"), "RUS MIL");
        assert!(side("RUS").is(&army) && side("RUS MIL").is(&army) && side("MIL").is(&army));
        assert!(!side("RUS GOV").is(&army) && !side("UKR").is(&army));
        let union = party("European Union", None, "EU IGO");
        assert!(side("EU").is(&union) && side("union").is(&union) && !side("IGO MIL").is(&union));
    }

    #[test]
    fn one_slip_is_seen() {
        assert!(side("RUS MIL").is_known() && side("NATO").is_known() && side("REB").is_known());
        assert!(!side("RSU").is_known() && !side("MIL RUS").is_known());
        assert!(like("RSU").contains(&"RUS".to_owned()));
        assert!(slip("NATO", "NAT") && slip("NATO", "NATOS") && !slip("NATO", "OTAN"));
    }
}
