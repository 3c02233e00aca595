//! Administration of features, rules and channels over HTTP.

use crate::harness::{App, Credential};
use insta::assert_snapshot;
use model::accounts::Scope;
use serde_json::{Value, json};
use service::db_test;

async fn admin(app: &App) -> Credential {
    let root = app.service.admin("root").await;
    app.key(&root, &[Scope::Admin]).await
}

fn id(data: &Value) -> i64 {
    data["id"].as_i64().unwrap()
}

async fn send(app: &App, method: &str, path: &str, who: &Credential, body: Value) -> crate::harness::Reply {
    app.request(method, path).by(who).json(body).send().await
}

db_test! {
    async fn a_feature_from_nothing(t: TestService) {
        let app = App::bare(t);
        let key = admin(&app).await;
        let rule = send(&app, "POST", "/api/admin/rules", &key, json!({"name": "echo", "request": {"url": "{{ channel.base_url }}/x"}})).await;
        assert_eq!(rule.status.as_u16(), 201);
        let channel = json!({"name": "main", "platform": "here", "base_url": "http://127.0.0.1:1", "credential": "s3cret"});
        let channel = send(&app, "POST", "/api/admin/channels", &key, channel).await;
        assert_snapshot!(channel.line(), @r#"201 {"success":true,"message":"","data":{"id":1,"version":1,"has_credential":true,"health":{"failures":0,"last_error":"","last_error_at":null,"disabled_automatically_at":null,"reason":"","next_probe_at":null,"keys":[{"masked":"••••","disabled_automatically_at":null,"reason":"","next_probe_at":null}]},"definition":{"name":"main","platform":"here","base_url":"http://127.0.0.1:1","priority":0,"weight":1,"max_parallel":64,"enabled":true},"created_at":"2026-01-01T00:00:00.000Z","updated_at":"2026-01-01T00:00:00.000Z"}}"#);
        let feature = json!({"key": "echo", "name": "Echo", "platform": "here", "rule": "echo", "form_schema": [{"key": "prompt", "required": true}]});
        let feature = send(&app, "POST", "/api/admin/features", &key, feature).await;
        assert_snapshot!(feature.line(), @r#"201 {"success":true,"message":"","data":{"id":1,"version":1,"position":1,"rule_id":1,"definition":{"key":"echo","name":"Echo","description":"","category":"","platform":"here","action":"","rule":"echo","form_schema":[{"key":"prompt","label":"","type":"text","required":true}],"result_fields":[],"points":0,"price_kind":"per_success","billing_hint":"","sort_order":0,"enabled":true,"visibility":"everyone"},"created_at":"2026-01-01T00:00:00.000Z","updated_at":"2026-01-01T00:00:00.000Z"}}"#);
        assert_eq!(app.get("/api/admin/features/1", &key).await.data(), feature.data());
        assert_eq!(app.get("/api/admin/rules/1", &key).await.data()["used_by"], json!(["Echo"]));

        // Users see it at once.
        let (_, session) = app.session("user", 0).await;
        assert_eq!(app.get("/api/features", &session).await.data()[0]["name"], "Echo");
        let off = send(&app, "PATCH", "/api/admin/features/1", &key, json!({"enabled": false})).await;
        assert_eq!((off.status.as_u16(), off.data()["definition"]["enabled"].clone()), (200, json!(false)));
        assert_eq!(app.get("/api/features", &session).await.data(), json!([]));

        let mut changed = feature.data()["definition"].clone();
        changed["points"] = json!(7);
        let reply = send(&app, "PUT", "/api/admin/features/1", &key, json!({"version": 2, "definition": changed})).await;
        assert_eq!((reply.data()["version"].clone(), reply.data()["definition"]["points"].clone()), (json!(3), json!(7)));
        let copy = app.request("POST", "/api/admin/features/1/duplicate").by(&key).send().await;
        assert_eq!((copy.status.as_u16(), copy.data()["definition"]["key"].clone()), (201, json!("echo-copy")));
        let moved = send(&app, "POST", &format!("/api/admin/features/{}/move", id(&copy.data())), &key, json!({"position": 1})).await;
        assert_eq!(moved.data()["position"], 1);
        assert_eq!(app.get("/api/admin/features?page_size=1&q=ECHO", &key).await.data()["total"], 2);
        for path in ["/api/admin/features/1", "/api/admin/features/2", "/api/admin/channels/1", "/api/admin/rules/1"] {
            assert_eq!(app.request("DELETE", path).by(&key).send().await.line(), r#"200 {"success":true,"message":"","data":null}"#, "{path}");
        }
    }

    async fn what_is_wrong_is_said_with_its_place(t: TestService) {
        let app = App::new(t).await;
        let key = admin(&app).await;
        let feature = app.service.feature("song");
        let path = format!("/api/admin/features/{feature}");
        let good = app.get(&path, &key).await.data()["definition"].clone();
        let put = async |change: &dyn Fn(&mut Value)| {
            let mut definition = good.clone();
            change(&mut definition);
            send(&app, "PUT", &path, &key, json!({"version": 1, "definition": definition})).await
        };
        let reply = put(&|definition| definition["form_schema"][1]["min"] = json!(9)).await;
        assert_snapshot!(reply.line(), @r#"422 {"success":false,"message":"`min` is above `max`.","data":null,"code":"invalid","request_id":"test","field":"form_schema[1].min"}"#);
        let reply = put(&|definition| definition["form_schema"][1]["type"] = json!("colour")).await;
        assert_snapshot!(reply.line(), @r#"400 {"success":false,"message":"`definition.form_schema[1].type` must be one of `text`, `textarea`, `number`, `boolean`, `select`, `json`, `url`, `file-url`, not the text \"colour\".","data":null,"code":"bad_request","request_id":"test","field":"definition.form_schema[1].type"}"#);
        let reply = put(&|definition| definition["rule"] = json!("nothing")).await;
        assert_snapshot!(reply.line(), @r#"422 {"success":false,"message":"There is no rule `nothing` in the catalog.","data":null,"code":"invalid","request_id":"test","field":"rule"}"#);
        let reply = put(&|definition| definition["key"] = json!("free")).await;
        assert_snapshot!(reply.line(), @r#"409 {"success":false,"message":"There is a feature of this name already.","data":null,"code":"name_taken","request_id":"test","field":"key"}"#);
        let reply = send(&app, "PUT", &path, &key, json!({"version": 7, "definition": good})).await;
        assert_snapshot!(reply.line(), @r#"409 {"success":false,"message":"It was changed in the meantime: this is version 1, not 7.","data":null,"code":"conflict","request_id":"test","field":"version"}"#);
        let reply = send(&app, "POST", "/api/admin/features/999/move", &key, json!({"position": 1})).await;
        assert_snapshot!(reply.line(), @r#"404 {"success":false,"message":"There is no such feature.","data":null,"code":"not_found","request_id":"test"}"#);
        let reply = send(&app, "POST", &format!("{path}/move"), &key, json!({"position": -1})).await;
        assert_snapshot!(reply.line(), @r#"422 {"success":false,"message":"Places are counted from 1.","data":null,"code":"invalid","request_id":"test","field":"position"}"#);
        let reply = app.request("DELETE", "/api/admin/rules/1").by(&key).send().await;
        assert_snapshot!(reply.line(), @r#"409 {"success":false,"message":"The feature `song` uses it.","data":null,"code":"conflict","request_id":"test"}"#);
        let reply = app.request("DELETE", "/api/admin/channels/1").by(&key).send().await;
        assert_snapshot!(reply.line(), @r#"409 {"success":false,"message":"The feature `song` needs it as it is: No channel of the catalog is of the platform `stand-in`.","data":null,"code":"conflict","request_id":"test"}"#);
        let user = app.service.user("user", 100).await;
        app.service.submit(&user, "song", "rain").await;
        let reply = app.request("DELETE", &path).by(&key).send().await;
        assert_snapshot!(reply.line(), @r#"409 {"success":false,"message":"One task that has not ended needs it.","data":null,"code":"conflict","request_id":"test"}"#);
        let reply = app.get(&format!("/api/admin/rules?q={}", "x".repeat(101)), &key).await;
        assert_snapshot!(reply.line(), @r#"422 {"success":false,"message":"Search for at most 100 characters.","data":null,"code":"invalid","request_id":"test","field":"q"}"#);
        assert_eq!(app.get(&path, &key).await.data()["version"], 1, "nothing was written");
    }

    async fn a_channel_with_several_keys_is_seen_and_put_back(t: TestService) {
        let app = App::new(t).await;
        let key = admin(&app).await;
        let channel = json!({
            "name": "many", "platform": "there", "base_url": "http://127.0.0.1:1", "credential": "a first one of some length",
            "more_credentials": ["second"], "max_per_minute": 90, "priority": 2, "weight": 3,
        });
        let made = send(&app, "POST", "/api/admin/channels", &key, channel).await;
        let data = made.data();
        let path = format!("/api/admin/channels/{}", id(&data));
        assert_eq!((made.status.as_u16(), data["definition"]["max_per_minute"].clone()), (201, json!(90)));
        assert_eq!((data["health"]["keys"][0]["masked"].clone(), data["health"]["keys"].as_array().unwrap().len()), (json!("••••ngth"), 2));
        assert!(!made.line().contains("second") && !made.line().contains("some"), "credentials never come out: {}", made.line());
        let mut definition = data["definition"].clone();
        definition["more_credentials"] = json!(["two\nlines"]);
        let reply = send(&app, "PUT", &path, &key, json!({"version": 1, "definition": definition})).await;
        assert_snapshot!(reply.line(), @r#"422 {"success":false,"message":"A credential is one line, and not empty.","data":null,"code":"invalid","request_id":"test","field":"more_credentials[0]"}"#);
        definition["more_credentials"] = json!([]);
        let reply = send(&app, "PUT", &path, &key, json!({"version": 1, "definition": definition})).await;
        assert_eq!(reply.data()["health"]["keys"].as_array().unwrap().len(), 1, "a list takes the place of the stored one");

        let off = "INSERT INTO channel_health (channel_id, key, failures, last_error, last_error_at, disabled_at, reason, probes, next_probe_at)
                   VALUES ($1, '', 20, 'no', 1767225600000, 1767225600000, 'It failed.', 0, 1767225630000)";
        app.service.db.execute(service::db::query(off).bind(id(&data))).await.unwrap();
        app.service.engine.refresh_health(&app.service).await.unwrap();
        let health = app.get(&path, &key).await.data()["health"].clone();
        assert_eq!((health["reason"].clone(), health["disabled_automatically_at"].clone()), (json!("It failed."), json!("2026-01-01T00:00:00.000Z")));
        let reply = app.request("POST", &format!("{path}/recover")).by(&key).send().await;
        assert_eq!((reply.status.as_u16(), reply.data()["health"]["disabled_automatically_at"].clone()), (200, Value::Null));
        assert_eq!(app.get("/api/admin/audit?page_size=1", &key).await.data()["items"][0]["action"], "channel.recover");
        let reply = app.request("POST", "/api/admin/channels/999/recover").by(&key).send().await;
        assert_snapshot!(reply.line(), @r#"404 {"success":false,"message":"There is no such channel.","data":null,"code":"not_found","request_id":"test"}"#);
    }

    async fn a_dry_run_and_a_real_call(t: TestService) {
        let app = App::new(t).await;
        let key = admin(&app).await;
        let rule = json!({"name": "r", "request": {"url": "{{ channel.base_url }}/x?q={{ params.q }}", "headers": {"Authorization": "Bearer {{ channel.credential }}"}}});
        let run = json!({"rule": rule, "channel_id": 1, "params": {"q": "a b"}, "answer": {"status": 404, "body": "gone"}});
        let reply = send(&app, "POST", "/api/admin/rules/dry-run", &key, run).await;
        assert_snapshot!(reply.line(), @r#"200 {"success":true,"message":"","data":{"problems":[],"requests":[{"step":"submit","method":"POST","url":"http://127.0.0.1:1/x?q=a%20b","headers":{"authorization":"Bearer ••••••","idempotency-key":"task_example-1"},"body":null}],"outcome":{"kind":"refuse","why":"The upstream answered with status 404.","upstream_id":null,"progress":null,"after_seconds":null,"result":null,"results":[]}}}"#);
        let mut wrong = rule;
        wrong["request"]["url"] = json!("{{ channel.base_url }}/x?q={{ params.q ");
        let reply = send(&app, "POST", "/api/admin/rules/dry-run", &key, json!({"rule": wrong})).await;
        let problem = &reply.data()["problems"][0];
        assert_eq!((problem["field"].clone(), problem["position"].clone()), (json!("request.url"), json!(28)));
        let reply = send(&app, "POST", "/api/admin/rules/dry-run", &key, json!({"rule": wrong, "answer": {"step": "poll"}})).await;
        assert_snapshot!(reply.line(), @r#"422 {"success":false,"message":"This rule does not read the answer to that request.","data":null,"code":"invalid","request_id":"test","field":"answer.step"}"#);

        // Nothing listens there: that is told, not an error of ours.
        let reply = send(&app, "POST", "/api/admin/channels/1/test", &key, json!({})).await;
        let data = reply.data();
        assert_eq!((data["status"].clone(), data["request"]["url"].clone()), (Value::Null, json!("http://127.0.0.1:1")));
        assert!(data["error"].as_str().unwrap().starts_with("unreachable"), "{data}");
        let reply = send(&app, "POST", "/api/admin/channels/1/test", &key, json!({"rule_id": 999})).await;
        assert_snapshot!(reply.line(), @r#"404 {"success":false,"message":"There is no such rule.","data":null,"code":"not_found","request_id":"test"}"#);
    }
}
