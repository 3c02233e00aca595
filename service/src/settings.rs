//! System settings: stored as one JSON value, kept in memory on every node.

use crate::actor::Actor;
use crate::audit;
use crate::db::{Db, DbError, Tx, TxError, query, transact};
use crate::service::Service;
use model::settings::Settings;
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
            before: stored.as_deref().and_then(|stored| serde_json::from_str(stored).ok()),
            after: serde_json::to_value(&settings).ok(),
        };
        audit::record(tx, actor, entry, now).await?;
        Ok(())
    };
    transact!(service.db, body)?;
    let fresh = Versioned { version: version + 1, settings: Arc::new(settings) };
    service.settings.put(fresh.clone());
    Ok(fresh)
}

/// Loads the settings anew if another node has changed them; for the schedule. Whether it had.
pub async fn refresh(service: &Service) -> Result<bool> {
    let fresh = read(&service.db).await?;
    let changed = fresh.version > service.settings.versioned().version;
    if changed {
        service.settings.put(fresh);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db_test;
    use model::ErrorCode;

    fn named(name: &str) -> Settings {
        Settings { site_name: name.to_owned(), ..Settings::default() }
    }

    db_test! {
        async fn a_change_is_seen_audited_and_fenced(t: TestService) {
            let admin = t.admin("root").await;
            let other = t.another_node().await;
            assert_eq!(update(&t, &admin, 0, named("一")).await.unwrap().version, 1);
            assert_eq!(t.settings.current().site_name, "一");
            assert_eq!(other.settings.current().site_name, "");
            assert!(refresh(&other).await.unwrap());
            assert_eq!(other.settings.current().site_name, "一");
            assert!(!refresh(&other).await.unwrap());
            // The other administrator still looks at version 0, or at one that never was.
            for stale in [0, 7] {
                assert_eq!(update(&other, &admin, stale, named("二")).await.unwrap_err().code, ErrorCode::Conflict);
            }
            assert_eq!(update(&other, &admin, 1, named("三")).await.unwrap().version, 2);
            let user = t.user("alice", 0).await;
            assert_eq!(update(&t, &user, 2, named("四")).await.unwrap_err().code, ErrorCode::Forbidden);
            let rows = t.db.fetch_all(query("SELECT action, actor_name, before_value, after_value FROM audit_log WHERE action = 'settings.update' ORDER BY id")).await.unwrap();
            assert_eq!(rows.len(), 2);
            assert_eq!(rows[1].get::<String>("actor_name").unwrap(), "root");
            assert!(rows[0].get::<Option<String>>("before_value").unwrap().is_none());
            assert!(rows[1].get::<Option<String>>("before_value").unwrap().unwrap().contains("一"));
            assert!(rows[1].get::<Option<String>>("after_value").unwrap().unwrap().contains("三"));
        }

        async fn a_version_that_nobody_saw_is_refused_at_first(t: TestService) {
            let admin = t.admin("root").await;
            assert_eq!(update(&t, &admin, 3, named("x")).await.unwrap_err().code, ErrorCode::Conflict);
            assert_eq!(t.settings.versioned().version, 0);
        }
    }
}
