//! What this node knows of accounts without asking the database: enough to tell who can certainly pay for a call.

use model::time::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// How often the price of a call must be there for the call to be made without a hold.
const COMFORT: i64 = 16;
/// How long a known balance is taken for true, in milliseconds.
const FRESH_MS: i64 = 10_000;
/// Accounts that are remembered; the oldest knowledge goes first.
const MOST: usize = 10_000;

struct Purse {
    available: i64,
    seen_at: i64,
    /// Points of calls that have begun and are not written yet.
    pending: i64,
}

/// What is known of accounts.
#[derive(Default)]
pub(super) struct Purses(Mutex<HashMap<i64, Purse>>);

impl Purses {
    /// Counts a call that is about to begin. Whether the account is known to be well above what it and the others that have begun cost.
    pub fn begin(&self, user_id: i64, points: i64, now: Timestamp) -> bool {
        let mut purses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(purse) = purses.get_mut(&user_id) else { return false };
        purse.pending += points;
        now.0 - purse.seen_at < FRESH_MS && purse.available - purse.pending >= points.saturating_mul(COMFORT - 1)
    }

    /// Notes what the database said when points were held or spent.
    pub fn taken(&self, user_id: i64, points: i64, available: i64, now: Timestamp) {
        let mut purses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if purses.len() >= MOST && !purses.contains_key(&user_id) {
            purses.retain(|_, purse| purse.pending > 0 || now.0 - purse.seen_at < FRESH_MS);
            if purses.len() >= MOST {
                return;
            }
        }
        let purse = purses.entry(user_id).or_insert(Purse { available, seen_at: now.0, pending: points });
        purse.available = available;
        purse.seen_at = now.0;
        purse.pending = (purse.pending - points).max(0);
    }

    /// Takes a call off the count that costs nothing after all.
    pub fn spared(&self, user_id: i64, points: i64) {
        let mut purses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(purse) = purses.get_mut(&user_id) {
            purse.pending = (purse.pending - points).max(0);
        }
    }

    /// Takes a call off the count whose points could not be had.
    pub fn dropped(&self, user_id: i64, points: i64) {
        let mut purses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(purse) = purses.get_mut(&user_id) {
            purse.pending = (purse.pending - points).max(0);
            // What went wrong may have to do with the balance.
            purse.seen_at = i64::MIN / 2;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_can_certainly_pay_is_waved_through() {
        let purses = Purses::default();
        assert!(!purses.begin(1, 10, Timestamp(0)), "nothing is known yet");
        purses.taken(1, 10, 180, Timestamp(0));
        assert!(purses.begin(1, 10, Timestamp(1)));
        assert!(purses.begin(1, 10, Timestamp(1)));
        assert!(purses.begin(1, 10, Timestamp(1)));
        assert!(!purses.begin(1, 10, Timestamp(1)), "calls that have begun count");
        for _ in 0..4 {
            purses.taken(1, 10, 170, Timestamp(2));
        }
        assert!(purses.begin(1, 10, Timestamp(3)));
        purses.taken(1, 10, 1000, Timestamp(3));
        assert!(!purses.begin(1, 10, Timestamp(3 + FRESH_MS)), "what is known grows old");
    }
}
