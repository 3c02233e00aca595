//! The catalog in memory.

use super::store;
use crate::actor::Actor;
use crate::db::{Db, DbError};
use crate::service::Service;
use model::Result;
use model::accounts::Role;
use model::custom_apis::{CustomApi, Segment, segments};
use model::features::Feature;
use model::rules::{Channel, Rule};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// A feature and its number.
#[derive(Debug)]
pub struct FeatureRow {
    /// The number.
    pub id: i64,
    /// The number of its rule.
    pub rule_id: i64,
    /// The definition.
    pub feature: Feature,
}

impl FeatureRow {
    /// Whether a caller can see and use it, if it is switched on.
    pub fn is_visible_to(&self, actor: &Actor) -> bool {
        actor.role == Role::Admin || self.feature.is_visible_to(&actor.username)
    }
}

/// A rule and its number.
#[derive(Debug)]
pub struct RuleRow {
    /// The number.
    pub id: i64,
    /// The definition.
    pub rule: Rule,
}

/// A channel and its number, with one of its credentials.
#[derive(Debug)]
pub struct ChannelRow {
    /// The number.
    pub id: i64,
    /// The definition, with this credential.
    pub channel: Channel,
    /// What names the credential where it must not stand; empty without one.
    pub key: String,
    /// The same channel with each of its other credentials. Only the row with the first one has them.
    pub others: Vec<Arc<ChannelRow>>,
}

impl ChannelRow {
    /// A channel, with the first of its credentials.
    pub fn new(id: i64, mut channel: Channel) -> Self {
        let more = channel.more_credentials.take().unwrap_or_default();
        let mut credentials: Vec<String> = Vec::new();
        for credential in channel.credential.take().into_iter().chain(more).filter(|credential| !credential.is_empty()) {
            if !credentials.contains(&credential) {
                credentials.push(credential);
            }
        }
        let row = |credential: String, others| {
            let key = fingerprint(&credential);
            ChannelRow { id, channel: Channel { credential: Some(credential), ..channel.clone() }, key, others }
        };
        let mut rows = credentials.into_iter();
        match rows.next() {
            None => ChannelRow { id, channel, key: String::new(), others: Vec::new() },
            Some(first) => {
                let others = rows.map(|credential| Arc::new(row(credential, Vec::new()))).collect();
                row(first, others)
            }
        }
    }
}

/// The channel with each of its credentials, the first first.
pub fn with_each_key(row: &Arc<ChannelRow>) -> impl Iterator<Item = &Arc<ChannelRow>> + Clone {
    std::iter::once(row).chain(&row.others)
}

/// What names a credential: enough of its digest to tell it from others, and too little to be one.
fn fingerprint(credential: &str) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(credential).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// A custom API and its number.
#[derive(Debug)]
pub struct CustomApiRow {
    /// The number.
    pub id: i64,
    /// The number of its rule.
    pub rule_id: i64,
    /// The definition.
    pub api: CustomApi,
}

/// The whole catalog at one version.
#[derive(Debug, Default)]
pub struct Snapshot {
    /// The version; it grows with every change.
    pub version: i64,
    /// Features by number, those switched off included.
    pub features: HashMap<i64, Arc<FeatureRow>>,
    /// Rules by number.
    pub rules: HashMap<i64, Arc<RuleRow>>,
    /// Channels by number, those switched off included, with their first credentials.
    pub channels: HashMap<i64, Arc<ChannelRow>>,
    /// Channels that are switched on by platform, in the order of their numbers.
    pub platforms: HashMap<String, Vec<Arc<ChannelRow>>>,
    /// Custom APIs by number, those switched off included.
    pub custom_apis: HashMap<i64, Arc<CustomApiRow>>,
    /// Custom APIs that are switched on by the first part of their paths, those with fewer parameters first.
    pub routes: HashMap<String, Vec<Arc<CustomApiRow>>>,
}

impl Snapshot {
    /// A channel with the credential of a name; with its first one where that is gone, for a job that was accepted is still to be asked about.
    pub fn channel_with(&self, id: i64, key: Option<&str>) -> Option<&Arc<ChannelRow>> {
        let row = self.channels.get(&id)?;
        Some(with_each_key(row).find(|row| Some(row.key.as_str()) == key).unwrap_or(row))
    }
}

/// Holds the present snapshot; cheap to clone.
#[derive(Clone)]
pub struct CatalogCache(Arc<RwLock<Arc<Snapshot>>>);

impl CatalogCache {
    /// Loads the catalog.
    pub async fn load(db: &Db) -> Result<Self, DbError> {
        Ok(CatalogCache(Arc::new(RwLock::new(Arc::new(read(db).await?)))))
    }

    /// The present snapshot.
    pub fn get(&self) -> Arc<Snapshot> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Loads the catalog anew.
    pub async fn reload(&self, db: &Db) -> Result<(), DbError> {
        let fresh = Arc::new(read(db).await?);
        let mut present = self.0.write().unwrap_or_else(PoisonError::into_inner);
        // Two reloads at once may finish in either order.
        if fresh.version >= present.version {
            *present = fresh;
        }
        Ok(())
    }
}

/// The catalog in memory.
pub fn snapshot(service: &Service) -> Arc<Snapshot> {
    service.catalog.get()
}

/// Loads the catalog anew if another node has changed it; for the schedule. Whether it had.
pub async fn refresh(service: &Service) -> Result<bool> {
    if store::version(&service.db).await? == service.catalog.get().version {
        return Ok(false);
    }
    service.catalog.reload(&service.db).await?;
    Ok(true)
}

/// Stored entries that this version of the program cannot read, as `kind number`; for `doctor`.
pub async fn unreadable(service: &Service) -> Result<Vec<String>> {
    fn broken<T>(kind: &str, stored: &[store::Stored<T>]) -> Vec<String> {
        stored.iter().filter(|entry| entry.definition.is_err()).map(|entry| format!("{kind} {}", entry.id)).collect()
    }
    let mut found = broken("rule", &store::rules(&service.db).await?);
    found.extend(broken("channel", &store::channels(&service.db).await?));
    found.extend(broken("feature", &store::features(&service.db).await?));
    found.extend(broken("custom API", &store::custom_apis(&service.db).await?));
    Ok(found)
}

/// Reads all tables at one version: again if a change came in between.
async fn read(db: &Db) -> Result<Snapshot, DbError> {
    loop {
        let version = store::version(db).await?;
        let rules = store::rules(db).await?;
        let channels = store::channels(db).await?;
        let features = store::features(db).await?;
        let custom_apis = store::custom_apis(db).await?;
        if store::version(db).await? != version {
            continue;
        }
        let mut snapshot = Snapshot { version, ..Snapshot::default() };
        for stored in rules {
            if let Some(rule) = usable("rule", stored.id, stored.definition) {
                snapshot.rules.insert(stored.id, Arc::new(RuleRow { id: stored.id, rule }));
            }
        }
        for stored in channels {
            if let Some(mut channel) = usable::<Channel>("channel", stored.id, stored.definition) {
                channel.credential = stored.credential;
                channel.more_credentials = Some(stored.more_credentials);
                let row = Arc::new(ChannelRow::new(stored.id, channel));
                if row.channel.enabled {
                    snapshot.platforms.entry(row.channel.platform.clone()).or_default().push(row.clone());
                }
                snapshot.channels.insert(stored.id, row);
            }
        }
        for stored in features {
            if let Some(feature) = usable("feature", stored.id, stored.definition) {
                snapshot.features.insert(stored.id, Arc::new(FeatureRow { id: stored.id, rule_id: stored.rule_id, feature }));
            }
        }
        for stored in custom_apis {
            if let Some(api) = usable::<CustomApi>("custom API", stored.id, stored.definition) {
                let row = Arc::new(CustomApiRow { id: stored.id, rule_id: stored.rule_id, api });
                if let (true, Some(Segment::Literal(first))) = (row.api.enabled, segments(&row.api.path).next()) {
                    snapshot.routes.entry(first.to_owned()).or_default().push(row.clone());
                }
                snapshot.custom_apis.insert(stored.id, row);
            }
        }
        for rows in snapshot.routes.values_mut() {
            rows.sort_by_key(|row| model::custom_apis::path_params(&row.api.path).count());
        }
        return Ok(snapshot);
    }
}

/// A definition that can be read. One that cannot (after a step back to an older version) is left out with a line in the log, so that it does
/// not take the others with it.
fn usable<T>(kind: &str, id: i64, definition: std::result::Result<T, String>) -> Option<T> {
    definition.map_err(|error| tracing::error!(kind, id, error, "a stored definition cannot be read")).ok()
}
