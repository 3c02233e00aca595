//! The outbox: deliveries are written in the transaction of what they tell about, so that none is lost and none is made up.

use super::message::{self, TaskFacts};
use crate::db::{DbError, Row, Sql, Tx, query};
use crate::features::Snapshot;
use crate::tasks::{INLINE_BYTES, random_id};
use model::time::Timestamp;
use model::webhooks::WebhookEvent;
use serde::Serialize;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::LazyLock;

/// A task that has just ended, in the transaction that ended it.
pub struct TaskEnd<'a> {
    /// The task.
    pub task_id: i64,
    /// Its owner.
    pub user_id: i64,
    /// Its run.
    pub run: i64,
    /// How it ended.
    pub event: WebhookEvent,
    /// Its response as it is stored, if there is one.
    pub response: Option<&'a str>,
}

#[derive(Serialize)]
struct Wanted {
    id: i64,
    user_id: i64,
}

#[derive(Serialize)]
struct DeliveryRow<'a> {
    message_id: String,
    webhook_id: i64,
    user_id: i64,
    event: &'static str,
    event_key: &'a str,
    task_id: Option<i64>,
    body: &'a str,
}

static WANTED: LazyLock<Sql> = LazyLock::new(|| {
    let text = format!(
        "SELECT w.id AS webhook_id, w.events, {} FROM {{rows}} JOIN webhooks w ON w.user_id = x.user_id AND w.enabled JOIN tasks t ON t.id = x.id
         WHERE w.all_tasks OR EXISTS (SELECT 1 FROM task_webhooks c WHERE c.task_id = x.id AND c.webhook_id = w.id)",
        TaskFacts::COLUMNS
    );
    Sql::batch(&text, "id bigint, user_id bigint")
});

static INSERT: LazyLock<Sql> = LazyLock::new(|| {
    Sql::batch(
        "INSERT INTO webhook_deliveries (message_id, webhook_id, user_id, event, event_key, task_id, state, lease, lease_until, next_at, attempts, tries,
             status_code, error, created_at, body)
         SELECT x.message_id, x.webhook_id, x.user_id, x.event, x.event_key, x.task_id, 0, 0, 0, $2, 0, 0, 0, '', $2, x.body FROM {rows}
         WHERE true ON CONFLICT DO NOTHING",
        "message_id text, webhook_id bigint, user_id bigint, event text, event_key text, task_id bigint, body text",
    )
});

static CHOOSE: LazyLock<Sql> = LazyLock::new(|| {
    Sql::batch(
        "INSERT INTO task_webhooks (task_id, webhook_id) SELECT x.task_id, x.webhook_id FROM {rows} WHERE true ON CONFLICT DO NOTHING",
        "task_id bigint, webhook_id bigint",
    )
});

/// Whether a webhook's stored list of events holds one.
pub(super) fn wants(events: &str, event: WebhookEvent) -> bool {
    event == WebhookEvent::Test
        || serde_json::from_str::<Vec<String>>(events).is_ok_and(|events| events.iter().any(|word| word == event.as_str()))
}

/// Writes the deliveries of tasks that have just ended; how many. Ask [`crate::ledger::Book::has_webhooks`] first: most users have none.
pub(crate) async fn put_tasks(tx: &mut Tx, catalog: &Snapshot, ends: &[TaskEnd<'_>], now: Timestamp) -> Result<usize, DbError> {
    let wanted: Vec<_> = ends.iter().map(|end| Wanted { id: end.task_id, user_id: end.user_id }).collect();
    let rows = tx.fetch_all(query(&*WANTED).rows(&wanted)).await?;
    let mut by_task: HashMap<i64, Vec<&Row>> = HashMap::new();
    for row in &rows {
        by_task.entry(row.get("id")?).or_default().push(row);
    }
    let mut out = Outbox::default();
    for end in ends {
        let mut body = None;
        let key = format!("task:{}:run:{}", end.task_id, end.run);
        for row in by_task.get(&end.task_id).into_iter().flatten() {
            if !wants(&row.get::<String>("events")?, end.event) {
                continue;
            }
            let body = match &body {
                Some(body) => body,
                // Every receiver of this event gets the same body.
                None => body.insert(message::task(catalog, &TaskFacts::read(row)?, end, now)),
            };
            out.add(row.get("webhook_id")?, end.user_id, end.event, &key, Some(end.task_id), body);
        }
    }
    out.write(tx, now).await
}

/// Tells a user's webhooks about something other than a task: how many. `key` names the event, so that it is told once.
pub async fn announce(tx: &mut Tx, user_id: i64, event: WebhookEvent, key: &str, data: &Value, now: Timestamp) -> Result<usize, DbError> {
    let rows = tx.fetch_all(query("SELECT id, events FROM webhooks WHERE user_id = $1 AND enabled").bind(user_id)).await?;
    let body = message::body(event, now, data);
    let mut out = Outbox::default();
    for row in rows {
        if wants(&row.get::<String>("events")?, event) {
            out.add(row.get("id")?, user_id, event, key, None, &body);
        }
    }
    out.write(tx, now).await
}

/// Deliveries on their way into one statement.
#[derive(Default)]
struct Outbox(Vec<Pending>);

struct Pending {
    message_id: String,
    webhook_id: i64,
    user_id: i64,
    event: WebhookEvent,
    event_key: String,
    task_id: Option<i64>,
    body: String,
}

impl Outbox {
    fn add(&mut self, webhook_id: i64, user_id: i64, event: WebhookEvent, key: &str, task_id: Option<i64>, body: &str) {
        self.0.push(Pending {
            message_id: new_message_id(),
            webhook_id,
            user_id,
            event,
            event_key: key.to_owned(),
            task_id,
            body: body.to_owned(),
        });
    }

    async fn write(self, tx: &mut Tx, now: Timestamp) -> Result<usize, DbError> {
        if self.0.is_empty() {
            return Ok(0);
        }
        let rows: Vec<_> = self.0.iter().map(Pending::row).collect();
        tx.execute(query(&*INSERT).rows(&rows).bind(now)).await?;
        // Large bodies are bound singly: inside the JSON of a batch they cost several times as much.
        for large in self.0.iter().filter(|pending| pending.body.len() > INLINE_BYTES) {
            let body = query("UPDATE webhook_deliveries SET body = $2 WHERE message_id = $1").bind(&large.message_id).bind(&large.body);
            tx.execute(body).await?;
        }
        Ok(rows.len())
    }
}

impl Pending {
    fn row(&self) -> DeliveryRow<'_> {
        DeliveryRow {
            message_id: self.message_id.clone(),
            webhook_id: self.webhook_id,
            user_id: self.user_id,
            event: self.event.as_str(),
            event_key: &self.event_key,
            task_id: self.task_id,
            body: if self.body.len() > INLINE_BYTES { "" } else { &self.body },
        }
    }
}

/// A new id of a message, as receivers see it.
pub(super) fn new_message_id() -> String {
    format!("msg_{}", random_id())
}

/// Remembers which webhooks tasks chose: pairs of task and webhook, checked before.
pub(crate) async fn choose(tx: &mut Tx, pairs: &[(i64, i64)]) -> Result<(), DbError> {
    #[derive(Serialize)]
    struct Pair {
        task_id: i64,
        webhook_id: i64,
    }
    if pairs.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = pairs.iter().map(|(task_id, webhook_id)| Pair { task_id: *task_id, webhook_id: *webhook_id }).collect();
    tx.execute(query(&*CHOOSE).rows(&rows)).await?;
    Ok(())
}

/// Forgets which webhooks a task chose.
pub(crate) async fn unchoose(tx: &mut Tx, task_id: i64) -> Result<(), DbError> {
    tx.execute(query("DELETE FROM task_webhooks WHERE task_id = $1").bind(task_id)).await?;
    Ok(())
}

/// The webhooks that a task chose, in order.
pub(crate) async fn chosen(db: &crate::db::Db, task_id: i64) -> Result<Vec<i64>, DbError> {
    let rows = db.fetch_all(query("SELECT webhook_id FROM task_webhooks WHERE task_id = $1 ORDER BY webhook_id").bind(task_id)).await?;
    rows.iter().map(|row| row.get(0)).collect()
}
