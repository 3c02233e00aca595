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
    let (poll, upstream_id) = match askable(attempt, service) {
        Ok(askable) => askable,
        Err(outcome) => return outcome,
    };
    let again = |news| again(attempt, poll, upstream_id, news);
    let compiled = upstream::compiled(&attempt.rule);
    let Some(compiled) = &compiled.poll else { return again(News::default()) };
    let request =
        attempt.context(Some(upstream_id)).and_then(|context| compiled.request(service, &context, &Value::Null, &attempt.rule.rule, None));
    let request = match request {
        Ok(request) => request,
        Err(why) => return Outcome::Lost { answer: Answer::default(), why },
    };
    let outcome = tokio::select! {
        reply = upstream::call(service, request) => match reply {
            Ok(reply) => judge(poll, reply, again),
            Err(error) => {
                tracing::debug!(task = attempt.claimed.id, error = error.code(), "a poll got no answer");
                again(News::default())
            }
        },
        () = attempt.abort.cancelled() => return Outcome::GiveBack { after_ms: 0 },
    };
    with_result(attempt, service, outcome).await
}

/// The rule and the id to ask with, or what becomes of a job that cannot be asked about.
pub(super) fn askable<'a>(attempt: &'a Attempt, service: &Service) -> Result<(&'a PollRule, &'a str), Outcome> {
    let Some(poll) = &attempt.rule.rule.poll else {
        return Err(Outcome::Lost { answer: Answer::default(), why: "The rule of this task no longer follows jobs.".to_owned() });
    };
    if let Some(outcome) = attempt.too_late(service) {
        return Err(outcome);
    }
    match &attempt.claimed.upstream_id {
        Some(upstream_id) => Ok((poll, upstream_id)),
        None => Err(Outcome::Lost { answer: Answer::default(), why: "The upstream's id of the job is missing.".to_owned() }),
    }
}

/// What is known of a job that goes on.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct News {
    /// Percent, where the upstream tells it.
    pub progress: Option<i64>,
    /// Seconds that the upstream wants to be left alone.
    pub pause: Option<i64>,
    /// Whether it answered with something that nobody understands.
    pub unknown: bool,
}

/// The job is asked about later.
pub(super) fn again(attempt: &Attempt, poll: &PollRule, upstream_id: &str, news: News) -> Outcome {
    Outcome::Wait {
        answer: None,
        channel_id: attempt.channel.id,
        upstream_id: upstream_id.to_owned(),
        // Progress never runs backwards.
        progress: news.progress.unwrap_or(0).max(attempt.claimed.progress),
        unknown: news.unknown,
        after_ms: after_ms(poll, news.pause),
    }
}

/// Milliseconds until a job is asked about again.
pub(super) fn after_ms(poll: &PollRule, pause: Option<i64>) -> i64 {
    poll.interval_seconds.max(1).max(pause.unwrap_or(0).min(3600)) * 1000
}

/// Fetches the result of a job that succeeded, where the rule has a request for it. Trouble in fetching means that the job is asked about again.
pub(super) async fn with_result(attempt: &Attempt, service: &Service, outcome: Outcome) -> Outcome {
    let compiled = upstream::compiled(&attempt.rule);
    let (Some(result), Some(poll), Some(upstream_id)) = (&compiled.result, &attempt.rule.rule.poll, &attempt.claimed.upstream_id) else {
        return outcome;
    };
    let Outcome::Done { answer, .. } = outcome else { return outcome };
    let told = answer.body.as_deref().and_then(|body| serde_json::from_str(body).ok()).unwrap_or(Value::Null);
    let request = attempt.context(Some(upstream_id)).and_then(|mut context| {
        context.set_answer(told);
        result.request(service, &context, &Value::Null, &attempt.rule.rule, None)
    });
    let request = match request {
        Ok(request) => request,
        Err(why) => return Outcome::Lost { answer, why },
    };
    tokio::select! {
        reply = upstream::call(service, request) => match reply {
            Ok(reply) => judge_result(poll, reply, |news| again(attempt, poll, upstream_id, news)),
            Err(_) => again(attempt, poll, upstream_id, News::default()),
        },
        () = attempt.abort.cancelled() => Outcome::GiveBack { after_ms: 0 },
    }
}

/// What the answer to the request for a result means.
pub(super) fn judge_result(poll: &PollRule, reply: Reply, again: impl Fn(News) -> Outcome) -> Outcome {
    let good = (200..300).contains(&reply.answer.status) && !reply.truncated;
    match &poll.result_path {
        _ if !good => again(News { pause: pause(poll, &reply), ..News::default() }),
        None => Outcome::Done { answer: reply.answer, result: None },
        Some(path) => match extract(&reply.json, path) {
            Some(result) => Outcome::Done { answer: reply.answer, result: Some(result.to_string()) },
            None => again(News { unknown: true, ..News::default() }),
        },
    }
}

/// Seconds that an upstream wants to be left alone: what it says, and four intervals after a 429 that does not say.
pub(super) fn pause(poll: &PollRule, reply: &Reply) -> Option<i64> {
    let patience = || (reply.answer.status == 429).then(|| poll.interval_seconds.max(1).saturating_mul(4));
    reply.retry_after.or_else(patience)
}

/// What an answer to a question means.
pub(super) fn judge(poll: &PollRule, reply: Reply, again: impl Fn(News) -> Outcome) -> Outcome {
    let pause = pause(poll, &reply);
    let progress = poll.progress_path.as_ref().and_then(|path| extract(&reply.json, path)).and_then(|value| percent(&value));
    let told_to_wait = reply.answer.status == 429 || reply.truncated;
    if !told_to_wait && poll.failure_when.as_ref().is_some_and(|condition| reply.is_success(condition)) {
        return failure(poll, reply);
    }
    if told_to_wait || !(200..300).contains(&reply.answer.status) {
        return again(News { pause, ..News::default() });
    }
    let word = match extract(&reply.json, &poll.status_path) {
        Some(Value::String(word)) => word,
        Some(other) => other.to_string(),
        None => return again(News { progress, pause, unknown: true }),
    };
    match poll.status_map.iter().find(|(known, _)| known.eq_ignore_ascii_case(&word)).map(|(_, status)| *status) {
        // The result is in the answer to another request.
        Some(UpstreamStatus::Success) if poll.result_request.is_some() => Outcome::Done { answer: reply.answer, result: None },
        Some(UpstreamStatus::Success) => match &poll.result_path {
            None => Outcome::Done { answer: reply.answer, result: None },
            Some(path) => match extract(&reply.json, path) {
                Some(result) => Outcome::Done { answer: reply.answer, result: Some(result.to_string()) },
                None => Outcome::Retry { answer: reply.answer, why: "The upstream says success without a result.".to_owned(), pause: None },
            },
        },
        Some(UpstreamStatus::Failure) => failure(poll, reply),
        Some(UpstreamStatus::Queued | UpstreamStatus::InProgress) => again(News { progress, pause, unknown: false }),
        // An unknown word is not an end: the job is followed until its time is up.
        None => again(News { progress, pause, unknown: true }),
    }
}

/// The job failed; another attempt is another job.
fn failure(poll: &PollRule, reply: Reply) -> Outcome {
    let told = poll.failure_path.as_ref().and_then(|path| extract(&reply.json, path));
    let why = match told {
        Some(Value::String(text)) if !text.is_empty() => text.chars().take(1000).collect(),
        Some(Value::Null | Value::String(_)) | None => "The upstream says that the job failed.".to_owned(),
        Some(other) => other.to_string().chars().take(1000).collect(),
    };
    Outcome::Retry { answer: reply.answer, why, pause: None }
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
