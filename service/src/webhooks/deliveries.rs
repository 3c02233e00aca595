//! Deliveries as owners and administrators see them; sending again, testing, forgetting.

use super::configure::find;
use super::outbox::new_message_id;
use super::queue::{Claimed, LEASE_MS};
use super::store::Webhook;
use super::{attempt, message};
use crate::actor::Actor;
use crate::db::{DbError, Query, Row, Sql, Value, query};
use crate::service::Service;
use model::accounts::Scope;
use model::paging::{Page, Paging};
use model::time::Timestamp;
use model::webhooks::{
    AdminDeliveryFilter, AdminDeliveryView, DeliveryAttemptView, DeliveryDetail, DeliveryFilter, DeliveryStatus, DeliveryView,
    WebhookEvent, WebhookKind,
};
use model::{Error, Result};
use serde_json::json;
use url::Url;

/// Rows that a total counts at most.
const COUNT_LIMIT: i64 = 10_000;
/// Days that ended deliveries are kept unless the settings say otherwise.
const RETENTION_DAYS: i64 = 30;
/// Ended deliveries that one pruning step removes.
const PRUNE: i64 = 500;

const COLUMNS: &str = "d.id, d.webhook_id, d.message_id, d.event, d.task_id, d.state, d.attempts, d.status_code, d.error, d.created_at, d.next_at, d.finished_at";

fn read(row: &Row) -> Result<DeliveryView, DbError> {
    let status = DeliveryStatus::from_rank(row.get("state")?);
    let event: String = row.get("event")?;
    Ok(DeliveryView {
        id: row.get("id")?,
        webhook_id: row.get("webhook_id")?,
        message_id: row.get("message_id")?,
        event: WebhookEvent::parse(&event).ok_or_else(|| DbError::Unusable(format!("unknown event {event}")))?,
        task_id: row.get("task_id")?,
        status,
        attempts: row.get("attempts")?,
        status_code: row.get("status_code")?,
        error: row.get("error")?,
        created_at: Timestamp(row.get("created_at")?),
        next_attempt_at: (status == DeliveryStatus::Pending).then_some(Timestamp(row.get("next_at")?)),
        finished_at: row.get::<Option<i64>>("finished_at")?.map(Timestamp),
    })
}

/// Conditions of a list and their values.
struct Conditions {
    text: String,
    args: Vec<Value>,
}

impl Conditions {
    fn new() -> Self {
        Conditions { text: "true".to_owned(), args: Vec::new() }
    }

    fn add(mut self, column: &str, value: Option<impl Into<Value>>) -> Self {
        if let Some(value) = value {
            self.args.push(value.into());
            self.text.push_str(&format!(" AND {column} = ${}", self.args.len()));
        }
        self
    }

    fn query(&self, text: String) -> Query {
        self.args.iter().cloned().fold(query(Sql::Built(text.into())), Query::bind)
    }

    async fn total(&self, service: &Service) -> Result<i64> {
        let text = format!(
            "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM (SELECT 1 AS one FROM webhook_deliveries d WHERE {} LIMIT {COUNT_LIMIT}) AS counted",
            self.text
        );
        Ok(service.db.fetch_one(self.query(text)).await?.get("n")?)
    }
}

/// Deliveries of one of the caller's webhooks, newest first.
pub async fn deliveries(service: &Service, actor: &Actor, webhook_id: i64, filter: &DeliveryFilter) -> Result<Page<DeliveryView>> {
    actor.require(Scope::Account)?;
    find(service, actor, webhook_id).await?;
    let paging = Paging::new(filter.page, filter.page_size);
    let conditions = Conditions::new().add("d.webhook_id", Some(webhook_id)).add("d.state", filter.status.map(DeliveryStatus::rank));
    let total = conditions.total(service).await?;
    let text = format!(
        "SELECT {COLUMNS} FROM webhook_deliveries d WHERE {} ORDER BY d.id DESC LIMIT {} OFFSET {}",
        conditions.text,
        paging.page_size,
        paging.offset()
    );
    let rows = service.db.fetch_all(conditions.query(text)).await?;
    Ok(paging.page_counted_to(rows.iter().map(read).collect::<Result<_, _>>()?, total, COUNT_LIMIT))
}

/// One of the caller's deliveries, with its body and attempts. Those of deleted webhooks are gone.
pub async fn delivery(service: &Service, actor: &Actor, id: i64) -> Result<DeliveryDetail> {
    actor.require(Scope::Account)?;
    let text = format!(
        "SELECT {COLUMNS}, d.body FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id AND w.user_id = d.user_id WHERE d.id = $1 AND d.user_id = $2"
    );
    let row = service.db.fetch_optional(query(Sql::Built(text.into())).bind(id).bind(actor.user_id)).await?;
    let row = row.ok_or_else(|| Error::not_found("delivery"))?;
    let attempts = query(
        "SELECT attempt_no, created_at, duration, status_code, error, response FROM webhook_attempts WHERE delivery_id = $1 ORDER BY attempt_no DESC LIMIT 100",
    );
    let mut views = Vec::new();
    for row in service.db.fetch_all(attempts.bind(id)).await? {
        views.push(DeliveryAttemptView {
            attempt_no: row.get("attempt_no")?,
            created_at: Timestamp(row.get("created_at")?),
            duration: row.get("duration")?,
            status_code: row.get("status_code")?,
            error: row.get("error")?,
            response: row.get("response")?,
        });
    }
    let body: String = row.get("body")?;
    Ok(DeliveryDetail {
        delivery: read(&row)?,
        body: serde_json::from_str(&body).unwrap_or(serde_json::Value::String(body)),
        attempts: views,
    })
}

/// Sends a delivery again, at once and with all its attempts before it, under the same message id.
///
/// Errors: `not_found`, `conflict` while it is being sent or while its webhook is off.
pub async fn resend(service: &Service, actor: &Actor, id: i64) -> Result<DeliveryView> {
    actor.require(Scope::Account)?;
    let before = delivery(service, actor, id).await?.delivery;
    if !find(service, actor, before.webhook_id).await?.enabled {
        return Err(Error::conflict("The webhook is switched off. Switch it on first."));
    }
    let again = query(
        "UPDATE webhook_deliveries SET state = 0, tries = 0, next_at = $3, finished_at = NULL WHERE id = $1 AND user_id = $2 AND state <> 1",
    );
    if service.db.execute(again.bind(id).bind(actor.user_id).bind(service.clock.now())).await? == 0 {
        return Err(Error::conflict("It is being sent at this moment."));
    }
    service.webhooks.wake();
    Ok(delivery(service, actor, id).await?.delivery)
}

/// Sends a test message to one of the caller's webhooks, switched on or not, and waits for what comes of it.
pub async fn test(service: &Service, actor: &Actor, webhook_id: i64) -> Result<DeliveryDetail> {
    actor.require(Scope::Account)?;
    let webhook: Webhook = find(service, actor, webhook_id).await?;
    let now = service.clock.now();
    let message_id = new_message_id();
    let body = message::body(WebhookEvent::Test, now, &json!({ "webhook_id": webhook.id, "name": webhook.name }));
    // Claimed from the start: this request sends it. Should it not come to that, the lease ends and a worker does.
    let insert = query(
        "INSERT INTO webhook_deliveries (message_id, webhook_id, user_id, event, event_key, task_id, state, lease, lease_until, next_at, attempts, tries,
             status_code, error, created_at, body)
         VALUES ($1, $2, $3, $4, $1, NULL, 1, 1, $5, $6, 1, 1, 0, '', $6, $7) RETURNING id",
    );
    let insert = insert.bind(&message_id).bind(webhook.id).bind(actor.user_id).bind(WebhookEvent::Test.as_str()).bind(now.0 + LEASE_MS);
    let mut tx = service.db.tx().await?;
    let id: i64 = tx.fetch_one(insert.bind(now).bind(&body)).await?.get("id")?;
    tx.commit().await?;
    let claimed = Claimed { id, lease: 1, webhook_id: webhook.id, message_id, event: WebhookEvent::Test, attempts: 1, tries: 1, body };
    attempt::send(service, &webhook, claimed).await;
    delivery(service, actor, id).await
}

/// Everybody's deliveries, newest first; administrators only. Of URLs only the host is told.
pub async fn admin_deliveries(service: &Service, actor: &Actor, filter: &AdminDeliveryFilter) -> Result<Page<AdminDeliveryView>> {
    actor.require_admin()?;
    let paging = Paging::new(filter.page, filter.page_size);
    let conditions = Conditions::new().add("d.user_id", filter.user_id).add("d.state", filter.status.map(DeliveryStatus::rank));
    let total = conditions.total(service).await?;
    let text = format!(
        "SELECT {COLUMNS}, d.user_id, u.username, w.name AS webhook_name, w.kind, w.url
         FROM (SELECT * FROM webhook_deliveries d WHERE {} ORDER BY d.id DESC LIMIT {} OFFSET {}) d
         JOIN users u ON u.id = d.user_id LEFT JOIN webhooks w ON w.id = d.webhook_id ORDER BY d.id DESC",
        conditions.text,
        paging.page_size,
        paging.offset()
    );
    let mut items = Vec::new();
    for row in service.db.fetch_all(conditions.query(text)).await? {
        let url: Option<String> = row.get("url")?;
        let host = url.and_then(|url| Url::parse(&url).ok()?.host_str().map(str::to_owned)).unwrap_or_default();
        items.push(AdminDeliveryView {
            delivery: read(&row)?,
            user_id: row.get("user_id")?,
            username: row.get("username")?,
            webhook_name: row.get::<Option<String>>("webhook_name")?.unwrap_or_default(),
            kind: row.get::<Option<String>>("kind")?.as_deref().and_then(WebhookKind::parse),
            host,
        });
    }
    Ok(paging.page_counted_to(items, total, COUNT_LIMIT))
}

/// Removes deliveries that ended before the time for which they are kept; for the schedule.
pub async fn prune(service: &Service) -> Result<u64> {
    let days = service.settings.current().webhook_retention_days.unwrap_or(RETENTION_DAYS);
    let before = service.clock.now().0 - days.saturating_mul(86_400_000);
    let mut total = 0;
    loop {
        let mut tx = service.db.tx().await?;
        let old = "SELECT id FROM webhook_deliveries WHERE state >= 2 AND finished_at < $1 ORDER BY finished_at, id LIMIT $2";
        let attempts = format!("DELETE FROM webhook_attempts WHERE delivery_id IN ({old})");
        tx.execute(query(Sql::Built(attempts.into())).bind(before).bind(PRUNE)).await?;
        let deliveries = format!("DELETE FROM webhook_deliveries WHERE id IN ({old})");
        let gone = tx.execute(query(Sql::Built(deliveries.into())).bind(before).bind(PRUNE)).await?;
        tx.commit().await?;
        total += gone;
        if gone < PRUNE.unsigned_abs() {
            return Ok(total);
        }
    }
}
