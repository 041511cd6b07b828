//! Reports from the web: a page, or the pages that a feed lists.

use crate::failure::Failure;
use crate::source::{self, Piece, What};
use dyad_fetch::{Client, Entry, Limits, Page, feed};
use dyad_reader::Given;
use std::path::Path;

/// An argument that is an address and no path.
pub fn address(path: &Path) -> Option<&str> {
    path.to_str().filter(|p| p.starts_with("http://") || p.starts_with("https://"))
}

/// Hands on the reports at an address, until `take` asks for no more.
pub fn pieces(
    url: &str,
    given: &Given,
    private: &[String],
    take: &mut dyn FnMut(Result<Piece, Failure>) -> bool,
) {
    let client = Client::new(private, Limits::default());
    let page = match client.get(url) {
        Ok(page) => page,
        Err(error) => {
            take(Err(error.into()));
            return;
        }
    };
    let Some(feed) = feed(&page) else {
        split(&page, given, take);
        return;
    };
    if feed.entries.is_empty() {
        take(Err(Failure::EmptyFeed { url: url.to_owned() }));
    }
    for entry in feed.entries {
        let given = Given {
            published: entry.published.or(given.published),
            title: entry.title.clone(),
            outlet: feed.title.clone(),
            ..given.clone()
        };
        if !listed(&client, &page, entry, &given, take) {
            return;
        }
    }
}

/// The report of one entry: its page, or the words in the feed where it names no page.
fn listed(
    client: &Client,
    feed: &Page,
    entry: Entry,
    given: &Given,
    take: &mut dyn FnMut(Result<Piece, Failure>) -> bool,
) -> bool {
    match (entry.url, entry.content) {
        (Some(url), _) => match client.get(&url) {
            Ok(page) => split(&page, given, take),
            Err(error) => take(Err(error.into())),
        },
        (None, Some(content)) => {
            let media_type = Some("text/html; charset=utf-8".to_owned());
            let given = Given { media_type, ..given.clone() };
            let what = What::Bytes(content.into_bytes(), given);
            take(Ok(Piece { place: feed.url.clone(), what }))
        }
        (None, None) => true,
    }
}

fn split(page: &Page, given: &Given, take: &mut dyn FnMut(Result<Piece, Failure>) -> bool) -> bool {
    let given =
        Given { url: Some(page.url.clone()), media_type: page.media_type.clone(), ..given.clone() };
    source::split(&page.url, 0, &page.bytes, &given, take)
}
