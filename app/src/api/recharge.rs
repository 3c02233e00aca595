//! Recharges of the caller.

use crate::error::UiError;
use leptos::prelude::*;
use model::Page;
use model::recharge::{RechargeInfo, RechargeRecord, Redeemed};
use serde::{Deserialize, Serialize};

/// The data of the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RechargeData {
    /// What the administrator says, and the caller's threshold.
    pub info: RechargeInfo,
    /// The caller's records.
    pub records: Page<RechargeRecord>,
}

/// Instructions and one page of records.
#[server(name = LoadRecharge, prefix = "/_fn")]
pub async fn recharge(
    /// From 1.
    page: i64,
    /// Records on a page.
    page_size: i64,
) -> Result<RechargeData, UiError> {
    let (service, actor) = crate::ssr::context()?;
    let info = service::recharge::info(&service, &actor).await?;
    let records = service::recharge::records(&service, &actor, model::paging::Paging::new(Some(page), Some(page_size))).await?;
    Ok(RechargeData { info, records })
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
