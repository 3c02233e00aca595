//! Hands requests and their answers to the record of requests: those of the endpoints of tasks, and by [`crate::api::custom_apis`] those of
//! custom APIs. Nothing is waited for, and bodies are copied only as far as they are kept.

use crate::envelope;
use crate::extract::client;
use crate::middleware::request_id;
use crate::state::AppState;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt;
use model::time::Timestamp;
use service::actor::{Actor, Via};
use service::request_logs::{Facts, Record};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Instant;

/// The layer of REST: records what concerns tasks. It stands inside of [`crate::middleware::authenticate`], where the caller is known.
pub async fn record(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if !is_recorded(request.uri().path()) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Some(actor) = parts.extensions.get::<Actor>() else { return next.run(Request::from_parts(parts, body)).await };
    let open = Open::new(&state, &parts, actor);
    let (body, seen) = Seen::around(body, open.most);
    let response = next.run(Request::from_parts(parts, body)).await;
    open.close(&state, seen, response).await
}

/// Whether a path is one of the endpoints of tasks.
fn is_recorded(path: &str) -> bool {
    let rest = |prefix: &str| path.strip_prefix(prefix).filter(|rest| rest.is_empty() || rest.starts_with('/'));
    rest("/api/tasks").is_some()
        || rest("/api/task").is_some()
        || rest("/suno").is_some()
        || rest("/api/features").is_some_and(|rest| rest.ends_with("/tasks"))
}

/// A request whose answer is not there yet.
pub struct Open {
    begun: Instant,
    /// Bytes of a body that are kept.
    pub most: usize,
    record: Record,
}

impl Open {
    /// Notes what is known of a request.
    pub fn new(state: &AppState, parts: &Parts, actor: &Actor) -> Self {
        let key_id = match actor.via {
            Via::Key { id, .. } => Some(id),
            Via::Session { .. } | Via::System => None,
        };
        let id = parts.headers.get(request_id::HEADER).and_then(|id| id.to_str().ok()).unwrap_or_default();
        Open {
            begun: Instant::now(),
            most: state.service.settings.current().request_log_body_bytes(),
            record: Record {
                user_id: actor.user_id,
                key_id,
                request_id: id.to_owned(),
                at: state.service.clock.now(),
                duration: 0,
                method: parts.method.to_string(),
                path: parts.uri.path().to_owned(),
                query: parts.uri.query().unwrap_or_default().to_owned(),
                address: client::address(&parts.extensions).to_string(),
                status: 0,
                request: (Bytes::new(), 0),
                response: (Bytes::new(), 0),
                error: String::new(),
                facts: Facts::default(),
            },
        }
    }

    /// When the request came.
    pub fn at(&self) -> Timestamp {
        self.record.at
    }

    /// Hands the record over and gives the answer back, whose body is whole: no recorded endpoint streams.
    pub async fn close(mut self, state: &AppState, seen: Seen, mut response: Response) -> Response {
        let record = &mut self.record;
        record.facts = response.extensions_mut().remove::<Facts>().unwrap_or_default();
        if let Some(error) = envelope::error_of(&response) {
            record.error.clone_from(&error.message);
        }
        // Failures get their body now, or the record would not have it.
        envelope::render(&mut response, &record.path, &record.request_id);
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
        record.status = parts.status.as_u16();
        record.duration = i64::try_from(self.begun.elapsed().as_millis()).unwrap_or(i64::MAX);
        record.request = seen.take();
        record.response = (beginning(&body, self.most), body.len());
        state.service.recorder.record(self.record);
        Response::from_parts(parts, Body::from(body))
    }
}

/// The beginning of a body. A long one is copied, so that a record does not keep all of it in memory.
fn beginning(body: &Bytes, most: usize) -> Bytes {
    if body.len() <= most { body.clone() } else { Bytes::copy_from_slice(&body[..most]) }
}

/// What has gone by of a request's body.
#[derive(Clone, Default)]
pub struct Seen(Arc<Mutex<(Vec<u8>, usize)>>);

impl Seen {
    /// A body that was read as a whole.
    pub fn whole(body: &Bytes, most: usize) -> Self {
        Seen(Arc::new(Mutex::new((beginning(body, most).to_vec(), body.len()))))
    }

    /// A body that is looked at as it is read.
    fn around(body: Body, most: usize) -> (Body, Self) {
        let seen = Seen::default();
        if http_body::Body::is_end_stream(&body) {
            return (body, seen);
        }
        (Body::new(Watched { inner: body, seen: seen.clone(), most }), seen)
    }

    fn add(&self, data: &Bytes, most: usize) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = most.saturating_sub(seen.0.len()).min(data.len());
        seen.0.extend_from_slice(&data[..room]);
        seen.1 += data.len();
    }

    fn take(self) -> (Bytes, usize) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (std::mem::take(&mut seen.0).into(), seen.1)
    }
}

struct Watched {
    inner: Body,
    seen: Seen,
    most: usize,
}

impl http_body::Body for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.inner).poll_frame(cx);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(data) = frame.data_ref()
        {
            self.seen.add(data, self.most);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::is_recorded;

    #[test]
    fn what_is_recorded() {
        for path in [
            "/api/tasks",
            "/api/tasks/7",
            "/api/tasks/7/cancel",
            "/api/tasks/batch",
            "/api/features/7/tasks",
            "/suno/fetch",
            "/suno/submit/music",
        ] {
            assert!(is_recorded(path), "{path}");
        }
        for path in ["/api/features", "/api/features/7", "/api/tasksx", "/api/me", "/api/logs"] {
            assert!(!is_recorded(path), "{path}");
        }
    }
}
