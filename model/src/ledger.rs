//! Points: balances and the movements that explain them.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What an account can spend and what is set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Balance {
    /// Points that can be spent.
    pub available: i64,
    /// Points set aside for runs that have not ended.
    pub held: i64,
}

/// Kinds of movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// Available to held.
    Hold,
    /// Held to revenue.
    Capture,
    /// Held back to available.
    Release,
    /// Revenue back to available; never more than was captured.
    Refund,
    /// Funding to available.
    Recharge,
    /// Available back to funding.
    ReverseRecharge,
}

impl EntryKind {
    /// Every kind.
    pub const ALL: [EntryKind; 6] =
        [EntryKind::Hold, EntryKind::Capture, EntryKind::Release, EntryKind::Refund, EntryKind::Recharge, EntryKind::ReverseRecharge];

    /// The word on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            EntryKind::Hold => "hold",
            EntryKind::Capture => "capture",
            EntryKind::Release => "release",
            EntryKind::Refund => "refund",
            EntryKind::Recharge => "recharge",
            EntryKind::ReverseRecharge => "reverse_recharge",
        }
    }

    /// The kind of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// What `points` of this kind do to (available, held, system). The three always sum to zero.
    pub fn deltas(self, points: i64) -> (i64, i64, i64) {
        match self {
            EntryKind::Hold => (-points, points, 0),
            EntryKind::Capture => (0, -points, points),
            EntryKind::Release => (points, -points, 0),
            EntryKind::Refund | EntryKind::Recharge => (points, 0, -points),
            EntryKind::ReverseRecharge => (-points, 0, points),
        }
    }
}

/// One movement of an account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EntryView {
    /// The number of the entry.
    pub id: i64,
    /// What kind.
    pub kind: EntryKind,
    /// How many points moved; always positive.
    pub points: i64,
    /// Available points after it.
    pub available_after: i64,
    /// Held points after it.
    pub held_after: i64,
    /// Unique reference, for example `task:7:run:1:hold`.
    pub reference: String,
    /// A note for people.
    pub note: String,
    /// When it happened.
    pub created_at: Timestamp,
}
