//! Features and custom APIs, the rules that run them, and the channels that they run on.
//!
//! The catalog lives in four tables and, as a whole, in memory on every node: a request looks nothing up. It is loaded anew after it was
//! applied here, and when [`refresh`] sees that another node applied one.

pub mod admin;
mod apply;
mod catalog;
mod check;
mod limits;
mod locate;
mod platforms;
mod snapshot;
mod store;
#[cfg(test)]
mod tests;

pub use apply::{catalog_apply, catalog_export};
pub use catalog::{CatalogProblem, catalog_parse, catalog_text};
pub use limits::{applied_limits, effective_interval, effective_retries};
pub use platforms::{PLATFORMS, platform};
pub use snapshot::{CatalogCache, ChannelRow, CustomApiRow, FeatureRow, RuleRow, Snapshot, refresh, snapshot, unreadable, with_each_key};

use crate::actor::Actor;
use crate::service::Service;
use model::accounts::Scope;
use model::features::FeatureView;
use model::{Error, Result};

/// Features that can be used, in their order.
pub async fn list(service: &Service, actor: &Actor) -> Result<Vec<FeatureView>> {
    actor.require(Scope::TasksRead)?;
    let snapshot = snapshot(service);
    let mut rows: Vec<_> = snapshot.features.values().filter(|row| row.feature.enabled && row.is_visible_to(actor)).collect();
    rows.sort_by_key(|row| (row.feature.sort_order, row.id));
    // A feature without its rule cannot be used; that it is broken was logged when it was loaded.
    Ok(rows.into_iter().filter_map(|row| view(service, &snapshot, row)).collect())
}

/// One feature that can be used.
pub async fn get(service: &Service, actor: &Actor, id: i64) -> Result<FeatureView> {
    actor.require(Scope::TasksRead)?;
    let snapshot = snapshot(service);
    let row = snapshot.features.get(&id).filter(|row| row.feature.enabled && row.is_visible_to(actor));
    row.and_then(|row| view(service, &snapshot, row)).ok_or_else(|| Error::not_found("feature"))
}

/// A number and a name.
type Named = (i64, String);

/// Numbers and names of all features and of all channels, those switched off included, by name. Administrators only.
pub fn names(service: &Service, actor: &Actor) -> Result<(Vec<Named>, Vec<Named>)> {
    actor.require_admin()?;
    let snapshot = snapshot(service);
    let sorted = |mut names: Vec<Named>| {
        names.sort_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
        names
    };
    let features = snapshot.features.values().map(|row| (row.id, row.feature.name.clone())).collect();
    let channels = snapshot.channels.values().map(|row| (row.id, row.channel.name.clone())).collect();
    Ok((sorted(features), sorted(channels)))
}

fn view(service: &Service, snapshot: &Snapshot, row: &FeatureRow) -> Option<FeatureView> {
    let rule = &snapshot.rules.get(&row.rule_id)?.rule;
    let feature = &row.feature;
    let intervals = service.intervals();
    let (default_retries, default_interval_seconds) = applied_limits(None, None, feature, rule, intervals);
    Some(FeatureView {
        id: row.id,
        name: feature.name.clone(),
        description: feature.description.clone(),
        category: feature.category.clone(),
        form_schema: feature.form_schema.clone(),
        result_fields: feature.result_fields.clone(),
        rule_id: row.rule_id,
        rule_retry_count: rule.max_retries,
        default_retries,
        default_interval_seconds,
        min_interval_seconds: intervals.min_seconds,
        points: feature.points,
        price_kind: feature.price_kind,
        billing_hint: feature.billing_hint.clone(),
        endpoint: format!("/api/features/{}/tasks", row.id),
    })
}
