//! Features and custom APIs, the rules that run them, and the channels that they run on.
//!
//! The catalog lives in four tables and, as a whole, in memory on every node: a request looks nothing up. It is loaded anew after it was
//! applied here, and when [`refresh`] sees that another node applied one.

mod apply;
mod catalog;
mod check;
mod custom_apis;
mod limits;
mod locate;
mod snapshot;
mod store;
#[cfg(test)]
mod tests;

pub use apply::{catalog_apply, catalog_export};
pub use catalog::{CatalogProblem, catalog_parse, catalog_text};
pub use custom_apis::{create_custom_api, custom_api, custom_api_choices, custom_apis, delete_custom_api, update_custom_api};
pub use limits::{applied_limits, effective_interval, effective_retries};
pub use snapshot::{CatalogCache, ChannelRow, CustomApiRow, FeatureRow, RuleRow, Snapshot, refresh, snapshot, unreadable};

use crate::actor::Actor;
use crate::service::Service;
use model::accounts::Scope;
use model::features::FeatureView;
use model::{Error, Result};

/// Features that can be used, in their order.
pub async fn list(service: &Service, actor: &Actor) -> Result<Vec<FeatureView>> {
    actor.require(Scope::TasksRead)?;
    let snapshot = snapshot(service);
    let mut rows: Vec<_> = snapshot.features.values().filter(|row| row.feature.enabled).collect();
    rows.sort_by_key(|row| (row.feature.sort_order, row.id));
    // A feature without its rule cannot be used; that it is broken was logged when it was loaded.
    Ok(rows.into_iter().filter_map(|row| view(service, &snapshot, row)).collect())
}

/// One feature that can be used.
pub async fn get(service: &Service, actor: &Actor, id: i64) -> Result<FeatureView> {
    actor.require(Scope::TasksRead)?;
    let snapshot = snapshot(service);
    let row = snapshot.features.get(&id).filter(|row| row.feature.enabled);
    row.and_then(|row| view(service, &snapshot, row)).ok_or_else(|| Error::not_found("feature"))
}

fn view(service: &Service, snapshot: &Snapshot, row: &FeatureRow) -> Option<FeatureView> {
    let rule = &snapshot.rules.get(&row.rule_id)?.rule;
    let feature = &row.feature;
    let (default_retries, default_interval_seconds) = applied_limits(None, None, feature, rule, &service.config);
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
        min_interval_seconds: service.config.min_interval_seconds,
        points: feature.points,
        price_kind: feature.price_kind,
        billing_hint: feature.billing_hint.clone(),
        endpoint: format!("/api/features/{}/tasks", row.id),
    })
}
