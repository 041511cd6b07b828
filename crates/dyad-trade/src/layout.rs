//! The layouts of trade tables, told apart by their header, and what their rows say.

use crate::areas::{Area, Areas, Scheme};
use crate::ledger::{Entry, Flow, Ledger, Product};
use csv::StringRecord;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum Layout {
    #[serde(rename = "BACI")]
    Baci,
    #[serde(rename = "UN Comtrade")]
    Comtrade,
    #[serde(rename = "IMF Direction of Trade")]
    Dots,
}

impl Layout {
    pub fn as_str(self) -> &'static str {
        match self {
            Layout::Baci => "BACI",
            Layout::Comtrade => "UN Comtrade",
            Layout::Dots => "IMF Direction of Trade",
        }
    }
}

/// Where the cells of a table stand.
#[derive(Debug)]
pub(crate) enum Columns {
    Baci { year: usize, exporter: usize, importer: usize, product: usize, value: usize },
    Comtrade(Comtrade),
    Dots(Dots),
}

#[derive(Debug)]
pub(crate) struct Comtrade {
    reporter: usize,
    partner: usize,
    flow: usize,
    period: usize,
    product: usize,
    value: usize,
    /// Columns that break a row down further, with the value that stands for the whole.
    whole: Vec<(usize, &'static [&'static str])>,
}

#[derive(Debug)]
pub(crate) struct Dots {
    reporter: usize,
    partner: usize,
    indicator: Option<usize>,
    attribute: Option<usize>,
    scale: Option<usize>,
    period: Option<usize>,
    /// Each column of values, with the flow or the period that its head tells.
    values: Vec<(usize, Option<Kind>, Option<Period>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Period {
    pub year: i16,
    pub months: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Flow(Flow),
    /// Balances, and imports without freight, which most states give with it too.
    Other,
}

/// What one row came to.
#[derive(Debug, PartialEq)]
pub(crate) enum Row {
    Read,
    /// Neither of the two states, or another year or product.
    Elsewhere,
    /// Something that would be counted twice.
    LeftOut,
    UnknownArea(String),
    Bad(String),
}

impl Columns {
    /// `None` where the header is of no layout that we know.
    pub fn of(header: &StringRecord) -> Option<Columns> {
        let names: Vec<String> =
            header.iter().map(|n| n.trim().trim_start_matches('\u{feff}').to_lowercase()).collect();
        let at = |name: &str| names.iter().position(|n| n == name);
        let any = |options: &[&str]| options.iter().find_map(|n| at(n));
        baci(&at, &any).or_else(|| comtrade(&any)).or_else(|| dots(&names, &any))
    }

    pub fn layout(&self) -> Layout {
        match self {
            Columns::Baci { .. } => Layout::Baci,
            Columns::Comtrade(_) => Layout::Comtrade,
            Columns::Dots(_) => Layout::Dots,
        }
    }

    pub fn read(&self, cells: &StringRecord, areas: &Areas, ledger: &mut Ledger) -> Row {
        let done = match self {
            Columns::Baci { year, exporter, importer, product, value } => {
                let at = [*year, *exporter, *importer, *product, *value];
                baci_row(cells, at, areas, ledger)
            }
            Columns::Comtrade(columns) => columns.row(cells, areas, ledger),
            Columns::Dots(columns) => columns.row(cells, areas, ledger),
        };
        done.unwrap_or_else(|row| row)
    }
}

type At<'a> = &'a dyn Fn(&str) -> Option<usize>;
type Any<'a> = &'a dyn Fn(&[&str]) -> Option<usize>;

fn baci(at: At<'_>, any: Any<'_>) -> Option<Columns> {
    Some(Columns::Baci {
        year: at("t")?,
        exporter: at("i")?,
        importer: at("j")?,
        product: any(&["k", "hs6"])?,
        value: at("v")?,
    })
}

fn comtrade(any: Any<'_>) -> Option<Columns> {
    let whole: [(&[&str], &'static [&'static str]); 5] = [
        (&["customscode", "customs proc. code"], &["C00", "0"]),
        (&["motcode", "mode of transport code"], &["0"]),
        (&["partner2code", "2nd partner code"], &["0"]),
        (&["moscode"], &["0"]),
        (&["typecode"], &["C"]),
    ];
    Some(Columns::Comtrade(Comtrade {
        reporter: any(&["reportercode", "reporter code", "reporteriso", "reporter iso"])?,
        partner: any(&["partnercode", "partner code", "partneriso", "partner iso"])?,
        flow: any(&["flowcode", "trade flow code", "flowdesc", "trade flow"])?,
        period: any(&["period", "refyear", "year"])?,
        product: any(&["cmdcode", "commodity code"])?,
        value: any(&["primaryvalue", "trade value (us$)"])?,
        whole: whole.iter().filter_map(|(names, all)| Some((any(names)?, *all))).collect(),
    }))
}

fn dots(names: &[String], any: Any<'_>) -> Option<Columns> {
    let reporter = any(&["country code", "ref_area", "country"])?;
    let partner = any(&["counterpart country code", "counterpart_area", "counterpart_country"])?;
    let indicator = any(&["indicator code", "indicator", "indicator name"]);
    let period = any(&["time period", "time_period"]);
    let mut values = Vec::new();
    if let (Some(value), Some(_), Some(_)) = (any(&["value", "obs_value"]), indicator, period) {
        values.push((value, None, None));
    } else {
        for (i, name) in names.iter().enumerate() {
            match (indicator, period) {
                (Some(_), None) => {
                    values.extend(Period::parse(name).map(|period| (i, None, Some(period))));
                }
                (None, Some(_)) if name.contains("g_") => {
                    values.push((i, Some(Kind::of(name)), None));
                }
                _ => {}
            }
        }
    }
    if values.is_empty() {
        return None;
    }
    Some(Columns::Dots(Dots {
        reporter,
        partner,
        indicator,
        attribute: any(&["attribute"]),
        scale: any(&["scale"]),
        period,
        values,
    }))
}

fn baci_row(
    cells: &StringRecord,
    [year, exporter, importer, product, value]: [usize; 5],
    areas: &Areas,
    ledger: &mut Ledger,
) -> Result<Row, Row> {
    let exporter = area(cells, exporter, Scheme::M49, areas)?;
    let importer = area(cells, importer, Scheme::M49, areas)?;
    if !ledger.concerns(exporter, importer) {
        return Ok(Row::Elsewhere);
    }
    let Period { year, months } = period(cells, year)?;
    let product = product_of(cells, product)?;
    // Thousands of dollars.
    let value = 1000.0 * number(cells, value)?.unwrap_or(0.0);
    if !ledger.wants(year, product) {
        return Ok(Row::Elsewhere);
    }
    let sides = [(exporter, importer, Flow::Exports), (importer, exporter, Flow::Imports)];
    for (reporter, partner, flow) in sides {
        ledger.add(&Entry { reporter, partner, flow, year, months, product, value });
    }
    Ok(Row::Read)
}

impl Comtrade {
    fn row(&self, cells: &StringRecord, areas: &Areas, ledger: &mut Ledger) -> Result<Row, Row> {
        let reporter = area(cells, self.reporter, Scheme::M49, areas)?;
        let partner = area(cells, self.partner, Scheme::M49, areas)?;
        if !ledger.concerns(reporter, partner) {
            return Ok(Row::Elsewhere);
        }
        let part = |(column, all): &(usize, &[&str])| {
            let cell = cells.get(*column).unwrap_or("").trim();
            !cell.is_empty() && !all.contains(&cell)
        };
        if self.whole.iter().any(part) {
            return Ok(Row::LeftOut);
        }
        let flow = match cell(cells, self.flow)?.to_uppercase().as_str() {
            "X" | "2" | "EXPORT" | "EXPORTS" => Flow::Exports,
            "M" | "1" | "IMPORT" | "IMPORTS" => Flow::Imports,
            // Re-exports and their like are within exports and imports.
            _ => return Ok(Row::LeftOut),
        };
        let Period { year, months } = period(cells, self.period)?;
        let product = product_of(cells, self.product)?;
        let value = number(cells, self.value)?.unwrap_or(0.0);
        if !ledger.wants(year, product) {
            return Ok(Row::Elsewhere);
        }
        ledger.add(&Entry { reporter, partner, flow, year, months, product, value });
        Ok(Row::Read)
    }
}

impl Dots {
    fn row(&self, cells: &StringRecord, areas: &Areas, ledger: &mut Ledger) -> Result<Row, Row> {
        let attribute = self.attribute.and_then(|i| cells.get(i)).unwrap_or("").trim();
        if !attribute.is_empty() && !attribute.eq_ignore_ascii_case("value") {
            return Ok(Row::LeftOut);
        }
        let reporter = group_unless_known(area(cells, self.reporter, Scheme::Imf, areas))?;
        let partner = group_unless_known(area(cells, self.partner, Scheme::Imf, areas))?;
        if !ledger.concerns(reporter, partner) {
            return Ok(Row::Elsewhere);
        }
        let told = self.indicator.map(|i| cell(cells, i).map(Kind::of)).transpose()?;
        let unit = match self.scale.and_then(|i| cells.get(i)).unwrap_or("").trim() {
            "Thousands" => 1e3,
            "Millions" => 1e6,
            "Billions" => 1e9,
            _ => 1.0,
        };
        let mut row = Row::Elsewhere;
        for (column, kind, when) in &self.values {
            let flow = match kind.or(told) {
                Some(Kind::Flow(flow)) => flow,
                _ if row == Row::Read => continue,
                _ => {
                    row = Row::LeftOut;
                    continue;
                }
            };
            let Period { year, months } = match (when, self.period) {
                (Some(when), _) => *when,
                (None, Some(column)) => period(cells, column)?,
                (None, None) => continue,
            };
            if cells.get(*column).is_none() || !ledger.wants(year, Product::ALL) {
                continue;
            }
            if let Some(value) = number(cells, *column)? {
                let (product, value) = (Product::ALL, value * unit);
                ledger.add(&Entry { reporter, partner, flow, year, months, product, value });
                row = Row::Read;
            }
        }
        Ok(row)
    }
}

/// The IMF lists some hundred groups of states beside the states.
fn group_unless_known(area: Result<Area, Row>) -> Result<Area, Row> {
    match area {
        Err(Row::UnknownArea(code)) if code.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            Ok(Area::Group)
        }
        other => other,
    }
}

fn cell(cells: &StringRecord, column: usize) -> Result<&str, Row> {
    cells.get(column).map(str::trim).ok_or_else(|| {
        Row::Bad(format!(
            "{} cells, but a value is needed in column {}; the row is cut short or its quotation \
             marks are unbalanced",
            cells.len(),
            column + 1
        ))
    })
}

fn area(cells: &StringRecord, column: usize, scheme: Scheme, areas: &Areas) -> Result<Area, Row> {
    let code = cell(cells, column)?;
    areas.of(scheme, code).ok_or_else(|| match code {
        "" => Row::Bad(format!("no state in column {}; fill it or take the row out", column + 1)),
        _ => Row::UnknownArea(code.to_owned()),
    })
}

fn product_of(cells: &StringRecord, column: usize) -> Result<Product, Row> {
    let code = cell(cells, column)?;
    // A spreadsheet takes the zero off "010121".
    Product::parse(code).ok_or_else(|| {
        Row::Bad(format!("`{code}` is no code of a product; letters and digits are expected"))
    })
}

fn period(cells: &StringRecord, column: usize) -> Result<Period, Row> {
    let text = cell(cells, column)?;
    Period::parse(text).ok_or_else(|| {
        Row::Bad(format!("`{text}` is no year, quarter or month; write 2022, 2022Q1 or 2022M01"))
    })
}

/// `None` where the table has no value.
fn number(cells: &StringRecord, column: usize) -> Result<Option<f64>, Row> {
    let text = cell(cells, column)?;
    if matches!(text, "" | "NA" | "N/A" | "n.a." | "NaN" | "-" | ".." | "...") {
        return Ok(None);
    }
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && value >= 0.0 => Ok(Some(value)),
        Ok(_) => Err(Row::Bad(format!("`{text}` is no value of trade: it must not be negative"))),
        Err(_) => Err(Row::Bad(format!(
            "`{text}` is no number; write it like 1234.5, without separators of thousands"
        ))),
    }
}

impl Kind {
    fn of(indicator: &str) -> Kind {
        let indicator = indicator.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|w| indicator.contains(w));
        if has(&["xg_fob", "value of exports", "exports of goods"]) {
            Kind::Flow(Flow::Exports)
        } else if has(&["mg_cif", "insurance", "(cif)"]) {
            Kind::Flow(Flow::Imports)
        } else {
            Kind::Other
        }
    }
}

impl Period {
    /// `2022`, `2022Q1`, `2022-Q1`, `2022M01`, `2022-M01`, `2022-01`, `202201`.
    pub fn parse(text: &str) -> Option<Period> {
        let year: i16 = text.get(..4)?.parse().ok().filter(|y| (1800..=2200).contains(y))?;
        let rest = text[4..].trim_start_matches('-').to_uppercase();
        let months = match rest.as_bytes() {
            [] => 0,
            [b'Q', q @ b'1'..=b'4'] => 0b111 << (3 * (q - b'1')),
            [b'M', number @ ..] | number => {
                let number: u32 = std::str::from_utf8(number).ok()?.parse().ok()?;
                1 << number.checked_sub(1).filter(|n| *n < 12)?
            }
        };
        Some(Period { year, months })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_as_tables_write_them() {
        let period = |year, months| Some(Period { year, months });
        assert_eq!(Period::parse("2022"), period(2022, 0));
        assert_eq!(Period::parse("202203"), period(2022, 0b100));
        assert_eq!(Period::parse("2022M12"), period(2022, 1 << 11));
        assert_eq!(Period::parse("2022-Q2"), period(2022, 0b111_000));
        for wrong in ["", "22", "2022M13", "2022M0", "2022x", "9999", "ttt1", "2022-13"] {
            assert_eq!(Period::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_layout_is_told_by_its_header() {
        let layout = |header: &str| {
            let cells: Vec<&str> = header.split(',').collect();
            Columns::of(&StringRecord::from(cells)).map(|c| c.layout())
        };
        assert_eq!(layout("t,i,j,k,v,q"), Some(Layout::Baci));
        assert_eq!(layout("\u{feff}t,hs6,i,j,v,q"), Some(Layout::Baci));
        let comtrade = "refYear,period,reporterCode,flowCode,partnerCode,cmdCode,primaryValue";
        assert_eq!(layout(comtrade), Some(Layout::Comtrade));
        let legacy = "Classification,Year,Period,Trade Flow,Reporter Code,Partner Code,\
                      Commodity Code,Trade Value (US$)";
        assert_eq!(layout(legacy), Some(Layout::Comtrade));
        for dots in [
            "Country Name,Country Code,Indicator Code,Counterpart Country Code,Time Period,Value",
            "Country Code,Indicator Code,Counterpart Country Code,Attribute,2010,2011M1,",
            "Country Code,Counterpart Country Code,Time Period,Exports (TXG_FOB_USD)",
            "COUNTRY,INDICATOR,COUNTERPART_COUNTRY,FREQUENCY,TIME_PERIOD,OBS_VALUE,SCALE",
        ] {
            assert_eq!(layout(dots), Some(Layout::Dots), "{dots}");
        }
        assert_eq!(layout("country_code,country_name,country_iso2"), None);
        assert_eq!(layout("Country Code,Indicator Code,Counterpart Country Code"), None);
    }
}
