//! Claiming: who waits, how much each may take, and an attempt for each claim.

use super::Running;
use super::direct::Place;
use super::executor::{Attempt, definitions};
use super::failover;
use super::outcome::{Claimed, Outcome};
use super::queue::{self, Quota};
use super::{batch, poll, settle};
use crate::features::{self, Snapshot};
use crate::service::Service;
use model::Result;
use model::events::Event;
use model::tasks::TaskStatus;
use model::time::Timestamp;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Buckets of normal tasks begin here; those of urgent ones below.
const NORMAL: i64 = 1 << 60;
/// How long a claim that was not woken waits: the truth behind lost wake-ups and other nodes' submissions.
const PATIENCE: Duration = Duration::from_secs(1);

/// How many batches of outcomes may wait to be written before no more is claimed.
const UNSETTLED_BATCHES: usize = 4;

/// This node's name in leases.
pub(super) fn node(service: &Service) -> &str {
    &service.engine.0.node
}

/// Claims until the server stops.
pub(super) async fn claim_loop(service: Service) {
    let state = service.engine.clone();
    while !state.0.stop.is_cancelled() {
        let claimed = claim_once(&service).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "claiming failed");
            0
        });
        if claimed > 0 {
            continue;
        }
        tokio::select! {
            () = state.0.wake.notified() => {}
            () = tokio::time::sleep(PATIENCE) => {}
            () = state.0.stop.cancelled() => {}
        }
    }
}

/// Asks for news of accepted jobs until the server stops.
pub(super) async fn poll_loop(service: Service) {
    let state = service.engine.clone();
    while !state.0.stop.is_cancelled() {
        let claimed = poll_once(&service).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "claiming polls failed");
            0
        });
        let pause = if claimed > 0 { Duration::from_millis(5) } else { Duration::from_millis(200) };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = state.0.stop.cancelled() => {}
        }
    }
}

/// One claim of as many tasks as there is room for; how many.
pub(super) async fn claim_once(service: &Service) -> Result<usize> {
    let batch = service.config.engine.claim_batch;
    let room = service.config.engine.slots.saturating_sub(service.engine.capacity().total());
    // Calls that end faster than they are written must not pile up.
    let room = room.min((batch * UNSETTLED_BATCHES).saturating_sub(service.engine.0.unsettled.load(Ordering::Acquire)));
    let budget = i64::try_from(room.min(batch)).unwrap_or(0);
    if budget == 0 {
        return Ok(0);
    }
    // Before the scan: what is submitted meanwhile sets it again.
    service.engine.0.waiting.store(false, Ordering::Release);
    let urgent = scan(service, 0).await?;
    let normal = scan(service, 1).await?;
    if urgent.is_empty() && normal.is_empty() {
        return Ok(0);
    }
    service.engine.0.waiting.store(true, Ordering::Release);
    let snapshot = features::snapshot(service);
    let platforms: HashSet<&str> = urgent
        .iter()
        .chain(&normal)
        .filter_map(|bucket| Some(snapshot.features.get(&parts(*bucket).0)?.feature.platform.as_str()))
        .collect();
    let health = service.engine.health().map();
    let supply = service.engine.supply(&snapshot, &health);
    let free = platforms.into_iter().map(|platform| service.engine.capacity().free_of_platform(&supply, platform)).sum::<i64>();
    let budget = budget.min(free);
    // Of five claims four are urgent while both wait.
    let share = match (urgent.is_empty(), normal.is_empty()) {
        (true, _) => 0,
        (_, true) => budget,
        _ => (budget * 4 / 5).max(1),
    };
    let mut quotas = plan(service, &snapshot, &urgent, share, &[]);
    let promised: i64 = quotas.iter().map(|quota| quota.n).sum();
    let rest = plan(service, &snapshot, &normal, budget - promised, &quotas);
    quotas.extend(rest);
    if quotas.is_empty() {
        return Ok(0);
    }
    let claimed = queue::claim(service, node(service), &quotas).await?;
    let count = claimed.len();
    for task in claimed {
        begin(service, &snapshot, task);
    }
    Ok(count)
}

/// One claim of due polls; how many.
pub(super) async fn poll_once(service: &Service) -> Result<usize> {
    if service.engine.0.unsettled.load(Ordering::Acquire) >= service.config.engine.claim_batch * UNSETTLED_BATCHES
        || service.engine.0.polls.available_permits() == 0
    {
        return Ok(0);
    }
    let slots = service.config.engine.poll_slots;
    let claimed = queue::claim_due_polls(service, node(service), i64::try_from(slots).unwrap_or(i64::MAX)).await?;
    let count = claimed.len();
    let snapshot = features::snapshot(service);
    let (mut one_by_one, mut together) = (Vec::new(), batch::Groups::default());
    for claimed in claimed {
        let found = definitions(service, &claimed)
            .zip(claimed.channel_id.and_then(|id| snapshot.channel_with(id, claimed.channel_key.as_deref())).cloned());
        let abort = register(service, &claimed);
        match found {
            None => begin_polls(service, async move {
                let why = "The channel or the rule that took this job is gone.".to_owned();
                vec![(claimed, Outcome::Lost { answer: super::outcome::Answer::default(), why })]
            }),
            Some(((_, rule), channel)) => {
                let attempt = Attempt { claimed, rule, channel, abort };
                match attempt.rule.rule.poll.as_ref().and_then(|poll| poll.batch.as_ref()) {
                    None => one_by_one.push(attempt),
                    Some(_) => together.add(attempt),
                }
            }
        }
    }
    for attempt in one_by_one {
        let own = service.clone();
        begin_polls(service, async move {
            let outcome = poll::run(&attempt, &own).await;
            vec![(attempt.claimed, outcome)]
        });
    }
    for attempts in together.chunks() {
        let own = service.clone();
        begin_polls(service, async move { batch::run(attempts, &own).await });
    }
    Ok(count)
}

/// Buckets that wait in a lane, beginning where the last scan ended.
async fn scan(service: &Service, lane: usize) -> Result<Vec<i64>> {
    let (from, until) = if lane == 0 { (0, NORMAL) } else { (NORMAL, i64::MAX) };
    let cursor = service.engine.0.cursors[lane].load(Ordering::Relaxed).clamp(from, until);
    let mut found = queue::waiting(service, cursor, until).await?;
    if (found.len() as i64) < queue::SCAN && cursor > from {
        let mut wrapped = queue::waiting(service, from, cursor).await?;
        wrapped.truncate(queue::SCAN as usize - found.len());
        found.extend(wrapped);
    }
    let next = if (found.len() as i64) < queue::SCAN { from } else { found.last().map_or(from, |last| last + 1) };
    service.engine.0.cursors[lane].store(next, Ordering::Relaxed);
    Ok(found)
}

/// What the channels of each platform can still take, and how many buckets want it.
#[derive(Default)]
struct Share {
    free: i64,
    sharers: i64,
}

/// Shares a budget among buckets: those with the fewest calls under way first, equally, within the limits of platform, feature and user.
/// `promised` are the quotas that were given before in this claim.
fn plan(service: &Service, snapshot: &Snapshot, buckets: &[i64], budget: i64, promised: &[Quota]) -> Vec<Quota> {
    let health = service.engine.health().map();
    let supply = service.engine.supply(snapshot, &health);
    let capacity = service.engine.capacity();
    let (everybody, own_limits) = (service.max_parallel_per_user(), crate::accounts::all_own_limits(service));
    let mut platforms: HashMap<&str, Share> = HashMap::new();
    let mut waiting = Vec::new();
    for bucket in buckets {
        let (feature_id, user_id) = parts(*bucket);
        let Some(feature) = snapshot.features.get(&feature_id) else { continue };
        let limit = |limit: i64, now: i64| if limit > 0 { (limit - now).max(0) } else { i64::MAX };
        let before = |same: &dyn Fn(i64, i64) -> bool| {
            promised.iter().filter(|quota| same(parts(quota.bucket).0, parts(quota.bucket).1)).map(|quota| quota.n).sum::<i64>()
        };
        let (all, here) = capacity.of_user(user_id, feature_id);
        let all = all + before(&|_, user| user == user_id);
        let here = here + before(&|feature, user| (feature, user) == (feature_id, user_id));
        let own = own_limits.get(&user_id).and_then(|limits| limits.max_parallel);
        let most = limit(own.unwrap_or(everybody), all).min(limit(feature.feature.max_parallel_per_user.unwrap_or(0), here));
        let platform = feature.feature.platform.as_str();
        let share = platforms.entry(platform).or_insert_with(|| {
            let of_platform = |feature: i64| snapshot.features.get(&feature).is_some_and(|row| row.feature.platform == platform);
            Share { free: (capacity.free_of_platform(&supply, platform) - before(&|feature, _| of_platform(feature))).max(0), sharers: 0 }
        });
        if most > 0 {
            share.sharers += 1;
            waiting.push((all, *bucket, platform, most));
        }
    }
    waiting.sort_unstable();
    let mut quotas = Vec::with_capacity(waiting.len());
    let mut left = budget;
    for (_, bucket, platform, most) in waiting {
        let Some(share) = platforms.get_mut(platform) else { continue };
        let equal = (share.free.min(left) + share.sharers - 1) / share.sharers.max(1);
        share.sharers -= 1;
        let n = equal.min(most);
        if n > 0 {
            share.free -= n;
            left -= n;
            quotas.push(Quota { bucket, n });
        }
    }
    quotas
}

/// The feature and the user of a bucket.
fn parts(bucket: i64) -> (i64, i64) {
    ((bucket & (NORMAL - 1)) >> 32, bucket & 0xffff_ffff)
}

fn begin(service: &Service, snapshot: &Snapshot, claimed: Claimed) {
    let Some((feature, _)) = definitions(service, &claimed) else {
        return give_back(service, claimed, 60_000);
    };
    match Place::take(&service.engine, snapshot, &feature.feature.platform, claimed.user_id, claimed.feature_id) {
        Some(place) => {
            publish_running(service, &claimed);
            begin_at(service, claimed, place);
        }
        None => give_back(service, claimed, 1_000),
    }
}

/// Begins an attempt for which there is a place.
pub(super) fn begin_at(service: &Service, claimed: Claimed, mut place: Place) {
    let Some((_, rule)) = definitions(service, &claimed) else {
        return give_back(service, claimed, 60_000);
    };
    let abort = register(service, &claimed);
    let channel = place.taken().channel.clone();
    let mut attempt = Attempt { claimed, rule, channel: channel.clone(), abort };
    attempt.set_channel(channel);
    place.begin();
    let service = service.clone();
    let tracker = service.engine.0.attempts.clone();
    tracker.spawn(async move {
        let outcome = failover::run(&mut attempt, &mut place, &service).await;
        drop(place);
        finish(&service, attempt.claimed, outcome).await;
    });
}

/// Sends one question when there is room for it, and settles what came of it for each task it was about.
fn begin_polls(service: &Service, ask: impl Future<Output = Vec<(Claimed, Outcome)>> + Send + 'static) {
    let service = service.clone();
    let tracker = service.engine.0.attempts.clone();
    tracker.spawn(async move {
        let permit = service.engine.0.polls.clone().acquire_owned().await;
        let outcomes = ask.await;
        drop(permit);
        futures::future::join_all(outcomes.into_iter().map(|(claimed, outcome)| finish(&service, claimed, outcome))).await;
    });
}

async fn finish(service: &Service, claimed: Claimed, outcome: Outcome) {
    let (id, lease) = (claimed.id, claimed.lease);
    service.engine.0.unsettled.fetch_add(1, Ordering::AcqRel);
    settle::settle(service, claimed, outcome).await;
    service.engine.0.unsettled.fetch_sub(1, Ordering::AcqRel);
    {
        let mut running = service.engine.running();
        // A cancelled task may already run again under another lease.
        if running.get(&id).is_some_and(|entry| entry.lease == lease) {
            running.remove(&id);
        }
    }
    service.engine.room();
}

fn register(service: &Service, claimed: &Claimed) -> CancellationToken {
    let abort = CancellationToken::new();
    service.engine.running().insert(claimed.id, Running { run: claimed.run, lease: claimed.lease, abort: abort.clone() });
    abort
}

pub(super) fn give_back(service: &Service, claimed: Claimed, after_ms: i64) {
    let service = service.clone();
    let tracker = service.engine.0.attempts.clone();
    tracker.spawn(async move { settle::settle(&service, claimed, Outcome::GiveBack { after_ms }).await });
}

pub(super) fn publish_running(service: &Service, claimed: &Claimed) {
    let event = Event::Task {
        id: claimed.id,
        status: TaskStatus::Running,
        progress: claimed.progress,
        retry_count: claimed.retries,
        updated_at: Timestamp(claimed.attempt_started_at),
    };
    service.events.publish(claimed.user_id, event);
}
