//! The rows that settlements write, and their statements.

use crate::db::Sql;
use serde::Serialize;
use std::sync::LazyLock;

#[derive(Serialize)]
pub(super) struct Guard {
    pub id: i64,
    pub run: i64,
    pub lease: i64,
}

#[derive(Serialize)]
pub(super) struct Kept<'a> {
    pub id: i64,
    pub run: i64,
    pub lease: i64,
    pub state: i64,
    pub run_at: i64,
    pub attempt_open: bool,
    pub retries: i64,
    pub paid: bool,
    pub progress: i64,
    pub channel_id: Option<i64>,
    pub channel_key: Option<&'a str>,
    pub tried: Option<&'a str>,
    pub upstream_id: Option<&'a str>,
    /// Whether the upstream's last answer was not understood.
    pub upstream_unknown: bool,
    pub error: &'a str,
}

#[derive(Serialize)]
pub(super) struct Ended<'a> {
    pub id: i64,
    pub status: &'static str,
    pub retry_count: i64,
    pub attempts: i64,
    pub progress: i64,
    pub started_at: i64,
    pub finished_at: i64,
    pub error: &'a str,
    pub response: Option<&'a str>,
    pub channel_id: Option<i64>,
}

#[derive(Serialize)]
pub(super) struct AttemptRow<'a> {
    pub task_id: i64,
    pub attempt_no: i64,
    pub run: i64,
    pub created_at: i64,
    pub duration: i64,
    pub status_code: i64,
    pub error: &'a str,
    pub response: Option<&'a str>,
    pub channel_id: Option<i64>,
    pub tried: Option<&'a str>,
}

/// The fence against late outcomes. The kill test takes it out, to prove that its checker notices.
pub(super) const FENCE: &str = if cfg!(feature = "seeded-defect") { "" } else { " AND queue.lease = x.lease" };

pub(super) static LEAVE: LazyLock<Sql> = LazyLock::new(|| {
    // SQLite has no DELETE … USING; PostgreSQL plans its form as a join over the whole queue. The unary plus keeps PostgreSQL from reading all
    // claimed rows by their partial index for each batch, which a plan made for an empty queue does.
    let fenced = if FENCE.is_empty() { "(id, run) IN (SELECT x.id, x.run" } else { "(id, run, lease) IN (SELECT x.id, x.run, x.lease" };
    let columns = "id bigint, run bigint, lease bigint";
    let sqlite = Sql::batch(&format!("DELETE FROM queue WHERE +state >= 3 AND {fenced} FROM {{rows}}) RETURNING id, run, lease"), columns);
    let postgres = Sql::batch(
        &format!(
            "DELETE FROM queue USING {{rows}} WHERE queue.id = x.id AND queue.run = x.run{FENCE} AND +queue.state >= 3 RETURNING queue.id, queue.run, queue.lease"
        ),
        columns,
    );
    Sql::per_engine(&sqlite.sqlite(), &postgres.postgres())
});

pub(super) static KEEP: LazyLock<Sql> = LazyLock::new(|| {
    let text = "UPDATE queue SET state = x.state, run_at = x.run_at, attempt_open = x.attempt_open, retries = x.retries, paid = x.paid, progress = x.progress,
             channel_id = x.channel_id, channel_key = x.channel_key, tried = x.tried, upstream_id = x.upstream_id, upstream_unknown = x.upstream_unknown,
             error = x.error, node = NULL, updated_at = $2
         FROM {rows} WHERE queue.id = x.id AND queue.run = x.run";
    Sql::batch(
        &format!("{text}{FENCE} AND +queue.state >= 3 RETURNING queue.id, queue.run, queue.lease"),
        "id bigint, run bigint, lease bigint, state bigint, run_at bigint, attempt_open boolean, retries bigint, paid boolean, progress bigint, channel_id bigint, channel_key text, tried text, upstream_id text, upstream_unknown boolean, error text",
    )
});

pub(super) static END: LazyLock<Sql> = LazyLock::new(|| {
    Sql::batch(
        "UPDATE tasks SET status = x.status, retry_count = x.retry_count, attempts = x.attempts, progress = x.progress, started_at = x.started_at,
             finished_at = x.finished_at, updated_at = x.finished_at, error = x.error, response = x.response,
             channel_id = x.channel_id
         FROM {rows} WHERE tasks.id = x.id",
        "id bigint, status text, retry_count bigint, attempts bigint, progress bigint, started_at bigint, finished_at bigint, error text, response text, channel_id bigint",
    )
});

pub(super) static ATTEMPTS: LazyLock<Sql> = LazyLock::new(|| {
    Sql::batch(
        "INSERT INTO attempts (task_id, attempt_no, run, created_at, duration, status_code, error, response, channel_id, tried)
         SELECT x.task_id, x.attempt_no, x.run, x.created_at, x.duration, x.status_code, x.error, x.response, x.channel_id, x.tried FROM {rows}",
        "task_id bigint, attempt_no bigint, run bigint, created_at bigint, duration bigint, status_code bigint, error text, response text, channel_id bigint, tried text",
    )
});
