//! How channels and their credentials do, and taking them out of use by ourselves.
//!
//! The truth is in the database, so that all nodes agree; each has a copy in memory, which a choice of a channel reads. What calls came to is
//! gathered and written by one writer at a time, so that an upstream that fails a thousand times a second costs a few statements.

mod store;

use super::Engine;
use super::capacity::Taken;
use super::failover::Behaviour;
use crate::actor::Actor;
use crate::features::{ChannelRow, with_each_key};
use crate::service::Service;
use model::Result;
use model::catalog::{ChannelHealth, KeyHealth};
use model::time::Timestamp;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

/// The name of the row about a channel as a whole.
pub(super) const WHOLE: &str = "";
/// Characters of a credential that are shown.
const SHOWN: usize = 4;
/// Only of a credential that is longer than this any are.
const LONG: usize = 16;

/// What is known of a channel or of a credential that failed before.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    pub failures: i64,
    pub last_error: String,
    pub last_error_at: i64,
    /// When it was taken out of use.
    pub disabled_at: Option<i64>,
    pub reason: String,
    /// Calls that were let through since then and failed.
    pub probes: i64,
    pub next_probe_at: Option<i64>,
}

/// Rows by channel and fingerprint.
#[derive(Debug, Clone, Default)]
pub(super) struct HealthMap(HashMap<i64, BTreeMap<String, Row>>);

impl HealthMap {
    pub fn row(&self, channel_id: i64, key: &str) -> Option<&Row> {
        self.0.get(&channel_id)?.get(key)
    }

    /// Whether a channel (with [`WHOLE`]) or one of its credentials is out of use.
    pub fn is_off(&self, channel_id: i64, key: &str) -> bool {
        self.row(channel_id, key).is_some_and(|row| row.disabled_at.is_some())
    }

    fn iter(&self) -> impl Iterator<Item = (i64, &str, &Row)> {
        self.0.iter().flat_map(|(id, rows)| rows.iter().map(|(key, row)| (*id, key.as_str(), row)))
    }

    fn set_aside(&mut self, channel_id: i64, key: &str, now: i64) {
        let row = self.0.entry(channel_id).or_default().entry(key.to_owned()).or_default();
        row.disabled_at = row.disabled_at.or(Some(now));
    }

    /// Whether a good call changes something.
    fn is_marked(&self, channel_id: i64, key: &str) -> bool {
        self.row(channel_id, key).is_some_and(|row| row.failures > 0 || row.disabled_at.is_some())
    }
}

/// What calls through one channel or with one credential came to since the last write.
#[derive(Debug, Default)]
struct News {
    /// One was good; what failed before it does not count any more.
    well: bool,
    failures: i64,
    /// The status with which the credential was refused.
    refused: Option<u16>,
    /// One of the failures was a call that was let through to see.
    probe: bool,
    error: String,
}

#[derive(Default)]
struct Unwritten {
    news: HashMap<(i64, String), News>,
    is_writing: bool,
}

/// The copy of this node, and what it has still to write.
#[derive(Default)]
pub(super) struct Health {
    map: RwLock<Arc<HealthMap>>,
    unwritten: Mutex<Unwritten>,
}

impl Health {
    pub fn map(&self) -> Arc<HealthMap> {
        self.map.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn put(&self, map: HealthMap) {
        *self.map.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(map);
    }

    fn unwritten(&self) -> MutexGuard<'_, Unwritten> {
        self.unwritten.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets a credential aside on this node at once: the calls that begin now must not wait for the database.
    fn set_aside(&self, channel_id: i64, key: &str, now: i64) {
        let mut map = self.map.write().unwrap_or_else(PoisonError::into_inner);
        if !map.is_off(channel_id, key) {
            Arc::make_mut(&mut map).set_aside(channel_id, key, now);
        }
    }
}

/// Notes how a channel behaved in a call.
pub(super) fn note(service: &Service, taken: &Taken, behaviour: Behaviour, why: &str) {
    let health = service.engine.health();
    let (id, key) = (taken.channel.id, taken.channel.key.as_str());
    let mut unwritten = health.unwritten();
    match behaviour {
        Behaviour::Untouched | Behaviour::Busy => return,
        Behaviour::Well => {
            // Nearly all calls end here, with nothing to write.
            let map = health.map();
            for key in [Some(WHOLE), Some(key).filter(|key| *key != WHOLE)].into_iter().flatten() {
                let is_news = !unwritten.news.is_empty() && unwritten.news.contains_key(&(id, key.to_owned()));
                if is_news || map.is_marked(id, key) {
                    unwritten.news.insert((id, key.to_owned()), News { well: true, ..News::default() });
                }
            }
        }
        Behaviour::Failed { .. } => {
            let news = unwritten.news.entry((id, WHOLE.to_owned())).or_default();
            news.failures += 1;
            news.probe |= taken.probe;
            news.error = why.to_owned();
        }
        Behaviour::Unauthorized(status) => {
            health.set_aside(id, key, service.clock.now().0);
            let news = unwritten.news.entry((id, key.to_owned())).or_default();
            news.failures += 1;
            news.refused = Some(status);
            news.probe |= taken.probe;
            news.error = why.to_owned();
        }
    }
    if !unwritten.news.is_empty() && !unwritten.is_writing {
        unwritten.is_writing = true;
        let service = service.clone();
        service.engine.0.attempts.clone().spawn(async move { write(&service).await });
    }
}

/// Writes what was noted, until there is nothing more.
async fn write(service: &Service) {
    let health = service.engine.health();
    loop {
        let news = {
            let mut unwritten = health.unwritten();
            if unwritten.news.is_empty() {
                unwritten.is_writing = false;
                break;
            }
            std::mem::take(&mut unwritten.news)
        };
        for ((id, key), news) in news {
            // It is advice: what could not be written is noted again by the next call that fails.
            if let Err(error) = store::write(service, id, &key, &news).await {
                tracing::warn!(channel = id, %error, "how a channel does could not be written");
            }
        }
        reload(service).await;
    }
    // A channel that works again has room for those who wait.
    service.engine.room();
}

/// Reads all rows into memory. What was noted since they were read, and is still to be written, stays.
async fn reload(service: &Service) {
    match store::read(&service.db).await {
        Ok(mut map) => {
            let health = service.engine.health();
            let unwritten = health.unwritten();
            for ((id, key), _) in unwritten.news.iter().filter(|(_, news)| news.refused.is_some()) {
                map.set_aside(*id, key, service.clock.now().0);
            }
            service.engine.capacity().keep_permits(&map);
            health.put(map);
        }
        Err(error) => tracing::warn!(%error, "how channels do could not be read"),
    }
}

/// Lets one call through each channel, and with each credential, whose time to be tried again has come. Of several nodes one does.
pub(super) async fn open_probes(service: &Service) -> Result<u64> {
    let (map, now) = (service.engine.health().map(), service.clock.now().0);
    let mut opened = 0;
    for (id, key, row) in map.iter() {
        let Some(due) = row.next_probe_at.filter(|at| row.disabled_at.is_some() && *at <= now) else { continue };
        // If nothing comes of it, because no task came or the answer said nothing, it is tried again after the same time.
        if store::claim_probe(service, (id, key), due, row.probes).await? {
            service.engine.capacity().permit(id, key);
            opened += 1;
        }
    }
    if opened > 0 {
        reload(service).await;
        service.engine.wake();
    }
    Ok(opened)
}

impl Engine {
    /// Reads how channels do, which another node may have changed, and opens the probes that are due; for the schedule. How many it opened.
    pub async fn refresh_health(&self, service: &Service) -> Result<u64> {
        // The writer reads all rows again when it has written, and what it has in hand is newer than what is read here.
        if !self.health().unwritten().is_writing {
            reload(service).await;
        }
        open_probes(service).await
    }

    /// How a channel does, for administrators.
    pub fn channel_health(&self, channel: &Arc<ChannelRow>) -> ChannelHealth {
        let map = self.health().map();
        let whole = map.row(channel.id, WHOLE).cloned().unwrap_or_default();
        let keys: Vec<_> = with_each_key(channel).filter(|row| row.key != WHOLE).collect();
        let shown: Vec<KeyHealth> = keys
            .iter()
            .map(|keyed| {
                let row = map.row(channel.id, &keyed.key).filter(|row| row.disabled_at.is_some()).cloned().unwrap_or_default();
                KeyHealth {
                    masked: masked(keyed.channel.credential.as_deref().unwrap_or_default()),
                    disabled_automatically_at: row.disabled_at.map(Timestamp),
                    reason: row.reason,
                    next_probe_at: row.next_probe_at.map(Timestamp),
                }
            })
            .collect();
        let mut known = ChannelHealth {
            failures: whole.failures,
            last_error_at: (whole.last_error_at > 0).then_some(Timestamp(whole.last_error_at)),
            last_error: whole.last_error,
            disabled_automatically_at: whole.disabled_at.map(Timestamp),
            reason: whole.reason,
            next_probe_at: whole.next_probe_at.map(Timestamp),
            keys: shown,
        };
        for row in keys.iter().filter_map(|keyed| map.row(channel.id, &keyed.key)) {
            if known.last_error_at.is_none_or(|at| at.0 < row.last_error_at) {
                (known.last_error, known.last_error_at) = (row.last_error.clone(), Some(Timestamp(row.last_error_at)));
            }
        }
        // Without a credential that is left the channel is out of use: since the last one was set aside, until the first is tried again.
        let all_aside = !known.keys.is_empty() && known.keys.iter().all(|key| key.disabled_automatically_at.is_some());
        if all_aside && known.disabled_automatically_at.is_none() {
            let last = known.keys.iter().max_by_key(|key| key.disabled_automatically_at.map(|at| at.0));
            (known.disabled_automatically_at, known.reason) =
                last.map_or((None, String::new()), |key| (key.disabled_automatically_at, key.reason.clone()));
            known.next_probe_at = known.keys.iter().filter_map(|key| key.next_probe_at).min_by_key(|at| at.0);
        }
        known
    }

    /// Whether any channel of a platform is in use, busy or not.
    pub(super) fn is_platform_in_use(&self, snapshot: &crate::features::Snapshot, platform: &str) -> bool {
        let map = self.health().map();
        let works = |row: &Arc<ChannelRow>| !map.is_off(row.id, WHOLE) && with_each_key(row).any(|keyed| !map.is_off(row.id, &keyed.key));
        snapshot.platforms.get(platform).is_some_and(|rows| rows.iter().any(works))
    }
}

/// Puts a channel and all its credentials back into use, whatever they did. The caller has looked who it is.
pub async fn recover_channel(service: &Service, actor: &Actor, channel_id: i64) -> Result<()> {
    store::recover(service, actor, channel_id).await?;
    reload(service).await;
    service.engine.wake();
    Ok(())
}

/// The end of a long credential, so that administrators can tell it from others.
fn masked(credential: &str) -> String {
    let count = credential.chars().count();
    let end: String = if count >= LONG { credential.chars().skip(count - SHOWN).collect() } else { String::new() };
    format!("••••{end}")
}
