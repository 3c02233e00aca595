//! API keys: `arw_` and 32 random characters, of which only a digest is stored.

use super::rights::{Rights, is_over};
use super::{State, digest, hex, store};
use crate::actor::{Actor, ClientInfo, Via};
use crate::db::{Db, DbError, Row, query};
use crate::service::Service;
use model::accounts::{CreatedKey, KeyView, NewKey, Role, Scope};
use model::time::Timestamp;
use model::{Error, ErrorCode, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// What every key begins with, so that people and scanners of leaked secrets recognise it.
const START: &str = "arw_";
/// Characters of a key that stay visible.
const SHOWN: usize = 10;
/// Keys of one user that are not revoked, at most.
const MOST: i64 = 200;
/// Keys shown, at most: those of [`MOST`] and the latest revoked ones.
const LISTED: i64 = 500;
/// The last use of a key is known to the minute.
const MINUTE_MS: i64 = 60_000;

/// A key as it was read.
pub(super) struct Known {
    id: i64,
    user_id: i64,
    username: String,
    role: Role,
    enabled: bool,
    rights: Rights,
    revoked: bool,
    last_used_at: AtomicI64,
}

/// Who an API key belongs to.
///
/// Errors: `unauthenticated` for an unknown key, `credential_expired` for a revoked or expired one, `account_disabled`,
/// `address_not_allowed`, `forbidden` for a key in the address that may not stand there.
pub async fn actor_of_key(service: &Service, key: &str, from_query: bool, client: &ClientInfo) -> Result<Actor> {
    let now = service.clock.now();
    let unknown = || Error::new(ErrorCode::Unauthenticated, "This API key is not known.");
    if from_query && !service.api_key_in_query() {
        return Err(Error::new(ErrorCode::Unauthenticated, "API keys in the address are switched off here. Send the header X-API-Key."));
    }
    if key.len() != START.len() + 32 || !key.starts_with(START) {
        return Err(unknown());
    }
    let known = find(service, key).await?.ok_or_else(unknown)?;
    if known.revoked {
        return Err(Error::new(ErrorCode::CredentialExpired, "This API key was revoked."));
    }
    if is_over(known.rights.expires_at, now) {
        return Err(Error::new(ErrorCode::CredentialExpired, "This API key has expired."));
    }
    if !known.enabled {
        return Err(Error::new(ErrorCode::AccountDisabled, "This account is disabled."));
    }
    if !known.rights.allows(client.address) {
        tracing::info!(key = known.id, address = %client.address, "a key was used from an address that is not allowed");
        return Err(Error::new(ErrorCode::AddressNotAllowed, "This API key may not be used from this address."));
    }
    if from_query && !known.rights.allow_query {
        return Err(Error::forbidden("This API key may not stand in the address. Send the header X-API-Key."));
    }
    touch(&service.db, &known, now);
    let via = Via::Key { id: known.id, scopes: known.rights.scopes.clone() };
    Ok(Actor { user_id: known.user_id, username: known.username.clone(), role: known.role, via, address: Some(client.address) })
}

async fn find(service: &Service, key: &str) -> Result<Option<Arc<Known>>> {
    let State(state) = &service.accounts;
    let digest = digest(key);
    if let Some(known) = state.keys.get(&digest) {
        return Ok(Some(known));
    }
    let read_at = state.keys.before_reading();
    let found = query(
        "SELECT k.id, k.user_id, k.scopes, k.allowed_addresses, k.allow_query, k.expires_at, k.last_used_at, k.revoked_at, u.username, u.role, u.enabled
         FROM api_keys k JOIN users u ON u.id = k.user_id WHERE k.secret_hash = $1",
    );
    let Some(row) = service.db.fetch_optional(found.bind(hex(&digest))).await? else { return Ok(None) };
    let known = Arc::new(Known {
        id: row.get("id")?,
        user_id: row.get("user_id")?,
        username: row.get("username")?,
        role: store::role(&row, "role")?,
        enabled: row.get("enabled")?,
        rights: Rights::read(&row)?,
        revoked: row.get::<Option<i64>>("revoked_at")?.is_some(),
        last_used_at: AtomicI64::new(row.get::<Option<i64>>("last_used_at")?.unwrap_or(0)),
    });
    state.keys.put(digest, read_at, known.clone());
    Ok(Some(known))
}

/// Notes a use to the minute, beside the request.
fn touch(db: &Db, known: &Known, now: Timestamp) {
    let minute = now.0 - now.0.rem_euclid(MINUTE_MS);
    let last = known.last_used_at.load(Ordering::Relaxed);
    if minute <= last || known.last_used_at.compare_exchange(last, minute, Ordering::Relaxed, Ordering::Relaxed).is_err() {
        return;
    }
    let used = query("UPDATE api_keys SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)");
    let (used, db) = (used.bind(known.id).bind(minute), db.clone());
    tokio::spawn(async move {
        if let Err(error) = db.execute(used).await {
            tracing::warn!(%error, "the use of a key could not be noted");
        }
    });
}

/// The caller's keys, newest first, revoked ones included.
pub async fn keys(service: &Service, actor: &Actor) -> Result<Vec<KeyView>> {
    actor.require(Scope::Account)?;
    of_user(service, actor.user_id).await
}

/// The same of any user, for who may ask.
pub(super) async fn of_user(service: &Service, user_id: i64) -> Result<Vec<KeyView>> {
    // Those that work come first, so that a long history cannot push them off the list.
    let rows = query(
        "SELECT id, name, prefix, scopes, allowed_addresses, allow_query, created_at, expires_at, last_used_at, revoked_at FROM api_keys
         WHERE user_id = $1 ORDER BY CASE WHEN revoked_at IS NULL THEN 0 ELSE 1 END, id DESC LIMIT $2",
    );
    let rows = service.db.fetch_all(rows.bind(user_id).bind(LISTED)).await?;
    rows.iter().map(view).collect()
}

fn view(row: &Row) -> Result<KeyView> {
    let rights = Rights::read(row)?;
    let time = |column: &'static str| -> Result<Option<Timestamp>, DbError> { Ok(row.get::<Option<i64>>(column)?.map(Timestamp)) };
    Ok(KeyView {
        id: row.get("id")?,
        name: row.get("name")?,
        prefix: row.get("prefix")?,
        allowed_addresses: rights.shown_networks(),
        scopes: rights.scopes,
        allow_query: rights.allow_query,
        created_at: Timestamp(row.get("created_at")?),
        expires_at: rights.expires_at,
        last_used_at: time("last_used_at")?,
        revoked_at: time("revoked_at")?,
    })
}

/// Makes a key for the caller. Its secret is in the answer and nowhere else.
///
/// Errors: `invalid` with the field, `forbidden` without the scope `account` or for a key that could do more than the key that asks.
pub async fn create_key(service: &Service, actor: &Actor, new: NewKey) -> Result<CreatedKey> {
    actor.require(Scope::Account)?;
    let now = service.clock.now();
    let name = new.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > 100 || name.contains(char::is_control) {
        return Err(Error::invalid("name", "The name must have 1 to 100 characters on one line."));
    }
    let asking = asking_key(service, actor).await?;
    let rights = Rights::asked_for(actor, &new, asking.as_ref().is_none_or(|asking| asking.allow_query), now)?;
    if let Some(asking) = asking {
        asking.require_cover(&rights)?;
    }
    let count = query("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM api_keys WHERE user_id = $1 AND revoked_at IS NULL").bind(actor.user_id);
    if service.db.fetch_one(count).await?.get::<i64>("n")? >= MOST {
        return Err(Error::conflict(format!("There are {MOST} keys already. Revoke one first.")));
    }
    let secret = format!("{START}{}", crate::tasks::random_id());
    let words = |words: Vec<String>| serde_json::Value::from(words).to_string();
    let made = query(
        "INSERT INTO api_keys (user_id, name, prefix, secret_hash, scopes, allowed_addresses, allow_query, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         RETURNING id, name, prefix, scopes, allowed_addresses, allow_query, created_at, expires_at, last_used_at, revoked_at",
    );
    let made = made
        .bind(actor.user_id)
        .bind(&name)
        .bind(&secret[..SHOWN])
        .bind(hex(&digest(&secret)))
        .bind(words(rights.scopes.iter().map(|scope| scope.as_str().to_owned()).collect()))
        .bind(words(rights.networks.iter().map(ToString::to_string).collect()))
        .bind(rights.allow_query)
        .bind(now)
        .bind(rights.expires_at);
    let mut tx = service.db.tx().await?;
    let key = view(&tx.fetch_one(made).await?)?;
    tx.commit().await?;
    tracing::info!(user = actor.user_id, key = key.id, "API key made");
    Ok(CreatedKey { secret, key })
}

/// The rights of the key that the caller came with, if it came with one.
async fn asking_key(service: &Service, actor: &Actor) -> Result<Option<Rights>> {
    let Via::Key { id, .. } = actor.via else { return Ok(None) };
    let row =
        query("SELECT id, scopes, allowed_addresses, allow_query, expires_at FROM api_keys WHERE id = $1 AND revoked_at IS NULL").bind(id);
    let row = service.db.fetch_optional(row).await?;
    row.as_ref().map(Rights::read).ok_or_else(|| Error::new(ErrorCode::CredentialExpired, "This API key was revoked."))?.map(Some)
}

/// Revokes one of the caller's keys. It stops working at once; a key that is revoked already stays so.
pub async fn revoke_key(service: &Service, actor: &Actor, id: i64) -> Result<()> {
    actor.require(Scope::Account)?;
    let revoked = query("UPDATE api_keys SET revoked_at = COALESCE(revoked_at, $3) WHERE id = $1 AND user_id = $2");
    if service.db.execute(revoked.bind(id).bind(actor.user_id).bind(service.clock.now())).await? == 0 {
        return Err(Error::not_found("API key"));
    }
    service.accounts.forget();
    tracing::info!(user = actor.user_id, key = id, "API key revoked");
    Ok(())
}
