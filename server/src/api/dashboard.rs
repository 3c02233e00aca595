//! The caller's dashboard.

use crate::envelope::{Answer, Success};
use crate::extract::{Caller, Query};
use crate::state::AppState;
use axum::extract::State;
use model::dashboard::{Dashboard, DashboardQuery};

/// What the caller did and spent.
///
/// Sums, rankings and a series over a range of time, at most 366 days. Days begin and end in the time zone `tz`; instants are widened to quarters of
/// an hour.
#[utoipa::path(get, path = "/api/dashboard", tag = "account", operation_id = "dashboard", params(DashboardQuery),
    responses(
        (status = 200, description = "The dashboard.", body = Success<Dashboard>),
        (status = 422, description = "The range or the time zone makes no sense; `field` names it."),
    ))]
pub async fn dashboard(State(state): State<AppState>, Caller(actor): Caller, Query(query): Query<DashboardQuery>) -> Answer<Dashboard> {
    Ok(Success::new(service::dashboard::dashboard(&state.service, &actor, &query).await?))
}
