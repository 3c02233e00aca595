//! Sessions of browsers: who a cookie belongs to, and what their owner sees and ends.

use super::{State, digest, hex, store};
use crate::actor::{Actor, ClientInfo, Via};
use crate::db::{Db, Tx, TxError, query, transact};
use crate::service::Service;
use model::accounts::{Role, Scope, SessionView};
use model::time::Timestamp;
use model::{Error, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

const DAY_MS: i64 = 86_400_000;
/// A session ends when it was not used for so long.
pub(super) const SLIDING_MS: i64 = 30 * DAY_MS;
/// A session ends after so long, however much it is used.
pub(super) const ABSOLUTE_MS: i64 = 90 * DAY_MS;
/// Uses closer together than this are one: being seen costs a write.
pub(super) const TOUCH_MS: i64 = 60_000;

/// A session as it was read.
pub(super) struct Known {
    id: i64,
    user_id: i64,
    username: String,
    role: Role,
    created_at: i64,
    last_used_at: AtomicI64,
    expires_at: AtomicI64,
}

/// Who a session's cookie belongs to; `None` when the session is unknown, has ended, or its owner is disabled.
///
/// Using it moves its end, at most to 90 days after it began.
pub async fn actor_of_session(service: &Service, token: &str, client: &ClientInfo) -> Result<Option<Actor>> {
    let now = service.clock.now();
    let Some(known) = find(service, token).await? else { return Ok(None) };
    if known.expires_at.load(Ordering::Relaxed) <= now.0 {
        return Ok(None);
    }
    touch(&service.db, &known, client, now);
    let via = Via::Session { id: known.id };
    Ok(Some(Actor { user_id: known.user_id, username: known.username.clone(), role: known.role, via, address: Some(client.address) }))
}

async fn find(service: &Service, token: &str) -> Result<Option<Arc<Known>>> {
    let State(state) = &service.accounts;
    let digest = digest(token);
    if let Some(known) = state.sessions.get(&digest) {
        return Ok(Some(known));
    }
    let read_at = state.sessions.before_reading();
    let found = query(
        "SELECT s.id, s.user_id, s.created_at, s.last_used_at, s.expires_at, u.username, u.role
         FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.token_hash = $1 AND u.enabled",
    );
    let Some(row) = service.db.fetch_optional(found.bind(hex(&digest))).await? else { return Ok(None) };
    let known = Arc::new(Known {
        id: row.get("id")?,
        user_id: row.get("user_id")?,
        username: row.get("username")?,
        role: store::role(&row, "role")?,
        created_at: row.get("created_at")?,
        last_used_at: AtomicI64::new(row.get("last_used_at")?),
        expires_at: AtomicI64::new(row.get("expires_at")?),
    });
    state.sessions.put(digest, read_at, known.clone());
    Ok(Some(known))
}

/// Notes a use, once a minute and beside the request: a full disk or a busy writer must not stop people from reading.
fn touch(db: &Db, known: &Known, client: &ClientInfo, now: Timestamp) {
    let last = known.last_used_at.load(Ordering::Relaxed);
    // Only the first of many requests at once wins the exchange and writes.
    if now.0 - last < TOUCH_MS || known.last_used_at.compare_exchange(last, now.0, Ordering::Relaxed, Ordering::Relaxed).is_err() {
        return;
    }
    let expires = (now.0 + SLIDING_MS).min(known.created_at + ABSOLUTE_MS);
    known.expires_at.store(expires, Ordering::Relaxed);
    let used =
        query("UPDATE sessions SET last_used_at = $2, expires_at = $3, address = $4, user_agent = $5 WHERE id = $1 AND last_used_at < $2");
    let used = used.bind(known.id).bind(now).bind(expires).bind(client.address.to_string()).bind(client.stored_user_agent());
    let db = db.clone();
    tokio::spawn(async move {
        if let Err(error) = db.execute(used).await {
            tracing::warn!(%error, "the use of a session could not be noted");
        }
    });
}

/// The caller's sessions that have not ended, the last used first; at most 200.
pub async fn sessions(service: &Service, actor: &Actor) -> Result<Vec<SessionView>> {
    actor.require(Scope::Account)?;
    of_user(service, actor.user_id, actor.session_id()).await
}

/// The same of any user, for who may ask.
pub(super) async fn of_user(service: &Service, user_id: i64, current: Option<i64>) -> Result<Vec<SessionView>> {
    let rows = query(
        "SELECT id, address, user_agent, created_at, last_used_at, expires_at FROM sessions
         WHERE user_id = $1 AND expires_at > $2 ORDER BY last_used_at DESC, id DESC LIMIT 200",
    );
    let mut views = Vec::new();
    for row in service.db.fetch_all(rows.bind(user_id).bind(service.clock.now())).await? {
        let id = row.get("id")?;
        views.push(SessionView {
            id,
            address: row.get("address")?,
            user_agent: row.get("user_agent")?,
            created_at: Timestamp(row.get("created_at")?),
            last_used_at: Timestamp(row.get("last_used_at")?),
            expires_at: Timestamp(row.get("expires_at")?),
            current: current == Some(id),
        });
    }
    Ok(views)
}

/// Ends one of the caller's sessions.
pub async fn revoke_session(service: &Service, actor: &Actor, id: i64) -> Result<()> {
    actor.require(Scope::Account)?;
    let ended = query("DELETE FROM sessions WHERE id = $1 AND user_id = $2").bind(id).bind(actor.user_id);
    if service.db.execute(ended).await? == 0 {
        return Err(Error::not_found("session"));
    }
    service.accounts.forget();
    Ok(())
}

/// Ends the caller's sessions but the one that asks; their number.
pub async fn revoke_other_sessions(service: &Service, actor: &Actor) -> Result<i64> {
    actor.require(Scope::Account)?;
    let body = async |tx: &mut Tx| store::end_sessions(tx, actor.user_id, actor.session_id()).await.map_err(TxError::from);
    let ended = transact!(service.db, body)?;
    service.accounts.forget();
    Ok(i64::try_from(ended).unwrap_or(i64::MAX))
}
