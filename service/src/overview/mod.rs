//! How the service is: queue, channels, nodes, rates, size. Cheap enough to be looked at every few seconds: every count stops somewhere.

mod history;
#[cfg(test)]
mod tests;

pub use history::{History, take_pulse};

use crate::actor::Actor;
use crate::db::{DbError, Engine, query};
use crate::features;
use crate::service::Service;
use model::Result;
use model::overview::{COUNT_LIMIT, ChannelLoad, DatabasePart, DatabaseSize, NodeLoad, Overview, QueueHealth, UserCounts};
use model::time::Timestamp;
use model::users::TaskCounts;
use std::collections::HashMap;

/// Everything on the overview. Administrators only.
pub async fn overview(service: &Service, actor: &Actor) -> Result<Overview> {
    actor.require_admin()?;
    let (history, submitted_per_minute, attempts_per_minute) = service.history.rates();
    Ok(Overview {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        node: service.engine.node().to_owned(),
        started_at: service.history.started_at(),
        runs_tasks: service.config.engine.enabled,
        queue: queue(service).await?,
        tasks: tasks(service).await?,
        users: users(service).await?,
        history,
        submitted_per_minute,
        attempts_per_minute,
        channels: channels(service).await?,
        nodes: nodes(service).await?,
        database: size(service).await?,
    })
}

/// A count that stops at [`COUNT_LIMIT`]; each condition has a partial index.
async fn count(service: &Service, condition: &'static str) -> Result<i64, DbError> {
    let text =
        format!("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM (SELECT 1 AS one FROM queue WHERE {condition} LIMIT {COUNT_LIMIT}) AS counted");
    service.db.fetch_one(query(crate::db::Sql::Built(text.into()))).await?.get("n")
}

async fn queue(service: &Service) -> Result<QueueHealth, DbError> {
    // Numbers rise in the order of submission, so the walk begins at the oldest.
    let oldest = query("SELECT run_at FROM queue WHERE state = 0 ORDER BY id LIMIT 1");
    let oldest = service.db.fetch_optional(oldest).await?.map(|row| row.get("run_at")).transpose()?;
    let lost = query(
        "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM (SELECT 1 AS one FROM queue WHERE state >= 3 AND lease_until < $1 LIMIT $2) AS counted",
    );
    Ok(QueueHealth {
        queued: count(service, "state = 0").await?,
        retry_wait: count(service, "state = 1").await?,
        waiting_upstream: count(service, "state = 2").await?,
        running: count(service, "state >= 3").await?,
        oldest_queued_at: oldest.map(Timestamp),
        lost_leases: service.db.fetch_one(lost.bind(service.clock.now()).bind(COUNT_LIMIT)).await?.get("n")?,
    })
}

/// Of the counters that stand beside the points: one row a user.
async fn tasks(service: &Service) -> Result<TaskCounts, DbError> {
    let sums = query(
        "SELECT CAST(COALESCE(SUM(tasks_total), 0) AS BIGINT) AS total, CAST(COALESCE(SUM(tasks_succeeded), 0) AS BIGINT) AS succeeded,
             CAST(COALESCE(SUM(tasks_failed), 0) AS BIGINT) AS failed, CAST(COALESCE(SUM(tasks_cancelled), 0) AS BIGINT) AS cancelled FROM accounts",
    );
    let row = service.db.fetch_one(sums).await?;
    Ok(TaskCounts {
        total: row.get("total")?,
        succeeded: row.get("succeeded")?,
        failed: row.get("failed")?,
        cancelled: row.get("cancelled")?,
    })
}

async fn users(service: &Service) -> Result<UserCounts, DbError> {
    let counts = query(
        "SELECT CAST(COUNT(*) AS BIGINT) AS n, CAST(COALESCE(SUM(CASE WHEN enabled THEN 1 ELSE 0 END), 0) AS BIGINT) AS enabled FROM users",
    );
    let row = service.db.fetch_one(counts).await?;
    Ok(UserCounts { total: row.get("n")?, enabled: row.get("enabled")? })
}

async fn channels(service: &Service) -> Result<Vec<ChannelLoad>, DbError> {
    let accepted = query(
        "SELECT channel_id, CAST(COUNT(*) AS BIGINT) AS n FROM (SELECT channel_id FROM queue WHERE state = 2 LIMIT $1) AS part
         WHERE channel_id IS NOT NULL GROUP BY channel_id",
    );
    let mut waiting: HashMap<i64, i64> = HashMap::new();
    for row in service.db.fetch_all(accepted.bind(COUNT_LIMIT)).await? {
        waiting.insert(row.get("channel_id")?, row.get("n")?);
    }
    let running = service.engine.calls_by_channel();
    let snapshot = features::snapshot(service);
    let mut loads: Vec<_> = snapshot
        .channels
        .values()
        .map(|row| ChannelLoad {
            id: row.id,
            name: row.channel.name.clone(),
            platform: row.channel.platform.clone(),
            enabled: row.channel.enabled,
            working: service.engine.channel_health(row).disabled_automatically_at.is_none(),
            running: running.get(&row.id).copied().unwrap_or(0),
            max_parallel: row.channel.max_parallel,
            waiting_upstream: waiting.get(&row.id).copied().unwrap_or(0),
        })
        .collect();
    loads.sort_by(|a, b| (&a.platform, &a.name).cmp(&(&b.platform, &b.name)));
    Ok(loads)
}

async fn nodes(service: &Service) -> Result<Vec<NodeLoad>, DbError> {
    let leases = query(
        "SELECT node, CAST(COUNT(*) AS BIGINT) AS n, MIN(lease_until) AS lease_until
         FROM (SELECT node, lease_until FROM queue WHERE state >= 3 LIMIT $1) AS part GROUP BY node ORDER BY node",
    );
    let rows = service.db.fetch_all(leases.bind(COUNT_LIMIT)).await?;
    let load = |row: &crate::db::Row| {
        let node = row.get::<Option<String>>("node")?.unwrap_or_default();
        let answering = node == service.engine.node();
        Ok(NodeLoad { node, answering, leases: row.get("n")?, lease_until: Timestamp(row.get("lease_until")?) })
    };
    rows.iter().map(load).collect()
}

async fn size(service: &Service) -> Result<DatabaseSize> {
    let (engine, parts) = match service.db.engine() {
        Engine::Sqlite => ("sqlite", files(service).await),
        Engine::Postgres => {
            let size = query("SELECT current_database()::text AS name, pg_database_size(current_database()) AS bytes");
            let row = service.db.fetch_one(size).await?;
            ("postgres", vec![DatabasePart { name: row.get("name")?, bytes: row.get("bytes")? }])
        }
    };
    Ok(DatabaseSize { engine: engine.to_owned(), bytes: parts.iter().map(|part| part.bytes).sum(), parts })
}

/// The database's files and those of its kind beside it, such as the request log's.
async fn files(service: &Service) -> Vec<DatabasePart> {
    let Some(path) = service.config.sqlite_path() else { return Vec::new() };
    let work = move || {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(std::path::Path::new(".")).to_owned();
        let mut parts: Vec<DatabasePart> = Vec::new();
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let ours = [".db", ".db-wal", ".sqlite", ".sqlite-wal"].iter().any(|end| name.ends_with(end));
            if let (true, Ok(metadata)) = (ours, entry.metadata()) {
                parts.push(DatabasePart { name, bytes: i64::try_from(metadata.len()).unwrap_or(i64::MAX) });
            }
        }
        parts.sort_by(|a, b| a.name.cmp(&b.name));
        parts
    };
    // A folder that cannot be read has no sizes to show.
    tokio::task::spawn_blocking(work).await.unwrap_or_default()
}
