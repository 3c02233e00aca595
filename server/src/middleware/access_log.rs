//! One line and one measurement for each request. Neither has a query string, a header or a body in it: those can hold secrets.

use crate::envelope;
use axum::http::{Method, StatusCode};
use metrics::{Counter, Histogram};
use std::net::IpAddr;
use std::time::Duration;

/// What is known when a request is answered.
pub struct Line<'a> {
    /// The method.
    pub method: &'a Method,
    /// The path without its query string.
    pub path: &'a str,
    /// The status of the answer.
    pub status: StatusCode,
    /// The client's address.
    pub address: IpAddr,
    /// Time to the head of the answer.
    pub time: Duration,
}

/// Writes the line: failures of ours as warnings, pages and refusals at `info`; programs' calls and files at `debug`, because they are many.
pub fn write(line: &Line<'_>) {
    let Line { method, path, status, address, time } = line;
    let (status, us) = (status.as_u16(), u64::try_from(time.as_micros()).unwrap_or(u64::MAX));
    let is_refusal = matches!(status, 401 | 403);
    if status >= 500 && status != 503 {
        tracing::warn!(target: "access", %method, path, status, %address, us);
    } else if is_frequent(path) && !is_refusal {
        tracing::debug!(target: "access", %method, path, status, %address, us);
    } else {
        tracing::info!(target: "access", %method, path, status, %address, us);
    }
}

fn is_frequent(path: &str) -> bool {
    envelope::is_rest(path)
        || ["/pkg/", "/_fn/"].iter().any(|prefix| path.starts_with(prefix))
        || ["/healthz", "/readyz", "/metrics"].contains(&path)
}

/// The measurements; handles are made once because looking one up costs more than counting.
pub struct Meters {
    by_class: [Counter; 5],
    time: Histogram,
}

impl Meters {
    /// The handles of the installed recorder.
    pub fn new() -> Self {
        let counter = |class: &'static str| metrics::counter!("http_requests_total", "status" => class);
        Meters { by_class: ["1xx", "2xx", "3xx", "4xx", "5xx"].map(counter), time: metrics::histogram!("http_request_seconds") }
    }

    /// Counts one answer.
    pub fn count(&self, status: StatusCode, time: Duration) {
        let class = usize::from(status.as_u16() / 100).clamp(1, 5) - 1;
        self.by_class[class].increment(1);
        self.time.record(time.as_secs_f64());
    }
}

impl Default for Meters {
    fn default() -> Self {
        Meters::new()
    }
}
