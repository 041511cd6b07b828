//! `dyad pair`, `timeline`, `brief` and `sql`.

use crate::args::{BriefArgs, Format, PageFormat, PairArgs, RowFormat, SqlArgs, TimelineArgs};
use crate::failure::Failure;
use crate::table;
use dyad_archive::{Answer, Archive, Reading, html, markdown};
use dyad_columns::Form;
use dyad_record::archive::{Brief, PairPage};
use serde_json::{Map, Value};
use std::io::{self, BufRead, IsTerminal, Write};
use std::process::ExitCode;

pub fn pair(args: &PairArgs) -> Result<ExitCode, Failure> {
    let archive = Archive::open_existing(&args.archive.archive)?;
    let page = archive.pair(&args.a, &args.b, &args.filter())?;
    if args.json || !io::stdout().is_terminal() {
        return crate::print(&format!("{}\n", json(&page)));
    }
    crate::print(&told(&page))
}

pub fn timeline(args: &TimelineArgs) -> Result<ExitCode, Failure> {
    let archive = Archive::open_existing(&args.archive.archive)?;
    write(&archive.timeline(&args.filter())?, args.format)
}

pub fn brief(args: &BriefArgs) -> Result<ExitCode, Failure> {
    let archive = Archive::open_existing(&args.archive.archive)?;
    write(&archive.brief(&args.a, &args.b, &args.filter())?, args.format)
}

fn write(brief: &Brief, format: PageFormat) -> Result<ExitCode, Failure> {
    crate::print(&match format {
        PageFormat::Markdown => markdown(brief),
        PageFormat::Html => html(brief),
        PageFormat::Json => format!("{}\n", json(brief)),
    })
}

fn json(page: &impl serde::Serialize) -> String {
    serde_json::to_string(page).expect("a page is plain JSON")
}

fn told(page: &PairPage) -> String {
    let mut out = format!("{} and {}\n", page.a, page.b);
    let mut line = |text: String| {
        out.push_str(&text);
        out.push('\n');
    };
    for way in &page.directions {
        line(format!(
            "{} → {}: {} episodes, {} of them deeds with Goldstein {:+.1}; {} events as told",
            way.from, way.to, way.episodes, way.deeds, way.goldstein, way.events
        ));
    }
    line(format!(
        "\n{:<8} {:>8} {:>7}  {:>6} {:>8}  {:>6} {:>8}  {:>9} {:>9}",
        "month",
        "episodes",
        "reports",
        "verbal",
        "material",
        "verbal",
        "material",
        "Goldstein",
        "Goldstein"
    ));
    line(format!(
        "{:<8} {:>8} {:>7}  {:>15}  {:>15}  {:>9} {:>9}",
        "", "", "", "cooperation", "conflict", "there", "back"
    ));
    for m in &page.months {
        line(format!(
            "{:<8} {:>8} {:>7}  {:>6} {:>8}  {:>6} {:>8}  {:>+9.1} {:>+9.1}",
            m.month,
            m.episodes,
            m.reports,
            m.verbal_cooperation,
            m.material_cooperation,
            m.verbal_conflict,
            m.material_conflict,
            m.goldstein_ab,
            m.goldstein_ba
        ));
    }
    line(format!("\n{} statements of or to each other", page.statements.len()));
    let last = page.statements.iter().rev().take(8);
    for s in last {
        let speaker = s.speaker.as_ref().map_or("someone", |p| &p.name);
        let day = s.from.as_ref().or(s.published.as_ref()).map_or("", String::as_str);
        line(format!("{day}  {speaker}: {}", s.text));
    }
    line(format!(
        "\n{} ties: {} where {} depends more, {} where {} does, {} where that is not told",
        page.ties.len(),
        page.balance.a_leans,
        page.a,
        page.balance.b_leans,
        page.b,
        page.balance.neither
    ));
    for t in &page.ties {
        let trend = t.trend.map(|t| format!(", {t}")).unwrap_or_default();
        line(format!("{}  {} and {}{trend}: {}", t.kind, t.from.name, t.to.name, t.text));
    }
    out
}

pub fn sql(args: &SqlArgs) -> Result<ExitCode, Failure> {
    let mut archive = Reading::open(&args.archive.archive)?;
    let format = args.format.unwrap_or_else(table::usual_rows);
    if let Some(query) = &args.query {
        answer(&mut archive, query, format)?;
        return Ok(ExitCode::SUCCESS);
    }
    let prompts = io::stdin().is_terminal();
    let prompt = |text: &str| {
        if prompts {
            anstream::eprint!("{text}");
            _ = io::stderr().flush();
        }
    };
    let mut statement = String::new();
    prompt("dyad> ");
    for line in io::stdin().lock().lines() {
        statement.push_str(&line.map_err(Failure::output)?);
        statement.push('\n');
        let whole = statement.trim_end().ends_with(';');
        if whole {
            match answer(&mut archive, &std::mem::take(&mut statement), format) {
                // A slip at the prompt ends nothing.
                Err(failure) if prompts => {
                    anstream::eprintln!("{}", crate::failure::line(&failure));
                }
                other => other?,
            }
        }
        prompt(if statement.trim().is_empty() { "dyad> " } else { "  ..> " });
    }
    if !statement.trim().is_empty() {
        answer(&mut archive, &statement, format)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn answer(archive: &mut Reading, query: &str, format: RowFormat) -> Result<(), Failure> {
    archive.ask(query)?.into_iter().try_for_each(|answer| show(answer, format))
}

fn show(answer: Answer, format: RowFormat) -> Result<(), Failure> {
    if format == RowFormat::Parquet {
        let Answer { columns, rows } = answer;
        return table::print_file(|file| dyad_columns::table(&columns, &rows, Form::Parquet, file));
    }
    if format == RowFormat::Jsonl {
        let mut out = io::BufWriter::new(io::stdout().lock());
        for row in answer.rows {
            let row: Map<String, Value> = answer.columns.iter().cloned().zip(row).collect();
            writeln!(out, "{}", Value::Object(row)).map_err(Failure::output)?;
        }
        return out.flush().map_err(Failure::output);
    }
    let columns: Vec<&str> = answer.columns.iter().map(String::as_str).collect();
    let cells = answer.rows.iter().map(|row| {
        row.iter()
            .map(|value| match value {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            })
            .collect()
    });
    let format = if format == RowFormat::Csv { Format::Csv } else { Format::Table };
    table::print_cells(&columns, cells, format)
}
