//! Databases of the bench: made, copied, taken away.

use crate::Outcome;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::path::PathBuf;

/// Where databases are made.
pub enum Store {
    /// Files in a folder.
    Sqlite {
        /// The folder.
        folder: PathBuf,
    },
    /// Databases of a server.
    Postgres {
        /// The address of a database on it from which others can be made.
        server: String,
    },
}

impl Store {
    /// The name for people.
    pub fn name(&self) -> &'static str {
        match self {
            Store::Sqlite { .. } => "SQLite",
            Store::Postgres { .. } => "PostgreSQL",
        }
    }

    /// Whether it is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        matches!(self, Store::Postgres { .. })
    }

    /// The address of a database, as the server takes it.
    pub fn url(&self, database: &str) -> String {
        match self {
            Store::Sqlite { folder } => format!("sqlite:{}", folder.join(format!("{database}.db")).display()),
            Store::Postgres { server } => {
                let base = server.rsplit_once('/').map_or(server.as_str(), |(base, _)| base);
                format!("{base}/bench_{database}")
            }
        }
    }

    /// A new empty database, in place of an older one of that name.
    pub async fn make(&self, database: &str) -> Outcome {
        self.remove(database).await?;
        match self {
            Store::Sqlite { folder } => std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display())),
            Store::Postgres { .. } => self.administer(&[format!("CREATE DATABASE bench_{database}")]).await,
        }
    }

    /// A copy of a database that nobody has open.
    pub async fn copy(&self, from: &str, to: &str) -> Outcome {
        self.remove(to).await?;
        match self {
            Store::Sqlite { folder } => {
                for ending in ["db", "db-wal"] {
                    let source = folder.join(format!("{from}.{ending}"));
                    if source.exists() {
                        std::fs::copy(&source, folder.join(format!("{to}.{ending}")))
                            .map_err(|error| format!("{}: {error}", source.display()))?;
                    }
                }
                Ok(())
            }
            // Without the checkpoint, what is measured next would pay for the copy.
            Store::Postgres { .. } => {
                self.administer(&[format!("CREATE DATABASE bench_{to} TEMPLATE bench_{from}"), "CHECKPOINT".to_owned()]).await
            }
        }
    }

    /// Takes a database away, if it is there.
    pub async fn remove(&self, database: &str) -> Outcome {
        match self {
            Store::Sqlite { folder } => {
                for ending in ["db", "db-wal", "db-shm", "db.lock"] {
                    let _ = std::fs::remove_file(folder.join(format!("{database}.{ending}")));
                }
                Ok(())
            }
            Store::Postgres { .. } => self.administer(&[format!("DROP DATABASE IF EXISTS bench_{database} WITH (FORCE)")]).await,
        }
    }

    /// Brings a database into the state in which it would be after a while: statistics, no dead rows, nothing left to write back.
    pub async fn settle(&self, database: &str) -> Outcome {
        match self {
            Store::Sqlite { .. } => Ok(()),
            Store::Postgres { .. } => {
                let mut connection = self.connect(database).await?;
                run(&mut connection, &["VACUUM ANALYZE".to_owned(), "CHECKPOINT".to_owned()]).await
            }
        }
    }

    /// A connection to a database of a PostgreSQL server.
    pub async fn connect(&self, database: &str) -> Outcome<PgConnection> {
        PgConnection::connect(&self.url(database)).await.map_err(|error| format!("{}: {error}", self.url(database)))
    }

    async fn administer(&self, statements: &[String]) -> Outcome {
        let Store::Postgres { server } = self else { return Ok(()) };
        let mut connection = PgConnection::connect(server).await.map_err(|error| format!("{server}: {error}"))?;
        run(&mut connection, statements).await
    }
}

async fn run(connection: &mut PgConnection, statements: &[String]) -> Outcome {
    for statement in statements {
        sqlx::raw_sql(AssertSqlSafe(statement.clone())).execute(&mut *connection).await.map_err(|error| format!("{statement}: {error}"))?;
    }
    Ok(())
}
