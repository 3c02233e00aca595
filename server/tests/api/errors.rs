//! Each way in which a request can be wrong has an answer of its own, and none of them writes or charges anything.

use crate::harness::{App, Credential, Reply};
use insta::assert_snapshot;
use model::accounts::Scope;
use serde_json::json;
use service::db_test;

async fn submit(app: &App, who: &Credential, feature: i64, body: serde_json::Value) -> Reply {
    app.post(&format!("/api/features/{feature}/tasks"), who, body).await
}

db_test! {
    async fn what_is_wrong_with_a_submission(t: TestService) {
        let app = App::new(t).await;
        let user = app.service.user("user", 40).await;
        let key = app.key(&user, &[Scope::TasksRead, Scope::TasksWrite]).await;
        let (song, free) = (app.service.feature("song"), app.service.feature("free"));
        let url = format!("/api/features/{song}/tasks");
        let good = json!({"params": {"prompt": "rain"}});

        let reply = app.request("POST", &url).by(&key).raw("application/json", "{\"params\": {").send().await;
        assert_snapshot!(reply.line(), @r#"400 {"success":false,"message":"The body is not valid JSON: it ends before it is complete.","data":null,"code":"bad_request","request_id":"test"}"#);
        let reply = app.request("POST", &url).by(&key).raw("application/json", "").send().await;
        assert_snapshot!(reply.line(), @r#"400 {"success":false,"message":"The body is empty; JSON is expected.","data":null,"code":"bad_request","request_id":"test"}"#);
        let reply = app.request("POST", &url).by(&key).raw("application/json", "[{}]").send().await;
        assert_snapshot!(reply.line(), @r#"400 {"success":false,"message":"The body must be a JSON object, not a list.","data":null,"code":"bad_request","request_id":"test"}"#);
        let reply = app.request("POST", &url).by(&key).raw("text/plain", good.to_string()).send().await;
        assert_snapshot!(reply.line(), @r#"415 {"success":false,"message":"The body must be JSON: send the header Content-Type: application/json.","data":null,"code":"unsupported_media_type","request_id":"test"}"#);
        let reply = app.request("POST", &url).by(&key).raw("application/json", vec![b' '; (2 << 20) + 1]).send().await;
        assert_snapshot!(reply.line(), @r#"413 {"success":false,"message":"The body is larger than 2097152 bytes.","data":null,"code":"too_large","request_id":"test"}"#);
        let reply = submit(&app, &key, song, json!({"params": {"prompt": "rain"}, "max_retries": "two"})).await;
        assert_snapshot!(reply.line(), @r#"400 {"success":false,"message":"`max_retries` must be a whole number, not the text \"two\".","data":null,"code":"bad_request","request_id":"test","field":"max_retries"}"#);
        let reply = submit(&app, &key, song, json!({"params": ["rain"]})).await;
        assert_snapshot!(reply.line(), @r#"400 {"success":false,"message":"`params` must be an object, not a list.","data":null,"code":"bad_request","request_id":"test","field":"params"}"#);
        let reply = submit(&app, &key, song, json!({"parameters": {"prompt": "rain"}})).await;
        assert_snapshot!(reply.line(), @r#"400 {"success":false,"message":"There is no field `parameters`; known: params, name, category, headers, max_retries, interval_seconds, priority, webhook_ids.","data":null,"code":"bad_request","request_id":"test","field":"parameters"}"#);
        let reply = submit(&app, &key, 999, good.clone()).await;
        assert_snapshot!(reply.line(), @r#"404 {"success":false,"message":"There is no such feature.","data":null,"code":"not_found","request_id":"test"}"#);
        let reply = app.post("/api/features/song/tasks", &key, good.clone()).await;
        assert_snapshot!(reply.line(), @r#"400 {"success":false,"message":"The id in the address must be a number, such as 7.","data":null,"code":"bad_request","request_id":"test","field":"id"}"#);
        let reply = submit(&app, &key, song, json!({"params": {}})).await;
        assert_snapshot!(reply.line(), @r#"422 {"success":false,"message":"`prompt` is required.","data":null,"code":"missing_parameter","request_id":"test","field":"prompt"}"#);
        let reply = submit(&app, &key, song, json!({"params": {"prompt": "rain", "voice": "low"}})).await;
        assert_snapshot!(reply.line(), @r#"422 {"success":false,"message":"There is no parameter `voice`. Known: prompt, count.","data":null,"code":"unknown_parameter","request_id":"test","field":"voice"}"#);
        let reply = submit(&app, &key, song, json!({"params": {"prompt": "rain", "count": 9}})).await;
        assert_snapshot!(reply.line(), @r#"422 {"success":false,"message":"`count` must be at most 4.","data":null,"code":"invalid","request_id":"test","field":"count"}"#);
        let reply = submit(&app, &key, song, json!({"params": {"prompt": "rain"}, "max_retries": 4})).await;
        assert_snapshot!(reply.line(), @r#"422 {"success":false,"message":"At most 3 retries are allowed here.","data":null,"code":"too_many_retries","request_id":"test","field":"max_retries"}"#);
        let reply = submit(&app, &key, song, json!({"params": {"prompt": "rain"}, "max_retries": -1})).await;
        assert_snapshot!(reply.line(), @r#"422 {"success":false,"message":"Unlimited retries are not allowed here; at most 3 are.","data":null,"code":"too_many_retries","request_id":"test","field":"max_retries"}"#);
        let reply = submit(&app, &key, song, json!({"params": {"prompt": "rain"}, "interval_seconds": 1})).await;
        assert_snapshot!(reply.line(), @r#"422 {"success":false,"message":"The interval must be at least 5 seconds.","data":null,"code":"interval_too_short","request_id":"test","field":"interval_seconds"}"#);
        let reply = submit(&app, &key, song, json!({"params": {"prompt": "rain"}, "headers": {"Host": "x"}})).await;
        assert_snapshot!(reply.line(), @r#"422 {"success":false,"message":"The header `Host` cannot be set.","data":null,"code":"invalid","request_id":"test","field":"headers"}"#);
        let reply = app.request("POST", &url).by(&key).header("idempotency-key", "").json(good.clone()).send().await;
        assert_snapshot!(reply.line(), @r#"400 {"success":false,"message":"The header Idempotency-Key must be given once, with 1 to 255 ASCII characters.","data":null,"code":"bad_request","request_id":"test","field":"Idempotency-Key"}"#);
        let reply = app.request("POST", &url).by(&key).header("idempotency-key", &"k".repeat(256)).json(good.clone()).send().await;
        assert_snapshot!(reply.line(), @r#"400 {"success":false,"message":"The header Idempotency-Key must be given once, with 1 to 255 ASCII characters.","data":null,"code":"bad_request","request_id":"test","field":"Idempotency-Key"}"#);

        assert_eq!(app.get("/api/tasks", &key).await.data()["total"], 0);
        assert_eq!(app.get("/api/me", &key).await.data()["balance"], json!({"available": 40, "held": 0}));

        // The points are enough for one, and a free feature costs none.
        assert_eq!(submit(&app, &key, song, good.clone()).await.status.as_u16(), 201);
        assert_eq!(submit(&app, &key, free, json!({"max_retries": -1})).await.status.as_u16(), 201);
        let reply = submit(&app, &key, song, good).await;
        assert_snapshot!(reply.line(), @r#"403 {"success":false,"message":"30 points are needed and 10 are available.","data":null,"code":"insufficient_points","request_id":"test"}"#);
        assert_eq!(app.get("/api/tasks", &key).await.data()["total"], 2);
        assert_eq!(app.get("/api/me", &key).await.data()["balance"], json!({"available": 10, "held": 30}));
        app.service.assert_healthy().await;
    }

    async fn what_is_wrong_with_other_requests(t: TestService) {
        let app = App::new(t).await;
        let (owner, user) = (app.service.user("owner", 100).await, app.service.user("user", 0).await);
        let task = app.service.submit(&owner, "song", "rain").await;
        let key = app.key(&user, &Scope::ALL[..3]).await;
        // Someone else's task is not there, whatever is tried with it.
        let url = format!("/api/tasks/{}", task.id);
        let reply = app.get(&url, &key).await;
        assert_snapshot!(reply.line(), @r#"404 {"success":false,"message":"There is no such task.","data":null,"code":"not_found","request_id":"test"}"#);
        for (method, path) in [("GET", "/attempts"), ("DELETE", ""), ("POST", "/cancel"), ("POST", "/retry"), ("PATCH", "")] {
            let call = app.request(method, &format!("{url}{path}")).by(&key);
            let reply = if method == "PATCH" { call.json(json!({"name": "mine"})).send().await } else { call.send().await };
            assert_eq!((reply.status.as_u16(), reply.code().as_str()), (404, "not_found"), "{method} {path}");
        }
        let reply = app.post("/api/tasks/batch", &key, json!({"action": "cancel", "ids": [task.id]})).await;
        assert_eq!(reply.data()[0]["error"]["code"], "not_found");
        assert_eq!(service::tasks::get(&app.service, &owner, task.id).await.unwrap().name, "");

        let reply = app.get("/api/tasks?page=two", &key).await;
        assert_snapshot!(reply.line(), @r#"400 {"success":false,"message":"`page` must be a number, not the text \"two\".","data":null,"code":"bad_request","request_id":"test","field":"page"}"#);
        let reply = app.get("/api/tasks?status=done", &key).await;
        assert_snapshot!(reply.line(), @r#"400 {"success":false,"message":"`status` must be one of `queued`, `running`, `waiting_upstream`, `retry_wait`, `succeeded`, `failed`, `cancelled`, not the text \"done\".","data":null,"code":"bad_request","request_id":"test","field":"status"}"#);
        let reply = app.get("/api/tasks?colour=red", &key).await;
        assert_snapshot!(reply.line(), @r#"400 {"success":false,"message":"There is no parameter `colour`; known: page, page_size, sort, order, status, feature_id, category, q, start, end.","data":null,"code":"bad_request","request_id":"test","field":"colour"}"#);
        let reply = app.get("/api/tasks/seven", &key).await;
        assert_snapshot!(reply.line(), @r#"400 {"success":false,"message":"The id in the address must be a number, such as 7.","data":null,"code":"bad_request","request_id":"test","field":"id"}"#);
        let reply = app.get("/api/nothing", &key).await;
        assert_snapshot!(reply.line(), @r#"404 {"success":false,"message":"There is nothing at this address.","data":null,"code":"not_found","request_id":"test"}"#);
        let reply = app.request("PUT", "/api/tasks").by(&key).send().await;
        assert_snapshot!(reply.line(), @r#"405 {"success":false,"message":"This address does not offer that method.","data":null,"code":"method_not_allowed","request_id":"test"}"#);
        let reply = app.get("/api/me", &Credential::None).await;
        assert_snapshot!(reply.line(), @r#"401 {"success":false,"message":"Log in, or send an API key in the header X-API-Key or as a bearer token.","data":null,"code":"unauthenticated","request_id":"test"}"#);
        let reply = app.get("/api/tasks", &app.key(&user, &[Scope::TasksWrite]).await).await;
        assert_snapshot!(reply.line(), @r#"403 {"success":false,"message":"This API key does not have the scope `tasks:read`.","data":null,"code":"forbidden","request_id":"test"}"#);
        let reply = app.post("/api/tasks/batch", &key, json!({"action": "explode", "ids": [1]})).await;
        assert_snapshot!(reply.line(), @r#"400 {"success":false,"message":"`action` must be one of `cancel`, `retry`, `delete`, not the text \"explode\".","data":null,"code":"bad_request","request_id":"test","field":"action"}"#);
        let reply = app.post("/api/tasks/batch", &key, json!({"action": "cancel", "ids": []})).await;
        assert_snapshot!(reply.line(), @r#"422 {"success":false,"message":"Give 1 to 1000 task ids.","data":null,"code":"invalid","request_id":"test","field":"ids"}"#);
        let reply = app.post("/api/keys", &key, json!({"name": "x", "scopes": ["everything"]})).await;
        assert_snapshot!(reply.line(), @r#"400 {"success":false,"message":"`scopes[0]` must be one of `tasks:read`, `tasks:write`, `account`, `admin`, not the text \"everything\".","data":null,"code":"bad_request","request_id":"test","field":"scopes[0]"}"#);
    }
}
