//! What an owner does to a task: edit, cancel, start again, delete.
//!
//! Each change is decided by one guarded statement whose row count is checked; points and counters follow in the same transaction.

use super::end::{end_one, refusal, requeue_one};
use super::{bucket, plan, run_reference, view};
use crate::actor::Actor;
use crate::audit::{self, Entry};
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
use serde_json::json;

/// Most ids of a batch.
pub const MAX_BATCH: usize = 1000;
/// Ids of a batch that share a transaction.
const CHUNK: usize = 100;

/// Ends a task that has not ended, whatever it is doing, and gives its held points back.
///
/// Errors: `not_found`, `conflict` when it has ended already.
pub async fn cancel(service: &Service, actor: &Actor, id: i64) -> Result<TaskView> {
    one(service, actor, BatchAction::Cancel, id).await?;
    view::find(service, actor.user_id, id).await
}

/// Starts a new run of a failed or cancelled task, with a new hold at today's price.
///
/// Errors: `not_found`, `conflict`, `feature_disabled`, `insufficient_points`.
pub async fn retry(service: &Service, actor: &Actor, id: i64) -> Result<TaskView> {
    one(service, actor, BatchAction::Retry, id).await?;
    view::find(service, actor.user_id, id).await
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
        for (id, result) in ids.iter().zip(change(service, By::owner(actor), request.action.into(), ids).await?) {
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
    let before = view::find(service, actor.user_id, id).await?;
    let (feature, rule) = plan::feature(service, before.feature_id)?;
    crate::features::effective_retries(patch.max_retries, &feature.feature, &rule.rule)?;
    crate::features::effective_interval(patch.interval_seconds, &feature.feature, &rule.rule, service.intervals())?;
    let name = patch.name.map(|name| plan::label("name", name)).transpose()?;
    let category = patch.category.map(|category| plan::label("category", category)).transpose()?;
    // A form does not show what only the upstream knows.
    let stored = before.payload.as_ref().and_then(|payload| payload.as_object().cloned()).unwrap_or_default();
    let payload = patch.params.map(|params| plan::payload(&feature, params, plan::Fields::Kept(&stored))).transpose()?;
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
    let task = view::find(service, actor.user_id, id).await?;
    publish(service, actor.user_id, &task);
    Ok(task)
}

async fn one(service: &Service, actor: &Actor, action: BatchAction, id: i64) -> Result<()> {
    actor.require(Scope::TasksWrite)?;
    change(service, By::owner(actor), action.into(), &[id]).await?.pop().unwrap_or_else(|| Err(Error::internal()))
}

/// Whose tasks are changed, and by which administrator if not by their owner.
#[derive(Clone, Copy)]
pub(super) struct By<'a> {
    pub owner: i64,
    pub caller: &'a Actor,
    /// The caller, acting as an administrator on tasks that may be anybody's.
    pub administrator: Option<&'a Actor>,
}

impl<'a> By<'a> {
    fn owner(actor: &'a Actor) -> Self {
        By { owner: actor.user_id, caller: actor, administrator: None }
    }
}

/// What is done to a task. The word after it is that of the audit log.
#[derive(Clone, Copy)]
pub(super) enum Change<'a> {
    Cancel,
    Retry,
    Delete,
    /// Ends it as failed, for this reason.
    Fail(&'a str),
    /// A new run for an ended one, the queue for a living one.
    Requeue,
}

impl From<BatchAction> for Change<'_> {
    fn from(action: BatchAction) -> Self {
        match action {
            BatchAction::Cancel => Change::Cancel,
            BatchAction::Retry => Change::Retry,
            BatchAction::Delete => Change::Delete,
        }
    }
}

impl Change<'_> {
    fn action(self) -> &'static str {
        match self {
            Change::Cancel => "task.cancel",
            Change::Retry | Change::Requeue => "task.requeue",
            Change::Delete => "task.delete",
            Change::Fail(_) => "task.fail",
        }
    }
}

/// What a change of one task asks for beside its own statement.
pub(super) enum Effect {
    Ended {
        from: TaskStatus,
        to: TaskStatus,
        points: i64,
        run: i64,
        paid: bool,
        stopped: Stopped,
    },
    Queued {
        points: i64,
        run: i64,
        feature_id: i64,
        from: TaskStatus,
    },
    /// Back into the queue within its run.
    Again {
        from: TaskStatus,
        stopped: Option<Stopped>,
    },
    Deleted {
        from: TaskStatus,
    },
}

impl Effect {
    /// What webhooks are told, if it ended the task.
    fn end(&self, task_id: i64, user_id: i64) -> Option<TaskEnd<'static>> {
        let Effect::Ended { to, run, .. } = self else { return None };
        let event = if *to == TaskStatus::Failed { WebhookEvent::TaskFailed } else { WebhookEvent::TaskCancelled };
        Some(TaskEnd { task_id, user_id, run: *run, event, response: None })
    }

    /// The states before and after; none after a deletion.
    fn states(&self) -> (TaskStatus, Option<TaskStatus>) {
        match self {
            Effect::Ended { from, to, .. } => (*from, Some(*to)),
            Effect::Queued { from, .. } | Effect::Again { from, .. } => (*from, Some(TaskStatus::Queued)),
            Effect::Deleted { from } => (*from, None),
        }
    }
}

/// Changes tasks of one owner in one transaction; refusals of one do not touch the others.
pub(super) async fn change(service: &Service, by: By<'_>, change: Change<'_>, ids: &[i64]) -> Result<Vec<Result<()>>> {
    let user = by.owner;
    let now = service.clock.now();
    let body = async |tx: &mut Tx| {
        let mut results = Vec::with_capacity(ids.len());
        let mut effects = Vec::new();
        // Points are promised in the order of the ids, before any row is changed that could not be paid for.
        let mut available = match change {
            Change::Retry | Change::Requeue => Book::open(tx, &[user]).await?.balance(user).available,
            _ => 0,
        };
        for id in ids {
            let effect = match change {
                Change::Cancel => end_one(tx, user, *id, TaskStatus::Cancelled, "Cancelled.", now).await,
                Change::Fail(why) => end_one(tx, user, *id, TaskStatus::Failed, why, now).await,
                Change::Retry => retry_one(service, tx, by, *id, now, &mut available).await,
                Change::Requeue => match requeue_one(service, tx, user, *id, now).await {
                    Ok(Some(effect)) => Ok(effect),
                    Ok(None) => retry_one(service, tx, by, *id, now, &mut available).await,
                    Err(error) => Err(error),
                },
                Change::Delete => delete_one(tx, user, *id).await,
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
        let (balance, crossings) = (book.balance(user), book.crossings());
        let has_webhooks = book.has_webhooks(user);
        book.write(tx, now).await?;
        if let Some(administrator) = by.administrator {
            for (id, effect) in &effects {
                audit(tx, administrator, change, user, *id, effect, now).await?;
            }
        }
        let ends: Vec<_> = effects.iter().filter_map(|(id, effect)| effect.end(*id, user)).collect();
        let told = match has_webhooks && !ends.is_empty() {
            true => webhooks::put_tasks(tx, &service.catalog.get(), &ends, now).await?,
            false => 0,
        };
        Ok((results, effects, balance, crossings, told))
    };
    let (results, effects, balance, crossings, told) = transact!(service.db, body)?;
    if told > 0 {
        service.webhooks.wake();
    }
    for (id, effect) in effects {
        tell(service, user, id, effect, now);
    }
    service.events.publish(user, Event::Balance { balance });
    service.events.publish_crossings(crossings);
    Ok(results)
}

async fn audit(
    tx: &mut Tx,
    administrator: &Actor,
    change: Change<'_>,
    owner: i64,
    id: i64,
    effect: &Effect,
    now: Timestamp,
) -> Result<(), TxError> {
    let (from, to) = effect.states();
    let mut after = json!({ "user_id": owner, "status": to });
    if let Change::Fail(why) = change {
        after["reason"] = why.into();
    }
    let before = Some(json!({ "user_id": owner, "status": from }));
    let entry = Entry { action: change.action(), target: format!("task:{id}"), before, after: Some(after) };
    Ok(audit::record(tx, administrator, entry, now).await?)
}

fn record(book: &mut Book, user: i64, id: i64, effect: &Effect) -> Result<(), Error> {
    let gone = |from: TaskStatus, counters: &mut crate::ledger::Counters| match from {
        TaskStatus::Succeeded => counters.succeeded -= 1,
        TaskStatus::Failed => counters.failed -= 1,
        _ => counters.cancelled -= 1,
    };
    match effect {
        Effect::Ended { to, points, run, paid, stopped, .. } => {
            let failed = *to == TaskStatus::Failed;
            book.count(user, |counters| if failed { counters.failed += 1 } else { counters.cancelled += 1 });
            book.usage(user, |usage| usage.run_stopped(user, stopped.feature_id, failed));
            if !paid {
                book.end(user, *points, &run_reference(id, *run), HoldEnd::Release)?;
            }
        }
        Effect::Queued { points, run, feature_id, from } => {
            book.count(user, |counters| gone(*from, counters));
            book.usage(user, |usage| usage.run_begun(user, *feature_id));
            book.hold(user, *points, &run_reference(id, *run))?;
        }
        Effect::Again { .. } => {}
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
        Effect::Ended { to, stopped, .. } => {
            service.events.publish(user, event(to));
            service.engine.stopped(service, stopped);
        }
        Effect::Again { stopped, .. } => {
            service.events.publish(user, event(TaskStatus::Queued));
            if let Some(stopped) = stopped {
                service.engine.stopped(service, stopped);
            }
            service.engine.wake();
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

async fn retry_one(service: &Service, tx: &mut Tx, by: By<'_>, id: i64, now: Timestamp, available: &mut i64) -> Result<Effect, TxError> {
    let user = by.owner;
    let ended =
        query("SELECT status, feature_id, priority FROM tasks WHERE id = $1 AND user_id = $2 AND status IN ('failed', 'cancelled')");
    let Some(row) = tx.fetch_optional(ended.bind(id).bind(user)).await? else {
        return refusal(tx, user, id, "Only a failed or cancelled task can be started again.").await;
    };
    let status: String = row.get("status")?;
    let feature_id = row.get("feature_id")?;
    let (feature, rule) = plan::feature_for(service, by.caller, feature_id)?;
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
    Ok(Effect::Queued { points, run, feature_id, from: TaskStatus::parse(&status).unwrap_or(TaskStatus::Failed) })
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
