//! Who bears a name, and which row says so.

use crate::actors::{Actors, Name, Period, Referent};
use jiff::civil::Date;

/// One actor that a name may stand for; of several the first wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearer {
    /// As a record would print it, without what the words beside the name add.
    pub code: String,
    pub name: String,
    /// What the name is: "state", "adjective", "capital", "organisation", …
    pub as_what: &'static str,
    /// The days on which it holds.
    pub period: Period,
    pub of_user: bool,
    pub file: String,
    pub line: u32,
}

/// Whom the name stands for on a day, the winner first. A name that the day is outside of follows
/// those that hold.
pub fn who(actors: &Actors, name: &str, on: Option<Date>) -> Vec<Bearer> {
    let mut found: Vec<(bool, bool, i32, usize, Bearer)> = Vec::new();
    for (order, name) in actors.names.get(name).iter().enumerate() {
        let away = |period: &Period| on.map_or(0, |date| period.distance(date));
        let mut push = |code: String, name_of: &str, as_what, period: Period| {
            let bearer = Bearer {
                code,
                name: name_of.to_owned(),
                as_what,
                period,
                of_user: name.of_user(),
                file: actors.sources.get(name.source as usize).cloned().unwrap_or_default(),
                line: name.line,
            };
            let outside = away(&period) > 0;
            found.push((outside, !name.of_user(), away(&period), order, bearer));
        };
        bearers(actors, name, &mut push);
    }
    found.sort_by_key(|(outside, ours, away, order, _)| (*outside, *ours, *away, *order));
    found.into_iter().map(|(.., bearer)| bearer).collect()
}

fn bearers(
    actors: &Actors,
    name: &Name,
    push: &mut impl FnMut(String, &str, &'static str, Period),
) {
    let country = |i: u16| &actors.countries[i as usize];
    match name.referent {
        Referent::Country(i) => {
            push(country(i).code.to_string(), &country(i).name, "state", name.period);
        }
        Referent::Adjective(i) => {
            push(country(i).code.to_string(), &country(i).name, "adjective", name.period);
        }
        Referent::People(i) => {
            push(format!("{} CVL", country(i).code), &country(i).name, "people", name.period);
        }
        Referent::Capital(i) => {
            push(country(i).code.to_string(), &country(i).name, "capital", name.period);
        }
        Referent::Metonym(i, sector) => {
            push(format!("{} {sector}", country(i).code), &country(i).name, "metonym", name.period);
        }
        Referent::Organisation(i) => {
            let o = &actors.organisations[i as usize];
            let code = match &o.country {
                _ if o.verbatim => {
                    let others = o.with.iter().map(|i| &actors.organisations[*i as usize].code);
                    let codes: Vec<&str> =
                        std::iter::once(&o.code).chain(others).map(|c| c.as_str()).collect();
                    codes.join("/")
                }
                Some(country) => format!("{country} {}", o.sector),
                None => format!("{} {}", o.code, o.sector),
            };
            push(code, &o.name, o.kind.as_str(), name.period);
        }
        Referent::Person(i) | Referent::Surname(i) => {
            let person = &actors.people[i as usize];
            for term in &person.terms {
                let of = term.country.as_ref().or(term.organisation.as_ref());
                let code = format!("{} {}", of.map_or("", |c| c.as_str()), term.sector);
                push(code, &format!("{}, {}", person.name, term.role), "person", term.period);
            }
        }
        Referent::Agent(i) => {
            let agent = &actors.agents[i as usize];
            let code = agent.adds.as_deref().unwrap_or(agent.sector.as_str());
            push(code.to_owned(), &agent.noun, "common noun", name.period);
        }
        Referent::Nobody => push(String::new(), "no actor", "nobody", name.period),
    }
}
