//! Announcements: written by administrators, read and put away by everybody.

use super::PageQuery;
use crate::envelope::{Answer, Failure, Nothing, Success};
use crate::extract::{Caller, Id, Json, List};
use crate::state::AppState;
use axum::extract::State;
use axum::http::StatusCode;
use model::Page;
use model::announcements::{Announcement, NewAnnouncement, Notice};
use service::announcements;

/// What is announced now.
///
/// Without what the caller has put away, the gravest first.
#[utoipa::path(get, path = "/api/announcements", tag = "account", operation_id = "list_notices",
    responses((status = 200, description = "The announcements.", body = Success<Vec<Notice>>)))]
pub async fn notices(State(state): State<AppState>, Caller(actor): Caller) -> Answer<Vec<Notice>> {
    Ok(Success::new(announcements::notices(&state.service, &actor).await?))
}

/// Put an announcement away.
#[utoipa::path(post, path = "/api/announcements/{id}/dismiss", tag = "account", operation_id = "dismiss_notice",
    params(("id" = i64, Path, description = "The number of the announcement.")),
    responses(
        (status = 200, description = "The caller does not see it any more.", body = Success<Nothing>),
        (status = 409, description = "It cannot be put away."),
    ))]
pub async fn dismiss(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<Nothing> {
    announcements::dismiss(&state.service, &actor, id).await?;
    Ok(Success::new(Nothing))
}

/// All announcements.
///
/// Newest first, those that are over or still to come included. For administrators.
#[utoipa::path(get, path = "/api/admin/announcements", tag = "administration", operation_id = "list_announcements", params(PageQuery),
    responses((status = 200, description = "One page.", body = Success<Page<Announcement>>)))]
pub async fn list(State(state): State<AppState>, Caller(actor): Caller, List(page): List<PageQuery>) -> Answer<Page<Announcement>> {
    Ok(Success::new(announcements::list(&state.service, &actor, page.paging()).await?))
}

/// Write an announcement.
///
/// For administrators.
#[utoipa::path(post, path = "/api/admin/announcements", tag = "administration", operation_id = "create_announcement",
    request_body(content = NewAnnouncement, example = json!({"title": "Maintenance on Sunday", "body": "From 02:00 to 04:00 UTC.", "level": "warning"})),
    responses((status = 201, description = "The announcement.", body = Success<Announcement>)))]
pub async fn create(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Json(new): Json<NewAnnouncement>,
) -> Result<(StatusCode, Success<Announcement>), Failure> {
    Ok((StatusCode::CREATED, Success::new(announcements::create(&state.service, &actor, new).await?)))
}

/// One announcement.
///
/// For administrators.
#[utoipa::path(get, path = "/api/admin/announcements/{id}", tag = "administration", operation_id = "get_announcement",
    params(("id" = i64, Path, description = "The number of the announcement.")),
    responses((status = 200, description = "The announcement.", body = Success<Announcement>)))]
pub async fn get(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<Announcement> {
    Ok(Success::new(announcements::get(&state.service, &actor, id).await?))
}

/// Replace an announcement.
///
/// With another text it is shown again to those who had put it away. For administrators.
#[utoipa::path(put, path = "/api/admin/announcements/{id}", tag = "administration", operation_id = "update_announcement",
    params(("id" = i64, Path, description = "The number of the announcement.")),
    request_body(content = NewAnnouncement, example = json!({"title": "Maintenance is over", "level": "success"})),
    responses((status = 200, description = "The announcement as it is now.", body = Success<Announcement>)))]
pub async fn update(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id,
    Json(new): Json<NewAnnouncement>,
) -> Answer<Announcement> {
    Ok(Success::new(announcements::update(&state.service, &actor, id, new).await?))
}

/// Delete an announcement.
///
/// For administrators.
#[utoipa::path(delete, path = "/api/admin/announcements/{id}", tag = "administration", operation_id = "delete_announcement",
    params(("id" = i64, Path, description = "The number of the announcement.")),
    responses((status = 200, description = "It is gone.", body = Success<Nothing>)))]
pub async fn delete(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<Nothing> {
    announcements::delete(&state.service, &actor, id).await?;
    Ok(Success::new(Nothing))
}
