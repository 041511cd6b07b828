//! `dyad dependence`: trade tables beside what reports said.

use crate::archive::teller;
use crate::args::{DependenceArgs, Format};
use crate::failure::{Failure, PARTLY};
use crate::source;
use crate::table;
use dyad_archive::Archive;
use dyad_trade::{
    Alternative, Areas, Basis, Beside, Claim, Dependence, Ledger, Measure, Product, Reading, Side,
    Year,
};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use std::fs::File;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub fn run(args: &DependenceArgs) -> Result<ExitCode, Failure> {
    let areas = Areas::builtin()?;
    let state =
        |name: &String| areas.state(name).ok_or_else(|| Failure::NoState { name: name.clone() });
    let (a, b) = (state(&args.state)?, state(&args.other)?);
    if a == b {
        return Err(Failure::OneState { state: args.state.clone() });
    }
    let goods = args.goods.iter().map(|code| {
        let goods = Product::parse(code.trim()).filter(|p| *p != Product::ALL);
        goods.ok_or_else(|| Failure::NoGoods { code: code.clone() })
    });
    let years = args.from.unwrap_or(i16::MIN)..=args.to.unwrap_or(i16::MAX);
    let goods = goods.collect::<Result<Vec<_>, _>>()?;
    let mut ledger = Ledger::new(a, b).only_goods(goods).only_years(years);
    let failed = read(&args.tables, &mut ledger, &areas)?;
    let years = ledger.years(&areas, args.alternatives);
    if years.is_empty() {
        let (a, b) = (areas.name(a), areas.name(b));
        let what = format!(
            "no year of trade between {a} and {b} in these tables; check the years and the goods \
             asked for, and that the tables list both with all their partners"
        );
        return Err(Failure::NoTrade { what });
    }
    let claims = match &args.archive {
        Some(path) => {
            let records = Archive::open_existing(path)?.records()?;
            dyad_trade::claims(&records, &ledger, &years, &areas)?
        }
        None => Vec::new(),
    };
    if let Some(path) = &args.svg {
        let svg = dyad_trade::plot(&years, &claims)?;
        std::fs::write(path, svg).map_err(|error| Failure::write(path, &error))?;
    }
    let printed = match args.format.unwrap_or_else(table::usual) {
        Format::Table => for_people(&years, &claims, [areas.name(a), areas.name(b)]),
        Format::Jsonl => jsonl(&years, &claims),
        Format::Csv => csv(&years).map_err(Failure::output)?,
    };
    crate::print(&printed)?;
    Ok(if failed { ExitCode::from(PARTLY) } else { ExitCode::SUCCESS })
}

/// Reads every table; true where some rows or files could not be.
fn read(paths: &[PathBuf], ledger: &mut Ledger, areas: &Areas) -> Result<bool, Failure> {
    let (mut tables, mut failures) = (0, Vec::new());
    let mut failed = false;
    for file in source::files(paths) {
        match file.and_then(|path| read_one(&path, ledger, areas)) {
            Ok(reading) => {
                tables += 1;
                failed |= reading.faulty > 0;
            }
            Err(failure) => failures.push(failure),
        }
    }
    if tables == 0 && failures.len() == 1 {
        return Err(failures.remove(0));
    }
    for failure in &failures {
        anstream::eprintln!("{}", crate::failure::line(failure));
    }
    if tables == 0 {
        return Err(Failure::NoTrade { what: "none of the tables could be read".to_owned() });
    }
    Ok(failed || !failures.is_empty())
}

fn read_one(path: &Path, ledger: &mut Ledger, areas: &Areas) -> Result<Reading, Failure> {
    let file = File::open(path).map_err(|error| Failure::file(path, &error))?;
    let bar = progress(&file);
    let name = path.display().to_string();
    let reading = ledger.read(&name, bar.wrap_read(file), areas);
    bar.finish_and_clear();
    let reading = reading?;
    for fault in reading.faults.iter().take(SHOWN) {
        anstream::eprintln!("{fault}");
    }
    if reading.faulty > SHOWN as u64 {
        anstream::eprintln!("{name}: {} more rows like these", reading.faulty - SHOWN as u64);
    }
    for (code, (file, line)) in reading.unknown.iter().take(SHOWN) {
        anstream::eprintln!(
            "{file}, line {line}: no state has the code `{code}`; its rows are left out, unless \
             you add it to lexicons/trade-areas.tsv"
        );
    }
    anstream::eprintln!(
        "{name}: {} rows, {} on the two states, {} left out as parts of others, {} faulty",
        reading.rows,
        reading.used,
        reading.left_out,
        reading.faulty
    );
    Ok(reading)
}

/// How many faults of a table are shown.
const SHOWN: usize = 5;

fn progress(file: &File) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(file.metadata().map_or(0, |m| m.len()));
    let style = "{wide_bar} {bytes} of {total_bytes}, {eta} left";
    if let Ok(style) = ProgressStyle::with_template(style) {
        bar.set_style(style);
    }
    bar
}

fn jsonl(years: &[Year], claims: &[Claim]) -> String {
    let years = years.iter().map(|year| json!({ "year": year }));
    let claims = claims.iter().map(|claim| json!({ "claim": claim }));
    years.chain(claims).map(|line| format!("{line}\n")).collect()
}

const COLUMNS: [&str; 29] = [
    "year",
    "source",
    "state",
    "on",
    "trade_share",
    "exports",
    "exports_total",
    "export_share",
    "export_partners",
    "export_partner_concentration",
    "export_product_concentration",
    "export_product_level",
    "export_basis",
    "export_months",
    "export_alternatives",
    "imports",
    "imports_total",
    "import_share",
    "import_partners",
    "import_partner_concentration",
    "import_product_concentration",
    "import_product_level",
    "import_basis",
    "import_months",
    "import_alternatives",
    "salience",
    "symmetry",
    "interdependence",
    "asymmetry",
];

/// One row a year and side; what holds for both is in both rows.
fn csv(years: &[Year]) -> std::io::Result<String> {
    fn cell(value: Option<impl ToString>) -> String {
        value.map(|v| v.to_string()).unwrap_or_default()
    }
    let direction = |d: &Option<Dependence>| -> Vec<String> {
        let Some(d) = d else { return vec![String::new(); 10] };
        let others: Vec<&str> = d.alternatives.iter().map(|a| a.state.as_str()).collect();
        vec![
            d.value.to_string(),
            cell(d.total),
            cell(d.share),
            d.partners.to_string(),
            cell(d.partner_concentration),
            cell(d.product_concentration),
            cell(d.product_level),
            d.basis.as_str().to_owned(),
            cell(d.months),
            others.join(";"),
        ]
    };
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(COLUMNS)?;
    for year in years {
        for side in &year.sides {
            let mut row = vec![
                year.year.to_string(),
                year.source.as_str().to_owned(),
                side.state.clone(),
                side.on.clone(),
                cell(side.trade_share),
            ];
            row.extend(direction(&side.exports));
            row.extend(direction(&side.imports));
            let shared = [year.salience, year.symmetry, year.interdependence, year.asymmetry];
            row.extend(shared.map(cell));
            out.write_record(&row)?;
        }
    }
    let bytes = out.into_inner().map_err(|e| std::io::Error::other(e.to_string()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn for_people(years: &[Year], claims: &[Claim], names: [&str; 2]) -> String {
    let source = years.first().map_or("", |y| y.source.as_str());
    let mut out = format!("{} and {} ({source})\n", names[0], names[1]);
    for side in 0..2 {
        out.push_str(&format!(
            "\n{} on {}\n{:<5}{:>10}{:>9}{:>6}{:>6} {:>12}{:>9}{:>6}{:>6} {:>9}\n",
            names[side],
            names[1 - side],
            "year",
            "exports",
            "share",
            "HHI",
            "goods",
            "imports",
            "share",
            "HHI",
            "goods",
            "of trade"
        ));
        for year in years {
            let Side { exports, imports, trade_share, .. } = &year.sides[side];
            out.push_str(&format!(
                "{:<5}{} {:>2}{} {:>9}{}\n",
                year.year,
                direction(exports),
                "",
                direction(imports),
                percent(*trade_share),
                remarks(exports, imports)
            ));
        }
    }
    out.push_str(&format!(
        "\nThe two together\n{:<5}{:>9}{:>9}{:>16}  {}\n",
        "year", "salience", "symmetry", "interdependence", "asymmetry"
    ));
    for year in years {
        let asymmetry = match (year.asymmetry, &year.leans) {
            (Some(d), Some(state)) => format!("{state} leans more, {:.1} points", 100.0 * d.abs()),
            (Some(_), None) => "even".to_owned(),
            (None, _) => "–".to_owned(),
        };
        out.push_str(&format!(
            "{:<5}{:>9}{:>9}{:>16}  {asymmetry}\n",
            year.year,
            index(year.salience),
            index(year.symmetry),
            index(year.interdependence)
        ));
    }
    if let Some(last) = years.last() {
        out.push_str(&alternatives(last, names));
    }
    if !claims.is_empty() {
        out.push_str("\nWhat reports said\n");
    }
    // One sentence may make several claims.
    for claims in claims.chunk_by(|a, b| (&a.report, &a.text) == (&b.report, &b.text)) {
        out.push_str(&said(&claims[0]));
        claims.iter().for_each(|claim| out.push_str(&told(claim)));
    }
    out
}

fn direction(flow: &Option<Dependence>) -> String {
    let Some(d) = flow else { return format!("{:>10}{:>9}{:>6}{:>6}", "–", "–", "–", "–") };
    format!(
        "{:>10}{:>9}{:>6}{:>6}",
        money(d.value),
        percent(d.share),
        index(d.partner_concentration),
        index(d.product_concentration)
    )
}

/// What must be known to judge the numbers of a row.
fn remarks(exports: &Option<Dependence>, imports: &Option<Dependence>) -> String {
    let mut remarks = Vec::new();
    for (name, flow) in [("exports", exports), ("imports", imports)] {
        let Some(d) = flow else { continue };
        if d.basis == Basis::Mirror {
            remarks.push(format!("{name} as partners tell them"));
        }
        if let Some(months) = d.months {
            remarks.push(format!("{name} of {months} months"));
        }
        if d.total.is_none() {
            remarks.push(format!("no total of {name}"));
        }
    }
    match remarks.is_empty() {
        true => String::new(),
        false => format!("  {}", remarks.join(", ")),
    }
}

fn alternatives(year: &Year, names: [&str; 2]) -> String {
    let mut out = String::new();
    for (side, name) in year.sides.iter().zip(names) {
        for (verb, flow) in [("sells", &side.exports), ("buys", &side.imports)] {
            let Some(flow) = flow.as_ref().filter(|f| !f.alternatives.is_empty()) else { continue };
            let others: Vec<String> = flow.alternatives.iter().map(alternative).collect();
            out.push_str(&format!("{name} {verb} also: {}\n", others.join(", ")));
        }
    }
    match out.is_empty() {
        true => out,
        false => format!("\nOther partners in {}\n{out}", year.year),
    }
}

fn alternative(other: &Alternative) -> String {
    let covers = match other.covers {
        Some(part) => format!(", matches {}", percent(Some(part))),
        None => String::new(),
    };
    format!("{} ({} of all{covers})", other.state, percent(other.share))
}

fn said(claim: &Claim) -> String {
    let place = teller(claim.outlet.as_deref().or(claim.title.as_deref()), &claim.report);
    let day = claim.published.as_deref().unwrap_or("no date");
    format!("{day}  {place}\n    “{}”\n", claim.text)
}

fn told(claim: &Claim) -> String {
    let mut out = format!("    {}\n", read_as(claim));
    for beside in &claim.beside {
        out.push_str(&format!("        table: {}\n", in_words(beside)));
    }
    if claim.beside.is_empty() {
        out.push_str("        table: nothing to set beside it\n");
    }
    out
}

fn read_as(claim: &Claim) -> String {
    let mut read = match (&claim.from, &claim.to) {
        (Some(from), Some(to)) => format!("{} {from} → {to}", claim.kind),
        _ => claim.kind.to_owned(),
    };
    if let Some(commodity) = &claim.commodity {
        read.push_str(&format!(", {commodity}"));
    }
    if let Some(trend) = claim.trend {
        read.push_str(&format!(", {trend}"));
    }
    if let Some(state) = &claim.leans {
        read.push_str(&format!(", {state} leans more"));
    }
    if let Some(value) = claim.value {
        read.push_str(&format!(" {value} {}", claim.unit.as_deref().unwrap_or("")));
    }
    if let Some(change) = claim.change {
        read.push_str(&format!(", {change}"));
    }
    if let Some(speaker) = &claim.speaker {
        read.push_str(&format!("; {speaker} {}", claim.stance.map_or("says", |s| s.as_str())));
    }
    if claim.damaged {
        read.push_str("; in damaged words");
    }
    format!("read as: {read}")
}

fn in_words(beside: &Beside) -> String {
    let value = match beside.measure {
        Measure::Trade => money(beside.value),
        Measure::TradeChange => format!("{:+.1} %", 100.0 * beside.value),
        Measure::Asymmetry => format!("{:+.1} points", 100.0 * beside.value),
        _ => percent(Some(beside.value)),
    };
    let of = beside.of.as_ref().map(|of| format!(" of {of}")).unwrap_or_default();
    let agrees = match beside.agrees {
        Some(true) => ": points the same way",
        Some(false) => ": points the other way",
        None => "",
    };
    format!("{}{of} in {}, {value}{agrees}", beside.measure.as_str(), beside.year)
}

fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |s| format!("{:.1} %", 100.0 * s))
}

fn index(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |v| format!("{v:.2}"))
}

/// Three digits and a unit: tables hold cents, people do not.
fn money(value: f64) -> String {
    let (scaled, unit) = match value {
        v if v >= 1e12 => (v / 1e12, " tn"),
        v if v >= 1e9 => (v / 1e9, " bn"),
        v if v >= 1e6 => (v / 1e6, " m"),
        v if v >= 1e3 => (v / 1e3, " k"),
        v => (v, ""),
    };
    match scaled {
        s if s >= 100.0 => format!("{s:.0}{unit}"),
        s if s >= 10.0 => format!("{s:.1}{unit}"),
        s => format!("{s:.2}{unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_keeps_three_digits() {
        let all = [0.0, 999.0, 12_345.0, 2.5e9, 190.26e9, 1.2e12].map(money);
        assert_eq!(all, ["0.00", "999", "12.3 k", "2.50 bn", "190 bn", "1.20 tn"]);
    }

    #[test]
    fn every_column_has_a_cell() {
        let side = |state: &str, on: &str| Side {
            state: state.to_owned(),
            on: on.to_owned(),
            exports: None,
            imports: None,
            trade_share: None,
        };
        let year = Year {
            year: 2022,
            source: dyad_trade::Layout::Baci,
            sides: [side("NOR", "ISL"), side("ISL", "NOR")],
            salience: None,
            symmetry: None,
            interdependence: None,
            asymmetry: None,
            leans: None,
        };
        let table = csv(&[year]).unwrap();
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines.len(), 3);
        assert!(lines.iter().all(|l| l.matches(',').count() == COLUMNS.len() - 1), "{table}");
    }
}
