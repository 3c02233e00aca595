//! The record of requests: the list, one record, deleting.

use crate::error::UiError;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::Page;
use model::accounts::KeyView;
use model::request_logs::{LoggedRule, RequestLogFilter, RequestLogView};
use serde::{Deserialize, Serialize};

/// What the list of records shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RequestLogData {
    /// One page of records.
    pub logs: Page<RequestLogView>,
    /// What it was narrowed to, with ranges that end now as instants.
    pub filter: RequestLogFilter,
    /// Rules to filter by.
    pub rules: Vec<LoggedRule>,
    /// Keys to filter by.
    pub keys: Vec<KeyView>,
}

/// The data of the list.
#[server(prefix = "/_fn", input = Json)]
pub async fn logs(
    /// What the list is narrowed to.
    filter: RequestLogFilter,
    /// Only requests of the last so many seconds, by the server's clock.
    within_seconds: Option<i64>,
) -> Result<RequestLogData, UiError> {
    let (service, actor) = crate::ssr::context()?;
    let start = within_seconds.map(|seconds| model::time::Timestamp(service.clock.now().0 - seconds * 1000));
    let filter = RequestLogFilter { start: start.or(filter.start), ..filter };
    let logs = service::request_logs::list(&service, &actor, &filter).await?;
    let rules = service::request_logs::rules(&service, &actor).await?;
    let keys = service::accounts::keys(&service, &actor).await?;
    Ok(RequestLogData { logs, filter, rules, keys })
}

/// What the page of one record shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RequestLogDetail {
    /// The record.
    pub log: RequestLogView,
    /// Name and readable beginning of its key; absent for a session, or when the key is gone.
    pub key: Option<(String, String)>,
}

/// The data of the page of one record.
#[server(prefix = "/_fn")]
pub async fn log(
    /// Which record.
    id: i64,
) -> Result<RequestLogDetail, UiError> {
    let (service, actor) = crate::ssr::context()?;
    let log = service::request_logs::get(&service, &actor, id).await?;
    let keys = if log.key_id.is_some() { service::accounts::keys(&service, &actor).await? } else { Vec::new() };
    let key = keys.into_iter().find(|key| Some(key.id) == log.key_id).map(|key| (key.name, key.prefix));
    Ok(RequestLogDetail { log, key })
}

/// Deletes records; how many.
#[server(prefix = "/_fn", input = Json)]
pub async fn delete_logs(
    /// Which ones.
    ids: Vec<i64>,
) -> Result<u64, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::request_logs::delete(&service, &actor, &ids).await?)
}
