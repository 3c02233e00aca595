//! Webhooks: events pushed to receivers of people's choice, each at least once.
//!
//! `outbox` writes deliveries in the transaction of what they tell about; `queue` is the only reader and writer of their states, `worker` claims,
//! `attempt` sends, `standard` and `robots` make the requests, `record` writes what came of them. `configure` is what owners do.
//!
//! Secrets and extra headers are stored as they are, since messages are signed with them. They are in no answer, log, event or export; whoever can
//! read the database or a backup of it can read them.

mod attempt;
mod check;
mod configure;
mod deliveries;
mod message;
mod outbox;
mod queue;
mod record;
mod robots;
mod standard;
mod store;
#[cfg(test)]
mod tests;
mod worker;

pub use configure::{create, delete, get, list, require_choice, rotate_secret, update};
pub use deliveries::{admin_deliveries, deliveries, delivery, prune, resend, test};
pub use outbox::{TaskEnd, announce};
pub(crate) use outbox::{choose, chosen, put_tasks, unchoose};
pub use standard::sign;
pub use worker::{drain, start};

use crate::clock::Clock;
use crate::db::Db;
use crate::db::batch::{Batcher, Limits};
use crate::events::EventBus;
use record::Recorder;
use std::collections::HashMap;
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use tokio_util::task::TaskTracker;

/// The deliveries of this node; cheap to clone.
#[derive(Clone)]
pub struct State(Arc<Inner>);

struct Inner {
    wake: Notify,
    recorder: Batcher<Recorder>,
    /// Where the next scan begins, so that many webhooks take turns.
    cursor: AtomicI64,
    /// Deliveries under way on this node, by webhook.
    under_way: Mutex<HashMap<i64, usize>>,
    sending: TaskTracker,
}

impl State {
    /// Puts it together; nothing is sent until [`start`] or [`drain`].
    pub fn new(db: &Db, clock: &Clock, events: &EventBus, batches: &TaskTracker) -> Self {
        let recorder = Recorder { db: db.clone(), clock: clock.clone(), events: events.clone() };
        let limits = Limits { commands: 128, bytes: 262_144, wait_for_database: true };
        State(Arc::new(Inner {
            wake: Notify::new(),
            recorder: Batcher::spawn(recorder, limits, batches),
            cursor: AtomicI64::new(0),
            under_way: Mutex::default(),
            sending: TaskTracker::new(),
        }))
    }

    /// Says that there may be something to send.
    pub fn wake(&self) {
        self.0.wake.notify_one();
    }

    /// Waits for what is being sent, and lets its outcome be written.
    pub async fn stop(&self) {
        self.0.sending.close();
        // An attempt takes twenty seconds at most; what is not settled then is sent again by whoever comes next.
        let _ = tokio::time::timeout(std::time::Duration::from_secs(5), self.0.sending.wait()).await;
    }

    fn under_way(&self) -> MutexGuard<'_, HashMap<i64, usize>> {
        self.0.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
