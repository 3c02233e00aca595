//! Lists of tasks: filters, sorting, paging.
//!
//! A page is found in two steps: the numbers of its tasks, from one index alone wherever that is possible, and then their rows. Which index leads
//! is decided here and not by the engines' planners, which know nothing of how many tasks a user has: a condition that must not lead is written so
//! that no index fits it (see [`conditions`]).

mod conditions;
mod pick;

use super::view::{COLUMNS, STATUS, from_row};
use crate::actor::Actor;
use crate::db::{DbError, Row, Sql, query};
use crate::features;
use crate::service::Service;
use conditions::Conditions;
pub(crate) use conditions::like;
pub(super) use conditions::queue_states;
use model::Result;
use model::accounts::Scope;
use model::paging::{Page, Paging, check_range};
use model::tasks::{TaskFilter, TaskStatus, TaskView};
use serde::Serialize;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Rows that a filtered total counts at most: counting a million rows for a page of twenty would be most of its cost.
pub const COUNT_LIMIT: i64 = if cfg!(test) { 12 } else { 1_000 };
/// How many of the newest tasks a search for a part of a name looks through.
pub const SEARCH_WINDOW: i64 = 20_000;

static ROWS: LazyLock<Sql> = LazyLock::new(|| {
    let text = format!("SELECT {COLUMNS}, {STATUS} AS status FROM {{rows}} JOIN tasks t ON t.id = x.id LEFT JOIN queue q ON q.id = t.id");
    Sql::batch(&text, "id bigint")
});

/// The caller's tasks. Totals of a list without filters, or by an ended status alone, are exact; others stop at [`COUNT_LIMIT`].
pub async fn list(service: &Service, actor: &Actor, filter: &TaskFilter) -> Result<Page<TaskView>> {
    actor.require(Scope::TasksRead)?;
    check_range(filter.start, filter.end)?;
    let paging = Paging::new(filter.page, filter.page_size);
    let counters = Counters::read(service, actor).await?;
    let conditions = Conditions::of(service, actor, filter, &counters).await?;
    let total = match counters.of(filter) {
        Some(total) => total,
        None => conditions.count(service).await?,
    };
    let ids = pick::ids(service, &conditions, filter, paging, &counters, total).await?;
    let items = views(service, &ids).await?;
    let exact = counters.of(filter).is_some();
    Ok(if exact { paging.page(items, total) } else { paging.page_counted_to(items, total, COUNT_LIMIT) })
}

/// The rows of some tasks, in the order of the numbers.
async fn views(service: &Service, ids: &[i64]) -> Result<Vec<TaskView>> {
    #[derive(Serialize)]
    struct Id {
        id: i64,
    }
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let wanted: Vec<Id> = ids.iter().map(|id| Id { id: *id }).collect();
    let rows = service.db.fetch_all(query(&*ROWS).rows(&wanted)).await?;
    let rows = rows.iter().map(|row| Ok((row.get("id")?, row))).collect::<Result<HashMap<i64, &Row>, DbError>>()?;
    let snapshot = features::snapshot(service);
    ids.iter().filter_map(|id| rows.get(id)).map(|row| from_row(service, &snapshot, row)).collect()
}

/// The categories that the caller's tasks have, at most 100.
pub async fn categories(service: &Service, actor: &Actor) -> Result<Vec<String>> {
    actor.require(Scope::TasksRead)?;
    // Of the newest tasks only: a list of choices, not a report.
    let recent = query(
        "SELECT DISTINCT category FROM (SELECT category FROM tasks WHERE user_id = $1 ORDER BY seq DESC LIMIT 2000) AS recent
         WHERE category <> '' ORDER BY category LIMIT 100",
    );
    let rows = service.db.fetch_all(recent.bind(actor.user_id)).await?;
    Ok(rows.iter().map(|row| row.get("category")).collect::<Result<_, _>>()?)
}

/// How many tasks a user has, as the account's row tells it.
struct Counters {
    /// The number of the newest task; as many as there are while none was deleted.
    last_seq: i64,
    total: i64,
    succeeded: i64,
    failed: i64,
    cancelled: i64,
}

impl Counters {
    async fn read(service: &Service, actor: &Actor) -> Result<Self> {
        let counters = query(
            "SELECT task_seq, tasks_total, tasks_succeeded, tasks_failed, tasks_cancelled FROM accounts WHERE user_id = $1
             UNION ALL SELECT 0, 0, 0, 0, 0 LIMIT 1",
        );
        let row = service.db.fetch_one(counters.bind(actor.user_id)).await?;
        Ok(Counters { last_seq: row.get(0)?, total: row.get(1)?, succeeded: row.get(2)?, failed: row.get(3)?, cancelled: row.get(4)? })
    }

    /// How many ended tasks have a status.
    fn ended(&self, status: TaskStatus) -> Option<i64> {
        match status {
            TaskStatus::Succeeded => Some(self.succeeded),
            TaskStatus::Failed => Some(self.failed),
            TaskStatus::Cancelled => Some(self.cancelled),
            _ => None,
        }
    }

    /// The exact total of a list, where it is known without counting.
    fn of(&self, filter: &TaskFilter) -> Option<i64> {
        let narrowed = filter.feature_id.is_some()
            || filter.category.is_some()
            || filter.start.is_some()
            || filter.end.is_some()
            || filter.q.as_deref().is_some_and(|q| !q.trim().is_empty());
        match filter.status {
            _ if narrowed => None,
            None => Some(self.total),
            Some(status) => self.ended(status),
        }
    }
}
