//! What the server tells open pages through `GET /events`.

use crate::ledger::Balance;
use crate::tasks::TaskStatus;
use crate::time::Timestamp;
use crate::webhooks::{DeliveryStatus, DisabledReason};
use serde::{Deserialize, Serialize};

/// One change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// A task was submitted or changed.
    Task {
        /// The task's number.
        id: i64,
        /// Where it is now.
        status: TaskStatus,
        /// Percent, 0 to 100.
        progress: i64,
        /// Attempts after the first.
        retry_count: i64,
        /// When it changed.
        updated_at: Timestamp,
    },
    /// A task was deleted.
    TaskDeleted {
        /// The task's number.
        id: i64,
    },
    /// The owner's points changed.
    Balance {
        /// The points now.
        balance: Balance,
    },
    /// A push to a webhook got further.
    Delivery {
        /// The delivery's number.
        id: i64,
        /// The webhook's number.
        webhook_id: i64,
        /// Where it is now.
        status: DeliveryStatus,
    },
    /// The program switched a webhook off.
    WebhookDisabled {
        /// The webhook's number.
        id: i64,
        /// Its name.
        name: String,
        /// Why.
        reason: DisabledReason,
    },
    /// The available points fell below what the owner wants to be told about; once for each crossing.
    LowBalance {
        /// Points that can be spent.
        available: i64,
        /// What the owner set.
        threshold: i64,
    },
    /// Too much was missed: load everything anew.
    Resync,
}
