//! News for open pages: one stream of server-sent events for each browser.

use crate::envelope::Failure;
use crate::extract::Caller;
use crate::extract::credential::QueryKey;
use crate::state::{AppState, OpenStream, Streams};
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures::stream;
use model::accounts::Scope;
use model::events::Event;
use model::{Error, ErrorCode};
use service::accounts;
use service::actor::Actor;
use service::events::Subscription;
use std::convert::Infallible;
use tokio::time::{Interval, MissedTickBehavior};

/// Sent first: proxies pass the head on, and a browser that loses the stream comes back after two seconds.
const HELLO: &str = "retry: 2000\n: welcome\n\n";
const KEEP_ALIVE: &str = ": still here\n\n";
/// Signs of life from one look at the credential to the next: a minute, because ten thousand streams look as well.
const CHECK_EVERY: u32 = 4;
/// Proxies must not collect the stream into pieces.
const UNBUFFERED: [(HeaderName, HeaderValue); 3] = [
    (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform")),
    (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
];

/// News.
///
/// A stream of server-sent events about the caller's tasks and points. Each carries an id; a client that comes back with it in
/// `Last-Event-ID` gets what it missed, or the event `resync` when that is no longer known: then load everything anew. A comment every
/// 15 seconds shows that the stream is alive. It ends within a minute of its credential, and when the server stops. Keys in the address are not taken here.
#[utoipa::path(get, path = "/events", tag = "server", operation_id = "events",
    params(("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that arrived.")),
    responses((status = 200, description = "The stream.", body = Event, content_type = "text/event-stream")))]
pub async fn events(
    State(state): State<AppState>,
    Caller(actor): Caller,
    headers: HeaderMap,
    extensions: Extensions,
) -> Result<Response, Failure> {
    if extensions.get::<QueryKey>().is_some() {
        return Err(Failure::new(
            ErrorCode::Unauthenticated,
            "Send the key in the header X-API-Key; one in the address of a stream stays in too many logs.",
        ));
    }
    actor.require(Scope::TasksRead)?;
    let too_many = || Failure(Error::new(ErrorCode::RateLimited, format!("At most {} streams at a time.", Streams::MOST)).retry_after(5));
    let open = state.streams.open(actor.user_id).ok_or_else(too_many)?;
    let last = headers.get("last-event-id").map(|value| value.to_str().unwrap_or_default());
    let subscription = state.service.events.subscribe(actor.user_id, last);
    let mut alive = tokio::time::interval(state.keep_alive);
    alive.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let news = News { state, actor, subscription, alive, _open: open, begun: false, signs: 0 };
    let body = Body::from_stream(stream::unfold(news, async |mut news| {
        let frame = news.next().await?;
        Some((Ok::<Bytes, Infallible>(frame), news))
    }));
    Ok((UNBUFFERED, body).into_response())
}

/// One open stream.
struct News {
    state: AppState,
    actor: Actor,
    subscription: Subscription,
    alive: Interval,
    _open: OpenStream,
    begun: bool,
    /// Signs of life so far.
    signs: u32,
}

impl News {
    /// The next piece of the stream; `None` at its end.
    async fn next(&mut self) -> Option<Bytes> {
        if !self.begun {
            self.begun = true;
            // The first tick of an interval comes at once.
            self.alive.tick().await;
            return Some(Bytes::from_static(HELLO.as_bytes()));
        }
        tokio::select! {
            () = self.state.service.stopping.cancelled() => None,
            next = self.subscription.next() => {
                let (id, event) = next?;
                frame(&id, &event)
            }
            _ = self.alive.tick() => {
                self.signs += 1;
                if self.signs.is_multiple_of(CHECK_EVERY) && self.has_ended().await {
                    return None;
                }
                Some(Bytes::from_static(KEEP_ALIVE.as_bytes()))
            }
        }
    }

    /// Whether the credential has ended. While the database is away nobody knows, and the stream goes on until it is back.
    async fn has_ended(&self) -> bool {
        matches!(accounts::still_valid(&self.state.service, &self.actor).await, Ok(false))
    }
}

/// `id` and `data` of one event. JSON has no line breaks of its own, so one `data` line is enough.
fn frame(id: &str, event: &Event) -> Option<Bytes> {
    let data = serde_json::to_string(event).ok()?;
    Some(Bytes::from(format!("id: {id}\ndata: {data}\n\n")))
}
