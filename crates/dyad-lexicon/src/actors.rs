//! Who acts: states, organisations, groups, office-holders, and the common nouns for them.

mod given;

use crate::names::Names;
use crate::table::{Row, Table, TableError};
use dyad_record::{ActorKind, Sector};
use jiff::civil::Date;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use std::sync::OnceLock;

/// The days from which and up to which something holds; open where the table is silent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Period {
    pub from: Option<Date>,
    pub to: Option<Date>,
}

impl Period {
    pub fn holds(&self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && self.to.is_none_or(|to| date <= to)
    }

    /// Days between the date and the nearest day of the period; 0 inside it.
    pub fn distance(&self, date: Date) -> i32 {
        let days = |a: Date, b: Date| a.until(b).map_or(i32::MAX, |span| span.get_days());
        match (self.from, self.to) {
            (Some(from), _) if date < from => days(date, from),
            (_, Some(to)) if date > to => days(to, date),
            _ => 0,
        }
    }

    pub fn overlaps(&self, other: &Period) -> bool {
        let before =
            |a: Option<Date>, b: Option<Date>| matches!((a, b), (Some(a), Some(b)) if a < b);
        !before(self.to, other.from) && !before(other.to, self.from)
    }
}

#[derive(Clone, Debug)]
pub struct Country {
    /// ISO 3166-1 alpha-3, or what stands in its place.
    pub code: SmolStr,
    pub alpha2: SmolStr,
    pub numeric: SmolStr,
    pub cameo: SmolStr,
    pub cow: SmolStr,
    pub gw: SmolStr,
    pub fips: SmolStr,
    pub name: SmolStr,
    /// The first adjective, for making names ("Norwegian army").
    pub adjective: SmolStr,
    pub period: Period,
}

#[derive(Clone, Debug)]
pub struct Organisation {
    pub code: SmolStr,
    pub name: SmolStr,
    pub sector: Sector,
    /// The state whose organisation it is; none for international ones.
    pub country: Option<SmolStr>,
    /// A group is armed, separatist or political rather than a standing organisation.
    pub kind: ActorKind,
    pub period: Period,
    /// The code is a user's own: records print it as it stands.
    pub verbatim: bool,
    /// The others that a user's name stands for together with this one, as indices.
    pub with: Vec<u16>,
}

#[derive(Clone, Debug)]
pub struct Person {
    pub name: SmolStr,
    pub female: bool,
    /// In the order of the table.
    pub terms: Vec<Term>,
}

/// One person in one office.
#[derive(Clone, Debug)]
pub struct Term {
    pub country: Option<SmolStr>,
    pub organisation: Option<SmolStr>,
    pub office: SmolStr,
    /// "President", "Foreign Minister".
    pub role: SmolStr,
    pub sector: Sector,
    pub period: Period,
    /// A user's own row.
    pub of_user: bool,
}

impl Person {
    /// The offices held on the date.
    pub fn on(&self, date: Date) -> impl Iterator<Item = &Term> {
        self.terms.iter().filter(move |t| t.period.holds(date))
    }

    /// The days to the nearest term.
    pub fn distance(&self, date: Date) -> i32 {
        self.terms.iter().map(|t| t.period.distance(date)).min().unwrap_or(i32::MAX)
    }
}

/// How a common noun names an actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A man or woman; the plural, many.
    Person,
    /// A standing institution.
    Body,
    /// A role that one person holds.
    Office,
    /// A word for a state.
    State,
    /// What stands before a name ("Mr").
    Title,
}

#[derive(Clone, Debug)]
pub struct Agent {
    pub noun: SmolStr,
    pub sector: Sector,
    pub class: Class,
    /// The kind of office, as in the table of office-holders.
    pub office: Option<SmolStr>,
    /// What a user's dictionary adds to the actor's code: `~GOV` behind it, `NGO~` before it.
    pub adds: Option<SmolStr>,
}

/// What a name stands for, as an index into its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Referent {
    Country(u16),
    /// "Russian".
    Adjective(u16),
    /// "Russians".
    People(u16),
    Capital(u16),
    /// A building or office that stands for the government, or for a part of the state.
    Metonym(u16, Sector),
    Organisation(u16),
    Person(u16),
    /// A surname alone.
    Surname(u16),
    Agent(u16),
    /// A name that a user's dictionary says is no actor.
    Nobody,
}

/// How the letters of a name must look in ordinary text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// Any ("soldier").
    Any,
    /// It begins with a capital.
    Capital,
    /// All capitals ("WHO").
    Acronym,
    /// Any letters, but no plural of the words: a user says that there is none.
    Exact,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    pub referent: Referent,
    pub case: Case,
    pub period: Period,
    /// The table that gives it, as an index into [`Actors::sources`], and the line there.
    pub source: u16,
    pub line: u32,
}

impl Name {
    /// A user's own name, which wins over ours.
    pub fn of_user(&self) -> bool {
        usize::from(self.source) >= SHIPPED
    }
}

/// Every table of actors, with one matcher over all their names.
#[derive(Debug, Default)]
pub struct Actors {
    /// The files that the names come from: ours, then the user's.
    pub sources: Vec<String>,
    /// The source and line that is being read.
    at: (u16, u32),
    pub countries: Vec<Country>,
    pub organisations: Vec<Organisation>,
    pub people: Vec<Person>,
    pub agents: Vec<Agent>,
    pub names: Names<Name>,
    country_by_code: FxHashMap<SmolStr, u16>,
    organisation_by_code: FxHashMap<SmolStr, u16>,
    agent_by_noun: FxHashMap<SmolStr, u16>,
    person_by_name: FxHashMap<SmolStr, u16>,
    /// The codes of a user's own.
    verbatim: FxHashSet<SmolStr>,
    /// A user has brought PETRARCH's agents, who alone then add roles to the user's codes.
    pub roles_of_user: bool,
    /// The terms of each country and organisation: person and term.
    terms_of: FxHashMap<SmolStr, Vec<(u16, u16)>>,
    given: OnceLock<FxHashMap<SmolStr, bool>>,
}

/// How many tables of actors ship with the reader.
const SHIPPED: usize = 5;

/// The texts of the tables.
#[derive(Clone, Copy, Debug)]
pub struct Texts<'t> {
    pub countries: &'t str,
    pub organisations: &'t str,
    pub groups: &'t str,
    pub officeholders: &'t str,
    pub agents: &'t str,
}

impl<'t> Texts<'t> {
    /// Each table by its name.
    pub fn named(&self) -> [(&'static str, &'t str); 5] {
        [
            ("countries", self.countries),
            ("organisations", self.organisations),
            ("groups", self.groups),
            ("officeholders", self.officeholders),
            ("agents", self.agents),
        ]
    }
}

/// The tables that ship with the reader.
pub const BUILTIN: Texts<'static> = Texts {
    countries: include_str!("../../../lexicons/countries.tsv"),
    organisations: include_str!("../../../lexicons/organisations.tsv"),
    groups: include_str!("../../../lexicons/groups.tsv"),
    officeholders: include_str!("../../../lexicons/officeholders.tsv"),
    agents: include_str!("../../../lexicons/agents.tsv"),
};

/// Titles that belong to the names of those who bear them.
const REIGNING: &[&str] = &["King ", "Queen ", "Pope ", "Prince ", "Sultan ", "Emperor "];

/// States whose people put the family name first.
const FAMILY_NAME_FIRST: &[&str] = &["CHN", "TWN", "KOR", "PRK", "HKG", "MAC"];

/// One of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorTable {
    Countries,
    Organisations,
    Groups,
    Officeholders,
    Agents,
}

impl ActorTable {
    fn required(self) -> &'static [&'static str] {
        match self {
            ActorTable::Countries => &["code", "names", "adjectives"],
            ActorTable::Organisations | ActorTable::Groups => {
                &["code", "names", "sector", "country"]
            }
            ActorTable::Officeholders => &["person", "country", "office", "role", "from", "to"],
            ActorTable::Agents => &["noun", "sector", "class", "role"],
        }
    }
}

impl Actors {
    pub fn parse(texts: &Texts<'_>) -> Result<Self, TableError> {
        use ActorTable::*;
        let mut actors = Actors::default();
        let tables = [Countries, Organisations, Groups, Officeholders, Agents];
        for (table, (name, text)) in tables.into_iter().zip(texts.named()) {
            let source = actors.add_source(&format!("{name}.tsv"));
            if let Some(error) = actors.read(table, &format!("{name}.tsv"), text, source).pop() {
                return Err(error);
            }
        }
        Ok(actors)
    }

    pub(crate) fn add_source(&mut self, name: &str) -> u16 {
        self.sources.push(name.to_owned());
        self.sources.len() as u16 - 1
    }

    /// Reads a table; a row with a fault is left out. Ours end at the first fault.
    pub(crate) fn read(
        &mut self,
        kind: ActorTable,
        name: &str,
        text: &str,
        source: u16,
    ) -> Vec<TableError> {
        let table = match Table::parse(name, text, kind.required()) {
            Ok(table) => table,
            Err(error) => return vec![error],
        };
        let mut errors = Vec::new();
        for row in table.rows() {
            self.at = (source, row.line as u32);
            let read = match kind {
                ActorTable::Countries => self.read_country(&row),
                ActorTable::Organisations => self.read_organisation(&row, ActorKind::Organisation),
                ActorTable::Groups => self.read_organisation(&row, ActorKind::Group),
                ActorTable::Officeholders => self.read_term(&row),
                ActorTable::Agents => self.read_agent(&row),
            };
            if let Err(error) = read {
                errors.push(error);
                if !self.is_of_user() {
                    break;
                }
            }
        }
        errors
    }

    /// Whether a user's table is being read.
    fn is_of_user(&self) -> bool {
        usize::from(self.at.0) >= SHIPPED
    }

    pub fn country(&self, code: &str) -> Option<&Country> {
        self.country_by_code.get(code).map(|i| &self.countries[*i as usize])
    }

    pub fn organisation(&self, code: &str) -> Option<&Organisation> {
        self.organisation_by_code.get(code).map(|i| &self.organisations[*i as usize])
    }

    /// Whether a user's dictionary gives the code, to be printed as it stands.
    pub fn is_verbatim(&self, code: &str) -> bool {
        self.verbatim.contains(code)
    }

    pub(crate) fn add_verbatim(&mut self, organisation: Organisation) -> Option<u16> {
        let i = u16::try_from(self.organisations.len()).ok()?;
        self.verbatim.insert(organisation.code.clone());
        self.organisations.push(organisation);
        Some(i)
    }

    /// The common noun of that lemma.
    pub fn agent(&self, noun: &str) -> Option<&Agent> {
        self.agent_by_noun.get(noun).map(|i| &self.agents[*i as usize])
    }

    /// The state of a national adjective, whatever its case.
    pub fn country_by_adjective(&self, adjective: &str) -> Option<&Country> {
        self.names.get(adjective).iter().find_map(|name| match name.referent {
            Referent::Adjective(i) => Some(&self.countries[i as usize]),
            _ => None,
        })
    }

    /// The state of that name, whatever its case.
    pub fn country_by_name(&self, name: &str) -> Option<&Country> {
        self.names.get(name).iter().find_map(|name| match name.referent {
            Referent::Country(i) => Some(&self.countries[i as usize]),
            _ => None,
        })
    }

    /// Whether women alone (true) or men alone (false) bear this given name, in small letters.
    pub fn is_of_women(&self, given: &str) -> Option<bool> {
        self.given.get_or_init(|| given::names(&self.people)).get(given).copied()
    }

    /// Whether a state has had somebody in this role: an emir, a king.
    pub fn has_had(&self, country: &str, role: &str) -> bool {
        let terms = self.terms_of.get(country).map_or(&[][..], Vec::as_slice);
        terms.iter().any(|(person, term)| {
            self.people[*person as usize].terms[*term as usize].role.eq_ignore_ascii_case(role)
        })
    }

    /// Those who hold an office of a country or organisation on a date, in the table's order.
    pub fn holders(
        &self,
        of: &str,
        date: Date,
        fits: impl Fn(&Term) -> bool + Clone,
    ) -> impl Iterator<Item = (u16, &Term)> {
        let terms = self.terms_of.get(of).map_or(&[][..], Vec::as_slice);
        let all = terms
            .iter()
            .map(|(person, term)| (*person, &self.people[*person as usize].terms[*term as usize]))
            .filter(move |(_, term)| term.period.holds(date) && fits(term));
        let of_user = all.clone().any(|(_, term)| term.of_user);
        all.filter(move |(_, term)| term.of_user == of_user)
    }

    fn read_country(&mut self, row: &Row<'_, '_>) -> Result<(), TableError> {
        let period = period(row)?;
        let code = SmolStr::new(row.get("code"));
        let known = self.country_by_code.get(&code).copied();
        if known.is_some() && !self.is_of_user() {
            return Err(row.error(format!("the code `{code}` stands in two rows")));
        }
        let mut metonyms = Vec::new();
        for metonym in row.list("metonyms") {
            let (name, sector) = metonym.split_once('=').ok_or_else(|| {
                row.error(format!("write the metonym `{metonym}` as NAME=SECTOR"))
            })?;
            metonyms.push((name, sector_of(row, sector)?));
        }
        let get = |column| SmolStr::new(row.get(column));
        let country = Country {
            code: code.clone(),
            alpha2: get("alpha2"),
            numeric: get("numeric"),
            cameo: get("cameo"),
            cow: get("cow"),
            gw: get("gw"),
            fips: get("fips"),
            name: row.list("names").next().map(SmolStr::new).ok_or_else(|| no_name(row))?,
            adjective: row.list("adjectives").next().map(SmolStr::new).unwrap_or_default(),
            period,
        };
        let i = match known {
            Some(i) => {
                self.countries[i as usize] = country;
                i
            }
            None => self.add_country(country),
        };
        for name in row.list("names") {
            self.add(name, Referent::Country(i), period);
        }
        for adjective in row.list("adjectives") {
            self.add(adjective, Referent::Adjective(i), period);
            if people_take_s(adjective) {
                self.add(&format!("{adjective}s"), Referent::People(i), period);
            }
        }
        for people in row.list("people") {
            self.add(people, Referent::People(i), period);
            if !people.ends_with("men") && !people.ends_with('s') {
                self.add(&format!("{people}s"), Referent::People(i), period);
            }
        }
        for capital in row.list("capitals") {
            self.add(capital, Referent::Capital(i), period);
        }
        for (name, sector) in metonyms {
            self.add(name, Referent::Metonym(i, sector), period);
        }
        Ok(())
    }

    pub(crate) fn add_country(&mut self, country: Country) -> u16 {
        let i = self.countries.len() as u16;
        self.country_by_code.insert(country.code.clone(), i);
        self.countries.push(country);
        i
    }

    fn read_organisation(&mut self, row: &Row<'_, '_>, kind: ActorKind) -> Result<(), TableError> {
        let period = period(row)?;
        let code = SmolStr::new(row.get("code"));
        let known = self.organisation_by_code.get(&code).copied();
        if known.is_some() && !self.is_of_user() {
            return Err(row.error(format!("the code `{code}` stands in two rows")));
        }
        let organisation = Organisation {
            code: code.clone(),
            name: row.list("names").next().map(SmolStr::new).ok_or_else(|| no_name(row))?,
            sector: sector_of(row, row.get("sector"))?,
            country: self.state_of(row)?,
            kind,
            period,
            verbatim: false,
            with: Vec::new(),
        };
        let i = known.unwrap_or(self.organisations.len() as u16);
        match known {
            Some(i) => self.organisations[i as usize] = organisation,
            None => self.organisations.push(organisation),
        }
        self.organisation_by_code.insert(code, i);
        for name in row.list("names") {
            self.add(name, Referent::Organisation(i), period);
        }
        Ok(())
    }

    fn read_term(&mut self, row: &Row<'_, '_>) -> Result<(), TableError> {
        let country = self.state_of(row)?;
        let organisation = Some(row.get("organisation")).filter(|o| !o.is_empty());
        if let Some(code) = organisation
            && self.organisation(code).is_none()
        {
            return Err(row.error(format!("no organisation or group has the code `{code}`")));
        }
        let sector = match row.get("sector") {
            "" => Sector::Gov,
            sector => sector_of(row, sector)?,
        };
        let period = period(row)?;
        let name = row.get("person");
        let known = self.person_by_name.get(name).copied();
        let person = known.unwrap_or(self.people.len() as u16);
        if known.is_none() {
            self.person_by_name.insert(name.into(), person);
            let female = row.get("gender") == "f";
            self.people.push(Person { name: name.into(), female, terms: Vec::new() });
        }
        if known.is_none() || self.is_of_user() {
            self.add(name, Referent::Person(person), Period::default());
            // Kings and popes are never called by their last word alone.
            let reigns = REIGNING.iter().any(|title| name.starts_with(title));
            if !reigns && row.list("aliases").all(|alias| alias.contains([' ', '-'])) {
                let first = country.as_deref().is_some_and(|c| FAMILY_NAME_FIRST.contains(&c));
                let mut words = name.split(' ');
                let surname = if first { words.next() } else { words.next_back() };
                self.add(surname.unwrap_or(name), Referent::Surname(person), Period::default());
            }
        }
        for alias in row.list("aliases") {
            let lone = !alias.contains([' ', '-']);
            let referent = if lone { Referent::Surname(person) } else { Referent::Person(person) };
            self.add(alias, referent, Period::default());
        }
        let term = Term {
            country,
            organisation: organisation.map(SmolStr::new),
            office: row.get("office").into(),
            role: row.get("role").into(),
            sector,
            period,
            of_user: self.is_of_user(),
        };
        let holder = &mut self.people[person as usize];
        let at = (person, holder.terms.len() as u16);
        for of in [&term.country, &term.organisation].into_iter().flatten() {
            self.terms_of.entry(of.clone()).or_default().push(at);
        }
        holder.terms.push(term);
        Ok(())
    }

    fn read_agent(&mut self, row: &Row<'_, '_>) -> Result<(), TableError> {
        let noun = SmolStr::new(row.get("noun"));
        let class = match row.get("class") {
            "person" => Class::Person,
            "body" => Class::Body,
            "office" => Class::Office,
            "state" => Class::State,
            "title" => Class::Title,
            other => {
                return Err(row.error(format!(
                    "unknown class `{other}`; write person, body, office, state or title"
                )));
            }
        };
        if self.agent(&noun).is_some() && !self.is_of_user() {
            return Err(row.error(format!("the noun `{noun}` stands in two rows")));
        }
        let office = Some(row.get("role")).filter(|r| !r.is_empty()).map(SmolStr::new);
        let sector = sector_of(row, row.get("sector"))?;
        self.add_agent(Agent { noun, sector, class, office, adds: None });
        Ok(())
    }

    /// Adds a common noun, or puts it in the place of the one of that noun.
    pub(crate) fn add_agent(&mut self, agent: Agent) -> u16 {
        let noun = agent.noun.clone();
        let known = self.agent_by_noun.get(&noun).copied();
        let i = known.unwrap_or(self.agents.len() as u16);
        match known {
            Some(i) => self.agents[i as usize] = agent,
            None => self.agents.push(agent),
        }
        self.agent_by_noun.insert(noun.clone(), i);
        self.add(&noun, Referent::Agent(i), Period::default());
        i
    }

    /// A common noun of a user's that has no plural; ours keeps the plural.
    pub(crate) fn add_exact_agent(&mut self, agent: Agent) {
        let i = self.agents.len() as u16;
        let noun = agent.noun.clone();
        self.agents.push(agent);
        self.agent_by_noun.insert(noun.clone(), i);
        self.add_name(&noun, Referent::Agent(i), Case::Exact, Period::default());
    }

    fn add(&mut self, name: &str, referent: Referent, period: Period) {
        let name = name.strip_prefix("the ").unwrap_or(name);
        self.add_name(name, referent, case_of(name), period);
    }

    pub(crate) fn add_name(&mut self, name: &str, referent: Referent, case: Case, period: Period) {
        let (source, line) = self.at;
        let known = |n: &Name| n.referent == referent && n.source == source;
        // A user's row may tell the same actor under several periods.
        let known =
            self.names.get(name).iter().any(|n| known(n) && (n.period == period || !n.of_user()));
        if !known {
            self.names.add(name, Name { referent, case, period, source, line });
        }
    }

    /// What is added next comes from this line of a source.
    pub(crate) fn stand_at(&mut self, source: u16, line: usize) {
        self.at = (source, line as u32);
    }

    fn state_of(&self, row: &Row<'_, '_>) -> Result<Option<SmolStr>, TableError> {
        match row.get("country") {
            "" => Ok(None),
            code if self.country_by_code.contains_key(code) => Ok(Some(code.into())),
            code => Err(row.error(format!("no state has the code `{code}`; see countries.tsv"))),
        }
    }
}

fn no_name(row: &Row<'_, '_>) -> TableError {
    row.error("no name; give at least one")
}

fn people_take_s(adjective: &str) -> bool {
    adjective.ends_with(['n', 'i', 'k', 't', 'c']) || adjective.ends_with("Croat")
}

/// An abbreviation is read only in capitals; a name with a capital first letter needs it.
fn case_of(name: &str) -> Case {
    let letters = name.chars().filter(|c| c.is_alphabetic());
    if letters.clone().count() > 1 && letters.clone().all(char::is_uppercase) {
        Case::Acronym
    } else if name.chars().next().is_some_and(|c| c.is_uppercase() || c.is_numeric()) {
        Case::Capital
    } else {
        Case::Any
    }
}

fn sector_of(row: &Row<'_, '_>, sector: &str) -> Result<Sector, TableError> {
    sector.parse().map_err(|e: dyad_record::UnknownWord| row.error(e.to_string()))
}

fn period(row: &Row<'_, '_>) -> Result<Period, TableError> {
    let from = date(row, row.get("from"), false)?;
    let to = date(row, row.get("to"), true)?;
    if matches!((from, to), (Some(from), Some(to)) if to < from) {
        return Err(row.error("`to` lies before `from`; swap them"));
    }
    Ok(Period { from, to })
}

/// A date, or the first or last day of a month or year.
fn date(row: &Row<'_, '_>, text: &str, last: bool) -> Result<Option<Date>, TableError> {
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || row.error(format!("`{text}` is not a date; write YYYY-MM-DD, YYYY-MM or YYYY"));
    let mut parts = text.splitn(3, '-').map(|part| part.parse::<i16>().map_err(|_| wrong()));
    let year = parts.next().unwrap_or_else(|| Err(wrong()))?;
    let month = parts.next().transpose()?;
    let day = parts.next().transpose()?;
    let part = |value: i16| i8::try_from(value).map_err(|_| wrong());
    let first_day = Date::new(year, part(month.unwrap_or(if last { 12 } else { 1 }))?, 1)
        .map_err(|_| wrong())?;
    let found = match day {
        Some(day) => Date::new(year, first_day.month(), part(day)?).map_err(|_| wrong())?,
        None if last => first_day.last_of_month(),
        None => first_day,
    };
    Ok(Some(found))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// `name | date | code` lines, and `shared NAME` for names that several may bear at one time.
    const CASES: &str = include_str!("../../../lexicons/actors.cases.txt");

    fn builtin() -> Actors {
        Actors::parse(&BUILTIN).unwrap()
    }

    fn lines() -> impl Iterator<Item = &'static str> {
        CASES.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
    }

    /// The code of a name on a date, as the tables have it.
    fn codes(actors: &Actors, name: &str, date: Date) -> BTreeSet<String> {
        let of = |country: &Option<SmolStr>, organisation: &Option<SmolStr>, sector: Sector| {
            let of = country.as_deref().or(organisation.as_deref()).unwrap_or_default();
            format!("{of} {sector}").trim().to_owned()
        };
        let mut found = BTreeSet::new();
        for name in actors.names.get(name).iter().filter(|n| n.period.holds(date)) {
            match name.referent {
                Referent::Country(i)
                | Referent::Adjective(i)
                | Referent::People(i)
                | Referent::Capital(i)
                | Referent::Metonym(i, Sector::Gov) => {
                    found.insert(actors.countries[i as usize].code.to_string());
                }
                Referent::Metonym(i, sector) => {
                    found.insert(format!("{} {sector}", actors.countries[i as usize].code));
                }
                Referent::Organisation(i) => {
                    let o = &actors.organisations[i as usize];
                    found.insert(of(&o.country, &Some(o.code.clone()), o.sector));
                }
                Referent::Person(i) | Referent::Surname(i) => {
                    let terms = actors.people[i as usize].on(date);
                    found.extend(terms.map(|t| of(&t.country, &t.organisation, t.sector)));
                }
                Referent::Agent(i) => {
                    found.insert(actors.agents[i as usize].sector.to_string());
                }
                Referent::Nobody => {}
            }
        }
        found
    }

    #[test]
    fn cases_beside_the_tables_hold() {
        let actors = builtin();
        let mut wrong = Vec::new();
        for line in lines().filter(|line| !line.starts_with("shared ")) {
            let cells: Vec<_> = line.split('|').map(str::trim).collect();
            let [name, date, code] = cells[..] else { panic!("not NAME | DATE | CODE: {line}") };
            let found = codes(&actors, name, date.parse().unwrap());
            let right = if code == "none" { found.is_empty() } else { found.contains(code) };
            if !right {
                wrong.push(format!("{line}: found {found:?}"));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn a_name_means_one_actor_at_a_time() {
        let actors = builtin();
        let shared: BTreeSet<_> = lines().filter_map(|line| line.strip_prefix("shared ")).collect();
        let whole = |referent| match referent {
            Referent::Country(i) | Referent::Adjective(i) | Referent::People(i) => Some((0, i)),
            Referent::Capital(_) => None,
            Referent::Metonym(i, sector) => Some((10 + sector as usize, i)),
            Referent::Organisation(i) => Some((1, i)),
            // Namesakes are told apart by the dates of their offices.
            Referent::Person(_) | Referent::Surname(_) | Referent::Nobody => None,
            Referent::Agent(i) => Some((2, i)),
        };
        let mut clashes = BTreeSet::new();
        for names in actors.names.values() {
            for (i, a) in names.iter().enumerate() {
                for b in &names[i + 1..] {
                    let (Some(x), Some(y)) = (whole(a.referent), whole(b.referent)) else {
                        continue;
                    };
                    if x != y && a.case == b.case && a.period.overlaps(&b.period) {
                        clashes.insert(format!("{} / {}", label(&actors, a), label(&actors, b)));
                    }
                }
            }
        }
        clashes.retain(|clash| !shared.contains(clash.as_str()));
        assert!(clashes.is_empty(), "take one out or list it as `shared A / B`: {clashes:#?}");
    }

    fn label(actors: &Actors, name: &Name) -> String {
        match name.referent {
            Referent::Country(i) | Referent::Adjective(i) | Referent::People(i) => {
                actors.countries[i as usize].code.to_string()
            }
            Referent::Capital(i) | Referent::Metonym(i, _) => {
                format!("{} metonym", actors.countries[i as usize].code)
            }
            Referent::Organisation(i) => actors.organisations[i as usize].code.to_string(),
            Referent::Person(i) | Referent::Surname(i) => {
                actors.people[i as usize].name.to_string()
            }
            Referent::Agent(i) => actors.agents[i as usize].noun.to_string(),
            Referent::Nobody => "nobody".to_owned(),
        }
    }

    #[test]
    fn tables_are_as_large_as_promised() {
        let actors = builtin();
        assert!(actors.countries.len() >= 250);
        assert!(actors.organisations.iter().filter(|o| o.kind == ActorKind::Group).count() >= 250);
        assert!(actors.organisations.iter().filter(|o| o.kind != ActorKind::Group).count() >= 200);
        assert!(actors.people.iter().map(|p| p.terms.len()).sum::<usize>() >= 800);
        assert!(actors.agents.len() >= 500);
    }

    #[test]
    fn iso_codes_are_whole_and_unique() {
        let actors = builtin();
        let mut seen = BTreeSet::new();
        for country in &actors.countries {
            assert_eq!(country.code.len(), 3, "{}", country.name);
            let gone = country.period.to.is_some();
            assert!(country.alpha2.is_empty() || gone || seen.insert(country.alpha2.clone()));
            assert!(country.numeric.is_empty() || country.numeric.len() == 3);
        }
    }

    #[test]
    fn a_bad_row_is_named() {
        let mut texts = BUILTIN;
        texts.groups = "code\tnames\tsector\tcountry\nX\tXs\tREB\tQQQ\n";
        let error = Actors::parse(&texts).unwrap_err();
        assert_eq!((error.table.as_str(), error.line), ("groups.tsv", 2));
        texts = BUILTIN;
        texts.officeholders =
            "person\tcountry\toffice\trole\tfrom\tto\nA B\tNOR\tx\tX\t2001\t2000\n";
        assert!(Actors::parse(&texts).unwrap_err().what.contains("swap"));
    }

    #[test]
    fn accessors_answer() {
        let actors = builtin();
        assert_eq!(actors.agent("soldier").unwrap().sector, Sector::Mil);
        assert_eq!(actors.country_by_adjective("NORWEGIAN").unwrap().code, "NOR");
        assert_eq!(actors.country_by_name("iceland").unwrap().gw, "395");
        assert_eq!(actors.organisation("REUTERS").unwrap().sector, Sector::Med);
        let date = Date::constant(2001, 6, 1);
        let presidents: Vec<_> = actors
            .holders("USA", date, |t| t.role == "President")
            .map(|(p, _)| actors.people[p as usize].name.as_str())
            .collect();
        assert_eq!(presidents, ["George W. Bush"]);
    }

    #[test]
    fn periods_count_days() {
        let day = |y, m, d| Some(Date::constant(y, m, d));
        let period = Period { from: day(2000, 1, 1), to: day(2000, 12, 31) };
        assert_eq!(period.distance(Date::constant(2000, 5, 5)), 0);
        assert_eq!(period.distance(Date::constant(1999, 12, 31)), 1);
        assert_eq!(period.distance(Date::constant(2001, 1, 2)), 2);
        assert!(!period.overlaps(&Period { from: day(2001, 1, 1), to: None }));
        assert!(period.overlaps(&Period::default()));
    }
}
