//! Invitations: codes by which people may register while registration is by invitation. Only their digests are stored.

use super::{digest, hex};
use crate::actor::Actor;
use crate::audit::{self, Entry};
use crate::db::{DbError, Row, Tx, TxError, query, transact};
use crate::service::Service;
use model::paging::{Page, Paging};
use model::time::Timestamp;
use model::users::{CreatedInvitation, InvitationView, NewInvitation};
use model::{Error, Result};
use serde_json::json;

/// Characters of a code: 142 bits.
const LENGTH: usize = 24;
/// Characters of a code that stay visible.
const SHOWN: usize = 6;
/// Uses of one invitation at most.
const MOST_USES: i64 = 1000;

fn view(row: &Row) -> Result<InvitationView, DbError> {
    Ok(InvitationView {
        id: row.get("id")?,
        prefix: row.get("prefix")?,
        note: row.get("note")?,
        max_uses: row.get("max_uses")?,
        uses: row.get("uses")?,
        created_by: row.get::<Option<String>>("username")?.unwrap_or_else(|| "system".to_owned()),
        created_at: Timestamp(row.get("created_at")?),
        expires_at: row.get::<Option<i64>>("expires_at")?.map(Timestamp),
        revoked_at: row.get::<Option<i64>>("revoked_at")?.map(Timestamp),
    })
}

/// Invitations, newest first. Administrators only.
pub async fn invitations(service: &Service, actor: &Actor, paging: Paging) -> Result<Page<InvitationView>> {
    actor.require_admin()?;
    let total = service.db.fetch_one(query("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM invitations")).await?.get("n")?;
    let rows = query(
        "SELECT i.id, i.prefix, i.note, i.max_uses, i.uses, i.created_at, i.expires_at, i.revoked_at, u.username
         FROM invitations i LEFT JOIN users u ON u.id = i.created_by ORDER BY i.id DESC LIMIT $1 OFFSET $2",
    );
    let rows = service.db.fetch_all(rows.bind(paging.page_size).bind(paging.offset())).await?;
    Ok(paging.page(rows.iter().map(view).collect::<Result<_, _>>()?, total))
}

/// Makes an invitation. Its code is in the answer and nowhere else. Administrators only.
///
/// Errors: `invalid` with the field, `forbidden`.
pub async fn create_invitation(service: &Service, actor: &Actor, new: NewInvitation) -> Result<CreatedInvitation> {
    actor.require_admin()?;
    let now = service.clock.now();
    let note = new.note.trim().to_owned();
    if note.chars().count() > 200 || note.contains(char::is_control) {
        return Err(Error::invalid("note", "The note must have at most 200 characters on one line."));
    }
    let max_uses = new.max_uses.unwrap_or(1);
    if !(1..=MOST_USES).contains(&max_uses) {
        return Err(Error::invalid("max_uses", format!("An invitation is for 1 to {MOST_USES} people.")));
    }
    if new.expires_at.is_some_and(|end| end <= now) {
        return Err(Error::invalid("expires_at", "The end must be in the future."));
    }
    let mut code = crate::tasks::random_id();
    code.truncate(LENGTH);
    let body = async |tx: &mut Tx| {
        let made = query(
            "INSERT INTO invitations (code_hash, prefix, note, max_uses, created_by, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        );
        let made = made
            .bind(hex(&digest(&code)))
            .bind(&code[..SHOWN])
            .bind(&note)
            .bind(max_uses)
            .bind(actor.user_id)
            .bind(now)
            .bind(new.expires_at);
        let id: i64 = tx.fetch_one(made).await?.get("id")?;
        let after = Some(json!({ "note": note, "max_uses": max_uses, "expires_at": new.expires_at }));
        audit::record(tx, actor, Entry { action: "invitation.create", target: format!("invitation:{id}"), before: None, after }, now)
            .await?;
        Ok::<_, TxError>(id)
    };
    let id = transact!(service.db, body)?;
    let invitation = InvitationView {
        id,
        prefix: code[..SHOWN].to_owned(),
        note: note.clone(),
        max_uses,
        uses: 0,
        created_by: actor.username.clone(),
        created_at: now,
        expires_at: new.expires_at,
        revoked_at: None,
    };
    Ok(CreatedInvitation { code, invitation })
}

/// Withdraws an invitation; one that is withdrawn already stays so. Administrators only.
pub async fn revoke_invitation(service: &Service, actor: &Actor, id: i64) -> Result<()> {
    actor.require_admin()?;
    let now = service.clock.now();
    let body = async |tx: &mut Tx| {
        if tx.fetch_optional(query("SELECT id FROM invitations WHERE id = $1").bind(id)).await?.is_none() {
            return Err(TxError::from(Error::not_found("invitation")));
        }
        let revoked = query("UPDATE invitations SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL").bind(id).bind(now);
        if tx.execute(revoked).await? == 1 {
            let entry = Entry { action: "invitation.revoke", target: format!("invitation:{id}"), before: None, after: None };
            audit::record(tx, actor, entry, now).await?;
        }
        Ok(())
    };
    Ok(transact!(service.db, body)?)
}

/// Uses an invitation once, in the transaction that makes the user.
///
/// Errors: `invalid` at `code` for one that does not exist, is used up, withdrawn or over.
pub(super) async fn redeem(tx: &mut Tx, code: &str, now: Timestamp) -> Result<(), TxError> {
    let used = query(
        "UPDATE invitations SET uses = uses + 1
         WHERE code_hash = $1 AND uses < max_uses AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)",
    );
    if tx.execute(used.bind(hex(&digest(code.trim()))).bind(now)).await? != 1 {
        return Err(Error::invalid("code", "This invitation code is not valid, or no longer.").into());
    }
    Ok(())
}
