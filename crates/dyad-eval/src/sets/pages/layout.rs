//! Pages made of layouts: the shape of a site's pages with slots, and what fills the slots.

use super::bulk;
use encoding_rs::Encoding;
use jiff::civil::Date;
use std::collections::HashMap;

/// A page, and what a person sees in it.
#[derive(Debug)]
pub struct Page {
    pub name: String,
    pub bytes: Vec<u8>,
    pub title: String,
    pub byline: Option<String>,
    /// Its names, ` / ` between them.
    pub outlet: String,
    pub published: Date,
    /// The article's paragraphs.
    pub text: String,
}

impl Page {
    pub fn named(mut self, layout: &str) -> Self {
        self.name = format!("{layout} {}", self.name);
        self
    }
}

#[derive(Debug, Default)]
struct Article {
    title: String,
    paragraphs: Vec<String>,
}

/// What all layouts are filled with.
#[derive(Debug, Default)]
pub struct Words {
    articles: HashMap<String, Article>,
    menu: Vec<String>,
    heads: Vec<String>,
    comments: Vec<String>,
}

impl Words {
    pub fn parse(articles: &str, words: &str) -> Self {
        let mut all = Words::default();
        let mut article: Option<(String, Article)> = None;
        let told = |line: &&str| !line.starts_with('#') && !line.trim().is_empty();
        for line in articles.lines().filter(told) {
            if let Some(name) = line.strip_prefix("=== ") {
                all.articles.extend(article.replace((name.trim().to_owned(), Article::default())));
            } else if let Some((_, article)) = &mut article {
                match article.title.is_empty() {
                    true => article.title = line.trim().to_owned(),
                    false => article.paragraphs.push(line.trim().to_owned()),
                }
            }
        }
        all.articles.extend(article);
        for line in words.lines().filter(told) {
            match line.split_once('\t') {
                Some(("menu", label)) => all.menu.push(label.to_owned()),
                Some(("head", headline)) => all.heads.push(headline.to_owned()),
                Some(("comment", comment)) => all.comments.push(comment.to_owned()),
                _ => {}
            }
        }
        all
    }
}

/// The pages of one layout: its head names them, one a line, and ends with `---`.
pub fn pages(layout: &str, words: &Words) -> Result<Vec<Page>, (usize, String)> {
    let (head, html) =
        layout.split_once("\n---\n").ok_or((1, "no `---` below the pages' lines".to_owned()))?;
    let mut charset = "utf-8";
    let mut pages = Vec::new();
    for (number, line) in head.lines().enumerate().map(|(i, line)| (i + 1, line)) {
        let (key, value) =
            line.split_once(": ").ok_or((number, "neither `page:` nor `charset:`".to_owned()))?;
        if key == "charset" {
            charset = value.trim();
            continue;
        }
        let fields: Vec<&str> = value.split(" | ").map(str::trim).collect();
        let &[article, day, byline, outlet] = fields.as_slice() else {
            return Err((number, "write `article | day | byline | outlet`".to_owned()));
        };
        let article = words
            .articles
            .get(article)
            .ok_or_else(|| (number, format!("no article is called `{article}`")))?;
        let published: Date = day.parse().map_err(|_| (number, format!("`{day}` is no day")))?;
        let byline = (byline != "-").then_some(byline);
        let mut filler = Filler { article, words, published, byline, outlet, next: number };
        let html = filler.fill(html).map_err(|what| (number, what))?;
        let encoding = Encoding::for_label(charset.as_bytes())
            .ok_or_else(|| (number, format!("`{charset}` is no encoding")))?;
        pages.push(Page {
            name: day.to_owned(),
            bytes: encoding.encode(&html).0.into_owned(),
            title: article.title.clone(),
            byline: byline.map(str::to_owned),
            outlet: outlet.to_owned(),
            published,
            text: article.paragraphs.join("\n\n"),
        });
    }
    Ok(pages)
}

struct Filler<'a> {
    article: &'a Article,
    words: &'a Words,
    published: Date,
    byline: Option<&'a str>,
    outlet: &'a str,
    /// Where the next headline, label or comment is taken from.
    next: usize,
}

impl Filler<'_> {
    /// The layout with its slots filled.
    fn fill(&mut self, layout: &str) -> Result<String, String> {
        let mut out = String::with_capacity(layout.len() * 2);
        let mut rest = layout;
        while let Some((before, after)) = rest.split_once("{{") {
            let end = closing(after).ok_or("`{{` without `}}`")?;
            out.push_str(before);
            out.push_str(&self.slot(&after[..end])?);
            rest = &after[end + 2..];
        }
        out.push_str(rest);
        Ok(out)
    }

    fn slot(&mut self, slot: &str) -> Result<String, String> {
        let (name, rest) = slot.split_once(' ').unwrap_or((slot, ""));
        let count = || rest.split(' ').next().and_then(|n| n.parse::<usize>().ok());
        let kilobytes = || count().ok_or_else(|| format!("`{slot}`: how many kilobytes?"));
        Ok(match name {
            "title" => escaped(&self.article.title),
            "outlet" => escaped(self.outlet),
            "lead" => escaped(&self.article.paragraphs[0].replace('"', "")),
            "slug" => slug(&self.article.title),
            "authors" => self.authors(),
            "js" => bulk::script(kilobytes()?),
            "css" => bulk::style(kilobytes()?),
            "jstext" => bulk::string(kilobytes()?),
            "byline" if rest.is_empty() => escaped(self.byline.unwrap_or_default()),
            "byline" => match self.byline {
                Some(byline) => rest.replace('…', &escaped(byline)),
                None => String::new(),
            },
            "text" => {
                let (range, wrap) = rest.split_once(' ').ok_or("`text` needs its range")?;
                let (from, to) = range.split_once('-').ok_or("`text` needs `from-to`")?;
                let all = &self.article.paragraphs;
                let from = from.parse::<usize>().map_err(|e| e.to_string())?;
                let to = to.parse().unwrap_or(all.len()).min(all.len());
                let paragraphs = all.get(from - 1..to).unwrap_or_default();
                paragraphs.iter().map(|p| wrap.replace('…', &escaped(p))).collect()
            }
            "menu" | "heads" | "comments" => {
                let wrap = rest.split_once(' ').map_or("…", |(_, wrap)| wrap);
                let wrap = self.fill(wrap)?;
                let words = self.words;
                let list = match name {
                    "menu" => &words.menu,
                    "heads" => &words.heads,
                    _ => &words.comments,
                };
                let mut out = String::new();
                for _ in 0..count().ok_or_else(|| format!("`{slot}`: how many?"))? {
                    out.push_str(&wrap.replace('…', &escaped(&list[self.next % list.len()])));
                    self.next += 1;
                }
                out
            }
            _ => self.date(name, rest)?,
        })
    }

    /// `date %Y`, some days later `date+2 %Y`, in French `date:fr %B`, milliseconds `epochms`.
    fn date(&self, name: &str, format: &str) -> Result<String, String> {
        let at = name.find(['+', '-']).unwrap_or(name.len());
        let days: i32 = name[at..].parse().unwrap_or(0);
        let span = jiff::Span::new().days(days);
        let day = self.published.checked_add(span).map_err(|e| e.to_string())?;
        let write =
            |day| jiff::fmt::strtime::format(format, day).map_err(|e| format!("{format}: {e}"));
        match &name[..at] {
            "date" => write(day),
            "date:fr" => Ok(french(write(day)?)),
            "epochms" => {
                let noon = day.at(12, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC);
                Ok(noon.map_err(|e| e.to_string())?.timestamp().as_millisecond().to_string())
            }
            other => Err(format!("no slot is called `{other}`")),
        }
    }

    /// The authors as JSON-LD has them; the outlet where nobody signs.
    fn authors(&self) -> String {
        let Some(byline) = self.byline else {
            let name = self.outlet.split(" / ").next().unwrap_or(self.outlet);
            return serde_json::json!({"@type": "NewsMediaOrganization", "name": name}).to_string();
        };
        let apart = byline.replace(" and ", ",").replace('&', ",");
        let people = apart.split(',').map(str::trim);
        let people: Vec<_> =
            people.map(|name| serde_json::json!({"@type": "Person", "name": name})).collect();
        serde_json::Value::from(people).to_string()
    }
}

/// Where the slot ends; slots may stand inside a slot.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, pair) in text.as_bytes().windows(2).enumerate() {
        match pair {
            b"{{" => depth += 1,
            b"}}" if depth == 0 => return Some(at),
            b"}}" => depth -= 1,
            _ => {}
        }
    }
    None
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn slug(title: &str) -> String {
    let words = title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty());
    words.collect::<Vec<_>>().join("-").to_ascii_lowercase()
}

fn french(date: String) -> String {
    const MONTHS: [(&str, &str); 12] = [
        ("January", "janvier"),
        ("February", "février"),
        ("March", "mars"),
        ("April", "avril"),
        ("May", "mai"),
        ("June", "juin"),
        ("July", "juillet"),
        ("August", "août"),
        ("September", "septembre"),
        ("October", "octobre"),
        ("November", "novembre"),
        ("December", "décembre"),
    ];
    MONTHS.iter().fold(date, |date, (english, french)| date.replace(english, french))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARTICLES: &str = "=== pact\nPact & peace\nNorway signed.\nIceland did too.\n";
    const WORDS: &str = "menu\tHome\nhead\tFerry late\ncomment\tFirst!\n";

    #[test]
    fn slots_are_filled() {
        let layout = "page: pact | 2023-08-03 | Anna Berg and Tom Lund | Fjord Press\n---\n\
                      <h1>{{title}}</h1>{{date %-d %B %Y}}/{{date:fr+1 %-d %B}}\
                      {{heads 2 <i>…{{date-3 %d}}</i>}}{{text 2- <p>…</p>}}{{authors}}";
        let pages = pages(layout, &Words::parse(ARTICLES, WORDS)).unwrap();
        let html = String::from_utf8(pages[0].bytes.clone()).unwrap();
        assert_eq!(
            html,
            "<h1>Pact &amp; peace</h1>3 August 2023/4 août<i>Ferry late31</i><i>Ferry late31</i>\
             <p>Iceland did too.</p>[{\"@type\":\"Person\",\"name\":\"Anna Berg\"},\
             {\"@type\":\"Person\",\"name\":\"Tom Lund\"}]"
        );
        assert_eq!(pages[0].text, "Norway signed.\n\nIceland did too.");
    }

    #[test]
    fn faults_are_named() {
        let words = Words::parse(ARTICLES, WORDS);
        let fault = |layout: &str| pages(layout, &words).unwrap_err();
        assert_eq!(fault("page: x").0, 1);
        assert!(fault("page: x | 2023-01-01 | - | P\n---\n").1.contains("`x`"));
        assert!(fault("page: pact | 2023-01-01 | - | P\n---\n{{sky}}").1.contains("`sky`"));
        assert!(fault("charset: utf-8\npage: pact | x | - | P\n---\n").1.contains("no day"));
    }
}
