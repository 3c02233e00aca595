//! Rates: differences between looks at two counters that only grow.

use crate::db::query;
use crate::service::Service;
use model::Result;
use model::overview::Pulse;
use model::time::Timestamp;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Looks that are kept: ten minutes of one every ten seconds.
const KEPT: usize = 61;

/// One look at the counters.
#[derive(Debug, Clone, Copy)]
struct Look {
    at: Timestamp,
    submitted: i64,
    attempts: i64,
}

/// The looks of this process.
pub struct History {
    started_at: Timestamp,
    looks: Mutex<VecDeque<Look>>,
}

impl History {
    /// None yet.
    pub fn starting(now: Timestamp) -> Self {
        History { started_at: now, looks: Mutex::default() }
    }

    /// When this process started.
    pub fn started_at(&self) -> Timestamp {
        self.started_at
    }

    fn looks(&self) -> MutexGuard<'_, VecDeque<Look>> {
        self.looks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What happened between each look and the one before, and both rates a minute over all of it.
    pub(super) fn rates(&self) -> (Vec<Pulse>, Option<f64>, Option<f64>) {
        let looks = self.looks();
        let between = |(earlier, later): (&Look, &Look)| Pulse {
            at: later.at,
            // A counter runs backwards only when its latest rows were deleted.
            submitted: (later.submitted - earlier.submitted).max(0),
            attempts: (later.attempts - earlier.attempts).max(0),
        };
        let pulses: Vec<Pulse> = looks.iter().zip(looks.iter().skip(1)).map(between).collect();
        let spent = looks.front().zip(looks.back()).map_or(0, |(first, last)| last.at.0 - first.at.0);
        #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
        let rate = |sum: i64| (spent > 0).then(|| (sum as f64 * 60_000.0 / spent as f64 * 10.0).round() / 10.0);
        let submitted = rate(pulses.iter().map(|pulse| pulse.submitted).sum());
        let attempts = rate(pulses.iter().map(|pulse| pulse.attempts).sum());
        (pulses, submitted, attempts)
    }
}

/// Looks at the counters: the greatest numbers of two tables, a step in an index each. A duty of every node.
pub async fn take_pulse(service: &Service) -> Result<()> {
    let counters = query("SELECT (SELECT MAX(id) FROM tasks) AS submitted, (SELECT MAX(id) FROM attempts) AS attempts");
    let row = service.db.fetch_one(counters).await?;
    let count = |column: &'static str| Ok::<_, crate::db::DbError>(row.get::<Option<i64>>(column)?.unwrap_or(0));
    let look = Look { at: service.clock.now(), submitted: count("submitted")?, attempts: count("attempts")? };
    let mut looks = service.history.looks();
    looks.push_back(look);
    if looks.len() > KEPT {
        looks.pop_front();
    }
    Ok(())
}
