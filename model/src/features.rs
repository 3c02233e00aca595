//! Features: what people see and pay for.

use crate::form::FormField;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// When the price is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PriceKind {
    /// Captured on success, released otherwise.
    #[default]
    PerSuccess,
    /// Captured when an upstream has accepted or answered the first attempt; released if nothing was ever sent.
    PerSubmission,
}

/// Who can see and use a feature. Administrators always can.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Every user.
    #[default]
    Everyone,
    /// The users that `visible_to` names.
    Users,
    /// Administrators only, for example while it is being tried out.
    Hidden,
}

impl Visibility {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Visibility::Everyone => "everyone",
            Visibility::Users => "users",
            Visibility::Hidden => "hidden",
        }
    }
}

/// One result to pick out of the upstream's answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ResultField {
    /// What people read; the path unless given.
    #[serde(default)]
    pub label: String,
    /// JSONPath (RFC 9535) in the response.
    pub path: String,
}

/// A picked result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResultValue {
    /// What people read.
    pub label: String,
    /// JSONPath in the response.
    pub path: String,
    /// The value; several matches become an array; absent without a match.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Value>))]
    pub value: Option<Value>,
}

/// A feature as an operator defines it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Feature {
    /// Unique name for operators; keeps its number when it is applied again.
    pub key: String,
    /// What people read.
    pub name: String,
    /// What it does, in sentences.
    #[serde(default)]
    pub description: String,
    /// Where it is listed.
    #[serde(default)]
    pub category: String,
    /// The platform whose channels run it.
    pub platform: String,
    /// What is done on that platform, for example `song`.
    #[serde(default)]
    pub action: String,
    /// Name of the rule.
    pub rule: String,
    /// The form.
    #[serde(default)]
    pub form_schema: Vec<FormField>,
    /// Results to show.
    #[serde(default)]
    pub result_fields: Vec<ResultField>,
    /// Points of one run.
    #[serde(default)]
    pub points: i64,
    /// When they are due.
    #[serde(default)]
    pub price_kind: PriceKind,
    /// The price in words; made from the price unless given.
    #[serde(default)]
    pub billing_hint: String,
    /// Retries; the rule's unless given, and never more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_retries: Option<i64>,
    /// Seconds between attempts; the rule's unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval_seconds: Option<i64>,
    /// Tasks of one user that may run at the same time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_parallel_per_user: Option<i64>,
    /// Place in lists, smallest first.
    #[serde(default)]
    pub sort_order: i64,
    /// Whether it can be seen and used.
    #[serde(default = "crate::rules::default_true")]
    pub enabled: bool,
    /// Who can see and use it.
    #[serde(default)]
    pub visibility: Visibility,
    /// Names of users, where only some can see it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub visible_to: Vec<String>,
}

impl Feature {
    /// Whether a user of that name who is no administrator can see and use it. Case does not count in names.
    pub fn is_visible_to(&self, username: &str) -> bool {
        match self.visibility {
            Visibility::Everyone => true,
            Visibility::Users => {
                let wanted = username.to_lowercase();
                self.visible_to.iter().any(|name| name.to_lowercase() == wanted)
            }
            Visibility::Hidden => false,
        }
    }
}

/// A feature as users see it. Names are those that the console template of document 000 reads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FeatureView {
    /// The number.
    #[serde(rename = "ID")]
    pub id: i64,
    /// What people read.
    pub name: String,
    /// What it does.
    pub description: String,
    /// Where it is listed.
    pub category: String,
    /// The form.
    pub form_schema: Vec<FormField>,
    /// Results that are shown.
    pub result_fields: Vec<ResultField>,
    /// The rule that runs it.
    pub rule_id: i64,
    /// Retries at most; -1 for unlimited.
    pub rule_retry_count: i64,
    /// Retries unless a task asks otherwise.
    pub default_retries: i64,
    /// Seconds between attempts unless a task asks otherwise.
    pub default_interval_seconds: i64,
    /// The smallest interval that a task may ask for.
    pub min_interval_seconds: i64,
    /// Points of one run.
    pub points: i64,
    /// When they are due.
    pub price_kind: PriceKind,
    /// The price in the operator's words; empty if there are none.
    pub billing_hint: String,
    /// `POST` here to submit a task.
    pub endpoint: String,
}
