//! All checks of a submission or an edit, before anything is written.

use crate::actor::Actor;
use crate::features::{self, FeatureRow, RuleRow};
use crate::service::Service;
use model::features::PriceKind;
use model::form::check_params;
use model::tasks::{NewTask, Priority};
use model::{Error, ErrorCode, Result};
use serde_json::{Map, Value};
use std::sync::Arc;

/// A submission that passed every check.
pub(super) struct Plan {
    pub feature_id: i64,
    pub rule_id: i64,
    pub feature_name: String,
    pub name: String,
    pub category: String,
    pub points: i64,
    pub price_kind: PriceKind,
    pub priority: Priority,
    pub max_retries: Option<i64>,
    pub interval_seconds: Option<i64>,
    pub effective_retries: i64,
    pub effective_interval: i64,
    pub payload: String,
    pub headers: String,
    /// Checked before, by [`crate::webhooks::require_choice`].
    pub webhook_ids: Vec<i64>,
}

/// The feature and its rule, if it is switched on and its caller can see it.
pub(super) fn feature_for(service: &Service, actor: &Actor, feature_id: i64) -> Result<(Arc<FeatureRow>, Arc<RuleRow>)> {
    let found = features::snapshot(service).features.get(&feature_id).is_some_and(|feature| feature.is_visible_to(actor));
    if found { feature(service, feature_id) } else { Err(Error::not_found("feature")) }
}

/// The feature and its rule, if it is switched on.
pub(super) fn feature(service: &Service, feature_id: i64) -> Result<(Arc<FeatureRow>, Arc<RuleRow>)> {
    let snapshot = features::snapshot(service);
    let feature = snapshot.features.get(&feature_id).ok_or_else(|| Error::not_found("feature"))?;
    if !feature.feature.enabled {
        return Err(Error::new(ErrorCode::FeatureDisabled, "This feature is switched off."));
    }
    let rule = snapshot.rules.get(&feature.rule_id).ok_or_else(Error::internal)?;
    Ok((feature.clone(), rule.clone()))
}

/// Plans a submission.
pub(super) fn plan(service: &Service, actor: &Actor, feature_id: i64, new: NewTask, fields: Fields<'_>) -> Result<Plan> {
    let (feature, rule) = feature_for(service, actor, feature_id)?;
    let effective_retries = features::effective_retries(new.max_retries, &feature.feature, &rule.rule)?;
    let effective_interval = features::effective_interval(new.interval_seconds, &feature.feature, &rule.rule, service.intervals())?;
    let category = new.category.unwrap_or_else(|| feature.feature.category.clone());
    Ok(Plan {
        feature_id,
        rule_id: rule.id,
        feature_name: feature.feature.name.clone(),
        name: label("name", new.name.unwrap_or_default())?,
        category: label("category", category)?,
        points: feature.feature.points,
        price_kind: feature.feature.price_kind,
        priority: new.priority,
        max_retries: new.max_retries,
        interval_seconds: new.interval_seconds,
        effective_retries,
        effective_interval,
        payload: payload(&feature, new.params, fields)?,
        headers: headers(new.headers)?,
        webhook_ids: new.webhook_ids,
    })
}

/// A name or category: one line, at most 200 characters.
pub(super) fn label(field: &str, text: String) -> Result<String> {
    if text.chars().count() > 200 {
        return Err(Error::invalid(field, format!("`{field}` must have at most 200 characters.")));
    }
    if text.contains(char::is_control) {
        return Err(Error::invalid(field, format!("`{field}` must be one line of text.")));
    }
    Ok(text)
}

/// What becomes of parameters that a feature's form does not have.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fields<'a> {
    /// They are refused: most likely they are misspelt.
    Known,
    /// They are kept and passed on, unchecked, where the upstream knows more than the form.
    Any,
    /// Those that the task has already stay; others are refused.
    Kept(&'a Map<String, Value>),
}

impl Fields<'_> {
    fn takes(self, key: &str) -> bool {
        match self {
            Fields::Known => false,
            Fields::Any => true,
            Fields::Kept(before) => before.contains_key(key),
        }
    }
}

/// Checked parameters as JSON text.
pub(super) fn payload(feature: &FeatureRow, params: Map<String, Value>, fields: Fields<'_>) -> Result<String> {
    let form = &feature.feature.form_schema;
    let of_form = |key: &str| form.iter().any(|field| field.key == key);
    let (passed_on, known): (Map<_, _>, Map<_, _>) = params.into_iter().partition(|(key, _)| !of_form(key) && fields.takes(key));
    let mut params = check_params(form, known)?;
    if let Fields::Kept(before) = fields {
        params.extend(before.iter().filter(|(key, _)| !of_form(key)).map(|(key, value)| (key.clone(), value.clone())));
    }
    params.extend(passed_on);
    refuse_nul(&params)?;
    Ok(Value::Object(params).to_string())
}

/// Refuses parameters with U+0000, which PostgreSQL cannot store.
pub(crate) fn refuse_nul(params: &Map<String, Value>) -> Result<()> {
    match params.iter().find(|(_, value)| has_nul(value)) {
        Some((key, _)) => Err(Error::invalid(key, format!("`{key}` must not contain the character U+0000."))),
        None => Ok(()),
    }
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(fields) => fields.iter().any(|(key, value)| key.contains('\0') || has_nul(value)),
        _ => false,
    }
}

/// Headers that a caller may never set: they belong to the connection, or would let a caller speak in our name.
const FORBIDDEN_HEADERS: [&str; 14] = [
    "authorization",
    "connection",
    "content-length",
    "cookie",
    "expect",
    "host",
    "idempotency-key",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Checked extra headers as JSON text.
pub(super) fn headers(headers: Map<String, Value>) -> Result<String> {
    let fail = |message: String| Err(Error::invalid("headers", message));
    if headers.len() > 32 {
        return fail("At most 32 headers.".to_owned());
    }
    for (name, value) in &headers {
        if http::HeaderName::try_from(name.as_str()).is_err() {
            return fail(format!("`{name}` is not a header name."));
        }
        if FORBIDDEN_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
            return fail(format!("The header `{name}` cannot be set."));
        }
        let Some(text) = value.as_str() else { return fail(format!("The header `{name}` must be a string.")) };
        if text.len() > 4096 || http::HeaderValue::try_from(text).is_err() {
            return fail(format!("The value of the header `{name}` is not valid."));
        }
    }
    Ok(Value::Object(headers).to_string())
}
