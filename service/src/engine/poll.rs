//! Following a job that the upstream accepted.

use super::Stopped;
use super::executor::Attempt;
use super::outcome::{Answer, Outcome, attempt_id, percent};
use super::template::Context;
use super::upstream::{self, Reply};
use crate::features;
use crate::service::Service;
use crate::tasks::extract;
use model::rules::{PollRule, UpstreamStatus};
use serde_json::Value;

/// Asks once. Trouble in asking is never the job's failure: it is asked again until the run's time is up.
pub(super) async fn run(attempt: &Attempt, service: &Service) -> Outcome {
    let Some(poll) = &attempt.rule.rule.poll else {
        return Outcome::Refuse { answer: Answer::default(), why: "The rule of this task no longer follows jobs.".to_owned() };
    };
    if let Some(outcome) = attempt.too_late(service) {
        return outcome;
    }
    let Some(upstream_id) = attempt.claimed.upstream_id.clone() else {
        return Outcome::Refuse { answer: Answer::default(), why: "The upstream's id of the job is missing.".to_owned() };
    };
    let again = |progress: Option<i64>, pause: Option<i64>| Outcome::Wait {
        answer: None,
        channel_id: attempt.channel.id,
        upstream_id: upstream_id.clone(),
        // Progress never runs backwards.
        progress: progress.unwrap_or(0).max(attempt.claimed.progress),
        after_ms: poll.interval_seconds.max(1).max(pause.unwrap_or(0).min(3600)) * 1000,
    };
    let compiled = upstream::compiled(&attempt.rule);
    let Some(compiled) = &compiled.poll else { return again(None, None) };
    let request =
        attempt.context(Some(&upstream_id)).and_then(|context| compiled.request(service, &context, &Value::Null, &attempt.rule.rule, None));
    let request = match request {
        Ok(request) => request,
        Err(why) => return Outcome::Refuse { answer: Answer::default(), why },
    };
    tokio::select! {
        reply = upstream::call(service, request) => match reply {
            Ok(reply) => judge(poll, reply, again),
            Err(error) => {
                tracing::debug!(task = attempt.claimed.id, error = error.code(), "a poll got no answer");
                again(None, None)
            }
        },
        () = attempt.abort.cancelled() => Outcome::GiveBack { after_ms: 0 },
    }
}

/// What an answer to a question means.
pub(super) fn judge(poll: &PollRule, reply: Reply, again: impl Fn(Option<i64>, Option<i64>) -> Outcome) -> Outcome {
    let retry_after = reply.retry_after;
    let progress = poll.progress_path.as_ref().and_then(|path| extract(&reply.json, path)).and_then(|value| percent(&value));
    if !(200..300).contains(&reply.answer.status) || reply.truncated {
        return again(None, retry_after);
    }
    let word = match extract(&reply.json, &poll.status_path) {
        Some(Value::String(word)) => word,
        Some(other) => other.to_string(),
        None => return again(progress, retry_after),
    };
    match poll.status_map.iter().find(|(known, _)| known.eq_ignore_ascii_case(&word)).map(|(_, status)| *status) {
        Some(UpstreamStatus::Success) => match &poll.result_path {
            None => Outcome::Done { answer: reply.answer, result: None },
            Some(path) => match extract(&reply.json, path) {
                Some(result) => Outcome::Done { answer: reply.answer, result: Some(result.to_string()) },
                None => Outcome::Retry { answer: reply.answer, why: "The upstream says success without a result.".to_owned(), pause: None },
            },
        },
        Some(UpstreamStatus::Failure) => {
            let told = poll.failure_path.as_ref().and_then(|path| extract(&reply.json, path));
            let why = match told {
                Some(Value::String(text)) if !text.is_empty() => text.chars().take(1000).collect(),
                Some(Value::Null) | None => "The upstream says that the job failed.".to_owned(),
                Some(other) => other.to_string().chars().take(1000).collect(),
            };
            Outcome::Retry { answer: reply.answer, why, pause: None }
        }
        // An unknown word is not an end: the job is followed until its time is up.
        Some(UpstreamStatus::Queued | UpstreamStatus::InProgress) | None => again(progress, retry_after),
    }
}

/// Asks the upstream to stop a job whose task was cancelled. Best effort: the task has ended for us either way.
pub(super) async fn cancel_upstream(service: &Service, stopped: Stopped) {
    let snapshot = features::snapshot(service);
    let rule = snapshot.rules.get(&stopped.rule_id);
    let channel = stopped.channel_id.and_then(|id| snapshot.channel_with(id, stopped.channel_key.as_deref()));
    let (Some(rule), Some(channel)) = (rule, channel) else { return };
    let compiled = upstream::compiled(rule);
    let Some(cancel) = &compiled.cancel else { return };
    let id = attempt_id(&stopped.public_id, stopped.attempt);
    let empty = || Value::Object(serde_json::Map::new());
    let context = Context::new(empty(), empty(), channel, &stopped.public_id, (stopped.attempt, &id), stopped.upstream_id.as_deref());
    let told = match cancel.request(service, &context, &Value::Null, &rule.rule, None) {
        Ok(request) => upstream::call(service, request).await.map_err(|error| error.public_message()),
        Err(why) => Err(why),
    };
    match told {
        Ok(reply) => tracing::info!(task = stopped.task_id, status = reply.answer.status, "the upstream was asked to stop"),
        Err(error) => tracing::warn!(task = stopped.task_id, error, "the upstream could not be asked to stop"),
    }
}
