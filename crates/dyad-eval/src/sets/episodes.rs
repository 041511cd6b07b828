//! One happening told by several outlets: B³ over the acts that are marked in short reports of our
//! own. `cases/episodes/README.md` teaches the notation.

use crate::measure::{B3, Tally, ratio};
use crate::{EvalError, Set, data};
use dyad_archive::episodes;
use dyad_reader::{Given, Reader};
use dyad_record::{Event, Record};
use std::collections::HashMap;
use std::path::Path;

/// A report with its marks taken out of its words.
#[derive(Debug, Default, PartialEq)]
struct Told {
    line: usize,
    outlet: String,
    published: String,
    text: String,
    acts: Vec<Act>,
}

/// Words that tell an act, as code points, and the happening that it is.
#[derive(Debug, PartialEq)]
struct Act {
    start: u32,
    end: u32,
    happening: String,
}

pub fn score(file: &Path, reader: &Reader) -> Result<Tally, EvalError> {
    let failed = |line, what: &str| EvalError::Row {
        set: Set::Episodes,
        path: file.to_owned(),
        line,
        what: what.to_owned(),
    };
    let told = parse(&data::text(file)?).map_err(|(line, what)| failed(line, what))?;
    let mut worker = reader.worker();
    let mut records = Vec::new();
    for report in &told {
        let published = report.published.parse();
        let given = Given {
            published: Some(published.map_err(|_| failed(report.line, "its day is no date"))?),
            outlet: Some(report.outlet.clone()),
            media_type: Some("text/plain".to_owned()),
            ..Given::default()
        };
        let record = worker.read(report.text.as_bytes(), &given);
        records.push(record.map_err(|e| failed(report.line, &e.to_string()))?);
    }
    let found = episodes(&records);
    let of_event: HashMap<(&str, &str), &str> = found
        .iter()
        .flat_map(|e| e.tellings.iter().map(move |t| ((t.report.as_str(), t.event.as_str()), e)))
        .map(|(key, e)| (key, e.id.as_str()))
        .collect();
    let (mut read, mut all) = (Vec::new(), Vec::new());
    for (i, (report, record)) in told.iter().zip(&records).enumerate() {
        for act in &report.acts {
            let episode = event(record, act)
                .and_then(|event| of_event.get(&(record.report.id.as_str(), event)).copied());
            read.extend(episode.map(|episode| (act.happening.clone(), episode.to_owned())));
            // An act that was not read stands alone.
            let alone = || format!("{i} {}", act.start);
            all.push((act.happening.clone(), episode.map_or_else(alone, str::to_owned)));
        }
    }
    let b3 = |pairs: &[(String, String)]| {
        let mut sums = B3::default();
        sums.add(pairs.iter().map(|(gold, found)| (gold.as_str(), found.as_str())));
        sums
    };
    let share = ratio(read.len() as f64, all.len() as f64);
    let (read, all) = (b3(&read), b3(&all));
    Ok(Tally {
        rows: told.len(),
        scores: vec![
            ("b3_precision", read.precision()),
            ("b3_recall", read.recall()),
            ("b3_f1", read.f1()),
        ],
        details: vec![
            ("acts that were read".to_owned(), share),
            ("b3 recall, acts unread alone".to_owned(), all.recall()),
            ("b3 f1, acts unread alone".to_owned(), all.f1()),
        ],
    })
}

/// The surest event whose trigger meets the words, the first of several.
fn event<'r>(record: &'r Record, act: &Act) -> Option<&'r str> {
    let meets = |e: &&Event| e.trigger.start < act.end && act.start < e.trigger.end;
    let events = record.events.iter().filter(meets).rev();
    events.max_by(|a, b| a.confidence.total_cmp(&b.confidence)).map(|e| e.id.as_str())
}

fn parse(file: &str) -> Result<Vec<Told>, (usize, &'static str)> {
    let mut told: Vec<Told> = Vec::new();
    let mut happening = None;
    for (number, line) in file.lines().enumerate().map(|(i, line)| (i + 1, line)) {
        if line.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_prefix("=== ") {
            happening = Some(name.trim());
        } else if let Some(head) = line.strip_prefix("--- ") {
            let (outlet, published) =
                head.rsplit_once(',').ok_or((number, "write `--- outlet, day`"))?;
            let (outlet, published) = (outlet.trim().to_owned(), published.trim().to_owned());
            told.push(Told { line: number, outlet, published, ..Told::default() });
        } else if !line.trim().is_empty() {
            let happening = happening.ok_or((number, "no happening (`=== name`) before it"))?;
            let report =
                told.last_mut().ok_or((number, "no report (`--- outlet, day`) before it"))?;
            if !report.text.is_empty() {
                report.text.push_str("\n\n");
            }
            unmark(line, happening, report).map_err(|what| (number, what))?;
        }
    }
    Ok(told)
}

/// Adds a paragraph without its marks: `[words]` tell the happening of the report, `[words]{name}`
/// another one.
fn unmark(line: &str, happening: &str, report: &mut Told) -> Result<(), &'static str> {
    let mut rest = line.trim();
    let length = |text: &str| text.chars().count() as u32;
    while let Some((before, marked)) = rest.split_once('[') {
        let (words, after) = marked.split_once(']').ok_or("`[` without `]`")?;
        let (name, after) = match after.strip_prefix('{') {
            Some(named) => named.split_once('}').ok_or("`{` without `}`")?,
            None => (happening, after),
        };
        report.text.push_str(before);
        let start = length(&report.text);
        report.text.push_str(words);
        let end = length(&report.text);
        report.acts.push(Act { start, end, happening: name.to_owned() });
        rest = after;
    }
    report.text.push_str(rest);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_taken_out_of_the_words() {
        let told = parse(
            "# A set.\n=== strike\n--- Île Post, 2023-05-12\nÉva's men [struck] after they \
             [met]{talks} her.\n\nThe rest.\n",
        )
        .unwrap();
        assert_eq!(told.len(), 1);
        let report = &told[0];
        assert_eq!(report.text, "Éva's men struck after they met her.\n\nThe rest.");
        assert_eq!((report.outlet.as_str(), report.published.as_str()), ("Île Post", "2023-05-12"));
        let words = |act: &Act| {
            let all: Vec<char> = report.text.chars().collect();
            all[act.start as usize..act.end as usize].iter().collect::<String>()
        };
        let acts: Vec<(String, &str)> =
            report.acts.iter().map(|a| (words(a), a.happening.as_str())).collect();
        assert_eq!(acts, [("struck".to_owned(), "strike"), ("met".to_owned(), "talks")]);
    }

    #[test]
    fn a_fault_is_named_with_its_line() {
        assert_eq!(parse("words").unwrap_err().0, 1);
        assert_eq!(parse("=== a\n--- Post 2023").unwrap_err().0, 2);
        assert_eq!(parse("=== a\n--- Post, 2023-01-01\nIt [fell.").unwrap_err().0, 3);
    }
}
