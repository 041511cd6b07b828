//! Happenings, not reprints: the events of many reports joined into episodes, with who tells
//! each and where they disagree. Pure: records in, episodes out.

use crate::dispute;
use crate::memory::join;
use crate::mention::{Mention, date};
use crate::names::Key;
use crate::told::{Rest, Told, told};
use crate::voice::{Sketch, voices};
use dyad_record::archive::{Episode, Party, Telling};
use dyad_record::{Record, Status};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The episodes of some reports, earliest first, days unknown last; the same for every order in
/// which the reports come.
pub fn episodes(records: &[Record]) -> Vec<Episode> {
    let mut records: Vec<&Record> = records.iter().collect();
    records.sort_by_key(|r| (r.report.published.is_none(), &r.report.published, &r.report.id));
    let sketches: Vec<Sketch> = records.iter().map(|r| Sketch::of(r)).collect();
    let voices = voices(&sketches);
    let voiced = |(record, voice): (&&Record, u32)| -> Vec<Voiced> {
        told(record).into_iter().map(|told| Voiced { told, voice }).collect()
    };
    let all: Vec<Voiced> = records.iter().zip(voices).flat_map(voiced).collect();
    let mentions: Vec<Arc<Mention>> = all.iter().map(|t| t.told.mention.clone()).collect();
    let mut episodes: Vec<Episode> = join(&mentions)
        .into_iter()
        .map(|members| make(&members.into_iter().map(|i| &all[i]).collect::<Vec<_>>()))
        .collect();
    episodes.sort_by(|a, b| {
        let key = |e: &Episode| (e.from.is_none(), e.from.clone(), e.id.clone());
        key(a).cmp(&key(b))
    });
    episodes
}

/// A telling and the number of the voice that tells it.
pub(crate) struct Voiced {
    pub told: Told,
    pub voice: u32,
}

/// The episode of some tellings, which come in the order of their reports' publication.
pub(crate) fn make(all: &[&Voiced]) -> Episode {
    let support = Support::of(all);
    // The telling that knows most stands for the episode; ties go to the earliest.
    let best = all
        .iter()
        .map(|t| &t.told)
        .min_by_key(|t| {
            let sides = usize::from(!t.mention.actors.is_empty())
                + usize::from(!t.mention.recipients.is_empty() || t.mention.mutual);
            let sure = (t.rest.confidence * 1000.0) as i64;
            let known = std::cmp::Reverse((sides, support.borne_out(&t.mention), sure));
            (t.rest.damaged, rank(t.mention.status), known)
        })
        .expect("an episode has a telling");
    let told = || all.iter().map(|t| &t.told);
    let status = told().map(|t| t.mention.status).min_by_key(|s| rank(*s));
    let status = status.unwrap_or(best.mention.status);
    let days = told()
        .filter_map(|t| t.mention.days.map(|d| (t.rest.stated, d)))
        .min_by_key(|(stated, d)| (!stated, d.width(), d.from))
        .map(|(_, days)| days);
    let scene = std::iter::once(best).chain(told()).find(|t| t.rest.telling.place.is_some());
    let spot = scene.and_then(|t| t.mention.place.as_ref());
    let (actors, recipients) = whole_sides(best, all);
    let outlets: BTreeSet<&String> =
        told().filter_map(|t| t.rest.telling.outlet.as_ref()).collect();
    let reports: BTreeSet<&str> = told().map(|t| t.mention.report.id.as_ref()).collect();
    let voices: BTreeSet<u32> = all.iter().map(|t| t.voice).collect();
    let telling = |t: &&Voiced| Telling { voice: t.voice, ..t.told.rest.telling.clone() };
    Episode {
        id: id(&all[0].told),
        kind: best.mention.kind,
        quad: best.rest.quad,
        status,
        deed: status.is_deed(),
        actors,
        recipients,
        mutual: best.mention.mutual,
        from: days.map(|d| date(d.from).to_string()),
        to: days.map(|d| date(d.to).to_string()),
        place: scene.and_then(|t| t.rest.telling.place.clone()),
        place_country: spot.and_then(|s| s.country.clone()),
        lat: spot.and_then(|s| s.at).map(|(lat, _)| lat),
        lon: spot.and_then(|s| s.at).map(|(_, lon)| lon),
        goldstein: best.rest.goldstein,
        outlets: outlets.into_iter().cloned().collect(),
        reports: reports.len() as u32,
        voices: voices.len() as u32,
        disagreements: dispute::find(all),
        tellings: all.iter().map(telling).collect(),
    }
}

/// How many tellings name which sides.
struct Support<'t> {
    actors: BTreeMap<&'t [Key], usize>,
    recipients: BTreeMap<&'t [Key], usize>,
}

impl<'t> Support<'t> {
    fn of(all: &[&'t Voiced]) -> Support<'t> {
        let mut support = Support { actors: BTreeMap::new(), recipients: BTreeMap::new() };
        for mention in all.iter().map(|t| &t.told.mention) {
            *support.actors.entry(&mention.actors).or_default() += 1;
            *support.recipients.entry(&mention.recipients).or_default() += 1;
        }
        support
    }

    /// In how many sides the other tellings bear one out.
    fn borne_out(&self, mention: &Mention) -> usize {
        let met = |all: &BTreeMap<&[Key], usize>, keys: &[Key]| -> usize {
            let shares = |other: &[Key]| keys.iter().any(|key| other.contains(key));
            all.iter().filter(|(other, _)| shares(other)).map(|(_, n)| n).sum()
        };
        met(&self.actors, &mention.actors) + met(&self.recipients, &mention.recipients)
    }
}

/// The sides as the best telling has them; a side that it does not tell, from the first that does.
/// Whom another telling so puts on the far side is not on both, unless nobody else were left.
fn whole_sides(best: &Told, all: &[&Voiced]) -> (Vec<Party>, Vec<Party>) {
    let mut actors = best.rest.actors.clone();
    let mut recipients = best.rest.recipients.clone();
    if best.mention.mutual {
        return (actors, recipients);
    }
    let first = |of: fn(&Rest) -> &Vec<Party>| {
        let mut told = all.iter().map(|t| &t.told);
        let knowing = told.find(|t| !t.mention.mutual && !of(&t.rest).is_empty());
        knowing.map(|t| of(&t.rest).clone()).unwrap_or_default()
    };
    let apart = |from: &mut Vec<Party>, filled: &[Party]| {
        let both = |p: &Party| filled.iter().any(|f| f.code == p.code);
        if !from.iter().all(both) {
            from.retain(|p| !both(p));
        }
    };
    if recipients.is_empty() {
        recipients = first(|t| &t.recipients);
        apart(&mut actors, &recipients);
    } else if actors.is_empty() {
        actors = first(|t| &t.actors);
        apart(&mut recipients, &actors);
    }
    (actors, recipients)
}

/// How far an act has come, furthest first.
fn rank(status: Status) -> u8 {
    match status {
        Status::Happened => 0,
        Status::Ongoing => 1,
        Status::Supposed => 2,
        Status::Denied => 3,
        Status::Planned => 4,
        Status::Threatened => 5,
        Status::CalledFor => 6,
        Status::Refused => 7,
    }
}

/// Hexadecimal digits that name an episode: as many as a whole number of SQLite's can hold.
const DIGITS: usize = 15;
/// Of these, digits of a hash.
const HASHED: usize = 11;

/// Hangs on the first telling alone, so that an episode keeps its id while others join it. Its day
/// comes first, so that what is stored by the id is stored beside its time.
fn id(first: &Told) -> String {
    let name = format!("{}/{}", first.mention.report.id, first.rest.telling.event);
    let day = first.mention.published.map_or(0, |day| day.clamp(0, 0x7FFF));
    format!("ep-{day:04x}{}", &blake3::hash(name.as_bytes()).to_hex()[..HASHED])
}

/// An episode's id as the number by which it is stored.
pub(crate) fn number(id: &str) -> Option<i64> {
    let digits = id.strip_prefix("ep-").filter(|digits| digits.len() == DIGITS)?;
    i64::from_str_radix(digits, 16).ok()
}
