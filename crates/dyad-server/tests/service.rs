use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use dyad_archive::Archive;
use dyad_reader::Reader;
use dyad_record::Record;
use http_body_util::BodyExt;
use serde_json::Value;
use std::sync::{Arc, OnceLock};
use tower::ServiceExt;

fn record() -> Record {
    let story = include_str!("../../dyad-archive/tests/records/odesa-wire.json");
    serde_json::from_str(story).unwrap()
}

/// An archive of one report, and the folder that it lives in.
fn service() -> (Router, tempfile::TempDir) {
    static READER: OnceLock<Arc<Reader>> = OnceLock::new();
    let reader = READER.get_or_init(|| Arc::new(Reader::builtin().unwrap()));
    let dir = tempfile::tempdir().unwrap();
    let mut archive = Archive::open(dir.path().join("a.sqlite")).unwrap();
    archive.add(&record()).unwrap();
    (dyad_server::router(archive, reader.clone()), dir)
}

async fn ask(request: Request<Body>) -> (StatusCode, axum::http::HeaderMap, Vec<u8>) {
    let (router, _dir) = service();
    let response = router.oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    (head.status, head.headers, body.collect().await.unwrap().to_bytes().to_vec())
}

async fn get(path: &str) -> (StatusCode, Value) {
    let (status, _, body) = ask(Request::get(path).body(Body::empty()).unwrap()).await;
    (status, serde_json::from_slice(&body).unwrap())
}

#[tokio::test]
async fn the_archive_is_asked() {
    let id = record().report.id;
    assert_eq!(get("/health").await.1["status"], "ok");
    assert_eq!(get("/api/v1/summary").await.1["reports"], 1);
    assert_eq!(get("/api/v1/reports").await.1[0]["id"], *id);
    assert_eq!(get("/api/v1/reports?q=harbour").await.1.as_array().unwrap().len(), 1);
    assert_eq!(get("/api/v1/reports?q=whales").await.1.as_array().unwrap().len(), 0);
    let (status, stored) = get(&format!("/api/v1/reports/{id}")).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(serde_json::from_value::<Record>(stored).unwrap(), record());
    let aid = get("/api/v1/events?who=POL&type=AID").await.1;
    assert_eq!((aid.as_array().unwrap().len(), &aid[0]["status"]), (1, &"planned".into()));
    assert_eq!(get("/api/v1/events?deeds=true&type=AID").await.1.as_array().unwrap().len(), 0);
    let episodes = get("/api/v1/episodes?deeds=true").await.1;
    assert_eq!(episodes.as_array().unwrap().len(), 2);
    let one = format!("/api/v1/episodes/{}", episodes[1]["id"].as_str().unwrap());
    assert_eq!(get(&one).await.1, episodes[1]);
    assert_eq!(get("/api/v1/episodes?deeds=true&offset=1&limit=9").await.1[0], episodes[1]);
}

#[tokio::test]
async fn a_wrong_question_is_told_what_is_wrong() {
    for (path, status, word) in [
        ("/api/v1/reports/none", StatusCode::NOT_FOUND, "none"),
        ("/api/v1/episodes/ep-0", StatusCode::NOT_FOUND, "ep-0"),
        ("/api/v1/nothing", StatusCode::NOT_FOUND, "no such path"),
        ("/api/v1/events?type=DANCE", StatusCode::BAD_REQUEST, "DANCE"),
        ("/api/v1/events?from=2023-02-30", StatusCode::BAD_REQUEST, "YYYY-MM-DD"),
        ("/api/v1/events?limit=many", StatusCode::BAD_REQUEST, "limit"),
    ] {
        let (found, answer) = get(path).await;
        assert_eq!(found, status, "{path}");
        assert!(answer["error"].as_str().unwrap().contains(word), "{path}: {answer}");
    }
}

#[tokio::test]
async fn a_text_is_read_and_not_stored() {
    let text = "Norway and Iceland signed a fishing pact in Bergen on Tuesday, the two ministries \
                said. The pact will hold for three years, and both countries welcomed it.";
    let (router, _dir) = service();
    let request =
        Request::post("/api/v1/read?published=2023-03-15").body(Body::from(text)).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let record: Record = serde_json::from_slice(&body).unwrap();
    assert_eq!(record.report.published.as_deref(), Some("2023-03-15"));
    let request = Request::get("/api/v1/summary").body(Body::empty()).unwrap();
    let response = router.oneshot(request).await.unwrap();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(serde_json::from_slice::<Value>(&body).unwrap()["reports"], 1);
}

#[tokio::test]
async fn what_cannot_be_read_says_why() {
    let big =
        Request::post("/api/v1/read").body(Body::from(vec![b' '; dyad_server::READ_LIMIT + 1]));
    assert_eq!(ask(big.unwrap()).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    let empty = Request::post("/api/v1/read").body(Body::empty()).unwrap();
    assert_eq!(ask(empty).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let date = Request::post("/api/v1/read?published=yesterday").body(Body::from("x")).unwrap();
    assert_eq!(ask(date).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let put = Request::put("/api/v1/summary").body(Body::empty()).unwrap();
    assert_eq!(ask(put).await.0, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn every_answer_keeps_the_page_shut() {
    for path in ["/", "/report/x", "/assets/none.js", "/health", "/api/v1/reports/none"] {
        let (_, head, _) = ask(Request::get(path).body(Body::empty()).unwrap()).await;
        let policy = head["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'"), "{path}");
        assert!(!policy.contains("unsafe"), "{path}");
        assert_eq!(head["x-content-type-options"], "nosniff", "{path}");
    }
}

#[tokio::test]
async fn another_name_for_this_machine_is_refused() {
    for (host, status) in [
        ("127.0.0.1:7878", StatusCode::OK),
        ("localhost:7878", StatusCode::OK),
        ("[::1]:7878", StatusCode::OK),
        ("rebound.example:7878", StatusCode::FORBIDDEN),
    ] {
        let request = Request::get("/health").header("host", host).body(Body::empty()).unwrap();
        assert_eq!(ask(request).await.0, status, "{host}");
    }
}
