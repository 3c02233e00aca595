//! What one piece of news changes in a task that is shown already.

use model::events::Event;
use model::tasks::{TaskStatus, TaskView};

/// Brings a task up to date, as far as the news says; whether they are about it and newer than what is shown.
pub fn patch(task: &mut TaskView, event: &Event) -> bool {
    let Event::Task { id, status, progress, retry_count, updated_at } = event else { return false };
    // News and loaded pages overtake each other.
    if *id != task.id || *updated_at < task.updated_at {
        return false;
    }
    let begins = task.status.is_terminal() && !status.is_terminal();
    if begins {
        (task.started_at, task.finished_at, task.error) = (None, None, String::new());
    }
    if matches!(status, TaskStatus::Running | TaskStatus::WaitingUpstream) && task.started_at.is_none() {
        task.started_at = Some(*updated_at);
    }
    if status.is_terminal() && task.finished_at.is_none() {
        task.finished_at = Some(*updated_at);
    }
    if *status != TaskStatus::RetryWait && *status != TaskStatus::WaitingUpstream {
        task.next_run_at = None;
    }
    (task.status, task.progress, task.retry_count, task.updated_at) = (*status, *progress, *retry_count, *updated_at);
    true
}
