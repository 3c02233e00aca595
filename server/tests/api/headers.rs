//! What every answer carries, and limits that apply before any handler.

use crate::harness::{App, Credential};
use axum::Router;
use axum::body::Body;
use axum::routing::get;
use insta::assert_snapshot;
use model::accounts::Scope;
use service::testing::{Engine, PASSWORD, TestService};
use std::io::Write;
use std::sync::{Arc, Mutex};

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

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_is_an_answer() {
    let boom = Router::new().route("/boom", get(async || -> &'static str { panic!("on purpose") }));
    let app = App::around(TestService::start(Engine::Sqlite).await, boom);
    let reply = app.request("GET", "/boom").send().await;
    assert_snapshot!(reply.line(), @r#"500 {"success":false,"message":"Something went wrong on our side. Quote the request id when you report it.","data":null,"code":"internal","request_id":"test"}"#);
    assert_eq!(reply.header("x-request-id"), "test");
}

/// What is logged, for a look at it.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn logs_hold_no_secrets() {
    let log = Log::default();
    let writer = log.clone();
    let lines =
        tracing_subscriber::fmt().with_max_level(tracing::Level::DEBUG).with_ansi(false).with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(lines);
    let app = start(|_| {}).await;
    let (user, session) = app.session("user", 0).await;
    app.service.admin("admin").await;
    let key = app.key(&user, &[Scope::TasksRead]).await;
    let key = key.secret();
    app.get(&format!("/api/me?api_key={key}"), &Credential::None).await;
    app.get(&format!("/api/me?api%5Fkey={key}&x=1"), &Credential::None).await;
    app.request("GET", "/api/me").header("authorization", &format!("Bearer {key}")).send().await;
    app.request("GET", "/api/me").header("x-api-key", "arw_wrongwrongwrongwrongwrongwrongwr").send().await;
    app.get("/api/me", &session).await;
    app.request("POST", "/login").form(&format!("username=user&password={}", PASSWORD.replace(' ', "+"))).send().await;
    app.request("POST", "/login").form("username=user&password=nearly-the-password").send().await;
    let setup = service::accounts::setup_token(&app.service);
    app.get(&format!("/setup?token={setup}"), &Credential::None).await;
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("request{id=\"test\"}: access: method=GET path=\"/api/me\" status=200"), "{text}");
    for secret in [key, session.secret(), PASSWORD, "arw_wrong", "nearly-the-password", &setup] {
        assert!(!text.contains(secret), "{secret} is in the log: {text}");
    }
}
