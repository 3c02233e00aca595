//! What programs can call.

use crate::error::UiError;
use leptos::prelude::*;
use model::accounts::KeyView;
use model::custom_apis::CustomApiView;
use model::features::FeatureView;
use serde::{Deserialize, Serialize};

/// What the page of APIs shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApisData {
    /// Everything that can be submitted.
    pub features: Vec<FeatureView>,
    /// Everything that answers at once.
    pub custom_apis: Vec<CustomApiView>,
    /// The caller's keys, whose beginnings samples show.
    pub keys: Vec<KeyView>,
}

/// The data of the page of APIs.
#[server(prefix = "/_fn")]
pub async fn apis() -> Result<ApisData, UiError> {
    let (service, actor) = crate::ssr::context()?;
    let features = service::features::list(&service, &actor).await?;
    let custom_apis = service::custom_apis::list(&service, &actor).await?;
    let keys = service::accounts::keys(&service, &actor).await?;
    Ok(ApisData { features, custom_apis, keys })
}
