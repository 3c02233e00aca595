//! What was looked up a moment ago, with a way to forget all of it that no slow reader can get around.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How long something is remembered: the longest time in which another node's revocation goes unnoticed here.
pub(super) const TTL: Duration = Duration::from_secs(5);
/// Things remembered at most.
const CAPACITY: u64 = 20_000;

/// Counts changes. What was read from the database before a change is not believed after it.
#[derive(Clone, Default)]
pub(super) struct Generation(Arc<AtomicU64>);

impl Generation {
    /// The present count; take it before reading the database.
    pub fn now(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }

    /// Says that something changed; call it after the commit.
    pub fn next(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// Values by the digest of their secret.
pub(super) struct Cache<T> {
    entries: moka::sync::Cache<[u8; 32], (u64, Arc<T>)>,
    generation: Generation,
}

impl<T: Send + Sync + 'static> Cache<T> {
    /// An empty cache that follows a generation.
    pub fn new(generation: &Generation) -> Self {
        let entries = moka::sync::Cache::builder().max_capacity(CAPACITY).time_to_live(TTL).build();
        Cache { entries, generation: generation.clone() }
    }

    /// What is remembered, unless something changed since it was read.
    pub fn get(&self, key: &[u8; 32]) -> Option<Arc<T>> {
        let (read_at, value) = self.entries.get(key)?;
        (read_at == self.generation.now()).then_some(value)
    }

    /// The count to take before reading the database.
    pub fn before_reading(&self) -> u64 {
        self.generation.now()
    }

    /// Remembers what was read after `read_at` was taken.
    pub fn put(&self, key: [u8; 32], read_at: u64, value: Arc<T>) {
        self.entries.insert(key, (read_at, value));
    }
}
