mod administration;

use super::*;
use crate::actor::Actor;
use crate::db_test;
use crate::ledger;
use crate::testing::TestService;
use model::ErrorCode;
use model::tasks::{BatchAction, BatchRequest, NewTask, Order, TaskFilter, TaskPatch, TaskSort, TaskStatus};
use serde_json::{Map, Value, json};

const CATALOG: &str = r#"
rules:
  - { name: r, request: { url: '{{ channel.base_url }}/x' }, max_retries: 3 }
  - { name: endless, request: { url: '{{ channel.base_url }}/x' }, max_retries: -1 }
features:
  - { key: a, name: A, category: cat, platform: stand-in, rule: r, points: 30, form_schema: [{ key: prompt, type: text, required: true }] }
  - { key: b, name: B, platform: stand-in, rule: endless, points: 0 }
  - { key: off, name: Off, platform: stand-in, rule: r, enabled: false }
"#;

fn new(prompt: &str) -> NewTask {
    NewTask { params: params(json!({ "prompt": prompt })), ..NewTask::default() }
}

fn params(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

async fn set_up(t: &TestService) -> Actor {
    t.catalog("http://127.0.0.1:1", CATALOG).await;
    t.user("owner", 100).await
}

/// What a list must show, by looking at every task.
fn model_of_list(all: &[model::tasks::TaskView], filter: &TaskFilter) -> Vec<i64> {
    let mut found: Vec<_> = all
        .iter()
        .filter(|task| filter.status.is_none_or(|status| task.status == status))
        .filter(|task| filter.feature_id.is_none_or(|feature| task.feature_id == feature))
        .filter(|task| filter.category.as_ref().is_none_or(|category| task.category == *category))
        .filter(|task| filter.start.is_none_or(|start| task.created_at >= start) && filter.end.is_none_or(|end| task.created_at < end))
        .filter(|task| filter.q.as_ref().is_none_or(|q| task.name.contains(q) || q.parse() == Ok(task.id)))
        .collect();
    found.sort_by(|a, b| {
        let by_key = match filter.sort.unwrap_or_default() {
            TaskSort::Seq | TaskSort::CreatedAt => a.seq.cmp(&b.seq),
            TaskSort::Name => a.name.cmp(&b.name),
            TaskSort::Category => a.category.cmp(&b.category),
            TaskSort::Status => a.status.as_str().cmp(b.status.as_str()),
            TaskSort::RetryCount => a.retry_count.cmp(&b.retry_count),
            TaskSort::UpdatedAt => a.updated_at.cmp(&b.updated_at),
        };
        by_key.then(a.id.cmp(&b.id))
    });
    if filter.order.unwrap_or_default() == Order::Desc {
        found.reverse();
    }
    let size = filter.page_size.unwrap() as usize;
    found.iter().map(|task| task.id).skip(size * (filter.page.unwrap() as usize - 1)).take(size).collect()
}

db_test! {
    async fn refusals_write_and_charge_nothing(t: TestService) {
        let user = set_up(&t).await;
        let (a, b, off) = (t.feature("a"), t.feature("b"), t.feature("off"));
        let with = |change: fn(&mut NewTask)| {
            let mut task = new("x");
            change(&mut task);
            task
        };
        let cases: Vec<(i64, NewTask, ErrorCode)> = vec![
            (9999, new("x"), ErrorCode::NotFound),
            (off, new("x"), ErrorCode::FeatureDisabled),
            (a, NewTask::default(), ErrorCode::MissingParameter),
            (b, new("x"), ErrorCode::UnknownParameter),
            (a, with(|task| task.params = params(json!({ "prompt": 5 }))), ErrorCode::Invalid),
            (a, with(|task| task.params = params(json!({ "prompt": "a\u{0}b" }))), ErrorCode::Invalid),
            (a, with(|task| task.max_retries = Some(4)), ErrorCode::TooManyRetries),
            (a, with(|task| task.max_retries = Some(-1)), ErrorCode::TooManyRetries),
            (a, with(|task| task.interval_seconds = Some(4)), ErrorCode::IntervalTooShort),
            (a, with(|task| task.name = Some("x".repeat(201))), ErrorCode::Invalid),
            (a, with(|task| task.headers = params(json!({ "Host": "x" }))), ErrorCode::Invalid),
            (a, with(|task| task.headers = params(json!({ "X": "a\nb" }))), ErrorCode::Invalid),
        ];
        for (feature, task, code) in cases {
            assert_eq!(submit(&t, &user, feature, task.clone()).await.unwrap_err().code, code, "{task:?}");
        }
        for _ in 0..3 {
            submit(&t, &user, a, new("x")).await.unwrap();
        }
        assert_eq!(submit(&t, &user, a, new("x")).await.unwrap_err().code, ErrorCode::InsufficientPoints);
        assert_eq!(list(&t, &user, &TaskFilter::default()).await.unwrap().total, 3);
        assert_eq!(ledger::balance(&t, user.user_id).await.unwrap(), model::ledger::Balance { available: 10, held: 90 });
        t.assert_healthy().await;
    }

    async fn the_same_key_is_one_task(t: TestService) {
        let user = set_up(&t).await;
        let feature = t.feature("b");
        let call = |name: &str, key: &'static str| {
            let (service, user) = ((*t).clone(), user.clone());
            let task = NewTask { name: Some(name.to_owned()), ..NewTask::default() };
            async move { submit_idempotent(&service, &user, feature, task, key).await }
        };
        let answers = futures::future::join_all((0..100).map(|_| call("same", "k"))).await;
        let ids: std::collections::BTreeSet<i64> = answers.iter().map(|answer| answer.as_ref().unwrap().0.id).collect();
        assert_eq!((ids.len(), answers.iter().filter(|answer| !answer.as_ref().unwrap().1).count()), (1, 1));
        assert_eq!(call("other", "k").await.unwrap_err().code, ErrorCode::IdempotencyMismatch);
        assert!(!call("other", "k2").await.unwrap().1);
        let other = t.user("other", 0).await;
        let foreign = submit_idempotent(&t, &other, feature, NewTask { name: Some("same".to_owned()), ..NewTask::default() }, "k").await.unwrap();
        assert!(!foreign.1, "keys belong to their users");
        assert_eq!(list(&t, &user, &TaskFilter::default()).await.unwrap().total, 2);
    }

    async fn parallel_submissions_stop_at_the_balance(t: TestService) {
        let user = set_up(&t).await;
        let feature = t.feature("a");
        ledger::recharge(&t, &Actor::system(), user.user_id, 905, "").await.unwrap();
        let calls = (0..200).map(|_| {
            let (service, user) = ((*t).clone(), user.clone());
            tokio::spawn(async move { submit(&service, &user, feature, new("x")).await.is_ok() })
        });
        let mut accepted = 0;
        for call in calls.collect::<Vec<_>>() {
            accepted += i64::from(call.await.unwrap());
        }
        assert_eq!((accepted, list(&t, &user, &TaskFilter::default()).await.unwrap().total), (1005 / 30, 1005 / 30));
        let seqs = list(&t, &user, &TaskFilter { sort: Some(TaskSort::Seq), order: Some(Order::Asc), ..TaskFilter::default() }).await.unwrap();
        assert_eq!(seqs.items.iter().map(|task| task.seq).collect::<Vec<_>>(), (1..=20).collect::<Vec<_>>());
        t.assert_healthy().await;
    }

    async fn nobody_sees_or_changes_the_tasks_of_others(t: TestService) {
        let owner = set_up(&t).await;
        let stranger = t.user("stranger", 100).await;
        let task = submit(&t, &owner, t.feature("b"), NewTask::default()).await.unwrap();
        let not_found = |error: model::Error| assert_eq!(error.code, ErrorCode::NotFound);
        not_found(get(&t, &stranger, task.id).await.unwrap_err());
        not_found(attempts(&t, &stranger, task.id, Default::default()).await.unwrap_err());
        not_found(cancel(&t, &stranger, task.id).await.unwrap_err());
        not_found(update(&t, &stranger, task.id, TaskPatch::default()).await.unwrap_err());
        not_found(delete(&t, &stranger, task.id).await.unwrap_err());
        not_found(retry(&t, &stranger, task.id).await.unwrap_err());
        let outcomes = batch(&t, &stranger, BatchRequest { action: BatchAction::Cancel, ids: vec![task.id] }).await.unwrap();
        not_found(outcomes[0].error.clone().unwrap());
        assert_eq!(list(&t, &stranger, &TaskFilter::default()).await.unwrap().items, []);
        assert_eq!(get(&t, &owner, task.id).await.unwrap().status, TaskStatus::Queued);
    }

    async fn lists_filter_sort_and_page(t: TestService) {
        let user = set_up(&t).await;
        let feature = t.feature("b");
        for n in 0..25 {
            let task = NewTask { name: Some(format!("100%_{n:02}")), category: Some(format!("c{}", n % 2)), ..NewTask::default() };
            submit(&t, &user, feature, task).await.unwrap();
            t.clock.advance(1000);
        }
        let ask = |filter: TaskFilter| {
            let (service, user) = ((*t).clone(), user.clone());
            async move {
                let page = list(&service, &user, &filter).await.unwrap();
                (page.total, page.items.iter().map(|task| task.seq).collect::<Vec<_>>())
            }
        };
        let filter = TaskFilter::default;
        assert_eq!(ask(TaskFilter { page: Some(2), ..filter() }).await, (25, vec![5, 4, 3, 2, 1]));
        assert_eq!(ask(TaskFilter { page_size: Some(2), sort: Some(TaskSort::Name), order: Some(Order::Asc), ..filter() }).await, (25, vec![1, 2]));
        assert_eq!(ask(TaskFilter { q: Some("0%_1".to_owned()), page_size: Some(1), ..filter() }).await, (10, vec![20]));
        assert_eq!(ask(TaskFilter { q: Some("%%%%".to_owned()), ..filter() }).await, (0, vec![]));
        assert_eq!(ask(TaskFilter { category: Some("c1".to_owned()), page_size: Some(1), ..filter() }).await, (12, vec![24]));
        // Counting stops at the limit, which is small in tests.
        assert_eq!(ask(TaskFilter { status: Some(TaskStatus::Queued), page_size: Some(1), ..filter() }).await, (12, vec![25]));
        assert_eq!(ask(TaskFilter { status: Some(TaskStatus::Failed), ..filter() }).await, (0, vec![]));
        let start = crate::testing::START.0;
        let range = TaskFilter { start: Some(model::time::Timestamp(start + 3000)), end: Some(model::time::Timestamp(start + 5000)), ..filter() };
        assert_eq!(ask(range).await, (2, vec![5, 4]));
        assert_eq!(categories(&t, &user).await.unwrap(), ["c0", "c1"]);
        for sort in TaskSort::ALL {
            assert_eq!(ask(TaskFilter { sort: Some(sort), ..filter() }).await.0, 25, "{sort:?}");
        }
    }

    // Every filter with every order and page against a plain model: which index leads must never be seen in the answer.
    async fn every_list_is_what_sorting_all_tasks_gives(t: TestService) {
        let user = set_up(&t).await;
        let features = [t.feature("a"), t.feature("b")];
        ledger::recharge(&t, &Actor::system(), user.user_id, 10_000, "").await.unwrap();
        for n in 0..60i64 {
            let params = if n % 2 == 0 { params(json!({ "prompt": "x" })) } else { Map::new() };
            let task = NewTask { name: Some(format!("n{}", n * 7 % 10)), category: Some(format!("c{}", n % 3)), params, ..NewTask::default() };
            let id = submit(&t, &user, features[(n % 2) as usize], task).await.unwrap().id;
            if n % 5 == 0 {
                cancel(&t, &user, id).await.unwrap();
            }
            if n == 40 {
                // Nobody listens at the channel: these fail or wait for another attempt.
                t.drain().await;
            }
            t.clock.advance(1000);
        }
        let gone = list(&t, &user, &TaskFilter { page_size: Some(100), ..TaskFilter::default() }).await.unwrap().items;
        assert_eq!(gone.len(), 60);
        for task in gone.iter().filter(|task| task.status == TaskStatus::Cancelled).take(2) {
            delete(&t, &user, task.id).await.unwrap();
        }
        let all = list(&t, &user, &TaskFilter { page_size: Some(100), ..TaskFilter::default() }).await.unwrap().items;
        assert_eq!(all.len(), 58);
        let start = crate::testing::START.0;
        let at = |seconds: i64| Some(model::time::Timestamp(start + seconds * 1000));
        let mut filters = vec![
            TaskFilter::default(),
            TaskFilter { feature_id: Some(features[0]), ..TaskFilter::default() },
            TaskFilter { category: Some("c1".to_owned()), ..TaskFilter::default() },
            TaskFilter { category: Some("c1".to_owned()), feature_id: Some(features[1]), status: Some(TaskStatus::RetryWait), ..TaskFilter::default() },
            TaskFilter { start: at(10), end: at(45), ..TaskFilter::default() },
            TaskFilter { start: at(10), category: Some("c2".to_owned()), status: Some(TaskStatus::Cancelled), ..TaskFilter::default() },
            TaskFilter { q: Some("n3".to_owned()), ..TaskFilter::default() },
            TaskFilter { q: Some("7".to_owned()), end: at(50), ..TaskFilter::default() },
        ];
        filters.extend(TaskStatus::ALL.map(|status| TaskFilter { status: Some(status), ..TaskFilter::default() }));
        for filter in &filters {
            for sort in TaskSort::ALL {
                for order in [Order::Asc, Order::Desc] {
                    for page in 1..=3 {
                        let filter = TaskFilter { sort: Some(sort), order: Some(order), page: Some(page), page_size: Some(9), ..filter.clone() };
                        let found = list(&t, &user, &filter).await.unwrap();
                        let found: Vec<_> = found.items.iter().map(|task| task.id).collect();
                        assert_eq!(found, model_of_list(&all, &filter), "{filter:?}");
                    }
                }
            }
        }
    }

    async fn edits_take_effect_before_the_next_attempt(t: TestService) {
        let user = set_up(&t).await;
        let task = submit(&t, &user, t.feature("a"), new("old")).await.unwrap();
        let patch = TaskPatch { params: Some(params(json!({ "prompt": "new" }))), name: Some("named".to_owned()), max_retries: Some(0), ..TaskPatch::default() };
        let edited = update(&t, &user, task.id, patch).await.unwrap();
        assert_eq!((edited.name.as_str(), edited.max_retries, edited.payload), ("named", 0, Some(json!({ "prompt": "new" }))));
        let bad = TaskPatch { max_retries: Some(9), ..TaskPatch::default() };
        assert_eq!(update(&t, &user, task.id, bad).await.unwrap_err().code, ErrorCode::TooManyRetries);
        t.drain().await;
        let failed = get(&t, &user, task.id).await.unwrap();
        assert_eq!((failed.status, failed.retry_count), (TaskStatus::Failed, 0), "nobody listens at the channel, and no retry was left");
        assert!(update(&t, &user, task.id, TaskPatch { name: Some("again".to_owned()), ..TaskPatch::default() }).await.is_ok());
        delete(&t, &user, task.id).await.unwrap();
        assert_eq!(get(&t, &user, task.id).await.unwrap_err().code, ErrorCode::NotFound);
        t.assert_healthy().await;
    }

    async fn a_batch_answers_for_every_id(t: TestService) {
        let user = set_up(&t).await;
        let mut ids = Vec::new();
        for _ in 0..3 {
            ids.push(submit(&t, &user, t.feature("a"), new("x")).await.unwrap().id);
        }
        let run = |action, ids: Vec<i64>| {
            let (service, user) = ((*t).clone(), user.clone());
            async move {
                let outcomes = batch(&service, &user, BatchRequest { action, ids }).await.unwrap();
                outcomes.into_iter().map(|outcome| outcome.error.map(|error| error.code)).collect::<Vec<_>>()
            }
        };
        let with_strange = vec![ids[0], 424_242, ids[1], ids[2]];
        assert_eq!(run(BatchAction::Delete, ids.clone()).await, [Some(ErrorCode::Conflict); 3], "living tasks are not deleted");
        assert_eq!(run(BatchAction::Cancel, with_strange).await, [None, Some(ErrorCode::NotFound), None, None]);
        assert_eq!(ledger::balance(&t, user.user_id).await.unwrap().available, 100);
        ledger::reverse_recharge(&t, &Actor::system(), user.user_id, 35, "").await.unwrap();
        assert_eq!(run(BatchAction::Retry, ids.clone()).await, [None, None, Some(ErrorCode::InsufficientPoints)]);
        assert_eq!(run(BatchAction::Cancel, ids.clone()).await, [None, None, Some(ErrorCode::Conflict)]);
        assert_eq!(run(BatchAction::Delete, ids).await, [None; 3]);
        t.assert_healthy().await;
    }
}
