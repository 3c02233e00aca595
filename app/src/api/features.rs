//! Features: what can be submitted.

use crate::error::UiError;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::features::FeatureView;
use model::tasks::TaskView;
use model::webhooks::WebhookView;
use serde::{Deserialize, Serialize};

/// What the page of a new task shows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CreatePageData {
    /// Everything that can be submitted.
    pub features: Vec<FeatureView>,
    /// Categories that the caller's tasks already have.
    pub categories: Vec<String>,
    /// The task whose values the form begins with.
    pub source: Option<TaskView>,
    /// The caller's webhooks, to choose from.
    pub webhooks: Vec<WebhookView>,
}

/// The data of the page of a new task.
#[server(prefix = "/_fn", input = Json)]
pub async fn create_page(
    /// The task whose values the form begins with.
    source: Option<i64>,
) -> Result<CreatePageData, UiError> {
    let (service, actor) = crate::ssr::context()?;
    let features = service::features::list(&service, &actor).await?;
    let categories = service::tasks::categories(&service, &actor).await?;
    let source = match source {
        Some(id) => Some(service::tasks::get(&service, &actor, id).await?),
        None => None,
    };
    let webhooks = service::webhooks::list(&service, &actor).await?;
    Ok(CreatePageData { features, categories, source, webhooks })
}
