//! Ended tasks and old attempts go when the settings say so. Movements of points stay.

use crate::db::{Sql, Tx, TxError, query, transact};
use crate::ledger::Book;
use crate::service::Service;
use model::Result;
use model::events::Event;
use model::tasks::TaskStatus;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Rows that one transaction looks at: writers in between do not wait.
const STEP: i64 = 500;
const DAY_MS: i64 = 86_400_000;

#[derive(Serialize)]
struct Id {
    id: i64,
}

static TASKS: LazyLock<Sql> = LazyLock::new(|| {
    Sql::batch(
        "DELETE FROM tasks WHERE id IN (SELECT x.id FROM {rows}) AND status IN ('succeeded', 'failed', 'cancelled') AND finished_at < $2
         RETURNING id, user_id, status",
        "id bigint",
    )
});
static THEIR_ATTEMPTS: LazyLock<Sql> =
    LazyLock::new(|| Sql::batch("DELETE FROM attempts WHERE task_id IN (SELECT x.id FROM {rows})", "id bigint"));
static THEIR_WEBHOOKS: LazyLock<Sql> =
    LazyLock::new(|| Sql::batch("DELETE FROM task_webhooks WHERE task_id IN (SELECT x.id FROM {rows})", "id bigint"));
static ATTEMPTS: LazyLock<Sql> =
    LazyLock::new(|| Sql::batch("DELETE FROM attempts WHERE id IN (SELECT x.id FROM {rows}) AND created_at < $2", "id bigint"));

/// Deletes what is older than the settings allow; how many rows. Safe on every node: each statement deletes what is still there.
pub async fn delete_expired(service: &Service) -> Result<u64> {
    let settings = service.settings.current();
    let before = |days: i64| service.clock.now().0 - days.saturating_mul(DAY_MS);
    let mut gone = 0;
    if let Some(days) = settings.task_retention_days {
        gone += delete_tasks(service, before(days)).await?;
    }
    if let Some(days) = settings.attempt_retention_days {
        gone += delete_attempts(service, before(days)).await?;
    }
    Ok(gone)
}

/// Walks from the oldest task to the first that was submitted after the limit. None behind it can have ended before.
async fn delete_tasks(service: &Service, limit: i64) -> Result<u64> {
    let (mut cursor, mut gone) = (0, 0);
    loop {
        let old = query("SELECT id FROM tasks WHERE id > $1 AND created_at < $2 ORDER BY id LIMIT $3");
        let reach = query("SELECT id, created_at FROM tasks WHERE id > $1 ORDER BY id LIMIT 1").bind(cursor);
        match service.db.fetch_optional(reach).await? {
            Some(row) if row.get::<i64>("created_at")? < limit => {}
            _ => return Ok(gone),
        }
        let rows = service.db.fetch_all(old.bind(cursor).bind(limit).bind(STEP)).await?;
        let ids = rows.iter().map(|row| Ok(Id { id: row.get("id")? })).collect::<Result<Vec<_>>>()?;
        let Some(last) = ids.last() else { return Ok(gone) };
        cursor = last.id;
        gone += delete_some_tasks(service, &ids, limit).await?;
    }
}

async fn delete_some_tasks(service: &Service, ids: &[Id], limit: i64) -> Result<u64> {
    let now = service.clock.now();
    let body = async |tx: &mut Tx| {
        // By user, and in the order in which books are opened.
        let mut by_user: BTreeMap<i64, Vec<(i64, String)>> = BTreeMap::new();
        for row in tx.fetch_all(query(&*TASKS).rows(ids).bind(limit)).await? {
            by_user.entry(row.get("user_id")?).or_default().push((row.get("id")?, row.get("status")?));
        }
        let deleted: Vec<Id> = by_user.values().flatten().map(|(id, _)| Id { id: *id }).collect();
        if deleted.is_empty() {
            return Ok((by_user, 0));
        }
        tx.execute(query(&*THEIR_ATTEMPTS).rows(&deleted)).await?;
        tx.execute(query(&*THEIR_WEBHOOKS).rows(&deleted)).await?;
        let users: Vec<i64> = by_user.keys().copied().collect();
        let mut book = Book::open(tx, &users).await?;
        for (user, tasks) in &by_user {
            for (_, status) in tasks {
                book.count(*user, |counters| {
                    counters.total -= 1;
                    match TaskStatus::parse(status) {
                        Some(TaskStatus::Succeeded) => counters.succeeded -= 1,
                        Some(TaskStatus::Failed) => counters.failed -= 1,
                        _ => counters.cancelled -= 1,
                    }
                });
            }
        }
        book.write(tx, now).await?;
        Ok::<_, TxError>((by_user, deleted.len() as u64))
    };
    let (by_user, gone) = transact!(service.db, body)?;
    for (user, tasks) in by_user {
        for (id, _) in tasks {
            service.events.publish(user, Event::TaskDeleted { id });
        }
    }
    Ok(gone)
}

/// Attempts are written when they end, so they are walked in that order until a whole step is younger than the limit.
async fn delete_attempts(service: &Service, limit: i64) -> Result<u64> {
    let (mut cursor, mut gone) = (0, 0);
    loop {
        let step = query("SELECT id, created_at FROM attempts WHERE id > $1 ORDER BY id LIMIT $2").bind(cursor).bind(STEP);
        let mut ids = Vec::new();
        for row in service.db.fetch_all(step).await? {
            cursor = row.get("id")?;
            if row.get::<i64>("created_at")? < limit {
                ids.push(Id { id: cursor });
            }
        }
        if ids.is_empty() {
            return Ok(gone);
        }
        gone += service.db.execute(query(&*ATTEMPTS).rows(&ids).bind(limit)).await?;
    }
}
