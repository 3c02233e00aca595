//! The caller's account: who it is, its points, its password, its log-ins.

use crate::envelope::{Answer, Nothing, Success};
use crate::extract::{Caller, Id, Json};
use crate::state::AppState;
use axum::extract::State;
use model::accounts::{Me, SessionView};
use serde::Deserialize;
use service::accounts;
use utoipa::ToSchema;

/// Who am I?
///
/// The owner of the session or key, and the points.
#[utoipa::path(get, path = "/api/me", tag = "account", operation_id = "me",
    responses((status = 200, description = "The caller.", body = Success<Me>,
        example = json!({"success": true, "message": "", "data": {
            "id": 2, "username": "alice", "role": "user", "balance": {"available": 990, "held": 10}, "low_balance": 100, "created_at": "2026-01-31T08:15:30.250Z"
        }}))))]
pub async fn me(State(state): State<AppState>, Caller(actor): Caller) -> Answer<Me> {
    Ok(Success::new(accounts::me(&state.service, &actor).await?))
}

/// The body of `POST /api/me/password`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// The present password.
    old_password: String,
    /// The new one, at least 8 characters.
    new_password: String,
}

/// Change the password.
///
/// Ends all other sessions of the caller.
#[utoipa::path(post, path = "/api/me/password", tag = "account", operation_id = "change_password",
    request_body(content = NewPassword, example = json!({"old_password": "the old one", "new_password": "a long new one"})),
    responses((status = 200, description = "It is changed.", body = Success<Nothing>)))]
pub async fn change_password(State(state): State<AppState>, Caller(actor): Caller, Json(body): Json<NewPassword>) -> Answer<Nothing> {
    accounts::change_password(&state.service, &actor, &body.old_password, &body.new_password).await?;
    Ok(Success::new(Nothing))
}

/// The caller's sessions.
#[utoipa::path(get, path = "/api/sessions", tag = "account", operation_id = "list_sessions",
    responses((status = 200, description = "The sessions that have not ended.", body = Success<Vec<SessionView>>)))]
pub async fn sessions(State(state): State<AppState>, Caller(actor): Caller) -> Answer<Vec<SessionView>> {
    Ok(Success::new(accounts::sessions(&state.service, &actor).await?))
}

/// End a session.
#[utoipa::path(delete, path = "/api/sessions/{id}", tag = "account", operation_id = "revoke_session",
    params(("id" = i64, Path, description = "The number of the session.")),
    responses((status = 200, description = "It is ended.", body = Success<Nothing>)))]
pub async fn revoke_session(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<Nothing> {
    accounts::revoke_session(&state.service, &actor, id).await?;
    Ok(Success::new(Nothing))
}
