//! Redemption codes.

use crate::envelope::{Answer, Failure, Success};
use crate::extract::{Caller, Id, Json, List};
use crate::state::AppState;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use model::Page;
use model::recharge::{CodeFilter, CodeView, CreatedCodes, DisabledCodes, NewCodes};
use service::recharge;

/// Redemption codes.
///
/// Newest first, without the codes themselves: they are shown once, when they are made.
#[utoipa::path(get, path = "/api/admin/redemption-codes", tag = "administration", operation_id = "admin_list_redemption_codes", params(CodeFilter),
    responses(
        (status = 200, description = "One page.", body = Success<Page<CodeView>>),
        (status = 422, description = "No batch can have that name."),
    ))]
pub async fn list(State(state): State<AppState>, Caller(actor): Caller, List(filter): List<CodeFilter>) -> Answer<Page<CodeView>> {
    Ok(Success::new(recharge::codes(&state.service, &actor, &filter).await?))
}

/// Make redemption codes.
///
/// A batch of equal ones. The answer is the only time that the codes are shown.
#[utoipa::path(post, path = "/api/admin/redemption-codes", tag = "administration", operation_id = "admin_create_redemption_codes",
    request_body(content = NewCodes, example = json!({"points": 100, "count": 2, "uses": 1, "expires_at": "2030-01-31T00:00:00Z", "note": "spring"})),
    responses((status = 201, description = "The codes.", body = Success<CreatedCodes>)))]
pub async fn create(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Json(new): Json<NewCodes>,
) -> Result<(StatusCode, Success<CreatedCodes>), Failure> {
    Ok((StatusCode::CREATED, Success::new(recharge::create_codes(&state.service, &actor, &new).await?)))
}

/// Switch a redemption code off.
///
/// For good. Points that it has added stay.
#[utoipa::path(post, path = "/api/admin/redemption-codes/{id}/disable", tag = "administration", operation_id = "admin_disable_redemption_code",
    params(("id" = i64, Path, description = "The number of the code.")),
    responses((status = 200, description = "It is off.", body = Success<DisabledCodes>)))]
pub async fn disable(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<DisabledCodes> {
    Ok(Success::new(recharge::disable_code(&state.service, &actor, id).await?))
}

/// Switch the redemption codes of a batch off.
///
/// For good. Points that they have added stay.
#[utoipa::path(post, path = "/api/admin/redemption-batches/{batch}/disable", tag = "administration", operation_id = "admin_disable_redemption_batch",
    params(("batch" = String, Path, description = "The batch.")),
    responses(
        (status = 200, description = "They are off.", body = Success<DisabledCodes>),
        (status = 404, description = "There is no such batch."),
    ))]
pub async fn disable_batch(
    State(state): State<AppState>,
    Caller(actor): Caller,
    batch: Result<Path<String>, PathRejection>,
) -> Answer<DisabledCodes> {
    // What cannot be read is the name of no batch.
    let batch = batch.map(|Path(batch)| batch).unwrap_or_default();
    Ok(Success::new(recharge::disable_batch(&state.service, &actor, &batch).await?))
}
