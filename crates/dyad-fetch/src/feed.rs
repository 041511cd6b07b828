//! Feeds: RSS and Atom.

use crate::client::Page;
use feed_rs::parser::Builder;
use jiff::civil::Date;

/// What a feed lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    pub title: Option<String>,
    pub entries: Vec<Entry>,
}

/// One report of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its page.
    pub url: Option<String>,
    pub title: Option<String>,
    pub published: Option<Date>,
    /// The words that stand in the feed itself, as HTML.
    pub content: Option<String>,
}

/// What a page lists, where it is a feed.
pub fn feed(page: &Page) -> Option<Feed> {
    if !is_feed(&page.bytes) {
        return None;
    }
    let parser = Builder::new().base_uri(Some(&page.url)).build();
    let feed = parser.parse(page.bytes.as_slice()).ok()?;
    let entries = feed.entries.into_iter().map(|entry| {
        // `alternate` is the page; others are comments, pictures, the entry's own feed.
        let page = entry.links.iter().find(|l| l.rel.as_deref().is_none_or(|r| r == "alternate"));
        let day = entry.published.or(entry.updated);
        let body = entry.content.and_then(|c| c.body);
        Entry {
            url: page.map(|l| l.href.clone()).filter(|u| u.starts_with("http")),
            title: entry.title.map(|t| t.content),
            published: day.and_then(|d| d.format("%Y-%m-%d").to_string().parse().ok()),
            content: body.or(entry.summary.map(|s| s.content)),
        }
    });
    Some(Feed { entries: entries.collect(), title: feed.title.map(|t| t.content) })
}

/// Whether the first tag is a feed's.
fn is_feed(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2000)]).to_lowercase();
    let tags = head.split('<').skip(1);
    let first = tags.map(str::trim_start).find(|tag| !tag.starts_with(['?', '!']));
    first.is_some_and(|tag| ["rss", "feed", "rdf:rdf"].iter().any(|name| tag.starts_with(name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn page(text: &str) -> Page {
        Page { url: "http://a.example/feeds/world".into(), media_type: None, bytes: text.into() }
    }

    #[test]
    fn rss_and_atom_list_their_reports() {
        let rss = "<?xml version='1.0'?><!-- made by hand --><rss version='2.0'><channel>\
            <title>Fjord Press</title><item><title>A pact</title><link>/2023/pact</link>\
            <pubDate>Wed, 03 May 2023 10:00:00 GMT</pubDate><description>Signed.</description>\
            </item></channel></rss>";
        let found = feed(&page(rss)).unwrap();
        assert_eq!(found.title.as_deref(), Some("Fjord Press"));
        let [entry] = &found.entries[..] else { panic!("{found:?}") };
        assert_eq!(entry.url.as_deref(), Some("http://a.example/2023/pact"));
        assert_eq!(entry.published, Some(date(2023, 5, 3)));
        assert_eq!(entry.content.as_deref(), Some("Signed."));
        let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><title>Coast Post</title><entry>\
            <title>Talks</title><link rel='self' href='http://a.example/x.atom'/>\
            <link href='http://a.example/talks'/><updated>2023-05-04T00:10:00Z</updated>\
            </entry></feed>";
        let [entry] = &feed(&page(atom)).unwrap().entries[..] else { panic!() };
        assert_eq!(entry.url.as_deref(), Some("http://a.example/talks"));
        assert_eq!(entry.published, Some(date(2023, 5, 4)));
    }

    #[test]
    fn a_page_is_no_feed() {
        for text in ["<!doctype html><html><body>rss", "<?xml version='1.0'?><html/>", "Norway", ""]
        {
            assert_eq!(feed(&page(text)), None, "{text}");
        }
    }
}
