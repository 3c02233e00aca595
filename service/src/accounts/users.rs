//! Users: their names, and who they are. What administrators do with them is in `administration`.

use super::store;
use crate::actor::{Actor, Via};
use crate::db::query;
use crate::ledger;
use crate::service::Service;
use model::accounts::Me;
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
