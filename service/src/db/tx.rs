//! A writing transaction.

use super::{DbError, Pools, Query, Row};
use sqlx::{Postgres, Sqlite, Transaction};

/// A writing transaction. Dropped without [`Tx::commit`], it rolls back.
///
/// Never go on in it after a database error: use `ON CONFLICT DO NOTHING` and row counts instead.
pub struct Tx(Inner);

enum Inner {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    pub(super) async fn begin(pools: &Pools) -> Result<Self, DbError> {
        Ok(Tx(match pools {
            // A deferred transaction that reads first fails at once when another one writes; the busy timeout does not apply to it.
            Pools::Sqlite { write, .. } => Inner::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Pools::Postgres(pool) => Inner::Postgres(pool.begin().await?),
        }))
    }

    /// All rows of a query.
    pub async fn fetch_all(&mut self, query: Query) -> Result<Vec<Row>, DbError> {
        match &mut self.0 {
            Inner::Sqlite(tx) => query.sqlite_all(&mut **tx).await,
            Inner::Postgres(tx) => query.postgres_all(&mut **tx).await,
        }
    }

    /// The first row, if any.
    pub async fn fetch_optional(&mut self, query: Query) -> Result<Option<Row>, DbError> {
        Ok(self.fetch_all(query).await?.into_iter().next())
    }

    /// The only row.
    pub async fn fetch_one(&mut self, query: Query) -> Result<Row, DbError> {
        self.fetch_optional(query).await?.ok_or(DbError::NoRow)
    }

    /// The number of rows that a statement changed.
    pub async fn execute(&mut self, query: Query) -> Result<u64, DbError> {
        match &mut self.0 {
            Inner::Sqlite(tx) => query.sqlite_execute(&mut **tx).await,
            Inner::Postgres(tx) => query.postgres_execute(&mut **tx).await,
        }
    }

    /// Runs statements whose rows and counts nobody asks for, in their order. On SQLite they are one message to the connection's thread: its
    /// way there and back costs more than a small statement.
    pub async fn execute_all(&mut self, queries: Vec<Query>) -> Result<(), DbError> {
        match &mut self.0 {
            Inner::Sqlite(tx) => {
                Query::joined(queries).sqlite_execute(&mut **tx).await?;
            }
            Inner::Postgres(tx) => {
                for query in queries {
                    query.postgres_execute(&mut **tx).await?;
                }
            }
        }
        Ok(())
    }

    /// Whether it is on PostgreSQL, where rows have to be locked.
    pub fn is_postgres(&self) -> bool {
        matches!(self.0, Inner::Postgres(_))
    }

    /// Makes it durable.
    pub async fn commit(self) -> Result<(), DbError> {
        match self.0 {
            Inner::Sqlite(tx) => tx.commit().await?,
            Inner::Postgres(tx) => tx.commit().await?,
        }
        metrics::counter!("apirequestweb_commits_total").increment(1);
        Ok(())
    }
}
