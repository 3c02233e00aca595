//! System settings: stored as one JSON value, kept in memory on every node.

mod check;
mod effective;
#[cfg(test)]
mod tests;

pub use effective::Intervals;

use crate::actor::Actor;
use crate::audit;
use crate::db::{Db, DbError, Tx, TxError, query, transact};
use crate::http_client::HttpClient;
use crate::service::Service;
use model::settings::{Settings, SettingsChange, SettingsView};
use model::{Error, Result};
use std::sync::{Arc, PoisonError, RwLock};

/// Settings and their version, which grows with every change; 0 before the first.
#[derive(Debug, Clone, Default)]
pub struct Versioned {
    /// The version.
    pub version: i64,
    /// The settings.
    pub settings: Arc<Settings>,
}

/// Holds the present settings; cheap to clone.
#[derive(Clone)]
pub struct SettingsCache(Arc<RwLock<Versioned>>);

impl SettingsCache {
    /// Loads the settings.
    pub async fn load(db: &Db) -> Result<Self, DbError> {
        Ok(SettingsCache(Arc::new(RwLock::new(read(db).await?))))
    }

    /// The present settings.
    pub fn current(&self) -> Arc<Settings> {
        self.versioned().settings
    }

    /// The present settings with their version.
    pub fn versioned(&self) -> Versioned {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn put(&self, fresh: Versioned) {
        let mut present = self.0.write().unwrap_or_else(PoisonError::into_inner);
        // Two reloads at once may finish in either order.
        if fresh.version >= present.version {
            *present = fresh;
        }
    }
}

/// Changes the settings as a whole; administrators only. `version` is the one that the caller saw, so that two of them do not undo each
/// other's changes unseen; the new one is answered.
///
/// Errors: `forbidden`, `conflict` when somebody else has changed them since.
pub async fn update(service: &Service, actor: &Actor, version: i64, settings: Settings) -> Result<Versioned> {
    actor.require_admin()?;
    check::check(&settings)?;
    let now = service.clock.now();
    let text = serde_json::to_string(&settings).map_err(|_| Error::internal())?;
    let body = async |tx: &mut Tx| {
        let before = tx.fetch_optional(query(VERSION)).await?.map(|row| row.get::<String>("value")).transpose()?;
        let changed = tx
            .execute(
                query(
                    "INSERT INTO settings (key, value, updated_at) VALUES ('system_version', CAST(CAST($1 AS BIGINT) + 1 AS TEXT), $2)
                     ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at WHERE settings.value = CAST(CAST($1 AS BIGINT) AS TEXT)",
                )
                .bind(version)
                .bind(now),
            )
            .await?;
        // Without a row any version but 0 is one that nobody can have seen.
        if changed != 1 || (before.is_none() && version != 0) {
            return Err(TxError::from(Error::conflict("The settings were changed meanwhile. Load them again.")));
        }
        let stored = tx.fetch_optional(query(SETTINGS)).await?.map(|row| row.get::<String>("value")).transpose()?;
        let put = query(
            "INSERT INTO settings (key, value, updated_at) VALUES ('system', $1, $2)
             ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at",
        );
        tx.execute(put.bind(&text).bind(now)).await?;
        let entry = audit::Entry {
            action: "settings.update",
            target: "settings".to_owned(),
            before: match stored {
                Some(stored) => serde_json::from_str(&stored).ok(),
                None => serde_json::to_value(Settings::default()).ok(),
            },
            after: serde_json::to_value(&settings).ok(),
        };
        audit::record(tx, actor, entry, now).await?;
        Ok(())
    };
    transact!(service.db, body)?;
    let fresh = Versioned { version: version + 1, settings: Arc::new(settings) };
    apply(service, fresh.clone());
    Ok(fresh)
}

/// The settings, their version, and what counts where they are absent. Administrators only.
pub fn view(service: &Service, actor: &Actor) -> Result<SettingsView> {
    actor.require_admin()?;
    Ok(shown(service, service.settings.versioned()))
}

fn shown(service: &Service, Versioned { version, settings }: Versioned) -> SettingsView {
    SettingsView { version, settings: (*settings).clone(), defaults: service.settings_defaults() }
}

/// Replaces all settings; those left out get their defaults. Administrators only.
///
/// Errors: `invalid` and `bad_request` with the field, `conflict` when somebody else has changed them since, `forbidden`.
pub async fn replace(service: &Service, actor: &Actor, change: SettingsChange) -> Result<SettingsView> {
    actor.require_admin()?;
    let settings = check::read(change.settings)?;
    Ok(shown(service, update(service, actor, change.version, settings).await?))
}

/// Changes some settings; the others stay. Administrators only.
///
/// Errors: those of [`replace`].
pub async fn patch(service: &Service, actor: &Actor, change: SettingsChange) -> Result<SettingsView> {
    actor.require_admin()?;
    let present = read(&service.db).await?;
    if present.version != change.version {
        return Err(Error::conflict("The settings were changed meanwhile. Load them again."));
    }
    let Ok(serde_json::Value::Object(mut fields)) = serde_json::to_value(&*present.settings) else { return Err(Error::internal()) };
    fields.extend(change.settings);
    let settings = check::read(fields)?;
    Ok(shown(service, update(service, actor, change.version, settings).await?))
}

/// Puts settings into force on this node.
fn apply(service: &Service, fresh: Versioned) {
    service.settings.put(fresh);
    allow_outbound(&service.http, &service.settings.current());
}

/// Lets outbound calls reach what the settings allow beside the configuration.
pub(crate) fn allow_outbound(http: &HttpClient, settings: &Settings) {
    if let Err(error) = http.allow_also(&settings.outbound_allow) {
        // They were checked when they were stored; an older program may read what a newer one wrote.
        tracing::error!(%error, "the outbound allow-list of the settings cannot be read");
    }
}

/// Loads the settings anew if another node has changed them; for the schedule. Whether it had.
pub async fn refresh(service: &Service) -> Result<bool> {
    let fresh = read(&service.db).await?;
    let changed = fresh.version > service.settings.versioned().version;
    if changed {
        apply(service, fresh);
    }
    Ok(changed)
}

const VERSION: &str = "SELECT value FROM settings WHERE key = 'system_version'";
const SETTINGS: &str = "SELECT value FROM settings WHERE key = 'system'";

/// Both values in one statement, so that they belong together.
async fn read(db: &Db) -> Result<Versioned, DbError> {
    let mut found = Versioned::default();
    for row in db.fetch_all(query("SELECT key, value FROM settings WHERE key IN ('system', 'system_version')")).await? {
        let value: String = row.get("value")?;
        if row.get::<String>("key")? == "system" {
            found.settings =
                Arc::new(serde_json::from_str(&value).map_err(|error| DbError::Unusable(format!("system settings: {error}")))?);
        } else {
            found.version = value.parse().map_err(|_| DbError::Unusable("the version of the system settings is no number".to_owned()))?;
        }
    }
    Ok(found)
}
