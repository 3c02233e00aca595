//! The list of routes, and who is sent where by those that are no data: pages and forms. Data is compared in [`crate::authorisation`].

use crate::harness::{App, Credential};
use axum::http::StatusCode;
use server::openapi::describe;
use server::router::{Access, ROUTES, Route, page_list};
use service::db_test;
use service::testing::{Engine, TestService};
use std::collections::BTreeSet;

/// A path with numbers that nothing has.
fn path(route: &Route) -> String {
    route.path.replace("{id}", "999999")
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

    async fn pages_of_the_administration_are_for_administrators(t: TestService) {
        let app = App::new(t).await;
        let (_, user) = app.session("user", 0).await;
        app.service.admin("root").await;
        let admin = Credential::Cookie(app.log_in("root").await);
        for route in ROUTES.iter().filter(|route| route.access == Access::AdminPage) {
            assert_eq!(app.get(&path(route), &user).await.location(), "/profile?tab=keys", "{}", route.path);
            let status = if route.path.contains("{id}") { StatusCode::NOT_FOUND } else { StatusCode::OK };
            assert_eq!(app.get(&path(route), &admin).await.status, status, "{}", route.path);
        }
    }

    async fn other_sites_cannot_send_forms(t: TestService) {
        let app = App::new(t).await;
        let (_, session) = app.session("user", 0).await;
        for route in ROUTES.iter().filter(|route| route.access == Access::Open && route.method != "GET") {
            for (name, value) in [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://evil.example")] {
                let reply = app.request(route.method, route.path).by(&session).header(name, value).header("host", "localhost").form("").send().await;
                assert_eq!((reply.status.as_u16(), reply.code().as_str()), (403, "cross_site"), "{} {name}: {value}", route.path);
            }
        }
        assert_eq!(app.get("/api/me", &session).await.status, StatusCode::OK, "still logged in");
    }
}

/// Server functions: by POST, for a session, from our own pages. Leptos itself checks none of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn server_functions_are_guarded() {
    let app = App::new(TestService::start(Engine::Sqlite).await).await;
    let (_, session) = app.session("user", 0).await;
    for (path, method) in leptos::server_fn::axum::server_fn_paths() {
        assert_eq!(method, "POST", "{path}: a function that can be called by GET is open to every link");
        let keyed =
            app.request("POST", &format!("{path}?api_key=x")).by(&session).header("sec-fetch-site", "cross-site").form("").send().await;
        assert_eq!(keyed.code(), "cross_site", "{path}: a key in the address must not open the way");
        let plain = app.request("POST", path).header("accept", "text/html").form("").send().await;
        assert_eq!(plain.location(), "/login", "{path}");
    }
    assert_eq!(app.request("POST", "/_fn/nothing").by(&session).send().await.code(), "not_found");
}
