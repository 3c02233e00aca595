//! Features, as administrators define them.

use crate::error::UiError;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::Page;
use model::catalog::{EntryFilter, FeatureEntry};
use model::features::Feature;
use serde::{Deserialize, Serialize};

/// A rule that a feature may name, with what it allows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuleChoice {
    /// The name.
    pub name: String,
    /// Retries at most; -1 for no limit.
    pub max_retries: i64,
}

/// What the page of one feature shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeatureData {
    /// The feature; absent for a new one.
    pub entry: Option<FeatureEntry>,
    /// Rules to choose from.
    pub rules: Vec<RuleChoice>,
    /// Platforms that have channels.
    pub platforms: Vec<String>,
    /// Categories that other features have.
    pub categories: Vec<String>,
}

/// One page of features.
#[server(name = AdminFeatures, prefix = "/_fn", input = Json)]
pub async fn features(
    /// Which ones.
    filter: EntryFilter,
) -> Result<Page<FeatureEntry>, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::features::admin::features(&service, &actor, &filter).await?)
}

/// The data of the page of one feature, or of a new one.
#[server(name = AdminFeature, prefix = "/_fn")]
pub async fn feature(
    /// Which one; a new one without.
    id: Option<i64>,
) -> Result<FeatureData, UiError> {
    let (service, actor) = crate::ssr::context()?;
    let entry = match id {
        Some(id) => Some(service::features::admin::feature(&service, &actor, id).await?),
        None => None,
    };
    let choices = service::features::admin::choices(&service, &actor)?;
    let rules = choices.rules.into_iter().map(|(name, max_retries)| RuleChoice { name, max_retries }).collect();
    Ok(FeatureData { entry, rules, platforms: choices.platforms, categories: choices.categories })
}

/// Makes a feature, or changes the one of that number.
#[server(name = SaveFeature, prefix = "/_fn", input = Json)]
pub async fn save(
    /// Which one, and the version that was changed; a new one without.
    known: Option<(i64, i64)>,
    /// The whole definition.
    definition: Feature,
) -> Result<FeatureEntry, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(match known {
        Some((id, version)) => {
            service::features::admin::update_feature(&service, &actor, id, model::catalog::Revision { version, definition }).await?
        }
        None => service::features::admin::create_feature(&service, &actor, definition).await?,
    })
}

/// Switches a feature on or off.
#[server(name = SwitchFeature, prefix = "/_fn")]
pub async fn switch(
    /// Which one.
    id: i64,
    /// Whether it is used.
    enabled: bool,
) -> Result<FeatureEntry, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::features::admin::switch_feature(&service, &actor, id, enabled).await?)
}

/// Puts a feature at a place in the order of all.
#[server(name = MoveFeature, prefix = "/_fn")]
pub async fn move_to(
    /// Which one.
    id: i64,
    /// From 1.
    position: i64,
) -> Result<FeatureEntry, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::features::admin::move_feature(&service, &actor, id, position).await?)
}

/// Copies a feature.
#[server(name = DuplicateFeature, prefix = "/_fn")]
pub async fn duplicate(
    /// Which one.
    id: i64,
) -> Result<FeatureEntry, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::features::admin::duplicate_feature(&service, &actor, id).await?)
}

/// Deletes a feature.
#[server(name = DeleteFeature, prefix = "/_fn")]
pub async fn delete(
    /// Which one.
    id: i64,
) -> Result<(), UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::features::admin::delete_feature(&service, &actor, id).await?)
}
