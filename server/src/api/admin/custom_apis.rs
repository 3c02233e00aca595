//! Administration of custom APIs.

use crate::envelope::{Answer, Failure, Nothing, Success};
use crate::extract::{Caller, Id, Json, List};
use crate::state::AppState;
use axum::extract::State;
use axum::http::StatusCode;
use model::Page;
use model::catalog::{EntryFilter, Revision, Switch};
use model::custom_apis::{CustomApi, CustomApiEntry};
use service::features::admin;

/// All custom APIs with their definitions.
///
/// In their order, those that are hidden or switched off included.
#[utoipa::path(get, path = "/api/admin/custom-apis", tag = "administration", operation_id = "admin_list_custom_apis", params(EntryFilter),
    responses((status = 200, description = "One page.", body = Success<Page<CustomApiEntry>>)))]
pub async fn list(State(state): State<AppState>, Caller(actor): Caller, List(filter): List<EntryFilter>) -> Answer<Page<CustomApiEntry>> {
    Ok(Success::new(admin::custom_apis(&state.service, &actor, &filter).await?))
}

/// One custom API with its whole definition.
#[utoipa::path(get, path = "/api/admin/custom-apis/{id}", tag = "administration", operation_id = "admin_get_custom_api",
    params(("id" = i64, Path, description = "The number of the custom API.")),
    responses((status = 200, description = "The custom API.", body = Success<CustomApiEntry>)))]
pub async fn get(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<CustomApiEntry> {
    Ok(Success::new(admin::custom_api(&state.service, &actor, id).await?))
}

/// Make a custom API.
///
/// Checked as a catalog file is; `field` names the place of a mistake.
#[utoipa::path(post, path = "/api/admin/custom-apis", tag = "administration", operation_id = "admin_create_custom_api",
    request_body(content = CustomApi, example = json!({
        "key": "weather", "name": "Weather", "method": "GET", "path": "/api/weather/{city}", "platform": "weather", "rule": "weather",
        "form_schema": [{"key": "city", "required": true, "example": "Shanghai"}], "points_cost": 2})),
    responses(
        (status = 201, description = "The custom API.", body = Success<CustomApiEntry>),
        (status = 409, description = "Its key, or its method and path, are taken."),
    ))]
pub async fn create(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Json(definition): Json<CustomApi>,
) -> Result<(StatusCode, Success<CustomApiEntry>), Failure> {
    Ok((StatusCode::CREATED, Success::new(admin::create_custom_api(&state.service, &actor, definition).await?)))
}

/// Change a custom API.
///
/// Takes the whole new definition, and the version that it was made from.
#[utoipa::path(put, path = "/api/admin/custom-apis/{id}", tag = "administration", operation_id = "admin_update_custom_api",
    params(("id" = i64, Path, description = "The number of the custom API.")),
    request_body(content = Revision<CustomApi>, example = json!({"version": 1, "definition": {
        "key": "weather", "name": "Weather", "method": "GET", "path": "/api/weather/{city}", "platform": "weather", "rule": "weather",
        "form_schema": [{"key": "city", "required": true, "example": "Shanghai"}], "points_cost": 3, "enabled": false}})),
    responses(
        (status = 200, description = "The custom API as it is now.", body = Success<CustomApiEntry>),
        (status = 409, description = "It was changed since that version, or its key, or its method and path, are taken."),
    ))]
pub async fn update(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id,
    Json(revision): Json<Revision<CustomApi>>,
) -> Answer<CustomApiEntry> {
    Ok(Success::new(admin::update_custom_api(&state.service, &actor, id, revision).await?))
}

/// Switch a custom API on or off.
///
/// Calls of one that is off are answered with 404.
#[utoipa::path(patch, path = "/api/admin/custom-apis/{id}", tag = "administration", operation_id = "admin_switch_custom_api",
    params(("id" = i64, Path, description = "The number of the custom API.")),
    request_body(content = Switch, example = json!({"enabled": false})),
    responses((status = 200, description = "The custom API as it is now.", body = Success<CustomApiEntry>)))]
pub async fn switch(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id,
    Json(switch): Json<Switch>,
) -> Answer<CustomApiEntry> {
    Ok(Success::new(admin::switch_custom_api(&state.service, &actor, id, switch.enabled).await?))
}

/// Delete a custom API.
///
/// Its logs and movements of points stay.
#[utoipa::path(delete, path = "/api/admin/custom-apis/{id}", tag = "administration", operation_id = "admin_delete_custom_api",
    params(("id" = i64, Path, description = "The number of the custom API.")),
    responses((status = 200, description = "It is gone.", body = Success<Nothing>)))]
pub async fn delete(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<Nothing> {
    admin::delete_custom_api(&state.service, &actor, id).await?;
    Ok(Success::new(Nothing))
}
