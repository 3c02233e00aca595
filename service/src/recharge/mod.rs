//! Recharges as people see them: what the administrator says, records, redemption codes. The movements themselves are of `ledger`.

mod codes;
mod markdown;
mod redeem;
#[cfg(test)]
mod tests;

pub use codes::{codes, create_codes, disable_batch, disable_code};
pub use redeem::redeem;

use crate::actor::Actor;
use crate::db::{DbError, Row, Sql, query};
use crate::ledger::{self, BY_HAND, RARE};
use crate::service::Service;
use model::Result;
use model::accounts::Scope;
use model::paging::{Page, Paging};
use model::recharge::{RechargeInfo, RechargeRecord, RechargeRecordOfUser, RechargeType};
use model::time::Timestamp;

/// Records on the dashboard.
const NEWEST: i64 = 10;

/// What the administrator says about recharges, and the caller's threshold.
pub async fn info(service: &Service, actor: &Actor) -> Result<RechargeInfo> {
    actor.require(Scope::TasksRead)?;
    let content = service.settings.current().recharge_content.trim().to_owned();
    let low_balance = ledger::low_balance(service, actor.user_id).await?;
    Ok(RechargeInfo { html: markdown::html(&content), content, low_balance })
}

/// The caller's records, newest first.
pub async fn records(service: &Service, actor: &Actor, paging: Paging) -> Result<Page<RechargeRecord>> {
    actor.require(Scope::TasksRead)?;
    let total = format!("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM ledger_entries WHERE user_id = $1 AND {RARE} AND {BY_HAND}");
    let total: i64 = service.db.fetch_one(query(Sql::Built(total.into())).bind(actor.user_id)).await?.get("n")?;
    let page = format!(
        "SELECT id, kind, points, reference, note, created_at FROM ledger_entries WHERE user_id = $1 AND {RARE} AND {BY_HAND}
         ORDER BY id DESC LIMIT $2 OFFSET $3"
    );
    let page = query(Sql::Built(page.into())).bind(actor.user_id).bind(paging.page_size).bind(paging.offset());
    let items = service.db.fetch_all(page).await?.iter().map(read).collect::<Result<_, _>>()?;
    Ok(paging.page(items, total))
}

/// The newest records of an account in a range.
pub(crate) async fn newest(service: &Service, user_id: i64, start: Timestamp, end: Timestamp) -> Result<Vec<RechargeRecord>> {
    let text = format!(
        "SELECT id, kind, points, reference, note, created_at FROM ledger_entries
         WHERE user_id = $1 AND {RARE} AND {BY_HAND} AND created_at >= $2 AND created_at < $3 ORDER BY id DESC LIMIT {NEWEST}"
    );
    let rows = service.db.fetch_all(query(Sql::Built(text.into())).bind(user_id).bind(start).bind(end)).await?;
    Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
}

/// The records of all users, newest first; administrators only.
pub async fn all_records(service: &Service, actor: &Actor, paging: Paging) -> Result<Page<RechargeRecordOfUser>> {
    actor.require_admin()?;
    let total = format!("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM ledger_entries WHERE {BY_HAND}");
    let total: i64 = service.db.fetch_one(query(Sql::Built(total.into()))).await?.get("n")?;
    let page = format!(
        "SELECT e.id, e.kind, e.points, e.reference, e.note, e.created_at, e.user_id, u.username, COALESCE(a.username, 'system') AS actor
         FROM (SELECT * FROM ledger_entries WHERE {BY_HAND} ORDER BY id DESC LIMIT $1 OFFSET $2) AS e
         JOIN users u ON u.id = e.user_id LEFT JOIN users a ON a.id = e.actor_id ORDER BY e.id DESC"
    );
    let page = query(Sql::Built(page.into())).bind(paging.page_size).bind(paging.offset());
    let mut items = Vec::new();
    for row in service.db.fetch_all(page).await? {
        let record = read(&row)?;
        items.push(RechargeRecordOfUser { user_id: row.get("user_id")?, username: row.get("username")?, actor: row.get("actor")?, record });
    }
    Ok(paging.page(items, total))
}

fn read(row: &Row) -> Result<RechargeRecord, DbError> {
    let points: i64 = row.get("points")?;
    let reversed = row.get::<String>("kind")? == "reverse_recharge";
    let redeemed = row.get::<String>("reference")?.starts_with("redemption:");
    Ok(RechargeRecord {
        id: row.get("id")?,
        created_at: Timestamp(row.get("created_at")?),
        points: if reversed { -points } else { points },
        r#type: match (reversed, redeemed) {
            (true, _) => RechargeType::ReverseRecharge,
            (_, true) => RechargeType::Redemption,
            _ => RechargeType::Recharge,
        },
        note: row.get("note")?,
    })
}
