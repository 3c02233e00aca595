//! Redeeming codes.

use super::codes;
use crate::accounts::limits;
use crate::actor::Actor;
use crate::db::{Row, Tx, TxError, query, transact};
use crate::ledger::Book;
use crate::service::Service;
use model::accounts::Scope;
use model::events::Event;
use model::recharge::Redeemed;
use model::time::Timestamp;
use model::{Error, ErrorCode, Result};

/// Adds the points of a code to the caller's account: once for each user, and for as many users as the code says.
///
/// Errors: `redemption_code_unknown`, also for one that was switched off; `redemption_code_expired`, `redemption_code_used_up`,
/// `already_redeemed`; `rate_limited` after too many wrong ones; `forbidden` without the scope `account`.
pub async fn redeem(service: &Service, actor: &Actor, code: &str) -> Result<Redeemed> {
    actor.require(Scope::Account)?;
    let now = service.clock.now();
    let guess = limits::count(&service.db, now, vec![limits::redeemer(actor.user_id)]).await?;
    let outcome = match codes::digest_of(code) {
        Some(digest) => take(service, actor.user_id, &digest, now).await,
        None => Err(unknown()),
    };
    // Only a code that nobody made is a guess.
    if !matches!(&outcome, Err(error) if error.code == ErrorCode::RedemptionCodeUnknown) {
        guess.forgive(&service.db).await?;
    }
    let redeemed = outcome?;
    tracing::info!(user_id = actor.user_id, points = redeemed.points, "a code was redeemed");
    Ok(redeemed)
}

async fn take(service: &Service, user_id: i64, digest: &str, now: Timestamp) -> Result<Redeemed> {
    let body = async |tx: &mut Tx| {
        // The row is locked from here on: whoever comes at the same time waits, and then sees one use more.
        let used = query(
            "UPDATE redemption_codes SET used = used + 1
             WHERE code_hash = $1 AND used < uses AND disabled_at IS NULL AND (expires_at IS NULL OR expires_at > $2)
             RETURNING id, points, note, created_by",
        );
        let Some(code) = tx.fetch_optional(used.bind(digest).bind(now)).await? else {
            return Err(refusal(tx, user_id, digest, now).await?.into());
        };
        let id: i64 = code.get("id")?;
        let once = query("INSERT INTO redemptions (code_id, user_id, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
        if tx.execute(once.bind(id).bind(user_id).bind(now)).await? != 1 {
            return Err(already().into());
        }
        credit(tx, user_id, &code, now).await
    };
    let (redeemed, balance) = transact!(service.db, body)?;
    service.events.publish(user_id, Event::Balance { balance });
    Ok(redeemed)
}

async fn credit(tx: &mut Tx, user_id: i64, code: &Row, now: Timestamp) -> Result<(Redeemed, model::ledger::Balance), TxError> {
    let (id, points): (i64, i64) = (code.get("id")?, code.get("points")?);
    let mut book = Book::open(tx, &[user_id]).await?;
    let reference = format!("redemption:{id}:user:{user_id}");
    // The grant is the maker's: the redeemer only takes it.
    let (note, maker): (String, i64) = (code.get("note")?, code.get("created_by")?);
    book.by_hand(user_id, model::ledger::EntryKind::Recharge, points, &reference, &note, maker)?;
    let balance = book.balance(user_id);
    book.write(tx, now).await?;
    Ok((Redeemed { points, available: balance.available }, balance))
}

/// Why a code could not be used.
async fn refusal(tx: &mut Tx, user_id: i64, digest: &str, now: Timestamp) -> Result<Error, TxError> {
    let found = query(
        "SELECT c.expires_at, (SELECT r.user_id FROM redemptions r WHERE r.code_id = c.id AND r.user_id = $2) AS redeemer
         FROM redemption_codes c WHERE c.code_hash = $1 AND c.disabled_at IS NULL",
    );
    let Some(row) = tx.fetch_optional(found.bind(digest).bind(user_id)).await? else {
        return Ok(unknown());
    };
    if row.get::<Option<i64>>("redeemer")?.is_some() {
        return Ok(already());
    }
    Ok(match row.get::<Option<i64>>("expires_at")? {
        Some(end) if end <= now.0 => Error::new(ErrorCode::RedemptionCodeExpired, "This redemption code has expired.").at("code"),
        _ => Error::new(ErrorCode::RedemptionCodeUsedUp, "This redemption code is used up.").at("code"),
    })
}

fn unknown() -> Error {
    Error::new(ErrorCode::RedemptionCodeUnknown, "There is no such redemption code.").at("code")
}

fn already() -> Error {
    Error::new(ErrorCode::AlreadyRedeemed, "You have redeemed this code before.").at("code")
}
