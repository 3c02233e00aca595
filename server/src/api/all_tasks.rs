//! Tasks of all users, for administrators.

use super::PageQuery;
use crate::envelope::{Answer, Success};
use crate::extract::{Caller, Id, Json, List};
use crate::state::AppState;
use axum::extract::State;
use model::Page;
use model::all_tasks::{AllTasksFilter, Intervention, InterventionRequest, OwnedTask};
use model::tasks::{AttemptView, BatchOutcome};
use serde::Deserialize;
use service::tasks;
use utoipa::ToSchema;

/// Tasks of all users.
///
/// Filtered and in pages. Rows leave out `payload`, `headers`, `response` and `results`. For administrators.
#[utoipa::path(get, path = "/api/admin/tasks", tag = "administration", operation_id = "list_all_tasks", params(AllTasksFilter),
    responses((status = 200, description = "One page; its total stops at 10,000.", body = Success<Page<OwnedTask>>)))]
pub async fn list(State(state): State<AppState>, Caller(actor): Caller, List(filter): List<AllTasksFilter>) -> Answer<Page<OwnedTask>> {
    Ok(Success::new(tasks::all(&state.service, &actor, &filter).await?))
}

/// Anybody's task.
///
/// For administrators.
#[utoipa::path(get, path = "/api/admin/tasks/{id}", tag = "administration", operation_id = "get_any_task",
    params(("id" = i64, Path, description = "The number of the task.")),
    responses((status = 200, description = "The task.", body = Success<OwnedTask>)))]
pub async fn get(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<OwnedTask> {
    Ok(Success::new(tasks::any(&state.service, &actor, id).await?))
}

/// The attempts of anybody's task.
///
/// Newest first, with the channel of each. For administrators.
#[utoipa::path(get, path = "/api/admin/tasks/{id}/attempts", tag = "administration", operation_id = "list_any_attempts",
    params(("id" = i64, Path, description = "The number of the task."), PageQuery),
    responses((status = 200, description = "One page.", body = Success<Page<AttemptView>>)))]
pub async fn attempts(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id,
    List(page): List<PageQuery>,
) -> Answer<Page<AttemptView>> {
    Ok(Success::new(tasks::any_attempts(&state.service, &actor, id, page.paging()).await?))
}

/// Requeue, fail or cancel many tasks.
///
/// At most 1,000, of any users. Answers what became of each; one that cannot be done does not keep the others from being done. For
/// administrators.
#[utoipa::path(post, path = "/api/admin/tasks/batch", tag = "administration", operation_id = "treat_tasks",
    request_body(content = InterventionRequest, example = json!({"action": "fail", "ids": [7, 8], "reason": "the upstream is gone"})),
    responses((status = 200, description = "What became of each, in the order of the ids.", body = Success<Vec<BatchOutcome>>)))]
pub async fn batch(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Json(request): Json<InterventionRequest>,
) -> Answer<Vec<BatchOutcome>> {
    Ok(Success::new(tasks::intervene(&state.service, &actor, request).await?))
}

/// Requeue a task.
///
/// An ended one gets a new run, with a new hold of points; one that waits for a retry or for its upstream, or is being called, goes back
/// into the queue with a new attempt. Refused where a rule calls its upstream at most once and has called it. For administrators.
#[utoipa::path(post, path = "/api/admin/tasks/{id}/requeue", tag = "administration", operation_id = "requeue_task",
    params(("id" = i64, Path, description = "The number of the task.")),
    responses(
        (status = 200, description = "The task as it is now.", body = Success<OwnedTask>),
        (status = 409, description = "The task is in the queue, has succeeded, or must not be called twice."),
    ))]
pub async fn requeue(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<OwnedTask> {
    Ok(Success::new(tasks::treat(&state.service, &actor, Intervention::Requeue, id, None).await?))
}

/// The body of `POST /api/admin/tasks/{id}/fail`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Why, for the owner and the audit log.
    reason: Option<String>,
}

/// Fail a task.
///
/// Ends it as failed, whatever it is doing, and gives held points back. For administrators.
#[utoipa::path(post, path = "/api/admin/tasks/{id}/fail", tag = "administration", operation_id = "fail_task",
    params(("id" = i64, Path, description = "The number of the task.")),
    request_body(content = Reason, example = json!({"reason": "the upstream is gone"})),
    responses(
        (status = 200, description = "The task as it is now.", body = Success<OwnedTask>),
        (status = 409, description = "The task has ended."),
    ))]
pub async fn fail(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id, Json(body): Json<Reason>) -> Answer<OwnedTask> {
    Ok(Success::new(tasks::treat(&state.service, &actor, Intervention::Fail, id, body.reason).await?))
}

/// Cancel anybody's task.
///
/// Ends it and gives held points back. For administrators.
#[utoipa::path(post, path = "/api/admin/tasks/{id}/cancel", tag = "administration", operation_id = "cancel_any_task",
    params(("id" = i64, Path, description = "The number of the task.")),
    responses(
        (status = 200, description = "The task as it is now.", body = Success<OwnedTask>),
        (status = 409, description = "The task has ended."),
    ))]
pub async fn cancel(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<OwnedTask> {
    Ok(Success::new(tasks::treat(&state.service, &actor, Intervention::Cancel, id, None).await?))
}
