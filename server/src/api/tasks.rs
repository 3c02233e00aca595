//! Tasks of the caller.

use super::PageQuery;
use crate::envelope::{Answer, Failure, Nothing, Success};
use crate::extract::{Caller, Id, Json, List};
use crate::state::AppState;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use model::Page;
use model::tasks::{AttemptView, BatchOutcome, BatchRequest, TaskFilter, TaskPatch, TaskView};
use service::request_logs::Facts;
use service::tasks;

/// The caller's tasks.
///
/// Filtered, sorted and in pages. Rows leave out `payload`, `headers`, `response` and `results`.
#[utoipa::path(get, path = "/api/tasks", tag = "tasks", operation_id = "list_tasks", params(TaskFilter),
    responses((status = 200, description = "One page.", body = Success<Page<TaskView>>)))]
pub async fn list(State(state): State<AppState>, Caller(actor): Caller, List(filter): List<TaskFilter>) -> Answer<Page<TaskView>> {
    Ok(Success::new(tasks::list(&state.service, &actor, &filter).await?))
}

/// One task.
#[utoipa::path(get, path = "/api/tasks/{id}", tag = "tasks", operation_id = "get_task",
    params(("id" = i64, Path, description = "The number of the task.")),
    responses((status = 200, description = "The task.", body = Success<TaskView>,
        example = json!({"success": true, "message": "", "data": {
            "id": 7, "task_id": "task_0123456789abcdefghijABCDEFGHIJ01", "seq": 3, "name": "rain", "category": "music",
            "feature_id": 2, "feature_name": "Text to music", "rule_id": 1, "status": "succeeded", "retry_count": 1, "max_retries": 2,
            "interval_seconds": 5, "priority": "normal", "progress": 100, "points": 10, "payload": {"prompt": "rain"}, "headers": {},
            "response": {"audio": "https://files.example.com/rain.wav"},
            "results": [{"label": "Audio", "path": "$.audio", "value": "https://files.example.com/rain.wav"}], "error": "",
            "created_at": "2026-01-31T08:15:30.250Z", "updated_at": "2026-01-31T08:15:41.100Z",
            "started_at": "2026-01-31T08:15:30.260Z", "finished_at": "2026-01-31T08:15:41.100Z"
        }}))))]
pub async fn get(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<TaskView> {
    Ok(Success::new(tasks::get(&state.service, &actor, id).await?))
}

/// Change a task.
///
/// Only what is sent changes, from the next attempt on. A task that is running or waits for its upstream answers 409.
#[utoipa::path(patch, path = "/api/tasks/{id}", tag = "tasks", operation_id = "update_task",
    params(("id" = i64, Path, description = "The number of the task.")),
    request_body(content = TaskPatch, example = json!({"name": "rain, second try", "max_retries": 5})),
    responses(
        (status = 200, description = "The task as it is now.", body = Success<TaskView>),
        (status = 409, description = "The task is running, waits for its upstream, or has succeeded."),
    ))]
pub async fn update(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id, Json(patch): Json<TaskPatch>) -> Answer<TaskView> {
    Ok(Success::new(tasks::update(&state.service, &actor, id, patch).await?))
}

/// Delete a task.
///
/// Takes an ended task out of the lists. Its movements of points stay.
#[utoipa::path(delete, path = "/api/tasks/{id}", tag = "tasks", operation_id = "delete_task",
    params(("id" = i64, Path, description = "The number of the task.")),
    responses(
        (status = 200, description = "It is gone.", body = Success<Nothing>),
        (status = 409, description = "The task has not ended."),
    ))]
pub async fn delete(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<Nothing> {
    tasks::delete(&state.service, &actor, id).await?;
    Ok(Success::new(Nothing))
}

/// Cancel a task.
///
/// Ends it and gives held points back.
#[utoipa::path(post, path = "/api/tasks/{id}/cancel", tag = "tasks", operation_id = "cancel_task",
    params(("id" = i64, Path, description = "The number of the task.")),
    responses(
        (status = 200, description = "The task as it is now.", body = Success<TaskView>),
        (status = 409, description = "The task has ended."),
    ))]
pub async fn cancel(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<TaskView> {
    Ok(Success::new(tasks::cancel(&state.service, &actor, id).await?))
}

/// Run a task again.
///
/// Starts a new run of a task that failed or was cancelled, with a new hold of points.
#[utoipa::path(post, path = "/api/tasks/{id}/retry", tag = "tasks", operation_id = "retry_task",
    params(("id" = i64, Path, description = "The number of the task.")),
    responses(
        (status = 200, description = "The task as it is now.", body = Success<TaskView>),
        (status = 409, description = "The task has not ended, or has succeeded."),
    ))]
pub async fn retry(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Result<Response, Failure> {
    let task = tasks::retry(&state.service, &actor, id).await?;
    let facts = Facts::of_task(&state.service, &task, task.points);
    let mut response = Success::new(task).into_response();
    response.extensions_mut().insert(facts);
    Ok(response)
}

/// Cancel, retry or delete many tasks.
///
/// At most 1,000. Answers what became of each; one that cannot be done does not keep the others from being done.
#[utoipa::path(post, path = "/api/tasks/batch", tag = "tasks", operation_id = "batch_tasks",
    request_body(content = BatchRequest, example = json!({"action": "cancel", "ids": [7, 8]})),
    responses((status = 200, description = "What became of each, in the order of the ids.", body = Success<Vec<BatchOutcome>>)))]
pub async fn batch(State(state): State<AppState>, Caller(actor): Caller, Json(request): Json<BatchRequest>) -> Answer<Vec<BatchOutcome>> {
    Ok(Success::new(tasks::batch(&state.service, &actor, request).await?))
}

/// The attempts of a task.
///
/// Newest first, with the status, the answer and the error of each.
#[utoipa::path(get, path = "/api/tasks/{id}/attempts", tag = "tasks", operation_id = "list_attempts",
    params(("id" = i64, Path, description = "The number of the task."), PageQuery),
    responses((status = 200, description = "One page.", body = Success<Page<AttemptView>>)))]
pub async fn attempts(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id,
    List(page): List<PageQuery>,
) -> Answer<Page<AttemptView>> {
    Ok(Success::new(tasks::attempts(&state.service, &actor, id, page.paging()).await?))
}
