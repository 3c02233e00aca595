//! Rules, as administrators define them.

use crate::error::UiError;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::Page;
use model::catalog::{DryRun, DryRunReport, EntryFilter, RuleEntry};
use model::rules::Rule;
use serde::{Deserialize, Serialize};

/// A channel or a rule to choose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Named {
    /// The number.
    pub id: i64,
    /// The name.
    pub name: String,
}

/// What the page of one rule shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuleData {
    /// The rule; absent for a new one.
    pub entry: Option<RuleEntry>,
    /// Channels to try it with.
    pub channels: Vec<Named>,
    /// The one of them that the rule is used with.
    pub channel: Option<i64>,
}

/// One page of rules.
#[server(name = AdminRules, prefix = "/_fn", input = Json)]
pub async fn rules(
    /// Which ones.
    filter: EntryFilter,
) -> Result<Page<RuleEntry>, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::features::admin::rules(&service, &actor, &filter).await?)
}

/// The data of the page of one rule, or of a new one.
#[server(name = AdminRule, prefix = "/_fn")]
pub async fn rule(
    /// Which one; a new one without.
    id: Option<i64>,
) -> Result<RuleData, UiError> {
    let (service, actor) = crate::ssr::context()?;
    let entry = match id {
        Some(id) => Some(service::features::admin::rule(&service, &actor, id).await?),
        None => None,
    };
    let choices = service::features::admin::choices(&service, &actor)?;
    let channel = match id {
        Some(id) => service::features::admin::channel_for(&service, &actor, id)?,
        None => None,
    };
    Ok(RuleData { entry, channels: choices.channels.into_iter().map(|(id, name)| Named { id, name }).collect(), channel })
}

/// Makes a rule, or changes the one of that number.
#[server(name = SaveRule, prefix = "/_fn", input = Json)]
pub async fn save(
    /// Which one, and the version that was changed; a new one without.
    known: Option<(i64, i64)>,
    /// The whole definition.
    definition: Rule,
) -> Result<RuleEntry, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(match known {
        Some((id, version)) => {
            service::features::admin::update_rule(&service, &actor, id, model::catalog::Revision { version, definition }).await?
        }
        None => service::features::admin::create_rule(&service, &actor, definition).await?,
    })
}

/// Copies a rule.
#[server(name = DuplicateRule, prefix = "/_fn")]
pub async fn duplicate(
    /// Which one.
    id: i64,
) -> Result<RuleEntry, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::features::admin::duplicate_rule(&service, &actor, id).await?)
}

/// Deletes a rule.
#[server(name = DeleteRule, prefix = "/_fn")]
pub async fn delete(
    /// Which one.
    id: i64,
) -> Result<(), UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::features::admin::delete_rule(&service, &actor, id).await?)
}

/// Tries a rule without sending anything.
#[server(name = DryRunRule, prefix = "/_fn", input = Json)]
pub async fn dry_run(
    /// The rule and the values to try it with.
    run: DryRun,
) -> Result<DryRunReport, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::features::admin::dry_run(&service, &actor, &run).await?)
}
