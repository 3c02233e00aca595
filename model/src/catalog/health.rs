//! How a channel does: what failed last, and what was taken out of use because of it.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// How a channel does, as administrators see it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChannelHealth {
    /// Calls that failed one after another: no answer, or 5xx. A good answer ends the row.
    pub failures: i64,
    /// What went wrong last; empty if nothing did.
    pub last_error: String,
    /// When that was.
    pub last_error_at: Option<Timestamp>,
    /// When the program itself took the channel out of use; absent while it is in use.
    pub disabled_automatically_at: Option<Timestamp>,
    /// Why, in a sentence; empty while it is in use.
    pub reason: String,
    /// From when on one call is let through, to see whether it works again.
    pub next_probe_at: Option<Timestamp>,
    /// Its credentials, the first first.
    pub keys: Vec<KeyHealth>,
}

/// How one credential of a channel does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeyHealth {
    /// Its end, the rest masked; of a short one nothing.
    pub masked: String,
    /// When it was set aside because the upstream refused it; absent while it is in use.
    pub disabled_automatically_at: Option<Timestamp>,
    /// Why, in a sentence.
    pub reason: String,
    /// From when on one call is made with it again.
    pub next_probe_at: Option<Timestamp>,
}
