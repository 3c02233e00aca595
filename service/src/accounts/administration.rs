//! What administrators do with users. Every change is in the audit log, without secrets.

use super::users::{key, user_id};
use super::{keys, own_limits, password, second_factor, sessions, store};
use crate::actor::Actor;
use crate::audit::{self, Entry};
use crate::db::{Query, Row, Sql, Tx, TxError, Value, query, transact};
use crate::service::Service;
use model::accounts::Role;
use model::ledger::Balance;
use model::paging::{Page, Paging};
use model::tasks::Order;
use model::time::Timestamp;
use model::users::{
    CreatedUser, Ended, NewUser, PasswordReset, TaskCounts, TemporaryPassword, UserDetail, UserFilter, UserLimits, UserPatch, UserSort,
    UserView,
};
use model::{Error, Result};
use serde_json::json;

/// Columns of a [`UserView`], from `users u JOIN accounts a`.
const COLUMNS: &str = "u.id, u.username, u.role, u.enabled, u.max_parallel, u.requests_per_minute, u.created_at, a.available, a.held, \
     a.tasks_total, a.tasks_succeeded, a.tasks_failed, a.tasks_cancelled";

/// Characters of a password that is made for somebody: 95 bits.
const TEMPORARY: usize = 16;

fn view(row: &Row) -> Result<UserView> {
    Ok(UserView {
        id: row.get("id")?,
        username: row.get("username")?,
        role: store::role(row, "role")?,
        enabled: row.get("enabled")?,
        balance: Balance { available: row.get("available")?, held: row.get("held")? },
        limits: UserLimits { max_parallel: row.get("max_parallel")?, requests_per_minute: row.get("requests_per_minute")? },
        tasks: TaskCounts {
            total: row.get("tasks_total")?,
            succeeded: row.get("tasks_succeeded")?,
            failed: row.get("tasks_failed")?,
            cancelled: row.get("tasks_cancelled")?,
        },
        created_at: Timestamp(row.get("created_at")?),
    })
}

/// Every user with its balance, oldest first. Administrators only.
pub async fn users(service: &Service, actor: &Actor) -> Result<Vec<UserView>> {
    actor.require_admin()?;
    let text = format!("SELECT {COLUMNS} FROM users u JOIN accounts a ON a.user_id = u.id ORDER BY u.id");
    service.db.fetch_all(query(Sql::Built(text.into()))).await?.iter().map(view).collect()
}

/// Users, filtered, sorted and in pages. Administrators only.
pub async fn list_users(service: &Service, actor: &Actor, filter: &UserFilter) -> Result<Page<UserView>> {
    actor.require_admin()?;
    let paging = Paging::new(filter.page, filter.page_size);
    let mut args: Vec<Value> = Vec::new();
    let mut conditions = "1 = 1".to_owned();
    let mut add = |text: &str, value: Value| {
        args.push(value);
        conditions.push_str(&format!(" AND {}", text.replace('?', &format!("${}", args.len()))));
    };
    if let Some(role) = filter.role {
        add("u.role = ?", role.as_str().into());
    }
    if let Some(enabled) = filter.enabled {
        add("u.enabled = ?", enabled.into());
    }
    if let Some(text) = filter.q.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        if text.chars().count() > 100 || text.contains('\0') {
            return Err(Error::invalid("q", "Search for at most 100 characters."));
        }
        match text.parse::<i64>().ok().filter(|id| *id > 0) {
            Some(id) => {
                add("(u.id = ?", id.into());
                args.push(crate::tasks::like(&text.to_lowercase()).into());
                conditions.push_str(&format!(" OR u.username_key LIKE ${} ESCAPE '!')", args.len()));
            }
            None => add("u.username_key LIKE ? ESCAPE '!'", crate::tasks::like(&text.to_lowercase()).into()),
        }
    }
    let direction = match filter.order.unwrap_or_default() {
        Order::Asc => "ASC",
        Order::Desc => "DESC",
    };
    let order = match filter.sort.unwrap_or_default() {
        UserSort::CreatedAt => format!("u.id {direction}"),
        UserSort::Username => format!("u.username_key {direction}"),
        UserSort::Available => format!("a.available {direction}, u.id {direction}"),
        UserSort::Tasks => format!("a.tasks_total {direction}, u.id {direction}"),
    };
    let bind = |text: String| args.iter().cloned().fold(query(Sql::Built(text.into())), Query::bind);
    let total = bind(format!("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM users u WHERE {conditions}"));
    let total = service.db.fetch_one(total).await?.get("n")?;
    let page = bind(format!(
        "SELECT {COLUMNS} FROM users u JOIN accounts a ON a.user_id = u.id WHERE {conditions} ORDER BY {order} LIMIT {} OFFSET {}",
        paging.page_size,
        paging.offset()
    ));
    let items = service.db.fetch_all(page).await?.iter().map(view).collect::<Result<_>>()?;
    Ok(paging.page(items, total))
}

async fn find(service: &Service, id: i64) -> Result<UserView> {
    let text = format!("SELECT {COLUMNS} FROM users u JOIN accounts a ON a.user_id = u.id WHERE u.id = $1");
    let row = service.db.fetch_optional(query(Sql::Built(text.into())).bind(id)).await?;
    view(&row.ok_or_else(|| Error::not_found("user"))?)
}

/// One user with its sessions and keys. Administrators only.
pub async fn user(service: &Service, actor: &Actor, id: i64) -> Result<UserDetail> {
    actor.require_admin()?;
    let user = find(service, id).await?;
    let sessions = sessions::of_user(service, id, actor.session_id()).await?;
    let two_step = second_factor::required(&service.db, id).await?.is_some();
    Ok(UserDetail { user, sessions, keys: keys::of_user(service, id).await?, two_step })
}

/// Makes a user; its number. Administrators only.
///
/// Errors: `invalid` for the name, `name_taken`, `weak_password`, `forbidden`.
pub async fn create_user(service: &Service, actor: &Actor, username: &str, password: &str, role: Role) -> Result<i64> {
    actor.require_admin()?;
    let key = key(username)?;
    password::check_strength(username, password)?;
    let hash = service.accounts.0.hasher.hash(password).await?;
    let now = service.clock.now();
    let low_balance = service.settings.current().low_balance_default.unwrap_or(0);
    let body = async |tx: &mut Tx| {
        let new = store::NewUser { username: username.trim(), username_key: &key, password_hash: &hash, role, low_balance, now };
        let id = store::insert(tx, &new).await?;
        let after = Some(json!({ "username": new.username, "role": role }));
        audit::record(tx, actor, Entry { action: "user.create", target: format!("user:{id}"), before: None, after }, now).await?;
        Ok::<_, TxError>(id)
    };
    let id = transact!(service.db, body)?;
    tracing::info!(user = id, role = role.as_str(), actor = actor.user_id, "user made");
    Ok(id)
}

/// Makes a user, with a password that is answered once unless one was given. Administrators only.
///
/// Errors: those of [`create_user`].
pub async fn make_user(service: &Service, actor: &Actor, new: NewUser) -> Result<CreatedUser> {
    actor.require_admin()?;
    let made = new.password.is_none().then(temporary_password);
    let password = made.as_deref().or(new.password.as_deref()).unwrap_or_default();
    let id = create_user(service, actor, &new.username, password, new.role).await?;
    Ok(CreatedUser { user: find(service, id).await?, password: made })
}

fn temporary_password() -> String {
    let mut text = crate::tasks::random_id();
    text.truncate(TEMPORARY);
    text
}

/// Changes role, limits, or whether a user may log in. One that may not has no sessions, and its keys are refused. Administrators only.
///
/// Errors: `conflict` for the last administrator that may log in, `invalid` for limits, `not_found`, `forbidden`.
pub async fn update_user(service: &Service, actor: &Actor, id: i64, patch: UserPatch) -> Result<UserView> {
    actor.require_admin()?;
    if let Some(limits) = patch.limits {
        check_limits(limits)?;
    }
    let now = service.clock.now();
    let body = async |tx: &mut Tx| {
        // Touching every administrator's row makes two of these wait for each other; else each could take the other's last one away.
        tx.execute(query("UPDATE users SET updated_at = updated_at WHERE role = 'admin' OR id = $1").bind(id)).await?;
        let stored = query("SELECT username, role, enabled, max_parallel, requests_per_minute FROM users WHERE id = $1").bind(id);
        let row = tx.fetch_optional(stored).await?.ok_or_else(|| Error::not_found("user"))?;
        let (was_role, was_enabled) = (store::role(&row, "role")?, row.get::<bool>("enabled")?);
        let was = UserLimits { max_parallel: row.get("max_parallel")?, requests_per_minute: row.get("requests_per_minute")? };
        let (role, enabled) = (patch.role.unwrap_or(was_role), patch.enabled.unwrap_or(was_enabled));
        let limits = patch.limits.unwrap_or(was);
        let changed =
            query("UPDATE users SET role = $2, enabled = $3, max_parallel = $4, requests_per_minute = $5, updated_at = $6 WHERE id = $1");
        let changed =
            changed.bind(id).bind(role.as_str()).bind(enabled).bind(limits.max_parallel).bind(limits.requests_per_minute).bind(now);
        tx.execute(changed).await?;
        let is_taken_away = was_role == Role::Admin && was_enabled && !(role == Role::Admin && enabled);
        let admin = query("SELECT id FROM users WHERE role = 'admin' AND enabled LIMIT 1");
        if is_taken_away && tx.fetch_optional(admin).await?.is_none() {
            return Err(TxError::from(Error::conflict("The last administrator can be neither disabled nor made a user.")));
        }
        if !enabled {
            store::end_sessions(tx, id, None).await?;
        }
        let state = |role: Role, enabled: bool, limits: UserLimits| Some(json!({ "role": role, "enabled": enabled, "limits": limits }));
        let (before, after) = (state(was_role, was_enabled, was), state(role, enabled, limits));
        if before != after {
            audit::record(tx, actor, Entry { action: "user.update", target: format!("user:{id}"), before, after }, now).await?;
        }
        Ok(())
    };
    transact!(service.db, body)?;
    service.accounts.forget();
    own_limits::refresh_limits(service).await?;
    tracing::info!(user = id, actor = actor.user_id, "user changed");
    find(service, id).await
}

fn check_limits(limits: UserLimits) -> Result<()> {
    let check = |field: &str, value: Option<i64>, most: i64| {
        if value.is_some_and(|value| !(1..=most).contains(&value)) {
            return Err(Error::invalid(field, format!("`{field}` must be 1 to {most}, or empty for the system's limit.")));
        }
        Ok(())
    };
    check("max_parallel", limits.max_parallel, UserLimits::MOST_PARALLEL)?;
    check("requests_per_minute", limits.requests_per_minute, UserLimits::MOST_REQUESTS)
}

/// Lets a user in, or keeps it out, by name. See [`update_user`].
pub async fn set_enabled(service: &Service, actor: &Actor, username: &str, enabled: bool) -> Result<()> {
    actor.require_admin()?;
    let id = user_id(service, username).await?;
    update_user(service, actor, id, UserPatch { enabled: Some(enabled), ..UserPatch::default() }).await.map(drop)
}

/// Makes a user an administrator or the other way round, by name. See [`update_user`].
pub async fn set_role(service: &Service, actor: &Actor, username: &str, role: Role) -> Result<()> {
    actor.require_admin()?;
    let id = user_id(service, username).await?;
    update_user(service, actor, id, UserPatch { role: Some(role), ..UserPatch::default() }).await.map(drop)
}

/// Sets a user's password, made here unless given, and ends all its sessions. API keys stay. Administrators only.
///
/// Errors: `weak_password`, `not_found`, `forbidden`.
pub async fn reset_password(service: &Service, actor: &Actor, id: i64, reset: PasswordReset) -> Result<TemporaryPassword> {
    actor.require_admin()?;
    let user = store::by_id(&service.db, id).await?.ok_or_else(|| Error::not_found("user"))?;
    let made = reset.password.is_none().then(temporary_password);
    let new = made.as_deref().or(reset.password.as_deref()).unwrap_or_default();
    password::check_strength(&user.username, new)?;
    let hash = service.accounts.0.hasher.hash(new).await?;
    let now = service.clock.now();
    let body = async |tx: &mut Tx| {
        store::change_password(tx, id, &hash, None, now).await?;
        let entry = Entry { action: "user.reset_password", target: format!("user:{id}"), before: None, after: None };
        audit::record(tx, actor, entry, now).await?;
        Ok::<_, TxError>(())
    };
    transact!(service.db, body)?;
    service.accounts.forget();
    tracing::info!(user = id, actor = actor.user_id, "password set");
    Ok(TemporaryPassword { password: made })
}

/// Sets a password by name. See [`reset_password`].
pub async fn set_password(service: &Service, actor: &Actor, username: &str, new: &str) -> Result<()> {
    actor.require_admin()?;
    let id = user_id(service, username).await?;
    reset_password(service, actor, id, PasswordReset { password: Some(new.to_owned()) }).await.map(drop)
}

/// Ends all sessions of a user. Administrators only.
pub async fn end_user_sessions(service: &Service, actor: &Actor, id: i64) -> Result<Ended> {
    end_all(service, actor, id, "user.end_sessions", "sessions", query("DELETE FROM sessions WHERE user_id = $1").bind(id)).await
}

/// Revokes all keys of a user. Administrators only.
pub async fn revoke_user_keys(service: &Service, actor: &Actor, id: i64) -> Result<Ended> {
    let revoked = query("UPDATE api_keys SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL");
    end_all(service, actor, id, "user.revoke_keys", "keys", revoked.bind(id).bind(service.clock.now())).await
}

async fn end_all(service: &Service, actor: &Actor, id: i64, action: &'static str, what: &'static str, ending: Query) -> Result<Ended> {
    actor.require_admin()?;
    find(service, id).await?;
    let now = service.clock.now();
    let body = async |tx: &mut Tx| {
        let count = i64::try_from(tx.execute(ending.clone()).await?).unwrap_or(i64::MAX);
        if count > 0 {
            let before = Some(json!({ what: count }));
            audit::record(tx, actor, Entry { action, target: format!("user:{id}"), before, after: Some(json!({ what: 0 })) }, now).await?;
        }
        Ok::<_, TxError>(count)
    };
    let count = transact!(service.db, body)?;
    service.accounts.forget();
    tracing::info!(user = id, actor = actor.user_id, action, count, "ended by an administrator");
    Ok(Ended { count })
}
