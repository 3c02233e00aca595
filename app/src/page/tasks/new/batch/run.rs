//! Submitting a batch: a few lines at a time, each with its own idempotency key.

use super::check::CheckedLine;
use crate::api;
use crate::error::UiError;
use crate::page::tasks::new::key::fresh_key;
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::ErrorCode;
use model::tasks::NewTask;
use std::time::Duration;

/// Lines under way at the same time.
const PARALLEL: usize = 4;
/// The longest pause after the server said that it is busy, in seconds.
const LONGEST_PAUSE: u64 = 30;

/// Where a line is.
#[derive(Debug, Clone, PartialEq)]
pub enum JobState {
    /// Waits for its turn.
    Ready,
    /// Is being submitted.
    Sending,
    /// Became a task.
    Done {
        /// The task's number.
        id: i64,
        /// Points held for it.
        points: i64,
    },
    /// Was refused.
    Failed(UiError),
}

/// One line that is submitted.
#[derive(Clone)]
pub struct Job {
    /// Its number in the text, from 1.
    pub number: usize,
    /// What it says.
    pub text: String,
    /// Where it is.
    pub state: ArcRwSignal<JobState>,
    task: NewTask,
    key: ArcStoredValue<String>,
}

/// How far a batch is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// All lines.
    pub all: i64,
    /// Lines that became tasks.
    pub ok: i64,
    /// Lines that were refused.
    pub failed: i64,
    /// Points held.
    pub points: i64,
}

/// A batch under way. A copy is the same batch.
#[derive(Clone, Copy)]
pub struct Run {
    feature_id: i64,
    /// The lines, once it has begun.
    pub jobs: RwSignal<Vec<Job>>,
    /// How far it is.
    pub count: Memo<Count>,
    /// Whether lines are being submitted.
    pub running: RwSignal<bool>,
    /// Whether it waits because the server is busy.
    pub paused: RwSignal<bool>,
    in_flight: StoredValue<usize>,
}

impl Run {
    /// Nothing yet.
    pub fn new(feature_id: i64) -> Self {
        let jobs = RwSignal::new(Vec::<Job>::new());
        let count = Memo::new(move |_| {
            jobs.with(|jobs| {
                jobs.iter().fold(Count { all: jobs.len() as i64, ..Count::default() }, |count, job| match job.state.get() {
                    JobState::Done { points, .. } => Count { ok: count.ok + 1, points: count.points + points, ..count },
                    JobState::Failed(_) => Count { failed: count.failed + 1, ..count },
                    JobState::Ready | JobState::Sending => count,
                })
            })
        });
        Run { feature_id, jobs, count, running: RwSignal::new(false), paused: RwSignal::new(false), in_flight: StoredValue::new(0) }
    }

    /// Begins with the good lines of a text.
    pub fn start(self, lines: &[CheckedLine]) {
        let job = |line: &CheckedLine| {
            let task = line.task.as_ref().ok()?.clone();
            let state = ArcRwSignal::new(JobState::Ready);
            Some(Job { number: line.number, text: line.text.clone(), state, task, key: ArcStoredValue::new(fresh_key()) })
        };
        self.jobs.set(lines.iter().filter_map(job).collect());
        self.resume();
    }

    /// Goes on with the lines that wait.
    pub fn resume(self) {
        self.running.set(true);
        self.pump();
    }

    /// Stops after the lines that are under way.
    pub fn stop(self) {
        self.running.set(false);
    }

    /// Submits the refused lines again.
    pub fn retry_failed(self) {
        self.jobs.with_untracked(|jobs| {
            for job in jobs.iter().filter(|job| matches!(job.state.get_untracked(), JobState::Failed(_))) {
                // A refusal is final for its key; without an answer the key is kept, see `finish`.
                job.key.set_value(fresh_key());
                job.state.set(JobState::Ready);
            }
        });
        self.resume();
    }

    /// Forgets the batch.
    pub fn clear(self) {
        self.running.set(false);
        self.jobs.set(Vec::new());
    }

    /// Submits the next lines, as many as may be under way.
    fn pump(self) {
        while self.running.get_untracked() && !self.paused.get_untracked() && self.in_flight.get_value() < PARALLEL {
            let waits = |job: &&Job| job.state.with_untracked(|state| *state == JobState::Ready);
            let Some(job) = self.jobs.with_untracked(|jobs| jobs.iter().find(waits).cloned()) else { break };
            job.state.set(JobState::Sending);
            self.in_flight.update_value(|count| *count += 1);
            spawn_local(async move {
                let answer = api::tasks::submit(self.feature_id, job.task.clone(), job.key.get_value()).await;
                self.finish(&job, answer.map(|task| JobState::Done { id: task.id, points: task.points }));
            });
        }
        if self.in_flight.get_value() == 0 && !self.paused.get_untracked() {
            self.running.set(false);
        }
    }

    fn finish(self, job: &Job, answer: Result<JobState, UiError>) {
        // The page may have been left in the meantime; then there is nothing to show and nothing more to submit.
        if self.in_flight.try_update_value(|count| *count -= 1).is_none() {
            return;
        }
        match answer {
            Ok(done) => job.state.set(done),
            Err(error) if matches!(error.code(), ErrorCode::RateLimited | ErrorCode::Unavailable | ErrorCode::IdempotencyInFlight) => {
                // Nobody knows whether it got through: the same key makes the repetition harmless.
                job.state.set(JobState::Ready);
                self.pause(error.0.retry_after.unwrap_or(2));
            }
            Err(error) => {
                if error.code() == ErrorCode::InsufficientPoints {
                    self.stop();
                }
                job.state.set(JobState::Failed(error));
            }
        }
        self.pump();
    }

    fn pause(self, seconds: u64) {
        self.paused.set(true);
        let go_on = move || {
            if self.paused.try_set(false).is_none() {
                self.pump();
            }
        };
        set_timeout(go_on, Duration::from_secs(seconds.clamp(1, LONGEST_PAUSE)));
    }
}
