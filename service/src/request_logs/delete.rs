//! Deleting one's own records.

use super::write::{TOTALS, Total};
use crate::actor::Actor;
use crate::db::{DbError, Row, Sql, Tx, TxError, query, transact};
use crate::service::Service;
use model::accounts::Scope;
use model::{Error, Result};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Most records of one request.
const MOST: usize = 1000;

#[derive(Serialize)]
struct Id {
    id: i64,
}

static OWN: LazyLock<Sql> = LazyLock::new(|| {
    Sql::batch("DELETE FROM request_logs WHERE user_id = $2 AND id IN (SELECT x.id FROM {rows}) RETURNING id, user_id, bytes", "id bigint")
});

static BODIES: LazyLock<Sql> =
    LazyLock::new(|| Sql::batch("DELETE FROM request_log_bodies WHERE log_id IN (SELECT x.id FROM {rows})", "id bigint"));

/// Deletes those of the caller's records that are there; how many. What is not the caller's is left alone and not told of.
pub async fn delete(service: &Service, actor: &Actor, ids: &[i64]) -> Result<u64> {
    actor.require(Scope::TasksWrite)?;
    if ids.is_empty() || ids.len() > MOST {
        return Err(Error::invalid("ids", format!("Give 1 to {MOST} numbers.")));
    }
    // What was just requested may still be on its way.
    service.recorder.flush().await;
    let rows: Vec<_> = ids.iter().map(|id| Id { id: *id }).collect();
    let body = async |tx: &mut Tx| {
        let gone = tx.fetch_all(query(&*OWN).rows(&rows).bind(actor.user_id)).await?;
        clean(tx, &gone).await?;
        Ok::<_, TxError>(gone.len() as u64)
    };
    Ok(transact!(service.logs, body)?)
}

/// Deletes the bodies of deleted rows and takes them off the totals.
pub(super) async fn clean(tx: &mut Tx, gone: &[Row]) -> Result<(), DbError> {
    if gone.is_empty() {
        return Ok(());
    }
    let mut ids = Vec::with_capacity(gone.len());
    let mut totals: BTreeMap<i64, Total> = BTreeMap::new();
    for row in gone {
        ids.push(Id { id: row.get("id")? });
        let user_id = row.get("user_id")?;
        let total = totals.entry(user_id).or_insert(Total { user_id, ..Total::default() });
        total.logs -= 1;
        total.bytes -= row.get::<i64>("bytes")?;
    }
    tx.execute(query(&*BODIES).rows(&ids)).await?;
    tx.execute(query(&*TOTALS).rows(&totals.into_values().collect::<Vec<_>>())).await?;
    Ok(())
}
