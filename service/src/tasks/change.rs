//! What an owner does to a task: edit, cancel, start again, delete.
//!
//! Each change is decided by one guarded statement whose row count is checked; points and counters follow in the same transaction.

use super::{bucket, plan, run_reference, view};
use crate::actor::Actor;
use crate::db::{Tx, TxError, query, transact};
use crate::engine::Stopped;
use crate::ledger::{Book, HoldEnd};
use crate::service::Service;
use crate::webhooks::{self, TaskEnd};
use model::accounts::Scope;
use model::events::Event;
use model::tasks::{BatchAction, BatchOutcome, BatchRequest, Priority, TaskPatch, TaskStatus, TaskView};
use model::time::Timestamp;
use model::webhooks::WebhookEvent;
use model::{Error, Result};

/// Most ids of a batch.
pub const MAX_BATCH: usize = 1000;
/// Ids of a batch that share a transaction.
const CHUNK: usize = 100;

/// Ends a task that has not ended, whatever it is doing, and gives its held points back.
///
/// Errors: `not_found`, `conflict` when it has ended already.
pub async fn cancel(service: &Service, actor: &Actor, id: i64) -> Result<TaskView> {
    one(service, actor, BatchAction::Cancel, id).await?;
    view::find(service, actor, id).await
}

/// Starts a new run of a failed or cancelled task, with a new hold at today's price.
///
/// Errors: `not_found`, `conflict`, `feature_disabled`, `insufficient_points`.
pub async fn retry(service: &Service, actor: &Actor, id: i64) -> Result<TaskView> {
    one(service, actor, BatchAction::Retry, id).await?;
    view::find(service, actor, id).await
}

/// Removes an ended task and its attempts. Its ledger entries stay.
///
/// Errors: `not_found`, `conflict` while it has not ended.
pub async fn delete(service: &Service, actor: &Actor, id: i64) -> Result<()> {
    one(service, actor, BatchAction::Delete, id).await
}

/// Does the same to many tasks; every id has an outcome of its own.
///
/// Errors: `invalid` for no ids or more than [`MAX_BATCH`].
pub async fn batch(service: &Service, actor: &Actor, request: BatchRequest) -> Result<Vec<BatchOutcome>> {
    actor.require(Scope::TasksWrite)?;
    if request.ids.is_empty() || request.ids.len() > MAX_BATCH {
        return Err(Error::invalid("ids", format!("Give 1 to {MAX_BATCH} task ids.")));
    }
    let mut outcomes = Vec::with_capacity(request.ids.len());
    for ids in request.ids.chunks(CHUNK) {
        for (id, result) in ids.iter().zip(change(service, actor, request.action, ids).await?) {
            outcomes.push(BatchOutcome { id: *id, success: result.is_ok(), error: result.err() });
        }
    }
    Ok(outcomes)
}

/// Changes a task before its next attempt.
///
/// Errors: `not_found`, `conflict` while an attempt is under way or after success, and those of a submission.
pub async fn update(service: &Service, actor: &Actor, id: i64, patch: TaskPatch) -> Result<TaskView> {
    actor.require(Scope::TasksWrite)?;
    let before = view::find(service, actor, id).await?;
    let (feature, rule) = plan::feature(service, before.feature_id)?;
    crate::features::effective_retries(patch.max_retries, &feature.feature, &rule.rule)?;
    crate::features::effective_interval(patch.interval_seconds, &feature.feature, &rule.rule, &service.config)?;
    let name = patch.name.map(|name| plan::label("name", name)).transpose()?;
    let category = patch.category.map(|category| plan::label("category", category)).transpose()?;
    let payload = patch.params.map(|params| plan::payload(&feature, params)).transpose()?;
    let headers = patch.headers.map(plan::headers).transpose()?;
    let rank = patch.priority.map(Priority::rank);
    let chosen = match &patch.webhook_ids {
        Some(ids) => {
            // What was chosen before may have been switched off since and stays.
            let kept = before.webhook_ids.unwrap_or_default();
            let (old, new): (Vec<i64>, Vec<i64>) = ids.iter().partition(|id| kept.contains(id));
            let new = webhooks::require_choice(service, actor.user_id, &new).await?;
            Some(old.into_iter().chain(new).collect::<std::collections::BTreeSet<_>>())
        }
        None => None,
    };
    let new_bucket = bucket(patch.priority.unwrap_or(before.priority), before.feature_id, actor.user_id);
    let now = service.clock.now();
    let body = async |tx: &mut Tx| {
        let waiting = query("UPDATE queue SET bucket = $3, updated_at = $4 WHERE id = $1 AND user_id = $2 AND +state IN (0, 1)");
        let waiting = tx.execute(waiting.bind(id).bind(actor.user_id).bind(new_bucket).bind(now)).await?;
        let statement = query(
            "UPDATE tasks SET name = COALESCE($3, name), category = COALESCE($4, category), payload = COALESCE($5, payload),
                 headers = COALESCE($6, headers), max_retries = COALESCE($7, max_retries), interval_seconds = COALESCE($8, interval_seconds),
                 priority = COALESCE($9, priority), updated_at = $10
             WHERE id = $1 AND user_id = $2 AND (status IN ('failed', 'cancelled') OR (status = 'queued' AND $11))",
        );
        let statement = statement
            .bind(id)
            .bind(actor.user_id)
            .bind(name.as_ref())
            .bind(category.as_ref())
            .bind(payload.as_ref())
            .bind(headers.as_ref())
            .bind(patch.max_retries)
            .bind(patch.interval_seconds)
            .bind(rank)
            .bind(now)
            .bind(waiting == 1);
        if tx.execute(statement).await? != 1 {
            return Err(TxError::from(Error::conflict("This task cannot be edited now: an attempt is under way, or it has succeeded.")));
        }
        if let Some(chosen) = &chosen {
            webhooks::unchoose(tx, id).await?;
            webhooks::choose(tx, &chosen.iter().map(|webhook| (id, *webhook)).collect::<Vec<_>>()).await?;
        }
        Ok(())
    };
    transact!(service.db, body)?;
    let task = view::find(service, actor, id).await?;
    publish(service, actor.user_id, &task);
    Ok(task)
}

async fn one(service: &Service, actor: &Actor, action: BatchAction, id: i64) -> Result<()> {
    actor.require(Scope::TasksWrite)?;
    change(service, actor, action, &[id]).await?.pop().unwrap_or_else(|| Err(Error::internal()))
}

/// What a change of one task asks for beside its own statement.
enum Effect {
    Cancelled { points: i64, run: i64, paid: bool, stopped: Stopped },
    Queued { points: i64, run: i64, from: TaskStatus },
    Deleted { from: TaskStatus },
}

impl Effect {
    /// What webhooks are told, if it ended the task.
    fn end(&self, task_id: i64, user_id: i64) -> Option<TaskEnd<'static>> {
        let Effect::Cancelled { run, .. } = self else { return None };
        Some(TaskEnd { task_id, user_id, run: *run, event: WebhookEvent::TaskCancelled, response: None })
    }
}

/// Changes tasks of the caller in one transaction; refusals of one do not touch the others.
async fn change(service: &Service, actor: &Actor, action: BatchAction, ids: &[i64]) -> Result<Vec<Result<()>>> {
    let user = actor.user_id;
    let now = service.clock.now();
    let body = async |tx: &mut Tx| {
        let mut results = Vec::with_capacity(ids.len());
        let mut effects = Vec::new();
        // Points are promised in the order of the ids, before any row is changed that could not be paid for.
        let mut available = match action {
            BatchAction::Retry => Book::open(tx, &[user]).await?.balance(user).available,
            _ => 0,
        };
        for id in ids {
            let effect = match action {
                BatchAction::Cancel => cancel_one(tx, user, *id, now).await,
                BatchAction::Retry => retry_one(service, tx, user, *id, now, &mut available).await,
                BatchAction::Delete => delete_one(tx, user, *id).await,
            };
            match effect {
                Ok(effect) => {
                    effects.push((*id, effect));
                    results.push(Ok(()));
                }
                Err(TxError::Refused(error)) => results.push(Err(error)),
                Err(error) => return Err(error),
            }
        }
        let mut book = Book::open(tx, &[user]).await?;
        for (id, effect) in &effects {
            record(&mut book, user, *id, effect)?;
        }
        let balance = book.balance(user);
        let has_webhooks = book.has_webhooks(user);
        book.write(tx, now).await?;
        let ends: Vec<_> = effects.iter().filter_map(|(id, effect)| effect.end(*id, user)).collect();
        let told = match has_webhooks && !ends.is_empty() {
            true => webhooks::put_tasks(tx, &service.catalog.get(), &ends, now).await?,
            false => 0,
        };
        Ok((results, effects, balance, told))
    };
    let (results, effects, balance, told) = transact!(service.db, body)?;
    if told > 0 {
        service.webhooks.wake();
    }
    for (id, effect) in effects {
        tell(service, user, id, effect, now);
    }
    service.events.publish(user, Event::Balance { balance });
    Ok(results)
}

fn record(book: &mut Book, user: i64, id: i64, effect: &Effect) -> Result<(), Error> {
    let gone = |from: TaskStatus, counters: &mut crate::ledger::Counters| match from {
        TaskStatus::Succeeded => counters.succeeded -= 1,
        TaskStatus::Failed => counters.failed -= 1,
        _ => counters.cancelled -= 1,
    };
    match effect {
        Effect::Cancelled { points, run, paid, .. } => {
            book.count(user, |counters| counters.cancelled += 1);
            if !paid {
                book.end(user, *points, &run_reference(id, *run), HoldEnd::Release)?;
            }
        }
        Effect::Queued { points, run, from } => {
            book.count(user, |counters| gone(*from, counters));
            book.hold(user, *points, &run_reference(id, *run))?;
        }
        Effect::Deleted { from } => book.count(user, |counters| {
            counters.total -= 1;
            gone(*from, counters);
        }),
    }
    Ok(())
}

fn tell(service: &Service, user: i64, id: i64, effect: Effect, now: Timestamp) {
    let event = |status| Event::Task { id, status, progress: 0, retry_count: 0, updated_at: now };
    match effect {
        Effect::Cancelled { stopped, .. } => {
            service.events.publish(user, event(TaskStatus::Cancelled));
            service.engine.stopped(service, stopped);
        }
        Effect::Queued { .. } => {
            service.events.publish(user, event(TaskStatus::Queued));
            service.engine.wake();
        }
        Effect::Deleted { .. } => service.events.publish(user, Event::TaskDeleted { id }),
    }
}

fn publish(service: &Service, user: i64, task: &TaskView) {
    let event = Event::Task {
        id: task.id,
        status: task.status,
        progress: task.progress,
        retry_count: task.retry_count,
        updated_at: task.updated_at,
    };
    service.events.publish(user, event);
}

/// Why a guarded change touched no row: the task is not there, or not in a state for it.
async fn refusal(tx: &mut Tx, user: i64, id: i64, sentence: &str) -> Result<Effect, TxError> {
    let row = tx.fetch_optional(query("SELECT 1 AS one FROM tasks WHERE id = $1 AND user_id = $2").bind(id).bind(user)).await?;
    Err(if row.is_some() { Error::conflict(sentence) } else { Error::not_found("task") }.into())
}

async fn cancel_one(tx: &mut Tx, user: i64, id: i64, now: Timestamp) -> Result<Effect, TxError> {
    let taken = query(
        "DELETE FROM queue WHERE id = $1 AND user_id = $2
         RETURNING run, paid, attempt, attempt_open, retries, progress, channel_id, upstream_id, started_at, attempt_started_at",
    );
    let Some(row) = tx.fetch_optional(taken.bind(id).bind(user)).await? else {
        return refusal(tx, user, id, "This task has ended already.").await;
    };
    let attempt: i64 = row.get("attempt")?;
    let run: i64 = row.get("run")?;
    let ended = query(
        "UPDATE tasks SET status = 'cancelled', error = 'Cancelled.', retry_count = $2, attempts = $3, progress = $4, started_at = $5,
             finished_at = $6, updated_at = $6
         WHERE id = $1 RETURNING points, public_id, feature_id, rule_id",
    );
    let ended = ended
        .bind(id)
        .bind(row.get::<i64>("retries")?)
        .bind(attempt)
        .bind(row.get::<i64>("progress")?)
        .bind(row.get::<Option<i64>>("started_at")?)
        .bind(now);
    let task = tx.fetch_one(ended).await?;
    if row.get("attempt_open")? {
        let since = row.get::<Option<i64>>("attempt_started_at")?.unwrap_or(now.0);
        let open = query(
            "INSERT INTO attempts (task_id, attempt_no, run, created_at, duration, status_code, error, response)
             VALUES ($1, $2, $3, $4, $5, 0, 'Cancelled.', NULL) ON CONFLICT DO NOTHING",
        );
        tx.execute(open.bind(id).bind(attempt).bind(run).bind(since).bind((now.0 - since).max(0))).await?;
    }
    let stopped = Stopped {
        task_id: id,
        public_id: task.get("public_id")?,
        attempt,
        feature_id: task.get("feature_id")?,
        rule_id: task.get("rule_id")?,
        channel_id: row.get("channel_id")?,
        upstream_id: row.get("upstream_id")?,
    };
    Ok(Effect::Cancelled { points: task.get("points")?, run, paid: row.get("paid")?, stopped })
}

async fn retry_one(service: &Service, tx: &mut Tx, user: i64, id: i64, now: Timestamp, available: &mut i64) -> Result<Effect, TxError> {
    let ended =
        query("SELECT status, feature_id, priority FROM tasks WHERE id = $1 AND user_id = $2 AND status IN ('failed', 'cancelled')");
    let Some(row) = tx.fetch_optional(ended.bind(id).bind(user)).await? else {
        return refusal(tx, user, id, "Only a failed or cancelled task can be started again.").await;
    };
    let status: String = row.get("status")?;
    let feature_id = row.get("feature_id")?;
    let (feature, rule) = plan::feature(service, feature_id)?;
    let points = feature.feature.points;
    if *available < points {
        return Err(crate::ledger::insufficient(*available, points).into());
    }
    let again = query(
        "UPDATE tasks SET status = 'queued', run = run + 1, points = $4, price_kind = $5, rule_id = $6, error = '', response = NULL, progress = 0,
             retry_count = 0, started_at = NULL, finished_at = NULL, updated_at = $7
         WHERE id = $1 AND user_id = $2 AND status = $3 RETURNING run, attempts",
    );
    let kind = serde_json::to_value(feature.feature.price_kind).ok().and_then(|kind| kind.as_str().map(str::to_owned));
    let again = again.bind(id).bind(user).bind(&status).bind(points).bind(kind.unwrap_or_default()).bind(rule.id).bind(now);
    let Some(task) = tx.fetch_optional(again).await? else {
        return refusal(tx, user, id, "Only a failed or cancelled task can be started again.").await;
    };
    *available -= points;
    let run: i64 = task.get("run")?;
    let queued = query(
        "INSERT INTO queue (id, user_id, bucket, state, lease, lease_until, run_at, run, attempt, attempt_open, paid, retries, rescues, progress, updated_at, error)
         VALUES ($1, $2, $3, 0, 0, 0, $4, $5, $6, false, false, 0, 0, 0, $4, '')",
    );
    let place = bucket(Priority::from_rank(row.get("priority")?), feature_id, user);
    tx.execute(queued.bind(id).bind(user).bind(place).bind(now).bind(run).bind(task.get::<i64>("attempts")?)).await?;
    Ok(Effect::Queued { points, run, from: TaskStatus::parse(&status).unwrap_or(TaskStatus::Failed) })
}

async fn delete_one(tx: &mut Tx, user: i64, id: i64) -> Result<Effect, TxError> {
    let gone =
        query("DELETE FROM tasks WHERE id = $1 AND user_id = $2 AND status IN ('succeeded', 'failed', 'cancelled') RETURNING status");
    let Some(row) = tx.fetch_optional(gone.bind(id).bind(user)).await? else {
        return refusal(tx, user, id, "A task can be deleted when it has ended. Cancel it first.").await;
    };
    tx.execute(query("DELETE FROM attempts WHERE task_id = $1").bind(id)).await?;
    webhooks::unchoose(tx, id).await?;
    let status: String = row.get("status")?;
    Ok(Effect::Deleted { from: TaskStatus::parse(&status).unwrap_or(TaskStatus::Cancelled) })
}
