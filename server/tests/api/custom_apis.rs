//! Custom APIs: the list, calls as programs make them, and the administration of both.

use crate::harness::{App, Credential, Reply};
use insta::assert_snapshot;
use model::accounts::Scope;
use model::custom_apis::RESERVED;
use serde_json::{Value, json};
use server::router::ROUTES;
use service::db_test;
use service::testing::TestService;
use stand_in::StandIn;

const CATALOG: &str = r#"
rules:
  - { name: good, request: { url: '{{ channel.base_url }}/v1/generate', body: { kind: text, prompt: '{{ params.prompt }}', behaviour: '{{ params.behaviour }}' } },
      answer_statuses: { '418': 410 } }
  - { name: file, request: { method: GET, url: '{{ channel.base_url }}/files/sample.wav' } }
custom_apis:
  - { key: text, name: Text, description: Writes., path: /api/text, platform: stand-in, rule: good, points_cost: 5,
      form_schema: [{ key: prompt, label: Prompt, type: text, required: true, example: rain }, { key: behaviour, type: json }] }
  - { key: look, name: Look, method: GET, path: '/api/look/{prompt}', platform: stand-in, rule: good, points_cost: 2, form_schema: [{ key: prompt, required: true }] }
  - { key: file, name: File, method: GET, path: /api/file, platform: stand-in, rule: file }
  - { key: hidden, name: Hidden, path: /api/hidden, platform: stand-in, rule: good, visible: false, form_schema: [{ key: prompt }] }
"#;

async fn set_up(t: TestService) -> (StandIn, App, Credential) {
    let upstream = StandIn::start().await;
    t.catalog(&upstream.url, CATALOG).await;
    let app = App::bare(t);
    let user = app.service.user("user", 100).await;
    let key = app.key(&user, &[Scope::TasksRead, Scope::TasksWrite]).await;
    (upstream, app, key)
}

async fn points(app: &App, key: &Credential) -> Value {
    app.service.custom_apis.settled().await;
    app.get("/api/me", key).await.data()["balance"].clone()
}

/// The latest record, with what changes from run to run made the same.
async fn latest(app: &App, key: &Credential) -> Value {
    app.service.recorder.flush().await;
    let id = app.get("/api/logs?page_size=1", key).await.data()["items"][0]["id"].as_i64().unwrap();
    let mut log = app.get(&format!("/api/logs/{id}"), key).await.data();
    log["duration"] = json!(0);
    if log["call_id"] != "" {
        log["call_id"] = json!("CALL");
    }
    log
}

fn line(reply: &Reply) -> String {
    format!("{} points={} {}", reply.status.as_u16(), reply.header("x-points-charged"), reply.text)
}

/// What is built in cannot be taken by an operator.
#[test]
fn every_route_of_ours_is_reserved() {
    for route in ROUTES {
        let Some(first) = route.path.strip_prefix("/api/").and_then(|rest| rest.split('/').next()) else { continue };
        assert!(RESERVED.contains(&first), "{first} is missing in RESERVED");
    }
}

db_test! {
    async fn names_of_the_list(t: TestService) {
        let (_upstream, app, key) = set_up(t).await;
        let list = app.get("/api/custom-apis", &key).await;
        assert_eq!(list.data().as_array().unwrap().len(), 3);
        assert_snapshot!(list.data()[0], @r#"{"description":"Writes.","form_schema":[{"example":"rain","key":"prompt","label":"Prompt","required":true,"type":"text"},{"key":"behaviour","label":"","required":false,"type":"json"}],"id":1,"method":"POST","name":"Text","path":"/api/text","points_cost":5}"#);
    }

    async fn an_answer_is_passed_on_and_recorded(t: TestService) {
        let (_upstream, app, key) = set_up(t).await;
        let good = app.request("POST", "/api/text").by(&key).json(json!({"prompt": "rain"})).send().await;
        assert_eq!((good.status.as_u16(), good.header("content-type"), good.header("x-points-charged")), (200, "application/json", "5"));
        assert_eq!(good.json()["status"], "ok");
        assert!(good.header("content-security-policy").contains("sandbox"));
        assert_eq!(points(&app, &key).await, json!({"available": 95, "held": 0}));
        let log = latest(&app, &key).await;
        assert_eq!(log["response_body"].as_str().unwrap(), good.text);
        assert_snapshot!(json!({"log": {"request_body": log["request_body"], "path": log["path"], "rule_name": log["rule_name"], "consume_points": log["consume_points"], "key_id": log["key_id"], "remote_addr": log["remote_addr"], "call_id": log["call_id"], "status_code": log["status_code"]}}), @r#"{"log":{"call_id":"CALL","consume_points":5,"key_id":1,"path":"/api/text","remote_addr":"127.0.0.1","request_body":"{\"prompt\":\"rain\"}","rule_name":"good","status_code":200}}"#);

        let look = app.get("/api/look/%E9%9B%A8", &key).await;
        assert_eq!((look.status.as_u16(), look.header("x-points-charged")), (200, "2"));
        assert_eq!(app.get("/api/file", &key).await.header("content-type"), "audio/wav");
        assert!(latest(&app, &key).await["response_body"].as_str().unwrap().ends_with(" bytes]"));
    }

    async fn failures_cost_nothing(t: TestService) {
        let (_upstream, app, key) = set_up(t).await;
        let failing = |status: u16| app.post("/api/text", &key, json!({"prompt": "x", "behaviour": {"status": status}}));
        assert_snapshot!(line(&failing(404).await), @r#"404 points=0 {"error":"failing as asked (404)"}"#);
        assert_snapshot!(line(&failing(418).await), @r#"410 points=0 {"error":"failing as asked (418)"}"#);
        assert_snapshot!(line(&failing(500).await), @r#"502 points=0 {"error":"failing as asked (500)"}"#);
        assert_eq!(latest(&app, &key).await["error"], "The upstream answered with status 500.");
        assert_eq!(points(&app, &key).await, json!({"available": 100, "held": 0}));

        assert_snapshot!(line(&app.post("/api/text", &key, json!({})).await), @r#"422 points=0 {"success":false,"message":"`prompt` is required.","data":null,"code":"missing_parameter","request_id":"test","field":"prompt"}"#);
        assert_snapshot!(line(&app.post("/api/text", &key, json!({"prompt": "x", "password": "hunter2"})).await), @r#"422 points=0 {"success":false,"message":"There is no parameter `password`. Known: prompt, behaviour.","data":null,"code":"unknown_parameter","request_id":"test","field":"password"}"#);
        let log = latest(&app, &key).await;
        assert_eq!((log["status_code"].as_i64(), log["request_body"].as_str()), (Some(422), Some(r#"{"password":"***","prompt":"x"}"#)));
        assert!(log["response_body"].as_str().unwrap().contains("unknown_parameter"));
        assert_eq!(app.request("POST", "/api/text").by(&key).raw("text/plain", "x").send().await.code(), "unsupported_media_type");
        assert_eq!(app.request("POST", "/api/text").by(&key).raw("application/json", "{").send().await.code(), "bad_request");
        assert_eq!(app.get("/api/look/x?prompt=y", &key).await.json()["field"], "prompt");
        let poor = app.service.user("poor", 4).await;
        let poor = app.key(&poor, &[Scope::TasksWrite]).await;
        assert_snapshot!(line(&app.post("/api/text", &poor, json!({"prompt": "x"})).await), @r#"403 points=0 {"success":false,"message":"5 points are needed and 4 are available.","data":null,"code":"insufficient_points","request_id":"test"}"#);
        app.service.assert_healthy().await;
    }

    async fn only_callers_get_in(t: TestService) {
        let (upstream, app, key) = set_up(t).await;
        let (user, session) = app.session("other", 100).await;
        assert_eq!(app.get("/api/look/x", &Credential::None).await.code(), "unauthenticated");
        assert_eq!(app.get("/api/look/x", &Credential::Key("arw_00000000000000000000000000000000".into())).await.code(), "unauthenticated");
        let reader = app.key(&user, &[Scope::TasksRead]).await;
        assert_eq!(app.get("/api/look/x", &reader).await.code(), "forbidden");
        // A link or picture on a foreign page would spend the points of whoever looks at it.
        for site in ["cross-site", "same-site"] {
            let foreign = app.request("GET", "/api/look/x").by(&session).header("sec-fetch-site", site).send().await;
            assert_eq!((foreign.status.as_u16(), foreign.code().as_str()), (403, "cross_site"));
        }
        assert_eq!(app.request("GET", "/api/look/x").by(&session).header("sec-fetch-site", "same-origin").send().await.status.as_u16(), 200);
        assert_eq!(app.request("GET", "/api/look/x").by(&key).header("sec-fetch-site", "cross-site").send().await.status.as_u16(), 200);
        assert_eq!(app.post("/api/hidden", &key, json!({"prompt": "x"})).await.status.as_u16(), 200);
        assert_eq!(upstream.requests().len(), 3);
        assert_eq!(app.post("/api/look/x", &key, json!({})).await.code(), "method_not_allowed");
        for path in ["/api/nothing", "/api/look", "/api/look/x/y", "/api/textx"] {
            assert_eq!(app.get(path, &Credential::None).await.code(), "not_found", "{path}");
        }
    }

    async fn administration(t: TestService) {
        let (_upstream, app, _) = set_up(t).await;
        let admin = app.service.admin("root").await;
        let key = app.key(&admin, &[Scope::Admin, Scope::TasksWrite]).await;
        let new = json!({"key": "echo", "name": "Echo", "path": "/api/echo", "platform": "stand-in", "rule": "good", "form_schema": [{"key": "prompt"}]});
        let made = app.post("/api/admin/custom-apis", &key, new.clone()).await;
        assert_snapshot!(made.line(), @r#"201 {"success":true,"message":"","data":{"id":5,"version":1,"rule_id":1,"definition":{"key":"echo","name":"Echo","description":"","method":"POST","path":"/api/echo","platform":"stand-in","rule":"good","form_schema":[{"key":"prompt","label":"","type":"text","required":false}],"points_cost":0,"sort_order":0,"visible":true,"enabled":true},"created_at":"2026-01-01T00:00:00.000Z","updated_at":"2026-01-01T00:00:00.000Z"}}"#);
        let id = made.data()["id"].as_i64().unwrap();
        assert_snapshot!(app.post("/api/admin/custom-apis", &key, new.clone()).await.line(), @r#"409 {"success":false,"message":"There is a custom API of this name already.","data":null,"code":"name_taken","request_id":"test","field":"key"}"#);
        let mut wrong = new.clone();
        wrong["path"] = json!("/api/tasks/x");
        wrong["key"] = json!("other");
        assert_snapshot!(app.post("/api/admin/custom-apis", &key, wrong).await.line(), @r#"422 {"success":false,"message":"Paths under /api/tasks are built in.","data":null,"code":"invalid","request_id":"test","field":"path"}"#);
        let mut changed = new.clone();
        changed["enabled"] = json!(false);
        let one = format!("/api/admin/custom-apis/{id}");
        let put = |version: i64| app.request("PUT", &one).by(&key).json(json!({"version": version, "definition": changed})).send();
        assert_eq!(put(1).await.data()["version"], 2);
        assert_snapshot!(put(1).await.line(), @r#"409 {"success":false,"message":"It was changed in the meantime: this is version 2, not 1.","data":null,"code":"conflict","request_id":"test","field":"version"}"#);
        assert_eq!(app.post("/api/echo", &key, json!({})).await.status.as_u16(), 404);
        assert_eq!(app.get("/api/admin/custom-apis", &key).await.data()["total"], 5);
        let switched = app.request("PATCH", &one).by(&key).json(json!({"enabled": true})).send().await.data();
        assert_eq!((&switched["definition"]["enabled"], &app.get(&one, &key).await.data()["version"]), (&json!(true), &json!(3)));
        assert_eq!(app.request("DELETE", &one).by(&key).send().await.data(), Value::Null);
        assert_eq!(app.request("DELETE", &one).by(&key).send().await.code(), "not_found");
    }
}
