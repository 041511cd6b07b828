//! `dyad explain`.

use crate::args::ExplainArgs;
use crate::failure::Failure;
use crate::source::{self, Piece, What};
use dyad_reader::Given;
use dyad_record::explain::{ExplainedWord, Explanation};
use std::io::Write;
use std::process::ExitCode;
use unicode_width::UnicodeWidthStr;

const BOLD: anstyle::Style = anstyle::Style::new().bold();
const DIM: anstyle::Style = anstyle::Style::new().dimmed();
const CODE: anstyle::Style = anstyle::AnsiColor::Cyan.on_default();

pub fn run(args: &ExplainArgs) -> Result<ExitCode, Failure> {
    let reader = crate::lexicon::reader(&args.input.given.reader)?;
    let mut worker = reader.worker();
    let mut out = anstream::stdout().lock();
    let mut tally = crate::batch::Tally::default();
    let mut closed = None;
    let mut told = false;
    let given = &args.input.given;
    let given = Given { published: given.published, url: given.url.clone(), ..Given::default() };
    for file in source::files(&args.input.paths) {
        let mut take = |piece: Result<Piece, Failure>| {
            let read = piece.and_then(|piece| match piece.what {
                What::Record(record) => Ok(worker.explain_again(&record).1),
                What::Bytes(bytes, given) => {
                    let read = worker.explain(&bytes, &given);
                    read.map_err(|error| Failure::Read { place: piece.place, error })
                }
            });
            match read {
                Ok(mut items) => {
                    tally.read += 1;
                    items.retain(|item| args.item.as_ref().is_none_or(|id| *id == item.item));
                    told |= !items.is_empty();
                    let print = |item: &Explanation| match args.json {
                        true => serde_json::to_string(item).expect("it is plain JSON") + "\n",
                        false => page(item),
                    };
                    let text: String = items.iter().map(print).collect();
                    closed = out.write_all(text.as_bytes()).err();
                }
                Err(failure) => {
                    tally.failed += 1;
                    anstream::eprintln!("{}", crate::failure::line(&failure));
                }
            }
            closed.is_none()
        };
        match file {
            Ok(path) => {
                source::pieces(&path, &given, &args.input.given.private_hosts, &mut take);
            }
            Err(failure) => {
                take(Err(failure));
            }
        }
        if let Some(error) = closed {
            return Err(Failure::output(error));
        }
    }
    if let Some(item) = args.item.as_ref().filter(|_| !told && tally.read > 0) {
        return Err(Failure::NoItem { item: item.clone() });
    }
    Ok(tally.exit_code())
}

/// One item for a person.
fn page(item: &Explanation) -> String {
    let mut page = format!("{BOLD}{}{BOLD:#}  {}", item.item, item.coded);
    if let Some(confidence) = item.confidence {
        page.push_str(&format!("  {CODE}{confidence:.2}{CODE:#}"));
    }
    page.push_str("\n\n");
    for line in table(&item.words) {
        page.push_str(&format!("  {line}\n"));
    }
    page.push('\n');
    let mut told = |name: &str, lines: &[String]| {
        for (i, line) in lines.iter().enumerate() {
            let name = if i == 0 { name } else { "" };
            page.push_str(&format!("  {DIM}{name:<10}{DIM:#}{line}\n"));
        }
    };
    let rule = item.rule.as_ref().map(|rule| format!("{}: {}", item.found_by, spaced(rule)));
    told("found by", &[rule.unwrap_or_else(|| item.found_by.clone())]);
    told("because", &item.because);
    if !item.from.is_empty() {
        told("stands on", &[item.from.join(" ")]);
    }
    let others: Vec<String> = item
        .runners_up
        .iter()
        .map(|other| {
            let sure = other.confidence.map_or("   –".to_owned(), |c| format!("{c:.2}"));
            let rule = other.rule.as_deref().map(spaced).unwrap_or_default();
            format!("{sure}  {:<10}{rule}", other.code).trim_end().to_owned()
        })
        .collect();
    told("or else", &others);
    page.push('\n');
    page
}

/// The cells of a lexicon line with blanks between them; the empty ones show as `·`.
fn spaced(line: &str) -> String {
    let cells: Vec<&str> =
        line.trim_end().split('\t').map(|c| if c.is_empty() { "·" } else { c }).collect();
    cells.join("  ")
}

/// The sentence as CoNLL-U has it, in columns, with the role of each word behind it.
fn table(words: &[ExplainedWord]) -> Vec<String> {
    let rows: Vec<[String; 8]> = words
        .iter()
        .map(|w| {
            [
                w.id.to_string(),
                w.form.clone(),
                w.lemma.clone(),
                w.upos.clone(),
                w.xpos.clone(),
                w.head.to_string(),
                w.deprel.clone(),
                w.role.clone(),
            ]
        })
        .collect();
    let width = |column: usize| rows.iter().map(|r| r[column].width()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..8).map(width).collect();
    rows.iter()
        .map(|row| {
            let cells = row.iter().zip(&widths).map(|(cell, width)| {
                format!("{cell}{}", " ".repeat(width.saturating_sub(cell.width())))
            });
            let line = cells.collect::<Vec<_>>().join("  ").trim_end().to_owned();
            if row[7].is_empty() { line } else { format!("{CODE}{line}{CODE:#}") }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use dyad_record::CharSpan;
    use dyad_record::explain::RunnerUp;

    #[test]
    fn a_page_shows_words_rule_and_runners_up() {
        let word = |id, form: &str, role: &str| ExplainedWord {
            id,
            form: form.into(),
            lemma: form.to_lowercase(),
            upos: "VERB".into(),
            xpos: "VBD".into(),
            head: 0,
            deprel: "root".into(),
            role: role.into(),
        };
        let item = Explanation {
            item: "e1".into(),
            coded: "ACCUSE, happened, CAMEO 111: Norway → Iceland".into(),
            sentence: CharSpan { start: 0, end: 9 },
            words: vec![word(1, "condemned", "trigger"), word(2, ".", "")],
            found_by: "acts:7".into(),
            rule: Some("condemn\tverb\t\tACCUSE".into()),
            because: vec!["actor and recipient are known".into()],
            from: vec!["a1".into(), "a2".into()],
            confidence: Some(0.81),
            runners_up: vec![RunnerUp {
                code: "REJECT".into(),
                confidence: Some(0.07),
                rule: None,
            }],
        };
        let shown = anstream::adapter::strip_str(&page(&item)).to_string();
        assert!(shown.starts_with("e1  ACCUSE, happened, CAMEO 111: Norway → Iceland  0.81\n"));
        assert!(shown.contains("1  condemned  condemned  VERB  VBD  0  root  trigger"), "{shown}");
        assert!(shown.contains("found by  acts:7: condemn  verb  ·  ACCUSE"), "{shown}");
        assert!(shown.contains("or else   0.07  REJECT"), "{shown}");
    }
}
