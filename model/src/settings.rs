//! System settings: what an administrator changes while the server runs. What only a restart can change is in the server's configuration.

use serde::{Deserialize, Serialize};

/// All system settings. A field that is missing where they are stored has its default, so a new version can read what an old one wrote.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Settings {
    /// The name that the console shows; the product's own where it is empty.
    pub site_name: String,
    /// What the recharge page tells people, as Markdown.
    pub recharge_content: String,
    /// Days for which deliveries to webhooks and their attempts are kept after they ended.
    pub webhook_retention_days: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { site_name: String::new(), recharge_content: String::new(), webhook_retention_days: 30 }
    }
}
