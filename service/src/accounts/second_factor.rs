//! The second factor of log-ins: setting it up, proving it, switching it off.
//!
//! A secret is stored as it is, since codes are made with it; recovery codes as digests. Neither is in any answer after it was made, nor in a log.

use super::limits::{self, Subject};
use super::{digest, hex, password, store, totp};
use crate::actor::{Actor, Via};
use crate::audit;
use crate::db::{Db, DbError, Tx, TxError, query, transact};
use crate::service::Service;
use model::accounts::{RecoveryCodes, Scope, TotpSetup, TotpStatus};
use model::time::Timestamp;
use model::{Error, ErrorCode, Result};

/// Recovery codes that are made at once.
const CODES: usize = 10;
/// Bytes of a recovery code: as strong as a key, so that a fast digest is enough.
const CODE_BYTES: usize = 10;

/// A second factor as it is stored.
pub(super) struct Factor {
    secret: String,
    confirmed: bool,
    last_step: i64,
}

/// A user's second factor, confirmed or not.
pub(super) async fn find(db: &Db, user_id: i64) -> Result<Option<Factor>, DbError> {
    let row = db.fetch_optional(query("SELECT secret, confirmed_at, last_step FROM totp WHERE user_id = $1").bind(user_id)).await?;
    let read = |row: crate::db::Row| -> Result<Factor, DbError> {
        let confirmed = row.get::<Option<i64>>("confirmed_at")?.is_some();
        Ok(Factor { secret: row.get("secret")?, confirmed, last_step: row.get("last_step")? })
    };
    row.map(read).transpose()
}

/// A user's second factor, if log-ins ask for it.
pub(super) async fn required(db: &Db, user_id: i64) -> Result<Option<Factor>, DbError> {
    Ok(find(db, user_id).await?.filter(|factor| factor.confirmed))
}

fn only_in_a_session(actor: &Actor) -> Result<()> {
    actor.require(Scope::Account)?;
    if matches!(actor.via, Via::Key { .. }) {
        return Err(Error::forbidden("The second factor is changed in a session, not with an API key."));
    }
    Ok(())
}

fn wrong_code() -> Error {
    Error::new(ErrorCode::WrongCredentials, "The code is wrong, or it was used before.").at("code")
}

/// Whether log-ins ask for a code, and how many recovery codes are left.
pub async fn totp_status(service: &Service, actor: &Actor) -> Result<TotpStatus> {
    only_in_a_session(actor)?;
    let enabled = required(&service.db, actor.user_id).await?.is_some();
    let count = query("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM recovery_codes WHERE user_id = $1").bind(actor.user_id);
    let recovery_codes_left = if enabled { service.db.fetch_one(count).await?.get("n")? } else { 0 };
    Ok(TotpStatus { enabled, recovery_codes_left })
}

/// Makes a secret for the caller's app. It counts once [`totp_confirm`] has seen a code of it; until then it can be made anew.
///
/// Errors: `wrong_credentials` for the password, `conflict` when it is on already, `rate_limited`, `forbidden` with an API key.
pub async fn totp_begin(service: &Service, actor: &Actor, password: &str) -> Result<TotpSetup> {
    only_in_a_session(actor)?;
    prove_password(service, actor, password).await?;
    let secret = totp::new_secret();
    let made = query(
        "INSERT INTO totp (user_id, secret, confirmed_at, last_step, created_at) VALUES ($1, $2, NULL, 0, $3)
         ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at WHERE totp.confirmed_at IS NULL",
    );
    if service.db.execute(made.bind(actor.user_id).bind(&secret).bind(service.clock.now())).await? == 0 {
        return Err(Error::conflict("Two-step verification is on already. Switch it off first."));
    }
    let uri = totp::uri(&secret, &actor.username);
    Ok(TotpSetup { qr_svg: totp::qr_svg(&uri), uri, secret })
}

/// Switches the second factor on with a first code, and makes the recovery codes. The caller's other sessions end: they never gave a code.
///
/// Errors: `wrong_credentials` for the code, `conflict` without a secret or when it is on already, `rate_limited`.
pub async fn totp_confirm(service: &Service, actor: &Actor, code: &str) -> Result<RecoveryCodes> {
    only_in_a_session(actor)?;
    let factor = find(&service.db, actor.user_id).await?.filter(|factor| !factor.confirmed);
    let factor = factor.ok_or_else(|| Error::conflict("There is nothing to confirm: set it up first."))?;
    let now = service.clock.now();
    let counted = limits::count(&service.db, now, vec![limits::code(actor.user_id)]).await?;
    let step = totp::matching_step(&factor.secret, code, now, factor.last_step).ok_or_else(wrong_code)?;
    let codes = new_codes();
    let body = async |tx: &mut Tx| {
        let on = query("UPDATE totp SET confirmed_at = $3, last_step = $4 WHERE user_id = $1 AND secret = $2 AND confirmed_at IS NULL");
        if tx.execute(on.bind(actor.user_id).bind(&factor.secret).bind(now).bind(step)).await? == 0 {
            return Err(TxError::from(Error::conflict("It was set up anew meanwhile.")));
        }
        store_codes(tx, actor.user_id, &codes).await?;
        store::end_sessions(tx, actor.user_id, actor.session_id()).await?;
        Ok::<_, TxError>(())
    };
    transact!(service.db, body)?;
    counted.forgive(&service.db).await?;
    service.accounts.forget();
    tracing::info!(user = actor.user_id, "second factor switched on");
    Ok(RecoveryCodes { codes })
}

/// Makes new recovery codes; the old ones stop working.
///
/// Errors: `wrong_credentials`, `conflict` when it is off, `rate_limited`.
pub async fn renew_recovery_codes(service: &Service, actor: &Actor, password: &str, code: &str) -> Result<RecoveryCodes> {
    only_in_a_session(actor)?;
    prove_password(service, actor, password).await?;
    prove(service, actor.user_id, Vec::new(), code).await?;
    let codes = new_codes();
    let body = async |tx: &mut Tx| store_codes(tx, actor.user_id, &codes).await;
    transact!(service.db, body)?;
    tracing::info!(user = actor.user_id, "recovery codes made anew");
    Ok(RecoveryCodes { codes })
}

/// Switches the second factor off, with the password and a code or recovery code.
///
/// Errors: `wrong_credentials`, `conflict` when it is off, `rate_limited`.
pub async fn totp_disable(service: &Service, actor: &Actor, password: &str, code: &str) -> Result<()> {
    only_in_a_session(actor)?;
    prove_password(service, actor, password).await?;
    prove(service, actor.user_id, Vec::new(), code).await?;
    let body = async |tx: &mut Tx| remove(tx, actor.user_id).await;
    let _removed: bool = transact!(service.db, body)?;
    tracing::info!(user = actor.user_id, "second factor switched off");
    Ok(())
}

/// Takes the second factor of somebody who lost it away; the next log-in asks for the password alone. Administrators only.
///
/// Errors: `not_found`, `conflict` when it is off, `forbidden`.
pub async fn reset_totp(service: &Service, actor: &Actor, user_id: i64) -> Result<()> {
    actor.require_admin()?;
    store::by_id(&service.db, user_id).await?.ok_or_else(|| Error::not_found("user"))?;
    let now = service.clock.now();
    let body = async |tx: &mut Tx| {
        if !remove(tx, user_id).await? {
            return Err(TxError::from(Error::conflict("Two-step verification is off already.")));
        }
        let entry = audit::Entry { action: "user.reset_totp", target: format!("user:{user_id}"), before: None, after: None };
        audit::record(tx, actor, entry, now).await?;
        Ok(())
    };
    transact!(service.db, body)?;
    tracing::info!(user = user_id, actor = actor.user_id, "second factor reset");
    Ok(())
}

/// Proves a code of the app or a recovery code, and uses it up. Tries are counted like those of passwords, apart from them: whoever knows a
/// password must not be able to clear this count by logging in with it.
pub(super) async fn prove(service: &Service, user_id: i64, wider: Vec<Subject>, code: &str) -> Result<()> {
    let factor = required(&service.db, user_id).await?;
    let factor = factor.ok_or_else(|| Error::conflict("Two-step verification is off."))?;
    let now = service.clock.now();
    let subjects = wider.into_iter().chain([limits::code(user_id)]).collect();
    let counted = limits::count(&service.db, now, subjects).await?;
    if !use_up(&service.db, user_id, &factor, code, now).await? {
        tracing::info!(user = user_id, "a second factor was wrong");
        return Err(wrong_code());
    }
    counted.forgive(&service.db).await
}

/// Whether a code is good. Each is good once, on whichever node it comes first.
async fn use_up(db: &Db, user_id: i64, factor: &Factor, typed: &str, now: Timestamp) -> Result<bool> {
    let used = match totp::matching_step(&factor.secret, typed, now, factor.last_step) {
        Some(step) => query("UPDATE totp SET last_step = $2 WHERE user_id = $1 AND last_step < $2 AND secret = $3")
            .bind(user_id)
            .bind(step)
            .bind(&factor.secret),
        None => {
            let Some(code) = recovery_code(typed) else { return Ok(false) };
            query("DELETE FROM recovery_codes WHERE user_id = $1 AND code_hash = $2").bind(user_id).bind(hex(&digest(&code)))
        }
    };
    Ok(db.execute(used).await? == 1)
}

/// A typed recovery code in the form in which it was made; `None` if it cannot be one.
fn recovery_code(typed: &str) -> Option<String> {
    let code: String = typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    (code.len() == 16).then_some(code)
}

/// Recovery codes as people read them: sixteen letters and digits in groups of four.
fn new_codes() -> Vec<String> {
    let group =
        |code: String| code.as_bytes().chunks(4).map(|part| String::from_utf8_lossy(part).into_owned()).collect::<Vec<_>>().join("-");
    (0..CODES).map(|_| group(totp::random_base32(CODE_BYTES).to_ascii_lowercase())).collect()
}

async fn store_codes(tx: &mut Tx, user_id: i64, codes: &[String]) -> Result<(), TxError> {
    tx.execute(query("DELETE FROM recovery_codes WHERE user_id = $1").bind(user_id)).await?;
    for code in codes {
        let plain = recovery_code(code).ok_or_else(Error::internal)?;
        tx.execute(query("INSERT INTO recovery_codes (user_id, code_hash) VALUES ($1, $2)").bind(user_id).bind(hex(&digest(&plain))))
            .await?;
    }
    Ok(())
}

/// Whether there was one.
async fn remove(tx: &mut Tx, user_id: i64) -> Result<bool, TxError> {
    tx.execute(query("DELETE FROM recovery_codes WHERE user_id = $1").bind(user_id)).await?;
    tx.execute(query("DELETE FROM login_challenges WHERE user_id = $1").bind(user_id)).await?;
    Ok(tx.execute(query("DELETE FROM totp WHERE user_id = $1").bind(user_id)).await? == 1)
}

async fn prove_password(service: &Service, actor: &Actor, typed: &str) -> Result<()> {
    let counted = limits::count(&service.db, service.clock.now(), vec![limits::old_password(actor.user_id)]).await?;
    let user = store::by_id(&service.db, actor.user_id).await?.ok_or_else(|| Error::not_found("user"))?;
    if typed.chars().count() > password::MAX_LENGTH || !service.accounts.0.hasher.verify(typed, Some(&user.password_hash)).await? {
        return Err(Error::new(ErrorCode::WrongCredentials, "The password is wrong.").at("password"));
    }
    counted.forgive(&service.db).await
}
