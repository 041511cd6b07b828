//! The routes under `/api/v1`, and what every answer carries.

use crate::pages;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use dyad_archive::{Archive, ArchiveError, Filter, Side};
use dyad_reader::{Given, ReadError, Reader};
use dyad_record::archive::{Episode, EventRow, ReportHead, Summary};
use dyad_record::{Record, UnknownWord};
use serde::Deserialize;
use serde_json::{Value, json};
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes that `POST /api/v1/read` takes: a long article is a hundredth of it.
pub const READ_LIMIT: usize = 4 << 20;

#[derive(Clone)]
struct Service {
    archive: Arc<Mutex<Archive>>,
    reader: Arc<Reader>,
}

/// The whole service as a router, for [`crate::serve`] and for tests.
pub fn router(archive: Archive, reader: Arc<Reader>) -> Router {
    let service = Service { archive: Arc::new(Mutex::new(archive)), reader };
    let api = Router::new()
        .route("/summary", get(summary))
        .route("/reports", get(reports))
        .route("/reports/{id}", get(report))
        .route("/events", get(events))
        .route("/episodes", get(episodes))
        .route("/episodes/{id}", get(episode))
        .route("/read", post(read).layer(DefaultBodyLimit::max(READ_LIMIT)))
        .fallback(no_such_path);
    Router::new()
        .route("/health", get(health))
        .nest("/api/v1", api)
        .fallback(get(pages::page))
        .layer(middleware::from_fn(guard))
        .with_state(service)
}

/// What a report says is never run: no script, style or picture but our own, no frame, no guess
/// at a file's kind, no address passed on.
async fn guard(request: Request, next: Next) -> Response {
    const HEAD: [(HeaderName, &str); 5] = [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
             font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    let mut response = match named_as_ours(request.headers()) {
        true => next.run(request).await,
        false => Failure(
            StatusCode::FORBIDDEN,
            "asked for under another host's name; use the address that dyad printed".to_owned(),
        )
        .into_response(),
    };
    for (name, value) in HEAD {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// A page elsewhere may point its own name at this machine (DNS rebinding) and read the archive:
/// only numbers and `localhost` name us.
fn named_as_ours(head: &HeaderMap) -> bool {
    let Some(host) = head.get(header::HOST) else { return true };
    let Ok(authority) = host.to_str().unwrap_or("").parse::<axum::http::uri::Authority>() else {
        return false;
    };
    let name = authority.host().trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || name.parse::<std::net::IpAddr>().is_ok()
}

/// An answer that says what went wrong.
struct Failure(StatusCode, String);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

impl From<ArchiveError> for Failure {
    fn from(error: ArchiveError) -> Self {
        let status = match error {
            ArchiveError::UnknownCode { .. } => StatusCode::BAD_REQUEST,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Failure(status, error.to_string())
    }
}

impl From<UnknownWord> for Failure {
    fn from(error: UnknownWord) -> Self {
        Failure(StatusCode::BAD_REQUEST, error.to_string())
    }
}

impl From<QueryRejection> for Failure {
    fn from(error: QueryRejection) -> Self {
        Failure(StatusCode::BAD_REQUEST, error.body_text())
    }
}

impl From<BytesRejection> for Failure {
    fn from(error: BytesRejection) -> Self {
        let why = match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => {
                format!("more than {READ_LIMIT} bytes; send one report, or use `dyad read`")
            }
            _ => error.body_text(),
        };
        Failure(error.status(), why)
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        Failure(StatusCode::UNPROCESSABLE_ENTITY, error.to_string())
    }
}

type Answer<T> = Result<Json<T>, Failure>;
type Asked<T> = Result<Query<T>, QueryRejection>;

impl Service {
    /// Asks the archive off the threads that answer requests.
    async fn ask<T: Send + 'static>(
        self,
        question: impl FnOnce(&Archive) -> Result<T, ArchiveError> + Send + 'static,
    ) -> Result<T, Failure> {
        blocking(move || {
            // A question that panicked has changed nothing: the archive is as good as before.
            let archive = self.archive.lock().unwrap_or_else(PoisonError::into_inner);
            question(&archive)
        })
        .await?
        .map_err(Failure::from)
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(|_| {
        Failure(StatusCode::INTERNAL_SERVER_ERROR, "dyad failed at this; it is a bug".to_owned())
    })
}

async fn health() -> Json<Value> {
    Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}

async fn no_such_path() -> Failure {
    Failure(StatusCode::NOT_FOUND, "no such path in the API".to_owned())
}

async fn summary(State(service): State<Service>) -> Answer<Summary> {
    service.ask(|archive| archive.summary()).await.map(Json)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ReportsAsked {
    q: Option<String>,
}

async fn reports(
    State(service): State<Service>,
    asked: Asked<ReportsAsked>,
) -> Answer<Vec<ReportHead>> {
    let words = asked?.0.q.filter(|q| !q.trim().is_empty());
    let found = service.ask(move |archive| match &words {
        Some(words) => archive.search(words),
        None => archive.reports(),
    });
    found.await.map(Json)
}

async fn report(State(service): State<Service>, Path(id): Path<String>) -> Answer<Record> {
    let asked = id.clone();
    let found = service.ask(move |archive| archive.report(&asked)).await?;
    found
        .map(Json)
        .ok_or_else(|| Failure(StatusCode::NOT_FOUND, format!("no report `{id}` in this archive")))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct EventsAsked {
    who: Option<String>,
    whom: Option<String>,
    either: Option<String>,
    place: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    quad: Option<String>,
    status: Option<String>,
    deeds: Option<bool>,
    from: Option<String>,
    to: Option<String>,
    report: Option<String>,
    outlet: Option<String>,
    confidence: Option<f32>,
    q: Option<String>,
    limit: Option<u32>,
    offset: Option<u32>,
}

impl EventsAsked {
    fn filter(self) -> Result<Filter, Failure> {
        Ok(Filter {
            who: self.who.map(side),
            whom: self.whom.map(side),
            either: self.either.map(side),
            types: words(self.kind.as_deref())?,
            quads: words(self.quad.as_deref())?,
            statuses: words(self.status.as_deref())?,
            deeds: self.deeds.unwrap_or(false),
            from: self.from.map(day).transpose()?,
            to: self.to.map(day).transpose()?,
            place: self.place,
            report: self.report,
            outlet: self.outlet,
            confidence: self.confidence,
            text: self.q,
            limit: self.limit,
            offset: self.offset.unwrap_or(0),
            ..Filter::default()
        })
    }
}

fn side(text: String) -> Side {
    let Ok(side) = text.parse();
    side
}

/// Words of a closed list with commas between them.
fn words<T: FromStr<Err = UnknownWord>>(list: Option<&str>) -> Result<Vec<T>, UnknownWord> {
    list.into_iter().flat_map(|l| l.split(',')).map(str::trim).map(T::from_str).collect()
}

fn day(text: String) -> Result<String, Failure> {
    let date: Result<jiff::civil::Date, _> = text.parse();
    date.map(|d| d.to_string()).map_err(|_| {
        Failure(StatusCode::BAD_REQUEST, format!("`{text}` is no date; write it as YYYY-MM-DD"))
    })
}

async fn events(
    State(service): State<Service>,
    asked: Asked<EventsAsked>,
) -> Answer<Vec<EventRow>> {
    let filter = asked?.0.filter()?;
    service.ask(move |archive| archive.events(&filter)).await.map(Json)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct EpisodesAsked {
    report: Option<String>,
    min_voices: Option<u32>,
    deeds: Option<bool>,
    limit: Option<usize>,
    offset: Option<usize>,
}

async fn episodes(
    State(service): State<Service>,
    asked: Asked<EpisodesAsked>,
) -> Answer<Vec<Episode>> {
    let asked = asked?.0;
    let (offset, limit) = (asked.offset.unwrap_or(0), asked.limit.unwrap_or(usize::MAX));
    let wanted = move |episode: &Episode| {
        let told = |id: &String| episode.tellings.iter().any(|t| t.report == *id);
        asked.report.as_ref().is_none_or(told)
            && episode.voices >= asked.min_voices.unwrap_or(0)
            && (episode.deed || !asked.deeds.unwrap_or(false))
    };
    let episodes = service.ask(|archive| archive.episodes()).await?;
    let found = episodes.iter().filter(|e| wanted(e)).skip(offset).take(limit);
    Ok(Json(found.cloned().collect()))
}

async fn episode(State(service): State<Service>, Path(id): Path<String>) -> Answer<Episode> {
    let episodes = service.ask(|archive| archive.episodes()).await?;
    let found = episodes.iter().find(|e| e.id == id).cloned();
    found
        .map(Json)
        .ok_or_else(|| Failure(StatusCode::NOT_FOUND, format!("no episode `{id}` in this archive")))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ReadAsked {
    published: Option<String>,
    title: Option<String>,
    outlet: Option<String>,
    url: Option<String>,
}

async fn read(
    State(service): State<Service>,
    asked: Asked<ReadAsked>,
    head: HeaderMap,
    body: Result<axum::body::Bytes, BytesRejection>,
) -> Answer<Record> {
    let (asked, body) = (asked?.0, body?);
    let published = match asked.published {
        Some(text) => Some(text.parse().map_err(|_| ReadError::Date { text })?),
        None => None,
    };
    let media_type = head.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let given = Given {
        published,
        title: asked.title,
        outlet: asked.outlet,
        url: asked.url,
        media_type: media_type.map(str::to_owned),
        ..Given::default()
    };
    let record = blocking(move || service.reader.worker().read(&body, &given)).await??;
    Ok(Json(record))
}
