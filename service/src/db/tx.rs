//! A writing transaction.

use super::sqlite_writer::SqliteTx;
use super::{DbError, Pools, Query, Row};
use sqlx::{Postgres, Transaction};

/// A writing transaction. Dropped without [`Tx::commit`], it rolls back.
///
/// Never go on in it after a database error: use `ON CONFLICT DO NOTHING` and row counts instead.
pub struct Tx(Inner);

enum Inner {
    Sqlite(SqliteTx),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    pub(super) async fn begin(pools: &Pools) -> Result<Self, DbError> {
        Ok(Tx(match pools {
            Pools::Sqlite { write, .. } => Inner::Sqlite(SqliteTx::begin(write).await?),
            Pools::Postgres(pool) => Inner::Postgres(pool.begin().await?),
        }))
    }

    /// All rows of a query.
    pub async fn fetch_all(&mut self, query: Query) -> Result<Vec<Row>, DbError> {
        match &mut self.0 {
            Inner::Sqlite(tx) => tx.fetch_all(query).await,
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
            Inner::Sqlite(tx) => tx.execute(query).await,
            Inner::Postgres(tx) => query.postgres_execute(&mut **tx).await,
        }
    }

    /// Runs statements whose rows and counts nobody asks for, as one message to the database. No two of them may be about the same rows.
    pub async fn execute_all(&mut self, queries: Vec<Query>) -> Result<(), DbError> {
        if queries.is_empty() {
            return Ok(());
        }
        match &mut self.0 {
            Inner::Sqlite(tx) => tx.execute(Query::joined(queries)).await?,
            Inner::Postgres(tx) => match Query::nested(queries) {
                Some(query) => query.postgres_execute(&mut **tx).await?,
                None => 0,
            },
        };
        Ok(())
    }

    /// Whether it is on PostgreSQL, where rows have to be locked.
    pub fn is_postgres(&self) -> bool {
        matches!(self.0, Inner::Postgres(_))
    }

    /// Makes it durable.
    pub async fn commit(self) -> Result<(), DbError> {
        self.commit_after(Vec::new()).await
    }

    /// Like [`Tx::execute_all`], and makes it durable; on SQLite with the same message.
    pub async fn commit_after(mut self, queries: Vec<Query>) -> Result<(), DbError> {
        match self.0 {
            Inner::Sqlite(tx) => tx.commit_after(queries).await?,
            Inner::Postgres(_) => {
                self.execute_all(queries).await?;
                if let Inner::Postgres(tx) = self.0 {
                    tx.commit().await?;
                }
            }
        }
        metrics::counter!("apirequestweb_commits_total").increment(1);
        Ok(())
    }
}
