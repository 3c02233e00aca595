use super::invariants;
use crate::actor::Actor;
use crate::db::{DbError, Sql, Tx, query, transact};
use crate::db_test;
use crate::ledger::{self, Book, HoldEnd};
use crate::testing::TestService;
use std::collections::BTreeSet;

const CATALOG: &str = "rules:
  - { name: call, request: { url: '{{ channel.base_url }}/call' } }
features:
  - { key: echo, name: Echo, platform: stand-in, rule: call, points: 5, form_schema: [{ key: prompt }] }
";

/// Task 1 waits, task 2 was cancelled, task 3 succeeded and was refunded in part.
async fn scene(t: &TestService) {
    t.catalog("http://127.0.0.1:1", CATALOG).await;
    let alice = t.user("alice", 100).await;
    t.user("bob", 0).await;
    for _ in 0..3 {
        t.submit(&alice, "echo", "hello").await;
    }
    crate::tasks::cancel(t, &alice, 2).await.unwrap();
    let now = t.clock.now();
    let succeed = async |tx: &mut Tx| {
        tx.execute(query("DELETE FROM queue WHERE id = 3")).await?;
        tx.execute(query("UPDATE tasks SET status = 'succeeded', finished_at = $1 WHERE id = 3").bind(now)).await?;
        let mut book = Book::open(tx, &[alice.user_id]).await?;
        book.end(alice.user_id, 5, "task:3:run:1", HoldEnd::Capture).unwrap();
        book.count(alice.user_id, |counters| counters.succeeded += 1);
        book.usage(alice.user_id, |usage| usage.run_captured(alice.user_id, 1, 5));
        book.write(tx, now).await
    };
    let done: Result<(), DbError> = transact!(t.db, succeed);
    done.unwrap();
    ledger::refund(t, &Actor::system(), "task:3:run:1:hold", 2, "task:3:run:1:refund:1").await.unwrap();
}

/// The checks that fail, by their number or, where they have none, by their name.
async fn failing(t: &TestService) -> BTreeSet<String> {
    let checks = invariants(&t.db).await.unwrap();
    let bad = checks.iter().filter(|check| !check.ok);
    bad.map(|check| match check.name.split_once(' ') {
        Some((number, _)) if number.starts_with('I') => number.to_owned(),
        _ => check.name.clone(),
    })
    .collect()
}

async fn all(t: &TestService, statements: &[&str]) {
    for text in statements {
        t.db.execute(query(Sql::Built((*text).into()))).await.unwrap_or_else(|error| panic!("{text}: {error}"));
    }
}

const LIVING: &str = "every living task is in the queue";
const QUEUED: &str = "everything in the queue is a living task";
const COUNTERS: &str = "counters of tasks are right";
const USAGE: &str = "what accounts used is what their entries say";

/// What is broken, how it is mended, and which checks see it.
const DAMAGE: [(&str, &str, &[&str]); 18] = [
    ("UPDATE accounts SET available = available + 1", "UPDATE accounts SET available = available - 1", &["I2", "I3"]),
    (
        "UPDATE ledger_entries SET available_delta = available_delta - 1, system_delta = system_delta + 1 WHERE kind = 'recharge'",
        "UPDATE ledger_entries SET available_delta = available_delta + 1, system_delta = system_delta - 1 WHERE kind = 'recharge'",
        &["I2", "I3"],
    ),
    (
        "UPDATE ledger_entries SET reference = 'x' || reference WHERE kind = 'hold' AND reference LIKE 'task:1:%'",
        "UPDATE ledger_entries SET reference = 'task:1:run:1:hold' WHERE reference = 'xtask:1:run:1:hold'",
        &["I4"],
    ),
    (
        "UPDATE holds SET reference = 'task:1:run:2:hold' WHERE reference = 'task:1:run:1:hold'",
        "UPDATE holds SET reference = 'task:1:run:1:hold' WHERE reference = 'task:1:run:2:hold'",
        &["I4", "I10"],
    ),
    (
        "UPDATE holds SET settled_at = 1 WHERE reference LIKE 'task:1:%'",
        "UPDATE holds SET settled_at = NULL WHERE reference LIKE 'task:1:%'",
        &["I5"],
    ),
    (
        "UPDATE holds SET settled_at = 1, captured = 5 WHERE reference LIKE 'task:1:%'",
        "UPDATE holds SET settled_at = NULL, captured = 0 WHERE reference LIKE 'task:1:%'",
        &["I6", "I10"],
    ),
    (
        "UPDATE holds SET refunded = 3 WHERE reference LIKE 'task:3:%'",
        "UPDATE holds SET refunded = 2 WHERE reference LIKE 'task:3:%'",
        &["I7"],
    ),
    (
        "INSERT INTO idempotency (user_id, key, fingerprint, task_id, response, created_at) VALUES (99, 'k', 'f', 1, '{}', 1)",
        "DELETE FROM idempotency",
        &["I9"],
    ),
    ("UPDATE queue SET id = 100 WHERE id = 1", "UPDATE queue SET id = 1 WHERE id = 100", &["I10", LIVING, QUEUED]),
    ("UPDATE queue SET paid = true", "UPDATE queue SET paid = false", &["I10"]),
    ("UPDATE tasks SET status = 'succeeded' WHERE id = 2", "UPDATE tasks SET status = 'cancelled' WHERE id = 2", &["I11", COUNTERS]),
    ("UPDATE tasks SET status = 'failed' WHERE id = 1", "UPDATE tasks SET status = 'queued' WHERE id = 1", &["I11", QUEUED, COUNTERS]),
    (
        "UPDATE ledger_entries SET actor_id = NULL WHERE kind = 'recharge'",
        "UPDATE ledger_entries SET actor_id = 0 WHERE kind = 'recharge'",
        &["I12"],
    ),
    (
        "INSERT INTO attempts (task_id, attempt_no, run, created_at, duration, status_code, error) VALUES (77, 1, 1, 1, 1, 200, '')",
        "DELETE FROM attempts",
        &["every attempt belongs to a task"],
    ),
    (
        "DELETE FROM accounts WHERE user_id = (SELECT id FROM users WHERE username = 'bob')",
        "INSERT INTO accounts (user_id, available, held) SELECT id, 0, 0 FROM users WHERE username = 'bob'",
        &["every user has an account of points"],
    ),
    (
        "UPDATE usage_slots SET points = points + 1 WHERE kind = 'feature'",
        "UPDATE usage_slots SET points = points - 1 WHERE kind = 'feature'",
        &[USAGE],
    ),
    (
        "UPDATE usage_slots SET points = points + 1 WHERE kind = 'refund'",
        "UPDATE usage_slots SET points = points - 1 WHERE kind = 'refund'",
        &[USAGE],
    ),
    (
        "INSERT INTO redemption_codes (batch, prefix, code_hash, points, uses, used, note, created_by, created_at) VALUES ('b', 'p', 'h', 1, 2, 1, '', 1, 1)",
        "DELETE FROM redemption_codes",
        &["every use of a redemption code has its redeemer"],
    ),
];

db_test! {
    async fn every_damage_is_seen_and_nothing_else(t: TestService) {
        scene(&t).await;
        t.assert_healthy().await;

        let drop = |name: &str, table: &str| match t.db.engine() {
            crate::db::Engine::Sqlite => format!("DROP TRIGGER {name}"),
            crate::db::Engine::Postgres => format!("DROP TRIGGER {name} ON {table}"),
        };
        for (name, table) in [("ledger_entries_no_update", "ledger_entries"), ("holds_terminal", "holds")] {
            all(&t, &[&drop(name, table)]).await;
        }
        let seen = invariants(&t.db).await.unwrap().into_iter().find(|check| !check.ok).unwrap();
        assert_eq!(seen.detail, "2 rows are wrong, the first: holds_terminal, ledger_entries_no_update");

        for (damage, mend, expected) in DAMAGE {
            all(&t, &[damage]).await;
            let mut expected: BTreeSet<String> = expected.iter().map(|name| (*name).to_owned()).collect();
            expected.insert("I8".to_owned());
            assert_eq!(failing(&t).await, expected, "{damage}");
            all(&t, &[mend]).await;
        }
        assert_eq!(failing(&t).await.len(), 1);

        let (negative, fraction) = match t.db.engine() {
            crate::db::Engine::Sqlite => (["PRAGMA ignore_check_constraints = ON", "UPDATE accounts SET held = -1"], "UPDATE accounts SET held = 0.5"),
            crate::db::Engine::Postgres => (
                ["ALTER TABLE accounts DROP CONSTRAINT accounts_held_check", "UPDATE accounts SET held = -1"],
                "ALTER TABLE accounts ALTER COLUMN held TYPE double precision",
            ),
        };
        all(&t, &negative).await;
        assert!(failing(&t).await.contains("I1"));
        all(&t, &[fraction]).await;
        assert!(failing(&t).await.contains("I12"));
    }

    // Windows of tables that are larger than one window have no seams.
    async fn windows_cover_every_row(t: TestService) {
        let statement = Sql::per_engine(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25003)
             INSERT INTO attempts (id, task_id, attempt_no, run, created_at, duration, status_code, error) SELECT i * 3, i, 1, 1, 1, 1, 200, '' FROM n",
            "INSERT INTO attempts (id, task_id, attempt_no, run, created_at, duration, status_code, error)
             SELECT i * 3, i, 1, 1, 1, 1, 200, '' FROM generate_series(1, 25003) AS n(i)",
        );
        t.db.execute(query(&statement)).await.unwrap();
        let statement = Sql::per_engine(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25003)
             INSERT INTO holds (reference, user_id, amount, created_at) SELECT 'call:' || i || ':hold', 1, 1, 1 FROM n",
            "INSERT INTO holds (reference, user_id, amount, created_at) SELECT 'call:' || i || ':hold', 1, 1, 1 FROM generate_series(1, 25003) AS n(i)",
        );
        t.db.execute(query(&statement)).await.unwrap();
        let checks = invariants(&t.db).await.unwrap();
        let wrong: Vec<_> = checks.iter().filter(|check| check.detail.starts_with("25003 rows are wrong")).map(|check| check.name.as_str()).collect();
        assert_eq!(wrong, ["I4 every hold has its one entry", "every attempt belongs to a task"]);
    }
}
