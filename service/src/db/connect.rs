//! Opening a database and bringing its schema up to date.

use super::sqlite_writer::SqliteWriter;
use super::{DbError, Pools};
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::str::FromStr;
use std::sync::LazyLock;
use std::time::Duration;

static SQLITE: Migrator = sqlx::migrate!("./migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("./migrations/postgres");
/// The steps of the request logs, which are a database of their own on SQLite and tables beside the others on PostgreSQL.
static LOGS_SQLITE: Migrator = sqlx::migrate!("./migrations/logs/sqlite");
static LOGS_POSTGRES: LazyLock<Migrator> =
    LazyLock::new(|| Migrator { table_name: "_sqlx_migrations_logs".into(), ..sqlx::migrate!("./migrations/logs/postgres") });

/// Oldest SQLite without the WAL-reset corruption defect (sqlite.org/wal.html, 3.51.3).
const SQLITE_FLOOR: (u32, u32, u32) = (3, 51, 3);
/// Connections for reading on SQLite: page views and lists, beside the one writer.
const SQLITE_READERS: u32 = 4;
/// Connections on PostgreSQL.
const POSTGRES_CONNECTIONS: u32 = 16;
/// Connections for the request logs on PostgreSQL.
const POSTGRES_LOG_CONNECTIONS: u32 = 4;

/// What a database holds, which decides how careful it has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// Everything that must not be lost: what is committed is on disk.
    Everything,
    /// Request logs: the last moment of them may be lost with the machine, and they wait for no disk.
    RequestLogs,
}

pub(super) async fn open(url: &str, holds: Holds) -> Result<Pools, DbError> {
    if let Some(path) = url.strip_prefix("sqlite:") {
        return open_sqlite(path.trim_start_matches("//"), holds).await;
    }
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return open_postgres(url, holds).await;
    }
    Err(DbError::Unusable("The database must be `sqlite:<path>` or `postgres://…`.".to_owned()))
}

async fn open_sqlite(path: &str, holds: Holds) -> Result<Pools, DbError> {
    let synchronous = if holds == Holds::Everything { SqliteSynchronous::Full } else { SqliteSynchronous::Normal };
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .statement_cache_capacity(256)
        .pragma("wal_autocheckpoint", "4000")
        .pragma("mmap_size", "268435456")
        // Pages of request logs are hardly read twice.
        .pragma("cache_size", if holds == Holds::Everything { "-65536" } else { "-8192" })
        .pragma("temp_store", "MEMORY");
    let write = SqliteWriter::open(options.clone().create_if_missing(true)).await?;
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(write.lend().await?.connection()?).await?;
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    let found = (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if found < SQLITE_FLOOR {
        return Err(DbError::Unusable(format!("SQLite {version} can corrupt its write-ahead log; 3.51.3 or newer is needed.")));
    }
    let read = SqlitePoolOptions::new()
        .max_connections(SQLITE_READERS)
        .acquire_timeout(Duration::from_secs(10))
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(options.pragma("query_only", "ON"))
        .await?;
    Ok(Pools::Sqlite { write, read })
}

async fn open_postgres(url: &str, holds: Holds) -> Result<Pools, DbError> {
    let connections = if holds == Holds::Everything { POSTGRES_CONNECTIONS } else { POSTGRES_LOG_CONNECTIONS };
    let mut options = PgConnectOptions::from_str(url)?
        .application_name("apirequestweb")
        .statement_cache_capacity(256)
        // A plan made for one batch serves the next: planning would cost more than running.
        .options([("plan_cache_mode", "force_generic_plan"), ("lock_timeout", "10000"), ("statement_timeout", "30000")])
        // Such a plan is kept until the next ANALYZE, so one that was made while a table was empty must still be right when it is full: every
        // row by an index. Without this the first minute of a new installation reads whole tables for each batch. A bitmap of an index has no
        // order: pages of long lists would be sorted whole for their first twenty rows.
        .options([("enable_seqscan", "off"), ("enable_hashjoin", "off"), ("enable_mergejoin", "off"), ("enable_bitmapscan", "off")])
        // What is switched off is only priced higher, which makes plans look worth compiling.
        .options([("jit", "off")]);
    if holds == Holds::RequestLogs {
        options = options.options([("synchronous_commit", "off")]);
    }
    let pool = PgPoolOptions::new()
        .max_connections(connections)
        .min_connections(if holds == Holds::Everything { 2 } else { 0 })
        .acquire_timeout(Duration::from_secs(10))
        .test_before_acquire(false)
        .connect_with(options)
        .await?;
    Ok(Pools::Postgres(pool))
}

pub(super) async fn migrate(pools: &Pools, holds: Holds) -> Result<(), DbError> {
    let done = match (pools, holds) {
        (Pools::Sqlite { write, .. }, Holds::Everything) => SQLITE.run(write.lend().await?.connection()?).await,
        (Pools::Sqlite { write, .. }, Holds::RequestLogs) => LOGS_SQLITE.run(write.lend().await?.connection()?).await,
        (Pools::Postgres(pool), Holds::Everything) => POSTGRES.run(pool).await,
        (Pools::Postgres(pool), Holds::RequestLogs) => LOGS_POSTGRES.run(pool).await,
    };
    done.map_err(|error| match error {
        sqlx::migrate::MigrateError::Execute(error) => error.into(),
        other => DbError::Unusable(format!("The schema could not be brought up to date: {other}")),
    })
}
