//! What an entry can refer to, for the forms that edit it.

use super::super::snapshot::snapshot;
use crate::actor::Actor;
use crate::service::Service;
use model::Result;
use std::collections::BTreeSet;

/// Names that forms offer.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// Names of rules with the retries that they allow.
    pub rules: Vec<(String, i64)>,
    /// Numbers and names of rules.
    pub rule_ids: Vec<(i64, String)>,
    /// Numbers and names of channels.
    pub channels: Vec<(i64, String)>,
    /// Platforms of channels.
    pub platforms: Vec<String>,
    /// Categories of features.
    pub categories: Vec<String>,
}

/// Everything that an entry can refer to, by name. Administrators only.
pub fn choices(service: &Service, actor: &Actor) -> Result<Choices> {
    actor.require_admin()?;
    let catalog = snapshot(service);
    let mut rules: Vec<_> = catalog.rules.values().collect();
    rules.sort_by(|a, b| a.rule.name.cmp(&b.rule.name));
    let mut channels: Vec<_> = catalog.channels.values().map(|row| (row.id, row.channel.name.clone())).collect();
    channels.sort_by(|a, b| a.1.cmp(&b.1));
    let platforms: BTreeSet<_> = catalog.channels.values().map(|row| row.channel.platform.clone()).collect();
    let categories: BTreeSet<_> =
        catalog.features.values().map(|row| row.feature.category.clone()).filter(|name| !name.is_empty()).collect();
    Ok(Choices {
        rules: rules.iter().map(|row| (row.rule.name.clone(), row.rule.max_retries)).collect(),
        rule_ids: rules.iter().map(|row| (row.id, row.rule.name.clone())).collect(),
        channels,
        platforms: platforms.into_iter().collect(),
        categories: categories.into_iter().collect(),
    })
}
