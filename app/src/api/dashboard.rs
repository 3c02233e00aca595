//! The dashboard.

use crate::error::UiError;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::dashboard::{Dashboard, DashboardQuery};

/// The caller's dashboard; in the time zone that the browser told before, unless the query names one.
#[server(name = LoadDashboard, prefix = "/_fn", input = Json)]
pub async fn dashboard(
    /// Which range.
    query: DashboardQuery,
) -> Result<Dashboard, UiError> {
    let (service, actor) = crate::ssr::context()?;
    let tz = query.tz.filter(|tz| !tz.is_empty()).or_else(crate::ssr::time_zone);
    // A browser may know zones that we do not.
    let tz = tz.filter(|tz| service::dashboard::knows_zone(tz));
    Ok(service::dashboard::dashboard(&service, &actor, &DashboardQuery { tz, ..query }).await?)
}
