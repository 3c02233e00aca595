//! Features: what can be submitted, and submitting it.

use crate::envelope::{Answer, Failure, Success};
use crate::extract::{Caller, Id, IdempotencyKey, Json};
use crate::state::AppState;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::features::FeatureView;
use model::tasks::{NewTask, TaskView};
use service::request_logs::Facts;
use service::{features, tasks};

const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// All features.
///
/// Everything that the caller may submit tasks to, in the order of the console.
#[utoipa::path(get, path = "/api/features", tag = "features", operation_id = "list_features",
    responses((status = 200, description = "The features.", body = Success<Vec<FeatureView>>)))]
pub async fn list(State(state): State<AppState>, Caller(actor): Caller) -> Answer<Vec<FeatureView>> {
    Ok(Success::new(features::list(&state.service, &actor).await?))
}

/// One feature.
///
/// With the form that tells which parameters a task needs.
#[utoipa::path(get, path = "/api/features/{id}", tag = "features", operation_id = "get_feature",
    params(("id" = i64, Path, description = "The number of the feature.")),
    responses((status = 200, description = "The feature.", body = Success<FeatureView>)))]
pub async fn get(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<FeatureView> {
    Ok(Success::new(features::get(&state.service, &actor, id).await?))
}

/// Submit a task.
///
/// Holds the points, queues the task and answers at once. An accepted task is never lost. Send an `Idempotency-Key` to be able to
/// send the request again without a second task: the same key with the same body gets the first answer, with another body 422.
#[utoipa::path(post, path = "/api/features/{id}/tasks", tag = "tasks", operation_id = "submit_task",
    params(
        ("id" = i64, Path, description = "The number of the feature."),
        ("Idempotency-Key" = Option<String>, Header, description = "Any text of 1 to 255 ASCII characters, new for each task."),
    ),
    request_body(content = NewTask, example = json!({"params": {"prompt": "a song about rain"}, "name": "rain", "max_retries": 2})),
    responses(
        (status = 201, description = "The task. The header `Location` names its address; `Idempotent-Replayed: true` marks a repeated answer.",
            body = Success<TaskView>,
            example = json!({"success": true, "message": "", "data": {
                "id": 7, "task_id": "task_0123456789abcdefghijABCDEFGHIJ01", "seq": 3, "name": "rain", "category": "music",
                "feature_id": 2, "feature_name": "Text to music", "rule_id": 1, "status": "queued", "retry_count": 0, "max_retries": 2,
                "interval_seconds": 5, "priority": "normal", "progress": 0, "points": 10, "error": "",
                "created_at": "2026-01-31T08:15:30.250Z", "updated_at": "2026-01-31T08:15:30.250Z", "started_at": null, "finished_at": null
            }})),
        (status = 409, description = "A request with the same key is still being handled."),
    ))]
pub async fn submit(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(feature): Id,
    IdempotencyKey(key): IdempotencyKey,
    Json(new): Json<NewTask>,
) -> Result<Response, Failure> {
    let (task, replayed) = match key {
        Some(key) => tasks::submit_idempotent(&state.service, &actor, feature, new, &key).await?,
        None => (tasks::submit(&state.service, &actor, feature, new).await?, false),
    };
    let facts = Facts::of_task(&state.service, &task, if replayed { 0 } else { task.points });
    let location = HeaderValue::from_str(&format!("/api/tasks/{}", task.id)).unwrap_or(HeaderValue::from_static("/api/tasks"));
    let mut response = Success::new(task).into_response();
    *response.status_mut() = StatusCode::CREATED;
    response.headers_mut().insert(header::LOCATION, location);
    response.extensions_mut().insert(facts);
    if replayed {
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    }
    Ok(response)
}
