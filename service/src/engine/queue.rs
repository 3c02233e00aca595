//! The queue's statements: who waits, claim, promote, renew, rescue.

use super::outcome::Claimed;
use crate::db::{DbError, Row, Sql, query};
use crate::service::Service;
use serde::Serialize;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Buckets that one scan finds at most.
pub(super) const SCAN: i64 = 64;

/// How many tasks of one bucket a claim may take.
#[derive(Debug, Serialize)]
pub(super) struct Quota {
    pub bucket: i64,
    pub n: i64,
}

// A loose scan: one index step for each bucket that waits, however many tasks are in it.
const WAITING: &str = "WITH RECURSIVE waiting (bucket) AS (
        SELECT min(bucket) FROM queue WHERE state = 0 AND bucket >= $1 AND bucket < $2
        UNION ALL
        SELECT (SELECT min(q.bucket) FROM queue q WHERE q.state = 0 AND q.bucket > w.bucket AND q.bucket < $2) FROM waiting w WHERE w.bucket IS NOT NULL
    )
    SELECT bucket FROM waiting WHERE bucket IS NOT NULL LIMIT $3";

// SQLite has no LATERAL; PostgreSQL must skip what other nodes have locked.
static CLAIM: LazyLock<Sql> = LazyLock::new(|| {
    let set = format!(
        "UPDATE queue SET state = 3, lease = lease + 1, lease_until = $4, node = $5,
             attempt = attempt + CASE WHEN attempt_open THEN 0 ELSE 1 END,
             attempt_started_at = CASE WHEN attempt_open THEN attempt_started_at ELSE $3 END,
             attempt_open = true, started_at = COALESCE(started_at, $3), updated_at = $3
         WHERE id IN ({{chosen}}) AND +state = 0 RETURNING {}",
        Claimed::QUEUE
    );
    let sqlite = "SELECT id FROM (
             SELECT q.id, x.n AS n, row_number() OVER (PARTITION BY x.bucket ORDER BY q.id) AS place
             FROM (SELECT value ->> 'bucket' AS bucket, value ->> 'n' AS n FROM json_each($1)) AS x CROSS JOIN queue q
             WHERE q.id IN (SELECT i.id FROM queue i WHERE i.state = 0 AND i.bucket = x.bucket ORDER BY i.id LIMIT $2)
         ) WHERE place <= n";
    let postgres = "SELECT q.id FROM json_to_recordset($1::json) AS x(bucket bigint, n bigint)
         CROSS JOIN LATERAL (SELECT i.id FROM queue i WHERE i.state = 0 AND i.bucket = x.bucket ORDER BY i.id LIMIT LEAST(x.n, $2) FOR UPDATE SKIP LOCKED) q";
    Sql::per_engine(&set.replace("{chosen}", sqlite), &set.replace("{chosen}", postgres))
});

static CLAIM_DUE_POLLS: LazyLock<Sql> = LazyLock::new(|| {
    let text = format!(
        "UPDATE queue SET state = 4, lease = lease + 1, lease_until = $2, node = $3
         WHERE id IN (SELECT id FROM queue WHERE state = 2 AND run_at <= $1 ORDER BY run_at LIMIT $4{{lock}}) AND +state = 2 RETURNING {}",
        Claimed::QUEUE
    );
    Sql::per_engine(&text.replace("{lock}", ""), &text.replace("{lock}", " FOR UPDATE SKIP LOCKED"))
});

static TASKS: LazyLock<Sql> = LazyLock::new(|| {
    let columns = Claimed::TASK.split(", ").map(|column| format!("t.{column}")).collect::<Vec<_>>().join(", ");
    Sql::batch(&format!("SELECT {columns} FROM {{rows}} JOIN tasks t ON t.id = x.id"), "id bigint")
});

/// It never waits: a row that is locked is being settled, and two statements that wait for each other's rows stand still for a second.
static RENEW: LazyLock<Sql> = LazyLock::new(|| {
    let columns = "id bigint, run bigint, lease bigint";
    let held = "queue.id = x.id AND queue.run = x.run AND queue.lease = x.lease AND +queue.state >= 3";
    let sqlite = Sql::batch(&format!("UPDATE queue SET lease_until = $2 FROM {{rows}} WHERE {held}"), columns);
    let postgres = Sql::batch(
        &format!(
            "UPDATE queue SET lease_until = $2 FROM (SELECT queue.id FROM {{rows}} JOIN queue ON {held} FOR UPDATE OF queue SKIP LOCKED) AS free
             WHERE queue.id = free.id"
        ),
        columns,
    );
    Sql::per_engine(&sqlite.sqlite(), &postgres.postgres())
});

static RESCUE: LazyLock<Sql> = LazyLock::new(|| {
    let text = format!(
        "UPDATE queue SET lease = lease + 1, lease_until = $2, node = $3, rescues = rescues + 1
         WHERE id IN (SELECT id FROM queue WHERE state >= 3 AND lease_until < $1 ORDER BY id LIMIT $4{{lock}}) AND lease_until < $1 AND +state >= 3 RETURNING {}",
        Claimed::QUEUE
    );
    Sql::per_engine(&text.replace("{lock}", ""), &text.replace("{lock}", " FOR UPDATE SKIP LOCKED"))
});

/// Buckets with queued tasks in `from..until`, smallest first.
pub(super) async fn waiting(service: &Service, from: i64, until: i64) -> Result<Vec<i64>, DbError> {
    let rows = service.db.fetch_all(query(WAITING).bind(from).bind(until).bind(SCAN)).await?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// Claims the oldest tasks of the given buckets.
pub(super) async fn claim(service: &Service, node: &str, quotas: &[Quota]) -> Result<Vec<Claimed>, DbError> {
    let most = quotas.iter().map(|quota| quota.n).max().unwrap_or(0);
    let now = service.clock.now().0;
    let claim = query(&*CLAIM).rows(quotas).bind(most).bind(now).bind(lease_until(service, now)).bind(node);
    take(service, claim).await
}

/// Claims accepted jobs that are due for a question.
pub(super) async fn claim_due_polls(service: &Service, node: &str, most: i64) -> Result<Vec<Claimed>, DbError> {
    let now = service.clock.now().0;
    // Most of the time nothing is due: a read is cheaper than a transaction.
    let due = query("SELECT 1 AS one FROM queue WHERE state = 2 AND run_at <= $1 LIMIT 1").bind(now);
    if service.db.fetch_optional(due).await?.is_none() {
        return Ok(Vec::new());
    }
    take(service, query(&*CLAIM_DUE_POLLS).bind(now).bind(lease_until(service, now)).bind(node).bind(most)).await
}

/// Takes over tasks whose worker let its lease run out.
pub(super) async fn rescue(service: &Service, node: &str) -> Result<Vec<Claimed>, DbError> {
    let now = service.clock.now().0;
    let lost = query("SELECT 1 AS one FROM queue WHERE state >= 3 AND lease_until < $1 LIMIT 1").bind(now);
    if service.db.fetch_optional(lost).await?.is_none() {
        return Ok(Vec::new());
    }
    take(service, query(&*RESCUE).bind(now).bind(lease_until(service, now)).bind(node).bind(1000_i64)).await
}

async fn take(service: &Service, claim: crate::db::Query) -> Result<Vec<Claimed>, DbError> {
    #[derive(Serialize)]
    struct Id {
        id: i64,
    }
    let mut tx = service.db.tx().await?;
    let rows = tx.fetch_all(claim).await?;
    tx.commit().await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids = rows.iter().map(|row| Ok(Id { id: row.get(0)? })).collect::<Result<Vec<_>, DbError>>()?;
    let tasks = service.db.fetch_all(query(&*TASKS).rows(&ids)).await?;
    let tasks = tasks.iter().map(|row| Ok((row.get(0)?, row))).collect::<Result<HashMap<i64, &Row>, DbError>>()?;
    let mut claimed = Vec::with_capacity(rows.len());
    for (row, Id { id }) in rows.iter().zip(&ids) {
        match tasks.get(id).map(|task| Claimed::read(row, task)) {
            Some(Ok(task)) => claimed.push(task),
            // Without a readable task nothing can be done with the claim; its lease ends and `doctor` reports it.
            other => tracing::error!(task = id, error = ?other.map(Result::err), "a claimed task cannot be read"),
        }
    }
    Ok(claimed)
}

/// Puts tasks whose time for a retry has come back into the queue; how many.
pub(super) async fn promote(service: &Service) -> Result<u64, DbError> {
    let now = service.clock.now();
    let due = query("SELECT 1 AS one FROM queue WHERE state = 1 AND run_at <= $1 LIMIT 1").bind(now);
    if service.db.fetch_optional(due).await?.is_none() {
        return Ok(0);
    }
    service.db.execute(query("UPDATE queue SET state = 0, updated_at = $1 WHERE state = 1 AND run_at <= $1").bind(now)).await
}

/// Attempts that are under way, by what their leases are.
#[derive(Debug, Serialize)]
pub(super) struct Held {
    pub id: i64,
    pub run: i64,
    pub lease: i64,
}

/// Renews leases.
pub(super) async fn renew(service: &Service, held: &[Held]) -> Result<u64, DbError> {
    let until = lease_until(service, service.clock.now().0);
    service.db.execute(query(&*RENEW).rows(held).bind(until)).await
}

/// Ends every lease: on SQLite nobody else can hold one when a process starts.
pub(super) async fn end_all_leases(service: &Service) -> Result<u64, DbError> {
    service.db.execute(query("UPDATE queue SET lease_until = 0 WHERE state >= 3")).await
}

fn lease_until(service: &Service, now: i64) -> i64 {
    now + service.config.engine.lease_seconds * 1000
}
