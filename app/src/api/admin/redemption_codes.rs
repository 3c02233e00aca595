//! Redemption codes.

use crate::error::UiError;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::Page;
use model::recharge::{CodeFilter, CodeView, CreatedCodes, DisabledCodes, NewCodes};

/// One page of codes.
#[server(name = LoadCodes, prefix = "/_fn", input = Json)]
pub async fn codes(
    /// What the list is narrowed to.
    filter: CodeFilter,
) -> Result<Page<CodeView>, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::recharge::codes(&service, &actor, &filter).await?)
}

/// Makes codes; the answer is the only one with them.
#[server(name = CreateCodes, prefix = "/_fn", input = Json)]
pub async fn create_codes(
    /// What they are.
    new: NewCodes,
) -> Result<CreatedCodes, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::recharge::create_codes(&service, &actor, &new).await?)
}

/// Switches one code off.
#[server(name = DisableCode, prefix = "/_fn")]
pub async fn disable_code(
    /// Which one.
    id: i64,
) -> Result<DisabledCodes, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::recharge::disable_code(&service, &actor, id).await?)
}

/// Switches a batch off.
#[server(name = DisableBatch, prefix = "/_fn")]
pub async fn disable_batch(
    /// Which one.
    batch: String,
) -> Result<DisabledCodes, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::recharge::disable_batch(&service, &actor, &batch).await?)
}
