//! Administration of the custom APIs of the catalog, one by one, with the same checks as `catalog apply`.

use super::check;
use super::locate::Step;
use super::store::{self, Everything, Stored};
use crate::actor::Actor;
use crate::audit::{self, Entry};
use crate::db::{Tx, TxError, transact};
use crate::service::Service;
use model::catalog::Catalog;
use model::custom_apis::{CustomApi, CustomApiChoices, CustomApiEntry, CustomApiRevision, route};
use model::time::Timestamp;
use model::{Error, ErrorCode, Result};
use std::collections::{BTreeSet, HashMap};

/// All custom APIs in their order; administrators only. One that this version cannot read is left out; `doctor` tells of it.
pub async fn custom_apis(service: &Service, actor: &Actor) -> Result<Vec<CustomApiEntry>> {
    actor.require_admin()?;
    let mut entries: Vec<_> = store::custom_apis(&service.db).await?.into_iter().filter_map(entry).collect();
    entries.sort_by_key(|entry| (entry.definition.sort_order, entry.id));
    Ok(entries)
}

/// One custom API; administrators only.
pub async fn custom_api(service: &Service, actor: &Actor, id: i64) -> Result<CustomApiEntry> {
    custom_apis(service, actor).await?.into_iter().find(|entry| entry.id == id).ok_or_else(|| Error::not_found("custom API"))
}

/// What a custom API can be made of; administrators only.
pub fn custom_api_choices(service: &Service, actor: &Actor) -> Result<CustomApiChoices> {
    actor.require_admin()?;
    let snapshot = service.catalog.get();
    let rules: BTreeSet<_> = snapshot.rules.values().filter(|rule| rule.rule.poll.is_none()).map(|rule| rule.rule.name.clone()).collect();
    let platforms: BTreeSet<_> = snapshot.channels.values().map(|channel| channel.channel.platform.clone()).collect();
    Ok(CustomApiChoices { rules: rules.into_iter().collect(), platforms: platforms.into_iter().collect() })
}

fn entry(api: store::StoredApi) -> Option<CustomApiEntry> {
    let definition = api.stored.definition.ok()?;
    Some(CustomApiEntry { id: api.stored.id, version: api.version, definition, created_at: api.created_at, updated_at: api.updated_at })
}

/// Adds a custom API; administrators only.
///
/// Errors: `invalid` at the field that is wrong, `name_taken` for a key or a method and path that another one has.
pub async fn create_custom_api(service: &Service, actor: &Actor, api: CustomApi) -> Result<CustomApiEntry> {
    actor.require_admin()?;
    let now = service.clock.now();
    let body = async |tx: &mut Tx| {
        let stored = store::lock(tx, now).await?;
        let rule_id = judge(&stored, None, &api)?;
        let id = store::put_custom_api(tx, &api, rule_id, now).await?;
        note(tx, actor, "custom_api.create", id, (None, Some(&api)), now).await?;
        Ok::<_, TxError>(id)
    };
    let id = transact!(service.db, body)?;
    service.catalog.reload(&service.db).await?;
    Ok(CustomApiEntry { id, version: 1, definition: api, created_at: now, updated_at: now })
}

/// Changes a custom API; administrators only.
///
/// Errors beside those of [`create_custom_api`]: `not_found`, `conflict` when it was changed since it was read.
pub async fn update_custom_api(service: &Service, actor: &Actor, id: i64, revision: CustomApiRevision) -> Result<CustomApiEntry> {
    actor.require_admin()?;
    let now = service.clock.now();
    let api = revision.definition;
    let body = async |tx: &mut Tx| {
        let stored = store::lock(tx, now).await?;
        let old = find(&stored, id)?;
        if old.version != revision.version {
            let message = format!("It was changed in the meantime: this is version {}, not {}.", old.version, revision.version);
            return Err(Error::conflict(message).at("version").into());
        }
        let rule_id = judge(&stored, Some(id), &api)?;
        store::change_custom_api(tx, id, &api, rule_id, now).await?;
        note(tx, actor, "custom_api.update", id, (old.stored.definition.as_ref().ok(), Some(&api)), now).await?;
        Ok::<_, TxError>(old.created_at)
    };
    let created_at = transact!(service.db, body)?;
    service.catalog.reload(&service.db).await?;
    Ok(CustomApiEntry { id, version: revision.version + 1, definition: api, created_at, updated_at: now })
}

/// Deletes a custom API; administrators only. Calls that are under way end as they would have.
pub async fn delete_custom_api(service: &Service, actor: &Actor, id: i64) -> Result<()> {
    actor.require_admin()?;
    let now = service.clock.now();
    let body = async |tx: &mut Tx| {
        let stored = store::lock(tx, now).await?;
        let old = find(&stored, id)?;
        store::delete_custom_api(tx, id).await?;
        note(tx, actor, "custom_api.delete", id, (old.stored.definition.as_ref().ok(), None), now).await?;
        Ok::<_, TxError>(())
    };
    transact!(service.db, body)?;
    service.catalog.reload(&service.db).await?;
    Ok(())
}

fn find(stored: &Everything, id: i64) -> Result<&store::StoredApi> {
    stored.custom_apis.iter().find(|api| api.stored.id == id).ok_or_else(|| Error::not_found("custom API"))
}

/// Says that the catalog changed, and notes by whom.
async fn note(
    tx: &mut Tx,
    actor: &Actor,
    action: &'static str,
    id: i64,
    (before, after): (Option<&CustomApi>, Option<&CustomApi>),
    now: Timestamp,
) -> Result<(), TxError> {
    let json = |api: Option<&CustomApi>| api.and_then(|api| serde_json::to_value(api).ok());
    let entry = Entry { action, target: format!("custom_api:{id}"), before: json(before), after: json(after) };
    audit::record(tx, actor, entry, now).await?;
    store::next_version(tx, now).await?;
    Ok(())
}

/// Checks a definition beside everything that is stored; the number of its rule.
fn judge(stored: &Everything, id: Option<i64>, api: &CustomApi) -> Result<i64> {
    fn readable<T: Clone>(stored: &[Stored<T>]) -> Vec<T> {
        stored.iter().filter_map(|entry| entry.definition.clone().ok()).collect()
    }
    super::catalog::refuse_nul(api)?;
    let alone = Catalog {
        version: 1,
        rules: readable(&stored.rules),
        channels: readable(&stored.channels),
        custom_apis: vec![api.clone()],
        ..Catalog::default()
    };
    let here = [Step::from("custom_apis"), Step::Index(0)];
    let mut found = check::check(&alone).into_iter().filter(|found| found.path.starts_with(&here));
    if let Some(first) = found.next() {
        return Err(Error::invalid(super::catalog::place(&first.path[here.len()..]), first.message));
    }
    let others = || stored.custom_apis.iter().filter(|other| Some(other.stored.id) != id);
    if others().any(|other| other.stored.name == api.key) {
        return Err(Error::new(ErrorCode::NameTaken, format!("There is a custom API `{}` already.", api.key)).at("key"));
    }
    let wanted = route(api.method, &api.path);
    for other in others() {
        refuse_route(api, &wanted, other)?;
    }
    let rule = stored.rules.iter().find(|rule| rule.name == api.rule);
    rule.map(|rule| rule.id).ok_or_else(|| Error::invalid("rule", format!("There is no rule `{}`.", api.rule)))
}

fn refuse_route(api: &CustomApi, wanted: &str, other: &store::StoredApi) -> Result<()> {
    match &other.stored.definition {
        Ok(definition) if route(definition.method, &definition.path) == wanted => {
            let message = format!("{} {} is taken by the custom API `{}`.", api.method.as_str(), api.path, other.stored.name);
            Err(Error::new(ErrorCode::NameTaken, message).at("path"))
        }
        _ => Ok(()),
    }
}

/// Refuses a catalog whose paths are those of stored custom APIs that it does not name.
pub(super) fn refuse_taken_paths(wanted: &[CustomApi], stored: &Everything) -> Result<()> {
    let routes: HashMap<_, _> = wanted.iter().map(|api| (route(api.method, &api.path), api)).collect();
    for other in stored.custom_apis.iter().filter(|other| !wanted.iter().any(|api| api.key == other.stored.name)) {
        for (wanted, api) in &routes {
            refuse_route(api, wanted, other)?;
        }
    }
    Ok(())
}
