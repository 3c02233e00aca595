//! The caller's webhooks and their deliveries.

use crate::envelope::{Answer, Failure, Nothing, Success};
use crate::extract::{Caller, Id, Json, List};
use crate::state::AppState;
use axum::extract::State;
use axum::http::StatusCode;
use model::Page;
use model::webhooks::{
    AdminDeliveryFilter, AdminDeliveryView, CreatedWebhook, DeliveryDetail, DeliveryFilter, DeliveryView, NewWebhook, WebhookPatch,
    WebhookView,
};
use service::webhooks;

/// The caller's webhooks.
///
/// Without secrets and values of headers.
#[utoipa::path(get, path = "/api/webhooks", tag = "webhooks", operation_id = "list_webhooks",
    responses((status = 200, description = "The webhooks, oldest first.", body = Success<Vec<WebhookView>>)))]
pub async fn list(State(state): State<AppState>, Caller(actor): Caller) -> Answer<Vec<WebhookView>> {
    Ok(Success::new(webhooks::list(&state.service, &actor).await?))
}

/// Make a webhook.
///
/// Messages to a `standard` one are signed as [Standard Webhooks](https://www.standardwebhooks.com) says; the answer is the only time that its
/// secret is shown. The other kinds are robots of chat programs, which get a text for people.
#[utoipa::path(post, path = "/api/webhooks", tag = "webhooks", operation_id = "create_webhook",
    request_body(content = NewWebhook, example = json!({
        "name": "results", "url": "https://example.com/hooks/results", "events": ["task.succeeded", "task.failed"], "all_tasks": true
    })),
    responses(
        (status = 201, description = "The webhook and its secret.", body = Success<CreatedWebhook>),
        (status = 409, description = "There are too many webhooks."),
    ))]
pub async fn create(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Json(new): Json<NewWebhook>,
) -> Result<(StatusCode, Success<CreatedWebhook>), Failure> {
    Ok((StatusCode::CREATED, Success::new(webhooks::create(&state.service, &actor, new).await?)))
}

/// One webhook.
#[utoipa::path(get, path = "/api/webhooks/{id}", tag = "webhooks", operation_id = "get_webhook",
    params(("id" = i64, Path, description = "The number of the webhook.")),
    responses((status = 200, description = "The webhook.", body = Success<WebhookView>)))]
pub async fn get(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<WebhookView> {
    Ok(Success::new(webhooks::get(&state.service, &actor, id).await?))
}

/// Change a webhook.
///
/// Only what is sent changes. Switching it off gives up what waits for it; switching it on forgets its failures.
#[utoipa::path(patch, path = "/api/webhooks/{id}", tag = "webhooks", operation_id = "update_webhook",
    params(("id" = i64, Path, description = "The number of the webhook.")),
    request_body(content = WebhookPatch, example = json!({"enabled": true})),
    responses((status = 200, description = "The webhook as it is now.", body = Success<WebhookView>)))]
pub async fn update(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id,
    Json(patch): Json<WebhookPatch>,
) -> Answer<WebhookView> {
    Ok(Success::new(webhooks::update(&state.service, &actor, id, patch).await?))
}

/// Delete a webhook.
///
/// What waits for it is given up; tasks that chose it go on without it.
#[utoipa::path(delete, path = "/api/webhooks/{id}", tag = "webhooks", operation_id = "delete_webhook",
    params(("id" = i64, Path, description = "The number of the webhook.")),
    responses((status = 200, description = "It is gone.", body = Success<Nothing>)))]
pub async fn delete(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<Nothing> {
    webhooks::delete(&state.service, &actor, id).await?;
    Ok(Success::new(Nothing))
}

/// Give a webhook a new secret.
///
/// For 24 hours messages carry signatures of both secrets. The answer is the only time that the new one is shown.
#[utoipa::path(post, path = "/api/webhooks/{id}/rotate-secret", tag = "webhooks", operation_id = "rotate_webhook_secret",
    params(("id" = i64, Path, description = "The number of the webhook.")),
    responses(
        (status = 200, description = "The webhook and its new secret.", body = Success<CreatedWebhook>),
        (status = 409, description = "It is a robot, whose secret is made by its chat program."),
    ))]
pub async fn rotate_secret(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<CreatedWebhook> {
    Ok(Success::new(webhooks::rotate_secret(&state.service, &actor, id).await?))
}

/// Test a webhook.
///
/// Sends it a message of the type `webhook.test`, once, and answers what came of it.
#[utoipa::path(post, path = "/api/webhooks/{id}/test", tag = "webhooks", operation_id = "test_webhook",
    params(("id" = i64, Path, description = "The number of the webhook.")),
    responses((status = 200, description = "The delivery with its attempt.", body = Success<DeliveryDetail>)))]
pub async fn test(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<DeliveryDetail> {
    Ok(Success::new(webhooks::test(&state.service, &actor, id).await?))
}

/// The deliveries of a webhook.
///
/// Newest first.
#[utoipa::path(get, path = "/api/webhooks/{id}/deliveries", tag = "webhooks", operation_id = "list_deliveries",
    params(("id" = i64, Path, description = "The number of the webhook."), DeliveryFilter),
    responses((status = 200, description = "One page.", body = Success<Page<DeliveryView>>)))]
pub async fn deliveries(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id,
    List(filter): List<DeliveryFilter>,
) -> Answer<Page<DeliveryView>> {
    Ok(Success::new(webhooks::deliveries(&state.service, &actor, id, &filter).await?))
}

/// One delivery.
///
/// With its body and its attempts.
#[utoipa::path(get, path = "/api/webhooks/deliveries/{id}", tag = "webhooks", operation_id = "get_delivery",
    params(("id" = i64, Path, description = "The number of the delivery.")),
    responses((status = 200, description = "The delivery.", body = Success<DeliveryDetail>)))]
pub async fn delivery(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<DeliveryDetail> {
    Ok(Success::new(webhooks::delivery(&state.service, &actor, id).await?))
}

/// Send a delivery again.
///
/// At once, under the same `webhook-id`, and with all its attempts before it.
#[utoipa::path(post, path = "/api/webhooks/deliveries/{id}/resend", tag = "webhooks", operation_id = "resend_delivery",
    params(("id" = i64, Path, description = "The number of the delivery.")),
    responses(
        (status = 200, description = "The delivery as it is now.", body = Success<DeliveryView>),
        (status = 409, description = "It is being sent, or its webhook is switched off."),
    ))]
pub async fn resend(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<DeliveryView> {
    Ok(Success::new(webhooks::resend(&state.service, &actor, id).await?))
}

/// Everybody's deliveries.
///
/// Newest first; of the receivers' URLs only the host is told.
#[utoipa::path(get, path = "/api/admin/webhook-deliveries", tag = "administration", operation_id = "admin_list_deliveries", params(AdminDeliveryFilter),
    responses((status = 200, description = "One page.", body = Success<Page<AdminDeliveryView>>)))]
pub async fn admin_deliveries(
    State(state): State<AppState>,
    Caller(actor): Caller,
    List(filter): List<AdminDeliveryFilter>,
) -> Answer<Page<AdminDeliveryView>> {
    Ok(Success::new(webhooks::admin_deliveries(&state.service, &actor, &filter).await?))
}
