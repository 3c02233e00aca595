//! Rows of users, as several files here read them.

use crate::db::{Db, DbError, Row, Tx, TxError, query};
use model::accounts::Role;
use model::time::Timestamp;
use model::{Error, ErrorCode};

/// A user.
pub(super) struct User {
    pub id: i64,
    pub username: String,
    pub password_hash: String,
    pub role: Role,
    pub enabled: bool,
    pub created_at: Timestamp,
}

/// The role of a stored word.
pub(super) fn role(row: &Row, column: &str) -> Result<Role, DbError> {
    let word: String = row.get(column)?;
    Role::parse(&word).ok_or_else(|| DbError::Unusable(format!("unknown role {word}")))
}

fn read(row: &Row) -> Result<User, DbError> {
    Ok(User {
        id: row.get("id")?,
        username: row.get("username")?,
        password_hash: row.get("password_hash")?,
        role: role(row, "role")?,
        enabled: row.get("enabled")?,
        created_at: Timestamp(row.get("created_at")?),
    })
}

/// The user of a name that was made comparable.
pub(super) async fn by_key(db: &Db, username_key: &str) -> Result<Option<User>, DbError> {
    let found = query("SELECT id, username, password_hash, role, enabled, created_at FROM users WHERE username_key = $1");
    db.fetch_optional(found.bind(username_key)).await?.as_ref().map(read).transpose()
}

/// The user of a number.
pub(super) async fn by_id(db: &Db, id: i64) -> Result<Option<User>, DbError> {
    let found = query("SELECT id, username, password_hash, role, enabled, created_at FROM users WHERE id = $1");
    db.fetch_optional(found.bind(id)).await?.as_ref().map(read).transpose()
}

/// A user to be made; the name was checked.
pub(super) struct NewUser<'a> {
    pub username: &'a str,
    pub username_key: &'a str,
    pub password_hash: &'a str,
    pub role: Role,
    /// Points below which the owner is told that few are left; 0 for never.
    pub low_balance: i64,
    pub now: Timestamp,
}

/// Makes a user and its account of points.
pub(super) async fn insert(tx: &mut Tx, new: &NewUser<'_>) -> Result<i64, TxError> {
    let made = query(
        "INSERT INTO users (username, username_key, password_hash, role, enabled, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (username_key) DO NOTHING RETURNING id",
    );
    let made = made.bind(new.username).bind(new.username_key).bind(new.password_hash).bind(new.role.as_str()).bind(true).bind(new.now);
    let Some(row) = tx.fetch_optional(made).await? else {
        return Err(Error::new(ErrorCode::NameTaken, "This user name is taken.").at("username").into());
    };
    let id: i64 = row.get("id")?;
    tx.execute(query("INSERT INTO accounts (user_id, available, held, low_balance) VALUES ($1, 0, 0, $2)").bind(id).bind(new.low_balance))
        .await?;
    Ok(id)
}

/// Stores a new password and ends the user's sessions but one.
pub(super) async fn change_password(
    tx: &mut Tx,
    user_id: i64,
    hash: &str,
    keep_session: Option<i64>,
    now: Timestamp,
) -> Result<(), TxError> {
    let changed = query("UPDATE users SET password_hash = $2, updated_at = $3 WHERE id = $1").bind(user_id).bind(hash).bind(now);
    if tx.execute(changed).await? != 1 {
        return Err(Error::not_found("user").into());
    }
    end_sessions(tx, user_id, keep_session).await?;
    // A log-in that proved the old password must not be finished.
    tx.execute(query("DELETE FROM login_challenges WHERE user_id = $1").bind(user_id)).await?;
    Ok(())
}

/// Ends the user's sessions but one; their number.
pub(super) async fn end_sessions(tx: &mut Tx, user_id: i64, keep: Option<i64>) -> Result<u64, DbError> {
    // No session has the number 0.
    tx.execute(query("DELETE FROM sessions WHERE user_id = $1 AND id <> $2").bind(user_id).bind(keep.unwrap_or(0))).await
}
