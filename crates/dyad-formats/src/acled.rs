//! A table in ACLED's columns: a row for each episode of violence, protest or what goes with them.

use crate::book::{Book, Extent, Told, extent};
use crate::codes::{Codes, number};
use crate::{ExportError, Exported};
use dyad_record::archive::{Episode, Party};
use dyad_record::{Casualty, EventType, Sector};
use jiff::civil::Date;
use std::io::Write;

const HEADER: [&str; 31] = [
    "event_id_cnty",
    "event_date",
    "year",
    "time_precision",
    "disorder_type",
    "event_type",
    "sub_event_type",
    "actor1",
    "assoc_actor_1",
    "inter1",
    "actor2",
    "assoc_actor_2",
    "inter2",
    "interaction",
    "civilian_targeting",
    "iso",
    "region",
    "country",
    "admin1",
    "admin2",
    "admin3",
    "location",
    "latitude",
    "longitude",
    "geo_precision",
    "source",
    "source_scale",
    "notes",
    "fatalities",
    "tags",
    "timestamp",
];

pub(crate) fn write(book: &mut Book<'_>, out: &mut dyn Write) -> Result<Exported, ExportError> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(HEADER)?;
    for episode in std::mem::take(&mut book.episodes) {
        let mut tellings = Vec::new();
        for telling in &episode.tellings {
            tellings.extend(book.told(&telling.report, &telling.event)?);
        }
        let Some(lead) = tellings.first() else { continue };
        let Some(kind) = kind(lead, &episode, &book.codes) else {
            book.done.other_kinds += 1;
            continue;
        };
        let own = episode.from.as_deref().and_then(|d| d.parse().ok());
        let Some(day) = own.or_else(|| tellings.iter().find_map(Told::day)) else {
            book.done.no_day += 1;
            continue;
        };
        table.write_record(cells(&book.codes, &episode, &tellings, kind, day))?;
        book.done.rows += 1;
    }
    table.flush()?;
    Ok(book.done)
}

/// Disorder, event and sub-event type.
type Kind = (&'static str, &'static str, &'static str);

fn kind(told: &Told, episode: &Episode, codes: &Codes) -> Option<Kind> {
    let mode = told.event().mode.as_deref().unwrap_or("");
    let armed = |parties: &[Party]| parties.iter().any(|p| is_armed(p, codes));
    const VIOLENCE: &str = "Political violence";
    const REMOTE: &str = "Explosions/Remote violence";
    const CIVILIANS: &str = "Violence against civilians";
    const STRATEGIC: &str = "Strategic developments";
    Some(match (episode.kind, mode) {
        (EventType::Protest, "riot" | "vandalize") => (VIOLENCE, "Riots", "Violent demonstration"),
        (EventType::Protest, _) => ("Demonstrations", "Protests", "Peaceful protest"),
        (EventType::Assault, "aerial" | "drone") => (VIOLENCE, REMOTE, "Air/drone strike"),
        (EventType::Assault, "heavy-weapons") => {
            (VIOLENCE, REMOTE, "Shelling/artillery/missile attack")
        }
        (EventType::Assault, "suicide-attack") => (VIOLENCE, REMOTE, "Suicide bomb"),
        (EventType::Assault, "explosives") => (VIOLENCE, REMOTE, "Remote explosive/landmine/IED"),
        (EventType::Assault, "unconventional") => (VIOLENCE, REMOTE, "Chemical weapon"),
        (EventType::Assault, "abduct") => (VIOLENCE, CIVILIANS, "Abduction/forced disappearance"),
        (EventType::Assault, "sexual") => (VIOLENCE, CIVILIANS, "Sexual violence"),
        (EventType::Assault, "crowd-control") => {
            ("Demonstrations", "Protests", "Excessive force against protesters")
        }
        (EventType::Assault, _) if armed(&episode.actors) && armed(&episode.recipients) => {
            (VIOLENCE, "Battles", "Armed clash")
        }
        (EventType::Assault, _) => (VIOLENCE, CIVILIANS, "Attack"),
        (EventType::Coerce, "arrest") => (STRATEGIC, STRATEGIC, "Arrests"),
        (EventType::Coerce, "seize") => (STRATEGIC, STRATEGIC, "Looting/property destruction"),
        (EventType::Mobilize, _) => (STRATEGIC, STRATEGIC, "Change to group/activity"),
        (EventType::Retreat, "withdraw") => {
            (STRATEGIC, STRATEGIC, "Non-violent transfer of territory")
        }
        (EventType::Agree, _) | (EventType::Retreat, "ceasefire") => {
            (STRATEGIC, STRATEGIC, "Agreement")
        }
        _ => return None,
    })
}

fn is_armed(party: &Party, codes: &Codes) -> bool {
    let side = codes.side(party);
    let bearing = [Sector::Mil, Sector::Reb, Sector::Cop, Sector::Sep, Sector::Gov];
    let state = side.sectors.is_empty() && side.country.is_some();
    state || side.sectors.iter().any(|s| bearing.contains(s))
}

/// Who a side is, in ACLED's words.
fn inter(party: Option<&Party>, codes: &Codes, kind: &str) -> &'static str {
    let Some(party) = party else { return "" };
    let side = codes.side(party);
    match side.sectors.first() {
        Some(Sector::Gov | Sector::Mil | Sector::Cop | Sector::Spy) => "State forces",
        Some(Sector::Reb | Sector::Sep) => "Rebel group",
        Some(Sector::Opp | Sector::Cvl | Sector::Edu) if kind == "Protests" => "Protesters",
        Some(Sector::Opp | Sector::Cvl | Sector::Edu) if kind == "Riots" => "Rioters",
        Some(Sector::Cvl | Sector::Med | Sector::Edu | Sector::Bus) => "Civilians",
        Some(Sector::Opp) => "Political militia",
        Some(_) => "External/Other forces",
        None if side.country.is_some() => "State forces",
        None => "",
    }
}

fn cells(
    codes: &Codes,
    episode: &Episode,
    tellings: &[Told],
    (disorder, kind, sub): Kind,
    day: Date,
) -> Vec<String> {
    let side = |parties: &[Party]| -> [String; 3] {
        let first = parties.first();
        let others: Vec<&str> = parties.iter().skip(1).map(|p| p.name.as_str()).collect();
        let name = first.map(|p| p.name.clone()).unwrap_or_default();
        [name, others.join("; "), inter(first, codes, kind).to_owned()]
    };
    let (mut actors, mut recipients) = (episode.actors.clone(), episode.recipients.clone());
    if episode.mutual && recipients.is_empty() && actors.len() > 1 {
        recipients = actors.split_off(1);
    }
    let ([actor1, with1, inter1], [actor2, with2, inter2]) = (side(&actors), side(&recipients));
    let interaction = match (inter1.as_str(), inter2.as_str()) {
        ("", _) => String::new(),
        (one, "") => format!("{one} only"),
        (one, two) => format!("{one}-{two}"),
    };
    let place = tellings.iter().find_map(Told::place);
    let scene = place.and_then(|p| p.country.as_deref()).and_then(|c| codes.country(c));
    let iso = scene.and_then(|c| c.numeric.parse::<u16>().ok());
    let precision = place.map(|p| match extent(p, codes) {
        Extent::City => "1",
        Extent::Province => "2",
        Extent::Country => "3",
    });
    let degree = |d: Option<f64>| d.map(|d| d.to_string()).unwrap_or_default();
    let last = episode.to.as_deref().and_then(|d| d.parse::<Date>().ok());
    let days = last.and_then(|last| day.until(last).ok()).map(|span| span.get_days());
    // To the day, to the week, or vaguer; a day of publication is no better than a week.
    let precise = match days {
        Some(0) => "1",
        Some(1..=7) | None => "2",
        Some(_) => "3",
    };
    let prefix = scene.map_or("XXX", |c| &c.code);
    let published = tellings.iter().filter_map(|t| t.record.report.published.as_deref()).max();
    let added = published.and_then(|d| d.parse::<Date>().ok()).unwrap_or(day);
    let seconds = added.to_zoned(jiff::tz::TimeZone::UTC).map(|z| z.timestamp().as_second());
    let notes = episode.tellings.first().map(|t| t.text.clone()).unwrap_or_default();
    let status = match episode.deed {
        true => String::new(),
        false => format!("status={}", episode.status.as_str()),
    };
    vec![
        format!("{prefix}{}", number(&[&episode.id]) % 100_000_000),
        day.to_string(),
        day.year().to_string(),
        precise.to_owned(),
        disorder.to_owned(),
        kind.to_owned(),
        sub.to_owned(),
        actor1,
        with1,
        inter1.clone(),
        actor2,
        with2,
        inter2.clone(),
        interaction,
        match inter2.as_str() {
            "Civilians" | "Protesters" => "Civilian targeting".to_owned(),
            _ => String::new(),
        },
        iso.map(|n| n.to_string()).unwrap_or_default(),
        String::new(),
        scene.map(|c| c.name.to_string()).unwrap_or_default(),
        place.and_then(|p| p.admin1.clone()).unwrap_or_default(),
        String::new(),
        String::new(),
        place.map(|p| p.name.clone()).unwrap_or_default(),
        degree(place.and_then(|p| p.lat)),
        degree(place.and_then(|p| p.lon)),
        precision.unwrap_or_default().to_owned(),
        episode.outlets.join("; "),
        String::new(),
        notes,
        fatalities(tellings).map(|n| n.to_string()).unwrap_or_default(),
        status,
        seconds.map(|s| s.to_string()).unwrap_or_default(),
    ]
}

/// The lowest number of dead that any telling gives, as ACLED takes it; none where none does.
fn fatalities(tellings: &[Told]) -> Option<u64> {
    let counts = tellings.iter().filter_map(|told| {
        let id = &told.event().id;
        let figures = told.record.figures.iter();
        let dead = figures
            .filter(|f| f.casualty == Some(Casualty::Killed) && f.about.as_ref() == Some(id));
        dead.filter_map(|f| f.low.or(f.value)).reduce(f64::max)
    });
    counts.reduce(f64::min).filter(|n| *n >= 0.0).map(|n| n as u64)
}
