//! Points: every movement is an entry, every entry has a unique reference, and balances are their sums.
//!
//! The invariants I1 to I12 are written down in `docs/architecture.md`; those that SQL can hold are constraints and triggers of the schema, and
//! `apirequestweb doctor` checks all of them on a live database.

mod book;
#[cfg(test)]
mod tests;

pub use book::{Book, Counters, HoldEnd};

use crate::actor::Actor;
use crate::db::{TxError, query, transact};
use crate::service::Service;
use model::accounts::Scope;
use model::ledger::{Balance, EntryKind, EntryView};
use model::paging::{Page, Paging};
use model::time::Timestamp;
use model::{Error, ErrorCode, Result};

/// Most points of one movement made by hand; keeps every sum far from overflow.
pub const MAX_POINTS: i64 = 1_000_000_000_000;

/// What an account can spend and what is set aside.
pub async fn balance(service: &Service, user_id: i64) -> Result<Balance> {
    let row = service.db.fetch_optional(query("SELECT available, held FROM accounts WHERE user_id = $1").bind(user_id)).await?;
    let row = row.ok_or_else(|| Error::not_found("user"))?;
    Ok(Balance { available: row.get("available")?, held: row.get("held")? })
}

/// The caller's movements, newest first.
pub async fn entries(service: &Service, actor: &Actor, paging: Paging) -> Result<Page<EntryView>> {
    actor.require(Scope::TasksRead)?;
    let total = query("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM ledger_entries WHERE user_id = $1").bind(actor.user_id);
    let total: i64 = service.db.fetch_one(total).await?.get("n")?;
    let page = query(
        "SELECT id, kind, points, available_after, held_after, reference, note, created_at
         FROM ledger_entries WHERE user_id = $1 ORDER BY id DESC LIMIT $2 OFFSET $3",
    )
    .bind(actor.user_id)
    .bind(paging.page_size)
    .bind(paging.offset());
    let mut items = Vec::new();
    for row in service.db.fetch_all(page).await? {
        items.push(EntryView {
            id: row.get("id")?,
            kind: EntryKind::parse(&row.get::<String>("kind")?).ok_or_else(Error::internal)?,
            points: row.get("points")?,
            available_after: row.get("available_after")?,
            held_after: row.get("held_after")?,
            reference: row.get("reference")?,
            note: row.get("note")?,
            created_at: Timestamp(row.get("created_at")?),
        });
    }
    Ok(paging.page(items, total))
}

/// Adds points to an account; administrators only.
pub async fn recharge(service: &Service, actor: &Actor, user_id: i64, points: i64, note: &str) -> Result<Balance> {
    by_hand(service, actor, EntryKind::Recharge, user_id, points, note).await
}

/// Takes points back; administrators only, and never more than are available.
pub async fn reverse_recharge(service: &Service, actor: &Actor, user_id: i64, points: i64, note: &str) -> Result<Balance> {
    by_hand(service, actor, EntryKind::ReverseRecharge, user_id, points, note).await
}

async fn by_hand(service: &Service, actor: &Actor, kind: EntryKind, user_id: i64, points: i64, note: &str) -> Result<Balance> {
    actor.require_admin()?;
    check_points(points)?;
    if note.chars().count() > 500 {
        return Err(Error::invalid("note", "The note must have at most 500 characters."));
    }
    let now = service.clock.now();
    let reference = format!("{}:{}", kind.as_str(), crate::tasks::random_id());
    let body = async |tx: &mut crate::db::Tx| {
        let mut book = Book::open(tx, &[user_id]).await?;
        book.by_hand(user_id, kind, points, &reference, note, actor.user_id)?;
        let balance = book.balance(user_id);
        book.write(tx, now).await?;
        Ok::<_, TxError>(balance)
    };
    let balance = transact!(service.db, body)?;
    service.events.publish(user_id, model::events::Event::Balance { balance });
    tracing::info!(user_id, points, kind = kind.as_str(), actor = actor.user_id, "points moved by hand");
    Ok(balance)
}

/// Gives captured points back, at most as many as were captured and not yet refunded.
///
/// `reference` makes it happen once: the same reference again is a `conflict`.
pub async fn refund(service: &Service, actor: &Actor, hold: &str, points: i64, reference: &str) -> Result<Balance> {
    actor.require_admin()?;
    check_points(points)?;
    let now = service.clock.now();
    let body = async |tx: &mut crate::db::Tx| {
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
    service.events.publish(user_id, model::events::Event::Balance { balance });
    Ok(balance)
}

fn check_points(points: i64) -> Result<()> {
    if !(1..=MAX_POINTS).contains(&points) {
        return Err(Error::invalid("points", format!("Points must be a whole number from 1 to {MAX_POINTS}.")));
    }
    Ok(())
}

pub(crate) fn insufficient(available: i64, needed: i64) -> Error {
    Error::new(ErrorCode::InsufficientPoints, format!("{needed} points are needed and {available} are available."))
}
