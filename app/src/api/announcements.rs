//! Announcements, for who reads them.

use crate::error::UiError;
use leptos::prelude::*;
use model::announcements::Notice;

/// What is announced to the caller now.
#[server(name = LoadNotices, prefix = "/_fn")]
pub async fn notices() -> Result<Vec<Notice>, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::announcements::notices(&service, &actor).await?)
}

/// Puts an announcement away. Also the target of a plain form.
#[server(name = DismissNotice, prefix = "/_fn")]
pub async fn dismiss(
    /// Which one.
    id: i64,
) -> Result<(), UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::announcements::dismiss(&service, &actor, id).await?)
}
