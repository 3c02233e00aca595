//! The first run: there is no default account; whoever holds the link that the server printed makes the first administrator.

use super::{State, password, store, users};
use crate::db::{Tx, TxError, query, transact};
use crate::service::Service;
use model::accounts::Role;
use model::{Error, ErrorCode, Result};
use std::sync::atomic::Ordering;
use subtle::ConstantTimeEq;

/// Whether there is no administrator yet.
pub async fn setup_needed(service: &Service) -> Result<bool> {
    let State(state) = &service.accounts;
    if state.set_up.load(Ordering::Relaxed) {
        return Ok(false);
    }
    let admin = service.db.fetch_optional(query("SELECT id FROM users WHERE role = 'admin' LIMIT 1")).await?;
    if admin.is_some() {
        state.set_up.store(true, Ordering::Relaxed);
    }
    Ok(admin.is_none())
}

/// The one-time token of the set-up link: random for each process.
pub fn setup_token(service: &Service) -> String {
    service.accounts.0.setup_token.clone()
}

/// Makes the first administrator; its number.
///
/// Errors: `already_set_up`, `forbidden` for a wrong token, `invalid` for the name, `weak_password`.
pub async fn set_up(service: &Service, token: &str, username: &str, password: &str) -> Result<i64> {
    let done = || Error::new(ErrorCode::AlreadySetUp, "The set-up was already done. Log in instead.");
    if !setup_needed(service).await? {
        return Err(done());
    }
    if !bool::from(token.as_bytes().ct_eq(service.accounts.0.setup_token.as_bytes())) {
        return Err(Error::forbidden("This set-up link is not valid. Use the one that the server printed when it started.").at("token"));
    }
    let key = users::key(username)?;
    password::check_strength(username, password)?;
    let hash = service.accounts.0.hasher.hash(password).await?;
    let now = service.clock.now();
    let low_balance = service.settings.current().low_balance_default.unwrap_or(0);
    let body = async |tx: &mut Tx| {
        // The row makes two set-ups at the same time wait for each other, on several nodes too.
        let first =
            query("INSERT INTO settings (key, value, updated_at) VALUES ('set_up', 'done', $1) ON CONFLICT (key) DO NOTHING").bind(now);
        let admin = query("SELECT id FROM users WHERE role = 'admin' LIMIT 1");
        if tx.execute(first).await? != 1 || tx.fetch_optional(admin).await?.is_some() {
            return Err(TxError::from(done()));
        }
        let new =
            store::NewUser { username: username.trim(), username_key: &key, password_hash: &hash, role: Role::Admin, low_balance, now };
        store::insert(tx, &new).await
    };
    let id = transact!(service.db, body)?;
    service.accounts.0.set_up.store(true, Ordering::Relaxed);
    tracing::info!(user = id, "the first administrator was made");
    Ok(id)
}
