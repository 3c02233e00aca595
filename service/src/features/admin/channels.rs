//! Administration of channels. Their credentials come in and never go out.

use super::super::snapshot::{ChannelRow, snapshot};
use super::super::store::{self, Kind};
use super::change::{Change, New, Numbered, change, find, free, same_version};
use super::{UNREADABLE, page, readable};
use crate::actor::Actor;
use crate::db::{Tx, TxError, transact};
use crate::engine;
use crate::service::Service;
use model::catalog::{ChannelEntry, ChannelTest, ChannelTestResult, EntryFilter, Revision};
use model::paging::Page;
use model::rules::Channel;
use model::{Error, Result};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

const KIND: Kind = Kind::Channel;
/// How long the name in a base URL may take to be looked up for a warning.
const LOOK_UP: Duration = Duration::from_secs(2);

/// Channels, newest last.
pub async fn channels(service: &Service, actor: &Actor, filter: &EntryFilter) -> Result<Page<ChannelEntry>> {
    actor.require_admin()?;
    page(filter, entries(service).await?, |entry| {
        let Channel { name, platform, base_url, .. } = &entry.definition;
        [name, platform, base_url].map(String::as_str).join("\n")
    })
}

/// One channel.
pub async fn channel(service: &Service, actor: &Actor, id: i64) -> Result<ChannelEntry> {
    actor.require_admin()?;
    let mut entry = entries(service).await?.into_iter().find(|entry| entry.id == id).ok_or_else(|| Error::not_found(KIND.word()))?;
    if entry.warning.is_none() {
        // A name that takes longer is not worth waiting for: its calls are judged when they are made.
        let judged = tokio::time::timeout(LOOK_UP, service.http.check(&entry.definition.base_url)).await;
        entry.warning = judged.ok().and_then(Result::err).and_then(|error| error.refusal());
    }
    Ok(entry)
}

async fn entries(service: &Service) -> Result<Vec<ChannelEntry>> {
    let found = store::channels(&service.db).await?.into_iter().filter_map(|entry| readable(KIND, entry));
    let entry = |(stored, definition): (store::Stored<()>, Channel)| {
        let (has_credential, bare) = (stored.credential.is_some(), definition.clone());
        let row = Channel { credential: stored.credential, more_credentials: Some(stored.more_credentials), ..definition };
        ChannelEntry {
            id: stored.id,
            version: stored.version,
            has_credential,
            warning: service.http.check_url(&bare.base_url).err().and_then(|error| error.refusal()),
            health: service.engine.channel_health(&Arc::new(ChannelRow::new(stored.id, row))),
            definition: bare,
            created_at: stored.created_at,
            updated_at: stored.updated_at,
        }
    };
    Ok(found.map(entry).collect())
}

/// What the audit log may know of a channel.
fn told(channel: &Channel, has_credential: bool) -> Value {
    let mut told = json!(store::bare(channel));
    told["has_credential"] = has_credential.into();
    told
}

/// Makes a channel.
///
/// Errors: `invalid` at the field with the mistake, `name_taken`.
pub async fn create_channel(service: &Service, actor: &Actor, definition: Channel) -> Result<ChannelEntry> {
    let definition = Channel { credential: definition.credential.filter(|credential| !credential.is_empty()), ..definition };
    let id = change!(service, actor, |change| {
        free(KIND, &change.stored.channels, None, &definition.name)?;
        Numbered::of(&change.stored).refuse_mistakes(KIND, None, &New::Channel(&definition))?;
        let id = store::put_channel(change.tx, &definition, change.now).await?;
        change.note("channel.create", (KIND, id), None, Some(told(&definition, definition.credential.is_some()))).await?;
        id
    });
    channel(service, actor, id).await
}

/// Changes a channel as a whole. Without a credential the stored one stays; an empty one takes it away.
///
/// Errors: `not_found`, `conflict` if it was changed since that version or a feature needs it as it is, and those of [`create_channel`].
pub async fn update_channel(service: &Service, actor: &Actor, id: i64, revision: Revision<Channel>) -> Result<ChannelEntry> {
    let Revision { version, definition } = revision;
    change!(service, actor, |change| {
        let old = find(KIND, &change.stored.channels, id)?;
        same_version(old, version)?;
        free(KIND, &change.stored.channels, Some(id), &definition.name)?;
        Numbered::of(&change.stored).refuse_mistakes(KIND, Some(id), &New::Channel(&definition))?;
        write(&mut change, "channel.update", id, &definition).await?
    });
    service.engine.refresh_health(service).await?;
    channel(service, actor, id).await
}

async fn write(change: &mut Change<'_>, action: &'static str, id: i64, definition: &Channel) -> Result<(), TxError> {
    let old = find(KIND, &change.stored.channels, id)?;
    let before = old.definition.as_ref().ok().map(|known| told(known, old.credential.is_some()));
    let has_credential = definition.credential.as_ref().map_or(old.credential.is_some(), |credential| !credential.is_empty());
    let mut after = told(definition, has_credential);
    if definition.credential.is_some() && definition.credential != old.credential {
        after["credential_changed"] = true.into();
    }
    if definition.more_credentials.as_ref().is_some_and(|more| *more != old.more_credentials) {
        after["more_credentials_changed"] = true.into();
    }
    store::update_channel(change.tx, id, definition, change.now).await?;
    change.note(action, (KIND, id), before, Some(after)).await
}

/// Switches a channel on or off.
pub async fn switch_channel(service: &Service, actor: &Actor, id: i64, enabled: bool) -> Result<ChannelEntry> {
    change!(service, actor, |change| {
        let known = find(KIND, &change.stored.channels, id)?.definition.clone();
        let known = known.map_err(|_| Error::conflict(UNREADABLE))?;
        if known.enabled != enabled {
            let action = if enabled { "channel.enable" } else { "channel.disable" };
            write(&mut change, action, id, &Channel { enabled, ..store::bare(&known) }).await?;
        }
    });
    service.engine.refresh_health(service).await?;
    channel(service, actor, id).await
}

/// Puts a channel and its credentials back into use that the program itself took out of it. One that is switched off stays so.
///
/// Errors: `not_found`.
pub async fn recover_channel(service: &Service, actor: &Actor, id: i64) -> Result<ChannelEntry> {
    actor.require_admin()?;
    channel(service, actor, id).await?;
    engine::recover_channel(service, actor, id).await?;
    channel(service, actor, id).await
}

/// Deletes a channel with its credential.
///
/// Errors: `not_found`, `conflict` while it is the only one of a feature's platform, or a job that it took has not ended.
pub async fn delete_channel(service: &Service, actor: &Actor, id: i64) -> Result<()> {
    change!(service, actor, |change| {
        let old = find(KIND, &change.stored.channels, id)?;
        let before = old.definition.as_ref().ok().map(|known| told(known, old.credential.is_some()));
        Numbered::of(&change.stored).refuse_needed(KIND, id)?;
        change.refuse_while_in_use(KIND, id).await?;
        store::delete(change.tx, KIND, id).await?;
        change.note("channel.delete", (KIND, id), before, None).await?;
    });
    Ok(())
}

/// Makes one real call through the outbound door: the request of a rule, or `GET` of the base URL. Administrators only.
///
/// Errors: `not_found` for channel or rule, `invalid` if the rule's templates fail.
pub async fn test_channel(service: &Service, actor: &Actor, id: i64, test: &ChannelTest) -> Result<ChannelTestResult> {
    actor.require_admin()?;
    let catalog = snapshot(service);
    let channel = catalog.channels.get(&id).ok_or_else(|| Error::not_found("channel"))?;
    let rule = match test.rule_id {
        Some(rule) => Some(catalog.rules.get(&rule).ok_or_else(|| Error::not_found("rule"))?),
        None => None,
    };
    let answer = engine::test_channel(service, channel, rule.map(|row| &**row), test).await;
    answer.map_err(|message| Error::invalid("rule_id", message))
}
