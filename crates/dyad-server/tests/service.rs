use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use dyad_archive::Archive;
use dyad_reader::Reader;
use dyad_record::Record;
use dyad_server::{Limits, Role, Tokens, Trade};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tower::ServiceExt;

fn record() -> Record {
    let story = include_str!("../../dyad-archive/tests/records/odesa-wire.json");
    serde_json::from_str(story).unwrap()
}

/// An archive of one report, and the folder that it lives in.
fn service() -> (Router, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    (service_in(dir.path(), None, Limits::default()), dir)
}

fn service_in(folder: &Path, tokens: Option<Tokens>, limits: Limits) -> Router {
    static READER: OnceLock<Arc<Reader>> = OnceLock::new();
    let reader = READER.get_or_init(|| Arc::new(Reader::builtin().unwrap()));
    let mut archive = Archive::open(folder.join("a.sqlite")).unwrap();
    archive.add(&record()).unwrap();
    dyad_server::router(archive, reader.clone(), trade(folder), tokens, limits)
}

/// The table that lies in the folder, where one does.
fn trade(folder: &Path) -> Option<Trade> {
    let table = folder.join("trade.csv");
    table.exists().then(|| Trade::open(vec![table]).unwrap())
}

async fn ask(request: Request<Body>) -> (StatusCode, HeaderMap, Vec<u8>) {
    let (router, _dir) = service();
    answer(&router, request).await
}

async fn answer(router: &Router, request: Request<Body>) -> (StatusCode, HeaderMap, Vec<u8>) {
    let response = router.clone().oneshot(request).await.unwrap();
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
    let summary = get("/api/v1/summary").await.1;
    assert_eq!((&summary["reports"], summary["dyads"].as_array().unwrap().len()), (&1.into(), 2));
    assert_eq!(get("/api/v1/summary?dyads=1").await.1["dyads"][0], summary["dyads"][0]);
    assert_eq!(get("/api/v1/reports").await.1[0]["id"], *id);
    assert_eq!(get("/api/v1/reports?q=harbour").await.1.as_array().unwrap().len(), 1);
    assert_eq!(get("/api/v1/reports?q=whales").await.1.as_array().unwrap().len(), 0);
    let (status, stored) = get(&format!("/api/v1/reports/{id}")).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(serde_json::from_value::<Record>(stored).unwrap(), record());
    let aid = get("/api/v1/events?who=POL&type=AID").await.1;
    assert_eq!((aid.as_array().unwrap().len(), &aid[0]["status"]), (1, &"planned".into()));
    assert_eq!(get("/api/v1/events?deeds=true&type=AID").await.1.as_array().unwrap().len(), 0);
    let both = get("/api/v1/events?type=AID,ASSAULT&between=POL,UKR").await.1;
    assert_eq!(both, aid);
    for (rows, ids) in [("statements", "statement"), ("figures", "figure"), ("ties", "tie")] {
        let told = serde_json::to_value(record()).unwrap();
        let told = told[rows].as_array().unwrap().len();
        let found = get(&format!("/api/v1/{rows}?report={id}")).await.1;
        assert_eq!(found.as_array().unwrap().len(), told, "{rows}");
        assert!(found.as_array().unwrap().iter().all(|row| row[ids].is_string()), "{rows}");
    }
    assert!(
        get("/api/v1/actors").await.1.as_array().unwrap().iter().any(|a| a["country"] == "UKR")
    );
    let edges = get("/api/v1/network?deeds=true").await.1;
    assert_eq!((&edges[0]["from"], &edges[0]["to"]), (&"RUS".into(), &"UKR".into()), "{edges}");
    let places = get("/api/v1/places").await.1;
    assert!(places.as_array().unwrap().iter().all(|p| p["lat"].is_f64()), "{places}");
    let episodes = get("/api/v1/episodes?deeds=true").await.1;
    assert_eq!(episodes.as_array().unwrap().len(), 2);
    let one = format!("/api/v1/episodes/{}", episodes[1]["id"].as_str().unwrap());
    assert_eq!(get(&one).await.1, episodes[1]);
}

#[tokio::test]
async fn a_pair_and_a_timeline_count_what_the_episodes_are() {
    let between = get("/api/v1/episodes?between=RUS,UKR").await.1;
    let between = between.as_array().unwrap();
    let pair = get("/api/v1/pair?between=RUS,UKR").await.1;
    assert_eq!((&pair["a"], &pair["b"]), (&"Russia".into(), &"Ukraine".into()));
    assert_eq!(pair["told"]["episodes"], between.len());
    let there = between.iter().filter(|e| e["quad"] == "material_conflict").count();
    assert_eq!(pair["ways"][0]["material_conflict"], there);
    assert_eq!(pair["episodes"].as_array().unwrap(), between);
    let deeds = get("/api/v1/episodes?deeds=true").await.1.as_array().unwrap().len();
    let line = get("/api/v1/timeline?deeds=true&from=2023-03-01&to=2023-03-31&bars=5").await.1;
    assert_eq!((&line["from"], &line["step"]), (&"2023-03-01".into(), &7.into()));
    assert_eq!(line["dots"].as_array().unwrap().len(), deeds);
    let bars = line["bars"].as_array().unwrap().iter();
    assert_eq!(bars.map(|b| b["episodes"].as_u64().unwrap()).sum::<u64>(), deeds as u64);
}

#[tokio::test]
async fn each_item_is_explained_unless_it_is_read_otherwise_now() {
    let (router, _dir) = service();
    let text = "Norway condemned Iceland on Monday over the fishing ban, the ministry in Oslo said. \
                Iceland rejected the criticism and recalled its envoy.";
    let sent = || Body::from(text);
    let request = Request::post("/api/v1/reports?published=2023-03-15").body(sent()).unwrap();
    let stored: Value = serde_json::from_slice(&answer(&router, request).await.2).unwrap();
    let id = stored[0]["report"].as_str().unwrap();
    let explain = async |id: &str| -> Value {
        let path = format!("/api/v1/reports/{id}/explanations");
        let request = Request::get(path).body(Body::empty()).unwrap();
        serde_json::from_slice(&answer(&router, request).await.2).unwrap()
    };
    let told = explain(id).await;
    assert_eq!(told["otherwise"].as_array().unwrap().len(), 0);
    let event = told["items"].as_array().unwrap().iter().find(|i| i["item"] == "e1").unwrap();
    assert!(event["found_by"].as_str().unwrap().contains(':'), "{event}");
    assert!(event["words"].as_array().unwrap().iter().any(|w| w["role"] == "trigger"), "{event}");
    let request = Request::post("/api/v1/explain?published=2023-03-15").body(sent()).unwrap();
    let now: Value = serde_json::from_slice(&answer(&router, request).await.2).unwrap();
    assert_eq!(now, told["items"]);
    // Another program read this one; what it found is not this one's to explain.
    let odesa = explain(&record().report.id).await;
    let items = serde_json::to_value(record()).unwrap();
    let all: usize = ["events", "statements", "figures", "ties"]
        .map(|k| items[k].as_array().unwrap().len())
        .iter()
        .sum();
    let count = |name: &str| odesa[name].as_array().unwrap().len();
    assert!(count("otherwise") > 0 && count("otherwise") + count("items") >= all, "{odesa}");
    assert_eq!(explain("none").await["error"], "no report `none` in this archive");
}

/// A server of this machine that gives every caller the same page.
fn site(page: &'static str) -> std::net::SocketAddr {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length";
            let _ = write!(stream, "{head}: {}\r\n\r\n{page}", page.len());
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_fetched_is_stored_and_private_addresses_are_refused() {
    let at = site("Norway and Iceland signed a fishing pact in Bergen on Monday, both said.");
    let feed: &str = Box::leak(
        format!(
            "<rss version=\"2.0\"><channel><title>Fjord Press</title><item><link>http://{at}/a</link>\
             </item><item><link>http://localhost:{}/b</link></item></channel></rss>",
            at.port()
        )
        .into_boxed_str(),
    );
    let list = site(feed);
    let fetch = async |router: &Router, url: String| -> (StatusCode, Value) {
        let request = Request::post("/api/v1/fetch").body(Body::from(url)).unwrap();
        let (status, _, body) = answer(router, request).await;
        (status, serde_json::from_slice(&body).unwrap())
    };
    let (shut, _dir) = service();
    let (status, told) = fetch(&shut, format!("http://{at}/")).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(told["error"].as_str().unwrap().contains("not public"), "{told}");
    assert_eq!(fetch(&shut, "file:///etc/passwd".to_owned()).await.0, StatusCode::BAD_REQUEST);
    let dir = tempfile::tempdir().unwrap();
    let limits = Limits { private_hosts: vec!["127.0.0.1".to_owned()], ..Limits::default() };
    let open = service_in(dir.path(), None, limits);
    let (status, told) = fetch(&open, format!("http://{list}/")).await;
    assert_eq!(status, StatusCode::CREATED, "{told}");
    assert_eq!((&told[0]["outcome"], &told[0]["line"]), (&"added".into(), &1.into()));
    // The second entry names the same machine by a name that nobody allowed.
    assert_eq!(told[1]["outcome"], "failed");
    assert!(told[1]["error"].as_str().unwrap().contains("localhost"), "{told}");
    let (status, again) = fetch(&open, format!("http://{at}/a")).await;
    assert_eq!((status, &again[0]["report"]), (StatusCode::OK, &told[0]["report"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_fetched_and_read_without_being_stored() {
    let at = site("Norway and Iceland signed a fishing pact in Bergen on Monday, both said.");
    let list = site(
        "<rss version=\"2.0\"><channel><title>Fjord Press</title><item>\
         <link>http://127.0.0.1:9/a</link></item></channel></rss>",
    );
    let dir = tempfile::tempdir().unwrap();
    let limits = Limits { private_hosts: vec!["127.0.0.1".to_owned()], ..Limits::default() };
    let router = service_in(dir.path(), None, limits);
    let look = async |router: &Router, url: String| {
        let path = "/api/v1/fetch/read?published=2023-03-15";
        sent(router, Request::post(path).body(Body::from(url)).unwrap()).await
    };
    let (status, told) = look(&router, format!("http://{at}/a")).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    let (record, items) = (&told["record"], told["items"].as_array().unwrap());
    assert_eq!(record["report"]["url"], format!("http://{at}/a"));
    let event = record["events"][0]["id"].as_str().unwrap();
    assert!(items.iter().any(|i| i["item"] == event), "{told}");
    let id = record["report"]["id"].as_str().unwrap();
    let held = Request::get(format!("/api/v1/reports/{id}")).body(Body::empty()).unwrap();
    assert_eq!(sent(&router, held).await.0, StatusCode::NOT_FOUND);
    let (status, told) = look(&router, format!("http://{list}/")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told["error"].as_str().unwrap().contains("feed"), "{told}");
    let (shut, _dir) = service();
    assert_eq!(look(&shut, format!("http://{at}/a")).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn rules_are_watched_with_their_evidence() {
    let rules = "border%3A%20who%20RUS%20whom%20UKR%20type%20ASSAULT%0Anone%3A%20who%20NOR";
    let found = get(&format!("/api/v1/watch?rules={rules}")).await.1;
    let [notice] = &found.as_array().unwrap()[..] else { panic!("{found}") };
    assert_eq!(notice["rule"], "border");
    let source = &notice["evidence"][0]["sources"][0];
    assert_eq!(source["report"], *record().report.id);
    let later = get(&format!("/api/v1/watch?rules={rules}&since=2030-01-01")).await.1;
    assert_eq!(later, serde_json::json!([]));
    let (status, wrong) = get("/api/v1/watch?rules=a%3A%20who%20RUS%0Ab%3A%20type%20WAR%21").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(wrong["error"].as_str().unwrap().contains("line 2"), "{wrong}");
}

#[tokio::test]
async fn trade_tables_stand_beside_what_reports_said() {
    assert_eq!(get("/api/v1/dependence?between=NOR,ISL").await.1["tables"], serde_json::json!([]));
    let dir = tempfile::tempdir().unwrap();
    let table = "t,i,j,k,v,q\n2022,579,352,030214,60,1\n2022,579,208,030214,40,1\n\
                 2022,352,579,760110,70,1\n2022,352,208,760110,630,1\n\
                 2022,208,579,851713,50,1\n2022,208,352,851713,50,1\n";
    std::fs::write(dir.path().join("trade.csv"), table).unwrap();
    let router = service_in(dir.path(), None, Limits::default());
    let text = "Iceland depends heavily on trade with Norway, the ministry in Reykjavik said. \
                Trade between Norway and Iceland rose by 12 percent in 2022.";
    let request = Request::post("/api/v1/reports?published=2022-12-15").body(Body::from(text));
    assert_eq!(answer(&router, request.unwrap()).await.0, StatusCode::CREATED);
    let between = async |pair: &str| -> (StatusCode, Value) {
        let path = format!("/api/v1/dependence?between={pair}");
        let request = Request::get(path).body(Body::empty()).unwrap();
        let (status, _, body) = answer(&router, request).await;
        (status, serde_json::from_slice(&body).unwrap())
    };
    let (status, told) = between("NOR,Iceland").await;
    assert_eq!((status, &told["tables"][0]), (StatusCode::OK, &"trade.csv".into()));
    let year = &told["years"][0];
    assert_eq!((&year["year"], &year["leans"]), (&2022.into(), &"NOR".into()), "{year}");
    assert_eq!(year["sides"][0]["exports"]["share"], 0.6);
    let claims = told["claims"].as_array().unwrap();
    assert!(!claims.is_empty() && claims.iter().all(|c| c["year"] == 2022), "{claims:?}");
    assert_eq!(between("NOR").await.0, StatusCode::BAD_REQUEST);
    assert_eq!(between("NOR,Atlantis").await.0, StatusCode::BAD_REQUEST);
    assert_eq!(between("NOR,NOR").await.0, StatusCode::BAD_REQUEST);
    std::fs::write(dir.path().join("other.csv"), "a,b\n1,2\n").unwrap();
    let wrong = Trade::open(vec![dir.path().join("other.csv")]).err().unwrap().to_string();
    assert!(wrong.contains("other.csv") && wrong.contains("a,b"), "{wrong}");
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
        ("/api/v1/events?who=RUX", StatusCode::BAD_REQUEST, "RUS"),
        ("/api/v1/events?between=RUS", StatusCode::BAD_REQUEST, "RUS,UKR"),
        ("/api/v1/events?cursor=7", StatusCode::BAD_REQUEST, "cursor"),
        ("/api/v1/events?tpye=AID", StatusCode::BAD_REQUEST, "tpye"),
        ("/api/v1/pair", StatusCode::BAD_REQUEST, "between=RUS,UKR"),
        ("/api/v1/timeline?from=soon", StatusCode::BAD_REQUEST, "YYYY-MM-DD"),
        ("/api/v1/events?format=xml", StatusCode::BAD_REQUEST, "jsonl"),
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
        Request::post("/api/v1/read").body(Body::from(vec![b' '; Limits::default().body + 1]));
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

#[tokio::test]
async fn a_page_leads_to_the_next_until_all_rows_were_given() {
    let (router, _dir) = service();
    let ask =
        async |path: &str| answer(&router, Request::get(path).body(Body::empty()).unwrap()).await;
    let (_, _, all) = ask("/api/v1/events").await;
    let all: Vec<Value> = serde_json::from_slice(&all).unwrap();
    assert!(all.len() > 2);
    let mut next = Some("/api/v1/events?limit=2&deeds=false".to_owned());
    let mut rows = Vec::new();
    while let Some(path) = next {
        let (status, head, page) = ask(&path).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        rows.extend(serde_json::from_slice::<Vec<Value>>(&page).unwrap());
        let link = head.get("link").map(|l| l.to_str().unwrap());
        next = link.map(|l| l[1..l.find('>').unwrap()].to_owned());
    }
    assert_eq!(rows, all);
}

#[tokio::test]
async fn rows_come_as_json_lines_or_csv_as_one_likes() {
    let (router, _dir) = service();
    let ask = async |accept: &str| {
        let request = Request::get("/api/v1/events").header("accept", accept);
        answer(&router, request.body(Body::empty()).unwrap()).await
    };
    let (_, _, json) = ask("application/json").await;
    let json: Vec<Value> = serde_json::from_slice(&json).unwrap();
    let (_, head, lines) = ask("application/x-ndjson").await;
    assert_eq!(head["content-type"], "application/x-ndjson");
    let lines = String::from_utf8(lines).unwrap();
    assert_eq!(
        lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect::<Vec<Value>>(),
        json
    );
    let (_, head, table) = ask("text/csv").await;
    assert_eq!(head["content-type"], "text/csv; charset=utf-8");
    let mut table = csv::Reader::from_reader(table.as_slice());
    let columns: Vec<String> = table.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(columns, json[0].as_object().unwrap().keys().cloned().collect::<Vec<_>>());
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), json.len());
    let text = columns.iter().position(|c| c == "text").unwrap();
    assert_eq!(&rows[0][text], json[0]["text"].as_str().unwrap());
    assert_eq!(ask("image/png").await.0, StatusCode::NOT_ACCEPTABLE);
}

#[tokio::test]
async fn rows_come_as_columns_too() {
    let rows = get("/api/v1/events").await.1.as_array().unwrap().len();
    for (accept, format, begins) in [
        ("application/vnd.apache.parquet", "parquet", &b"PAR1"[..]),
        ("application/vnd.apache.arrow.stream", "arrow", &[0xff; 4]),
    ] {
        let asked = Request::get("/api/v1/events").header("accept", accept);
        let (status, head, body) = ask(asked.body(Body::empty()).unwrap()).await;
        assert_eq!((status, head["content-type"].to_str().unwrap()), (StatusCode::OK, accept));
        assert!(body.starts_with(begins), "{format}");
        let asked = Request::get(format!("/api/v1/events?format={format}&limit=1"));
        let (_, head, body) = ask(asked.body(Body::empty()).unwrap()).await;
        assert!(body.starts_with(begins) && rows > 1);
        assert!(head["link"].to_str().unwrap().contains("next"), "pages go on");
    }
}

#[tokio::test]
async fn a_report_is_stored_once() {
    let (router, _dir) = service();
    let text = "Norway and Iceland signed a fishing pact in Bergen on Tuesday, the two ministries \
                said. The pact will hold for three years, and both countries welcomed it.";
    let send = async |body: String| {
        let request = Request::post("/api/v1/reports?published=2023-03-15&outlet=Quay");
        let (status, _, body) = answer(&router, request.body(Body::from(body)).unwrap()).await;
        (status, serde_json::from_slice::<Value>(&body).unwrap())
    };
    let (status, stored) = send(text.to_owned()).await;
    assert_eq!((status, &stored[0]["outcome"]), (StatusCode::CREATED, &"added".into()), "{stored}");
    let (status, again) = send(text.to_owned()).await;
    assert_eq!((status, &again[0]["outcome"]), (StatusCode::OK, &"unchanged".into()));
    let one = format!("/api/v1/reports/{}", stored[0]["report"].as_str().unwrap());
    let (_, _, record) = answer(&router, Request::get(&one).body(Body::empty()).unwrap()).await;
    let record: Record = serde_json::from_slice(&record).unwrap();
    assert_eq!(record.report.outlet.as_deref(), Some("Quay"));
    let lines = format!("{}\n{{\"text\": \"\"}}\n", serde_json::json!({ "text": text }));
    let (_, many) = send(lines).await;
    assert_eq!(many[1]["outcome"], "failed");
    assert!(many[1]["error"].as_str().unwrap().contains("no article text"), "{many}");
    assert_eq!(send(String::new()).await.0, StatusCode::UNPROCESSABLE_ENTITY);
}

async fn sent(router: &Router, request: Request<Body>) -> (StatusCode, Value) {
    let (status, _, body) = answer(router, request).await;
    (status, serde_json::from_slice(&body).unwrap())
}

#[tokio::test]
async fn a_correction_wins_until_it_is_withdrawn() {
    let (router, _dir) = service();
    let id = record().report.id;
    let at = |path: &str| Request::get(path).body(Body::empty()).unwrap();
    let make = |body: Value| {
        Request::post("/api/v1/corrections").body(Body::from(body.to_string())).unwrap()
    };
    let network = sent(&router, at("/api/v1/network?deeds=true")).await.1;
    let aid = json!({ "report": id, "action": "amend", "item": "e3", "who": "ana",
        "why": "it says so below", "change": { "status": "happened", "actors": ["DEU"],
        "place": "Kyiv, UKR" } });
    let (status, made) = sent(&router, make(aid.clone())).await;
    assert_eq!((status, &made["id"]), (StatusCode::CREATED, &"c1".into()), "{made}");
    assert_eq!(made["machine"]["place"], Value::Null);
    let edges = sent(&router, at("/api/v1/network?deeds=true")).await.1;
    assert!(edges.as_array().unwrap().iter().any(|e| e["from"] == "DEU" && e["to"] == "UKR"));
    let places = sent(&router, at("/api/v1/places?who=DEU")).await.1;
    assert_eq!(places[0]["place"], "Kyiv", "{places}");
    let summary = sent(&router, at("/api/v1/summary")).await.1;
    assert!(summary["dyads"].as_array().unwrap().iter().any(|d| d["from"] == "DEU"));
    for rows in ["events", "episodes", "actors"] {
        let found = sent(&router, at(&format!("/api/v1/{rows}?who=DEU&deeds=true"))).await.1;
        assert_eq!(found.as_array().unwrap().len(), 1, "{rows}");
    }
    let held = sent(&router, at(&format!("/api/v1/reports/{id}"))).await.1;
    assert_eq!(held["events"][2]["found_by"], "correction:c1");
    assert_eq!(held["corrections"], json!([made]));
    assert_eq!(sent(&router, at("/api/v1/corrections/c1")).await.1, made);
    for (asked, number) in
        [("kind=event&who=ana", 1), ("kind=tie", 0), ("withdrawn=true", 0), ("report=none", 0)]
    {
        let found = sent(&router, at(&format!("/api/v1/corrections?{asked}"))).await.1;
        assert_eq!(found.as_array().unwrap().len(), number, "{asked}");
    }

    for (body, status, word) in [
        (json!({ "report": id }), StatusCode::BAD_REQUEST, "action"),
        (json!({ "report": id, "action": "dance", "why": "" }), StatusCode::BAD_REQUEST, "dance"),
        (
            json!({ "report": "x", "action": "reject", "item": "e3", "who": "a", "why": "b" }),
            StatusCode::NOT_FOUND,
            "no report",
        ),
        (
            json!({ "report": id, "action": "reject", "item": "e9", "who": "a", "why": "b" }),
            StatusCode::NOT_FOUND,
            "e9",
        ),
        (
            json!({ "report": id, "action": "reject", "item": "e3", "why": "b" }),
            StatusCode::UNPROCESSABLE_ENTITY,
            "who",
        ),
        (aid, StatusCode::UNPROCESSABLE_ENTITY, "nothing is otherwise"),
    ] {
        let (found, told) = sent(&router, make(body)).await;
        assert_eq!(found, status, "{told}");
        assert!(told["error"].as_str().unwrap().contains(word), "{told}");
    }

    let take = |path: &str| Request::delete(path).body(Body::empty()).unwrap();
    assert_eq!(
        sent(&router, take("/api/v1/corrections/c2?who=ben")).await.0,
        StatusCode::NOT_FOUND
    );
    let (status, taken) = sent(&router, take("/api/v1/corrections/c1?who=ben")).await;
    assert_eq!((status, &taken["withdrawn"]["who"]), (StatusCode::OK, &"ben".into()));
    assert_eq!(sent(&router, at("/api/v1/network?deeds=true")).await.1, network);
}

#[tokio::test]
async fn with_tokens_a_correction_is_by_the_token_s_name() {
    let dir = tempfile::tempdir().unwrap();
    let tokens = Tokens::open(Tokens::beside(&dir.path().join("a.sqlite"))).unwrap();
    let reader = tokens.make("ana", Role::Reader).unwrap();
    let editor = tokens.make("ben", Role::Editor).unwrap();
    let router = service_in(dir.path(), Some(tokens), Limits::default());
    let make = |token: &str| {
        let body = json!({ "report": record().report.id, "action": "reject", "item": "t1",
            "who": "somebody else", "why": "a menu" });
        Request::post("/api/v1/corrections")
            .header("authorization", format!("Bearer {token}"))
            .body(Body::from(body.to_string()))
            .unwrap()
    };
    assert_eq!(sent(&router, make(&reader)).await.0, StatusCode::FORBIDDEN);
    let (status, made) = sent(&router, make(&editor)).await;
    assert_eq!((status, &made["who"]), (StatusCode::CREATED, &"ben".into()));
    let take = |token: &str| {
        Request::delete("/api/v1/corrections/c1")
            .header("authorization", format!("Bearer {token}"))
            .body(Body::empty())
            .unwrap()
    };
    assert_eq!(sent(&router, take(&reader)).await.0, StatusCode::FORBIDDEN);
    assert_eq!(sent(&router, take(&editor)).await.1["withdrawn"]["who"], "ben");
}

#[tokio::test]
async fn with_tokens_each_may_do_what_its_role_allows() {
    let dir = tempfile::tempdir().unwrap();
    let tokens = Tokens::open(dir.path().join("tokens")).unwrap();
    let reader = tokens.make("rita", Role::Reader).unwrap();
    let editor = tokens.make("edda", Role::Editor).unwrap();
    let router = service_in(dir.path(), Some(tokens), Limits::default());
    let body =
        "Norway and Iceland signed a fishing pact in Bergen on Tuesday, the ministries said.";
    for (token, method, path, status) in [
        ("", "GET", "/api/v1/summary", 401),
        ("dyad_wrong", "GET", "/api/v1/summary", 401),
        ("", "GET", "/metrics", 401),
        ("", "POST", "/api/v1/read", 401),
        ("", "GET", "/health", 200),
        (&reader, "GET", "/api/v1/summary", 200),
        (&reader, "GET", "/metrics", 200),
        (&reader, "POST", "/api/v1/read", 200),
        (&reader, "POST", "/api/v1/reports", 403),
        (&reader, "POST", "/api/v1/fetch", 403),
        (&reader, "POST", "/api/v1/fetch/read", 403),
        (&editor, "POST", "/api/v1/reports", 201),
    ] {
        let mut request =
            Request::builder().method(method).uri(path).header("host", "desk.example");
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let (found, head, _) = answer(&router, request.body(Body::from(body)).unwrap()).await;
        assert_eq!(found.as_u16(), status, "{method} {path} with `{token}`");
        assert_eq!(head.contains_key("www-authenticate"), status == 401);
    }
    let asks = async |token: &str| {
        let request = Request::get("/api/v1/caller").header("host", "desk.example");
        let request = request.header("authorization", format!("Bearer {token}"));
        sent(&router, request.body(Body::empty()).unwrap()).await.1
    };
    assert_eq!(asks(&reader).await, json!({ "name": "rita", "role": "reader" }));
    assert_eq!(asks(&editor).await, json!({ "name": "edda", "role": "editor" }));
    let alone = get("/api/v1/caller").await.1;
    assert_eq!(alone, json!({ "name": null, "role": "editor" }));
}

#[tokio::test]
async fn who_asks_too_often_must_wait() {
    let dir = tempfile::tempdir().unwrap();
    let tokens = Tokens::open(dir.path().join("tokens")).unwrap();
    let (eager, calm) =
        (tokens.make("eager", Role::Reader).unwrap(), tokens.make("calm", Role::Reader).unwrap());
    let limits = Limits { a_minute: 2, ..Limits::default() };
    let router = service_in(dir.path(), Some(tokens), limits);
    let ask = async |token: &str| {
        let request =
            Request::get("/api/v1/summary").header("authorization", format!("Bearer {token}"));
        answer(&router, request.body(Body::empty()).unwrap()).await
    };
    assert_eq!(ask(&eager).await.0, StatusCode::OK);
    assert_eq!(ask(&eager).await.0, StatusCode::OK);
    let (status, head, _) = ask(&eager).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert!(head["retry-after"].to_str().unwrap().parse::<u32>().unwrap() >= 1);
    assert_eq!(ask(&calm).await.0, StatusCode::OK);
}

#[tokio::test]
async fn pages_of_other_sites_may_do_nothing_but_link_here() {
    for (path, head, status) in [
        ("/api/v1/summary", vec![("sec-fetch-site", "cross-site")], 403),
        ("/api/v1/summary", vec![("sec-fetch-site", "same-site")], 403),
        ("/api/v1/summary", vec![("origin", "http://evil.example")], 403),
        ("/api/v1/summary", vec![("origin", "null")], 403),
        ("/api/v1/summary", vec![("origin", "http://localhost:7878")], 200),
        ("/api/v1/summary", vec![("sec-fetch-site", "same-origin")], 200),
        ("/health", vec![("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")], 200),
        (
            "/api/v1/summary",
            vec![("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")],
            403,
        ),
    ] {
        let mut request = Request::get(path).header("host", "localhost:7878");
        for (name, value) in &head {
            request = request.header(*name, *value);
        }
        let (found, _, _) = ask(request.body(Body::empty()).unwrap()).await;
        assert_eq!(found.as_u16(), status, "{path} {head:?}");
    }
}

#[tokio::test]
async fn a_body_that_never_ends_is_given_up() {
    let dir = tempfile::tempdir().unwrap();
    let limits = Limits { time: Duration::from_millis(300), ..Limits::default() };
    let router = service_in(dir.path(), None, limits);
    let (sender, body) = tokio::sync::mpsc::channel::<u8>(1);
    let never = Body::from_stream(NeverEnding(body));
    let (status, _, _) = answer(&router, Request::post("/api/v1/read").body(never).unwrap()).await;
    assert!(status == StatusCode::REQUEST_TIMEOUT || status == StatusCode::SERVICE_UNAVAILABLE);
    drop(sender);
}

struct NeverEnding(tokio::sync::mpsc::Receiver<u8>);

impl futures_core::Stream for NeverEnding {
    type Item = Result<Vec<u8>, std::io::Error>;
    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|byte| byte.map(|b| Ok(vec![b])))
    }
}

#[tokio::test]
async fn the_service_counts_itself() {
    let (router, _dir) = service();
    for path in ["/api/v1/reports/none", "/api/v1/summary"] {
        answer(&router, Request::get(path).body(Body::empty()).unwrap()).await;
    }
    let request = Request::get("/metrics").body(Body::empty()).unwrap();
    let (_, head, text) = answer(&router, request).await;
    let text = String::from_utf8(text).unwrap();
    assert!(head["content-type"].to_str().unwrap().starts_with("application/openmetrics-text"));
    let line =
        "dyad_http_requests_total{method=\"GET\",route=\"/api/v1/reports/{id}\",status=\"404\"} 1";
    assert!(text.contains(line), "{text}");
    assert!(text.ends_with("# EOF\n"));
}

#[tokio::test]
async fn the_description_tells_every_path() {
    let (status, told) = get("/api/v1/openapi.json").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(told, dyad_server::openapi());
    let paths = told["paths"].as_object().unwrap();
    // Each is served, and each `$ref` leads somewhere.
    for (path, methods) in paths {
        for method in methods.as_object().unwrap().keys() {
            let asked = path.replace("{id}", "none").replace("{a}", "RUS").replace("{b}", "UKR");
            let method = method.to_uppercase();
            let request = Request::builder().method(method.as_str()).uri(&asked);
            let (status, _, answer) = ask(request.body(Body::empty()).unwrap()).await;
            let answer = String::from_utf8_lossy(&answer).into_owned();
            assert_ne!(status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
            assert!(!answer.contains("no such path"), "{method} {path}");
        }
    }
    let text = told.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1).map(|r| r.split('"').next().unwrap()) {
        assert!(told.pointer(reference).is_some(), "{reference} leads nowhere");
    }
    // The document that people read tells the same paths.
    let page = include_str!("../../../docs/service.md");
    let methods = ["| `GET ", "| `POST ", "| `DELETE "];
    let rows = page.lines().filter(|l| methods.iter().any(|m| l.starts_with(m)));
    let written: BTreeSet<String> =
        rows.map(|l| l[3..].split('`').next().unwrap().to_owned()).collect();
    let made: BTreeSet<String> = paths
        .iter()
        .flat_map(|(p, m)| {
            m.as_object().unwrap().keys().map(move |m| format!("{} {p}", m.to_uppercase()))
        })
        .collect();
    assert_eq!(written, made);
}
