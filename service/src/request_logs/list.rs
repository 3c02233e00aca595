//! Lists of records: filters and paging, bounded in what they look at.

use crate::actor::Actor;
use crate::db::{DbError, Query, Row, Sql, Value, query};
use crate::service::Service;
use model::accounts::Scope;
use model::paging::{Page, Paging, check_range};
use model::request_logs::{LoggedRule, RequestLogFilter, RequestLogView, SEARCHED};
use model::time::Timestamp;
use model::{Error, Result};

/// Rows that pages reach, and that a filtered total counts at most.
pub const REACH: i64 = 10_000;

/// Columns of a list, from `request_logs l`.
pub(super) const COLUMNS: &str = "l.id, l.user_id, l.key_id, l.created_at, l.rule_id, l.rule_name, l.method, l.path, l.consume_points, \
     l.status_code, l.duration, l.remote_addr, l.call_id, l.request_id, l.error";

/// The caller's records, newest first. The total of a list without filters is exact; others stop at [`REACH`].
pub async fn list(service: &Service, actor: &Actor, filter: &RequestLogFilter) -> Result<Page<RequestLogView>> {
    actor.require(Scope::TasksRead)?;
    page(service, own(actor, filter)?, filter).await
}

/// Everybody's records, newest first; administrators only.
pub async fn list_all(service: &Service, actor: &Actor, filter: &RequestLogFilter) -> Result<Page<RequestLogView>> {
    actor.require_admin()?;
    page(service, Conditions::of(filter.user_id, filter)?, filter).await
}

/// The conditions of the caller's own records.
pub(super) fn own(actor: &Actor, filter: &RequestLogFilter) -> Result<Conditions> {
    match filter.user_id {
        Some(other) if other != actor.user_id => Err(Error::invalid("user_id", "Only an administrator can choose a user.")),
        _ => Conditions::of(Some(actor.user_id), filter),
    }
}

/// One of the caller's records with its query and bodies.
pub async fn get(service: &Service, actor: &Actor, id: i64) -> Result<RequestLogView> {
    actor.require(Scope::TasksRead)?;
    find(service, id).await?.filter(|log| log.user_id == actor.user_id).ok_or_else(|| Error::not_found("log"))
}

/// One record of anybody; administrators only.
pub async fn get_any(service: &Service, actor: &Actor, id: i64) -> Result<RequestLogView> {
    actor.require_admin()?;
    find(service, id).await?.ok_or_else(|| Error::not_found("log"))
}

async fn find(service: &Service, id: i64) -> Result<Option<RequestLogView>> {
    let text = format!(
        "SELECT {COLUMNS}, l.raw_query, COALESCE(b.request_body, '') AS request_body, COALESCE(b.response_body, '') AS response_body
         FROM request_logs l LEFT JOIN request_log_bodies b ON b.log_id = l.id WHERE l.id = $1"
    );
    let Some(row) = service.logs.fetch_optional(query(Sql::Built(text.into())).bind(id)).await? else { return Ok(None) };
    let bodies = (Some(row.get("raw_query")?), Some(row.get("request_body")?), Some(row.get("response_body")?));
    let (raw_query, request_body, response_body) = bodies;
    Ok(Some(RequestLogView { raw_query, request_body, response_body, ..read(&row)? }))
}

/// Rules that have answered the caller's recent requests, at most 100.
pub async fn rules(service: &Service, actor: &Actor) -> Result<Vec<LoggedRule>> {
    actor.require(Scope::TasksRead)?;
    let recent = query(
        "SELECT rule_id, MAX(rule_name) AS rule_name FROM
             (SELECT rule_id, rule_name FROM request_logs WHERE user_id = $1 ORDER BY created_at DESC, id DESC LIMIT 2000) AS recent
         WHERE rule_id IS NOT NULL GROUP BY rule_id ORDER BY rule_name, rule_id LIMIT 100",
    );
    let rows = service.logs.fetch_all(recent.bind(actor.user_id)).await?;
    let read = |row: &Row| Ok(LoggedRule { id: row.get("rule_id")?, name: row.get("rule_name")? });
    Ok(rows.iter().map(read).collect::<Result<_, DbError>>()?)
}

/// Which rows are wanted.
pub(super) struct Conditions {
    user_id: Option<i64>,
    /// Whether anything but the user is asked for.
    narrowed: bool,
    /// What an index in the order of the list finds.
    pub base: String,
    /// What is looked for row by row.
    pub rest: String,
    args: Vec<Value>,
}

impl Conditions {
    pub fn of(user_id: Option<i64>, filter: &RequestLogFilter) -> Result<Self> {
        check_range(filter.start, filter.end)?;
        let mut conditions = Conditions { user_id, narrowed: false, base: "true".to_owned(), rest: String::new(), args: Vec::new() };
        if let Some(user_id) = user_id {
            conditions.base("l.user_id =", user_id);
        }
        let mut start = filter.start;
        let mut end = filter.end;
        // A call's id begins with its instant, which is that of its record: no index of its own is needed.
        if let Some(call_id) = &filter.call_id {
            let at = call_id.split_once('-').and_then(|(ms, _)| ms.parse::<i64>().ok()).unwrap_or(-1);
            (start, end) = (Some(Timestamp(at)), Some(Timestamp(at.saturating_add(1))));
            conditions.base("l.call_id =", text("call_id", call_id)?);
        }
        if let Some(request_id) = &filter.request_id {
            // Word for word what the index says: it is taken only then.
            conditions.base("l.request_id <> '' AND l.request_id =", text("request_id", request_id)?);
        }
        if let Some(start) = start {
            conditions.base("l.created_at >=", start);
        }
        if let Some(end) = end {
            conditions.base("l.created_at <", end);
        }
        // In the order of how much they narrow: the first has its index, the others are looked at in the rows that it finds.
        let mut columns: Vec<(&str, Value)> = Vec::new();
        if let Some(key) = filter.key_id {
            columns.push(("l.key_id", key.into()));
        }
        if let Some(address) = &filter.remote_addr {
            columns.push(("l.remote_addr", text("remote_addr", address)?.into()));
        }
        let prefix = match &filter.path {
            Some(path) => match text("path", path)?.strip_suffix('*') {
                Some(prefix) => Some(prefix.to_owned()),
                None => {
                    columns.push(("l.path", path.into()));
                    None
                }
            },
            None => None,
        };
        if let Some(rule) = filter.rule_id {
            columns.push(("l.rule_id", rule.into()));
        }
        if let Some(status) = filter.status {
            columns.push(("l.status_class", status.digit().into()));
        }
        if let Some(method) = filter.method {
            columns.push(("l.method", method.as_str().into()));
        }
        // The indexes begin with the user. A request's id has one of its own, beside which no other may be chosen.
        let mut indexed = user_id.is_some() && filter.request_id.is_none();
        for (column, value) in columns {
            conditions.narrowed = true;
            conditions.args.push(value);
            let at = conditions.args.len();
            if std::mem::take(&mut indexed) {
                conditions.base.push_str(&format!(" AND {column} = ${at}"));
            } else {
                conditions.rest.push_str(&format!(" AND {column} = ${at}"));
            }
        }
        if let Some(prefix) = prefix {
            conditions.narrowed = true;
            let escaped: String = prefix.chars().flat_map(|c| matches!(c, '%' | '_' | '!').then_some('!').into_iter().chain([c])).collect();
            conditions.args.push(format!("{escaped}%").into());
            conditions.rest.push_str(&format!(" AND l.path LIKE ${} ESCAPE '!'", conditions.args.len()));
        }
        Ok(conditions)
    }

    fn base(&mut self, comparison: &str, value: impl Into<Value>) {
        self.narrowed |= !comparison.starts_with("l.user_id");
        self.args.push(value.into());
        self.base.push_str(&format!(" AND {comparison} ${}", self.args.len()));
    }

    /// Adds an argument; its place.
    pub fn argument(&mut self, value: impl Into<Value>) -> usize {
        self.args.push(value.into());
        self.args.len()
    }

    pub fn bind(&self, query: Query) -> Query {
        self.args.iter().cloned().fold(query, Query::bind)
    }

    /// The rows: what the index finds, or those of them among the newest that the rest of the conditions keeps.
    fn source(&self) -> String {
        if self.rest.is_empty() {
            format!("request_logs l WHERE {}", self.base)
        } else {
            let newest = format!("SELECT * FROM request_logs l WHERE {} ORDER BY l.created_at DESC, l.id DESC LIMIT {SEARCHED}", self.base);
            format!("({newest}) AS l WHERE true{}", self.rest)
        }
    }
}

/// A text to look for.
fn text<'a>(field: &str, text: &'a str) -> Result<&'a str> {
    let text = text.trim();
    if text.is_empty() || text.len() > 1024 || text.contains('\0') {
        return Err(Error::invalid(field, format!("`{field}` must have 1 to 1024 bytes.")));
    }
    Ok(text)
}

async fn page(service: &Service, conditions: Conditions, filter: &RequestLogFilter) -> Result<Page<RequestLogView>> {
    let paging = Paging::new(filter.page, filter.page_size);
    if paging.offset() >= REACH {
        return Err(Error::invalid("page", format!("Pages reach {REACH} rows. Narrow the filters, or export them.")));
    }
    let text = format!(
        "SELECT {COLUMNS} FROM {} ORDER BY l.created_at DESC, l.id DESC LIMIT {} OFFSET {}",
        conditions.source(),
        paging.page_size,
        paging.offset()
    );
    let rows = service.logs.fetch_all(conditions.bind(query(Sql::Built(text.into())))).await?;
    let items = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let total = total(service, &conditions).await?;
    Ok(if conditions.narrowed { paging.page_counted_to(items, total, REACH) } else { paging.page(items, total) })
}

async fn total(service: &Service, conditions: &Conditions) -> Result<i64> {
    if !conditions.narrowed {
        let stored = match conditions.user_id {
            Some(user_id) => {
                query("SELECT CAST(COALESCE(SUM(logs), 0) AS BIGINT) AS n FROM request_log_totals WHERE user_id = $1").bind(user_id)
            }
            None => query("SELECT CAST(COALESCE(SUM(logs), 0) AS BIGINT) AS n FROM request_log_totals"),
        };
        return Ok(service.logs.fetch_one(stored).await?.get("n")?);
    }
    let text = format!("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM (SELECT 1 AS one FROM {} LIMIT {REACH}) AS counted", conditions.source());
    Ok(service.logs.fetch_one(conditions.bind(query(Sql::Built(text.into())))).await?.get("n")?)
}

pub(super) fn read(row: &Row) -> Result<RequestLogView, DbError> {
    Ok(RequestLogView {
        id: row.get("id")?,
        user_id: row.get("user_id")?,
        key_id: row.get("key_id")?,
        created_at: Timestamp(row.get("created_at")?),
        rule_id: row.get("rule_id")?,
        rule_name: row.get("rule_name")?,
        method: row.get("method")?,
        path: row.get("path")?,
        consume_points: row.get("consume_points")?,
        status_code: row.get("status_code")?,
        duration: row.get("duration")?,
        remote_addr: row.get("remote_addr")?,
        call_id: row.get("call_id")?,
        request_id: row.get("request_id")?,
        error: row.get("error")?,
        raw_query: None,
        request_body: None,
        response_body: None,
    })
}
