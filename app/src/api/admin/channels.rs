//! Channels, as administrators define them. Credentials are sent and never come back.

use super::rules::Named;
use crate::error::UiError;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::Page;
use model::catalog::{ChannelEntry, ChannelTest, ChannelTestResult, EntryFilter};
use model::rules::Channel;
use serde::{Deserialize, Serialize};

/// What the page of one channel shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChannelData {
    /// The channel; absent for a new one.
    pub entry: Option<ChannelEntry>,
    /// Rules to test it with.
    pub rules: Vec<Named>,
    /// Platforms that there are.
    pub platforms: Vec<String>,
}

/// One page of channels.
#[server(name = AdminChannels, prefix = "/_fn", input = Json)]
pub async fn channels(
    /// Which ones.
    filter: EntryFilter,
) -> Result<Page<ChannelEntry>, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::features::admin::channels(&service, &actor, &filter).await?)
}

/// The data of the page of one channel, or of a new one.
#[server(name = AdminChannel, prefix = "/_fn")]
pub async fn channel(
    /// Which one; a new one without.
    id: Option<i64>,
) -> Result<ChannelData, UiError> {
    let (service, actor) = crate::ssr::context()?;
    let entry = match id {
        Some(id) => Some(service::features::admin::channel(&service, &actor, id).await?),
        None => None,
    };
    let choices = service::features::admin::choices(&service, &actor)?;
    let rules = choices.rule_ids.into_iter().map(|(id, name)| Named { id, name }).collect();
    Ok(ChannelData { entry, rules, platforms: choices.platforms })
}

/// Makes a channel, or changes the one of that number.
#[server(name = SaveChannel, prefix = "/_fn", input = Json)]
pub async fn save(
    /// Which one, and the version that was changed; a new one without.
    known: Option<(i64, i64)>,
    /// The whole definition; without a credential the stored one stays.
    definition: Channel,
) -> Result<ChannelEntry, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(match known {
        Some((id, version)) => {
            service::features::admin::update_channel(&service, &actor, id, model::catalog::Revision { version, definition }).await?
        }
        None => service::features::admin::create_channel(&service, &actor, definition).await?,
    })
}

/// Switches a channel on or off.
#[server(name = SwitchChannel, prefix = "/_fn")]
pub async fn switch(
    /// Which one.
    id: i64,
    /// Whether it is used.
    enabled: bool,
) -> Result<ChannelEntry, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::features::admin::switch_channel(&service, &actor, id, enabled).await?)
}

/// Deletes a channel with its credential.
#[server(name = DeleteChannel, prefix = "/_fn")]
pub async fn delete(
    /// Which one.
    id: i64,
) -> Result<(), UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::features::admin::delete_channel(&service, &actor, id).await?)
}

/// Puts a channel back into use that the program itself took out of it.
#[server(name = RecoverChannel, prefix = "/_fn")]
pub async fn recover(
    /// Which one.
    id: i64,
) -> Result<ChannelEntry, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::features::admin::recover_channel(&service, &actor, id).await?)
}

/// Makes one real call.
#[server(name = TestChannel, prefix = "/_fn", input = Json)]
pub async fn test(
    /// Which channel.
    id: i64,
    /// What is called.
    test: ChannelTest,
) -> Result<ChannelTestResult, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::features::admin::test_channel(&service, &actor, id, &test).await?)
}
