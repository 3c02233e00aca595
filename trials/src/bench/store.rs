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

    /// The name of the database in which a database's request logs are: on SQLite a file of its own, see the service's configuration.
    pub fn logs(&self, database: &str) -> String {
        match self {
            Store::Sqlite { .. } => format!("{database}-logs"),
            Store::Postgres { .. } => database.to_owned(),
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
                for ending in [".db", ".db-wal", "-logs.db", "-logs.db-wal"] {
                    let source = folder.join(format!("{from}{ending}"));
                    if source.exists() {
                        std::fs::copy(&source, folder.join(format!("{to}{ending}")))
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
                for ending in [".db", ".db-wal", ".db-shm", ".db.lock", "-logs.db", "-logs.db-wal", "-logs.db-shm"] {
                    let _ = std::fs::remove_file(folder.join(format!("{database}{ending}")));
                }
                Ok(())
            }
            Store::Postgres { .. } => self.administer(&[format!("DROP DATABASE IF EXISTS bench_{database} WITH (FORCE)")]).await,
        }
    }

    /// Runs statements that write very much into a database that has the product's schema and that nobody has open. It is of no use if this fails.
    pub async fn fill(&self, database: &str, statements: Vec<String>) -> Outcome {
        match self {
            Store::Sqlite { folder } => {
                let path = folder.join(format!("{database}.db"));
                let fill = move || {
                    let db = rusqlite::Connection::open(path)?;
                    // Without a journal nothing is written twice; one transaction with a large cache writes most pages once.
                    db.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1048576; BEGIN")?;
                    db.execute_batch(&statements.join(";"))?;
                    db.execute_batch("COMMIT; PRAGMA journal_mode = WAL")
                };
                tokio::task::spawn_blocking(fill).await.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
            }
            Store::Postgres { .. } => {
                run(&mut self.connect(database).await?, &statements).await?;
                self.settle(database).await
            }
        }
    }

    /// Bytes that a database takes on disk, its request logs included.
    pub async fn bytes(&self, database: &str) -> Outcome<f64> {
        match self {
            Store::Sqlite { folder } => {
                let size = |ending: &str| std::fs::metadata(folder.join(format!("{database}{ending}"))).map_or(0, |file| file.len());
                Ok((size(".db") + size("-logs.db")) as f64)
            }
            Store::Postgres { .. } => {
                let size = sqlx::query_scalar("SELECT pg_database_size(current_database())::float8");
                size.fetch_one(&mut self.connect(database).await?).await.map_err(|error| error.to_string())
            }
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
