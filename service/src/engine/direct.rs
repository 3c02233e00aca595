//! Tasks that begin as soon as they are submitted: while nothing waits and there is room, a submission is written as already claimed, which
//! spares a second transaction and the time until it. The row is that of any claim: the same lease, the same fence, the same rescue.

use super::capacity::{Excluded, Taken};
use super::outcome::Claimed;
use super::{Engine, settle, worker};
use crate::features::Snapshot;
use crate::service::Service;
use model::features::PriceKind;
use model::time::Timestamp;
use std::sync::OnceLock;
use std::sync::atomic::Ordering;
use tokio::sync::mpsc::error::SendError;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// A place for one call: in this node's slots, and in those of a channel. It is given back when it is dropped.
pub(crate) struct Place {
    engine: Engine,
    taken: Taken,
    /// The user and the feature of a task; `None` for a call outside of any task.
    task: Option<(i64, i64)>,
    /// Whether a call was made.
    is_used: bool,
}

impl Place {
    /// Takes a place for a task; `None` if no channel of the platform can take it now.
    pub(super) fn take(engine: &Engine, snapshot: &Snapshot, platform: &str, user_id: i64, feature_id: i64) -> Option<Self> {
        let health = engine.health().map();
        let taken = engine.capacity().take(&engine.supply(snapshot, &health), platform, user_id, feature_id)?;
        Some(Place { engine: engine.clone(), taken, task: Some((user_id, feature_id)), is_used: false })
    }

    /// Takes a place for a call outside of any task, likewise.
    pub(super) fn for_call(engine: &Engine, snapshot: &Snapshot, platform: &str) -> Option<Self> {
        let health = engine.health().map();
        let taken = engine.capacity().take_for_call(&engine.supply(snapshot, &health), platform, &[])?;
        Some(Place { engine: engine.clone(), taken, task: None, is_used: false })
    }

    /// The channel that takes the call, and one of its credentials.
    pub(super) fn taken(&self) -> &Taken {
        &self.taken
    }

    /// Says that the call is made now.
    pub(super) fn begin(&mut self) {
        self.is_used = true;
    }

    /// Moves on to another channel, or to another credential; false, and nothing is changed, if there is none that can take it now.
    pub(super) fn exchange(&mut self, service: &Service, excluded: &[Excluded]) -> bool {
        let (snapshot, health) = (service.catalog.get(), self.engine.health().map());
        let platform = self.taken.channel.channel.platform.clone();
        let supply = self.engine.supply(&snapshot, &health);
        let other = self.engine.capacity().exchange(&supply, &platform, &self.taken, excluded);
        let found = other.is_some();
        if let Some(other) = other {
            self.taken = other;
        }
        found
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let was_full = {
            let mut capacity = self.engine.capacity();
            if let Some((user_id, feature_id)) = self.task {
                capacity.give_back_user(user_id, feature_id);
            }
            capacity.give_back_call(&self.taken, self.is_used)
        };
        match self.task {
            Some(_) => self.engine.room(),
            // A task may have waited for it.
            None if was_full => self.engine.wake(),
            None => {}
        }
    }
}

/// A task that was submitted as claimed.
pub(crate) struct Submitted {
    pub id: i64,
    pub user_id: i64,
    pub lease_until: i64,
    pub now: i64,
    pub feature_id: i64,
    pub rule_id: i64,
    pub public_id: String,
    pub points: i64,
    pub price_kind: PriceKind,
    pub max_retries: Option<i64>,
    pub interval_seconds: Option<i64>,
    pub payload: String,
    pub headers: String,
}

impl Submitted {
    fn claimed(self) -> Claimed {
        Claimed {
            id: self.id,
            user_id: self.user_id,
            run: 1,
            lease: 1,
            lease_until: self.lease_until,
            attempt: 1,
            retries: 0,
            rescues: 0,
            paid: false,
            progress: 0,
            channel_id: None,
            channel_key: None,
            tried: None,
            upstream_id: None,
            started_at: self.now,
            attempt_started_at: self.now,
            feature_id: self.feature_id,
            rule_id: self.rule_id,
            public_id: self.public_id,
            points: self.points,
            price_kind: self.price_kind,
            max_retries: self.max_retries,
            interval_seconds: self.interval_seconds,
            payload: self.payload,
            headers: self.headers,
        }
    }
}

/// Where submitted tasks wait the moment until they begin. Nothing can be put in before the workers run.
#[derive(Default)]
pub(super) struct Inbox(OnceLock<UnboundedSender<(Claimed, Place)>>);

impl Inbox {
    /// Opens it; once.
    pub fn open(&self) -> UnboundedReceiver<(Claimed, Place)> {
        let (sender, receiver) = unbounded_channel();
        let _ = self.0.set(sender);
        receiver
    }
}

impl Engine {
    /// When a lease that begins now ends.
    pub(crate) fn lease_until(&self, now: i64) -> i64 {
        now + self.0.limits.lease_seconds * 1000
    }

    /// A place for a task that is being submitted; `None` if it has to queue: others wait, there is no room, or the workers do not run.
    /// `most`: calls of the user that may be under way; 0 for no limit.
    pub(crate) fn reserve(&self, snapshot: &Snapshot, (user_id, most): (i64, i64), feature_id: i64) -> Option<Place> {
        let state = &self.0;
        if state.direct.0.get().is_none() || state.stop.is_cancelled() || state.waiting.load(Ordering::Acquire) {
            return None;
        }
        let feature = &snapshot.features.get(&feature_id)?.feature;
        {
            let capacity = self.capacity();
            let (all, here) = capacity.of_user(user_id, feature_id);
            let full = |limit: i64, now: i64| limit > 0 && now >= limit;
            if capacity.total() >= state.limits.slots || full(most, all) || full(feature.max_parallel_per_user.unwrap_or(0), here) {
                return None;
            }
        }
        Place::take(self, snapshot, &feature.platform, user_id, feature_id)
    }

    /// Begins a task whose submission is durable. While the server stops its claim goes back: its lease would end too, but then a task that must not
    /// be called twice could not be told from one that was called.
    pub(crate) fn begin(&self, submitted: Submitted, place: Place) {
        let now = Timestamp(submitted.now);
        let claimed = submitted.claimed();
        match self.0.direct.0.get() {
            Some(sender) => {
                if let Err(SendError((claimed, _place))) = sender.send((claimed, place)) {
                    settle::give_back(self, claimed, now);
                }
            }
            None => settle::give_back(self, claimed, now),
        }
    }
}

/// Begins what was submitted, until the server stops.
pub(super) async fn run(service: Service, mut inbox: UnboundedReceiver<(Claimed, Place)>) {
    let stop = service.engine.0.stop.clone();
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => break,
            next = inbox.recv() => match next {
                Some((claimed, place)) => {
                    worker::publish_running(&service, &claimed);
                    worker::begin_at(&service, claimed, place);
                }
                None => return,
            },
        }
    }
    // From here on a submission that is still on its way gives its claim back by itself.
    inbox.close();
    while let Ok((claimed, _place)) = inbox.try_recv() {
        worker::give_back(&service, claimed, 0);
    }
}
