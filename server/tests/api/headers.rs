//! What every answer carries, and limits that apply before any handler.

use crate::harness::{App, Credential};
use axum::body::Body;
use model::accounts::Scope;
use service::testing::{Engine, TestService};

async fn start(change: impl FnOnce(&mut service::config::Config)) -> App {
    App::new(TestService::with(Engine::Sqlite, change).await).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_named_and_guarded() {
    let app = start(|_| {}).await;
    for path in ["/api/features", "/api/nothing", "/healthz", "/openapi.json", "/login", "/favicon.nothing"] {
        let reply = app.request("GET", path).send().await;
        assert_eq!(reply.header("x-request-id"), "test", "{path}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("referrer-policy"), "same-origin", "{path}");
        assert!(reply.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert_ne!(reply.header("cache-control"), "", "{path}");
        assert_eq!(reply.header("strict-transport-security"), "", "{path}: not over plain http");
    }
    let reply = app.get("/api/nothing", &Credential::None).await;
    assert_eq!(reply.json()["request_id"], "test");
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_of_every_door_have_a_limit() {
    let app = start(|_| {}).await;
    let (_, session) = app.session("user", 0).await;
    let large = || vec![b'x'; (2 << 20) + 1];
    for path in ["/login", "/_fn/app/api/accounts/me", "/api/tasks/batch"] {
        let announced = app
            .request("POST", path)
            .by(&session)
            .header("content-length", &large().len().to_string())
            .raw("application/json", large())
            .send()
            .await;
        assert_eq!((announced.status.as_u16(), announced.code().as_str()), (413, "too_large"), "{path}");
    }
    let chunks = futures::stream::iter((0..40).map(|_| Ok::<_, std::io::Error>(vec![b' '; 65_536])));
    let chunked = app.request("POST", "/api/tasks/batch").by(&session).raw("application/json", Body::from_stream(chunks)).send().await;
    assert_eq!((chunked.status.as_u16(), chunked.code().as_str()), (413, "too_large"));
}

#[tokio::test(flavor = "multi_thread")]
async fn callers_are_slowed_down_one_by_one() {
    let app = start(|config| config.request_limit_per_minute = 3).await;
    let user = app.service.user("user", 0).await;
    let (one, two) = (app.key(&user, &[Scope::TasksRead]).await, app.key(&user, &[Scope::TasksRead]).await);
    let first = app.get("/api/me", &one).await;
    assert_eq!((first.header("ratelimit-limit"), first.header("ratelimit-remaining"), first.header("ratelimit-reset")), ("3", "2", "20"));
    app.get("/api/me", &one).await;
    app.get("/api/me", &one).await;
    let refused = app.get("/api/me", &one).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str(), refused.header("ratelimit-remaining")), (429, "rate_limited", "0"));
    assert!((1..=20).contains(&refused.header("retry-after").parse::<u64>().unwrap()));
    assert_eq!(refused.json()["retry_after"].to_string(), refused.header("retry-after"));
    assert_eq!(app.get("/api/me", &two).await.status.as_u16(), 200, "another key has its own quota");
    for expected in [401, 401, 401, 429] {
        assert_eq!(app.get("/api/me", &Credential::None).await.status.as_u16(), expected, "strangers are counted by address");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn measurements_need_the_operator_s_token() {
    let app = start(|_| {}).await;
    assert_eq!(app.get("/metrics", &Credential::None).await.status.as_u16(), 404);
    let app = start(|config| config.metrics_token = Some("0123456789abcdef".to_owned())).await;
    let ask = |token: &str| app.request("GET", "/metrics").header("authorization", token).send();
    for wrong in ["", "Bearer 0123456789abcdeX", "0123456789abcdef", "Bearer "] {
        assert_eq!(ask(wrong).await.status.as_u16(), 401, "{wrong}");
    }
    // Nothing records in tests, which is told only to the operator.
    assert_eq!(ask("Bearer 0123456789abcdef").await.status.as_u16(), 404);
}
