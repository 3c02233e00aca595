//! Claiming and sending: a few deliveries of each webhook at a time, so that one dead receiver does not stop the others.

use super::queue::{self, Claimed, Quota};
use super::record::Attempted;
use super::robots;
use super::standard;
use super::store::Webhook;
use crate::db::Engine as Database;
use crate::http_client::{Limits, OutboundRequest, OutboundResponse};
use crate::service::Service;
use http::header::{CONTENT_TYPE, RETRY_AFTER, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use model::Result;
use model::time::Timestamp;
use model::webhooks::{DeliveryStatus, WebhookEvent, WebhookKind};
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Deliveries under way on one node at most.
const SLOTS: usize = 128;
/// Deliveries of one webhook under way on one node at most.
const PER_WEBHOOK: usize = 4;
/// How long a claim that was not woken waits: retries, other nodes' events, lost wake-ups.
const PATIENCE: Duration = Duration::from_secs(1);
/// The whole of an attempt.
const TOTAL: Duration = Duration::from_secs(20);
/// Bytes of an answer that are kept.
const MOST_ANSWER: usize = 8 * 1024;
/// Seconds before each further attempt: ten attempts in all, over three days.
pub(super) const DELAYS: [i64; 9] = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// Seconds for which an overloaded receiver is left alone unless it says how long.
const PAUSE: i64 = 10;
/// The longest wait that a receiver may ask for, in seconds.
const LONGEST_WAIT: i64 = 86_400;

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

/// Makes one attempt and writes what came of it.
pub(super) async fn send(service: &Service, webhook: &Webhook, delivery: Claimed) {
    let attempted = attempt(service, webhook, &delivery).await;
    metrics::counter!("apirequestweb_webhook_attempts_total", "status" => attempted.status.as_str()).increment(1);
    match service.webhooks.0.recorder.call(attempted).await {
        Ok(true) => {}
        Ok(false) => tracing::debug!(delivery = delivery.id, "a stale attempt was dropped"),
        // The claim stays as it is: its lease ends and the delivery is sent again.
        Err(error) => tracing::error!(delivery = delivery.id, %error, "an attempt could not be written"),
    }
}

async fn attempt(service: &Service, webhook: &Webhook, delivery: &Claimed) -> Attempted {
    let began_at = service.clock.now();
    let answer = match request(service, webhook, delivery, began_at) {
        Ok(request) => match service.http.call(request).await {
            Ok(response) => Answer::read(webhook.kind, &response),
            Err(error) => Answer::failed(error.public_message().replace("upstream", "receiver")),
        },
        Err(why) => Answer::failed(why),
    };
    let now = service.clock.now();
    let is_test = delivery.event == WebhookEvent::Test;
    let wait = usize::try_from(delivery.tries - 1).ok().and_then(|done| DELAYS.get(done)).map(|seconds| {
        let seconds = (*seconds).max(answer.retry_after.unwrap_or(0).clamp(0, LONGEST_WAIT));
        seconds * 1000 + jitter(service, seconds * 1000)
    });
    let (status, next_at) = match wait {
        _ if answer.delivered => (DeliveryStatus::Delivered, now.0),
        Some(wait) if !is_test && !answer.gone => (DeliveryStatus::Pending, now.0 + wait),
        _ => (DeliveryStatus::Failed, now.0),
    };
    let pause = answer.overloaded.then(|| answer.retry_after.unwrap_or(PAUSE).clamp(1, LONGEST_WAIT) * 1000);
    Attempted {
        id: delivery.id,
        lease: delivery.lease,
        webhook_id: webhook.id,
        user_id: webhook.user_id,
        attempt_no: delivery.attempts,
        began_at: began_at.0,
        duration: (now.0 - began_at.0).max(0),
        status,
        next_at,
        status_code: answer.status_code,
        error: answer.error,
        response: answer.response,
        gone: answer.gone && !is_test,
        counts: !is_test,
        paused_until: pause.map_or(0, |pause| now.0 + pause),
    }
}

/// Made longer at random, so that many deliveries that failed together do not come back together.
fn jitter(service: &Service, ms: i64) -> i64 {
    let most = ms / 100 * service.config.engine.retry_jitter_percent.max(0);
    if most > 0 { fastrand::i64(0..=most) } else { 0 }
}

/// The request of an attempt.
fn request(service: &Service, webhook: &Webhook, delivery: &Claimed, now: Timestamp) -> std::result::Result<OutboundRequest, String> {
    let mut headers = HeaderMap::new();
    for (name, value) in &webhook.headers {
        let (Ok(name), Ok(mut value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) else { continue };
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    headers.insert(USER_AGENT, HeaderValue::from_static("APIRequestWeb-Webhook/1"));
    let (url, body) = match webhook.kind {
        WebhookKind::Standard => {
            let seconds = now.0.div_euclid(1000);
            // Without a secret nothing is sent: a receiver could not tell it from a forgery.
            let signed = standard::headers(webhook.secrets(now), &delivery.message_id, seconds, &delivery.body);
            headers.extend(signed.ok_or("The secret of this webhook cannot be used. Rotate it.")?);
            (webhook.url.clone(), delivery.body.clone())
        }
        _ => robots::request(webhook, &delivery.body, service.config.public_url.as_deref(), now)?,
    };
    let mut request = OutboundRequest::new(Method::POST, url);
    request.headers = headers;
    request.body = body.into();
    request.limits = Limits { total: TOTAL, max_body: MOST_ANSWER, ..Limits::default() };
    request.truncate = true;
    Ok(request)
}

/// What a receiver said.
struct Answer {
    delivered: bool,
    gone: bool,
    overloaded: bool,
    retry_after: Option<i64>,
    status_code: i64,
    error: String,
    response: String,
}

impl Answer {
    fn failed(error: String) -> Self {
        Answer { delivered: false, gone: false, overloaded: false, retry_after: None, status_code: 0, error, response: String::new() }
    }

    /// 2xx is good, and for robots what their body says; everything else is a failure, redirects included.
    fn read(kind: WebhookKind, response: &OutboundResponse) -> Self {
        let status = response.status;
        // U+0000 cannot be stored by PostgreSQL.
        let text = String::from_utf8_lossy(&response.body).replace('\0', "\u{fffd}");
        let error = match status {
            200..=299 => robots::complaint(kind, &text).unwrap_or_default(),
            300..=399 => format!("The receiver answered with a redirect ({status}), which is not followed."),
            410 => "The receiver says that it is gone (410).".to_owned(),
            _ => format!("The receiver answered with status {status}."),
        };
        let retry_after = response.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()).and_then(|text| text.trim().parse().ok());
        Answer {
            delivered: error.is_empty(),
            gone: status == 410,
            overloaded: matches!(status, 429 | 502 | 504),
            retry_after: retry_after.filter(|seconds: &i64| *seconds >= 0),
            status_code: i64::from(status),
            error,
            response: text,
        }
    }
}
