//! Episodes counted across: who acts on whom, and where.

use dyad_archive::Outline;
use dyad_record::Quad;
use dyad_record::archive::Party;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// Counts of episodes.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Counts {
    pub episodes: u32,
    /// Of them, those that happened or are going on.
    pub deeds: u32,
    pub verbal_cooperation: u32,
    pub material_cooperation: u32,
    pub verbal_conflict: u32,
    pub material_conflict: u32,
    /// Sum over the deeds.
    pub goldstein: f32,
}

impl Counts {
    fn add(&mut self, episode: &Outline) {
        self.episodes += 1;
        if episode.deed {
            self.deeds += 1;
            self.goldstein += episode.goldstein;
        }
        *match episode.quad {
            Quad::VerbalCooperation => &mut self.verbal_cooperation,
            Quad::MaterialCooperation => &mut self.material_cooperation,
            Quad::VerbalConflict => &mut self.verbal_conflict,
            Quad::MaterialConflict => &mut self.material_conflict,
        } += 1;
    }
}

/// What one actor does to another; a joint act counts once for each two, in alphabetical order.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Edge {
    /// A country's or an organisation's code; with `level=actor` the whole code (`RUS MIL`).
    pub from: String,
    pub to: String,
    #[serde(flatten)]
    pub counts: Counts,
}

/// What happened at one place.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Scene {
    pub place: String,
    pub country: Option<String>,
    pub lat: f64,
    pub lon: f64,
    #[serde(flatten)]
    pub counts: Counts,
}

/// How finely actors are told apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    #[default]
    Country,
    Actor,
}

/// Who acts on whom, most episodes first.
pub fn network(episodes: &[Outline], level: Level) -> Vec<Edge> {
    let mut edges: BTreeMap<(String, String), Counts> = BTreeMap::new();
    for episode in episodes {
        let (from, to) = (codes(&episode.actors, level), codes(&episode.recipients, level));
        let acted = from.iter().flat_map(|a| to.iter().map(move |b| (a, b)));
        let joint =
            from.iter().flat_map(|a| from.iter().filter(move |b| a < *b).map(move |b| (a, b)));
        for (a, b) in acted.chain(joint.filter(|_| episode.mutual)).filter(|(a, b)| a != b) {
            edges.entry((a.clone(), b.clone())).or_default().add(episode);
        }
    }
    let edges = edges.into_iter().map(|((from, to), counts)| Edge { from, to, counts });
    most(edges, |e| &e.counts)
}

/// Where things happened, most episodes first. Places whose position is not known are left out.
pub fn scenes(episodes: &[Outline]) -> Vec<Scene> {
    let mut scenes: BTreeMap<(&str, [u64; 2]), Scene> = BTreeMap::new();
    for episode in episodes {
        let (Some(place), Some(lat), Some(lon)) = (&episode.place, episode.lat, episode.lon) else {
            continue;
        };
        let scene =
            scenes.entry((place, [lat.to_bits(), lon.to_bits()])).or_insert_with(|| Scene {
                place: place.clone(),
                country: episode.place_country.clone(),
                lat,
                lon,
                counts: Counts::default(),
            });
        scene.counts.add(episode);
    }
    most(scenes.into_values(), |s| &s.counts)
}

fn most<T>(rows: impl Iterator<Item = T>, counts: fn(&T) -> &Counts) -> Vec<T> {
    let mut rows: Vec<T> = rows.collect();
    rows.sort_by_key(|row| std::cmp::Reverse(counts(row).episodes));
    rows
}

fn codes(parties: &[Party], level: Level) -> Vec<String> {
    let code = |p: &Party| match level {
        Level::Actor => Some(p.code.clone()),
        // Without a country the first word of the code is an organisation or a sector.
        Level::Country => p.country.clone().or_else(|| p.code.split(' ').next().map(str::to_owned)),
    };
    let mut codes: Vec<String> =
        parties.iter().filter_map(code).filter(|c| !c.is_empty()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}
