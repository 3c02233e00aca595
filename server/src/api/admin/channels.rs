//! Administration of channels. Credentials come in and never go out.

use crate::envelope::{Answer, Failure, Nothing, Success};
use crate::extract::{Caller, Id, Json, List};
use crate::state::AppState;
use axum::extract::State;
use axum::http::StatusCode;
use model::Page;
use model::catalog::{ChannelEntry, ChannelTest, ChannelTestResult, EntryFilter, Revision, Switch};
use model::rules::Channel;
use service::features::admin;

/// All channels.
#[utoipa::path(get, path = "/api/admin/channels", tag = "administration", operation_id = "admin_list_channels", params(EntryFilter),
    responses((status = 200, description = "One page.", body = Success<Page<ChannelEntry>>)))]
pub async fn list(State(state): State<AppState>, Caller(actor): Caller, List(filter): List<EntryFilter>) -> Answer<Page<ChannelEntry>> {
    Ok(Success::new(admin::channels(&state.service, &actor, &filter).await?))
}

/// One channel, without its credential.
#[utoipa::path(get, path = "/api/admin/channels/{id}", tag = "administration", operation_id = "admin_get_channel",
    params(("id" = i64, Path, description = "The number of the channel.")),
    responses((status = 200, description = "The channel.", body = Success<ChannelEntry>)))]
pub async fn get(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<ChannelEntry> {
    Ok(Success::new(admin::channel(&state.service, &actor, id).await?))
}

/// Make a channel.
///
/// Checked as a catalog file is; `field` names the place of a mistake.
#[utoipa::path(post, path = "/api/admin/channels", tag = "administration", operation_id = "admin_create_channel",
    request_body(content = Channel, example = json!({
        "name": "example-1", "platform": "example", "base_url": "https://api.example.com", "credential": "…", "max_parallel": 32
    })),
    responses(
        (status = 201, description = "The channel.", body = Success<ChannelEntry>),
        (status = 409, description = "The name is taken."),
    ))]
pub async fn create(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Json(definition): Json<Channel>,
) -> Result<(StatusCode, Success<ChannelEntry>), Failure> {
    Ok((StatusCode::CREATED, Success::new(admin::create_channel(&state.service, &actor, definition).await?)))
}

/// Change a channel.
///
/// Takes the whole new definition, and the version that it was made from. Without a credential the stored one stays; an empty one
/// takes it away. Likewise `more_credentials`: a list takes the place of the stored one. A changed channel is in use again.
#[utoipa::path(put, path = "/api/admin/channels/{id}", tag = "administration", operation_id = "admin_update_channel",
    params(("id" = i64, Path, description = "The number of the channel.")),
    request_body(content = Revision<Channel>, example = json!({"version": 3, "definition": {
        "name": "example-1", "platform": "example", "base_url": "https://api.example.com", "weight": 2
    }})),
    responses(
        (status = 200, description = "The channel as it is now.", body = Success<ChannelEntry>),
        (status = 409, description = "It was changed since that version, the name is taken, or a feature needs it as it is."),
    ))]
pub async fn update(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id,
    Json(revision): Json<Revision<Channel>>,
) -> Answer<ChannelEntry> {
    Ok(Success::new(admin::update_channel(&state.service, &actor, id, revision).await?))
}

/// Switch a channel on or off.
#[utoipa::path(patch, path = "/api/admin/channels/{id}", tag = "administration", operation_id = "admin_switch_channel",
    params(("id" = i64, Path, description = "The number of the channel.")),
    request_body(content = Switch, example = json!({"enabled": false})),
    responses((status = 200, description = "The channel as it is now.", body = Success<ChannelEntry>)))]
pub async fn switch(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id, Json(switch): Json<Switch>) -> Answer<ChannelEntry> {
    Ok(Success::new(admin::switch_channel(&state.service, &actor, id, switch.enabled).await?))
}

/// Delete a channel.
#[utoipa::path(delete, path = "/api/admin/channels/{id}", tag = "administration", operation_id = "admin_delete_channel",
    params(("id" = i64, Path, description = "The number of the channel.")),
    responses(
        (status = 200, description = "It is gone.", body = Success<Nothing>),
        (status = 409, description = "It is the only one of a feature's platform, or a job that it took has not ended."),
    ))]
pub async fn delete(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<Nothing> {
    admin::delete_channel(&state.service, &actor, id).await?;
    Ok(Success::new(Nothing))
}

/// Put a channel back into use.
///
/// Of a channel that the program itself took out of use, and of its credentials; both also come back by themselves, when a call that is let
/// through now and then is good. A channel that is switched off stays so.
#[utoipa::path(post, path = "/api/admin/channels/{id}/recover", tag = "administration", operation_id = "admin_recover_channel",
    params(("id" = i64, Path, description = "The number of the channel.")),
    responses((status = 200, description = "The channel as it is now.", body = Success<ChannelEntry>)))]
pub async fn recover(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<ChannelEntry> {
    Ok(Success::new(admin::recover_channel(&state.service, &actor, id).await?))
}

/// Test a channel.
///
/// Makes one real call: the request of a rule, or `GET` of the base URL without the credential. What the upstream answered, or why it did
/// not, is part of a good answer.
#[utoipa::path(post, path = "/api/admin/channels/{id}/test", tag = "administration", operation_id = "admin_test_channel",
    params(("id" = i64, Path, description = "The number of the channel.")),
    request_body(content = ChannelTest, example = json!({"rule_id": 1, "params": {"prompt": "rain"}})),
    responses((status = 200, description = "What came of the call.", body = Success<ChannelTestResult>)))]
pub async fn test(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id,
    Json(test): Json<ChannelTest>,
) -> Answer<ChannelTestResult> {
    Ok(Success::new(admin::test_channel(&state.service, &actor, id, &test).await?))
}
