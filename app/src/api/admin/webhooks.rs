//! Everybody's deliveries to webhooks.

use crate::error::UiError;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::Page;
use model::webhooks::{AdminDeliveryFilter, AdminDeliveryView};

/// The data of the administration's list of deliveries.
#[server(prefix = "/_fn", input = Json)]
pub async fn deliveries(
    /// What the list is narrowed to.
    filter: AdminDeliveryFilter,
) -> Result<Page<AdminDeliveryView>, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::webhooks::admin_deliveries(&service, &actor, &filter).await?)
}
