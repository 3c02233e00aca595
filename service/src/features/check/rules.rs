//! Rules and channels.

use super::{Place, is_address};
use http::HeaderName;
use model::rules::{Channel, PollRule, RequestTemplate, Rule, SuccessCondition, UNLIMITED, UpstreamStatus};
use serde_json::Value;
use std::collections::BTreeMap;

/// A number of retries nobody means.
pub(super) const MOST_RETRIES: i64 = 1_000_000;
/// Further credentials of a channel at most.
const MOST_KEYS: usize = 100;
/// A day, in seconds: the longest interval, and the longest run.
pub(super) const DAY: i64 = 86_400;
/// What a rule's address may begin with, so that no value of a task decides which host is called.
const BASE_URL: &str = "channel.base_url";

/// Headers of the connection and of our own; a rule cannot set them.
const OUR_HEADERS: [&str; 13] = [
    "connection",
    "content-length",
    "expect",
    "host",
    "idempotency-key",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// A rule.
pub(super) fn rule(at: &mut Place, rule: &Rule) {
    at.name("name", &rule.name);
    at.field("request", |at| request(at, &rule.request, false));
    at.field("success", |at| success(at, &rule.success));
    at.json_path("result_path", rule.result_path.as_deref());
    at.json_path("error_path", rule.error_path.as_deref());
    at.field("answer_statuses", |at| {
        for (from, to) in &rule.answer_statuses {
            let known = from.parse::<u16>().is_ok_and(|status| (100..=599).contains(&status)) && from.len() == 3;
            at.field(from.as_str(), |at| {
                at.must(known, "This is not a status of HTTP, 100 to 599.");
                at.must((200..=599).contains(to), "A status must be 200 to 599.");
            });
        }
    });
    if let Some(rule) = &rule.poll {
        at.field("poll", |at| poll(at, rule));
    }
    at.range("max_retries", rule.max_retries, UNLIMITED..=MOST_RETRIES);
    if let Some(interval) = rule.interval_seconds {
        at.range("interval_seconds", interval, 1..=DAY);
    }
    at.range("timeout_seconds", rule.timeout_seconds, 1..=300);
    at.range("overall_timeout_seconds", rule.overall_timeout_seconds, rule.timeout_seconds.clamp(1, 300)..=DAY);
}

fn success(at: &mut Place, condition: &SuccessCondition) {
    at.each("statuses", &condition.statuses, |at, status| at.must((200..=599).contains(status), "A status must be 200 to 599."));
    at.json_path("path", condition.path.as_deref());
    if condition.equals.is_some() && condition.path.is_none() {
        at.field("equals", |at| at.say("This needs a `path` whose value it is compared with."));
    }
}

fn poll(at: &mut Place, poll: &PollRule) {
    at.json_path("task_id_path", Some(&poll.task_id_path));
    at.field("request", |at| request(at, &poll.request, true));
    at.range("interval_seconds", poll.interval_seconds, 1..=DAY);
    at.json_path("status_path", Some(&poll.status_path));
    at.json_path("progress_path", poll.progress_path.as_deref());
    at.json_path("result_path", poll.result_path.as_deref());
    at.json_path("failure_path", poll.failure_path.as_deref());
    at.field("status_map", |at| {
        let ends = poll.status_map.values().any(|status| *status == UpstreamStatus::Success);
        at.must(ends, "At least one of the upstream's words must mean `success`.");
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for word in poll.status_map.keys() {
            if let Some(other) = seen.insert(word.to_lowercase(), word) {
                at.field(word.as_str(), |at| at.say(format!("Case does not count: this is the same word as `{other}`.")));
            }
        }
    });
    if let Some(template) = &poll.cancel {
        at.field("cancel", |at| request(at, template, true));
    }
    if let Some(condition) = &poll.failure_when {
        at.field("failure_when", |at| success(at, condition));
    }
    if let Some(template) = &poll.result_request {
        at.field("result_request", |at| request(at, template, true));
    }
    if let Some(batch) = &poll.batch {
        at.field("batch", |at| {
            at.json_path("items_path", Some(&batch.items_path));
            at.json_path("id_path", Some(&batch.id_path));
            at.range("max_ids", batch.max_ids, 1..=1000);
        });
    }
}

/// A request; `job` says whether there is an upstream's job that it can name.
fn request(at: &mut Place, template: &RequestTemplate, job: bool) {
    at.field("url", |at| {
        text(at, &template.url, job);
        if let Err(message) = target(&template.url) {
            at.say(message);
        }
    });
    at.field("headers", |at| {
        for (name, value) in &template.headers {
            at.field(name.as_str(), |at| {
                at.must(HeaderName::try_from(name.as_str()).is_ok(), "This is not the name of a header.");
                at.must(!OUR_HEADERS.contains(&name.to_ascii_lowercase().as_str()), "A rule cannot set this header.");
                at.must(!value.contains(char::is_control), "The value of a header is one line.");
                text(at, value, job);
            });
        }
    });
    if let Some(value) = &template.body {
        at.field("body", |at| body(at, value, job));
    }
}

fn text(at: &mut Place, text: &str, job: bool) {
    at.template(text);
    if !job && text.contains("upstream_id") {
        at.say("`upstream_id` is known in `poll.request` and `poll.cancel` only.");
    }
}

fn body(at: &mut Place, value: &Value, job: bool) {
    match value {
        Value::String(string) => text(at, string, job),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                at.field(index, |at| body(at, item, job));
            }
        }
        Value::Object(fields) => {
            for (key, item) in fields {
                at.field(key.as_str(), |at| body(at, item, job));
            }
        }
        _ => {}
    }
}

/// The host of a request is fixed by the rule or by the channel: a value of a task in it would send the channel's credential anywhere.
fn target(url: &str) -> Result<(), &'static str> {
    const SENTENCE: &str = "An address begins with {{ channel.base_url }}, http:// or https://; its host cannot hold a template.";
    let rest = match url.strip_prefix("{{").and_then(|rest| rest.split_once("}}")) {
        Some((expression, rest)) if expression.trim() == BASE_URL => rest,
        Some(_) => return Err(SENTENCE),
        None => {
            let start = url.find("://").filter(|at| ["http", "https"].contains(&&url[..*at])).ok_or(SENTENCE)?;
            let end = url[start + 3..].find(['/', '?', '#']).map_or(url.len(), |at| start + 3 + at);
            if url[..end].contains('{') || !is_address(&url[..end]) {
                return Err(SENTENCE);
            }
            &url[end..]
        }
    };
    // `{{ channel.base_url }}{{ params.x }}` could end in another host.
    if rest.is_empty() || rest.starts_with(['/', '?']) { Ok(()) } else { Err("After the host comes `/`, `?` or nothing.") }
}

/// A channel.
pub(super) fn channel(at: &mut Place, channel: &Channel) {
    at.name("name", &channel.name);
    at.name("platform", &channel.platform);
    let plain = is_address(&channel.base_url) && !channel.base_url.contains(['?', '#', '{']) && !channel.base_url.ends_with('/');
    at.field("base_url", |at| at.must(plain, "This must be an http or https address without a user name, `?`, `#`, or `/` at the end."));
    if let Some(credential) = &channel.credential {
        at.field("credential", |at| at.must(!credential.contains(char::is_control), "A credential is one line."));
    }
    if let Some(more) = &channel.more_credentials {
        at.field("more_credentials", |at| at.must(more.len() <= MOST_KEYS, "A channel has at most 100 further credentials."));
        at.each("more_credentials", more, |at, credential| {
            at.must(!credential.is_empty() && !credential.contains(char::is_control), "A credential is one line, and not empty.");
        });
    }
    at.range("priority", channel.priority, -1_000_000..=1_000_000);
    at.range("weight", channel.weight, 1..=1_000_000);
    at.range("max_parallel", channel.max_parallel, 1..=100_000);
    at.range("max_per_minute", channel.max_per_minute, 0..=1_000_000);
}
