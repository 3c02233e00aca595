//! Administration of users and invitations over HTTP.

use crate::harness::{App, Credential};
use insta::assert_snapshot;
use model::accounts::Scope;
use serde_json::{Value, json};
use service::db_test;
use service::testing::PASSWORD;

async fn set_up(t: service::testing::TestService) -> (App, Credential) {
    let app = App::new(t).await;
    let root = app.service.admin("root").await;
    let key = app.key(&root, &[Scope::Admin]).await;
    (app, key)
}

async fn send(app: &App, method: &str, path: &str, who: &Credential, body: Value) -> crate::harness::Reply {
    app.request(method, path).by(who).json(body).send().await
}

db_test! {
    async fn the_list_and_one_user(t: TestService) {
        let (app, admin) = set_up(t).await;
        let alice = app.service.user("alice", 7).await;
        let list = app.get("/api/admin/users?q=ali&role=user&enabled=true&sort=available&order=asc&page_size=5", &admin).await;
        let mut page = list.data();
        assert_eq!(page["items"][0]["id"].take(), alice.user_id);
        assert_snapshot!(page, @r#"{"items":[{"balance":{"available":7,"held":0},"created_at":"2026-01-01T00:00:00.000Z","enabled":true,"id":null,"limits":{"max_parallel":null,"requests_per_minute":null},"role":"user","tasks":{"cancelled":0,"failed":0,"succeeded":0,"total":0},"username":"alice"}],"page":1,"page_size":5,"total":1}"#);
        for (query, code) in [("role=king", "bad_request"), ("enabled=perhaps", "bad_request"), ("sort=x", "bad_request"), ("x=1", "bad_request")] {
            assert_eq!(app.get(&format!("/api/admin/users?{query}"), &admin).await.code(), code, "{query}");
        }
        let one = app.get(&format!("/api/admin/users/{}", alice.user_id), &admin).await.data();
        assert_eq!((one["user"]["username"].as_str(), one["sessions"].as_array().unwrap().len()), (Some("alice"), 0));
        let gone = app.get("/api/admin/users/999999", &admin).await;
        assert_snapshot!(gone.line(), @r#"404 {"success":false,"message":"There is no such user.","data":null,"code":"not_found","request_id":"test"}"#);
    }

    async fn making_changing_and_keeping_out(t: TestService) {
        let (app, admin) = set_up(t).await;
        let made = app.post("/api/admin/users", &admin, json!({"username": "carol"})).await;
        assert_eq!(made.status.as_u16(), 201);
        let (id, password) = (made.data()["user"]["id"].as_i64().unwrap(), made.data()["password"].as_str().unwrap().to_owned());
        assert_eq!(password.len(), 16);
        let given = app.post("/api/admin/users", &admin, json!({"username": "dave", "password": PASSWORD, "role": "admin"})).await;
        assert!(given.data().get("password").is_none());
        for (body, line) in [
            (json!({"username": "carol"}), "409 name_taken username"),
            (json!({"username": "c"}), "422 invalid username"),
            (json!({"username": "erin", "password": "short"}), "422 weak_password password"),
            (json!({"username": "erin", "role": "king"}), "400 bad_request role"),
            (json!({}), "400 bad_request username"),
        ] {
            let reply = app.post("/api/admin/users", &admin, body).await;
            assert_eq!(format!("{} {} {}", reply.status.as_u16(), reply.code(), reply.json()["field"].as_str().unwrap_or_default()), line);
        }
        let session = Credential::Cookie(service::accounts::log_in(&app.service, "carol", &password, &crate::harness::client()).await.unwrap().session().unwrap().token);
        assert_eq!(app.get("/api/me", &session).await.status.as_u16(), 200);
        let path = format!("/api/admin/users/{id}");
        let out = send(&app, "PATCH", &path, &admin, json!({"enabled": false, "limits": {"max_parallel": 2, "requests_per_minute": 60}})).await;
        assert_eq!((out.data()["enabled"].as_bool(), out.data()["limits"]["max_parallel"].as_i64()), (Some(false), Some(2)));
        assert_eq!(app.get("/api/me", &session).await.code(), "credential_expired");
        assert_eq!(send(&app, "PATCH", &path, &admin, json!({"limits": {"max_parallel": 0}})).await.json()["field"], "max_parallel");
        assert_eq!(send(&app, "PATCH", "/api/admin/users/999999", &admin, json!({})).await.code(), "not_found");
        assert_eq!(send(&app, "PATCH", &path, &admin, json!({"enabled": true, "role": "admin"})).await.data()["role"], "admin");

        let reset = app.post(&format!("{path}/password"), &admin, json!({})).await.data();
        assert_eq!(reset["password"].as_str().unwrap().len(), 16);
        assert_eq!(app.post(&format!("{path}/password"), &admin, json!({"password": "short"})).await.code(), "weak_password");
        assert_eq!(app.post("/api/admin/users/999999/password", &admin, json!({})).await.code(), "not_found");
        for what in ["sessions", "keys"] {
            let ended = app.request("DELETE", &format!("{path}/{what}")).by(&admin).send().await;
            assert_eq!(ended.line(), r#"200 {"success":true,"message":"","data":{"count":0}}"#);
            assert_eq!(app.request("DELETE", &format!("/api/admin/users/999999/{what}")).by(&admin).send().await.code(), "not_found");
        }
    }

    async fn the_last_administrator_stays(t: TestService) {
        let (app, admin) = set_up(t).await;
        let id = app.get("/api/admin/users?role=admin", &admin).await.data()["items"][0]["id"].as_i64().unwrap();
        let refused = send(&app, "PATCH", &format!("/api/admin/users/{id}"), &admin, json!({"role": "user"})).await;
        assert_snapshot!(refused.line(), @r#"409 {"success":false,"message":"The last administrator can be neither disabled nor made a user.","data":null,"code":"conflict","request_id":"test"}"#);
    }

    async fn invitations(t: TestService) {
        let (app, admin) = set_up(t).await;
        let made = app.post("/api/admin/invitations", &admin, json!({"note": "设计组", "max_uses": 3})).await;
        assert_eq!(made.status.as_u16(), 201);
        let code = made.data()["code"].as_str().unwrap().to_owned();
        let list = app.get("/api/admin/invitations", &admin).await;
        assert!(!list.text.contains(&code), "the code is shown once");
        let mut one = list.data()["items"][0].clone();
        let id = one["id"].take();
        assert!(code.starts_with(one["prefix"].take().as_str().unwrap()));
        assert_snapshot!(one, @r#"{"created_at":"2026-01-01T00:00:00.000Z","created_by":"root","expires_at":null,"id":null,"max_uses":3,"note":"设计组","prefix":null,"revoked_at":null,"uses":0}"#);
        assert_eq!(app.post("/api/admin/invitations", &admin, json!({"max_uses": 0})).await.json()["field"], "max_uses");
        let gone = app.request("DELETE", &format!("/api/admin/invitations/{id}")).by(&admin).send().await;
        assert_snapshot!(gone.line(), @r#"200 {"success":true,"message":"","data":null}"#);
        assert_eq!(app.request("DELETE", "/api/admin/invitations/999999").by(&admin).send().await.code(), "not_found");
    }

    async fn a_limit_of_ones_own_counts_over_all_keys(t: TestService) {
        let (app, admin) = set_up(t).await;
        let alice = app.service.user("alice", 0).await;
        let (one, other) = (app.key(&alice, &[Scope::TasksRead]).await, app.key(&alice, &[Scope::TasksRead]).await);
        let free = app.get("/api/tasks", &one).await;
        assert_eq!((free.status.as_u16(), free.header("ratelimit-limit")), (200, ""));
        let path = format!("/api/admin/users/{}", alice.user_id);
        send(&app, "PATCH", &path, &admin, json!({"limits": {"requests_per_minute": 2}})).await.data();
        assert_eq!(app.get("/api/tasks", &one).await.header("ratelimit-remaining"), "1");
        assert_eq!(app.get("/api/tasks", &other).await.header("ratelimit-remaining"), "0");
        let refused = app.get("/api/tasks", &one).await;
        assert_eq!((refused.status.as_u16(), refused.code().as_str()), (429, "rate_limited"));
        assert_eq!(app.get("/api/tasks", &admin).await.status.as_u16(), 403, "others are not held up");
    }
}
