//! Announcements: what an administrator tells everybody, as a banner in the console.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// How much an announcement stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Good to know.
    #[default]
    Info,
    /// Good news.
    Success,
    /// Something to be prepared for.
    Warning,
    /// Something is wrong now.
    Critical,
}

impl Level {
    /// Every level.
    pub const ALL: [Level; 4] = [Level::Info, Level::Success, Level::Warning, Level::Critical];

    /// The word on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Info => "info",
            Level::Success => "success",
            Level::Warning => "warning",
            Level::Critical => "critical",
        }
    }

    /// The level of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == word)
    }
}

/// What an administrator writes: the body of `POST` and `PUT /api/admin/announcements…`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewAnnouncement {
    /// One line, 1 to 120 characters.
    pub title: String,
    /// Plain text, at most 2,000 characters; line breaks are kept.
    #[serde(default)]
    pub body: String,
    /// How much it stands out.
    #[serde(default)]
    pub level: Level,
    /// When it begins to be shown; at once unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<Timestamp>,
    /// When it is no longer shown; never unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Timestamp>,
    /// Whether people may put it away; true unless given.
    #[serde(default = "crate::rules::default_true")]
    pub dismissible: bool,
}

/// An announcement as administrators see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Announcement {
    /// The number.
    pub id: i64,
    /// One line.
    pub title: String,
    /// Plain text.
    pub body: String,
    /// How much it stands out.
    pub level: Level,
    /// When it begins to be shown; at once if absent.
    pub starts_at: Option<Timestamp>,
    /// When it is no longer shown; never if absent.
    pub ends_at: Option<Timestamp>,
    /// Whether people may put it away.
    pub dismissible: bool,
    /// How many have put it away.
    pub dismissals: i64,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// An announcement as its readers see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Notice {
    /// The number, for putting it away.
    pub id: i64,
    /// One line.
    pub title: String,
    /// Plain text.
    pub body: String,
    /// How much it stands out.
    pub level: Level,
    /// Whether it may be put away.
    pub dismissible: bool,
    /// When it was last changed.
    pub updated_at: Timestamp,
}
