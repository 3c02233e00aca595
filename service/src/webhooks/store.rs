//! Rows of webhooks, as several files here read them.

use super::queue;
use crate::db::{Db, DbError, Row, Tx, TxError, query};
use model::time::Timestamp;
use model::webhooks::{DisabledReason, MessageLanguage, WebhookEvent, WebhookKind, WebhookView};
use std::collections::BTreeMap;

/// A webhook with everything that sending needs.
#[derive(Debug, Clone)]
pub(super) struct Webhook {
    pub id: i64,
    pub user_id: i64,
    pub name: String,
    pub kind: WebhookKind,
    pub url: String,
    pub events: Vec<WebhookEvent>,
    pub all_tasks: bool,
    pub language: MessageLanguage,
    pub headers: BTreeMap<String, String>,
    pub secret: Option<String>,
    pub old_secret: Option<String>,
    pub old_secret_until: Option<i64>,
    pub enabled: bool,
    pub disabled_reason: Option<DisabledReason>,
    pub failing_since: Option<i64>,
    pub paused_until: i64,
    pub created_at: i64,
    pub updated_at: i64,
}

impl Webhook {
    /// The columns that [`Webhook::read`] reads, of `webhooks w`.
    pub const COLUMNS: &str = "w.id, w.user_id, w.name, w.kind, w.url, w.events, w.all_tasks, w.language, w.headers, w.secret, w.old_secret, \
         w.old_secret_until, w.enabled, w.disabled_reason, w.failing_since, w.paused_until, w.created_at, w.updated_at";

    /// The webhook of a row.
    pub fn read(row: &Row) -> Result<Self, DbError> {
        let id: i64 = row.get("id")?;
        let unreadable = |what: &str| DbError::Unusable(format!("the {what} of webhook {id} cannot be read"));
        let events: Vec<String> = serde_json::from_str(&row.get::<String>("events")?).map_err(|_| unreadable("events"))?;
        let reason: Option<String> = row.get("disabled_reason")?;
        Ok(Webhook {
            id,
            user_id: row.get("user_id")?,
            name: row.get("name")?,
            kind: WebhookKind::parse(&row.get::<String>("kind")?).ok_or_else(|| unreadable("kind"))?,
            url: row.get("url")?,
            // An event of a newer version is not one that this version sends.
            events: events.iter().filter_map(|word| WebhookEvent::parse(word)).collect(),
            all_tasks: row.get("all_tasks")?,
            language: MessageLanguage::parse(&row.get::<String>("language")?).ok_or_else(|| unreadable("language"))?,
            headers: serde_json::from_str(&row.get::<String>("headers")?).map_err(|_| unreadable("headers"))?,
            secret: row.get("secret")?,
            old_secret: row.get("old_secret")?,
            old_secret_until: row.get("old_secret_until")?,
            enabled: row.get("enabled")?,
            disabled_reason: reason.as_deref().and_then(DisabledReason::parse),
            failing_since: row.get("failing_since")?,
            paused_until: row.get("paused_until")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
        })
    }

    /// What its owner sees.
    pub fn view(self, now: Timestamp) -> WebhookView {
        WebhookView {
            id: self.id,
            name: self.name,
            kind: self.kind,
            url: self.url,
            events: self.events,
            all_tasks: self.all_tasks,
            language: self.language,
            header_names: self.headers.into_keys().collect(),
            enabled: self.enabled,
            disabled_reason: self.disabled_reason,
            signed: self.secret.is_some(),
            old_secret_until: self.old_secret_until.filter(|until| *until > now.0).map(Timestamp),
            failing_since: self.failing_since.map(Timestamp),
            created_at: Timestamp(self.created_at),
            updated_at: Timestamp(self.updated_at),
        }
    }

    /// The secrets that messages are signed with now.
    pub fn secrets(&self, now: Timestamp) -> impl Iterator<Item = &str> {
        let old = self.old_secret.as_deref().filter(|_| self.old_secret_until.is_some_and(|until| until > now.0));
        self.secret.as_deref().into_iter().chain(old)
    }
}

/// One of a user's webhooks.
pub(super) async fn find(db: &Db, user_id: i64, id: i64) -> Result<Option<Webhook>, DbError> {
    let text = format!("SELECT {} FROM webhooks w WHERE w.id = $1 AND w.user_id = $2", Webhook::COLUMNS);
    let row = db.fetch_optional(query(crate::db::Sql::Built(text.into())).bind(id).bind(user_id)).await?;
    row.as_ref().map(Webhook::read).transpose()
}

/// Counts anew how many of a user's webhooks are switched on; after every change of that.
pub(super) async fn count(tx: &mut Tx, user_id: i64) -> Result<(), DbError> {
    let counted = query(
        "UPDATE accounts SET webhooks = (SELECT CAST(COUNT(*) AS BIGINT) FROM webhooks w WHERE w.user_id = $1 AND w.enabled) WHERE user_id = $1",
    );
    tx.execute(counted.bind(user_id)).await?;
    Ok(())
}

/// Takes the lock under which a user's webhooks are changed: the same that the end of a task holds while it asks for them.
pub(super) async fn lock(tx: &mut Tx, user_id: i64) -> Result<(), TxError> {
    tx.execute(query("UPDATE accounts SET webhooks = webhooks WHERE user_id = $1").bind(user_id)).await?;
    Ok(())
}

/// Switches a webhook off, gives up what waits for it, and tells its owner's other webhooks. Nothing for one that is off already.
pub(super) async fn disable(tx: &mut Tx, webhook: &Webhook, reason: DisabledReason, now: Timestamp) -> Result<bool, DbError> {
    let off = query("UPDATE webhooks SET enabled = false, disabled_reason = $2, updated_at = $3 WHERE id = $1 AND enabled");
    if tx.execute(off.bind(webhook.id).bind(reason.as_str()).bind(now)).await? == 0 {
        return Ok(false);
    }
    count(tx, webhook.user_id).await?;
    queue::give_up(tx, webhook.id, "The webhook is switched off.", now).await?;
    let data = serde_json::json!({ "id": webhook.id, "name": webhook.name, "reason": reason.as_str() });
    let key = format!("webhook:{}:disabled:{}", webhook.id, now.0);
    super::outbox::announce(tx, webhook.user_id, WebhookEvent::WebhookDisabled, &key, &data, now).await?;
    Ok(true)
}
