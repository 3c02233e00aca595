use super::batch::{Apply, BatchError, Batcher, Limits};
use super::*;
use crate::db_test;
use crate::testing::{Engine as Kind, TestService};
use std::collections::BTreeSet;
use std::sync::Mutex;
use tokio_util::task::TaskTracker;

/// (table, column, whether it may be null) of a database, without the migrations' own table.
async fn columns(db: &Db) -> BTreeSet<(String, String, bool)> {
    let text = match db.engine() {
        Kind::Sqlite => {
            "SELECT m.name AS t, c.name AS c, CASE WHEN c.\"notnull\" = 1 THEN 0 ELSE 1 END AS nullable
             FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
        }
        Kind::Postgres => {
            "SELECT table_name::text AS t, column_name::text AS c, CASE is_nullable WHEN 'YES' THEN 1::bigint ELSE 0::bigint END AS nullable
             FROM information_schema.columns WHERE table_schema = 'public'"
        }
    };
    let rows = db.fetch_all(query(text)).await.unwrap();
    let read = |row: &Row| (row.get::<String>("t").unwrap(), row.get::<String>("c").unwrap(), row.get::<i64>("nullable").unwrap() == 1);
    rows.iter().map(read).filter(|(table, ..)| !table.starts_with("_sqlx") && !table.starts_with("sqlite_")).collect()
}

/// Names of the indexes that were made by name.
async fn indexes(db: &Db) -> BTreeSet<String> {
    let text = match db.engine() {
        Kind::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        Kind::Postgres => {
            "SELECT i.indexname::text AS name FROM pg_indexes i WHERE i.schemaname = 'public'
             AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)"
        }
    };
    db.fetch_all(query(text)).await.unwrap().iter().map(|row| row.get::<String>("name").unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn both_schemas_are_the_same() {
    let (sqlite, postgres) = (TestService::start(Kind::Sqlite).await, TestService::start(Kind::Postgres).await);
    // Request logs are a database of their own on SQLite.
    let mut ours = columns(&sqlite.db).await;
    ours.extend(columns(&sqlite.logs).await);
    let theirs = columns(&postgres.db).await;
    assert!(ours.len() > 100, "the schema was read");
    assert_eq!(ours.symmetric_difference(&theirs).collect::<Vec<_>>(), Vec::<&(String, String, bool)>::new());
    let mut ours = indexes(&sqlite.db).await;
    ours.extend(indexes(&sqlite.logs).await);
    assert_eq!(ours, indexes(&postgres.db).await);
}

/// What SQLite plans for the statements that run for every batch: each must find its rows by key or by its partial index.
#[tokio::test]
async fn hot_statements_are_searches() {
    let t = TestService::start(Kind::Sqlite).await;
    let rows = "(SELECT value ->> 'id' AS id, value ->> 'run' AS run, value ->> 'lease' AS lease FROM json_each('[]')) AS x";
    for statement in [
        format!("DELETE FROM queue WHERE +state >= 3 AND (id, run, lease) IN (SELECT x.id, x.run, x.lease FROM {rows})"),
        format!(
            "UPDATE queue SET state = 2 FROM {rows} WHERE queue.id = x.id AND queue.run = x.run AND queue.lease = x.lease AND +queue.state >= 3"
        ),
        format!("UPDATE tasks SET status = 'failed' FROM {rows} WHERE tasks.id = x.id"),
        "SELECT min(bucket) FROM queue WHERE state = 0 AND bucket >= 5 AND bucket < 9".to_owned(),
        "SELECT id FROM queue WHERE state = 0 AND bucket = 5 ORDER BY id LIMIT 9".to_owned(),
        "UPDATE queue SET state = 0 WHERE state = 1 AND run_at <= 5".to_owned(),
        "SELECT id FROM queue WHERE state = 2 AND run_at <= 5 ORDER BY run_at LIMIT 9".to_owned(),
        "SELECT t.id FROM tasks t WHERE t.user_id = 1 ORDER BY t.seq DESC LIMIT 20".to_owned(),
        "SELECT t.id FROM tasks t WHERE t.user_id = 1 AND t.status <> 'queued' AND t.status = 'failed' ORDER BY t.id DESC LIMIT 20"
            .to_owned(),
        "SELECT t.id FROM tasks t WHERE t.user_id = 1 AND t.feature_id + 0 = 5 ORDER BY t.name DESC, t.id DESC LIMIT 20".to_owned(),
        "SELECT t.id FROM tasks t WHERE t.user_id = 1 AND t.status <> 'queued' ORDER BY t.updated_at, t.id LIMIT 20".to_owned(),
    ] {
        let plan = t.db.fetch_all(query(Sql::Built(format!("EXPLAIN QUERY PLAN {statement}").into()))).await.unwrap();
        let steps: Vec<String> = plan.iter().map(|row| row.get("detail").unwrap()).collect();
        let scans = |table: &str| steps.iter().any(|step| *step == format!("SCAN {table}"));
        assert!(!["queue", "tasks", "t", "q"].into_iter().any(scans), "{statement}: {steps:#?}");
        assert!(!steps.iter().any(|step| step.contains("TEMP B-TREE")), "{statement}: {steps:#?}");
    }
}

/// Fails every batch that holds the number 13, and remembers what was applied.
struct Picky(std::sync::Arc<Mutex<Vec<i64>>>);

impl Apply for Picky {
    type Command = i64;
    type Outcome = i64;

    async fn apply(&self, commands: &[i64]) -> Result<Vec<i64>, DbError> {
        if commands.contains(&13) {
            return Err(DbError::Unusable("thirteen".to_owned()));
        }
        self.0.lock().unwrap().extend(commands);
        Ok(commands.iter().map(|command| command * 2).collect())
    }
}

#[tokio::test]
async fn a_bad_command_fails_alone() {
    let applied = std::sync::Arc::new(Mutex::new(Vec::new()));
    let limits = Limits { commands: 64, bytes: 1 << 20, wait_for_database: true };
    let batcher = Batcher::spawn(Picky(applied.clone()), limits, &TaskTracker::new());
    let calls = (0..40).map(|n| {
        let batcher = batcher.clone();
        async move { batcher.call(n).await }
    });
    for (n, outcome) in futures::future::join_all(calls).await.into_iter().enumerate() {
        match outcome {
            Ok(doubled) => assert_eq!(doubled, n as i64 * 2),
            Err(BatchError::Db(error)) => assert_eq!((n, error.to_string().as_str()), (13, "thirteen")),
            Err(other) => panic!("{n}: {other}"),
        }
    }
    let applied = applied.lock().unwrap();
    assert_eq!(*applied, (0..40).filter(|n| *n != 13).collect::<Vec<_>>(), "every other one once, in order");
}

db_test! {
    async fn a_dropped_transaction_leaves_nothing(t: TestService) {
        let insert = || query("INSERT INTO settings (key, value, updated_at) VALUES ('x', 'y', 0)");
        let mut tx = t.db.tx().await.unwrap();
        tx.execute(insert()).await.unwrap();
        drop(tx);
        assert!(t.db.fetch_optional(query("SELECT 1 AS one FROM settings WHERE key = 'x'")).await.unwrap().is_none());
        t.db.execute(insert()).await.unwrap();
        assert!(t.db.execute(insert()).await.unwrap_err().is_constraint());
    }

    async fn what_travels_with_the_commit_is_whole_or_nothing(t: TestService) {
        let insert = |key: &str| query("INSERT INTO settings (key, value, updated_at) VALUES ($1, 'y', 0)").bind(key);
        let keys = async || {
            let rows = t.db.fetch_all(query("SELECT key FROM settings WHERE key IN ('a', 'b', 'c') ORDER BY key")).await.unwrap();
            rows.iter().map(|row| row.get::<String>(0).unwrap()).collect::<Vec<_>>()
        };
        let refused = t.db.tx().await.unwrap().commit_after(vec![insert("a"), insert("b"), insert("a")]).await;
        assert!(refused.unwrap_err().is_constraint());
        assert!(keys().await.is_empty());
        let mut given_up = t.db.tx().await.unwrap();
        given_up.execute(insert("c")).await.unwrap();
        // Sent, and given up while the database is still at it.
        let slow = "INSERT INTO settings (key, value, updated_at)
            WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 100000)
            SELECT 'b', 'y', count(*) FROM counted";
        let _ = futures::poll!(std::pin::pin!(given_up.execute(query(slow))));
        drop(given_up);
        assert!(keys().await.is_empty());
        let mut whole = t.db.tx().await.unwrap();
        assert_eq!(whole.execute(insert("c")).await.unwrap(), 1);
        assert_eq!(whole.execute(query("UPDATE settings SET value = 'z' WHERE key = 'nothing'")).await.unwrap(), 0);
        whole.commit_after(vec![insert("a"), insert("b")]).await.unwrap();
        assert_eq!(keys().await, ["a", "b", "c"]);
    }

    async fn every_kind_of_value_round_trips(t: TestService) {
        let row = query("SELECT $1 AS i, $2 AS f, $3 AS b, $4 AS t, CAST($5 AS TEXT) AS n")
            .bind(i64::MAX)
            .bind(0.5)
            .bind(true)
            .bind("文")
            .bind(None::<String>);
        let row = t.db.fetch_one(row).await.unwrap();
        assert_eq!(row.get::<i64>("i").unwrap(), i64::MAX);
        assert!((row.get::<f64>("f").unwrap() - 0.5).abs() < f64::EPSILON);
        assert!(row.get::<bool>("b").unwrap());
        assert_eq!((row.get::<String>("t").unwrap().as_str(), row.get::<Option<String>>("n").unwrap()), ("文", None));
    }
}
