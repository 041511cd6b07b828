//! Who may ask, from where, and how often; and the headers that keep a page shut.

use crate::answer::Failure;
use crate::service::Service;
use crate::tokens::{Role, Tokens};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;

/// Whose token it was.
#[derive(Clone, Debug)]
pub struct Caller {
    pub name: String,
    pub role: Role,
}

type Limiter = RateLimiter<String, HashMapStateStore<String>, DefaultClock>;

/// Where tokens are needed: which there are, and how often each has asked.
pub struct Door {
    tokens: Tokens,
    limiter: Limiter,
}

impl Door {
    pub fn new(tokens: Tokens, a_minute: u32) -> Self {
        let a_minute = NonZeroU32::new(a_minute).unwrap_or(NonZeroU32::MIN);
        Door { tokens, limiter: RateLimiter::hashmap(Quota::per_minute(a_minute)) }
    }

    fn admit(&self, request: &Request) -> Result<Caller, Failure> {
        let bearer = request.headers().get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
        let token = bearer.and_then(|b| b.strip_prefix("Bearer ")).map(str::trim);
        let known = token.and_then(|t| self.tokens.find(t));
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(String::new(), |p| p.0.ip().to_string());
        let key = known.as_ref().map_or(format!("address {peer}"), |t| format!("token {}", t.name));
        if self.limiter.len() > 10_000 {
            self.limiter.retain_recent();
        }
        if let Err(early) = self.limiter.check_key(&key) {
            let wait = early.wait_time_from(DefaultClock::default().now()).as_secs() + 1;
            let why = format!("asked too often; ask again in {wait} s");
            return Err(
                Failure::new(StatusCode::TOO_MANY_REQUESTS, why).with(header::RETRY_AFTER, wait)
            );
        }
        let Some(token_) = known else {
            let why = match token {
                Some(_) => "this token is not known; `dyad token list` shows those that are",
                None => "a token is needed: send `Authorization: Bearer TOKEN`",
            };
            return Err(Failure::new(StatusCode::UNAUTHORIZED, why)
                .with(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")));
        };
        if token_.role < needed(request) {
            let why =
                format!("`{}` may look but not change; it takes an editor's token", token_.name);
            return Err(Failure::new(StatusCode::FORBIDDEN, why));
        }
        Ok(Caller { name: token_.name, role: token_.role })
    }
}

/// To read a text and store nothing is to look.
fn needed(request: &Request) -> Role {
    let looks = matches!(*request.method(), Method::GET | Method::HEAD);
    match looks || ["/api/v1/read", "/api/v1/explain"].contains(&request.uri().path()) {
        true => Role::Reader,
        false => Role::Editor,
    }
}

/// The explorer's files tell nothing of the archive, and whether the service lives is no secret.
fn open(path: &str) -> bool {
    path == "/health" || !(path.starts_with("/api") || path == "/metrics")
}

/// Lets a request in or says why not.
pub async fn guard(
    State((service, door)): State<(Service, Option<Arc<Door>>)>,
    mut request: Request,
    next: Next,
) -> Response {
    match let_in(door.as_deref(), &request) {
        Err(failure) => failure.into_response(),
        Ok(caller) => {
            if let Some(caller) = &caller {
                request.extensions_mut().insert(caller.clone());
            }
            let answer = tokio::time::timeout(service.limits.time, next.run(request)).await;
            let mut response = answer.unwrap_or_else(|_| {
                let why = "this takes too long; ask for less";
                Failure::new(StatusCode::SERVICE_UNAVAILABLE, why).into_response()
            });
            if let Some(caller) = caller {
                response.extensions_mut().insert(caller);
            }
            response
        }
    }
}

fn let_in(door: Option<&Door>, request: &Request) -> Result<Option<Caller>, Failure> {
    let (head, path) = (request.headers(), request.uri().path());
    if let Some(why) = foreign(head, open(path)) {
        return Err(Failure::new(StatusCode::FORBIDDEN, why));
    }
    match door {
        Some(door) if !open(path) => door.admit(request).map(Some),
        Some(_) => Ok(None),
        // Without tokens only this machine's own names lead here.
        None if named_as_ours(head) => Ok(None),
        None => Err(Failure::new(
            StatusCode::FORBIDDEN,
            "asked for under another host's name; use the address that dyad printed",
        )),
    }
}

/// Why a browser must not have this: a page of another site asks. A link to a page of ours is fine.
fn foreign(head: &HeaderMap, page: bool) -> Option<&'static str> {
    let word = |name: &str| head.get(name).map(|v| v.to_str().unwrap_or("?"));
    let followed = page && word("sec-fetch-mode") == Some("navigate");
    let elsewhere =
        matches!(word("sec-fetch-site"), Some(site) if site != "same-origin" && site != "none");
    let host = word("host").and_then(|h| h.parse::<Authority>().ok());
    let stranger = word("origin").is_some_and(|origin| {
        let origin = origin.split_once("://").and_then(|(_, o)| o.parse::<Authority>().ok());
        origin.is_none() || origin != host
    });
    (stranger || (elsewhere && !followed)).then_some("asked for by a page of another site")
}

/// A page elsewhere may point its own name at this machine (DNS rebinding) and read the archive:
/// only numbers and `localhost` name us. A token is safe from that, as the page does not know it.
fn named_as_ours(head: &HeaderMap) -> bool {
    let Some(host) = head.get(header::HOST) else { return true };
    let Ok(authority) = host.to_str().unwrap_or("").parse::<Authority>() else {
        return false;
    };
    let name = authority.host().trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok()
}

/// What a report says is never run: no script, style or picture but our own, no frame, no guess
/// at a file's kind, no address passed on.
pub async fn shut(request: Request, next: Next) -> Response {
    const HEAD: [(HeaderName, &str); 6] = [
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
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    ];
    let mut response = next.run(request).await;
    for (name, value) in HEAD {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
