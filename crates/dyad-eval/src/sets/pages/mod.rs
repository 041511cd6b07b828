//! What is read of whole web pages: their article, and what they say of themselves.
//! `cases/pages/README.md` teaches how the pages are made.

mod bulk;
mod layout;

use crate::measure::{Counts, Tally, common, ratio};
use crate::{EvalError, Set, data};
use dyad_reader::{Given, report};
use dyad_record::PassageKind;
pub use layout::Page;
use layout::Words;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long the speed is measured.
const TIMED: Duration = Duration::from_secs(1);

/// The pages of a layout, or of every layout of a folder in order of name. What they are filled
/// with lies one folder up.
pub fn load(path: &Path) -> Result<Vec<Page>, EvalError> {
    let failed = |error| EvalError::File { path: path.to_owned(), error };
    let mut files = vec![path.to_owned()];
    if path.is_dir() {
        let entries: Result<Vec<_>, _> = std::fs::read_dir(path).map_err(failed)?.collect();
        files = entries.map_err(failed)?.into_iter().map(|entry| entry.path()).collect();
        files.retain(|file| file.extension().is_some_and(|e| e == "html"));
        files.sort();
    }
    let mut pages = Vec::new();
    for file in files {
        let shared = file.ancestors().nth(2).map_or_else(PathBuf::new, Path::to_owned);
        let words = Words::parse(
            &data::text(&shared.join("articles.txt"))?,
            &data::text(&shared.join("words.txt"))?,
        );
        let made = layout::pages(&data::text(&file)?, &words).map_err(|(line, what)| {
            EvalError::Row { set: Set::Pages, path: file.clone(), line, what }
        })?;
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        pages.extend(made.into_iter().map(|page| page.named(&name)));
    }
    Ok(pages)
}

/// What was read of one page, beside what stands in it.
#[derive(Debug, Default)]
pub struct Read {
    pub title: bool,
    pub byline: bool,
    pub outlet: bool,
    pub date: bool,
    pub words: Counts,
    /// The article as it was read, without what is known as furniture; empty where nothing was.
    pub text: String,
    pub report: Option<report::Report>,
}

pub fn read(page: &Page) -> Read {
    let gold = tokens(&page.text);
    let Ok(found) = report::open(&page.bytes, &Given::default()) else {
        let words = Counts { gold: gold.len(), ..Counts::default() };
        return Read { byline: page.byline.is_none(), words, ..Read::default() };
    };
    let body = found.passages.iter().filter(|p| p.kind != PassageKind::Furniture);
    let parts: Vec<&str> = body.map(|p| p.span.of(&found.text)).collect();
    let text = parts.join("\n");
    let ours = tokens(&text);
    let mut words = Counts::default();
    words.add(common(&ours, &gold), ours.len(), gold.len());
    let same = |a: &Option<String>, b: &str| a.as_deref().is_some_and(|a| plain(a) == plain(b));
    Read {
        title: same(&found.title, &page.title),
        byline: match &page.byline {
            Some(byline) => found.byline.as_ref().is_some_and(|b| names(b) == names(byline)),
            None => true,
        },
        outlet: page.outlet.split(" / ").any(|outlet| same(&found.outlet, outlet)),
        date: found.published == Some(page.published),
        words,
        text,
        report: Some(found),
    }
}

pub fn score(path: &Path) -> Result<Tally, EvalError> {
    let pages = load(path)?;
    let read: Vec<Read> = pages.iter().map(read).collect();
    let mut words = Counts::default();
    for page in &read {
        words.add(page.words.right, page.words.predicted, page.words.gold);
    }
    let share = |right: &dyn Fn(&Read) -> bool| {
        ratio(read.iter().filter(|r| right(r)).count() as f64, read.len() as f64)
    };
    let signed = pages.iter().zip(&read).filter(|(page, _)| page.byline.is_some());
    let (of, right) =
        signed.fold((0.0, 0.0), |(of, right), (_, r)| (of + 1.0, right + f64::from(r.byline)));
    let [precision, recall] = words.details("text");
    let bytes: usize = pages.iter().map(|p| p.bytes.len()).sum();
    Ok(Tally {
        rows: pages.len(),
        scores: vec![
            ("date", share(&|r| r.date)),
            ("text_f1", words.f1()),
            ("title", share(&|r| r.title)),
            ("byline", ratio(right, of)),
            ("outlet", share(&|r| r.outlet)),
        ],
        details: vec![
            precision,
            recall,
            ("pages a second on this core".to_owned(), speed(&pages)),
            ("kilobytes a page".to_owned(), ratio(bytes as f64 / 1024.0, pages.len() as f64)),
        ],
    })
}

/// Pages opened in a second of one core, bytes to report, without the reading that follows; the
/// quickest of several rounds, since others may use the core.
fn speed(pages: &[Page]) -> f64 {
    let start = Instant::now();
    let mut best = Duration::MAX;
    while !pages.is_empty() && start.elapsed() < TIMED {
        let round = Instant::now();
        for page in pages {
            std::hint::black_box(report::open(&page.bytes, &Given::default()).is_ok());
        }
        best = best.min(round.elapsed());
    }
    ratio(pages.len() as f64, best.as_secs_f64())
}

/// The words, without the signs around them.
fn tokens(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’'));
    words.map(|w| w.trim_matches(['\'', '’'])).filter(|w| !w.is_empty()).map(plain).collect()
}

fn plain(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ").to_lowercase();
    text.strip_prefix("the ").map_or(text.clone(), str::to_owned)
}

/// The names in a byline, in any order.
fn names(byline: &str) -> Vec<String> {
    let apart = byline.replace(" and ", ",").replace(['&', ';', '/'], ",");
    let mut names: Vec<String> =
        apart.split(',').map(plain).filter(|name| !name.is_empty()).collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_in_any_order() {
        assert_eq!(names("Anna Berg and Tom  Lund"), names("Tom Lund; Anna Berg"));
        assert_ne!(names("Anna Berg"), names("Anna Berg, Tom Lund"));
    }

    #[test]
    fn words_are_compared_without_their_signs() {
        assert_eq!(tokens("“It’s over,” she said."), ["it’s", "over", "she", "said"]);
    }
}
