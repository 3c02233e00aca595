//! SQLite: `VACUUM INTO` for the copy, links and renames for putting it back.

use super::files::{Partial, sync_folder, with_suffix};
use super::{Restored, refused};
use crate::db::{Db, query};
use crate::doctor;
use crate::service::Service;
use model::Result;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use std::io::{self, Read};
use std::path::Path;
use std::time::Duration;

/// What every SQLite database begins with.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// Copies the database into an empty file. Readers and writers go on meanwhile.
pub(super) async fn backup(service: &Service, to: &Path) -> Result<()> {
    let text = to.to_str().ok_or_else(|| refused("The name of the backup must be Unicode."))?;
    let database = service.config.sqlite_path().ok_or_else(|| refused("The database is not SQLite."))?;
    let failed = |error: sqlx::Error| refused(format!("The database cannot be copied: {error}."));
    // A connection of its own: the facade's readers refuse to write even into another file, and its one writer must not wait for this.
    let options = SqliteConnectOptions::new().filename(database).busy_timeout(Duration::from_secs(5));
    let mut connection: SqliteConnection = options.connect().await.map_err(failed)?;
    let copied = sqlx::query("VACUUM INTO $1").bind(text).execute(&mut connection).await.map_err(failed);
    let _ = connection.close().await;
    copied.map(|_| ())
}

/// Puts a copy in the place of a database.
pub(super) async fn restore(database: &Path, logs: Option<&Path>, from: &Path, stamp: &str) -> Result<Restored> {
    let partial = Partial::beside(database)?;
    let copy = partial.path().to_owned();
    let (source, target) = (from.to_owned(), copy.clone());
    let work = move || {
        let mut magic = [0; 16];
        std::fs::File::open(&source)?.read_exact(&mut magic)?;
        if &magic != MAGIC {
            return Err(io::Error::other("it is not an SQLite database"));
        }
        std::fs::copy(&source, &target)
    };
    let copied = tokio::task::spawn_blocking(work).await.map_err(io::Error::other).and_then(|size| size);
    copied.map_err(|error| refused(format!("{} cannot be read: {error}.", from.display())))?;
    require_ours(&copy, from).await?;

    // Opening it brings an older backup to this program's schema; closing it leaves one file without a log beside it.
    let opened = Db::connect(&format!("sqlite:{}", copy.display())).await;
    let db = opened.map_err(|error| refused(format!("{} cannot be opened: {error}.", from.display())))?;
    let sound = db.fetch_one(query("PRAGMA integrity_check(1)")).await.and_then(|row| row.get::<String>(0));
    let checks = doctor::invariants(&db).await;
    db.close().await;
    match sound {
        Ok(word) if word == "ok" => {}
        Ok(word) => return Err(refused(format!("{} is damaged: {word}.", from.display()))),
        Err(error) => return Err(refused(format!("{} is damaged: {error}.", from.display()))),
    }
    let checks = checks?;
    let kept = swap(&copy, database, stamp).map_err(|error| refused(format!("{} cannot be replaced: {error}.", database.display())))?;
    if let Some(logs) = logs {
        put_aside(logs, stamp).map_err(|error| refused(format!("{} cannot be put aside: {error}.", logs.display())))?;
    }
    Ok(Restored { kept, checks })
}

/// Refuses a database that is not one of this program, before anything could be changed in it.
async fn require_ours(copy: &Path, from: &Path) -> Result<()> {
    let not_ours = |error: String| refused(format!("{} is not a backup of this program: {error}.", from.display()));
    let options = SqliteConnectOptions::new().filename(copy).read_only(true);
    let mut connection: SqliteConnection = options.connect().await.map_err(|error| not_ours(error.to_string()))?;
    let found =
        sqlx::query_scalar::<_, i64>("SELECT COUNT(*) FROM sqlite_master WHERE name IN ('_sqlx_migrations', 'ledger_entries', 'queue')");
    let found = found.fetch_one(&mut connection).await;
    let _ = connection.close().await;
    match found {
        Ok(3) => Ok(()),
        Ok(_) => Err(not_ours("its tables are missing".to_owned())),
        Err(error) => Err(not_ours(error.to_string())),
    }
}

/// Gives the request logs another name: no backup holds them, and their numbers of users may mean others in the restored database.
fn put_aside(logs: &Path, stamp: &str) -> io::Result<()> {
    let kept = with_suffix(logs, &format!(".before-{stamp}"));
    for suffix in ["", "-wal", "-shm"] {
        let file = with_suffix(logs, suffix);
        if file.exists() {
            std::fs::rename(&file, with_suffix(&kept, suffix))?;
        }
    }
    sync_folder(logs)
}

/// Keeps the present database under another name and gives its name to the copy.
fn swap(copy: &Path, database: &Path, stamp: &str) -> io::Result<Option<String>> {
    std::fs::File::open(copy)?.sync_all()?;
    let kept = with_suffix(database, &format!(".before-{stamp}"));
    let had_one = database.exists();
    if had_one {
        // The old database keeps its name until the copy takes it, so that there is one at every moment.
        std::fs::hard_link(database, &kept)?;
    }
    // A log left behind would be played into the copy.
    for suffix in ["-wal", "-shm"] {
        let log = with_suffix(database, suffix);
        if log.exists() {
            std::fs::rename(&log, with_suffix(&kept, suffix))?;
        }
    }
    std::fs::rename(copy, database)?;
    sync_folder(database)?;
    Ok(had_one.then(|| kept.display().to_string()))
}
