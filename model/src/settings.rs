//! System settings: what an administrator changes while the server runs. What only a restart can change is in the server's configuration.

use serde::{Deserialize, Serialize};

/// All system settings. A field that is missing where they are stored has its default, so a new version can read what an old one wrote.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Settings {
    /// The name that the console shows; the product's own where it is empty.
    pub site_name: String,
    /// What the recharge page tells people, as Markdown.
    pub recharge_content: String,
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
