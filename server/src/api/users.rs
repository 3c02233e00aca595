//! Administration of users and of the invitations by which they come.

use super::PageQuery;
use crate::envelope::{Answer, Failure, Nothing, Success};
use crate::extract::{Caller, Id, Json, List};
use crate::state::AppState;
use axum::extract::State;
use axum::http::StatusCode;
use model::Page;
use model::users::{
    CreatedInvitation, CreatedUser, Ended, InvitationView, NewInvitation, NewUser, PasswordReset, TemporaryPassword, UserDetail,
    UserFilter, UserPatch, UserView,
};
use service::accounts;

/// All users.
///
/// Filtered, sorted and in pages. For administrators.
#[utoipa::path(get, path = "/api/admin/users", tag = "administration", operation_id = "list_users", params(UserFilter),
    responses((status = 200, description = "One page.", body = Success<Page<UserView>>)))]
pub async fn list(State(state): State<AppState>, Caller(actor): Caller, List(filter): List<UserFilter>) -> Answer<Page<UserView>> {
    Ok(Success::new(accounts::list_users(&state.service, &actor, &filter).await?))
}

/// Make a user.
///
/// Without a password one is made; the answer is the only time that it is shown. For administrators.
#[utoipa::path(post, path = "/api/admin/users", tag = "administration", operation_id = "create_user",
    request_body(content = NewUser, example = json!({"username": "alice", "role": "user"})),
    responses(
        (status = 201, description = "The user.", body = Success<CreatedUser>),
        (status = 409, description = "The name is taken."),
    ))]
pub async fn create(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Json(new): Json<NewUser>,
) -> Result<(StatusCode, Success<CreatedUser>), Failure> {
    Ok((StatusCode::CREATED, Success::new(accounts::make_user(&state.service, &actor, new).await?)))
}

/// One user.
///
/// With its sessions and keys, without their secrets. For administrators.
#[utoipa::path(get, path = "/api/admin/users/{id}", tag = "administration", operation_id = "get_user",
    params(("id" = i64, Path, description = "The number of the user.")),
    responses((status = 200, description = "The user.", body = Success<UserDetail>)))]
pub async fn get(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<UserDetail> {
    Ok(Success::new(accounts::user(&state.service, &actor, id).await?))
}

/// Change a user.
///
/// Role, own limits, and whether it may log in. A user that may not has no sessions, and its keys are refused at once. The last
/// administrator that may log in stays one. For administrators.
#[utoipa::path(patch, path = "/api/admin/users/{id}", tag = "administration", operation_id = "update_user",
    params(("id" = i64, Path, description = "The number of the user.")),
    request_body(content = UserPatch, example = json!({"enabled": false})),
    responses(
        (status = 200, description = "The user as it is now.", body = Success<UserView>),
        (status = 409, description = "It is the last administrator that may log in."),
    ))]
pub async fn update(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id, Json(patch): Json<UserPatch>) -> Answer<UserView> {
    Ok(Success::new(accounts::update_user(&state.service, &actor, id, patch).await?))
}

/// Reset a user's password.
///
/// Without a password one is made; the answer is the only time that it is shown. All sessions of the user end. For administrators.
#[utoipa::path(post, path = "/api/admin/users/{id}/password", tag = "administration", operation_id = "reset_password",
    params(("id" = i64, Path, description = "The number of the user.")),
    request_body(content = PasswordReset, example = json!({})),
    responses((status = 200, description = "It is reset.", body = Success<TemporaryPassword>)))]
pub async fn reset_password(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id,
    Json(reset): Json<PasswordReset>,
) -> Answer<TemporaryPassword> {
    Ok(Success::new(accounts::reset_password(&state.service, &actor, id, reset).await?))
}

/// End all sessions of a user.
///
/// For administrators.
#[utoipa::path(delete, path = "/api/admin/users/{id}/sessions", tag = "administration", operation_id = "end_user_sessions",
    params(("id" = i64, Path, description = "The number of the user.")),
    responses((status = 200, description = "How many there were.", body = Success<Ended>)))]
pub async fn end_sessions(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<Ended> {
    Ok(Success::new(accounts::end_user_sessions(&state.service, &actor, id).await?))
}

/// Revoke all keys of a user.
///
/// For administrators.
#[utoipa::path(delete, path = "/api/admin/users/{id}/keys", tag = "administration", operation_id = "revoke_user_keys",
    params(("id" = i64, Path, description = "The number of the user.")),
    responses((status = 200, description = "How many there were.", body = Success<Ended>)))]
pub async fn revoke_keys(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<Ended> {
    Ok(Success::new(accounts::revoke_user_keys(&state.service, &actor, id).await?))
}

/// All invitations.
///
/// Newest first. For administrators.
#[utoipa::path(get, path = "/api/admin/invitations", tag = "administration", operation_id = "list_invitations", params(PageQuery),
    responses((status = 200, description = "One page.", body = Success<Page<InvitationView>>)))]
pub async fn invitations(
    State(state): State<AppState>,
    Caller(actor): Caller,
    List(page): List<PageQuery>,
) -> Answer<Page<InvitationView>> {
    Ok(Success::new(accounts::invitations(&state.service, &actor, page.paging()).await?))
}

/// Make an invitation.
///
/// People register with its code while registration is by invitation. The answer is the only time that the code is shown. For
/// administrators.
#[utoipa::path(post, path = "/api/admin/invitations", tag = "administration", operation_id = "create_invitation",
    request_body(content = NewInvitation, example = json!({"note": "the design team", "max_uses": 5})),
    responses((status = 201, description = "The invitation.", body = Success<CreatedInvitation>)))]
pub async fn invite(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Json(new): Json<NewInvitation>,
) -> Result<(StatusCode, Success<CreatedInvitation>), Failure> {
    Ok((StatusCode::CREATED, Success::new(accounts::create_invitation(&state.service, &actor, new).await?)))
}

/// Withdraw an invitation.
///
/// For administrators.
#[utoipa::path(delete, path = "/api/admin/invitations/{id}", tag = "administration", operation_id = "revoke_invitation",
    params(("id" = i64, Path, description = "The number of the invitation.")),
    responses((status = 200, description = "It is withdrawn.", body = Success<Nothing>)))]
pub async fn revoke_invitation(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<Nothing> {
    accounts::revoke_invitation(&state.service, &actor, id).await?;
    Ok(Success::new(Nothing))
}
