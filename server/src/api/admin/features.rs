//! Administration of features.

use crate::envelope::{Answer, Failure, Nothing, Success};
use crate::extract::{Caller, Id, Json, List};
use crate::state::AppState;
use axum::extract::State;
use axum::http::StatusCode;
use model::Page;
use model::catalog::{EntryFilter, FeatureEntry, Place, Revision, Switch};
use model::features::Feature;
use service::features::admin;

/// All features.
///
/// In their order, those that are switched off or hidden included.
#[utoipa::path(get, path = "/api/admin/features", tag = "administration", operation_id = "admin_list_features", params(EntryFilter),
    responses((status = 200, description = "One page.", body = Success<Page<FeatureEntry>>)))]
pub async fn list(State(state): State<AppState>, Caller(actor): Caller, List(filter): List<EntryFilter>) -> Answer<Page<FeatureEntry>> {
    Ok(Success::new(admin::features(&state.service, &actor, &filter).await?))
}

/// One feature with its whole definition.
#[utoipa::path(get, path = "/api/admin/features/{id}", tag = "administration", operation_id = "admin_get_feature",
    params(("id" = i64, Path, description = "The number of the feature.")),
    responses((status = 200, description = "The feature.", body = Success<FeatureEntry>)))]
pub async fn get(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<FeatureEntry> {
    Ok(Success::new(admin::feature(&state.service, &actor, id).await?))
}

/// Make a feature.
///
/// Checked as a catalog file is; `field` names the place of a mistake.
#[utoipa::path(post, path = "/api/admin/features", tag = "administration", operation_id = "admin_create_feature",
    request_body(content = Feature, example = json!({
        "key": "text-to-music", "name": "Text to music", "category": "music", "platform": "example", "action": "song", "rule": "music",
        "points": 10, "form_schema": [{"key": "prompt", "label": "Prompt", "type": "textarea", "required": true, "max_length": 500}],
        "result_fields": [{"label": "Audio", "path": "$.audio_url"}]
    })),
    responses(
        (status = 201, description = "The feature.", body = Success<FeatureEntry>),
        (status = 409, description = "The key is taken."),
    ))]
pub async fn create(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Json(definition): Json<Feature>,
) -> Result<(StatusCode, Success<FeatureEntry>), Failure> {
    Ok((StatusCode::CREATED, Success::new(admin::create_feature(&state.service, &actor, definition).await?)))
}

/// Change a feature.
///
/// Takes the whole new definition, and the version that it was made from.
#[utoipa::path(put, path = "/api/admin/features/{id}", tag = "administration", operation_id = "admin_update_feature",
    params(("id" = i64, Path, description = "The number of the feature.")),
    request_body(content = Revision<Feature>, example = json!({"version": 3, "definition": {
        "key": "text-to-music", "name": "Text to music", "platform": "example", "rule": "music", "points": 12
    }})),
    responses(
        (status = 200, description = "The feature as it is now.", body = Success<FeatureEntry>),
        (status = 409, description = "It was changed since that version, or the key is taken."),
    ))]
pub async fn update(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id,
    Json(revision): Json<Revision<Feature>>,
) -> Answer<FeatureEntry> {
    Ok(Success::new(admin::update_feature(&state.service, &actor, id, revision).await?))
}

/// Switch a feature on or off.
#[utoipa::path(patch, path = "/api/admin/features/{id}", tag = "administration", operation_id = "admin_switch_feature",
    params(("id" = i64, Path, description = "The number of the feature.")),
    request_body(content = Switch, example = json!({"enabled": false})),
    responses((status = 200, description = "The feature as it is now.", body = Success<FeatureEntry>)))]
pub async fn switch(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id, Json(switch): Json<Switch>) -> Answer<FeatureEntry> {
    Ok(Success::new(admin::switch_feature(&state.service, &actor, id, switch.enabled).await?))
}

/// Delete a feature.
///
/// Its tasks stay.
#[utoipa::path(delete, path = "/api/admin/features/{id}", tag = "administration", operation_id = "admin_delete_feature",
    params(("id" = i64, Path, description = "The number of the feature.")),
    responses(
        (status = 200, description = "It is gone.", body = Success<Nothing>),
        (status = 409, description = "A task of it has not ended."),
    ))]
pub async fn delete(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<Nothing> {
    admin::delete_feature(&state.service, &actor, id).await?;
    Ok(Success::new(Nothing))
}

/// Copy a feature.
///
/// Under a free key, and switched off.
#[utoipa::path(post, path = "/api/admin/features/{id}/duplicate", tag = "administration", operation_id = "admin_duplicate_feature",
    params(("id" = i64, Path, description = "The number of the feature.")),
    responses((status = 201, description = "The copy.", body = Success<FeatureEntry>)))]
pub async fn duplicate(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id,
) -> Result<(StatusCode, Success<FeatureEntry>), Failure> {
    Ok((StatusCode::CREATED, Success::new(admin::duplicate_feature(&state.service, &actor, id).await?)))
}

/// Move a feature.
///
/// To a place in the order of all features; those behind it move up.
#[utoipa::path(post, path = "/api/admin/features/{id}/move", tag = "administration", operation_id = "admin_move_feature",
    params(("id" = i64, Path, description = "The number of the feature.")),
    request_body(content = Place, example = json!({"position": 1})),
    responses((status = 200, description = "The feature as it is now.", body = Success<FeatureEntry>)))]
pub async fn move_to(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id, Json(place): Json<Place>) -> Answer<FeatureEntry> {
    Ok(Success::new(admin::move_feature(&state.service, &actor, id, place.position).await?))
}
