//! The audit log: who changed what in the administration, when, from where, and what it was before. Rows are only ever added.

mod list;
#[cfg(test)]
mod tests;

pub use list::{csv, list};

use crate::actor::Actor;
use crate::db::{DbError, Tx, query};
use model::time::Timestamp;
use serde_json::Value;

/// One administrative change.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What was done, as `thing.verb`: `feature.update`.
    pub action: &'static str,
    /// To what, as `thing:number`: `feature:12`.
    pub target: String,
    /// What it was before, without secrets; `None` for something new.
    pub before: Option<Value>,
    /// What it is now, without secrets; `None` for something that is gone.
    pub after: Option<Value>,
}

/// Writes an entry in the transaction of the change itself, so that neither is there without the other.
pub async fn record(tx: &mut Tx, actor: &Actor, entry: Entry, now: Timestamp) -> Result<(), DbError> {
    let text = |value: Option<Value>| value.map(|value| value.to_string());
    let row = query(
        "INSERT INTO audit_log (created_at, actor_id, actor_name, address, action, target, before_value, after_value)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    );
    let address = actor.address.map(|address| address.to_string()).unwrap_or_default();
    let row = row.bind(now).bind(actor.user_id).bind(&actor.username).bind(address);
    tx.execute(row.bind(entry.action).bind(&entry.target).bind(text(entry.before)).bind(text(entry.after))).await?;
    Ok(())
}
