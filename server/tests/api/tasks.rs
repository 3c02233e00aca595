//! Tasks: their JSON names, idempotent submission, and what can be done with them.

use crate::harness::{App, Credential, Reply};
use insta::assert_snapshot;
use model::accounts::Scope;
use serde_json::{Value, json};
use service::db_test;
use service::testing::TestService;
use stand_in::StandIn;

const RUN: &str = r#"
rules:
  - { name: good, request: { url: '{{ channel.base_url }}/v1/generate', body: { kind: text, prompt: '{{ params.prompt }}' } }, result_path: $.result }
  - { name: bad, request: { url: '{{ channel.base_url }}/v1/generate?status=500', body: {} }, error_path: $.error, max_retries: 1 }
features:
  - { key: good, name: Good, category: text, platform: stand-in, rule: good, points: 10, form_schema: [{ key: prompt, type: text }],
      result_fields: [{ label: Text, path: $.text }] }
  - { key: bad, name: Bad, platform: stand-in, rule: bad, points: 10, form_schema: [{ key: prompt, type: text }] }
"#;

/// Status and body with the random public id made the same in every run.
fn line(reply: &Reply) -> String {
    let text = reply.line();
    match text.find("\"task_id\":\"task_") {
        Some(at) => format!("{}task_ID{}", &text[..at + 11], &text[at + 11 + 37..]),
        None => text,
    }
}

async fn set_up(t: TestService) -> (App, Credential) {
    let app = App::new(t).await;
    let user = app.service.user("user", 100).await;
    let key = app.key(&user, &[Scope::TasksRead, Scope::TasksWrite]).await;
    (app, key)
}

fn url(app: &App) -> String {
    format!("/api/features/{}/tasks", app.service.feature("song"))
}

db_test! {
    async fn names_of_a_task_and_its_attempts(t: TestService) {
        let upstream = StandIn::start().await;
        t.catalog(&upstream.url, RUN).await;
        let app = App::bare(t);
        let user = app.service.user("user", 100).await;
        let key = app.key(&user, &[Scope::TasksRead, Scope::TasksWrite]).await;

        let body = json!({"params": {"prompt": "rain"}, "name": "first", "headers": {"X-Trace": "1"}, "priority": "urgent"});
        let new = app.post(&format!("/api/features/{}/tasks", app.service.feature("good")), &key, body).await;
        let id = new.data()["id"].as_i64().unwrap();
        assert_eq!(new.header("location"), format!("/api/tasks/{id}"));
        assert_snapshot!(line(&new), @r#"201 {"success":true,"message":"","data":{"id":1,"task_id":"task_ID","seq":1,"name":"first","category":"text","feature_id":1,"feature_name":"Good","rule_id":1,"status":"queued","retry_count":0,"max_retries":3,"interval_seconds":5,"priority":"urgent","progress":0,"points":10,"error":"","created_at":"2026-01-01T00:00:00.000Z","updated_at":"2026-01-01T00:00:00.000Z","started_at":null,"finished_at":null}}"#);

        app.service.drain().await;
        let done = app.get(&format!("/api/tasks/{id}"), &key).await;
        assert_snapshot!(line(&done), @r#"200 {"success":true,"message":"","data":{"id":1,"task_id":"task_ID","seq":1,"name":"first","category":"text","feature_id":1,"feature_name":"Good","rule_id":1,"status":"succeeded","retry_count":0,"max_retries":3,"interval_seconds":5,"priority":"urgent","progress":100,"points":10,"payload":{"prompt":"rain"},"headers":{"X-Trace":"1"},"response":{"characters":4,"model":"stand-in-text-1","text":"按照提示，结果如下：rain。"},"results":[{"label":"Text","path":"$.text","value":"按照提示，结果如下：rain。"}],"webhook_ids":[],"error":"","created_at":"2026-01-01T00:00:00.000Z","updated_at":"2026-01-01T00:00:00.000Z","started_at":"2026-01-01T00:00:00.000Z","finished_at":"2026-01-01T00:00:00.000Z"}}"#);
        let list = app.get("/api/tasks?page_size=1", &key).await;
        assert_snapshot!(line(&list), @r#"200 {"success":true,"message":"","data":{"items":[{"id":1,"task_id":"task_ID","seq":1,"name":"first","category":"text","feature_id":1,"feature_name":"Good","rule_id":1,"status":"succeeded","retry_count":0,"max_retries":3,"interval_seconds":5,"priority":"urgent","progress":100,"points":10,"error":"","created_at":"2026-01-01T00:00:00.000Z","updated_at":"2026-01-01T00:00:00.000Z","started_at":"2026-01-01T00:00:00.000Z","finished_at":"2026-01-01T00:00:00.000Z"}],"total":1,"page":1,"page_size":1}}"#);

        let failing = app.service.submit(&user, "bad", "x").await;
        app.service.advance(0).await;
        let attempts = app.get(&format!("/api/tasks/{}/attempts", failing.id), &key).await;
        let mut data = attempts.data();
        // The only value that the standing clock does not settle.
        data["items"][0]["duration"] = json!(0);
        assert_snapshot!(data, @r#"{"items":[{"attempt_no":1,"created_at":"2026-01-01T00:00:00.000Z","duration":0,"error":"failing as asked (500)","response":{"error":"failing as asked (500)"},"status_code":500}],"page":1,"page_size":20,"total":1}"#);
    }

    async fn the_same_key_submits_once(t: TestService) {
        let (app, key) = set_up(t).await;
        let url = url(&app);
        let send = |idempotency: &str, body: Value| {
            let call = app.request("POST", &url).by(&key).header("idempotency-key", idempotency).json(body);
            async { call.send().await }
        };
        let first = send("k1", json!({"params": {"prompt": "rain"}})).await;
        assert_eq!((first.status.as_u16(), first.header("idempotent-replayed")), (201, ""));
        // The same request written differently is still the same.
        let again = send("k1", json!({"priority": "normal", "params": {"prompt": "rain"}})).await;
        assert_eq!((again.status.as_u16(), again.header("idempotent-replayed")), (201, "true"));
        assert_eq!((again.text.as_str(), again.header("location")), (first.text.as_str(), first.header("location")));
        let other = send("k1", json!({"params": {"prompt": "snow"}})).await;
        assert_snapshot!(other.line(), @r#"422 {"success":false,"message":"This Idempotency-Key was used with another request.","data":null,"code":"idempotency_mismatch","request_id":"test","field":"Idempotency-Key"}"#);
        assert_eq!(send("k2", json!({"params": {"prompt": "snow"}})).await.status.as_u16(), 201);
        // A refused request leaves its key free.
        assert_eq!(send("k3", json!({"params": {}})).await.status.as_u16(), 422);
        assert_eq!(send("k3", json!({"params": {"prompt": "hail"}})).await.status.as_u16(), 201);
        assert_eq!(app.get("/api/tasks", &key).await.data()["total"], 3);
        assert_eq!(app.get("/api/me", &key).await.data()["balance"], json!({"available": 10, "held": 90}));
        // Keys belong to their user.
        let other = app.service.user("other", 100).await;
        let theirs = app.key(&other, &[Scope::TasksWrite]).await;
        let reply = app.request("POST", &url).by(&theirs).header("idempotency-key", "k1").json(json!({"params": {"prompt": "rain"}})).send().await;
        assert_eq!((reply.status.as_u16(), reply.header("idempotent-replayed")), (201, ""));
        app.service.assert_healthy().await;
    }

    async fn many_at_once_with_one_key_are_one(t: TestService) {
        let (app, key) = set_up(t).await;
        let url = url(&app);
        let calls = (0..20).map(|_| app.request("POST", &url).by(&key).header("idempotency-key", "k").json(json!({"params": {"prompt": "rain"}})).send());
        let replies = futures::future::join_all(calls).await;
        let made = replies.iter().filter(|reply| reply.status.as_u16() == 201 && reply.header("idempotent-replayed").is_empty()).count();
        assert_eq!(made, 1);
        assert!(replies.iter().all(|reply| reply.status.as_u16() == 201 || reply.code() == "idempotency_in_flight"));
        assert_eq!(app.get("/api/tasks", &key).await.data()["total"], 1);
    }

    async fn edit_cancel_retry_delete(t: TestService) {
        let (app, key) = set_up(t).await;
        let id = app.post(&url(&app), &key, json!({"params": {"prompt": "rain"}})).await.data()["id"].as_i64().unwrap();
        let one = format!("/api/tasks/{id}");
        let edited = app.request("PATCH", &one).by(&key).json(json!({"name": "new", "max_retries": 0})).send().await.data();
        assert_eq!((&edited["name"], &edited["max_retries"]), (&json!("new"), &json!(0)));
        let wrong = app.request("PATCH", &one).by(&key).json(json!({"max_retries": 9})).send().await;
        assert_eq!(wrong.code(), "too_many_retries");
        let wrong = app.request("PATCH", &one).by(&key).json(json!({"status": "succeeded"})).send().await;
        assert_eq!((wrong.status.as_u16(), wrong.json()["field"].as_str()), (400, Some("status")));
        assert_eq!(app.request("DELETE", &one).by(&key).send().await.code(), "conflict");
        assert_eq!(app.request("POST", &format!("{one}/cancel")).by(&key).send().await.data()["status"], "cancelled");
        assert_eq!(app.get("/api/me", &key).await.data()["balance"], json!({"available": 100, "held": 0}));
        assert_eq!(app.request("POST", &format!("{one}/cancel")).by(&key).send().await.code(), "conflict");
        assert_eq!(app.request("POST", &format!("{one}/retry")).by(&key).send().await.data()["status"], "queued");
        let batch = app.post("/api/tasks/batch", &key, json!({"action": "cancel", "ids": [id, 999]})).await.data();
        assert_eq!((&batch[0]["success"], &batch[1]["success"], &batch[1]["error"]["code"]), (&json!(true), &json!(false), &json!("not_found")));
        let gone = app.request("DELETE", &one).by(&key).send().await;
        assert_snapshot!(gone.line(), @r#"200 {"success":true,"message":"","data":null}"#);
        assert_eq!(app.get(&one, &key).await.status.as_u16(), 404);
        app.service.assert_healthy().await;
    }

    async fn a_key_that_may_only_write_gets_its_answers(t: TestService) {
        let app = App::new(t).await;
        let user = app.service.user("user", 100).await;
        let key = app.key(&user, &[Scope::TasksWrite]).await;
        let id = app.post(&url(&app), &key, json!({"params": {"prompt": "rain"}})).await.data()["id"].as_i64().unwrap();
        let edited = app.request("PATCH", &format!("/api/tasks/{id}")).by(&key).json(json!({"name": "new"})).send().await;
        assert_eq!(edited.data()["name"], "new");
        for (action, status) in [("cancel", "cancelled"), ("retry", "queued")] {
            let reply = app.request("POST", &format!("/api/tasks/{id}/{action}")).by(&key).send().await;
            assert_eq!(reply.data()["status"], status, "done, so it must not be answered with 403");
        }
        assert_eq!(app.get(&format!("/api/tasks/{id}"), &key).await.code(), "forbidden");
    }

    async fn lists_are_filtered_and_paged(t: TestService) {
        let (app, key) = set_up(t).await;
        for name in ["a", "b", "c"] {
            app.post(&url(&app), &key, json!({"params": {"prompt": name}, "name": name})).await.data();
        }
        let names = |reply: Reply| -> Vec<String> {
            reply.data()["items"].as_array().unwrap().iter().map(|task| task["name"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names(app.get("/api/tasks?sort=name&order=asc&page_size=2", &key).await), ["a", "b"]);
        assert_eq!(names(app.get("/api/tasks?sort=name&order=asc&page_size=2&page=2", &key).await), ["c"]);
        assert_eq!(names(app.get("/api/tasks?q=b&status=queued&category=music", &key).await), ["b"]);
        assert!(names(app.get("/api/tasks?status=failed", &key).await).is_empty());
        // Forms send their empty fields.
        assert_eq!(names(app.get("/api/tasks?status=&q=&category=&start=&feature_id=", &key).await).len(), 3);
    }
}
