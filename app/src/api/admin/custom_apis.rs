//! Administration of custom APIs.

use crate::error::UiError;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::custom_apis::{CustomApi, CustomApiChoices, CustomApiEntry, CustomApiRevision};
use serde::{Deserialize, Serialize};

/// What the form of a custom API shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CustomApiForm {
    /// The custom API; none for a new one.
    pub entry: Option<CustomApiEntry>,
    /// What can be chosen.
    pub choices: CustomApiChoices,
}

/// All custom APIs.
#[server(prefix = "/_fn")]
pub async fn custom_apis() -> Result<Vec<CustomApiEntry>, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::features::custom_apis(&service, &actor).await?)
}

/// The data of the form of one.
#[server(prefix = "/_fn")]
pub async fn edit_custom_api(
    /// Which one; none for a new one.
    id: Option<i64>,
) -> Result<CustomApiForm, UiError> {
    let (service, actor) = crate::ssr::context()?;
    let choices = service::features::custom_api_choices(&service, &actor)?;
    let entry = match id {
        Some(id) => Some(service::features::custom_api(&service, &actor, id).await?),
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
    Ok(service::features::create_custom_api(&service, &actor, api).await?)
}

/// Changes a custom API.
#[server(prefix = "/_fn", input = Json)]
pub async fn update_custom_api(
    /// Which one.
    id: i64,
    /// The new definition, and the version that it was made from.
    revision: CustomApiRevision,
) -> Result<CustomApiEntry, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::features::update_custom_api(&service, &actor, id, revision).await?)
}

/// Deletes a custom API.
#[server(prefix = "/_fn")]
pub async fn delete_custom_api(
    /// Which one.
    id: i64,
) -> Result<(), UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::features::delete_custom_api(&service, &actor, id).await?)
}
