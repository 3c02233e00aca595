use super::*;
use crate::actor::Actor;
use crate::db::{Sql, query};
use crate::db_test;
use crate::testing::{Engine, TestService};
use bytes::Bytes;
use model::ErrorCode;
use model::request_logs::{RequestLogFilter, RequestLogView, StatusClass};
use model::rules::Method;
use model::settings::Settings;
use model::time::Timestamp;

const DAY: i64 = 86_400_000;

fn record(user: &Actor, at: i64) -> Record {
    let body = |text: &'static str| (Bytes::from_static(text.as_bytes()), text.len());
    Record {
        user_id: user.user_id,
        key_id: None,
        request_id: format!("req_{at}"),
        at: Timestamp(at),
        duration: 12,
        method: "POST".to_owned(),
        path: "/api/text".to_owned(),
        query: "token=abc&n=1".to_owned(),
        address: "203.0.113.7".to_owned(),
        status: 200,
        request: body(r#"{"prompt":"rain","password":"x"}"#),
        response: body(r#"{"status":"ok"}"#),
        error: String::new(),
        facts: Facts { rule: Some((3, "text".to_owned())), api: Some((9, "Text".to_owned())), points: 5, ..Facts::default() },
    }
}

/// Records of a user, one each minute: numbers 0 to n-1, every third a failure by another method from another address.
async fn fill(t: &TestService, user: &Actor, n: i64) {
    for at in 0..n {
        let mut record = record(user, t.clock.now().0 + at * 60_000);
        if at % 3 == 2 {
            record.method = "GET".to_owned();
            record.path = format!("/api/tasks/{at}");
            record.status = 404;
            record.error = "There is no such task.".to_owned();
            record.address = "2001:db8::1".to_owned();
            record.key_id = Some(7);
            record.facts = Facts { call_id: format!("{}-x", record.at.0), ..Facts::default() };
        }
        t.recorder.record(record);
    }
    t.recorder.flush().await;
}

async fn found(t: &TestService, user: &Actor, filter: RequestLogFilter) -> (usize, i64) {
    let page = list(t, user, &filter).await.unwrap();
    (page.items.len(), page.total)
}

db_test! {
    async fn a_record_is_stored_masked(t: TestService) {
        let (user, other) = (t.user("alice", 0).await, t.user("bob", 0).await);
        fill(&t, &user, 1).await;
        let page = list(&t, &user, &RequestLogFilter::default()).await.unwrap();
        assert_eq!((page.total, page.items[0].raw_query.as_ref()), (1, None));
        let log = get(&t, &user, page.items[0].id).await.unwrap();
        let RequestLogView { rule_name, method, path, consume_points, status_code, duration, remote_addr, error, .. } = log.clone();
        assert_eq!((rule_name.as_str(), method.as_str(), path.as_str(), consume_points), ("text", "POST", "/api/text", 5));
        assert_eq!((status_code, duration, remote_addr.as_str(), error.as_str()), (200, 12, "203.0.113.7", ""));
        assert_eq!(log.raw_query.as_deref(), Some("token=***&n=1"));
        assert_eq!(log.request_body.as_deref(), Some(r#"{"prompt":"rain","password":"***"}"#));
        assert_eq!(log.response_body.as_deref(), Some(r#"{"status":"ok"}"#));
        assert_eq!(get(&t, &other, log.id).await.unwrap_err().code, ErrorCode::NotFound);
        assert_eq!(list(&t, &other, &RequestLogFilter::default()).await.unwrap().total, 0);
        let admin = t.admin("root").await;
        assert_eq!(get_any(&t, &admin, log.id).await.unwrap().id, log.id);
        assert_eq!(get_any(&t, &other, log.id).await.unwrap_err().code, ErrorCode::Forbidden);
    }

    async fn long_and_odd_bodies(t: TestService) {
        let user = t.user("alice", 0).await;
        let long = "雨".repeat(4000);
        let cut = Bytes::from(long.clone()).slice(..10_000);
        let mut sent = record(&user, 0);
        sent.request = (cut, long.len());
        sent.response = (Bytes::from_static(&[0xff, 0xfe, 0]), 3);
        sent.query = "a\0b".to_owned();
        t.recorder.record(sent);
        t.recorder.flush().await;
        let id = list(&t, &user, &RequestLogFilter::default()).await.unwrap().items[0].id;
        let log = get(&t, &user, id).await.unwrap();
        assert_eq!(log.request_body.unwrap(), format!("{}… [truncated]", "雨".repeat(3333)));
        assert_eq!((log.response_body.as_deref(), log.raw_query.as_deref()), (Some("[3 bytes]"), Some("a\u{fffd}b")));
    }

    async fn filters_and_pages(t: TestService) {
        let (user, other) = (t.user("alice", 0).await, t.user("bob", 0).await);
        fill(&t, &user, 30).await;
        fill(&t, &other, 3).await;
        let start = t.clock.now().0;
        let f = RequestLogFilter::default;
        assert_eq!(found(&t, &user, f()).await, (20, 30));
        assert_eq!(found(&t, &user, RequestLogFilter { page: Some(2), ..f() }).await, (10, 30));
        assert_eq!(found(&t, &user, RequestLogFilter { rule_id: Some(3), ..f() }).await, (20, 20));
        assert_eq!(found(&t, &user, RequestLogFilter { status: Some(StatusClass::ClientError), ..f() }).await, (10, 10));
        assert_eq!(found(&t, &user, RequestLogFilter { method: Some(Method::Get), ..f() }).await, (10, 10));
        assert_eq!(found(&t, &user, RequestLogFilter { path: Some("/api/tasks/5".into()), ..f() }).await, (1, 1));
        assert_eq!(found(&t, &user, RequestLogFilter { path: Some("/api/tasks/*".into()), ..f() }).await, (10, 10));
        assert_eq!(found(&t, &user, RequestLogFilter { key_id: Some(7), ..f() }).await, (10, 10));
        assert_eq!(found(&t, &user, RequestLogFilter { remote_addr: Some("2001:db8::1".into()), ..f() }).await, (10, 10));
        let range = RequestLogFilter { start: Some(Timestamp(start + 60_000)), end: Some(Timestamp(start + 6 * 60_000)), ..f() };
        assert_eq!(found(&t, &user, range.clone()).await, (5, 5));
        assert_eq!(found(&t, &user, RequestLogFilter { status: Some(StatusClass::ClientError), method: Some(Method::Get), key_id: Some(7), ..range }).await, (2, 2));
        assert_eq!(found(&t, &user, RequestLogFilter { call_id: Some(format!("{}-x", start + 2 * 60_000)), ..f() }).await, (1, 1));
        assert_eq!(found(&t, &user, RequestLogFilter { call_id: Some("nonsense".into()), ..f() }).await, (0, 0));
        let by_id = RequestLogFilter { request_id: Some(format!("req_{}", start + 2 * 60_000)), ..f() };
        assert_eq!(found(&t, &user, by_id.clone()).await, (1, 1));
        assert_eq!(found(&t, &user, RequestLogFilter { status: Some(StatusClass::ClientError), ..by_id.clone() }).await, (1, 1));
        assert_eq!(found(&t, &user, RequestLogFilter { status: Some(StatusClass::Success), ..by_id }).await, (0, 0));
        assert_eq!(found(&t, &user, RequestLogFilter { request_id: Some("req_x".into()), ..f() }).await, (0, 0));
        let ids: Vec<_> = list(&t, &user, &f()).await.unwrap().items.iter().map(|log| log.created_at).collect();
        assert!(ids.is_sorted_by(|a, b| a > b), "newest first");
        for (bad, field) in [
            (RequestLogFilter { page: Some(600), ..f() }, "page"),
            (RequestLogFilter { path: Some(" ".into()), ..f() }, "path"),
            (RequestLogFilter { user_id: Some(other.user_id), ..f() }, "user_id"),
        ] {
            assert_eq!(list(&t, &user, &bad).await.unwrap_err().field.as_deref(), Some(field));
        }
        let named: Vec<_> = rules(&t, &user).await.unwrap().into_iter().map(|rule| (rule.id, rule.name)).collect();
        assert_eq!(named, [(3, "text".to_owned())]);

        let admin = t.admin("root").await;
        assert_eq!(list_all(&t, &admin, &f()).await.unwrap().total, 33);
        assert_eq!(list_all(&t, &admin, &RequestLogFilter { user_id: Some(other.user_id), ..f() }).await.unwrap().total, 3);
        assert_eq!(list_all(&t, &admin, &RequestLogFilter { status: Some(StatusClass::ClientError), ..f() }).await.unwrap().total, 11);
        assert_eq!(list_all(&t, &user, &f()).await.unwrap_err().code, ErrorCode::Forbidden);
    }

    async fn only_ones_own_are_deleted(t: TestService) {
        let (user, other) = (t.user("alice", 0).await, t.user("bob", 0).await);
        fill(&t, &user, 3).await;
        fill(&t, &other, 3).await;
        let ids = |page: model::Page<RequestLogView>| page.items.into_iter().map(|log| log.id).collect::<Vec<_>>();
        let mine = ids(list(&t, &user, &RequestLogFilter::default()).await.unwrap());
        let theirs = ids(list(&t, &other, &RequestLogFilter::default()).await.unwrap());
        assert_eq!(delete(&t, &user, &[mine[0], mine[2], theirs[0], 999_999]).await.unwrap(), 2);
        assert_eq!(delete(&t, &user, &[mine[0]]).await.unwrap(), 0);
        assert_eq!(delete(&t, &user, &[]).await.unwrap_err().field.as_deref(), Some("ids"));
        assert_eq!(found(&t, &user, RequestLogFilter::default()).await, (1, 1));
        assert_eq!(found(&t, &other, RequestLogFilter::default()).await, (3, 3));
        let bodies = t.logs.fetch_one(query("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM request_log_bodies")).await.unwrap();
        assert_eq!(bodies.get::<i64>("n").unwrap(), 4);
    }

    async fn old_and_too_many_records_go(t: TestService) {
        let admin = t.admin("root").await;
        let user = t.user("alice", 0).await;
        let now = t.clock.now().0;
        for age in [40, 31, 29, 1] {
            t.recorder.record(record(&user, now - age * DAY));
        }
        t.recorder.flush().await;
        assert_eq!(prune(&t).await.unwrap(), 2);
        assert_eq!(found(&t, &user, RequestLogFilter::default()).await, (2, 2));
        crate::settings::update(&t, &admin, 0, Settings { request_log_days: Some(0), request_log_megabytes: Some(1), ..Settings::default() }).await.unwrap();
        let large = Bytes::from(vec![b'x'; 1 << 20]);
        let mut heavy = record(&user, now);
        heavy.request = (large.clone(), large.len());
        for _ in 0..2 {
            t.recorder.record(heavy.clone());
        }
        t.recorder.record(record(&user, now + 1));
        t.recorder.flush().await;
        assert!(prune(&t).await.unwrap() >= 4);
        let sum = t.logs.fetch_one(query("SELECT CAST(SUM(bytes) AS BIGINT) AS n FROM request_log_totals")).await.unwrap();
        assert!(sum.get::<i64>("n").unwrap() <= 1 << 20);
    }

    async fn export_is_complete_and_harmless(t: TestService) {
        let user = t.user("alice", 0).await;
        let now = t.clock.now().0;
        for n in 0..1100 {
            let mut record = record(&user, now + n / 3);
            record.path = format!("/api/{n}");
            record.request = (Bytes::from_static(b"=HYPERLINK(\"x\")"), 15);
            t.recorder.record(record);
        }
        t.recorder.flush().await;
        let (mut text, mut after, mut parts) = (export_head(), None, 0);
        loop {
            let (lines, next) = export(&t, &user, &RequestLogFilter::default(), after).await.unwrap();
            text += &lines;
            parts += 1;
            after = next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(parts, 3);
        assert!(text.starts_with("\u{feff}id,created_at,rule_name,method,path,"));
        let lines: Vec<_> = text.lines().skip(1).collect();
        assert_eq!(lines.len(), 1100);
        let paths: std::collections::BTreeSet<_> = lines.iter().map(|line| line.split(',').nth(4).unwrap()).collect();
        assert_eq!(paths.len(), 1100);
        assert!(lines[0].contains("\"'=HYPERLINK("), "{}", lines[0]);
    }

    async fn usage_is_summed_as_it_is_written(t: TestService) {
        let user = t.user("alice", 0).await;
        let noon = t.clock.now().0;
        for (at, status, api) in [(0, 200, 9), (1, 500, 9), (16 * 60_000, 200, 9), (2, 200, 10)] {
            let mut record = record(&user, noon + at);
            record.status = status;
            record.facts.api = Some((api, format!("api {api}")));
            record.error = if status == 200 { String::new() } else { "no".to_owned() };
            record.facts.points = if status == 200 { 5 } else { 0 };
            t.recorder.record(record);
        }
        t.recorder.flush().await;
        let sums = |end: i64| {
            let (t, user) = (&t, &user);
            async move {
                let rows = usage(t, user, Timestamp(noon), Timestamp(noon + end), 10).await.unwrap();
                rows.into_iter().map(|row| (row.api_id, row.calls, row.succeeded, row.points)).collect::<Vec<_>>()
            }
        };
        assert_eq!(sums(DAY).await, [(9, 3, 2, 10), (10, 1, 1, 5)]);
        assert_eq!(sums(15 * 60_000).await, [(9, 2, 1, 5), (10, 1, 1, 5)]);
    }
}

/// What SQLite plans for the pages of lists: each is a search in an index that has the order of the list.
#[tokio::test]
async fn pages_are_searches() {
    let t = TestService::start(Engine::Sqlite).await;
    let list = "SELECT l.id, l.path FROM request_logs l WHERE l.user_id = 1";
    for filter in [
        "",
        "AND l.created_at >= 5 AND l.created_at < 9",
        "AND l.rule_id = 1 AND l.created_at >= 5",
        "AND l.key_id = 1",
        "AND l.status_class = 4",
        "AND l.method = 'GET'",
        "AND l.path = '/api/x'",
        "AND l.remote_addr = '::1' AND l.created_at < 9",
        "AND (l.created_at, l.id) < (5, 6)",
    ] {
        let statement = format!("EXPLAIN QUERY PLAN {list} {filter} ORDER BY l.created_at DESC, l.id DESC LIMIT 20");
        let plan = t.logs.fetch_all(query(Sql::Built(statement.into()))).await.unwrap();
        let steps: Vec<String> = plan.iter().map(|row| row.get("detail").unwrap()).collect();
        assert!(steps.iter().all(|step| step.starts_with("SEARCH l USING")), "{filter}: {steps:#?}");
    }
    // Whoever asks for the id of a request is answered from its own index, of administrators too.
    for owner in ["l.user_id = 1 AND", ""] {
        let wanted = "l.request_id <> '' AND l.request_id = $1 AND l.created_at >= 5";
        let text = format!(
            "EXPLAIN QUERY PLAN SELECT l.id FROM request_logs l WHERE {owner} {wanted} ORDER BY l.created_at DESC, l.id DESC LIMIT 20"
        );
        let plan = t.logs.fetch_all(query(Sql::Built(text.into())).bind("req_x")).await.unwrap();
        let first: String = plan[0].get("detail").unwrap();
        assert!(first.contains("request_logs_request"), "{owner}: {first}");
    }
}
