//! Logging in and out, and changing one's own password.

use super::limits::{self, Subject};
use super::sessions::{ABSOLUTE_MS, SLIDING_MS};
use super::{digest, hex, password, store, token, users};
use crate::actor::{Actor, ClientInfo, Via};
use crate::db::{Tx, query, transact};
use crate::service::Service;
use model::accounts::Scope;
use model::time::Timestamp;
use model::{Error, ErrorCode, Result};

/// A session just begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    /// The cookie's value; it is not stored anywhere here.
    pub token: String,
    /// When it ends unless it is used.
    pub expires_at: Timestamp,
    /// The latest time at which it can end, however much it is used.
    pub ends_at: Timestamp,
}

/// Begins a session.
///
/// Errors: `wrong_credentials` for an unknown name as for a wrong password, after the same time; `account_disabled` after the right
/// password only; `rate_limited` after too many failures of the account or the address.
pub async fn log_in(service: &Service, username: &str, password: &str, client: &ClientInfo) -> Result<NewSession> {
    let now = service.clock.now();
    let mut subjects: Vec<Subject> = vec![limits::address(client.address)];
    // A name that nobody can have is not counted by name: it may be of any length, or be a password typed into the wrong field.
    let key = users::key(username).ok();
    subjects.extend(key.as_deref().map(limits::account));
    let counted = limits::count(&service.db, now, subjects).await?;
    let user = match &key {
        Some(key) => store::by_key(&service.db, key).await?,
        None => None,
    };
    let right = service.accounts.0.hasher.verify(password, user.as_ref().map(|user| user.password_hash.as_str())).await?;
    let Some(user) = user.filter(|_| right) else {
        tracing::info!(address = %client.address, "a log-in failed");
        return Err(Error::new(ErrorCode::WrongCredentials, "The user name or the password is wrong."));
    };
    counted.forgive(&service.db).await?;
    if !user.enabled {
        tracing::info!(user = user.id, address = %client.address, "a disabled user tried to log in");
        return Err(Error::new(ErrorCode::AccountDisabled, "This account is disabled."));
    }
    let session = NewSession { token: token(), expires_at: Timestamp(now.0 + SLIDING_MS), ends_at: Timestamp(now.0 + ABSOLUTE_MS) };
    let begun = query(
        "INSERT INTO sessions (user_id, token_hash, address, user_agent, created_at, last_used_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $5, $6)",
    );
    let begun = begun
        .bind(user.id)
        .bind(hex(&digest(&session.token)))
        .bind(client.address.to_string())
        .bind(client.stored_user_agent())
        .bind(now)
        .bind(session.expires_at);
    service.db.execute(begun).await?;
    tracing::info!(user = user.id, address = %client.address, "logged in");
    Ok(session)
}

/// Ends a session; one that is not known has ended already.
pub async fn log_out(service: &Service, token: &str) -> Result<()> {
    service.db.execute(query("DELETE FROM sessions WHERE token_hash = $1").bind(hex(&digest(token)))).await?;
    service.accounts.forget();
    Ok(())
}

/// Changes the caller's password and ends the caller's other sessions. API keys stay: they are revoked one by one.
///
/// Errors: `wrong_credentials` for the old password, `weak_password`, `forbidden` with an API key, `rate_limited`.
pub async fn change_password(service: &Service, actor: &Actor, old: &str, new: &str) -> Result<()> {
    actor.require(Scope::Account)?;
    if matches!(actor.via, Via::Key { .. }) {
        return Err(Error::forbidden("A password is changed in a session, not with an API key."));
    }
    password::check_strength(&actor.username, new)?;
    let now = service.clock.now();
    let counted = limits::count(&service.db, now, vec![limits::old_password(actor.user_id)]).await?;
    let user = store::by_id(&service.db, actor.user_id).await?.ok_or_else(|| Error::not_found("user"))?;
    if !service.accounts.0.hasher.verify(old, Some(&user.password_hash)).await? {
        return Err(Error::new(ErrorCode::WrongCredentials, "The old password is wrong.").at("old_password"));
    }
    counted.forgive(&service.db).await?;
    let hash = service.accounts.0.hasher.hash(new).await?;
    let body = async |tx: &mut Tx| store::change_password(tx, user.id, &hash, actor.session_id(), now).await;
    transact!(service.db, body)?;
    service.accounts.forget();
    tracing::info!(user = user.id, "password changed");
    Ok(())
}
