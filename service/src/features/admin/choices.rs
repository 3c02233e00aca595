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

/// The channel to try a rule with: one that is switched on, of a platform on which the rule runs something. Administrators only.
pub fn channel_for(service: &Service, actor: &Actor, rule_id: i64) -> Result<Option<i64>> {
    actor.require_admin()?;
    let catalog = snapshot(service);
    let features = catalog.features.values().filter(|row| row.rule_id == rule_id).map(|row| (row.feature.enabled, &row.feature.platform));
    let apis = catalog.custom_apis.values().filter(|row| row.rule_id == rule_id).map(|row| (row.api.enabled, &row.api.platform));
    let mut platforms: Vec<_> = features.chain(apis).collect();
    // What is in use before what is switched off.
    platforms.sort_by(|a, b| b.cmp(a).then(a.1.cmp(b.1)));
    let usable = platforms.iter().find_map(|(_, platform)| catalog.platforms.get(*platform)?.first());
    let known = || catalog.channels.values().filter(|row| platforms.iter().any(|(_, platform)| **platform == row.channel.platform));
    Ok(usable.map(|row| row.id).or_else(|| known().map(|row| row.id).min()))
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
