//! Episodes counted across: who acts on whom, and where.

use dyad_archive::{Acts, Happenings};
use dyad_record::Quad;
use dyad_record::archive::Party;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::HashMap;

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
    fn add(&mut self, quad: Quad, deed: bool, goldstein: f32) {
        self.episodes += 1;
        if deed {
            self.deeds += 1;
            self.goldstein += goldstein;
        }
        *match quad {
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
pub fn network(acts: &Acts, level: Level) -> Vec<Edge> {
    // Codes are numbered in their order.
    let mut codes: Vec<&str> = acts.parties.iter().filter_map(|p| code(p, level)).collect();
    codes.sort_unstable();
    codes.dedup();
    let number = |party: &Party| code(party, level).and_then(|c| codes.binary_search(&c).ok());
    let numbers: Vec<Option<usize>> = acts.parties.iter().map(number).collect();
    let of = |parties: &[u32]| {
        let mut found: Vec<usize> =
            parties.iter().filter_map(|party| numbers[*party as usize]).collect();
        found.sort_unstable();
        found.dedup();
        found
    };
    let mut edges: HashMap<(usize, usize), Counts> = HashMap::new();
    for act in &acts.all {
        let (from, to) = (of(acts.actors(act)), of(acts.recipients(act)));
        let acted = from.iter().flat_map(|a| to.iter().map(move |b| (*a, *b)));
        let joint =
            from.iter().enumerate().flat_map(|(i, a)| from[i + 1..].iter().map(move |b| (*a, *b)));
        for edge in acted.chain(joint.filter(|_| act.mutual)).filter(|(a, b)| a != b) {
            edges.entry(edge).or_default().add(act.quad, act.deed, act.goldstein);
        }
    }
    let mut edges: Vec<_> = edges.into_iter().collect();
    edges.sort_unstable_by_key(|(edge, _)| *edge);
    let edges = edges.into_iter().map(|((from, to), counts)| Edge {
        from: codes[from].to_owned(),
        to: codes[to].to_owned(),
        counts,
    });
    most(edges, |e| &e.counts)
}

/// Where things happened, most episodes first. Places whose position is not known are left out.
pub fn scenes(happenings: Happenings) -> Vec<Scene> {
    let scene = |spot: dyad_archive::Spot| Scene {
        place: spot.place,
        country: spot.country,
        lat: spot.lat,
        lon: spot.lon,
        counts: Counts::default(),
    };
    let mut scenes: Vec<Scene> = happenings.spots.into_iter().map(scene).collect();
    for one in &happenings.all {
        if let Some(spot) = one.spot {
            scenes[spot as usize].counts.add(one.quad, one.deed, one.goldstein);
        }
    }
    let at = |s: &Scene| (s.lat.to_bits(), s.lon.to_bits());
    scenes.sort_by(|a, b| a.place.cmp(&b.place).then_with(|| at(a).cmp(&at(b))));
    most(scenes.into_iter(), |s| &s.counts)
}

fn most<T>(rows: impl Iterator<Item = T>, counts: fn(&T) -> &Counts) -> Vec<T> {
    let mut rows: Vec<T> = rows.collect();
    rows.sort_by_key(|row| std::cmp::Reverse(counts(row).episodes));
    rows
}

fn code(party: &Party, level: Level) -> Option<&str> {
    let code = match level {
        Level::Actor => Some(party.code.as_str()),
        // Without a country the first word of the code is an organisation or a sector.
        Level::Country => party.country.as_deref().or_else(|| party.code.split(' ').next()),
    };
    code.filter(|code| !code.is_empty())
}
