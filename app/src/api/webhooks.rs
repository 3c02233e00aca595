//! Webhooks: their settings, their deliveries, and what is done with both.

use crate::error::UiError;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::Page;
use model::webhooks::{CreatedWebhook, DeliveryDetail, DeliveryFilter, DeliveryView, NewWebhook, WebhookPatch, WebhookView};
use serde::{Deserialize, Serialize};

/// What the page of one webhook shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WebhookPageData {
    /// The webhook.
    pub webhook: WebhookView,
    /// One page of its deliveries.
    pub deliveries: Page<DeliveryView>,
    /// The delivery that was asked for, if it is one of this webhook.
    pub detail: Option<DeliveryDetail>,
}

/// The data of the page of one webhook.
#[server(prefix = "/_fn", input = Json)]
pub async fn webhook_page(
    /// Which webhook.
    id: i64,
    /// What its deliveries are narrowed to.
    filter: DeliveryFilter,
    /// The delivery that is shown in full.
    delivery: Option<i64>,
) -> Result<WebhookPageData, UiError> {
    let (service, actor) = crate::ssr::context()?;
    let webhook = service::webhooks::get(&service, &actor, id).await?;
    let deliveries = service::webhooks::deliveries(&service, &actor, id, &filter).await?;
    let detail = match delivery {
        Some(delivery) => {
            Some(service::webhooks::delivery(&service, &actor, delivery).await?).filter(|found| found.delivery.webhook_id == id)
        }
        None => None,
    };
    Ok(WebhookPageData { webhook, deliveries, detail })
}

/// Makes a webhook; the answer is the only one with its secret.
#[server(prefix = "/_fn", input = Json)]
pub async fn create(
    /// What it is.
    webhook: NewWebhook,
) -> Result<CreatedWebhook, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::webhooks::create(&service, &actor, webhook).await?)
}

/// Changes a webhook.
#[server(prefix = "/_fn", input = Json)]
pub async fn update(
    /// Which one.
    id: i64,
    /// What to change.
    patch: WebhookPatch,
) -> Result<WebhookView, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::webhooks::update(&service, &actor, id, patch).await?)
}

/// Deletes a webhook.
#[server(prefix = "/_fn")]
pub async fn delete(
    /// Which one.
    id: i64,
) -> Result<(), UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::webhooks::delete(&service, &actor, id).await?)
}

/// Gives a webhook a new secret; the answer is the only one with it.
#[server(prefix = "/_fn")]
pub async fn rotate_secret(
    /// Which one.
    id: i64,
) -> Result<CreatedWebhook, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::webhooks::rotate_secret(&service, &actor, id).await?)
}

/// Sends a test message and waits for what comes of it.
#[server(prefix = "/_fn")]
pub async fn test(
    /// Which one.
    id: i64,
) -> Result<DeliveryDetail, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::webhooks::test(&service, &actor, id).await?)
}

/// Sends a delivery again.
#[server(prefix = "/_fn")]
pub async fn resend(
    /// Which delivery.
    id: i64,
) -> Result<DeliveryView, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::webhooks::resend(&service, &actor, id).await?)
}
