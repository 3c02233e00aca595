//! What an attempt came to.

use crate::db::{DbError, Row};
use model::features::PriceKind;

/// A task in a worker's hands, as the queue and the task's row told it.
#[derive(Debug, Clone)]
pub(super) struct Claimed {
    pub id: i64,
    pub user_id: i64,
    pub run: i64,
    /// The fencing token: every write of this worker names it.
    pub lease: i64,
    /// When the lease ends unless it is renewed, in milliseconds.
    pub lease_until: i64,
    pub attempt: i64,
    pub retries: i64,
    pub rescues: i64,
    pub paid: bool,
    pub progress: i64,
    pub channel_id: Option<i64>,
    /// The fingerprint of the credential that its job was submitted with.
    pub channel_key: Option<String>,
    /// What this attempt tried before, as it is stored.
    pub tried: Option<String>,
    pub upstream_id: Option<String>,
    pub started_at: i64,
    pub attempt_started_at: i64,
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

impl Claimed {
    /// The columns of the queue that a claim returns, in the order that [`Claimed::read`] reads.
    pub const QUEUE: &str = "id, user_id, run, lease, attempt, retries, rescues, paid, progress, channel_id, upstream_id, started_at, attempt_started_at, lease_until, \
         channel_key, tried";
    /// The columns of the task, likewise.
    pub const TASK: &str = "id, feature_id, rule_id, public_id, points, price_kind, max_retries, interval_seconds, payload, headers";

    /// Puts the two rows together.
    pub fn read(queue: &Row, task: &Row) -> Result<Self, DbError> {
        let started_at: Option<i64> = queue.get(11)?;
        let attempt_started_at: Option<i64> = queue.get(12)?;
        let price_kind: String = task.get(5)?;
        Ok(Claimed {
            id: queue.get(0)?,
            user_id: queue.get(1)?,
            run: queue.get(2)?,
            lease: queue.get(3)?,
            lease_until: queue.get(13)?,
            attempt: queue.get(4)?,
            retries: queue.get(5)?,
            rescues: queue.get(6)?,
            paid: queue.get(7)?,
            progress: queue.get(8)?,
            channel_id: queue.get(9)?,
            channel_key: queue.get(14)?,
            tried: queue.get(15)?,
            upstream_id: queue.get(10)?,
            started_at: started_at.unwrap_or_default(),
            attempt_started_at: attempt_started_at.or(started_at).unwrap_or_default(),
            feature_id: task.get(1)?,
            rule_id: task.get(2)?,
            public_id: task.get(3)?,
            points: task.get(4)?,
            price_kind: if price_kind == "per_submission" { PriceKind::PerSubmission } else { PriceKind::PerSuccess },
            max_retries: task.get(6)?,
            interval_seconds: task.get(7)?,
            payload: task.get(8)?,
            headers: task.get(9)?,
        })
    }

    /// The id of this attempt at the upstream; a rescued claim keeps it, a retry makes a new one.
    pub fn attempt_id(&self) -> String {
        attempt_id(&self.public_id, self.attempt)
    }
}

/// The id of an attempt at the upstream: the task's public id and the attempt's number.
pub(super) fn attempt_id(public_id: &str, attempt: i64) -> String {
    format!("{public_id}-{attempt}")
}

/// What the upstream said, as far as it is kept.
#[derive(Debug, Clone, Default)]
pub(super) struct Answer {
    /// HTTP status; 0 without an answer.
    pub status: u16,
    /// The body as JSON text, capped.
    pub body: Option<String>,
    /// Whether the upstream answered at all.
    pub answered: bool,
}

/// What an attempt came to: every end of an attempt is one of these.
#[derive(Debug)]
pub(super) enum Outcome {
    /// The result is there; the text is what the task shows, if it is not the answer itself.
    Done { answer: Answer, result: Option<String> },
    /// The upstream works on it: ask again after some milliseconds.
    Wait { answer: Option<Answer>, channel_id: i64, upstream_id: String, progress: i64, unknown: bool, after_ms: i64 },
    /// It failed in a way that another attempt may mend; the upstream may have asked for a pause in seconds.
    Retry { answer: Answer, why: String, pause: Option<i64> },
    /// It failed and would fail again.
    Refuse { answer: Answer, why: String },
    /// The upstream took the job, and nobody can ask what became of it any more. It costs nothing, whenever its price is due.
    Lost { answer: Answer, why: String },
    /// Nothing was tried: the claim goes back as it was, to be claimed again after some milliseconds.
    GiveBack { after_ms: i64 },
}

impl Outcome {
    /// What the upstream said, if it was asked.
    pub fn answer(&self) -> Option<&Answer> {
        match self {
            Outcome::Done { answer, .. }
            | Outcome::Retry { answer, .. }
            | Outcome::Refuse { answer, .. }
            | Outcome::Lost { answer, .. } => Some(answer),
            Outcome::Wait { answer, .. } => answer.as_ref(),
            Outcome::GiveBack { .. } => None,
        }
    }

    /// The same, to be changed.
    pub fn answer_mut(&mut self) -> Option<&mut Answer> {
        match self {
            Outcome::Done { answer, .. }
            | Outcome::Retry { answer, .. }
            | Outcome::Refuse { answer, .. }
            | Outcome::Lost { answer, .. } => Some(answer),
            Outcome::Wait { answer, .. } => answer.as_mut(),
            Outcome::GiveBack { .. } => None,
        }
    }

    /// What went wrong; empty if nothing did.
    pub fn why(&self) -> &str {
        match self {
            Outcome::Retry { why, .. } | Outcome::Refuse { why, .. } | Outcome::Lost { why, .. } => why,
            _ => "",
        }
    }
}

/// The percent of a progress that an upstream tells: a number, or a text such as `"40%"`.
pub(super) fn percent(value: &serde_json::Value) -> Option<i64> {
    let number = match value {
        serde_json::Value::Number(number) => number.as_f64()?,
        serde_json::Value::String(text) => text.trim().trim_end_matches('%').parse::<f64>().ok()?,
        _ => return None,
    };
    #[expect(clippy::cast_possible_truncation, reason = "clamped to 0..=100 first")]
    number.is_finite().then(|| number.clamp(0.0, 100.0) as i64)
}
