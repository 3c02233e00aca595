//! Recharges of the caller: instructions, records, redemption codes, and the notice about a low balance.

use super::PageQuery;
use crate::envelope::{Answer, Nothing, Success};
use crate::extract::{Caller, Json, List};
use crate::state::AppState;
use axum::extract::State;
use model::Page;
use model::recharge::{LowBalance, RechargeInfo, RechargeRecord, Redeem, Redeemed};
use service::{ledger, recharge};

/// How to recharge.
///
/// What the administrator wrote about it, as Markdown and as HTML that is safe to show.
#[utoipa::path(get, path = "/api/recharge/info", tag = "account", operation_id = "recharge_info",
    responses((status = 200, description = "What is said, and the caller's threshold.", body = Success<RechargeInfo>)))]
pub async fn info(State(state): State<AppState>, Caller(actor): Caller) -> Answer<RechargeInfo> {
    Ok(Success::new(recharge::info(&state.service, &actor).await?))
}

/// The caller's recharges.
///
/// Newest first: points that an administrator added or took back, and redeemed codes.
#[utoipa::path(get, path = "/api/recharge/records", tag = "account", operation_id = "list_recharge_records", params(PageQuery),
    responses((status = 200, description = "One page.", body = Success<Page<RechargeRecord>>)))]
pub async fn records(State(state): State<AppState>, Caller(actor): Caller, List(page): List<PageQuery>) -> Answer<Page<RechargeRecord>> {
    Ok(Success::new(recharge::records(&state.service, &actor, page.paging()).await?))
}

/// Redeem a code.
///
/// Once for each user, and for as many users as the code says. Wrong codes are counted: after ten the caller has to wait.
#[utoipa::path(post, path = "/api/recharge/redeem", tag = "account", operation_id = "redeem_code",
    request_body(content = Redeem, example = json!({"code": "ABCDE-FGHJK-MNPQR-STVWX"})),
    responses(
        (status = 200, description = "The points are added.", body = Success<Redeemed>),
        (status = 409, description = "`redemption_code_used_up`, or `already_redeemed` by the caller."),
        (status = 422, description = "`redemption_code_unknown` or `redemption_code_expired`."),
    ))]
pub async fn redeem(State(state): State<AppState>, Caller(actor): Caller, Json(body): Json<Redeem>) -> Answer<Redeemed> {
    Ok(Success::new(recharge::redeem(&state.service, &actor, &body.code).await?))
}

/// Set the notice about a low balance.
///
/// The console and the stream of events tell the caller once whenever the available points fall below the threshold.
#[utoipa::path(put, path = "/api/recharge/low-balance", tag = "account", operation_id = "set_low_balance",
    request_body(content = LowBalance, example = json!({"threshold": 100})),
    responses((status = 200, description = "It is set.", body = Success<Nothing>)))]
pub async fn low_balance(State(state): State<AppState>, Caller(actor): Caller, Json(body): Json<LowBalance>) -> Answer<Nothing> {
    ledger::set_low_balance(&state.service, &actor, body.threshold).await?;
    Ok(Success::new(Nothing))
}
