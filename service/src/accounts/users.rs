//! Users: their names, and what administrators do with them.

use super::{password, store};
use crate::actor::{Actor, Via};
use crate::db::{Tx, TxError, query, transact};
use crate::ledger;
use crate::service::Service;
use model::accounts::{Me, Role, UserView};
use model::ledger::Balance;
use model::time::Timestamp;
use model::{Error, Result};

/// A user name made comparable: checked, and without case.
pub(super) fn key(username: &str) -> Result<String> {
    let fail = |message: &str| Err(Error::invalid("username", message));
    let username = username.trim();
    if !(3..=64).contains(&username.chars().count()) {
        return fail("The user name must have 3 to 64 characters.");
    }
    if !username.chars().all(|c| is_letter(c) || ".-_".contains(c)) || !username.starts_with(is_letter) {
        return fail("The user name may have letters, digits, `.`, `_` and `-`, and begins with a letter or a digit.");
    }
    Ok(username.to_lowercase())
}

/// ASCII letters and digits, and Chinese, Japanese and Korean ones: no two of them look the same, as Latin and Cyrillic letters do.
fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '\u{3005}' | '\u{3007}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{30fc}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{20000}'..='\u{323af}')
}

/// The caller and the balance.
pub async fn me(service: &Service, actor: &Actor) -> Result<Me> {
    let user = store::by_id(&service.db, actor.user_id).await?.ok_or_else(|| Error::not_found("user"))?;
    let balance = ledger::balance(service, user.id).await?;
    let low_balance = ledger::low_balance(service, user.id).await?;
    Ok(Me { id: user.id, username: user.username, role: user.role, balance, low_balance, created_at: user.created_at })
}

/// Makes a user; its number. Administrators only.
///
/// Errors: `invalid` for the name, `name_taken`, `weak_password`, `forbidden`.
pub async fn create_user(service: &Service, actor: &Actor, username: &str, password: &str, role: Role) -> Result<i64> {
    actor.require_admin()?;
    let key = key(username)?;
    password::check_strength(username, password)?;
    let hash = service.accounts.0.hasher.hash(password).await?;
    let now = service.clock.now();
    let body = async |tx: &mut Tx| {
        let new = store::NewUser { username: username.trim(), username_key: &key, password_hash: &hash, role, now };
        store::insert(tx, &new).await
    };
    let id = transact!(service.db, body)?;
    tracing::info!(user = id, role = role.as_str(), actor = actor.user_id, "user made");
    Ok(id)
}

/// Every user with its balance, oldest first. Administrators only.
pub async fn users(service: &Service, actor: &Actor) -> Result<Vec<UserView>> {
    actor.require_admin()?;
    let rows = query(
        "SELECT u.id, u.username, u.role, u.enabled, u.created_at, a.available, a.held
         FROM users u JOIN accounts a ON a.user_id = u.id ORDER BY u.id",
    );
    let mut views = Vec::new();
    for row in service.db.fetch_all(rows).await? {
        views.push(UserView {
            id: row.get("id")?,
            username: row.get("username")?,
            role: store::role(&row, "role")?,
            enabled: row.get("enabled")?,
            balance: Balance { available: row.get("available")?, held: row.get("held")? },
            created_at: Timestamp(row.get("created_at")?),
        });
    }
    Ok(views)
}

/// Sets somebody's password and ends all sessions of that user. Administrators only.
pub async fn set_password(service: &Service, actor: &Actor, username: &str, new: &str) -> Result<()> {
    actor.require_admin()?;
    let id = user_id(service, username).await?;
    password::check_strength(username, new)?;
    let hash = service.accounts.0.hasher.hash(new).await?;
    let now = service.clock.now();
    let body = async |tx: &mut Tx| store::change_password(tx, id, &hash, None, now).await;
    transact!(service.db, body)?;
    service.accounts.forget();
    tracing::info!(user = id, actor = actor.user_id, "password set");
    Ok(())
}

/// Lets a user in, or keeps it out: its sessions end and its keys are refused. Administrators only.
///
/// Errors: `conflict` for the last administrator that is let in, `not_found`, `forbidden`.
pub async fn set_enabled(service: &Service, actor: &Actor, username: &str, enabled: bool) -> Result<()> {
    actor.require_admin()?;
    let id = user_id(service, username).await?;
    let now = service.clock.now();
    let body = async |tx: &mut Tx| {
        // Touching every administrator's row makes two of these wait for each other; else each could disable the other's last one.
        tx.execute(query("UPDATE users SET updated_at = updated_at WHERE role = 'admin'")).await?;
        tx.execute(query("UPDATE users SET enabled = $2, updated_at = $3 WHERE id = $1").bind(id).bind(enabled).bind(now)).await?;
        let admin = query("SELECT id FROM users WHERE role = 'admin' AND enabled LIMIT 1");
        if tx.fetch_optional(admin).await?.is_none() {
            return Err(TxError::from(Error::conflict("The last administrator cannot be disabled.")));
        }
        if !enabled {
            store::end_sessions(tx, id, None).await?;
        }
        Ok(())
    };
    transact!(service.db, body)?;
    service.accounts.forget();
    tracing::info!(user = id, enabled, actor = actor.user_id, "user changed");
    Ok(())
}

/// The number of a user's name.
pub async fn user_id(service: &Service, username: &str) -> Result<i64> {
    let key = key(username).map_err(|_| Error::not_found("user"))?;
    let user = store::by_key(&service.db, &key).await?;
    Ok(user.ok_or_else(|| Error::not_found("user"))?.id)
}

/// The program itself acting for a user, with that user's role: what the command line does things as.
pub async fn acting_for(service: &Service, username: &str) -> Result<Actor> {
    let id = user_id(service, username).await?;
    let user = store::by_id(&service.db, id).await?.ok_or_else(|| Error::not_found("user"))?;
    Ok(Actor { user_id: user.id, username: user.username, role: user.role, via: Via::System, address: None })
}

/// Whether the credential of a caller that is connected for long would still be accepted.
pub async fn still_valid(service: &Service, actor: &Actor) -> Result<bool> {
    let now = service.clock.now();
    let alive = match actor.via {
        Via::Session { id } => {
            query("SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = $1 AND s.expires_at > $2 AND u.enabled")
                .bind(id)
        }
        Via::Key { id, .. } => query(
            "SELECT k.id FROM api_keys k JOIN users u ON u.id = k.user_id
             WHERE k.id = $1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $2) AND u.enabled",
        )
        .bind(id),
        Via::System => return Ok(true),
    };
    Ok(service.db.fetch_optional(alive.bind(now)).await?.is_some())
}
