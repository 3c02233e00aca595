//! Entries of the catalog as administrators see and change them.

use super::dry_run::SampleRequest;
use super::health::ChannelHealth;
use crate::features::Feature;
use crate::rules::{Channel, Rule};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A feature with what is kept beside its definition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FeatureEntry {
    /// The number.
    pub id: i64,
    /// Grows with every change; a change names the version that it was made from.
    pub version: i64,
    /// The place in the order of all features, from 1.
    pub position: i64,
    /// The number of its rule.
    pub rule_id: i64,
    /// The definition.
    pub definition: Feature,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A rule with what is kept beside its definition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleEntry {
    /// The number.
    pub id: i64,
    /// Grows with every change; a change names the version that it was made from.
    pub version: i64,
    /// Names of the features that it runs.
    pub used_by: Vec<String>,
    /// The definition.
    pub definition: Rule,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A channel with what is kept beside its definition. Its credential is never in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChannelEntry {
    /// The number.
    pub id: i64,
    /// Grows with every change; a change names the version that it was made from.
    pub version: i64,
    /// Whether a credential is stored.
    pub has_credential: bool,
    /// Why calls to the base URL would be refused, in a sentence: it is in a special network that is not allowed. Names are looked up for
    /// one channel, not for a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
    /// How it does.
    pub health: ChannelHealth,
    /// The definition, without the credentials.
    pub definition: Channel,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A new definition of an entry, made from one of its versions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Revision<T> {
    /// The version that was read. If the entry has another one by now, nothing is changed.
    pub version: i64,
    /// The whole new definition.
    pub definition: T,
}

/// Which entries are listed; also the query string.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct EntryFilter {
    /// From 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<i64>,
    /// 1 to 100, 20 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_size: Option<i64>,
    /// Part of a name, without regard to case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
}

/// Switches an entry on or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Switch {
    /// Whether it is used.
    pub enabled: bool,
}

/// Where a feature goes in the order of all features.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// From 1; beyond the end is the end.
    pub position: i64,
}

/// What a test of a channel calls.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ChannelTest {
    /// Sends the request of this rule; without one, `GET` of the base URL without the credential.
    pub rule_id: Option<i64>,
    /// Values of the rule's templates.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub params: Map<String, Value>,
}

/// What came of a test of a channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChannelTestResult {
    /// What was sent, the credential masked.
    pub request: SampleRequest,
    /// The status of the answer; absent without one.
    pub status: Option<u16>,
    /// How long it took, in milliseconds.
    pub duration: i64,
    /// Why there is no answer.
    pub error: Option<String>,
    /// The beginning of the answer's body.
    pub body: String,
}
