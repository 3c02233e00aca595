//! Reading tasks: rows to views.

use crate::actor::Actor;
use crate::db::{DbError, Row, query};
use crate::engine::StoredTry;
use crate::features::{self, Snapshot};
use crate::service::Service;
use model::accounts::Scope;
use model::features::ResultValue;
use model::paging::{Page, Paging};
use model::tasks::{AttemptView, Priority, TaskStatus, TaskView, Tried};
use model::time::Timestamp;
use model::{Error, Result};
use serde_json::Value;
use serde_json_path::JsonPath;

/// Where a task is: in the queue while it lives, in its own row afterwards.
pub(super) const STATUS: &str = "CASE q.state WHEN 0 THEN 'queued' WHEN 1 THEN 'retry_wait' WHEN 2 THEN 'waiting_upstream' \
     WHEN 3 THEN 'running' WHEN 4 THEN 'waiting_upstream' ELSE t.status END";

/// Columns of a [`TaskView`] without bodies, from `tasks t LEFT JOIN queue q`.
pub(super) const COLUMNS: &str = "t.id, t.public_id, t.seq, t.name, t.category, t.feature_id, t.feature_name, t.rule_id, t.priority, t.points, \
     t.max_retries, t.interval_seconds, t.created_at, t.finished_at, COALESCE(q.started_at, t.started_at) AS started_at, \
     COALESCE(q.updated_at, t.updated_at) AS updated_at, COALESCE(q.retries, t.retry_count) AS retry_count, \
     COALESCE(q.progress, t.progress) AS progress, COALESCE(q.error, t.error) AS error, \
     CASE WHEN q.state = 1 THEN q.run_at ELSE NULL END AS next_run_at";

/// One of the caller's tasks, with bodies and extracted results.
pub async fn get(service: &Service, actor: &Actor, id: i64) -> Result<TaskView> {
    actor.require(Scope::TasksRead)?;
    find(service, actor.user_id, id).await
}

/// Like [`get`] for a caller who has just changed the task: the answer to a write is not a reading of its own. Also for administrators, who
/// read in the name of the owner.
pub(super) async fn find(service: &Service, owner: i64, id: i64) -> Result<TaskView> {
    let text = format!(
        "SELECT {COLUMNS}, {STATUS} AS status, t.payload, t.headers, t.response
         FROM tasks t LEFT JOIN queue q ON q.id = t.id WHERE t.id = $1 AND t.user_id = $2"
    );
    let row = service.db.fetch_optional(query(crate::db::Sql::Built(text.into())).bind(id).bind(owner)).await?;
    let row = row.ok_or_else(|| Error::not_found("task"))?;
    let snapshot = features::snapshot(service);
    let mut task = from_row(service, &snapshot, &row)?;
    task.payload = Some(parse(row.get("payload")?));
    task.headers = Some(parse(row.get("headers")?));
    task.response = row.get::<Option<String>>("response")?.map(parse);
    task.webhook_ids = Some(crate::webhooks::chosen(&service.db, id).await?);
    let fields = snapshot.features.get(&task.feature_id).map(|feature| feature.feature.result_fields.as_slice()).unwrap_or_default();
    task.results = Some(
        fields
            .iter()
            .map(|field| ResultValue {
                label: if field.label.is_empty() { field.path.clone() } else { field.label.clone() },
                path: field.path.clone(),
                value: task.response.as_ref().and_then(|response| extract(response, &field.path)),
            })
            .collect(),
    );
    Ok(task)
}

/// Attempts of one of the caller's tasks, newest first.
pub async fn attempts(service: &Service, actor: &Actor, id: i64, paging: Paging) -> Result<Page<AttemptView>> {
    actor.require(Scope::TasksRead)?;
    attempts_of(service, actor.user_id, id, paging, false).await
}

/// The same of any owner's task; with the channels for administrators.
pub(super) async fn attempts_of(service: &Service, owner: i64, id: i64, paging: Paging, channels: bool) -> Result<Page<AttemptView>> {
    let snapshot = features::snapshot(service);
    let owned = query(
        "SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM attempts a WHERE a.task_id = t.id) AS n FROM tasks t WHERE t.id = $1 AND t.user_id = $2",
    );
    let row = service.db.fetch_optional(owned.bind(id).bind(owner)).await?;
    let total: i64 = row.ok_or_else(|| Error::not_found("task"))?.get("n")?;
    let page = query(
        "SELECT attempt_no, created_at, duration, status_code, error, response, channel_id, tried FROM attempts WHERE task_id = $1
         ORDER BY attempt_no DESC LIMIT $2 OFFSET $3",
    );
    let mut items = Vec::new();
    for row in service.db.fetch_all(page.bind(id).bind(paging.page_size).bind(paging.offset())).await? {
        items.push(AttemptView {
            attempt_no: row.get("attempt_no")?,
            created_at: Timestamp(row.get("created_at")?),
            status_code: row.get("status_code")?,
            error: row.get("error")?,
            response: row.get::<Option<String>>("response")?.map(parse),
            duration: row.get("duration")?,
            channel: row.get::<Option<i64>>("channel_id")?.filter(|_| channels).map(|id| channel_name(&snapshot, id)),
            tried: tried(row.get("tried")?, |id| channels.then(|| channel_name(&snapshot, id))),
        });
    }
    Ok(paging.page(items, total))
}

/// What an attempt tried before, with the channels that the reader may know.
fn tried(stored: Option<String>, name: impl Fn(i64) -> Option<String>) -> Vec<Tried> {
    let stored: Vec<StoredTry> = stored.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let shown = |one: StoredTry| Tried { channel: name(one.channel_id), status_code: one.status_code, error: one.error };
    stored.into_iter().map(shown).collect()
}

/// A channel's name, or its number when it is gone.
pub(super) fn channel_name(snapshot: &Snapshot, id: i64) -> String {
    snapshot.channels.get(&id).map_or_else(|| format!("#{id}"), |row| row.channel.name.clone())
}

/// A view without bodies.
pub(super) fn from_row(service: &Service, snapshot: &Snapshot, row: &Row) -> Result<TaskView> {
    Ok(read(service, snapshot, row)?)
}

fn read(service: &Service, snapshot: &Snapshot, row: &Row) -> Result<TaskView, DbError> {
    let feature_id = row.get("feature_id")?;
    let (own_retries, own_interval) = (row.get::<Option<i64>>("max_retries")?, row.get::<Option<i64>>("interval_seconds")?);
    let feature = snapshot.features.get(&feature_id);
    let rule = feature.and_then(|feature| snapshot.rules.get(&feature.rule_id));
    // A limit that the rule has since lowered is shown as it will be applied.
    let limits = feature
        .zip(rule)
        .map(|(feature, rule)| features::applied_limits(own_retries, own_interval, &feature.feature, &rule.rule, service.intervals()));
    let (max_retries, interval_seconds) = limits.unwrap_or((own_retries.unwrap_or(0), own_interval.unwrap_or(0)));
    let status: String = row.get("status")?;
    Ok(TaskView {
        id: row.get("id")?,
        task_id: row.get("public_id")?,
        seq: row.get("seq")?,
        name: row.get("name")?,
        category: row.get("category")?,
        feature_id,
        feature_name: row.get("feature_name")?,
        rule_id: row.get("rule_id")?,
        status: TaskStatus::parse(&status).ok_or_else(|| DbError::Unusable(format!("unknown task status {status}")))?,
        retry_count: row.get("retry_count")?,
        max_retries,
        interval_seconds,
        priority: Priority::from_rank(row.get("priority")?),
        progress: row.get("progress")?,
        points: row.get("points")?,
        payload: None,
        headers: None,
        response: None,
        results: None,
        webhook_ids: None,
        error: row.get("error")?,
        created_at: Timestamp(row.get("created_at")?),
        updated_at: Timestamp(row.get("updated_at")?),
        started_at: row.get::<Option<i64>>("started_at")?.map(Timestamp),
        finished_at: row.get::<Option<i64>>("finished_at")?.map(Timestamp),
        next_run_at: row.get::<Option<i64>>("next_run_at")?.map(Timestamp),
    })
}

/// A stored body: JSON, or text that is not.
fn parse(text: String) -> Value {
    serde_json::from_str(&text).unwrap_or(Value::String(text))
}

/// What a JSONPath finds: nothing, the one match, or an array of matches.
pub(crate) fn extract(value: &Value, path: &str) -> Option<Value> {
    let found = JsonPath::parse(path).ok()?.query(value).all();
    match found.as_slice() {
        [] => None,
        [one] => Some((*one).clone()),
        many => Some(Value::Array(many.iter().map(|value| (*value).clone()).collect())),
    }
}
