//! What the service counts of itself, in Prometheus' text form, and its log.

use crate::guard::Caller;
use crate::service::Service;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::time::Instant;

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answered {
    method: String,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Asked {
    route: String,
}

pub struct Metrics {
    registry: Registry,
    answered: Family<Answered, Counter>,
    seconds: Family<Asked, Histogram>,
    running: Gauge,
    pub read: Counter,
    pub stored: Counter,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("dyad");
        let answered = Family::default();
        let buckets = || Histogram::new([0.005, 0.02, 0.1, 0.5, 1.0, 2.5, 10.0, 30.0]);
        let seconds = Family::new_with_constructor(buckets as fn() -> Histogram);
        let (running, read, stored) = (Gauge::default(), Counter::default(), Counter::default());
        registry.register("http_requests", "Requests answered", answered.clone());
        registry.register_with_unit(
            "http_request_duration",
            "Time to answer",
            Unit::Seconds,
            seconds.clone(),
        );
        registry.register("http_requests_running", "Requests being answered", running.clone());
        registry.register("reports_read", "Reports read for a request", read.clone());
        registry.register(
            "reports_stored",
            "Reports that the archive did not hold",
            stored.clone(),
        );
        Metrics { registry, answered, seconds, running, read, stored }
    }
}

pub async fn metrics(State(service): State<Service>) -> Response {
    let mut text = String::new();
    match encode(&mut text, &service.metrics.registry) {
        Ok(()) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(header::CONTENT_TYPE, kind)], text).into_response()
        }
        Err(_) => axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Counts and logs each request. What is searched for is not logged.
pub async fn watch(State(service): State<Service>, request: Request, next: Next) -> Response {
    let metrics = &service.metrics;
    let began = Instant::now();
    let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("explorer".to_owned(), |m| m.as_str().to_owned());
    metrics.running.inc();
    let response = next.run(request).await;
    metrics.running.dec();
    let (status, took) = (response.status().as_u16(), began.elapsed());
    metrics.seconds.get_or_create(&Asked { route: route.clone() }).observe(took.as_secs_f64());
    metrics.answered.get_or_create(&Answered { method: method.clone(), route, status }).inc();
    let who = response.extensions().get::<Caller>().map_or("-", |c| c.name.as_str());
    let ms = took.as_millis() as u64;
    match status {
        500.. => tracing::error!(method, path, status, ms, who, "answered"),
        _ => tracing::info!(method, path, status, ms, who, "answered"),
    }
    response
}
