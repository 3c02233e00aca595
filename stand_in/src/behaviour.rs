//! How a request wants to be treated, and the answers that are not plain JSON.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use bytes::Bytes;
use futures::stream;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::io;
use std::time::Duration;

/// How one request wants to be treated. Each field can be given in the query string or in the object `behaviour` of the JSON body;
/// the query string wins. Nothing given means: answer well, at once.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Behaviour {
    /// Fail the first so many requests about the same subject (header `x-task`, else the prompt), then be good.
    pub fail_first: u64,
    /// What a repeated idempotency key means.
    pub keys: Keys,
    /// The failure: with `fail_first` that of the first requests (503 unless given), without it that of every request.
    pub status: Option<u16>,
    /// Seconds for the header `Retry-After` of a failure.
    pub retry_after: Option<u64>,
    /// Milliseconds before the answer begins.
    pub delay_ms: u64,
    /// What the body of the answer looks like.
    pub body: BodyKind,
    /// Bytes of a `huge` or `drip` body; 64 MiB and 200 unless given.
    pub bytes: Option<usize>,
    /// Milliseconds that a job runs; 3,000 unless given.
    pub duration_ms: Option<u64>,
    /// How a job ends.
    pub outcome: Outcome,
}

/// What a repeated idempotency key means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keys {
    /// The request is the earlier one again: it counts once, and is answered as before.
    #[default]
    Kept,
    /// Nothing: each request is a new one.
    Forgotten,
}

/// What the body of an answer looks like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyKind {
    /// The result, as JSON.
    #[default]
    Json,
    /// Bytes that are neither JSON nor UTF-8, called JSON.
    Garbage,
    /// Nothing at all.
    Empty,
    /// JSON, one byte every 50 ms.
    Drip,
    /// Half of the JSON, then silence with the connection open.
    Stall,
    /// Half of the JSON, then the connection is cut.
    Reset,
    /// A long string.
    Huge,
    /// A string without an end.
    Endless,
}

/// How a job ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// With a result.
    #[default]
    Success,
    /// With an error.
    Failure,
    /// Never: it stays at 42 percent.
    Stuck,
}

impl Behaviour {
    /// Reads it from both places. The error is a sentence for the caller.
    pub(crate) fn read(query: &[(String, String)], body: &Value) -> Result<Behaviour, String> {
        let mut merged: Map<String, Value> = body.get("behaviour").and_then(Value::as_object).cloned().unwrap_or_default();
        for (key, text) in query {
            let value = text.parse::<u64>().map_or_else(|_| json!(text), |number| json!(number));
            merged.insert(key.clone(), value);
        }
        serde_json::from_value(Value::Object(merged)).map_err(|error| format!("The behaviour asked for cannot be read: {error}."))
    }

    /// The failure due now, given how many requests about the same subject came before this one.
    pub(crate) fn failure(&self, earlier: u64) -> Option<StatusCode> {
        let code = match (self.fail_first, self.status) {
            (0, None) => return None,
            (0, Some(code)) => code,
            (first, _) if earlier >= first => return None,
            (_, code) => code.unwrap_or(503),
        };
        Some(StatusCode::from_u16(code).unwrap_or(StatusCode::SERVICE_UNAVAILABLE))
    }

    /// The answer that says `value`, in the shape asked for.
    pub(crate) fn answer(&self, status: StatusCode, value: &Value) -> Response<Body> {
        let json = Bytes::from(value.to_string());
        let half = json.slice(..json.len() / 2);
        let body = match self.body {
            BodyKind::Json => Body::from(json),
            BodyKind::Garbage => Body::from(&b"\xff\xfe{\"result\": \x00 not json"[..]),
            BodyKind::Empty => Body::empty(),
            BodyKind::Drip => drip(json, self.bytes.unwrap_or(200)),
            BodyKind::Stall => then(half, None),
            BodyKind::Reset => then(half, Some(io::ErrorKind::ConnectionReset)),
            BodyKind::Huge => blanks(Some(self.bytes.unwrap_or(64 << 20))),
            BodyKind::Endless => blanks(None),
        };
        let mut response = Response::new(body);
        *response.status_mut() = status;
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(seconds) = self.retry_after.filter(|_| !status.is_success()) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// The bytes of `json`, then blanks up to `total`, one at a time.
fn drip(json: Bytes, total: usize) -> Body {
    Body::from_stream(stream::unfold(0, move |at| {
        let byte = if at < json.len() { json.slice(at..at + 1) } else { Bytes::from_static(b" ") };
        let more = at < total.max(json.len());
        async move {
            if !more {
                return None;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
            Some((Ok::<_, io::Error>(byte), at + 1))
        }
    }))
}

/// Some bytes, then either an error, which cuts the connection, or silence.
fn then(first: Bytes, error: Option<io::ErrorKind>) -> Body {
    Body::from_stream(stream::unfold(Some(first), move |first| async move {
        match (first, error) {
            (Some(bytes), _) => Some((Ok(bytes), None)),
            (None, Some(kind)) => {
                // The first half must be on its way before the connection is cut, else the caller sees no answer at all.
                tokio::time::sleep(Duration::from_millis(20)).await;
                Some((Err(io::Error::from(kind)), None))
            }
            (None, None) => futures::future::pending().await,
        }
    }))
}

/// A JSON string of blanks: of that length, or without an end.
fn blanks(total: Option<usize>) -> Body {
    static CHUNK: [u8; 16 << 10] = [b' '; 16 << 10];
    let mut left = total;
    let chunks = std::iter::from_fn(move || match left {
        None => Some(Bytes::from_static(&CHUNK)),
        Some(0) => None,
        Some(n) => {
            let take = n.min(CHUNK.len());
            left = Some(n - take);
            Some(Bytes::from_static(&CHUNK[..take]))
        }
    });
    let quote = || std::iter::once(Bytes::from_static(b"\""));
    Body::from_stream(stream::iter(quote().chain(chunks).chain(quote()).map(Ok::<_, io::Error>)))
}
