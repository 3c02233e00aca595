//! The task centre of document 001. Its addresses are served with and without a slash at their end, because callers write both.

use crate::envelope::{Answer, Failure, Success};
use crate::extract::{Caller, Query};
use crate::state::AppState;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName};
use model::paging::Page;
use model::task_centre::{MediaTask, MediaTaskFilter};
use model::{Error, ErrorCode};
use service::actor::Actor;
use service::task_centre;

/// With this header callers of document 001 say who they are, beside their credential.
const USER: HeaderName = HeaderName::from_static("new-api-user");

/// Refuses a request whose header `New-Api-User` names somebody else. It is not asked for.
fn same_user(actor: &Actor, headers: &HeaderMap) -> Result<(), Failure> {
    let Some(named) = headers.get(USER) else { return Ok(()) };
    let named = named.to_str().ok().and_then(|text| text.trim().parse::<i64>().ok());
    if named == Some(actor.user_id) {
        return Ok(());
    }
    let error = Error::new(ErrorCode::Unauthenticated, "The header New-Api-User does not name the owner of this credential. Leave it out.");
    Err(error.at("New-Api-User").into())
}

/// Your tasks, as a task centre lists them.
///
/// The same tasks as `GET /api/tasks`, with the names of fields and states that programs for this interface know. Newest first, filtered and
/// in pages; times are Unix seconds. Data above 64 KiB is left out (`data_truncated`): ask with `task_id` for the whole.
#[utoipa::path(get, path = "/api/task/self", tag = "task centre", operation_id = "list_own_media_tasks",
    params(MediaTaskFilter, ("New-Api-User" = Option<String>, Header, description = "Your number, if your program sends it.")),
    responses(
        (status = 200, description = "One page. A total of 10,000 may be more.", body = Success<Page<MediaTask>>,
            example = json!({"success": true, "message": "", "data": {"items": [{
                "id": 1, "created_at": 1_640_908_800, "updated_at": 1_640_909_000, "task_id": "task_0123456789abcdefghijABCDEFGHIJ01",
                "platform": "suno", "user_id": 1, "channel_id": 0, "quota": 1000, "action": "song", "status": "SUCCESS", "fail_reason": "",
                "submit_time": 1_640_908_800, "start_time": 1_640_908_900, "finish_time": 1_640_909_000, "progress": "100%",
                "properties": {"input": "a song about rain"}, "data": {}
            }], "total": 25, "page": 1, "page_size": 20}})),
        (status = 422, description = "A state is none; `field` names it."),
    ))]
pub async fn own(
    State(state): State<AppState>,
    Caller(actor): Caller,
    headers: HeaderMap,
    Query(filter): Query<MediaTaskFilter>,
) -> Answer<Page<MediaTask>> {
    same_user(&actor, &headers)?;
    Ok(Success::new(task_centre::own(&state.service, &actor, &filter).await?))
}

/// Your tasks, as a task centre lists them.
///
/// The same as without the slash at the end.
#[utoipa::path(get, path = "/api/task/self/", tag = "task centre", operation_id = "list_own_media_tasks_slash",
    params(MediaTaskFilter, ("New-Api-User" = Option<String>, Header, description = "Your number, if your program sends it.")),
    responses(
        (status = 200, description = "One page.", body = Success<Page<MediaTask>>),
        (status = 422, description = "A state is none; `field` names it."),
    ))]
pub async fn own_slash(
    state: State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    filter: Query<MediaTaskFilter>,
) -> Answer<Page<MediaTask>> {
    own(state, caller, headers, filter).await
}

/// The tasks of all users, as a task centre lists them.
///
/// With channels and owners, also filtered by them. For administrators.
#[utoipa::path(get, path = "/api/task/", tag = "task centre", operation_id = "list_media_tasks",
    params(MediaTaskFilter, ("New-Api-User" = Option<String>, Header, description = "Your number, if your program sends it.")),
    responses(
        (status = 200, description = "One page. A total of 10,000 may be more.", body = Success<Page<MediaTask>>),
        (status = 422, description = "A state is none; `field` names it."),
    ))]
pub async fn all(
    State(state): State<AppState>,
    Caller(actor): Caller,
    headers: HeaderMap,
    Query(filter): Query<MediaTaskFilter>,
) -> Answer<Page<MediaTask>> {
    same_user(&actor, &headers)?;
    Ok(Success::new(task_centre::all(&state.service, &actor, &filter).await?))
}

/// The tasks of all users, as a task centre lists them.
///
/// The same as with the slash at the end. For administrators.
#[utoipa::path(get, path = "/api/task", tag = "task centre", operation_id = "list_media_tasks_bare",
    params(MediaTaskFilter, ("New-Api-User" = Option<String>, Header, description = "Your number, if your program sends it.")),
    responses(
        (status = 200, description = "One page.", body = Success<Page<MediaTask>>),
        (status = 422, description = "A state is none; `field` names it."),
    ))]
pub async fn all_bare(
    state: State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    filter: Query<MediaTaskFilter>,
) -> Answer<Page<MediaTask>> {
    all(state, caller, headers, filter).await
}
