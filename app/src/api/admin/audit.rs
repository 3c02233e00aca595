//! The audit log.

use crate::error::UiError;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::Page;
use model::audit::{AuditEntry, AuditFilter};

/// One page of the audit log.
#[server(name = LoadAudit, prefix = "/_fn", input = Json)]
pub async fn list(
    /// What it is narrowed to.
    filter: AuditFilter,
) -> Result<Page<AuditEntry>, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::audit::list(&service, &actor, &filter).await?)
}
