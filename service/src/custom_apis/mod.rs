//! Custom APIs: calling them, and what they cost. Their definitions are part of the catalog, in `features`.

mod call;
mod charge;
mod find;
mod purse;
mod recover;
#[cfg(test)]
mod tests;

pub use call::{Answer, Called, Given, Request, call};
pub use find::{Found, Matched, find};
pub(crate) use recover::ABANDONED_MS;
pub use recover::{recover, recover_after_restart};

use crate::actor::Actor;
use crate::clock::Clock;
use crate::db::Db;
use crate::db::batch::{Batcher, Limits};
use crate::events::EventBus;
use crate::features;
use crate::service::Service;
use charge::Charger;
use model::Result;
use model::accounts::Scope;
use model::custom_apis::CustomApiView;
use purse::Purses;
use std::time::Duration;
use tokio_util::task::TaskTracker;

/// What calls share on this node.
pub struct State {
    charger: Batcher<Charger>,
    purses: Purses,
    /// Calls under way and movements of points that are on their way to the database.
    calls: TaskTracker,
}

impl State {
    /// Starts the batch of charges.
    pub fn new(db: &Db, clock: &Clock, events: &EventBus, batches: &TaskTracker) -> Self {
        // Ends of holds must not be lost to a busy database; who waits for a hold has a time limit of their own.
        let limits = Limits { commands: 256, bytes: 262_144, wait_for_database: true };
        let charger = Charger { db: db.clone(), clock: clock.clone(), events: events.clone() };
        State { charger: Batcher::spawn(charger, limits, batches), purses: Purses::default(), calls: TaskTracker::new() }
    }

    /// Lets calls that are under way end, and their points reach the database.
    pub async fn stop(&self, patience: Duration) {
        self.calls.close();
        if tokio::time::timeout(patience, self.calls.wait()).await.is_err() {
            tracing::warn!(calls = self.calls.len(), "calls of custom APIs did not end in time; their points come back later");
        }
    }

    /// Waits until every charge that was begun is written: what tests use in place of sleeping.
    pub async fn settled(&self) {
        self.calls.close();
        self.calls.wait().await;
        self.calls.reopen();
    }
}

/// Custom APIs that are listed and can be called, in their order.
pub async fn list(service: &Service, actor: &Actor) -> Result<Vec<CustomApiView>> {
    actor.require(Scope::TasksRead)?;
    let snapshot = features::snapshot(service);
    let mut rows: Vec<_> = snapshot.custom_apis.values().filter(|row| row.api.enabled && row.api.visible).collect();
    rows.sort_by_key(|row| (row.api.sort_order, row.id));
    let view = |row: &std::sync::Arc<features::CustomApiRow>| CustomApiView {
        id: row.id,
        name: row.api.name.clone(),
        description: row.api.description.clone(),
        method: row.api.method,
        path: row.api.path.clone(),
        points_cost: row.api.points_cost,
        form_schema: row.api.form_schema.clone(),
    };
    Ok(rows.into_iter().map(view).collect())
}
