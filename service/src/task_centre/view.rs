//! Rows as the task centre shows them.

use crate::db::{DbError, Row, Sql, query};
use crate::features::{self, Snapshot};
use crate::service::Service;
use model::Result;
use model::task_centre::{MAX_LISTED_DATA, MediaProperties, MediaStatus, MediaTask, action_word};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::sync::LazyLock;

/// Who reads: owners learn nothing of channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    Owner,
    Admin,
}

/// Fields of a payload that are its prompt, the first one first.
const INPUTS: [&str; 3] = ["prompt", "gpt_description_prompt", "input"];

/// `{large}` is a condition under which bodies are read whatever their size. The hold tells what was really taken.
fn text(large: &str) -> Sql {
    let body = |column: &str| format!("CASE WHEN {large} OR OCTET_LENGTH(t.{column}) <= {MAX_LISTED_DATA} THEN t.{column} END AS {column}");
    let text = format!(
        "SELECT t.id, t.public_id, t.user_id, u.username, t.feature_id, t.created_at, t.finished_at, t.status, t.points,
             {}, {}, t.response IS NOT NULL AS has_response,
             COALESCE(q.started_at, t.started_at) AS started_at, COALESCE(q.updated_at, t.updated_at) AS updated_at,
             CASE WHEN q.id IS NULL THEN t.error ELSE '' END AS error, COALESCE(q.progress, t.progress) AS progress,
             CASE WHEN q.id IS NULL THEN t.channel_id ELSE q.channel_id END AS channel_id,
             q.state, q.attempt, q.upstream_unknown, h.captured - h.refunded AS taken
         FROM {{rows}} JOIN tasks t ON t.id = x.id LEFT JOIN queue q ON q.id = t.id LEFT JOIN users u ON u.id = t.user_id
             LEFT JOIN holds h ON h.reference = 'task:' || t.id || ':run:' || t.run || ':hold'",
        body("payload"),
        body("response"),
    );
    Sql::batch(&text, "id bigint")
}

static LISTED: LazyLock<Sql> = LazyLock::new(|| text("1 = 0"));
static WHOLE: LazyLock<Sql> = LazyLock::new(|| text("1 = 1"));

/// Some tasks, in the order of the numbers. `whole`: with all of their data.
pub(super) async fn tasks(service: &Service, ids: &[i64], reader: Reader, whole: bool) -> Result<Vec<MediaTask>> {
    #[derive(Serialize)]
    struct Id {
        id: i64,
    }
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let wanted: Vec<Id> = ids.iter().map(|id| Id { id: *id }).collect();
    let rows = service.db.fetch_all(query(if whole { &*WHOLE } else { &*LISTED }).rows(&wanted)).await?;
    let snapshot = features::snapshot(service);
    let mut found = HashMap::with_capacity(rows.len());
    for row in &rows {
        let task = task(&snapshot, row, reader)?;
        found.insert(task.id, task);
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

fn task(snapshot: &Snapshot, row: &Row, reader: Reader) -> Result<MediaTask, DbError> {
    let seconds = |ms: Option<i64>| ms.map_or(0, |ms| ms.div_euclid(1000));
    let created_at = seconds(row.get("created_at")?);
    let status = status(row)?;
    let feature = snapshot.features.get(&row.get("feature_id")?).map(|row| &row.feature);
    let progress: i64 = if status.is_terminal() { 100 } else { row.get("progress")? };
    let response: Option<String> = row.get("response")?;
    let payload: Option<String> = row.get("payload")?;
    let is_admin = reader == Reader::Admin;
    Ok(MediaTask {
        id: row.get("id")?,
        created_at,
        updated_at: seconds(row.get("updated_at")?),
        task_id: row.get("public_id")?,
        platform: feature.map(|feature| feature.platform.clone()).unwrap_or_default(),
        user_id: row.get("user_id")?,
        username: row.get::<Option<String>>("username")?.filter(|_| is_admin),
        channel_id: row.get::<Option<i64>>("channel_id")?.filter(|_| is_admin).unwrap_or(0),
        quota: if status.is_terminal() { row.get::<Option<i64>>("taken")?.unwrap_or(0) } else { row.get("points")? },
        action: feature.map(|feature| action_word(&feature.action)).unwrap_or_default(),
        status,
        fail_reason: fail_reason(status, row)?,
        submit_time: created_at,
        start_time: seconds(row.get("started_at")?),
        finish_time: seconds(row.get::<Option<i64>>("finished_at")?.filter(|_| status.is_terminal())),
        progress: format!("{progress}%"),
        properties: MediaProperties { input: payload.as_deref().map(input).unwrap_or_default() },
        data_truncated: response.is_none() && row.get::<bool>("has_response")?,
        data: response.map_or_else(|| Value::Object(Map::new()), |text| serde_json::from_str(&text).unwrap_or(Value::String(text))),
    })
}

/// Where a task is (design §4).
fn status(row: &Row) -> Result<MediaStatus, DbError> {
    let Some(state) = row.get::<Option<i64>>("state")? else {
        let succeeded = row.get::<String>("status")? == "succeeded";
        return Ok(if succeeded { MediaStatus::Success } else { MediaStatus::Failure });
    };
    let begun = row.get::<Option<i64>>("attempt")?.is_some_and(|attempt| attempt > 0);
    let moves = row.get::<i64>("progress")? > 0;
    Ok(match state {
        0 if !begun => MediaStatus::NotStart,
        0 | 1 => MediaStatus::Queued,
        3 => MediaStatus::InProgress,
        _ if row.get::<Option<bool>>("upstream_unknown")? == Some(true) => MediaStatus::Unknown,
        _ if moves => MediaStatus::InProgress,
        _ => MediaStatus::Submitted,
    })
}

/// Why a task came to nothing. Document 001 knows no cancellation, so a cancelled one says it here.
fn fail_reason(status: MediaStatus, row: &Row) -> Result<String, DbError> {
    if status != MediaStatus::Failure {
        return Ok(String::new());
    }
    let error: String = row.get("error")?;
    let cancelled = row.get::<String>("status")? == "cancelled";
    Ok(if error.is_empty() && cancelled { "The task was cancelled.".to_owned() } else { error })
}

/// The prompt of a payload; empty without one.
fn input(payload: &str) -> String {
    let payload: Value = serde_json::from_str(payload).unwrap_or_default();
    INPUTS.iter().find_map(|key| payload.get(key)?.as_str()).unwrap_or_default().to_owned()
}
