//! Taking living tasks out of the hands of the engine: ended by somebody, or put back into the queue.
//!
//! A worker's outcome that comes later finds no row with its lease, and changes nothing.

use super::change::Effect;
use crate::db::{DbError, Row, Tx, TxError, query};
use crate::engine::Stopped;
use crate::features;
use crate::service::Service;
use model::Error;
use model::rules::Delivery;
use model::tasks::TaskStatus;
use model::time::Timestamp;

/// Why a guarded change touched no row: the task is not there, or not in a state for it.
pub(super) async fn refusal(tx: &mut Tx, user: i64, id: i64, sentence: &str) -> Result<Effect, TxError> {
    let row = tx.fetch_optional(query("SELECT 1 AS one FROM tasks WHERE id = $1 AND user_id = $2").bind(id).bind(user)).await?;
    Err(if row.is_some() { Error::conflict(sentence) } else { Error::not_found("task") }.into())
}

/// The state of a queue's row.
fn status(row: &Row) -> Result<TaskStatus, DbError> {
    Ok(match row.get::<i64>("state")? {
        0 => TaskStatus::Queued,
        1 => TaskStatus::RetryWait,
        3 => TaskStatus::Running,
        _ => TaskStatus::WaitingUpstream,
    })
}

/// An attempt that is cut off.
struct Cut<'a> {
    id: i64,
    attempt: i64,
    run: i64,
    since: Option<i64>,
    channel_id: Option<i64>,
    tried: Option<String>,
    why: &'a str,
}

impl Cut<'_> {
    async fn write(self, tx: &mut Tx, now: Timestamp) -> Result<(), DbError> {
        let since = self.since.unwrap_or(now.0);
        let open = query(
            "INSERT INTO attempts (task_id, attempt_no, run, created_at, duration, status_code, error, response, channel_id, tried)
             VALUES ($1, $2, $3, $4, $5, 0, $6, NULL, $7, $8) ON CONFLICT DO NOTHING",
        );
        let open = open.bind(self.id).bind(self.attempt).bind(self.run).bind(since).bind((now.0 - since).max(0));
        tx.execute(open.bind(self.why).bind(self.channel_id).bind(self.tried)).await?;
        Ok(())
    }
}

/// Ends a living task as cancelled or failed.
pub(super) async fn end_one(tx: &mut Tx, user: i64, id: i64, to: TaskStatus, why: &str, now: Timestamp) -> Result<Effect, TxError> {
    let taken = query(
        "DELETE FROM queue WHERE id = $1 AND user_id = $2
         RETURNING state, run, paid, attempt, attempt_open, retries, progress, channel_id, channel_key, tried, upstream_id, started_at,
             attempt_started_at",
    );
    let Some(row) = tx.fetch_optional(taken.bind(id).bind(user)).await? else {
        return refusal(tx, user, id, "This task has ended already.").await;
    };
    let attempt: i64 = row.get("attempt")?;
    let run: i64 = row.get("run")?;
    let ended = query(
        "UPDATE tasks SET status = $7, error = $8, retry_count = $2, attempts = $3, progress = $4, started_at = $5,
             finished_at = $6, updated_at = $6, channel_id = $9
         WHERE id = $1 RETURNING points, public_id, feature_id, rule_id",
    );
    let channel_id: Option<i64> = row.get("channel_id")?;
    let ended = ended
        .bind(id)
        .bind(row.get::<i64>("retries")?)
        .bind(attempt)
        .bind(row.get::<i64>("progress")?)
        .bind(row.get::<Option<i64>>("started_at")?)
        .bind(now)
        .bind(to.as_str())
        .bind(why)
        .bind(channel_id);
    let task = tx.fetch_one(ended).await?;
    if row.get("attempt_open")? {
        Cut { id, attempt, run, since: row.get("attempt_started_at")?, channel_id, tried: row.get("tried")?, why }.write(tx, now).await?;
    }
    let stopped = Stopped {
        task_id: id,
        public_id: task.get("public_id")?,
        attempt,
        feature_id: task.get("feature_id")?,
        rule_id: task.get("rule_id")?,
        channel_id,
        channel_key: row.get("channel_key")?,
        upstream_id: row.get("upstream_id")?,
    };
    Ok(Effect::Ended { from: status(&row)?, to, points: task.get("points")?, run, paid: row.get("paid")?, stopped })
}

/// Puts a living task back into the queue, within its run and with a new attempt; `None` if it has ended.
///
/// A call under way, or a job that the upstream has accepted, is given up: refused where the rule calls an upstream at most once.
pub(super) async fn requeue_one(service: &Service, tx: &mut Tx, user: i64, id: i64, now: Timestamp) -> Result<Option<Effect>, TxError> {
    let found = query(
        "SELECT q.state, q.run, q.lease, q.attempt, q.attempt_open, q.attempt_started_at, q.channel_id, q.channel_key, q.tried, q.upstream_id, t.public_id, t.feature_id,
             t.rule_id
         FROM queue q JOIN tasks t ON t.id = q.id WHERE q.id = $1 AND q.user_id = $2",
    );
    let Some(row) = tx.fetch_optional(found.bind(id).bind(user)).await? else { return Ok(None) };
    let from = status(&row)?;
    if from == TaskStatus::Queued {
        return Err(Error::conflict("This task is in the queue already.").into());
    }
    let rule_id: i64 = row.get("rule_id")?;
    let given_up = from != TaskStatus::RetryWait;
    let once = features::snapshot(service).rules.get(&rule_id).is_some_and(|row| row.rule.delivery == Delivery::AtMostOnce);
    if given_up && once {
        return Err(Error::conflict("The rule of this task calls its upstream at most once. Let it end, or fail it.").into());
    }
    // The lease goes up, so that whatever its worker still writes is stale.
    let back = query(
        "UPDATE queue SET state = 0, lease = lease + 1, lease_until = 0, run_at = $4, attempt_open = false, channel_id = NULL, channel_key = NULL,
             tried = NULL, upstream_id = NULL,
             node = NULL, progress = 0, updated_at = $4
         WHERE id = $1 AND run = $2 AND lease = $3",
    );
    let lease: i64 = row.get("lease")?;
    let run: i64 = row.get("run")?;
    if tx.execute(back.bind(id).bind(run).bind(lease).bind(now)).await? != 1 {
        return Err(Error::conflict("This task has just changed. Look at it again.").into());
    }
    let (attempt, channel_id) = (row.get("attempt")?, row.get("channel_id")?);
    if row.get("attempt_open")? {
        let why = "Put back into the queue by an administrator.";
        Cut { id, attempt, run, since: row.get("attempt_started_at")?, channel_id, tried: row.get("tried")?, why }.write(tx, now).await?;
    }
    let stopped = Stopped {
        task_id: id,
        public_id: row.get("public_id")?,
        attempt,
        feature_id: row.get("feature_id")?,
        rule_id,
        channel_id,
        channel_key: row.get("channel_key")?,
        upstream_id: row.get("upstream_id")?,
    };
    Ok(Some(Effect::Again { from, stopped: given_up.then_some(stopped) }))
}
