//! Bodies of messages: `type`, `timestamp`, `data`, well under the 20 kB that receivers may count on.

use super::outbox::TaskEnd;
use crate::db::{DbError, Row};
use crate::features::Snapshot;
use crate::tasks::extract;
use model::time::Timestamp;
use model::webhooks::WebhookEvent;
use serde_json::{Value, json};

/// Most bytes of a body.
const MOST_BYTES: usize = 19_000;

/// What a message tells about a task.
pub(super) struct TaskFacts {
    id: i64,
    public_id: String,
    seq: i64,
    name: String,
    category: String,
    feature_id: i64,
    feature_name: String,
    status: String,
    points: i64,
    retry_count: i64,
    error: String,
    created_at: Timestamp,
    started_at: Option<Timestamp>,
    finished_at: Option<Timestamp>,
}

impl TaskFacts {
    /// The columns that [`TaskFacts::read`] reads, of `tasks t`.
    pub const COLUMNS: &str = "t.id, t.public_id, t.seq, t.name, t.category, t.feature_id, t.feature_name, t.status, t.points, t.retry_count, t.error, \
         t.created_at, t.started_at, t.finished_at";

    /// The facts of a row.
    pub fn read(row: &Row) -> Result<Self, DbError> {
        let time = |column: &'static str| -> Result<Option<Timestamp>, DbError> { Ok(row.get::<Option<i64>>(column)?.map(Timestamp)) };
        Ok(TaskFacts {
            id: row.get("id")?,
            public_id: row.get("public_id")?,
            seq: row.get("seq")?,
            name: row.get("name")?,
            category: row.get("category")?,
            feature_id: row.get("feature_id")?,
            feature_name: row.get("feature_name")?,
            status: row.get("status")?,
            points: row.get("points")?,
            retry_count: row.get("retry_count")?,
            error: row.get("error")?,
            created_at: Timestamp(row.get("created_at")?),
            started_at: time("started_at")?,
            finished_at: time("finished_at")?,
        })
    }
}

/// A body around its data.
pub(super) fn body(event: WebhookEvent, now: Timestamp, data: &Value) -> String {
    json!({ "type": event.as_str(), "timestamp": now.rfc3339(), "data": data }).to_string()
}

/// The body about a task that ended. What is too large for it is left out, and said to be: the REST API has it.
pub(super) fn task(catalog: &Snapshot, facts: &TaskFacts, end: &TaskEnd<'_>, now: Timestamp) -> String {
    let response: Option<Value> = end.response.map(|text| serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned())));
    let mut data = json!({
        "id": facts.id,
        "task_id": facts.public_id,
        "seq": facts.seq,
        "name": facts.name,
        "category": facts.category,
        "feature_id": facts.feature_id,
        "feature_name": facts.feature_name,
        "status": facts.status,
        "points": facts.points,
        "run": end.run,
        "retry_count": facts.retry_count,
        "error": facts.error.chars().take(1000).collect::<String>(),
        "created_at": facts.created_at,
        "started_at": facts.started_at,
        "finished_at": facts.finished_at,
        "truncated": false,
    });
    let fields = catalog.features.get(&facts.feature_id).map(|feature| feature.feature.result_fields.as_slice()).unwrap_or_default();
    let results: Vec<Value> = fields
        .iter()
        .map(|field| {
            let label = if field.label.is_empty() { &field.path } else { &field.label };
            let value = response.as_ref().and_then(|response| extract(response, &field.path));
            json!({ "label": label, "path": field.path, "value": value })
        })
        .collect();
    for (key, value) in [("results", Value::Array(results)), ("response", response.unwrap_or(Value::Null))] {
        data[key] = value;
        if body(end.event, now, &data).len() > MOST_BYTES {
            data[key] = Value::Null;
            data["truncated"] = Value::Bool(true);
        }
    }
    body(end.event, now, &data)
}
