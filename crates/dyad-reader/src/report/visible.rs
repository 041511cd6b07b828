//! The date and the byline that a page shows near its heading, and nowhere else.

use super::dates::{self, Stated};
use super::meta::{self, Found};
use super::outline::{Line, Outline};
use super::tags::hint;
use super::{Page, plain};
use jiff::civil::Date;
use std::ops::Range;

/// A date further from the heading than this is another report's.
const NEAR: usize = 14;
/// A candidate below this is no date of publication.
const ENOUGH: i32 = 4;
/// One above this is as sure as a date for machines.
const SURE: i32 = 9;
/// A line of date or byline is no longer than this.
const SHORT: usize = 160;

pub fn read(outline: &Outline, language: &str, page: &mut Page, found: &mut Found) {
    let (from, to) = match found.title {
        Some(title) => {
            (walked(outline, (0..title).rev()), walked(outline, title + 1..outline.lines.len()))
        }
        None => (0, outline.lines.len()),
    };
    let mut best: Option<(i32, usize, Stated)> = None;
    for i in 0..outline.lines.len() {
        let line = &outline.lines[i];
        let text = outline.text(line);
        if text.len() > SHORT && line.hints & hint::STAMPED == 0 {
            continue;
        }
        let near = (from..to).contains(&i);
        let before = i.checked_sub(1).map(|b| outline.text(&outline.lines[b]));
        for (range, stated, stamped) in dates_of(line, text, language) {
            let label = label(text, &range, before.unwrap_or_default());
            let mut score = weigh(line, text, label, stamped);
            score += match found.title {
                Some(_) if near => 4,
                Some(_) => -3,
                None => 1,
            };
            let away = found.title.map_or(0, |title| i.abs_diff(title));
            if near && (label != Label::None || text.len() < 60) && line.hints & hint::NAV == 0 {
                found.lines.push(i);
            }
            let better = |(high, far, _): &(i32, usize, Stated)| (score, *far) > (*high, away);
            if best.as_ref().is_none_or(better) {
                best = Some((score, away, stated));
            }
        }
    }
    if let Some((score, _, stated)) = best
        && score >= ENOUGH
        && page.meta.published.is_none()
    {
        match stated {
            Ok(date) if score >= SURE => page.meta.published = Some(date),
            Ok(date) => page.meta.inferred = Some(date),
            Err(_) => meta::state(page, Some(stated)),
        }
    }
    byline(outline, from..to, page, found);
    found.lines.sort_unstable();
    found.lines.dedup();
}

/// The last of the lines that is near, if links count for nothing: menus may stand between.
fn walked(outline: &Outline, lines: impl Iterator<Item = usize>) -> usize {
    let plain = |i: &usize| {
        let line = &outline.lines[*i];
        line.linked * 2 < line.text.len()
    };
    let mut last = 0;
    for i in lines.filter(plain).take(NEAR) {
        last = i;
    }
    last
}

/// The dates that a line gives: the one for machines, or those that it shows.
fn dates_of(line: &Line, text: &str, language: &str) -> Vec<(Range<usize>, Stated, bool)> {
    let stamp = line.stamp.as_deref().and_then(dates::field);
    let mut all = Vec::new();
    let mut at = 0;
    while let Some((range, stated)) = dates::find_in(&text[at..], language) {
        let end = at + range.end;
        all.push((at + range.start..end, stated, false));
        at = end;
        if all.len() == 3 {
            break;
        }
    }
    // Of several that are shown the attribute gives but one; of a single one, a time zone may
    // have made another day.
    match stamp {
        Some(Ok(day)) if all.is_empty() => vec![(0..0, Ok(day), true)],
        Some(Ok(day)) if all.len() == 1 && all[0].1.as_ref().is_ok_and(|d| next_to(*d, day)) => {
            vec![(all[0].0.clone(), Ok(day), true)]
        }
        _ => all,
    }
}

fn next_to(one: Date, other: Date) -> bool {
    one.until(other).is_ok_and(|span| span.get_days().abs() <= 1)
}

#[derive(Clone, Copy, PartialEq)]
enum Label {
    None,
    First,
    Published,
    Changed,
    Other,
}

/// What the words before a date call it.
fn label(text: &str, range: &Range<usize>, before: &str) -> Label {
    let own = text[..range.start].to_lowercase();
    let own = own.rsplit(['|', '•', ';']).next().unwrap_or_default();
    let line = if own.trim().is_empty() { before.to_lowercase() } else { own.to_owned() };
    let line = line.trim();
    let ends = |words: &[&str]| {
        // The last of the words that are there names the date.
        words.iter().filter_map(|w| line.rfind(w)).max()
    };
    if line.len() > 60 && own.trim().is_empty() {
        return Label::None;
    }
    let first = ends(&["first published", "originally published", "original publication"]);
    let published = ends(&[
        "publish",
        "posted",
        "issued",
        "publié",
        "publication date",
        "veröffentlicht",
        "publicado",
        "pubblicato",
        "created",
        "опубликовано",
        "release date",
        "date published",
    ]);
    let changed = ends(&[
        "updat",
        "modif",
        "last ",
        "edited",
        "revised",
        "changed",
        "aktualisiert",
        "actualizado",
        "mis à jour",
        "обновлено",
    ]);
    let other = ends(&[
        "©",
        "copyright",
        "today",
        "aujourd'hui",
        "сегодня",
        "сейчас",
        "(ap",
        "photo",
        "expires",
        "until",
        "accessed",
        "retrieved",
        "as of",
        "since",
        "founded",
    ]);
    match (first, published, changed, other) {
        (Some(_), ..) => Label::First,
        (_, _, Some(c), _) if published.is_none_or(|p| p < c) => Label::Changed,
        (_, Some(_), ..) => Label::Published,
        (.., Some(_)) => Label::Other,
        _ => Label::None,
    }
}

fn weigh(line: &Line, text: &str, label: Label, stamped: bool) -> i32 {
    let has = |hint: u16| line.hints & hint != 0;
    let mut score = match label {
        Label::First => 8,
        Label::Published => 5,
        Label::None => 0,
        Label::Changed => -3,
        Label::Other => -6,
    };
    score += i32::from(has(hint::DATE)) * 2 + i32::from(stamped) * 2;
    score -= i32::from(has(hint::CHANGED)) * 4 + i32::from(has(hint::CAPTION)) * 6;
    score -= i32::from(has(hint::NAV)) * 3 + i32::from(has(hint::BOX)) * 3;
    score -= i32::from(has(hint::COMMENT)) * 8;
    score -= i32::from(line.linked * 2 > text.len()) * 2;
    score + i32::from(text.len() < 60) - i32::from(plain::is_sentence(text) && text.len() > 40) * 4
}

/// A short line near the heading that is marked as a byline or begins with "By".
fn byline(outline: &Outline, near: Range<usize>, page: &mut Page, found: &mut Found) {
    let mut marked: Option<String> = None;
    for i in near {
        let line = &outline.lines[i];
        let text = outline.text(line).trim();
        let signed = meta::without_by(text).len() < text.len();
        let away = if signed { hint::COMMENT } else { hint::COMMENT | hint::NAV };
        if text.len() > SHORT || line.hints & away != 0 {
            continue;
        }
        let hinted = line.hints & hint::AUTHOR != 0;
        if !signed && !hinted {
            continue;
        }
        let Some(name) = name(meta::without_by(text)) else { continue };
        found.lines.push(i);
        // A line of the byline's box may hold the word "By" alone, or the outlet.
        let outlet = page.meta.outlet.as_deref().is_some_and(|o| o.eq_ignore_ascii_case(&name));
        if !outlet && (marked.is_none() || signed && hinted) {
            marked.get_or_insert(name);
        }
    }
    if let Some(name) = marked {
        page.meta.byline.get_or_insert(name);
    }
}

/// The name in a byline: what stands before a date, an address, a sign that divides; or, where the
/// date comes first, after "by".
fn name(text: &str) -> Option<String> {
    const LABELS: [&str; 12] = [
        "by",
        "author",
        "authors",
        "share",
        "comment",
        "comments",
        "updated",
        "published",
        "posted",
        "modified",
        "on",
        "at",
    ];
    let label = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphabetic());
        LABELS.iter().any(|l| l.eq_ignore_ascii_case(word))
    };
    let text = match text.rsplit_once(" by ") {
        Some((_, after)) if after.starts_with(char::is_uppercase) => after,
        _ => text,
    };
    let end = dates::find(text).map_or(text.len(), |(range, _)| range.start);
    let part = text[..end].split(['|', '•', '·', '–', '—', '\n']).next().unwrap_or_default();
    let other = |word: &str| word.contains('@') || word.bytes().any(|b| b.is_ascii_digit());
    let mut words: Vec<&str> = part.split_whitespace().take_while(|w| !other(w)).collect();
    while words.last().is_some_and(|w| label(w)) {
        words.pop();
    }
    let name = words.join(" ").trim_matches([',', '-', ':', ' ', '/']).to_owned();
    let starts = name.starts_with(char::is_uppercase);
    let plausible = (1..=9).contains(&words.len()) && !plain::is_sentence(&name);
    (plausible && starts && !label(&name)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// What is found in a page whose heading is "Pact signed in Bergen".
    fn found(html: &str) -> Page {
        let outline = Outline::of(html);
        let mut page = Page::default();
        let mut found = Found { title: outline.find("Pact signed in Bergen"), ..Found::default() };
        read(&outline, "en-GB", &mut page, &mut found);
        page
    }

    fn day(html: &str) -> Option<Date> {
        let page = found(html);
        page.meta.published.or(page.meta.inferred)
    }

    const HEADING: &str = "<h1>Pact signed in Bergen</h1>";

    #[test]
    fn the_day_stands_near_the_heading() {
        let third = Some(date(2023, 5, 3));
        for head in [
            "<p>3 May 2023</p>",
            "<p>Updated 5 May 2023, published 3 May 2023</p>",
            "<dl><dt>Posted</dt><dd>5 May 2023</dd><dt>Originally published</dt><dd>3 May 2023</dd></dl>",
            "<p>Published on: <time datetime='2023-05-03T22:00Z'>4 May 2023</time></p>",
            "<p>Last updated: 5 May 2023</p><p>Issued: 03/05/2023</p>",
        ] {
            assert_eq!(day(&format!("{HEADING}{head}<p>Norway signed.</p>")), third, "{head}");
        }
        let other = "<aside><p>Ferry late</p><p>4 May 2023</p></aside>";
        assert_eq!(day(&format!("{HEADING}<p>Norway signed.</p>{other}")), None);
        assert_eq!(day(&format!("{HEADING}<p>© 2 May 2023 Fjord Press</p>")), None);
    }

    #[test]
    fn a_byline_is_a_name() {
        for (line, name) in [
            ("<p>By Anna Berg</p>", Some("Anna Berg")),
            ("<span class=author>Anna Berg anna@fjordpress.example</span>", Some("Anna Berg")),
            ("<p>Posted on 3 May 2023 by Anna Berg</p>", None),
            ("<p class=byline>Posted on 3 May 2023 by Anna Berg</p>", Some("Anna Berg")),
            ("<p>By signing the pact they ended it.</p>", None),
        ] {
            let page = found(&format!("{HEADING}{line}<p>Norway signed.</p>"));
            assert_eq!(page.meta.byline.as_deref(), name, "{line}");
        }
    }
}
