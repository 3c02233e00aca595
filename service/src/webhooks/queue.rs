//! The states of deliveries: who waits, claim, take back, give up.

use super::store::Webhook;
use crate::db::{DbError, Row, Sql, Tx, query};
use crate::service::Service;
use model::time::Timestamp;
use model::webhooks::WebhookEvent;
use serde::Serialize;
use std::sync::LazyLock;

/// Webhooks that one scan finds at most.
pub(super) const SCAN: i64 = 64;
/// Milliseconds after which a delivery that was claimed and not settled is claimed again: longer than an attempt can take.
pub(super) const LEASE_MS: i64 = 60_000;

/// A delivery in a worker's hands.
#[derive(Debug, Clone)]
pub(super) struct Claimed {
    pub id: i64,
    /// The fencing token: what is written about this attempt names it.
    pub lease: i64,
    pub webhook_id: i64,
    pub message_id: String,
    pub event: WebhookEvent,
    pub attempts: i64,
    pub tries: i64,
    pub body: String,
}

/// How many deliveries of one webhook a claim may take.
#[derive(Debug, Serialize)]
pub(super) struct Quota {
    pub webhook_id: i64,
    pub n: i64,
}

const CLAIMED: &str = "id, lease, webhook_id, message_id, event, attempts, tries, body";

// A loose scan: one index step for each webhook for which something waits, however much it is.
const WAITING: &str = "WITH RECURSIVE waiting (webhook_id) AS (
        SELECT min(webhook_id) FROM webhook_deliveries WHERE state = 0 AND webhook_id > $1
        UNION ALL
        SELECT (SELECT min(d.webhook_id) FROM webhook_deliveries d WHERE d.state = 0 AND d.webhook_id > w.webhook_id) FROM waiting w
        WHERE w.webhook_id IS NOT NULL
    )
    SELECT w.webhook_id FROM waiting w
    WHERE EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.state = 0 AND d.webhook_id = w.webhook_id AND d.next_at <= $2) LIMIT $3";

static WEBHOOKS: LazyLock<Sql> = LazyLock::new(|| {
    Sql::batch(&format!("SELECT {} FROM {{rows}} JOIN webhooks w ON w.id = x.webhook_id", Webhook::COLUMNS), "webhook_id bigint, n bigint")
});

// SQLite has no LATERAL; PostgreSQL must skip what other nodes have locked. Chosen apart, once: inside the condition PostgreSQL may choose again for
// every row, past the quota.
static CLAIM: LazyLock<Sql> = LazyLock::new(|| {
    let set = format!(
        "WITH chosen AS MATERIALIZED ({{chosen}})
         UPDATE webhook_deliveries SET state = 1, lease = lease + 1, lease_until = $3, attempts = attempts + 1, tries = tries + 1
         WHERE id IN (SELECT id FROM chosen) AND +state = 0 RETURNING {CLAIMED}"
    );
    let sqlite = "SELECT id FROM (
             SELECT d.id, x.n AS n, row_number() OVER (PARTITION BY x.webhook_id ORDER BY d.next_at, d.id) AS place
             FROM (SELECT value ->> 'webhook_id' AS webhook_id, value ->> 'n' AS n FROM json_each($1)) AS x CROSS JOIN webhook_deliveries d
             WHERE d.id IN (SELECT i.id FROM webhook_deliveries i WHERE i.state = 0 AND i.webhook_id = x.webhook_id AND i.next_at <= $2
                            ORDER BY i.next_at, i.id LIMIT 64)
         ) WHERE place <= n";
    let postgres = "SELECT d.id FROM json_to_recordset($1::json) AS x(webhook_id bigint, n bigint)
         CROSS JOIN LATERAL (SELECT i.id FROM webhook_deliveries i WHERE i.state = 0 AND i.webhook_id = x.webhook_id AND i.next_at <= $2
                             ORDER BY i.next_at, i.id LIMIT x.n FOR UPDATE SKIP LOCKED) d";
    Sql::per_engine(&set.replace("{chosen}", sqlite), &set.replace("{chosen}", postgres))
});

impl Claimed {
    fn read(row: &Row) -> Result<Self, DbError> {
        Ok(Claimed {
            id: row.get(0)?,
            lease: row.get(1)?,
            webhook_id: row.get(2)?,
            message_id: row.get(3)?,
            // An event of a newer version is sent as it is; only its rules are not known here.
            event: WebhookEvent::parse(&row.get::<String>(4)?).unwrap_or(WebhookEvent::TaskSucceeded),
            attempts: row.get(5)?,
            tries: row.get(6)?,
            body: row.get(7)?,
        })
    }
}

/// Webhooks behind `cursor` for which something is due, smallest number first.
pub(super) async fn waiting(service: &Service, cursor: i64) -> Result<Vec<i64>, DbError> {
    let now = service.clock.now();
    // Most of the time nothing is due at all: one step in an index tells.
    let due = query("SELECT 1 AS one FROM webhook_deliveries WHERE state = 0 AND next_at <= $1 LIMIT 1").bind(now);
    if service.db.fetch_optional(due).await?.is_none() {
        return Ok(Vec::new());
    }
    let rows = service.db.fetch_all(query(WAITING).bind(cursor).bind(now).bind(SCAN)).await?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// The webhooks of some quotas, as they are now.
pub(super) async fn webhooks(service: &Service, quotas: &[Quota]) -> Result<Vec<Webhook>, DbError> {
    service.db.fetch_all(query(&*WEBHOOKS).rows(quotas)).await?.iter().map(Webhook::read).collect()
}

/// Claims the oldest due deliveries of the given webhooks.
pub(super) async fn claim(service: &Service, quotas: &[Quota]) -> Result<Vec<Claimed>, DbError> {
    let now = service.clock.now().0;
    let mut tx = service.db.tx().await?;
    let rows = tx.fetch_all(query(&*CLAIM).rows(quotas).bind(now).bind(now + LEASE_MS)).await?;
    tx.commit().await?;
    rows.iter().map(Claimed::read).collect()
}

/// Puts deliveries back whose worker let its lease run out; how many. `all` takes back everything: on SQLite nobody else can hold a lease when a
/// process starts.
pub(super) async fn take_back(service: &Service, all: bool) -> Result<u64, DbError> {
    let before = if all { i64::MAX } else { service.clock.now().0 };
    let lost = query("SELECT 1 AS one FROM webhook_deliveries WHERE state = 1 AND lease_until < $1 LIMIT 1").bind(before);
    if service.db.fetch_optional(lost).await?.is_none() {
        return Ok(0);
    }
    service.db.execute(query("UPDATE webhook_deliveries SET state = 0 WHERE state = 1 AND lease_until < $1").bind(before)).await
}

/// Gives up everything that waits for a webhook.
pub(super) async fn give_up(tx: &mut Tx, webhook_id: i64, why: &str, now: Timestamp) -> Result<u64, DbError> {
    let failed = query("UPDATE webhook_deliveries SET state = 3, error = $2, finished_at = $3 WHERE webhook_id = $1 AND state = 0");
    tx.execute(failed.bind(webhook_id).bind(why).bind(now)).await
}
