//! The one connection that writes to SQLite, and its transactions.
//!
//! Each message to a connection's thread and back costs more than a small statement, most of all on an idle machine, which has to be woken for
//! both. So BEGIN travels with a transaction's first statement and COMMIT with its last ones, and the connection is lent without being tested
//! in between, as a pool would do.

use super::{DbError, Query, Row, query};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard};

/// How long a transaction waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// The connection, lent to one transaction after another in the order of asking; cheap to clone.
#[derive(Clone)]
pub(crate) struct SqliteWriter {
    options: Arc<SqliteConnectOptions>,
    place: Arc<Mutex<Place>>,
}

/// Where the connection is while no transaction has it.
enum Place {
    Open(SqliteConnection),
    /// It was given up after trouble, and is opened again when it is wanted.
    Lost,
    Closed,
}

impl SqliteWriter {
    /// Opens the database, and makes its file if there is none.
    pub(super) async fn open(options: SqliteConnectOptions) -> Result<Self, DbError> {
        let connection = options.connect().await?;
        Ok(SqliteWriter { options: Arc::new(options), place: Arc::new(Mutex::new(Place::Open(connection))) })
    }

    /// The connection, as soon as nobody else has it.
    pub(super) async fn lend(&self) -> Result<Lent, DbError> {
        let waiting = tokio::time::timeout(PATIENCE, self.place.clone().lock_owned());
        let mut place = waiting.await.map_err(|_| DbError::from(sqlx::Error::PoolTimedOut))?;
        match *place {
            Place::Open(_) => {}
            Place::Lost => *place = Place::Open(self.options.connect().await?),
            Place::Closed => return Err(sqlx::Error::PoolClosed.into()),
        }
        Ok(Lent(place))
    }

    /// Closes the connection after its present transaction.
    pub(super) async fn close(&self) {
        let mut place = self.place.lock().await;
        if let Place::Open(connection) = std::mem::replace(&mut *place, Place::Closed)
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "the database was not closed well");
        }
    }
}

/// The connection, for as long as this lives.
pub(super) struct Lent(OwnedMutexGuard<Place>);

impl Lent {
    /// The connection itself.
    pub(super) fn connection(&mut self) -> Result<&mut SqliteConnection, DbError> {
        match &mut *self.0 {
            Place::Open(connection) => Ok(connection),
            Place::Lost | Place::Closed => Err(sqlx::Error::PoolClosed.into()),
        }
    }

    /// Ends the connection, which undoes what is open.
    fn give_up(mut self) {
        *self.0 = Place::Lost;
    }

    /// Undoes what is open. A connection that cannot is given up, which undoes it too.
    async fn roll_back(mut self) {
        let Ok(connection) = self.connection() else { return };
        if query("ROLLBACK").sqlite_execute(&mut *connection).await.is_ok() {
            return;
        }
        if let Place::Open(connection) = std::mem::replace(&mut *self.0, Place::Lost) {
            let _ = connection.close().await;
        }
    }
}

/// A writing transaction. Dropped without a commit, it rolls back before anybody else gets the connection.
pub(super) struct SqliteTx {
    lent: Option<Lent>,
    begun: bool,
}

impl SqliteTx {
    pub(super) async fn begin(writer: &SqliteWriter) -> Result<Self, DbError> {
        Ok(SqliteTx { lent: Some(writer.lend().await?), begun: false })
    }

    pub(super) async fn fetch_all(&mut self, query: Query) -> Result<Vec<Row>, DbError> {
        let query = self.with_begin(query);
        query.sqlite_all(self.connection()?).await
    }

    pub(super) async fn execute(&mut self, query: Query) -> Result<u64, DbError> {
        let query = self.with_begin(query);
        query.sqlite_execute(self.connection()?).await
    }

    /// Runs statements whose rows and counts nobody asks for, and commits.
    pub(super) async fn commit_after(mut self, mut queries: Vec<Query>) -> Result<(), DbError> {
        if self.begun || !queries.is_empty() {
            queries.push(query("COMMIT"));
            self.execute(Query::joined(queries)).await?;
        }
        self.begun = false;
        Ok(())
    }

    /// BEGIN and the first statement of the transaction, or any other statement alone.
    fn with_begin(&mut self, first: Query) -> Query {
        if std::mem::replace(&mut self.begun, true) {
            return first;
        }
        // A deferred transaction that reads first fails at once when another process writes; the busy timeout does not apply to it.
        Query::joined(vec![query("BEGIN IMMEDIATE"), first])
    }

    fn connection(&mut self) -> Result<&mut SqliteConnection, DbError> {
        self.lent.as_mut().ok_or(sqlx::Error::PoolClosed)?.connection()
    }
}

impl Drop for SqliteTx {
    fn drop(&mut self) {
        // What was sent before, and is perhaps still running, is done first.
        if let (true, Some(lent)) = (self.begun, self.lent.take()) {
            match tokio::runtime::Handle::try_current() {
                Ok(runtime) => drop(runtime.spawn(lent.roll_back())),
                // Without a runtime nothing can be sent.
                Err(_) => lent.give_up(),
            }
        }
    }
}
