//! How often the disk is asked to make something durable, and how much is written ahead: counted from outside the product.

use super::load;
use super::product::{FAST, Product, TEMPLATE};
use super::store::Store;
use crate::Outcome;
use sqlx::Row;
use std::os::unix::fs::PermissionsExt;

/// Whether `strace` can be run.
pub fn can_trace() -> bool {
    std::process::Command::new("strace").arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Calls of fsync and fdatasync that the server makes while so many tasks are submitted and run, and its commits by its own count.
///
/// The server runs under `strace`, which stops it only at these calls.
pub async fn traced(product: &Product<'_>, tasks: usize) -> Outcome<(f64, f64)> {
    let (wrapper, counts) = (product.folder.join("traced.sh"), product.folder.join("traced.counts"));
    let script = format!(
        "#!/bin/sh\nexec strace -D -f --seccomp-bpf -c -o '{}' -e trace=fsync,fdatasync '{}' \"$@\"\n",
        counts.display(),
        product.binary.display()
    );
    let _ = std::fs::remove_file(&counts);
    std::fs::write(&wrapper, script).map_err(|error| format!("{}: {error}", wrapper.display()))?;
    std::fs::set_permissions(&wrapper, std::fs::Permissions::from_mode(0o755)).map_err(|error| error.to_string())?;
    product.store.copy(TEMPLATE, "traced").await?;
    let mut node = product.wrapped(&wrapper, "traced", "", product.upstream)?;
    node.start().await?;
    let clients = product.clients(&node);
    let submitted = load::submit(&clients, FAST, tasks).await?;
    load::ended(&clients, &submitted.tasks, "succeeded").await?;
    let commits = clients[0].counter("apirequestweb_commits_total").await?;
    node.stop().await?;
    product.store.remove("traced").await?;
    // The tracer writes when the traced process is gone; it is not our child.
    for _ in 0..100 {
        if let Ok(text) = std::fs::read_to_string(&counts)
            && let Some(total) = text.lines().find(|line| line.trim_end().ends_with("total"))
        {
            // "% time, seconds, usecs/call, calls, errors?, syscall"
            let calls = total.split_whitespace().nth(3).and_then(|calls| calls.parse().ok());
            return Ok((calls.ok_or_else(|| format!("strace's table has no total: {total}"))?, commits));
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    Err("strace wrote no table".to_owned())
}

/// Where a PostgreSQL server's write-ahead log is.
pub struct Wal {
    /// The position.
    pub position: String,
    /// Times that it was made durable, since the server's start.
    pub syncs: i64,
}

/// What was written ahead between two positions.
pub struct Written {
    /// Bytes in all.
    pub bytes: f64,
    /// Bytes about the queue's table and its indexes, without images of whole pages.
    pub queue_bytes: f64,
    /// Times that it was made durable.
    pub syncs: f64,
}

/// The present position.
pub async fn wal(store: &Store, database: &str) -> Outcome<Wal> {
    let mut connection = store.connect(database).await?;
    let row =
        sqlx::query("SELECT pg_current_wal_flush_lsn()::text AS position, wal_sync FROM pg_stat_wal").fetch_one(&mut connection).await;
    let row = row.map_err(|error| error.to_string())?;
    Ok(Wal { position: row.get("position"), syncs: row.get("wal_sync") })
}

const QUEUE_BYTES: &str = "SELECT coalesce(sum(record_length - fpi_length), 0)::float8 AS bytes FROM pg_get_wal_records_info($1::pg_lsn, $2::pg_lsn)
    WHERE block_ref ~ (
        SELECT 'rel [0-9]+/' || (SELECT oid FROM pg_database WHERE datname = current_database()) || '/(' || string_agg(pg_relation_filenode(c.oid)::text, '|') || ') '
        FROM pg_class c WHERE c.oid = 'queue'::regclass OR c.oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = 'queue'::regclass)
    )";

/// What was written since a position, on a server that nobody else uses. The product's node must have ended: its last counts are told then.
pub async fn written(store: &Store, database: &str, since: &Wal) -> Outcome<Written> {
    let now = wal(store, database).await?;
    let mut connection = store.connect(database).await?;
    let difference = "SELECT pg_wal_lsn_diff($1::pg_lsn, $2::pg_lsn)::float8";
    let bytes = sqlx::query_scalar(difference).bind(&now.position).bind(&since.position).fetch_one(&mut connection).await;
    sqlx::query("CREATE EXTENSION IF NOT EXISTS pg_walinspect")
        .execute(&mut connection)
        .await
        .map_err(|error| format!("pg_walinspect: {error}"))?;
    let queue = sqlx::query_scalar(QUEUE_BYTES).bind(&since.position).bind(&now.position).fetch_one(&mut connection).await;
    Ok(Written {
        bytes: bytes.map_err(|error| error.to_string())?,
        queue_bytes: queue.map_err(|error| error.to_string())?,
        syncs: (now.syncs - since.syncs) as f64,
    })
}
