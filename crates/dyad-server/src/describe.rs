//! Routes and their description in OpenAPI 3.1. One call makes both, from the types that a route
//! takes and gives, so that the description cannot drift from what is served.

use crate::answer::{self, Failure, Page, Rows};
use crate::guard::Caller;
use crate::service::{Service, body};
use axum::Router;
use axum::extract::{RawPathParams, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use dyad_archive::Archive;
use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::{JsonSchema, Schema};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// Where the versioned API begins.
pub const ROOT: &str = "/api/v1";

pub struct Api {
    routes: Router<Service>,
    paths: Map<String, Value>,
    schemas: SchemaGenerator,
}

/// What a path and a query ask for.
pub trait Ask: DeserializeOwned + JsonSchema + Send + 'static {}
impl<T: DeserializeOwned + JsonSchema + Send + 'static> Ask for T {}

/// What came of a text that was sent.
pub type Done<T> = Result<(StatusCode, T), Failure>;

/// What is answered.
pub trait Tell: Serialize + JsonSchema + Send + 'static {}
impl<T: Serialize + JsonSchema + Send + 'static> Tell for T {}

impl Api {
    pub fn new() -> Self {
        let settings =
            SchemaSettings::draft2020_12().with(|s| s.definitions_path = COMPONENTS.into());
        Api { routes: Router::new(), paths: Map::new(), schemas: settings.into_generator() }
    }

    /// One thing that the archive answers.
    pub fn one<Q: Ask, T: Tell>(
        &mut self,
        path: &str,
        summary: &str,
        question: fn(&Archive, Q) -> Result<T, Failure>,
    ) {
        let handler =
            async move |State(service): State<Service>, place: RawPathParams, request: Request| {
                let (asked, _) = answer::asked::<Q>(&place, request.uri().query())?;
                let told = service.ask(move |archive| question(archive, asked)).await?;
                Ok::<_, Failure>(axum::Json(told))
            };
        self.answer::<Q, T>(path, summary, get(handler));
    }

    /// One thing that takes more than the archive to answer.
    pub fn worked<Q: Ask, T: Tell>(
        &mut self,
        path: &str,
        summary: &str,
        question: fn(&Service, Q) -> Result<T, Failure>,
    ) {
        let handler =
            async move |State(service): State<Service>, place: RawPathParams, request: Request| {
                let (asked, _) = answer::asked::<Q>(&place, request.uri().query())?;
                let told = service.work(move |service| question(service, asked)).await??;
                Ok::<_, Failure>(axum::Json(told))
            };
        self.answer::<Q, T>(path, summary, get(handler));
    }

    fn answer<Q: Ask, T: Tell>(
        &mut self,
        path: &str,
        summary: &str,
        route: axum::routing::MethodRouter<Service>,
    ) {
        self.add(path, route);
        let content = self.json::<T>();
        let answer = json!({ "description": "The answer.", "content": content });
        self.describe::<Q>(path, "get", summary, json!({ "200": answer }));
    }

    /// Rows, a page of them at a time. `question` gives those of the page and may give one more,
    /// which says that there is a next page.
    pub fn list<Q: Ask, T: Tell>(
        &mut self,
        path: &str,
        summary: &str,
        question: fn(&Archive, Q, Page) -> Result<Vec<T>, Failure>,
    ) {
        self.rows(path, summary, question, None);
    }

    /// The same where the next page goes on from the last row's name rather than from its number, so
    /// that no page comes later than another and nothing is lost between two.
    pub fn named<Q: Ask, T: Tell>(
        &mut self,
        path: &str,
        summary: &str,
        question: fn(&Archive, Q, Page) -> Result<Vec<T>, Failure>,
        name: fn(&T) -> String,
    ) {
        self.rows(path, summary, question, Some(name));
    }

    fn rows<Q: Ask, T: Tell>(
        &mut self,
        path: &str,
        summary: &str,
        question: fn(&Archive, Q, Page) -> Result<Vec<T>, Failure>,
        name: Option<fn(&T) -> String>,
    ) {
        let columns = columns(self.schemas.root_schema_for::<T>());
        let handler =
            async move |State(service): State<Service>, place: RawPathParams, request: Request| {
                let (asked, page) = answer::asked::<Q>(&place, request.uri().query())?;
                let kind = page.kind(request.headers())?;
                if page.after.is_some() && name.is_none() {
                    let why = "this list gave no such cursor; begin with its first page";
                    return Err(Failure::new(StatusCode::BAD_REQUEST, why));
                }
                let which = page.clone();
                let rows = service.ask(move |archive| question(archive, asked, which)).await?;
                Rows { rows, page, kind, columns: &columns, uri: request.uri(), name }.respond()
            };
        self.add(path, get(handler));
        let row = self.schemas.subschema_for::<T>();
        let answer = json!({
            "description": "A page of rows.",
            "headers": { "Link": {
                "description": "Where there are more rows: `<…>; rel=\"next\"`, the next page.",
                "schema": { "type": "string" },
            } },
            "content": {
                "application/json": { "schema": { "type": "array", "items": row } },
                "application/x-ndjson": { "schema": { "type": "string" } },
                "text/csv": { "schema": { "type": "string" } },
                (answer::PARQUET): {},
                (answer::ARROW): {},
            },
        });
        self.describe::<Q>(path, "get", summary, json!({ "200": answer }));
        let Some(parameters) = self.paths[path]["get"]["parameters"].as_array_mut() else { return };
        parameters.extend(
            [
                ("limit", "Rows a page holds.", json!({ "type": "integer", "minimum": 1,
                    "maximum": answer::MOST, "default": answer::USUAL })),
                ("cursor", "Where the page begins, as the last page's `Link` gave it.",
                    json!({ "type": "string" })),
                ("format", "Wins over the `Accept` header.",
                    json!({ "enum": answer::FORMATS })),
            ]
            .map(|(name, about, schema)| {
                json!({ "name": name, "in": "query", "description": about, "schema": schema })
            }),
        );
    }

    /// A text that is sent, told as `what`, and what comes of it.
    pub fn send<Q: Ask, T: Tell>(
        &mut self,
        path: &str,
        summary: &str,
        what: &str,
        done: &[StatusCode],
        work: fn(&Service, Q, Sent) -> Done<T>,
    ) {
        let handler = async move |State(service): State<Service>,
                                  place: RawPathParams,
                                  request: Request| {
            let (asked, _) = answer::asked::<Q>(&place, request.uri().query())?;
            let kind = request.headers().get(axum::http::header::CONTENT_TYPE);
            let media_type = kind.and_then(|v| v.to_str().ok()).map(str::to_owned);
            let bytes = body(request, &service.limits).await?;
            let sent = Sent { bytes, media_type };
            let (status, told) = service.work(move |service| work(service, asked, sent)).await??;
            Ok::<_, Failure>((status, axum::Json(told)))
        };
        self.add(path, post(handler));
        let content = self.json::<T>();
        let mut answers = Map::new();
        for status in done {
            let about = status.canonical_reason().unwrap_or("Done");
            let answer = json!({ "description": about, "content": content });
            answers.insert(status.as_str().to_owned(), answer);
        }
        self.describe::<Q>(path, "post", summary, answers.into());
        let text = json!({ "schema": { "type": "string" } });
        self.paths[path]["post"]["requestBody"] = json!({
            "required": true,
            "description": what,
            "content": { "text/plain": text, "text/html": text, "application/json": {} },
        });
    }

    /// A JSON object that is sent, and what is made of it.
    pub fn make<B: Ask, T: Tell>(
        &mut self,
        path: &str,
        summary: &str,
        work: fn(&Service, B, Option<String>) -> Done<T>,
    ) {
        let handler = async move |State(service): State<Service>, request: Request| {
            let caller = caller(&request);
            let bytes = body(request, &service.limits).await?;
            let sent: B = serde_json::from_slice(&bytes)
                .map_err(|e| Failure::new(StatusCode::BAD_REQUEST, e.to_string()))?;
            let (status, told) = service.work(move |service| work(service, sent, caller)).await??;
            Ok::<_, Failure>((status, axum::Json(told)))
        };
        self.add(path, post(handler));
        let (sent, content) = (self.json::<B>(), self.json::<T>());
        let answer = json!({ "description": "What was made.", "content": content });
        self.describe::<answer::Nothing>(path, "post", summary, json!({ "201": answer }));
        self.paths[path]["post"]["requestBody"] = json!({ "required": true, "content": sent });
    }

    /// Something that is taken back.
    pub fn take<Q: Ask, T: Tell>(
        &mut self,
        path: &str,
        summary: &str,
        work: fn(&Service, Q, Option<String>) -> Done<T>,
    ) {
        let handler =
            async move |State(service): State<Service>, place: RawPathParams, request: Request| {
                let (asked, _) = answer::asked::<Q>(&place, request.uri().query())?;
                let caller = caller(&request);
                let (status, told) =
                    service.work(move |service| work(service, asked, caller)).await??;
                Ok::<_, Failure>((status, axum::Json(told)))
            };
        self.add(path, delete(handler));
        let content = self.json::<T>();
        let answer = json!({ "description": "What was taken back.", "content": content });
        self.describe::<Q>(path, "delete", summary, json!({ "200": answer }));
    }

    /// Something that depends on who asks.
    pub fn whose<T: Tell>(&mut self, path: &str, summary: &str, told: fn(Option<&Caller>) -> T) {
        let handler = async move |place: RawPathParams, request: Request| {
            answer::asked::<answer::Nothing>(&place, request.uri().query())?;
            Ok::<_, Failure>(axum::Json(told(request.extensions().get::<Caller>())))
        };
        self.answer::<answer::Nothing, T>(path, summary, get(handler));
    }

    /// A path that answers in a way of its own.
    pub fn plain(
        &mut self,
        path: &str,
        summary: &str,
        kind: &str,
        route: axum::routing::MethodRouter<Service>,
    ) {
        self.add(path, route);
        let content = Value::from(Map::from_iter([(kind.to_owned(), json!({}))]));
        let answer = json!({ "description": "The answer.", "content": content });
        self.describe::<answer::Nothing>(path, "get", summary, json!({ "200": answer }));
    }

    fn add(&mut self, path: &str, route: axum::routing::MethodRouter<Service>) {
        let routes = std::mem::take(&mut self.routes);
        self.routes = routes.route(path, route);
    }

    fn json<T: JsonSchema>(&mut self) -> Value {
        json!({ "application/json": { "schema": self.schemas.subschema_for::<T>() } })
    }

    fn describe<Q: Ask>(&mut self, path: &str, method: &str, summary: &str, mut answers: Value) {
        let asked = self.schemas.root_schema_for::<Q>();
        answers["default"] = json!({ "$ref": "#/components/responses/Failure" });
        let id = path.trim_start_matches(ROOT).replace(['/', '{', '}', '.'], " ");
        let id: Vec<&str> = std::iter::once(method).chain(id.split_whitespace()).collect();
        let operation = json!({
            "operationId": id.join("_"),
            "summary": summary,
            "parameters": parameters(path, asked),
            "responses": answers,
        });
        self.paths.entry(path).or_insert_with(|| json!({}))[method] = operation;
    }

    /// The routes, and the description of them.
    pub fn done(mut self) -> (Router<Service>, Value) {
        let mut schemas = self.schemas.take_definitions(true);
        // A filter's words are parameters and stand where they are used.
        schemas.retain(|name, _| !name.ends_with("Asked"));
        let failure = json!({
            "description": "What went wrong and what mends it.",
            "content": { "application/json": { "schema": {
                "type": "object",
                "properties": { "error": { "type": "string" } },
                "required": ["error"],
            } } },
        });
        let description = json!({
            "openapi": "3.1.0",
            "info": {
                "title": "dyad",
                "version": env!("CARGO_PKG_VERSION"),
                "summary": "Who did what to whom, when and where, who said so.",
                "license": { "name": "Apache License 2.0", "identifier": "Apache-2.0" },
            },
            "servers": [{ "url": "/" }],
            "security": [{}, { "token": [] }],
            "paths": self.paths,
            "components": {
                "schemas": schemas,
                "responses": { "Failure": failure },
                "securitySchemes": { "token": { "type": "http", "scheme": "bearer",
                    "description": "Needed where the service listens on another address than \
                        loopback; `dyad token new NAME` makes one." } },
            },
        });
        (self.routes, description)
    }
}

/// Whose token it was, where tokens are needed.
fn caller(request: &Request) -> Option<String> {
    request.extensions().get::<Caller>().map(|c| c.name.clone())
}

const COMPONENTS: &str = "/components/schemas";

/// The bytes of a report, and what the sender calls them.
pub struct Sent {
    pub bytes: axum::body::Bytes,
    pub media_type: Option<String>,
}

impl Sent {
    /// The bytes as the address of a page.
    pub fn address(&self) -> String {
        String::from_utf8_lossy(&self.bytes).trim().to_owned()
    }
}

/// A filter's fields as the parameters of a path and a query.
fn parameters(path: &str, asked: Schema) -> Vec<Value> {
    let Value::Object(mut asked) = asked.to_value() else { return Vec::new() };
    let Some(Value::Object(fields)) = asked.remove("properties") else { return Vec::new() };
    let fields = fields.into_iter().map(|(name, mut schema)| {
        let in_path = path.contains(&format!("{{{name}}}"));
        let about = schema.as_object_mut().and_then(|s| s.remove("description"));
        let mut parameter = json!({
            "name": name,
            "in": if in_path { "path" } else { "query" },
            "required": in_path,
            "schema": present(schema),
        });
        if let Some(about) = about {
            parameter["description"] = about;
        }
        parameter
    });
    fields.collect()
}

/// A parameter is there or not; it is never null.
fn present(mut schema: Value) -> Value {
    if let Some(kinds) = schema["type"].as_array() {
        let kind = kinds.iter().find(|k| *k != "null").cloned().unwrap_or_default();
        schema["type"] = kind;
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        return choices.iter().find(|c| c["type"] != "null").cloned().unwrap_or_default();
    }
    if let Some(fields) = schema.as_object_mut() {
        fields.remove("default");
    }
    schema
}

/// The fields of a row in their order.
fn columns(row: Schema) -> Vec<String> {
    let fields = row.get("properties").and_then(Value::as_object);
    fields.map(|f| f.keys().cloned().collect()).unwrap_or_default()
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = (self.status, axum::Json(json!({ "error": self.why }))).into_response();
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, value);
        }
        response
    }
}
