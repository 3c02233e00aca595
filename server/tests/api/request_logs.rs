//! The record of requests over HTTP: what is in it, its names, deleting and the file.

use crate::harness::{App, Credential};
use insta::assert_snapshot;
use model::accounts::Scope;
use serde_json::{Value, json};
use service::db_test;
use service::testing::TestService;

async fn set_up(t: TestService) -> (App, Credential) {
    let app = App::new(t).await;
    let user = app.service.user("user", 100).await;
    let key = app.key(&user, &[Scope::TasksRead, Scope::TasksWrite]).await;
    (app, key)
}

/// Requests to the endpoints of tasks: a good one, two refused, a list.
async fn call(app: &App, key: &Credential) {
    let submit = format!("/api/features/{}/tasks", app.service.feature("song"));
    app.post(&submit, key, json!({"params": {"prompt": "rain"}, "headers": {"X-Api-Key": "abcdef"}})).await;
    app.post(&submit, key, json!({"params": {}})).await;
    app.request("POST", &submit).by(key).raw("text/plain", "x").send().await;
    app.get("/api/tasks?page_size=5&access_token=x", key).await;
    // Neither of these concerns a task.
    app.get("/api/me", key).await;
    app.get("/api/features", key).await;
    app.service.recorder.flush().await;
}

fn still(mut log: Value) -> Value {
    log["duration"] = json!(0);
    log
}

db_test! {
    async fn requests_about_tasks_are_recorded(t: TestService) {
        let (app, key) = set_up(t).await;
        call(&app, &key).await;
        let page = app.get("/api/logs", &key).await.data();
        assert_eq!((page["total"].as_i64(), page["page"].as_i64(), page["page_size"].as_i64()), (Some(4), Some(1), Some(20)));
        let statuses: Vec<_> = page["items"].as_array().unwrap().iter().map(|log| log["status_code"].as_i64().unwrap()).collect();
        assert_eq!(statuses, [400, 415, 422, 201], "newest first");
        assert_snapshot!(still(page["items"][3].clone()), @r#"{"call_id":"","consume_points":30,"created_at":"2026-01-01T00:00:00.000Z","duration":0,"error":"","id":1,"key_id":1,"method":"POST","path":"/api/features/1/tasks","remote_addr":"127.0.0.1","request_id":"test","rule_id":1,"rule_name":"r","status_code":201,"user_id":1}"#);
        let one = |n: usize| {
            let path = format!("/api/logs/{}", page["items"][n]["id"]);
            let (app, key) = (&app, &key);
            async move { still(app.get(&path, key).await.data()) }
        };
        let submitted = one(3).await;
        assert_eq!(submitted["request_body"], r#"{"headers":{"X-Api-Key":"***"},"params":{"prompt":"rain"}}"#);
        assert!(submitted["response_body"].as_str().unwrap().starts_with(r#"{"success":true,"message":"","data":{"id":1,"#));
        assert_snapshot!(one(2).await, @r#"{"call_id":"","consume_points":0,"created_at":"2026-01-01T00:00:00.000Z","duration":0,"error":"`prompt` is required.","id":2,"key_id":1,"method":"POST","path":"/api/features/1/tasks","raw_query":"","remote_addr":"127.0.0.1","request_body":"{\"params\":{}}","request_id":"test","response_body":"{\"success\":false,\"message\":\"`prompt` is required.\",\"data\":null,\"code\":\"missing_parameter\",\"request_id\":\"test\",\"field\":\"prompt\"}","rule_id":null,"rule_name":"","status_code":422,"user_id":1}"#);
        assert_eq!(one(0).await["raw_query"], "page_size=5&access_token=***");
    }

    async fn a_run_that_begins_again_says_what_it_holds(t: TestService) {
        let (app, key) = set_up(t).await;
        let submit = format!("/api/features/{}/tasks", app.service.feature("song"));
        let id = app.post(&submit, &key, json!({"params": {"prompt": "rain"}})).await.data()["id"].clone();
        app.request("POST", &format!("/api/tasks/{id}/cancel")).by(&key).send().await.data();
        app.request("POST", &format!("/api/tasks/{id}/retry")).by(&key).send().await.data();
        app.service.recorder.flush().await;
        assert_eq!(app.get("/api/logs?request_id=test", &key).await.data()["total"], 3);
        assert_eq!(app.get("/api/logs?request_id=other", &key).await.data()["total"], 0);
        let page = app.get(&format!("/api/logs?request_id=test&path=/api/tasks/{id}/retry"), &key).await.data();
        let log = &page["items"][0];
        assert_eq!((page["total"].as_i64(), log["request_id"].as_str()), (Some(1), Some("test")));
        assert_eq!((log["rule_name"].as_str(), log["consume_points"].as_i64()), (Some("r"), Some(30)));
    }

    async fn filters_come_from_the_address(t: TestService) {
        let (app, key) = set_up(t).await;
        call(&app, &key).await;
        for (filter, count) in [
            ("status=4xx", 3),
            ("status=2xx&method=POST", 1),
            ("method=GET", 1),
            ("path=/api/tasks", 1),
            ("path=/api/feat*", 3),
            ("remote_addr=127.0.0.1", 4),
            ("remote_addr=10.0.0.1", 0),
            ("key_id=1", 4),
            ("rule_id=1", 1),
            ("start=2026-01-01T00:00:01Z", 0),
            ("end=2026-01-01T00:00:01Z&status=&path=", 4),
        ] {
            let page = app.get(&format!("/api/logs?{filter}"), &key).await.data();
            assert_eq!(page["items"].as_array().unwrap().len(), count, "{filter}");
        }
        assert_snapshot!(app.get("/api/logs?status=9xx", &key).await.line(), @r#"400 {"success":false,"message":"`status` must be one of `2xx`, `3xx`, `4xx`, `5xx`, not the text \"9xx\".","data":null,"code":"bad_request","request_id":"test","field":"status"}"#);
        assert_snapshot!(app.get("/api/logs?page=501", &key).await.line(), @r#"422 {"success":false,"message":"Pages reach 10000 rows. Narrow the filters, or export them.","data":null,"code":"invalid","request_id":"test","field":"page"}"#);
        assert_snapshot!(app.get("/api/logs?user_id=99", &key).await.line(), @r#"422 {"success":false,"message":"Only an administrator can choose a user.","data":null,"code":"invalid","request_id":"test","field":"user_id"}"#);
    }

    async fn foreign_records_are_not_there(t: TestService) {
        let (app, key) = set_up(t).await;
        call(&app, &key).await;
        let other = app.service.user("other", 0).await;
        let theirs = app.key(&other, &[Scope::TasksRead, Scope::TasksWrite]).await;
        let id = app.get("/api/logs", &key).await.data()["items"][0]["id"].as_i64().unwrap();
        assert_snapshot!(app.get(&format!("/api/logs/{id}"), &theirs).await.line(), @r#"404 {"success":false,"message":"There is no such log.","data":null,"code":"not_found","request_id":"test"}"#);
        assert_eq!(app.post("/api/logs/batch-delete", &theirs, json!({"ids": [id]})).await.data(), json!({"deleted": 0}));
        let admin = app.service.admin("root").await;
        let admin = app.key(&admin, &[Scope::Admin, Scope::TasksRead]).await;
        assert_eq!(app.get(&format!("/api/logs/{id}"), &admin).await.code(), "not_found");
        assert_eq!(app.get(&format!("/api/admin/logs/{id}"), &admin).await.data()["id"], id);
        assert_eq!(app.get("/api/admin/logs?status=4xx", &admin).await.data()["total"], 3);
        assert_eq!(app.get("/api/admin/logs/999999", &admin).await.code(), "not_found");
        assert_eq!(app.post("/api/logs/batch-delete", &key, json!({"ids": [id, 999_999]})).await.data(), json!({"deleted": 1}));
        assert_eq!(app.get("/api/logs", &key).await.data()["total"], 3);
        assert_snapshot!(app.post("/api/logs/batch-delete", &key, json!({"ids": []})).await.line(), @r#"422 {"success":false,"message":"Give 1 to 1000 numbers.","data":null,"code":"invalid","request_id":"test","field":"ids"}"#);
    }

    async fn the_file_has_everything(t: TestService) {
        let (app, key) = set_up(t).await;
        call(&app, &key).await;
        let file = app.get("/api/logs/export.csv?status=4xx", &key).await;
        assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
        assert_eq!(file.header("content-disposition"), "attachment; filename=\"request-logs.csv\"");
        assert!(file.text.starts_with("\u{feff}id,created_at,"));
        assert_eq!(file.text.lines().count(), 4);
        assert_eq!(app.get("/api/logs/export.csv?path=%00", &key).await.code(), "invalid");
    }
}
