//! How many requests a caller may send: counted in memory by key, by user, or by address while nobody is known. A user with a limit of its
//! own is counted over all its keys and sessions.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use model::{Error, ErrorCode};
use service::actor::{Actor, Via};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

/// Checks between two clean-ups of callers that have been away long enough to have their whole quota again.
const CLEAN_EVERY: u32 = 65_536;

const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// Whose requests are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CountedBy {
    /// An API key.
    Key(i64),
    /// A user's sessions.
    User(i64),
    /// An address; a whole /64 network for IPv6, which one household has.
    Address(IpAddr),
}

impl CountedBy {
    /// How an actor is counted.
    pub fn actor(actor: &Actor) -> Self {
        match actor.via {
            Via::Key { id, .. } => CountedBy::Key(id),
            _ => CountedBy::User(actor.user_id),
        }
    }

    /// How somebody unknown is counted.
    pub fn address(address: IpAddr) -> Self {
        CountedBy::Address(match address {
            IpAddr::V6(v6) => {
                let [a, b, c, d, ..] = v6.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
            v4 => v4,
        })
    }
}

/// What is left of a quota, for the headers of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    limit: u32,
    remaining: u32,
    reset: u64,
}

impl Allowance {
    /// Writes `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` (seconds until the quota is whole again).
    pub fn write(self, headers: &mut HeaderMap) {
        headers.insert(LIMIT, HeaderValue::from(self.limit));
        headers.insert(REMAINING, HeaderValue::from(self.remaining));
        headers.insert(RESET, HeaderValue::from(self.reset));
    }
}

type Limiter = RateLimiter<CountedBy, DashMapStateStore<CountedBy>, DefaultClock, StateInformationMiddleware>;

/// Different limits that are counted at a time, at most: those of the system, and of users with a limit of their own.
const MOST_LIMITS: usize = 256;

/// Counts of this process, by limit: a limit can change while the server runs, and users may have their own.
#[derive(Default)]
pub struct RateLimit {
    limiters: RwLock<HashMap<NonZeroU32, Arc<Limiter>>>,
    checks: AtomicU32,
}

impl RateLimit {
    /// Counts one request of a caller that may send so many a minute, in bursts up to all of them; 0 for no limit. `Ok(None)` without a
    /// limit; `Err` with the seconds to wait when the quota is used up.
    pub fn count(&self, by: CountedBy, per_minute: u32) -> Result<Option<Allowance>, (Error, Allowance)> {
        let Some(limit) = NonZeroU32::new(per_minute) else { return Ok(None) };
        let limiter = self.limiter(limit);
        if self.checks.fetch_add(1, Ordering::Relaxed) % CLEAN_EVERY == CLEAN_EVERY - 1 {
            limiter.retain_recent();
        }
        match limiter.check_key(&by) {
            Ok(snapshot) => Ok(Some(allowance(per_minute, snapshot.remaining_burst_capacity()))),
            Err(not_until) => {
                let wait = not_until.wait_time_from(DefaultClock::default().now()).as_secs_f64().ceil() as u64;
                let error = Error::new(ErrorCode::RateLimited, format!("Only {per_minute} requests a minute are allowed."));
                Err((error.retry_after(wait.max(1)), allowance(per_minute, 0)))
            }
        }
    }

    fn limiter(&self, limit: NonZeroU32) -> Arc<Limiter> {
        if let Some(limiter) = self.limiters.read().unwrap_or_else(PoisonError::into_inner).get(&limit) {
            return limiter.clone();
        }
        let mut limiters = self.limiters.write().unwrap_or_else(PoisonError::into_inner);
        // Limits come and go with settings; beginning to count anew once in a while is cheaper than knowing which are gone.
        if limiters.len() >= MOST_LIMITS {
            limiters.clear();
        }
        let fresh = || Arc::new(RateLimiter::dashmap(Quota::per_minute(limit)).with_middleware::<StateInformationMiddleware>());
        limiters.entry(limit).or_insert_with(fresh).clone()
    }
}

fn allowance(limit: u32, remaining: u32) -> Allowance {
    let used = u64::from(limit.saturating_sub(remaining));
    Allowance { limit, remaining, reset: (used * 60).div_ceil(u64::from(limit.max(1))) }
}
