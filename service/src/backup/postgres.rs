//! PostgreSQL: `pg_dump` and `pg_restore` of the server's own packages.

use super::{Restored, refused};
use crate::db::Db;
use crate::doctor;
use model::Result;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::process::Command;
use url::Url;

/// What every archive of `pg_dump --format=custom` begins with.
const MAGIC: &[u8; 5] = b"PGDMP";
/// Parameters of an address that `pg_dump` knows; those of our driver would be refused.
const PARAMETERS: [&str; 9] = ["sslmode", "sslrootcert", "sslcert", "sslkey", "host", "hostaddr", "port", "user", "options"];

/// Writes the archive.
pub(super) async fn backup(url: &str, to: &Path) -> Result<()> {
    let mut connection = connect(url).await?;
    let schema = schema(&mut connection).await?;
    let _ = connection.close().await;
    // The tables of our schema, and nothing that an earlier restore has kept beside it.
    let mut command = command("pg_dump", url)?;
    command.args(["--format=custom", "--no-owner", "--no-privileges"]).arg(format!("--schema={schema}")).arg("--file").arg(to);
    run(command, "pg_dump").await
}

/// Restores the archive into the schema, after giving what is there another name.
pub(super) async fn restore(url: &str, from: &Path, stamp: &str) -> Result<Restored> {
    let mut begins = [0; MAGIC.len()];
    let mut file = tokio::fs::File::open(from).await.map_err(|error| refused(format!("{} cannot be read: {error}.", from.display())))?;
    if file.read_exact(&mut begins).await.is_err() || begins != *MAGIC {
        return Err(refused(format!("{} is not an archive of pg_dump.", from.display())));
    }
    let mut connection = connect(url).await?;
    let others = others(&mut connection).await?;
    if others > 0 {
        return Err(refused(format!("{others} connections of running servers use this database. Stop every node first.")));
    }
    let schema = schema(&mut connection).await?;
    let kept = format!("{schema}_before_{stamp}");
    // The archive makes the schema itself.
    execute(&mut connection, &format!("ALTER SCHEMA \"{schema}\" RENAME TO \"{kept}\"")).await?;
    let restored = put_back(url, from).await;
    if restored.is_err() {
        let undo = format!("BEGIN; DROP SCHEMA IF EXISTS \"{schema}\" CASCADE; ALTER SCHEMA \"{kept}\" RENAME TO \"{schema}\"; COMMIT");
        execute(&mut connection, &undo).await?;
    }
    let _ = connection.close().await;
    Ok(Restored { kept: Some(format!("schema {kept}")), checks: restored? })
}

/// Connections of running servers. Those of one that has just stopped are still seen for a moment.
async fn others(connection: &mut PgConnection) -> Result<i64> {
    let mut tries = 0;
    loop {
        let others = sqlx::query_scalar::<_, i64>(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = 'apirequestweb' AND datname = current_database() AND pid <> pg_backend_pid()",
        );
        let others = others.fetch_one(&mut *connection).await.map_err(|error| refused(format!("PostgreSQL refused: {error}.")))?;
        tries += 1;
        if others == 0 || tries == 10 {
            return Ok(others);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn put_back(url: &str, from: &Path) -> Result<Vec<doctor::Check>> {
    let mut command = command("pg_restore", url)?;
    command.args(["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]).arg(from);
    run(command, "pg_restore").await?;
    // Opening it brings an older backup to this program's schema.
    let db = Db::connect(url).await.map_err(|error| refused(format!("The restored database cannot be opened: {error}.")))?;
    let checks = doctor::invariants(&db).await;
    db.close().await;
    checks
}

async fn connect(url: &str) -> Result<PgConnection> {
    let failed = |error: sqlx::Error| refused(format!("The database cannot be reached: {error}."));
    let options = PgConnectOptions::from_str(url).map_err(failed)?;
    PgConnection::connect_with(&options).await.map_err(failed)
}

async fn schema(connection: &mut PgConnection) -> Result<String> {
    let schema = sqlx::query_scalar::<_, String>("SELECT current_schema()::text").fetch_one(connection).await;
    let schema = schema.map_err(|error| refused(format!("PostgreSQL refused: {error}.")))?;
    let plain = schema.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    // The name goes into statements that take no arguments.
    if plain { Ok(schema) } else { Err(refused(format!("The schema `{schema}` has a name that cannot be backed up here."))) }
}

async fn execute(connection: &mut PgConnection, text: &str) -> Result<()> {
    let done = sqlx::raw_sql(AssertSqlSafe(text.to_owned())).execute(connection).await;
    done.map(|_| ()).map_err(|error| refused(format!("PostgreSQL refused: {error}.")))
}

/// A program with the address of the database. The password goes by the environment: arguments are seen by everybody on the machine.
fn command(name: &str, url: &str) -> Result<Command> {
    let mut url = Url::parse(url).map_err(|error| refused(format!("The address of the database cannot be read: {error}.")))?;
    let mut password = url.password().map(decode);
    let pairs: Vec<(String, String)> = url.query_pairs().map(|(key, value)| (key.into_owned(), value.into_owned())).collect();
    password = password.or_else(|| pairs.iter().find(|(key, _)| key == "password").map(|(_, value)| value.clone()));
    let known: Vec<_> = pairs.iter().filter(|(key, _)| PARAMETERS.contains(&key.as_str())).collect();
    url.set_query(None);
    if !known.is_empty() {
        // A plus sign means itself to libpq.
        let text: Vec<_> = known
            .iter()
            .map(|(key, value)| {
                format!("{key}={}", url::form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>().replace('+', "%20"))
            })
            .collect();
        url.set_query(Some(&text.join("&")));
    }
    let _ = url.set_password(None);
    let mut command = Command::new(program(name));
    command.arg("--dbname").arg(url.as_str()).kill_on_drop(true);
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    Ok(command)
}

/// The program on PATH, or the newest one where Debian keeps those of its server packages.
fn program(name: &str) -> PathBuf {
    let on_path =
        std::env::var_os("PATH").and_then(|path| std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file()));
    let packaged = || {
        let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|entry| entry.path().join("bin").join(name));
        let version = |path: &PathBuf| path.iter().rev().nth(2).and_then(|version| version.to_str()?.parse::<u32>().ok());
        versions.filter(|file| file.is_file()).max_by_key(version)
    };
    on_path.or_else(packaged).unwrap_or_else(|| name.into())
}

async fn run(mut command: Command, name: &str) -> Result<()> {
    let output = command.output().await.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            refused(format!("{name} was not found. Install the PostgreSQL client programs (Debian: postgresql-client)."))
        }
        _ => refused(format!("{name} cannot be run: {error}.")),
    })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(refused(format!("{name} failed: {}", said.lines().next().unwrap_or("it said nothing"))))
}

/// Undoes percent-encoding.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = |at: usize| tail.get(at).and_then(|digit| (*digit as char).to_digit(16));
        match (first, hex(0), hex(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
