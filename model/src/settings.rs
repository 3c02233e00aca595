//! System settings: what an administrator changes while the server runs. What only a restart can change is in the server's configuration.

use serde::{Deserialize, Serialize};

/// Who may make their own account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// Nobody: administrators make accounts.
    #[default]
    Closed,
    /// Whoever has an invitation.
    Invitation,
    /// Everybody.
    Open,
}

impl Registration {
    /// Every choice.
    pub const ALL: [Registration; 3] = [Registration::Closed, Registration::Invitation, Registration::Open];

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Registration::Closed => "closed",
            Registration::Invitation => "invitation",
            Registration::Open => "open",
        }
    }

    /// The choice of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|registration| registration.as_str() == word)
    }
}

/// All system settings. A field that is missing where they are stored has its default, so a new version can read what an old one wrote.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Settings {
    /// The name that the console shows; the product's own where it is empty.
    pub site_name: String,
    /// What the recharge page tells people, as Markdown.
    pub recharge_content: String,
    /// Points below which people are told that few are left, for accounts made from now on; 0 (they are not told) where absent. Everybody sets
    /// their own afterwards.
    pub low_balance_default: Option<i64>,
    /// Who may make their own account.
    pub registration: Registration,
    /// Whether `?api_key=` works at all; as the configuration says where absent.
    pub api_key_in_query: Option<bool>,
    /// Requests a minute of one caller, 0 for no limit; as the configuration says where absent.
    pub request_limit_per_minute: Option<i64>,
    /// Attempts of one user in flight on a node, 0 for no limit; as the configuration says where absent.
    pub max_parallel_per_user: Option<i64>,
    /// Seconds between attempts where neither task nor feature nor rule says otherwise; as the configuration says where absent.
    pub default_interval_seconds: Option<i64>,
    /// The smallest interval that a task may ask for, in seconds; as the configuration says where absent.
    pub min_interval_seconds: Option<i64>,
    /// Days after which ended tasks and their attempts are deleted; never where absent. Movements of points stay.
    pub task_retention_days: Option<i64>,
    /// Days after which attempts are deleted, those of living tasks included; never where absent.
    pub attempt_retention_days: Option<i64>,
    /// Days for which deliveries to webhooks and their attempts are kept after they ended; 30 where absent.
    pub webhook_retention_days: Option<i64>,
    /// Networks and ports that outbound calls may reach beside those of the configuration: `10.0.0.0/8:*`.
    pub outbound_allow: Vec<String>,
    /// Days that request logs are kept: 30 unless given, 0 for no limit.
    pub request_log_days: Option<i64>,
    /// Megabytes that request logs may take, the oldest going first: 4,096 unless given, 0 for no limit.
    pub request_log_megabytes: Option<i64>,
    /// Bytes of a request's and of an answer's body that are kept: 16,384 unless given, 1,048,576 at most, 0 for no bodies.
    pub request_log_body_bytes: Option<i64>,
}

impl Settings {
    /// Days that request logs are kept; `None` for no limit.
    pub fn request_log_days(&self) -> Option<i64> {
        Some(self.request_log_days.unwrap_or(30)).filter(|days| *days > 0)
    }

    /// Bytes that request logs may take; `None` for no limit.
    pub fn request_log_bytes(&self) -> Option<i64> {
        Some(self.request_log_megabytes.unwrap_or(4096))
            .filter(|megabytes| *megabytes > 0)
            .map(|megabytes| megabytes.saturating_mul(1 << 20))
    }

    /// Bytes of a body that are kept.
    pub fn request_log_body_bytes(&self) -> usize {
        usize::try_from(self.request_log_body_bytes.unwrap_or(16_384).clamp(0, 1 << 20)).unwrap_or(16_384)
    }
}

/// What the server's configuration says about the settings that are absent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SettingsDefaults {
    /// Whether `?api_key=` works.
    pub api_key_in_query: bool,
    /// Requests a minute of one caller, 0 for no limit.
    pub request_limit_per_minute: i64,
    /// Attempts of one user in flight on a node, 0 for no limit.
    pub max_parallel_per_user: i64,
    /// Seconds between attempts.
    pub default_interval_seconds: i64,
    /// The smallest interval, in seconds.
    pub min_interval_seconds: i64,
    /// Networks and ports that are allowed already.
    pub outbound_allow: Vec<String>,
}

/// The settings as they are: `GET /api/admin/settings`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SettingsView {
    /// Grows with every change; send it back with yours.
    pub version: i64,
    /// The settings.
    pub settings: Settings,
    /// What counts where they are absent.
    pub defaults: SettingsDefaults,
}

/// The body of `PUT` and `PATCH /api/admin/settings`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SettingsChange {
    /// The version that the change was made from: somebody else's later change is not undone unseen.
    pub version: i64,
    /// The settings: all of them for `PUT` (those left out get their defaults), those that change for `PATCH`.
    #[cfg_attr(feature = "openapi", schema(value_type = Settings))]
    pub settings: serde_json::Map<String, serde_json::Value>,
}
