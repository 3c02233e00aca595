//! Administration of custom APIs.

use super::super::snapshot;
use super::super::store::{self, Everything, Kind, Stored};
use super::change::{Change, New, Numbered, change, find, free, same_version};
use super::{UNREADABLE, page, readable};
use crate::actor::Actor;
use crate::db::{Tx, TxError, transact};
use crate::service::Service;
use model::catalog::{EntryFilter, Revision};
use model::custom_apis::{CustomApi, CustomApiChoices, CustomApiEntry, route};
use model::paging::Page;
use model::{Error, ErrorCode, Result};
use serde_json::json;
use std::collections::BTreeSet;

const KIND: Kind = Kind::CustomApi;

/// Custom APIs in their order, those that are hidden or switched off included.
pub async fn custom_apis(service: &Service, actor: &Actor, filter: &EntryFilter) -> Result<Page<CustomApiEntry>> {
    actor.require_admin()?;
    page(filter, entries(service).await?, |entry| {
        let CustomApi { key, name, path, platform, rule, .. } = &entry.definition;
        [key, name, path, platform, rule].map(String::as_str).join("\n")
    })
}

/// One custom API.
pub async fn custom_api(service: &Service, actor: &Actor, id: i64) -> Result<CustomApiEntry> {
    actor.require_admin()?;
    entries(service).await?.into_iter().find(|entry| entry.id == id).ok_or_else(|| Error::not_found(KIND.word()))
}

/// What a custom API can be made of.
pub fn custom_api_choices(service: &Service, actor: &Actor) -> Result<CustomApiChoices> {
    actor.require_admin()?;
    let snapshot = snapshot(service);
    let rules: BTreeSet<_> = snapshot.rules.values().filter(|rule| rule.rule.poll.is_none()).map(|rule| rule.rule.name.clone()).collect();
    let platforms: BTreeSet<_> = snapshot.channels.values().map(|channel| channel.channel.platform.clone()).collect();
    Ok(CustomApiChoices { rules: rules.into_iter().collect(), platforms: platforms.into_iter().collect() })
}

/// All custom APIs that can be read, in their order.
async fn entries(service: &Service) -> Result<Vec<CustomApiEntry>> {
    let stored = store::custom_apis(&service.db).await?;
    let mut found: Vec<_> = stored.into_iter().filter_map(|entry| readable(KIND, entry)).collect();
    found.sort_by_key(|(entry, api)| (api.sort_order, entry.id));
    let entry = |(stored, definition): (Stored<()>, CustomApi)| CustomApiEntry {
        id: stored.id,
        version: stored.version,
        rule_id: stored.rule_id,
        definition,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
    };
    Ok(found.into_iter().map(entry).collect())
}

/// Makes a custom API.
///
/// Errors: `invalid` at the field with the mistake, `name_taken` for a key or a method and path that another one has.
pub async fn create_custom_api(service: &Service, actor: &Actor, definition: CustomApi) -> Result<CustomApiEntry> {
    let id = change!(service, actor, |change| {
        judge(&change.stored, None, &definition)?;
        let rule_id = rule_id(&change, &definition.rule)?;
        let id = store::put_custom_api(change.tx, &definition, rule_id, change.now).await?;
        change.note("custom_api.create", (KIND, id), None, Some(json!(definition))).await?;
        id
    });
    custom_api(service, actor, id).await
}

/// Changes a custom API as a whole.
///
/// Errors: `not_found`, `conflict` if it was changed since that version, and those of [`create_custom_api`].
pub async fn update_custom_api(service: &Service, actor: &Actor, id: i64, revision: Revision<CustomApi>) -> Result<CustomApiEntry> {
    let Revision { version, definition } = revision;
    change!(service, actor, |change| {
        same_version(find(KIND, &change.stored.custom_apis, id)?, version)?;
        judge(&change.stored, Some(id), &definition)?;
        write(&mut change, "custom_api.update", id, &definition).await?
    });
    custom_api(service, actor, id).await
}

/// Switches a custom API on or off.
pub async fn switch_custom_api(service: &Service, actor: &Actor, id: i64, enabled: bool) -> Result<CustomApiEntry> {
    change!(service, actor, |change| {
        let stored = find(KIND, &change.stored.custom_apis, id)?.definition.clone();
        let definition = stored.map_err(|_| Error::conflict(UNREADABLE))?;
        if definition.enabled != enabled {
            let action = if enabled { "custom_api.enable" } else { "custom_api.disable" };
            write(&mut change, action, id, &CustomApi { enabled, ..definition }).await?;
        }
    });
    custom_api(service, actor, id).await
}

/// Deletes a custom API. Calls that are under way end as they would have.
pub async fn delete_custom_api(service: &Service, actor: &Actor, id: i64) -> Result<()> {
    change!(service, actor, |change| {
        let before = find(KIND, &change.stored.custom_apis, id)?.definition.as_ref().ok().map(|old| json!(old));
        store::delete(change.tx, KIND, id).await?;
        change.note("custom_api.delete", (KIND, id), before, None).await?;
    });
    Ok(())
}

/// Writes a custom API that is as it was but for what was checked.
async fn write(change: &mut Change<'_>, action: &'static str, id: i64, definition: &CustomApi) -> Result<(), TxError> {
    let before = find(KIND, &change.stored.custom_apis, id)?.definition.as_ref().ok().map(|old| json!(old));
    let rule_id = rule_id(change, &definition.rule)?;
    store::update_custom_api(change.tx, id, definition, rule_id, change.now).await?;
    change.note(action, (KIND, id), before, Some(json!(definition))).await
}

fn rule_id(change: &Change<'_>, name: &str) -> Result<i64> {
    let rule = change.stored.rules.iter().find(|rule| rule.name == name);
    rule.map(|rule| rule.id).ok_or_else(|| Error::invalid("rule", format!("There is no rule `{name}` in the catalog.")))
}

/// Checks a definition beside everything that is stored.
fn judge(stored: &Everything, id: Option<i64>, definition: &CustomApi) -> Result<()> {
    free(KIND, &stored.custom_apis, id, &definition.key)?;
    for other in stored.custom_apis.iter().filter(|other| Some(other.id) != id) {
        refuse_route(definition, other)?;
    }
    Numbered::of(stored).refuse_mistakes(KIND, id, &New::CustomApi(definition))
}

fn refuse_route(api: &CustomApi, other: &Stored<CustomApi>) -> Result<()> {
    match &other.definition {
        Ok(definition) if route(definition.method, &definition.path) == route(api.method, &api.path) => {
            let message = format!("{} {} is taken by the custom API `{}`.", api.method.as_str(), api.path, other.name);
            Err(Error::new(ErrorCode::NameTaken, message).at("path"))
        }
        _ => Ok(()),
    }
}

/// Refuses a catalog whose paths are those of stored custom APIs that it does not name.
pub(in crate::features) fn refuse_taken_paths(wanted: &[CustomApi], stored: &Everything) -> Result<()> {
    for other in stored.custom_apis.iter().filter(|other| !wanted.iter().any(|api| api.key == other.name)) {
        for api in wanted {
            refuse_route(api, other)?;
        }
    }
    Ok(())
}
