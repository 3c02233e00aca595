//! The account: keys, sessions, password, points.

use crate::harness::{App, Credential};
use insta::assert_snapshot;
use model::accounts::Scope;
use serde_json::json;
use service::db_test;
use service::testing::PASSWORD;

db_test! {
    async fn keys(t: TestService) {
        let app = App::bare(t);
        let (_, session) = app.session("user", 0).await;
        let body = json!({"name": "nightly", "scopes": ["tasks:read", "tasks:write"], "allowed_addresses": ["127.0.0.1"], "expires_at": "2027-01-01T00:00:00Z"});
        let made = app.post("/api/keys", &session, body).await;
        assert_eq!(made.status.as_u16(), 201);
        let secret = made.data()["secret"].as_str().unwrap().to_owned();
        assert!(secret.starts_with("arw_") && secret.len() == 36, "{secret}");
        let key = Credential::Key(secret.clone());
        assert_eq!(app.get("/api/me", &key).await.data()["username"], "user");

        let list = app.get("/api/keys", &session).await;
        assert!(!list.text.contains(&secret), "the secret is shown once");
        let mut one = list.data()[0].clone();
        let id = one["id"].take();
        // Random, and noted beside the request.
        one["prefix"].take();
        one["last_used_at"].take();
        assert_snapshot!(one, @r#"{"allow_query":true,"allowed_addresses":["127.0.0.1"],"created_at":"2026-01-01T00:00:00.000Z","expires_at":"2027-01-01T00:00:00.000Z","id":null,"last_used_at":null,"name":"nightly","prefix":null,"revoked_at":null,"scopes":["tasks:read","tasks:write"]}"#);
        let gone = app.request("DELETE", &format!("/api/keys/{id}")).by(&session).send().await;
        assert_snapshot!(gone.line(), @r#"200 {"success":true,"message":"","data":null}"#);
        assert_eq!(app.get("/api/me", &key).await.code(), "credential_expired");
    }

    async fn a_key_cannot_make_a_stronger_one(t: TestService) {
        let app = App::bare(t);
        let user = app.service.user("user", 0).await;
        let key = app.key(&user, &[Scope::Account]).await;
        let reply = app.post("/api/keys", &key, json!({"name": "x", "scopes": ["tasks:write"]})).await;
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (403, "forbidden"));
        let reply = app.post("/api/keys", &key, json!({"name": "x", "scopes": ["admin"]})).await;
        assert_eq!(reply.code(), "invalid");
    }

    async fn sessions_are_seen_and_ended(t: TestService) {
        let app = App::bare(t);
        let (_, here) = app.session("user", 0).await;
        let there = Credential::Cookie(app.log_in("user").await);
        let list = app.get("/api/sessions", &here).await.data();
        assert_eq!(list.as_array().unwrap().iter().filter(|session| session["current"] == true).count(), 1);
        let other = list.as_array().unwrap().iter().find(|session| session["current"] == false).unwrap();
        assert_eq!((&other["address"], &other["user_agent"]), (&json!("127.0.0.1"), &json!("test")));
        let ended = app.request("DELETE", &format!("/api/sessions/{}", other["id"])).by(&here).send().await;
        assert_eq!(ended.status.as_u16(), 200);
        assert_eq!(app.get("/api/me", &there).await.code(), "credential_expired");
        // Nobody ends the sessions of others.
        let (_, stranger) = app.session("stranger", 0).await;
        let mine = &app.get("/api/sessions", &here).await.data()[0]["id"];
        assert_eq!(app.request("DELETE", &format!("/api/sessions/{mine}")).by(&stranger).send().await.code(), "not_found");
    }

    async fn the_password(t: TestService) {
        let app = App::bare(t);
        let (_, session) = app.session("user", 0).await;
        let other = Credential::Cookie(app.log_in("user").await);
        let wrong = app.post("/api/me/password", &session, json!({"old_password": "wrong", "new_password": "another long one"})).await;
        assert_eq!((wrong.status.as_u16(), wrong.code().as_str()), (401, "wrong_credentials"));
        let weak = app.post("/api/me/password", &session, json!({"old_password": PASSWORD, "new_password": "short"})).await;
        assert_eq!((weak.status.as_u16(), weak.code().as_str()), (422, "weak_password"));
        let good = app.post("/api/me/password", &session, json!({"old_password": PASSWORD, "new_password": "another long one"})).await;
        assert_eq!(good.status.as_u16(), 200);
        assert_eq!(app.get("/api/me", &session).await.status.as_u16(), 200);
        assert_eq!(app.get("/api/me", &other).await.code(), "credential_expired");
    }

    async fn points(t: TestService) {
        let app = App::bare(t);
        let (_, session) = app.session("user", 70).await;
        let mut me = app.get("/api/me", &session).await.data();
        me["id"].take();
        assert_snapshot!(me, @r#"{"balance":{"available":70,"held":0},"created_at":"2026-01-01T00:00:00.000Z","id":null,"low_balance":0,"role":"user","username":"user"}"#);
    }
}
