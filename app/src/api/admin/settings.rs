//! System settings.

use crate::error::UiError;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::settings::{Settings, SettingsView};

/// The data of the settings page.
#[server(name = LoadSettings, prefix = "/_fn")]
pub async fn load() -> Result<SettingsView, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::settings::view(&service, &actor)?)
}

/// Replaces the settings, unless somebody else has changed them since `version`.
#[server(name = SaveSettings, prefix = "/_fn", input = Json)]
pub async fn save(
    /// The version that was changed.
    version: i64,
    /// All of them.
    settings: Settings,
) -> Result<SettingsView, UiError> {
    let (service, actor) = crate::ssr::context()?;
    service::settings::update(&service, &actor, version, settings).await?;
    Ok(service::settings::view(&service, &actor)?)
}
