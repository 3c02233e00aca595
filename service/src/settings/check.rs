//! What settings must be before they are stored.

use crate::http_client::OutboundPolicy;
use crate::reading;
use model::settings::Settings;
use model::{Error, Result};
use serde_json::{Map, Value};

/// Characters of the site's name at most: it stands in the header and in the titles of pages.
const NAME: usize = 40;
/// Characters of the recharge page's text at most.
const RECHARGE: usize = 20_000;
/// Entries of the outbound allow-list at most.
const MOST_ALLOWED: usize = 100;

/// Refuses settings that make no sense; the error names the field.
pub(super) fn check(settings: &Settings) -> Result<()> {
    let range = |field: &str, value: Option<i64>, least: i64, most: i64| match value {
        Some(value) if !(least..=most).contains(&value) => Err(Error::invalid(field, format!("`{field}` must be {least} to {most}."))),
        _ => Ok(()),
    };
    if settings.site_name.chars().count() > NAME || settings.site_name.contains(char::is_control) {
        return Err(Error::invalid("site_name", format!("The name must have at most {NAME} characters on one line.")));
    }
    if settings.recharge_content.chars().count() > RECHARGE || settings.recharge_content.contains('\0') {
        return Err(Error::invalid("recharge_content", format!("The text must have at most {RECHARGE} characters.")));
    }
    range("request_limit_per_minute", settings.request_limit_per_minute, 0, 1_000_000)?;
    range("max_parallel_per_user", settings.max_parallel_per_user, 0, 10_000)?;
    range("min_interval_seconds", settings.min_interval_seconds, 1, 86_400)?;
    range("default_interval_seconds", settings.default_interval_seconds, 1, 86_400)?;
    if let (Some(default), Some(min)) = (settings.default_interval_seconds, settings.min_interval_seconds)
        && default < min
    {
        return Err(Error::invalid("default_interval_seconds", "The default interval must not be below the smallest one."));
    }
    range("task_retention_days", settings.task_retention_days, 1, 36_500)?;
    range("attempt_retention_days", settings.attempt_retention_days, 1, 36_500)?;
    range("low_balance_default", settings.low_balance_default, 0, crate::ledger::MAX_POINTS)?;
    range("webhook_retention_days", settings.webhook_retention_days, 1, 36_500)?;
    range("request_log_days", settings.request_log_days, 0, 36_500)?;
    range("request_log_megabytes", settings.request_log_megabytes, 0, 10_000_000)?;
    range("request_log_body_bytes", settings.request_log_body_bytes, 0, 1 << 20)?;
    if settings.outbound_allow.len() > MOST_ALLOWED {
        return Err(Error::invalid("outbound_allow", format!("At most {MOST_ALLOWED} entries.")));
    }
    OutboundPolicy::new(&settings.outbound_allow, Vec::new()).map(drop).map_err(|error| Error::invalid("outbound_allow", error.to_string()))
}

/// Settings out of JSON. Names that no setting has are refused: a misspelt one would change nothing without saying so.
pub(super) fn read(fields: Map<String, Value>) -> Result<Settings> {
    let known = serde_json::to_value(Settings::default()).unwrap_or_default();
    if let Some(name) = fields.keys().find(|name| known.get(name.as_str()).is_none()) {
        return Err(Error::invalid(name, format!("There is no setting `{name}`.")));
    }
    reading::value(&Value::Object(fields)).map_err(|mut error| {
        error.field = error.field.map(|field| field.split(['.', '[']).next().unwrap_or_default().to_owned());
        error
    })
}
