//! The rows of submitted tasks.

use super::{Decision, INLINE_BYTES, Submit};
use crate::db::{DbError, Query, Sql, Tx, query};
use crate::engine::{Engine, Place};
use crate::tasks::bucket;
use crate::webhooks;
use model::time::Timestamp;
use serde::Serialize;
use std::collections::HashMap;
use std::sync::LazyLock;

#[derive(Serialize)]
struct TaskRow<'a> {
    public_id: &'a str,
    user_id: i64,
    seq: i64,
    feature_id: i64,
    rule_id: i64,
    points: i64,
    price_kind: model::features::PriceKind,
    priority: i64,
    max_retries: Option<i64>,
    interval_seconds: Option<i64>,
    name: &'a str,
    category: &'a str,
    feature_name: &'a str,
    payload: &'a str,
    headers: &'a str,
}

#[derive(Serialize)]
struct QueueRow<'a> {
    id: i64,
    user_id: i64,
    bucket: i64,
    /// 0: it waits for a claim. 3: it is claimed by `node` already.
    state: i64,
    lease: i64,
    lease_until: i64,
    node: Option<&'a str>,
    attempt: i64,
    attempt_open: bool,
    started_at: Option<i64>,
}

static TASKS: LazyLock<Sql> = LazyLock::new(|| {
    Sql::batch(
        "INSERT INTO tasks (public_id, user_id, seq, feature_id, rule_id, status, run, points, price_kind, priority, max_retries, interval_seconds,
             retry_count, attempts, progress, created_at, updated_at, name, category, feature_name, error, payload, headers)
         SELECT x.public_id, x.user_id, x.seq, x.feature_id, x.rule_id, 'queued', 1, x.points, x.price_kind, x.priority, x.max_retries, x.interval_seconds,
             0, 0, 0, $2, $2, x.name, x.category, x.feature_name, '', x.payload, x.headers
         FROM {rows} WHERE true ORDER BY x.seq RETURNING id, public_id",
        "public_id text, user_id bigint, seq bigint, feature_id bigint, rule_id bigint, points bigint, price_kind text, priority bigint, max_retries bigint, interval_seconds bigint, name text, category text, feature_name text, payload text, headers text",
    )
});

static QUEUE: LazyLock<Sql> = LazyLock::new(|| {
    Sql::batch(
        "INSERT INTO queue (id, user_id, bucket, state, lease, lease_until, node, run_at, run, attempt, attempt_open, started_at, attempt_started_at,
             paid, retries, rescues, progress, updated_at, error)
         SELECT x.id, x.user_id, x.bucket, x.state, x.lease, x.lease_until, x.node, $2, 1, x.attempt, x.attempt_open, x.started_at, x.started_at,
             false, 0, 0, 0, $2, '' FROM {rows}",
        "id bigint, user_id bigint, bucket bigint, state bigint, lease bigint, lease_until bigint, node text, attempt bigint, attempt_open boolean, started_at bigint",
    )
});

/// Inserts tasks; the new numbers by public id, and the statement that puts them into the queue.
pub(super) async fn insert<'a>(
    tx: &mut Tx,
    engine: &Engine,
    commands: &'a [Submit],
    decisions: &[Decision],
    places: &[Option<Place>],
    now: Timestamp,
) -> Result<(HashMap<String, i64>, Option<Query>), DbError> {
    let inline = |text: &'a str| if text.len() > INLINE_BYTES { "" } else { text };
    let rows: Vec<TaskRow<'a>> = commands
        .iter()
        .zip(decisions)
        .filter_map(|(command, decision)| {
            let Decision::Insert { seq } = decision else { return None };
            let plan = &command.plan;
            Some(TaskRow {
                public_id: &command.public_id,
                user_id: command.user_id,
                seq: *seq,
                feature_id: plan.feature_id,
                rule_id: plan.rule_id,
                points: plan.points,
                price_kind: plan.price_kind,
                priority: plan.priority.rank(),
                max_retries: plan.max_retries,
                interval_seconds: plan.interval_seconds,
                name: &plan.name,
                category: &plan.category,
                feature_name: &plan.feature_name,
                payload: inline(&plan.payload),
                headers: &plan.headers,
            })
        })
        .collect();
    let mut ids = HashMap::with_capacity(rows.len());
    if rows.is_empty() {
        return Ok((ids, None));
    }
    for row in tx.fetch_all(query(&*TASKS).rows(&rows).bind(now)).await? {
        ids.insert(row.get::<String>(1)?, row.get::<i64>(0)?);
    }
    let mut queue = Vec::with_capacity(rows.len());
    let mut chosen = Vec::new();
    for (command, place) in commands.iter().zip(places) {
        let Some(id) = ids.get(&command.public_id) else { continue };
        let plan = &command.plan;
        let begun = i64::from(place.is_some());
        queue.push(QueueRow {
            id: *id,
            user_id: command.user_id,
            bucket: bucket(plan.priority, plan.feature_id, command.user_id),
            state: 3 * begun,
            lease: begun,
            lease_until: begun * engine.lease_until(now.0),
            node: place.is_some().then(|| engine.node()),
            attempt: begun,
            attempt_open: place.is_some(),
            started_at: place.is_some().then_some(now.0),
        });
        chosen.extend(plan.webhook_ids.iter().map(|webhook| (*id, *webhook)));
        if plan.payload.len() > INLINE_BYTES {
            tx.execute(query("UPDATE tasks SET payload = $2 WHERE id = $1").bind(*id).bind(&plan.payload)).await?;
        }
    }
    webhooks::choose(tx, &chosen).await?;
    let queue = query(&*QUEUE).rows(&queue).bind(now);
    Ok((ids, Some(queue)))
}
