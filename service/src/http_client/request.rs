//! What a caller hands to the outbound door and what comes back.

use bytes::Bytes;
use http::Method;
use http::header::{HeaderMap, HeaderName};
use std::time::Duration;

/// How long and how much one call may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Name resolution, TCP and TLS together, for each connection.
    pub connect: Duration,
    /// The longest silence inside the body of an answer. The wait for its first byte is bounded by `total` alone, because
    /// a synchronous upstream may compute for long.
    pub idle: Duration,
    /// The whole call, redirects included.
    pub total: Duration,
    /// Bytes of the body, counted after decompression.
    pub max_body: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), idle: Duration::from_secs(10), total: Duration::from_secs(30), max_body: 10 * 1024 * 1024 }
    }
}

/// One request to the outside.
#[derive(Debug, Clone)]
pub struct OutboundRequest {
    /// Any method but CONNECT and TRACE.
    pub method: Method,
    /// An absolute http or https URL without user name or password.
    pub url: String,
    /// Headers of the caller; those that belong to the connection (Host, Content-Length, Connection, …) are dropped.
    pub headers: HeaderMap,
    /// The body, empty for none.
    pub body: Bytes,
    /// How long and how much.
    pub limits: Limits,
    /// How many redirects are followed (at most 5). With 0 an answer that redirects is returned as it is.
    pub redirects: u8,
    /// Whether a body beyond `limits.max_body` is cut there and marked instead of being an error.
    pub truncate: bool,
    /// Headers that hold credentials besides the usual ones: dropped when a redirect leaves the origin.
    pub sensitive: Vec<HeaderName>,
}

impl OutboundRequest {
    /// A request without headers and body, with the default limits, no redirects, and no truncation.
    pub fn new(method: Method, url: impl Into<String>) -> Self {
        Self {
            method,
            url: url.into(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            limits: Limits::default(),
            redirects: 0,
            truncate: false,
            sensitive: Vec::new(),
        }
    }

    /// A GET request; see [`OutboundRequest::new`].
    pub fn get(url: impl Into<String>) -> Self {
        Self::new(Method::GET, url)
    }
}

/// An answer from the outside, its body complete (or cut, and marked so).
#[derive(Debug, Clone)]
pub struct OutboundResponse {
    /// The status code.
    pub status: u16,
    /// The headers; of a decompressed body without `Content-Encoding` and `Content-Length`.
    pub headers: HeaderMap,
    /// The body, decompressed.
    pub body: Bytes,
    /// Whether the body was cut at the limit.
    pub truncated: bool,
}
