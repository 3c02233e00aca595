//! The catalog file: rules, channels, features and custom APIs of an installation, as an operator keeps them.

mod dry_run;
mod entries;
mod health;

pub use dry_run::{DryRun, DryRunReport, OutcomeKind, Problem, SampleAnswer, SampleOutcome, SampleRequest, Step};
pub use entries::{ChannelEntry, ChannelTest, ChannelTestResult, EntryFilter, FeatureEntry, Place, Revision, RuleEntry, Switch};
pub use health::{ChannelHealth, KeyHealth};

use crate::custom_apis::CustomApi;
use crate::features::Feature;
use crate::rules::{Channel, Rule};
use serde::{Deserialize, Serialize};

/// The whole file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalog {
    /// Format version; 1.
    #[serde(default = "version")]
    pub version: i64,
    /// How upstreams are called.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// Where upstreams are.
    #[serde(default)]
    pub channels: Vec<Channel>,
    /// What people see.
    #[serde(default)]
    pub features: Vec<Feature>,
    /// What programs call.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub custom_apis: Vec<CustomApi>,
}

fn version() -> i64 {
    1
}

/// What applying a catalog did or would do.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CatalogReport {
    /// `kind name` of what is new.
    pub created: Vec<String>,
    /// `kind name` of what changed.
    pub updated: Vec<String>,
    /// Number of entries that were already so.
    pub unchanged: usize,
}
