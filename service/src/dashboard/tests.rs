use super::*;
use crate::db::{Sql, Tx, TxError, query, transact};
use crate::db_test;
use crate::ledger::HoldEnd;
use crate::testing::{START, TestService};
use model::ErrorCode;
use stand_in::StandIn;

const CATALOG: &str = "rules:
  - { name: good, request: { url: '{{ channel.base_url }}/v1/generate', body: { kind: text, prompt: '{{ params.prompt }}' } }, result_path: $.result }
  - { name: bad, request: { url: '{{ channel.base_url }}/v1/generate?status=500', body: {} }, max_retries: 0 }
features:
  - { key: good, name: Good, platform: stand-in, rule: good, points: 10, form_schema: [{ key: prompt, type: text }] }
  - { key: bad, name: Bad, platform: stand-in, rule: bad, points: 7, form_schema: [{ key: prompt, type: text }] }
";

fn ask(start: &str, end: &str, tz: &str) -> DashboardQuery {
    DashboardQuery { range: None, start: Some(start.to_owned()), end: Some(end.to_owned()), tz: Some(tz.to_owned()) }
}

/// Charges a call of a custom API.
async fn call(t: &TestService, user_id: i64, number: i64, call: Call) {
    let now = t.clock.now();
    let reference = format!("call:{number}");
    let hold = async |tx: &mut Tx| {
        let mut book = Book::open(tx, &[user_id]).await?;
        book.hold(user_id, call.points.max(3), &reference)?;
        Ok::<_, TxError>(book.write(tx, now).await?)
    };
    transact!(t.db, hold).unwrap();
    let body = async |tx: &mut Tx| {
        let mut book = Book::open(tx, &[user_id]).await?;
        let end = if call.points > 0 { HoldEnd::Capture } else { HoldEnd::Release };
        book.end(user_id, call.points.max(3), &reference, end)?;
        count_call(&mut book, user_id, call);
        book.write(tx, now).await?;
        Ok::<_, TxError>(())
    };
    transact!(t.db, body).unwrap();
}

db_test! {
    async fn definitions(t: TestService) {
        let upstream = StandIn::start().await;
        t.catalog(&upstream.url, CATALOG).await;
        let (admin, user) = (t.admin("boss").await, t.user("user", 200).await);
        for _ in 0..3 {
            t.submit(&user, "good", "x").await;
        }
        t.submit(&user, "bad", "x").await;
        t.drain().await;
        let cancelled = t.submit(&user, "good", "x").await;
        crate::tasks::cancel(&t, &user, cancelled.id).await.unwrap();
        ledger::refund(&t, &admin, "task:1:run:1:hold", 4, "r").await.unwrap();
        ledger::reverse_recharge(&t, &admin, user.user_id, 20, "mistake").await.unwrap();
        call(&t, user.user_id, 1, Call { api_id: 9, ended: Ended::Succeeded, points: 3, duration_ms: 40 }).await;
        call(&t, user.user_id, 2, Call { api_id: 9, ended: Ended::Failed, points: 0, duration_ms: 90 }).await;

        let found = dashboard(&t, &user, &DashboardQuery::default()).await.unwrap();
        let points = PointStats { available_points: 151, held_points: 0, consumed_total: 29, earned_total: 200, net_change: 151 };
        assert_eq!(found.points, points);
        let tasks = TaskStats { total: 5, success: 3, failed: 1, cancelled: 1, success_rate: 75.0, failure_rate: 25.0 };
        assert_eq!(found.task_stats, tasks);
        let recharges = RechargeSummary { recharge_points_total: 180, recharge_records_total: 2, recharge_in_points: 200, reverse_recharge_points: 20 };
        assert_eq!(found.recharge_summary, recharges);
        let features: Vec<_> = found.feature_ranking.iter().map(|f| (f.feature_name.as_deref(), f.consume_count, f.consumed_points, f.success_rate)).collect();
        assert_eq!(features, [(Some("Good"), 4, 30, 100.0), (Some("Bad"), 1, 0, 0.0)]);
        let apis: Vec<_> = found.api_ranking.iter().map(|a| (a.api_id, a.consume_count, a.consumed_points, a.success_rate)).collect();
        assert_eq!(apis, [(9, 2, 3, 50.0)]);
        let records: Vec<_> = found.recharge_records.iter().map(|r| (r.points, r.note.as_str())).collect();
        assert_eq!(records, [(-20, "mistake"), (200, "test")]);
        assert_eq!(found.api_latency, Latency { p50_ms: Some(50), p95_ms: Some(100) });
        assert!(found.latency.p95_ms.is_some());
        assert_eq!((found.series.len(), found.series[0].begun, found.series[0].consumed), (24, 5, 29));

        // Deleting a task does not undo what was done; running it again counts again.
        crate::tasks::delete(&t, &user, 1).await.unwrap();
        crate::tasks::retry(&t, &user, cancelled.id).await.unwrap();
        t.drain().await;
        let later = dashboard(&t, &user, &DashboardQuery::default()).await.unwrap();
        assert_eq!((later.task_stats.total, later.task_stats.success, later.points.consumed_total), (6, 4, 39));
        assert_eq!(dashboard(&t, &admin, &DashboardQuery::default()).await.unwrap().task_stats, TaskStats::default(), "everybody sees their own");
        t.assert_healthy().await;
    }

    // A day of Kathmandu begins at 18:15 UTC.
    async fn days_begin_where_the_viewer_is(t: TestService) {
        t.catalog("http://127.0.0.1:1", CATALOG).await;
        let user = t.user("user", 100).await;
        let minute = 60_000;
        // 18:14, 18:15 and 18:16 of the first, then 18:14 and 18:15 of the second.
        t.clock.advance((18 * 60 + 14) * minute);
        for pause in [1, 1, 24 * 60 - 2, 1, 0] {
            t.submit(&user, "good", "x").await;
            t.clock.advance(pause * minute);
        }
        let counts = async |query: DashboardQuery| {
            let found = dashboard(&t, &user, &query).await.unwrap();
            let steps: Vec<_> = found.series.iter().filter(|p| p.begun > 0).map(|p| format!("{} {}", p.label, p.begun)).collect();
            (found.task_stats.total, steps.join(", "))
        };
        for tz in ["+05:45", "Asia/Kathmandu"] {
            assert_eq!(counts(ask("2026-01-01", "2026-01-01", tz)).await, (1, "2026-01-01 23:00 1".to_owned()));
            assert_eq!(counts(ask("2026-01-02", "2026-01-02", tz)).await, (3, "2026-01-02 00:00 2, 2026-01-02 23:00 1".to_owned()));
            assert_eq!(counts(ask("2026-01-03", "2026-01-03", tz)).await, (1, "2026-01-03 00:00 1".to_owned()));
            let days = counts(ask("2026-01-01", "2026-01-04", tz)).await;
            assert_eq!(days, (5, "2026-01-01 1, 2026-01-02 3, 2026-01-03 1".to_owned()));
        }
        assert_eq!(counts(ask("2026-01-01", "2026-01-01", "UTC")).await.0, 3);
        assert_eq!(counts(ask("2026-01-02", "2026-01-02", "UTC")).await.0, 2);
        // Now it is 18:15 UTC of the second, and the third in Kathmandu.
        let today = DashboardQuery { tz: Some("Asia/Kathmandu".to_owned()), ..DashboardQuery::default() };
        assert_eq!(counts(today).await.0, 1);
        assert_eq!(t.clock.now().0 - START.0, (42 * 60 + 15) * minute);
    }

    async fn bad_ranges_are_refused(t: TestService) {
        let user = t.user("user", 0).await;
        let error = dashboard(&t, &user, &ask("2026-01-01", "2026-01-01", "nowhere")).await.unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (ErrorCode::Invalid, Some("tz")));
    }

    // The migration counts what there was before as it would have been counted.
    async fn the_migration_counts_what_there_was(t: TestService) {
        let upstream = StandIn::start().await;
        t.catalog(&upstream.url, CATALOG).await;
        let (admin, user) = (t.admin("boss").await, t.user("user", 200).await);
        for feature in ["good", "good", "bad", "good"] {
            t.submit(&user, feature, "x").await;
            t.clock.advance(7 * 60_000);
        }
        crate::tasks::cancel(&t, &user, 4).await.unwrap();
        t.drain().await;
        ledger::refund(&t, &admin, "task:1:run:1:hold", 4, "r").await.unwrap();
        let all = "SELECT user_id || ' ' || kind || ' ' || subject_id || ' ' || slot || ': ' || begun || ' ' || succeeded || ' ' || failed || ' ' || cancelled || ' ' || points AS line
            FROM usage_slots WHERE kind <> 'task_time' ORDER BY user_id, kind, subject_id, slot";
        let lines = async || -> Vec<String> { t.db.fetch_all(query(all)).await.unwrap().iter().map(|row| row.get("line").unwrap()).collect() };
        let counted = lines().await;
        assert!(counted.len() > 5);
        t.db.execute(query("DELETE FROM usage_slots")).await.unwrap();
        let script = match t.db.engine() {
            crate::db::Engine::Sqlite => include_str!("../../migrations/sqlite/0004_points.sql"),
            crate::db::Engine::Postgres => include_str!("../../migrations/postgres/0004_points.sql"),
        };
        let begin = script.find("INSERT INTO usage_slots").unwrap();
        let statement = &script[begin..begin + script[begin..].find(";\n").unwrap()];
        t.db.execute(query(Sql::Built(statement.into()))).await.unwrap();
        assert_eq!(lines().await, counted);
    }
}
