//! How many requests a caller may send: counted in memory by key, by user, or by address while nobody is known.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use model::{Error, ErrorCode};
use service::actor::{Actor, Via};
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

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

/// The limit of this process.
pub struct RateLimit {
    limiter: Option<Limiter>,
    per_minute: u32,
    checks: AtomicU32,
}

impl RateLimit {
    /// So many requests a minute for each caller, in bursts up to all of them; 0 for no limit.
    pub fn new(per_minute: u32) -> Self {
        let quota = NonZeroU32::new(per_minute).map(Quota::per_minute);
        let limiter = quota.map(|quota| RateLimiter::dashmap(quota).with_middleware::<StateInformationMiddleware>());
        RateLimit { limiter, per_minute, checks: AtomicU32::new(0) }
    }

    /// Counts one request. `Ok(None)` without a limit; `Err` with the seconds to wait when the quota is used up.
    pub fn count(&self, by: CountedBy) -> Result<Option<Allowance>, (Error, Allowance)> {
        let Some(limiter) = &self.limiter else { return Ok(None) };
        if self.checks.fetch_add(1, Ordering::Relaxed) % CLEAN_EVERY == CLEAN_EVERY - 1 {
            limiter.retain_recent();
        }
        match limiter.check_key(&by) {
            Ok(snapshot) => {
                let remaining = snapshot.remaining_burst_capacity();
                Ok(Some(self.allowance(remaining)))
            }
            Err(not_until) => {
                let wait = not_until.wait_time_from(DefaultClock::default().now()).as_secs_f64().ceil() as u64;
                let error = Error::new(ErrorCode::RateLimited, format!("Only {} requests a minute are allowed.", self.per_minute));
                Err((error.retry_after(wait.max(1)), self.allowance(0)))
            }
        }
    }

    fn allowance(&self, remaining: u32) -> Allowance {
        let used = u64::from(self.per_minute.saturating_sub(remaining));
        Allowance { limit: self.per_minute, remaining, reset: (used * 60).div_ceil(u64::from(self.per_minute.max(1))) }
    }
}
