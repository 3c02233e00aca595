//! Claiming and sending: a few deliveries of each webhook at a time, so that one dead receiver does not stop the others.

use super::attempt::send;
use super::queue::{self, Quota};
use super::store::Webhook;
use crate::db::Engine as Database;
use crate::service::Service;
use model::Result;
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Deliveries under way on one node at most.
const SLOTS: usize = 128;
/// Deliveries of one webhook under way on one node at most.
const PER_WEBHOOK: usize = 4;
/// How long a claim that was not woken waits: retries, other nodes' events, lost wake-ups.
const PATIENCE: Duration = Duration::from_secs(1);

/// Takes back what an earlier process left behind and starts sending.
pub async fn start(service: &Service) -> Result<()> {
    if service.db.engine() == Database::Sqlite {
        queue::take_back(service, true).await?;
    }
    let service = service.clone();
    tokio::spawn(async move {
        loop {
            let claimed = match claim_once(&service).await {
                Ok(claimed) => claimed,
                Err(error) => {
                    tracing::warn!(%error, "deliveries could not be claimed");
                    0
                }
            };
            if claimed > 0 {
                continue;
            }
            tokio::select! {
                () = service.webhooks.0.wake.notified() => {}
                () = tokio::time::sleep(PATIENCE) => {
                    if let Err(error) = queue::take_back(&service, false).await {
                        tracing::warn!(%error, "lost deliveries could not be taken back");
                    }
                }
                () = service.stopping.cancelled() => return,
            }
        }
    });
    Ok(())
}

/// Sends everything that is due until nothing is, in the caller's task: what tests use in place of sleeping.
pub async fn drain(service: &Service) -> Result<()> {
    loop {
        let back = queue::take_back(service, false).await?;
        let claimed = claim_once(service).await?;
        let sending = &service.webhooks.0.sending;
        sending.close();
        sending.wait().await;
        sending.reopen();
        if back + claimed as u64 == 0 {
            return Ok(());
        }
    }
}

/// One claim of as much as there is room for; how much.
async fn claim_once(service: &Service) -> Result<usize> {
    if service.stopping.is_cancelled() {
        return Ok(0);
    }
    let state = &service.webhooks.0;
    let cursor = state.cursor.load(Ordering::Relaxed);
    let mut due = queue::waiting(service, cursor).await?;
    if due.is_empty() && cursor > 0 {
        due = queue::waiting(service, 0).await?;
    }
    let Some(last) = due.last() else { return Ok(0) };
    state.cursor.store(if due.len() < usize::try_from(queue::SCAN).unwrap_or(usize::MAX) { 0 } else { *last }, Ordering::Relaxed);
    let mut quotas = {
        let under_way = service.webhooks.under_way();
        let mut room = SLOTS.saturating_sub(under_way.values().sum());
        let mut quotas = Vec::new();
        for webhook_id in due {
            let n = PER_WEBHOOK.saturating_sub(under_way.get(&webhook_id).copied().unwrap_or(0)).min(room);
            room -= n;
            if n > 0 {
                quotas.push(Quota { webhook_id, n: i64::try_from(n).unwrap_or(0) });
            }
        }
        quotas
    };
    if quotas.is_empty() {
        return Ok(0);
    }
    let now = service.clock.now();
    let webhooks: HashMap<i64, Webhook> =
        queue::webhooks(service, &quotas).await?.into_iter().map(|webhook| (webhook.id, webhook)).collect();
    for quota in quotas.iter().filter(|quota| !webhooks.get(&quota.webhook_id).is_some_and(|webhook| webhook.enabled)) {
        let mut tx = service.db.tx().await?;
        queue::give_up(&mut tx, quota.webhook_id, "The webhook is switched off.", now).await?;
        tx.commit().await?;
    }
    quotas.retain(|quota| webhooks.get(&quota.webhook_id).is_some_and(|webhook| webhook.enabled && webhook.paused_until <= now.0));
    if quotas.is_empty() {
        return Ok(0);
    }
    let claimed = queue::claim(service, &quotas).await?;
    let count = claimed.len();
    for delivery in claimed {
        let Some(webhook) = webhooks.get(&delivery.webhook_id).cloned() else { continue };
        *service.webhooks.under_way().entry(webhook.id).or_default() += 1;
        let service = service.clone();
        state.sending.spawn(async move {
            let id = webhook.id;
            send(&service, &webhook, delivery).await;
            let mut under_way = service.webhooks.under_way();
            if let Some(count) = under_way.get_mut(&id) {
                *count -= 1;
                if *count == 0 {
                    under_way.remove(&id);
                }
            }
            drop(under_way);
            service.webhooks.wake();
        });
    }
    Ok(count)
}
