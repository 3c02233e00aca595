//! Copies of the whole database while the server runs, and putting one back while it does not.

mod files;
mod postgres;
mod sqlite;
#[cfg(test)]
mod tests;

use crate::clock::Clock;
use crate::config::{Config, lock_data_dir};
use crate::db::Engine;
use crate::doctor::Check;
use crate::service::Service;
use model::{Error, ErrorCode, Result};
use std::path::Path;

/// What putting a backup back did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Where the database that was there before is now: a file, or a schema of the same PostgreSQL database. `None` if there was none.
    pub kept: Option<String>,
    /// The invariants of the restored database.
    pub checks: Vec<Check>,
}

/// Writes a backup beside the running server: an SQLite database file, or an archive of `pg_dump`. Its size in bytes.
///
/// An existing file is never overwritten, and the name appears only when the copy is complete and on disk.
///
/// Errors: `conflict` with a sentence for people.
pub async fn backup(service: &Service, to: &Path) -> Result<u64> {
    if to.exists() {
        return Err(refused(format!("{} exists already. Choose another name: a backup never overwrites.", to.display())));
    }
    let partial = files::Partial::beside(to)?;
    match service.db.engine() {
        Engine::Sqlite => sqlite::backup(service, partial.path()).await?,
        Engine::Postgres => postgres::backup(&service.config.database_url(), partial.path()).await?,
    }
    let size = partial.publish(to).await?;
    tracing::info!(to = %to.display(), size, "backup written");
    Ok(size)
}

/// Puts a backup back. The server must not run; the present database is kept under another name.
///
/// Nothing is touched unless the backup is whole. The invariants of what was restored are in the answer, also when some do not hold.
///
/// Errors: `conflict` with a sentence for people.
pub async fn restore(config: &Config, from: &Path) -> Result<Restored> {
    let _lock = lock_data_dir(config).map_err(refused)?;
    if !from.is_file() {
        return Err(refused(format!("{} is not a file.", from.display())));
    }
    let stamp: String =
        Clock::system().now().rfc3339().chars().filter(char::is_ascii_alphanumeric).take(15).collect::<String>().to_lowercase();
    let restored = match config.sqlite_path() {
        Some(database) => sqlite::restore(&database, config.sqlite_logs_path().as_deref(), from, &stamp).await?,
        None => postgres::restore(&config.database_url(), from, &stamp).await?,
    };
    tracing::info!(from = %from.display(), kept = restored.kept, "backup restored");
    Ok(restored)
}

/// An error whose sentence an operator can act on.
fn refused(sentence: impl Into<String>) -> Error {
    Error::new(ErrorCode::Conflict, sentence)
}
