//! The task centre, compared with the JSON of document 001 field by field.

use crate::harness::{App, Credential, Reply};
use insta::assert_snapshot;
use model::accounts::Scope;
use serde_json::{Value, json};
use service::db_test;
use stand_in::StandIn;

const RUN: &str = r#"
rules:
  - { name: good, request: { url: '{{ channel.base_url }}/v1/generate', body: { kind: text, prompt: '{{ params.prompt }}' } }, result_path: $.result }
features:
  - { key: good, name: Good, platform: stand-in, action: Music, rule: good, points: 1000, form_schema: [{ key: prompt, type: text }] }
"#;

/// The success answer that the document prints for `GET /api/task/self`, and of the same kind for `GET /api/task/`.
const OWN: &str = r#"{"success": true, "message": "", "data": {"items": [{"id": 1, "created_at": 1640908800, "updated_at": 1640909000,
    "task_id": "task123456", "platform": "suno", "user_id": 1, "quota": 1000, "action": "song", "status": "SUCCESS", "fail_reason": "",
    "submit_time": 1640908800, "start_time": 1640908900, "finish_time": 1640909000, "progress": "100%", "properties": {}, "data": {}}],
    "total": 25, "page": 1, "page_size": 20}}"#;
const ALL: &str = r#"{"success": true, "message": "", "data": {"items": [{"id": 1, "created_at": 1640908800, "task_id": "task123456",
    "platform": "suno", "user_id": 1, "channel_id": 1, "quota": 1000, "action": "song", "status": "SUCCESS", "submit_time": 1640908800,
    "finish_time": 1640909000, "progress": "100%", "data": {}}], "total": 100, "page": 1, "page_size": 20}}"#;

/// Every field of the document is there, with a value of the same type.
fn conforms(place: &str, document: &Value, ours: &Value) {
    match (document, ours) {
        (Value::Object(wanted), Value::Object(found)) => {
            for (name, value) in wanted {
                let field = found.get(name).unwrap_or_else(|| panic!("{place}.{name} is missing"));
                conforms(&format!("{place}.{name}"), value, field);
            }
        }
        (Value::Array(wanted), Value::Array(found)) => {
            assert!(!found.is_empty(), "{place} is empty");
            found.iter().for_each(|item| conforms(place, &wanted[0], item));
        }
        (Value::Number(wanted), Value::Number(found)) => assert!(wanted.is_i64() && found.is_i64(), "{place}: {found}"),
        (wanted, found) => assert_eq!(std::mem::discriminant(wanted), std::mem::discriminant(found), "{place}: {found}"),
    }
}

/// Status and body with the random public id made the same in every run.
fn line(reply: &Reply) -> String {
    let text = reply.line();
    match text.find("\"task_id\":\"task_") {
        Some(at) => format!("{}task_ID{}", &text[..at + 11], &text[at + 11 + 37..]),
        None => text,
    }
}

db_test! {
    async fn it_answers_as_the_document_prints_it(t: TestService) {
        let upstream = StandIn::start().await;
        t.catalog(&upstream.url, RUN).await;
        let app = App::bare(t);
        let user = app.service.user("user", 5000).await;
        let admin = app.service.admin("root").await;
        let key = app.key(&user, &[Scope::TasksRead, Scope::TasksWrite]).await;
        let admin_key = app.key(&admin, &[Scope::TasksRead, Scope::Admin]).await;
        app.service.submit(&user, "good", "rain").await;
        app.service.clock.advance(100_000);
        app.service.drain().await;

        let own = app.get("/api/task/self?p=1&page_size=20&platform=stand-in&status=SUCCESS&action=song&start_timestamp=1640908800&end_timestamp=4102444800", &key).await;
        assert_snapshot!(line(&own), @r#"200 {"success":true,"message":"","data":{"items":[{"id":1,"created_at":1767225600,"updated_at":1767225700,"task_id":"task_ID","platform":"stand-in","user_id":1,"channel_id":0,"quota":1000,"action":"song","status":"SUCCESS","fail_reason":"","submit_time":1767225600,"start_time":1767225700,"finish_time":1767225700,"progress":"100%","properties":{"input":"rain"},"data":{"characters":4,"model":"stand-in-text-1","text":"按照提示，结果如下：rain。"}}],"total":1,"page":1,"page_size":20}}"#);
        conforms("self", &serde_json::from_str(OWN).unwrap(), &own.json());
        let all = app.get("/api/task/?p=1&page_size=20&channel_id=1&platform=stand-in&status=SUCCESS&action=song", &admin_key).await;
        conforms("all", &serde_json::from_str(ALL).unwrap(), &all.json());
        assert_eq!((&all.data()["items"][0]["channel_id"], &all.data()["items"][0]["username"]), (&json!(1), &json!("user")));

        // Both spellings of both addresses, and the token as callers of the document send it.
        assert_eq!(app.get("/api/task/self/", &key).await.data(), app.get("/api/task/self", &key).await.data());
        assert_eq!(app.get("/api/task", &admin_key).await.data(), app.get("/api/task/", &admin_key).await.data());
        for token in [key.secret().to_owned(), format!("Bearer {}", key.secret())] {
            let call = app.request("GET", "/api/task/self").header("authorization", &token);
            assert_eq!(call.header("new-api-user", &user.user_id.to_string()).send().await.status, 200);
        }
    }

    async fn what_is_wrong_is_said(t: TestService) {
        let app = App::new(t).await;
        let user = app.service.user("user", 100).await;
        let key = app.key(&user, &[Scope::TasksRead]).await;
        let writes_only = app.key(&user, &[Scope::TasksWrite]).await;
        let mut lines = Vec::new();
        for query in ["p=x", "status=DONE", "start_timestamp=yesterday", "task_id=%00"] {
            lines.push(format!("{query}: {}", app.get(&format!("/api/task/self?{query}"), &key).await.line()));
        }
        lines.push(format!("stranger: {}", app.get("/api/task/self", &Credential::None).await.line()));
        lines.push(format!("scope: {}", app.get("/api/task/self", &writes_only).await.line()));
        lines.push(format!("no administrator: {}", app.get("/api/task/", &key).await.line()));
        let other = app.request("GET", "/api/task/self").by(&key).header("new-api-user", "999").send().await;
        lines.push(format!("another user: {}", other.line()));
        assert_snapshot!(lines.join("\n"), @r#"
        p=x: 400 {"success":false,"message":"`p` must be a number, not the text \"x\".","data":null,"code":"bad_request","request_id":"test","field":"p"}
        status=DONE: 422 {"success":false,"message":"`status` must be one of NOT_START, SUBMITTED, QUEUED, IN_PROGRESS, FAILURE, SUCCESS, UNKNOWN.","data":null,"code":"invalid","request_id":"test","field":"status"}
        start_timestamp=yesterday: 400 {"success":false,"message":"`start_timestamp` must be a number, not the text \"yesterday\".","data":null,"code":"bad_request","request_id":"test","field":"start_timestamp"}
        task_id=%00: 200 {"success":true,"message":"","data":{"items":[],"total":0,"page":1,"page_size":20}}
        stranger: 401 {"success":false,"message":"Log in, or send an API key in the header X-API-Key or as a bearer token.","data":null,"code":"unauthenticated","request_id":"test"}
        scope: 403 {"success":false,"message":"This API key does not have the scope `tasks:read`.","data":null,"code":"forbidden","request_id":"test"}
        no administrator: 403 {"success":false,"message":"Only an administrator may do this.","data":null,"code":"forbidden","request_id":"test"}
        another user: 401 {"success":false,"message":"The header New-Api-User does not name the owner of this credential. Leave it out.","data":null,"code":"unauthenticated","request_id":"test","field":"New-Api-User"}
        "#);
    }
}
