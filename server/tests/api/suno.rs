//! The Suno surface: its envelope, its words, and what becomes of fields that nobody here knows.

use crate::harness::{App, Credential, Reply};
use insta::assert_snapshot;
use model::accounts::Scope;
use serde_json::{Value, json};
use service::db_test;
use stand_in::StandIn;

fn catalog(url: &str) -> String {
    format!(
        r"
channels:
  - {{ name: suno, platform: suno, base_url: '{url}', credential: secret }}
rules:
  - {{ name: song, request: {{ url: '{{{{ channel.base_url }}}}/v1/generate', body: '{{{{ params }}}}' }}, result_path: $.result }}
  - {{ name: none, request: {{ url: '{{{{ channel.base_url }}}}/v1/generate?status=400', body: {{}} }}, max_retries: 0 }}
features:
  - {{ key: song, name: Song, platform: suno, action: song, rule: song, points: 30,
      form_schema: [{{ key: prompt, type: text, max_length: 20 }}, {{ key: kind, type: text, default: text }}] }}
  - {{ key: lyrics, name: Lyrics, platform: suno, action: LYRICS, rule: none, points: 5, form_schema: [{{ key: prompt, type: text, required: true }}] }}
"
    )
}

async fn set_up(t: service::testing::TestService, url: &str) -> (App, Credential) {
    let catalog = service::features::catalog_parse(&catalog(url), false).unwrap();
    service::features::catalog_apply(&t, &service::actor::Actor::system(), &catalog, false).await.unwrap();
    let app = App::bare(t);
    let user = app.service.user("user", 100).await;
    let key = app.key(&user, &[Scope::TasksRead, Scope::TasksWrite]).await;
    (app, key)
}

/// Bodies that an upstream received at a path, in JSON.
fn received(upstream: &StandIn, path: &str) -> Vec<Value> {
    let requests = upstream.requests();
    let there = requests.iter().filter(|request| request.path.starts_with(path));
    there.map(|request| request.body.clone()).collect()
}

/// The id that a submission answers.
fn id_of(reply: &Reply) -> String {
    let json = reply.json();
    assert_eq!((&json["code"], &json["message"]), (&json!("success"), &json!("")), "{}", reply.text);
    json["data"].as_str().unwrap().to_owned()
}

db_test! {
    async fn a_song_is_submitted_and_fetched(t: TestService) {
        let upstream = StandIn::start().await;
        let (app, key) = set_up(t, &upstream.url).await;
        // The action in any letters; a field that no form knows; the row is there before the answer.
        let song = id_of(&app.post("/suno/submit/MUSIC", &key, json!({"prompt": "rain", "mv": "chirp-v4", "continue_at": 30})).await);
        let at_once = app.get(&format!("/suno/fetch/{song}"), &key).await.json();
        assert_eq!((&at_once["data"]["status"], &at_once["data"]["action"]), (&json!("NOT_START"), &json!("MUSIC")));
        let lyrics = id_of(&app.post("/suno/submit/lyrics", &key, json!({"prompt": "rain"})).await);
        app.service.drain().await;

        let body = json!({"ids": ["task_nobody", lyrics, song, song], "action": "MUSIC"});
        let found = app.post("/suno/fetch", &key, body).await.json();
        let shown: Vec<_> = found["data"].as_array().unwrap().iter().map(|task| [&task["task_id"], &task["action"], &task["status"]]).collect();
        assert_eq!(json!(shown), json!([[lyrics, "LYRICS", "FAILURE"], [song, "MUSIC", "SUCCESS"]]));
        assert_eq!(app.post("/suno/fetch", &key, json!({"ids": ["task_nobody"]})).await.line(), r#"200 {"code":"success","message":"","data":[]}"#);
        assert_eq!(app.post("/suno/fetch", &key, json!({})).await.line(), r#"200 {"code":"success","message":"","data":[]}"#);
        let task = app.service.db.fetch_one(service::db::query("SELECT payload FROM tasks WHERE public_id = $1").bind(&song)).await.unwrap();
        let payload: Value = serde_json::from_str(&task.get::<String>("payload").unwrap()).unwrap();
        assert_eq!(payload, json!({"prompt": "rain", "kind": "text", "mv": "chirp-v4", "continue_at": 30}));
        assert!(received(&upstream, "/v1/generate").contains(&payload), "passed on whole");
        app.service.assert_healthy().await;
    }

    async fn the_same_key_is_the_same_task(t: TestService) {
        let (app, key) = set_up(t, "http://127.0.0.1:1").await;
        let send = async |prompt: &str| {
            let call = app.request("POST", "/suno/submit/music").by(&key).header("idempotency-key", "once");
            call.json(json!({ "prompt": prompt })).send().await
        };
        let first = send("rain").await;
        assert_eq!(id_of(&first), id_of(&send("rain").await));
        assert_snapshot!(send("sun").await.line(), @r#"422 {"code":"idempotency_mismatch","message":"This Idempotency-Key was used with another request.","data":null,"request_id":"test"}"#);
    }

    async fn an_edit_keeps_what_no_form_shows(t: TestService) {
        let (app, key) = set_up(t, "http://127.0.0.1:1").await;
        let song = id_of(&app.post("/suno/submit/music", &key, json!({"prompt": "rain", "mv": "chirp-v4"})).await);
        app.service.drain().await;
        let id = app.get("/api/tasks", &key).await.data()["items"][0]["id"].as_i64().unwrap();
        let edit = async |params: Value| app.request("PATCH", &format!("/api/tasks/{id}")).by(&key).json(json!({ "params": params })).send().await;
        assert_eq!(edit(json!({"prompt": "sun"})).await.status, 200);
        let payload = app.get(&format!("/api/tasks/{id}"), &key).await.data()["payload"].clone();
        assert_eq!(payload, json!({"prompt": "sun", "kind": "text", "mv": "chirp-v4"}), "{song}");
        assert_eq!(edit(json!({"prompt": "sun", "mv": "chirp-v5"})).await.status, 200);
        assert_eq!(edit(json!({"prompt": "sun", "vm": "chirp-v5"})).await.status, 422, "misspelt");
    }

    async fn errors_have_the_shape_of_this_surface(t: TestService) {
        let (app, key) = set_up(t, "http://127.0.0.1:1").await;
        let poor = app.key(&app.service.user("poor", 1).await, &[Scope::TasksRead, Scope::TasksWrite]).await;
        let mut lines = Vec::new();
        for (name, path, who, body) in [
            ("action", "/suno/submit/concat", &key, json!({})),
            ("prompt missing", "/suno/submit/lyrics", &key, json!({})),
            ("prompt too long", "/suno/submit/music", &key, json!({"prompt": "a".repeat(21)})),
            ("hook", "/suno/submit/music", &key, json!({"notify_hook": "https://example.com/x"})),
            ("points", "/suno/submit/music", &poor, json!({"prompt": "rain"})),
            ("no caller", "/suno/submit/music", &Credential::None, json!({})),
            ("too many ids", "/suno/fetch", &key, json!({"ids": vec!["x"; 101]})),
            ("list", "/suno/fetch", &key, json!({"ids": "x"})),
        ] {
            lines.push(format!("{name}: {}", app.post(path, who, body).await.line()));
        }
        lines.push(format!("unknown: {}", app.get("/suno/fetch/task_nobody", &key).await.line()));
        lines.push(format!("nothing here: {}", app.get("/suno/account", &key).await.line()));
        lines.push(format!("method: {}", app.get("/suno/fetch", &key).await.line()));
        assert_snapshot!(lines.join("\n"), @r##"
        action: 400 {"code":"invalid_request","message":"The action must be `music` or `lyrics`.","data":null,"request_id":"test"}
        prompt missing: 400 {"code":"invalid_request","message":"`prompt` is required.","data":null,"request_id":"test"}
        prompt too long: 400 {"code":"invalid_request","message":"`prompt` must have at most 20 characters.","data":null,"request_id":"test"}
        hook: 400 {"code":"invalid_request","message":"`notify_hook` is not called here. Set up a webhook in the console instead.","data":null,"request_id":"test"}
        points: 403 {"code":"insufficient_user_quota","message":"30 points are needed and 1 are available.","data":null,"request_id":"test"}
        no caller: 401 {"code":"unauthenticated","message":"Log in, or send an API key in the header X-API-Key or as a bearer token.","data":null,"request_id":"test"}
        too many ids: 400 {"code":"invalid_request","message":"At most 100 ids at once.","data":null,"request_id":"test"}
        list: 400 {"code":"invalid_request","message":"`ids` must be a list, not the text \"x\".","data":null,"request_id":"test"}
        unknown: 400 {"code":"task_not_exist","message":"There is no such task.","data":null,"request_id":"test"}
        nothing here: 404 {"code":"not_found","message":"There is nothing at this address.","data":null,"request_id":"test"}
        method: 405 {"code":"method_not_allowed","message":"This address does not offer that method.","data":null,"request_id":"test"}
        "##);
        let tasks = app.service.db.fetch_one(service::db::query("SELECT COUNT(*) AS n FROM tasks")).await.unwrap();
        assert_eq!(tasks.get::<i64>("n").unwrap(), 0, "nothing was written");
    }
}
