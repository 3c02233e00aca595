//! What a webhook may be.

use crate::service::Service;
use model::webhooks::{WebhookEvent, WebhookKind};
use model::{Error, Result};
use std::collections::BTreeMap;

/// Extra headers of one webhook, at most.
const MOST_HEADERS: usize = 16;
/// Headers that belong to the connection or are ours.
const OWN_HEADERS: [&str; 12] = [
    "connection",
    "content-length",
    "content-type",
    "cookie",
    "expect",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
];

/// A name: one line, 1 to 100 characters.
pub(super) fn name(text: &str) -> Result<String> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > 100 || name.contains(char::is_control) {
        return Err(Error::invalid("name", "The name must have 1 to 100 characters on one line."));
    }
    Ok(name.to_owned())
}

/// A URL that the outbound door would call.
pub(super) fn url(service: &Service, text: &str) -> Result<String> {
    let url = text.trim();
    if url.len() > 2000 {
        return Err(Error::invalid("url", "The URL must have at most 2000 bytes."));
    }
    // Only its form and literal addresses are judged here; names are judged at every call.
    service.http.check_url(url).map_err(|_| Error::invalid("url", "This URL cannot be used: give a public http or https address."))?;
    Ok(url.to_owned())
}

/// The secret of a robot; `None` for no signing.
pub(super) fn signing_secret(kind: WebhookKind, text: Option<&str>) -> Result<Option<String>> {
    let Some(secret) = text.map(str::trim).filter(|secret| !secret.is_empty()) else { return Ok(None) };
    if !kind.takes_secret() {
        return Err(Error::invalid("signing_secret", "Only robots of DingTalk and Feishu take a secret of their own."));
    }
    if secret.len() > 200 || secret.contains(char::is_control) {
        return Err(Error::invalid("signing_secret", "The secret must have at most 200 characters on one line."));
    }
    Ok(Some(secret.to_owned()))
}

/// Events in their order, as they are stored.
pub(super) fn events(chosen: &[WebhookEvent]) -> Result<String> {
    let words: Vec<_> =
        WebhookEvent::ALL.iter().filter(|event| event.can_be_chosen() && chosen.contains(event)).map(|event| event.as_str()).collect();
    if words.is_empty() {
        return Err(Error::invalid("events", "Choose at least one event."));
    }
    Ok(serde_json::Value::from(words).to_string())
}

/// Extra headers, as they are stored.
pub(super) fn headers(headers: &BTreeMap<String, String>) -> Result<String> {
    let fail = |message: String| Err(Error::invalid("headers", message));
    if headers.len() > MOST_HEADERS {
        return fail(format!("At most {MOST_HEADERS} headers."));
    }
    for (name, value) in headers {
        let lower = name.to_ascii_lowercase();
        if http::HeaderName::try_from(name.as_str()).is_err() {
            return fail(format!("`{name}` is not a header name."));
        }
        if OWN_HEADERS.contains(&lower.as_str()) || lower.starts_with("webhook-") {
            return fail(format!("The header `{name}` cannot be set."));
        }
        if value.len() > 4096 || http::HeaderValue::try_from(value).is_err() {
            return fail(format!("The value of the header `{name}` is not valid."));
        }
    }
    serde_json::to_string(headers).map_err(|_| Error::internal())
}
