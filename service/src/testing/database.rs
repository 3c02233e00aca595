//! A database that lives as long as a test.

use super::Engine;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::path::PathBuf;

/// A folder, and on PostgreSQL a database, removed when it is dropped.
pub(super) struct Scratch {
    folder: PathBuf,
    postgres: Option<(String, String)>,
}

impl Scratch {
    pub async fn new(engine: Engine) -> Self {
        let name = format!("test_{}", crate::tasks::random_id().to_lowercase());
        let folder = std::env::temp_dir().join(format!("apirequestweb-{name}"));
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        let postgres = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => {
                let server = server();
                let mut admin = PgConnection::connect(&server).await.expect("PostgreSQL answers at TEST_POSTGRES_URL");
                sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut admin).await.expect("a database of its own");
                Some((server, name))
            }
        };
        Scratch { folder, postgres }
    }

    pub fn url(&self) -> String {
        match &self.postgres {
            None => format!("sqlite:{}", self.folder.join("test.db").display()),
            Some((server, name)) => {
                let (base, options) = server.split_once('?').map_or((server.as_str(), ""), |(base, options)| (base, options));
                let base = base.rsplit_once('/').map_or(base, |(base, _)| base);
                format!("{base}/{name}?{options}").trim_end_matches('?').to_owned()
            }
        }
    }

    pub fn folder(&self) -> PathBuf {
        self.folder.clone()
    }
}

/// The server that tests may make databases on.
fn server() -> String {
    std::env::var("TEST_POSTGRES_URL")
        .expect("TEST_POSTGRES_URL is not set: run `make test`, or `scripts/postgres start` and export what it prints")
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
        let Some((server, name)) = self.postgres.take() else { return };
        // Dropping is not async, and the test's runtime may be ending: a thread of its own does it.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let mut admin = PgConnection::connect(&server).await.map_err(std::io::Error::other)?;
                let text = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                sqlx::query(AssertSqlSafe(text)).execute(&mut admin).await.map_err(std::io::Error::other)
            })
        });
        let _ = dropped.join();
    }
}
