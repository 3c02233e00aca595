//! How the service is, as administrators see it.

use crate::time::Timestamp;
use crate::users::TaskCounts;
use serde::{Deserialize, Serialize};

/// Counts stop here: counting a million rows for a tile would be most of its cost.
pub const COUNT_LIMIT: i64 = 10_000;

/// Everything on the overview: `GET /api/admin/overview`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Overview {
    /// The program's version.
    pub version: String,
    /// The node that answers.
    pub node: String,
    /// When it started.
    pub started_at: Timestamp,
    /// Whether it runs tasks.
    pub runs_tasks: bool,
    /// Living tasks by state.
    pub queue: QueueHealth,
    /// Tasks of all users.
    pub tasks: TaskCounts,
    /// All users, and those that may log in.
    pub users: UserCounts,
    /// What happened lately, oldest first; at most ten minutes.
    pub history: Vec<Pulse>,
    /// Tasks submitted a minute, over the history; absent while there is none.
    pub submitted_per_minute: Option<f64>,
    /// Attempts ended a minute, over the history; absent while there is none.
    pub attempts_per_minute: Option<f64>,
    /// Every channel with what it has to do.
    pub channels: Vec<ChannelLoad>,
    /// Nodes that hold leases.
    pub nodes: Vec<NodeLoad>,
    /// How large the database is.
    pub database: DatabaseSize,
}

/// Living tasks by state. A number stops at [`COUNT_LIMIT`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueueHealth {
    /// Wait for a worker.
    pub queued: i64,
    /// Wait for the time of their next attempt.
    pub retry_wait: i64,
    /// Wait for news of their upstream.
    pub waiting_upstream: i64,
    /// Are being worked on, polls included.
    pub running: i64,
    /// Since when the oldest of the queued waits.
    pub oldest_queued_at: Option<Timestamp>,
    /// Leases that have run out without being renewed: their worker is gone, and they are about to be taken over.
    pub lost_leases: i64,
}

/// Users in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserCounts {
    /// All.
    pub total: i64,
    /// Those that may log in.
    pub enabled: i64,
}

/// One look at the counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pulse {
    /// When.
    pub at: Timestamp,
    /// Tasks submitted since the look before.
    pub submitted: i64,
    /// Attempts ended since the look before.
    pub attempts: i64,
}

/// A channel and what it has to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChannelLoad {
    /// The number.
    pub id: i64,
    /// The name.
    pub name: String,
    /// Its platform.
    pub platform: String,
    /// Whether it is used.
    pub enabled: bool,
    /// Whether it was not taken out of use by the program itself.
    pub working: bool,
    /// Calls under way on the node that answers.
    pub running: i64,
    /// Calls that a node may have under way.
    pub max_parallel: i64,
    /// Jobs that the upstream has accepted; stops at [`COUNT_LIMIT`] over all channels.
    pub waiting_upstream: i64,
}

/// A node and the leases that it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NodeLoad {
    /// The node's name, random for each start.
    pub node: String,
    /// Whether it is the one that answers.
    pub answering: bool,
    /// Its leases.
    pub leases: i64,
    /// When the first of them ends unless it is renewed.
    pub lease_until: Timestamp,
}

/// How large the database is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DatabaseSize {
    /// `sqlite` or `postgres`.
    pub engine: String,
    /// Bytes in all.
    pub bytes: i64,
    /// The files of SQLite; the one database of PostgreSQL.
    pub parts: Vec<DatabasePart>,
}

/// One file, or one database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DatabasePart {
    /// Its name, without the folder.
    pub name: String,
    /// Bytes.
    pub bytes: i64,
}
