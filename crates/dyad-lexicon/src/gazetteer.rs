//! Places of the world: `lexicons/gazetteer.tsv` and `admin1.tsv`, sorted by their first column
//! and searched as they stand, so that they cost nothing at the start.
//! GeoNames, CC BY 4.0; see training/gazetteer/README.md.

use crate::{Table, TableError};
use std::collections::BTreeMap;

/// What sort of place an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlaceKind {
    Country,
    /// State, province, oblast.
    Admin1,
    /// The postal code of one.
    Postal,
    /// County.
    Admin2,
    Town,
    /// The seat of a state's government.
    Capital,
    Region,
    Water,
}

/// One place that bears a name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry<'t> {
    pub name: &'t str,
    pub id: &'t str,
    pub kind: PlaceKind,
    /// ISO 3166-1 alpha-3, or empty.
    pub country: &'t str,
    /// GeoNames' code of the first division.
    pub admin1: &'t str,
    pub lat: f64,
    pub lon: f64,
    pub people: u64,
}

/// The sorted tables.
#[derive(Clone, Copy, Debug)]
pub struct Gazetteer<'t> {
    places: &'t str,
    admin1: &'t str,
}

impl Default for Gazetteer<'static> {
    fn default() -> Self {
        Gazetteer {
            places: include_str!("../../../lexicons/gazetteer.tsv"),
            admin1: include_str!("../../../lexicons/admin1.tsv"),
        }
    }
}

impl<'t> Gazetteer<'t> {
    pub fn new(places: &'t str, admin1: &'t str) -> Self {
        Gazetteer { places, admin1 }
    }

    /// Every place of that name, spelled exactly so.
    pub fn named(&self, name: &str) -> impl Iterator<Item = Entry<'t>> + use<'t> {
        let from = first_line(self.places, name);
        let name = name.to_owned();
        self.places[from..].lines().take_while(move |line| key(line) == name).filter_map(entry)
    }

    pub fn knows(&self, name: &str) -> bool {
        let from = first_line(self.places, name);
        self.places[from..].lines().next().is_some_and(|line| key(line) == name)
    }

    /// The name of a first division.
    pub fn admin1(&self, country: &str, code: &str) -> Option<&'t str> {
        let wanted = format!("{country}.{code}");
        let from = first_line(self.admin1, &wanted);
        let line = self.admin1[from..].lines().next()?;
        (key(line) == wanted).then(|| line.split('\t').nth(1))?
    }

    /// Length and ends of the tables: enough to tell one version from another.
    pub fn fingerprint(&self) -> String {
        let head = |text: &'t str| text.lines().next().unwrap_or_default();
        let places = self.places.len();
        format!("{places} {} {} {}", self.admin1.len(), head(self.places), head(self.admin1))
    }
}

/// Words around the names of places: `lexicons/place_words.tsv`.
#[derive(Clone, Debug, Default)]
pub struct PlaceWords(BTreeMap<String, Vec<PlaceWord>>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceWord {
    /// No place by itself.
    Never,
    /// Ends the name of a street.
    Way,
    /// Follows the name of the place where it lies.
    Seat,
    /// Ends the name of a site.
    Site,
    /// A preposition after which a single name is a place.
    Lead,
    /// A preposition after which any name is one.
    Near,
}

impl PlaceWords {
    pub fn parse(text: &str) -> Result<Self, TableError> {
        let table = Table::parse("place_words.tsv", text, &["words", "class"])?;
        let mut words: BTreeMap<String, Vec<PlaceWord>> = BTreeMap::new();
        for row in table.rows() {
            let class = match row.get("class") {
                "never" => PlaceWord::Never,
                "way" => PlaceWord::Way,
                "seat" => PlaceWord::Seat,
                "site" => PlaceWord::Site,
                "lead" => PlaceWord::Lead,
                "near" => PlaceWord::Near,
                other => {
                    return Err(row.error(format!(
                        "no class `{other}`; use never, way, seat, site, lead or near"
                    )));
                }
            };
            for word in row.list("words") {
                words.entry(word.to_owned()).or_default().push(class);
            }
        }
        Ok(PlaceWords(words))
    }

    /// Whether the word (lower case) is of that class.
    pub fn is(&self, word: &str, class: PlaceWord) -> bool {
        self.0.get(word).is_some_and(|classes| classes.contains(&class))
    }
}

fn key(line: &str) -> &str {
    line.split('\t').next().unwrap_or_default()
}

/// Where the first line begins whose key is not below `name`.
fn first_line(text: &str, name: &str) -> usize {
    let (mut low, mut high) = (0, text.len());
    // Both always stand at the start of a line or at the end of the text.
    while low < high {
        let middle = low + (high - low) / 2;
        let middle = floor(text, middle);
        let start = text[..middle].rfind('\n').map_or(0, |i| i + 1);
        let end = text[start..].find('\n').map_or(text.len(), |i| start + i + 1);
        if key(text[start..end].trim_end_matches('\n')) < name {
            low = end;
        } else {
            high = start;
        }
    }
    low
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn entry(line: &str) -> Option<Entry<'_>> {
    let mut cells = line.split('\t');
    let name = cells.next()?;
    let id = cells.next()?;
    let kind = match cells.next()? {
        "C" => PlaceKind::Country,
        "A" => PlaceKind::Admin1,
        "S" => PlaceKind::Postal,
        "B" => PlaceKind::Admin2,
        "P" => PlaceKind::Town,
        "K" => PlaceKind::Capital,
        "R" => PlaceKind::Region,
        "W" => PlaceKind::Water,
        _ => return None,
    };
    let country = cells.next()?;
    let admin1 = cells.next()?;
    let lat = cells.next()?.parse().ok()?;
    let lon = cells.next()?.parse().ok()?;
    let people = cells.next()?.parse().ok()?;
    Some(Entry { name, id, kind, country, admin1, lat, lon, people })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_found_and_read() {
        let gazetteer = Gazetteer::default();
        let mut last = "";
        for (i, line) in gazetteer.places.lines().enumerate() {
            assert!(key(line) >= last, "line {}: not sorted", i + 1);
            assert!(entry(line).is_some(), "line {}: {line}", i + 1);
            if i % 997 == 0 {
                assert!(gazetteer.named(key(line)).any(|e| Some(e) == entry(line)));
            }
            last = key(line);
        }
    }

    #[test]
    fn finds_all_of_a_name_and_nothing_else() {
        let places = "Ara\t1\tP\tIND\t34\t25.5\t84.6\t200\nAro\t2\tP\tUSA\tTX\t1\t2\t3\nAro\t3\tC\tXXX\t\t1\t2\t3\n";
        let gazetteer = Gazetteer::new(places, "USA.TX\tTexas\n");
        assert_eq!(gazetteer.named("Aro").map(|e| e.id).collect::<Vec<_>>(), ["2", "3"]);
        assert!(!gazetteer.knows("Ar") && !gazetteer.knows("Zz") && !gazetteer.knows(""));
        assert_eq!(gazetteer.admin1("USA", "TX"), Some("Texas"));
        assert_eq!(gazetteer.admin1("USA", "T"), None);
    }
}
