//! What was received: counters, the last requests, answers kept by idempotency key, the journal.

use crate::jobs::Job;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fs::{File, OpenOptions};
use std::hash::Hash;
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Requests kept with headers and body.
const KEPT_REQUESTS: usize = 2_000;
/// Jobs, subjects and idempotency keys kept; the oldest go first, so that a demo may run for weeks.
const KEPT_ENTRIES: usize = 200_000;

/// What was received so far, counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stats {
    /// Requests of any kind, those about the stand-in itself left out.
    pub requests: u64,
    /// Of those, `POST /fast`.
    pub fast: u64,
    /// Requests by method and route, for example `POST /v1/jobs`.
    pub by_route: BTreeMap<String, u64>,
    /// Answers by HTTP status.
    pub by_status: BTreeMap<u16, u64>,
    /// Results made and jobs begun: what a real upstream would have charged for.
    pub effects: u64,
    /// Answers repeated because the idempotency key was known.
    pub replays: u64,
    /// Requests being answered now.
    pub in_flight: u64,
    /// Most requests being answered at the same time.
    pub peak_in_flight: u64,
}

/// One request as it came in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Received {
    /// Its number, from 1.
    pub number: u64,
    /// Milliseconds since 1970-01-01 UTC.
    pub at_ms: u64,
    /// The method.
    pub method: String,
    /// Path and query string.
    pub path: String,
    /// The headers, names in small letters.
    pub headers: BTreeMap<String, String>,
    /// The body: as JSON where it is JSON, else as text.
    pub body: Value,
    /// The status it was answered with.
    pub status: u16,
}

impl Received {
    /// The header `Idempotency-Key`, empty without one.
    pub fn key(&self) -> &str {
        self.headers.get("idempotency-key").map_or("", String::as_str)
    }

    /// What the request is about, empty if it does not say.
    pub(crate) fn task(&self) -> &str {
        self.headers.get("x-task").map_or("", String::as_str)
    }
}

/// A map that forgets its oldest entries.
pub(crate) struct Recent<K, V> {
    map: HashMap<K, V>,
    order: VecDeque<K>,
}

impl<K: Hash + Eq + Clone, V: Default> Recent<K, V> {
    /// The value of a key, made if it is new.
    pub(crate) fn entry(&mut self, key: &K) -> &mut V {
        if !self.map.contains_key(key) {
            if self.order.len() >= KEPT_ENTRIES
                && let Some(oldest) = self.order.pop_front()
            {
                self.map.remove(&oldest);
            }
            self.order.push_back(key.clone());
        }
        self.map.entry(key.clone()).or_default()
    }

    /// The value of a known key.
    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.map.get_mut(key)
    }
}

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Recent { map: HashMap::new(), order: VecDeque::new() }
    }
}

/// The requests about one subject: how many, and which place those with an idempotency key had.
#[derive(Default)]
pub(crate) struct Subject {
    count: u64,
    places: HashMap<String, u64>,
}

impl Subject {
    /// How many requests came before this one; a known key keeps its place.
    pub(crate) fn place(&mut self, key: &str) -> u64 {
        if let Some(place) = self.places.get(key) {
            return *place;
        }
        let place = self.count;
        self.count += 1;
        if !key.is_empty() {
            self.places.insert(key.to_owned(), place);
        }
        place
    }
}

/// Everything behind one lock.
#[derive(Default)]
pub(crate) struct Inner {
    stats: Stats,
    requests: VecDeque<Received>,
    /// The requests so far about a subject.
    pub(crate) subjects: Recent<String, Subject>,
    /// The good answer that a key was given.
    pub(crate) answers: Recent<String, Option<Value>>,
    /// Jobs by number.
    pub(crate) jobs: Recent<u64, Option<Job>>,
    /// Jobs of platforms by number.
    pub(crate) natives: Recent<u64, Option<crate::platform::Native>>,
    /// Numbers given to jobs and results.
    last_id: u64,
}

impl Inner {
    /// Counts something a real upstream would have charged for, and numbers it.
    pub(crate) fn effect(&mut self) -> u64 {
        self.stats.effects += 1;
        self.last_id += 1;
        self.last_id
    }

    /// Counts a repeated answer.
    pub(crate) fn replay(&mut self) {
        self.stats.replays += 1;
    }
}

/// What one stand-in has received.
pub(crate) struct Record {
    inner: Mutex<Inner>,
    // Outside the lock, so that `/fast` measures the caller and not this.
    fast: AtomicU64,
    number: AtomicU64,
    in_flight: AtomicU64,
    peak: AtomicU64,
    journal: Option<Mutex<File>>,
}

impl Record {
    pub(crate) fn new(journal: Option<&Path>) -> io::Result<Record> {
        let journal = match journal {
            Some(path) => Some(Mutex::new(OpenOptions::new().create(true).append(true).open(path)?)),
            None => None,
        };
        Ok(Record {
            inner: Mutex::default(),
            fast: AtomicU64::new(0),
            number: AtomicU64::new(0),
            in_flight: AtomicU64::new(0),
            peak: AtomicU64::new(0),
            journal,
        })
    }

    /// The state. A panic of another request does not make it unusable.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a request came in, in the journal too, and returns its number. The count of requests in flight falls when the guard is dropped.
    pub(crate) fn begin(&self, method: &str, path: &str, key: &str, task: &str) -> (u64, InFlight<'_>) {
        let number = self.number.fetch_add(1, Ordering::Relaxed) + 1;
        let now = self.in_flight.fetch_add(1, Ordering::Relaxed) + 1;
        self.peak.fetch_max(now, Ordering::Relaxed);
        let guard = InFlight(&self.in_flight);
        self.write(&json!({"number": number, "at_ms": now_ms(), "method": method, "path": path, "key": key, "task": task}));
        (number, guard)
    }

    /// Appends a line to the journal, if there is one.
    fn write(&self, line: &Value) {
        let Some(journal) = &self.journal else { return };
        let mut file = journal.lock().unwrap_or_else(PoisonError::into_inner);
        // One write a line: a reader never sees half of one, and a kill of this process loses nothing that was answered.
        if let Err(error) = file.write_all(format!("{line}\n").as_bytes()) {
            eprintln!("stand-in upstream: the journal cannot be written: {error}");
        }
    }

    /// Counts one `/fast`.
    pub(crate) fn count_fast(&self) {
        self.fast.fetch_add(1, Ordering::Relaxed);
    }

    /// Keeps a request with its answer, which leaves after this: the journal knows of it first.
    pub(crate) fn keep(&self, route: &str, received: Received) {
        self.write(&json!({"answered": received.number, "at_ms": now_ms(), "path": received.path, "key": received.key(), "status": received.status}));
        let mut inner = self.lock();
        inner.stats.requests += 1;
        *inner.stats.by_route.entry(format!("{} {route}", received.method)).or_default() += 1;
        *inner.stats.by_status.entry(received.status).or_default() += 1;
        if inner.requests.len() >= KEPT_REQUESTS {
            inner.requests.pop_front();
        }
        inner.requests.push_back(received);
    }

    pub(crate) fn stats(&self) -> Stats {
        let mut stats = self.lock().stats.clone();
        stats.fast = self.fast.load(Ordering::Relaxed);
        stats.requests += stats.fast;
        if stats.fast > 0 {
            stats.by_route.insert("POST /fast".to_owned(), stats.fast);
            *stats.by_status.entry(200).or_default() += stats.fast;
        }
        stats.in_flight = self.in_flight.load(Ordering::Relaxed);
        stats.peak_in_flight = self.peak.load(Ordering::Relaxed);
        stats
    }

    pub(crate) fn requests(&self) -> Vec<Received> {
        self.lock().requests.iter().cloned().collect()
    }

    pub(crate) fn reset(&self) {
        *self.lock() = Inner::default();
        self.fast.store(0, Ordering::Relaxed);
        self.peak.store(0, Ordering::Relaxed);
    }
}

/// Counts a request as being answered until it is dropped.
pub(crate) struct InFlight<'a>(&'a AtomicU64);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Milliseconds since 1970-01-01 UTC, by the clock of the journal.
#[allow(clippy::disallowed_methods, reason = "the stand-in is not part of the product and has no injected clock")]
pub fn now_ms() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| since.as_millis() as u64)
}
