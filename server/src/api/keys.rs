//! The caller's API keys.

use crate::envelope::{Answer, Failure, Nothing, Success};
use crate::extract::{Caller, Id, Json};
use crate::state::AppState;
use axum::extract::State;
use axum::http::StatusCode;
use model::accounts::{CreatedKey, KeyView, NewKey};
use service::accounts;

/// The caller's API keys.
#[utoipa::path(get, path = "/api/keys", tag = "account", operation_id = "list_keys",
    responses((status = 200, description = "The keys, without their secrets.", body = Success<Vec<KeyView>>)))]
pub async fn list(State(state): State<AppState>, Caller(actor): Caller) -> Answer<Vec<KeyView>> {
    Ok(Success::new(accounts::keys(&state.service, &actor).await?))
}

/// Make an API key.
///
/// The answer is the only time that the whole key is shown.
#[utoipa::path(post, path = "/api/keys", tag = "account", operation_id = "create_key",
    request_body(content = NewKey, example = json!({"name": "nightly job", "scopes": ["tasks:read", "tasks:write"]})),
    responses((status = 201, description = "The key.", body = Success<CreatedKey>)))]
pub async fn create(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Json(new): Json<NewKey>,
) -> Result<(StatusCode, Success<CreatedKey>), Failure> {
    Ok((StatusCode::CREATED, Success::new(accounts::create_key(&state.service, &actor, new).await?)))
}

/// Revoke an API key.
///
/// It stops working at once.
#[utoipa::path(delete, path = "/api/keys/{id}", tag = "account", operation_id = "revoke_key",
    params(("id" = i64, Path, description = "The number of the key.")),
    responses((status = 200, description = "It is revoked.", body = Success<Nothing>)))]
pub async fn revoke(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<Nothing> {
    accounts::revoke_key(&state.service, &actor, id).await?;
    Ok(Success::new(Nothing))
}
