//! What administrators do with everybody's tasks, and what goes with age.

use crate::actor::Actor;
use crate::db::query;
use crate::db_test;
use crate::ledger;
use crate::tasks::*;
use crate::testing::TestService;
use model::ErrorCode::*;
use model::all_tasks::{AllTasksFilter, Intervention, InterventionRequest};
use model::paging::Paging;
use model::settings::Settings;
use model::tasks::{BatchOutcome, TaskStatus};
use stand_in::StandIn;

const CATALOG: &str = r#"
rules:
  - { name: good, request: { url: '{{ channel.base_url }}/v1/generate', body: { prompt: '{{ params.prompt }}' } } }
  - { name: bad, request: { url: '{{ channel.base_url }}/v1/generate?status=400', body: {} } }
  - { name: flaky, request: { url: '{{ channel.base_url }}/v1/generate?status=500', body: {} }, max_retries: 3 }
  - name: job
    request: { url: '{{ channel.base_url }}/v1/jobs?duration_ms=3600000', body: {} }
    overall_timeout_seconds: 86400
    poll: &poll
      task_id_path: $.id
      request: { method: GET, url: '{{ channel.base_url }}/v1/jobs/{{ upstream_id }}' }
      interval_seconds: 1
      status_path: $.status
      status_map: { queued: queued, running: in_progress, succeeded: success }
      cancel: { method: DELETE, url: '{{ channel.base_url }}/v1/jobs/{{ upstream_id }}' }
  - { name: once, request: { url: '{{ channel.base_url }}/v1/jobs?duration_ms=3600000', body: {} }, delivery: at_most_once, poll: *poll }
features:
  - { key: good, name: good, platform: stand-in, rule: good, points: 10, form_schema: [{ key: prompt, type: text }] }
  - { key: bad, name: bad, platform: stand-in, rule: bad, points: 10, form_schema: [{ key: prompt, type: text }] }
  - { key: flaky, name: flaky, platform: stand-in, rule: flaky, points: 10, form_schema: [{ key: prompt, type: text }] }
  - { key: job, name: job, platform: stand-in, rule: job, points: 10, form_schema: [{ key: prompt, type: text }] }
  - { key: once, name: once, platform: stand-in, rule: once, points: 10, form_schema: [{ key: prompt, type: text }] }
"#;

async fn set_up(t: &TestService) -> (StandIn, Actor, Actor, Actor) {
    let upstream = StandIn::start().await;
    t.catalog(&upstream.url, CATALOG).await;
    (upstream, t.admin("root").await, t.user("alice", 100).await, t.user("bob", 100).await)
}

async fn treat(t: &TestService, admin: &Actor, action: Intervention, ids: &[i64]) -> Vec<BatchOutcome> {
    let request = InterventionRequest { action, ids: ids.to_vec(), reason: Some("上游故障".to_owned()) };
    intervene(t, admin, request).await.unwrap()
}

async fn status(t: &TestService, admin: &Actor, id: i64) -> TaskStatus {
    any(t, admin, id).await.unwrap().task.status
}

async fn audited(t: &TestService, id: i64) -> Vec<String> {
    let rows = query("SELECT action FROM audit_log WHERE target = $1 ORDER BY id").bind(format!("task:{id}"));
    t.db.fetch_all(rows).await.unwrap().iter().map(|row| row.get("action").unwrap()).collect()
}

db_test! {
    async fn everybodys_tasks_are_found(t: TestService) {
        let (_upstream, admin, alice, bob) = set_up(&t).await;
        let good = t.submit(&alice, "good", "x").await;
        let bad = t.submit(&bob, "bad", "x").await;
        let job = t.submit(&alice, "job", "x").await;
        t.drain().await;
        let queued = t.submit(&bob, "good", "later").await;
        assert_eq!(all(&t, &alice, &AllTasksFilter::default()).await.unwrap_err().code, Forbidden);
        assert_eq!(any(&t, &alice, good.id).await.unwrap_err().code, Forbidden);
        let ids = async |filter: AllTasksFilter| -> Vec<i64> {
            let page = all(&t, &admin, &filter).await.unwrap();
            assert_eq!(page.total, page.items.len() as i64, "{filter:?}");
            page.items.iter().map(|one| one.task.id).collect()
        };
        let with = |change: &dyn Fn(&mut AllTasksFilter)| {
            let mut filter = AllTasksFilter::default();
            change(&mut filter);
            filter
        };
        assert_eq!(ids(AllTasksFilter::default()).await, [queued.id, job.id, bad.id, good.id]);
        assert_eq!(ids(with(&|f| f.order = Some(model::tasks::Order::Asc))).await, [good.id, bad.id, job.id, queued.id]);
        assert_eq!(ids(with(&|f| f.user = Some("ALICE".into()))).await, [job.id, good.id]);
        assert_eq!(ids(with(&|f| f.user = Some(bob.user_id.to_string()))).await, [queued.id, bad.id]);
        assert_eq!(ids(with(&|f| f.user = Some("nobody".into()))).await, [0i64; 0]);
        for (state, id) in [(TaskStatus::Queued, queued.id), (TaskStatus::WaitingUpstream, job.id), (TaskStatus::Failed, bad.id), (TaskStatus::Succeeded, good.id)] {
            assert_eq!(ids(with(&|f| f.status = Some(state))).await, [id], "{state:?}");
        }
        let feature = t.feature("job");
        assert_eq!(ids(with(&|f| f.feature_id = Some(feature))).await, [job.id]);
        let found = all(&t, &admin, &AllTasksFilter::default()).await.unwrap();
        let channel = found.items[1].channel_id.unwrap();
        assert_eq!((found.items[1].username.as_str(), found.items[1].channel.as_deref(), found.items[0].channel_id), ("alice", Some("main"), None));
        assert_eq!(ids(with(&|f| f.channel_id = Some(channel))).await, [job.id, bad.id, good.id]);
        assert_eq!(ids(with(&|f| f.channel_id = Some(999))).await, [0i64; 0]);
        assert_eq!(ids(with(&|f| f.q = Some(bad.id.to_string()))).await, [bad.id]);
        assert_eq!(ids(with(&|f| f.q = Some(good.task_id.clone()))).await, [good.id]);
        assert_eq!(ids(with(&|f| f.end = Some(t.clock.now()))).await, [0i64; 0]);
        t.clock.advance(60_000);
        let late = t.submit(&bob, "good", "late").await;
        let since = Some(t.clock.now());
        assert_eq!(ids(with(&|f| f.start = since)).await, [late.id]);
        assert_eq!(ids(with(&|f| f.end = since)).await, [queued.id, job.id, bad.id, good.id]);
        assert_eq!(ids(with(&|f| (f.end, f.feature_id) = (since, Some(feature)))).await, [job.id]);
        let long = with(&|f| f.q = Some("x".repeat(101)));
        assert_eq!(all(&t, &admin, &long).await.unwrap_err().field.as_deref(), Some("q"));

        let seen = any(&t, &admin, good.id).await.unwrap();
        assert_eq!((seen.user_id, seen.task.payload.unwrap()["prompt"].as_str()), (alice.user_id, Some("x")));
        let attempts = any_attempts(&t, &admin, good.id, Paging::default()).await.unwrap();
        assert_eq!(attempts.items[0].channel.as_deref(), Some("main"));
        // Its owner is not told the names of channels.
        assert_eq!(super::super::attempts(&t, &alice, good.id, Paging::default()).await.unwrap().items[0].channel, None);
        assert_eq!(any(&t, &admin, 999).await.unwrap_err().code, NotFound);
        assert_eq!(any_attempts(&t, &admin, 999, Paging::default()).await.unwrap_err().code, NotFound);
    }

    async fn living_tasks_are_failed_and_points_come_back(t: TestService) {
        let (upstream, admin, alice, bob) = set_up(&t).await;
        let (job, waiting) = (t.submit(&alice, "job", "x").await, t.submit(&bob, "flaky", "x").await);
        t.drain().await;
        let queued = t.submit(&bob, "good", "x").await;
        let done = treat(&t, &admin, Intervention::Fail, &[job.id, waiting.id, queued.id, 999, job.id]).await;
        let codes: Vec<_> = done.iter().map(|one| (one.success, one.error.as_ref().map(|error| error.code))).collect();
        assert_eq!(codes, [(true, None), (true, None), (true, None), (false, Some(NotFound)), (true, None)]);
        let failed = any(&t, &admin, job.id).await.unwrap().task;
        assert_eq!((failed.status, failed.error.as_str()), (TaskStatus::Failed, "Ended by an administrator: 上游故障"));
        assert_eq!(ledger::balance(&t, alice.user_id).await.unwrap().available, 100);
        assert_eq!(ledger::balance(&t, bob.user_id).await.unwrap().available, 100);
        assert_eq!(audited(&t, job.id).await, ["task.fail"]);
        t.drain().await;
        // The upstream was told to stop.
        assert!(upstream.requests().iter().any(|request| request.method == "DELETE"));
        let again = treat(&t, &admin, Intervention::Fail, &[job.id]).await;
        assert_eq!(again[0].error.as_ref().unwrap().code, Conflict);
        assert_eq!(intervene(&t, &alice, InterventionRequest { action: Intervention::Fail, ids: vec![job.id], reason: None }).await.unwrap_err().code, Forbidden);
        assert_eq!(intervene(&t, &admin, InterventionRequest { action: Intervention::Fail, ids: vec![], reason: None }).await.unwrap_err().field.as_deref(), Some("ids"));
        let long = InterventionRequest { action: Intervention::Fail, ids: vec![job.id], reason: Some("x".repeat(501)) };
        assert_eq!(intervene(&t, &admin, long).await.unwrap_err().field.as_deref(), Some("reason"));
        t.assert_healthy().await;
    }

    async fn tasks_are_put_back_into_the_queue(t: TestService) {
        let (_upstream, admin, alice, _bob) = set_up(&t).await;
        let (job, flaky, bad, once) = (
            t.submit(&alice, "job", "x").await,
            t.submit(&alice, "flaky", "x").await,
            t.submit(&alice, "bad", "x").await,
            t.submit(&alice, "once", "x").await,
        );
        t.drain().await;
        assert_eq!(status(&t, &admin, job.id).await, TaskStatus::WaitingUpstream);
        assert_eq!(status(&t, &admin, bad.id).await, TaskStatus::Failed);
        let done = treat(&t, &admin, Intervention::Requeue, &[job.id, flaky.id, bad.id, once.id]).await;
        assert_eq!(done.iter().map(|one| one.success).collect::<Vec<_>>(), [true, true, true, false]);
        assert_eq!(done[3].error.as_ref().unwrap().code, Conflict);
        for id in [job.id, flaky.id, bad.id] {
            assert_eq!(status(&t, &admin, id).await, TaskStatus::Queued, "{id}");
            assert_eq!(audited(&t, id).await, ["task.requeue"]);
        }
        let again = treat(&t, &admin, Intervention::Requeue, &[flaky.id]).await;
        assert_eq!(again[0].error.as_ref().unwrap().code, Conflict);
        t.drain().await;
        // The job was submitted anew, with an attempt of its own.
        assert_eq!(status(&t, &admin, job.id).await, TaskStatus::WaitingUpstream);
        let attempts = any_attempts(&t, &admin, job.id, Paging::default()).await.unwrap();
        assert_eq!((attempts.total, attempts.items[0].error.as_str()), (1, "Put back into the queue by an administrator."));
        assert_eq!(status(&t, &admin, flaky.id).await, TaskStatus::RetryWait);
        treat(&t, &admin, Intervention::Cancel, &[job.id, flaky.id, once.id]).await;
        assert_eq!(audited(&t, once.id).await, ["task.cancel"]);
        assert_eq!(ledger::balance(&t, alice.user_id).await.unwrap().available, 100);
        t.assert_healthy().await;
    }

    async fn old_tasks_and_attempts_go(t: TestService) {
        let (_upstream, admin, alice, _bob) = set_up(&t).await;
        let (good, job) = (t.submit(&alice, "good", "x").await, t.submit(&alice, "job", "x").await);
        t.drain().await;
        t.clock.advance(2 * 86_400_000);
        let young = t.submit(&alice, "bad", "x").await;
        cancel(&t, &alice, young.id).await.unwrap();
        // Without a setting everything stays.
        assert_eq!(delete_expired(&t).await.unwrap(), 0);
        crate::settings::update(&t, &admin, 0, Settings { task_retention_days: Some(1), ..Settings::default() }).await.unwrap();
        assert_eq!(delete_expired(&t).await.unwrap(), 1);
        assert_eq!(any(&t, &admin, good.id).await.unwrap_err().code, NotFound);
        // What lives stays, however old, and what ended lately.
        assert_eq!(status(&t, &admin, job.id).await, TaskStatus::WaitingUpstream);
        assert_eq!(status(&t, &admin, young.id).await, TaskStatus::Cancelled);
        treat(&t, &admin, Intervention::Cancel, &[job.id]).await;
        let late = t.submit(&alice, "good", "x").await;
        t.drain().await;
        crate::settings::update(&t, &admin, 1, Settings { attempt_retention_days: Some(1), ..Settings::default() }).await.unwrap();
        // The job's attempt began two days ago.
        assert_eq!(delete_expired(&t).await.unwrap(), 1);
        t.clock.advance(2 * 86_400_000);
        assert_eq!(delete_expired(&t).await.unwrap(), 1);
        assert_eq!(any_attempts(&t, &admin, late.id, Paging::default()).await.unwrap().total, 0);
        t.assert_healthy().await;
    }
}

/// What the buttons offer is what the machine allows.
#[test]
fn interventions_are_legal_moves() {
    for status in TaskStatus::ALL {
        assert_eq!(Intervention::Fail.is_possible(status), status.may_become(TaskStatus::Failed), "{status:?}");
        assert_eq!(Intervention::Cancel.is_possible(status), status.may_become(TaskStatus::Cancelled), "{status:?}");
        assert_eq!(Intervention::Requeue.is_possible(status), status.may_become(TaskStatus::Queued), "{status:?}");
    }
}
