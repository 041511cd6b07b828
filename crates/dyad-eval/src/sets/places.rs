//! Places: exact spans of their names, and of those found the share within 161 km (100 miles).

use super::given;
use crate::data::Bytes;
use crate::measure::{Counts, Tally, ratio};
use crate::{EvalError, Set, data};
use dyad_reader::Reader;
use dyad_reader::span::Span;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

#[derive(Deserialize)]
struct Row {
    text: String,
    gold: Gold,
}

#[derive(Deserialize)]
struct Gold {
    toponyms: Vec<Toponym>,
}

#[derive(Deserialize)]
struct Toponym {
    start: usize,
    end: usize,
    lat: Option<f64>,
    lon: Option<f64>,
}

type Spot = Option<(f64, f64)>;

const NEAR_KM: f64 = 161.0;

pub fn score(file: &Path, reader: &Reader) -> Result<Tally, EvalError> {
    let rows: Vec<Row> = data::rows(Set::Places, file)?;
    let mut worker = reader.worker();
    let mut found = Counts::default();
    let (mut near, mut located) = (0, 0);
    for row in &rows {
        let bytes = Bytes::of(&row.text);
        let predicted: BTreeMap<Span, Spot> = worker.analyse_text(&row.text, &given(None), |a| {
            let mentions = a.mentions.place_mentions.iter();
            let spot = |m: &dyad_reader::mention::PlaceMention| {
                let place = &a.mentions.places[m.place.0 as usize];
                (m.span, place.lat.zip(place.lon))
            };
            mentions.map(spot).collect()
        });
        let gold: BTreeMap<Span, Spot> = row
            .gold
            .toponyms
            .iter()
            .map(|t| (bytes.span(t.start, t.end), t.lat.zip(t.lon)))
            .collect();
        let right = gold.keys().filter(|span| predicted.contains_key(span)).count();
        found.add(right, predicted.len(), gold.len());
        for (span, spot) in &gold {
            if let (Some(spot), Some(read)) = (spot, predicted.get(span)) {
                located += 1;
                near += usize::from(read.is_some_and(|read| kilometres(read, *spot) <= NEAR_KM));
            }
        }
    }
    Ok(Tally {
        rows: rows.len(),
        scores: vec![
            ("detection_f1", found.f1()),
            ("accuracy_161km", ratio(near as f64, located as f64)),
        ],
        details: found.details("detection").into(),
    })
}

/// Great-circle distance of two points in degrees.
fn kilometres((lat1, lon1): (f64, f64), (lat2, lon2): (f64, f64)) -> f64 {
    let (a, b) = (lat1.to_radians(), lat2.to_radians());
    let (dlat, dlon) = (b - a, (lon2 - lon1).to_radians());
    let h = (dlat / 2.0).sin().powi(2) + a.cos() * b.cos() * (dlon / 2.0).sin().powi(2);
    2.0 * 6371.0 * h.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_great_circles() {
        let (oslo, bergen) = ((59.913, 10.752), (60.393, 5.324));
        assert!((kilometres(oslo, bergen) - 305.0).abs() < 5.0);
        assert_eq!(kilometres(oslo, oslo), 0.0);
        assert!((kilometres((0.0, 179.5), (0.0, -179.5)) - 111.2).abs() < 0.1);
    }
}
