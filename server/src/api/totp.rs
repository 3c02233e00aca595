//! The second factor of the caller's log-ins.

use crate::envelope::{Answer, Nothing, Success};
use crate::extract::{Caller, Id, Json};
use crate::state::AppState;
use axum::extract::State;
use model::accounts::{RecoveryCodes, TotpSetup, TotpStatus};
use serde::Deserialize;
use service::accounts;
use utoipa::ToSchema;

/// The password alone.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Password {
    /// The caller's password.
    password: String,
}

/// A code of the authenticator app.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// Six digits.
    code: String,
}

/// Everything that a log-in would ask for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordAndCode {
    /// The caller's password.
    password: String,
    /// Six digits of the app, or a recovery code.
    code: String,
}

/// Is two-step verification on?
#[utoipa::path(get, path = "/api/me/totp", tag = "account", operation_id = "totp_status",
    responses((status = 200, description = "Whether it is, and how many recovery codes are left.", body = Success<TotpStatus>)))]
pub async fn status(State(state): State<AppState>, Caller(actor): Caller) -> Answer<TotpStatus> {
    Ok(Success::new(accounts::totp_status(&state.service, &actor).await?))
}

/// Set up two-step verification.
///
/// Answers a secret for an authenticator app. It counts once a code of it was confirmed.
#[utoipa::path(post, path = "/api/me/totp", tag = "account", operation_id = "totp_begin",
    request_body(content = Password, example = json!({"password": "the password"})),
    responses(
        (status = 200, description = "The secret.", body = Success<TotpSetup>),
        (status = 409, description = "It is on already."),
    ))]
pub async fn begin(State(state): State<AppState>, Caller(actor): Caller, Json(body): Json<Password>) -> Answer<TotpSetup> {
    Ok(Success::new(accounts::totp_begin(&state.service, &actor, &body.password).await?))
}

/// Confirm two-step verification.
///
/// Switches it on, ends the caller's other sessions, and answers the recovery codes: the only time that they are shown.
#[utoipa::path(post, path = "/api/me/totp/confirm", tag = "account", operation_id = "totp_confirm",
    request_body(content = Code, example = json!({"code": "123456"})),
    responses(
        (status = 200, description = "The recovery codes.", body = Success<RecoveryCodes>),
        (status = 409, description = "There is nothing to confirm."),
    ))]
pub async fn confirm(State(state): State<AppState>, Caller(actor): Caller, Json(body): Json<Code>) -> Answer<RecoveryCodes> {
    Ok(Success::new(accounts::totp_confirm(&state.service, &actor, &body.code).await?))
}

/// Make new recovery codes.
///
/// The old ones stop working.
#[utoipa::path(post, path = "/api/me/totp/recovery-codes", tag = "account", operation_id = "totp_recovery_codes",
    request_body(content = PasswordAndCode, example = json!({"password": "the password", "code": "123456"})),
    responses(
        (status = 200, description = "The recovery codes.", body = Success<RecoveryCodes>),
        (status = 409, description = "Two-step verification is off."),
    ))]
pub async fn recovery_codes(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Json(body): Json<PasswordAndCode>,
) -> Answer<RecoveryCodes> {
    Ok(Success::new(accounts::renew_recovery_codes(&state.service, &actor, &body.password, &body.code).await?))
}

/// Switch two-step verification off.
#[utoipa::path(post, path = "/api/me/totp/disable", tag = "account", operation_id = "totp_disable",
    request_body(content = PasswordAndCode, example = json!({"password": "the password", "code": "123456"})),
    responses(
        (status = 200, description = "It is off.", body = Success<Nothing>),
        (status = 409, description = "It is off already."),
    ))]
pub async fn disable(State(state): State<AppState>, Caller(actor): Caller, Json(body): Json<PasswordAndCode>) -> Answer<Nothing> {
    accounts::totp_disable(&state.service, &actor, &body.password, &body.code).await?;
    Ok(Success::new(Nothing))
}

/// Switch off a user's two-step verification.
///
/// For somebody who lost the app and the recovery codes.
#[utoipa::path(post, path = "/api/admin/users/{id}/reset-totp", tag = "administration", operation_id = "admin_reset_totp",
    params(("id" = i64, Path, description = "The number of the user.")),
    responses(
        (status = 200, description = "It is off.", body = Success<Nothing>),
        (status = 409, description = "It is off already."),
    ))]
pub async fn reset(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<Nothing> {
    accounts::reset_totp(&state.service, &actor, id).await?;
    Ok(Success::new(Nothing))
}
