//! Recharges of the caller.

use crate::error::UiError;
use leptos::prelude::*;
use model::Page;
use model::recharge::{RechargeInfo, RechargeRecord, Redeemed};

/// What the administrator says, and the caller's threshold.
#[server(name = LoadRechargeInfo, prefix = "/_fn")]
pub async fn recharge_info() -> Result<RechargeInfo, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::recharge::info(&service, &actor).await?)
}

/// One page of the caller's records; by itself, because it is loaded again when points move, and what people type must stay.
#[server(name = LoadRechargeRecords, prefix = "/_fn")]
pub async fn recharge_records(
    /// From 1.
    page: i64,
    /// Records on a page.
    page_size: i64,
) -> Result<Page<RechargeRecord>, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::recharge::records(&service, &actor, model::paging::Paging::new(Some(page), Some(page_size))).await?)
}

/// Redeems a code. Also the target of a plain form.
#[server(name = RedeemCode, prefix = "/_fn")]
pub async fn redeem(
    /// What was typed.
    code: String,
) -> Result<Redeemed, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::recharge::redeem(&service, &actor, &code).await?)
}

/// Sets under how many available points the caller wants to be told. Also the target of a plain form.
#[server(name = SetLowBalance, prefix = "/_fn")]
pub async fn set_low_balance(
    /// 0 for never.
    threshold: i64,
) -> Result<i64, UiError> {
    let (service, actor) = crate::ssr::context()?;
    service::ledger::set_low_balance(&service, &actor, threshold).await?;
    Ok(threshold)
}
