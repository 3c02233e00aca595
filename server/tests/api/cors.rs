//! Calls from pages of other origins.

use crate::harness::{App, Credential, Reply};
use service::testing::{Engine, TestService};

async fn start(origins: &[&str]) -> App {
    let origins = origins.iter().map(|origin| (*origin).to_owned()).collect();
    App::bare(TestService::with(Engine::Sqlite, |config| config.cors_allowed_origins = origins).await)
}

async fn preflight(app: &App, path: &str, origin: &str) -> Reply {
    let call = app.request("OPTIONS", path).header("origin", origin).header("access-control-request-method", "POST");
    call.header("access-control-request-headers", "x-api-key,content-type").send().await
}

#[tokio::test(flavor = "multi_thread")]
async fn off_unless_allowed() {
    let app = start(&[]).await;
    let reply = preflight(&app, "/api/tasks", "https://app.example").await;
    assert_eq!((reply.status.as_u16(), reply.header("access-control-allow-origin")), (405, ""));
    let reply = app.request("GET", "/api/me").header("origin", "https://app.example").send().await;
    assert_eq!(reply.header("access-control-allow-origin"), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn allowed_origins_may_call_with_a_key_and_never_with_a_cookie() {
    let app = start(&["https://app.example"]).await;
    let reply = preflight(&app, "/api/tasks", "https://app.example").await;
    assert_eq!((reply.status.as_u16(), reply.header("access-control-allow-origin")), (204, "https://app.example"));
    assert!(reply.header("access-control-allow-headers").contains("x-api-key"));
    assert_eq!((reply.header("access-control-allow-credentials"), reply.header("vary")), ("", "origin"));
    assert_eq!(preflight(&app, "/api/tasks", "https://evil.example").await.header("access-control-allow-origin"), "");
    for path in ["/login", "/_fn/app/api/accounts/me", "/tasks"] {
        assert_eq!(preflight(&app, path, "https://app.example").await.header("access-control-allow-origin"), "", "{path}");
    }
    // Errors too: a page must be able to read why.
    let reply = app.request("GET", "/api/me").header("origin", "https://app.example").send().await;
    assert_eq!((reply.status.as_u16(), reply.header("access-control-allow-origin")), (401, "https://app.example"));
    let (_, session) = app.session("user", 0).await;
    let write = app
        .request("POST", "/api/tasks/1/cancel")
        .by(&session)
        .header("host", "localhost")
        .header("origin", "https://app.example")
        .send()
        .await;
    assert_eq!(write.code(), "cross_site");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_star_opens_rest_to_everybody() {
    let app = start(&["*"]).await;
    let reply = app.request("GET", "/openapi.json").header("origin", "https://any.example").send().await;
    assert_eq!((reply.status.as_u16(), reply.header("access-control-allow-origin")), (200, "*"));
    assert_eq!(app.get("/api/me", &Credential::None).await.header("access-control-allow-origin"), "", "only those who ask are answered");
}
