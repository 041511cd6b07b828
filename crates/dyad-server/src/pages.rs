//! The explorer, built into the program.

use axum::http::{StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../explorer/dist"]
struct Explorer;

/// The explorer's files. Its pages have addresses of their own (`/report/…`) and are one file.
pub async fn page(uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if let Some(file) = Explorer::get(path) {
        // Built files carry a hash of their content in their names; the page itself must be new.
        let fresh = if path.starts_with("assets/") {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        };
        let kind = file.metadata.mimetype().to_owned();
        let head = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, fresh.to_owned())];
        return (head, file.data).into_response();
    }
    if path.starts_with("assets/") {
        return StatusCode::NOT_FOUND.into_response();
    }
    let head = [(header::CACHE_CONTROL, "no-cache")];
    match Explorer::get("index.html") {
        Some(index) => {
            (head, Html(String::from_utf8_lossy(&index.data).into_owned())).into_response()
        }
        None => (StatusCode::NOT_FOUND, head, Html(NOT_BUILT)).into_response(),
    }
}

const NOT_BUILT: &str = "<!doctype html><html lang=en><meta charset=utf-8><title>dyad</title>\
    <h1>The explorer is not built into this dyad</h1>\
    <p>Build it, then build dyad again: <code>make build</code> does both \
    (<code>cd explorer &amp;&amp; npm ci &amp;&amp; npm run build</code> is the first half).</p>\
    <p>The service itself is here: <a href=/api/v1/summary>/api/v1/summary</a></p></html>\n";
