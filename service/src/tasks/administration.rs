//! Tasks of all users, for administrators: seen, put back, failed, cancelled. What they change is in the audit log.

use super::change::{By, Change, MAX_BATCH, change};
use super::list::{like, queue_states};
use super::view::{self, COLUMNS, STATUS, from_row};
use crate::accounts;
use crate::actor::Actor;
use crate::db::{Query, Row, Sql, Value, query};
use crate::features::{self, Snapshot};
use crate::service::Service;
use model::all_tasks::{AllTasksFilter, Intervention, InterventionRequest, OwnedTask};
use model::overview::COUNT_LIMIT;
use model::paging::{Page, Paging, check_range};
use model::tasks::{AttemptView, BatchOutcome, Order, TaskStatus, TaskView};
use model::{Error, Result};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

/// Ids of a batch that share a transaction.
const CHUNK: usize = 100;

/// How many of the newest tasks are looked through for what no index finds.
const WINDOW: i64 = 50_000;
/// Clocks of nodes may differ: numbers rise with the time of submission up to so many milliseconds.
const SKEW_MS: i64 = 10_000;

/// The channel of a task: where its job is now, else that of its latest attempt.
const CHANNEL: &str = "COALESCE(q.channel_id, \
     (SELECT a.channel_id FROM attempts a WHERE a.task_id = t.id ORDER BY a.attempt_no DESC LIMIT 1)) AS channel_id";

#[derive(Serialize)]
struct Id {
    id: i64,
}

static OWNERS: LazyLock<Sql> =
    LazyLock::new(|| Sql::batch("SELECT t.id, t.user_id FROM {rows} JOIN tasks t ON t.id = x.id ORDER BY t.id", "id bigint"));

fn owned(snapshot: &Snapshot, row: &Row, task: TaskView) -> Result<OwnedTask> {
    let channel_id: Option<i64> = row.get("channel_id")?;
    Ok(OwnedTask {
        task,
        user_id: row.get("user_id")?,
        username: row.get::<Option<String>>("username")?.unwrap_or_default(),
        channel_id,
        channel: channel_id.and_then(|id| snapshot.channels.get(&id)).map(|row| row.channel.name.clone()),
    })
}

/// Tasks of all users, by the time of submission. Totals stop at [`COUNT_LIMIT`]. What no index finds (a feature, a channel, a part of a name,
/// success) is looked for among the newest [`WINDOW`] tasks of the time range, unless a user is given. Administrators only.
pub async fn all(service: &Service, actor: &Actor, filter: &AllTasksFilter) -> Result<Page<OwnedTask>> {
    actor.require_admin()?;
    check_range(filter.start, filter.end)?;
    let paging = Paging::new(filter.page, filter.page_size);
    let Some(conditions) = Conditions::of(service, filter).await? else { return Ok(paging.page(Vec::new(), 0)) };
    let join = if conditions.live { "JOIN" } else { "LEFT JOIN" };
    let count = format!(
        "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM (SELECT 1 AS one FROM tasks t {join} queue q ON q.id = t.id WHERE {} LIMIT {COUNT_LIMIT}) AS counted",
        conditions.text
    );
    let total = service.db.fetch_one(conditions.bind(count)).await?.get("n")?;
    let direction = match filter.order.unwrap_or_default() {
        Order::Asc => "ASC",
        Order::Desc => "DESC",
    };
    // The page is cut out before names and channels are looked up.
    let page = format!(
        "SELECT {COLUMNS}, {STATUS} AS status, t.user_id, u.username, {CHANNEL}
         FROM (SELECT t.id FROM tasks t {join} queue q ON q.id = t.id WHERE {} ORDER BY t.id {direction} LIMIT {} OFFSET {}) AS page
         JOIN tasks t ON t.id = page.id LEFT JOIN queue q ON q.id = t.id LEFT JOIN users u ON u.id = t.user_id ORDER BY t.id {direction}",
        conditions.text,
        paging.page_size,
        paging.offset()
    );
    let snapshot = features::snapshot(service);
    let rows = service.db.fetch_all(conditions.bind(page)).await?;
    let items = rows.iter().map(|row| owned(&snapshot, row, from_row(service, &snapshot, row)?)).collect::<Result<_>>()?;
    Ok(paging.page_counted_to(items, total, COUNT_LIMIT))
}

struct Conditions {
    text: String,
    args: Vec<Value>,
    /// Whether only living tasks can match, so that the queue leads the join.
    live: bool,
}

impl Conditions {
    /// `None` where nothing can match: a user who does not exist.
    async fn of(service: &Service, filter: &AllTasksFilter) -> Result<Option<Self>> {
        let mut conditions = Conditions { text: "1 = 1".to_owned(), args: Vec::new(), live: false };
        let mut is_indexed = false;
        let mut is_scan = filter.status == Some(TaskStatus::Succeeded);
        if let Some(user) = filter.user.as_deref().map(str::trim).filter(|user| !user.is_empty()) {
            let id = match user.parse::<i64>() {
                Ok(id) => id,
                Err(_) => match accounts::user_id(service, user).await {
                    Ok(id) => id,
                    Err(error) if error.code == model::ErrorCode::NotFound => return Ok(None),
                    Err(error) => return Err(error),
                },
            };
            conditions.add("t.user_id = ?", id);
            is_indexed = true;
        }
        if let Some(status) = filter.status {
            let states = queue_states(status);
            conditions.live = states.is_some();
            match states {
                Some(states) => conditions.text.push_str(&format!(" AND t.status = 'queued' AND q.state IN ({states})")),
                // Written out, so that the partial index of tasks without a result is found.
                None if status == TaskStatus::Succeeded => conditions.text.push_str(" AND t.status = 'succeeded'"),
                None => conditions.text.push_str(&format!(" AND t.status IN ('failed', 'cancelled') AND t.status = '{}'", status.as_str())),
            }
        }
        if let Some(feature) = filter.feature_id {
            conditions.add("t.feature_id = ?", feature);
            is_scan = true;
        }
        if let Some(channel) = filter.channel_id {
            is_scan = true;
            conditions.args.push(channel.into());
            let at = conditions.args.len();
            conditions.text.push_str(&format!(
                " AND (q.channel_id = ${at} OR EXISTS (SELECT 1 FROM attempts a WHERE a.task_id = t.id AND a.channel_id = ${at}))"
            ));
        }
        if let Some(start) = filter.start {
            conditions.add("t.created_at >= ?", start);
        }
        if let Some(end) = filter.end {
            conditions.add("t.created_at < ?", end);
        }
        if let Some(text) = filter.q.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            if text.chars().count() > 100 || text.contains('\0') {
                return Err(Error::invalid("q", "Search for at most 100 characters."));
            }
            match text.parse::<i64>().ok().filter(|id| *id > 0) {
                Some(id) => {
                    conditions.add("t.id = ?", id);
                    is_indexed = true;
                }
                None if text.starts_with("task_") => {
                    conditions.add("t.public_id = ?", text);
                    is_indexed = true;
                }
                None => {
                    conditions.add("lower(t.name) LIKE ? ESCAPE '!'", like(text));
                    is_scan = true;
                }
            }
        }
        if !is_indexed && !conditions.live {
            conditions.bound(service, filter, is_scan).await?;
        }
        Ok(Some(conditions))
    }

    /// Bounds the numbers, so that a time range is not looked for in all tasks, nor what no index finds.
    async fn bound(&mut self, service: &Service, filter: &AllTasksFilter, is_scan: bool) -> Result<()> {
        let end = match filter.end {
            Some(end) => Some(first_since(service, end.0.saturating_add(SKEW_MS)).await?),
            None if is_scan => Some(last(service).await? + 1),
            None => None,
        };
        let start = match filter.start {
            Some(start) => Some(first_since(service, start.0.saturating_sub(SKEW_MS)).await?),
            None => None,
        };
        let window = end.filter(|_| is_scan).map(|end| end - WINDOW);
        if let Some(least) = start.max(window) {
            self.add("t.id >= ?", least);
        }
        if let Some(end) = end {
            self.add("t.id < ?", end);
        }
        Ok(())
    }

    fn add(&mut self, text: &str, value: impl Into<Value>) {
        self.args.push(value.into());
        self.text.push_str(&format!(" AND {}", text.replace('?', &format!("${}", self.args.len()))));
    }

    fn bind(&self, text: String) -> Query {
        self.args.iter().cloned().fold(query(Sql::Built(text.into())), Query::bind)
    }
}

async fn last(service: &Service) -> Result<i64> {
    let row = service.db.fetch_one(query("SELECT MAX(id) AS id FROM tasks")).await?;
    Ok(row.get::<Option<i64>>("id")?.unwrap_or(0))
}

/// The number of the first task submitted at or after an instant, in some twenty steps by key: no index of all users' tasks has the time.
pub(crate) async fn first_since(service: &Service, instant: i64) -> Result<i64> {
    let (mut low, mut high) = (0, last(service).await? + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let next = query("SELECT id, created_at FROM tasks WHERE id >= $1 ORDER BY id LIMIT 1").bind(middle);
        match service.db.fetch_optional(next).await? {
            Some(row) if row.get::<i64>("created_at")? < instant => low = row.get::<i64>("id")? + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}

async fn owner(service: &Service, id: i64) -> Result<i64> {
    let row = service.db.fetch_optional(query("SELECT user_id FROM tasks WHERE id = $1").bind(id)).await?;
    Ok(row.ok_or_else(|| Error::not_found("task"))?.get("user_id")?)
}

/// Anybody's task, with bodies and extracted results. Administrators only.
pub async fn any(service: &Service, actor: &Actor, id: i64) -> Result<OwnedTask> {
    actor.require_admin()?;
    let task = view::find(service, owner(service, id).await?, id).await?;
    let text = format!(
        "SELECT t.user_id, u.username, {CHANNEL} FROM tasks t LEFT JOIN queue q ON q.id = t.id LEFT JOIN users u ON u.id = t.user_id WHERE t.id = $1"
    );
    let row = service.db.fetch_optional(query(Sql::Built(text.into())).bind(id)).await?;
    owned(&features::snapshot(service), &row.ok_or_else(|| Error::not_found("task"))?, task)
}

/// Attempts of anybody's task with their channels, newest first. Administrators only.
pub async fn any_attempts(service: &Service, actor: &Actor, id: i64, paging: Paging) -> Result<Page<AttemptView>> {
    actor.require_admin()?;
    view::attempts_of(service, owner(service, id).await?, id, paging, true).await
}

/// Does something to one task of anybody; the task as it is then. Administrators only.
///
/// Errors: `not_found`, `conflict`, and those of [`intervene`].
pub async fn treat(service: &Service, actor: &Actor, action: Intervention, id: i64, reason: Option<String>) -> Result<OwnedTask> {
    let outcome = intervene(service, actor, InterventionRequest { action, ids: vec![id], reason }).await?.pop();
    match outcome.and_then(|outcome| outcome.error) {
        Some(error) => Err(error),
        None => any(service, actor, id).await,
    }
}

/// Does the same to many tasks of any users; every id has an outcome of its own. Administrators only.
///
/// Errors: `invalid` for no ids, too many, or a long reason.
pub async fn intervene(service: &Service, actor: &Actor, request: InterventionRequest) -> Result<Vec<BatchOutcome>> {
    actor.require_admin()?;
    if request.ids.is_empty() || request.ids.len() > MAX_BATCH {
        return Err(Error::invalid("ids", format!("Give 1 to {MAX_BATCH} task ids.")));
    }
    let reason = request.reason.as_deref().map(str::trim).unwrap_or_default();
    if reason.chars().count() > 500 || reason.contains(char::is_control) {
        return Err(Error::invalid("reason", "The reason must have at most 500 characters on one line."));
    }
    let why = if reason.is_empty() { "Ended by an administrator.".to_owned() } else { format!("Ended by an administrator: {reason}") };
    let what = match request.action {
        Intervention::Requeue => Change::Requeue,
        Intervention::Fail => Change::Fail(&why),
        Intervention::Cancel => Change::Cancel,
    };
    let mut results: HashMap<i64, Result<()>> = HashMap::new();
    let mut by_owner: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    let wanted: BTreeSet<i64> = request.ids.iter().copied().collect();
    let ids: Vec<Id> = wanted.into_iter().map(|id| Id { id }).collect();
    for row in service.db.fetch_all(query(&*OWNERS).rows(&ids)).await? {
        by_owner.entry(row.get("user_id")?).or_default().push(row.get("id")?);
    }
    for (owner, ids) in by_owner {
        for ids in ids.chunks(CHUNK) {
            let done = change(service, By { owner, caller: actor, administrator: Some(actor) }, what, ids).await?;
            results.extend(ids.iter().copied().zip(done));
        }
    }
    tracing::info!(actor = actor.user_id, action = request.action.as_str(), tasks = request.ids.len(), "tasks treated by an administrator");
    let outcome = |id: &i64| {
        let result = results.get(id).cloned().unwrap_or_else(|| Err(Error::not_found("task")));
        BatchOutcome { id: *id, success: result.is_ok(), error: result.err() }
    };
    Ok(request.ids.iter().map(outcome).collect())
}
