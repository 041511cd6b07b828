//! GDELT 2.0: events and mentions.

use crate::book::{Book, Extent, Told, extent, pairs};
use crate::codes::{Codes, Side, number, quad_class};
use crate::foreign::checked;
use crate::{ExportError, Exported, codes, row, tabs};
use dyad_record::archive::{Episode, Party};
use dyad_record::foreign::{Coder, Foreign};
use jiff::civil::Date;
use std::io::Write;

pub(crate) const EVENT_COLUMNS: usize = 61;
pub(crate) const MENTION_COLUMNS: usize = 16;

/// An episode as a row: its first telling that can be dated stands for all.
fn lead(book: &mut Book<'_>, episode: &Episode) -> Result<Option<(Told, Date)>, ExportError> {
    for telling in &episode.tellings {
        let Some(told) = book.told(&telling.report, &telling.event)? else { continue };
        let own = episode.from.as_deref().and_then(|d| d.parse().ok());
        if let Some(day) = own.or_else(|| told.day()) {
            return Ok(Some((told, day)));
        }
    }
    Ok(None)
}

/// The id of a row, the same in both tables.
fn id(episode: &Episode, (a, b): (Option<&Party>, Option<&Party>)) -> String {
    let name = |p: Option<&Party>| p.map_or("", |p| p.name.as_str()).to_owned();
    number(&[&episode.id, &name(a), &name(b)]).to_string()
}

pub(crate) fn events(book: &mut Book<'_>, out: &mut dyn Write) -> Result<Exported, ExportError> {
    let mut table = tabs(out);
    for episode in std::mem::take(&mut book.episodes) {
        let Some((told, day)) = lead(book, &episode)? else {
            book.done.no_day += 1;
            continue;
        };
        for pair in pairs(&episode.actors, &episode.recipients, episode.mutual) {
            let cells = event_row(&book.codes, &episode, &told, day, pair);
            row(&mut table, &cells)?;
            book.done.rows += 1;
        }
    }
    table.flush()?;
    Ok(book.done)
}

fn event_row(
    codes: &Codes,
    episode: &Episode,
    told: &Told,
    day: Date,
    pair: (Option<&Party>, Option<&Party>),
) -> Vec<String> {
    let event = told.event();
    let mut cells = vec![
        id(episode, pair),
        day.strftime("%Y%m%d").to_string(),
        day.strftime("%Y%m").to_string(),
        day.year().to_string(),
        fraction(day),
    ];
    for party in [pair.0, pair.1] {
        cells.extend(actor(codes, party));
    }
    // A telling before the first blank line stands in the lead.
    let text = &told.record.report.text;
    let opening = text.trim_start().find("\n\n").map_or(text.len(), |cut| cut);
    let opening = text[..opening.min(text.len())].chars().count() as u32;
    let cameo = event.cameo.as_str();
    cells.extend([
        u8::from(event.trigger.start < opening).to_string(),
        cameo.to_owned(),
        cameo.get(..3).unwrap_or(cameo).to_owned(),
        cameo.get(..2).unwrap_or(cameo).to_owned(),
        quad_class(cameo).map(|q| q.to_string()).unwrap_or_default(),
        event.goldstein.to_string(),
        episode.tellings.len().to_string(),
        episode.outlets.len().max(1).to_string(),
        episode.reports.to_string(),
        // No measure of tone is taken.
        String::new(),
    ]);
    // Where the two sides are is not told: only where the act was.
    cells.extend(std::iter::repeat_n(String::new(), 16));
    cells.extend(geography(codes, told));
    let added = told.record.report.published.as_deref().and_then(|d| d.parse().ok());
    cells.push(added.unwrap_or(day).strftime("%Y%m%d000000").to_string());
    cells.push(told.source().to_owned());
    cells
}

/// As GDELT counts it: months of thirty days.
fn fraction(day: Date) -> String {
    let days = (i32::from(day.month()) - 1) * 30 + i32::from(day.day()).min(30);
    format!("{:.4}", f64::from(day.year()) + f64::from(days) / 365.0)
}

fn actor(codes: &Codes, party: Option<&Party>) -> Vec<String> {
    let Some(party) = party else { return vec![String::new(); 10] };
    let side: Side<'_> = codes.side(party);
    vec![
        side.cameo(),
        party.name.to_uppercase(),
        side.cameo_country().to_owned(),
        side.group.clone().unwrap_or_default(),
        String::new(),
        String::new(),
        String::new(),
        side.sector(0).to_owned(),
        side.sector(1).to_owned(),
        side.sector(2).to_owned(),
    ]
}

/// Type, full name, country, first and second division, latitude, longitude, feature.
fn geography(codes: &Codes, told: &Told) -> Vec<String> {
    let Some(place) = told.place() else {
        let mut blank = vec![String::new(); 8];
        blank[0] = "0".to_owned();
        return blank;
    };
    let country = place.country.as_deref().and_then(|c| codes.country(c));
    let american = country.is_some_and(|c| c.code == "USA");
    let kind = match (extent(place, codes), american) {
        (Extent::Country, _) => "1",
        (Extent::Province, true) => "2",
        (Extent::City, true) => "3",
        (Extent::City, false) => "4",
        (Extent::Province, false) => "5",
    };
    let mut name = vec![place.name.as_str()];
    name.extend(place.admin1.as_deref().filter(|a| *a != place.name));
    name.extend(country.map(|c| c.name.as_str()).filter(|c| *c != place.name));
    let degree = |d: Option<f64>| d.map(|d| d.to_string()).unwrap_or_default();
    vec![
        kind.to_owned(),
        name.join(", "),
        country.map(|c| c.fips.to_string()).unwrap_or_default(),
        String::new(),
        String::new(),
        degree(place.lat),
        degree(place.lon),
        place.gazetteer_id.clone().unwrap_or_default(),
    ]
}

pub(crate) fn mentions(book: &mut Book<'_>, out: &mut dyn Write) -> Result<Exported, ExportError> {
    let mut table = tabs(out);
    for episode in std::mem::take(&mut book.episodes) {
        let Some((_, day)) = lead(book, &episode)? else {
            book.done.no_day += 1;
            continue;
        };
        let time = |day: Date| day.strftime("%Y%m%d000000").to_string();
        for telling in &episode.tellings {
            let Some(told) = book.told(&telling.report, &telling.event)? else { continue };
            let (report, event) = (&told.record.report, told.event());
            let published = report.published.as_deref().and_then(|d| d.parse().ok());
            let at = |name: &str| {
                let actors = told.actors(&event.actors).chain(told.actors(&event.recipients));
                let actor = actors.into_iter().find(|a| a.name == name);
                let found = actor.and_then(|a| told.mention(a));
                found.map_or("-1".to_owned(), |(start, _)| start.to_string())
            };
            for pair in pairs(&episode.actors, &episode.recipients, episode.mutual) {
                let offset = |p: Option<&Party>| p.map_or("-1".to_owned(), |p| at(&p.name));
                let cells = [
                    id(&episode, pair),
                    time(day),
                    time(published.unwrap_or(day)),
                    // A page of the web, or a citation alone.
                    if report.url.is_some() { "1" } else { "2" }.to_owned(),
                    report.outlet.clone().unwrap_or_default(),
                    told.source().to_owned(),
                    told.sentence(event.trigger.start).to_string(),
                    offset(pair.0),
                    offset(pair.1),
                    event.trigger.start.to_string(),
                    "1".to_owned(),
                    format!("{:.0}", 100.0 * event.confidence),
                    report.text.chars().count().to_string(),
                    String::new(),
                    String::new(),
                    String::new(),
                ];
                row(&mut table, &cells)?;
                book.done.rows += 1;
            }
        }
    }
    table.flush()?;
    Ok(book.done)
}

/// A row of the events as another's coding.
pub(crate) fn foreign(cells: &[&str], codes: &Codes) -> Result<Foreign, String> {
    let cell = |i: usize| cells.get(i).copied().unwrap_or("").trim();
    let day = cell(1);
    let date = match (day.get(..4), day.get(4..6), day.get(6..8)) {
        (Some(y), Some(m), Some(d)) => format!("{y}-{m}-{d}"),
        _ => return Err(format!("`{day}` in column 2 is no day; write it as 20220131")),
    };
    let class = cell(29).parse::<u8>().ok().or_else(|| quad_class(cell(26)));
    let quad = class.and_then(codes::quad);
    let quad = quad.ok_or_else(|| {
        format!("`{}` in column 27 is no CAMEO code and column 30 no quad class", cell(26))
    })?;
    checked(Foreign {
        coder: Coder::Gdelt,
        id: cell(0).to_owned(),
        date,
        actors: codes.iso_of_cameo(cell(7)).into_iter().collect(),
        recipients: codes.iso_of_cameo(cell(17)).into_iter().collect(),
        quad,
        code: cell(26).to_owned(),
        goldstein: cell(30).parse().ok(),
        country: codes.iso_of_fips(cell(53)),
        place: cell(52).to_owned(),
        url: cell(60).to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fraction_counts_months_of_thirty_days() {
        assert_eq!(fraction(jiff::civil::date(2022, 1, 1)), "2022.0027");
        assert_eq!(fraction(jiff::civil::date(2022, 12, 31)), "2022.9863");
    }
}
