//! What the head of a plain text or Markdown file says of the report below it.

use super::lines::blocks;
use super::{Meta, Page, dates, files, meta};
use crate::span::Span;
use dyad_lexicon::furniture::Furniture;
use jiff::civil::Date;
use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// How many blocks may stand before the first sentence of the article.
const HEAD_BLOCKS: usize = 8;
/// A line of the head is no longer than this.
const HEAD_BYTES: usize = 200;

pub fn read(text: String, media_type: Option<&str>) -> Page {
    let mut page = Page::default();
    let rest = front_matter(&text, &mut page);
    let marked =
        rest.is_some() || media_type.is_some_and(|m| m.contains("markdown")) || is_markdown(&text);
    page.text = if marked { rendered(rest.unwrap_or(&text), &mut page.meta) } else { text };
    page
}

/// The text below front matter (`---`, lines of `key: value`, `---`), whose fields are kept.
fn front_matter<'t>(text: &'t str, page: &mut Page) -> Option<&'t str> {
    let body = text.trim_start_matches('\u{feff}').strip_prefix("---")?;
    let body = body.strip_prefix('\r').unwrap_or(body).strip_prefix('\n')?;
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        at += line.len();
        if matches!(line.trim(), "---" | "...") {
            return Some(&body[at..]);
        }
        let (key, value) = line.split_once(':')?;
        field(key.trim(), value.trim().trim_matches(['"', '\'']), page);
    }
    None
}

/// Takes one field of front matter or of a head line; says whether it knows the key.
fn field(key: &str, value: &str, page: &mut Page) -> bool {
    let set = |slot: &mut Option<String>| {
        if !value.is_empty() {
            slot.get_or_insert_with(|| value.to_owned());
        }
    };
    match key.to_ascii_lowercase().as_str() {
        "title" | "headline" => set(&mut page.meta.title),
        "outlet" | "source" | "publisher" | "publication" | "newspaper" => {
            set(&mut page.meta.outlet);
        }
        "author" | "authors" | "byline" | "by" => set(&mut page.meta.byline),
        "url" | "link" | "canonical" => set(&mut page.meta.url),
        "date" | "published" | "publication date" | "pubdate" | "dateline" | "posted" => {
            match dates::field(value) {
                Some(Ok(date)) => _ = page.meta.published.get_or_insert(date),
                Some(Err(text)) => page.notes.push(files::impossible(&text)),
                None => return false,
            }
        }
        _ => return false,
    }
    true
}

/// Strong signs only: prose with a star or a dash in it is not Markdown.
fn is_markdown(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim_start).filter(|l| !l.is_empty());
    let heading = |l: &str| {
        let hashes = l.bytes().take_while(|b| *b == b'#').count();
        (1..=6).contains(&hashes) && l[hashes..].starts_with(' ')
    };
    lines.next().is_some_and(heading)
        || lines.filter(|l| heading(l)).take(2).count() == 2
        || text.matches("](http").take(2).count() == 2
}

/// Markdown as its reader sees it. A first heading is the title and left out.
fn rendered(markdown: &str, meta: &mut Meta) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut heading: Option<usize> = None;
    let mut hidden = 0usize;
    for event in Parser::new(markdown) {
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H1, .. })
                if out.trim().is_empty() && meta_title_free(meta, markdown) =>
            {
                heading = Some(out.len());
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some(start) = heading.take() {
                    let title = out.split_off(start).trim().to_owned();
                    meta.title.get_or_insert(title);
                } else {
                    out.push_str("\n\n");
                }
            }
            Event::Start(Tag::Image { .. }) => hidden += 1,
            Event::End(TagEnd::Image) => hidden = hidden.saturating_sub(1),
            Event::End(
                TagEnd::Paragraph
                | TagEnd::Item
                | TagEnd::CodeBlock
                | TagEnd::TableRow
                | TagEnd::BlockQuote(_),
            ) => {
                let end = out.trim_end().len();
                out.truncate(end);
                out.push_str("\n\n");
            }
            Event::Text(text) | Event::Code(text) if hidden == 0 => out.push_str(&text),
            Event::SoftBreak => out.push('\n'),
            Event::HardBreak => out.push('\n'),
            Event::Rule => out.push_str("\n\n"),
            _ => {}
        }
    }
    let end = out.trim_end().len();
    out.truncate(end);
    out
}

/// A heading that says the same as the title of the front matter is left out as well.
fn meta_title_free(meta: &Meta, markdown: &str) -> bool {
    meta.title.as_ref().is_none_or(|title| markdown.contains(title.as_str()))
}

static HEADER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^\s*(title|headline|outlet|source|publisher|publication|newspaper|author|authors|byline|url|link|date|published|publication date|pubdate|posted)(?:\s*:\s*|\s+)(\S.*)$",
    )
    .ok()
});
/// A dateline's parts apart: letters counted inside one pattern would cost most of its compile time.
struct Dateline {
    place: Regex,
    region: Regex,
    rest: Regex,
}

static DATELINE: LazyLock<Option<Dateline>> = LazyLock::new(|| {
    Some(Dateline {
        place: Regex::new(r"^\p{Lu}[\p{L}.'’ -]+").ok()?,
        region: Regex::new(r"^, \p{Lu}[\p{L}.]+").ok()?,
        rest: Regex::new(
            r"^(?P<date>, [^—–()/-]{3,30}?)?(?:\s*(?:\((?P<outlet>[^()]{2,40})\))?\s*(?:—|–|--|-)|\. /(?P<agency>[^/]{2,40})/\.?)\s",
        )
        .ok()?,
    })
});

impl Dateline {
    /// The place, and what follows it: the longest place after which the rest is a dateline's.
    fn captures<'t>(&self, head: &'t str) -> Option<(&'t str, Captures<'t>)> {
        let run = self.place.find(head)?.as_str();
        ends(run, 2, 41).find_map(|end| {
            let region = self.region.find(&head[end..]).map_or("", |m| m.as_str());
            let with_region = ends(region, 4, 23).map(|more| end + more);
            with_region
                .chain([end])
                .find_map(|end| Some((&head[..end], self.rest.captures(&head[end..])?)))
        })
    }
}

/// Where the text may end if it is to keep from `least` to `most` characters, the longest first.
fn ends(text: &str, least: usize, most: usize) -> impl Iterator<Item = usize> {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8()).take(most).skip(least - 1);
    ends.collect::<Vec<_>>().into_iter().rev()
}

/// Reads the lines above the article: their fields, and the spans that are no article.
pub fn head(page: &mut Page) -> Vec<(Span, String)> {
    let mut found = Vec::new();
    let text = std::mem::take(&mut page.text);
    let mut inferred: Option<Date> = None;
    for block in blocks(&text).into_iter().take(HEAD_BLOCKS) {
        let line = block.of(&text);
        if let Some(end) = header_line(line, page) {
            let span = Span::new(block.start as usize, block.start as usize + end);
            found.push((span, "header line of the page".to_owned()));
            continue;
        }
        if is_sentence(line) {
            dateline(line, page, &mut inferred);
            break;
        }
        if line.len() > HEAD_BYTES {
            continue;
        }
        if let Some(why) = byline_or_date(line, page, &mut inferred) {
            found.push((block, why.to_owned()));
        } else if page.meta.title.is_none()
            && (3..=25).contains(&line.split_whitespace().count())
            && Furniture::builtin().block(line).is_none()
        {
            page.meta.title = Some(line.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
    page.meta.inferred = page.meta.inferred.or(inferred);
    page.text = text;
    found
}

pub fn is_sentence(line: &str) -> bool {
    let end = line.trim_end_matches(['"', '”', '’', '\'', ')', ']', '»']);
    end.ends_with(['.', '!', '?', '…', ':', ';', ',']) || line.split_whitespace().count() > 25
}

/// `date 2022-12-30`, `Title: …`: how much of the line is that.
fn header_line(line: &str, page: &mut Page) -> Option<usize> {
    let first = line.lines().next().unwrap_or(line);
    let found = HEADER.as_ref()?.captures(first)?;
    let (key, value) = (found.get(1)?, found.get(2)?);
    let colon = first[key.end()..].trim_start().starts_with(':');
    let dated = matches!(
        key.as_str().to_ascii_lowercase().as_str(),
        "date" | "published" | "publication date" | "pubdate" | "posted"
    );
    if dated {
        // "date 2022-12-30 Comment": the header is what the date ends.
        let (range, stated) = dates::find(value.as_str())?;
        if range.start > 24 {
            return None;
        }
        match stated {
            Ok(date) => _ = page.meta.published.get_or_insert(date),
            Err(text) => page.notes.push(files::impossible(&text)),
        }
        // "Published: 3 May 2023 | Fjord Press": what a bar divides off belongs to the line.
        let rest = value.as_str()[range.end..].trim_start();
        let Some(outlet) = rest.strip_prefix(BARS).filter(|r| !is_sentence(r)) else {
            return Some(value.start() + range.end);
        };
        set_outlet(outlet, page);
        return Some(first.len());
    }
    (colon && value.as_str().len() < HEAD_BYTES && field(key.as_str(), value.as_str().trim(), page))
        .then_some(first.len())
}

/// A line that holds a byline, a date, or both.
fn byline_or_date(
    line: &str,
    page: &mut Page,
    inferred: &mut Option<Date>,
) -> Option<&'static str> {
    let dated = dates::find(line);
    let byline = line.len() > 5
        && line.get(..3).is_some_and(|b| b.eq_ignore_ascii_case("by "))
        && line[3..].trim_start().starts_with(char::is_uppercase);
    if let Some((_, stated)) = &dated {
        match stated {
            Ok(date) => _ = inferred.get_or_insert(*date),
            Err(text) => page.notes.push(files::impossible(text)),
        }
    }
    let end = dated.as_ref().map_or(line.len(), |(range, _)| range.start);
    if byline {
        let name = line[3..end.max(3)].split(['|', '•', '·', '\n']).next().unwrap_or("");
        let name = name.trim().trim_end_matches([',', '-', '–', '—']).trim();
        if !name.is_empty() {
            page.meta.byline.get_or_insert_with(|| meta::without_by(name).to_owned());
        }
        return Some("byline");
    }
    let (range, _) = dated?;
    if line.split_whitespace().count() > 12 {
        return None;
    }
    let rest = format!("{} {}", &line[..range.start], &line[range.end..]);
    let barred = rest.contains(BARS);
    let name = rest
        .split(BARS)
        .flat_map(|part| part.split([',', '—', '–']))
        .map(str::trim)
        .find(|part| part.chars().filter(|c| c.is_alphabetic()).count() > 2 && !weekday(part))
        .unwrap_or("");
    if !name.is_empty() && (barred || Furniture::builtin().is_outlet(name)) {
        set_outlet(name, page);
    }
    Some("date line of the page")
}

/// Signs that divide the fields of a line.
const BARS: [char; 4] = ['|', '/', '•', '·'];

fn set_outlet(name: &str, page: &mut Page) {
    let name = name.split(BARS).next().unwrap_or(name).trim();
    if !name.is_empty() {
        page.meta.outlet.get_or_insert_with(|| name.to_owned());
    }
}

fn weekday(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].iter().any(|d| lower.starts_with(d))
        && (lower.ends_with("day") || lower.len() <= 5)
}

/// "OSLO, May 3, 2023 (Fjord Press) - ", "OSLO, May 3, 2023. /FP/. ": a place, a date, an agency before the first sentence.
fn dateline(line: &str, page: &mut Page, inferred: &mut Option<Date>) {
    let head = &line[..super::decode::floor(line, 120)];
    let Some((place, found)) = DATELINE.as_ref().and_then(|d| d.captures(head)) else { return };
    if let Some((_, stated)) = found.name("date").and_then(|d| dates::find(d.as_str())) {
        match stated {
            Ok(date) => _ = inferred.get_or_insert(date),
            Err(text) => page.notes.push(files::impossible(&text)),
        }
    }
    let capitals = place.chars().all(|c| !c.is_lowercase());
    let outlet = found.name("outlet").or_else(|| found.name("agency"));
    if let Some(outlet) = outlet.filter(|_| capitals) {
        page.meta.outlet.get_or_insert_with(|| outlet.as_str().to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dateline_in_parts_is_that_of_one_pattern() {
        let whole = Regex::new(concat!(
            r"^(?P<place>\p{Lu}[\p{L}.'’ -]{1,40}(?:, \p{Lu}[\p{L}.]{1,20})?)",
            r"(?P<date>, [^—–()/-]{3,30}?)?(?:\s*(?:\((?P<outlet>[^()]{2,40})\))?\s*(?:—|–|--|-)",
            r"|\. /(?P<agency>[^/]{2,40})/\.?)\s",
        ))
        .unwrap();
        let parts = DATELINE.as_ref().unwrap();
        let pieces = [
            "OSLO",
            "Å",
            "Bergen Havn",
            "l’Aquila",
            "St. Hans",
            ", ",
            "Norway",
            "N.",
            " ",
            " - ",
            " — ",
            "-- ",
            "–\u{a0}",
            "-",
            "(AP)",
            "(",
            "(Fjord Press)",
            ", May 3, 2023",
            "May 3",
            "1",
            "a longer run of words than any",
            "ÉVREUX",
            "東京",
            "\u{301}",
        ];
        let mut seed = 7u64;
        let mut found = 0;
        for _ in 0..20_000 {
            let mut line = String::new();
            for _ in 0..=seed >> 61 {
                seed = seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
                line.push_str(pieces[(seed >> 33) as usize % pieces.len()]);
            }
            let one = whole.captures(&line);
            let two = parts.captures(&line);
            found += usize::from(one.is_some());
            let name = |c: &Captures<'_>, n: &str| c.name(n).map(|m| m.as_str().to_owned());
            let one = one.map(|c| (name(&c, "place"), name(&c, "date"), name(&c, "outlet")));
            let two = two.map(|(p, c)| (Some(p.to_owned()), name(&c, "date"), name(&c, "outlet")));
            assert_eq!(one, two, "{line}");
        }
        assert!(found > 1000, "{found}");
    }
}
