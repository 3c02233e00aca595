//! The rows of `channel_health`.

use super::{HealthMap, News, Row};
use crate::actor::Actor;
use crate::audit::{self, Entry};
use crate::db::{Db, DbError, Tx, TxError, query, transact};
use crate::service::Service;
use model::Result;
use model::time::Timestamp;
use serde_json::json;

/// The longest time between two probes, in milliseconds.
const LONGEST: i64 = 30 * 60_000;
/// Characters of an error that are kept.
const KEPT: usize = 500;

/// All rows.
pub(super) async fn read(db: &Db) -> Result<HealthMap, DbError> {
    let rows = query(
        "SELECT channel_id, key, failures, last_error, last_error_at, disabled_at, reason, probes, next_probe_at FROM channel_health",
    );
    let mut map = HealthMap::default();
    for row in db.fetch_all(rows).await? {
        let known = Row {
            failures: row.get("failures")?,
            last_error: row.get("last_error")?,
            last_error_at: row.get("last_error_at")?,
            disabled_at: row.get("disabled_at")?,
            reason: row.get("reason")?,
            probes: row.get("probes")?,
            next_probe_at: row.get("next_probe_at")?,
        };
        map.0.entry(row.get("channel_id")?).or_default().insert(row.get("key")?, known);
    }
    Ok(map)
}

/// Milliseconds until the next probe, after so many that failed: twice as long each time.
fn pause(service: &Service, probes: i64) -> i64 {
    let first = service.config.engine.channel_probe_seconds * 1000;
    let doubled = first.saturating_mul(1_i64 << probes.clamp(0, 20));
    doubled.min(LONGEST.max(first))
}

/// Takes the probe of a row that is due for this node; false if another node has it, or the row is another by now.
pub(super) async fn claim_probe(service: &Service, (id, key): (i64, &str), due: i64, probes: i64) -> Result<bool, DbError> {
    let claim = query(
        "UPDATE channel_health SET next_probe_at = $4 WHERE channel_id = $1 AND key = $2 AND next_probe_at = $3 AND disabled_at IS NOT NULL",
    );
    let next = service.clock.now().0 + pause(service, probes);
    Ok(service.db.execute(claim.bind(id).bind(key).bind(due).bind(next)).await? == 1)
}

/// Writes what calls came to, and what follows from it.
pub(super) async fn write(service: &Service, id: i64, key: &str, news: &News) -> Result<()> {
    let now = service.clock.now();
    let body = async |tx: &mut Tx| {
        if news.well {
            well(tx, id, key, now).await?;
        }
        if news.failures > 0 {
            failed(service, tx, (id, key), news, now).await?;
        }
        Ok::<_, TxError>(())
    };
    Ok(transact!(service.db, body)?)
}

async fn well(tx: &mut Tx, id: i64, key: &str, now: Timestamp) -> Result<(), DbError> {
    let back = query(
        "UPDATE channel_health SET disabled_at = NULL, next_probe_at = NULL, reason = '' WHERE channel_id = $1 AND key = $2 AND disabled_at IS NOT NULL",
    );
    if tx.execute(back.bind(id).bind(key)).await? == 1 {
        tracing::info!(channel = id, key, "a channel works again");
        audit::record(tx, &Actor::system(), entry("channel.auto_enable", id, key, None), now).await?;
    }
    let forget = query("UPDATE channel_health SET failures = 0, probes = 0 WHERE channel_id = $1 AND key = $2");
    tx.execute(forget.bind(id).bind(key)).await?;
    Ok(())
}

async fn failed(service: &Service, tx: &mut Tx, (id, key): (i64, &str), news: &News, now: Timestamp) -> Result<(), DbError> {
    let error: String = news.error.chars().take(KEPT).collect();
    // Of a channel that was deleted meanwhile nothing is kept.
    let add = query(
        "INSERT INTO channel_health (channel_id, key, failures, last_error, last_error_at, reason, probes)
         SELECT id, $2, $3, $4, $5, '', 0 FROM channels WHERE id = $1
         ON CONFLICT (channel_id, key) DO UPDATE SET failures = channel_health.failures + excluded.failures, last_error = excluded.last_error,
             last_error_at = excluded.last_error_at
         RETURNING failures, disabled_at, probes",
    );
    let row = tx.fetch_optional(add.bind(id).bind(key).bind(news.failures).bind(&error).bind(now)).await?;
    let Some(row) = row else { return Ok(()) };
    let (failures, probes): (i64, i64) = (row.get("failures")?, row.get("probes")?);
    let disabled_at: Option<i64> = row.get("disabled_at")?;
    if disabled_at.is_some() {
        if news.probe {
            let later = query("UPDATE channel_health SET probes = probes + 1, next_probe_at = $3 WHERE channel_id = $1 AND key = $2");
            tx.execute(later.bind(id).bind(key).bind(now.0 + pause(service, probes + 1))).await?;
        }
        return Ok(());
    }
    let most = service.config.engine.channel_failures;
    let reason = match news.refused {
        Some(status) => format!("The upstream refused the credential with status {status}."),
        None if most > 0 && failures >= most => format!("{failures} calls failed one after another, the last one with: {error}"),
        None => return Ok(()),
    };
    let off = query(
        "UPDATE channel_health SET disabled_at = $3, next_probe_at = $4, reason = $5, probes = 0
         WHERE channel_id = $1 AND key = $2 AND disabled_at IS NULL",
    );
    if tx.execute(off.bind(id).bind(key).bind(now).bind(now.0 + pause(service, 0)).bind(&reason)).await? == 1 {
        tracing::warn!(channel = id, key, reason, "a channel was taken out of use");
        metrics::counter!("apirequestweb_channels_disabled_total").increment(1);
        audit::record(tx, &Actor::system(), entry("channel.auto_disable", id, key, Some(&reason)), now).await?;
    }
    Ok(())
}

/// Puts everything of a channel back into use; noted only if something was out of it.
pub(super) async fn recover(service: &Service, actor: &Actor, id: i64) -> Result<()> {
    let now = service.clock.now();
    let body = async |tx: &mut Tx| {
        let off = query("SELECT key, reason FROM channel_health WHERE channel_id = $1 AND disabled_at IS NOT NULL ORDER BY key").bind(id);
        let mut before = Vec::new();
        for row in tx.fetch_all(off).await? {
            before.push(json!({ "key": row.get::<String>("key")?, "reason": row.get::<String>("reason")? }));
        }
        let back = query(
            "UPDATE channel_health SET disabled_at = NULL, next_probe_at = NULL, reason = '', failures = 0, probes = 0 WHERE channel_id = $1",
        );
        tx.execute(back.bind(id)).await?;
        if !before.is_empty() {
            let entry = Entry { action: "channel.recover", target: format!("channel:{id}"), before: Some(before.into()), after: None };
            audit::record(tx, actor, entry, now).await?;
        }
        Ok::<_, TxError>(())
    };
    Ok(transact!(service.db, body)?)
}

fn entry(action: &'static str, id: i64, key: &str, reason: Option<&str>) -> Entry {
    let mut after = json!({});
    if !key.is_empty() {
        after["key"] = key.into();
    }
    if let Some(reason) = reason {
        after["reason"] = reason.into();
    }
    Entry { action, target: format!("channel:{id}"), before: None, after: Some(after) }
}
