//! What came of attempts: many share one transaction. Each is guarded by its lease; a stale one changes nothing.

use super::queue;
use super::store::{self, Webhook};
use crate::clock::Clock;
use crate::db::batch::Apply;
use crate::db::{Db, DbError, Sql, Tx, query};
use crate::events::EventBus;
use model::events::Event;
use model::webhooks::{DeliveryStatus, DisabledReason};
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

/// A webhook is switched off when nothing was delivered for so long although it was tried.
pub(super) const FAILING_MS: i64 = 120 * 3_600_000;

/// What came of one attempt.
#[derive(Debug, Clone)]
pub(super) struct Attempted {
    pub id: i64,
    pub lease: i64,
    pub webhook_id: i64,
    pub user_id: i64,
    pub attempt_no: i64,
    pub began_at: i64,
    pub duration: i64,
    pub status: DeliveryStatus,
    /// When it is tried again, while it is pending.
    pub next_at: i64,
    pub status_code: i64,
    pub error: String,
    pub response: String,
    /// The receiver says that it is gone for good.
    pub gone: bool,
    /// Whether it says something about the receiver's health; a test does not.
    pub counts: bool,
    /// Until when the receiver asked to be left alone, or 0.
    pub paused_until: i64,
}

#[derive(Serialize)]
struct DeliveryChange<'a> {
    id: i64,
    lease: i64,
    state: i64,
    next_at: i64,
    finished_at: Option<i64>,
    status_code: i64,
    error: &'a str,
}

#[derive(Serialize)]
struct AttemptRow<'a> {
    delivery_id: i64,
    attempt_no: i64,
    created_at: i64,
    duration: i64,
    status_code: i64,
    error: &'a str,
    response: &'a str,
}

/// What a batch says about one webhook: the newest attempt decides.
#[derive(Serialize, Clone, Copy)]
struct Health {
    id: i64,
    good: bool,
    failed_at: i64,
    paused_until: i64,
    gone: bool,
}

static DELIVERIES: LazyLock<Sql> = LazyLock::new(|| {
    Sql::batch(
        "UPDATE webhook_deliveries SET state = x.state, next_at = x.next_at, finished_at = x.finished_at, status_code = x.status_code, error = x.error
         FROM {rows} WHERE webhook_deliveries.id = x.id AND webhook_deliveries.lease = x.lease AND +webhook_deliveries.state = 1
         RETURNING webhook_deliveries.id",
        "id bigint, lease bigint, state bigint, next_at bigint, finished_at bigint, status_code bigint, error text",
    )
});

static ATTEMPTS: LazyLock<Sql> = LazyLock::new(|| {
    Sql::batch(
        "INSERT INTO webhook_attempts (delivery_id, attempt_no, created_at, duration, status_code, error, response)
         SELECT x.delivery_id, x.attempt_no, x.created_at, x.duration, x.status_code, x.error, x.response FROM {rows} WHERE true ON CONFLICT DO NOTHING",
        "delivery_id bigint, attempt_no bigint, created_at bigint, duration bigint, status_code bigint, error text, response text",
    )
});

// Healthy webhooks that stay healthy are not written.
static HEALTH: LazyLock<Sql> = LazyLock::new(|| {
    let text = format!(
        "UPDATE webhooks SET failing_since = CASE WHEN x.good THEN NULL ELSE COALESCE(webhooks.failing_since, x.failed_at) END, paused_until = x.paused_until
         FROM {{rows}} WHERE webhooks.id = x.id AND (NOT x.good OR webhooks.failing_since IS NOT NULL OR webhooks.paused_until <> x.paused_until)
         RETURNING {}",
        Webhook::COLUMNS.replace("w.", "webhooks.")
    );
    Sql::batch(&text, "id bigint, good boolean, failed_at bigint, paused_until bigint, gone boolean")
});

/// Applies batches of attempts.
pub(super) struct Recorder {
    pub db: Db,
    pub clock: Clock,
    pub events: EventBus,
}

impl Apply for Recorder {
    type Command = Attempted;
    /// Whether it was written; false for a stale one.
    type Outcome = bool;

    fn bytes(attempted: &Attempted) -> usize {
        256 + attempted.response.len() + attempted.error.len()
    }

    async fn apply(&self, attempts: &[Attempted]) -> Result<Vec<bool>, DbError> {
        let now = self.clock.now();
        let mut tx = self.db.tx().await?;
        let changes: Vec<_> = attempts.iter().map(|attempt| attempt.change(now.0)).collect();
        let rows = tx.fetch_all(query(&*DELIVERIES).rows(&changes)).await?;
        let fresh = rows.iter().map(|row| row.get(0)).collect::<Result<HashSet<i64>, DbError>>()?;
        let written: Vec<&Attempted> = attempts.iter().filter(|attempt| fresh.contains(&attempt.id)).collect();
        let rows: Vec<_> = written.iter().map(|attempt| attempt.row()).collect();
        if !rows.is_empty() {
            tx.execute(query(&*ATTEMPTS).rows(&rows)).await?;
        }
        let disabled = judge(&mut tx, &written, now).await?;
        tx.commit().await?;
        for attempt in &written {
            let event = Event::Delivery { id: attempt.id, webhook_id: attempt.webhook_id, status: attempt.status };
            self.events.publish(attempt.user_id, event);
        }
        for (webhook, reason) in disabled {
            tracing::warn!(webhook = webhook.id, user = webhook.user_id, reason = reason.as_str(), "a webhook was switched off");
            self.events.publish(webhook.user_id, Event::WebhookDisabled { id: webhook.id, name: webhook.name, reason });
        }
        Ok(attempts.iter().map(|attempt| fresh.contains(&attempt.id)).collect())
    }
}

/// Notes how receivers do, and switches off those that are gone or have failed for too long.
async fn judge(tx: &mut Tx, written: &[&Attempted], now: model::time::Timestamp) -> Result<Vec<(Webhook, DisabledReason)>, DbError> {
    let mut health: BTreeMap<i64, Health> = BTreeMap::new();
    for attempt in written.iter().filter(|attempt| attempt.counts || attempt.status == DeliveryStatus::Delivered) {
        let good = attempt.status == DeliveryStatus::Delivered;
        let new =
            Health { id: attempt.webhook_id, good, failed_at: attempt.began_at, paused_until: attempt.paused_until, gone: attempt.gone };
        health
            .entry(attempt.webhook_id)
            // One success among failures shows that the receiver is alive.
            .and_modify(|known| {
                known.good |= good;
                known.gone |= attempt.gone;
                known.paused_until = known.paused_until.max(attempt.paused_until);
            })
            .or_insert(new);
    }
    if health.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<_> = health.values().copied().collect();
    let mut disabled = Vec::new();
    for row in tx.fetch_all(query(&*HEALTH).rows(&rows)).await? {
        let webhook = Webhook::read(&row)?;
        if !webhook.enabled {
            // It was switched off while this attempt was under way.
            queue::give_up(tx, webhook.id, "The webhook is switched off.", now).await?;
            continue;
        }
        let gone = health.get(&webhook.id).is_some_and(|health| health.gone);
        let too_long = webhook.failing_since.is_some_and(|since| now.0 - since >= FAILING_MS);
        let reason = match (gone, too_long) {
            (true, _) => DisabledReason::Gone,
            (_, true) => DisabledReason::Failing,
            _ => continue,
        };
        if store::disable(tx, &webhook, reason, now).await? {
            disabled.push((webhook, reason));
        }
    }
    Ok(disabled)
}

impl Attempted {
    fn change(&self, now: i64) -> DeliveryChange<'_> {
        let ended = matches!(self.status, DeliveryStatus::Delivered | DeliveryStatus::Failed);
        DeliveryChange {
            id: self.id,
            lease: self.lease,
            state: self.status.rank(),
            next_at: self.next_at,
            finished_at: ended.then_some(now),
            status_code: self.status_code,
            error: &self.error,
        }
    }

    fn row(&self) -> AttemptRow<'_> {
        AttemptRow {
            delivery_id: self.id,
            attempt_no: self.attempt_no,
            created_at: self.began_at,
            duration: self.duration,
            status_code: self.status_code,
            error: &self.error,
            response: &self.response,
        }
    }
}
