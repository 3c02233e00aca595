//! One call of a rule outside of any task, whose answer is passed on: what custom APIs do.

use super::direct::Place;
use super::failover::Behaviour;
use super::health;
use super::outcome::Answer;
use super::template::Context;
use super::upstream::{self, Reply};
use crate::features::{RuleRow, Snapshot};
use crate::http_client::{OutboundErrorKind, OutboundResponse};
use crate::service::Service;
use crate::tasks::extract;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header};
use model::rules::Rule;
use model::{Error, ErrorCode, Result};
use serde_json::{Map, Value};
use std::sync::Arc;

/// What is called.
pub(crate) struct Call<'a> {
    /// The rule.
    pub rule: &'a Arc<RuleRow>,
    /// The platform whose channels are called.
    pub platform: &'a str,
    /// The checked parameters.
    pub params: Map<String, Value>,
    /// The id of the call, which the upstream gets as its idempotency key.
    pub id: &'a str,
}

/// What the upstream answered, as it is passed on.
pub(crate) struct Passed {
    /// The status, as the rule maps it.
    pub status: u16,
    /// The headers that say what the body is.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// Why the rule takes it for bad; `None` if it is good.
    pub bad: Option<String>,
}

/// Headers of an answer that are passed on. Cookies and credentials of an upstream are none of a caller's business.
const PASSED: [http::HeaderName; 4] = [header::CONTENT_TYPE, header::CONTENT_DISPOSITION, header::CONTENT_LANGUAGE, header::RETRY_AFTER];

/// Calls the upstream: once, unless a channel did not take the request and another one may.
///
/// Errors: `unavailable` while every channel is busy or out of use, `upstream` when there is no answer or no channel.
pub(crate) async fn call(service: &Service, snapshot: &Snapshot, call: Call<'_>) -> Result<Passed> {
    let rule = &call.rule.rule;
    if snapshot.platforms.get(call.platform).is_none_or(Vec::is_empty) {
        return Err(Error::new(ErrorCode::Upstream, "No channel of this API is switched on."));
    }
    let Some(mut place) = Place::for_call(&service.engine, snapshot, call.platform) else {
        let in_use = service.engine.is_platform_in_use(snapshot, call.platform);
        let busy = "Every channel of this API is busy. Try again in a moment.";
        return Err(Error::unavailable(if in_use { busy } else { "Every channel of this API is out of use at present. Try again later." }));
    };
    place.begin();
    let mut context = Context::new(Value::Object(call.params), Value::Null, &place.taken().channel, call.id, (1, call.id), None);
    let mut excluded = Vec::new();
    loop {
        let request = upstream::compiled(call.rule).submit.request(service, &context, &Value::Null, rule, Some(call.id));
        let request = request.map_err(|why| Error::new(ErrorCode::Upstream, why))?;
        let response = service.http.call(request).await;
        let (behaviour, why) = match &response {
            Ok(response) => (Behaviour::of_status(service, rule, response.status), String::new()),
            Err(error) => (Behaviour::of_error(rule, error), error.public_message()),
        };
        let status = response.as_ref().map_or(0, |response| response.status);
        let why = || if why.is_empty() { format!("The upstream answered with status {status}.") } else { why };
        if behaviour == Behaviour::Well {
            health::note(service, place.taken(), behaviour, "");
        } else {
            health::note(service, place.taken(), behaviour, &why());
        }
        if let Some(more) = behaviour.excludes(place.taken()) {
            excluded.push(more);
            if excluded.len() <= service.config.engine.failover_channels && place.exchange(service, &excluded) {
                metrics::counter!("apirequestweb_channel_failovers_total").increment(1);
                context.set_channel(&place.taken().channel);
                continue;
            }
        }
        drop(place);
        let response = response.map_err(|error| {
            let code = if error.kind() == OutboundErrorKind::TimedOut { ErrorCode::UpstreamTimeout } else { ErrorCode::Upstream };
            Error::new(code, error.public_message())
        })?;
        return Ok(pass_on(rule, response));
    }
}

/// Judges an answer by its rule.
fn pass_on(rule: &Rule, response: OutboundResponse) -> Passed {
    let (raw, truncated) = (response.body.clone(), response.truncated);
    let mut headers = HeaderMap::new();
    for name in PASSED {
        if let Some(value) = response.headers.get(&name) {
            headers.insert(name, value.clone());
        }
    }
    let reads_json = rule.success.path.is_some() || rule.result_path.is_some();
    let good_by_status = reads_json || is_success(rule, response.status);
    // Most answers are passed on without a look inside.
    let reply = if good_by_status && !reads_json { None } else { Some(Reply::read(response.clone())) };
    let upstream = response.status;
    let mut passed = Passed { status: status(rule, upstream, true), headers, body: raw, bad: None };
    let bad = match &reply {
        _ if truncated => Some("The upstream's answer is too large.".to_owned()),
        Some(reply) if !reply.is_success(&rule.success) => Some(reply.reason(rule.error_path.as_deref())),
        Some(Reply { json, .. }) => match &rule.result_path {
            None => None,
            Some(path) => match extract(json, path) {
                None => Some("The upstream's answer has no result.".to_owned()),
                Some(result) => {
                    passed.body = serde_json::to_vec(&result).unwrap_or_default().into();
                    passed.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
                    None
                }
            },
        },
        None => None,
    };
    if bad.is_some() {
        passed.status = status(rule, upstream, false);
    }
    passed.bad = bad;
    passed
}

fn is_success(rule: &Rule, status: u16) -> bool {
    let answer = Answer { status, body: None, answered: true };
    Reply { answer, json: Value::Null, retry_after: None, truncated: false }.is_success(&rule.success)
}

/// The status that callers get: the one that the rule maps it to; else the upstream's own where it means the same to them, and otherwise
/// 200 for a good answer and 502 for a bad one. An upstream's 401, 403 and 407 are about our credential, not about the caller's.
fn status(rule: &Rule, upstream: u16, good: bool) -> u16 {
    if let Some(mapped) = rule.answer_statuses.get(&upstream.to_string()) {
        return *mapped;
    }
    match upstream {
        200..=299 if good => upstream,
        _ if good => 200,
        400..=499 if ![401, 403, 407].contains(&upstream) => upstream,
        _ => 502,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn answer(rule: Value, status: u16, body: &'static str) -> (u16, String, Option<String>) {
        let mut definition = json!({"name": "r", "request": {"url": "https://x.example"}});
        definition.as_object_mut().unwrap().extend(rule.as_object().unwrap().clone());
        let response = OutboundResponse { status, headers: HeaderMap::new(), body: body.into(), truncated: false };
        let passed = pass_on(&serde_json::from_value(definition).unwrap(), response);
        (passed.status, String::from_utf8(passed.body.to_vec()).unwrap(), passed.bad)
    }

    /// Rule, answer of the upstream, and what is passed on.
    #[test]
    fn answers_are_passed_on_as_the_rule_says() {
        let bad = |why: &str| Some(why.to_owned());
        let table = [
            (json!({}), 201, "x", (201, "x", None)),
            (json!({}), 404, "x", (404, "x", bad("The upstream answered with status 404."))),
            (json!({"error_path": "$.e"}), 500, r#"{"e":"no"}"#, (502, r#"{"e":"no"}"#, bad("no"))),
            (json!({}), 401, "", (502, "", bad("The upstream answered with status 401."))),
            (json!({}), 302, "", (502, "", bad("The upstream answered with status 302."))),
            (json!({"success": {"statuses": [404]}}), 404, "x", (200, "x", None)),
            (json!({"success": {"statuses": [404]}, "answer_statuses": {"404": 404}}), 404, "x", (404, "x", None)),
            (json!({"answer_statuses": {"500": 503}}), 500, "x", (503, "x", bad("The upstream answered with status 500."))),
            (json!({"success": {"path": "$.ok"}}), 200, r#"{"ok":true}"#, (200, r#"{"ok":true}"#, None)),
            (
                json!({"success": {"path": "$.ok"}}),
                200,
                r#"{"ok":false}"#,
                (502, r#"{"ok":false}"#, bad("The upstream answered with status 200.")),
            ),
            (json!({"result_path": "$.r"}), 200, r#"{"r":[1]}"#, (200, "[1]", None)),
            (json!({"result_path": "$.r"}), 200, "text", (502, "text", bad("The upstream's answer has no result."))),
        ];
        for (rule, status, body, (expected, passed, why)) in table {
            assert_eq!(answer(rule.clone(), status, body), (expected, passed.to_owned(), why), "{rule} {status} {body}");
        }
    }
}
