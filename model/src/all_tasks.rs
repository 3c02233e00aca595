//! Tasks of all users, as administrators see and treat them.

use crate::tasks::{Order, TaskStatus, TaskView};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A task with its owner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnedTask {
    /// The task.
    #[serde(flatten)]
    pub task: TaskView,
    /// The owner's number.
    pub user_id: i64,
    /// The owner's name.
    pub username: String,
    /// The channel of its latest attempt; absent before the first has ended or was accepted.
    pub channel_id: Option<i64>,
    /// That channel's name; absent when it is gone.
    pub channel: Option<String>,
}

/// What the list of all tasks is narrowed to; also its query string.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct AllTasksFilter {
    /// From 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<i64>,
    /// 1 to 100, 20 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_size: Option<i64>,
    /// By the time of submission; `desc` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<Order>,
    /// Only tasks in this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<TaskStatus>,
    /// Only tasks of this user, by name or number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Only tasks of this feature, among the newest 50,000 unless a user is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feature_id: Option<i64>,
    /// Only tasks that went through this channel, among the newest 50,000 unless a user is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel_id: Option<i64>,
    /// A whole `task_…` id or number, or part of the name of one of the newest 50,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// Submitted at or after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Timestamp>,
    /// Submitted before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<Timestamp>,
}

/// What an administrator does with tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Intervention {
    /// Ended ones get a new run at today's price; those that wait for a retry or their upstream, or are being called, go back to the queue.
    Requeue,
    /// Ends living ones as failed and gives held points back.
    Fail,
    /// Ends living ones as cancelled and gives held points back.
    Cancel,
}

impl Intervention {
    /// The word on the wire and in the audit log.
    pub fn as_str(self) -> &'static str {
        match self {
            Intervention::Requeue => "requeue",
            Intervention::Fail => "fail",
            Intervention::Cancel => "cancel",
        }
    }

    /// Whether it can be done to a task in that state.
    pub fn is_possible(self, status: TaskStatus) -> bool {
        match self {
            Intervention::Requeue => !matches!(status, TaskStatus::Queued | TaskStatus::Succeeded),
            Intervention::Fail | Intervention::Cancel => !status.is_terminal(),
        }
    }
}

/// The body of `POST /api/admin/tasks/batch`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct InterventionRequest {
    /// What to do.
    pub action: Intervention,
    /// At most 1,000 task numbers.
    pub ids: Vec<i64>,
    /// Why, for the owner and the audit log; at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
