//! Applying a catalog file to the database, and writing one from it.

use super::store::{self, Everything, Stored};
use super::{admin, catalog, check};
use crate::actor::Actor;
use crate::audit::{self, Entry};
use crate::db::{Tx, TxError, transact};
use crate::service::Service;
use model::catalog::{Catalog, CatalogReport};
use model::custom_apis::CustomApi;
use model::features::Feature;
use model::rules::{Channel, Rule};
use model::time::Timestamp;
use model::{Error, Result};
use std::collections::HashMap;

/// Brings rules, channels, features and custom APIs to what a catalog says, in one transaction. Administrators only.
///
/// Entries keep their numbers by name (features and custom APIs by key); entries that the catalog does not name stay as they are; a channel
/// without a credential keeps the stored one. With `dry_run` nothing is written and the report is the same.
///
/// Errors: `invalid` with the first problem, `name_taken` for a path that a custom API outside of the catalog has, `forbidden`.
pub async fn catalog_apply(service: &Service, actor: &Actor, wanted: &Catalog, dry_run: bool) -> Result<CatalogReport> {
    actor.require_admin()?;
    let problems = check::check(wanted);
    if let Some(first) = problems.first() {
        let place = catalog::place(&first.path);
        let more = if problems.len() > 1 { format!(" ({} more)", problems.len() - 1) } else { String::new() };
        return Err(Error::invalid(place.clone(), format!("{place}: {}{more}", first.message)));
    }
    let now = service.clock.now();
    let body = async |tx: &mut Tx| {
        let stored = store::lock(tx, now).await?;
        admin::refuse_taken_paths(&wanted.custom_apis, &stored)?;
        let plan = Plan::new(wanted, &stored);
        if !dry_run && !plan.is_empty() {
            plan.write(tx, &stored, now).await?;
            let after = serde_json::json!({ "created": plan.report.created, "updated": plan.report.updated });
            let entry = Entry { action: "catalog.apply", target: "catalog".to_owned(), before: None, after: Some(after) };
            audit::record(tx, actor, entry, now).await?;
            store::next_version(tx, now).await?;
        }
        Ok::<_, TxError>(plan.report)
    };
    let report = transact!(service.db, body)?;
    let changed = !report.created.is_empty() || !report.updated.is_empty();
    if changed && !dry_run {
        service.catalog.reload(&service.db).await?;
        service.engine.refresh_health(service).await?;
        tracing::info!(created = report.created.len(), updated = report.updated.len(), actor = actor.user_id, "catalog applied");
    }
    Ok(report)
}

/// What has to be written.
struct Plan<'a> {
    rules: Vec<&'a Rule>,
    channels: Vec<&'a Channel>,
    features: Vec<&'a Feature>,
    custom_apis: Vec<&'a CustomApi>,
    report: CatalogReport,
}

impl<'a> Plan<'a> {
    fn new(wanted: &'a Catalog, stored: &Everything) -> Self {
        let mut report = CatalogReport::default();
        let rules = wanted
            .rules
            .iter()
            .filter(|rule| changes(&mut report, "rule", &rule.name, &stored.rules, |old| old.definition.as_ref() == Ok(*rule)));
        let rules = rules.collect();
        let channels = wanted.channels.iter().filter(|channel| {
            changes(&mut report, "channel", &channel.name, &stored.channels, |old| {
                let kept = channel.credential.is_none() || channel.credential == old.credential;
                let more_kept = channel.more_credentials.as_ref().is_none_or(|more| *more == old.more_credentials);
                kept && more_kept && old.definition.as_ref() == Ok(&store::bare(channel))
            })
        });
        let channels = channels.collect();
        let names: HashMap<_, _> = stored.rules.iter().map(|rule| (rule.id, rule.name.as_str())).collect();
        let features = wanted.features.iter().filter(|feature| {
            let same_rule = |old: &Stored<Feature>| names.get(&old.rule_id) == Some(&feature.rule.as_str());
            changes(&mut report, "feature", &feature.key, &stored.features, |old| old.definition.as_ref() == Ok(*feature) && same_rule(old))
        });
        let features = features.collect();
        let custom_apis = wanted.custom_apis.iter().filter(|api| {
            let same_rule = |old: &Stored<CustomApi>| names.get(&old.rule_id) == Some(&api.rule.as_str());
            changes(&mut report, "custom API", &api.key, &stored.custom_apis, |old| old.definition.as_ref() == Ok(*api) && same_rule(old))
        });
        let custom_apis = custom_apis.collect();
        Plan { rules, channels, features, custom_apis, report }
    }

    fn is_empty(&self) -> bool {
        self.rules.is_empty() && self.channels.is_empty() && self.features.is_empty() && self.custom_apis.is_empty()
    }

    async fn write(&self, tx: &mut Tx, stored: &Everything, now: Timestamp) -> Result<(), TxError> {
        let mut rule_ids: HashMap<&str, i64> = stored.rules.iter().map(|rule| (rule.name.as_str(), rule.id)).collect();
        for rule in &self.rules {
            rule_ids.insert(&rule.name, store::put_rule(tx, rule, now).await?);
        }
        for channel in &self.channels {
            store::put_channel(tx, channel, now).await?;
        }
        for feature in &self.features {
            let rule_id = rule_ids.get(feature.rule.as_str()).ok_or_else(|| Error::not_found("rule"))?;
            store::put_feature(tx, feature, *rule_id, now).await?;
        }
        for api in &self.custom_apis {
            let rule_id = rule_ids.get(api.rule.as_str()).ok_or_else(|| Error::not_found("rule"))?;
            store::put_custom_api(tx, api, *rule_id, now).await?;
        }
        Ok(())
    }
}

/// Notes in the report what becomes of an entry; whether it has to be written.
fn changes<T>(report: &mut CatalogReport, kind: &str, name: &str, stored: &[Stored<T>], same: impl FnOnce(&Stored<T>) -> bool) -> bool {
    match stored.iter().find(|old| old.name == name) {
        None => report.created.push(format!("{kind} {name}")),
        Some(old) if same(old) => {
            report.unchanged += 1;
            return false;
        }
        Some(_) => report.updated.push(format!("{kind} {name}")),
    }
    true
}

/// The whole catalog without credentials, as a file that can be applied again. Administrators only.
pub async fn catalog_export(service: &Service, actor: &Actor) -> Result<Catalog> {
    actor.require_admin()?;
    let (db, now) = (&service.db, service.clock.now());
    let stored = transact!(db, async |tx: &mut Tx| store::lock(tx, now).await.map_err(TxError::from))?;
    Ok(Catalog {
        version: 1,
        rules: readable("rule", stored.rules)?,
        channels: readable("channel", stored.channels)?,
        features: readable("feature", stored.features)?,
        custom_apis: readable("custom API", stored.custom_apis)?,
    })
}

fn readable<T>(kind: &str, stored: Vec<Stored<T>>) -> Result<Vec<T>> {
    let read = |entry: Stored<T>| {
        entry.definition.map_err(|error| {
            tracing::error!(kind, id = entry.id, error, "a stored definition cannot be read");
            Error::internal()
        })
    };
    stored.into_iter().map(read).collect()
}
