//! Tasks: states and their legal moves, what is submitted, what is shown.

use crate::features::ResultValue;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Where a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TaskStatus {
    /// Waits for a worker.
    Queued,
    /// A worker is calling the upstream.
    Running,
    /// The upstream accepted it and is asked for news.
    WaitingUpstream,
    /// An attempt failed; the next one waits for its time.
    RetryWait,
    /// Ended with a result.
    Succeeded,
    /// Ended without a result.
    Failed,
    /// Ended by its owner or an administrator.
    Cancelled,
}

impl TaskStatus {
    /// Every state, in the order of a life.
    pub const ALL: [TaskStatus; 7] = [
        TaskStatus::Queued,
        TaskStatus::Running,
        TaskStatus::WaitingUpstream,
        TaskStatus::RetryWait,
        TaskStatus::Succeeded,
        TaskStatus::Failed,
        TaskStatus::Cancelled,
    ];

    /// The word on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            TaskStatus::Queued => "queued",
            TaskStatus::Running => "running",
            TaskStatus::WaitingUpstream => "waiting_upstream",
            TaskStatus::RetryWait => "retry_wait",
            TaskStatus::Succeeded => "succeeded",
            TaskStatus::Failed => "failed",
            TaskStatus::Cancelled => "cancelled",
        }
    }

    /// The state of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }

    /// Whether nothing more happens by itself.
    pub fn is_terminal(self) -> bool {
        matches!(self, TaskStatus::Succeeded | TaskStatus::Failed | TaskStatus::Cancelled)
    }

    /// Whether its owner may edit it now: never while an attempt is under way.
    pub fn is_editable(self) -> bool {
        matches!(self, TaskStatus::Queued | TaskStatus::RetryWait | TaskStatus::Failed | TaskStatus::Cancelled)
    }

    /// Whether a new run may be started by hand.
    pub fn is_retryable(self) -> bool {
        matches!(self, TaskStatus::Failed | TaskStatus::Cancelled)
    }

    /// Whether the machine allows the move from `self` to `to`.
    pub fn may_become(self, to: TaskStatus) -> bool {
        use TaskStatus::*;
        match (self, to) {
            (Queued, Running | Failed | Cancelled) => true,
            // Back to `Queued`: a graceful shutdown or a rescue gives the claim back.
            (Running, Queued | WaitingUpstream | RetryWait | Succeeded | Failed | Cancelled) => true,
            // Back to `Queued`: an administrator gives the upstream's job up.
            (WaitingUpstream, Queued | Running | RetryWait | Succeeded | Failed | Cancelled) => true,
            (RetryWait, Queued | Failed | Cancelled) => true,
            // A new run, started by hand.
            (Failed | Cancelled, Queued) => true,
            _ => false,
        }
    }
}

/// Which of two lanes a task takes; of five claims four are urgent while both wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Before normal ones, 4:1.
    Urgent,
    /// The usual one.
    #[default]
    Normal,
}

impl Priority {
    /// 0 for urgent, 1 for normal: the order of claiming.
    pub fn rank(self) -> i64 {
        match self {
            Priority::Urgent => 0,
            Priority::Normal => 1,
        }
    }

    /// The reverse of [`Priority::rank`].
    pub fn from_rank(rank: i64) -> Self {
        if rank == 0 { Priority::Urgent } else { Priority::Normal }
    }

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Priority::Urgent => "urgent",
            Priority::Normal => "normal",
        }
    }
}

/// What a person or a program submits: the body of `POST /api/features/{id}/tasks`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewTask {
    /// Values of the feature's form, by key.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub params: Map<String, Value>,
    /// A name for people, at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A category for people; the feature's own unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Extra headers for the upstream call; those of the rule win.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub headers: Map<String, Value>,
    /// Retries after the first attempt; -1 for unlimited where the rule allows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_retries: Option<i64>,
    /// Seconds between attempts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval_seconds: Option<i64>,
    /// The lane.
    #[serde(default)]
    pub priority: Priority,
    /// Webhooks that are told when it ends, at most 20; beside those that are told about every task.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub webhook_ids: Vec<i64>,
}

/// What may be changed: the body of `PATCH /api/tasks/{id}`. Absent means unchanged.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TaskPatch {
    /// A name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A category for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// All values of the form, replacing the old ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub params: Option<Map<String, Value>>,
    /// All extra headers, replacing the old ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub headers: Option<Map<String, Value>>,
    /// Retries after the first attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_retries: Option<i64>,
    /// Seconds between attempts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval_seconds: Option<i64>,
    /// The lane.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// All webhooks that are told when it ends, replacing the old ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook_ids: Option<Vec<i64>>,
}

/// A task as its owner sees it. Names are those that the console template of document 000 reads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskView {
    /// The number of the task in this installation.
    pub id: i64,
    /// The public id: `task_` and 32 characters.
    pub task_id: String,
    /// The number of the task among its owner's, from 1.
    pub seq: i64,
    /// The name, perhaps empty.
    pub name: String,
    /// The category, perhaps empty.
    pub category: String,
    /// The feature it was submitted to.
    pub feature_id: i64,
    /// That feature's name when it was submitted.
    pub feature_name: String,
    /// The rule that runs it.
    pub rule_id: i64,
    /// Where it is.
    pub status: TaskStatus,
    /// Attempts after the first one in the present run.
    pub retry_count: i64,
    /// The limit in force; -1 for unlimited.
    pub max_retries: i64,
    /// Seconds between attempts in force.
    pub interval_seconds: i64,
    /// The lane.
    pub priority: Priority,
    /// Percent, 0 to 100.
    pub progress: i64,
    /// Points held or captured for the present run.
    pub points: i64,
    /// Values of the form. Absent in lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub payload: Option<Value>,
    /// Extra headers. Absent in lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub headers: Option<Value>,
    /// The upstream's answer. Absent in lists and until there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Value>))]
    pub response: Option<Value>,
    /// The result fields of the feature, extracted. Absent in lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub results: Option<Vec<ResultValue>>,
    /// Webhooks that were chosen for it. Absent in lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook_ids: Option<Vec<i64>>,
    /// Why it failed, or the last failure; empty without one.
    pub error: String,
    /// When it was submitted.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When its present run first called an upstream.
    pub started_at: Option<Timestamp>,
    /// When its present run ended.
    pub finished_at: Option<Timestamp>,
    /// When its next attempt is due, while it waits for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_run_at: Option<Timestamp>,
}

impl TaskView {
    /// Run time so far or in all, in milliseconds; `None` before the first call.
    pub fn duration_ms(&self, now: Timestamp) -> Option<i64> {
        let started = self.started_at?.0;
        Some(self.finished_at.map_or(now.0, |end| end.0).max(started) - started)
    }
}

/// One attempt of a task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttemptView {
    /// From 1, counted over all runs of the task.
    pub attempt_no: i64,
    /// When it began.
    pub created_at: Timestamp,
    /// The upstream's HTTP status; 0 if there was no answer.
    pub status_code: i64,
    /// What went wrong; empty if nothing did.
    pub error: String,
    /// The answer, capped; a truncated one ends with a mark.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Value>))]
    pub response: Option<Value>,
    /// Milliseconds from its begin to its end.
    pub duration: i64,
    /// The channel that it went through; for administrators only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// What was tried in this attempt before: channels that did not take the submission.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tried: Vec<Tried>,
}

/// A try of an attempt that went on with another channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tried {
    /// The channel; for administrators only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// The upstream's HTTP status; 0 if there was no answer.
    pub status_code: i64,
    /// What went wrong.
    pub error: String,
}

/// Columns that lists of tasks can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TaskSort {
    /// The owner's number.
    Seq,
    /// The name.
    Name,
    /// The category.
    Category,
    /// The state.
    Status,
    /// Attempts after the first.
    RetryCount,
    /// When it was submitted.
    #[default]
    CreatedAt,
    /// When it last changed.
    UpdatedAt,
}

impl TaskSort {
    /// Every sortable column.
    pub const ALL: [TaskSort; 7] = [
        TaskSort::Seq,
        TaskSort::Name,
        TaskSort::Category,
        TaskSort::Status,
        TaskSort::RetryCount,
        TaskSort::CreatedAt,
        TaskSort::UpdatedAt,
    ];

    /// The word in the query string.
    pub fn as_str(self) -> &'static str {
        match self {
            TaskSort::Seq => "seq",
            TaskSort::Name => "name",
            TaskSort::Category => "category",
            TaskSort::Status => "status",
            TaskSort::RetryCount => "retry_count",
            TaskSort::CreatedAt => "created_at",
            TaskSort::UpdatedAt => "updated_at",
        }
    }

    /// The column of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.as_str() == word)
    }
}

/// Direction of a sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Smallest first.
    Asc,
    /// Largest first.
    #[default]
    Desc,
}

/// What a list of tasks is narrowed to; also its query string.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct TaskFilter {
    /// From 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<i64>,
    /// 1 to 100, 20 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_size: Option<i64>,
    /// The column; `created_at` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<TaskSort>,
    /// `desc` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<Order>,
    /// Only tasks in this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<TaskStatus>,
    /// Only tasks of this feature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feature_id: Option<i64>,
    /// Only tasks of exactly this category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Part of the name, or a whole `task_…` id or number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// Submitted at or after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Timestamp>,
    /// Submitted before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<Timestamp>,
}

/// What to do with many tasks at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum BatchAction {
    /// Ends them and gives held points back.
    Cancel,
    /// Starts a new run of ended ones.
    Retry,
    /// Removes ended ones from the lists.
    Delete,
}

/// The body of `POST /api/tasks/batch`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BatchRequest {
    /// What to do.
    pub action: BatchAction,
    /// At most 1,000 task numbers.
    pub ids: Vec<i64>,
}

/// What became of one id of a batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BatchOutcome {
    /// The task number.
    pub id: i64,
    /// Whether it was done.
    pub success: bool,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<crate::Error>,
}

#[cfg(test)]
mod tests {
    use super::TaskStatus::{self, *};

    /// The table of legal moves, row by row in the order of [`TaskStatus::ALL`].
    #[test]
    fn legal_moves() {
        let table = [
            (Queued, vec![Running, Failed, Cancelled]),
            (Running, vec![Queued, WaitingUpstream, RetryWait, Succeeded, Failed, Cancelled]),
            (WaitingUpstream, vec![Queued, Running, RetryWait, Succeeded, Failed, Cancelled]),
            (RetryWait, vec![Queued, Failed, Cancelled]),
            (Succeeded, vec![]),
            (Failed, vec![Queued]),
            (Cancelled, vec![Queued]),
        ];
        for (from, allowed) in table {
            for to in TaskStatus::ALL {
                assert_eq!(from.may_become(to), allowed.contains(&to), "{from:?} to {to:?}");
            }
        }
    }

    #[test]
    fn words_round_trip() {
        for status in TaskStatus::ALL {
            assert_eq!(TaskStatus::parse(status.as_str()), Some(status));
            assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
        }
    }
}
