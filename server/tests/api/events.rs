//! The stream of news.

use crate::harness::{App, Credential};
use axum::body::BodyDataStream;
use futures::StreamExt;
use model::accounts::Scope;
use service::accounts;
use service::testing::{Engine, TestService};
use std::time::Duration;

/// Reads until a text arrives; the whole that was read, or `None` if the stream ended first.
async fn until(stream: &mut BodyDataStream, text: &str) -> Option<String> {
    let mut seen = String::new();
    let reading = async {
        while let Some(chunk) = stream.next().await {
            seen += std::str::from_utf8(&chunk.unwrap()).unwrap();
            if seen.contains(text) {
                return Some(seen);
            }
        }
        None
    };
    tokio::time::timeout(Duration::from_secs(10), reading).await.unwrap_or_else(|_| panic!("`{text}` did not come"))
}

async fn open(app: &App, who: &Credential, last: Option<&str>) -> BodyDataStream {
    let mut call = app.request("GET", "/events").by(who);
    if let Some(last) = last {
        call = call.header("last-event-id", last);
    }
    let response = call.open().await;
    assert_eq!(response.status().as_u16(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert_eq!(response.headers()["x-accel-buffering"], "no");
    assert!(response.headers()["cache-control"].to_str().unwrap().contains("no-store"));
    response.into_body().into_data_stream()
}

async fn start() -> (App, Credential) {
    let app = App::new(TestService::start(Engine::Sqlite).await).await;
    let (_, session) = app.session("user", 100).await;
    (app, session)
}

#[tokio::test(flavor = "multi_thread")]
async fn news_arrive_and_can_be_caught_up_with() {
    let (app, session) = start().await;
    let actor = accounts::acting_for(&app.service, "user").await.unwrap();
    let mut stream = open(&app, &session, None).await;
    assert!(until(&mut stream, "retry: 2000").await.is_some());
    let task = app.service.submit(&actor, "song", "rain").await;
    let seen = until(&mut stream, "\"type\":\"balance\"").await.unwrap();
    assert!(seen.contains(&format!("data: {{\"type\":\"task\",\"id\":{},\"status\":\"queued\"", task.id)), "{seen}");
    let id = seen.lines().find_map(|line| line.strip_prefix("id: ")).unwrap();
    drop(stream);
    // From the first event on: the second comes again, the first does not.
    let mut resumed = open(&app, &session, Some(id)).await;
    let seen = until(&mut resumed, "\"type\":\"balance\"").await.unwrap();
    assert!(!seen.contains("\"type\":\"task\""), "{seen}");
    let mut stranger = open(&app, &session, Some("nonsense")).await;
    assert!(until(&mut stranger, "\"type\":\"resync\"").await.is_some());
    // A sign of life comes while nothing happens.
    assert!(until(&mut stranger, ": still here").await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_with_its_credential() {
    let (app, session) = start().await;
    let actor = accounts::acting_for(&app.service, "user").await.unwrap();
    let mut stream = open(&app, &session, None).await;
    let key = app.key(&actor, &[Scope::TasksRead]).await;
    let mut keyed = open(&app, &key, None).await;
    assert!(until(&mut stream, ": still here").await.is_some());
    accounts::log_out(&app.service, session.secret()).await.unwrap();
    assert!(until(&mut stream, "never").await.is_none());
    let id = accounts::keys(&app.service, &actor).await.unwrap()[0].id;
    assert!(until(&mut keyed, ": still here").await.is_some());
    accounts::revoke_key(&app.service, &actor, id).await.unwrap();
    assert!(until(&mut keyed, "never").await.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_end_when_the_server_stops() {
    let (app, session) = start().await;
    let mut stream = open(&app, &session, None).await;
    app.service.stopping.cancel();
    assert!(until(&mut stream, "never").await.is_none());
    assert_eq!(app.get("/readyz", &Credential::None).await.status.as_u16(), 503);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_user_cannot_open_them_without_end() {
    let (app, session) = start().await;
    let mut streams = Vec::new();
    for _ in 0..server::state::Streams::MOST {
        streams.push(open(&app, &session, None).await);
    }
    let refused = app.request("GET", "/events").by(&session).send().await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str(), refused.header("retry-after")), (429, "rate_limited", "5"));
    streams.pop();
    drop(open(&app, &session, None).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_do_not_stand_in_the_address_of_a_stream() {
    let (app, _) = start().await;
    let actor = accounts::acting_for(&app.service, "user").await.unwrap();
    let key = app.key(&actor, &[Scope::TasksRead]).await;
    let reply = app.get(&format!("/events?api_key={}", key.secret()), &Credential::None).await;
    assert_eq!(reply.status.as_u16(), 401);
}
