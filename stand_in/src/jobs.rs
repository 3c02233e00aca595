//! Jobs: submitted, asked about, cancelled. A job has no task of its own; where it is follows from the time.

use crate::behaviour::{Behaviour, Outcome};
use crate::record::now_ms;
use serde_json::{Value, json};

/// Milliseconds that a job runs unless it was asked otherwise.
const DURATION_MS: u64 = 3_000;

/// One job.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    id: u64,
    begun_ms: u64,
    duration_ms: u64,
    outcome: Outcome,
    /// When it was cancelled.
    cancelled_ms: Option<u64>,
    result: Value,
}

impl Job {
    pub(crate) fn new(id: u64, behaviour: &Behaviour, result: Value) -> Job {
        let duration_ms = behaviour.duration_ms.unwrap_or(DURATION_MS);
        Job { id, begun_ms: now_ms(), duration_ms, outcome: behaviour.outcome, cancelled_ms: None, result }
    }

    /// The id that callers see.
    pub(crate) fn name(id: u64) -> String {
        format!("job-{id}")
    }

    /// The number in such an id.
    pub(crate) fn number(name: &str) -> Option<u64> {
        name.strip_prefix("job-")?.parse().ok()
    }

    /// Stops it unless it has ended.
    pub(crate) fn cancel(&mut self) {
        let now = now_ms();
        if now < self.begun_ms + self.duration_ms || self.outcome == Outcome::Stuck {
            self.cancelled_ms.get_or_insert(now);
        }
    }

    /// What callers see of it now.
    pub(crate) fn view(&self) -> Value {
        let elapsed = self.cancelled_ms.unwrap_or_else(now_ms).saturating_sub(self.begun_ms);
        let percent = (elapsed * 100).checked_div(self.duration_ms).unwrap_or(100).min(100);
        let id = Job::name(self.id);
        match (self.cancelled_ms, self.outcome, percent) {
            (Some(_), _, _) => json!({"id": id, "status": "cancelled", "progress": percent, "error": "cancelled by the caller"}),
            (None, Outcome::Stuck, _) => json!({"id": id, "status": "running", "progress": percent.min(42)}),
            (None, _, 0..10) => json!({"id": id, "status": "queued", "progress": 0}),
            (None, _, 10..100) => json!({"id": id, "status": "running", "progress": percent}),
            (None, Outcome::Failure, _) => json!({"id": id, "status": "failed", "progress": 60, "error": "the model ran out of memory"}),
            (None, Outcome::Success, _) => json!({"id": id, "status": "succeeded", "progress": 100, "result": self.result}),
        }
    }
}
