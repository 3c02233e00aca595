//! The ledger.

use crate::error::UiError;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::ledger::{EntryFilter, EntryPage};
use model::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What the ledger is narrowed to, as people say it: by days.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LedgerQuery {
    /// All but the range.
    pub filter: EntryFilter,
    /// The first day, such as `2026-01-31`.
    pub first_day: Option<String>,
    /// The last day, included.
    pub last_day: Option<String>,
    /// The time zone of these days; the one that the browser told before, unless given.
    pub tz: String,
}

/// The data of the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LedgerData {
    /// The entries.
    pub entries: EntryPage,
    /// When the range begins.
    pub start: Option<Timestamp>,
    /// When it ends.
    pub end: Option<Timestamp>,
    /// The time zone.
    pub tz: String,
}

/// One page of the ledger.
#[server(name = LoadLedger, prefix = "/_fn", input = Json)]
pub async fn ledger(
    /// What it is narrowed to.
    query: LedgerQuery,
) -> Result<LedgerData, UiError> {
    let (service, actor) = crate::ssr::context()?;
    let tz = Some(query.tz).filter(|tz| !tz.is_empty()).or_else(crate::ssr::time_zone);
    let tz = tz.filter(|tz| service::dashboard::knows_zone(tz)).unwrap_or_else(|| "UTC".to_owned());
    let (start, end) = service::dashboard::days(query.first_day.as_deref(), query.last_day.as_deref(), &tz)?;
    let entries = service::ledger::entries(&service, &actor, &EntryFilter { start, end, ..query.filter }).await?;
    Ok(LedgerData { entries, start, end, tz })
}
