//! Administration of the catalog, entry by entry.

use super::super::tests::catalog::FULL;
use super::*;
use crate::actor::Actor;
use crate::db::query;
use crate::db_test;
use crate::features::{catalog_apply, catalog_export, catalog_parse, catalog_text, get, list, refresh, snapshot};
use crate::testing::TestService;
use model::ErrorCode::{self, *};
use model::catalog::{ChannelTest, DryRun, EntryFilter, FeatureEntry, OutcomeKind, Revision};
use model::features::{Feature, Visibility};
use model::rules::Channel;
use serde_json::json;
use stand_in::StandIn;

async fn start(t: &TestService) -> Actor {
    catalog_apply(t, &Actor::system(), &catalog_parse(FULL, false).unwrap(), false).await.unwrap();
    t.admin("root").await
}

fn everything() -> EntryFilter {
    EntryFilter::default()
}

async fn by_key(t: &TestService, admin: &Actor, key: &str) -> FeatureEntry {
    features(t, admin, &everything()).await.unwrap().items.into_iter().find(|entry| entry.definition.key == key).unwrap()
}

fn by_default() -> Channel {
    serde_json::from_value(json!({"name": "x", "platform": "other", "base_url": "https://192.0.78.9"})).unwrap()
}

fn refused<T: std::fmt::Debug>(answer: Result<T>) -> (ErrorCode, String, String) {
    let error = answer.unwrap_err();
    (error.code, error.field.unwrap_or_default(), error.message)
}

async fn audited(t: &TestService) -> Vec<String> {
    let rows = t.db.fetch_all(query("SELECT action, actor_name FROM audit_log ORDER BY id")).await.unwrap();
    rows.iter().map(|row| format!("{} {}", row.get::<String>("action").unwrap(), row.get::<String>("actor_name").unwrap())).collect()
}

db_test! {
    async fn features_are_made_changed_and_deleted(t: TestService) {
        let admin = start(&t).await;
        let other = t.another_node().await;
        let song = by_key(&t, &admin, "song").await;
        assert_eq!((song.version, song.position), (1, 2), "the one without a place comes first");
        let new = Feature { key: "tune".to_owned(), name: "Tune".to_owned(), points: 7, ..song.definition.clone() };
        let made = create_feature(&t, &admin, new.clone()).await.unwrap();
        assert_eq!((made.version, &made.definition), (1, &new));
        assert_eq!(refused(create_feature(&t, &admin, new.clone()).await), (NameTaken, "key".to_owned(), "There is a feature of this name already.".to_owned()));
        assert!(refresh(&other).await.unwrap() && snapshot(&other).features.contains_key(&made.id), "other nodes follow");

        let changed = Feature { points: 8, ..new.clone() };
        let now = update_feature(&t, &admin, made.id, Revision { version: 1, definition: changed.clone() }).await.unwrap();
        assert_eq!((now.version, now.definition.points), (2, 8));
        let stale = update_feature(&t, &admin, made.id, Revision { version: 1, definition: changed.clone() }).await;
        assert_eq!(refused(stale), (Conflict, "version".to_owned(), "It was changed in the meantime: this is version 2, not 1.".to_owned()));
        let taken = update_feature(&t, &admin, made.id, Revision { version: 2, definition: Feature { key: "song".to_owned(), ..changed.clone() } }).await;
        assert_eq!(refused(taken).0, NameTaken);
        assert_eq!(refused(update_feature(&t, &admin, 999, Revision { version: 1, definition: changed.clone() }).await).0, NotFound);

        // The same checks as for a file, with the field.
        let mut wrong = changed.clone();
        wrong.form_schema[1].default = Some(json!(9));
        let error = refused(update_feature(&t, &admin, made.id, Revision { version: 2, definition: wrong }).await);
        assert_eq!(error, (Invalid, "form_schema[1].default".to_owned(), "`count` must be at most 4.".to_owned()));
        let wrong = Feature { rule: "nothing".to_owned(), ..changed.clone() };
        assert_eq!(refused(update_feature(&t, &admin, made.id, Revision { version: 2, definition: wrong }).await).1, "rule");
        let wrong = Feature { description: "a\0b".to_owned(), ..changed };
        assert_eq!(refused(update_feature(&t, &admin, made.id, Revision { version: 2, definition: wrong }).await).1, "description");

        assert!(!switch_feature(&t, &admin, made.id, false).await.unwrap().definition.enabled);
        assert_eq!(switch_feature(&t, &admin, made.id, false).await.unwrap().version, 3, "nothing to do is no change");
        let copy = duplicate_feature(&t, &admin, song.id).await.unwrap();
        assert_eq!((copy.definition.key.as_str(), copy.definition.name.as_str(), copy.definition.enabled), ("song-copy", "歌曲（副本）", false));
        assert_eq!(duplicate_feature(&t, &admin, song.id).await.unwrap().definition.key, "song-copy-2");
        delete_feature(&t, &admin, copy.id).await.unwrap();
        assert_eq!(refused(delete_feature(&t, &admin, copy.id).await).0, NotFound);

        // What was changed here can be exported and applied again.
        let exported = catalog_export(&t, &admin).await.unwrap();
        let report = catalog_apply(&t, &admin, &catalog_parse(&catalog_text(&exported, false), false).unwrap(), false).await.unwrap();
        assert_eq!((report.created.len(), report.updated.len()), (0, 0));
        let mut log = audited(&t).await;
        // That there is an administrator is another story.
        log.retain(|line| !line.starts_with("user."));
        assert_eq!(log.len(), 7, "{log:?}");
        assert_eq!(log[..3], ["catalog.apply system", "feature.create root", "feature.update root"]);
    }

    async fn features_have_an_order(t: TestService) {
        let admin = start(&t).await;
        let song = by_key(&t, &admin, "song").await;
        for (key, sort_order) in [("b", 30), ("c", 30)] {
            create_feature(&t, &admin, Feature { key: key.to_owned(), sort_order, ..song.definition.clone() }).await.unwrap();
        }
        let order = async |t: &TestService| {
            let page = features(t, &admin, &everything()).await.unwrap();
            page.items.iter().map(|entry| format!("{}{}", entry.position, entry.definition.key)).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(order(&t).await, "1plain-echo 2song 3b 4c");
        let c = by_key(&t, &admin, "c").await.id;
        assert_eq!(move_feature(&t, &admin, c, 2).await.unwrap().position, 2);
        assert_eq!(order(&t).await, "1plain-echo 2c 3song 4b");
        move_feature(&t, &admin, c, 99).await.unwrap();
        assert_eq!(order(&t).await, "1plain-echo 2song 3b 4c");
        assert_eq!(refused(move_feature(&t, &admin, c, 0).await).1, "position");
        let found = features(&t, &admin, &EntryFilter { q: Some(" SONG ".to_owned()), page_size: Some(1), ..everything() }).await.unwrap();
        assert_eq!((found.total, found.items.len()), (3, 1), "words are found in key, name, action and rule");
    }

    async fn some_features_are_for_some(t: TestService) {
        let admin = start(&t).await;
        let (alice, bob) = (t.user("Alice", 100).await, t.user("bob", 100).await);
        let song = by_key(&t, &admin, "song").await;
        let mut version = song.version;
        for (visibility, visible_to, seen) in [
            (Visibility::Users, vec!["alice".to_owned()], [true, false, true]),
            (Visibility::Hidden, vec![], [false, false, true]),
            (Visibility::Everyone, vec![], [true, true, true]),
        ] {
            let definition = Feature { visibility, visible_to, ..song.definition.clone() };
            version = update_feature(&t, &admin, song.id, Revision { version, definition }).await.unwrap().version;
            for (actor, seen) in [&alice, &bob, &admin].into_iter().zip(seen) {
                let name = format!("{visibility:?} {}", actor.username);
                assert_eq!(list(&t, actor).await.unwrap().len(), usize::from(seen), "{name}");
                assert_eq!(get(&t, actor, song.id).await.is_ok(), seen, "{name}");
                let answer = crate::tasks::submit(&t, actor, song.id, Default::default()).await;
                assert_eq!(answer.unwrap_err().code, if seen { MissingParameter } else { NotFound }, "{name}");
            }
        }
        let wrong = Feature { visibility: Visibility::Users, ..song.definition.clone() };
        assert_eq!(refused(update_feature(&t, &admin, song.id, Revision { version, definition: wrong }).await).1, "visible_to");
    }

    async fn a_task_of_a_hidden_feature_is_not_started_again(t: TestService) {
        let admin = start(&t).await;
        let alice = t.user("alice", 100).await;
        let task = t.submit(&alice, "song", "rain").await;
        crate::tasks::cancel(&t, &alice, task.id).await.unwrap();
        let song = by_key(&t, &admin, "song").await;
        let definition = Feature { visibility: Visibility::Hidden, ..song.definition };
        update_feature(&t, &admin, song.id, Revision { version: 1, definition }).await.unwrap();
        assert_eq!(crate::tasks::retry(&t, &alice, task.id).await.unwrap_err().code, NotFound);
        t.assert_healthy().await;
    }

    async fn rules_are_followed_by_their_features(t: TestService) {
        let admin = start(&t).await;
        let music = rules(&t, &admin, &EntryFilter { q: Some("music".to_owned()), ..everything() }).await.unwrap().items.remove(0);
        assert_eq!((music.used_by.as_slice(), music.version), (["歌曲".to_owned()].as_slice(), 1));
        let mut renamed = music.definition.clone();
        renamed.name = "tunes".to_owned();
        assert_eq!(update_rule(&t, &admin, music.id, Revision { version: 1, definition: renamed.clone() }).await.unwrap().version, 2);
        assert_eq!(by_key(&t, &admin, "song").await.definition.rule, "tunes");
        assert!(catalog_parse(&catalog_text(&catalog_export(&t, &admin).await.unwrap(), false), false).is_ok());

        // A feature asks for two retries: the rule cannot go below.
        let mut fewer = renamed.clone();
        fewer.max_retries = 1;
        let error = refused(update_rule(&t, &admin, music.id, Revision { version: 2, definition: fewer }).await);
        assert_eq!((error.0, error.2.as_str()), (Conflict, "The feature `song` needs it as it is: The rule allows at most 1 retries."));
        let mut wrong = renamed.clone();
        wrong.request.headers.insert("X-Try".to_owned(), "{{ attempt.id }} {{ secrets.x }}".to_owned());
        let error = refused(update_rule(&t, &admin, music.id, Revision { version: 2, definition: wrong }).await);
        assert_eq!((error.0, error.1.as_str()), (Invalid, "request.headers.X-Try"));
        assert!(error.2.ends_with("(At character 18.)"), "{}", error.2);

        let error = refused(delete_rule(&t, &admin, music.id).await);
        assert_eq!((error.0, error.2.as_str()), (Conflict, "The feature `song` uses it."));
        let copy = duplicate_rule(&t, &admin, music.id).await.unwrap();
        assert_eq!((copy.definition.name.as_str(), copy.used_by.len()), ("tunes（副本）", 0));
        delete_rule(&t, &admin, copy.id).await.unwrap();
        assert_eq!(refused(rule(&t, &admin, copy.id).await).0, NotFound);
    }

    async fn what_living_tasks_need_stays(t: TestService) {
        let admin = start(&t).await;
        let alice = t.user("alice", 100).await;
        let task = t.submit(&alice, "song", "rain").await;
        let song = by_key(&t, &admin, "song").await;
        let error = refused(delete_feature(&t, &admin, song.id).await);
        assert_eq!((error.0, error.2.as_str()), (Conflict, "One task that has not ended needs it."));
        // Another rule for the feature: the task goes on with the one that it began with.
        let definition = Feature { rule: "echo".to_owned(), max_retries: None, ..song.definition };
        update_feature(&t, &admin, song.id, Revision { version: 1, definition }).await.unwrap();
        assert_eq!(refused(delete_rule(&t, &admin, song.rule_id).await).2, "One task that has not ended needs it.");
        crate::tasks::cancel(&t, &alice, task.id).await.unwrap();
        delete_rule(&t, &admin, song.rule_id).await.unwrap();
        delete_feature(&t, &admin, song.id).await.unwrap();
        assert_eq!(crate::tasks::get(&t, &alice, task.id).await.unwrap().feature_name, "歌曲", "its tasks stay");
        t.assert_healthy().await;
    }

    async fn credentials_come_in_and_never_out(t: TestService) {
        let admin = start(&t).await;
        let first = channels(&t, &admin, &everything()).await.unwrap().items.remove(0);
        assert!(first.has_credential && first.definition.credential.is_none());
        let secret = |t: &TestService| snapshot(t).channels[&first.id].channel.credential.clone();
        let put = async |version: i64, credential: Option<&str>| {
            // The further ones go before the first does: one that is left would take its place.
            let more_credentials = (version == 2).then(Vec::new);
            let definition = Channel { credential: credential.map(str::to_owned), more_credentials, weight: version, ..first.definition.clone() };
            update_channel(&t, &admin, first.id, Revision { version, definition }).await.unwrap()
        };
        assert_eq!(put(1, None).await.health.keys.len(), 2, "both stay");
        assert_eq!(secret(&t).as_deref(), Some("s3cret"), "it stays unless another one is given");
        assert_eq!(put(2, Some("n3w")).await.health.keys.len(), 1);
        assert_eq!(secret(&t).as_deref(), Some("n3w"));
        assert!(!put(3, Some("")).await.has_credential);
        assert_eq!(secret(&t), None);
        let log = t.db.fetch_all(query("SELECT COALESCE(before_value, '') AS b, COALESCE(after_value, '') AS a FROM audit_log")).await.unwrap();
        let log: String = log.iter().map(|row| row.get::<String>("b").unwrap() + &row.get::<String>("a").unwrap()).collect();
        assert!(!log.contains("s3cret") && !log.contains("n3w") && !log.contains("an0ther") && log.contains("more_credentials_changed"), "{log}");

        assert_eq!(switch_channel(&t, &admin, first.id, false).await.unwrap().version, 5);
        assert!(snapshot(&t).platforms.is_empty());
        let spare = channels(&t, &admin, &everything()).await.unwrap().items.remove(1);
        delete_channel(&t, &admin, spare.id).await.unwrap();
        let error = refused(delete_channel(&t, &admin, first.id).await);
        assert_eq!(error.0, Conflict);
        assert!(error.2.starts_with("The feature `song` needs it as it is: No channel of the catalog"), "{}", error.2);
        let moved = Channel { platform: "other".to_owned(), ..first.definition.clone() };
        assert_eq!(refused(update_channel(&t, &admin, first.id, Revision { version: 5, definition: moved }).await).0, Conflict);
        let wrong = Channel { name: "third".to_owned(), base_url: "ftp://x".to_owned(), ..first.definition.clone() };
        assert_eq!(refused(create_channel(&t, &admin, wrong).await).1, "base_url");
    }

    async fn a_dry_run_shows_what_would_happen(t: TestService) {
        let admin = start(&t).await;
        let music = rules(&t, &admin, &everything()).await.unwrap().items.remove(0).definition;
        let channel = channels(&t, &admin, &everything()).await.unwrap().items.remove(0).id;
        let run = |body: serde_json::Value| -> DryRun {
            let mut run = json!({"rule": music, "channel_id": channel, "params": {"prompt": "rain", "count": 2, "style": "a b"}});
            run.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
            serde_json::from_value(run).unwrap()
        };
        let report = dry_run(&t, &admin, &run(json!({"headers": {"X-Own": "1"}}))).await.unwrap();
        assert_eq!((report.problems.len(), report.requests.len(), report.outcome.is_none()), (0, 3, true));
        let submit = &report.requests[0];
        assert_eq!((submit.method.as_str(), submit.url.as_str()), ("POST", "https://up.example/v1/submit?user=a%20b"));
        assert_eq!(submit.headers["authorization"], "Bearer ••••••");
        assert_eq!((submit.headers["x-own"].as_str(), submit.headers["x-try"].as_str()), ("1", "task_example-1"));
        assert_eq!(submit.body.as_deref(), Some(r#"{"count":2,"prompt":"rain","tags":["a b",1,null]}"#));
        assert_eq!(report.requests[2].url, "https://up.example/v1/fetch/job-1");
        assert!(!serde_json::to_string(&report).unwrap().contains("s3cret"));

        let answer = |step: &str, status: u16, body: serde_json::Value| json!({"answer": {"step": step, "status": status, "body": body.to_string(), "headers": {"Retry-After": "9"}}, "result_fields": [{"path": "$.url"}]});
        for (sample, kind, why, after) in [
            (answer("submit", 200, json!({"code": 1, "data": {"id": 5}})), OutcomeKind::Wait, "", Some(2)),
            (answer("submit", 200, json!({"code": 1})), OutcomeKind::Refuse, "The upstream accepted the job without telling its id.", None),
            (answer("submit", 503, json!({"message": "busy"})), OutcomeKind::Retry, "busy", Some(9)),
            (answer("poll", 200, json!({"data": {"status": "success", "result": {"url": "u"}}})), OutcomeKind::Done, "", None),
            (answer("poll", 200, json!({"data": {"status": "queued", "progress": "40%"}})), OutcomeKind::Wait, "", Some(9)),
            (answer("poll", 200, json!({"data": {"status": "failure", "reason": "no"}})), OutcomeKind::Retry, "no", Some(6)),
        ] {
            let outcome = dry_run(&t, &admin, &run(sample.clone())).await.unwrap().outcome.unwrap();
            assert_eq!((outcome.kind, outcome.why.as_str(), outcome.after_seconds), (kind, why, after), "{sample}");
            if kind == OutcomeKind::Done {
                assert_eq!((outcome.result, outcome.results[0].value.clone()), (Some(json!({"url": "u"})), Some(json!("u"))));
            }
        }

        // Mistakes have a place, and what is good beside them is still shown.
        let mut broken = run(json!({}));
        broken.rule.request.url = "{{ channel.base_url }}/x/{{ params. }}".to_owned();
        let report = dry_run(&t, &admin, &broken).await.unwrap();
        let problem = &report.problems[0];
        assert_eq!((problem.field.as_str(), problem.position, report.requests.len()), ("request.url", Some(26), 2));
        assert_eq!(refused(dry_run(&t, &admin, &run(json!({"channel_id": 999}))).await).0, NotFound);
        assert_eq!(refused(dry_run(&t, &admin, &run(json!({"answer": {"status": 99}}))).await).1, "answer.status");
        assert_eq!(refused(dry_run(&t, &admin, &run(json!({"result_fields": [{"path": "x"}]}))).await).1, "result_fields[0].path");
    }

    async fn a_test_makes_one_real_call(t: TestService) {
        let upstream = StandIn::start().await;
        let rules = "rules:\n  - { name: good, request: { url: '{{ channel.base_url }}/v1/generate', headers: { X-Key: '{{ channel.credential }}' }, body: { kind: text, prompt: '{{ params.prompt }}' } } }\n  - { name: broken, request: { url: '{{ channel.base_url }}/{{ params.x | round }}' } }";
        t.catalog(&format!("http://{}", upstream.address()), rules).await;
        let admin = t.admin("root").await;
        let channel = channels(&t, &admin, &everything()).await.unwrap().items.remove(0).id;
        let plain = test_channel(&t, &admin, channel, &ChannelTest::default()).await.unwrap();
        assert_eq!((plain.request.method.as_str(), plain.status, plain.error), ("GET", Some(200), None));
        let ids: Vec<i64> = snapshot(&t).rules.keys().copied().collect();
        let id = |name: &str| *ids.iter().find(|id| snapshot(&t).rules[*id].rule.name == name).unwrap();
        let params = json!({"prompt": "rain"}).as_object().unwrap().clone();
        let called = test_channel(&t, &admin, channel, &ChannelTest { rule_id: Some(id("good")), params: params.clone() }).await.unwrap();
        assert_eq!((called.status, called.request.headers["x-key"].as_str()), (Some(200), "••••••"));
        assert!(called.body.contains("rain"), "{}", called.body);
        let failed = test_channel(&t, &admin, channel, &ChannelTest { rule_id: Some(id("broken")), params }).await;
        assert_eq!(refused(failed).1, "rule_id");
    }

    async fn an_address_that_is_refused_is_warned_of(t: TestService) {
        let admin = start(&t).await;
        let channel = |name: &str, base_url: &str| Channel { name: name.to_owned(), base_url: base_url.to_owned(), ..by_default() };
        let made = create_channel(&t, &admin, channel("inside", "http://169.254.169.254/latest")).await.unwrap();
        let warning = "Calls to this address are refused: it is in a special network (link-local). The settings can allow it.";
        assert_eq!(made.warning.as_deref(), Some(warning));
        let listed = channels(&t, &admin, &everything()).await.unwrap().items;
        assert_eq!(listed.iter().filter_map(|entry| entry.warning.as_deref()).collect::<Vec<_>>(), [warning]);
        let definition = channel("inside", "http://127.0.0.1:4010");
        let moved = update_channel(&t, &admin, made.id, Revision { version: made.version, definition }).await.unwrap();
        assert_eq!(moved.warning, None, "the policy of tests allows it");
    }

    async fn a_rule_is_tried_with_a_channel_that_it_uses(t: TestService) {
        let admin = start(&t).await;
        create_channel(&t, &admin, Channel { name: "a newer one".to_owned(), ..by_default() }).await.unwrap();
        let id_of = |name: &str| snapshot(&t).rules.values().find(|row| row.rule.name == name).unwrap().id;
        let first = snapshot(&t).channels.values().find(|row| row.channel.name == "first").unwrap().id;
        assert_eq!(channel_for(&t, &admin, id_of("music")).unwrap(), Some(first));
        assert_eq!(channel_for(&t, &admin, 999).unwrap(), None);
    }

    async fn only_administrators_do_any_of_it(t: TestService) {
        start(&t).await;
        let alice = t.user("alice", 0).await;
        let song = catalog_parse(FULL, false).unwrap().features.remove(0);
        let answers = [
            features(&t, &alice, &everything()).await.map(drop),
            rules(&t, &alice, &everything()).await.map(drop),
            channels(&t, &alice, &everything()).await.map(drop),
            create_feature(&t, &alice, song).await.map(drop),
            delete_rule(&t, &alice, 1).await,
            test_channel(&t, &alice, 1, &ChannelTest::default()).await.map(drop),
        ];
        assert!(answers.into_iter().all(|answer| refused(answer).0 == Forbidden));
    }
}
