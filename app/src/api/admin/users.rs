//! Users and invitations.

use crate::error::UiError;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::Page;
use model::users::{
    CreatedInvitation, CreatedUser, InvitationView, NewInvitation, NewUser, TemporaryPassword, UserDetail, UserFilter, UserPatch, UserView,
};
use serde::{Deserialize, Serialize};

/// What a tab of the page of users shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum UsersData {
    /// One page of users.
    Users(Page<UserView>),
    /// One page of invitations.
    Invitations(Page<InvitationView>),
}

/// The data of one tab of the page of users.
#[server(name = LoadUsers, prefix = "/_fn", input = Json)]
pub async fn list(
    /// The word of the tab in the URL.
    tab: String,
    /// What the list is narrowed to; invitations take only the page from it.
    filter: UserFilter,
) -> Result<UsersData, UiError> {
    let (service, actor) = crate::ssr::context()?;
    let paging = model::paging::Paging::new(filter.page, filter.page_size);
    Ok(match tab.as_str() {
        "invitations" => UsersData::Invitations(service::accounts::invitations(&service, &actor, paging).await?),
        _ => UsersData::Users(service::accounts::list_users(&service, &actor, &filter).await?),
    })
}

/// The data of the page of one user.
#[server(name = LoadUser, prefix = "/_fn")]
pub async fn detail(
    /// Which one.
    id: i64,
) -> Result<UserDetail, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::accounts::user(&service, &actor, id).await?)
}

/// Makes a user.
#[server(name = CreateUser, prefix = "/_fn", input = Json)]
pub async fn create(
    /// Who.
    user: NewUser,
) -> Result<CreatedUser, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::accounts::make_user(&service, &actor, user).await?)
}

/// Changes a user.
#[server(name = UpdateUser, prefix = "/_fn", input = Json)]
pub async fn update(
    /// Which one.
    id: i64,
    /// What changes.
    patch: UserPatch,
) -> Result<UserView, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::accounts::update_user(&service, &actor, id, patch).await?)
}

/// Makes a new password for a user; the answer is the only one with it.
#[server(name = ResetPassword, prefix = "/_fn")]
pub async fn reset_password(
    /// Which one.
    id: i64,
) -> Result<TemporaryPassword, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::accounts::reset_password(&service, &actor, id, model::users::PasswordReset::default()).await?)
}

/// Logs a user out everywhere and says how many sessions there were.
#[server(name = EndUserSessions, prefix = "/_fn")]
pub async fn end_sessions(
    /// Which one.
    id: i64,
) -> Result<i64, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::accounts::end_user_sessions(&service, &actor, id).await?.count)
}

/// Revokes all keys of a user and says how many there were.
#[server(name = RevokeUserKeys, prefix = "/_fn")]
pub async fn revoke_keys(
    /// Which one.
    id: i64,
) -> Result<i64, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::accounts::revoke_user_keys(&service, &actor, id).await?.count)
}

/// Switches off the two-step verification of somebody who lost the app and the recovery codes.
#[server(prefix = "/_fn")]
pub async fn reset_totp(
    /// Which one.
    id: i64,
) -> Result<(), UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::accounts::reset_totp(&service, &actor, id).await?)
}

/// Makes an invitation; the answer is the only one with its code.
#[server(name = Invite, prefix = "/_fn", input = Json)]
pub async fn invite(
    /// For whom and how long.
    invitation: NewInvitation,
) -> Result<CreatedInvitation, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::accounts::create_invitation(&service, &actor, invitation).await?)
}

/// Withdraws an invitation.
#[server(name = RevokeInvitation, prefix = "/_fn")]
pub async fn revoke_invitation(
    /// Which one.
    id: i64,
) -> Result<(), UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::accounts::revoke_invitation(&service, &actor, id).await?)
}
