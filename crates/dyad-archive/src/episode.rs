//! Happenings, not reprints: the events of many reports joined into episodes, with who tells
//! each and where they disagree. Pure: records in, episodes out.

use crate::dispute::{self, Told};
use crate::join::{Days, Mention, NAME, Spot, join};
use crate::quote::{Quotes, beginnings};
use crate::story::stories;
use crate::voice::{Sketch, voices};
use dyad_record::archive::{Episode, Party, Telling};
use dyad_record::{Actor, ActorKind, CharSpan, Event, Figure, Record, Sector, Status, TimeBasis};
use jiff::civil::Date;
use jiff::{Span, ToSpan};
use std::collections::{BTreeMap, BTreeSet};

/// The episodes of some reports, earliest first, days unknown last.
pub fn episodes(records: &[Record]) -> Vec<Episode> {
    let sketches: Vec<Sketch> = records.iter().map(Sketch::of).collect();
    let voices = voices(&sketches);
    let stories = stories(&records.iter().map(|r| &r.report).collect::<Vec<_>>());
    let mut told = Vec::new();
    for (i, (record, &voice)) in records.iter().zip(&voices).enumerate() {
        let quotes = Quotes::new(&record.report.text);
        let about = About { report: i, voice, story: stories[i], countries: countries(record) };
        let events = record.events.iter();
        told.extend(events.map(|event| tell(record, &about, &quotes, event)));
    }
    let mentions: Vec<Mention> = told.iter().map(|t| t.mention.clone()).collect();
    let mut episodes: Vec<Episode> = join(&mentions)
        .into_iter()
        .map(|members| make(members.into_iter().map(|i| &told[i]).collect()))
        .collect();
    episodes.sort_by(|a, b| {
        let key = |e: &Episode| (e.from.is_none(), e.from.clone(), e.to.clone(), e.id.clone());
        key(a).cmp(&key(b))
    });
    episodes
}

/// What holds for every act of a report.
struct About {
    report: usize,
    voice: u32,
    story: u32,
    countries: Vec<String>,
}

fn tell<'r>(record: &'r Record, about: &About, quotes: &Quotes<'r>, event: &'r Event) -> Told<'r> {
    let published = record.report.published.as_deref().and_then(|d| d.parse().ok());
    let keys = |ids: &[String]| {
        let actors = ids.iter().filter_map(|id| actor(record, id));
        sorted_keys(actors.flat_map(party_keys))
    };
    let text = quotes.join(&event.evidence);
    let words: BTreeSet<String> = beginnings(&text).collect();
    let (before, after) = quotes.sentence(event.trigger.start, event.trigger.end);
    let mut context = words.clone();
    context.extend(beginnings(before).chain(beginnings(after)));
    let length = |s: &str| s.chars().count() as u32;
    let from = event.trigger.start.saturating_sub(length(before));
    let to = event.trigger.end.saturating_add(length(after));
    let here = |a: &&Actor| a.mentions.iter().any(|m| from <= m.start && m.end <= to);
    let scene = sorted_keys(record.actors.iter().filter(here).flat_map(party_keys));
    let mut people = event.recipients.iter().filter_map(|id| actor(record, id));
    Told {
        mention: Mention {
            report: about.report,
            kind: event.kind,
            mode: event.mode.clone(),
            status: event.status,
            actors: keys(&event.actors),
            recipients: keys(&event.recipients),
            scene,
            story: about.story,
            countries: about.countries.clone(),
            faceless: people.any(faceless),
            mutual: event.mutual,
            days: days(event, published),
            place: spot(record, event),
            words: words.into_iter().collect(),
            context: context.into_iter().collect(),
        },
        record,
        event,
        voice: about.voice,
        figures: figures(record, event).collect(),
        text,
    }
}

/// The days on which it may have been. An act without a stated time was told on the day of
/// publication, of something up to two days old.
fn days(event: &Event, published: Option<Date>) -> Option<Days> {
    let stated = event.time.as_ref().filter(|t| t.basis != TimeBasis::Published).and_then(|t| {
        let from: Option<Date> = t.from.as_deref().and_then(|d| d.parse().ok());
        let to: Option<Date> = t.to.as_deref().and_then(|d| d.parse().ok());
        let (from, to) = (from.or(to)?, to.or(from)?);
        (from <= to).then_some(Days { from, to })
    });
    let before: Span = 2.days();
    stated.or_else(|| published.map(|to| Days { from: to.saturating_sub(before), to }))
}

fn spot(record: &Record, event: &Event) -> Option<Spot> {
    let id = event.place.as_ref()?;
    let place = record.places.iter().find(|p| p.id == *id)?;
    // A country's own entry has no first-order division and its name is no town's.
    let whole_country = place.admin1.is_none()
        && record.actors.iter().any(|a| {
            a.kind == ActorKind::State && a.country == place.country && a.name == place.name
        });
    Some(Spot {
        key: place.gazetteer_id.clone().unwrap_or_else(|| place.name.to_lowercase()),
        country: place.country.clone(),
        whole_country,
        at: place.lat.zip(place.lon),
    })
}

/// The figures said of an event: linked to it, or standing in its evidence and linked to nothing.
fn figures<'r>(record: &'r Record, event: &'r Event) -> impl Iterator<Item = &'r Figure> {
    let inside = |f: &Figure| event.evidence.iter().any(|s| s.start <= f.start && f.end <= s.end);
    record.figures.iter().filter(move |f| match &f.about {
        Some(about) => *about == event.id,
        None => inside(f),
    })
}

fn sorted_keys(keys: impl Iterator<Item = String>) -> Vec<String> {
    keys.collect::<BTreeSet<_>>().into_iter().collect()
}

/// The countries that a report is about: those that it names most.
fn countries(record: &Record) -> Vec<String> {
    const MOST: usize = 4;
    let mut named: BTreeMap<&str, usize> = BTreeMap::new();
    for actor in &record.actors {
        if let Some(country) = &actor.country {
            *named.entry(country).or_default() += actor.mentions.len();
        }
    }
    let mut countries: Vec<(&str, usize)> = named.into_iter().collect();
    countries.sort_by_key(|&(country, times)| (std::cmp::Reverse(times), country));
    sorted_keys(countries.into_iter().take(MOST).map(|(country, _)| country.to_owned()))
}

/// What one side goes by across reports. A state is its country, and so are its government, its
/// army and those who speak for it; rebels and separatists are not the state they live in. Who
/// has no country goes by code and by name, since not every report tells the code.
fn party_keys(actor: &Actor) -> Vec<String> {
    if let Some(country) = &actor.country {
        return vec![match actor.sector {
            Sector::Reb | Sector::Sep | Sector::Opp => format!("{country} {}", actor.sector),
            _ => country.clone(),
        }];
    }
    if faceless(actor) {
        return Vec::new();
    }
    let name = actor.name.to_lowercase();
    let name = name.strip_prefix("the ").unwrap_or(&name);
    actor.organisation.iter().cloned().chain([format!("{NAME}{name}")]).collect()
}

/// "Two people", "civilians", "member states": nobody whom another report could name alike.
fn faceless(actor: &Actor) -> bool {
    actor.country.is_none()
        && actor.organisation.is_none()
        && actor.kind != ActorKind::Person
        && !actor.name.chars().any(char::is_uppercase)
}

pub(crate) fn actor<'r>(record: &'r Record, id: &str) -> Option<&'r Actor> {
    record.actors.iter().find(|a| a.id == id)
}

pub(crate) fn parties(record: &Record, ids: &[String]) -> Vec<Party> {
    let parties = ids.iter().filter_map(|id| actor(record, id));
    parties
        .map(|a| Party { name: a.name.clone(), country: a.country.clone(), code: a.code.clone() })
        .collect()
}

fn make(told: Vec<&Told<'_>>) -> Episode {
    // The telling that knows most stands for the episode; ties go to the earliest.
    let best = told
        .iter()
        .min_by_key(|t| {
            let sides = usize::from(!t.mention.actors.is_empty())
                + usize::from(!t.mention.recipients.is_empty() || t.mention.mutual);
            let sure = (t.event.confidence * 1000.0) as i64;
            let known = std::cmp::Reverse((sides, support(t, &told), sure));
            (t.event.damaged, rank(t.event.status), known)
        })
        .expect("an episode has a telling");
    let status = told.iter().map(|t| t.event.status).min_by_key(|s| rank(*s));
    let status = status.unwrap_or(best.event.status);
    let days = told
        .iter()
        .filter_map(|t| t.mention.days.map(|d| (stated(t), d)))
        .min_by_key(|(stated, d)| (!stated, d.width(), d.from))
        .map(|(_, days)| days);
    let scene = std::iter::once(best).chain(told.iter()).find(|t| t.place_name().is_some());
    let spot = scene.and_then(|t| t.mention.place.as_ref());
    let (actors, recipients) = whole_sides(best, &told);
    let outlets: BTreeSet<String> =
        told.iter().filter_map(|t| t.record.report.outlet.clone()).collect();
    let reports: BTreeSet<&str> = told.iter().map(|t| t.record.report.id.as_str()).collect();
    let voices: BTreeSet<u32> = told.iter().map(|t| t.voice).collect();
    Episode {
        id: id(&told),
        kind: best.event.kind,
        quad: best.event.quad,
        status,
        deed: status.is_deed(),
        actors,
        recipients,
        mutual: best.event.mutual,
        from: days.map(|d| d.from.to_string()),
        to: days.map(|d| d.to.to_string()),
        place: scene.and_then(|t| t.place_name()),
        place_country: spot.and_then(|s| s.country.clone()),
        lat: spot.and_then(|s| s.at).map(|(lat, _)| lat),
        lon: spot.and_then(|s| s.at).map(|(_, lon)| lon),
        goldstein: best.event.goldstein,
        outlets: outlets.into_iter().collect(),
        reports: reports.len() as u32,
        voices: voices.len() as u32,
        disagreements: dispute::find(&told),
        tellings: told.iter().map(|t| telling(t)).collect(),
    }
}

/// In how many sides the other tellings bear one out.
fn support(told: &Told<'_>, all: &[&Told<'_>]) -> usize {
    let met = |x: &[String], y: &[String]| usize::from(x.iter().any(|key| y.contains(key)));
    let others = all.iter().map(|t| {
        met(&told.mention.actors, &t.mention.actors)
            + met(&told.mention.recipients, &t.mention.recipients)
    });
    others.sum()
}

/// The sides as the best telling has them; a side that it does not tell, from the first that does.
/// Whom another telling so puts on the far side is not on both, unless nobody else were left.
fn whole_sides(best: &Told<'_>, told: &[&Told<'_>]) -> (Vec<Party>, Vec<Party>) {
    let mut actors = parties(best.record, &best.event.actors);
    let mut recipients = parties(best.record, &best.event.recipients);
    if best.event.mutual {
        return (actors, recipients);
    }
    let first = |of: fn(&Event) -> &Vec<String>| {
        let knowing = told.iter().find(|t| !t.event.mutual && !of(t.event).is_empty());
        knowing.map(|t| parties(t.record, of(t.event))).unwrap_or_default()
    };
    let apart = |from: &mut Vec<Party>, filled: &[Party]| {
        let both = |p: &Party| filled.iter().any(|f| f.code == p.code);
        if !from.iter().all(both) {
            from.retain(|p| !both(p));
        }
    };
    if recipients.is_empty() {
        recipients = first(|e| &e.recipients);
        apart(&mut actors, &recipients);
    } else if actors.is_empty() {
        actors = first(|e| &e.actors);
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

fn stated(told: &Told<'_>) -> bool {
    told.event.time.as_ref().is_some_and(|t| t.basis == TimeBasis::Stated && t.from.is_some())
}

/// Hangs on the first telling alone, so that an episode keeps its id while others join it.
fn id(told: &[&Told<'_>]) -> String {
    let first = told[0];
    let name = format!("{}/{}", first.record.report.id, first.event.id);
    format!("ep-{}", &blake3::hash(name.as_bytes()).to_hex()[..12])
}

fn telling(told: &Told<'_>) -> Telling {
    let (report, event) = (&told.record.report, told.event);
    Telling {
        report: report.id.clone(),
        event: event.id.clone(),
        title: report.title.clone(),
        outlet: report.outlet.clone(),
        published: report.published.clone(),
        voice: told.voice,
        status: event.status,
        from: event.time.as_ref().and_then(|t| t.from.clone()),
        to: event.time.as_ref().and_then(|t| t.to.clone()),
        place: told.place_name(),
        evidence: sorted(&event.evidence),
        text: told.text.clone(),
    }
}

fn sorted(spans: &[CharSpan]) -> Vec<CharSpan> {
    let mut spans = spans.to_vec();
    spans.sort_unstable();
    spans
}

/// Report id and event id to episode id.
pub type EpisodeIndex = BTreeMap<(String, String), String>;

pub fn index(episodes: &[Episode]) -> EpisodeIndex {
    let pairs = episodes.iter().flat_map(|episode| {
        episode.tellings.iter().map(|t| ((t.report.clone(), t.event.clone()), episode.id.clone()))
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str, kind: ActorKind, country: Option<&str>, sector: Sector) -> Actor {
        Actor {
            id: "a1".to_owned(),
            name: name.to_owned(),
            kind,
            country: country.map(str::to_owned),
            organisation: None,
            sector,
            code: String::new(),
            role: None,
            mentions: vec![],
        }
    }

    #[test]
    fn a_state_goes_by_its_country_whoever_acts_for_it() {
        let state = named("Norway", ActorKind::State, Some("NOR"), Sector::Gov);
        let ministry =
            named("the defence ministry", ActorKind::Organisation, Some("NOR"), Sector::Mil);
        let minister = named("Kari Lund", ActorKind::Person, Some("NOR"), Sector::Gov);
        let rebels = named("Fjord Front", ActorKind::Group, Some("NOR"), Sector::Reb);
        assert_eq!(party_keys(&state), ["NOR"]);
        assert_eq!(party_keys(&ministry), party_keys(&state));
        assert_eq!(party_keys(&minister), party_keys(&state));
        assert_eq!(party_keys(&rebels), ["NOR REB"]);
    }

    #[test]
    fn an_organisation_goes_by_code_and_name_and_nameless_people_by_nothing() {
        let body = |name: &str, code: Option<&str>| Actor {
            organisation: code.map(str::to_owned),
            ..named(name, ActorKind::Organisation, None, Sector::Igo)
        };
        assert_eq!(party_keys(&body("The Polar Council", None)), ["~polar council"]);
        assert_eq!(party_keys(&body("Polar Council", Some("POC"))), ["POC", "~polar council"]);
        let people = named("two fishermen", ActorKind::Group, None, Sector::Cvl);
        assert!(party_keys(&people).is_empty());
    }
}
