//! Which state a code of a trade table means.

use dyad_lexicon::{Table, TableError, actors::BUILTIN};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

/// What stands as reporter or partner in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Area {
    World,
    /// Goods of no named state: they count in the totals alone.
    Rest,
    /// States that the table lists one by one too.
    Group,
    /// An index into the states.
    State(u16),
}

/// Who gave out the codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// BACI and UN Comtrade.
    M49,
    /// The Direction of Trade Statistics.
    Imf,
}

#[derive(Clone, Debug)]
struct State {
    code: SmolStr,
    name: SmolStr,
}

/// The states, by every code that tables use.
#[derive(Clone, Debug)]
pub struct Areas {
    states: Vec<State>,
    m49: FxHashMap<u16, Area>,
    imf: FxHashMap<SmolStr, Area>,
    letters: FxHashMap<SmolStr, Area>,
    names: FxHashMap<String, Area>,
}

const AREAS: &str = include_str!("../../../lexicons/trade-areas.tsv");

impl Areas {
    pub fn builtin() -> Result<Areas, TableError> {
        Areas::parse(BUILTIN.countries, AREAS)
    }

    fn parse(countries: &str, areas: &str) -> Result<Areas, TableError> {
        let mut found = Areas {
            states: Vec::new(),
            m49: FxHashMap::default(),
            imf: FxHashMap::default(),
            letters: FxHashMap::default(),
            names: FxHashMap::default(),
        };
        let columns = ["code", "alpha2", "numeric", "names"];
        for row in Table::parse("countries.tsv", countries, &columns)?.rows() {
            let area = Area::State(found.states.len() as u16);
            let name = row.list("names").next().unwrap_or(row.get("code"));
            found.states.push(State { code: row.get("code").into(), name: name.into() });
            // Of a state and its successor with one code, the one that lives comes first.
            for code in [row.get("code"), row.get("alpha2")] {
                found.letters.entry(code.into()).or_insert(area);
            }
            if let Ok(number) = row.get("numeric").parse() {
                found.m49.entry(number).or_insert(area);
            }
            for name in row.list("names") {
                found.names.entry(name.to_lowercase()).or_insert(area);
            }
        }
        let columns = ["scheme", "code", "state", "kind"];
        for row in Table::parse("trade-areas.tsv", areas, &columns)?.rows() {
            let area = match row.get("kind") {
                "state" => *found
                    .letters
                    .get(row.get("state"))
                    .ok_or_else(|| row.error("no such state in countries.tsv"))?,
                "world" => Area::World,
                "rest" => Area::Rest,
                "group" => Area::Group,
                _ => return Err(row.error("`kind` is state, world, rest or group")),
            };
            match row.get("scheme") {
                "imf" => {
                    found.imf.insert(row.get("code").into(), area);
                }
                "m49" => {
                    let number = row.get("code").parse();
                    let number = number.map_err(|_| row.error("an m49 code is a number"))?;
                    found.m49.insert(number, area);
                }
                _ => return Err(row.error("`scheme` is m49 or imf")),
            }
        }
        Ok(found)
    }

    /// What the code of a table means. The IMF's newer tables use letters, older ones numbers.
    pub fn of(&self, scheme: Scheme, code: &str) -> Option<Area> {
        let number = code.bytes().all(|b| b.is_ascii_digit());
        match scheme {
            Scheme::M49 if number => self.m49.get(&code.parse().ok()?).copied(),
            Scheme::Imf => self
                .imf
                .get(code)
                .or_else(|| self.letters.get(code))
                .copied()
                .or_else(|| self.names.get(&code.to_lowercase()).copied()),
            Scheme::M49 => self.letters.get(code).copied(),
        }
    }

    /// A state by its ISO code or its name, as a person writes it.
    pub fn state(&self, text: &str) -> Option<u16> {
        let letters = self.letters.get(text.to_uppercase().as_str());
        match letters.or_else(|| self.names.get(&text.to_lowercase()))? {
            Area::State(i) => Some(*i),
            _ => None,
        }
    }

    /// ISO 3166-1 alpha-3.
    pub fn code(&self, state: u16) -> &str {
        &self.states[usize::from(state)].code
    }

    pub fn name(&self, state: u16) -> &str {
        &self.states[usize::from(state)].name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_state_has_many_codes() {
        let areas = Areas::builtin().unwrap();
        let code = |scheme, code| match areas.of(scheme, code) {
            Some(Area::State(i)) => areas.code(i).to_owned(),
            other => format!("{other:?}"),
        };
        for (scheme, given, state) in [
            (Scheme::M49, "842", "USA"),
            (Scheme::M49, "840", "USA"),
            (Scheme::M49, "4", "AFG"),
            (Scheme::M49, "490", "TWN"),
            (Scheme::M49, "156", "CHN"),
            (Scheme::Imf, "156", "CAN"),
            (Scheme::Imf, "924", "CHN"),
            (Scheme::Imf, "RU", "RUS"),
            (Scheme::Imf, "DEU", "DEU"),
            (Scheme::Imf, "Norway", "NOR"),
        ] {
            assert_eq!(code(scheme, given), state, "{given}");
        }
        assert_eq!(areas.of(Scheme::M49, "0"), Some(Area::World));
        assert_eq!(areas.of(Scheme::M49, "899"), Some(Area::Rest));
        assert_eq!(areas.of(Scheme::Imf, "001"), Some(Area::World));
        assert_eq!(areas.of(Scheme::M49, "998"), None);
        assert_eq!(areas.state("russia"), areas.state("rus"));
        assert!(areas.state("Atlantis").is_none());
    }

    #[test]
    fn a_wrong_row_is_named() {
        let countries = "code\talpha2\tnumeric\tnames\nNOR\tNO\t578\tNorway\n";
        let areas = "scheme\tcode\tstate\tkind\nm49\t579\tNORW\tstate\n";
        let error = Areas::parse(countries, areas).unwrap_err();
        assert_eq!(error.to_string(), "trade-areas.tsv, line 2: no such state in countries.tsv");
    }
}
