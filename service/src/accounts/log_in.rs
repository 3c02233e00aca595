//! Logging in and out, and changing one's own password.

use super::limits::{self, Subject};
use super::sessions::{ABSOLUTE_MS, SLIDING_MS};
use super::{digest, hex, password, second_factor, store, token, users};
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

/// A log-in whose password was right and whose second factor is still to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// What the second step is sent with; it opens nothing by itself.
    pub token: String,
    /// When it has to be begun anew.
    pub expires_at: Timestamp,
}

/// How far a log-in got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogIn {
    /// All the way.
    Session(NewSession),
    /// The account has a second factor, which [`log_in_code`] takes.
    SecondFactor(Challenge),
}

impl LogIn {
    /// The session, if it got so far.
    pub fn session(self) -> Option<NewSession> {
        match self {
            LogIn::Session(session) => Some(session),
            LogIn::SecondFactor(_) => None,
        }
    }
}

/// How long the second step may take.
const CHALLENGE_MS: i64 = 5 * 60_000;

/// Begins a session, or the second step for an account with a second factor.
///
/// Errors: `wrong_credentials` for an unknown name as for a wrong password, after the same time; `account_disabled` after the right
/// password only; `rate_limited` after too many failures of the account or the address.
pub async fn log_in(service: &Service, username: &str, password: &str, client: &ClientInfo) -> Result<LogIn> {
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
    if second_factor::required(&service.db, user.id).await?.is_some() {
        let challenge = Challenge { token: token(), expires_at: Timestamp(now.0 + CHALLENGE_MS) };
        let begun = query("INSERT INTO login_challenges (token_hash, user_id, expires_at) VALUES ($1, $2, $3)");
        service.db.execute(begun.bind(hex(&digest(&challenge.token))).bind(user.id).bind(challenge.expires_at)).await?;
        return Ok(LogIn::SecondFactor(challenge));
    }
    begin(service, user.id, client, now).await.map(LogIn::Session)
}

/// The second step of a log-in: a code of the app, or a recovery code. Only now is there a session.
///
/// Errors: `credential_expired` for a log-in that has to be begun anew, `wrong_credentials` for the code, `rate_limited`, `account_disabled`.
pub async fn log_in_code(service: &Service, challenge: &str, code: &str, client: &ClientInfo) -> Result<NewSession> {
    let now = service.clock.now();
    let expired = || Error::new(ErrorCode::CredentialExpired, "This log-in took too long. Begin again.");
    let hash = hex(&digest(challenge));
    let found = query("SELECT user_id FROM login_challenges WHERE token_hash = $1 AND expires_at > $2").bind(&hash).bind(now);
    let user_id: i64 = service.db.fetch_optional(found).await?.ok_or_else(expired)?.get("user_id")?;
    let user = store::by_id(&service.db, user_id).await?.ok_or_else(expired)?;
    second_factor::prove(service, user_id, vec![limits::address(client.address)], code).await?;
    if service.db.execute(query("DELETE FROM login_challenges WHERE token_hash = $1").bind(&hash)).await? == 0 {
        return Err(expired());
    }
    if !user.enabled {
        return Err(Error::new(ErrorCode::AccountDisabled, "This account is disabled."));
    }
    begin(service, user_id, client, now).await
}

/// Begins a session of somebody who has proved everything.
async fn begin(service: &Service, user_id: i64, client: &ClientInfo, now: Timestamp) -> Result<NewSession> {
    let session = NewSession { token: token(), expires_at: Timestamp(now.0 + SLIDING_MS), ends_at: Timestamp(now.0 + ABSOLUTE_MS) };
    let begun = query(
        "INSERT INTO sessions (user_id, token_hash, address, user_agent, created_at, last_used_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $5, $6)",
    );
    let begun = begun
        .bind(user_id)
        .bind(hex(&digest(&session.token)))
        .bind(client.address.to_string())
        .bind(client.stored_user_agent())
        .bind(now)
        .bind(session.expires_at);
    service.db.execute(begun).await?;
    tracing::info!(user = user_id, address = %client.address, "logged in");
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
