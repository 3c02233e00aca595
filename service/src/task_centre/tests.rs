use super::*;
use crate::db::query;
use crate::db_test;
use crate::testing::TestService;
use crate::{ledger, tasks};
use model::all_tasks::Intervention;
use model::task_centre::MediaStatus;
use model::tasks::NewTask;
use serde_json::{Value, json};
use stand_in::StandIn;

const CATALOG: &str = r#"
rules:
  - { name: good, request: { url: '{{ channel.base_url }}/v1/generate', body: { kind: text, prompt: '{{ params.prompt }}' } }, result_path: $.result }
  - { name: bad, request: { url: '{{ channel.base_url }}/v1/generate?status=500', body: {} }, error_path: $.error, max_retries: 0 }
  - { name: refused, request: { url: '{{ channel.base_url }}/v1/generate?status=400', body: {} }, error_path: $.error, max_retries: 0 }
  - { name: slow, request: { url: '{{ channel.base_url }}/v1/jobs?duration_ms=600000', body: { kind: text, prompt: x } },
      poll: { task_id_path: $.id, request: { method: GET, url: '{{ channel.base_url }}/v1/jobs/{{ upstream_id }}' }, status_path: $.status,
              status_map: { queued: queued, running: in_progress, succeeded: success, failed: failure }, interval_seconds: 30 } }
features:
  - { key: song, name: Song, platform: stand-in, action: SONG, rule: good, points: 10, form_schema: [{ key: prompt, type: text }] }
  - { key: lyrics, name: Lyrics, platform: stand-in, action: lyrics, rule: bad, points: 5, form_schema: [{ key: prompt, type: text }] }
  - { key: charged, name: Charged, platform: stand-in, action: lyrics, rule: refused, points: 3, price_kind: per_submission, form_schema: [{ key: prompt, type: text }] }
  - { key: film, name: Film, platform: stand-in, action: generate, rule: slow, points: 20, form_schema: [{ key: prompt, type: text }] }
  - { key: clip, name: Clip, platform: video, action: generate, rule: good, points: 1, form_schema: [{ key: prompt, type: text }] }
"#;

/// Two platforms; the second one's channel cannot be reached.
async fn catalog(t: &TestService, url: &str) {
    let channels = format!(
        "channels:\n  - {{ name: main, platform: stand-in, base_url: '{url}' }}\n  - {{ name: second, platform: video, base_url: 'http://127.0.0.1:1' }}\n"
    );
    let catalog = features::catalog_parse(&format!("{channels}{CATALOG}"), false).unwrap();
    features::catalog_apply(t, &Actor::system(), &catalog, false).await.unwrap();
}

fn by(change: impl FnOnce(&mut MediaTaskFilter)) -> MediaTaskFilter {
    let mut filter = MediaTaskFilter { page_size: Some(100), ..MediaTaskFilter::default() };
    change(&mut filter);
    filter
}

/// Whether a task is in a filtered list, said without an index.
fn matches(task: &MediaTask, filter: &MediaTaskFilter, channel: i64) -> bool {
    let word = |value: &Option<String>, is: &dyn Fn(&str) -> bool| value.as_deref().is_none_or(is);
    word(&filter.platform, &|platform| task.platform == platform)
        && word(&filter.action, &|action| task.action == action_word(action))
        && word(&filter.status, &|status| task.status.as_str() == status)
        && word(&filter.task_id, &|id| task.task_id == id)
        && filter.start_timestamp.is_none_or(|start| task.submit_time >= start)
        && filter.end_timestamp.is_none_or(|end| task.submit_time <= end)
        && filter.user_id.is_none_or(|user| task.user_id == user)
        && filter.channel_id.is_none_or(|wanted| channel == wanted)
}

db_test! {
    async fn every_filter_finds_what_a_plain_look_at_all_tasks_finds(t: TestService) {
        let upstream = StandIn::start().await;
        catalog(&t, &upstream.url).await;
        let (alice, bob) = (t.user("alice", 1000).await, t.user("bob", 1000).await);
        for round in 0..3 {
            for owner in [&alice, &bob] {
                for feature in ["song", "lyrics", "charged", "film"] {
                    t.submit(owner, feature, "rain").await;
                }
            }
            t.drain().await;
            // Never begun: its channel cannot be reached, and it is cancelled in one round.
            let waiting = t.submit(&alice, "clip", "sea").await;
            if round == 1 {
                tasks::cancel(&t, &alice, waiting.id).await.unwrap();
            }
            t.clock.advance(10_000);
        }
        // The upstream said of some what nobody understands.
        t.db.execute(query("UPDATE queue SET upstream_unknown = TRUE WHERE state = 2 AND id % 2 = 0")).await.unwrap();
        let admin = t.admin("root").await;
        let everything = all(&t, &admin, &by(|_| {})).await.unwrap().items;
        assert_eq!(everything.len(), 27);
        let states: std::collections::BTreeSet<_> = everything.iter().map(|task| task.status.as_str()).collect();
        assert_eq!(states.into_iter().collect::<Vec<_>>(), ["FAILURE", "NOT_START", "QUEUED", "SUBMITTED", "SUCCESS", "UNKNOWN"]);
        let channel = everything.iter().find(|task| task.action == "song").unwrap().channel_id;
        let begin = everything.last().unwrap().submit_time;

        let words = |words: &[&str]| std::iter::once(None).chain(words.iter().map(|word| Some((*word).to_owned()))).collect::<Vec<_>>();
        let numbers = |numbers: &[i64]| std::iter::once(None).chain(numbers.iter().map(|number| Some(*number))).collect::<Vec<_>>();
        let ids = words(&[&everything[3].task_id, "task_nobody"]);
        let mut tried = 0;
        for platform in words(&["stand-in", "video", "suno"]) {
            for action in words(&["SONG", "music", "lyrics", "generate"]) {
                for status in words(&["NOT_START", "SUBMITTED", "QUEUED", "IN_PROGRESS", "FAILURE", "SUCCESS", "UNKNOWN"]) {
                    for (start, end) in [(None, None), (Some(begin + 10), None), (None, Some(begin + 10)), (Some(begin + 10), Some(begin + 10))] {
                        let filter = by(|filter| {
                            filter.platform.clone_from(&platform);
                            filter.action.clone_from(&action);
                            filter.status.clone_from(&status);
                            (filter.start_timestamp, filter.end_timestamp) = (start, end);
                        });
                        check_own(&t, &alice, &everything, &filter).await;
                        for user in numbers(&[alice.user_id, 999]) {
                            for channel_id in numbers(&[channel, 999]) {
                                let filter = MediaTaskFilter { user_id: user, channel_id, ..filter.clone() };
                                check_all(&t, &admin, &everything, &filter).await;
                                tried += 1;
                            }
                        }
                    }
                }
            }
        }
        for task_id in ids {
            for status in words(&["SUCCESS", "FAILURE", "SUBMITTED"]) {
                let filter = by(|filter| (filter.task_id, filter.status) = (task_id.clone(), status.clone()));
                check_own(&t, &alice, &everything, &filter).await;
                check_all(&t, &admin, &everything, &filter).await;
            }
        }
        assert_eq!(tried, 4 * 5 * 8 * 4 * 9);
        t.assert_healthy().await;
    }

    async fn pages_are_cut_out_of_the_whole_list(t: TestService) {
        let upstream = StandIn::start().await;
        catalog(&t, &upstream.url).await;
        let alice = t.user("alice", 1000).await;
        for feature in ["song", "lyrics", "film", "song", "lyrics", "song", "film"] {
            t.submit(&alice, feature, "rain").await;
        }
        t.drain().await;
        let whole: Vec<i64> = own(&t, &alice, &by(|_| {})).await.unwrap().items.iter().map(|task| task.id).collect();
        assert!(whole.is_sorted_by(|a, b| a > b), "newest first: {whole:?}");
        for filter in [by(|_| {}), by(|f| f.platform = Some("stand-in".to_owned()))] {
            let mut seen = Vec::new();
            for p in 1..=4 {
                let page = own(&t, &alice, &MediaTaskFilter { p: Some(p), page_size: Some(2), ..filter.clone() }).await.unwrap();
                assert_eq!((page.total, page.page, page.page_size), (7, p, 2));
                seen.extend(page.items.iter().map(|task| task.id));
            }
            assert_eq!(seen, whole);
        }
    }

    async fn what_a_task_costs_and_why_it_failed(t: TestService) {
        let upstream = StandIn::start().await;
        catalog(&t, &upstream.url).await;
        let alice = t.user("alice", 1000).await;
        for feature in ["song", "lyrics", "charged", "film"] {
            t.submit(&alice, feature, "rain").await;
        }
        t.drain().await;
        let cancelled = t.submit(&alice, "clip", "sea").await;
        tasks::cancel(&t, &alice, cancelled.id).await.unwrap();
        let shown = own(&t, &alice, &by(|_| {})).await.unwrap().items;
        let lines: Vec<_> = shown.iter().map(|task| (task.action.as_str(), task.status, task.quota, task.progress.as_str())).collect();
        assert_eq!(
            lines,
            [
                ("generate", MediaStatus::Failure, 0, "100%"),
                ("generate", MediaStatus::Submitted, 20, "0%"),
                ("lyrics", MediaStatus::Failure, 3, "100%"),
                ("lyrics", MediaStatus::Failure, 0, "100%"),
                ("song", MediaStatus::Success, 10, "100%"),
            ]
        );
        assert!(shown.iter().all(|task| (task.status == MediaStatus::Failure) != task.fail_reason.is_empty()), "{shown:?}");
        assert!(shown.iter().all(|task| task.channel_id == 0 && task.username.is_none()), "owners know no channels");
        // What lists show as costs is what the account lost or holds.
        let balance = ledger::balance(&t, alice.user_id).await.unwrap();
        assert_eq!(1000 - balance.available, shown.iter().map(|task| task.quota).sum::<i64>());
    }

    async fn large_data_comes_with_its_task_only(t: TestService) {
        let upstream = StandIn::start().await;
        catalog(&t, &upstream.url).await;
        let alice = t.user("alice", 1000).await;
        let task = t.submit(&alice, "song", "rain").await;
        t.drain().await;
        let large = json!({ "text": "长".repeat(model::task_centre::MAX_LISTED_DATA / 3) });
        t.db.execute(query("UPDATE tasks SET response = $2 WHERE id = $1").bind(task.id).bind(large.to_string())).await.unwrap();
        let listed = &own(&t, &alice, &by(|_| {})).await.unwrap().items[0];
        assert_eq!((&listed.data, listed.data_truncated), (&json!({}), true));
        let fetched = &own(&t, &alice, &by(|filter| filter.task_id = Some(task.task_id.clone()))).await.unwrap().items[0];
        assert_eq!((&fetched.data, fetched.data_truncated), (&large, false));
    }

    async fn an_interfering_administrator_is_seen(t: TestService) {
        let upstream = StandIn::start().await;
        catalog(&t, &upstream.url).await;
        let (alice, admin) = (t.user("alice", 1000).await, t.admin("root").await);
        let task = tasks::submit(&t, &alice, t.feature("film"), NewTask { params: [("prompt".to_owned(), Value::from("海"))].into_iter().collect(), ..NewTask::default() }).await.unwrap();
        t.drain().await;
        let before = &all(&t, &admin, &by(|_| {})).await.unwrap().items[0];
        assert_eq!((before.username.as_deref(), before.properties.input.as_str(), before.quota), (Some("alice"), "海", 20));
        let channel = before.channel_id;
        assert!(channel > 0);
        tasks::treat(&t, &admin, Intervention::Fail, task.id, Some("gone".to_owned())).await.unwrap();
        let after = &all(&t, &admin, &by(|filter| filter.channel_id = Some(channel))).await.unwrap().items[0];
        assert_eq!((after.status, after.quota, after.channel_id), (MediaStatus::Failure, 0, channel));
        assert!(own(&t, &admin, &by(|_| {})).await.unwrap().items.is_empty(), "one's own list has one's own tasks only");
        assert_eq!(all(&t, &alice, &by(|_| {})).await.unwrap_err().code, model::ErrorCode::Forbidden);
    }
}

async fn check_own(t: &TestService, owner: &Actor, everything: &[MediaTask], filter: &MediaTaskFilter) {
    let found: Vec<i64> = own(t, owner, filter).await.unwrap().items.iter().map(|task| task.id).collect();
    let theirs = everything.iter().filter(|task| task.user_id == owner.user_id);
    let wanted: Vec<i64> = theirs.filter(|task| matches(task, filter, task.channel_id)).map(|task| task.id).collect();
    assert_eq!(found, wanted, "{filter:?}");
}

async fn check_all(t: &TestService, admin: &Actor, everything: &[MediaTask], filter: &MediaTaskFilter) {
    let page = all(t, admin, filter).await.unwrap();
    let wanted: Vec<i64> = everything.iter().filter(|task| matches(task, filter, task.channel_id)).map(|task| task.id).collect();
    assert_eq!(page.items.iter().map(|task| task.id).collect::<Vec<_>>(), wanted, "{filter:?}");
    assert_eq!(page.total, i64::try_from(wanted.len()).unwrap());
}
