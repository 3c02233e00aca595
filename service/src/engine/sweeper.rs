//! What keeps the queue moving beside the workers: due retries, leases, rescues.

use super::executor::{UNKNOWN_OUTCOME, definitions};
use super::outcome::{Answer, Outcome};
use super::queue::{self, Held};
use super::{settle, worker};
use crate::db::Engine as Database;
use crate::service::Service;
use model::Result;
use model::rules::Delivery;
use std::time::Duration;

/// How often due retries are looked for.
const TICK: Duration = Duration::from_millis(200);

/// The sweeper's loop.
pub(super) async fn run(service: Service) {
    let lease = Duration::from_secs(service.config.engine.lease_seconds.max(1).unsigned_abs());
    let mut since_renewal = Duration::ZERO;
    loop {
        tokio::select! {
            () = tokio::time::sleep(TICK) => {}
            () = service.engine.0.stop.cancelled() => break,
        }
        if let Err(error) = promote(&service).await {
            tracing::warn!(%error, "due retries could not be promoted");
        }
        since_renewal += TICK;
        if since_renewal * 3 >= lease {
            since_renewal = Duration::ZERO;
            renew_and_rescue(&service).await;
        }
    }
    // Calls that are let finish keep their leases meanwhile.
    while service.engine.in_flight() > 0 {
        renew(&service).await;
        tokio::time::sleep((lease / 3).min(Duration::from_millis(500))).await;
    }
}

/// Puts due retries back into the queue and wakes the workers; how many.
pub(super) async fn promote(service: &Service) -> Result<u64> {
    let promoted = queue::promote(service).await?;
    if promoted > 0 {
        service.engine.wake();
    }
    Ok(promoted)
}

async fn renew_and_rescue(service: &Service) {
    renew(service).await;
    if let Err(error) = rescue(service).await {
        tracing::warn!(%error, "lost tasks could not be rescued");
    }
}

async fn renew(service: &Service) {
    let held: Vec<_> =
        service.engine.running().iter().map(|(id, running)| Held { id: *id, run: running.run, lease: running.lease }).collect();
    for part in held.chunks(1000) {
        if let Err(error) = queue::renew(service, part).await {
            tracing::warn!(%error, "leases could not be renewed");
        }
    }
}

/// Takes over tasks whose worker is gone: most go back into the queue with their attempt as it was, those that must not be called twice fail,
/// and so do those that took down too many workers. How many.
pub(super) async fn rescue(service: &Service) -> Result<usize> {
    let lost = queue::rescue(service, worker::node(service)).await?;
    let count = lost.len();
    for claimed in lost {
        let at_most_once = definitions(service, &claimed).is_some_and(|(_, rule)| rule.rule.delivery == Delivery::AtMostOnce);
        let outcome = if claimed.rescues > service.config.engine.max_rescues {
            refuse(format!("Given up: {} workers disappeared while they worked on it.", claimed.rescues))
        } else if at_most_once && claimed.upstream_id.is_none() {
            refuse(UNKNOWN_OUTCOME.to_owned())
        } else {
            Outcome::GiveBack { after_ms: 0 }
        };
        tracing::warn!(task = claimed.id, attempt = claimed.attempt, ?outcome, "rescued");
        metrics::counter!("apirequestweb_tasks_rescued_total").increment(1);
        settle::settle(service, claimed, outcome).await;
    }
    if count > 0 {
        service.engine.wake();
    }
    Ok(count)
}

fn refuse(why: String) -> Outcome {
    Outcome::Refuse { answer: Answer::default(), why }
}

/// On SQLite every claim at start is an orphan: its process is gone, for there can be only one. On PostgreSQL leases tell.
pub(super) async fn take_back_after_restart(service: &Service) -> Result<()> {
    if service.db.engine() == Database::Sqlite {
        queue::end_all_leases(service).await?;
    }
    rescue(service).await?;
    Ok(())
}
