//! Reading the audit log: pages for people, CSV for files.

use crate::actor::Actor;
use crate::db::{DbError, Query, Row, Sql, Value, query};
use crate::service::Service;
use model::audit::{AuditEntry, AuditFilter};
use model::overview::COUNT_LIMIT;
use model::paging::{Page, Paging, check_range};
use model::time::Timestamp;
use model::{Error, Result};

const COLUMNS: &str = "SELECT id, created_at, actor_id, actor_name, address, action, target, before_value, after_value FROM audit_log";
/// Entries of one step of an export: each is a query of its own, so that no snapshot is held while somebody downloads slowly.
const STEP: i64 = 500;
/// What an export begins with: the mark by which Excel and WPS know UTF-8, and the names of the columns.
const HEAD: &str = "\u{feff}id,created_at,actor_id,actor_name,address,action,target,before,after\r\n";

fn entry(row: &Row) -> Result<AuditEntry, DbError> {
    let value = |column: &'static str| -> Result<Option<serde_json::Value>, DbError> {
        Ok(row.get::<Option<String>>(column)?.map(|text| serde_json::from_str(&text).unwrap_or(serde_json::Value::String(text))))
    };
    Ok(AuditEntry {
        id: row.get("id")?,
        created_at: Timestamp(row.get("created_at")?),
        actor_id: row.get("actor_id")?,
        actor_name: row.get("actor_name")?,
        address: row.get("address")?,
        action: row.get("action")?,
        target: row.get("target")?,
        before: value("before_value")?,
        after: value("after_value")?,
    })
}

struct Conditions {
    text: String,
    args: Vec<Value>,
}

impl Conditions {
    fn of(filter: &AuditFilter) -> Result<Self> {
        check_range(filter.start, filter.end)?;
        let mut conditions = Conditions { text: "1 = 1".to_owned(), args: Vec::new() };
        let word = |field: &str, text: &Option<String>| match text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) if text.chars().count() > 100 || text.contains('\0') => Err(Error::invalid(field, "At most 100 characters.")),
            text => Ok(text.map(str::to_owned)),
        };
        if let Some(actor) = word("actor", &filter.actor)? {
            match actor.parse::<i64>() {
                Ok(id) => conditions.add("actor_id = ?", id),
                Err(_) => conditions.add("lower(actor_name) = ?", actor.to_lowercase()),
            }
        }
        match word("action", &filter.action)? {
            Some(action) if action.contains('.') => conditions.add("action = ?", action),
            Some(thing) => {
                // `user` is everything from `user.` up to the next sign after the full stop.
                conditions.add("action >= ?", format!("{thing}."));
                conditions.add("action < ?", format!("{thing}/"));
            }
            None => {}
        }
        if let Some(target) = word("target", &filter.target)? {
            conditions.add("target = ?", target);
        }
        if let Some(start) = filter.start {
            conditions.add("created_at >= ?", start);
        }
        if let Some(end) = filter.end {
            conditions.add("created_at < ?", end);
        }
        Ok(conditions)
    }

    fn add(&mut self, text: &str, value: impl Into<Value>) {
        self.args.push(value.into());
        self.text.push_str(&format!(" AND {}", text.replace('?', &format!("${}", self.args.len()))));
    }

    fn bind(&self, text: String) -> Query {
        self.args.iter().cloned().fold(query(Sql::Built(text.into())), Query::bind)
    }
}

/// Changes, newest first. Totals stop at [`COUNT_LIMIT`]. Administrators only.
pub async fn list(service: &Service, actor: &Actor, filter: &AuditFilter) -> Result<Page<AuditEntry>> {
    actor.require_admin()?;
    let paging = Paging::new(filter.page, filter.page_size);
    let conditions = Conditions::of(filter)?;
    let count = format!(
        "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM (SELECT 1 AS one FROM audit_log WHERE {} LIMIT {COUNT_LIMIT}) AS counted",
        conditions.text
    );
    let total = service.db.fetch_one(conditions.bind(count)).await?.get("n")?;
    let page = format!("{COLUMNS} WHERE {} ORDER BY id DESC LIMIT {} OFFSET {}", conditions.text, paging.page_size, paging.offset());
    let rows = service.db.fetch_all(conditions.bind(page)).await?;
    Ok(paging.page_counted_to(rows.iter().map(entry).collect::<Result<_, _>>()?, total, COUNT_LIMIT))
}

/// One step of the export as CSV, newest first: the text, and where the next step begins, if there is one. Administrators only.
pub async fn csv(service: &Service, actor: &Actor, filter: &AuditFilter, before: Option<i64>) -> Result<(String, Option<i64>)> {
    actor.require_admin()?;
    let mut conditions = Conditions::of(filter)?;
    let mut text = if before.is_none() { HEAD.to_owned() } else { String::new() };
    if let Some(before) = before {
        conditions.add("id < ?", before);
    }
    let step = format!("{COLUMNS} WHERE {} ORDER BY id DESC LIMIT {STEP}", conditions.text);
    let rows = service.db.fetch_all(conditions.bind(step)).await?;
    let entries = rows.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
    for entry in &entries {
        let value = |value: &Option<serde_json::Value>| value.as_ref().map(ToString::to_string).unwrap_or_default();
        let cells = [
            entry.id.to_string(),
            entry.created_at.rfc3339(),
            entry.actor_id.to_string(),
            cell(&entry.actor_name),
            cell(&entry.address),
            cell(&entry.action),
            cell(&entry.target),
            cell(&value(&entry.before)),
            cell(&value(&entry.after)),
        ];
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    let is_last = (entries.len() as i64) < STEP;
    Ok((text, entries.last().filter(|_| !is_last).map(|entry| entry.id)))
}

/// A quoted cell. What a spreadsheet would take for a formula gets a quotation mark that makes it text.
fn cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}
