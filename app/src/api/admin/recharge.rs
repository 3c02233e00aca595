//! Points that administrators add and take back.

use crate::error::UiError;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::Page;
use model::recharge::{Moved, RechargeRecordOfUser};
use serde::{Deserialize, Serialize};

/// Users whose names are offered at most.
#[cfg(feature = "ssr")]
const OFFERED: usize = 500;

/// The data of the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdminRechargeData {
    /// Names of users to choose from.
    pub users: Vec<String>,
    /// The records of all users.
    pub records: Page<RechargeRecordOfUser>,
}

/// What is to be moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Movement {
    /// Whose account it is.
    pub username: String,
    /// How many points.
    pub points: i64,
    /// Why.
    pub note: String,
    /// Whether they are taken back.
    pub reverse: bool,
    /// Whether to take what is there when it is less.
    pub up_to_available: bool,
}

/// Names to choose from and one page of records.
#[server(name = LoadAdminRecharge, prefix = "/_fn")]
pub async fn recharge(
    /// From 1.
    page: i64,
    /// Records on a page.
    page_size: i64,
) -> Result<AdminRechargeData, UiError> {
    let (service, actor) = crate::ssr::context()?;
    let users = service::accounts::users(&service, &actor).await?;
    let users = users.into_iter().take(OFFERED).map(|user| user.username).collect();
    let records = service::recharge::all_records(&service, &actor, model::paging::Paging::new(Some(page), Some(page_size))).await?;
    Ok(AdminRechargeData { users, records })
}

/// Adds points or takes them back.
#[server(name = MovePoints, prefix = "/_fn", input = Json)]
pub async fn move_points(
    /// What is to be moved.
    movement: Movement,
) -> Result<Moved, UiError> {
    use model::ledger::EntryKind;
    let (service, actor) = crate::ssr::context()?;
    actor.require_admin()?;
    let user_id = service::accounts::user_id(&service, &movement.username).await.map_err(|error| error.at("username"))?;
    let kind = if movement.reverse { EntryKind::ReverseRecharge } else { EntryKind::Recharge };
    let Movement { points, note, up_to_available, .. } = movement;
    let by_hand = service::ledger::ByHand { kind, user_id, points, note: note.trim(), up_to_available };
    Ok(service::ledger::by_hand(&service, &actor, &by_hand).await?)
}
