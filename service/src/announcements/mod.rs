//! Announcements: written by administrators, shown to everybody while they last, put away by each reader for good.

#[cfg(test)]
mod tests;

use crate::actor::Actor;
use crate::audit::{self, Entry};
use crate::db::{DbError, Row, Tx, TxError, query, transact};
use crate::service::Service;
use model::accounts::Scope;
use model::announcements::{Announcement, Level, NewAnnouncement, Notice};
use model::paging::{Page, Paging};
use model::time::Timestamp;
use model::{Error, Result};
use serde_json::{Value, json};

/// Announcements that a reader sees at once, at most: more is a wall.
const SHOWN: i64 = 5;

/// What the caller sees now: begun, not over, not put away; the gravest first.
pub async fn notices(service: &Service, actor: &Actor) -> Result<Vec<Notice>> {
    let rows = query(
        "SELECT a.id, a.title, a.body, a.level, a.dismissible, a.updated_at FROM announcements a
         WHERE (a.starts_at IS NULL OR a.starts_at <= $1) AND (a.ends_at IS NULL OR a.ends_at > $1)
             AND NOT EXISTS (SELECT 1 FROM announcement_dismissals d WHERE d.announcement_id = a.id AND d.user_id = $2)
         ORDER BY CASE a.level WHEN 'critical' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, a.id DESC LIMIT $3",
    );
    let rows = service.db.fetch_all(rows.bind(service.clock.now()).bind(actor.user_id).bind(SHOWN)).await?;
    let notice = |row: &Row| {
        Ok(Notice {
            id: row.get("id")?,
            title: row.get("title")?,
            body: row.get("body")?,
            level: level(row)?,
            dismissible: row.get("dismissible")?,
            updated_at: Timestamp(row.get("updated_at")?),
        })
    };
    Ok(rows.iter().map(notice).collect::<Result<_, DbError>>()?)
}

/// Puts an announcement away for the caller; one that was put away already stays so.
///
/// Errors: `not_found`, `conflict` for one that stays.
pub async fn dismiss(service: &Service, actor: &Actor, id: i64) -> Result<()> {
    actor.require(Scope::Account)?;
    let row = service.db.fetch_optional(query("SELECT dismissible FROM announcements WHERE id = $1").bind(id)).await?;
    if !row.ok_or_else(|| Error::not_found("announcement"))?.get::<bool>("dismissible")? {
        return Err(Error::conflict("This announcement cannot be put away."));
    }
    let dismissed = query(
        "INSERT INTO announcement_dismissals (announcement_id, user_id, dismissed_at)
         SELECT id, $2, $3 FROM announcements WHERE id = $1 ON CONFLICT DO NOTHING",
    );
    service.db.execute(dismissed.bind(id).bind(actor.user_id).bind(service.clock.now())).await?;
    Ok(())
}

fn level(row: &Row) -> Result<Level, DbError> {
    let word: String = row.get("level")?;
    Level::parse(&word).ok_or_else(|| DbError::Unusable(format!("unknown level {word}")))
}

const COLUMNS: &str = "SELECT a.id, a.title, a.body, a.level, a.starts_at, a.ends_at, a.dismissible, a.created_at, a.updated_at, \
     (SELECT CAST(COUNT(*) AS BIGINT) FROM announcement_dismissals d WHERE d.announcement_id = a.id) AS dismissals FROM announcements a";

fn view(row: &Row) -> Result<Announcement, DbError> {
    Ok(Announcement {
        id: row.get("id")?,
        title: row.get("title")?,
        body: row.get("body")?,
        level: level(row)?,
        starts_at: row.get::<Option<i64>>("starts_at")?.map(Timestamp),
        ends_at: row.get::<Option<i64>>("ends_at")?.map(Timestamp),
        dismissible: row.get("dismissible")?,
        dismissals: row.get("dismissals")?,
        created_at: Timestamp(row.get("created_at")?),
        updated_at: Timestamp(row.get("updated_at")?),
    })
}

/// All announcements, newest first. Administrators only.
pub async fn list(service: &Service, actor: &Actor, paging: Paging) -> Result<Page<Announcement>> {
    actor.require_admin()?;
    let total = service.db.fetch_one(query("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM announcements")).await?.get("n")?;
    let rows = query(crate::db::Sql::Built(format!("{COLUMNS} ORDER BY a.id DESC LIMIT $1 OFFSET $2").into()));
    let rows = service.db.fetch_all(rows.bind(paging.page_size).bind(paging.offset())).await?;
    Ok(paging.page(rows.iter().map(view).collect::<Result<_, _>>()?, total))
}

/// One announcement. Administrators only.
pub async fn get(service: &Service, actor: &Actor, id: i64) -> Result<Announcement> {
    actor.require_admin()?;
    let row = query(crate::db::Sql::Built(format!("{COLUMNS} WHERE a.id = $1").into())).bind(id);
    let row = service.db.fetch_optional(row).await?.ok_or_else(|| Error::not_found("announcement"))?;
    Ok(view(&row)?)
}

/// Writes an announcement. Administrators only.
///
/// Errors: `invalid` with the field, `forbidden`.
pub async fn create(service: &Service, actor: &Actor, new: NewAnnouncement) -> Result<Announcement> {
    actor.require_admin()?;
    let new = checked(new)?;
    let now = service.clock.now();
    let body = async |tx: &mut Tx| {
        let made = query(
            "INSERT INTO announcements (title, body, level, starts_at, ends_at, dismissible, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $7) RETURNING id",
        );
        let id: i64 = tx.fetch_one(bound(made, &new).bind(now)).await?.get("id")?;
        let entry = Entry { action: "announcement.create", target: format!("announcement:{id}"), before: None, after: Some(json!(new)) };
        audit::record(tx, actor, entry, now).await?;
        Ok::<_, TxError>(id)
    };
    let id = transact!(service.db, body)?;
    get(service, actor, id).await
}

/// Replaces an announcement. With another text it is shown again to those who had put it away. Administrators only.
///
/// Errors: `invalid` with the field, `not_found`, `forbidden`.
pub async fn update(service: &Service, actor: &Actor, id: i64, new: NewAnnouncement) -> Result<Announcement> {
    let was = get(service, actor, id).await?;
    let new = checked(new)?;
    let now = service.clock.now();
    let (before, after) = (definition(&was), json!(new));
    let again = (&was.title, &was.body, was.level) != (&new.title, &new.body, new.level);
    let body = async |tx: &mut Tx| {
        let changed = query(
            "UPDATE announcements SET title = $1, body = $2, level = $3, starts_at = $4, ends_at = $5, dismissible = $6, updated_at = $7 WHERE id = $8",
        );
        if tx.execute(bound(changed, &new).bind(now).bind(id)).await? != 1 {
            return Err(TxError::from(Error::not_found("announcement")));
        }
        if again {
            tx.execute(query("DELETE FROM announcement_dismissals WHERE announcement_id = $1").bind(id)).await?;
        }
        if before != after {
            let (before, after) = (Some(before.clone()), Some(after.clone()));
            let entry = Entry { action: "announcement.update", target: format!("announcement:{id}"), before, after };
            audit::record(tx, actor, entry, now).await?;
        }
        Ok(())
    };
    transact!(service.db, body)?;
    get(service, actor, id).await
}

/// Takes an announcement away. Administrators only.
pub async fn delete(service: &Service, actor: &Actor, id: i64) -> Result<()> {
    let was = get(service, actor, id).await?;
    let now = service.clock.now();
    let body = async |tx: &mut Tx| {
        tx.execute(query("DELETE FROM announcement_dismissals WHERE announcement_id = $1").bind(id)).await?;
        if tx.execute(query("DELETE FROM announcements WHERE id = $1").bind(id)).await? != 1 {
            return Err(TxError::from(Error::not_found("announcement")));
        }
        let before = Some(definition(&was));
        let entry = Entry { action: "announcement.delete", target: format!("announcement:{id}"), before, after: None };
        audit::record(tx, actor, entry, now).await?;
        Ok(())
    };
    Ok(transact!(service.db, body)?)
}

fn bound(query: crate::db::Query, new: &NewAnnouncement) -> crate::db::Query {
    query.bind(&new.title).bind(&new.body).bind(new.level.as_str()).bind(new.starts_at).bind(new.ends_at).bind(new.dismissible)
}

/// What was written, as it stands in the audit log.
fn definition(announcement: &Announcement) -> Value {
    let Announcement { title, body, level, starts_at, ends_at, dismissible, .. } = announcement.clone();
    json!(NewAnnouncement { title, body, level, starts_at, ends_at, dismissible })
}

fn checked(new: NewAnnouncement) -> Result<NewAnnouncement> {
    let title = new.title.trim().to_owned();
    if title.is_empty() || title.chars().count() > 120 || title.contains(char::is_control) {
        return Err(Error::invalid("title", "The title must have 1 to 120 characters on one line."));
    }
    let body = new.body.trim().replace("\r\n", "\n");
    if body.chars().count() > 2000 || body.contains(|c: char| c.is_control() && c != '\n' && c != '\t') {
        return Err(Error::invalid("body", "The text must have at most 2,000 characters."));
    }
    if let (Some(start), Some(end)) = (new.starts_at, new.ends_at)
        && end <= start
    {
        return Err(Error::invalid("ends_at", "The end must be after the beginning."));
    }
    Ok(NewAnnouncement { title, body, ..new })
}
