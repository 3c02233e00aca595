//! Speaking to an upstream: a rule's templates to a request, its answer to a judgement.

use super::outcome::Answer;
use super::template::{Body, Context, Place, Template};
use crate::features::RuleRow;
use crate::http_client::{Limits, OutboundError, OutboundRequest, OutboundResponse};
use crate::service::Service;
use crate::tasks::extract;
use model::rules::{RequestTemplate, Rule, SuccessCondition};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

/// What a stored answer that was cut ends with.
pub(super) const TRUNCATED: &str = "… [truncated]";

/// A request of a rule, parsed once.
pub(super) struct Compiled {
    method: http::Method,
    url: Template,
    headers: Vec<(http::HeaderName, Template)>,
    body: Option<Body>,
}

/// All requests of a rule.
pub(super) struct CompiledRule {
    pub submit: Compiled,
    pub poll: Option<Compiled>,
    pub result: Option<Compiled>,
    pub cancel: Option<Compiled>,
}

type Cache = Mutex<HashMap<i64, (Arc<RuleRow>, Arc<CompiledRule>)>>;

/// Parsed rules by number; an entry is made anew when the rule in the catalog is another one.
static CACHE: LazyLock<Cache> = LazyLock::new(Cache::default);

/// The parsed requests of a rule.
pub(super) fn compiled(rule: &Arc<RuleRow>) -> Arc<CompiledRule> {
    let mut cache = CACHE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, compiled)) = cache.get(&rule.id).filter(|(cached, _)| Arc::ptr_eq(cached, rule)) {
        return compiled.clone();
    }
    let poll = rule.rule.poll.as_ref();
    let compiled = Arc::new(CompiledRule {
        submit: Compiled::parse(&rule.rule.request),
        poll: poll.map(|poll| Compiled::parse(&poll.request)),
        result: poll.and_then(|poll| poll.result_request.as_ref()).map(Compiled::parse),
        cancel: poll.and_then(|poll| poll.cancel.as_ref()).map(Compiled::parse),
    });
    cache.insert(rule.id, (rule.clone(), compiled.clone()));
    compiled
}

impl Compiled {
    pub(super) fn parse(request: &RequestTemplate) -> Self {
        let headers = request.headers.iter();
        Compiled {
            method: http::Method::from_bytes(request.method.as_str().as_bytes()).unwrap_or_default(),
            url: Template::parse(&request.url),
            // Names were checked when the catalog was applied.
            headers: headers.filter_map(|(name, value)| Some((http::HeaderName::try_from(name).ok()?, Template::parse(value)))).collect(),
            body: request.body.as_ref().map(Body::parse),
        }
    }

    /// The request with its values. The caller's headers come first, so that those of the rule win.
    pub fn request(
        &self,
        service: &Service,
        context: &Context,
        own: &Value,
        rule: &Rule,
        attempt_id: Option<&str>,
    ) -> Result<OutboundRequest, String> {
        let mut headers = http::HeaderMap::new();
        let text = |text: &str| http::HeaderValue::try_from(text).map_err(|_| "A header of the request is not valid.".to_owned());
        for (name, value) in own.as_object().into_iter().flatten() {
            if let (Ok(name), Some(value)) = (http::HeaderName::try_from(name), value.as_str()) {
                headers.insert(name, text(value)?);
            }
        }
        let body = match &self.body {
            None => bytes::Bytes::new(),
            Some(body) => {
                headers.insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
                let value = body.render(context)?.unwrap_or(Value::Null);
                serde_json::to_vec(&value).map_err(|_| "The body of the request could not be written.".to_owned())?.into()
            }
        };
        for (name, template) in &self.headers {
            headers.insert(name.clone(), text(&template.render(context, Place::Text)?)?);
        }
        if let Some(id) = attempt_id {
            headers.insert(http::HeaderName::from_static("idempotency-key"), text(id)?);
        }
        let total = Duration::from_secs(rule.timeout_seconds.clamp(1, 300).unsigned_abs());
        let mut request = OutboundRequest::new(self.method.clone(), self.url.render(context, Place::Url)?);
        request.headers = headers;
        request.body = body;
        request.limits = Limits { total, idle: total, max_body: service.config.engine.max_response_bytes, ..Limits::default() };
        request.truncate = true;
        if let Some(signature) = rule.sign {
            super::platform::sign(signature, &mut request, context.credential(), service.clock.now())?;
        }
        Ok(request)
    }
}

/// An answer and its body as JSON, where it is JSON.
#[derive(Clone)]
pub(super) struct Reply {
    pub answer: Answer,
    pub json: Value,
    /// Seconds that the upstream asks to wait.
    pub retry_after: Option<i64>,
    pub truncated: bool,
}

impl Reply {
    /// Reads an answer. A cut body is never taken for JSON.
    pub fn read(response: OutboundResponse) -> Self {
        let header = response.headers.get(http::header::RETRY_AFTER).and_then(|value| value.to_str().ok());
        let retry_after = header.and_then(|text| text.trim().parse::<i64>().ok()).filter(|seconds| *seconds >= 0);
        let parsed = if response.truncated { None } else { serde_json::from_slice::<Value>(&response.body).ok() };
        // U+0000 cannot be stored by PostgreSQL; it is replaced where it would enter, here.
        let text = String::from_utf8_lossy(&response.body).replace('\0', "\u{fffd}");
        let (json, body) = match parsed {
            Some(json) if text.contains("\\u0000") => {
                let json = without_nul(json);
                let body = json.to_string();
                (json, body)
            }
            Some(json) => (json, text),
            None => {
                let text = if response.truncated { text + TRUNCATED } else { text };
                let json = Value::String(text);
                let body = json.to_string();
                (json, body)
            }
        };
        let body = (!response.body.is_empty()).then_some(body);
        Reply { answer: Answer { status: response.status, body, answered: true }, json, retry_after, truncated: response.truncated }
    }

    /// Whether the rule's condition holds.
    pub fn is_success(&self, condition: &SuccessCondition) -> bool {
        let status = self.answer.status;
        let status_good = if condition.statuses.is_empty() { (200..300).contains(&status) } else { condition.statuses.contains(&status) };
        let value_good = || match (&condition.path, &condition.equals) {
            (None, _) => true,
            (Some(path), Some(expected)) => extract(&self.json, path).as_ref() == Some(expected),
            (Some(path), None) => extract(&self.json, path).is_some_and(|value| !matches!(value, Value::Null | Value::Bool(false))),
        };
        status_good && value_good()
    }

    /// Why it is bad: what the rule's path finds, else the status.
    pub fn reason(&self, path: Option<&str>) -> String {
        let told = path.and_then(|path| extract(&self.json, path)).map(|value| match value {
            Value::String(text) => text,
            other => other.to_string(),
        });
        let told = told.filter(|text| !text.is_empty()).map(|text| text.chars().take(1000).collect::<String>());
        told.unwrap_or_else(|| format!("The upstream answered with status {}.", self.answer.status))
    }
}

/// Calls through the one outbound door.
pub(super) async fn call(service: &Service, request: OutboundRequest) -> Result<Reply, OutboundError> {
    service.http.call(request).await.map(Reply::read)
}

fn without_nul(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(text.replace('\0', "\u{fffd}")),
        Value::Array(items) => Value::Array(items.into_iter().map(without_nul).collect()),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(key, value)| (key.replace('\0', "\u{fffd}"), without_nul(value))).collect())
        }
        other => other,
    }
}
