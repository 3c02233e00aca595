//! Suno and video platforms in their own words: their addresses, bodies and states.
//!
//! A job goes one state further each time it is asked about, along the states that its platform has, or along those that its prompt names:
//! `script=QUEUED,IN_PROGRESS,SUCCESS`. The last one stays. Beside the platform's own states a script may name `http_503` (any status),
//! `missing` (no entry, or 404), `malformed` (not the shape that callers know), `twice` (two entries) and `huge` (10 MB more than usual).

mod views;

use crate::door::{Call, Door, Pairs};
use crate::record::Inner;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Method, Response, StatusCode, Uri, header};
use axum::response::IntoResponse;
use bytes::Bytes;
use serde_json::{Value, json};

/// Bytes that `huge` adds.
const HUGE: usize = 10 << 20;

/// A job of a platform.
#[derive(Debug, Clone)]
pub(crate) struct Native {
    /// The states to come.
    words: Vec<String>,
    /// How often it was asked about.
    asked: usize,
    prompt: String,
    cancelled: bool,
}

/// What a request wants.
enum Verb {
    Submit,
    Ask(String),
    AskMany(Vec<String>),
    File(String),
    Cancel(String),
}

/// Whose request it is, and what it wants.
fn read(method: &Method, uri: &Uri, query: &[(String, String)], body: &Value) -> Option<(&'static str, Verb)> {
    let segments: Vec<&str> = uri.path().trim_matches('/').split('/').collect();
    let given = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let id = |id: &&str| (*id).to_owned();
    Some(match (method.as_str(), segments.as_slice()) {
        ("POST", ["suno", "submit", action]) if action.eq_ignore_ascii_case("lyrics") => ("suno-lyrics", Verb::Submit),
        ("POST", ["suno", "submit", _]) => ("suno", Verb::Submit),
        ("POST", ["suno", "fetch"]) => {
            let ids = body["ids"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
            ("suno", Verb::AskMany(ids.collect()))
        }
        ("POST", ["v1", "videos", "text2video"]) => ("kling", Verb::Submit),
        ("GET", ["v1", "videos", "text2video", job]) => ("kling", Verb::Ask(id(job))),
        ("POST", [""]) if given("Action").is_some_and(|action| action == "CVSync2AsyncSubmitTask") => ("jimeng", Verb::Submit),
        ("POST", [""]) if given("Action").is_some_and(|action| action == "CVSync2AsyncGetResult") => {
            ("jimeng", Verb::Ask(body["task_id"].as_str()?.to_owned()))
        }
        ("POST", ["ent", "v2", "text2video"]) => ("vidu", Verb::Submit),
        ("GET", ["ent", "v2", "tasks", job, "creations"]) => ("vidu", Verb::Ask(id(job))),
        ("POST", ["ent", "v2", "tasks", job, "cancel"]) => ("vidu", Verb::Cancel(id(job))),
        ("POST", ["api", "v3", "contents", "generations", "tasks"]) => ("doubao", Verb::Submit),
        ("GET", ["api", "v3", "contents", "generations", "tasks", job]) => ("doubao", Verb::Ask(id(job))),
        ("DELETE", ["api", "v3", "contents", "generations", "tasks", job]) => ("doubao", Verb::Cancel(id(job))),
        ("POST", ["v1", "videos"]) => ("sora", Verb::Submit),
        ("GET", ["v1", "videos", job]) => ("sora", Verb::Ask(id(job))),
        ("DELETE", ["v1", "videos", job]) => ("sora", Verb::Cancel(id(job))),
        ("POST", ["api", "v1", "services", "aigc", "video-generation", "video-synthesis"]) => ("ali", Verb::Submit),
        ("GET", ["api", "v1", "tasks", job]) => ("ali", Verb::Ask(id(job))),
        ("POST", ["api", "v1", "tasks", job, "cancel"]) => ("ali", Verb::Cancel(id(job))),
        ("POST", ["v1beta", "models", call]) if call.ends_with(":predictLongRunning") => ("veo", Verb::Submit),
        ("GET", ["v1beta", "models", _, "operations", job]) => ("veo", Verb::Ask(id(job))),
        ("POST", ["v1", "video_generation"]) => ("hailuo", Verb::Submit),
        ("GET", ["v1", "query", "video_generation"]) => ("hailuo", Verb::Ask(given("task_id")?)),
        ("GET", ["v1", "files", "retrieve"]) => ("hailuo", Verb::File(given("file_id")?)),
        _ => return None,
    })
}

/// Everything that no other route takes.
pub(crate) async fn any(
    State(door): State<Door>,
    axum::extract::Query(query): Pairs,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let Some((platform, verb)) = read(&method, &uri, &query, &value) else { return StatusCode::NOT_FOUND.into_response() };
    let call = Call::new(platform, &method, &uri, &headers, &body);
    let said = |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok()).unwrap_or("");
    let signed = match platform {
        "kling" => said(header::AUTHORIZATION).starts_with("Bearer ") && said(header::AUTHORIZATION).split('.').count() == 3,
        "jimeng" => said(header::AUTHORIZATION).starts_with("HMAC-SHA256 Credential=") && headers.contains_key("x-date"),
        _ => true,
    };
    call.run(&door, &query, |inner, _, received| {
        let (status, value) = match verb {
            _ if !signed => (StatusCode::UNAUTHORIZED, json!({"message": "The request is not signed."})),
            Verb::Submit => submit(inner, platform, &value, received.key()),
            Verb::Ask(id) => ask(inner, platform, &id, &door.base),
            Verb::AskMany(ids) => (StatusCode::OK, ask_many(inner, platform, &ids, &door.base)),
            Verb::File(id) => (StatusCode::OK, views::file(&id, &door.base)),
            Verb::Cancel(id) => cancel(inner, &id),
        };
        (status, value, false)
    })
    .await
}

fn number(id: &str) -> Option<u64> {
    id.rsplit_once('-')?.1.parse().ok()
}

fn submit(inner: &mut Inner, platform: &'static str, body: &Value, key: &str) -> (StatusCode, Value) {
    let earlier = (!key.is_empty()).then(|| inner.answers.entry(&key.to_owned()).clone()).flatten();
    if let Some(answer) = earlier {
        inner.replay();
        return (StatusCode::OK, answer);
    }
    let prompt = views::prompt(platform, body);
    let script = prompt.split_whitespace().find_map(|word| word.strip_prefix("script="));
    let words = match script {
        Some(script) => script.split(',').map(str::to_owned).collect(),
        None => views::states(platform).iter().map(|word| (*word).to_owned()).collect(),
    };
    let id = inner.effect();
    *inner.natives.entry(&id) = Some(Native { words, asked: 0, prompt, cancelled: false });
    let answer = views::accepted(platform, &format!("{platform}-{id}"));
    if !key.is_empty() {
        *inner.answers.entry(&key.to_owned()) = Some(answer.clone());
    }
    (StatusCode::OK, answer)
}

/// The job's next state and its prompt.
fn step(inner: &mut Inner, id: &str) -> Option<(String, String)> {
    let job = inner.natives.get_mut(&number(id)?)?.as_mut()?;
    let word = job.words.get(job.asked).or(job.words.last()).cloned().unwrap_or_default();
    job.asked += 1;
    Some((if job.cancelled { "cancelled".to_owned() } else { word }, job.prompt.clone()))
}

fn ask(inner: &mut Inner, platform: &'static str, id: &str, base: &str) -> (StatusCode, Value) {
    let Some((word, prompt)) = step(inner, id) else { return (StatusCode::NOT_FOUND, json!({"message": "no such task"})) };
    let told =
        word.strip_prefix("http_").and_then(|status| status.parse::<u16>().ok()).and_then(|status| StatusCode::from_u16(status).ok());
    match (told, word.as_str()) {
        (Some(status), _) => (status, json!({"message": "failing as asked"})),
        (None, "missing") => (StatusCode::NOT_FOUND, json!({"message": "no such task"})),
        (None, "malformed") => (StatusCode::OK, json!([["not", "what"], "you know"])),
        (None, "huge") => {
            let mut view = views::view(platform, id, views::states(platform)[1], &prompt, base);
            view["more"] = "x".repeat(HUGE).into();
            (StatusCode::OK, view)
        }
        (None, word) => (StatusCode::OK, views::view(platform, id, word, &prompt, base)),
    }
}

fn ask_many(inner: &mut Inner, platform: &'static str, ids: &[String], base: &str) -> Value {
    let mut entries = Vec::with_capacity(ids.len());
    for id in ids {
        let Some((word, prompt)) = step(inner, id) else { continue };
        let view = |word: &str| views::view(platform, id, word, &prompt, base);
        match word.as_str() {
            "missing" => {}
            "malformed" => entries.push(json!(["not", id])),
            "twice" => entries.extend([view("IN_PROGRESS"), view("FAILURE")]),
            "huge" => {
                let mut entry = view("IN_PROGRESS");
                entry["more"] = "x".repeat(HUGE).into();
                entries.push(entry);
            }
            word => entries.push(view(word)),
        }
    }
    json!({"code": "success", "message": "", "data": entries})
}

fn cancel(inner: &mut Inner, id: &str) -> (StatusCode, Value) {
    match number(id).and_then(|number| inner.natives.get_mut(&number)).and_then(Option::as_mut) {
        Some(job) => {
            job.cancelled = true;
            (StatusCode::OK, json!({"request_id": "r", "id": id}))
        }
        None => (StatusCode::NOT_FOUND, json!({"message": "no such task"})),
    }
}
