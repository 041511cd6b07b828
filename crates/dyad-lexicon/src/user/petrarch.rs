//! PETRARCH's dictionaries as rows: actors, agents, discards.

use super::{Finding, Kind};
use crate::actors::Period;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// A name with its codes, each with the days on which it holds; the first that holds is the one.
#[derive(Clone, Debug, PartialEq)]
pub struct ActorRow {
    pub line: usize,
    pub phrases: Vec<(usize, String)>,
    pub codes: Vec<(String, Period)>,
}

/// A common noun and the code that it adds: `~GOV` behind the actor's, `NGO~` before it.
#[derive(Clone, Debug, PartialEq)]
pub struct AgentRow {
    pub line: usize,
    pub noun: String,
    /// A plural that is not the regular one.
    pub plural: Option<String>,
    /// `{}`: it has none.
    pub no_plural: bool,
    pub code: String,
}

/// Words whose sentence, or whose whole report, is not coded.
#[derive(Clone, Debug, PartialEq)]
pub struct DiscardRow {
    pub line: usize,
    pub words: String,
    pub whole_report: bool,
}

/// The lines without comments: `<!-- -->` over one or more lines, `#` and `;` to the end.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, String)> + '_ {
    let mut in_comment = false;
    text.lines().enumerate().filter_map(move |(i, line)| {
        let mut kept = String::new();
        let mut rest = line;
        loop {
            if in_comment {
                match rest.split_once("-->") {
                    Some((_, after)) => rest = after,
                    None => break,
                }
                in_comment = false;
            }
            match rest.split_once("<!--") {
                Some((before, after)) => {
                    kept.push_str(before);
                    rest = after;
                    in_comment = true;
                }
                None => {
                    kept.push_str(rest);
                    break;
                }
            }
        }
        let end = kept.find(['#', ';']).filter(|at| !kept[*at..].starts_with("###]"));
        kept.truncate(end.unwrap_or(kept.len()));
        let kept = kept.trim_end();
        let blank = kept.trim().is_empty() || kept.starts_with("<! --");
        (!blank).then(|| (i + 1, kept.to_owned()))
    })
}

/// Words with single blanks between: `MINAS_TIRITH_` is `MINAS TIRITH`.
pub(super) fn phrase(text: &str) -> String {
    text.split(|c: char| c == '_' || c.is_whitespace())
        .filter(|w| !w.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

pub fn actors(file: &str, text: &str, findings: &mut Vec<Finding>) -> Vec<ActorRow> {
    let mut rows: Vec<ActorRow> = Vec::new();
    let mut fault = |line, what: String| findings.push(Finding::new(file, line, Kind::Fault, what));
    for (number, line) in lines(text) {
        let (head, codes) = match line.find('[') {
            Some(at) => line.split_at(at),
            None => (line.as_str(), ""),
        };
        let words = head.trim();
        if let Some(synonym) = words.strip_prefix('+') {
            match rows.last_mut() {
                Some(row) => row.phrases.push((number, phrase(synonym))),
                None => {
                    fault(number, "a synonym without a name above it; put the name first".into())
                }
            }
        } else if !words.is_empty() {
            let phrases = vec![(number, phrase(words))];
            rows.push(ActorRow { line: number, phrases, codes: Vec::new() });
        }
        let Some(row) = rows.last_mut() else {
            fault(number, "a code without a name above it; put the name first".into());
            continue;
        };
        for part in codes.split('[').skip(1) {
            let Some((inside, _)) = part.split_once(']') else {
                fault(number, format!("`[{}` is not closed; add a `]`", part.trim()));
                continue;
            };
            match code(inside) {
                Ok(found) => row.codes.push(found),
                Err(what) => fault(number, what),
            }
        }
    }
    for row in &mut rows {
        // What holds always comes last, wherever it stands.
        row.codes.sort_by_key(|(_, period)| *period == Period::default());
        row.phrases.retain(|(_, words)| !words.is_empty());
        if row.codes.is_empty() {
            let name = row.phrases.first().map(|(_, w)| w.as_str()).unwrap_or_default();
            fault(row.line, format!("`{name}` has no code; add one as [CODE]"));
        }
    }
    rows.retain(|row| !row.codes.is_empty() && !row.phrases.is_empty());
    rows
}

/// `HOBGOV 19950601 - 19990815`, `HOB <950601`, `HOB >950601`, `HOB`.
fn code(inside: &str) -> Result<(String, Period), String> {
    let inside = inside.trim();
    let (code, days) = match inside.split_once([' ', '\t', '<', '>']) {
        Some((code, _)) => (code, inside[code.len()..].trim()),
        None => (inside, ""),
    };
    if code.is_empty() {
        return Err(format!("`[{inside}]` has no code; write [CODE] or [CODE FROM-TO]"));
    }
    let period = if days.is_empty() {
        Period::default()
    } else if let Some(to) = days.strip_prefix('<') {
        Period { from: None, to: Some(day(to)?) }
    } else if let Some(from) = days.strip_prefix('>') {
        Period { from: Some(day(from)?), to: None }
    } else if let Some((from, to)) = days.split_once('-') {
        Period { from: Some(day(from)?), to: Some(day(to)?) }
    } else {
        return Err(format!("`{days}` is no restriction; write <DATE, >DATE or DATE-DATE"));
    };
    if matches!((period.from, period.to), (Some(from), Some(to)) if to < from) {
        return Err(format!("`{days}`: the second date lies before the first; swap them"));
    }
    Ok((code.to_uppercase(), period))
}

/// `YYYYMMDD` or `YYMMDD`; of the latter, years up to 30 are of this century. A month or day of 00
/// is the first, a day too late the month's last.
fn day(text: &str) -> Result<Date, String> {
    let digits = text.trim();
    let wrong = || format!("`{digits}` is not a date; write YYYYMMDD or YYMMDD");
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(wrong());
    }
    let number = |range: std::ops::Range<usize>| digits[range].parse::<i16>().map_err(|_| wrong());
    let (year, at) = match digits.len() {
        8 => (number(0..4)?, 4),
        6 => match number(0..2)? {
            year @ ..=30 => (2000 + year, 2),
            year => (1900 + year, 2),
        },
        _ => return Err(wrong()),
    };
    let month = number(at..at + 2)?.max(1) as i8;
    let day = number(at + 2..at + 4)?.max(1) as i8;
    let first = Date::new(year, month, 1).map_err(|_| wrong())?;
    if day > 31 {
        return Err(wrong());
    }
    Ok(Date::new(year, month, day).unwrap_or_else(|_| first.last_of_month()))
}

pub fn agents(file: &str, text: &str, findings: &mut Vec<Finding>) -> Vec<AgentRow> {
    let mut rows = Vec::new();
    let mut sets: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut fault = |line, what: String| findings.push(Finding::new(file, line, Kind::Fault, what));
    for (number, line) in lines(text) {
        let line = line.trim();
        if line.starts_with('!')
            && let Some((marker, list)) = line.split_once('=')
        {
            let members = list.split(',').map(phrase).filter(|m| !m.is_empty()).collect();
            sets.insert(marker.trim().to_owned(), members);
            continue;
        }
        let Some((head, rest)) = line.split_once('[') else {
            fault(number, format!("`{line}` has no code; add one as [~CODE]"));
            continue;
        };
        let code: String = rest.split(']').next().unwrap_or("").split_whitespace().collect();
        if !code.starts_with('~') && !code.ends_with('~') || code.len() < 2 {
            fault(number, format!("`[{code}]` lacks its ~; write [~{code}] or [{code}~]"));
            continue;
        }
        let (noun, plural) = match head.split_once('{') {
            Some((noun, plural)) => (noun, Some(phrase(plural.trim_end().trim_end_matches('}')))),
            None => (head, None),
        };
        let mut nouns = vec![noun.trim().to_owned()];
        if let Some((before, marked)) = noun.split_once('!')
            && let Some((marker, after)) = marked.split_once('!')
        {
            match sets.get(&format!("!{marker}!")) {
                Some(members) => {
                    nouns = members.iter().map(|m| format!("{before}{m}{after}")).collect();
                }
                None => {
                    let what = format!("no set `!{marker}!` stands above; define it with `=`");
                    fault(number, what);
                    continue;
                }
            }
        }
        let code = code.to_uppercase();
        rows.extend(nouns.iter().map(|noun| AgentRow {
            line: number,
            noun: phrase(noun).to_lowercase(),
            plural: plural.as_deref().map(str::to_lowercase).filter(|p| !p.is_empty()),
            no_plural: plural.as_deref() == Some(""),
            code: code.clone(),
        }));
    }
    rows.retain(|row| !row.noun.is_empty());
    rows
}

pub fn discards(text: &str) -> Vec<DiscardRow> {
    let row = |(line, text): (usize, String)| DiscardRow {
        line,
        words: phrase(text.trim().trim_start_matches('+')),
        whole_report: text.trim().starts_with('+'),
    };
    lines(text).map(row).filter(|row| !row.words.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACTORS: &str = "\
<!-- two\nlines -->
ALDERMARK_  [ALD] # pas
+ALDERMARKER
JON_VESK [ALDELI]
+J. VESK
\t[ALDGOV 950601 - 19990815]
\t[ALDREB >990816] [ALD <19900101]
NOBODY
OLD [ALD 2004017-20061201]
OPEN [ALD
";

    #[test]
    fn actors_have_synonyms_and_days() {
        let mut findings = Vec::new();
        let rows = actors("a.txt", ACTORS, &mut findings);
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].phrases, [(3, "ALDERMARK".into()), (4, "ALDERMARKER".into())]);
        let codes: Vec<_> = rows[1].codes.iter().map(|(code, _)| code.as_str()).collect();
        assert_eq!(codes, ["ALDGOV", "ALDREB", "ALD", "ALDELI"]);
        assert_eq!(rows[1].codes[0].1.from, Some(Date::constant(1995, 6, 1)));
        let lines: Vec<_> = findings.iter().map(|f| f.line).collect();
        assert_eq!(lines, [10, 11, 9, 10, 11], "{findings:?}");
        assert!(findings[0].what.contains("YYYYMMDD"));
    }

    #[test]
    fn days_are_mended_where_they_can_be() {
        assert_eq!(day("300101"), Ok(Date::constant(2030, 1, 1)));
        assert_eq!(day("310101"), Ok(Date::constant(1931, 1, 1)));
        assert_eq!(day("19330000"), Ok(Date::constant(1933, 1, 1)));
        assert_eq!(day("19990231"), Ok(Date::constant(1999, 2, 28)));
        assert!(day("19991301").is_err() && day("1999").is_err() && day("abcdef").is_err());
        assert!(code("X 20010101-20000101").unwrap_err().contains("swap"));
    }

    #[test]
    fn agents_take_plurals_and_sets() {
        let text = "!FOLK! = MAN, WOMEN\nPOLICE {} [ ~COP]\nATTORNEY_GENERAL {ATTORNEYS_GENERAL} [~GOV]\n\
                    ALDER!FOLK! [~LEG]\n!NONE!_X [~GOV]\nBODY [NGO~]\nBAD [GOV]\n";
        let mut findings = Vec::new();
        let rows = agents("g.txt", text, &mut findings);
        let nouns: Vec<_> = rows.iter().map(|r| (r.noun.as_str(), r.code.as_str())).collect();
        assert_eq!(
            nouns,
            [
                ("police", "~COP"),
                ("attorney general", "~GOV"),
                ("alderman", "~LEG"),
                ("alderwomen", "~LEG"),
                ("body", "NGO~")
            ]
        );
        assert_eq!(rows[1].plural.as_deref(), Some("attorneys general"));
        assert!(rows[0].no_plural && !rows[1].no_plural && !rows[2].no_plural);
        assert_eq!(findings.iter().map(|f| f.line).collect::<Vec<_>>(), [5, 7]);
    }

    #[test]
    fn discards_tell_sentence_from_report() {
        let rows = discards("# all\nFIRST SEED\n+ WORLD_CUP\n");
        assert_eq!((rows[0].words.as_str(), rows[0].whole_report), ("FIRST SEED", false));
        assert_eq!((rows[1].words.as_str(), rows[1].whole_report), ("WORLD CUP", true));
    }
}
