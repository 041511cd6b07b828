//! Places named in the report, resolved against the gazetteer.

mod act;
mod resolve;
mod spot;

pub use act::of_act;

use super::{Place, PlaceId, PlaceMention};
use crate::doc::Doc;
use dyad_lexicon::Lexicons;
use dyad_lexicon::gazetteer::Entry;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

/// Every place that the report names, and where it names it, in text order.
pub fn find(doc: &Doc<'_>, lexicons: &Lexicons) -> (Vec<Place>, Vec<PlaceMention>) {
    let spots = spot::find(doc, lexicons);
    let chosen = resolve::all(doc, &spots);
    let mut places: Vec<Place> = Vec::new();
    let mut known: FxHashMap<String, PlaceId> = FxHashMap::default();
    let mut mentions = Vec::with_capacity(spots.len());
    for (spot, entry) in spots.iter().zip(chosen) {
        let key = match &entry {
            Some(entry) if !entry.id.is_empty() => entry.id.to_owned(),
            _ => format!("={}", spot.name),
        };
        let place = *known.entry(key).or_insert_with(|| {
            places.push(made(spot, entry, lexicons));
            PlaceId(places.len() as u32 - 1)
        });
        mentions.push(PlaceMention {
            place,
            span: doc.words_span(spot.words.clone()),
            words: spot.words.clone(),
            head: spot.head,
        });
    }
    (places, mentions)
}

fn made(spot: &spot::Spot<'_>, entry: Option<Entry<'_>>, lexicons: &Lexicons) -> Place {
    let Some(entry) = entry else {
        return Place {
            name: spot.name.clone(),
            country: None,
            admin1: None,
            lat: None,
            lon: None,
            gazetteer_id: None,
        };
    };
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Place {
        name: entry.name.to_owned(),
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
            let (places, mentions) = find(&doc, &lexicons);
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
