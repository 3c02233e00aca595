//! The caller, keys, sessions, password.

use crate::error::UiError;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::accounts::{CreatedKey, KeyView, Me, NewKey, RecoveryCodes, SessionView, TotpSetup, TotpStatus};
use model::webhooks::WebhookView;
use serde::{Deserialize, Serialize};

/// What a tab of the personal centre shows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum ProfileData {
    /// The caller's keys, and whether a new one may be for the administration.
    Keys {
        /// The keys.
        keys: Vec<KeyView>,
        /// Whether the caller is an administrator.
        is_admin: bool,
    },
    /// The caller's sessions.
    Sessions(Vec<SessionView>),
    /// Nothing has to be loaded to change a password.
    Password,
    /// The caller and the balance.
    Account(Me),
    /// Whether log-ins take two steps.
    TwoStep(TotpStatus),
    /// The caller's webhooks.
    Webhooks(Vec<WebhookView>),
}

/// The caller and the balance.
#[server(name = LoadMe, prefix = "/_fn")]
pub async fn me() -> Result<Me, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::accounts::me(&service, &actor).await?)
}

/// The data of one tab of the personal centre.
#[server(prefix = "/_fn")]
pub async fn profile(
    /// The word of the tab in the URL.
    tab: String,
) -> Result<ProfileData, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(match tab.as_str() {
        "sessions" => ProfileData::Sessions(service::accounts::sessions(&service, &actor).await?),
        "password" => ProfileData::Password,
        "keys" => ProfileData::Keys {
            keys: service::accounts::keys(&service, &actor).await?,
            is_admin: actor.role == model::accounts::Role::Admin,
        },
        "two-step" => ProfileData::TwoStep(service::accounts::totp_status(&service, &actor).await?),
        "webhooks" => ProfileData::Webhooks(service::webhooks::list(&service, &actor).await?),
        _ => ProfileData::Account(service::accounts::me(&service, &actor).await?),
    })
}

/// Makes a key; the answer is the only one with its secret.
#[server(prefix = "/_fn", input = Json)]
pub async fn create_key(
    /// What the key may do.
    key: NewKey,
) -> Result<CreatedKey, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::accounts::create_key(&service, &actor, key).await?)
}

/// Ends a key.
#[server(prefix = "/_fn")]
pub async fn revoke_key(
    /// Which one.
    id: i64,
) -> Result<(), UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::accounts::revoke_key(&service, &actor, id).await?)
}

/// Logs one browser out.
#[server(prefix = "/_fn")]
pub async fn revoke_session(
    /// Which one.
    id: i64,
) -> Result<(), UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::accounts::revoke_session(&service, &actor, id).await?)
}

/// Logs every other browser out and says how many there were.
#[server(prefix = "/_fn")]
pub async fn revoke_other_sessions() -> Result<i64, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::accounts::revoke_other_sessions(&service, &actor).await?)
}

/// Changes the password and ends the other sessions. Also the target of a plain form.
#[server(prefix = "/_fn")]
pub async fn change_password(
    /// The present one.
    old: String,
    /// The next one.
    new: String,
) -> Result<(), UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::accounts::change_password(&service, &actor, &old, &new).await?)
}

/// Makes a secret for an authenticator app; it counts once it is confirmed.
#[server(prefix = "/_fn")]
pub async fn totp_begin(
    /// The caller's password.
    password: String,
) -> Result<TotpSetup, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::accounts::totp_begin(&service, &actor, &password).await?)
}

/// Switches two-step verification on; the answer is the only one with the recovery codes.
#[server(prefix = "/_fn")]
pub async fn totp_confirm(
    /// The first code of the app.
    code: String,
) -> Result<RecoveryCodes, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::accounts::totp_confirm(&service, &actor, &code).await?)
}

/// Makes new recovery codes.
#[server(prefix = "/_fn")]
pub async fn renew_recovery_codes(
    /// The caller's password.
    password: String,
    /// A code.
    code: String,
) -> Result<RecoveryCodes, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::accounts::renew_recovery_codes(&service, &actor, &password, &code).await?)
}

/// Switches two-step verification off.
#[server(prefix = "/_fn")]
pub async fn totp_disable(
    /// The caller's password.
    password: String,
    /// A code.
    code: String,
) -> Result<(), UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::accounts::totp_disable(&service, &actor, &password, &code).await?)
}
