//! What can go wrong in a database, told apart by what a caller can do about it.

use model::{Error, ErrorCode};

/// Trouble with the database.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// A row was expected and there is none.
    #[error("no row")]
    NoRow,
    /// A unique, check or foreign key constraint refused it. SQLite names `table.column`, PostgreSQL the constraint.
    #[error("constraint {name}: {source}")]
    Constraint {
        /// The name.
        name: String,
        /// The driver's error.
        source: sqlx::Error,
    },
    /// Transactions were in each other's way; running it again may succeed (SQLSTATE 40001 and 40P01).
    #[error("conflict: {0}")]
    Conflict(sqlx::Error),
    /// Away, busy or full: a later try may succeed.
    #[error("unavailable: {0}")]
    Unavailable(sqlx::Error),
    /// The database is not one this program can use.
    #[error("{0}")]
    Unusable(String),
    /// Anything else: a defect of ours, or data that cannot be stored.
    #[error("{0}")]
    Other(sqlx::Error),
}

impl DbError {
    /// Whether a unique constraint refused it.
    pub fn is_constraint(&self) -> bool {
        matches!(self, DbError::Constraint { .. })
    }

    /// Whether waiting may help.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, DbError::Unavailable(_) | DbError::Conflict(_))
    }
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::error::ErrorKind;
        let Some(db) = error.as_database_error() else {
            return match error {
                sqlx::Error::RowNotFound => DbError::NoRow,
                sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed => {
                    DbError::Unavailable(error)
                }
                other => DbError::Other(other),
            };
        };
        if !matches!(db.kind(), ErrorKind::Other) {
            let name = db.constraint().map_or_else(|| db.message().to_owned(), str::to_owned);
            return DbError::Constraint { name, source: error };
        }
        // SQLite: 5 busy, 6 locked, 10 I/O error, 13 full (low byte of the extended code).
        // PostgreSQL: class 08 connection, 53 resources, 57P0x shut-down, 25006 read-only.
        let code = db.code().unwrap_or_default().into_owned();
        let sqlite = code.parse::<i64>().ok().filter(|_| code.len() < 5).map(|code| code & 0xff);
        match code.as_str() {
            "40001" | "40P01" => DbError::Conflict(error),
            _ if matches!(sqlite, Some(5 | 6 | 10 | 13)) => DbError::Unavailable(error),
            _ if sqlite.is_none()
                && (["08", "53"].iter().any(|class| code.starts_with(class)) || code.starts_with("57P0") || code == "25006") =>
            {
                DbError::Unavailable(error)
            }
            _ => DbError::Other(error),
        }
    }
}

impl From<DbError> for Error {
    /// The outside of a database error says nothing about the database; the inside goes to the log.
    fn from(error: DbError) -> Self {
        if error.is_unavailable() {
            tracing::warn!(%error, "database unavailable");
            return Error::new(ErrorCode::Unavailable, "The database is busy or away. Try again in a moment.").retry_after(1);
        }
        tracing::error!(%error, "database error");
        Error::internal()
    }
}
