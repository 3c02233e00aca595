//! Administration of custom APIs.

use crate::error::UiError;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::Page;
use model::catalog::{EntryFilter, Revision};
use model::custom_apis::{CustomApi, CustomApiChoices, CustomApiEntry};
use serde::{Deserialize, Serialize};

/// What the form of a custom API shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CustomApiForm {
    /// The custom API; none for a new one.
    pub entry: Option<CustomApiEntry>,
    /// What can be chosen.
    pub choices: CustomApiChoices,
}

/// One page of custom APIs.
#[server(prefix = "/_fn", input = Json)]
pub async fn custom_apis(
    /// What the list is narrowed to.
    filter: EntryFilter,
) -> Result<Page<CustomApiEntry>, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::features::admin::custom_apis(&service, &actor, &filter).await?)
}

/// The data of the form of one.
#[server(prefix = "/_fn")]
pub async fn edit_custom_api(
    /// Which one; none for a new one.
    id: Option<i64>,
) -> Result<CustomApiForm, UiError> {
    let (service, actor) = crate::ssr::context()?;
    let choices = service::features::admin::custom_api_choices(&service, &actor)?;
    let entry = match id {
        Some(id) => Some(service::features::admin::custom_api(&service, &actor, id).await?),
        None => None,
    };
    Ok(CustomApiForm { entry, choices })
}

/// Adds a custom API.
#[server(prefix = "/_fn", input = Json)]
pub async fn create_custom_api(
    /// The definition.
    api: CustomApi,
) -> Result<CustomApiEntry, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::features::admin::create_custom_api(&service, &actor, api).await?)
}

/// Changes a custom API.
#[server(prefix = "/_fn", input = Json)]
pub async fn update_custom_api(
    /// Which one.
    id: i64,
    /// The new definition, and the version that it was made from.
    revision: Revision<CustomApi>,
) -> Result<CustomApiEntry, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::features::admin::update_custom_api(&service, &actor, id, revision).await?)
}

/// Switches a custom API on or off.
#[server(prefix = "/_fn")]
pub async fn switch_custom_api(
    /// Which one.
    id: i64,
    /// Whether it can be called.
    enabled: bool,
) -> Result<CustomApiEntry, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::features::admin::switch_custom_api(&service, &actor, id, enabled).await?)
}

/// Deletes a custom API.
#[server(prefix = "/_fn")]
pub async fn delete_custom_api(
    /// Which one.
    id: i64,
) -> Result<(), UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::features::admin::delete_custom_api(&service, &actor, id).await?)
}
