//! System settings.

use crate::envelope::{Answer, Success};
use crate::extract::{Caller, Json};
use crate::state::AppState;
use axum::extract::State;
use model::settings::{SettingsChange, SettingsView};
use service::settings;

/// The system settings.
///
/// With their version, and with what counts where they are absent. For administrators.
#[utoipa::path(get, path = "/api/admin/settings", tag = "administration", operation_id = "get_settings",
    responses((status = 200, description = "The settings.", body = Success<SettingsView>)))]
pub async fn get(State(state): State<AppState>, Caller(actor): Caller) -> Answer<SettingsView> {
    Ok(Success::new(settings::view(&state.service, &actor)?))
}

/// Replace the system settings.
///
/// Those left out get their defaults. They are in force at once here, and within two seconds on other nodes. For administrators.
#[utoipa::path(put, path = "/api/admin/settings", tag = "administration", operation_id = "replace_settings",
    request_body(content = SettingsChange, example = json!({"version": 3, "settings": {"site_name": "Example", "registration": "invitation"}})),
    responses(
        (status = 200, description = "The settings as they are now.", body = Success<SettingsView>),
        (status = 409, description = "Somebody else has changed them since that version."),
    ))]
pub async fn replace(State(state): State<AppState>, Caller(actor): Caller, Json(change): Json<SettingsChange>) -> Answer<SettingsView> {
    Ok(Success::new(settings::replace(&state.service, &actor, change).await?))
}

/// Change some system settings.
///
/// The others stay; `null` takes one back to what the configuration says. For administrators.
#[utoipa::path(patch, path = "/api/admin/settings", tag = "administration", operation_id = "update_settings",
    request_body(content = SettingsChange, example = json!({"version": 3, "settings": {"min_interval_seconds": 10}})),
    responses(
        (status = 200, description = "The settings as they are now.", body = Success<SettingsView>),
        (status = 409, description = "Somebody else has changed them since that version."),
    ))]
pub async fn update(State(state): State<AppState>, Caller(actor): Caller, Json(change): Json<SettingsChange>) -> Answer<SettingsView> {
    Ok(Success::new(settings::patch(&state.service, &actor, change).await?))
}
