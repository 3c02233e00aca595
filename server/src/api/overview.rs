//! How the service is.

use crate::envelope::{Answer, Success};
use crate::extract::Caller;
use crate::state::AppState;
use axum::extract::State;
use model::overview::Overview;

/// How the service is.
///
/// Queue, rates, channels, nodes and the size of the database; cheap enough to be asked for every few seconds. For administrators.
#[utoipa::path(get, path = "/api/admin/overview", tag = "administration", operation_id = "overview",
    responses((status = 200, description = "The overview.", body = Success<Overview>)))]
pub async fn overview(State(state): State<AppState>, Caller(actor): Caller) -> Answer<Overview> {
    Ok(Success::new(service::overview::overview(&state.service, &actor).await?))
}
