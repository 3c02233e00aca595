//! The task engine: takes tasks out of the queue, calls upstreams, and settles what came of it.
//!
//! `queue` is the only reader and writer of the queue's states, `direct` begins what was just submitted, `worker` claims, `executor` makes the call of an attempt, `upstream` speaks to the upstream,
//! `capacity` chooses channels, `failover` goes on with another one, `health` takes those that fail out of use,
//! `poll` follows accepted jobs, `batch` many of them with one request, `platform` is what single platforms need beyond rules, `settle` writes outcomes and moves points, `sweeper` keeps leases, rescues and wakes.

mod batch;
mod call;
mod capacity;
mod direct;
mod dry_run;
mod executor;
mod failover;
mod health;
mod outcome;
mod platform;
mod poll;
mod queue;
mod settle;
mod sweeper;
mod template;
mod template_check;
#[cfg(test)]
mod tests;
mod upstream;
mod worker;

pub(crate) use call::{Call, Passed, call};
pub(crate) use direct::{Place, Submitted};
pub use dry_run::{dry_run, test_channel};
pub(crate) use failover::StoredTry;
pub use health::recover_channel;
pub use template_check::{TemplateProblem, check as check_template};

use crate::clock::Clock;
use crate::config::{Config, EngineConfig};
use crate::db::Db;
use crate::db::batch::{Batcher, Limits};
use crate::events::EventBus;
use crate::features::{CatalogCache, Snapshot};
use crate::service::Service;
use crate::webhooks;
use capacity::{Capacity, Supply};
use health::{Health, HealthMap};
use model::Result;
use settle::Settler;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The engine of this node; cheap to clone.
#[derive(Clone)]
pub struct Engine(Arc<State>);

struct State {
    /// Random for each start of a process, so that two processes are never taken for one.
    node: String,
    limits: EngineConfig,
    wake: Notify,
    /// Whether a task may be waiting in the queue. Without one, a submission need not wait for a claim.
    waiting: Arc<AtomicBool>,
    direct: direct::Inbox,
    /// Where the next scan of the urgent and of the normal lane begins, so that many users take turns.
    cursors: [AtomicI64; 2],
    settler: Batcher<Settler>,
    /// Outcomes that wait to be written.
    unsettled: AtomicUsize,
    capacity: Mutex<Capacity>,
    health: Health,
    clock: Clock,
    running: Mutex<HashMap<i64, Running>>,
    /// Polls that may be under way at the same time, one for each request.
    polls: Arc<Semaphore>,
    attempts: TaskTracker,
    batches: TaskTracker,
    stop: CancellationToken,
}

/// An attempt that is under way on this node.
struct Running {
    run: i64,
    lease: i64,
    abort: CancellationToken,
}

/// A task that its owner stopped, for telling the upstream.
#[derive(Debug, Clone)]
pub struct Stopped {
    /// The task.
    pub task_id: i64,
    /// Its public id.
    pub public_id: String,
    /// The attempt that was last begun.
    pub attempt: i64,
    /// The feature.
    pub feature_id: i64,
    /// The rule.
    pub rule_id: i64,
    /// The channel that took it, if one did.
    pub channel_id: Option<i64>,
    /// The fingerprint of the credential that it was submitted with.
    pub channel_key: Option<String>,
    /// The upstream's id of the job, if it was accepted.
    pub upstream_id: Option<String>,
}

impl Engine {
    /// Puts the engine together; nothing runs until [`Engine::start`] or [`Engine::drain`].
    pub fn new(
        db: &Db,
        clock: &Clock,
        config: &Config,
        events: &EventBus,
        catalog: &CatalogCache,
        webhooks: &webhooks::State,
        batches: &TaskTracker,
    ) -> Self {
        let limits = Limits { commands: config.engine.claim_batch, bytes: 262_144, wait_for_database: true };
        let waiting = Arc::new(AtomicBool::new(true));
        let settler = Settler {
            db: db.clone(),
            clock: clock.clone(),
            events: events.clone(),
            catalog: catalog.clone(),
            webhooks: webhooks.clone(),
            waiting: waiting.clone(),
        };
        Engine(Arc::new(State {
            node: format!("node_{}", crate::tasks::random_id()),
            limits: config.engine.clone(),
            wake: Notify::new(),
            waiting,
            direct: direct::Inbox::default(),
            cursors: Default::default(),
            settler: Batcher::spawn(settler, limits, batches),
            unsettled: AtomicUsize::new(0),
            capacity: Mutex::default(),
            health: Health::default(),
            clock: clock.clone(),
            running: Mutex::default(),
            polls: Arc::new(Semaphore::new(config.engine.poll_slots)),
            attempts: TaskTracker::new(),
            batches: batches.clone(),
            stop: CancellationToken::new(),
        }))
    }

    /// Takes back what an earlier process left behind and starts the loops of this node.
    pub async fn start(&self, service: &Service) -> Result<()> {
        sweeper::take_back_after_restart(service).await?;
        self.0.attempts.spawn(worker::claim_loop(service.clone()));
        self.0.attempts.spawn(direct::run(service.clone(), self.0.direct.open()));
        self.0.attempts.spawn(worker::poll_loop(service.clone()));
        self.0.attempts.spawn(sweeper::run(service.clone()));
        Ok(())
    }

    /// Says that there may be something to claim.
    pub fn wake(&self) {
        self.0.waiting.store(true, Ordering::Release);
        self.0.wake.notify_one();
    }

    /// Says that there is room, for whoever may be waiting for it.
    fn room(&self) {
        if self.0.waiting.load(Ordering::Acquire) {
            self.0.wake.notify_one();
        }
    }

    /// Runs everything that is due until nothing is, in the caller's task: what tests use in place of sleeping.
    pub async fn drain(&self, service: &Service) -> Result<()> {
        loop {
            health::open_probes(service).await?;
            let moved = sweeper::promote(service).await?;
            let claimed = worker::claim_once(service).await?;
            let polled = worker::poll_once(service).await?;
            self.0.attempts.close();
            self.0.attempts.wait().await;
            self.0.attempts.reopen();
            if moved + claimed as u64 + polled as u64 == 0 {
                return Ok(());
            }
        }
    }

    /// Ends the call of a stopped task on this node, and asks the upstream to stop where the rule knows how.
    pub fn stopped(&self, service: &Service, stopped: Stopped) {
        if let Some(running) = self.running().get(&stopped.task_id) {
            running.abort.cancel();
        }
        if stopped.upstream_id.is_some() {
            let service = service.clone();
            self.0.attempts.spawn(async move { poll::cancel_upstream(&service, stopped).await });
        }
    }

    /// Claims nothing more, lets running calls end within the configured time, and gives the rest back with their attempts restored.
    pub async fn stop(&self, service: &Service) {
        self.0.stop.cancel();
        self.0.attempts.close();
        let patience = Duration::from_secs(service.config.engine.shutdown_seconds.max(0).unsigned_abs());
        if tokio::time::timeout(patience, self.0.attempts.wait()).await.is_err() {
            for running in self.running().values() {
                running.abort.cancel();
            }
            let _ = tokio::time::timeout(Duration::from_secs(5), self.0.attempts.wait()).await;
        }
        self.0.batches.close();
    }

    /// This node's name in leases, random for each start.
    pub fn node(&self) -> &str {
        &self.0.node
    }

    /// Calls under way on this node by channel.
    pub fn calls_by_channel(&self) -> HashMap<i64, i64> {
        self.capacity().by_channel().clone()
    }

    /// Attempts under way on this node.
    pub fn in_flight(&self) -> usize {
        self.running().len()
    }

    fn health(&self) -> &Health {
        &self.0.health
    }

    /// What channels are chosen from, as it is now.
    fn supply<'a>(&self, snapshot: &'a Snapshot, health: &'a HealthMap) -> Supply<'a> {
        Supply { snapshot, health, now: self.0.clock.now().0 }
    }

    fn running(&self) -> std::sync::MutexGuard<'_, HashMap<i64, Running>> {
        self.0.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn capacity(&self) -> std::sync::MutexGuard<'_, Capacity> {
        self.0.capacity.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
