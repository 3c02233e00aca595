//! States of tasks in words.

use model::tasks::TaskStatus;

/// Chinese and English.
pub(super) fn text(status: TaskStatus) -> (&'static str, &'static str) {
    match status {
        TaskStatus::Queued => ("排队中", "Queued"),
        TaskStatus::Running => ("运行中", "Running"),
        TaskStatus::WaitingUpstream => ("等待上游", "Waiting for upstream"),
        TaskStatus::RetryWait => ("等待重试", "Waiting to retry"),
        TaskStatus::Succeeded => ("成功", "Succeeded"),
        TaskStatus::Failed => ("失败", "Failed"),
        TaskStatus::Cancelled => ("已取消", "Cancelled"),
    }
}
