//! Webhooks and their deliveries over HTTP.

use crate::harness::{App, Credential};
use insta::assert_snapshot;
use model::accounts::Scope;
use serde_json::{Value, json};
use service::db_test;
use service::testing::TestService;
use stand_in::StandIn;

const RUN: &str = r#"
rules:
  - { name: good, request: { url: '{{ channel.base_url }}/v1/generate', body: { kind: text, prompt: '{{ params.prompt }}' } }, result_path: $.result }
features:
  - { key: good, name: Good, platform: stand-in, rule: good, points: 1, form_schema: [{ key: prompt, type: text }] }
"#;

async fn set_up(t: TestService) -> (StandIn, App, Credential) {
    let upstream = StandIn::start().await;
    t.catalog(&upstream.url, RUN).await;
    let app = App::bare(t);
    let (_, session) = app.session("user", 100).await;
    (upstream, app, session)
}

/// What differs from run to run, made the same.
fn steady(mut value: Value) -> Value {
    match &mut value {
        Value::Object(fields) => {
            for (name, value) in fields.iter_mut() {
                let random =
                    ["secret", "message_id", "duration", "task_id"].contains(&name.as_str()) && value.is_string() || name == "duration";
                *value = if random { json!("…") } else { steady(value.take()) };
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = steady(item.take())),
        _ => {}
    }
    value
}

db_test! {
    async fn from_making_to_deleting(t: TestService) {
        let (receiver, app, session) = set_up(t).await;
        let url = format!("{}/hooks/a", receiver.url).replace("127.0.0.1", "localhost");
        let body = json!({"name": "results", "url": "https://example.com/hook", "all_tasks": true, "headers": {"X-Token": "hidden"}});
        let made = app.post("/api/webhooks", &session, body).await;
        assert_eq!(made.status.as_u16(), 201);
        assert_snapshot!(steady(made.data()), @r#"{"secret":"…","webhook":{"all_tasks":true,"created_at":"2026-01-01T00:00:00.000Z","disabled_reason":null,"enabled":true,"events":["task.succeeded","task.failed"],"failing_since":null,"header_names":["X-Token"],"id":1,"kind":"standard","language":"zh","name":"results","old_secret_until":null,"signed":true,"updated_at":"2026-01-01T00:00:00.000Z","url":"https://example.com/hook"}}"#);
        let list = app.get("/api/webhooks", &session).await;
        assert!(!list.text.contains("whsec_") && !list.text.contains("hidden"), "{}", list.text);
        assert_eq!(app.get("/api/webhooks/1", &session).await.data(), list.data()[0]);
        let patch = app.request("PATCH", "/api/webhooks/1").by(&session).json(json!({"name": "new", "events": ["task.cancelled"]})).send().await;
        assert_eq!((&patch.data()["name"], &patch.data()["events"]), (&json!("new"), &json!(["task.cancelled"])));
        let rotated = app.request("POST", "/api/webhooks/1/rotate-secret").by(&session).send().await.data();
        assert!(rotated["secret"].as_str().unwrap().starts_with("whsec_"));
        assert_eq!(rotated["webhook"]["old_secret_until"], "2026-01-02T00:00:00.000Z");

        for (body, field) in [
            (json!({"name": "", "url": url}), "name"),
            (json!({"name": "x", "url": "http://10.0.0.1/"}), "url"),
            (json!({"name": "x", "url": url, "events": []}), "events"),
            (json!({"name": "x", "url": url, "headers": {"Host": "x"}}), "headers"),
            (json!({"name": "x", "url": url, "signing_secret": "x"}), "signing_secret"),
        ] {
            let bad = app.post("/api/webhooks", &session, body).await;
            assert_eq!((bad.status.as_u16(), bad.json()["field"].as_str()), (422, Some(field)), "{}", bad.text);
        }
        let unknown = app.post("/api/webhooks", &session, json!({"name": "x", "url": url, "kind": "pigeon"})).await;
        assert_eq!(unknown.status.as_u16(), 400);
        let gone = app.request("DELETE", "/api/webhooks/1").by(&session).send().await;
        assert_snapshot!(gone.line(), @r#"200 {"success":true,"message":"","data":null}"#);
        for (method, path) in [("GET", "/api/webhooks/1"), ("DELETE", "/api/webhooks/1"), ("POST", "/api/webhooks/1/test"), ("POST", "/api/webhooks/1/rotate-secret"),
            ("GET", "/api/webhooks/1/deliveries"), ("GET", "/api/webhooks/deliveries/1"), ("POST", "/api/webhooks/deliveries/1/resend")] {
            assert_eq!(app.request(method, path).by(&session).send().await.code(), "not_found", "{method} {path}");
        }
        let robot = app.post("/api/webhooks", &session, json!({"name": "r", "kind": "wecom", "url": "https://example.com/r"})).await.data();
        assert_eq!(robot["secret"], Value::Null);
        let path = format!("/api/webhooks/{}/rotate-secret", robot["webhook"]["id"]);
        assert_eq!(app.request("POST", &path).by(&session).send().await.code(), "conflict");
    }

    async fn deliveries_are_seen_and_sent_again(t: TestService) {
        let (receiver, app, session) = set_up(t).await;
        let hook = app.post("/api/webhooks", &session, json!({"name": "a", "url": format!("{}/hooks/a?fail_first=1", receiver.url)})).await.data();
        let id = hook["webhook"]["id"].as_i64().unwrap();
        let path = format!("/api/features/{}/tasks", app.service.feature("good"));
        let foreign = app.post(&path, &session, json!({"params": {"prompt": "x"}, "webhook_ids": [999]})).await;
        assert_eq!((foreign.status.as_u16(), foreign.json()["field"].as_str()), (422, Some("webhook_ids")), "{}", foreign.text);
        let task = app.post(&path, &session, json!({"params": {"prompt": "x"}, "webhook_ids": [id]})).await.data()["id"].clone();
        assert_eq!(app.get(&format!("/api/tasks/{task}"), &session).await.data()["webhook_ids"], json!([id]));
        app.service.drain().await;
        service::webhooks::drain(&app.service).await.unwrap();
        let page = app.get(&format!("/api/webhooks/{id}/deliveries"), &session).await.data();
        assert_snapshot!(steady(page.clone()), @r#"{"items":[{"attempts":1,"created_at":"2026-01-01T00:00:00.000Z","error":"The receiver answered with status 503.","event":"task.succeeded","finished_at":null,"id":1,"message_id":"…","next_attempt_at":"2026-01-01T00:00:05.000Z","status":"pending","status_code":503,"task_id":1,"webhook_id":1}],"page":1,"page_size":20,"total":1}"#);
        assert_eq!(app.get(&format!("/api/webhooks/{id}/deliveries?status=failed"), &session).await.data()["total"], 0);
        let delivery = page["items"][0]["id"].as_i64().unwrap();
        let again = app.request("POST", &format!("/api/webhooks/deliveries/{delivery}/resend")).by(&session).send().await;
        assert_eq!(again.data()["status"], "pending");
        service::webhooks::drain(&app.service).await.unwrap();
        let detail = app.get(&format!("/api/webhooks/deliveries/{delivery}"), &session).await.data();
        assert_eq!((&detail["delivery"]["status"], &detail["delivery"]["attempts"]), (&json!("delivered"), &json!(2)));
        assert_snapshot!(steady(detail["attempts"].clone()), @r#"[{"attempt_no":2,"created_at":"2026-01-01T00:00:00.000Z","duration":"…","error":"","response":"{\"code\":0,\"errcode\":0,\"errmsg\":\"ok\"}","status_code":200},{"attempt_no":1,"created_at":"2026-01-01T00:00:00.000Z","duration":"…","error":"The receiver answered with status 503.","response":"{\"error\":\"failing as asked (503)\"}","status_code":503}]"#);
        assert_eq!(detail["body"]["type"], "task.succeeded");
        let (_, stranger) = app.session("stranger", 0).await;
        assert_eq!(app.get(&format!("/api/webhooks/deliveries/{delivery}"), &stranger).await.code(), "not_found");

        let test = app.request("POST", &format!("/api/webhooks/{id}/test")).by(&session).send().await.data();
        assert_eq!((&test["delivery"]["status"], &test["delivery"]["event"]), (&json!("delivered"), &json!("webhook.test")));
        let off = app.request("PATCH", &format!("/api/webhooks/{id}")).by(&session).json(json!({"enabled": false})).send().await;
        assert_eq!(off.status.as_u16(), 200);
        assert_eq!(app.request("POST", &format!("/api/webhooks/deliveries/{delivery}/resend")).by(&session).send().await.code(), "conflict");

        let admin = app.service.admin("root").await;
        let key = app.key(&admin, &[Scope::Admin]).await;
        let all = app.get("/api/admin/webhook-deliveries?status=delivered", &key).await.data();
        assert_eq!((&all["total"], &all["items"][0]["username"], &all["items"][0]["host"]), (&json!(2), &json!("user"), &json!("127.0.0.1")));
        assert_eq!(app.get("/api/admin/webhook-deliveries", &session).await.code(), "forbidden");
    }
}
