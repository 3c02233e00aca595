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
    /// What it belongs to.
    pub target: Option<EntryTarget>,
    /// A note for people.
    pub note: String,
    /// When it happened.
    pub created_at: Timestamp,
}

/// What an entry belongs to, for a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EntryTarget {
    /// A run of a task.
    Task {
        /// The task's number.
        id: i64,
        /// Which of its runs.
        run: i64,
    },
    /// A call of a custom API.
    Call {
        /// What stands behind `call:` in the reference.
        id: String,
    },
    /// A recharge or reverse recharge by an administrator, or a redeemed code.
    Recharge,
}

impl EntryTarget {
    /// What a reference says.
    pub fn of(reference: &str) -> Option<Self> {
        let mut parts = reference.split(':');
        match (parts.next()?, parts.next()?) {
            ("task", id) => {
                let run = parts.next().filter(|word| *word == "run").and_then(|_| parts.next());
                Some(EntryTarget::Task { id: id.parse().ok()?, run: run.and_then(|run| run.parse().ok()).unwrap_or(1) })
            }
            ("call", id) => Some(EntryTarget::Call { id: id.to_owned() }),
            ("recharge" | "reverse_recharge" | "redemption", _) => Some(EntryTarget::Recharge),
            _ => None,
        }
    }
}

/// What a list of entries is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct EntryFilter {
    /// From 1.
    pub page: Option<i64>,
    /// 1 to 100, 20 by default.
    pub page_size: Option<i64>,
    /// Entries of one kind only.
    pub kind: Option<EntryKind>,
    /// The first instant.
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, format = DateTime))]
    pub start: Option<Timestamp>,
    /// The instant that ends the range, not included.
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, format = DateTime))]
    pub end: Option<Timestamp>,
    /// The number of a task, or the beginning of a reference.
    pub q: Option<String>,
}

/// Sums of the range, for reconciliation: opening balance + recharged + refunded − captured − taken back = closing balance, held points included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EntrySums {
    /// Points spent.
    pub captured: i64,
    /// Points given back by failed and cancelled runs.
    pub released: i64,
    /// Spent points given back.
    pub refunded: i64,
    /// Points added.
    pub recharged: i64,
    /// Added points taken back.
    pub reversed: i64,
    /// What they span: the quarters of an hour that the range touches; null for without bound.
    pub start: Option<Timestamp>,
    /// Their end, not included.
    pub end: Option<Timestamp>,
}

/// One page of entries with the sums of the range.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EntryPage {
    /// The entries, newest first.
    pub items: Vec<EntryView>,
    /// Entries of the whole filtered list.
    pub total: i64,
    /// Whether counting stopped at `total`: there are at least so many.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub total_is_limited: bool,
    /// This page's number, from 1.
    pub page: i64,
    /// Entries a page.
    pub page_size: i64,
    /// Sums of the range, whatever kind and reference the list is narrowed to.
    pub sums: EntrySums,
}

#[cfg(test)]
mod tests {
    use super::EntryTarget;

    #[test]
    fn references_become_links() {
        assert_eq!(EntryTarget::of("task:7:run:2:hold"), Some(EntryTarget::Task { id: 7, run: 2 }));
        assert_eq!(EntryTarget::of("call:abc:capture"), Some(EntryTarget::Call { id: "abc".to_owned() }));
        assert_eq!(EntryTarget::of("redemption:1:user:2"), Some(EntryTarget::Recharge));
        assert_eq!(EntryTarget::of("reverse_recharge:x"), Some(EntryTarget::Recharge));
        assert_eq!(EntryTarget::of("h1:hold"), None);
    }
}
