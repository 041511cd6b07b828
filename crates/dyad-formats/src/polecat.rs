//! POLECAT: a row for each telling, with several actors in one cell.

use crate::book::{Book, Extent, Told, extent};
use crate::codes::{Codes, quad_of_words};
use crate::foreign::checked;
use crate::icews::whereabouts;
use crate::{ExportError, Exported, row, tabs};
use dyad_record::foreign::{Coder, Foreign};
use dyad_record::{Actor, ActorKind, Quad, Sector};
use jiff::civil::Date;
use std::io::Write;

pub(crate) const HEADER: [&str; 40] = [
    "Event ID",
    "Event Date",
    "Event Type",
    "Event Mode",
    "Intensity",
    "Quad Code",
    "Contexts",
    "Actor Name",
    "Actor Country",
    "Actor COW",
    "Primary Actor Sector",
    "Actor Sectors",
    "Actor Title",
    "Actor Name Raw",
    "Wikipedia Actor ID",
    "Recipient Name",
    "Recipient Country",
    "Recipient COW",
    "Primary Recipient Sector",
    "Recipient Sectors",
    "Recipient Title",
    "Recipient Name Raw",
    "Wikipedia Recipient ID",
    "Placename",
    "City",
    "District",
    "Province",
    "Country",
    "Latitude",
    "Longitude",
    "GeoNames ID",
    "Raw Placename",
    "Feature Type",
    "Source",
    "Publication Date",
    "Story People",
    "Story Organizations",
    "Story Locations",
    "Language",
    "Version",
];

/// What stands where nothing is known.
const NONE: &str = "None";

pub(crate) fn write(book: &mut Book<'_>, out: &mut dyn Write) -> Result<Exported, ExportError> {
    let mut table = tabs(out);
    row(&mut table, &HEADER)?;
    for event in std::mem::take(&mut book.events) {
        let Some((told, day)) = book.dated(&event)? else { continue };
        let mut cells = cells(&book.codes, &told, day);
        for cell in cells.iter_mut().filter(|c| c.is_empty()) {
            NONE.clone_into(cell);
        }
        row(&mut table, &cells)?;
        book.done.rows += 1;
    }
    table.flush()?;
    Ok(book.done)
}

fn cells(codes: &Codes, told: &Told, day: Date) -> Vec<String> {
    let (event, record) = (told.event(), &told.record);
    let mut cells = vec![
        format!("{}-{}", record.report.id, event.id),
        day.to_string(),
        event.kind.as_str().to_owned(),
        event.mode.clone().unwrap_or_default(),
        event.goldstein.to_string(),
        quad_words(event.quad),
        event.contexts.join(";"),
    ];
    // The second side of a joint act is its recipient there.
    let mut actors: Vec<&Actor> = told.actors(&event.actors).collect();
    let mut recipients: Vec<&Actor> = told.actors(&event.recipients).collect();
    if event.mutual && recipients.is_empty() && actors.len() > 1 {
        recipients = actors.split_off(1);
    }
    cells.extend(side(codes, told, &actors));
    cells.extend(side(codes, told, &recipients));
    let place = told.place();
    cells.push(place.map(|p| p.name.clone()).unwrap_or_default());
    let [city, district, province, _, latitude, longitude] = whereabouts(codes, told);
    let country = place.and_then(|p| p.country.clone()).unwrap_or_default();
    cells.extend([city, district, province, country, latitude, longitude]);
    let chars = |start: u32, end: u32| -> String {
        record.report.text.chars().skip(start as usize).take((end - start) as usize).collect()
    };
    let raw = place.and_then(|p| p.mentions.first()).map(|m| chars(m.start, m.end));
    let id = place.and_then(|p| p.gazetteer_id.clone());
    let named = |kinds: &[ActorKind]| -> String {
        let of_kind = record.actors.iter().filter(|a| kinds.contains(&a.kind));
        of_kind.map(|a| a.name.as_str()).collect::<Vec<_>>().join(";")
    };
    let feature = place.map(|p| match extent(p, codes) {
        Extent::Country => "country",
        Extent::Province => "province",
        Extent::City => "city",
    });
    let locations: Vec<&str> = record.places.iter().map(|p| p.name.as_str()).collect();
    cells.extend([
        id.unwrap_or_default(),
        raw.unwrap_or_default(),
        feature.unwrap_or_default().to_owned(),
        record.report.outlet.clone().unwrap_or_default(),
        record.report.published.clone().unwrap_or_default(),
        named(&[ActorKind::Person]),
        named(&[ActorKind::Organisation, ActorKind::Group]),
        locations.join(";"),
        record.report.language.clone(),
        format!("dyad {}", record.reader.program),
    ]);
    cells
}

/// Name, country, COW, primary sector, sectors, title, name as it stands, Wikipedia.
fn side(codes: &Codes, told: &Told, actors: &[&Actor]) -> [String; 8] {
    let list = |of: &dyn Fn(&Actor) -> String| -> String {
        let cells: Vec<String> = actors.iter().map(|a| of(a)).collect();
        match cells.iter().all(String::is_empty) {
            true => String::new(),
            false => {
                let or_none = |c: String| if c.is_empty() { NONE.to_owned() } else { c };
                cells.into_iter().map(or_none).collect::<Vec<_>>().join(";")
            }
        }
    };
    let sector = |a: &Actor| match a.sector {
        Sector::Unk => String::new(),
        sector => sector.as_str().to_owned(),
    };
    let cow = |a: &Actor| {
        let country = a.country.as_deref().and_then(|c| codes.country(c));
        country.map(|c| c.cow.to_string()).unwrap_or_default()
    };
    [
        list(&|a| a.name.clone()),
        list(&|a| a.country.clone().unwrap_or_default()),
        list(&cow),
        list(&sector),
        list(&sector),
        list(&|a| a.role.clone().unwrap_or_default()),
        list(&|a| told.mention(a).map(|(_, words)| words).unwrap_or_default()),
        String::new(),
    ]
}

fn quad_words(quad: Quad) -> String {
    quad.as_str().replace('_', " ").to_uppercase()
}

pub(crate) fn foreign(cells: &[&str], codes: &Codes) -> Result<Foreign, String> {
    let cell = |i: usize| match cells.get(i).copied().unwrap_or("").trim() {
        NONE => "",
        cell => cell,
    };
    let quad = quad_of_words(cell(5), cell(2))
        .ok_or_else(|| format!("`{}` is no quad class and `{}` no event type", cell(5), cell(2)))?;
    let countries = |i: usize| -> Vec<String> {
        let listed = cell(i).split(';').map(str::trim);
        listed.filter(|c| codes.country(c).is_some()).map(str::to_owned).collect()
    };
    checked(Foreign {
        coder: Coder::Polecat,
        id: cell(0).to_owned(),
        date: cell(1).get(..10).unwrap_or(cell(1)).to_owned(),
        actors: countries(8),
        recipients: countries(16),
        quad,
        code: cell(2).to_owned(),
        goldstein: cell(4).parse().ok(),
        country: countries(27).into_iter().next(),
        place: cell(23).to_owned(),
        url: String::new(),
    })
}
