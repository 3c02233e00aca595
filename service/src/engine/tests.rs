mod channels;
mod platforms;

use super::outcome::{Answer, Outcome};
use super::worker;
use super::*;
use crate::actor::Actor;
use crate::db::batch::Apply;
use crate::db::query;
use crate::db_test;
use crate::ledger;
use crate::tasks;
use crate::testing::TestService;
use model::events::Event;
use model::ledger::{Balance, EntryFilter};
use model::paging::Paging;
use model::tasks::{NewTask, TaskStatus, TaskView};
use stand_in::StandIn;

/// Features over the stand-in: what each does stands in its rule's URL.
const CATALOG: &str = r#"
rules:
  - { name: good, request: { url: '{{ channel.base_url }}/v1/generate', body: { kind: text, prompt: '{{ params.prompt }}' } }, result_path: $.result }
  - { name: flaky, request: { url: '{{ channel.base_url }}/v1/generate?fail_first=1', headers: { X-Task: '{{ task.id }}' }, body: { prompt: '{{ params.prompt }}' } }, max_retries: 3 }
  - { name: bad, request: { url: '{{ channel.base_url }}/v1/generate?status=500', body: {} }, error_path: $.error, max_retries: 2 }
  - { name: refused, request: { url: '{{ channel.base_url }}/v1/generate?status=400', body: {} }, max_retries: 2 }
  - { name: once, request: { url: '{{ channel.base_url }}/v1/generate', body: {} }, delivery: at_most_once }
  - { name: away, request: { url: 'http://127.0.0.1:1/', body: {} }, max_retries: 1 }
  - name: job
    request: { url: '{{ channel.base_url }}/v1/jobs?duration_ms=0', body: { prompt: '{{ params.prompt }}' } }
    max_retries: 0
    overall_timeout_seconds: 3600
    poll: &poll
      task_id_path: $.id
      request: { method: GET, url: '{{ channel.base_url }}/v1/jobs/{{ upstream_id }}' }
      interval_seconds: 1
      status_path: $.status
      status_map: { queued: queued, running: in_progress, succeeded: success, failed: failure, cancelled: failure }
      progress_path: $.progress
      result_path: $.result
      failure_path: $.error
      cancel: { method: DELETE, url: '{{ channel.base_url }}/v1/jobs/{{ upstream_id }}' }
  - name: no-id
    request: { url: '{{ channel.base_url }}/v1/jobs?duration_ms=0', body: {} }
    max_retries: 3
    poll: { task_id_path: $.nothing, request: { method: GET, url: '{{ channel.base_url }}/v1/jobs/{{ upstream_id }}' }, status_path: $.status, status_map: { succeeded: success } }
  - name: slow-job
    request: { url: '{{ channel.base_url }}/v1/jobs?duration_ms=3600000', body: {} }
    max_retries: 0
    overall_timeout_seconds: 60
    poll: *poll
"#;

/// Key, rule, and when the price of 10 points is due.
const FEATURES: [(&str, &str, &str); 13] = [
    ("good", "good", "per_success"),
    ("flaky", "flaky", "per_success"),
    ("bad", "bad", "per_success"),
    ("refused", "refused", "per_success"),
    ("once", "once", "per_success"),
    ("away", "away", "per_success"),
    ("job", "job", "per_success"),
    ("slow-job", "slow-job", "per_success"),
    ("bad-paid", "bad", "per_submission"),
    ("away-paid", "away", "per_submission"),
    ("job-paid", "slow-job", "per_submission"),
    ("no-id", "no-id", "per_success"),
    ("no-id-paid", "no-id", "per_submission"),
];

async fn set_up(t: &TestService) -> (StandIn, Actor) {
    let upstream = StandIn::start().await;
    let mut catalog = format!("{CATALOG}features:\n");
    for (key, rule, kind) in FEATURES {
        let form = "form_schema: [{ key: prompt, type: text }], result_fields: [{ label: Text, path: $.text }]";
        catalog +=
            &format!("  - {{ key: {key}, name: {key}, platform: stand-in, rule: {rule}, points: 10, price_kind: {kind}, {form} }}\n");
    }
    t.catalog(&upstream.url, &catalog).await;
    (upstream, t.user("tester", 100).await)
}

async fn look(t: &TestService, actor: &Actor, task: &TaskView) -> TaskView {
    tasks::get(t, actor, task.id).await.unwrap()
}

async fn points(t: &TestService, actor: &Actor) -> (i64, i64) {
    let Balance { available, held } = ledger::balance(t, actor.user_id).await.unwrap();
    (available, held)
}

/// (attempt number, status code) of every attempt, oldest first.
async fn attempts(t: &TestService, actor: &Actor, task: &TaskView) -> Vec<(i64, i64)> {
    let page = tasks::attempts(t, actor, task.id, Paging::default()).await.unwrap();
    page.items.iter().rev().map(|attempt| (attempt.attempt_no, attempt.status_code)).collect()
}

db_test! {
    async fn a_task_succeeds_and_is_paid(t: TestService) {
        let (_upstream, user) = set_up(&t).await;
        let task = t.submit(&user, "good", "hello").await;
        assert_eq!((task.status, task.seq, points(&t, &user).await), (TaskStatus::Queued, 1, (90, 10)));
        t.drain().await;
        let done = look(&t, &user, &task).await;
        assert_eq!((done.status, done.progress, done.error.as_str(), points(&t, &user).await), (TaskStatus::Succeeded, 100, "", (90, 0)));
        assert!(done.results.unwrap()[0].value.as_ref().unwrap().as_str().unwrap().contains("hello"));
        assert_eq!(attempts(&t, &user, &task).await, [(1, 200)]);
        t.assert_healthy().await;
    }

    async fn a_failure_is_retried_after_its_interval(t: TestService) {
        let (upstream, user) = set_up(&t).await;
        let task = t.submit(&user, "flaky", "x").await;
        t.drain().await;
        let waiting = look(&t, &user, &task).await;
        assert_eq!((waiting.status, waiting.retry_count, waiting.next_run_at.unwrap().0 - t.clock.now().0), (TaskStatus::RetryWait, 1, 5000));
        t.advance(4).await;
        assert_eq!(look(&t, &user, &task).await.status, TaskStatus::RetryWait);
        t.advance(1).await;
        assert_eq!(look(&t, &user, &task).await.status, TaskStatus::Succeeded);
        assert_eq!(attempts(&t, &user, &task).await, [(1, 503), (2, 200)]);
        let keys: Vec<_> = upstream.requests().iter().map(|request| request.headers["idempotency-key"].clone()).collect();
        assert_eq!(keys, [format!("{}-1", task.task_id), format!("{}-2", task.task_id)], "a retry has a key of its own");
        t.assert_healthy().await;
    }

    async fn points_come_back_when_the_retries_are_spent(t: TestService) {
        let (_upstream, user) = set_up(&t).await;
        let task = t.submit(&user, "bad", "x").await;
        for _ in 0..3 {
            t.advance(5).await;
        }
        let failed = look(&t, &user, &task).await;
        assert_eq!((failed.status, failed.retry_count, points(&t, &user).await), (TaskStatus::Failed, 2, (100, 0)));
        assert_eq!(attempts(&t, &user, &task).await, [(1, 500), (2, 500), (3, 500)]);
        let again = tasks::retry(&t, &user, task.id).await.unwrap();
        assert_eq!((again.status, again.retry_count, points(&t, &user).await), (TaskStatus::Queued, 0, (90, 10)));
        t.drain().await;
        assert_eq!(attempts(&t, &user, &task).await.last(), Some(&(4, 500)), "attempts are counted over all runs");
        t.assert_healthy().await;
    }

    async fn a_refusal_is_not_retried(t: TestService) {
        let (_upstream, user) = set_up(&t).await;
        let task = t.submit(&user, "refused", "x").await;
        t.drain().await;
        assert_eq!((look(&t, &user, &task).await.status, points(&t, &user).await), (TaskStatus::Failed, (100, 0)));
        assert_eq!(attempts(&t, &user, &task).await, [(1, 400)]);
    }

    async fn a_job_is_followed_to_its_end(t: TestService) {
        let (_upstream, user) = set_up(&t).await;
        let task = t.submit(&user, "job", "song").await;
        t.drain().await;
        assert_eq!(look(&t, &user, &task).await.status, TaskStatus::WaitingUpstream);
        t.advance(1).await;
        assert_eq!((look(&t, &user, &task).await.status, points(&t, &user).await), (TaskStatus::Succeeded, (90, 0)));
        t.assert_healthy().await;
    }

    async fn a_job_that_takes_too_long_fails_with_its_points_back(t: TestService) {
        let (_upstream, user) = set_up(&t).await;
        let task = t.submit(&user, "slow-job", "x").await;
        t.drain().await;
        t.advance(59).await;
        assert_eq!(look(&t, &user, &task).await.status, TaskStatus::WaitingUpstream);
        t.advance(2).await;
        let failed = look(&t, &user, &task).await;
        assert_eq!((failed.status, failed.error.as_str(), points(&t, &user).await), (TaskStatus::Failed, "It did not end within 60 s.", (100, 0)));
    }

    async fn a_price_per_submission_is_due_once_an_upstream_answered(t: TestService) {
        let (_upstream, user) = set_up(&t).await;
        let answered = t.submit(&user, "bad-paid", "x").await;
        t.drain().await;
        assert_eq!(points(&t, &user).await, (90, 0), "captured at the first answer");
        let unsent = t.submit(&user, "away-paid", "x").await;
        let accepted = t.submit(&user, "job-paid", "x").await;
        for _ in 0..3 {
            t.advance(5).await;
        }
        assert_eq!(look(&t, &user, &answered).await.status, TaskStatus::Failed);
        assert_eq!(look(&t, &user, &unsent).await.status, TaskStatus::Failed);
        assert_eq!(look(&t, &user, &accepted).await.status, TaskStatus::WaitingUpstream);
        assert_eq!(points(&t, &user).await, (80, 0), "nothing was sent for one of the three");
        tasks::cancel(&t, &user, accepted.id).await.unwrap();
        t.drain().await;
        assert_eq!(points(&t, &user).await, (80, 0));
        t.assert_healthy().await;
    }

    async fn a_job_that_nobody_can_ask_about_costs_nothing(t: TestService) {
        let (_upstream, user) = set_up(&t).await;
        let without_id = [t.submit(&user, "no-id", "x").await, t.submit(&user, "no-id-paid", "x").await];
        t.drain().await;
        for task in &without_id {
            let lost = look(&t, &user, task).await;
            assert_eq!((lost.status, lost.error.as_str()), (TaskStatus::Failed, "The upstream accepted the job without telling its id."));
        }
        for (change, why) in [
            ("UPDATE queue SET channel_id = 9999", "The channel or the rule that took this job is gone."),
            ("UPDATE queue SET upstream_id = NULL", "The upstream's id of the job is missing."),
        ] {
            let (unpaid, paid) = (t.submit(&user, "slow-job", "x").await, t.submit(&user, "job-paid", "x").await);
            t.drain().await;
            assert_eq!(points(&t, &user).await, (80, 10), "the price of one is due at submission");
            t.db.execute(query(change)).await.unwrap();
            t.advance(1).await;
            for task in [unpaid, paid] {
                let lost = look(&t, &user, &task).await;
                assert_eq!((lost.status, lost.error.as_str()), (TaskStatus::Failed, why));
            }
            assert_eq!(points(&t, &user).await, (100, 0), "{why}");
        }
        let sums = ledger::entries(&t, &user, &EntryFilter::default()).await.unwrap().sums;
        assert_eq!((sums.captured, sums.refunded), (20, 20), "what was consumed is lowered");
        t.assert_healthy().await;
    }

    async fn overlapping_pollers_refund_once(t: TestService) {
        let (_upstream, user) = set_up(&t).await;
        ledger::recharge(&t, &Actor::system(), user.user_id, 900, "more").await.unwrap();
        for _ in 0..60 {
            t.submit(&user, "job-paid", "x").await;
        }
        t.drain().await;
        assert_eq!(points(&t, &user).await, (400, 0));
        t.db.execute(query("UPDATE queue SET upstream_id = NULL")).await.unwrap();
        t.clock.advance(1000);
        let pollers = futures::future::join_all((0..8).map(|_| worker::poll_once(&t))).await;
        assert_eq!(pollers.into_iter().map(|claimed| claimed.unwrap()).sum::<usize>(), 60, "each was claimed once");
        t.drain().await;
        assert_eq!(points(&t, &user).await, (1000, 0));
        t.assert_healthy().await;
    }

    async fn cancel_works_in_every_living_state(t: TestService) {
        let (upstream, user) = set_up(&t).await;
        let [queued, retrying, followed] = [t.submit(&user, "good", "a").await, t.submit(&user, "bad", "b").await, t.submit(&user, "slow-job", "c").await];
        tasks::cancel(&t, &user, queued.id).await.unwrap();
        t.drain().await;
        assert_eq!(look(&t, &user, &retrying).await.status, TaskStatus::RetryWait);
        for task in [&retrying, &followed] {
            assert_eq!(tasks::cancel(&t, &user, task.id).await.unwrap().status, TaskStatus::Cancelled);
        }
        t.drain().await;
        assert_eq!(points(&t, &user).await, (100, 0));
        assert_eq!(tasks::cancel(&t, &user, queued.id).await.unwrap_err().code, model::ErrorCode::Conflict);
        assert!(upstream.requests().iter().any(|request| request.method == "DELETE"), "the upstream is asked to stop");
        t.assert_healthy().await;
    }

    async fn a_stale_outcome_changes_nothing(t: TestService) {
        let (_upstream, user) = set_up(&t).await;
        let task = t.submit(&user, "good", "x").await;
        let quota = [queue::Quota { bucket: tasks::bucket(task.priority, task.feature_id, user.user_id), n: 1 }];
        let slow = queue::claim(&t, "slow-node", &quota).await.unwrap().remove(0);
        // Its lease runs out, another worker takes over and succeeds.
        t.clock.advance(31_000);
        assert_eq!(sweeper::rescue(&t).await.unwrap(), 1);
        t.drain().await;
        assert_eq!(look(&t, &user, &task).await.status, TaskStatus::Succeeded);
        let after = t.db.fetch_all(query("SELECT COUNT(*) AS n FROM ledger_entries")).await.unwrap().remove(0).get::<i64>("n").unwrap();
        let late = [
            Outcome::Refuse { answer: Answer::default(), why: "late".to_owned() },
            Outcome::Done { answer: Answer::default(), result: None },
            Outcome::Retry { answer: Answer::default(), why: "late".to_owned(), pause: None },
            Outcome::GiveBack { after_ms: 0 },
        ];
        for outcome in late {
            settle::settle(&t, slow.clone(), outcome).await;
        }
        let done = look(&t, &user, &task).await;
        assert_eq!((done.status, done.error.as_str(), points(&t, &user).await), (TaskStatus::Succeeded, "", (90, 0)));
        assert_eq!(t.db.fetch_all(query("SELECT COUNT(*) AS n FROM ledger_entries")).await.unwrap().remove(0).get::<i64>("n").unwrap(), after);
        assert_eq!(attempts(&t, &user, &task).await, [(1, 200)], "a rescued claim keeps its attempt");
        t.assert_healthy().await;
    }

    async fn a_stale_outcome_beside_the_rescue_in_one_batch_changes_nothing(t: TestService) {
        let (_upstream, user) = set_up(&t).await;
        let task = t.submit(&user, "good", "x").await;
        let quota = [queue::Quota { bucket: tasks::bucket(task.priority, task.feature_id, user.user_id), n: 1 }];
        let late = queue::claim(&t, "slow-node", &quota).await.unwrap().remove(0);
        t.clock.advance(31_000);
        let rescued = queue::rescue(&t, "other-node").await.unwrap().remove(0);
        let done = Outcome::Done { answer: Answer { status: 200, body: Some("{}".to_owned()), answered: true }, result: None };
        let batch = [settle::decide(&t, late, done), settle::decide(&t, rescued, Outcome::GiveBack { after_ms: 0 })];
        let settler = Settler {
            db: t.db.clone(),
            clock: t.clock.clone(),
            events: t.events.clone(),
            catalog: t.catalog.clone(),
            webhooks: t.webhooks.clone(),
            waiting: t.engine.0.waiting.clone(),
        };
        assert_eq!(settler.apply(&batch).await.unwrap(), [false, true]);
        assert_eq!((look(&t, &user, &task).await.status, points(&t, &user).await), (TaskStatus::Queued, (90, 10)));
        t.drain().await;
        assert_eq!((look(&t, &user, &task).await.status, points(&t, &user).await), (TaskStatus::Succeeded, (90, 0)));
        t.assert_healthy().await;
    }

    async fn rescue_and_completion_race_without_harm(t: TestService) {
        let (_upstream, user) = set_up(&t).await;
        for round in 0..10 {
            let task = t.submit(&user, "good", "x").await;
            let quota = [queue::Quota { bucket: tasks::bucket(task.priority, task.feature_id, user.user_id), n: 1 }];
            let claimed = queue::claim(&t, "slow-node", &quota).await.unwrap().remove(0);
            t.clock.advance(31_000);
            let done = Outcome::Done { answer: Answer { status: 200, body: Some("{}".to_owned()), answered: true }, result: None };
            let ((), rescued) = tokio::join!(settle::settle(&t, claimed, done), sweeper::rescue(&t));
            rescued.unwrap();
            t.drain().await;
            assert_eq!(look(&t, &user, &task).await.status, TaskStatus::Succeeded, "round {round}");
            assert_eq!(points(&t, &user).await.1, 0);
        }
        t.assert_healthy().await;
    }

    async fn an_at_most_once_task_is_not_called_again_after_a_crash(t: TestService) {
        let (upstream, user) = set_up(&t).await;
        let task = t.submit(&user, "once", "x").await;
        let quota = [queue::Quota { bucket: tasks::bucket(task.priority, task.feature_id, user.user_id), n: 1 }];
        queue::claim(&t, "crashed-node", &quota).await.unwrap();
        t.clock.advance(31_000);
        sweeper::rescue(&t).await.unwrap();
        t.drain().await;
        assert_eq!((look(&t, &user, &task).await.status, points(&t, &user).await, upstream.stats().requests), (TaskStatus::Failed, (100, 0), 0));
        t.assert_healthy().await;
    }

    async fn a_poison_task_is_given_up_and_others_go_on(t: TestService) {
        let (_upstream, user) = set_up(&t).await;
        let poison = t.submit(&user, "good", "poison").await;
        let quota = [queue::Quota { bucket: tasks::bucket(poison.priority, poison.feature_id, user.user_id), n: 1 }];
        for _ in 0..6 {
            queue::claim(&t, "crashing-node", &quota).await.unwrap();
            t.clock.advance(31_000);
            sweeper::rescue(&t).await.unwrap();
        }
        let other = t.submit(&user, "good", "other").await;
        t.drain().await;
        assert_eq!((look(&t, &user, &poison).await.status, look(&t, &user, &other).await.status), (TaskStatus::Failed, TaskStatus::Succeeded));
        t.assert_healthy().await;
    }

    async fn an_unreadable_payload_ends_its_task_alone(t: TestService) {
        let (_upstream, user) = set_up(&t).await;
        let [broken, good] = [t.submit(&user, "good", "a").await, t.submit(&user, "good", "b").await];
        t.db.execute(query("UPDATE tasks SET payload = '{' WHERE id = $1").bind(broken.id)).await.unwrap();
        t.drain().await;
        assert_eq!((look(&t, &user, &broken).await.status, look(&t, &user, &good).await.status), (TaskStatus::Failed, TaskStatus::Succeeded));
        assert_eq!(points(&t, &user).await, (90, 0));
    }

    async fn a_flood_does_not_delay_another_user(t: TestService) {
        let (_upstream, flood) = set_up(&t).await;
        ledger::recharge(&t, &Actor::system(), flood.user_id, 10_000, "").await.unwrap();
        let other = t.user("other", 100).await;
        for n in 0..300 {
            t.submit(&flood, "good", &n.to_string()).await;
        }
        let small = t.submit(&other, "good", "me").await;
        assert!(worker::claim_once(&t).await.unwrap() > 1);
        let row = t.db.fetch_one(query("SELECT state FROM queue WHERE id = $1").bind(small.id)).await;
        assert!(row.is_err() || row.unwrap().get::<i64>("state").unwrap() == 3, "the first claim takes the other user's task too");
        t.drain().await;
        assert_eq!(look(&t, &other, &small).await.status, TaskStatus::Succeeded);
    }

    async fn four_of_five_claims_are_urgent(t: TestService) {
        let (_upstream, user) = set_up(&t).await;
        ledger::recharge(&t, &Actor::system(), user.user_id, 100_000, "").await.unwrap();
        let feature = t.feature("good");
        for n in 0..200 {
            let priority = if n < 100 { model::tasks::Priority::Normal } else { model::tasks::Priority::Urgent };
            tasks::submit(&t, &user, feature, NewTask { priority, ..NewTask::default() }).await.unwrap();
        }
        let claimed = worker::claim_once(&t).await.unwrap();
        let left = "SELECT CAST(SUM(CASE WHEN bucket < 1152921504606846976 THEN 1 ELSE 0 END) AS BIGINT) AS urgent FROM queue WHERE state = 0";
        let urgent = 100 - t.db.fetch_one(query(left)).await.unwrap().get::<i64>("urgent").unwrap();
        assert_eq!((claimed, urgent), (64, 51), "64 fit the channel, four fifths of them are urgent");
        t.drain().await;
    }

    async fn a_submission_begins_at_once_while_nothing_waits(t: TestService) {
        let (upstream, user) = set_up(&t).await;
        t.engine.start(&t).await.unwrap();
        // The first claim finds nothing waiting.
        while t.engine.0.waiting.load(Ordering::Acquire) {
            tokio::task::yield_now().await;
        }
        let mut news = t.events.subscribe(user.user_id, None);
        let task = t.submit(&user, "good", "hello").await;
        let row = t.db.fetch_optional(query("SELECT state, lease, attempt FROM queue WHERE id = $1").bind(task.id)).await.unwrap();
        if let Some(row) = row {
            assert_eq!((row.get::<i64>(0).unwrap(), row.get::<i64>(1).unwrap(), row.get::<i64>(2).unwrap()), (3, 1, 1));
        }
        let mut seen = Vec::new();
        while seen.last() != Some(&TaskStatus::Succeeded) {
            let (_, event) = news.next().await.unwrap();
            if let Event::Task { status, .. } = event {
                seen.push(status);
            }
        }
        assert_eq!(seen, [TaskStatus::Queued, TaskStatus::Running, TaskStatus::Succeeded]);
        assert_eq!((upstream.requests().len(), points(&t, &user).await), (1, (90, 0)));
        // One that comes after another that has to wait does not overtake it.
        t.engine.0.waiting.store(true, Ordering::Release);
        assert!(t.engine.reserve(&t.catalog.get(), (user.user_id, 0), t.feature("good")).is_none());
        t.engine.stop(&t).await;
        t.engine.0.waiting.store(false, Ordering::Release);
        assert!(t.engine.reserve(&t.catalog.get(), (user.user_id, 0), t.feature("good")).is_none(), "a node that stops takes nothing");
        // A submission whose commit came after the stop: its claim goes back as if it had never been.
        let task = t.submit(&user, "once", "x").await;
        let quota = [queue::Quota { bucket: tasks::bucket(task.priority, task.feature_id, user.user_id), n: 1 }];
        let late = queue::claim(&t, t.engine.node(), &quota).await.unwrap().remove(0);
        let place = Place::take(&t.engine, &t.catalog.get(), "stand-in", user.user_id, task.feature_id).unwrap();
        let submitted = Submitted {
            id: late.id,
            user_id: late.user_id,
            lease_until: late.lease_until,
            now: t.clock.now().0,
            feature_id: late.feature_id,
            rule_id: late.rule_id,
            public_id: late.public_id,
            points: late.points,
            price_kind: late.price_kind,
            max_retries: None,
            interval_seconds: None,
            payload: late.payload,
            headers: late.headers,
        };
        t.engine.begin(submitted, place);
        while look(&t, &user, &task).await.status != TaskStatus::Queued {
            tokio::task::yield_now().await;
        }
        assert_eq!(points(&t, &user).await, (80, 10), "it is neither lost nor failed, though it must not be called twice");
        assert_eq!(t.engine.capacity().total(), 0, "every place was given back");
        t.assert_healthy().await;
    }

    async fn a_graceful_stop_gives_claims_back_with_their_attempt(t: TestService) {
        let (_upstream, user) = set_up(&t).await;
        let task = t.submit(&user, "good", "x").await;
        let quota = [queue::Quota { bucket: tasks::bucket(task.priority, task.feature_id, user.user_id), n: 1 }];
        let claimed = queue::claim(&t, "stopping-node", &quota).await.unwrap().remove(0);
        settle::settle(&t, claimed, Outcome::GiveBack { after_ms: 0 }).await;
        assert_eq!(look(&t, &user, &task).await.status, TaskStatus::Queued);
        t.drain().await;
        assert_eq!(attempts(&t, &user, &task).await, [(1, 200)], "no attempt is lost and no error is recorded");
    }
}

#[test]
fn templates() {
    use super::template::{Body, Context, Place, Template};
    let definition = serde_json::json!({"name": "c", "platform": "p", "base_url": "http://up/", "credential": "s"});
    let channel = crate::features::ChannelRow::new(1, serde_json::from_value(definition).unwrap());
    let params = serde_json::json!({"n": 2, "text": "{{ channel.credential }} & é", "list": [1, 2]});
    let context = Context::new(params, serde_json::json!({}), &channel, "task_1", (3, "task_1-3"), None);
    let url = Template::parse("{{ channel.base_url }}/x/{{ params.text }}?n={{ params.n }}");
    assert_eq!(url.render(&context, Place::Url).unwrap(), "http://up/x/%7B%7B%20channel.credential%20%7D%7D%20%26%20%C3%A9?n=2");
    let body = serde_json::json!({
        "n": "{{ params.n }}", "text": "{{ params.text }}!", "absent": "{{ params.absent }}", "list": "{{ params.list }}",
        "sum": "{{ params.n + 1 }}", "word": "{% if params.n > 1 %}many{% else %}one{% endif %}", "brace": "{ not one }",
    });
    assert_eq!(
        Body::parse(&body).render(&context).unwrap().unwrap(),
        serde_json::json!({"n": 2, "text": "{{ channel.credential }} & é!", "list": [1, 2], "sum": 3, "word": "many", "brace": "{ not one }"}),
        "what comes out of a template is never read as one"
    );
    assert!(check_template("{{ params.x }} {{ upstream_id }} {{ params.x | upper }}").is_ok());
    for bad in ["{{ secrets.x }}", "{{ params.x ", "{% for %}", "{{ nothing | upper }}"] {
        assert!(check_template(bad).is_err(), "{bad}");
    }
    assert!(
        Template::parse("{% for a in range(100000) %}{% for b in range(100000) %}x{% endfor %}{% endfor %}")
            .render(&context, Place::Text)
            .is_err()
    );
}
