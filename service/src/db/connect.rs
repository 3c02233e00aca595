//! Opening a database and bringing its schema up to date.

use super::{DbError, Pools};
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::str::FromStr;
use std::time::Duration;

static SQLITE: Migrator = sqlx::migrate!("./migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("./migrations/postgres");

/// Oldest SQLite without the WAL-reset corruption defect (sqlite.org/wal.html, 3.51.3).
const SQLITE_FLOOR: (u32, u32, u32) = (3, 51, 3);
/// Connections for reading on SQLite: page views and lists, beside the one writer.
const SQLITE_READERS: u32 = 4;
/// Connections on PostgreSQL.
const POSTGRES_CONNECTIONS: u32 = 16;

pub(super) async fn open(url: &str) -> Result<Pools, DbError> {
    if let Some(path) = url.strip_prefix("sqlite:") {
        return open_sqlite(path.trim_start_matches("//")).await;
    }
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return open_postgres(url).await;
    }
    Err(DbError::Unusable("The database must be `sqlite:<path>` or `postgres://…`.".to_owned()))
}

async fn open_sqlite(path: &str) -> Result<Pools, DbError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .statement_cache_capacity(256)
        .pragma("wal_autocheckpoint", "4000")
        .pragma("mmap_size", "268435456")
        .pragma("cache_size", "-65536")
        .pragma("temp_store", "MEMORY");
    let write = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(10))
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(options.clone().create_if_missing(true))
        .await?;
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&write).await?;
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

async fn open_postgres(url: &str) -> Result<Pools, DbError> {
    let options = PgConnectOptions::from_str(url)?
        .application_name("apirequestweb")
        .statement_cache_capacity(256)
        // A plan made for one batch serves the next: planning would cost more than running.
        .options([("plan_cache_mode", "force_generic_plan"), ("lock_timeout", "10000"), ("statement_timeout", "30000")])
        // Such a plan is kept until the next ANALYZE, so one that was made while a table was empty must still be right when it is full: every
        // row by an index. Without this the first minute of a new installation reads whole tables for each batch.
        .options([("enable_seqscan", "off"), ("enable_hashjoin", "off"), ("enable_mergejoin", "off")]);
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .min_connections(2)
        .acquire_timeout(Duration::from_secs(10))
        .test_before_acquire(false)
        .connect_with(options)
        .await?;
    Ok(Pools::Postgres(pool))
}

pub(super) async fn migrate(pools: &Pools) -> Result<(), DbError> {
    let done = match pools {
        Pools::Sqlite { write, .. } => SQLITE.run(write).await,
        Pools::Postgres(pool) => POSTGRES.run(pool).await,
    };
    done.map_err(|error| match error {
        sqlx::migrate::MigrateError::Execute(error) => error.into(),
        other => DbError::Unusable(format!("The schema could not be brought up to date: {other}")),
    })
}
