//! One attempt: from a claimed task to its outcome.

use super::failover::Behaviour;
use super::outcome::{Answer, Claimed, Outcome};
use super::template::Context;
use super::upstream::{self, Reply};
use crate::features::{self, ChannelRow, FeatureRow, RuleRow};
use crate::service::Service;
use crate::tasks::extract;
use model::rules::{Delivery, RetryOn, Rule};
use serde_json::Value;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// What an attempt works with.
pub(super) struct Attempt {
    pub claimed: Claimed,
    pub rule: Arc<RuleRow>,
    pub channel: Arc<ChannelRow>,
    /// Cancelled when the owner stops the task, or the server stops waiting for it.
    pub abort: CancellationToken,
}

/// The feature and the rule of a claimed task, as the catalog has them now.
pub(super) fn definitions(service: &Service, claimed: &Claimed) -> Option<(Arc<FeatureRow>, Arc<RuleRow>)> {
    let snapshot = features::snapshot(service);
    let feature = snapshot.features.get(&claimed.feature_id)?.clone();
    let rule = snapshot.rules.get(&claimed.rule_id).or_else(|| snapshot.rules.get(&feature.rule_id))?.clone();
    Some((feature, rule))
}

impl Attempt {
    /// The channel that is called next.
    pub fn set_channel(&mut self, channel: Arc<ChannelRow>) {
        self.claimed.channel_id = Some(channel.id);
        self.claimed.channel_key = (!channel.key.is_empty()).then(|| channel.key.clone());
        self.channel = channel;
    }

    /// Calls the upstream once and judges its answer, and the channel.
    pub async fn run(&self, service: &Service) -> (Outcome, Behaviour) {
        let rule = &self.rule.rule;
        if let Some(outcome) = self.too_late(service) {
            return (outcome, Behaviour::Untouched);
        }
        let context = match self.context(None) {
            Ok(context) => context,
            Err(why) => return (refuse(why), Behaviour::Untouched),
        };
        let id = self.claimed.attempt_id();
        let own = serde_json::from_str(&self.claimed.headers).unwrap_or(Value::Null);
        let request = match upstream::compiled(&self.rule).submit.request(service, &context, &own, rule, Some(&id)) {
            Ok(request) => request,
            Err(why) => return (refuse(why), Behaviour::Untouched),
        };
        tokio::select! {
            reply = upstream::call(service, request) => match reply {
                Ok(reply) => {
                    let behaviour = Behaviour::of_status(service, rule, reply.answer.status);
                    (judge(rule, self.channel.id, reply), behaviour)
                }
                Err(error) => {
                    let behaviour = Behaviour::of_error(rule, &error);
                    let why = error.public_message();
                    let unknown = error.maybe_sent() && rule.delivery == Delivery::AtMostOnce;
                    let may_retry = error.is_retryable() && !unknown;
                    (if may_retry { retry(Answer::default(), why, None) } else { refuse(why) }, behaviour)
                }
            },
            () = self.abort.cancelled() => (self.interrupted(), Behaviour::Untouched),
        }
    }

    /// The call was cut off by us: the claim goes back, unless the upstream must not be called twice.
    fn interrupted(&self) -> Outcome {
        match self.rule.rule.delivery {
            Delivery::AtLeastOnce => Outcome::GiveBack { after_ms: 0 },
            Delivery::AtMostOnce => refuse(UNKNOWN_OUTCOME.to_owned()),
        }
    }

    /// Why no call may be made any more: the lease ended while this process was held up, and another worker has the task by now;
    /// or the run has taken longer than its rule allows.
    pub fn too_late(&self, service: &Service) -> Option<Outcome> {
        if service.clock.now().0 >= self.claimed.lease_until {
            return Some(Outcome::GiveBack { after_ms: 0 });
        }
        let limit = self.rule.rule.overall_timeout_seconds;
        let spent = service.clock.now().0 - self.claimed.started_at;
        (spent > limit.saturating_mul(1000)).then(|| refuse(format!("It did not end within {limit} s.")))
    }

    /// The values for the rule's templates. A payload that cannot be read ends the task: another attempt would not read it either.
    pub fn context(&self, upstream_id: Option<&str>) -> Result<Context, String> {
        let broken = |what: &str| format!("The stored {what} of this task cannot be read.");
        let params = serde_json::from_str(&self.claimed.payload).map_err(|_| broken("parameters"))?;
        let headers = serde_json::from_str(&self.claimed.headers).map_err(|_| broken("headers"))?;
        let id = self.claimed.attempt_id();
        Ok(Context::new(params, headers, &self.channel, &self.claimed.public_id, (self.claimed.attempt, &id), upstream_id))
    }
}

/// What an answer to a rule's request means.
pub(super) fn judge(rule: &Rule, channel_id: i64, reply: Reply) -> Outcome {
    if !reply.is_success(&rule.success) {
        let why = reply.reason(rule.error_path.as_deref());
        return failed(rule, reply, why);
    }
    if let Some(poll) = &rule.poll {
        let id = extract(&reply.json, &poll.task_id_path).and_then(|value| match value {
            Value::String(text) if !text.is_empty() && text.len() <= 512 => Some(text),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        });
        return match id {
            None => Outcome::Lost { answer: reply.answer, why: "The upstream accepted the job without telling its id.".to_owned() },
            Some(upstream_id) => Outcome::Wait {
                answer: Some(reply.answer),
                channel_id,
                upstream_id,
                progress: 0,
                unknown: false,
                after_ms: poll.interval_seconds.max(1) * 1000,
            },
        };
    }
    match &rule.result_path {
        None => Outcome::Done { answer: reply.answer, result: None },
        Some(_) if reply.truncated => Outcome::Refuse { answer: reply.answer, why: "The upstream's answer is too large.".to_owned() },
        Some(path) => match extract(&reply.json, path) {
            Some(result) => Outcome::Done { answer: reply.answer, result: Some(result.to_string()) },
            None => failed(rule, reply, "The upstream's answer has no result.".to_owned()),
        },
    }
}

/// A bad answer: worth another attempt or not.
fn failed(rule: &Rule, reply: Reply, why: String) -> Outcome {
    let passing = matches!(reply.answer.status, 408 | 425 | 429 | 500..=599);
    if passing || rule.retry_on == RetryOn::Any {
        retry(reply.answer, why, reply.retry_after)
    } else {
        Outcome::Refuse { answer: reply.answer, why }
    }
}

/// What an at-most-once task fails with when a crash leaves its call in the dark.
pub(super) const UNKNOWN_OUTCOME: &str = "The outcome of the call is unknown, and it must not be made twice.";

fn retry(answer: Answer, why: String, pause: Option<i64>) -> Outcome {
    Outcome::Retry { answer, why, pause }
}

fn refuse(why: String) -> Outcome {
    Outcome::Refuse { answer: Answer::default(), why }
}
