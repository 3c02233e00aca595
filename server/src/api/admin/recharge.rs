//! Points that administrators add and take back.

use crate::api::PageQuery;
use crate::envelope::{Answer, Success};
use crate::extract::{Caller, Id, Json, List};
use crate::state::AppState;
use axum::extract::State;
use model::Page;
use model::ledger::EntryKind;
use model::recharge::{Moved, NewRecharge, NewReverseRecharge, RechargeRecordOfUser};
use service::ledger::{self, ByHand};

/// Recharge an account.
#[utoipa::path(post, path = "/api/admin/users/{id}/recharge", tag = "administration", operation_id = "admin_recharge",
    params(("id" = i64, Path, description = "The number of the user.")),
    request_body(content = NewRecharge, example = json!({"points": 1000, "note": "transfer of 31 January"})),
    responses((status = 200, description = "The points are added.", body = Success<Moved>)))]
pub async fn recharge(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id, Json(body): Json<NewRecharge>) -> Answer<Moved> {
    let movement = ByHand { kind: EntryKind::Recharge, user_id: id, points: body.points, note: body.note.trim(), up_to_available: false };
    Ok(Success::new(ledger::by_hand(&state.service, &actor, &movement).await?))
}

/// Take points back.
///
/// An account never goes below zero: more than is available is refused with `insufficient_points`, unless `up_to_available` says to take what is
/// there. Held points are not touched.
#[utoipa::path(post, path = "/api/admin/users/{id}/reverse-recharge", tag = "administration", operation_id = "admin_reverse_recharge",
    params(("id" = i64, Path, description = "The number of the user.")),
    request_body(content = NewReverseRecharge, example = json!({"points": 1000, "note": "paid back", "up_to_available": true})),
    responses((status = 200, description = "The points are taken back; `points` says how many.", body = Success<Moved>)))]
pub async fn reverse_recharge(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id,
    Json(body): Json<NewReverseRecharge>,
) -> Answer<Moved> {
    let NewReverseRecharge { points, note, up_to_available } = body;
    let movement = ByHand { kind: EntryKind::ReverseRecharge, user_id: id, points, note: note.trim(), up_to_available };
    Ok(Success::new(ledger::by_hand(&state.service, &actor, &movement).await?))
}

/// The recharges of all users.
///
/// Newest first, with who made them.
#[utoipa::path(get, path = "/api/admin/recharge/records", tag = "administration", operation_id = "admin_list_recharge_records", params(PageQuery),
    responses((status = 200, description = "One page.", body = Success<Page<RechargeRecordOfUser>>)))]
pub async fn records(
    State(state): State<AppState>,
    Caller(actor): Caller,
    List(page): List<PageQuery>,
) -> Answer<Page<RechargeRecordOfUser>> {
    Ok(Success::new(service::recharge::all_records(&state.service, &actor, page.paging()).await?))
}
