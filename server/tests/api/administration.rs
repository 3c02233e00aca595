//! Overview, all tasks, settings, audit log and announcements over HTTP.

use crate::harness::{App, Credential, Reply};
use insta::assert_snapshot;
use model::accounts::Scope;
use serde_json::{Value, json};
use service::db_test;
use service::testing::TestService;

async fn set_up(t: TestService) -> (App, Credential) {
    let app = App::new(t).await;
    let root = app.service.admin("root").await;
    let key = app.key(&root, &[Scope::Admin]).await;
    (app, key)
}

async fn send(app: &App, method: &str, path: &str, who: &Credential, body: Value) -> Reply {
    app.request(method, path).by(who).json(body).send().await
}

db_test! {
    async fn the_overview(t: TestService) {
        let (app, admin) = set_up(t).await;
        let alice = app.service.user("alice", 100).await;
        app.service.submit(&alice, "song", "rain").await;
        let seen = app.get("/api/admin/overview", &admin).await.data();
        assert_snapshot!(seen["queue"], @r#"{"lost_leases":0,"oldest_queued_at":"2026-01-01T00:00:00.000Z","queued":1,"retry_wait":0,"running":0,"waiting_upstream":0}"#);
        assert_snapshot!(seen["channels"][0], @r#"{"enabled":true,"id":1,"max_parallel":64,"name":"main","platform":"stand-in","running":0,"waiting_upstream":0,"working":true}"#);
        assert_eq!((seen["users"]["total"].as_i64(), seen["tasks"]["total"].as_i64()), (Some(2), Some(1)));
        assert!(seen["database"]["bytes"].as_i64().unwrap() > 0);
    }

    async fn everybodys_tasks(t: TestService) {
        let (app, admin) = set_up(t).await;
        let (alice, bob) = (app.service.user("alice", 100).await, app.service.user("bob", 100).await);
        let (one, two) = (app.service.submit(&alice, "song", "rain").await.id, app.service.submit(&bob, "song", "snow").await.id);
        let list = app.get("/api/admin/tasks?user=alice&status=queued&page_size=1", &admin).await.data();
        assert_eq!((list["total"].as_i64(), list["items"][0]["id"].as_i64()), (Some(1), Some(one)));
        assert_eq!((list["items"][0]["username"].as_str(), list["items"][0]["status"].as_str()), (Some("alice"), Some("queued")));
        for query in ["status=x", "x=1", "feature_id=x", "start=yesterday"] {
            assert_eq!(app.get(&format!("/api/admin/tasks?{query}"), &admin).await.code(), "bad_request", "{query}");
        }
        let task = app.get(&format!("/api/admin/tasks/{two}"), &admin).await.data();
        assert_eq!((task["user_id"].as_i64(), task["payload"]["prompt"].as_str()), (Some(bob.user_id), Some("snow")));
        assert_eq!(app.get("/api/admin/tasks/999999", &admin).await.code(), "not_found");
        assert_eq!(app.get(&format!("/api/admin/tasks/{two}/attempts"), &admin).await.data()["total"], 0);
        assert_eq!(app.get("/api/admin/tasks/999999/attempts", &admin).await.code(), "not_found");

        let failed = app.post(&format!("/api/admin/tasks/{one}/fail"), &admin, json!({"reason": "上游故障"})).await.data();
        assert_eq!((failed["status"].as_str(), failed["error"].as_str()), (Some("failed"), Some("Ended by an administrator: 上游故障")));
        let again = app.post(&format!("/api/admin/tasks/{one}/fail"), &admin, json!({})).await;
        assert_snapshot!(again.line(), @r#"409 {"success":false,"message":"This task has ended already.","data":null,"code":"conflict","request_id":"test"}"#);
        assert_eq!(app.request("POST", &format!("/api/admin/tasks/{one}/requeue")).by(&admin).send().await.data()["status"], "queued");
        assert_eq!(app.request("POST", &format!("/api/admin/tasks/{one}/requeue")).by(&admin).send().await.code(), "conflict");
        assert_eq!(app.request("POST", &format!("/api/admin/tasks/{one}/cancel")).by(&admin).send().await.data()["status"], "cancelled");
        for action in ["requeue", "cancel"] {
            assert_eq!(app.request("POST", &format!("/api/admin/tasks/999999/{action}")).by(&admin).send().await.code(), "not_found");
        }
        let batch = app.post("/api/admin/tasks/batch", &admin, json!({"action": "cancel", "ids": [two, 999_999]})).await.data();
        assert_eq!((batch[0]["success"].as_bool(), batch[1]["error"]["code"].as_str()), (Some(true), Some("not_found")));
        assert_eq!(app.post("/api/admin/tasks/batch", &admin, json!({"action": "cancel", "ids": []})).await.json()["field"], "ids");
        assert_eq!(app.post("/api/admin/tasks/batch", &admin, json!({"action": "delete", "ids": [1]})).await.code(), "bad_request");
    }

    async fn settings_are_read_changed_and_fenced(t: TestService) {
        let (app, admin) = set_up(t).await;
        let seen = app.get("/api/admin/settings", &admin).await.data();
        assert_eq!(seen["version"], 0);
        assert_snapshot!(seen["defaults"], @r#"{"api_key_in_query":true,"default_interval_seconds":5,"max_parallel_per_user":192,"min_interval_seconds":5,"outbound_allow":[],"request_limit_per_minute":0}"#);
        let patched = send(&app, "PATCH", "/api/admin/settings", &admin, json!({"version": 0, "settings": {"min_interval_seconds": 9}})).await.data();
        assert_eq!((patched["version"].as_i64(), patched["settings"]["min_interval_seconds"].as_i64()), (Some(1), Some(9)));
        let stale = send(&app, "PUT", "/api/admin/settings", &admin, json!({"version": 0, "settings": {}})).await;
        assert_snapshot!(stale.line(), @r#"409 {"success":false,"message":"The settings were changed meanwhile. Load them again.","data":null,"code":"conflict","request_id":"test"}"#);
        for (settings, line) in [
            (json!({"site_nam": "x"}), "422 invalid site_nam"),
            (json!({"registration": "perhaps"}), "400 bad_request registration"),
            (json!({"outbound_allow": ["10.0.0.0/8"]}), "422 invalid outbound_allow"),
            (json!({"task_retention_days": 0}), "422 invalid task_retention_days"),
        ] {
            let reply = send(&app, "PATCH", "/api/admin/settings", &admin, json!({"version": 1, "settings": settings})).await;
            assert_eq!(format!("{} {} {}", reply.status.as_u16(), reply.code(), reply.json()["field"].as_str().unwrap_or_default()), line);
        }
        let put = send(&app, "PUT", "/api/admin/settings", &admin, json!({"version": 1, "settings": {"site_name": "一站"}})).await.data();
        assert_eq!((put["settings"]["site_name"].as_str(), put["settings"]["min_interval_seconds"].as_i64()), (Some("一站"), None));
    }

    async fn settings_count_at_once(t: TestService) {
        let (app, admin) = set_up(t).await;
        let alice = app.service.user("alice", 100).await;
        let key = app.key(&alice, &[Scope::TasksRead, Scope::TasksWrite]).await;
        let by_query = format!("/api/me?api_key={}", key.secret());
        assert_eq!(app.get(&by_query, &Credential::None).await.status.as_u16(), 200);
        let set = json!({"api_key_in_query": false, "min_interval_seconds": 30, "request_limit_per_minute": 3});
        send(&app, "PATCH", "/api/admin/settings", &admin, json!({"version": 0, "settings": set})).await.data();
        assert_eq!(app.get(&by_query, &Credential::None).await.code(), "unauthenticated");
        let feature = app.get("/api/features/1", &key).await;
        assert_eq!((feature.data()["min_interval_seconds"].as_i64(), feature.data()["default_interval_seconds"].as_i64()), (Some(30), Some(30)));
        assert_eq!((feature.header("ratelimit-limit"), feature.header("ratelimit-remaining")), ("3", "2"));
        let body = json!({"params": {"prompt": "x"}, "interval_seconds": 10});
        assert_eq!(app.post("/api/features/1/tasks", &key, body).await.code(), "interval_too_short");
    }

    async fn the_audit_log(t: TestService) {
        let (app, admin) = set_up(t).await;
        app.post("/api/admin/announcements", &admin, json!({"title": "=1+1"})).await.data();
        let page = app.get("/api/admin/audit?actor=root&action=announcement", &admin).await.data();
        let mut entry = page["items"][0].clone();
        for name in ["id", "actor_id"] {
            entry[name].take();
        }
        assert_snapshot!(entry, @r#"{"action":"announcement.create","actor_id":null,"actor_name":"root","address":"127.0.0.1","after":{"body":"","dismissible":true,"level":"info","title":"=1+1"},"before":null,"created_at":"2026-01-01T00:00:00.000Z","id":null,"target":"announcement:1"}"#);
        assert_eq!(app.get("/api/admin/audit?x=1", &admin).await.code(), "bad_request");
        let file = app.get("/api/admin/audit/export.csv?action=announcement", &admin).await;
        assert_eq!((file.header("content-type"), file.header("content-disposition")), ("text/csv; charset=utf-8", "attachment; filename=\"audit.csv\""));
        assert!(file.text.starts_with("\u{feff}id,created_at,actor_id,") && file.text.lines().count() == 2, "{}", file.text);
        let long = format!("/api/admin/audit/export.csv?target={}", "x".repeat(101));
        assert_eq!(app.get(&long, &admin).await.code(), "invalid");
    }

    async fn announcements(t: TestService) {
        let (app, admin) = set_up(t).await;
        let (_, alice) = app.session("alice", 0).await;
        let made = app.post("/api/admin/announcements", &admin, json!({"title": "维护", "body": "周日", "level": "warning", "ends_at": "2026-02-01T00:00:00Z"})).await;
        assert_eq!(made.status.as_u16(), 201);
        let id = made.data()["id"].as_i64().unwrap();
        let seen = app.get("/api/announcements", &alice).await;
        assert_snapshot!(seen.line(), @r#"200 {"success":true,"message":"","data":[{"id":1,"title":"维护","body":"周日","level":"warning","dismissible":true,"updated_at":"2026-01-01T00:00:00.000Z"}]}"#);
        let dismiss = format!("/api/announcements/{id}/dismiss");
        let gone = app.request("POST", &dismiss).by(&alice).header("sec-fetch-site", "same-origin").send().await;
        assert_snapshot!(gone.line(), @r#"200 {"success":true,"message":"","data":null}"#);
        assert_eq!(app.get("/api/announcements", &alice).await.data(), json!([]));
        let one = app.get(&format!("/api/admin/announcements/{id}"), &admin).await.data();
        assert_eq!((one["dismissals"].as_i64(), one["level"].as_str()), (Some(1), Some("warning")));
        let put = send(&app, "PUT", &format!("/api/admin/announcements/{id}"), &admin, json!({"title": "维护结束", "dismissible": false})).await.data();
        assert_eq!((put["level"].as_str(), put["dismissals"].as_i64()), (Some("info"), Some(0)));
        assert_eq!(app.request("POST", &dismiss).by(&alice).header("sec-fetch-site", "same-origin").send().await.code(), "conflict");
        for (body, line) in [
            (json!({"title": ""}), "422 invalid title"),
            (json!({"title": "x", "level": "loud"}), "400 bad_request level"),
            (json!({"title": "x", "starts_at": "2026-02-01T00:00:00Z", "ends_at": "2026-01-01T00:00:00Z"}), "422 invalid ends_at"),
        ] {
            let reply = app.post("/api/admin/announcements", &admin, body).await;
            assert_eq!(format!("{} {} {}", reply.status.as_u16(), reply.code(), reply.json()["field"].as_str().unwrap_or_default()), line);
        }
        assert_eq!(app.get("/api/admin/announcements", &admin).await.data()["total"], 1);
        assert_eq!(app.request("DELETE", &format!("/api/admin/announcements/{id}")).by(&admin).send().await.status.as_u16(), 200);
        for (method, path) in [("GET", "/api/admin/announcements/9"), ("DELETE", "/api/admin/announcements/9")] {
            assert_eq!(app.request(method, path).by(&admin).send().await.code(), "not_found");
        }
        assert_eq!(send(&app, "PUT", "/api/admin/announcements/9", &admin, json!({"title": "x"})).await.code(), "not_found");
    }
}
