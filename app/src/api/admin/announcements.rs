//! Announcements, for who writes them.

use crate::error::UiError;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::Page;
use model::announcements::{Announcement, NewAnnouncement};

/// One page of announcements.
#[server(name = LoadAnnouncements, prefix = "/_fn", input = Json)]
pub async fn list(
    /// From 1.
    page: Option<i64>,
    /// Rows a page.
    page_size: Option<i64>,
) -> Result<Page<Announcement>, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::announcements::list(&service, &actor, model::paging::Paging::new(page, page_size)).await?)
}

/// Writes an announcement, or replaces one.
#[server(name = SaveAnnouncement, prefix = "/_fn", input = Json)]
pub async fn save(
    /// Which one is replaced.
    id: Option<i64>,
    /// What it says.
    announcement: NewAnnouncement,
) -> Result<Announcement, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(match id {
        Some(id) => service::announcements::update(&service, &actor, id, announcement).await?,
        None => service::announcements::create(&service, &actor, announcement).await?,
    })
}

/// Takes an announcement away.
#[server(name = DeleteAnnouncement, prefix = "/_fn")]
pub async fn delete(
    /// Which one.
    id: i64,
) -> Result<(), UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::announcements::delete(&service, &actor, id).await?)
}
