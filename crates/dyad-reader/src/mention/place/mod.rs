//! Places named in the report, resolved against the gazetteer.

mod possible;
mod resolve;
mod spot;

use super::{Place, PlaceId, PlaceMention};
use crate::doc::{Doc, WordId};
use dyad_lexicon::Lexicons;
use dyad_lexicon::gazetteer::{Entry, PlaceKind, PlaceWord};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::ops::Range;

/// The places of a report.
#[derive(Debug, Default)]
pub struct Found {
    pub places: Vec<Place>,
    /// Where they are named, in text order.
    pub mentions: Vec<PlaceMention>,
    /// Names that nothing but an act makes places, in text order.
    pub possible: Vec<PlaceMention>,
}

/// Every place that the report names, and where it names it.
pub fn find(doc: &Doc<'_>, lexicons: &Lexicons) -> Found {
    let spots = spot::find(doc, lexicons);
    let chosen = resolve::all(doc, &spots, lexicons);
    let mut maker = Maker { lexicons, known: FxHashMap::default(), found: Found::default() };
    for (i, spot) in spots.iter().enumerate() {
        let beside = resolve::beside(doc, &spots, &chosen, spot.head);
        let place = maker.place(&spot.name, chosen[i], beside);
        let mention = mention(doc, place, spot.words.clone(), spot.head);
        maker.found.mentions.push(mention);
    }
    let sure: Vec<Range<u32>> = spots.iter().map(|s| s.words.clone()).collect();
    let never = |words: &Range<u32>| {
        let word = doc.surface(words.start).to_lowercase();
        words.len() == 1 && lexicons.place_words.is(&word, PlaceWord::Never)
    };
    for words in possible::find(doc, &sure).into_iter().filter(|w| !never(w)) {
        let span = doc.words_span(words.clone());
        let head = head(doc, &words);
        // "Homs Governorate" is where Homs is.
        let from = maker.found.mentions.partition_point(|m| m.words.start < words.start);
        let inside = maker.found.mentions[from..].iter().find(|m| m.words.start < words.end);
        let place = match inside.filter(|m| span.contains(m.span)) {
            Some(inside) => inside.place,
            None => {
                let name = spot::text(doc, words.clone());
                let beside = resolve::beside(doc, &spots, &chosen, head);
                let near = resolve::nearest(lexicons, &name, &spots, &chosen);
                maker.place(&name, near, beside)
            }
        };
        maker.found.possible.push(mention(doc, place, words, head));
    }
    maker.found
}

fn mention(doc: &Doc<'_>, place: PlaceId, words: Range<u32>, head: WordId) -> PlaceMention {
    PlaceMention { place, span: doc.words_span(words.clone()), words, head }
}

/// The word of a name that hangs on one outside it.
fn head(doc: &Doc<'_>, words: &Range<u32>) -> WordId {
    let out = |w: &WordId| doc.word(*w).head.is_none_or(|h| !words.contains(&h));
    words.clone().find(out).unwrap_or(words.end - 1)
}

struct Maker<'a> {
    lexicons: &'a Lexicons,
    known: FxHashMap<String, PlaceId>,
    found: Found,
}

impl Maker<'_> {
    /// The place of that name: as the gazetteer has it, or where the place told beside it lies.
    fn place(
        &mut self,
        name: &str,
        entry: Option<Entry<'_>>,
        beside: Option<Entry<'_>>,
    ) -> PlaceId {
        let key = match &entry {
            Some(entry) if !entry.id.is_empty() => entry.id.to_owned(),
            _ => format!("={name}"),
        };
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let place = match (entry, beside) {
            (Some(entry), _) => made(entry.name, entry, self.lexicons),
            // Near enough to count it to its country and division, and no more: it has no id.
            (None, Some(beside)) => {
                Place { gazetteer_id: None, ..made(name, beside, self.lexicons) }
            }
            (None, None) => Place {
                name: name.to_owned(),
                country: None,
                admin1: None,
                lat: None,
                lon: None,
                gazetteer_id: None,
            },
        };
        let id = PlaceId(self.found.places.len() as u32);
        self.found.places.push(place);
        self.known.insert(key, id);
        id
    }
}

fn is_local(entry: &Entry<'_>) -> bool {
    matches!(entry.kind, PlaceKind::Town | PlaceKind::Admin2 | PlaceKind::Capital)
}

fn made(name: &str, entry: Entry<'_>, lexicons: &Lexicons) -> Place {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Place {
        name: name.to_owned(),
        country: some(entry.country).map(SmolStr::from),
        admin1: lexicons.gazetteer.admin1(entry.country, entry.admin1).map(str::to_owned),
        lat: Some(entry.lat),
        lon: Some(entry.lon),
        gazetteer_id: some(entry.id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mention::cases;

    #[test]
    fn cases_are_read_as_written() {
        let lexicons = Lexicons::builtin().unwrap();
        let model = crate::syntax::Model::builtin();
        let cases = cases::parse(include_str!("../../../../../lexicons/places.cases.txt"));
        assert!(cases.len() > 10);
        let mut wrong = Vec::new();
        for case in &cases {
            let report = case.report();
            let doc = cases::tagged(&model, &report);
            let Found { places, mentions, .. } = find(&doc, &lexicons);
            let words: Vec<_> = mentions.iter().map(|m| m.span.of(&report.text)).collect();
            let read: Vec<_> = mentions
                .iter()
                .map(|m| {
                    let place = &places[m.place.0 as usize];
                    let country = place.country.as_deref().unwrap_or("-");
                    let admin1 = place.admin1.as_deref().unwrap_or("-");
                    format!("{country} {admin1}")
                })
                .collect();
            if words != case.marked || read != case.lines {
                wrong.push(format!(
                    "line {}: {}\n  wanted {:?} {:?}\n  read   {words:?} {read:?}",
                    case.line, report.text, case.marked, case.lines
                ));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
