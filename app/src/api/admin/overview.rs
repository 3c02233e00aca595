//! How the service is.

use crate::error::UiError;
use leptos::prelude::*;
use model::overview::Overview;

/// The data of the overview.
#[server(name = LoadOverview, prefix = "/_fn")]
pub async fn overview() -> Result<Overview, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::overview::overview(&service, &actor).await?)
}
