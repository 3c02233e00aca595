use super::*;
use crate::custom_apis::charge::{Charge, hold};
use crate::db::query;
use crate::db_test;
use crate::features::admin::{
    create_custom_api, custom_apis, delete_custom_api, delete_rule, rules, switch_custom_api, update_custom_api, update_rule,
};
use crate::ledger;
use crate::testing::TestService;
use model::ErrorCode::{self, *};
use model::catalog::{EntryFilter, Revision};
use model::custom_apis::CustomApi;
use serde_json::{Value, json};
use stand_in::StandIn;

const CATALOG: &str = r#"
rules:
  - { name: good, request: { url: '{{ channel.base_url }}/v1/generate', body: { kind: text, prompt: '{{ params.prompt }}', behaviour: '{{ params.behaviour }}' } } }
  - { name: picked, request: { url: '{{ channel.base_url }}/v1/generate', body: { kind: text, prompt: '{{ params.city }}' } }, result_path: $.result.text }
  - { name: away, request: { url: 'http://127.0.0.1:1/', body: {} } }
  - { name: slow, request: { url: '{{ channel.base_url }}/v1/generate?delay_ms=1500', body: {} }, timeout_seconds: 1 }
  - { name: job, request: { url: '{{ channel.base_url }}/v1/jobs', body: {} }, poll: { task_id_path: $.id, request: { method: GET, url: '{{ channel.base_url }}/x' },
      status_path: $.status, status_map: { ok: success } } }
custom_apis:
  - { key: text, name: Text, path: /api/text, platform: stand-in, rule: good, points_cost: 5,
      form_schema: [{ key: prompt, type: text, required: true }, { key: behaviour, type: json }] }
  - { key: weather, name: Weather, method: GET, path: '/api/weather/{city}', platform: stand-in, rule: picked, points_cost: 3,
      form_schema: [{ key: city, required: true }, { key: days, type: number, integer: true, max: 7 }, { key: short, type: boolean }] }
  - { key: today, name: Today, method: GET, path: /api/weather/today, platform: stand-in, rule: picked, visible: false, form_schema: [{ key: city }] }
  - { key: away, name: Away, path: /api/away, platform: stand-in, rule: away, points_cost: 5 }
  - { key: slow, name: Slow, path: /api/slow, platform: stand-in, rule: slow, points_cost: 5 }
  - { key: off, name: Off, path: /api/off, platform: stand-in, rule: good, enabled: false }
"#;

async fn set_up(t: &TestService) -> (StandIn, crate::actor::Actor) {
    let upstream = StandIn::start().await;
    t.catalog(&upstream.url, CATALOG).await;
    (upstream, t.user("tester", 100).await)
}

async fn points(t: &TestService, actor: &crate::actor::Actor) -> (i64, i64) {
    t.custom_apis.settled().await;
    let balance = ledger::balance(t, actor.user_id).await.unwrap();
    (balance.available, balance.held)
}

/// Calls with a query string, or with a body.
async fn request(t: &TestService, actor: &crate::actor::Actor, method: &str, address: &str, body: Option<Value>) -> Called {
    let (path, text) = address.split_once('?').unwrap_or((address, ""));
    let Found::Api(api) = find(t, method, path) else { panic!("nothing at {method} {path}") };
    let given = match body {
        Some(Value::Object(body)) => Given::Body(body),
        _ => Given::Query(text.to_owned()),
    };
    call(t, actor, Request { api, given, at: t.clock.now() }).await
}

/// Status and body of a good answer, else code and field of the error.
fn told(called: Called) -> Result<(u16, String), (ErrorCode, Option<String>)> {
    let answer = called.answer.map_err(|error| (error.code, error.field))?;
    Ok((answer.status, String::from_utf8_lossy(&answer.body).into_owned()))
}

db_test! {
    async fn a_call_is_paid_when_it_succeeds(t: TestService) {
        let (upstream, user) = set_up(&t).await;
        let called = request(&t, &user, "POST", "/api/text", Some(json!({"prompt": "rain"}))).await;
        assert_eq!((called.facts.points, called.facts.rule.as_ref().unwrap().1.as_str()), (5, "good"));
        let id = called.facts.call_id.clone();
        let (status, body) = told(called).unwrap();
        assert_eq!((status, serde_json::from_str::<Value>(&body).unwrap()["status"].as_str()), (200, Some("ok")));
        assert_eq!(points(&t, &user).await, (95, 0));
        let counted = t.db.fetch_one(crate::db::query("SELECT subject_id, succeeded, points FROM usage_slots WHERE kind = 'custom_api'")).await.unwrap();
        let counted: (i64, i64, i64) = (counted.get(0).unwrap(), counted.get(1).unwrap(), counted.get(2).unwrap());
        assert!(crate::features::snapshot(&t).custom_apis.contains_key(&counted.0));
        assert_eq!((counted.1, counted.2), (1, 5), "the dashboard counts it for its custom API");
        let entries = ledger::entries(&t, &user, &Default::default()).await.unwrap().items;
        let references: Vec<_> = entries.iter().map(|entry| entry.reference.as_str()).collect();
        assert_eq!(references[..2], [format!("call:{id}:capture"), format!("call:{id}:hold")]);
        assert_eq!(upstream.requests()[0].headers["idempotency-key"], id);
        // The second call is waved through: this node knows that the account is well filled.
        request(&t, &user, "POST", "/api/text", Some(json!({"prompt": "rain"}))).await.answer.unwrap();
        assert_eq!(points(&t, &user).await, (90, 0));
        t.assert_healthy().await;
    }

    async fn a_call_goes_on_with_another_channel(t: TestService) {
        let upstream = StandIn::start().await;
        // The first tier is `main`, whose address nobody listens at; then one that answers.
        let channel = |priority: i64| format!("  - {{ name: spare, platform: stand-in, base_url: '{}', priority: {priority} }}\n", upstream.url);
        t.catalog("http://127.0.0.1:1", &format!("{}{CATALOG}", channel(-1))).await;
        let user = t.user("tester", 100).await;
        let called = request(&t, &user, "POST", "/api/text", Some(json!({"prompt": "rain"}))).await;
        assert_eq!(told(called).unwrap().0, 200);
        assert_eq!((points(&t, &user).await, upstream.stats().requests), ((95, 0), 1));
        // What the upstream has refused for its own reasons is not asked elsewhere.
        t.catalog(&upstream.url, &format!("{}{CATALOG}", channel(-1))).await;
        let bad = json!({"prompt": "rain", "behaviour": {"status": 404}});
        assert_eq!(told(request(&t, &user, "POST", "/api/text", Some(bad)).await).unwrap().0, 404);
        assert_eq!(upstream.stats().requests, 2);
        // When no channel is in use callers are told, and nothing is charged.
        let bad = json!({"prompt": "rain", "behaviour": {"status": 401}});
        assert_eq!(told(request(&t, &user, "POST", "/api/text", Some(bad)).await).unwrap().0, 502);
        assert_eq!(upstream.stats().requests, 4, "both refused it");
        let refused = request(&t, &user, "POST", "/api/text", Some(json!({"prompt": "rain"}))).await.answer.err().unwrap();
        assert_eq!((refused.code, upstream.stats().requests, points(&t, &user).await), (Unavailable, 4, (95, 0)));
        assert_eq!(refused.message, "Every channel of this API is out of use at present. Try again later.");
        t.assert_healthy().await;
    }

    async fn a_free_call_is_counted_too(t: TestService) {
        let (_upstream, user) = set_up(&t).await;
        request(&t, &user, "GET", "/api/weather/today", None).await.answer.unwrap();
        assert_eq!(points(&t, &user).await, (100, 0));
        let found = crate::dashboard::dashboard(&t, &user, &Default::default()).await.unwrap();
        let ranked: Vec<_> = found.api_ranking.iter().map(|api| (api.api_name.as_deref(), api.consume_count, api.consumed_points)).collect();
        assert_eq!(ranked, [(Some("Today"), 1, 0)]);
        t.assert_healthy().await;
    }

    async fn a_failure_costs_nothing(t: TestService) {
        let (_upstream, user) = set_up(&t).await;
        let bad = request(&t, &user, "POST", "/api/text", Some(json!({"prompt": "x", "behaviour": {"status": 404}}))).await;
        assert_eq!((bad.facts.points, bad.facts.error.is_some()), (0, true));
        assert_eq!(told(bad).unwrap().0, 404);
        assert_eq!(told(request(&t, &user, "POST", "/api/text", Some(json!({"prompt": "x", "behaviour": {"status": 500}}))).await).unwrap().0, 502);
        assert_eq!(told(request(&t, &user, "POST", "/api/away", Some(json!({}))).await), Err((Upstream, None)));
        assert_eq!(told(request(&t, &user, "POST", "/api/slow", Some(json!({}))).await), Err((UpstreamTimeout, None)));
        assert_eq!(points(&t, &user).await, (100, 0));
        t.assert_healthy().await;
    }

    async fn parameters_are_checked_before_anything_happens(t: TestService) {
        let (upstream, user) = set_up(&t).await;
        let answer = told(request(&t, &user, "GET", "/api/weather/%E4%B8%8A%E6%B5%B7?days=2&short=true", None).await).unwrap().1;
        assert!(answer.starts_with('"') && answer.contains("上海"), "{answer}");
        for (method, address, body, code, field) in [
            ("POST", "/api/text", Some(json!({})), MissingParameter, "prompt"),
            ("POST", "/api/text", Some(json!({"prompt": "a\u{0}"})), Invalid, "prompt"),
            ("POST", "/api/text", Some(json!({"prompt": "a", "other": 1})), UnknownParameter, "other"),
            ("GET", "/api/weather/a?days=x", None, Invalid, "days"),
            ("GET", "/api/weather/a?days=9", None, Invalid, "days"),
            ("GET", "/api/weather/a?days=1&days=2", None, Invalid, "days"),
            ("GET", "/api/weather/a?city=b", None, Invalid, "city"),
            ("GET", "/api/weather/%FF", None, Invalid, "city"),
            ("GET", "/api/weather/a?b=c", None, UnknownParameter, "b"),
        ] {
            assert_eq!(told(request(&t, &user, method, address, body).await), Err((code, Some(field.to_owned()))), "{method} {address}");
        }
        assert_eq!((upstream.requests().len(), points(&t, &user).await), (1, (97, 0)));
    }

    async fn paths_lead_to_their_apis(t: TestService) {
        let (_upstream, user) = set_up(&t).await;
        let name = |method, path| match find(&t, method, path) {
            Found::Api(api) => api.row.api.key.clone(),
            Found::OtherMethod => "other method".to_owned(),
            Found::Nothing => "nothing".to_owned(),
        };
        for (method, path, expected) in [
            ("GET", "/api/weather/x", "weather"),
            // A part that is written out goes before a parameter.
            ("GET", "/api/weather/today", "today"),
            ("POST", "/api/weather/x", "other method"),
            ("GET", "/api/weather", "nothing"),
            ("GET", "/api/weather/", "nothing"),
            ("GET", "/api/weather/x/y", "nothing"),
            ("GET", "/api/weatherx", "nothing"),
            ("POST", "/api/off", "nothing"),
            ("POST", "/other", "nothing"),
        ] {
            assert_eq!(name(method, path), expected, "{method} {path}");
        }
        let listed: Vec<_> = list(&t, &user).await.unwrap().into_iter().map(|api| api.name).collect();
        assert_eq!(listed, ["Text", "Weather", "Away", "Slow"]);
    }

    async fn nobody_spends_more_than_they_have(t: TestService) {
        let (_upstream, _) = set_up(&t).await;
        let poor = t.user("poor", 12).await;
        let calls = (0..10).map(|_| request(&t, &poor, "POST", "/api/text", Some(json!({"prompt": "x"}))));
        let outcomes = futures::future::join_all(calls).await;
        let good = outcomes.iter().filter(|called| called.answer.is_ok()).count();
        assert!(outcomes.iter().filter_map(|called| called.answer.as_ref().err()).all(|error| error.code == InsufficientPoints));
        assert_eq!((good, points(&t, &poor).await), (2, (2, 0)));
        t.assert_healthy().await;
    }

    async fn who_was_known_to_pay_and_cannot_goes_no_further_than_zero(t: TestService) {
        let (_upstream, user) = set_up(&t).await;
        let call = async || told(request(&t, &user, "POST", "/api/text", Some(json!({"prompt": "x"}))).await);
        call().await.unwrap();
        assert_eq!(points(&t, &user).await, (95, 0));
        // Behind the back of this node's knowledge, as another node's tasks would.
        ledger::reverse_recharge(&t, &t.admin("root").await, user.user_id, 93, "").await.unwrap();
        call().await.unwrap();
        assert_eq!(points(&t, &user).await, (2, 0), "that answer was not paid");
        assert_eq!(call().await, Err((InsufficientPoints, None)));
        assert_eq!(points(&t, &user).await, (2, 0));
        t.assert_healthy().await;
    }

    async fn what_a_killed_server_left_goes_back(t: TestService) {
        let (_upstream, user) = set_up(&t).await;
        for n in 0..3 {
            hold(&t, &Charge { user_id: user.user_id, points: 10, reference: format!("call:1-{n}") }).await.unwrap();
        }
        assert_eq!(points(&t, &user).await, (70, 30));
        assert_eq!(recover(&t).await.unwrap(), 0, "their calls may be under way");
        t.clock.advance(ABANDONED_MS + 1);
        assert_eq!(recover(&t).await.unwrap(), 3);
        assert_eq!(recover(&t).await.unwrap(), 0);
        assert_eq!(points(&t, &user).await, (100, 0));
        // An answer that comes after all changes nothing any more.
        let late = Charge { user_id: user.user_id, points: 10, reference: "call:1-0".to_owned() };
        assert!(!charge::end(&t, late, crate::ledger::HoldEnd::Capture).await.unwrap());
        assert_eq!(points(&t, &user).await, (100, 0));
        t.assert_healthy().await;
    }

    async fn doctor_finds_holds_that_nobody_ends(t: TestService) {
        let (_upstream, user) = set_up(&t).await;
        hold(&t, &Charge { user_id: user.user_id, points: 10, reference: "call:1-x".to_owned() }).await.unwrap();
        t.assert_healthy().await;
        t.clock.advance(ABANDONED_MS * 2);
        let bad: Vec<_> = crate::doctor::run(&t).await.unwrap().into_iter().filter(|check| !check.ok).map(|check| check.name).collect();
        assert!(bad.contains(&"every open hold of a call is young".to_owned()), "{bad:?}");
    }

    async fn administrators_change_them_one_by_one(t: TestService) {
        let (_upstream, user) = set_up(&t).await;
        let admin = t.admin("root").await;
        let new: CustomApi = serde_json::from_value(json!({"key": "echo", "name": "Echo", "path": "/api/echo", "platform": "stand-in", "rule": "good"})).unwrap();
        let wrong = |change: &dyn Fn(&mut CustomApi)| {
            let mut api = new.clone();
            change(&mut api);
            api
        };
        for (api, code, field) in [
            (wrong(&|api| api.path = "/api/tasks/x".into()), Invalid, "path"),
            (wrong(&|api| api.path = "/api/echo/{x}".into()), Invalid, "path"),
            (wrong(&|api| api.rule = "none".into()), Invalid, "rule"),
            (wrong(&|api| api.rule = "job".into()), Invalid, "rule"),
            (wrong(&|api| api.platform = "none".into()), Invalid, "platform"),
            (wrong(&|api| api.points_cost = -1), Invalid, "points_cost"),
            (wrong(&|api| api.name = "a\u{0}".into()), Invalid, "name"),
            (wrong(&|api| api.key = "text".into()), NameTaken, "key"),
            (wrong(&|api| api.path = "/api/text".into()), NameTaken, "path"),
        ] {
            let error = create_custom_api(&t, &admin, api.clone()).await.unwrap_err();
            assert_eq!((error.code, error.field.as_deref()), (code, Some(field)), "{api:?}");
        }
        assert_eq!(create_custom_api(&t, &user, new.clone()).await.unwrap_err().code, Forbidden);
        let made = create_custom_api(&t, &admin, new.clone()).await.unwrap();
        assert!(matches!(find(&t, "POST", "/api/echo"), Found::Api(_)));
        let revision = |version, name: &str| Revision { version, definition: CustomApi { name: name.to_owned(), ..new.clone() } };
        assert_eq!(update_custom_api(&t, &admin, made.id, revision(1, "二")).await.unwrap().version, 2);
        assert_eq!(update_custom_api(&t, &admin, made.id, revision(1, "三")).await.unwrap_err().code, Conflict);
        assert_eq!(update_custom_api(&t, &admin, 999, revision(1, "三")).await.unwrap_err().code, NotFound);
        assert_eq!(custom_apis(&t, &admin, &EntryFilter::default()).await.unwrap().items.last().unwrap().definition.name, "二");
        assert_eq!(custom_apis(&t, &user, &EntryFilter::default()).await.unwrap_err().code, Forbidden);
        assert!(!switch_custom_api(&t, &admin, made.id, false).await.unwrap().definition.enabled);
        // A rule that is used can be renamed, and not deleted.
        let rule = rules(&t, &admin, &EntryFilter { q: Some("good".into()), ..EntryFilter::default() }).await.unwrap().items.remove(0);
        assert_eq!(rule.used_by, ["Text", "Off", "二"]);
        assert_eq!(delete_rule(&t, &admin, rule.id).await.unwrap_err().code, Conflict);
        let renamed = model::rules::Rule { name: "better".into(), ..rule.definition };
        update_rule(&t, &admin, rule.id, Revision { version: rule.version, definition: renamed }).await.unwrap();
        let all = custom_apis(&t, &admin, &EntryFilter::default()).await.unwrap().items;
        assert_eq!(all.iter().filter(|entry| entry.definition.rule == "better" && entry.rule_id == rule.id).count(), 3);
        delete_custom_api(&t, &admin, made.id).await.unwrap();
        assert!(matches!(find(&t, "POST", "/api/echo"), Found::Nothing));
        let actions = t.db.fetch_all(query("SELECT action FROM audit_log WHERE target LIKE 'custom_api:%' ORDER BY id")).await.unwrap();
        let actions: Vec<String> = actions.iter().map(|row| row.get("action").unwrap()).collect();
        assert_eq!(actions, ["custom_api.create", "custom_api.update", "custom_api.disable", "custom_api.delete"]);
    }
}
