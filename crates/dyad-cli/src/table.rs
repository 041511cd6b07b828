//! Rows of an answer as a table for a person, as JSONL or as CSV.

use crate::args::{Format, RowFormat};
use crate::failure::Failure;
use dyad_columns::Form;
use schemars::JsonSchema;
use serde::Serialize;
use std::io::{self, IsTerminal, Write};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What can be printed in a row.
pub trait Row: Serialize + JsonSchema {
    /// Names of the columns of a table; the last one takes what room is left.
    const SHORT: &'static [&'static str];
    /// Names of the columns of a CSV file.
    const ALL: &'static [&'static str];
    fn short(&self) -> Vec<String>;
    fn all(&self) -> Vec<String>;
}

/// The widest that any column but the last may be.
const WIDEST: usize = 30;
/// The width of a table that goes to no terminal.
const WIDTH: usize = 140;

/// A table for a terminal, JSONL for a pipe.
pub fn usual() -> Format {
    if io::stdout().is_terminal() { Format::Table } else { Format::Jsonl }
}

/// The same for rows.
pub fn usual_rows() -> RowFormat {
    if io::stdout().is_terminal() { RowFormat::Table } else { RowFormat::Jsonl }
}

pub fn print<R: Row>(rows: &[R], format: RowFormat) -> Result<(), Failure> {
    match format {
        RowFormat::Table => print_cells(R::SHORT, rows.iter().map(Row::short), Format::Table),
        RowFormat::Csv => print_cells(R::ALL, rows.iter().map(Row::all), Format::Csv),
        RowFormat::Parquet => print_file(|file| dyad_columns::rows(rows, Form::Parquet, file)),
        RowFormat::Jsonl => {
            let mut out = io::BufWriter::new(io::stdout().lock());
            let mut lines = rows.iter();
            lines
                .try_for_each(|row| {
                    serde_json::to_writer(&mut out, row)?;
                    out.write_all(b"\n")
                })
                .and_then(|()| out.flush())
                .map_err(Failure::output)
        }
    }
}

/// A file that is no text, on standard output.
pub fn print_file(
    write: impl FnOnce(&mut Vec<u8>) -> Result<(), dyad_columns::ColumnsError>,
) -> Result<(), Failure> {
    no_terminal()?;
    let mut file = Vec::new();
    write(&mut file)?;
    let mut out = io::stdout().lock();
    out.write_all(&file).and_then(|()| out.flush()).map_err(Failure::output)
}

/// Refuses a terminal, which would show it as noise.
pub fn no_terminal() -> Result<(), Failure> {
    if io::stdout().is_terminal() { Err(Failure::Terminal) } else { Ok(()) }
}

/// Rows that are text already, as a table or as CSV.
pub fn print_cells(
    columns: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
    format: Format,
) -> Result<(), Failure> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let printed = match format {
        Format::Csv => write_csv(columns, rows, &mut out),
        _ => write_table(
            columns,
            &rows.collect::<Vec<_>>(),
            width(),
            io::stdout().is_terminal(),
            &mut out,
        ),
    };
    printed.and_then(|()| out.flush()).map_err(Failure::output)
}

fn write_csv(
    columns: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(columns).map_err(io::Error::from)?;
    for row in rows {
        csv.write_record(row).map_err(io::Error::from)?;
    }
    csv.flush()
}

fn width() -> usize {
    let terminal = io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
    terminal.map_or(WIDTH, |(width, _)| usize::from(width.0).max(60))
}

fn write_table(
    columns: &[&str],
    rows: &[Vec<String>],
    width: usize,
    styled: bool,
    out: &mut impl Write,
) -> io::Result<()> {
    let cells: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|c| plain(c)).collect()).collect();
    let Some(last) = columns.len().checked_sub(1) else { return Ok(()) };
    let mut widths: Vec<usize> = columns.iter().map(|name| name.width()).collect();
    for row in &cells {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = (*widest).max(cell.width()).min(WIDEST);
        }
    }
    let before: usize = widths[..last].iter().map(|w| w + 2).sum();
    widths[last] = width.saturating_sub(before).max(20);
    let line = |cells: &[String]| -> String {
        let mut line = String::new();
        for (i, (cell, width)) in cells.iter().zip(&widths).enumerate() {
            let cell = cut(cell, *width);
            let pad = if i < last { width - cell.width() + 2 } else { 0 };
            line.push_str(&cell);
            line.extend(std::iter::repeat_n(' ', pad));
        }
        line.trim_end().to_owned()
    };
    let head: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
    let bold = if styled { anstyle::Style::new().bold() } else { anstyle::Style::new() };
    writeln!(out, "{bold}{}{bold:#}", line(&head))?;
    cells.iter().try_for_each(|row| writeln!(out, "{}", line(row)))
}

/// One line without control characters: those of a page must not reach a terminal.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut short = String::new();
    let mut columns = 1;
    for c in text.chars() {
        columns += c.width().unwrap_or(0);
        if columns > width {
            break;
        }
        short.push(c);
    }
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[&str] = &["name", "words"];

    fn ships() -> Vec<Vec<String>> {
        let ships =
            [["Fram", "a \"polar\" ship,\nof oak"], ["日本丸", "\u{1b}[31mwhite and of steel"]];
        ships.map(|ship| ship.map(str::to_owned).to_vec()).to_vec()
    }

    #[test]
    fn columns_stand_below_each_other_and_nothing_reaches_the_terminal() {
        let mut out = Vec::new();
        write_table(COLUMNS, &ships(), 28, false, &mut out).unwrap();
        let lines: Vec<String> =
            String::from_utf8(out).unwrap().lines().map(str::to_owned).collect();
        assert_eq!(
            lines,
            ["name    words", "Fram    a \"polar\" ship, of…", "日本丸   [31mwhite and of s…"]
        );
    }

    #[test]
    fn csv_quotes_what_needs_it() {
        let mut out = Vec::new();
        write_csv(COLUMNS, ships().into_iter().take(1), &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "name,words\nFram,\"a \"\"polar\"\" ship,\nof oak\"\n"
        );
    }
}
