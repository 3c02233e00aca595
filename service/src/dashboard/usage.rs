//! Counting what accounts use, in the transaction that moves their points: one statement for a whole batch.
//!
//! It is done there and not by a duty that catches up, because then it is never behind, survives that a task is deleted, and needs no safe place to
//! read on from, which entries and tasks of a busy PostgreSQL do not have: later numbers may be committed first.

use crate::db::{Query, Sql, query};
use model::dashboard::{SLOT_MS, time_class};
use model::ledger::EntryKind;
use model::time::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// How something that was begun has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It came to its result.
    Succeeded,
    /// It did not.
    Failed,
}

/// A call of a custom API that has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// The custom API's number.
    pub api_id: i64,
    /// How it ended.
    pub ended: Ended,
    /// Points that were captured for it.
    pub points: i64,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
}

/// What a transaction adds to the counts of its accounts.
#[derive(Debug, Default)]
pub struct Usage(BTreeMap<(i64, &'static str, i64), Counts>);

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    begun: i64,
    succeeded: i64,
    failed: i64,
    cancelled: i64,
    points: i64,
}

#[derive(Serialize)]
struct Row {
    user_id: i64,
    kind: &'static str,
    subject_id: i64,
    begun: i64,
    succeeded: i64,
    failed: i64,
    cancelled: i64,
    points: i64,
}

// The accounts of the batch are locked by its book, so rows of one account are never written by two transactions at once.
static ADD: LazyLock<Sql> = LazyLock::new(|| {
    Sql::batch(
        "INSERT INTO usage_slots (user_id, kind, subject_id, slot, begun, succeeded, failed, cancelled, points)
         SELECT x.user_id, x.kind, x.subject_id, CAST($2 AS BIGINT), x.begun, x.succeeded, x.failed, x.cancelled, x.points FROM {rows} WHERE true
         ON CONFLICT (user_id, kind, subject_id, slot) DO UPDATE SET begun = usage_slots.begun + excluded.begun,
             succeeded = usage_slots.succeeded + excluded.succeeded, failed = usage_slots.failed + excluded.failed,
             cancelled = usage_slots.cancelled + excluded.cancelled, points = usage_slots.points + excluded.points",
        "user_id bigint, kind text, subject_id bigint, begun bigint, succeeded bigint, failed bigint, cancelled bigint, points bigint",
    )
});

impl Usage {
    /// A run of a task was submitted.
    pub fn run_begun(&mut self, user_id: i64, feature_id: i64) {
        self.feature(user_id, feature_id).begun += 1;
    }

    /// A run of a task has ended after some milliseconds.
    pub fn run_ended(&mut self, user_id: i64, feature_id: i64, ended: Ended, duration_ms: i64) {
        self.feature(user_id, feature_id).end(ended);
        self.at(user_id, "task_time", class(duration_ms)).begun += 1;
    }

    /// A run of a task was cancelled, or ended as failed by an administrator. How long it took says nothing about the feature.
    pub fn run_stopped(&mut self, user_id: i64, feature_id: i64, failed: bool) {
        let counts = self.feature(user_id, feature_id);
        if failed { counts.failed += 1 } else { counts.cancelled += 1 }
    }

    /// Points were captured for a run of a task.
    pub fn run_captured(&mut self, user_id: i64, feature_id: i64, points: i64) {
        self.feature(user_id, feature_id).points += points;
    }

    /// A custom API was called.
    pub fn called(&mut self, user_id: i64, call: Call) {
        let counts = self.at(user_id, "custom_api", call.api_id);
        counts.begun += 1;
        counts.points += call.points;
        counts.end(call.ended);
        self.at(user_id, "call_time", class(call.duration_ms)).begun += 1;
    }

    /// An entry of the ledger was written. Holds move nothing in or out, and captures are counted where they belong.
    pub(crate) fn entered(&mut self, user_id: i64, kind: EntryKind, points: i64) {
        if !matches!(kind, EntryKind::Hold | EntryKind::Capture) {
            let counts = self.at(user_id, kind.as_str(), 0);
            counts.begun += 1;
            counts.points += points;
        }
    }

    fn feature(&mut self, user_id: i64, feature_id: i64) -> &mut Counts {
        self.at(user_id, "feature", feature_id)
    }

    fn at(&mut self, user_id: i64, kind: &'static str, subject_id: i64) -> &mut Counts {
        self.0.entry((user_id, kind, subject_id)).or_default()
    }

    /// What adds everything to the present slot, if there is anything.
    pub(crate) fn statement(self, now: Timestamp) -> Option<Query> {
        let row = |((user_id, kind, subject_id), counts): ((i64, &'static str, i64), Counts)| {
            let Counts { begun, succeeded, failed, cancelled, points } = counts;
            Row { user_id, kind, subject_id, begun, succeeded, failed, cancelled, points }
        };
        let rows: Vec<_> = self.0.into_iter().map(row).collect();
        (!rows.is_empty()).then(|| query(&*ADD).rows(&rows).bind(slot(now)))
    }
}

impl Counts {
    fn end(&mut self, ended: Ended) {
        match ended {
            Ended::Succeeded => self.succeeded += 1,
            Ended::Failed => self.failed += 1,
        }
    }
}

/// The slot of an instant.
pub(crate) fn slot(at: Timestamp) -> i64 {
    at.0 - at.0.rem_euclid(SLOT_MS)
}

fn class(duration_ms: i64) -> i64 {
    i64::try_from(time_class(duration_ms)).unwrap_or(i64::MAX)
}
