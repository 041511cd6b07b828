//! Texts that are sent, and addresses whose texts are fetched.

use crate::answer::Failure;
use crate::describe::{Done, Sent};
use crate::service::Service;
use axum::http::StatusCode;
use dyad_archive::Outcome;
use dyad_fetch::{Client, Entry, FetchError, Page, feed};
use dyad_reader::{Given, ReadError};
use dyad_record::Record;
use dyad_record::explain::Explanation;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::{Duration, Instant};

/// What the text does not say of itself.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadAsked {
    /// Day of publication.
    published: Option<String>,
    title: Option<String>,
    outlet: Option<String>,
    url: Option<String>,
}

impl ReadAsked {
    pub fn given(self, media_type: Option<String>) -> Result<Given, ReadError> {
        let published = match self.published {
            Some(text) => Some(text.parse().map_err(|_| ReadError::Date { text })?),
            None => None,
        };
        let ReadAsked { title, outlet, url, .. } = self;
        Ok(Given { published, title, outlet, url, media_type, ..Given::default() })
    }
}

pub fn read(service: &Service, asked: ReadAsked, sent: Sent) -> Done<Record> {
    let given = asked.given(sent.media_type)?;
    let record = service.reader.worker().read(&sent.bytes, &given)?;
    service.metrics.read.inc();
    Ok((StatusCode::OK, record))
}

/// What became of one report that was sent.
#[derive(Serialize, JsonSchema)]
pub struct Stored {
    /// Line of the body where it begins; of a feed the number of the entry.
    line: usize,
    /// Its id, where it could be read.
    report: Option<String>,
    /// `added`, `reread` (known, and now read otherwise), `unchanged` or `failed`.
    outcome: &'static str,
    error: Option<String>,
}

/// Stores every report that can be read; where none can, the first one's error is the answer.
pub fn store(service: &Service, asked: ReadAsked, sent: Sent) -> Done<Vec<Stored>> {
    let given = asked.given(sent.media_type)?;
    let (all, wrong) = put(service, &sent.bytes, &given)?;
    match wrong {
        Some(error) if all.iter().all(|s| s.report.is_none()) => Err(error.into()),
        _ => Ok(done(all)),
    }
}

fn done(all: Vec<Stored>) -> (StatusCode, Vec<Stored>) {
    match all.iter().any(|s| s.outcome == "added") {
        true => (StatusCode::CREATED, all),
        false => (StatusCode::OK, all),
    }
}

/// What became of each report among the bytes, and the first error.
fn put(
    service: &Service,
    bytes: &[u8],
    given: &Given,
) -> Result<(Vec<Stored>, Option<ReadError>), Failure> {
    let mut worker = service.reader.worker();
    let mut all = Vec::new();
    let mut wrong = None;
    for piece in dyad_reader::split(bytes, given) {
        let (line, record) = match piece {
            Ok(piece) => (piece.line, worker.read(&piece.bytes, &piece.given)),
            Err((line, error)) => (line, Err(error)),
        };
        all.push(match record {
            Ok(record) => {
                service.metrics.read.inc();
                let outcome = match service.pool.writer().add(&record)? {
                    Outcome::Added => "added",
                    Outcome::Unchanged => "unchanged",
                    Outcome::Reread => "reread",
                };
                service.metrics.stored.inc_by(u64::from(outcome == "added"));
                Stored { line, report: Some(record.report.id), outcome, error: None }
            }
            Err(error) => {
                let why = Some(error.to_string());
                wrong.get_or_insert(error);
                Stored { line, report: None, outcome: "failed", error: why }
            }
        });
    }
    Ok((all, wrong))
}

/// For one page; a feed's pages share what an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// From public addresses alone.
fn client(service: &Service) -> Client {
    let size = service.limits.body as u64;
    let limits = dyad_fetch::Limits { size, time: PATIENCE, ..dyad_fetch::Limits::default() };
    Client::new(&service.limits.private_hosts, limits)
}

/// A page as it was fetched and read.
#[derive(Serialize, JsonSchema)]
pub struct Looked {
    record: Record,
    /// Why each of its items was read.
    items: Vec<Explanation>,
}

/// Fetches a page and reads it; a feed is no report.
pub fn look(service: &Service, asked: ReadAsked, sent: Sent) -> Done<Looked> {
    let given = asked.given(None)?;
    let page = client(service).get(&sent.address()).map_err(refused)?;
    if feed(&page).is_some() {
        let why = "this is a feed and no page; `POST /api/v1/fetch` reads and stores what it lists";
        return Err(Failure::new(StatusCode::UNPROCESSABLE_ENTITY, why));
    }
    let given = given_by(&page, &given);
    let mut worker = service.reader.worker();
    let record = worker.read(&page.bytes, &given)?;
    let items = worker.explain(&page.bytes, &given)?;
    service.metrics.read.inc();
    Ok((StatusCode::OK, Looked { record, items }))
}

/// Fetches a page or what a feed lists. Entries that there is no time for are told as failed, and may
/// be asked for again.
pub fn fetch(service: &Service, asked: ReadAsked, sent: Sent) -> Done<Vec<Stored>> {
    let began = Instant::now();
    let given = asked.given(None)?;
    let client = client(service);
    let page = client.get(&sent.address()).map_err(refused)?;
    let Some(feed) = feed(&page) else {
        let (all, wrong) = put(service, &page.bytes, &given_by(&page, &given))?;
        return match wrong {
            Some(error) if all.iter().all(|s| s.report.is_none()) => Err(error.into()),
            _ => Ok(done(all)),
        };
    };
    let mut all = Vec::new();
    for (i, entry) in feed.entries.into_iter().enumerate() {
        let failed = |why: String| {
            vec![Stored { line: i + 1, report: None, outcome: "failed", error: Some(why) }]
        };
        let given = Given { outlet: feed.title.clone(), ..given.clone() };
        let found = if began.elapsed() + PATIENCE > service.limits.time {
            failed("no time was left for it; ask again".to_owned())
        } else {
            match listed(&client, entry, given) {
                Some(Ok((bytes, given))) => put(service, &bytes, &given)?.0,
                Some(Err(error)) => failed(error.to_string()),
                None => continue,
            }
        };
        all.extend(found.into_iter().map(|stored| Stored { line: i + 1, ..stored }));
    }
    Ok(done(all))
}

/// The bytes of one entry: its page, or the words in the feed where it names no page.
fn listed(
    client: &Client,
    entry: Entry,
    given: Given,
) -> Option<Result<(Vec<u8>, Given), FetchError>> {
    let given =
        Given { published: entry.published.or(given.published), title: entry.title, ..given };
    match (entry.url, entry.content) {
        (Some(url), _) => Some(client.get(&url).map(|page| {
            let given = given_by(&page, &given);
            (page.bytes, given)
        })),
        (None, Some(content)) => {
            let media_type = Some("text/html; charset=utf-8".to_owned());
            Some(Ok((content.into_bytes(), Given { media_type, ..given })))
        }
        (None, None) => None,
    }
}

fn given_by(page: &Page, given: &Given) -> Given {
    Given { url: Some(page.url.clone()), media_type: page.media_type.clone(), ..given.clone() }
}

fn refused(error: FetchError) -> Failure {
    let status = match error {
        FetchError::Private { .. } => StatusCode::FORBIDDEN,
        FetchError::Address { .. } => StatusCode::BAD_REQUEST,
        FetchError::Time { .. } => StatusCode::GATEWAY_TIMEOUT,
        _ => StatusCode::BAD_GATEWAY,
    };
    Failure::new(status, error.to_string())
}
