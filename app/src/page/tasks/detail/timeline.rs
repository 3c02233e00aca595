//! Attempts and the waits between them, newest first.

use model::tasks::AttemptView;

/// Gaps below this are the engine's own pace, not a wait.
const SHORTEST_WAIT: i64 = 1000;

/// One entry of the timeline.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// An attempt.
    Attempt(AttemptView),
    /// So many milliseconds between an attempt and the next one.
    Wait {
        /// The attempt after it.
        before: i64,
        /// How long.
        milliseconds: i64,
    },
}

impl Entry {
    /// What tells entries apart and changes when an attempt does.
    pub fn key(&self) -> (bool, i64, i64, i64, usize) {
        match self {
            Entry::Attempt(attempt) => (true, attempt.attempt_no, attempt.status_code, attempt.duration, attempt.error.len()),
            Entry::Wait { before, milliseconds } => (false, *before, *milliseconds, 0, 0),
        }
    }
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// With a good answer.
    Good,
    /// With an error or a bad answer.
    Bad,
    /// Not yet.
    Open,
}

/// How an attempt ended.
pub fn ending(attempt: &AttemptView) -> Ending {
    match (attempt.error.is_empty(), attempt.status_code) {
        (false, _) => Ending::Bad,
        (true, 0) => Ending::Open,
        (true, 200..=399) => Ending::Good,
        (true, _) => Ending::Bad,
    }
}

/// The entries of a page of attempts, which come newest first.
pub fn entries(attempts: &[AttemptView]) -> Vec<Entry> {
    let mut entries = Vec::with_capacity(attempts.len() * 2);
    for (index, attempt) in attempts.iter().enumerate() {
        entries.push(Entry::Attempt(attempt.clone()));
        let Some(older) = attempts.get(index + 1) else { break };
        let milliseconds = attempt.created_at.0 - older.created_at.0 - older.duration;
        if milliseconds >= SHORTEST_WAIT {
            entries.push(Entry::Wait { before: attempt.attempt_no, milliseconds });
        }
    }
    entries
}
