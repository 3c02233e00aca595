//! Cross-origin calls of REST: off unless origins are allowed, and never with cookies.

use crate::envelope;
use axum::body::Body;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{Method, Request, StatusCode};
use axum::response::Response;

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PATCH, PUT, DELETE");
const REQUEST_HEADERS: HeaderValue =
    HeaderValue::from_static("authorization, x-api-key, content-type, idempotency-key, x-request-id, last-event-id");
const EXPOSED: HeaderValue = HeaderValue::from_static(
    "x-request-id, retry-after, ratelimit-limit, ratelimit-remaining, ratelimit-reset, idempotent-replayed, location, x-points-charged, x-call-id",
);
const TEN_MINUTES: HeaderValue = HeaderValue::from_static("600");
const ORIGIN: HeaderValue = HeaderValue::from_static("origin");
const ANY: HeaderValue = HeaderValue::from_static("*");

/// Which origins may call.
#[derive(Clone, Debug, Default)]
pub struct Cors {
    any: bool,
    origins: Vec<String>,
}

impl Cors {
    /// The setting: origins such as `https://app.example`, or `*`.
    pub fn new(origins: &[String]) -> Self {
        let origins: Vec<String> = origins.iter().map(|origin| origin.trim_end_matches('/').to_ascii_lowercase()).collect();
        Cors { any: origins.iter().any(|origin| origin == "*"), origins }
    }

    /// What to allow the sender of this request; `None` if nothing.
    pub fn allowed(&self, headers: &HeaderMap, path: &str) -> Option<HeaderValue> {
        if self.origins.is_empty() || !is_rest(path) {
            return None;
        }
        let origin = headers.get(header::ORIGIN)?;
        if self.any {
            return Some(ANY);
        }
        let text = origin.to_str().ok()?.to_ascii_lowercase();
        self.origins.contains(&text).then(|| origin.clone())
    }

    /// Adds what the browser must hear beside the answer.
    pub fn add(allowed: HeaderValue, headers: &mut HeaderMap) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        headers.append(header::VARY, ORIGIN);
    }
}

/// Whether the request is a browser asking before it sends the real one.
pub fn is_preflight<B>(request: &Request<B>) -> bool {
    *request.method() == Method::OPTIONS && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// The answer to it.
pub fn preflight() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, TEN_MINUTES);
    response
}

/// Only the surfaces for programs are opened; the console never is.
fn is_rest(path: &str) -> bool {
    envelope::is_rest(path) || path == "/openapi.json" || path == "/events"
}
