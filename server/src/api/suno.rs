//! The Suno surface of document 001: its own envelope, `{"code":"success","message":"","data":…}`, for failures as well.

use crate::envelope::Failure;
use crate::extract::{Caller, IdempotencyKey, Json};
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use model::task_centre::{MediaTask, SunoFetch};
use model::{Error, ErrorCode};
use serde::Serialize;
use serde_json::{Map, Value};
use service::request_logs::Facts;
use service::task_centre;
use utoipa::ToSchema;

/// A success of the Suno surface.
#[derive(Debug, Serialize, ToSchema)]
pub struct SunoSuccess<T> {
    /// Always `success`.
    pub code: &'static str,
    /// Always empty.
    pub message: &'static str,
    /// What was asked for.
    pub data: T,
}

impl<T> SunoSuccess<T> {
    fn new(data: T) -> Self {
        SunoSuccess { code: "success", message: "", data }
    }
}

/// A failure of the Suno surface.
#[derive(Debug, Serialize, ToSchema)]
pub struct SunoFailure<'a> {
    /// What went wrong, for programs.
    pub code: &'static str,
    /// What went wrong, in one English sentence.
    pub message: &'a str,
    /// Always null.
    #[schema(value_type = Option<Object>)]
    pub data: (),
    /// Quote it when you report the failure.
    pub request_id: &'a str,
}

/// Whether a path belongs to this surface.
pub fn is_path(path: &str) -> bool {
    path.strip_prefix("/suno").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// An error at a path as this surface tells it, with its status: what callers of Suno gateways look for has their words, the rest ours.
pub fn failure<'a>(error: &'a Error, path: &str, request_id: &'a str) -> (StatusCode, SunoFailure<'a>) {
    let (status, code) = match error.code {
        // Elsewhere it is the address that is not there.
        ErrorCode::NotFound if path.starts_with("/suno/fetch/") => (400, "task_not_exist"),
        ErrorCode::BadRequest | ErrorCode::Invalid | ErrorCode::MissingParameter | ErrorCode::UnknownParameter => (400, "invalid_request"),
        ErrorCode::InsufficientPoints => (403, "insufficient_user_quota"),
        ErrorCode::TooLarge => (413, "read_request_body_failed"),
        other => (other.status(), other.as_str()),
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, SunoFailure { code, message: &error.message, data: (), request_id })
}

fn answer<T: Serialize>(data: T) -> Response {
    axum::Json(SunoSuccess::new(data)).into_response()
}

/// Submit music or lyrics.
///
/// A task of the feature that the operator defined for this action of the platform `suno`; it stands in the database before the answer leaves.
/// Fields that the feature's form does not have are kept and passed on to the upstream. `notify_hook` is refused: set up a webhook instead. The answer is
/// the task's id.
#[utoipa::path(post, path = "/suno/submit/{action}", tag = "suno", operation_id = "suno_submit",
    params(
        ("action" = String, Path, description = "`music` or `lyrics`, in small or large letters."),
        ("Idempotency-Key" = Option<String>, Header, description = "Any text of 1 to 255 ASCII characters, new for each task."),
    ),
    request_body(content = Object, example = json!({"prompt": "a song about rain", "mv": "chirp-v4"})),
    responses(
        (status = 200, description = "The id of the task.", body = SunoSuccess<String>,
            example = json!({"code": "success", "message": "", "data": "task_0123456789abcdefghijABCDEFGHIJ01"})),
        (status = 409, description = "A request with the same key is still being handled."),
        (status = 422, description = "The key was used with another request, or the feature is switched off."),
    ))]
pub async fn submit(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(action): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
    Json(params): Json<Map<String, Value>>,
) -> Result<Response, Failure> {
    let (task, replayed) = task_centre::submit(&state.service, &actor, &action, params, key.as_deref()).await?;
    let facts = Facts::of_task(&state.service, &task, if replayed { 0 } else { task.points });
    let mut response = answer(task.task_id);
    response.extensions_mut().insert(facts);
    Ok(response)
}

/// Fetch tasks.
///
/// Yours of these ids, in their order; unknown ids are left out. Data of more than 64 KiB is left out as well, `data_truncated` says so: fetch that task
/// alone.
#[utoipa::path(post, path = "/suno/fetch", tag = "suno", operation_id = "suno_fetch",
    request_body(content = SunoFetch, example = json!({"ids": ["task_0123456789abcdefghijABCDEFGHIJ01"]})),
    responses((status = 200, description = "The tasks.", body = SunoSuccess<Vec<MediaTask>>)))]
pub async fn fetch(State(state): State<AppState>, Caller(actor): Caller, Json(wanted): Json<SunoFetch>) -> Result<Response, Failure> {
    Ok(answer(task_centre::fetch(&state.service, &actor, &wanted).await?))
}

/// Fetch a task.
///
/// Yours of this id, with all of its data.
#[utoipa::path(get, path = "/suno/fetch/{id}", tag = "suno", operation_id = "suno_fetch_one",
    params(("id" = String, Path, description = "The id of the task, `task_…`.")),
    responses(
        (status = 200, description = "The task.", body = SunoSuccess<MediaTask>),
        (status = 400, description = "There is no such task, or it is someone else's."),
    ))]
pub async fn fetch_one(State(state): State<AppState>, Caller(actor): Caller, Path(id): Path<String>) -> Result<Response, Failure> {
    Ok(answer(task_centre::fetch_one(&state.service, &actor, &id).await?))
}
