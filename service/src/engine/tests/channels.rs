//! Which channel takes a task, which one takes it next, and what is taken out of use.

use super::super::capacity::{Capacity, Supply};
use super::super::health::HealthMap;
use super::*;
use crate::audit;
use crate::features::{self, Snapshot};
use crate::testing::Engine as Database;
use model::audit::AuditFilter;
use model::catalog::ChannelHealth;
use serde_json::{Value, json};

/// What each credential is answered with stands in the task's parameter `of`.
const RULES: &str = r#"
rules:
  - &rule
    name: again
    request:
      url: '{{ channel.base_url }}/v1/generate'
      headers: { X-Key: '{{ channel.credential }}' }
      body: { prompt: '{{ task.id }}', behaviour: '{{ params.of[channel.credential] }}' }
    max_retries: 0
    timeout_seconds: 1
  - { <<: *rule, name: once, delivery: at_most_once }
  - { <<: *rule, name: patient, max_retries: 5 }
  - name: job
    request: { url: '{{ channel.base_url }}/v1/jobs?duration_ms=0', headers: { X-Key: '{{ channel.credential }}' }, body: { behaviour: '{{ params.of[channel.credential] }}' } }
    max_retries: 0
    poll:
      task_id_path: $.id
      request: { method: GET, url: '{{ channel.base_url }}/v1/jobs/{{ upstream_id }}', headers: { X-Key: '{{ channel.credential }}' } }
      interval_seconds: 1
      status_path: $.status
      status_map: { succeeded: success, failed: failure }
"#;

/// Applies channels, with a feature `rule@platform` for each rule on each of their platforms.
async fn apply(t: &TestService, channels: Value) {
    let rules = serde_yaml_ng::from_str::<serde_yaml_ng::Value>(RULES).unwrap();
    let mut rules: serde_yaml_ng::Value = rules;
    rules.apply_merge().unwrap();
    let rules: Value = serde_json::to_value(&rules["rules"]).unwrap();
    let mut features = Vec::new();
    for rule in rules.as_array().unwrap() {
        for channel in channels.as_array().unwrap() {
            let (name, platform) = (rule["name"].as_str().unwrap(), channel["platform"].as_str().unwrap());
            let key = format!("{name}-{platform}");
            if !features.iter().any(|feature: &Value| feature["key"] == key) {
                features.push(json!({"key": key, "name": key, "platform": platform, "rule": name, "points": 1,
                    "form_schema": [{"key": "of", "type": "json"}]}));
            }
        }
    }
    let catalog = json!({"rules": rules, "channels": channels, "features": features});
    let catalog = features::catalog_parse(&catalog.to_string(), true).unwrap();
    features::catalog_apply(t, &Actor::system(), &catalog, false).await.unwrap();
}

fn channel(name: &str, platform: &str, base_url: &str, more: Value) -> Value {
    let mut channel = json!({"name": name, "platform": platform, "base_url": base_url, "credential": name});
    channel.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    channel
}

async fn submit(t: &TestService, user: &Actor, feature: &str, of: Value) -> TaskView {
    let mut new = NewTask::default();
    new.params.insert("of".to_owned(), of);
    tasks::submit(t, user, t.feature(feature), new).await.unwrap()
}

/// How a task ended, or stands: its state, what its last attempt tried, and where it went.
async fn end(t: &TestService, task: &TaskView) -> (TaskStatus, Vec<(String, i64)>, Option<String>) {
    let root = Actor::system();
    let task = tasks::any(t, &root, task.id).await.unwrap();
    let mut attempts = tasks::any_attempts(t, &root, task.task.id, Paging::default()).await.unwrap().items;
    let Some(last) = (!attempts.is_empty()).then(|| attempts.remove(0)) else { return (task.task.status, Vec::new(), None) };
    let tried = last.tried.into_iter().map(|one| (one.channel.unwrap(), one.status_code)).collect();
    (task.task.status, tried, last.channel)
}

/// The credentials of the requests that came since the last look.
fn keys(upstream: &StandIn) -> Vec<String> {
    let found = upstream.requests().into_iter().map(|request| request.headers["x-key"].clone()).collect();
    upstream.reset();
    found
}

fn health(t: &TestService, name: &str) -> ChannelHealth {
    let snapshot = features::snapshot(t);
    t.engine.channel_health(snapshot.channels.values().find(|row| row.channel.name == name).unwrap())
}

async fn audited(t: &TestService) -> Vec<String> {
    let page = audit::list(t, &Actor::system(), &AuditFilter::default()).await.unwrap();
    let ours = page.items.into_iter().rev().map(|entry| entry.action).filter(|action| action.starts_with("channel."));
    ours.collect()
}

db_test! {
    async fn what_was_not_taken_goes_elsewhere(t: TestService) {
        let upstream = StandIn::start().await;
        let tls = upstream.url.replace("http://", "https://");
        let first = json!({"priority": 1});
        apply(&t, json!([
            channel("a", "p", &upstream.url, first.clone()), channel("b", "p", &upstream.url, json!({})),
            channel("gone", "refused", "http://127.0.0.1:1", first.clone()), channel("c", "refused", &upstream.url, json!({})),
            channel("plain", "tls", &tls, first), channel("d", "tls", &upstream.url, json!({})),
        ])).await;
        let user = t.user("tester", 100).await;
        let status = |status: i64| json!({"a": {"status": status}});
        // Feature, what `a` does, and where the task ends: elsewhere, or with the first channel's status.
        let table = [
            ("again-p", json!({}), Err(200)),
            ("again-p", status(429), Ok("b")),
            ("once-p", status(429), Ok("b")),
            ("again-p", status(500), Ok("b")),
            ("once-p", status(500), Ok("b")),
            ("once-p", status(503), Ok("b")),
            ("again-p", status(502), Ok("b")),
            ("once-p", status(502), Err(502)),
            ("again-p", status(400), Err(400)),
            ("again-p", status(404), Err(404)),
            ("again-p", json!({"a": {"body": "reset"}}), Ok("b")),
            ("once-p", json!({"a": {"body": "reset"}}), Err(0)),
            ("once-p", json!({"a": {"delay_ms": 1500}}), Err(0)),
            ("again-p", json!({"a": {"delay_ms": 1500}}), Ok("b")),
            ("once-refused", json!({}), Ok("c")),
            ("once-tls", json!({}), Ok("d")),
        ];
        for (feature, of, expected) in table {
            let task = submit(&t, &user, feature, of.clone()).await;
            t.drain().await;
            let (state, tried, channel) = end(&t, &task).await;
            let seen = attempts(&t, &user, &task).await[0].1;
            match expected {
                Ok(elsewhere) => {
                    assert_eq!((state, channel.as_deref(), seen), (TaskStatus::Succeeded, Some(elsewhere), 200), "{feature} {of}");
                    assert_eq!(tried.len(), 1, "{feature} {of}");
                }
                Err(status) => assert_eq!((tried, seen), (vec![], status), "{feature} {of}"),
            }
        }
        let task = submit(&t, &user, "again-p", status(429)).await;
        t.drain().await;
        assert_eq!(end(&t, &task).await, (TaskStatus::Succeeded, vec![("a".to_owned(), 429)], Some("b".to_owned())));
        let shown = tasks::attempts(&t, &user, task.id, Paging::default()).await.unwrap().items.remove(0);
        assert_eq!((shown.channel, shown.tried[0].channel.clone(), shown.tried[0].status_code), (None, None, 429), "users see no channel");
        assert_eq!(points(&t, &user).await, (100 - 12, 0), "each success is paid once");
        t.assert_healthy().await;
    }

    async fn an_attempt_ends_when_no_channel_is_left(t: TestService) {
        let upstream = StandIn::start().await;
        let names = ["a", "b", "c", "d", "e", "f"];
        apply(&t, names.iter().map(|name| channel(name, "p", &upstream.url, json!({}))).collect()).await;
        let user = t.user("tester", 100).await;
        let of = |status: i64| names.iter().map(|name| ((*name).to_owned(), json!({"status": status}))).collect::<Value>();
        let task = submit(&t, &user, "again-p", of(503)).await;
        t.drain().await;
        assert_eq!(end(&t, &task).await.1.len(), 3, "three others at most");
        let called: std::collections::HashSet<_> = keys(&upstream).into_iter().collect();
        assert_eq!((called.len(), end(&t, &task).await.0, points(&t, &user).await), (4, TaskStatus::Failed, (100, 0)), "each once");
        let t = TestService::with(t.db.engine(), |config| config.engine.failover_channels = 0).await;
        apply(&t, names.iter().map(|name| channel(name, "p", &upstream.url, json!({}))).collect()).await;
        let user = t.user("tester", 100).await;
        submit(&t, &user, "again-p", of(503)).await;
        t.drain().await;
        assert_eq!(keys(&upstream).len(), 1, "it can be switched off");
    }

    async fn an_accepted_job_stays_where_it_is(t: TestService) {
        let upstream = StandIn::start().await;
        let more = json!({"more_credentials": ["a2", "a3"], "priority": 1});
        apply(&t, json!([channel("a", "p", &upstream.url, more), channel("b", "p", &upstream.url, json!({}))])).await;
        let user = t.user("tester", 100).await;
        let busy = json!({"a": {"status": 429}, "a2": {"status": 429}});
        for of in [json!({}), json!({}), json!({}), busy] {
            let task = submit(&t, &user, "job-p", of).await;
            t.drain().await;
            assert_eq!(look(&t, &user, &task).await.status, TaskStatus::WaitingUpstream);
            t.advance(1).await;
            assert_eq!(look(&t, &user, &task).await.status, TaskStatus::Succeeded);
            let keys = keys(&upstream);
            assert_eq!(keys[keys.len() - 1], keys[keys.len() - 2], "the credential that submitted asks: {keys:?}");
            let (_, tried, channel) = end(&t, &task).await;
            assert_eq!((tried.len(), channel.as_deref()), (keys.len() - 2, Some("a")), "what was tried is kept while the job is followed");
        }
        t.assert_healthy().await;
    }

    async fn a_bad_key_is_set_aside_alone(t: TestService) {
        let upstream = StandIn::start().await;
        apply(&t, json!([channel("k1", "p", &upstream.url, json!({"more_credentials": ["k2", "a key of some length"]}))])).await;
        let user = t.user("tester", 100).await;
        let bad = json!({"k2": {"status": 401}});
        for _ in 0..6 {
            submit(&t, &user, "again-p", bad.clone()).await;
            t.drain().await;
        }
        let called = keys(&upstream);
        let count = |key: &str| called.iter().filter(|called| *called == key).count();
        assert_eq!((count("k1"), count("k2"), count("a key of some length")), (3, 1, 3), "by turns, the bad one once");
        let known = health(&t, "k1");
        assert_eq!(known.keys.iter().map(|key| key.masked.as_str()).collect::<Vec<_>>(), ["••••", "••••", "••••ngth"]);
        assert_eq!(known.keys[1].reason, "The upstream refused the credential with status 401.");
        assert!(known.disabled_automatically_at.is_none() && known.keys[0].disabled_automatically_at.is_none());
        // When the others are refused too, the task is not to blame: it waits until one is let through again.
        let all = json!({"k1": {"status": 401}, "a key of some length": {"status": 401}, "k2": {"status": 401}});
        let task = submit(&t, &user, "patient-p", all).await;
        t.drain().await;
        assert_eq!((look(&t, &user, &task).await.status, keys(&upstream).len()), (TaskStatus::RetryWait, 2));
        assert_eq!(health(&t, "k1").reason, "The upstream refused the credential with status 401.");
        let waiting = submit(&t, &user, "again-p", bad).await;
        t.advance(6).await;
        assert_eq!((look(&t, &user, &waiting).await.status, keys(&upstream).len()), (TaskStatus::Queued, 0), "nothing is in use");
        assert_eq!(audited(&t).await, ["channel.auto_disable"; 3]);
        tasks::cancel(&t, &user, task.id).await.unwrap();
        features::admin::recover_channel(&t, &Actor::system(), features::snapshot(&t).channels.values().next().unwrap().id).await.unwrap();
        t.drain().await;
        assert_eq!((look(&t, &user, &waiting).await.status, points(&t, &user).await), (TaskStatus::Succeeded, (93, 0)));
        assert!(audited(&t).await.contains(&"channel.recover".to_owned()));
        t.assert_healthy().await;
    }

    async fn repeated_failures_take_a_channel_out_of_use_until_a_probe_is_good(t: TestService) {
        let t = TestService::with(t.db.engine(), |config| config.engine.channel_failures = 3).await;
        let upstream = StandIn::start().await;
        apply(&t, json!([channel("a", "p", &upstream.url, json!({}))])).await;
        let other = match t.db.engine() {
            Database::Postgres => Some(t.another_node().await),
            Database::Sqlite => None,
        };
        let user = t.user("tester", 100).await;
        let (bad, good) = (json!({"a": {"status": 500}}), json!({}));
        for of in [&bad, &bad, &good, &bad, &bad] {
            submit(&t, &user, "again-p", of.clone()).await;
            t.drain().await;
        }
        assert_eq!((health(&t, "a").failures, health(&t, "a").disabled_automatically_at), (2, None), "a good answer ends the row");
        submit(&t, &user, "again-p", bad.clone()).await;
        t.drain().await;
        let known = health(&t, "a");
        assert_eq!(known.reason, "3 calls failed one after another, the last one with: The upstream answered with status 500.");
        assert_eq!((known.disabled_automatically_at, known.next_probe_at.unwrap().0), (Some(t.clock.now()), t.clock.now().0 + 30_000));
        if let Some(other) = &other {
            other.engine.refresh_health(other).await.unwrap();
            let channel = features::snapshot(other).channels.values().next().unwrap().clone();
            assert!(other.engine.channel_health(&channel).disabled_automatically_at.is_some(), "other nodes follow");
        }
        keys(&upstream);
        // What comes meanwhile waits; then one is let through, and fails: the next one comes after twice the time.
        let first = submit(&t, &user, "again-p", bad).await;
        let rest = [submit(&t, &user, "again-p", good.clone()).await, submit(&t, &user, "again-p", good).await];
        t.advance(29).await;
        assert_eq!((look(&t, &user, &first).await.status, keys(&upstream).len()), (TaskStatus::Queued, 0));
        t.advance(1).await;
        assert_eq!((look(&t, &user, &first).await.status, keys(&upstream).len()), (TaskStatus::Failed, 1), "half open");
        t.advance(59).await;
        assert_eq!(keys(&upstream).len(), 0);
        t.advance(1).await;
        for task in &rest {
            assert_eq!(look(&t, &user, task).await.status, TaskStatus::Succeeded, "the good one opens it for all");
        }
        assert_eq!((health(&t, "a").disabled_automatically_at, health(&t, "a").failures), (None, 0));
        assert_eq!(audited(&t).await, ["channel.auto_disable", "channel.auto_enable"]);
        t.assert_healthy().await;
    }

    async fn a_probe_is_let_through_by_one_node(t: TestService) {
        let t = TestService::with(t.db.engine(), |config| config.engine.channel_failures = 1).await;
        let upstream = StandIn::start().await;
        apply(&t, json!([channel("a", "p", &upstream.url, json!({}))])).await;
        let user = t.user("tester", 100).await;
        submit(&t, &user, "again-p", json!({"a": {"status": 500}})).await;
        t.drain().await;
        let other = t.another_node().await;
        t.clock.advance(30_000);
        let opened = (t.engine.refresh_health(&t).await.unwrap(), other.engine.refresh_health(&other).await.unwrap());
        assert_eq!(opened, (1, 0));
    }

    async fn a_limit_of_submissions_holds_and_never_fails_a_task(t: TestService) {
        let upstream = StandIn::start().await;
        apply(&t, json!([channel("a", "p", &upstream.url, json!({"max_per_minute": 2}))])).await;
        let user = t.user("tester", 100).await;
        let mut given = vec![submit(&t, &user, "patient-p", json!({"a": {"status": 503}})).await];
        for _ in 0..3 {
            given.push(submit(&t, &user, "patient-p", json!({})).await);
        }
        t.drain().await;
        for minute in 0..3 {
            assert_eq!(keys(&upstream).len(), 2, "minute {minute}: retries count as well");
            t.advance(59).await;
            assert_eq!(keys(&upstream).len(), 0, "minute {minute}");
            t.advance(1).await;
        }
        for task in &given[1..] {
            assert_eq!(look(&t, &user, task).await.status, TaskStatus::Succeeded);
        }
        assert_ne!(look(&t, &user, &given[0]).await.status, TaskStatus::Failed);
        // With another channel in a lower tier nothing waits.
        let spare = channel("b", "p", &upstream.url, json!({"priority": -1}));
        apply(&t, json!([channel("a", "p", &upstream.url, json!({"max_per_minute": 2})), spare])).await;
        tasks::cancel(&t, &user, given[0].id).await.unwrap();
        t.advance(60).await;
        keys(&upstream);
        for _ in 0..4 {
            submit(&t, &user, "patient-p", json!({})).await;
        }
        t.drain().await;
        let mut called = keys(&upstream);
        called.sort();
        assert_eq!(called, ["a", "a", "b", "b"]);
    }
}

/// Tiers first, then weights within a tier: by many choices with a fixed seed.
#[test]
fn tiers_and_weights() {
    let mut snapshot = Snapshot::default();
    for (id, priority, weight, parallel) in [(1, 5, 1, 1000), (2, 5, 3, 1000), (3, 5, 6, 1000), (4, 1, 9, 1000)] {
        let channel = json!({"name": format!("c{id}"), "platform": "p", "base_url": "http://x", "priority": priority, "weight": weight, "max_parallel": parallel});
        let row = std::sync::Arc::new(features::ChannelRow::new(id, serde_json::from_value(channel).unwrap()));
        snapshot.platforms.entry("p".to_owned()).or_default().push(row);
    }
    fastrand::seed(7);
    let health = HealthMap::default();
    let supply = Supply { snapshot: &snapshot, health: &health, now: 0 };
    let mut capacity = Capacity::default();
    let mut counts = [0; 5];
    for _ in 0..2000 {
        let taken = capacity.take_for_call(&supply, "p", &[]).unwrap();
        counts[usize::try_from(taken.channel.id).unwrap()] += 1;
        // Each is given back, so that only weights count.
        capacity.give_back_call(&taken, true);
    }
    let near = |count: i32, expected: i32| (count - expected).abs() < expected / 5;
    assert!(near(counts[1], 200) && near(counts[2], 600) && near(counts[3], 1200) && counts[4] == 0, "{counts:?}");
    // When the tier is full the next one is chosen.
    let mut taken = 0;
    while capacity.take_for_call(&supply, "p", &[]).unwrap().channel.id != 4 {
        taken += 1;
    }
    assert_eq!(taken, 3000);
}
