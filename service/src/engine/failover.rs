//! What a channel did in a call, and going on with another one.
//!
//! Only a submission that was certainly not taken goes to another channel; one that may have been goes there if its rule allows it twice. A job
//! that was accepted stays where it is.

use super::capacity::{Excluded, Taken};
use super::direct::Place;
use super::executor::Attempt;
use super::health;
use super::outcome::{Answer, Outcome};
use super::queue::{self, Held};
use crate::http_client::{OutboundError, OutboundErrorKind};
use crate::service::Service;
use model::rules::{Delivery, Rule};
use serde::{Deserialize, Serialize};

/// How a channel behaved in a call, whatever that means for the task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Behaviour {
    /// It was not called, or the call was cut off by us.
    Untouched,
    /// It answered as one that works, if only to say that the request is bad.
    Well,
    /// It refused the credential, with this status.
    Unauthorized(u16),
    /// It has too much to do: 429.
    Busy,
    /// It did not answer, or with 5xx. Whether the request may be made elsewhere.
    Failed { elsewhere: bool },
}

impl Behaviour {
    /// That of an answer.
    pub fn of_status(service: &Service, rule: &Rule, status: u16) -> Self {
        // A gateway that got no good answer does not know whether the request was taken.
        let unknown = matches!(status, 502 | 504 | 524);
        match status {
            _ if rule.success.statuses.contains(&status) => Behaviour::Well,
            _ if service.config.engine.channel_auth_statuses.contains(&status) => Behaviour::Unauthorized(status),
            429 => Behaviour::Busy,
            500..=599 => Behaviour::Failed { elsewhere: !unknown || rule.delivery == Delivery::AtLeastOnce },
            _ => Behaviour::Well,
        }
    }

    /// That of a call without an answer.
    pub fn of_error(rule: &Rule, error: &OutboundError) -> Self {
        use OutboundErrorKind as Kind;
        match error.kind() {
            Kind::Invalid(_) => Behaviour::Untouched,
            Kind::TooLarge | Kind::TooManyRedirects => Behaviour::Well,
            Kind::Refused(_) | Kind::Unreachable | Kind::TimedOut | Kind::Interrupted | Kind::Protocol => {
                Behaviour::Failed { elsewhere: !error.maybe_sent() || rule.delivery == Delivery::AtLeastOnce }
            }
        }
    }

    /// What is not tried again when the request is made elsewhere; `None` if it must not be. Too many requests and a bad credential are about
    /// the credential, the rest is about the channel.
    pub fn excludes(self, taken: &Taken) -> Option<Excluded> {
        let key = match self {
            Behaviour::Unauthorized(_) | Behaviour::Busy => Some(taken.channel.key.clone()),
            Behaviour::Failed { elsewhere: true } => None,
            _ => return None,
        };
        Some(Excluded { channel_id: taken.channel.id, key })
    }
}

/// A try of an attempt that went on with another channel, as it is stored.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StoredTry {
    pub channel_id: i64,
    pub status_code: i64,
    pub error: String,
}

/// Makes the call of an attempt, and makes it again through other channels as long as none has taken it and one is free.
pub(super) async fn run(attempt: &mut Attempt, place: &mut Place, service: &Service) -> Outcome {
    let most = service.config.engine.failover_channels;
    let mut excluded: Vec<Excluded> = Vec::new();
    let mut answered = false;
    loop {
        let (mut outcome, behaviour) = attempt.run(service).await;
        health::note(service, place.taken(), behaviour, outcome.why());
        if let Behaviour::Unauthorized(_) = behaviour {
            outcome = blameless(outcome);
        }
        answered |= outcome.answer().is_some_and(|answer| answer.answered);
        if let Some(answer) = outcome.answer_mut() {
            answer.answered = answered;
        }
        let Some(more) = behaviour.excludes(place.taken()) else { return outcome };
        excluded.push(more);
        let may_go_on = excluded.len() <= most && !attempt.abort.is_cancelled() && is_still_ours(attempt, service).await;
        if !may_go_on || !place.exchange(service, &excluded) {
            return outcome;
        }
        metrics::counter!("apirequestweb_channel_failovers_total").increment(1);
        remember(attempt, &outcome);
        attempt.set_channel(place.taken().channel.clone());
    }
}

/// A task is not to blame for a credential of ours, nor charged for it: it may try again.
fn blameless(outcome: Outcome) -> Outcome {
    let uncharged = |answer: Answer| Answer { answered: false, ..answer };
    match outcome {
        Outcome::Refuse { answer, why } => Outcome::Retry { answer: uncharged(answer), why, pause: None },
        Outcome::Retry { answer, why, pause } => Outcome::Retry { answer: uncharged(answer), why, pause },
        other => other,
    }
}

/// Adds a try to what the attempt will show.
fn remember(attempt: &mut Attempt, outcome: &Outcome) {
    let claimed = &mut attempt.claimed;
    let mut tried: Vec<StoredTry> = claimed.tried.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    tried.push(StoredTry {
        channel_id: attempt.channel.id,
        status_code: outcome.answer().map_or(0, |answer| i64::from(answer.status)),
        error: outcome.why().to_owned(),
    });
    claimed.tried = serde_json::to_string(&tried).ok();
}

/// Whether the claim still holds: a call may have taken longer than the lease, which is renewed in the database only.
async fn is_still_ours(attempt: &mut Attempt, service: &Service) -> bool {
    let claimed = &mut attempt.claimed;
    let (now, lease) = (service.clock.now().0, service.config.engine.lease_seconds * 1000);
    if now + lease / 3 < claimed.lease_until {
        return true;
    }
    let held = [Held { id: claimed.id, run: claimed.run, lease: claimed.lease }];
    let ours = queue::renew(service, &held).await.is_ok_and(|renewed| renewed == 1);
    if ours {
        claimed.lease_until = now + lease;
    }
    ours
}
