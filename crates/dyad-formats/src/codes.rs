//! From our codes to those of the field.

use dyad_lexicon::TableError;
use dyad_lexicon::actors::{Actors, BUILTIN, Country};
use dyad_record::archive::Party;
use dyad_record::{EventType, Quad, Sector};

/// The states with their codes in every scheme.
pub(crate) struct Codes {
    actors: Actors,
}

/// The codes of one side of an act.
pub(crate) struct Side<'c> {
    pub country: Option<&'c Country>,
    /// A known group or organisation (`NATO`).
    pub group: Option<String>,
    pub sectors: Vec<Sector>,
}

impl Codes {
    pub fn builtin() -> Result<Codes, TableError> {
        Ok(Codes { actors: Actors::parse(&BUILTIN)? })
    }

    pub fn country(&self, iso: &str) -> Option<&Country> {
        self.actors.country(iso)
    }

    /// The state that has this code in a scheme; of several the one that lives.
    fn by(&self, of: impl Fn(&Country) -> &str, code: &str) -> Option<String> {
        let same = self.actors.countries.iter().filter(|c| !code.is_empty() && of(c) == code);
        same.max_by_key(|c| c.period.to.is_none()).map(|c| c.code.to_string())
    }

    pub fn iso_of_cameo(&self, code: &str) -> Option<String> {
        self.by(|c| &c.cameo, code)
    }

    pub fn iso_of_fips(&self, code: &str) -> Option<String> {
        self.by(|c| &c.fips, code)
    }

    pub fn iso_of_name(&self, name: &str) -> Option<String> {
        self.actors.country_by_name(name).map(|c| c.code.to_string())
    }

    pub fn side(&self, party: &Party) -> Side<'_> {
        let country = party.country.as_deref().and_then(|c| self.actors.country(c));
        let mut words = party.code.split(' ').filter(|w| !w.is_empty()).peekable();
        let mut group = None;
        if let Some(first) = words.peek().copied()
            && first.parse::<Sector>().is_err()
        {
            words.next();
            group = (Some(first) != party.country.as_deref()).then(|| first.to_owned());
        }
        let sectors = words.filter_map(|w| w.parse().ok()).filter(|s| *s != Sector::Unk);
        Side { country, group, sectors: sectors.collect() }
    }
}

impl Side<'_> {
    /// CAMEO's actor code: state or group, then sectors (`RUSMIL`).
    pub fn cameo(&self) -> String {
        let base = self.country.map(|c| c.cameo.as_str());
        let mut code = base.or(self.group.as_deref()).unwrap_or_default().to_owned();
        self.sectors.iter().for_each(|s| code.push_str(s.as_str()));
        code
    }

    pub fn cameo_country(&self) -> &str {
        self.country.map_or("", |c| &c.cameo)
    }

    pub fn sector(&self, i: usize) -> &str {
        self.sectors.get(i).map_or("", |s| s.as_str())
    }
}

/// Quad class of a CAMEO code, by its root: 1 to 4 as GDELT numbers them.
pub(crate) fn quad_class(cameo: &str) -> Option<u8> {
    match cameo.get(..2)?.parse::<u8>().ok()? {
        1..=5 => Some(1),
        6..=8 => Some(2),
        9..=13 => Some(3),
        14..=20 => Some(4),
        _ => None,
    }
}

pub(crate) fn quad(class: u8) -> Option<Quad> {
    Quad::ALL.get(usize::from(class).checked_sub(1)?).copied()
}

/// POLECAT's quad class (`MATERIAL CONFLICT`), else that of the event type.
pub(crate) fn quad_of_words(quad: &str, kind: &str) -> Option<Quad> {
    let words = quad.to_lowercase().replace([' ', '-'], "_");
    let kind = || kind.to_uppercase().parse::<EventType>().ok().and_then(EventType::quad);
    words.parse().ok().or_else(kind)
}

/// The names of CAMEO's twenty roots.
pub(crate) fn root_name(cameo: &str) -> &'static str {
    const NAMES: [&str; 20] = [
        "Make public statement",
        "Appeal",
        "Express intent to cooperate",
        "Consult",
        "Engage in diplomatic cooperation",
        "Engage in material cooperation",
        "Provide aid",
        "Yield",
        "Investigate",
        "Demand",
        "Disapprove",
        "Reject",
        "Threaten",
        "Protest",
        "Exhibit force posture",
        "Reduce relations",
        "Coerce",
        "Assault",
        "Fight",
        "Use unconventional mass violence",
    ];
    let root = cameo.get(..2).and_then(|r| r.parse::<usize>().ok());
    root.and_then(|r| NAMES.get(r.wrapping_sub(1))).copied().unwrap_or_default()
}

/// A sector in the words of ICEWS.
pub(crate) fn sector_name(sector: Sector) -> &'static str {
    match sector {
        Sector::Gov => "Government",
        Sector::Mil => "Military",
        Sector::Leg => "Legislative / Parliamentary",
        Sector::Jud => "Judicial",
        Sector::Cop => "Police",
        Sector::Spy => "Intelligence",
        Sector::Opp => "Opposition Parties / Individuals",
        Sector::Reb => "Rebels",
        Sector::Sep => "Separatists",
        Sector::Igo => "International Government Organization",
        Sector::Ngo => "Nongovernmental Organization",
        Sector::Bus => "Business",
        Sector::Med => "News",
        Sector::Edu => "Education",
        Sector::Cvl => "General Population / Civilian / Social",
        Sector::Unk => "Unidentified",
    }
}

/// A number that stays the same for the same parts, and that R and JavaScript hold exactly.
pub(crate) fn number(parts: &[&str]) -> u64 {
    let hash = blake3::hash(parts.join("\u{1f}").as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&hash.as_bytes()[..8]);
    u64::from_le_bytes(first) >> 11
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_side_has_the_codes_of_the_field() {
        let codes = Codes::builtin().unwrap();
        let side = |country: Option<&str>, code: &str| {
            let (country, code) = (country.map(str::to_owned), code.to_owned());
            let side = codes.side(&Party { name: String::new(), country, code });
            (side.cameo(), side.group.clone().unwrap_or_default())
        };
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(side(Some("RUS"), "RUS MIL"), pair("RUSMIL", ""));
        assert_eq!(side(None, "NATO IGO"), pair("NATOIGO", "NATO"));
        assert_eq!(side(None, "REB"), pair("REB", ""));
        assert_eq!(side(None, "UNK"), pair("", ""));
    }

    #[test]
    fn quad_classes_follow_the_roots() {
        let classes = ["01", "057", "061", "090", "138", "14", "2042", "21", "x"].map(quad_class);
        let some = |n| Some(n);
        let expected = [some(1), some(1), some(2), some(3), some(3), some(4), some(4), None, None];
        assert_eq!(classes, expected);
        assert_eq!(quad(4), Some(Quad::MaterialConflict));
        assert_eq!((quad(0), quad(5)), (None, None));
        assert_eq!(root_name("190"), "Fight");
    }

    #[test]
    fn numbers_hold_in_a_double() {
        let n = number(&["ep-1", "a", "b"]);
        assert_eq!(n, number(&["ep-1", "a", "b"]));
        assert_ne!(n, number(&["ep-1", "b", "a"]));
        assert_eq!(n as f64 as u64, n);
    }
}
