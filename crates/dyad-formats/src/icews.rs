//! ICEWS: a row for each telling and pair of sides.

use crate::book::{Book, Extent, Told, extent, pairs, sides};
use crate::codes::{Codes, number, root_name, sector_name};
use crate::foreign::checked;
use crate::{ExportError, Exported, codes, row, tabs};
use dyad_record::archive::Party;
use dyad_record::foreign::{Coder, Foreign};
use jiff::civil::Date;
use std::io::Write;

pub(crate) const HEADER: [&str; 20] = [
    "Event ID",
    "Event Date",
    "Source Name",
    "Source Sectors",
    "Source Country",
    "Event Text",
    "CAMEO Code",
    "Intensity",
    "Target Name",
    "Target Sectors",
    "Target Country",
    "Story ID",
    "Sentence Number",
    "Publisher",
    "City",
    "District",
    "Province",
    "Country",
    "Latitude",
    "Longitude",
];

pub(crate) fn write(book: &mut Book<'_>, out: &mut dyn Write) -> Result<Exported, ExportError> {
    let mut table = tabs(out);
    row(&mut table, &HEADER)?;
    for event in std::mem::take(&mut book.events) {
        let Some((told, day)) = book.dated(&event)? else { continue };
        let (actors, recipients) = sides(&told);
        for pair in pairs(&actors, &recipients, event.mutual) {
            row(&mut table, &cells(&book.codes, &told, day, pair))?;
            book.done.rows += 1;
        }
    }
    table.flush()?;
    Ok(book.done)
}

fn cells(
    codes: &Codes,
    told: &Told,
    day: Date,
    (source, target): (Option<&Party>, Option<&Party>),
) -> Vec<String> {
    let (event, report) = (told.event(), &told.record.report);
    let name = |p: Option<&Party>| p.map_or("", |p| &p.name).to_owned();
    let id = number(&[&report.id, &event.id, &name(source), &name(target)]);
    let mut cells = vec![id.to_string(), day.to_string()];
    cells.extend(side(codes, source));
    cells.extend([
        root_name(&event.cameo).to_owned(),
        event.cameo.clone(),
        event.goldstein.to_string(),
    ]);
    cells.extend(side(codes, target));
    cells.extend([
        number(&[&report.id]).to_string(),
        told.sentence(event.trigger.start).to_string(),
        report.outlet.clone().unwrap_or_default(),
    ]);
    cells.extend(whereabouts(codes, told));
    cells
}

/// Name, sectors, country.
fn side(codes: &Codes, party: Option<&Party>) -> [String; 3] {
    let Some(party) = party else { return Default::default() };
    let side = codes.side(party);
    let sectors: Vec<&str> = side.sectors.iter().map(|s| sector_name(*s)).collect();
    let country = side.country.map(|c| c.name.to_string()).unwrap_or_default();
    [party.name.clone(), sectors.join(","), country]
}

/// City, district, province, country, latitude, longitude. The gazetteer has no districts.
pub(crate) fn whereabouts(codes: &Codes, told: &Told) -> [String; 6] {
    let Some(place) = told.place() else { return Default::default() };
    let (mut city, mut province) = (String::new(), place.admin1.clone().unwrap_or_default());
    match extent(place, codes) {
        Extent::City => city = place.name.clone(),
        Extent::Province => province = place.name.clone(),
        Extent::Country => {}
    }
    let country = place.country.as_deref().and_then(|c| codes.country(c));
    let degree = |d: Option<f64>| d.map(|d| d.to_string()).unwrap_or_default();
    [
        city,
        String::new(),
        province,
        country.map(|c| c.name.to_string()).unwrap_or_default(),
        degree(place.lat),
        degree(place.lon),
    ]
}

pub(crate) fn foreign(cells: &[&str], codes: &Codes) -> Result<Foreign, String> {
    let cell = |i: usize| cells.get(i).copied().unwrap_or("").trim();
    let quad = codes::quad_class(cell(6)).and_then(codes::quad);
    let quad = quad.ok_or_else(|| format!("`{}` is no CAMEO code", cell(6)))?;
    checked(Foreign {
        coder: Coder::Icews,
        id: cell(0).to_owned(),
        date: cell(1).get(..10).unwrap_or(cell(1)).to_owned(),
        actors: codes.iso_of_name(cell(4)).into_iter().collect(),
        recipients: codes.iso_of_name(cell(10)).into_iter().collect(),
        quad,
        code: cell(6).to_owned(),
        goldstein: cell(7).parse().ok(),
        country: codes.iso_of_name(cell(17)),
        place: cell(14).to_owned(),
        url: String::new(),
    })
}
