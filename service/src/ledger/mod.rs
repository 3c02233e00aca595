//! Points: every movement is an entry, every entry has a unique reference, and balances are their sums.
//!
//! The invariants I1 to I12 are written down in `docs/architecture.md`; those that SQL can hold are constraints and triggers of the schema, and
//! `apirequestweb doctor` checks all of them on a live database.

mod book;
mod list;
#[cfg(test)]
mod tests;

pub use book::{Book, Counters, Crossing, HoldEnd};
pub(crate) use list::{BY_HAND, RARE};
pub use list::{EXPORT_ROWS, entries, export};

use crate::actor::Actor;
use crate::audit;
use crate::db::{Tx, TxError, query, transact};
use crate::service::Service;
use model::accounts::Scope;
use model::events::Event;
use model::ledger::{Balance, EntryKind};
use model::recharge::Moved;
use model::{Error, ErrorCode, Result};
use serde_json::json;

/// Most points of one movement made by hand; keeps every sum far from overflow.
pub const MAX_POINTS: i64 = 1_000_000_000_000;
/// Longest note of a movement made by hand, in characters.
pub const MAX_NOTE: usize = 500;

/// What an account can spend and what is set aside.
pub async fn balance(service: &Service, user_id: i64) -> Result<Balance> {
    let row = service.db.fetch_optional(query("SELECT available, held FROM accounts WHERE user_id = $1").bind(user_id)).await?;
    let row = row.ok_or_else(|| Error::not_found("user"))?;
    Ok(Balance { available: row.get("available")?, held: row.get("held")? })
}

/// Adds points to an account; administrators only.
pub async fn recharge(service: &Service, actor: &Actor, user_id: i64, points: i64, note: &str) -> Result<Balance> {
    let moved = by_hand(service, actor, &ByHand { kind: EntryKind::Recharge, user_id, points, note, up_to_available: false }).await?;
    Ok(moved.balance)
}

/// Takes points back; administrators only, and never more than are available.
pub async fn reverse_recharge(service: &Service, actor: &Actor, user_id: i64, points: i64, note: &str) -> Result<Balance> {
    let moved =
        by_hand(service, actor, &ByHand { kind: EntryKind::ReverseRecharge, user_id, points, note, up_to_available: false }).await?;
    Ok(moved.balance)
}

/// A movement that an administrator makes.
#[derive(Debug, Clone, Copy)]
pub struct ByHand<'a> {
    /// [`EntryKind::Recharge`] or [`EntryKind::ReverseRecharge`].
    pub kind: EntryKind,
    /// Whose account it is.
    pub user_id: i64,
    /// How many points.
    pub points: i64,
    /// Why, for people.
    pub note: &'a str,
    /// Whether a reverse recharge takes what is there when it is less. An account never goes below zero.
    pub up_to_available: bool,
}

/// Moves points by hand; administrators only. It leaves an entry in the audit log.
///
/// Errors: `forbidden`; `invalid` at `points` or `note`; `not_found`; `insufficient_points` for taking back more than is available, or anything
/// from an account that has nothing.
pub async fn by_hand(service: &Service, actor: &Actor, movement: &ByHand<'_>) -> Result<Moved> {
    actor.require_admin()?;
    let ByHand { kind, user_id, points, note, up_to_available } = *movement;
    check_points(points)?;
    if note.chars().count() > MAX_NOTE || note.contains('\0') {
        return Err(Error::invalid("note", format!("The note must have at most {MAX_NOTE} characters.")));
    }
    let now = service.clock.now();
    let reference = format!("{}:{}", kind.as_str(), crate::tasks::random_id());
    let body = async |tx: &mut Tx| {
        let mut book = Book::open(tx, &[user_id]).await?;
        let before = book.balance(user_id);
        let points = if up_to_available && before.available > 0 { points.min(before.available) } else { points };
        book.by_hand(user_id, kind, points, &reference, note, actor.user_id)?;
        let (balance, crossings) = (book.balance(user_id), book.crossings());
        book.write(tx, now).await?;
        let entry = audit::Entry {
            action: if kind == EntryKind::Recharge { "points.recharge" } else { "points.reverse_recharge" },
            target: format!("user:{user_id}"),
            before: Some(json!({ "available": before.available })),
            after: Some(json!({ "available": balance.available, "points": points, "note": note })),
        };
        audit::record(tx, actor, entry, now).await?;
        Ok::<_, TxError>((Moved { points, balance }, crossings))
    };
    let (moved, crossings) = transact!(service.db, body)?;
    service.events.publish(user_id, Event::Balance { balance: moved.balance });
    service.events.publish_crossings(crossings);
    tracing::info!(user_id, points = moved.points, kind = kind.as_str(), actor = actor.user_id, "points moved by hand");
    Ok(moved)
}

/// Under how many available points a user wants to be told; 0 for never.
pub async fn low_balance(service: &Service, user_id: i64) -> Result<i64> {
    let row = service.db.fetch_optional(query("SELECT low_balance FROM accounts WHERE user_id = $1").bind(user_id)).await?;
    Ok(row.ok_or_else(|| Error::not_found("user"))?.get("low_balance")?)
}

/// Sets under how many available points the caller wants to be told; 0 for never.
///
/// Errors: `forbidden` without the scope `account`, `invalid` at `threshold`.
pub async fn set_low_balance(service: &Service, actor: &Actor, threshold: i64) -> Result<()> {
    actor.require(Scope::Account)?;
    if !(0..=MAX_POINTS).contains(&threshold) {
        return Err(Error::invalid("threshold", format!("The threshold must be a whole number from 0 to {MAX_POINTS}.")));
    }
    let set = query("UPDATE accounts SET low_balance = $2 WHERE user_id = $1");
    if service.db.execute(set.bind(actor.user_id).bind(threshold)).await? != 1 {
        return Err(Error::not_found("user"));
    }
    Ok(())
}

/// Gives captured points back, at most as many as were captured and not yet refunded.
///
/// `reference` makes it happen once: the same reference again is a `conflict`.
pub async fn refund(service: &Service, actor: &Actor, hold: &str, points: i64, reference: &str) -> Result<Balance> {
    actor.require_admin()?;
    check_points(points)?;
    let now = service.clock.now();
    let body = async |tx: &mut Tx| {
        let owner = tx.fetch_optional(query("SELECT user_id FROM holds WHERE reference = $1").bind(hold)).await?;
        let user_id: i64 = owner.ok_or_else(|| Error::not_found("hold"))?.get("user_id")?;
        let mut book = Book::open(tx, &[user_id]).await?;
        let changed = tx
            .execute(
                query("UPDATE holds SET refunded = refunded + $2 WHERE reference = $1 AND captured - refunded >= $2")
                    .bind(hold)
                    .bind(points),
            )
            .await?;
        if changed != 1 {
            return Err(Error::conflict("A refund cannot exceed what was captured.").into());
        }
        book.by_hand(user_id, EntryKind::Refund, points, reference, hold, actor.user_id)?;
        let balance = book.balance(user_id);
        book.write(tx, now).await?;
        Ok::<_, TxError>((user_id, balance))
    };
    let (user_id, balance) = transact!(service.db, body).map_err(|error| match error {
        TxError::Db(error) if error.is_constraint() => Error::conflict("This refund was already made."),
        other => other.into(),
    })?;
    service.events.publish(user_id, Event::Balance { balance });
    Ok(balance)
}

pub(crate) fn check_points(points: i64) -> Result<()> {
    if !(1..=MAX_POINTS).contains(&points) {
        return Err(Error::invalid("points", format!("Points must be a whole number from 1 to {MAX_POINTS}.")));
    }
    Ok(())
}

pub(crate) fn insufficient(available: i64, needed: i64) -> Error {
    Error::new(ErrorCode::InsufficientPoints, format!("{needed} points are needed and {available} are available."))
}
