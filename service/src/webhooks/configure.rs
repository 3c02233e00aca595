//! What owners do with their webhooks.

use super::check;
use super::queue;
use super::standard;
use super::store::{self, Webhook};
use crate::actor::Actor;
use crate::db::{Sql, Tx, TxError, query, transact};
use crate::service::Service;
use model::accounts::Scope;
use model::webhooks::{CreatedWebhook, MessageLanguage, NewWebhook, WebhookEvent, WebhookKind, WebhookPatch, WebhookView};
use model::{Error, Result};
use serde::Serialize;
use std::sync::LazyLock;

/// Webhooks of one user, at most.
const MOST: i64 = 50;
/// Webhooks of one task, at most.
const MOST_CHOSEN: usize = 20;
/// How long messages carry a signature of the previous secret as well.
const OLD_SECRET_MS: i64 = 24 * 3_600_000;

/// The caller's webhooks, oldest first.
pub async fn list(service: &Service, actor: &Actor) -> Result<Vec<WebhookView>> {
    actor.require(Scope::Account)?;
    let text = format!("SELECT {} FROM webhooks w WHERE w.user_id = $1 ORDER BY w.id LIMIT $2", Webhook::COLUMNS);
    let rows = service.db.fetch_all(query(Sql::Built(text.into())).bind(actor.user_id).bind(MOST)).await?;
    let now = service.clock.now();
    rows.iter().map(|row| Ok(Webhook::read(row)?.view(now))).collect()
}

/// One of the caller's webhooks.
pub async fn get(service: &Service, actor: &Actor, id: i64) -> Result<WebhookView> {
    actor.require(Scope::Account)?;
    Ok(find(service, actor, id).await?.view(service.clock.now()))
}

pub(super) async fn find(service: &Service, actor: &Actor, id: i64) -> Result<Webhook> {
    store::find(&service.db, actor.user_id, id).await?.ok_or_else(|| Error::not_found("webhook"))
}

/// Makes a webhook. The secret of a `standard` one is in the answer and in no other.
///
/// Errors: `invalid` with the field, `conflict` for more than [`MOST`].
pub async fn create(service: &Service, actor: &Actor, new: NewWebhook) -> Result<CreatedWebhook> {
    actor.require(Scope::Account)?;
    let name = check::name(&new.name)?;
    let url = check::url(service, &new.url)?;
    let given = check::signing_secret(new.kind, new.signing_secret.as_deref())?;
    let events = check::events(new.events.as_deref().unwrap_or(&WebhookEvent::DEFAULT))?;
    let headers = check::headers(&new.headers)?;
    let made = (new.kind == WebhookKind::Standard).then(standard::new_secret);
    let language = new.language.unwrap_or(MessageLanguage::Zh);
    let now = service.clock.now();
    let body = async |tx: &mut Tx| {
        store::lock(tx, actor.user_id).await?;
        let count = query("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM webhooks WHERE user_id = $1").bind(actor.user_id);
        if tx.fetch_one(count).await?.get::<i64>("n")? >= MOST {
            return Err(TxError::from(Error::conflict(format!("There are {MOST} webhooks already. Delete one first."))));
        }
        let insert = query(
            "INSERT INTO webhooks (user_id, name, kind, url, events, all_tasks, language, headers, secret, enabled, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) RETURNING id",
        );
        let insert = insert
            .bind(actor.user_id)
            .bind(&name)
            .bind(new.kind.as_str())
            .bind(&url)
            .bind(&events)
            .bind(new.all_tasks)
            .bind(language.as_str())
            .bind(&headers)
            .bind(made.as_ref().or(given.as_ref()))
            .bind(new.enabled.unwrap_or(true))
            .bind(now);
        let id: i64 = tx.fetch_one(insert).await?.get("id")?;
        store::count(tx, actor.user_id).await?;
        Ok(id)
    };
    let id = transact!(service.db, body)?;
    tracing::info!(user = actor.user_id, webhook = id, kind = new.kind.as_str(), "webhook made");
    Ok(CreatedWebhook { secret: made, webhook: get(service, actor, id).await? })
}

/// Changes a webhook. Switching it off gives up what waits for it; switching it on forgets its failures.
///
/// Errors: `not_found`, `invalid` with the field.
pub async fn update(service: &Service, actor: &Actor, id: i64, patch: WebhookPatch) -> Result<WebhookView> {
    actor.require(Scope::Account)?;
    let before = find(service, actor, id).await?;
    let name = patch.name.as_deref().map(check::name).transpose()?;
    let url = patch.url.as_deref().map(|url| check::url(service, url)).transpose()?;
    let secret = patch.signing_secret.as_deref().map(|secret| check::signing_secret(before.kind, Some(secret))).transpose()?;
    let events = patch.events.as_deref().map(check::events).transpose()?;
    let headers = match patch.headers {
        None => None,
        Some(wanted) => {
            let kept = |(name, value): (String, Option<String>)| match value.or_else(|| before.headers.get(&name).cloned()) {
                Some(value) => Ok((name, value)),
                None => Err(Error::invalid("headers", format!("The header `{name}` has no stored value to keep."))),
            };
            Some(check::headers(&wanted.into_iter().map(kept).collect::<Result<_>>()?)?)
        }
    };
    // A secret of ours is only ever rotated; an empty one from outside must not take it away.
    let takes_secret = before.kind.takes_secret() && secret.is_some();
    let now = service.clock.now();
    let body = async |tx: &mut Tx| {
        store::lock(tx, actor.user_id).await?;
        let statement = query(
            "UPDATE webhooks SET name = COALESCE($3, name), url = COALESCE($4, url), events = COALESCE($5, events), all_tasks = COALESCE($6, all_tasks),
                 language = COALESCE($7, language), headers = COALESCE($8, headers), secret = CASE WHEN $9 THEN $10 ELSE secret END,
                 enabled = COALESCE($11, enabled), disabled_reason = CASE WHEN $11 THEN NULL ELSE disabled_reason END,
                 failing_since = CASE WHEN $11 THEN NULL ELSE failing_since END, paused_until = CASE WHEN $11 THEN 0 ELSE paused_until END, updated_at = $12
             WHERE id = $1 AND user_id = $2",
        );
        let statement = statement
            .bind(id)
            .bind(actor.user_id)
            .bind(name.as_ref())
            .bind(url.as_ref())
            .bind(events.as_ref())
            .bind(patch.all_tasks)
            .bind(patch.language.map(MessageLanguage::as_str))
            .bind(headers.as_ref())
            .bind(takes_secret)
            .bind(secret.as_ref().and_then(Option::as_ref))
            .bind(patch.enabled)
            .bind(now);
        if tx.execute(statement).await? == 0 {
            return Err(TxError::from(Error::not_found("webhook")));
        }
        if patch.enabled == Some(false) {
            queue::give_up(tx, id, "The webhook is switched off.", now).await?;
        }
        store::count(tx, actor.user_id).await?;
        Ok(())
    };
    transact!(service.db, body)?;
    get(service, actor, id).await
}

/// Deletes a webhook. What waits for it is given up; tasks that chose it go on without it.
pub async fn delete(service: &Service, actor: &Actor, id: i64) -> Result<()> {
    actor.require(Scope::Account)?;
    let now = service.clock.now();
    let body = async |tx: &mut Tx| {
        store::lock(tx, actor.user_id).await?;
        if tx.execute(query("DELETE FROM webhooks WHERE id = $1 AND user_id = $2").bind(id).bind(actor.user_id)).await? == 0 {
            return Err(TxError::from(Error::not_found("webhook")));
        }
        tx.execute(query("DELETE FROM task_webhooks WHERE webhook_id = $1").bind(id)).await?;
        queue::give_up(tx, id, "The webhook was deleted.", now).await?;
        store::count(tx, actor.user_id).await?;
        Ok(())
    };
    transact!(service.db, body)?;
    tracing::info!(user = actor.user_id, webhook = id, "webhook deleted");
    Ok(())
}

/// Gives a `standard` webhook a new secret. For a day messages carry signatures of both, so that a receiver may hold either.
///
/// Errors: `not_found`, `conflict` for a robot, whose secret is made by the chat program.
pub async fn rotate_secret(service: &Service, actor: &Actor, id: i64) -> Result<CreatedWebhook> {
    actor.require(Scope::Account)?;
    if find(service, actor, id).await?.kind != WebhookKind::Standard {
        return Err(Error::conflict("The secret of a robot is made by its chat program: change it there, then here."));
    }
    let now = service.clock.now();
    let secret = standard::new_secret();
    let rotated = query(
        "UPDATE webhooks SET old_secret = secret, old_secret_until = $4, secret = $3, updated_at = $5 WHERE id = $1 AND user_id = $2",
    );
    let rotated = rotated.bind(id).bind(actor.user_id).bind(&secret).bind(now.0 + OLD_SECRET_MS).bind(now);
    if service.db.execute(rotated).await? == 0 {
        return Err(Error::not_found("webhook"));
    }
    tracing::info!(user = actor.user_id, webhook = id, "secret of a webhook rotated");
    Ok(CreatedWebhook { secret: Some(secret), webhook: get(service, actor, id).await? })
}

static CHOICE: LazyLock<Sql> =
    LazyLock::new(|| Sql::batch("SELECT w.id FROM {rows} JOIN webhooks w ON w.id = x.id AND w.user_id = $2 AND w.enabled", "id bigint"));

/// Checks the webhooks that a task chooses: the caller's own, switched on. They come back in order, each once.
///
/// Errors: `invalid` at `webhook_ids`.
pub async fn require_choice(service: &Service, user_id: i64, ids: &[i64]) -> Result<Vec<i64>> {
    #[derive(Serialize)]
    struct Id {
        id: i64,
    }
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() > MOST_CHOSEN {
        return Err(Error::invalid("webhook_ids", format!("A task tells at most {MOST_CHOSEN} webhooks.")));
    }
    if !ids.is_empty() {
        let rows: Vec<_> = ids.iter().map(|id| Id { id: *id }).collect();
        let found = service.db.fetch_all(query(&*CHOICE).rows(&rows).bind(user_id)).await?;
        let found = found.iter().map(|row| row.get(0)).collect::<Result<Vec<i64>, _>>()?;
        if let Some(missing) = ids.iter().find(|id| !found.contains(id)) {
            return Err(Error::invalid("webhook_ids", format!("There is no webhook {missing} that is switched on.")));
        }
    }
    Ok(ids)
}
