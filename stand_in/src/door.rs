//! The HTTP door: routes, handlers, the accept loop.

use crate::behaviour::{Behaviour, Keys};
use crate::jobs::Job;
use crate::record::{Inner, Received, Record, now_ms};
use crate::{files, generate};
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, Uri, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use bytes::Bytes;
use serde_json::{Value, json};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// Largest body that is read.
const MAX_BODY: usize = 16 << 20;

/// What handlers need.
#[derive(Clone)]
pub(crate) struct Door {
    record: Arc<Record>,
    /// Where results say that their files are.
    pub(crate) base: Arc<str>,
}

pub(crate) type Pairs = Query<Vec<(String, String)>>;

pub(crate) fn router(record: Arc<Record>, base: String) -> Router {
    Router::new()
        .route("/v1/generate", post(generate_now))
        .route("/v1/jobs", post(submit_job))
        .route("/v1/jobs/fetch", post(fetch_jobs))
        .route("/v1/jobs/{id}", get(fetch_job).delete(cancel_job))
        .route("/v1/jobs/{id}/cancel", post(cancel_job))
        .route("/hooks/{name}", post(hook))
        .route("/fast", post(fast))
        .route("/files/{name}", get(file))
        .route("/__stats", get(stats).delete(reset))
        .route("/__requests", get(requests))
        .route(
            "/",
            get(|| async { "This is the stand-in upstream. GET /__stats tells what it has received.\n" }).post(crate::platform::any),
        )
        .fallback(crate::platform::any)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(Door { record, base: base.into() })
}

/// Accepts until the listener fails.
pub(crate) async fn serve(listener: TcpListener, router: Router) -> io::Result<()> {
    let listener = listener.tap_io(|stream| {
        // Without it small answers wait for the caller's delayed acknowledgement; a socket that refuses works all the same.
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, router).await
}

/// One request on its way through: what is kept of it, and how it wants to be treated.
pub(crate) struct Call {
    route: &'static str,
    received: Received,
}

impl Call {
    pub(crate) fn new(route: &'static str, method: &Method, uri: &Uri, headers: &HeaderMap, body: &Bytes) -> Call {
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
        let body = match body.is_empty() {
            true => Value::Null,
            false => serde_json::from_slice(body).unwrap_or_else(|_| String::from_utf8_lossy(body).into()),
        };
        let received = Received { number: 0, at_ms: now_ms(), method: method.to_string(), path: uri.to_string(), headers, body, status: 0 };
        Call { route, received }
    }

    /// Notes the request, waits and fails as it asked, else answers with what `make` gives.
    pub(crate) async fn run(
        mut self,
        door: &Door,
        query: &[(String, String)],
        make: impl FnOnce(&mut Inner, &Behaviour, &Received) -> (StatusCode, Value, bool),
    ) -> Response<Body> {
        let received = &self.received;
        let (number, _in_flight) = door.record.begin(&received.method, &received.path, received.key(), received.task());
        self.received.number = number;
        let mut replayed = false;
        let response = match Behaviour::read(query, &self.received.body) {
            Err(sentence) => Behaviour::default().answer(StatusCode::BAD_REQUEST, &json!({"error": sentence})),
            Ok(behaviour) => {
                if behaviour.delay_ms > 0 {
                    tokio::time::sleep(Duration::from_millis(behaviour.delay_ms)).await;
                }
                let mut inner = door.record.lock();
                let earlier = self.earlier(&mut inner, &behaviour);
                match behaviour.failure(earlier) {
                    Some(status) => behaviour.answer(status, &json!({"error": format!("failing as asked ({})", status.as_u16())})),
                    None => {
                        let (status, value, again) = make(&mut inner, &behaviour, &self.received);
                        replayed = again;
                        behaviour.answer(status, &value)
                    }
                }
            }
        };
        self.received.status = response.status().as_u16();
        door.record.keep(self.route, self.received);
        match replayed {
            true => ([(HeaderName::from_static("idempotency-replayed"), "true")], response).into_response(),
            false => response,
        }
    }

    /// How many requests about the same subject came before this one; counted only for those that want to know. A request with the idempotency
    /// key of an earlier one is that one again and fails or not as it did, as at upstreams that keep bad answers too (Stripe, "Idempotent
    /// requests"), unless keys are forgotten.
    fn earlier(&self, inner: &mut Inner, behaviour: &Behaviour) -> u64 {
        if behaviour.fail_first == 0 {
            return 0;
        }
        let task = self.received.task();
        let subject = if task.is_empty() { generate::prompt(&self.received.body) } else { task.to_owned() };
        inner.subjects.entry(&format!("{} {subject}", self.route)).place(key_of(&self.received, behaviour))
    }
}

/// The idempotency key that counts: none where keys are forgotten.
fn key_of<'a>(received: &'a Received, behaviour: &Behaviour) -> &'a str {
    match behaviour.keys {
        Keys::Kept => received.key(),
        Keys::Forgotten => "",
    }
}

/// The answer kept for the request's idempotency key, or a new one, kept from now on. The flag tells which.
fn once(inner: &mut Inner, key: &str, make: impl FnOnce(&mut Inner) -> Value) -> (StatusCode, Value, bool) {
    if key.is_empty() {
        return (StatusCode::OK, make(inner), false);
    }
    let key = key.to_owned();
    if let Some(answer) = inner.answers.entry(&key).clone() {
        inner.replay();
        return (StatusCode::OK, answer, true);
    }
    let answer = make(inner);
    *inner.answers.entry(&key) = Some(answer.clone());
    (StatusCode::OK, answer, false)
}

async fn generate_now(
    State(door): State<Door>,
    Query(query): Pairs,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let call = Call::new("/v1/generate", &method, &uri, &headers, &body);
    let make = |inner: &mut Inner, behaviour: &Behaviour, received: &Received| {
        once(inner, key_of(received, behaviour), |inner| {
            let id = inner.effect();
            json!({"id": format!("gen-{id}"), "status": "ok", "result": generate::result(&door.base, id, &received.body)})
        })
    };
    call.run(&door, &query, make).await
}

async fn submit_job(
    State(door): State<Door>,
    Query(query): Pairs,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let call = Call::new("/v1/jobs", &method, &uri, &headers, &body);
    let make = |inner: &mut Inner, behaviour: &Behaviour, received: &Received| {
        once(inner, key_of(received, behaviour), |inner| {
            let id = inner.effect();
            *inner.jobs.entry(&id) = Some(Job::new(id, behaviour, generate::result(&door.base, id, &received.body)));
            json!({"id": Job::name(id), "status": "queued"})
        })
    };
    call.run(&door, &query, make).await
}

async fn fetch_job(
    State(door): State<Door>,
    Path(id): Path<String>,
    Query(query): Pairs,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response<Body> {
    let call = Call::new("/v1/jobs/{id}", &method, &uri, &headers, &Bytes::new());
    call.run(&door, &query, |inner, _, _| (StatusCode::OK, with_job(inner, &id, |_| ()), false).or_missing()).await
}

async fn cancel_job(
    State(door): State<Door>,
    Path(id): Path<String>,
    Query(query): Pairs,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response<Body> {
    let call = Call::new("/v1/jobs/{id}", &method, &uri, &headers, &Bytes::new());
    call.run(&door, &query, |inner, _, _| (StatusCode::OK, with_job(inner, &id, Job::cancel), false).or_missing()).await
}

async fn fetch_jobs(
    State(door): State<Door>,
    Query(query): Pairs,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let call = Call::new("/v1/jobs/fetch", &method, &uri, &headers, &body);
    let make = |inner: &mut Inner, _: &Behaviour, received: &Received| {
        let ids = received.body.get("ids").and_then(Value::as_array).cloned().unwrap_or_default();
        let jobs: Vec<Value> = ids.iter().filter_map(Value::as_str).filter_map(|id| with_job(inner, id, |_| ())).collect();
        (StatusCode::OK, json!({"jobs": jobs}), false)
    };
    call.run(&door, &query, make).await
}

/// Does something to a job and shows it; `None` if there is no such job.
fn with_job(inner: &mut Inner, name: &str, change: impl FnOnce(&mut Job)) -> Option<Value> {
    let job = inner.jobs.get_mut(&Job::number(name)?)?.as_mut()?;
    change(job);
    Some(job.view())
}

/// Turns the absence of a job into an answer.
trait OrMissing {
    fn or_missing(self) -> (StatusCode, Value, bool);
}

impl OrMissing for (StatusCode, Option<Value>, bool) {
    fn or_missing(self) -> (StatusCode, Value, bool) {
        match self.1 {
            Some(value) => (self.0, value, self.2),
            None => (StatusCode::NOT_FOUND, json!({"error": "there is no such job"}), false),
        }
    }
}

/// A receiver of webhooks of every kind: its answer is the one that robots of chat programs give to a message that they took.
async fn hook(
    State(door): State<Door>,
    Path(name): Path<String>,
    Query(query): Pairs,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let call = Call::new("/hooks/{name}", &method, &uri, &headers, &body);
    // What DingTalk adds to the address to sign it is no behaviour.
    let query: Vec<_> = query.into_iter().filter(|(key, _)| key != "timestamp" && key != "sign").collect();
    let code = if name == "bark" { 200 } else { 0 };
    call.run(&door, &query, |_, _, _| (StatusCode::OK, json!({"code": code, "errcode": 0, "errmsg": "ok"}), false)).await
}

async fn fast(State(door): State<Door>, headers: HeaderMap, _body: Bytes) -> impl IntoResponse {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("");
    let _in_flight = door.record.begin("POST", "/fast", header("idempotency-key"), header("x-task")).1;
    door.record.count_fast();
    ([(header::CONTENT_TYPE, "application/json")], r#"{"ok":true}"#)
}

async fn file(Path(name): Path<String>) -> Response<Body> {
    match files::file(&name) {
        Some((kind, bytes)) => ([(header::CONTENT_TYPE, kind)], bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn stats(State(door): State<Door>) -> impl IntoResponse {
    axum::Json(door.record.stats())
}

async fn requests(State(door): State<Door>) -> impl IntoResponse {
    axum::Json(door.record.requests())
}

async fn reset(State(door): State<Door>) -> StatusCode {
    door.record.reset();
    StatusCode::NO_CONTENT
}
