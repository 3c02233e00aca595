//! Settlement: outcomes to rows, points and events. Many settlements share one transaction.
//!
//! Each is guarded by task, run and lease. One that no longer holds its lease changes nothing and is no error: somebody else has the task now,
//! or it has ended.

mod rows;

use super::Engine;
use super::executor::definitions;
use super::outcome::{Answer, Claimed, Outcome};
use crate::clock::Clock;
use crate::dashboard::Ended as Counted;
use crate::db::batch::Apply;
use crate::db::{Db, DbError, Query, Tx, query};
use crate::events::EventBus;
use crate::features::{self, CatalogCache};
use crate::ledger::{Book, HoldEnd};
use crate::service::Service;
use crate::tasks::{INLINE_BYTES, run_reference};
use crate::webhooks::{self, TaskEnd};
use model::events::Event;
use model::features::PriceKind;
use model::rules::UNLIMITED;
use model::tasks::TaskStatus;
use model::time::Timestamp;
use model::webhooks::WebhookEvent;
use rows::{ATTEMPTS, AttemptRow, END, Ended, FENCE, Guard, KEEP, Kept, LEAVE};
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What is to be written about one claim.
pub(super) struct Settlement {
    claimed: Claimed,
    verdict: Verdict,
    now: i64,
}

/// An outcome, with limits and times applied.
enum Verdict {
    /// The run is over; `lost` when it must cost nothing, even if it was paid.
    End { succeeded: bool, lost: bool, answer: Answer, result: Option<String>, error: String },
    /// Another attempt later.
    Again { answer: Answer, error: String, run_at: i64 },
    /// The upstream has it; `accepted` when it just took it.
    Wait { accepted: bool, channel_id: i64, upstream_id: String, progress: i64, unknown: bool, run_at: i64 },
    /// As it was before the claim.
    Back { run_at: Option<i64> },
}

/// Applies batches of settlements.
pub(super) struct Settler {
    pub db: Db,
    pub clock: Clock,
    pub events: EventBus,
    pub catalog: CatalogCache,
    pub webhooks: webhooks::State,
    /// Set when a claim goes back into the queue.
    pub waiting: Arc<AtomicBool>,
}

/// Writes an outcome. It returns when it is durable, or was found to be stale.
pub(super) async fn settle(service: &Service, claimed: Claimed, outcome: Outcome) {
    let settlement = decide(service, claimed, outcome);
    let id = settlement.claimed.id;
    match service.engine.0.settler.call(settlement).await {
        Ok(true) => {}
        Ok(false) => {
            metrics::counter!("apirequestweb_settlements_stale_total").increment(1);
            tracing::debug!(task = id, "a stale outcome was dropped");
        }
        // The claim stays as it is: its lease ends and the task is taken over.
        Err(error) => tracing::error!(task = id, %error, "an outcome could not be written"),
    }
}

/// Gives a claim back that was made for a submission and never begun: as if it had not been claimed.
pub(super) fn give_back(engine: &Engine, claimed: Claimed, now: Timestamp) {
    let settler = engine.0.settler.clone();
    engine.0.batches.spawn(async move {
        let id = claimed.id;
        let back = Settlement { claimed, verdict: Verdict::Back { run_at: None }, now: now.0 };
        if let Err(error) = settler.call(back).await {
            tracing::error!(task = id, %error, "a claim could not be given back");
        }
    });
}

/// An outcome with limits and times applied.
pub(super) fn decide(service: &Service, claimed: Claimed, outcome: Outcome) -> Settlement {
    let now = service.clock.now().0;
    let failed = |answer, error| Verdict::End { succeeded: false, lost: false, answer, result: None, error };
    let verdict = match outcome {
        Outcome::Done { answer, result } => Verdict::End { succeeded: true, lost: false, answer, result, error: String::new() },
        Outcome::Refuse { answer, why } => failed(answer, why),
        Outcome::Lost { answer, why } => Verdict::End { succeeded: false, lost: true, answer, result: None, error: why },
        Outcome::GiveBack { after_ms } => Verdict::Back { run_at: (after_ms > 0).then_some(now + after_ms) },
        Outcome::Wait { answer, channel_id, upstream_id, progress, unknown, after_ms } => {
            let run_at = now + jitter(service, after_ms);
            Verdict::Wait { accepted: answer.is_some(), channel_id, upstream_id, progress, unknown, run_at }
        }
        Outcome::Retry { answer, why, pause } => match definitions(service, &claimed) {
            None => failed(answer, why),
            Some((feature, rule)) => {
                let (own_retries, own_interval) = (claimed.max_retries, claimed.interval_seconds);
                let (most, interval) =
                    features::applied_limits(own_retries, own_interval, &feature.feature, &rule.rule, service.intervals());
                let pause_ms = interval.max(pause.unwrap_or(0).min(3600)) * 1000;
                let in_time = now + pause_ms - claimed.started_at <= rule.rule.overall_timeout_seconds.saturating_mul(1000);
                if in_time && (most == UNLIMITED || claimed.retries < most) {
                    Verdict::Again { answer, error: why, run_at: now + jitter(service, pause_ms) }
                } else {
                    failed(answer, why)
                }
            }
        },
    };
    Settlement { claimed, verdict, now }
}

/// An interval, made longer at random so that many tasks that failed together do not come back together. Never shorter: it is a minimum.
fn jitter(service: &Service, ms: i64) -> i64 {
    let most = ms / 100 * service.config.engine.retry_jitter_percent.max(0);
    ms + if most > 0 { fastrand::i64(0..=most) } else { 0 }
}

impl Apply for Settler {
    type Command = Settlement;
    /// Whether it was written; false for a stale one.
    type Outcome = bool;

    fn bytes(settlement: &Settlement) -> usize {
        let body = |answer: &Answer| answer.body.as_ref().map_or(0, |body| body.len().min(INLINE_BYTES));
        256 + match &settlement.verdict {
            Verdict::End { answer, result, .. } => 2 * body(answer) + result.as_ref().map_or(0, |result| result.len().min(INLINE_BYTES)),
            Verdict::Again { answer, .. } => body(answer),
            Verdict::Wait { .. } | Verdict::Back { .. } => 0,
        }
    }

    async fn apply(&self, settlements: &[Settlement]) -> Result<Vec<bool>, DbError> {
        let now = self.clock.now();
        let mut tx = self.db.tx().await?;
        let fresh = guard(&mut tx, settlements, now).await?;
        let written: Vec<&Settlement> = settlements.iter().filter(|settlement| fresh.contains(&settlement.token())).collect();
        let mut statements = bodies(&written);
        if tx.is_postgres() {
            // Before the accounts are locked: submissions wait for them.
            tx.execute_all(std::mem::take(&mut statements)).await?;
        }
        let users: Vec<i64> = written.iter().filter(|s| s.ends() || s.pays()).map(|s| s.claimed.user_id).collect();
        let mut book = Book::open(&mut tx, &users).await?;
        for settlement in &written {
            settlement.account(&mut book)?;
        }
        let ends: Vec<_> = written.iter().filter_map(|s| s.end()).filter(|end| book.has_webhooks(end.user_id)).collect();
        let (balances, crossings): (Vec<_>, _) = (book.balances().collect(), book.crossings());
        let large = large_bodies(&written);
        let mut told = 0;
        if large.is_empty() && ends.is_empty() {
            book.commit_after(tx, now, statements).await?;
        } else {
            book.write_after(&mut tx, now, statements).await?;
            for statement in large {
                tx.execute(statement).await?;
            }
            if !ends.is_empty() {
                told = webhooks::put_tasks(&mut tx, &self.catalog.get(), &ends, now).await?;
            }
            tx.commit().await?;
        }
        if told > 0 {
            self.webhooks.wake();
        }
        if written.iter().any(|settlement| matches!(settlement.verdict, Verdict::Back { run_at: None })) {
            self.waiting.store(true, Ordering::Release);
        }
        for settlement in &written {
            if let Some(event) = settlement.event(now) {
                self.events.publish(settlement.claimed.user_id, event);
            }
        }
        for (user, balance) in balances {
            self.events.publish(user, Event::Balance { balance });
        }
        self.events.publish_crossings(crossings);
        Ok(settlements.iter().map(|settlement| fresh.contains(&settlement.token())).collect())
    }
}

/// What a settlement must hold to be written: task, run and lease. The task alone is not enough, for a late outcome and the rescue that made it
/// late may share a batch.
type Token = (i64, i64, i64);

fn token(id: i64, run: i64, lease: i64) -> Token {
    (id, run, if FENCE.is_empty() { 0 } else { lease })
}

/// Moves the queue rows whose lease is still held; what those hold.
async fn guard(tx: &mut Tx, settlements: &[Settlement], now: Timestamp) -> Result<HashSet<Token>, DbError> {
    let mut fresh = HashSet::with_capacity(settlements.len());
    let leaving: Vec<_> = settlements.iter().filter(|s| s.ends()).map(Settlement::guard).collect();
    if !leaving.is_empty() {
        for row in tx.fetch_all(query(&*LEAVE).rows(&leaving)).await? {
            fresh.insert(token(row.get(0)?, row.get(1)?, row.get(2)?));
        }
    }
    let kept: Vec<_> = settlements.iter().filter_map(Settlement::kept).collect();
    if !kept.is_empty() {
        for row in tx.fetch_all(query(&*KEEP).rows(&kept).bind(now)).await? {
            fresh.insert(token(row.get(0)?, row.get(1)?, row.get(2)?));
        }
    }
    Ok(fresh)
}

/// The statements that write what tasks and attempts show, large bodies left out.
fn bodies(written: &[&Settlement]) -> Vec<Query> {
    let mut statements = Vec::new();
    let ended: Vec<_> = written.iter().filter_map(|settlement| settlement.ended()).collect();
    if !ended.is_empty() {
        statements.push(query(&*END).rows(&ended));
    }
    let attempts: Vec<_> = written.iter().filter_map(|settlement| settlement.attempt()).collect();
    if !attempts.is_empty() {
        statements.push(query(&*ATTEMPTS).rows(&attempts));
    }
    statements
}

/// The statements that write large bodies, bound singly: inside the JSON of a batch they would cost several times as much.
fn large_bodies(written: &[&Settlement]) -> Vec<Query> {
    let mut statements = Vec::new();
    for settlement in written {
        let id = settlement.claimed.id;
        if let Some(response) = settlement.response().filter(|text| text.len() > INLINE_BYTES) {
            statements.push(query("UPDATE tasks SET response = $2 WHERE id = $1").bind(id).bind(response));
        }
        if let Some(body) = settlement.body().filter(|text| text.len() > INLINE_BYTES) {
            let attempt = query("UPDATE attempts SET response = $3 WHERE task_id = $1 AND attempt_no = $2");
            statements.push(attempt.bind(id).bind(settlement.claimed.attempt).bind(body));
        }
    }
    statements
}

fn inline(text: &str) -> Option<&str> {
    (text.len() <= INLINE_BYTES).then_some(text)
}

impl Settlement {
    fn ends(&self) -> bool {
        matches!(self.verdict, Verdict::End { .. })
    }

    /// Whether this is where a price per submission is due: the upstream has accepted or answered.
    fn pays(&self) -> bool {
        let answered = match &self.verdict {
            Verdict::End { lost: true, .. } => false,
            Verdict::End { answer, .. } | Verdict::Again { answer, .. } => answer.answered,
            Verdict::Wait { accepted, .. } => *accepted,
            Verdict::Back { .. } => false,
        };
        answered && !self.claimed.paid && self.claimed.price_kind == PriceKind::PerSubmission
    }

    fn token(&self) -> Token {
        token(self.claimed.id, self.claimed.run, self.claimed.lease)
    }

    fn guard(&self) -> Guard {
        Guard { id: self.claimed.id, run: self.claimed.run, lease: self.claimed.lease }
    }

    fn kept(&self) -> Option<Kept<'_>> {
        let claimed = &self.claimed;
        let kept = Kept {
            id: claimed.id,
            run: claimed.run,
            lease: claimed.lease,
            state: 0,
            run_at: self.now,
            attempt_open: true,
            retries: claimed.retries,
            paid: claimed.paid || self.pays(),
            progress: claimed.progress,
            channel_id: claimed.channel_id,
            channel_key: claimed.channel_key.as_deref(),
            tried: claimed.tried.as_deref(),
            upstream_id: claimed.upstream_id.as_deref(),
            upstream_unknown: false,
            error: "",
        };
        Some(match &self.verdict {
            Verdict::End { .. } => return None,
            Verdict::Again { error, run_at, .. } => Kept {
                state: 1,
                run_at: *run_at,
                attempt_open: false,
                retries: claimed.retries + 1,
                progress: 0,
                channel_id: None,
                channel_key: None,
                tried: None,
                upstream_id: None,
                error,
                ..kept
            },
            Verdict::Wait { channel_id, upstream_id, progress, unknown, run_at, .. } => Kept {
                state: 2,
                run_at: *run_at,
                progress: *progress,
                channel_id: Some(*channel_id),
                upstream_id: Some(upstream_id),
                upstream_unknown: *unknown,
                ..kept
            },
            Verdict::Back { run_at } if claimed.upstream_id.is_some() => Kept { state: 2, run_at: run_at.unwrap_or(self.now), ..kept },
            Verdict::Back { run_at: Some(run_at) } => Kept { state: 1, run_at: *run_at, channel_id: None, channel_key: None, ..kept },
            Verdict::Back { run_at: None } => Kept { channel_id: None, channel_key: None, ..kept },
        })
    }

    fn ended(&self) -> Option<Ended<'_>> {
        let Verdict::End { succeeded, error, .. } = &self.verdict else { return None };
        Some(Ended {
            id: self.claimed.id,
            status: if *succeeded { "succeeded" } else { "failed" },
            retry_count: self.claimed.retries,
            attempts: self.claimed.attempt,
            progress: if *succeeded { 100 } else { self.claimed.progress },
            started_at: self.claimed.started_at,
            finished_at: self.now,
            error,
            response: self.response().and_then(inline),
            channel_id: self.claimed.channel_id,
        })
    }

    /// What the task shows as its response: the picked result, else the last answer.
    fn response(&self) -> Option<&str> {
        let Verdict::End { answer, result, .. } = &self.verdict else { return None };
        result.as_deref().or(answer.body.as_deref())
    }

    /// What webhooks are told, if the run is over.
    fn end(&self) -> Option<TaskEnd<'_>> {
        let Verdict::End { succeeded, .. } = self.verdict else { return None };
        Some(TaskEnd {
            task_id: self.claimed.id,
            user_id: self.claimed.user_id,
            run: self.claimed.run,
            event: if succeeded { WebhookEvent::TaskSucceeded } else { WebhookEvent::TaskFailed },
            response: self.response(),
        })
    }

    /// What the attempt shows as the upstream's answer.
    fn body(&self) -> Option<&str> {
        match &self.verdict {
            Verdict::End { answer, .. } | Verdict::Again { answer, .. } => answer.body.as_deref(),
            _ => None,
        }
    }

    fn attempt(&self) -> Option<AttemptRow<'_>> {
        let (answer, error) = match &self.verdict {
            Verdict::End { answer, error, .. } | Verdict::Again { answer, error, .. } => (answer, error),
            _ => return None,
        };
        Some(AttemptRow {
            task_id: self.claimed.id,
            attempt_no: self.claimed.attempt,
            run: self.claimed.run,
            created_at: self.claimed.attempt_started_at,
            duration: (self.now - self.claimed.attempt_started_at).max(0),
            status_code: i64::from(answer.status),
            error,
            response: self.body().and_then(inline),
            channel_id: self.claimed.channel_id,
            tried: self.claimed.tried.as_deref(),
        })
    }

    fn account(&self, book: &mut Book) -> Result<(), DbError> {
        let claimed = &self.claimed;
        if let Verdict::End { succeeded, .. } = self.verdict {
            book.count(claimed.user_id, |counters| if succeeded { counters.succeeded += 1 } else { counters.failed += 1 });
            let ended = if succeeded { Counted::Succeeded } else { Counted::Failed };
            let took = self.now - claimed.started_at;
            book.usage(claimed.user_id, |usage| usage.run_ended(claimed.user_id, claimed.feature_id, ended, took));
        }
        let reference = run_reference(claimed.id, claimed.run);
        let unusable = |error: model::Error| DbError::Unusable(error.to_string());
        let end = match &self.verdict {
            Verdict::End { lost: true, .. } if claimed.paid => {
                return book.refund(claimed.user_id, claimed.points, &reference).map_err(unusable);
            }
            _ if claimed.paid => return Ok(()),
            _ if self.pays() => HoldEnd::Capture,
            Verdict::End { succeeded: true, .. } => HoldEnd::Capture,
            Verdict::End { succeeded: false, .. } => HoldEnd::Release,
            _ => return Ok(()),
        };
        if end == HoldEnd::Capture {
            book.usage(claimed.user_id, |usage| usage.run_captured(claimed.user_id, claimed.feature_id, claimed.points));
        }
        book.end(claimed.user_id, claimed.points, &reference, end).map_err(unusable)
    }

    fn event(&self, now: Timestamp) -> Option<Event> {
        let claimed = &self.claimed;
        let (status, progress, retry_count) = match &self.verdict {
            Verdict::End { succeeded: true, .. } => (TaskStatus::Succeeded, 100, claimed.retries),
            Verdict::End { .. } => (TaskStatus::Failed, claimed.progress, claimed.retries),
            Verdict::Again { .. } => (TaskStatus::RetryWait, 0, claimed.retries + 1),
            Verdict::Wait { accepted, progress, .. } if *accepted || *progress != claimed.progress => {
                (TaskStatus::WaitingUpstream, *progress, claimed.retries)
            }
            Verdict::Wait { .. } => return None,
            Verdict::Back { .. } if claimed.upstream_id.is_some() => return None,
            Verdict::Back { .. } => (TaskStatus::Queued, 0, claimed.retries),
        };
        Some(Event::Task { id: claimed.id, status, progress, retry_count, updated_at: now })
    }
}
