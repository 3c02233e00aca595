//! Administration of features.

use super::super::store::{self, Kind, Stored};
use super::change::{Change, New, Numbered, change, find, free, same_version};
use super::{UNREADABLE, copy_mark, free_name, page, readable};
use crate::actor::Actor;
use crate::db::{Tx, TxError, transact};
use crate::service::Service;
use model::catalog::{EntryFilter, FeatureEntry, Revision};
use model::features::Feature;
use model::paging::Page;
use model::{Error, Result};
use serde_json::json;

const KIND: Kind = Kind::Feature;
/// Space between two places, so that a catalog file can put something in between.
const STEP: i64 = 10;

/// Features in their order, those that are switched off included.
pub async fn features(service: &Service, actor: &Actor, filter: &EntryFilter) -> Result<Page<FeatureEntry>> {
    actor.require_admin()?;
    page(filter, entries(service).await?, |entry| {
        let Feature { key, name, category, platform, action, rule, .. } = &entry.definition;
        [key, name, category, platform, action, rule].map(String::as_str).join("\n")
    })
}

/// One feature.
pub async fn feature(service: &Service, actor: &Actor, id: i64) -> Result<FeatureEntry> {
    actor.require_admin()?;
    entries(service).await?.into_iter().find(|entry| entry.id == id).ok_or_else(|| Error::not_found(KIND.word()))
}

/// All features that can be read, in their order.
async fn entries(service: &Service) -> Result<Vec<FeatureEntry>> {
    let stored = store::features(&service.db).await?;
    let mut found: Vec<_> = stored.into_iter().filter_map(|entry| readable(KIND, entry)).collect();
    found.sort_by_key(|(entry, feature)| (feature.sort_order, entry.id));
    let entry = |(position, (stored, definition)): (i64, (Stored<()>, Feature))| FeatureEntry {
        id: stored.id,
        version: stored.version,
        position,
        rule_id: stored.rule_id,
        definition,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
    };
    Ok((1..).zip(found).map(entry).collect())
}

/// Makes a feature.
///
/// Errors: `invalid` at the field with the mistake, `name_taken`.
pub async fn create_feature(service: &Service, actor: &Actor, definition: Feature) -> Result<FeatureEntry> {
    let id = change!(service, actor, |change| {
        free(KIND, &change.stored.features, None, &definition.key)?;
        Numbered::of(&change.stored).refuse_mistakes(KIND, None, &New::Feature(&definition))?;
        insert(&mut change, "feature.create", &definition).await?
    });
    feature(service, actor, id).await
}

async fn insert(change: &mut Change<'_>, action: &'static str, definition: &Feature) -> Result<i64, TxError> {
    let rule_id = rule_id(change, &definition.rule)?;
    let id = store::put_feature(change.tx, definition, rule_id, change.now).await?;
    change.note(action, (KIND, id), None, Some(json!(definition))).await?;
    Ok(id)
}

fn rule_id(change: &Change<'_>, name: &str) -> Result<i64> {
    let rule = change.stored.rules.iter().find(|rule| rule.name == name);
    rule.map(|rule| rule.id).ok_or_else(|| Error::invalid("rule", format!("There is no rule `{name}` in the catalog.")))
}

/// Changes a feature as a whole.
///
/// Errors: `not_found`, `conflict` if it was changed since that version, and those of [`create_feature`].
pub async fn update_feature(service: &Service, actor: &Actor, id: i64, revision: Revision<Feature>) -> Result<FeatureEntry> {
    let Revision { version, definition } = revision;
    change!(service, actor, |change| {
        let old = find(KIND, &change.stored.features, id)?;
        same_version(old, version)?;
        free(KIND, &change.stored.features, Some(id), &definition.key)?;
        Numbered::of(&change.stored).refuse_mistakes(KIND, Some(id), &New::Feature(&definition))?;
        write(&mut change, "feature.update", id, &definition).await?
    });
    feature(service, actor, id).await
}

/// Writes a feature that is as it was but for what was checked.
async fn write(change: &mut Change<'_>, action: &'static str, id: i64, definition: &Feature) -> Result<(), TxError> {
    let before = find(KIND, &change.stored.features, id)?.definition.as_ref().ok().map(|old| json!(old));
    let rule_id = rule_id(change, &definition.rule)?;
    store::update_feature(change.tx, id, definition, rule_id, change.now).await?;
    change.note(action, (KIND, id), before, Some(json!(definition))).await
}

/// Switches a feature on or off.
pub async fn switch_feature(service: &Service, actor: &Actor, id: i64, enabled: bool) -> Result<FeatureEntry> {
    change!(service, actor, |change| {
        let definition = definition(&change, id)?;
        if definition.enabled != enabled {
            let action = if enabled { "feature.enable" } else { "feature.disable" };
            write(&mut change, action, id, &Feature { enabled, ..definition }).await?;
        }
    });
    feature(service, actor, id).await
}

fn definition(change: &Change<'_>, id: i64) -> Result<Feature> {
    let stored = find(KIND, &change.stored.features, id)?;
    stored.definition.clone().map_err(|_| Error::conflict(UNREADABLE))
}

/// Makes a copy of a feature under a free key, switched off so that nobody sees it before it is ready.
pub async fn duplicate_feature(service: &Service, actor: &Actor, id: i64) -> Result<FeatureEntry> {
    let copy = change!(service, actor, |change| {
        let original = definition(&change, id)?;
        let mark = |number: usize| if number == 1 { "-copy".to_owned() } else { format!("-copy-{number}") };
        let taken = |key: &str| change.stored.features.iter().any(|entry| entry.name == key);
        let copy = Feature {
            key: free_name(&original.key, 100, mark, taken),
            name: free_name(&original.name, 200, copy_mark, |_| false),
            enabled: false,
            ..original
        };
        insert(&mut change, "feature.duplicate", &copy).await?
    });
    feature(service, actor, copy).await
}

/// Puts a feature at a place in the order of all features; those behind it move up.
///
/// Errors: `not_found`, `invalid` for a place below 1.
pub async fn move_feature(service: &Service, actor: &Actor, id: i64, position: i64) -> Result<FeatureEntry> {
    let Some(at) = position.checked_sub(1).and_then(|at| usize::try_from(at).ok()) else {
        return Err(Error::invalid("position", "Places are counted from 1."));
    };
    change!(service, actor, |change| {
        find(KIND, &change.stored.features, id)?;
        let readable = change.stored.features.iter().filter_map(|entry| Some((entry.id, entry.rule_id, entry.definition.clone().ok()?)));
        let mut order: Vec<(i64, i64, Feature)> = readable.collect();
        order.sort_by_key(|(id, _, feature)| (feature.sort_order, *id));
        let from = order.iter().position(|(other, ..)| *other == id).ok_or_else(|| Error::conflict(UNREADABLE))?;
        let moved = order.remove(from);
        let to = at.min(order.len());
        order.insert(to, moved);
        let places = (1..).map(|place| place * STEP);
        for ((id, rule_id, feature), sort_order) in
            order.into_iter().zip(places).filter(|((.., feature), place)| feature.sort_order != *place)
        {
            store::update_feature(change.tx, id, &Feature { sort_order, ..feature }, rule_id, change.now).await?;
        }
        change.note("feature.move", (KIND, id), Some(json!({ "position": from + 1 })), Some(json!({ "position": to + 1 }))).await?;
    });
    feature(service, actor, id).await
}

/// Deletes a feature.
///
/// Errors: `not_found`, `conflict` while a task of it has not ended.
pub async fn delete_feature(service: &Service, actor: &Actor, id: i64) -> Result<()> {
    change!(service, actor, |change| {
        let before = find(KIND, &change.stored.features, id)?.definition.as_ref().ok().map(|old| json!(old));
        change.refuse_while_in_use(KIND, id).await?;
        store::delete(change.tx, KIND, id).await?;
        change.note("feature.delete", (KIND, id), before, None).await?;
    });
    Ok(())
}
