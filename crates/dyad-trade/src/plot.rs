//! The pair's dependence over the years as a picture.

use crate::claims::Claim;
use crate::measure::{Dependence, Side, Year};
use plotters::prelude::*;
use thiserror::Error;

#[derive(Debug, Error)]
#[error("cannot draw: {0}")]
pub struct PlotError(String);

const SIZE: (u32, u32) = (960, 720);
/// Readable for the colour-blind (Okabe and Ito).
const COLOURS: [RGBColor; 4] =
    [RGBColor(0, 114, 178), RGBColor(86, 180, 233), RGBColor(213, 94, 0), RGBColor(230, 159, 0)];
const GREY: RGBColor = RGBColor(110, 110, 110);

type Line = (String, RGBColor, Vec<(f64, f64)>);

/// An SVG: above each state's export and import dependence, below the asymmetry; a dot stands
/// where a report makes a claim.
pub fn plot(years: &[Year], claims: &[Claim]) -> Result<String, PlotError> {
    let mut svg = String::new();
    draw(&mut svg, years, claims).map_err(|e| PlotError(e.to_string()))?;
    Ok(svg)
}

fn draw(
    svg: &mut String,
    years: &[Year],
    claims: &[Claim],
) -> Result<(), Box<dyn std::error::Error>> {
    let (Some(first), Some(last)) = (years.first(), years.last()) else {
        return Err("the tables tell no year of the two".into());
    };
    let span = (f64::from(first.year) - 0.5)..(f64::from(last.year) + 0.5);
    let [a, b] = [&first.sides[0].state, &first.sides[1].state];
    let root = SVGBackend::with_string(svg, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let root =
        root.titled(&format!("{a} and {b}, {}", first.source.as_str()), ("sans-serif", 22))?;
    let (above, below) = root.split_vertically(SIZE.1 * 3 / 5);

    let lines = shares(years);
    let points = || lines.iter().flat_map(|(_, _, points)| points).map(|(_, y)| *y);
    let top = points().fold(1.0, f64::max) * 1.1;
    panel(&above, span.clone(), 0.0..top, "share of the other, %", &lines, &[])?;

    let asymmetry: Vec<(f64, f64)> =
        years.iter().filter_map(|y| Some((f64::from(y.year), 100.0 * y.asymmetry?))).collect();
    let reach = asymmetry.iter().map(|(_, y)| y.abs()).fold(1.0, f64::max) * 1.2;
    let told = claims.iter().filter_map(|c| c.year).map(|y| (f64::from(y), 0.0));
    let mut told: Vec<(f64, f64)> = told.filter(|(x, _)| span.contains(x)).collect();
    told.sort_by(|a, b| a.0.total_cmp(&b.0));
    told.dedup();
    let label = format!("above 0: {a} leans more, points");
    let line = vec![("asymmetry".to_owned(), GREY, asymmetry)];
    panel(&below, span, -reach..reach, &label, &line, &told)?;
    root.present()?;
    Ok(())
}

fn shares(years: &[Year]) -> Vec<Line> {
    let mut lines = Vec::new();
    for side in 0..2 {
        let [state, on] = [&years[0].sides[side].state, &years[0].sides[side].on];
        let of = |get: fn(&Side) -> &Option<Dependence>| -> Vec<(f64, f64)> {
            let share = |y: &Year| get(&y.sides[side]).as_ref()?.share;
            let points = years.iter().filter_map(|y| Some((f64::from(y.year), 100.0 * share(y)?)));
            points.collect()
        };
        let exports = of(|s| &s.exports);
        let imports = of(|s| &s.imports);
        lines.push((format!("{state} exports to {on}"), COLOURS[2 * side], exports));
        lines.push((format!("{state} imports from {on}"), COLOURS[2 * side + 1], imports));
    }
    lines
}

fn panel(
    area: &DrawingArea<SVGBackend<'_>, plotters::coord::Shift>,
    x: std::ops::Range<f64>,
    y: std::ops::Range<f64>,
    label: &str,
    lines: &[Line],
    told: &[(f64, f64)],
) -> Result<(), Box<dyn std::error::Error>> {
    let count = (x.end - x.start).round() as usize;
    let mut chart = ChartBuilder::on(area)
        .margin(12)
        .x_label_area_size(28)
        .y_label_area_size(56)
        .build_cartesian_2d(x, y)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(WHITE)
        .x_labels(count.min(20))
        .x_label_formatter(&|x| match x.fract() {
            0.0 => format!("{x:.0}"),
            _ => String::new(),
        })
        .y_desc(label)
        .label_style(("sans-serif", 13))
        .draw()?;
    for (name, colour, points) in lines {
        let style = colour.stroke_width(2);
        chart
            .draw_series(LineSeries::new(points.iter().copied(), style))?
            .label(name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], style));
        chart.draw_series(points.iter().map(|p| Circle::new(*p, 3, colour.filled())))?;
    }
    if !told.is_empty() {
        chart
            .draw_series(told.iter().map(|p| Circle::new(*p, 5, BLACK.stroke_width(2))))?
            .label("what reports say")
            .legend(|(x, y)| Circle::new((x + 9, y), 5, BLACK.stroke_width(2)));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.8))
        .border_style(GREY)
        .label_font(("sans-serif", 13))
        .draw()?;
    Ok(())
}
