//! Lists of tasks: filters, sorting, paging.

use super::view::{COLUMNS, STATUS, from_row};
use crate::actor::Actor;
use crate::db::{Query, Sql, Value, query};
use crate::features;
use crate::service::Service;
use model::accounts::Scope;
use model::paging::{Page, Paging};
use model::tasks::{Order, TaskFilter, TaskSort, TaskStatus, TaskView};
use model::{Error, Result};

/// Rows that a filtered total counts at most: counting a million rows for a page of twenty would be most of its cost.
pub const COUNT_LIMIT: i64 = 10_000;

/// The caller's tasks. Totals of a list without filters, or by an ended status alone, are exact; others stop at [`COUNT_LIMIT`].
pub async fn list(service: &Service, actor: &Actor, filter: &TaskFilter) -> Result<Page<TaskView>> {
    actor.require(Scope::TasksRead)?;
    let paging = Paging::new(filter.page, filter.page_size);
    let conditions = Conditions::of(actor, filter)?;
    let total = total(service, actor, filter, &conditions).await?;
    let text = format!(
        "SELECT {COLUMNS}, {STATUS} AS status FROM tasks t {} JOIN queue q ON q.id = t.id WHERE {} ORDER BY {} LIMIT {} OFFSET {}",
        if conditions.live { "" } else { "LEFT" },
        conditions.text,
        order_by(filter),
        paging.page_size,
        paging.offset(),
    );
    let snapshot = features::snapshot(service);
    let rows = service.db.fetch_all(conditions.bind(query(Sql::Built(text.into())))).await?;
    let items = rows.iter().map(|row| from_row(service, &snapshot, row)).collect::<Result<_>>()?;
    Ok(paging.page(items, total))
}

/// The categories that the caller's tasks have, at most 100.
pub async fn categories(service: &Service, actor: &Actor) -> Result<Vec<String>> {
    actor.require(Scope::TasksRead)?;
    // Of the newest tasks only: a list of choices, not a report.
    let recent = query(
        "SELECT DISTINCT category FROM (SELECT category FROM tasks WHERE user_id = $1 ORDER BY id DESC LIMIT 2000) AS recent
         WHERE category <> '' ORDER BY category LIMIT 100",
    );
    let rows = service.db.fetch_all(recent.bind(actor.user_id)).await?;
    Ok(rows.iter().map(|row| row.get("category")).collect::<Result<_, _>>()?)
}

struct Conditions {
    text: String,
    args: Vec<Value>,
    /// Whether only living tasks can match, so that the queue leads the join.
    live: bool,
}

impl Conditions {
    fn of(actor: &Actor, filter: &TaskFilter) -> Result<Self> {
        let mut conditions = Conditions { text: "t.user_id = $1".to_owned(), args: vec![actor.user_id.into()], live: false };
        if let Some(status) = filter.status {
            let states = queue_states(status);
            conditions.live = states.is_some();
            match states {
                Some(states) => conditions.text.push_str(&format!(" AND t.status = 'queued' AND q.state IN ({states})")),
                None => conditions.add("t.status =", status.as_str()),
            }
        }
        if let Some(feature) = filter.feature_id {
            conditions.add("t.feature_id =", feature);
        }
        if let Some(category) = &filter.category {
            conditions.add("t.category =", category);
        }
        if let Some(start) = filter.start {
            conditions.add("t.created_at >=", start);
        }
        if let Some(end) = filter.end {
            conditions.add("t.created_at <", end);
        }
        if let Some(text) = filter.q.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            conditions.search(text)?;
        }
        Ok(conditions)
    }

    fn add(&mut self, comparison: &str, value: impl Into<Value>) {
        self.args.push(value.into());
        self.text.push_str(&format!(" AND {comparison} ${}", self.args.len()));
    }

    fn search(&mut self, text: &str) -> Result<()> {
        if text.chars().count() > 100 || text.contains('\0') {
            return Err(Error::invalid("q", "Search for at most 100 characters."));
        }
        if text.starts_with("task_") {
            self.add("t.public_id =", text);
        } else if let Some(id) = text.parse::<i64>().ok().filter(|id| *id > 0) {
            self.args.push(id.into());
            let at = self.args.len();
            self.args.push(like(text).into());
            self.text.push_str(&format!(" AND (t.id = ${at} OR lower(t.name) LIKE ${} ESCAPE '!')", at + 1));
        } else {
            self.args.push(like(text).into());
            self.text.push_str(&format!(" AND lower(t.name) LIKE ${} ESCAPE '!'", self.args.len()));
        }
        Ok(())
    }

    fn bind(&self, query: Query) -> Query {
        self.args.iter().cloned().fold(query, Query::bind)
    }
}

/// The states of a queue's row that stand for a state of a living task.
pub(super) fn queue_states(status: TaskStatus) -> Option<&'static str> {
    match status {
        TaskStatus::Queued => Some("0"),
        TaskStatus::RetryWait => Some("1"),
        TaskStatus::WaitingUpstream => Some("2, 4"),
        TaskStatus::Running => Some("3"),
        _ => None,
    }
}

/// A pattern that matches the text anywhere, with the pattern's own signs taken literally.
pub(crate) fn like(text: &str) -> String {
    let escaped: String =
        text.to_ascii_lowercase().chars().flat_map(|c| matches!(c, '%' | '_' | '!').then_some('!').into_iter().chain([c])).collect();
    format!("%{escaped}%")
}

fn order_by(filter: &TaskFilter) -> String {
    let direction = match filter.order.unwrap_or_default() {
        Order::Asc => "ASC",
        Order::Desc => "DESC",
    };
    let key = match filter.sort.unwrap_or_default() {
        // A user's tasks get rising numbers in the order of submission.
        TaskSort::Seq | TaskSort::CreatedAt => return format!("t.id {direction}"),
        TaskSort::Name => "t.name",
        TaskSort::Category => "t.category",
        TaskSort::Status => STATUS,
        TaskSort::RetryCount => "COALESCE(q.retries, t.retry_count)",
        TaskSort::UpdatedAt => "COALESCE(q.updated_at, t.updated_at)",
    };
    format!("{key} {direction}, t.id {direction}")
}

async fn total(service: &Service, actor: &Actor, filter: &TaskFilter, conditions: &Conditions) -> Result<i64> {
    let narrowed = filter.feature_id.is_some()
        || filter.category.is_some()
        || filter.start.is_some()
        || filter.end.is_some()
        || filter.q.as_deref().is_some_and(|q| !q.trim().is_empty());
    let counter = match filter.status {
        _ if narrowed => None,
        None => Some("tasks_total"),
        Some(TaskStatus::Succeeded) => Some("tasks_succeeded"),
        Some(TaskStatus::Failed) => Some("tasks_failed"),
        Some(TaskStatus::Cancelled) => Some("tasks_cancelled"),
        Some(_) => None,
    };
    if let Some(counter) = counter {
        let text = format!("SELECT {counter} AS n FROM accounts WHERE user_id = $1");
        let row = service.db.fetch_optional(query(Sql::Built(text.into())).bind(actor.user_id)).await?;
        return Ok(row.map(|row| row.get("n")).transpose()?.unwrap_or(0));
    }
    let join = if conditions.live { "JOIN queue q ON q.id = t.id" } else { "" };
    let text = format!(
        "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM (SELECT 1 AS one FROM tasks t {join} WHERE {} LIMIT {COUNT_LIMIT}) AS counted",
        conditions.text
    );
    Ok(service.db.fetch_one(conditions.bind(query(Sql::Built(text.into())))).await?.get("n")?)
}
