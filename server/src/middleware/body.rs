//! Bodies of requests: none is larger than a limit and none drips in for ever.

use axum::body::{Body, Bytes};
use axum::http::{Request, header};
use http_body::{Frame, SizeHint};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::Sleep;

/// Most bytes of a body.
pub const MAX_BODY: usize = 2 << 20;
/// Longest time for a body to arrive.
pub const BODY_TIME: Duration = Duration::from_secs(30);

/// Why a body was cut off.
#[derive(Debug, PartialEq, Eq)]
pub enum BodyError {
    /// It is larger than this many bytes.
    TooLarge(usize),
    /// It did not arrive in time.
    TooSlow,
}

impl std::fmt::Display for BodyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            BodyError::TooLarge(_) => "the body is too large",
            BodyError::TooSlow => "the body did not arrive in time",
        })
    }
}

impl std::error::Error for BodyError {}

/// Puts the limits around a request's body. `Err` if it announces more than the limit.
pub fn limit(request: Request<Body>, max: usize, time: Duration) -> Result<Request<Body>, BodyError> {
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > max) {
        return Err(BodyError::TooLarge(max));
    }
    if http_body::Body::is_end_stream(request.body()) {
        return Ok(request);
    }
    Ok(request.map(|inner| Body::new(Limited { inner, max, left: max, time, deadline: None })))
}

struct Limited {
    inner: Body,
    max: usize,
    left: usize,
    time: Duration,
    /// Made at the first wait: most bodies are there already and need no timer.
    deadline: Option<Pin<Box<Sleep>>>,
}

impl http_body::Body for Limited {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        match Pin::new(&mut this.inner).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                let length = frame.data_ref().map_or(0, Bytes::len);
                if length > this.left {
                    return Poll::Ready(Some(Err(axum::Error::new(BodyError::TooLarge(this.max)))));
                }
                this.left -= length;
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Pending => {
                let time = this.time;
                let deadline = this.deadline.get_or_insert_with(|| Box::pin(tokio::time::sleep(time)));
                match deadline.as_mut().poll(cx) {
                    Poll::Ready(()) => Poll::Ready(Some(Err(axum::Error::new(BodyError::TooSlow)))),
                    Poll::Pending => Poll::Pending,
                }
            }
            other => other,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
