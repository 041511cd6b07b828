//! The questions that the service answers.

use crate::across::{self, Edge, Level, Scene};
use crate::answer::{Day, Failure, Nothing, Page, Words};
use crate::corrections;
use crate::describe::Api;
use crate::explain;
use crate::guard::{self, Caller, Door};
use crate::metrics::{metrics, watch};
use crate::pages;
use crate::sent;
use crate::service::{Limits, Service};
use crate::timeline::{self, Timeline};
use crate::tokens::{Role, Tokens};
use crate::trade::{self, Trade};
use crate::watch as watching;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router, middleware};
use dyad_archive::{Archive, Filter, Side};
use dyad_reader::Reader;
use dyad_record::archive::{
    ActorRow, Episode, EventRow, FigureRow, PairPage, ReportHead, StatementRow, Summary, TieRow,
};
use dyad_record::foreign::{Coder, Foreign};
use dyad_record::{EventType, Quad, Status, TieKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;
use tower_http::compression::CompressionLayer;

/// The whole service as a router, for [`crate::serve`] and for tests. With `tokens` nobody asks
/// without one.
pub fn router(
    archive: Archive,
    reader: Arc<Reader>,
    trade: Option<Trade>,
    tokens: Option<Tokens>,
    limits: Limits,
) -> Router {
    let door = tokens.map(|tokens| Arc::new(Door::new(tokens, limits.a_minute)));
    let service = Service::new(archive, reader, trade, limits);
    let (routes, description) = routes();
    let description = Arc::new(description);
    routes
        .route("/api/v1/openapi.json", get(async move || Json(Value::clone(&description))))
        .route("/api/{*rest}", axum::routing::any(no_such_path))
        .fallback(get(pages::page))
        .layer(middleware::from_fn_with_state((service.clone(), door), guard::guard))
        .layer(middleware::from_fn(guard::shut))
        .layer(middleware::from_fn_with_state(service.clone(), watch))
        .layer(CompressionLayer::new())
        .with_state(service)
}

/// The description of the API in OpenAPI 3.1.
pub fn openapi() -> Value {
    routes().1
}

/// What an item goes by in a cursor.
fn item(report: &str, id: &str) -> String {
    format!("{report}/{id}")
}

fn routes() -> (Router<Service>, Value) {
    let mut api = Api::new();
    api.plain("/health", "Whether the service lives", "application/json", get(health));
    api.plain(
        "/metrics",
        "What the service counts of itself, for Prometheus",
        "application/openmetrics-text",
        get(metrics),
    );
    api.one("/api/v1/summary", "Counts of what the archive holds", summary);
    api.list("/api/v1/reports", "Reports, newest first, or best first for words", reports);
    api.one(
        "/api/v1/reports/{id}",
        "The record of one report, with what people corrected",
        corrections::report,
    );
    api.worked(
        "/api/v1/reports/{id}/explanations",
        "Why each item of a report was read",
        explain::stored,
    );
    api.named("/api/v1/events", "Events in the order of their days", events, |e| {
        item(&e.report, &e.event)
    });
    api.named("/api/v1/statements", "Who said what, in the order of the days", statements, |s| {
        item(&s.report, &s.statement)
    });
    api.named("/api/v1/figures", "Figures in the order of publication", figures, |f| {
        item(&f.report, &f.figure)
    });
    api.named(
        "/api/v1/ties",
        "How sides stand to each other, in the order of publication",
        ties,
        |t| item(&t.report, &t.tie),
    );
    api.list("/api/v1/actors", "Who takes part in episodes, most episodes first", actors);
    api.named("/api/v1/episodes", "Happenings, each with all its tellings", episodes, |e| {
        e.id.clone()
    });
    api.one("/api/v1/episodes/{id}", "One happening", episode);
    api.list("/api/v1/network", "Who acts on whom, in episodes", network);
    api.list("/api/v1/places", "Where it happened, in episodes", places);
    api.one("/api/v1/pair", "What passed between two sides, and how they stand", pair);
    api.worked(
        "/api/v1/dependence",
        "How two states depend on each other by trade tables, beside what reports said",
        trade::dependence,
    );
    api.list("/api/v1/watch", "Where rules are met, the latest first", watching::notices);
    api.one("/api/v1/timeline", "Episodes along the days, as bars and dots", timeline);
    api.list(
        "/api/v1/corrections",
        "What people corrected, in the order in which they did",
        corrections::list,
    );
    api.one("/api/v1/corrections/{id}", "One correction", corrections::one);
    api.make(
        "/api/v1/corrections",
        "Amend or reject an item, or add one that was missed",
        corrections::make,
    );
    api.take("/api/v1/corrections/{id}", "Withdraw a correction", corrections::withdraw);
    api.list("/api/v1/foreign", "What others coded, beside our own reading", foreign);
    api.one("/api/v1/schema", "The JSON Schema of a record", schema);
    api.whose("/api/v1/caller", "Who asks, and what they may do", caller);
    api.send(
        "/api/v1/read",
        "Read a text and store nothing",
        REPORTS,
        &[StatusCode::OK],
        sent::read,
    );
    api.send(
        "/api/v1/explain",
        "Why each item of a text is read; nothing is stored",
        REPORTS,
        &[StatusCode::OK],
        explain::sent,
    );
    api.send(
        "/api/v1/reports",
        "Read reports and store them",
        REPORTS,
        &[StatusCode::CREATED, StatusCode::OK],
        sent::store,
    );
    api.send(
        "/api/v1/fetch",
        "Fetch a page, or the pages that a feed lists, read and store them",
        "The address, as plain text.",
        &[StatusCode::CREATED, StatusCode::OK],
        sent::fetch,
    );
    api.send(
        "/api/v1/fetch/read",
        "Fetch a page and read it; nothing is stored",
        "The address, as plain text.",
        &[StatusCode::OK],
        sent::look,
    );
    api.done()
}

/// What may be sent to be read.
const REPORTS: &str = "Plain text, Markdown, HTML, JSON or JSONL; told apart by content.";

async fn health() -> Json<Value> {
    Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}

/// Who asks, and what they may do.
#[derive(Serialize, JsonSchema)]
struct Asking {
    /// The name of the token; null where none is needed.
    name: Option<String>,
    role: Role,
}

fn caller(caller: Option<&Caller>) -> Asking {
    // Without tokens whoever uses this machine may do all.
    let role = caller.map_or(Role::Editor, |c| c.role);
    Asking { name: caller.map(|c| c.name.clone()), role }
}

async fn no_such_path() -> Failure {
    Failure::new(StatusCode::NOT_FOUND, "no such path in the API; see /api/v1/openapi.json")
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SummaryAsked {
    /// So many dyads at the most, those with most deeds first; all without it.
    dyads: Option<usize>,
}

fn summary(archive: &Archive, asked: SummaryAsked) -> Result<Summary, Failure> {
    let mut summary = archive.summary()?;
    summary.dyads.truncate(asked.dyads.unwrap_or(usize::MAX));
    Ok(summary)
}

fn schema(_: &Archive, _: Nothing) -> Result<Value, Failure> {
    Ok(dyad_record::json_schema())
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ReportsAsked {
    /// Words that the report holds; `"words in quotes"` stand together.
    q: Option<String>,
}

fn reports(archive: &Archive, asked: ReportsAsked, page: Page) -> Result<Vec<ReportHead>, Failure> {
    let found = match asked.q.filter(|q| !q.trim().is_empty()) {
        Some(words) => archive.search_page(&words, Some(page.with_next()), page.offset)?,
        None => archive.reports_page(Some(page.with_next()), page.offset)?,
    };
    Ok(found)
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ById {
    pub id: String,
}

/// Which items. What a kind of item does not have, asks nothing of it: a statement has no type.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// A country's code (`RUS`), an organisation's (`NATO`), either with a sector (`RUS MIL`), or
    /// words of a name: who acts, speaks, or is the first side of a tie.
    who: Option<String>,
    /// Who it is done to or said to, or the other side of a joint act or a tie.
    whom: Option<String>,
    /// Who takes part on whichever side.
    either: Option<String>,
    /// Two that face each other, whoever acts: `RUS,UKR`.
    between: Option<String>,
    /// Event types, of PLOVER or of an ontology that was read with, with commas between them.
    #[serde(rename = "type")]
    kind: Option<Words<EventType>>,
    /// Quad classes with commas between them.
    quad: Option<Words<Quad>>,
    /// How far the act has come, with commas between them.
    status: Option<Words<Status>>,
    /// Kinds of ties with commas between them.
    tie: Option<Words<TieKind>>,
    /// Only what happened or is going on.
    deeds: Option<bool>,
    /// It may have been on this day or later.
    from: Option<Day>,
    /// It may have been on this day or earlier.
    to: Option<Day>,
    /// A country's code or name, or words of a place's name.
    place: Option<String>,
    /// Id of its report.
    report: Option<String>,
    outlet: Option<String>,
    /// At least this sure, 0 to 1.
    confidence: Option<f32>,
    /// Words that its report holds; `"words in quotes"` stand together.
    q: Option<String>,
    /// The latest first.
    newest: Option<bool>,
    /// Of episodes: told by at least so many independent texts.
    min_voices: Option<u32>,
    /// Of episodes: only those of which the voices tell otherwise.
    disputed: Option<bool>,
    /// Of the network: whether actors of one country are told apart.
    #[serde(default)]
    level: Level,
    /// Of the timeline: so many bars at the most, 100 unless told otherwise.
    bars: Option<u32>,
}

fn side(text: String) -> Side {
    let Ok(side) = text.parse();
    side
}

fn between(pair: Option<&str>) -> Result<Option<(Side, Side)>, Failure> {
    let Some(pair) = pair else { return Ok(None) };
    let Some((a, b)) = pair.split_once(',') else {
        let why = "between takes two sides with a comma between them, as `RUS,UKR`";
        return Err(Failure::new(StatusCode::BAD_REQUEST, why));
    };
    Ok(Some((side(a.to_owned()), side(b.to_owned()))))
}

impl Asked {
    fn filter(self) -> Result<Filter, Failure> {
        Ok(Filter {
            who: self.who.map(side),
            whom: self.whom.map(side),
            either: self.either.map(side),
            between: between(self.between.as_deref())?,
            types: self.kind.map_or(Vec::new(), |w| w.0),
            quads: self.quad.map_or(Vec::new(), |w| w.0),
            statuses: self.status.map_or(Vec::new(), |w| w.0),
            ties: self.tie.map_or(Vec::new(), |w| w.0),
            deeds: self.deeds.unwrap_or(false),
            from: self.from.map(|d| d.0),
            to: self.to.map(|d| d.0),
            place: self.place,
            report: self.report,
            outlet: self.outlet,
            confidence: self.confidence,
            text: self.q,
            newest: self.newest.unwrap_or(false),
            after: None,
            limit: None,
            offset: 0,
        })
    }

    fn page(self, page: Page) -> Result<Filter, Failure> {
        let (limit, offset) = (Some(page.with_next()), page.offset);
        Ok(Filter { limit, offset, after: page.after, ..self.filter()? })
    }
}

fn events(archive: &Archive, asked: Asked, page: Page) -> Result<Vec<EventRow>, Failure> {
    Ok(archive.events(&asked.page(page)?)?)
}

fn statements(archive: &Archive, asked: Asked, page: Page) -> Result<Vec<StatementRow>, Failure> {
    Ok(archive.statements(&asked.page(page)?)?)
}

fn figures(archive: &Archive, asked: Asked, page: Page) -> Result<Vec<FigureRow>, Failure> {
    Ok(archive.figures(&asked.page(page)?)?)
}

fn ties(archive: &Archive, asked: Asked, page: Page) -> Result<Vec<TieRow>, Failure> {
    Ok(archive.ties(&asked.page(page)?)?)
}

fn actors(archive: &Archive, asked: Asked, page: Page) -> Result<Vec<ActorRow>, Failure> {
    Ok(archive.actors(&asked.page(page)?)?)
}

fn episodes(archive: &Archive, asked: Asked, page: Page) -> Result<Vec<Episode>, Failure> {
    let (voices, disputed) = (asked.min_voices.unwrap_or(0), asked.disputed.unwrap_or(false));
    if voices < 2 && !disputed {
        return Ok(archive.episodes_of(&asked.page(page)?)?);
    }
    let mut found = archive.outlines(&asked.filter()?)?;
    if let Some(after) = &page.after {
        let passed = found.iter().position(|e| e.id == *after);
        let gone = || Failure::new(StatusCode::GONE, "that page is gone; begin with the first");
        found.drain(..=passed.ok_or_else(gone)?);
    }
    found.retain(|e| e.voices >= voices && (!disputed || e.disagreements > 0));
    let whole = page.of(found).into_iter().map(|e| archive.episode(&e.id));
    Ok(whole.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// Which acts of others. What their files do not tell asks nothing.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ForeignAsked {
    /// Whose coding, with commas between them; all without it.
    coder: Option<Words<Coder>>,
    /// A state's code or name: who acts.
    who: Option<String>,
    /// Whom it is done to.
    whom: Option<String>,
    /// Who takes part on whichever side.
    either: Option<String>,
    /// Two that face each other, whoever acts: `RUS,UKR`.
    between: Option<String>,
    /// Quad classes with commas between them.
    quad: Option<Words<Quad>>,
    /// On this day or later.
    from: Option<Day>,
    /// On this day or earlier.
    to: Option<Day>,
    /// A country's code or name, or words of a place's name.
    place: Option<String>,
    /// The latest first.
    newest: Option<bool>,
}

fn foreign(archive: &Archive, asked: ForeignAsked, page: Page) -> Result<Vec<Foreign>, Failure> {
    let coders = asked.coder.map_or(Vec::new(), |w| w.0);
    let filter = Filter {
        who: asked.who.map(side),
        whom: asked.whom.map(side),
        either: asked.either.map(side),
        between: between(asked.between.as_deref())?,
        quads: asked.quad.map_or(Vec::new(), |w| w.0),
        from: asked.from.map(|d| d.0),
        to: asked.to.map(|d| d.0),
        place: asked.place,
        newest: asked.newest.unwrap_or(false),
        limit: Some(page.with_next()),
        offset: page.offset,
        ..Filter::default()
    };
    Ok(archive.foreign(&coders, &filter)?)
}

fn network(archive: &Archive, asked: Asked, page: Page) -> Result<Vec<Edge>, Failure> {
    let level = asked.level;
    Ok(page.of(across::network(&archive.acts(&asked.filter()?)?, level)))
}

fn places(archive: &Archive, asked: Asked, page: Page) -> Result<Vec<Scene>, Failure> {
    Ok(page.of(across::scenes(archive.happenings(&asked.filter()?)?)))
}

/// Rows that each list of a pair's page holds.
const LISTED: u32 = 100;

fn pair(archive: &Archive, asked: Asked) -> Result<PairPage, Failure> {
    let mut filter = asked.filter()?;
    let Some((a, b)) = filter.between.take() else {
        let why = "name the two sides: `between=RUS,UKR`";
        return Err(Failure::new(StatusCode::BAD_REQUEST, why));
    };
    filter.limit = Some(LISTED);
    Ok(archive.pair(&a, &b, &filter)?)
}

fn timeline(archive: &Archive, asked: Asked) -> Result<Timeline, Failure> {
    let bars = asked.bars.unwrap_or(100);
    let mut filter = asked.filter()?;
    let day = |day: Option<String>| day.and_then(|d| d.parse().ok());
    let (from, to) = (day(filter.from.take()), day(filter.to.take()));
    let all = archive.happenings(&filter)?.all;
    timeline::timeline(&all, from, to, bars, |few| Ok(archive.outlines_of(few)?))
}

fn episode(archive: &Archive, asked: ById) -> Result<Episode, Failure> {
    archive.episode(&asked.id)?.ok_or_else(|| Failure::none("episode", &asked.id))
}
