//! The filtered records as lines for spreadsheets, a part at a time: no statement is long, and nothing is held between two.

use super::list::{COLUMNS, own, read};
use crate::actor::Actor;
use crate::db::{Sql, query};
use crate::service::Service;
use model::accounts::Scope;
use model::request_logs::RequestLogFilter;
use model::{Result, csv};

/// Rows of one part.
const PART: usize = 500;

/// Where the next part begins: after this row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    created_at: i64,
    id: i64,
}

/// The first line.
pub fn export_head() -> String {
    let names = [
        "id",
        "created_at",
        "rule_name",
        "method",
        "path",
        "consume_points",
        "status_code",
        "duration",
        "remote_addr",
        "key_id",
        "call_id",
        "request_id",
        "error",
        "raw_query",
        "request_body",
        "response_body",
    ];
    format!("{}{}", csv::BOM, csv::line(names))
}

/// The next lines of the caller's filtered records, newest first, and where to go on; `None` at the end.
pub async fn export(
    service: &Service,
    actor: &Actor,
    filter: &RequestLogFilter,
    after: Option<Cursor>,
) -> Result<(String, Option<Cursor>)> {
    actor.require(Scope::TasksRead)?;
    let mut conditions = own(actor, filter)?;
    let mut text = format!(
        "SELECT {COLUMNS}, l.raw_query, COALESCE(b.request_body, '') AS request_body, COALESCE(b.response_body, '') AS response_body
         FROM request_logs l LEFT JOIN request_log_bodies b ON b.log_id = l.id WHERE {}{}",
        conditions.base, conditions.rest
    );
    if let Some(after) = after {
        let (at, id) = (conditions.argument(after.created_at), conditions.argument(after.id));
        text.push_str(&format!(" AND (l.created_at, l.id) < (${at}, ${id})"));
    }
    text.push_str(&format!(" ORDER BY l.created_at DESC, l.id DESC LIMIT {PART}"));
    let rows = service.logs.fetch_all(conditions.bind(query(Sql::Built(text.into())))).await?;
    let mut lines = String::new();
    let mut last = None;
    for row in &rows {
        let log = read(row)?;
        last = Some(Cursor { created_at: log.created_at.0, id: log.id });
        let (raw_query, request, response): (String, String, String) =
            (row.get("raw_query")?, row.get("request_body")?, row.get("response_body")?);
        lines += &csv::line([
            log.id.to_string(),
            log.created_at.rfc3339(),
            log.rule_name,
            log.method,
            log.path,
            log.consume_points.to_string(),
            log.status_code.to_string(),
            log.duration.to_string(),
            log.remote_addr,
            log.key_id.map(|id| id.to_string()).unwrap_or_default(),
            log.call_id,
            log.request_id,
            log.error,
            raw_query,
            request,
            response,
        ]);
    }
    Ok((lines, last.filter(|_| rows.len() == PART)))
}
