//! How keys are sent, and what `?api_key=` may do.

use crate::harness::{App, Credential};
use model::accounts::{NewKey, Scope};
use service::testing::{Engine, TestService};
use service::{accounts, db_test};

db_test! {
    async fn a_key_works_in_every_place(t: TestService) {
        let app = App::bare(t);
        let user = app.service.user("user", 0).await;
        let key = app.key(&user, &[Scope::TasksRead]).await;
        let key = key.secret();
        for (name, value) in [
            ("x-api-key", key.to_owned()),
            ("authorization", format!("Bearer {key}")),
            ("authorization", format!("bearer {key}")),
            ("authorization", key.to_owned()),
        ] {
            let reply = app.request("GET", "/api/me").header(name, &value).send().await;
            assert_eq!(reply.data()["username"], "user", "{name}: {value}");
        }
        let reply = app.get(&format!("/api/tasks?api_key={key}&page=1"), &Credential::None).await;
        assert_eq!(reply.data()["total"], 0, "the key must be gone before the query is read");
    }

    async fn a_wrong_credential_never_falls_back(t: TestService) {
        let app = App::bare(t);
        let (user, session) = app.session("user", 0).await;
        let other = app.service.user("other", 0).await;
        let key = app.key(&other, &[Scope::TasksRead]).await;
        // A key beside a session: the key counts.
        let reply = app.request("GET", "/api/me").by(&session).by(&key).send().await;
        assert_eq!(reply.data()["username"], "other");
        for (name, value) in [
            ("x-api-key", ""),
            ("x-api-key", "nonsense"),
            ("authorization", "Basic dXNlcjpwYXNz"),
            ("authorization", "Bearer "),
            ("authorization", "Bearer nonsense"),
        ] {
            let reply = app.request("GET", "/api/me").by(&session).header(name, value).send().await;
            assert_eq!((reply.status.as_u16(), reply.code().as_str()), (401, "unauthenticated"), "{name}: {value}");
        }
        for query in ["api_key=", "api_key=nonsense", "api%5Fkey=nonsense"] {
            let reply = app.get(&format!("/api/me?{query}"), &session).await;
            assert_eq!(reply.status.as_u16(), 401, "{query}");
        }
        // Two keys, both good, of two users: nobody can say who is meant.
        let mine = app.key(&user, &[Scope::TasksRead]).await;
        let reply = app.request("GET", "/api/me").by(&key).header("authorization", mine.secret()).send().await;
        assert_eq!(reply.status.as_u16(), 401);
    }

    async fn disabled_accounts_and_foreign_addresses(t: TestService) {
        let app = App::bare(t);
        let (user, session) = app.session("user", 0).await;
        let new = NewKey { name: "x".into(), scopes: vec![Scope::TasksRead], allowed_addresses: vec!["10.0.0.0/8".into()], ..NewKey::default() };
        let elsewhere = Credential::Key(accounts::create_key(&app.service, &user, new).await.unwrap().secret);
        let reply = app.get("/api/me", &elsewhere).await;
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (403, "address_not_allowed"));
        // Without a trusted proxy the header is only a claim.
        let reply = app.request("GET", "/api/me").by(&elsewhere).header("x-forwarded-for", "10.0.0.1").send().await;
        assert_eq!(reply.status.as_u16(), 403);
        let key = app.key(&user, &[Scope::TasksRead]).await;
        app.service.admin("admin").await;
        accounts::set_enabled(&app.service, &service::actor::Actor::system(), "user", false).await.unwrap();
        assert_eq!(app.get("/api/me", &key).await.code(), "account_disabled");
        assert_eq!(app.get("/api/me", &session).await.code(), "credential_expired");
    }

    async fn keys_in_the_address_can_be_refused_one_by_one(t: TestService) {
        let app = App::bare(t);
        let user = app.service.user("user", 0).await;
        let new = NewKey { name: "x".into(), scopes: vec![Scope::TasksRead], allow_query: Some(false), ..NewKey::default() };
        let key = accounts::create_key(&app.service, &user, new).await.unwrap().secret;
        let reply = app.get(&format!("/api/me?api_key={key}"), &Credential::None).await;
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (403, "forbidden"));
        assert_eq!(app.get("/api/me", &Credential::Key(key)).await.status.as_u16(), 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_in_the_address_can_be_refused_altogether() {
    let t = TestService::with(Engine::Sqlite, |config| config.api_key_in_query = false).await;
    let app = App::bare(t);
    let user = app.service.user("user", 0).await;
    let key = app.key(&user, &[Scope::TasksRead]).await;
    let reply = app.get(&format!("/api/me?api_key={}", key.secret()), &Credential::None).await;
    assert_eq!(reply.status.as_u16(), 401);
    assert_eq!(app.get("/api/me", &key).await.status.as_u16(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_proxy_tells_the_address() {
    let t = TestService::with(Engine::Sqlite, |config| config.trusted_proxies = 1).await;
    let app = App::bare(t);
    let user = app.service.user("user", 0).await;
    let new =
        NewKey { name: "x".into(), scopes: vec![Scope::TasksRead], allowed_addresses: vec!["203.0.113.7".into()], ..NewKey::default() };
    let key = Credential::Key(accounts::create_key(&app.service, &user, new).await.unwrap().secret);
    let from = |forwarded: &str| app.request("GET", "/api/me").by(&key).header("x-forwarded-for", forwarded);
    assert_eq!(from("198.51.100.1, 203.0.113.7").send().await.status.as_u16(), 200);
    assert_eq!(from("203.0.113.7, 198.51.100.1").send().await.status.as_u16(), 403);
}
