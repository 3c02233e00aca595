//! Every route against every kind of caller.

use crate::harness::{App, Credential};
use axum::http::StatusCode;
use model::accounts::Scope;
use serde_json::{Value, json};
use server::openapi::describe;
use server::router::{Access, ROUTES, Route, page_list};
use service::testing::{Engine, TestService};
use service::{accounts, db_test};
use std::collections::BTreeSet;

fn is_rest(route: &Route) -> bool {
    matches!(route.access, Access::Caller | Access::Scope(_) | Access::Session | Access::Admin)
}

/// A path with numbers that nothing has.
fn path(route: &Route) -> String {
    route.path.replace("{id}", "999999").replace("{batch}", "nothing")
}

/// A body that passes the extractors, so that what is tested is the caller.
fn body(route: &Route) -> Option<Value> {
    Some(match (route.method, route.path) {
        ("POST", "/api/features/{id}/tasks") => json!({"params": {}}),
        ("PATCH", "/api/tasks/{id}") => json!({"name": "x"}),
        ("POST", "/api/tasks/batch") => json!({"action": "cancel", "ids": [1]}),
        ("POST", "/api/me/password") => json!({"old_password": "x", "new_password": "a new one of some length"}),
        ("POST", "/api/me/totp") => json!({"password": "x"}),
        ("POST", "/api/me/totp/confirm") => json!({"code": "000000"}),
        ("POST", "/api/me/totp/recovery-codes" | "/api/me/totp/disable") => json!({"password": "x", "code": "000000"}),
        ("POST", "/api/webhooks") => json!({"name": "x", "url": "https://example.com/hook"}),
        ("PATCH", "/api/webhooks/{id}") => json!({"name": "x"}),
        ("POST", "/api/keys") => json!({"name": "x", "scopes": ["account"]}),
        ("POST", "/api/logs/batch-delete") => json!({"ids": [1]}),
        ("POST", "/api/admin/custom-apis") => json!({"key": "x", "name": "x", "path": "/api/x", "platform": "x", "rule": "x"}),
        ("PUT", "/api/admin/custom-apis/{id}") => {
            json!({"version": 1, "definition": {"key": "x", "name": "x", "path": "/api/x", "platform": "x", "rule": "x"}})
        }
        ("POST", "/api/recharge/redeem") => json!({"code": "x"}),
        ("PUT", "/api/recharge/low-balance") => json!({"threshold": 0}),
        ("POST", "/api/admin/users/{id}/recharge" | "/api/admin/users/{id}/reverse-recharge") => json!({"points": 1}),
        ("POST", "/api/admin/redemption-codes") => json!({"points": 1, "count": 1}),
        ("POST", "/api/admin/users") => json!({"username": "somebody"}),
        ("PATCH", "/api/admin/users/{id}") => json!({"enabled": true}),
        ("POST", "/api/admin/users/{id}/password") => json!({}),
        ("POST", "/api/admin/invitations") => json!({"note": "x"}),
        ("POST", "/api/admin/tasks/batch") => json!({"action": "cancel", "ids": [999_999]}),
        ("POST", "/api/admin/tasks/{id}/fail") => json!({"reason": "x"}),
        ("PUT" | "PATCH", "/api/admin/settings") => json!({"version": 0, "settings": {}}),
        ("POST", "/api/admin/announcements") | ("PUT", "/api/admin/announcements/{id}") => json!({"title": "x"}),
        ("POST", "/api/admin/features") => json!({"key": "x", "name": "x", "platform": "x", "rule": "x"}),
        ("PUT", "/api/admin/features/{id}") => json!({"version": 1, "definition": {"key": "x", "name": "x", "platform": "x", "rule": "x"}}),
        ("PATCH", "/api/admin/features/{id}" | "/api/admin/channels/{id}" | "/api/admin/custom-apis/{id}") => json!({"enabled": true}),
        ("POST", "/api/admin/features/{id}/move") => json!({"position": 1}),
        ("POST", "/api/admin/rules") => json!({"name": "x", "request": {"url": "https://x.example"}}),
        ("PUT", "/api/admin/rules/{id}") => json!({"version": 1, "definition": {"name": "x", "request": {"url": "https://x.example"}}}),
        ("POST", "/api/admin/rules/dry-run") => json!({"rule": {"name": "x", "request": {"url": "https://x.example"}}}),
        ("POST", "/api/admin/channels") => json!({"name": "x", "platform": "x", "base_url": "https://x.example"}),
        ("PUT", "/api/admin/channels/{id}") => {
            json!({"version": 1, "definition": {"name": "x", "platform": "x", "base_url": "https://x.example"}})
        }
        ("POST", "/api/admin/channels/{id}/test") => json!({}),
        _ => return None,
    })
}

async fn call(app: &App, route: &Route, who: &Credential, headers: &[(&str, &str)]) -> (StatusCode, String) {
    let mut call = app.request(route.method, &path(route)).by(who);
    for (name, value) in headers {
        call = call.header(name, value);
    }
    if let Some(body) = body(route) {
        call = call.json(body);
    }
    // A stream does not end: only its head is looked at.
    if route.path == "/events" {
        let response = call.open().await;
        let status = response.status();
        if status == StatusCode::OK {
            return (status, String::new());
        }
        let bytes = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        let json: Value = serde_json::from_slice(&bytes).unwrap();
        return (status, json["code"].as_str().unwrap().to_owned());
    }
    let reply = call.send().await;
    let code = if reply.text.starts_with("{\"success\":false") { reply.code() } else { String::new() };
    (reply.status, code)
}

/// The table, the OpenAPI document and the pages name the same routes.
#[test]
fn every_route_has_a_row() {
    let table: BTreeSet<_> = ROUTES.iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    assert_eq!(table.len(), ROUTES.len(), "a route has two rows");

    let document = serde_json::to_value(describe()).unwrap();
    let mut found = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        found.extend(item.as_object().unwrap().keys().map(|method| format!("{} {path}", method.to_uppercase())));
    }
    found.extend(page_list().iter().map(|page| format!("GET {}", page.path())));
    let forms = ["GET /", "POST /login", "POST /login/code", "POST /logout", "POST /setup", "POST /register", "POST /preferences"];
    found.extend(forms.map(str::to_owned));
    found.extend(["GET /docs", "GET /docs/{file}", "GET /redoc"].map(str::to_owned));
    assert_eq!(found, table);
}

db_test! {
    async fn nobody_and_strangers_get_401(t: TestService) {
        let app = App::new(t).await;
        let (_, session) = app.session("user", 0).await;
        let wrong_key = Credential::Key("arw_00000000000000000000000000000000".to_owned());
        let wrong_session = Credential::Cookie("nonsense".to_owned());
        for route in ROUTES.iter().filter(|route| is_rest(route)) {
            let name = format!("{} {}", route.method, route.path);
            assert_eq!(call(&app, route, &Credential::None, &[]).await, (StatusCode::UNAUTHORIZED, "unauthenticated".into()), "{name}");
            assert_eq!(call(&app, route, &wrong_key, &[]).await, (StatusCode::UNAUTHORIZED, "unauthenticated".into()), "{name}");
            assert_eq!(call(&app, route, &wrong_session, &[]).await, (StatusCode::UNAUTHORIZED, "credential_expired".into()), "{name}");
            // A wrong key is not made good by a session beside it.
            let both = [("x-api-key", wrong_key.secret())];
            assert_eq!(call(&app, route, &session, &both).await, (StatusCode::UNAUTHORIZED, "unauthenticated".into()), "{name}");
        }
    }

    async fn keys_need_their_scope(t: TestService) {
        let app = App::new(t).await;
        let user = app.service.user("user", 0).await;
        let mut keys = Vec::new();
        for scope in [Scope::TasksRead, Scope::TasksWrite, Scope::Account] {
            keys.push((scope, app.key(&user, &[scope]).await));
        }
        for route in ROUTES.iter().filter(|route| is_rest(route)) {
            let name = format!("{} {}", route.method, route.path);
            for (scope, key) in &keys {
                let scope = *scope;
                let (status, code) = call(&app, route, key, &[]).await;
                let may = match route.access {
                    Access::Scope(wanted) => wanted == scope,
                    Access::Session | Access::Admin => false,
                    _ => true,
                };
                assert_eq!(status != StatusCode::FORBIDDEN, may, "{name} with {scope:?}: {status} {code}");
                assert_ne!(status, StatusCode::UNAUTHORIZED, "{name} with {scope:?}");
                assert!(!status.is_server_error(), "{name} with {scope:?}");
            }
        }
    }

    async fn sessions_may_everything_until_they_end(t: TestService) {
        let app = App::new(t).await;
        let (_, session) = app.session("user", 0).await;
        for route in ROUTES.iter().filter(|route| is_rest(route) && route.access != Access::Admin) {
            let (status, code) = call(&app, route, &session, &[("sec-fetch-site", "same-origin")]).await;
            let name = format!("{} {}", route.method, route.path);
            assert!(code == "wrong_credentials" || ![401, 403].contains(&status.as_u16()), "{name}: {status} {code}");
            assert!(!status.is_server_error(), "{name}: {status}");
        }
        app.service.clock.advance(31 * 86_400_000);
        for route in ROUTES.iter().filter(|route| is_rest(route)) {
            assert_eq!(call(&app, route, &session, &[]).await, (StatusCode::UNAUTHORIZED, "credential_expired".into()), "{}", route.path);
        }
    }

    async fn administration_is_for_administrators(t: TestService) {
        let app = App::new(t).await;
        let (user, session) = app.session("user", 0).await;
        let admin = app.service.admin("root").await;
        let of_user = app.key(&user, &Scope::ALL[..3]).await;
        let without_scope = app.key(&admin, &Scope::ALL[..3]).await;
        let good = app.key(&admin, &[Scope::Admin]).await;
        for route in ROUTES.iter().filter(|route| route.access == Access::Admin) {
            let name = format!("{} {}", route.method, route.path);
            for wrong in [&session, &of_user, &without_scope] {
                let (status, code) = call(&app, route, wrong, &[("sec-fetch-site", "same-origin")]).await;
                assert_eq!((status.as_u16(), code.as_str()), (403, "forbidden"), "{name}");
            }
            let (status, code) = call(&app, route, &good, &[]).await;
            assert!(status != StatusCode::FORBIDDEN && !status.is_server_error(), "{name}: {status} {code}");
        }
        for route in ROUTES.iter().filter(|route| route.access == Access::AdminPage) {
            assert_eq!(app.get(&path(route), &session).await.location(), "/profile?tab=keys", "{}", route.path);
        }
    }

    async fn revoked_and_expired_keys_are_refused(t: TestService) {
        let app = App::new(t).await;
        let user = app.service.user("user", 0).await;
        let key = app.key(&user, &Scope::ALL[..3]).await;
        let soon = model::time::Timestamp(app.service.clock.now().0 + 1000);
        let new = model::accounts::NewKey { name: "short".into(), scopes: Scope::ALL[..3].to_vec(), expires_at: Some(soon), ..Default::default() };
        let short = Credential::Key(accounts::create_key(&app.service, &user, new).await.unwrap().secret);
        assert_eq!(app.get("/api/me", &key).await.status, StatusCode::OK);
        assert_eq!(app.get("/api/me", &short).await.status, StatusCode::OK);
        let keys = accounts::keys(&app.service, &user).await.unwrap();
        accounts::revoke_key(&app.service, &user, keys.iter().find(|key| key.name == "test").unwrap().id).await.unwrap();
        app.service.clock.advance(1000);
        for route in ROUTES.iter().filter(|route| is_rest(route)) {
            for key in [&key, &short] {
                assert_eq!(call(&app, route, key, &[]).await, (StatusCode::UNAUTHORIZED, "credential_expired".into()), "{}", route.path);
            }
        }
    }

    async fn other_sites_cannot_write_with_a_session(t: TestService) {
        let app = App::new(t).await;
        let (user, session) = app.session("user", 0).await;
        let key = app.key(&user, &Scope::ALL[..3]).await;
        for route in ROUTES.iter().filter(|route| route.method != "GET") {
            let name = format!("{} {}", route.method, route.path);
            for foreign in [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://evil.example")] {
                let (status, code) = call(&app, route, &session, &[foreign, ("host", "localhost")]).await;
                assert_eq!((status.as_u16(), code.as_str()), (403, "cross_site"), "{name} {foreign:?}");
            }
            if is_rest(route) {
                // A key is not sent by a browser on its own, so where the request comes from does not matter.
                assert_ne!(call(&app, route, &key, &[("sec-fetch-site", "cross-site")]).await.1, "cross_site", "{name}");
            }
        }
    }

    async fn pages_send_strangers_to_the_log_in(t: TestService) {
        let app = App::new(t).await;
        app.service.admin("admin").await;
        for route in ROUTES.iter().filter(|route| matches!(route.access, Access::Page | Access::AdminPage)) {
            let reply = app.get(&path(route), &Credential::None).await;
            assert!(reply.location().starts_with("/login?next=%2F"), "{}: {}", route.path, reply.location());
        }
        for path in ["/healthz", "/readyz", "/openapi.json", "/docs", "/redoc", "/docs/redoc.js", "/login"] {
            assert_eq!(app.get(path, &Credential::None).await.status, StatusCode::OK, "{path}");
        }
    }
}

/// Server functions: a session, from our own pages, by POST. Leptos itself checks none of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn server_functions_are_guarded() {
    let app = App::new(TestService::start(Engine::Sqlite).await).await;
    let (_, session) = app.session("user", 0).await;
    let mut count = 0;
    for (path, method) in leptos::server_fn::axum::server_fn_paths() {
        count += 1;
        assert_eq!(method, "POST", "{path}: a function that can be called by GET is open to every link");
        assert!(path.starts_with("/_fn/"), "{path}");
        let nobody = app.request("POST", path).form("").send().await;
        assert_eq!((nobody.status.as_u16(), nobody.code().as_str()), (401, "unauthenticated"), "{path}");
        let foreign = app.request("POST", path).by(&session).header("sec-fetch-site", "cross-site").form("").send().await;
        assert_eq!((foreign.status.as_u16(), foreign.code().as_str()), (403, "cross_site"), "{path}");
        let keyed =
            app.request("POST", &format!("{path}?api_key=x")).by(&session).header("sec-fetch-site", "cross-site").form("").send().await;
        assert_eq!(keyed.code(), "cross_site", "{path}: a key in the address must not open the way");
        let plain = app.request("POST", path).header("accept", "text/html").form("").send().await;
        assert_eq!(plain.location(), "/login", "{path}");
    }
    assert!(count > 10, "only {count} server functions are registered");
    assert_eq!(app.request("POST", "/_fn/nothing").by(&session).send().await.code(), "not_found");
}

/// Arguments that each server function of the administration reads, so that what is tested is the caller.
const ADMINISTRATION: [(&str, &str); 20] = [
    ("all_tasks/list", r#"{"filter":{}}"#),
    ("all_tasks/detail", r#"{"id":1,"page":1,"page_size":5}"#),
    ("all_tasks/treat", r#"{"request":{"action":"cancel","ids":[1]}}"#),
    ("announcements/list", r#"{"page":1,"page_size":5}"#),
    ("announcements/save", r#"{"id":null,"announcement":{"title":"x"}}"#),
    ("announcements/delete", "id=999999"),
    ("audit/list", r#"{"filter":{}}"#),
    ("overview/overview", ""),
    ("settings/load", ""),
    ("settings/save", r#"{"version":0,"settings":{}}"#),
    ("users/list", r#"{"tab":"users","filter":{}}"#),
    ("users/detail", "id=999999"),
    ("users/create", r#"{"user":{"username":"somebody"}}"#),
    ("users/update", r#"{"id":999999,"patch":{"role":"admin"}}"#),
    ("users/reset_password", "id=999999"),
    ("users/end_sessions", "id=999999"),
    ("users/revoke_keys", "id=999999"),
    ("users/reset_totp", "id=999999"),
    ("users/invite", r#"{"invitation":{"note":"x"}}"#),
    ("users/revoke_invitation", "id=999999"),
];

/// Each of them refuses who is no administrator, whatever page it was called from.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn server_functions_of_the_administration_need_the_role() {
    let app = App::new(TestService::start(Engine::Sqlite).await).await;
    let (_, user) = app.session("user", 0).await;
    app.service.admin("root").await;
    let admin = Credential::Cookie(app.log_in("root").await);
    let mine: BTreeSet<String> = ADMINISTRATION.iter().map(|(path, _)| format!("/_fn/app/api/admin/{path}")).collect();
    let stems = ["all_tasks", "announcements", "audit", "overview", "settings", "users"];
    let found: BTreeSet<String> = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, _)| path.to_owned())
        .filter(|path| stems.iter().any(|stem| path.starts_with(&format!("/_fn/app/api/admin/{stem}/"))))
        .collect();
    assert_eq!(found, mine, "a server function has no row");
    for (path, body) in ADMINISTRATION {
        let path = format!("/_fn/app/api/admin/{path}");
        let call = async |who: &Credential| {
            let call = app.request("POST", &path).by(who).header("sec-fetch-site", "same-origin");
            let call = if body.starts_with('{') { call.raw("application/json", body) } else { call.form(body) };
            call.send().await
        };
        let refused = call(&user).await;
        assert_eq!(refused.status.as_u16(), 403, "{path}: {}", refused.text);
        let allowed = call(&admin).await;
        assert!(![400, 401, 403].contains(&allowed.status.as_u16()), "{path}: {} {}", allowed.status, allowed.text);
    }
}
