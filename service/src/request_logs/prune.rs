//! Retention: records go by age, and the oldest go where all of them take too much.

use super::delete::clean;
use crate::db::{Row, Tx, TxError, query, transact};
use crate::service::Service;
use model::Result;
use std::time::Duration;

/// Rows of one transaction: short enough that the writer hardly waits.
const ROWS: usize = 1000;
/// Years after which the sums of usage go.
const USAGE_DAYS: i64 = 2 * 366;

/// Deletes what is too old and what is too much; how many records.
pub async fn prune(service: &Service) -> Result<u64> {
    let settings = service.settings.current();
    let now = service.clock.now().0;
    let mut total = 0;
    if let Some(days) = settings.request_log_days() {
        let before = now - days.saturating_mul(86_400_000);
        loop {
            let gone = oldest(service, before).await?;
            total += gone as u64;
            if gone < ROWS {
                break;
            }
            rest().await;
        }
    }
    if let Some(most) = settings.request_log_bytes() {
        while bytes(service).await? > most {
            let gone = oldest(service, i64::MAX).await?;
            total += gone as u64;
            if gone == 0 {
                break;
            }
            rest().await;
        }
    }
    let quarter = (now - USAGE_DAYS * 86_400_000).div_euclid(super::write::QUARTER_MS);
    let old = "DELETE FROM api_usage WHERE quarter < $1";
    service.logs.execute(query(old).bind(quarter)).await?;
    Ok(total)
}

/// Lets the writer and readers in between.
async fn rest() {
    tokio::time::sleep(Duration::from_millis(5)).await;
}

async fn bytes(service: &Service) -> Result<i64> {
    let sum = query("SELECT CAST(COALESCE(SUM(bytes), 0) AS BIGINT) AS n FROM request_log_totals");
    Ok(service.logs.fetch_one(sum).await?.get("n")?)
}

/// Deletes the oldest records from before an instant, a batch of them; how many.
async fn oldest(service: &Service, before: i64) -> Result<usize> {
    let body = async |tx: &mut Tx| {
        let old =
            "DELETE FROM request_logs WHERE id IN (SELECT id FROM request_logs WHERE created_at < $1 ORDER BY created_at, id LIMIT 1000)
             RETURNING id, user_id, bytes";
        let gone: Vec<Row> = tx.fetch_all(query(old).bind(before)).await?;
        clean(tx, &gone).await?;
        Ok::<_, TxError>(gone.len())
    };
    Ok(transact!(service.logs, body)?)
}
