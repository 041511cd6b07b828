//! One table: tab-separated, `#` opens a comment line, the first other line names the columns.
//! Every complaint names the file and the line, and says what would mend it.

use thiserror::Error;

#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error("{table}, line {line}: {what}")]
pub struct TableError {
    pub table: String,
    pub line: usize,
    pub what: String,
}

/// A parsed table, borrowing the text it was read from.
#[derive(Debug, Clone)]
pub struct Table<'t> {
    pub name: String,
    pub columns: Vec<&'t str>,
    rows: Vec<(usize, Vec<&'t str>)>,
}

/// One row: its line, and its cells by the names of the columns.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a, 't> {
    table: &'a Table<'t>,
    pub line: usize,
    cells: &'a [&'t str],
}

impl<'t> Table<'t> {
    /// Parses `text`; `required` columns must be in the header.
    pub fn parse(name: &str, text: &'t str, required: &[&str]) -> Result<Self, TableError> {
        let fail = |line, what| TableError { table: name.to_owned(), line, what };
        let mut columns: Option<Vec<&'t str>> = None;
        let mut rows = Vec::new();
        for (i, line) in text.lines().enumerate() {
            let line = line.trim_end_matches('\r');
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let cells: Vec<&'t str> = line.split('\t').map(str::trim).collect();
            match &columns {
                None => {
                    for column in required {
                        if !cells.contains(column) {
                            return Err(fail(
                                i + 1,
                                format!("the header lacks the column `{column}`; add it"),
                            ));
                        }
                    }
                    columns = Some(cells);
                }
                Some(header) if cells.len() > header.len() => {
                    return Err(fail(
                        i + 1,
                        format!(
                            "{} cells where the header has {} columns; take out the extra tabs",
                            cells.len(),
                            header.len()
                        ),
                    ));
                }
                Some(_) => rows.push((i + 1, cells)),
            }
        }
        let columns =
            columns.ok_or_else(|| fail(1, "no header line; name the columns in it".to_owned()))?;
        Ok(Table { name: name.to_owned(), columns, rows })
    }

    pub fn rows(&self) -> impl Iterator<Item = Row<'_, 't>> {
        self.rows.iter().map(|(line, cells)| Row { table: self, line: *line, cells })
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl<'a, 't> Row<'a, 't> {
    /// The cell of a column; empty where the row ends before it or the table lacks it.
    pub fn get(&self, column: &str) -> &'t str {
        self.table
            .columns
            .iter()
            .position(|c| *c == column)
            .and_then(|i| self.cells.get(i))
            .copied()
            .unwrap_or("")
    }

    /// The parts of a cell that holds several, separated by `|`.
    pub fn list(&self, column: &str) -> impl Iterator<Item = &'t str> + use<'t> {
        self.get(column).split('|').map(str::trim).filter(|s| !s.is_empty())
    }

    /// An error that names this row.
    pub fn error(&self, what: impl Into<String>) -> TableError {
        TableError { table: self.table.name.clone(), line: self.line, what: what.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_comments_header_and_lists() {
        let text = "# people\nname\tcountry\n\nA|B\tXXX\nC\n";
        let table = Table::parse("people.tsv", text, &["name"]).unwrap();
        let rows: Vec<_> = table.rows().collect();
        assert_eq!(rows[0].list("name").collect::<Vec<_>>(), ["A", "B"]);
        assert_eq!(rows[1].get("country"), "");
        assert_eq!(rows[0].error("bad").to_string(), "people.tsv, line 4: bad");
    }

    #[test]
    fn names_the_line_and_the_mend() {
        let error = Table::parse("t.tsv", "a\tb\n1\t2\t3\n", &[]).unwrap_err();
        assert_eq!(error.line, 2);
        assert!(error.what.contains("extra tabs"));
        assert!(Table::parse("t.tsv", "a\n", &["b"]).is_err());
        assert!(Table::parse("t.tsv", "", &[]).is_err());
    }
}
