//! One attempt of a delivery: its request, and what the receiver's answer means.

use super::queue::Claimed;
use super::record::Attempted;
use super::store::Webhook;
use super::{robots, standard};
use crate::http_client::{Limits, OutboundRequest, OutboundResponse};
use crate::service::Service;
use http::header::{CONTENT_TYPE, RETRY_AFTER, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use model::time::Timestamp;
use model::webhooks::{DeliveryStatus, WebhookEvent, WebhookKind};
use std::time::Duration;

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
