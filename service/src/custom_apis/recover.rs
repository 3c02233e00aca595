//! Holds of calls whose server died before they ended: the points go back.

use super::charge::{self, Charge};
use crate::db::{Engine, query};
use crate::ledger::HoldEnd;
use crate::service::Service;
use model::Result;
use model::time::Timestamp;

/// Age after which an open hold has no call any more, in milliseconds. A call takes the time limit of its rule at most, which is at most
/// five minutes. One that a stopped clock makes longer loses its hold, and its answer goes out without being paid.
pub(crate) const ABANDONED_MS: i64 = 10 * 60_000;

/// Gives back the points of calls that were abandoned; how many.
pub async fn recover(service: &Service) -> Result<u64> {
    give_back(service, Timestamp(service.clock.now().0 - ABANDONED_MS)).await
}

/// Likewise for every open hold when the server starts, where no other process can have calls under way.
pub async fn recover_after_restart(service: &Service) -> Result<u64> {
    match service.db.engine() {
        Engine::Sqlite => give_back(service, Timestamp(i64::MAX)).await,
        Engine::Postgres => recover(service).await,
    }
}

async fn give_back(service: &Service, before: Timestamp) -> Result<u64> {
    let abandoned = "SELECT reference, user_id, amount FROM holds
         WHERE settled_at IS NULL AND reference >= 'call:' AND reference < 'call;' AND created_at < $1 ORDER BY created_at LIMIT 200";
    let mut total = 0;
    loop {
        let mut ends = Vec::new();
        for row in service.db.fetch_all(query(abandoned).bind(before)).await? {
            let reference: String = row.get("reference")?;
            let reference = reference.strip_suffix(":hold").unwrap_or(&reference).to_owned();
            let charge = Charge { user_id: row.get("user_id")?, points: row.get("amount")?, reference };
            ends.push(charge::end(service, charge, HoldEnd::Release));
        }
        let found = ends.len();
        let mut released = 0;
        for outcome in futures::future::join_all(ends).await {
            released += u64::from(outcome?);
        }
        total += released;
        // Another node may have been quicker with all of them.
        if found < 200 || released == 0 {
            if total > 0 {
                tracing::info!(calls = total, "points of calls that a stopped server left were given back");
            }
            return Ok(total);
        }
    }
}
