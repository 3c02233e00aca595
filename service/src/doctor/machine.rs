//! The database program, the schema, the disk, the clock, and whether what is stored can be read.

use super::Check;
use crate::clock::Clock;
use crate::db::{DbError, Engine, Sql, query};
use crate::features;
use crate::service::Service;
use model::Result;
use std::path::Path;

/// Free space of the data folder below which `doctor` warns.
const LEAST_FREE_BYTES: u64 = 64 << 20;
/// How far our clock may be from the database's, and behind the newest row.
const MOST_CLOCK_MS: i64 = 60_000;

/// All of these checks.
pub(super) async fn checks(service: &Service) -> Result<Vec<Check>> {
    let mut checks = vec![database(service).await?, schema(service).await?];
    checks.extend(integrity(service).await?);
    checks.push(disk(&service.config.data_dir));
    checks.push(clock(service).await?);
    checks.push(catalog(service).await?);
    checks.push(calls(service).await?);
    Ok(checks)
}

/// Open holds of calls belong to calls under way; the duty that gives back abandoned ones looks every minute.
async fn calls(service: &Service) -> Result<Check, DbError> {
    let before = service.clock.now().0 - crate::custom_apis::ABANDONED_MS - 5 * 60_000;
    let abandoned = query(
        "SELECT CAST(COUNT(*) AS BIGINT) AS n, MIN(reference) AS first FROM holds
         WHERE settled_at IS NULL AND reference >= 'call:' AND reference < 'call;' AND created_at < $1",
    );
    let row = service.db.fetch_one(abandoned.bind(before)).await?;
    let (count, first): (i64, Option<String>) = (row.get("n")?, row.get("first")?);
    let detail = first.map_or_else(|| "none is left over".to_owned(), |first| format!("{count} are left over, the first: {first}"));
    Ok(Check::new("every open hold of a call is young", count == 0, detail))
}

async fn database(service: &Service) -> Result<Check, DbError> {
    let version = query(Sql::per_engine("SELECT 'SQLite ' || sqlite_version() AS version", "SELECT version() AS version"));
    let version: String = service.db.fetch_one(version).await?.get("version")?;
    Ok(Check::new("the database answers", true, version.split(" on ").next().unwrap_or_default()))
}

async fn schema(service: &Service) -> Result<Check, DbError> {
    let state = query(
        "SELECT CAST(COALESCE(MAX(version), 0) AS BIGINT) AS newest, CAST(COALESCE(SUM(CASE WHEN success THEN 0 ELSE 1 END), 0) AS BIGINT) AS broken
         FROM _sqlx_migrations",
    );
    let state = service.db.fetch_one(state).await?;
    let (newest, broken): (i64, i64) = (state.get("newest")?, state.get("broken")?);
    // Opening the database brought it to this program's version or failed; what can be wrong is a step that ended half-way.
    let detail = if broken == 0 { format!("version {newest}, complete") } else { format!("{broken} steps did not complete") };
    Ok(Check::new("the schema is complete", broken == 0, detail))
}

/// SQLite's own check of its file. PostgreSQL has none that is safe to run beside a server without an extension.
async fn integrity(service: &Service) -> Result<Vec<Check>, DbError> {
    if service.db.engine() != Engine::Sqlite {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for row in service.db.fetch_all(query("PRAGMA quick_check(5)")).await? {
        found.push(row.get::<String>(0)?);
    }
    let sound = found == ["ok"];
    let orphans = service.db.fetch_all(query("PRAGMA foreign_key_check")).await?.len();
    Ok(vec![
        Check::new("the database file is sound", sound, found.join("; ")),
        Check::new("references between tables hold", orphans == 0, format!("{orphans} rows refer to nothing")),
    ])
}

fn disk(folder: &Path) -> Check {
    const NAME: &str = "the disk has space";
    match rustix::fs::statvfs(folder) {
        Ok(stat) => {
            let free = stat.f_bavail.saturating_mul(stat.f_frsize);
            Check::new(NAME, free >= LEAST_FREE_BYTES, format!("{} MiB free in {}", free >> 20, folder.display()))
        }
        Err(error) => Check::new(NAME, false, format!("{} cannot be looked at: {error}", folder.display())),
    }
}

async fn clock(service: &Service) -> Result<Check, DbError> {
    const NAME: &str = "the clock is right";
    let newest = query(
        "SELECT CAST(COALESCE(MAX(at), 0) AS BIGINT) AS at FROM (SELECT MAX(created_at) AS at FROM users
         UNION ALL SELECT created_at FROM ledger_entries WHERE id = (SELECT MAX(id) FROM ledger_entries)
         UNION ALL SELECT created_at FROM tasks WHERE id = (SELECT MAX(id) FROM tasks)) AS newest",
    );
    let ahead = service.db.fetch_one(newest).await?.get::<i64>("at")? - service.clock.now().0;
    if ahead > MOST_CLOCK_MS {
        return Ok(Check::new(NAME, false, format!("the newest row is {} s ahead of this clock", ahead / 1000)));
    }
    if service.db.engine() == Engine::Postgres {
        let theirs = query("SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS now");
        let apart = (service.db.fetch_one(theirs).await?.get::<i64>("now")? - Clock::system().now().0).abs();
        return Ok(Check::new(NAME, apart <= MOST_CLOCK_MS, format!("{apart} ms from the database's clock")));
    }
    Ok(Check::new(NAME, true, "no row is ahead of it"))
}

async fn catalog(service: &Service) -> Result<Check> {
    let unreadable = features::unreadable(service).await?;
    let detail = if unreadable.is_empty() {
        "every definition can be read".to_owned()
    } else {
        format!("cannot be read: {}", unreadable.join(", "))
    };
    Ok(Check::new("the catalog can be read", unreadable.is_empty(), detail))
}
