//! One facade over two native drivers: SQLite for one process, PostgreSQL for many nodes.
//!
//! Every query has one SQL text with `$1` placeholders, which both drivers take. Where the engines really differ the text is a
//! [`Sql::per_engine`], so that searching for `per_engine` shows the whole difference. Column types are TEXT, BIGINT, BOOLEAN, DOUBLE PRECISION
//! and BLOB/BYTEA; times are milliseconds bound from the injected clock; JSON is TEXT.

pub mod batch;
mod connect;
mod error;
mod query;
mod row;
mod sql;
mod sqlite_writer;
#[cfg(test)]
mod tests;
mod tx;

pub use error::DbError;
pub use query::{Query, Value, query};
pub use row::Row;
pub use sql::Sql;
pub use tx::Tx;

use connect::Holds;
use sqlite_writer::SqliteWriter;
use sqlx::{PgPool, SqlitePool};
use std::ops::ControlFlow;
use std::sync::Arc;

/// Which database is behind the facade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Embedded, one process.
    Sqlite,
    /// A server, shared by nodes.
    Postgres,
}

/// A connected database; cheap to clone.
#[derive(Clone)]
pub struct Db(Arc<Pools>);

pub(crate) enum Pools {
    /// One writer, many readers.
    Sqlite { write: SqliteWriter, read: SqlitePool },
    /// One pool for everything.
    Postgres(PgPool),
}

impl Db {
    /// Connects to `sqlite:<path>` or `postgres://…` and brings the schema up to date.
    pub async fn connect(url: &str) -> Result<Self, DbError> {
        Db::open(url, Holds::Everything).await
    }

    /// Connects to the database of the request logs: a file of its own on SQLite, tables beside the others on PostgreSQL.
    pub async fn connect_logs(url: &str) -> Result<Self, DbError> {
        Db::open(url, Holds::RequestLogs).await
    }

    async fn open(url: &str, holds: Holds) -> Result<Self, DbError> {
        let db = Db(Arc::new(connect::open(url, holds).await?));
        connect::migrate(&db.0, holds).await?;
        Ok(db)
    }

    /// Which database it is.
    pub fn engine(&self) -> Engine {
        match &*self.0 {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Postgres(_) => Engine::Postgres,
        }
    }

    /// All rows of a reading query.
    pub async fn fetch_all(&self, query: Query) -> Result<Vec<Row>, DbError> {
        match &*self.0 {
            Pools::Sqlite { read, .. } => query.sqlite_all(read).await,
            Pools::Postgres(pool) => query.postgres_all(pool).await,
        }
    }

    /// The first row of a reading query, if any.
    pub async fn fetch_optional(&self, query: Query) -> Result<Option<Row>, DbError> {
        Ok(self.fetch_all(query).await?.into_iter().next())
    }

    /// The only row of a reading query.
    pub async fn fetch_one(&self, query: Query) -> Result<Row, DbError> {
        self.fetch_optional(query).await?.ok_or(DbError::NoRow)
    }

    /// One writing statement in a transaction of its own; the number of rows it changed.
    pub async fn execute(&self, query: Query) -> Result<u64, DbError> {
        let changed = match &*self.0 {
            Pools::Sqlite { write, .. } => query.sqlite_execute(write.lend().await?.connection()?).await?,
            Pools::Postgres(pool) => query.postgres_execute(pool).await?,
        };
        metrics::counter!("apirequestweb_commits_total").increment(1);
        Ok(changed)
    }

    /// A writing transaction: `BEGIN IMMEDIATE` with its first statement on SQLite, READ COMMITTED on PostgreSQL. Dropped without commit, it rolls back.
    pub async fn tx(&self) -> Result<Tx, DbError> {
        Tx::begin(&self.0).await
    }

    /// A passive WAL checkpoint, so that the writer rarely has to do one itself; nothing on PostgreSQL.
    pub async fn checkpoint(&self) -> Result<(), DbError> {
        match &*self.0 {
            Pools::Sqlite { write, .. } => {
                query("PRAGMA wal_checkpoint(PASSIVE)").sqlite_all(write.lend().await?.connection()?).await.map(|_| ())
            }
            Pools::Postgres(_) => Ok(()),
        }
    }

    /// The PostgreSQL pool, for LISTEN and for tests; none on SQLite.
    pub fn postgres(&self) -> Option<&PgPool> {
        match &*self.0 {
            Pools::Sqlite { .. } => None,
            Pools::Postgres(pool) => Some(pool),
        }
    }

    /// Closes every connection after its present statement.
    pub async fn close(&self) {
        match &*self.0 {
            Pools::Sqlite { write, read } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

/// Runs a short transaction: `transact!(db, async |tx: &mut Tx| { … })`; on PostgreSQL it is run again after a serialization failure or a deadlock.
///
/// A macro and not a function, because a function over every async closure cannot promise that its future may change threads.
macro_rules! transact {
    ($db:expr, $body:expr) => {{
        #[allow(unused_mut, reason = "bodies may or may not change what they captured")]
        let mut body = $body;
        let mut attempt = 0;
        loop {
            attempt += 1;
            let mut tx = match $db.tx().await {
                Ok(tx) => tx,
                Err(error) => break Err(error.into()),
            };
            let outcome = body(&mut tx).await;
            if let std::ops::ControlFlow::Break(result) = $crate::db::conclude(tx, outcome, attempt).await {
                break result;
            }
        }
    }};
}
pub(crate) use transact;

/// Commits what a transaction's body did, or rolls it back; `Continue` if running it again may succeed.
pub(crate) async fn conclude<T, E: From<DbError> + MaybeDb>(tx: Tx, outcome: Result<T, E>, attempt: usize) -> ControlFlow<Result<T, E>> {
    const ATTEMPTS: usize = 5;
    let error = match outcome {
        Ok(value) => match tx.commit().await {
            Ok(()) => return ControlFlow::Break(Ok(value)),
            Err(error) => E::from(error),
        },
        Err(error) => error,
    };
    if attempt >= ATTEMPTS || !error.is_transient() { ControlFlow::Break(Err(error)) } else { ControlFlow::Continue(()) }
}

/// Errors that may be a passing conflict between transactions.
pub trait MaybeDb {
    /// Whether running the transaction again may succeed.
    fn is_transient(&self) -> bool;
}

impl MaybeDb for DbError {
    fn is_transient(&self) -> bool {
        matches!(self, DbError::Conflict(_))
    }
}

impl MaybeDb for TxError {
    fn is_transient(&self) -> bool {
        matches!(self, TxError::Db(error) if error.is_transient())
    }
}

/// What a transaction's body may end with: a refusal for the caller, or trouble with the database.
#[derive(Debug, thiserror::Error)]
pub enum TxError {
    /// The caller's request cannot be done; the transaction is rolled back.
    #[error("{0}")]
    Refused(#[from] model::Error),
    /// The database failed.
    #[error("{0}")]
    Db(#[from] DbError),
}

impl From<TxError> for model::Error {
    fn from(error: TxError) -> Self {
        match error {
            TxError::Refused(error) => error,
            TxError::Db(error) => error.into(),
        }
    }
}
